"""Words of answers and headers in five languages: what is not known decides nothing."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from surveyfile.usual_words import (
    almost_in_order,
    in_order,
    is_date,
    is_other,
    lacks_substance,
    looks_like_weight,
    personal,
    sounds_missing,
    ticked,
)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2026-03-01", True),
        ("2026-03-01 10:00:00", True),
        ("2026-01-01T09:00:59.000+03:00", True),
        ("2026/03/01 9:00:00 AM GMT+5", True),
        ("1.3.2026", True),
        ("3/1/26, 9:15 p.m.", True),
        ("09:15", True),
        ("18-24", False),
        ("2026", False),
        ("1.5", False),
        ("10/10", False),
        ("1-2-3-4", False),
    ],
)
def test_dates_and_times_as_computers_write_them(text: str, date: bool) -> None:
    assert is_date(text) is date


@pytest.mark.parametrize(
    "label",
    [
        "Don't know",
        "DON’T KNOW",
        " refused. ",
        "[No answer]",
        "NA",
        "n/a",
        "Weiß nicht",
        "не знаю",
        "NS/NC",
        "*refused*",
    ],
)
def test_answers_without_substance_are_heard(label: str) -> None:
    assert sounds_missing(label)


@pytest.mark.parametrize(
    "label",
    ["", "None", "None of these", "Nothing", "Yes", "No", "Neither", "Undecided", "Namibia"],
)
def test_opinions_are_not_taken_for_silence(label: str) -> None:
    assert not sounds_missing(label)


@given(st.text(max_size=12))
def test_case_and_spaces_never_matter(label: str) -> None:
    assert sounds_missing(f" {label} ") == sounds_missing(label)


@pytest.mark.parametrize(
    "label",
    [
        "Don't know/Refused (VOL.)",  # Pew's standing label
        "DK/Ref",
        "Ref",
        "Don’t know / no answer",
        "Prefer not to say",
        "DK/NA",
        "Weiß nicht / keine Angabe",
        "Затрудняюсь ответить",
        "Ne sait pas, sans réponse",
        "No sabe o no contesta",
    ],
)
def test_labels_without_substance_in_the_ways_of_institutes(label: str) -> None:
    assert lacks_substance(label)


@pytest.mark.parametrize("label", ["NA", "n/a", "Yes/No", "Other/Refused", "Not sure", "Neither", "/", ""])
def test_what_may_be_an_answer_is_left_to_the_reader(label: str) -> None:
    assert not lacks_substance(label)


@pytest.mark.parametrize(
    ("labels", "found"),
    [
        (["0", "1"], ("1", "tick")),
        (["Checked", "Unchecked"], ("Checked", "tick")),
        (["nicht genannt", "genannt"], ("genannt", "tick")),
        (["1"], ("1", "tick")),
        (["0"], ("", "tick")),
        (["Yes", "No"], ("Yes", "yes")),
        (["да", "нет"], ("да", "yes")),
        (["Yes", "No", "Maybe"], ("", "")),
        (["1", "2"], ("", "")),
        (["Apple"], ("", "")),
        ([], ("", "")),
    ],
)
def test_ticks_are_told_from_answers(labels: list[str], found: tuple[str, str]) -> None:
    assert ticked(labels) == found


@pytest.mark.parametrize("option", ["Other (please specify)", "other", "Sonstiges:", "Другое", "Autre"])
def test_what_others_wrote(option: str) -> None:
    assert is_other(option) and not is_other(f"{option} countries")


SCALES = [
    "Strongly disagree < Disagree < Neither agree nor disagree < Agree < Strongly agree",
    "Strongly disagree < Somewhat disagree < Somewhat agree < Strongly agree",
    "Not at all satisfied < Not very satisfied < Fairly satisfied < Very satisfied",
    "Very dissatisfied < Dissatisfied < Neutral < Satisfied < Very satisfied",
    "Very unlikely < Unlikely < Likely < Very likely",
    "Never < Rarely < Sometimes < Often < Always",
    "Never < Less often < Once a month < Once a week < Every day",
    "Not at all < Not much < Somewhat < A lot",
    "Poor < Fair < Good < Very good < Excellent",
    "Much worse < Somewhat worse < About the same < Somewhat better < Much better",
    "Stimme gar nicht zu < Stimme eher nicht zu < Teils/teils < Stimme eher zu < Stimme voll und ganz zu",
    "Sehr unzufrieden < Eher unzufrieden < Weder noch < Eher zufrieden < Sehr zufrieden",
    "Nie < Selten < Manchmal < Oft < Immer",
    "Pas du tout d'accord < Plutôt pas d'accord < Plutôt d'accord < Tout à fait d'accord",
    "Jamais < Rarement < Parfois < Souvent < Toujours",
    "Très insatisfait(e) < Insatisfait(e) < Satisfait(e) < Très satisfait(e)",
    "Muy en desacuerdo < En desacuerdo < Ni de acuerdo ni en desacuerdo < De acuerdo < Muy de acuerdo",
    "Nunca < A veces < Casi siempre < Siempre",
    "Совершенно не согласен < Скорее не согласен < Скорее согласен < Полностью согласен",
    "Совершенно не согласен(на) < Не согласен(на) < Согласен(на) < Полностью согласен(на)",
    "Никогда < Редко < Иногда < Часто < Всегда",
    "Очень плохо < Плохо < Средне < Хорошо < Очень хорошо",
    "18-24 < 25-34 < 35-64 < 65+",
    "Under 18 < 18 to 29 years < 30 to 44 years < 45 years and older",
    "Less than $25,000 < $25,000-$49,999 < $50,000 - $99,999 < $100,000 or more",
    "unter 30 Jahre < 30-49 Jahre < 50 Jahre und älter",
    "менее 18 лет < 18–29 < 30–44 < старше 44",
    "moins de 18 ans < 18-25 ans < plus de 25 ans",
    "menos de 20 < 20-39 < 40 o más",
    "0 < 1-2 < 3+",
    "< 10 000 € < 10 000 - 20 000 € < > 20 000 €".replace("< 10 000 € <", "bis 10 000 € <"),
    "1 - not at all < 2 < 3 < 4 < 5 - very much",
    "1: low < 2: middle < 3: high",
    "Disagree (1) < Neutral (2) < Agree (3)",
]


@pytest.mark.parametrize("scale", SCALES)
def test_usual_scales_come_in_order_however_they_are_shuffled(scale: str) -> None:
    order = [label for label in scale.replace("< > ", "<> ").split(" < ")]
    order = [label for part in order for label in part.split(" <")]
    for seed in range(5):
        shuffled = random.Random(seed).sample(order, len(order))
        assert in_order(shuffled) == order, shuffled


@pytest.mark.parametrize(
    "labels",
    [
        ["Yes", "No", "Maybe"],
        ["Agree", "Disagree"],  # two answers have no middle to order
        ["Rare", "Medium rare", "Medium", "Well"],
        ["Less than 6 months", "6-12 months", "1-2 years"],  # two units
        ["18-30", "25-40", "41+"],  # bands that overlap
        ["2019", "2020", "2021"],
        ["9:00-10:00", "10:00-11:00", "11:00-12:00"],
        ["Grain", "Fuel", "Water"],
        ["1", "2", "3"],  # numbers are asked for
        ["Often", "Frequently", "Never"],  # two words for one step
        ["Agree", "Agree", "Agree"],
        ["Top 10", "Top 20", "Top 50"],
        ["Room 1-2", "Room 3-4", "Hall 5-6"],
        [],
    ],
)
def test_what_is_no_usual_scale_gets_no_order(labels: list[str]) -> None:
    assert in_order(labels) == []


def test_most_words_of_a_scale_are_a_reason_to_ask() -> None:
    assert almost_in_order(["Never", "Once a month or less", "A few times a month", "A few times a week"])
    assert almost_in_order(["Often", "Frequently", "Never"])
    assert not almost_in_order(["Never", "Rarely", "Often"])
    assert not almost_in_order(["Grain", "Fuel", "Water", "Good"])
    assert not almost_in_order([])


@given(st.lists(st.text(max_size=6), max_size=6, unique=True))
def test_an_order_holds_each_label_once(labels: list[str]) -> None:
    assert sorted(in_order(labels)) in ([], sorted(labels))


@pytest.mark.parametrize(
    "name",
    [
        "weight",
        "Gewicht",
        "wtssall",
        "finalwt",
        "Q5_weight",
        "pweight",
        "WEIGHT2",
        "вес",
        "wt",
        "weight_trim",
        "Poids",
    ],
)
def test_columns_named_like_weights(name: str) -> None:
    assert looks_like_weight(name, "", ["1.2", "0,4", "1"])
    assert not looks_like_weight(name, "", ["heavy", "1.2"])
    assert not looks_like_weight(name, "", ["-1.2"])
    assert not looks_like_weight(name, "", [])


@pytest.mark.parametrize("name", ["W", "lightweight", "height", "water", "wtf", "pesos", "weightless"])
def test_columns_not_named_like_weights(name: str) -> None:
    assert not looks_like_weight(name, "", ["1.2", "0.4"])


def test_a_label_may_name_a_weight() -> None:
    assert looks_like_weight("V99", "Weight using new first-stage weight computation", ["1.2"])


@pytest.mark.parametrize(
    ("name", "answers", "what"),
    [
        ("Q1", ["ana.one@example.org", "bek@example.org", "no thanks"], "e-mail addresses"),
        ("Q1", ["ana@example.org"] * 9, "e-mail addresses"),  # the same one nine times
        ("Q1", ["https://example.org/a", "www.example.org"], "web addresses"),
        ("Q1", ["10.0.0.1", "2001:db8::1"], "IP addresses"),
        ("Q1", ["+996 555 123456", "0312 61-23-45", "+1 (212) 555-0100"], "telephone numbers"),
        ("Q1", ["42.8746, 74.5698", "41.2995 69.2401"], "coordinates"),
        ("LocationLatitude", ["42.8746", "41.2995"], "coordinates"),
        ("Q1", ["2026-03-01", "2026-03-02", "later"], "dates or times"),
        ("Last name", ["Asanova", "Bek", "Ivanov"], "personal data, by its name"),
        ("Ваш телефон", ["знает Асан", "нет"], "personal data, by its name"),
        ("Your address, please", ["Chuy 1", "Chuy 2"], "personal data, by its name"),
        ("Which brand name do you know?", ["A", "B", "A", "B", "A", "B", "A"], ""),
        ("Email newsletter?", ["Yes", "No"] * 9, ""),
        ("Income", ["10 000 - 20 000", "20 000 - 30 000"] * 9, ""),  # no telephone: many gave it
        ("Age", ["18-24", "25-34"], ""),
        ("Q1", ["1.5", "2.5"], ""),
        ("Q1", [], ""),
    ],
)
def test_what_may_point_at_people(name: str, answers: list[str], what: str) -> None:
    assert personal(name, "", {text: answers.count(text) for text in answers}) == what


@pytest.mark.parametrize("label", ["لا أعرف", "لا اعرف", "رفض الإجابة", "لا أعرف / رفض الإجابة"])
def test_arabic_answers_without_substance_are_heard(label: str) -> None:
    assert lacks_substance(label)


@pytest.mark.parametrize(
    "scale",
    [
        "لا أوافق بشدة < لا أوافق < محايد < أوافق < أوافق بشدّة",
        "غير راضٍ أبداً < غير راضٍ < راضٍ < راضٍ جداً",
        "أبدا < نادرا < أحيانا < غالبا < دائما",
        "سيئ جدا < سيئ < مقبول < جيد < جيد جدا",
        "أقل من 30 سنة < 30 إلى 49 سنة < 50 إلى 64 سنة < 65 سنة فأكثر",
    ],
)
def test_arabic_scales_come_in_order_with_and_without_vowels(scale: str) -> None:
    order = scale.split(" < ")
    assert in_order(sorted(order)) == order
    assert not any(map(lacks_substance, order))
