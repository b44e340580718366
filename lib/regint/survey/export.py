"""Write a survey folder for other programs: SPSS, Stata, spreadsheets, and its codebook as DDI."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyreadstat

from regint.survey.ddi import ddi_codebook
from regint.survey.imports.cells import guarded
from regint.survey.imports.sniffing import ReadingError
from regint.survey.published import Survey, read_survey, tidy_table

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
    """Write a survey folder in another format.

    The tables hold one row per question and response, with the labels of both; a figure that is unknown stays
    empty.

    Parameters
    ----------
    folder : str or Path
        Survey folder.
    kind : str
        `sav`, `dta`, `csv`, or `ddi` for the codebook alone.
    target : Path, optional
        File to write; the folder's name with the suffix of the format when absent.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    ReadingError
        When the format is unknown or the file cannot be written.
    SurveyError
        When the folder is not in order.

    Examples
    --------
    >>> path = export_survey("data/survey/astana_2025", "csv", Path(tempfile.mkdtemp()) / "astana.csv")
    >>> path.read_text(encoding="utf-8").splitlines()[0][:30]
    'question,question_label,respon'
    """
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
            frame[name] = [guarded(str(cell)) for cell in frame[name].astype(str)]
    frame.to_csv(path, index=False, encoding="utf-8", lineterminator="\n", float_format="%.10g")


def _labelled(survey: Survey) -> tuple[pd.DataFrame, dict[str, dict[int, str]]]:
    """Give the tidy table with questions and responses as numbers, and the labels of those numbers.

    A response means something only within its question, so its number runs through the whole survey.
    """
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
