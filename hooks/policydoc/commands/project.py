"""Turns the folder that a command is run in into the project: its root, and what mkdocs.yml says."""

from __future__ import annotations

from pathlib import Path

import click

from .. import settings


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
