"""From counts to the tables of a survey folder: every state of an answer kept, nothing small given away."""

import pytest
from surveyfile.count import Question, Response
from surveyfile.importing import DISCLOSURE, Counted, answer_states, metadata, question_rows, response_rows
from surveyfile.masking import SMALL


def question(*counts: int, kind: str = "single", asked: int = 100, **details: object) -> Question:
    responses = tuple(
        Response(f"r{i}", f"R{i}", "", True, n, codes=(("Q 1", str(i)),)) for i, n in enumerate(counts)
    )
    answered = max(counts, default=0) if kind == "multiple" else sum(counts)
    return Question("q", kind, "Q?", "", ("Q 1",), asked, answered, None, responses, **details)  # type: ignore[arg-type]


def test_asked_answered_and_silent_are_kept_apart() -> None:
    answers = (Response("a", "A", "", True, 7), Response("r", "Refused", "", False, 2))
    made = Question("q", "single", "Q?", "", ("Q",), 12, 9, None, answers)
    nobody = Question("n", "single", "N?", "", ("N",), 5, 0, None, ())
    states = answer_states([made, nobody]).set_index("label")
    assert states.loc["Q?"].to_list() == [12, 9, 7, 2, 3]
    assert states.loc["N?"].to_list() == [5, 0, 0, 0, 5]


@pytest.mark.parametrize(
    ("kind", "scale", "total"),
    [
        ("rating", "ordered", "closed"),
        ("single", "unordered", "closed"),
        ("multiple", "unordered", "multiple"),
    ],
)
def test_the_kind_decides_scale_and_total(kind: str, scale: str, total: str) -> None:
    _, (row,) = question_rows(Counted([question(3, 4, kind=kind)], {}, False, 0, "a.csv"))
    assert (row["scale"], row["total"], row["base_status"]) == (scale, total, "counted")


def test_weighted_columns_stand_only_where_a_weight_was_stated() -> None:
    for weighted in (False, True):
        counted = Counted([question(3)], {}, weighted, 0, "a.csv")
        assert ("effective_base" in question_rows(counted)[0]) is weighted
        assert ("weighted_share" in response_rows(counted)[0]) is weighted


def test_a_response_names_its_columns_and_codes() -> None:
    codes = tuple((f"v{i}", "1") for i in range(5))
    responses = (Response("a", "A", "", True, 9, codes=codes), Response("b", "B", "", True, 0))
    made = Question("q", "multiple", "Q", "", tuple(f"v{i}" for i in range(9)), 9, 9, None, responses)
    counted = Counted([made], {}, False, 0, "a.csv")
    assert question_rows(counted)[1][0]["locator"] == "columns v0, v1, v2, v3, v4, v5 and 3 more"
    assert [row["locator"] for row in response_rows(counted)[1]] == [
        "v0 = 1; v1 = 1; v2 = 1; and 2 more", "not given by anyone",
    ]  # fmt: skip


def test_nothing_is_hidden_unless_asked_for() -> None:
    assert [row["count"] for row in response_rows(Counted([question(1, 2)], {}, False, 0, "a.csv"))[1]] == [
        "1",
        "2",
    ]
    assert SMALL == 5


def test_what_the_file_does_not_tell_is_left_open() -> None:
    content = metadata(Counted([], {}, False, 0, "../Ünïcode panel.csv"), 40, "", None)
    assert [item["item"] for item in content["disclosure"]] == list(DISCLOSURE)
    told = {item["item"]: item["status"] for item in content["disclosure"] if item["status"]}
    assert told == {"Sample sizes and precision": "partial"}
    assert content["id"] == "unicode_panel" and "weight" not in content and "masking" not in content


def test_weights_and_masking_are_told() -> None:
    counted = Counted([], {}, True, 5, "a.csv")
    content = metadata(counted, 40, "My survey", {"weight": "w", "strata": "s"})
    note = {item["item"]: item["note"] for item in content["disclosure"]}["Weighting"]
    assert "weight w, strata s" in note
    assert (content["title"], content["masking"]["below"]) == ("My survey", 5)
