"""Turns the project into both editions of its website, or into all that is wrong with it: `policy build`.

Building is MkDocs' work, done in a process of its own for each edition; this waits for both, and publishes what they
made only when neither has found anything wrong.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from .. import events
from ..editions.withhold import EDITIONS, Edition
from ..outputs import staging
from ..problems import Problem, count_of, external_only, in_order
from ..settings import has_hooks
from . import net
from .check import line
from .project import mkdocs_build, project, site_settings

# WARNING -  Doc file 'help.md' contains a link …
_LOG_LEVEL = re.compile(r"^(?:WARNING|ERROR) +- +|^Error: ")
_TRACEBACK = "Traceback (most recent call last):"
_LONG = 40  # PDFs from which on a progress bar is worth its line


@click.command()
@click.option("--edition", type=click.Choice(EDITIONS), help="Build this edition only; otherwise both.")
def build(edition: Edition | None) -> None:
    """Build the editions into site/, all or nothing."""
    # A build that is told to stop takes the editions' processes and its stage with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    root = project()
    site_settings(root)  # said here once, not by both editions
    if not has_hooks(root / "mkdocs.yml"):  # without any, none can refuse
        raise click.ClickException(
            "mkdocs.yml: hooks: none of ours is listed, so no policy would be published. Put them back."
        )
    started = time.monotonic()
    try:
        runs = publish_all(root, [edition] if edition else EDITIONS)
    except staging.PublishingError as error:
        raise click.ClickException(str(error)) from None
    for run in runs:
        click.echo(run.summary())
    seconds = time.monotonic() - started
    click.echo(f"Done in {seconds:.1f} seconds. Open site/external/index.html or site/internal/index.html.")


class Failed(click.ClickException):
    """The build found errors; they have been shown."""

    def __init__(self, problems: list[Problem]) -> None:
        errors = sum(problem.level == "error" for problem in problems)
        what = f"{count_of(errors, 'error')}: nothing" if errors else "Nothing"
        super().__init__(f"{what} was published, and site/ is as it was.")

    def show(self, file: Any = None) -> None:
        click.echo(self.message, err=True)


@dataclass
class Run:
    """One edition being built by MkDocs in a process of its own, and what it has said so far."""

    root: Path
    stage: Path
    edition: Edition
    heard: list[dict[str, Any]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        command, switches = mkdocs_build(self.root / "mkdocs.yml", self.stage, self.edition)
        self._process = subprocess.Popen(
            [*command, "--strict"], cwd=self.root, env=os.environ | switches, text=True, encoding="utf-8",
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            close_fds=False,  # it holds the stage's lock as well
        )  # fmt: skip
        self._readers = [threading.Thread(target=read, daemon=True) for read in (self._hear, self._note)]
        for reader in self._readers:
            reader.start()

    def _hear(self) -> None:
        for text in self._process.stdout or ():
            try:
                self.heard.append(json.loads(text))
            except ValueError:
                self.errors.append(text)

    def _note(self) -> None:
        self.errors.extend(self._process.stderr or ())

    @property
    def running(self) -> bool:
        return self._process.poll() is None or any(reader.is_alive() for reader in self._readers)

    @property
    def returncode(self) -> int:
        return self._process.returncode

    def stop(self) -> None:
        if self._process.poll() is None:
            self._process.terminate()
            self._process.wait()

    def latest(self, name: str) -> dict[str, Any]:
        return next((event for event in reversed(self.heard) if event["event"] == name), {})

    def problems(self) -> list[Problem]:
        return events.problems(self.heard)

    def complaints(self) -> list[str]:
        """What MkDocs itself had to say, where no policy explains it."""
        leaks = [f"{self.edition} edition: {event['text']}" for event in self.heard if event["event"] == "leak"]
        if leaks or any(problem.level == "error" for problem in self.problems()):
            return leaks
        said = "".join(self.errors)
        if _TRACEBACK in said:  # nothing of ours, or of MkDocs', stopped the build: something broke
            return [f"{self.edition} edition: {net.in_a_line(said[said.index(_TRACEBACK) :], self.root)}"]
        lines = [_LOG_LEVEL.sub("", click.unstyle(text.rstrip())) for text in self.errors]
        return [text for text in lines if text and not text.startswith("Aborted with")]

    def summary(self) -> str:
        done, pdfs = self.latest("done"), self.latest("pdfs")
        kept, withheld = done["comments_kept"], done["comments_withheld"]
        return (
            f"{self.edition.capitalize()} edition: {count_of(done['policies'], 'policy')}, "
            f"{count_of(done['amendments'], 'amendment')}, {count_of(kept, 'comment')} kept, {withheld:,} withheld, "
            f"{count_of(pdfs.get('made', 0), 'PDF')} made, {pdfs.get('reused', 0):,} reused."
        )


def publish_all(root: Path, editions: Sequence[Edition]) -> list[Run]:
    """Builds these editions side by side and publishes them; raises Failed when there is anything wrong with one."""
    runs: list[Run] = []
    stage = staging.new_stage(root / "site", "build")
    try:
        runs += (Run(root, stage, which) for which in editions)
        wait(runs)
        problems = in_order(problem for run in runs for problem in run.problems())
        show(problems, runs)
        if any(run.returncode for run in runs):
            for text in dict.fromkeys(line for run in runs for line in run.complaints()):
                click.echo(text, err=True)
            raise Failed(problems)
        staging.publish({root / "site" / run.edition: stage / run.edition for run in runs})
    finally:
        for run in runs:
            run.stop()
        shutil.rmtree(stage, ignore_errors=True)
    return runs


def wait(runs: list[Run]) -> None:
    """Until all are done; where there are many PDFs to make, a terminal sees how many are."""
    with ExitStack() as stack:
        bar, shown = None, 0
        while any(run.running for run in runs):
            time.sleep(0.05)
            progress = [run.latest("progress") for run in runs]
            total, done = (sum(event.get(key, 0) for event in progress) for key in ("total", "done"))
            if bar is None and total > _LONG and all(progress) and sys.stderr.isatty():
                bar = stack.enter_context(click.progressbar(length=total, label="Making PDFs", file=sys.stderr))
            if bar is not None:
                bar.update(done - shown)
                shown = done


def show(problems: Iterable[Problem], runs: list[Run]) -> None:
    internal = [problem for run in runs if run.edition == "internal" for problem in run.problems()]
    for problem in problems:
        everywhere = problem in internal or len(runs) == 1
        click.echo(line(problem if everywhere else external_only(problem)), err=True)
