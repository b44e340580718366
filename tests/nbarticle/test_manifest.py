"""Manifest and crate of a site: everything is listed, and whatever was changed afterwards is found."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from nbarticle import manifest
from nbarticle.cache import digest_of
from nbarticle.layout import Work
from nbarticle.settings import Settings
from regint.cli import main
from textfiles.problems import Problem


@pytest.fixture
def site(built, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built.out / "site", tmp_path / "site"))


def read(site: Path) -> tuple[dict, dict]:
    return tuple(json.loads((site / name).read_text()) for name in (manifest.MANIFEST, manifest.CRATE))


def test_a_site_as_built_is_whole(site: Path) -> None:
    holds, wrong = manifest.verify(site)
    files = len([path for path in site.rglob("*") if path.is_file()]) - 2
    assert wrong == [] and holds[0] == f"{files} of {files} files are as they were published."


def test_every_byte_counts(site: Path) -> None:
    names = sorted(p.relative_to(site).as_posix() for p in site.rglob("*") if p.is_file())
    unseen = []
    for name in names:
        before = (site / name).read_bytes()
        at = (
            before.index(b'"sha256": "') + 12
            if name in (manifest.MANIFEST, manifest.CRATE)
            else len(before) // 2
        )
        (site / name).write_bytes(before[:at] + bytes([before[at] ^ 1]) + before[at + 1 :])
        try:
            _, wrong = manifest.verify(site)
        except Problem as error:
            wrong = error.sentences
        unseen += [name] if not wrong else []
        (site / name).write_bytes(before)
    assert unseen == [] and len(names) > 10 and manifest.verify(site)[1] == []


def test_what_is_missing_or_added_is_named(site: Path) -> None:
    (site / "search-index.js").unlink()
    (site / "data" / "added.csv").write_text("x\n")
    (site / "figures").mkdir(exist_ok=True)
    assert manifest.verify(site)[1] == [
        "search-index.js is missing.",
        "data/added.csv is not in the manifest.",
    ]


def test_no_manifest_or_a_broken_one_is_one_sentence(site: Path) -> None:
    good = read(site)[0]
    broken = [{}, *({k: v for k, v in good.items() if k != name} for name in good), good | {"files": 7}]
    broken += [good | {"notebooks": [7]}, good | {"files": [{"path": []}]}]
    broken += [good | {"project": {"commit": "", "epoch": epoch}} for epoch in ("x", 10**30)]
    for text in ("", "[]", "[" * 100_000, "\xff", *map(json.dumps, broken)):
        (site / manifest.MANIFEST).write_text(text)
        with pytest.raises(Problem) as caught:
            manifest.verify(site)
        assert len(caught.value.sentences) == 1
    (site / manifest.MANIFEST).unlink()
    with pytest.raises(Problem, match="manifest.json does not exist"):
        manifest.verify(site)


def test_manifest_says_what_each_notebook_was_made_of(built, site: Path) -> None:
    told, _ = read(site)
    first, second, third = told["notebooks"]
    assert (first["path"], first["parameters"]) == (
        "notebooks/01_first.ipynb",
        {"factor": 1, "survey": "data/s"},
    )
    assert first["sha256"] == digest_of(built.root / "notebooks" / "01_first.ipynb")
    assert first["executed"] == digest_of(built.out / "executed" / "01_first.ipynb")
    assert {row["path"]: row["sha256"] for row in second["inputs"]} == {
        "data/second.csv": digest_of(built.root / "data" / "second.csv")
    }
    notebooks = [f"notebooks/03_third{ending}" for ending in ("-executed.ipynb", ".ipynb", ".py")]
    assert third["results"] == ["03_third.html", *notebooks] and third["inputs"] == []
    assert told["environment"]["python"].startswith("cpython 3.")
    assert "ipykernel" in told["environment"]["packages"]


def test_crate_is_whole(site: Path) -> None:
    _, crate = read(site)
    entities = {entity["@id"]: entity for entity in crate["@graph"]}
    assert len(entities) == len(crate["@graph"])

    def references(value: object) -> list[str]:
        if isinstance(value, dict):
            return (
                [value["@id"]]
                if set(value) == {"@id"}
                else [r for v in value.values() for r in references(v)]
            )
        return [r for v in value for r in references(v)] if isinstance(value, list) else []

    outside = {"https://w3id.org/ro/crate/1.1"}
    assert {r for entity in crate["@graph"] for r in references(entity)} - outside <= set(entities)
    root = entities["./"]
    assert {"name", "description", "datePublished", "hasPart"} <= set(root)
    actions = [entity for entity in crate["@graph"] if entity["@type"] == "CreateAction"]
    assert [action["name"] for action in actions] == [
        f"Run of notebooks/{name}.ipynb" for name in ("01_first", "02_second", "03_third")
    ]
    values = {
        entities[part["@id"]]["name"]: entities[part["@id"]].get("value") for part in actions[0]["object"]
    }
    assert values["factor"] == 1 and values["survey"] == "data/s"
    assert {"@id": "data/first.csv"} in actions[0]["object"]


def test_a_source_that_must_not_be_told_has_no_digest() -> None:
    run = {
        "name": "a",
        "path": "a.ipynb",
        "sha256": "1" * 64,
        "parameters": {},
        "inputs": [{"path": "s/import.json", "sha256": "2" * 64}],
        "sources": [{"path": "people.csv", "sha256": ""}],
        "results": [],
    }
    told = {
        "title": "", "licence": "", "authors": [], "doi": "", "language": "en",
        "project": {"epoch": 0, "commit": ""}, "files": [],
        "environment": {"python": "", "packages": {}, "locks": []}, "notebooks": [run],
    }  # fmt: skip
    graph = manifest._crate(told, manifest._listing("manifest.json", b""))["@graph"]
    (source,) = [entity for entity in graph if entity.get("name") == "people.csv"]
    assert "sha256" not in source and "not to be proved" in source["description"]


def test_the_command_ends_with_one_where_something_is_wrong(site: Path) -> None:
    def run() -> Result:
        return CliRunner().invoke(main, ["verify", str(site)], catch_exceptions=False)

    good = run()
    assert good.exit_code == 0 and good.stderr == "" and "files are as they were published." in good.stdout
    (site / "index.html").write_text("other")
    bad = run()
    assert bad.exit_code == 1
    assert bad.stderr == "wrong: index.html is not the file that was published: its bytes differ.\n"


def test_page_and_crate_name_the_same_work() -> None:
    """Schema.org and Highwire of a page, and the crate: authors, ORCID, DOI, licence, language."""
    settings = Settings(
        title="Theirs",
        authors=("Doe, Jane", "A group"),
        orcids=("0000-0002-1825-0097",),
        licence="CC-BY-4.0",
        doi="10.5281/zenodo.1",
        language="ru",
        repository="https://github.com/owner/name.git",
    )
    work = Work("A page", "01_first", "", settings, commit="abc")
    article = json.loads(work.json_ld([], []))["@graph"][0]
    tags = [(name, content) for _, name, content in work.meta()]
    made_of = {
        "project": {"epoch": None, "commit": ""},
        "notebooks": [],
        "environment": {"python": "", "packages": {}, "locks": []},
    }
    crate = json.loads(manifest.described({}, {}, made_of, settings)[manifest.CRATE])
    entities = {entity["@id"]: entity for entity in crate["@graph"]}
    root, orcid = entities["./"], "https://orcid.org/0000-0002-1825-0097"
    people = [entities[author["@id"]] for author in root["author"]]
    assert [one["name"] for one in article["author"]] == [one["name"] for one in people]
    assert [content for name, content in tags if name == "citation_author"] == [one["name"] for one in people]
    assert [one["@type"] for one in people] == ["Person", "Organization"]
    assert [content for name, content in tags if name == "citation_author_orcid"] == [orcid]
    assert article["author"][0]["@id"] == people[0]["@id"] == orcid
    assert dict(tags)["citation_doi"] == article["identifier"] == settings.doi
    assert root["identifier"] == f"https://doi.org/{settings.doi}"
    assert dict(tags)["citation_language"] == article["inLanguage"] == root["inLanguage"] == "ru"
    assert dict(tags)["DC.rights"] == article["license"] == settings.licence
    assert root["license"]["@id"].endswith(settings.licence)
    assert work.binder() == (
        "https://mybinder.org/v2/gh/owner/name/abc?urlpath=lab/tree/notebooks/01_first.ipynb"
    )
    assert not replace(work, settings=Settings()).binder()
