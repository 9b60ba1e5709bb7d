"""Accepting and rejecting amendments in the text itself: nothing but the amended words is touched."""

import re
from typing import Any

import pytest
from building import FIRST_POLICY
from hypothesis import given
from hypothesis import strategies as st
from test_invariants import FRONT_MATTER, Item, policies, scribbles, sources

from policydoc.amending import accept_reject, rewriting
from policydoc.amending.accept_reject import accept, reject
from policydoc.amending.blocks import blocks_of, split
from policydoc.amending.proof import read
from policydoc.amending.rewriting import Refused
from policydoc.model.document import Comment, Document, Reading
from policydoc.model.outline import DELETED, opening
from policydoc.model.runs import plain
from policydoc.source.numbering import AS_USUAL, CLOSED_UP, Counting

HEAD = FRONT_MATTER + "## Purpose\n\n"
READINGS: tuple[Reading, ...] = ("amended", "previous")
RESOLVE = {"amended": accept, "previous": reject}

# What is typed; what it is once accepted, and once rejected (comments dropped). All stand below HEAD.
CASES: dict[str, tuple[str, str, str]] = {
    "words": ("1.  All ~~members and~~ staff.\n", "1.  All staff.\n", "1.  All members and staff.\n"),
    "new words": ("1.  All ^^kind^^ staff.\n", "1.  All kind staff.\n", "1.  All staff.\n"),
    "one for another": ("1.  They ~~may~~ ^^must^^ ask.\n", "1.  They must ask.\n", "1.  They may ask.\n"),
    "side by side": ("1.  They ~~may~~^^must^^ ask.\n", "1.  They must ask.\n", "1.  They may ask.\n"),
    "within a word": ("1.  The colo~~u~~r.\n", "1.  The color.\n", "1.  The colour.\n"),
    "before a full stop": ("1.  Ask us ~~first~~.\n", "1.  Ask us.\n", "1.  Ask us first.\n"),
    "at the beginning": ("1.  ~~All~~ staff ask.\n", "1.  staff ask.\n", "1.  All staff ask.\n"),
    "at the end": ("1.  Staff ask ~~first~~\n", "1.  Staff ask\n", "1.  Staff ask first\n"),
    "a comma": ("1.  word~~,~~ and\n", "1.  word and\n", "1.  word, and\n"),
    "over two lines": (
        "1.  All ~~members\n    and~~ staff.\n",
        "1.  All staff.\n",
        "1.  All members\n    and staff.\n",
    ),
    "at a line's beginning": ("1.  All\n    ~~kind~~ staff.\n", "1.  All\n    staff.\n", "1.  All\n    kind staff.\n"),
    "a line's only words": (
        "1.  All\n    ~~kind~~\n    staff.\n",
        "1.  All\n    staff.\n",
        "1.  All\n    kind\n    staff.\n",
    ),
    "spaces elsewhere": (
        "1.  Two  spaces ~~go~~ stay.  \n",
        "1.  Two  spaces stay.  \n",
        "1.  Two  spaces go stay.  \n",
    ),
    "bold left empty": ("1.  One **~~two~~** three.\n", "1.  One three.\n", "1.  One **two** three.\n"),
    "a link left empty": (
        "1.  See [~~this~~](https://example.org) now.\n",
        "1.  See now.\n",
        "1.  See [this](https://example.org) now.\n",
    ),
    "in bold": ("1.  **One ~~two~~** three.\n", "1.  **One** three.\n", "1.  **One two** three.\n"),
    "signs in code stay": ("1.  `~~x~~` ~~y~~ z\n", "1.  `~~x~~` z\n", "1.  `~~x~~` y z\n"),
    "escaped signs stay": ("1.  \\~~x ~~y~~ z\n", "1.  \\~~x z\n", "1.  \\~~x y z\n"),
    "signs in an address stay": (
        "1.  [a](https://example.org/~~b~~c) ~~y~~ z\n",
        "1.  [a](https://example.org/~~b~~c) z\n",
        "1.  [a](https://example.org/~~b~~c) y z\n",
    ),
    "subscript stays": ("1.  H~2~O ~~and~~ CO~2~\n", "1.  H~2~O CO~2~\n", "1.  H~2~O and CO~2~\n"),
    "a comment": ("1.  One {>>JW: why?<<} two.\n", "1.  One two.\n", "1.  One two.\n"),
    "a comment on words": ("1.  {==One==}{>>JW: why?<<} two.\n", "1.  One two.\n", "1.  One two.\n"),
    "a comment on a mark": ("1.  {==~~One~~==}{>>JW: why?<<} two.\n", "1.  two.\n", "1.  One two.\n"),
    "a comment over lines": ("1.  One <!-- why\n\n    so? --> two.\n", "1.  One two.\n", "1.  One two.\n"),
    "a comment alone": (
        "1.  One.\n\n    {>>JW: why?<<}\n\n1.  Two.\n",
        "1.  One.\n\n1.  Two.\n",
        "1.  One.\n\n1.  Two.\n",
    ),
    "a deleted clause": (
        "1.  One.\n1.  ~~Two.~~\n1.  Three.\n",
        "1.  One.\n1.  Deleted.\n1.  Three.\n",
        "1.  One.\n1.  Two.\n1.  Three.\n",
    ),
    "an inserted clause": (
        "1.  One.\n1.  ^^Two.^^ {#two}\n1.  Three.\n",
        "1.  One.\n1.  Two. {#two}\n1.  Three.\n",
        "1.  One.\n1.  Three.\n",
    ),
    "a deleted clause with a name": (
        "1.  One.\n1.  ~~Two.~~ {#two .internal}\n",
        "1.  One.\n1.  Deleted. {.internal}\n",
        "1.  One.\n1.  Two. {#two .internal}\n",
    ),
    "a deleted paragraph": (
        "1.  One.\n\n    ~~More.~~\n\n1.  Two.\n",
        "1.  One.\n\n1.  Two.\n",
        "1.  One.\n\n    More.\n\n1.  Two.\n",
    ),
    "a deleted paragraph with attributes": (
        "1.  One.\n\n    ~~More.~~\n\n    {.internal}\n\n1.  Two.\n",
        "1.  One.\n\n1.  Two.\n",
        "1.  One.\n\n    More.\n\n    {.internal}\n\n1.  Two.\n",
    ),
    "the first of two paragraphs": (
        "1.  ~~One.~~ {#one}\n\n    More.\n\n1.  Two.\n",
        "1.  More. {#one}\n\n1.  Two.\n",
        "1.  One. {#one}\n\n    More.\n\n1.  Two.\n",
    ),
    "the last clause, tight, before text": (
        "1.  One.\n1.  ^^Two.^^\n\nText.\n",
        "1.  One.\n1.  Two.\n\nText.\n",
        "1.  One.\n\nText.\n",
    ),
    "a deleted section": (
        "1.  One.\n\n## ~~Fees~~ {.appendix}\n\n1.  ~~Two.~~\n",
        "1.  One.\n\n## Deleted. {.appendix}\n\n1.  Deleted.\n",
        "1.  One.\n\n## Fees {.appendix}\n\n1.  Two.\n",
    ),
    "an inserted heading": (
        "1.  One.\n\n## ^^Fees^^\n\n1.  Two.\n",
        "1.  One.\n\n## Fees\n\n1.  Two.\n",
        "1.  One.\n\n1.  Two.\n",
    ),
    "a cross-heading and a bullet": (
        "### ~~Old~~\n\n1.  One:\n\n    - ^^a^^\n    - b\n",
        "1.  One:\n\n    - a\n    - b\n",
        "### Old\n\n1.  One:\n\n    - b\n",
    ),
    "a table's row and cell": (
        "| a | b |\n|---|---|\n| ~~c~~ | ~~d~~ |\n| e ~~f~~ | g |\n",
        "| a | b |\n|---|---|\n| e | g |\n",
        "| a | b |\n|---|---|\n| c | d |\n| e f | g |\n",
    ),
    "a whole table": (
        "1.  One.\n\n    | ^^a^^ | ^^b^^ |\n    |---|---|\n    | ^^c^^ | ^^d^^ |\n\n1.  Two.\n",
        "1.  One.\n\n    | a | b |\n    |---|---|\n    | c | d |\n\n1.  Two.\n",
        "1.  One.\n\n1.  Two.\n",
    ),
    "a quote and a footnote": (
        "> They ~~may~~ ^^must^^.[^1]\n\n[^1]: So ~~it was~~ ^^it is^^.\n",
        "> They must.[^1]\n\n[^1]: So it is.\n",
        "> They may.[^1]\n\n[^1]: So it was.\n",
    ),
    "Windows line ends": (
        "1.  ~~One~~ ^^Two^^.\r\n1.  ~~Gone.~~\r\n",
        "1.  Two.\r\n1.  Deleted.\r\n",
        "1.  One.\r\n1.  Gone.\r\n",
    ),
    "what has moved": (
        "1.  ~~One.~~ {#one}\n1.  Two, see [clause](#one).\n1.  ^^One.^^ {#one}\n",
        "1.  Deleted.\n1.  Two, see [clause](#one).\n1.  One. {#one}\n",
        "1.  One. {#one}\n1.  Two, see [clause](#one).\n",
    ),
    "a sign in place of words": (
        "1.  Use phones ~~and tablets.~~^^:^^\n1.  Ask ~~first~~^^,^^ and pay.\n",
        "1.  Use phones:\n1.  Ask, and pay.\n",
        "1.  Use phones and tablets.\n1.  Ask first and pay.\n",
    ),
    "a bullet with what is in it": (
        "1.  A:\n\n    - a\n    - ~~b~~\n        - ~~c~~\n    - d\n",
        "1.  A:\n\n    - a\n    - d\n",
        "1.  A:\n\n    - a\n    - b\n        - c\n    - d\n",
    ),
    "a bullet of a list that is internal": (
        "1.  A:\n\n    - a\n    - ~~b~~\n\n    {.internal}\n",
        "1.  A:\n\n    - a\n\n    {.internal}\n",
        "1.  A:\n\n    - a\n    - b\n\n    {.internal}\n",
    ),
    "the first of two paragraphs, internal": (
        "1.  ~~One.~~\n\n    {.internal}\n\n    Two.\n",
        "1.  Two.\n",
        "1.  One.\n\n    {.internal}\n\n    Two.\n",
    ),
    "below a note's head and a link's address": (
        '!!! note "T"\n    Text ~~x~~ y. {>>TA: hm<<}\n\n[a]: https://example.org/\nMore ~~x~~ [y][a].\n',
        '!!! note "T"\n    Text y.\n\n[a]: https://example.org/\nMore [y][a].\n',
        '!!! note "T"\n    Text x y.\n\n[a]: https://example.org/\nMore x [y][a].\n',
    ),
    "above all": (
        "## ^^New^^\n\n1.  One.\n",
        "## New\n\n1.  One.\n",
        "1.  One.\n",
    ),
    "fenced code": (
        "1.  One ~~two~~.\n\n    ```\n    ~~x~~\n\n    1. y\n    ```\n",
        "1.  One.\n\n    ```\n    ~~x~~\n\n    1. y\n    ```\n",
        "1.  One two.\n\n    ```\n    ~~x~~\n\n    1. y\n    ```\n",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_resolved_text(name: str) -> None:
    typed, *expected = CASES[name]
    found = [RESOLVE[reading](HEAD + typed, "test", comments="drop").text for reading in READINGS]
    assert [text.removeprefix(HEAD) for text in found] == expected


def test_deleted_places_leave_no_trace_where_numbers_close_up() -> None:
    text = HEAD + "1.  One.\n1.  ~~Two.~~\n1.  Three.\n\n## ~~Fees~~\n\n1.  Four.\n"
    assert accept(text, "test", counting=CLOSED_UP).text == HEAD + "1.  One.\n1.  Three.\n\n1.  Four.\n"


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("1.  One ~~two.\n", "never closed"),
        (
            "1.  One {>>JW: why?<<} two.\n",
            r"policy_src/test.md:10: clause 1.1: the comment by JW is not resolved: why\?",
        ),
        ("1.  ~~One.~~\n\n    - A bullet.\n", "would begin with a list or table"),
        ("1.  One ~~two[^1]~~.\n\n[^1]: Note.\n", r"nothing refers to the footnote \[\^1\]"),
        ("1.  ~~All CO~2~~~ goes.\n", "which sign of ~~~ is the mark's"),
        ("1.  A:\n\n    - a\n    - ~~b~~\n        - c\n", "a bullet goes, but what stands in it stays"),
        ("1.  A.\n\n> a\n\n> ~~b~~\n\n{.internal}\n", "what is internal would become public: “a”"),
    ],
)
def test_refused(typed: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        accept(HEAD + typed, "test")


@pytest.mark.parametrize(
    "typed",
    [
        "1.  One.\n\n## ^^Radios^^ {.internal}\n\n1.  Secret.\n",
        "1.  One.\n\n1.  ^^Radios:^^ {.internal}\n\n    1.  Secret.\n",
    ],
)
def test_what_is_internal_never_falls_among_what_is_public(typed: str) -> None:
    with pytest.raises(Refused, match=r"what is internal would become public: “Secret.”"):
        reject(HEAD + typed, "test")
    with pytest.raises(Refused, match=r"what is internal would become public: “Secret.”"):
        accept(HEAD + typed.replace("^^", "~~"), "test", counting=CLOSED_UP)


def test_the_two_ends_of_a_move_go_together() -> None:
    typed = "1.  ~~One two three.~~\n1.  ^^New.^^\n1.  ^^One two three.^^\n"
    for only in ("1.1", "1.3"):
        done = accept(HEAD + typed, "test", only=[only])
        assert done.text == HEAD + "1.  Deleted.\n1.  ^^New.^^\n1.  One two three.\n"


def test_a_new_clause_goes_with_its_new_section() -> None:
    typed = "1.  A.\n\n## ^^New^^\n\n1.  ^^B.^^\n"
    with pytest.raises(Refused, match=r"clause 2.1 stands in section 2, which is new as well. Add --only 2"):
        accept(HEAD + typed, "test", only=["2.1"])
    assert accept(HEAD + typed, "test", only=["2"]).left == 0


@pytest.mark.parametrize(
    ("only", "text"),
    [
        (["1.1"], "1.  One.\n1.  A ~~b~~.\n\n    1.  ^^C.^^ {>>JW: new<<}\n\n~~Text~~ ^^Words^^. {>>TA: so<<}\n"),
        (["1.2"], "1.  ~~Nil.~~ ^^One.^^\n1.  A.\n\n    1.  C.\n\n~~Text~~ ^^Words^^. {>>TA: so<<}\n"),
        (["JW"], "1.  ~~Nil.~~ ^^One.^^\n1.  A ~~b~~.\n\n    1.  C.\n\n~~Text~~ ^^Words^^. {>>TA: so<<}\n"),
        (["1"], "1.  One.\n1.  A.\n\n    1.  C.\n\nWords. {>>TA: so<<}\n"),
        (["1.1", "JW"], "1.  One.\n1.  A ~~b~~.\n\n    1.  C.\n\n~~Text~~ ^^Words^^. {>>TA: so<<}\n"),
    ],
)  # fmt: skip
def test_only_some(only: list[str], text: str) -> None:
    typed = "1.  ~~Nil.~~ ^^One.^^\n1.  A ~~b~~.\n\n    1.  ^^C.^^ {>>JW: new<<}\n\n~~Text~~ ^^Words^^. {>>TA: so<<}\n"
    done = accept(HEAD + typed, "test", only=only, comments="drop")
    assert done.text == HEAD + text
    assert done.amendments + done.left == 4
    with pytest.raises(Refused, match=r"no amendment stands in clause 9.9, and none has a comment by 9.9"):
        accept(HEAD + typed, "test", only=[*only, "9.9"])


def test_a_fault_of_our_own_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Were a word to go with its neighbour's mark, nothing would be written: what comes out is read again."""
    typed = HEAD + "1.  Staff ~~and members~~ ask.\n"
    real = rewriting.rewritten

    def faulty(*pieces: Any, **settings: Any) -> str:
        return real(*pieces, **settings).replace("ask", "")

    monkeypatch.setattr(accept_reject, "rewritten", faulty)
    with pytest.raises(Refused, match=r"near clause 1.1: the marks can't be taken out without changing other words"):
        accept(typed, "test")


def is_clean(document: Document) -> bool:
    """Whether nothing in it is marked, and no comment stands in it."""
    return not any(run.mark or isinstance(run.thing, Comment) for _, run in document.runs())


def said(document: Document, reading: Reading) -> list[tuple[str, str]]:
    """Numbers and words of a reading, place by place."""
    pairs: list[tuple[str, str]] = []
    for place in document.provisions():
        number = place.previous_number if reading == "previous" else place.number
        is_held = reading == "amended" and place.status == "deleted"
        words = DELETED if is_held else plain(opening(place) if place.level == 1 else place.blocks, reading)
        pairs += [(str(number), words)] if number else []
    return pairs


@given(policies(), st.sampled_from(READINGS), st.sampled_from((AS_USUAL, CLOSED_UP)))
def test_resolved_is_what_was_read(sections: list[Item], reading: Reading, counting: Counting) -> None:
    """Accepted, a policy says what its amended reading said, numbers and all; rejected, what the previous one did."""
    text = sources(sections)
    found = RESOLVE[reading](text, "a", comments="drop", counting=counting).text
    after = read(found, "a", counting)
    assert said(after, "amended") == said(after, "previous")
    assert said(after, "amended") == said(read(text, "a", counting), reading)
    assert is_clean(after)
    untouched = [line for line in text.splitlines() if line.strip() and not re.search(r"~~|\^\^|>>|==|<!--|\{", line)]
    left = iter(found.splitlines())
    assert all(line in left for line in untouched)


@given(policies())
def test_without_marks_and_comments_nothing_changes(sections: list[Item]) -> None:
    text = accept(sources(sections), "a", comments="drop").text
    assert accept(text, "a").text == reject(text, "a").text == text


@given(scribbles(), st.sampled_from(READINGS))
def test_scribbles_are_resolved_or_refused(text: str, reading: Reading) -> None:
    front, body = split(FRONT_MATTER + text)
    assert front == FRONT_MATTER and "".join(block.source for block in blocks_of(body)) == text
    try:
        found = RESOLVE[reading](FRONT_MATTER + text, "a", comments="drop").text
    except Refused as error:
        assert all(error.lines)
    else:
        assert is_clean(read(found, "a", AS_USUAL))


def test_the_councils_own_draft() -> None:
    text = (FIRST_POLICY / "social-media.md").read_text("utf-8")
    accepted = accept(text, "social-media", comments="drop")
    assert (accepted.amendments, accepted.left, len(accepted.comments)) == (22, 0, 6)
    assert accepted.text.count("1.  Deleted.\n") == 3  # 4.6, 4.7 and 4.9 hold their numbers
    with pytest.raises(Refused) as refused:
        accept(text, "social-media")
    assert len(refused.value.lines) == 7 and "Cllr Tom Corbin" in str(refused.value)
