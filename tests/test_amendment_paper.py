"""The amendment paper: each amendment is shown by itself, its line is true, and both editions vote on one text."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import building
import pytest
import verapdf
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pdfminer.high_level import extract_pages
from pdfminer.layout import LTChar, LTContainer
from test_deciding import decided
from test_golden import FRONT_MATTER, GOLDEN
from test_invariants import Item, policies, sound, sources
from test_numbering import read
from test_pdf import DATES, TEMPLATE, Tag, squeezed, tag_tree
from test_print import png

from policydoc.amending.accept_reject import accept
from policydoc.amending.rewriting import Refused
from policydoc.editions import council
from policydoc.editions.policy import Policy
from policydoc.editions.withhold import EDITIONS, Edition
from policydoc.model.affected_text import affected_texts
from policydoc.model.document import Document
from policydoc.model.outline import NOT_PUBLISHED, outline
from policydoc.model.pieces import GAP, Piece
from policydoc.model.proposers import proposers
from policydoc.model.schedule import changes
from policydoc.model.settled import rejected
from policydoc.outputs import amendment_paper
from policydoc.outputs.pdf import Outcome, Press, jobs
from policydoc.settings import Council, Settings
from policydoc.source.numbering import AS_USUAL

SETTINGS = Settings(council=Council(name="Example City Council"))
LONG = " ".join(f"word{n}" for n in range(120))

# words and their text on both sides


def side(pieces: Sequence[Piece]) -> str:
    """The pieces in one line: words to go as ~…~, new ones as ^…^."""
    signs = {"": "", "deleted": "~", "inserted": "^"}
    lines = []
    for piece in pieces:
        words = "".join(f"{signs[run.mark]}{run.text}{signs[run.mark]}" for run in piece.runs)
        lines.append(" ".join(f"{piece.label} {words}".split()))
    return " / ".join(lines)


SIDES: dict[str, tuple[str, list[tuple[str, str]]]] = {
    "each by itself": (
        "## S\n\n1.  A ~~b~~ ^^c^^ d ~~e~~ f.\n",
        [("1.1 A ~b~ d e f.", "1.1 A ^c^ d e f."), ("1.1 A b d ~e~ f.", "1.1 A b d f.")],
    ),
    "numbers on either side": (
        "## S\n\n1.  ^^New.^^\n\n1.  Old ~~words~~.\n",
        [("1 S", "1.1 ^New.^"), ("1.1 Old ~words~.", "1.2 Old.")],
    ),
    "a clause that goes": ("## S\n\n1.  ~~Gone.~~\n\n1.  Stays.\n", [("1.1 ~Gone.~", "1.1 Deleted.")]),
    "a clause that moves": (
        "## S\n\n1.  ~~Dogs may come in.~~\n\n1.  Two.\n\n1.  Three.\n\n1.  ^^Dogs may come in.^^\n",
        [("1.1 Dogs may come in.", "1.4 Dogs may come in.")],
    ),
    "bullets": (
        "## S\n\n1.  One:\n\n    - a ~~x~~\n    - ^^c^^\n    - ~~d~~\n\n    and so on\n",
        [
            ("1.1 One: / • a ~x~ / • d / and so on", "1.1 One: / • a / • d / and so on"),
            ("1.1 One: / • a x / • d / and so on", "1.1 One: / • a x / • ^c^ / • d / and so on"),
            ("1.1 One: / • a x / • ~d~ / and so on", "1.1 One: / • a x / and so on"),
        ],
    ),
    "what comes behind a bullet or a row": (
        "## S\n\n1.  One:\n\n    - a\n    - b\n\n1.  ^^New.^^\n\n1.  Two:\n\n    1.  c\n\n    End.\n\n1.  ^^Newer.^^\n",
        [("1.1 … / • b", "1.2 ^New.^"), ("1.2 … / End.", "1.4 ^Newer.^")],
    ),
    "steps": (
        "## S\n\n1.  One:\n\n    - x\n\n        1.  ~~a~~\n        1.  b ^^c^^\n",
        [
            ("1.1 One: / • x / 1. ~a~ / 2. b", "1.1 One: / • x / 1. b"),
            ("1.1 One: / • x / 1. a / 2. b", "1.1 One: / • x / 1. a / 2. b ^c^"),
        ],
    ),
    "a table": (
        "## S\n\n1.  Fees:\n\n    | What | Fee |\n    |---|---|\n    | Hall | ~~£75~~ ^^£80^^ |\n"
        "    | ~~Park~~ | ~~£1~~ |\n    | ^^Room^^ | |\n",
        [
            ("1.1 Fees: / What | Fee / Hall | ~£75~ / Park | £1", "1.1 Fees: / What | Fee / Hall | ^£80^ / Park | £1"),
            ("1.1 Fees: / What | Fee / Hall | £75 / ~Park~ | ~£1~", "1.1 Fees: / What | Fee / Hall | £75"),
            (
                "1.1 Fees: / What | Fee / Hall | £75 / Park | £1",
                "1.1 Fees: / What | Fee / Hall | £75 / Park | £1 / ^Room^ |",
            ),
        ],
    ),
    "a long text is shortened round its spot": (
        f"## S\n\n1.  {LONG} ~~old~~ {LONG}\n",
        [
            (
                f"1.1 … {' '.join(LONG.split()[-30:])} ~old~ {' '.join(LONG.split()[:30])} …",
                f"1.1 … {' '.join(LONG.split()[-30:])} {' '.join(LONG.split()[:30])} …",
            )
        ],
    ),
    "what is left out between the lines that are shown": (
        f"## S\n\n1.  {LONG}\n\n    - a ~~x~~\n    - {LONG}\n",
        [("1.1 … / • a ~x~ / …", "1.1 … / • a / …")],
    ),
    "what comes stands behind the last words of what is there": (
        f"## S\n\n1.  {LONG}\n\n1.  ^^New.^^\n",
        [(f"1.1 … {' '.join(LONG.split()[-30:])}", "1.2 ^New.^")],
    ),
    "footnotes": (
        "## S\n\n1.  One^^[^a]^^ and two[^b].\n\n[^a]: New.\n\n[^b]: An ~~old~~ ^^other^^ one.\n",
        [("1.1 One and two1.", "1.1 One^1^ and two2."), ("Footnote 1 An ~old~ one.", "Footnote 2 An ^other^ one.")],
    ),
    "comments and links are no words": (
        "## S\n\n1.  See [the Act](https://example.org) {>>TA: why?<<} ~~now~~.\n",
        [("1.1 See the Act ~now~.", "1.1 See the Act.")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", SIDES)
def test_sides(case: str) -> None:
    text, expected = SIDES[case]
    shown = affected_texts(read(building.policy(text)).document)
    assert [(side(both.in_force), side(both.amended)) for both in shown.values()] == expected


def said(document: Document, reading: Any) -> str:
    return squeezed(" ".join(line.text for line in outline(document, reading)))


def words(piece: Piece) -> str:
    """What a piece says, but for signs of footnotes."""
    return squeezed("".join(run.text for run in piece.runs if run.text != " | " and "sup" not in run.styles))


@settings(max_examples=60)
@given(policies(), st.data())
def test_the_right_side_is_what_carrying_it_alone_gives(sections: list[Item], data: st.DataObject) -> None:
    text = sources(sections)
    policy = sound(text)
    shown = affected_texts(policy.document)
    schedule = policy.schedule
    assert [change.number for change in schedule] == list(shown)
    assume(schedule)
    before = said(rejected(policy.document), "previous")
    old = [piece for both in shown.values() for piece in both.in_force]
    assert all(words(piece) in before for piece in old if piece.runs != GAP.runs)
    number = data.draw(st.sampled_from([change.number for change in schedule]))
    try:
        after = decided(text, {number}, {*shown} - {number}, AS_USUAL).text
    except Refused:  # what is new in a new clause can't be carried alone
        assume(False)
    amended = said(sound(after).document, "amended")
    # A deleted clause that is all that its number had left is printed as such, which a draft doesn't say of itself.
    assert all(words(piece) in amended for piece in shown[number].amended if words(piece) != "Deleted.")


# who proposed it

PROPOSED = """\
## S

1.  One ~~two~~ ^^three^^ {>>TA: x<<} and ~~four~~.

1.  ^^Five.^^ {>>JS: y<<}

1.  {==~~Six~~==}{>>MB: z<<} seven {>>JS: not on a mark<<} eight.

1.  Nine ~~ten~~ {>>TA: p<<} {>>MB: q<<} ^^eleven^^.

1.  Twelve ~~thirteen~~ {>>nobody has signed this<<}.

1.  Fees:

    | What | Fee |
    |---|---|
    | Hall | ~~£75~~ {>>TA: low<<} |
    | ^^Room^^ {>>JS: new<<} | ^^£2^^ |
"""


def test_proposers() -> None:
    assert proposers(read(building.policy(PROPOSED)).document) == {
        1: ["TA"], 3: ["JS"], 4: ["MB"], 5: ["TA", "MB"], 7: ["TA"], 8: ["JS"],
    }  # fmt: skip


@pytest.mark.parametrize("name", ["TA", "JS", "MB"])
def test_they_are_those_whose_amendments_can_be_accepted_by_their_names(name: str) -> None:
    text = building.policy(PROPOSED.rpartition("    |")[0])  # of a new row the text knows cells alone
    document = read(text).document
    named = [number for number, names in proposers(document).items() if name in names]
    kept = [(change.deleted, change.inserted) for change in changes(document) if change.number not in named]
    after = read(accept(text, "x", [name], "drop").text).document
    assert [(change.deleted, change.inserted) for change in changes(after)] == kept


# print

HARD = f"""\
Opening ~~words~~ ^^sentences^^ here.

## Purpose ~~of it~~ {{#purpose}}

1.  {LONG} The fee is ~~£75~~ ^^£100^^ each. {LONG}

1.  ~~{LONG}~~

1.  Dogs must:

    - be on a ~~lead~~ ^^leash^^ {{>>TA1: kanaricomment<<}}
    - ^^be clean^^

    1.  sub ~~one~~ ^^1^^

1.  Fees:

    | Where they are | Fee | A remark on it | Fourth | Fifth | Sixth |
    |---|---|---|---|---|---|
    | Hall | ~~£75~~ ^^£80^^ | a b c | d | e | f |
    | ~~Park~~ | ~~£1~~ | ~~x~~ | ~~y~~ | ~~z~~ | ~~q~~ |

1.  Map: ![Tall map](images/tall.png) and ~~![Small](images/small.png)~~ ^^![Wide](images/wide.png)^^ end.

1.  Code: ~~`{"long_" * 24}`~~ ^^`new`^^ and https://www.example.org/{"on/" * 40} ^^x^^.

1.  See [clause](#last) and ~~[old](https://example.org)~~ ^^[new](https://example.net)^^.[^a] Ŵy ~~ŷ~~.

1.  ~~A clause that moves, with a lot of words.~~

1.  Bold **strong ~~old~~ ^^new^^ words** here.

    ```
    let x = 1
    ```

    ^^Behind the code.^^

!!! note "A box"
    Its words ~~go~~ ^^come^^.

> A quotation ^^with more^^.

Term
:   Its ~~meaning~~ ^^sense^^

## ^^Brand new^^

1.  ^^First of it.^^

1.  ^^A clause that moves, with a lot of words.^^ {{#last}}

1.  Kanaricontext ~~kanariold~~ ^^kanarinew^^ is for staff. {{.internal}}

## Kept inside {{.internal}}

1.  ^^Kanarisection.^^

[^a]: A note with ~~old~~ ^^new^^ words.
"""


def written(root: Path, **texts: str) -> Path:
    (root / "policy_src/images").mkdir(parents=True)
    for name, (width, height) in {"tall": (100, 900), "wide": (1500, 80), "small": (40, 40)}.items():
        (root / f"policy_src/images/{name}.png").write_bytes(png(width, height))
    for slug, text in texts.items():
        (root / f"policy_src/{slug}.md").write_text(text, "utf-8")
    return root


def printed(root: Path, edition: Edition = "internal") -> dict[str, tuple[Policy, Path]]:
    """The papers of a project in an edition, each with its policy."""
    found = council.read(root, edition, SETTINGS)
    assert not found.errors, found.errors
    site = root / "site" / edition
    wanted = [job for job in jobs(found.published.values(), SETTINGS, DATES, site) if job.paper]
    assert Press(root, TEMPLATE, root / "cache").make(wanted).failures == ()
    return {job.slug: (found.published[job.slug], job.target) for job in wanted}


@pytest.fixture(scope="module")
def hard(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Policy, Path]]:
    """The paper with everything in it, by editions."""
    root = written(tmp_path_factory.mktemp("hard"), hard=building.policy(HARD, title="Hard Policy", version="2"))
    return {edition: printed(root, edition)["hard"] for edition in EDITIONS}


def rows(path: Path) -> Iterator[list[str]]:
    """The cells of each amendment, white space taken out, as the tags have them."""
    tables = [tag for tag in tag_tree(path).walk() if tag.name == "Table"]
    for row in (tag for tag in tables[-1].walk() if tag.name == "TR"):
        cells = [tag for tag in row.children if isinstance(tag, Tag)]
        if cells[0].name == "TD":
            yield [squeezed(cell.text()) for cell in cells]


LINE = re.compile(r"(after)?lines?(\d+)(?:to(\d+))?:")


@pytest.mark.parametrize("edition", EDITIONS)
def test_each_amendment_has_its_row(hard: dict[str, tuple[Policy, Path]], edition: str) -> None:
    policy, path = hard[edition]
    entries = amendment_paper.entries(policy)
    found = list(rows(path))
    assert len(found) == len(entries) == len(policy.schedule) > 20
    for (number, before, amended, instruction, decision), entry in zip(found, entries, strict=True):
        change = entry.change
        by = f"Proposedby{entry.proposed_by}" if entry.proposers else ""
        assert number == change.name and decision == "CarriedLost"
        assert LINE.sub("", instruction) == squeezed(f"{change.location}{change.words}{by}")
        if not entry.is_published:
            assert (before, amended, instruction.endswith("Notpublished")) == ("Notpublished", "Notpublished", True)
            continue
        assert before == squeezed(text_of(entry.text.in_force) or "New")
        assert amended == squeezed(text_of(entry.text.amended) or "Deleted")
        assert bool(LINE.search(instruction)) == bool(entry.text.in_force)


def text_of(pieces: Sequence[Piece]) -> str:
    return "".join(piece.label + "".join(run.text for run in piece.runs) for piece in pieces)


def test_columns_have_heads(hard: dict[str, tuple[Policy, Path]]) -> None:
    tables = [tag for tag in tag_tree(hard["internal"][1]).walk() if tag.name == "Table"]
    heads = [tag for tag in tables[-1].walk() if tag.name == "TH"]
    assert [tag.text() for tag in heads] == ["No.", "Text before", "As amended", "Amendment", "Decision"]
    assert all(tag.attributes["Scope"] == "/Column" for tag in heads)


def test_words_that_go_are_struck_and_new_ones_underlined(hard: dict[str, tuple[Policy, Path]]) -> None:
    path = hard["internal"][1]
    spans = [(tag.attributes.get("TextDecorationType"), squeezed(tag.text())) for tag in tag_tree(path).walk()]
    assert ("/LineThrough", "£75") in spans and ("/Underline", "£100") in spans
    assert not any("clausethatmoves" in text for kind, text in spans if kind)


def test_both_editions_vote_on_the_same_text(hard: dict[str, tuple[Policy, Path]]) -> None:
    hashes = {policy.printed_hash for policy, _ in hard.values()}
    assert len(hashes) == 1
    for _, path in hard.values():
        assert "".join(hashes) in squeezed(tag_tree(path).text())


def test_nothing_internal_is_in_the_public_one(hard: dict[str, tuple[Policy, Path]]) -> None:
    inside, outside = (tag_tree(hard[edition][1]).text() for edition in ("internal", "external"))
    assert set(re.findall(r"(?i)kanari\w*", inside)) == {"Kanaricontext", "kanariold", "kanarinew", "Kanarisection"}
    assert not re.search(r"(?i)kanari|Proposed by", outside) and outside.count(NOT_PUBLISHED) >= 4
    assert "Proposed by TA1" in inside
    assert [row[0] for row in rows(hard["external"][1])] == [row[0] for row in rows(hard["internal"][1])]


def test_papers_pass_both_standards(hard: dict[str, tuple[Policy, Path]]) -> None:
    assert verapdf.check([path for _, path in hard.values()]) == []


def text_lines(path: Path) -> dict[int, str]:
    """The text before by the numbers of its lines, as they are printed beside it."""
    lines: dict[int, str] = {}
    for page in extract_pages(path):
        heights: dict[float, list[LTChar]] = {}
        for char in chars(page):
            heights.setdefault(round(char.matrix[5]), []).append(char)
        for some in heights.values():
            number = "".join(char.get_text() for char in some if 75 < char.x0 < 110)
            if number.isdigit():
                column = sorted((char for char in some if 110 < char.x0 < 331), key=lambda char: char.x0)
                assert int(number) not in lines
                lines[int(number)] = "".join(char.get_text() for char in column).replace(" ", "")
    return lines


def chars(container: LTContainer[Any]) -> Iterator[LTChar]:
    for inner in container:
        if isinstance(inner, LTChar):
            yield inner
        elif isinstance(inner, LTContainer):
            yield from chars(inner)


def test_line_numbers_are_true(tmp_path: Path) -> None:
    """Whatever stands on the page, each line that an instruction names has its first, and its last, word in it."""
    draw = random.Random(12)
    clauses, touched = [], []
    for clause in range(60):
        some = [f"w{clause}x{n}" for n in range(draw.randint(5, 70))]
        first = draw.randrange(len(some))
        last = min(first + draw.choice([0, 0, 1, 20]), len(some) - 1)
        if clause % 7 == 6:
            touched.append((some[-1], some[-1]))
            clauses.append(f"1.  {' '.join(some)}\n\n1.  ^^New.^^\n")
            continue
        touched.append((some[first], some[last]))
        some[first] = f"~~{some[first]}"
        some[last] += "~~"
        clauses.append(f"1.  {' '.join(some)} **end**\n")
    root = written(tmp_path, lines=building.policy("## S\n\n" + "\n".join(clauses)))
    _, path = printed(root)["lines"]
    lines = text_lines(path)
    assert sorted(lines) == list(range(1, len(lines) + 1)) and len(lines) > 100
    found = list(rows(path))
    assert len(found) == len(touched)
    for row, (first_word, last_word) in zip(found, touched, strict=True):
        match = LINE.search(row[3])
        assert match, row
        assert first_word in lines[int(match[2])], row
        assert last_word in lines[int(match[3] or match[2])], row
        assert bool(match[1]) == ("NewLost" in row[3] or "insert" in row[3])


def test_every_marked_text_can_be_printed(tmp_path: Path) -> None:
    texts = {}
    for path in sorted(GOLDEN.glob("*.md")):
        text = path.read_text("utf-8")
        if not path.stem.startswith(("bad-", "front-")) and re.search(r"~~|\^\^", text):
            texts[path.stem] = FRONT_MATTER + text
    folder = written(tmp_path / "each", **texts)
    errors = {problem.path for problem in council.read(folder, "internal", SETTINGS).errors}
    root = written(
        tmp_path / "sound", **{slug: text for slug, text in texts.items() if f"policy_src/{slug}.md" not in errors}
    )
    for edition in EDITIONS:
        papers = printed(root, edition)
        assert len(papers) > 25
        for policy, path in papers.values():
            assert [row[0] for row in rows(path)] == [change.name for change in policy.schedule]


@settings(max_examples=10)
@given(policies())
def test_any_drawn_policy_can_be_printed(tmp_path_factory: pytest.TempPathFactory, sections: list[Item]) -> None:
    root = written(tmp_path_factory.mktemp("drawn"), drawn=sources(sections))
    for policy, path in printed(root).values():
        assert [row[0] for row in rows(path)] == [change.name for change in policy.schedule]


def test_the_paper_is_reused(tmp_path: Path) -> None:
    root = written(tmp_path, hard=building.policy(HARD, title="Hard Policy"))
    found = council.read(root, "internal", SETTINGS).published["hard"]
    for made, reused in ((3, 0), (0, 3)):
        outcome = Press(root, TEMPLATE, root / "cache").make(jobs([found], SETTINGS, DATES, root / "site"))
        assert outcome == Outcome(made, reused, ())
