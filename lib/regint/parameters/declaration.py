"""How a parameter is declared, how the parameters of a notebook are checked and shown."""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from regint.parameters.rules import ParameterError, Rule, with_type

if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T")


def parameter(default: T, meaning: str, *rules: Rule) -> T:
    """Declare a parameter: its default, what it means (no full stop) and what is legal."""
    return dataclasses.field(default=default, metadata={"meaning": meaning, "rules": rules})


@dataclass(frozen=True)
class Parameters:
    """Base of every notebook's parameters: checks types, then rules, then :meth:`check`."""

    def __post_init__(self) -> None:
        """Check every value, and stop at the first that is not legal."""
        values = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        types = typing.get_type_hints(type(self))
        for field in dataclasses.fields(self):
            name, value = field.name, values[field.name]
            checked = with_type(name, value, types[name])
            object.__setattr__(self, name, checked)
            for rule in field.metadata.get("rules", ()):
                if problem := rule.problem(checked, values):
                    raise ParameterError(f"Parameter {name}={value!r} {problem}.")
        self.check()

    def check(self) -> None:
        """Check what needs more than one value; overridden where there is such a rule."""

    @classmethod
    def misfit(cls, values: Mapping[str, Any]) -> str:
        """Say why a notebook with these values has nothing to say about their survey; empty if it has."""
        return "" if "survey" in values else "it is not about a survey"


def settings(parameters: Parameters) -> pd.DataFrame:
    """Tabulate the settings of a run.

    Returns
    -------
    pandas.DataFrame
        One row per parameter, as text: ``name``, ``value``, ``meaning``; where one was changed, also its
        ``default``, so that a run by default does not say everything twice.
    """
    import pandas as pd

    rows = [
        (
            field.name,
            str(getattr(parameters, field.name)),
            str(field.default),
            field.metadata.get("meaning", ""),
        )
        for field in dataclasses.fields(parameters)
    ]
    frame = pd.DataFrame(rows, columns=["name", "value", "default", "meaning"], dtype=str)
    return frame if (frame["value"] != frame["default"]).any() else frame.drop(columns="default")
