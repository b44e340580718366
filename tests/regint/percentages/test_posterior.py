"""Probabilities of bases, with all that may stand behind the figures."""

from itertools import combinations, product
from math import exp, factorial, log

import numpy as np
import pandas as pd
import pytest
from regint.percentages import posterior
from regint.percentages.bases import questions_of
from regint.percentages.posterior import (
    ELSEWHERE,
    EVERY_KIND,
    NO_COUNTS,
    base_probabilities,
    calibration,
)
from regint.percentages.rounding import printed_units
from regint.survey.table import figure_table, read_survey


def survey_of(bases, seed, concentration=1.0, options=4):
    """Print invented answers in whole percentages."""
    generator = np.random.default_rng(seed)
    return pd.DataFrame(
        [
            (f"q{place}", "closed", str(printed_units(int(count), base, 1, "up")[0]))
            for place, base in enumerate(bases)
            for count in generator.multinomial(base, generator.dirichlet([concentration] * options))
        ],
        columns=["question", "total", "printed"],
    )


@pytest.fixture
def values(monkeypatch):
    """Likelihoods of three questions at eight bases, two large ones and none, with some impossible."""
    monkeypatch.setattr(posterior, "_BEYOND", 2)
    monkeypatch.setattr(posterior, "_MOST_SILENT", 3)
    generator = np.random.default_rng(3)
    table = generator.random((3, 11)) * (generator.random((3, 11)) > np.array([0.3] * 10 + [0.0]))
    prior = generator.random(10)
    with np.errstate(divide="ignore"):
        return np.log(table), np.log(prior / prior.sum())


def test_every_structure_by_listing_all_bases_of_all_questions(values):
    """Each way to give three questions their bases, with its prior probability."""
    table, prior = np.exp(values[0]), np.exp(values[1])
    apart, silent = posterior._APART, 3
    own = np.append(prior * (1 - apart), apart)

    def chances(name):
        """Give the prior of each assignment as a list of (weight, three distributions of a base)."""
        if name == NO_COUNTS:
            return [(1.0, [np.eye(11)[10]] * 3)]
        if name == "a base for each question":
            return [(1.0, [own] * 3)]
        if name.startswith("one base, a few"):
            found = []
            for ratio, base in product(posterior._SILENCE, range(10)):
                spread = np.zeros(11)
                for lost in range(silent + 1):
                    if base >= 8:
                        spread[base] = 1
                    elif base - lost >= 0:
                        spread[base - lost] = (1 - ratio) * ratio**lost
                found.append((prior[base] / len(posterior._SILENCE), [spread] * 3))
            return found
        size = {"one base": 1, "two bases": 2, "three bases": 3, "four bases": 4}[name]
        found = []
        for some in combinations(range(10), size):
            inside = np.isin(np.arange(11), some) / size * (1 - apart)
            found.append((factorial(size) * prod_of(prior[list(some)]), [inside + apart * own] * 3))
        return found

    def prod_of(numbers):
        return float(np.prod(numbers))

    evidences, marginals = {}, {}
    for name, evidence, found in posterior._structures(*values):
        evidences[name] = evidences.get(name, 0.0) + exp(evidence)
        marginals[name] = marginals.get(name, 0.0) + exp(evidence) * found
    assert set(evidences) == set(posterior.STRUCTURES)
    for name, evidence in evidences.items():
        total, marginal = 0.0, np.zeros((3, 11))
        for weight, spreads in chances(name):
            each = [spread @ row for spread, row in zip(spreads, table, strict=True)]
            total += weight * prod_of(each)
            for place in range(3):
                others = prod_of(each[:place] + each[place + 1 :])
                marginal[place] += weight * others * spreads[place] * table[place]
        assert evidence == pytest.approx(total), name
        assert marginals[name] / evidence == pytest.approx(marginal / total, abs=1e-8), name


def test_a_misprint_leaves_its_count_open():
    """By listing all counts: one figure at a time stands for any other."""
    (question,) = questions_of(
        pd.DataFrame({"question": "q", "total": "closed", "printed": ["33", "50", "20"]})
    )
    clean, spoilt = posterior._log_likelihoods(question, [12], "up_or_down", 1.0, True)
    assert clean[0] == -np.inf
    counts = [c for c in product(range(13), repeat=3) if sum(c) == 12]
    share = sum(
        all(
            abs(100 * k / 12 - v) <= 0.5
            for i, (k, v) in enumerate(zip(c, (33, 50, 20), strict=True))
            if i != bad
        )
        for bad in range(3)
        for c in counts
    ) / len(counts)
    assert spoilt[0] == pytest.approx(log(share * posterior._MISPRINTS / 100))


def test_the_astana_survey():
    found = base_probabilities(figure_table(read_survey("data/survey/astana_2025")), range(1, 107))
    questions = found.questions.set_index("question")
    assert found.outcomes.sum(axis=1).to_numpy() == pytest.approx(1)
    sums = found.survey[found.survey["aspect"] != "limit"].groupby("aspect")["probability"].sum()
    assert sums.to_numpy() == pytest.approx(1)
    assert pd.isna(questions.loc["external_platforms", "base"])
    assert questions.loc["external_platforms", "credible"] == (ELSEWHERE,)
    assert questions.loc[["prospects", "scenario_2035", "steps_to_action"], "base"].tolist() == [50, 30, 53]
    assert (questions.loc[["prospects", "scenario_2035", "steps_to_action"], "probability"] > 0.95).all()


def test_a_base_above_the_limit_is_not_taken_for_one_below():
    """Whole percentages of a base of a thousand: what was called identified below the limit before."""
    for seed in range(3):
        found = base_probabilities(survey_of([997] * 8, seed), range(1, 107)).questions
        below = found[found["base"].notna()]
        assert (below["probability"] < 0.8).all() and len(below) < 8, seed


def test_what_is_stated_for_sure_is_right():
    """A small calibration: surveys of one base, of two, with silent people, with gathered opinions."""
    rows = []
    for seed in range(3):
        generator = np.random.default_rng(100 + seed)
        base, other = (int(number) for number in generator.integers(25, 96, 2))
        truths = [
            ([base] * 7, 1.0),
            ([base] * 4 + [other] * 4, 1.0),
            ([base - int(lost) for lost in generator.integers(0, 4, 7)], 1.0),
            ([base] * 7, 0.3),
        ]
        for bases, concentration in truths:
            found = base_probabilities(survey_of(bases, seed, concentration), range(1, 107)).questions
            rows += zip(found["probability"], found["base"].eq(bases), found["credible"], bases, strict=True)
    table = pd.DataFrame(rows, columns=["probability", "right", "credible", "true"])
    sure = table[table["probability"] >= 0.95]
    assert len(sure) > 10 and sure["right"].mean() > 0.9
    assert np.mean([true in some for some, true in zip(table["credible"], table["true"], strict=True)]) > 0.8


def test_refusals():
    table = survey_of([30], 1)
    with pytest.raises(ValueError, match="Every question has a recorded base"):
        base_probabilities(table.assign(base=30))
    with pytest.raises(ValueError, match="lacks the columns total"):
        base_probabilities(table.drop(columns="total"))


def test_what_is_stated_of_all_kinds_together_is_right_as_often() -> None:
    """The table that the pages show: no statement too bold, and sets that hold the truth often enough."""
    table = calibration()
    whole = table[table["kind"] == EVERY_KIND]
    assert (whole["stated"] - whole["right"] <= 3 * whole["error"]).all()
    # Notebook 02b names these in its text.
    weak = table[table["apart"] & (table["band"] != "")]
    told = weak.round(2)[["kind", "stated", "right"]].drop_duplicates("kind").set_index("kind")
    assert told[told["stated"] > told["right"]].T.to_dict("list") == {
        "two bases": [0.64, 0.4], "a few silent": [0.66, 0.31],
    }  # fmt: skip
    assert told.index[told["stated"] < told["right"]].to_list() == [
        EVERY_KIND, "one base", "above the limit", "cut off", "weighted",
    ]  # fmt: skip
    named = table[table["band"].isin(["0.95 to 0.99", "0.99 to 1"])]
    assert (named["stated"] - named["right"] <= named["error"]).all()
    sets = table[table["statement"] == "95% set"]
    assert len(sets) == 9 and not sets["apart"].any()
    assert sets["surveys"].iloc[0] == sets["surveys"].iloc[1:].sum()


def test_four_bases_are_told_apart_and_other_roundings_can_be_supposed() -> None:
    found = base_probabilities(survey_of([97, 150, 380, 412] * 6, 3), range(1, 501)).questions
    assert found["probability"].between(0, 1).all()
    table = pd.DataFrame({"question": "q", "total": "closed", "printed": ["34", "67"]})
    readings = base_probabilities(table, range(1, 20), {"ceiling": 0.9, "floor": 0.1}).survey
    assert readings.set_index("reading")["probability"]["ceiling"] > 0.9
