"""Read and check survey.json, the description of a survey folder."""

import json
import re
from pathlib import Path
from typing import Any

from regint.survey.problems import Report, nearest, quoted
from regint.survey.schema import DISCLOSED, ID_PATTERN, METADATA_KEYS

_FILE = "survey.json"


def read_metadata(folder: Path) -> tuple[dict[str, Any], Report]:
    """
    Read survey.json and report everything wrong with it.

    Parameters
    ----------
    folder : Path
        A survey folder.

    Returns
    -------
    dict
        The content; empty if it cannot be read.
    Report
        Problems and notices.

    Examples
    --------
    >>> metadata, report = read_metadata(Path("nowhere"))
    >>> report.problems
    ['survey.json: the file is missing; add it to the folder.']
    """
    path = folder / _FILE
    if not path.is_file():
        return {}, Report([f"{_FILE}: the file is missing; add it to the folder."])
    repeated: list[str] = []
    try:
        content = json.loads(path.read_bytes().decode("utf-8-sig"), object_pairs_hook=_once(repeated))
    except UnicodeDecodeError:
        return {}, Report([f"{_FILE}: not text in UTF-8; save it in UTF-8."])
    except OSError as error:
        return {}, Report([f"{_FILE}: the file cannot be read ({error.strerror}); check its permissions."])
    except RecursionError:
        return {}, Report([f"{_FILE}: nested too deeply; write it as the README of the data shows."])
    except ValueError as error:
        return {}, Report([f"{_FILE}: not valid JSON ({error}); repair that place."])
    if not isinstance(content, dict):
        return {}, Report(
            [f"{_FILE}: must hold one object in braces; write it as the README of the data shows."]
        )
    report = Report([f"{_FILE}: the key {quoted(key)} stands twice; keep one." for key in repeated])
    _check(content, report)
    return content, report


def _once(repeated: list[str]) -> Any:
    def build(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        keys = [key for key, _ in pairs]
        repeated.extend(sorted({key for key in keys if keys.count(key) > 1}))
        return dict(pairs)

    return build


def _check(content: dict[str, Any], report: Report) -> None:
    for key in METADATA_KEYS:
        if key not in content:
            repair = nearest(key, set(content) - set(METADATA_KEYS), f"add {key!r}").replace(
                "write", "rename", 1
            )
            report.problems.append(f"{_FILE}: the key {key!r} is missing; {repair}.")
    for key in ("id", "title", "organiser", "population", "size_statement", "licence", "mode"):
        if not isinstance(content.get(key, ""), str):
            report.problems.append(f"{_FILE}: the value of {key!r} must be text in quotes; put it in quotes.")
    if isinstance(content.get("id"), str) and not re.fullmatch(ID_PATTERN, content["id"]):
        report.problems.append(
            f"{_FILE}: the id {quoted(content['id'])} must be small Latin letters, digits and underscores; "
            "rename it."
        )
    dates = content.get("fieldwork", {})
    if not isinstance(dates, dict):
        report.problems.append(
            f"{_FILE}: 'fieldwork' must hold start and end; write them as dates or empty text."
        )
    _check_list(content, "sources", ("source", "title"), report)
    _check_list(content, "disclosure", ("item", "status"), report)
    for item in content.get("disclosure", []) if not report.problems else []:
        if item["status"] not in ("", *DISCLOSED):
            report.problems.append(
                f"{_FILE}: the disclosure status {quoted(item['status'])} is not allowed; "
                f"allowed: {', '.join(DISCLOSED)}; {nearest(item['status'], DISCLOSED, 'choose one')}."
            )


def _check_list(content: dict[str, Any], key: str, needed: tuple[str, ...], report: Report) -> None:
    entries = content.get(key, [])
    if not isinstance(entries, list):
        report.problems.append(
            f"{_FILE}: {key!r} must be a list in square brackets; write one entry per item."
        )
        return
    for number, entry in enumerate(entries, start=1):
        for name in needed:
            if not isinstance(entry, dict) or not isinstance(entry.get(name), str):
                report.problems.append(f"{_FILE}: entry {number} of {key!r} lacks the text {name!r}; add it.")


def source_keys(metadata: dict[str, Any]) -> set[str]:
    """
    Give the keys by which the tables may name a source.

    Parameters
    ----------
    metadata : dict
        Content of survey.json.

    Returns
    -------
    set of str
        The keys.

    Examples
    --------
    >>> source_keys({"sources": [{"source": "report", "title": "A report"}]})
    {'report'}
    """
    return {entry["source"] for entry in metadata.get("sources", []) if isinstance(entry, dict)}
