"""The library's rooms: each says in a sentence what it is for, and imports run downwards only."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import policydoc

LIBRARY = Path(policydoc.__file__).parent
# From the ground up; those of one line may not know each other
FLOORS = ["contents model", "source", "history", "editions", "outputs amending", "checking comparing", "commands"]
FLOOR = {room: floor for floor, rooms in enumerate(FLOORS, 1) for room in rooms.split()}
# Beside the rooms, and below them all but for this one
SETTINGS = FLOOR["source"] + 0.5
MODULES = sorted(path.relative_to(LIBRARY) for path in LIBRARY.rglob("*.py"))


def floor(parts: list[str]) -> float:
    """Where `editions.policy`, or what is imported from it, stands."""
    return SETTINGS if parts[:1] == ["settings"] else FLOOR.get(parts[0], 0) if parts else 0


def imports(module: Path) -> Iterator[list[str]]:
    """What a module imports of the library, as the parts of its name."""
    package = list(module.parts[:-1])
    for node in ast.walk(ast.parse((LIBRARY / module).read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            where = package[: len(package) + 1 - node.level] + (node.module or "").split(".") * bool(node.module)
            yield from ([*where, alias.name] for alias in node.names)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
            assert not any(name.split(".")[0] == "mkdocs" for name in names), "the library never imports MkDocs"


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
