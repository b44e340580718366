"""What can be said of the options of one question: shares, bounds under silence, comparisons."""

from collections.abc import Iterable
from typing import Any

import pandas as pd

from regint.statistics.bounds import mcnemar_bounds, mcnemar_table, worst_case_share
from regint.statistics.consistency import consistent_counts
from regint.statistics.intervals import interval_envelope
from regint.survey.closeup import CloseUp


def shares_on_bases(study: CloseUp, confidence: float = 0.95, method: str = "wilson") -> pd.DataFrame:
    """
    Give the shares of a question on each of its bases, with their intervals.

    Parameters
    ----------
    study : CloseUp
        The question.
    confidence, method
        As for `regint.statistics.intervals.proportion_interval`.

    Returns
    -------
    DataFrame
        One row per option and base: ``label``, ``group`` (the base in words),
        ``count``, ``base``, ``share``, ``lower``, ``upper``. Where a figure leaves several counts possible,
        the interval is the envelope over all of them.

    Examples
    --------
    >>> from regint.survey.closeup import close_up
    >>> from regint.survey.published import read_survey
    >>> shares = shares_on_bases(close_up(read_survey("data/survey/astana_2025")))
    >>> shares.loc[0, ["label", "group", "lower", "upper"]].tolist()[:2], len(shares)
    (['Unified transport corridors', 'of 50'], 18)
    """
    rows = []
    for name, base in study.bases.items():
        for option in study.options.to_dict("records"):
            count = int(option["count"])
            several = _possible_counts(option, base) or [count]
            ends = interval_envelope(several, base, confidence, method)
            rows.append((option["label"], name, count, base, count / base, *ends))
    return pd.DataFrame(rows, columns=["label", "group", "count", "base", "share", "lower", "upper"])


def shares_of_all_asked(study: CloseUp) -> pd.DataFrame:
    """
    Bound the share of each option among all who were asked, whatever the silent think.

    Parameters
    ----------
    study : CloseUp
        The question.

    Returns
    -------
    DataFrame
        One row per option: ``label``, ``count``, ``share`` (as printed), ``lower``, ``upper`` (Manski's
        bounds), ``answered`` (the share of those who answered).

    Examples
    --------
    >>> from regint.survey.closeup import close_up
    >>> from regint.survey.published import read_survey
    >>> study = close_up(read_survey("data/survey/astana_2025"))
    >>> shares_of_all_asked(study).loc[0, ["lower", "upper"]].tolist()
    [0.52, 0.92]
    """
    table = study.options[["label", "count", "share"]].reset_index(drop=True)
    ends = [worst_case_share(int(count), study.answered, study.asked) for count in table["count"]]
    table["lower"], table["upper"] = [low for low, _ in ends], [high for _, high in ends]
    return table.assign(answered=table["count"].astype(float) / study.answered)


def compare_options(study: CloseUp, alpha: float = 0.05) -> pd.DataFrame:
    """
    Compare all pairs of options on each base, from their totals alone.

    Parameters
    ----------
    study : CloseUp
        The question.
    alpha : float
        Level of the test.

    Returns
    -------
    DataFrame
        As `regint.statistics.bounds.mcnemar_table`, with ``group``, the base in words.

    Examples
    --------
    >>> from regint.survey.closeup import close_up
    >>> from regint.survey.published import read_survey
    >>> pairs = compare_options(close_up(read_survey("data/survey/astana_2025")))
    >>> pairs.groupby("group", sort=False)["verdict"].value_counts().loc["of 50"].to_dict()
    {'always': 16, 'never': 13, 'undecidable': 7}
    """
    tables = []
    for name, base in study.bases.items():
        table = mcnemar_table(study.counts, base, alpha, exclusive=study.exclusive)
        tables.append(table.assign(group=name))
    return pd.concat(tables, ignore_index=True)


def lead_outcomes(study: CloseUp, first: str, second: str, base: str, test: str, level: float) -> set[bool]:
    """
    Say whether the lead of one option over another is significant, as far as the totals tell.

    Parameters
    ----------
    study : CloseUp
        The question.
    first, second : str
        Labels of two options.
    base : str
        One of the bases of the study, by name.
    test : {"exact", "mid-p"}
        Version of McNemar's test.
    level : float
        Level of the test.

    Returns
    -------
    set of bool
        One truth value, or both where it hangs on the overlap that was not printed.

    Examples
    --------
    >>> from regint.survey.closeup import close_up
    >>> from regint.survey.published import read_survey
    >>> study = close_up(read_survey("data/survey/astana_2025"))
    >>> first, _, third = list(study.counts)[:3]
    >>> lead_outcomes(study, first, third, "of 30", "exact", 0.05)
    {True}
    """
    found = mcnemar_bounds(
        study.counts[first],
        study.counts[second],
        study.bases[base],
        level,
        mid=test == "mid-p",
        overlap=(0, 0) if study.exclusive else None,
    )
    return {"always": {True}, "never": {False}, "undecidable": {True, False}}[found.verdict]


def named_choices(panel: pd.DataFrame | None, options: Iterable[str]) -> pd.DataFrame:
    """
    Write out what each group of a panel chose.

    Parameters
    ----------
    panel : DataFrame or None
        As `regint.statistics.bounds.joint_choices` gives it.
    options : iterable of str
        The options it speaks of.

    Returns
    -------
    DataFrame
        ``people`` and ``chose``, one row per group, the largest first; no rows without a panel.

    Examples
    --------
    >>> panel = pd.DataFrame({"a": [True, False], "b": [True, False], "respondents": [2, 3]})
    >>> named_choices(panel, ["a", "b"]).values.tolist()
    [[3, 'none of them'], [2, 'a + b']]
    """
    if panel is None:
        return pd.DataFrame(columns=["people", "chose"])
    names = list(options)
    chose = [" + ".join(n for n in names if row[n]) or "none of them" for row in panel.to_dict("records")]
    table = pd.DataFrame({"people": panel["respondents"].to_numpy(), "chose": chose})
    return table.sort_values("people", ascending=False, kind="stable", ignore_index=True)


def _possible_counts(option: dict[Any, Any], base: int) -> list[int]:
    """Give the counts that an option can have on its own base and that another base can hold."""
    if option["exact"] or not option["printed"]:
        return [int(option["count"])]
    return [count for count in consistent_counts(option["printed"], int(option["base"])) if count <= base]
