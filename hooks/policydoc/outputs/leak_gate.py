"""Looks for what must stay inside in every file of a finished external edition: the leak gate.

Withholding is one step, this is the second, and it trusts nothing of the first: it takes the strings that the authors
keep inside (secrets.py), and looks for them in every file as it will be published. Words are compared without case,
punctuation, white space and mark-up. What also stands in public text, or is the program's own, is no secret. A file
that shows kept versions is judged by their texts: what one of them keeps inside, only these excuse there.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from pathlib import Path

from ..cache import Cache, digest
from ..contents import any_file
from ..contents.kinds import UnreadableFile
from ..editions.secrets import Secret
from .gate_memory import Verdicts
from .gate_words import WINDOW, as_address, folded, pieces_of, words_of

# Never right in a published text, unless an author shows how to write them
RAW_SIGNS = ("{>>", "<<}", "{==", "==}")
# Never right in a published page: what only an article of the internal edition has
_INTERNAL_TAGS = re.compile(r"""<[^<>]*\s(data-internal=|data-author=|class="comment")""")

# What is only heard, in the midst of words that are read
_HIDDEN = re.compile(r'<span class="vh">([^<]*)</span>')
_TAG = re.compile(r"(<[^<>]*>)")
# Tags that an author can put inside a word; any other parts two words
_INLINE_TAG = re.compile(r"</?(?:a|abbr|b|code|del|em|i|ins|mark|small|strong|sub|sup|u)\b[^<>]*>")
_JSON_STRING = re.compile(r'"([^"\\]*(?:\\.[^"\\]*)*)"')
_PARTS = 3  # that an excused string may be put together from


@dataclass(frozen=True)
class Leak:
    """A string that must not be published, the file (relative to the edition) that holds it, and why it must not.

    `path` and `line` say which author keeps it inside; they are empty for what is wrong whoever wrote it.
    """

    file: str
    secret: str
    path: str = ""
    line: int = 0

    def __str__(self) -> str:
        if not self.path:
            return f"{self.file}: holds “{self.secret}”, which is not for publication. Mend what it is made from."
        return (
            f"{self.file}: holds “{self.secret}”, which {self.path}:{self.line} keeps inside. If all may read it, "
            f"word line {self.line} differently; if not, take it out of what {self.file} is made from."
        )


class Closed(Leak):
    """A file that the gate can't look into; the secret is why."""

    def __str__(self) -> str:
        return f"{self.file}: {self.secret}"


Shown = tuple[str, ...]


class Gate:
    """Looks for secrets in the files of a folder.

    secrets: what must stay inside. public: gives the texts of policies that may be read by all, pages those that are
    written by hand, which may share a few words with a secret but no sentence, own: the words that the program prints
    itself; all three are asked for only when something is found. signs: strings that may stand nowhere,
    compared to the letter (machine paths). texts: keeps what has been read out of PDFs. files: the public text of each
    policy and kept version by its path, shows: by their paths below the folder, the files and folders that show some of
    these, with their paths. A comparison shows two: what either lets all read may stand there, as it stands on the page
    of that one; what either keeps inside, no third excuses.
    verdicts: the files that have passed before.
    """

    def __init__(
        self,
        secrets: Iterable[Secret],
        public: Callable[[], Iterable[str]],
        pages: Callable[[], Iterable[str]] = tuple,
        own: Callable[[], Iterable[str]] = tuple,
        signs: Iterable[str] = (),
        texts: Cache | None = None,
        files: Mapping[str, str] | None = None,
        shows: Mapping[str, tuple[str, ...]] | None = None,
        verdicts: Verdicts | None = None,
    ) -> None:
        self._verdicts = verdicts
        self._files, self._shows = files or {}, shows or {}
        # Each piece that a policy or kept version keeps inside, with the paths of all that do
        self._inside: defaultdict[bytes, set[str]] = defaultdict(set)
        self._whose: dict[bytes, Secret] = {}
        self._names: dict[bytes, re.Pattern[str]] = {}
        for secret in secrets:
            for piece in pieces_of(secret):
                if secret.is_name and piece not in self._whose:
                    self._names[piece] = as_address(secret.text)
                elif not secret.is_name:
                    self._names.pop(piece, None)
                self._whose.setdefault(piece, secret)
                if secret.path in self._files:
                    self._inside[piece].add(secret.path)
        words_in = {piece: frozenset(piece.split()) for piece in self._whose}
        shared = Counter(word for words in words_in.values() for word in words)
        # Each piece is looked for only where its two rarest words stand, and then only with all its words there.
        self._by_words: dict[bytes, dict[bytes, list[tuple[bytes, frozenset[bytes]]]]] = {}
        for piece, words in words_in.items():
            rarest = sorted(words, key=lambda word: (shared[word], -len(word), word))
            self._by_words.setdefault(rarest[0], {}).setdefault(rarest[:2][-1], []).append((piece, words))
        self._excused: dict[tuple[bytes, tuple[str, ...]], bool] = {}
        self._folded: dict[str, bytes] = {}
        self._make_public, self._make_pages, self._make_own = public, pages, own
        self._texts = texts
        self._signs = tuple(filter(None, signs))

    def check(self, folder: Path, constant: Callable[[Path], bool] = lambda path: False) -> list[Leak]:
        """All leaks in the folder; `constant` says which files (relative paths) are no one's text, as theme scripts."""
        leaks: list[Leak] = []
        for path in sorted(folder.rglob("*")):
            relative = path.relative_to(folder)
            if path.is_file() and not self._has_passed(path, relative) and not constant(relative):
                try:
                    leaks += self._in_file(path, relative)
                except UnreadableFile as error:
                    leaks.append(Closed(relative.as_posix(), str(error)))
        if self._verdicts and not leaks:
            self._verdicts.save()
        return leaks

    def _has_passed(self, path: Path, relative: Path) -> bool:
        return bool(self._verdicts and self._verdicts.has_passed(self._hash(path, relative)))

    def _hash(self, path: Path, relative: Path) -> bytes:
        """Of all that a verdict on a file depends on, beside the secrets and what excuses them."""
        return digest(relative.as_posix().encode(), *map(str.encode, self._shown_in(relative)), path.read_bytes())

    def _shown_in(self, relative: Path) -> tuple[str, ...]:
        """The paths of the versions that a file shows, if it shows some."""
        ways = map(Path.as_posix, (relative, *relative.parents))
        return next((self._shows[way] for way in ways if way in self._shows), ())

    def _in_file(self, path: Path, relative: Path) -> list[Leak]:
        name, shown = relative.as_posix(), self._shown_in(relative)
        pieces = dict.fromkeys(self._in_words(name, shown))
        signs: dict[str, None] = {}
        has_signs = False
        for text in self._views(path):
            by_chance = isinstance(text, any_file.Raw)
            if not by_chance:
                signs.update((sign, None) for sign in self._signs if sign in text)
                raw = [sign for sign in RAW_SIGNS if sign in text]
                has_signs = has_signs or bool(raw)
                signs.update((sign, None) for sign in raw if not self._is_shown(sign, shown))
                signs.update((tag, None) for tag in _INTERNAL_TAGS.findall(text) if text[0] == "<")
            pieces.update(dict.fromkeys(s for s in self._in_words(text, shown) if len(s) > 5 or not by_chance))
        named = [(piece.decode(), self._whose[piece]) for piece in pieces if not self._is_excused(piece, shown)]
        if self._verdicts and not signs and not named:
            self._verdicts.passes(self._hash(path, relative), excused=bool(pieces) or has_signs)
        return [Leak(name, sign) for sign in signs] + [
            Leak(name, words, secret.path, secret.line) for words, secret in named
        ]

    def _in_words(self, text: str, shown: tuple[str, ...]) -> Iterator[bytes]:
        all_words = words_of(text)
        here = set(all_words)
        folded_text = b""
        for rarest in self._by_words.keys() & here:
            seconds = self._by_words[rarest]
            for second in seconds.keys() & here:
                for piece, words in seconds[second]:
                    if not words <= here:
                        continue
                    if self._excused.get((piece, shown)):
                        yield piece  # whether it is there or not: it is no leak, and the file not without any
                        continue
                    folded_text = folded_text or b" %b " % b" ".join(all_words)
                    is_there = b" %b " % piece in folded_text
                    if is_there and (piece not in self._names or self._names[piece].search(text)):
                        yield piece

    def _views(self, path: Path) -> Iterator[str]:
        """The file's text in every way that a reader or a program could come upon it."""
        if path.suffix == ".pdf" and self._texts:
            from ..contents import pdf_text

            yield pdf_text.cached(path, self._texts)
            return
        for text in any_file.texts(path):
            if path.suffix == ".pdf" or isinstance(text, any_file.Raw):
                yield text
                continue
            for part in _json_parts(text) if ".json" in path.suffixes else (text,):
                heard = dict.fromkeys(_HIDDEN.findall(part))
                pieces = _TAG.split(_HIDDEN.sub("", part))  # words, a tag, words, a tag, …
                tags = dict.fromkeys(pieces[1::2])
                instead = {tag: "" if _INLINE_TAG.match(tag) else " " for tag in tags}
                pieces[1::2] = [instead[tag] for tag in pieces[1::2]]
                yield unescape("".join(pieces))
                if tags:  # the tags themselves, with their attributes, each once
                    yield unescape("\n".join(tags))
                if heard:
                    yield unescape("\n".join(heard))

    def _is_excused(self, piece: bytes, shown: tuple[str, ...]) -> bool:
        """Whether the piece may be read by all: as it stands, or as words of ours round words that may be.

        `shown` are the paths of the versions that the file shows, if it shows some.
        """
        key = piece, shown
        if key not in self._excused:
            public = self._public_in(piece, shown)
            whole, words = b" %b " % piece, piece.split()
            self._excused[key] = (
                any(whole in text for text in public)
                or whole in self._own
                or (whole in self._pages and (len(words) < WINDOW or not self._whose[piece].in_text))
                or self._is_composed(words, public, _PARTS)
            )
        return self._excused[key]

    def _public_in(self, piece: bytes, shown: tuple[str, ...]) -> tuple[bytes, ...]:
        """The public texts that may stand in such a file: of what one of its versions keeps inside, theirs alone."""
        for path in shown:
            if path in self._files and path not in self._folded:
                self._folded[path] = folded(self._files[path])
        own = tuple(self._folded[path] for path in shown if path in self._files)
        return own if self._inside.get(piece, set()).intersection(shown) else (*own, self._public)

    def _is_composed(self, words: list[bytes], public: tuple[bytes, ...], parts: int, has_own: bool = False) -> bool:
        """Whether the words fall into at most so many parts: numbers, public words, and at least one label of ours."""
        if not words:
            return has_own
        for end in range(len(words), 0, -1) if parts else ():
            part = b" %b " % b" ".join(words[:end])
            is_own = part in self._labels
            is_public = part in self._pages or any(part in text for text in public)
            known = is_own or is_public or all(map(bytes.isdigit, words[:end]))
            if known and self._is_composed(words[end:], public, parts - 1, has_own or is_own):
                return True
        return False

    def _is_shown(self, sign: str, shown: tuple[str, ...]) -> bool:
        """Whether an author shows, in code or behind a backslash, how the sign is written."""
        return any(sign in text for text in (*self._public_texts, *(self._files.get(path, "") for path in shown)))

    @cached_property
    def _public_texts(self) -> list[str]:
        return list(self._make_public())

    @cached_property
    def _public(self) -> bytes:
        return b"\n".join(map(folded, self._public_texts))

    @cached_property
    def _pages(self) -> bytes:
        return b"\n".join(map(folded, self._make_pages()))

    @cached_property
    def _labels(self) -> frozenset[bytes]:
        return frozenset(map(folded, self._make_own())) - {b"  "}

    @cached_property
    def _own(self) -> bytes:
        return b"\n".join(self._labels)


def _json_parts(text: str) -> Iterator[str]:
    """The strings of a JSON file, as many at a time as a policy has: a whole search index holds every word."""
    strings = _JSON_STRING.findall(text)
    for start in range(0, len(strings), 600):
        part = dict.fromkeys(strings[start : start + 600])
        text = "\n".join(part)
        yield "\n".join(map(_plain, part)) if "\\" in text else text


def _plain(string: str) -> str:
    return str(json.loads(f'"{string}"')) if "\\" in string else string
