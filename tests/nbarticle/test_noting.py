"""Whatever way a notebook reads its data, a change of them runs it again: one collection."""

import os
import shutil
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import pytest
from nbarticle import cache
from nbarticle.store import State


def sqlite(path: Path, value: int) -> None:
    import sqlite3

    with sqlite3.connect(path) as connection:
        connection.execute("create table if not exists t (n)")
        connection.execute("delete from t")
        connection.execute(f"insert into t values ({value})")
    connection.close()


def package(site: Path, version: str) -> None:
    for old in site.glob("a_lab_s_own-*.dist-info"):
        shutil.rmtree(old)
    (site / "a_lab_s_own.py").write_text(f"VERSION = '{version}'\n")
    folder = site / f"a_lab_s_own-{version}.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: a-lab-s-own\nVersion: {version}\n")
    (folder / "RECORD").write_text("a_lab_s_own.py,,\n")
    (folder / "top_level.txt").write_text("a_lab_s_own\n")


# How a notebook reads -> its code; the file is data/NAME.csv with the column n.
WAYS = {
    "open": "print(open('data/open.csv').read())",
    "pandas": "import pandas as pd\nprint(pd.read_csv('data/pandas.csv'))",
    "pandas_parquet": "import pandas as pd\nprint(pd.read_parquet('data/pandas_parquet.csv'))",
    "numpy": "import numpy as np\nprint(np.fromfile('data/numpy.csv', dtype='uint8'))",
    "polars_read": "import polars as pl\nprint(pl.read_csv('data/polars_read.csv').to_dicts())",
    "polars_scan": "from polars import scan_csv as s\nprint(s('data/polars_scan.csv').collect().to_dicts())",
    "arrow": "import pyarrow.csv as c\nprint(c.read_csv('data/arrow.csv').to_pylist())",
    "arrow_map": "import pyarrow as pa\nprint(pa.memory_map('data/arrow_map.csv').read())",
    "duckdb": "import duckdb\nprint(duckdb.sql(\"select n from 'data/duckdb.csv'\").fetchall())",
    "by_name": "import importlib\nprint(importlib.import_module('duckdb').read_csv('data/by_name.csv'))",
    "sqlite": "import sqlite3 as s\nprint(*s.connect('data/sqlite.csv').execute('select n from t'))",
    "shell": "!cat data/shell.csv",
    "program": "import subprocess\nprint(subprocess.check_output(['cat', 'data/program.csv']))",
    "exists": "from pathlib import Path\nprint(Path('data/exists.csv').exists())",
    "isdir": "import os\nprint(os.path.isdir('data/isdir.csv'))",
    "size": "import os\nprint([e.stat().st_size for e in os.scandir('data/size')])",
    "stat": "from pathlib import Path\nprint(Path('data/stat.csv').stat().st_size)",
    "listed": "import os\nprint(sorted(os.listdir('data/listed')))",
    "link": "from pathlib import Path\nprint(Path('data/link.csv').resolve().read_text())",
    "linked_folder": "print(open('data/linked_folder/a.csv').read())",
    "absolute": "print(open({outside!r}).read())",
    "hidden": "print(open('data/.hidden.csv').read())",
    "append": "f = open('data/append.csv', 'a+')\nf.seek(0)\nprint(f.read())",
    "read_write": "import os\nf = os.open('data/read_write.csv', os.O_RDWR | os.O_CREAT)\n"
    "print(os.read(f, 9))",
    "from_folder": "import os\nd = os.open('data', os.O_RDONLY)\n"
    "print(os.read(os.open('from_folder.csv', os.O_RDONLY, dir_fd=d), 9))",
    "c_library": "import ctypes as c\nb, l = c.create_string_buffer(9), c.CDLL(None)\n"
    "print(l.read(l.open(b'data/c_library.csv', 0), b, 8), b.value)",
    "module": "import sys\nsys.path.insert(0, '')\nimport beside\nprint(beside.N)",
    "lab": "import a_lab_s_own\nprint(a_lab_s_own.VERSION)",
}


def put(root: Path, value: int) -> None:
    """Write what the notebooks read: the first time, or changed."""
    text, data, outside = f"n\n{value}\n", root / "data", root.parent / "outside"
    for name in WAYS:
        if name not in {"exists", "isdir", "link", "linked_folder", "lab"}:
            (data / f"{name}.csv").write_text(text * (value if name == "stat" else 1))
    (data / "sqlite.csv").unlink()
    sqlite(data / "sqlite.csv", value)
    import pandas as pd

    pd.DataFrame({"n": [value]}).to_parquet(data / "pandas_parquet.csv")
    for folder in (outside, data / "size", data / "listed"):
        folder.mkdir(exist_ok=True)
    (outside / "a.csv").write_text(text)
    (outside / "link.csv").write_text(text)
    (data / "size" / "a.csv").write_text(text * value)
    (data / "listed" / f"{value}.csv").write_text(text)
    (data / ".hidden.csv").write_text(text)
    (root / "beside.py").write_text(f"N = {value}\n")
    os.utime(root / "beside.py", (value, value))  # what Python compiled is known by time and size
    if value == 1:
        (data / "link.csv").symlink_to(outside / "link.csv")
        (data / "linked_folder").symlink_to(outside)
    else:
        (data / "exists.csv").write_text(text)
        (data / "isdir.csv").mkdir()


@pytest.fixture
def site() -> Iterator[Path]:
    """The folder of installed packages, with one of the lab's own for a while."""
    folder = Path(sysconfig.get_path("purelib"))
    yield folder
    for left in [folder / "a_lab_s_own.py", *folder.glob("a_lab_s_own-*.dist-info")]:
        shutil.rmtree(left) if left.is_dir() else left.unlink()


@pytest.mark.slow
def test_a_change_of_what_was_read_is_never_missed(collections, tmp_path: Path, site: Path) -> None:
    collection = collections.Collection(tmp_path / "project")
    outside = str(tmp_path / "outside" / "a.csv")
    for name, code in WAYS.items():
        collection.write(name, code.replace("{outside!r}", repr(outside)))
    collection.write("none", "print('reads nothing')")
    put(collection.root, 1)
    package(site, "1.0")
    run = collection.build()
    assert run.returncode == 0, run.stderr
    before = collection.files()
    assert collection.build().stdout.startswith(f"0 built, {len(WAYS) + 1} reused")
    for page in collection.files().values():
        assert outside.encode() not in page or b"print(open(" in page
    put(collection.root, 2)
    run = collection.build()
    assert run.returncode == 0, run.stderr
    after = collection.files()
    names = {name: f"executed/{name}.ipynb" for name in [*WAYS, "none"]}
    assert [name for name, file in names.items() if before[file] == after[file]] == ["lab", "none"]
    assert run.stdout.startswith(f"{len(WAYS) - 1} built, 2 reused")
    package(site, "2.0")
    assert collection.build("lab").stdout.startswith("1 built, 0 reused")
    assert collection.files()[names["lab"]] != after[names["lab"]]


@pytest.mark.slow
def test_what_a_package_reads_while_it_is_loaded_is_not_missed(
    collections, tmp_path: Path, site: Path
) -> None:
    """It is loaded once, before any kernel is there to note it."""
    words = tmp_path / "words.txt"
    words.write_text("one")
    package(site, "1.0")
    (site / "a_lab_s_own.py").write_text(f"WORDS = open({str(words)!r}).read()\n")
    collection = collections.Collection(tmp_path / "project")
    collection.write("lab", "import a_lab_s_own\nprint(a_lab_s_own.WORDS)")
    assert collection.build().stdout.startswith("1 built")
    assert collection.build().stdout.startswith("0 built, 1 reused")
    words.write_text("two")
    assert collection.build().stdout.startswith("1 built")
    assert b"two" in collection.page("lab").read_bytes()


def test_only_the_notebook_about_respondents_depends_on_all_data(study: Path) -> None:
    records = State.read(study / ".nbarticle" / "state.json").notebooks
    everything = [name for name, record in records.items() if cache.EVERYTHING in record.inputs]
    assert everything == ["11_your_own_survey"]
    read = [
        name for name, record in records.items() if "read data/theory/balassa_coding.csv" in record.inputs
    ]
    assert read == ["00_overview", "06_balassa_stages", "06b_ladder", "10_synthesis"]
