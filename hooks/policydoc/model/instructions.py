"""Turns words that change within one block into an instruction that fits one spot of it alone."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .quoted_text import unglued
from .quoting import Quote, Words, join, ordinal

_CONTEXT = 4  # words quoted to say where something is inserted
_MANY = 3  # equal words up to which it is said which of them is meant; among more, their neighbours say it better
# Signs that stand close behind, and close before, a word
_CLOSING = re.compile(r"[.,;:!?)\]}’”%…]")
_OPENING = re.compile(r"[(\[{‘“]$")
# [picture: A map]   [footnote 2]   [footnote: Its words.]   [footnote]      as quoted_text has them
_THING = re.compile(r"\[(picture|footnote)(?: (\d+)|: ([^\[\]]*))?\]")


@dataclass(frozen=True, slots=True)
class Rewording:
    """What goes and what comes within a block, between words that stay, as the text in force has them.

    Spaces are folded, but for those within one thing, such as the number of a reference.
    """

    left: str
    old: str
    new: str
    right: str

    @property
    def whole(self) -> str:
        """What the block says in force, its spaces folded."""
        return _spaced(self.left, self.old, self.right)

    @property
    def after(self) -> str:
        """The last words before what comes, in short."""
        return unglued(" ".join(self.left.split()[-_CONTEXT:]))

    def words(self) -> Words:
        """The instruction: for the second “£75” substitute “£100”."""
        new = named(unglued(self.new))
        if self.old:
            which = self._which()
            return join("for ", which, " substitute ", new) if self.new else join("delete ", which)
        if not self.left:
            return join("at the beginning insert " if self.right else "insert ", new)
        return join("after ", self._which_before(), " insert ", new)

    @property
    def result(self) -> str:
        """What the block says once the instruction is carried out."""
        if not (self.old and self.new):
            return unglued(_spaced(self.left, self.new, self.right))
        return f"{self._whole[: self._start]}{unglued(self.new)}{self._whole[self._start + len(unglued(self.old)) :]}"

    @property
    def _whole(self) -> str:
        return unglued(self.whole)

    @property
    def _start(self) -> int:
        """Where in the block the words begin that go."""
        return len(unglued(_spaced(self.left, self.old))) - len(unglued(self.old))

    def _which(self) -> Words:
        """The words that go, and which of those that are alike."""
        old = unglued(self.old)
        spots = _occurrences(old, self._whole)
        if len(spots) > _MANY and (context := self._context()):
            return (Quote(old), " in ", Quote(context))
        if len(spots) < 2 or self._start not in spots:
            return named(old)
        return (f"the {ordinal(spots.index(self._start) + 1)} ", Quote(old))

    def _context(self) -> str:
        """The fewest words round those that go that stand once in the block, and have those that go once."""
        whole, before, behind = self._whole, self.left.split(), self.right.split()
        for count in range(1, _CONTEXT + 1):
            left, right = " ".join(before[-count:]), " ".join(behind[:count])
            context = unglued(_spaced(left, self.old, right))
            is_clear = context in whole and len(_occurrences(context, whole)) == 1
            if is_clear and len(_occurrences(unglued(self.old), context)) == 1:
                return context
        return ""

    def _which_before(self) -> Words:
        """The words that what comes stands behind."""
        spots = _occurrences(self.after, self._whole)
        start = len(unglued(self.left)) - len(self.after)
        which = f"the {ordinal(spots.index(start) + 1)} " if len(spots) > 1 and start in spots else ""
        return join(which, Quote(self.after))


def named(text: str) -> Words:
    """The words in quotes, or what a picture or footnote that stands alone is called."""
    match = _THING.fullmatch(text)
    if not match:
        return (Quote(text),)
    what, number, words = match.groups()
    if number:
        return (f"{what} {number}",)
    if not words:
        return (f"a {what}",)
    return ("the picture " if what == "picture" else "a footnote, ", Quote(words))


def rewording(left: str, old: str, new: str, right: str) -> Rewording:
    """The rewording with whole words, from texts whose spaces are as they are.

    What goes or comes as a part of a word takes the word along; and so it does wherever the words that are left would
    stand apart or together otherwise than they do.
    """
    before, behind = _tail(left), _head(right)
    wide = (left[: len(left) - len(before)], f"{before}{old}{behind}", f"{before}{new}{behind}", right[len(behind) :])
    for some in ((left, old, new, right), wide) if _is_clear(left, old, new, right) else (wide,):
        tried = Rewording(*map(_folded, some))
        if (tried.whole, tried.result) == (_folded(left + old + right), unglued(left + new + right)):
            return tried
    return Rewording("", _folded(left + old + right), _folded(left + new + right), "")


def _is_clear(left: str, old: str, new: str, right: str) -> bool:
    """Whether what goes and what comes are words of their own, and no parts of words or mere signs."""
    for text in (old, new):
        if text.strip() and not re.search(r"\w", text):
            return False
        ends = ((left[-1:], text[:1]), (text[-1:], right[:1])) if text else ((left[-1:], right[:1]),)
        if any(one.isalnum() and other.isalnum() for one, other in ends):
            return False
    return True


def _tail(text: str) -> str:
    match = re.search(r"\S+$", text)
    return match[0] if match else ""


def _head(text: str) -> str:
    match = re.match(r"\S+", text)
    return match[0] if match else ""


def _folded(text: str) -> str:
    return " ".join(text.split())


def _spaced(*parts: str) -> str:
    """The parts with the spaces between them that a reader expects."""
    text = ""
    for part in filter(None, parts):
        close = not text or _CLOSING.match(part) or _OPENING.search(text)
        text += part if close else f" {part}"
    return text


def _occurrences(words: str, text: str) -> list[int]:
    """Where these words begin in a text, as words of their own."""
    before, behind = (r"(?<!\w)" if words[:1].isalnum() else "", r"(?!\w)" if words[-1:].isalnum() else "")
    return [match.start() for match in re.finditer(f"(?={before}{re.escape(words)}{behind})", text)] if words else []
