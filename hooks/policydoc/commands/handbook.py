"""Turns an edition into one PDF of all its pages: `policy handbook`, what `make handbook` runs.

The work is MkDocs' and mkdocs-with-pdf's, with handbook.yml, in a process and a folder of their own; this waits for it,
says in a line what was wrong, and otherwise puts the file beside the website.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

from .. import events, writing
from ..editions.withhold import EDITIONS, Edition
from ..outputs import sums
from ..problems import in_order
from .project import mkdocs_build, project

PARTS = Path("docs/templates/handbook")
INSTALL = "Run make handbook, which installs it, or see docs/templates/handbook/install.sh."


@click.command()
@click.option(
    "--edition",
    type=click.Choice(EDITIONS),
    default="internal",
    envvar="POLICY_EDITION",
    help="The edition that is wanted, if not the internal one.",
)
def handbook(edition: Edition) -> None:
    """Make one PDF of the whole edition: site/internal/handbook.pdf."""
    root = project()
    target = root / "site" / edition / "handbook.pdf"
    if find_spec("mkdocs_with_pdf") is None:
        raise NotMade(["mkdocs-with-pdf is missing."], INSTALL)
    with tempfile.TemporaryDirectory(prefix="policy-handbook-") as stage:
        writing.put(target, made(root, edition, Path(stage)))
    sums.write(target.parent)
    click.echo(f"{edition.capitalize()} edition, whole: {target.relative_to(root).as_posix()}")


class NotMade(click.ClickException):
    """There is no new handbook; every reason is a line."""

    def __init__(self, reasons: list[str], advice: str = "") -> None:
        super().__init__("\n".join(reasons))
        self.advice = advice

    def show(self, file: Any = None) -> None:
        end = self.advice or "The handbook was not made, and site/ is as it was."
        click.echo(f"{self.message} {end}", err=True)


def made(root: Path, edition: Edition, stage: Path) -> bytes:
    """The handbook's bytes, built in the stage (an empty folder). Raises NotMade."""
    command, switches = mkdocs_build(root / "handbook.yml", stage / "site", edition)
    switches |= {
        "FONTCONFIG_FILE": os.fspath(root / PARTS / "fonts.conf"),  # no font of the machine's
        "XDG_CACHE_HOME": os.fspath(stage / "cache"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    run = subprocess.run(
        command, cwd=root / PARTS, env=os.environ | switches, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, encoding="utf-8", errors="replace",
    )  # fmt: skip
    result = stage / "site" / "pdf" / "handbook.pdf"
    if run.returncode or not result.is_file():
        raise reason(run.stdout, run.stderr)
    return result.read_bytes()


def reason(output: str, errors: str) -> NotMade:
    """Why a build failed, from what it said: the policies' errors, else the first thing that was complained of."""
    heard = [json.loads(line) for line in output.splitlines() if line.startswith('{"event":')]
    wrong = in_order(problem for problem in events.problems(heard) if problem.level == "error")
    if wrong:
        return NotMade([str(problem) for problem in wrong])
    if "cannot load library" in errors:
        return NotMade(["WeasyPrint needs Pango, a library of the system's, and can't find it."], INSTALL)
    complaints = [event["text"] for event in heard if event["event"] == "complaint"]
    if complaints:
        more = f" (And {len(complaints) - 1} more.)" if len(complaints) > 1 else ""
        return NotMade([f"Handbook: {complaints[0].rstrip('.')}.{more}"])
    said = [line.strip() for line in errors.splitlines() if line.strip() and "Aborted" not in line]
    last = said[-1].removeprefix("ERROR").strip(" -.") if said else "nothing came of it"
    return NotMade([f"Handbook: {last}."])
