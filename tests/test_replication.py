"""What a data editor asks of a replication package, question by question (AEA template 1.1, DCAS 1.0)."""

import ast
import csv
import hashlib
import json
import re
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
README = (PROJECT / "README.md").read_text(encoding="utf-8")
PACKAGE = json.loads((PROJECT / "data" / "datapackage.json").read_text(encoding="utf-8"))
NOTEBOOKS = sorted((PROJECT / "notebooks").glob("*.ipynb"))

HEADINGS = (
    "Overview",
    "Data Availability and Provenance Statements",
    "Statement about Rights",
    "Summary of Availability",
    "Details on each Data Source",
    "Dataset list",
    "Computational requirements",
    "Software Requirements",
    "Controlled Randomness",
    "Memory, Runtime, Storage Requirements",
    "Description of programs/code",
    "License for Code",
    "Instructions to Replicators",
    "List of tables and programs",
    "References",
)
# Words over which a data editor scans the names and labels of variables.
PERSONAL = """
address bday birth birthday census children city community compound coord country county daughter
district dob email father fax first_name gender gps head hh_name house husband landlord last_name
latitude license location longitude loc mother name network nickname parish passport phone precinct
school second_name security sex social son spouse street subcountry telephone url village web wife zip
""".split()
# Columns with such a word, and why they tell of no person.
EXPLAINED = {
    ("context/bodies.csv", "name"): "of an organisation",
    ("theory/theories.csv", "name"): "of a theory",
    ("theory/balassa_stages.csv", "name"): "of a stage",
    ("theory/regional_groups.csv", "name"): "of a grouping",
    ("theory/sources.csv", "address"): "of a public page",
}


def section(heading: str) -> str:
    """The text under a heading, up to the next one of any level."""
    return re.split(r"^#+ ", README.partition(f"# {heading}\n")[2], maxsplit=1, flags=re.MULTILINE)[0]


def committed() -> list[Path]:
    run = subprocess.run(["git", "ls-files", "-z"], cwd=PROJECT, capture_output=True, text=True, check=False)
    if run.returncode:
        pytest.skip("what belongs to the deposit is known to git alone")
    paths = [PROJECT / name for name in run.stdout.split("\0") if name]
    return [path for path in paths if path.is_file() and not path.is_symlink()]


def code_cells(path: Path) -> list[dict]:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in cells if cell["cell_type"] == "code" and "".join(cell["source"]).strip()]


# The README


def test_readme_has_the_headings_of_the_template_in_its_order() -> None:
    found = re.findall(r"^#{3,4} (.+)$", README, flags=re.MULTILINE)
    assert [heading for heading in found if heading in HEADINGS] == list(HEADINGS)
    assert [heading for heading in HEADINGS if len(section(heading).split()) < 3] == [
        "Computational requirements"  # its parts follow at once
    ]


def test_both_rights_are_stated() -> None:
    rights = section("Statement about Rights")
    assert "Right to use" in rights and "Right to redistribute" in rights


def test_every_data_file_is_listed_with_source_content_and_whether_it_is_there() -> None:
    rows = re.findall(
        r"^\| `(data/[^`]+)` \| ([^|]+) \| ([^|]+) \| (\w+) \|$", section("Dataset list"), re.MULTILINE
    )
    there = {path.relative_to(PROJECT).as_posix() for path in committed()}
    assert [row[0] for row in rows] == sorted(name for name in there if name.startswith("data/"))
    assert {row[3] for row in rows} == {"yes"}
    sources = {row[1] for row in rows} - {"ours", "invented"}
    details = section("Details on each Data Source").casefold()
    assert [source for source in sources if source.casefold() not in details] == []


def test_every_source_of_data_is_cited_with_its_address() -> None:
    cited = section("References")
    named = re.findall(r"^- \*\*(.+?)\.\*\*", section("Details on each Data Source"), flags=re.MULTILINE)
    for name in named:
        if name != "Row by row":
            entry = cited.partition(f"- {name.rstrip(')')}")[2].partition("\n- ")[0]
            assert "https://" in entry, name
    assert "were not recorded" in section("Data Availability and Provenance Statements")  # days of access


def test_every_row_of_theory_and_context_names_its_source() -> None:
    lacking = []
    for resource in PACKAGE["resources"]:
        names = [field["name"] for field in resource["schema"]["fields"]]
        with (PROJECT / "data" / resource["path"]).open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        if "source" not in names:
            lacking += [resource["path"]]
        elif resource["path"] != "glossary.csv":  # there an empty source means our own words
            lacking += [
                f"{resource['path']}, row {n}" for n, row in enumerate(rows, 2) if not row["source"].strip()
            ]
    # What was measured here, and the list of sources itself.
    assert sorted(lacking) == ["benchmarks.csv", "theory/sources.csv"]


def test_versions_in_the_readme_are_those_that_are_installed() -> None:
    lock = (PROJECT / "requirements.lock").read_text(encoding="utf-8")
    stated = re.findall(r"\b([a-z]+)\s(\d+\.\d+\.\d+)\b", section("Software Requirements"))
    assert len(stated) >= 10
    assert [
        pair for pair in stated if not re.search(rf"^{pair[0]}=={re.escape(pair[1])}\b", lock, re.MULTILINE)
    ] == []


def test_the_install_script_is_no_dump_of_an_environment() -> None:
    lock = (PROJECT / "requirements.lock").read_text(encoding="utf-8")
    assert "@ file:" not in lock and not re.search(
        r"^(conda|libmamba|anaconda|menuinst)\b", lock, re.MULTILINE
    )


def test_every_seed_is_told() -> None:
    told = section("Controlled Randomness")
    for path in NOTEBOOKS:
        code = "\n".join("".join(cell["source"]) for cell in code_cells(path))
        seed = re.search(r"^seed: int = (\d+)", code, flags=re.MULTILINE)
        assert (f"`{path.stem}`" in told) == bool(seed), path.stem
        if seed:
            assert re.search(rf"`(?:seed = )?{seed[1]}` in\s+`{path.stem}`", told), path.stem


def test_nothing_draws_without_a_seed() -> None:
    unseeded = []
    for path in NOTEBOOKS:
        for cell in code_cells(path):
            lines = ["" if line[:1] in "%!" else line for line in "".join(cell["source"]).splitlines()]
            for node in ast.walk(ast.parse("\n".join(lines))):
                if not isinstance(node, ast.Call):
                    continue
                called, words = ast.unparse(node.func), {word.arg for word in node.keywords}
                given = bool(node.args) or bool(words & {"seed", "random_state", "rng"})
                if re.search(r"(default_rng|RandomState)$", called) and not given:
                    unseeded.append((path.stem, called))
                if re.match(r"(np\.random\.(?!default_rng)|random\.)\w+", called):
                    unseeded.append((path.stem, called))
                if re.search(r"\b(sns|seaborn)\.(bar|point|line|reg|lm|cat)plot$", called) and not (
                    words & {"errorbar", "ci", "seed"}
                ):
                    unseeded.append((path.stem, called))
    assert unseeded == []


def test_resources_and_the_last_run_are_told() -> None:
    told = section("Memory, Runtime, Storage Requirements")
    for wanted in (
        r"\d+ GB of memory",
        r"\d+ GB of disk",
        r"Last run on \d+ \w+ \d{4}",
        r"\d+ seconds",
        "processors",
    ):
        assert re.search(wanted, told), wanted


# The code


def test_no_path_of_one_machine_or_of_windows_stands_in_the_code() -> None:
    found = []
    for path in [*NOTEBOOKS, *sorted((PROJECT / "lib").rglob("*.py"))]:
        text = path.read_text(encoding="utf-8")
        sources = ["".join(c["source"]) for c in code_cells(path)] if path.suffix == ".ipynb" else [text]
        for source in sources:
            found += [
                (path.name, hit) for hit in re.findall(r"[\"'](?:/home/|/Users/|[A-Z]:\\|~/)[^\"']*", source)
            ]
            found += [(path.name, hit) for hit in re.findall(r"[\"']\w+\\\\\w+\.(?:csv|xlsx|sav)", source)]
    assert found == []


def test_executed_notebooks_were_run_from_the_top(study: Path) -> None:
    executed = sorted((study / "executed").glob("*.ipynb"))
    assert [path.name for path in executed] == [path.name for path in NOTEBOOKS]
    for path in executed:
        counts = [cell["execution_count"] for cell in code_cells(path)]
        assert counts == list(range(1, len(counts) + 1)), path.name


def published(site: Path) -> dict[str, str]:
    """Digest by path of what the build has published; tests reuse a folder, which may hold older files."""
    listed = json.loads((site / "manifest.json").read_text(encoding="utf-8"))["files"]
    return {file["path"]: file["sha256"] for file in listed}


def test_every_figure_table_and_number_is_listed_with_notebook_cell_and_file(study: Path) -> None:
    site = study / "site"
    listed = (site / "figures-and-tables.html").read_text(encoding="utf-8")
    files = re.findall(r'href="((?:figures|tables)/[^"]+)"', listed)
    assert sorted(files) == sorted(
        name for name in published(site) if name.startswith(("figures/", "tables/"))
    )
    with (site / "in-text-numbers.csv").open(encoding="utf-8", newline="") as file:
        sentences = list(csv.DictReader(file))
    assert len(sentences) > 50
    for row in sentences:
        assert (site / row["file"]).is_file() and int(row["cell"]) > 0 and re.search(r"\d", row["sentence"])


def test_every_published_file_has_its_digest_in_the_manifest(study: Path) -> None:
    files = published(study / "site")
    assert {"index.html", "figures-and-tables.html", "in-text-numbers.csv"} < set(files)
    for name, digest in files.items():
        assert hashlib.sha256((study / "site" / name).read_bytes()).hexdigest() == digest, name


# The data


def test_every_column_is_described() -> None:
    assert [
        (resource["path"], field["name"])
        for resource in PACKAGE["resources"]
        for field in resource["schema"]["fields"]
        if not field.get("description", "").strip()
    ] == []


def test_data_are_in_open_formats() -> None:
    kinds = {path.suffix for path in committed() if path.is_relative_to(PROJECT / "data")}
    assert kinds <= {".csv", ".json", ".bib", ".md", ".py"}


def test_no_variable_tells_of_a_person() -> None:
    hits = {
        (resource["path"], field["name"])
        for resource in PACKAGE["resources"]
        for field in resource["schema"]["fields"]
        if set(re.split(r"[^a-z0-9]+", field["name"])) & set(PERSONAL)
    }
    assert hits == set(EXPLAINED)


def test_licences_of_code_and_of_data_are_stated() -> None:
    assert "MIT License" in (PROJECT / "LICENSE").read_text(encoding="utf-8")
    assert (
        "CC BY 4.0" in (PROJECT / "data" / "README.md").read_text(encoding="utf-8").partition("## Licence")[2]
    )


# The files


def test_no_archive_no_empty_file_no_double() -> None:
    paths = committed()
    wrong = [path.name for path in paths if path.suffix in {".zip", ".gz", ".7z", ".rar", ".tar"}]
    wrong += [str(path) for path in paths if {"__MACOSX", ".ipynb_checkpoints"} & set(path.parts)]
    # What marks a package as typed is empty by its definition.
    wrong += [str(path) for path in paths if not path.stat().st_size and path.name != "py.typed"]
    seen: dict[str, Path] = {}
    for path in paths:
        first = seen.setdefault(hashlib.sha256(path.read_bytes()).hexdigest(), path)
        wrong += [f"{path} is {first} again"] if first != path else []
    assert wrong == []
