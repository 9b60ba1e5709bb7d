"""Turns a finished folder into the published one, so that a reader meets the old edition or the new, never half of one."""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path

_STALE = 24 * 60 * 60  # seconds after which a stage was left behind by a build that was killed


def new_stage(site: Path, name: str) -> Path:
    """An empty folder beside the published editions, on the same disk, that no reader is sent to."""
    site.mkdir(parents=True, exist_ok=True)
    for left in site.glob(".stage-*"):
        if time.time() - left.stat().st_mtime > _STALE:
            shutil.rmtree(left, ignore_errors=True)
    stage = Path(tempfile.mkdtemp(prefix=f".stage-{name}-", dir=site))
    stage.chmod(0o755)
    return stage


def publish(stage: Path, target: Path) -> None:
    """Puts the stage in the place of the target, whatever was there."""
    old = target.with_name(f".stage-old-{target.name}-{stage.name}")
    if target.exists():
        target.rename(old)
    try:
        stage.rename(target)
    except OSError:
        if old.exists():
            old.rename(target)
        raise
    shutil.rmtree(old, ignore_errors=True)
