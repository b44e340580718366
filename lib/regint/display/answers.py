"""Answers to a question, shown: shares with their intervals, and what the silent leave possible."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pandas as pd

from regint.display import figures, prose, row_layout, tables
from regint.display.figures import Picture
from regint.display.row_charts import (
    draw_identified_sets,
    draw_intervals,
    draw_ordered_bars,
    draw_ranked_dots,
)

_DATA: Final = (
    "label", "printed", "statement", "of", "count", "base", "share", "lower", "upper", "method",
    "plain_share", "effective_base",
)  # fmt: skip
_HEADERS: Final = {
    "question_label": "Question",
    "label": "Response",
    "count": "Count",
    "of": "Of",
    "share": "Share",
    "interval": "Interval",
}
_WEIGHTED: Final = {"plain_share": "Plain share", "effective_base": "Effective base"}
_EXPLAINED: Final = (
    "Counts and plain shares take every answer once, weighted shares as often as its weight says. "
    "Effective base, after Kish: the equally weighted respondents who would tell as much."
)
_FORMATS: Final = {
    "count": "count",
    "share": "share1",
    "interval": "interval",
    "plain_share": "share1",
    "effective_base": "effective_base",
}


def pictures(answers: pd.DataFrame, *, interval: str = "interval") -> Iterator[Picture]:
    """Show the answers to several questions, one picture each: bars for a scale, ranked dots for others.

    Parameters
    ----------
    answers : pandas.DataFrame
        Columns `question`, `question_label`, `scale`, `label`, `share`, `of` (the base in words) and
        `chosen`: whether a row stands on the base that the captions are to speak of. Where none of a
        question does, they speak of its first base. Optional `lower`, `upper`, `count`, `base`, `statement`.
    interval : str
        Name of the interval in the key.

    Yields
    ------
    regint.display.figures.Picture
        In the order of the questions, labelled by them.

    Examples
    --------
    >>> frame = pd.DataFrame({"label": ["Rail", "Road"], "share": [0.2, 0.8], "question": "directions"})
    >>> frame = frame.assign(question_label="Directions", scale="unordered", of="50 asked", chosen=True)
    >>> [picture.payload["caption"] for picture in pictures(frame)]
    ['Directions: “Road” leads with 80%. Base: 50 asked.']
    """
    row_layout.require(answers, "question", "question_label", "scale", "label", "share", "of", "chosen")
    for name, part in answers.groupby("question", sort=False):
        what, ordered = str(part["question_label"].iloc[0]), (part["scale"] == "ordered").all()
        draw, kind = (draw_ordered_bars, "Bar chart") if ordered else (draw_ranked_dots, "Dot chart")
        main = part[part["chosen"]] if part["chosen"].any() else part[part["of"] == part["of"].iloc[0]]
        yield figures.show(
            draw(part, by="of", interval=interval),
            caption=f"{what}: {_finding(main)}. Base: {main['of'].iloc[0]}.",
            label=f"fig-{prose.slug(str(name))}",
            data=part[[column for column in _DATA if column in part]],
            **figures.describe(part, "shares", what=what, by="of", kind=kind),
        )


def _finding(answers: pd.DataFrame) -> str:
    """Say what leads, as far as is known."""
    known = answers[answers["share"].notna()]
    if known.empty:
        return "no share is known"
    leading = known[known["share"] > known["share"].max() - 1e-9]
    highest = row_layout.share_text(leading.iloc[0])
    names = prose.joined([f"“{label}”" for label in leading["label"]])
    if len(known) == 1:
        return f"the only share known is {highest}, for {names}"
    if len(known) < len(answers):
        return f"of the shares known, {highest} for {names} is the largest"
    return f"{names} {'leads' if len(leading) == 1 else 'lead'} with {highest}"


def table(answers: pd.DataFrame, *, caption: str, label: str, note: str | None = None) -> tables.Table:
    """Show the answers to questions as a table: response, count, base, share and interval.

    Parameters
    ----------
    answers : pandas.DataFrame
        `question_label`, `label`, `count`, `of`, `share`, `lower`, `upper`; for weighted answers also
        `plain_share` and `effective_base`.
    caption, label, note : str
        As for `regint.display.tables.show`.

    Returns
    -------
    regint.display.tables.Table
        One row per row of the frame.

    Examples
    --------
    >>> frame = pd.DataFrame({"label": ["Rail"], "count": [10], "of": "50 asked"})
    >>> frame = frame.assign(question_label="Directions", share=0.2, lower=0.11, upper=0.33)
    >>> table(frame, caption="Shares", label="tbl-shares").payload["rows"]
    [['Directions', 'Rail', '10', '50 asked', '20.0%', '11–33%']]
    """
    row_layout.require(answers, "question_label", "label", "count", "of", "share", "lower", "upper")
    ends = list(zip(answers["lower"], answers["upper"], strict=True))
    shown = answers.assign(interval=pd.Series(ends, index=answers.index, dtype=object))
    headers, group = _HEADERS, ["question_label", "of"]
    if "plain_share" in answers and answers["plain_share"].notna().any():
        mixed = (answers["share"].notna() & answers["plain_share"].isna()).any()
        headers = _HEADERS | {"share": "Share" if mixed else "Weighted share"} | _WEIGHTED
        headers["interval"] = headers.pop("interval")
        group.append("effective_base")
        if not mixed:  # then the heading says it for all
            shown["of"] = shown["of"].str.removesuffix(", weighted")
        note = f"{note or ''} {_EXPLAINED}".strip()
    formats = {name: _FORMATS[name] for name in headers if name in _FORMATS}
    return tables.show(
        shown,
        caption=caption,
        label=label,
        headers=headers,
        formats=formats,
        note=note,
        group=group,
    )


def intervals(shares: pd.DataFrame, weighted: pd.DataFrame, *, what: str, model: str, label: str) -> Picture:
    """Show the shares of the options on several bases, and weighted ones beside them, with their intervals.

    Parameters
    ----------
    shares : pandas.DataFrame
        Columns `label`, `group` (the base in words), `share`, `lower`, `upper`.
    weighted : pandas.DataFrame
        Columns `label`, `answered`, `share`, `weighted_share`, `lower`, `upper`; empty without weights.
    what : str
        The question.
    model : str
        Which intervals they are.
    label : str
        Anchor, ``fig-...``.

    Returns
    -------
    regint.display.figures.Picture
        With caption, alternative text, description and data.

    Examples
    --------
    >>> frame = pd.DataFrame({"label": "Rail", "group": ["of 50", "of 30"], "share": [0.2, 0.9]})
    >>> frame = frame.assign(lower=[0.1, 0.8], upper=[0.3, 1.0])
    >>> picture = intervals(frame, pd.DataFrame(), what="Directions", model="Wilson, 95%", label="fig-i")
    >>> picture.payload["caption"]
    'Directions: for 1 of 1 option the intervals of 50 and of 30 do not meet (Wilson, 95%).'
    """
    groups = list(dict.fromkeys(shares["group"]))
    ends = shares.groupby("label", sort=False).agg(start=("lower", "max"), end=("upper", "min"))
    number = f"{(ends['start'] > ends['end']).sum()} of {prose.plural(len(ends), 'option')}"
    finding = f"for {number} the intervals {prose.joined(groups)} do not meet"
    frame = shares
    if len(weighted):
        group = f"weighted, of {prose.count(weighted['answered'].iloc[0])}"
        frame = pd.concat([shares, weighted.assign(group=group, share=weighted["weighted_share"])])
        model = f"{model}; weighted: by the sampling design"
    if len(groups) == 1:
        finding = _most_moved(weighted) if len(weighted) else f"shares {groups[0]} people"
    return figures.show(
        draw_intervals(frame, by="group"),
        caption=f"{what}: {finding} ({model}).",
        label=label,
        data=frame[["label", "group", "share", "lower", "upper"]],
        **figures.describe(frame, "ranges", what=f"{what}, intervals on each base", by="group"),
    )


def _most_moved(weighted: pd.DataFrame) -> str:
    """Say which share the weights move most."""
    row = weighted.loc[(weighted["weighted_share"] - weighted["share"]).abs().idxmax()]
    ends = f"from {prose.share(row['share'], 1)} to {prose.share(row['weighted_share'], 1)}"
    return f"weights move “{row['label']}” most, {ends} of {prose.count(row['answered'])} who answered"


def silence(
    frame: pd.DataFrame,
    *,
    what: str,
    asked: int,
    silent: int,
    label: str,
    counted: bool = False,
) -> Picture:
    """Show which shares of all who were asked the silent leave possible.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns `label`, `share` (as printed, or counted), `lower`, `upper`.
    what : str
        The question.
    asked, silent : int
        How many were asked, and how many of them gave no answer.
    label : str
        Anchor, ``fig-...``.
    counted : bool
        Whether the shares were counted among the answers instead of printed.

    Returns
    -------
    regint.display.figures.Picture
        With caption, alternative text, description and data.

    Examples
    --------
    >>> frame = pd.DataFrame({"label": ["Rail", "Road"], "share": [0.6, 0.2], "lower": [0.6, 0.2]})
    >>> frame = frame.assign(upper=[1.0, 0.6])
    >>> silence(frame, what="Directions", asked=50, silent=20, label="fig-s").payload["caption"]
    'Directions: with 20 of 50 asked silent, 1 of 2 options surely has a majority of all asked, 1 more may.'
    """
    sure = int((frame["lower"] > 0.5).sum())
    maybe = int(((frame["lower"] <= 0.5) & (frame["upper"] > 0.5)).sum())
    finding = f"{sure} of {prose.plural(len(frame), 'option')} surely {'have' if sure > 1 else 'has'}"
    return figures.show(
        draw_identified_sets(frame, point="of the answers given" if counted else "as printed"),
        caption=f"{what}: with {silent} of {asked} asked silent, {finding} a majority of all asked, "
        f"{maybe} more may.",
        label=label,
        data=frame[["label", "share", "lower", "upper"]],
        **figures.describe(frame, "ranges", what=f"{what}, possible shares of all {asked} asked"),
    )
