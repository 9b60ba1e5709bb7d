"""Says who proposed each amendment of a document: whoever has signed a comment on its marks.

A comment is on the marks that it stands in or beside, with nothing but spaces and further marks between. So it is for
`policy accept --only TA1`, too (amending.marks.chains), which reads the same in the text as it was typed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from .document import Comment, Document, Run, walk
from .runs import comments


def proposers(document: Document) -> Mapping[int, Sequence[str]]:
    """The names, in reading order, by the numbers of the amendments; none where nobody has signed."""
    names: dict[int, dict[str, None]] = {}
    for some in _texts(document):
        for chain in _chains(some):
            signed = {comment.author: None for comment in comments(chain) if comment.author}
            for number in {run.amendment for run in chain if run.mark and run.amendment}:
                names.setdefault(number, {}).update(signed)
    return {number: list(some) for number, some in names.items() if some}


def _texts(document: Document) -> Iterator[Sequence[Run]]:
    """The runs of each heading and of each paragraph, cell or the like."""
    yield from (place.heading for place in document.provisions())
    for _, block in document.blocks():
        yield from (inner.runs for inner in walk(block))


def _chains(some: Iterable[Run]) -> Iterator[list[Run]]:
    """The marked runs, comments, and words that comments are on, with nothing but spaces between them."""
    shown = [run for run in some if not run.text or run.text.strip()]
    for is_chain, chain in groupby(shown, _is_link):
        if is_chain:
            yield list(chain)


def _is_link(run: Run) -> bool:
    return bool(run.mark) or isinstance(run.thing, Comment) or "commented" in run.styles
