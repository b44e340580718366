"""One question seen closely: its options, its scale, and both bases."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from regint.estimation.intervals import interval_envelope
from regint.estimation.nonresponse import worst_case_share
from regint.percentages.counts import admissible_bases, consistent_counts
from regint.survey.table import Survey, figure_table, tidy_table

# Stands in where a question has neither a base nor figures that any base fits.
_ROUND_NUMBER = 100


@dataclass(frozen=True)
class CloseUp:
    """One question under study."""

    question: str
    label: str
    options: pd.DataFrame
    exclusive: bool
    base: int
    bases: dict[str, int]
    asked: int
    answered: int
    silence_recorded: bool
    status: str

    @property
    def counts(self) -> dict[str, int]:
        """Count of each option by its label, the greatest first."""
        return dict(zip(self.options["label"], self.options["count"].astype(int).tolist(), strict=True))

    @property
    def silent(self) -> int:
        """How many were asked and did not answer."""
        return self.asked - self.answered


def working_counts(survey: Survey) -> pd.DataFrame:
    """Give a count to every response in substance that has a figure, and a base to every question."""
    table = tidy_table(survey)
    smallest = {
        name: next(iter(admissible_bases(rows["printed"], total=rows["total"].iloc[0])), _ROUND_NUMBER)
        for name, rows in figure_table(survey).groupby("question")
    }
    table["base"] = table["base"].fillna(table["question"].map(smallest).astype("Int64"))
    nearest = (table["share"] * table["base"].astype("Float64")).round().astype("Int64")
    table = table.assign(exact=table["count"].notna(), count=table["count"].fillna(nearest))
    return table.dropna(subset=["count", "share", "base"]).query("substantive and base > 0")


def close_up(survey: Survey, question: str = "", base: str = "printed") -> CloseUp:
    """
    Gather what is known of one question.

    Parameters
    ----------
    survey : Survey
        A survey as read.
    question : str
        A question id; empty for the choose-several question with most options, or where there is none the
        question with most options.
    base : {"printed", "asked", "answered"}
        The base of the study; the printed one stands in where another is not recorded.

    Returns
    -------
    CloseUp
        The question.

    Examples
    --------
    >>> from regint.survey.table import read_survey
    >>> study = close_up(read_survey("data/survey/astana_2025"))
    >>> study.question, study.bases, study.silent
    ('economic_directions', {'of 50': 50, 'of 30': 30}, 20)
    """
    known = working_counts(survey)
    sizes = options_of_each(survey, known)
    multiple = survey.questions["total"] == "multiple"
    chosen = question or str((sizes[multiple] if sizes[multiple].gt(1).any() else sizes).idxmax())
    design = survey.questions.loc[chosen]
    options = known[known["question"] == chosen].sort_values("count", ascending=False, kind="stable")
    recorded = {
        name: int(design[name]) for name in ("printed_base", "asked", "answered") if pd.notna(design[name])
    }
    printed = recorded.get("printed_base", int(options["base"].max()) if len(options) else _ROUND_NUMBER)
    whole = recorded.get(base, printed)
    greatest = int(options["count"].max()) if len(options) else 0
    compared = dict.fromkeys([printed, recorded.get("answered", printed), whole])
    return CloseUp(
        question=chosen,
        label=str(design["label"]),
        options=options[["response", "label", "printed", "base", "count", "share", "exact"]],
        exclusive=not multiple[chosen],
        base=whole,
        bases={f"of {n}": n for n in compared if n >= greatest},
        asked=recorded.get("asked", whole),
        answered=recorded.get("answered", whole),
        silence_recorded={"asked", "answered"} <= set(recorded),
        status=str(design["base_status"]),
    )


def options_of_each(survey: Survey, known: pd.DataFrame) -> "pd.Series[int]":
    """Count the options of each question that have a figure."""
    sizes = known.groupby("question", observed=True).size()
    return sizes.reindex(survey.questions.index).fillna(0).astype(int)


def shares_on_bases(study: CloseUp, confidence: float = 0.95, method: str = "wilson") -> pd.DataFrame:
    """
    Give the shares of a question on each of its bases, with their intervals.

    Parameters
    ----------
    study : CloseUp
        The question.
    confidence, method
        As for `regint.estimation.intervals.proportion_interval`.

    Returns
    -------
    DataFrame
        One row per option and base: ``label``, ``group`` (the base in words),
        ``count``, ``base``, ``share``, ``lower``, ``upper``. Where a figure leaves several counts possible,
        the interval is the envelope over all of them.

    Examples
    --------
    >>> from regint.survey.questions import close_up
    >>> from regint.survey.table import read_survey
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
    >>> from regint.survey.questions import close_up
    >>> from regint.survey.table import read_survey
    >>> study = close_up(read_survey("data/survey/astana_2025"))
    >>> shares_of_all_asked(study).loc[0, ["lower", "upper"]].tolist()
    [0.52, 0.92]
    """
    table = study.options[["label", "count", "share"]].reset_index(drop=True)
    ends = [worst_case_share(int(count), study.answered, study.asked) for count in table["count"]]
    table["lower"], table["upper"] = [low for low, _ in ends], [high for _, high in ends]
    return table.assign(answered=table["count"].astype(float) / study.answered)


def _possible_counts(option: dict[Any, Any], base: int) -> list[int]:
    """Give the counts that an option can have on its own base and that another base can hold."""
    if option["exact"] or not option["printed"]:
        return [int(option["count"])]
    return [count for count in consistent_counts(option["printed"], int(option["base"])) if count <= base]
