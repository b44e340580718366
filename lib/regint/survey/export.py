"""A survey folder written for other programs: CSV, SPSS, Stata, DDI."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pandas as pd
import pyreadstat
from surveyfile.identify import ReadingError
from textfiles.text import escape_formula

from regint.survey.table import Survey, read_survey, tidy_table

NAMESPACE = "ddi:codebook:2_5"
"""XML namespace of DDI-Codebook 2.5."""


def ddi_codebook(survey: Survey) -> bytes:
    """Codebook of a survey in DDI-Codebook 2.5."""
    root = ET.Element("codeBook", {"xmlns": NAMESPACE, "version": "2.5"})
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
    """Add an element; characters XML cannot hold are left out."""
    element = ET.SubElement(parent, tag, {name: _legal(value) for name, value in attributes.items()})
    if text:
        element.text = _legal(text)
    return element


def _legal(text: str) -> str:
    """Text without the characters that XML 1.0 forbids."""
    return "".join(
        c
        for c in text
        if c in "\t\n\r" or " " <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c >= "\U00010000"
    )


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
    _wording(variable, row)
    _valid(variable, row)
    if row["wording"] and row["wording_status"] != "reported":
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


def _wording(variable: ET.Element, row: pd.Series) -> None:
    """Question text, where it is known word for word."""
    if row["wording"] and row["wording_status"] == "reported":
        _child(_child(variable, "qstn"), "qstnLit", str(row["wording"]))


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
    "weighted_count": "Sum of weights",
    "weighted_share": "Weighted share, 0-1",
    "weighted_error": "Standard error of the weighted share",
    "weighted_lower": "Lower limit of the weighted share",
    "weighted_upper": "Upper limit of the weighted share",
}


def export_survey(folder: str | Path, kind: str, target: Path | None = None) -> Path:
    """Write a survey folder in another format."""
    if kind not in SUFFIXES:
        raise ReadingError(f"{kind!r} is no format: choose one of {', '.join(SUFFIXES)}.")
    survey = read_survey(folder)
    target = target or Path(survey.folder.name + SUFFIXES[kind])
    writers: dict[str, Callable[[Survey, Path], None]] = {
        "sav": _write_sav,
        "dta": _write_dta,
        "csv": _write_csv,
        "ddi": lambda s, path: _write_bytes(path, ddi_codebook(s)),
    }
    _atomically(target, lambda draft: writers[kind](survey, draft))
    return target


def _atomically(target: Path, write: Callable[[Path], None]) -> None:
    """Write to a temporary file beside the target, then rename."""
    if target.is_dir():
        raise ReadingError(f"{target.name} is a folder: name a file.")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".regint-", suffix=target.suffix, dir=target.parent)
        os.close(handle)
        draft = Path(name)
        try:
            write(draft)
            draft.chmod(0o644)
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise ReadingError(
            f"{target.name} cannot be written ({error.strerror}): choose a folder you may write to."
        ) from error


def _write_bytes(path: Path, content: bytes) -> None:
    """Write bytes."""
    path.write_bytes(content)


def _write_csv(survey: Survey, path: Path) -> None:
    """Write the tidy table as CSV, its text safe for spreadsheets."""
    frame = tidy_table(survey)
    for name in frame.columns:
        if not pd.api.types.is_numeric_dtype(frame[name]):
            frame[name] = [escape_formula(str(cell)) for cell in frame[name].astype(str)]
    frame.to_csv(path, index=False, encoding="utf-8", lineterminator="\n", float_format="%.10g")


def _labelled(survey: Survey) -> tuple[pd.DataFrame, dict[str, dict[int, str]]]:
    """Give the tidy table with questions and responses as numbers, and the labels of those numbers."""
    table = tidy_table(survey).reset_index(drop=True)
    questions = {name: number for number, name in enumerate(dict.fromkeys(table["question"]), start=1)}
    frame = pd.DataFrame({"row": range(1, len(table) + 1)})
    frame["question"] = [questions[name] for name in table["question"]]
    frame["response"] = frame["row"]
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


def _write_sav(survey: Survey, path: Path) -> None:
    """Write the tidy table as an SPSS file with variable and value labels."""
    frame, values = _labelled(survey)
    labels: dict[str, str | None] = {name: text for name, text in _LABELS.items() if name in frame}
    pyreadstat.write_sav(
        frame,
        path,
        file_label=_cut(str(survey.metadata.get("title", "")), 64),
        column_labels=labels,
        variable_value_labels={
            name: {k: _cut(v, 120) for k, v in pairs.items()} for name, pairs in values.items()
        },
    )


def _write_dta(survey: Survey, path: Path) -> None:
    """Write the tidy table as a Stata file with variable and value labels."""
    frame, values = _labelled(survey)
    labels: list[str | None] = [_LABELS.get(name, "Row") for name in frame.columns]
    pyreadstat.write_dta(
        frame,
        path,
        file_label=_cut(str(survey.metadata.get("title", "")), 80),
        column_labels=labels,
        variable_value_labels={
            name: {k: _cut(v, 120) for k, v in pairs.items()} for name, pairs in values.items()
        },
    )


def _cut(text: str, size: int) -> str:
    """Text cut to a number of bytes of UTF-8, whole letters only."""
    return text.encode("utf-8")[:size].decode("utf-8", "ignore")
