"""Versions compared on the website, and what each clause says has happened to it."""

import json
import re
from html import unescape
from pathlib import Path

import pytest
from building import new_project, policy, run
from test_versions import TODAY, approved, keep, page, write

from policydoc.editions.secrets import Secret
from policydoc.editions.withhold import EDITIONS
from policydoc.outputs.leak_gate import Gate

PATROL = "Secret patrols start at the old mill pond each morning."
ONE = f"""\
## Purpose

1.  Dogs are welcome in the parks, but for [clause](#fees).

1.  The warden keeps a record of every fine.

1.  A fee of £75 is paid for each dog, see [clause](cats.md#fees). {{#fees}}

1.  Wardens carry a radio at all times. {{.internal}}

1.  ![A map of the parks](images/pond.jpg)

1.  {PATROL}

## Fees

1.  Owners shall keep a lead.

1.  See [clause](#fees) for all of that.
"""
TWO = ONE.replace("1.  Dogs are", "1.  This policy is for all parks.\n\n1.  Dogs are").replace("£75", "£100")
THREE = (
    TWO.replace("The warden keeps a record of every fine.", "Deleted.")
    .replace("times. {.internal}", "times.")
    .replace(PATROL, f"{PATROL} {{.internal}}")
)
LAST = "1.  See [clause](#fees) for all of that.\n"
FOUR = THREE.replace(LAST, "").replace("## Fees", f"{LAST}\n## Fees")
DRAFT = FOUR.replace("a lead", "a ~~lead~~ ^^short lead^^{>>JS: how short?<<}")
CATS = "## Purpose\n\n1.  Cats are free. {#fees}\n"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A draft over four versions, which make a clause internal and another public; a paper with one version."""
    root = write(new_project(tmp_path_factory.mktemp("compared") / "project", None))
    cats = approved("2", CATS, title="Cats", policy_number="8", date_published="2022-01-01")
    write(root, dogs=policy(DRAFT, version="5", title="Dogs"), cats=cats)
    keep(root, "cats", v1=approved("1", CATS, title="Cats", policy_number="8"), v2=cats)
    for version, body in enumerate((ONE, TWO, THREE, FOUR), 1):
        text = approved(str(version), body, title="Dogs", date_published=f"202{version}-05-01")
        keep(root, "dogs", **{f"v{version}": text})
    done = run(root, "build", SOURCE_DATE_EPOCH=TODAY)
    assert done.returncode == 0, done.stderr
    return root / "site"


PAIRS = ["v1..v2", "v1..v4", "v2..v3", "v2..v4", "v3..v4", "v4..draft"]


def compared(site: Path, pair: str, edition: str = "external") -> str:
    return page(site, f"policies/dogs/compare/{pair}", edition)


def words(html: str) -> str:
    return " ".join(unescape(re.sub("<[^>]*>", " ", html)).split())


def history(html: str, place: str) -> list[tuple[str, str]]:
    """What a clause's history says, with where each of its links leads."""
    [found] = re.findall(f"of {re.escape(place)}</span></summary>(.*?)</details>", html)
    lines = re.findall("<li>(.*?)</li>", found)
    return [(re.sub("<[^>]*>", "", line), " ".join(re.findall('href="([^"]*)"', line))) for line in lines]


def test_versions_are_compared_in_turn_and_with_the_newest_and_that_with_the_draft(site: Path) -> None:
    for edition in EDITIONS:
        assert sorted(path.name for path in (site / edition / "policies/dogs/compare").iterdir()) == PAIRS
        assert [path.name for path in (site / edition / "policies/cats/compare").iterdir()] == ["v1..v2"]


def test_a_comparison_is_for_no_search_engine_and_in_no_list(site: Path) -> None:
    folder = site / "external"
    assert '<meta name="robots" content="noindex">' in compared(site, "v1..v2")
    for name in ("sitemap.xml", "search/search_index.json", "policies.json", "policies.csv", "feed.xml", "index.html"):
        assert "compare/" not in (folder / name).read_text("utf-8"), name


def test_a_comparison_marks_words_and_not_numbers(site: Path) -> None:
    text = compared(site, "v1..v2")
    article = text.partition("<article")[2].partition("</article>")[0]
    assert words(article).count("[deleted: £75") == 0 and words(article).count("75") == 1
    statuses = dict(re.findall(r'id="([\d.]+)" data-level="\d" data-status="(\w+)"', article))
    assert [anchor for anchor, status in statuses.items() if status != "unchanged"] == ["1.1", "1.4"]
    assert 'id="was-1.3"' in article


def test_a_deletion_is_told_as_one(site: Path) -> None:
    assert 'id="1.3" data-level="2" data-status="deleted"' in compared(site, "v2..v3")
    assert "delete clause 1.3, “The warden keeps a record of every fine.”" in words(compared(site, "v2..v3"))


def test_a_comparison_offers_both_readings_and_what_changed_alone(site: Path) -> None:
    text = compared(site, "v1..v4")
    labels = re.findall(r'name="reading" id="reading-(\w+)"[^>]*>\s*<span>([^<]*)</span>', text)
    assert labels == [("previous", "Version 1"), ("marked", "With changes"), ("amended", "Version 4")]
    assert 'id="only-changed"' in text and 'data-change="1"' in text
    assert "Schedule of changes (" in text and "Renumbered clauses (" in text


def test_the_draft_is_compared_without_its_comments(site: Path) -> None:
    for edition in EDITIONS:
        text = compared(site, "v4..draft", edition)
        assert "how short" not in text and "after “Owners shall keep a” insert “short”" in words(text)


def test_outside_a_comparison_shows_what_each_version_shows(site: Path) -> None:
    assert "carry a radio" not in compared(site, "v1..v2") and PATROL in compared(site, "v1..v2")
    assert "carry a radio" in compared(site, "v2..v3") and PATROL in compared(site, "v2..v3")
    assert PATROL not in compared(site, "v3..v4") and PATROL in compared(site, "v3..v4", "internal")


def test_every_link_of_these_pages_leads_somewhere(site: Path) -> None:
    for edition in EDITIONS:
        paths = [f"dogs/compare/{pair}" for pair in PAIRS] + ["dogs", *(f"dogs/v{n}" for n in range(1, 5)), "cats/v1"]
        for path in [*paths, "dogs/history", "cats/compare/v1..v2"]:
            folder = site / edition / "policies" / path
            links = re.findall('(?:href|src)="([^":#]*)(?:#([^"]*))?"', page(site, f"policies/{path}", edition))
            for address, anchor in links:
                target = (folder / address).resolve()
                target = target / "index.html" if target.is_dir() else target
                assert target.is_file(), (path, address)
                if anchor and target.suffix == ".html":
                    assert f'id="{anchor}"' in target.read_text("utf-8"), (path, address, anchor)


def test_every_anchor_of_a_page_stands_there_once(site: Path) -> None:
    for pair in PAIRS:
        ids = re.findall(' id="([^"]+)"', compared(site, pair, "internal"))
        assert len(ids) == len(set(ids)), pair


def test_a_clause_says_what_happened_to_it(site: Path) -> None:
    reworded = [
        ("Reworded in version 2; 1.3 until version 1", "compare/v1..v2/#1.4 compare/v1..v2/#1.4"),
    ]
    assert history(page(site, "policies/dogs"), "clause 1.4") == reworded
    up = [(line, links.replace("compare", "../compare")) for line, links in reworded]
    assert history(page(site, "policies/dogs/v4"), "clause 1.4") == up
    moved = ("Moved in version 4; 2.2 until version 3", "../compare/v3..v4/#1.8 ../compare/v3..v4/#1.8")
    assert history(page(site, "policies/dogs/v4"), "clause 1.8") == [moved]
    assert history(page(site, "policies/dogs/v3"), "clause 1.3")[0] == (
        "Deleted in version 3", "../compare/v2..v3/#1.3",
    )  # fmt: skip
    assert "of clause 2.1<" not in page(site, "policies/dogs")


def test_each_clause_of_an_old_version_says_what_it_has_become(site: Path) -> None:
    one = page(site, "policies/dogs/v1")
    assert history(one, "clause 1.3") == [
        ("In version 4: clause 1.4", "../v4/#1.4"),
        ("Reworded in version 2; 1.4 since version 2", "../compare/v1..v2/#1.4 ../compare/v1..v2/#1.4"),
    ]
    assert [line for line, _ in history(one, "clause 1.2")] == ["Deleted in version 3", "1.3 since version 2"]
    assert [line for line, _ in history(one, "clause 1.6")][1] == "Not public from version 3"
    assert 'All others say the same in <a href="../v4/">version 4</a>' in one
    assert "All others say the same" not in page(site, "policies/dogs/v4")
    assert 'All others say the same in <a href="../v2/">version 2</a>' in page(site, "policies/cats/v1")


def test_a_version_leads_to_what_it_changed(site: Path) -> None:
    assert '<a href="../compare/v1..v2/">What this version changed</a>' in page(site, "policies/dogs/v2")
    assert "What this version changed" not in page(site, "policies/dogs/v1")


def test_the_list_of_versions_leads_to_what_each_changed(site: Path) -> None:
    text = page(site, "policies/dogs/history")
    links = re.findall(r'<a href="\.\./(compare/[^"]*)">(\w+)', text)
    assert links == [
        ("compare/v4..draft/", "what"), ("compare/v3..v4/", "2"), ("compare/v2..v3/", "5"), ("compare/v1..v2/", "2"),
    ]  # fmt: skip


def test_the_data_of_a_policy_knows_no_history(site: Path) -> None:
    assert "compare/" not in json.dumps(json.loads((site / "external/policies/dogs/dogs.json").read_text("utf-8")))


# The gate


def gate(files: dict[str, str]) -> Gate:
    """A sentence is internal in version 2, and public in others and in another policy; pages show two texts each."""
    secret = Secret("Secret patrols start at the old mill pond", "archive/dogs/v2.md", 7)
    shows = {
        "compare/v1..v2": ("archive/dogs/v1.md", "archive/dogs/v2.md"),
        "compare/v2..v3": ("archive/dogs/v2.md", "archive/dogs/v3.md"),
        "compare/v2..draft": ("archive/dogs/v2.md", "dogs.md"),
    }
    return Gate(
        [secret], lambda: ["Another policy: secret patrols start at the old mill pond."], files=files, shows=shows
    )


@pytest.mark.parametrize(
    ("path", "leaks"),
    [("compare/v1..v2", 0), ("compare/v2..v3", 1), ("compare/v2..draft", 0)],
    ids=["public in the other version", "public elsewhere alone", "public in the policy's own text"],
)
def test_a_comparison_is_judged_by_the_versions_that_it_shows(tmp_path: Path, path: str, leaks: int) -> None:
    (tmp_path / path).mkdir(parents=True)
    (tmp_path / path / "index.html").write_text(f"<p>{PATROL}</p>", "utf-8")
    files = {"archive/dogs/v1.md": PATROL, "archive/dogs/v2.md": "Dogs.", "archive/dogs/v3.md": "Cats."}
    assert len(gate({**files, "dogs.md": PATROL}).check(tmp_path)) == leaks
