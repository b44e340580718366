"""The conclusions of the report, the paper and the study, each tried under every choice that touches it."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, product
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.random import Generator, default_rng
from numpy.typing import NDArray
from scipy.stats import binomtest

from regint.estimation.agreement import agreement_bounds
from regint.percentages.assignment import assign_bases
from regint.percentages.rounding import ROUNDINGS
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
_OUTCOMES = {True: "holds", False: "fails", None: "open"}
_HELD = {"certain": True, "impossible": False, "possible": None}
_AT_SETTINGS = {"holds": "yes", "fails": "no", "open": "open"}
INSTRUMENTS = {"own": "own instruments", "any": "wider bodies too"}
_BINDING = ["treaty", "agreement", "protocol", "decision", "accession"]


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


class _Trial(NamedTuple):
    """A conclusion, whether it holds under a choice (None: that stays open), and whether the settings say so.

    Where no choice is that of the settings, because they do not touch it, the first one is.
    """

    statement: str
    holds: bool | None
    choice: dict[str, str]
    here: bool = False


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
    survey, rng = read_survey("data/survey/astana_2025"), default_rng(settings.seed)
    answers = tidy_table(survey, base="answered").astype({"question": str, "response": str})
    trials = [
        *_of_the_claims(survey, settings),
        *_of_the_bases(survey),
        *_of_the_silent(survey, answers),
        *_of_the_directions(survey, answers, settings.alpha),
        *_of_the_stages(settings, rng),
        *_of_the_agreements(settings, rng),
        *_of_the_theories(answers, settings, rng),
        *_of_the_record(settings),
        *_of_the_incomes(),
    ]
    tried = pd.DataFrame(
        {"statement": name, **dict.fromkeys(AXES, ""), **choice, "outcome": _OUTCOMES[holds], "here": here}
        for name, holds, choice, here in trials
    )
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
    rows = {name: ("not tested", 0, 0, "", "", note) for name, note in statements["note"].items()}
    for name, part in tried[tried["statement"].isin(statements.index)].groupby("statement"):
        ours, holds = part[part["here"]].iloc[0], int(part["outcome"].eq("holds").sum())
        held, axes = f"{_AT_SETTINGS[ours['outcome']]}, {holds}/{len(part)}", ", ".join(deciding(part))
        turns = f"{axes}: {_flips(part, ours)}" if axes else ""
        rows[name] = (verdict(set(part["outcome"])), len(part), holds, held, axes, turns)
    columns = ["verdict", "choices", "holds", "held", "decides", "turns"]
    read = statements["note"].str.extract("^Tried as: (.*)$")[0]
    statements["text"] += (" (" + read + ")").fillna("")
    found = pd.DataFrame.from_dict(rows, orient="index", columns=columns)
    table = statements[["document", "text"]].join(found)
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
    choices = [tuple(choice) for choice in part[list(AXES)].to_numpy()]
    found = []
    for place, axis in enumerate(AXES):
        others = [choice[:place] + choice[place + 1 :] for choice in choices]
        if len(set(zip(others, part["outcome"], strict=True))) > len(set(others)):
            found.append(axis)
    return found


def _flips(part: pd.DataFrame, ours: "pd.Series[Any]") -> str:
    """Write out the smallest change of the settings that gives another outcome, and count the others."""
    others = part[part["outcome"].ne(ours["outcome"])].to_dict("records")
    changed = [[axis for axis in AXES if row[axis] != ours[axis]] for row in others]
    fewest = min(map(len, changed))
    words = [
        " and ".join(row[axis] or "as at the settings" for axis in axes) + f" ({row['outcome']})"
        for row, axes in zip(others, changed, strict=True)
        if len(axes) == fewest
    ]
    return words[0] + (f"; {len(words) - 1} more" if len(words) > 1 else "")


def _silent_may_say_anything(survey: Survey) -> Survey:
    """Widen every figure to what it may be among all asked, if the silent could have answered in any way."""
    whole = survey.questions["asked"]
    people = survey.questions.loc[survey.responses["question"], ["asked", "answered"]].astype("Float64")
    asked, answered = people["asked"].reset_index(drop=True), people["answered"].reset_index(drop=True)
    counts = tidy_table(survey, base="answered")["count"].astype("Float64").reset_index(drop=True)
    least, most = 100 * counts / asked, 100 * (counts + asked - answered) / asked
    known = least.notna()
    words = "from " + least.map("{:g}".format) + " to " + most.map("{:g}".format)
    responses = survey.responses.assign(
        printed=survey.responses["printed"].mask(known, ""),
        statement=survey.responses["statement"].mask(known, words),
    )
    questions = survey.questions.assign(
        printed_base=whole.fillna(survey.questions["printed_base"]),
        answered=whole.fillna(survey.questions["answered"]),
    )
    return replace(survey, responses=responses, questions=questions)


def _of_the_claims(survey: Survey, settings: Settings) -> Iterator[_Trial]:
    """Try the sentences about the survey: of those who answered, of all asked, and with the silent free."""
    words = {"answered": "those who answered", "asked": "all asked"}
    forced = claims.forced_counts(survey)
    runs = [(base, "", claims.claims_on_trial(survey, base, counts=forced)) for base in words]
    free = claims.claims_on_trial(_silent_may_say_anything(survey), "asked")
    runs.append(("asked", "anything from the silent", free))
    printed_of_answered = survey.questions["printed_base"].eq(survey.questions["answered"])
    for base, silence, trial in runs:
        for row in trial[trial["verdict"].isin(list(_HELD))].to_dict("records"):
            own = "answered" if printed_of_answered[row["questions"].split()[0]] else "asked"
            here = not silence and base == (own if settings.base == "printed" else settings.base)
            # What speaks of the base alone is the same for every share of it, and is tried once.
            about_base = not re.search("share|count|rank|largest|smallest", row["predicate"])
            if not about_base or base == "answered":
                choice = {} if about_base else {"base": words[base], "silence": silence}
                yield _Trial(row["claim"], _HELD[row["verdict"]], choice, here)


def _of_the_bases(survey: Survey) -> Iterator[_Trial]:
    """Try which bases stand behind the questions, by the way of rounding."""
    printed = figure_table(survey)
    printed["base"] = printed["question"].map(recorded_bases(survey))
    for rule in ROUNDINGS:
        found = set(assign_bases(printed, range(1, 107), rule)["base"].dropna())
        yield _Trial("O01", found == {30, 50, 53}, {"what counts": f"rounding: {rule}".replace("_", " ")})


def _of_the_silent(survey: Survey, answers: pd.DataFrame) -> Iterator[_Trial]:
    """Try whether the people may agree as much on all questions with an order, whatever the silent say."""
    counts, ends = answers.groupby("question")["count"], []
    for question, asked in survey.questions.query("scale == 'ordered'")["asked"].items():
        given = counts.get_group(question).astype(int).to_list()
        ends.append(agreement_bounds(given, int(asked) - sum(given)))
    may_agree = max(low for low, _ in ends) <= min(high for _, high in ends)
    yield _Trial("O02", may_agree, {"silence": "anything from the silent"})
    yield _Trial("O02", False, {"silence": "the silent like the others"})


def _of_the_directions(survey: Survey, answers: pd.DataFrame, alpha: float) -> Iterator[_Trial]:
    """Try the lead of one direction of cooperation over another, by the exact test of McNemar."""
    chosen = answers.query("question == 'economic_directions'").set_index("response")["count"].astype(int)
    counts = chosen.sort_values(ascending=False, kind="stable")
    asked, answered = survey.questions.loc["economic_directions", ["asked", "answered"]].astype(int)
    pairs, silent = list(combinations(counts.index, 2)), asked - answered
    first, second = np.array(list(combinations(counts, 2))).T
    # All who were silent choose one of the two, or all the other: what they may say lies between.
    said = {"": [(0, 0)], "anything from the silent": [(silent, 0), (0, silent)]}
    for overlap, (silence, added) in product(("least", "greatest"), said.items()):
        both = np.maximum(0, first + second - answered) if overlap == "least" else np.minimum(first, second)
        for statement, less in (("O03", "energy"), ("O04", "trade_liberalisation")):
            place = pairs.index(("transport_corridors", less))
            ahead: dict[str, set[bool]] = {"one test": set(), f"Holm, {len(pairs)} tests": set()}
            for more in added:
                alone = np.column_stack([first - both, second - both])
                alone[place] += more
                raw = np.array([binomtest(b, b + c).pvalue if b + c else 1.0 for b, c in alone.tolist()])
                leads = alone[place, 0] > alone[place, 1]
                for test, values in zip(ahead, (raw, _holm(raw)), strict=True):
                    ahead[test].add(bool(values[place] <= alpha and leads))
            for test, found in ahead.items():
                here = overlap == "least" and not silence and test != "one test"
                holds = None if len(found) > 1 else found.pop() == (statement == "O04")
                at = {"overlap": f"{overlap} overlap", "silence": silence, "what counts": test}
                yield _Trial(statement, holds, at, here)


def _holm(p_values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Correct the p-values of several tests after Holm (that of statsmodels takes a tenth of a second)."""
    order = np.argsort(p_values, kind="stable")
    corrected = np.maximum.accumulate(p_values[order] * np.arange(len(order), 0, -1))
    return np.minimum(corrected, 1)[np.argsort(order, kind="stable")]


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


def _of_the_stages(settings: Settings, rng: Generator) -> Iterator[_Trial]:
    """Try what is said of Central Asia on Balassa's stages, and of the order of the stages."""
    coded, readings = read_codes(settings.half)
    criteria = coded.drop_duplicates("criterion").set_index("criterion").sort_index()
    # The criterion with both signs counts half on either side.
    signs = [criteria["sign"].map({sign: 1, "both": 0.5}).fillna(0) for sign in ("negative", "positive")]
    for (scope, reading), codes in readings.items():
        usual = scope == settings.scope and reading == f"half from {settings.half:g}"
        at = {"instruments": INSTRUMENTS[scope], "coding": reading}
        grid = coded.assign(code=codes).pivot_table(index="group", columns="criterion", values="code")
        cell = grid.loc["CA5"]
        done = cell.groupby(criteria["stage"]).min().eq(1)
        yield _Trial("P06", not (done["PTA"] and done["FTA"]), at, usual)
        yield _Trial("P07", bool(cell["C01"] > 0 and cell["C06"] > 0), at, usual)
        minus, plus = (grid @ weight / weight.sum() for weight in signs)
        yield _Trial("P08", bool(plus["CA5"] < plus["EU"]), at, usual)
        yield _Trial("P08b", bool(plus["CA5"] < plus["ASEAN"]), at, usual)
        yield _Trial("P48", bool(plus["CA5"] < 0.5), at, usual)
        yield _Trial("O08", bool((minus > plus).mean() > 0.5), at, usual)
        for scheme, other in (("with_pta", ""), ("without_pta", "preferences count for nothing")):
            blocks = grid.T.groupby(criteria[f"block_{scheme}"]).mean().drop("", errors="ignore")
            rank = blocks.sum().rank(ascending=False, method="min")
            here, choice = usual and not other, at | {"what counts": other}
            yield _Trial("P06b", bool(4 <= rank["CA5"] <= 6), choice, here)
            yield _Trial("O05", bool(rank["EU"] == 1), choice, here)
            yield _Trial("O06", bool(rank["CA5"] >= 7), choice, here)
        for left_out, least in product(("", "EU"), (1.0, 0.5)):
            other = ", ".join(["without the EU"] * bool(left_out) + ["half a point is enough"] * (least < 1))
            met = grid.drop(left_out, errors="ignore").to_numpy() >= least
            holds = _order_p(met, settings.draws, rng) <= settings.alpha
            yield _Trial("O07", holds, at | {"what counts": other}, usual and not other)


def _order_p(met: NDArray[np.bool_], draws: int, rng: Generator) -> float:
    """Find how often a random order of the criteria fits as well as the given one, as in notebook 06b."""
    stairs = np.arange(met.shape[1]) < met.sum(axis=1, keepdims=True)
    orders = rng.permuted(np.tile(np.arange(met.shape[1]), (draws, 1)), axis=1)
    chance = (met[:, orders] == stairs[:, None, :]).mean(axis=(0, 2))
    return float((1 + (chance >= (met == stairs).mean() - 1e-9).sum()) / (1 + draws))


def _of_the_agreements(settings: Settings, rng: Generator) -> Iterator[_Trial]:
    """Try whether the receivers of the paper's spillover have signed texts, and whether theirs came later."""
    rows = read_table("agreements")
    rows = rows[rows["kind"].isin(_BINDING) & rows["signed"].ne("") & rows["parties"].str.contains(";")]
    rows = rows.assign(days=[[day.toordinal() for day in date_bounds(date)] for date in rows["signed"]])
    told, sectors = read_table("paper_claims"), read_table("sectors").set_index("sector", drop=False)
    acted_on = told.set_index("id")["to_sector"].str.split(";")
    claimed = {
        (coding, naming): (_links_in_order(told, least, sectors[column]), sectors[column])
        for coding, least in (("", "low"), ("links of medium confidence at least", "medium"))
        for naming, column in (("", "sector"), ("sectors merged", "merged"))
    }
    for scope, evidence in product(("own", "any"), ("any page", "text or official page")):
        chosen = rows if scope == "any" else rows[rows["others"].eq("")]
        if evidence != "any page":
            chosen = chosen[chosen["evidence"].isin(["text", "cited", "official"])]
        usual = scope == settings.scope and evidence == "any page"
        at = {"instruments": INSTRUMENTS[scope], "evidence": evidence}
        for (coding, naming), (links, named) in claimed.items():
            member = chosen["sectors"].str.get_dummies(";").T.groupby(named).max().T
            p_value = _order_of_dates_p(chosen["days"], member, links, settings.draws, rng)
            choice = at | {"coding": coding, "what counts": naming}
            yield _Trial("P03", p_value <= settings.alpha, choice, usual and not coding and not naming)
        for parties, least in (("two of the five", 1), ("all five", 4)):
            fields = set(
                ";".join(chosen.loc[chosen["parties"].str.count(";") >= least, "sectors"]).split(";")
            )
            for statement in ("P15", "P16", "P17", "P18", "P19"):
                holds, choice = fields.issuperset(acted_on[statement]), at | {"what counts": parties}
                yield _Trial(statement, holds, choice, usual and least == 1)


def _links_in_order(told: pd.DataFrame, least: str, named: "pd.Series[str]") -> pd.DataFrame:
    """
    List the links between sectors, by the name under which each goes, that promise an order.

    A link that is claimed both ways, or that is said to hamper, promises none.
    """
    levels = ["low", "medium", "high"]
    told = told[told["link_confidence"].isin(levels[levels.index(least) :])]
    links = told.assign(a=told["from_sector"].str.split(";"), b=told["to_sector"].str.split(";"))
    links = links[["a", "b", "effect"]].explode(["a", "b"]).query("a != 'any' and b != 'any'")
    links[["a", "b"]] = links[["a", "b"]].apply(lambda sectors: sectors.map(named))
    links = links.query("a != b").drop_duplicates(["a", "b"])
    back = pd.MultiIndex.from_frame(links[["b", "a"]]).isin(pd.MultiIndex.from_frame(links[["a", "b"]]))
    return links.loc[links["effect"].eq("promotes") & ~back, ["a", "b"]]


def _order_of_dates_p(
    days: "pd.Series[Any]",
    member: pd.DataFrame,
    links: pd.DataFrame,
    draws: int,
    rng: Generator,
) -> float:
    """Find how often dealt dates give a mean precedence as large: the test of notebook 07b."""
    first, last = np.array(days.to_list()).T
    sooner = (last[:, None] < first).astype(float)
    before = sooner + (1 - sooner - sooner.T) / 2
    np.fill_diagonal(before, 0)  # none is compared with itself
    links = links[links["a"].isin(member) & links["b"].isin(member)]
    deals = rng.permuted(np.tile(np.arange(len(days)), (draws, 1)), axis=1)
    # First the agreements as they are; to move them is as good as to deal their dates.
    orders = np.vstack([np.arange(len(days)), deals.argsort(axis=1, kind="stable")])
    signed = {name: member[name].to_numpy(float)[orders] for name in {*links["a"], *links["b"]}}
    earlier = {name: signed[name] @ before for name in set(links["a"])}
    precedence = []
    for a, b in links.to_numpy():
        pairs = member[a].sum() * member[b].sum() - (member[a] * member[b]).sum()
        precedence.append((earlier[a] * signed[b]).sum(axis=1) / pairs)
    means = np.mean(precedence, axis=0)
    return float((means >= means[0] - 1e-9).mean())


def _of_the_theories(answers: pd.DataFrame, settings: Settings, rng: Generator) -> Iterator[_Trial]:
    """Try which theory leads, by reading and measure, and whether any stands out against chance."""
    coding = read_option_coding().query("coder == 'collection'")
    machine = read_table("second_reading_options")[["question", "response", "primary", "primary_sign"]]
    options = answers.merge(coding, on=["question", "response"]).dropna(subset="count")
    options = options.merge(machine, on=["question", "response"], how="left", suffixes=("", "_machine"))
    # One question is told by two newspapers; it counts once.
    options = options[options["question"].ne("barriers_astana_times") & options["primary"].ne("none")]
    counts = options["count"].astype(float)
    second = options["alternative"].mask(options["alternative"].eq(""), options["primary"])
    second_sign = options["alternative_sign"].fillna(options["primary_sign"])
    people = options["kind"].ne("open_coded")
    alike = counts / counts.groupby(options["question"]).transform("sum")
    for reading, theory, sign in (
        ("primary reading", options["primary"], options["primary_sign"]),
        ("alternative reading", second, second_sign),
        ("a machine's reading", options["primary_machine"], options["primary_sign_machine"]),
    ):
        read = theory.mask(theory.eq("none"))  # a group that no sum counts
        measures: dict[str, pd.Series[Any]] = {
            "all answers": counts.groupby(read).sum(),
            "answers for less against": (counts * sign.astype(float)).groupby(read).sum(),
            "average per option": options["share"][people].astype(float).groupby(read[people]).mean(),
            "questions weigh alike": alike.groupby(read).sum(),
        }
        for measure, values in measures.items():
            yield _Trial("O09", values.idxmax() == "LI", {"coding": reading, "what counts": measure})
        p_value = _farthest_p(options, read, settings.draws, rng)
        yield _Trial("O10", p_value > settings.alpha, {"coding": reading})


def _farthest_p(options: pd.DataFrame, theory: "pd.Series[str]", draws: int, rng: Generator) -> float:
    """Find how often dealt counts put some theory as far out as the farthest: the test of notebook 08b."""
    deals = np.tile(options["count"].to_numpy(float), (draws + 1, 1))
    for own in options.groupby("question").indices.values():
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
    start = totals[full_year & totals["year"].lt(2020)][["year", "value_bn"]]
    for (year, value), way, end in product(start.itertuples(index=False), ("by", "to"), (11.0, 10.7)):
        needed = 1 + settings.growth if way == "by" else settings.growth
        at = {"base": f"{year}, {value:g} billion", "coding": f"a rise {way} it"}
        yield _Trial("P29", end / value >= needed, at | {"what counts": f"end {end:g} billion"})
    for row in read_table("tourism").dropna(subset="change_percent").to_dict("records"):
        at, here = {"what counts": f"{row['flow']}, {row['period']}"}, row["flow"].startswith("Non-resident")
        yield _Trial("P30", row["change_percent"] >= 80, at, here)
    yield _Trial("P21", True, {"what counts": "Kempir-Abad signed, 2022"})
    yield _Trial("P21", False, {"what counts": "Barak signed, 2018"})
    yield _Trial("P21", False, {"what counts": "Barak handed over, 2024"})
    spells = read_table("memberships").query("membership in ['M', 'S'] and to == ''")
    inside = spells.groupby("body")["state"].nunique()
    for body, name in (("ashgabat", "Ashgabat"), ("lapis_lazuli", "Lapis Lazuli")):
        for share, least in (("most of the five", 3), ("all five", 5)):
            yield _Trial("P14", bool(inside[body] >= least), {"instruments": name, "what counts": share})
    ruling = read_table("bodies").query("binding == 3 and kind in ['trade', 'security']")["body"]
    for status, other in ((["M", "S"], "signatories count"), (["M"], "members only")):
        states = spells[spells["membership"].isin(status)].groupby("body")["state"].nunique()
        yield _Trial("O11", not states.reindex(ruling).eq(5).any(), {"what counts": other})


def _of_the_incomes() -> Iterator[_Trial]:
    """Try whether incomes converged from 2010 to 2022: by measure, by weights, and without each state."""
    names = {"KAZ": "Kazakhstan", "KGZ": "Kyrgyzstan", "TJK": "Tajikistan", "TKM": "Turkmenistan"}
    names |= {"UZB": "Uzbekistan"}
    states = read_table("macro").merge(
        read_table("ppp")[["state", "year", "gdp_pc_ppp"]], on=["state", "year"]
    )
    states["current dollars"] = states["gdp_musd"] / states["population_thousands"]
    states["purchasing power"] = states["gdp_pc_ppp"]

    def spread(rows: pd.DataFrame, measure: str, weights: str) -> float:
        weight = rows["population_thousands"].astype(float) if weights == "people" else None
        return float(np.sqrt(np.cov(np.log(rows[measure].astype(float)), aweights=weight, ddof=0)))

    measures, whose = ("purchasing power", "current dollars"), ("states", "people")
    for measure, weights, out in product(measures, whose, ("", *names)):
        rest = states[states["state"].ne(out)]
        then, now = (spread(rest[rest["year"].eq(year)], measure, weights) for year in (2010, 2022))
        at = {"base": measure, "coding": f"{weights} weigh alike"}
        yield _Trial("O12", now < then, at | {"what counts": f"without {names[out]}" if out else ""})
