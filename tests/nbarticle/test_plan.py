"""Which notebooks a build takes up, and the command that makes a page again."""

from pathlib import Path

import pytest
from nbarticle.plan import Planned, Request, plan

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


@pytest.mark.parametrize(
    ("values", "edition", "command"),
    [
        ({}, "full", "make"),
        ({}, "student", "make student"),
        ({"base": "$(rm)"}, "full", """make variant NOTEBOOK=03_x PARAMS='-p base '"'"'$$(rm)'"'"''"""),
        ({"base": "asked"}, "full", "make variant NOTEBOOK=03_x PARAMS='-p base asked'"),
        ({"base": "as ked"}, "full", """make variant NOTEBOOK=03_x PARAMS='-p base '"'"'as ked'"'"''"""),
    ],
)
def test_the_command_that_makes_a_page_again(values: dict, edition: str, command: str) -> None:
    notebook = Planned("03_x", Path("03_x.ipynb"), b"", "", (), values=values)
    assert notebook.command(edition) == command
