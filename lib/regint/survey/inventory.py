"""Take stock of a publication: what is printed, where it stands, what is missing, what was disclosed."""

from fractions import Fraction

import pandas as pd

from regint.survey.published import Survey

KIND_IN_WORDS = {
    "rating": "rating",
    "single": "single choice",
    "multiple": "choose several",
    "open_coded": "open",
}
DISCLOSURE_SCORES = {"reported": 1.0, "partial": 0.5, "missing": 0.0}


def inventory(survey: Survey) -> pd.DataFrame:
    """
    Count, question by question, what was printed and what was not.

    Parameters
    ----------
    survey : Survey
        A survey as read.

    Returns
    -------
    DataFrame
        One row per question: ``question``, ``label``, ``kind``, ``total``, ``options`` (responses listed),
        ``figures`` (printed as a number), ``words`` (only in words), ``counted`` (given as a count),
        ``unprinted`` (named without any quantity), ``unquantified`` (the responses in words or without any
        quantity that may hold an unknown share: all but "none"), ``printed_sum`` (of the figures, 0-1;
        missing for choose-several questions and where nothing is printed as a number),
        ``wording_status``, ``base_status`` ("unknown" if no base is recorded).

    Examples
    --------
    >>> from regint.survey.published import read_survey
    >>> stock = inventory(read_survey("data/survey/astana_2025")).set_index("question")
    >>> [float(n) for n in stock.loc["prospects", ["options", "figures", "words", "printed_sum"]]]
    [5.0, 4.0, 1.0, 0.6]
    """
    rows = [_stock(survey, str(question)) for question in survey.questions.index]
    return pd.DataFrame(rows)


def _stock(survey: Survey, question: str) -> dict[str, object]:
    design = survey.questions.loc[question]
    own = survey.responses[survey.responses["question"] == question]
    figures = own.loc[own["printed"] != "", "printed"]
    # Counts in the open need no percentage.
    silent = (own["printed"] == "") & (own["statement"] == "") & own["count"].isna()
    adds_up = design["total"] != "multiple" and len(figures)
    return {
        "question": question,
        "label": design["label"],
        "kind": design["kind"],
        "total": design["total"],
        "options": len(own),
        "figures": len(figures),
        "words": int(((own["printed"] == "") & (own["statement"] != "")).sum()),
        "counted": int(((own["printed"] == "") & (own["statement"] == "") & own["count"].notna()).sum()),
        "unprinted": int(silent.sum()),
        "unquantified": int(
            silent.sum() + ((own["printed"] == "") & ~own["statement"].isin(["", "none"])).sum()
        ),
        "printed_sum": float(sum(Fraction(f) for f in figures) / 100) if adds_up else None,
        "wording_status": design["wording_status"] or "missing",
        "base_status": design["base_status"] if not pd.isna(design["printed_base"]) else "unknown",
    }


def figure_map(survey: Survey) -> pd.DataFrame:
    """
    Map every figure to its place in its source.

    Parameters
    ----------
    survey : Survey
        A survey as read.

    Returns
    -------
    DataFrame
        One row per place and question, in order of appearance: ``source`` (key), ``locator``,
        ``question`` (label) and ``printed``: the figures or words printed there, with the label of the
        response; "no figure" where an option is only named.

    Examples
    --------
    >>> from regint.survey.published import read_survey
    >>> places = figure_map(read_survey("data/survey/astana_2025"))
    >>> places.loc[2, ["locator", "printed"]].to_list()
    ['Overall assessment and context, par. 3', 'Youth exchanges and initiatives: 4']
    """
    rows = survey.responses
    shown = rows["printed"].where(rows["printed"] != "", rows["statement"])
    shown = shown.where(shown != "", rows["count"].astype("string").fillna("no figure").astype(str))
    table = pd.DataFrame(
        {
            "source": rows["source"],
            "locator": rows["locator"],
            "question": rows["question"].map(survey.questions["label"]),
            "printed": rows["label"] + ": " + shown,
        }
    )
    return table.groupby(["source", "locator", "question"], sort=False, as_index=False).agg("; ".join)


def disclosure_scorecard(survey: Survey) -> pd.DataFrame:
    """
    Score what a publication tells about how the survey was made.

    Parameters
    ----------
    survey : Survey
        A survey as read.

    Returns
    -------
    DataFrame
        One row per item of the disclosure list in survey.json: ``item``, ``status`` (reported, partial,
        missing), ``score`` (1, 0.5, 0), ``note``; without the items that nobody has looked up, so empty if
        the folder has no such list or none of it is filled in.

    Notes
    -----
    The eleven items are those of section III.A of the AAPOR code [1]_. A half point for partial disclosure
    is our convention; the code itself has no score.

    References
    ----------
    .. [1] American Association for Public Opinion Research (2021). Code of Professional Ethics and
       Practices, revised April 2021.

    Examples
    --------
    >>> from regint.survey.published import read_survey
    >>> card = disclosure_scorecard(read_survey("data/survey/astana_2025"))
    >>> len(card), float(card["score"].sum())
    (11, 3.5)
    """
    entries = [
        {
            "item": e["item"],
            "status": e["status"],
            "score": DISCLOSURE_SCORES[e["status"]],
            "note": e.get("note", ""),
        }
        for e in survey.metadata.get("disclosure", [])
        if e["status"]
    ]
    return pd.DataFrame(entries, columns=["item", "status", "score", "note"])
