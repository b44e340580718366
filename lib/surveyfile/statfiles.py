"""Files of statistical packages: SPSS (.sav, .zsav, .por), Stata (.dta), SAS (.sas7bdat, .xpt), and Parquet.

Readers commonly turn "refused" into a missing value and drop the declaration that said so. Here declared
missing codes stay codes, with their labels; only what the package itself leaves empty is silence. A damaged
file can kill the reader of these packages, so that one works in a process of its own and hands over what it
read.
"""

from __future__ import annotations

import json
import re
import struct
import subprocess
import sys
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as parquet
import pyreadstat
from textfiles.problems import Problem
from textfiles.text import clean

from surveyfile.columns import (
    EVERYBODY,
    SILENT,
    DeclaredSet,
    Respondents,
    Wanted,
    distinct,
    number_text,
    shortest,
)
from surveyfile.engine import Tally
from surveyfile.identify import check_pieces, check_size

_CELLS = 1 << 22  # of a Parquet file that are read at once
_MEMORY = 6 * 1024**3
_SECONDS = 900

_READERS: dict[str, tuple[str, Callable[..., Any]]] = {
    "sav": ("SPSS data file", pyreadstat.read_sav),
    "por": ("SPSS portable file", pyreadstat.read_por),
    "dta": ("Stata data file", pyreadstat.read_dta),
    "xpt": ("SAS transport file", pyreadstat.read_xport),
    "sas7bdat": ("SAS data set", pyreadstat.read_sas7bdat),
}

_SPSS = ((r"(A|E|J|S)?DATE\d|MOYR|QYR|WKYR|DATETIME|YMDHMS", 1.0), (r"D?TIME|MTIME", 0.0))
_SAS = (
    (r"DATETIME|DATEAMPM|[EB]8601DT", 1.0),
    (r"DATE\d|DATE$|(MMDDYY|DDMMYY|YYMMDD|MONYY|WEEKDATE|WORDDATE|JULIAN|[EB]8601DA)", 86400.0),
    (r"TIME|HHMM|[EB]8601TM", 0.0),
)
_STATA = ((r"%-?t?d", 86400.0), (r"%-?t[cC]", 0.001))
# Formats of dates and times, and the seconds that a number stands for, 0 in a time of day.
_MOMENTS = {"sav": _SPSS, "por": _SPSS, "dta": _STATA, "xpt": _SAS, "sas7bdat": _SAS}


def read_statfile(path: Path, kind: str, *, wanted: Wanted = EVERYBODY) -> Respondents:
    """Read an SPSS, Stata or SAS file with its labels and declared missing codes."""
    told = json.dumps({"path": str(path.absolute()), "kind": kind, "only": wanted.named()})
    # Our own interpreter and module; what they read comes by the standard input, never as an argument.
    command = [sys.executable, "-I", "-m", "surveyfile.statfiles"]
    try:
        done = subprocess.run(command, input=told.encode(), capture_output=True, timeout=_SECONDS, check=True)
    except subprocess.SubprocessError as error:
        raise Problem(
            f"{path.name} is damaged so badly that its reader breaks off: copy or export it again."
        ) from error
    line, _, content = done.stdout.partition(b"\n")
    answer = json.loads(line)
    if "problem" in answer:
        raise Problem(*answer["problem"])
    sets, about = [DeclaredSet(**declared) for declared in answer["sets"]], answer["about"]
    labels = {name: own["labels"] for name, own in about.items()}
    filters = {
        name: {*own, *(code for code, label in labels.get(name, {}).items() if label in own)}
        for name, own in wanted.filters.items()
    }
    tally = Tally(path, list(about), replace(wanted, filters=filters), sets)
    batch = pa.ipc.open_stream(content).read_next_batch()
    for name, cells in zip(about, batch.columns, strict=True):
        tally.add(name, np.asarray(cells.indices.fill_null(SILENT)), cells.dictionary.to_pylist())
    tally.end_of_piece(answer["reading"]["rows"])
    data = tally.finish({"kind": _READERS[kind][0], **answer["reading"]}, skipped=answer["skipped"])
    columns = {
        name: replace(column, **about[name] | {"missing": frozenset(about[name]["missing"])})
        for name, column in data.columns.items()
    }
    return replace(data, columns=columns)


def _main() -> None:
    """Read the file that the standard input names, and write what it holds to the standard output."""
    told = json.load(sys.stdin)
    if sys.platform != "win32":  # which knows no such ceiling
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    try:
        answer, batch = _read(Path(told["path"]), told["kind"], told["only"])
    except Problem as problem:
        print(json.dumps({"problem": problem.sentences}))
        return
    print(json.dumps(answer), flush=True)
    with pa.ipc.new_stream(sys.stdout.buffer, batch.schema) as stream:
        stream.write(batch)


def _read(path: Path, kind: str, only: Collection[str] | None) -> tuple[dict[str, Any], pa.RecordBatch]:
    """Read what a file says of its columns, and their cells: distinct texts, and a position for each row."""
    reader = _READERS[kind][1]
    header = _guarded(path, reader, metadataonly=True)[1]
    tidy = [clean(name or "") for name in header.column_names]
    if "" in tidy or len(set(tidy)) < len(tidy):
        raise Problem(f"{path.name} has columns without a name or with the same name: export it again.")
    names = [name for name in header.column_names if only is None or clean(name) in only]
    rows = max(int(header.number_rows or 0), _declared_rows(path))
    check_size(path.name, rows, len(names))
    if rows > 1000 * path.stat().st_size:
        raise Problem(
            f"{path.name} declares {rows:,} rows, which a file "
            "of its size cannot hold: copy or export it again."
        )
    options: dict[str, Any] = {"disable_datetime_conversion": True}
    if kind in ("sav", "dta"):
        options["user_missing"] = True
    if kind != "por":
        options["usecols"] = names or header.column_names[:1]
    frame, meta = _guarded(path, reader, **options)
    if frame.shape[0] == 0:
        raise Problem(f"{path.name} holds no respondents: export the data again.")
    about, cells = {}, []
    for name in names:
        codes, values = distinct(frame[name])
        # Codes are numbers, or letters for Stata's extended missing values.
        labels = {
            number_text(code) if isinstance(code, (int, float)) else clean(code): clean(text)
            for code, text in meta.variable_value_labels.get(name, {}).items()
        }
        missing = _declared_missing(map(clean, values), set(labels), meta, name)
        form = meta.original_variable_types.get(name) or ""
        seconds = next((seconds for sign, seconds in _MOMENTS[kind] if re.match(sign, form)), None)
        if seconds is not None:
            # SPSS counts from the first day of the Gregorian calendar, Stata and SAS from 1960.
            epoch = datetime(1582, 10, 14) if kind in ("sav", "por") else datetime(1960, 1, 1)
            read = {text: _moment(text, epoch, seconds) for text in {*values, *labels, *missing}}
            values, missing = [read[text] for text in values], {read[text] for text in missing}
            labels = {read[code]: label for code, label in labels.items()}
        about[clean(name)] = {
            "wording": clean(meta.column_names_to_labels.get(name) or ""),
            "labels": labels,
            "missing": sorted(missing),
            "ordered": meta.variable_measure.get(name) == "ordinal",
        }
        positions = pa.array(codes.astype(shortest(len(values))), mask=codes == SILENT)
        cells.append(pa.DictionaryArray.from_arrays(positions, pa.array(values, pa.string())))
    reading = {"rows": frame.shape[0], "columns": len(header.column_names)}
    if meta.file_encoding:
        reading["encoding"] = str(meta.file_encoding)
    skipped = [clean(name) for name in header.column_names if name not in names]
    answer = {"about": about, "sets": _sets(meta), "reading": reading, "skipped": skipped}
    return answer, pa.RecordBatch.from_arrays(cells, list(about))


def _moment(text: str, epoch: datetime, seconds: float) -> str:
    """Write a number as the date or time that it stands for; what is none stays as it is."""
    try:
        moment = epoch + timedelta(seconds=float(text) * (seconds or 1.0))
    except (ValueError, OverflowError):
        return text
    if seconds == 0:
        return moment.time().isoformat() if 0 <= float(text) < 86400 else text
    return moment.date().isoformat() if moment.time() == time() else moment.isoformat(sep=" ")


def _guarded(path: Path, reader: Callable[..., Any], **options: Any) -> Any:
    """Call a reader and turn whatever it raises into one sentence."""
    try:
        return reader(str(path), **options)
    except MemoryError as error:
        raise Problem(
            f"{path.name} asks for more memory than there is: name the columns you need in a codebook."
        ) from error
    except Exception as error:  # pyreadstat raises its own classes, ValueError and UnicodeError alike
        raise Problem(
            f"{path.name} is damaged or cut short, or its text does "
            "not fit its stated encoding: copy or export it again."
        ) from error


def _declared_rows(path: Path) -> int:
    """Read the number of cases from an SPSS header; pyreadstat passes over an absurd one. 0 where none is."""
    with path.open("rb") as stream:
        head = stream.read(84)
    if not head.startswith((b"$FL2", b"$FL3")) or len(head) < 84:
        return 0
    order = "<" if head[64] in (2, 3) else ">"
    return max(0, int(struct.unpack(f"{order}i", head[80:84])[0]))


def _declared_missing(values: Iterable[str], labelled: Collection[str], meta: Any, name: str) -> set[str]:
    """Codes inside the ranges an SPSS file declares as missing, and Stata's letters."""
    known = {*values, *labelled}
    declared = {str(code) for code in (meta.missing_user_values or {}).get(name, [])}
    for span in (meta.missing_ranges or {}).get(name, []):
        declared |= {value for value in known if _inside(value, span["lo"], span["hi"])}
    return declared


def _inside(value: str, low: Any, high: Any) -> bool:
    """Whether a text code lies in a missing range of numbers, or equals a missing text."""
    if isinstance(low, str) or isinstance(high, str):
        return value in (str(low).strip(), str(high).strip())
    try:
        return bool(low <= float(value) <= high)
    except ValueError:
        return False


def _sets(meta: Any) -> list[dict[str, Any]]:
    """Multiple-response sets an SPSS file declares."""
    return [
        {
            "name": name.lstrip("$"),
            "label": clean(details.get("label") or ""),
            "columns": list(details.get("variable_list") or ()),
            "counted": clean(details["counted_value"])
            if details.get("is_dichotomy") and details.get("counted_value") is not None
            else "",
        }
        for name, details in (getattr(meta, "mr_sets", None) or {}).items()
    ]


def read_parquet(path: Path, *, wanted: Wanted = EVERYBODY) -> Respondents:
    """Read a Parquet file of one row per respondent, piece by piece."""
    damaged = Problem(f"{path.name} is a damaged Parquet file: copy or export it again.")
    try:
        with parquet.ParquetFile(path, thrift_string_size_limit=1 << 27) as stored:
            schema, rows = stored.schema_arrow, stored.metadata.num_rows
            kinds = pa.types
            if nested := [i.name for i in schema if kinds.is_nested(i.type) or kinds.is_binary(i.type)]:
                raise Problem(
                    f"{path.name}: column {nested[0]!r} holds lists, "
                    "records or bytes: write one plain value per cell."
                )
            if len(set(map(clean, schema.names))) < len(schema.names):
                raise Problem(f"{path.name} has two columns of one name: rename one.")
            if rows == 0:
                raise Problem(f"{path.name} holds no respondents: export the data again.")
            names = {
                name: clean(name)
                for name in schema.names
                if not name.startswith("__index_level_") and wanted.wants(clean(name))
            }
            check_pieces(path, rows, len(names))
            tally = Tally(path, list(names.values()), wanted)
            size = max(1, _CELLS // max(1, len(names)))
            for batch in stored.iter_batches(size, columns=list(names)):
                for name, own in names.items():
                    tally.add(own, *distinct(_plain_series(pa.chunked_array([batch[name]]))))
                tally.end_of_piece(batch.num_rows)
    except (pa.ArrowException, OSError, UnicodeError, MemoryError) as error:
        raise damaged from error
    if tally.read != rows:
        raise damaged
    reading: dict[str, object] = {"kind": "Parquet file", "rows": rows, "columns": len(schema.names)}
    return tally.finish(reading, skipped=[name for name in schema.names if name not in names])


def _plain_series(cells: pa.ChunkedArray) -> pd.Series:
    """Give a column as pandas text or numbers; dates and truth values become text."""
    if pa.types.is_dictionary(cells.type):
        cells = cells.cast(cells.type.value_type)
    if pa.types.is_boolean(cells.type) or pa.types.is_temporal(cells.type) or pa.types.is_decimal(cells.type):
        cells = cells.cast(pa.string())
    if pa.types.is_integer(cells.type):
        return cells.to_pandas(types_mapper=pd.ArrowDtype)
    return cells.to_pandas()


if __name__ == "__main__":
    _main()
