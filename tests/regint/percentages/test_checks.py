"""The refusals every function of the room shares."""

import numpy as np
import pytest
from regint.percentages import checks


def test_numpy_integers_become_plain_ones():
    value = checks.check_count(np.int8(100))
    assert value * 1000 == 100_000 and type(value) is int


def test_an_option_far_from_all_gets_no_suggestion():
    with pytest.raises(ValueError) as refusal:
        checks.check_option("zzz", ("up", "down"), "rounding")
    assert "did you mean" not in str(refusal.value)
