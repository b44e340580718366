"""What is legal for a parameter by the data it names: folders, files, questions of a survey."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from regint.parameters.rules import ParameterError, did_you_mean


@dataclass(frozen=True)
class SurveyFolder:
    """A folder that holds a survey: at least its ``questions.csv``."""

    def problem(self, value: Any, values: Mapping[str, Any]) -> str | None:
        """Return the sentence that says what is missing, or None."""
        from regint.survey.location import locate

        folder = locate(value) if value else Path()
        if not value or not folder.is_dir():
            return "must be a survey folder that exists (see data/README.md for what one holds)"
        if not (folder / "questions.csv").is_file():
            return "must be a survey folder, but this one has no questions.csv (see data/README.md)"
        return None


@dataclass(frozen=True)
class TableFile:
    """A CSV file that exists, from the current folder or from the project folder.

    Examples
    --------
    >>> TableFile().problem("data/theory/nowhere.csv", {})
    'must be a CSV file that exists'
    """

    def problem(self, value: Any, values: Mapping[str, Any]) -> str | None:
        """Return the sentence that says what is missing, or None."""
        return None if table_column(value) is not None else "must be a CSV file that exists"


@dataclass(frozen=True)
class DataFile:
    """A file of data that exists, absolute or relative to the current or the project folder."""

    def problem(self, value: Any, values: Mapping[str, Any]) -> str | None:
        """Return the sentence that says what is missing, or None."""
        from regint.survey.location import locate

        found = bool(value) and locate(value).is_file()
        return None if found else "must be a CSV file that exists (see data/README.md for the columns)"


@dataclass(frozen=True)
class QuestionOf:
    """A question id of the survey that another parameter names.

    Attributes
    ----------
    survey
        Name of the parameter that holds the survey folder.
    kinds
        Kinds of question that make sense here; empty for all.
    optional
        Whether ``""`` (no question, or all of them) is legal.
    """

    survey: str = "survey"
    kinds: tuple[str, ...] = ()
    optional: bool = False

    def problem(self, value: Any, values: Mapping[str, Any]) -> str | None:
        """Return the sentence that lists the legal ids nearest to `value`, or None."""
        if self.optional and value == "":
            return None
        ids = self.legal(str(values[self.survey]))
        if value in ids:
            return None
        kinds = f" of kind {' or '.join(self.kinds)}" if self.kinds else ""
        listing = ", ".join(ids) if len(ids) <= 20 else f"{', '.join(ids[:20])}, ..."
        return (
            f"must be a question id{kinds} of {values[self.survey]}: {listing}{did_you_mean(str(value), ids)}"
        )

    def legal(self, survey: str) -> list[str]:
        """List the legal question ids of a survey folder, in its order."""
        from regint.survey.files import read_sheet
        from regint.survey.location import locate

        sheet = read_sheet(locate(survey) / "questions.csv", ["question", "kind"], [])
        if sheet.problems:
            raise ParameterError(sheet.problems[0])
        rows = [cells for _, cells in sheet.rows if not self.kinds or cells["kind"] in self.kinds]
        return [cells["question"] for cells in rows]


@dataclass(frozen=True)
class EveryQuestionOr(QuestionOf):
    """The word ``all``, or one question id.

    Examples
    --------
    >>> EveryQuestionOr().problem("all", {"survey": "data/survey/astana_2025"})
    """

    def problem(self, value: Any, values: Mapping[str, Any]) -> str | None:
        """Return the sentence that lists the legal ids nearest to `value`, or None."""
        return None if value == "all" else super().problem(value, values)


def table_column(path: str, name: str = "") -> list[str] | None:
    """Read one column of a CSV file as text, or return None where there is no such file.

    Examples
    --------
    >>> table_column("data/theory/balassa_stages.csv", "stage")
    ['PTA', 'FTA', 'CU', 'CM', 'EUN', 'TEI']
    """
    from regint.survey.files import read_sheet
    from regint.survey.location import locate

    file = locate(path)
    if not path or not file.is_file():
        return None
    return [cells[name] for _, cells in read_sheet(file, [name], []).rows]


def shares_no_question(table: str, survey: str) -> bool:
    """Say whether no question of a survey stands in the column ``question`` of a CSV file.

    Examples
    --------
    >>> shares_no_question("data/theory/option_coding.csv", "data/survey/astana_2025")
    False
    """
    return not set(table_column(table, "question") or []) & set(QuestionOf().legal(survey))
