"""What is always true of numbers, readings and editions (DESIGN 10), tried on policies made up by hypothesis.

Policies are made up in two ways. `policies()` draws a model, writes it down as a source and says what each reading must
be. `scribbles()` throws the dialect's signs together at random: whatever comes of it, nothing may break or leak.
"""

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

import written
from article_text import Reading, lines
from hypothesis import given, settings
from hypothesis import strategies as st

from policydoc.editions import policy, references
from policydoc.editions.policy import Policy
from policydoc.editions.withhold import Edition
from policydoc.source import policy_files
from policydoc.source.numbering import AS_USUAL, CLOSED_UP, Counting
from policydoc.source.policy_files import Source

FRONT_MATTER = """\
---
title: Test Policy
version: 1
status: draft
owner: Clerk
distribution: {internal: [All staff], external: [Website]}
---
"""
SECRET = "qzx"  # in every comment and internal block, and nowhere else
KEPT = [
    "council",
    "the staff",
    "may",
    "AT&T",
    "café",
    "5 < 6",
    "snake_case",
    "**bold**",
    "`code`",
    "“quoted”",
]
DELETED = ["members", "shall", "**both**", "(old)", "1984", "[link](https://example.org)"]
INSERTED = ["officers", "must", "*new*", "(new)", "1996", "`x`"]
COMMENTS = [f"{{>>TA1: {SECRET} remark<<}}", f"{{>>{SECRET}<<}}", f"<!-- {SECRET} remark -->"]
SIGNS = {"del": "~~", "ins": "^^", "": ""}
LEFT_OUT: dict[Reading, str] = {"amended": "del", "previous": "ins"}


# The model: what an author means, how it is written down, and how it must read


@dataclass
class Words:
    """Runs of words, each kept, deleted or inserted, with comments after some; perhaps a full stop behind the last."""

    runs: list[tuple[str, str]]
    comments: list[str]
    stop: str

    def source(self) -> str:
        parts = []
        for (mark, text), comment in zip(self.runs, self.comments, strict=True):
            parts.append(f"{SIGNS[mark]}{text}{SIGNS[mark]}" + comment)
        return " ".join(parts) + self.stop

    def text(self, reading: Reading) -> str:
        words = [re.sub(r"[*`]|\[|\]\(.*\)", "", text) for mark, text in self.runs if mark != LEFT_OUT[reading]]
        return " ".join(words) + self.stop

    @property
    def marks(self) -> set[str]:
        return {mark for mark, _ in self.runs} | ({""} if self.stop else set())


@dataclass
class Block:
    """A paragraph, bullets or a table."""

    kind: str
    words: list[Words]
    internal: bool

    def source(self, indent: str) -> str:
        sign = " {.internal}" if self.internal else ""
        texts = [words.source() for words in self.words]
        if self.kind == "bullets":
            return "\n\n" + "\n".join(f"{indent}- {text}{sign}" for text in texts)
        if self.kind == "table":
            rows = [
                f"| {SECRET if self.internal else 'a'} | b |",
                "|---|--:|",
                *(f"| {text} | x |" for text in texts),
            ]
            return "\n\n" + "\n".join(indent + row for row in rows) + (f"\n\n{indent}{{.internal}}" if sign else "")
        return "".join(f"\n\n{indent}{text}{sign}" for text in texts)

    def lines(self, reading: Reading) -> list[str]:
        texts = [words.text(reading) for words in self.words]
        if self.kind == "table":
            texts = [f"{SECRET if self.internal else 'a'} b", *(f"{text} x" for text in texts)]
        return [text for text in texts if text]


@dataclass
class Item:
    """A clause or section: its words, further blocks, and what stands below it."""

    words: Words
    blocks: list[Block] = field(default_factory=list)
    below: list["Item"] = field(default_factory=list)
    internal: bool = False
    appendix: bool = False

    def source(self, indent: str = "") -> str:
        signs = " {.internal}" if self.internal else ""
        text = f"\n\n{indent}1.  {self.words.source()}{signs}"
        text += "".join(block.source(indent + "    ") for block in self.blocks)
        return text + "".join(item.source(indent + "    ") for item in self.below)

    def section_source(self) -> str:
        signs = (" {.appendix}" if self.appendix else "") + (" {.internal}" if self.internal else "")
        text = f"\n\n## {self.words.source()}{signs}"
        text += "".join(block.source("") for block in self.blocks)
        return text + "".join(item.source() for item in self.below)

    def walk(self) -> Iterator["Item"]:
        yield self
        for item in self.below:
            yield from item.walk()


def sources(sections: list[Item]) -> str:
    return FRONT_MATTER + "".join(section.section_source() for section in sections) + "\n"


def expected(sections: list[Item], clauses: list[SimpleNamespace], reading: Reading, edition: Edition) -> list[str]:
    """How the article must read, with the numbers that the places were given."""
    found: list[str] = []
    left = iter(clauses)

    def add(item: Item, is_section: bool) -> None:
        clause = next(left)
        number = (clause.number if reading == "amended" else clause.previous_number) or ""
        if item.internal and edition == "external":
            found.append(f"{number} Not published")
            return
        found.append(f"{number} {item.words.text(reading)}")
        for block in item.blocks:
            if not (block.internal and edition == "external"):
                found.extend(block.lines(reading))
        for inner in item.below:
            add(inner, False)

    for section in sections:
        add(section, True)
    return [line.strip() for line in found if line.strip()]


# Drawing models


@st.composite
def words(draw: st.DrawFn, mark: str | None = None, secret: bool = False) -> Words:
    """Words of every kind, or of one mark only; never wholly in one mark unless that is asked for."""
    marks = [mark] if mark else ["", "", "", "del", "ins"]
    runs: list[tuple[str, str]] = [] if mark else [("", SECRET if secret else draw(st.sampled_from(KEPT)))]
    for _ in range(draw(st.integers(1 if mark else 0, 4))):
        kind = draw(st.sampled_from(marks))
        text = draw(st.sampled_from({"": KEPT, "del": DELETED, "ins": INSERTED}[kind]))
        if kind == "" and runs and runs[-1][0] == "" and draw(st.booleans()):
            continue
        runs.append((kind, text))
    comments = [draw(st.sampled_from(["", "", "", *(" " + each for each in COMMENTS), *COMMENTS])) for _ in runs]
    return Words(runs, comments, "" if mark else draw(st.sampled_from(["", "."])))


@st.composite
def blocks(draw: st.DrawFn, mark: str | None = None) -> list[Block]:
    """Blocks below a clause's first line. Two lists or tables in a row would be one: a paragraph stands between."""
    found: list[Block] = []
    for _ in range(draw(st.integers(0, 2))):
        kind = (
            "paragraph"
            if mark or (found and found[-1].kind != "paragraph")
            else draw(st.sampled_from(["paragraph", "bullets", "table"]))
        )
        internal = not mark and draw(st.integers(0, 4)) == 0
        count = 1 if kind == "paragraph" else draw(st.integers(1, 2))
        found.append(Block(kind, [draw(words(mark, internal)) for _ in range(count)], internal))
    return found


@st.composite
def items(draw: st.DrawFn, depth: int, mark: str | None = None) -> Item:
    mark = mark or draw(st.sampled_from([None, None, None, None, "del", "ins"]))
    internal = not mark and draw(st.integers(0, 6)) == 0
    below = draw(st.lists(items(depth - 1, mark), max_size=2)) if depth and draw(st.booleans()) else []
    return Item(draw(words(mark, internal)), draw(blocks(mark)), below, internal)


@st.composite
def policies(draw: st.DrawFn) -> list[Item]:
    """Sections. The first heading is not marked, so that there is always a place that what follows can go on from."""
    sections = []
    for number in range(draw(st.integers(1, 3))):
        mark = draw(st.sampled_from([None, None, "del", "ins"])) if number else None
        internal = not mark and draw(st.integers(0, 6)) == 0
        appendix = bool(number) and draw(st.integers(0, 4)) == 0
        below = draw(st.lists(items(2, mark if draw(st.booleans()) else None), min_size=1, max_size=3))
        sections.append(Item(draw(words(mark, internal)), draw(blocks()), below, internal, appendix))
    return sections


TOKENS = [
    *"a b . , \n \n \n\n \n\n ~~ ~~ ^^ ^^ * ** > | - : [ ] ( ) ! # ## ### & < > = _ ~ ^ { }".split(" "),
    "\n\n1.  ", "\n\n1.  ", "\n\n    1.  ", "\n    ", "\n\n    ", "\n- ", "\n\n## S\n\n", "\n> ",
    "\n| a | b |\n|---|---|\n| ", "\n\n!!! note\n    ", "\n:   ", "\t", " ", "  ", "1984. ", "word",
    "{>>", "<<}", "{==", "==}", "{==", "==}{>>", "<!--", "-->", f"{{>>{SECRET}<<}}", f" {{>>TA1: {SECRET}<<}} ",
    f"<!-- {SECRET} -->", "{.internal}", "{#name}", "{.appendix}", "[^1]", "\n\n[^1]: ", "[a](#name)",
    "[clause](#name)", "[b](https://example.org)", "[c](other.md#x)", "<https://example.org>", "<b>", "&lt;",
    "&#126;", "**bold**", "~~gone~~", "^^new^^", "\n\n```\ncode\n```\n\n", "`code`",
]  # fmt: skip


def scribbles() -> st.SearchStrategy[str]:
    parts = st.lists(st.sampled_from(TOKENS), max_size=30).map("".join)
    return parts.map(lambda text: f"{FRONT_MATTER}\n## Section\n\n1.  Clause {text}\n")


# Reading


def read(text: str, edition: Edition = "internal", counting: Counting = AS_USUAL) -> Policy:
    """The policy, finished where it has no error; `problems` holds those of its references, too."""
    found, faults = policy_files.read("x", "policy_src/x.md", text.encode())
    assert isinstance(found, Source) and not faults, faults
    result = policy.read(found, edition, Path("policy_src"), counting)
    destinations = {"x": result.destination()}
    dead = references.problems("policy_src/x.md", "x", result.references, destinations)
    result = replace(result, problems=(*result.problems, *(problem for _, problem in dead)))
    return result if errors(result) else result.finished(destinations)


def errors(result: Policy) -> list[str]:
    return [str(problem) for problem in result.problems if problem.level == "error"]


def sound(text: str, edition: Edition = "internal", counting: Counting = AS_USUAL) -> Policy:
    result = read(text, edition, counting)
    assert errors(result) == [], text
    return result


def numbers(result: Policy) -> list[tuple[str | None, str | None]]:
    return [(clause.previous_number, clause.number) for clause in written.clauses(result)]


def without_comments(text: str) -> str:
    return re.sub(r" ?(?:\{>>.*?<<\}|<!--.*?-->)", "", text)


# What is always true


@settings(max_examples=80)
@given(policies(), st.sampled_from((AS_USUAL, CLOSED_UP)))
def test_readings_are_what_the_author_meant(sections: list[Item], counting: Counting) -> None:
    text = sources(sections)
    result = sound(text, counting=counting)
    for reading in LEFT_OUT:
        found = lines(written.article(result), reading)
        assert found == expected(sections, written.clauses(result), reading, "internal")
        assert not any(sign in line for line in found for sign in ("~~", "^^"))
    places = [item for section in sections for item in section.walk()]
    for item, clause in zip(places, written.clauses(result), strict=True):
        # a section's blocks are lead-ins, no words of its own
        own = [item.words] + [each for block in item.blocks for each in block.words if clause.level > 1]
        marks = set().union(*(each.marks for each in own)) | ({""} if "table" in kinds(item, clause) else set())
        status = {"del": "deleted", "ins": "inserted", "": "unchanged"}
        assert clause.status == (status[marks.pop()] if len(marks) == 1 else "amended")
        assert (clause.status == "unchanged") == (clause.text == clause.previous_text)


def kinds(item: Item, clause: SimpleNamespace) -> set[str]:
    return {block.kind for block in item.blocks} if clause.level > 1 else set()


@settings(max_examples=80)
@given(policies())
def test_external_edition_reads_the_same_but_for_what_is_internal(sections: list[Item]) -> None:
    text = sources(sections)
    internal, external = sound(text), sound(text, "external")
    by_id = {clause.id: clause for clause in written.clauses(internal)}
    for clause in written.clauses(external):
        same = by_id[clause.id]
        assert (clause.number, clause.previous_number, clause.level) == (
            same.number,
            same.previous_number,
            same.level,
        )
        if clause.text != "Not published" and clause.previous_text != "Not published":
            assert clause.name == same.name
    for reading in LEFT_OUT:
        found = lines(written.article(external), reading)
        assert found == expected(sections, written.clauses(external), reading, "external")
    check_no_secret(external)
    check_no_secret(sound(text, "external", counting=CLOSED_UP))


@settings(max_examples=80)
@given(policies())
def test_numbers_have_no_gap(sections: list[Item]) -> None:
    text = sources(sections)
    check_gapless([previous for previous, _ in numbers(sound(text))])
    check_gapless([number for _, number in numbers(sound(text))])
    closed = numbers(sound(text, counting=CLOSED_UP))
    check_gapless([previous for previous, _ in closed])
    check_gapless([number for _, number in closed])
    assert [number is None for _, number in closed] == [
        clause.status == "deleted" for clause in written.clauses(sound(text, counting=CLOSED_UP))
    ]


@settings(max_examples=60)
@given(policies())
def test_comments_change_no_number_and_no_text(sections: list[Item]) -> None:
    text = sources(sections)
    with_comments, without = sound(text), sound(without_comments(text))
    assert written.clauses(with_comments) == written.clauses(without)
    assert with_comments.schedule == without.schedule
    for reading in LEFT_OUT:
        assert lines(written.article(with_comments), reading) == lines(written.article(without), reading)
    stripped, plain = (sound(each, "external") for each in (text, without_comments(text)))
    assert fold(written.article(stripped)) == fold(written.article(plain))


@settings(max_examples=60)
@given(policies(), st.sampled_from(["internal", "external"]))
def test_line_numbers_leave_no_trace(sections: list[Item], edition: Edition) -> None:
    text = sources(sections)
    result = sound(text, edition)
    with patch("policydoc.source.line_numbers._marked", lambda line, number: line):
        unmarked = sound(text, edition)
    assert written.article(result) == written.article(unmarked)
    assert written.clauses(result) == written.clauses(unmarked)


@settings(max_examples=40)
@given(policies(), st.sampled_from(["internal", "external"]))
def test_reading_twice_gives_the_same(sections: list[Item], edition: Edition) -> None:
    text = sources(sections)
    first = sound(text, edition)
    assert (written.article(first), written.as_data(first), first.schedule) == (
        written.article(again := sound(text, edition)),
        written.as_data(again),
        again.schedule,
    )


@settings(max_examples=400)
@given(scribbles(), st.sampled_from((AS_USUAL, CLOSED_UP)))
def test_scribbles_neither_break_nor_leak(text: str, counting: Counting) -> None:
    internal, external = read(text, "internal", counting), read(text, "external", counting)
    last = text.count("\n") + 1
    for problem in internal.problems + external.problems:
        assert 1 <= problem.line <= last
    if errors(internal) or errors(external):
        return
    for result in (internal, external):
        article = ET.fromstring(written.article(result))
        ids = [element.get("id") for element in article.iter() if element.get("id")]
        assert len(ids) == len(set(ids))
        links = [element.get("href", "") for element in article.iter("a")]
        assert {link[1:] for link in links if link.startswith("#")} <= set(ids)
        assert not re.search(
            "[\ue000-\uf8ff\U000f0000-\U0010ffff\x02\x03]",
            written.article(result) + json.dumps(written.as_data(result)),
        )
        check_gapless([previous for previous, _ in numbers(result)] if result is internal else [])
        assert not list(article.iter("comment"))
    assert set(numbers(external)) <= set(numbers(internal))
    check_no_secret(external)


def check_no_secret(external: Policy) -> None:
    data = json.dumps(written.as_data(external))
    words = " ".join(change.words for change in external.schedule)
    for place in (written.article(external), data, words):
        assert SECRET not in place
        assert "TA1" not in place
    assert "data-internal" not in written.article(external)
    assert not external.comments


def check_gapless(found: list[str | None]) -> None:
    """Every number but the first of its kind comes after its predecessor, and stands below a number that is there."""
    seen: set[str] = set()
    for number in found:
        if number is None:
            continue
        above, _, last = number.rpartition(".")
        assert number not in seen
        assert not above or above in seen
        if last.isdigit() and last != "1":
            assert f"{above}.{int(last) - 1}".lstrip(".") in seen
        elif last.isalpha() and last != "A":
            assert chr(ord(last) - 1) in seen
        seen.add(number)


def fold(article: str) -> str:
    return re.sub(r"\s+", " ", article)
