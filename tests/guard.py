"""Notes each time a test, or a process that it starts, meets what a council may change any day.

That is its policies, pages and settings in the project itself. A test that reads them turns red at somebody's next
edit, with nothing wrong in the program. conftest.py makes such a read the failure of the test in which it happens, so
no list has to say which tests could notice an edit: none can. Tests read first_policy/ and sample_council/ instead.
"""

import os
from typing import Any

from building import PROGRAM_FOLDERS, PROGRAM_PAGE, ROOT

PROJECT = str(ROOT)
COUNCILS = tuple(str(ROOT / name) for name in ("policy_src", "docs", "mkdocs.yml"))
PROGRAMS = tuple(str(ROOT / name) for name in (*PROGRAM_FOLDERS, PROGRAM_PAGE))

met = list[str]()  # since conftest.py last looked


def watch(event: str, arguments: tuple[Any, ...]) -> None:
    """An audit hook: Python tells it of everything that any code in this process does."""
    if event in ("open", "os.listdir", "os.scandir"):
        met.extend(path for path in paths(arguments[0]) if is_councils(path))
    elif event == "subprocess.Popen":
        _, command, folder, _ = arguments
        if within(os.path.abspath(folder or "."), PROJECT):
            met.append(f"the project's folder, by a process started in it: {command}")
        met.extend(path for word in command for path in paths(word) if is_councils(path))


def paths(name: object) -> list[str]:
    """What an event calls by name, in full; nothing for a file that is open already."""
    return [os.path.abspath(os.fsdecode(name))] if isinstance(name, (str, bytes, os.PathLike)) else []


def is_councils(path: str) -> bool:
    return any(within(path, place) for place in COUNCILS) and not any(within(path, place) for place in PROGRAMS)


def within(path: str, place: str) -> bool:
    return path == place or path.startswith(f"{place}{os.sep}")
