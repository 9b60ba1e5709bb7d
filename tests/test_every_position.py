"""Marks, tables, terms, boxes, footnotes, internal marks in every position: nothing leaks or is lost, and all agree.

Each word of a made-up policy is a word of its own, of which the model knows its mark and whether the public may see it.
What the article, the JSON and the PDF of each edition and reading show is compared with that. To run it for long:
`POLICY_EXAMPLES=5000 pytest tests/test_every_position.py`.
"""

import os
import re
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
import written
from article_text import Reading, gather
from building import ROOT
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from test_invariants import sound

from policydoc.editions.policy import Policy
from policydoc.editions.withhold import EDITIONS
from policydoc.history.dates import CommitDates
from policydoc.outputs import control_sheet
from policydoc.outputs.pdf import TEMPLATE, Job, Press
from policydoc.settings import Council, Settings

EXAMPLES = int(os.environ.get("POLICY_EXAMPLES", "60"))
PRINTED = max(4, EXAMPLES // 20)
# A policy of many blocks takes long to make smaller, and is short enough to read
QUICK = [phase for phase in Phase if phase not in (Phase.shrink, Phase.explain)]
FRONT_MATTER = """\
---
title: Title
version: 1
status: draft
owner: Clerk
distribution: {internal: [All staff], external: [Website]}
---

"""
INTERNAL = " {.internal}"
COMMENT = " {>>TA: qzx<<}"
LEFT_OUT: dict[str, str] = {"amended": "del", "previous": "ins"}
SIGNS = {"del": "~~", "ins": "^^", "": ""}
WORD = re.compile(r"q\d+q")


# The model


@dataclass
class Word:
    text: str
    mark: str
    hidden: bool


@dataclass
class Note:
    name: str
    words: list[Word] = field(default_factory=list)
    references: list[Word] = field(default_factory=list)  # the word that each stands behind
    internal: bool = False


@dataclass
class Made:
    """Lines of a source, and the words in them in reading order."""

    lines: list[str]
    words: list[Word]

    def indented(self, prefix: str = "    ") -> "Made":
        return Made([prefix + line if line else line for line in self.lines], self.words)

    def hide(self) -> None:
        for word in self.words:
            word.hidden = True


class Maker:
    """Draws a policy. Each method returns its lines at the left edge, a blank line before each block."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.count = self.depth = 0
        self.notes: list[Note] = []
        self.noted = False  # whether all references are drawn: notes have none

    def chance(self, one_in: int) -> bool:
        return self.draw(st.integers(1, one_in)) == 1

    def run(self, mark: str, hidden: bool) -> tuple[str, Word]:
        self.count += 1
        word = Word(f"q{self.count}q", mark, hidden)
        style = self.draw(st.sampled_from(["{}", "{}", "{}", "**{}**", "*{}*"]))
        return style.format(word.text), word

    def line(self, hidden: bool, plain: bool = False, mark: str | None = None) -> tuple[str, list[Word]]:
        """Words of any mark, with a footnote behind some; the first is unmarked if `plain`, all have `mark` if any."""
        parts, words = [], []
        for index in range(self.draw(st.integers(1, 3))):
            kind = mark if mark is not None else self.draw(st.sampled_from(["", "del", "ins"]))
            if plain and index == 0:
                kind = ""
            text, word = self.run(kind, hidden)
            if not self.noted and self.chance(6):
                text += self.reference(word)
            parts.append(SIGNS[kind] + text + SIGNS[kind] + (COMMENT if self.chance(12) else ""))
            words.append(word)
        return " ".join(parts), words

    def reference(self, word: Word) -> str:
        is_new = not self.notes or self.chance(2)
        note = Note(f"n{len(self.notes)}") if is_new else self.draw(st.sampled_from(self.notes))
        if is_new:
            self.notes.append(note)
        note.references.append(word)
        return f"[^{note.name}]"

    def marked(self, hidden: bool) -> bool:
        return not hidden and self.chance(4)

    def paragraph(self, hidden: bool) -> Made:
        internal = self.marked(hidden)
        text, words = self.line(hidden or internal)
        below = internal and self.chance(2)
        alone = INTERNAL.strip() + (COMMENT if self.chance(3) else "")
        return Made(["", text + (INTERNAL if internal and not below else ""), *(["", alone] if below else [])], words)

    def bullets(self, hidden: bool) -> Made:
        made = Made([""], [])
        for _ in range(self.draw(st.integers(1, 3))):
            internal = self.marked(hidden)
            text, words = self.line(hidden or internal)
            made.lines.append(f"- {text}{INTERNAL if internal else ''}")
            made.words += words
            self.below(made, hidden or internal)
        return made

    def below(self, made: Made, hidden: bool) -> None:
        """Perhaps further blocks of an item, indented below it; not as deep as a policy is refused for (P212)."""
        if self.depth == (1 if self.noted else 2):
            return
        self.depth += 1
        for _ in range(self.draw(st.integers(0, 2)) if self.chance(3) else 0):
            kinds: list[Callable[[bool], Made]] = [self.paragraph, self.bullets, self.table, self.quote]
            block = self.draw(st.sampled_from(kinds))(hidden).indented()
            text, words = self.line(hidden, plain=True)
            made.lines += [*block.lines, "", "    " + text, ""]
            made.words += block.words + words
        self.depth -= 1

    def table(self, hidden: bool) -> Made:
        columns, outside = self.draw(st.integers(2, 3)), self.chance(2)

        def row(cells: list[str], behind: str = "") -> str:
            return f"| {' | '.join(cells)} |{behind}" if outside or behind else " | ".join(cells)

        cells = [self.line(hidden) for _ in range(columns)]
        heads = [word for _, words in cells for word in words]
        made = Made(["", row([text for text, _ in cells]), row(["---"] * columns)], heads)
        public = False
        for _ in range(self.draw(st.integers(1, 3))):
            internal = self.marked(hidden)
            public = public or not internal
            cells = [self.line(hidden or internal) if not self.chance(5) else ("", []) for _ in range(columns)]
            if not outside and not internal and not cells[0][0]:
                cells[0] = self.line(hidden)
            made.lines.append(row([text for text, _ in cells], INTERNAL if internal else ""))
            made.words += [word for _, words in cells for word in words]
        if not public:
            for word in heads:
                word.hidden = True
        return made

    def terms(self, hidden: bool) -> Made:
        made = Made([], [])
        for _ in range(self.draw(st.integers(1, 3))):
            made.lines.append("")
            group: dict[str, list[tuple[bool, list[Word]]]] = {"": [], ":   ": []}
            for sign, parts in group.items():
                for _ in range(self.draw(st.integers(1, 2))):
                    internal = self.marked(hidden)
                    text, words = self.line(hidden or internal)
                    part = Made([f"{sign}{text}{INTERNAL if internal else ''}"], words)
                    if sign:
                        self.below(part, hidden or internal)
                    parts.append((internal, part.words))
                    made.lines += part.lines
                    made.words += part.words
            if any(all(internal for internal, _ in parts) for parts in group.values()):
                for parts in group.values():
                    for _, words in parts:
                        Made([], words).hide()
        return made

    def quote(self, hidden: bool) -> Made:
        internal = self.marked(hidden)
        inner = self.draw(st.sampled_from([self.paragraph, self.bullets, self.table]))(hidden or internal)
        lines = ["", *(f"> {line}".rstrip() for line in inner.lines[1:])]
        return Made(lines + (["", INTERNAL.strip()] if internal else []), inner.words)

    def box(self, hidden: bool) -> Made:
        internal = self.marked(hidden)
        title, heads = self.line(hidden or internal)
        inner = self.draw(st.sampled_from([self.paragraph, self.bullets, self.table]))(hidden or internal)
        if all(word.hidden for word in inner.words):
            Made([], heads).hide()
        lines = ["", f'!!! note "{title}"', *inner.indented().lines[1:]]
        return Made(lines + (["", INTERNAL.strip()] if internal else []), heads + inner.words)

    def block(self, hidden: bool) -> Made:
        kinds: list[Callable[[bool], Made]] = [
            self.paragraph,
            self.bullets,
            self.table,
            self.terms,
            self.quote,
            self.box,
        ]
        made = self.draw(st.sampled_from(kinds))(hidden)
        # Words that keep two lists or tables in a row apart, and a list from the next block
        text, words = self.line(hidden, plain=True)
        return Made([*made.lines, "", text], made.words + words)

    def clause(self, hidden: bool, depth: int) -> Made:
        internal = self.marked(hidden)
        hidden = hidden or internal
        text, words = self.line(hidden, plain=True)
        made = Made([f"1.  {text}{INTERNAL if internal else ''}"], words)
        for _ in range(self.draw(st.integers(0, 2))):
            block = self.block(hidden).indented()
            made = Made(made.lines + block.lines, made.words + block.words)
        for _ in range(self.draw(st.integers(0, 2)) if depth else 0):
            below = self.clause(hidden, depth - 1).indented()
            made = Made([*made.lines, *below.lines], made.words + below.words)
        return Made(["", *made.lines], made.words)

    def heading(self, sign: str, hidden: bool, internal: bool) -> Made:
        text, words = self.line(hidden or internal, plain=True)
        return Made(["", f"{sign} {text}{INTERNAL if internal else ''}"], words)

    def part(self, hidden: bool, clauses: bool) -> list[Made]:
        """What stands below a heading."""
        made = [self.block(hidden) for _ in range(self.draw(st.integers(0, 1)))]
        if clauses:
            made += [self.clause(hidden, 2) for _ in range(self.draw(st.integers(1, 2)))]
        return made

    def policy(self) -> tuple[str, list[Word]]:
        parts: list[Made] = []
        for number in range(self.draw(st.integers(0, 2))):  # before the first section, with headings or without
            internal = bool(number) and self.chance(3)
            if number:
                parts.append(self.heading("###", False, internal))
            parts += self.part(internal, clauses=False)
        for _ in range(self.draw(st.integers(1, 2))):
            internal = self.chance(6)
            parts += [self.heading("##", False, internal), *self.part(internal, clauses=True)]
            if self.chance(2):
                below = internal or self.chance(4)
                parts += [self.heading("###", internal, below and not internal), *self.part(below, clauses=True)]
        lines = [line for part in parts for line in part.lines]
        self.noted = True
        for note in self.notes:
            lines += self.note(note)
        return FRONT_MATTER + "\n".join(lines) + "\n", [word for part in parts for word in part.words]

    def note(self, note: Note) -> list[str]:
        """A footnote; it may be deleted or inserted as a whole if all references to it are."""
        note.internal = self.chance(4)
        marks = {word.mark for word in note.references}
        whole = marks.pop() if len(marks) == 1 else ""
        hidden = note.internal or all(word.hidden for word in note.references)
        parts = []
        for kind in self.draw(st.sampled_from([["", "del"], ["ins", ""], [whole]])):
            text, word = self.run(kind, hidden)
            parts.append(SIGNS[kind] + text + SIGNS[kind])
            note.words.append(word)
        made = Made(["", f"[^{note.name}]: {' '.join(parts)}{INTERNAL if note.internal else ''}"], note.words)
        if not whole:
            self.below(made, hidden)
        return made.lines


class Case:
    """A policy's source, its words, and its footnotes; shown by its source."""

    def __init__(self, text: str, words: list[Word], notes: list[Note]) -> None:
        self.text, self.words, self.notes = text, words, notes

    def __repr__(self) -> str:
        return self.text


@st.composite
def policies(draw: st.DrawFn) -> Case:
    maker = Maker(draw)
    text, words = maker.policy()
    return Case(text, words, maker.notes)


def shown(words: list[Word], reading: str, public_only: bool) -> list[str]:
    left_out = LEFT_OUT.get(reading)
    return [word.text for word in words if word.mark != left_out and not (public_only and word.hidden)]


def shown_notes(notes: list[Note], reading: str, public_only: bool) -> list[str]:
    """A note is there while a reference to it is."""
    found: list[str] = []
    for note in notes:
        public = [word for word in note.references if not (public_only and (word.hidden or note.internal))]
        if any(word.mark != LEFT_OUT.get(reading) for word in public):
            found += shown(note.words, reading, public_only)
    return found


# What is published


def without_missing(article: str, reading: Reading) -> ET.Element:
    """The article as a reader of this reading has it: the page's styles hide what says that it is missing."""
    tree = ET.fromstring(article)
    for parent in list(tree.iter()):
        for child in list(parent):
            if child.get("data-missing") == reading:
                parent.remove(child)
    return tree


def of_article(element: ET.Element | None, reading: Reading) -> list[str]:
    parts: list[str] = []
    if element is not None:
        gather(element, reading, parts)
    return WORD.findall(" ".join(parts))


def of_data(policy: Policy, reading: Reading) -> list[str]:
    """The words of all clauses and passages; passages stand where they say."""
    data = written.as_data(policy)
    key = "text" if reading == "amended" else "previous_text"
    below = {passage["after"]: passage[key] or "" for passage in data["unnumbered"]}
    texts = [below.pop(None, "")]
    for clause in data["clauses"]:
        texts += [clause[key] or "", below.pop(clause["id"], "")]
    assert not below
    return WORD.findall(" ".join(texts))


def printed(policy: Policy, folder: Path, press: Press, reading: control_sheet.Reading) -> set[str]:
    """The words of the policy's PDF."""
    target = folder / f"{reading}.pdf"
    meta = control_sheet.for_pdf(policy, Settings(council=Council(name="Test Council")), reading, OneDay(folder))
    outcome = press.make([Job("x", policy.document, meta, target)])
    assert not outcome.failures, outcome.failures
    found = subprocess.run(["pdftotext", "-raw", target, "-"], capture_output=True, text=True, check=True).stdout
    return set(WORD.findall(found))


class OneDay(CommitDates):
    def of(self, path: str, own: date | None) -> date:
        return date(2026, 11, 24)


# What must always hold


def check(case: Case) -> None:
    words, notes = case.words, case.notes
    for edition in EDITIONS:
        public_only = edition == "external"
        policy = sound(case.text, edition)
        readings: tuple[Reading, Reading] = ("amended", "previous")
        for reading in readings:
            tree = without_missing(written.article(policy), reading)
            footnotes = tree.find("div[@class='footnote']")
            assert sorted(of_article(footnotes, reading)) == sorted(shown_notes(notes, reading, public_only))
            if footnotes is not None:
                tree.remove(footnotes)
            expected = shown(words, reading, public_only)
            assert of_article(tree, reading) == expected
            assert of_data(policy, reading) == expected
        everything = written.article(policy) + str(written.as_data(policy)) + str(policy.schedule)
        assert not re.search("[\ue000-\uf8ff\U000f0000-\U0010ffff]", everything)
        assert not (public_only and "qzx" in everything)
        if public_only:
            secret = [word for word in words + [w for n in notes for w in n.words] if word.hidden]
            assert not [word.text for word in secret if word.text in everything]
        check_shape(ET.fromstring(written.article(policy)))


def check_shape(article: ET.Element) -> None:
    """Every number has words, and every table, list and box something in it."""
    for table in article.iter("table"):
        assert len({len(row) for row in table.iter("tr")}) == 1
        assert table.find("tbody/tr") is not None
    for terms in article.iter("dl"):
        assert terms[0].tag == "dt" and terms[-1].tag == "dd"
    for element in article.iter():
        if element.tag in ("ul", "ol", "li", "blockquote", "div", "dl"):
            assert len(element), element.tag
        if element.tag in ("del", "ins"):
            assert len(element) > 2 or (element[0].tail or "").strip()
        if element.get("data-level"):
            assert "".join(element.itertext()).replace(element.get("data-number", ""), "").strip()


@settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck), phases=QUICK)
@given(policies())
def test_article_and_data_show_what_each_edition_and_reading_has(case: Case) -> None:
    check(case)


@pytest.fixture(scope="module")
def press(tmp_path_factory: pytest.TempPathFactory) -> Press:
    return Press(ROOT, ROOT / TEMPLATE, tmp_path_factory.mktemp("cache"), threads=1)


def test_the_pdfs_show_the_same(press: Press, tmp_path: Path) -> None:
    @settings(max_examples=PRINTED, suppress_health_check=list(HealthCheck), phases=QUICK)
    @given(policies())
    def compare(case: Case) -> None:
        for edition in EDITIONS:
            public_only = edition == "external"
            policy = sound(case.text, edition)
            readings: tuple[control_sheet.Reading, control_sheet.Reading] = ("amended", "marked")
            for reading in readings:
                expected = shown(case.words, reading, public_only)
                expected += shown_notes(case.notes, reading, public_only)
                assert printed(policy, tmp_path, press, reading) == set(expected)

    compare()
