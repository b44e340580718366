"""How a column of a table is headed and printed where the notebook does not say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

HEADINGS: Final[Mapping[str, str]] = {
    "question_label": "Question",
    "label": "Response",
    "locator": "Place",
    "note": "Remark",
    "base_status": "Base is",
    "weighted_share": "Weighted",
    "paraphrase": "Claim",
    "predicate": "As a statement",
    "witness": "It holds for",
    "counterexample": "It fails for",
    "seen": "Source",
    "rationale": "Why",
    "low": "From",
    "high": "To",
    "lower": "From",
    "upper": "To",
    "p_value": "p",
    "sends": "Links out",
    "receives": "Links in",
    "link": "Claimed link",
    "from_first": "First, sender",
    "to_first": "First, receiver",
    "value_bn": "Value, USD bn",
    "gdp_bn": "GDP, USD bn",
    "hhi_gdp": "HHI of GDP",
    "cv": "CV",
    "ends": "Ends that count",
    "behind": "All figures",
    "parity": "Parity alone",
    "possible": "Bases possible",
    "accounted_most": "Accounted for",
    "unreported_least": "Unreported",
    "counted": "Base counted",
}

PRINTED: Final[Mapping[str, str]] = {
    "year": "year",
    "share": "share1",
    "weighted_share": "share1",
    "plain_share": "share1",
    "effective_base": "decimal1",
    "p_value": "probability",
    "p_at_least": "decimal3",
    "value_bn": "decimal1",
    "gdp_bn": "decimal1",
    "hhi_gdp": "decimal3",
    "theil": "decimal3",
    "sd_log": "decimal3",
    "behind": "decimal1",
    "parity": "decimal1",
    "posterior": "probability",
    "coincidence_rate": "share1",
}


def heading(column: object) -> str:
    """Return the heading of a column: the collection's word for it, else its name with a capital.

    Examples
    --------
    >>> heading("paraphrase"), heading("largest_share"), heading("HHI")
    ('Claim', 'Largest share', 'HHI')
    """
    name = str(column)
    return HEADINGS.get(name, f"{name[:1].upper()}{name[1:].replace('_', ' ')}")
