"""What the study's pages say, held against values found another way."""

import re
from collections.abc import Sequence
from fractions import Fraction
from math import log10, prod
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from regint.percentages.assignment import assign_bases
from regint.survey.table import figure_table, read_survey
from scipy.stats import binom, hypergeom, norm


def table(study: Path, name: str) -> pd.DataFrame:
    """A table or the data of a figure, as a reader downloads it."""
    (path,) = (study / "site").rglob(f"{name}.csv")
    return pd.read_csv(path)


def sentences(study: Path) -> str:
    """All computed sentences of the pages, as a reader downloads them."""
    return " ".join(pd.read_csv(study / "site" / "in-text-numbers.csv")["sentence"])


def test_no_page_shows_what_a_cell_merely_returned(study: Path) -> None:
    """A cell that ends in a call of the drawing library would print that library's object."""
    stray = re.compile(r"matplotlib\.|\bText\(|<Axes|\*\*[a-z]")
    found = {}
    for path in sorted((study / "site").glob("[01]*.html")):
        soup = BeautifulSoup(path.read_text(encoding="utf-8"), "lxml")
        for code in soup.select("details.cell-code, code"):
            code.decompose()
        if lines := [line for line in soup.main.get_text().splitlines() if stray.search(line)]:
            found[path.stem] = lines
    assert found == {}


class TestHiddenBases:
    """Notebooks 02 and 02b. Whole figures of fifty are even; thirty answered."""

    def test_every_base_of_the_picture_prints_the_figures(self, study: Path) -> None:
        """Prospects, 2, 10, 32 and 16 per cent of an open choice: every base to 106 by rounding."""
        scan = table(study, "02_hidden_bases-fig-scan").set_index("label")["base"]
        found = [int(base) for base in scan["Prospects of integration over ten years"].split()]
        figures = (2, 10, 32, 16)
        fits = [
            n
            for n in range(1, 107)
            if all(any(abs(100 * k / n - v) <= 0.5 for k in range(n + 1)) for v in figures)
        ]
        assert found == fits

    @staticmethod
    def likelihood(figures: Sequence[int], n: int) -> Fraction:
        """By counting, as fractions: a number of people on a tie counts half."""
        apart = [[abs(200 * k - 2 * v * n) for k in range(n + 1)] for v in figures]
        ways = [Fraction(sum(d < n for d in row)) + Fraction(row.count(n), 2) for row in apart]
        return prod(ways) / Fraction(n + 1) ** len(figures)

    def test_fifty_leads_by_almost_six_powers_of_ten(self, study: Path) -> None:
        figures = [2, 10, 32, 16, 2, 2, 56, 4, 52, 48, 32, 22, 20, 18, 14, 12, 2, 2, 10, 40, 8, 50, 30, 18]
        figures += [20, 40, 40]
        weighed = table(study, "02_hidden_bases-tbl-likelihood")
        assert weighed["base"].iloc[0] == 50
        for base, behind in zip(weighed["base"], weighed["behind"], strict=True):
            ratio = self.likelihood(figures, 50) / self.likelihood(figures, int(base))
            assert behind == pytest.approx(log10(ratio), abs=1e-6)

    def test_no_question_alone_gives_fifty_its_certainty(self, study: Path) -> None:
        """The nine directions leave two fifths to other bases up to 318, the others nearly all."""
        alone = []
        for figures in ([52, 48, 32, 22, 20, 18, 14, 12, 2], [2, 10, 32, 16], [20, 40, 40]):
            every = [self.likelihood(figures, n) for n in range(1, 319)]
            alone.append(float(every[49] / sum(every)))
        told = re.search(
            r"gives base 50 a probability of (\S+), .* between (\S+) and (0\.\d+)", sentences(study)
        )
        assert told and [float(value) for value in told.groups()] == [
            pytest.approx(alone[place], abs=limit) for place, limit in ((0, 5e-3), (2, 5e-4), (1, 5e-3))
        ]

    def test_two_bases_explain_the_survey(self, study: Path) -> None:
        sets = table(study, "02b_bases_of_questions-tbl-sets").set_index("bases")
        assert sets["behind"].idxmin() == "30, 50"
        people = table(study, "02b_bases_of_questions-tbl-people")
        assert people.loc[people["total"] == "open", "people"].to_list() == [30, 30, 30, 36]

    def test_a_list_that_is_told_twice_decides_nothing(self) -> None:
        printed = figure_table(read_survey("data/survey/astana_2025"))
        for told in ("", "barriers_astana_times", "barriers_exclusive"):
            bases = assign_bases(printed[printed["question"] != told], range(1, 107))["base"]
            assert set(bases.dropna()) == {30, 50, 53}, told

    def test_the_same_counts_on_two_bases(self, study: Path) -> None:
        moved = table(study, "02b_bases_of_questions-fig-two-bases")
        assert moved["share"].to_list() == pytest.approx(moved["count"] / 50)
        assert moved["of_answered"].to_list() == pytest.approx(moved["count"] / 30)
        assert moved["count"].to_list()[1:] == [1, 5, 16, 8]


class TestResponses:
    """Notebook 03. Thirty answered and fifty were asked, as the figures let infer."""

    def test_intervals_are_wilsons(self, study: Path) -> None:
        """By the formula, with the normal quantile of 95%."""
        found = table(study, "03_response_distributions-fig-intervals")
        share, n, z = found["count"] / found["base"], found["base"], 1.959963984540054
        middle, half = share + z**2 / (2 * n), z * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
        for name, sign in (("lower", -1), ("upper", 1)):
            assert found[name].to_list() == pytest.approx((middle + sign * half) / (1 + z**2 / n)), name
        assert len(found) == 13

    def test_agreement_of_all_asked_by_every_completion(self, study: Path) -> None:
        """Van der Eijk's A in a second way: by pairs of cumulated layers, over all that 20 silent may say."""
        found = table(study, "03_response_distributions-tbl-agreement").set_index("label")
        counts = {
            "Stability of relations between states": (1, 1, 28),
            "A Central Asian identity": (6, 12, 12),
            "Kazakhstan as moderator": (0, 4, 26),
        }
        for label, known in counts.items():
            ways = [(a, b, 20 - a - b) for a in range(21) for b in range(21 - a)]
            values = [self.agreement([k + m for k, m in zip(known, more, strict=True)]) for more in ways]
            assert found.loc[label, "value"] == pytest.approx(self.agreement(known)), label
            ends = found.loc[label, ["set_lower", "set_upper"]].to_list()
            assert ends == pytest.approx([min(values), max(values)], abs=1e-9), label
        rounded = found[["set_lower", "set_upper"]].round(2)
        assert rounded.loc["Stability of relations between states"].to_list() == [-0.66, 0.94]
        assert rounded.loc["Kazakhstan as moderator"].to_list() == [-0.52, 0.92]

    @staticmethod
    def agreement(counts: Sequence[int]) -> float:
        """Of three categories: a layer of one counts 1, of two neighbours 1/2, of two apart -1."""
        low, middle, high = counts
        least = min(counts)
        left = [low - least, middle - least, high - least]
        total = sum(counts)
        if left[1] == 0:
            both = min(left[0], left[2])
            return (-1 * 2 * both + abs(left[0] - left[2])) / total
        both = min(max(left[0], left[2]), left[1])
        return (0.5 * 2 * both + sum(left) - 2 * both) / total


class TestTheoriesAndExperts:
    """Notebook 08. The counts of 30 follow from the printed shares; the coding is data."""

    def test_shares_and_their_ends(self, study: Path) -> None:
        """Summed by hand from the 52 options with a count: 121 of 563 answers, 5 under both readings, 233."""
        support = table(study, "08_theories_and_experts-fig-support").set_index("name")
        leader = support.loc["Liberal intergovernmentalism", ["primary", "least", "most"]]
        assert leader.to_list() == pytest.approx([121 / 563, 5 / 563, 233 / 563], abs=1e-6)
        assert (support["least"] <= support["primary"]).all() and (
            support["primary"] <= support["most"]
        ).all()
        assert support["primary"].sum() == pytest.approx(1)

    def test_alpha_of_the_two_coders_by_counting_pairs(self, study: Path) -> None:
        """Nominal alpha in fractions: 13 of 18 options alike, 0.63, with an interval of 0.32 to 0.85."""
        rows = pd.read_csv("data/theory/option_coding.csv", keep_default_na=False)
        both = rows.pivot_table(
            index=["question", "response"], columns="coder", values="primary", aggfunc="first"
        ).dropna()
        units = both.to_numpy().tolist()
        given = [code for unit in units for code in unit]
        apart = Fraction(sum(a != b for a, b in units), len(units))
        pairs = sum(a != b for i, a in enumerate(given) for j, b in enumerate(given) if i != j)
        alpha = 1 - apart / Fraction(pairs, len(given) * (len(given) - 1))
        assert (len(units), sum(a == b for a, b in units), round(float(alpha), 2)) == (18, 13, 0.63)
        told = re.search(
            r"On 18 options the two agree 13 times; alpha is 0.63, with a 95% interval from "
            r"(0\.\d+) to (0\.\d+)",
            sentences(study),
        )
        assert told and [float(end) for end in told.groups()] == pytest.approx([0.32, 0.85], abs=0.03)

    def test_signs_by_hand(self, study: Path) -> None:
        """What names a theory need not speak for it: a middle answer counts for neither side."""
        signs = table(study, "08_theories_and_experts-tbl-signs").set_index("name")
        assert (signs["net"] == signs["supports"] - signs["against"]).all()
        assert signs[["supports", "neutral", "against"]].sum().to_list() == [519, 34, 10]
        assert signs.loc["Economic integration", "neutral"] == 20

    def test_null_of_the_offer(self, study: Path) -> None:
        """The mean of the deals is exact: each option expects the mean count of its question."""
        null = table(study, "08b_offered-tbl-null").set_index("name")
        expected = {"Functionalism": 49.0, "Liberal intergovernmentalism": 117.5, "Postfunctionalism": 20.0}
        for name, value in expected.items():
            assert null.loc[name, "expected"] == pytest.approx(value, abs=0.3), name
        assert null.loc["Functionalism", "p"] == pytest.approx(0.32, abs=0.02)

    def test_sectors_against_the_first_rung(self, study: Path) -> None:
        """McNemar's p from the binomial tail, at the least overlap of 30 people and at the greatest."""
        rungs = table(study, "08b_offered-tbl-rungs")
        for answers, least, greatest in rungs.iloc[:, 1:4].itertuples(index=False):
            for both, found in ((min(answers, 10), least), (max(0, answers + 10 - 30), greatest)):
                apart = answers + 10 - 2 * both
                tail = binom.cdf(min(answers, 10) - both, apart, 0.5)
                assert found == pytest.approx(min(1, 2 * tail), abs=1e-9), answers
        steps = np.maximum.accumulate(np.sort(rungs.iloc[:, 3]) * np.arange(len(rungs), 0, -1)).clip(max=1)
        assert np.sort(rungs.iloc[:, 4]) == pytest.approx(steps)
        assert (rungs.iloc[:, 4] <= 0.05).sum() == 1


class TestClaims:
    """Notebook 05. Of the report's sentences only those that it says are on trial."""

    def test_verdicts_that_were_wrong_once(self, study: Path) -> None:
        verdicts = table(study, "05_claims_on_trial-tbl-verdicts").set_index("paraphrase")["verdict"]
        assert verdicts["More than fifty experts took part"] == "possible"
        assert verdicts["The recommendations most often stress transport and logistics"] == "untestable"
        assert verdicts["Education and technology are partially mentioned"] == "certain"

    def test_the_newspaper_answers_for_its_own_sentence(self, study: Path) -> None:
        tally = table(study, "05_claims_on_trial-tbl-tally").set_index("source")
        assert tally.loc["The report", "impossible"] == 3
        assert tally.drop("The report").sum().sum() == tally.drop("The report")["impossible"].sum() == 1

    def test_shares_beside_limits(self, study: Path) -> None:
        """24 of 50 and of 30 are optimists; 20 find infrastructure moderate."""
        shares = table(study, "05_claims_on_trial-fig-limits").set_index("paraphrase")[["asked", "answered"]]
        expected = {"The majority is optimistic, at 48 per cent": (24 / 50, 24 / 30)}
        expected["The majority, 40 per cent, call compatibility moderate"] = (20 / 50, 20 / 30)
        for claim, ends in expected.items():
            assert shares.loc[claim].to_list() == pytest.approx(ends), claim


class TestUncertainty:
    """Notebook 04. With thirty who answered, whatever the shares are printed of."""

    def test_silence_and_chance(self, study: Path) -> None:
        """Imbens and Manski for 26 of 50 with 20 silent: c by bisection; 40 to 98 per cent."""
        row = table(study, "04_uncertainty-tbl-both").set_index("label").loc["Unified transport corridors"]
        low, high = 26 / 50, 46 / 50
        errors = [(share * (1 - share) / 50) ** 0.5 for share in (low, high)]
        below, above = 0.0, 5.0
        for _ in range(100):
            c = (below + above) / 2
            covered = norm.cdf(c + (high - low) / max(errors)) - norm.cdf(-c)
            below, above = (below, c) if covered > 0.95 else (c, above)
        ends = [low - c * errors[0], high + c * errors[1]]
        assert row[["both_lower", "both_upper"]].to_list() == pytest.approx(ends, abs=1e-9)
        assert [round(end, 2) for end in ends] == [0.40, 0.98]

    def test_a_small_circle_leaves_little_to_chance(self, study: Path) -> None:
        """Of 26 among 50: 13.8 points to either side; of sixty people, as drawing without return, 5.7."""
        told = re.search(r"chance alone would reach (\S+) points .* and (\S+) if from 60\.", sentences(study))
        wide = 100 * norm.ppf(0.975) * binom(50, 0.52).std() / 50
        narrow = wide * hypergeom(60, 30, 50).std() / binom(50, 0.5).std()
        assert told and [float(ends) for ends in told.groups()] == pytest.approx([wide, narrow], abs=0.05)
        assert (round(wide, 1), round(narrow, 1)) == (13.8, 5.7)

    def test_bounds_of_a_scale(self, study: Path) -> None:
        """The mean is least where all 20 give the lowest mark: (121 + 20) / 50; greatest at the highest."""
        scale = table(study, "04_uncertainty-tbl-scale").set_index("measure")
        assert scale.loc["Mean", ["all_lower", "all_upper"]].to_list() == pytest.approx([141 / 50, 221 / 50])
        assert scale.loc["Share of the two highest", "value"] == pytest.approx(24 / 30)

    def test_seven_directions_could_come_strictly_first(self, study: Path) -> None:
        """An option may pass 26 if all 20 silent are on its side: it needs more than 6 answers."""
        counts = table(study, "04_uncertainty-fig-sets")["count"]
        could = sum(count == counts.max() or count + 20 > counts.max() for count in counts)
        assert could == 7
        assert f"{could} of 9 directions could come first if the silent spoke." in sentences(study)

    def test_majorities_of_all_asked(self, study: Path) -> None:
        """More than 25 of 50: surely the one with 26, possibly those with more than 5."""
        sets = table(study, "04_uncertainty-fig-sets")
        assert sets.loc[0, ["lower", "upper"]].to_list() == [0.52, 0.92]
        sure, possible = sum(sets["count"] > 25), sum(sets["count"] + 20 > 25)
        assert (sure, possible) == (1, 8)
        said = f"{sure} of 9 directions surely had a majority of all asked, and {possible} may have had one."
        assert said in sentences(study)

    def test_ways_with_a_higher_mean(self, study: Path) -> None:
        """Of 10,626 ways for 20 silent on five points, by counting on points alone, category by category."""
        ways = {(0, 0): 1}  # people placed, points given: ways
        for point in range(1, 6):
            longer: dict[tuple[int, int], int] = {}
            for (people, points), number in ways.items():
                for more in range(21 - people):
                    key = (people + more, points + more * point)
                    longer[key] = longer.get(key, 0) + number
            ways = longer
        full = {points: number for (people, points), number in ways.items() if people == 20}
        higher = sum(number for points, number in full.items() if (121 + points) * 30 > 121 * 50)
        assert sum(full.values()) == 10626
        assert f"In {higher / 10626:.0%} of 10 626 ways the mean of all is higher." in sentences(study)


class TestTwoOptions:
    """Notebook 04b. With thirty who answered, whatever the shares are printed of."""

    def test_verdicts_on_pairs(self, study: Path) -> None:
        """17 always, 13 never, 6 undecidable, and 8 after Holm, whatever the base."""
        pairs = table(study, "04b_two_options-tbl-pairs")
        assert len(pairs) == 36
        assert (pairs["greatest"] <= 0.05).sum() == 17 and (pairs["least"] > 0.05).sum() == 13
        assert ((pairs["greatest"] > 0.05) & (pairs["least"] <= 0.05)).sum() == 6
        assert (pairs["holm"] <= 0.05).sum() == 8

    def test_lead_over_every_overlap(self, study: Path) -> None:
        """At 20 in both six chose corridors alone and four energy, at 24 two and none."""
        lead = table(study, "04b_two_options-fig-lead")["probability"]
        simulated = np.random.default_rng(1).beta([6.5, 2.5], [4.5, 0.5], (400_000, 2)) > 0.5
        assert lead.iloc[[0, -1]].to_list() == pytest.approx(simulated.mean(axis=0), abs=0.004)
        assert [round(lead.iloc[place], 3) for place in (0, 2, -1)] == [0.735, 0.791, 0.924]

    def test_few_planned_comparisons_lose_less(self, study: Path) -> None:
        """Of eight with the first option, seven pass alone, six after Holm of eight, five of all pairs."""
        counts = table(study, "04b_two_options-tbl-directions")["count"].to_list()
        alone = []
        for other in counts[1:]:
            both = max(0, counts[0] + other - 30)
            b, c = counts[0] - both, other - both
            alone.append(min(1, 2 * binom.cdf(min(b, c), b + c, 0.5)))
        kept = 0
        for place, value in enumerate(sorted(alone)):
            if value * (8 - place) > 0.05:
                break
            kept += 1
        assert (kept, sum(value <= 0.05 for value in alone)) == (6, 7)
        pairs = table(study, "04b_two_options-tbl-pairs")
        first = pairs["more"] == "Unified transport corridors"
        assert (pairs.loc[first, "holm"] <= 0.05).sum() == 5
        assert f"From {kept} of 8: with fewer tests the correction asks less." in sentences(study)
