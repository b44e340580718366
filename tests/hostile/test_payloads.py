"""Hostile labels stay labels: in the folder, in exports, in tables, sentences and figures."""

import csv
import re
import tomllib
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import matplotlib.pyplot as plt
import pandas as pd
import pyreadstat
import pytest
from regint.display import figures, tables
from regint.survey.export import export_survey
from regint.survey.folder import write_survey_folder
from regint.survey.table import read_survey, tidy_table
from surveyfile.columns import tidy_text
from surveyfile.importing import Imported, import_respondents

PAYLOADS = tomllib.loads((Path(__file__).parent / "payloads.toml").read_text(encoding="utf-8"))
FORMULA = re.compile(r"\s*[=+\-@\t\r]")
NUMBER = re.compile(r"-?\d+(\.\d+)?")


def hostile_file(folder: Path, text: str, name: str = "answers.csv") -> Path:
    """Answers, column names and a free text that all carry the payload."""
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["id", text, "calm"])
        for number in range(12):
            writer.writerow([number, text if number % 3 else "other", "yes" if number % 2 else text])
    return path


def imported(folder: Path, text: str) -> Imported:
    return import_respondents(hostile_file(folder, text))


@pytest.fixture(params=PAYLOADS)
def text(request: pytest.FixtureRequest) -> str:
    return str(PAYLOADS[request.param]["text"])


def test_there_are_at_least_thirty() -> None:
    assert len(PAYLOADS) >= 40
    assert all({"try", "text"} == set(entry) for entry in PAYLOADS.values())


def test_label_survives_and_counts_are_right(text: str, tmp_path: Path) -> None:
    write_survey_folder(tmp_path / "out", imported(tmp_path, text).files)
    table = tidy_table(read_survey(tmp_path / "out"))
    first = table[table["question"] == table["question"].iloc[0]].set_index("label")["count"]
    shown = tidy_text(text)
    assert first[shown if len(shown) <= 90 else first.index[first.index != "other"][0]] == 8
    assert first["other"] == 4


def test_nothing_written_is_a_formula_or_leaves_the_folder(text: str, tmp_path: Path) -> None:
    out = tmp_path / "site" / "out"
    write_survey_folder(out, imported(tmp_path, text).files)
    export_survey(out, "csv", tmp_path / "site" / "table.csv")
    for path in [*out.glob("*.csv"), tmp_path / "site" / "table.csv"]:
        with path.open(encoding="utf-8", newline="") as stream:
            cells = [cell for row in csv.reader(stream) for cell in row]
        assert not [cell for cell in cells if FORMULA.match(cell) and not NUMBER.fullmatch(cell)]
    for identifier in tidy_table(read_survey(out))["response"].astype(str):
        assert re.fullmatch(r"[a-z0-9_]+", identifier)
    files = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file())
    assert all(name == "answers.csv" or name.startswith("site/") for name in files)


def test_exports_carry_the_label_as_text(text: str, tmp_path: Path) -> None:
    write_survey_folder(tmp_path / "out", imported(tmp_path, text).files)
    labels = tidy_table(read_survey(tmp_path / "out"))["label"].tolist()
    ddi = ET.parse(export_survey(tmp_path / "out", "ddi", tmp_path / "book.xml")).getroot()
    found = [element.text for element in ddi.iter("{ddi:codebook:2_5}labl")]
    assert set(labels) <= set(found)
    for kind, read in (("sav", pyreadstat.read_sav), ("dta", pyreadstat.read_dta)):
        meta: Any = read(str(export_survey(tmp_path / "out", kind, tmp_path / f"t.{kind}")))[1]
        stored = list(meta.variable_value_labels["response"].values())
        assert [label.encode()[:100].decode(errors="ignore") for label in stored] == [
            label.encode()[:100].decode(errors="ignore") for label in labels
        ]


class _Page(HTMLParser):
    """Collects what could act in a page."""

    def __init__(self) -> None:
        super().__init__()
        self.live: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"script", "iframe", "object", "embed", "form", "base", "meta", "style", "img", "link"}:
            self.live.append(tag)
        for name, value in attrs:
            acts = name.startswith("on") or (
                name in {"href", "src", "action", "srcdoc", "xlink:href"}
                and "javascript:" in (value or "").lower()
            )
            self.live += [name] if acts else []


def test_tables_escape(text: str) -> None:
    frame = pd.DataFrame({"label": [text], "count": [3]})
    bundle = tables.show(
        frame, caption=text, label="tbl-x", headers={"label": text}, note=text
    )._repr_mimebundle_()
    page = _Page()
    page.feed(bundle["text/html"])
    assert page.live == []


@pytest.mark.slow
def test_figures_draw_the_label_as_text(text: str) -> None:
    frame = pd.DataFrame(
        {"label": [text, "other"], "share": [0.6, 0.4], "lower": [0.4, 0.2], "upper": [0.8, 0.6]}
    )
    shown = figures.show(
        figures.draw_ranked_dots(frame), data=frame, label="fig-x", caption=text, alt=f"Dots for {text}"
    )
    plt.close("all")
    bundle = shown._repr_mimebundle_()
    svg = next(value["svg"] for kind, value in bundle.items() if kind.endswith("figure+json"))
    tags = {element.tag.rsplit("}", 1)[-1] for element in ET.fromstring(svg).iter()}
    assert tags.isdisjoint({"script", "foreignObject", "iframe", "image", "a"})
    page = _Page()
    page.feed(bundle["text/html"])
    assert [found for found in page.live if found not in {"img", "style"}] == []


@pytest.mark.parametrize(
    "name",
    [
        "<img src=x onerror=alert(1)>.csv",
        "$(touch pwned).csv",
        "=cmd.csv",
        "-rf.csv",
        "a;b.csv",
        "ǘber.csv",
        "'.csv",
    ],
)
def test_file_names_are_only_names(name: str, tmp_path: Path) -> None:
    path = hostile_file(tmp_path, "plain", name)
    result = import_respondents(path)
    write_survey_folder(tmp_path / "out", result.files)
    survey = read_survey(tmp_path / "out")
    assert re.fullmatch(r"[a-z][a-z0-9_]*", survey.metadata["id"])
    assert not (tmp_path / "pwned").exists()
    assert str(tmp_path) not in "".join(result.files.values())
