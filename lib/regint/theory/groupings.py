"""Which groupings are compared, and what a generous reading of one of them adds."""

import pandas as pd

from regint.theory.tables import TheoryError, read_table


def compared(coding: pd.DataFrame, names: str = "") -> pd.DataFrame:
    """
    Keep the groupings that are to be compared.

    Parameters
    ----------
    coding : DataFrame
        From `regint.theory.balassa.read_balassa_coding`.
    names : str
        Groupings, separated by commas; without any, all that are read as they stand, so that a grouping does
        not meet its own generous reading.

    Returns
    -------
    DataFrame
        Their rows of the coding.

    Raises
    ------
    TheoryError
        If a name is not in the coding.

    Examples
    --------
    >>> from regint.theory.balassa import read_balassa_coding
    >>> coding = read_balassa_coding()
    >>> compared(coding)["group"].nunique(), compared(coding, "EU, CA5")["group"].unique().tolist()
    (9, ['EU', 'CA5'])
    """
    wanted = [name.strip() for name in names.split(",") if name.strip()]
    unknown = [name for name in wanted if name not in set(coding["group"])]
    if unknown:
        raise TheoryError(
            [f"No grouping is called {unknown[0]!r}; correct the name or add it to the coding."]
        )
    if wanted:
        return coding[coding["group"].isin(wanted)]
    return coding[~coding["group"].isin(_generous()["group"])]


def generous_credits(coding: pd.DataFrame, group: str) -> pd.DataFrame:
    """
    List the criteria on which a generous reading of a grouping goes beyond its code.

    Parameters
    ----------
    coding : DataFrame
        From `regint.theory.balassa.read_balassa_coding`, the generous reading included.
    group : str
        Grouping that is read generously.

    Returns
    -------
    DataFrame
        The rows of the generous reading with a higher code, in ladder order, and ``code_base``, the code of
        the grouping itself. Empty if the coding holds no generous reading of it.

    Examples
    --------
    >>> from regint.theory.balassa import read_balassa_coding
    >>> generous_credits(read_balassa_coding(), "CA5")[["criterion", "code_base", "code"]].values.tolist()
    [['C01', 0.5, 1.0], ['C09', 0.0, 0.5], ['C10', 0.0, 0.5], ['C11', 0.0, 0.5]]
    """
    readings = _generous()
    twins = readings.loc[readings["reading_of"] == group, "group"]
    base = coding.loc[coding["group"] == group, ["criterion", "code"]]
    both = coding[coding["group"].isin(twins)].merge(base, on="criterion", suffixes=("", "_base"))
    return both[both["code"] > both["code_base"]].sort_values("position", ignore_index=True)


def _generous() -> pd.DataFrame:
    return read_table("regional_groups").query("reading == 'generous'")
