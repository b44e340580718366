"""Hold one claim against every data set that could have printed the figures."""

from collections.abc import Mapping
from dataclasses import dataclass

from regint.survey.predicates.binding import bind, names_of
from regint.survey.predicates.grammar import parse
from regint.survey.predicates.predicate import Claim, ClaimError, Leader, quantities
from regint.survey.predicates.search import relevant, search
from regint.survey.predicates.universe import Point, Universe, universe
from regint.survey.published import BASES, Survey

VERDICTS = ("certain", "possible", "impossible", "undecided", "no data set", "no base", "untestable")
Counts = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class Verdict:
    """
    The outcome for one claim under one base.

    Attributes
    ----------
    verdict : str
        ``certain``: true in every admissible data set; ``impossible``: in none; ``possible``: in some;
        ``undecided``: the search was cut off; ``no data set``: nothing can have printed these figures at
        this base; ``no base``: the base is unknown; ``untestable``: the claim has no predicate.
    base : str
        The base the shares were taken of.
    witness, counterexample : dict or None
        Counts by question and response under which the claim holds, and under which it fails.
    deciding : frozenset of tuple
        Question and response of the counts that the claim turns on.
    named : frozenset of tuple
        Those of them that the claim itself names.
    """

    verdict: str
    base: str
    witness: dict[str, dict[str, int]] | None = None
    counterexample: dict[str, dict[str, int]] | None = None
    deciding: frozenset[tuple[str, str]] = frozenset()
    named: frozenset[tuple[str, str]] = frozenset()


def try_claim(
    survey: Survey,
    predicate: str,
    base: str = "printed",
    *,
    printed_base: int | None = None,
    counts: Counts | None = None,
    rounding: str = "up_or_down",
) -> Verdict:
    """
    Hold one claim against every data set that could have printed the figures.

    Parameters
    ----------
    survey : Survey
        A survey as read.
    predicate : str
        A line of the claims language; empty for a claim that nothing printed could decide.
    base : {"printed", "asked", "answered"}
        What the shares are taken of. The counts always come from the base that the figures refer to.
    printed_base : int, optional
        Another base for the printed figures than the recorded one, for all questions of the claim; it
        then serves as the denominator as well.
    counts : mapping, optional
        Counts by question and response to be taken as known, in place of figures.
    rounding : str
        Rounding rule of the figures, see `regint.statistics.rounding.unround`.

    Returns
    -------
    Verdict
        With witness and counter-example where there are any.

    Raises
    ------
    ClaimError
        If the predicate cannot be read, names something unknown, or `base` does not exist.

    Notes
    -----
    "True in every consistent data set" as a standard for statements about published tables follows work on
    the reconstruction of microdata [1]_. Counts are searched by branch and bound
    (`regint.survey.predicates.search`), so nothing is sampled.

    References
    ----------
    .. [1] Garfinkel, S., Abowd, J. M. and Martindale, C. (2019). Understanding database reconstruction
       attacks on public data. Communications of the ACM 62(3), 46-53. https://doi.org/10.1145/3287287

    Examples
    --------
    >>> from regint.survey.published import read_survey
    >>> survey = read_survey("data/survey/astana_2025")
    >>> try_claim(survey, "share(infrastructure, moderate) > 1/2").verdict
    'impossible'
    >>> try_claim(survey, "share(infrastructure, moderate) > 1/2", base="answered").verdict
    'certain'
    """
    if base not in BASES:
        raise ClaimError(f"The base {base!r} does not exist; choose one of {', '.join(BASES)}.")
    if not predicate.strip():
        return Verdict("untestable", base)
    claim = bind(parse(predicate), names_of(survey.questions, survey.responses))
    return judge(survey, claim, base, printed_base, counts or {}, rounding)


def judge(
    survey: Survey, claim: Claim, base: str, printed_base: int | None, counts: Counts, rounding: str
) -> Verdict:
    """
    Hold a bound claim against every admissible data set; the working part of `try_claim`.

    Parameters
    ----------
    survey, base, printed_base, counts, rounding
        As in `try_claim`.
    claim : Claim
        A bound syntax tree.

    Returns
    -------
    Verdict
        As in `try_claim`.

    Examples
    --------
    >>> from regint.survey.published import read_survey
    >>> survey = read_survey("data/survey/astana_2025")
    >>> claim = bind(parse("base(scenario_2035) == 30"), names_of(survey.questions, survey.responses))
    >>> judge(survey, claim, "printed", None, {}, "up_or_down").verdict
    'certain'
    """
    universes: dict[str, Universe] = {}
    for question in sorted({leaf.question for leaf in quantities(claim)}):
        bases = survey.questions.loc[
            question, ["printed_base", "printed_base" if base == "printed" else base]
        ]
        if printed_base is not None:
            bases[:] = printed_base
        if bases.isna().any():
            return Verdict("no base", base)
        known = dict(counts.get(question, {}))
        found = universe(survey, question, *(int(b) for b in bases), counts=known, rounding=rounding)
        if found is None:
            return Verdict("no data set", base)
        universes[question] = found
    result = search(claim, universes)
    witness, counterexample = _named(result.witness, universes), _named(result.counterexample, universes)
    deciding = frozenset((name, universes[name].responses[i]) for name, i in relevant(claim, universes))
    verdict = "certain" if counterexample is None else "impossible" if witness is None else "possible"
    if not result.complete:
        verdict = "undecided"
    return Verdict(verdict, base, witness, counterexample, deciding, _responses_in(claim))


def _responses_in(claim: Claim) -> frozenset[tuple[str, str]]:
    """Question and response of every response written in a claim; of a span, its ends."""
    found: set[tuple[str, str]] = set()
    for leaf in quantities(claim):
        ends = ((leaf.response,),) if isinstance(leaf, Leader) else leaf.selections
        found.update((leaf.question, name) for pair in ends for name in pair)
    return frozenset(found)


def _named(
    data: Mapping[str, Point] | None, universes: Mapping[str, Universe]
) -> dict[str, dict[str, int]] | None:
    if data is None:
        return None
    return {q: dict(zip(universes[q].responses, point, strict=True)) for q, point in data.items()}
