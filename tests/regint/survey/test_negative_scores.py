"""A scale from -2 to 2 keeps its signs on every way in and out, and its points are never named alike."""

import csv
import io
from pathlib import Path

import openpyxl
import pandas as pd
import pyreadstat
import pytest
from nbarticle.document import Display
from nbarticle.site import download
from regint.display import tables
from regint.survey.export import export_survey
from regint.survey.folder import check_folder, write_survey_folder
from regint.survey.table import read_survey, tidy_table
from surveyfile.importing import import_respondents
from surveyfile.new_folder import new_folder

POINTS = ["-2", "-1", "0", "1", "2"]
IDS = ["score_minus_2", "score_minus_1", "score_0", "score_1", "score_2"]


@pytest.fixture
def printed(tmp_path: Path) -> Path:
    """A folder made by `regint new --from`."""
    rows = zip(POINTS, (15, 25, 30, 20, 10), strict=True)
    text = "question,response,printed,kind\n" + "".join(f"Outlook,{p},{f},rating\n" for p, f in rows)
    (tmp_path / "outlook.csv").write_text(text, encoding="utf-8")
    new_folder(tmp_path / "printed", table=tmp_path / "outlook.csv", base=20)
    return tmp_path / "printed"


def imported(tmp_path: Path) -> Path:
    """A folder made by `regint import` with a codebook."""
    answers = "".join(f"{row},{point}\n" for row, point in enumerate(POINTS * 3))
    (tmp_path / "answers.csv").write_text("id,outlook\n" + answers, encoding="utf-8")
    (tmp_path / "book.csv").write_text("column,kind\noutlook,rating\n", encoding="utf-8")
    made = import_respondents(tmp_path / "answers.csv", None, tmp_path / "book.csv")
    write_survey_folder(tmp_path / "imported", made.files)
    return tmp_path / "imported"


def test_both_ways_in_keep_labels_and_scores_and_name_the_points_apart(printed: Path, tmp_path: Path) -> None:
    for folder, ids in ((printed, IDS), (imported(tmp_path), [i.replace("score", "code") for i in IDS])):
        responses = read_survey(folder).responses
        assert responses["label"].tolist() == POINTS
        assert responses["response"].tolist() == ids
        assert responses["score"].tolist() == [-2, -1, 0, 1, 2]


def test_a_claim_about_a_point_is_about_that_point(printed: Path) -> None:
    claims = printed / "claims.csv"
    row = 'c1,outlook,x,most,"share(outlook, score_minus_2) == 15%",printed,report,p. 1,\n'
    claims.write_text(claims.read_text(encoding="utf-8") + row, encoding="utf-8")
    assert check_folder(printed).problems == []


def test_a_codebook_read_again_has_the_same_points(tmp_path: Path) -> None:
    folder = imported(tmp_path)
    again = import_respondents(tmp_path / "answers.csv", None, folder / "codebook.csv")
    assert again.files["responses.csv"] == (folder / "responses.csv").read_text(encoding="utf-8")


def test_exports_keep_the_signs(printed: Path, tmp_path: Path) -> None:
    rows = pd.read_csv(export_survey(printed, "csv", tmp_path / "out.csv"), dtype=str)
    assert rows["label"].tolist() == POINTS and rows["response"].tolist() == IDS
    assert [float(score) for score in rows["score"]] == [-2, -1, 0, 1, 2]
    for kind, read in (("sav", pyreadstat.read_sav), ("dta", pyreadstat.read_dta)):
        path = str(export_survey(printed, kind, tmp_path / f"out.{kind}"))
        frame, _ = read(path, apply_value_formats=True)
        assert frame["response"].astype(str).tolist() == POINTS
        assert frame["score"].tolist() == [-2, -1, 0, 1, 2]
    text = export_survey(printed, "ddi", tmp_path / "out.xml").read_text(encoding="utf-8")
    assert all(f"<catValu>{point}</catValu>" in text and f"<labl>{point}</labl>" in text for point in POINTS)


def test_downloads_of_a_page_keep_the_signs(printed: Path) -> None:
    frame = tidy_table(read_survey(printed))[["label", "score", "printed"]]
    shown = tables.show(frame, caption="Outlook", label="tbl-outlook")
    display = Display("tbl-outlook", 1, 1, "Outlook", shown.payload)
    rows = list(csv.reader(io.StringIO(download(display, "csv").decode())))
    assert [row[0] for row in rows[1:]] == POINTS
    sheet = openpyxl.load_workbook(io.BytesIO(download(display, "xlsx")))["Table"]
    assert [cell.value for cell in sheet["A"][1:]] == POINTS
    lines = download(display, "tex").decode().splitlines()
    assert all(any(line.startswith(f"{point} & ") for line in lines) for point in POINTS)
