"""One change of a policy in words: where it is, what goes and what comes, and the instruction for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from .quoting import Quote, Words, join, printed

Deed = Literal["substitute", "delete", "insert", "move", "look", "not published"]


@dataclass(frozen=True)
class Change:
    """One change: `id` is the anchor of its place, `where` its name for a reader, such as `2.2` or `7, opening words`.

    `whole` says that the place itself, or a paragraph, bullet or row in it, is inserted or deleted; `after` are the
    words before an insertion. Changes of a schedule have the `number` of their amendment, the `place` where they are in
    the text in force, its number there, and an `instruction`; others are worded without any of it.
    """

    id: str
    where: str
    kind: str
    deleted: str = ""
    inserted: str = ""
    after: str = ""
    whole: bool = False
    number: int = 0
    place: Words = ()
    previous_number: str | None = None
    instruction: Words = ()
    deed: Deed = "substitute"

    @property
    def name(self) -> str:
        """What it is voted on by: A3."""
        return f"A{self.number}"

    @property
    def words(self) -> str:
        """The change as an instruction."""
        return self.quoting(str)

    @property
    def location(self) -> str:
        """Where it is in the text in force: 7.1 (will be 8.1), after 4.7 (will be 4.8)."""
        return printed(self.place)

    def quoting(self, quote: Callable[[str], str]) -> str:
        """The change as an instruction, the policy's words as `quote` gives them back."""
        return printed(self.instruction or self._alone, quote)

    @property
    def alone(self) -> str:
        """The change as an instruction without what tells its spot from others."""
        return printed(self._alone)

    @property
    def _alone(self) -> Words:
        old, new = Quote(self.deleted), Quote(self.inserted)
        if self.whole:
            return (f"delete the {self.kind} ", old) if self.deleted else (f"insert the {self.kind} ", new)
        place = ("after ", Quote(self.after), " ") if self.after else ()
        if self.deleted and self.inserted:
            return ("for ", old, " substitute ", new)
        if self.deleted:
            return join(place, "delete ", old)
        return join(place, "insert ", new) if place else ("at the beginning insert ", new)
