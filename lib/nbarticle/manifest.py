"""What a site holds and was made of, with the digest of everything: manifest and RO-Crate, and their check.

`manifest.json` lists every file of the site with its size and SHA-256, and every notebook with parameters,
inputs and results. `ro-crate-metadata.json` says the same as RO-Crate 1.1 with the profile Process Run Crate
0.5, for catalogues and archives. Neither is signed: they tell whether a site is whole, not who made it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from textfiles.files import regular
from textfiles.problems import Problem

from nbarticle.cache import digest, digest_of
from nbarticle.settings import Settings

MANIFEST, CRATE = "manifest.json", "ro-crate-metadata.json"
FORMAT = "nbarticle site 1"
PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
KINDS = {
    "bib": "application/x-bibtex",
    "csv": "text/csv",
    "html": "text/html",
    "ipynb": "application/x-ipynb+json",
    "js": "text/javascript",
    "json": "application/json",
    "md": "text/markdown",
    "pdf": "application/pdf",
    "png": "image/png",
    "svg": "image/svg+xml",
    "tex": "application/x-tex",
    "txt": "text/plain",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def described(
    files: Mapping[str, bytes],
    of_pages: Mapping[str, Iterable[str]],
    made_of: Mapping[str, Any],
    settings: Settings,
) -> dict[str, bytes]:
    """Make manifest and crate of a site: its files, which of them are whose, and what they were made of."""
    notebooks = [
        {**run, "results": [name for name in of_pages[run["name"]] if name in files]}
        for run in made_of["notebooks"]
    ]
    manifest = {
        "format": FORMAT,
        "title": settings.title,
        "licence": settings.licence,
        "authors": settings.people,
        "language": settings.language,
        "doi": settings.doi,
        **made_of,
        "notebooks": notebooks,
        "files": [_listing(name, content) for name, content in sorted(files.items())],
    }
    text = _json(manifest)
    return {MANIFEST: text, CRATE: _json(_crate(manifest, _listing(MANIFEST, text)))}


def _listing(name: str, content: bytes) -> dict[str, Any]:
    """Describe a file."""
    return {"path": name, "bytes": len(content), "sha256": digest(content)}


def _json(content: Mapping[str, Any]) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _crate(manifest: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Say what a manifest says as RO-Crate; `own` describes the manifest itself."""
    files = {file["path"]: file for file in (*manifest["files"], own)}
    epoch = manifest["project"]["epoch"]
    licence = manifest["licence"] and f"https://spdx.org/licenses/{manifest['licence']}"
    entities: dict[str, dict[str, Any]] = {}

    def refer(identifier: str, kind: str, **entity: Any) -> dict[str, str]:
        entities.setdefault(identifier, {"@id": identifier, "@type": kind, **entity})
        return {"@id": identifier}

    def material(item: Mapping[str, str], kind: str) -> dict[str, str]:
        """Refer to something a run used: a file of the site, or what only its digest tells of."""
        known = item.get("sha256", "")
        if known and files.get(item["path"], {}).get("sha256") == known:
            return {"@id": item["path"]}
        unproved = {"description": "Its digest is not told: it is not to be proved."}
        told = {"sha256": known} if known else unproved
        return refer(f"#{item['path']}-{known[:12]}", kind, name=item["path"], **told)

    for name, file in files.items():
        form = KINDS.get(name.rpartition(".")[2], "application/octet-stream")
        size = str(file["bytes"])
        refer(name, "File", name=name, contentSize=size, encodingFormat=form, sha256=file["sha256"])
    actions = []
    for run in manifest["notebooks"]:
        parameters = [
            refer(f"#{run['name']}-{name}", "PropertyValue", name=name, value=value)
            for name, value in sorted(run["parameters"].items())
        ]
        inputs = [material(item, "CreativeWork") for item in (*run["inputs"], *run["sources"])]
        actions.append(
            refer(
                f"#run-{run['name']}",
                "CreateAction",
                name=f"Run of {run['path']}",
                instrument=material(run, "SoftwareSourceCode"),
                object=[*inputs, *parameters],
                result=[{"@id": name} for name in run["results"]],
                actionStatus="http://schema.org/CompletedActionStatus",
            )
        )
    environment = manifest["environment"]
    title = manifest["title"] or "a collection of notebooks"
    packages = [
        refer(f"#package-{name}", "SoftwareApplication", name=name, softwareVersion=version)
        for name, version in environment["packages"].items()
    ]
    root: dict[str, Any] = {
        "@id": "./",
        "@type": "Dataset",
        "name": f"Site of {title}",
        "description": f"Pages, figures, tables and data of {title}, "
        f"commit {manifest['project']['commit'] or 'unknown'}, run by {environment['python']}",
        **({"datePublished": datetime.fromtimestamp(epoch, UTC).date().isoformat()} if epoch else {}),
        "hasPart": [{"@id": name} for name in files],
        "mentions": [*actions, *packages, *(material(lock, "CreativeWork") for lock in environment["locks"])],
    }
    if manifest["authors"]:
        root["author"] = [
            refer(person.get("@id", f"#author-{place}"), person["@type"], name=person["name"])
            for place, person in enumerate(manifest["authors"], start=1)
        ]
    if manifest["doi"]:
        root["identifier"] = f"https://doi.org/{manifest['doi']}"
    root["inLanguage"] = manifest["language"]
    if licence:
        root["license"] = refer(licence, "CreativeWork", name=manifest["licence"])
    root["conformsTo"] = refer(PROFILE, "CreativeWork", name="Process Run Crate", version="0.5")
    conforms = {"@id": "https://w3id.org/ro/crate/1.1"}
    descriptor = {"@id": CRATE, "@type": "CreativeWork", "conformsTo": conforms, "about": {"@id": "./"}}
    return {
        # The context of 1.1 has no word for a digest.
        "@context": [
            "https://w3id.org/ro/crate/1.1/context",
            {"sha256": "https://w3id.org/ro/terms/workflow-run#sha256"},
        ],
        "@graph": [descriptor, root, *entities.values()],
    }


def verify(site: Path) -> tuple[list[str], list[str]]:
    """Check a site, as downloaded, against its own manifest: what holds, and what does not, in sentences.

    Every listed file is read and hashed, every file that is there must be listed, and the crate must say what
    the manifest says.
    """
    manifest, stated = _read(site / MANIFEST), _read(site / CRATE)
    if manifest.get("format") != FORMAT:
        raise Problem(
            f"{MANIFEST} has not the format {FORMAT!r}: verify with the version that built the site."
        )
    try:
        told = {file["path"]: (file["sha256"], file["bytes"]) for file in manifest["files"]}
        runs = manifest["notebooks"]
        unproved = sorted(
            {source["path"] for run in runs for source in run["sources"] if not source["sha256"]}
        )
        used = {item["path"]: item["sha256"] for run in runs for item in run["inputs"]}
        commit = manifest["project"]["commit"] or "unknown"
        made = _crate(manifest, _listing(MANIFEST, (site / MANIFEST).read_bytes()))
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, RecursionError):
        raise Problem(f"{MANIFEST} is not as a build writes it: download the site anew.") from None
    found = {
        path.relative_to(site).as_posix(): (digest_of(regular(path)), path.stat().st_size)
        for path in sorted(site.rglob("*"))
        if not path.is_dir()
    }
    lost = sorted(told.keys() - found.keys())
    changed = [name for name, value in found.items() if name in told and value != told[name]]
    strange = sorted(found.keys() - told.keys() - {MANIFEST, CRATE})
    replaced = sorted(name for name, value in used.items() if name in told and told[name][0] != value)
    wrong = [
        *(f"{name} is missing." for name in lost),
        *(f"{name} is not the file that was published: its bytes differ." for name in changed),
        *(f"{name} is not in the manifest." for name in strange),
        *(f"{name} is not the file that the notebooks read." for name in replaced),
        *([] if stated == made else [f"{CRATE} does not say what {MANIFEST} says."]),
    ]
    holds = [
        f"{len(told) - len(lost) - len(changed)} of {len(told)} files are as they were published.",
        f"{len(runs)} notebooks, {len(used)} inputs, commit {commit}.",
        f"SHA-256 of {MANIFEST}: {digest_of(site / MANIFEST)}; compare it with that of a site you built.",
        *(
            f"{name}: its import was masked, so its digest is not told, and nothing proves which file it was."
            for name in unproved
        ),
    ]
    return holds, wrong


def _read(path: Path) -> dict[str, Any]:
    """Read manifest or crate."""
    file = regular(path)
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (ValueError, RecursionError):
        raise Problem(f"{path.name} cannot be read: download the site anew.") from None
    return found if isinstance(found, dict) else {}
