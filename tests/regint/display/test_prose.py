"""Numbers and labels as words."""

import html
import math
from decimal import Decimal

import mistune
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from regint.display import prose
from textfiles.problems import Problem
from textfiles.text import clean


def test_ties_round_away_from_zero() -> None:
    assert [prose.share(x) for x in (0.125, 0.145, 0.385, 0.005)] == ["13%", "15%", "39%", "1%"]
    assert prose.decimal(-0.125, 2) == "−0.13"


@given(st.integers(0, 500), st.integers(1, 500))
def test_share_is_within_half_a_point(count: int, base: int) -> None:
    printed = Decimal(prose.share(count / base).rstrip("%"))
    assert abs(float(printed) - 100 * count / base) <= 0.5 + 1e-9


def test_missing_values_are_a_dash() -> None:
    for nothing in (None, float("nan"), pd.NA, pd.NaT, np.nan):
        for show in (prose.share, prose.count, prose.decimal, prose.probability, prose.p_value):
            assert show(nothing) == "–"
        assert prose.span(0.1, nothing, prose.share) == "–"


def test_a_range_that_goes_below_nought_is_written_with_a_word() -> None:
    assert prose.span(-0.05, 0.03, prose.share) == "−5% to 3%"
    assert prose.span(-3, 2, prose.count) == "−3 to 2"


def test_words_are_joined_for_a_caption_without_escapes() -> None:
    assert [prose.joined(list(words)) for words in ("", "*", "*_", "*_`")] == [
        "",
        "*",
        "* and _",
        "*, _ and `",
    ]


def test_numbers_of_numpy_and_pandas_are_numbers() -> None:
    assert prose.count(np.int64(26)) == "26"
    assert str(prose.say("{k}", k=np.int64(26))) == "26"
    assert prose.decimal(np.float64(0.5), 1) == "0.5"


def test_thousands_infinities_and_the_sign_of_nought() -> None:
    assert prose.count(1234567) == "1\u202f234\u202f567"
    assert prose.count(-3) == "−3"
    assert prose.decimal(math.inf) == "∞"
    assert prose.decimal(-0.001) == "0.00"


def test_p_values_are_never_nought() -> None:
    assert prose.p_value(0.0) == "p < 0.001"
    assert prose.p_value(0.05) == "p = 0.050"


def test_a_count_that_is_no_whole_number_is_refused() -> None:
    with pytest.raises(Problem, match="not a whole number"):
        prose.count(2.5)


def test_level_prints_the_decimals_it_has() -> None:
    assert [prose.level(x) for x in (0.95, 0.999, 0.5)] == ["95%", "99.9%", "50%"]


def test_say_escapes_text_but_not_its_own_numbers() -> None:
    sentence = prose.say("**{who}**: {much}", who="<b>_x_</b>", much=prose.share(0.5))
    assert sentence.markdown == "**&#60;b&#62;&#95;x&#95;&#60;/b&#62;**: 50%"
    assert str(sentence) == "<b>_x_</b>: 50%"


def test_say_refuses_what_would_print_badly() -> None:
    with pytest.raises(Problem, match="no partner: k"):
        prose.say("nothing", k=1)
    with pytest.raises(Problem, match="no partner: k"):
        prose.say("{k}")
    with pytest.raises(Problem, match="Say how to print"):
        prose.say("{x}", x=0.5)
    with pytest.raises(Problem, match="prose.listing"):
        prose.say("{x}", x=["a", "b"])


def test_braces_in_a_value_are_not_fields() -> None:
    assert str(prose.say("{x}", x="{y} {0}")) == "{y} {0}"


def test_listing_escapes_each_item_once() -> None:
    inner = prose.listing(["a_b", "c"])
    assert inner == "a&#95;b and c"
    assert prose.say("{x}", x=inner).markdown == inner
    assert prose.listing(["only"]) == "only"


def test_mimebundle_has_markdown_and_plain_text() -> None:
    bundle = prose.say("*{k}* of {n}", k=1, n=2)._repr_mimebundle_()
    assert bundle == {"text/markdown": "*1* of 2", "text/plain": "1 of 2"}


def test_paragraphs_keep_the_escapes() -> None:
    joined = prose.paragraphs([prose.say("{x}", x="a*"), prose.say("b")])
    assert joined.markdown == "a&#42;\n\nb"


def test_a_field_looks_into_a_row_and_says_how_to_print() -> None:
    row = pd.Series({"name": "<b>A_B</b>", "score": 4.1667, "part": 0.125, "p": 0.0004})
    sentence = prose.say(
        "{row[name]}: **{row[score]:decimal1}**, {row[part]:share} ({row[p]:p_value}), {many:listing}",
        row=row,
        many=["x", "y"],
    )
    assert str(sentence) == "<b>A_B</b>: 4.2, 13% (p < 0.001), x and y"
    assert sentence.markdown.startswith("&#60;b&#62;A&#95;B&#60;/b&#62;: **4.2**, 13%")


def test_a_float_without_a_word_for_printing_is_refused_in_a_row_too() -> None:
    with pytest.raises(Problem, match="Say how to print"):
        prose.say("{row[score]}", row={"score": 4.5})


def test_an_unknown_word_for_printing_is_named() -> None:
    with pytest.raises(Problem, match="'percent'; choose from share"):
        prose.say("{x:percent}", x=0.5)


def test_a_sentence_gives_way_to_another_where_there_is_nothing_to_tell() -> None:
    for nothing in (False, 0, None, [], "", pd.DataFrame({"n": []})):
        sentence = prose.say("**{n}** of them", when=nothing, otherwise="*None* of them", n=0)
        assert (sentence.markdown, sentence.text) == ("*None* of them", "None of them")
    assert prose.say("**{n}** of them", when=[1], otherwise="None", n=3).text == "3 of them"


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '" onload="alert(1)',
    "[click](javascript:alert(1))",
    "$\\frac{$",
    "@fig-x [@balassa1961] $$x$$ {#eq-x}",
    "**bold** _em_ `code` ~~gone~~ | cell |",
    "::: {.callout-warning}",
    "&lt;b&gt; &amp; &#60;",
    "]]> --> </svg></style>",
    "_leading underscore",
    "مرحبا بالعالم",
    "🙂 emoji 👩‍👩‍👧",
]


def test_a_list_is_plain_in_the_terminal_and_escaped_on_the_page() -> None:
    said = prose.say("*Few* are {names:listing}.", names=["A&B (60%)", "a_b*"])
    assert said.text == "Few are A&B (60%) and a_b*."
    assert said.markdown == "*Few* are A&#38;B &#40;60%&#41; and a&#95;b&#42;."
    assert str(prose.say("So: {said}", said=said)) == f"So: {said.text}"


@given(st.text())
def test_markdown_has_no_special_sign_left_and_reads_the_same(text: str) -> None:
    escaped = prose.escape_markdown(text)
    assert not set(html.escape("").join(escaped.split("&#"))) & set("*_`[]$@<>|{}\\~^\"'")
    assert html.unescape(escaped) == clean(text)


def test_markdown_reader_prints_the_text_as_it_is() -> None:
    for text in HOSTILE:
        shown = mistune.html(f"before {prose.escape_markdown(text)} after")
        assert html.unescape(shown).strip() == f"<p>before {clean(text)} after</p>"


def test_slug() -> None:
    assert prose.slug("Scenario 2035: <x>") == "scenario-2035-x"
