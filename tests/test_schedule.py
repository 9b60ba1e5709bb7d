"""The schedule of amendments can be carried out: by a clerk who has nothing but the text in force and its sentences."""

import re

import pytest
import test_every_position
import written
from clerk import Clerk, Line
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_invariants import FRONT_MATTER, SECRET, Item, policies, sound, sources
from test_numbering import ALL, read, schemed, text

from policydoc.editions.withhold import EDITIONS
from policydoc.model.compare import compare
from policydoc.model.document import Document
from policydoc.model.missing import with_missing
from policydoc.model.outline import NOT_PUBLISHED
from policydoc.model.schedule import changes
from policydoc.model.settled import accepted, rejected
from policydoc.source.numbering import AS_USUAL, CLOSED_UP, Counting


def carried_out(document: Document) -> list[Line]:
    """What becomes of the text in force."""
    called = {place.called for place in document.provisions()}
    clerk = Clerk(rejected(document), called)
    return clerk.carry_out((change.name, change.location, change.words) for change in changes(document))


def as_amended(document: Document) -> list[Line]:
    return Clerk(accepted(document), set()).carry_out(())


def check(document: Document) -> None:
    document = with_missing(document)
    assert carried_out(document) == as_amended(document)


@settings(max_examples=60)
@given(policies(), st.sampled_from((AS_USUAL, CLOSED_UP)))
def test_a_clerk_can_carry_it_out(sections: list[Item], counting: Counting) -> None:
    check(read(sources(sections), counting).document)


@settings(max_examples=60)
@given(schemed(), st.sampled_from(ALL))
def test_it_can_be_carried_out_however_a_paper_is_numbered(drawn: tuple[str, list[Item]], counting: Counting) -> None:
    check(read(drawn[0], counting).document)


@settings(max_examples=60)
@given(policies(), policies())
def test_what_a_comparison_says_can_be_carried_out(one: list[Item], other: list[Item]) -> None:
    before, after = (rejected(with_missing(read(sources(sections)).document)) for sections in (one, other))
    check(compare(before, after))


@settings(max_examples=100, suppress_health_check=list(HealthCheck))
@given(test_every_position.policies())
def test_marks_in_every_position_can_be_carried_out(case: test_every_position.Case) -> None:
    """Bullets in boxes, tables in quotations; but for footnotes, which no instruction has apart from their signs."""
    without_signs = re.sub(r"\[\^n\d+\](?!:)", "", case.text).partition("\n[^n0]:")[0] + "\n"
    document = with_missing(read(without_signs).document)
    assert as_paragraphs(carried_out(document)) == as_paragraphs(as_amended(document))


def as_paragraphs(lines: list[Line]) -> list[Line]:
    """A bullet whose first paragraph goes begins with another; here all are paragraphs."""
    return [("paragraph" if noun == "bullet" else noun, words) for noun, words in lines]


@settings(max_examples=100)
@given(policies(), st.sampled_from((AS_USUAL, CLOSED_UP)))
def test_both_editions_number_it_alike(sections: list[Item], counting: Counting) -> None:
    inside, outside = (sound(sources(sections), edition, counting).schedule for edition in EDITIONS[::-1])
    assert [change.number for change in inside] == list(range(1, len(inside) + 1))
    assert [change.number for change in outside] == [change.number for change in inside]
    for full, public in zip(inside, outside, strict=True):
        if public.words == NOT_PUBLISHED:
            assert SECRET not in public.location and public.deed == "not published"
        else:
            assert (public.deleted, public.inserted, public.id) == (full.deleted, full.inserted, full.id) or full.whole


# sentence by sentence

SENTENCES: dict[str, tuple[str, list[str]]] = {
    "which of several": (
        "## S\n\n1.  The fee is £75, and £75 for a ~~£75~~ ^^£100^^ dog.\n",
        ["1.1: for the third “£75” substitute “£100”"],
    ),
    "which of many": (
        "## S\n\n1.  the a the b the c ~~the~~ ^^a^^ d the e\n",
        ["1.1: for “the” in “c the d” substitute “a”"],
    ),
    "a word that is a part of others": (
        "## S\n\n1.  All cats may eat ~~a~~ ^^one^^ pear.\n",
        ["1.1: for “a” substitute “one”"],
    ),
    "marks within a word": (
        "## S\n\n1.  Pay the fee^^s^^ of (~~un~~registered) dogs.\n",
        ["1.1: for “fee” substitute “fees”", "1.1: for “(unregistered)” substitute “(registered)”"],
    ),
    "what goes beside what comes elsewhere": (
        "## S\n\n1.  a ~~b~~ ^^c^^ ~~d~~ e ^^f^^ g\n",
        ["1.1: for “b” substitute “c”", "1.1: delete “d”", "1.1: after “a b d e” insert “f”"],
    ),
    "a new section and what is in it": (
        "## S\n\n1.  One.\n\n## ^^T^^\n\n^^Words.^^\n\n1.  ^^Two:^^\n\n    - ^^a^^\n    - ^^b^^\n\n"
        "    1.  ^^Three.^^\n\n## U\n\n1.  Four ~~and~~ more.\n",
        [
            "after section 1 (will be 2): insert the section “T”",
            "in A1, unnumbered text: insert the unnumbered paragraph “Words.”",
            "in A1 (will be 2.1): insert the clause “Two:”, the bullet “a”, the bullet “b”",
            "in A3 (will be 2.1.1): insert the clause “Three.”",
            "2.1 (will be 3.1): delete “and”",
        ],
    ),
    "a table": (
        "## S\n\n1.  Fees:\n\n    | What | Fee |\n    |---|---|\n    | Hall | ~~£75~~ ^^£80^^ |\n"
        "    | Hall | £5 ^^each^^ |\n    | ~~Park~~ | ~~£1~~ |\n    | ^^Room^^ | ^^£2^^ |\n",
        [
            "1.1: in the first row “Hall” under “Fee”, for “£75” substitute “£80”",
            "1.1: in the second row “Hall” under “Fee”, after “£5” insert “each”",
            "1.1: delete the row “Park”",
            "1.1: after the row “Park” insert the row “Room | £2”",
        ],
    ),
    "a table as a whole": (
        "## S\n\n1.  Fees:\n\n    | ^^a^^ | ^^b^^ |\n    |---|---|\n    | ^^c^^ | ^^d^^ |\n",
        ["1.1: after the paragraph insert the table with the row “a | b”, the row “c | d”"],
    ),
    "bullets": (
        "## S\n\n1.  One:\n\n    - a ~~x~~\n    - b ~~x~~\n    - ^^c^^\n\n    and ~~x~~\n",
        [
            "1.1: in the first bullet, delete “x”",
            "1.1: in the second bullet, delete “x”",
            "1.1: after the second bullet insert the bullet “c”",
            "1.1: in the second paragraph, delete “x”",
        ],
    ),
    "footnotes": (
        "## S\n\n1.  One^^[^new]^^ and two[^old].\n\n[^new]: Of late.\n[^old]: Of ~~old~~ ^^yore^^.\n",
        ["1.1: after “One” insert a footnote, “Of late.”", "footnote 1: for “old” substitute “yore”"],
    ),
    "looks and links": (
        "## S\n\n1.  ~~The Act~~ ^^[The Act](https://example.org)^^ is ~~good~~ ^^**good**^^ for ~~*you*~~ ^^you^^.\n",
        [
            "1.1: link “The Act” to “https://example.org”",
            "1.1: print “good” in bold",
            "1.1: print “you” no longer in italics",
        ],
    ),
    "a place that moves": (
        "## S\n\n1.  ~~Dogs may come in.~~\n1.  Two.\n\n## T\n\n1.  Three.\n1.  ^^Dogs may come in.^^\n",
        ["1.1: move clause 1.1 to stand after 2.1, as 2.2"],
    ),
    "a place that moves and is reworded": (
        "## S\n\n1.  ~~Dogs may come in.~~\n1.  Two.\n1.  ^^Dogs must stay.^^ {#dogs}\n",
        ["1.1: delete clause 1.1, “Dogs may come in.”", "after 1.2 (will be 1.3): insert the clause “Dogs must stay.”"],
    ),
    "a heading that goes": (
        "## S\n\n1.  One.\n\n## ~~T~~\n\n1.  Two ~~three~~.\n",
        ["2: delete section 2, “T”; what stands below it stays", "2.1: delete “three”"],
    ),
    "quotations": (
        "## S\n\n1.  A ~~“dog”~~ ^^“cat”^^ barks.\n",
        ["1.1: for ““dog”” substitute ““cat””"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", SENTENCES)
def test_it_says(case: str) -> None:
    body, sentences = SENTENCES[case]
    document = with_missing(read(text(body)).document)
    assert [f"{change.location}: {change.words}" for change in changes(document)] == sentences
    if "look" not in case and "footnotes" not in case:
        check(document)


def test_numbers_that_print_alike_are_told_apart() -> None:
    body = "1.  One:\n\n    1.  a ~~x~~ {=(a)}\n\n    or\n\n    1.  b ~~x~~ {=(a)}\n\n1.  Two.\n"
    document = with_missing(read(text(body, "-/1(a)")).document)
    assert [change.location for change in changes(document)] == ["clause 1(a) “a x”", "clause 1(a) “b x”"]
    check(document)


def test_what_has_no_number_is_told_by_its_first_words() -> None:
    body = "## Values\n\n1.  Be ~~very~~ open.\n1.  Be kind to the dogs of all people.\n1.  ^^Be brief.^^\n"
    document = with_missing(read(text(body, "none")).document)
    assert [f"{change.location}: {change.words}" for change in changes(document)] == [
        "“Be very open.”: delete “very”",
        "after “Be kind to the dogs of …”: insert the clause “Be brief.”",
    ]
    check(document)


def test_the_data_say_the_number_in_force() -> None:
    policy = sound(FRONT_MATTER + "\n## S\n\n1.  ^^New.^^\n1.  Old ~~x~~.\n")
    assert written.as_data(policy)["amendments"] == [
        {
            "id": "A1", "clause": "1.1", "place": "1.1", "kind": "insert", "words": "insert the clause “New.”",
            "location": "at the beginning of section 1 (will be 1.1)", "previous_number": None,
        },
        {
            "id": "A2", "clause": "1.2", "place": "1.2", "kind": "delete", "words": "delete “x”",
            "location": "1.1 (will be 1.2)", "previous_number": "1.1",
        },
    ]  # fmt: skip
