"""Check text cells against a table schema: types, constraints, keys; every problem a sentence."""

import re
from typing import Any

import pandas as pd

from regint.survey.files import Sheet
from regint.survey.problems import cell_problem, nearest
from regint.survey.schema import FIGURE_PATTERN, ID_PATTERN, RESPONSE_PATTERN, Schema

_WHOLE = re.compile(r"0|-?[1-9][0-9]{0,17}")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,11})(\.[0-9]{1,9})?")
_BOOLEANS = {"true": True, "false": False}
_READABLE = {
    FIGURE_PATTERN: "the printed percentage, digits with an optional decimal point, 0 to 100",
    ID_PATTERN: "small Latin letters, digits and underscores, a letter first",
    RESPONSE_PATTERN: "small Latin letters, digits and underscores",
}


def check_sheet(sheet: Sheet, schema: Schema) -> None:
    """
    Check every cell of a sheet and add the problems to it.

    Parameters
    ----------
    sheet : Sheet
        A table as text.
    schema : dict
        A Frictionless table schema.

    Examples
    --------
    >>> sheet = Sheet("t.csv", ["base"], [(2, {"base": "fifty"})])
    >>> check_sheet(sheet, {"fields": [{"name": "base", "type": "integer"}]})
    >>> sheet.problems
    ["t.csv, row 2, column base: value 'fifty'; allowed: a whole number in digits; write digits only."]
    """
    for row, cells in sheet.rows:
        for field in schema["fields"]:
            problem = _cell(field, cells[field["name"]])
            if problem:
                sheet.bad_rows.add(row)
                sheet.problems.append(
                    cell_problem(sheet.name, row, field["name"], cells[field["name"]], *problem)
                )
    _check_key(sheet, schema.get("primaryKey", []))


def _cell(field: dict[str, Any], value: str) -> tuple[str, str] | None:
    """Return (allowed, repair) for a bad cell, nothing for a good one."""
    rules = field.get("constraints", {})
    if value == "":
        return (field["description"].lower(), "fill the cell") if rules.get("required") else None
    if "enum" in rules and value not in rules["enum"]:
        allowed = ", ".join(rules["enum"])
        return allowed, nearest(value, rules["enum"], "write one of these words")
    if "pattern" in rules and not re.fullmatch(rules["pattern"], value):
        return _READABLE.get(rules["pattern"], rules["pattern"]), _pattern_repair(rules["pattern"], value)
    if field["type"] == "boolean" and value not in _BOOLEANS:
        return "true, false", nearest(value, _BOOLEANS, "write true or false")
    if field["type"] == "number" and not _NUMBER.fullmatch(value):
        return "a number with a decimal point", "write digits only, with a point for decimals"
    return _integer(value, rules) if field["type"] == "integer" else None


def _integer(value: str, rules: dict[str, Any]) -> tuple[str, str] | None:
    if not _WHOLE.fullmatch(value):
        return "a whole number in digits", "write digits only"
    least, most = rules.get("minimum"), rules.get("maximum")
    if (least is not None and int(value) < least) or (most is not None and int(value) > most):
        bound = f"at least {least}" if most is None else f"from {least} to {most}"
        return f"a whole number {bound}", "check the source, or leave the cell empty if the number is unknown"
    return None


def _pattern_repair(pattern: str, value: str) -> str:
    if pattern == FIGURE_PATTERN:
        return _figure_repair(value)
    plain = re.sub(r"[^a-z0-9]+", "_", value.encode("ascii", "ignore").decode().lower()).strip("_")
    if plain and re.fullmatch(pattern, plain):
        return f"write {plain!r}, here and wherever the name is used"
    return "choose a plain name, here and wherever the name is used"


def _figure_repair(value: str) -> str:
    """Say what is wrong with a figure in terms of how it probably came about."""
    if re.fullmatch(r"[0-9]{1,4}[-./ ]+([^\W\d_]{3,}|[0-9]{1,2}[-./][0-9]{2,4})\.?", value):
        return "a spreadsheet took the figure for a date; make the column text there, then type it again"
    digits = value.translate(str.maketrans("OoОоlI", "000011"))
    if re.fullmatch(r"[0-9]+,[0-9]+", value):
        return f"write the decimal comma as a point: {value.replace(',', '.')}"
    if re.fullmatch(r"[<>~≈]?\s*[0-9.,]+\s*%", value):
        return "leave out the percent sign and other marks"
    if digits != value and re.fullmatch(FIGURE_PATTERN, digits):
        return f"it contains a letter that looks like a digit; write {digits}"
    if re.fullmatch(r"[-\u2212\u2013][0-9.]+", value):
        return "a share cannot be negative; check the source"
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?", value) and float(value) > 100:
        return "a share cannot exceed 100; check the source, or put a number of people into the column count"
    return "write it as the source does, such as 43.5, or leave the cell empty if no figure is printed"


def _check_key(sheet: Sheet, key: list[str]) -> None:
    first: dict[tuple[str, ...], int] = {}
    for row, cells in sheet.rows:
        values = tuple(cells[name] for name in key)
        if not key or not all(values):
            continue
        if values in first:
            repair = f"row {first[values]} has it already; rename or delete one of the two"
            column = " and ".join(key)
            problem = cell_problem(sheet.name, row, column, ", ".join(values), "each only once", repair)
            sheet.problems.append(problem)
        first.setdefault(values, row)


def typed_frame(sheet: Sheet, schema: Schema) -> pd.DataFrame:
    """
    Convert a checked sheet by its schema.

    Parameters
    ----------
    sheet : Sheet
        A table that `check_sheet` found without problems.
    schema : dict
        The same schema.

    Returns
    -------
    DataFrame
        Text stays text (empty cells are empty text); ``integer`` becomes Int64, ``number`` float64,
        ``boolean`` bool.

    Examples
    --------
    >>> sheet = Sheet("t.csv", ["base"], [(2, {"base": "50"}), (3, {"base": ""})])
    >>> typed_frame(sheet, {"fields": [{"name": "base", "type": "integer"}]})["base"].to_list()
    [50, <NA>]
    """
    columns: dict[str, Any] = {}
    for field in schema["fields"]:
        texts = [cells[field["name"]] for _, cells in sheet.rows]
        if field["type"] == "integer":
            columns[field["name"]] = pd.array([int(t) if t else None for t in texts], dtype="Int64")
        elif field["type"] == "number":
            columns[field["name"]] = [float(t) if t else float("nan") for t in texts]
        elif field["type"] == "boolean":
            columns[field["name"]] = [_BOOLEANS.get(t, False) for t in texts]
        else:
            columns[field["name"]] = pd.array(texts, dtype="str")
    return pd.DataFrame(columns)
