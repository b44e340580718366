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
    table = tidy_table(survey)
    weighted = bool(survey.metadata.get("weight"))
    groups, variables = [], []
    for question, row in survey.questions.iterrows():
        responses = table[table["question"] == question].to_dict("records")
        if row["total"] != "multiple":
            variables.append(_question(str(question), row, responses, weighted))
            continue
        # A variable for each response, chosen or not; the point keeps its name apart from questions.
        names = [f"{question}.{response['response']}" for response in responses]
        members = {"type": "multipleResp", "var": " ".join(f"v_{name}" for name in names)}
        texts = [_element("labl", row["label"]), *_optional("txt", row["wording"])]
        groups.append(_element("varGrp", *texts, ID=f"g_{question}", **members, name=str(question)))
        for name, response in zip(names, responses, strict=True):
            chosen = _category("1", "Chosen", {"count": response["count"]})
            variables.append(_variable(name, [_element("labl", response["label"]), *_known(row), chosen]))
    data = _element("dataDscr", *groups, *variables)
    root = _element("codeBook", _study(survey.metadata), data, xmlns=_NAMESPACE, version="2.5")
    ET.indent(root)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _element(tag: str, *content: object, **attributes: str) -> ET.Element:
    """Make an element of others, or of text, cleaned of characters that XML cannot hold."""
    element = ET.Element(tag, {name: clean(value) for name, value in attributes.items()})
    for part in content:
        if isinstance(part, ET.Element):
            element.append(part)
        else:
            element.text = clean(part)
    return element


def _optional(tag: str, text: object, **attributes: str) -> list[ET.Element]:
    """Make an element where there is something to put into it."""
    return [_element(tag, text, **attributes)] if text else []


def _study(about: dict[str, Any]) -> ET.Element:
    """Study description: citation, scope, method."""
    title = _element("titlStmt", _element("titl", about["title"]), _element("IDNo", about["id"]))
    producer = _optional("producer", about.get("organiser"))
    dates = about.get("fieldwork") or {}
    days = [(event, dates[event]) for event in ("start", "end") if dates.get(event)]
    scope = [_element("collDate", day, date=str(day), event=event) for event, day in days]
    weight = ", ".join(f"{key}: {value}" for key, value in (about.get("weight") or {}).items())
    method = _optional("collMode", about.get("mode"))
    method += [_element("weight", f"Stated by the user. {weight}")] if weight else []
    return _element(
        "stdyDscr",
        _element("citation", title, *([_element("prodStmt", *producer)] if producer else [])),
        _element("stdyInfo", _element("sumDscr", *scope, *_optional("universe", about.get("population")))),
        _element("method", _element("dataColl", *method)),
    )


def _question(
    question: str, row: pd.Series[Any], responses: list[dict[Any, Any]], weighted: bool
) -> ET.Element:
    """Variable of a choose-one question or a rating."""
    parts, text = [_element("labl", row["label"])], _optional("txt", row["wording"])
    if text and row["wording_status"] == "reported":
        parts, text = [*parts, _element("qstn", _element("qstnLit", row["wording"]))], []
    parts += [*_known(row), *text]
    for number, response in enumerate(responses, start=1):
        score = response["score"]
        value = f"M{number}" if row["kind"] == "rating" else str(number)
        value = f"{score:g}" if pd.notna(score) else value
        counted = response if weighted else {"count": response["count"]}
        missing = {} if response["substantive"] else {"missing": "Y"}
        parts.append(_category(value, response["label"], counted, **missing))
    return _variable(question, parts, "ordinal" if row["scale"] == "ordered" else "nominal")


def _variable(name: str, parts: list[ET.Element], nature: str = "nominal") -> ET.Element:
    about = {"ID": f"v_{name}", "name": name, "intrvl": "discrete", "nature": nature}
    return _element("var", *parts, _element("varFormat", type="numeric"), **about)


def _known(row: pd.Series[Any]) -> list[ET.Element]:
    """Numbers of those who answered and those who did not, where they are known."""
    asked, answered = row["asked"], row["answered"]
    numbers = {"vald": answered, "invd": asked - answered}  # missing if one of the two is
    return [_element("sumStat", int(n), type=kind) for kind, n in numbers.items() if pd.notna(n)]


def _category(value: str, label: str, counted: dict[Any, Any], **attributes: str) -> ET.Element:
    """One response with its frequency, weighted too where weights were stated."""
    parts = [_element("catValu", value), _element("labl", label)]
    if pd.notna(counted["count"]):
        parts.append(_element("catStat", int(counted["count"]), type="freq"))
    if pd.notna(counted.get("weighted_count")):
        parts.append(_element("catStat", f"{counted['weighted_count']:.10g}", type="freq", wgtd="wgtd"))
    return _element("catgry", *parts, **attributes)


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
