"""Says which places only hold the number of what stood there before: "4.6 Deleted.", "4.7 Not used." """

from __future__ import annotations

import re

from .document import Provision, Reading
from .outline import DELETED
from .runs import folded, plain

# Deleted.   (Not used)   [Repealed]   No longer used.
_SIGN = re.compile(r"[(\[]?(?:deleted|(?:not|no longer) used|repealed|revoked|omitted|removed)[)\]]?\.?", re.IGNORECASE)
_LONGEST = 20  # signs: what is longer says more


def holds(place: Provision, reading: Reading = "amended") -> bool:
    """Whether nothing is left of its words but the sign that it is gone, or unused. What is below it doesn't count."""
    words = _words(place, reading)
    return len(words) <= _LONGEST and bool(_SIGN.fullmatch(words))


def is_deleted(place: Provision) -> bool:
    """Whether it says what is printed of a deleted place that holds its number, and nothing else."""
    return _words(place, "amended") == DELETED


def _words(place: Provision, reading: Reading) -> str:
    return folded(place.heading, reading) if place.is_heading else plain(place.blocks, reading)
