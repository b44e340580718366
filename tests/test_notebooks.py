"""Every notebook keeps the anatomy that readers rely on."""

import ast
import re
import statistics
from pathlib import Path

import nbformat
import pytest

PROJECT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((PROJECT / "notebooks").glob("*.ipynb"))
TAGS = {"parameters", "remove-input", "remove-cell", "show-input", "solution", "check"}

FRONT = "00_overview"

notebook_cases = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)


def read(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)


def cells(path: Path, kind: str) -> list[nbformat.NotebookNode]:
    return [cell for cell in read(path).cells if cell.cell_type == kind]


def code_lines(cell: nbformat.NotebookNode) -> int:
    return sum(bool(line.strip()) for line in cell.source.splitlines())


@notebook_cases
def test_name_is_safe_for_make_and_urls(path: Path) -> None:
    assert re.fullmatch(r"\d\d[a-z]?_[a-z0-9_]+", path.stem)


@notebook_cases
def test_no_outputs_are_committed(path: Path) -> None:
    for cell in cells(path, "code"):
        assert cell.outputs == [] and cell.execution_count is None


@notebook_cases
def test_cell_ids_are_unique_and_tags_known(path: Path) -> None:
    notebook = read(path)
    ids = [cell.id for cell in notebook.cells]
    assert len(ids) == len(set(ids))
    assert {tag for cell in notebook.cells for tag in cell.metadata.get("tags", [])} <= TAGS


@notebook_cases
def test_opening(path: Path) -> None:
    """The title, what is learned, one parameters cell of literals with a meaning each."""
    notebook = read(path)
    assert notebook.cells[0].source.startswith("# ")
    assert "you will learn" in notebook.cells[0].source.lower()
    tagged = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]
    assert len(tagged) == 1 and tagged[0].id == cells(path, "code")[0].id
    for line in tagged[0].source.splitlines():
        assert re.fullmatch(r"[a-z_]+: (str|int|float|bool) = .+  # .+", line), line
        ast.literal_eval(ast.parse(line).body[0].value)


@notebook_cases
def test_closing(path: Path) -> None:
    """Findings, limits, three exercises with a hint, a solution and a check cell each, references."""
    text = "\n".join(cell.source for cell in cells(path, "markdown"))
    headings = [line.strip("# ").lower() for line in text.splitlines() if line.startswith("#")]
    wanted = {"what we found", "what this cannot show", "exercises", "references"}
    wanted -= {"exercises"} if path.stem == FRONT else set()
    assert not wanted - set(headings)
    if path.stem == FRONT:
        return  # it leads to the exercises of the others
    solutions = [cell for cell in cells(path, "code") if "solution" in cell.metadata.get("tags", [])]
    checks = [cell for cell in solutions if "check" in cell.metadata["tags"]]
    assert len(checks) == text.count("<summary>Hint</summary>") == 3 and len(solutions) >= 6


# What a reader finds in print, not behind a fold: the tools that are taken, the steps the text explains.
OPEN_AT_LEAST = 3


@notebook_cases
def test_the_work_is_shown(path: Path) -> None:
    """The imports and the steps that carry the argument stand open, and show nothing but the work."""
    shown = [cell.source for cell in cells(path, "code") if "show-input" in cell.metadata.get("tags", [])]
    assert "import pandas as pd" in shown[0]
    assert len(shown) >= OPEN_AT_LEAST
    assert not [source for source in shown if re.search(r"\b(prose|figures|tables)\.\w+\(", source)]


@notebook_cases
def test_cells_are_short_and_explained(path: Path) -> None:
    # A check cell is a form: no page shows its code.
    read_cells = [cell for cell in cells(path, "code") if "check" not in cell.metadata.get("tags", [])]
    sizes = [code_lines(cell) for cell in read_cells]
    words = sum(len(re.findall(r"\w+", cell.source)) for cell in cells(path, "markdown"))
    # Lines are counted as ruff formats them: a cell made short by long lines is not a short cell.
    assert max(len(line) for cell in cells(path, "code") for line in cell.source.splitlines()) <= 110
    assert max(sizes) <= 15
    assert statistics.median(sizes) <= 4
    assert words / sum(sizes) >= 8


def prose_of(cell: nbformat.NotebookNode) -> str:
    """Markdown without formulas, code, links, citations and attribute braces."""
    text = re.sub(r"\$\$.*?\$\$|\$[^$\n]+\$|```.*?```|`[^`]*`", " ", cell.source, flags=re.DOTALL)
    return re.sub(r"\]\([^)]*\)|\[@[^\]]*\]|\{[^}]*\}|https?://\S+", " ", text)


RESULT_DIGITS = re.compile(
    r"\d+(?:\.\d+)?\s?(?:%|per ?cent\b|percentage points?\b)|\b\d+ of \d+\b|\b0\.\d+\b"
)


def typed_results(cell: nbformat.NotebookNode) -> list[str]:
    """Numbers in a Markdown cell that look like results: shares, k of n, decimals."""
    return RESULT_DIGITS.findall(prose_of(cell))


def test_typed_results_are_recognised() -> None:
    plant = nbformat.v4.new_markdown_cell
    for wrong in (
        "48% of them",
        "26 of 50 experts",
        "agreement is 0.65",
        "12.5 per cent",
        "40 percentage points",
    ):
        assert typed_results(plant(f"We see {wrong}.")), wrong
    for right in ("$p = 0.05$", "`confidence = 0.95`", "in 2025 the five states", "[@balassa1961, p. 2]"):
        assert not typed_results(plant(right)), right


@notebook_cases
def test_numbers_in_sentences_are_computed(path: Path) -> None:
    found = {cell.id: typed_results(cell) for cell in cells(path, "markdown")}
    assert {name: numbers for name, numbers in found.items() if numbers} == {}


FORBIDDEN_IN_CELLS = re.compile(
    r"\.style\b|\bHTML\(|\bMarkdown\(|\.summary\(|\beval\(|\bexec\(|pickle|%run|!pip|sys\.path"
)


@notebook_cases
def test_cells_escape_labels_and_run_no_data(path: Path) -> None:
    for cell in cells(path, "code"):
        assert not FORBIDDEN_IN_CELLS.search(cell.source), cell.source


@notebook_cases
def test_margin_of_error_is_only_refused(path: Path) -> None:
    """A closed panel has no margin of sampling error; the words may appear only to say so."""
    for cell in cells(path, "markdown"):
        for sentence in re.split(r"(?<=[.!?])\s", cell.source):
            if "margin of error" in sentence.lower():
                assert re.search(r"\b(no|not|never|neither|nor|misleading|cannot)\b", sentence.lower()), (
                    sentence
                )
