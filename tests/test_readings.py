"""Emptied cells, terms and blocks, and words before the first section: the same on page, in PDF, JSON and search."""

import http.server
import json
import re
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import building
import pytest
import verapdf
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from pypdf import PdfReader
from test_golden import FRONT_MATTER, GOLDEN
from test_pdf import bookmarks, squeezed, tag_tree

# The rows of the table of `emptied.md` in each reading; what is emptied as a whole is not there.
ROWS = {
    "amended": [
        ["What", "", "When"],
        ["Burial", "", "from April"],
        ["Stone", "£70", "May"],
        ["Tree", "", "soon"],
    ],
    "previous": [
        ["What", "Fee", "When"],
        ["Burial", "£100", "from April"],
        ["Ashes", "£50", "now"],
        ["Tree", "", ""],
    ],
}
TERMS = {
    "amended": ["New name", "One meaning.", "", "A meaning that stays.", "A term that stays", "", "Next", "Two."],
    "previous": [
        "Old name", "One meaning.", "A term that goes", "A meaning that stays.", "A term that stays",
        "A meaning that goes.", "Next", "One.", "Two.", "Last", "Its meaning.",
    ],
}  # fmt: skip
WORD = re.compile(r"£\d+|[^\W\d]+")
SHOWN = "e => e.checkVisibility()"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = building.new_project(tmp_path_factory.mktemp("readings") / "project", None)
    for name in ("emptied", "before-section"):
        text = (GOLDEN / f"{name}.md").read_text("utf-8")
        (project / f"policy_src/{name}.md").write_text(FRONT_MATTER + text, "utf-8")
    assert building.run(project, "check", "--strict").stdout.count("error") == 0
    outcome = building.run(project, "build")
    assert outcome.returncode == 0, outcome.stderr
    return project / "site"


@pytest.fixture(scope="module")
def page(site: Path, browser: Browser) -> Iterator[Page]:
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site / "external"))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        page = browser.new_page(base_url=f"http://127.0.0.1:{server.server_port}")
        yield page
        page.close()
        server.shutdown()


def data(site: Path, slug: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((site / f"external/policies/{slug}/{slug}.json").read_text("utf-8"))
    return found


def shown(page: Page, reading: str, selector: str) -> list[str]:
    """The text of what matches and is not hidden, as a reader of this reading sees it."""
    page.goto("/policies/emptied/")
    page.locator(f"#reading-{reading}").check(force=True)
    found = page.locator(f".policy {selector}").all()
    return [element.inner_text().strip() for element in found if element.evaluate(SHOWN)]


# Emptied


@pytest.mark.parametrize("reading", ["amended", "previous"])
def test_the_page_keeps_cells_and_terms_in_their_place(page: Page, reading: str) -> None:
    page.goto("/policies/emptied/")
    page.locator(f"#reading-{reading}").check(force=True)
    rows = [row for row in page.locator(".policy table").first.locator("tr").all() if row.evaluate(SHOWN)]
    assert [[cell.inner_text().strip() for cell in row.locator("th, td").all()] for row in rows] == ROWS[reading]
    assert shown(page, reading, "dt, .policy dd") == TERMS[reading]
    assert "" not in shown(page, reading, "li:not([data-level]), .policy tr, .policy blockquote, .policy .admonition")
    notes = shown(page, reading, ".footnote li")
    assert [note.split("\n")[0].replace("↩", "").strip() for note in notes] == (
        ["Note b.", "Note c."] if reading == "amended" else ["Note a.", "Note c. Its end."]
    )


def test_the_clean_pdf_keeps_them_in_the_same_place(site: Path) -> None:
    tree = tag_tree(site / "external/policies/emptied/emptied-amended.pdf")
    tables = [tag for tag in tree.walk() if tag.name == "Table"]
    rows = [
        [cell.text().replace("\u00a0", " ").strip() for cell in row.walk() if cell.name in ("TH", "TD")]
        for row in next(table for table in tables if "Burial" in table.text()).walk()
        if row.name == "TR"
    ]
    assert rows == ROWS["amended"]
    beheaded = next(table for table in tables if "goes" in table.text())
    assert not [cell for cell in beheaded.walk() if cell.name == "TH"]


@pytest.mark.parametrize("reading", ["amended", "previous"])
def test_page_data_and_search_say_the_same_words(site: Path, page: Page, reading: str) -> None:
    clauses = data(site, "emptied")["clauses"]
    key = "text" if reading == "amended" else "previous_text"
    texts = {clause["id"]: squeezed(clause[key]) for clause in clauses if clause["level"] > 1}
    page.goto("/policies/emptied/")
    page.locator(f"#reading-{reading}").check(force=True)
    for place, text in texts.items():
        seen = page.locator(f'[id="{place}"]').inner_text()
        assert without_numbers(seen, place) == text
    index = json.loads((site / "external/search/search_index.json").read_text("utf-8"))["docs"]
    if reading == "amended":
        found = {
            doc["location"].partition("#")[2]: squeezed(doc["text"]) for doc in index if "/emptied/#" in doc["location"]
        }
        assert texts.items() <= found.items()


def without_numbers(seen: str, place: str) -> str:
    """What the page shows of a clause, without its number and the numbers of footnotes behind words."""
    words = squeezed(seen).removeprefix(place)
    return re.sub(r"(?<=[a-z])[123](?=[a-z.]|$)", "", words)


def test_the_clean_pdf_says_the_same_words(site: Path) -> None:
    text = "".join(
        page.extract_text() for page in PdfReader(site / "external/policies/emptied/emptied-amended.pdf").pages
    )
    words = set(re.findall(WORD, text))
    for clause in data(site, "emptied")["clauses"]:
        assert set(re.findall(WORD, clause["text"])) <= words
    assert not words & {"£100", "Ashes", "quotation", "Struck", "Fee", "Last"}


# Before the first section


def test_what_stands_before_the_first_section_is_published_everywhere(site: Path) -> None:
    for edition, secret in (("external", False), ("internal", True)):
        folder = site / edition / "policies/before-section"
        html = (folder / "index.html").read_text("utf-8")
        policy = json.loads((folder / "before-section.json").read_text("utf-8"))
        index = json.loads((site / edition / "search/search_index.json").read_text("utf-8"))["docs"]
        [opening] = [doc for doc in index if doc["title"] == "Test Policy, opening words"]
        [passage] = [passage for passage in policy["unnumbered"] if passage["after"] is None]
        assert passage["text"] == opening["text"]
        pdf = "".join(page.extract_text() for page in PdfReader(folder / "before-section.pdf").pages)
        for text in (html, passage["text"], pdf):
            assert "Words before all else." in text and "Meaning" in text and "Thanks" in text
            assert ("SECRET-1" in text, "SECRET-2" in text, "SECRET-3" in text) == (secret, secret, secret)
        assert passage["text"].splitlines()[1] == "Foreword by the Chair"
        assert passage["previous_text"].splitlines()[1] == "Foreword by the Mayor"
        assert [each["after"] for each in policy["unnumbered"]] == [None, "1", "1.1.1"]


def test_contents_list_the_headings_before_the_first_section(site: Path, page: Page) -> None:
    page.goto("/policies/before-section/")
    listed = page.locator("details.contents a:not([hidden])").all()
    assert [(link.get_attribute("href"), link.text_content()) for link in listed] == [
        ("#front:1", "Foreword by the Chair"),
        ("#front:2", "Thanks"),
        ("#1", "1 Purpose"),
        ("#A", "A Forms"),
    ]
    before = page.locator("details.contents a[hidden]")
    assert [(link.get_attribute("href"), link.text_content()) for link in before.all()] == [
        ("#front:1", "Foreword by the Mayor")
    ]


def test_headings_leave_out_no_level(site: Path, page: Page) -> None:
    page.goto("/policies/before-section/")
    levels = page.locator(".policy-header h1, .policy :is(h1, h2, h3, h4)").evaluate_all(
        "all => all.map(e => e.tagName)"
    )
    assert levels == ["H1", "H2", "H2", "H2", "H2"]
    found = bookmarks(site / "external/policies/before-section/before-section.pdf")
    assert [each for each in found if each[0] == 0 or each[0] == 1][:2] == [
        (found[0][0], "Foreword by the Chair"),
        (found[0][0], "Thanks"),
    ]


def test_others_find_nothing_wrong(site: Path, page: Page) -> None:
    assert verapdf.check(sorted(site.glob("*/policies/*/*.pdf"))) == []
    for slug in ("emptied", "before-section"):
        for reading in ("marked", "amended", "previous"):
            page.goto(f"/policies/{slug}/")
            page.locator(f"#reading-{reading}").check(force=True)
            found = Axe().run(page).response["violations"]
            # A heading whose words are all deleted stays, so that its column keeps its place.
            wrong = [each["id"] for each in found if not (each["id"] == "empty-table-header" and slug == "emptied")]
            assert wrong == [], (slug, reading)
