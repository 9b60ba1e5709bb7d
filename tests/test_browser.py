"""The website in a real browser: axe, keyboard, readings, citing, search, widths, print, what is loaded.

One Chromium and one build of the sample council with the first policy serve all tests. Each page's console
is watched: a message there, of a broken security policy for one, fails the test.
"""

import gzip
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, Literal

import building
import pytest
import readers_policies
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader
from serving import Quiet, serving

from policydoc.history.withheld import WITHHELD, Withheld, with_line

POLICY = "external/policies/social-media/"
PAGES = {  # every kind of page
    "external": "",
    "external policy": "policies/social-media/",
    "external policy with table and image": "policies/events-on-council-land/",
    "external approved policy": "policies/data-protection/",
    "external paper in Parts": "policies/code-of-conduct/",
    "external paper with numbered headings": "policies/process-document/",
    "external paper without numbers": "policies/statement-of-values/",
    "external withdrawn policy": "policies/petitions/",
    "external policy with versions": "policies/standing-orders/",
    "external policy that opens in what is in force": "policies/market-fees/",
    "external version": "policies/standing-orders/v3/",
    "external withheld version": "policies/standing-orders/v1/",
    "external former name": "policies/petition-scheme/",
    "external amendment paper": "policies/social-media/amendments/",
    "external list of versions": "policies/standing-orders/history/",
    "external comparison": "policies/standing-orders/compare/v3..v4/",
    "external reading": "reading/",
    "external suggest": "suggest/",
    "external accessibility": "accessibility/",
    "external about": "about/",
    "external missing page": "404.html",
    "internal": "",
    "internal policy": "policies/dog-control/",
    "internal amendment paper": "policies/dog-control/amendments/",
    "internal policy over a version in force": "policies/market-fees/",
    "internal comments": "comments/",
    "internal reviews": "reviews/",
    "internal guide": "editors/browser/",
    "internal card": "editors/card/",
    "internal messages": "editors/messages/",
}
ADDRESSES = [f"{name.split()[0]}/{path}" for name, path in PAGES.items()]
COLOURS: list[Literal["light", "dark"]] = ["light", "dark"]
SCHEMES = Path(__file__).parent / "schemes/policy_src"
VIEWPORTS = [(1366, 800), (768, 900), (360, 740)]
NARROW = (320, 256)  # 1280 × 1024 at 400 %

Open = Callable[..., Page]


class Editions(Quiet):
    """Serves both editions, the external one from the root as well, where its 404 page expects it."""

    def translate_path(self, path: str) -> str:
        return super().translate_path(path if path.startswith(("/external/", "/internal/")) else f"/external{path}")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = building.new_project(tmp_path_factory.mktemp("browser") / "project")
    shutil.copy2(building.FIRST_POLICY / "social-media.md", project / "policy_src")
    for paper in ("allotment-rules", "code-of-conduct", "process-document", "statement-of-values"):
        shutil.copy2(SCHEMES / f"{paper}.md", project / "policy_src")
    petitions, home = project / "policy_src/petitions.md", project / "policy_src/archive/standing-orders"
    petitions.write_text(
        petitions.read_text("utf-8").replace("owner:", "formerly: [petition-scheme]\nowner:", 1), "utf-8"
    )
    (home / WITHHELD).write_bytes(with_line(home, Withheld("1", date(2026, 12, 1), "Personal data of a resident")))
    readers_policies.write_policies(project)
    mkdocs = project / "mkdocs.yml"
    settings = mkdocs.read_text("utf-8").replace("edit_url:\n", "edit_url: https://git.example.org/edit/\n")
    settings = settings.replace("acknowledge_url:\n", "acknowledge_url: https://hr.example.org/read\n")
    mkdocs.write_text(settings, encoding="utf-8")
    outcome = building.run(project, "build")
    assert outcome.returncode == 0, outcome.stderr
    return project / "site"


@pytest.fixture(scope="session")
def server(site: Path) -> Iterator[str]:
    with serving(site, Editions) as address:
        yield address


@pytest.fixture
def visit(browser: Browser, server: str) -> Iterator[Open]:
    """Opens an address in a fresh profile (keywords as for a browser context); watches the console."""
    contexts, messages = [], list[str]()

    def open_page(address: str, size: tuple[int, int] = (1366, 800), **context: Any) -> Page:
        contexts.append(
            browser.new_context(
                viewport={"width": size[0], "height": size[1]},
                reduced_motion="reduce",
                base_url=server,
                **context,
            )
        )
        page = contexts[-1].new_page()
        page.set_default_timeout(5000)
        page.on("console", lambda message: messages.append(f"{page.url}: {message.text}"))
        page.on("pageerror", lambda error: messages.append(f"{page.url}: {error}"))
        page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not messages


def violations(page: Page, *rules: str) -> list[str]:
    """What axe finds on the page as it is, best practice included, or by these rules alone."""
    options: dict[str, Any] = {"resultTypes": ["violations"]} | ({"runOnly": list(rules)} if rules else {})
    found = AXE.run(page, options=options).response["violations"]
    return [
        f"{page.url}: {each['id']}: {node['target']} {node['html'][:120]}" for each in found for node in each["nodes"]
    ]


AXE = Axe()


def reading(page: Page) -> str:
    """The article as it is seen, copied and found."""
    return page.locator(".policy").inner_text()


# Accessibility by machine


@pytest.mark.parametrize("size", VIEWPORTS, ids=lambda size: str(size[0]))
def test_axe_finds_nothing_on_any_page(visit: Open, size: tuple[int, int]) -> None:
    page = visit(ADDRESSES[0], size)
    found: list[str] = []
    for address in ADDRESSES:
        page.emulate_media(color_scheme="light")
        page.goto(address)
        found += violations(page)
        if size != VIEWPORTS[1]:
            page.emulate_media(color_scheme="dark")  # which changes colours alone
            found += violations(page, "color-contrast", "link-in-text-block")
    assert not found


@pytest.mark.parametrize("scheme", COLOURS)
@pytest.mark.parametrize("size", [VIEWPORTS[0], VIEWPORTS[-1]], ids=lambda size: str(size[0]))
def test_axe_finds_nothing_in_opened_states(visit: Open, size: tuple[int, int], scheme: str) -> None:
    page = visit("internal/policies/dog-control/", size, color_scheme=scheme, has_touch=size[0] < 400)
    found: list[str] = []
    for each in page.locator("details:visible > summary").all():
        each.click()
    page.locator("#reading-amended").check()
    found += violations(page)
    page.locator("#reading-previous").check()
    found += violations(page)
    page.locator("#reading-marked").check()
    page.locator("[id='1.1'] .clause-number a").focus()
    found += violations(page)
    if size[0] < 720:
        page.locator("[data-opens=site-links]").click()
        found += violations(page)
        page.locator("[data-opens=find]").click()
    page.locator("#find-words").fill("dog")
    page.locator(".find-answers a").first.wait_for()
    found += violations(page)
    page.goto("internal/")
    page.locator("#find-here-words").fill("policy")
    page.locator(".find-answers a").first.wait_for()
    found += violations(page)
    page.keyboard.press("Escape")
    page.locator("select[name=status]").select_option("draft")
    found += violations(page)
    assert not found


# Keyboard


@pytest.mark.parametrize("size", [(1366, 800), (360, 740)], ids=["wide", "narrow"])
@pytest.mark.parametrize("address", ["external/", "internal/policies/social-media/", "external/reading/"])
def test_the_keyboard_reaches_and_leaves_everything(visit: Open, address: str, size: tuple[int, int]) -> None:
    page = visit(address, size)
    seen = list[str]()
    for _ in range(400):
        page.keyboard.press("Tab")
        state = page.evaluate(FOCUS)
        if state is None:
            break
        seen.append(state["name"])
        assert state["shown"], f"the focus can't be seen on {state['name']}"
        assert not state["covered"], f"{state['name']} has the focus and lies under {state['covered']}"
    else:
        pytest.fail(f"the keyboard never comes to the end of {address}: {seen[-5:]}")
    missing = set(page.evaluate(REACHABLE)) - set(seen)
    assert not missing
    assert len(seen) > 5


NAME = """const name = e => e.tagName + '#' + e.id + '.' + (e.getAttribute('href') || e.name || '') + ' ' +
  (e.getAttribute('aria-label') || e.textContent.trim()).slice(0, 40);"""
FOCUS = (
    "() => {"
    + NAME
    + """
  const e = document.activeElement
  if (!e || e === document.body) return null
  const drawn = getComputedStyle(e.matches('.readings input') ? e.nextElementSibling : e)
  const box = e.getClientRects()[0] || e.getBoundingClientRect()
  const x = Math.min(Math.max(box.left + Math.min(box.width, 20) / 2, 0), innerWidth - 1)
  const y = box.top + box.height / 2
  const top = document.elementFromPoint(x, y)
  const own = e.closest('label') || e
  const covered = top && !own.contains(top) && !top.contains(e) ? name(top) : ''
  const shown = parseFloat(drawn.outlineWidth) >= 3 && box.width > 0 && y > 0 && y < innerHeight
  return { name: name(e), shown, covered }
}"""
)
REACHABLE = (
    "() => {"
    + NAME
    + """
  return [...document.querySelectorAll('a[href], button, input, select, summary')]
    .filter(e => e.checkVisibility() && !e.closest('.clause-tools, [hidden]')
      && !(e.type === 'radio' && !e.checked)).map(name)
}"""
)


def test_escape_closes_what_is_open_and_gives_the_focus_back(visit: Open) -> None:
    page = visit(POLICY, (360, 740))
    for part in ("site-links", "find"):
        button = page.locator(f"[data-opens={part}]")
        button.focus()
        page.keyboard.press("Enter")
        assert page.locator(f"#{part}").is_visible()
        assert button.get_attribute("aria-expanded") == "true"
        assert page.evaluate(f"document.getElementById('{part}').contains(document.activeElement)")
        page.keyboard.press("Escape")
        assert not page.locator(f"#{part}").is_visible()
        assert page.evaluate("document.activeElement.dataset.opens") == part


def test_changes_are_stepped_through_by_button_and_keyboard(visit: Open) -> None:
    page = visit(POLICY)
    said = page.locator("[data-announce]")
    page.get_by_role("button", name="Next change").click()
    assert said.inner_text().startswith("Change 1 of ")
    page.keyboard.press("Alt+ArrowDown")
    assert said.inner_text().startswith("Change 2 of ")
    page.keyboard.press("Alt+ArrowUp")
    assert said.inner_text().startswith("Change 1 of ")
    assert page.locator(".change-here").count() == 1
    assert page.evaluate(
        "() => { const box = document.querySelector('.change-here').getBoundingClientRect()"
        "; return box.top > 100 && box.bottom < innerHeight }"
    )


# Readings


def test_each_reading_shows_its_own_words_and_no_others(visit: Open) -> None:
    page = visit(POLICY)
    marked = reading(page)
    page.get_by_label("As it would be").check()
    amended = reading(page)
    assert page.url.endswith("?reading=amended")
    assert "as it would be" in page.locator("[data-announce]").inner_text()
    page.get_by_label("Before these changes").check()
    previous = reading(page)
    struck = "and Code of Conduct – For members"
    assert struck in marked and struck in previous and struck not in amended
    assert "Monitoring of Social Media\n" in marked and "Monitoring of Social Media\n" in amended
    assert "Monitoring of Social Media\n" not in previous
    assert "[deleted: " in marked and "[" not in amended and "[" not in previous
    assert re.search(r"^6\.1\s+The Council will appoint", amended, re.M)
    assert re.search(r"^5\.5\s+The Council will appoint", previous, re.M)


def test_a_reading_is_remembered_and_linkable(visit: Open) -> None:
    page = visit(POLICY)
    page.locator("#reading-previous").check()
    page.goto("external/policies/dog-control/")
    assert page.locator("#reading-previous").is_checked()
    page.goto("external/policies/dog-control/?reading=amended")
    assert page.locator("#reading-amended").is_checked()
    assert page.get_by_text("1.3 Deleted.").count() or "Deleted." in reading(page)


def test_no_toggle_where_there_is_nothing_to_toggle(visit: Open) -> None:
    page = visit("external/policies/data-protection/")
    assert not page.locator("[name=reading]").count()
    assert not page.get_by_text("changed").count()


def test_a_link_to_a_clause_that_the_reading_hides_shows_it(visit: Open) -> None:
    page = visit(POLICY + "?reading=previous#6")
    assert page.locator("#reading-marked").is_checked()
    assert page.locator("[id='6']").is_visible()


def test_the_reading_chosen_is_the_one_that_prints(visit: Open, tmp_path: Path) -> None:
    texts = {}
    for name in ("marked", "amended"):
        page = visit(f"{POLICY}?reading={name}")
        page.pdf(path=tmp_path / "page.pdf")
        text = " ".join(page.extract_text() for page in PdfReader(tmp_path / "page.pdf").pages)
        texts[name] = " ".join(text.split())
    assert all("6.2.1 Post notices" in text for text in texts.values())
    assert "Code of Conduct" in texts["marked"] and "Code of Conduct" not in texts["amended"]
    assert "5.5 6.1" in texts["marked"] and "Next change" not in texts["marked"]


# Which reading opens


FEES, KIOSKS, STAGES, TENTS = (f"policies/{slug}/" for slug in ("market-fees", "kiosks", "stages", "tents"))


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no script"])
def test_the_public_gets_what_is_in_force_first(visit: Open, has_script: bool) -> None:
    page = visit("external/" + FEES, java_script_enabled=has_script)
    assert page.get_by_label("In force").is_checked()
    text = reading(page)
    assert "£75" in text and "£100" not in text and "Refunds" not in text and "[" not in text
    assert re.search(r"^2\.2\s+Who pays late waits", text, re.M) and "as clause 2.2 says" in text
    assert page.locator("h1").inner_text() == "Market Fees"
    banner = page.locator(".banner:visible")
    assert banner.count() == 1 and "Version 1. In force since 1 May 2020." in banner.inner_text()
    assert "Changes to it are proposed" in banner.inner_text()
    assert page.locator(".key-facts:visible").inner_text().split()[:2] == ["Version", "1"]
    titles = page.locator(".md-nav__link:visible").all_inner_texts()
    assert titles == ["1 Who pays", "2 How to pay"]
    assert page.locator(".downloads a").first.get_attribute("href") == "market-fees-in-force.pdf"
    page.get_by_label("With changes").check()
    assert "£100" in reading(page) and page.locator(".banner:visible").inner_text().count("Proposed changes") == 2
    assert page.locator("h1").inner_text() == "Market Fees and Charges"
    assert page.locator(".key-facts:visible").inner_text().split()[:2] == ["Version", "2"]
    titles = page.locator(".md-nav__link:visible").all_inner_texts()
    assert titles == ["1 Who pays", "2 Refunds", "3 How to pay"]


def test_reviewers_get_the_changes_first(visit: Open) -> None:
    page = visit("internal/" + FEES)
    assert page.get_by_label("With changes").is_checked()
    assert page.locator(".readings span").all_inner_texts() == ["In force", "With changes", "As it would be"]
    assert page.locator(".downloads a").first.get_attribute("href") == "market-fees.pdf"


@pytest.mark.parametrize("address", [KIOSKS, STAGES, "policies/social-media/"])
def test_what_is_not_in_force_is_never_called_so(visit: Open, address: str) -> None:
    """Words changed without a mark; a version whose day is to come; a policy never kept."""
    page = visit("external/" + address)
    assert page.get_by_label("With changes").is_checked()
    assert page.locator(".readings span").first.inner_text() == "Before these changes"
    page.get_by_label("Before these changes").check()
    link, text = page.locator(".banner a"), page.locator(".banner").inner_text()
    assert "Shown as it was before these changes" in text and page.locator(".in-force").count() == 0
    if address == "policies/social-media/":
        assert not link.count()
    else:
        assert link.get_attribute("href") == "v1/" and "Version 1 is in force" in text
        assert "which is not what is in force" in text
        assert ("in force from 1 January 2099" in text) is (address == STAGES)


def test_a_text_whose_day_is_to_come_leads_to_the_one_in_force(visit: Open) -> None:
    page = visit("external/" + TENTS)
    assert "Approved: in force from 1 January 2099. Version 1 is in force." in page.locator(".banner").inner_text()
    assert page.locator(".banner a").get_attribute("href") == "v1/"
    assert page.locator(".downloads a").first.get_attribute("href") == "tents-in-force.pdf"


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no script"])
@pytest.mark.parametrize(
    ("target", "changes"),
    [("1.1", False), ("fee", False), ("late", False), ("was-2.2", False), ("2.1", True), ("refunds", True),
     ("2", True), ("3.2", True)],
)  # fmt: skip
def test_a_place_that_is_not_in_force_is_shown_with_changes(
    visit: Open, target: str, changes: bool, has_script: bool
) -> None:
    """Also one that has another number in force: an old letter that says 2.1 means another clause."""
    page = visit(f"external/{FEES}#{target}", java_script_enabled=has_script)
    assert ("£100" in reading(page)) is changes
    assert page.locator(f"[id='{target}']").evaluate("each => each.checkVisibility()")
    chosen = page.locator(".readings span", has_text="With changes" if changes else "In force")
    assert chosen.evaluate("each => getComputedStyle(each).backgroundColor") == "rgb(20, 57, 79)"
    note = page.locator(".target-only")
    assert note.is_visible() is (changes and not has_script)
    if note.is_visible():
        note.locator("a").click()
        assert "£100" not in reading(page)


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no script"])
def test_a_place_that_would_go_is_shown_with_changes(visit: Open, has_script: bool) -> None:
    page = visit("external/" + STAGES, java_script_enabled=has_script)
    page.get_by_label("As it would be").check()
    page.evaluate("location.hash = '2.1'") if has_script else page.goto(page.url + "#2.1")
    assert "[" not in reading(page) and not page.locator("#large").is_visible()
    page.evaluate("location.hash = 'large'") if has_script else page.goto(page.url.replace("2.1", "large"))
    assert page.locator("#large").is_visible() and "[deleted: Large ]" in " ".join(reading(page).split())


def test_a_reference_keeps_the_reading(visit: Open) -> None:
    page = visit("external/" + FEES)
    page.locator(".policy a.reference[href='#3.2']").click()
    page.wait_for_url("**#3.2")
    assert page.get_by_label("In force").is_checked() and "£100" not in reading(page)


def test_what_is_in_force_is_cited_by_its_version(visit: Open, server: str) -> None:
    page = visit("external/" + FEES, permissions=["clipboard-read", "clipboard-write"])
    number = page.locator("[id='3.2'] .clause-number a:visible")
    assert (number.inner_text(), number.get_attribute("href")) == ("2.2", "v1/#2.2")
    council = building.SETTINGS.council.name
    number.focus()
    assert copied_by_tools(page) == [
        f"{server}external/{FEES}v1/#2.2", f"Market Fees, version 1 (approved), clause 2.2, {council}"
    ]  # fmt: skip
    page.get_by_label("With changes").check()
    number = page.locator("[id='3.2'] .clause-number a:visible")
    assert number.get_attribute("href") == "#3.2"
    number.focus()
    assert copied_by_tools(page) == [
        f"{server}external/{FEES}?reading=marked#3.2",
        f"Market Fees and Charges, version 2 (draft), clause 3.2, {council}",
    ]
    page.goto("external/" + STAGES)
    page.get_by_label("Before these changes").check()
    page.locator("[id='3.2'] .clause-number a:visible").focus()
    assert copied_by_tools(page) == [
        f"{server}external/{STAGES}?reading=previous#was-2.2",
        f"Stages, version 3 (draft), before these changes, clause 2.2, {council}",
    ]
    page.goto("external/" + FEES + "v1/#2.2")
    assert page.locator("[id='2.2']").inner_text().split(None, 1)[1] == "Who pays late waits."


def copied_by_tools(page: Page) -> list[str]:
    """What the two buttons behind the number that has the focus copy, one after the other."""
    texts = []
    for beginning in ("http", ("Market", "Stages")):
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        texts.append(copied(page, beginning))
    return texts


def test_the_search_finds_what_the_page_opens_in(visit: Open) -> None:
    page = visit("external/" + FEES)
    page.locator("#find-words").fill("clause 2.2")
    first = page.locator(".find-answers li").first
    first.wait_for()
    assert first.locator("a").inner_text() == "Market Fees, clause 2.2"
    page.keyboard.press("Enter")
    page.wait_for_url("**/#was-2.2")
    assert page.get_by_label("In force").is_checked()
    page.goto("internal/" + FEES)
    page.locator("#find-words").fill("clause 2.2")
    expect(page.locator(".find-answers li a").first).not_to_have_text("Market Fees, clause 2.2")


def test_without_a_style_sheet_the_changes_are_told_in_words(visit: Open) -> None:
    page = visit("external/" + FEES, java_script_enabled=False)
    page.context.route("**/*.css", lambda route: route.fulfill(body="", content_type="text/css"))
    page.goto("external/about/")
    page.goto("external/" + FEES)
    assert (
        "[deleted: £75]" in reading(page) and "Proposed changes to version 1" in page.locator("#content").inner_text()
    )
    assert not page.locator(".readings").is_visible() and not page.get_by_text("In force since").is_visible()
    assert page.locator("[id='3.2'] .clause-number a:visible").count() == 1


def test_what_is_in_force_prints_as_it_is_shown(visit: Open, tmp_path: Path) -> None:
    for address, words, others in ((FEES, "2.2 Who pays late", "£100"), (FEES + "?reading=marked", "£100", "In force")):
        page = visit("external/" + address)
        page.pdf(path=tmp_path / "page.pdf")
        text = " ".join(" ".join(page.extract_text() for page in PdfReader(tmp_path / "page.pdf").pages).split())
        assert words in text and others not in text


# Citing


def test_a_clause_is_copied_with_its_number(visit: Open) -> None:
    page = visit(POLICY)
    page.locator("[id='6.2.1']").hover()
    copied = page.evaluate(
        "() => { getSelection().selectAllChildren(document.getElementById('6.2.1')); return getSelection().toString() }"
    )
    assert copied == "[deleted: 5.6.1] [inserted: 6.2.1] Post notices and minutes of meetings"
    assert page.evaluate("window.find('6.2.1')")


def test_link_and_citation_are_copied(visit: Open, server: str) -> None:
    page = visit(POLICY, permissions=["clipboard-read", "clipboard-write"])
    page.locator("[id='6.2.1'] .clause-number a").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert copied(page, "http") == f"{server}{POLICY}#6.2.1"
    expect(page.locator("[data-announce]")).to_have_text("Copied")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    citation = f"Social Media Policy, version 1 (draft), clause 6.2.1, {building.SETTINGS.council.name}"
    assert copied(page, "Social") == citation


def copied(page: Page, beginning: str | tuple[str, ...]) -> str:
    """What is on the clipboard, as soon as it begins so. (The pages' policy forbids wait_for_function its eval.)"""
    text = ""
    for _ in range(50):
        text = page.evaluate("navigator.clipboard.readText()")
        if text.startswith(beginning):
            break
        page.wait_for_timeout(100)
    return text


def test_on_touch_screens_the_tools_are_always_there(visit: Open) -> None:
    page = visit(POLICY, (360, 740), has_touch=True, is_mobile=True)
    assert page.locator(".clause-tools").count() > 60


def test_a_place_is_cited_by_what_it_is(visit: Open) -> None:
    page = visit("external/policies/events-on-council-land/", (360, 740), has_touch=True, is_mobile=True)
    for number, kind in (("1", "section"), ("1.1", "clause"), ("A", "appendix"), ("A.1", "clause")):
        labels = page.locator(f"[id='{number}'] > .clause-tools button, [id='{number}'] > p > .clause-tools button")
        said = [button.get_attribute("aria-label") for button in labels.all()]
        assert said == [f"Link to {kind} {number}: copy", f"Cite {kind} {number}: copy"]


def test_old_numbers_lead_to_the_clause(visit: Open) -> None:
    page = visit(POLICY + "#was-5.5")
    top = page.locator("[id='6.1']").bounding_box()
    assert top and 90 < top["y"] < 300
    assert page.evaluate("Boolean(document.getElementById('6.1').querySelector('#was-5\\\\.5'))")


def test_a_reference_shows_the_clause_and_escape_hides_it(visit: Open) -> None:
    page = visit("external/policies/dog-control/")
    reference = page.locator("a.reference[href='#3.2']").first
    reference.focus()
    tip = page.get_by_role("tooltip")
    tip.wait_for()
    assert "The penalty is" in tip.inner_text() and "[" not in tip.inner_text()
    page.keyboard.press("Escape")
    assert not tip.count()


# Search


@pytest.mark.parametrize(
    "asked", ["6.2.1", "clause 6.2.1", "SMP 6.2.1", "smp 6.2.1", "Social Media Policy, clause 6.2.1."]
)
def test_a_number_finds_its_clause_first(visit: Open, asked: str) -> None:
    page = visit(POLICY)
    page.locator("#find-words").fill(asked)
    first = page.locator(".find-answers li").first
    first.wait_for()
    assert first.locator("a").inner_text() == "Social Media Policy, clause 6.2.1"
    assert first.locator("p").inner_text() == "Post notices and minutes of meetings"
    page.keyboard.press("Enter")
    page.wait_for_url("**/#6.2.1")
    shade = "getComputedStyle(document.querySelector('[id=\"6.2.1\"] p')).backgroundColor"
    assert page.evaluate(shade) == "rgb(255, 246, 214)"
    assert not page.locator(".find-answers").is_visible()


@pytest.mark.parametrize("asked", ["1(2)(b)", "CC 1(2)(b)", "paragraph 1 2 b", "1.2.b", "code of conduct 1(2)b"])
def test_a_number_of_another_scheme_finds_its_clause_first(visit: Open, asked: str) -> None:
    page = visit("external/policies/code-of-conduct/")
    page.locator("#find-words").fill(asked)
    first = page.locator(".find-answers li").first
    first.wait_for()
    assert first.locator("a").inner_text() == "Code of Conduct, paragraph 1(2)(b)"
    page.keyboard.press("Enter")
    page.wait_for_url("**/#1.2.b")


def test_a_place_is_found_by_its_number_as_it_is_cited_too(visit: Open) -> None:
    page = visit("external/policies/code-of-conduct/#1(2)(b)")
    assert page.locator("[id='1(2)(b)']").count() == 1
    number = page.locator("[id='1.2.b'] > p > .clause-number a")
    assert number.inner_text() == "(b)" and number.get_attribute("aria-label") == "paragraph 1(2)(b)"


@pytest.mark.parametrize(
    ("address", "asked"),
    [
        (FEES, "version 1, clause 2.2"), (FEES, "clause 2.2 of version 1"), (FEES + "history/", "v1 2.2"),
        ("", "Market Fees, version 1, clause 2.2."), ("policies/social-media/", "MF v1 2.2"),
    ],
)  # fmt: skip
def test_a_clause_of_a_version_is_found(visit: Open, address: str, asked: str) -> None:
    page = visit("external/" + address)
    box = page.locator("[id^=find][id$=words]").first
    box.fill(asked)
    first = page.locator(".find-answers li").first
    expect(first.locator("a")).to_have_text("Market Fees, version 1, clause 2.2")
    assert first.locator("p").inner_text() == "Who pays late waits."
    box.press("Enter")
    page.wait_for_url(f"**/{FEES}v1/#2.2")


def test_what_a_version_has_not_is_said(visit: Open) -> None:
    page = visit("external/" + FEES)
    answers = page.locator(".find-answers li")
    page.locator("#find-words").fill("version 1, clause 9.9")
    expect(answers.first.locator("a")).to_have_text("Market Fees, version 1")
    assert answers.first.locator("p").inner_text() == "This version has no 9.9." and answers.count() == 1
    page.locator("#find-words").fill("stages version 2")
    expect(answers.first.locator("a")).to_have_text("Stages, version 2")
    page.locator("#find-words").fill("version 7")
    expect(page.locator(".find-answers [role=status]")).to_contain_text("Nothing found")
    page.goto("external/policies/standing-orders/")
    page.locator("#find-words").fill("version 3, 1.1")
    expect(answers.first.locator("a")).to_contain_text("Standing Orders, version 3")


def test_only_the_amended_reading_is_found(visit: Open) -> None:
    page = visit("external/")
    for asked, answer in (
        ("code of conduct for members", "Nothing found"),
        ("bowling", "Nothing found"),
        ("towpath", "Nothing found"),
        ("moderator", "answers"),
        ("pond", "answer"),
    ):
        page.locator("#find-here-words").fill(asked)
        expect(page.locator(".find-answers [role=status]").first).to_contain_text(answer)


def test_answers_are_walked_with_arrows(visit: Open) -> None:
    page = visit("external/")
    page.locator("#find-here-words").fill("moderator")
    page.locator(".find-answers a").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.closest('.find-answers li').previousElementSibling === null")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "find-here-words"
    assert not page.locator(".find-answers").is_visible()


# Register


def test_the_register_sorts_and_filters(visit: Open) -> None:
    page = visit("internal/")
    titles, groups = page.locator("tbody [scope=row]:visible"), page.locator("[scope=rowgroup]:visible")
    assert groups.all_inner_texts() == ["Governance", "Other policies"]
    count = titles.count()
    page.get_by_role("button", name="Owner").click()
    owners = page.locator("tbody:last-child [data-label=Owner]").all_inner_texts()
    assert owners == sorted(owners, key=str.casefold)
    assert page.locator("[aria-sort=ascending]").inner_text().startswith("Owner")
    page.locator("select[name=status]").select_option("withdrawn")
    assert titles.all_inner_texts() == ["Petitions Scheme"] and groups.all_inner_texts() == ["Other policies"]
    assert page.locator("[data-count]").inner_text() == f"1 of {count} policies"
    page.locator("select[name=status]").select_option("")
    page.locator("[name=words]").fill("data prot")
    assert "Data Protection Policy" in titles.all_inner_texts()
    page.locator("[name=words]").fill("standing")
    assert titles.all_inner_texts() == ["Standing Orders"] and groups.all_inner_texts() == ["Governance"]


def test_a_short_list_of_contents_has_no_scroll_bar(visit: Open) -> None:
    """And its lines look alike, whichever reading they belong to."""
    page = visit("external/policies/market-fees/", (1366, 800))
    assert page.locator("#reading-previous").is_checked()
    box = page.locator(".md-sidebar--secondary .md-sidebar__scrollwrap")
    assert box.evaluate("box => box.scrollHeight - box.clientHeight") == 0
    links = page.locator(".md-nav--secondary .md-nav__link:visible")
    assert {links.nth(n).evaluate("link => getComputedStyle(link).display") for n in range(links.count())} == {"flex"}
    assert page.locator(".md-nav--secondary .md-nav__link.previous-only:visible").count()


# Without JavaScript, at every width, in print


def test_all_is_there_without_javascript(visit: Open, site: Path) -> None:
    page = visit("external/", java_script_enabled=False)
    public = len(list((site / "external/policies").glob("*/*.json")))  # a former name has none
    assert page.locator(".register tbody [scope=row]:visible").count() == public
    assert not page.locator(".needs-js:visible").count()
    assert page.locator("a[href$='social-media.pdf']").is_visible()
    page = visit(POLICY, (360, 740), java_script_enabled=False)
    assert not page.locator(".needs-js:visible").count()
    assert page.locator("#site-links a").first.is_visible()
    assert page.locator("a[href='social-media.pdf']").is_visible()
    page.locator(".contents summary").click()
    assert page.locator(".contents a[href='#6']").is_visible()
    for name, struck in (("marked", True), ("amended", False), ("previous", True)):
        page.locator(f"#reading-{name}").check()
        assert page.locator("[id='2.3'] del").is_visible() is struck


@pytest.mark.parametrize("size", [*VIEWPORTS, (320, 640), NARROW], ids=lambda size: f"{size[0]}x{size[1]}")
def test_no_page_scrolls_sideways(visit: Open, size: tuple[int, int]) -> None:
    page = visit(ADDRESSES[0], size)
    for address in ADDRESSES:
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= size[0], f"{address} is {wide} px wide"


def test_text_of_double_size_fits(visit: Open) -> None:
    page = visit(ADDRESSES[0])
    for address in ADDRESSES:
        page.goto(address)
        page.evaluate("document.documentElement.style.fontSize = '250%'")
        assert page.evaluate("document.documentElement.scrollWidth") <= 1366, address


def test_forced_colours_keep_the_marks(visit: Open) -> None:
    page = visit(POLICY, forced_colors="active")
    line = "each => getComputedStyle(each).textDecorationLine"
    assert page.locator(".policy del").first.evaluate(line) == "line-through"
    assert page.locator(".policy ins").first.evaluate(line) == "underline"


# What is loaded


def test_nothing_is_asked_of_another_host_and_no_cookie_is_set(visit: Open, server: str) -> None:
    page = visit("external/about/")
    asked = list[str]()
    page.on("request", lambda request: asked.append(request.url))
    for address in ADDRESSES:
        asked.clear()
        page.goto(address, wait_until="networkidle")
        assert asked and all(url.startswith((server, "data:")) for url in asked), address
        assert not any("search_index" in url for url in asked), address
        assert page.context.cookies() == [], address
        policy = page.locator("meta[http-equiv=Content-Security-Policy]").get_attribute("content") or ""
        assert "script-src 'self';" in policy and "unsafe" not in policy, address


def test_a_policy_page_weighs_at_most_130_kilobytes(visit: Open) -> None:
    page = visit("external/about/")
    bodies = dict[str, bytes]()
    page.on("response", lambda answer: bodies.update({answer.url: answer.body()}))
    page.goto(POLICY, wait_until="networkidle")
    weight = sum(len(body if url.endswith("woff2") else gzip.compress(body)) for url, body in bodies.items())
    assert weight <= 130_000


def test_the_web_server_gets_the_same_policy(site: Path, visit: Open) -> None:
    policy = visit(POLICY).locator("meta[http-equiv=Content-Security-Policy]").get_attribute("content") or ""
    for edition in ("external", "internal"):
        headers = (site / edition / "_headers").read_text("utf-8")
        assert f"Content-Security-Policy: {policy}; frame-ancestors 'none'\n" in headers
        assert ("noindex" in headers) is (edition == "internal")


# The internal edition


def test_comments_stand_in_the_margin_or_in_the_flow(visit: Open) -> None:
    for size, beside in (((1366, 800), True), ((360, 740), False)):
        page = visit("internal/policies/social-media/", size)
        text = page.locator(".policy").bounding_box()
        comment = page.locator(".comment").first.bounding_box()
        assert text and comment
        assert (comment["x"] >= text["x"] + text["width"]) is beside
    page.get_by_role("link", name="Comments (6)").click()
    page.locator("#comments li a").first.wait_for()
    assert page.locator("#comments li").count() == 6


def test_staff_edit_and_acknowledge(visit: Open) -> None:
    page = visit("internal/policies/social-media/")
    edit = page.get_by_role("link", name="Edit this policy")
    assert edit.get_attribute("href") == "https://git.example.org/edit/policy_src/social-media.md"
    read = page.get_by_role("link", name=re.compile("I have read")).get_attribute("href") or ""
    assert re.fullmatch(r"https://hr\.example\.org/read\?policy=social-media&version=1&text=[0-9a-f]{12}", read)
    assert page.locator("meta[name=robots]").get_attribute("content") == "noindex"
    page.goto(POLICY)
    assert not page.get_by_role("link", name="Edit this policy").count()
    assert not page.locator("[href*='hr.example.org'], [href*='git.example.org']").count()
    assert page.locator("link[rel=canonical]").count() == 1


def test_a_changed_theme_stops_the_build(tmp_path: Path) -> None:
    project = building.new_project(tmp_path / "project")
    hook = project / "hooks/secure_pages.py"
    hook.write_text(hook.read_text("utf-8").replace("md-banner__inner", "md-banner__elsewhere"), encoding="utf-8")
    outcome = building.run(project, "build", POLICY_PDF="off")
    assert outcome.returncode == 1
    assert "the theme has changed" in outcome.stderr + outcome.stdout
    assert "md-banner__elsewhere" in outcome.stderr + outcome.stdout


@pytest.mark.parametrize("width", [1366, 1000, 360])
def test_no_number_runs_into_another_line(visit: Open, width: int) -> None:
    """An old and a new number side by side are the longest: they must neither reach the text nor the next number."""
    page = visit(POLICY, (width, 900))
    collisions = page.evaluate("""() => {
      const numbers = [...document.querySelectorAll(".policy .clause-number")].map(each => each.getBoundingClientRect())
      const below = numbers.filter((box, n) => n && box.top < numbers[n - 1].bottom - 3).length
      const items = [...document.querySelectorAll(".policy ol.clauses > li > p:first-child")]
      return below + items.filter(each => {
        const number = each.querySelector(".clause-number")
        return getComputedStyle(number).float === "left"
          && number.getBoundingClientRect().right > each.getBoundingClientRect().left + 1
      }).length
    }""")
    assert collisions == 0


# Versions compared

COMPARISON = "external/policies/standing-orders/compare/v3..v4/"
NEW, OLD = "Residents may ask questions", "Meetings"


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("size", [VIEWPORTS[0], NARROW], ids=lambda size: str(size[0]))
def test_a_comparison_shows_either_version_or_what_changed_alone(
    visit: Open, size: tuple[int, int], script: bool
) -> None:
    page = visit(COMPARISON, size, java_script_enabled=script)
    whole = reading(page)
    assert NEW in whole and page.locator("#reading-marked").is_checked()
    page.get_by_label("Only what changed").check()
    assert NEW in reading(page) and len(reading(page)) < len(whole) / 2
    page.get_by_label("Only what changed").uncheck()
    page.locator("#reading-previous").check()
    assert NEW not in reading(page) and "inserted" not in reading(page)
    page.locator("#reading-amended").check()
    assert NEW in reading(page) and "inserted" not in reading(page)
    width = page.evaluate("document.documentElement.scrollWidth") if script else size[0]
    assert width <= size[0]


def test_a_comparison_opens_with_its_changes_whatever_was_read_before(visit: Open) -> None:
    page = visit(POLICY)
    page.locator("#reading-amended").check()
    page.goto(COMPARISON)
    assert page.locator("#reading-marked").is_checked()


def test_what_changed_alone_shows_the_place_that_an_address_leads_to(visit: Open) -> None:
    page = visit(f"{COMPARISON}#2", java_script_enabled=False)
    page.get_by_label("Only what changed").check()
    unchanged = page.locator('.policy li[data-status="unchanged"]')
    hidden = [place.get_attribute("id") for place in unchanged.all() if not place.is_visible()]
    assert hidden
    page.goto(f"{COMPARISON}#{hidden[0]}")
    page.get_by_label("Only what changed").check()
    assert page.locator(f"[id='{hidden[0]}']").is_visible()


@pytest.mark.parametrize("scheme", COLOURS)
def test_axe_finds_nothing_in_an_opened_comparison_or_history(visit: Open, scheme: str) -> None:
    found: list[str] = []
    for address in (COMPARISON, "external/policies/standing-orders/v4/"):
        page = visit(address, VIEWPORTS[-1], color_scheme=scheme, has_touch=True)
        for summary in page.locator("details:visible > summary").all():
            summary.click()
        assert page.locator("details[open]").count() > 1
        found += violations(page)
        if "compare" in address:
            page.get_by_label("Only what changed").check()
            found += violations(page)
    assert not found


def test_the_history_of_a_clause_opens_by_keyboard_and_is_not_printed(visit: Open) -> None:
    page = visit("external/policies/standing-orders/v4/")
    history = page.locator("details.history").first
    history.locator("summary").focus()
    page.keyboard.press("Enter")
    assert "version 4" in history.inner_text() and history.locator("a").first.is_visible()
    box = history.locator("summary").bounding_box()
    assert box and box["height"] >= 24
    page.emulate_media(media="print")
    assert not history.is_visible()


# What was in force on a day


@pytest.mark.parametrize(
    ("day", "answer"),
    [
        ("2009-05-19", "No version that is published here was in force on that day."),
        ("2009-05-20", "Version 1."),
        ("2015-03-01", "Version 1."),
        ("2018-01-01", "No version that is published here was in force on that day."),  # version 2 was for staff only
        ("2025-06-30", "Version 3."),
        ("2025-07-01", "Version 4."),
    ],
)
def test_the_list_of_versions_says_what_was_in_force_on_a_day(visit: Open, day: str, answer: str) -> None:
    page = visit("external/policies/standing-orders/history/")
    page.get_by_label("What was in force on").fill(day)
    status = page.locator("[data-as-at] [role=status]")
    assert status.inner_text().replace("\xa0", " ") == answer
    chosen = page.locator("tr.chosen th")
    assert [words.replace("\xa0", " ") + "." for words in chosen.all_inner_texts()] == [answer] * answer.startswith("V")
    if answer in ("Version 3.", "Version 4."):  # version 1 is withheld
        assert status.get_by_role("link").get_attribute("href") == chosen.get_by_role("link").get_attribute("href")
    assert violations(page) == []


def test_the_list_of_versions_asks_for_no_day_without_javascript(visit: Open) -> None:
    page = visit("external/policies/standing-orders/history/", java_script_enabled=False)
    assert not page.locator("[data-as-at]").is_visible() and page.locator(".versions").is_visible()
