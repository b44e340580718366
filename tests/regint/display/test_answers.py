"""Answers as pictures and tables: captions state the finding and its base."""

import pandas as pd
import pytest
from regint.display import answers
from textfiles.problems import Problem

SCALE = pd.DataFrame(
    {
        "question_label": "Prospects",
        "scale": "ordered",
        "label": ["low", "high"] * 2,
        "share": [0.2, 0.4, 0.33, 0.67],
        "of": ["50 asked"] * 2 + ["30 who answered"] * 2,
        "count": [10, 20] * 2,
        "lower": 0.1,
        "upper": 0.8,
    }
)


CHOSEN = SCALE.assign(question="q", chosen=[False, False, True, True])


def test_picture_speaks_of_the_main_base_and_shows_both() -> None:
    (picture,) = answers.pictures(CHOSEN, interval="95% interval, Wilson")
    payload = picture.payload
    assert payload["caption"] == "Prospects: “high” leads with 67%. Base: 30 who answered."
    assert payload["alt"].startswith("Bar chart. Prospects: 2 rows")
    assert "95% interval, Wilson" in payload["svg"]
    assert len(payload["data"]["rows"]) == 4


def test_unordered_answers_are_dots() -> None:
    (picture,) = answers.pictures(CHOSEN.assign(scale="unordered"))
    assert picture.payload["alt"].startswith("Dot chart.")


def test_table_has_count_base_share_and_interval() -> None:
    payload = answers.table(SCALE.head(1), caption="Prospects", label="tbl-q").payload
    assert payload["rows"] == [["Prospects", "low", "10", "50 asked", "20.0%", "10–80%"]]


def test_no_answers_make_an_empty_table_and_no_picture() -> None:
    assert answers.table(SCALE.head(0), caption="None", label="tbl-q").payload["rows"] == []
    with pytest.raises(Problem):
        next(answers.pictures(CHOSEN.drop(columns="of")))


WEIGHTED = SCALE.tail(2).assign(of="30 who answered, weighted", plain_share=[0.3, 0.7], effective_base=21.04)


def headers(frame: pd.DataFrame) -> list[str]:
    return [c["header"] for c in answers.table(frame, caption="Shares", label="tbl-q").payload["columns"]]


def test_weighted_answers_show_the_plain_share_and_the_effective_base_too() -> None:
    payload = answers.table(WEIGHTED, caption="Shares", label="tbl-q").payload
    row = dict(zip(headers(WEIGHTED), payload["rows"][0], strict=True))
    assert (row["Weighted share"], row["Plain share"]) == ("33.0%", "30.0%")
    assert (row["Of"], row["Effective base"]) == ("30 who answered", "effective base 21.0")
    assert payload["values"][0][headers(WEIGHTED).index("Effective base")] == 21.04
    assert [headers(WEIGHTED)[place] for place in payload["group"]] == ["Question", "Of", "Effective base"]
    assert "Effective base" in payload["note"]


def test_a_share_is_called_weighted_only_where_all_are() -> None:
    assert headers(pd.concat([SCALE.head(2), WEIGHTED]))[4] == "Share"
    assert headers(SCALE.assign(plain_share=None))[4:] == ["Share", "Interval"]


def test_a_share_without_a_count_keeps_its_printed_decimals() -> None:
    odd = CHOSEN.head(1).assign(share=0.435, count=None, printed="43.5", scale="unordered")
    (picture,) = answers.pictures(odd)
    payload = picture.payload
    assert "43.5%" in payload["caption"] and "43.5%" in payload["svg"] and "43.5%" in payload["alt"]


def test_pictures_speak_of_the_chosen_base_or_of_the_first() -> None:
    (chosen,) = answers.pictures(CHOSEN)
    assert chosen.payload["caption"].endswith("Base: 30 who answered.")
    (first,) = answers.pictures(CHOSEN.assign(chosen=False))
    assert first.payload["caption"].endswith("Base: 50 asked.")
    assert list(answers.pictures(CHOSEN.head(0))) == []


def caption(shown) -> str:
    return shown.payload["caption"]


def shares(**columns: list[float]) -> pd.DataFrame:
    number = len(next(iter(columns.values())))
    return pd.DataFrame(
        {"label": [f"option {i}" for i in range(number)], "share": columns["lower"], **columns}
    )


def test_silence_says_who_surely_and_who_perhaps_has_a_majority() -> None:
    for lower, upper, finding in (
        ([0.6, 0.2], [1.0, 0.6], "1 of 2 options surely has a majority of all asked, 1 more may."),
        ([0.6, 0.7], [0.9, 0.9], "2 of 2 options surely have a majority of all asked, 0 more may."),
        ([0.1, 0.5], [0.5, 0.5], "0 of 2 options surely has a majority of all asked, 0 more may."),
    ):
        frame = shares(lower=lower, upper=upper)
        shown = answers.silence(frame, what="Ways", asked=50, silent=20, label="fig-s")
        assert caption(shown) == f"Ways: with 20 of 50 asked silent, {finding}"


def test_intervals_on_one_base_name_it_and_weighted_ones_stand_beside() -> None:
    frame = shares(lower=[0.1], upper=[0.3]).assign(group="of 30")
    own = pd.DataFrame({"label": ["option 0"], "answered": 30, "share": 0.1, "weighted_share": 0.2})
    own = own.assign(lower=0.1, upper=0.4)
    plain = answers.intervals(frame, pd.DataFrame(), what="Ways", model="Wilson", label="fig-i")
    assert caption(plain) == "Ways: shares of 30 people (Wilson)."
    both = answers.intervals(frame, own, what="Ways", model="Wilson", label="fig-i")
    assert caption(both) == (
        "Ways: weights move “option 0” most, from 10.0% to 20.0% of 30 who answered "
        "(Wilson; weighted: by the sampling design)."
    )
    assert both.payload["data"]["rows"][1] == ["option 0", "weighted, of 30", 0.2, 0.1, 0.4]


def test_hostile_labels_stay_text() -> None:
    frame = shares(lower=[0.1], upper=[0.6]).assign(label="<script>x</script>")
    shown = answers.silence(frame, what="<b>Ways</b>", asked=5, silent=2, label="fig-s")
    assert "<script>" not in shown.payload["svg"] and "<b>" not in shown.as_html().split("<figcaption>")[1]


def test_counted_shares_are_not_called_printed() -> None:
    frame = shares(lower=[0.1], upper=[0.6])
    for counted, words in ((True, "of the answers given"), (False, "as printed")):
        shown = answers.silence(frame, what="Ways", asked=5, silent=2, label="fig-s", counted=counted)
        assert words in shown.payload["svg"]


def test_findings_say_no_more_than_is_known() -> None:
    known = pd.DataFrame({"label": ["a", "b", "c"], "share": [0.1, 0.2, None]})
    known = known.assign(question="q", question_label="Q", scale="unordered", of="50 asked", chosen=True)
    for frame, finding in (
        (known, "Q: of the shares known, 20% for “b” is the largest. Base: 50 asked."),
        (known.tail(1), "Q: no share is known. Base: 50 asked."),
        (known.tail(2), "Q: the only share known is 20%, for “b”. Base: 50 asked."),
        (known.head(2), "Q: “b” leads with 20%. Base: 50 asked."),
        (known.head(2).assign(share=0.2), "Q: “a” and “b” lead with 20%. Base: 50 asked."),
    ):
        (picture,) = answers.pictures(frame)
        assert caption(picture) == finding
