from regint.survey.table import read_survey, tidy_table
from regint.theory.region import LEDGER_STATES, ledger, read_forecasts

FORECASTS = read_forecasts()
FIGURES = tidy_table(read_survey("data/survey/astana_2025"))
LEDGER = ledger(FORECASTS, FIGURES)


def test_every_statement_appears_once_in_its_order() -> None:
    assert LEDGER["forecast"].to_list() == FORECASTS["forecast"].to_list()


def test_a_printed_share_stands_beside_its_statement_and_words_stay_words() -> None:
    said = LEDGER.set_index("basis")["said"]
    assert said[said.str.contains("66.7%", regex=False)].str.startswith("survey, 2025-06").all()
    assert said.str.endswith("(half)").any()


def test_statements_of_officials_carry_no_share() -> None:
    assert not LEDGER.loc[LEDGER["origin"] == "official", "said"].str.contains("%").any()


def test_states_are_words() -> None:
    assert LEDGER["state"].str.startswith(tuple(LEDGER_STATES.values())).all()


def test_another_survey_leaves_the_shares_empty() -> None:
    assert (ledger(FORECASTS, FIGURES.head(0))["share"] == "").all()
