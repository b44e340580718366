"""Notebooks with every kind of content a page can hold, as if they had just been executed."""

from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
from nbarticle.article import ArticleExporter
from nbarticle.document import Page
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from regint.display import figures, prose, style, tables

COLLECTION = [
    {"name": "01_first", "title": "What was printed?"},
    {"name": "02_second", "title": "Which counts can it mean?"},
]
HOSTILE = '<script>alert(1)</script> & "quotes" = 1'

LIVE = (
    '<style>p{}</style><b onclick="x()" style="color:red">b</b><script>x()</script>'
    '<a href="javascript:x()">l</a>'
)


def shown(thing: Any) -> NotebookNode:
    """Output of a cell that ends in something with a MIME bundle."""
    return new_output("display_data", data=thing._repr_mimebundle_())


@cache
def _drawn(label: str) -> dict[str, Any]:
    ax = style.new_axes()
    ax.barh(["Transport", HOSTILE], [0.44, 0.26])
    data = pd.DataFrame({"label": ["Transport", HOSTILE], "share": [0.44, 0.26]})
    return figures.show(
        ax,
        label=label,
        data=data,
        caption="Transport leads with 44% of 50",
        alt="Bars: transport 44%, the other 26%.",
        description="Two bars.",
    )._repr_mimebundle_()


def figure(label: str = "fig-bars") -> NotebookNode:
    """Output of a figure of ours."""
    return new_output("display_data", data=deepcopy(_drawn(label)))


def table(label: str = "tbl-shares") -> NotebookNode:
    """Output of a table of ours: text, count, share and interval, hostile and missing cells."""
    frame = pd.DataFrame(
        {
            "label": ["Transport", HOSTILE, "=1+1"],
            "count": pd.array([22, 13, None], dtype="Int64"),
            "share": [0.44, 0.26, None],
            "interval": [(0.31, 0.58), (0.16, 0.4), None],
        }
    )
    formats = {"count": "count", "share": "share", "interval": "interval"}
    return shown(
        tables.show(frame, caption="Shares of 50", label=label, formats=formats, note="Base: 50 asked.")
    )


TEXT = r"""## From figure to count

The printed figure $\hat p$ obeys @eq-round [see @wilson1927, p. 3; -@balassa1961], as @wilson1927 "said"; see
@fig-bars, [@tbl-shares] and [the other page](02_second.ipynb#from-figure-to-count).[^base] It costs $5 or $6.

$$ \left| \hat p - 100\,\frac{k}{n} \right| \le \sqrt{2} $$ {#eq-round}

[^base]: The *base* of a share.

::: {.callout-definition title="Base"}
What counts as a hundred per cent.
:::

| option | share |
|:--|--:|
| one | 5 |

```python
answer = "coloured"
```
"""


def notebook(*extra: NotebookNode) -> NotebookNode:
    """A notebook of ours; `extra` cells stand before the references."""
    cells = [
        new_markdown_cell(
            "# Which counts can it mean?\n\nA printed figure hides a *count*.\n\n**You will learn**\n\n- much"
        ),
        new_code_cell("confidence: float = 0.95  # coverage", metadata={"tags": ["parameters"]}),
        new_code_cell("confidence = 0.9", metadata={"tags": ["injected-parameters"]}),
        new_code_cell("import pandas as pd", metadata={"tags": ["remove-input"]}),
        new_markdown_cell(TEXT),
        new_code_cell("tables.show(frame)", outputs=[table()]),
        new_code_cell("figures.show(ax)  # draw " + "long " * 40, outputs=[figure()]),
        new_code_cell(
            'prose.say("...")',
            metadata={"tags": ["remove-input"]},
            outputs=[shown(prose.say("**{k} of {n}**: {label}", k=22, n=50, label=HOSTILE))],
        ),
        new_code_cell("secret", metadata={"tags": ["remove-cell"]}),
        new_code_cell(
            "print(1)", outputs=[new_output("stream", name="stdout", text="1 \x1b[31mred\x1b[0m\n")]
        ),
        new_markdown_cell("## What we found\n\n- Forty-four means 22 of 50.\n- It means nothing else."),
        new_markdown_cell('## Exercises\n\n::: {.callout-exercise title="1"}\nCount.\n:::'),
        new_markdown_cell("The answer is six.", metadata={"tags": ["solution"]}),
        new_code_cell("6", metadata={"tags": ["solution"]}),
        *extra,
        new_markdown_cell("## References"),
    ]
    made = new_notebook(cells=cells, metadata={"language_info": {"name": "python"}})
    for number, cell in enumerate(made.cells, 1):
        cell.id = f"cell-{number:02d}"
    return made


def foreign() -> NotebookNode:
    """A notebook that knows nothing of us: plain pandas, matplotlib, streams, errors, raw HTML."""
    frame = pd.DataFrame({"n": [1, 2]}, index=pd.Index(["a", "b"], name="key"))
    png = figure().data["application/vnd.nbarticle.figure+json"]["png"]
    outputs = [
        new_output("execute_result", data={"text/html": frame.to_html(), "text/plain": str(frame)}),
        new_output("display_data", data={"image/png": png, "text/plain": "<Figure size 640x480>"}),
        new_output("display_data", data={"text/html": LIVE}),
        new_output("stream", name="stderr", text="careful\n"),
        new_output(
            "error", ename="ValueError", evalue="no <b>", traceback=["\x1b[31mValueError\x1b[0m: no <b>"]
        ),
    ]
    cells = [
        new_markdown_cell(
            "Some text with [@nobody2000], @someone and @fig-none.\n\n# Late title\n\n#### Deep\n\n# Second"
        ),
        new_markdown_cell("![remote](https://example.org/x.png) $\\substack{a}$ and $x$"),
        new_code_cell("frame", outputs=outputs),
    ]
    return new_notebook(cells=cells)


def record(name: str = "02_second", **changes: Any) -> dict[str, Any]:
    """What the runner says about a page's making."""
    return {
        "notebook": name,
        "parameters": [
            {"name": "confidence", "value": 0.9, "default": 0.95, "meaning": "coverage", "changed": True},
            {"name": "label", "value": HOSTILE, "default": "", "meaning": "", "changed": False},
        ],
        "inputs": [{"path": "data/survey/astana_2025/questions.csv", "sha256": "ab" * 32}],
        "packages": {"pandas": "3.1.1"},
        "version": "0.1.0",
        "commit": "0123456789abcdef",
        "epoch": 1767225600,
        "collection": COLLECTION,
        "edition": "full",
        "command": "regint build 02_second -p confidence 0.9",
    } | changes


def export(made: NotebookNode, said: dict[str, Any], folder: Path | None = None) -> tuple[str, Page]:
    """Export a notebook, with what the runner said of it, as one of the project in `folder`."""
    resources = {"nbarticle": said} | ({"metadata": {"path": str(folder)}} if folder else {})
    html, resources = ArticleExporter().from_notebook_node(made, resources)
    return html, resources["nbarticle_page"]
