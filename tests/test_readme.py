"""What README and CONTRIBUTING say is so: files, notebooks, make targets, modules, and the picture."""

import re
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
README = (PROJECT / "README.md").read_text(encoding="utf-8")


def test_every_notebook_is_listed_once() -> None:
    listed = re.findall(r"^\| `(\d\d[a-z]?_\w+)` \|", README, flags=re.MULTILINE)
    assert listed == sorted(path.stem for path in (PROJECT / "notebooks").glob("*.ipynb"))


def test_make_targets_exist() -> None:
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    wanted = set(re.findall(r"(?:^ +|`)make ([a-z-]+)\b", README, flags=re.MULTILINE))
    assert {"test", "variant", "lab", "help"} <= wanted
    assert [name for name in sorted(wanted) if not re.search(rf"^{name}:", makefile, re.MULTILINE)] == []


def test_named_files_exist() -> None:
    names = re.findall(r"\]\(([^):]+)\)|`((?:data|tests|lib)/[\w./]+|[A-Z]+(?:\.md|\.cff)?)`", README)
    paths = [link or code for link, code in names]
    assert ".github/bases.svg" in paths
    assert [path for path in paths if not (PROJECT / path).exists()] == []


def test_ways_through_the_house_lead_through_modules_that_exist() -> None:
    text = (PROJECT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    ways = text.partition("## Two ways through the house")[2].partition("\n## ")[0].split("A label,")
    assert len(ways) == 2
    for way in ways:
        stations = re.findall(r"^\d\. `([a-z_.]+)`", way, flags=re.MULTILINE)
        assert 3 < len(stations) == len(set(stations)) <= 7
        places = [PROJECT / "lib" / Path(*station.split(".")) for station in stations]
        assert [place for place in places if not place.with_suffix(".py").is_file()] == []


def test_picture_is_the_one_the_site_shows(study: Path) -> None:
    shown = (study / "site" / "figures" / "02_hidden_bases-fig-scan.svg").read_bytes()
    assert (PROJECT / ".github" / "bases.svg").read_bytes() == shown, (
        "out of date: copy build/site/figures/02_hidden_bases-fig-scan.svg to .github/bases.svg"
    )
