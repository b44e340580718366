"""Options coded by theory: coders, support and its null models."""

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from regint.estimation.overlap import mcnemar_bounds
from regint.survey.table import read_survey, tidy_table
from regint.theory.coding import (
    ENUMERATED,
    MEASURES,
    Options,
    against_option,
    coded_options,
    coder_agreement,
    codings,
    join_coding,
    permutation_null,
    read_option_coding,
    support_bounds,
    support_draws,
    support_levels,
    support_summary,
)
from regint.theory.tables import read_table
from textfiles.problems import Problem

CODING = read_option_coding()
TIDY = tidy_table(read_survey("data/survey/astana_2025"))

# Krippendorff's data "C" as printed in the manual of the R package irr (kripp.alpha): 4 coders, 12 units.
KRIPPENDORFF = pd.DataFrame(
    np.array(
        [
            *[1, 1, None, 1, 2, 2, 3, 2, 3, 3, 3, 3, 3, 3, 3, 3, 2, 2, 2, 2, 1, 2, 3, 4, 4, 4, 4, 4],
            *[1, 1, 2, 1, 2, 2, 2, 2, None, 5, 5, 5, None, None, 1, 1, None, None, 3, None],
        ],
        dtype=object,
    ).reshape(12, 4),
    columns=["one", "two", "three", "four"],
).map(lambda cell: None if cell is None else f"c{cell}")


def pairs(table: list[list[int]]) -> pd.DataFrame:
    """Two coders whose cross table is given."""
    cells = [(f"c{i}", f"c{j}") for i, row in enumerate(table) for j, n in enumerate(row) for _ in range(n)]
    return pd.DataFrame(cells, columns=["a", "b"])


def test_krippendorff_example() -> None:
    """Printed there: nominal alpha 0.743."""
    together = coder_agreement(KRIPPENDORFF).iloc[-1]
    assert round(together["krippendorff"], 3) == 0.743


def test_cohen_by_hand() -> None:
    """Observed 35 of 50, expected one half: (0.7 - 0.5) / (1 - 0.5) = 0.4."""
    found = coder_agreement(pairs([[20, 5], [10, 15]])).iloc[0]
    assert found["agreed"] == pytest.approx(0.7)
    assert found["cohen"] == pytest.approx(0.4)


def test_fleiss_by_hand() -> None:
    """Three coders, two items, codes xxx and xxy: P = (1 + 1/3)/2, Pe = (5/6)^2 + (1/6)^2."""
    codes = pd.DataFrame({"a": ["x", "x"], "b": ["x", "x"], "c": ["x", "y"]})
    observed, expected = (1 + 1 / 3) / 2, (5 / 6) ** 2 + (1 / 6) ** 2
    together = coder_agreement(codes).iloc[-1]
    assert together["fleiss"] == pytest.approx((observed - expected) / (1 - expected))
    assert np.isnan(together["cohen"])


def test_full_agreement_is_one_and_unanimity_undefined() -> None:
    found = coder_agreement(pairs([[3, 0], [0, 4]])).iloc[0]
    assert found[["agreed", "cohen", "fleiss", "krippendorff"]].to_list() == pytest.approx([1, 1, 1, 1])
    same = coder_agreement(pairs([[5]])).iloc[0]
    assert same["agreed"] == 1 and np.isnan(same[["cohen", "fleiss", "krippendorff"]].astype(float)).all()


@settings(max_examples=30)
@given(st.lists(st.tuples(st.sampled_from("xyz"), st.sampled_from("xyz")), min_size=2, max_size=20))
def test_agreement_does_not_depend_on_names_or_order(codes: list[tuple[str, str]]) -> None:
    frame = pd.DataFrame(codes, columns=["a", "b"])
    renamed = frame.replace({"x": "q", "y": "p", "z": "o"})[::-1]
    one, two = (
        coder_agreement(f).iloc[0][["agreed", "cohen", "fleiss", "krippendorff"]] for f in (frame, renamed)
    )
    np.testing.assert_allclose(one.astype(float), two.astype(float), atol=1e-12)


def test_pairs_and_all_are_reported() -> None:
    assert coder_agreement(KRIPPENDORFF)["coders"].to_list()[-1] == "one, two, three, four"
    assert len(coder_agreement(KRIPPENDORFF)) == 7


@pytest.mark.parametrize(
    "codes", [pd.DataFrame({"a": ["x"]}), pd.DataFrame({"a": ["x", None], "b": [None, "x"]})]
)
def test_too_few_codes_are_refused(codes: pd.DataFrame) -> None:
    with pytest.raises(Problem, match="two coders"):
        coder_agreement(codes)


def test_every_option_of_the_survey_is_coded_once_by_the_collection() -> None:
    own = CODING[CODING["coder"] == "collection"]
    coded = set(zip(own["question"], own["response"], strict=True))
    printed = set(zip(TIDY["question"].astype(str), TIDY["response"].astype(str), strict=True))
    assert coded == printed and len(own) == len(printed)


def test_shipped_codes_are_theories_with_signs() -> None:
    known = {*read_table("theories")["theory"], "none"}
    assert set(CODING["primary"]) <= known and set(CODING["alternative"]) <= known | {""}
    assert (CODING["alternative"].eq("") == CODING["alternative_sign"].isna()).all()
    assert CODING.loc[CODING["primary"] == "none", "primary_sign"].eq(0).all()


def test_join_keeps_the_answers_and_their_order() -> None:
    joined = join_coding(TIDY, CODING)
    pd.testing.assert_frame_equal(joined[TIDY.columns], TIDY)
    assert joined["primary"].ne("").all()


def test_join_with_a_coder_who_left_most_options_out() -> None:
    joined = join_coding(TIDY, CODING, "paper")
    assert int((joined["primary"] != "none").sum()) == 18
    assert joined.loc[joined["primary"] == "none", "alternative"].eq("").all()


def test_join_refuses_unknown_coders_and_options() -> None:
    with pytest.raises(Problem, match="write 'paper'"):
        join_coding(TIDY, CODING, "papper")
    with pytest.raises(Problem, match="no such option"):
        join_coding(TIDY[TIDY["question"] != "drivers"], CODING)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"primary": "NEO"}, "primary theory 'NEO' is unknown"),
        ({"alternative": "nf", "alternative_sign": "1"}, "write 'NF'"),
        ({"alternative": "RSCT", "alternative_sign": "1", "primary": "RSCT"}, "repeats the primary"),
        ({"alternative": "", "alternative_sign": "1"}, "both a theory and a sign"),
        ({"primary_sign": "2"}, "-1, 0, 1"),
        ({"source": "S9"}, "a key of sources.csv"),
    ],
)
def test_broken_codings_are_refused(project: Path, tmp_path: Path, change: dict[str, str], word: str) -> None:
    with (project / "data" / "theory" / "option_coding.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rows[6] |= change
    path = tmp_path / "coding.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    with pytest.raises(Problem, match=word):
        read_option_coding(path)


JOINED = join_coding(tidy_table(read_survey("data/survey/astana_2025")), read_option_coding())
ASTANA = coded_options(JOINED)


def options(
    first: list[int], second: list[int], persons: list[float], question: list[int] | None = None
) -> Options:
    n = len(first)
    return Options(
        theories=("A", "B", "C"),
        question=np.array(question or [0] * n),
        persons=np.array(persons, dtype=float),
        share=np.array(persons, dtype=float) / 50,
        first=np.array(first),
        second=np.array(second),
        first_sign=np.ones(n),
        second_sign=np.ones(n),
    )


any_options = st.integers(1, 6).flatmap(
    lambda n: st.builds(
        options,
        st.lists(st.integers(0, 2), min_size=n, max_size=n),
        st.lists(st.integers(0, 2), min_size=n, max_size=n),
        st.lists(st.integers(1, 50), min_size=n, max_size=n),
        st.lists(st.integers(0, 2), min_size=n, max_size=n),
    )
)


def test_by_hand() -> None:
    """Answers 6, 3, 1; the second option may speak for B or for C."""
    three = options([0, 1, 1], [0, 2, 1], [6, 3, 1])
    drawn = support_draws(three, codings(three))
    assert drawn.to_numpy().tolist() == pytest.approx(np.array([[0.6, 0.4, 0.0], [0.6, 0.1, 0.3]]))
    summary = support_summary(drawn).set_index("theory")
    assert summary.loc["A", "first"] == 1 and summary.loc["B", "ranks"] == (2, 3)


@given(any_options)
def test_shares_sum_to_one_under_every_coding(given_options: Options) -> None:
    taken = codings(given_options)
    assert len(taken) == 2 ** len(given_options.contested)
    for measure in ("choices", "questions"):
        assert support_draws(given_options, taken, measure=measure).sum(axis=1).to_numpy() == pytest.approx(1)


@given(any_options)
def test_the_mean_over_all_codings_is_the_mean_of_both_readings(given_options: Options) -> None:
    drawn = support_draws(given_options, codings(given_options))
    share = given_options.persons / given_options.persons.sum()
    for position, theory in enumerate(given_options.theories):
        half = (given_options.first == position) / 2 + (given_options.second == position) / 2
        assert drawn[theory].mean() == pytest.approx((share * half).sum())


@given(any_options)
def test_the_base_cancels_from_shares_of_answers(given_options: Options) -> None:
    taken = codings(given_options)
    scaled = Options(**{**vars(given_options), "persons": given_options.persons * 3})
    for measure in ("choices", "questions"):
        one, two = (support_draws(o, taken, measure=measure) for o in (given_options, scaled))
        pd.testing.assert_frame_equal(one, two)


def test_questions_weigh_alike() -> None:
    two = options([0, 1, 2], [0, 1, 2], [90, 10, 1], [0, 0, 1])
    drawn = support_draws(two, codings(two), measure="questions")
    assert drawn.iloc[0].to_list() == pytest.approx([0.45, 0.05, 0.5])


def test_endorsement_averages_over_options_and_is_missing_without_any() -> None:
    three = options([0, 0, 1], [0, 0, 1], [50, 25, 5])
    drawn = support_draws(three, codings(three), measure="endorsement")
    assert drawn.iloc[0, :2].to_list() == pytest.approx([0.75, 0.1])
    assert np.isnan(drawn["C"].iloc[0])


def test_signs_turn_support_into_opposition() -> None:
    against = Options(**{**vars(options([0, 1], [0, 1], [6, 4])), "first_sign": np.array([-1.0, 0.0])})
    drawn = support_draws(against, codings(against), signed=True)
    assert drawn.iloc[0].to_list() == pytest.approx([-0.6, 0.0, 0.0])


def test_many_contested_options_are_sampled_with_both_pure_codings() -> None:
    n = ENUMERATED + 1
    many = options([0] * n, [1] * n, [1] * n)
    taken = codings(many, draws=200)
    assert len(taken) == 200 and not taken[0].any() and taken[-1].all()
    np.testing.assert_array_equal(taken, codings(many, draws=200))


def test_sampled_support_agrees_with_the_exact_mean() -> None:
    drawn = support_draws(ASTANA, codings(ASTANA, draws=20_000))
    share = ASTANA.persons / ASTANA.persons.sum()
    for position, theory in enumerate(ASTANA.theories):
        half = (ASTANA.first == position) / 2 + (ASTANA.second == position) / 2
        assert drawn[theory].mean() == pytest.approx((share * half).sum(), abs=0.002)


def test_options_without_a_figure_are_left_out_and_odd_figures_kept() -> None:
    """Four blocks and three tools are named without a figure; 43.5% of 30 fixes no count and weighs 13.05."""
    assert not np.isnan(ASTANA.persons).any()
    assert np.isclose(ASTANA.persons, 13.05).sum() == 1
    assert len(ASTANA.persons) == int((JOINED["primary"] != "none").sum()) - 7


def test_nothing_coded_is_refused() -> None:
    with pytest.raises(Problem, match="coded and counted"):
        coded_options(JOINED[JOINED["question"] == "prospects"])


def test_no_theory_wins_everywhere() -> None:
    summary = support_summary(support_draws(ASTANA, codings(ASTANA)))
    assert summary["first"].max() < 1
    assert all(best <= worst for best, worst in summary["ranks"])


@given(any_options)
def test_bounds_are_attained_and_never_passed(given_options: Options) -> None:
    for measure in ("choices", "questions"):
        drawn = support_draws(given_options, codings(given_options), measure=measure)
        bounds = support_bounds(given_options, measure=measure).set_index("theory")
        assert drawn.min().to_numpy() == pytest.approx(bounds["least"].to_numpy())
        assert drawn.max().to_numpy() == pytest.approx(bounds["most"].to_numpy())


@pytest.mark.parametrize("measure", MEASURES)
def test_one_option_alone(measure: str) -> None:
    alone = options([0], [0], [50])
    assert support_draws(alone, codings(alone), measure=measure)["A"].to_list() == [1.0]


def test_nobody_answered_one_question() -> None:
    silent = options([0, 1], [0, 1], [0, 10], [0, 1])
    assert support_draws(silent, codings(silent), measure="questions").iloc[0].to_list() == [0.0, 1.0, 0.0]


@pytest.mark.parametrize(
    "call",
    [
        lambda: support_draws(ASTANA, codings(ASTANA), measure="votes"),
        lambda: support_summary(pd.DataFrame({"A": [1.0]}), 1.0),
        lambda: support_bounds(ASTANA, measure="endorsement"),
    ],
)
def test_senseless_settings_are_refused(call: object) -> None:
    with pytest.raises(Problem):
        call()


def few_options(codes: list[int], persons: list[float], question: list[int] | None = None) -> Options:
    n, readings = len(codes), np.array(codes)
    return Options(
        theories=("A", "B", "C"),
        question=np.array(question or [0] * n),
        persons=np.array(persons, dtype=float),
        share=np.array(persons, dtype=float) / 50,
        first=readings,
        second=readings,
        first_sign=np.ones(n),
        second_sign=np.ones(n),
    )


def test_null_moves_answers_within_questions_only() -> None:
    still = few_options([0, 1], [7, 3], [0, 1])
    null = permutation_null(still, draws=50).set_index("theory")
    assert null.loc["A", "expected"] == pytest.approx(0.7)
    assert null.loc["A", ["p_more", "p_less"]].to_list() == [1.0, 1.0]


def test_null_of_two_options_by_hand() -> None:
    """Nine answers against one: a random deal gives A nine or one with equal chance."""
    two = few_options([0, 1], [9, 1])
    null = permutation_null(two, draws=4000).set_index("theory")
    assert null.loc["A", "expected"] == pytest.approx(0.5, abs=0.03)
    assert null.loc["A", "p_more"] == pytest.approx(0.5, abs=0.03)
    assert null.loc["C", "options"] == 0


def test_null_repeats_with_the_seed_and_covers_the_survey() -> None:
    astana = coded_options(
        join_coding(tidy_table(read_survey("data/survey/astana_2025")), read_option_coding())
    )
    one, two = (permutation_null(astana, draws=200, seed=3) for _ in range(2))
    pd.testing.assert_frame_equal(one, two)
    assert one["observed"].sum() == pytest.approx(1) and one["expected"].sum() == pytest.approx(1)
    assert one["p_more"].between(0, 1).all() and one["options"].sum() == len(astana.persons)


def test_no_draws_are_refused() -> None:
    with pytest.raises(Problem, match="draws"):
        permutation_null(few_options([0], [1]), draws=0)


QUESTIONS = ["economic_directions", "agency_formats", "steps_to_action"]


def levels_of(questions: list[str]) -> pd.DataFrame:
    return support_levels("data/survey/astana_2025", CODING, "collection", questions, draws=100)


def test_the_base_of_those_who_answered_lifts_every_theory() -> None:
    levels = support_levels(
        "data/survey/astana_2025", read_option_coding(), "collection", QUESTIONS, draws=100
    )
    wide = levels.pivot_table(index="theory", columns="base", values="share")
    assert (wide["answered"] > wide["asked"]).all()


def test_ranges_hold_their_medians() -> None:
    levels = support_levels(
        "data/survey/astana_2025", read_option_coding(), "collection", QUESTIONS, draws=100
    )
    assert levels["share"].between(levels["lower"], levels["upper"]).all()


def test_remarks_do_not_count_as_people() -> None:
    alone = support_levels(
        "data/survey/astana_2025", read_option_coding(), "collection", QUESTIONS[:2], draws=100
    )
    with_remarks = support_levels(
        "data/survey/astana_2025", read_option_coding(), "collection", QUESTIONS, draws=100
    )
    assert alone["share"].to_list() == pytest.approx(with_remarks["share"].to_list())


COUNTS = {"rail": 26, "farms": 16, "tariffs": 10, "mines": 1}
BASES = {"asked": 50, "answered": 30}


def test_p_values_are_those_of_the_pairs() -> None:
    table = against_option(COUNTS, "tariffs", BASES).set_index("other")
    found = mcnemar_bounds(26, 10, 30)
    assert table.loc["rail", "p_answered"] == pytest.approx((found.p_lower, found.p_upper))
    assert table.loc["rail", "greatest"][1] == pytest.approx(found.p_upper)


def test_the_most_chosen_come_first_and_the_option_itself_not_at_all() -> None:
    table = against_option(COUNTS, "tariffs", BASES)
    assert table["other"].to_list() == ["rail", "farms", "mines"]
    assert table["more"].to_list() == [True, True, False]


def test_verdicts_that_differ_between_bases_are_said_to() -> None:
    verdicts = against_option({"a": 20, "b": 9}, "b", {"wide": 60, "narrow": 20})["verdict"]
    assert set(verdicts) <= {"always", "never", "undecidable", "depends on the base"}
    assert (
        against_option(COUNTS, "tariffs", BASES).set_index("other").loc["farms", "verdict"] == "undecidable"
    )


def test_a_single_option_has_no_rival() -> None:
    alone = against_option({"a": 3}, "a", BASES)
    assert alone.empty and alone[alone["more"]].columns.to_list() == alone.columns.to_list()
