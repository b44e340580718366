import html
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from regint.display.prose import escape_html, escape_markdown, plain, slug

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


def test_plain_drops_controls_and_direction_overrides() -> None:
    assert plain("a\u202eb\u2066c\x00d\x1be\ufefff\nline\ttab") == "abcdef line tab"


def test_plain_keeps_scripts_that_run_from_right_to_left() -> None:
    assert plain("مرحبا") == "مرحبا"


@pytest.mark.parametrize("text", HOSTILE)
def test_html_holds_the_text_and_no_element(text: str) -> None:
    starts: list[str] = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attrs: starts.append(tag)  # type: ignore[method-assign]
    parser.feed(f'<p title="{escape_html(text)}">{escape_html(text)}</p>')
    assert starts == ["p"]
    assert html.unescape(escape_html(text)) == plain(text)


@given(st.text())
def test_markdown_has_no_special_sign_left_and_reads_the_same(text: str) -> None:
    escaped = escape_markdown(text)
    assert not set(html.escape("").join(escaped.split("&#"))) & set("*_`[]$@<>|{}\\~^\"'")
    assert html.unescape(escaped) == plain(text)


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_reader_prints_the_text_as_it_is(text: str) -> None:
    mistune = pytest.importorskip("mistune")
    shown = mistune.html(f"before {escape_markdown(text)} after")
    assert html.unescape(shown).strip() == f"<p>before {plain(text)} after</p>"


def test_slug() -> None:
    assert slug("Scenario 2035: <x>") == "scenario-2035-x"
