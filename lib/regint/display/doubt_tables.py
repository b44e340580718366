"""Ready-made tables of what is not known about the options of one question."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from regint.display import prose, tables

_NO_WEIGHTS = "No weights are stated for this survey, so every answer counts once."
_METHOD = (
    "Intervals by Taylor linearisation, Student's t on the logit scale, as in R's survey package; they hold "
    "for a random sample of this design. A dash: everyone or nobody, so no error."
)


def weights(
    shares: pd.DataFrame, *, design: str, confidence: float, label: str
) -> tables.Table | prose.Sentence:
    """Show weighted shares beside plain ones, or say that there are no weights.

    Parameters
    ----------
    shares : pandas.DataFrame
        Rows of one question: `question_label`, `label`, `count`, `answered`, `effective_base`, `share`,
        `weighted_share`, `lower`, `upper`; empty without weights.
    design : str
        The weight, strata and clusters stated.
    confidence : float
        Coverage of the intervals, 0-1.
    label : str
        Anchor, ``tbl-...``.

    Returns
    -------
    Table or Sentence
        With the base, Kish's effective base and the method.

    Examples
    --------
    >>> print(weights(pd.DataFrame(), design="", confidence=0.95, label="tbl-weights"))
    No weights are stated for this survey, so every answer counts once.
    """
    if shares.empty:
        return prose.say(_NO_WEIGHTS)
    first = shares.iloc[0]
    base = f"{prose.count(first['answered'])} who answered"
    if pd.notna(first["effective_base"]):
        base += (
            f", worth {prose.decimal(first['effective_base'], 1)} with equal weights (Kish's effective base)"
        )
    return tables.show(
        tables.paired(shares),
        caption=f"Weighted shares and intervals, coverage {prose.level(confidence)}, of {base}: "
        f"{first['question_label']} ({design or 'design not named'})",
        label=label,
        headers={"label": "Option", "share": "Plain", "weighted_share": "Weighted", "interval": "Interval"},
        formats={"share": "share1", "weighted_share": "share1", "interval": "interval"},
        note=_METHOD,
    )


def together(
    intervals: pd.DataFrame | None, counts: Mapping[str, int] | None, *, what: str | None, label: str
) -> tables.Table | prose.Sentence:
    """Show intervals that hold together, or say that no question allows them.

    Parameters
    ----------
    intervals : pandas.DataFrame or None
        Columns `count`, `share`, `lower`, `upper`, `reason` (why the conditions fail, else empty).
    counts : mapping or None
        The options, in the same order.
    what : str or None
        The question.
    label : str
        Anchor, ``tbl-...``.

    Returns
    -------
    Table or Sentence
        With a note on the conditions.

    Examples
    --------
    >>> print(together(None, None, what=None, label="tbl-goodman"))
    No closed question here has known counts for all its options.
    """
    if intervals is None or counts is None:
        return prose.say("No closed question here has known counts for all its options.")
    reason = intervals["reason"].iloc[0]
    kept = "The conditions of the method are met."
    answers = prose.count(sum(counts.values()))
    return tables.show(
        tables.paired(intervals.assign(option=[f"{name} ({count})" for name, count in counts.items()])),
        caption=f"Intervals that hold together (Goodman), of {answers} answers: {what}",
        label=label,
        headers={"option": "Option (count)", "share": "Share", "interval": "Interval"},
        formats={"share": "share1", "interval": "interval1"},
        note=f"The conditions of the method are not met ({reason}): read the ends as rough."
        if reason
        else kept,
    )


def summaries(spans: pd.DataFrame, *, what: str, answers: int, asked: int, label: str) -> tables.Table:
    """Show summaries of an ordered question among the answers given, and their bounds for everyone asked.

    Parameters
    ----------
    spans : pandas.DataFrame
        Columns `label`, `least`, `most` (ends of the scale), `value`, `lower`, `upper`.
    what : str
        The question.
    answers, asked : int
        How many answered on the scale, and how many were asked.
    label : str
        Anchor, ``tbl-...``.

    Returns
    -------
    Table
        One row per summary.

    Examples
    --------
    >>> spans = pd.DataFrame([["Mean", 1, 5, 4.03, 2.82, 4.42]])
    >>> spans.columns = ["label", "least", "most", "value", "lower", "upper"]
    >>> summaries(spans, what="Prospects", answers=30, asked=50, label="tbl-s").payload["rows"]
    [['Mean, 1 to 5', '4.03', '2.82 to 4.42']]
    """
    ends = zip(spans["label"], spans["least"], spans["most"], strict=True)
    labels = [
        f"{label}, {prose.decimal(least, 0)} to {prose.decimal(most, 0)}" for label, least, most in ends
    ]
    return tables.show(
        tables.paired(spans.assign(label=labels), "bounds"),
        caption=f"Summaries of {answers} answers, and their sharp bounds for all {asked} asked: {what}",
        label=label,
        headers={"label": "Summary, and its scale", "value": "Answers", "bounds": "All asked"},
        formats={"value": "decimal2", "bounds": "interval_decimal2"},
    )


def undecided(pairs: pd.DataFrame, *, what: str, people: str, label: str) -> tables.Table | prose.Sentence:
    """Show the pairs that only the overlap decides, and from which overlap on they differ significantly.

    Parameters
    ----------
    pairs : pandas.DataFrame
        Columns `first`, `second`, `least_overlap`, `most_overlap`, `flip_overlap`.
    what : str
        The question.
    people : str
        The base in words.
    label : str
        Anchor, ``tbl-...``.

    Returns
    -------
    Table or Sentence
        One row per pair.

    Examples
    --------
    >>> print(undecided(pd.DataFrame(), what="Directions", people="of 50", label="tbl-u"))
    No pair is undecidable on the base of 50.
    """
    if pairs.empty:
        return prose.say("No pair is undecidable on the base {people}.", people=people)
    names = [f"{row.first} over {row.second}" for row in pairs.itertuples()]
    return tables.show(
        tables.paired(pairs.assign(pair=names), "overlap", "least_overlap", "most_overlap"),
        caption=f"Pairs that the overlap decides, {people} people: how many may have chosen both, and from "
        f"how many on the difference is significant. {what}",
        label=label,
        headers={"pair": "Named more often", "overlap": "Possible", "flip_overlap": "Decisive"},
        formats={"overlap": "range"},
    )
