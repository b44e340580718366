"""Ready-made pictures and tables for the answers to a survey's questions.

Both take frames with the columns of the tidy table, `of` (the base in words) and, where there is an interval,
`lower` and `upper`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pandas as pd

from regint.display import alt, figures, rows, tables

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


def picture(
    answers: pd.DataFrame, main: pd.DataFrame, *, label: str, interval: str = "interval"
) -> figures.Picture:
    """Show the answers to one question: bars in order for a scale, ranked dots for anything else.

    Parameters
    ----------
    answers : pandas.DataFrame
        Rows of one question, on one base or several: `question_label`, `scale`, `label`, `share`, `of`;
        optional `lower`, `upper`, `count`, `base`, `statement`.
    main : pandas.DataFrame
        The rows on the base that the caption speaks of.
    label : str
        Anchor, ``fig-...``.
    interval : str
        Name of the interval in the key.

    Returns
    -------
    regint.display.figures.Picture
        With caption, alternative text, description and data.

    Raises
    ------
    regint.display.rows.FrameError
        When a column is missing.

    Examples
    --------
    >>> frame = pd.DataFrame({"label": ["Rail", "Road"], "share": [0.2, 0.8]})
    >>> frame = frame.assign(question_label="Directions", scale="unordered", of="50 asked")
    >>> picture(frame, frame, label="fig-directions").payload["caption"]
    'Directions: “Road” leads with 80%. Base: 50 asked.'
    """
    rows.require(answers, "question_label", "scale", "label", "share", "of")
    what, ordered = str(answers["question_label"].iloc[0]), bool((answers["scale"] == "ordered").all())
    draw = figures.draw_ordered_bars if ordered else figures.draw_ranked_dots
    return figures.show(
        draw(answers, by="of", interval=interval),
        caption=alt.state_shares(main, what=what, of=str(main["of"].iloc[0])),
        label=label,
        data=answers[[name for name in _DATA if name in answers]],
        **alt.describe_shares(answers, what=what, by="of", kind="Bar chart" if ordered else "Dot chart"),
    )


def pictures(answers: pd.DataFrame, *, interval: str = "interval") -> Iterator[figures.Picture]:
    """Show the answers to several questions, one picture each.

    Parameters
    ----------
    answers : pandas.DataFrame
        As for `picture`, with `question` and `chosen`: whether a row stands on the base that the captions
        are to speak of. Where none of a question does, they speak of its first base.
    interval : str
        Name of the interval in the key.

    Yields
    ------
    regint.display.figures.Picture
        In the order of the questions, labelled by them.

    Raises
    ------
    regint.display.rows.FrameError
        When a column is missing.

    Examples
    --------
    >>> frame = pd.DataFrame({"label": ["Rail", "Road"], "share": [0.2, 0.8], "question": ["rail", "road"]})
    >>> frame = frame.assign(question_label="Q", scale="unordered", of="50 asked", chosen=True)
    >>> [picture.payload["label"] for picture in pictures(frame)]
    ['fig-rail', 'fig-road']
    """
    rows.require(answers, "question", "chosen", "of")
    for name, part in answers.groupby("question", sort=False):
        main = part[part["chosen"]] if part["chosen"].any() else part[part["of"] == part["of"].iloc[0]]
        yield picture(part, main, label=figures.anchor(str(name)), interval=interval)


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

    Raises
    ------
    regint.display.rows.FrameError
        When a column is missing.

    Examples
    --------
    >>> frame = pd.DataFrame({"label": ["Rail"], "count": [10], "of": "50 asked"})
    >>> frame = frame.assign(question_label="Directions", share=0.2, lower=0.11, upper=0.33)
    >>> table(frame, caption="Shares", label="tbl-shares").payload["rows"]
    [['Directions', 'Rail', '10', '50 asked', '20.0%', '11–33%']]
    """
    rows.require(answers, "question_label", "label", "count", "of", "share", "lower", "upper")
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
