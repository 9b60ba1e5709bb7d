"""Turns PDFs that somebody has into what each of them is: `policy verify`."""

from __future__ import annotations

from pathlib import Path

import click

from ..outputs import sums
from .project import project


@click.command()
@click.argument("files", metavar="FILE.pdf …", nargs=-1, required=True, type=click.Path(path_type=Path))
def verify(files: tuple[Path, ...]) -> None:
    """Say of a PDF whether it is one that is published now, and if not, what it was made from.

    It is compared with the website in site/, as it was built last. A copy that another release of the program has made
    of the same text is compared word by word. The exit status is 1 unless every file says what is published.
    """
    from ..checking.copies import NoPdf, verdict  # here, so that no other command need load what reads PDFs

    root = project()
    if not any(sums.read(root / "site" / edition) for edition in ("external", "internal")):
        raise click.ClickException("site/ has no list of published PDFs. Run policy build first.")
    is_good = True
    for file in files:
        try:
            judged = verdict(file.read_bytes(), root)
        except OSError as error:
            raise click.ClickException(f"{file}: {error.strerror}. Name a PDF that you may read.") from None
        except NoPdf as error:
            raise click.ClickException(f"{file}: {error}") from None
        click.echo(f"{file}: {judged.text}")
        is_good = is_good and judged.is_good
    if not is_good:
        raise SystemExit(1)
