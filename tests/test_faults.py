"""Every writing command killed, on a full disk, and where it may not write: nothing is lost.

Twenty kills each, at moments drawn over the whole run with a stated seed. All runs are forks of one process
that has imported everything, so that kills hit the work itself and not the start of Python.
"""

import json
import os
import random
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        sys.platform != "linux", reason="only here is a process forked and given a small disk"
    ),
]

SEED = 20261127
KILLS = 20
# Root may write anywhere, unless it is without this capability.
UNPRIVILEGED = ["setpriv", "--bounding-set=-dac_override"] if os.geteuid() == 0 else []

SERVER = """
import json, os, resource, signal, sys, time
import nbarticle.article, nbarticle.run, regint.survey.export, surveyfile.importing, surveyfile.new_folder
from regint.cli import main

print("ready", flush=True)
for line in sys.stdin:
    arguments, moment, room = json.loads(line)
    hear, tell = os.pipe()  # a pipe is never full of files' bytes
    os.set_blocking(hear, False)
    child = os.fork()
    if not child:
        os.setsid()
        nowhere = os.open(os.devnull, os.O_RDWR)
        for number, end in enumerate((nowhere, nowhere, tell)):
            os.dup2(end, number)
        if room is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))
        code = 1
        try:
            main(arguments, prog_name="regint")
        except SystemExit as ended:
            code = ended.code
        finally:
            os._exit(code or 0)
    if moment is not None:
        time.sleep(moment)
        os.kill(child, signal.SIGKILL)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    os.close(tell)
    try:
        said = os.read(hear, 65536).decode()
    except BlockingIOError:
        said = ""
    os.close(hear)
    print(json.dumps([code, said]), flush=True)
"""


class Commands:
    """Runs commands in a folder, whole or killed after some seconds."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.moments = random.Random(SEED)
        self.lasts = 0.0
        self.process = subprocess.Popen(
            [*UNPRIVILEGED, sys.executable, "-c", SERVER],
            cwd=folder,
            env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self.process.stdout.readline() == "ready\n"

    def ended(self, arguments: str, moment: float | None = None, room: int | None = None) -> tuple[int, str]:
        """Run a command, killed after some seconds or with room for so many bytes: exit code and errors."""
        self.process.stdin.write(json.dumps([arguments.split(), moment, room]) + "\n")
        self.process.stdin.flush()
        code, said = json.loads(self.process.stdout.readline())
        return code, said

    def run(self, arguments: str) -> None:
        start = time.monotonic()
        assert self.ended(arguments) == (0, "")
        self.lasts = time.monotonic() - start

    def kill(self, arguments: str) -> bool:
        """Kill a command at a random moment of the time that the last whole one took."""
        moment = self.lasts * self.moments.random()
        killed = self.ended(arguments, moment)[0] == -9
        self.lasts = self.lasts if killed else moment
        return killed

    def state(self, *names: str) -> dict[str, bytes]:
        """Every file of these names, or below folders of these names."""
        places = [self.folder / name for name in names]
        files = [file for place in places for file in [place, *sorted(place.rglob("*"))] if file.is_file()]
        return {file.relative_to(self.folder).as_posix(): file.read_bytes() for file in files}


@pytest.fixture
def commands(tmp_path: Path) -> Iterator[Commands]:
    (tmp_path / "place").mkdir()
    found = Commands(tmp_path / "place")
    with found.process:
        yield found


def undated(content: bytes) -> bytes:
    """An exported file without the clock's time: ReadStat writes it into the head of both formats."""
    if content.startswith(b"$FL"):
        return content[:92] + content[109:]
    return re.sub(rb"(<timestamp>.)[^<]*", rb"\1", content, count=1)


def answers(commands: Commands, yes: str) -> None:
    rows = "".join(f"{number},{yes if number % 3 else 'no'}\n" for number in range(3000))
    (commands.folder / "answers.csv").write_text(f"id,q1\n{rows}")


@pytest.mark.parametrize(
    "arguments", ["new made --from table.csv --base 50", "import answers.csv --out made"]
)
def test_a_new_folder_is_whole_or_not_there(commands: Commands, arguments: str) -> None:
    answers(commands, "yes")
    (commands.folder / "table.csv").write_text("question,response,printed\nOutlook,good,60\nOutlook,bad,40\n")
    sources = commands.state("answers.csv", "table.csv")
    commands.run(arguments)
    whole, killed = commands.state("made"), 0
    for _ in range(KILLS):
        for file in commands.folder.glob("made/*"):
            file.unlink()
        killed += commands.kill(arguments)
        assert commands.state("made") in ({}, whole)
    assert killed > KILLS / 2
    for file in commands.folder.glob("made/*"):
        file.unlink()
    commands.run(arguments)
    assert commands.state("made") == whole
    assert commands.state(".") == sources | whole  # nothing is left beside


def test_a_folder_that_is_replaced_is_the_former_or_the_new_one(commands: Commands) -> None:
    arguments, states, killed = "import answers.csv --out made --replace", [], 0
    for yes in ("yes", "perhaps"):
        answers(commands, yes)
        commands.run(arguments)
        states.append(commands.state("made"))
    for number in range(KILLS):
        answers(commands, ("yes", "perhaps")[number % 2])
        killed += commands.kill(arguments)
        commands.ended("check made")  # finds what a kill left under another name
        assert commands.state("made") in states
    assert killed > KILLS / 2
    commands.run(arguments)
    assert commands.state(".") == states[1] | commands.state("answers.csv")


@pytest.mark.parametrize("kind", ["sav", "dta", "csv", "ddi"])
def test_an_exported_file_is_the_former_or_the_new_one(commands: Commands, kind: str) -> None:
    arguments, states, killed = f"export made --format {kind} --out out --replace", [], 0
    for yes in ("yes", "perhaps"):
        answers(commands, yes)
        commands.run("import answers.csv --out made --replace")
        commands.run(arguments)
        states.append(commands.state("out")["out"])
    folder = commands.state("made", "answers.csv")
    for number in range(KILLS):
        (commands.folder / "out").write_bytes(states[number % 2])
        killed += commands.kill(arguments)
        assert undated(commands.state("out")["out"]) in [undated(content) for content in states]
        assert commands.state("made", "answers.csv") == folder
    assert killed > KILLS / 2
    commands.run(arguments)
    assert undated(commands.state("out")["out"]) == undated(states[1])
    assert commands.state(".").keys() == {"out", *folder}


def test_published_pages_are_the_former_or_the_new_ones(commands: Commands, collections: ModuleType) -> None:
    collection, states, killed = collections.sample(commands.folder), [], 0
    shown, texts = ("build/site", "build/executed"), ("n\n1001\n2002\n", "n\n1001\n2003\n")
    for text in texts:
        collection.write_data("first.csv", text)
        commands.run("build")
        states.append(commands.state(*shown))
    for number in range(KILLS):
        collection.write_data("first.csv", texts[number % 2])
        killed += commands.kill("build")
        for name, content in commands.state(*shown).items():
            assert content in [state[name] for state in states], name
    assert killed > KILLS / 2
    commands.run("build")
    assert commands.state(*shown) == states[1]


def test_a_report_is_the_former_or_the_new_one(commands: Commands) -> None:
    arguments, states, killed = "report made --out made_report --one-file", [], 0
    shown = ("made_report/site", "made_report/executed", "made_report/made.html")
    for yes in ("yes", "perhaps"):
        answers(commands, yes)
        commands.run("import answers.csv --out made --replace")
        commands.run(arguments)
        states.append(commands.state(*shown))
    for number in range(KILLS):
        answers(commands, ("yes", "perhaps")[number % 2])
        commands.ended("import answers.csv --out made --replace")
        killed += commands.kill(arguments)
        for name, content in commands.state(*shown).items():
            assert content in [state[name] for state in states], name
    assert killed > KILLS / 2
    commands.run(arguments)
    assert commands.state(*shown) == states[1]


# Command -> what it shows, and what must be there before it can run a second time.
WRITING = {
    "new made --from table.csv --base 50": "made",
    "import answers.csv --out made": "made",
    "import answers.csv --out folder --replace": "folder",
    **{f"export folder --format {kind} --out out --replace": "out" for kind in ("sav", "dta", "csv", "ddi")},
    "build": "build/site",
    "report folder --out reported --one-file": "reported",
}


@pytest.fixture
def former(commands: Commands, collections: ModuleType) -> dict[str, bytes]:
    """A folder in which every command has left a result, and the input of all has changed since."""
    collection = collections.sample(commands.folder)
    (commands.folder / "table.csv").write_text("question,response,printed\nOutlook,good,60\nOutlook,bad,40\n")
    answers(commands, "yes")
    commands.run("import answers.csv --out folder")
    for arguments, shown in WRITING.items():
        if shown != "made":
            commands.run(arguments)
    answers(commands, "perhaps")
    collection.write_data("first.csv", "n\n1001\n2003\n")
    return commands.state(".")


def told(said: str, words: str) -> bool:
    """Say whether the errors are one sentence a line, with these words."""
    lines = said.splitlines()
    return bool(re.search(words, said)) and all(
        re.match(r"(regint|failed|note): .*\.$", line) for line in lines
    )


def published(state: dict[str, bytes]) -> dict[str, bytes]:
    """What people see of a folder: without what a build keeps for itself."""
    return {name: content for name, content in state.items() if "/.nbarticle/" not in name}


def test_a_full_disk_is_a_sentence(commands: Commands, former: dict[str, bytes]) -> None:
    wrong = []
    for arguments in WRITING:
        for room in (0, 50, 200):
            code, said = commands.ended(arguments, room=room)
            wrong += [(arguments, room, said)] if code not in (1, 2) or not told(said, "space") else []
            now = published(commands.state("."))
            lost = [name for name, content in published(former).items() if now.get(name) != content]
            wrong += [(arguments, room, lost)] if lost else []
            wrong += [(arguments, room, "left")] if now.keys() - former.keys() else []
    assert wrong == []


def test_a_place_that_takes_nothing_is_a_sentence(commands: Commands, former: dict[str, bytes]) -> None:
    wrong = []
    folders = [commands.folder, *(path for path in commands.folder.rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    try:
        for arguments in WRITING:
            code, said = commands.ended(arguments)
            wrong += (
                [(arguments, said)] if code not in (1, 2) or not told(said, "ermission|may write") else []
            )
            wrong += [(arguments, "changed")] if commands.state(".") != former else []
    finally:
        for folder in folders:
            folder.chmod(0o755)
    assert wrong == []
