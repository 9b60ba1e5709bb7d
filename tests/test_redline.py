"""Marks written for the author: rejected, the old text is back; accepted, the new one; and what has moved has moved."""

from dataclasses import replace

import pytest
from building import FIRST_POLICY
from hypothesis import assume, given
from hypothesis import strategies as st
from test_invariants import FRONT_MATTER, policies, sources
from test_settling import HEAD, said

from policydoc.amending import marks, redline
from policydoc.amending.accept_reject import accept, reject
from policydoc.amending.blocks import TextBlock, blocks_of, split
from policydoc.amending.proof import read
from policydoc.amending.rewriting import Refused
from policydoc.source.numbering import CLOSED_UP

# The approved text, the edited one, and the marks; all stand below HEAD.
CASES: dict[str, tuple[str, str, str]] = {
    "nothing": ("1.  One.\n", "1.  One.\n", "1.  One.\n"),
    "a word": ("1.  They may ask us.\n", "1.  They must ask us.\n", "1.  They ~~may~~ ^^must^^ ask us.\n"),
    "a word more": ("1.  They ask us.\n", "1.  They ask us first.\n", "1.  They ask us ^^first^^.\n"),
    "a word less": ("1.  They ask us first.\n", "1.  They ask us.\n", "1.  They ask us ~~first~~.\n"),
    "a comma": ("1.  Ask us now please.\n", "1.  Ask us now, please.\n", "1.  Ask us now^^,^^ please.\n"),
    "the first word": (
        "1.  Residents should be aware.\n",
        "1.  Staff should be aware.\n",
        "1.  ~~Residents~~ ^^Staff^^ should be aware.\n",
    ),
    "one word between two changes": (
        "1.  The old red rule is in force until it is replaced.\n",
        "1.  The new red law is in force until it is replaced.\n",
        "1.  The ~~old red rule~~ ^^new red law^^ is in force until it is replaced.\n",
    ),
    "little in common, in one clause": (
        "1.  Dogs are kept on a short lead.\n",
        "1.  All of the dogs stay off a path.\n",
        "1.  ~~Dogs are kept on a short lead.~~\n1.  ^^All of the dogs stay off a path.^^\n",
    ),
    "a new clause": (
        "1.  One thing.\n1.  Another thing.\n",
        "1.  One thing.\n1.  A clause that is new.\n1.  Another thing.\n",
        "1.  One thing.\n1.  ^^A clause that is new.^^\n1.  Another thing.\n",
    ),
    "a clause less": (
        "1.  One thing.\n1.  A clause that goes.\n1.  Another thing.\n",
        "1.  One thing.\n1.  Another thing.\n",
        "1.  One thing.\n1.  ~~A clause that goes.~~\n1.  Another thing.\n",
    ),
    "a clause that has moved": (
        "1.  Dogs are kept on a lead. {#lead}\n1.  Cats may go where they like.\n1.  Birds too.\n",
        "1.  Cats may go where they like.\n1.  Birds too.\n1.  Dogs are kept on a lead. {#lead}\n",
        "1.  ~~Dogs are kept on a lead.~~ {#lead}\n1.  Cats may go where they like.\n1.  Birds too.\n"
        "1.  ^^Dogs are kept on a lead.^^ {#lead}\n",
    ),
    "a new heading": (
        "1.  One thing.\n\n1.  Another thing.\n",
        "1.  One thing.\n\n## Fees\n\n1.  Another thing.\n",
        "1.  One thing.\n\n## ^^Fees^^\n\n1.  Another thing.\n",
    ),
    "sub-clauses": (
        "1.  Uses:\n\n    1.  Post notices.\n    1.  Advertise events.\n",
        "1.  Uses:\n\n    1.  Post notices.\n    1.  Advertise events and activities.\n    1.  Post other items.\n",
        "1.  Uses:\n\n    1.  Post notices.\n    1.  Advertise events ^^and activities^^.\n"
        "    1.  ^^Post other items.^^\n",
    ),
    "paragraphs, bullets and words between": (
        "Staff must:\n\n1.  One thing:\n\n    - a bullet here\n    - another one\n\n    A paragraph.\n",
        "All staff must:\n\n1.  One thing:\n\n    - another one\n    - a third of them\n\n    A long paragraph.\n",
        "~~Staff~~ ^^All staff^^ must:\n\n1.  One thing:\n\n"
        "    - ~~a bullet here~~\n    - another one\n    - ^^a third of them^^\n\n"
        "    A ^^long^^ paragraph.\n",
    ),
    "a table": (
        "| a | b |\n|---|---|\n| one | two |\n| three | four |\n",
        "| a | b |\n|---|---|\n| one | 2 |\n| five | six |\n",
        "| a | b |\n|---|---|\n| one | ~~two~~ ^^2^^ |\n| ~~three~~ | ~~four~~ |\n| ^^five^^ | ^^six^^ |\n",
    ),
    "links, code and emphasis stay whole": (
        "1.  See [this page](https://example.org) and then `x` for the **more words** now.\n",
        "1.  See [that page](https://example.org) and then `y` for the **more signs** now.\n",
        "1.  See ~~[this page](https://example.org)~~ ^^[that page](https://example.org)^^ and then "
        "~~`x`~~ ^^`y`^^ for the ~~**more words**~~ ^^**more signs**^^ now.\n",
    ),
    "a footnote's sign": (
        "1.  Dogs may run here[^1].\n1.  Cats too.[^1]\n1.  Birds sing there[^1].\n\n[^1]: In May.\n",
        "1.  Dogs[^2] may run here[^1].\n1.  Cats too.\n1.  Birds[^1] sing there.\n\n[^1]: In May.\n\n[^2]: Or two.\n",
        "1.  Dogs^^[^2]^^ may run here[^1].\n1.  Cats too.~~[^1]~~\n1.  Birds^^[^1]^^ sing there~~[^1]~~.\n\n"
        "[^1]: In May.\n\n[^2]: ^^Or two.^^\n",
    ),
    "comments stay": (
        "1.  They may ask us about it.\n",
        "1.  They must {>>JW: really?<<} ask us about it. {>>TA: yes<<}\n",
        "1.  They ~~may~~ ^^must^^ {>>JW: really?<<} ask us about it. {>>TA: yes<<}\n",
    ),
    "marks that are there already": (
        "1.  They may ask us about it.\n1.  Two things are clear.\n",
        "1.  They ~~may~~ ^^must^^ ask us all about it.\n1.  ~~Two things are clear.~~ {>>TA: are they?<<}\n",
        "1.  They ~~may~~ ^^must^^ ask us ^^all^^ about it.\n1.  ~~Two things are clear.~~ {>>TA: are they?<<}\n",
    ),
    "a sign in place of words": (
        "1.  Staff may use phones and tablets.\n1.  Ask first and pay.\n",
        "1.  Staff may use phones:\n1.  Ask, and pay.\n",
        "1.  Staff may use phones ~~and tablets.~~^^:^^\n1.  Ask ~~first~~^^,^^ and pay.\n",
    ),
    "a comment before a full stop, and on words": (
        "1.  They may ask us about it.\n1.  Two things are clear.\n",
        "1.  They must ask us about it {>>JW: really?<<}.\n1.  Two {==things==}{>>TA: which?<<} are quite clear.\n",
        "1.  They ~~may~~ ^^must^^ ask us about it {>>JW: really?<<}.\n"
        "1.  Two {==things==}{>>TA: which?<<} are ^^quite^^ clear.\n",
    ),
    "a comment alone": (
        "1.  They may ask.\n",
        "1.  They may ask.\n\n    {>>JW: why?<<}\n",
        "1.  They may ask.\n\n    {>>JW: why?<<}\n",
    ),
    "a section that becomes an appendix": (
        "1.  One.\n\n## Fees {#fees}\n\n1.  Two.\n",
        "1.  One.\n\n## Fees {#fees .appendix}\n\n1.  Two.\n",
        "1.  One.\n\n## ~~Fees~~ {#fees}\n\n## ^^Fees^^ {#fees .appendix}\n\n1.  Two.\n",
    ),
    "a new section above all": (
        "1.  One thing.\n",
        "1.  A thing that is new.\n\n## Again\n\n1.  One thing.\n",
        "1.  ^^A thing that is new.^^\n\n## ^^Again^^\n\n1.  One thing.\n",
    ),
    "a new name is no amendment": ("1.  One thing.\n", "1.  One thing. {#one}\n", "1.  One thing. {#one}\n"),
    "what was internal stays so": (
        "1.  Staff carry a radio. {.internal}\n1.  Two.\n",
        "1.  Staff carry a phone.\n1.  Two.\n",
        "1.  ~~Staff carry a radio.~~ {.internal}\n1.  ^^Staff carry a phone.^^\n1.  Two.\n",
    ),
    "what was internal and is public keeps its name there alone": (
        "1.  Staff carry a radio. {.internal #radio}\n1.  Two.\n",
        "1.  Staff carry a radio. {#radio}\n1.  Two.\n",
        "1.  ~~Staff carry a radio.~~ {.internal}\n1.  ^^Staff carry a radio.^^ {#radio}\n1.  Two.\n",
    ),
    "an internal paragraph that goes": (
        "1.  One.\n\n    Staff carry a radio.\n\n    {.internal}\n\n1.  Two.\n",
        "1.  One.\n\n1.  Two.\n",
        "1.  One.\n\n    ~~Staff carry a radio.~~\n\n    {.internal}\n\n1.  Two.\n",
    ),
    "Windows line ends": (
        "1.  One thing.\n1.  Two.\n",
        "1.  One good thing.\r\n1.  Two.\r\n",
        "1.  One ^^good^^ thing.\r\n1.  Two.\r\n",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_marks(name: str) -> None:
    old, new, marks = CASES[name]
    found = redline.marked(HEAD + old, HEAD + new, "test")
    assert found.removeprefix(HEAD) == marks
    again = redline.marked(HEAD + old, found, "test")
    assert again == found


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("```\nx\n```\n\n1.  One.\n", "```\ny\n```\n\n1.  One.\n", "near 1: marks can't show this change"),
        ("1.  One.\n", "1.  One ~~two.\n", "never closed"),
        ("1.  The council.\n\n    Such posts.\n", "    Such posts.\n\n1.  Two.\n", "near 1: marks can't show"),
        (
            "1.  Staff carry radios. {.internal}\n\n1.  Fees are due now.\n\n1.  Last.\n",
            "1.  Staff carry radios. {.internal}\n\n    1.  Channel is seven.\n\n1.  Last.\n",
            "marks would publish “Channel is seven.”",
        ),
        (
            "1.  A.\n\n## R {.internal}\n\n1.  Ask (`yes`) at the gate.\n\n## C\n\n1.  Say `yes` now.\n",
            "1.  A.\n\n## R\n\n1.  Ask (`yes`) at the door.\n\n## C\n\n1.  Say `yes` now.\n",
            r"marks would publish “Ask \(yes\) at the gate.”",
        ),
        (
            "1.  One.\n\n## Radios {.internal}\n\n1.  Staff carry a radio.\n1.  Two.\n",
            "1.  One.\n\n## Radios\n\n1.  Two.\n",
            "marks would publish “Staff carry a radio.”",
        ),
        (
            "1.  One.\n",
            '1.  One.\n\n!!! note "Hint"\n    Ask the clerk.\n',
            r"\(the box !!! note \"Hint\" comes, goes or has another title\)\. Leave the boxes as they were",
        ),
        ('!!! note "A"\n    Ask.\n\n1.  One.\n', '!!! note "B"\n    Ask.\n\n1.  One.\n', 'the box !!! note "B"'),
        ("```\na\n```\n\n1.  One.\n", "```\nb\n```\n\n1.  One.\n", "the code below ``` is new, has gone or"),
        (
            "1.  See [it][a].\n\n[a]: https://a.example\n",
            "1.  See [it][a].\n\n[a]: https://b.example\n",
            r"the address in \[a\]: https://b.example is new, has gone or has changed",
        ),
    ],
)
def test_refused(old: str, new: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        redline.marked(HEAD + old, HEAD + new, "test")


OPENING = {
    "first of all": ("", "Dogs.\n\n", "^^Dogs.^^\n\n"),
    "before what is there": ("Dogs.\n\n", "Cats.\n\nDogs.\n\n", "^^Cats.^^\n\nDogs.\n\n"),
    "other words": ("Dogs run.\n\n", "Dogs may run.\n\n", "Dogs ^^may^^ run.\n\n"),
    "none any more": ("Dogs.\n\n", "", "~~Dogs.~~\n\n"),
}


@pytest.mark.parametrize("case", OPENING)
def test_words_before_the_first_section(case: str) -> None:
    texts = [FRONT_MATTER.rstrip() + f"\n\n{words}## Purpose\n\n1.  One thing.\n" for words in OPENING[case]]
    assert redline.marked(texts[0], texts[1], "a") == texts[2]
    assert reject(texts[2], "a").text == texts[0]
    assert accept(texts[2], "a").text == texts[1]


LIONS = "Lion\n:   An animal that roars.\n"
CAT = "Cat\n:   An animal that purrs.\n"
DEFINED = {
    "a term with another name": (f"{LIONS}\n{CAT}", f"{LIONS}\nPuss\n:   An animal that purrs.\n",
                                 f"{LIONS}\n~~Cat~~ ^^Puss^^\n:   An animal that purrs.\n"),
    "the first one, below a new one": (CAT, f"{LIONS}\nPuss\n:   An animal that purrs.\n",
                                       "^^Lion^^\n:   ^^An animal that roars.^^\n\n"
                                       "~~Cat~~ ^^Puss^^\n:   An animal that purrs.\n"),
    "a new term": (CAT, f"{LIONS}\n{CAT}", f"^^Lion^^\n:   ^^An animal that roars.^^\n\n{CAT}"),
    "one that goes": (f"{CAT}\n{LIONS}", LIONS, f"~~Cat~~\n:   ~~An animal that purrs.~~\n\n{LIONS}"),
    "a second meaning": (CAT, f"{CAT}:   A whip.\n", f"{CAT}:   ^^A whip.^^\n"),
    "a first meaning": (CAT, CAT.replace(":", ":   A whip.\n:"), CAT.replace(":", ":   ^^A whip.^^\n:")),
    "another meaning, loose": (CAT.replace("\n:", "\n\n:"), CAT.replace("\n:", "\n\n:").replace("purrs", "mews"),
                               "Cat\n\n:   An animal that ~~purrs~~ ^^mews^^.\n"),
    "bullets": ("- one\n- two\n- three\n", "- zero\n- one\n- three\n- four\n",
                "- ^^zero^^\n- one\n- ~~two~~\n- three\n- ^^four^^\n"),
}  # fmt: skip


@pytest.mark.parametrize("where", ["section", "clause"])
@pytest.mark.parametrize("case", DEFINED)
def test_tight_lists_stay_so_whatever_becomes_of_their_marks(case: str, where: str) -> None:
    def whole(words: str) -> str:
        if where == "clause":
            words = "".join(f"    {line}" if line.strip() else line for line in words.splitlines(keepends=True))
        return HEAD + (f"1.  Words:\n\n{words}\n" if where == "clause" else f"{words}\n") + "1.  Last.\n"

    old, new, expected = map(whole, DEFINED[case])
    assert redline.marked(old, new, "a") == expected
    assert reject(expected, "a").text == old
    assert accept(expected, "a").text == new


def test_the_councils_own_marks_are_found_again() -> None:
    """From the draft as it was and as it is to be, exactly the marks that the council's officers set by hand."""
    text = (FIRST_POLICY / "social-media.md").read_text("utf-8")
    old = reject(text, "a", comments="drop").text
    new = accept(text, "a", comments="drop", counting=CLOSED_UP).text
    found = redline.marked(old, new, "a")
    assert reject(found, "a").text == old
    assert found == marks_alone(text)


def marks_alone(text: str) -> str:
    """The text without its comments, its marks as they are."""
    front, body = split(text)
    kept: dict[marks.Kind, marks.Resolution] = {
        "comment": "drop", "words": "unwrap", "deleted": "keep", "inserted": "keep"
    }  # fmt: skip
    found = []
    for block in blocks_of(body):
        spans = marks.scan(block.text)
        found.append(block.lead + marks.resolved(block.text, spans, lambda span: kept[span.kind]) + block.after)
    return front + "".join(found)


# Any two texts


WORDS = [
    "council",
    "staff",
    "may",
    "must",
    "**bold**",
    "`x`",
    "officers",
    "(old)",
    "café",
    "[link](https://a.example)",
    "1984",
]


@st.composite
def edited(draw: st.DrawFn) -> tuple[str, str]:
    """An approved text, and the same after an officer has edited it: words, clauses gone, new or moved, headings."""
    old = accept(sources(draw(policies())), "a", comments="drop", counting=CLOSED_UP).text
    front, body = split(old)
    found = blocks_of(body)
    for _ in range(draw(st.integers(1, 5))):
        places = [n for n, block in enumerate(found) if block.kind == "item"]
        words = [n for n, block in enumerate(found) if block.kind not in ("fixed", "table")]
        match draw(st.sampled_from(["words", "words", "delete", "insert", "move", "heading", "comment"])):
            case "words":
                n = draw(st.sampled_from(words))
                found[n] = replace(found[n], text=reworded(draw, found[n].text))
            case "comment":
                n = draw(st.sampled_from(words))
                found[n] = replace(found[n], text=found[n].text + " {>>TA: hm<<}")
            case "heading" if places:
                found.insert(draw(st.sampled_from(places)), new_block(draw, "## "))
            case "insert" if places:
                n = draw(st.sampled_from(places))
                found.insert(n, new_block(draw, found[n].lead))
            case "delete" if places:
                n = draw(st.sampled_from(places))
                del found[n : end_of(found, n)]
            case "move" if len(places) > 1:
                n = draw(st.sampled_from(places))
                moved = found[n : end_of(found, n)]
                del found[n : end_of(found, n)]
                same = [m for m, block in enumerate(found) if block.kind == "item" and block.depth == moved[0].depth]
                m = draw(st.sampled_from(same)) if same else n
                found[m:m] = moved
    return old, front + "".join(f"{block.lead}{block.text}\n\n" if block.text else "\n" for block in found)


def end_of(found: list[TextBlock], start: int) -> int:
    """The index behind a clause with everything in it."""
    depth = found[start].depth
    inside = (n for n in range(start + 1, len(found)) if found[n].kind == "heading" or found[n].depth <= depth)
    return next(inside, len(found))


def new_block(draw: st.DrawFn, lead: str) -> TextBlock:
    words = draw(st.lists(st.sampled_from(WORDS[:4]), min_size=1, max_size=6))
    return TextBlock("item", 0, 0, lead, " ".join(words), "\n\n")


def reworded(draw: st.DrawFn, text: str) -> str:
    words = text.split(" ")
    n = draw(st.integers(0, len(words) - 1))
    if words[n].startswith("{"):
        return text
    match draw(st.sampled_from(["more", "less", "other"])):
        case "more":
            words.insert(n, draw(st.sampled_from(WORDS)))
        case "less" if len([word for word in words if not word.startswith("{")]) > 1:
            del words[n]
        case _:
            words[n] = draw(st.sampled_from(WORDS))
    return " ".join(words)


@given(edited())
def test_rejected_is_the_old_text_and_accepted_the_new(texts: tuple[str, str]) -> None:
    old, new = texts
    try:
        before, after = read(old, "a", CLOSED_UP), read(new, "a", CLOSED_UP)
    except Refused:
        assume(False)
    try:
        found = redline.marked(old, new, "a")
    except Refused as error:
        # Nothing is written where marks would hide words, or couldn't say exactly what stands where.
        assert "is internal in the text before or after" in str(error) or "marks can't show this change" in str(error)
        return
    rejected, accepted = (resolve(found, "a", comments="drop", counting=CLOSED_UP).text for resolve in (reject, accept))
    assert said(read(rejected, "a", CLOSED_UP), "amended") == said(before, "amended")
    assert said(read(accepted, "a", CLOSED_UP), "amended") == said(after, "amended")
    assert redline.marked(old, found, "a").split() == found.split()
    assert found.startswith(FRONT_MATTER)
