"""Turns texts and secrets into the words that the leak gate compares: no case, punctuation or white space."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from ..editions.secrets import Secret

# Letters (é), and signs that are no part of a word: “ ” – … and the spaces of typographers
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")
_SPACED = bytes(code if chr(code).isalnum() or code > 127 else ord(" ") for code in range(256))
WINDOW = 6  # words
_WHOLE = 11  # words: a longer string is looked for in pieces, so that any 11 words of it in a row are found
_SHORTEST = 3  # letters and digits
_LONG_NUMBER = 5  # digits: a telephone's, but no year's


def folded(text: str) -> bytes:
    """The words with one space between them and at both ends."""
    return b" %b " % b" ".join(words_of(text))


def words_of(text: str) -> list[bytes]:
    """The words alone, in small letters, as UTF-8 (bytes fold fastest)."""
    if not text.isascii():
        text = _BEYOND_ASCII.sub(_letters, unicodedata.normalize("NFKC", text))
    return text.casefold().encode("utf-8", "replace").translate(_SPACED).split()


def _letters(match: re.Match[str]) -> str:
    return _letters_of(match[0])


@lru_cache(maxsize=1000)  # most are quotation marks, dashes and the like
def _letters_of(signs: str) -> str:
    return "".join(sign if sign.isalnum() else " " for sign in signs)


def pieces_of(secret: Secret) -> Iterator[bytes]:
    """The strings of words that are looked for, so that none of the secret is published."""
    words = folded(secret.text).split()
    if all(word.isdigit() and len(word) < _LONG_NUMBER for word in words) or sum(map(len, words)) < _SHORTEST:
        return  # a short number or two letters stand in dates, pages and addresses as well, and say nothing
    if len(words) <= _WHOLE or secret.is_name:
        yield b" ".join(words)
    else:
        starts = [*range(0, len(words) - WINDOW, WINDOW), len(words) - WINDOW]
        yield from (b" ".join(words[start : start + WINDOW]) for start in starts)


def as_address(name: str) -> re.Pattern[str]:
    """What finds a name where it is one: {#lead}   id="lead"   /dog-control/   dog-control.pdf   "fn:lead"   [^lead]

    dog-control/v2 is not found in dog-control/v2.1.
    """
    return re.compile(
        rf"""(?:^|[#/:"'=(\s^]){re.escape(name)}(?:-amend(?:ed|ments)|-in-force)?(?=$|[/"'?#&<)\]}}\s]|\.(?!\d)\w)""",
        re.MULTILINE,
    )
