"""Weighted shares and their errors against R's survey package; designs without a variance are refused."""

from collections.abc import Callable
from io import StringIO
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import polars as pl
import pytest
import svy
from regint.estimation.intervals import design_interval
from scipy import stats
from scipy.special import expit, logit
from surveyfile.codebook import Code, Item, describe
from surveyfile.columns import Column, Respondents
from surveyfile.count import Question, precision
from surveyfile.delimited import read_delimited
from surveyfile.design import Design, Precision, check_design
from surveyfile.importing import import_respondents
from surveyfile.record import Settings
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


def logit_interval(share: float, own: Precision, confidence: float = 0.95) -> list[float]:
    """The interval of R's svyciprop(method = "logit"), which tells the degrees of freedom too."""
    half = stats.t.ppf((1 + confidence) / 2, own.degrees) * own.error / (share * (1 - share))
    return [float(expit(logit(share) - half)), float(expit(logit(share) + half))]


def precision_under(name: str, sample: dict[str, Column], question: Question) -> dict[str, Precision]:
    """The errors under each design that R was asked about."""
    weights, _ = read_weights(sample["w"])
    strata, clusters = sample["stratum"], sample["cluster"]
    design = {
        "weighted": None,
        "weighted, of respondents": Design(weights),
        "stratified": Design(weights, strata),
        "clustered": Design(weights, None, clusters),
        "both": Design(weights, strata, clusters),
    }[name]
    return precision(Respondents(sample, len(weights), {}), question, design)


@pytest.mark.parametrize("name", ["weighted", "weighted, of respondents", "stratified", "clustered", "both"])
@pytest.mark.parametrize("kind", ["single", "multiple"])
def test_errors_and_degrees_of_freedom_equal_r(
    tabulate: Tabulate, sample: dict[str, Column], name: str, kind: str
) -> None:
    weights, _ = read_weights(sample["w"])
    item = Item("answer", question="q", kind=kind, codes=describe(sample["answer"], "single"))
    (question,) = tabulate({"answer": sample["answer"]}, [item], weights)
    found = precision_under(name, sample, question)
    expected = EXPECTED[EXPECTED["design"] == name.partition(",")[0]].set_index("answer")
    for response in question.responses:
        row = expected.loc[response.codes[0][1]]
        own = found[response.response]
        share = question.share(response)
        np.testing.assert_allclose(
            [share, own.error, *logit_interval(share, own)],
            row[["share", "error", "lower", "upper"]].astype(float),
            rtol=1e-9,
        )


def svy_sample(sample: dict[str, Column], name: str, by: npt.NDArray[np.int64]) -> svy.Sample:
    """The sample as svy takes it, whose values were held against R's: another hand at the same formulas."""
    data = pl.DataFrame(
        {column: sample[column].codes for column in ("stratum", "cluster")}
        | {"w": read_weights(sample["w"])[0], "by": by}
    ).with_columns(answer=pl.Series([None if code < 0 else int(code) for code in sample["answer"].codes]))
    roles = {"stratum": "stratum", "cluster": "psu"}
    used = {"weighted": [], "stratified": ["stratum"], "clustered": ["cluster"], "both": [*roles]}[name]
    return svy.Sample(data=data, design=svy.Design(wgt="w", **{roles[one]: one for one in used}))


@pytest.mark.parametrize("name", ["weighted", "stratified", "clustered", "both"])
@pytest.mark.parametrize("confidence", [0.8, 0.95])
def test_intervals_stand_on_the_effective_base_of_korn_and_graubard(
    tabulate: Tabulate, sample: dict[str, Column], name: str, confidence: float
) -> None:
    item = Item("answer", question="q", kind="single", codes=describe(sample["answer"], "single"))
    (question,) = tabulate({"answer": sample["answer"]}, [item], read_weights(sample["w"])[0])
    found = precision_under(name, sample, question)
    everybody = np.zeros(len(sample["w"].codes), np.int64)
    estimate = svy_sample(sample, name, everybody).estimation
    told = estimate.prop("answer", ci_method="beta", alpha=1 - confidence, drop_nulls=True).to_dicts()
    z = stats.norm.ppf((1 + confidence) / 2)
    tail = (1 - confidence) / 2
    for response, row in zip(question.responses, told, strict=True):
        own, share = found[response.response], question.share(response)
        ends = design_interval(share, own.error, own.degrees, question.answered, np.nan, confidence)
        for end in ends:  # a score interval ends where |p - end| is z times the error at the end
            size = z**2 * end * (1 - end) / (share - end) ** 2
            lower = stats.beta.ppf(tail, size * share, size * (1 - share) + 1)
            upper = stats.beta.ppf(1 - tail, size * share + 1, size * (1 - share))
            assert [lower, upper] == pytest.approx([row["lci"], row["uci"]], rel=1e-8)


def test_equal_weights_give_the_textbook_error(tabulate: Tabulate) -> None:
    column = Column("q", np.repeat(np.array([0, 1], dtype=np.int32), [30, 70]), ("1", "2"))
    item = Item("q", question="q", kind="single", codes=(Code("1", "yes", "Yes"), Code("2", "no", "No")))
    (question,) = tabulate({"q": column}, [item], np.full(100, 3.0))
    found = precision(Respondents({"q": column}, 100, {}), question)
    assert found["yes"].error == pytest.approx((0.3 * 0.7 / 99) ** 0.5, rel=1e-12)


@pytest.mark.parametrize("codes", [[0, 0, 0], [0, -1, 0], [1, 1, 1]])
@pytest.mark.parametrize("stated", [False, True])
def test_shares_of_none_and_all_have_no_error(tabulate: Tabulate, codes: list[int], stated: bool) -> None:
    column = Column("q", np.array(codes, dtype=np.int32), ("1", "2"))
    item = Item("q", question="q", kind="single", codes=(Code("1", "yes", "Yes"), Code("2", "no", "No")))
    (question,) = tabulate({"q": column}, [item], np.ones(3))
    data = Respondents({"q": column}, 3, {})
    found = precision(data, question, Design(np.ones(3)) if stated else None)
    assert [own.error for own in found.values()] == [0.0, 0.0]


def test_fewer_than_two_answers_have_no_error(tabulate: Tabulate) -> None:
    column = Column("q", np.array([0, -1, -1], dtype=np.int32), ("1",))
    item = Item("q", question="q", kind="single", codes=(Code("1", "yes", "Yes"),))
    (question,) = tabulate({"q": column}, [item], np.ones(3))
    assert precision(Respondents({"q": column}, 3, {}), question) == {}


def test_a_single_cluster_is_refused() -> None:
    clusters = Column("c", np.zeros(4, dtype=np.int32), ("a",))
    with pytest.raises(Problem, match="single cluster"):
        check_design(Design(np.ones(4), None, clusters))


def test_an_empty_stratum_names_the_respondent() -> None:
    strata = Column("s", np.array([0, -1, 0], dtype=np.int32), ("a",))
    with pytest.raises(Problem, match="empty for respondent 2"):
        check_design(Design(np.ones(3), strata))


OPTIONS = pd.read_csv(REFERENCE / "design_options_expected.csv", comment="#", keep_default_na=False)
DRAWN = {"weight": "w", "strata": "stratum", "cluster": "cluster"}
CASES: dict[str, dict[str, str]] = {  # design_options.R
    "weighted": {"weight": "w"},
    "population": {"weight": "w", "population": "835"},
    "unweighted_population": {"population": "200"},
    "strata_population": {"weight": "w", "strata": "stratum", "population": "people"},
    "clusters_population": DRAWN | {"population": "clusters"},
    "certainty": DRAWN | {"lonely": "certainty"},
    "adjust": DRAWN | {"lonely": "adjust"},
    "adjust_population": DRAWN | {"lonely": "adjust", "population": "clusters"},
    "average": DRAWN | {"lonely": "average"},
    "average_population": DRAWN | {"lonely": "average", "population": "clusters"},
    "jk1": {"weight": "w", "replicates": "r01-r20=jk1"},
    "jk2": {"weight": "w", "replicates": "r01-r20=jk2"},
    "brr": {"weight": "w", "replicates": "r01-r20=brr"},
    "fay": {"weight": "w", "replicates": "r01-r20=fay0.5"},
    "bootstrap": {"weight": "w", "replicates": "r01-r20=bootstrap"},
    "sdr": {"weight": "w", "replicates": "r01-r20=sdr"},
    "jkn": {"weight": "w", "replicates": "r01-r20=" + ",".join(str(n / 20) for n in range(1, 21))},
}


@pytest.mark.parametrize("case", CASES)
def test_every_option_of_a_design_gives_the_errors_of_r(case: str, tmp_path: Path) -> None:
    """Shares, means and quartiles, of everybody and of groups, and the test whether groups answer alike."""
    lines = (REFERENCE / "design_options.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    alone = case.startswith(("certainty", "adjust", "average"))  # these have the stratum with one respondent
    path = tmp_path / "sample.csv"
    path.write_text("".join(line for line in lines if alone or not line.startswith("s4,")), encoding="utf-8")
    settings = Settings(**CASES[case], numeric=("hours",), by=(("sex",),))  # type: ignore[arg-type]
    files = import_respondents(path, settings).files
    rows, tests = (
        pd.read_csv(StringIO(files[name]), keep_default_na=False) for name in ("responses.csv", "tests.csv")
    )
    for row in OPTIONS[OPTIONS["case"] == case].itertuples():
        if row.statistic == "test":
            own = tests[(tests["question"] == "answer") & (tests["group"] == "")].iloc[0]
            found, kinds = own[["statistic", "p", "df"]], (row.estimate, float(row.error), row.df)
            assert found.astype(float).tolist() == pytest.approx(kinds, rel=2e-5), row
            continue
        if row.statistic.startswith("gap"):  # women less men: the error that Student's t takes
            if case != "weighted":  # groups are independent of each other
                about = (tests["response"] == row.statistic[4:]) & (tests["other"] == "women")
                (own,) = tests.loc[about & (tests["question"] == "answer"), "se"]
                assert float(own) == pytest.approx(float(row.error), rel=1e-6), row
            continue
        about = rows["question"].isin(["hours", "answer"]) & (rows["group"] == row.group)
        (own,) = rows[about & (rows["response"] == row.statistic)].to_dict("records")
        share = row.statistic in ("yes", "no", "unsure")
        estimate = float(own["weighted_share" if share else "printed"])
        assert estimate == pytest.approx(row.estimate, rel=1e-8 if share else 5e-4), row
        if row.error == "NaN":  # an interval without an end
            assert own["se"] == "", row
        else:
            found = float(own["se"]), int(own["df"])
            assert found == pytest.approx((float(row.error), row.df), rel=1e-6), row


@pytest.mark.parametrize(
    ("stated", "sentence"),
    [
        ({"replicates": "r01-r20"}, "write, for columns rep1 to rep80, --replicates rep1-rep80=brr"),
        ({"replicates": "r01-r01=brr"}, "does not name at least two columns"),
        ({"replicates": "r01-r20=jkn"}, "'jkn' is no method"),
        ({"replicates": "r01-r20=1,2,3"}, "or 20 factors parted by commas"),
        ({"replicates": "r01-r20=fay1"}, "'fay1' is no method"),
        ({"replicates": "r01-r20=brr"}, "--replicates needs the full weight"),
        ({"replicates": "r01-r21=brr", "weight": "w"}, "has no column 'r21'"),
        ({"replicates": "r01-r20=brr", "weight": "w", "strata": "stratum"}, "tells the whole design"),
        ({"population": "100", "strata": "stratum"}, "needs a column that tells the size of each stratum"),
        ({"population": "100"}, "of which 150 respondents are in the file"),
        ({"population": "people", "cluster": "cluster"}, "one number for each stratum"),
        ({"population": "w", "weight": "w"}, "column 'w' is stated for two of"),
        ({"strata": "stratum"}, "'s4' holds a single respondent.*--lonely certainty, adjust or average"),
        ({"lonely": "remove"}, "--lonely 'remove' is none of fail, certainty, adjust, average"),
    ],
)
def test_a_design_that_makes_no_sense_is_refused(stated: dict[str, str], sentence: str) -> None:
    with pytest.raises(Problem, match=sentence):
        import_respondents(REFERENCE / "design_options.csv", Settings(**stated))  # type: ignore[arg-type]
