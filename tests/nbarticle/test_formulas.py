"""Formulas as MathML: a corpus that was looked at beside MathJax, and what must not go wrong."""

import re
import time
from pathlib import Path

import pytest
from nbarticle.formulas import Formula, equation_numbers, set_formulas

CORPUS = [
    line
    for line in (Path(__file__).parent / "formulas.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("# ")
]
# MathJax sets the last four of these; a reader sees their source.
UNSET = [
    r"\text{a_b} \text{100\%} \text{R\&D} \text{\#1}",
    r"x\limits^2",
    r"\begin{align} a &= b \\ \intertext{and} c &= d \end{align}",
    r"\begin{pmatrix} 1 & \multicolumn{2}{c}{x} \\ 2 & 3 & 4 \end{pmatrix}",
    r"\slashed{\partial}",
    r"\cancelto{0}{x}",
    r"\enclose{circle}{x}",
    r"\ce{H2O}",
    r"\ce{2H2 + O2 -> 2H2O}",
]


def made(*latex: str, display: bool = True, strict: bool = False) -> list[Formula]:
    return set_formulas([Formula(one, display) for one in latex], strict)


def test_corpus() -> None:
    """Whatever is not set says why, and nothing else is left as it was written."""
    assert len(CORPUS) >= 300
    unset = {one.latex: one.problem for one in made(*CORPUS) if one.problem}
    assert sorted(unset) == sorted(UNSET)
    assert all("\n" not in problem for problem in unset.values())
    inline = {one.latex for one in made(*CORPUS, display=False) if one.problem}
    assert not [latex for latex in inline - set(UNSET) if not re.search(r"\\tag|\\eqref", latex)]


def test_definitions_go_on_and_may_repeat_others() -> None:
    *_, last = made(
        r"\newcommand{\norm}[2][2]{\lVert #2 \rVert_{#1}}\def\half#1{\frac{#1}{2}}",
        r"\renewcommand\vec[1]{\mathbf{#1}} \DeclareMathOperator*{\argmax}{arg\,max} \let\eps=\varepsilon",
        r"\argmax_{\vec{x}} \norm{\eps} + \norm[1]{\half{y}}",
    )
    (plain,) = made(
        r"\operatorname*{arg\,max}_{\mathbf{x}} \lVert \varepsilon \rVert_{2} + \lVert \frac{y}{2} \rVert_{1}"
    )
    assert last.markup == plain.markup and not last.problem


def test_numbers_of_equations() -> None:
    formulas = made(
        r"\begin{equation}\label{eq:one} a \end{equation}",
        r"\begin{multline} a \\ b \\ c \label{many} \end{multline}",
        r"\begin{align} a &= b \nonumber \\ c &= d \label{l&r} \end{align}",
        r"x \tag{T*}\label{tagged}",
        r"y \text{ by } \eqref{eq:one}, \ref{tagged}",
        r"\eqref{nowhere} + 1",
    )
    assert equation_numbers(formulas) == {"eq:one": "1", "many": "2", "l&r": "3", "tagged": "T*"}
    assert formulas[1].markup.count("(2)") == 1 and "(3)" not in formulas[1].markup
    assert "(1)" in formulas[4].markup and "T*" in formulas[4].markup
    assert formulas[5].problem == "this refers to no equation" and not formulas[5].markup
    assert "(1)" not in made(r"\begin{align} a \end{align}", strict=True)[0].markup


@pytest.mark.parametrize(
    "latex",
    [
        r"\def\a{\a\a}\a",
        r"\def\a#1{#1#1#1#1#1#1#1#1#1#1}\a{\a{\a{\a{\a{\a{x}}}}}}",
        "{" * 50_000,
        r"\frac{" * 20_000,
        r"\left(" * 20_000,
    ],
    ids=["endless", "growing", "braces", "fractions", "brackets"],
)
def test_a_formula_that_asks_for_too_much_is_not_set(latex: str) -> None:
    """And those after it are."""
    start = time.monotonic()
    greedy, after = made(latex, "x")
    assert greedy.problem and not greedy.markup
    assert after.markup and time.monotonic() - start < 60


def test_nothing_leads_out_of_a_formula() -> None:
    for latex in (
        r"\href{javascript:alert(1)}{x}",
        r"\url{https://example.org}",
        r"\includegraphics{https://example.org/a.png}",
        r"\text{<img src=x onerror=alert(1)>}",
        r"\htmlStyle{background:url(https://example.org)}{x}",
        r"\class{x\" onclick=\"y}{z}",
    ):
        (one,) = made(latex)
        tags = " ".join(re.findall(r"<[^>]*>", one.markup))
        assert not re.search(r"<img|href|src=|url\(| onclick=|script", tags), latex


def test_what_is_nested_beyond_the_engine_says_so() -> None:
    """Sixty levels are set; a thousand are refused in a sentence, and the next formula is set again."""
    deep = [r"\sqrt{" * levels + "x" + "}" * levels for levels in (60, 1000)]
    first, second, third = made(*deep, "x")
    assert (first.problem, third.problem) == ("", "")
    assert second.problem == "it is nested too deeply: give parts of it a formula of their own"
