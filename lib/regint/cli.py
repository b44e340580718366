"""The command line."""

from __future__ import annotations

import json
import re
import shutil
import signal
import sys
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any, NoReturn

import click
from click.core import ParameterSource

if TYPE_CHECKING:
    from nbarticle.run import Build


def program() -> str:
    """Return how ``regint`` is called here: as on the command line just now, ready to be typed again."""
    called = Path(sys.argv[0]).absolute()
    if called.suffix == ".py":  # python -m: the script that was installed beside this interpreter
        called = Path(sys.executable).with_name("regint")
    if shutil.which("regint") == str(called) or not called.is_file():
        return "regint"
    return quote(_shown(called))


def _shown(path: Path) -> str:
    """Write a path as the reader would: relative where it lies below the current folder."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def _stop(sentence: str, code: int) -> NoReturn:
    """End with one sentence on the error stream."""
    click.echo(f"regint: {sentence}", err=True)
    sys.exit(code)


def _mistake(error: click.UsageError) -> str:
    """Say in one sentence what is wrong with a command, and how it is written."""
    command = error.ctx.command if error.ctx else click.Group()
    name = "" if isinstance(command, click.Group) else f" {command.name}"
    said = " ".join(error.format_message().split()).rstrip(".")
    if isinstance(error, click.MissingParameter) and error.param is not None:
        missing, meaning = str(error.param.name).upper(), ""
        if isinstance(error.param, click.Option):
            missing, meaning = error.param.opts[0], f" ({(error.param.help or '').rstrip('.').lower()})"
        return f"{missing} is missing{meaning}: write '{_form(command)}'."
    if isinstance(error, click.BadParameter) and error.param is not None:
        return f"{error.param.opts[0]}: {_refused(error.message, error.param.type)}."
    if isinstance(error, click.BadOptionUsage) and error.option_name in {"-p", "--parameter"}:
        return f"{error.option_name} needs a name and a value, as in {error.option_name} confidence 0.9."
    if isinstance(error, click.BadArgumentUsage):  # our own
        return f"{said}."
    if "extra argument" in said:
        extra = re.sub(r"^Got unexpected extra arguments? \((.*)\)$", r"\1", said)
        return f"{extra!r} is one name too many: write '{_form(command)}', a name with spaces in quotes."
    return f"{said if said.endswith('?') else said + ':'} '{program()}{name} --help' lists what there is."


def _refused(said: str, kind: click.ParamType[Any]) -> str:
    """Say which values an option takes, instead of the one it was given."""
    allowed = ""
    if isinstance(kind, click.Choice):
        allowed = f"one of {', '.join(map(str, kind.choices))}"
    elif isinstance(kind, click.types.IntParamType):
        allowed = "a whole number" + (f" from {kind.min} up" if isinstance(kind, click.IntRange) else "")
    return f"{said.partition(' is not ')[0]} is not {allowed}" if allowed else said.rstrip(".")


def _form(command: click.Command) -> str:
    """Write a command with everything it needs."""
    context = click.Context(command)
    words = [program(), str(command.name)]
    for parameter in command.params:
        if parameter.required or isinstance(parameter, click.Argument):
            option = [parameter.opts[0]] if isinstance(parameter, click.Option) else []
            words += [*option, parameter.make_metavar(context)]
    return " ".join(words)


@contextmanager
def _in_a_sentence(context: click.Context) -> Iterator[None]:
    """Let whatever ends an action early end in a sentence and an exit code, never in a traceback.

    The code is 2 where the call is wrong, 1 where a folder, a file or the machine is, and 128 and the
    number of the signal where somebody stopped it.
    """
    try:
        yield
    except click.exceptions.NoArgsIsHelpError:
        raise  # the help itself is the best answer
    except click.UsageError as error:
        _stop(_mistake(error), 2)
    except ValueError as error:
        # What a build refuses before it starts is what was asked for, as figures are; all else is in files.
        _stop(str(error), 2 if context.invoked_subcommand in ("build", "figure", "sweep") else 1)
    except MemoryError:
        _stop("not enough memory: name the columns you need in a codebook.", 1)
    except OSError as error:
        from textfiles.files import describe

        _stop(describe(error), 1)
    except KeyboardInterrupt as stopped:  # of Ctrl-C, or of another signal, with its number
        number = (*stopped.args, signal.SIGINT)[0]
        _stop("Stopped. What was published before is untouched; run the same command to go on.", 128 + number)


class _Group(click.Group):
    """A group of commands whose errors are one sentence and an exit code."""

    def invoke(self, context: click.Context) -> Any:
        """Run a command."""
        with _in_a_sentence(context):
            return super().invoke(context)

    def parse_args(self, context: click.Context, arguments: list[str]) -> Any:
        """Read what stands before the command's name."""
        with _in_a_sentence(context):
            return super().parse_args(context, arguments)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="regint")
def main() -> None:
    """Notebooks on published surveys: run them, publish them, bring your own survey."""


_PATH = click.Path(path_type=Path)
_Command = Callable[..., Any]
_LISTED = tomllib.loads(Path(__file__).with_name("options.toml").read_text(encoding="utf-8"))

# Options that several commands have, or that are alike.
_out = partial(click.option, "--out", type=click.Path(path_type=Path, file_okay=False))
_jobs = partial(click.option, "--jobs", "-j", type=click.IntRange(0), default=0)
_timeout = click.option(
    "--timeout", type=click.IntRange(1), default=120, show_default=True, help="Seconds one cell may take."
)
_text = partial(click.option, default="")
_cluster = _text(
    "--cluster", metavar="ADDRESS", help="Run on the workers of a Dask scheduler (tcp://HOST:PORT)."
)


def _options(command: str) -> Callable[[_Command], _Command]:
    """Give a function the options that `options.toml` lists for a command, in their order."""

    def decorate(function: _Command) -> _Command:
        for name, how in reversed(_LISTED[command].items()):
            default = {} if how.keys() & {"multiple", "is_flag"} else {"default": ""}
            function = click.option(f"--{name}", **default | how)(function)
        return function

    return decorate


def _named_formats(_: click.Context, __: click.Parameter, text: str) -> list[str]:
    """Take a list of formats apart."""
    wanted = [name for name in text.split(",") if name]
    if unknown := set(wanted) - {"docx", "latex"}:
        raise click.BadParameter(f"{min(unknown)!r} is neither docx nor latex.", param_hint="'--formats'")
    return wanted


_formats = _text(
    "--formats", callback=_named_formats, help="Write the pages also as docx or latex (or docx,latex)."
)


def _below_build(out: Path | None, *parts: str) -> Path:
    """Give the folder that results go to: the one that was named, or one below the project's build."""
    from textfiles.files import project_folder

    return (out or (project_folder() or Path.cwd()).joinpath("build", *parts)).resolve()


@main.command()
@click.argument("notebooks", nargs=-1, metavar="[NOTEBOOK]...")
@click.option(
    "given", "-p", "--parameter", nargs=2, multiple=True, metavar="NAME VALUE",
    help="Set a parameter; may be repeated.",
)  # fmt: skip
@_jobs(help="Notebooks run at once (0: one per processor).")
@_cluster
@_timeout
@_out(help="Output folder (default: build).")
@click.option("--student", is_flag=True, help="Make the edition without solutions.")
@click.option("--timings", is_flag=True, help="Also print where the time went.")
@_formats
def build(student: bool, timings: bool, formats: list[str], **asked: Any) -> None:
    """Run notebooks and publish their pages; without NOTEBOOK, the whole collection."""
    from nbarticle.plan import Request
    from nbarticle.run import build as make

    edition = "student" if student else "full"
    start = time.perf_counter()
    done = make(Request(**asked, edition=edition, command="regint build"))
    if timings:
        from nbarticle.timings import spent, table

        spent["the whole build, by the clock", ""] = time.perf_counter() - start
        click.echo(table([*done.built, *done.reused, *done.failed]))
    _tell(done, formats)


def _tell(report: Build, formats: list[str]) -> None:
    """Say what a build did, write its pages in other formats, and end with 1 where a notebook failed."""
    if formats:
        from nbarticle.formats import write_formats

        click.echo(f"Formats: {_shown(write_formats(report.index.parent, formats))}")
    for note in report.notes:
        click.echo(f"note: {note}", err=True)
    for _, sentence in sorted(report.failed.items()):
        click.echo(f"failed: {sentence}", err=True)
    built = [name for name in report.built if name not in report.failed]
    reused = [name for name in report.reused if name not in report.failed]
    click.echo(f"{len(built)} built, {len(reused)} reused, {len(report.failed)} failed.")
    if report.index.is_file():
        click.echo(f"Site: {_shown(report.index)}")
    if report.failed:
        sys.exit(1)


@main.command()
@click.argument("folder", type=_PATH)
@_out(help="Output folder.")
@click.option("--one-file", is_flag=True, help="Also write one HTML file with everything in it, to mail.")
@_formats
def report(folder: Path, out: Path | None, one_file: bool, formats: list[str]) -> None:
    """Make the report of a survey FOLDER: its pages are about this survey and nothing else.

    Without --out they go to build/survey/ and the folder's name.
    """
    from nbarticle.run import build as make

    from regint.sweep import report_request

    place = folder.resolve()
    out = _below_build(out, "survey", place.name)
    if out.is_relative_to(place):
        raise click.BadArgumentUsage("--out lies inside the survey folder: choose a folder beside it")
    asked = report_request(folder, out)
    _tell(make(asked), formats)
    if one_file:
        from nbarticle.article import ArticleExporter, bound
        from nbformat import read
        from textfiles.files import write

        from regint.display.prose import escape_markdown

        title = (asked.settings or {})["title"]
        files = [out / "executed" / Path(name).name for name in asked.notebooks]
        executed = [read(file, as_version=4) for file in files]  # type: ignore[no-untyped-call, unused-ignore]
        whole = bound(escape_markdown(title), executed)
        whole.metadata["nbarticle"] = {"title": title, "strict": True}
        exporter = ArticleExporter()  # type: ignore[no-untyped-call, unused-ignore]
        page, _ = exporter.from_notebook_node(whole, {"metadata": {"name": place.name}})
        write(out / f"{place.name}.html", page)
        click.echo(f"One file: {_shown(out / f'{place.name}.html')}")


@main.command()
@click.argument("names", nargs=-1, metavar="NOTEBOOK... | FOLDER...")
@click.option("--over", "grid", type=_PATH, metavar="GRID.csv", help="A column per parameter, a row per run.")
@click.option("--surveys", is_flag=True, help="What is named are survey folders: make the report of each.")
@_text("--along", metavar="PARAMETER", help="What the pictures run along (default: the first).")
@_jobs(help="Runs at once (0: one per processor).")
@_cluster
@_timeout
@_out(help="Output folder.")
def sweep(
    names: tuple[str, ...], grid: Path | None, surveys: bool, along: str, out: Path | None, **how: Any
) -> None:
    """Run NOTEBOOKs once for each row of a grid of parameters, or make the reports of many surveys.

    What was run before is reused, so a sweep that was stopped goes on where it was. All tables of all runs
    go into results.csv and results.parquet, how each run ended into runs.csv, and one page compares them;
    without --out all of it to a folder below build/sweep.
    """
    if surveys == (grid is not None) or not names:
        raise click.BadArgumentUsage(
            "name notebooks and a grid, as in 'sweep 04_uncertainty --over grid.csv', or surveys, as in "
            "'sweep --surveys one two'"
        )
    from nbarticle.cache import digest

    from regint.sweep import comparison, over_grid, over_surveys

    stems = "+".join(Path(name).name.removesuffix(".ipynb") for name in names)
    title = f"{stems}-over-{grid.stem}" if grid else stems
    folders = sorted({str(Path(name).resolve().parent) for name in ([grid] if grid else names)})
    if folders != [str(Path.cwd())]:  # what has the same name elsewhere has a place of its own
        title = f"{title}-{digest(folders)[:8]}"
    title = f"{title[:80]}-{digest(title)[:8]}" if len(title) > 100 else title
    out = _below_build(out, "sweep", title)
    if grid:
        runs = over_grid(names, grid, out, **how)
    else:
        del how["timeout"]  # a report has its own
        runs = over_surveys(names, out, **how)
    page = comparison(runs, out, along)
    failed = {run.name: run.problem for run in runs if run.problem}
    for sentence in [*failed.values(), *page.failed.values()]:
        click.echo(f"failed: {sentence}", err=True)
    click.echo(f"{len(runs) - len(failed)} of {len(runs)} runs made: {_shown(out / 'results.csv')}")
    if (out / "runs" / "site" / "index.html").is_file():
        click.echo(f"Runs: {_shown(out / 'runs' / 'site' / 'index.html')}")
    click.echo(f"Comparison: {_shown(page.index.with_name('sweep.html'))}")
    if failed or page.failed:
        sys.exit(1)


@main.command()
@click.argument("figures", nargs=-1, metavar="[FIGURE]...")
@click.option("--base", type=click.IntRange(1), help="Number of people they are percentages of, if known.")
@click.option(
    "--total",
    type=click.Choice(["closed", "open", "multiple"]),
    help="closed: all answers are listed; open: some are not; multiple: several could be chosen.",
)
@_text("--mean", help="A printed mean of whole-number answers.")
@_text("--sd", help="The standard deviation beside it.")
@click.option("--n", "answers", type=click.IntRange(1), help="How many answered, for the mean.")
@_text("--scale", metavar="LOW-HIGH", help="The answers' scale, such as 1-5.")
@click.option("--items", type=click.IntRange(1), default=1, help="How many answers a score averages.")
@click.option("--json", "as_json", is_flag=True, help="Write everything found as JSON.")
def figure(
    figures: tuple[str, ...], base: int | None, total: str | None, mean: str, sd: str, answers: int | None,
    scale: str, items: int, as_json: bool,
) -> None:  # fmt: skip
    """Say what printed percentages of one question, or a printed mean, can mean."""
    from surveyfile.cells import plain, read_cell

    from regint.percentages.inquiry import about_figures, about_mean

    ends = re.fullmatch(r"(-?\d+)\s*(?:[-\u2010-\u2014\u2212]|to)\s*(-?\d+)", scale)
    if scale and not ends:
        raise click.BadArgumentUsage(f"--scale: {scale!r} is no scale such as 1-5")
    if not figures and not mean:
        raise click.BadArgumentUsage("no figure and no mean is given: write them as printed, 43.5 23.5 23 10")
    found = {}
    parts = [plain(text).replace(" %", "%") for text in figures]
    parts = [part for text in parts for part in ([text] if text.strip("%") == "" else text.split())]
    if sign := next((text for text in parts if re.fullmatch(r"[<>≤≥].*|[*–—-]+", text)), ""):
        raise click.BadArgumentUsage(
            f"{sign!r} stands for a share too small to print, or for none: leave it out and say --total open"
        )
    bare = [cell.figure for cell in (read_cell(part, {}) for part in parts)]
    if figures:
        found["figures"] = about_figures(bare, base or answers, total or "")
    if mean:
        between = (int(ends[1]), int(ends[2])) if ends else None
        mean, sd = (plain(text).replace(",", ".") for text in (mean, sd))
        found["mean"] = about_mean(mean, answers or base, between, sd, bare, items)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return
    # The mean beside the percentages is what both together were given for.
    for answer in reversed(found.values()):
        for sentence in answer["sentences"][: 6 // len(found)]:
            click.echo(sentence)


@main.command()
@click.argument("folder", type=_PATH)
def check(folder: Path) -> None:
    """Check a survey FOLDER and report every problem at once."""
    from regint.survey.table import read_survey

    survey = read_survey(folder)
    for notice in survey.notices:
        click.echo(f"notice: {notice}")
    answers = survey.rows.loc[survey.rows["row"] == "answer", ["question", "response"]].drop_duplicates()
    sizes = {"question": len(survey.questions), "response": len(answers)}
    sizes |= {"group": len(survey.groups)} if survey.groups else {}
    counted = ", ".join(f"{number} {what}{'s' * (number != 1)}" for what, number in sizes.items())
    click.echo(f"{folder}: {counted}, no problems.")


@main.command()
@click.argument("folder", type=_PATH)
@click.option(
    "--from",
    "table",
    type=_PATH,
    help="Fill it from a table of printed figures, .csv or .xlsx, as a report lays it out.",
)
@click.option(
    "--base", type=click.IntRange(1), help="Number of answers the printed figures refer to, if it is one."
)
@_options("new")
def new(folder: Path, legend: tuple[str, ...], **stated: Any) -> None:
    """Make a survey FOLDER for printed percentages, to fill in with a spreadsheet."""
    from surveyfile.new_folder import new_folder

    from regint.survey.count_ranges import BOUNDS_IN_WORDS
    from regint.survey.validate import SILENT

    signs = {}
    for text in legend:
        sign, _, words = (part.strip() for part in text.rpartition("="))
        if not sign or not (words in ("none", SILENT) or BOUNDS_IN_WORDS.fullmatch(words)):
            raise click.BadArgumentUsage(
                f"--legend {text!r} needs a sign and what it means, such as '*=below 0.5', '*=none' or "
                f"'*={SILENT}'"
            )
        signs[sign] = words
    told = [f"--{name}" for name in ("base", "weighted", "encoding", "sheet") if stated[name]]
    if not stated["table"] and (legend or told):
        raise click.BadArgumentUsage(
            f"{(told or ['--legend'])[0]} says how a table is read: name it with --from"
        )
    for line in new_folder(folder, legend=signs, **stated):
        click.echo(line)
    click.echo(f"Next: {program()} check {quote(str(folder))}")


@main.command("import")
@click.argument("file", type=_PATH)
@click.option("--out", "folder", type=_PATH, required=True, metavar="FOLDER", help="Survey folder to create.")
@click.option("--codebook", type=_PATH, help="CSV that says what each column and code means.")
@_options("import")
@click.option("--replay", type=_PATH, help="import.json of an earlier import: decide everything as it did.")
@click.option(
    "--replace",
    is_flag=True,
    help="Replace a folder as an earlier import wrote it; your own work in it stays.",
)
def _import(
    file: Path, folder: Path, codebook: Path | None, replay: Path | None, replace: bool,
    by: tuple[str, ...], **stated: Any,
) -> None:  # fmt: skip
    """Turn a FILE of respondents into a survey folder."""
    from surveyfile import importing
    from surveyfile.record import Settings

    from regint.survey.folder import write_survey_folder

    if replay is None:
        told = [name for name in ("rating", "multiple", "single", "skip") if stated[name]]
        if codebook and told:
            raise click.BadArgumentUsage(
                f"--{told[0]} cannot be combined with --codebook, which says what columns are: write it there"
            )
        lists: dict[str, Any] = {name: _column_values(stated.pop(name)) for name in ("missing", "silent")}
        lists["filter"] = _column_values(stated.pop("filter"), "--filter")
        lists["by"] = tuple(tuple(column.strip() for column in text.split(",")) for text in by)
        settings = Settings(**lists, **stated)
        result = importing.import_respondents(file, settings, codebook)
    else:
        source = click.get_current_context().get_parameter_source
        for name in ("codebook", "by", *stated):
            if source(name) is ParameterSource.COMMANDLINE:
                option = f"--{name.replace('_', '-')}"
                raise click.BadArgumentUsage(
                    f"{option} cannot be combined with --replay, which decides as the record says: "
                    "leave one out."
                )
        result = importing.replay(file, replay)
    notices = write_survey_folder(folder, result.files, replace=replace)
    for line in result.decisions:
        click.echo(line)
    for line in [*result.warnings, *notices]:
        click.echo(f"Look at this: {line}")
    if replay is None and not settings.title:
        click.echo(f"The survey is called {file.stem!r}, as the file: --title gives it another name.")
    click.echo(f"Wrote {folder}. Next: {program()} report {quote(str(folder))}")


def _column_values(stated: tuple[str, ...], option: str = "") -> tuple[tuple[str, str], ...]:
    """Take ``[COLUMN=]VALUE[,VALUE]`` apart into pairs; the last sign parts them.

    With the name of an option, the column must be there.
    """
    pairs = []
    for text in stated:
        column, _, codes = text.rpartition("=")
        if option and not (column and codes):
            raise click.BadArgumentUsage(f"{option} {text!r} needs a column and a value, as in COLUMN=VALUE")
        pairs += [(column, code.strip()) for code in codes.split(",") if code.strip()]
    return tuple(pairs)


@main.command()
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
    from regint.survey.export import export_survey

    click.echo(f"Wrote {export_survey(folder, kind, target, replace=replace)}.")


@main.command()
@click.argument("site", type=_PATH)
def verify(site: Path) -> None:
    """Check a downloaded SITE against its own manifest: every file, both ways."""
    from nbarticle.manifest import verify as check_site

    holds, wrong = check_site(site)
    for sentence in holds:
        click.echo(sentence)
    for sentence in wrong:
        click.echo(f"wrong: {sentence}", err=True)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main(prog_name="regint")
