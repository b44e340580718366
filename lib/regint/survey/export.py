"""A survey folder written for other programs: CSV, SPSS, Stata, DDI."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pandas as pd
import pyreadstat
from textfiles.files import regular, replacing, write
from textfiles.problems import Problem
from textfiles.text import clean, escape_formula

from regint.survey.table import Survey, read_survey, subgroup, tidy_table

_NAMESPACE = "ddi:codebook:2_5"
"""XML namespace of DDI-Codebook 2.5."""


def ddi_codebook(survey: Survey) -> bytes:
    """Codebook of a survey in DDI-Codebook 2.5."""
    root = ET.Element("codeBook", {"xmlns": _NAMESPACE, "version": "2.5"})
    _study(root, survey)
    table = tidy_table(survey)
    weighted = bool(survey.metadata.get("weight"))
    data = _child(root, "dataDscr")
    several = [name for name, row in survey.questions.iterrows() if row["total"] == "multiple"]
    for question in several:
        _group(data, str(question), survey.questions.loc[question], table[table["question"] == question])
    for question, row in survey.questions.iterrows():
        own = table[table["question"] == question]
        if question in several:
            for name, (_, response) in zip(_members(str(question), own), own.iterrows(), strict=True):
                _dichotomy(data, name, response, row)
        else:
            _variable(data, str(question), row, own, weighted)
    ET.indent(root)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _child(parent: ET.Element, tag: str, text: str = "", **attributes: str) -> ET.Element:
    """Add an element, its text cleaned of characters that XML cannot hold."""
    element = ET.SubElement(parent, tag, {name: clean(value) for name, value in attributes.items()})
    if text:
        element.text = clean(text)
    return element


def _study(root: ET.Element, survey: Survey) -> None:
    """Study description: citation, scope, method."""
    about = survey.metadata
    study = _child(root, "stdyDscr")
    citation = _child(study, "citation")
    title = _child(citation, "titlStmt")
    _child(title, "titl", str(about["title"]))
    _child(title, "IDNo", str(about["id"]))
    if about.get("organiser"):
        _child(_child(citation, "prodStmt"), "producer", str(about["organiser"]))
    summary = _child(_child(study, "stdyInfo"), "sumDscr")
    dates = about.get("fieldwork") or {}
    for event in ("start", "end"):
        if dates.get(event):
            _child(summary, "collDate", str(dates[event]), date=str(dates[event]), event=event)
    if about.get("population"):
        _child(summary, "universe", str(about["population"]))
    method = _child(_child(study, "method"), "dataColl")
    if about.get("mode"):
        _child(method, "collMode", str(about["mode"]))
    if about.get("weight"):
        named = ", ".join(f"{key}: {value}" for key, value in about["weight"].items())
        _child(method, "weight", f"Stated by the user. {named}")


def _members(question: str, own: pd.DataFrame) -> list[str]:
    """Names of the variables of a choose-several question; the point keeps them apart from questions."""
    return [f"{question}.{response}" for response in own["response"]]


def _group(data: ET.Element, question: str, row: pd.Series, own: pd.DataFrame) -> None:
    """Variable group of a choose-several question."""
    members = " ".join(f"v_{name}" for name in _members(question, own))
    group = _child(data, "varGrp", ID=f"g_{question}", type="multipleResp", var=members, name=question)
    _child(group, "labl", str(row["label"]))
    if row["wording"]:
        _child(group, "txt", str(row["wording"]))


def _variable(data: ET.Element, question: str, row: pd.Series, own: pd.DataFrame, weighted: bool) -> None:
    """Variable of a choose-one question or a rating."""
    nature = "ordinal" if row["scale"] == "ordered" else "nominal"
    variable = _child(data, "var", ID=f"v_{question}", name=question, intrvl="discrete", nature=nature)
    _child(variable, "labl", str(row["label"]))
    literal = row["wording_status"] == "reported"
    if row["wording"] and literal:
        _child(_child(variable, "qstn"), "qstnLit", str(row["wording"]))
    _valid(variable, row)
    if row["wording"] and not literal:
        _child(variable, "txt", str(row["wording"]))
    for number, (_, response) in enumerate(own.iterrows(), start=1):
        score = response["score"]
        rated = row["kind"] == "rating"
        value = f"{score:g}" if pd.notna(score) else f"M{number}" if rated else str(number)
        _category(variable, value, response, weighted)
    _child(variable, "varFormat", type="numeric")


def _dichotomy(data: ET.Element, name: str, response: pd.Series, row: pd.Series) -> None:
    """Variable of one response of a choose-several question: chosen or not."""
    variable = _child(data, "var", ID=f"v_{name}", name=name, intrvl="discrete", nature="nominal")
    _child(variable, "labl", str(response["label"]))
    _valid(variable, row)
    chosen = _child(variable, "catgry")
    _child(chosen, "catValu", "1")
    _child(chosen, "labl", "Chosen")
    if pd.notna(response["count"]):
        _child(chosen, "catStat", str(int(response["count"])), type="freq")
    _child(variable, "varFormat", type="numeric")


def _valid(variable: ET.Element, row: pd.Series) -> None:
    """Numbers of those who answered and those who did not, where they are known."""
    if pd.notna(row["answered"]):
        _child(variable, "sumStat", str(int(row["answered"])), type="vald")
        if pd.notna(row["asked"]):
            _child(variable, "sumStat", str(int(row["asked"] - row["answered"])), type="invd")


def _category(variable: ET.Element, value: str, response: pd.Series, weighted: bool) -> None:
    """One response with its frequency, weighted too where weights were stated."""
    attributes: dict[str, Any] = {} if response["substantive"] else {"missing": "Y"}
    category = _child(variable, "catgry", **attributes)
    _child(category, "catValu", value)
    _child(category, "labl", str(response["label"]))
    if pd.notna(response["count"]):
        _child(category, "catStat", str(int(response["count"])), type="freq")
    if weighted and pd.notna(response.get("weighted_count")):
        _child(category, "catStat", f"{response['weighted_count']:.10g}", type="freq", wgtd="wgtd")


SUFFIXES = {"sav": ".sav", "dta": ".dta", "csv": ".csv", "ddi": ".xml"}
"""Formats, with the suffix of the file each writes."""

_LABELS = {
    "question": "Question",
    "response": "Response",
    "kind": "Kind of question",
    "printed": "Figure as printed, text",
    "base": "Denominator of the share",
    "base_status": "How the base is known",
    "count": "Respondents",
    "share": "Share of the base, 0-1",
    "substantive": "Answer in substance",
    "source": "Source",
    "locator": "Place in the source",
    "score": "Number on the scale",
    "statement": "Quantity given in words",
    "effective_base": "Kish's effective base",
    "row": "What is printed in the row",
    "by": "What the people of the row have in common",
    "group": "Which of them",
    "weighted_count": "Sum of weights",
    "weighted_share": "Weighted share, 0-1",
    "weighted_error": "Standard error of the weighted share",
    "weighted_lower": "Lower limit of the weighted share",
    "weighted_upper": "Upper limit of the weighted share",
}


_PACKAGES: dict[str, tuple[Callable[..., Any], Callable[..., Any], int]] = {
    "sav": (pyreadstat.write_sav, pyreadstat.read_sav, 64),
    "dta": (pyreadstat.write_dta, pyreadstat.read_dta, 80),
}
"""Functions that write and read the file of a statistical package, and the bytes its title may have."""


def export_survey(
    folder: str | Path, kind: str, target: Path | None = None, *, replace: bool = False
) -> Path:
    """Write a survey folder in another format, read what was written back, and only then put it in place.

    An existing file is written over only with `replace`; the file that the folder was imported from, and
    files in the folder itself, never are.
    """
    if kind not in SUFFIXES:
        raise Problem(f"{kind!r} is no format: choose one of {', '.join(SUFFIXES)}.")
    survey = read_survey(folder)
    target = target or Path(survey.folder.name + SUFFIXES[kind])
    _check_target(survey.folder, target, replace)
    try:
        if kind == "csv":
            write(target, _csv(survey))
        elif kind == "ddi":
            write(target, ddi_codebook(survey))
        else:
            with replacing(target) as draft:
                _write_package(survey, kind, draft)
    except OSError as error:
        raise Problem(
            f"{target.name} cannot be written ({error.strerror or error}): free space or choose a folder "
            "that you may write to."
        ) from error
    return target


def _check_target(folder: Path, target: Path, replace: bool) -> None:
    """Refuse to write over what no export made."""
    if target.is_dir():
        raise Problem(f"{target.name} is a folder: name a file.")
    if target.resolve().is_relative_to(folder.resolve()):
        raise Problem(f"{target.name} would stand in the survey folder itself: choose another place.")
    if not target.exists():
        return
    if _is_source(folder, target):
        raise Problem(f"{target.name} is the file that {folder.name} was made from: choose another name.")
    if not replace:
        raise Problem(f"{target.name} exists already: choose another name, or write over it with --replace.")


def _is_source(folder: Path, target: Path) -> bool:
    """Say whether a file has the name or the content of the one that the folder's record names."""
    try:
        source = json.loads(regular(folder / "import.json").read_text(encoding="utf-8"))["file"]
    except (Problem, OSError, ValueError, KeyError, TypeError):
        return False
    source = source if isinstance(source, dict) else {"name": source}
    if str(source.get("name", "")).casefold() == target.name.casefold():
        return True
    if not target.is_file():
        return False
    with target.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest() == source.get("sha256")


def _everything(survey: Survey) -> pd.DataFrame:
    """Give the tidy table; where there are groups of people, nets or means, all of them below each other."""
    table = tidy_table(survey)
    others = survey.rows[survey.rows["row"] != "answer"]
    if others.empty and not survey.groups:
        return table
    designs = survey.questions.loc[others["question"]]
    others = others.assign(
        question_label=designs["label"].to_numpy(), kind=designs["kind"].to_numpy(), base_status=""
    )
    groups = [
        tidy_table(subgroup(survey, *group)).assign(by=group[0], group=group[1]) for group in survey.groups
    ]
    tables = [table.assign(by="", group=""), *groups]
    answers = pd.concat([one.astype({"response": str}).assign(row="answer") for one in tables])
    columns = [*table.columns, "row", "by", "group"]
    return pd.concat([answers[columns], others.reindex(columns=columns)], ignore_index=True)


def _csv(survey: Survey) -> str:
    """Give the tidy table as CSV, its text safe for spreadsheets."""
    frame = _everything(survey)
    for name in frame.columns:
        if not pd.api.types.is_numeric_dtype(frame[name]):
            frame[name] = [escape_formula(str(cell)) for cell in frame[name].astype(str)]
    return str(frame.to_csv(index=False, lineterminator="\n", float_format="%.10g"))


def _labelled(survey: Survey) -> tuple[pd.DataFrame, dict[str, dict[int, str]]]:
    """Give the tidy table with questions and responses as numbers, and the labels of those numbers."""
    table = _everything(survey).reset_index(drop=True)
    questions = {name: number for number, name in enumerate(dict.fromkeys(table["question"]), start=1)}
    frame = pd.DataFrame({"number": range(1, len(table) + 1)})
    frame["question"] = [questions[name] for name in table["question"]]
    frame["response"] = frame["number"]
    for name in table.columns:
        if name not in _LABELS or name in ("question", "response"):
            continue
        column = table[name]
        numeric = pd.api.types.is_numeric_dtype(column)
        frame[name] = column.astype("float64") if numeric else column.astype(str).to_numpy(dtype=object)
    titles = dict(zip(table["question"], table["question_label"], strict=True))
    values = {
        "question": {number: titles[name] for name, number in questions.items()},
        "response": dict(zip(frame["response"], table["label"].astype(str), strict=True)),
        "substantive": {0: "no", 1: "yes"},
    }
    return frame, values


def _write_package(survey: Survey, kind: str, path: Path) -> None:
    """Write the tidy table with variable and value labels, and hold what stands in the file against it."""
    put, take, title = _PACKAGES[kind]
    frame, values = _labelled(survey)
    try:
        put(
            frame,
            path,
            file_label=_cut(str(survey.metadata.get("title", "")), title),
            column_labels=[_LABELS.get(name, "Number of the row") for name in frame.columns],
            variable_value_labels={
                name: {number: _cut(label, 120) for number, label in pairs.items()}
                for name, pairs in values.items()
            },
        )
        back, _ = take(str(path))
    except (pyreadstat.PyreadstatError, pyreadstat.ReadstatError) as error:
        raise OSError("what was written cannot be read back") from error
    numbers = frame.select_dtypes("number")
    if len(back) != len(frame) or not numbers.astype("float64").equals(back[[*numbers]].astype("float64")):
        raise OSError("what was written reads back as something else")


def _cut(text: str, size: int) -> str:
    """Text cut to a number of bytes of UTF-8, whole letters only."""
    return text.encode("utf-8")[:size].decode("utf-8", "ignore")
