"""Every exercise of the study ends in a check cell that a student can use."""

import ast
from pathlib import Path

import nbformat
import pytest
from nbarticle.article import working_notebook
from nbarticle.outputs import CELL
from regint import exercises

NOTEBOOKS = sorted(
    path.stem
    for path in (Path(__file__).parent.parent / "notebooks").glob("[01]*.ipynb")
    if "## Exercises" in path.read_text(encoding="utf-8")
)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_check_cells(study: Path, name: str, capsys) -> None:
    """Right for the solution, a reason each for the two common errors, a request where nothing is given."""
    executed = nbformat.read(study / "executed" / f"{name}.ipynb", as_version=4)
    outputs = [
        output.data for cell in executed.cells for output in cell.get("outputs", ()) if "data" in output
    ]
    checks = [data[CELL] for data in outputs if CELL in data]
    student = working_notebook(executed, "student")
    text = "\n".join(cell.source for cell in student.cells)
    assert len(checks) == text.count("exercises.check(") == text.count("<summary>Hint</summary>") == 3
    assert not any("solution" in cell.metadata.get("tags", ()) for cell in student.cells)
    for check in checks:
        assert check["source"] in text

        def told(answer: str, source: str = check["source"]) -> str:
            exec(source.replace("answer = None", f"answer = {answer}", 1), {"exercises": exercises})
            return capsys.readouterr().out.strip()

        reasons = list(ast.literal_eval(ast.parse(check["source"]).body[1].value.keywords[1].value).values())
        assert told(check["right"]) == "Right.", check
        assert [told(wrong) for wrong in check["wrong"]] == [f"Not yet. {reason}" for reason in reasons], (
            check
        )
        assert len(set(reasons)) == 2, check
        assert told("None").startswith("Nothing is given yet")


@pytest.mark.slow
def test_student_notebook_runs_where_jupyter_starts_it(study: Path, tmp_path: Path) -> None:
    """In the folder of notebooks, from beginning to end, with nothing answered."""
    from nbclient import NotebookClient

    executed = nbformat.read(study / "executed" / "01_published_figures.ipynb", as_version=4)
    student = working_notebook(executed, "student")
    folder = Path(__file__).parent.parent / "notebooks"
    NotebookClient(student, resources={"metadata": {"path": str(folder)}}).execute()
    printed = [
        output.text for cell in student.cells for output in cell.get("outputs", ()) if "text" in output
    ]
    assert sum("Nothing is given yet" in text for text in printed) == 3
