"""What is certain when something is missing: silence, unknown overlaps, and both together."""

from regint.estimation.nonresponse import (
    completions,
    functional_bounds,
    printed_functional_bounds,
    worst_case_share,
)
from regint.estimation.overlap import (
    VERDICTS,
    McNemarBounds,
    joint_choices,
    joint_overlap_range,
    mcnemar_bounds,
    mcnemar_p,
    mcnemar_table,
    overlap_bounds,
)
from regint.estimation.ranks import rank_bounds

__all__ = [
    "VERDICTS",
    "McNemarBounds",
    "completions",
    "functional_bounds",
    "joint_choices",
    "joint_overlap_range",
    "mcnemar_bounds",
    "mcnemar_p",
    "mcnemar_table",
    "overlap_bounds",
    "printed_functional_bounds",
    "rank_bounds",
    "worst_case_share",
]
