"""Turns a finished external edition into the list of what must not be in it: the leak gate.

Stripping comments and internal text is one step, this is the second, and it trusts nothing of the first: it takes the
strings that the authors marked as internal, and looks for them in every file as it will be published. Words are
compared without case, punctuation, white space and mark-up. A string that also stands in public text is no secret.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from itertools import islice
from pathlib import Path

from . import contents
from .cache import Cache
from .kinds import UnreadableFile

# Never right in a published file, whoever wrote it
RAW_SIGNS = ("{>>", "<<}", "{==", "==}")

# Letters (é), and signs that are no part of a word: “ ” – … and the spaces of typographers
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")
_SPACED = bytes(code if chr(code).isalnum() or code > 127 else ord(" ") for code in range(256))
_HIDDEN = re.compile(r'<span class="vh">[^<]*</span>')
_TAG = re.compile(r"<[^>]*>")
# Tags that an author can put inside a word; any other parts two words
_INLINE_TAG = re.compile(r"</?(?:a|abbr|b|code|del|em|i|ins|mark|small|strong|sub|sup|u)\b[^>]*>")
_JSON_STRING = re.compile(r'"([^"\\]*(?:\\.[^"\\]*)*)"')
_WHOLE, _WINDOW = 11, 6  # words: a longer string is looked for in pieces, so that any 11 words of it in a row are found


@dataclass(frozen=True)
class Leak:
    """A string that must not be published, and the file (relative to the edition) that holds it."""

    file: str
    secret: str

    def __str__(self) -> str:
        return f"{self.file}: holds “{self.secret}”, which is not for publication."


class Closed(Leak):
    """A file that the gate can't look into; the secret is why."""

    def __str__(self) -> str:
        return f"{self.file}: {self.secret}"


class Gate:
    """Looks for secrets in the files of a folder.

    secrets: strings as their authors wrote them. public: gives the texts that are meant to be published, asked for only
    when something is found. signs: strings that may stand nowhere, compared to the letter (machine paths). texts:
    keeps what has been read out of PDFs.
    """

    def __init__(
        self,
        secrets: Iterable[str],
        public: Callable[[], Iterable[str]],
        signs: Iterable[str] = (),
        texts: Cache | None = None,
    ) -> None:
        pieces = {piece: frozenset(piece.split()) for secret in secrets for piece in _pieces(secret)}
        shared = Counter(word for words in pieces.values() for word in words)
        # Each piece is looked for only where its two rarest words stand, and then only with all its words there.
        self._by_words: dict[bytes, dict[bytes, list[tuple[bytes, frozenset[bytes]]]]] = {}
        self._rarest: dict[bytes, bytes] = {}
        for piece, words in pieces.items():
            rarest = sorted(words, key=lambda word: (shared[word], -len(word), word))
            self._rarest[piece] = rarest[0]
            self._by_words.setdefault(rarest[0], {}).setdefault(rarest[:2][-1], []).append((piece, words))
        self._excused: dict[bytes, bool] = {}
        self._make_public = public
        self._texts = texts
        self._signs = (*RAW_SIGNS, *filter(None, signs))

    def check(self, folder: Path, constant: Callable[[Path], bool] = lambda path: False) -> list[Leak]:
        """All leaks in the folder; `constant` says which files (relative paths) are no one's text, as theme scripts."""
        leaks: list[Leak] = []
        for path in sorted(folder.rglob("*")):
            relative = path.relative_to(folder)
            if path.is_file() and not constant(relative):
                try:
                    leaks += [Leak(relative.as_posix(), secret) for secret in self._in_file(path, relative)]
                except UnreadableFile as error:
                    leaks.append(Closed(relative.as_posix(), str(error)))
        return leaks

    def _in_file(self, path: Path, relative: Path) -> list[str]:
        found: dict[str, None] = dict.fromkeys(self._in_words(relative.as_posix()))
        for text in self._views(path):
            by_chance = isinstance(text, contents.Raw)
            if not by_chance:
                found.update((sign, None) for sign in self._signs if sign in text)
            found.update(dict.fromkeys(s for s in self._in_words(text) if len(s) > 5 or not by_chance))
        return [secret for secret in found if secret in self._signs or not self._is_public(secret)]

    def _in_words(self, text: str) -> Iterator[str]:
        folded_text = folded(text)
        here = set(folded_text.split())
        for rarest in self._by_words.keys() & here:
            seconds = self._by_words[rarest]
            for second in seconds.keys() & here:
                for piece, words in seconds[second]:
                    if words <= here and not self._excused.get(piece) and b" %b " % piece in folded_text:
                        yield piece.decode()

    def _views(self, path: Path) -> Iterator[str]:
        """The file's text in every way that a reader or a program could come upon it."""
        if path.suffix == ".pdf" and self._texts:
            from . import pdf_text  # here, so that an edition without PDFs needn't load two PDF libraries

            yield pdf_text.cached(path, self._texts)
            return
        for text in contents.texts(path):
            if path.suffix == ".pdf" or isinstance(text, contents.Raw):
                yield text
                continue
            for part in _json_parts(text) if ".json" in path.suffixes else (text,):
                part = _HIDDEN.sub("", part)
                yield unescape(_TAG.sub(" ", _INLINE_TAG.sub("", part)))
                if "<" in part:  # the tags themselves, with their attributes, each once
                    yield unescape("\n".join(dict.fromkeys(_TAG.findall(part))))

    def _is_public(self, secret: str) -> bool:
        piece = secret.encode()
        if piece not in self._excused:
            texts = self._public[self._rarest[piece]]
            self._excused[piece] = any(b" %b " % piece in text for text in texts)
        return self._excused[piece]

    @cached_property
    def _public(self) -> dict[bytes, list[bytes]]:
        """The public texts by the words under which pieces are looked for."""
        by_word: dict[bytes, list[bytes]] = defaultdict(list)
        for text in map(folded, self._make_public()):
            for word in self._by_words.keys() & set(text.split()):
                by_word[word].append(text)
        return by_word


def folded(text: str) -> bytes:
    """The words alone, in small letters, one space between them and at both ends, as UTF-8 (bytes fold fastest)."""
    if not text.isascii():
        text = _BEYOND_ASCII.sub(_letters, unicodedata.normalize("NFKC", text))
    words = text.casefold().encode("utf-8", "replace").translate(_SPACED).split()
    return b" %b " % b" ".join(words)


def _letters(found: re.Match[str]) -> str:
    return "".join(sign if sign.isalnum() else " " for sign in found[0])


def _pieces(secret: str) -> Iterator[bytes]:
    words = folded(secret).split()
    if all(word.isdigit() for word in words):
        return  # a bare number stands in dates, page numbers and addresses as well, and says nothing
    if len(words) <= _WHOLE:
        yield b" ".join(words)
    else:
        starts = [*range(0, len(words) - _WINDOW, _WINDOW), len(words) - _WINDOW]
        yield from (b" ".join(words[start : start + _WINDOW]) for start in starts)


def _json_parts(text: str) -> Iterator[str]:
    """The strings of a JSON file, as many at a time as a policy has: a whole search index holds every word."""
    strings = _JSON_STRING.finditer(text)
    while part := dict.fromkeys(found[1] for found in islice(strings, 600)):
        yield "\n".join(json.loads(f'"{each}"') if "\\" in each else each for each in part)
