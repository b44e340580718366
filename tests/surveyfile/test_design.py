"""Weighted shares and their errors against R's survey package; designs without a variance are refused."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from surveyfile.codebook import Code, Item, describe
from surveyfile.columns import Column
from surveyfile.count import Question
from surveyfile.delimited import read_delimited
from surveyfile.design import Design, check_design, precision, weighted_precision
from surveyfile.weights import read_weights
from textfiles.problems import Problem

Tabulate = Callable[..., list[Question]]

REFERENCE = Path(__file__).parents[1] / "reference"
EXPECTED = pd.read_csv(
    REFERENCE / "design_sample_expected.csv", comment="#", dtype={"answer": str}
)  # design_sample.R


@pytest.fixture(scope="module")
def sample() -> dict[str, Column]:
    return read_delimited(REFERENCE / "design_sample.csv").columns


@pytest.mark.parametrize("name", ["weighted", "stratified", "clustered", "both"])
def test_errors_and_intervals_equal_r(tabulate: Tabulate, sample: dict[str, Column], name: str) -> None:
    weights = read_weights(sample["w"]).numbers
    strata = sample["stratum"] if name in ("stratified", "both") else None
    clusters = sample["cluster"] if name in ("clustered", "both") else None
    item = Item("answer", question="q", kind="single", codes=describe(sample["answer"], "single"))
    found = precision(Design(weights, strata, clusters), sample, [item])
    (question,) = tabulate({"answer": sample["answer"]}, [item], weights)
    expected = EXPECTED[EXPECTED["design"] == name].set_index("answer")
    for response in question.responses:
        row = expected.loc[response.codes[0][1]]
        own = found[response.response]
        np.testing.assert_allclose(
            [response.weighted_share, own.error, own.lower, own.upper],
            row[["share", "error", "lower", "upper"]].astype(float),
            rtol=1e-9,
        )


def test_each_response_of_a_choose_several_question_equals_the_same_share(sample: dict[str, Column]) -> None:
    weights = read_weights(sample["w"]).numbers
    codes = describe(sample["answer"], "single")
    one = precision(Design(weights), sample, [Item("answer", question="q", kind="single", codes=codes)])
    several = precision(Design(weights), sample, [Item("answer", question="q", kind="multiple", codes=codes)])
    for response, own in one.items():
        assert several[response].error == pytest.approx(own.error, rel=1e-12)


def test_sums_give_the_errors_of_a_design_with_weights_alone(
    tabulate: Tabulate, sample: dict[str, Column]
) -> None:
    weights = read_weights(sample["w"]).numbers.copy()
    weights[::7] = 0
    answer = sample["answer"]
    silent = Column("answer", np.where(np.arange(len(weights)) % 5 == 0, -1, answer.codes), answer.texts)
    for kind in ("single", "multiple"):
        item = Item("answer", question="q", kind=kind, codes=describe(answer, "single"))
        (question,) = tabulate({"answer": silent}, [item], weights)
        expected = precision(Design(weights), {"answer": silent}, [item], 0.9)
        found = weighted_precision(question, len(weights), 0.9)
        assert found.keys() == expected.keys()
        for response, own in found.items():
            assert (own.error, own.lower, own.upper) == pytest.approx(
                (expected[response].error, expected[response].lower, expected[response].upper), rel=1e-11
            )


@pytest.mark.parametrize("codes", [[0, 0, 0], [0, -1, 0], [1, 1, 1], [0, -1, -1], [0, 1, -1]])
def test_sums_of_few_answers_give_what_the_design_gives(tabulate: Tabulate, codes: list[int]) -> None:
    column = Column("q", np.array(codes, dtype=np.int32), ("1", "2"))
    item = Item("q", question="q", kind="single", codes=(Code("1", "yes", "Yes"), Code("2", "no", "No")))
    (question,) = tabulate({"q": column}, [item], np.ones(3))
    found, expected = weighted_precision(question, 3), precision(Design(np.ones(3)), {"q": column}, [item])
    assert found.keys() == expected.keys()
    for response, own in found.items():
        assert own.error == pytest.approx(expected[response].error)
        assert own.lower == pytest.approx(expected[response].lower)


def test_equal_weights_give_the_textbook_error() -> None:
    column = Column("q", np.repeat(np.array([0, 1], dtype=np.int32), [30, 70]), ("1", "2"))
    item = Item("q", question="q", kind="single", codes=(Code("1", "yes", "Yes"), Code("2", "no", "No")))
    found = precision(Design(np.full(100, 3.0)), {"q": column}, [item])
    assert found["yes"].error == pytest.approx((0.3 * 0.7 / 99) ** 0.5, rel=1e-12)


@pytest.mark.parametrize("codes", [[0, 0, 0], [0, -1, 0], [1, 1, 1]])
def test_shares_of_none_and_all_have_no_interval(codes: list[int]) -> None:
    column = Column("q", np.array(codes, dtype=np.int32), ("1", "2"))
    item = Item("q", question="q", kind="single", codes=(Code("1", "yes", "Yes"), Code("2", "no", "No")))
    for own in precision(Design(np.ones(3)), {"q": column}, [item]).values():
        assert (own.error, own.lower, own.upper) == (0.0, None, None)


def test_fewer_than_two_answers_have_no_error() -> None:
    column = Column("q", np.array([0, -1, -1], dtype=np.int32), ("1",))
    item = Item("q", question="q", kind="single", codes=(Code("1", "yes", "Yes"),))
    assert precision(Design(np.ones(3)), {"q": column}, [item]) == {}


def test_a_single_cluster_is_refused() -> None:
    clusters = Column("c", np.zeros(4, dtype=np.int32), ("a",))
    with pytest.raises(Problem, match="single cluster"):
        check_design(Design(np.ones(4), None, clusters))


def test_an_empty_stratum_names_the_respondent() -> None:
    strata = Column("s", np.array([0, -1, 0], dtype=np.int32), ("a",))
    with pytest.raises(Problem, match="empty for respondent 2"):
        check_design(Design(np.ones(3), strata))
