"""Turns what is typed behind the options of several commands into values: days, and what to print."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import click

from .. import clock


def day(typed: str | date) -> date:
    """A day of the command line. Raises click's error."""
    try:
        if isinstance(typed, date) or re.fullmatch(r"\d{4}-\d{2}-\d{2}", typed):
            return typed if isinstance(typed, date) else date.fromisoformat(typed)
    except ValueError:
        pass
    raise click.BadParameter(f"“{typed}” is not a date. Write year-month-day, such as 2026-11-30.")


today_option = click.option(
    "--today", type=day, metavar="DATE", default=clock.today, help="The day to count from, such as 2026-11-30."
)


def format_option(*others: str, help: str) -> Callable[[Any], Any]:
    """`--format`, which is text if nothing else is said, or one of these; the command has it as `form`."""
    return click.option("--format", "form", type=click.Choice(["text", *others]), default="text", help=help)
