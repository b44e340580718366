"""Which notebooks a build takes up, and the command that makes a page again."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from nbarticle.plan import Planned, Request, plan
from textfiles.problems import Problem

PROJECT = Path(__file__).resolve().parent.parent.parent


def test_the_collection_is_built_whole_and_in_order_and_holds_no_report() -> None:
    names = [notebook.name for notebook in plan(PROJECT, Request())]
    assert len(names) >= 9 and names == sorted(names)
    assert all(name[:2].isdigit() for name in names)


def test_notebooks_of_no_project_keep_the_order_in_which_they_were_asked_for(tmp_path: Path) -> None:
    files = [
        str(PROJECT / "notebooks" / f"{name}.ipynb")
        for name in ("03_response_distributions", "01_published_figures")
    ]
    taken = plan(tmp_path, Request(notebooks=files, folder=tmp_path))
    assert [notebook.name for notebook in taken] == ["03_response_distributions", "01_published_figures"]


def test_a_number_that_one_notebook_has_names_it() -> None:
    taken = plan(PROJECT, Request(notebooks=["03", "02"]))
    assert [notebook.name for notebook in taken] == ["02_hidden_bases", "03_response_distributions"]
    with pytest.raises(Problem, match="There is no notebook '99'"):
        plan(PROJECT, Request(notebooks=["99"]))


# How a page is made again where there is a Makefile, and where there is none.
COMMANDS = [
    ({}, "full", "make", "x build"),
    ({}, "student", "make student", "x build --student"),
    ({"base": "asked"}, "full", "make variant NOTEBOOK=03_x PARAMS='-p base asked'",
     "x build 03_x -p base asked"),
    ({"base": "$(rm)"}, "full", """make variant NOTEBOOK=03_x PARAMS='-p base '"'"'$$(rm)'"'"''""",
     "x build 03_x -p base '$(rm)'"),
    ({"base": "as ked"}, "full", """make variant NOTEBOOK=03_x PARAMS='-p base '"'"'as ked'"'"''""",
     "x build 03_x -p base 'as ked'"),
]  # fmt: skip


WORDS = (
    "; rm -rf x",
    "$(touch pwned)",
    "`touch pwned`",
    "a'b\"c",
    "$HOME ${PATH} $$",
    "& | > pwned",
    "-x",
    "\\n",
)


@pytest.mark.skipif(not shutil.which("make"), reason="make is not installed")
def test_no_value_becomes_a_command_in_what_is_printed(tmp_path: Path) -> None:
    (tmp_path / "Makefile").write_text("variant:\n\t@printf '%s\\n' $(PARAMS)\n")
    outside = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    for word in WORDS:
        notebook = Planned("03_x", Path("03_x.ipynb"), b"", "", (), values={"base": word})
        for command in (
            notebook.command(Request(command="printf '%s\\n'"), tmp_path),
            notebook.command(Request(command="printf '%s\\n'", folder=tmp_path), tmp_path),
        ):
            done = subprocess.run(
                ["sh", "-c", command], cwd=tmp_path, env=outside, capture_output=True, text=True
            )
            assert (done.returncode, done.stdout.splitlines()[-1]) == (0, word), command
    assert [path.name for path in tmp_path.iterdir()] == ["Makefile"]


def test_the_command_that_makes_a_page_again(tmp_path: Path) -> None:
    for values, edition, _, called in COMMANDS:
        notebook = Planned("03_x", Path("03_x.ipynb"), b"", "", (), values=values)
        request = Request(edition=edition, command="x build")
        assert notebook.command(request, tmp_path) == called
        assert notebook.command(Request(edition=edition), tmp_path) == ""
    (tmp_path / "Makefile").touch()
    for values, edition, made, called in COMMANDS:
        notebook = Planned("03_x", Path("03_x.ipynb"), b"", "", (), values=values)
        assert notebook.command(Request(edition=edition, command="x build"), tmp_path) == made
        # A folder of somebody else's may hold a Makefile of its own.
        request = Request(edition=edition, command="x build", folder=tmp_path)
        assert notebook.command(request, tmp_path) == called
