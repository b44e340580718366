"""The output folder of a build: what it holds, what of that is still right, and how it changes."""

from __future__ import annotations

import errno
import functools
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textfiles.files import regular, write
from textfiles.problems import Problem

from nbarticle import cache
from nbarticle.manifest import MANIFEST
from nbarticle.plan import Planned, Request, function
from nbarticle.settings import Settings, provenance

if TYPE_CHECKING:
    from nbarticle.document import Display, Page
    from nbarticle.execute import Executed
    from nbarticle.site import Change


# What is kept is understood by the very code that kept it; by any other it is made again.
FORM = cache.digest_of(Path(__file__))

# Of the exporter's own files, those of the frame around what a page says, but for one; fonts come with it.
FRAME, WITHIN = ("templates/site/", "fonts/"), {"templates/site/displays.html.j2"}

# How many cut fonts are kept: of a site of fifty pages.
MOST_FACES = 200


@dataclass
class Record:
    """What is known of a notebook's last good result, and of its pages."""

    recipe: str = ""
    inputs: dict[str, str] = field(default_factory=dict)
    executed: str = ""
    # Path, digest and parameters of the notebook that was run, and the files its inputs were made from.
    notebook: dict[str, Any] = field(default_factory=dict)
    # The parameters that were set.
    values: dict[str, Any] = field(default_factory=dict)
    # Per edition, the files that the page was made of beside the executed notebook.
    beside: dict[str, list[str]] = field(default_factory=dict)
    # Per edition, the keys of what the page says and of all of it, and the digest of what is kept of it.
    page: dict[str, list[str]] = field(default_factory=dict)
    title: str = ""
    seconds: float = 0.0


@dataclass
class State:
    """What the output folder holds: a record per notebook, and per edition the site's key and file hashes.

    `library` tells what the code that was there last time amounts to, for it takes long to find out.
    """

    notebooks: dict[str, Record] = field(default_factory=dict)
    library: dict[str, str] = field(default_factory=dict)
    site_key: dict[str, str] = field(default_factory=dict)
    site_files: dict[str, dict[str, str]] = field(default_factory=dict)
    # What `Record.page` was when the site's pages were made.
    site_pages: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    # What the workbook with all tables was made of.
    site_tables: dict[str, str] = field(default_factory=dict)
    # What fonts are cut with, and the digest of those that are kept.
    faces: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, path: Path) -> State:
        """Read the state; if it is missing, damaged or of another form, nothing is known: all is rebuilt."""
        try:
            found = json.loads(regular(path).read_text(encoding="utf-8"))
            if found.pop("form") != FORM:
                return cls()
            found["notebooks"] = {name: Record(**record) for name, record in found["notebooks"].items()}
            return cls(**found)
        except (Problem, OSError, ValueError, TypeError, KeyError, AttributeError):
            return cls()

    def to_json(self) -> bytes:
        """Write the state as JSON, keys sorted."""
        kept = {"form": FORM, **asdict(self)}
        return (json.dumps(kept, sort_keys=True, indent=1, ensure_ascii=False) + "\n").encode()


def _kept_page(path: Path) -> Page | None:
    """Read a page's record; none where there is none, or one of another version."""
    from nbarticle.document import Page

    try:
        return Page.from_json(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError, TypeError, AttributeError):
        return None


@contextmanager
def locked(state: Path) -> Iterator[None]:
    """Hold the output folder for one build; the lock goes when the process goes, however it ends."""
    state.mkdir(parents=True, exist_ok=True)
    with (state / "lock").open("a+") as file:
        try:
            if sys.platform == "win32":
                import msvcrt

                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            else:
                import fcntl

                fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise OSError(errno.EBUSY, "Another build is writing there", str(state.parent)) from None
        yield


@contextmanager
def working_folder(state: Path) -> Iterator[tuple[Path, Path]]:
    """Make the two temporary folders of a build, and remove what a killed build has left."""
    note = state / "runtime"
    if note.is_file():
        left = Path(note.read_text(encoding="utf-8").strip())
        # Only what lies where we make such folders: a note from elsewhere must not name anything else.
        if left.name.startswith("nbarticle-") and left.parent == Path(tempfile.gettempdir()):
            shutil.rmtree(left, ignore_errors=True)
    drafts = state / "drafts"
    shutil.rmtree(drafts, ignore_errors=True)
    drafts.mkdir()
    try:
        runtime = Path(tempfile.mkdtemp(prefix="nbarticle-"))
    except FileNotFoundError:
        raise Problem(
            "There is no folder for temporary files that can be written to: free some space, or name one in "
            "the environment variable TMPDIR."
        ) from None
    try:
        note.write_text(str(runtime), encoding="utf-8")
        yield drafts, runtime
    finally:
        shutil.rmtree(drafts, ignore_errors=True)
        shutil.rmtree(runtime, ignore_errors=True)
        note.unlink(missing_ok=True)


class Output:
    """An output folder, before a build and while it goes on."""

    def __init__(
        self, root: Path, out: Path, planned: Sequence[Planned], request: Request, settings: Settings
    ) -> None:
        self.root, self.out, self.edition, self.request = root, out, request.edition, request
        self.settings = settings
        self.planned = {notebook.name: notebook for notebook in planned}
        self.site = out / ("site" if self.edition == "full" else self.edition)
        self.store = out / ".nbarticle"
        self.state = State.read(self.store / "state.json")
        self.snapshot = cache.Snapshot(root)
        # Pages that belong to no project name no version, commit and date of one, and offer no data.
        known, self.notes = provenance(root) if request.settings is None else ({}, [])
        self.project = {"version": "", "commit": "", "epoch": None, **known, "edition": self.edition}
        offered = request.settings is None and (root / "data").is_dir()
        self.data = root / "data" if offered else None
        if self.edition not in self.state.site_files:
            self.recover()
        self.check_values()
        library = cache.library(self.state.library)
        if library != self.state.library:
            self.state.library = library
            self.save()
        self.recipes = {n.name: cache.recipe(root, n.source, n.values, library) for n in planned}

    def recover(self) -> None:
        """Know the files of a site again by its own manifest, so that none is left over for ever."""
        try:
            listed = json.loads(regular(self.site / MANIFEST).read_text(encoding="utf-8"))["files"]
            listed = {file["path"]: file["sha256"] for file in listed}
        except (Problem, OSError, ValueError, TypeError, KeyError):
            return
        there = cache.digests_below(self.site)
        self.state.site_files[self.edition] = {k: v for k, v in there.items() if listed.get(k) == v}
        if self.request.notebooks:
            self.notes.append(
                "What was known of the former build is gone or of another version: the pages of the other "
                "notebooks were taken out, and 'regint build' makes them again."
            )

    def check_values(self) -> None:
        """Refuse to overwrite the results of other parameters."""
        for name, notebook in self.planned.items():
            there = self.state.notebooks.get(name)
            if there and there.executed and there.values != notebook.values:
                values = ", ".join(f"{key} {value}" for key, value in there.values.items()) or "no parameter"
                raise Problem(
                    f"{self.out} holds {name} with {values} set, which would be overwritten: choose another "
                    "--out, or leave it out."
                )

    @functools.cached_property
    def published(self) -> dict[str, tuple[Path, bool]]:
        """By variant, the published page of its notebook, and whether that is what a build would make now."""
        store = self.root / "build" / ".nbarticle"
        if self.request.folder is not None or store == self.store:
            return {}
        state, found = State.read(store / "state.json"), {}
        for name, notebook in self.planned.items():
            record = state.notebooks.get(notebook.path.stem)
            if notebook.values and record and self.edition in record.page:
                recipe = cache.recipe(self.root, notebook.source, {}, self.state.library)
                current = record.recipe == recipe and self.snapshot.now(record.inputs) == record.inputs
                found[name] = store / "pages" / self.edition / f"{notebook.path.stem}.json", current
        return found

    def compared(self, failed: Mapping[str, str]) -> list[tuple[Page, dict[str, Any], bool, list[Change]]]:
        """List for each variant page, parameters, whether the published page is outdated, what differs."""
        from nbarticle.site import changes

        pages = {page.name: page for page in self.pages(failed) if not page.message}
        published = {name: (_kept_page(file), current) for name, (file, current) in self.published.items()}
        return [
            (pages[name], self.planned[name].values, not current, changes(page, pages[name]))
            for name, (page, current) in published.items()
            if page and name in pages
        ]

    def forget_others(self) -> None:
        """Drop the records and results of notebooks that are no longer among those planned."""
        for name in self.state.notebooks.keys() - self.planned.keys():
            if cache.digest_of(self.executed(name)) == self.state.notebooks.pop(name).executed:
                self.executed(name).unlink()

    def record(self, name: str) -> Record:
        """Return what is known of a notebook."""
        return self.state.notebooks.setdefault(name, Record())

    def executed(self, name: str) -> Path:
        """Return the path of the executed notebook."""
        return self.out / "executed" / f"{name}.ipynb"

    def page_store(self, name: str) -> Path:
        """Return the path where a page's record is kept."""
        return self.store / "pages" / self.edition / f"{name}.json"

    def collection(self) -> dict[str, str]:
        """Return name and title of the site's pages in order: this build's, and those it leaves alone."""
        titles = {name: notebook.title for name, notebook in self.planned.items()}
        kept = self.state.notebooks.items()
        others = {k: v.title for k, v in kept if self.edition in v.page and k not in titles}
        return dict(sorted((others | titles).items())) if others else titles

    def page_record(self, name: str) -> dict[str, Any]:
        """Write down how a page is made: ``resources["nbarticle"]`` of the exporter, but for the packages.

        Of the other pages it names only the one before and the one after by their titles, as the page does.
        """
        names = [*self.collection()]
        near = names[max(0, names.index(name) - 1) : names.index(name) + 2]
        return {
            "notebook": name,
            "parameters": self.planned[name].settings(),
            "inputs": self.files_read(name),
            **self.project,
            "collection": [
                {"name": n, "title": t if n in near else ""} for n, t in self.collection().items()
            ],
            "command": self.planned[name].command(self.request, self.root),
            "settings": self.request.settings,
            "offers": True,
        }

    def files_read(self, name: str) -> list[dict[str, str]]:
        """List path and hash of the project's files, and its surveys', that a notebook was made of.

        Files whose digest must not be told are left out.
        """
        record = self.record(name)
        untold = {source["path"] for source in record.notebook.get("sources", ()) if not source["sha256"]}
        inputs = [(*line.split(" ", 1), value) for line, value in record.inputs.items()]
        return [
            {"path": path, "sha256": value}
            for kind, path, value in inputs
            if kind == "read" and path not in untold and value != "missing" and not Path(path).is_absolute()
        ]

    def made_of(self) -> dict[str, Any]:
        """Say what the site's pages were made of, for its manifest."""
        runs = {name: self.record(name) for name in self.collection() if self.record(name).notebook}
        inputs = [pair for run in runs.values() for pair in run.inputs.items()]
        packages = {line.split()[1]: value for line, value in inputs if line.startswith("package ")}
        lock = self.root / "requirements.lock"
        return {
            "project": self.project,
            "environment": {
                "python": cache.python(),
                "locks": [{"path": lock.name, "sha256": cache.digest_of(lock)}] if lock.is_file() else [],
                "packages": dict(sorted(packages.items())),
            },
            "notebooks": [
                {"name": name, **run.notebook, "executed": run.executed, "inputs": self.files_read(name)}
                for name, run in runs.items()
            ],
        }

    # Keys: the hash of everything that something is made of

    @functools.cached_property
    def maker(self) -> list[Any]:
        """What all pages are made with: the exporter, its template, the site, and the project's settings."""
        settings = self.request.settings or cache.digest_of(self.root / "pyproject.toml")
        return [cache.digests_below(cache.PACKAGE), settings]

    @functools.cached_property
    def cutter(self) -> str:
        """What fonts are cut with, and from."""
        code = {k: v for k, v in self.maker[0].items() if k == "layout.py" or k.startswith("fonts/")}
        return cache.digest([code, *map(cache.version_of, ("fonttools", "brotli"))])

    @functools.cached_property
    def exporter(self) -> str:
        """What all pages say what they say with: the exporter without the frame, packages, some settings."""
        code = {k: v for k, v in self.maker[0].items() if k in WITHIN or not k.startswith(FRAME)}
        own = self.settings
        said = [own.strict, own.language, own.bibliography, own.glossary, self.edition]
        return cache.digest([code, cache.versions(), said])

    def page_keys(self, name: str) -> list[str]:
        """Return the key of what a page says, and that of the whole page, which the frame around it joins."""
        record = self.record(name)
        beside = self.snapshot.now([f"read {path}" for path in record.beside.get(self.edition, ())])
        content = cache.digest([record.executed, self.planned[name].folder, self.exporter, beside])
        return [content, cache.digest([content, self.page_record(name), self.maker])]

    def site_key(self, failed: Mapping[str, str]) -> str:
        """Return the key of the site."""
        pages = {n: [self.record(n).page.get(self.edition), failed.get(n)] for n in self.collection()}
        published = {name: [cache.digest_of(file), now] for name, (file, now) in self.published.items()}
        return cache.digest([pages, self.made_of(), self.maker, self.snapshot.data, published])

    def is_executed(self, name: str) -> bool:
        """Say whether the executed notebook is there, unharmed, and made of what there is now."""
        record = self.record(name)
        return (
            record.recipe == self.recipes[name]
            and self.snapshot.now(record.inputs) == record.inputs
            and cache.digest_of(self.executed(name)) == record.executed
        )

    def is_page(self, name: str) -> bool:
        """Say whether the page's record is there, unharmed, and made of what there is now."""
        record = self.record(name)
        kept = cache.digest_of(self.page_store(name))
        return record.page.get(self.edition) == [*self.page_keys(name), kept]

    def said(self, name: str) -> Page | None:
        """Read the page whose text is what would be made now, while the frame around it may not be."""
        kept, file = self.record(name).page.get(self.edition) or [""], self.page_store(name)
        current = kept[0] == self.page_keys(name)[0] and kept[-1] == cache.digest_of(file)
        return _kept_page(file) if current else None

    def is_site(self) -> bool:
        """Say whether every file of the site is there, unharmed, and made of what there is now."""
        files = self.state.site_files.get(self.edition, {})
        return self.state.site_key.get(self.edition) == self.site_key({}) and all(
            cache.digest_of(self.site / name) == value for name, value in files.items()
        )

    # What changes

    def recall_faces(self) -> None:
        """Know the fonts that former builds have cut, unless they would be cut otherwise now."""
        from nbarticle import layout

        file = self.store / "faces.json"
        if self.state.faces == [self.cutter, cache.digest_of(file)]:
            layout.faces |= {(name, signs): face for name, signs, face in json.loads(file.read_bytes())}

    def keep_faces(self) -> None:
        """Keep the fonts that were used last."""
        from nbarticle import layout

        kept = [[*key, face] for key, face in [*layout.faces.items()][-MOST_FACES:]]
        self.state.faces = [self.cutter, cache.digest(json.dumps(kept))]
        write(self.store / "faces.json", json.dumps(kept))

    def keep_run(self, name: str, done: Executed) -> None:
        """Publish an executed notebook, and remember what it was made of."""
        record, notebook = self.record(name), self.planned[name]
        record.inputs = self.snapshot.now(cache.noted(self.root, done.reads))
        record.recipe, record.executed = self.recipes[name], cache.digest(done.content)
        record.values, record.seconds = dict(notebook.values), round(done.seconds, 2)
        path, origin = notebook.path, self.settings.origin
        values = {item["name"]: item["value"] for item in notebook.settings()}
        record.notebook = {
            "path": path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else path.name,
            "sha256": cache.digest(notebook.source),
            "parameters": values,
            "sources": function(origin)(values) if origin else [],
        }
        write(self.executed(name), done.content)
        self.save()

    def keep_page(self, name: str, page: Page) -> None:
        """Keep a page's record."""
        record, text = self.record(name), page.to_json()
        record.beside[self.edition] = list(page.read)
        record.title = self.planned[name].title
        record.page[self.edition] = [*self.page_keys(name), cache.digest(text)]
        write(self.page_store(name), text)

    def pages(self, failed: Mapping[str, str]) -> list[Page]:
        """List the pages of the site, each as it is kept, marked with why it failed, if it did."""
        from nbarticle.document import Page

        pages = []
        for name, title in self.collection().items():
            page, problem = _kept_page(self.page_store(name)), failed.get(name, "")
            if page is None and self.page_store(name).is_file():
                problem = (
                    problem or f"Another version has kept this page: 'regint build {name}' makes it again."
                )
            pages.append(replace(page or Page(name=name, title=title), message=problem))
        return pages

    def files_of(self, page: Page) -> dict[str, bytes]:
        """Read the files of a page from the site; none unless all are unharmed, and of what it says now."""
        made = self.state.site_pages.get(self.edition, {}).get(page.name)
        now = self.record(page.name).page.get(self.edition)
        return self._unharmed(page.files()) if made and now and made[0] == now[0] else {}

    def workbook_of(self, tables: Sequence[Display]) -> bytes:
        """Read the workbook with all tables from the site; nothing unless it is unharmed, and of these."""
        from nbarticle.site import ALL_TABLES

        same = self.state.site_tables.get(self.edition) == self._tables_key(tables)
        return self._unharmed([ALL_TABLES]).get(ALL_TABLES, b"") if same else b""

    def _unharmed(self, names: Sequence[str]) -> dict[str, bytes]:
        """Read files that the site holds; none if one of them is no longer as it was written."""
        hashes = self.state.site_files.get(self.edition, {})
        files = {name: self.site / name for name in names if name in hashes}
        if any(cache.digest_of(path) != hashes[name] for name, path in files.items()):
            return {}
        return {name: path.read_bytes() for name, path in files.items()}

    def _tables_key(self, tables: Sequence[Display]) -> str:
        return cache.digest([self.maker[0]["site.py"], *map(vars, tables)])

    def publish(
        self,
        files: Mapping[str, str | bytes],
        tables: Sequence[Display],
        drafts: Path,
        failed: Mapping[str, str],
    ) -> None:
        """Write every changed file of the site, then move each over the old one in one step."""
        hashes = {name: cache.digest(content) for name, content in files.items()}
        changed = [name for name, value in hashes.items() if cache.digest_of(self.site / name) != value]
        # Each file waits for the disk; waiting together takes hardly longer than waiting for one.
        with ThreadPoolExecutor(16) as threads:
            list(threads.map(lambda name: write(drafts / name, files[name]), changed))
        # Pages last, the index at the very end: what a page links to is there before the page.
        for name in sorted(changed, key=lambda name: (name.endswith(".html"), name == "index.html")):
            (self.site / name).parent.mkdir(parents=True, exist_ok=True)
            (drafts / name).replace(self.site / name)
        for name in self.state.site_files.get(self.edition, {}).keys() - hashes.keys():
            (self.site / name).unlink(missing_ok=True)
        self.state.site_files[self.edition] = hashes
        self.state.site_key[self.edition] = self.site_key(failed)
        pages = {name: record.page.get(self.edition, []) for name, record in self.state.notebooks.items()}
        self.state.site_pages[self.edition] = pages
        self.state.site_tables[self.edition] = self._tables_key(tables)

    def save(self) -> None:
        """Write down what the output folder holds."""
        write(self.store / "state.json", self.state.to_json())
