"""The reports of a stranger's survey: theirs from the first line to the last, in a checkout and outside."""

import html
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner, Result
from nbarticle.document import Display, Page
from nbclient import NotebookClient
from regint.cli import main
from regint.display import figures, tables
from regint.survey.folder import write_survey_folder
from regint.sweep import Run, _write_results, report_request
from scipy import stats
from statsmodels.stats.multitest import multipletests
from surveyfile.importing import import_respondents
from surveyfile.new_folder import new_folder
from surveyfile.record import Settings

PROJECT = Path(__file__).resolve().parents[2]
REPORTS = PROJECT / "lib" / "regint" / "reports"
REFERENCE = PROJECT / "tests" / "reference"
FOLDERS = PROJECT / "tests" / "regint" / "survey" / "folders"
SCALE = {"Disagree": 20, "Neither": 30, "Agree": 50}
SaidBy = Callable[..., Iterator[tuple[str, str]]]
OURS = re.compile(r"astana|central asia|integration|think tank|the panel|experts at large", re.IGNORECASE)


def called(place: Path, *arguments: str) -> Result:
    """Run the command line in this process."""
    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(place)
        return CliRunner().invoke(main, arguments, catch_exceptions=False)


def imported(place: Path, *arguments: str) -> str:
    """Import a file of respondents; give what is said of it."""
    done = called(place, "import", *arguments)
    assert done.exit_code == 0, done.stderr
    return done.stdout


def report(folder: Path, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "regint.cli", "report", str(folder), *arguments]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    return done


@pytest.fixture(scope="module")
def executed() -> Iterator[Callable[..., list[list[dict[str, Any]]]]]:
    """A function that runs a page for each of some folders, all in one kernel, and gives what it shows."""
    client = NotebookClient(nbformat.v4.new_notebook(), kernel_name="python3")
    places = count()

    def run(folders: list[Path], name: str) -> list[list[dict[str, Any]]]:
        page = nbformat.read(REPORTS / f"{name}.ipynb", as_version=4)
        sources = [cell.source for cell in page.cells if cell.cell_type == "code"]
        shown = []
        for folder in folders:
            place = next(places)
            own = [text.replace('display_id="results"', f'display_id="results-{place}"') for text in sources]
            begin = f"get_ipython().reset()\n%cd -q {folder}"
            client.nb.cells = [nbformat.v4.new_code_cell(text) for text in (begin, *own)]
            for index, cell in enumerate(client.nb.cells):
                client.execute_cell(cell, index)
            outputs = [output for cell in client.nb.cells for output in cell.outputs]
            shown.append([output["data"] for output in outputs if "data" in output])
        return shown

    with client.setup_kernel():
        yield run


@pytest.fixture
def said_by(executed: Callable[..., list[list[dict[str, Any]]]]) -> SaidBy:
    """A function that gives, for each of some folders, the prose of a page, and all its text."""

    def said(folders: list[Path], name: str = "printed_figures") -> Iterator[tuple[str, str]]:
        for outputs in executed(folders, name):
            prose = html.unescape("\n".join(data.get("text/markdown", "") for data in outputs))
            tables = BeautifulSoup("\n".join(data.get("text/html", "") for data in outputs), "html.parser")
            yield prose, " ".join(f"{prose} {tables.get_text(' ', strip=True)}".split())

    return said


@pytest.fixture(scope="module")
def poll(once: Callable[..., Path]) -> Path:
    """Work outside a checkout: a folder with a printed survey, and its report."""

    def make(place: Path) -> None:
        new_folder(
            place / "their poll",
            table=PROJECT / "tests/surveyfile/files/riac_poll.csv",
            title="Readers’ poll: <b>2017</b>",
        )
        done = report(place / "their poll", "--one-file", cwd=place)
        assert (done.returncode, done.stderr) == (0, "")

    return once("ada", make)


def pages(place: Path) -> dict[str, BeautifulSoup]:
    site = place / "build" / "survey" / "their poll" / "site"
    return {
        path.stem: BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        for path in site.glob("*.html")
    }


def test_reports_stand_in_the_notebooks_too() -> None:
    assert (PROJECT / "notebooks" / "reports").resolve() == REPORTS
    for path in sorted(REPORTS.glob("*.ipynb")):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        text = "\n".join("".join(cell["source"]) for cell in notebook["cells"])
        assert OURS.findall(text) == [], path.name
        code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
        assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code), path.name
        assert code[0]["metadata"]["tags"] == ["parameters"], path.name
        assert max(len(cell["source"]) for cell in code) <= 20, path.name


def test_every_page_is_about_their_survey_and_nothing_else(poll: Path) -> None:
    found = pages(poll)
    assert set(found) == {"index", "topline", "printed_figures", "figures-and-tables", "search"}
    for name, page in found.items():
        assert "Readers’ poll: <b>2017</b>" in page.title.get_text(), name
        assert "Readers’ poll" in page.find("footer").get_text(), name
        assert OURS.findall(page.get_text()) == [], name
        assert str(poll) not in str(page), name


def test_the_index_shows_results_and_how_they_are_made_again(poll: Path) -> None:
    index = pages(poll)["index"].get_text()
    assert "31%" in index and "108" in index
    assert "regint report 'path/to/their poll'" in index


def test_one_file_holds_all_pages_and_leads_to_no_other_file(poll: Path) -> None:
    file = poll / "build" / "survey" / "their poll" / "their poll.html"
    page = BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser")
    assert page.title.get_text() == page.h1.get_text() == "Readers’ poll: <b>2017</b>"
    headings = [heading.get_text().rstrip("#") for heading in page("h2") if heading.get("id")]
    assert {"Topline", "What the printed figures allow"} <= set(headings)
    links = {link["href"] for link in page("a")}
    assert [link for link in links if not link.startswith(("#", "https://doi.org/"))] == []
    whole = pages(poll)
    told = sum(
        len(whole[name]("figure")) + len(whole[name]("caption")) for name in ("topline", "printed_figures")
    )
    assert (
        len(page("figure")) + len(page("caption")) >= told - 4
    )  # the parameters and data files of two pages


def test_a_second_report_reuses_the_first(poll: Path, tmp_path: Path) -> None:
    shutil.copytree(poll, tmp_path, dirs_exist_ok=True)
    assert report(tmp_path / "their poll", cwd=tmp_path).stdout.startswith("0 built, 2 reused")


@pytest.mark.slow
def test_a_report_on_a_changed_folder_is_made_anew(poll: Path, tmp_path: Path) -> None:
    shutil.copytree(poll, tmp_path, dirs_exist_ok=True)
    questions = tmp_path / "their poll" / "questions.csv"
    questions.write_text(questions.read_text(encoding="utf-8").replace("108", "109"), encoding="utf-8")
    assert report(tmp_path / "their poll", cwd=tmp_path).stdout.startswith("2 built")


def test_what_cannot_be_reported_on_is_said_before_anything_is_written(tmp_path: Path) -> None:
    new_folder(tmp_path / "mine")
    inside = called(tmp_path, "report", "mine", "--out", "mine/pages")
    assert (inside.exit_code, inside.stderr.count("\n")) == (2, 1)
    assert "--out lies inside the survey folder" in inside.stderr
    assert "does not exist" in called(tmp_path, "report", "nowhere").stderr
    (tmp_path / "mine" / "responses.csv").write_text("question,response\nx,y\n", encoding="utf-8")
    broken = called(tmp_path, "report", "mine")
    assert broken.exit_code == 1 and "problems" in broken.stderr
    assert not (tmp_path / "build").exists()


def test_counted_and_weighted_surveys_get_a_topline_and_no_page_on_printed_figures(
    said_by: SaidBy, tmp_path: Path
) -> None:
    panel = PROJECT / "data" / "examples" / "awkward_panel"
    options = ["--codebook", f"{panel}_codebook.csv", "--weight", "Gewicht", "--out", "mine"]
    assert imported(tmp_path, f"{panel}.csv", *options).endswith("report mine\n")
    assert [Path(name).stem for name in report_request(tmp_path / "mine", tmp_path).notebooks] == ["topline"]
    ((prose, text),) = said_by([tmp_path / "mine"], "topline")
    assert "(n\xa0=\xa0130, weighted)" in prose  # on one line
    for said in (
        "Weighted.",
        "Sharing of water 57%",
        "(n = 130, weighted)",
        "n = 130, weighted, those who answered; counted from the respondents. Of 140 asked, 130 answered.",
        "Which of these stand in the way? Several answers are possible.",
    ):
        assert said in text, said


@pytest.fixture
def groups(tmp_path: Path) -> Path:
    """A survey of women and men whose answers differ, and of whom one question asked the women."""
    rows = [
        f"{sex},{'yes' if n < yes else 'no'},{('often', 'once')[n % 2] if sex == 'women' else ''}"
        for sex, yes in (("men", 30), ("women", 70))
        for n in range(100)
    ]
    (tmp_path / "people.csv").write_text("\n".join(["sex,use,asked of women", *rows, ""]), encoding="utf-8")
    imported(tmp_path, "people.csv", "--out", "mine", "--by", "sex", "--by", "use", "--mask-small", "5")
    return tmp_path / "mine"


@pytest.mark.slow
def test_a_page_of_groups_is_built(groups: Path) -> None:
    done = report(groups, "--one-file", cwd=groups.parent)
    assert done.stdout.startswith("2 built") and "One file:" in done.stdout, done.stderr
    page = groups.parent / "build" / "survey" / "mine" / "site" / "crosstabs.html"
    text = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser").get_text(" ", strip=True)
    assert "asked of women, by sex, with 95% intervals" in text and "70% A" in text
    assert OURS.findall(text) == []


def test_groups_of_respondents_get_a_page_of_their_own(said_by: SaidBy, groups: Path) -> None:
    names = [Path(name).stem for name in report_request(groups, groups.parent).notebooks]
    assert names == ["topline", "crosstabs"]
    (topline,), (text,) = ([said for _, said in said_by([groups], name)] for name in names)
    # Newcombe's interval of 70 of 100 against 30 of 100, and Pearson's statistic of the same table.
    for said in ("men 70%, women 30%", "(difference 40 points, 95% interval 26 to 51)", "70% A", "women (B)"):
        assert said in text, said
    assert "asked of women, by sex, with 95% intervals" in text  # a picture of one group alone
    # Sex by use and use by sex are one test, so that nothing is corrected.
    assert text.count("F df df 2 p p, corrected sex use") == 1 and "use sex 3" not in text
    assert all("Counts from 1 to 4 are left empty" in shown for shown in (text, topline))
    assert OURS.findall(text) == []


def test_numbers_and_pairs_of_options_have_intervals_and_tests(said_by: SaidBy, tmp_path: Path) -> None:
    """Means of everybody and of groups; McNemar's exact test by scipy; all that tie for the third place."""
    uses = ["Bus"] * 30 + ["Train"] * 12 + ["Bus;Train"] * 8 + ["Bike"] * 4 + ["Boat"] * 4
    rows = [f"{('men', 'women')[n % 2]},{use},{n}" for n, use in enumerate(uses)]
    (tmp_path / "people.csv").write_text("\n".join(["sex,uses,hours", *rows, ""]), encoding="utf-8")
    options = ["--by", "sex", "--numeric", "hours", "--multiple", "uses=;"]
    imported(tmp_path, "people.csv", "--out", "mine", *options)
    ((_, topline),), ((_, groups),) = (
        said_by([tmp_path / "mine"], name) for name in ("topline", "crosstabs")
    )
    hours = np.arange(58)
    ends = stats.t.interval(0.95, 57, hours.mean(), stats.sem(hours))
    assert f"Mean 28.50 ({ends[0]:.2f} to {ends[1]:.2f})" in topline
    assert "Bus 66%, Train 34%, Bike 7%, Boat 7%" in topline
    p_values = [stats.binomtest(30, 42).pvalue, *(stats.binomtest(4, n).pvalue for n in (42, 42, 24, 24, 8))]
    corrected = multipletests(p_values, method="holm")[1][0]
    assert f"Bus Train 8 30 12 {corrected:.3f}" in topline
    women = hours[1::2]
    error = (58 / 57) ** 0.5 * women.std() / 29**0.5  # of a part of the sample, as R's svyby has it
    ends = stats.t.interval(0.95, 28, women.mean(), error)
    assert f"sex women Mean 29.00 {ends[0]:.2f} to {ends[1]:.2f}" in groups


def test_groups_of_a_printed_survey_are_compared_as_far_as_their_numbers_are_known(
    said_by: SaidBy, tmp_path: Path
) -> None:
    rows = [
        "Mood,Good,60,55,75,200",
        "Mood,Bad,40,45,25,",
        "Mood,n,200,100,100,",
        "Use,Yes,20,10,30,",
        "Use,No,80,90,70,",
    ]
    head = "question,response,printed,sex: men,sex: women,base"
    (tmp_path / "typed.csv").write_text("\n".join([head, *rows, ""]), encoding="utf-8")
    new_folder(tmp_path / "mine", table=tmp_path / "typed.csv")
    ((_, text),) = said_by([tmp_path / "mine"], "crosstabs")
    assert (
        "2 pairs of shares compared; 2 differ by more than chance" in text
    )  # none of “Use”: its n is not told
    assert "75% A" in text and "30%" in text and "30% A" not in text


def differences(text: str) -> str:
    """What a page of groups says from its table of differences on."""
    _, title, rest = text.partition("Differences between groups, percentage points")
    assert title
    return rest


def test_groups_that_may_overlap_are_not_compared_and_their_means_are_shown(
    said_by: SaidBy, tmp_path: Path
) -> None:
    head = "question,response,Total,Boys,Girls,North,South"
    for name, bases in (("apart", "900,400,500,300,600"), ("maybe", "900,400,490,300,600")):
        rows = [
            "Likes it,Yes,50,62,40,38,56",
            ",No,50,38,60,62,44",
            f",Base,{bases}",
            "Score,Mean,3.5,3.25,3.7,,",
        ]
        (tmp_path / "typed.csv").write_text("\n".join([head, *rows, ""]), encoding="utf-8")
        new_folder(tmp_path / name, table=tmp_path / "typed.csv")
    (_, apart), (_, maybe) = said_by([tmp_path / "apart", tmp_path / "maybe"], "crosstabs")
    assert "4 pairs of shares compared; 4 differ" in apart  # boys and girls, north and south
    assert "Boys Girls" in differences(apart) and "Boys North" not in differences(apart)
    assert "Girls Mean 3.7" in apart
    assert "These groups may overlap, so they are not compared: Boys, Girls, North and South" in maybe
    assert "pairs of shares compared" not in maybe


def test_few_people_have_an_exact_test_or_none(said_by: SaidBy, tmp_path: Path) -> None:
    """Fisher's test by scipy; no test of two weighted shares of few."""
    few = [("a", "yes")] * 4 + [("b", "yes")] * 9 + [("b", "no")] * 31
    rare = [("a", "yes")] * 3 + [("a", "no")] * 37 + [("b", "yes")] * 1 + [("b", "no")] * 79
    for name, rows in (("few", few), ("rare", rare)):
        lines = [f"{team},{answer},{0.05 if (team, answer) == ('b', 'yes') else 1}" for team, answer in rows]
        if name == "few":
            lines = [f"{team},{answer},1" for team, answer in rows]
        (tmp_path / f"{name}.csv").write_text("\n".join(["team,answer,w", *lines, ""]), encoding="utf-8")
        options = ["--weight", "w"] if name == "rare" else []
        imported(tmp_path, f"{name}.csv", "--out", name, "--by", "team", *options)
    p_value = 2 * stats.fisher_exact([[4, 0], [9, 31]]).pvalue  # two answers, Holm
    (_, fishers), (_, untested) = said_by([tmp_path / "few", tmp_path / "rare"], "crosstabs")
    assert f"{p_value:.3f}" in differences(fishers)
    assert "2 pairs of weighted shares are not tested" in untested and "F df df 2" not in untested


def test_questions_of_one_scale_share_a_picture(
    executed: Callable[..., list[list[dict[str, Any]]]], tmp_path: Path
) -> None:
    rows = [f"{name},{label},{share},rating,40" for name in "AB" for label, share in SCALE.items()]
    (tmp_path / "typed.csv").write_text("\n".join(["question,response,printed,kind,base", *rows, ""]))
    new_folder(tmp_path / "mine", table=tmp_path / "typed.csv")
    (outputs,) = executed([tmp_path / "mine"], "topline")
    (picture,) = [data[figures.MIME] for data in outputs if figures.MIME in data]
    assert len(picture["data"]["rows"]) == 2 * len(SCALE)


def test_the_page_on_runs_says_which_differ_and_where_a_cell_is_empty(
    executed: Callable[..., list[list[dict[str, Any]]]], tmp_path: Path
) -> None:
    """Three runs of a notebook whose one table has a word, a number and the parameter itself."""
    heads = [("claim", "left"), ("verdict", "left"), ("value", "right")]
    content = {"columns": [{"name": name, "header": name, "align": align} for name, align in heads]}
    runs = []
    for word, verdict, value in (("up", "certain", 1.0), ("down", "", None), ("none", "certain", 3.0)):
        shown = content | {"rows": [], "values": [["A", verdict, value], ["word", word, 5.0]]}
        table = Display("tbl-words-of", 1, 1, "What a word does", shown)
        page = Page(f"01_words-word-{word}", "Words", tables=(table,))
        runs.append(Run(word, {"word": word}, {"01_words": page}))
    _write_results(tmp_path, runs)
    (outputs,) = executed([tmp_path], "sweep")
    (words,) = [data for data in outputs if data.get(tables.MIME, {}).get("label") == "tbl-words"]
    rows = BeautifulSoup(words["text/html"], "html.parser")("tr")
    said = [[cell.get_text(strip=True) for cell in row("td")][-4:] for row in rows]
    assert [row for row in said if row] == [
        ["verdict", "certain", "2", "up; none"],
        ["verdict", "(empty)", "1", "down"],
        ["value", "(a number)", "2", "up; none"],
        ["value", "(empty)", "1", "down"],
    ]
    assert "3 runs; none of them failed." in "".join(data.get("text/markdown", "") for data in outputs)


# What the page on printed figures says of surveys of every kind, and what it must not say.

# Answers of 47 people to a scale, printed cut off, without their number (a published table).
CUT_OFF = [(0, 3, 6, 11, 27), (0, 3, 5, 20, 19), (0, 7, 9, 19, 12), (3, 3, 11, 9, 21), (5, 9, 14, 15, 4)]
CASES = {
    # As published: 8 of 698 is printed as 1.5; men and women make 55.0 and 45.0 of 698 or of 700.
    "counts beside figures": (
        "question,response,printed,count,base",
        ["Gender,Men,55.0,385,699", "Gender,Women,45.0,314,699",
         "Job,Employed,98.5,690,698", "Job,Master,1.5,8,698"],
        {"weighted": False},
        ["“Job”, “Master”: 8 of 698 makes 1.1 per cent, and 1.5 is printed.",
         "Of 2 questions with a recorded base, and not weighted, none fit their base.",
         "How many answered, and how were the figures rounded, in “Gender” and “Job”?"],
        ["inferred from", "weighted, so"],
    ),
    "cut off, and no base": (
        "question,response,printed,kind",
        [f"Item {n},{label},{100 * count // 47},rating" for n, row in enumerate(CUT_OFF)
         for label, count in zip("abcde", row, strict=True)],
        {},
        ["inferred from figures cut off: a base of 47 for", "speak for having been cut off"],
        ["does not fit", "With a recorded base"],
    ),
    # Published: 40, 45 and 15 of 97 people, weighted.
    # As in a table of users of a library: counts of 47, cut off, and one misprint.
    "counts beside figures cut off": (
        "question,1,2,3,4,5",
        ["A,0,3 (6%),8 (17%),16 (34%),20 (42%)", "B,0 (0%),4 (2%),7 (14%),23 (48%),13 (27%)",
         "C,0,3 (6%),5 (10%),20 (42%),19 (40%)", "D,3 (6%),3 (6%),11 (23%),9 (19%),21 (44%)"],
        {},
        ["With one rule for all figures, cut off, 3 of these questions would fit their base, against 0.",
         "“B”, “2”: 4 of 47 makes 9 per cent, and 2 is printed.",
         "Are all answers printed, and were figures cut off, in “B”?"],
        ["inferred from", "Could several answers be given", "is one misprinted"],
    ),
    # A mean needs a base too; where only that of its question is missing, not every base is recorded.
    "a mean without a base": (
        "question,response,printed",
        ["Age,Mean ± SD,40.90 ± 6.13", "Sex,Female,414 (97.6)", "Sex,Male,10 (2.4)"],
        {},
        ["fits this base", "no n is recorded", "How many answered “Age”?",
         "Every figure has a recorded base."],
        ["Every base is recorded", "not fit in"],
    ),
    "weighted": (
        "question,response,printed,base",
        ["Record,Approve,40,97", "Record,Disapprove,45,97", "Record,Unsure,15,97"],
        {"weighted": True},
        ["Weighted, so that no whole number of people stands behind a figure: “Record”.",
         "Which weights were used in “Record”?"],
        ["how many people, unweighted", "not fit in", "inferred from", "How many people are a hundred"],
    ),
    # Means as in Brown and Heathers (2017): 5.19 is no mean of 28 whole numbers.
    "means": (
        "question,response,printed,base",
        ["Trust,Mean,5.19,28", "Hope,Mean,3.57,28"],
        {},
        ["Of 2 printed means that can be held against how many answered, 1 fits.", "is not yet a mistake",
         "“Trust”: the mean does not fit n (mean 5.19, n = 28).", "a mean of 5.18 or 5.21; n = 27 or 31",
         "is a score one answer or an average of several"],
        ["per cent, and", "fit their base"],
    ),
    "nets": (
        "question,response,printed,base,members",
        ["Well,Very,5,1975,", "Well,Fairly,34,1975,", "Well,TOTAL WELL,41,1975,Very; Fairly",
         "Well,Badly,61,1975,"],
        {},
        ["“Well”, answers in “TOTAL WELL”: the figures add up to 39, where 41 is to be expected."],
        ["inferred from"],
    ),
    "nothing known": (
        "question,response,printed",
        ["Mood,Good,60", "Mood,Bad,40", "Trust,Mean,3.57"],
        {},
        ["The figures do not tell the base of “Mood”.", "Trust – 3.57",
         "How many people are a hundred per cent in “Mood”"],
        ["inferred from", "does not fit"],
    ),
    # Of five people 1, 1, 1, 1 and 1 have a mean of 3.0: a mean of 3.2 has other answers behind it.
    "a mean beside percentages": (
        "question,response,printed,kind,base",
        [*(f"Mood,{point},20,rating,5" for point in range(1, 6)), "Mood,Mean,3.2,rating,5",
         *(f"Hope,{point},20,rating,5" for point in range(1, 6)), "Hope,Mean,3.0,rating,5"],
        {},
        ["“Mood”: mean and percentages do not fit together (mean 3.2, n = 5).",
         "Of 2 printed means that can be held against how many answered, 1 fits."],
        ["“Hope”:"],
    ),
    "answers that exclude each other": (
        "question,response,printed,base",
        ["Airport,For,64,1000", "Airport,Against,39,", "Airport,Don't know,1,"],
        {},
        ["“Airport”, all answers: the figures add up to 104, where 100 is to be expected.",
         "Is one a sum of others, or is one misprinted, in “Airport”?"],
        ["everal answers"],
    ),
    # Of counts beside figures the base needs no printing: 40 people are 51 per cent of 78 or 79.
    "counts and no base": (
        "question,response,printed,count,kind",
        ["Sources,Books,51,40,multiple", "Sources,Friends,47,37,multiple", "Sources,Web,30,40,multiple",
         "Topics,Trade,51,40,multiple", "Topics,Water,47,37,multiple"],
        {},
        ["“Topics”: no base is recorded; its counts make the figures beside them at bases from 78 to 79.",
         "its counts make the figures beside them at no base, rounded to the nearest.",
         "How many people are a hundred per cent in “Sources” and “Topics”?"],
        ["inferred from", "do not tell", "Every base is recorded"],
    ),
    # A count of 12 of 66 is 18.2 per cent: what is printed for a group is held against the base of the group.
    "groups of people": (
        "question,response,printed,Women,Men",
        ["Courts,Yes,61.0,62.9,59.1", "Courts,No,39.0,37.1,40.9", "Courts,Base,136,70,66",
         "Press,Yes,61.0,62.8,59.1", "Press,No,39.0,37.1,40.9", "Press,Base,136,70,66"],
        {},
        ["2 questions, also for 2 groups of people.",
         "“Press (Women)”, “Yes”: no number of 70 people makes 62.8",
         "Of 6 questions with a recorded base, and not weighted, 5 fit their base."],
        ["“Courts"],
    ),
}  # fmt: skip


def test_groups_differ_by_the_t_of_the_design_and_only_where_their_question_does(
    said_by: SaidBy, tmp_path: Path
) -> None:
    """Errors and degrees of R's svyttest, Holm's correction by statsmodels, a table of 2 by 2 by scipy."""
    lines = (REFERENCE / "design_options_expected.csv").read_text(encoding="utf-8").splitlines()
    rows = [line.split(",") for line in lines if line.startswith("average,")]
    degrees = min(int(row[5]) for row in rows if row[1] == "yes" and row[2])
    gaps = [abs(float(row[3]) / float(row[4])) for row in rows if row[1].startswith("gap")]
    corrected = multipletests(2 * stats.t.sf(gaps, degrees), method="holm")[1]
    drawn = {"weight": "w", "strata": "stratum", "cluster": "cluster", "lonely": "average"}
    skip = ("people", "clusters", "hours")
    settings = {"drawn": Settings(by=(("sex",),), skip=skip, **drawn)}
    settings |= dict.fromkeys(("alone", "beside"), Settings(by=(("team",),)))
    shutil.copy(REFERENCE / "design_options.csv", tmp_path / "drawn.csv")
    for name, others in (("alone", 0), ("beside", 10)):
        answers = [f"{'ab'[n % 2]},{'yes' if n // 2 < (62, 46)[n % 2] else 'no'}" for n in range(200)]
        told = [f"{answer}{f',{n // 2 % 2}x' * others}" for n, answer in enumerate(answers)]
        head = ",".join(["team", "trust", *(f"other{n}" for n in range(others))])
        (tmp_path / f"{name}.csv").write_text("\n".join([head, *told, ""]), encoding="utf-8")
    for name, stated in settings.items():
        write_survey_folder(tmp_path / name, import_respondents(tmp_path / f"{name}.csv", stated).files)
    pages = said_by([tmp_path / name for name in settings], "crosstabs")
    design, alone, beside = (text for _, text in pages)
    assert all(f"{p:.3f}" in design for p in corrected), corrected
    p = stats.chi2_contingency([[62, 46], [38, 54]], correction=False).pvalue
    assert 0.005 < p < 0.025  # so that Holm's correction for two answers leaves it, and that for 11 does not
    assert "2 pairs of shares compared; 2 differ by more than chance." in alone
    assert "22 pairs of shares compared; 0 differ by more than chance. By themselves 2 more would" in beside


def test_rows_of_a_battery_are_told_with_its_question_and_numbers_apart_from_shares(
    said_by: SaidBy, tmp_path: Path
) -> None:
    """A file as Google Forms writes a grid; labels in Hebrew keep together what belongs to them."""
    words = ["Bad", "Fair", "Good"]
    rows = [
        f"{words[n % 3]},{words[n * 7 % 3 if n else 0]},{n % 4},{'כן' if n % 2 else 'לא?'}" for n in range(60)
    ]
    head = "How are these? [Roads],How are these? [Trains],How many cars are there?,האם אתה מסכים?"
    (tmp_path / "p.csv").write_text("\n".join([head, *rows, ""]), encoding="utf-8")
    settings = Settings(rating=tuple(f"How are these? [{row}]=Bad<Fair<Good" for row in ("Roads", "Trains")))
    write_survey_folder(tmp_path / "mine", import_respondents(tmp_path / "p.csv", settings).files)
    ((prose, _),) = said_by([tmp_path / "mine"], "topline")
    for said in (
        "- How are these? Roads: Bad 33%, Fair 33%, Good 33% (n\xa0=\xa060).",
        "### How are these?\n",
        "- How many cars are there? “0” 25%, “1” 25%, “2” 25%, “3” 25% (n\xa0=\xa060).",
        "- האם אתה מסכים? \u2068כן 50%, לא? 50%\u2069 (n\xa0=\xa060).",
    ):
        assert said in f"{prose}\n", said


def test_what_printed_figures_allow_is_said_and_nothing_else(said_by: SaidBy, tmp_path: Path) -> None:
    folders = []
    for place, (head, rows, options, *_) in enumerate(CASES.values()):
        (tmp_path / "typed.csv").write_text("\n".join([head, *rows, ""]), encoding="utf-8")
        folders.append(tmp_path / f"mine{place}")
        new_folder(folders[-1], table=tmp_path / "typed.csv", title="Theirs", **options)
    wrong = []
    for (case, (*_, said, unsaid)), (prose, text) in zip(CASES.items(), said_by(folders), strict=True):
        wrong += [(case, "is missing", words) for words in said if words not in text]
        wrong += [(case, "is said", words) for words in unsaid if words in prose]
    assert wrong == []


def test_the_topline_says_that_a_base_is_not_recorded(said_by: SaidBy, tmp_path: Path) -> None:
    (tmp_path / "typed.csv").write_text(
        "question,response,printed\nTrust,Mean,3.57\nMood,Good,60\nMood,Bad,40\n"
    )
    new_folder(tmp_path / "mine", table=tmp_path / "typed.csv")
    ((prose, _),) = said_by([tmp_path / "mine"], "topline")
    assert prose.count("How many answered is not recorded.") == 1  # of the mean, which has no shares
    assert prose.count("The base is not recorded: the shares stand as printed.") == 1


def test_answers_that_all_tie_are_told_by_their_number(said_by: SaidBy, tmp_path: Path) -> None:
    rows = "".join(f"Who?,{name},12.5\n" for name in "ABCDEFGH")
    (tmp_path / "printed.csv").write_text(f"question,response,printed\n{rows}", encoding="utf-8")
    new_folder(tmp_path / "tied", table=tmp_path / "printed.csv", base=80)
    ((prose, _),) = said_by([tmp_path / "tied"], "topline")
    assert "Who? 8 answers with 12.5% each, and none with more (n\xa0=\xa080)." in prose


def test_groups_of_which_means_alone_are_printed_have_a_page(said_by: SaidBy, tmp_path: Path) -> None:
    table = 'Scale,"Students (n = 31)",,Faculty (n = 17),\n,Mean,SD,Mean,SD\nEase,4.10,1.30,3.35,1.58\n'
    (tmp_path / "typed.csv").write_text(table, encoding="utf-8")
    new_folder(tmp_path / "mine", table=tmp_path / "typed.csv")
    ((_, text),) = said_by([tmp_path / "mine"], "crosstabs")
    assert "Students Mean 4.10" in text and "Faculty Mean 3.35" in text
    ((_, text),) = said_by([tmp_path / "mine"], "topline")
    assert "1 question; no base of everybody is recorded." in text and "(Students, Faculty)" in text


def test_a_mean_that_was_computed_is_not_held_against_its_n_and_weights_are_no_part_of_claims(
    said_by: SaidBy, tmp_path: Path
) -> None:
    rows = [f"{n % 7 + n / 10},{('yes', 'no')[n % 2]},{1 + n % 3}" for n in range(23)]
    (tmp_path / "people.csv").write_text("\n".join(["hours,use,w", *rows, ""]), encoding="utf-8")
    for name, options in (("plain", ["--skip", "w"]), ("weighted", ["--weight", "w"])):
        imported(tmp_path, "people.csv", "--numeric", "hours", *options, "--out", name)
        head, claim = (
            "claim,questions,paraphrase,term,predicate,base,source,locator,note",
            "count(use, yes) > 9",
        )
        claims = f'{head}\nc1,use,Ten or more use it,most,"{claim}",answered,data_file,p. 1,\n'
        (tmp_path / name / "claims.csv").write_text(claims, encoding="utf-8")
    (plain, _), (weighted, _) = said_by([tmp_path / "plain", tmp_path / "weighted"])
    for prose in (plain, weighted):
        assert "No mean is printed that could be held against its n." in prose and "does not fit" not in prose
    told = "Respondents carry weights here; claims are held against their numbers, without the weights."
    assert told in weighted and told not in plain


# Published tables, and what is true of each: what the page must say of it, and what it must not.
PUBLISHED = {
    "riac": (["it fits this base", "31 33–34", "19 20–21"], ["inferred", "not fit"]),
    "counts": (["Of 3 counts beside figures on a recorded base, none lies further", "51 40"], ["not fit"]),
    "counts_contradict": (
        ["“Subspecialty”: 35 of 79 makes 44 per cent, and 47 is printed.",
         "“Master professor”: 8 of 698 makes 1.1 per cent, and 1.5 is printed.",
         "“Men”: 385 of 699 makes 55.1 per cent, and 55.0 is printed.", "none fit their base",
         "Fewer people may have answered"],
        ["Nothing is out of place"],
    ),
    "cm": (
        ["“Job title”, “Master professor”: no number of 698 people makes 1.5 per cent.", "1 fits its base",
         "made to add up to 100, or whole, and printed with zeros"],
        ["inferred", "Nothing is out of place", "“Freelancer”"],
    ),
    "italy": (
        ["“Job title”, “Master professor”: no number of 698 people makes 1.5 per cent.", "17.34 121"],
        ["inferred", "“Age”", "“Freelancer”"],
    ),
    "pew_census": (
        ["Of 2 questions with a recorded base, and not weighted, all fit their base.", "31 45",
         "every figure with so few decimals fits, so that this says little of “Heard of the census”",
         "The figures do not tell the base of “Heard of census Sep 2019”."],
        ["inferred from", "not fit in"],
    ),
    "dtrend": (["all fit their base"], ["inferred from", "not fit in"]),
    "yougov": (
        ["Weighted, so that no whole number", "No sum is out of place"], ["not fit in", "inferred from"]
    ),
    "ld": (["Weighted, so that no whole number"], ["not fit in", "inferred from", "no number of 97"]),
    "five_bases": (
        [f"a base of {n} for “Q{q}”" for q, n in enumerate((129, 131, 134, 136, 137))], ["not fit in"]
    ),
    "physicians79": (
        ["Of 7 questions with a recorded base, and not weighted, 6 fit their base.", "51 40", "96 76",
         "“Practice location”, all answers: the figures add up to 103, where at most 100 is to be expected.",
         "Several answers may have been allowed."],
        ["inferred from", "no number of"],
    ),
    "library": (
        ["inferred from figures cut off: a base of 47 for “Item 2”",
         "The figures do not tell the base of “Item 1”"],
        ["201", "not fit in"],
    ),
    "long": (
        ["all fit their base", "date: Conservative voters 2010", "date: Labour voters 2010"], ["not fit in"]
    ),
    "multi95": (["it fits this base", "40 8"], ["not fit in", "inferred from"]),
    "mean2": (
        ["Of 2 printed means that can be held against how many answered, 2 fit."],
        ["not fit in", "impossible"],
    ),
    "cpg": (["all fit their base", "Strongly disagree 0 0 ", "Strongly agree 16.2 22"], ["not fit in"]),
    "mood_negative_scores": (
        ["The figures do not tell the base of “Mood”.", "Mood – 0.86 10 or 20 or 30"], ["not fit in"]
    ),
    "choose_several_4000": (["it fits this base", "50.0 1 998–2 002"], ["not fit in"]),
    "pigs2": (
        ["3 fit their base", "“A”, “hit”: no number of 150 people makes 67.4"], ["“C”,", "inferred from"]
    ),
}  # fmt: skip


@pytest.mark.slow
def test_the_page_says_of_published_tables_what_is_true(said_by: SaidBy, tmp_path: Path) -> None:
    printed = PROJECT / "tests/surveyfile/files/printed"
    assert {path.stem for path in printed.glob("*.csv")} == set(PUBLISHED)
    for name in PUBLISHED:
        weighted = name in ("ld", "yougov")
        new_folder(tmp_path / name, table=printed / f"{name}.csv", title="Theirs", weighted=weighted)
    wrong = []
    pages = said_by([tmp_path / name for name in PUBLISHED])
    for (name, (said, unsaid)), (prose, text) in zip(PUBLISHED.items(), pages, strict=True):
        wrong += [(name, "is missing", words) for words in said if words not in text]
        wrong += [(name, "is said", words) for words in unsaid if words in prose]
        wrong += [(name, "is about us", words) for words in OURS.findall(text)]
    assert wrong == []
