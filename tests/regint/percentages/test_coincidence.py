"""How often a search explains figures that mean nothing."""

from fractions import Fraction
from itertools import product

import numpy as np
import pandas as pd
import pytest
from regint.percentages import coincidence
from regint.percentages.apportionment import FORCED, rounding_mechanisms
from regint.percentages.coincidence import DRAWS, base_coincidences, mechanism_coincidences
from regint.percentages.counts import admissible_bases

ODD = ["43.5", "23.5", "23", "10"]


def close(share):
    """Within four standard errors of the simulation."""
    return pytest.approx(share, abs=4 * (share * (1 - share) / DRAWS) ** 0.5 + 1e-9)


def test_forced_sums_of_the_odd_item_on_its_own_grid(monkeypatch):
    """An enumeration of all sets on the half grid gave 3.6, 20 and 24 per cent for 30, 50 and 53."""
    monkeypatch.setattr(coincidence, "GRIDS", {"0.5": 2})
    rate = mechanism_coincidences(ODD, range(1, 54), [FORCED]).set_index("base")["rate"]
    assert [round(rate[base], 2) for base in (30, 50, 53)] == [0.03, 0.20, 0.24]


def test_mechanisms_by_listing_every_set_of_figures():
    figures = [(a, b, 100 - a - b) for a in range(101) for b in range(101 - a)]
    generator = np.random.default_rng(7)
    some = [figures[place] for place in generator.choice(len(figures), 200, replace=False)]
    reached = [len(rounding_mechanisms(map(str, one), range(1, 10))) > 0 for one in some]
    rate = mechanism_coincidences(["50", "30", "20"], range(1, 10))["rate"].iloc[-1]
    share = sum(reached) / len(some)
    assert rate == pytest.approx(share, abs=4 * (share * (1 - share) / len(some)) ** 0.5)


def test_a_search_among_more_has_more_chances():
    one = mechanism_coincidences(ODD, range(1, 40), [FORCED])["rate"]
    assert (mechanism_coincidences(ODD, range(1, 40))["rate"] >= one).all() and one.is_monotonic_increasing


@pytest.mark.parametrize("total", ["closed", "open", "multiple"])
def test_bases_by_listing_every_set_of_figures(total):
    """Two questions with whole figures, of two options each."""
    if total == "multiple":
        sets = list(product(range(101), repeat=2))
    else:
        sum_of = 100 if total == "closed" else 60
        sets = [(one, sum_of - one) for one in range(sum_of + 1)]
    table = pd.DataFrame(
        {
            "question": ["a", "a", "b", "b"],
            "total": total,
            "printed": ["20", "80" if total == "closed" else "40"] * 2,
        }
    )
    rates = base_coincidences(table, range(1, 21)).set_index("base")["rate"]
    fits = np.array(
        [[bool(admissible_bases(map(str, one), [n], total)) for n in range(1, 21)] for one in sets]
    )
    for base in (3, 11, 20):
        # Both questions fit some base together: by the distinct patterns of bases that fit one.
        patterns, numbers = np.unique(fits[:, :base], axis=0, return_counts=True)
        meet = (patterns[:, None] & patterns[None]).any(axis=2)
        share = Fraction(int((numbers[:, None] * numbers * meet).sum()), len(sets) ** 2)
        assert rates[base] == close(float(share)), base


def test_decimals_of_one_question_may_differ():
    table = pd.DataFrame({"question": "q", "total": "closed", "printed": ODD})
    rates = base_coincidences(table, range(1, 301))["rate"]
    assert rates.iloc[0] < 0.01 < rates.iloc[-1] <= 1


def test_what_is_no_figure_is_refused():
    with pytest.raises(ValueError, match="not a printed"):
        mechanism_coincidences(["some"], range(1, 5))
    with pytest.raises(ValueError, match="does not exist"):
        mechanism_coincidences(["50", "50"], range(1, 5), ["sideways"])
