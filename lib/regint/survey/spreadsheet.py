"""What a spreadsheet makes of cells in the language it runs in: undone where there is no doubt, and noted."""

import re

from regint.survey.files import Sheet
from regint.survey.schema import FIGURE_PATTERN, Schema

# Truth values as spreadsheets write them, by language: the file was typed as true and false.
_TRUE = {"TRUE", "WAHR", "VRAI", "VERDADERO", "VERO", "VERDADEIRO", "WAAR", "PRAWDA", "ИСТИНА", "DOĞRU"}
_FALSE = {"FALSE", "FALSCH", "FAUX", "FALSO", "ONWAAR", "FAŁSZ", "ЛОЖЬ", "YANLIŞ"}
_DECIMAL_COMMA = re.compile(r"-?[0-9]+,[0-9]+")
_DECIMAL_POINT = re.compile(r"-?[0-9]+\.[0-9]+")


def undo_language(sheet: Sheet, schema: Schema) -> None:
    """
    Turn decimal commas into points and a spreadsheet's own truth values into true and false.

    Parameters
    ----------
    sheet : Sheet
        A table as text; its cells are replaced, and a notice says so.
    schema : dict
        The schema of the table, which says where numbers and truth values stand.

    Notes
    -----
    A comma is a decimal mark where the cells are not separated by commas and no number of the table has a
    point. Anything else is left as it is, for the check to refuse.

    Examples
    --------
    >>> sheet = Sheet("r.csv", ["printed", "substantive"], [(2, {"printed": "4,3", "substantive": "WAHR"})])
    >>> sheet.delimiter = ";"
    >>> fields = [{"name": "printed", "type": "number"}, {"name": "substantive", "type": "boolean"}]
    >>> undo_language(sheet, {"fields": fields})
    >>> sheet.rows
    [(2, {'printed': '4.3', 'substantive': 'true'})]
    >>> sheet.notices[0]
    'r.csv: decimal commas were read as points, 4,3 as 4.3.'
    """
    numbers = [f["name"] for f in schema["fields"] if _is_number(f)]
    values = [cells[name] for _, cells in sheet.rows for name in numbers]
    commas = [value for value in values if _DECIMAL_COMMA.fullmatch(value)]
    if commas and sheet.delimiter != "," and not any(_DECIMAL_POINT.fullmatch(value) for value in values):
        example = f"{commas[0]} as {commas[0].replace(',', '.')}"
        sheet.notices.append(f"{sheet.name}: decimal commas were read as points, {example}.")
        _replace(sheet, numbers, {value: value.replace(",", ".") for value in commas})
    truths = [f["name"] for f in schema["fields"] if f["type"] == "boolean"]
    words = {word: "true" for word in _TRUE} | {word: "false" for word in _FALSE}
    found = sorted({cells[name] for _, cells in sheet.rows for name in truths} & words.keys())
    if found:
        read = ", ".join(f"{word} as {words[word]}" for word in found)
        sheet.notices.append(f"{sheet.name}: {read}: a spreadsheet's own words for what was typed.")
        _replace(sheet, truths, words)


def _is_number(field: Schema) -> bool:
    pattern = field.get("constraints", {}).get("pattern")
    return bool(field["type"] == "number" or pattern == FIGURE_PATTERN)


def _replace(sheet: Sheet, columns: list[str], words: dict[str, str]) -> None:
    for _, cells in sheet.rows:
        for name in columns:
            cells[name] = words.get(cells[name], cells[name])
