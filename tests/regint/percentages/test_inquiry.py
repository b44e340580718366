"""Questions put in one line are answered in six sentences, the first of which is the answer."""

import random
from itertools import pairwise

import pytest
from regint.percentages.counts import admissible_bases, count_vectors
from regint.percentages.inquiry import about_figures, about_mean
from regint.percentages.rounding import printed_units, written


def test_the_answer_is_that_of_the_exact_functions_and_stands_in_six_sentences() -> None:
    generator, wrong = random.Random(5), []
    for _ in range(60):
        base, options = generator.randint(2, 90), generator.randint(1, 5)
        counts = [generator.randint(0, base) for _ in range(options)]
        total = "multiple" if sum(counts) > base else "closed" if sum(counts) == base else "open"
        scales = [generator.choice([1, 10]) for _ in counts]
        figures = [
            written(printed_units(count, base, scale, "up")[0], scale)
            for count, scale in zip(counts, scales, strict=True)
        ]
        asked = generator.choice([None, base, base + 1])
        found = about_figures(figures, asked, total)
        bases = admissible_bases(figures, [asked] if asked else range(1, 1001), total)
        sets = list(count_vectors(figures, bases[0], total)) if bases and found["sets"] < 1000 else []
        if found["bases"] != bases or (sets and found["sets"] != len(sets)):
            wrong.append((figures, asked, found["bases"], bases))
        if not 1 <= len(found["sentences"]) <= 6 or not all(
            text.endswith(".") for text in found["sentences"]
        ):
            wrong.append((figures, found["sentences"]))
    assert wrong == []


@pytest.mark.parametrize(
    ("figures", "base", "said"),
    [
        # Published with their counts: 8 of 698 is printed as 1.5; 385 and 314 of 699 as 55.0 and 45.0.
        (
            ["1.5"],
            698,
            [
                "No: no count of 698 people rounds to 1.5 (10 of 698 is 1.4 and 11 of 698 is 1.6)",
                "689 and 710",
            ],
        ),
        (["55.0", "45.0"], 699, ["No: of 699 people", "made to add up to 100 or whole numbers"]),
        # 33 or 34, 30, 24 and 21 or 20 of 108 people, as their publisher says.
        (
            ["31", "28", "22", "19"],
            108,
            ["Yes: of 108 people, 33, 30, 24 and 21 give these figures, and so does one other set."],
        ),
        # The ages of 698 people, printed with two decimals.
        (["17.34", "36.82", "20.20", "25.64"], None, ["one can give these figures: 698.", "tell the base"]),
        (["43.5", "23.5", "23", "10"], None, ["115, 170, 200", "13, 7, 7 and 3 of 30"]),
        (["94", "9", "0"], 79, ["Yes: of 79 people, 74, 7 and 0", "may be in several of them"]),
        (["60", "60"], None, ["may be in several of them (--total multiple)"]),
        (["20", "30"], None, ["some people are taken to be in none of them"]),
    ],
)
def test_what_published_figures_can_mean(figures: list[str], base: int | None, said: list[str]) -> None:
    text = " ".join(about_figures(figures, base)["sentences"])
    assert [words for words in said if words not in text] == []


def test_figures_made_to_add_up_are_told_with_their_counts() -> None:
    said = about_figures(["43.5", "23.5", "23", "10"], 30, "closed")["sentences"]
    assert said == [
        "No: of 30 people, no counts give these figures together, rounded to the nearest.",
        "They add up to 100; everybody is taken to be in one of them (--total closed).",
        "Alone already, no count rounds to 43.5 (13 of 30 is 43.3 and 14 of 30 is 46.7) or to 23.5 (7 of 30 "
        "is 23.3 and 8 of 30 is 26.7).",
        "They fit if they were made to add up to 100 in steps of 0.5: 13, 7, 7 and 3.",
        "That need not be a mistake: some may not have answered, or the figures may be weighted.",
    ]


def test_a_total_that_is_stated_goes_before_the_sum() -> None:
    assert about_figures(["94", "9", "0"], 79, "closed")["bases"] == []
    assert about_figures(["20", "30"], None, "closed")["bases"] == []


def test_bases_up_to_the_largest_are_listed_and_none_is_every_one() -> None:
    ends = [0, *sorted(random.Random(16).sample(range(1, 1000), 29)), 1000]
    said = about_figures([written(high - low, 10) for low, high in pairwise(ends)])["sentences"]
    assert said[0] == "Of the bases up to 1000, 2 can give these figures: 974 and 1000."
    assert "and every one from" in about_figures(["50", "50"])["sentences"][0]


def test_what_a_mean_can_mean() -> None:
    # The example of Brown and Heathers (2017): 28 people cannot have a mean of 5.19.
    assert about_mean("5.19", 28)["fits"] is False
    assert "26, 27, 31" in " ".join(about_mean("5.19", 28)["sentences"])
    assert about_mean("5.19", 27, (1, 5))["sentences"] == ["A mean of 5.19 lies outside its scale."]
    assert about_mean("3.57", 28, (1, 5), "1.20")["distributions"] == 21
    assert about_mean("3.57", 28, (1, 5), "3.20")["fits"] is False
    assert about_mean("3.57")["n_that_fit"][:3] == [7, 14, 21]
    assert about_mean("7", None, (1, 5))["sentences"] == ["A mean of 7 lies outside its scale."]
    assert about_mean("3")["sentences"] == ["Any number of people can have a mean of 3."]
    assert "From 34 on, any number can" in about_mean("5.19", items=3)["sentences"][1]
    assert all(about_mean("5.19", n, items=3)["fits"] for n in range(34, 80))
    assert about_mean("54.17", 47, (0, 100), items=4)["sentences"][0].startswith(
        "Yes: 47 people can have a mean"
    )
    assert "says little" in " ".join(about_mean("3.5", 2000, (1, 5))["sentences"])
    joint = about_mean("4.2", 5, (1, 5), figures=["0", "0", "20", "40", "40"])
    assert joint["distributions"] == 1
    assert about_mean("4.2", 5, (1, 5), figures=["20", "0", "20", "40", "20"])["distributions"] == 0


def test_what_cannot_be_asked_is_a_sentence() -> None:
    for arguments, sentence in [
        (([],), "No figure was given"),
        ((["4O"],), "is not a printed percentage"),
        ((["40"], 10, "clsed"), "did you mean"),
    ]:
        with pytest.raises(ValueError, match=sentence):
            about_figures(*arguments)


def test_a_deviation_is_tried_with_both_divisors_and_held_against_the_scale() -> None:
    found = about_mean("4.50", 6, (1, 5), sd="0.50")  # 4, 4, 4, 5, 5, 5
    assert found["fits"]
    assert "The standard deviation is one with the divisor n, not n-1." in found["sentences"]
    assert not about_mean("4.50", 6, (1, 5), sd="0.52")["fits"]
    for n in (None, 50):
        said = " ".join(about_mean("3.20", n, (1, 5), sd="3.9")["sentences"])
        assert said.startswith("No: ")
        assert "a mean of 3.20 have a standard deviation above" in said


def test_a_sum_above_a_hundred_is_not_explained_by_silence() -> None:
    for base in (None, 40):
        said = " ".join(about_figures(["70", "45"], base, "closed")["sentences"])
        assert "More than 100 takes several answers each" in said
        assert "may not have answered" not in said
        assert "would settle it" not in said
    assert "Less than 100 takes" in about_figures(["20", "30"], None, "closed")["sentences"][-1]
    assert about_figures(["100"], 1)["sentences"] == ["Yes: of 1 person, 1 gives this figure."]
