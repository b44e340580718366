"""What a label says by its words alone: a reading that is always said aloud."""

_WITHOUT_SUBSTANCE = frozenset(
    {
        "na", "n/a", "dk", "d/k", "dk/na", "refused", "refusal", "no answer", "no opinion", "no response",
        "not stated", "don't know", "do not know", "dont know", "weiß nicht", "weiss nicht", "keine angabe",
        "k. a", "k.a", "ne sait pas", "nsp", "sans réponse", "no sabe", "ns/nc", "no contesta",
        "не знаю", "нет ответа", "затрудняюсь ответить", "отказ", "отказ от ответа", "білмеймін",
    }
)  # fmt: skip


def sounds_missing(label: str) -> bool:
    """Say whether a label reads like an answer without substance.

    Parameters
    ----------
    label : str
        A label as a reader sees it.

    Returns
    -------
    bool
        True for "don't know", "refused" and the like in a few languages.

    Examples
    --------
    >>> sounds_missing("Don’t know."), sounds_missing("Затрудняюсь ответить"), sounds_missing("None of these")
    (True, True, False)
    """
    return label.replace("’", "'").casefold().strip(" .'\"()[]*") in _WITHOUT_SUBSTANCE
