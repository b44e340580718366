"""What is exported can be read by others, with labels, and says the same."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pandas as pd
import pyreadstat
import pytest
from regint.parameters import origin
from regint.survey import export
from regint.survey.export import _SUFFIXES, export_survey
from regint.survey.folder import write_survey_folder
from regint.survey.table import read_survey, tidy_table
from surveyfile.importing import import_respondents
from surveyfile.new_folder import new_folder
from surveyfile.record import Settings
from textfiles.problems import Problem

REFERENCE = Path(__file__).parents[2] / "reference"
DDI = "{ddi:codebook:2_5}"


@pytest.fixture(scope="module")
def panel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export") / "panel"
    write_survey_folder(folder, import_respondents(REFERENCE / "panel.sav", Settings(weight="weight")).files)
    return folder


@pytest.mark.parametrize("kind", ["sav", "dta"])
def test_packages_read_counts_and_labels_back(panel: Path, tmp_path: Path, kind: str) -> None:
    path = export_survey(panel, kind, tmp_path / f"out.{kind}")
    read = pyreadstat.read_sav if kind == "sav" else pyreadstat.read_dta
    frame, meta = read(str(path), apply_value_formats=True)
    table = tidy_table(read_survey(panel))
    assert frame["count"].tolist() == table["count"].tolist()
    assert frame["response"].astype(str).tolist() == table["label"].tolist()
    assert frame["question"].astype(str).tolist() == table["question_label"].tolist()
    assert frame["weighted_share"].tolist() == pytest.approx(table["weighted_share"].tolist())
    assert meta.column_names_to_labels["count"] == "Respondents"


def test_csv_holds_the_tidy_table(panel: Path, tmp_path: Path) -> None:
    written = pd.read_csv(export_survey(panel, "csv", tmp_path / "out.csv"), keep_default_na=False)
    table = tidy_table(read_survey(panel))
    assert written["count"].tolist() == table["count"].tolist()
    assert list(written.columns) == list(table.columns)


@pytest.mark.parametrize("kind", _SUFFIXES)
def test_groups_nets_and_means_are_exported_too(kind: str, tmp_path: Path) -> None:
    rows = ["question,response,total,sex: women", "Trust,Low,30,20", ",Middle,30,40", ",High,40,40",
            ",Net: some,70,80", ",Mean,2.1,2.2", ",Base,20,10", ""]  # fmt: skip
    (tmp_path / "typed.csv").write_text("\n".join(rows), encoding="utf-8")
    new_folder(tmp_path / "mine", table=tmp_path / "typed.csv")
    path = export_survey(tmp_path / "mine", kind, tmp_path / f"out{_SUFFIXES[kind]}")
    if kind == "csv":
        frame = pd.read_csv(path, keep_default_na=False, dtype=str)
    elif kind != "ddi":
        frame, _ = (pyreadstat.read_sav if kind == "sav" else pyreadstat.read_dta)(str(path))
    if kind != "ddi":
        assert frame["row"].value_counts().to_dict() == {"answer": 6, "net": 2, "mean": 2, "n": 1}
        women = frame.loc[frame["group"] == "women", "printed"].tolist()
        assert women == ["20", "40", "40", "80", "2.2", "10"]


@pytest.mark.parametrize("kind", _SUFFIXES)
def test_a_printed_survey_is_exported_with_its_gaps(kind: str, tmp_path: Path) -> None:
    path = export_survey("data/survey/astana_2025", kind, tmp_path / f"out{_SUFFIXES[kind]}")
    assert path.stat().st_size > 1000


@pytest.mark.parametrize("kind", ["csv", "ddi"])
def test_exports_repeat_to_the_byte(panel: Path, tmp_path: Path, kind: str) -> None:
    first = export_survey(panel, kind, tmp_path / "first").read_bytes()
    assert export_survey(panel, kind, tmp_path / "second").read_bytes() == first


def test_ddi_describes_questions_answers_and_missing_codes(panel: Path, tmp_path: Path) -> None:
    root = ET.parse(export_survey(panel, "ddi", tmp_path / "out.xml")).getroot()
    assert root.tag == f"{DDI}codeBook" and root.get("version") == "2.5"
    variables = {variable.get("name"): variable for variable in root.iter(f"{DDI}var")}
    trust = variables["trust"]
    assert trust.get("nature") == "ordinal"
    assert trust.findtext(f"{DDI}qstn/{DDI}qstnLit") == "How far do you trust the neighbouring states?"
    categories = trust.findall(f"{DDI}catgry")
    assert [c.findtext(f"{DDI}catValu") for c in categories][:5] == ["1", "2", "3", "4", "5"]
    assert [c.get("missing") for c in categories] == [None] * 5 + ["Y", "Y"]
    freq = [c.find(f"{DDI}catStat[@type='freq']").text for c in categories]  # type: ignore[union-attr]
    assert freq == ["28", "63", "79", "54", "28", "16", "9"]
    assert root.find(f".//{DDI}weight") is not None
    values = [c.findtext(f"{DDI}catValu") for c in categories]
    assert len(values) == len(set(values))
    asked, answered = read_survey(panel).questions.loc["trust", ["asked", "answered"]]
    stated = {one.get("type"): int(one.text or "") for one in trust.findall(f"{DDI}sumStat")}
    assert stated == {"vald": answered, "invd": asked - answered} and asked > answered


# Order of the elements in codebook.xsd, as far as they are used here.
ORDER = {
    "codeBook": ["stdyDscr", "dataDscr"],
    "stdyDscr": ["citation", "stdyInfo", "method"],
    "titlStmt": ["titl", "IDNo"],
    "sumDscr": ["collDate", "universe"],
    "dataColl": ["collMode", "weight"],
    "dataDscr": ["varGrp", "var"],
    "var": ["labl", "qstn", "sumStat", "txt", "catgry", "varFormat"],
    "varGrp": ["labl", "txt"],
    "catgry": ["catValu", "labl", "catStat"],
}


@pytest.mark.parametrize("source", ["panel", "printed"])
def test_ddi_keeps_the_order_of_its_schema(panel: Path, tmp_path: Path, source: str) -> None:
    folder = panel if source == "panel" else "data/survey/astana_2025"
    root = ET.parse(export_survey(folder, "ddi", tmp_path / "out.xml")).getroot()
    for element in root.iter():
        order = ORDER.get(element.tag.removeprefix(DDI))
        if order:
            places = [order.index(child.tag.removeprefix(DDI)) for child in element]
            assert places == sorted(places), element.tag
    ids = [element.get("ID") for element in root.iter() if element.get("ID")]
    assert len(ids) == len(set(ids))


def test_choose_several_is_a_group_of_variables(tmp_path: Path) -> None:
    root = ET.parse(export_survey("data/survey/astana_2025", "ddi", tmp_path / "out.xml")).getroot()
    names = {variable.get("ID") for variable in root.iter(f"{DDI}var")}
    groups = list(root.iter(f"{DDI}varGrp"))
    assert groups and all(group.get("type") == "multipleResp" for group in groups)
    assert all(set((group.get("var") or "").split()) <= names for group in groups)


HOSTILE = ["</titl>]]>", "<script>alert(1)</script>", "&amp; \u202e\x07 \U0001f600", "=1+1", "Ж" * 300]


@pytest.fixture
def awkward(tmp_path: Path) -> dict[str, Path]:
    """Folders whose exports might break a schema: hostile labels, hidden counts, ids alike, empty parts."""
    rows = "".join(
        f"{i},{HOSTILE[i % 5]!r},{'x;y' if i % 3 else ''},{i % 2},{1 + i % 4}\n" for i in range(60)
    )
    (tmp_path / "a.csv").write_text("id,q,tools,tools_1,w\n" + rows, encoding="utf-8")
    (tmp_path / "book.csv").write_text(
        "column,role,kind,separator,wording\nq,question,single,,<b>&\ntools,question,multiple,;,\n"
        "tools_1,question,rating,,\nw,weight,,,\n"
    )
    folders = {}
    for name, stated in (("hostile", Settings(title="<&>")), ("masked", Settings(mask_small=30))):
        folders[name] = tmp_path / name
        files = import_respondents(tmp_path / "a.csv", stated, tmp_path / "book.csv").files
        write_survey_folder(folders[name], files)
    bare = json.loads((folders["hostile"] / "survey.json").read_text(encoding="utf-8"))
    bare |= {"organiser": "", "population": "", "fieldwork": {"start": "", "end": ""}, "mode": ""}
    bare.pop("weight", None)
    folders["bare"] = tmp_path / "bare"
    shutil.copytree(folders["hostile"], folders["bare"])
    (folders["bare"] / "survey.json").write_text(json.dumps(bare), encoding="utf-8")
    return folders


@pytest.mark.parametrize("name", ["hostile", "masked", "bare"])
def test_ids_of_a_codebook_are_unique_and_legal(awkward: dict[str, Path], tmp_path: Path, name: str) -> None:
    root = ET.parse(export_survey(awkward[name], "ddi", tmp_path / "out.xml")).getroot()
    ids = [element.get("ID") or "" for element in root.iter() if element.get("ID")]
    assert len(ids) == len(set(ids)) >= 2
    assert all(re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.-]*", text) for text in ids)


@pytest.mark.skipif("DDI_XSD" not in os.environ, reason="DDI_XSD does not name the codebook.xsd of DDI 2.5")
def test_codebooks_are_valid_by_the_schema_of_ddi(
    awkward: dict[str, Path], panel: Path, tmp_path: Path
) -> None:
    etree = pytest.importorskip("lxml.etree")
    schema = etree.XMLSchema(etree.parse(os.environ["DDI_XSD"]))
    folders = Path(__file__).parent / "folders"
    for folder in [panel, Path("data/survey/astana_2025"), *awkward.values(), *sorted(folders.iterdir())]:
        schema.assertValid(etree.parse(str(export_survey(folder, "ddi", tmp_path / "out.xml"))))


def test_wrong_formats_folders_and_places_end_in_a_sentence(panel: Path, tmp_path: Path) -> None:
    with pytest.raises(Problem, match="choose one of sav, dta, csv, ddi"):
        export_survey(panel, "spss", tmp_path / "out")
    with pytest.raises(Problem):
        export_survey(tmp_path / "nowhere", "csv", tmp_path / "out.csv")
    with pytest.raises(Problem, match="is a folder"):
        export_survey(panel, "csv", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == []


def test_what_exists_is_written_over_only_when_asked(panel: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    out.write_text("years of work", encoding="utf-8")
    with pytest.raises(Problem, match="exists already.*--replace"):
        export_survey(panel, "csv", out)
    assert out.read_text(encoding="utf-8") == "years of work"
    export_survey(panel, "csv", out, replace=True)
    assert out.read_text(encoding="utf-8").startswith("question,")


def test_the_file_that_was_imported_is_never_written_over(tmp_path: Path) -> None:
    source = tmp_path / "panel.csv"
    source.write_text("id,q1\n1,A\n2,B\n3,A\n", encoding="utf-8")
    write_survey_folder(tmp_path / "panel", import_respondents(source).files)
    renamed = Path(shutil.copy(source, tmp_path / "renamed.csv"))
    for target in (source, renamed):
        before = target.read_bytes()
        for replace in (False, True):
            with pytest.raises(Problem, match="is the file that panel was made from"):
                export_survey(tmp_path / "panel", "csv", target, replace=replace)
        assert target.read_bytes() == before
    for name in ("responses.csv", "thesis.csv"):
        with pytest.raises(Problem, match="in the survey folder itself"):
            export_survey(tmp_path / "panel", "csv", tmp_path / "panel" / name, replace=True)


def test_a_pipe_in_place_of_the_record_is_not_waited_for(panel: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(panel, tmp_path / "panel")
    (folder / "import.json").unlink()
    os.mkfifo(folder / "import.json")
    (tmp_path / "out.csv").write_text("mine")
    with pytest.raises(Problem, match="exists already"):
        export_survey(folder, "csv", tmp_path / "out.csv")
    assert origin({"survey": str(folder)}) == []


FULL = """
import pathlib, resource, sys
from regint.survey.export import _SUFFIXES, export_survey
from textfiles.problems import Problem

place = pathlib.Path(sys.argv[2])
said = set()
for kind, suffix in _SUFFIXES.items():
    for room in (0, 1, 500, 2000):
        for before in (None, b"years of work"):
            target = place / f"out{suffix}"
            target.unlink(missing_ok=True)
            if before:
                target.write_bytes(before)
            resource.setrlimit(resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))
            try:
                export_survey(sys.argv[1], kind, target, replace=True)
                raise SystemExit(f"{kind} was written into {room} bytes")
            except Problem as error:
                said.add(str(error).partition(" cannot be written (")[2].partition(")")[2])
            resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
            assert (target.read_bytes() if target.exists() else None) == before, (kind, room)
            assert {path.name for path in place.iterdir()} <= {target.name}, kind
            target.unlink(missing_ok=True)
print(said)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only here may a process be given a small disk")
def test_a_full_disk_is_a_sentence_and_leaves_what_was_there(panel: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(panel), str(tmp_path)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == "{': free space or choose a folder that you may write to.'}\n"
    assert list(tmp_path.iterdir()) == []


def test_a_package_that_writes_something_else_is_found_out(
    panel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put, take, size = export._PACKAGES["sav"]
    spoilt = lambda frame, *given, **named: put(frame.iloc[1:], *given, **named)  # noqa: E731
    monkeypatch.setitem(export._PACKAGES, "sav", (spoilt, take, size))
    with pytest.raises(Problem, match="reads back as something else"):
        export_survey(panel, "sav", tmp_path / "out.sav")
    assert list(tmp_path.iterdir()) == []
