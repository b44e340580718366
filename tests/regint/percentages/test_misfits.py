"""Counts, figures and recorded bases held against each other."""

from fractions import Fraction
from itertools import product

import pandas as pd
import pytest
from regint.percentages.apportionment import forced_sum_fits, rounding_mechanisms
from regint.percentages.misfits import misfits
from regint.percentages.rounding import written


def table(question, total, base, rows):
    """Rows of (response, figure, count or None)."""
    frame = pd.DataFrame(rows, columns=["response", "printed", "count"]).astype({"count": "Int64"})
    return frame.assign(question=question, total=total, base=base)


def test_the_misprint_of_a_published_table_is_the_one_thing_named():
    """Italian physiotherapists, Healthcare 2021, 9(6), 689: of 698, eight are printed as 1.5 per cent."""
    rows = [("freelancer", "70", None), ("private", "20", None), ("public", "8", None)]
    rows += [("university", "0.1", None), ("master", "1.5", 8), ("researcher", "0.4", None)]
    (found,) = misfits(table("job", "closed", 698, rows)).itertuples()
    assert (found.response, found.finding, found.count, found.would_print) == (
        "master",
        "count and figure",
        8,
        "1.1",
    )
    rows[4] = ("master", "1.5", None)
    (found,) = misfits(table("job", "closed", 698, rows)).itertuples()
    assert (found.finding, found.would_print) == ("figure", "10 of 698: 1.4; 11 of 698: 1.6")
    age = table(
        "age",
        "closed",
        698,
        [("a", "17.34", 121), ("b", "36.82", 257), ("c", "20.20", 141), ("d", "25.64", 179)],
    )
    assert misfits(age).empty


def test_whole_numbers_printed_with_zeros():
    """The same table: 55.0 and 45.0 of 699."""
    found = misfits(table("gender", "closed", 699, [("men", "55.0", None), ("women", "45.0", None)]))
    assert found["would_print"].tolist() == [
        "384 of 699: 54.9; 385 of 699: 55.1",
        "314 of 699: 44.9; 315 of 699: 45.1",
    ]
    assert found["fitting_bases"].tolist() == [(698, 700)] * 2
    assert found["rule"].tolist() == [("largest_remainder", "whole_numbers")] * 2


def test_figures_cut_off():
    """Five of 47 are 10.6 per cent, twenty 42.6: printed as 10 and 42 in a library survey."""
    rows = [("sd", "0", 0), ("d", "6", 3), ("n", "10", 5), ("a", "42", 20), ("sa", "40", 19)]
    found = misfits(table("item 3", "closed", 47, rows))
    assert found["response"].tolist() == ["n", "a"] and found["would_print"].tolist() == ["11", "43"]
    assert set(found["rule"]) == {("floor",)}


def test_a_sum_forced_to_a_hundred_by_weights_or_by_hand():
    found = misfits(
        table("government", "closed", 97, [("approve", "40", None), ("not", "45", None), ("dk", "15", None)])
    )
    assert found[["response", "finding", "would_print"]].to_numpy().tolist() == [
        ["", "question", "together 98 of 97"]
    ]
    assert found["rule"].tolist() == [("largest_remainder",)] and found["fitting_bases"].tolist() == [
        (95, 98)
    ]


def test_options_that_exclude_each_other_cannot_sum_to_more_than_everybody():
    rows = [("metropolitan", "94", None), ("suburban", "9", None), ("rural", "0", None)]
    (found,) = misfits(table("location", "closed", 79, rows)).itertuples()
    assert (found.finding, found.fitting_bases, found.rule) == ("question", (), ())
    assert misfits(table("location", "multiple", 79, rows)).empty


def test_counts_that_do_not_make_up_the_base():
    rows = [("a", "50", 10), ("b", "50", 11)]
    found = misfits(table("q", "closed", 20, rows))
    assert found[["finding", "count", "would_print"]].to_numpy().tolist() == [
        ["count and figure", 11, "55"],
        ["counts", 21, ""],
    ]
    assert misfits(table("q", "open", 20, [("a", "50", 10), ("b", "40", 8)])).empty
    assert misfits(table("q", "open", 20, [("a", "", 30)]))["finding"].tolist() == [
        "count above base",
        "counts",
    ]


@pytest.mark.parametrize("base", [pd.NA, 30])
def test_nothing_is_said_without_a_base_or_without_a_misfit(base):
    rows = [("a", "43.3", None), ("b", "23.3", None), ("c", "", None)]
    assert misfits(table("q", "open", base, rows)).empty


@pytest.mark.parametrize("total", ["closed", "open", "multiple"])
def test_findings_by_fractions(total):
    """Whatever two figures and a base, something is found exactly where no counts print as both."""
    impossible, tables = [], []
    for base, first, second in product((3, 7, 8), range(0, 101, 7), range(0, 101, 9)):
        counts = [
            [k for k in range(base + 1) if abs(Fraction(100 * k, base) - figure) <= Fraction(1, 2)]
            for figure in (first, second)
        ]
        possible = any(
            total == "multiple" or (a + b == base if total == "closed" else a + b <= base)
            for a, b in product(*counts)
        )
        name = f"{base}: {first}, {second}"
        tables.append(table(name, total, base, [("a", str(first), None), ("b", str(second), None)]))
        impossible += [] if possible else [name]
    assert misfits(pd.concat(tables))["question"].unique().tolist() == impossible


def test_a_forced_sum_fits_where_the_search_of_all_vectors_finds_one():
    wrong = []
    for base, units in product((7, 13, 30), product(range(0, 200, 17), repeat=2)):
        rest = 200 - sum(units)
        figures = [written(one * 5, 10) for one in (*units, rest)] if rest >= 0 else []
        if figures:
            listed = rounding_mechanisms(figures, [base], ["largest_remainder"])
            if forced_sum_fits(figures, base) == listed.empty:
                wrong.append((base, figures))
    assert wrong == []
    assert forced_sum_fits(["43.5", "23.5", "23", "10"], 30, [13, None, 7, 3])
    assert not forced_sum_fits(["43.5", "23.5", "23", "10"], 30, [12, None, 7, 3])
    assert not forced_sum_fits(["50", ""], 30)
    assert forced_sum_fits(["34", "33", "33"], 3_000_001)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"total": "opn"}, "did you mean 'open'"),
        ({"base": 0}, "base must be at least 1"),
        ({"printed": "5%"}, "not a printed"),
    ],
)
def test_refusals(change, message):
    with pytest.raises(ValueError, match=message):
        misfits(table("q", "open", 20, [("a", "50", None)]).assign(**change))
