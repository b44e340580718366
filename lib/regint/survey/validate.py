"""What a survey folder must hold: columns, values, links, and the file that describes it."""

import json
import re
from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from math import inf
from pathlib import Path
from typing import Any

import pandas as pd
from textfiles.problems import Problem, nearest, quoted
from textfiles.text import skeleton

from regint.percentages.means import fitting_denominators, mean_totals
from regint.survey.claim_language import Names, bind, parse, quantities
from regint.survey.count_ranges import (
    BOUNDS_IN_WORDS,
    RECORDED,
    bases_beside_counts,
    count_agrees,
    question_ranges,
    recorded_misfits,
)
from regint.survey.csv_text import Sheet
from regint.survey.schema import EXAMPLE_NOTE, FIGURE_PATTERN, ID_PATTERN, RESPONSE_PATTERN, SURVEY, Schema

_WHOLE = re.compile(r"0|-?[1-9][0-9]{0,17}")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,11})(\.[0-9]{1,9})?")
_BOOLEANS = ("true", "false")
_DECIMALS = "a number with a decimal point", "write digits only, with a point for decimals"
_READABLE = {
    ID_PATTERN: "small Latin letters, digits and underscores, a letter first",
    RESPONSE_PATTERN: "small Latin letters, digits and underscores",
}


def check_sheet(sheet: Sheet, schema: Schema) -> None:
    """Check every cell of a sheet and add the problems to it."""
    for row, cells in sheet.rows:
        for field in schema["fields"]:
            if problem := _cell(field, cells[field["name"]]):
                sheet.bad_rows.add(row)
                sheet.refuse(row, field["name"], cells[field["name"]], *problem)
    key, names = schema.get("primaryKey", []), [field["name"] for field in schema["fields"]]
    _check_key(sheet, [*key[:1], *(name for name in ("by", "group") if name in names), *key[1:]])


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
        return _DECIMALS
    if field["type"] != "integer":
        return None
    if not _WHOLE.fullmatch(value):
        return "a whole number in digits", "write digits only"
    least, most = rules.get("minimum", -inf), rules.get("maximum", inf)
    if least <= int(value) <= most:
        return None
    bound = f"at least {least}" if most == inf else f"from {least} to {most}"
    return f"a whole number {bound}", "check the source, or leave the cell empty if the number is unknown"


def _pattern_repair(pattern: str, value: str) -> str:
    plain = re.sub(r"[^a-z0-9]+", "_", value.encode("ascii", "ignore").decode().lower()).strip("_")
    told = f"write {plain!r}" if plain and re.fullmatch(pattern, plain) else "choose a plain name"
    return f"{told}, here and wherever the name is used"


_BELOW = re.compile(r"<\s*([0-9]+(?:\.[0-9]+)?)\s*%?")
# Kind of row -> what may be printed there, in words too, and what to do about anything else.
_PERCENTAGE = FIGURE_PATTERN, "the printed percentage, digits with an optional decimal point, 0 to 100", ""
_PRINTED = {
    "answer": _PERCENTAGE,
    "net": _PERCENTAGE,
    "n": ("[1-9][0-9]{0,17}", "a whole number of people in digits", "write digits only"),
}
_MOMENT = r"[-\u2212]?[0-9]+(\.[0-9]+)?", *_DECIMALS
SILENT = "silent"
"""What a sign of the legend means that says nothing about how many gave an answer."""


def meaning(printed: str, legend: dict[str, str]) -> str | None:
    """Say in words what stands in the place of a figure; None for a figure, and for what nobody explained.

    Examples
    --------
    >>> meaning("<1", {}), meaning("*", {"*": "above 0, below 0.5"}), meaning("43.5", {})
    ('below 1', 'above 0, below 0.5', None)
    """
    if printed in legend:
        return legend[printed]
    below = _BELOW.fullmatch(printed)
    return f"below {below[1]}" if below else None


def check_printed(sheet: Sheet, legend: dict[str, str]) -> None:
    """Check what is printed in each row: a figure, a sign of the legend, a number of people, a mean."""
    for row, cells in sheet.rows:
        value = cells["printed"]
        cells["figure"] = "" if meaning(value, legend) is not None else value
        pattern, allowed, repair = _PRINTED.get(cells.get("row") or "answer", _MOMENT)
        if cells["figure"] and not re.fullmatch(pattern, value):
            sheet.bad_rows.add(row)
            sheet.refuse(row, "printed", value, allowed, repair or _figure_repair(value))


def _figure_repair(value: str) -> str:
    """Say what is wrong with a figure in terms of how it probably came about."""
    if re.fullmatch(r"[0-9]{1,4}[-./ ]+([^\W\d_]{3,}|[0-9]{1,2}[-./][0-9]{2,4})\.?", value):
        return "a spreadsheet took the figure for a date; make the column text there, then type it again"
    digits = value.translate(str.maketrans("OoОоlI", "000011"))
    if re.fullmatch(r"[0-9]+,[0-9]+", value):
        return f"write the decimal comma as a point: {value.replace(',', '.')}"
    if re.fullmatch(r"[>~≈]?\s*[0-9.,]+\s*%", value):
        return "leave out the percent sign and other marks"
    if digits != value and re.fullmatch(FIGURE_PATTERN, digits):
        return f"it contains a letter that looks like a digit; write {digits}"
    if re.fullmatch(r"[-\u2212\u2013][0-9.]+", value):
        return "a share cannot be negative; check the source"
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?", value) and float(value) > 100:
        return "a share cannot exceed 100; check the source, or put a number of people into the column count"
    if len(value) < 6 and not re.search(r"\d", value):
        explained = f'"legend": {{{json.dumps(value, ensure_ascii=False)}: "{SILENT}"}}'
        return f"say in survey.json what the sign means, such as {explained}, or leave the cell empty"
    return "write it as the source does, such as 43.5, or leave the cell empty if no figure is printed"


def _check_key(sheet: Sheet, key: list[str]) -> None:
    first: dict[tuple[str, ...], int] = {}
    for row, cells in sheet.rows if key else ():
        values = tuple(cells[name] for name in key)
        needed = (cells[name] for name in key if name not in ("by", "group"))
        if all(needed) and first.setdefault(values, row) != row:
            repair = f"row {first[values]} has it already; rename or delete one of the two"
            sheet.refuse(row, " and ".join(key), ", ".join(filter(None, values)), "each only once", repair)


def typed_frame(sheet: Sheet, schema: Schema) -> pd.DataFrame:
    """Convert a checked sheet by its schema."""
    columns: dict[str, Any] = {}
    for field in schema["fields"]:
        texts = [cells.get(field["name"], "") for _, cells in sheet.rows]
        if field["type"] == "integer":
            columns[field["name"]] = pd.array([int(text) if text else None for text in texts], "Int64")
        elif field["type"] == "number":
            columns[field["name"]] = [float(text or "nan") for text in texts]
        elif field["type"] == "boolean":
            columns[field["name"]] = [text == "true" for text in texts]
        else:
            columns[field["name"]] = pd.array(texts, dtype="str")
    return pd.DataFrame(columns)


_FILE = "survey.json"


def read_metadata(folder: Path) -> tuple[dict[str, Any], list[str]]:
    """Read survey.json; give its content and everything wrong with it."""
    path = folder / _FILE
    if not path.is_file():
        return {}, [f"{_FILE}: the file is missing; add it to the folder."]
    repeated: list[str] = []

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        repeated.extend(sorted(key for key, times in Counter(key for key, _ in pairs).items() if times > 1))
        return dict(pairs)

    shape = "write it as the README of the data shows"
    try:
        content = json.loads(path.read_bytes().decode("utf-8-sig"), object_pairs_hook=once)
    except UnicodeDecodeError:
        return {}, [f"{_FILE}: not text in UTF-8; save it in UTF-8."]
    except OSError as error:
        return {}, [f"{_FILE}: the file cannot be read ({error.strerror}); check its permissions."]
    except RecursionError:
        return {}, [f"{_FILE}: nested too deeply; {shape}."]
    except ValueError as error:
        return {}, [f"{_FILE}: not valid JSON ({error}); repair that place."]
    if not isinstance(content, dict):
        return {}, [f"{_FILE}: must hold one object in braces; {shape}."]
    problems = [f"{_FILE}: the key {quoted(key)} stands twice; keep one." for key in repeated]
    return content, problems + _metadata_problems(content)


def _metadata_problems(content: dict[str, Any]) -> list[str]:
    problems = []
    for key in SURVEY["keys"]:
        if key not in content:
            repair = nearest(key, set(content) - {*SURVEY["keys"]}, f"add {key!r}")
            problems.append(f"the key {key!r} is missing; {repair.replace('write', 'rename', 1)}")
    texts = ("id", "title", "organiser", "population", "size_statement", "licence", "mode")
    shapes: list[tuple[str, type, str]] = [
        *((key, str, f"the value of {key!r} must be text in quotes; put it in quotes") for key in texts),
        ("weighted", bool, "the value of 'weighted' must be true or false without quotes; write one of them"),
        ("fieldwork", dict, "'fieldwork' must hold start and end; write them as dates or empty text"),
    ]
    problems += [said for key, kind, said in shapes if not isinstance(content.get(key, kind()), kind)]
    legend = content.get("legend", {})
    if not isinstance(legend, dict) or not all(isinstance(words, str) for words in legend.values()):
        problems.append("'legend' must hold signs and what they mean, as texts in quotes; write it so")
    for sign, words in legend.items() if isinstance(legend, dict) else ():
        if words not in ("none", SILENT) and not BOUNDS_IN_WORDS.fullmatch(str(words)):
            problems.append(
                f"the legend's sign {quoted(sign)} means {quoted(str(words))}; allowed: none, {SILENT}, or "
                "bounds in per cent such as 'below 1', 'above 0, below 0.5' and 'from 25 to 35'; write one"
            )
    name = content.get("id")
    if isinstance(name, str) and not re.fullmatch(ID_PATTERN, name):
        problems.append(f"the id {quoted(name)} must be {_READABLE[ID_PATTERN]}; rename it")
    masking = content.get("masking", {})
    if not isinstance(masking, dict) or not isinstance(masking.get("rule", ""), str):
        problems.append("'masking' must hold below and rule as the import wrote them; write it so")
    for key, needed in (("sources", ("source", "title")), ("disclosure", ("item", "status"))):
        entries = content.get(key, [])
        if not isinstance(entries, list):
            problems.append(f"{key!r} must be a list in square brackets; write one entry per item")
            continue
        problems += [
            f"entry {number} of {key!r} lacks the text {name!r}; add it"
            for number, entry in enumerate(entries, start=1)
            for name in needed
            if not isinstance(entry, dict) or not isinstance(entry.get(name), str)
        ]
    for item in content.get("disclosure", []) if not problems else []:
        if item["status"] not in ("", *SURVEY["disclosed"]):
            repair = nearest(item["status"], SURVEY["disclosed"], "choose one")
            problems.append(
                f"the disclosure status {quoted(item['status'])} is not allowed; "
                f"allowed: {', '.join(SURVEY['disclosed'])}; {repair}"
            )
    return [f"{_FILE}: {problem}." for problem in problems]


def source_keys(metadata: dict[str, Any]) -> set[str]:
    """Give the keys by which the tables may name a source."""
    return {entry["source"] for entry in metadata.get("sources", []) if isinstance(entry, dict)}


_Cells = dict[str, str]
_Rows = list[tuple[int, _Cells]]


def check_links(sheets: dict[str, Sheet], sources: set[str]) -> None:
    """Check that every name used in one table exists where it should."""
    questions = {cells["question"]: row for row, cells in sheets["questions"].rows}
    answered = {cells["question"] for _, cells in sheets["responses"].rows}
    # Rows that could not be read may hold the responses that seem to be missing.
    for name, row in questions.items() if not sheets["responses"].problems else ():
        if name and name not in answered:
            repair = "add its responses to responses.csv"
            sheets["questions"].refuse(row, "question", name, "a question with responses", repair)
    for table, sheet in sheets.items():
        column = "questions" if table == "claims" else "question"
        for row, cells in sheet.rows if table != "questions" else ():
            for name in cells[column].split():
                if name not in questions and name not in sheets["questions"].torn:
                    repair = nearest(name, questions, "add it to questions.csv or correct it")
                    sheet.refuse(row, column, name, "a question of questions.csv", repair)
    for sheet in sheets.values():
        for row, cells in sheet.rows:
            if sources and cells.get("source") and cells["source"] not in sources:
                repair = nearest(cells["source"], sources, "describe it in survey.json")
                sheet.refuse(row, "source", cells["source"], "a source of survey.json", repair)


def check_questions(questions: Sheet, responses: Sheet) -> None:
    """Check each question together with its responses, as text, and each group of people by itself."""
    own: dict[str, dict[tuple[str, str], _Rows]] = {}
    for row, cells in responses.rows:
        people = (cells.get("by", ""), cells.get("group", ""))
        own.setdefault(cells["question"], {}).setdefault(people, []).append((row, cells))
    for row, cells in questions.rows:
        groups = own.get(cells["question"], {})
        if row in questions.bad_rows or any(
            number in responses.bad_rows for rows in groups.values() for number, _ in rows
        ):
            continue
        _check_bases(row, cells, questions)
        for (by, group), rows in groups.items():
            answers = [(number, own) for number, own in rows if (own.get("row") or "answer") == "answer"]
            if bool(by) != bool(group):
                repair = "fill both cells, or neither for everybody"
                responses.refuse(rows[0][0], "by and group", by or group, "the two together", repair)
            base = cells["printed_base"]
            if by:
                base = next((own["printed"] for _, own in rows if own.get("row") == "n"), "")
            _check_nets(rows, {own["response"] for _, own in answers}, responses)
            _check_counts(base, rows, responses, group)
            _check_scores(cells["kind"], answers, responses)
            _check_labels(rows, responses)
            _check_fractions(answers, responses)


def _check_nets(rows: _Rows, answers: set[str], responses: Sheet) -> None:
    for row, cells in rows:
        members = cells.get("members", "").split()
        if cells.get("row") == "net" and not members:
            repair = "name the responses that it sums up"
            responses.refuse(row, "members", "", "identifiers of a net's responses", repair)
        elif members and cells.get("row") != "net":
            repair = "write net under row, or empty the cell"
            responses.refuse(row, "members", cells["members"], "members of a net only", repair)
        for name in members:
            if name not in answers:
                repair = nearest(name, answers, "correct it")
                responses.refuse(row, "members", name, "an answer to the same question", repair)


def _check_bases(row: int, cells: _Cells, questions: Sheet) -> None:
    asked, answered = cells["asked"], cells["answered"]
    if (cells["printed_base"] or asked or answered) and not cells["base_status"]:
        allowed = "reported, inferred, counted"
        questions.refuse(row, "base_status", "", allowed, "say how the base is known")
    if asked and answered and int(answered) > int(asked):
        questions.refuse(row, "answered", answered, f"at most asked, {asked}", "check both numbers")


def _check_counts(base: str, rows: _Rows, responses: Sheet, group: str) -> None:
    where = f"printed of the row n of {group}" if group else "printed_base"
    for row, cells in rows:
        count = cells["count"]
        if count and base and int(count) > int(base):
            repair = "check which base the figures refer to"
            responses.refuse(row, "count", count, f"at most {where}, {base}", repair)


def _check_scores(kind: str, rows: _Rows, responses: Sheet) -> None:
    before = ""
    for row, cells in rows:
        score = cells["score"]
        if cells["substantive"] != "true":
            continue
        if kind == "rating" and not score:
            repair = "write the point of the scale that the response stands for"
            responses.refuse(row, "score", "", "a number for each point of a rating", repair)
        if score and before and float(score) <= float(before):
            repair = "order the rows from low to high and give each point its own score"
            responses.refuse(row, "score", score, f"more than {before}", repair)
        before = score or before


def _check_labels(rows: _Rows, responses: Sheet) -> None:
    seen: dict[str, int] = {}
    for row, cells in rows:
        first = seen.setdefault(skeleton(cells["label"]), row)
        if first != row:
            repair = "give the two responses labels that a reader can tell apart"
            responses.refuse(row, "label", cells["label"], f"a label unlike that of row {first}", repair)


def _check_fractions(rows: _Rows, responses: Sheet) -> None:
    figures = [(row, cells["printed"]) for row, cells in rows if cells.get("figure", cells["printed"])]
    small = len(figures) > 1 and all(Fraction(figure) <= 1 for _, figure in figures)
    if small and Fraction(9, 10) <= sum(Fraction(f) for _, f in figures) <= Fraction(11, 10):
        repair = "these figures add up to 1, not to 100: write 52 for 0.52, as printed"
        row, figure = figures[0]
        responses.refuse(row, "printed", figure, "per cent, not fractions", repair)


def check_claims(claims: Sheet, names: Names) -> None:
    """Check that every predicate can be read and speaks of the questions that its row names."""
    for row, cells in claims.rows:
        if not cells["predicate"]:
            continue
        try:
            claim = bind(parse(cells["predicate"]), names)
        except Problem as error:
            claims.problems.append(f"{claims.name}, row {row}, column predicate: {error}")
            continue
        for name in sorted({leaf.question for leaf in quantities(claim)} - set(cells["questions"].split())):
            allowed = f"every question of the predicate, so {name} too"
            claims.refuse(row, "questions", cells["questions"], allowed, "add the question to this cell")


_RULES = {
    "floor": "if they were cut off",
    "ceiling": "if they were rounded up",
    "largest_remainder": "if they were made to add up to 100",
    "whole_numbers": "if whole numbers were printed with zeros after the point",
}
_NAMED = 5
_MOST = 10_000  # answers whose standard deviation is tried: of more, rough figures exclude next to nothing


def findings(questions: pd.DataFrame, responses: pd.DataFrame, whom: str = "") -> list[str]:
    """Say what is odd about figures that are formally in order: remarks for the page, no reason to refuse.

    Examples
    --------
    >>> questions = pd.DataFrame({"total": "closed", "printed_base": [30], "base_status": "reported",
    ...                           "weighted": False}, index=["q1"])
    >>> responses = pd.DataFrame({"question": "q1", "response": ["yes", "no"], "label": ["Yes", "No"],
    ...                           "printed": ["80", "21"], "statement": "", "count": pd.NA})
    >>> findings(questions, responses)
    ["Question q1, 'No': no count of 30 prints as 21 (6 of 30: 20; 7 of 30: 23)."]
    """
    sentences: dict[str, list[str]] = {question: [] for question in questions.index}
    unknown, suspect = [], []
    rows: dict[Any, list[dict[Any, Any]]] = {}
    for row in responses.to_dict("records"):
        rows.setdefault(row["question"], []).append(row)
    for question, design in zip(questions.index, questions.to_dict("records"), strict=True):
        own, said = rows.get(question, []), sentences[question]
        named = f"Question {question}{whom}"
        figures = [row["printed"] for row in own if row["printed"]]
        total, base = sum(map(Fraction, figures)), design["printed_base"]
        if design.get("note") == EXAMPLE_NOTE:
            said.append(f"{named}: an invented example; replace it or delete its rows.")
        beyond = total - 100 if design["total"] != "multiple" else 0
        if beyond > 0 and beyond > sum(Fraction(1, 2 * 10 ** len(f.partition(".")[2])) for f in figures):
            advice = "and whether its total is closed"
            if design["total"] == "open":
                advice = "or write multiple under total if several options could be chosen"
            said.append(
                f"{named}: the printed figures add up to {float(total):g}, beyond what rounding explains: "
                f"check them, {advice}."
            )
        if design["weighted"]:
            continue  # such figures speak of no whole counts, so nothing about them is odd
        if pd.isna(base):
            if bases := bases_beside_counts(own):
                said.append(f"{named}: no base is stated; its counts print as its figures {bases}.")
            else:
                unknown += [question] if figures else []
            continue
        alone = question_ranges(own, int(base), design["total"])
        nets = design.get("nets", ())
        if alone is None or not all(count_agrees(row, int(base)) for row in own):
            if design["base_status"] in RECORDED:
                suspect.append(question)
            else:
                said.append(f"{named}: no counts out of {base} round to these figures together.")
        elif nets and question_ranges(own, int(base), design["total"], nets=nets) is None:
            labels = ", ".join(repr(net.label) for net in nets)
            said.append(f"{named}: out of {base}, its answers do not add up to what is printed for {labels}.")
    if suspect:
        odd = recorded_misfits(questions, responses[responses["question"].isin(suspect)])
        explained: dict[tuple[Any, ...], list[str]] = {}
        for question, found in odd.groupby("question", sort=False):
            rules = tuple(_RULES[rule] for rule in found["rule"].iloc[0] if rule in _RULES)
            if rules and len(rows[question]) > 1:  # a single figure fits some other rule too easily
                explained.setdefault((found["base"].iloc[0], rules), []).append(question)
            else:
                known = {row["response"]: row["label"] for row in rows[question]}
                sentences[question] += _misfits(f"Question {question}{whom}", known, found)
        for (base, rules), names in explained.items():
            whose = "its" if len(names) == 1 else "their"
            sentences[names[0]].append(
                f"{_several(names)}{whom}: {whose} figures do not fit the base of {base} by ordinary "
                f"rounding; they would {', or '.join(rules)}."
            )
    said = [sentence for own in sentences.values() for sentence in own]
    if unknown:
        whose = "its" if len(unknown) == 1 else "their"
        said.append(f"{_several(unknown)}{whom}: the base of {whose} figures is unknown.")
    return said


def moment_findings(questions: pd.DataFrame, rows: pd.DataFrame) -> list[str]:
    """Name the printed means and standard deviations that no whole-number answers of so many people have."""
    printed: dict[tuple[str, str, str], dict[str, str]] = {}
    for row in rows[rows["row"].isin(["mean", "sd", "n"])].to_dict("records"):
        printed.setdefault((row["question"], row["by"], row["group"]), {})[row["row"]] = row["printed"]
    unscored = set(rows.loc[(rows["row"] == "answer") & ~rows["substantive"], "question"])
    said = []
    for (question, by, group), own in printed.items():
        design = questions.loc[question]
        computed = design["base_status"] == "counted" and pd.notna(design["answered"])
        n = own.get("n") or ("" if by or pd.isna(design["printed_base"]) else str(design["printed_base"]))
        if "mean" not in own or not n or design["weighted"] or computed or question in unscored:
            continue
        told = f"a mean of {own['mean']}"
        if mean_totals(own["mean"], int(n)):
            if "sd" not in own or int(n) > _MOST or fitting_denominators(own["mean"], own["sd"], int(n)):
                continue
            told += f" and a standard deviation of {own['sd']}"
        said.append(
            f"Question {question}{f' among {group}' if by else ''}: no {n} whole-number answers have {told}; "
            "a score may be the average of several answers, or fewer people may have answered."
        )
    return said


def _several(names: list[str]) -> str:
    """Name some questions."""
    if len(names) == 1:
        return f"Question {names[0]}"
    rest = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f"Questions {', '.join(names[:_NAMED])}{rest}"


def _misfits(named: str, labels: Mapping[str, str], found: pd.DataFrame) -> list[str]:
    """Say row by row what does not fit the recorded base of a question."""
    sentences = []
    for row in found.to_dict("records"):
        what = {
            "count and figure": f"{row['count']} of {row['base']} prints as {row['would_print']}, "
            f"not as {row['printed']}",
            "figure": f"no count of {row['base']} prints as {row['printed']} ({row['would_print']})",
            "counts": f"its counts add up to {row['count']}, not to the base of {row['base']}",
            "question": f"no counts out of {row['base']} round to these figures together",
        }.get(row["finding"])
        if what:
            label = f", {labels[row['response']]!r}" if row["response"] else ""
            sentences.append(f"{named}{label}: {what}.")
    return sentences
