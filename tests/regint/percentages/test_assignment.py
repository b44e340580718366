"""Assignment of bases to the questions of a survey."""

from itertools import combinations
from math import comb, log10
from time import perf_counter

import numpy as np
import pandas as pd
import pytest
from regint.percentages import assignment
from regint.percentages.assignment import _best_set, assign_bases, compare_roundings
from regint.percentages.rounding import printed_units, written

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
def test_the_bases_of_the_astana_survey(most, platforms):
    found = assign_bases(printed(SURVEY), range(1, most + 1)).set_index("question")
    expected = [50] * 5 + [platforms] + [50] + [30] * 5 + [53, 30]
    assert [None if pd.isna(base) else base for base in found["base"]] == expected
    core = found.loc[["prospects", "stability", "infrastructure"]]
    assert (core["accounted_least"] == 30).all() and (core["unreported_most"] == 20).all()
    assert found.loc["steps", ["accounted_most", "unreported_least"]].tolist() == [36, 17]
    assert found.loc["steps", "alone"] == "identified" and found.loc["identity", "alone"] == "not identified"
    assert found.loc["prospects", "printed_sum"] == pytest.approx(0.6)
    assert found.loc["directions", ["accounted_least", "unreported_most"]].isna().all()


def test_an_impossible_question_is_reported_and_holds_nothing_up():
    found = assign_bases(printed(SURVEY), range(1, 115)).set_index("question")
    assert found.loc["platforms", "alone"] == "impossible" and found.loc["platforms", "possible"] == 0
    assert found.loc["platforms", ["smallest", "base", "accounted_least"]].isna().all()


@pytest.mark.parametrize("seed", range(8))
def test_two_bases_of_an_invented_survey_are_recovered(seed):
    generator = np.random.default_rng(seed)
    rows = []
    for place, base in enumerate([37] * 5 + [61] * 5):
        for share in generator.dirichlet([1] * 5, 1)[0]:
            units = printed_units(round(share * base), base, 10, "up")[0]
            rows.append((f"q{place}", "multiple", f"{units // 10}.{units % 10}"))
    found = assign_bases(pd.DataFrame(rows, columns=["question", "total", "printed"]), range(1, 101))
    assert found["base"].tolist() == [37] * 5 + [61] * 5


def test_all_impossible():
    found = assign_bases(printed({"a": ("closed", "10 10"), "b": ("closed", "43.5 20")}), range(1, 50))
    assert found["base"].isna().all() and (found["alone"] == "impossible").all()


def best_by_listing(gains, prices, given):
    """Score every choice of columns."""
    columns = [place for place in range(gains.shape[1]) if place not in given]
    return max(
        gains[:, [*some, *given]].max(axis=1, initial=0).sum() - price
        for number, price in enumerate(prices)
        for some in combinations(columns, number)
    )


@pytest.mark.parametrize("seed", range(60))
def test_no_choice_of_columns_beats_the_one_found(seed):
    generator = np.random.default_rng(seed)
    rows, columns = generator.integers(1, 9), generator.integers(1, 10)
    gains = generator.random((rows, columns)) * 3 * (generator.random((rows, columns)) < 0.5)
    gains = gains.round(int(generator.integers(0, 4)))
    given = generator.choice(columns, size=generator.integers(0, min(2, columns)), replace=False).tolist()
    most = min(rows, columns - len(given))
    spread = [rows / 2 * log10(max(len(given) + k, 1)) + log10(comb(columns, k)) for k in range(most + 1)]
    prices = np.array(spread if seed % 2 else np.sort(generator.random(most + 1) * 3))
    chosen, score, proved = _best_set(gains, prices, given)
    assert proved
    assert score == pytest.approx(best_by_listing(gains, prices, given))
    assert gains[:, [*chosen, *given]].max(axis=1, initial=0).sum() - prices[len(chosen)] == pytest.approx(
        score
    )


@pytest.mark.parametrize("seed", range(60))
def test_a_search_that_is_cut_short_leaves_a_choice_that_no_single_change_betters(monkeypatch, seed):
    """No column more, none less and none exchanged for another."""
    monkeypatch.setattr(assignment, "_MOST_NUMBERS", 0)
    generator = np.random.default_rng(seed)
    gains = generator.random((12, 10)) * (generator.random((12, 10)) < 0.6)
    prices = np.arange(11) * 0.5
    chosen, score, proved = _best_set(gains, prices)
    others = [place for place in range(10) if place not in chosen]
    fewer = [[place for place in chosen if place != gone] for gone in chosen]
    changed = [*fewer, *([*some, place] for some in [chosen, *fewer] for place in others)]
    scores = [gains[:, some].max(axis=1, initial=0).sum() - prices[len(some)] for some in changed]
    assert not proved and score >= max(scores) - 1e-9


def survey_of(bases, decimals, seed, options=5):
    """Print invented answers, any set of counts as probable as another."""
    generator, scale = np.random.default_rng(seed), 10**decimals
    return pd.DataFrame(
        [
            (f"q{place}", "closed", written(printed_units(int(count), base, scale, "up")[0], scale))
            for place, base in enumerate(bases)
            for count in generator.multinomial(base, generator.dirichlet([1] * options))
        ],
        columns=["question", "total", "printed"],
    )


def test_six_questions_in_whole_percentages_name_their_base():
    """Sixty surveys: each question of each has the base that its answers were counted on."""
    wrong = {}
    for seed in range(60):
        base = int(np.random.default_rng(1000 + seed).integers(25, 96))
        found = assign_bases(survey_of([base] * 6, 0, seed), range(1, max(100, 2 * base) + 1))
        if (found["base"] != base).any():
            wrong[seed] = base
    assert wrong == {}


def test_more_than_four_bases_beyond_three_hundred():
    bases = [412, 380, 97, 150, 129, 503] * 6
    assert assign_bases(survey_of(bases, 1, 1), range(1, 1001))["base"].tolist() == bases


def test_twenty_bases_of_five_hundred_questions_take_seconds():
    bases = np.random.default_rng(5).choice(np.arange(40, 500), 20, replace=False).tolist() * 25
    table = survey_of(bases, 1, 3)
    start = perf_counter()
    found = assign_bases(table, range(1, 1001))
    assert (found["base"] == bases).mean() > 0.95
    assert perf_counter() - start < 30  # 2.4 s on two cores of 2023


def test_what_cannot_be_proved_in_time_is_said(monkeypatch):
    """Large bases that one decimal hardly tells apart: the best set that was found stands."""
    table = survey_of([640, 740, 815, 910, 968] * 8, 1, 2)
    assert assign_bases(table, range(1, 1001)).attrs == {"proved": True}
    monkeypatch.setattr(assignment, "_MOST_NUMBERS", 0)
    found = assign_bases(table, range(1, 1001))
    assert found.attrs == {"proved": False} and found["fits"].all()


def test_five_questions_of_five_bases_keep_one_each():
    """Item non-response, as in every journal table: the true bases, and no base that nobody has."""
    figures = {
        129: "20.9 13.2 17.8 2.3 45.7", 131: "4.6 36.6 9.2 2.3 47.3", 134: "31.3 5.2 18.7 3.7 41.0",
        136: "16.2 47.1 6.6 2.9 27.2", 137: "32.8 13.1 0.0 48.2 5.8",
    }  # fmt: skip
    found = assign_bases(printed({f"q{base}": ("closed", row) for base, row in figures.items()}))
    assert found["base"].tolist() == list(figures) and found["fits"].all() and set(found["status"]) == {"own"}


def test_a_recorded_base_is_taken_as_it_is():
    """A reader poll of 108 whose figures would also fit 32; and figures that do not fit what is recorded."""
    table = printed(
        {"goals": ("closed", "31 28 22 19"), "age": ("closed", "55.0 45.0"), "role": ("closed", "50 50")}
    )
    recorded = table.assign(base=table["question"].map({"goals": 108, "age": 699}))
    found = assign_bases(recorded, range(1, 101)).set_index("question")
    assert found["base"].tolist() == [108, 699, 108] and found["fits"].tolist() == [True, False, True]
    assert found["status"].tolist() == ["recorded", "recorded", "shared"]
    assert found.loc["age", ["accounted_least", "unreported_most"]].isna().all()
    assert assign_bases(table.query("question == 'goals'"), range(1, 101))["base"].tolist() == [32]


def test_cut_off_figures_are_best_explained_by_cutting_off():
    counts = [(20, 16, 8, 3), (5, 19, 18, 5), (22, 3, 11, 11), (1, 13, 30, 3)]
    rows = [(f"q{i}", "closed", str(100 * k // 47)) for i, row in enumerate(counts) for k in row]
    table = pd.DataFrame(rows, columns=["question", "total", "printed"])
    best = compare_roundings(table, range(1, 101)).iloc[0]
    assert (best["rounding"], best["questions"], best["bases"]) == ("floor", 4, (47,))


TWO_TOTALS = pd.DataFrame({"question": ["a", "a"], "total": ["open", "closed"], "printed": ["1", "2"]})


@pytest.mark.parametrize(
    ("frame", "error", "message"),
    [
        (TWO_TOTALS[["question"]], ValueError, "lacks the columns total, printed"),
        (TWO_TOTALS.head(0), ValueError, "lacks rows"),
        (TWO_TOTALS, ValueError, "two totals"),
        (TWO_TOTALS.assign(total="open", base=[3, 4]), ValueError, "two bases, 3 and 4"),
        (printed({"a": ("opn", "10")}), ValueError, "did you mean 'open'"),
    ],
)
def test_refusals_of_tables(frame, error, message):
    with pytest.raises(error, match=message):
        assign_bases(frame)
