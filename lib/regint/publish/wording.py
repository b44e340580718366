"""How the command line speaks: one sentence for a mistake, and commands as the reader calls them."""

from __future__ import annotations

import re
import shlex
import shutil
import sys
from pathlib import Path
from typing import Any, NoReturn

import click


def program() -> str:
    """Return how ``regint`` is called here: as on the command line just now, ready to be typed again.

    The bare name where the shell finds this very program by it, else its path, relative where it lies below
    the current folder.
    """
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
