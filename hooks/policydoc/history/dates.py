"""The date that a policy's page and PDF carry."""

from __future__ import annotations

import subprocess
from datetime import UTC, date, datetime
from pathlib import Path

from .. import clock


class CommitDates:
    """The date that a PDF carries: SOURCE_DATE_EPOCH, else the policy's own, else that of its last commit.

    A policy that was never committed takes its file's date. Git is asked once, and only if it is needed.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._commits: dict[str, date] | None = None

    def of(self, path: str, own: date | None) -> date:
        """The date (UTC) for the policy file at this path below the root."""
        fixed = clock.fixed()
        if fixed:
            return fixed
        if own:
            return own
        if self._commits is None:
            self._commits = _last_commits(self._root)
        if path in self._commits:
            return self._commits[path]
        return datetime.fromtimestamp((self._root / path).stat().st_mtime, UTC).date()


def _last_commits(root: Path) -> dict[str, date]:
    """The date of the last commit of every file of policy_src/ that is as committed; empty where there is no Git."""
    log = _git(root, "log", "--format=%x00%ct", "--name-only", "--relative", "--", "policy_src")
    changed = set(_git(root, "diff", "--name-only", "--relative", "HEAD", "--", "policy_src").split("\n"))
    dates: dict[str, date] = {}
    for commit in log.split("\0")[1:]:
        when, *paths = commit.split("\n")
        for path in filter(None, paths):
            dates.setdefault(path, datetime.fromtimestamp(int(when), UTC).date())
    return {path: day for path, day in dates.items() if path not in changed}


def _git(root: Path, *words: str) -> str:
    command = ["git", "-c", "core.quotepath=off", *words]
    try:
        return subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return ""
