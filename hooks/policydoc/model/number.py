"""What a section or clause is called by in one reading."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Number:
    """A provision's place in one reading, as it is printed, cited and linked to.

    `label` stands before the provision's words, `citation` follows the word for it ("clause 6.2.1"), `anchor` is the
    last part of its address. Numbering makes them; nobody else takes them apart.
    """

    label: str
    citation: str
    anchor: str

    @classmethod
    def of(cls, citation: str) -> Number:
        """The number that is printed and linked to as it is cited: 6.2.1."""
        return cls(citation, citation, citation)

    def __str__(self) -> str:
        return self.citation
