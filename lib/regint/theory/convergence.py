"""Asymmetry and convergence of a few economies: dispersion, inequality between them, concentration.

Figures in current dollars carry the exchange rate with them: a devaluation looks like a fall in income.
With five economies one of them can make the result, so every statistic is also computed without each.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from regint.theory.tables import TheoryError, read_table
from regint.theory.trade import concentration, shares


def read_macro(path: str | Path | None = None) -> pd.DataFrame:
    """Read yearly GDP and population of each state.

    Parameters
    ----------
    path : str or Path, optional
        CSV with the columns of ``data/context/macro.csv``, the shipped one by default.

    Returns
    -------
    pandas.DataFrame
        The rows of the file with ``gdp_per_head`` (current USD). A year in which GDP is missing for a state
        keeps its row, with NaN.

    Raises
    ------
    regint.theory.tables.TheoryError
        With every problem of the table; also if a figure is not above 0.

    Examples
    --------
    >>> read_macro().query("state == 'KAZ' and year == 2023")["gdp_per_head"].round(1).item()
    12858.8
    """
    frame = read_table("macro", path)
    figures = frame[["gdp_musd", "population_thousands"]]
    if (figures <= 0).to_numpy().any() or figures["population_thousands"].isna().any():
        raise TheoryError(["macro: GDP and population must be above 0, and only GDP may be empty."])
    return frame.assign(
        year=frame["year"].astype(int),
        gdp_per_head=frame["gdp_musd"] / frame["population_thousands"] * 1000,
    )


def theil(incomes: np.ndarray, people: np.ndarray) -> float:
    r"""Theil's T between populations, from 0 for equal income per head.

    .. math:: T = \sum_i s_i \ln(s_i / p_i),

    with shares of income and of population.

    Parameters
    ----------
    incomes, people : array of float
        Total income and population of each state.

    Returns
    -------
    float
        0 if income per head is the same everywhere.

    References
    ----------
    Theil (1967), Economics and Information Theory, North-Holland.

    Examples
    --------
    >>> theil(np.array([1.0, 2.0]), np.array([10.0, 20.0]))
    0.0
    """
    income, people = shares(incomes), shares(people)
    positive = income > 0
    value = float((income[positive] * np.log(income[positive] / people[positive])).sum())
    return max(value, 0.0)


def dispersion(macro: pd.DataFrame) -> pd.DataFrame:
    r"""Yearly size, concentration and dispersion of income per head across states.

    Sigma convergence is a fall of ``sd_log``, the standard deviation of log income per head (divisor n:
    these are all the states there are, not a sample of states).

    Parameters
    ----------
    macro : pandas.DataFrame
        As `read_macro` returns it; years with a missing GDP are left out.

    Returns
    -------
    pandas.DataFrame
        One row per year: ``year``, ``gdp_bn`` (sum), ``largest`` (state), ``largest_share`` (0-1),
        ``hhi_gdp``, ``hhi_population``, ``cv`` (coefficient of variation of income per head), ``sd_log``,
        ``ratio`` (highest over lowest), ``theil`` (weighted by population).

    References
    ----------
    Barro and Sala-i-Martin (1992), Convergence, Journal of Political Economy 100, doi:10.1086/261816.
    """
    complete = macro.groupby("year")["gdp_musd"].transform(lambda values: values.notna().all())
    years = macro[complete.astype(bool)].groupby("year", sort=True)
    return pd.DataFrame([{"year": year} | _one_year(states) for year, states in years])


def _one_year(states: pd.DataFrame) -> dict[str, object]:
    gdp, people = states["gdp_musd"].to_numpy(), states["population_thousands"].to_numpy()
    per_head = gdp / people
    return {
        "gdp_bn": gdp.sum() / 1000,
        "largest": states["state"].iloc[int(gdp.argmax())],
        "largest_share": gdp.max() / gdp.sum(),
        "hhi_gdp": concentration(gdp),
        "hhi_population": concentration(people),
        "cv": per_head.std() / per_head.mean(),
        "sd_log": np.log(per_head).std(),
        "ratio": per_head.max() / per_head.min(),
        "theil": theil(gdp, people),
    }


def leave_one_out(macro: pd.DataFrame, statistic: str = "sd_log") -> pd.DataFrame:
    """Compute one statistic of `dispersion` over all states and without each.

    Parameters
    ----------
    macro : pandas.DataFrame
        As `read_macro` returns it.
    statistic : str
        Numeric column of `dispersion`.

    Returns
    -------
    pandas.DataFrame
        ``year``, ``without`` (state, or ``none``), ``value``.

    Raises
    ------
    ValueError
        For an unknown statistic.
    """
    legal = ["gdp_bn", "largest_share", "hhi_gdp", "hhi_population", "cv", "sd_log", "ratio", "theil"]
    if statistic not in legal:
        raise ValueError(f"'{statistic}' is not computed here; choose one of {', '.join(legal)}.")
    parts = []
    for state in ["none", *dict.fromkeys(macro["state"])]:
        yearly = dispersion(macro[macro["state"].ne(state)])
        parts.append(pd.DataFrame({"year": yearly["year"], "without": state, "value": yearly[statistic]}))
    return pd.concat(parts, ignore_index=True)


def theil_parts(macro: pd.DataFrame, groups: Mapping[str, str]) -> pd.DataFrame:
    r"""Split Theil's T into inequality between groups of states and within them.

    .. math:: T = \sum_g s_g \ln(s_g / p_g) + \sum_g s_g T_g

    Parameters
    ----------
    macro : pandas.DataFrame
        As `read_macro` returns it.
    groups : mapping of str to str
        Group of each state.

    Returns
    -------
    pandas.DataFrame
        One row per complete year: ``year``, ``between``, ``within``, ``total``.

    Raises
    ------
    ValueError
        If a state has no group.
    """
    ungrouped = sorted(set(macro["state"]) - set(groups))
    if ungrouped:
        raise ValueError(f"No group is given for {', '.join(ungrouped)}.")
    rows = []
    for year in dispersion(macro)["year"]:
        states = macro[macro["year"].eq(year)].assign(group=lambda frame: frame["state"].map(groups))
        sums = states.groupby("group")[["gdp_musd", "population_thousands"]].sum()
        between = theil(sums["gdp_musd"].to_numpy(), sums["population_thousands"].to_numpy())
        income = shares(sums["gdp_musd"])
        inside = [
            theil(part["gdp_musd"].to_numpy(), part["population_thousands"].to_numpy())
            for _, part in states.groupby("group")
        ]
        within = float(np.dot(income, inside))
        rows.append((year, between, within, between + within))
    return pd.DataFrame(rows, columns=["year", "between", "within", "total"])


def beta(macro: pd.DataFrame, start: int, end: int) -> float:
    r"""Slope of average growth on initial log income per head: :math:`\ln(y_1 / y_0) / T = a + b \ln y_0`.

    Negative if poorer states grew faster. With five states it is a description, without inference.

    Parameters
    ----------
    macro : pandas.DataFrame
        As `read_macro` returns it.
    start, end : int
        Years, with GDP known for every state in both.

    Returns
    -------
    float
        Slope per year.

    Raises
    ------
    ValueError
        If the years are not in order or not in the data.
    """
    known = set(dispersion(macro)["year"])
    if start >= end or not {start, end} <= known:
        raise ValueError(
            f"Choose two years in order from {min(known)} to {max(known)}, not {start} and {end}."
        )
    per_head = np.log(macro.pivot_table(index="state", columns="year", values="gdp_per_head").astype(float))
    growth = (per_head[end] - per_head[start]) / (end - start)
    return float(np.polyfit(per_head[start], growth, 1)[0])
