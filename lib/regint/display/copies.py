"""The figure once more, as the files that manuscripts and slides ask for."""

from __future__ import annotations

import base64
import io
import warnings
from typing import Final

from matplotlib import rc_context
from matplotlib.figure import Figure

# Nothing that differs between two builds: no date, no name of a program.
_SETTINGS: Final = {
    "png": {"dpi": 200, "metadata": {"Software": None}},
    "pdf": {"metadata": {"CreationDate": None, "Creator": None, "Producer": None}},
}


def copy(figure: Figure, kind: str) -> str:
    """Draw a figure as PNG (200 dots an inch) or PDF (text as text), on white.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The figure, at the size it is to have.
    kind : str
        ``"png"`` or ``"pdf"``.

    Returns
    -------
    str
        The file, in base64; the same figure gives the same bytes.

    Examples
    --------
    >>> copy(Figure((1, 1)), "pdf")[:8]
    'JVBERi0x'
    """
    stream = io.BytesIO()
    with rc_context({"pdf.fonttype": 42}), warnings.catch_warnings():
        # A sign the font lacks prints as a box here; the SVG shows it in the reader's own typeface.
        warnings.filterwarnings("ignore", message="(?s)Glyph .* missing from font")
        figure.savefig(stream, format=kind, facecolor="white", **_SETTINGS[kind])  # type: ignore[arg-type]
    return base64.b64encode(stream.getvalue()).decode("ascii")
