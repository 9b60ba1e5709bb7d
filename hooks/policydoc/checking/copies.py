"""Turns a PDF that somebody has into what can be said of it: whether it is published, and if not, what it is.

It is compared with the website as it was built last; what a PDF says of itself only tells where to look.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from io import BytesIO
from itertools import zip_longest
from pathlib import Path

import pikepdf

from ..contents import pdf_words
from ..contents.kinds import UnreadableFile
from ..editions.former_names import names_now
from ..history import archive
from ..history.withheld import withheld
from ..model import addresses
from ..outputs import finishing, sums
from ..outputs.identity import Identity, identity
from ..source import policy_files
from ..source.policy_files import FOLDER

_WORDS = 8  # that are quoted where two copies differ


@dataclass(frozen=True)
class Verdict:
    """What is said of a PDF, and whether it says what is published."""

    text: str
    is_good: bool = False


class NoPdf(Exception):
    """The file is no PDF, or can't be opened; the text is one line for whoever asks, without its name."""


def verdict(data: bytes, root: Path) -> Verdict:
    """What the PDF is; `root` is the project, whose site/ is built. Raises NoPdf."""
    if not data.startswith(b"%PDF"):
        raise NoPdf("this is no PDF. Name one that you were given.")
    sha256 = hashlib.sha256(data).hexdigest()
    for edition in ("external", "internal"):
        same = [path for path, known in sums.read(root / "site" / edition).items() if known == sha256]
        if same:  # the copy of a version in force is that version's own
            path = max(same, key=lambda path: path.count("/"))
            return Verdict(f"published now, byte for byte: {path} of the {edition} edition.", True)
    own = _identity(data)
    if own is None:
        return Verdict("not ours: it is not published now, and doesn't say what it was made from.")
    called = names_now(policy_files.read_all(root / FOLDER)[0])
    return _of_another_day(data, replace(own, slug=called.get(own.slug, own.slug)), root)


def _identity(data: bytes) -> Identity | None:
    try:
        with pikepdf.open(BytesIO(data)) as pdf:
            metadata = pdf.Root.get("/Metadata")
            return identity(finishing.property_of(metadata.read_bytes(), "source")) if metadata is not None else None
    except pikepdf.PdfError:
        raise NoPdf("this PDF is damaged. Ask for it again.") from None


def _of_another_day(data: bytes, own: Identity, root: Path) -> Verdict:
    """Of a copy that is not published byte for byte: what it was made from, and whether its words still are."""
    edition = "external" if own.edition == "shared" else own.edition
    site, what = root / "site" / edition, f"version {own.kept} of {own.slug}" if own.kept else own.slug
    pdf = site / addresses.pdf(own.slug, own.reading, own.kept)
    text = site / addresses.text(own.slug, own.kept)
    if not pdf.is_file():
        return Verdict(_gone(own, edition, what, root))
    known = hashlib.sha256(text.read_bytes()).hexdigest() if text.is_file() else ""
    if own.sha256 != known:
        return Verdict(f"made from another text of {what} than the one that is published now ({edition} edition).")
    try:
        differs = _difference(pdf_words.words(data), pdf_words.words(pdf.read_bytes()))
    except UnreadableFile:
        raise NoPdf("this PDF is damaged. Ask for it again.") from None
    made = f"made from {what} as it is published ({edition} edition), by another release of the program"
    if differs:
        mine, published = differs
        return Verdict(f"{made}, but the words are not the same: “{mine}” where “{published}” is published.")
    return Verdict(f"{made}: the words are the same.", True)


def _gone(own: Identity, edition: str, what: str, root: Path) -> str:
    why = withheld(root / FOLDER, own.slug).get(own.kept)
    if why:
        return f"made from {what}, which is withheld, and not published any more: {why.reason}"
    if own.kept and any(version.version == own.kept for version in archive.versions(root / FOLDER, own.slug)):
        return f"made from {what}, which is kept, but not published in the {edition} edition."
    return f"made from {what}, of which the {edition} edition has no such PDF."


def _difference(mine: list[str], published: list[str]) -> tuple[str, str] | None:
    """The first words that are not the same in both, some words each."""
    pairs = enumerate(zip_longest(mine, published))
    first = next((n for n, (one, other) in pairs if one != other), None)
    if first is None or "".join(mine) == "".join(published):  # lines may be broken elsewhere
        return None
    return tuple(" ".join(words[first : first + _WORDS]) for words in (mine, published))  # type: ignore[return-value]
