"""Every council's numbers: schemes, labels given by hand, what is inserted between two numbers, and what is cited."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import written
from hypothesis import given, settings
from hypothesis import strategies as st
from test_invariants import Item, policies, sources

from policydoc.amending.accept_reject import accept, reject
from policydoc.amending.redline import marked
from policydoc.amending.rewriting import Refused
from policydoc.checking.prose import passages
from policydoc.checking.typed_citations import typed
from policydoc.editions import council, policy, references
from policydoc.editions.policy import Policy
from policydoc.editions.withhold import EDITIONS, Edition, withhold
from policydoc.model import counts, scheme
from policydoc.model.compare import compare
from policydoc.model.document import Document, Provision, Reading
from policydoc.model.missing import with_missing
from policydoc.model.number import Number
from policydoc.model.outline import outline
from policydoc.model.settled import accepted, rejected
from policydoc.settings import Council, Settings
from policydoc.source import policy_files
from policydoc.source.numbering import AS_USUAL, CLOSED_UP, Counting
from policydoc.source.parse import Parsed, parsed

SCHEMES = Path(__file__).parent / "schemes"
LETTERS = Counting(with_letters=True)
ALL = (AS_USUAL, CLOSED_UP, LETTERS, Counting(close_up=True, with_letters=True))
HEAD = "---\ntitle: Dogs\nversion: 1\nstatus: draft\nowner: Clerk\ndistribution: {{external: [Website]}}\n{}---\n\n"
SAMPLES = (
    "1.1.1", "standing order 1(a)(i)(1)(aa)", "regulation 1.1(a)(i)(A)", "1.1(i)(a)(1)", "1.1a)i)A)",
    "-/paragraph 1(a)(i)(1)", "-/1.1", "-/a)(i)1.1", "-/(a)(i)(1)(A)", "-/1ia1", "none", "Section 1/(1)a(i)(1)",
    "Part 1/paragraph 1(1)(a)(i)(aa)", "A.1", "I.1.1", "01.01.01.01.01", "1/1.1",
)  # fmt: skip


def text(body: str, numbering: str = "") -> str:
    return HEAD.format(f"numbering: {numbering}\n" if numbering else "") + body


def read(source: str, counting: Counting = AS_USUAL) -> Parsed:
    found, problems = policy_files.read("dogs", "policy_src/dogs.md", source.encode())
    assert found and not problems, problems
    return parsed(found, counting)


def document(body: str, numbering: str = "", counting: Counting = AS_USUAL) -> Document:
    whole = read(text(body, numbering), counting)
    assert not whole.problems, whole.problems
    return whole.document


def labels(body: str, numbering: str = "", counting: Counting = AS_USUAL) -> str:
    """What is printed before each place, in reading order; - for none."""
    places = document(body, numbering, counting).provisions()
    return " ".join((place.number.label if place.number else "gone") or "-" for place in places)


def messages(body: str, numbering: str = "") -> list[tuple[str, int]]:
    found, problems = policy_files.read("dogs", "policy_src/dogs.md", text(body, numbering).encode())
    assert found
    return [(problem.code, problem.line) for problem in (*problems, *parsed(found).problems)]


# counting


@given(st.integers(1, 5000), st.sampled_from(counts.SERIES))
def test_a_member_of_a_series_is_found_again(count: int, series: str) -> None:
    member = counts.member(count, series)
    if len(member) <= 12:
        assert counts.place(member, series) == count


def test_the_series() -> None:
    def some(series: str, *which: int) -> str:
        return " ".join(counts.member(count, series) for count in which)

    assert some("a", 1, 26, 27, 28, 53) == "a z aa bb aaa"
    assert some("aa", 1, 2, 26, 27) == "aa bb zz aaa"
    assert some("i", 1, 4, 9, 40, 49, 90, 400, 1999, 4000) == "i iv ix xl xlix xc cd mcmxcix mmmm"
    assert some("01", 1, 10, 100) == "01 10 100"
    assert [counts.letters(count) for count in (1, 26, 27, 28, 53)] == ["A", "Z", "AA", "AB", "BA"]


@pytest.mark.parametrize(
    ("series", "base", "last", "following", "between"),
    [
        ("1", "2", "2", "3", "2A"), ("1", "2", "2A", "3", "2B"), ("1", "2", "2A", "2B", "2AA"),
        ("1", "2", "2", "2A", "2ZA"),
        ("1", "2", "2ZA", "2A", "2ZB"), ("1", "2", "2AA", "2B", "2AB"), ("1", "2", "2Z", "3", "2ZA"),
        ("1", "", "", "1", "A1"),
        ("1", "", "A1", "1", "B1"), ("a", "b", "b", "c", "ba"), ("a", "b", "ba", "c", "bb"), ("a", "", "", "a", "za"),
        ("a", "", "za", "a", "zb"), ("i", "ii", "ii", "iii", "iia"), ("i", "", "", "i", "ai"),
        ("A", "B", "B", "C", "BA"),
        ("A", "", "", "A", "ZA"), ("1", "2", "2A", "2AA", "2AZA"),
    ],
)  # fmt: skip
def test_what_stands_between_two(series: str, base: str, last: str, following: str, between: str) -> None:
    assert counts.between(series, base, last, following) == between


# schemes


def test_the_policies_of_a_council_have_their_numbers() -> None:
    """Each line of a .txt file is what is printed, what is cited, the anchor, and the number before the amendments."""
    policies = council.read(SCHEMES, "internal", Settings(council=Council(name="X")))
    assert not policies.problems
    for slug, one in policies.published.items():
        lines = [
            " | ".join(
                (place.number.label if place.number else "", str(place), place.anchor, str(place.previous_number))
            )
            for place in one.document.provisions()
        ]
        assert lines == (SCHEMES / f"{slug}.txt").read_text("utf-8").splitlines(), slug
    assert len({one.metadata.scheme for one in policies.published.values()}) == len(policies.published) == 8


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_scheme_says_what_it_means(sample: str) -> None:
    found = scheme.read(sample)
    assert found.text == sample and scheme.read(found.text) == found
    assert found.sample().endswith("numbers") == (sample == "none")


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ("1(b)", "“b” begins no series"), ("dogs", "begins no series"), ("1/2/3", "two slashes"), ("2.1", "“2” begins"),
        ("Part 1(1)/1", "one label"), ("1..", "is no number"), ("§ 1 (a)", "is no word"), ("1(a-", "is no number"),
        ("a" * 99, "longer than"), ("clause 1.", ""), ("1.1.", ""),
    ],
)  # fmt: skip
def test_a_wrong_scheme_is_one_line(wrong: str, why: str) -> None:
    found, problems = policy_files.read(
        "dogs", "policy_src/dogs.md", text("## S\n\n1.  Words.\n", json.dumps(wrong)).encode()
    )
    assert [problem.code for problem in problems] == (["P170"] if why else []) and why in "".join(map(str, problems))
    assert found and not parsed(found).problems


def test_a_bare_hyphen_is_told_of_as_such() -> None:
    assert ("P171", 7) in messages("## S\n\n1.  Words.\n", "-")
    assert labels("## S\n\n1.  Words.\n", '"-"') == labels("## S\n\n1.  Words.\n", "None") == "- -"


def test_what_stands_deeper_than_the_scheme_is_refused_once() -> None:
    body = "## S\n\n1.  One.\n\n    1.  Two.\n    1.  Three.\n\n1.  Four.\n"
    assert messages(body, "1(a)") == [("P260", 14)]
    assert messages(body, "1(a)(i)") == messages(body, "1.1") == []


# labels


@pytest.mark.parametrize(
    ("given_labels", "numbering", "printed"),
    [
        ("- (c) - (a) -", "1(a)", "(a) (c) (d) (a) (b)"),
        ("- (aa) - (ba) (bb) -", "1(a)", "(a) (aa) (b) (ba) (bb) (c)"),
        ("- 1.1A 1B - -", "1.1", "1.1 1.1A 1.1B 1.2 1.3"),
        ("A1 - 2A - ", "1.1", "1.A1 1.1 1.2A 1.2"),
        ("- (iia) (x) (xa) (xb) (xc) -", "1(i)", "(i) (iia) (x) (xa) (xb) (xc) (xi)"),
        ("(xc) -", "1(i)", "(xc) (xci)"),
        ("(i) -", "1(a)", "(i) (j)"),
        ("(i) (ii) -", "1(a)", "(i) (ii) (iii)"),
        ("(c) -", "1(i)", "(c) (d)"),
        ("(z) (aa) -", "1(a)", "(z) (aa) (bb)"),
        ("7.1 -", "1.1", "7.1 7.2"),
        ("-none - -", "1.1", "- 1.1 1.2"),
        ("10 2a -", "-/1", "10 2a 11"),
        ("- 2–3 - -", "-/1", "1 2–3 4 5"),
        ("- (b)–(d) -", "1(a)", "(a) (b)–(d) (e)"),
        ("- 1.4–1.6 -", "1.1", "1.1 1.4–1.6 1.7"),
        ("- 4-5 -", "1.1", "1.1 1.4-5 1.6"),
        ("- (2A) -", "1.(1)", "1.(1) 1.(2A) 1.(2)"),
        ("(1) -", "1.1", "(1) (2)"),
    ],
)
def test_labels_given_by_hand(given_labels: str, numbering: str, printed: str) -> None:
    items = [{"-": "", "-none": " {=}"}.get(label, f" {{={label}}}") for label in given_labels.split()]
    runs_on = "/" in numbering
    body = ("" if runs_on else "## S\n\n") + "".join(f"1.  Words{label}\n" for label in items)
    assert labels(body, numbering) == (printed if runs_on else f"1 {printed}")


def test_what_stands_below_a_relabelled_list_is_counted_in_the_next_kind() -> None:
    body = "1.  One\n\n    1.  Two {=(a)}\n    1.  Three\n\n        1.  Four\n"
    assert labels(body, "-/1(1)(a)(i)") == "1 (a) (b) (i)"


def test_headings_have_labels_too() -> None:
    body = (
        "## One\n\n1.  a\n\n## Two {=Part 3}\n\n1.  b\n\n## Three\n\n## Four {=Schedule 1}\n\n1.  c {=1}\n\n"
        "## Foreword {=}\n"
    )
    found = document(body, "Part 1/1")
    assert [str(place) for place in found.provisions()] == [
        "Part 1", "clause 1", "Part 3", "clause 2", "Part 4", "Schedule 1", "clause 1", "section “Foreword”",
    ]  # fmt: skip
    assert [place.anchor for place in found.provisions()] == [
        "part-1", "1", "part-3", "2", "part-4", "schedule-1", "schedule-1.1", "foreword",
    ]  # fmt: skip
    assert labels("## Foreword {=}\n\n1.  a\n\n## One\n\n1.  b\n") == "- 1 1 1.1"


def test_numbered_headings_stand_in_the_count() -> None:
    body = (
        "## A\n\n### B {.numbered}\n\n1.  c\n\n### d\n\n1.  e\n\n### ^^F^^ {.numbered}\n\n"
        "## G\n\n### H {.numbered}\n\n1.  i\n"
    )
    found = document(body, "Part 1/1.1")
    assert [str(place) for place in found.provisions()] == [
        "Part 1", "section 1", "clause 1.1", "clause 1.2", "section 2", "Part 2", "section 3", "clause 3.1",
    ]  # fmt: skip
    assert labels(body) == "1 1.1 1.1.1 1.1.2 1.2 2 2.1 2.1.1"
    first = found.sections[0].below[0]
    assert (
        first.is_heading
        and first.level == 2
        and [part.kind for part in first.content] == ["clause", "cross-heading", "clause"]
    )


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("## S\n\n1.  Words. {.numbered}\n", "P530"), ("## S {.numbered}\n", "P530"),
        ("## S\n\nWords. {=2}\n", "P531"),
        ("## S\n\n-   Words. {=2}\n", "P531"), ("## S\n\n1.  Words. {=((2}\n", "P532"),
        ("## S\n\n1.  Words. {=2 3 4}\n", "P532"),
        ("## S\n\n1.  Words. {=2} {=3}\n", "P533"), ("## S\n\n1.  Words. {=<b>}\n", "P532"),
        ("## S\n\n1.  Words. {= 2A}\n", ""), ("## S {=2A #name}\n\n1.  Words. {#lead =(2A) .internal}\n", ""),
        ("## S\n\n1.  Words {==marked==}{>>A: why<<}\n", ""),
    ],
)  # fmt: skip
def test_slips_in_labels_are_one_line(body: str, code: str) -> None:
    assert [found for found, _ in messages(body)] == ([code] if code else [])


def test_a_name_is_no_other_places_address() -> None:
    assert [code for code, _ in messages("## One\n\n1.  a\n1.  b {#part-1}\n", "Part 1/1")] == ["P261"]
    assert document("## Notes\n\n1.  a {#notes}\n", "none").sections[0].anchor == "notes-2"


# structure


def test_a_policy_may_have_no_sections() -> None:
    found = document("Words.\n\n1.  One\n\n    1.  Two\n\nMore words.\n\n1.  Three\n", "-/1(a)")
    assert not found.sections and [str(place) for place in found.provisions()] == [
        "clause 1",
        "clause 1(a)",
        "clause 2",
    ]
    assert [code for code, _ in messages("1.  One\n")] == ["P202", "P201"]


def test_a_clause_may_begin_with_its_first_sub_clause() -> None:
    body = "## S\n\n1.  1.  One\n    1.  Two\n\n        1.  Three\n\n    and\n\n1.  Four\n"
    found = document(body, "1.1(a)(i)")
    assert [str(place) for place in found.provisions()][1:] == [
        "clause 1.1", "clause 1.1(a)", "clause 1.1(b)", "clause 1.1(b)(i)", "clause 1.2",
    ]  # fmt: skip
    assert [code for code, _ in messages("## S\n\n1.  1.  One\n1.  Two\n")] == ["P216"]  # a number that was typed


def test_such_a_clause_may_have_one_sub_clause_that_has_others() -> None:
    assert (
        labels("## S\n\n1.  1.  a\n\n        1.  x\n        1.  y\n\n1.  z\n", "1(a)(i)(A)") == "1 (a) (i) (A) (B) (b)"
    )


def test_a_clause_without_words_loses_its_first_sub_clause() -> None:
    whole = text("## S\n\n1.  1.  ~~One~~\n    1.  Two\n    1.  Three\n\n1.  Four\n", "1(a)(i)")
    assert accept(whole, "dogs", counting=CLOSED_UP).text == whole.replace("1.  ~~One~~\n    1.  Two", "1.  Two")
    assert reject(whole, "dogs").text == whole.replace("~~", "")


@pytest.mark.parametrize(
    ("old", "new", "marks"),
    [
        (
            "1.  1.  A.\n    1.  B.\n", "1.  1.  A.\n    1.  B.\n    1.  C.\n",
            "1.  1.  A.\n    1.  B.\n    1.  ^^C.^^\n",
        ),
        (
            "1.  1.  A.\n    1.  B.\n", "1.  1.  N.\n    1.  A.\n    1.  B.\n",
            "1.  1.  ^^N.^^\n    1.  A.\n    1.  B.\n",
        ),
        (
            "1.  1.  A.\n    1.  B.\n    1.  C.\n", "1.  1.  B.\n    1.  C.\n",
            "1.  1.  ~~A.~~\n    1.  B.\n    1.  C.\n",
        ),
    ],
)  # fmt: skip
def test_such_a_clause_is_marked(old: str, new: str, marks: str) -> None:
    old, new, marks = (text(f"## S\n\n{body}", "1(a)(i)") for body in (old, new, marks))
    assert marked(old, new, "dogs") == marks


def test_a_label_that_has_changed_is_told_as_such() -> None:
    old, new = text("## S\n\n1.  A.\n1.  B.\n", "1(a)"), text("## S\n\n1.  A.\n1.  B. {=(c)}\n", "1(a)")
    with pytest.raises(Refused, match=r"\{=\(c\)\}, which carries no marks"):
        marked(old, new, "dogs")


def test_words_between_sub_clauses_do_not_interrupt_the_count() -> None:
    assert labels("## S\n\n1.  One:\n\n    1.  a\n\n    or\n\n    1.  b\n", "1(a)(i)") == "1 (a) (i) (ii)"


# letters


def test_what_is_inserted_gets_letters_and_nothing_below_moves() -> None:
    body = (
        "## S\n\n1.  ^^a^^\n1.  b\n1.  ^^c^^\n1.  ^^d^^\n1.  e\n\n    1.  ^^f^^\n    1.  ^^g^^\n\n1.  ^^h^^\n\n"
        "## ^^T^^\n\n1.  ^^i^^\n\n## U\n\n1.  j\n"
    )
    assert labels(body, "", LETTERS) == "1 1.A1 1.1 1.1A 1.1B 1.2 1.2.1 1.2.2 1.2A 1A 1A.1 2 2.1"
    assert labels(body, "1(a)(i)", LETTERS) == "1 (za) (a) (aa) (ab) (b) (i) (ii) (ba) 1A (a) 2 (a)"


@pytest.mark.parametrize("numbering", ["1.(1)", "1.—(1)", "1.1a)", "A.1"])
def test_whatever_stands_round_the_count_is_kept(numbering: str) -> None:
    whole = text("## S\n\n1.  a\n1.  ^^b^^\n1.  c\n", numbering)
    after = accept(whole, "dogs", counting=LETTERS).text
    was, now = (read(one, LETTERS).document for one in (whole, after))
    assert [place.number for place in was.provisions()] == [place.number for place in now.provisions()]


def test_what_stands_below_an_inserted_one_is_not_moved_by_it() -> None:
    body = "1.  q\n\n    1.  a\n    1.  b\n    1.  ba {=(ba)}\n    1.  ^^n^^\n    1.  bb {=(bb)}\n    1.  c\n"
    assert labels(body, "-/1(a)", LETTERS) == "1 (a) (b) (ba) (baa) (bb) (c)"


def test_accepted_they_keep_their_letters() -> None:
    whole = text(
        "## S\n\n1.  a {#lead}\n1.  ^^b^^ {#new}\n1.  c\n\n    1.  d\n    1.  ^^e^^\n    1.  f\n\n## ^^T^^\n\n## U\n",
        "1(a)(i)",
    )
    accepted = accept(whole, "dogs", counting=LETTERS).text
    assert accepted == (
        whole.replace("^^b^^ {#new}", "b {#new} {=(aa)}").replace("^^e^^", "e {=(ia)}").replace("^^T^^", "T {=1A}")
    )
    before, after = read(whole, LETTERS).document, read(accepted, LETTERS).document
    assert [str(place) for place in before.provisions()] == [str(place) for place in after.provisions()]
    assert (
        labels("## S\n\n1.  a\n1.  b {=1A}\n1.  ^^c^^\n1.  d {=1B}\n1.  e\n", "", LETTERS)
        == "1 1.1 1.1A 1.1AA 1.1B 1.2"
    )


# property


@st.composite
def schemed(draw: st.DrawFn) -> tuple[str, list[Item]]:
    """A policy's text in a scheme, some labels given by hand or not."""
    sections = draw(policies())
    whole = sources(sections).replace("---\n", f"---\nnumbering: {json.dumps(draw(st.sampled_from(SAMPLES)))}\n", 1)
    return whole, sections


@settings(max_examples=150)
@given(schemed(), st.sampled_from(ALL))
def test_numbering_is_gapless_and_anchors_are_unique(drawn: tuple[str, list[Item]], counting: Counting) -> None:
    found = read(drawn[0], counting).document
    anchors = [place.anchor for place in found.provisions()]
    assert len(set(anchors)) == len(anchors)
    readings: list[Callable[[Provision], Number | None]] = [
        lambda place: place.number,
        lambda place: place.previous_number,
    ]
    for number_of in readings:
        numbered = [(place, number) for place in found.provisions() if (number := number_of(place)) and number.citation]
        cited = [(place.called, number.whole) for place, number in numbered]
        assert len(cited) == len(set(cited)) or '"A.1"' in drawn[0]  # as appendix A may stand behind section A
        if not counting.with_letters:
            _has_no_gaps(numbered, runs_on="/" in drawn[0].split("\n")[1])


def _has_no_gaps(numbered: list[tuple[Provision, Number]], runs_on: bool) -> None:
    """The places of each list have the first members of their series, none left out."""
    lists: dict[tuple[int, bool, int], list[str]] = {}
    above: dict[int, int] = {}
    for nth, (place, number) in enumerate(numbered):
        holder = -1 if place.level == 1 or (runs_on and place.level == 2) else above.get(place.level - 1, -1)
        above[place.level] = nth
        core = re.findall(r"\w+", number.label)[-1]
        lists.setdefault((place.level, place.kind == "appendix", holder), []).append(core)
    for (_, is_appendix, _), cores in lists.items():
        series = next(series for series in counts.SERIES if counts.member(1, series) == cores[0])
        members = [counts.letters(n) if is_appendix else counts.member(n, series) for n in range(1, len(cores) + 1)]
        assert cores == members


def said(found: Document, reading: Reading) -> list[object]:
    return [replace(line, name="") for line in outline(found, reading)]


@settings(max_examples=150)
@given(schemed(), st.sampled_from(ALL), st.sampled_from(("amended", "previous")))
def test_accepted_and_rejected_it_says_what_its_reading_said(
    drawn: tuple[str, list[Item]], counting: Counting, reading: Reading
) -> None:
    whole, _ = drawn
    resolve = accept if reading == "amended" else reject
    after = read(resolve(whole, "dogs", comments="drop", counting=counting).text, counting).document
    before = read(whole, counting).document
    assert said(after, "amended") == said(before, reading)
    numbers = [place.number if reading == "amended" else place.previous_number for place in before.provisions()]
    assert [place.number for place in after.provisions()] == [number for number in numbers if number]


@settings(max_examples=100)
@given(schemed())
def test_marks_written_for_a_change_give_back_both_texts(drawn: tuple[str, list[Item]]) -> None:
    whole, _ = drawn
    old, new = (resolve(whole, "dogs", comments="drop", counting=CLOSED_UP).text for resolve in (reject, accept))
    try:
        again = marked(old, new, "dogs")
    except Refused as error:  # as test_redline.py tells
        assert "is internal in the text before or after" in str(error) or "marks can't show this change" in str(error)
        return
    assert said(
        read(reject(again, "dogs", comments="drop", counting=CLOSED_UP).text, CLOSED_UP).document, "amended"
    ) == said(read(old, CLOSED_UP).document, "amended")


@settings(max_examples=100)
@given(schemed())
def test_the_external_edition_has_the_same_numbers(drawn: tuple[str, list[Item]]) -> None:
    whole, _ = drawn
    full = read(whole).document
    by_line = {place.line: place for place in full.provisions()}
    for place in withhold(full).provisions():
        assert (place.number, place.previous_number) == (
            by_line[place.line].number,
            by_line[place.line].previous_number,
        )


@settings(max_examples=100)
@given(schemed(), schemed())
def test_compared_two_papers_give_back_both(one: tuple[str, list[Item]], other: tuple[str, list[Item]]) -> None:
    before, after = (rejected(with_missing(read(whole).document)) for whole, _ in (one, other))
    both = with_missing(compare(before, after))
    numbers = {place.line: place.number for place in after.provisions()}
    assert [line.text for line in outline(accepted(both), "amended")] == [
        line.text for line in outline(after, "amended")
    ]
    assert [line.text for line in outline(rejected(both), "amended")] == [
        line.text for line in outline(before, "amended")
    ]
    assert all(
        place.number in (None, numbers.get(place.line)) for place in both.provisions() if place.status != "deleted"
    )


# merged cells


@pytest.mark.parametrize(
    ("rows", "is_refused"),
    [
        ("| a | b |\n| - | - |\n| wide ||\n", True), ("| a | b |\n| - | - |\n|| b |\n", False),
        ("| a | b |\n| - | - |\n| x | ^^ |\n", True), ("| a | b |\n| - | - |\n| x | < |\n", True),
        ("| a | b |\n| - | - |\n| x |   |\n", False), ("a | b\n--- | ---\nx |\n", False),
        ("a | b\n--- | ---\nx | \n", False),
        ("a | b | c\n--- | --- | ---\nx || y\n", True), ("| a | b |\n| - | - |\n| x < 2 | `||` |\n", False),
    ],
)  # fmt: skip
def test_cells_that_other_programs_merge_are_refused(rows: str, is_refused: bool) -> None:
    body = "## S\n\n1.  T:\n\n" + "".join(f"    {row}\n" for row in rows.splitlines())
    assert [code for code, _ in messages(body) if code == "P236"] == ["P236"] * is_refused


# what is made of it


@pytest.fixture(scope="module")
def editions() -> dict[Edition, dict[str, Policy]]:
    found = {which: council.read(SCHEMES, which, Settings(council=Council(name="X"))) for which in EDITIONS}
    assert not any(policies.problems for policies in found.values())
    return {which: dict(policies.published) for which, policies in found.items()}


def test_references_print_what_a_place_is_called(editions: dict[Edition, dict[str, Policy]]) -> None:
    page = re.sub(r"<[^>]+>", "", written.article(editions["external"]["standing-orders"]))
    assert "Notice is given under standing order 1(a) by" in page and "declarations under Standing Order 1(f)." in page
    assert "being open" in written.article(editions["external"]["statement-of-values"])
    assert "see “How we work” and" in re.sub(
        r"<[^>]+>", "", written.article(editions["external"]["statement-of-values"])
    )


def test_a_page_says_the_whole_number(editions: dict[Edition, dict[str, Policy]]) -> None:
    page = written.page(editions["internal"]["standing-orders"])
    assert '<a href="#1.b.viii" aria-label="standing order 1(b)(viii)">(viii)</a>' in page
    assert 'id="1(b)(viii)"' in page and 'data-cited="standing order 1(b)(viii)"' in page
    assert "[deleted: (a)" not in page  # its number changes, and what is printed of it doesn't


def test_what_has_no_number_says_none_of_its_words_outside(editions: dict[Edition, dict[str, Policy]]) -> None:
    assert "rota" in written.page(editions["internal"]["statement-of-values"])
    assert "rota" not in written.page(editions["external"]["statement-of-values"])
    assert "rota" not in json.dumps(written.as_data(editions["external"]["statement-of-values"]))


def test_the_words_of_a_label_are_kept_inside_with_its_place() -> None:
    body = (
        "## Open\n\n1.  x\n1.  y {=(kanary)} {.internal}\n\n## Hidden {=Annex Kanary} {.internal}\n\n1.  z\n\n"
        "## Other {=Annex 2} {.internal}\n"
    )
    page = written.page(finished(body, "external")) + json.dumps(written.as_data(finished(body, "external")))
    assert "anary" not in page and "Annex 2" in page


def test_what_was_for_staff_only_becomes_public_by_no_mark() -> None:
    old = text("## S\n\n1.  Only staff know this.\n").replace("external: [Website]", "internal: [Staff]")
    with pytest.raises(Refused, match="marks would publish"):
        marked(old, text("## S\n\n1.  Everybody knows this.\n"), "dogs")


def test_data_have_the_scheme_and_labels(editions: dict[Edition, dict[str, Policy]]) -> None:
    found = written.as_data(editions["external"]["standing-orders"])
    assert found["numbering"] == "standing order 1(a)(i)"
    clause = next(clause for clause in found["clauses"] if clause["id"] == "1.b.viii")
    assert (clause["number"], clause["label"]) == ("1(b)(viii)", "(viii)")
    values = written.as_data(editions["external"]["statement-of-values"])["clauses"]
    assert all(clause["number"] is None and clause["label"] is None and clause["id"] for clause in values)
    assert Counter(clause["kind"] for clause in values) == {"section": 2, "clause": 5}


# names of what has no number

NAMED = """## S

1.  Words:

    officer {#officer}
    :   Whoever keeps the keys.

    -   the first of these things that is kept for seven years {#first}

        Not a word of this. {.internal}

    | Who | Call |
    | --- | ---- |
    | Mayor | 123 | {#mayor}
    | Caretaker | 456 | {.internal #caretaker}

1.  See [term](#officer), [Clause](#first), [row](#mayor) and [the mayor](#mayor).
"""


def finished(body: str, edition: Edition) -> Policy:
    source, problems = policy_files.read("dogs", "policy_src/dogs.md", text(body).encode())
    assert source and not problems
    one = policy.read(source, edition, Path("policy_src"))
    faults = references.problems(one.path, "dogs", one.references, {"dogs": one.destination()})
    assert not one.problems and not faults, (one.problems, faults)
    return one.finished({"dogs": one.destination()})


@pytest.mark.parametrize("edition", EDITIONS)
def test_terms_bullets_and_rows_are_cited_by_their_words(edition: Edition) -> None:
    page = written.page(finished(NAMED, edition))
    assert '<dt id="officer">' in page and '<li id="first">' in page and '<tr id="mayor">' in page
    assert "See “officer” in 1.1, “the first of these things that …” in 1.1, “Mayor” in 1.1 and the mayor." in re.sub(
        r"<[^>]+>", "", page
    )
    assert ("caretaker" in page) == (edition == "internal")


def test_a_bullet_is_cited_without_what_stands_in_it() -> None:
    body = "## S\n\n1.  Words:\n\n    -   Keys {#keys}\n\n        Hidden. {.internal}\n\n1.  See [bullet](#keys).\n"
    assert "See “Keys” in 1.1." in re.sub(r"<[^>]+>", "", written.page(finished(body, "internal")))
    assert "Hidden" not in written.page(finished(body, "external"))


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("1.  A. {#x}\n\n    b {#x}\n    :   c\n", "P504"),
        ("1.  A.\n\n    b {#x}\n    :   c\n\n1.  D. {#x}\n", "P504"),
        ("1.  A:\n\n    -   b {#x} {#y}\n", "P505"), ("1.  A:\n\n    -   b {#X}\n", "P503"),
        ("1.  A:\n\n    | a | {#x}\n    | - |\n    | b |\n", "P522"),
    ],
)  # fmt: skip
def test_slips_in_such_names(body: str, code: str) -> None:
    assert [found for found, _ in messages("## S\n\n" + body)] == [code]


# typed citations


@pytest.mark.parametrize(
    ("words", "said_of_it"),
    [
        ("see Standing Order 1(a)", "Write [standing order](#lead), which prints standing order 1(a)."),
        ("see standing order 1(b)", "Write {#name} at the end of line 14, and [standing order](#name) here"),
        ("under paragraph 14(1)(b)", "There is no such place here."),
        ("under standing order 9", "There is no such place here."),
        ("section 52 of the Localism Act 2011", ""),
        ("paragraph 4 of our lease", ""),
        ("clauses 1(a) and 1(b)", "Write [standing order](#lead)"),
        ("see [Standing Order 1(a)](#lead)", ""),
        ("the Standing Orders 2015 apply", ""),
        ("section 6 ECHR", ""),
        ("standing order 9 of the UK GDPR", ""),
        ("standing orders 1(a) and 9(q)", "Write [standing order](#lead)"),
        ("three standing orders", ""),
    ],
)
def test_numbers_that_are_typed(words: str, said_of_it: str) -> None:
    whole = text(f"## S\n\n1.  Dogs. {{#lead}}\n\n1.  It is so: {words}.\n", "standing order 1(a)(i)")
    source, _ = policy_files.read("dogs", "policy_src/dogs.md", whole.encode())
    assert source
    found = list(typed(source, parsed(source).document, passages(parsed(source).document, source)))
    assert {problem.code for problem in found} == ({"P606"} if said_of_it else set())
    assert said_of_it in "".join(map(str, found))
