"""Kept versions on the website: each at its address for good, with its own words; and which of them is in force."""

import json
import re
from datetime import date
from html import unescape
from pathlib import Path

import pytest
import verapdf
from building import SAMPLE, SETTINGS, files, new_project, policy, run
from hypothesis import given
from hypothesis import strategies as st
from samples import photo

from policydoc.amending import edition_text
from policydoc.editions import council, kept_text, kept_versions
from policydoc.editions.kept_text import NOT_READ
from policydoc.editions.kept_versions import KeptVersion
from policydoc.editions.policy import Policy
from policydoc.editions.version_table import ApprovedVersion, approved_versions, in_force, public
from policydoc.editions.withhold import EDITIONS, Edition
from policydoc.history import archive
from policydoc.history.archive import ArchivedVersion
from policydoc.model.document import Document
from policydoc.model.lineage import Step, step
from policydoc.model.runs import plain
from policydoc.outputs import data, version_words
from policydoc.outputs.as_in_force import places_in_force
from policydoc.outputs.comparison import Comparison, pairs, texts
from policydoc.outputs.html import article
from policydoc.source import policy_files
from policydoc.writing import put_all

TODAY = "1796083200"  # 1 December 2026
DOGS = """\
## Purpose

1.  Dogs are welcome, but for [clause](#fees) and [clause](cats.md#fees).

1.  See [the old rule](cats.md#gone), [Ferrets](ferrets.md) and [cats](cats.md).

1.  A fee is paid. {#fees}

1.  ![A map of the parks](images/gone.png) and ![a pond](images/pond.jpg)

1.  Wardens carry a radio. {.internal #radio}

1.  See [clause](#radio) for the radio. {.internal}
"""
CATS = "## Purpose\n\n1.  ^^New.^^\n\n1.  Cats are free. {#fees}\n"
FEES = "## F\n\n1.  ^^It is dear.^^ {#dear}\n\n1.  A fee is paid. {#fee}\n\n1.  ~~It is dear.~~\n"
BROKEN = "## Purpose\n\n1.  Dogs ~~swim.\n    1.  In a pond.\n"


def approved(version: str, body: str = DOGS, **keys: str) -> str:
    given = {"policy_number": "7", "date_published": "2020-05-01", "review_due": "2030-05-01"} | keys
    return policy(body, version=version, status="approved", **given)


def keep(root: Path, slug: str, **versions: str) -> None:
    for name, text in versions.items():
        put_all(archive.addition(root / "policy_src", slug, name.removeprefix("v"), text.encode()))


def write(root: Path, **policies: str) -> Path:
    (root / "policy_src/images").mkdir(parents=True, exist_ok=True)
    (root / "policy_src/images/pond.jpg").write_bytes(photo())
    for slug, text in policies.items():
        (root / f"policy_src/{slug}.md").write_text(text, "utf-8")
    return root


def kept(root: Path, slug: str = "dogs", edition: Edition = "external") -> dict[str, KeptVersion]:
    policies = council.read(root, edition, SETTINGS)
    assert not policies.errors, policies.errors
    folder = root / "policy_src"
    versions = kept_versions.kept_versions(policies.published, policies.destinations, folder, SETTINGS)
    return {version.version: version for version in versions.get(slug, ())}


def text_of(root: Path, version: KeptVersion) -> bytes | None:
    """The text that is published beside it."""
    policies = council.read(root, version.policy.edition, SETTINGS)
    return edition_text.with_text(version.policy, root, SETTINGS, policies.destinations).text


def step_between(before: KeptVersion, after: KeptVersion) -> Step:
    """What lies between two versions that can be read."""
    return step((before.version, before.policy.document), (after.version, after.policy.document))


def words(version: KeptVersion) -> str:
    """The article as a reader sees it, without tags."""
    return unescape(re.sub("<[^>]*>", "", html(version)))


def html(version: KeptVersion) -> str:
    return article(version.policy.document, version=version.version)


# What a version says


@pytest.fixture
def dogs(tmp_path: Path) -> Path:
    """A draft over version 1, which refers to what is there, and to what is gone."""
    root = write(
        tmp_path, dogs=policy("## Purpose\n\n1.  Dogs ~~must~~ ^^may^^ swim.\n", version="2"), cats=policy(CATS)
    )
    keep(root, "dogs", v1=approved("1"))
    return root


def test_a_version_has_its_own_numbers_and_anchors(dogs: Path) -> None:
    version = kept(dogs)["1"]
    assert [place.anchor for place in version.policy.document.provisions()] == ["1", *(f"1.{n}" for n in range(1, 7))]
    assert 'but for <a href="#1.3" class="reference">clause 1.3</a>' in html(version)


def test_references_lead_to_the_current_text_of_others_and_print_one_number(dogs: Path) -> None:
    version = html(kept(dogs)["1"])
    assert '<a href="../../cats/#1.2" class="reference">clause 1.1 of the Test Policy</a>' in version
    assert '<a href="../../cats/" class="reference">cats</a>' in version


def test_what_is_gone_is_no_link_and_no_picture_but_its_words(dogs: Path) -> None:
    version = html(kept(dogs)["1"])
    assert "See the old rule, Ferrets and <a " in version
    assert 'A map of the parks and <img src="../../images/pond.jpg" alt="a pond" />' in version


def test_each_edition_has_what_it_may_show(dogs: Path) -> None:
    outside, inside = kept(dogs)["1"], kept(dogs, edition="internal")["1"]
    assert "radio" not in html(outside) and "Wardens carry a radio" in html(inside)
    assert words(outside).count("Not published") == 2 and not outside.policy.shared
    assert text_of(dogs, inside) == (dogs / "policy_src/archive/dogs/v1.md").read_bytes()
    assert (text := text_of(dogs, outside)) and b"radio" not in text


def test_a_reference_to_what_is_withheld_is_no_link_outside(tmp_path: Path) -> None:
    body = "## A\n\n1.  See [clause](#radio).\n\n1.  Wardens. {.internal #radio}\n"
    root = write(tmp_path, dogs=policy(CATS, version="2"))
    keep(root, "dogs", v1=approved("1", body))
    assert b"See clause." in (text_of(root, kept(root)["1"]) or b"")
    assert "See clause." in words(kept(root)["1"]) and "See clause 1.2." in words(kept(root, edition="internal")["1"])


@pytest.mark.parametrize(
    ("change", "shown"),
    [
        (("Town Clerk", "Town Clerk # not yet agreed"), ("Town Clerk", "Town Clerk")),
        (("pays.", "pays. {>>JS: why?<<}"), ("pays.", "pays.")),
        (("pays.", "pays. {.internal}"), ("Everybody pays.", "Not published")),
    ],
    ids=["remark", "comment", "internal"],
)
def test_the_text_outside_has_nothing_internal_in_it(
    tmp_path: Path, change: tuple[str, str], shown: tuple[str, str]
) -> None:
    text = approved("1", "## Fees\n\n1.  Everybody pays.\n\n1.  Words.\n")
    root = write(tmp_path, dogs=policy(CATS, version="2"), more=policy(CATS, title="More", version="2"))
    keep(root, "dogs", v1=text)
    keep(root, "more", v1=text.replace(*change))
    assert text_of(root, kept(root)["1"]) == text.encode() and kept(root)["1"].policy.shared
    outside, inside = kept(root, "more")["1"], kept(root, "more", "internal")["1"]
    assert text_of(root, outside) == text.replace(*shown).encode() and not outside.policy.shared
    assert text_of(root, inside) == text.replace(*change).encode()


def test_a_version_for_staff_is_for_staff_and_a_changed_file_for_nobody(tmp_path: Path) -> None:
    root = write(tmp_path, dogs=policy(CATS, version="4"), cats=policy(CATS))
    staff = approved("2", distribution="{internal: [All staff]}")
    keep(root, "dogs", v1=approved("1"), v2=staff, v3=approved("3"))
    (root / "policy_src/archive/dogs/v3.md").write_text("Changed.")
    assert list(kept(root)) == ["1"] and list(kept(root, edition="internal")) == ["2", "1"]


# What came after it


def test_what_the_dialect_refuses_is_shown_as_it_was_typed(tmp_path: Path) -> None:
    root = write(tmp_path, dogs=policy(CATS, version="2"))
    keep(root, "dogs", v1=approved("1", BROKEN))
    version = kept(root)["1"]
    assert version.is_plain and text_of(root, version) == (root / "policy_src/archive/dogs/v1.md").read_bytes()
    opening = [plain((block,), "amended") for _, block in version.policy.document.blocks()]
    assert opening[:2] == [NOT_READ, "## Purpose"] and "1. Dogs ~~swim." in opening[2]
    assert "\u00a0\u00a0\u00a0\u00a01.  In a pond." in html(version)
    assert not data.data(version.policy)["clauses"]


@pytest.mark.parametrize(
    "sign", ["{>JS: why?<}", "{ .internal}", "<! why? >", "{== why ==", ">>why<<", "{#x .Internal }"]
)
def test_what_may_be_internal_in_such_a_text_stops_the_build(tmp_path: Path, sign: str) -> None:
    root = write(tmp_path, dogs=policy(CATS, version="2"))
    keep(root, "dogs", v1=approved("1", BROKEN.replace("pond.", f"pond. {sign}")))
    [problem] = kept_text.faults(root / "policy_src", ["dogs"], SETTINGS)
    assert problem.code == "P740" and problem.path == "policy_src/archive/dogs/v1.md" and problem.line == 15
    staff = approved("1", BROKEN + sign, distribution="{internal: [All staff]}")
    keep(write(tmp_path / "staff", dogs=policy(CATS)), "dogs", v1=staff)
    assert not list(kept_text.faults(tmp_path / "staff/policy_src", ["dogs"], SETTINGS))


def test_front_matter_that_is_refused_today_is_left_out(tmp_path: Path) -> None:
    root = write(tmp_path, dogs=policy(CATS, version="2"))
    text = approved("1", "## A\n\n1.  B.\n", colour="red", review_due="soon").replace("owner: Town Clerk\n", "")
    keep(root, "dogs", v1=text)
    version = kept(root)["1"]
    assert (version.policy.metadata.title, version.policy.metadata.owner) == ("Test Policy", "Not known")
    assert version.policy.metadata.review_due is None and not version.is_plain
    assert text_of(root, version) is None  # it has more than the program understands


def test_a_version_that_nobody_can_read_is_for_staff(tmp_path: Path) -> None:
    root = write(tmp_path, dogs=policy(CATS, version="2"))
    keep(root, "dogs", v1="No front matter.\n")
    assert not kept(root)
    version = kept(root, edition="internal")["1"]
    assert version.is_plain and "No front matter." in words(version)


# In force


def versions(*days: tuple[str, str | None, bool]) -> tuple[ApprovedVersion, ...]:
    """Versions of these numbers, days and whether they are public, the newest last, as a draft's policy has them."""
    texts = [
        (number, policy("## A\n\n1.  B.\n", version=number, status="approved",
                        distribution=f"{{external: [{'Website' if is_public else ''}]}}",
                        **({"date_published": day} if day else {})))
        for number, day, is_public in days
    ]  # fmt: skip
    source, _ = policy_files.read("dogs", "dogs.md", policy("## A\n\n1.  B.\n").encode())
    assert source
    return approved_versions(source, [Kept(number, Path(f"dogs/v{number}.md"), text) for number, text in texts])


class Kept(ArchivedVersion):
    """A version that stands in no file."""

    def text(self) -> str:
        return self.sha256


def in_force_on(some: tuple[ApprovedVersion, ...], day: str) -> str:
    version = in_force(some, date.fromisoformat(day))
    return version.version if version else ""


def test_in_force_is_the_newest_version_whose_day_has_come() -> None:
    some = versions(("1", "2020-01-01", True), ("2", "2027-01-01", True), ("3", "2026-01-01", True))
    days = ("2019-12-31", "2020-01-01", "2025-12-31", "2026-01-01", "2027-01-01")
    assert [in_force_on(some, day) for day in days] == ["", "1", "1", "3", "3"]
    assert some[1].was_never and some[2].follower == "3"


def test_a_version_without_a_day_has_come() -> None:
    some = versions(("1", None, True), ("2", "2026-01-01", True), ("3", None, True))
    assert in_force_on(some, "2025-01-01") == "3" and in_force_on(some[1:], "2026-01-01") == ""


def test_outside_nothing_names_a_version_for_staff_and_none_is_in_force_in_its_stead() -> None:
    some = public(versions(("1", "2020-01-01", True), ("2", "2021-01-01", False)))
    assert [(version.version, version.follower, version.ends) for version in some] == [("1", "", date(2021, 1, 1))]
    assert in_force_on(some, "2020-06-01") == "1" and in_force_on(some, "2022-01-01") == ""
    assert version_words.period(some[0], date(2022, 1, 1)) == "Came into force on 1 January 2020"


TO_COME = [
    ("to come", "Not yet in force. In force from 1 July 2026.", ("Until then this is in force:", "1")),
    ("in force", "In force from 1 May 2020 until 30 June 2026.", ("Will be superseded by", "2")),
]
COME = [
    ("in force", "In force since 1 July 2026.", None),
    ("superseded", "No longer in force. In force from 1 May 2020 until 30 June 2026.", ("Superseded by", "2")),
]


@pytest.mark.parametrize(("day", "expected"), [("2026-06-30", TO_COME), ("2026-07-01", COME)])
def test_a_version_says_where_it_stands(tmp_path: Path, day: str, expected: list[tuple[str, str, object]]) -> None:
    root = write(tmp_path, dogs=policy(CATS, version="3"), cats=policy(CATS))
    keep(root, "dogs", v1=approved("1"), v2=approved("2", date_published="2026-05-01", effective="2026-07-01"))
    current = council.read(root, "external", SETTINGS).published["dogs"]
    said = [version_words.standing(current, version, date.fromisoformat(day)) for version in ("2", "1")]
    assert [(standing.state, standing.words, standing.then) for standing in said] == expected


def test_a_version_that_is_not_kept_is_the_policys_own_page(tmp_path: Path) -> None:
    root = write(tmp_path, dogs=approved("3", CATS.replace("^^", ""), date_published="2026-01-01"))
    keep(root, "dogs", v1=approved("1", "## A\n\n1.  B.\n"))
    current, pages = council.read(root, "external", SETTINGS).published["dogs"], tuple(kept(root).values())
    assert version_words.standing(current, "1", date(2026, 2, 1)).then == ("Superseded by", "3")
    assert [version_words.beside(current, version, pages) for version in ("1", "3", "2")] == ["v1/", "", None]
    rows = version_words.rows(current, pages, {}, date(2026, 2, 1))
    assert [(row.page, row.pdf.rpartition("/")[2], row.changed) for row in rows] == [
        ("", "dogs.pdf", None), ("v1/", "v1.pdf", None),
    ]  # fmt: skip


DAYS = [None, *(f"2026-0{month}-01" for month in range(1, 7))]


@given(st.lists(st.tuples(st.sampled_from(DAYS), st.booleans()), min_size=1, max_size=5), st.sampled_from(DAYS))
def test_the_list_knows_what_was_in_force_on_any_day(given: list[tuple[str | None, bool]], end: str | None) -> None:
    """By the two dates of each row, as docs/assets/history.js reads them."""
    source, _ = policy_files.read("dogs", "dogs.md", policy("## A\n\n1.  B.\n").encode())
    assert source
    some = versions(*((str(number), day, is_public) for number, (day, is_public) in enumerate(given, 1)))
    status = {"status": "withdrawn", "withdrawn_on": end} if end else {"status": "draft"}
    metadata = source.metadata.model_validate({**source.metadata.model_dump(), **status})
    for shown in (some, public(some)):
        now = Policy("dogs", "dogs.md", "", metadata, "external", Document("dogs"), versions=shown)
        rows = version_words.rows(now, (), {}, date(2026, 3, 1))
        for day in map(str, filter(None, [*DAYS, "2025-01-01", "2027-01-01"])):
            chosen = [row.version.version for row in rows
                      if str(row.version.since or "") <= day and (not row.until or day < row.until)]  # fmt: skip
            expected = in_force_on(shown, day) if not end or day < end else ""
            assert (chosen or [""])[0] == expected, day


def test_no_version_of_a_withdrawn_policy_is_in_force(tmp_path: Path) -> None:
    root = write(tmp_path, dogs=approved("1", CATS).replace("status: approved", "status: withdrawn"))
    keep(root, "dogs", v1=approved("1", CATS.replace("^^", "")))
    current = council.read(root, "external", SETTINGS).published["dogs"]
    standing = version_words.standing(current, "1", date(2026, 1, 1))
    assert standing.words == "No longer in force: the policy is withdrawn. Came into force on 1 May 2020."


def test_the_list_counts_the_clauses_that_each_version_changed(tmp_path: Path) -> None:
    root = write(tmp_path, dogs=policy(CATS, version="4"), cats=policy(CATS))
    three = DOGS.replace("Dogs are welcome", "Dogs are not welcome")
    three = three.replace("1.  A fee is paid. {#fees}", "1.  New. {#fees}\n\n1.  Newer.")
    keep(root, "dogs", v1=approved("1"), v2=approved("2", BROKEN), v3=approved("3"), v4=approved("4", three))
    pages = kept(root)
    current = council.read(root, "external", SETTINGS).published["dogs"]
    compared = pairs(texts(current, list(pages.values())))
    assert [(old.name, new.name) for old, new in compared] == [("1", "3"), ("3", "4"), ("4", "draft"), ("1", "4")]
    assert Comparison(*compared[1]).policy.amendments == 3
    rows = version_words.rows(current, tuple(pages.values()), {"4": 3}, date(2026, 12, 1))
    assert [(row.version.version, row.page, row.changed) for row in rows] == [
        ("4", "v4/", 3), ("3", "v3/", None), ("2", "v2/", None), ("1", "v1/", None),
    ]  # fmt: skip


@pytest.mark.quick
def test_a_draft_says_what_is_in_force_wherever_its_names_stand(tmp_path: Path) -> None:
    root = tmp_path
    keep(root, "fees", v1=approved("1", "## F\n\n1.  A fee is paid.\n\n1.  It is dear. {#dear}\n", title="Fees"))
    for draft, same in ((FEES, True), (FEES.replace("A fee is", "Fees are"), False)):
        write(root, fees=policy(draft, title="Fees", version="2"))
        current = council.read(root, "external", SETTINGS).published["fees"]
        assert (places_in_force(current, kept(root, "fees")["1"]) is not None) is same


# The website


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A draft over two versions of which the newer is in force; one that isn't yet in force; the sample council's."""
    root = write(new_project(tmp_path_factory.mktemp("versions") / "project"))
    two = DOGS.replace("{.internal #radio}", "{#radio}").replace(" {.internal}", "")
    draft = two.replace("A fee is paid.", "A fee ^^of £5^^ is paid.").replace("images/gone.png", "images/pond.jpg")
    draft = draft.replace("[the old rule](cats.md#gone), [Ferrets](ferrets.md) and ", "")
    parks = approved("2", CATS.replace("^^", ""), title="Parks", effective="2099-05-01", policy_number="9")
    write(root, dogs=policy(draft, version="3", title="Dogs"), cats=policy(CATS), parks=parks)
    keep(root, "dogs", v1=approved("1", title="Dogs"), v2=approved("2", two, title="Dogs", date_published="2026-01-01"))
    keep(root, "parks", v1=approved("1", BROKEN, title="Parks"), v2=parks)
    unprintable = CATS.replace("^^", "").replace("Cats", "中 cats")
    keep(root, "cats", v1=approved("1", unprintable, policy_number="8"))
    done = run(root, "build", SOURCE_DATE_EPOCH=TODAY)
    assert done.returncode == 0, done.stderr
    return root / "site"


def page(site: Path, path: str, edition: str = "external") -> str:
    return (site / edition / path / "index.html").read_text("utf-8")


def test_each_version_that_the_edition_may_show_has_all_its_files(site: Path) -> None:
    for edition in EDITIONS:
        folder = site / edition / "policies"
        assert {path.name for path in (folder / "dogs/v1").iterdir()} == {
            "index.html", "v1.pdf", "v1.json", "v1.md",
        }  # fmt: skip
        assert {path.name for path in (folder / "dogs/v2").iterdir()} == {"index.html", "v2.pdf", "v2.json", "v2.md"}
        assert (folder / "standing-orders/v2").is_dir() is (edition == "internal")
        assert not (folder / "petitions/history").exists()
    assert json.loads((site / "external/policies/dogs/v1/v1.json").read_text("utf-8"))["version"] == "1"


def test_versions_are_for_no_search_engine_and_not_in_the_register(site: Path) -> None:
    folder = site / "external"
    for path in ("policies/dogs/v1", "policies/dogs/history"):
        assert '<meta name="robots" content="noindex">' in page(site, path)
        assert f'<link rel="canonical" href="https://policies.westerbrook.example/{path}/">' in page(site, path)
    assert "noindex" not in page(site, "policies/dogs")
    for name in ("sitemap.xml", "search/search_index.json", "policies.json", "policies.csv", "index.html"):
        text = (folder / name).read_text("utf-8")
        assert "dogs/" in text and not re.search("dogs/(?:v1|history)", text), name


def test_the_page_of_a_draft_leads_to_what_is_in_force(site: Path) -> None:
    text = page(site, "policies/dogs")
    assert "<strong>Proposed changes to version 2.</strong>" in text
    assert '<a href="v2/">Version 2 is in force</a>.' in text
    assert '<li><a href="dogs-in-force.pdf">Download PDF in force (version 2, ' in text
    assert '<a href="history/">All versions</a>' in text
    folder = site / "external/policies"
    assert (folder / "dogs/dogs-in-force.pdf").read_bytes() == (folder / "dogs/v2/v2.pdf").read_bytes()


def test_an_approved_text_whose_day_is_to_come_says_so(site: Path) -> None:
    text = page(site, "policies/parks")
    assert "<strong>Approved: in force from 1 May 2099.</strong>" in text
    assert '<a href="v1/">Version 1 is in force</a>' in text and "parks-in-force.pdf" in text
    assert "Not yet in force. In force from 1 May 2099." in page(site, "policies/parks/v2")
    assert not (site / "external/policies/standing-orders/standing-orders-in-force.pdf").exists()


def test_what_is_in_force_is_called_so_only_where_it_says_the_same(site: Path) -> None:
    words = "Shown as it was before these changes, which is not what is in force."
    assert words in page(site, "policies/dogs")  # a picture was replaced


def test_every_link_of_a_version_and_of_the_list_leads_somewhere(site: Path) -> None:
    for edition in EDITIONS:
        for path in ("dogs/v1", "dogs/v2", "dogs/history", "parks/v1", "standing-orders/history"):
            folder = site / edition / "policies" / path
            for address in re.findall('(?:href|src)="([^"#:]+)', page(site, f"policies/{path}", edition)):
                target = folder / address
                if address not in ("https", "mailto"):
                    assert (target / "index.html" if target.is_dir() else target).resolve().is_file(), address


def test_a_version_that_can_not_be_printed_today_has_its_page_all_the_same(site: Path) -> None:
    text = page(site, "policies/cats/v1")
    assert "中 cats are free" in text and "There is no PDF of this version." in text
    assert not (site / "external/policies/cats/v1/v1.pdf").exists() and "v1.pdf" not in text
    assert "v1.pdf" not in page(site, "policies/cats/history") and not list((site / "external").rglob("cats-in-*"))


def test_pdfs_of_versions_are_valid_and_say_what_they_are(site: Path) -> None:
    folder = site / "external/policies"
    assert verapdf.check([folder / "dogs/v1/v1.pdf", folder / "parks/v1/v1.pdf", folder / "dogs/v2/v2.pdf"]) == []


def test_no_later_day_or_version_changes_a_record_copy(site: Path, tmp_path: Path) -> None:
    root = write(new_project(tmp_path / "project"))
    draft = (SAMPLE / "standing-orders.md").read_text("utf-8").replace("version: 4", "version: 5")
    draft = draft.replace("2025-06-03", "2026-06-03").replace("2025-07-01", "2026-07-01").replace("August", "May")
    keep(root, "standing-orders", v5=draft)
    write(root, **{"standing-orders": draft})
    done = run(root, "build", SOURCE_DATE_EPOCH="1900000000")
    assert done.returncode == 0, done.stderr
    for edition in EDITIONS:
        before = site / edition / "policies/standing-orders"
        after = root / "site" / edition / "policies/standing-orders"
        for version in ("v1", "v3", "v4"):
            old, new = files(before / version), files(after / version)
            assert {name for name in old if old[name] != new[name]} <= {"index.html"}, version
            assert old.keys() == new.keys()
        assert "Superseded by" in (after / "v4/index.html").read_text("utf-8")
