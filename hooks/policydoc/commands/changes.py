"""Turns the words `policy changes` into a report on what a branch does to the policies."""

from __future__ import annotations

import json

import click

from ..comparing import pull_request, terminal
from ..comparing.comparison import compare
from ..history import git
from .options import format_option
from .project import project, site_settings


class NotCompared(click.ClickException):
    """Git can't do what was asked of it: a wrong word on the command line, or a wrong place to stand in."""

    exit_code = 2


@click.command()
@click.option("--base", metavar="REV", help="What to compare with; otherwise origin/main, main or the last commit.")
@click.option("--head", metavar="REV", help="What to look at; otherwise the files as they lie here.")
@format_option("markdown", "json", help="For a terminal, for a pull request, or for programs.")
@click.option("--strict", is_flag=True, help="Fail if there is a silent edit or an alarm.")
def changes(base: str | None, head: str | None, form: str, strict: bool) -> None:
    """Say what a branch does to the policies, clause by clause."""
    root = project()
    try:
        old = git.branch_point(root, base, head or "HEAD")
        new = git.commit(root, head) if head else git.working_tree(root)
        commits = git.commits(root, old, new)
    except git.GitError as error:
        raise NotCompared(str(error)) from None
    comparison = compare(old, new, site_settings(root), commits)
    if form == "json":
        click.echo(json.dumps(comparison.data(), indent=2, ensure_ascii=False))
    elif form == "markdown":
        click.echo(pull_request.markdown(comparison))
    else:
        for line in terminal.text(comparison):
            words = click.style(line.words, fg="red") if line.alarm else line.words
            click.echo(click.style(words, bold=True) if line.heading else words)
    if strict and comparison.alarming:
        raise SystemExit(1)
