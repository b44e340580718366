"""Parameters of the notebook on a survey of one's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from regint.parameters.declaration import Parameters, parameter
from regint.parameters.rules import Between


@dataclass(frozen=True)
class FileOfRespondents:
    """A file that exists, from the current folder or from the project folder.

    Attributes
    ----------
    optional
        Whether ``""`` (no file) is legal.

    Examples
    --------
    >>> FileOfRespondents().problem("data/examples/nowhere.csv", {})
    'must be a file that exists, from the current folder or from the project folder'
    """

    optional: bool = False

    def problem(self, value: Any, values: Mapping[str, Any]) -> str | None:
        """Return the sentence that says what is missing, or None."""
        from regint.survey.codebook import locate

        if (value == "" and self.optional) or (value != "" and locate(value).is_file()):
            return None
        return "must be a file that exists, from the current folder or from the project folder"


@dataclass(frozen=True)
class OwnSurvey(Parameters):
    """Parameters of ``11_your_own_survey``."""

    file: str = parameter("data/examples/awkward_panel.csv", "file of respondents", FileOfRespondents())
    codebook: str = parameter(
        "data/examples/awkward_panel_codebook.csv",
        "what columns and codes mean; empty: proposed",
        FileOfRespondents(optional=True),
    )
    weight: str = parameter("Gewicht", "column of weights; empty for none")
    missing: str = parameter("", "codes that are answers without substance, separated by commas")
    mask_small: int = parameter(0, "hide counts from one to this number minus one; 0: none", Between(0, 100))

    @classmethod
    def misfit(cls, values: Mapping[str, Any]) -> str:
        """Say so of every survey folder: this notebook starts from a file of respondents."""
        return "it starts from a file of respondents, not from a survey folder"
