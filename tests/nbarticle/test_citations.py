"""Bibliographies as people write them: read as meant, or one sentence says what to mend."""

import os
import random
import re
import time

import pytest
from bs4 import BeautifulSoup
from nbarticle import plan
from nbarticle.article import ArticleExporter
from nbarticle.citations import Bibliography, Source, plain_text
from nbformat.v4 import new_markdown_cell, new_notebook, writes
from textfiles.problems import Problem


def read(tmp_path, text):
    """Read a bibliography and set all of it: entries by key, and the sentences."""
    path = tmp_path / "references.bib"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    library = Bibliography.read(path)
    for key in library.source:
        library.cite(key)
    return library.works(), library.source.problems


def entry(fields="", title="A title", year="2020", key="ann"):
    work = f"author={{Lee, Ann}}, title={{{title}}}, year={{{year}}}, journal={{Review}}"
    return f"@article{{{key}, {work}{fields}}}\n"


@pytest.mark.parametrize("year", ["in press", "2020a", "n.d.", "forthcoming", "c. 1990"])
def test_a_year_that_is_no_number_is_printed(tmp_path, year):
    works, problems = read(tmp_path, entry(year=year) + entry(key="bob", title="Another", year="1999"))
    assert works["ann"][1] == year
    assert f"({year})" in works["ann"][2]
    assert not problems


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        (r"On \emph{small} things", "On small things"),
        (r"At \url{http://a.example/b}", "At http://a.example/b"),
        (r"See \href{http://a.example/}{the page} again", "See the page again"),
        (r"A ratio $\frac{a}{b}$ of two", "A ratio a/b of two"),
        (r"The $\alpha$ of \textit{Cronbach}", "The α of Cronbach"),
        (r"Caf\'{e}, M{\"u}ller, {\c C}a, \v{s}i, \ss{} and \o re", "Café, Müller, Ça, ši, ß and øre"),
        (r"Costs of 5\$ \& 6 \% a\_b", "Costs of 5$ &amp; 6 % a_b"),
        ("R&D where a < b", "R&amp;D where a &lt; b"),
        (r"\unknown{kept} and \LaTeX", "kept and LaTeX"),
        (r"Odd \' end \ ", "Odd énd"),
        (r"\L odzi, \l odz, \i x and \e x", "Łodzi, łodz, ıx and e x"),
        ("A } brace { astray", "A brace astray"),
    ],
)
def test_tex_in_a_title_is_read_as_text(tmp_path, written, printed):
    quote = f'@misc{{ann, author="Lee, Ann", year=2020, title="{written}"}}'
    braced = f"@misc{{ann, author={{Lee, Ann}}, year=2020, title={{{written}}}}}"
    source = quote if written.count("{") and "}" in written.split("{")[0] else braced
    works, _ = read(tmp_path, source)
    assert printed in works["ann"][2]


def test_markup_in_a_title_is_text(tmp_path):
    title = '<meta http-equiv="refresh" content="0;url=http://a.example">'
    works, problems = read(tmp_path, entry(title=title).replace("Lee, Ann", "<b>Lee</b>, <i>Ann"))
    soup = BeautifulSoup(works["ann"][2] + works["ann"][0], "lxml")
    assert not soup(["meta", "b"])
    assert title.split()[0] in soup.get_text()
    assert not problems


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (entry().replace("journal={Review}", "journal=jss"), "unknown abbreviation 'jss'"),
        (
            entry().replace("title={A title}", "title={A title") + entry(key="bob"),
            "brace of its title is not closed",
        ),
        (entry().replace("title={A title}", 'title="A title') + entry(key="bob"), "is not closed"),
        (entry() + entry(title="Second"), "the key is given twice"),
        (entry().replace("2020}, j", "2020} j"), "comma before it"),
        ("@article{author={Lee, Ann}, title={T}}", "does not begin with a key"),
        ("@article{ann", "does not begin with a key"),
        ("@article{ann, title={" + "long " * 5_000 + "}}", "over 20,000 characters"),
        (entry(title="Bücher").encode("latin-1"), "line 1: the file is not UTF-8"),
    ],
)
def test_what_is_wrong_is_said_and_the_rest_is_read(tmp_path, text, said):
    works, problems = read(tmp_path, text)
    assert len(problems) == 1, problems
    assert problems[0].startswith("references.bib")
    assert said in problems[0]
    if "title is not" in said:
        assert works["ann"][2].replace("2020a", "2020") == "Lee, A. (2020). ‘A title’. <i>Review</i>."
    if "bob" in str(text):
        assert "bob" in works
    if isinstance(text, bytes):
        assert "Bücher" in works["ann"][2]


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("\ufeff" + entry(), "Lee, A. (2020)"),
        (entry().replace("\n", "\r\n").replace(", ", ",\r\n  "), "Lee, A. (2020)"),
        (entry().replace("@article{", "@article(").replace("}}\n", "})\n"), "Lee, A. (2020)"),
        (entry().replace("Lee, Ann", "Lee, Ann and others"), "Lee, A. and others (2020)"),
        (entry().replace("Lee, Ann", "{World Bank}"), "World Bank (2020)"),
        (entry().replace("{Lee, Ann}", '"Lee}, {Ann"'), "Lee, A. (2020)"),
        (entry().replace("Lee, Ann", "van der Berg, Jr., Ann"), "Berg"),
        (entry(title="{" * 60 + "deep" + "}" * 60), "deep"),
        (entry().replace("year={2020}", "date={2020-05-01}"), "(2020)"),
        (entry().replace("year={2020}", "date={2020/2021}"), "(2020/2021)"),
        (entry().replace("year={2020}", "year=2020"), "(2020)"),
        (entry().replace("year={2020}, ", ""), "Lee, A."),
        (entry(fields=", month=may, pages={1--2}, note={In \\emph{press}}"), "Lee, A. (2020)"),
        (entry(title="Nul \0 and \x1b[31m bell \x07"), "Nul"),
        (entry(title="private \ue000 marks \ue0010\ue002"), "private"),
        (entry(title="‮reversed and ﻿joined"), "reversed"),
        ("% a comment\nwords between entries @ home\n" + entry(), "Lee, A. (2020)"),
        (entry(fields=", crossref={ann}"), "Lee, A. (2020)"),
        (entry(fields=", crossref={nobody}"), "Lee, A. (2020)"),
        (entry(fields=", title={Second title}"), "Lee, A. (2020)"),
        (entry(fields=", url={javascript:alert(1)}, doi={10.1/<b>x}"), "Lee, A. (2020)"),
    ],
)
def test_an_odd_entry_is_read_as_meant(tmp_path, text, printed):
    works, problems = read(tmp_path, text)
    shown = BeautifulSoup(works["ann"][2], "lxml")
    assert printed in " ".join(shown.get_text().split())
    assert not shown(["b", "script"]) and "javascript:" not in str(shown)
    assert not re.search("[\0\x07\x1b\ue000-\uf8ff\u202e\ufeff]", shown.get_text())
    assert all(sentence.startswith("references.bib") for sentence in problems)


def test_a_macro_a_comment_and_an_unknown_type(tmp_path):
    text = (
        '@string{r = {Big } # {Review}}\n@comment{anything at all {}\n@preamble{"x"}\n'
        + entry().replace("{Review}", "r").replace("@article", "@ARTICLE")
        + "@software{bob, author={Bo}, title={Tool}, year=2021, month={Spring}}"
    )
    works, problems = read(tmp_path, text)
    assert "Big Review" in works["ann"][2]
    assert "Tool" in works["bob"][2]
    assert not problems


def test_nothing_in_a_bibliography_ends_in_a_traceback_or_takes_long(tmp_path):
    rng = random.Random(7)
    signs = [
        "{",
        "}",
        '"',
        "\\",
        "$",
        "@",
        ",",
        "=",
        "#",
        " and ",
        "\n@article{k,",
        "\\'",
        "\\frac",
        "é",
        "~",
        "%",
    ]
    whole = entry() + entry(key="bob", title=r"\emph{x} $\frac{a}{b}$", fields=", pages={1-2-3}, volume={a}")
    started = time.monotonic()
    for _ in range(300):
        text = whole
        for _ in range(rng.randint(1, 4)):
            place = rng.randrange(len(text))
            text = text[:place] + rng.choice(signs) + text[place + rng.randint(0, 2) :]
        read(tmp_path, text)
    for hostile in (
        "{" * 200_000,
        "\\" * 100_000,
        "$" * 100_000,
        " and " * 3_900,
        "\\'" * 9_000,
        "\\a{" * 6_000,
    ):
        read(tmp_path, entry(title=hostile) + entry(key="bob").replace("Lee, Ann", hostile))
    Source(b"@" * 1_000_000, "references.bib")
    assert time.monotonic() - started < 60
    assert plain_text("") == ""


@pytest.fixture
def exported(tmp_path, monkeypatch):
    """Export a notebook from its own folder, where a bibliography lies beside it."""

    def export(bib, **own):
        notebook = new_notebook(cells=[new_markdown_cell("# Title\n\nAs [@ann] said, and [@bob].")])
        notebook.metadata["nbarticle"] = own
        (tmp_path / "a.ipynb").write_text(writes(notebook))
        (tmp_path / "references.bib").write_text(bib)
        monkeypatch.chdir(tmp_path)
        return ArticleExporter().from_filename("a.ipynb")[0]

    return export


def test_a_notebook_finds_the_bibliography_beside_it(exported):
    assert "Lee 2020" in BeautifulSoup(exported(entry()), "lxml").get_text()


def test_a_page_of_nobody_shows_what_could_not_be_read_and_warns(exported, caplog):
    page = BeautifulSoup(
        exported(entry() + entry(key="bob").replace("A title}", "A title")), "lxml"
    ).get_text()
    assert "Lee 2020" in page
    assert caplog.text.count("references.bib") == 1
    assert "brace of its title is not closed" in caplog.text


def test_a_strict_page_is_refused(exported):
    with pytest.raises(Problem, match="brace of its title is not closed"):
        exported(entry(key="bob").replace("A title}", "A title"), strict=True)


@pytest.mark.parametrize("put", [os.mkfifo, lambda path: path.symlink_to("/dev/zero")])
def test_a_pipe_or_device_is_no_bibliography_and_no_notebook(tmp_path, put):
    put(tmp_path / "references.bib")
    for read_file in (Bibliography.read, plan.read):
        with pytest.raises(Problem, match=r"references.bib is not an ordinary file"):
            read_file(tmp_path / "references.bib")
