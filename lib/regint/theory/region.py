"""The region in context: memberships, trade, incomes, events and forecasts."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
from textfiles.problems import Problem
from textfiles.project import locate

from regint.theory.tables import date_bounds, read_table

STATE_NAMES = {
    "KAZ": "Kazakhstan",
    "KGZ": "Kyrgyzstan",
    "TJK": "Tajikistan",
    "TKM": "Turkmenistan",
    "UZB": "Uzbekistan",
}
STATES = tuple(STATE_NAMES)


def read_events() -> pd.DataFrame:
    """Read dated events.

    ``direction`` is 1 towards integration, -1 away, 0 neither; ``binding`` runs from 0 (words) over 1
    (political commitment) and 2 (signed agreement) to 3 (in force, or a working body), with a low and a high
    code.

    Returns
    -------
    pandas.DataFrame
        The rows in order of date, with ``first_day`` and ``last_day`` that the date allows and ``members``
        (number of the five that take part).

    Raises
    ------
    textfiles.problems.Problem
        Listing every illegal value; also if a binding code lies outside its low and high.
    """
    frame = read_table("events")
    outside = frame[~frame["binding"].between(frame["binding_low"], frame["binding_high"])]
    if len(outside):
        raise Problem(
            *(f"events: binding code outside its low and high value for {name}." for name in outside["event"])
        )
    bounds = [date_bounds(date) for date in frame["date"]]
    dated = frame.assign(
        first_day=[first for first, _ in bounds],
        last_day=[last for _, last in bounds],
        members=[len(set(text.split(";")) & set(STATES)) for text in frame["parties"]],
    )
    return dated.sort_values(["first_day", "event"], ignore_index=True)


def read_forecasts() -> pd.DataFrame:
    """Read checkable statements with what has come of them.

    ``outcome`` is ``true``, ``false``, ``open`` or ``not_on_record`` (due, but the record kept here ends
    before).

    Returns
    -------
    pandas.DataFrame
        The rows of the file.

    Raises
    ------
    textfiles.problems.Problem
        With every problem of the table; also if a settled statement has no date or an open one has.

    Examples
    --------
    >>> set(read_forecasts()["outcome"]) <= {"true", "false", "open", "not_on_record"}
    True
    """
    frame = read_table("forecasts")
    settled = frame["outcome"].isin(["true", "false"])
    undated = frame[settled.ne(frame["resolved_on"].ne(""))]
    unlikely = frame[~frame["probability"].fillna(0).between(0, 1)]
    problems = [
        f"forecasts, {name}: a settled statement needs a date, an open one none."
        for name in undated["forecast"]
    ]
    problems += [f"forecasts, {name}: a probability lies from 0 to 1." for name in unlikely["forecast"]]
    if problems:
        raise Problem(*problems)
    return frame


# Full members and, for treaties without a body, states that have signed.
COUNTED = ("M", "S")


def read_memberships() -> pd.DataFrame:
    """Read spells of membership, one row per state, body and spell.

    ``membership`` is ``M`` member, ``A`` associate, ``O`` observer, ``S`` signatory of a treaty,
    ``applicant`` or ``none``.

    Returns
    -------
    pandas.DataFrame
        The rows of the file.

    Raises
    ------
    textfiles.problems.Problem
        With every problem of the table, impossible dates included.

    Examples
    --------
    >>> read_memberships()["state"].nunique()
    5
    """
    frame = read_table("memberships")
    for text in pd.concat([frame["from"], frame["to"]]):
        if text:
            date_bounds(text)
    return frame


def membership_on(memberships: pd.DataFrame, date: str) -> pd.DataFrame:
    """Membership of every state in every body on a day.

    Parameters
    ----------
    memberships : pandas.DataFrame
        As `read_memberships` returns it.
    date : str
        Day, ``YYYY-MM-DD``. A spell known only by year or month counts from its first day to its last.

    Returns
    -------
    pandas.DataFrame
        States by bodies in the order of the file; cells as in the file, ``left`` where a spell has ended
        and no other runs, ``none`` where there is or was nothing yet.

    Examples
    --------
    >>> spells = pd.DataFrame({"state": ["UZB"] * 2, "body": ["csto"] * 2, "membership": ["M"] * 2,
    ...                        "from": ["1992-05-15", "2006"], "to": ["1999", "2012-12-19"]})
    >>> [membership_on(spells, day).iloc[0, 0] for day in ("1995-01-01", "2003-01-01", "2008-01-01")]
    ['M', 'left', 'M']
    """
    day = date_bounds(date)[0]
    states, bodies = (list(dict.fromkeys(memberships[name])) for name in ("state", "body"))
    table = pd.DataFrame("none", index=pd.Index(states, name="state"), columns=pd.Index(bodies, name="body"))
    for spell in memberships.to_dict("records"):
        begins = date_bounds(spell["from"])[0] if spell["from"] else None
        ends = date_bounds(spell["to"])[1] if spell["to"] else None
        if spell["membership"] == "none" or (begins is not None and begins > day):
            continue
        over = ends is not None and ends < day
        if not over or table.loc[spell["state"], spell["body"]] == "none":
            table.loc[spell["state"], spell["body"]] = "left" if over else spell["membership"]
    return table


def belongs(table: pd.DataFrame) -> pd.DataFrame:
    """Turn a membership table into zeros and ones: full members, and states that signed a treaty, belong."""
    return table.isin(COUNTED).astype(int)


def jaccard(matrix: pd.DataFrame, weights: Mapping[str, float] | None = None) -> pd.DataFrame:
    r"""Overlap of every pair of rows: bodies in common over bodies that either belongs to.

    .. math:: J(a, b) = \sum_k w_k \min(a_k, b_k) / \sum_k w_k \max(a_k, b_k)

    Parameters
    ----------
    matrix : pandas.DataFrame
        Zero-one matrix, as `belongs` returns it.
    weights : mapping, optional
        Weight of each column; 1 if not given.

    Returns
    -------
    pandas.DataFrame
        Square, rows by rows, 0-1; NaN where neither belongs to anything.

    References
    ----------
    Jaccard (1912), The distribution of the flora in the alpine zone, New Phytologist 11,
    doi:10.1111/j.1469-8137.1912.tb05611.x.

    Examples
    --------
    >>> jaccard(pd.DataFrame([[1, 1, 0], [0, 1, 1]], index=["a", "b"])).round(3).loc["a", "b"].item()
    0.333
    """
    given = weights or {}
    weight = np.array([float(given.get(str(name), 0.0 if given else 1.0)) for name in matrix.columns])
    cells = matrix.to_numpy(dtype=float)
    common = (np.minimum(cells[:, None, :], cells[None, :, :]) * weight).sum(axis=2)
    either = (np.maximum(cells[:, None, :], cells[None, :, :]) * weight).sum(axis=2)
    values = np.divide(common, either, out=np.full_like(common, np.nan), where=either > 0)
    return pd.DataFrame(values, index=matrix.index, columns=matrix.index)


def overlap_by_year(
    memberships: pd.DataFrame, years: Iterable[int], states: Iterable[str] | None = None
) -> pd.DataFrame:
    """Follow the mean overlap of all pairs of states, at the end of each year.

    Parameters
    ----------
    memberships : pandas.DataFrame
        As `read_memberships` returns it.
    years : iterable of int
        Years.
    states : iterable of str, optional
        States to compare; all by default.

    Returns
    -------
    pandas.DataFrame
        ``year`` and ``overlap`` (mean of `jaccard` over pairs, 0-1; NaN if it is undefined for all).

    Examples
    --------
    >>> overlap_by_year(read_memberships(), [1992], ["KAZ", "KGZ"])["overlap"].item()
    1.0
    """
    chosen = list(dict.fromkeys(memberships["state"])) if states is None else list(states)
    upper = np.triu_indices(len(chosen), 1)
    rows = []
    for year in years:
        table = jaccard(belongs(membership_on(memberships, f"{year}-12-31").loc[chosen])).to_numpy()[upper]
        known = table[~np.isnan(table)]
        rows.append((year, float(known.mean()) if known.size else float("nan")))
    return pd.DataFrame(rows, columns=["year", "overlap"])


@dataclass(frozen=True)
class Nestedness:
    """NODF of the rows, of the columns and of the whole matrix, each from 0 to 100."""

    rows: float
    columns: float
    total: float


def nestedness(matrix: pd.DataFrame | np.ndarray) -> Nestedness:
    """Nestedness by overlap and decreasing fill (NODF): are smaller rows contained in larger ones."""
    cells = np.asarray(matrix, dtype=int)
    rows, columns = _paired_overlap(cells), _paired_overlap(cells.T)
    every = rows + columns
    return Nestedness(
        *(100 * float(sum(part)) / len(part) if part else float("nan") for part in (rows, columns, every))
    )


def _paired_overlap(cells: np.ndarray) -> list[float]:
    totals = cells.sum(axis=1)
    found = []
    for i in range(len(cells)):
        for j in range(i + 1, len(cells)):
            smaller = min(totals[i], totals[j])
            shared = int((cells[i] & cells[j]).sum())
            found.append(shared / smaller if smaller and totals[i] != totals[j] else 0.0)
    return found


def nestedness_null(matrix: pd.DataFrame, *, draws: int = 999, seed: int = 2025) -> pd.DataFrame:
    """Compare NODF with matrices that keep every row's and every column's number of ones.

    Parameters
    ----------
    matrix : pandas.DataFrame
        Zero-one matrix.
    draws : int
        Number of random matrices.
    seed : int
        Seed of the random numbers.

    Returns
    -------
    pandas.DataFrame
        One row per part (``rows``, ``columns``, ``total``): ``observed``, ``expected``, ``low``, ``high``
        (middle 95 per cent of the draws), ``p_at_least`` (share of draws at least as nested, the observed
        matrix counted in).

    References
    ----------
    Strona et al. (2014), A fast and unbiased procedure to randomize ecological binary matrices with fixed
    row and column totals, Nature Communications 5, doi:10.1038/ncomms5114.
    """
    observed = nestedness(matrix)
    drawn = [nestedness(cells) for cells in _same_margins(matrix.to_numpy(dtype=int), draws, seed)]
    rows = []
    for part in ("rows", "columns", "total"):
        values = np.array([getattr(one, part) for one in drawn])
        value = getattr(observed, part)
        low, high = np.quantile(values, [0.025, 0.975])
        at_least = (1 + np.count_nonzero(values >= value - 1e-9)) / (1 + draws)
        rows.append((part, value, float(values.mean()), float(low), float(high), at_least))
    return pd.DataFrame(rows, columns=["part", "observed", "expected", "low", "high", "p_at_least"])


def _same_margins(cells: np.ndarray, draws: int, seed: int) -> Iterator[np.ndarray]:
    """Trade unshared ones between two rows at a time (the curveball algorithm)."""
    random = np.random.default_rng(seed)
    sets = [set(np.flatnonzero(row).tolist()) for row in cells]
    for _ in range(draws):
        for _ in range(5 * len(sets) if len(sets) > 1 else 0):
            i, j = random.choice(len(sets), size=2, replace=False)
            common, only = sets[i] & sets[j], sorted(sets[i] ^ sets[j])
            mixed = random.permutation(only).astype(int).tolist()
            keep = len(sets[i]) - len(common)
            sets[i], sets[j] = common | set(mixed[:keep]), common | set(mixed[keep:])
        drawn = np.zeros_like(cells)
        for i, chosen in enumerate(sets):
            drawn[i, sorted(chosen)] = 1
        yield drawn


def read_flows(path: str | Path) -> pd.DataFrame:
    """Read a bilateral matrix of exports.

    Parameters
    ----------
    path : str or Path
        CSV whose first column names the exporters and whose other columns are the importers, with the same
        names. The world has to be complete: put all other countries together into one row and column.

    Returns
    -------
    pandas.DataFrame
        Square, floats, exporters by importers in the same order, zeros on the diagonal except for the rest
        of the world.

    Raises
    ------
    textfiles.problems.Problem
        If names differ, a cell is empty, no number or negative; all problems at once.
    """
    file = locate(path)
    try:
        text = pd.read_csv(file, dtype=str, keep_default_na=False, index_col=0, encoding="utf-8-sig")
    except (
        OSError,
        UnicodeDecodeError,
        IndexError,
        pd.errors.ParserError,
        pd.errors.EmptyDataError,
    ) as error:
        raise Problem(f"{path} cannot be read as a UTF-8 comma-separated matrix ({error}).") from error
    text.index, text.columns = text.index.str.strip(), text.columns.str.strip()
    if not text.index.is_unique or not text.columns.is_unique or set(text.index) != set(text.columns):
        odd = sorted(set(text.index) ^ set(text.columns))
        raise Problem(
            f"{file.name}: exporters and importers must be the same names; look at {odd or 'repeats'}."
        )
    flows = text.apply(pd.to_numeric, errors="coerce").astype(float)
    bad = [
        f"{file.name}, exports of {a} to {b}: '{text.loc[a, b]}' is not a number from 0 up."
        for a, b in product(flows.index, flows.columns)
        if not (0 <= flows.loc[a, b] < np.inf)
    ]
    if bad:
        raise Problem(*bad)
    return flows[list(flows.index)]


def regional_indicators(flows: pd.DataFrame, region: Sequence[str]) -> pd.Series:
    r"""Intra-regional share, intensity and introversion of a region.

    With :math:`T_{RR}` trade inside the region, :math:`T_R` all trade of its members, :math:`T_W` world
    trade, :math:`T_{RO}` trade of members with outsiders and :math:`T_O` all trade of outsiders (exports
    plus imports throughout):

    .. math::
        ITS = T_{RR} / T_R, \quad ITI = ITS / (T_R / T_W), \quad HI = ITS / (T_{RO} / T_O), \quad
        HE = (1 - ITS) / (1 - T_{RO} / T_O), \quad STI = (HI - HE) / (HI + HE)

    Parameters
    ----------
    flows : pandas.DataFrame
        Complete world, as `read_flows` returns it.
    region : sequence of str
        Members.

    Returns
    -------
    pandas.Series
        ``ITS`` (0-1), ``ITS_exports`` (the same from exports alone), ``ITS_once`` (numerator counted once,
        the slip that halves it), ``ITI`` (1 is neutral), ``HI``, ``HE``, ``STI`` (-1 to 1, 0 is neutral);
        NaN where undefined.

    Raises
    ------
    ValueError
        If a member is not in the matrix, none is given, or no outsider is left.

    References
    ----------
    Iapadre (2006), Regional integration agreements and the geography of world trade, in De Lombaerde (ed.),
    Assessment and Measurement of Regional Integration. Hamanaka (2015), ADB Economics Working Paper 455.

    Examples
    --------
    >>> flows = pd.DataFrame([[0, 30, 20, 50], [20, 0, 10, 70], [10, 10, 0, 30], [60, 40, 50, 600]],
    ...                      index=list("ABCR"), columns=list("ABCR"))
    >>> regional_indicators(flows, ["A", "B", "C"])[["ITS", "ITI", "HI", "HE"]].round(9).tolist()
    [0.4, 1.6, 2.0, 0.75]
    """
    inside = _inside(flows, region)
    cells = flows.to_numpy(dtype=float)
    within, world = cells[np.ix_(inside, inside)].sum(), 2 * cells.sum()
    exports, imports = cells[inside].sum(), cells[:, inside].sum()
    region_trade, outside = exports + imports, exports + imports - 2 * within
    outsiders = world - region_trade
    share = _ratio(2 * within, region_trade)
    abroad = _ratio(outside, outsiders)
    homogeneous, extra = _ratio(share, abroad), _ratio(1 - share, 1 - abroad)
    return pd.Series(
        {
            "ITS": share,
            "ITS_exports": _ratio(within, exports),
            "ITS_once": _ratio(within, region_trade),
            "ITI": _ratio(share, _ratio(region_trade, world)),
            "HI": homogeneous,
            "HE": extra,
            "STI": _ratio(homogeneous - extra, homogeneous + extra),
        }
    )


def _inside(flows: pd.DataFrame, region: Sequence[str]) -> np.ndarray:
    absent = [name for name in region if name not in flows.index]
    if absent or not region:
        raise ValueError(
            f"No row for {', '.join(absent) or 'the region'}; the matrix holds {', '.join(flows.index)}."
        )
    inside = flows.index.isin(list(region))
    if inside.all():
        raise ValueError("The matrix holds members only; add one row and column for the rest of the world.")
    return np.flatnonzero(inside)


def _ratio(top: float, bottom: float) -> float:
    return float(top / bottom) if bottom else float("nan")


def bilateral_intensity(
    flows: pd.DataFrame, exporter: str, importer: str, *, without_own_imports: bool = False
) -> float:
    """Trade intensity of one pair: the importer's weight for the exporter over its weight for the world."""
    _inside(flows, [exporter, importer])
    world = flows.to_numpy().sum() - (flows[exporter].sum() if without_own_imports else 0.0)
    return _ratio(
        _ratio(flows.loc[exporter, importer], flows.loc[exporter].sum()), _ratio(flows[importer].sum(), world)
    )


def shares(values: Iterable[float]) -> np.ndarray:
    """Scale values from 0 up to sum to 1.

    Raises
    ------
    ValueError
        If there is none, one is negative or missing, or all are 0.
    """
    array = np.asarray(list(values), dtype=float)
    if not array.size or not np.all(array >= 0) or not 0 < array.sum() < np.inf:
        raise ValueError("Shares need at least one value, all of them 0 or more and not all 0.")
    total = float(array.sum())
    return np.asarray(array / total)


def concentration(values: Iterable[float]) -> float:
    r"""Herfindahl-Hirschman concentration of shares, :math:`H = \sum s_i^2`, from 1/n to 1.

    Examples
    --------
    >>> round(concentration([5, 3, 2]), 9)
    0.38
    """
    return float((shares(values) ** 2).sum())


def read_macro() -> pd.DataFrame:
    """Read yearly GDP and population of each state.

    Returns
    -------
    pandas.DataFrame
        The rows of the file with ``gdp_per_head`` (current USD). A year in which GDP is missing for a state
        keeps its row, with NaN.

    Raises
    ------
    textfiles.problems.Problem
        With every problem of the table; also if a figure is not above 0.

    Examples
    --------
    >>> read_macro().query("state == 'KAZ' and year == 2023")["gdp_per_head"].round(1).item()
    12858.8
    """
    frame = read_table("macro")
    figures = frame[["gdp_musd", "population_thousands"]]
    if (figures <= 0).to_numpy().any() or figures["population_thousands"].isna().any():
        raise Problem("macro: GDP and population must be above 0, and only GDP may be empty.")
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
