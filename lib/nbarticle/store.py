"""The output folder of a build: what it holds, what of that is still right, and how it changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textfiles.files import write

from nbarticle import cache
from nbarticle.environment import provenance
from nbarticle.execute import Executed
from nbarticle.plan import Planned, Request, function
from nbarticle.settings import Settings

if TYPE_CHECKING:
    from nbarticle.document import Page


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
        self.state = cache.State.read(self.store / "state.json")
        self.snapshot = cache.Snapshot(root)
        # Pages that belong to no project name no version, commit and date of one.
        self.provenance, self.notes = (
            provenance(root)
            if request.settings is None
            else ({"version": "", "commit": "", "epoch": None}, [])
        )
        library = cache.library(self.state.library)
        if library != self.state.library:
            self.state.library = library
            self.save()
        self.recipes = {n.name: cache.recipe(root, n.source, n.values, library) for n in planned}

    def forget_others(self) -> None:
        """Drop the records of notebooks that are no longer among those planned."""
        self.state.notebooks = {k: v for k, v in self.state.notebooks.items() if k in self.planned}

    def record(self, name: str) -> cache.Record:
        """Return what is known of a notebook."""
        return self.state.notebooks.setdefault(name, cache.Record())

    def executed(self, name: str) -> Path:
        """Return the path of the executed notebook."""
        return self.out / "executed" / f"{name}.ipynb"

    def page_store(self, name: str) -> Path:
        """Return the path where a page's record is kept."""
        return self.store / "pages" / self.edition / f"{name}.json"

    def is_executed(self, name: str) -> bool:
        """Say whether the executed notebook is there, unharmed, and made of what there is now."""
        record = self.record(name)
        return (
            record.recipe == self.recipes[name]
            and self.snapshot.now(record.inputs) == record.inputs
            and cache.versions(record.packages) == record.packages
            and set(cache.declared_inputs(self.root, self.planned[name].survey)) <= set(record.inputs)
            and cache.digest_of(self.executed(name)) == record.executed
        )

    def page_record(self, name: str) -> dict[str, Any]:
        """Write down how a page is made: ``resources["nbarticle"]`` of the exporter, but for the packages."""
        notebook = self.planned[name]
        return {
            "notebook": name,
            "parameters": notebook.settings(),
            "inputs": self.files_read(name),
            **self.project(),
            "collection": self.collection(),
            "command": self.request.command or notebook.command(self.edition),
            "settings": self.request.settings,
        }

    def files_read(self, name: str) -> list[dict[str, str]]:
        """List path and hash of the files of the project, and of its surveys, that a notebook was made of.

        Files whose digest must not be told are left out.
        """
        record = self.record(name)
        untold = {s["path"] for s in record.notebook.get("sources", ()) if not s["sha256"]}
        return [
            {"path": path, "sha256": value}
            for path, value in record.inputs.items()
            if "//" not in path
            and path not in untold
            and not path.endswith("/")
            and value != "missing"
            and not Path(path).is_absolute()
        ]

    def made_of(self) -> dict[str, Any]:
        """Say what the site's pages were made of, for its manifest."""
        runs = {name: self.record(name) for name in self.names() if self.record(name).notebook}
        packages = {name: version for run in runs.values() for name, version in run.packages.items()}
        lock = self.root / "requirements.lock"
        return {
            "project": self.project(),
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

    def project(self) -> dict[str, Any]:
        """Describe the project: version, commit, the date that counts."""
        return {**self.provenance, "edition": self.edition}

    def names(self) -> list[str]:
        """List the pages of the site in order: this build's, and those it leaves alone."""
        kept = {name for name, record in self.state.notebooks.items() if self.edition in record.page}
        others = kept - self.planned.keys()
        return sorted(others | self.planned.keys()) if others else list(self.planned)

    def collection(self) -> list[dict[str, str]]:
        """List name and title of every page of the site."""
        return [{"name": name, "title": self.title(name)} for name in self.names()]

    def title(self, name: str) -> str:
        """Return the heading of a page, also of one that this build leaves alone."""
        return self.planned[name].title if name in self.planned else self.record(name).title

    def page_key(self, name: str) -> str:
        """Return the hash of everything a page is made of."""
        sources = {k: v for k, v in self.snapshot.data.items() if k.endswith((".bib", "glossary.csv"))}
        return cache.digest_record(
            {
                "executed": self.record(name).executed,
                "publisher": cache.publisher(),
                "record": self.page_record(name),
                "sources": sources,
                "settings": cache.digest_of(self.root / "pyproject.toml"),
            }
        )

    def is_page(self, name: str) -> bool:
        """Say whether the page's record is there, unharmed, and made of what there is now."""
        record = self.record(name)
        return (
            record.page_key.get(self.edition) == self.page_key(name)
            and cache.digest_of(self.page_store(name)) == record.page[self.edition]
        )

    def site_key(self, failed: Mapping[str, str]) -> str:
        """Return the hash of everything the site is put together from."""
        pages = [
            (name, self.record(name).page.get(self.edition, ""), failed.get(name, ""))
            for name in self.names()
        ]
        notebooks = cache.digest_together(self.notebook_sources(), self.root)
        return cache.digest_record(
            {
                "pages": pages,
                "project": self.project(),
                "publisher": cache.publisher(),
                "made of": self.made_of(),
                "data": self.snapshot.data,
                "settings": self.request.settings or cache.digest_of(self.root / "pyproject.toml"),
                "notebooks": notebooks if self.edition != "full" else "",
            }
        )

    def pages(self, failed: Mapping[str, str]) -> list[Page]:
        """List the pages of the site, each as it is kept, marked with why it failed, if it did."""
        from nbarticle.document import Page

        pages = []
        for name in self.names():
            kept, page = self.page_store(name), Page(name=name, title=self.title(name), edition=self.edition)
            if kept.is_file():
                page = Page.from_json(kept.read_text(encoding="utf-8"))
            problem = failed.get(name, "")
            pages.append(replace(page, status="failed" if problem else "built", message=problem))
        return pages

    def data(self) -> Path | None:
        """Return the folder of the data that the site offers."""
        offered = self.request.settings is None and (self.root / "data").is_dir()
        return self.root / "data" if offered else None

    def notebook_sources(self) -> list[Path]:
        """List the collection's notebooks."""
        return sorted((self.root / "notebooks").glob("*.ipynb"))

    def is_site(self) -> bool:
        """Say whether every file of the site is there, unharmed, and made of what there is now."""
        files = self.state.site_files.get(self.edition, {})
        return self.state.site_key.get(self.edition) == self.site_key({}) and all(
            cache.digest_of(self.site / name) == value for name, value in files.items()
        )

    # What changes

    def keep_run(self, name: str, done: Executed) -> None:
        """Publish an executed notebook, and remember what it was made of."""
        names, packages = cache.noted(self.root, done.reads)
        names += cache.declared_inputs(self.root, self.planned[name].survey)
        record = self.record(name)
        record.packages = cache.versions(packages)
        record.recipe, record.inputs = self.recipes[name], self.snapshot.now(names)
        record.executed, record.seconds = cache.digest(done.content), round(done.seconds, 2)
        record.notebook = self.run_of(self.planned[name])
        write(self.executed(name), done.content)
        self.save()

    def run_of(self, notebook: Planned) -> dict[str, Any]:
        """Describe a run for the manifest."""
        path, origin = notebook.path, self.settings.origin
        values = {item["name"]: item["value"] for item in notebook.settings()}
        return {
            "path": path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else path.name,
            "sha256": cache.digest(notebook.source),
            "parameters": values,
            "sources": function(origin)(values) if origin else [],
        }

    def keep_page(self, name: str, text: str) -> None:
        """Keep a page's record."""
        record = self.record(name)
        record.title = self.planned[name].title
        record.page_key[self.edition], record.page[self.edition] = self.page_key(name), cache.digest(text)
        write(self.page_store(name), text)

    def publish(self, files: Mapping[str, str | bytes], drafts: Path, failed: Mapping[str, str]) -> None:
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

    def save(self) -> None:
        """Write down what the output folder holds."""
        write(self.store / "state.json", self.state.to_json())
