"""No small count can be read, or worked out from what stays visible, even by a reader who knows the rule.

The attacker below lists every data set that would be published alike. Each hidden number must have two values
among them at least, and a hidden small number must not be pinned down.
"""

import itertools
import random
from collections import defaultdict
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from surveyfile.importing import import_respondents
from surveyfile.masking import LEAST, Mask, gives_back, mask_question, small_cells
from surveyfile.record import Settings

COUNTS = st.lists(st.integers(0, 40), min_size=1, max_size=9)


def published(counts: tuple[int, ...], answered: int, asked: int, rows: int, mask: Mask) -> tuple:
    """All that a reader sees, and which numbers are zero, as codebooks tell."""
    return (
        tuple(None if p in mask.responses else count for p, count in enumerate(counts)),
        tuple(count == 0 for count in counts),
        None if mask.answered else answered,
        None if mask.asked else asked,
        asked == answered,
        rows == asked,
        rows,
    )


def exclusive_surveys(responses: int, persons: int) -> Iterator[tuple[tuple[int, ...], int, int, int]]:
    """Every question of so many persons who chose one response each, said something else, or nothing."""
    for cuts in itertools.combinations(range(persons + responses + 2), responses + 2):
        edges = (-1, *cuts, persons + responses + 2)
        *counts, rest, silent, others = (b - a - 1 for a, b in itertools.pairwise(edges))
        answered = sum(counts) + rest
        yield tuple(counts), answered, answered + silent, persons


def attack(
    surveys: Iterator[tuple[tuple[int, ...], int, int, int]], below: int, exclusive: bool
) -> dict[tuple, list[tuple[tuple[int, ...], Mask]]]:
    """All data sets by what is published of them."""
    alike = defaultdict(list)
    for counts, answered, asked, rows in surveys:
        mask = mask_question(counts, answered, asked, rows, below, exclusive=exclusive)
        if mask is not None:
            truth = (*counts, answered, asked - answered, rows - asked)
            alike[published(counts, answered, asked, rows, mask)].append((truth, mask))
    return alike


def hidden_numbers(truth: tuple[int, ...], mask: Mask, below: int) -> list[int]:
    """Positions of the hidden numbers, and of the small ones, which must be hidden."""
    *_, answered, silent, others = truth
    responses = len(truth) - 3
    hidden = {p for p in mask.responses if truth[p]}
    hidden |= {responses} if mask.answered else set()
    small = [silent, others]
    hidden |= {responses + 1 + p for p, count in enumerate(small) if 0 < count < below}
    return sorted(hidden | {p for p in range(responses) if 0 < truth[p] < below})


def assert_undetermined(alike: dict[tuple, list[tuple[tuple[int, ...], Mask]]], below: int) -> None:
    """Every hidden number has two values at least among the data sets that look alike."""
    for seen, group in alike.items():
        for truth, mask in group[:50]:
            for position in hidden_numbers(truth, mask, below):
                values = {other[position] for other, _ in group}
                assert len(values) >= 2, (seen, truth, mask, position)


@pytest.mark.parametrize("below", [3, 4, 5])
@pytest.mark.parametrize(("responses", "persons"), [(1, 14), (2, 20), (3, 16)])
def test_an_attacker_who_knows_the_rule_finds_no_hidden_number(
    responses: int, persons: int, below: int
) -> None:
    assert_undetermined(attack(exclusive_surveys(responses, persons), below, exclusive=True), below)


def several_surveys(responses: int, persons: int) -> Iterator[tuple[tuple[int, ...], int, int, int]]:
    """Every choose-several question of so many persons who chose something, were silent or were not asked."""
    choices = [c for c in itertools.product((0, 1), repeat=responses) if any(c)]
    kinds = [*choices, "silent", "others"]
    for people in itertools.combinations_with_replacement(kinds, persons):
        chosen = [p for p in people if isinstance(p, tuple)]
        counts = tuple(sum(p[i] for p in chosen) for i in range(responses))
        silent = people.count("silent")
        yield counts, len(chosen), len(chosen) + silent, persons


@pytest.mark.parametrize(("responses", "persons", "below"), [(1, 12, 4), (2, 11, 3), (2, 12, 4), (3, 8, 3)])
def test_choose_several_counts_are_not_given_away_either(responses: int, persons: int, below: int) -> None:
    assert_undetermined(attack(several_surveys(responses, persons), below, exclusive=False), below)


# Two questions, the second of which groups the answers of the first; groups of one hold the same twice.
GROUPINGS = {"two of three": (0, 0, 1), "three": (0, 1, 2), "two of two": (0, 1), "two of four": (0, 1, 1, 0)}


@pytest.mark.parametrize("groups", GROUPINGS.values(), ids=GROUPINGS)
def test_a_question_and_its_grouping_are_attacked_as_one_table(groups: tuple[int, ...]) -> None:
    below, persons, alike = 5, 16, defaultdict(list)
    left_out = 0
    for counts, answered, asked, rows in exclusive_surveys(len(groups), persons):
        if answered != sum(counts) or asked != rows:  # a question that everybody answered, or not
            continue
        silent = asked - answered
        fine = np.repeat([*range(len(groups)), -1], [*counts, silent])
        for given_by in range(silent + 1):  # of those silent on the first, so many answered the second, as 0
            coarse = np.array(
                [*np.array(groups)[fine[fine >= 0]], *[0] * given_by, *[-1] * (silent - given_by)]
            )
            sums = tuple(int((coarse == place).sum()) for place in range(max(groups) + 1))
            mask = mask_question(counts, answered, asked, rows, below, exclusive=True)
            own = mask_question(sums, sum(sums), rows, rows, below, exclusive=True)
            if mask is None:
                continue
            if own is None or gives_back(fine, coarse, mask != Mask(), below):
                seen, left_out = None, left_out + 1
            else:
                seen = published(sums, sum(sums), rows, rows, own)
            truth = (*counts, answered, silent, 0)
            alike[published(counts, answered, asked, rows, mask), seen].append((truth, mask))
    assert left_out and any(key[1] for key in alike)
    assert_undetermined(alike, below)


def test_a_question_that_all_answer_alike_groups_nothing() -> None:
    fine = np.array([0, 1, 1, 2])
    assert not gives_back(fine, np.zeros(4, dtype=int), hides=True, below=5)
    assert gives_back(fine, np.array([0, 0, 0, 1]), hides=True, below=5)


def test_columns_that_group_each_other_are_found_in_a_file(tmp_path) -> None:
    # Three young people: those not retired less the middle-aged would give them back.
    people = [("young", "no")] * 3 + [("middle", "no")] * 40 + [("old", "yes")] * 57
    people = [(age, retired, age.upper(), "ab"[i % 2]) for i, (age, retired) in enumerate(people)]
    for order in range(3):
        random.Random(order).shuffle(people)
        lines = ["id,age,retired,again,party", *(f"r{i}x,{','.join(row)}" for i, row in enumerate(people))]
        (tmp_path / "link.csv").write_text("\n".join(lines) + "\n")
        made = import_respondents(tmp_path / "link.csv", Settings(mask_small=5))
        assert [question.question for question in made.questions] == ["age", "party"]
        said = [line for line in made.decisions if "group those of 'age'" in line]
        assert [line.split(":")[0] for line in said] == ["Left out 'retired', 'again'"]
        assert {q.question for q in import_respondents(tmp_path / "link.csv").questions} == {
            "age", "retired", "again", "party",
        }  # fmt: skip


@given(COUNTS, st.integers(LEAST, 12), st.integers(0, 9), st.integers(0, 9), st.booleans())
def test_every_small_count_is_hidden(
    counts: list[int], below: int, silent: int, others: int, exclusive: bool
) -> None:
    answered = sum(counts) if exclusive else max(counts)
    asked, rows = answered + silent, answered + silent + others
    mask = mask_question(counts, answered, asked, rows, below, exclusive=exclusive)
    if mask is None:
        return
    assert set(small_cells(counts, below)) <= mask.responses
    if 0 < silent < below or 0 < others < below:
        assert mask.answered or mask.asked
    visible = sum(count for p, count in enumerate(counts) if p not in mask.responses)
    total = None if mask.answered and mask.asked else asked if mask.answered else answered
    if exclusive and mask.responses and total is not None:
        assert total - visible >= below


@given(COUNTS)
def test_nothing_is_hidden_unless_asked(counts: list[int]) -> None:
    answered = sum(counts)
    assert mask_question(counts, answered, answered, answered, 0, exclusive=True) == Mask()
    assert mask_question(counts, sum(counts), 50, 99, 0, exclusive=False) == Mask()


@pytest.mark.parametrize(
    ("counts", "silent", "others", "expected"),
    [
        ((0, 10, 20), 0, 0, Mask()),
        ((4, 10, 20), 0, 0, Mask(frozenset({0, 2}))),
        ((4, 10, 20), 3, 0, Mask(frozenset({0}), answered=True)),
        ((40, 10, 20), 3, 0, Mask(frozenset({2}), answered=True)),
        ((40, 10, 20), 3, 90, Mask(asked=True)),
        ((40, 10, 20), 90, 3, Mask(asked=True)),
        ((40, 10, 20), 0, 3, None),
        ((40, 10, 20), 1, 1, None),
        ((1, 1, 30), 0, 0, Mask(frozenset({0, 1, 2}))),
        ((2,), 0, 0, None),
        ((2,), 30, 0, None),
        ((2,), 3, 0, Mask(frozenset({0}), answered=True)),
        ((0, 2, 50), 0, 0, Mask(frozenset({1, 2}))),
        ((1, 1, 1), 0, 0, None),
        ((2, 2, 2), 0, 0, Mask(frozenset({0, 1, 2}))),
    ],
)
def test_worked_cases(counts: tuple[int, ...], silent: int, others: int, expected: Mask | None) -> None:
    answered = sum(counts)
    found = mask_question(counts, answered, answered + silent, answered + silent + others, 5, exclusive=True)
    assert found == expected


def test_what_acro_and_sdcmicro_hide_is_hidden_here_too_and_what_they_leave_open_is_closed(
    tmp_path: Path,
) -> None:
    """They hide small counts alone (acro zeros too): beside the totals of everybody some can be worked out.

    Here whole answers or groups are left out of such a table, so that none is hidden alone in its line.
    """
    reference = Path(__file__).parents[1] / "reference"
    people_at_risk = pd.read_csv(reference / "disclosure_sdcmicro.csv", comment="#")  # disclosure.R
    tables = pd.read_csv(reference / "disclosure.csv", comment="#")  # disclosure.py
    tables = tables.merge(people_at_risk, on=["table", "answer", "region"], validate="1:1")
    subtracted = left_alone = shown = 0
    for number, table in tables.groupby("table"):
        people = table.loc[table.index.repeat(table["count"]), ["answer", "region"]]
        people.to_csv(tmp_path / "people.csv", index=False)
        settings = Settings(by=(("region",),), mask_small=5)
        text = import_respondents(tmp_path / "people.csv", settings).files["responses.csv"]
        rows = pd.read_csv(StringIO(text), keep_default_na=False)
        rows = rows[(rows["question"] == "answer") & (rows["count"] != "")]
        ours = set(zip(rows["label"], rows["group"], strict=True)) if "group" in rows else set()
        ours = {cell for cell in ours if cell[1]}
        cells = list(zip(table["answer"], table["region"], strict=True))
        hidden = {cell for cell, shown in zip(cells, table["shown"], strict=True) if not shown}
        shown += len(ours)
        small = {cell for cell, count in zip(cells, table["count"], strict=True) if 0 < count < 5}
        assert small <= hidden and not small & ours, number
        suppressed = {
            cell for cell, row in zip(cells, table.itertuples(), strict=True) if row.kept < row.count
        }
        at_risk = {cell for cell, number in zip(cells, table["at_risk"], strict=True) if number}
        assert small == at_risk <= suppressed and not suppressed & ours, number
        left_alone += any(
            sum(cell[line] == other[line] for other in suppressed) == 1 for cell in small for line in (0, 1)
        )
        subtracted += any(
            sum(cell[line] == other[line] for other in hidden) == 1 for cell in small for line in (0, 1)
        )
        for line in (0, 1):
            for one in {cell[line] for cell in cells} if ours else ():
                assert sum(cell[line] == one and cell not in ours for cell in cells) != 1, (number, one)
    assert (subtracted, left_alone, shown) == (5, 5, 74)
