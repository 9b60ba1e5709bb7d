"""The guide for editors: all of it is inside, nothing of it outside, and what it shows and names is so."""

import re
import shlex
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import html5lib
import pytest
from building import ROOT, SETTINGS, files, new_project, policy, run
from markdown import Markdown
from playwright.sync_api import Browser
from pypdf import PdfReader

from policydoc import messages
from policydoc.checking import inspection
from policydoc.commands import main
from policydoc.outputs import marks_card
from policydoc.source.policy_files import FOLDER

GUIDE = ROOT / "docs/editors"
PAGES = ["", "browser/", "card/", "messages/", "papers/", "versions/", "word/"]
TEXTS = {path.name: path.read_text("utf-8") for path in sorted(GUIDE.glob("*.md"))}
CANARY = "kanarienvogel"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose guide has a word in every file that stands nowhere else, with both its editions."""
    project = new_project(tmp_path_factory.mktemp("editors") / "project")
    for path in (project / "docs/editors").iterdir():
        word = f"\n/* {CANARY} */\n" if path.suffix == ".css" else f"\n{CANARY}\n"
        path.write_text(path.read_text("utf-8") + word, encoding="utf-8")
    done = run(project, "build", POLICY_PDF="off")
    assert done.returncode == 0, done.stderr
    return project


def html(path: Path) -> ElementTree.Element:
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), strict=True, namespaceHTMLElements=False)
    tree: ElementTree.Element = parser.parse(path.read_text("utf-8"))
    return tree


# where it is published


def test_all_of_it_is_in_the_internal_edition(built: Path) -> None:
    site = built / "site/internal"
    for page in PAGES:
        text = (site / "editors" / page / "index.html").read_text("utf-8")
        assert CANARY in text or page == "messages/"
    for path in site.rglob("*.html"):
        assert "For editors</a>" in path.read_text("utf-8"), path


def test_no_byte_of_it_is_in_the_external_edition(built: Path) -> None:
    found = files(built / "site/external")
    assert found and not [name for name in found if "editors" in name or "guide.css" in name]
    for name, data in found.items():
        assert CANARY.encode() not in data, name
        assert b"editors/" not in data and b"For editors" not in data, name


def test_with_a_hook_that_does_nothing_it_is_in_neither(built: Path, tmp_path: Path) -> None:
    project = new_project(tmp_path)
    (project / "hooks/guide_editors.py").write_text("", encoding="utf-8")
    assert run(project, "build", POLICY_PDF="off").returncode == 0
    assert not [name for name in files(project / "site") if "editors" in name]


# what it says


def test_every_command_that_it_names_exists() -> None:
    named = [
        found for text in TEXTS.values() for found in re.findall(r"^ {4}(policy .*)$|`(policy [^`]*)`", text, re.M)
    ]
    assert len(named) > 7
    for words in (shlex.split(block or inline) for block, inline in named):
        command = main.commands[words[1]]
        options = {option for each in command.params for option in each.opts}
        assert {word for word in words if word.startswith("--")} <= options, words


def examples() -> list[tuple[str, str]]:
    """Every code block of the guide that is policy text: one in which a section or a clause begins."""
    blocks = [
        (name, "".join(block.itertext()))
        for name, text in TEXTS.items()
        for block in ElementTree.fromstring(f"<div>{Markdown().convert(text)}</div>").iter("pre")
    ]
    return [(name, shown) for name, shown in blocks if re.search(r"^ *(?:## |1\.  )", shown, re.MULTILINE)]


@pytest.mark.parametrize(("name", "example"), examples())
def test_every_example_of_policy_text_is_right(name: str, example: str, tmp_path: Path) -> None:
    folder = tmp_path / FOLDER
    folder.mkdir()
    body = example if example.startswith("## ") else f"## Purpose\n\n{example}"
    (folder / "example.md").write_text(policy(body), "utf-8")
    assert inspection.inspect(tmp_path, SETTINGS, date(2026, 1, 5)).problems == []


def test_the_guide_has_examples_of_policy_text() -> None:
    assert {"browser.md", "word.md"} <= {name for name, _ in examples()}


def test_every_code_that_it_names_exists() -> None:
    codes = {code for text in TEXTS.values() for code in re.findall(r"\bP\d{3}\b", text)}
    assert codes and codes <= set(messages.table())


@pytest.mark.parametrize(
    ("code", "wrong", "beside"),
    [
        ("P103", "social-media.txt", ["complaints.md"]),
        ("P105", "personnel/leave.md", ["complaints.md"]),
        ("P141", "", ["parks.md"]),
        ("P142", "parks.md", ["dogs.md"]),
        ("P434", "", []),
        ("P436", "images/map.png", [""]),
        ("P603", "", ["dogs.md", "parks.md"]),
        ("P604", "", ["data-protection.md"]),
        ("P701", "archive/notes.txt", ["dogs.md"]),
    ],
)
def test_only_the_file_that_is_wrong_is_called_so(code: str, wrong: str, beside: list[str]) -> None:
    entry = messages.page().partition(f"### {code}: ")[2].partition("\nRight")[0]
    said = re.findall(r"^(Wrong|Beside it)(?:, in the file `(.*)`)?:$", entry, re.MULTILINE)
    assert said == [("Wrong", wrong), *(("Beside it", name) for name in beside)]


def test_every_message_has_its_place(built: Path) -> None:
    text = (built / "site/internal/editors/messages/index.html").read_text("utf-8")
    assert all(f'id="{code.lower()}"' in text for code in messages.table())
    assert text.count("<h1") == 1


# the card


def rows() -> Iterator[tuple[ElementTree.Element, ElementTree.Element, ElementTree.Element]]:
    for row in ElementTree.fromstring(marks_card.table()).findall("tbody/tr"):
        purpose, written, seen = row
        yield purpose, written, seen


def words(element: ElementTree.Element) -> str:
    return " ".join("".join(element.itertext()).split())


def test_the_card_shows_each_example_as_the_dialect_does() -> None:
    seen = {words(purpose): words(seen) for purpose, _, seen in rows()}
    assert list(seen) == [example.purpose for example in marks_card.EXAMPLES]
    assert seen["A section"] == "1 Where dogs may go"
    assert seen["Words to be deleted and words to be added"] == "1.1 Dogs [deleted: must] [inserted: may] swim."
    assert seen["A clause for staff. The public sees this"] == "1.1 Not published"
    assert seen["A name for a clause, and a reference that always prints its number"] == (
        "1.1 Dogs stay on a lead.1.2 See clause 1.1."
    )
    assert seen["The same, in another policy"] == "1.1 See clause 1.1 of the Parks Policy."


def test_the_card_is_a_table_that_can_be_read_aloud() -> None:
    table = ElementTree.fromstring(marks_card.table())
    assert words(table.find("caption") or table)
    assert [head.get("scope") for head in table.findall("thead/tr/th")] == ["col"] * 3
    for purpose, written, seen in rows():
        assert (purpose.tag, purpose.get("scope"), written.tag, seen.tag) == ("th", "row", "td", "td")
        assert all(heading.get("role") == "presentation" for tag in ("h2", "h3") for heading in seen.iter(tag))
    assert not [each for each in table.iter() if each.tag == "a" or each.get("id") or each.get("style")]


def test_an_example_that_is_wrong_stops_the_build(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(marks_card, "EXAMPLES", (marks_card.Example("A mark", "1.  ~~Never closed."),))
    with pytest.raises(ValueError, match="never closed"):
        marks_card.table()


def test_the_card_fits_one_sheet_and_no_page_scrolls_sideways(built: Path, browser: Browser, tmp_path: Path) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 640})
    for name in PAGES:
        page.goto((built / "site/internal/editors" / name / "index.html").as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, name
    page.goto((built / "site/internal/editors/card/index.html").as_uri())
    page.pdf(path=tmp_path / "card.pdf", prefer_css_page_size=True)
    page.close()
    [sheet] = PdfReader(tmp_path / "card.pdf").pages
    assert (round(sheet.mediabox.width), round(sheet.mediabox.height)) == (595, 842)


def test_pages_are_good_html(built: Path) -> None:
    for page in PAGES:
        tree = html(built / "site/internal/editors" / page / "index.html")
        assert len(list(tree.iter("h1"))) == 1
        ids = [each.get("id") for each in tree.iter() if each.get("id")]
        assert len(ids) == len(set(ids))
