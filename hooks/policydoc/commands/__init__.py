"""Turns the words of the command line into work: `policy`, and one module for each of its commands."""

from __future__ import annotations

import click

from . import build, changes, check, due, handbook, new, schema, settle, status


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Publishes a council's policies: website, PDFs and data, for inside and outside."""


for command in (
    new.new,
    check.check,
    build.build,
    settle.mark,
    changes.changes,
    settle.accept,
    settle.reject,
    due.due,
    status.status,
    schema.schema,
    handbook.handbook,
):
    main.add_command(command)
