"""The layout holds: rooms import in one direction, nothing dangerous or forbidden stands in the code."""

import ast
import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
PACKAGE = PROJECT / "lib" / "regint"

MAY_IMPORT = {
    "statistics": set(),
    "survey": {"statistics"},
    "theory": {"statistics", "survey"},
    "display": set(),
    "publish": {"survey", "parameters"},
    "parameters": {"survey"},
}

MODULES = sorted(PACKAGE.rglob("*.py"))


def room_of(module: Path) -> str:
    return module.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_rooms(source: str) -> set[str]:
    """Rooms of regint named by any import statement, at the top or inside a function."""
    rooms = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide which room a name comes from"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        rooms |= {name.split(".")[1] for name in names if name.startswith("regint.")}
    return rooms


@pytest.mark.parametrize("module", MODULES, ids=lambda m: str(m.relative_to(PACKAGE)))
def test_rooms_import_in_one_direction(module: Path) -> None:
    room = room_of(module)
    if room == "__init__":
        return
    allowed = MAY_IMPORT[room] | {room}
    assert imported_rooms(module.read_text(encoding="utf-8")) <= allowed


def test_import_reader_sees_a_forbidden_import() -> None:
    assert imported_rooms("def f():\n    from regint.display import tables") == {"display"}


def dangerous_calls(source: str) -> list[str]:
    """Calls that run data as code or make HTML without escaping."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and node.attr in {"read_pickle", "to_pickle", "summary", "style"}:
            found.append(node.attr)
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if isinstance(node.func, ast.Name) and name in {"eval", "exec"}:
                found.append(name)
            if name in {"HTML", "Markdown"} and any(isinstance(a, ast.JoinedStr) for a in node.args):
                found.append(f"{name}(f...)")
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = {alias.name for alias in node.names} | {getattr(node, "module", None)}
            found += sorted(names & {"pickle", "joblib", "dill", "shelve"})
    return found


def test_dangerous_calls_are_recognised() -> None:
    bad = "import pickle\neval('1')\nHTML(f'<b>{x}</b>')\nmodel.summary()\nframe.style.format()\n"
    assert sorted(dangerous_calls(bad)) == ["HTML(f...)", "eval", "pickle", "style", "summary"]


@pytest.mark.parametrize("module", MODULES, ids=lambda m: str(m.relative_to(PACKAGE)))
def test_library_runs_no_data_and_escapes_everything(module: Path) -> None:
    assert dangerous_calls(module.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("module", MODULES, ids=lambda m: str(m.relative_to(PACKAGE)))
def test_modules_and_functions_stay_short(module: Path) -> None:
    source = module.read_text(encoding="utf-8")
    assert len(source.splitlines()) <= 420, "split the module: it holds more than one idea"
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            documentation = ast.get_docstring(node, clean=False) or ""
            body = node.end_lineno - node.lineno + 1 - len(documentation.splitlines())
            assert body <= 45, f"{node.name} has a body of {body} lines"


def test_only_display_writes_percent_signs() -> None:
    """Shares stay shares until `display`: no f-string elsewhere formats with `%`."""
    offenders = [
        str(m.relative_to(PROJECT))
        for m in MODULES
        if room_of(m) in {"statistics", "theory"} and re.search(r":\.\d+%\}", m.read_text(encoding="utf-8"))
    ]
    assert offenders == []


def test_no_utils() -> None:
    assert [m.name for m in MODULES if m.stem in {"utils", "helpers", "common", "misc"}] == []
