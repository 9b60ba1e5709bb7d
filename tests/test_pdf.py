"""The press and its template: what a reader, a screen reader and a program find in the PDFs."""

from __future__ import annotations

import io
import itertools
import json
import os
import re
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pikepdf
import pytest
import verapdf
import written
from building import SAMPLE
from building import policy as source_of
from pdfminer.high_level import extract_text
from pdfminer.pdfdevice import PDFDevice
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pypdf import PdfReader

from policydoc.editions import council
from policydoc.editions.policy import Policy
from policydoc.messages import said
from policydoc.model.document import Block, Document, NoteReference, Run
from policydoc.model.missing import with_missing
from policydoc.outputs import control_sheet
from policydoc.outputs.pdf import Failure, Job, Outcome, Press
from policydoc.settings import Council, Settings
from policydoc.source import policy_files
from policydoc.source.parse import parsed

TESTS = Path(__file__).parent
SAMPLES = TESTS / "pdf_samples"
TEMPLATE = TESTS.parent / "docs" / "templates" / "policy"
# What stands round the text, whatever the policy's front matter says
META: dict[str, Any] = json.loads((SAMPLES / "everything.json").read_text(encoding="utf-8"))
DATES: Any = SimpleNamespace(of=lambda path, own: date(2026, 11, 22))


def everything(edition: Any = "internal", **extra: Any) -> Policy:
    """A policy with everything in it; each of its features in as many ways as print treats apart."""
    settings = Settings(council=Council(name="Example City Council"), **extra)
    policies = council.read(SAMPLES, edition, settings)
    assert policies.problems == []
    return policies.published["everything"]


def meta(policy: Policy, reading: Any = "marked", **changes: Any) -> dict[str, Any]:
    settings = Settings(council=Council(name="Example City Council"))
    return {**control_sheet.for_pdf(policy, settings, reading, DATES), **META, **changes}


POLICY = everything()
EVERYTHING = written.article(POLICY)
OUTSIDE = everything("external")
CLOSED = everything(deleted_clauses="close_up")
ARTICLES = {"marked": EVERYTHING, "outside": written.article(OUTSIDE), "closed": written.article(CLOSED)}
# Papers that are numbered in other ways, one for each
SCHEMES = council.read(TESTS / "schemes", "internal", Settings(council=Council(name="Example City Council"))).published
CLEAN = {"marks": False, "schedule": [], "renumbered": [], "comments": []}


def short(body: str = "Staff must.", **changes: Any) -> tuple[Document, dict[str, Any]]:
    """A policy of one clause, approved, with nothing amended."""
    text = source_of(f"## Purpose\n\n1.  {body}")
    source, _ = policy_files.read("short", "policy_src/short.md", text.encode())
    assert source
    approved = {"slug": "short", "status": "approved", "status_words": "Approved", "draft_dates": [], **CLEAN}
    council = {**META["council"], "logo": None}
    return with_missing(parsed(source).document), meta(POLICY, council=council, **{**approved, **changes})


def holding(document: Document, *blocks: Block) -> Document:
    """The short policy with these blocks as its clause."""
    [section] = document.sections
    clause = replace(section.below[0], content=blocks)
    return replace(document, sections=(replace(section, content=(clause,)),))


def saying(document: Document, *runs: Run) -> Document:
    return holding(document, Block("paragraph", runs))


@pytest.fixture(scope="session")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project folder with the pictures that the samples show."""
    root = tmp_path_factory.mktemp("project")
    for place in ["policy_src/images/chart.png", "docs/assets/logo.png"]:
        (root / place).parent.mkdir(parents=True)
        shutil.copy(SAMPLES / "policy_src/images/chart.png", root / place)
    return root


@pytest.fixture(scope="session")
def pdfs(root: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One PDF of each kind."""
    folder = tmp_path_factory.mktemp("pdfs")
    bare = {"url": "", "subtitle": None, "doc_number": None, "distribution": [], **CLEAN}
    kinds = {
        "marked": (POLICY.document, meta(POLICY)),
        "amended": (POLICY.document, meta(POLICY, "amended")),
        "closed": (CLOSED.document, meta(CLOSED)),
        "closed-amended": (CLOSED.document, meta(CLOSED, "amended")),
        "outside": (OUTSIDE.document, meta(OUTSIDE)),
        "bare": (POLICY.document, meta(POLICY, **bare)),
        "withdrawn": short(status="withdrawn", status_words="Withdrawn"),
        "approved": short(),
        **{slug: (policy.document, meta(policy)) for slug, policy in SCHEMES.items()},
    }
    jobs = [Job(name, document, data, folder / f"{name}.pdf") for name, (document, data) in kinds.items()]
    assert Press(root, TEMPLATE, folder / "cache").make(jobs) == Outcome(len(jobs), 0, ())
    return {job.slug: job.target for job in jobs}


@pytest.fixture
def press(root: Path, tmp_path: Path) -> Press:
    return Press(root, TEMPLATE, tmp_path / "cache")


def job(tmp_path: Path, body: str = "Staff must.", **changes: Any) -> Job:
    document, data = short(body, **changes)
    return Job("short", document, data, tmp_path / "site" / "short.pdf")


# --- what the article says, and what the tags say ---------------------------------------------------


@pytest.mark.parametrize("slug", SCHEMES)
def test_a_paper_prints_its_own_labels_and_leads_to_them(pdfs: dict[str, Path], slug: str) -> None:
    copy = PdfReader(pdfs[slug])
    text = "\n".join(page.extract_text() for page in copy.pages)
    numbers = [place.number for place in SCHEMES[slug].document.provisions() if place.number]
    found = iter(word for line in text.splitlines() for word in line.replace("\u00a0", " ").split())
    for number in numbers:  # in reading order
        for part in number.label.split():
            assert any(word == part for word in found), number
    assert {place.anchor for place in SCHEMES[slug].document.provisions()} <= set(copy.named_destinations)


@pytest.mark.parametrize("label", ["Chapter 1", "Supplement"])
@pytest.mark.parametrize("numbering", ["1.1", "regulation 1.1(a)(i)"])
def test_a_heading_with_a_word_for_its_number_is_printed(
    press: Press, tmp_path: Path, label: str, numbering: str
) -> None:
    text = source_of(f"## A {{={label}}}\n\n1.  x\n\n    1.  y\n").replace("---\n", f"---\nnumbering: {numbering}\n", 1)
    source, problems = policy_files.read("short", "policy_src/short.md", text.encode())
    assert source and not problems
    one = Job("short", with_missing(parsed(source).document), short()[1], tmp_path / "short.pdf")
    assert press.make([one]) == Outcome(1, 0, ())


@dataclass
class Tag:
    """An element of a PDF's tag tree with its text, its children's included."""

    name: str
    attributes: dict[str, str]
    children: list[Tag | str] = field(default_factory=list)
    alt: str = ""

    def walk(self) -> Iterator[Tag]:
        yield self
        for child in self.children:
            if isinstance(child, Tag):
                yield from child.walk()

    def text(self, *without: str) -> str:
        parts = (c if isinstance(c, str) else "" if c.name in without else c.text(*without) for c in self.children)
        return "".join(parts)


class MarkedText(PDFDevice):
    """The text of each marked content sequence, by page and MCID, and the text outside the tags."""

    def __init__(self, resources: PDFResourceManager) -> None:
        super().__init__(resources)
        self.page = -1
        self.stack: list[tuple[str, Any]] = []
        self.tagged: dict[tuple[int, int], str] = {}
        self.artifacts = ""
        self.stray = ""

    def begin_page(self, page: Any, ctm: Any) -> None:
        self.page += 1

    def begin_tag(self, tag: Any, props: Any = None) -> None:
        self.stack.append((tag.name, props if isinstance(props, dict) else {}))
        actual = self.stack[-1][1].get("ActualText")
        if actual is not None:
            self.add(actual.decode("utf-16") if actual[:2] == b"\xfe\xff" else actual.decode("latin-1"))

    def end_tag(self) -> None:
        self.stack.pop()

    def render_string(self, textstate: Any, seq: Any, ncs: Any, graphicstate: Any) -> None:
        if any("ActualText" in props for _, props in self.stack):
            return
        font = textstate.font
        for part in seq:
            if isinstance(part, bytes):
                self.add("".join(font.to_unichr(cid) for cid in font.decode(part)))

    def add(self, text: str) -> None:
        mcid = next((props["MCID"] for _, props in self.stack if "MCID" in props), None)
        if mcid is not None:
            self.tagged[self.page, mcid] = self.tagged.get((self.page, mcid), "") + text
        elif any(name == "Artifact" for name, _ in self.stack):
            self.artifacts += text
        else:
            self.stray += text


def marked_text(path: Path) -> MarkedText:
    resources = PDFResourceManager()
    device = MarkedText(resources)
    interpreter = PDFPageInterpreter(resources, device)
    for page in PDFPage.get_pages(io.BytesIO(path.read_bytes())):
        interpreter.process_page(page)
    return device


def tag_tree(path: Path) -> Tag:
    texts = marked_text(path).tagged
    with pikepdf.open(path) as pdf:
        pages: dict[Any, int] = {page.objgen: index for index, page in enumerate(pdf.pages)}

        def element(node: Any, page: int) -> Tag:
            page = pages[node.Pg.objgen] if "/Pg" in node else page
            attributes: dict[str, str] = {}
            owners = node.get("/A", pikepdf.Array([]))
            for owner in owners if isinstance(owners, pikepdf.Array) else [owners]:
                attributes |= {name[1:]: str(value) for name, value in owner.items()}
            tag = Tag(str(node.S)[1:], attributes, alt=str(node.get("/Alt", "")))
            kids = node.get("/K", pikepdf.Array([]))
            for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
                if not isinstance(kid, pikepdf.Dictionary):
                    tag.children.append(texts.get((page, int(kid)), ""))
                elif "/S" in kid:
                    tag.children.append(element(kid, page))
                elif "/MCID" in kid:
                    at = pages[kid.Pg.objgen] if "/Pg" in kid else page
                    tag.children.append(texts.get((at, int(kid.MCID)), ""))
            return tag

        top = pdf.Root.StructTreeRoot.K
        return element(top[0] if isinstance(top, pikepdf.Array) else top, 0)


def squeezed(text: str) -> str:
    """Text without white space: where lines break is no business of these tests."""
    return re.sub(r"[\s\u00a0]+", "", text)


HIDDEN = ("vh", "comment")


def words(node: ET.Element, numbers: bool = True, struck: bool = True) -> str:
    """The text a PDF must show for a part of the article."""
    kind = node.get("class", "")
    if kind in HIDDEN or kind in ("footnote", "footnote-ref") or (kind == "clause-number" and not numbers):
        return ""
    if node.tag == "del" and not struck:
        return ""
    inner = (node.text or "") + "".join(words(kid, numbers, struck) + (kid.tail or "") for kid in node)
    return f" {inner} " if node.tag in ("p", "li", "h2", "h3", "td", "th", "dt", "dd", "br") else inner


def places(article: str) -> list[ET.Element]:
    return [node for node in ET.fromstring(article).iter() if node.get("data-level")]


def number(place: ET.Element) -> str:
    label = next(node for node in place.iter("span") if node.get("class") == "clause-number")
    return words(label)


def own_words(place: ET.Element) -> str:
    """How a place's own text begins: a heading's words, a clause's first paragraph, table or list."""
    if place.tag == "h2":
        return words(place, numbers=False)
    own = itertools.takewhile(lambda child: child.get("class") != "clauses", place)
    return next((text for child in own if (text := words(child, numbers=False)).strip()), "")


# --- conformance ------------------------------------------------------------------------------------


def test_every_kind_passes_both_standards(pdfs: dict[str, Path]) -> None:
    assert verapdf.check(list(pdfs.values())) == []


# --- the tags ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ARTICLES)
def test_every_clause_number_is_a_label_in_order(pdfs: dict[str, Path], kind: str) -> None:
    tree = tag_tree(pdfs[kind])
    items = [tag for tag in tree.walk() if tag.name == "LI"]
    labels = [squeezed(item.children[0].text()) for item in items if isinstance(item.children[0], Tag)]
    clauses = [squeezed(number(place)) for place in places(ARTICLES[kind]) if place.tag == "li"]
    assert [label for label in labels if re.match(r"[0-9A-Z]+\.[0-9]", label)] == clauses


@pytest.mark.parametrize("kind", ARTICLES)
def test_the_tags_give_the_article_word_for_word_in_order(pdfs: dict[str, Path], kind: str) -> None:
    tree = tag_tree(pdfs[kind])
    # Labels of bullets and of footnotes aren't words of the article; nor are addresses of links.
    for tag in tree.walk():
        for child in tag.children:
            if isinstance(child, Tag) and child.name == "Lbl":
                label = squeezed(child.text())
                if tag.name != "LI" or label == "•" or re.fullmatch(r"[0-9]\.", label):
                    child.children = [] if tag.name != "LI" or label in "•1.2." else child.children
    text = squeezed(tree.text("Note", "TOC"))
    text = text[text.index("Alead-in") : text.rindex("Scheduleofamendments")]
    for address in ["www.legislation.gov.uk/ukpga/2010/15/contents", "clerk@example.gov.uk"]:
        text = text.replace(f"({address})", "", 1)
    for count, comment in enumerate([] if kind == "outside" else meta(POLICY)["comments"], 1):
        author = f"{comment['author']}:" if comment["author"] else ""
        text = text.replace(squeezed(f"[C{count}]{author}{comment['text']}"), "", 1).replace(f"[C{count}]", "", 1)
    assert text == squeezed(words(ET.fromstring(ARTICLES[kind])))


@pytest.mark.parametrize("kind", ARTICLES)
def test_marks_are_spans_as_many_as_in_the_article(pdfs: dict[str, Path], kind: str) -> None:
    spans = [tag.attributes.get("TextDecorationType") for tag in tag_tree(pdfs[kind]).walk()]
    assert spans.count("/LineThrough") == ARTICLES[kind].count("<del>")
    assert spans.count("/Underline") == ARTICLES[kind].count("<ins>")


@pytest.mark.parametrize("kind", ARTICLES)
def test_each_mark_is_said_aloud_with_its_words_and_copied_without(pdfs: dict[str, Path], kind: str) -> None:
    said = {"/LineThrough": "[deleted: {}]", "/Underline": "[inserted: {}]"}
    count = 0
    for tag in tag_tree(pdfs[kind]).walk():
        form = said.get(tag.attributes.get("TextDecorationType", ""))
        things = [inner for inner in tag.walk() if inner.name in ("Link", "Figure")] if form else []
        assert not (tag.alt and things), "what has words of its own can't be reached any more"
        for spoken in (things or [tag]) if form else []:
            words_ = "The middle one of three bars" if spoken.name == "Figure" else spoken.text().strip()
            assert spoken.alt == (form or "").format(" ".join(words_.split())), spoken
            count += 1
    assert count >= 50
    assert b"/ActualText" not in b"".join(objects(pdfs[kind]))


def objects(path: Path) -> Iterator[bytes]:
    with pikepdf.open(path) as pdf:
        yield from (thing.unparse() for thing in pdf.objects if isinstance(thing, pikepdf.Dictionary))


@pytest.mark.parametrize("kind", ["marked", "amended", "bare", "withdrawn", "financial-regulations"])
def test_tags_stand_as_one_would_set_them_by_hand(pdfs: dict[str, Path], kind: str) -> None:
    tree = tag_tree(pdfs[kind])
    for tag in tree.walk():
        names = [child.name for child in tag.children if isinstance(child, Tag)]
        if tag.name in ("Document", "Div", "Part", "Sect"):
            assert "Span" not in names, tag.text()
        if tag.name == "P":
            assert not [inner.text() for inner in tag.walk() if inner.name == "P" and inner is not tag]
        if tag.name == "TOC":
            assert set(names) == {"TOCI"}
        if tag.name == "TH":
            assert tag.text().strip()


@pytest.mark.parametrize("kind", ["amended", "closed-amended"])
def test_nothing_is_marked_in_a_clean_copy(pdfs: dict[str, Path], kind: str) -> None:
    assert {tag.attributes.get("TextDecorationType") for tag in tag_tree(pdfs[kind]).walk()} == {None}


def test_table_headings_have_a_scope(pdfs: dict[str, Path]) -> None:
    tables = [tag for tag in tag_tree(pdfs["marked"]).walk() if tag.name == "Table"]
    assert len(tables) == 9  # control sheet, distribution, clause 1.3, schedule, three of numbers, comments, versions
    for table in tables:
        headings = [tag for tag in table.walk() if tag.name == "TH"]
        assert headings and all(tag.attributes["Scope"] == "/Column" for tag in headings)
    assert [tag.text().strip() for tag in tables[0].walk() if tag.name == "TH"][:2] == [
        "Policy number",
        "Version",
    ]


def test_headings_pictures_notes_and_links_are_tagged(pdfs: dict[str, Path]) -> None:
    names = [tag.name for tag in tag_tree(pdfs["marked"]).walk()]
    assert names.count("Title") == 1
    assert names.count("Figure") == 3
    assert names.count("Note") == 2
    for name in ["H1", "H2", "TOC", "BlockQuote", "Code", "Link", "Em", "Strong"]:
        assert name in names, name


def test_headers_footers_and_watermark_are_artifacts(pdfs: dict[str, Path]) -> None:
    for name, word in [("marked", "DRAFT"), ("withdrawn", "WITHDRAWN")]:
        device = marked_text(pdfs[name])
        assert device.stray == ""
        assert "Page 1 of" in device.artifacts.replace("\u00a0", " ")
        tree = squeezed(tag_tree(pdfs[name]).text())
        assert "Page1of" not in tree
        assert word not in tree + squeezed(device.artifacts)
        assert word not in extract_text(pdfs[name])


def test_fonts(pdfs: dict[str, Path]) -> None:
    for path in pdfs.values():
        with pikepdf.open(path) as pdf:
            fonts = {
                str(font.BaseFont).split("+")[1]
                for page in pdf.pages
                for font in page.resources.get("/Font", {}).values()
            }
        others = {font for font in fonts if not font.startswith("AtkinsonHyperlegible-")}
        # The sample has code, and signs that the project's font lacks; the short policies have none.
        assert others <= ({"DejaVuSansMono"} if "lacks" in extract_text(path) else set())


def read_pages(path: Path) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(path).pages]


def printed(press: Press, tmp_path: Path, body: str, reading: Any = "marked") -> Path:
    """A policy of its own, printed."""
    source, problems = policy_files.read("own", "policy_src/own.md", source_of(body).encode())
    assert source and not problems
    target = tmp_path / f"{reading}.pdf"
    document = with_missing(parsed(source).document)
    assert press.make([Job("own", document, short(reading=reading)[1], target)]) == Outcome(1, 0, ())
    return target


def test_a_wide_table_has_pages_of_its_own_which_are_turned(press: Press, tmp_path: Path) -> None:
    head = "| " + " | ".join(f"Administration{number}" for number in range(7)) + " |"
    rows = "\n".join(
        f"    | {' | '.join(f'cell {row}.{column} and more words' for column in range(7))} |" for row in range(30)
    )
    body = f"## Fees\n\n1.  Before.\n\n    {head}\n    |{'---|' * 7}\n{rows}\n\n1.  Behind.\n"
    path = printed(press, tmp_path, body)
    assert verapdf.check([path]) == []
    turned = [int(page.get("/Rotate", 0)) for page in PdfReader(path).pages]
    assert turned == [0, 90, 90, 90, 0]
    text = squeezed(tag_tree(path).text("TOC"))
    assert re.findall(r"cell(\d+\.\d)and", text) == [f"{row}.{column}" for row in range(30) for column in range(7)]
    assert "Before." in read_pages(path)[0]


def test_short_rows_stay_whole(press: Press, tmp_path: Path) -> None:
    words_ = "a few words that take three lines of the narrow column that they stand in, and no more than that; "
    rows = "\n".join(f"    | R{number} | {words_ * 2} R{number} |" for number in range(100, 160))
    path = printed(press, tmp_path, f"## Fees\n\n1.  Fees:\n\n    | No. | What |\n    |---|---|\n{rows}\n")
    pages = [re.findall(r"R\d{3}\b", page) for page in read_pages(path)]
    assert len(pages) > 3 and all(page.count(number) == 2 for page in pages for number in page)


def test_the_contents_tell_what_comes_and_goes(pdfs: dict[str, Path]) -> None:
    [contents] = [tag for tag in tag_tree(pdfs["marked"]).walk() if tag.name == "TOC"]
    text = contents.text()
    assert "A section that goes (deleted)" in text and "Monitoring (inserted)" in text
    [clean] = [tag for tag in tag_tree(pdfs["amended"]).walk() if tag.name == "TOC"]
    assert "(deleted)" not in clean.text() and "(inserted)" not in clean.text()


def test_notes_of_a_clean_copy_count_from_one(press: Press, tmp_path: Path) -> None:
    body = "## A\n\n1.  B.~~[^x] gone~~ C.[^y] D.[^z]\n\n[^x]: Ex.\n[^y]: Why.\n[^z]: Zed.\n"
    marked, clean = printed(press, tmp_path, body), printed(press, tmp_path, body, "amended")
    assert "2 Why." in read_pages(marked)[0] and "3 Zed." in read_pages(marked)[0]
    assert "1 Why." in read_pages(clean)[0] and "2 Zed." in read_pages(clean)[0] and "Ex." not in read_pages(clean)[0]


def test_comments_stand_once_in_full(pdfs: dict[str, Path]) -> None:
    text = squeezed("".join(read_pages(pdfs["marked"])))
    for comment in meta(POLICY)["comments"]:
        assert text.count(squeezed(comment["text"])) == 1, comment


def test_code_is_monospaced(press: Press, tmp_path: Path) -> None:
    path = printed(press, tmp_path, "## A\n\n1.  Write `code`.\n")
    with pikepdf.open(path) as pdf:
        fonts = {str(font.BaseFont) for page in pdf.pages for font in page.resources.get("/Font", {}).values()}
    assert any("DejaVuSansMono" in font for font in fonts)


# --- the ways in ------------------------------------------------------------------------------------


def destinations(path: Path) -> dict[str, int]:
    with pikepdf.open(path) as pdf:
        pages: dict[Any, int] = {page.objgen: index for index, page in enumerate(pdf.pages)}
        return {str(name): pages[target[0].objgen] for name, target in pikepdf.NameTree(pdf.Root.Names.Dests).items()}


def test_every_anchor_is_a_named_destination(pdfs: dict[str, Path]) -> None:
    found = destinations(pdfs["marked"])
    anchors = {place.get("id") for place in places(EVERYTHING)} | {"moderator"}
    assert anchors <= set(found)
    assert {"was-9.3", "9.3", "was-8", "8"} <= set(destinations(pdfs["closed"]))
    pages = [squeezed(page.extract_text()) for page in PdfReader(pdfs["marked"]).pages]
    for place in places(EVERYTHING):
        if place.get("data-status") == "unchanged" and place.get("data-number") == place.get("data-previous-number"):
            start = squeezed(number(place) + " " + own_words(place))[:12]
            assert start in pages[found[place.attrib["id"]]], start


def bookmarks(path: Path) -> list[tuple[int, str]]:
    def below(items: list[Any], depth: int) -> Iterator[tuple[int, str]]:
        for item in items:
            yield depth, item.title
            yield from below(item.children, depth + 1)

    with pikepdf.open(path) as pdf, pdf.open_outline() as outline:
        return list(below(outline.root, 1))


def test_bookmarks_for_sections_clauses_and_changes(pdfs: dict[str, Path]) -> None:
    marks = bookmarks(pdfs["marked"])
    assert (1, "1 Purpose") in marks
    assert (3, "1.2.3 The third level again. (was 1.2.2)") in marks
    assert (5, "1.2.1.1.2 and one more, inserted. (inserted)") in marks
    assert (2, "1.4 A clause that is deleted as a whole, with its number kept. (deleted)") in marks
    schedule = marks[marks.index((1, "Schedule of amendments")) + 1 : marks.index((1, "Renumbered clauses"))]
    entries = meta(POLICY)["schedule"]
    assert schedule == [(2, f"{entry['number']}, {entry['place']}: {entry['words']}") for entry in entries]
    assert (2, "1.4 Deleted.") in bookmarks(pdfs["amended"])
    closed = bookmarks(pdfs["closed"])
    assert (2, "9.3 Struck, and its number with it. (deleted)") in closed
    assert (2, "9.3 This one moves up to it. (was 9.4)") in closed


def test_the_schedule_leads_to_the_changes(pdfs: dict[str, Path]) -> None:
    with pikepdf.open(pdfs["marked"]) as pdf:
        names = {
            str(note.get("/Dest", note["/A"].get("/D", "") if "/A" in note else ""))
            for page in pdf.pages[-3:]
            for note in page.get("/Annots", [])
        }
    assert {entry["id"] for entry in meta(POLICY)["schedule"]} <= names


def test_metadata(pdfs: dict[str, Path]) -> None:
    with pikepdf.open(pdfs["marked"]) as pdf:
        assert str(pdf.Root.Lang) == "en-GB"
        assert "/PageLabels" in pdf.Root
        assert str(pdf.docinfo["/Title"]) == "Everything Policy"
        assert str(pdf.docinfo["/Author"]) == "Example City Council"
        assert str(pdf.docinfo["/Keywords"]) == "everything, SCC/042, version 2.1, draft, fees, licences"
        assert "Internal edition, version 2.1. Draft: not yet approved" in str(pdf.docinfo["/Subject"])
        assert str(pdf.docinfo["/CreationDate"]).startswith("D:20261122000000")


# --- what a program reads ---------------------------------------------------------------------------


def pdftotext(path: Path, *options: str) -> str:
    return subprocess.run(["pdftotext", *options, path, "-"], capture_output=True, text=True, check=True).stdout


READERS = {
    "pdftotext": lambda path: pdftotext(path),
    "pdftotext -raw": lambda path: pdftotext(path, "-raw"),
    "pypdf": lambda path: "\n".join(page.extract_text() for page in PdfReader(path).pages),
    "pdfminer": lambda path: extract_text(path),
}


@pytest.mark.parametrize("reader", READERS)
def test_numbers_come_before_their_text_and_in_order(pdfs: dict[str, Path], reader: str) -> None:
    if reader.startswith("pdftotext") and not shutil.which("pdftotext"):
        pytest.skip("poppler-utils is not installed")
    text = READERS[reader](pdfs["marked"])
    text = squeezed(re.sub(r"\[C\d\]|•", "", text))
    position = text.index("1Purpose")
    by_table = False
    for place in places(EVERYTHING):
        start = squeezed(own_words(place))[:16]
        if by_table or place.find("table") is not None:
            # A table may be read column by column, the numbers beside it too: each still comes first.
            by_table = not by_table
            assert text.find(squeezed(number(place)), position) < text.find(start[:7], position)
            continue
        found = text.find(squeezed(number(place)) + start, position)
        assert found >= 0, (number(place), start, text[position : position + 200])
        position = found


@pytest.mark.parametrize("reader", READERS)
def test_words_do_not_run_together(pdfs: dict[str, Path], reader: str) -> None:
    if reader.startswith("pdftotext") and not shutil.which("pdftotext"):
        pytest.skip("poppler-utils is not installed")
    text = " ".join(READERS[reader](pdfs["marked"]).split())
    assert "one may must keep a space" in text
    assert "1.7 2.1" in text
    assert "300 350" in text


def test_the_amended_reading_is_clean(pdfs: dict[str, Path]) -> None:
    text = " ".join(extract_text(pdfs["amended"]).split())
    assert "This is the clean text of a draft. It shows version 2.1 (draft: not yet approved)" in text
    assert "says that one must keep a space" in text
    assert "1.4 Deleted." in text and "9 Deleted." in text
    assert "See clause 2.1, the moderator" in text
    closed = " ".join(extract_text(pdfs["closed-amended"]).split())
    assert "9.3 This one moves up to it." in closed and "Deleted." not in closed
    for gone in ["Twitter", "Schedule of amendments", "remark", "TA1", "How to read", "Struck, and its number"]:
        assert gone not in text + closed, gone


def test_first_and_last_page_say_what_the_copy_is(pdfs: dict[str, Path]) -> None:
    pages = [" ".join(page.extract_text().split()) for page in PdfReader(pdfs["marked"]).pages]
    for words_on_page in ["Draft: not yet approved", "Not yet assigned", "How to read this copy", "Contents"]:
        assert words_on_page in pages[0]
    assert META["text"]["sha256"] in pages[-1].replace(" ", "")
    assert "policies.example.gov.uk/internal/policies/everything/" in pages[-1].replace(" ", "")
    for index, page in enumerate(pages, 1):
        for part in [
            f"Page {index} of {len(pages)}",
            "Version 2.1 · Draft",
            "Document 12345",
            "Internal edition",
        ]:
            assert part in page
    assert "Contents" not in extract_text(pdfs["approved"])


def test_links_print_usefully(pdfs: dict[str, Path]) -> None:
    text = " ".join(PdfReader(pdfs["marked"]).pages[1].extract_text().split())
    text += " ".join(PdfReader(pdfs["marked"]).pages[0].extract_text().split())
    assert "outside link (www.legislation.gov.uk/" in text
    assert "the clerk (clerk@example.gov.uk)" in text
    with pikepdf.open(pdfs["marked"]) as pdf:
        targets = {
            str(note.A.URI)
            for page in pdf.pages
            for note in page.get("/Annots", [])
            if "/A" in note and "/URI" in note.A
        }
    assert "https://policies.example.gov.uk/internal/policies/data-protection/#3.2" in targets
    assert "tel:+441722000000" in targets


# --- the press --------------------------------------------------------------------------------------


def test_same_bytes_twice_and_in_any_time_zone(root: Path, tmp_path: Path, pdfs: dict[str, Path]) -> None:
    program = f"""
import sys
from pathlib import Path
from test_pdf import POLICY, TEMPLATE, Job, Press, meta
press = Press(Path({str(root)!r}), TEMPLATE, Path(sys.argv[1]))
assert press.make([Job("x", POLICY.document, meta(POLICY), Path(sys.argv[1]) / "x.pdf")]).made == 1
"""
    running = [
        subprocess.Popen(
            [sys.executable, "-c", program, tmp_path / zone.replace("/", "-")],
            env={**os.environ, "TZ": zone, "PYTHONPATH": f"{TESTS.parent / 'hooks'}{os.pathsep}{TESTS}"},
        )
        for zone in ["Pacific/Kiritimati", "America/Anchorage"]
    ]
    assert [process.wait() for process in running] == [0, 0]
    for file in tmp_path.glob("*/x.pdf"):
        assert file.read_bytes() == pdfs["marked"].read_bytes()


def test_unchanged_policies_are_reused_and_one_changed_is_made(press: Press, tmp_path: Path) -> None:
    jobs = [replace(job(tmp_path, f"Clause {n}."), target=tmp_path / f"{n}.pdf") for n in range(4)]
    ticks: list[int] = []
    assert press.make(iter(jobs), lambda: ticks.append(1)) == Outcome(4, 0, ())
    before = [one.target.read_bytes() for one in jobs]
    assert press.make(jobs) == Outcome(0, 4, ())
    assert [one.target.read_bytes() for one in jobs] == before
    jobs[2] = replace(jobs[2], document=short("Clause two.")[0])
    assert press.make(jobs) == Outcome(1, 3, ())
    assert len(ticks) == 4
    assert [path.name for path in tmp_path.glob("**/*.part")] == []


def test_whatever_changes_the_bytes_changes_the_key(root: Path, tmp_path: Path) -> None:
    pictured = job(tmp_path, "![Bars](images/new.png)")
    picture = root / "policy_src" / "images" / "new.png"
    shutil.copy(SAMPLES / "policy_src/images/chart.png", picture)
    template = tmp_path / "template"
    shutil.copytree(TEMPLATE, template)

    def made(one: Job) -> int:
        return Press(root, template, tmp_path / "cache").make([one]).made

    assert [made(pictured), made(pictured)] == [1, 0]
    assert made(replace(pictured, meta={**pictured.meta, "version": "3"})) == 1
    shutil.copy(root / "docs" / "assets" / "logo.png", picture)
    assert made(pictured) == 0  # another file with the same bytes
    picture.write_bytes(picture.read_bytes() + b"\n")
    assert made(pictured) == 0  # what isn't drawn isn't printed
    shutil.copy(SAMPLE / "images/events-by-season.png", picture)
    assert made(pictured) == 1
    for file in sorted(template.glob("*.typ")):
        file.write_text(file.read_text(encoding="utf-8") + "// one more line\n", encoding="utf-8")
        assert made(pictured) == 1, file


def test_a_damaged_entry_is_made_anew(press: Press, tmp_path: Path) -> None:
    one = job(tmp_path)
    press.make([one])
    [entry] = (tmp_path / "cache").glob("*/*.pdf")
    whole = entry.read_bytes()
    entry.unlink()
    entry.write_bytes(whole[:1000])  # cut off
    assert press.make([one]) == Outcome(1, 0, ())
    assert one.target.read_bytes() == whole
    entry.with_suffix(".sha256").unlink()  # killed before it was finished
    assert press.make([one]) == Outcome(1, 0, ())
    assert press.make([one]) == Outcome(0, 1, ())


def test_the_cache_is_bounded_and_keeps_what_was_used_last(root: Path, tmp_path: Path) -> None:
    jobs = [replace(job(tmp_path, f"Clause {n}."), target=tmp_path / f"{n}.pdf") for n in range(3)]
    cache = tmp_path / "cache"
    Press(root, TEMPLATE, cache).make(jobs)
    for age, mark in enumerate(sorted(cache.glob("*/*.sha256"))):
        os.utime(mark, (time.time() - 3600, time.time() - 3600 - age))
    size = jobs[0].target.stat().st_size
    small = Press(root, TEMPLATE, cache, limit_bytes=int(size * 1.5))
    assert small.make(jobs[1:2]) == Outcome(0, 1, ())
    small.prune()
    assert len(list(cache.glob("*/*.pdf"))) == 1
    assert small.make(jobs[1:2]) == Outcome(0, 1, ())
    small.prune()
    assert jobs[0].target.exists() and jobs[2].target.exists()


def test_jobs_are_taken_as_they_are_needed(press: Press, tmp_path: Path) -> None:
    taken, done = 0, 0
    ahead = []

    def jobs() -> Iterator[Job]:
        nonlocal taken
        for _ in range(30):
            taken += 1
            ahead.append(taken - done)
            yield job(tmp_path)

    def finished() -> None:
        nonlocal done
        done += 1

    assert press.make(jobs(), finished).failures == ()
    assert max(ahead) <= 6


def test_published_files_can_be_read_by_others(press: Press, tmp_path: Path) -> None:
    press.make([job(tmp_path)])
    umask = os.umask(0)
    os.umask(umask)
    assert (tmp_path / "site" / "short.pdf").stat().st_mode & 0o777 == 0o666 & ~umask


# --- failures ---------------------------------------------------------------------------------------

WIDE = "Fees:\n\n    | " + " | ".join(f"{'Wide' * 7}{n}" for n in range(9)) + f" |\n    |{'---|' * 9}"
FAILURES: dict[str, tuple[str | Block, Any]] = {
    "unknown block": (
        Block("video"),  # type: ignore[arg-type]
        said("P804", reason="the block “video” can't be printed. Write it in another way"),
    ),
    "missing glyph": ("中 and ᚠ", said("P801", sign="中", character="U+4E2D")),
    "missing picture": (
        "![x](images/none.png)",
        said(
            "P804",
            reason="the picture images/none.png isn't there: put it into policy_src/images/ or correct its name",
        ),
    ),
    "kind of picture": (
        "![x](images/chart.bmp)",
        said(
            "P804",
            reason="the picture images/chart.bmp can't be printed: "
            "save it as .png, .jpg, .jpeg, .gif, .webp, .svg and use that",
        ),
    ),
    "damaged picture": ("![x](images/damaged.png)", said("P803", image="policy_src/images/damaged.png")),
    "no words for a picture": (
        "![](images/chart.png)",
        said(
            "P804",
            reason="the picture images/chart.png has no words for those who can't see it. "
            "Write them between its square brackets",
        ),
    ),
    "wide table": (WIDE, said("P802")),
    "dead link": (
        "[clause 9.9](#9.9)",
        said("P804", reason="the link “clause 9.9” leads to #9.9, which isn't in this policy. Correct its address"),
    ),
    "footnote": (
        Block("paragraph", (Run("x", thing=NoteReference("1", "fnref:1")),)),
        said("P804", reason="footnote 1 has no text. Write the note, or take its mark out"),
    ),
}


@pytest.mark.parametrize("kind", FAILURES)
def test_each_failure_is_one_line_with_its_clause(root: Path, press: Press, tmp_path: Path, kind: str) -> None:
    (root / "policy_src" / "images" / "damaged.png").write_bytes(b"\x89PNG no picture")
    body, fault = FAILURES[kind]
    bad = job(tmp_path, f"Words {body}") if isinstance(body, str) else job(tmp_path)
    if isinstance(body, Block):
        bad = replace(bad, document=holding(bad.document, body))
    good = replace(job(tmp_path), target=tmp_path / "good.pdf")
    outcome = press.make([bad, good])
    assert outcome.made == 1 and good.target.exists() and not bad.target.exists()
    assert outcome.failures[0] == Failure("short", fault, "1.1")
    assert len(outcome.failures) == (2 if kind == "missing glyph" else 1)


def test_policy_text_is_never_read_as_typst(press: Press, tmp_path: Path) -> None:
    body = '#panic("x") $x$ *bold* @ref <label> \\ ~ #import "@preview/x:1.0.0"'
    one = job(tmp_path, title="#panic() *T*")
    one = replace(one, document=saying(one.document, Run(body)))
    assert press.make([one]) == Outcome(1, 0, ())
    text = " ".join(extract_text(one.target).split())
    assert '#panic("x") $x$ *bold* @ref <label> \\ ~ #import "@preview/x:1.0.0"' in text
    assert "#panic() *T*" in text
