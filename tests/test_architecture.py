"""The layout holds: packages and rooms import in one direction, nothing dangerous stands in the code."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import networkx as nx

PROJECT = Path(__file__).resolve().parent.parent
LIB = PROJECT / "lib"
MODULES = {
    ".".join(path.relative_to(LIB).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted(LIB.rglob("*.py"))
}
PACKAGES = {"textfiles", "nbarticle", "surveyfile", "regint"}

# What a room may import beside itself and `textfiles`; the command line, which nothing imports, everything.
MAY_IMPORT = {
    "textfiles": set(),
    "nbarticle": set(),
    "surveyfile": {"regint.survey"},
    "regint": set(),
    "regint.percentages": set(),
    "regint.estimation": {"regint.percentages"},
    "regint.survey": {"regint.percentages", "regint.estimation"},
    "regint.theory": {"regint.survey", "regint.estimation", "regint.percentages"},
    "regint.display": set(),
    "regint.parameters": {"regint.survey"},
    "regint.sweep": {"nbarticle", "regint.survey"},
    "regint.cli": {
        "nbarticle",
        "surveyfile",
        "regint.percentages",
        "regint.survey",
        "regint.display",
        "regint.parameters",
        "regint.sweep",
    },
}


def room_of(module: str) -> str:
    """The package, or in `regint` its room."""
    parts = module.split(".")
    return ".".join(parts[:2]) if parts[0] == "regint" else parts[0]


def imported(source: str) -> Iterator[str]:
    """Modules and names of ours that any import statement names, at the top or inside a function."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide which room a name comes from"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        yield from (name for name in names if name.split(".")[0] in PACKAGES)


def test_packages_and_rooms_import_in_one_direction() -> None:
    offenders = [
        f"{module} imports {name}"
        for module, path in MODULES.items()
        for name in imported(path.read_text(encoding="utf-8"))
        if room_of(name) not in MAY_IMPORT[room_of(module)] | {room_of(module), "textfiles"}
    ]
    assert offenders == []
    leaf = {
        name
        for module in MODULES
        if room_of(module) == "textfiles"
        for name in imported(MODULES[module].read_text())
    }
    assert {room_of(name) for name in leaf} <= {"textfiles"}


def test_contributing_tells_the_same_directions() -> None:
    text = (PROJECT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    rows = re.findall(
        r"^\| `([a-z.]+)` \| [^|]+ \| ([^|]+) \|$", text.partition("\n## House")[0], re.MULTILINE
    )
    told = {room: set(re.findall(r"`([a-z.]+)`", names)) for room, names in rows}
    assert told == {room: names for room, names in MAY_IMPORT.items() if room != "regint"}


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = nx.DiGraph()
    for module, path in MODULES.items():
        for name in imported(path.read_text(encoding="utf-8")):
            target = name if name in MODULES else name.rpartition(".")[0]
            if target != module and not module.startswith(f"{target}."):
                graph.add_edge(module, target)
    assert list(nx.simple_cycles(graph)) == []


def test_import_reader_sees_a_forbidden_import() -> None:
    hidden = "def f():\n    from regint.display import tables\n    import os, surveyfile.count"
    assert list(imported(hidden)) == ["regint.display.tables", "surveyfile.count"]


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


def test_library_runs_no_data_and_escapes_everything() -> None:
    found = {module: dangerous_calls(path.read_text(encoding="utf-8")) for module, path in MODULES.items()}
    assert {module: calls for module, calls in found.items() if calls} == {}


def test_only_display_writes_percent_signs() -> None:
    """Shares stay shares until `display`: no f-string of the mathematics formats with `%`."""
    offenders = [
        module
        for module, path in MODULES.items()
        if room_of(module) in {"regint.percentages", "regint.estimation", "regint.theory"}
        and re.search(r":\.\d+%\}", path.read_text(encoding="utf-8"))
    ]
    assert offenders == []


def test_no_utils() -> None:
    assert [m for m in MODULES if m.rpartition(".")[2] in {"utils", "helpers", "common", "misc"}] == []


def test_every_sort_keeps_equal_values_in_their_order():
    """The default sort leaves ties in an order that depends on the processor."""
    sources = {path.name: path.read_text(encoding="utf-8") for path in MODULES.values()}
    for path in sorted((PROJECT / "notebooks").glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
        sources |= {f"{path.name}, code cell {number}": cell for number, cell in enumerate(code, 1)}
    unstable = [
        f"{name}: {ast.unparse(call)}"
        for name, source in sources.items()
        for call in ast.walk(ast.parse(source))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr in ("sort_values", "argsort")
        and not any(word.arg == "kind" for word in call.keywords)
        and not (call.args and isinstance(call.args[0], ast.List) and len(call.args[0].elts) > 1)
    ]
    assert not unstable
