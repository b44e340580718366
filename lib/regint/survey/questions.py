"""One question seen closely: its options, its scale, and both bases."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import comb, nan
from typing import Any

import pandas as pd

from regint.estimation.intervals import interval_envelope
from regint.estimation.nonresponse import functional_bounds, worst_case_share
from regint.estimation.ordinal import (
    agreement,
    consensus,
    leik_dispersion,
    mean_score,
    median_categories,
    mode_categories,
    top_box,
)
from regint.estimation.overlap import mcnemar_bounds, mcnemar_table
from regint.percentages.counts import admissible_bases, consistent_counts
from regint.survey.table import Survey, figure_table, tidy_table

# Stands in where a question has neither a base nor figures that any base fits.
_ROUND_NUMBER = 100


@dataclass(frozen=True)
class CloseUp:
    """One question under study."""

    question: str
    label: str
    options: pd.DataFrame
    exclusive: bool
    base: int
    bases: dict[str, int]
    asked: int
    answered: int
    silence_recorded: bool
    status: str

    @property
    def counts(self) -> dict[str, int]:
        """Count of each option by its label, the greatest first."""
        return dict(zip(self.options["label"], self.options["count"].astype(int).tolist(), strict=True))

    @property
    def silent(self) -> int:
        """How many were asked and did not answer."""
        return self.asked - self.answered


def working_counts(survey: Survey) -> pd.DataFrame:
    """Give a count to every response in substance that has a figure, and a base to every question."""
    table = tidy_table(survey)
    smallest = {
        name: next(iter(admissible_bases(rows["printed"], total=rows["total"].iloc[0])), _ROUND_NUMBER)
        for name, rows in figure_table(survey).groupby("question")
    }
    table["base"] = table["base"].fillna(table["question"].map(smallest).astype("Int64"))
    nearest = (table["share"] * table["base"].astype("Float64")).round().astype("Int64")
    table = table.assign(exact=table["count"].notna(), count=table["count"].fillna(nearest))
    return table.dropna(subset=["count", "share", "base"]).query("substantive and base > 0")


def close_up(survey: Survey, question: str = "", base: str = "printed") -> CloseUp:
    """
    Gather what is known of one question.

    Parameters
    ----------
    survey : Survey
        A survey as read.
    question : str
        A question id; empty for the choose-several question with most options, or where there is none the
        question with most options.
    base : {"printed", "asked", "answered"}
        The base of the study; the printed one stands in where another is not recorded.

    Returns
    -------
    CloseUp
        The question.

    Examples
    --------
    >>> from regint.survey.table import read_survey
    >>> study = close_up(read_survey("data/survey/astana_2025"))
    >>> study.question, study.bases, study.silent
    ('economic_directions', {'of 50': 50, 'of 30': 30}, 20)
    """
    known = working_counts(survey)
    sizes = options_of_each(survey, known)
    multiple = survey.questions["total"] == "multiple"
    chosen = question or str((sizes[multiple] if sizes[multiple].gt(1).any() else sizes).idxmax())
    design = survey.questions.loc[chosen]
    options = known[known["question"] == chosen].sort_values("count", ascending=False, kind="stable")
    recorded = {
        name: int(design[name]) for name in ("printed_base", "asked", "answered") if pd.notna(design[name])
    }
    printed = recorded.get("printed_base", int(options["base"].max()) if len(options) else _ROUND_NUMBER)
    whole = recorded.get(base, printed)
    greatest = int(options["count"].max()) if len(options) else 0
    compared = dict.fromkeys([printed, recorded.get("answered", printed), whole])
    return CloseUp(
        question=chosen,
        label=str(design["label"]),
        options=options[["response", "label", "printed", "base", "count", "share", "exact"]],
        exclusive=not multiple[chosen],
        base=whole,
        bases={f"of {n}": n for n in compared if n >= greatest},
        asked=recorded.get("asked", whole),
        answered=recorded.get("answered", whole),
        silence_recorded={"asked", "answered"} <= set(recorded),
        status=str(design["base_status"]),
    )


def closed_question(survey: Survey) -> CloseUp | None:
    """
    Find the closed question with most options all of whose counts are determined.

    Parameters
    ----------
    survey : Survey
        A survey as read.

    Returns
    -------
    CloseUp or None
        None where no question with two options or more is of that kind.

    Examples
    --------
    >>> from regint.survey.table import read_survey
    >>> closed_question(read_survey("data/survey/astana_2025")).label
    'Most likely scenario to 2035'
    """
    known = working_counts(survey)
    sizes = options_of_each(survey, known)
    exact = known.groupby("question", observed=True)["exact"].all().reindex(sizes.index, fill_value=False)
    answers = known.groupby("question", observed=True)["count"].sum().reindex(sizes.index, fill_value=0)
    closed = sizes[(survey.questions["total"] == "closed") & sizes.gt(1) & exact & answers.gt(0)]
    return close_up(survey, str(closed.idxmax())) if len(closed) else None


def options_of_each(survey: Survey, known: pd.DataFrame) -> "pd.Series[int]":
    """Count the options of each question that have a figure."""
    sizes = known.groupby("question", observed=True).size()
    return sizes.reindex(survey.questions.index).fillna(0).astype(int)


# Below so many categories the top two are no longer "the top".
FEW_CATEGORIES = 4
SUMMARY = ["median", "mode", "top", "mean", "spread", "agreement", "consensus"]


def textbook_scales() -> pd.DataFrame:
    """
    Give five invented distributions of thirty answers on a five-point scale, from unanimity to two camps.

    Returns
    -------
    DataFrame
        One row per distribution and category: ``group``, ``label``, ``count``, ``share`` (0-1).

    Examples
    --------
    >>> textbook_scales().groupby("group", sort=False)["count"].sum().tolist()
    [30, 30, 30, 30, 30]
    """
    examples = {
        "One answer": [0, 0, 0, 30, 0],
        "A hump": [0, 3, 12, 12, 3],
        "Evenly spread": [6, 6, 6, 6, 6],
        "Two unequal camps": [10, 0, 0, 0, 20],
        "Two equal camps": [15, 0, 0, 0, 15],
    }
    labels = ["1 (lowest)", "2", "3", "4", "5 (highest)"]
    rows = [(name, *pair) for name, counts in examples.items() for pair in zip(labels, counts, strict=True)]
    frame = pd.DataFrame(rows, columns=["group", "label", "count"])
    return frame.assign(share=frame["count"] / 30)


def ordinal_summary(survey: Survey, question: str = "all") -> pd.DataFrame:
    """
    Summarise the answers to each question with an ordered scale.

    Parameters
    ----------
    survey : Survey
        A survey as read.
    question : str
        A question id, or ``"all"``.

    Returns
    -------
    DataFrame
        One row per ordered question: ``question``, ``label``, ``categories``, ``answers`` (substantive
        ones; missing where a count is not determined, and then everything after it), ``median``,
        ``mode`` (labels), ``boxes`` (how many categories count as the top: two, or one on scales of
        fewer than four), ``top`` (their share of the answers, 0-1), ``mean`` (only where the scale has
        scores), ``spread`` (Leik's D), ``agreement`` (van der Eijk's A), ``consensus`` (Tastle and
        Wierman's).

    Examples
    --------
    >>> from regint.survey.table import read_survey
    >>> summary = ordinal_summary(read_survey("data/survey/astana_2025"), "prospects")
    >>> summary[["answers", "median", "top", "agreement"]].round(2).values.tolist()
    [[30, '4', 0.8, 0.65]]
    """
    ordered = survey.questions[survey.questions["scale"] == "ordered"]
    names = [name for name in ordered.index if question in ("all", name)]
    table = tidy_table(survey)
    rows = [
        _summary(str(name), ordered.loc[name, "label"], table[table["question"] == name]) for name in names
    ]
    columns = ["question", "label", "categories", "answers", "boxes", *SUMMARY]
    return pd.DataFrame(rows, columns=columns).astype({"answers": "Int64"})


def _summary(question: str, label: str, answers: pd.DataFrame) -> dict[str, Any]:
    answers = answers[answers["substantive"].astype(bool)]
    row: dict[str, Any] = {"question": question, "label": label, "categories": len(answers)}
    if len(answers) < 2 or answers["count"].isna().any() or answers["count"].sum() == 0:
        return row
    counts = [int(count) for count in answers["count"]]
    names = answers["label"].tolist()
    low, high = median_categories(counts)
    row["answers"], row["boxes"] = sum(counts), 1 if len(counts) < FEW_CATEGORIES else 2
    row["median"] = names[low - 1] if low == high else f"{names[low - 1]} / {names[high - 1]}"
    row["mode"] = " / ".join(names[place - 1] for place in mode_categories(counts))
    row["top"] = top_box(counts, row["boxes"])
    scores = answers["score"]
    row["mean"] = mean_score(counts, scores.astype(float).tolist()) if scores.notna().all() else None
    row["spread"], row["agreement"] = leik_dispersion(counts), agreement(counts)
    row["consensus"] = consensus(counts)
    return row


def shares_on_bases(study: CloseUp, confidence: float = 0.95, method: str = "wilson") -> pd.DataFrame:
    """
    Give the shares of a question on each of its bases, with their intervals.

    Parameters
    ----------
    study : CloseUp
        The question.
    confidence, method
        As for `regint.estimation.intervals.proportion_interval`.

    Returns
    -------
    DataFrame
        One row per option and base: ``label``, ``group`` (the base in words),
        ``count``, ``base``, ``share``, ``lower``, ``upper``. Where a figure leaves several counts possible,
        the interval is the envelope over all of them.

    Examples
    --------
    >>> from regint.survey.questions import close_up
    >>> from regint.survey.table import read_survey
    >>> shares = shares_on_bases(close_up(read_survey("data/survey/astana_2025")))
    >>> shares.loc[0, ["label", "group", "lower", "upper"]].tolist()[:2], len(shares)
    (['Unified transport corridors', 'of 50'], 18)
    """
    rows = []
    for name, base in study.bases.items():
        for option in study.options.to_dict("records"):
            count = int(option["count"])
            several = _possible_counts(option, base) or [count]
            ends = interval_envelope(several, base, confidence, method)
            rows.append((option["label"], name, count, base, count / base, *ends))
    return pd.DataFrame(rows, columns=["label", "group", "count", "base", "share", "lower", "upper"])


def shares_of_all_asked(study: CloseUp) -> pd.DataFrame:
    """
    Bound the share of each option among all who were asked, whatever the silent think.

    Parameters
    ----------
    study : CloseUp
        The question.

    Returns
    -------
    DataFrame
        One row per option: ``label``, ``count``, ``share`` (as printed), ``lower``, ``upper`` (Manski's
        bounds), ``answered`` (the share of those who answered).

    Examples
    --------
    >>> from regint.survey.questions import close_up
    >>> from regint.survey.table import read_survey
    >>> study = close_up(read_survey("data/survey/astana_2025"))
    >>> shares_of_all_asked(study).loc[0, ["lower", "upper"]].tolist()
    [0.52, 0.92]
    """
    table = study.options[["label", "count", "share"]].reset_index(drop=True)
    ends = [worst_case_share(int(count), study.answered, study.asked) for count in table["count"]]
    table["lower"], table["upper"] = [low for low, _ in ends], [high for _, high in ends]
    return table.assign(answered=table["count"].astype(float) / study.answered)


def compare_options(study: CloseUp, alpha: float = 0.05) -> pd.DataFrame:
    """
    Compare all pairs of options on each base, from their totals alone.

    Parameters
    ----------
    study : CloseUp
        The question.
    alpha : float
        Level of the test.

    Returns
    -------
    DataFrame
        As `regint.estimation.mcnemar_table`, with ``group``, the base in words.

    Examples
    --------
    >>> from regint.survey.questions import close_up
    >>> from regint.survey.table import read_survey
    >>> pairs = compare_options(close_up(read_survey("data/survey/astana_2025")))
    >>> pairs.groupby("group", sort=False)["verdict"].value_counts().loc["of 50"].to_dict()
    {'always': 16, 'never': 13, 'undecidable': 7}
    """
    tables = []
    for name, base in study.bases.items():
        table = mcnemar_table(study.counts, base, alpha, exclusive=study.exclusive)
        tables.append(table.assign(group=name))
    return pd.concat(tables, ignore_index=True)


def lead_outcomes(study: CloseUp, first: str, second: str, base: str, test: str, level: float) -> set[bool]:
    """
    Say whether the lead of one option over another is significant, as far as the totals tell.

    Parameters
    ----------
    study : CloseUp
        The question.
    first, second : str
        Labels of two options.
    base : str
        One of the bases of the study, by name.
    test : {"exact", "mid-p"}
        Version of McNemar's test.
    level : float
        Level of the test.

    Returns
    -------
    set of bool
        One truth value, or both where it hangs on the overlap that was not printed.

    Examples
    --------
    >>> from regint.survey.questions import close_up
    >>> from regint.survey.table import read_survey
    >>> study = close_up(read_survey("data/survey/astana_2025"))
    >>> first, _, third = list(study.counts)[:3]
    >>> lead_outcomes(study, first, third, "of 30", "exact", 0.05)
    {True}
    """
    found = mcnemar_bounds(
        study.counts[first],
        study.counts[second],
        study.bases[base],
        level,
        mid=test == "mid-p",
        overlap=(0, 0) if study.exclusive else None,
    )
    return {"always": {True}, "never": {False}, "undecidable": {True, False}}[found.verdict]


def named_choices(panel: pd.DataFrame | None, options: Iterable[str]) -> pd.DataFrame:
    """
    Write out what each group of a panel chose.

    Parameters
    ----------
    panel : DataFrame or None
        As `regint.estimation.joint_choices` gives it.
    options : iterable of str
        The options it speaks of.

    Returns
    -------
    DataFrame
        ``people`` and ``chose``, one row per group, the largest first; no rows without a panel.

    Examples
    --------
    >>> panel = pd.DataFrame({"a": [True, False], "b": [True, False], "respondents": [2, 3]})
    >>> named_choices(panel, ["a", "b"]).values.tolist()
    [[3, 'none of them'], [2, 'a + b']]
    """
    if panel is None:
        return pd.DataFrame(columns=["people", "chose"])
    names = list(options)
    chose = [" + ".join(n for n in names if row[n]) or "none of them" for row in panel.to_dict("records")]
    table = pd.DataFrame({"people": panel["respondents"].to_numpy(), "chose": chose})
    return table.sort_values("people", ascending=False, kind="stable", ignore_index=True)


def _possible_counts(option: dict[Any, Any], base: int) -> list[int]:
    """Give the counts that an option can have on its own base and that another base can hold."""
    if option["exact"] or not option["printed"]:
        return [int(option["count"])]
    return [count for count in consistent_counts(option["printed"], int(option["base"])) if count <= base]


# Label and ends of the scale of each summary; a mean has the scale of its question.
SUMMARIES = {
    "mean": ("Mean score", 0.0, 0.0),
    "top_box": ("Share in the two highest categories", 0.0, 1.0),
    "agreement": ("Agreement (van der Eijk)", -1.0, 1.0),
    "consensus": ("Consensus (Tastle and Wierman)", 0.0, 1.0),
    "leik_dispersion": ("Dispersion (Leik)", 0.0, 1.0),
    "polarization": ("Polarisation", 0.0, 1.0),
}


@dataclass(frozen=True)
class ScaleInSilence:
    """The answers to an ordered question, and how many gave none in substance."""

    label: str
    counts: list[int]
    missing: int
    ordered: bool
    scores: list[float]

    @property
    def answers(self) -> int:
        """How many gave an answer in substance."""
        return sum(self.counts)

    @property
    def reached(self) -> int:
        """How many were asked."""
        return self.answers + self.missing

    @property
    def completions(self) -> int:
        """In how many ways the missing people could fill the categories."""
        return comb(self.missing + len(self.counts) - 1, self.missing)


def scale_in_silence(survey: Survey, question: str = "", fallback: str = "") -> ScaleInSilence:
    """
    Gather the answers to the ordered question with most silence, or to another one.

    Parameters
    ----------
    survey : Survey
        A survey as read.
    question : str
        A question id; empty for the ordered one with most silence that anybody answered in substance.
    fallback : str
        The question taken where the survey has no such one.

    Returns
    -------
    ScaleInSilence
        Counts and silence.

    Examples
    --------
    >>> from regint.survey.table import read_survey
    >>> scale = scale_in_silence(read_survey("data/survey/astana_2025"))
    >>> scale.counts, scale.missing
    ([0, 1, 5, 16, 8], 20)
    """
    known = working_counts(survey)
    ordered = survey.questions["scale"] == "ordered"
    several = options_of_each(survey, known).gt(1)
    given = known.groupby("question", observed=True)["count"].sum().reindex(ordered.index, fill_value=0) > 0
    silence = (survey.questions["asked"] - survey.questions["answered"]).fillna(0)[ordered & several & given]
    chosen = question or (str(silence.idxmax()) if len(silence) else fallback)
    answers = known[known["question"] == chosen]
    counts = answers["count"].astype(int).tolist()
    reached = survey.questions.loc[chosen, ["asked", "printed_base"]].fillna(0).max()
    scores = answers["score"].astype("float64")
    return ScaleInSilence(
        label=str(survey.questions.loc[chosen, "label"]),
        counts=counts,
        missing=max(0, int(reached) - sum(counts)),
        ordered=bool(ordered[chosen]),
        scores=scores.tolist()
        if scores.notna().all()
        else [float(place + 1) for place in range(len(counts))],
    )


def summaries(scale: ScaleInSilence) -> pd.DataFrame:
    """
    Give the usual summaries of an ordered question, and their bounds over everyone who was asked.

    Parameters
    ----------
    scale : ScaleInSilence
        Answers and silence.

    Returns
    -------
    DataFrame
        One row per summary: ``summary`` (its identifier), ``label``, ``least`` and ``most`` (the ends of its
        scale), ``value`` (of the answers given), ``lower`` and ``upper`` (sharp bounds over every way in
        which the missing could have answered); missing where there is nobody. The share of the two highest
        categories is left out on scales of fewer than four.

    Examples
    --------
    >>> table = summaries(ScaleInSilence("", [0, 1, 5, 16, 8], 20, True, [1, 2, 3, 4, 5]))
    >>> table.loc[table["summary"] == "agreement", ["value", "lower", "upper"]].round(2).values.tolist()
    [[0.65, -0.23, 0.79]]
    """
    rows = []
    for name, (label, least, most) in SUMMARIES.items():
        if name == "top_box" and len(scale.counts) < FEW_CATEGORIES:
            continue
        ends = (min(scale.scores), max(scale.scores)) if name == "mean" else (least, most)
        scores = scale.scores if name == "mean" else None
        value, _ = _bounds(scale.counts, 0, name, scores)
        rows.append((name, label, *ends, value, *_bounds(scale.counts, scale.missing, name, scores)))
    return pd.DataFrame(rows, columns=["summary", "label", "least", "most", "value", "lower", "upper"])


def agreement_by_silence(scale: ScaleInSilence, steps: int = 20) -> pd.DataFrame:
    """
    Give the bounds of agreement for every number of silent people up to the one there is.

    Parameters
    ----------
    scale : ScaleInSilence
        Answers and silence.
    steps : int
        About how many numbers to try.

    Returns
    -------
    DataFrame
        ``x`` (silent people), ``lower``, ``upper`` (sharp bounds of van der Eijk's A).

    Examples
    --------
    >>> agreement_by_silence(ScaleInSilence("", [0, 1, 1], 1, True, [1, 2, 3]))["x"].tolist()
    [0, 1]
    """
    numbers = sorted({scale.missing * step // steps for step in range(steps + 1)})
    ends = [_bounds(scale.counts, silent, "agreement") for silent in numbers]
    return pd.DataFrame(
        {"x": numbers, "lower": [low for low, _ in ends], "upper": [high for _, high in ends]}
    )


def _bounds(
    counts: list[int], missing: int, name: str, scores: list[float] | None = None
) -> tuple[float, float]:
    """Sharp bounds of a summary; of nobody, or of a single category, there is none."""
    if len(counts) < 2 or not sum(counts) + missing:
        return nan, nan
    return functional_bounds(counts, missing, name, scores=scores)
