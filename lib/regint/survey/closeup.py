"""One question with everything that a study of its uncertainty needs: counts, bases, silence."""

from dataclasses import dataclass

import pandas as pd

from regint.statistics.consistency import admissible_bases
from regint.survey.published import Survey, figure_table, tidy_table

# Stands in where a question has neither a base nor figures that any base fits.
_ROUND_NUMBER = 100


@dataclass(frozen=True)
class CloseUp:
    """
    One question under study.

    Attributes
    ----------
    question, label : str
        Its identifier and name.
    options : DataFrame
        Its options, the most frequent first: ``response``, ``label``, ``printed``, ``base``, ``count``,
        ``share``, ``exact`` (whether the figures determine the count; otherwise the nearest one stands).
    exclusive : bool
        Whether each respondent chose one option only.
    base : int
        The base of the study.
    bases : dict
        The bases to compare, by their name: ``{"of 50": 50, "of 30": 30}``; a base that cannot hold the
        greatest count is left out.
    asked, answered : int
        Persons; the base stands in for a number that is not recorded.
    silence_recorded : bool
        Whether both numbers are recorded.
    status : str
        How the base is known: reported, inferred, counted, or empty.
    """

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
    """
    Give a count to every response in substance that has a figure, and a base to every question.

    Parameters
    ----------
    survey : Survey
        A survey as read.

    Returns
    -------
    DataFrame
        The tidy table without the responses of which nothing is known. ``base`` is the smallest one that
        fits the figures where none is recorded; ``count`` is the nearest whole number where the figures do
        not determine it, and ``exact`` tells these apart.

    Examples
    --------
    >>> from regint.survey.published import read_survey
    >>> counts = working_counts(read_survey("data/survey/astana_2025"))
    >>> int(counts["exact"].sum()), len(counts)
    (62, 66)
    """
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
    >>> from regint.survey.published import read_survey
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


def closed_question(survey: Survey) -> CloseUp | None:
    """
    Find the closed question with most options all of whose counts are determined.

    Parameters
    ----------
    survey : Survey
        A survey as read.

    Returns
    -------
    CloseUp or None
        None where no question with two options or more is of that kind.

    Examples
    --------
    >>> from regint.survey.published import read_survey
    >>> closed_question(read_survey("data/survey/astana_2025")).label
    'Most likely scenario to 2035'
    """
    known = working_counts(survey)
    sizes = options_of_each(survey, known)
    exact = known.groupby("question", observed=True)["exact"].all().reindex(sizes.index, fill_value=False)
    answers = known.groupby("question", observed=True)["count"].sum().reindex(sizes.index, fill_value=0)
    closed = sizes[(survey.questions["total"] == "closed") & sizes.gt(1) & exact & answers.gt(0)]
    return close_up(survey, str(closed.idxmax())) if len(closed) else None


def options_of_each(survey: Survey, known: pd.DataFrame) -> "pd.Series[int]":
    """
    Count the options of each question that have a figure.

    Parameters
    ----------
    survey : Survey
        A survey as read.
    known : DataFrame
        Its `working_counts`.

    Returns
    -------
    Series
        Numbers by question; 0 for a question without figures.

    Examples
    --------
    >>> from regint.survey.published import read_survey
    >>> survey = read_survey("data/survey/astana_2025")
    >>> int(options_of_each(survey, working_counts(survey))["economic_directions"])
    9
    """
    sizes = known.groupby("question", observed=True).size()
    return sizes.reindex(survey.questions.index).fillna(0).astype(int)
