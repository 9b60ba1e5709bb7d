"""Two policies are the same where their documents are, and only there: tried on documents that hypothesis makes up.

A document is drawn as a model and written down with blank lines, comments and bold here or there, none of which are
words. A second one is the first with something moved, or has been drawn apart. Whether the two are the same is asked of
the models alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from pathlib import Path
from random import Random

from hypothesis import assume, given
from hypothesis import strategies as st

from policydoc.amending import redline
from policydoc.amending.accept_reject import accept, reject
from policydoc.amending.proof import read
from policydoc.amending.rewriting import Refused
from policydoc.checking.unmarked import departure
from policydoc.comparing.difference import Difference, difference
from policydoc.comparing.provisions import provisions
from policydoc.comparing.versions import Reader, Version
from policydoc.history.archive import ArchivedVersion
from policydoc.model.outline import Line, outline
from policydoc.settings import Council, Settings
from policydoc.source import policy_files
from policydoc.source.numbering import CLOSED_UP
from policydoc.source.parse import parsed

HEAD = """---
title: Test Policy
version: 1
status: draft
owner: Clerk
distribution: {internal: [All staff], external: [Website]}
---

"""
SETTINGS = Settings(council=Council(name="Test Council"))


@dataclass(frozen=True)
class Node:
    """A heading, clause, paragraph, quotation, bullet or row with its words; what stands in it; the words of cells."""

    kind: str
    words: tuple[str, ...] = ()
    below: tuple["Node", ...] = ()


WORDS = ["dogs", "cats", "may", "bark", "[the Act](https://example.org/a)", "[here](https://example.org/b)", "10^2^"]
phrases = st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(tuple)
cells = st.lists(st.sampled_from(WORDS), max_size=2).map(" ".join)
headings = st.lists(st.sampled_from(["Dogs", "Cats"]), min_size=1, max_size=2).map(tuple)


def is_told_apart(nodes: tuple[Node, ...]) -> bool:
    """Whether no two neighbours would be written down as one."""
    return not any(a.kind == b.kind and a.kind in ("bullets", "quote", "table") for a, b in pairwise(nodes))


def rows(columns: int) -> st.SearchStrategy[Node]:
    row = st.tuples(*[cells] * columns).filter(any).map(lambda found: Node("row", found))
    return st.lists(row, min_size=2, max_size=3).map(lambda found: Node("table", (), tuple(found)))


bullets: st.SearchStrategy[Node] = st.deferred(
    lambda: st.lists(
        st.builds(Node, st.just("bullet"), phrases, st.one_of(st.just(()), bullets.map(lambda node: (node,)))),
        min_size=1, max_size=2,
    ).map(lambda found: Node("bullets", (), tuple(found)))
)  # fmt: skip
blocks = st.one_of(
    st.builds(Node, st.sampled_from(["paragraph", "quote"]), phrases), bullets, st.integers(1, 2).flatmap(rows)
)
clauses: st.SearchStrategy[Node] = st.deferred(
    lambda: st.builds(Node, st.just("clause"), phrases, st.lists(st.one_of(blocks, clauses), max_size=3).map(tuple))
)
sections = st.builds(
    Node, st.just("section"), headings, st.lists(st.one_of(clauses, clauses, blocks), min_size=1, max_size=4).map(tuple)
)
documents = st.lists(sections, min_size=1, max_size=2).map(lambda found: Node("document", (), tuple(found)))


def is_good(node: Node, deepest: int = 16) -> bool:
    """Whether a policy may say this: its lists stand 10 levels deep at most, which are two nodes each."""
    return deepest > 0 and is_told_apart(node.below) and all(is_good(below, deepest - 1) for below in node.below)


def written(node: Node, noise: Random, indent: str = "") -> Iterator[str]:
    """The lines of a node, as one who likes blank lines, comments and bold words might type them."""
    words = " ".join(_decorated(word, noise) for word in node.words)
    comment = " {>>JS: is it so?<<}" if noise.random() < 0.2 else ""
    deeper = partial(written, noise=noise, indent=f"{indent}    ")
    gap = [""] if noise.random() < 0.3 else []
    if node.kind == "document":
        yield from (line for part in node.below for line in written(part, noise))
    elif node.kind == "section":
        yield from ("", f"## {words}{comment}", "")
        yield from (line for part in node.below for line in written(part, noise))
    elif node.kind == "clause":
        yield from (*gap, f"{indent}1.  {words}{comment}")
        yield from (line for part in node.below for line in deeper(part))
    elif node.kind == "bullets":
        yield ""
        for bullet in node.below:
            yield from (*gap, *written(bullet, noise, indent))
        yield ""
    elif node.kind == "bullet":
        yield f"{indent}- {words}{comment}"
        yield from (line for part in node.below for line in deeper(part))
    elif node.kind == "table":
        yield ""
        for number, row in enumerate(node.below):
            yield f"{indent}| {' | '.join(row.words)} |"
            if not number:
                yield f"{indent}|{'---|' * len(row.words)}"
        yield ""
    else:
        yield from ("", f"{indent}{'> ' if node.kind == 'quote' else ''}{words}{comment}", "")


def _decorated(word: str, noise: Random) -> str:
    return f"**{word}**" if word.isalpha() and noise.random() < 0.2 else word


def text_of(document: Node, seed: int) -> str:
    return HEAD + "\n".join(written(document, Random(seed))) + "\n"


def nodes_of(node: Node) -> Iterator[Node]:
    yield node
    for part in node.below:
        yield from nodes_of(part)


def changed(node: Node, of: Node, to: Node | None) -> Node:
    """The tree with this one node changed, or without it."""
    parts = ((to if part is of else changed(part, of, to)) for part in node.below)
    return replace(node, below=tuple(part for part in parts if part is not None))


@st.composite
def neighbours(draw: st.DrawFn) -> tuple[Node, Node]:
    """A document, and the same after one move: of a word, of a node among its sisters, or to under another node."""
    document = draw(documents.filter(is_good))
    holders = [node for node in nodes_of(document) if len(node.below) > 1]
    wordy = [node for node in nodes_of(document) if len(node.words) > 1]
    if holders and (not wordy or draw(st.booleans())):
        holder = draw(st.sampled_from(holders))
        turned = draw(st.permutations(holder.below))
        return document, changed(document, holder, replace(holder, below=tuple(turned)))
    assume(wordy)
    node = draw(st.sampled_from(wordy))
    return document, changed(document, node, replace(node, words=tuple(draw(st.permutations(node.words)))))


pairs = st.one_of(neighbours(), st.tuples(documents, documents)).filter(lambda pair: all(map(is_good, pair)))
seeds = st.integers(0, 1000)


def departs(old: str, new: str, folder: Path) -> bool:
    kept = folder / "v1.md"
    kept.write_text(old, "utf-8", newline="")
    now, problems = policy_files.read("x", "policy_src/x.md", new.encode())
    assert now and not problems
    read_now = parsed(now, CLOSED_UP)
    assert not read_now.problems
    return bool(list(departure(now, read_now, ArchivedVersion("1", kept, sha(old)), CLOSED_UP)))


def sha(text: str) -> str:
    found = policy_files.read("x", "x", text.encode())[0]
    assert found
    return found.sha256


def compared(old: str, new: str) -> Difference:
    reader = Reader(SETTINGS)
    texts = [reader.read("x", each.encode()) for each in (old, new)]
    versions = [
        Version(text.source.metadata, text.has_marks, provisions(text.printed({}), text.named)) for text in texts
    ]
    return difference(("x", "x"), versions[0], versions[1], [], archived=True)


def says(text: str) -> list[Line]:
    return [replace(line, name="") for line in outline(read(text, "x", CLOSED_UP), "amended")]


@given(documents.filter(is_good), seeds, seeds)
def test_the_same_document_departs_nowhere(tmp_path_factory, document: Node, one: int, other: int) -> None:  # type: ignore[no-untyped-def]
    old, new = text_of(document, one), text_of(document, other)
    assert not departs(old, new, tmp_path_factory.getbasetemp())
    assert says(old) == says(new)
    assert not compared(old, new).alarming


@given(pairs, seeds, seeds)
def test_another_document_departs(tmp_path_factory, pair: tuple[Node, Node], one: int, other: int) -> None:  # type: ignore[no-untyped-def]
    assume(pair[0] != pair[1])
    old, new = text_of(pair[0], one), text_of(pair[1], other)
    assert departs(old, new, tmp_path_factory.getbasetemp())
    assert says(old) != says(new)
    assert compared(old, new).alarming


@given(pairs, seeds, seeds)
def test_marks_between_two_documents_are_exact_or_refused(pair: tuple[Node, Node], one: int, other: int) -> None:
    old, new = text_of(pair[0], one), text_of(pair[1], other)
    try:
        marked = redline.marked(old, new, "x")
    except Refused:
        return
    assert says(reject(marked, "x", comments="drop", counting=CLOSED_UP).text) == says(old)
    assert says(accept(marked, "x", comments="drop", counting=CLOSED_UP).text) == says(new)
