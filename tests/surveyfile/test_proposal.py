"""The codebook proposed for a file that nobody has described."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from surveyfile.codebook import OTHER, Item
from surveyfile.columns import Column, DeclaredSet, Groups, Respondents, Sums
from surveyfile.importing import import_respondents
from surveyfile.proposal import MOST_OPTIONS, propose
from surveyfile.record import Settings
from textfiles.problems import Problem


def read_column(name: str, *cells: str | None, **details: object) -> Column:
    texts = tuple(dict.fromkeys(cell for cell in cells if cell is not None))
    codes = np.array([-1 if cell is None else texts.index(cell) for cell in cells], dtype=np.int32)
    return Column(name, codes, texts, **details)  # type: ignore[arg-type]


def respondents(*columns: Column, **details: object) -> Respondents:
    groups = {}
    for own in columns:
        sums: dict[tuple[str | None, ...], Sums] = {}
        for code in own.codes:
            sums.setdefault((None if code < 0 else own.texts[code],), Sums()).add(Sums(1))
        groups[own.name] = Groups((own.name,), sums)
    named = {own.name: own for own in columns}
    return Respondents(named, len(columns[0].codes), {}, groups=groups, **details)  # type: ignore[arg-type]


def proposed(*columns: Column, settings: Settings | None = None, **details: object) -> list[Item]:
    return propose(respondents(*columns, **details), settings or Settings())


def statuses(item: Item) -> dict[str, str]:
    return {code.code: code.status for code in item.codes}


def test_few_answers_make_a_question_without_an_order() -> None:
    (item,) = proposed(read_column("Q 1", "b", "a", "b", None))
    assert (item.role, item.question, item.kind) == ("question", "q_1", "single")
    assert [(code.label, code.score) for code in item.codes] == [("a", ""), ("b", "")]


def test_numbers_are_no_scale_unless_the_file_says_so() -> None:
    (plain,) = proposed(read_column("q", "1", "2", "2"))
    (ordered,) = proposed(read_column("q", "1", "2", "2", ordered=True))
    assert (plain.kind, ordered.kind) == ("single", "rating")
    assert [code.score for code in ordered.codes] == ["1", "2"]


def test_a_code_that_sounds_missing_is_no_answer_in_substance() -> None:
    cells = read_column("q", "1", "99", "1", labels={"1": "Yes", "99": "DK/Refused (VOL.)"})
    assert statuses(proposed(cells)[0]) == {"1": "answer", "99": "missing"}
    nothing_else = read_column("q", "8", "9", "9", labels={"8": "Don't know", "9": "Refused"})
    assert statuses(proposed(nothing_else)[0]) == {"8": "answer", "9": "answer"}


def test_a_code_that_may_be_an_answer_is_one_until_declared() -> None:
    cells = read_column("q", "1", "99", "1", "2", "2", labels={"99": "NA"})
    assert statuses(proposed(cells)[0]) == {"1": "answer", "2": "answer", "99": "answer"}
    for column in ("", "q"):
        stated = Settings(missing=((column, "99"),))
        assert statuses(proposed(cells, settings=stated)[0])["99"] == "missing"
    assert statuses(proposed(cells, settings=Settings(missing=(("other", "99"),)))[0])["99"] == "answer"


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ([None, None, None], "empty"),
        (["a", "b", "c"], "every answer in it was given once"),
        (["a", "b", "c", "c", None, None, "d", "e"], "every answer in it was given once"),
        (["a", "a", None], "everybody gave the same answer, or was silent"),
        (
            [str(n) for n in range(MOST_OPTIONS + 1)] * 2,
            f"{MOST_OPTIONS + 1} different numbers: --numeric 'q' would take them for a number asked for",
        ),
        ([str(n) for n in range(MOST_OPTIONS + 1)], f"{MOST_OPTIONS + 1} different answers without labels"),
        (
            [f"text {n}" for n in range(MOST_OPTIONS + 1)] * 2,
            f"{MOST_OPTIONS + 1} different answers without labels",
        ),
    ],
)
def test_what_is_no_question_is_left_out_with_the_reason(cells: list, reason: str) -> None:
    (item,) = proposed(read_column("q", *cells))
    assert item.role == "skip" and reason in item.note and item.question == ""


def test_everyone_silent_although_labelled() -> None:
    (item,) = proposed(read_column("q", None, None, labels={"1": "Yes"}))
    assert (item.role, item.note) == ("skip", "nobody answered it")


def test_everyone_refused_leaves_no_answer_to_count() -> None:
    (item,) = proposed(read_column("q", "9", "9", missing=frozenset({"9"})))
    assert item.role == "skip"


def test_the_limit_of_options_is_inclusive_and_labels_lift_it() -> None:
    cells = [str(n) for n in range(MOST_OPTIONS)] * 2
    assert proposed(read_column("q", *cells))[0].role == "question"
    many = [str(n) for n in range(MOST_OPTIONS + 5)] * 2
    labels = {text: f"Answer {text}" for text in many}
    assert proposed(read_column("q", *many, labels=labels))[0].role == "question"


def test_two_respondents_who_differ_are_not_yet_an_identifier() -> None:
    assert proposed(read_column("q", "a", "b"))[0].role == "question"


def test_look_alike_column_names_get_ids_of_their_own() -> None:
    items = proposed(
        read_column("Q-1", "a", "b"), read_column("q 1", "a", "b"), read_column("Вопрос", "a", "b")
    )
    assert [item.question for item in items] == ["q_1", "q_1_2", "q"]


def test_a_column_with_a_role_is_no_question() -> None:
    (item,) = proposed(read_column("w", "1", "1", "2"), settings=Settings(weight="w"))
    assert (item.role, item.codes, item.note) == ("weight", (), "stated by the user")


def test_a_declared_set_is_one_question_of_several_columns() -> None:
    members = [read_column(name, "1", "0", "9", wording=text, missing=frozenset({"9"}))
               for name, text in (("m1", "Trade"), ("m2", "Water"))]  # fmt: skip
    group = DeclaredSet("topics", "Which topics?", ("m1", "m2"), "1")
    items = proposed(*members, sets=(group,))
    assert {item.question for item in items} == {"topics"}
    assert {item.kind for item in items} == {"multiple"}
    assert [statuses(item) for item in items] == [{"1": "answer", "0": "not_chosen", "9": "missing"}] * 2
    chosen = [code for item in items for code in item.codes if code.status == "answer"]
    assert [(code.label, code.response) for code in chosen] == [("Trade", "trade"), ("Water", "water")]


def test_a_set_that_holds_the_chosen_code_unites_its_columns() -> None:
    labels = {"1": "Trade", "2": "Water"}
    members = [read_column("first", "1", "2", labels=labels), read_column("second", "2", None, labels=labels)]
    items = proposed(*members, sets=(DeclaredSet("topics", "", ("first", "second"), ""),))
    responses = [{code.label: code.response for code in item.codes} for item in items]
    assert responses == [{"Trade": "trade", "Water": "water"}] * 2


def test_columns_not_read_are_listed() -> None:
    assert proposed(read_column("q", "a", "a"), skipped=("other",))[-1] == Item(
        "other", "skip", note="not read"
    )


@given(
    st.lists(
        st.lists(st.sampled_from([None, "1", "2", "Yes", "=1", "NA", ""]), min_size=4, max_size=4), max_size=5
    )
)
def test_every_column_is_accounted_for_once(tables: list[list[str | None]]) -> None:
    columns = [read_column(f"Q{i}", *cells) for i, cells in enumerate(tables)]
    items = proposed(*columns) if columns else []
    assert [item.column for item in items] == [c.name for c in columns]
    questions = [item.question for item in items if item.role == "question"]
    assert len(set(questions)) == len(questions)
    assert all(item.note for item in items if item.role == "skip")


# Several columns that are the options of one question, as each platform writes them.


def chosen(items: list[Item]) -> dict[str, tuple[str, str]]:
    """The label and code of the option that each column of a choose-several question stands for."""
    own = [item for item in items if item.kind == "multiple"]
    return {item.column: (item.codes[0].label, item.codes[0].code) for item in own}


@pytest.mark.parametrize(
    ("names", "cells", "found"),
    [
        # Qualtrics with texts: the option itself, or nothing
        (["Q2_1", "Q2_2"], [["Grain", None, "Grain"], [None, "Fuel", "Fuel"]], ["Grain", "Fuel"]),
        # SurveyMonkey and FiveThirtyEight's files of it
        (
            ["Pies? - Apple", "Pies? - Pecan"],
            [["Apple", None, "Apple"], [None, "Pecan", None]],
            ["Apple", "Pecan"],
        ),
        # REDCap raw and labelled
        (["race___1", "race___2"], [["0", "1", "1"], ["1", "0", "0"]], ["1", "2"]),
        (
            ["Race (choice=A)", "Race (choice=B)"],
            [["Checked", "Unchecked"] * 2, ["Unchecked"] * 4],
            ["A", "B"],
        ),
        # KoboToolbox and ODK
        (["needs/water", "needs/food"], [["1", "0", None], ["0", "1", None]], ["water", "food"]),
        (["needs/water", "needs/food"], [["True", "False"], ["False", "True"]], ["water", "food"]),
        # LimeSurvey with codes, where no can stand beside yes
        (["G1Q2[SQ001]", "G1Q2[SQ002]"], [["Yes", "No", "No"], ["No", "No", "Yes"]], ["SQ001", "SQ002"]),
        (["G1Q2[SQ001]", "G1Q2[SQ002]"], [["Y", None, "Y"], [None, "Y", "Y"]], ["SQ001", "SQ002"]),
        # yes where it is ticked, and nothing elsewhere
        (["Tools [Python]", "Tools [R]"], [["Yes", None, "Yes"], [None, "Yes", None]], ["Python", "R"]),
    ],
)
def test_options_in_columns_are_one_question(names: list[str], cells: list[list], found: list[str]) -> None:
    items = proposed(*(read_column(name, *own) for name, own in zip(names, cells, strict=True)))
    assert len({item.question for item in items}) == 1
    assert [label for label, _ in chosen(items).values()] == found
    assert "options of one choose-several question" in items[0].note


@pytest.mark.parametrize(
    ("names", "cells", "asked"),
    [
        # a table of yes-or-no questions is written alike
        (["Have you [a car]", "Have you [a boat]"], [["Yes", "No", "No"], ["No", "No", "Yes"]], True),
        # numbered questions, and no labels to join them
        (["q3_1", "q3_2"], [["0", "1", "1"], ["1", "0", "0"]], True),
        (["q3a", "q3b"], [["0", "1", "1"], ["1", "0", "0"]], True),
        # a table of rows with points
        (["Rate [tea]", "Rate [milk]"], [["Good", "Bad", "Good"], ["Bad", "Bad", "Good"]], False),
        (["Rate [tea]", "Rate [milk]"], [["Good", None, "Good"], ["Good", "Good", None]], False),
        (["a/b", "c/d"], [["1", "0", "1"], ["1", "0", "1"]], False),
        (["Q2_1", "Q2_2"], [["3", "1", "3"], ["2", "2", "1"]], False),
    ],
)
def test_what_is_not_sure_is_asked(names: list[str], cells: list[list], asked: bool) -> None:
    items = proposed(*(read_column(name, *own) for name, own in zip(names, cells, strict=True)))
    assert chosen(items) == {}
    assert ("choose-several question: then --multiple" in items[0].note) is asked


def test_labels_join_numbered_options() -> None:
    columns = [read_column(f"q3_{i}", "0", "1", "1", wording=f"Which goods do you buy: {what}")
               for i, what in enumerate(("Grain", "Fuel"))]  # fmt: skip
    items = proposed(*columns)
    assert [label for label, _ in chosen(items).values()] == ["Grain", "Fuel"]
    assert {item.label for item in items} == {"Which goods do you buy"}


def test_options_are_joined_or_kept_apart_as_stated() -> None:
    columns = [read_column(f"q3_{i}", "No", "Yes", "Yes") for i in range(2)]
    joined = proposed(*columns, settings=Settings(multiple=("q3",)))
    assert {item.question for item in joined} == {"q3"}
    ticks = [read_column(f"q3___{i}", "0", "1", "1") for i in range(2)]
    apart = proposed(*ticks, settings=Settings(single=("q3",)))
    assert [(item.question, item.kind) for item in apart] == [("q3_0", "single"), ("q3_1", "single")]
    words = [read_column(f"q3_{i}", "a", "b", "c") for i in range(2)]
    with pytest.raises(Problem, match="hold more than ticks"):
        proposed(*words, settings=Settings(multiple=("q3",)))


def test_an_option_nobody_chose_stays_with_the_others() -> None:
    items = proposed(
        read_column("n/a", "0", "1", "1"),
        read_column("n/b", "1", "0", "1"),
        read_column("n/c", "0", "0", "0"),
        read_column("n/d", None, None, None),
    )
    assert list(chosen(items).values()) == [("a", "1"), ("b", "1"), ("c", "1"), ("d", "1")]


def test_words_of_others_are_one_option_and_stay_out_of_the_codebook() -> None:
    items = proposed(
        read_column("Pies - Apple", "Apple", None, None, "Apple"),
        read_column("Pies - Pecan", None, "Pecan", None, "Pecan"),
        read_column("Pies - Other (please specify)", None, None, "my aunt's", None),
    )
    assert chosen(items)["Pies - Other (please specify)"] == ("Other (please specify)", OTHER)
    assert "aunt" not in str(items)


def test_where_other_can_be_ticked_its_words_are_left_out() -> None:
    items = proposed(
        read_column("Pies - Apple", "Apple", None, None, "Apple"),
        read_column("Pies - Other (please specify)", None, "Other (please specify)", None, None),
        read_column("Pies - Other (please specify)_2", None, "my aunt's", None, None),
    )
    assert [item.role for item in items] == ["question", "question", "skip"]
    assert "aunt" not in str(items)


def test_the_joined_column_of_kobo_is_left_out_where_its_options_have_columns() -> None:
    items = proposed(
        read_column("needs", "water food", "food", None),
        read_column("needs/water", "1", "0", None),
        read_column("needs/food", "1", "1", None),
    )
    assert [item.role for item in items] == ["skip", "question", "question"]


# One column with several answers in a cell.

KOBO = ["start", "end", "_uuid"]


def test_the_dots_that_r_writes_for_strokes_of_kobo_join_where_the_joined_column_stands(
    tmp_path: Path,
) -> None:
    """As in a survey of households that an R package holds: NA is what was not asked."""
    rows = [
        "needs,needs.water,needs.food,needs.cash,h.size",
        "water food,1,1,0,3",
        "food,0,1,0,4",
        "NA,NA,NA,NA,5",
    ]
    (tmp_path / "d.csv").write_text("\n".join([*rows, *rows[1:], *rows[1:]]), encoding="utf-8")
    result = import_respondents(tmp_path / "d.csv", Settings(silent=(("", "NA"),)))
    needs, size = result.questions
    assert (needs.kind, needs.answered, size.question) == ("multiple", 6, "h_size")
    assert {r.label: r.count for r in needs.responses} == {"water": 3, "food": 6, "cash": 0}


@pytest.mark.parametrize(
    "names",
    [
        ["u[1]. Which do you use? [Bus]", "u[2]. Which do you use? [Train]", "v[1]. Which do you use? [Bus]"],
        ["u[SQ001]._.Which? [Bus]", "u[SQ002]._.Which? [Train]", "v[SQ001]._.Which? [Bus]"],
        ["Which do you use? [Bus]", "Which do you use? [Train]", "Used before? [Bus]"],
    ],
)
def test_yes_and_no_of_limesurvey_are_ticks_with_texts_in_the_headers_too(
    names: list[str], tmp_path: Path
) -> None:
    """Codes before the texts as in a yearly survey of research software engineers; N/A: not shown."""
    header = ["Response ID", "Date submitted", "Last page", *names, "Comments"]
    rows = [
        ["Yes", "No", "No", "good"],
        ["No", "Yes", "Yes", "good"],
        ["N/A", "N/A", "N/A", ""],
    ]
    lines = [header, *([str(i), "", "3", *rows[i % 3]] for i in range(30))]
    lines[1][-1] = "more buses please"
    pd.DataFrame(lines).to_csv(tmp_path / "d.csv", index=False, header=False)
    result = import_respondents(tmp_path / "d.csv")
    used, before = result.questions
    assert (used.kind, used.asked, used.answered) == ("multiple", 20, 20)
    assert {r.label: r.count for r in used.responses} == {"Bus": 10, "Train": 10}
    assert before.kind == "single"


def test_comments_are_no_question_however_often_one_is_repeated() -> None:
    (item,) = proposed(
        read_column("Any other comments?", "none", "none", "good", "good", "more buses please")
    )
    assert item.role == "skip" and "--single 'Any other comments?' counts them" in item.note
    (asked,) = proposed(read_column("Do you read comments?", "Yes", "No", "Yes", "No"))
    assert asked.role == "question"


def in_cells(*cells: str | None, names: tuple[str, ...] = (), **stated: object) -> Item:
    column = read_column("Tools?", *cells)
    others = [read_column(name, *(str(i) for i in range(len(cells)))) for name in names]
    return proposed(column, *others, settings=Settings(**stated))[0]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("cells", "options", "mark"),
    [
        (["A", "B", "A;B", "A;C", "C"] * 2, ["A", "B", "C"], ";"),
        (["Interactive", "Batch", "Interactive;Batch"] * 5, ["Batch", "Interactive"], ";"),  # one combination
        (["A, B", "A", "B, C", "C", "B"] * 2, ["A", "B", "C"], ","),
        (
            ["Me, myself and I, Wait, is it just me?", "Me, myself and I", "Wait, is it just me?",
             "Colleagues", "Wait, is it just me?, Colleagues"],
            ["Colleagues", "Me, myself and I", "Wait, is it just me?"], ",",
        ),
    ],
)  # fmt: skip
def test_cells_of_several_answers_are_taken_apart(cells: list[str], options: list[str], mark: str) -> None:
    item = in_cells(*cells)
    assert (item.kind, item.separator) == ("multiple", mark)
    assert [code.code for code in item.codes if code.code != OTHER] == options


@pytest.mark.parametrize(
    "cells",
    [
        ["Agree, strongly", "Agree, in part", "Disagree, strongly", "Disagree, in part"] * 2,
        ["A;B", "B;C", "C;A"] * 2,  # nobody chose one alone: perhaps two had to be chosen
    ],
)
def test_cells_that_may_hold_several_answers_are_asked_for(cells: list[str]) -> None:
    item = in_cells(*cells)
    assert item.kind != "multiple" and "then --multiple 'Tools?=" in item.note
    assert in_cells(*cells, multiple=("Tools?",)).kind == "multiple"


@pytest.mark.parametrize(
    "cells",
    [
        ["$10,000 - $20,000", "$20,000 - $30,000", "$30,000 - $40,000"] * 2,
        ["Osh, Kyrgyzstan", "Almaty, Kazakhstan", "Khujand, Tajikistan"] * 2,
        ["Very good", "Good", "Bad", "Very bad"] * 2,
        ["1,5", "2,5"] * 3,
    ],
)
def test_signs_within_one_answer_part_nothing(cells: list[str]) -> None:
    item = in_cells(*cells)
    assert item.kind != "multiple" and "--multiple" not in item.note


def test_blanks_part_answers_where_kobo_wrote_the_file_or_where_it_is_said() -> None:
    cells = ["water food", "water", "food cash", "cash", "food"] * 2
    assert in_cells(*cells).kind == "single"
    for item in (in_cells(*cells, names=("start", "end", "_uuid")), in_cells(*cells, multiple=("Tools?= ",))):
        assert (item.separator, [code.code for code in item.codes]) == ("space", ["cash", "food", "water"])


def test_answers_in_own_words_are_counted_together() -> None:
    item = in_cells("A", "B", "A;B", "A;my own words", "B;something else", "A", "B")
    assert [code.code for code in item.codes] == ["A", "B", OTHER]
    assert item.answers("B;something else") == ["B", OTHER]


def test_a_separator_that_is_stated_and_one_that_is_not_to_be_found() -> None:
    assert [code.code for code in in_cells("A/B", "C/D", "A", multiple=("Tools?=/",)).codes] == [
        "A",
        "B",
        "C",
        "D",
    ]
    with pytest.raises(Problem, match="no separator parts its cells"):
        in_cells("A", "B", "A", multiple=("Tools?",))


# The order of answers.


def test_usual_words_give_an_order_that_is_said() -> None:
    (item,) = proposed(read_column("q", "Often", "Never", "Sometimes", "Refused", "Often", "Never"))
    assert item.kind == "rating" and item.note == "in order by its words: Never < Sometimes < Often"
    assert [(code.code, code.score) for code in item.codes] == [
        ("Never", "1"), ("Sometimes", "2"), ("Often", "3"), ("Refused", ""),
    ]  # fmt: skip


def test_codes_whose_labels_fall_are_turned_round() -> None:
    labels = {"1": "Very satisfied", "2": "Satisfied", "3": "Dissatisfied"}
    (item,) = proposed(read_column("q", "1", "2", "3", "1", labels=labels))
    assert [(code.code, code.score) for code in item.codes] == [("3", "1"), ("2", "2"), ("1", "3")]


def test_an_order_is_stated_or_asked_for() -> None:
    column = read_column("q", "low", "so-so", "high", "low", "high", "so-so")
    assert proposed(column)[0].kind == "single"
    (item,) = proposed(column, settings=Settings(rating=("q=low < so-so < high",)))
    assert [(code.label, code.score) for code in item.codes] == [("low", "1"), ("so-so", "2"), ("high", "3")]
    for stated in ("q", "q=low < high", "q=low < so-so < high < top"):
        with pytest.raises(Problem, match=r"state it, each once, as in --rating 'q=high < low < so-so'"):
            proposed(column, settings=Settings(rating=(stated,)))
    (numbers,) = proposed(read_column("q", "3", "1", "2"), settings=Settings(rating=("q",)))
    assert [code.score for code in numbers.codes] == ["1", "2", "3"]


def test_what_is_stated_wins_over_what_is_seen() -> None:
    words = read_column("q", "Often", "Never", "Sometimes", "Often", "Never")
    assert proposed(words, settings=Settings(single=("q",)))[0].kind == "single"
    (item,) = proposed(read_column("q (1=low)", "a", "b", "c"), settings=Settings(single=("q (1=low)",)))
    assert (item.role, item.note) == ("question", "stated by the user")
    with pytest.raises(Problem, match="--rating 'p=x' names no column of the file"):
        proposed(words, settings=Settings(rating=("p=x",)))
    with pytest.raises(Problem, match="'q' is stated as single and as rating"):
        proposed(words, settings=Settings(rating=("q",), single=("q",)))


# What is no question, and what is pointed at.


def test_a_weight_is_pointed_at_and_not_used() -> None:
    numbers = read_column("weight", "1.2", "0.8", "1.2", "0.4")
    assert proposed(numbers)[0].note == "named like a weight: --weight 'weight' would use it"
    few = proposed(read_column("weight", "1", "2", "1", "2"))[0]
    assert few.role == "question" and "--weight 'weight'" in few.note


def test_columns_that_a_platform_adds_are_left_out_and_those_of_the_finished_pointed_at() -> None:
    items = proposed(
        read_column("StartDate", "1", "1", "2"), read_column("Finished", "True", "False", "True"),
        read_column("Status", "IP Address", "Survey Preview", "IP Address"), read_column("Q1", "a", "b", "a"),
    )  # fmt: skip
    assert [item.role for item in items] == ["skip", "skip", "skip", "question"]
    assert "--filter 'Finished=True'" in items[1].note and "--filter 'Status=IP Address'" in items[2].note
    # two names alone are no sign of a platform
    assert [
        item.role for item in proposed(read_column("Status", "a", "b", "a"), read_column("Q1", "a", "b", "a"))
    ] == [
        "question",
        "question",
    ]


def test_long_headers_keep_their_whole_text_and_rows_their_own_label() -> None:
    stem = (
        "How do you rate the following directions of cooperation between the countries of the region today?"
    )
    items = proposed(*(read_column(f"{stem} [{row}]", "a", "b", "a") for row in ("Trade", "Water")))
    assert [(item.label, item.wording) for item in items] == [
        ("Trade", f"{stem} [Trade]"), ("Water", f"{stem} [Water]"),
    ]  # fmt: skip
    coded = proposed(*(read_column(f"G1Q3[SQ00{i}]", "a", "b", "a") for i in range(2)))
    assert [item.label for item in coded] == ["G1Q3[SQ000]", "G1Q3[SQ001]"]
    (alone,) = proposed(read_column(stem, "a", "b", "a"))
    assert alone.wording == stem and len(alone.label) <= 90


def test_rows_of_one_table_share_the_points_of_their_scale() -> None:
    rows = {
        "Trade": ["Good", "Fair", "Poor", "Very good"],
        "Water": ["Good", "Fair", "Very good", "Don't know"],
        "Roads": ["Poor", "Fair"],
        "Rails": ["1", "2"],
    }
    columns = [read_column(f"How is cooperation? [{row}]", *cells * 3) for row, cells in rows.items()]
    *items, other = proposed(*columns)
    for item in items:
        points = [(code.label, code.score) for code in item.codes if code.status == "answer"]
        assert (item.kind, points) == (
            "rating", [("Poor", "1"), ("Fair", "2"), ("Good", "3"), ("Very good", "4")]
        )  # fmt: skip
    assert (
        items[2].note == "in order by its words: Poor < Fair < Good < Very good; nobody chose Good, Very good"
    )
    assert len({code.response for item in items for code in item.codes}) == 5
    assert (other.kind, len(other.codes)) == ("single", 2)
    first, second = proposed(read_column("q1", *rows["Trade"] * 3), read_column("q2", *rows["Roads"] * 3))
    assert (len(first.codes), len(second.codes)) == (4, 2)  # two questions, of which nothing says more


@pytest.mark.parametrize(
    ("cells", "apart"),
    [
        (["0", "5", "7", "10", "99"], "99"),
        (["1", "2", "3", "4", "5", "98", "99"], "98,99"),
        (["-9", "1", "2", "3", "4"], "-9"),
        (["1", "2", "3", "4", "5"], ""),
        (["0", "10", "20", "30"], ""),
        (["1", "9"], ""),
        (["3"], ""),
    ],
)
def test_a_point_far_from_a_stated_scale_is_asked_about_and_kept(cells: list[str], apart: str) -> None:
    """It may be a code for no opinion, and only the user can know."""
    (item,) = proposed(read_column("q", *cells * 9), settings=Settings(rating=("q",)))
    assert (f"--missing 'q={apart}'" in item.note) == bool(apart)
    assert sorted(code.code for code in item.codes) == sorted(cells)
    assert ("--missing" in item.note) == bool(apart)


def test_weights_with_many_decimals_are_no_coordinates() -> None:
    cells = [f"{1 + place / 7919:.4f}" for place in range(30)]
    notes = {
        name: proposed(read_column(name, *cells))[0].note for name in ("rep1", "bs_w12", "r1", "_gps_lat")
    }
    assert (
        notes["rep1"]
        == notes["bs_w12"]
        == "named like a replicate weight: --replicates would use it with the others"
    )
    assert "--numeric 'r1'" in notes["r1"]
    assert notes["_gps_lat"] == "it seems to hold coordinates"


def test_a_number_with_a_decimal_comma_is_pointed_at() -> None:
    (item,) = proposed(read_column("km", *(f"{place},5" for place in range(20))))
    assert "--numeric 'km'" in item.note


@pytest.mark.parametrize("mark", ["،", "、"])
def test_other_commas_part_answers_too(mark: str) -> None:
    cells = [mark.join(parts) for parts in ("ab", "a", "b", "bc", "c", "ac", "abc")]
    (item,) = proposed(read_column("q", *cells))
    assert (item.kind, item.separator, [code.code for code in item.codes]) == ("multiple", mark, [*"abc"])
