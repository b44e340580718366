"""Numeric questions: bins, moments as numpy, svy and hand have them, and nothing small told of either."""

from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pytest
import svy
from surveyfile.importing import Imported, import_respondents
from surveyfile.record import Settings
from textfiles.problems import Problem


def imported(folder: Path, frame: pd.DataFrame, **stated: object) -> Imported:
    frame.to_csv(folder / "people.csv", index=False)
    return import_respondents(folder / "people.csv", Settings(numeric=("hours",), **stated))  # type: ignore[arg-type]


def moments_of(found: Imported, folder: Path) -> pd.DataFrame:
    (folder / "responses.csv").write_text(found.files["responses.csv"], encoding="utf-8")
    rows = pd.read_csv(folder / "responses.csv", keep_default_na=False)
    return rows[(rows["question"] == "hours") & (rows["row"] != "")].set_index("row")


def people(rows: int = 300) -> pd.DataFrame:
    random = np.random.default_rng(11)
    stratum = random.integers(0, 3, rows)
    return pd.DataFrame(
        {
            "hours": random.integers(0, 60, rows),
            "stratum": [f"s{n}" for n in stratum],
            "cluster": [f"c{n}" for n in stratum * 10 + random.integers(0, 5, rows)],
            "w": random.integers(1, 9, rows) / 4,
        }
    )


def test_moments_without_weights_are_those_of_numpy(tmp_path: Path) -> None:
    frame = people(301)
    own = moments_of(imported(tmp_path, frame), tmp_path)
    hours = frame["hours"].to_numpy()
    expected = [
        hours.mean(),
        hours.std(ddof=1),
        *np.quantile(hours, [0.5, 0.25, 0.75], method="averaged_inverted_cdf"),
    ]
    assert own["printed"].astype(float).tolist() == pytest.approx(expected, rel=5e-4)
    assert float(own.loc["mean", "se"]) == pytest.approx(hours.std(ddof=1) / 301**0.5, abs=1e-8)


@pytest.mark.parametrize(
    "stated",
    [
        {"weight": "w"},
        {"weight": "w", "strata": "stratum"},
        {"weight": "w", "strata": "stratum", "cluster": "cluster"},
    ],
)
def test_the_error_of_the_mean_equals_that_of_svy(stated: dict[str, str], tmp_path: Path) -> None:
    frame = people()
    roles = {"weight": "wgt", "strata": "stratum", "cluster": "psu"}
    data = pl.DataFrame({name: frame[name].tolist() for name in frame})
    design = svy.Design(**{roles[role]: name for role, name in stated.items()})
    (told,) = svy.Sample(data=data, design=design).estimation.mean("hours").to_dicts()
    own = moments_of(imported(tmp_path, frame, **stated), tmp_path).loc["mean"]
    assert float(own["printed"]) == pytest.approx(told["est"], rel=5e-4)
    assert (float(own["se"]), int(own["df"])) == pytest.approx((told["se"], told["df"]), abs=1e-8)


def test_bins_hold_everybody_once_and_what_is_no_number_lacks_substance(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {"hours": ["0.5", "1.25", "2", "9.75", "none of your business", ""], "q": list("aabbab")}
    )
    (hours, _) = imported(tmp_path, frame).questions
    assert [(r.label, r.count, r.substantive) for r in hours.responses if r.count] == [
        ("0 to below 1", 1, True),
        ("1 to below 2", 1, True),
        ("2 to below 3", 1, True),
        ("9 to below 10", 1, True),
        ("none of your business", 1, False),
    ]
    assert (hours.kind, hours.asked, hours.answered) == ("numeric", 6, 5)


def test_no_number_that_somebody_gave_stands_in_the_folder(tmp_path: Path) -> None:
    frame = people()
    frame.loc[0, "hours"] = 7919
    found = imported(tmp_path, frame, mask_small=5)
    assert [name for name, text in found.files.items() if "7919" in text] == []
    (hours,) = (question for question in found.questions if question.question == "hours")
    assert min(response.count for response in hours.responses if response.count) >= 5


def test_a_numeric_column_comes_back_by_its_codebook(tmp_path: Path) -> None:
    first = imported(tmp_path, people())
    (tmp_path / "codebook.csv").write_text(first.files["codebook.csv"], encoding="utf-8")
    again = import_respondents(tmp_path / "people.csv", None, tmp_path / "codebook.csv")
    assert again.files["responses.csv"] == first.files["responses.csv"]


def test_a_column_of_words_is_no_numeric_question(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="--numeric hours: the column does not hold two different numbers"):
        imported(tmp_path, pd.DataFrame({"hours": ["few", "many"] * 3}))


@pytest.mark.parametrize(("stated", "note"), [("comma", ""), ("", "its decimal mark is the comma")])
def test_decimal_commas_are_numbers(stated: str, note: str, tmp_path: Path) -> None:
    numbers = [12.5, 0.25, 7, 30.75, 7, 18.5]
    cells = [f"{number:g}".replace(".", ",") for number in numbers] + ["far"]
    frame = pd.DataFrame({"hours": cells, "sex": list("fmfmfmf")})
    found = imported(tmp_path, frame, decimal=stated)
    own = moments_of(found, tmp_path)
    assert own["printed"].astype(float)[["mean", "median"]].tolist() == pytest.approx(
        [np.mean(numbers), np.median(numbers)], abs=5e-3
    )
    assert found.items[0].note == note
    assert [code.code for code in found.items[0].codes if code.status == "missing"] == ["far"]


@pytest.mark.parametrize(
    ("cells", "decimal", "sentence"),
    [
        (["1,5", "2.5", "3"], "", "decimal commas .'1,5'. and points"),
        (["1,500", "2,500"], "", "may be a decimal or a thousand"),
        (["1,5", "2,5"], "point", "does not hold two different numbers"),
        (["1.5", "2.5"], "comma", "does not hold two different numbers"),
    ],
)
def test_numbers_have_one_decimal_mark(cells: list[str], decimal: str, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(Problem, match=sentence):
        imported(tmp_path, pd.DataFrame({"hours": cells, "sex": [*"fmf"[: len(cells)]]}), decimal=decimal)
