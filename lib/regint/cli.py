"""The command line."""

from __future__ import annotations

import re
import shlex
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from shlex import quote
from typing import Any, NoReturn

import click


def program() -> str:
    """Return how ``regint`` is called here: as on the command line just now, ready to be typed again."""
    called = Path(sys.argv[0]).absolute()
    if called.suffix == ".py":  # python -m: the script that was installed beside this interpreter
        called = Path(sys.executable).with_name("regint")
    if shutil.which("regint") == str(called) or not called.is_file():
        return "regint"
    return shlex.quote(shown(called))


def shown(path: Path) -> str:
    """Write a path as the reader would: relative where it lies below the current folder."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def stop(sentence: str, code: int) -> NoReturn:
    """End with one sentence on the error stream."""
    click.echo(f"regint: {sentence}", err=True)
    sys.exit(code)


def mistake(error: click.UsageError) -> str:
    """Say in one sentence what is wrong with a command, and how it is written."""
    command = error.ctx.command if error.ctx else click.Group()
    name = "" if isinstance(command, click.Group) else f" {command.name}"
    if isinstance(error, click.MissingParameter) and error.param is not None:
        return f"{missing(error.param)}: write '{form(command)}'."
    if isinstance(error, click.BadParameter) and error.param is not None:
        return f"{error.param.opts[0]}: {refused(error.message, error.param.type)}."
    if isinstance(error, click.BadOptionUsage) and error.option_name in {"-p", "--parameter"}:
        return f"{error.option_name} needs a name and a value, as in {error.option_name} confidence 0.9."
    said = " ".join(error.format_message().split()).rstrip(".")
    if "extra argument" in said:
        extra = re.sub(r"^Got unexpected extra arguments? \((.*)\)$", r"\1", said)
        return f"{extra!r} is one name too many: write '{form(command)}', a name with spaces in quotes."
    return f"{said if said.endswith('?') else said + ':'} '{program()}{name} --help' lists what there is."


def missing(parameter: click.Parameter) -> str:
    """Name what is missing."""
    if isinstance(parameter, click.Option):
        return f"{parameter.opts[0]} is missing ({(parameter.help or '').rstrip('.').lower()})"
    return f"{str(parameter.name).upper()} is missing"


def refused(said: str, kind: click.ParamType[Any]) -> str:
    """Say which values an option takes, instead of the one it was given."""
    value = said.partition(" is not ")[0]
    if isinstance(kind, click.Choice):
        return f"{value} is not one of {', '.join(map(str, kind.choices))}"
    if isinstance(kind, click.IntRange):
        return f"{value} is not a whole number from {kind.min} up"
    if kind is click.INT:
        return f"{value} is not a whole number"
    if kind is click.FLOAT:
        return f"{value} is not a number with a decimal point, such as 0.95"
    return said.rstrip(".")


def form(command: click.Command) -> str:
    """Write a command with everything it needs."""
    words = [program(), str(command.name)]
    context = click.Context(command)
    for parameter in command.params:
        if isinstance(parameter, click.Argument):
            words.append(parameter.make_metavar(context))
        elif parameter.required:
            words += [parameter.opts[0], parameter.make_metavar(context)]
    return " ".join(words)


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
        from surveyfile.printed_table import new_folder

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
@click.option(
    "--replace",
    is_flag=True,
    help="Replace a folder as an earlier import wrote it; your own work in it stays.",
)
def import_(
    file: Path, folder: Path, codebook: Path | None, replay: Path | None, replace: bool, **stated: Any
) -> None:
    """Turn a FILE of respondents into a survey folder."""

    def action() -> list[str]:
        from surveyfile import importing

        from regint.survey.folder import write_survey_folder

        if replay is not None:
            _refuse_with_replay(codebook, stated)
            result = importing.replay(file, replay)
        else:
            result = importing.import_respondents(file, _settings(stated), codebook)
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
    from surveyfile.record import Settings

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
@click.option("--replace", is_flag=True, help="Write over a file that exists.")
def export(folder: Path, kind: str, target: Path | None, replace: bool) -> None:
    """Write a survey FOLDER for SPSS, Stata or a spreadsheet, or its codebook as DDI-Codebook 2.5."""

    def action() -> list[str]:
        from regint.survey.export import export_survey

        return [f"Wrote {export_survey(folder, kind, target, replace=replace)}."]

    _guarded(action)


COMMANDS = (new, import_, export)
"""Commands that the group `regint` takes up."""


class Group(click.Group):
    """A group of commands whose own errors are one sentence and an exit code, never a traceback."""

    def invoke(self, context: click.Context) -> object:
        """Run a command."""
        from nbarticle.run import Stopped
        from textfiles.problems import Problem

        try:
            return super().invoke(context)
        except click.UsageError as error:
            stop(mistake(error), 2)
        except Problem as error:
            stop(str(error), 2)
        except OSError as error:
            from nbarticle.run import describe

            stop(describe(error), 1)
        except KeyboardInterrupt:
            stop("Stopped. What was published before is untouched; run the same command to go on.", 130)
        except Stopped as stopped:
            stop(
                "Stopped. What was published before is untouched; run the same command to go on.",
                128 + stopped.number,
            )

    def parse_args(self, context: click.Context, arguments: list[str]) -> list[str]:
        """Read what stands before the command's name."""
        try:
            return super().parse_args(context, arguments)
        except click.exceptions.NoArgsIsHelpError:
            raise  # the help itself is the best answer
        except click.UsageError as error:
            stop(mistake(error), 2)


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="regint")
def main() -> None:
    """Notebooks on published surveys: run them, publish them, bring your own survey."""


@main.command()
@click.argument("notebooks", nargs=-1, metavar="[NOTEBOOK]...")
@click.option(
    "given",
    "-p",
    "--parameter",
    nargs=2,
    multiple=True,
    metavar="NAME VALUE",
    help="Set a parameter; may be repeated.",
)
@click.option("--survey", metavar="FOLDER", help="Run every survey notebook on this survey folder.")
@click.option(
    "--jobs", "-j", type=click.IntRange(0), default=0, help="Notebooks run at once (0: one per processor)."
)
@click.option(
    "--timeout", type=click.IntRange(1), default=120, show_default=True, help="Seconds one cell may take."
)
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), help="Output folder (default: build)."
)
@click.option("--student", is_flag=True, help="Make the edition without solutions.")
def build(
    notebooks: tuple[str, ...],
    given: tuple[tuple[str, str], ...],
    survey: str | None,
    jobs: int,
    timeout: int,
    out: Path | None,
    student: bool,
) -> None:
    """Run notebooks and publish their pages; without NOTEBOOK, the whole collection."""
    from nbarticle.plan import Request
    from nbarticle.run import build as make

    edition = "student" if student else "full"
    report = make(Request(notebooks, given, survey, jobs, timeout, out, edition, program()))
    for note in report.notes:
        click.echo(f"note: {note}", err=True)
    for _, sentence in sorted(report.failed.items()):
        click.echo(f"failed: {sentence}", err=True)
    built = [name for name in report.built if name not in report.failed]
    reused = [name for name in report.reused if name not in report.failed]
    click.echo(f"{len(built)} built, {len(reused)} reused, {len(report.failed)} failed.")
    if report.index.is_file():
        click.echo(f"Site: {shown(report.index)}")
    sys.exit(1 if report.failed else 0)


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
def check(folder: Path) -> None:
    """Check a survey FOLDER and report every problem at once."""
    from regint.survey.table import read_survey

    try:
        survey = read_survey(folder)
    except ValueError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    for notice in survey.notices:
        click.echo(f"notice: {notice}")
    click.echo(
        f"{folder}: {len(survey.questions)} questions, {len(survey.responses)} responses, no problems."
    )


for command in COMMANDS:
    main.add_command(command)


if __name__ == "__main__":
    main(prog_name="regint")
