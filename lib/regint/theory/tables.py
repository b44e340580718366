"""Tables of theory and context, read with their sources; dates known to the day, month or year."""

import json
import re
from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
from textfiles.files import locate, regular
from textfiles.problems import Problem, nearest

from regint.survey.csv_text import Sheet, read_sheet
from regint.survey.validate import check_sheet, typed_frame

MARKS = {"verified": "", "conflicting": "\u2021", "unverified": "\u2020"}
_ENTRY = re.compile(r"^@\w+\{([^,\s]+),", re.MULTILINE)


@cache
def _citation_keys() -> frozenset[str]:
    """List the works that can be cited."""
    return frozenset(_ENTRY.findall(regular(locate("data/references.bib")).read_text(encoding="utf-8")))


def _source_keys() -> frozenset[str]:
    """List the keys that a row may name as its source: pages seen, and works of the bibliography."""
    return _column("sources", "key") | _citation_keys()


def read_table(name: str, path: str | Path | None = None) -> pd.DataFrame:
    """
    Read a table of the data package, or a replacement with the same columns.

    Parameters
    ----------
    name : str
        Name of the resource in ``data/datapackage.json``, such as ``"theories"``.
    path : str or Path, optional
        Another file to read with the same schema; the shipped one when omitted.

    Returns
    -------
    DataFrame
        Columns as the schema lists them: text as text, ``integer`` as Int64, ``number`` as float64.

    Raises
    ------
    Problem
        With every problem of the table: wrong cells, repeated keys, unknown references and sources.

    Examples
    --------
    >>> read_table("balassa_stages")["stage"].to_list()
    ['PTA', 'FTA', 'CU', 'CM', 'EUN', 'TEI']
    """
    resource = _resource(name)
    found = locate(path or f"data/{resource['path']}")
    if found.is_dir():
        raise Problem(f"The path {str(path)!r} is a folder; give the CSV file itself.")
    schema = resource["schema"]
    fields = [field["name"] for field in schema["fields"]]
    required = [f["name"] for f in schema["fields"] if f.get("constraints", {}).get("required")]
    sheet = read_sheet(found, fields, required)
    check_sheet(sheet, schema)
    _check_links(sheet, schema)
    _check_sources(sheet)
    if sheet.problems:
        raise Problem(*sheet.problems)
    return typed_frame(sheet, schema)


def marked(frame: pd.DataFrame, column: str | None = None) -> pd.DataFrame:
    """
    Put the mark of unverified and conflicting facts where a reader sees it.

    A page that shows a fact from these tables shows it through this function.

    Parameters
    ----------
    frame : DataFrame
        Rows with a ``status``.
    column : str, optional
        Text column that takes the mark as a dagger (unverified) or double dagger (sources differ).

    Returns
    -------
    DataFrame
        A copy with ``mark`` in words, empty for verified rows, and the daggers in `column` if one was named.

    Raises
    ------
    Problem
        If a status is missing or unknown: an unmarked fact would pass for a verified one.

    Examples
    --------
    >>> facts = pd.DataFrame({"fact": ["a", "b"], "status": ["verified", "unverified"]})
    >>> marked(facts, "fact")[["fact", "mark"]].to_dict("list")
    {'fact': ['a', 'b\u2020'], 'mark': ['', 'unverified']}
    """
    if "status" not in frame or not frame["status"].isin(MARKS).all():
        raise Problem(f"Rows to be shown need a status out of {', '.join(MARKS)}; add it to every row.")
    words = frame["status"].where(frame["status"].ne("verified"), "")
    shown = frame.assign(mark=words)
    return shown if column is None else shown.assign(**{column: frame[column] + frame["status"].map(MARKS)})


def referenced(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """
    Put the mark of a fact and, in brackets, the keys of its sources behind its text.

    Parameters
    ----------
    frame : DataFrame
        Rows with a ``status`` and a ``source``.
    column : str
        Text column that takes both.

    Returns
    -------
    DataFrame
        A copy, as `marked` returns it.

    Examples
    --------
    >>> facts = pd.DataFrame({"fact": ["a"], "source": ["B1;T2"], "status": ["unverified"]})
    >>> referenced(facts, "fact")["fact"].item()
    'a† (B1, T2)'
    """
    keys = frame["source"].str.replace(r"\s*;\s*", ", ", regex=True)
    shown = marked(frame, column)
    return shown.assign(**{column: shown[column] + " (" + keys + ")"})


def cited_sources(*frames: pd.DataFrame) -> pd.DataFrame:
    """
    List the pages that the rows of some tables rest on, for the reader who wants to look.

    Parameters
    ----------
    *frames : DataFrame
        Rows with a ``source`` column.

    Returns
    -------
    DataFrame
        The sources table's rows, and ``page``: title, kind of page and mark. Works of the
        bibliography are left to the reference list.

    Examples
    --------
    >>> cited_sources(pd.DataFrame({"source": ["B1;balassa1961", "B1"]}))["key"].to_list()
    ['B1']
    """
    named = {key.strip() for frame in frames for cell in frame["source"] for key in str(cell).split(";")}
    cited = read_table("sources").loc[lambda rows: rows["key"].isin(named)].reset_index(drop=True)
    return marked(cited.assign(page=cited["title"] + ": " + cited["kind"]), "page")


def read_option_coding(path: str | Path = "data/theory/option_coding.csv") -> pd.DataFrame:
    """
    Read a coding of survey options.

    Parameters
    ----------
    path : str or Path
        A CSV file with the columns of the shipped coding.

    Returns
    -------
    DataFrame
        ``question``, ``response``, ``coder``, ``primary``, ``primary_sign``, ``alternative``,
        ``alternative_sign`` (<NA> without an alternative), ``rationale``, ``source``, ``locator`` and
        ``status``.

    Raises
    ------
    Problem
        With every problem: unknown theories or sources, an alternative equal to the primary reading, a sign
        without a theory or a theory without a sign.

    Examples
    --------
    >>> coding = read_option_coding()
    >>> coding["coder"].value_counts().to_dict()
    {'collection': 73, 'paper': 18}
    """
    coding = read_table("option_coding", path)
    problems = [*_unknown_theories(coding), *_odd_alternatives(coding)]
    if problems:
        raise Problem(*problems)
    return coding


def _unknown_theories(coding: pd.DataFrame) -> Iterator[str]:
    known = [*read_table("theories")["theory"], "none"]
    for column in ("primary", "alternative"):
        for row in coding[~coding[column].isin([*known, ""])].itertuples():
            value = str(getattr(row, column))
            near = get_close_matches(value.upper(), known, n=1)
            repair = f"write {near[0]!r} if that is meant" if near else "use a code of theories.csv, or none"
            place = f"Coding, {row.question}, {row.response}"
            yield f"{place}: the {column} theory {value!r} is unknown; {repair}."


def _odd_alternatives(coding: pd.DataFrame) -> Iterator[str]:
    for row in coding.itertuples():
        place = f"Coding, {row.question}, {row.response}"
        if row.alternative == row.primary:
            yield f"{place}: the alternative repeats the primary theory; name another or leave it empty."
        if (row.alternative == "") != pd.isna(row.alternative_sign):
            yield f"{place}: an alternative needs both a theory and a sign; fill or empty both."


def _resource(name: str) -> dict[str, Any]:
    package = json.loads(regular(locate("data/datapackage.json")).read_text(encoding="utf-8"))
    resources: dict[str, dict[str, Any]] = {r["name"]: r for r in package["resources"]}
    if name not in resources:
        repair = nearest(name, resources, "use a name listed in data/datapackage.json")
        raise Problem(f"No table is called {name!r}; {repair}.")
    return resources[name]


def _column(name: str, column: str) -> frozenset[str]:
    """Read one column of another shipped table as text, without checking that table."""
    path = locate(f"data/{_resource(name)['path']}")
    return _cells(path, path.stat().st_mtime_ns, column)


@cache
def _cells(path: Path, changed: int, column: str) -> frozenset[str]:
    """Read one column of a table, and again only when its file has changed."""
    return frozenset(cells[column] for _, cells in read_sheet(path, [column], []).rows)


def _check_links(sheet: Sheet, schema: dict[str, Any]) -> None:
    for link in schema.get("foreignKeys", []):
        column, target = link["fields"][0], link["reference"]
        known = _column(target["resource"], target["fields"][0])
        for row, cells in sheet.rows:
            if cells[column] and cells[column] not in known:
                allowed = f"a {target['fields'][0]} of the table {target['resource']}"
                repair = nearest(cells[column], known, "add it there or correct it here")
                sheet.refuse(row, column, cells[column], allowed, repair)


def _check_sources(sheet: Sheet) -> None:
    """Check the columns that hold one or more keys, separated by semicolons."""
    for column, where, keys in (
        ("source", "sources.csv or references.bib", _source_keys),
        ("key_works", "references.bib", _citation_keys),
    ):
        known = keys() if column in sheet.columns else frozenset()
        for row, cells in sheet.rows if known else ():
            for key in filter(None, map(str.strip, cells[column].split(";"))):
                if key not in known:
                    repair = "add the source there or correct the key"
                    sheet.refuse(row, column, key, f"a key of {where}", repair)


def date_bounds(text: str) -> tuple[pd.Timestamp, pd.Timestamp]:
    """First and last day that a date of year, month or day precision can mean."""
    if re.fullmatch(r"\d{4}(-\d{2}){0,2}", text):
        try:
            period = pd.Period(text, freq={4: "Y", 7: "M", 10: "D"}[len(text)])
        except ValueError:
            pass
        else:
            return period.start_time.normalize(), period.end_time.normalize()
    raise Problem(f"'{text}' is not a date; write YYYY, YYYY-MM or YYYY-MM-DD, for example 2025-06.")
