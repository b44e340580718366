"""The build: complete, exact about what is stale, strict about what went wrong, and never half done."""

import json
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import psutil
import pytest
from nbarticle import cache, execute
from nbarticle.plan import Planned, Request, plan
from nbarticle.settings import Settings
from nbarticle.store import Output


def summary(run) -> str:
    return run.stdout.splitlines()[0]


# What a build makes


def test_first_build_makes_pages_index_and_executed_notebooks(built) -> None:
    names = {"01_first", "02_second", "03_third"}
    files = built.files()
    assert {f"site/{n}.html" for n in names} | {f"executed/{n}.ipynb" for n in names} | {
        "site/index.html"
    } <= set(files)
    assert b"9009" in files["site/02_second.html"]
    assert b"0x0" in files["executed/03_third.ipynb"]  # object addresses differ from run to run


def test_second_build_runs_nothing_and_is_instant(copy) -> None:
    before = {p: p.stat().st_mtime_ns for p in copy.out.rglob("*") if p.is_file() and p.name not in {"lock"}}
    times = []
    for _ in range(3):
        start = time.monotonic()
        run = copy.build()
        times.append(time.monotonic() - start)
        assert (run.returncode, summary(run)) == (0, "0 built, 3 reused, 0 failed.")
    assert {p: p.stat().st_mtime_ns for p in before} == before
    assert min(times) < 1.5  # half a second on a quiet machine; `make bench` measures it


def test_changed_byte_with_an_older_time_reruns_exactly_what_read_it(copy) -> None:
    untouched = copy.page("02_second").read_bytes()
    path = copy.write_data("first.csv", "n\n1001\n2003\n")
    os.utime(path, (0, 0))
    run = copy.build()
    assert summary(run) == "1 built, 2 reused, 0 failed."
    assert b"3004" in copy.page("01_first").read_bytes()
    assert copy.page("02_second").read_bytes() == untouched
    path = copy.write_data("first.csv", "n\n1001\n2002\n")
    assert summary(copy.build()) == "1 built, 2 reused, 0 failed."


def test_new_file_in_the_survey_folder_reruns_the_notebook_that_takes_it(copy) -> None:
    copy.write_data("s/note.csv", "a\n")
    assert summary(copy.build()) == "1 built, 2 reused, 0 failed."


def test_new_data_file_is_offered_without_running_anything(copy) -> None:
    copy.write_data("note.csv", "a\n")
    assert summary(copy.build()) == "0 built, 3 reused, 0 failed."
    assert (copy.out / "site" / "data" / "note.csv").read_bytes() == b"a\n"
    assert cache.Snapshot(copy.root).data["read data/note.csv"] == cache.digest("a\n")


def test_changed_notebook_and_damaged_outputs_are_rebuilt(copy) -> None:
    copy.write("03_third", "print('new')")
    assert summary(copy.build()) == "1 built, 2 reused, 0 failed."
    good = copy.files()
    copy.page("01_first").write_text("damaged")
    (copy.out / "executed" / "02_second.ipynb").write_text("{}")
    assert summary(copy.build()) == "1 built, 2 reused, 0 failed."
    assert copy.files() == good


def test_files_of_a_page_are_taken_from_the_site_only_where_they_are_of_that_page(copy) -> None:
    """As after a build that was killed when it had made a page anew and not yet published it."""
    good, old = copy.files(), b"of a former page"
    state = copy.out / ".nbarticle" / "state.json"
    known = json.loads(state.read_text())
    copy.page("01_first").write_bytes(old)
    program = copy.out / "site" / "notebooks" / "01_first.py"
    program.write_bytes(old)
    for name in ("01_first.html", "notebooks/01_first.py"):
        known["site_files"]["full"][name] = cache.digest(old)
    known["site_pages"]["full"]["01_first"] = ["of a former page"] * 3
    known["site_key"] = {}
    state.write_text(json.dumps(known))
    assert summary(copy.build()) == "0 built, 3 reused, 0 failed."
    assert copy.files() == good


FRAME = {
    "title": '"Three: and more"', "authors": '["Doe, Jane"]', "licence": '"MIT"', "keywords": '["sums"]',
    "address": '"https://example.org/"', "repository": '"https://github.com/a/b"',
    "doi": '"10.5281/zenodo.1"', "mark": "'<svg></svg>'",
}  # fmt: skip
SETTINGS = [
    FRAME,
    {"language": '"fr"'},
    {"strict": "false"},
    {"bibliography": '"data/others.bib"'},
    {"glossary": '"data/glossary.csv"'},
]


def with_settings(copy, **settings: str) -> None:
    lines = [f"{name} = {value}" for name, value in ({"strict": "true"} | settings).items()]
    (copy.root / "pyproject.toml").write_text("\n".join(["[tool.nbarticle]", *lines, ""]))


def assert_as_of_nothing(copy) -> None:
    """Whatever was taken over, the site is that of a build which finds no page."""
    made = copy.files()
    for file in (copy.out / ".nbarticle" / "pages" / "full").iterdir():
        file.unlink()
    (copy.out / ".nbarticle" / "faces.json").unlink()
    assert summary(copy.build()) == "0 built, 3 reused, 0 failed."
    assert copy.files() == made


def test_a_page_in_another_frame_is_that_of_a_build_of_nothing(copy) -> None:
    with_settings(copy, **FRAME)
    assert summary(copy.build()) == "0 built, 3 reused, 0 failed."
    assert "Three: and more" in copy.page("01_first").read_text()
    assert_as_of_nothing(copy)


@pytest.mark.slow
@pytest.mark.parametrize("settings", SETTINGS, ids=lambda settings: next(iter(settings)))
def test_a_page_under_another_setting_is_that_of_a_build_of_nothing(copy, settings: dict[str, str]) -> None:
    copy.write_data("glossary.csv", "term,definition,source\nSum,What is added,\n")
    for name, year in (("references", 2000), ("others", 2001)):
        copy.write_data(f"{name}.bib", f"@book{{a, title={{A}}, author={{B, C}}, year={{{year}}}}}\n")
    copy.write("03_third", {"cell_type": "markdown", "metadata": {}, "source": 'A "sum" [@a].'}, "1")
    common = {"bibliography": '"data/references.bib"'}
    with_settings(copy, **common)
    copy.build()
    before = copy.files()
    with_settings(copy, **common | settings)
    copy.build()
    assert copy.files() != before
    assert_as_of_nothing(copy)


def test_only_the_frame_is_made_anew_where_a_page_says_the_same_with_fonts_that_are_there(copy) -> None:
    """What was kept of page and fonts is altered, as nobody else would: it shows in the new frame."""
    store, state = copy.out / ".nbarticle", copy.out / ".nbarticle" / "state.json"
    known, kept = json.loads(state.read_text()), store / "pages" / "full" / "01_first.json"
    page = json.loads(kept.read_text())
    kept.write_text(json.dumps(page | {"body": page["body"] + "<p>Kept.</p>"}))
    known["notebooks"]["01_first"]["page"]["full"][-1] = cache.digest_of(kept)
    faces = [
        [*key, "data:font/woff2;base64,KEPT"] for *key, _ in json.loads((store / "faces.json").read_text())
    ]
    (store / "faces.json").write_text(json.dumps(faces))
    known["faces"][-1] = cache.digest_of(store / "faces.json")
    state.write_text(json.dumps(known))
    with_settings(copy, title='"Three"')
    copy.build()
    assert "<p>Kept.</p>" in copy.page("01_first").read_text()
    assert "base64,KEPT" in copy.page("02_second").read_text()
    (store / "faces.json").write_text(json.dumps(faces) + " ")
    kept.write_text(json.dumps(page))
    with_settings(copy, title='"Three"', licence='"MIT"')
    copy.build()
    assert "<p>Kept.</p>" not in copy.page("01_first").read_text()
    assert "base64,KEPT" not in copy.page("02_second").read_text()
    assert_as_of_nothing(copy)


def test_a_page_is_made_again_when_a_file_it_shows_or_cites_is_another(copy) -> None:
    """Also a picture that was missing, and a bibliography outside ``data/``."""
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><title>{}</title></svg>'
    said = "A dot [@a]. ![A dot in the middle](dot.svg)"
    works, dot = copy.root / "works.bib", copy.root / "notebooks" / "dot.svg"
    with_settings(copy, bibliography='"works.bib"', strict="false")
    copy.write("03_third", {"cell_type": "markdown", "metadata": {}, "source": said})
    shown = []
    for year, title in ((2000, ""), (2000, "one"), (2000, "two"), (2001, "two")):
        works.write_text(f"@book{{a, title={{A}}, author={{B, C}}, year={{{year}}}}}\n")
        if title:
            dot.write_text(drawing.format(title))
        copy.build()
        page = copy.page("03_third").read_text()
        shown.append((str(year) in page, page.partition("data:image/svg")[2][:200]))
    assert summary(copy.build()) == "0 built, 3 reused, 0 failed."
    assert all(cited for cited, _ in shown)
    assert [bool(drawn) for _, drawn in shown] == [False, True, True, True]
    assert len({drawn for _, drawn in shown}) == 3
    assert_as_of_nothing(copy)


def test_a_run_whose_inputs_cannot_be_told_is_not_kept_as_fresh(copy, monkeypatch) -> None:
    monkeypatch.chdir(copy.root)
    output = Output(copy.root, copy.out, plan(copy.root, Request()), Request(), Settings.read(copy.root))
    before = output.record("01_first").executed
    monkeypatch.setattr(cache, "noted", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        output.keep_run("01_first", execute.Executed("{}", "", [], 1.0, {}))
    assert output.record("01_first").executed == before


@pytest.mark.slow
def test_the_workbook_with_all_tables_is_taken_over_only_where_they_are_the_same(copy) -> None:
    shown = "import pandas as pd\nfrom regint.display import tables\n"
    shown += "tables.show(pd.DataFrame({'n': [1]}), caption='A number', label='tbl-n')"
    copy.write("03_third", shown)
    assert summary(copy.build()) == "1 built, 2 reused, 0 failed."
    book, state = copy.out / "site" / "tables" / "all-tables.xlsx", copy.out / ".nbarticle" / "state.json"
    good, known = book.read_bytes(), json.loads(state.read_text())
    book.write_bytes(b"altered")
    known["site_files"]["full"]["tables/all-tables.xlsx"] = cache.digest(b"altered")
    state.write_text(json.dumps(known))
    copy.write("01_first", "print('other')")
    copy.build()
    assert book.read_bytes() == b"altered"
    book.write_bytes(good)
    copy.build()
    assert book.read_bytes() == good  # harmed, as the state has it
    copy.write("03_third", shown.replace("[1]", "[2]"))
    copy.build()
    assert book.read_bytes() != good
    copy.write("03_third", shown)
    copy.build()
    assert book.read_bytes() == good


@pytest.mark.slow
def test_a_changed_lock_rebuilds_all(copy) -> None:
    (copy.root / "requirements.lock").write_text("pandas==3.0.0\n")
    assert summary(copy.build()) == "3 built, 0 reused, 0 failed."


@pytest.mark.slow
def test_a_new_title_makes_again_only_the_pages_that_name_it(copy) -> None:
    kept = copy.out / ".nbarticle" / "pages" / "full"
    before = {file.stem: file.stat().st_mtime_ns for file in kept.iterdir()}
    path = copy.root / "notebooks" / "01_first.ipynb"
    path.write_text(path.read_text().replace("What is 01_first?", "Which comes first?"))
    run = copy.build()
    assert "1 built, 2 reused" in run.stdout, run.stderr
    after = {file.stem: file.stat().st_mtime_ns for file in kept.iterdir()}
    assert [name for name in sorted(before) if after[name] == before[name]] == ["03_third"]
    for name in ("02_second", "index", "search"):
        assert "Which comes first?" in copy.page(name).read_text()


def test_removed_notebook_loses_its_page_and_a_named_one_leaves_the_others(copy) -> None:
    third = copy.page("03_third").read_bytes()
    copy.write("01_first", "print('other')")
    assert summary(copy.build("01_first")) == "1 built, 0 reused, 0 failed."
    assert copy.page("03_third").read_bytes() == third
    (copy.root / "notebooks" / "03_third.ipynb").unlink()
    assert copy.build().returncode == 0
    assert not copy.page("03_third").exists()
    assert b"03_third" not in (copy.out / "site" / "index.html").read_bytes()


@pytest.mark.slow
def test_a_lost_state_leaves_no_file_of_the_former_site_and_touches_no_other(copy) -> None:
    (copy.root / "notebooks" / "03_third.ipynb").unlink()
    state = copy.out / ".nbarticle" / "state.json"
    mine = copy.out / "site" / "mine.html"
    mine.write_text("mine")
    copy.page("02_second").write_text("edited")
    state.unlink()
    assert summary(copy.build()) == "2 built, 0 reused, 0 failed."
    assert not copy.page("03_third").exists() and mine.read_text() == "mine"
    assert b"9009" in copy.page("02_second").read_bytes()
    known = json.loads(state.read_text())
    state.write_text(json.dumps(known | {"form": "older"}))
    run = copy.build("01_first")
    assert summary(run) == "1 built, 0 reused, 0 failed."
    assert run.stderr.startswith("note: What was known of the former build is gone or of another version")
    assert not copy.page("02_second").exists() and mine.exists()
    good = copy.build()
    assert summary(good) == "1 built, 1 reused, 0 failed."


def test_what_an_older_version_kept_of_a_page_is_shown_or_made_again_but_never_an_error(copy) -> None:
    kept, good = copy.out / ".nbarticle" / "pages" / "full", copy.files()
    records = {name: json.loads((kept / f"{name}.json").read_text()) for name in ("02_second", "03_third")}
    del records["02_second"]["computed"], records["02_second"]["links"]
    records["03_third"]["a later word"] = 1
    for name, record in records.items():
        (kept / f"{name}.json").write_text(json.dumps(record))
    copy.write("01_first", "print('other')")
    run = copy.build("01_first")
    assert (run.returncode, summary(run)) == (0, "1 built, 0 reused, 0 failed.")
    assert copy.page("02_second").read_bytes() == good["site/02_second.html"]
    assert b"Another version has kept this page" in copy.page("03_third").read_bytes()
    assert summary(copy.build()) == "0 built, 3 reused, 0 failed."
    assert b"Another version" not in copy.page("03_third").read_bytes()


def test_a_removed_notebook_leaves_no_result(copy) -> None:
    (copy.root / "notebooks" / "03_third.ipynb").unlink()
    (copy.root / "notebooks" / "02_second.ipynb").unlink()
    (copy.out / "executed" / "02_second.ipynb").write_text("edited by somebody")
    copy.build()
    assert sorted(path.name for path in (copy.out / "executed").iterdir()) == [
        "01_first.ipynb",
        "02_second.ipynb",
    ]


PLACES = {
    "data/pipe.csv": "0 built, 3 reused",
    "data/references.bib": "0 built, 3 reused",
    "data/glossary.csv": "0 built, 3 reused",
    "notebooks/09_pipe.ipynb": "09_pipe.ipynb is not an ordinary file",
    "requirements.lock": "0 built, 3 reused",
    "CITATION.cff": "0 built, 3 reused",
    ".git": "0 built, 3 reused",
    "build/executed/01_first.ipynb": "1 built, 2 reused",
    "build/site/02_second.html": "0 built, 3 reused",
    "build/.nbarticle/pages/full/02_second.json": "0 built, 3 reused",
    "build/.nbarticle/runtime": "0 built, 3 reused",
    "build/.nbarticle/state.json": "3 built, 0 reused",
    "pyproject.toml": "0 built, 3 reused",
}


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")
def test_a_pipe_in_place_of_any_file_is_never_waited_for(copy) -> None:
    wrong = {}
    for name, said in PLACES.items():
        pipe = copy.root / name
        former = pipe.read_bytes() if pipe.exists() else None
        pipe.unlink(missing_ok=True)
        os.mkfifo(pipe)
        try:
            run = copy.build()
            if said not in run.stdout + run.stderr:
                wrong[name] = run.stdout + run.stderr
        except subprocess.TimeoutExpired:
            wrong[name] = "waits"
        if pipe.is_fifo():
            pipe.unlink()
            if former is not None:
                pipe.write_bytes(former)
        copy.build()
    assert wrong == {}


def test_files_that_no_build_made_are_not_published_over(copy) -> None:
    for name in ("site/index.html", "executed/mine.ipynb"):
        precious = copy.root / "theirs" / name
        precious.parent.mkdir(parents=True)
        precious.write_text("mine")
        run = copy.build("--out", "theirs")
        assert run.returncode == 2 and run.stderr.count("\n") == 1
        assert f"{name} is not of a build and would be overwritten: choose another --out." in run.stderr
        assert [path.name for path in precious.parent.parent.iterdir()] == [precious.parent.name]
        assert precious.read_text() == "mine"
        shutil.rmtree(copy.root / "theirs")


# The same bytes


@pytest.mark.slow
def test_two_places_and_two_users_give_the_same_bytes(built, collections, tmp_path: Path) -> None:
    home = tmp_path / "home"
    startup = home / ".ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "00.py").write_text("print('from the user')\nraise ValueError('user')\n")
    (home / ".config" / "matplotlib").mkdir(parents=True)
    (home / ".config" / "matplotlib" / "matplotlibrc").write_text("figure.figsize: 1, 1\n")
    other = collections.sample(tmp_path / "å b" / "ж")
    surroundings = {
        "HOME": str(home),
        "TZ": "Asia/Tokyo",
        "LC_ALL": "C",
        "PYTHONHASHSEED": "7",
        "OMP_NUM_THREADS": "2",
    }
    run = other.build("--jobs", "1", IPYTHONDIR=str(home / ".ipython"), **surroundings)
    assert run.returncode == 0, run.stderr
    assert other.files() == built.files()


@pytest.mark.slow
def test_forked_and_fresh_kernels_give_the_same_bytes(built, tmp_path: Path) -> None:
    program = (
        "import contextlib, pathlib, sys\n"
        "from nbarticle import execute, run\nfrom nbarticle.plan import Request\n"
        "execute.warm_process = lambda *_: contextlib.nullcontext({})\n"
        "if __name__ == '__main__':\n"
        "    report = run.build(Request(out=pathlib.Path(sys.argv[1])))\n"
        "    sys.exit(bool(report.failed))\n"
    )
    (tmp_path / "plain.py").write_text(program)
    copy = tmp_path / "project"
    shutil.copytree(built.root, copy, ignore=shutil.ignore_patterns("build"))
    psutil.Popen([sys.executable, str(tmp_path / "plain.py"), str(copy / "build")], cwd=copy).wait(120)
    assert {p.name: p.read_bytes() for p in (copy / "build" / "executed").iterdir()} == {
        p.name: p.read_bytes() for p in (built.out / "executed").iterdir()
    }


def test_imports_of_code_are_found_and_none_in_what_does_not_parse() -> None:
    assert cache.imports("import json as j\nfrom os import path") == {"json", "os", "os.path"}
    assert cache.imports("%time x") == cache.imports("def f():\n    import json") == frozenset()


def test_a_task_holds_all_it_takes_for_an_executor_in_other_processes(collections, tmp_path: Path) -> None:
    collection = collections.Collection(tmp_path / "project")
    source = collection.write(
        "any", "print(open('data/a.csv').read(), 2 * factor)", parameters="factor: int = 1"
    )
    collection.write_data("a.csv", "a\n")
    task = Planned("any", source, source.read_bytes(), "any", (), values={"factor": 3})
    source.unlink()
    runtime = Path(tempfile.mkdtemp(prefix="nbarticle-"))
    place = execute.Place(collection.root, runtime, execute.environment(runtime, tmp_path))
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        done = pool.submit(execute.execute, task, 60, place).result(60)
    assert (done.content, done.warnings) == (execute.execute(task, 60, place).content, [])
    assert '"a\\n",\n      " 6\\n"' in done.content and f"{collection.root}/data/a.csv" in done.reads
    assert [*runtime.glob("kernel-*.json"), *runtime.glob("kernel-*-ipc-*")] == []
    shutil.rmtree(runtime)


def test_a_lenient_pages_warnings_are_told_and_nobody_is_made_quieter(collections, tmp_path: Path) -> None:
    collection = collections.Collection(tmp_path / "project")
    (collection.root / "pyproject.toml").write_text("[tool.nbarticle]\nbibliography = 'data/r.bib'\n")
    collection.write_data("r.bib", "@misc{ann, title={A title}, year={2020}}\n@misc{ann, title={B}}\n")
    collection.write("any", "1")
    run = collection.build()
    assert run.returncode == 0, run.stderr
    assert run.stderr.startswith("note: any: r.bib") and run.stderr.count("\n") == 1
    level = (
        "import logging\nimport nbarticle.execute, nbarticle.run\nprint(logging.getLogger('traitlets').level)"
    )
    assert subprocess.check_output([sys.executable, "-c", level]) == b"0\n"


@pytest.mark.parametrize("further", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_a_lenient_collection_runs_as_in_jupyterlab(collections, tmp_path: Path, further: bool) -> None:
    """In the notebook's own folder, with untyped parameters, meant errors, plain tables and pictures.

    Further, that of the same a variant is made, and that what changes beside the notebook makes it anew.
    """
    collection = collections.Collection(tmp_path / "project")
    (collection.root / "pyproject.toml").write_text("[tool.nbarticle]\n", encoding="utf-8")
    collection.write_data("a.csv", "from the data\n")
    (collection.root / "notebooks" / "beside.py").write_text("said = 'from beside'\n", encoding="utf-8")
    (collection.root / "notebooks" / "dot.png").write_bytes(b"\x89PNG\r\n\x1a\n a picture")
    collection.write(
        "any",
        "print(open('../data/a.csv').read(), country)",
        "import beside\nprint(beside.said)",
        collections.code("1 / 0", "raises-exception"),
        "from IPython.display import HTML\nHTML('<table><tr><td>plain</table>')",
        collections.markdown("![A dot](dot.png)"),
        parameters="country = 'UZ'",
    )
    for country in ("UZ", "KZ") if further else ("UZ",):
        run = collection.build(*(["any", "-p", "country", country] if country != "UZ" else []))
        assert run.returncode == 0, run.stderr
        (path,) = (collection.out / ("site" if country == "UZ" else "variant")).rglob("any*.html")
        page = path.read_text(encoding="utf-8")
        for wanted in (
            f"from the data\n {country}",
            "from beside",
            "ZeroDivisionError",
            "plain",
            "data:image/png",
        ):
            assert wanted in page, wanted
        assert "redone by one command in the project" in page, "nothing is promised of bytes, nor of a commit"
    assert summary(collection.build()) == "0 built, 1 reused, 0 failed."
    for file in ("../data/a.csv", "beside.py") if further else ():
        path = collection.root / "notebooks" / file
        path.write_text(path.read_text(encoding="utf-8").replace("from", "changed"), encoding="utf-8")
        assert summary(collection.build()) == "1 built, 0 reused, 0 failed.", file


# Everything that can go wrong in a notebook

BROKEN = {
    "raises": (
        ["x = 1", "1 / 0", "x"],
        "raises, cell 3: '1 / 0' stopped with ZeroDivisionError: division by zero.",
    ),
    "lists": (
        ["raise ValueError('2 problems in the folder:\\n- a.csv: empty.\\n- b.csv: missing.')"],
        "stopped with ValueError: 2 problems in the folder: a.csv: empty.",
    ),
    "leaves": (
        ["import sys\nsys.exit(0)", "1", "2"],
        "leaves, cell 2: 'import sys' ended the run early, as sys.exit() does, and left 2 code cells unrun.",
    ),
    "hangs": (
        ["import time, subprocess", "subprocess.Popen(['sleep', '600']); time.sleep(600)"],
        "ran longer than 4 s",
    ),
    "dies": (["import os\nos.kill(os.getpid(), 9)"], "dies, cell 2: 'import os' ended the Python process"),
    "warns": (
        ["import warnings\nwarnings.warn('odd figures')"],
        "printed a warning: UserWarning: odd figures.",
    ),
    "complains": (
        ["import sys\nprint('odd', file=sys.stderr)"],
        "complains, cell 2: 'import sys' printed a warning: odd.",
    ),
    "tells": (
        ["import os\nos.getcwd()"],
        "tells, cell 2: 'import os' shows the project's folder on this machine",
    ),
}


def test_only_warnings_of_other_packages_are_forgiven() -> None:
    theirs = "/x/site-packages/y/z.py:3: FutureWarning: soon\n  call()\n"
    ours = "/x/lib/regint/display/tables.py:4: UserWarning: odd\n  show()\n"
    assert execute._sort_warnings("") == ("", "")
    assert execute._sort_warnings(theirs) == ("", "FutureWarning: soon\n  call()\n")
    assert execute._sort_warnings(theirs + ours)[0] == "UserWarning: odd"
    assert execute._sort_warnings("careful!\n" + theirs)[0] == "careful!"
    slow = "Matplotlib is building the font cache; this may take a moment.\n"
    assert execute._sort_warnings(f"careful!\n{slow}") == ("careful!", "")


def leftovers(root: Path) -> list[psutil.Process]:
    """Processes that a build of this project has started and left."""
    found = []
    for process in psutil.process_iter():
        try:
            if str(root) in process.environ().get("MPLCONFIGDIR", ""):
                found.append(process)
        except (psutil.Error, OSError):
            continue
    return found


@pytest.mark.slow
def test_each_broken_notebook_is_named_and_keeps_its_last_good_page(collections, tmp_path: Path) -> None:
    collection = collections.Collection(tmp_path / "project")
    for name in BROKEN:
        collection.write(name, f"print('good {name}')")
    collection.write("works", "print('works')")
    assert collection.build().returncode == 0
    good = collection.files()
    for name, (cells, _) in BROKEN.items():
        collection.write(name, *cells)
    collection.write("works", "print('still works')")
    run = collection.build("--timeout", "4")
    assert (run.returncode, summary(run)) == (1, f"1 built, 0 reused, {len(BROKEN)} failed.")
    lines = [line for line in run.stderr.splitlines() if line.startswith("failed: ")]
    assert len(lines) == len(BROKEN)
    for _, sentence in BROKEN.values():
        assert sum(sentence in line for line in lines) == 1, run.stderr
    after = collection.files()
    for name in BROKEN:
        assert after[f"executed/{name}.ipynb"] == good[f"executed/{name}.ipynb"]
        assert f"good {name}".encode() in after[f"site/{name}.html"]
        assert name.encode() in after["site/index.html"]
    assert b"ZeroDivisionError" in after["site/index.html"]
    assert b"still works" in after["site/works.html"]
    assert leftovers(collection.root) == []
    assert not (collection.out / ".nbarticle" / "drafts").exists()


def test_never_built_and_failing_notebook_is_on_the_index(copy) -> None:
    copy.write("04_new", "nothing_of_that_name")
    run = copy.build()
    assert (run.returncode, summary(run)) == (1, "0 built, 3 reused, 1 failed.")
    assert b"nothing_of_that_name" in (copy.out / "site" / "index.html").read_bytes()
    copy.write("04_new", "print('mended')")
    assert copy.build().returncode == 0
    assert b"nothing_of_that_name" not in (copy.out / "site" / "index.html").read_bytes()


# Stopped from outside

STOPPED = "What was published before is untouched; run the same command to go on."


def running(collections, root: Path):
    """A built collection whose next build hangs in a cell, after it has told its kernel's process id."""
    collection = collections.Collection(root)
    collection.write("01_slow", "print('good')")
    collection.write("02_quick", "print('good')")
    assert collection.build().returncode == 0
    note = root / "kernel.txt"
    collection.write(
        "01_slow", f"import os, time\nopen({str(note)!r}, 'w').write(str(os.getpid()))\ntime.sleep(600)"
    )
    process = collection.start()
    deadline = time.monotonic() + 60
    while not (note.is_file() and note.read_text()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return collection, process, int(note.read_text())


def gone(pid: int) -> bool:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.05)
    return False


@pytest.mark.slow
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGKILL"])
def test_stopped_build_leaves_no_process_and_the_next_one_recovers(
    collections, tmp_path: Path, name: str
) -> None:
    collection, process, kernel = running(collections, tmp_path / "project")
    good = collection.files()
    busy = collection.build()
    assert (busy.returncode, busy.stderr.count("\n")) == (1, 1)
    assert busy.stderr == (
        "regint: cannot write build: another build is writing there; wait until it has ended.\n"
    )
    number = getattr(signal, name)
    process.send_signal(number)
    _, stderr = process.communicate(timeout=30)
    assert process.returncode == {"SIGINT": 130, "SIGTERM": 143}.get(name, -number)
    assert gone(kernel)
    assert collection.files() == good
    if name != "SIGKILL":
        assert stderr.splitlines()[-1].startswith("regint: Stopped.")
        assert not (collection.out / ".nbarticle" / "drafts").exists()
    collection.write("01_slow", "print('good again')")
    run = collection.build()
    assert (run.returncode, summary(run)) == (0, "1 built, 1 reused, 0 failed.")
    assert b"good again" in collection.page("01_slow").read_bytes()
    assert not (collection.out / ".nbarticle" / "drafts").exists()
    assert not (collection.out / ".nbarticle" / "runtime").exists()


@pytest.mark.slow
@pytest.mark.parametrize("delay", [0.0, 0.5, 1.5])
def test_interrupt_from_the_terminal_is_quiet_at_any_moment(copy, delay: float) -> None:
    good = copy.files()
    copy.write("03_third", "import time; time.sleep(60)")
    process = copy.start()
    while not (copy.out / ".nbarticle" / "drafts").exists():
        time.sleep(0.01)
    time.sleep(delay)
    os.killpg(process.pid, signal.SIGINT)
    _, stderr = process.communicate(timeout=30)
    assert process.returncode == 130
    assert stderr.splitlines() == ["regint: Stopped. " + STOPPED]
    assert copy.files() == good
    assert leftovers(copy.root) == []


TWICE = """import pathlib, sys
from nbarticle.plan import Request
from nbarticle.run import build

if __name__ == "__main__":
    for number in (1, 2):
        notebook = pathlib.Path("notebooks/03_third.ipynb")
        notebook.write_text(notebook.read_text().replace("answer 42", "answer 42 "))
        assert build(Request()).failed == {}
"""


def test_two_builds_in_one_process_do_not_meet(copy) -> None:
    (copy.root / "twice.py").write_text(TWICE)
    done = subprocess.run(
        [sys.executable, "twice.py"], cwd=copy.root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
