"""Hostile labels stay labels: in the folder, in exports, in tables, sentences and figures."""

import csv
import re
import tomllib
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pyreadstat
import pytest
from regint.display import figures, style, tables
from regint.survey.export import export_survey
from regint.survey.folder import write_survey_folder
from regint.survey.table import read_survey, tidy_table
from surveyfile.importing import import_respondents
from textfiles.text import clean

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


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A survey folder `out` imported from a file that is full of one payload, by the payload."""
    found = {}
    for payload in PAYLOADS.values():
        text = str(payload["text"])
        found[text] = tmp_path_factory.mktemp("payload")
        imported = import_respondents(hostile_file(found[text], text))
        write_survey_folder(found[text] / "out", imported.files)
    return found


def test_there_are_at_least_forty() -> None:
    assert len(PAYLOADS) >= 40
    assert all({"try", "text"} == set(entry) for entry in PAYLOADS.values())


def test_labels_survive_and_counts_are_right(folders: dict[str, Path]) -> None:
    wrong = {}
    for text, folder in folders.items():
        table = tidy_table(read_survey(folder / "out"))
        first = table[table["question"] == table["question"].iloc[0]].set_index("label")["count"]
        shown = clean(text)
        counted = first.get(shown if len(shown) <= 90 else first.index[first.index != "other"][0])
        if (counted, first.get("other")) != (8, 4):
            wrong[text] = first.to_dict()
    assert wrong == {}


def test_nothing_written_is_a_formula_or_leaves_the_folder(folders: dict[str, Path]) -> None:
    wrong = []
    for text, folder in folders.items():
        table = export_survey(folder / "out", "csv", folder / "table.csv")
        for path in (table, *(folder / "out").glob("*.csv")):
            with path.open(encoding="utf-8", newline="") as stream:
                cells = [cell for row in csv.reader(stream) for cell in row]
            wrong += [(text, cell) for cell in cells if FORMULA.match(cell) and not NUMBER.fullmatch(cell)]
        table.unlink()
        identifiers = tidy_table(read_survey(folder / "out"))["response"].astype(str)
        wrong += [(text, name) for name in identifiers if not re.fullmatch(r"[a-z0-9_]+", name)]
        files = (str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
        wrong += [(text, name) for name in files if name != "answers.csv" and not name.startswith("out/")]
        wrong += [(text, path) for path in folder.parent.iterdir() if "pwned" in path.name]
    assert wrong == []


@pytest.mark.parametrize("step", [5, pytest.param(1, marks=pytest.mark.slow)])
def test_exports_carry_the_labels_as_text(folders: dict[str, Path], tmp_path: Path, step: int) -> None:
    wrong = []
    for number, (text, folder) in enumerate([*folders.items()][::step]):
        labels = tidy_table(read_survey(folder / "out"))["label"].tolist()
        ddi = ET.parse(export_survey(folder / "out", "ddi", tmp_path / f"{number}.xml")).getroot()
        told = [element.text for element in ddi.iter("{ddi:codebook:2_5}labl")]
        wrong += [(text, "ddi", label) for label in labels if label not in told]
        for kind, read in (("sav", pyreadstat.read_sav), ("dta", pyreadstat.read_dta)):
            path = export_survey(folder / "out", kind, tmp_path / f"{number}.{kind}")
            stored = list(read(str(path))[1].variable_value_labels["response"].values())
            short = [
                [label.encode()[:100].decode(errors="ignore") for label in found]
                for found in (stored, labels)
            ]
            wrong += [] if short[0] == short[1] else [(text, kind, stored)]
    assert wrong == []


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


def live(html: str) -> list[str]:
    page = _Page()
    page.feed(html)
    return page.live


def test_tables_escape(folders: dict[str, Path]) -> None:
    wrong = {}
    for text in folders:
        frame = pd.DataFrame({"label": [text], "count": [3]})
        shown = tables.show(frame, caption=text, label="tbl-x", headers={"label": text}, note=text)
        wrong[text] = live(shown._repr_mimebundle_()["text/html"])
    assert {text: found for text, found in wrong.items() if found} == {}


def test_a_figure_draws_all_labels_as_text(folders: dict[str, Path]) -> None:
    texts = list(folders)
    share = np.linspace(0.2, 0.6, len(texts))
    frame = pd.DataFrame({"label": texts, "share": share})
    caption = " ".join(texts)
    ax = style.new_axes()
    ax.scatter(share, texts)
    shown = figures.show(ax, data=frame, label="fig-x", caption=caption, alt=f"Dots for {caption}")
    plt.close("all")
    bundle = shown._repr_mimebundle_()
    svg = next(value["svg"] for kind, value in bundle.items() if kind.endswith("figure+json"))
    tags = {element.tag.rsplit("}", 1)[-1] for element in ET.fromstring(svg).iter()}
    assert tags.isdisjoint({"script", "foreignObject", "iframe", "image", "a"})
    assert [found for found in live(bundle["text/html"]) if found not in {"img", "style"}] == []


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
