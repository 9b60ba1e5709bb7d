"""A vote is carried out in the text: what was carried becomes text, what was lost goes, what is left stays marked."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from test_invariants import FRONT_MATTER, LEFT_OUT, Block, Item, Words, policies, sources
from test_numbering import ALL, LETTERS, SAMPLES

from policydoc.amending.accept_reject import accept, reject
from policydoc.amending.decide import Decided, decide
from policydoc.amending.proof import read
from policydoc.amending.rewriting import Refused
from policydoc.model.document import Reading
from policydoc.model.missing import with_missing
from policydoc.model.outline import DELETED, outline
from policydoc.model.schedule import Change, changes
from policydoc.source.numbering import AS_USUAL, CLOSED_UP, Counting

HEAD = FRONT_MATTER + "## Purpose\n\n"
NUMBERED = re.compile(r"\bw\d+x\b")
# Why a drawn split may be impossible: a new clause would be left without its section, a clause without its words …
IMPOSSIBLE = re.compile(
    "which is new|no words but those|would become public|goes, but what stands in it stays"
    "|This would leave:|nothing before it that it could go on from|nothing stands above it|stands in .*, which goes"
)


def schedule(text: str, counting: Counting = AS_USUAL) -> list[Change]:
    return changes(with_missing(read(text, "a", counting)))


# What is always true


def changed(item: Item, change: Callable[[Words], Words]) -> Item:
    """An item in which all words have been changed in this way."""
    blocks = [Block(block.kind, [change(words) for words in block.words], block.internal) for block in item.blocks]
    return replace(
        item, words=change(item.words), blocks=blocks, below=[changed(below, change) for below in item.below]
    )


def numbered(sections: list[Item]) -> list[Item]:
    """The same policy with a word of its own in each marked run."""
    nth = count(1)

    def words(some: Words) -> Words:
        return replace(some, runs=[(mark, f"{text} w{next(nth)}x" if mark else text) for mark, text in some.runs])

    return [changed(section, words) for section in sections]


def voted(sections: list[Item], carried: set[str], lost: set[str]) -> list[Item]:
    """The policy as its author would write it after the vote; these are words of what was carried, and lost."""

    def kept(runs: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
        for mark, text in runs:
            own = set(NUMBERED.findall(text))
            if not mark or not own & (carried | lost):
                yield mark, text
            elif (mark == "ins") == bool(own & carried):
                yield "", text

    return [changed(section, lambda words: replace(words, runs=list(kept(words.runs)))) for section in sections]


def meant(sections: list[Item], reading: Reading) -> list[str]:
    """All words of a reading, in order."""
    lines: list[str] = []
    for item in (item for section in sections for item in section.walk()):
        lines += [item.words.text(reading), *(line for block in item.blocks for line in block.lines(reading))]
    return " ".join(lines).split()


def said(text: str, reading: Reading, counting: Counting) -> list[str]:
    lines = (line.text for line in outline(read(text, "a", counting), reading) if line.text != DELETED)
    return " ".join(lines).split()


@st.composite
def splits(draw: st.DrawFn, numbers: int) -> tuple[set[int], set[int]]:
    """What was carried and what was lost of so many amendments."""
    votes = draw(st.lists(st.sampled_from("yes no none".split()), min_size=numbers, max_size=numbers))
    carried, lost = ({n for n, vote in enumerate(votes, 1) if vote == which} for which in ("yes", "no"))
    return carried, lost


def decided(text: str, carried: set[int], lost: set[int], counting: Counting) -> Decided:
    try:
        return decide(text, "a", carried, lost, drop_comments=True, counting=counting)
    except Refused as error:
        assert all(IMPOSSIBLE.search(line) for line in error.lines), error
        assume(False)
        raise


@settings(max_examples=150)
@given(policies().map(numbered), st.data(), st.sampled_from(ALL))
def test_each_amendment_goes_its_own_way(sections: list[Item], data: st.DataObject, counting: Counting) -> None:
    scheme = json.dumps(data.draw(st.sampled_from(["1.1.1", *SAMPLES])))
    text = sources(sections).replace("---\n", f"---\nnumbering: {scheme}\n", 1)
    amendments = schedule(text, counting)
    carried, lost = data.draw(splits(len(amendments)))
    done = decided(text, carried, lost, counting)
    own = [set(NUMBERED.findall(f"{change.deleted} {change.inserted}")) for change in amendments]
    words = [set[str]().union(*(own[n - 1] for n in numbers)) for numbers in (done.carried, done.lost)]
    for reading in LEFT_OUT:
        assert said(done.text, reading, counting) == meant(voted(sections, *words), reading)
    assert done.left == len(schedule(done.text, counting)) == len(amendments) - len(done.carried | done.lost)


@settings(max_examples=60)
@given(policies(), st.sampled_from(ALL))
def test_all_or_nothing_is_accepting_or_rejecting(sections: list[Item], counting: Counting) -> None:
    text = sources(sections)
    every = set(range(1, len(schedule(text, counting)) + 1))
    for resolve, votes in ((accept, (every, set[int]())), (reject, (set[int](), every))):
        done = decided(text, votes[0], votes[1], counting)
        assert done.left == 0
        expected = resolve(text, "a", comments="drop", counting=counting).text
        assert accept(done.text, "a", comments="drop", counting=counting).text == expected


@settings(max_examples=60)
@given(policies(), st.data(), st.sampled_from((AS_USUAL, CLOSED_UP)))
def test_two_votes_are_as_one(sections: list[Item], data: st.DataObject, counting: Counting) -> None:
    text = sources(sections)
    every = range(1, len(schedule(text, counting)) + 1)
    carried, lost = data.draw(splits(len(every)))
    first = {number for number in every if data.draw(st.booleans())}
    once = decided(text, carried, lost, counting)
    one = decided(text, carried & first, lost & first, counting)
    left = [number for number in every if number not in one.carried | one.lost]
    then = [{left.index(number) + 1 for number in some if number in left} for some in (carried, lost)]
    assert decided(one.text, then[0], then[1], counting).text == once.text


# What drawn policies don't have, or seldom


def body(text: str) -> str:
    return text.removeprefix(HEAD)


@pytest.mark.parametrize(
    ("typed", "carried", "lost", "expected"),
    [
        # three marks side by side are two amendments
        ("1.  x ~~a~~ ^^b^^ ~~c~~ y\n", {1}, {2}, "1.  x b c y\n"),
        ("1.  **~~a~~**~~b~~ c ~~d~~\n", {1}, set(), "1.  c ~~d~~\n"),
        # a sign without words goes with the words beside it, a comment with its mark
        ("1.  x ^^a^^ ^^[^1]^^ z ~~y~~\n\n[^1]: N.\n", {1}, {2}, "1.  x a [^1] z y\n\n[^1]: N.\n"),
        ("1.  x ~~a~~ {>>TA: hm<<} y ~~b~~ {>>TA: so<<}\n", {1}, set(), "1.  x y ~~b~~ {>>TA: so<<}\n"),
        # footnotes stand elsewhere than they are read
        (
            "[^1]: Note ~~m~~ ^^n^^.\n\n1.  x ~~a~~ y[^1].\n", {2}, {1},
            "[^1]: Note n.\n\n1.  x a y[^1].\n",
        ),
        # the old words go, the new ones don't come: a deleted clause
        ("1.  ~~Old.~~\n\n    ^^New.^^\n\n1.  Two.\n", {1}, {2}, "1.  Deleted.\n\n1.  Two.\n"),
        # a new heading over clauses that were there, and what is new among these
        ("1.  One.\n\n## ^^New^^\n\n1.  Two.\n\n1.  ^^Three.^^\n", {2}, {1}, "1.  One.\n\n1.  Two.\n\n1.  Three.\n"),
    ],
)  # fmt: skip
def test_decided(typed: str, carried: set[int], lost: set[int], expected: str) -> None:
    assert body(decide(HEAD + typed, "a", carried, lost, drop_comments=True).text) == expected


@pytest.mark.parametrize(
    ("typed", "carried", "lost", "why"),
    [
        ("1.  ~~Old.~~\n\n    ^^New.^^\n\n1.  Two.\n", {1}, set(), "1.1 would have no words but"),
        ("## ^^New^^\n\n1.  ^^One.^^\n", {2}, set(), "A2 stands in section 2, which is new as well: carry A1 too"),
        ("## ^^New^^\n\n^^Lead.^^\n", {2}, {1}, "A2 stands in section 2, which is new as well: carry A1 too"),
        ("1.  ^^One:^^\n\n    1.  ^^Two.^^\n", set(), {1}, "A2 stands in clause 1.1, which is new and lost"),
        ("1.  a ~~b~~.\n", {1}, {1}, "A1 is in both lists"),
    ],
)  # fmt: skip
def test_refused(typed: str, carried: set[int], lost: set[int], why: str) -> None:
    with pytest.raises(Refused, match=why):
        decide(HEAD + typed, "a", carried, lost)


def test_with_letters_what_is_left_keeps_its_number() -> None:
    text = HEAD + "1.  One.\n\n## ^^New^^\n\n1.  ^^Two.^^\n1.  ^^Three.^^\n"
    done = decide(text, "a", {1, 2}, counting=LETTERS)
    assert body(done.text) == "1.  One.\n\n## New {=1A}\n\n1.  Two.\n1.  ^^Three.^^ {=2}\n"
    done = decide(f"{text}1.  ^^Four.^^\n", "a", {1, 4}, {2}, counting=LETTERS)
    assert body(done.text) == "1.  One.\n\n## New {=1A}\n\n1.  ^^Three.^^ {=1}\n1.  Four.\n"
