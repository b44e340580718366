"""Coverage-guided fuzzing of the readers and of the language of claims: only our own errors may come out.

Needs atheris, which is no dependency of the project: ``python -m pip install atheris`` in an environment with
Python 3.11, then for instance ``python tests/fuzz/readers.py delimited -max_total_time=120``. The targets are
the keys of `TARGETS`; everything after the target goes to libFuzzer. A crash leaves a file `crash-...`; its
content belongs into `tests/survey/test_fuzz_readers.py`.
"""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent.parent
FOLDER = Path(tempfile.mkdtemp(prefix="fuzz-"))
TABLES = ("questions.csv", "responses.csv", "claims.csv", "survey.json")


def delimited(content: bytes) -> None:
    """A data file."""
    from surveyfile.importing import import_respondents
    from surveyfile.record import Settings
    from textfiles.problems import Problem

    path = FOLDER / "answers.csv"
    path.write_bytes(content[1:])
    stated = Settings(mask_small=content[0] % 8 if content else 0, weight="w" if b"w" in content[:40] else "")
    try:
        import_respondents(path, stated)
    except Problem as error:
        assert str(error)


def codebook(content: bytes) -> None:
    """A codebook, held against a small file of respondents."""
    from surveyfile.importing import import_respondents
    from textfiles.problems import Problem

    (FOLDER / "answers.csv").write_text("id,q1,q2,w\n1,1,a;b,1\n2,2,b,2\n3,9,,1\n4,1,a,0\n")
    (FOLDER / "codebook.csv").write_bytes(content)
    try:
        import_respondents(FOLDER / "answers.csv", None, FOLDER / "codebook.csv")
    except Problem as error:
        assert str(error)


def survey(content: bytes) -> None:
    """A survey folder with one of its files replaced."""
    from regint.survey.export import export_survey
    from regint.survey.table import read_survey, tidy_table
    from textfiles.problems import Problem

    sound = PROJECT / "tests" / "regint" / "survey" / "folders" / "us_goals_for_russia"
    for name in TABLES:
        (FOLDER / name).write_bytes((sound / name).read_bytes() if (sound / name).exists() else b"")
    if content:
        (FOLDER / TABLES[content[0] % len(TABLES)]).write_bytes(content[1:])
    try:
        found = read_survey(FOLDER)
        tidy_table(found)
        export_survey(FOLDER, "ddi", FOLDER.with_suffix(".xml"), replace=True)
    except Problem as error:
        assert str(error)


def claim(content: bytes) -> None:
    """A claim, tried on a real survey where it can be read."""
    from regint.survey.claim_language import parse
    from regint.survey.claims import try_claim
    from regint.survey.table import read_survey
    from textfiles.problems import Problem

    text = content.decode("utf-8", "replace")
    try:
        parse(text)
        CACHE.setdefault("survey", read_survey(PROJECT / "data" / "survey" / "astana_2025"))
        try_claim(CACHE["survey"], text)
    except Problem as error:
        assert str(error)


CACHE: dict = {}
TARGETS: dict[str, Callable[[bytes], None]] = {
    "delimited": delimited,
    "codebook": codebook,
    "survey": survey,
    "claim": claim,
}


def main() -> None:
    """Fuzz the target named on the command line."""
    import atheris

    target = TARGETS[sys.argv.pop(1)]
    with atheris.instrument_imports(include=["regint"]):
        import regint.survey.claims
        import regint.survey.export
        import regint.survey.table  # noqa: F401
    atheris.Setup(sys.argv, target)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
