"""The conclusions of the report, the paper and the study, each tried under every choice that touches it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import combinations, product
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import binomtest
from statsmodels.stats.multitest import multipletests

from regint.estimation.agreement import agreement_bounds
from regint.percentages.assignment import assign_bases
from regint.survey import claims
from regint.survey.table import Survey, figure_table, read_survey, recorded_bases, tidy_table
from regint.theory.tables import date_bounds, read_option_coding, read_table

AXES = ("base", "silence", "overlap", "coding", "instruments", "evidence", "what counts")
VERDICTS = ("stands", "stands or open", "depends", "open", "falls", "not tested")
DOCUMENTS = {
    "report": "The survey's report",
    "press": "A newspaper on the survey",
    "paper": "The paper",
    "study": "This study",
}
FEW = 2  # choices that make a verdict rest on little
_HELD = {"certain": "holds", "impossible": "fails", "possible": "open"}
_AT_SETTINGS = {"holds": "yes", "fails": "no", "open": "open"}
INSTRUMENTS = {"own": "own instruments", "any": "wider bodies too"}
_BINDING = ["treaty", "agreement", "protocol", "decision", "accession"]

_Matrix = NDArray[np.float64]


class Settings(NamedTuple):
    """
    What the page that asks takes for granted; the other choices are tried beside it.

    Attributes
    ----------
    base : {"printed", "asked", "answered"}
        Base of the survey's shares.
    scope : {"own", "any"}
        Instruments: of the region's states alone, or of wider bodies too.
    half : float
        Least product of depth and coverage that earns half a point.
    growth : float
        Claimed growth of trade, as a share.
    alpha : float
        Level of the tests.
    draws, seed : int
        Number of draws of each permutation test, and the seed.
    """

    base: str = "printed"
    scope: str = "own"
    half: float = 0.25
    growth: float = 2.5
    alpha: float = 0.05
    draws: int = 999
    seed: int = 2026


# A conclusion, what became of it (a word, or whether it holds), whether at the settings, and the choice.
_Trial = tuple[str, str | bool, bool, dict[str, str]]


def choices(settings: Settings) -> pd.DataFrame:
    """
    Try every conclusion under every choice that touches it.

    Parameters
    ----------
    settings : Settings
        Or the parameters of a notebook, under the same names.

    Returns
    -------
    DataFrame
        One row per conclusion and choice: ``statement`` (of ``data/theory/coverage.csv``), the value on each
        of `AXES` (empty: as usual, or the axis does not touch it), ``outcome`` (``holds``, ``fails`` or
        ``open``) and ``here``, whether it is the choice of the settings.

    Examples
    --------
    >>> tried = choices(Settings(draws=99))
    >>> tried[tried["statement"] == "infrastructure_majority"][["base", "outcome"]].values.tolist()
    [['those who answered', 'holds'], ['all asked', 'fails'], ['all asked', 'open']]
    """
    survey, rng = read_survey("data/survey/astana_2025"), np.random.default_rng(settings.seed)
    trials = [
        *_of_the_claims(survey, settings),
        *_of_the_figures(survey, settings),
        *_of_the_stages(settings, rng),
        *_of_the_agreements(settings, rng),
        *_of_the_theories(survey, settings, rng),
        *_of_the_record(settings),
        *_of_the_incomes(),
    ]
    words: dict[str | bool, str] = {True: "holds", False: "fails"}
    tried = pd.DataFrame(
        {"statement": name, **dict.fromkeys(AXES, ""), **at, "outcome": words.get(told, told), "here": here}
        for name, told, here, at in trials
    )
    # What the settings do not touch, or have no base for, is shown by its first choice.
    unset = ~tried.groupby("statement")["here"].transform("any")
    tried["here"] |= unset & ~tried["statement"].duplicated()
    return tried


def verdicts(tried: pd.DataFrame) -> pd.DataFrame:
    """
    Sum up what became of each conclusion, and find the choice that decides.

    Parameters
    ----------
    tried : DataFrame
        What `choices` returned.

    Returns
    -------
    DataFrame
        One row per conclusion of ``data/theory/coverage.csv``, those of one document together, then by
        verdict, what was tried under `FEW` choices or fewer last: ``document``, ``text`` (with its reading),
        ``verdict`` (one of `VERDICTS`), ``choices`` and ``holds`` (numbers), ``held`` (the outcome at the
        settings and both numbers, in words), ``decides`` (the axes along which the outcome changes while all
        others stay) and ``turns`` (these, with the smallest change of the settings that gives another
        outcome; if not tested, what would be needed). Indexed by ``statement``.

    Examples
    --------
    >>> table = verdicts(choices(Settings(draws=99)))
    >>> table.loc["infrastructure_majority", ["verdict", "held", "decides"]].to_list()
    ['depends', 'no, 1/3', 'base, silence']
    """
    statements = read_table("coverage").query("conclusion").set_index("statement")
    rows = {}
    for name, row in statements.iterrows():
        part = tried[tried["statement"].eq(name)]
        if part.empty:
            rows[name] = ("not tested", 0, 0, "", "", row["note"])
            continue
        ours, holds = part[part["here"]].iloc[0], int(part["outcome"].eq("holds").sum())
        axes, flips = ", ".join(deciding(part)), "; ".join(_flips(part, ours))
        held = f"{_AT_SETTINGS[ours['outcome']]}, {holds}/{len(part)}"
        turns = f"{axes}: {flips}" if axes else ""
        rows[name] = (verdict(set(part["outcome"])), len(part), holds, held, axes, turns)
    columns = ["verdict", "choices", "holds", "held", "decides", "turns"]
    read = statements["note"].str.extract("^Tried as: (.*)$")[0]
    statements["text"] += (" (" + read + ")").fillna("")
    table = statements[["document", "text"]].join(
        pd.DataFrame.from_dict(rows, orient="index", columns=columns)
    )
    place = table["document"].map(list(DOCUMENTS).index) * 10 + table["verdict"].map(VERDICTS.index)
    place += table["choices"].le(FEW) / 2
    return table.loc[place.sort_values(kind="stable").index]


def verdict(outcomes: set[str]) -> str:
    """Say in a word what became of a conclusion whose choices have these outcomes."""
    if "holds" not in outcomes:
        return "falls" if outcomes == {"fails"} else "open"
    if outcomes == {"holds"}:
        return "stands"
    return "depends" if "fails" in outcomes else "stands or open"


def deciding(part: pd.DataFrame) -> list[str]:
    """List the axes along which the outcome of one conclusion changes while all others stay."""
    rest = {axis: [other for other in AXES if other != axis] for axis in AXES}
    return [axis for axis in AXES if part.groupby(rest[axis])["outcome"].nunique().max() > 1]


def _flips(part: pd.DataFrame, ours: "pd.Series[Any]") -> list[str]:
    """Write out the smallest change of the settings that gives another outcome, and count the others."""
    changed = part[list(AXES)].ne(ours[list(AXES)])
    other = part["outcome"].ne(ours["outcome"])
    near = other & changed.sum(axis=1).eq(changed[other].sum(axis=1).min())
    words = [
        " and ".join(row[axis] or "as at the settings" for axis in AXES if row[axis] != ours[axis])
        + f" ({row['outcome']})"
        for _, row in part[near].iterrows()
    ]
    return words[:1] + ([f"{len(words) - 1} more"] if len(words) > 1 else [])


def _silent_may_say_anything(survey: Survey) -> Survey:
    """Widen every figure to what it may be among all asked, if the silent could have answered in any way."""
    asked, answered = (
        survey.questions.loc[survey.responses["question"], name].astype("Float64").reset_index(drop=True)
        for name in ("asked", "answered")
    )
    counts = tidy_table(survey, base="answered")["count"].astype("Float64").reset_index(drop=True)
    ends = [100 * counts / asked, 100 * (counts + asked - answered) / asked]
    known = ends[0].notna().to_numpy()
    least, most = (end[known].map("{:g}".format).to_numpy() for end in ends)
    responses = survey.responses.copy()
    responses.loc[known, "printed"] = ""
    responses.loc[known, "statement"] = [f"from {a} to {b}" for a, b in zip(least, most, strict=True)]
    people = survey.questions["asked"].notna()
    whole = {
        name: survey.questions[name].mask(people, survey.questions["asked"])
        for name in ("printed_base", "answered")
    }
    return replace(survey, responses=responses, questions=survey.questions.assign(**whole))


def _of_the_claims(survey: Survey, settings: Settings) -> Iterator[_Trial]:
    """Try the sentences about the survey: of those who answered, of all asked, and with the silent free."""
    forced = claims.forced_counts(survey)
    runs = [
        ("those who answered", "", claims.claims_on_trial(survey, "answered", counts=forced)),
        ("all asked", "", claims.claims_on_trial(survey, "asked", counts=forced)),
        (
            "all asked",
            "anything from the silent",
            claims.claims_on_trial(_silent_may_say_anything(survey), "asked"),
        ),
    ]
    printed_of_answered = survey.questions["printed_base"].eq(survey.questions["answered"])
    for base, silence, trial in runs:
        for row in trial[trial["verdict"].isin(list(_HELD))].to_dict("records"):
            question = row["questions"].split()[0]
            own = "answered" if printed_of_answered[question] else "asked"
            asks = settings.base if settings.base != "printed" else own
            here = not silence and base == {"asked": "all asked", "answered": "those who answered"}[asks]
            # What speaks of the base alone is the same for every share of it, and is tried once.
            about_base = not re.search("share|count|rank|largest|smallest", row["predicate"])
            if not about_base or base == runs[0][0]:
                choice = {} if about_base else {"base": base, "silence": silence}
                yield row["claim"], _HELD[row["verdict"]], here, choice


def _of_the_figures(survey: Survey, settings: Settings) -> Iterator[_Trial]:
    """Try what the study says of bases, of agreement, and of the lead of one direction over another."""
    printed = figure_table(survey)
    printed["base"] = printed["question"].map(recorded_bases(survey))
    for rule in ("up_or_down", "up", "down", "even", "floor", "ceiling"):
        found = set(assign_bases(printed, range(1, 107), rule)["base"].dropna())
        at = {"what counts": f"rounding: {rule}".replace("_", " ")}
        yield "O01", found == {30, 50, 53}, rule == "up_or_down", at

    table = tidy_table(survey, base="answered").astype({"question": str})
    ordered = survey.questions.index[survey.questions["scale"].eq("ordered")]
    ends = []
    for question in ordered:
        given = table.loc[table["question"].eq(question), "count"].astype(int).to_list()
        silent = int(survey.questions.loc[question, "asked"]) - sum(given)
        ends.append(agreement_bounds(given, silent))
    may_agree = max(low for low, _ in ends) <= min(high for _, high in ends)
    yield "O02", may_agree, True, {"silence": "anything from the silent"}
    yield "O02", False, False, {"silence": "the silent like the others"}

    counts = table[table["question"].eq("economic_directions")].set_index("response")["count"].astype(int)
    answered = int(survey.questions.loc["economic_directions", "answered"])
    pairs = list(combinations(counts.sort_values(ascending=False, kind="stable").index, 2))
    silent = int(survey.questions.loc["economic_directions", "asked"]) - answered
    # All who were silent choose one of the two, or all the other: what they may say lies between.
    said = {"": [(0, 0)], "anything from the silent": [(silent, 0), (0, silent)]}
    for overlap, (silence, added) in product(("least", "greatest"), said.items()):
        split = []  # of each pair: how many chose the first alone, and the second alone
        for x, y in ((counts[a], counts[b]) for a, b in pairs):
            both = max(0, x + y - answered) if overlap == "least" else min(x, y)
            split.append((x - both, y - both))
        for statement, less in (("O03", "energy"), ("O04", "trade_liberalisation")):
            place = pairs.index(("transport_corridors", less))
            ahead: dict[str, set[bool]] = {"one test": set(), f"Holm, {len(pairs)} tests": set()}
            for more in added:
                cells = [*split]
                cells[place] = x, y = (split[place][0] + more[0], split[place][1] + more[1])
                raw = [float(binomtest(b, b + c).pvalue) if b + c else 1.0 for b, c in cells]
                for other, values in zip(ahead, (raw, multipletests(raw, method="holm")[1]), strict=True):
                    ahead[other].add(bool(values[place] <= settings.alpha and x > y))
            for other, found in ahead.items():
                here = overlap == "least" and not silence and other != "one test"
                holds = "open" if len(found) > 1 else found.pop() == (statement == "O04")
                at = {"overlap": f"{overlap} overlap", "silence": silence, "what counts": other}
                yield statement, holds, here, at


def read_codes(half: float) -> tuple[pd.DataFrame, dict[tuple[str, str], NDArray[Any]]]:
    """Code the groupings under every reading: instruments, threshold of half a point, strict or generous."""
    criteria = read_table("balassa_criteria")[
        ["criterion", "stage", "sign", "block_with_pta", "block_without_pta"]
    ]
    coded = read_table("balassa_coding").merge(criteria, on="criterion")
    full = np.where(coded["sign"].eq("negative"), 0.8, 0.9)
    readings = {}
    for scope, ending in (("own", ""), ("any", "_any")):
        depth, coverage = coded[f"depth{ending}"], coded[f"coverage{ending}"]
        for least in sorted({0.2, half, 0.3}):
            part = np.where(depth * coverage >= least - 1e-9, 0.5, 0.0)
            readings[scope, f"half from {least:g}"] = np.where((depth == 1) & (coverage >= full), 1.0, part)
        ours = readings[scope, f"half from {half:g}"]
        readings[scope, "strict coder"] = np.minimum(coded["low"], ours)
        readings[scope, "generous coder"] = np.maximum(coded[f"high{ending}"], ours)
    return coded, readings


def _of_the_stages(settings: Settings, rng: np.random.Generator) -> Iterator[_Trial]:
    """Try what is said of Central Asia on Balassa's stages, and of the order of the stages."""
    coded, readings = read_codes(settings.half)
    for (scope, reading), codes in readings.items():
        usual = scope == settings.scope and reading == f"half from {settings.half:g}"
        at = {"instruments": INSTRUMENTS[scope], "coding": reading}
        read = coded.assign(x=codes)
        area = read[read["group"].eq("CA5")]
        done, cell = area.groupby("stage")["x"].min().eq(1), area.set_index("criterion")["x"]
        yield "P06", not (done["PTA"] and done["FTA"]), usual, at
        yield "P07", bool(cell["C01"] > 0 and cell["C06"] > 0), usual, at
        minus, plus = (_mean_codes(read, sign) for sign in ("negative", "positive"))
        yield "P08", bool(plus["CA5"] < plus["EU"]), usual, at
        yield "P08b", bool(plus["CA5"] < plus["ASEAN"]), usual, at
        yield "P48", bool(plus["CA5"] < 0.5), usual, at
        yield "O08", bool((minus > plus).mean() > 0.5), usual, at
        for scheme, other in (("with_pta", ""), ("without_pta", "preferences count for nothing")):
            means = read[read[f"block_{scheme}"].ne("")].groupby(["group", f"block_{scheme}"])["x"].mean()
            rank = means.groupby("group").sum().rank(ascending=False, method="min")
            here, choice = usual and not other, at | {"what counts": other}
            yield "P06b", bool(4 <= rank["CA5"] <= 6), here, choice
            yield "O05", bool(rank["EU"] == 1), here, choice
            yield "O06", bool(rank["CA5"] >= 7), here, choice
        grid = read.pivot_table(index="group", columns="criterion", values="x")
        for left_out, least in product(("", "EU"), (1.0, 0.5)):
            other = ", ".join(["without the EU"] * bool(left_out) + ["half a point is enough"] * (least < 1))
            met = grid.drop(left_out, errors="ignore").to_numpy() >= least
            holds = _order_p(met, settings.draws, rng) <= settings.alpha
            yield "O07", holds, usual and not other, at | {"what counts": other}


def _mean_codes(read: pd.DataFrame, sign: str) -> "pd.Series[float]":
    """Average the codes of the criteria of a sign by grouping; the criterion with both counts half."""
    weight = read["sign"].map({sign: 1, "both": 0.5}).fillna(0)
    sums = read.assign(code=read["x"] * weight, weight=weight).groupby("group")[["code", "weight"]].sum()
    return sums["code"] / sums["weight"]


def _order_p(met: NDArray[np.bool_], draws: int, rng: np.random.Generator) -> float:
    """Find how often a random order of the criteria fits as well as the given one, as in notebook 06b."""
    stairs = np.arange(met.shape[1]) < met.sum(axis=1, keepdims=True)
    orders = rng.permuted(np.tile(np.arange(met.shape[1]), (draws, 1)), axis=1)
    chance = (met[:, orders] == stairs[:, None, :]).mean(axis=(0, 2))
    return float((1 + (chance >= (met == stairs).mean() - 1e-9).sum()) / (1 + draws))


def _of_the_agreements(settings: Settings, rng: np.random.Generator) -> Iterator[_Trial]:
    """Try whether the receivers of the paper's spillover have signed texts, and whether theirs came later."""
    rows = read_table("agreements")
    counted = rows[rows["kind"].isin(_BINDING) & rows["signed"].ne("") & rows["parties"].str.contains(";")]
    told = read_table("paper_claims").set_index("id")["to_sector"]
    receivers = {name: set(told[name].split(";")) for name in ("P15", "P16", "P17", "P18", "P19")}
    claimed = {
        ("" if least == "low" else "links of medium confidence at least", "" if fine else "sectors merged"): (
            _links_in_order(least, fine)
        )
        for least, fine in product(("low", "medium"), (True, False))
    }
    for scope, evidence in product(("own", "any"), ("any page", "text or official page")):
        chosen = counted if scope == "any" else counted[counted["others"].eq("")]
        if evidence != "any page":
            chosen = chosen[chosen["evidence"].isin(["text", "cited", "official"])]
        usual = scope == settings.scope and evidence == "any page"
        at = {"instruments": INSTRUMENTS[scope], "evidence": evidence}
        for (coding, naming), (links, merged) in claimed.items():
            fields = chosen["sectors"].str.split(";").explode().map(merged)
            p_value = _order_of_dates_p(chosen["signed"], fields, links, settings.draws, rng)
            here = usual and not coding and not naming
            yield "P03", p_value <= settings.alpha, here, at | {"coding": coding, "what counts": naming}
        for parties, least in (("two of the five", 1), ("all five", 4)):
            signed = chosen[chosen["parties"].str.count(";") >= least]
            fields = set(signed["sectors"].str.split(";").explode())
            for statement, wanted in receivers.items():
                yield statement, wanted <= fields, usual and least == 1, at | {"what counts": parties}


def _links_in_order(least: str, fine: bool) -> tuple[pd.DataFrame, "pd.Series[str]"]:
    """
    List the links between sectors that promise an order, and the name under which each sector goes.

    A link that is claimed both ways, or that is said to hamper, promises none.
    """
    sectors = read_table("sectors").set_index("sector", drop=False)
    named = sectors["sector" if fine else "merged"]
    told = read_table("paper_claims")
    levels = ["low", "medium", "high"]
    told = told[told["link_confidence"].isin(levels[levels.index(least) :])]
    links = told.assign(a=told["from_sector"].str.split(";"), b=told["to_sector"].str.split(";"))
    links = links[["a", "b", "effect"]].explode(["a", "b"]).query("a != 'any' and b != 'any'")
    links[["a", "b"]] = links[["a", "b"]].apply(lambda column: column.map(named))
    links = links.query("a != b").drop_duplicates(["a", "b"])
    every = set(zip(links["a"], links["b"], strict=True))
    one_way = [(b, a) not in every for a, b in zip(links["a"], links["b"], strict=True)]
    return links.loc[links["effect"].eq("promotes") & np.array(one_way), ["a", "b"]], named


def _order_of_dates_p(
    signed: "pd.Series[str]",
    fields: "pd.Series[str]",
    links: pd.DataFrame,
    draws: int,
    rng: np.random.Generator,
) -> float:
    """Find how often dealt dates give a mean precedence as large: the test of notebook 07b."""
    days = np.array([[day.toordinal() for day in date_bounds(date)] for date in signed])
    sooner = (days[:, 1][:, None] < days[:, 0][None, :]).astype(float)
    before = sooner + (1 - sooner - sooner.T) / 2
    member = pd.crosstab(fields.index, fields).clip(upper=1).loc[signed.index]
    both = links[links["a"].isin(member) & links["b"].isin(member)].to_numpy()
    each = [np.outer(member[a], member[b]) * (1.0 - np.eye(len(signed))) for a, b in both]
    weights: _Matrix = sum((w / w.sum() for w in each), np.zeros_like(before)) / len(each)
    deals = (rng.permutation(len(signed)) for _ in range(draws))
    chance = np.array([(weights * before[np.ix_(deal, deal)]).sum() for deal in deals])
    return float((1 + (chance >= (weights * before).sum() - 1e-9).sum()) / (1 + draws))


def _of_the_theories(survey: Survey, settings: Settings, rng: np.random.Generator) -> Iterator[_Trial]:
    """Try which theory leads, by reading and measure, and whether any stands out against chance."""
    answers = tidy_table(survey, base="answered").astype({"question": str, "response": str})
    coding = read_option_coding().query("coder == 'collection'")
    options = answers.merge(coding, on=["question", "response"]).dropna(subset="count")
    # One question is told by two newspapers; it counts once.
    options = options[options["question"].ne("barriers_astana_times") & options["primary"].ne("none")]
    counts = options["count"].astype(float)
    second = options["alternative"].mask(options["alternative"].eq(""), options["primary"])
    second_sign = options["alternative_sign"].fillna(options["primary_sign"])
    people = options["kind"].ne("open_coded")
    alike = counts / counts.groupby(options["question"]).transform("sum")
    machine = options[["question", "response"]].merge(
        read_table("second_reading_options"), on=["question", "response"], how="left"
    )
    machine.index = options.index
    for reading, theory, sign in (
        ("primary reading", options["primary"], options["primary_sign"]),
        ("alternative reading", second, second_sign),
        ("a machine's reading", machine["primary"], machine["primary_sign"]),
    ):
        read = theory.mask(theory.eq("none"))  # a group that no sum counts
        measures: Mapping[str, pd.Series[float]] = {
            "all answers": counts.groupby(read).sum(),
            "answers for less against": (counts * sign.astype(float)).groupby(read).sum(),
            "average per option": options["share"][people].astype(float).groupby(read[people]).mean(),
            "questions weigh alike": alike.groupby(read).sum(),
        }
        for measure, values in measures.items():
            here = reading == "primary reading" and measure == "all answers"
            yield "O09", values.idxmax() == "LI", here, {"coding": reading, "what counts": measure}
        p_value = _farthest_p(read, options["question"], counts, settings.draws, rng)
        yield "O10", p_value > settings.alpha, reading == "primary reading", {"coding": reading}


def _farthest_p(
    theory: "pd.Series[str]",
    question: "pd.Series[str]",
    counts: "pd.Series[float]",
    draws: int,
    rng: np.random.Generator,
) -> float:
    """Find how often dealt counts put some theory as far out as the farthest: the test of notebook 08b."""
    deals = np.tile(counts.to_numpy(float), (draws + 1, 1))
    for own in question.reset_index(drop=True).groupby(question.to_numpy()).indices.values():
        deals[1:, own] = rng.permuted(deals[1:, own], axis=1)
    sums = deals @ pd.get_dummies(theory).to_numpy(float)
    centre, spread = sums[1:].mean(axis=0), sums[1:].std(axis=0)
    moves = spread > 0  # a theory that has all options of its questions cannot move
    distance = (np.abs(sums - centre)[:, moves] / spread[moves]).max(axis=1)
    return float((distance >= distance[0] - 1e-9).mean())


def _of_the_record(settings: Settings) -> Iterator[_Trial]:
    """Try the paper's figures and dates against the record, and what is said of membership."""
    totals = read_table("trade_statements")
    full_year = totals["concept"].eq("region") & totals["period"].eq("full year")
    start = totals[full_year & totals["year"].lt(2020)]
    for (place, row), way, end in product(enumerate(start.to_dict("records")), ("by", "to"), (11.0, 10.7)):
        needed = 1 + settings.growth if way == "by" else settings.growth
        year = f"{row['year']}, {row['value_bn']:g} billion"
        here = place == 0 and way == "by" and end == 11.0
        at = {"base": year, "coding": f"a rise {way} it", "what counts": f"end {end:g} billion"}
        yield "P29", end / row["value_bn"] >= needed, here, at
    travel = read_table("tourism").dropna(subset="change_percent").to_dict("records")
    for row in travel:
        here = row["flow"].startswith("Non-resident")
        yield "P30", row["change_percent"] >= 80, here, {"what counts": f"{row['flow']}, {row['period']}"}
    yield "P21", True, True, {"what counts": "Kempir-Abad signed, 2022"}
    yield "P21", False, False, {"what counts": "Barak signed, 2018"}
    yield "P21", False, False, {"what counts": "Barak handed over, 2024"}
    spells = read_table("memberships").query("membership in ['M', 'S'] and to == ''")
    inside = spells.groupby("body")["state"].nunique()
    for (body, name), (share, least) in product(
        (("ashgabat", "Ashgabat"), ("lapis_lazuli", "Lapis Lazuli")),
        (("most of the five", 3), ("all five", 5)),
    ):
        here = body == "ashgabat" and least == 3
        yield "P14", bool(inside[body] >= least), here, {"instruments": name, "what counts": share}
    ruling = read_table("bodies").query("binding == 3 and kind in ['trade', 'security']")["body"]
    for status, other in ((["M", "S"], "signatories count"), (["M"], "members only")):
        states = spells[spells["membership"].isin(status)].groupby("body")["state"].nunique()
        yield "O11", not states.reindex(ruling).eq(5).any(), len(status) == 2, {"what counts": other}


def _of_the_incomes() -> Iterator[_Trial]:
    """Try whether incomes converged from 2010 to 2022: by measure, by weights, and without each state."""
    macro = read_table("macro")
    crowd = macro.set_index(["state", "year"])["population_thousands"].astype(float)
    measures = {
        "purchasing power": read_table("ppp").assign(income=lambda rows: rows["gdp_pc_ppp"]),
        "current dollars": macro.assign(income=macro["gdp_musd"] / macro["population_thousands"]),
    }
    names = {
        "KAZ": "Kazakhstan",
        "KGZ": "Kyrgyzstan",
        "TJK": "Tajikistan",
        "TKM": "Turkmenistan",
        "UZB": "Uzbekistan",
    }
    states = ["", *names]

    def spread(rows: pd.DataFrame, year: int, left_out: str, weights: str) -> float:
        part = rows[rows["year"].eq(year) & rows["state"].ne(left_out)]
        weight = [crowd[state, year] if weights == "people" else 1.0 for state in part["state"]]
        logs = np.log(part["income"].to_numpy(float))
        return float(np.sqrt(np.cov(logs, aweights=weight, ddof=0)))

    for (measure, rows), weights, out in product(measures.items(), ("states", "people"), states):
        falls = spread(rows, 2022, out, weights) < spread(rows, 2010, out, weights)
        here = measure == "purchasing power" and weights == "states" and not out
        at = {
            "base": measure,
            "coding": f"{weights} weigh alike",
            "what counts": f"without {names[out]}" if out else "",
        }
        yield "O12", falls, here, at
