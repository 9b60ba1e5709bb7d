"""Turns the words of the command line into work: `policy`, and one module for each of its commands."""

from __future__ import annotations

import os

import click

from . import (
    accept_reject_mark,
    build,
    changes,
    check,
    compare,
    decide,
    due,
    handbook,
    net,
    new,
    rename,
    schema,
    status,
    verify,
    withhold,
)


@click.group(cls=net.Group, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Publishes a council's policies: website, PDFs and data, for inside and outside."""
    if os.environ.get("NO_COLOR"):
        click.get_current_context().color = False  # that of all commands


for command in (
    new.new,
    check.check,
    build.build,
    accept_reject_mark.mark,
    changes.changes,
    compare.compare,
    accept_reject_mark.accept,
    accept_reject_mark.reject,
    decide.decide,
    rename.rename,
    withhold.withhold,
    due.due,
    status.status,
    schema.schema,
    handbook.handbook,
    verify.verify,
):
    main.add_command(command)
