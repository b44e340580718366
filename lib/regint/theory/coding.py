"""Options coded by theory: coders, support under every coding, and null models."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import combinations
from pathlib import Path
from typing import Final

import krippendorff
import numpy as np
import pandas as pd
from statsmodels.stats.inter_rater import aggregate_raters, cohens_kappa, fleiss_kappa
from textfiles.problems import Problem, nearest

from regint.estimation.overlap import mcnemar_table
from regint.survey.table import read_survey, tidy_table
from regint.theory.balassa import check_choice
from regint.theory.tables import read_table

NONE: Final = "none"
_CODED = ["primary", "primary_sign", "alternative", "alternative_sign", "rationale"]


def read_option_coding(path: str | Path = "data/theory/option_coding.csv") -> pd.DataFrame:
    """
    Read a coding of survey options.

    Parameters
    ----------
    path : str or Path
        A CSV file with the columns of the shipped coding.

    Returns
    -------
    DataFrame
        ``question``, ``response``, ``coder``, ``primary``, ``primary_sign``, ``alternative``,
        ``alternative_sign`` (<NA> without an alternative), ``rationale``, ``source``, ``locator`` and
        ``status``.

    Raises
    ------
    Problem
        With every problem: unknown theories or sources, an alternative equal to the primary reading, a sign
        without a theory or a theory without a sign.

    Examples
    --------
    >>> coding = read_option_coding()
    >>> coding["coder"].value_counts().to_dict()
    {'collection': 73, 'paper': 18}
    """
    coding = read_table("option_coding", path)
    problems = [*_unknown_theories(coding), *_odd_alternatives(coding)]
    if problems:
        raise Problem(*problems)
    return coding


def _unknown_theories(coding: pd.DataFrame) -> Iterator[str]:
    known = [*read_table("theories")["theory"], NONE]
    for column in ("primary", "alternative"):
        for row in coding[~coding[column].isin([*known, ""])].itertuples():
            value = str(getattr(row, column))
            near = get_close_matches(value.upper(), known, n=1)
            repair = f"write {near[0]!r} if that is meant" if near else "use a code of theories.csv, or none"
            place = f"Coding, {row.question}, {row.response}"
            yield f"{place}: the {column} theory {value!r} is unknown; {repair}."


def _odd_alternatives(coding: pd.DataFrame) -> Iterator[str]:
    for row in coding.itertuples():
        place = f"Coding, {row.question}, {row.response}"
        if row.alternative == row.primary:
            yield f"{place}: the alternative repeats the primary theory; name another or leave it empty."
        if (row.alternative == "") != pd.isna(row.alternative_sign):
            yield f"{place}: an alternative needs both a theory and a sign; fill or empty both."


def join_coding(tidy: pd.DataFrame, coding: pd.DataFrame, coder: str = "collection") -> pd.DataFrame:
    """
    Put one coder's readings beside the answers.

    Parameters
    ----------
    tidy : DataFrame
        A tidy table (`regint.survey.table.tidy_table`).
    coding : DataFrame
        From `read_option_coding`.
    coder : str
        Whose readings to join.

    Returns
    -------
    DataFrame
        The tidy table with ``primary``, ``primary_sign``, ``alternative``, ``alternative_sign`` and
        ``rationale``; an option that the coder left out reads ``none``.

    Raises
    ------
    Problem
        If the coder is unknown, or codes options that the survey does not have.

    Examples
    --------
    >>> from regint.survey.table import read_survey, tidy_table
    >>> tidy = tidy_table(read_survey("data/survey/astana_2025"))
    >>> joined = join_coding(tidy, read_option_coding())
    >>> len(joined) == len(tidy), int((joined["primary"] == "none").sum())
    (True, 8)
    """
    own = coding[coding["coder"] == coder]
    if own.empty:
        repair = nearest(coder, coding["coder"].unique(), "choose a coder of the table")
        raise Problem(f"No row is coded by {coder!r}; {repair}.")
    options = set(zip(tidy["question"].astype(str), tidy["response"].astype(str), strict=True))
    strange = [pair for pair in zip(own["question"], own["response"], strict=True) if pair not in options]
    if strange:
        repair = "correct it or choose a coding of this survey"
        raise Problem(*(f"Coding, {q}, {r}: the survey has no such option; {repair}." for q, r in strange))
    keys = own.set_index(["question", "response"])[_CODED]
    index = pd.MultiIndex.from_arrays([tidy["question"].astype(str), tidy["response"].astype(str)])
    readings = keys.reindex(index).set_axis(tidy.index)
    readings["primary"] = readings["primary"].fillna(NONE)
    readings["primary_sign"] = readings["primary_sign"].fillna(0)
    readings[["alternative", "rationale"]] = readings[["alternative", "rationale"]].fillna("")
    return tidy.join(readings)


def coder_agreement(codes: pd.DataFrame) -> pd.DataFrame:
    r"""
    Measure how far coders agree, pair by pair and together.

    Parameters
    ----------
    codes : DataFrame
        One row per item, one column per coder, missing values where a coder did not code.

    Returns
    -------
    DataFrame
        One row per pair and one for all: ``coders``, ``items`` (coded by all of them), ``agreed`` (share of
        items, 0-1), ``cohen`` (pairs only), ``fleiss`` (items coded by all) and ``krippendorff`` (every item
        coded at least twice).

    Raises
    ------
    Problem
        If there are fewer than two coders or no item that two of them coded.

    Notes
    -----
    All three coefficients compare agreement with chance; they differ in what chance means [1]_ [2]_ [3]_:

    .. math:: \kappa = \frac{p_o - p_e}{1 - p_e}, \qquad \alpha = 1 - \frac{D_o}{D_e}

    They are NaN where every code is the same, since then chance alone would agree.

    References
    ----------
    .. [1] Cohen, J. (1960). A coefficient of agreement for nominal scales. Educational and Psychological
       Measurement 20, 37-46. doi:10.1177/001316446002000104
    .. [2] Fleiss, J. L. (1971). Measuring nominal scale agreement among many raters. Psychological Bulletin
       76, 378-382. doi:10.1037/h0031619
    .. [3] Hayes, A. F. and Krippendorff, K. (2007). Answering the call for a standard reliability measure for
       coding data. Communication Methods and Measures 1, 77-89. doi:10.1080/19312450709336664

    Examples
    --------
    >>> codes = pd.DataFrame({"a": ["NF", "LI", "NF", "SC"], "b": ["NF", "LI", "LI", "SC"]})
    >>> coder_agreement(codes)[["coders", "items", "agreed"]].to_dict("records")
    [{'coders': 'a, b', 'items': 4, 'agreed': 0.75}]
    """
    names = list(codes.columns)
    if len(names) < 2 or not (codes.notna().sum(axis=1) >= 2).any():
        raise Problem("Agreement needs two coders with an item in common; add a second coding.")
    groups = [list(pair) for pair in combinations(names, 2)]
    if len(names) > 2:
        groups.append(names)
    return pd.DataFrame([_agreement(codes[group]) for group in groups])


def _agreement(codes: pd.DataFrame) -> dict[str, object]:
    values = pd.unique(codes.to_numpy().ravel())
    levels = sorted(v for v in values if isinstance(v, str))
    numbers = codes.apply(lambda column: column.map({level: i for i, level in enumerate(levels)}))
    complete = numbers.dropna().astype(int).to_numpy()
    agreed = (complete == complete[:, :1]).all(axis=1).mean() if len(complete) else np.nan
    varied = len(np.unique(complete)) > 1
    fleiss = fleiss_kappa(aggregate_raters(complete, n_cat=len(levels))[0]) if varied else np.nan
    return {
        "coders": ", ".join(codes.columns),
        "items": len(complete),
        "agreed": float(agreed),
        "cohen": _cohen(complete, len(levels)) if varied and complete.shape[1] == 2 else np.nan,
        "fleiss": float(fleiss),
        "krippendorff": _krippendorff(numbers),
    }


def _cohen(pairs: np.ndarray, levels: int) -> float:
    table = np.zeros((levels, levels))
    np.add.at(table, (pairs[:, 0], pairs[:, 1]), 1)
    return float(cohens_kappa(table, return_results=False))


def _krippendorff(numbers: pd.DataFrame) -> float:
    shared = numbers[numbers.notna().sum(axis=1) >= 2]
    if pd.Series(shared.to_numpy().ravel()).nunique() < 2:
        return float("nan")
    data = shared.to_numpy(dtype=float).T
    return float(krippendorff.alpha(reliability_data=data, level_of_measurement="nominal"))


MEASURES: Final = ("choices", "questions", "endorsement")
ENUMERATED: Final = 14


@dataclass(frozen=True)
class Options:
    """
    Coded options with a known number of answers, as arrays.

    Attributes
    ----------
    theories : tuple of str
        Theories that some option is coded to, first or second.
    question : ndarray of int
        Question of each option.
    persons, share : ndarray of float
        Answers and their share of the base (0-1, NaN where the base does not apply).
    first, second : ndarray of int
        Position of the theory in `theories`; -1 for none. Without an alternative, `second` equals `first`.
    first_sign, second_sign : ndarray of float
        1 for the theory, -1 against, 0 neither.
    """

    theories: tuple[str, ...]
    question: np.ndarray
    persons: np.ndarray
    share: np.ndarray
    first: np.ndarray
    second: np.ndarray
    first_sign: np.ndarray
    second_sign: np.ndarray

    @property
    def contested(self) -> np.ndarray:
        """Positions of the options that have two readings."""
        return np.flatnonzero((self.first != self.second) | (self.first_sign != self.second_sign))


def coded_options(joined: pd.DataFrame) -> Options:
    """
    Take the options that count: a known number of answers and a reading.

    Parameters
    ----------
    joined : DataFrame
        From `regint.theory.coding.join_coding`.

    Returns
    -------
    Options
        Options without a printed figure are left out. Where the figure fixes no whole count, persons are
        share times base.

    Raises
    ------
    Problem
        If no option is both coded and counted.

    Examples
    --------
    >>> joined = pd.DataFrame({
    ...     "question": ["q", "q"], "count": pd.array([6, 4], dtype="Int64"), "share": [0.6, 0.4],
    ...     "base": pd.array([10, 10], dtype="Int64"), "primary": ["NF", "LI"], "primary_sign": [1, 1],
    ...     "alternative": ["", "NF"], "alternative_sign": pd.array([None, 1], dtype="Int64")})
    >>> options = coded_options(joined)
    >>> options.theories, options.contested.tolist()
    (('LI', 'NF'), [1])
    """
    persons = joined["count"].astype("Float64").fillna(joined["share"] * joined["base"].astype("Float64"))
    known = joined[persons.notna() & (joined["primary"] != NONE)]
    if known.empty:
        raise Problem("No option of these questions is coded and counted; choose others or another coding.")
    second = known["alternative"].where(known["alternative"] != "", known["primary"])
    theories = sorted({*known["primary"], *second} - {NONE})
    place = {theory: i for i, theory in enumerate(theories)} | {NONE: -1}
    first_sign = known["primary_sign"].astype(float)
    return Options(
        theories=tuple(theories),
        question=pd.factorize(known["question"].astype(str))[0],
        persons=persons[known.index].to_numpy(dtype=float),
        share=known["share"].to_numpy(dtype=float, na_value=np.nan),
        first=known["primary"].map(place).to_numpy(),
        second=second.map(place).to_numpy(),
        first_sign=first_sign.to_numpy(),
        second_sign=known["alternative_sign"].astype("Float64").fillna(first_sign).to_numpy(dtype=float),
    )


def codings(options: Options, *, draws: int = 4000, seed: int = 1970) -> np.ndarray:
    """
    List all codings, or sample them where there are too many.

    Parameters
    ----------
    options : Options
        From `coded_options`.
    draws, seed : int
        How many to sample, and the seed.

    Returns
    -------
    ndarray of bool
        Codings by options; true where the second reading is taken. With up to 14 contested options every
        coding once; else a uniform sample. The first row is the primary coding, the last the alternative one.

    Examples
    --------
    >>> two = Options(("A", "B"), np.zeros(2, int), np.ones(2), np.ones(2), np.array([0, 0]),
    ...               np.array([1, 0]), np.ones(2), np.ones(2))
    >>> codings(two).tolist()
    [[False, False], [True, False]]
    """
    contested = options.contested
    if len(contested) <= ENUMERATED:
        switches = (np.arange(2 ** len(contested))[:, None] >> np.arange(len(contested))) & 1
    else:
        switches = np.random.default_rng(seed).integers(0, 2, (max(draws, 2), len(contested)))
        switches[0], switches[-1] = 0, 1
    taken = np.zeros((len(switches), len(options.first)), dtype=bool)
    taken[:, contested] = switches.astype(bool)
    return taken


def support_draws(
    options: Options, taken: np.ndarray, *, measure: str = "choices", signed: bool = False
) -> pd.DataFrame:
    r"""
    Compute the support of every theory under every coding.

    Parameters
    ----------
    options : Options
        From `coded_options`.
    taken : ndarray of bool
        From `codings`.
    measure : {"choices", "questions", "endorsement"}
        Share of all choices; mean over questions of the share of choices within each; or mean share of the
        base that chose an option of the theory (NaN where a coding leaves the theory without options).
    signed : bool
        Count choices against a theory as negative and those without direction as nothing.

    Returns
    -------
    DataFrame
        One row per coding, one column per theory.

    Notes
    -----
    With :math:`n_o` answers to option :math:`o` and coding :math:`c`, the first measure is

    .. math:: A_t(c) = \sum_{o:\, c(o) = t} s_o n_o \Big/ \sum_o n_o .

    The base (asked or answered) cancels from the first two measures; it moves the level of the third.

    Examples
    --------
    >>> two = Options(("A", "B"), np.zeros(2, int), np.array([6.0, 4.0]), np.array([0.6, 0.4]),
    ...               np.array([0, 0]), np.array([0, 1]), np.ones(2), np.ones(2))
    >>> support_draws(two, codings(two)).to_numpy().tolist()
    [[1.0, 0.0], [0.6, 0.4]]
    """
    check_choice(measure, MEASURES, "measure")
    weight = _weights(options, measure)
    theory = np.where(taken, options.second, options.first)
    sign = np.where(taken, options.second_sign, options.first_sign) if signed else np.ones(taken.shape)
    columns = {}
    for position, name in enumerate(options.theories):
        own = theory == position
        total = np.where(own, sign * weight, 0.0).sum(axis=1)
        if measure == "endorsement":
            number = (own & (weight > 0)).sum(axis=1)
            total = np.divide(total, number, out=np.full(len(total), np.nan), where=number > 0)
        columns[name] = total
    return pd.DataFrame(columns)


def _weights(options: Options, measure: str) -> np.ndarray:
    if measure == "endorsement":
        return np.asarray(np.nan_to_num(options.share, nan=0.0))
    if measure == "choices":
        return np.asarray(options.persons / options.persons.sum())
    totals = np.bincount(options.question, weights=options.persons)[options.question]
    asked = len(np.unique(options.question[totals > 0]))
    return np.asarray(np.divide(options.persons, totals * asked, out=np.zeros(len(totals)), where=totals > 0))


def support_bounds(options: Options, *, measure: str = "choices") -> pd.DataFrame:
    r"""
    Find the least and the most support that any coding can give each theory.

    Parameters
    ----------
    options : Options
        From `coded_options`.
    measure : {"choices", "questions"}
        As in `support_draws`.

    Returns
    -------
    DataFrame
        ``theory``, ``least`` (only options that speak for it under both readings) and ``most`` (every option
        that speaks for it under one): sharp, since one coding attains each.

    Raises
    ------
    Problem
        For the measure ``"endorsement"``, an average that has no such simple bounds.

    Examples
    --------
    >>> two = Options(("A", "B"), np.zeros(2, int), np.array([6.0, 4.0]), np.array([0.6, 0.4]),
    ...               np.array([0, 0]), np.array([0, 1]), np.ones(2), np.ones(2))
    >>> support_bounds(two).round(2).to_dict("list")
    {'theory': ['A', 'B'], 'least': [0.6, 0.0], 'most': [1.0, 0.4]}
    """
    check_choice(measure, MEASURES[:2], "measure")
    weight = _weights(options, measure)
    rows = []
    for position, theory in enumerate(options.theories):
        first, second = options.first == position, options.second == position
        least, most = weight[first & second].sum(), weight[first | second].sum()
        rows.append({"theory": theory, "least": float(least), "most": float(most)})
    return pd.DataFrame(rows)


def support_summary(drawn: pd.DataFrame, mass: float = 0.95) -> pd.DataFrame:
    """
    Summarise the support of each theory over codings.

    Parameters
    ----------
    drawn : DataFrame
        From `support_draws`, the primary coding first.
    mass : float
        Share of codings between the ends (0-1).

    Returns
    -------
    DataFrame
        ``theory``, ``primary`` (under the primary coding), ``median``, ``span`` (pair holding `mass` of the
        codings), ``ranks`` (pair: best and worst rank over all codings; ties share the better one) and
        ``first`` (share of codings in which the theory leads), by falling median.

    Examples
    --------
    >>> drawn = pd.DataFrame({"A": [0.6, 0.4, 0.7], "B": [0.4, 0.6, 0.3]})
    >>> support_summary(drawn)[["theory", "ranks"]].to_dict("records")
    [{'theory': 'A', 'ranks': (1, 2)}, {'theory': 'B', 'ranks': (1, 2)}]
    """
    if not 0 < mass < 1:
        raise Problem(f"The mass must lie between 0 and 1, not {mass:g}; give a share such as 0.95.")
    ends = drawn.quantile([(1 - mass) / 2, (1 + mass) / 2])
    ranks = drawn.fillna(-np.inf).rank(axis=1, ascending=False, method="min")
    rows = [
        {
            "theory": theory,
            "primary": float(drawn[theory].iloc[0]),
            "median": float(drawn[theory].median()),
            "span": (float(ends[theory].iloc[0]), float(ends[theory].iloc[1])),
            "ranks": (int(ranks[theory].min()), int(ranks[theory].max())),
            "first": float((ranks[theory] == 1).mean()),
        }
        for theory in drawn.columns
    ]
    return pd.DataFrame(rows).sort_values("median", ascending=False, kind="stable", ignore_index=True)


BASES = ("asked", "answered")


def support_levels(
    survey: str | Path,
    readings: pd.DataFrame,
    coder: str,
    questions: Iterable[str],
    *,
    mass: float = 0.95,
    draws: int = 4000,
    seed: int = 1970,
) -> pd.DataFrame:
    """
    Average, for each theory, the shares of experts who chose its options, on both bases and over codings.

    Parameters
    ----------
    survey : str or Path
        Survey folder.
    readings : DataFrame
        From `regint.theory.coding.read_option_coding`.
    coder : str
        Whose readings to use.
    questions : iterable of str
        Questions that count. Questions that count remarks instead of people are left out in any case.
    mass, draws, seed
        As in `regint.theory.coding`.

    Returns
    -------
    DataFrame
        One row per base and theory: ``base`` (``"asked"`` or ``"answered"``), ``theory``, ``share`` (median
        over codings, 0-1), ``lower`` and ``upper`` (ends of `mass` of the codings), by falling median.

    Examples
    --------
    >>> from regint.theory.coding import read_option_coding
    >>> levels = support_levels(
    ...     "data/survey/astana_2025", read_option_coding(), "collection", ["agency_formats"], draws=50
    ... )
    >>> levels.groupby("base", sort=False)["share"].max().round(2).to_dict()
    {'asked': 0.36, 'answered': 0.6}
    """
    wanted, found = set(questions), []
    for base in BASES:
        joined = join_coding(tidy_table(read_survey(survey), base=base), readings, coder)
        kept = joined[joined["question"].isin(wanted) & joined["kind"].ne("open_coded")]
        options = coded_options(kept)
        drawn = support_draws(options, codings(options, draws=draws, seed=seed), measure="endorsement")
        found.append(support_summary(drawn, mass).assign(base=base))
    levels = pd.concat(found, ignore_index=True).rename(columns={"median": "share"})
    levels["lower"], levels["upper"] = levels["span"].str[0], levels["span"].str[1]
    return levels[["base", "theory", "share", "lower", "upper"]]


def permutation_null(options: Options, *, draws: int = 4000, seed: int = 1935) -> pd.DataFrame:
    r"""
    Ask whether a theory drew more answers than its options would get by chance.

    Parameters
    ----------
    options : Options
        From `coded_options`; the primary coding is used.
    draws, seed : int
        Number of permutations and seed.

    Returns
    -------
    DataFrame
        ``theory``, ``options`` (how many are coded to it), ``observed`` (share of all choices), ``expected``,
        ``span`` (95% of permutations), ``p_more`` and ``p_less`` (share of permutations at least as far, the
        data counted in; not adjusted for the number of theories).

    Notes
    -----
    Within each question the numbers of answers are dealt to the options at random. A theory with many options
    gets many choices under the null too, so the comparison takes the question list as given. Questions with
    one printed option cannot move.

    Examples
    --------
    >>> two = Options(("A", "B"), np.zeros(2, int), np.array([9.0, 1.0]), np.array([0.9, 0.1]),
    ...               np.array([0, 1]), np.array([0, 1]), np.ones(2), np.ones(2))
    >>> permutation_null(two, draws=99)["observed"].to_list()
    [0.9, 0.1]
    """
    if draws < 1:
        raise Problem("The draws must be at least 1; raise them.")
    generator = np.random.default_rng(seed)
    dealt = np.tile(options.persons, (draws, 1))
    for number in np.unique(options.question):
        own = np.flatnonzero(options.question == number)
        dealt[:, own] = generator.permuted(dealt[:, own], axis=1)
    rows = []
    for position, theory in enumerate(options.theories):
        own = options.first == position
        observed = options.persons[own].sum() / options.persons.sum()
        chance = dealt[:, own].sum(axis=1) / options.persons.sum()
        rows.append({"theory": theory, "options": int(own.sum()), **_against(observed, chance)})
    return pd.DataFrame(rows)


def _against(observed: float, chance: np.ndarray) -> dict[str, object]:
    low, high = np.quantile(chance, [0.025, 0.975])
    return {
        "observed": float(observed),
        "expected": float(chance.mean()),
        "span": (float(low), float(high)),
        "p_more": float((1 + (chance >= observed - 1e-12).sum()) / (1 + len(chance))),
        "p_less": float((1 + (chance <= observed + 1e-12).sum()) / (1 + len(chance))),
    }


def against_option(
    counts: Mapping[str, int], option: str, bases: Mapping[str, int], alpha: float = 0.05
) -> pd.DataFrame:
    """
    Compare one option with every other by the p-values that the printed margins allow.

    Parameters
    ----------
    counts : mapping of str to int
        How many chose each option; several answers are possible.
    option : str
        Option that is compared.
    bases : mapping of str to int
        How many could choose, by the name of the base.
    alpha : float
        Level of the paired tests.

    Returns
    -------
    DataFrame
        One row per other option, the most chosen first: ``other``, ``answers``, ``more`` (chosen more often),
        for each base a pair ``p_<base>`` (least and greatest exact McNemar p-value over the possible
        overlaps), ``greatest`` (list of the greatest p-values by base) and ``verdict`` (``always``,
        ``never`` or ``undecidable``, or ``depends on the base``).

    Examples
    --------
    >>> table = against_option({"rail": 26, "tariffs": 10}, "tariffs", {"asked": 50, "answered": 30})
    >>> table[["other", "answers", "verdict"]].values.tolist()
    [['rail', 26, 'always']]
    """
    rows = []
    for other, number in counts.items():
        if other == option:
            continue
        pair = {option: counts[option], other: number}
        tests = {base: mcnemar_table(pair, size, alpha).iloc[0] for base, size in bases.items()}
        verdicts = {test["verdict"] for test in tests.values()}
        rows.append(
            {
                "other": other,
                "answers": number,
                "more": number > counts[option],
                **{f"p_{base}": (test["p_lower"], test["p_upper"]) for base, test in tests.items()},
                "greatest": [float(test["p_upper"]) for test in tests.values()],
                "verdict": verdicts.pop() if len(verdicts) == 1 else "depends on the base",
            }
        )
    names = ["other", "answers", "more", *(f"p_{base}" for base in bases), "greatest", "verdict"]
    table = pd.DataFrame(rows, columns=names).astype({"more": bool})
    return table.sort_values("answers", ascending=False, kind="stable", ignore_index=True)
