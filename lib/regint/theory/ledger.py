"""The ledger of checkable statements, as a reader sees it."""

import pandas as pd

STATES = {
    "true": "came true",
    "false": "did not come true",
    "open": "open",
    "not_on_record": "due, not on record",
}


def ledger(forecasts: pd.DataFrame, figures: pd.DataFrame) -> pd.DataFrame:
    """
    Put a survey's figures beside the statements that rest on them, and the state of each in words.

    Parameters
    ----------
    forecasts : DataFrame
        From `regint.theory.context.read_forecasts`.
    figures : DataFrame
        A tidy table of the survey, with ``question``, ``response``, ``printed`` and ``statement``.

    Returns
    -------
    DataFrame
        The rows of `forecasts` with ``share`` (printed figure, or its words, empty if there is none),
        ``said`` (who said it, when, and the share) and ``state`` (outcome and evidence in words).

    Examples
    --------
    >>> from regint.survey.published import read_survey, tidy_table
    >>> from regint.theory.context import read_forecasts
    >>> lines = ledger(read_forecasts(), tidy_table(read_survey("data/survey/astana_2025")))
    >>> lines.set_index("forecast").loc["tjk_signs", ["said", "state"]].to_list()
    ['official, 2022-07', 'came true: Signed on 28 August 2025']
    """
    known = figures.assign(share=figures["printed"].where(figures["printed"] != "", figures["statement"]))
    known = known.assign(response=known["response"].astype(str))[["question", "response", "share"]]
    lines = forecasts.merge(known, on=["question", "response"], how="left").fillna({"share": ""})
    percent = lines["share"].str.replace(r"([0-9])$", r"\1%", regex=True)
    share = (" (" + percent + ")").where(percent != "", "")
    evidence = (": " + lines["evidence"]).where(lines["evidence"] != "", "")
    return lines.assign(
        said=lines["origin"] + ", " + lines["made_on"].str[:7] + share,
        state=lines["outcome"].map(STATES) + evidence,
    )
