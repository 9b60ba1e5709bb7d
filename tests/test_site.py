"""Both editions as the command leaves them: the contract of DESIGN 7, and what is always true of every file."""

import datetime
import json
import os
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

import html5lib
import pikepdf
import pytest
from building import FIRST_POLICY, SAMPLE, SETTINGS, files, new_project, run, start

SITE_URL = SETTINGS.site_url
LAST_EDITED = 1_700_000_000  # 14 November 2023
EDITIONS = ("external", "internal")
# Of the sample: the PDFs of the policies and the version that have no comment and nothing internal
SHARED = {"data-protection", "petitions", "v1"}
# And the versions of its standing orders that each edition shows
VERSIONS = {"external": {"v1", "v3", "v4"}, "internal": {"v1", "v2", "v3", "v4"}}
METADATA_KEYS = [
    "title", "subtitle", "policy_number", "version", "status", "owner", "doc_number", "pdf_number",
    "date_published", "review_due", "review_team", "distribution", "replaced_by", "withdrawn_on", "change_note",
    "numbering", "adopted", "effective", "contact", "supersedes", "keywords", "category", "formerly", "control",
]  # fmt: skip
CLAUSE_KEYS = ["id", "name", "level", "number", "previous_number", "status", "text", "previous_text"]
DIFFERENT_MACHINE = """
# Loaded by Python itself: folders are listed the other way round.
import os

_listdir, _scandir = os.listdir, os.scandir


class _Reversed:
    def __init__(self, *where):
        with _scandir(*where) as entries:
            self._entries = iter(sorted(entries, key=lambda entry: entry.name, reverse=True))

    def __iter__(self):
        return self

    def __next__(self):
        return next(self._entries)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass

    def close(self):
        pass


os.listdir = lambda *where: sorted(_listdir(*where), reverse=True)
os.scandir = _Reversed
"""


@pytest.fixture(scope="session")
def built(
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, tuple[Path, subprocess.CompletedProcess[str]]]:
    """The sample council built here, again on what might be another machine, and the first policy."""
    sample = new_project(tmp_path_factory.mktemp("sample"))
    again = new_project(tmp_path_factory.mktemp("again") / "somewhere else", SAMPLE)
    (again / "hooks/sitecustomize.py").write_text(DIFFERENT_MACHINE, "utf-8")
    first = new_project(tmp_path_factory.mktemp("first"), FIRST_POLICY)
    for file in (
        *first.glob("policy_src/*.md"),
        *sample.glob("policy_src/*.md"),
        *again.glob("policy_src/*.md"),
    ):
        os.utime(file, (LAST_EDITED, LAST_EDITED))  # what dates a draft that Git doesn't know
    running = {
        "sample": (sample, start(sample, "build", TZ="Europe/London", PYTHONHASHSEED="1")),
        "again": (
            again,
            start(again, "build", TZ="Pacific/Kiritimati", LC_ALL="C", LANG="tr_TR", PYTHONHASHSEED="2"),
        ),
        "first": (first, start(first, "build")),
    }
    done = {}
    for name, (project, process) in running.items():
        out, err = process.communicate(timeout=120)
        done[name] = (project, subprocess.CompletedProcess(process.args, process.returncode, out, err))
        assert process.returncode == 0, err
    return done


@pytest.fixture(
    scope="session",
    params=[(name, edition) for name in ("sample", "first") for edition in EDITIONS],
    ids="-".join,
)
def edition(built: Any, request: pytest.FixtureRequest) -> tuple[Path, str]:
    """The folder of one edition of one council, and the edition's name."""
    name, which = request.param
    return built[name][0] / "site" / which, which


def pages(folder: Path) -> Iterator[Path]:
    yield from sorted(folder.rglob("*.html"))


def policies(folder: Path) -> list[dict[str, Any]]:
    register: list[dict[str, Any]] = json.loads((folder / "policies.json").read_text("utf-8"))
    return register


def data(folder: Path, slug: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / f"policies/{slug}/{slug}.json").read_text("utf-8"))
    return found


@cache
def html(path: Path) -> ElementTree.Element:
    """The page as a browser reads it; any fault in it is an error."""
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), strict=True, namespaceHTMLElements=False)
    tree: ElementTree.Element = parser.parse(path.read_text("utf-8"))
    return tree


@cache
def article(path: Path) -> ElementTree.Element:
    """The policy in a page, read as XML."""
    found = re.findall(r'<article class="policy".*?</article>', path.read_text("utf-8"), re.DOTALL)
    assert len(found) == 1
    return ElementTree.fromstring(found[0])


@cache
def pdf_text(path: Path) -> str:
    done = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True)
    return done.stdout.decode("utf-8")


def words(text: str) -> str:
    return " ".join(text.split())


# the contract


def test_the_command_tells_what_it_did(built: Any) -> None:
    _, done = built["sample"]
    assert not done.stderr
    external, internal, end = done.stdout.splitlines()
    assert external.startswith("External edition: 6 policies, 15 amendments, 0 comments kept, 6 withheld, ")
    assert internal.startswith("Internal edition: 7 policies, 16 amendments, 6 comments kept, 0 withheld, ")
    pdfs = [re.search(r"(\d+) PDFs? made, (\d+) reused\.$", line) for line in (external, internal)]
    made, reused = zip(*(map(int, found.groups()) for found in pdfs if found), strict=True)
    # Two policies and a version have one PDF for both editions; which edition makes it is a matter of chance.
    assert (made[0] + reused[0], made[1] + reused[1], sum(reused)) == (13, 17, len(SHARED))
    assert re.fullmatch(r"Done in \d+\.\d seconds\. Open site/external/index\.html or site/internal/index\.html\.", end)


def test_nothing_but_the_editions_is_left(built: Any) -> None:
    for project, _ in built.values():
        assert sorted(path.name for path in (project / "site").iterdir()) == ["external", "internal"]
        assert (project / "site/external").stat().st_mode & 0o777 == 0o755


def test_paths(edition: tuple[Path, str]) -> None:
    folder, which = edition
    register = policies(folder)
    assert (folder / "index.html").is_file()
    for entry in register:
        slug = entry["slug"]
        expected = {"index.html", f"{slug}.json", f"{slug}.md", f"{slug}.pdf"}
        if entry["amended_pdf"]:
            expected |= {f"{slug}-amended.pdf", f"{slug}-amendments.pdf", "amendments"}
        if slug == "standing-orders":
            expected |= {"history", "compare", *VERSIONS[which]}
        expected |= {"feed.xml"} if which == "external" else set()
        assert {path.name for path in (folder / "policies" / slug).iterdir()} == expected
        for key in ("url", "json", "pdf", "amended_pdf"):
            assert entry[key] is None or (folder / entry[key]).exists()
    folders = {path.name for path in (folder / "policies").iterdir()}
    assert folders - {"images"} == {entry["slug"] for entry in register}
    assert not [path for path in folder.rglob("*") if path.name.startswith(".")]


def test_which_policies_are_in_which_edition(built: Any) -> None:
    site = built["sample"][0] / "site"
    public = ["complaints", "data-protection", "dog-control", "events-on-council-land", "petitions", "standing-orders"]
    assert [entry["slug"] for entry in policies(site / "external")] == public
    assert sorted(entry["slug"] for entry in policies(site / "internal")) == sorted([*public, "lone-working"])


def test_a_withdrawn_policy_says_what_replaces_it(edition: tuple[Path, str]) -> None:
    folder, _ = edition
    page = folder / "policies/petitions/index.html"
    if page.exists():  # in the sample
        assert 'Replaced by <a href="../complaints/">Complaints Policy</a>' in page.read_text("utf-8")
        assert "Replaced by" in pdf_text(folder / "policies/petitions/petitions.pdf")


def test_register_data(edition: tuple[Path, str]) -> None:
    folder, which = edition
    for entry in policies(folder):
        policy = data(folder, entry["slug"])
        assert list(entry) == [
            "slug",
            *METADATA_KEYS,
            "edition",
            "amendments",
            "url",
            "json",
            "pdf",
            "amended_pdf",
        ]
        assert {key: entry[key] for key in METADATA_KEYS} == {key: policy[key] for key in METADATA_KEYS}
        assert entry["edition"] == which


def test_policy_data(edition: tuple[Path, str]) -> None:
    folder, which = edition
    for entry in policies(folder):
        policy = data(folder, entry["slug"])
        own = ["edition", "versions", "amendments_hash", "amendments", "clauses", "unnumbered"]
        assert list(policy) == ["format", *METADATA_KEYS, *own]
        assert policy["edition"] == which
        assert policy["distribution"].keys() == {"internal", "external"}
        for clause in policy["clauses"]:
            assert set(clause) == {*CLAUSE_KEYS, "kind", "label", "previous_label", "content"}
            assert (clause["text"] is None) == (clause["status"] == "deleted")
            assert (clause["previous_text"] is None) == (clause["status"] == "inserted")
            assert (clause["previous_number"] is None) == (clause["status"] == "inserted")
            assert clause["id"] == clause["number"]
            assert clause["level"] == clause["id"].count(".") + 1


def test_metadata_is_as_in_the_front_matter(built: Any) -> None:
    site = built["sample"][0] / "site"
    internal = data(site / "internal", "complaints")
    assert {key: internal[key] for key in METADATA_KEYS} == {
        "title": "Complaints Policy", "subtitle": "for residents and businesses", "policy_number": "0042",
        "version": "3", "status": "approved", "owner": "Town Clerk", "doc_number": "70110", "pdf_number": "70111",
        "date_published": "2025-04-07", "review_due": "2027-04-07", "review_team": "Governance Committee",
        "distribution": {"internal": ["All staff"], "external": ["Website", "Members"]},
        **dict.fromkeys(METADATA_KEYS[METADATA_KEYS.index("replaced_by") :]), "numbering": "1.1.1",
    }  # fmt: skip
    external = data(site / "external", "complaints")
    assert external["review_team"] == "Governance Committee"
    assert external["distribution"] == internal["distribution"]
    assert external["policy_number"] == "0042" and data(site / "external", "dog-control")["policy_number"] is None


def test_clauses_in_both_readings(built: Any) -> None:
    dogs = {clause["id"]: clause for clause in data(built["sample"][0] / "site/external", "dog-control")["clauses"]}
    # An inserted section starts no section in the previous reading: section 3 was section 2.
    ids = ("1.1", "1.2.2", "1.2.3", "1.2.4", "1.3", "2", "2.1", "3", "3.2")
    assert [(dogs[id]["previous_number"], dogs[id]["status"]) for id in ids] == [
        ("1.1", "amended"), ("1.2.2", "deleted"), ("1.2.3", "amended"), (None, "inserted"), ("1.3", "deleted"),
        (None, "inserted"), (None, "inserted"), ("2", "unchanged"), ("2.2", "amended"),
    ]  # fmt: skip
    assert dogs["1.1"]["text"] == "Dogs may be walked on or off the lead in every park."
    assert dogs["1.1"]["previous_text"] == "Dogs may be walked off the lead in every park."
    assert dogs["2.2"]["text"] == "A licence costs £40 a year; see clause 3.2 for penalties."
    assert dogs["3.2"]["name"] == "penalty"
    assert dogs["3.3"]["text"] == "A notice stands at every entrance. The ponds are named in clause 1.2.4."


# numbers


def test_numbers_are_the_same_everywhere(edition: tuple[Path, str]) -> None:
    folder, _ = edition
    index = json.loads((folder / "search/search_index.json").read_text("utf-8"))["docs"]
    for entry in policies(folder):
        slug = entry["slug"]
        clauses = data(folder, slug)["clauses"]
        numbers = [(clause["id"], clause["number"], clause["previous_number"]) for clause in clauses]
        places = [place for place in article(folder / f"policies/{slug}/index.html").iter() if place.get("data-level")]
        assert [
            (p.get("id"), p.get("data-number") or None, p.get("data-previous-number") or None) for p in places
        ] == numbers
        for place, clause in zip(places, clauses, strict=True):
            label = next(each for each in place.iter() if each.get("class") == "clause-number")
            printed = [number for number in re.findall(r"[A-Z0-9][A-Z0-9.]*", "".join(label.itertext()))]
            both = [clause["previous_number"], clause["number"]]
            assert printed == ([both[1]] if both[0] == both[1] else [number for number in both if number])
        kinds = {
            p.get("id"): "clause" if p.tag == "li" else "appendix" if p.get("class") == "appendix" else "section"
            for p in places
        }
        found = {
            doc["location"].partition("#")[2]: doc for doc in index if doc["location"].startswith(f"policies/{slug}/#")
        }
        assert {id: doc["title"] for id, doc in found.items()} == {
            clause["id"]: f"{entry['title']}, {kinds[clause['id']]} {clause['number']}"
            for clause in clauses
            if clause["status"] != "deleted"
        }
        assert all(found[clause["id"]]["text"] == clause["text"] for clause in clauses if clause["id"] in found)
        printed_numbers = set(re.findall(r"[A-Z0-9][A-Z0-9.]*", pdf_text(folder / entry["pdf"])))
        assert {clause["number"] for clause in clauses} <= printed_numbers
        if entry["amended_pdf"]:
            printed_numbers = set(re.findall(r"[A-Z0-9][A-Z0-9.]*", pdf_text(folder / entry["amended_pdf"])))
            assert {clause["number"] for clause in clauses} <= printed_numbers


@pytest.mark.parametrize("name", ["sample", "first"])
def test_numbers_are_the_same_in_both_editions(built: Any, name: str) -> None:
    site = built[name][0] / "site"
    for entry in policies(site / "external"):
        outside, inside = (data(site / which, entry["slug"])["clauses"] for which in EDITIONS)
        numbers = {clause["id"]: (clause["number"], clause["previous_number"]) for clause in inside}
        assert {
            clause["id"]: (clause["number"], clause["previous_number"]) for clause in outside
        }.items() <= numbers.items()


def test_a_withheld_clause_keeps_its_number(built: Any) -> None:
    folder = built["sample"][0] / "site/external"
    clauses = {clause["id"]: clause for clause in data(folder, "complaints")["clauses"]}
    assert clauses["3.3"]["text"] == "Not published" and clauses["3.4"]["text"] == "The decision on an appeal is final."
    events = [clause["id"] for clause in data(folder, "events-on-council-land")["clauses"]]
    assert "3" in events and not any(id.startswith("3.") for id in events) and "5.1" in events and "A.2" in events
    assert re.search(r"3\.3\s+Not published", pdf_text(folder / "policies/complaints/complaints.pdf"))


# links


def test_every_place_and_name_has_its_anchor(edition: tuple[Path, str]) -> None:
    folder, _ = edition
    for entry in policies(folder):
        ids = [
            each.get("id") for each in html(folder / f"policies/{entry['slug']}/index.html").iter() if each.get("id")
        ]
        assert len(ids) == len(set(ids))
        for clause in data(folder, entry["slug"])["clauses"]:
            assert clause["id"] in ids
            assert clause["name"] is None or clause["name"] in ids


def test_every_link_leads_somewhere(edition: tuple[Path, str]) -> None:
    folder, _ = edition
    for page in pages(folder):
        for address in addresses(html(page)):
            parts = urlsplit(address)
            if parts.scheme in ("https", "http", "mailto", "tel"):
                continue
            assert not parts.scheme and not parts.netloc, (page, address)
            path = unquote(parts.path)
            target = (folder / path.lstrip("/") if path.startswith("/") else page.parent / path) if path else page
            target = target / "index.html" if target.is_dir() else target
            assert target.is_file() and target.resolve().is_relative_to(folder.resolve()), (page, address)
            if parts.fragment:
                assert unquote(parts.fragment) in {each.get("id") for each in html(target).iter()}, (
                    page,
                    address,
                )


def addresses(tree: ElementTree.Element) -> Iterator[str]:
    for element in tree.iter():
        for key in ("href", "src", "srcset", "action", "poster", "data"):
            if element.get(key) is not None:
                yield element.get(key, "")


def test_nothing_is_loaded_from_another_host(edition: tuple[Path, str]) -> None:
    folder, _ = edition
    for page in pages(folder):
        for element in html(page).iter():
            for key in ("src", "srcset", "poster", "action", "data"):
                assert not re.match(r"(https?:)?//", element.get(key, "")), (page, element.get(key))
            if element.tag == "link" and element.get("rel") != "canonical":
                assert not re.match(r"(https?:)?//", element.get("href", "")), (page, element.get("href"))
            if element.tag == "a" and re.match(r"(https?:)?//", element.get("href", "")):
                own = page.parent.name, element.get("href")
                assert (
                    own
                    in (
                        ("events-on-council-land", "https://www.example.gov.uk/events"),
                        ("accessibility", "https://www.equalityadvisoryservice.com/"),
                    )
                    or element.get("href") == SETTINGS.licence.url
                )
            assert "url(" not in element.get("style", "")
    for style in folder.rglob("*.css"):
        assert not re.findall(r"""(?:url\(|@import)\s*["']?(?:https?:)?//""", style.read_text("utf-8")), style
    # The theme's scripts know three addresses: no page loads them.
    for page in pages(folder):
        assert "assets/javascripts/" not in page.read_text("utf-8"), page


def test_amendment_papers(edition: tuple[Path, str]) -> None:
    """Beside every policy with amendments: linked from its page, and for nobody who comes from elsewhere."""
    folder, _ = edition
    papers = sorted(folder.glob("policies/*/amendments/index.html"))
    assert papers
    elsewhere = "".join((folder / name).read_text("utf-8") for name in ("sitemap.xml", "search/search_index.json"))
    assert "/amendments/" not in elsewhere
    for page in papers:
        slug = page.parts[-3]
        policy, text = data(folder, slug), page.read_text("utf-8")
        assert '<meta name="robots" content="noindex">' in text
        assert policy["amendments_hash"].startswith(re.findall(r"hash <strong>(\w{12})</strong>", text)[0])
        rows = html(page).findall(".//table/tbody/tr")
        assert [row.get("id") for row in rows] == [change["id"] for change in policy["amendments"]]
        for row, change in zip(rows, policy["amendments"], strict=True):
            location, instruction = row.findall("td")[2].findall("p")[:2]
            assert words("".join(location.itertext())) == change["location"]
            assert words("".join(instruction.itertext())) == words(change["words"])
            assert (
                change["location"] in words(pdf_text(page.parents[1] / f"{slug}-amendments.pdf"))
                or " " in change["location"]
            )
        links = [link.get("href") for link in html(page.parents[1] / "index.html").iter("a")]
        assert links.count("amendments/") == 2 and f"{slug}-amendments.pdf" in links


def test_sitemap(built: Any) -> None:
    folder = built["sample"][0] / "site/external"
    urls = re.findall("<loc>(.*?)</loc>", (folder / "sitemap.xml").read_text("utf-8"))
    own = [f"{SITE_URL}{name}/" for name in ("about", "accessibility", "reading", "suggest")]
    assert sorted(urls) == sorted([SITE_URL, *own, *(f"{SITE_URL}{entry['url']}" for entry in policies(folder))])


# pages


def test_every_page_is_sound(edition: tuple[Path, str]) -> None:
    folder, _ = edition
    for page in pages(folder):
        tree = html(page)
        titles = [each for each in tree.iter("h1")]
        assert len(titles) == 1, page
        assert (tree.get("lang") or "").startswith("en")
    for entry in policies(folder):
        assert article(folder / entry["url"] / "index.html").get("class") == "policy"


def test_no_credit_and_no_edit_link(edition: tuple[Path, str]) -> None:
    folder, _ = edition
    for page in pages(folder):
        # The theme's own scripts and styles are named in links; nothing that a reader meets names a program, but for
        # the file with the council's own settings.
        text = page.read_text("utf-8").replace("mkdocs.yml", "")
        assert not re.search(r'name="generator"|made with|powered by|squidfunk|mkdocs', text, re.IGNORECASE), page
        assert not re.search(r"edit this page|view source|github\.com|/edit/", text, re.IGNORECASE), page


def test_the_edition_is_said_where_it_must_be(edition: tuple[Path, str]) -> None:
    folder, which = edition
    for page in pages(folder):
        said = "Internal edition" in words("".join(html(page).itertext()))
        assert said == (which == "internal"), page
    for pdf in folder.rglob("*.pdf"):
        said_in = {"internal": "Internal edition", "external": "External edition"}[which]
        said_in = "Internal and external editions" if pdf.stem in SHARED else said_in
        each_page = pdf_text(pdf).removesuffix("\f").split("\f")
        assert all(said_in in words(page) for page in each_page), pdf
        assert said_in in metadata(pdf)
    if which == "external":
        assert not [path for path, content in files(folder).items() if b"Internal edition" in content]


def test_a_policy_with_nothing_internal_has_one_record_copy(built: Any) -> None:
    for name in ("sample", "first"):
        site = built[name][0] / "site"
        for entry in policies(site / "external"):
            same = (site / "external" / entry["pdf"]).read_bytes() == (site / "internal" / entry["pdf"]).read_bytes()
            assert same == (entry["slug"] in SHARED)


def metadata(pdf: Path) -> str:
    with pikepdf.open(pdf) as opened:
        return opened.Root.Metadata.read_bytes().decode("utf-8")


def test_status_is_said(edition: tuple[Path, str]) -> None:
    folder, _ = edition
    said = {
        "draft": "Draft: not yet approved",
        "approved": "Approved",
        "withdrawn": "Withdrawn: no longer in force",
    }
    home = words("".join(html(folder / "index.html").itertext()))
    for entry in policies(folder):
        status = said[entry["status"]]
        page = html(folder / entry["url"] / "index.html")
        assert status in words("".join(next(each for each in page.iter() if each.get("class") == "banner").itertext()))
        assert entry["status"].capitalize() in home
        for key in ("pdf", "amended_pdf"):
            assert entry[key] is None or status in words(pdf_text(folder / entry[key]))


def test_control_sheet_and_downloads(built: Any) -> None:
    site = built["sample"][0] / "site"
    shown = words("".join(html(site / "external/policies/complaints/index.html").itertext()))
    inside = words("".join(html(site / "internal/policies/complaints/index.html").itertext()))
    values = ["0042", "70110", "70111", "7 April 2025", "7 April 2027", "Town Clerk", "Website, Members"]
    for value in (*values, "Governance Committee", "All staff"):
        assert value in shown and value in inside
    links = [link.get("href") for link in html(site / "external/policies/dog-control/index.html").iter("a")]
    assert {"dog-control.pdf", "dog-control-amended.pdf", "dog-control.json"} <= set(links)


def test_comments_are_in_the_internal_edition_with_their_authors(built: Any) -> None:
    page = built["first"][0] / "site/internal/policies/social-media"
    shown = [each for each in article(page / "index.html").iter() if each.get("class") == "comment"]
    assert [each.get("data-author") for each in shown].count("TA1") >= 1
    assert "TA1" in pdf_text(page / "social-media.pdf") and "Corbin" in pdf_text(page / "social-media.pdf")
    for content in files(built["first"][0] / "site/external").values():
        assert b"TA1" not in content and b"Corbin" not in content


def test_everything_an_author_can_write_reaches_web_and_pdf(built: Any) -> None:
    folder = built["sample"][0] / "site/external"
    tree = article(folder / "policies/events-on-council-land/index.html")
    for tag in (
        "table",
        "img",
        "dl",
        "blockquote",
        "pre",
        "sub",
        "sup",
        "strong",
        "em",
        "code",
        "ul",
        "h3",
        "del",
        "ins",
    ):
        assert tree.find(f".//{tag}") is not None, tag
    text = words(pdf_text(folder / "policies/events-on-council-land/events-on-council-land.pdf"))
    for part in (
        "Ten million for a funfair",
        "Sundays",
        "Take your litter home & recycle it",
        "Something that a reasonable",
        "£1,000",
    ):
        assert part in text
    with pikepdf.open(folder / "policies/events-on-council-land/events-on-council-land.pdf") as pdf:
        described = [str(each.Alt) for each in pdf.objects if isinstance(each, pikepdf.Dictionary) and "/Alt" in each]
    assert any(alt.startswith("A bar chart of four bars") for alt in described)


# the same bytes


def test_the_same_bytes_on_another_machine(built: Any) -> None:
    here, there = (files(built[name][0] / "site") for name in ("sample", "again"))
    assert here.keys() == there.keys()
    assert [path for path in here if here[path] != there[path]] == []


def test_no_file_knows_when_it_was_built(built: Any) -> None:
    days = [datetime.datetime.now(datetime.UTC).date() - datetime.timedelta(days=ago) for ago in (0, 1)]
    sources = (file for part in ("docs", "hooks") for file in (built["first"][0] / part).rglob("*") if file.is_file())
    own = b"".join(file.read_bytes() for file in sources)
    days = [day for day in days if str(day).encode() not in own]  # an example's day comes, too
    for path, content in files(built["first"][0] / "site").items():
        assert not any(str(day).encode() in content for day in days), path
    sitemap = (built["sample"][0] / "site/external/sitemap.xml").read_text("utf-8")
    complaints = sitemap[sitemap.index("policies/complaints/") :]
    assert re.search("<lastmod>(.*?)</lastmod>", complaints)[1] == "2025-04-07"  # type: ignore[index]


def test_a_second_build_changes_nothing(built: Any) -> None:
    project = built["again"][0]
    before = files(project / "site")
    done = run(project, "build", "--edition", "internal")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Internal edition: 7 policies") and "0 PDFs made, 17 reused." in done.stdout
    assert files(project / "site") == before


# the commands


def test_mkdocs_alone_builds_the_external_edition(built: Any, tmp_path: Path) -> None:
    project = new_project(tmp_path, built["sample"][0] / "policy_src")
    (project / ".cache").symlink_to(built["sample"][0] / ".cache")
    done = run(project, "mkdocs", "--strict")
    assert done.returncode == 0, done.stderr
    alone, both = files(project / "site"), files(built["sample"][0] / "site/external")
    assert sorted(alone) == sorted(f"external/{path}" for path in both)
    assert [path for path in both if both[path] != alone[f"external/{path}"]] == []


def test_mkdocs_builds_the_edition_it_is_told_to(tmp_path: Path) -> None:
    project = new_project(tmp_path)
    done = run(project, "mkdocs", POLICY_EDITION="internal", POLICY_PDF="off")
    assert done.returncode == 0, done.stderr
    assert [path.name for path in (project / "site").iterdir()] == ["internal"]


def test_schema_describes_the_front_matter(tmp_path: Path) -> None:
    done = run(new_project(tmp_path), "schema")
    schema = json.loads(done.stdout)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert list(schema["properties"]) == METADATA_KEYS and schema["additionalProperties"] is False
    assert set(schema["required"]) == {"title", "version", "owner", "status", "distribution"}
    assert schema["properties"]["status"]["enum"] == ["draft", "approved", "withdrawn"]
    assert all(shape.get("description") for shape in schema["properties"].values())
    for file in SAMPLE.glob("*.md"):
        keys = re.findall(r"^(\w+):", file.read_text("utf-8").split("---\n")[1], re.MULTILINE)
        assert set(schema["required"]) <= set(keys) <= set(schema["properties"])


def test_check(tmp_path: Path) -> None:
    project = new_project(tmp_path)
    kept = "".join(
        f"Warning: policy_src/{slug}.md:{line}: the policy is approved, but no version of it is kept. "
        f"Run policy accept {slug} with its version and dates. [P713]\n"
        for slug, line in (("complaints", 6), ("data-protection", 5))
    )
    done = run(project, "check", "--today", "2026-01-01")
    assert (done.returncode, done.stdout, done.stderr) == (
        0,
        "7 policies checked: 2 warnings.\n",
        kept,
    )
    petitions = project / "policy_src/petitions.md"
    petitions.write_text(petitions.read_text("utf-8").replace("1.  Anyone", "1.  (a) Anyone"), "utf-8")
    warning = "Warning: policy_src/petitions.md:17: clause 1.1: the number “(a)” is typed into the text."
    done = run(project, "check", "--today", "2026-01-01")
    assert (done.returncode, done.stdout) == (0, "7 policies checked: 3 warnings.\n")
    assert done.stderr.startswith(kept + warning) and done.stderr.count("\n") == 3
    done = run(project, "check", "--strict", "--today", "2026-01-01", here=project / "docs")
    assert done.returncode == 1 and done.stdout == "" and done.stderr.startswith(kept + warning)
    assert not (project / "site").exists()


def test_check_says_what_is_wrong_in_one_edition_only(tmp_path: Path) -> None:
    project = new_project(tmp_path)
    petitions = project / "policy_src/petitions.md"
    petitions.write_text(petitions.read_text("utf-8") + "\n1.  See [the rule](lone-working.md).\n", "utf-8")
    done = run(project, "check", "--today", "2026-01-01")
    assert done.returncode == 1
    assert [line for line in done.stderr.splitlines() if "Warning: " not in line] == [
        "policy_src/petitions.md:21: clause 1.3: lone-working.md is not in the external edition. "
        "Take the link out, or mark the words {.internal}. (External edition only.) [P412]"
    ]


def test_a_wrong_word_on_the_command_line(tmp_path: Path) -> None:
    project = new_project(tmp_path / "project")
    for words_given in (["build", "--edition", "public"], ["build", "--fast"], ["polish"], ["check", "now"]):
        done = run(project, *words_given)
        assert done.returncode == 2 and "Error: " in done.stderr and "Traceback" not in done.stderr
    for command in ("build", "check"):
        (tmp_path / "elsewhere").mkdir(exist_ok=True)
        done = run(project, command, here=tmp_path / "elsewhere")
        assert done.returncode == 2
        assert "there is no mkdocs.yml here. Run this in the project's folder." in done.stderr
        assert "Traceback" not in done.stderr


def test_help_is_short_and_complete(tmp_path: Path) -> None:
    done = run(new_project(tmp_path), "--help")
    for command in ("build", "check", "schema"):
        assert command in done.stdout
