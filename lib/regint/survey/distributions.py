"""How the answers to each question divide: counts, shares and intervals, on one base and side by side."""

from typing import Any

import pandas as pd

from regint.statistics.intervals import interval_envelope
from regint.survey.admissible import Range, question_ranges, response_range
from regint.survey.inventory import KIND_IN_WORDS
from regint.survey.published import Survey, tidy_table
from regint.survey.weighting import weighted_shares


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
    return _weighted(table, survey, base, confidence)


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


def weights_at_work(table: pd.DataFrame) -> pd.DataFrame:
    """
    Sum up, question by question, what stated weights do.

    Parameters
    ----------
    table : DataFrame
        As `frequency_distribution` gives it on the base of those who answered.

    Returns
    -------
    DataFrame
        One row per weighted question: ``question_label``, ``answered`` (persons), ``effective_base``
        (Kish's), ``moved_most`` (the response whose share the weights change most), ``plain_share`` and
        ``weighted_share`` (0-1). Empty for a survey without weights.

    Examples
    --------
    >>> from regint.survey.published import read_survey
    >>> weights_at_work(frequency_distribution(read_survey("data/survey/astana_2025"), "answered")).empty
    True
    """
    columns = ["question_label", "answered", "effective_base", "moved_most", "plain_share", "weighted_share"]
    if "plain_share" not in table:
        return pd.DataFrame(columns=columns)
    weighted = table.dropna(subset=["plain_share", "weighted_share"])
    moves = (weighted["weighted_share"] - weighted["plain_share"]).abs().astype(float)
    most = weighted.loc[moves.groupby(weighted["question"], sort=False).idxmax()]
    most = most.rename(columns={"base": "answered", "label": "moved_most"})
    return most[columns].reset_index(drop=True)


def overview(survey: Survey, base: str = "printed", question: str = "all") -> pd.DataFrame:
    """
    List the questions with their form and the base of their shares.

    Parameters
    ----------
    survey, base, question
        As for `frequency_distribution`.

    Returns
    -------
    DataFrame
        One row per question: ``question_label``, ``kind`` (in words), ``responses`` (ordered or unordered),
        ``of`` (the base in words), ``base_status`` (reported, inferred or counted).

    Examples
    --------
    >>> from regint.survey.published import read_survey
    >>> overview(read_survey("data/survey/astana_2025"), question="steps_to_action").iloc[0, 1:4].to_list()
    ['open', 'unordered', '53 remarks']
    """
    designs = survey.questions if question == "all" else survey.questions.loc[[question]]
    return pd.DataFrame(
        {
            "question_label": designs["label"],
            "kind": designs["kind"].map(KIND_IN_WORDS),
            "responses": designs["scale"],
            "of": [base_in_words(row, base) for _, row in designs.iterrows()],
            "base_status": designs["base_status"],
        }
    ).reset_index(drop=True)


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


def _weighted(table: pd.DataFrame, survey: Survey, base: str, confidence: float) -> pd.DataFrame:
    """Put weighted shares in the place of plain ones, and say so, on the base of those who answered."""
    if "weighted_share" not in table:
        return table
    answered = survey.questions.loc[table["question"], "answered"].to_numpy()
    there = table["weighted_share"].notna() & (table["base"] == answered).fillna(False).astype(bool)
    whole = there.groupby(table["question"]).transform("any")
    if "effective_base" in table:  # otherwise strata or clusters were stated, but no weight
        table["plain_share"] = table["share"].where(whole)
        table["effective_base"] = table["effective_base"].where(whole)
        table["of"] = table["of"].mask(whole, table["of"] + ", weighted")
    keys = ["question", "response"]
    own = table[keys].merge(weighted_shares(survey, confidence=confidence), on=keys, how="left")
    own["share"] = own["weighted_share"]
    for name in ("share", "lower", "upper"):
        ends = pd.Series(own[name].to_numpy(dtype=float, na_value=float("nan")), index=table.index)
        table[name] = table[name].astype("float64").mask(whole, ends)
    table["method"] = table["method"].mask(there, "design-based")
    return table
