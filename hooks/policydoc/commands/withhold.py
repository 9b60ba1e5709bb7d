"""Takes a kept version out of both editions, and says why, for everybody to read: `policy withhold`."""

from __future__ import annotations

from pathlib import Path

import click

from .. import clock, writing
from ..history import archive
from ..history import withheld as lists
from ..history.withheld import WITHHELD, Withheld
from ..source import old_files, policy_files
from ..source.policy_files import FOLDER
from .approval import NothingDone
from .project import project


@click.command()
@click.argument("slug", metavar="POLICY")
@click.option("--version", required=True, help="Which version nobody may read any more.")
@click.option("--reason", help="Why, in words for everybody: they are published.")
@click.option("--undo", is_flag=True, help="It may be read again.")
def withhold(slug: str, version: str, reason: str | None, undo: bool) -> None:
    """Withhold a kept version of POLICY: personal data, or a court's order.

    The file and its hash stay as they are. The version's words, PDF and data leave both editions at the next build; its
    page says that it is withheld, why, and since when.
    """
    folder = project() / FOLDER
    slug = Path(slug).name.removesuffix(".md")
    home = folder / archive.FOLDER / slug
    shown = f"{FOLDER}/{archive.FOLDER}/{slug}"
    if wrong := list(map(str, lists.faults(folder, slug))):
        raise NothingDone(wrong)
    known, already = [kept.version for kept in archive.versions(folder, slug)], lists.withheld(folder, slug)
    if version not in known:
        kept = f"These are kept: {', '.join(known)}." if known else "None is kept."
        raise NothingDone([f"{shown} has no version {version}. {kept}"])
    if undo:
        if version not in already:
            raise NothingDone([f"version {version} in {shown} is not withheld."])
        _write(home, lists.without(home, version))
        click.echo(f"Version {version} of {FOLDER}/{slug}.md may be read again. Commit {shown}/{WITHHELD}.")
        return
    if version in already:
        raise NothingDone([f"version {version} in {shown} is withheld already: {already[version].reason}"])
    reason = " ".join((reason or "").split())
    if lists.reason_fault(reason):
        raise NothingDone(['say why, in plain words that everybody may read: --reason "Personal data of a resident".'])
    if _is_text_of(folder, slug, version):
        what = f"version {version} is the text of {FOLDER}/{slug}.md itself, which would still be published"
        raise NothingDone([f"{what}. Change that first, and have it approved as a new version."])
    _write(home, lists.with_line(home, Withheld(version, clock.today(), reason)))
    click.echo(f"Withheld version {version} of {FOLDER}/{slug}.md: {reason}")
    click.echo("Its words, PDF and data leave both editions at the next build. The kept file stays as it is.")
    click.echo("What of it also stands in the policy, or in another version, is still published there.")
    click.echo(f"Commit {shown}/{WITHHELD}.")


def _is_text_of(folder: Path, slug: str, version: str) -> bool:
    """Whether the policy itself is this version, and no draft."""
    file = folder / f"{slug}.md"
    if not file.is_file():
        return False
    text = file.read_bytes()[: policy_files.LARGEST].decode("utf-8", "replace")
    source = old_files.read(slug, file.name, text).source
    return bool(source and source.metadata.status != "draft" and source.metadata.version == version)


def _write(home: Path, data: bytes) -> None:
    try:
        if data:
            writing.put(home / WITHHELD, data)
        else:
            (home / WITHHELD).unlink()
    except OSError as error:
        raise NothingDone([f"{home.name}/{WITHHELD}: {error.strerror}. Make it a file you may write to."]) from None
