"""The codebook that is proposed for a file nobody has described.

What is decided about a column stands in its note, in words, and is said when the file is imported; what is
not sure is asked there, with the option that decides it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from os.path import commonprefix

from textfiles.problems import Problem, did_you_mean
from textfiles.text import identifier, short_label

from surveyfile.codebook import OTHER, SPACE, Code, Item, describe, settle_responses, split_cell
from surveyfile.columns import MANY, Column, Respondents, value_order
from surveyfile.platforms import COMPANION, LIMESURVEY, added_by_platform, is_numbered, platform_of, stems_of
from surveyfile.record import Settings, by_column
from surveyfile.usual_words import (
    WORDS,
    almost_in_order,
    in_order,
    is_other,
    lacks_substance,
    looks_like_weight,
    pattern,
    personal,
    ticked,
)

MOST_OPTIONS = 12
"""A column with more distinct answers and no labels is a number, an id or free text, unless described."""

_COMMAS = (",", "،", "、", "，")
_MARKS = (";", "|", *_COMMAS)
"""Separators that are tried on cells that may hold several answers."""

_MOST_LISTED = 40  # options of a question whose cells hold several answers
_OFTEN = 4  # cells that hold two parts side by side; in more, they are one answer
_ENDS = (" - ", ": ", "? ", "?-", ":-", ".-", "[", " – ", ". ")  # of a question, before its options
_PREFIX = 10  # letters that the wordings of one question's options share at least


_Stems = Mapping[str, Mapping[str, str]]  # what joins columns to one question, and what tells each apart


def propose(data: Respondents, settings: Settings) -> list[Item]:
    """Propose a codebook from the file and from what the user states about its columns."""
    missing = by_column(settings.missing)
    columns = {
        name: replace(column, missing=column.missing | {*missing.get(name, ()), *missing.get("", ())})
        for name, column in data.columns.items()
    }
    times = {name: _times(data, column) for name, column in columns.items()}
    roles = settings.roles() | dict.fromkeys(settings.skip, "skip")
    declared = {name: group for group in data.sets for name in group.columns}
    stems = stems_of([name for name in columns if name not in roles and name not in declared])
    stated = _stated(settings, {*columns, *stems})
    platform = platform_of({name: column.wording for name, column in columns.items()})
    several: dict[str, Item] = {}
    asked: dict[str, str] = {}
    for stem, options in stems.items():
        if stated.get(stem, ("",))[0] != "single" and not stated.keys() & options.keys():
            forced = stem in stated and stem not in columns
            found, ask = _in_several_columns(stem, options, columns, times, forced, platform)
            several |= found
            asked[next(iter(options))] = ask
            # Cells that hold nothing but options, with a separator between them.
            parts = {part for text in times.get(stem, ()) for part in re.split(r"[ ;,|]+", text)}
            if found and stem in columns and parts <= {*options.values()}:
                several[stem] = Item(stem, "skip", note="its answers stand in columns of their own too")
    items: list[Item] = []
    taken: set[str] = set()
    questions: dict[str, str] = {}
    for place, (name, column) in enumerate(columns.items()):
        given = data.groups[name].times(name) if name in data.groups else column.texts
        if name in roles:
            item = Item(name, roles[name], note="stated by the user")
        elif group := declared.get(name):
            question = questions.setdefault(f"set {group.name}", identifier(group.name, taken))
            label = short_label(group.label or group.name)
            codes = _set_codes(column, group.counted)
            item = Item(name, "question", question, "multiple", label, group.label, codes=codes)
        elif name in several:
            item = several[name]
            if stem := item.question:
                item = replace(item, question=questions.setdefault(stem, identifier(stem, taken)))
        elif name in stated:
            item = _as_stated(column, times[name], *stated[name], identifier(name, taken))
        elif reason := added_by_platform(column, place, platform, given):
            item = Item(name, "skip", note=reason)
        elif COMPANION.fullmatch(name) and len(times[name]) > 2:
            item = Item(name, "skip", note="open text beside another column")
        else:
            marks = (*_MARKS, SPACE) if platform.startswith("Kobo") else _MARKS
            question = identifier(name, taken)
            item = _proposed(column, times[name], data.rows, question, asked.get(name, ""), marks)
        items.append(item)
        taken.add(item.question)
    items = _labelled_by_rows(_sharing_points(items, stems, columns, stated), stems, columns)
    return settle_responses(items) + [Item(name, "skip", note="not read") for name in data.skipped]


def with_separators(items: Sequence[Item], data: Respondents) -> list[Item]:
    """Find the separators of columns that a codebook calls multiple, and leaves everything else open."""
    together = Counter(item.question for item in items if item.role == "question")
    found = []
    for item in items:
        column = data.columns.get(item.column)
        left_open = item.kind == "multiple" and together[item.question] == 1
        if column and left_open and not (item.separator or item.codes):
            split, _ = _in_cells(column, _times(data, column), item.question, (*_MARKS, SPACE))
            if split:
                item = replace(item, separator=split.separator, codes=split.codes, note=split.note)
        found.append(item)
    return settle_responses(found)


def _stated(settings: Settings, known: Collection[str]) -> dict[str, tuple[str, str]]:
    """Kind and detail of what is stated as COLUMN or COLUMN=DETAIL; a name may hold the sign itself."""
    found: dict[str, tuple[str, str]] = {}
    for kind in ("single", "rating", "multiple"):
        for text in getattr(settings, kind):
            names = [name for name in known if text == name or text.startswith(f"{name}=")]
            if not names:
                near = did_you_mean(text.partition("=")[0], known)
                raise Problem(f"--{kind} {text!r} names no column of the file{near}.")
            name = max(names, key=len)
            if found.setdefault(name, (kind, text[len(name) + 1 :]))[0] != kind:
                raise Problem(f"{name!r} is stated as {found[name][0]} and as {kind}: state one of them.")
    return found


def _times(data: Respondents, column: Column) -> dict[str, int]:
    """How many gave each answer of a column, without silence and what is declared missing."""
    if column.name not in data.groups:  # too many different ones to be counted
        return dict.fromkeys(column.texts, 1)
    found = data.groups[column.name].times(column.name)
    return {text: found[text] for text in column.texts if found[text] and text not in column.missing}


def _in_several_columns(
    stem: str,
    options: Mapping[str, str],
    columns: Mapping[str, Column],
    times: Mapping[str, Mapping[str, int]],
    forced: bool,
    platform: str,
) -> tuple[dict[str, Item], str]:
    """Items of columns that are the options of one choose-several question, or none; and what is asked."""
    limesurvey = all(map(LIMESURVEY.fullmatch, options)) or platform == "LimeSurvey"
    unasked = "N/A" if limesurvey else ""  # which it writes where a question was not shown
    found = {name: _tick(columns[name], times[name], option, unasked) for name, option in options.items()}
    sorts = {sort for sort, _, _ in found.values()} - {"empty", "other"}
    words = [chosen for sort, chosen, _ in found.values() if sort == "word"]
    fits = len(sorts) == 1 and sorts <= {"word", "tick", "yes"} and len({*words}) == len(words)
    if not fits or sum(bool(times[name]) for name in options) < 2:
        if forced:
            raise Problem(
                f"--multiple {stem!r}: its columns {', '.join(map(repr, options))} hold more than ticks, "
                "or the same answer twice: describe them with --codebook."
            )
        return {}, ""
    shared = _shared([columns[name].wording for name in options])
    sure = {
        "word": True,  # the options themselves stand in the cells
        "tick": not all(map(is_numbered, options)) or len(shared) >= _PREFIX or platform == "Qualtrics",
        "yes": limesurvey,  # a table of questions is answered with yes and no as well
    }[sorts.pop()]
    if not sure and not forced:
        return {}, f"perhaps {len(options)} options of one choose-several question: then --multiple {stem!r}"
    asked = stem, "multiple", short_label(shared or stem), shared or stem
    tick = next((chosen for sort, chosen, _ in found.values() if sort in ("tick", "yes") and chosen), "")
    items: dict[str, Item] = {}
    ticked_others = any(sort != "other" and is_other(options[name]) for name, (sort, _, _) in found.items())
    for name, (sort, chosen, others) in found.items():
        if sort == "other" and ticked_others:
            items[name] = Item(name, "skip", note="the words of those who chose another option")
            continue
        column = columns[name]
        if sort == "word":
            own = column.labels.get(chosen, chosen)
        else:
            own = column.wording[len(shared) :].strip(" -–:[]?.") if shared else ""
            own = re.sub(r"^Selected Choice\W*", "", own) or options[name]
        code = chosen or (OTHER if sort == "other" else tick or own)
        codes = [Code(code, "", short_label(own)), *others]
        note = f"{len(options)} columns are the options of one choose-several question" if not items else ""
        items[name] = Item(name, "question", *asked, "", note, tuple(codes))
    return items, ""


def _tick(column: Column, times: Mapping[str, int], option: str, unasked: str) -> tuple[str, str, list[Code]]:
    """Tell what the cells of an option are: their sort, the code that says it was chosen, and the others."""
    labels = {text: column.labels.get(text, text) for text in (*times, *column.labels)}
    missing = {text for text, label in labels.items() if text in column.missing or lacks_substance(label)}
    answers = {text: label for text, label in labels.items() if text not in missing and text != unasked}
    others = [Code(unasked, "", unasked, status="not_asked")] * (unasked in labels)
    others += [Code(text, "", labels[text], status="missing") for text in sorted(missing, key=value_order)]
    label, sort = ticked({*answers.values()})
    if sort:
        chosen = next((text for text, own in answers.items() if own == label), "")
        others += [
            Code(text, "", own, status="not_chosen") for text, own in answers.items() if text != chosen
        ]
        # Where nobody can say no, yes is a tick.
        return "tick" if len(answers) == 1 and chosen else sort, chosen, others
    if not answers:
        return "empty", "", others
    (only,) = answers if len(answers) == 1 else ("",)
    if is_other(option) and (not only or (times[only] == 1 and labels[only] != option)):
        return "other", OTHER, others
    return ("word" if only else "", only, others)


def _shared(wordings: Sequence[str]) -> str:
    """Beginning that wordings share, to the end of a word and its sign; empty where one is missing."""
    shared = commonprefix([*wordings]) if all(wordings) else ""
    ends = (shared.rfind(sign) + len(sign) - 1 for sign in _ENDS if sign in shared)
    end = max(ends, default=shared.rfind("-"))
    whole = shared[: end + 1].rstrip(" -–:[") if end > 0 else ""
    return re.sub(r"[ -]*Selected Choice$", "", whole).rstrip(" -–:[")


# One column.


def _proposed(
    column: Column, times: Mapping[str, int], rows: int, question: str, ask: str, marks: Sequence[str]
) -> Item:
    """Propose what one column is that belongs to no other."""
    name, answers = column.name, sum(times.values())
    labelled = column.labels.keys() - column.missing
    others = times.keys() - labelled
    number = f"{len(times):,}" if len(times) <= MANY else f"more than {MANY:,}"
    split, sure = _in_cells(column, {} if labelled else times, question, marks)
    several = f"--multiple {name + '=' + split.separator!r}" if split else ""
    numbers = all(map(_NUMBER.fullmatch, times))
    many = len(others) > MOST_OPTIONS
    once = sum(own == 1 for own in times.values())
    reason = ""
    if not times:
        reason = "nobody answered it" if labelled else "empty"
    elif looks_like_weight(name, column.wording, times) and (many or not all(map(str.isdecimal, times))):
        reason = f"named like a weight: --weight {name!r} would use it"
    elif not labelled and (what := personal(name, column.wording, times)):
        reason = f"it seems to hold {what}"
    elif many and numbers and _REPLICATE.fullmatch(name):
        reason = "named like a replicate weight: --replicates would use it with the others"
    elif split and sure:
        return split
    elif many and numbers and 2 * once < answers:
        reason = f"{number} different numbers: --numeric {name!r} would take them for a number asked for"
    elif many:
        reason = f"{number} different answers without labels: a number, an identifier or free text"
        if not labelled and numbers:
            reason += f"; if it is a number that counts or measures, --numeric {name!r} sums it up"
        if several:
            reason += f"; or several answers in a cell: then {several}"
    elif not labelled and rows > 2 and 3 * once >= 2 * answers and not in_order([*times]):
        reason = "(nearly) every answer in it was given once: an identifier or free text"
    elif not labelled and once and _COMMENT.search(column.wording or name) and not in_order([*times]):
        reason = f"named like a field for comments: --single {name!r} counts them all the same"
    elif len(times) == 1 and not labelled and rows > 2:
        reason = "everybody gave the same answer, or was silent"
    if reason:
        return Item(name, "skip", note="; ".join(filter(None, (reason, ask))))
    codes = _with_missing(describe(column, "rating" if column.ordered else "single"))
    kind, notes = "rating" if column.ordered else "single", [ask]
    labels = [code.label for code in codes if code.status == "answer"]
    if not column.ordered and (order := in_order(labels)):
        kind, codes = "rating", _in_order(codes, order)
        notes.append(f"in order by its words: {' < '.join(order)}")
    elif not column.ordered and almost_in_order(labels):
        notes.append(f"words of a scale, but not all: --rating {name + '=LOW < ... < HIGH'!r} gives an order")
    if several:
        notes.append(f"perhaps several answers in a cell: then {several}")
    if looks_like_weight(name, column.wording, times):
        notes.append(f"named like a weight: --weight {name!r} would use it as one")
    note = "; ".join(filter(None, notes))
    wording = column.wording or (name if name.count(" ") > 2 else "")
    return Item(name, "question", question, kind, short_label(wording or name), wording, "", note, codes)


_NUMBER = re.compile(r"[+-]?\d{1,15}([.,]\d{1,9})?")
_REPLICATE, _COMMENT = (pattern(WORDS["columns"][name]) for name in ("replicate", "comment"))


def _with_missing(codes: Sequence[Code]) -> tuple[Code, ...]:
    """Declare answers missing whose labels say so, and put them last; not where nothing would be left."""
    declared = [
        replace(code, status="missing", score="") if lacks_substance(code.label) else code for code in codes
    ]
    if all(code.status == "missing" for code in declared):
        return tuple(codes)
    return tuple(sorted(declared, key=lambda code: code.status == "missing"))


def _in_order(codes: Sequence[Code], order: Sequence[str]) -> tuple[Code, ...]:
    """Give codes the places of their labels as scores, and their order."""
    score = {label: str(place) for place, label in enumerate(order, start=1)}
    ranked = [replace(code, score=score.get(code.label, "")) for code in codes]
    return tuple(sorted(ranked, key=lambda code: int(code.score or len(codes) + 1)))


def _in_cells(
    column: Column, times: Mapping[str, int], question: str, marks: Sequence[str]
) -> tuple[Item | None, bool]:
    """Item of a column whose cells hold several answers, none where no separator parts them; if it is sure.

    The same parts must return in different cells. It is sure where most cells of several answers are made
    of answers that somebody gave alone, which "Agree, strongly" is not.
    """
    for mark in marks:
        if not any((" " if mark == SPACE else mark) in text for text in times):
            continue
        if mark in _COMMAS and any(re.search(rf"\d{mark}\d", text) for text in times):
            continue  # thousands, or decimals
        cells = {text: split_cell(text, mark) for text in times}
        if mark in _COMMAS:
            cells = _rejoined(cells, f"{mark} ")
        number: Counter[str] = Counter()
        for text, parts in cells.items():
            number.update(dict.fromkeys(parts, times[text]))
        combined = [parts for parts in cells.values() if len(parts) > 1]
        told = [part for parts in combined for part in parts]
        in_cells = Counter(part for parts in cells.values() for part in parts)
        if not combined or 3 * sum(in_cells[part] > 1 for part in told) < 2 * len(told):
            continue
        alone = {parts[0] for parts in cells.values() if len(parts) == 1}
        options = sorted(part for part in number if number[part] > 1)
        if len(combined) < 2 and not {*told} <= alone:
            continue
        known = sum(alone.issuperset(part for part in parts if part in options) for parts in combined)
        sure = 2 * known >= len(combined) and 1 < len(options) <= _MOST_LISTED
        codes = [Code(option, "", short_label(option)) for option in options]
        note = f"a choose-several question whose answers have {mark!r} between them"
        if whole := [option for option in number if mark in option and option in options]:
            note += f"; not parted are {', '.join(map(repr, whole))}, whose parts are never apart"
        if len(options) < len(number):
            codes.append(Code(OTHER, "", "Other answers"))
            note += "; answers that were given once are counted together"
        text = column.wording or column.name
        about = question, "multiple", short_label(text), text, mark, note
        return Item(column.name, "question", *about, _with_missing(codes)), sure
    return None, False


def _rejoined(cells: Mapping[str, list[str]], mark: str) -> dict[str, list[str]]:
    """Join parts that are never apart and read on, as "Me, myself and I" does: one answer with a comma."""
    joined = dict(cells)
    while True:
        after: defaultdict[str, set[str]] = defaultdict(set)
        before: defaultdict[str, set[str]] = defaultdict(set)
        in_cells = Counter(part for parts in joined.values() for part in {*parts})
        for parts in joined.values():
            for one, other in pairwise(["", *parts, ""]):
                after[one].add(other)
                before[other].add(one)
        pairs = {
            one: other
            for one, (other, *more) in after.items()
            if one and other and not more and before[other] == {one}
            and ((one[0].isupper() and other[0].islower()) or in_cells[one] > _OFTEN)
        }  # fmt: skip
        if not pairs:
            return joined
        first = next(iter(pairs))
        for text, parts in joined.items():
            if first in parts:
                place = parts.index(first)
                joined[text] = [*parts[:place], f"{first}{mark}{pairs[first]}", *parts[place + 2 :]]


def _as_stated(column: Column, times: Mapping[str, int], kind: str, detail: str, question: str) -> Item:
    """Item of a column as the user states it."""
    name, label = column.name, short_label(column.wording or column.name)
    item = Item(name, "question", question, kind, label, column.wording, note="stated by the user")
    if not times:
        raise Problem(f"--{kind} {name!r}: nobody answered it; leave the option out.")
    if kind == "multiple":
        stated = SPACE if detail in (" ", SPACE) else detail
        split, _ = _in_cells(column, times, question, (stated,) if stated else (*_MARKS, SPACE))
        if split:
            return split
        if not stated:
            raise Problem(
                f"--multiple {name!r}: no separator parts its cells into answers that come again: state it, "
                f"as in --multiple {name + '=;'!r}."
            )
        return replace(item, separator=stated, codes=_with_missing(describe(column, kind, stated)))
    codes = _with_missing(describe(column, kind))
    if kind == "single":
        return replace(item, codes=codes)
    own = [code for code in codes if code.status == "answer"]
    labels = [code.label for code in own]
    if detail:
        spelled = {code.code: code.label for code in own}
        order = [spelled.get(part, part) for part in map(str.strip, detail.split("<"))]
    elif all(_NUMBER.fullmatch(code.code) and "," not in code.code for code in own):
        if apart := _standing_apart([code.code for code in own]):
            state = f"--missing {name + '=' + ','.join(apart)!r}"
            ask = f"{' and '.join(apart)} apart from the other points: if no opinion is meant, {state}"
            item = replace(item, note=f"{item.note}; {ask}")
        return replace(item, codes=codes)
    else:
        order = in_order(labels)
    if sorted(order) != sorted(labels):
        raise Problem(
            f"--rating {name!r}: usual words do not tell the order of its answers: state it, each once, "
            f"as in --rating {name + '=' + ' < '.join(labels)!r}."
        )
    return replace(item, codes=_in_order(codes, order))


def _standing_apart(points: Sequence[str]) -> list[str]:
    """Few points of a scale, such as 99, that are as far from all others as those are from each other."""
    ordered = sorted(points, key=float)
    gaps = [float(high) - float(low) for low, high in pairwise(ordered)]
    place = gaps.index(max(gaps)) + 1 if gaps else 0
    few, many = sorted((ordered[:place], ordered[place:]), key=len)
    alone = len(many) > max(2, len(few)) and max(gaps) >= float(many[-1]) - float(many[0])
    return few if alone else []


def _set_codes(column: Column, counted: str) -> tuple[Code, ...]:
    """Codes of one member of a declared multiple-response set."""
    if not counted:
        return tuple(replace(code, response="") for code in describe(column, "multiple"))
    codes = [Code(counted, "", short_label(column.wording or column.name))]
    for value in sorted({*column.texts, *column.labels} - {counted}, key=value_order):
        status = "missing" if value in column.missing else "not_chosen"
        codes.append(Code(value, "", column.labels.get(value, value), status=status))
    return tuple(codes)


def _sharing_points(
    items: Sequence[Item], stems: _Stems, columns: Mapping[str, Column], stated: Collection[str]
) -> list[Item]:
    """Give the rows of one table all points of their scale in usual words: in some, nobody chose one."""
    changed = {item.column: item for item in items}
    for options in stems.values():
        shared = _shared([columns[name].wording for name in options])
        if all(map(is_numbered, options)) and len(shared) < _PREFIX:
            continue  # questions one after the other
        bare = [name for name in options if not (columns[name].labels or columns[name].ordered)]
        rows = [changed[name] for name in bare if name not in stated]
        rows = [item for item in rows if item.kind in ("single", "rating")]
        points: dict[str, Code] = {}
        sharing: list[Item] = []
        for item in sorted(rows, key=lambda item: -len(item.codes)):
            own = points | {code.label: code for code in item.codes if code.status == "answer"}
            if in_order([*own]):
                points, sharing = own, [*sharing, item]
        order = in_order([*points])
        for item in sharing if len(sharing) > 1 else ():
            given = {code.label for code in item.codes if code.status == "answer"}
            if given < points.keys():
                unchosen = [label for label in order if label not in given]
                note = f"in order by its words: {' < '.join(order)}; nobody chose {', '.join(unchosen)}"
                codes = (*item.codes, *(replace(points[label], response="", score="") for label in unchosen))
                changed[item.column] = replace(item, kind="rating", note=note, codes=_in_order(codes, order))
    return list(changed.values())


def _labelled_by_rows(items: list[Item], stems: _Stems, columns: Mapping[str, Column]) -> list[Item]:
    """Name questions that are the rows of one table by their rows; the wording keeps the whole."""
    labels = {}
    for options in stems.values():
        shared = _shared([columns[name].wording for name in options])
        for name, option in options.items():
            row = columns[name].wording[len(shared) :].strip(" -–:[]") if shared else option
            coded = is_numbered(name) or LIMESURVEY.fullmatch(name)  # which says nothing by itself
            if (shared or not coded) and re.search(r"[^\W\d]", row):
                labels[name] = short_label(row)
    kept = {item.column for item in items if item.role == "question" and item.kind != "multiple"}
    times = Counter(label for name, label in labels.items() if name in kept)
    for place, item in enumerate(items):
        name = item.column
        if name in kept and times[labels.get(name, "")] == 1:
            wording = item.wording or (name if " " in name else "")
            items[place] = replace(item, label=labels[name], wording=wording)
    return items
