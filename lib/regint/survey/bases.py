"""What a base of a printed survey means: sizes stated, bases in doubt, what rounding hides."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from regint.percentages.counts import number_of_vectors
from regint.percentages.rounding import parse_figure, printed_figure
from regint.survey.count_ranges import RECORDED, recorded_misfits
from regint.survey.table import Survey, tidy_table

# Beyond so many people whole percentages exclude hardly any base; each decimal tells ten times as far.
TELLING = 1000
_AT_LEAST = 100
_UNKNOWN = 150


@dataclass(frozen=True)
class Core:
    """A number of people that some questions account for and others divide by."""

    size: int
    questions: tuple[str, ...]
    base: int
    later: int

    @property
    def number(self) -> int:
        """How many questions account for it."""
        return len(self.questions)


def rounded_counts(survey: Survey) -> pd.DataFrame:
    """
    Print the counts of a survey as whole percentages of those who answered, as a newspaper would.

    Parameters
    ----------
    survey : Survey
        A survey with counts, such as one made from respondent-level data.

    Returns
    -------
    DataFrame
        As `regint.survey.table.figure_table`: ``question``, ``response``, ``total``, ``printed``. A
        closed question with a hidden count is given as open.

    Notes
    -----
    The counts are plain. A weighted percentage is a ratio of sums of weights: no whole number of people
    need stand behind it, and nothing can be learnt from it about the base.

    Examples
    --------
    >>> from regint.survey.table import read_survey
    >>> table = rounded_counts(read_survey("data/survey/astana_2025"))
    >>> table[table["question"] == "scenario_2035"]["printed"].to_list()
    ['50', '33', '10', '7']
    """
    table = tidy_table(survey)
    table["total"] = survey.questions["total"].loc[table["question"]].to_numpy()
    partly = table["count"].isna().groupby(table["question"]).transform("any")
    table["total"] = table["total"].mask(partly & (table["total"] == "closed"), "open")
    table = table.dropna(subset=["count", "base"]).query("base > 0")
    printed = [printed_figure(int(k), int(n)) for k, n in zip(table["count"], table["base"], strict=True)]
    return table[["question", "response", "total"]].assign(printed=printed).reset_index(drop=True)


def thinkable(recorded: int | None, printed: Iterable[str] = ()) -> int:
    """
    Give the largest base worth trying: twice the largest recorded, as far as the figures can tell.

    Parameters
    ----------
    recorded : int or None
        The largest base that the survey records; None where it records none.
    printed : iterable of str
        The figures of the survey.

    Returns
    -------
    int
        At least 100; at most `TELLING`, ten times as much for each decimal of the finest figure.

    Examples
    --------
    >>> thinkable(53), thinkable(20), thinkable(None), thinkable(944), thinkable(944, ["43.5"])
    (106, 100, 300, 1000, 1888)
    """
    finest = max((parse_figure(figure).scale for figure in printed), default=1)
    return min(TELLING * finest, max(_AT_LEAST, 2 * (recorded or _UNKNOWN)))


def recorded_bases(survey: Survey) -> "pd.Series[Any]":
    """
    Give the base that the source states for the figures of each question.

    Parameters
    ----------
    survey : Survey
        A survey as read.

    Returns
    -------
    Series
        Int64, by question; missing where the base was inferred or is not known.

    Examples
    --------
    >>> from regint.survey.table import read_survey
    >>> int(recorded_bases(read_survey("data/survey/astana_2025")).notna().sum())
    0
    """
    stated = survey.questions["base_status"].isin(RECORDED)
    return survey.questions["printed_base"].where(stated).astype("Int64")


def survey_misfits(survey: Survey, rounding: str = "up_or_down") -> pd.DataFrame:
    """
    Compare the counts, the figures and the recorded bases of a survey with each other.

    Parameters
    ----------
    survey : Survey
        A survey as read.
    rounding : str
        The rounding rule.

    Returns
    -------
    DataFrame
        As `regint.percentages.misfits.misfits`, one row per finding. A base that was inferred, and what was
        printed from weighted data, is compared with nothing.

    Examples
    --------
    >>> from regint.survey.table import read_survey
    >>> survey_misfits(read_survey("data/survey/astana_2025")).empty
    True
    """
    return recorded_misfits(survey.questions, survey.responses, rounding)


def leading_group(survey: Survey, printed: pd.DataFrame, assigned: pd.DataFrame) -> pd.DataFrame:
    """
    Gather the figures that seem to share the first question's base, each told once.

    Parameters
    ----------
    survey : Survey
        A survey as read.
    printed : DataFrame
        Its figures, see `regint.survey.table.figure_table`.
    assigned : DataFrame
        Their bases, see `regint.percentages.assignment.assign_bases`.

    Returns
    -------
    DataFrame
        The rows of `printed` that belong to a question with the first base assigned and to the document
        that prints most figures; of all questions where no base was found.

    Examples
    --------
    >>> from regint.percentages.assignment import assign_bases
    >>> from regint.survey.table import figure_table, read_survey
    >>> survey = read_survey("data/survey/astana_2025")
    >>> figures = figure_table(survey)
    >>> group = leading_group(survey, figures, assign_bases(figures, range(1, 107)))
    >>> len(group), group["question"].nunique()
    (24, 6)
    """
    found = assigned.dropna(subset=["base"])
    group = found[found["base"] == found["base"].iloc[0]] if len(found) else assigned
    main = told_most(survey, printed)
    return main[main["question"].isin(group["question"])].reset_index(drop=True)


def told_most(survey: Survey, printed: pd.DataFrame) -> pd.DataFrame:
    """
    Keep the figures of the document that prints most, so that a figure told twice counts once.

    Parameters
    ----------
    survey : Survey
        A survey as read.
    printed : DataFrame
        Its figures, with ``question`` and ``response``.

    Returns
    -------
    DataFrame
        Those rows.

    Examples
    --------
    >>> from regint.survey.table import figure_table, read_survey
    >>> survey = read_survey("data/survey/astana_2025")
    >>> len(figure_table(survey)), len(told_most(survey, figure_table(survey)))
    (64, 58)
    """
    sources = printed.merge(survey.responses[["question", "response", "source"]], how="left")["source"]
    counts = sources.value_counts(sort=True)
    most = counts.index[0] if len(counts) else ""
    return printed[(sources == most).to_numpy()].reset_index(drop=True)


def without_decimals(printed: pd.DataFrame) -> pd.DataFrame:
    """
    Keep the questions whose figures are all printed as whole percentages.

    Parameters
    ----------
    printed : DataFrame
        Figures, with ``question`` and ``printed``.

    Returns
    -------
    DataFrame
        Those rows.

    Examples
    --------
    >>> printed = pd.DataFrame({"question": ["a", "a", "b"], "printed": ["33.3", "50", "40"]})
    >>> without_decimals(printed)["printed"].to_list()
    ['40']
    """
    decimal = printed["printed"].str.contains(".", regex=False)
    return printed[~decimal.groupby(printed["question"]).transform("any")].reset_index(drop=True)


def recurring_core(assigned: pd.DataFrame) -> Core | None:
    """
    Find a number of people that open questions account for and that returns as the base of others.

    Parameters
    ----------
    assigned : DataFrame
        As `regint.percentages.assignment.assign_bases` gives it.

    Returns
    -------
    Core or None
        The most frequent such number, the least at a tie; None where there is none.

    Examples
    --------
    >>> from regint.percentages.assignment import assign_bases
    >>> from regint.survey.table import figure_table, read_survey
    >>> figures = figure_table(read_survey("data/survey/astana_2025"))
    >>> recurring_core(assign_bases(figures, range(1, 107)))
    Core(size=30, questions=('prospects', 'stability', 'infrastructure'), base=50, later=7)
    """
    short = short_of_base(assigned)
    returning = short[short["accounted_most"].isin(assigned["base"].dropna())]
    if returning.empty:
        return None
    size = int(returning["accounted_most"].mode().iloc[0])
    own = returning[returning["accounted_most"] == size]
    later = int((assigned["base"] == size).sum())
    return Core(size, tuple(own["question"]), int(own["base"].mode().iloc[0]), later)


def short_of_base(assigned: pd.DataFrame) -> pd.DataFrame:
    """
    List the open questions that account for a known number of people below their base.

    Parameters
    ----------
    assigned : DataFrame
        As `regint.percentages.assignment.assign_bases` gives it.

    Returns
    -------
    DataFrame
        Those rows.

    Examples
    --------
    >>> assigned = pd.DataFrame({"total": ["open", "open"], "base": [50, 30],
    ...                        "accounted_least": [30, 30], "accounted_most": [30, 30]})
    >>> len(short_of_base(assigned))
    1
    """
    return assigned.query("total == 'open' and accounted_least == accounted_most and accounted_most < base")


_SIZE = re.compile(
    r"(?P<more>\b(?:more than|over|mehr als|plus de|более|свыше)\s+)?"
    r"(?P<about>\b(?:about|around|nearly|almost|some|up to|under|fewer than|less than|approximately|rund|"
    r"etwa)\s+)?"
    r"(?P<n>\bn\s*=\s*)?(?<!\bin\s)(?<![\d.,])"
    r"(?P<number>\d{1,3}(?:[ .,'’\u00a0\u202f]\d{3})+|\d+)(?![\d%+]|[.,]\d|[-–]\d)"
    r"(?=(?P<after>(?:\s+[^\s,;:\d]+){0,3}))",
    re.IGNORECASE,
)
_PEOPLE = re.compile(
    r"\b(adults?|respondents?|experts?|people|persons?|interviews?|participants?|members|voters?|readers?|"
    r"citizens?|students?|physicians?|answers?|responses?|completes|individuals|befragte\w*|personen|"
    r"teilnehmer\w*|personnes|répondants|encuestados|personas|респондент\w*|человек|эксперт\w*|опрошенн\w*)\b",
    re.IGNORECASE,
)


def stated_size(statement: str) -> int | None:
    """
    Read the least number of respondents that a sentence about the size of a survey allows.

    Parameters
    ----------
    statement : str
        Such as the ``size_statement`` of survey.json.

    Returns
    -------
    int or None
        The number after "n =", or the one before a word for people, and one more after "more than" or "over".
        None where the sentence has no such number, several, or says "about".

    Examples
    --------
    >>> stated_size("more than 50 experts"), stated_size("3,535 U.S. adults"), stated_size("some experts")
    (51, 3535, None)
    >>> stated_size("In March 2024, 412 adults"), stated_size("500 men and 513 women")
    (412, None)
    """
    found = list(_SIZE.finditer(statement))
    told = [one for one in found if one["n"]] or [one for one in found if _PEOPLE.search(one["after"])]
    sizes = {int(re.sub(r"\D", "", one["number"])) + bool(one["more"]) for one in told}
    return sizes.pop() if len(sizes) == 1 and not any(one["about"] for one in told) else None


def moved_shares(survey: Survey) -> pd.DataFrame:
    """
    Give the shares that change when those who answered take the place of the printed base.

    Parameters
    ----------
    survey : Survey
        A survey as read.

    Returns
    -------
    DataFrame
        One row per response with a known count above 0 and two different bases: ``question``, ``label``,
        ``count``, ``printed_base``, ``answered`` (persons), ``before``, ``after`` (shares, 0-1).

    Examples
    --------
    >>> from regint.survey.table import read_survey
    >>> moved = moved_shares(read_survey("data/survey/astana_2025"))
    >>> len(moved), moved["after"].round(2).head(2).to_list()
    (30, [0.03, 0.17])
    """
    table, other = tidy_table(survey, "printed"), tidy_table(survey, "answered")
    table = table.rename(columns={"base": "printed_base", "share": "before"})
    table = table.assign(answered=other["base"], after=other["share"]).dropna(
        subset=["count", "before", "after"]
    )
    moved = table[(table["printed_base"] != table["answered"]) & (table["count"] > 0)]
    columns = ["question", "label", "count", "printed_base", "answered", "before", "after"]
    return moved[columns].reset_index(drop=True)


def clearest_move(moved: pd.DataFrame, survey: Survey) -> pd.DataFrame:
    """
    Pick the question on which a change of base is easiest to see: the first on a scale, or else the first.

    Parameters
    ----------
    moved : DataFrame
        As `moved_shares` gives it.
    survey : Survey
        The survey it was made from.

    Returns
    -------
    DataFrame
        The rows of that question; none where no share moves.

    Examples
    --------
    >>> from regint.survey.table import read_survey
    >>> survey = read_survey("data/survey/astana_2025")
    >>> clearest_move(moved_shares(survey), survey)["question"].unique().tolist()
    ['prospects']
    """
    ordered = moved[(moved["question"].map(survey.questions["scale"]) == "ordered").to_numpy(dtype=bool)]
    first = (ordered if len(ordered) else moved)["question"].head(1)
    return moved[moved["question"].isin(first)].reset_index(drop=True)


def hidden_by_rounding(survey: Survey) -> pd.DataFrame:
    """
    Count the data sets that would have been printed alike, as whole percentages of those who answered.

    Parameters
    ----------
    survey : Survey
        A survey counted from respondents.

    Returns
    -------
    DataFrame
        One row per question that was counted and shows a count: ``question``, ``label``, ``answered`` and
        ``ways`` (data sets, the true one included). A question with hidden counts is taken by the others.

    Examples
    --------
    >>> from regint.survey.table import read_survey
    >>> len(hidden_by_rounding(read_survey("data/survey/astana_2025")))
    0
    """
    table = tidy_table(survey, base="answered")
    rows = []
    counted = (survey.questions["base_status"] == "counted") & survey.questions["answered"].notna()
    for question, design in survey.questions[counted].iterrows():
        own = table[table["question"] == question]
        known = own[own["count"].notna()]
        total = design["total"] if len(known) == len(own) else "open"
        printed = [f"{100 * share:.0f}" for share in known["share"]]
        if printed:
            ways = number_of_vectors(printed, int(design["answered"]), total=total)
            rows.append((question, design["label"], int(design["answered"]), ways))
    return pd.DataFrame(rows, columns=["question", "label", "answered", "ways"])
