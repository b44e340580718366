"""Figures laid out for reading agree with the functions that take them one by one."""

import pandas as pd
import pytest
from regint.percentages.bases import (
    admissible_runs,
    base_ledger,
    base_posterior,
    base_scan,
    figure_intervals,
    weighed_bases,
)
from regint.percentages.counts import admissible_bases

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
