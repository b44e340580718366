import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from regint.survey.table import read_survey, tidy_table
from regint.theory.coding import (
    coder_agreement,
    codes_by_coder,
    join_coding,
    read_option_coding,
    readings_as_coders,
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


def test_second_readings_repeat_the_first_where_there_is_one() -> None:
    readings = readings_as_coders(CODING)
    own = CODING[CODING["coder"] == "collection"].set_index(["question", "response"])
    same = readings["primary"] == readings["second"]
    assert (same == own["alternative"].eq("")).all()
    assert codes_by_coder(CODING).shape == (73, 2)


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
