"""Two versions of a policy in one document: read as previous it is the older, as amended the newer."""

import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_golden import FRONT_MATTER

from policydoc.editions import references
from policydoc.editions.references import Destination
from policydoc.model.compare import compare, with_links
from policydoc.model.document import (
    Block,
    Citation,
    Comment,
    Document,
    Image,
    Link,
    NoteReference,
    Part,
    Provision,
    Run,
    runs,
)
from policydoc.model.moves import Passage, moves
from policydoc.model.outline import DELETED
from policydoc.model.schedule import changes
from policydoc.model.settled import accepted, rejected
from policydoc.source import policy_files
from policydoc.source.parse import parsed

HEAD = f"{FRONT_MATTER}\n"


def document(body: str, slug: str = "x") -> Document:
    source, problems = policy_files.read(slug, f"policy_src/{slug}.md", (HEAD + body).encode())
    assert source and not problems
    read = parsed(source)
    assert not read.unread
    return read.document


# What a document says, and where: all that must be the same again


def shape(document: Document) -> Any:
    """Everything about a document but lines, bold words, comments, and what its footnotes are called."""
    order = list(dict.fromkeys(_references(document, chain.from_iterable(_own_runs(document)))))
    notes = {note.name: note for note in document.notes}
    parts: tuple[Part, ...] = (*document.opening, *document.sections)
    text = [_part(part, order) for part in parts]
    rest = sorted(str(_part(note, order)) for name, note in notes.items() if name not in order)
    return text, [_part(notes[name], order) for name in order if name in notes], rest


def _own_runs(document: Document) -> Iterator[Iterator[Run]]:
    notes = {id(run) for note in document.notes for run in runs(note)}
    yield (run for _, run in document.runs() if id(run) not in notes)


def _references(document: Document, some: Iterator[Run]) -> Iterator[str]:
    """The footnotes that these runs refer to, then those that these footnotes refer to."""
    notes = {note.name: note for note in document.notes}
    waiting, seen = list(some), set[str]()
    for run in waiting:
        if isinstance(run.thing, NoteReference) and run.thing.note not in seen:
            seen.add(run.thing.note)
            yield run.thing.note
            waiting += runs(notes[run.thing.note]) if run.thing.note in notes else ()


def _part(part: Part, order: list[str]) -> Any:
    if isinstance(part, Provision):
        below = [_part(inner, order) for inner in part.content]
        number, was = str(part.number), str(part.previous_number)
        return part.kind, part.level, number, was, part.internal, part.status, _letters(part.heading, order), below
    inside = [_part(inner, order) for inner in part.blocks]
    if part.kind == "code":
        return part.kind, part.internal, "".join(run.text for run in part.runs)
    return part.kind, part.internal, part.form if part.kind == "box" else "", _letters(part.runs, order), inside


def _letters(some: tuple[Run, ...], order: list[str]) -> list[Any]:
    """Each letter and thing with whether a space is before it, whether it stands high or low, and where it leads."""
    letters: list[Any] = []
    space = True
    for run in some:
        assert not run.mark
        style, link = run.styles & {"sub", "sup"}, run.link and (run.link.slug, run.link.name, run.link.address)
        if isinstance(run.thing, NoteReference):
            # What nothing but itself refers to has no place in the order of notes.
            place = order.index(run.thing.note) if run.thing.note in order else -1
            letters.append((space, "note", place, link))
        elif run.thing and not isinstance(run.thing, Comment):
            letters.append((space, _thing(run), link))
        space = space and not letters[-1:] if run.thing and not isinstance(run.thing, Comment) else space
        for letter in run.text:
            if not letter.isspace():
                letters.append((space, letter, style, link))
            space = letter.isspace()
    return letters


def _thing(run: Run) -> Any:
    return replace(run.thing, line=0) if isinstance(run.thing, Image) else run.thing


def unmarked(document: Document) -> bool:
    return not any(run.mark for _, run in document.runs()) and all(
        place.status == "unchanged" and not place.moved_from for place in document.provisions()
    )


# Policies made up by hypothesis, as Markdown

WORDS = [
    "dogs", "cats", "may", "bark", "bite.", "10^2^", "**must**", "[the Act](https://example.org/a)", "[clause](#lead)",
    "[^1]", "[^2]", "![A map](images/map.png)", "{>>JS: why?<<}", "`code`", "line  \nbreak", "now,",
]  # fmt: skip
phrases = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(lambda words: "So " + " ".join(words))
short = st.lists(st.sampled_from(["dogs", "cats", "bark"]), max_size=2).map(" ".join)
inside = st.sampled_from(["", "", "", " {.internal}"])


def indented(text: str) -> str:
    return "\n".join(f"    {line}" if line else "" for line in text.split("\n"))


def table(rows: list[list[str]]) -> str:
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([lines[0], f"|{'---|' * len(rows[0])}", *lines[1:]])


def bullets(items: list[tuple[str, str | None]], sign: str = "-   ") -> str:
    return "\n".join(f"{sign}{words}" + (f"\n\n{indented(more)}\n" if more else "") for words, more in items)


tables = st.integers(1, 3).flatmap(
    lambda n: st.lists(st.lists(short, min_size=n, max_size=n), min_size=2, max_size=4).map(
        lambda rows: table([["head"] * n, *[["x", *row[1:]] for row in rows]])
    )
)
flat = st.one_of(
    st.builds(lambda words, end: words + end, phrases, inside),
    phrases.map(lambda words: "> " + words.replace("\n", "\n> ")),
    tables,
    st.lists(phrases, min_size=1, max_size=3).map(lambda lines: "```\n" + "\n".join(lines) + "\n```"),
    st.builds(lambda word, words: f"{word or 'It'}\n:   {words}", short, phrases),
)
blocks = st.recursive(
    flat,
    lambda inner: st.lists(st.tuples(phrases, st.none() | inner), min_size=1, max_size=3).map(bullets),
    max_leaves=4,
)
names = st.sampled_from(["", "", " {#lead}", " {#keeper}", " {#other}", " {.internal}"])


@st.composite
def clauses(draw: st.DrawFn, depth: int = 0) -> str:
    items: list[str] = []
    for _ in range(draw(st.integers(1, 4))):
        parts = draw(st.lists(blocks, max_size=2))
        if depth < 2 and draw(st.integers(0, 2)) == 0:
            parts.insert(draw(st.integers(0, len(parts))), draw(clauses(depth + 1)))
        more = "".join(f"\n\n{indented(part)}" for part in parts)
        items.append(f"1.  {draw(phrases)}{draw(names)}{more}\n")
    return "\n".join(items)


loose = st.one_of(
    blocks,
    st.builds(lambda words, end: f"### {words or 'It'}{end}", short, inside),
    st.builds(lambda kind, title, words: f"!!! {kind}{title}\n\n    {words}", st.sampled_from(["note", "warning"]),
              st.sampled_from(["", ' "Own title"']), phrases),
    st.just("---"),
)  # fmt: skip
sections = st.builds(
    lambda title, end, parts: "\n\n".join([f"## {title or 'Rules'}{end}", *parts]),
    short, st.sampled_from(["", "", " {.appendix}", " {.internal}", " {#rules}"]),
    st.lists(st.one_of(clauses(), clauses(), loose), min_size=1, max_size=4),
)  # fmt: skip
notes = st.lists(
    st.sampled_from(["In the town.", "In the parks of the town.", "By law. {.internal}"]), min_size=2, max_size=2
)


@st.composite
def bodies(draw: st.DrawFn) -> str:
    parts = [*draw(st.lists(loose, max_size=2)), *draw(st.lists(sections, min_size=1, max_size=3))]
    return "\n\n".join([*parts, *(f"[^{n}]: {note}" for n, note in enumerate(draw(notes), 1))])


@st.composite
def versions(draw: st.DrawFn) -> tuple[str, str]:
    """Two policies that have nothing to do with each other, or one and what some edits of its lines made of it."""
    old = draw(bodies())
    if draw(st.integers(0, 3)) == 0:
        return old, draw(bodies())
    lines, random = old.split("\n\n"), Random(draw(st.integers(0, 9999)))
    for _ in range(draw(st.integers(1, 4))):
        spot = random.randrange(len(lines))
        action = random.choice(["drop", "swap", "word", "again", "move"])
        if action == "drop":
            del lines[spot]
        elif action == "swap":
            lines[spot : spot + 2] = reversed(lines[spot : spot + 2])
        elif action == "again":
            lines.insert(random.randrange(len(lines)), lines[spot])
        elif action == "move":
            lines.insert(random.randrange(len(lines)), lines.pop(spot))
        else:
            lines[spot] = lines[spot].replace(random.choice(WORDS[:5]), random.choice(WORDS[:5]), 1)
    first = next((n for n, line in enumerate(lines) if line.startswith("## ")), len(lines))
    return old, "\n\n".join([*(line for line in lines[:first] if "1. " not in line), *lines[first:]])


@given(versions())
def test_both_readings_of_a_comparison_are_the_versions(pair: tuple[str, str]) -> None:
    before, after = map(document, pair)
    both = compare(before, after)
    assert shape(accepted(both)) == shape(after)
    assert shape(rejected(both)) == shape(before)
    assert [place.name for place in accepted(both).provisions()] == [place.name for place in after.provisions()]
    assert [place.line for place in accepted(both).provisions()] == [place.line for place in after.provisions()]


@given(bodies())
def test_a_version_compared_with_itself_has_no_marks(body: str) -> None:
    read = document(body)
    both = compare(read, read)
    assert unmarked(both)
    assert both == accepted(both)


# What one change looks like

BODY = (
    "## Rules\n\n1.  Owners may keep two dogs. {#two}\n1.  The warden keeps a record of every fine.\n1.  Dogs bark.\n"
)


def marks(both: Document) -> list[tuple[str, str]]:
    return [(run.mark, run.text) for _, run in both.runs() if run.mark]


def compared(old: str, new: str) -> Document:
    return compare(document(old), document(new))


def test_words_are_marked_and_what_stays_is_not() -> None:
    both = compared(BODY, BODY.replace("may keep two", "must keep three"))
    assert marks(both) == [("deleted", "may keep two"), ("inserted", "must keep three")]
    assert [place.status for place in both.provisions()] == ["unchanged", "amended", "unchanged", "unchanged"]


def test_a_word_takes_the_space_before_it_along() -> None:
    assert marks(compared("## A\n\nDogs bark.\n", "## A\n\nDogs bark loud.\n")) == [("inserted", " loud")]
    assert marks(compared("## A\n\nOld dogs bark.\n", "## A\n\ndogs bark.\n")) == [("deleted", "Old ")]


def test_bold_words_are_the_same_words() -> None:
    both = compared(BODY, BODY.replace("two", "**two**", 1))
    assert marks(both) == []
    assert any("strong" in run.styles for _, run in both.runs())


def test_a_deleted_clause_has_its_number_before_and_none_after() -> None:
    both = compared(BODY, BODY.replace("1.  The warden keeps a record of every fine.\n", ""))
    places = [(place.status, str(place.number), str(place.previous_number)) for place in both.provisions()]
    assert places[2:] == [("deleted", "None", "1.2"), ("unchanged", "1.2", "1.3")]


def test_a_moved_clause_says_from_where_and_keeps_its_name_in_one_spot() -> None:
    old, moved = BODY + "\n## Ends\n\n1.  No more.\n", "1.  Owners may keep two dogs. {#two}\n"
    both = compared(old, old.replace(moved, "") + moved)
    gone, come = (next(p for p in both.provisions() if p.status == status) for status in ("deleted", "inserted"))
    assert (gone.name, come.name, str(come.moved_from)) == (None, "two", "1.1")


def test_a_clause_that_becomes_internal_is_never_paired_with_its_public_self() -> None:
    both = compared(BODY, BODY.replace("Dogs bark.", "Dogs bark. {.internal}"))
    assert [(p.status, p.internal) for p in both.provisions()][3:] == [("deleted", False), ("inserted", True)]


def test_a_table_with_other_columns_is_another_table() -> None:
    old, new = table([["a", "b"], ["1", "2"]]), table([["a", "b", "c"], ["1", "2", "3"]])
    both = compared(f"## A\n\n{old}\n", f"## A\n\n{new}\n")
    assert [(block.kind, block.missing) for _, block in both.blocks()] == [("table", "amended"), ("table", "previous")]


def test_a_row_is_inserted_and_a_cell_reworded() -> None:
    old, new = (
        [["fee", "pounds"], ["dogs and cats", "10"]],
        [["fee", "pounds"], ["birds", "5"], ["dogs and cats", "12"]],
    )
    both = compared(f"## A\n\n{table(old)}\n", f"## A\n\n{table(new)}\n")
    assert [row.missing for _, block in both.blocks() for row in block.blocks] == [None, "previous", None]
    assert marks(both) == [("inserted", text) for text in ("birds", "5")] + [("deleted", "10"), ("inserted", "12")]


def test_code_is_compared_line_by_line() -> None:
    both = compared("## A\n\n```\none\n  two\nend\n```\n", "## A\n\n```\none\n  2\nend\n```\n")
    assert marks(both) == [("deleted", "  two\n"), ("inserted", "  2\n")]


def test_footnotes_are_known_by_their_words_whatever_number_they_have() -> None:
    old = "## A\n\nDogs[^1] bark.\n\n[^1]: In the town.\n"
    new = "## A\n\nAll[^1] dogs[^2] bark.\n\n[^1]: By law.\n\n[^2]: In the town.\n"
    both = compared(old, new)
    assert [(note.name, note.missing) for note in both.notes] == [("1", "previous"), ("2", None)]


def test_a_citation_that_only_counts_anew_is_no_change() -> None:
    def cited(number: str, nth: int) -> Document:
        link = Link(f"#{number}", "", "x", "two", nth)
        return Document(
            "x", (Block("paragraph", (Run("See "), Run("", link=link, thing=Citation("clause ", number, number)))),)
        )

    [(_, _), (_, run)] = compare(cited("1.1", 1), cited("1.2", 4)).runs()
    assert (run.mark, run.thing) == ("", Citation("clause ", "1.2", "1.1"))


# What only holds the number of what stood there

WARDEN = "The warden keeps a record of every fine."
HELD = BODY.replace(WARDEN, "Deleted.")


def fates(both: Document) -> list[tuple[str, str, str]]:
    return [
        (place.status, str(place.previous_number), str(place.number))
        for place in both.provisions()
        if place.status != "unchanged"
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param(BODY, HELD, [("deleted", "1.2", "1.2")], id="a clause"),
        pytest.param(
            BODY, BODY.replace(WARDEN, "A new rule on cats.\n1.  Deleted."),
            [("inserted", "None", "1.2"), ("deleted", "1.2", "1.3")], id="below what is new",
        ),
        pytest.param(
            HELD, HELD.replace("Owners may keep two dogs. {#two}", "Deleted."),
            [("deleted", "1.1", "1.1")], id="beside another",
        ),
        pytest.param(
            HELD, HELD.replace("1.  Owners", "1.  A new rule on cats.\n1.  Owners"),
            [("inserted", "None", "1.1")], id="counted anew",
        ),
        pytest.param(
            BODY, HELD + f"1.  {WARDEN}\n",
            [("deleted", "1.2", "1.2"), ("inserted", "None", "1.4")], id="of what has moved",
        ),
        pytest.param(
            BODY, "## Deleted.\n\n1.  Deleted.\n1.  Deleted.\n1.  Deleted.\n",
            [("deleted", n, n) for n in ("1", "1.1", "1.2", "1.3")], id="a section",
        ),
        pytest.param(
            BODY, BODY.replace(WARDEN, "Deleted.\n\n    1.  Dogs pay.\n"),
            [("deleted", "1.2", "1.2"), ("inserted", "None", "1.2.1")], id="with what stands below",
        ),
        pytest.param(BODY, BODY.replace(WARDEN, "(Not used)"), [("amended", "1.2", "1.2")], id="in other words"),
        pytest.param(HELD, BODY, [("amended", "1.2", "1.2")], id="taken again"),
    ],
)  # fmt: skip
def test_what_holds_a_number_is_known_by_where_it_stands(old: str, new: str, expected: list[Any]) -> None:
    both = compared(old, new)
    assert fates(both) == expected
    assert not any(run.mark == "inserted" and run.text == DELETED for _, run in both.runs())


def test_a_clause_that_was_moved_and_left_its_number_says_from_where() -> None:
    both = compared(BODY, HELD + f"1.  {WARDEN}\n")
    assert [str(place.moved_from) for place in both.provisions() if place.status == "inserted"] == ["1.2"]


@given(versions(), st.lists(st.integers(0, 30), max_size=4), st.lists(st.integers(0, 30), max_size=4))
def test_what_holds_a_number_reads_as_it_did(pair: tuple[str, str], old: list[int], new: list[int]) -> None:
    before, after = (document(emptied(body, which)) for body, which in zip(pair, (old, new), strict=True))
    both = compare(before, after)
    assert shape(rejected(both)) == shape(before)
    assert shape(accepted(both, holding=True)) == shape(after)


def emptied(body: str, which: list[int]) -> str:
    """The policy with some of its clauses deleted, as accepting leaves them."""
    lines = body.split("\n")
    starts = [n for n, line in enumerate(lines) if line.lstrip().startswith("1.  ") and "{" not in line]
    for n in {starts[which_one % len(starts)] for which_one in which if starts}:
        lead = lines[n].partition("1.  ")[0]
        if not "".join(lines[n + 1 : n + 2]).strip():  # in one line
            lines[n] = f"{lead}1.  Deleted."
    return "\n".join(lines)


# Names and links


def test_a_name_stands_once_whatever_has_it_now() -> None:
    old = "## A\n\n| a | b |\n|---|---|\n| dogs | 10 | {#fee}\n\n1.  Dogs bark. {#bark}\n"
    new = (
        "## A\n\n| a | b | c |\n|---|---|---|\n| dogs | 10 | 11 | {#fee}\n| bark | 1 | 2 | {#bark}\n\n1.  Cats sleep.\n"
    )
    both = compared(old, new)
    named = [block.name for _, block in both.blocks() for block in block.blocks if block.name]
    assert sorted(named + [place.name for place in both.provisions() if place.name]) == ["bark", "fee"]


def test_a_deleted_link_leads_to_where_the_comparison_has_its_place() -> None:
    def version(body: str) -> Document:
        read = document(body)
        names = references.targets(read, read)
        return references.resolved(read, {"x": Destination("X", names, True, ("clause",))}, "1")

    old = BODY + "1.  Owners who break [clause](#two) pay a fine.\n"
    new = "## Rules\n\n1.  A rule on cats.\n" + BODY.replace("## Rules\n\n", "") + "\n## Ends\n\n"
    both = with_links(compare(version(old), version(new + "1.  Owners who break [clause](#two) pay a fine.\n")))
    gone, come = ([run for _, run in both.runs() if run.mark == mark and run.link] for mark in ("deleted", "inserted"))
    assert [run.link and run.link.address for run in (*gone, *come)] == ["#1.2", "#1.2"]
    assert [change.words for change in changes(both)][-1] == "move clause 1.4 to stand in A2, as 2.1"


def test_two_long_policies_are_compared_in_time() -> None:
    random = Random(1)
    clauses = [" ".join(random.choices([f"word{n}" for n in range(500)], k=30)) for _ in range(1200)]
    edited = [clause.replace("word1", "other") for clause in clauses[1:]]
    before, after = (document("## A\n\n" + "\n".join(f"1.  {words}" for words in side)) for side in (clauses, edited))
    start = time.process_time()
    compare(before, after)
    assert time.process_time() - start < 10


@pytest.mark.parametrize(
    ("gone", "come", "expected"),
    [
        pytest.param([Passage("a", "one", "n")], [Passage("b", "two", "n")], {0: 0}, id="a name outweighs all words"),
        pytest.param([Passage("a", "dogs may bark")], [Passage("a", "dogs may bark")], {0: 0}, id="the same words"),
        pytest.param([Passage("a", "dogs")], [Passage("a", "dogs")], {}, id="too short to be known again"),
        pytest.param([Passage("a", "Fees", short=True)], [Passage("a", "Fees", short=True)], {0: 0}, id="a heading"),
        pytest.param(
            [Passage("a", "dogs may bark loud now"), Passage("a", "dogs may bark loud")],
            [Passage("a", "dogs may bark loud")], {1: 0}, id="those most alike first",
        ),
        pytest.param([Passage("a", "dogs may bark")], [Passage("a", "cats never eat")], {}, id="other words"),
    ],
)  # fmt: skip
def test_what_has_moved_is_known(gone: list[Passage], come: list[Passage], expected: dict[int, int]) -> None:
    assert moves(gone, come) == expected


def test_of_sections_that_change_places_the_shorter_has_moved() -> None:
    """Whichever of them says the same, word by word."""
    rules = [f"Dogs are kept away from place number {n}." for n in range(8)]

    def text(*sections: tuple[str, list[str]]) -> str:
        return "\n\n".join(
            f"## {title}\n\n" + "\n\n".join(f"1.  {clause}" for clause in some) for title, some in sections
        )

    training = ("Training", ["Wardens are trained each year."])
    before = text(("Scope", ["This is for all."]), ("Rules", rules), training)
    after = text(
        ("Scope", ["This is for all."]), training, ("Rules", [*rules[:7], "Dogs are kept away from the pond."])
    )
    both = compare(document(before), document(after))
    moved = [place for place in both.provisions() if place.moved_from]
    assert [str(place) for place in moved] == ["section 2", "clause 2.1"]
    assert [str(place.number) for place in both.provisions() if place.status == "amended"] == ["3.8"]
