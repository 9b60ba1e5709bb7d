"""Says why no marks can show how one text of a policy becomes another, and what its author can write instead."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from ..source.signs import ADDRESS, FENCE
from .blocks import TextBlock
from .word_by_word import apart

# Blocks that hold no marks, what has happened where they differ, and what to do: {sign} is how the first of them begins
_CAUSES = (
    (
        re.compile("!!!"),
        "the box {sign} comes, goes or has another title",
        "Leave the boxes as they were, and write what is new as a paragraph",
    ),
    (
        re.compile(FENCE.pattern, re.MULTILINE),
        "the code below {sign} is new, has gone or has changed",
        "Leave the code as it was, and write what is new as a paragraph",
    ),
    (
        re.compile(ADDRESS),
        "the address in {sign} is new, has gone or has changed",
        "Leave this line as it was, and write the address behind the words of the link, as [words](address)",
    ),
)
# {=2A}   {.numbered}     which a heading or clause has at its end
_LABEL = re.compile(r"(?<![^\s{])(?:=[^{}#]*?(?=\s+[#.]|\s*\})|\.numbered)")
_OTHERWISE = "text stands in another list, box or table, or below another clause, than before"
_LATER = "Put that back, and have it approved by itself, or declare it editorial in change_note"
_BY_HAND = "Undo it there, or mark it by hand with ~~ and ^^"


def reason(scheme: str, new_scheme: str, old: Sequence[TextBlock], new: Sequence[TextBlock]) -> str:
    """A cause and an advice, as `marks can't show this change (cause). Advice.`; a scheme says how each is numbered."""
    if scheme != new_scheme:
        return f"marks can't show this change (numbering: was {scheme}, and is {new_scheme}). {_LATER}."
    cause, advice = _of_fixed(old, new) or _of_labels(old, new) or (_OTHERWISE, _BY_HAND)
    return f"marks can't show this change ({cause}). {advice}."


def _of_labels(old: Sequence[TextBlock], new: Sequence[TextBlock]) -> tuple[str, str] | None:
    was, now = (
        Counter((apart(block.text)[0], label) for block in blocks for label in _LABEL.findall(apart(block.text)[1]))
        for blocks in (old, new)
    )
    words = {apart(block.text)[0] for block in old} & {apart(block.text)[0] for block in new}
    for text, label in (*(now - was), *(was - now)):
        if text in words:
            cause = f"{{{label}}}, which carries no marks, comes, goes or is another"
            return (
                cause,
                _LATER,
            )
    return None


def _of_fixed(old: Sequence[TextBlock], new: Sequence[TextBlock]) -> tuple[str, str] | None:
    was, now = (
        Counter(block.text.strip() for block in blocks if block.kind == "fixed" and not block.is_attributes)
        for blocks in (old, new)
    )
    for text in (*(now - was), *(was - now)):
        for sign, cause, advice in _CAUSES:
            if sign.match(text):
                return cause.format(sign=text.splitlines()[0]), advice
    return None
