"""The command line ``regint``; heavy imports stand inside the commands: a build of nothing is instant."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from regint.publish.cli_survey import COMMANDS
from regint.publish.wording import mistake, program, shown, stop


class Group(click.Group):
    """A group of commands whose own errors are one sentence and an exit code, never a traceback."""

    def invoke(self, context: click.Context) -> object:
        """Run a command."""
        from regint.parameters import ParameterError
        from regint.publish.execution.plan import UsageError
        from regint.publish.execution.signals import Stopped

        try:
            return super().invoke(context)
        except click.UsageError as error:
            stop(mistake(error), 2)
        except (UsageError, ParameterError) as error:
            stop(str(error), 2)
        except OSError as error:
            from regint.publish.execution.workers import describe

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
    """Run notebooks and publish their pages; without NOTEBOOK, the whole collection.

    Only what is out of date is run. Changed parameters go to build/variant, another survey to
    build/survey/NAME, unless --out says otherwise.
    """
    from regint.publish.execution.plan import Request
    from regint.publish.run import build as make

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
    from regint.survey.published import read_survey

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
