import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from regint.theory.region import beta, dispersion, leave_one_out, read_macro, theil, theil_parts
from textfiles.problems import Problem

GROUPS = {"KGZ": "upstream", "TJK": "upstream", "KAZ": "downstream", "TKM": "downstream", "UZB": "downstream"}
positive = st.lists(st.floats(0.1, 1e4), min_size=2, max_size=6)


@pytest.fixture(scope="module")
def macro() -> pd.DataFrame:
    return read_macro()


# Year: sum of GDP in USD bn, Kazakhstan's share, HHI of GDP and of population, CV and SD of log income per
# head, highest over lowest, Theil. Computed independently from the World Bank series of March 2026.
ANCHORS = {
    2010: (230.83, 0.6414, 0.4684, 0.2959, 0.9306, 0.9355, 11.93, 0.3579),
    2016: (273.39, 0.5021, 0.3702, 0.2918, 0.7346, 0.8814, 9.48, 0.2080),
    2018: (289.01, 0.6205, 0.4400, 0.2906, 0.8754, 0.9389, 11.35, 0.3765),
    2023: (438.25, 0.5965, 0.4193, 0.2903, 0.8423, 0.8998, 11.08, 0.3394),
}


@pytest.mark.parametrize("year", ANCHORS)
def test_anchors(year: int, macro: pd.DataFrame) -> None:
    row = dispersion(macro).set_index("year").loc[year].drop("largest").astype(float)
    assert row.tolist() == pytest.approx(ANCHORS[year], abs=1e-4, rel=5e-4)


def test_every_year_equals_base_r(macro: pd.DataFrame, project) -> None:
    reference = pd.read_csv(project / "tests/reference/convergence.csv")
    found = dispersion(macro).merge(theil_parts(macro, GROUPS), on="year")
    for name in reference.columns:
        assert found[name].tolist() == pytest.approx(reference[name].tolist(), rel=1e-8), name


def test_the_series_is_complete_and_population_goes_one_year_further(macro: pd.DataFrame) -> None:
    assert len(macro) == 75 and macro["gdp_musd"].notna().sum() == 70
    assert dispersion(macro)["year"].tolist() == list(range(2010, 2024))
    latest = macro.query("year == 2023").set_index("state")["gdp_per_head"]
    expected = {"KAZ": 12858.8, "KGZ": 1970.2, "TJK": 1160.8, "TKM": 8132.0, "UZB": 2549.3}
    assert latest.to_dict() == pytest.approx(expected, abs=0.1)


def test_unconditional_beta_is_small_and_depends_on_the_window(macro: pd.DataFrame) -> None:
    assert beta(macro, 2010, 2023) == pytest.approx(-0.00426, abs=1e-5)
    assert beta(macro, 2018, 2023) == pytest.approx(-0.00864, abs=1e-5)
    with pytest.raises(ValueError, match="from 2010 to 2023"):
        beta(macro, 2000, 2023)


@given(positive, st.floats(0.5, 10))
def test_theil_is_zero_for_equal_income_per_head(people: list[float], income: float) -> None:
    assert theil(np.array(people) * income, np.array(people)) == pytest.approx(0, abs=1e-12)


@given(positive)
def test_theil_is_never_negative_and_has_no_unit(incomes: list[float]) -> None:
    people = np.arange(1, len(incomes) + 1)
    value = theil(np.array(incomes), people)
    assert value >= 0 and theil(np.array(incomes) * 1000, people) == pytest.approx(value)


def test_parts_of_theil_add_up(macro: pd.DataFrame) -> None:
    parts = theil_parts(macro, GROUPS)
    assert parts["total"].tolist() == pytest.approx(dispersion(macro)["theil"].tolist())
    alone = theil_parts(macro, {state: state for state in GROUPS})
    assert alone["within"].abs().max() < 1e-12
    with pytest.raises(ValueError, match="No group is given for KAZ"):
        theil_parts(macro, {})


def test_leave_one_out_drops_exactly_one(macro: pd.DataFrame) -> None:
    table = leave_one_out(macro, "gdp_bn").set_index(["without", "year"])["value"]
    gdp = macro.set_index(["state", "year"])["gdp_musd"] / 1000
    assert table["none", 2023] - table["UZB", 2023] == pytest.approx(gdp["UZB", 2023])
    with pytest.raises(ValueError, match="choose one of"):
        leave_one_out(macro, "gini")


def test_the_sign_of_sigma_convergence_depends_on_who_is_left_out(macro: pd.DataFrame) -> None:
    table = leave_one_out(macro).pivot_table(index="year", columns="without", values="value")
    change = table.loc[2023] - table.loc[2010]
    assert change["none"] < 0 and set(change.index[change > 0]) == {"KAZ", "KGZ"}


@pytest.mark.parametrize("wrong", ["0", "-5", "much"])
def test_wrong_figures_are_refused(macro: pd.DataFrame, tmp_path, wrong: str) -> None:
    text = macro.drop(columns="gdp_per_head").astype(str).replace("nan", "")
    text.loc[3, "gdp_musd"] = wrong
    text.to_csv(tmp_path / "macro.csv", index=False)
    with pytest.raises(Problem):
        read_macro(tmp_path / "macro.csv")
