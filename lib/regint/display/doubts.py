"""Ready-made pictures of what is not known about the options of one question, each stating its finding."""

from __future__ import annotations

import pandas as pd

from regint.display import figures, prose, rows


def _listed(items: list[str]) -> str:
    """Join names as a caption holds them: `prose.listing` escapes them for Markdown."""
    return " and ".join([", ".join(items[:-1]), items[-1]]) if len(items) > 1 else "".join(items)


def coverage(frame: pd.DataFrame, *, promised: float, people: int, label: str) -> figures.Picture:
    """Show how often intervals cover the true share.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns `x` (true share), `y` (probability of covering it), `series` (the method).
    promised : float
        The coverage that was asked for.
    people : int
        The base.
    label : str
        Anchor, ``fig-...``.

    Returns
    -------
    regint.display.figures.Picture
        With caption, alternative text, description and data.

    Examples
    --------
    >>> frame = pd.DataFrame({"x": [0.1, 0.5], "y": [0.9, 0.96], "series": "Wilson"})
    >>> coverage(frame, promised=0.95, people=50, label="fig-coverage").payload["caption"][:53]
    'None of the intervals always reaches the promised 95%'
    """
    least = frame.groupby("series", sort=False)["y"].min()
    kept = [f"“{name}”" for name in least.index[least >= promised - 1e-9]]
    most = frame.groupby("series", sort=False)["y"].max()
    ends = [f"{name} {prose.interval(least[name], most[name], 1)}" for name in least.index]
    words = figures.describe_series(frame, what="Coverage by true share", places=3)
    words["alt"] = f"One panel per interval. Coverage for {people} people: {_listed(ends)}."
    return figures.show(
        figures.draw_coverage(frame, promised=promised),
        caption=f"{_keepers(kept)} the promised {prose.level(promised)} (dashed) for {people} people; "
        "shaded: where an interval falls short.",
        label=label,
        data=frame,
        **words,
    )


def _keepers(kept: list[str]) -> str:
    return f"Only {_listed(kept)} always reaches" if kept else "None of the intervals always reaches"


def intervals(
    shares: pd.DataFrame, weighted: pd.DataFrame, *, what: str, model: str, label: str
) -> figures.Picture:
    """Show the shares of the options on several bases, and weighted ones beside them, with their intervals.

    Parameters
    ----------
    shares : pandas.DataFrame
        Columns `label`, `group` (the base in words), `share`, `lower`, `upper`.
    weighted : pandas.DataFrame
        Columns `label`, `answered`, `share`, `weighted_share`, `lower`, `upper`; empty without weights.
    what : str
        The question.
    model : str
        Which intervals they are.
    label : str
        Anchor, ``fig-...``.

    Returns
    -------
    regint.display.figures.Picture
        With caption, alternative text, description and data.

    Examples
    --------
    >>> frame = pd.DataFrame({"label": "Rail", "group": ["of 50", "of 30"], "share": [0.2, 0.9]})
    >>> frame = frame.assign(lower=[0.1, 0.8], upper=[0.3, 1.0])
    >>> picture = intervals(frame, pd.DataFrame(), what="Directions", model="Wilson, 95%", label="fig-i")
    >>> picture.payload["caption"]
    'Directions: for 1 of 1 option the intervals of 50 and of 30 do not meet (Wilson, 95%).'
    """
    groups = list(dict.fromkeys(shares["group"]))
    ends = shares.groupby("label", sort=False).agg(start=("lower", "max"), end=("upper", "min"))
    number = f"{(ends['start'] > ends['end']).sum()} of {prose.plural(len(ends), 'option')}"
    finding = f"for {number} the intervals {_listed(groups)} do not meet"
    frame = shares
    if len(weighted):
        group = f"weighted, of {prose.count(weighted['answered'].iloc[0])}"
        frame = pd.concat([shares, weighted.assign(group=group, share=weighted["weighted_share"])])
        model = f"{model}; weighted: by the sampling design"
    if len(groups) == 1:
        finding = _most_moved(weighted) if len(weighted) else f"shares {groups[0]} people"
    return figures.show(
        figures.draw_intervals(frame, by="group"),
        caption=f"{what}: {finding} ({model}).",
        label=label,
        data=frame[["label", "group", "share", "lower", "upper"]],
        **figures.describe_ranges(frame, what=f"{what}, intervals on each base", by="group"),
    )


def _most_moved(weighted: pd.DataFrame) -> str:
    """Say which share the weights move most."""
    row = weighted.loc[(weighted["weighted_share"] - weighted["share"]).abs().idxmax()]
    ends = f"from {prose.share(row['share'], 1)} to {prose.share(row['weighted_share'], 1)}"
    return f"weights move “{row['label']}” most, {ends} of {prose.count(row['answered'])} who answered"


def silence(
    frame: pd.DataFrame,
    *,
    what: str,
    asked: int,
    silent: int,
    label: str,
    counted: bool = False,
) -> figures.Picture:
    """Show which shares of all who were asked the silent leave possible.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns `label`, `share` (as printed, or counted), `lower`, `upper`.
    what : str
        The question.
    asked, silent : int
        How many were asked, and how many of them gave no answer.
    label : str
        Anchor, ``fig-...``.
    counted : bool
        Whether the shares were counted among the answers instead of printed.

    Returns
    -------
    regint.display.figures.Picture
        With caption, alternative text, description and data.

    Examples
    --------
    >>> frame = pd.DataFrame({"label": ["Rail", "Road"], "share": [0.6, 0.2], "lower": [0.6, 0.2]})
    >>> frame = frame.assign(upper=[1.0, 0.6])
    >>> silence(frame, what="Directions", asked=50, silent=20, label="fig-s").payload["caption"]
    'Directions: with 20 of 50 asked silent, 1 of 2 options surely has a majority of all asked, 1 more may.'
    """
    sure = int((frame["lower"] > 0.5).sum())
    maybe = int(((frame["lower"] <= 0.5) & (frame["upper"] > 0.5)).sum())
    finding = f"{sure} of {prose.plural(len(frame), 'option')} surely {'have' if sure > 1 else 'has'}"
    return figures.show(
        figures.draw_identified_sets(frame, point="of the answers given" if counted else "as printed"),
        caption=f"{what}: with {silent} of {asked} asked silent, {finding} a majority of all asked, "
        f"{maybe} more may.",
        label=label,
        data=frame[["label", "share", "lower", "upper"]],
        **figures.describe_ranges(frame, what=f"{what}, possible shares of all {asked} asked"),
    )


def agreement(path: pd.DataFrame, *, what: str, answers: int, label: str) -> figures.Picture:
    """Show how the bounds of agreement widen with every silent person.

    Parameters
    ----------
    path : pandas.DataFrame
        Columns `x` (silent people), `y` (agreement of those who answered), `lower`, `upper`.
    what : str
        The question.
    answers : int
        How many answered.
    label : str
        Anchor, ``fig-...``.

    Returns
    -------
    regint.display.figures.Picture
        With caption, alternative text, description and data.

    Examples
    --------
    >>> path = pd.DataFrame({"x": [0, 1], "y": [0.6, 0.6], "lower": [0.6, 0.5], "upper": [0.6, 0.7]})
    >>> agreement(path, what="Prospects", answers=30, label="fig-a").payload["caption"]
    'Prospects: agreement is 0.60 among 30 answers, and 0.50 to 0.70 with the silent counted in, 1 of them.'
    """
    frame = path.assign(series="of those who answered")
    last = path.iloc[-1]
    ax = figures.draw_lines(frame)
    ax.set_xlabel("silent people")
    ends = f"{prose.decimal(last['lower'])} to {prose.decimal(last['upper'])}"
    return figures.show(
        ax,
        caption=f"{what}: agreement is {prose.decimal(last['y'])} among {answers} answers, and {ends} "
        f"with the silent counted in, {prose.count(last['x'])} of them.",
        label=label,
        data=path,
        **figures.describe_series(
            frame, what=f"{what}, agreement by number of silent people; its bounds are in the data", places=2
        ),
    )


def comparisons(pairs: pd.DataFrame, *, what: str, alpha: float, label: str) -> figures.Picture:
    """Show the p-values that the totals leave possible for one option against each other one.

    Parameters
    ----------
    pairs : pandas.DataFrame
        Columns `first` (one option), `second`, `y` (its votes), `group` (the base in words), `p_lower`,
        `p_upper`, `verdict`.
    what : str
        The question.
    alpha : float
        Level of the test.
    label : str
        Anchor, ``fig-...``.

    Returns
    -------
    regint.display.figures.Picture
        With caption, alternative text and data.

    Examples
    --------
    >>> row = {"first": "Rail", "second": "Road", "y": 2, "group": "of 30", "p_lower": 0.001, "p_upper": 0.01}
    >>> frame = pd.DataFrame([{**row, "verdict": "always"}])
    >>> comparisons(frame, what="Directions", alpha=0.05, label="fig-c").payload["caption"]
    'Directions: “Rail” is significantly ahead of 1 of 1 others (of 30 people) whatever the overlap.'
    """
    rows.require(pairs, "first", "second", "y", "group", "p_lower", "p_upper", "verdict")
    frame = pairs.sort_values("y", ascending=False, kind="stable")
    frame = frame.assign(label=frame["second"] + " (" + frame["group"] + ")")
    ahead = [
        f"of {(verdicts == 'always').sum()} of {len(verdicts)} others ({name} people)"
        for name, verdicts in frame.groupby("group", sort=False)["verdict"]
    ]
    finding = f"“{frame['first'].iloc[0]}” is significantly ahead {_listed(ahead)} whatever the overlap"
    return figures.show(
        figures.draw_pvalue_bounds(frame, alpha=alpha),
        caption=f"{what}: {finding}.",
        label=label,
        data=frame[["label", "p_lower", "p_upper", "verdict"]],
        alt=f"Bars of possible p-values, logarithmic scale, with a line at {alpha:.2g}. {what}: {finding}.",
    )


def ranks(frame: pd.DataFrame, *, what: str, silent: int, label: str) -> figures.Picture:
    """Show the ranks that the silent leave possible.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns `label`, `rank`, `best`, `worst`.
    what : str
        The question.
    silent : int
        How many gave no answer.
    label : str
        Anchor, ``fig-...``.

    Returns
    -------
    regint.display.figures.Picture
        With caption, alternative text and data.

    Examples
    --------
    >>> frame = pd.DataFrame({"label": ["Rail", "Road"], "rank": [1, 2], "best": [1, 1], "worst": [2, 2]})
    >>> ranks(frame, what="Directions", silent=20, label="fig-r").payload["caption"]
    'Directions: 2 of 2 options could come first if the 20 silent spoke.'
    """
    first = int((frame["best"] == 1).sum())
    finding = f"{first} of {prose.plural(len(frame), 'option')} could come first if the {silent} silent spoke"
    return figures.show(
        figures.draw_rank_intervals(frame, point="rank by the answers given"),
        caption=f"{what}: {finding}.",
        label=label,
        data=frame,
        alt=f"One bar per option over the ranks it could have. {what}: {finding}.",
    )


def rank_probabilities(table: pd.DataFrame, *, what: str, model: str, label: str) -> figures.Picture:
    """Show the probability of every rank for every option.

    Parameters
    ----------
    table : pandas.DataFrame
        One row per option (its index), one column per rank.
    what : str
        The question.
    model : str
        Base and prior.
    label : str
        Anchor, ``fig-...``.

    Returns
    -------
    regint.display.figures.Picture
        With caption, alternative text, description and data.

    Examples
    --------
    >>> table = pd.DataFrame([[0.9, 0.1], [0.1, 0.9]], index=["Rail", "Road"], columns=[1, 2])
    >>> rank_probabilities(table, what="Directions", model="of 50", label="fig-p").payload["caption"]
    'Directions: “Rail” is first with probability 90% (of 50). A dot: below half a per cent.'
    """
    cells = table.rename_axis("row").reset_index().melt(id_vars="row", var_name="column", value_name="value")
    texts = ["·" if value < 0.005 else str(prose.share(value)) for value in cells["value"]]
    first = table.iloc[:, 0]
    return figures.show(
        figures.draw_heatmap(cells.assign(text=texts), scale="share"),
        caption=f"{what}: “{first.idxmax()}” is first with probability {prose.share(first.max())} ({model}). "
        "A dot: below half a per cent.",
        label=label,
        data=cells,
        **figures.describe_grid(cells, what=f"{what}, probability of each rank by option", places=2),
    )
