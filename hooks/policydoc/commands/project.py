"""Turns the folder that a command is run in into the project: its root, settings, policies, and how it is built."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from .. import events, settings
from ..checking.reviews import unread
from ..editions.withhold import Edition
from ..problems import Problem
from ..source import policy_files
from ..source.policy_files import FOLDER, Source


def project() -> Path:
    """The folder of the project we are in: the nearest one that holds a mkdocs.yml."""
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / "mkdocs.yml").is_file():
            return folder
    raise click.UsageError("there is no mkdocs.yml here. Run this in the project's folder.")


def site_settings(root: Path) -> settings.Settings:
    try:
        return settings.from_file(root / "mkdocs.yml")
    except settings.SettingsError as error:
        raise click.ClickException(str(error)) from None


def all_policies(root: Path) -> tuple[list[Source], list[Problem], list[str]]:
    """All policies, what is wrong with them, and which paths can't be read. Raises where that is the folder itself."""
    sources, problems = policy_files.read_all(root / FOLDER)
    missing = unread(sources, problems)
    if missing == [FOLDER]:
        raise click.ClickException(str(problems[0]))
    return sources, problems, missing


def mkdocs_build(config: Path, site: Path, edition: Edition) -> tuple[list[str], dict[str, str]]:
    """The command that has MkDocs build an edition, and what it needs in its environment besides."""
    command = [sys.executable, "-m", "mkdocs", "build"]  # --quiet would hide warnings, from --strict as well
    command += ["--config-file", os.fspath(config), "--site-dir", os.fspath(site)]
    switches = {"POLICY_EDITION": edition, events.SWITCH: "1", "NO_MKDOCS_2_WARNING": "1", "PYTHONUTF8": "1"}
    return command, switches | {"COLUMNS": "0"}  # or MkDocs wraps its lines
