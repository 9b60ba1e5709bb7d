"""The feeds: what changed in each approved version, what is proposed, what is withdrawn; as Atom, with ids for good."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from building import SETTINGS, new_project, policy, run
from readers_policies import FEES, approved, keep, write_policies
from test_versions import step_between

from policydoc.editions import council, kept_versions
from policydoc.editions.kept_versions import KeptVersion
from policydoc.history.dates import CommitDates
from policydoc.outputs import feed, version_changes
from policydoc.outputs.feed import Entry, Line, News
from policydoc.outputs.version_changes import PlaceChange

ATOM = "{http://www.w3.org/2005/Atom}"
XHTML = "{http://www.w3.org/1999/xhtml}"
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
SITE = SETTINGS.site_url.rstrip("/")


def entries(root: Path, slug: str) -> list[Entry]:
    """The news of one public policy."""
    policies = council.read(root, "external", SETTINGS)
    assert not policies.errors, policies.errors
    kept = kept_versions.kept_versions(policies.published, policies.destinations, root / "policy_src", SETTINGS)
    before = {(new.slug, new.version): old for some in kept.values() for new, old in pairwise(some)}

    def changes(version: KeptVersion) -> Sequence[PlaceChange] | None:
        old = before[version.slug, version.version]
        if old.is_plain or version.is_plain:
            return None
        return version_changes.changes(step_between(old, version))

    return News(kept, SETTINGS, CommitDates(root), changes).entries(policies.published[slug])


def written(root: Path, slug: str, text: str, *kept: str) -> list[Entry]:
    """The news of a policy with this text and these kept versions."""
    (root / "policy_src").mkdir(parents=True, exist_ok=True)
    (root / f"policy_src/{slug}.md").write_text(text, "utf-8")
    keep(root, slug, *kept)
    return entries(root, slug)


def sentences(entry: Entry) -> list[str]:
    return [line.words + line.behind for line in entry.sentences]


def items(entry: Entry) -> list[str]:
    return [line.words + line.behind for line in entry.items]


DRAFT = FEES.replace("£75", "~~£75~~ ^^£80^^")
NEXT = (
    FEES.replace("£75", "£100")
    .replace("1.  Charities pay nothing.", "1.  Food traders pay twice as much.\n\n1.  Charities pay nothing.")
    .replace("1.  Who pays late waits. {#late}", "1.  Who pays late waits. {#late}\n\n1.  Nobody pays in coins.")
)


def test_a_version_says_its_note_and_then_what_became_of_the_clauses(tmp_path: Path) -> None:
    adopted = "{by: Full Council, on: 2021-04-20, minute: FC 7}"
    two = approved("2", NEXT, adopted=adopted, effective="2021-06-01", change_note="{text: Dearer}")
    newest, oldest = written(tmp_path, "dogs", two, approved("1"), two)
    assert newest.title == "Test Policy, version 2" and newest.address == f"{SITE}/policies/dogs/v2/"
    assert newest.day == date(2021, 5, 1)
    assert sentences(newest) == [
        "Adopted by Full Council, 20 April 2021, minute FC 7.", "In force from 1 June 2021.", "Dearer",
        "What has changed since version 1:",
    ]  # fmt: skip
    assert items(newest) == [
        "Clause 1.1: reworded", "Clause 1.2: new", "Clause 2.3: new",
        "Renumbered: clause 1.2 is clause 1.3, clause 1.2.1 is clause 1.3.1",
    ]  # fmt: skip
    assert newest.items[0].address == f"{SITE}/policies/dogs/v2/#1.1"
    assert sentences(oldest) == ["In force from 1 May 2020."] and not oldest.items


def test_what_is_deleted_leads_to_where_it_was(tmp_path: Path) -> None:
    gone = approved("2", FEES.replace("1.  Who pays late waits. {#late}\n", "").replace("[clause](#late)", "it"))
    newest, _ = written(tmp_path, "dogs", gone, approved("1"), gone)
    [line] = [line for line in newest.items if "deleted" in line.behind]
    assert (line.words, line.behind) == ("Clause 2.2", ": deleted")
    assert line.address == f"{SITE}/policies/dogs/v1/#2.2"


def test_an_editorial_version_says_that_nothing_changed(tmp_path: Path) -> None:
    same = approved("2", FEES)
    newest, _ = written(tmp_path, "dogs", same, approved("1"), same)
    assert sentences(newest)[-1] == "No section or clause has changed since version 1."


def test_a_version_for_staff_is_no_news_outside(tmp_path: Path) -> None:
    staff = approved("2", FEES.replace("£75", "£6543"), distribution="{internal: [All staff]}", title="Secret")
    three = approved("3", NEXT)
    news = written(tmp_path, "dogs", three, approved("1"), staff, three)
    assert [entry.title for entry in news] == ["Test Policy, version 3", "Test Policy, version 1"]
    text = feed.feed(news, SETTINGS)
    assert "since version 1:" in text and "Secret" not in text and "version 2" not in text


def test_a_version_shown_as_it_was_typed_has_its_note_alone(tmp_path: Path) -> None:
    two = approved("2", NEXT, change_note="{text: Dearer}")
    newest, _ = written(tmp_path, "dogs", two, approved("1", "## A\n\n1.  Dogs ~~swim.\n    1.  Here.\n"), two)
    assert sentences(newest) == ["In force from 1 May 2021.", "Dearer"] and not newest.items


def test_a_draft_is_news_as_a_proposal(tmp_path: Path) -> None:
    draft, kept = written(tmp_path, "dogs", policy(DRAFT, version="2"), approved("1"))
    assert draft.title == "Test Policy: changes to version 1 are proposed" and kept.title == "Test Policy, version 1"
    assert sentences(draft) == ["1 amendment in 1 clause can be read with the text."]
    assert draft.sentences[0].address == f"{SITE}/policies/dogs/?reading=marked#schedule-of-amendments"
    [first] = written(tmp_path, "cats", policy(FEES))
    assert first.title == "Test Policy: a draft, not yet approved"
    [idle] = written(tmp_path, "idle", policy(FEES, version="2"), approved("1"))  # nothing is proposed yet
    assert idle.title == "Test Policy, version 1"


def test_a_withdrawal_is_news_and_says_why_and_what_comes_instead(tmp_path: Path) -> None:
    written(tmp_path, "dogs", approved("1"))
    withdrawn = approved(
        "1", status="withdrawn", policy_number="8", replaced_by="dogs", change_note="{text: Nobody sells there}"
    )
    gone, old = written(tmp_path, "stalls", withdrawn, approved("1"))
    assert gone.title == "Test Policy is withdrawn" and old.title == "Test Policy, version 1"
    assert sentences(gone) == ["Nobody sells there", "Test Policy replaces it."]
    assert gone.sentences[1].address == f"{SITE}/policies/dogs/"


def test_the_id_of_an_entry_is_for_good(tmp_path: Path) -> None:
    before = written(tmp_path, "dogs", approved("1"), approved("1"))
    after = written(tmp_path, "dogs", policy(DRAFT, version="2", title="Other"))
    assert after[1].id == before[0].id == f"{SITE}/policies/dogs/#version-1-approved"
    assert len({entry.id for entry in after}) == len(after) == 2


def test_no_entry_is_from_the_future_if_it_can_be_helped(tmp_path: Path) -> None:
    later = approved("2", NEXT, date_published="2099-01-01", review_due="2100-01-01",
                     adopted="{by: Full Council, on: 2022-01-01}")  # fmt: skip
    assert written(tmp_path, "dogs", later, approved("1"), later)[0].day == date(2022, 1, 1)


def test_the_newest_fifty_are_in_a_feed() -> None:
    some = [Entry(f"{SITE}/{n}", f"News {n}", SITE, date(1950 + n, 1, 1)) for n in range(60)]
    titles = [entry.findtext(f"{ATOM}title") for entry in ET.fromstring(feed.feed(some, SETTINGS)).iter(f"{ATOM}entry")]
    assert titles == [f"News {n}" for n in range(59, 9, -1)]


def test_signs_of_html_are_words() -> None:
    words = "Less <b> & more ]]>"
    some = [Entry(SITE, words, SITE, date(2020, 1, 1), (Line(words, SITE, words),), (Line(words),))]
    root = ET.fromstring(feed.feed(some, SETTINGS, title=words))
    assert "".join(root.itertext()).count(words) == 5


# On the website


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = new_project(tmp_path_factory.mktemp("feed") / "project")
    write_policies(project)
    done = run(project, "build", POLICY_PDF="off")
    assert done.returncode == 0, done.stderr
    return project / "site"


def test_every_feed_is_valid(site: Path) -> None:
    """What RFC 4287 asks for: the elements, in their number; ids that differ; moments; an alternate that is a page."""
    paths = sorted((site / "external").rglob("feed.xml"))
    assert len(paths) == 1 + len(list((site / "external/policies").glob("*/index.html")))
    for path in paths:
        root = ET.parse(path).getroot()
        assert root.tag == f"{ATOM}feed" and root.findtext(f"{ATOM}author/{ATOM}name")
        for one in (root, *root.iter(f"{ATOM}entry")):
            for name in ("id", "title", "updated"):
                assert len(one.findall(f"{ATOM}{name}")) == 1, (path, name)
            assert MOMENT.fullmatch(one.findtext(f"{ATOM}updated") or "")
            [page] = [link.get("href") or "" for link in one.findall(f"{ATOM}link") if link.get("rel") == "alternate"]
            assert (site / "external" / page.removeprefix(f"{SITE}/") / "index.html").is_file(), page
        ids = [entry.findtext(f"{ATOM}id") for entry in root.iter(f"{ATOM}entry")]
        assert len(set(ids)) == len(ids) and ids
        days = [entry.findtext(f"{ATOM}updated") or "" for entry in root.iter(f"{ATOM}entry")]
        assert days == sorted(days, reverse=True) and root.findtext(f"{ATOM}updated") == days[0]
        for content in root.iter(f"{ATOM}content"):
            assert content.get("type") == "xhtml" and [child.tag for child in content] == [f"{XHTML}div"]


def test_every_link_in_a_feed_leads_to_its_place(site: Path) -> None:
    links = 0
    for path in (site / "external").rglob("feed.xml"):
        for link in ET.parse(path).getroot().iter(f"{XHTML}a"):
            page, _, anchor = (link.get("href") or "").removeprefix(f"{SITE}/").partition("#")
            text = (site / "external" / page.partition("?")[0] / "index.html").read_text("utf-8")
            assert not anchor or f'id="{anchor}"' in text, link.get("href")
            links += 1
    assert links > 5


def test_a_policys_pages_lead_to_its_feed(site: Path) -> None:
    alternate = '<link rel="alternate" type="application/atom+xml" title="Changes to {}" href="{}">'
    for page, title, address in (
        ("", "Market Fees and Charges", "feed.xml"), ("v1/", "Market Fees", "../feed.xml"),
        ("history/", "Market Fees and Charges", "../feed.xml"),
    ):  # fmt: skip
        text = (site / f"external/policies/market-fees/{page}index.html").read_text("utf-8")
        assert alternate.format(title, address) in text, page
    assert not list((site / "internal").rglob("feed.xml"))
    assert "feed.xml" not in (site / "internal/policies/market-fees/index.html").read_text("utf-8")
