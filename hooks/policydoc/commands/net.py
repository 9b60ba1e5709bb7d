"""Turns what no command foresaw into one line: a disk that is full or closed to us, or a fault of the program's.

What an author or the council wrote never needs it: their slips are messages. The traceback is kept in a file.
"""

from __future__ import annotations

import re
import traceback
from contextlib import suppress
from errno import EPIPE
from pathlib import Path
from typing import Any

import click

from ..clock import ClockError

FAULT = Path(".cache/fault.txt")
# OSError: [Errno 28] No space left on device: 'site/index.html'        the last line of a traceback
_REFUSED = re.compile(r"^\w*Error: \[Errno \d+\] (.*)$")


class Group(click.Group):
    """Commands over the net."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except ClockError as error:
            raise click.ClickException(str(error)) from None
        except Exception as error:
            if isinstance(error, OSError) and error.errno == EPIPE:  # who was reading has gone; click knows what to do
                raise
            raise click.ClickException(in_a_line(traceback.format_exc(), Path.cwd())) from None


def in_a_line(trace: str, root: Path) -> str:
    """What a traceback says to whoever ran the command; the traceback itself is put into a file below the root."""
    last = " ".join(trace.strip().splitlines()[-1].split()) if trace.strip() else "?"
    refused = _REFUSED.match(last)
    if refused:
        return f"the system said: {refused[1]}. Make room or give the right to it, and try again."
    if last.startswith("MemoryError"):
        return "there is not enough memory. Close other programs, and try again."
    with suppress(OSError):
        (root / FAULT).parent.mkdir(exist_ok=True)
        (root / FAULT).write_text(trace, encoding="utf-8")
    return f"this is a fault of the program: {last[:200]}. Please report it, with the file {FAULT.as_posix()}."
