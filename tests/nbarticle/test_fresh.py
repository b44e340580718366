"""What makes a result stale: contents and names, never clocks, and nothing that lies outside."""

import json
import os
import shutil
import sys
from pathlib import Path

import pytest
from nbarticle import cache
from nbarticle.cache import Snapshot
from nbarticle.store import Record, State


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    (root / "data" / "survey" / "mine").mkdir(parents=True)
    (root / "data" / "a.csv").write_text("a\n")
    (root / "data" / "panel.SAV").write_text("binary")
    (root / "data" / "survey" / "mine" / "questions.csv").write_text("q\n")
    (root / "data" / ".hidden").write_text("")
    return root


def test_a_file_is_its_content_and_a_folder_its_listing(root: Path) -> None:
    file, folder = root / "data" / "a.csv", root / "data"
    before = cache.digest_of(file), cache.digest_of(folder)
    os.utime(file, (0, 0))
    assert (cache.digest_of(file), cache.digest_of(folder)) == before
    file.write_text("b\n")
    assert cache.digest_of(file) != before[0] and cache.digest_of(folder) == before[1]
    (folder / "b.csv").write_text("more\n")
    sized = cache.digest_of(folder)
    (folder / "b.csv").write_text("and more\n")
    assert cache.digest_of(folder) != sized
    (folder / "b.csv").unlink()
    (folder / "__pycache__").mkdir()
    assert cache.digest_of(folder) == before[1]
    (folder / "new.csv").write_text("")
    assert cache.digest_of(folder) != before[1]
    assert cache.digest_of(root / "nowhere") == "missing"


def test_files_below_a_folder_are_their_names_and_contents(root: Path) -> None:
    whole = cache.digests_below(root / "data")
    assert list(whole) == ["a.csv", "panel.SAV", "survey/mine/questions.csv"]
    assert [*cache.digests_below(root / "data", hidden=True)] == [".hidden", *whole]
    (root / "data" / "a.csv").rename(root / "data" / "b.csv")
    assert whole != cache.digests_below(root / "data")


def test_noted_are_reads_of_data_and_nothing_of_the_system_or_of_ours(root: Path) -> None:
    outside = root.parent / "elsewhere.csv"
    outside.write_text("")
    lines = [
        ("read", root / "data" / "a.csv"), ("list", root / "data"), ("ask", root / "data" / "a.csv"),
        ("ask", root / "data" / "b.csv"), ("read", root / "build" / "x.csv"), ("read", root / ".git" / "H"),
        ("read", root / "helpers" / "__pycache__" / "mine.cpython-311.pyc"), ("read", "/etc/passwd"),
        ("read", Path(sys.prefix) / "x.py"), ("read", cache.PACKAGE / "fonts" / "x"), ("read", outside),
        ("read", root.parent / "gone.csv"), ("ask", outside), ("read", root / "data" / ".hidden"),
        ("read", cache._own_folders()[0] / "regint" / "parameters.py"), ("module", "pytest"),
        ("module", "no_such_module"), ("import", "json"),
        ("read", cache._own_folders()[0] / "regint" / "display" / "columns.toml"),
        ("ask", cache._own_folders()[0]), ("load", root / "data" / "c.csv"),
    ]  # fmt: skip
    notes = "".join(f"{kind}\t{what}\n" for kind, what in lines)
    assert cache.noted(root, notes) == {
        "list data",
        "read data/.hidden",
        "read data/a.csv",
        "ask data/b.csv",
        "read helpers/mine.py",
        f"read {outside.as_posix()}",
        "load data/c.csv",
        "package pytest",
    }
    assert cache.noted(root, "") == set()
    assert Snapshot(root).now(["package pytest", "package nowhere"]) == {
        "package pytest": pytest.__version__,
        "package nowhere": "",
    }


def test_who_reads_unseen_depends_on_all_data_with_what_is_hidden(root: Path) -> None:
    for line in ("all\tsubprocess.Popen", "import\tpolars", "import\tsurveyfile.statfiles"):
        assert cache.noted(root, f"{line}\n") == {cache.EVERYTHING}, line
    before = Snapshot(root).now([cache.EVERYTHING])
    (root / "data" / ".hidden").write_text("changed")
    assert Snapshot(root).now([cache.EVERYTHING]) != before
    shutil.rmtree(root / "data")
    (root / "questions.csv").write_text("q\n")  # a survey folder is a project without data/
    before = Snapshot(root).now([cache.EVERYTHING])
    (root / "questions.csv").write_text("r\n")
    assert Snapshot(root).now([cache.EVERYTHING]) != before
    # What nobody calls is not used: the rooms that read survey folders import none of the readers.
    for name in ("regint.survey.table", "regint.theory", "regint.display.figures", "textfiles.files"):
        assert not cache._reached({name}) & cache.READERS, name


def test_asked_about_is_what_is_there(root: Path) -> None:
    name = "ask data/a.csv"
    before = Snapshot(root).now([name])
    (root / "data" / "a.csv").write_text("other\n")
    assert Snapshot(root).now([name]) == before == {name: "file"}
    (root / "data" / "a.csv").unlink()
    assert Snapshot(root).now([name]) == {name: "missing"}
    (root / "data" / "a.csv").symlink_to("panel.SAV")
    assert Snapshot(root).now([name]) == {name: "link to panel.SAV"}


def test_a_snapshot_keeps_to_what_it_saw_first(root: Path) -> None:
    snapshot = Snapshot(root)
    before = snapshot.now(["read data/a.csv", "read nowhere"])
    assert before["read nowhere"] == "missing"
    (root / "data" / "a.csv").write_text("changed\n")
    assert snapshot.now(["read data/a.csv", "read nowhere"]) == before
    assert snapshot.data["read data/a.csv"] == before["read data/a.csv"]


def test_the_recipe_changes_with_notebook_and_parameters_but_not_with_their_order(root: Path) -> None:
    code = {"text": "t", "meaning": "m"}
    one = cache.recipe(root, b"{}", {"a": 1, "b": "x"}, code)
    assert one == cache.recipe(root, b"{}", {"b": "x", "a": 1}, code | {"text": "u"})
    assert one != cache.recipe(root, b"{} ", {"a": 1, "b": "x"}, code)
    assert one != cache.recipe(root, b"{}", {"a": True, "b": "x"}, code)
    assert one != cache.recipe(root, b"{}", {"a": 1, "b": "x"}, code | {"meaning": "n"})
    shows = b"import regint; help(regint)"
    assert cache.recipe(root, shows, {}, code) != cache.recipe(root, shows, {}, code | {"text": "u"})


def test_a_docstring_a_comment_or_the_making_of_pages_is_no_part_of_the_library(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lib, code = root / "lib", 'def f():\n    """Say."""\n    return 1\n'
    for name in (
        "theirs/__init__.py",
        "theirs/a.py",
        "nbarticle/site.py",
        *(f"nbarticle/{name}" for name in cache.RUNNERS),
    ):
        (lib / name).parent.mkdir(parents=True, exist_ok=True)
        (lib / name).write_text(code)
    monkeypatch.setattr(cache, "_own_folders", lambda: (lib,))
    monkeypatch.setattr(cache, "PACKAGE", lib / "nbarticle")
    first = cache.library({})
    assert cache.library(first) == first
    for text in (f"# why\n\n{code}", code.replace("Say.", "Tell."), code.replace('    """Say."""\n', "")):
        (lib / "theirs" / "a.py").write_text(text)
        assert cache.library(first)["meaning"] == first["meaning"] == cache.library({})["meaning"]
        assert cache.library(first)["text"] != first["text"]
    (lib / "theirs" / "a.py").write_text(code)
    (lib / "nbarticle" / "site.py").write_text("x = 2\n")
    (lib / "nbarticle" / "templates").mkdir()
    (lib / "nbarticle" / "templates" / "page.html.j2").write_text("<p>")
    assert cache.library({}) == first
    for name in ("theirs/a.py", "nbarticle/execute.py"):
        (lib / name).write_text(code.replace("1", "2"))
        assert cache.library(first)["meaning"] != first["meaning"]
        (lib / name).write_text(code)
    (lib / "no_package").mkdir()
    for name in ("theirs/look.mplstyle", "theirs/words.toml", "theirs/report.ipynb", "no_package/words.toml"):
        before = cache.library({})["meaning"]
        (lib / name).write_bytes(b"\0\1\0\0")
        assert (cache.library({})["meaning"] != before) is (
            name in ("theirs/look.mplstyle", "theirs/words.toml")
        )
    (lib / "theirs" / "a.py").write_text(f"{code}print(f.__doc__)\n")
    shown = cache.library({})["meaning"]
    (lib / "theirs" / "a.py").write_text(f"{code}print(f.__doc__)  # why\n")
    assert cache.library({})["meaning"] != shown


def test_what_is_remembered_comes_back_and_damage_means_that_nothing_is_known(tmp_path: Path) -> None:
    state = State(
        {
            "01": Record(
                "r", {"read a": "b"}, "e", {"path": "n"}, {"base": 9}, {"full": ["k", "p"]}, "Été", 1.5
            )
        },
        {"text": "t"},
        {"full": "s"},
    )
    path = tmp_path / "state.json"
    path.write_bytes(state.to_json())
    assert State.read(path) == state
    known = json.loads(state.to_json())
    odd = [known | {"notebooks": notebooks} for notebooks in ({"01": {"colour": 1}}, {"01": 1}, 3)]
    whole = [json.dumps(one).encode() for one in [*odd, known | {"colour": 1}, known | {"form": "older"}]]
    for damage in (b"", b"[]", b"{}", state.to_json()[:-9], b"\xff", *whole):
        path.write_bytes(damage)
        assert State.read(path) == State()
    assert State.read(tmp_path / "nowhere") == State()
