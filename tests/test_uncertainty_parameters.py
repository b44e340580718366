"""What the notebook on uncertainty refuses before it runs."""

import pytest
from regint.parameters import HiddenBases, ParameterError, Uncertainty


@pytest.mark.parametrize("name", ["question", "rating"])
def test_a_question_with_one_figure_leaves_nothing_to_compare(name, tmp_path):
    (tmp_path / "questions.csv").write_text("question,kind\nlone,single\npair,single\n", encoding="utf-8")
    rows = "question,printed,count,statement\nlone,40,,\nlone,,,\npair,40,,\npair,,,half\n"
    (tmp_path / "responses.csv").write_text(rows, encoding="utf-8")
    with pytest.raises(ParameterError, match="fewer than two options with a figure; choose one of pair"):
        Uncertainty(survey=str(tmp_path), **{name: "lone"})
    assert getattr(Uncertainty(survey=str(tmp_path), **{name: "pair"}), name) == "pair"


def test_rounding_rules_are_named_in_full():
    with pytest.raises(ParameterError, match="did you mean 'up_or_down'"):
        HiddenBases(rounding="up_or_dwn")
