"""The dated record: agreements and exits, how far they bind, and forecasts held against what happened."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from regint.theory.dates import date_bounds
from regint.theory.tables import TheoryError, read_table

STATE_NAMES = {
    "KAZ": "Kazakhstan",
    "KGZ": "Kyrgyzstan",
    "TJK": "Tajikistan",
    "TKM": "Turkmenistan",
    "UZB": "Uzbekistan",
}
STATES = tuple(STATE_NAMES)


def read_events(path: str | Path | None = None) -> pd.DataFrame:
    """Read dated events.

    Parameters
    ----------
    path : str or Path, optional
        CSV with the columns of ``data/context/events.csv``, the shipped one by default. ``direction`` is 1
        towards integration, -1 away, 0 neither; ``binding`` runs from 0 (words) over 1 (political
        commitment) and 2 (signed agreement) to 3 (in force, or a working body), with a low and a high code.

    Returns
    -------
    pandas.DataFrame
        The rows in order of date, with ``first_day`` and ``last_day`` that the date allows and ``members``
        (number of the five that take part).

    Raises
    ------
    regint.theory.tables.TheoryError
        Listing every illegal value; also if a binding code lies outside its low and high.
    """
    frame = read_table("events", path)
    outside = frame[~frame["binding"].between(frame["binding_low"], frame["binding_high"])]
    if len(outside):
        raise TheoryError(
            [f"events: binding code outside its low and high value for {name}." for name in outside["event"]]
        )
    bounds = [date_bounds(date) for date in frame["date"]]
    dated = frame.assign(
        first_day=[first for first, _ in bounds],
        last_day=[last for _, last in bounds],
        members=[len(set(text.split(";")) & set(STATES)) for text in frame["parties"]],
    )
    return dated.sort_values(["first_day", "event"], ignore_index=True)


def binding_timeline(
    events: pd.DataFrame,
    *,
    arenas: Sequence[str] = ("regional",),
    start: int = 1991,
    end: int = 2025,
    by_members: bool = True,
) -> pd.DataFrame:
    """Yearly and running sums of binding steps towards integration, steps away counted against.

    Parameters
    ----------
    events : pandas.DataFrame
        As `read_events` returns it.
    arenas : sequence of str
        Arenas to count.
    start, end : int
        First and last year.
    by_members : bool
        Whether an event counts in proportion to how many of the five take part.

    Returns
    -------
    pandas.DataFrame
        One row per year: ``year``, ``events`` (number counted), ``step``, ``running``, and ``running_low``,
        ``running_high`` with every binding code at the end of its range that makes the sum least or most.

    Notes
    -----
    Events that only repeat another under a rival date (``rival_of``) are left out.
    The sum is a picture of the record kept here, not an index of integration: it depends on which events
    were listed.
    """
    counted = events["direction"].ne(0) & events["rival_of"].eq("")
    chosen = events[events["arena"].isin(list(arenas)) & counted]
    weight = chosen["direction"] * (chosen["members"] / len(STATES) if by_members else 1.0)
    ends = np.sort(np.stack([weight * chosen["binding_low"], weight * chosen["binding_high"]]), axis=0)
    steps = pd.DataFrame(
        {
            "year": chosen["first_day"].dt.year,
            "events": 1.0,
            "step": weight * chosen["binding"],
            "low": ends[0],
            "high": ends[1],
        }
    )
    yearly = steps.groupby("year").sum().reindex(range(start, end + 1), fill_value=0.0)
    running = yearly[["step", "low", "high"]].cumsum()
    return pd.DataFrame(
        {
            "year": yearly.index,
            "events": yearly["events"].astype(int).to_numpy(),
            "step": yearly["step"].to_numpy(),
            "running": running["step"].to_numpy(),
            "running_low": running["low"].to_numpy(),
            "running_high": running["high"].to_numpy(),
        }
    )


def read_strategies(path: str | Path | None = None) -> pd.DataFrame:
    """Read strategies of integration by what they do to scope and to authority.

    Parameters
    ----------
    path : str or Path, optional
        CSV with the columns of ``data/theory/spillover_strategies.csv``, the shipped one by default.

    Returns
    -------
    pandas.DataFrame
        The rows of the file.

    References
    ----------
    Schmitter (1970), A revised theory of regional integration, International Organization 24(4), 836-868.

    Examples
    --------
    >>> read_strategies().query("d_scope == 1 and d_level == 0")["label"].item()
    'Spill-around'
    """
    return read_table("spillover_strategies", path)


def compatible_strategies(path: str | Path | None = None) -> pd.DataFrame:
    """Strategies that each episode's coding of scope and authority leaves possible.

    Parameters
    ----------
    path : str or Path, optional
        CSV with the columns of ``data/theory/strategy_codings.csv``, the shipped one by default.

    Returns
    -------
    pandas.DataFrame
        The rows of the codings with ``possible`` (labels of the strategies inside the low-high box,
        joined), ``number`` of them, ``unnamed`` (whether the box also holds a change for which the typology
        has no name) and ``label``.

    Raises
    ------
    regint.theory.tables.TheoryError
        If a code lies outside its range, or the strategy named is not the one the codes say.
    """
    frame = read_table("strategy_codings", path)
    named = {(row.d_scope, row.d_level): (row.strategy, row.label) for row in read_strategies().itertuples()}
    problems, rows = [], []
    for row in frame.to_dict("records"):
        box = [
            (scope, level)
            for scope in range(row["d_scope_low"], row["d_scope_high"] + 1)
            for level in range(row["d_level_low"], row["d_level_high"] + 1)
        ]
        point = (row["d_scope"], row["d_level"])
        if point not in box or named.get(point, ("", ""))[0] != row["strategy"]:
            problems.append(
                f"strategy_codings, {row['period']}: {row['strategy']} contradicts the codes {point}."
            )
        labels = [named[cell][1] for cell in box if cell in named]
        rows.append(
            (
                ", ".join(labels),
                len(labels),
                any(cell not in named for cell in box),
                named.get(point, ("", ""))[1],
            )
        )
    if problems:
        raise TheoryError(problems)
    return frame.join(
        pd.DataFrame(rows, columns=["possible", "number", "unnamed", "label"], index=frame.index)
    )


def read_forecasts(path: str | Path | None = None) -> pd.DataFrame:
    """Read checkable statements with what has come of them.

    Parameters
    ----------
    path : str or Path, optional
        CSV with the columns of ``data/context/forecasts.csv``, the shipped one by default; ``outcome`` is
        ``true``, ``false``, ``open`` or ``not_on_record`` (due, but the record kept here ends before).

    Returns
    -------
    pandas.DataFrame
        The rows of the file.

    Raises
    ------
    regint.theory.tables.TheoryError
        With every problem of the table; also if a settled statement has no date or an open one has.

    Examples
    --------
    >>> set(read_forecasts()["outcome"]) <= {"true", "false", "open", "not_on_record"}
    True
    """
    frame = read_table("forecasts", path)
    settled = frame["outcome"].isin(["true", "false"])
    undated = frame[settled.ne(frame["resolved_on"].ne(""))]
    unlikely = frame[~frame["probability"].fillna(0).between(0, 1)]
    problems = [
        f"forecasts, {name}: a settled statement needs a date, an open one none."
        for name in undated["forecast"]
    ]
    problems += [f"forecasts, {name}: a probability lies from 0 to 1." for name in unlikely["forecast"]]
    if problems:
        raise TheoryError(problems)
    return frame


def brier_score(probabilities: Sequence[float], outcomes: Sequence[bool]) -> float:
    """Mean squared distance between stated probabilities and what happened (0 is best, 1 worst).

    Parameters
    ----------
    probabilities : sequence of float
        Stated probabilities, 0-1.
    outcomes : sequence of bool
        Whether each statement came true.

    Returns
    -------
    float
        NaN if there is nothing to score.

    References
    ----------
    Brier (1950), Verification of forecasts expressed in terms of probability, Monthly Weather Review 78,
    doi:10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2.

    Examples
    --------
    >>> round(brier_score([0.8, 0.3], [True, False]), 3)
    0.065
    """
    if len(probabilities) != len(outcomes):
        raise ValueError(
            f"{len(probabilities)} probabilities and {len(outcomes)} outcomes; give one of each."
        )
    distances = (np.asarray(probabilities, dtype=float) - np.asarray(outcomes, dtype=float)) ** 2
    return float(distances.mean()) if distances.size else float("nan")
