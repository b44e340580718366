"""The order of dated events beside the links that an argument claims."""

import pandas as pd

from regint.theory.dates import date_bounds


def claimed_order(
    links: pd.DataFrame, events: pd.DataFrame, *, merge: dict[str, str] | None = None
) -> pd.DataFrame:
    """Compare each claimed link with the order of dated events in its two sectors.

    If cooperation in one sector brings cooperation in another, dated agreements of the first should tend to
    come before those of the second. For a link with events on both sides, ``precedence`` is the share of
    pairs (one event of each) in which the sender's comes first, pairs that the dates cannot order counting
    half: the statistic of Mann and Whitney (1947, doi:10.1214/aoms/1177730491) divided by the number of
    pairs.

    Parameters
    ----------
    links : pandas.DataFrame
        As `claimed_links` returns it.
    events : pandas.DataFrame
        With ``event``, ``date`` and ``sectors`` (semicolon-separated).
    merge : dict, optional
        Coarser name of each sector, as in `claimed_links`.

    Returns
    -------
    pandas.DataFrame
        One row per link: ``from_sector``, ``to_sector``, ``from_events``, ``to_events`` (numbers),
        ``from_first``, ``to_first`` (earliest dates, empty if none), ``precedence`` (0-1, NaN if one side
        has no event). An event that belongs to both sectors is compared with every other one, never with
        itself.
    """
    names = merge or {}
    by_sector: dict[str, list[tuple[str, str]]] = {}
    for event in events.itertuples():
        for sector in {names.get(name.strip(), name.strip()) for name in event.sectors.split(";")}:
            by_sector.setdefault(sector, []).append((event.date, event.event))
    rows = []
    for link in links.itertuples():
        left, right = (sorted(by_sector.get(name, [])) for name in (link.from_sector, link.to_sector))
        first = [side[0][0] if side else "" for side in (left, right)]
        rows.append(
            (link.from_sector, link.to_sector, len(left), len(right), *first, _precedence(left, right))
        )
    names_of_columns = [
        "from_sector",
        "to_sector",
        "from_events",
        "to_events",
        "from_first",
        "to_first",
        "precedence",
    ]
    return pd.DataFrame(rows, columns=names_of_columns)


def _precedence(left: list[tuple[str, str]], right: list[tuple[str, str]]) -> float:
    pairs = [(a[0], b[0]) for a in left for b in right if a[1] != b[1]]
    if not pairs:
        return float("nan")
    return sum(_comes_first(a, b) for a, b in pairs) / len(pairs)


def _comes_first(a: str, b: str) -> float:
    (a_from, a_to), (b_from, b_to) = date_bounds(a), date_bounds(b)
    if a_to < b_from:
        return 1.0
    return 0.0 if b_to < a_from else 0.5
