"""Encoding of a text file: decided from its bytes, never from the machine's settings."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from regint.survey.imports.sniffing import ReadingError

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BLOCK = 1 << 22
# Three accented letters in a row are all but unknown in Western European words and the rule in Cyrillic ones.
_CYRILLIC_RUN = re.compile(rb"[\xc0-\xff]{3,}")
# Letters of Turkish and Central European words, which Windows-1252 would show as thorns, signs and powers.
_OTHER_LATIN = re.compile(
    rb"[A-Za-z][\xd0\xdd\xde\xf0\xfd\xfe]|[\xd0\xdd\xde\xf0\xfd\xfe][A-Za-z]"
    rb"|[A-Za-z][\xa3\xaf\xb3\xb9\xbc\xbe\xbf][A-Za-z]|\xa3[\xc0-\xff]|[a-z]\x9f|\x9f[a-z]"
)
_UTF8_LETTER = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")


def detect_encoding(path: Path) -> tuple[str, str]:
    r"""Decide the encoding of a text file, and say why.

    A byte order mark decides; without one, bytes that are valid UTF-8 throughout are UTF-8; else the file is
    read as Windows-1252, unless it looks like another script, like damaged UTF-8, or like no text at all.

    Parameters
    ----------
    path : Path
        File to look at.

    Returns
    -------
    tuple of str
        Name of the encoding, and the reason in words.

    Raises
    ------
    ReadingError
        When the encoding cannot be told without a guess.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "answers.csv"
    >>> _ = path.write_bytes("id;réponse\n1;été\n".encode("cp1252"))
    >>> detect_encoding(path)
    ('cp1252', 'not valid UTF-8, so read as Windows-1252')
    """
    with path.open("rb") as stream:
        head = stream.read(4)
    for mark, name in _MARKS:
        if head.startswith(mark):
            _check_decodes(path, name)
            return name, "the file begins with its byte order mark"
    if _decodes(path, "utf-8"):
        return "utf-8", "every byte is valid UTF-8"
    _refuse_other_scripts(path)
    if not _decodes(path, "cp1252"):
        raise ReadingError(
            f"{path.name} is neither UTF-8 nor Windows-1252 text: name its encoding with --encoding."
        )
    return "cp1252", "not valid UTF-8, so read as Windows-1252"


def check_encoding(path: Path, encoding: str) -> str:
    r"""Check the encoding a user names against the whole file.

    Parameters
    ----------
    path : Path
        File to be read.
    encoding : str
        A name Python knows, such as `windows-1251`.

    Returns
    -------
    str
        Its canonical name.

    Raises
    ------
    ReadingError
        When the name is unknown or the bytes do not fit it.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "answers.csv"
    >>> _ = path.write_text("id;q1\n1;2\n")
    >>> check_encoding(path, "windows-1251")
    'cp1251'
    """
    try:
        name = codecs.lookup(encoding).name
        "".encode(name)
    except (LookupError, ValueError) as error:
        raise ReadingError(
            f"{encoding!r} is no known encoding: try utf-8, windows-1252 or windows-1251."
        ) from error
    _check_decodes(path, name)
    return name


def _check_decodes(path: Path, name: str) -> None:
    """Refuse a file whose bytes contradict its mark or its stated encoding."""
    if not _decodes(path, name):
        raise ReadingError(
            f"{path.name} is not valid {name.upper()} text throughout: save it again as UTF-8."
        )


def _decodes(path: Path, name: str) -> bool:
    """Whether every byte decodes, read block by block; zero characters mark a binary file."""
    decoder = codecs.getincrementaldecoder(name)("strict")
    with path.open("rb") as stream:
        try:
            while block := stream.read(_BLOCK):
                if "\x00" in decoder.decode(block):
                    raise ReadingError(
                        f"{path.name} holds zero bytes, so it is no "
                        "plain text: export it again as UTF-8 .csv."
                    )
            decoder.decode(b"", final=True)
        except UnicodeError:
            return False
    return True


def _refuse_other_scripts(path: Path) -> None:
    """Ask for the encoding where Windows-1252 would turn words into accented nonsense."""
    with path.open("rb") as stream:
        sample = stream.read(_BLOCK)
    whole = sum(map(len, _UTF8_LETTER.findall(sample)))
    if 2 * whole > sum(byte > 0x7F for byte in sample):
        raise ReadingError(
            f"{path.name} is UTF-8 with some damaged letters: export it again as UTF-8, or give its true "
            "encoding with --encoding."
        )
    if _CYRILLIC_RUN.search(sample):
        raise ReadingError(
            f"{path.name} is not UTF-8 and looks like Cyrillic or another non-Western script: "
            "give --encoding windows-1251 (or its true encoding), or save it as UTF-8."
        )
    if _OTHER_LATIN.search(sample):
        raise ReadingError(
            f"{path.name} is not UTF-8 and may be Turkish or Central European: give --encoding windows-1254, "
            "windows-1250 or windows-1252, or save it as UTF-8."
        )
