"""Turns the lines of a Markdown table into rows that keep what stands behind their last pipe: `| a | b | {.internal}`.

Python-Markdown drops whatever goes beyond a table's columns without a word. Here the sign behind a row is left in the
tail of its last cell, for the walk to take; a row with more cells than there are columns says so in `data-cells`, and
one with signs by which other programs merge cells in `data-merged`.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence

from markdown import Markdown
from markdown.extensions.tables import TableExtension, TableProcessor
from markdown.util import AtomicString

from .line_numbers import MARKER
from .signs import ATTRIBUTES

# {.internal}   {.internal} {#name}     and nothing else
_SIGNS = re.compile(rf"\s*(?:{ATTRIBUTES}\s*)+")


# || between two cells, ^^ > or < alone in one: how other programs make one cell of two
_MERGED = frozenset({"^^", ">", "<", "::"})


class _Rows(TableProcessor):
    def test(self, parent: ET.Element, block: str) -> bool:
        """Whether this is a table; a sign behind its first two lines doesn't make it none."""
        if "|" not in block:
            return False
        lines = block.split("\n")
        return super().test(parent, "\n".join([self._apart(line)[0] for line in lines[:2]] + lines[2:]))

    def run(self, parent: ET.Element, blocks: list[str]) -> None:
        lines = blocks[0].split("\n")
        lines[0] += self._apart(lines[1])[1]  # one slip, whether it stands behind the headings or the hyphens
        blocks[0] = "\n".join(lines)
        super().run(parent, blocks)

    def _build_row(self, row: str, parent: ET.Element, align: Sequence[str | None]) -> None:
        row, signs = self._apart(row)
        if row.startswith("|") and not self.border and len(self._cells(row)) > len(align):
            row = self.RE_END_BORDER.sub("", row[1:])  # pipes outside, in a table whose heading has none
        super()._build_row(row, parent, align)  # type: ignore[misc]
        cells, built = self._cells(row), parent[-1]
        if any(cell.strip() for cell in cells[len(align) :]):
            built.set("data-cells", str(len(cells)))
        merged = [cell for cell in cells[: len(align)] if MARKER.sub("", cell).strip() in _MERGED]
        # Without pipes outside, a row that ends in one has an empty cell behind it.
        if merged or "" in cells[1 : len(align) - (0 if self.border else 1)]:
            built.set("data-merged", MARKER.sub("", merged[0]).strip() if merged else "||")
        if signs:
            built[-1].tail = AtomicString(signs)  # no marks or emphasis: what stands in braces is no words

    def _cells(self, row: str) -> list[str]:
        cells: list[str] = self._split_row(row)  # type: ignore[attr-defined]
        return cells

    def _apart(self, row: str) -> tuple[str, str]:
        """The row up to its last pipe, and the signs behind that if nothing else stands there."""
        behind = self._split(row)[-1] if "}" in row and "|" in row else ""  # type: ignore[attr-defined]
        return (row.removesuffix(behind), behind) if _SIGNS.fullmatch(behind) else (row, "")


class Tables(TableExtension):
    """Python-Markdown's tables, with rows of our own."""

    def extendMarkdown(self, md: Markdown) -> None:
        super().extendMarkdown(md)
        md.parser.blockprocessors.register(_Rows(md.parser, self.getConfigs()), "table", 75)
