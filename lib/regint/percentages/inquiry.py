"""What a few printed numbers can mean, asked and answered in a few sentences."""

import re
from collections.abc import Sequence
from contextlib import suppress
from fractions import Fraction
from itertools import islice, pairwise
from typing import Any

import pandas as pd

from regint.percentages.apportionment import FORCED, rounding_mechanisms
from regint.percentages.bases import IDENTIFIED, base_likelihood
from regint.percentages.coincidence import mechanism_coincidences
from regint.percentages.counts import admissible_bases, count_vectors, number_of_vectors
from regint.percentages.means import (
    answer_distributions,
    fitting_denominators,
    greatest_deviation,
    mean_bases,
    mean_totals,
    neighbouring_means,
)
from regint.percentages.misfits import WITHOUT_ZEROS, misfits
from regint.percentages.rounding import parse_figure

_LARGEST = 1000  # base that is tried where none is given
_SMALL = 60  # up to so many people, other ways of rounding are searched for
_LISTED = 8
_MANY = 20  # counts of one set
_MOST_ANSWERS = 1_000_000
_COUNTED = 1000  # answers times points of a scale, up to which distributions are counted
_WHOLE = {
    "closed": "everybody is taken to be in one of them",
    "open": "some people are taken to be in none of them",
    "multiple": "people may be in several of them",
}
_RULES = {
    "up": "rounded with halves up",
    "down": "rounded with halves down",
    "even": "rounded with halves to the even digit",
    "floor": "cut off",
    "ceiling": "rounded up",
    FORCED: "made to add up to 100",
    WITHOUT_ZEROS: "whole numbers, printed with zeros",
}


def about_figures(figures: Sequence[str], base: int | None = None, total: str = "") -> dict[str, Any]:
    """Say what the printed percentages of one question can mean, at a base or at all up to 1,000.

    Without a `total` the counts add up as the sum of the figures suggests: about 100 closed, less open, more
    multiple. Found are ``bases`` (those that fit, of one the given), ``counts`` (a few sets of counts of the
    given or the least base) and ``sets`` (how many there are); without a base ``probability`` (of the
    ``likeliest``, all alike beforehand); ``mechanism`` (another way of rounding that explains the figures, if
    any); ``sentences``, six at most, the answer first.

    Examples
    --------
    >>> about_figures(["33", "67"], base=3)["sentences"][0]
    'Yes: of 3 people, 1 and 2 give these figures.'
    >>> about_figures(["43.5", "23.5", "23", "10"], base=30)["sentences"][0]
    'No: of 30 people, no counts give these figures together, rounded to the nearest.'
    """
    parsed = [parse_figure(figure) for figure in figures]
    if not parsed:
        raise ValueError("No figure was given; write what is printed, such as 43.5 23.5 23 10.")
    summed = sum(Fraction(one.units, one.scale) for one in parsed)
    slack = sum(Fraction(1, 2 * one.scale) for one in parsed)
    suggested = "open" if summed + slack < 100 else "multiple" if summed - slack > 100 else "closed"
    total = total or suggested
    found: dict[str, Any] = {"figures": list(figures), "total": total, "base": base}
    found |= {"bases": [], "counts": [], "sets": 0, "mechanism": None}
    said = _at_base(found, base) if base else _over_bases(found)
    above = total != "multiple" and summed - slack > 100
    below = total == "closed" and summed + slack < 100
    if (above or below) and not found["mechanism"]:
        del said[len(said) - (not base) :]  # no number of people would settle it
        rounded_up = "figures rounded up, " if summed - 2 * slack < 100 else ""
        more = (
            f"More than 100 takes {rounded_up}several answers each, a figure that sums up others, or a slip."
        )
        less = "Less than 100 takes answers that are not listed, figures cut off, or a slip."
        said.append(more if above else less)
    elif base and not found["bases"]:
        said.append("That need not be a mistake: some may not have answered, or the figures may be weighted.")
    if len(parsed) > 1:
        said.insert(1, f"They add up to {float(summed):.12g}; {_WHOLE[total]} (--total {total}).")
    return found | {"sentences": said}


def _over_bases(found: dict[str, Any]) -> list[str]:
    """Answer for all bases that are thinkable."""
    figures, total, probability = found["figures"], found["total"], 0.0
    bases = admissible_bases(figures, range(1, _LARGEST + 1), total)
    found |= {"bases": bases, "likeliest": None, "probability": probability}
    if bases:
        one_set = _sets(found, bases[0])
        weighed = base_likelihood(figures, bases, total).set_index("base")["log10_likelihood"]
        chances = 10 ** (weighed - weighed.max())
        likeliest, probability = int(chances.idxmax()), float(chances.max() / chances.sum())
        found |= {"likeliest": likeliest, "probability": probability}
        tell = "tell" if probability >= IDENTIFIED else "do not tell"
        gaps = [after for before, after in pairwise(bases) if after > before + 1]
        every = gaps and bases[-1] == _LARGEST and gaps[-1] < _LARGEST - 9
        sentences = [
            f"Of the bases up to {_LARGEST}, {len(bases) if len(bases) > 1 else 'one'} can give "
            f"{_these(figures)}: {_list(bases)}{f', and every one from {gaps[-1]} on' if every else ''}.",
            f"Of {_people(bases[0])}, {one_set}.",
            f"If all bases were equally likely beforehand, the likeliest is {likeliest}, with a probability "
            f"of {probability:.2f}: the figures {tell} the base.",
        ]
    else:
        sentences = [f"No base up to {_LARGEST} gives {_these(figures)}, rounded to the nearest."]
    if total == "closed" and not (bases and bases[0] <= _SMALL):
        sentences += _mechanism(found)
    if probability < IDENTIFIED:
        settle = "the figures with another decimal" if bases else "how they were rounded"
        sentences.append(f"The number of people asked, or {settle}, would settle it.")
    return sentences


def _mechanism(found: dict[str, Any]) -> list[str]:
    """Look for a small number of people whose shares make the figures in another way of rounding."""
    tried = range(1, _SMALL + 1)
    ways = rounding_mechanisms(found["figures"], tried).dropna(subset="coincidence_rate")
    ways = ways.sort_values(["coincidence_rate", "base"], kind="stable")
    if ways.empty:
        return []
    rule, grid, base, counts, _, rate = ways.iloc[0]
    searched = float(mechanism_coincidences(found["figures"], tried).set_index("base")["rate"][base])
    found["mechanism"] = {"rule": rule, "grid": grid, "base": int(base), "counts": list(counts)}
    found["mechanism"] |= {"coincidence_rate": float(rate), "searched_rate": searched}
    return [
        f"{_list(counts, len(counts))} of {base} would give them if shares were "
        f"{_RULES.get(rule, 'rounded to the nearest')} in steps of {grid}; of figures drawn at random with "
        f"this sum, {100 * searched:.0f} per cent are explained in some such way by {base} people or fewer."
    ]


def _at_base(found: dict[str, Any], base: int) -> list[str]:
    """Answer for one base."""
    figures = found["figures"]
    places = [f"{place}" for place in range(len(figures))]
    table = pd.DataFrame({"question": "", "response": places, "total": found["total"], "printed": figures})
    odd = misfits(table.assign(base=base, count=pd.array([None] * len(figures), dtype="Int64")))
    if odd.empty:
        found["bases"] = [base]
        return [f"Yes: of {_people(base)}, {_sets(found, base)}."]
    alone = [
        f"{row.printed} ({row.would_print.replace(':', ' is').replace(';', ' and')})"
        for row in odd[odd["finding"] == "figure"].itertuples()
    ]
    if len(figures) == 1:
        sentences = [f"No: no count of {_people(base)} rounds to {alone[0]}."]
    else:
        sentences = [
            f"No: of {_people(base)}, no counts give these figures together, rounded to the nearest."
        ]
        told = " or to ".join(list(dict.fromkeys(alone))[:2])
        sentences += [f"Alone already, no count rounds to {told}."] if alone else []
    fitting, rules = odd["fitting_bases"].iloc[0], odd["rule"].iloc[0]
    if fitting:
        bases = "base that fits is" if len(fitting) == 1 else "bases that fit are"
        sentences.append(f"The nearest {bases} {' and '.join(map(str, fitting))}.")
    if rules:
        found["mechanism"] = {"rule": rules[0], "base": base}
        forced = [FORCED] if FORCED in rules and base <= _SMALL else []
        ways = rounding_mechanisms(figures, [base], forced).head(1).itertuples()
        steps = "".join(f" in steps of {way.grid}: {_list(way.counts)}" for way in ways)
        sentences.append(f"They fit if they were {' or '.join(_RULES[rule] for rule in rules)}{steps}.")
    return sentences


def _people(number: int) -> str:
    """Write how many people."""
    return "1 person" if number == 1 else f"{number} people"


def _these(figures: Sequence[str]) -> str:
    """Speak of one figure or of several."""
    return "this figure" if len(figures) == 1 else "these figures"


def _sets(found: dict[str, Any], base: int) -> str:
    """List a few sets of counts in what was found; show the first, and say how many others there are."""
    question = found["figures"], base, found["total"]
    found["counts"] = [list(vector) for vector in islice(count_vectors(*question), _LISTED)]
    found["sets"] = number_of_vectors(*question)
    first, others = found["counts"][0], found["sets"] - 1
    gives = "gives" if first == [1] else "give"
    more = f", and so do {others:,} other sets of counts" if others > 1 else ", and so does one other set"
    return f"{_list(first, _MANY)} {gives} {_these(found['figures'])}{more * bool(others)}"


def _list(numbers: Sequence[int], most: int = _LISTED) -> str:
    """Write numbers as a list, of many the first."""
    told = [str(number) for number in numbers[:most]]
    if len(numbers) > most:
        return f"{', '.join(told)} ..."
    return " and ".join(filter(None, [", ".join(told[:-1]), told[-1]]))


def about_mean(
    mean: str,
    n: int | None = None,
    scale: tuple[int, int] | None = None,
    sd: str = "",
    figures: Sequence[str] = (),
    items: int = 1,
) -> dict[str, Any]:
    """Say what a printed mean of whole-number answers can mean, and a standard deviation beside it.

    The percentages beside it, in the order of the `scale` or the other way round, count if there is one
    for each point; each person's score averages so many `items`. Found are ``fits`` (None where `n` is
    not known); ``n_that_fit`` (near the one given, or all that tell something); ``distributions`` (how
    many on the scale, where they can be counted); ``sentences``, four at most, the answer first.

    Examples
    --------
    >>> about_mean("5.19", 28)["sentences"][0]
    'No: no 28 whole-number answers have a mean that prints as 5.19.'
    >>> about_mean("3.57", 28, (1, 5))["fits"]
    True
    """
    if sd and not re.fullmatch(r"\d+(\.\d+)?", sd):
        raise ValueError(f"The standard deviation {sd!r} is no printed number; write digits such as '1.20'.")
    if n and n > _MOST_ANSWERS:
        raise ValueError(f"Of more than {_MOST_ANSWERS:,} answers a printed mean tells nothing; check n.")
    found: dict[str, Any] = {"mean": mean, "sd": sd, "n": n, "scale": scale, "items": items}
    found |= {"fits": None, "distributions": None}
    about: dict[str, Any] = {"scale": scale, "items": items}
    decimals = len(mean.partition(".")[2])
    telling = -(-(10**decimals) // items)  # from so many people on, every mean of so many decimals fits
    each = f", each score an average of {items} answers" if items > 1 else ""
    if n is None:
        fitting = mean_bases(mean, range(1, telling + 1), **about)
        if scale and not scale[0] <= Fraction(mean) <= scale[1]:
            return found | {"n_that_fit": [], "sentences": [f"A mean of {mean} lies outside its scale."]}
        some = f"these can have a mean of {mean}{each}: {_list(fitting)}"
        none = f"none can have a mean of {mean}{each}"
        sentences = [
            f"Of the numbers of people up to {telling}, {some if fitting else none}.",
            f"From {telling} on, any number can: so few decimals tell no more.",
        ]
        if telling == 1:
            sentences = [f"Any number of people can have a mean of {mean}{each}."]
        if sd and scale and (most := greatest_deviation(mean, sd, scale, items=items)):
            found["fits"] = False
            sentences.insert(0, _too_wide(mean, sd, scale, most))
        return found | {"n_that_fit": fitting, "sentences": sentences}
    near = mean_bases(mean, range(max(1, n - 10), n + 11), **about)
    found |= {"n_that_fit": near, "fits": bool(mean_totals(mean, n, **about))}
    if not found["fits"] and mean_totals(mean, n, items=items):
        return found | {"sentences": [f"A mean of {mean} lies outside its scale."]}
    who = _people(n) if items > 1 else f"{n} whole-number answers" if n > 1 else "single whole-number answer"
    if not found["fits"]:
        averages = [k for k in range(items + 1, 11) if mean_totals(mean, n, items=k, scale=scale)]
        neighbours = " and ".join(neighbouring_means(mean, n, **about))
        several = _list(averages[:3]).replace(" and ", " or ") if averages else "several"
        sentences = [
            f"No: no {who} {'have' if n > 1 else 'has'} a mean that prints as {mean}{each}.",
            f"The nearest means that are possible print as {neighbours}.",
            *([f"Numbers of people near {n} that fit: {_list(near)}."] if near else []),
            f"That need not be a mistake: scores may be averages of {several} answers, or the mean weighted.",
        ]
        return found | {"sentences": sentences}
    widest = greatest_deviation(mean, sd, scale, n=n, items=items) if sd and scale else ""
    divisors = ["n-1"] if not sd else [] if widest else fitting_denominators(mean, sd, n, **about)
    found["fits"] = bool(divisors)
    beside = f" and a standard deviation of {sd}" if sd else ""
    who = f"{'a ' * who.startswith('single')}{who}"
    totals = mean_totals(mean, n, **about)
    verdict = f"Yes: {who} can" if found["fits"] else f"No: {who} cannot"
    if found["fits"] and len(totals) == 1 and n > 1 and items == 1:
        verdict = f"Yes: {who} that add up to {totals[0]}"
    sentences = [f"{verdict} have a mean of {mean}{beside}{each}."]
    if divisors == ["n"]:
        sentences.append("The standard deviation is one with the divisor n, not n-1.")
    if scale and widest:
        sentences.append(_too_wide(mean, sd, scale, widest).removeprefix("No: ").capitalize())
    elif not found["fits"]:
        sentences.append("No divisor, n or n-1, makes it fit.")
        sentences.append("That need not be a mistake: fewer may have answered, or both may be weighted.")
    if n >= telling and not sd:
        sentences.append("With so many answers any mean fits, so this says little.")
    if scale and found["fits"] and items == 1:
        points = range(scale[0], scale[1] + 1)
        if len(figures) == len(points):
            sentences[0:0] = _beside_percentages(found, figures, divisors[0])
        elif n * len(points) <= _COUNTED:
            with suppress(ValueError):  # too many to count
                ways = answer_distributions(mean, n, scale, sd=sd or None, listed=1, denominator=divisors[0])
                found["distributions"] = ways.number
                many = "one way" if ways.number == 1 else f"{ways.number:,} ways"
                sentences.append(
                    f"On a scale from {scale[0]} to {scale[1]}, they can be shared out in {many}."
                )
    return found | {"sentences": sentences}


def _too_wide(mean: str, sd: str, scale: tuple[int, int], most: str) -> str:
    """Say that a standard deviation is larger than any on the scale."""
    return (
        f"No: on a scale from {scale[0]} to {scale[1]}, no answers with a mean of {mean} have a standard "
        f"deviation above {most}, and {sd} is printed."
    )


def _beside_percentages(found: dict[str, Any], figures: Sequence[str], divisor: str) -> list[str]:
    """Join a mean to the percentages of the same answers, given from either end of the scale."""
    low, high = found["scale"]
    ways = {}
    for order in (figures, figures[::-1]):
        shares = dict(zip(range(low, high + 1), order, strict=True))
        with suppress(ValueError):  # too many to count
            ways[order is figures] = answer_distributions(
                found["mean"], found["n"], (low, high), sd=found["sd"] or None, shares=shares, listed=1,
                denominator=divisor,
            ).number  # fmt: skip
    if not ways:
        return []
    best = max(ways, key=lambda first: (ways[first], first))
    found["distributions"], found["fits"] = ways[best], ways[best] > 0
    if not ways[best]:
        return [
            "No: no answers print as the mean and the percentages together, whichever end comes first; the "
            "mean may be of fewer people, or weighted."
        ]
    ends = f"with the first figure for {low if best else high}"
    many = "one distribution" if ways[best] == 1 else f"{ways[best]:,} distributions"
    return [f"Yes: {many} of the answers, {ends}, would print as mean and percentages."]
