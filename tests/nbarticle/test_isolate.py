"""A build's own corner: nothing of the user's gets in, nothing half-written gets out."""

import multiprocessing
import os
from pathlib import Path

import pytest
from nbarticle.execute import applied, environment
from nbarticle.settings import provenance
from nbarticle.store import locked, working_folder


@pytest.fixture
def store(tmp_path: Path) -> Path:
    (tmp_path / "store").mkdir()
    return tmp_path / "store"


def hold(
    store: Path, ready: "multiprocessing.synchronize.Event", go: "multiprocessing.synchronize.Event"
) -> None:
    with locked(store):
        ready.set()
        go.wait(20)


def test_a_second_build_is_turned_away_until_the_first_has_ended(store: Path) -> None:
    context = multiprocessing.get_context("spawn")
    ready, go = context.Event(), context.Event()
    other = context.Process(target=hold, args=(store, ready, go))
    other.start()
    assert ready.wait(20)
    with pytest.raises(OSError, match="Another build is writing there"), locked(store):
        pass
    go.set()
    other.join(20)
    with locked(store):
        pass


def test_the_two_folders_are_gone_afterwards_and_what_a_killed_build_left(store: Path) -> None:
    with working_folder(store) as (drafts, runtime):
        (drafts / "x").write_text("")
        (runtime / "y").write_text("")
    assert not drafts.exists() and not runtime.exists()
    (store / "drafts").mkdir()
    (store / "drafts" / "left").write_text("")
    runtime.mkdir()
    (store / "runtime").write_text(str(runtime))
    with working_folder(store) as (drafts, _):
        assert list(drafts.iterdir()) == []
        assert not runtime.exists()


def test_a_forged_note_removes_nothing(store: Path, tmp_path: Path) -> None:
    precious = tmp_path / "nbarticle-precious"
    precious.mkdir()
    (store / "runtime").write_text(str(precious))
    with working_folder(store):
        pass
    assert precious.is_dir()


def test_nothing_of_the_user_reaches_a_kernel(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("PYTHONPATH", "LC_ALL", "MPLBACKEND", "OMP_NUM_THREADS", "SECRET_TOKEN", "HOME"):
        monkeypatch.setenv(name, "theirs")
    variables = environment(tmp_path, store)
    assert "theirs" not in variables.values()
    assert variables["PATH"] == os.environ["PATH"]
    assert variables["PYTHONHASHSEED"] == "0" and variables["TZ"] == "UTC"
    assert all(
        Path(variables[name]).is_dir()
        for name in ("HOME", "IPYTHONDIR", "JUPYTER_CONFIG_DIR", "MPLCONFIGDIR")
    )


def test_the_environment_is_put_back_whatever_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEPT", "before")
    before = dict(os.environ)
    with pytest.raises(RuntimeError), applied({"ONLY": "this"}):
        assert dict(os.environ) == {"ONLY": "this"}
        raise RuntimeError
    assert dict(os.environ) == before


def test_git_that_does_not_tell_is_named_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    (tmp_path / ".git").mkdir()
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    said = {
        "": "git is not installed.",
        "fatal: detected dubious ownership in repository": "somebody else; if you trust it, run: git config",
        "fatal: not a git repository": "git says 'fatal: not a git repository'.",
    }
    for words, sentence in said.items():
        if words:
            (tmp_path / "bin" / "git").write_text(f"#!/bin/sh\necho '{words}' >&2\nexit 128\n")
            (tmp_path / "bin" / "git").chmod(0o755)
        known, notes = provenance(tmp_path)
        assert (known["commit"], known["epoch"]) == ("", 1767225600)
        assert len(notes) == 1 and sentence in notes[0] and "\n" not in notes[0]
