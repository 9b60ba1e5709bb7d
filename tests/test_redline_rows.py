"""Marks written for tables with internal rows: a row stays as internal as it was, and nothing internal is published."""

import pytest
from test_settling import HEAD

from policydoc.amending import redline

TABLE = "| What | Fee |\n|------|-----|\n"
CASES = {
    "words of an internal row": (
        "| Hall | £10 |\n| Safe | 1234 | {.internal}\n",
        "| Hall | £10 |\n| Safe | 5678 | {.internal}\n",
        "| Hall | £10 |\n| Safe | ~~1234~~ ^^5678^^ | {.internal}\n",
    ),
    "a new internal row": (
        "| Hall | £10 |\n",
        "| Hall | £10 |\n| Safe | 1234 | {.internal}\n",
        "| Hall | £10 |\n| ^^Safe^^ | ^^1234^^ | {.internal}\n",
    ),
    "an internal row less": (
        "| Hall | £10 |\n| Safe | 1234 | {.internal}\n",
        "| Hall | £10 |\n",
        "| Hall | £10 |\n| ~~Safe~~ | ~~1234~~ | {.internal}\n",
    ),
    "a row that becomes public with other words": (
        "| Hall | £10 |\n| Safe | 1234 | {.internal}\n| Shed | £5 |\n",
        "| Hall | £10 |\n| Safe | ask us |\n| Shed | £5 |\n",
        "| Hall | £10 |\n| ~~Safe~~ | ~~1234~~ | {.internal}\n| ^^Safe^^ | ^^ask us^^ |\n| Shed | £5 |\n",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_marks_in_tables_with_internal_rows(name: str) -> None:
    old, new, marked = (f"{HEAD}1.  A clause.\n\n{TABLE}{rows}" for rows in CASES[name])
    assert redline.marked(old, new, "a") == marked
