"""Turns old and new words into the changes that lie between, in the manner of a schedule of amendments."""

from __future__ import annotations

from collections import Counter
from difflib import SequenceMatcher

from ..model.matching import is_much, matcher
from ..model.schedule import Change
from .provision import Wording

ADDRESS = "address"  # the kind of a change to where a link leads, or to an image
FORM = "form"  # the kind of a change to what words stand in, or to which of them a link or footnote belongs
_CONTEXT = 4  # words quoted to say where something is inserted
_GAP = 2  # words between two differences up to which they are told as one
_ALIKE = 0.5  # share of common words below which old and new words are quoted whole


def word_changes(old: Wording, new: Wording) -> list[Change]:
    """How the old words become the new ones, in the manner of a schedule of amendments."""
    a, b = [named for _, named in old.words], [named for _, named in new.words]
    words = matcher(a, b)
    changes: list[Change] = []
    if old.named != new.named and (is_much(a, b) or words.ratio() < _ALIKE):
        changes.append(Change("", "", "", old.text, new.text))
    elif old.named != new.named:
        for first, end, start, stop in _differences(words):
            gone, come = _printed(old, first, end), _printed(new, start, stop)
            unclear = not gone or old.text.count(gone) > 1
            changes.append(Change("", "", "", gone, come, _printed(new, start - _CONTEXT, start) if unclear else ""))
    before, after_ = Counter(old.addresses), Counter(new.addresses)
    gone_links, new_links = list((before - after_).elements()), list((after_ - before).elements())
    for n in range(max(len(gone_links), len(new_links))):
        changes.append(Change("", "", ADDRESS, "".join(gone_links[n : n + 1]), "".join(new_links[n : n + 1])))
    return changes or [Change("", "", FORM, inserted=_moved(old, new))]


def _moved(old: Wording, new: Wording) -> str:
    """The words of the first line that stands in another form now."""
    return next((line.text for line in new.lines if line not in old.lines), new.text)


def _printed(wording: Wording, first: int, end: int) -> str:
    return " ".join(printed for printed, _ in wording.words[max(0, first) : end])


def _differences(words: SequenceMatcher[str]) -> list[tuple[int, int, int, int]]:
    """The stretches that differ, those with hardly a word between them drawn together."""
    stretches: list[tuple[int, int, int, int]] = []
    for tag, first, end, start, stop in words.get_opcodes():
        if tag == "equal":
            continue
        if stretches and first - stretches[-1][1] <= _GAP:
            stretches[-1] = (stretches[-1][0], end, stretches[-1][2], stop)
        else:
            stretches.append((first, end, start, stop))
    return stretches
