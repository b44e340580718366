"""Answers on ordered scales: one number for the centre, several for agreement."""

from typing import Any

import pandas as pd

from regint.statistics.ordinal import (
    agreement,
    consensus,
    leik_dispersion,
    mean_score,
    median_categories,
    mode_categories,
    top_box,
)
from regint.survey.published import Survey, tidy_table

# Below so many categories the top two are no longer "the top".
FEW_CATEGORIES = 4
SUMMARY = ["median", "mode", "top", "mean", "spread", "agreement", "consensus"]


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
