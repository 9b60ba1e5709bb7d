"""The library's rooms: each says in a sentence what it is for, imports run downwards only, and the picture is true."""

import ast
from pathlib import Path

import pytest
import road
from building import ROOT
from road import LIBRARY, MODULES, imports

import policydoc

# From the ground up; those of one line may not know each other
FLOORS = ["contents model", "source", "history", "editions", "outputs amending", "checking comparing", "commands"]
FLOOR = {room: floor for floor, rooms in enumerate(FLOORS, 1) for room in rooms.split()}
# Beside the rooms, and below them all but for this one
SETTINGS = FLOOR["source"] + 0.5


def floor(parts: list[str]) -> float:
    """Where `editions.policy`, or what is imported from it, stands."""
    return SETTINGS if parts[:1] == ["settings"] else FLOOR.get(parts[0], 0) if parts else 0


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_imports_run_downwards(module: Path) -> None:
    own = list(module.with_suffix("").parts)
    for other in imports(module):
        same = other[0] == own[0] or floor(other) == floor(own) == 0
        assert same or floor(other) < floor(own), f"{module} imports {'.'.join(other)}"


def test_every_room_says_what_it_is_for() -> None:
    assert {path.name for path in LIBRARY.iterdir() if path.is_dir() and path.name != "__pycache__"} == FLOOR.keys()
    for room in FLOOR:
        assert ast.get_docstring(ast.parse((LIBRARY / room / "__init__.py").read_text("utf-8"))), room
        assert f"    {room} " in (policydoc.__doc__ or ""), room


def test_the_picture_of_the_road_is_what_make_road_draws() -> None:
    assert (ROOT / "docs/design/road.svg").read_text("utf-8") == road.svg(), "`make road` draws it anew"
