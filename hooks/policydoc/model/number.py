"""What a section or clause is called by in one reading."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Number:
    """A provision's place in one reading, as it is printed, cited and linked to.

    `label` stands before the provision's words: (ii). `citation` follows the word for it ("clause 6.2.1"), `anchor` is
    the last part of its address. What has no number has an anchor all the same, and empty words for the rest. Two
    numbers are the same that are printed and cited alike. `between` is the label that keeps it, 2A, where it was
    inserted between two numbers that stay. Numbering makes them; nobody else takes them apart.
    """

    label: str
    citation: str
    anchor: str = field(compare=False)
    between: str = field(default="", compare=False)

    @classmethod
    def of(cls, citation: str) -> Number:
        """The number that is printed and linked to as it is cited: 6.2.1."""
        return cls(citation, citation, citation)

    @property
    def whole(self) -> str:
        """What a reader finds it by, wherever that reads: 3(e)(ii), Part 2."""
        return self.label if self.label.endswith(f" {self.citation}") else self.citation

    def __str__(self) -> str:
        return self.citation
