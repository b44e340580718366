"""One schema for every table: the reader's schemas are those of the data package, and the data obeys them."""

import csv
import json
from pathlib import Path

import frictionless
import pytest
from regint.survey.schema import FIGURE_PATTERN, TABLES


@pytest.fixture(scope="module")
def package(project: Path) -> dict:
    return json.loads((project / "data" / "datapackage.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("table", TABLES)
def test_reader_and_data_package_share_the_schema(package: dict, table: str) -> None:
    resource = next(r for r in package["resources"] if r["name"] == table)
    assert resource["schema"] == json.loads(json.dumps(TABLES[table]))


def test_every_table_is_described(package: dict, project: Path) -> None:
    described = {resource["path"] for resource in package["resources"]}
    data = project / "data"
    examples = data / "examples"
    present = {p.relative_to(data).as_posix() for p in data.rglob("*.csv") if examples not in p.parents}
    assert present == {
        path for path in described if path.endswith(".csv") and not path.startswith("examples/")
    }
    for resource in package["resources"]:
        for field in resource.get("schema", {}).get("fields", []):
            assert field["type"] and field["description"], (resource["name"], field["name"])


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_frictionless_validates_the_package(project: Path) -> None:
    report = frictionless.validate(str(project / "data" / "datapackage.json"))
    assert report.valid, report.flatten(["title", "rowNumber", "fieldName", "note"])


@pytest.mark.parametrize("figure", ["0", "7", "43.5", "100", "100.0", "0.1", "99.999999"])
def test_figures_that_print(figure: str) -> None:
    import re

    assert re.fullmatch(FIGURE_PATTERN, figure)


@pytest.mark.parametrize(
    "figure", ["101", "100.1", "07", "-1", "1.", ".5", "1e2", " 5", "5 ", "٤", "1,5", "5%"]
)
def test_figures_that_do_not(figure: str) -> None:
    import re

    assert not re.fullmatch(FIGURE_PATTERN, figure)


@pytest.mark.parametrize("folder", ["great_decisions_2017", "us_goals_for_russia"])
def test_other_folders_have_the_same_columns(folder: str) -> None:
    for table, schema in TABLES.items():
        path = Path(__file__).parent / "folders" / folder / f"{table}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            assert next(csv.reader(file)) == [field["name"] for field in schema["fields"]]
