"""A version that is withheld leaves both editions: its words, its files; the reason is shown, and the hash is kept."""

import re
from datetime import date
from pathlib import Path

import pytest
from building import files, new_project, policy, run
from test_versions import TODAY, approved, keep, kept, page, write

from policydoc.editions import secrets
from policydoc.history import archive
from policydoc.history import withheld as lists
from policydoc.history.withheld import WITHHELD, Withheld
from policydoc.outputs.leak_gate import Gate

ONE = "## Complaints\n\n1.  Mrs Kanarisecret complained of the noise at night.\n\n1.  Dogs are welcome. {#dogs}\n"
TWO = "## Complaints\n\n1.  A resident complained.\n\n1.  Dogs are welcome. {#dogs}\n"
REASON = "Personal data of a resident"
NOTE = "{text: Kanarinote was added}"


def dogs(root: Path) -> Path:
    """A draft over version 2, which leaves out what version 1 said of somebody."""
    write(root, dogs=policy(TWO.replace("Dogs are", "Dogs ^^and cats^^ are"), version="3", title="Dogs"))
    adopted = "{by: Full Council, on: 2020-04-01, minute: 12 b)}"
    keep(
        root, "dogs",
        v1=approved("1", ONE, title="Dogs", change_note=NOTE, adopted=adopted),
        v2=approved("2", TWO, title="Dogs", date_published="2026-01-01"),
    )  # fmt: skip
    return root


def policy_command(root: Path, *words: str, expected: int = 0) -> str:
    done = run(root, "withhold", *words, SOURCE_DATE_EPOCH=TODAY)
    assert done.returncode == expected, done.stderr
    return done.stdout + done.stderr


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return dogs(new_project(tmp_path / "project", None))


# The command


@pytest.mark.quick
def test_it_writes_one_line_and_leaves_the_version_as_it_is(project: Path) -> None:
    before = files(project / "policy_src")
    said = policy_command(project, "dogs", "--version", "1", "--reason", REASON)
    after = files(project / "policy_src")
    assert after.pop("archive/dogs/WITHHELD") == f"1  2026-12-01  {REASON}\n".encode() and after == before
    assert f"Withheld version 1 of policy_src/dogs.md: {REASON}" in said and "still published there" in said
    assert not list(archive.faults(project / "policy_src"))
    policy_command(project, "dogs", "--version", "1", "--undo")
    assert files(project / "policy_src") == before


@pytest.mark.quick
def test_it_takes_back_one_and_leaves_the_others(project: Path) -> None:
    for version in ("1", "2"):
        policy_command(project, "dogs.md", "--version", version, "--reason", REASON)
    policy_command(project, "dogs", "--version", "1", "--undo")
    assert lists.withheld(project / "policy_src", "dogs").keys() == {"2"}


@pytest.mark.quick
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("dogs", "--version", "7", "--reason", REASON), "has no version 7. These are kept: 1, 2."),
        (("cats", "--version", "1", "--reason", REASON), "policy_src/archive/cats has no version 1. None is kept."),
        (("dogs", "--version", "1"), "say why, in plain words"),
        (("dogs", "--version", "1", "--reason", "See {>>TA<<}"), "say why, in plain words"),
        (("dogs", "--version", "1", "--undo"), "is not withheld"),
        (("parks", "--version", "1", "--reason", REASON), "is the text of policy_src/parks.md itself"),
    ],
)
def test_it_refuses_in_a_line(project: Path, words: tuple[str, ...], expected: str) -> None:
    write(project, parks=approved("1", title="Parks"))
    keep(project, "parks", v1=approved("1", title="Parks"))
    before = files(project / "policy_src")
    said = policy_command(project, *words, expected=1)
    assert expected in said and "Nothing was changed." in said and files(project / "policy_src") == before


@pytest.mark.quick
def test_it_refuses_what_is_withheld_already_and_a_list_that_can_not_be_read(project: Path) -> None:
    policy_command(project, "dogs", "--version", "1", "--reason", REASON)
    assert "is withheld already: " + REASON in policy_command(
        project, "dogs", "--version", "1", "--reason", "x", expected=1
    )
    (project / "policy_src/archive/dogs" / WITHHELD).write_text("1 soon because\n", "utf-8")
    assert "[P750]" in policy_command(project, "dogs", "--version", "2", "--reason", REASON, expected=1)


def test_a_list_that_can_not_be_read_withholds_all_and_stops_the_build(tmp_path: Path) -> None:
    root = dogs(tmp_path)
    (root / "policy_src/archive/dogs" / WITHHELD).write_text(f"1  2026-02-30  {REASON}\n", "utf-8")
    assert not kept(root) and not kept(root, edition="internal")
    assert [(fault.code, fault.line) for fault in archive.faults(root / "policy_src")] == [("P750", 1)]
    inside = secrets.read_all(root / "policy_src")
    assert list(inside.files) == ["policy_src/dogs.md"] and any(
        "Dogs are welcome" in secret.text for secret in inside.secrets
    )


# What is published


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = dogs(new_project(tmp_path_factory.mktemp("withheld") / "project", None))
    policy_command(root, "dogs", "--version", "1", "--reason", REASON)
    done = run(root, "build", SOURCE_DATE_EPOCH=TODAY)
    assert done.returncode == 0, done.stderr
    return root / "site"


@pytest.mark.parametrize("edition", ["external", "internal"])
def test_its_words_are_in_neither_edition(site: Path, edition: str) -> None:
    folder = site / edition
    assert {path.name for path in (folder / "policies/dogs/v1").iterdir()} == {"index.html"}
    for name, data in files(folder).items():
        assert b"anarisecret" not in data and b"anarinote" not in data, name
    assert {path.name for path in (folder / "policies/dogs/v2").iterdir()} >= {"index.html", "v2.pdf", "v2.json"}


@pytest.mark.parametrize("edition", ["external", "internal"])
def test_its_address_says_that_it_is_withheld_why_and_since_when(site: Path, edition: str) -> None:
    text = page(site, "policies/dogs/v1", edition)
    assert "<h1>Dogs, version 1</h1>" in text and '<meta name="robots" content="noindex">' in text
    assert "<p>This version has been withheld since 1 December 2026.</p>" in text and f"<p>Reason: {REASON}</p>" in text
    for address in re.findall('<a href="([^":#]+)"', text):
        assert (site / edition / "policies/dogs/v1" / address / "index.html").is_file() or "." in address
    assert "dogs/v1" not in (site / edition / "sitemap.xml").read_text("utf-8")


def test_the_list_of_versions_names_it_without_a_link(site: Path) -> None:
    text = page(site, "policies/dogs/history")
    assert f"Withheld since 1 December 2026: {REASON}" in text and "Full Council" in text
    assert '"../v2/"' in text and '"../v1/' not in text
    assert "In force from 1 May 2020 until 31 December 2025" in text


def test_commands_go_on_working(site: Path) -> None:
    for words in (("status",), ("check",), ("check", "--strict")):
        done = run(site.parent, *words, SOURCE_DATE_EPOCH=TODAY)
        assert done.returncode == 0, done.stdout + done.stderr


def test_only_version_of_a_policy_withheld_leaves_its_page_and_list(tmp_path: Path) -> None:
    root = new_project(tmp_path / "project", None)
    write(root, dogs=policy(TWO, version="2", title="Dogs"))
    keep(root, "dogs", v1=approved("1", ONE, title="Dogs"))
    policy_command(root, "dogs", "--version", "1", "--reason", REASON)
    done = run(root, "build", SOURCE_DATE_EPOCH=TODAY)
    assert done.returncode == 0, done.stderr
    assert "Withheld since" in page(root / "site", "policies/dogs/history")
    assert '<a href="history/">' in page(root / "site", "policies/dogs")
    assert not list((root / "site").rglob("dogs-in-force.pdf"))


# The gate


@pytest.mark.parametrize(
    ("words", "is_secret"),
    [
        ("Mrs Kanarisecret complained of the noise at night", True),
        ("Kanarinote was added", True),
        ("Dogs are welcome", False),  # the policy says so too
        ("Full Council", False),  # the list of versions does
    ],
)
def test_the_gate_takes_its_words_for_secrets(tmp_path: Path, words: str, is_secret: bool) -> None:
    root = dogs(tmp_path / "root")
    home = root / "policy_src/archive/dogs"
    (home / WITHHELD).write_bytes(lists.with_line(home, Withheld("1", date(2026, 12, 1), REASON)))
    inside = secrets.read_all(root / "policy_src")
    site = tmp_path / "site"
    for path in ("policies/dogs/index.html", "policies/dogs/v2/index.html"):
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        (site / path).write_text(f"<p>{words}.</p>", "utf-8")
    shows = {"policies/dogs/v2": ("policy_src/archive/dogs/v2.md",)}
    told = Gate(inside.secrets, lambda: inside.public, files=inside.files, shows=shows).check(site)
    assert len(told) == (2 if is_secret else 0)


@pytest.mark.quick
@pytest.mark.parametrize(("reason", "is_secret"), [("Kanarinote was added by mistake", False), (REASON, True)])
def test_the_gate_lets_the_reason_pass_whatever_the_version_says(tmp_path: Path, reason: str, is_secret: bool) -> None:
    root = dogs(tmp_path / "root")
    home = root / "policy_src/archive/dogs"
    (home / WITHHELD).write_bytes(lists.with_line(home, Withheld("1", date(2026, 12, 1), reason)))
    inside = secrets.read_all(root / "policy_src")
    (tmp_path / "site").mkdir()
    (tmp_path / "site/index.html").write_text("<p>Reason: Kanarinote was added by mistake</p>", "utf-8")
    assert bool(Gate(inside.secrets, lambda: inside.public, files=inside.files).check(tmp_path / "site")) is is_secret
