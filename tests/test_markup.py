"""Nobody writes markup: hostile words in every value that an author or a council can write change no page's elements.

The same site is built twice, with harmless and with hostile words. The Nu checker then looks at both, a browser at the
second.
"""

import csv
import json
import re
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import html5lib
import nu
import pytest
import yaml
from building import ROOT, new_project, run
from playwright.sync_api import Browser, Dialog, Page, Route

from policydoc.history import archive
from policydoc.outputs import register
from policydoc.source.attributes import is_pages_own
from policydoc.writing import put_all

# What ends all that an author's words can stand in, and what then acts; the same for what is for colleagues alone
HOSTILE = (
    "words</title></script></style></textarea>--><img src=x onerror=alert(1)>\"'><svg onload=alert(2)>{{ 7*7 }}]]>"
    "<meta http-equiv=refresh content=0;url=/about/>&lt;b&gt;&#60;i&#62;"
)
FRONT = re.sub("[<>{}]", "", HOSTILE)  # front matter may hold none
SECRET = "</p></mark><base href=//evil.example><iframe srcdoc=x>\"'{{ 6*6 }}<form action=//evil.example>"
HARMLESS = "words"
EDITIONS = ("external", "internal")
ORIGIN = "https://policies.example.gov.uk/"
# What Markdown would take for its own
_SIGNS = re.compile(r"[\\`*_{}\[\]()>#+.!&<=|-]")

POLICY = """
Opening words VALUE, and a note.[^note] {>>SECRET<<}

## Purpose VALUE {>>TA1: SECRET<<} {#purpose}

1.  A clause VALUE with ~~VALUE gone~~ ^^VALUE new^^ {>>SECRET<<} {#clause}

    1.  {==VALUE==}{>>TA1: SECRET<<} and **VALUE**, *VALUE*, `CODE`.
    1.  Not for everybody: SECRET. {.internal}

1.  See [clause](#clause), [VALUE](https://www.example.org/?q=%22%3E "TITLE") and [clause](complaints.md#appeal).

    | VALUE | Two {>>SECRET<<} |
    | :---- | --------------: |
    | VALUE | ~~VALUE~~       |

1.  ![VALUE](images/events-by-season.png "TITLE")

### A heading VALUE {>>SECRET<<}

1.  These mean:

    VALUE {>>SECRET<<}
    :   VALUE {>>SECRET<<}

    > VALUE {>>SECRET<<}

    -   VALUE {>>SECRET<<}

    ```
    CODE
    ```

!!! note "Note"

    VALUE {>>SECRET<<}

## ^^New section VALUE^^ {>>SECRET<<}

1.  ^^VALUE^^

## ~~Old section VALUE~~

1.  ~~VALUE~~

## For staff SECRET {.internal}

1.  SECRET

## Forms VALUE {.appendix}

1.  VALUE

[^note]: VALUE {>>SECRET<<}
"""
OLD_POLICY = "## VALUE\n\n1.  VALUE. See [clause](everything.md#clause).\n"
PAGE = "# VALUE\n\n## A heading VALUE\n\nVALUE\n\n### Below it VALUE\n\nVALUE\n"


class Settings(yaml.SafeLoader):
    """Reads mkdocs.yml; `!ENV [POLICY_EDITION, external]` is itself again when it is written."""


class Env(list[str]):
    pass


Settings.add_constructor("!ENV", lambda loader, node: Env(loader.construct_sequence(node)))  # type: ignore[arg-type]
yaml.SafeDumper.add_representer(Env, lambda dumper, data: dumper.represent_sequence("!ENV", data))


def write_everywhere(project: Path, words: str) -> None:
    """Puts these words where an author or a council can write some."""
    literal = _SIGNS.sub(r"\\\g<0>", words)
    title = escape(re.sub("[{}]", "", words), quote=False).replace('"', "&quot;")

    def filled(text: str) -> str:
        text = text.replace("SECRET", "colleagues" if words == HARMLESS else _SIGNS.sub(r"\\\g<0>", SECRET))
        return text.replace("VALUE", literal).replace("CODE", words).replace("TITLE", title)

    def front(**keys: Any) -> str:
        return f"---\n{yaml.safe_dump(keys, allow_unicode=True)}---\n\n"

    value = words if words == HARMLESS else FRONT
    keys = dict.fromkeys("title subtitle version owner review_team".split(), value) | {
        "review_due": "2020-01-01",
        "distribution": {"internal": ["Staff"], "external": [value]},
        "change_note": {"text": value},
    }
    for slug, own, text in (
        (
            "everything",
            dict.fromkeys(("policy_number", "doc_number", "pdf_number"), value) | {"status": "draft"},
            POLICY,
        ),
        ("old", {"status": "withdrawn", "replaced_by": "everything"}, OLD_POLICY),
    ):
        (project / f"policy_src/{slug}.md").write_text(front(**(keys | own)) + filled(text), "utf-8")
        version = front(**(keys | own | {"adopted": dict.fromkeys(("by", "minute"), value)})) + filled(text)
        put_all(archive.addition(project / "policy_src", slug, "1", version.encode()))
    page = PAGE.replace("VALUE", escape(words).replace("*", "\\*"))
    (project / "docs/page.md").write_text(front(title=words, description=words) + page, "utf-8")
    (project / "docs/heading.md").write_text(page, "utf-8")
    mkdocs = project / "mkdocs.yml"
    config = yaml.load(mkdocs.read_text("utf-8"), Settings)
    config |= {"site_name": words, "site_description": words, "site_url": ORIGIN}
    config["nav"] += ["page.md", "heading.md", {words: "https://www.example.org/"}]
    config["extra"] |= dict.fromkeys(("edit_url", "acknowledge_url"), "https://www.example.org/?a='onload=alert(1)&b=")
    config["extra"]["council"] |= {"name": words, "contact": words}
    mkdocs.write_text(yaml.safe_dump(config, allow_unicode=True, sort_keys=False), "utf-8")


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The site with harmless words and that with hostile ones, by these words."""
    folders = {}
    for words in (HARMLESS, HOSTILE):
        project = new_project(tmp_path_factory.mktemp("markup") / "project")
        write_everywhere(project, words)
        done = run(project, "build", POLICY_PDF="off")
        assert done.returncode == 0, done.stderr
        folders[words] = project / "site"
    return folders


def pages(site: Path) -> list[Path]:
    return sorted(site.rglob("*.html"))


def parsed(page: Path) -> ElementTree.Element:
    """The page as a browser reads it; any fault in it is an error."""
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), strict=True, namespaceHTMLElements=False)
    tree: ElementTree.Element = parser.parse(page.read_text("utf-8"))
    return tree


def frame(page: Path) -> list[tuple[str, list[str]]]:
    """The page's elements with the names of their attributes: what only templates and dialect decide.

    How many amendments there are depends on the words, too: of the schedule, or the paper, last, each kind of element
    once.
    """
    tree = parsed(page)
    ways = ".//details[@id='schedule-of-amendments']", ".//table[@class='facts paper']"
    inside = {element for way in ways for place in tree.findall(way) for element in place.iter()}
    elements = [(element in inside, str(element.tag), sorted(element.attrib)) for element in tree.iter()]
    kinds = {tag: attributes for is_inside, tag, attributes in elements if is_inside}
    return [(tag, attributes) for is_inside, tag, attributes in elements if not is_inside] + sorted(kinds.items())


def test_hostile_words_change_no_element_and_no_attribute(sites: dict[str, Path]) -> None:
    harmless, hostile = sites[HARMLESS], sites[HOSTILE]
    names = [page.relative_to(harmless) for page in pages(harmless)]
    assert names == [page.relative_to(hostile) for page in pages(hostile)] and len(names) > 30
    for name in names:
        assert frame(hostile / name) == frame(harmless / name), name


def test_hostile_words_are_read_as_they_were_written(sites: dict[str, Path]) -> None:
    site = sites[HOSTILE]
    for edition in EDITIONS:
        tree = parsed(site / edition / "policies/everything/index.html")
        for contents in (".//nav[@class='md-nav md-nav--secondary']", ".//details[@class='sheet contents']"):
            links = ["".join(link.itertext()).strip() for link in tree.findall(f"{contents}//a")]
            assert f"1 Purpose {HOSTILE}" in links
        assert tree.findtext(".//title") == f"{FRONT} - {HOSTILE}"
        assert tree.findtext(".//h1") == FRONT
        assert tree.findtext(".//a[@class='site-name']/span") == HOSTILE
        for name in ("page", "heading"):
            tree = parsed(site / edition / name / "index.html")
            assert tree.findtext(".//title") == f"{HOSTILE} - {HOSTILE}"
            links = ["".join(link.itertext()).strip() for link in tree.findall(".//nav[@aria-label='Site']//a")]
            assert links.count(HOSTILE) == 3
        index = json.loads((site / edition / "search/search_index.json").read_text("utf-8"))
        found = {entry["title"] for entry in index["docs"]}
        assert {f"{FRONT}, clause 1.1", HOSTILE, f"A heading {HOSTILE}"} <= found
    data = parsed(site / "external/policies/everything/index.html").findtext(".//script[@type='application/ld+json']")
    assert json.loads(data or "")["name"] == FRONT
    feed = ElementTree.parse(site / "external/feed.xml")
    assert feed.findtext("{http://www.w3.org/2005/Atom}title") == f"{HOSTILE}: policies"


def opened(browser: Browser, site: Path, heard: list[str], width: int = 1280) -> Page:
    """A page in a browser that finds the site's files below ORIGIN; what it says or asks for in vain is heard."""

    def answer(route: Route) -> None:
        path = site / urlsplit(route.request.url).path.lstrip("/")
        path = path / "index.html" if path.is_dir() else path
        if path.is_file():
            route.fulfill(path=path)
        else:
            heard.append(f"asked for {route.request.url}")
            route.abort()

    def dismiss(dialog: Dialog) -> None:
        heard.append(f"dialog on {page.url}")
        dialog.dismiss()

    context = browser.new_context(base_url=ORIGIN, viewport={"width": width, "height": 800})
    context.route("**/*", answer)
    page = context.new_page()
    page.on("dialog", dismiss)
    page.on("console", lambda message: heard.append(f"{page.url}: {message.text}"))
    page.on("pageerror", lambda error: heard.append(f"{page.url}: {error}"))
    return page


def test_a_browser_stays_on_every_page_and_runs_nothing(sites: dict[str, Path], browser: Browser) -> None:
    site, heard = sites[HOSTILE], list[str]()
    page = opened(browser, site, heard)
    for path in pages(site):
        if path.name == "404.html":  # its addresses begin at the root, and this root has two editions
            continue
        address = ORIGIN + path.relative_to(site).as_posix()
        page.goto(address)
        page.locator("input[type=search]").first.fill("words <b> title")
        page.wait_for_timeout(20)
        assert page.url == address
    page.goto("external/policies/everything/")
    page.locator("a.reference").first.hover()
    page.get_by_role("tooltip").wait_for()
    page.locator("#find-words").fill("purpose")
    page.locator(".find-answers a").first.wait_for()
    assert FRONT in page.locator(".find-answers").inner_text()
    page.context.close()
    assert heard == []


@pytest.mark.parametrize(("address", "heads"), [("external/", 7), ("internal/editors/card/", 3)])
def test_tables_that_become_cards_on_a_phone_are_still_read_aloud_as_tables(
    sites: dict[str, Path], browser: Browser, address: str, heads: int
) -> None:
    page = opened(browser, sites[HARMLESS], [], width=390)
    page.goto(address)
    table = page.locator("[data-stacks]")
    assert table.evaluate("table => getComputedStyle(table).display") == "block"
    assert table.get_attribute("role") == "table"  # WebKit goes by what is said, where the layout is another's
    own = "[data-stacks] > * > tr"
    rows = page.locator(own).count()
    assert rows > 5 and page.locator(f"{own}[role=row]").count() == rows
    assert page.locator(f"{own} > th[role=rowheader]").count() == rows - 1
    assert page.locator(f"{own} > :not([role])").count() == 0
    nodes = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    seen = [node["role"]["value"] for node in nodes if not node["ignored"]]
    assert seen.count("table") >= 1 and seen.count("rowheader") >= rows - 1 and seen.count("columnheader") >= heads
    page.context.close()


# The HTML standard


def test_the_nu_checker_finds_nothing_on_any_page(sites: dict[str, Path], tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.html"
    wrong.write_text("<!doctype html><html lang=en><title>A page</title><p role=row>Words", "utf-8")
    faults = nu.check([wrong, *(page for site in sites.values() for page in pages(site))])
    assert len([fault for fault in faults if "wrong.html" in fault]) == 1  # the checker did its work
    assert [fault for fault in faults if "wrong.html" not in fault] == []


def test_no_clause_has_the_address_of_another_part_of_its_page(sites: dict[str, Path]) -> None:
    for page in pages(sites[HARMLESS]):
        if page.parent.parent.name == "policies":
            names = {
                clause["name"]
                for clause in json.loads((page.parent / f"{page.parent.name}.json").read_text())["clauses"]
            }
            for element in parsed(page).iter():
                own = element.get("id", "")
                assert own in names or not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", own) or is_pages_own(own), own


def test_no_cell_of_the_register_is_a_formula() -> None:
    entry = dict.fromkeys(
        "title policy_number version status owner date_published review_due doc_number pdf_number url pdf "
        "category contact effective adopted supersedes keywords".split()
    )
    for title in ("=HYPERLINK(1)", " =1", "+1", "-1", "@SUM(1)", "＝1", "\t=1"):
        cell = next(csv.reader(register.as_csv([entry | {"title": title}]).splitlines()[1:]))[0]
        assert cell == f"'{title}"
    assert "\nFees - parks," in register.as_csv([entry | {"title": "Fees - parks"}])


def test_only_a_finished_article_is_printed_as_it_is() -> None:
    """What a template prints is escaped, unless it says `safe`."""
    templates = sorted((ROOT / "docs/templates").rglob("*.html"))
    unescaped = re.compile(r"[^{}]*\|\s*safe\b[^{}]*|[^{}]*\bautoescape\s+false\b[^{}]*|[^{}]*\bMarkup\b[^{}]*")
    texts = [re.sub(r"\{#.*?#\}", "", path.read_text("utf-8"), flags=re.DOTALL) for path in templates]
    found = {words.strip() for text in texts for words in unescaped.findall(text)}
    assert found == {"page.content | safe"}
