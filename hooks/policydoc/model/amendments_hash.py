"""The hash of what a committee votes on: both readings of a text, and how its amendments divide what changes.

Comments, front matter and the day leave it as it is, and so does the edition: it is that of the full text in each.
"""

from __future__ import annotations

import json
from dataclasses import astuple
from hashlib import sha256

from .document import Document, Reading
from .missing import with_missing
from .outline import Line, outline
from .schedule import changes

PRINTED = 12  # digits of it on paper
FEWEST = 8  # digits by which a paper is known
_READINGS: tuple[Reading, ...] = ("previous", "amended")
_END = Line("", "", "")  # of a reading


def amendments_hash(document: Document) -> str:
    """The hash of a full document, its references not yet resolved; empty where nothing in it is marked."""
    if not any(run.mark for _, run in document.runs()):
        return ""
    readings = [
        (line.number, line.text, line.kind, [astuple(spot) for spot in line.spots])
        for reading in _READINGS
        for line in (*outline(document, reading), _END)
    ]
    amendments = [(change.id, change.deleted, change.inserted) for change in changes(with_missing(document))]
    return sha256(json.dumps([readings, amendments]).encode()).hexdigest()
