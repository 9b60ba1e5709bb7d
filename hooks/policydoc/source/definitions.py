"""Turns the footnotes and link addresses that a policy defines into what is wrong with them: Markdown tells of nothing.

[^fees]: From April.             a second note of this name takes the place of the first
[act]: https://example.org       a second address likewise; one that no link uses is nowhere
"""

from __future__ import annotations

from collections.abc import Iterator

from markdown.extensions.footnotes import FootnoteExtension

from ..messages import Fault, said


class Footnotes(FootnoteExtension):
    """Python-Markdown's footnotes, always at a policy's end, that remember which names were given twice."""

    def __init__(self) -> None:
        self.again: list[str] = []
        super().__init__()

    def reset(self) -> None:
        super().reset()
        self.again = []

    def setFootnote(self, id: str, text: str) -> None:
        if id in self.footnotes:
            self.again.append(id)
        super().setFootnote(id, text)

    def findFootnotesPlaceholder(self, root: object) -> None:
        """No words of an author stand for the footnotes; those that did would vanish."""


class Addresses(dict[str, tuple[str, str]]):
    """The addresses of `[words][name]` by name; remembers which names were given twice and which were asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.again: list[str] = []
        self.used: set[str] = set()

    def __setitem__(self, name: str, address: tuple[str, str]) -> None:
        if name in self:
            self.again.append(name)
        super().__setitem__(name, address)

    def __getitem__(self, name: str) -> tuple[str, str]:
        self.used.add(name)
        return super().__getitem__(name)

    def clear(self) -> None:
        super().clear()
        self.again, self.used = [], set()


def faults(footnotes: Footnotes, addresses: Addresses) -> Iterator[tuple[str, Fault]]:
    """What was defined twice or for nothing, each with its name: `^fees` where it is a footnote's."""
    for name in footnotes.again:
        yield f"^{name.strip().lower()}", said("P423", sign=f"[^{name}]")
    for name in addresses.again:
        yield name, said("P426", name=name)
    for name in sorted(addresses.keys() - addresses.used):
        yield name, said("P427", name=name)
