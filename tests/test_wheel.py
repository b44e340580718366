"""The packages as others install them: a wheel holds all that a page is made of."""

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import nbformat
import pytest

PROJECT = Path(__file__).resolve().parent.parent
DATA = {
    "nbarticle": ("templates", "styles", "fonts", "allowed.toml", "spellings.toml"),
    "regint": ("py.typed", "options.toml", "display", "percentages", "reports", "survey"),
    "surveyfile": ("identify.toml", "new_folder.toml", "usual_words.toml"),
}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from a copy, for building leaves files behind."""
    source = tmp_path_factory.mktemp("source")
    shutil.copytree(
        PROJECT / "lib", source / "lib", ignore=shutil.ignore_patterns("*.egg-info", "__pycache__")
    )
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(PROJECT / name, source)
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--quiet"]
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        *options,
        "--wheel-dir",
        str(source / "dist"),
        str(source),
    ]
    subprocess.run(command, check=True)
    (built,) = (source / "dist").glob("*.whl")
    return built


def test_wheel_holds_every_module_and_everything_beside_them(wheel: Path) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    lib = PROJECT / "lib"
    wanted = set(lib.rglob("*.py"))
    for package, names in DATA.items():
        wanted |= {
            path for name in names for path in (lib / package / name, *(lib / package / name).rglob("*"))
        }
    files = {path.relative_to(lib).as_posix() for path in wanted if path.is_file() and path.suffix != ".pyc"}
    assert sorted(files - held) == []


@pytest.mark.slow
def test_installed_program_makes_a_page_of_any_notebook_and_a_report(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "env", with_pip=False)
    python = str(tmp_path / "env" / "bin" / "python")
    options = ["--no-deps", "--no-index", "--quiet"]
    command = [sys.executable, "-m", "pip", "--python", python, "install", *options, str(wheel)]
    subprocess.run(command, check=True)
    # The dependencies are those of this environment; its own editable install is not followed from there.
    (site,) = (tmp_path / "env").glob("lib/python*/site-packages")
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    (tmp_path / "env" / "share").mkdir(exist_ok=True)
    (tmp_path / "env" / "share" / "jupyter").symlink_to(Path(sys.prefix) / "share" / "jupyter")
    cells = [
        nbformat.v4.new_markdown_cell("# Any title\n\nA formula: $x^2$."),
        nbformat.v4.new_code_cell("1 + 1"),
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "any.ipynb")

    def run(*arguments: str) -> str:
        command = [python, *arguments]
        surroundings = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        done = subprocess.run(
            command, cwd=tmp_path, env=surroundings, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    packages = "textfiles, nbarticle, surveyfile, regint"
    places = run(
        "-c", f"import {packages}; print(*(m.__file__ for m in ({packages})), sep='\\n')"
    ).splitlines()
    assert [place for place in places if not place.startswith(str(site))] == []
    run("-m", "nbconvert", "--to", "article", "any.ipynb")
    page = (tmp_path / "any.html").read_text(encoding="utf-8")
    assert "<title>Any title" in page and "<math" in page and "base64," in page
    program = str(site.parents[2] / "bin" / "regint")
    (tmp_path / "typed.csv").write_text("question,response,printed\nMood,good,60\nMood,bad,40\n")
    run(program, "new", "mine", "--from", "typed.csv")
    assert run(program, "report", "mine").startswith("2 built")
    assert "Mood" in (tmp_path / "build" / "survey" / "mine" / "site" / "topline.html").read_text("utf-8")
