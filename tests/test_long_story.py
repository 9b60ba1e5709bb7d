"""A policy from its first draft to version 4, by an officer's commands alone, and followed as readers do, in a browser.

Rules for allotments, and market fees that refer to them and are referred to. Words that begin with kanarie are
internal, now or always.
"""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin

import pikepdf
import pypdfium2
import pytest
from building import new_project, run
from playwright.sync_api import Browser, Page, expect
from serving import serving
from test_kept_pictures import png

KEYS = """---
title: {}
version: 1
status: draft
owner: Parks Officer
distribution: {{internal: [All staff], external: [Website]}}
---

"""
RULES = (
    KEYS.format("Allotment Rules").replace("version", "numbering: rule 1.1(a)\nversion", 1)
    + """\
These rules are for all who rent a plot.[^plot]

## Plots {#plots}

1.  A plot is let for ~~two years~~ ^^one year^^ {>>TA1: as kanarieadvice has it<<}. {#term}

    1.  The year begins on 1 April. {#begins}
    1.  It ends on 31 March.

1.  The rent is paid as [clause](market-fees.md#payment) says.

1.  Plots lie as this plan shows:

    ![A plan of the plots](images/plan.png "The plots")

## Rents {#rents}

1.  The rents are:

    | Plot  | Rent | Deposit |
    | :---- | ---: | ------: |
    | Small |  £20 |     £10 |
    | Large |  £40 |     £20 |

1.  A debt below £15 is a kanariedebt and written off. {.internal #debts}

1.  Whoever pays late loses the plot after a month, see [clause](#term). {#late}

1.  The key hangs in the kanariekeybox at the gate. {#key}

1.  The code of the kanarievault is changed in May. {.internal #code}

## Use {#use}

1.  A shed is at most 2 m high. {#sheds}

1.  Bonfires are allowed from October to March. {#bonfires}

1.  Bees may be kept with the consent of the neighbours. {#bees}

[^plot]: Most plots are at Mill Lane.
"""
)
FEES = (
    KEYS.format("Market Fees")
    + """\
## Fees

1.  A fee is due on 1 April. {#payment}

1.  Allotments are let under [clause](allotments.md#term), and bees under [clause](allotments.md#bees).
"""
)
PLAN = '![A plan of the plots](images/plan.png "The plots")'
NEW_PLAN = '![A plan of the plots and paths](images/plan-2026.png "The plots")'
BEES = "Bees may be kept with the consent of the neighbours."
FOR_TWO = (
    ("status: approved", "status: draft"),
    ("1.  The rent is paid as", "1.  ^^A plot is let to residents alone.^^ {#residents}\n\n1.  The rent is paid as"),
    (PLAN, f"~~{PLAN}~~ ^^{NEW_PLAN}^^"),
    ("|  £40 |", "| ~~£40~~ ^^£45^^ |"),
    ("2 m high.", "~~2 m~~ ^^2.5 m^^ high. {>>TA1: kanarieremark of the planners<<}"),
    (f"1.  {BEES} {{#bees}}", f"1.  ~~{BEES}~~"),
    ("1.  Bonfires are", f"1.  ^^{BEES}^^ {{#bees}}\n\n1.  Bonfires are"),
)
FOR_THREE = (  # without a mark
    ("begins on 1 April", "begins on 1 March"),
    ("written off. {.internal #debts}", "written off. {#debts}"),
    ("at the gate. {#key}", "at the gate. {.internal #key}"),
    ("1.  A shed is", "1.  A greenhouse needs consent. {#greenhouses}\n\n1.  A shed is"),
)
FOR_FOUR = (
    ("status: approved", "status: draft"),
    ("to residents alone", "to residents ~~alone~~ ^^and their families^^"),
    ("1.  Bonfires are allowed from October to March.", "1.  ~~Bonfires are allowed from October to March.~~"),
)
REASON = "A court’s order of 3 August"
DUE = ["--review-due", "2031-01-01"]


def approval(version: str, published: str, *words: str) -> list[str]:
    return ["--version", version, "--published", published, *DUE, *words]


class Council:
    """The project, what its commands have said by name, and the site of every moment, each in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.root = new_project(folder / "council", None)
        self.policies = self.root / "policy_src"
        self.file = self.policies / "allotments.md"
        self.sites = folder / "sites"
        self.said = dict[str, str]()
        (self.policies / "images").mkdir()
        self.picture("plan", "red")
        self.file.write_text(RULES, "utf-8")
        (self.policies / "market-fees.md").write_text(FEES, "utf-8")

    def picture(self, name: str, colour: str) -> None:
        (self.policies / f"images/{name}.png").write_bytes(png(colour))

    def says(self, day: str, *words: str, status: int = 0) -> str:
        """What a command says on this day, in one line."""
        noon = datetime.fromisoformat(f"{day}T12:00:00").replace(tzinfo=UTC)
        done = run(self.root, *words, SOURCE_DATE_EPOCH=str(int(noon.timestamp())))
        assert done.returncode == status, done.stdout + done.stderr
        return re.sub(r"\s+", " ", done.stdout + done.stderr)

    def build(self, day: str, moment: str) -> None:
        self.says(day, "build")
        shutil.copytree(self.root / "site", self.sites / moment)

    def data(self, moment: str, edition: str = "external") -> Any:
        """The JSON of the rules for allotments."""
        folder = self.sites / moment / edition / "policies"
        (file,) = (folder / self.file.stem).glob("[!v]*.json")
        return json.loads(file.read_text("utf-8"))

    def edit(self, *changes: tuple[str, str]) -> None:
        text = self.file.read_text("utf-8")
        for old, new in changes:
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        self.file.write_text(text, "utf-8")


@pytest.fixture(scope="module")
def council(tmp_path_factory: pytest.TempPathFactory) -> Council:
    """The whole story, six builds of it."""
    folder = tmp_path_factory.mktemp("story")
    council = Council(folder)
    said = council.said
    adopted = ["--adopted-by", "Full Council", "--adopted-on", "2026-01-20", "--minute", "12"]
    council.says("2026-01-02", "accept", "market-fees", *approval("1", "2026-01-01", "--policy-number", "8"))
    first = approval("1", "2026-02-01", *adopted, "--policy-number", "7", "--drop-comments")
    said["1"] = council.says("2026-02-01", "accept", "allotments", *first)
    council.build("2026-02-02", "first")

    council.picture("plan-2026", "blue")
    council.edit(*FOR_TWO)
    council.build("2026-03-02", "proposed")
    paper = council.data("proposed")["amendments_hash"][:12]
    vote = ["--carried", "A1-A3,A5", "--lost", "A4", "--paper"]
    adopted[3::2] = ["2026-03-24", "31"]
    second = approval(
        "2", "2026-04-01", "--effective", "2026-06-01", *adopted, "--note", "Residents alone", "--drop-comments"
    )
    said["wrong paper"] = council.says("2026-04-01", "decide", "allotments", *vote, "0" * 12, *second, status=1)
    said["2"] = council.says("2026-04-01", "decide", "allotments", *vote, paper, *second)
    council.build("2026-05-01", "waiting")

    council.edit(*FOR_THREE)
    said["check"] = council.says("2026-07-01", "check")
    said["mark"] = council.says("2026-07-01", "mark", "allotments")
    third = approval("3", "2026-08-01", "--note", "An earlier year", "--drop-comments")
    said["3"] = council.says("2026-08-01", "accept", "allotments", *third)
    council.build("2026-08-02", "third")

    said["rename"] = council.says("2026-09-01", "rename", "allotments", "garden-plots")
    council.file = council.policies / "garden-plots.md"
    said["withhold"] = council.says("2026-09-01", "withhold", "garden-plots", "--version", "2", "--reason", REASON)
    council.edit(*FOR_FOUR)
    council.build("2026-09-02", "renamed")

    fourth = approval("4", "2026-10-01", "--note", "Families")
    said["4"] = council.says("2026-10-01", "accept", "garden-plots", *fourth)
    said["compare"] = council.says("2026-10-01", "compare", "garden-plots", "v1", "v4")
    said["last check"] = council.says("2026-10-02", "check")
    council.build("2026-10-02", "fourth")
    return council


MOMENTS = ("first", "proposed", "waiting", "third", "renamed", "fourth")
EDITIONS = ("external", "internal")
HOST = "https://policies.westerbrook.example/"


# What the commands say


def test_a_vote_is_carried_out_on_the_text_of_its_paper_alone(council: Council) -> None:
    assert "have changed since this paper was printed" in council.said["wrong paper"]
    assert "Carried 4 amendments" in council.said["2"] and "Lost 1 amendment" in council.said["2"]
    assert "A5, 3.3: move rule 3.3 to stand after 3.1, as 3.2" in council.said["2"]


def test_what_is_edited_without_marks_is_noticed_and_marked(council: Council) -> None:
    assert "rule 1.1(a): the words here and in 1 other place are not those of approved" in council.said["check"]
    assert "rule 2.4: the words here are for staff only now, but version 1" in council.said["check"]
    assert "1.1(a): for “April” substitute “March”" in council.said["mark"]
    text = (council.policies / "archive/garden-plots/v3.md").read_text("utf-8")
    assert "1.  Deleted. {.internal}\n\n1.  A debt below £15 is a kanariedebt and written off. {#debts}\n" in text


def test_the_first_and_the_last_version_are_compared_in_rules(council: Council) -> None:
    for words in (
        "Rule 1.1(a) is reworded: for “April” substitute “March”.",
        "Rule 1.2 is inserted: “A plot is let to residents and their families.”",
        "in the row “Large” under “Rent”, for “£40” substitute “£45”.",
        "Rule 2.3 is public now; it was in the internal edition only.",
        "Rule 2.5 is in the internal edition only now; it was public.",
        "Rule 3.2 is deleted: “Bonfires are allowed from October to March.”",
        "Rule 3.1 becomes 3.2.",
    ):
        assert words in council.said["compare"], words
    assert "“Deleted.”" not in council.said["compare"]


# What is published


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("moment", MOMENTS)
def test_no_link_is_dead(council: Council, moment: str, edition: str) -> None:
    assert dead_links(council.sites / moment / edition) == []


class Links(HTMLParser):
    """The addresses that a page leads to, and the places in it that others may lead to."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.to, self.places = set[str](), {""}
        self.feed(page.read_text("utf-8"))

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        for name, value in attributes:
            if name in ("href", "src", "action") and value:
                self.to.add(value)
            elif name == "id" and value:
                self.places.add(value)


def dead_links(site: Path) -> list[str]:
    """Every address in any page, feed, list or PDF that leads to no file or to no place in it."""
    pages = {path: Links(path) for path in site.rglob("*.html")}
    written = [(page, address) for page, links in pages.items() for address in links.to]
    for path in site.rglob("*"):
        if path.suffix in (".xml", ".json", ".csv", ".html", ".txt") and path.is_file():
            text = re.sub("<id>[^<]*</id>", "", unescape(path.read_text("utf-8").replace("\\/", "/")))
            written += [(path, address) for address in re.findall(rf"{HOST}[^\s\"'<>\\,;)]*", text)]
        elif path.suffix == ".pdf":
            written += [(path, address) for address in pdf_links(path)]
    dead = set[str]()
    for source, address in written:
        base = f"{HOST}{source.relative_to(site).as_posix()}".removesuffix("index.html")
        whole, _, place = urljoin(base, address).partition("#")
        if not whole.startswith(HOST):
            assert re.match("https?://|mailto:", whole), f"{source}: {address}"
            continue
        target = site / unquote(whole.removeprefix(HOST).partition("?")[0])
        target = target / "index.html" if target.is_dir() else target
        if not target.is_file() or (place and target in pages and unquote(place) not in pages[target].places):
            dead.add(f"{source.relative_to(site)}: {address}")
    return sorted(dead)


def pdf_links(path: Path) -> Iterator[str]:
    with pikepdf.open(path) as pdf:
        for page in pdf.pages:
            for note in page.get("/Annots", []):
                if "/A" in note and "/URI" in note.A:
                    yield str(note.A.URI)


# Word, and the moments and places outside in which it may stand
PUBLIC = {
    "kanarieadvice": None,
    "kanarieremark": None,
    "kanarievault": None,
    # For staff in versions 1 and 2, for everybody from the draft of version 3 on
    "kanariedebt": re.compile(r"(?:third|renamed|fourth)/external/(?!.*/v[12]/)"),
    # For everybody in versions 1 and 2, for staff from version 3 on
    "kanariekeybox": re.compile(
        r"(?:first|proposed|waiting)/|(?:third|renamed|fourth)/external/policies/.*/(?:v[12]/|compare/v[12]\.\.)"
        r"|(?:third|renamed|fourth)/external/search/versions"
    ),
}


@pytest.mark.parametrize("word", PUBLIC)
def test_nothing_internal_is_in_any_byte_outside(council: Council, word: str) -> None:
    paths = [path for moment in MOMENTS for path in sorted((council.sites / moment / "external").rglob("*"))]
    having = [path.relative_to(council.sites).as_posix() for path in paths if path.is_file() and word in all_of(path)]
    allowed = PUBLIC[word]
    assert [path for path in having if not (allowed and allowed.match(path))] == []
    assert bool(having) is bool(allowed)
    inside = [path for moment in MOMENTS for path in (council.sites / moment / "internal").rglob("*.html")]
    assert word == "kanarieadvice" or any(word in all_of(path) for path in inside)


@cache
def all_of(path: Path) -> str:
    """Every word of a file: its bytes, or those of everything in a PDF, and what its pages show."""
    data = path.read_bytes()
    if path.suffix != ".pdf":
        return data.decode("utf-8", "replace")
    with pikepdf.open(path) as pdf, pypdfium2.PdfDocument(path) as shown:
        texts = [shown[number].get_textpage().get_text_range() for number in range(len(shown))]
        for thing in pdf.objects:
            if isinstance(thing, pikepdf.Stream):
                try:
                    texts.append(thing.read_bytes().decode("utf-8", "replace"))
                except pikepdf.PdfError:  # a picture
                    texts.append("")
            texts.append(repr(thing))
    return "".join(texts)


def test_no_later_day_version_or_edit_changes_what_is_kept(council: Council) -> None:
    for edition in EDITIONS:
        before = dict[str, bytes]()
        for moment in MOMENTS:
            slug = "garden-plots" if moment in ("renamed", "fourth") else "allotments"
            site = council.sites / moment / edition / "policies"
            now = {
                path.name: path.read_bytes()
                for path in site.glob(f"{slug}/v*/v*.*")
            }  # fmt: skip
            if moment == "renamed":  # the addresses in it are others, and version 2 is withheld
                assert not [name for name in now if name.startswith("v2.")]
                assert {name for name in now if now[name] == before[name]} >= {"v1.md", "v3.md"}
            else:
                assert {name for name in before if now.get(name) != before[name]} == set(), (edition, moment)
            before = now
        assert {"v1.pdf", "v1.json", "v1.md", "v3.pdf", "v4.pdf"} <= before.keys()


def test_a_pdf_from_before_the_rename_is_known(council: Council) -> None:
    for moment, version, status, expected in (
        ("first", "1", 0, "under its former name: the words are the same."),
        ("third", "2", 1, f"which is withheld, and not published any more: {REASON}"),
    ):
        file = council.sites / f"{moment}/external/policies/allotments/v{version}/v{version}.pdf"
        said = council.says("2026-10-02", "verify", str(file), status=status)
        assert f"made from version {version} of allotments (now garden-plots)" in said and expected in said


# What a reader meets in a browser

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def server(council: Council) -> Iterator[str]:
    with serving(council.sites) as address:
        yield address


@pytest.fixture
def visit(browser: Browser, server: str) -> Iterator[Open]:
    """Opens an edition at a moment, in a fresh profile; whatever the console says fails the test."""
    contexts, messages = [], list[str]()

    def open_page(address: str, script: bool = True) -> Page:
        contexts.append(browser.new_context(base_url=server, java_script_enabled=script, reduced_motion="reduce"))
        page = contexts[-1].new_page()
        page.set_default_timeout(5000)
        page.on("console", lambda message: messages.append(f"{page.url}: {message.text}"))
        page.on("response", lambda answer: messages.append(answer.url) if answer.status >= 400 else None)
        page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not messages


def text(page: Page) -> str:
    """What is seen of the page, on one line."""
    return " ".join(page.locator("main").inner_text().split())


def follow(page: Page, name: str, exact: bool = False) -> None:
    page.locator("main").get_by_role("link", name=name, exact=exact).first.click()


def colour(page: Page) -> str:
    """Of the only picture that is shown, as the browser has it."""
    (shown,) = page.locator(".policy img:visible").all()
    return str(
        shown.evaluate("""picture => {
      const canvas = document.createElement("canvas").getContext("2d")
      canvas.drawImage(picture, 0, 0)
      return canvas.getImageData(1, 1, 1, 1).data.join()
    }""")
    )


RED, BLUE = "255,0,0,255", "0,0,255,255"


@pytest.mark.parametrize("script", [True, False])
def test_a_resident_reads_what_is_in_force_and_then_what_is_proposed(visit: Open, script: bool) -> None:
    page = visit("proposed/external/", script)
    follow(page, "Allotment Rules", exact=True)
    seen = text(page)
    assert "Version 1. In force since 1 February 2026. Changes to it are proposed" in seen
    assert page.get_by_label("In force").is_checked()
    assert "£40" in seen and "£45" not in seen and "residents alone" not in page.locator(".policy").inner_text()
    assert page.locator("[id='1.3'] .clause-number a:visible").inner_text() == "1.2"
    page.get_by_label("With changes").check()
    page.get_by_text("Schedule of amendments (5)").click()
    seen = text(page)
    assert "£40" in seen and "£45" in seen and "move rule 3.3 to stand after 3.1, as 3.2" in seen
    follow(page, "Amendment paper", exact=True)
    assert "A5" in text(page) and "2.5 m" in text(page) and "kanarie" not in text(page).replace("kanariekeybox", "")
    page.goto("proposed/external/policies/allotments/history/")
    follow(page, "what it would change")
    assert page.url.endswith("/compare/v1..draft/") and "[inserted: 45 ]" in text(page)
    page.go_back()
    follow(page, "Version 1")
    assert "Version 1. In force since 1 February 2026." in text(page) and "£45" not in text(page)


def test_a_version_whose_day_is_to_come_leads_to_the_one_in_force(visit: Open) -> None:
    page = visit("waiting/external/policies/allotments/")
    assert "Approved: in force from 1 June 2026." in text(page) and "£45" in text(page)
    assert colour(page) == BLUE
    follow(page, "Version 1 is in force")
    assert "In force from 1 February 2026 until 31 May 2026. Will be superseded by version 2." in text(page)
    assert "£40" in text(page) and colour(page) == RED
    follow(page, "version 2")
    assert "Not yet in force. In force from 1 June 2026." in text(page)


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_reader_comes_from_the_last_version_to_the_first_and_back(visit: Open, edition: str) -> None:
    page = visit(f"fourth/{edition}/")
    follow(page, "Allotment Rules", exact=True)
    seen = text(page)
    assert "residents and their families" in seen and "A debt below £15 is a kanariedebt" in seen
    assert ("kanariekeybox" in seen) is (edition == "internal") and colour(page) == BLUE

    # A clause's history leads to the comparison, at the clause.
    history = page.locator("[id='1.1.a'] details.history")
    history.locator("summary").click()
    history.get_by_role("link", name="Reworded in version 3 at the latest", exact=True).click()  # version 2 is withheld
    page.wait_for_url("**/compare/v1..v3/#1.1.a")
    clause = " ".join(page.locator("[id='1.1.a']").inner_text().split())
    assert "April" in clause and "March" in clause

    # Version 1 as it was, with its picture.
    follow(page, "All versions")
    follow(page, "Version 1")
    seen = text(page)
    assert "Version 1. No longer in force. In force from 1 February 2026 until 31 May 2026." in seen
    assert "Superseded by version 2" in seen and "kanariekeybox" in seen and colour(page) == RED
    assert ("kanariedebt" in seen) is (edition == "internal")
    assert "2.4 The key hangs" in seen and "1 April" in seen and "£40" in seen and "3.2 Bonfires" in seen

    # A clause of a version is found by what a letter says.
    page.goto(f"fourth/{edition}/policies/garden-plots/")
    page.locator("#find-words").fill("version 1, rule 3.2")
    first = page.locator(".find-answers li").first
    expect(first.locator("a")).to_have_text("Allotment Rules, version 1, rule 3.2")
    assert first.locator("p").inner_text() == "Bonfires are allowed from October to March."
    page.keyboard.press("Enter")
    page.wait_for_url("**/garden-plots/v1/#3.2")

    # And what became of it.
    history = page.locator("[id='3.2'] details.history")
    history.locator("summary").click()
    history.get_by_role("link", name="Deleted in version 4", exact=True).click()
    page.wait_for_url("**/compare/v3..v4/#3.4")
    assert "Bonfires are allowed" in page.locator("[id='3.4']").inner_text()


def test_sums_stand_below_each_other_and_tools_of_a_clause_fit_a_narrow_window(visit: Open) -> None:
    page = visit("fourth/external/policies/garden-plots/")
    aligned = page.locator(".policy tbody tr").first.locator("td")
    assert [cell.evaluate("cell => getComputedStyle(cell).textAlign") for cell in aligned.all()] == [
        "left", "right", "right",
    ]  # fmt: skip
    for width in (320, 700, 850, 1000):
        page.set_viewport_size({"width": width, "height": 700})
        page.locator("[id='2.4']").hover(position={"x": 60, "y": 8})
        assert page.locator("[id='2.4'] .clause-tools").is_visible()
        assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("script", [True, False])
def test_an_old_address_leads_to_the_new_and_a_withheld_version_says_why(visit: Open, script: bool) -> None:
    page = visit("fourth/external/policies/allotments/v1/", script)
    assert "This has another address now." in text(page)
    follow(page, "Allotment Rules: version 1")
    assert page.url.endswith("/garden-plots/v1/") and "Bonfires" in text(page)
    page.goto("fourth/external/policies/allotments/v2/")
    follow(page, "Allotment Rules")
    assert page.url.endswith("/garden-plots/v2/")
    assert f"This version has been withheld since 1 September 2026. Reason: {REASON}" in text(page)
    assert "residents" not in text(page)
    follow(page, "All versions")
    assert f"Withheld since 1 September 2026: {REASON}" in text(page)
    page.goto("fourth/external/policies/market-fees/")
    follow(page, "rule 3.3")
    assert page.url.endswith("/garden-plots/#3.3") and "Bees" in page.locator("[id='3.3']").inner_text()
