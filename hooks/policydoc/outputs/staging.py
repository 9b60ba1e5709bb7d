"""Turns finished folders into the published ones, so that a reader meets the old edition or the new, never half of one.

A build works in a stage, a folder of its own beside the editions. A build that is killed leaves its stage behind;
the next one clears it away. On the way into its place a new edition moves the old one aside for a moment.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

_STAGE, _ASIDE = ".stage-", ".old-"
# Seconds: a younger stage may not have been locked yet by its build; an older one is left behind, locked or not.
_YOUNG, _OLD = 10, 24 * 60 * 60


class PublishingError(Exception):
    """The folder can't be used; the text is one line for whoever runs the build."""

    def __init__(self, error: OSError, path: Path) -> None:
        where = error.filename or path
        super().__init__(
            f"{where}: {error.strerror}. Make {path.name}/ a folder that you may write to, and build again."
        )


def new_stage(site: Path, name: str) -> Path:
    """An empty folder beside the published editions, on the same disk, that no reader is sent to.

    It belongs to this process, and to those that it starts with its open files, until the last of them ends.
    Raises PublishingError.
    """
    try:
        site.mkdir(parents=True, exist_ok=True)
        _tidy(site)
        stage = Path(tempfile.mkdtemp(prefix=f"{_STAGE}{name}-", dir=site))
        stage.chmod(0o755)
    except OSError as error:
        raise PublishingError(error, site) from None
    _claim(stage)
    return stage


def publish(stages: Mapping[Path, Path]) -> None:
    """Puts each target's stage in its place, all of them or none. Raises PublishingError."""
    moved: list[tuple[Path, Path]] = []  # where from, where to
    current = Path()
    try:
        for current, stage in stages.items():
            if current.exists():
                if not current.is_dir():
                    raise NotADirectoryError(20, "Not a folder", os.fspath(current))
                aside = current.with_name(f"{_ASIDE}{current.name}-{os.getpid()}")
                current.rename(aside)
                moved.append((current, aside))
            stage.rename(current)
            moved.append((stage, current))
    except OSError as error:
        for source, destination in reversed(moved):
            destination.rename(source)
        raise PublishingError(error, current) from None
    for source, destination in moved:
        if source in stages:
            shutil.rmtree(destination, ignore_errors=True)


def _tidy(site: Path) -> None:
    """Clears away what killed builds left, and puts back an edition that was aside when its build was killed."""
    for aside in site.glob(f"{_ASIDE}*-*"):
        with suppress(OSError):  # the place is taken: the new edition is there
            aside.rename(site / aside.name.split("-")[1])
        shutil.rmtree(aside, ignore_errors=True)
    for stage in site.glob(f"{_STAGE}*"):
        age = time.time() - stage.stat().st_mtime
        if age > _OLD or (age > _YOUNG and _claim(stage, only_try=True)):
            shutil.rmtree(stage, ignore_errors=True)


if sys.platform == "win32":

    def _claim(stage: Path, only_try: bool = False) -> bool:
        """There are no locks on folders here: a stage is left behind when it is old."""
        return False

else:
    import fcntl

    def _claim(stage: Path, only_try: bool = False) -> bool:
        """Locks the stage for as long as this process lives; the system lets go of it even if the process is killed.

        With `only_try`, says whether it could be locked, that is, whether nobody works in it any more.
        """
        folder = os.open(stage, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:  # taken; or a disk without locks, where age must tell
            os.close(folder)
            return False
        if only_try:
            os.close(folder)
        else:
            os.set_inheritable(folder, True)  # never closed: it is the process's end that lets go
        return True
