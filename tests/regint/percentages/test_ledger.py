"""The base ledger of a whole survey."""

import numpy as np
import pandas as pd
import pytest
from regint.percentages.bases import base_ledger, explaining_bases
from regint.percentages.rounding import printed_units

SURVEY = {
    "prospects": ("open", "2 10 32 16"),
    "stability": ("open", "56 2 2"),
    "drivers": ("multiple", "4"),
    "directions": ("multiple", "52 48 32 20 14 12 22 18 2"),
    "infrastructure": ("open", "8 40 10 2"),
    "platforms": ("closed", "43.5 23.5 23 10"),
    "blocs": ("multiple", "50 30 18"),
    "summits": ("closed", "73.3 23.3 3.3"),
    "agency": ("multiple", "63.3 60 53.3 36.7 20"),
    "role": ("closed", "86.7 13.3"),
    "culture": ("closed", "40 46.7 13.3"),
    "identity": ("closed", "40 40 20"),
    "steps": ("open", "26.4 13.2 9.4 3.8 3.8 3.8 1.9 5.7"),
    "scenario": ("closed", "50 33.3 10 6.7"),
}


def printed(survey):
    rows = [(name, total, figure) for name, (total, figures) in survey.items() for figure in figures.split()]
    return pd.DataFrame(rows, columns=["question", "total", "printed"])


@pytest.mark.parametrize(("most", "platforms"), [(114, None), (200, 115)])
def test_the_ledger_of_the_astana_survey(most, platforms):
    ledger = base_ledger(printed(SURVEY), range(1, most + 1)).set_index("question")
    expected = [50] * 5 + [platforms] + [50] + [30] * 5 + [53, 30]
    assert [None if pd.isna(base) else base for base in ledger["base"]] == expected
    core = ledger.loc[["prospects", "stability", "infrastructure"]]
    assert (core["accounted_least"] == 30).all() and (core["unreported_most"] == 20).all()
    assert ledger.loc["steps", ["accounted_most", "unreported_least"]].tolist() == [36, 17]
    assert (
        ledger.loc["steps", "alone"] == "identified" and ledger.loc["identity", "alone"] == "not identified"
    )
    assert ledger.loc["prospects", "printed_sum"] == pytest.approx(0.6)
    assert ledger.loc["directions", ["accounted_least", "unreported_most"]].isna().all()


def test_an_impossible_question_is_reported_and_holds_nothing_up():
    ledger = base_ledger(printed(SURVEY), range(1, 115)).set_index("question")
    assert ledger.loc["platforms", "alone"] == "impossible" and ledger.loc["platforms", "possible"] == 0
    assert ledger.loc["platforms", ["smallest", "base", "accounted_least"]].isna().all()


@pytest.mark.parametrize("seed", range(8))
def test_two_bases_of_an_invented_survey_are_recovered(seed):
    generator = np.random.default_rng(seed)
    rows = []
    for place, base in enumerate([37] * 5 + [61] * 5):
        for share in generator.dirichlet([1] * 5, 1)[0]:
            units = printed_units(round(share * base), base, 10, "up")[0]
            rows.append((f"q{place}", "multiple", f"{units // 10}.{units % 10}"))
    ledger = base_ledger(pd.DataFrame(rows, columns=["question", "total", "printed"]), range(1, 101))
    assert ledger["base"].tolist() == [37] * 5 + [61] * 5


def test_all_impossible():
    ledger = base_ledger(printed({"a": ("closed", "10 10"), "b": ("closed", "43.5 20")}), range(1, 50))
    assert ledger["base"].isna().all() and (ledger["alone"] == "impossible").all()


def test_one_base_is_enough_when_it_explains_everything():
    values = np.array([[-3.0, -1.0, -9.0], [-3.0, -1.0, -9.0]])
    assert explaining_bases(values, [10, 20, 30]) == (20,)
    assert explaining_bases(np.full((2, 3), -np.inf), [10, 20, 30]) == ()


def test_too_few_bases_allowed_explain_nothing():
    """Five questions that no two share a base need five, one more than are tried."""
    table = np.where(np.eye(5), 0.0, -np.inf)
    assert explaining_bases(table[:4, :4], [10, 20, 30, 40]) == (10, 20, 30, 40)
    assert explaining_bases(table, [10, 20, 30, 40, 50]) == ()


TWO_TOTALS = pd.DataFrame({"question": ["a", "a"], "total": ["open", "closed"], "printed": ["1", "2"]})


@pytest.mark.parametrize(
    ("frame", "error", "message"),
    [
        (TWO_TOTALS[["question"]], ValueError, "lacks the columns total, printed"),
        (TWO_TOTALS.head(0), ValueError, "lacks rows"),
        (TWO_TOTALS, ValueError, "two totals"),
        (printed({"a": ("opn", "10")}), ValueError, "did you mean 'open'"),
    ],
)
def test_refusals(frame, error, message):
    with pytest.raises(error, match=message):
        base_ledger(frame)
