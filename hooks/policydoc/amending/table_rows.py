"""Turns two versions of a table into one with marks, row by row and cell by cell."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..model.alignment import Passage, align
from ..model.document import Mark
from ..source.braces import is_attributes
from ..source.signs import MARKS, PIPE
from . import word_by_word


def in_rows(old: str, new: str, ending: str) -> str | None:
    """The new table with marks for what is not in the old one; None where it has other columns."""
    rows = [[row for row in table.splitlines() if not _is_rule(row)] for table in (old, new)]
    if len({len(_cells(row)) for row in (*rows[0], *rows[1])}) > 1:
        return None
    rule = next(row for row in new.splitlines() if _is_rule(row))
    marked: list[str] = []
    for i, j in align(*([_row_passage(row) for row in part] for part in rows)).pairs:
        if i is not None and j is not None:
            cells = [word_by_word.in_words(*pair) for pair in zip(_cells(rows[0][i]), _cells(rows[1][j]), strict=True)]
            if None in cells:
                return None
            same = _row_passage(rows[0][i]) == _row_passage(rows[1][j])
            marked.append(rows[1][j] if same else _row(rows[1][j], [cell or "" for cell in cells]))
        elif i is not None:
            marked.append(_row(rows[0][i], _cells(rows[0][i]), "deleted"))
        elif j is not None:
            marked.append(_row(rows[1][j], _cells(rows[1][j]), "inserted"))
    return ending.join([marked[0], rule, *marked[1:]])


def whole(table: str, mark: Mark, ending: str) -> str:
    """The table with each of its cells in this mark."""
    return ending.join(row if _is_rule(row) else _row(row, _cells(row), mark) for row in table.splitlines())


def _is_rule(row: str) -> bool:
    return bool(re.fullmatch(r"[\s|:-]+", row))


def _row_passage(row: str) -> Passage:
    """A row by its words; one that is internal is never paired with one that isn't."""
    return Passage(("row", bool(_signs(row))), word_by_word.folded(" | ".join(_cells(row))))


def _cells(row: str) -> list[str]:
    row = row.strip().removesuffix(_signs(row)).strip()
    return [cell.strip() for cell in PIPE.split(row.removeprefix("|").removesuffix("|"))]


def _signs(row: str) -> str:
    """What stands behind a row's last pipe, `{.internal}`."""
    behind = PIPE.split(row.strip())[-1].strip()
    return behind if is_attributes(behind) else ""


def _row(row: str, cells: Sequence[str], mark: Mark = "") -> str:
    """A table's row with these cells, indented and internal as it was."""
    sign = MARKS[mark] if mark else ""
    indent = row[: len(row) - len(row.lstrip())]
    return (
        f"{indent}| "
        + " | ".join(f"{sign}{cell}{sign}" if cell else "" for cell in cells)
        + f" | {_signs(row)}".rstrip()
    )
