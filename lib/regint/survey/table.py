"""From a survey folder to the one tidy table that every analysis takes, and to shares with intervals."""

from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from textfiles.problems import Problem

from regint.estimation.intervals import design_interval, wilson_interval
from regint.survey.count_ranges import (
    RECORDED,
    CountInterval,
    nearest_figures,
    question_ranges,
    response_range,
)
from regint.survey.folder import check_folder, of_group
from regint.survey.schema import WEIGHTED

BASES = ("printed", "asked", "answered")
_COLUMNS = [
    "question", "question_label", "response", "kind", "label", "printed", "statement", "score", "base",
    "base_status", "count", "share", "substantive", "source", "locator",
]  # fmt: skip
_WEIGHTED_COLUMNS = list(
    dict.fromkeys(column["name"] for table in ("questions", "responses") for column in WEIGHTED[table])
)


@dataclass(frozen=True)
class Survey:
    """
    A survey as published.

    Attributes
    ----------
    questions, responses, claims : DataFrame
        The questions, the answers of everybody (or of one group, see `subgroup`), and the claims.
    rows : DataFrame
        Every row of responses.csv, nets, means and groups too; ``figure`` is the percentage, if printed.
    tests, joint : DataFrame
        Tests of groups and counts of pairs of options, see `regint.survey.schema.BESIDE`; empty where the
        folder has none.
    """

    folder: Path
    metadata: dict[str, Any]
    questions: pd.DataFrame
    responses: pd.DataFrame
    claims: pd.DataFrame
    notices: tuple[str, ...] = ()
    rows: pd.DataFrame = field(default_factory=pd.DataFrame)
    tests: pd.DataFrame = field(default_factory=pd.DataFrame)
    joint: pd.DataFrame = field(default_factory=pd.DataFrame)

    @property
    def groups(self) -> list[tuple[str, str]]:
        """The groups for which something is printed: what the people have in common, and which they are."""
        pairs = zip(self.rows.get("by", ()), self.rows.get("group", ()), strict=True)
        return list(dict.fromkeys(pair for pair in pairs if pair[0]))


def subgroup(survey: Survey, by: str, group: str) -> Survey:
    """Take the survey of a group of people: the questions with rows for it, on the base printed there."""
    questions, responses = of_group(survey.questions, survey.rows, by, group)
    return replace(survey, questions=questions, responses=responses)


def with_groups(survey: Survey) -> Survey:
    """
    Take what is printed for groups of people as questions of their own, beside those put to everybody.

    Parameters
    ----------
    survey : Survey
        A survey as read.

    Returns
    -------
    Survey
        Each group's questions follow those of everybody, under the name ``question@by=group`` and with the
        group in their label; the columns ``by`` and ``group`` tell them apart. A question of which nothing is
        printed for everybody stands there for its groups only.
    """
    parts = []
    for by, group in [("", ""), *survey.groups]:
        part = subgroup(survey, by, group) if by else survey
        rows = survey.rows[(survey.rows["by"] == by) & (survey.rows["group"] == group)]
        if survey.groups:  # a row that is empty for everybody is there for the sake of its groups
            rows = rows[(rows["printed"] != "") | rows["count"].notna() | (rows["statement"] != "")]
        names = {name: f"{name}@{by}={group}" if by else name for name in rows["question"].unique()}
        questions = part.questions[part.questions.index.isin(names)].rename(index=names)
        label = questions["label"] + (f" ({group})" if by else "")
        questions = questions.assign(by=by, group=group, label=label)
        renamed = [frame.assign(question=frame["question"].map(names)) for frame in (part.responses, rows)]
        parts.append((questions, *(frame.dropna(subset="question") for frame in renamed)))
    questions, responses, rows = (pd.concat(frames) for frames in zip(*parts, strict=True))
    answers = responses.reset_index(drop=True)
    return replace(survey, questions=questions, responses=answers, rows=rows.reset_index(drop=True))


def read_survey(folder: str | Path) -> Survey:
    """
    Read a survey folder, or refuse it with every problem at once.

    Parameters
    ----------
    folder : str or Path
        See `textfiles.files.locate`.

    Returns
    -------
    Survey
        The tables, typed by their schema.

    Raises
    ------
    Problem
        With one sentence per problem in ``problems``.

    Examples
    --------
    >>> survey = read_survey("data/survey/astana_2025")
    >>> survey.questions.loc["prospects", "printed_base"]
    np.int64(50)
    """
    loaded = check_folder(folder)
    if loaded.problems:
        raise Problem(*loaded.problems)
    rows = loaded.frame("responses")
    questions, responses = of_group(loaded.frame("questions").set_index("question"), rows)
    return Survey(
        folder=loaded.path,
        metadata=loaded.metadata,
        questions=questions,
        responses=responses,
        rows=rows,
        claims=loaded.frame("claims"),
        notices=tuple(loaded.notices),
        tests=loaded.frame("tests"),
        joint=loaded.frame("joint"),
    )


def tidy_table(survey: Survey, base: str = "printed") -> pd.DataFrame:
    """
    Give the tidy table: one row per (question, response), with counts where they are determined.

    Parameters
    ----------
    survey : Survey
        A survey as read.
    base : {"printed", "asked", "answered"}
        The denominator of the shares: the one that the printed figures refer to, everyone asked, or
        everyone who answered.

    Returns
    -------
    DataFrame
        ``question``, ``question_label``, ``response`` (ordered Categorical in display order), ``kind``,
        ``label``, ``printed`` (text), ``statement``, ``score``, ``base`` (Int64), ``base_status``, ``count``
        (Int64), ``share`` (0-1), ``substantive``, ``source``, ``locator``. A folder made from weighted
        respondent-level data adds the columns of `regint.survey.schema.WEIGHTED`.

    Raises
    ------
    Problem
        If `base` is no such base.

    Notes
    -----
    A count is given where the printed figures of the question, taken together at the base they refer to,
    leave exactly one, or where it was counted. The share is count over base; without a count it is the
    printed figure, and only on the base that this figure refers to. Nothing is rescaled without a count.

    Examples
    --------
    >>> survey = read_survey("data/survey/astana_2025")
    >>> table = tidy_table(survey, base="answered").set_index(["question", "response"])
    >>> table.loc[("prospects", "score_4"), "share"].round(3)
    np.float64(0.533)
    """
    if base not in BASES:
        raise Problem(f"The base {base!r} does not exist; choose one of {', '.join(BASES)}.")
    denominators = survey.questions["printed_base" if base == "printed" else base]
    table = survey.responses.copy()
    own = survey.questions.loc[table["question"]].reset_index(drop=True)
    # A count that the printed figures leave no choice about; weighted figures determine none.
    uncounted = ~own["weighted"].astype(bool) & own["printed_base"].isna()
    fixed = [r.least if r is not None and r.least == r.most else None for r in _allowed_counts(survey)]
    table["count"] = table["count"].where(uncounted.to_numpy(), pd.array(fixed, dtype="Int64"))
    table["question_label"], table["kind"] = own["label"], own["kind"]
    table["base"] = denominators.loc[table["question"]].reset_index(drop=True)
    table["base_status"] = own["base_status"]
    counted = table["count"].astype("Float64") / table["base"].astype("Float64")
    figures = pd.to_numeric(table["printed"].where(table["printed"] != "")) / 100
    as_printed = (table["base"] == own["printed_base"]).fillna(
        table["base"].isna() & own["printed_base"].isna()
    )
    shares = counted.astype("float64").fillna(figures.where(as_printed.astype(bool)))
    table["share"] = shares.where(~(shares > 1))
    table["response"] = pd.Categorical(table["response"], categories=_display_order(survey), ordered=True)
    if "effective_base" in own:
        table["effective_base"] = own["effective_base"]
    return table[[*_COLUMNS, *(name for name in _WEIGHTED_COLUMNS if name in table)]]


def _allowed_counts(survey: Survey) -> "pd.Series[Any]":
    """Give the counts each response can have on the base its question was printed on, None for none."""
    allowed: dict[Any, CountInterval | None] = dict.fromkeys(survey.responses.index)
    for question, rows in survey.responses.groupby("question", sort=False):
        design = survey.questions.loc[question]
        if design["weighted"] or pd.isna(design["printed_base"]):
            continue
        base, total = int(design["printed_base"]), design["total"]
        if total == "multiple":
            allowed |= {place: response_range(row, base) for place, row in rows.iterrows()}
        elif ranges := question_ranges(rows.to_dict("records"), base, total, nets=design.get("nets", ())):
            allowed |= dict(zip(rows.index, ranges, strict=True))
    return pd.Series(allowed, dtype=object)


def recorded_bases(survey: Survey) -> "pd.Series[Any]":
    """Give the base that the source states for each question; missing where it was inferred or is unknown."""
    stated = survey.questions["base_status"].isin(RECORDED)
    return survey.questions["printed_base"].where(stated).astype("Int64")


def figure_table(survey: Survey) -> pd.DataFrame:
    """
    List the figures of a survey in the form that the study of bases takes.

    Parameters
    ----------
    survey : Survey
        A survey as read.

    Returns
    -------
    DataFrame
        ``question``, ``response``, ``total``, ``printed``: one row per printed figure, and per word that
        stands for one (half as ``"50"``, below 0.5 as ``"0"``). A closed question with a response that has
        no figure is given as open, since its figures alone need not make up the base. Questions printed from
        weighted data are left out: their figures speak of no base.

    Examples
    --------
    >>> table = figure_table(read_survey("data/survey/astana_2025"))
    >>> table[table["question"] == "scenario_2035"]["printed"].to_list()
    ['50', '33.3', '10', '6.7']
    """
    rows = survey.responses
    rows = rows[~survey.questions["weighted"].loc[rows["question"]].to_numpy(dtype=bool)]
    figures = nearest_figures(rows)
    # "None" needs no figure: it adds nothing to the total.
    silent = (figures == "") & (rows["statement"] != "none")
    total = survey.questions["total"].loc[rows["question"]].to_numpy()
    partly = silent.groupby(rows["question"]).transform("any").to_numpy()
    table = rows[["question", "response"]].assign(
        total=np.where(partly & (total == "closed"), "open", total), printed=figures
    )
    return table[table["printed"] != ""].reset_index(drop=True)


def _display_order(survey: Survey) -> list[str]:
    """Merge the display orders of all questions: a response never precedes one it follows anywhere.

    Where two questions contradict each other, first come first.
    """
    followers: dict[str, set[str]] = {name: set() for name in survey.responses["response"]}
    for _, sequence in survey.responses.groupby("question", sort=False)["response"]:
        for before, after in pairwise(sequence):
            followers[before].add(after)
    order: list[str] = []
    waiting = list(followers)
    while waiting:
        blocked = set().union(*(followers[name] for name in waiting))
        order.append(next((name for name in waiting if name not in blocked), waiting[0]))
        waiting.remove(order[-1])
    return order


def frequency_distribution(survey: Survey, base: str = "printed", confidence: float = 0.95) -> pd.DataFrame:
    """
    Give counts, shares and intervals of every response.

    Parameters
    ----------
    survey : Survey
        A survey as read.
    base : {"printed", "asked", "answered"}
        The denominator, see `tidy_table`.
    confidence : float
        Coverage of the intervals, 0-1.

    Returns
    -------
    DataFrame
        The tidy table with ``scale`` (ordered or unordered), ``of`` (the base in words, ``"50
        asked"``), ``lower``, ``upper`` (shares 0-1) and ``method``: ``"Wilson"`` where the base is
        known and the count, or the counts that print as the figure, otherwise empty, as for figures that
        were printed from weighted data, whose precision nobody told. A weighted survey of respondents
        gets its weighted shares on the base of those who answered: ``of`` then ends in ``", weighted"``,
        ``method`` is ``"design-based"``, ``plain_share`` keeps the share without weights, and
        ``effective_base`` is Kish's [1]_; these two are absent where no weight but only strata or clusters
        were stated.

    See Also
    --------
    regint.estimation.intervals.design_interval : the interval under a design.

    Notes
    -----
    Wilson's interval treats the answers as exchangeable draws from a larger population of like respondents.
    For a closed panel that is a thought experiment.

    References
    ----------
    .. [1] Kish, L. (1965). *Survey Sampling*. New York: Wiley.

    Examples
    --------
    >>> table = frequency_distribution(read_survey("data/survey/astana_2025"))
    >>> row = table.set_index(["question", "response"]).loc[("prospects", "score_4")]
    >>> row["of"], int(row["count"]), round(float(row["lower"]), 3), round(float(row["upper"]), 3)
    ('50 asked', 16, 0.208, 0.458)
    """
    table = tidy_table(survey, base).assign(allowed=_allowed_counts(survey)).reset_index(drop=True)
    designs = survey.questions.loc[table["question"]]
    table["scale"] = designs["scale"].to_numpy()
    table["of"] = [_base_in_words(survey.questions.loc[name], base) for name in table["question"]]
    ends: list[tuple[float | None, float | None, str]] = []
    for row in table.to_dict("records"):
        allowed, base_known = row["allowed"], pd.notna(row["base"]) and row["base"] >= 1
        if base_known and pd.notna(row["share"]) and allowed is not None and allowed.most <= row["base"]:
            found = wilson_interval(allowed.least, allowed.most, int(row["base"]), confidence)
            ends.append((*found, "Wilson"))
        else:
            ends.append((None, None, ""))
    table[["lower", "upper", "method"]] = pd.DataFrame(ends, columns=["lower", "upper", "method"])
    table = table.drop(columns="allowed").astype({"lower": float, "upper": float, "method": str})
    return _weighted(table, survey, confidence)


def _base_in_words(design: "pd.Series[Any]", base: str) -> str:
    """Say what a question's shares are shares of."""
    columns = {"printed": "printed_base", "asked": "asked", "answered": "answered"}
    sizes = {of: None if pd.isna(design[name]) else int(design[name]) for of, name in columns.items()}
    if (number := sizes[base]) is None:
        return "an unknown base"
    if design["kind"] == "open_coded":
        return f"{number} remarks"
    weighted = ", weighted" if design.get("weighted", False) else ""
    if base == "answered" or (base == "printed" and number == sizes["answered"]):
        return f"{number} who answered{weighted}"
    return f"{number} {'asked' if number == sizes['asked'] else '(base as printed)'}{weighted}"


def _weighted(table: pd.DataFrame, survey: Survey, confidence: float) -> pd.DataFrame:
    """Put weighted shares in the place of plain ones, and say so, on the base of those who answered."""
    if "weighted_share" not in table:
        return table
    answered = survey.questions.loc[table["question"], "answered"].reset_index(drop=True)
    there = table["weighted_share"].notna() & (table["base"] == answered).fillna(False).astype(bool)
    whole = there.groupby(table["question"]).transform("any")
    effective = answered.astype(float)
    if "effective_base" in table:  # otherwise strata or clusters were stated, but no weight
        effective = table["effective_base"].fillna(effective)
        table["plain_share"] = table["share"].where(whole)
        table["effective_base"] = table["effective_base"].where(whole)
        table["of"] = table["of"].mask(whole, table["of"] + ", weighted")
    share, error, freedom = (table[name].astype(float) for name in ("weighted_share", "se", "df"))
    lower, upper = design_interval(share, error, freedom, answered.astype(float), effective, confidence)
    for name, values in (("share", share), ("lower", lower), ("upper", upper)):
        table[name] = table[name].astype("float64").mask(whole, values)
    table["method"] = table["method"].mask(there, "design-based")
    return table
