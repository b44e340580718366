"""Where the time went: by notebook and by phase, and only what was done."""

import time

from nbarticle import timings

DRAWS = """import time
from IPython.display import SVG
time.sleep(0.3)
SVG('<svg xmlns="http://www.w3.org/2000/svg"/>')"""


def read(printed: str) -> dict[str, list[float]]:
    lines = [line.rsplit(maxsplit=4) for line in printed.splitlines() if line[:3] in ("01_", "02_", "all")]
    return {name.strip(): [float(one) for one in row] for name, *row in lines}


def test_blocks_and_functions_add_up_by_phase_and_notebook() -> None:
    timings.spent.clear()

    @timings.timed("fonts")
    def cut() -> int:
        time.sleep(0.02)
        return 7

    assert (cut(), cut()) == (7, 7)
    with timings.timed("page", "01_a"):
        time.sleep(0.02)
    assert timings.spent["fonts", ""] > 0.04 and timings.spent["page", "01_a"] > 0.02
    printed = timings.table(["01_a", "02_never"])
    assert "02_never" not in printed
    assert printed.splitlines()[0].split() == "seconds kernel cells of them drawing page".split()
    timings.spent.clear()
    assert read(timings.table([])) == {"all notebooks": [0.0] * 4}


def test_a_build_says_where_the_time_went_and_a_second_one_that_nothing_was_done(
    collections, tmp_path
) -> None:
    collection = collections.Collection(tmp_path / "project")
    (collection.root / "pyproject.toml").write_text("[tool.nbarticle]\n")
    collection.write("01_draws", DRAWS, "import time; time.sleep(0.3)")
    collection.write("02_counts", "print(1)")
    run = collection.build("--timings")
    assert run.returncode == 0, run.stderr
    rows = read(run.stdout)
    kernel, cells, drawing, page = rows["01_draws"]
    assert cells >= 0.6 and 0.3 <= drawing < cells and kernel > 0 and page > 0
    assert rows["02_counts"][2] == 0
    assert all(
        abs(sum(rows[n][i] for n in ("01_draws", "02_counts")) - rows["all notebooks"][i]) < 0.11
        for i in range(4)
    )
    for phase in (
        "finding out what is fresh",
        "site",
        "of pages and site: fonts",
        "the whole build, by the clock",
    ):
        assert f"\n{phase} " in run.stdout, phase
    again = collection.build("--timings").stdout
    assert "01_draws" not in again and "\nsite " not in again and "0 built, 2 reused" in again
    assert "seconds" not in collection.build().stdout
