"""Turns what an inspection finds into lines for people, for programs or for GitHub: `policy check`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date

import click

from ..checking.inspection import Inspection, inspect
from ..problems import Problem, count_of
from .options import format_option, today_option
from .project import project, site_settings

_COLOURS = {"error": "red", "warning": "yellow"}
# What would end a property or the line of a GitHub command
_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = _DATA | str.maketrans({":": "%3A", ",": "%2C"})


@click.command()
@click.option("--strict", is_flag=True, help="Warnings fail the check as well.")
@format_option("json", "github", help="For people, for programs, or as annotations on GitHub.")
@today_option
def check(strict: bool, form: str, today: date) -> None:
    """Say everything that is wrong with the policies, without building."""
    root = project()
    inspection = inspect(root, site_settings(root), today)
    failed = bool(inspection.count("error") or (strict and inspection.problems))
    if form == "json":
        click.echo(json.dumps(data(inspection), indent=2, ensure_ascii=False))
    elif form == "github":
        for problem in errors_first(inspection.problems):
            click.echo(annotation(problem))
    else:
        for problem in inspection.problems:
            click.echo(click.style(line(problem), fg=_COLOURS[problem.level]), err=True)
    if form != "json" and not failed:
        warnings = inspection.count("warning")
        what = count_of(warnings, "warning") if warnings else "nothing to complain of"
        click.echo(f"{count_of(inspection.policies, 'policy')} checked: {what}.")
    raise SystemExit(1 if failed else 0)


def line(problem: Problem) -> str:
    """The problem as it is shown to people."""
    return f"{'Warning: ' if problem.level == 'warning' else ''}{problem}"


def data(inspection: Inspection) -> dict[str, object]:
    """The findings as JSON values. `version` is that of this form, and grows when a key goes or changes its meaning."""
    counts = {
        "checked": inspection.policies,
        "errors": inspection.count("error"),
        "warnings": inspection.count("warning"),
    }
    return {"version": 1, **counts, "problems": [asdict(problem) for problem in inspection.problems]}


def errors_first(problems: Iterable[Problem]) -> list[Problem]:
    """GitHub shows ten errors and ten warnings of a step and drops the rest, which stay in its log."""
    return sorted(problems, key=lambda problem: problem.level != "error")


def annotation(problem: Problem) -> str:
    """The problem as a GitHub command, which shows it at its line of the changed file."""
    title = ", ".join(filter(None, (problem.code, problem.clause)))
    properties = {"file": problem.path, "line": str(problem.line or ""), "title": title}
    said = ",".join(f"{key}={value.translate(_PROPERTY)}" for key, value in properties.items() if value)
    return f"::{problem.level} {said}::{problem.text.translate(_DATA)}"
