"""A survey folder written for other programs: CSV, SPSS, Stata, DDI."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat
from jinja2 import Environment, FileSystemLoader
from textfiles.files import digest, regular, replacing, write
from textfiles.problems import Problem
from textfiles.text import clean, escape_formula

from regint.survey.folder import unwritable
from regint.survey.schema import LABELS
from regint.survey.table import Survey, read_survey, subgroup, tidy_table


def _ddi_codebook(survey: Survey) -> str:
    """Codebook of a survey in DDI-Codebook 2.5; each option of a choose-several question is a variable."""
    table, about = tidy_table(survey), survey.metadata
    groups: dict[str, Any] = {}
    variables: dict[str, Any] = {}
    for question, row in survey.questions.iterrows():
        responses = table[table["question"] == question].to_dict("records")
        # The second is missing if one of the two is.
        numbers = {"vald": row["answered"], "invd": row["asked"] - row["answered"]}
        known = {kind: number for kind, number in numbers.items() if pd.notna(number)}
        categories = []
        for number, response in enumerate(responses, start=1):
            value = f"M{number}" if row["kind"] == "rating" else str(number)
            value = f"{response['score']:g}" if pd.notna(response["score"]) else value
            sums = response.get("weighted_count") if about.get("weight") else None
            counts = [n if pd.notna(n) else None for n in (response["count"], sums)]
            categories.append((value, response["label"], *counts, response["substantive"]))
        if row["total"] == "multiple":
            # The point keeps the name of an option apart from questions.
            names = [f"{question}.{response['response']}" for response in responses]
            groups[str(question)] = row.to_dict() | {"members": " ".join(f"v_{name}" for name in names)}
            for name, (_, label, count, *_) in zip(names, categories, strict=True):
                chosen = [("1", "Chosen", count, None, True)]
                variables[name] = {"label": label, "nature": "nominal", "known": known, "categories": chosen}
            continue
        variables[str(question)] = {
            "label": row["label"],
            "wording": row["wording"],
            "reported": row["wording_status"] == "reported",
            "nature": "ordinal" if row["scale"] == "ordered" else "nominal",
            "known": known,
            "categories": categories,
        }
    weight = ", ".join(f"{key}: {value}" for key, value in (about.get("weight") or {}).items())
    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        finalize=clean,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    template = made.get_template("codebook.xml.j2")
    return template.render(about=about, weight=weight, groups=groups, variables=variables)


_SUFFIXES = {"sav": ".sav", "dta": ".dta", "csv": ".csv", "ddi": ".xml"}
"""Formats, with the suffix of the file each writes."""

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
    if kind not in _SUFFIXES:
        raise Problem(f"{kind!r} is no format: choose one of {', '.join(_SUFFIXES)}.")
    survey = read_survey(folder)
    target = target or Path(survey.folder.name + _SUFFIXES[kind])
    _check_target(survey.folder, target, replace)
    try:
        if kind == "csv":
            write(target, _csv(survey))
        elif kind == "ddi":
            write(target, _ddi_codebook(survey))
        else:
            with replacing(target) as draft:
                _write_package(survey, kind, draft)
    except OSError as error:
        raise unwritable(target, error) from error
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
    return target.is_file() and digest(target) == source.get("sha256")


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
        if name not in LABELS or name in ("question", "response"):
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
            column_labels=[LABELS.get(name, "Number of the row") for name in frame.columns],
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
