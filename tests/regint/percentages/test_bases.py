"""Likelihoods, posteriors, assignments and scans of bases."""

from math import comb, inf, log10

import numpy as np
import pandas as pd
import pytest
from regint.percentages.bases import (
    admissible_runs,
    base_ledger,
    base_likelihood,
    base_posterior,
    base_scan,
    explaining_bases,
    figure_intervals,
    parity_likelihood,
    weighed_bases,
)
from regint.percentages.counts import admissible_bases, number_of_vectors
from regint.percentages.rounding import printed_units

FIRST_PART = "32 16 10 2 56 2 2 4 52 48 32 20 14 12 22 18 2 8 40 10 2 50 30 18".split()


def value(table, base):
    return float(table.set_index("base").loc[base, "log10_likelihood"])


def test_the_first_part_speaks_for_fifty():
    table = base_likelihood(FIRST_PART, range(30, 201), "multiple")
    ratio = {base: value(table, 50) - value(table, base) for base in (80, 90, 100)}
    assert ratio[100] == pytest.approx(24 * log10(101 / 51)) == pytest.approx(7.12, abs=0.005)
    assert ratio[90] == pytest.approx(6.04, abs=0.005) and ratio[80] == pytest.approx(9.04, abs=0.005)
    assert value(table, 53) == -inf
    found = base_posterior(FIRST_PART, range(1, 301), "multiple")
    assert (found.base, found.verdict, found.credible) == (50, "identified", (50,))
    assert base_posterior(FIRST_PART, range(1, 301), "multiple", prior="reciprocal").probability > 0.9999


def test_the_even_digits_alone():
    table = parity_likelihood(FIRST_PART, [50, 80, 90, 100]).set_index("base")
    assert table["even_share"].round(3).tolist() == [1, 0.506, 0.560, 0.505]
    assert table["log10_likelihood"].round(1).tolist() == [0, -7.1, -6.0, -7.1]
    odd = parity_likelihood(["51"], [50])
    assert odd["log10_likelihood"].tolist() == [-inf]


def test_three_round_figures_identify_nothing():
    found = base_posterior(["40", "40", "20"])
    assert found.verdict == "not identified" and found.base == 5 and len(found.credible) > 5
    assert found.table["posterior"].sum() == pytest.approx(1)


def test_impossible_figures_have_no_posterior():
    found = base_posterior(["43.5", "23.5", "23", "10"], range(1, 115))
    assert (found.base, found.probability, found.credible, found.verdict) == (None, 0, (), "impossible")


@pytest.mark.parametrize(("total", "least"), [("closed", 0), ("open", 1), ("multiple", None)])
def test_the_definition(total, least):
    """Without ties the likelihood is the number of printing vectors over the number of all vectors."""
    figures, base = ["46", "42", "12"], 213
    every = (base + 1) ** 3 if least is None else comb(base + 2 + least, 2 + least)
    expected = log10(number_of_vectors(figures, base, total) / every)
    assert value(base_likelihood(figures, [base], total), base) == pytest.approx(expected)


@pytest.mark.parametrize("total", ["closed", "multiple"])
@pytest.mark.parametrize("base", [1, 7, 40, 200])
def test_probabilities_of_all_figures_sum_to_one(total, base):
    """Ties split in half under either-way rounding, so nothing is counted twice."""
    figures = {units for count in range(base + 1) for units in printed_units(count, base, 1, "up_or_down")}
    pairs = [(a, b) for a in figures for b in figures if total == "multiple" or abs(a + b - 100) <= 1]
    if total == "multiple":
        pairs = [(a,) for a in figures]
    values = [value(base_likelihood([str(v) for v in pair], [base], total), base) for pair in pairs]
    assert sum(10**one for one in values) == pytest.approx(1)


def test_refusals():
    with pytest.raises(ValueError, match="No base was listed"):
        base_posterior(["50"], [])
    with pytest.raises(ValueError, match="did you mean 'uniform'"):
        base_posterior(["50"], prior="unifrom")
    with pytest.raises(ValueError, match="base must be at least 1"):
        base_likelihood(["50"], [0])


PRINTED = pd.DataFrame(
    {
        "question": ["role", "role", "steps", "steps"],
        "total": ["closed", "closed", "open", "open"],
        "printed": ["86.7", "13.3", "26.4", "13.2"],
    }
)


def test_scan_lists_every_base_of_every_question() -> None:
    scan = base_scan(PRINTED, range(1, 61))
    assert len(scan) == 120
    for question, rows in PRINTED.groupby("question", sort=False):
        own = scan[(scan["question"] == question) & scan["admissible"]]
        expected = admissible_bases(rows["printed"], range(1, 61), rows["total"].iloc[0])
        assert own["base"].to_list() == expected


def test_scan_agrees_with_the_ledger() -> None:
    possible = base_scan(PRINTED, range(1, 61)).groupby("question", sort=False)["admissible"].sum()
    assert possible.to_list() == base_ledger(PRINTED, range(1, 61))["possible"].to_list()


def test_scan_refuses_a_table_without_figures() -> None:
    with pytest.raises(ValueError):
        base_scan(PRINTED.head(0))


@pytest.mark.parametrize(
    ("rounding", "ends"),
    [("up_or_down", "both"), ("up", "lower"), ("down", "upper"), ("floor", "lower"), ("ceiling", "upper")],
)
def test_ends_follow_the_rule(rounding: str, ends: str) -> None:
    assert figure_intervals(["52"], rounding)["ends"].to_list() == [ends]


def test_rounding_to_the_even_digit_keeps_the_ends_of_even_figures_only() -> None:
    assert figure_intervals(["52", "51"], "even")["ends"].to_list() == ["both", "neither"]


def test_an_illegal_figure_is_refused() -> None:
    with pytest.raises(ValueError):
        figure_intervals(["52%"])


def test_the_best_base_falls_behind_by_nothing() -> None:
    figures = ["52", "48", "32", "22"]
    table = weighed_bases(base_posterior(figures, range(1, 201), "multiple"), figures)
    assert table["base"].to_list() == admissible_bases(figures, range(1, 201), "multiple")
    assert table[["behind", "parity"]].min().to_list() == [0.0, 0.0]
    assert table.loc[table["behind"].idxmin(), "base"] == table.loc[table["posterior"].idxmax(), "base"]


def test_no_base_gives_no_row() -> None:
    figures = ["43.5", "23.5", "23", "10"]
    assert weighed_bases(base_posterior(figures, range(1, 115)), figures).empty


def test_runs_hold_every_admissible_base_and_no_other() -> None:
    scan = base_scan(PRINTED, range(1, 61))
    for row in admissible_runs(scan).itertuples():
        ends = [[int(end) for end in run.split("-")] for run in row.bases.split(", ")]
        listed = [base for run in ends for base in range(run[0], run[-1] + 1)]
        own = scan[(scan["question"] == row.question) & scan["admissible"]]
        assert listed == own["base"].to_list()
        assert (row.smallest, row.number) == (listed[0], len(listed))


def test_a_question_without_a_base_has_an_empty_run() -> None:
    odd = pd.DataFrame({"question": "odd", "total": "closed", "printed": ["43.5", "23.5", "23", "10"]})
    (row,) = admissible_runs(base_scan(odd, range(1, 50))).itertuples()
    assert pd.isna(row.smallest) and (row.number, row.bases) == (0, "")


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
def test_refusals_of_tables(frame, error, message):
    with pytest.raises(error, match=message):
        base_ledger(frame)
