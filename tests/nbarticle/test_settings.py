"""What a project says of itself, and what a notebook says of its own page."""

import pytest
from nbarticle.settings import Settings
from textfiles.problems import Problem


def table_of(folder, table):
    (folder / "pyproject.toml").write_text(f"[tool.nbarticle]\n{table}", encoding="utf-8")
    (folder / "deep" / "down").mkdir(parents=True, exist_ok=True)
    return folder / "deep" / "down"


def test_no_project_no_settings(tmp_path):
    assert Settings.read(None) == Settings.read(tmp_path) == Settings()


def test_the_project_that_holds_the_notebook_is_read(tmp_path):
    below = table_of(
        tmp_path, 'title = "Ours"\nauthors = ["A", "B"]\nstrict = true\n[tool.nbarticle.front]\nlead = "x"'
    )
    settings = Settings.read(below)
    assert (settings.title, settings.authors, settings.strict) == ("Ours", ("A", "B"), True)
    assert settings.front.lead == "x"
    assert settings.folder == tmp_path


def test_the_notebook_goes_before_its_project(tmp_path):
    below = table_of(tmp_path, 'title = "Ours"\nlicence = "MIT"\nbibliography = "ours.bib"')
    own = {"title": "Mine", "authors": ["C"], "bibliography": "mine.bib"}
    settings = Settings.read(below, {"nbarticle": own})
    assert (settings.title, settings.authors, settings.licence) == ("Mine", ("C",), "MIT")
    assert settings.folder / settings.bibliography == below / "mine.bib"


WRONG = {
    'titel = "x"': r"there is no setting 'titel' \(did you mean 'title'\?\); take it out",
    'folder = "x"': "there is no setting 'folder'",
    'authors = "A"': "authors must be a list of texts, not 'A'",
    "authors = [1]": "authors must be a list of texts",
    'strict = "yes"': "strict must be true or false",
    "title = 1": "title must be a text, not 1",
    'front = "x"': "front must be a table",
    "front = {lede = 'x'}": r"\[tool.nbarticle.front\]: there is no setting 'lede'",
    "title = ": "pyproject.toml cannot be read",
}


@pytest.mark.parametrize("table", WRONG)
def test_a_wrong_setting_is_one_sentence(table, tmp_path):
    with pytest.raises(Problem, match=WRONG[table]):
        Settings.read(table_of(tmp_path, table))


def test_a_notebook_may_not_speak_for_the_project():
    with pytest.raises(Problem, match='metadata of the notebook, "nbarticle": there is no setting'):
        Settings.read(None, {"nbarticle": {"mark": "<svg onload=x()>"}})


def test_the_citation_file_says_the_same(project):
    settings = Settings.read(project)
    citation = (project / "CITATION.cff").read_text(encoding="utf-8")
    for line in (f'title: "{settings.title}"', f"license: {settings.licence}"):
        assert f"\n{line}\n" in citation
    for words in (*settings.authors, *settings.keywords):
        assert words in citation
