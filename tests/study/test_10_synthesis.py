"""Notebook 10: conclusions under every choice, and the table that says where each statement is judged."""

import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from regint.survey import claims
from regint.survey.table import read_survey
from regint.theory import conclusions
from regint.theory.tables import read_table
from statsmodels.stats.multitest import multipletests

Ran = Callable[..., dict[str, Any]]
NAME, PROJECT = "10_synthesis", Path(__file__).resolve().parents[2]
FEW = {"draws": 99}


@pytest.fixture(scope="module")
def tried() -> pd.DataFrame:
    return conclusions.choices(conclusions.Settings())


@pytest.fixture(scope="module")
def coverage() -> pd.DataFrame:
    return read_table("coverage").set_index("statement")


def bare(text: str) -> str:
    """The words of a text: no marks of Markdown, citations, line ends of code, or numbers."""
    text = re.sub(r'"\s*\n\s*f?"|\[@[^]]*\]|[*`_]|[‡†]', "", text)
    text = re.sub(r"\{[^}]*\}|\d[\d.]*", "#", text.replace("’", "'"))
    return " ".join(text.split())


@cache
def told_in(notebook: str, section: str) -> str:
    """The prose of a section, and the sentences that its notebook computes and the tables that it reads."""
    cells = json.loads((PROJECT / "notebooks" / f"{notebook}.ipynb").read_text(encoding="utf-8"))["cells"]
    prose = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    code = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    heading = re.search(rf"^(#+) {re.escape(section)}$", prose, re.MULTILINE)
    assert heading, (notebook, section)
    rest = prose[heading.end() :]
    own = re.split(rf"^#{{1,{len(heading[1])}}} ", rest, maxsplit=1, flags=re.MULTILINE)[0]
    files = [
        f"data/theory/{name}.csv" for name in re.findall(r'read_table\("(\w+)"', code) if name != "coverage"
    ]
    if "read_survey(" in code:
        files += [f"data/survey/astana_2025/{name}.csv" for name in ("questions", "responses", "claims")]
    tables = [(PROJECT / file).read_text(encoding="utf-8") for file in files if (PROJECT / file).is_file()]
    return bare("\n".join([own, code, *tables]))


def outcome(tried: pd.DataFrame, statement: str, **choice: str) -> str:
    rows = tried[tried["statement"].eq(statement)]
    for axis, value in choice.items():
        rows = rows[rows[axis.replace("_", " ")].eq(value)]
    assert len(rows) == 1, (statement, choice)
    return str(rows["outcome"].item())


class TestChoices:
    def test_each_choice_is_tried_once_and_one_is_the_settings(self, tried: pd.DataFrame) -> None:
        assert not tried.duplicated(["statement", *conclusions.AXES]).any()
        assert tried.groupby("statement")["here"].sum().eq(1).all()

    def test_majorities_by_hand(self, tried: pd.DataFrame) -> None:
        """20 of 30 call infrastructure moderate, 20 of 50, and 20 to 40 of 50 if the silent speak."""
        name, asked, free = "infrastructure_majority", "all asked", "anything from the silent"
        assert outcome(tried, name, base="those who answered") == "holds"
        assert outcome(tried, name, base=asked, silence="") == "fails"
        assert outcome(tried, name, base=asked, silence=free) == "open"
        # 28 of 50 are a majority whatever 20 others say; 19 against 18 are no sure lead.
        assert outcome(tried, "stability_optimism", base=asked, silence=free) == "holds"
        assert outcome(tried, "agency_most", base=asked, silence=free) == "open"

    def test_spans_by_hand(self) -> None:
        wide = conclusions._silent_may_say_anything(read_survey("data/survey/astana_2025"))
        rows = wide.responses.set_index(["question", "response"])["statement"]
        assert rows[("economic_directions", "transport_corridors")] == "from 52 to 92"
        assert rows[("kazakhstan_role", "leading_moderator")] == "from 52 to 92"
        assert rows[("steps_to_action", "trade_barriers")] == ""

    def test_the_silent_can_turn_every_lead_of_one_direction(self, tried: pd.DataFrame) -> None:
        """26 and 10 of 30 chose corridors and free trade: with 20 silent 46 against 10, or 26 against 30."""
        for name in ("O03", "O04"):
            rows = tried[tried["statement"].eq(name)]
            assert set(rows.loc[rows["silence"].eq(""), "outcome"]) == {"holds"}
            assert set(rows.loc[rows["silence"].ne(""), "outcome"]) == {"open"}

    def test_trade_by_hand(self, tried: pd.DataFrame) -> None:
        """From 2.5 to 11 is 3.4 times more; from 4.3 it is 2.56 times as much."""
        end = {"what counts": "end 11 billion"}
        rows = tried[tried["statement"].eq("P29") & tried["what counts"].eq(end["what counts"])]
        found = rows.set_index(["base", "coding"])["outcome"].to_dict()
        assert found["2017, 2.5 billion", "a rise by it"] == "holds"
        assert found["2018, 4.3 billion", "a rise by it"] == "fails"
        assert found["2018, 4.3 billion", "a rise to it"] == "holds"
        assert found["2019, 6 billion", "a rise to it"] == "fails"

    def test_verdicts_in_words(self) -> None:
        words = {"holds": "stands", "fails": "falls", "open": "open", "holds open": "stands or open"}
        words |= {"holds fails": "depends", "holds fails open": "depends", "fails open": "open"}
        assert {text: conclusions.verdict(set(text.split())) for text in words} == words

    def test_correction_for_several_tests_is_that_of_statsmodels(self) -> None:
        for p_values in np.round(np.random.default_rng(1).random((12, 6)), 1):
            corrected = multipletests(p_values, method="holm")[1]
            assert conclusions._holm(p_values).tolist() == corrected.tolist()

    def test_an_axis_decides_only_where_all_others_stay(self) -> None:
        rows = pd.DataFrame([["a", "x", "holds"], ["b", "y", "fails"]], columns=["base", "coding", "outcome"])
        rows = rows.reindex(columns=[*conclusions.AXES, "outcome"], fill_value="")
        assert conclusions.deciding(rows) == []
        assert conclusions.deciding(rows.assign(coding="x")) == ["base"]


class TestOtherPages:
    """What is computed anew here is what the other notebooks have."""

    def test_stages_are_those_of_notebook_06(self, ran: Ran, tried: pd.DataFrame) -> None:
        for scope in ("own", "any"):
            page = ran("06_balassa_stages", scope=scope)
            coded, readings = conclusions.read_codes(0.25)
            for column, reading in (
                ("code", "half from 0.25"),
                ("low", "strict coder"),
                ("high", "generous coder"),
            ):
                mine = coded.assign(x=readings[scope, reading]).set_index(["group", "criterion"])["x"]
                theirs = page["coded"].set_index(["group", "criterion"])[column]
                assert np.allclose(mine, theirs.reindex(mine.index)), (scope, reading)
            rank = page["scores"]["code"].rank(ascending=False, method="min")
            name = conclusions.INSTRUMENTS[scope]
            at = {"instruments": name, "coding": "half from 0.25", "what_counts": ""}
            assert (outcome(tried, "O06", **at) == "holds") == (rank["CA5"] >= 7)
            assert (outcome(tried, "P06b", **at) == "holds") == (4 <= rank["CA5"] <= 6)

    def test_order_of_the_ladder_is_that_of_notebook_06b(self, ran: Ran, tried: pd.DataFrame) -> None:
        fits = ran("06b_ladder", draws=999)["fits"]
        for place, left_out in enumerate(("", "without the EU")):
            at = {"instruments": "own instruments", "coding": "half from 0.25", "what_counts": left_out}
            assert (outcome(tried, "O07", **at) == "holds") == (fits["p_order"][place] <= 0.05), left_out

    def test_order_of_dates_is_that_of_notebook_07b(self, ran: Ran, tried: pd.DataFrame) -> None:
        choices = ran("07b_agreements", draws=999)["choices"]
        for row in choices.itertuples():
            evidence = "any page" if row.evidence == "any" else "text or official page"
            at = {"instruments": conclusions.INSTRUMENTS[row.scope], "evidence": evidence}
            found = outcome(tried, "P03", coding="", what_counts="", **at)
            assert (found == "holds") == (row.p <= 0.05), at

    def test_theories_are_those_of_notebook_08(self, ran: Ran, tried: pd.DataFrame) -> None:
        page = ran("08_theories_and_experts")
        at = {"coding": "primary reading"}
        first = {
            "all answers": page["support"].iloc[0]["theory"],
            "answers for less against": page["signs"].sort_values("net").iloc[-1]["theory"],
            "average per option": page["average"].iloc[0]["theory"],
        }
        for measure, theory in first.items():
            assert (outcome(tried, "O09", **at, what_counts=measure) == "holds") == (theory == "LI"), measure
        dealt = ran("08b_offered", draws=999)
        assert (outcome(tried, "O10", **at) == "holds") == (not dealt["stands_out"].any())

    def test_trade_is_that_of_notebook_09(self, ran: Ran, tried: pd.DataFrame) -> None:
        page = ran("09_region_in_context", draws=99)
        by = tried[tried["statement"].eq("P29") & tried["what counts"].eq("end 11 billion")]
        assert (by["coding"].eq("a rise by it") & by["outcome"].eq("holds")).sum() == page["found"]["by"]

    def test_incomes_are_those_of_notebook_09b(self, ran: Ran, tried: pd.DataFrame) -> None:
        page = ran("09b_incomes")
        spread, lines = page["spread"], page["lines"]["none"]
        at = {"coding": "states weigh alike", "what_counts": ""}
        falls = outcome(tried, "O12", base="purchasing power", **at) == "holds"
        assert falls == (spread[2022] < spread[2010])
        assert (outcome(tried, "O12", base="current dollars", **at) == "holds") == (lines[2022] < lines[2010])


class TestPage:
    def test_the_picture_shows_what_a_choice_moves(self, ran: Ran) -> None:
        """Of three choices infrastructure holds, fails and stays open under one each."""
        page = ran(NAME, **FEW)
        swing, known = page["swing"], page["known"]
        infrastructure = swing.loc["infrastructure_majority", ["holds_share", "open_share", "fails_share"]]
        assert infrastructure.to_list() == pytest.approx([1 / 3] * 3)
        assert swing.loc["P16", ["holds_share", "not_failing"]].to_list() == [0.75, 0.75]
        fixed = known.index.difference(swing.index)
        outcomes = page["tried"].groupby("statement")["outcome"].nunique()
        assert (outcomes[fixed] == 1).all() and (outcomes[swing.index] > 1).all()
        assert swing["label"].is_unique and len(page["here"]) + len(page["there"]) == len(swing)

    def test_a_parameter_flips_a_verdict(self, ran: Ran) -> None:
        usual, other = ran(NAME, **FEW)["shown"], ran(NAME, base="answered", growth=0.2, **FEW)["shown"]
        assert usual.loc["infrastructure_majority", "held"] == "no, 1/3"
        assert other.loc["infrastructure_majority", "held"] == "yes, 1/3"
        assert usual.loc["P29", "verdict"] == "depends"
        assert other.loc["P29", "choices"] == usual.loc["P29", "choices"]
        assert other.loc["P29", "holds"] > usual.loc["P29", "holds"]

    @pytest.mark.slow
    def test_instruments_and_level_reach_the_table(self, ran: Ran) -> None:
        usual, other = ran(NAME, **FEW)["shown"], ran(NAME, scope="any", alpha=0.9, **FEW)["shown"]
        assert (usual.loc["P07", "held"], other.loc["P07", "held"]) == (
            "no, 4/10",
            "yes, 4/10",
        )
        assert (usual.loc["O03", "verdict"], other.loc["O03", "verdict"]) == ("stands or open", "depends")

    def test_by_hand_and_by_the_library(self, ran: Ran, tried: pd.DataFrame) -> None:
        for row in ran(NAME, **FEW)["by_hand"].itertuples():
            at = {"instruments": conclusions.INSTRUMENTS[row.instruments], "coding": f"half from {row.half}"}
            assert (outcome(tried, "P06b", **at, what_counts="") == "holds") == row.holds


class TestCoverage:
    def test_every_coded_statement_has_a_row(self, coverage: pd.DataFrame) -> None:
        wanted = [
            *read_survey("data/survey/astana_2025").claims["claim"],
            *read_table("paper_claims")["id"],
            *read_table("flags")["flag"],
        ]
        assert len(wanted) == 49 + 49 + 25
        assert [name for name in wanted if name not in coverage.index] == []

    def test_notebooks_and_sections_exist(self, coverage: pd.DataFrame) -> None:
        missing = []
        for (notebook, section), rows in coverage.groupby(["notebook", "section"]):
            path = PROJECT / "notebooks" / f"{notebook}.ipynb"
            cells = json.loads(path.read_text(encoding="utf-8"))["cells"] if path.is_file() else []
            text = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
            headings = re.findall(r"^##+ (.+)$", text, re.MULTILINE)
            if section not in headings:
                missing += [f"{name}: {notebook}, {section}" for name in rows.index]
        assert missing == []

    def test_verdicts_are_the_computed_ones(self, coverage: pd.DataFrame, tried: pd.DataFrame) -> None:
        """Of conclusions by notebook 10, of figures told again by notebook 05."""
        computed = tried.groupby("statement")["outcome"].agg(lambda part: conclusions.verdict(set(part)))
        again = coverage.index[coverage["notebook"].eq("05_claims_on_trial")]
        trial = claims.claims_on_trial(read_survey("data/survey/astana_2025"), "printed").set_index("claim")
        computed = pd.concat([computed.drop(again), trial.loc[again, "verdict"]])
        told = coverage["verdict"].reindex(computed.index)
        assert {n: (told[n], computed[n]) for n in computed.index if told[n] != computed[n]} == {}
        others = coverage["verdict"].drop(computed.index)
        assert not set(others) & {*conclusions.VERDICTS[:-1], *claims.VERDICTS}

    def test_quoted_words_stand_at_their_place(self, coverage: pd.DataFrame, ran: Ran) -> None:
        """In the named section, in a table that it shows, or in the row of notebook 10; numbers may move."""
        shown = ran(NAME, **FEW)["shown"]
        rows = (shown["text"] + " " + shown["held"] + " " + shown["turns"]).map(bare)
        missing = []
        for name, row in coverage.iterrows():
            place = rows[name] if row["notebook"] == NAME else told_in(row["notebook"], row["section"])
            parts = [bare(part) for part in row["quote"].split("…")]
            if not all(parts) or not re.search(".*".join(map(re.escape, parts)), place):
                missing.append(f"{name}: {row['notebook']}, {row['section']}: {row['quote']}")
        assert missing == []
        assert coverage["quote"].str.count(r"\w\S*").le(12).all()

    def test_nothing_is_left_out(self, coverage: pd.DataFrame) -> None:
        assert coverage.index[coverage["verdict"].eq("not covered")].to_list() == []

    def test_what_is_not_tested_says_what_it_would_take(self, coverage: pd.DataFrame) -> None:
        mute = coverage[coverage["conclusion"] & coverage["verdict"].eq("not tested")]
        assert len(mute) > 20 and (mute["note"] != "").all()
