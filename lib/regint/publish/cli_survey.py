"""The doors for a survey of one's own: `regint new`, `regint import`, `regint export`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from shlex import quote
from typing import Any

import click

from regint.publish.wording import program

_PATH = click.Path(path_type=Path)


def _guarded(action: Callable[[], Sequence[str]]) -> None:
    """Run an action and print its lines; a problem ends with its sentences, exit code 1 and no traceback."""
    try:
        lines = action()
    except (ValueError, MemoryError) as error:
        click.echo(str(error) or "not enough memory: name the columns you need in a codebook", err=True)
        sys.exit(1)
    except OSError as error:
        click.echo(
            f"{Path(str(error.filename or 'a file')).name}: "
            f"{error.strerror or 'cannot be used'}: check the path.",
            err=True,
        )
        sys.exit(1)
    for line in lines:
        click.echo(line)


@click.command()
@click.argument("folder", type=_PATH)
@click.option(
    "--from", "table", type=_PATH, help="Fill it from a table with the columns question, response, printed."
)
@click.option(
    "--base", type=click.IntRange(1), help="Number of answers the printed figures refer to, if it is one."
)
@click.option("--title", default="", help="Title of the survey.")
def new(folder: Path, table: Path | None, base: int | None, title: str) -> None:
    """Make a survey FOLDER for printed percentages, to fill in with a spreadsheet."""

    def action() -> list[str]:
        from regint.survey.scaffold import new_folder

        lines = new_folder(folder, table=table, base=base, title=title)
        return [*lines, f"Next: {program()} check {quote(str(folder))}"]

    _guarded(action)


@click.command("import")
@click.argument("file", type=_PATH)
@click.option("--out", "folder", type=_PATH, required=True, metavar="FOLDER", help="Survey folder to create.")
@click.option("--codebook", type=_PATH, help="CSV that says what each column and code means.")
@click.option("--weight", default="", metavar="COLUMN", help="Column of weights; none is ever guessed.")
@click.option("--strata", default="", metavar="COLUMN", help="Column of strata.")
@click.option("--cluster", default="", metavar="COLUMN", help="Column of primary sampling units.")
@click.option(
    "--missing",
    multiple=True,
    metavar="[COLUMN=]CODE[,CODE]",
    help="Codes that are answers without substance.",
)
@click.option("--mask-small", type=int, default=0, metavar="N", help="Hide counts from 1 to N - 1.")
@click.option("--encoding", default="", help="Encoding of a text file, such as windows-1251.")
@click.option("--delimiter", default="", help="comma, semicolon, tab or bar.")
@click.option("--decimal", default="", help="point or comma, for the weights.")
@click.option("--sheet", default="", help="Sheet of a workbook.")
@click.option("--title", default="", help="Title of the survey.")
@click.option(
    "--confidence", type=float, default=0.95, show_default=True, help="Coverage of weighted intervals."
)
@click.option("--replay", type=_PATH, help="import.json of an earlier import: decide everything as it did.")
@click.option("--replace", is_flag=True, help="Replace a folder that an earlier import wrote.")
def import_(
    file: Path, folder: Path, codebook: Path | None, replay: Path | None, replace: bool, **stated: Any
) -> None:
    """Turn a FILE of respondents into a survey folder.

    Read are .csv .tsv .xlsx .parquet .sav .zsav .por .dta .xpt, told by their bytes.
    """

    def action() -> list[str]:
        from regint.survey import microdata
        from regint.survey.folder import write_survey_folder

        if replay is not None:
            _refuse_with_replay(codebook, stated)
            result = microdata.replay(file, replay)
        else:
            result = microdata.import_respondents(file, _settings(stated), codebook)
        notices = write_survey_folder(folder, result.files, replace=replace)
        warnings = [f"Look at this: {line}" for line in [*result.warnings, *notices]]
        return [
            *result.decisions,
            *warnings,
            f"Wrote {folder}. Next: {program()} build --survey {quote(str(folder))}",
        ]

    _guarded(action)


def _refuse_with_replay(codebook: Path | None, stated: dict[str, Any]) -> None:
    """Refuse options beside a replay, which takes every decision from its record."""
    defaults: dict[str, Any] = {"missing": (), "mask_small": 0, "confidence": 0.95}
    changed = [name for name, value in stated.items() if value != defaults.get(name, "")]
    if codebook is not None or changed:
        named = "--" + (changed[0].replace("_", "-") if changed else "codebook")
        raise ValueError(
            f"{named} cannot be combined with --replay, which decides as the record says: leave one out."
        )


def _settings(stated: dict[str, Any]) -> Any:
    """Make settings from the options, the missing codes taken apart."""
    from regint.survey.imports.import_record import Settings

    pairs = []
    for text in stated.pop("missing"):
        column, mark, codes = text.rpartition("=")
        pairs += [(column if mark else "", code.strip()) for code in codes.split(",") if code.strip()]
    return Settings(missing=tuple(pairs), **stated)


@click.command()
@click.argument("folder", type=_PATH)
@click.option(
    "--format", "kind", type=click.Choice(["sav", "dta", "csv", "ddi"]), required=True, help="What to write."
)
@click.option(
    "--out", "target", type=_PATH, help="File to write (default: FOLDER's name with the format's suffix)."
)
def export(folder: Path, kind: str, target: Path | None) -> None:
    """Write a survey FOLDER for SPSS, Stata or a spreadsheet, or its codebook as DDI-Codebook 2.5."""

    def action() -> list[str]:
        from regint.survey.export import export_survey

        return [f"Wrote {export_survey(folder, kind, target)}."]

    _guarded(action)


COMMANDS = (new, import_, export)
"""Commands that the group `regint` takes up."""
