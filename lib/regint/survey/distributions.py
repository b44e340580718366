"""How the answers to each question divide: counts, shares and intervals, and summaries of ordered scales."""

from typing import Any

import pandas as pd

from regint.statistics.intervals import interval_envelope
from regint.statistics.ordinal import (
    agreement,
    consensus,
    leik_dispersion,
    mean_score,
    median_categories,
    mode_categories,
    top_box,
)
from regint.survey.admissible import Range, question_ranges, response_range
from regint.survey.published import Survey, tidy_table

# Below so many categories the top two are no longer "the top".
FEW_CATEGORIES = 4
SUMMARY = ["median", "mode", "top", "mean", "spread", "agreement", "consensus"]


def frequency_distribution(
    survey: Survey, base: str = "printed", confidence: float = 0.95, question: str = "all"
) -> pd.DataFrame:
    """
    Give counts, shares and intervals of every response.

    Parameters
    ----------
    survey : Survey
        A survey as read.
    base : {"printed", "asked", "answered"}
        The denominator, see `regint.survey.published.tidy_table`.
    confidence : float
        Coverage of the intervals, 0-1.
    question : str
        A question id, or ``"all"``.

    Returns
    -------
    DataFrame
        The tidy table with ``scale`` (ordered or unordered), ``of`` (the base in words, ``"50
        asked"``), ``lower``, ``upper`` (shares 0-1) and ``method``: ``"Wilson"`` where the base is
        known and the count, or the counts that print as the figure, otherwise empty. A weighted survey
        gets its weighted shares on the base of those who answered: ``of`` then ends in ``", weighted"``,
        ``method`` is ``"design-based"``, ``plain_share`` keeps the share without weights, and
        ``effective_base`` is Kish's.

    Notes
    -----
    Wilson's interval treats the answers as exchangeable draws from a larger population of like respondents.
    For a closed panel that is a thought experiment.

    Examples
    --------
    >>> from regint.survey.published import read_survey
    >>> table = frequency_distribution(read_survey("data/survey/astana_2025"), question="prospects")
    >>> row = table.set_index("response").loc["score_4"]
    >>> row["of"], int(row["count"]), round(float(row["lower"]), 3), round(float(row["upper"]), 3)
    ('50 asked', 16, 0.208, 0.458)
    """
    table = tidy_table(survey, base).assign(allowed=_allowed(survey))
    table = table if question == "all" else table[table["question"] == question]
    table = table.reset_index(drop=True)
    designs = survey.questions.loc[table["question"]]
    table["scale"] = designs["scale"].to_numpy()
    table["of"] = [base_in_words(survey.questions.loc[name], base) for name in table["question"]]
    ends = [_interval(row, row["allowed"], confidence) for row in table.to_dict("records")]
    table[["lower", "upper", "method"]] = pd.DataFrame(ends, columns=["lower", "upper", "method"])
    table = table.drop(columns="allowed").astype({"lower": float, "upper": float, "method": str})
    return _weighted(table, survey, base)


def base_in_words(design: "pd.Series[Any]", base: str = "printed") -> str:
    """
    Say what a question's shares are shares of.

    Parameters
    ----------
    design : Series
        A row of ``survey.questions``.
    base : {"printed", "asked", "answered"}
        Which denominator.

    Returns
    -------
    str
        ``"50 asked"``, ``"30 who answered"``, ``"53 remarks"``, or ``"an unknown base"``.

    Examples
    --------
    >>> from regint.survey.published import read_survey
    >>> base_in_words(read_survey("data/survey/astana_2025").questions.loc["steps_to_action"])
    '53 remarks'
    """
    printed, asked, answered = (
        None if pd.isna(design[name]) else int(design[name]) for name in ("printed_base", "asked", "answered")
    )
    number = {"printed": printed, "asked": asked, "answered": answered}[base]
    if number is None:
        return "an unknown base"
    if design["kind"] == "open_coded":
        return f"{number} remarks"
    if base == "answered" or (base == "printed" and number == answered):
        return f"{number} who answered"
    return f"{number} asked" if number == asked else f"{number} (base as printed)"


def side_by_side(
    survey: Survey, base: str = "printed", confidence: float = 0.95, question: str = "all"
) -> pd.DataFrame:
    """
    Give the distribution on the chosen base and, where the base is in doubt, on the other ones too.

    Parameters
    ----------
    survey, base, confidence, question
        As for `frequency_distribution`.

    Returns
    -------
    DataFrame
        As `frequency_distribution`, with a block of rows for each base of a question, the largest base first;
        ``of`` tells the blocks apart and ``chosen`` marks the one on the chosen base. Bases on which no share
        is known are left out, and so are questions without any share.

    Examples
    --------
    >>> from regint.survey.published import read_survey
    >>> both = side_by_side(read_survey("data/survey/astana_2025"), "answered", question="prospects")
    >>> both.groupby("of", sort=False)["chosen"].first().to_dict()
    {'50 asked': False, '30 who answered': True}
    """
    doubtful = survey.questions.index[~survey.questions["base_status"].isin(["reported", "counted"])]
    blocks = [frequency_distribution(survey, base, confidence, question).assign(chosen=True)]
    for other in ("asked", "answered"):
        block = frequency_distribution(survey, other, confidence, question).assign(chosen=False)
        blocks.append(block[block["question"].isin(doubtful)])
    both = pd.concat(blocks, ignore_index=True).drop_duplicates(["question", "response", "of"])
    known = both.groupby(["question", "of"])["share"].transform(lambda shares: shares.notna().any())
    order = {name: place for place, name in enumerate(survey.questions.index)}
    both = both[known.astype(bool)].sort_values("base", ascending=False, kind="stable")
    return both.sort_values("question", key=lambda names: names.map(order), kind="stable", ignore_index=True)


def main_block(answers: pd.DataFrame) -> pd.DataFrame:
    """
    Pick the block of one question that a sentence should speak of.

    Parameters
    ----------
    answers : DataFrame
        The rows of one question as `side_by_side` gives them.

    Returns
    -------
    DataFrame
        The block on the chosen base, or the first one where that base has no share.

    Examples
    --------
    >>> from regint.survey.published import read_survey
    >>> both = side_by_side(read_survey("data/survey/astana_2025"), "answered", question="prospects")
    >>> main_block(both)["of"].unique().tolist()
    ['30 who answered']
    """
    if answers["chosen"].any():
        return answers[answers["chosen"]]
    return answers[answers["of"] == answers["of"].iloc[0]]


def textbook_scales() -> pd.DataFrame:
    """
    Give five invented distributions of thirty answers on a five-point scale, from unanimity to two camps.

    Returns
    -------
    DataFrame
        One row per distribution and category: ``group``, ``label``, ``count``, ``share`` (0-1).

    Examples
    --------
    >>> textbook_scales().groupby("group", sort=False)["count"].sum().tolist()
    [30, 30, 30, 30, 30]
    """
    examples = {
        "One answer": [0, 0, 0, 30, 0],
        "A hump": [0, 3, 12, 12, 3],
        "Evenly spread": [6, 6, 6, 6, 6],
        "Two unequal camps": [10, 0, 0, 0, 20],
        "Two equal camps": [15, 0, 0, 0, 15],
    }
    labels = ["1 (lowest)", "2", "3", "4", "5 (highest)"]
    rows = [(name, *pair) for name, counts in examples.items() for pair in zip(labels, counts, strict=True)]
    frame = pd.DataFrame(rows, columns=["group", "label", "count"])
    return frame.assign(share=frame["count"] / 30)


def ordinal_summary(survey: Survey, question: str = "all") -> pd.DataFrame:
    """
    Summarise the answers to each question with an ordered scale.

    Parameters
    ----------
    survey : Survey
        A survey as read.
    question : str
        A question id, or ``"all"``.

    Returns
    -------
    DataFrame
        One row per ordered question: ``question``, ``label``, ``categories``, ``answers`` (substantive
        ones; missing where a count is not determined, and then everything after it), ``median``,
        ``mode`` (labels), ``boxes`` (how many categories count as the top: two, or one on scales of
        fewer than four), ``top`` (their share of the answers, 0-1), ``mean`` (only where the scale has
        scores), ``spread`` (Leik's D), ``agreement`` (van der Eijk's A), ``consensus`` (Tastle and
        Wierman's).

    Examples
    --------
    >>> from regint.survey.published import read_survey
    >>> summary = ordinal_summary(read_survey("data/survey/astana_2025"), "prospects")
    >>> summary[["answers", "median", "top", "agreement"]].round(2).values.tolist()
    [[30, '4', 0.8, 0.65]]
    """
    ordered = survey.questions[survey.questions["scale"] == "ordered"]
    names = [name for name in ordered.index if question in ("all", name)]
    table = tidy_table(survey)
    rows = [
        _summary(str(name), ordered.loc[name, "label"], table[table["question"] == name]) for name in names
    ]
    columns = ["question", "label", "categories", "answers", "boxes", *SUMMARY]
    return pd.DataFrame(rows, columns=columns).astype({"answers": "Int64"})


def _interval(
    row: dict[Any, Any], allowed: Range | None, confidence: float
) -> tuple[float | None, float | None, str]:
    """Give Wilson's interval: of the count, or over all counts that the question's figures allow."""
    if pd.isna(row["base"]) or row["base"] < 1 or pd.isna(row["share"]) or allowed is None:
        return None, None, ""
    base = int(row["base"])
    if allowed.most > base:
        return None, None, ""
    return *interval_envelope(allowed, base, confidence), "Wilson"


def _allowed(survey: Survey) -> "pd.Series[Any]":
    """Give the counts each response can have on the base its question was printed on, None for none."""
    allowed: dict[Any, Range | None] = dict.fromkeys(survey.responses.index)
    for question, rows in survey.responses.groupby("question", sort=False):
        design = survey.questions.loc[question]
        if pd.isna(design["printed_base"]):
            continue
        base, total = int(design["printed_base"]), design["total"]
        if total == "multiple":
            allowed |= {place: response_range(row, base) for place, row in rows.iterrows()}
        elif ranges := question_ranges(rows, base, total):
            allowed |= dict(zip(rows.index, ranges, strict=True))
    return pd.Series(allowed, dtype=object)


def _weighted(table: pd.DataFrame, survey: Survey, base: str) -> pd.DataFrame:
    """Put weighted shares in the place of plain ones, and say so, on the base of those who answered."""
    if "weighted_share" not in table:
        return table
    answered = survey.questions.loc[table["question"], "answered"].to_numpy()
    there = table["weighted_share"].notna() & (table["base"] == answered).fillna(False).astype(bool)
    whole = there.groupby(table["question"]).transform("any")
    table["plain_share"] = table["share"].where(whole)
    table["effective_base"] = table["effective_base"].where(whole)
    for own in ("share", "lower", "upper"):
        weighted = table[f"weighted_{own}"].astype("float64")
        table[own] = table[own].astype("float64").mask(whole, weighted)
    table["method"] = table["method"].mask(there, "design-based")
    table["of"] = table["of"].mask(whole, table["of"] + ", weighted")
    return table


def _summary(question: str, label: str, answers: pd.DataFrame) -> dict[str, Any]:
    answers = answers[answers["substantive"].astype(bool)]
    row: dict[str, Any] = {"question": question, "label": label, "categories": len(answers)}
    if len(answers) < 2 or answers["count"].isna().any() or answers["count"].sum() == 0:
        return row
    counts = [int(count) for count in answers["count"]]
    names = answers["label"].tolist()
    low, high = median_categories(counts)
    row["answers"], row["boxes"] = sum(counts), 1 if len(counts) < FEW_CATEGORIES else 2
    row["median"] = names[low - 1] if low == high else f"{names[low - 1]} / {names[high - 1]}"
    row["mode"] = " / ".join(names[place - 1] for place in mode_categories(counts))
    row["top"] = top_box(counts, row["boxes"])
    scores = answers["score"]
    row["mean"] = mean_score(counts, scores.astype(float).tolist()) if scores.notna().all() else None
    row["spread"], row["agreement"] = leik_dispersion(counts), agreement(counts)
    row["consensus"] = consensus(counts)
    return row
