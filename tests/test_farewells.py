"""What a policy leaves behind that is withdrawn, or that readers outside can't read any more."""

import re
from datetime import date
from pathlib import Path

import pytest
from building import SETTINGS, files, new_project, policy, run
from test_versions import TODAY, approved, keep, page, write

from policydoc.checking import inspection
from policydoc.clock import today
from policydoc.editions import council, secrets
from policydoc.outputs import notices, version_words
from policydoc.outputs.leak_gate import Gate
from policydoc.outputs.status_words import status_words

TEXT = "## Dogs\n\n1.  Kanaritext about dogs and what they may do in the parks.\n"
CATS = "## Cats\n\n1.  Cats are free.\n"
STAFF = "{internal: [All staff]}"
WITHDRAWN = {
    "withdrawn_on": "2026-11-01", "replaced_by": "cats",
    "change_note": "{text: The bylaw on dogs covers it now}",
}  # fmt: skip


# Withdrawn


def ended(**keys: str) -> str:
    return approved("1", TEXT, title="Dogs", **keys).replace("status: approved", "status: withdrawn")


def withdrawn(root: Path, **keys: str) -> Path:
    write(root, dogs=ended(**(WITHDRAWN | keys)), cats=policy(CATS, title="Cats"))
    keep(root, "dogs", v1=approved("1", TEXT, title="Dogs"))
    return root


def test_a_withdrawn_policy_says_so_why_since_when_and_what_replaces_it(tmp_path: Path) -> None:
    root = withdrawn(new_project(tmp_path / "project", None))
    done = run(root, "build", SOURCE_DATE_EPOCH=TODAY)
    assert done.returncode == 0, done.stderr
    text = " ".join(re.sub("<[^>]*>", "", page(root / "site", "policies/dogs")).split())
    assert (
        "✕ Withdrawn since 1 November 2026: no longer in force. Reason: The bylaw on dogs covers it now. "
        "Replaced by Cats."
    ) in text
    version = page(root / "site", "policies/dogs/v1")
    words = "No longer in force: the policy is withdrawn. In force from 1 May 2020 until 31 October 2026."
    assert words in version and "until 31 October 2026" in page(root / "site", "policies/dogs/history")
    assert run(root, "check", "--strict", SOURCE_DATE_EPOCH=TODAY).returncode == 0


def test_one_whose_day_is_to_come_says_so_and_is_in_force_until_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    current = council.read(withdrawn(tmp_path, withdrawn_on="2027-01-01"), "external", SETTINGS).published["dogs"]
    monkeypatch.setenv("SOURCE_DATE_EPOCH", TODAY)
    assert status_words(current) == "To be withdrawn on 1 January 2027"
    standing = version_words.standing(current, "1", date(2026, 12, 1))
    assert standing.words == "In force from 1 May 2020 until 31 December 2026."
    assert version_words.standing(current, "1", date(2027, 1, 1)).state == "withdrawn"


@pytest.mark.parametrize(
    ("keys", "lacks"),
    [
        ({"withdrawn_on": ""}, "since when"), ({"change_note": ""}, "why"),
        ({"withdrawn_on": "", "change_note": ""}, "since when and why"),
    ],
)  # fmt: skip
def test_check_says_what_it_lacks(tmp_path: Path, keys: dict[str, str], lacks: str) -> None:
    problems = inspection.inspect(withdrawn(tmp_path, **keys), SETTINGS, today()).problems
    assert [problem.text.partition(". ")[0] for problem in problems if problem.code == "P756"] == [
        f"the policy is withdrawn, but doesn't say {lacks}"
    ]


def test_the_note_of_a_version_is_no_reason(tmp_path: Path) -> None:
    note = "{text: Spelling}"
    root = write(tmp_path, dogs=ended(change_note=note))
    keep(root, "dogs", v1=approved("1", TEXT, title="Dogs", change_note=note))
    assert council.read(root, "external", SETTINGS).published["dogs"].farewell == ""
    assert "P756" in {problem.code for problem in inspection.inspect(root, SETTINGS, today()).problems}


# No longer published


def gone(root: Path, **keys: str) -> Path:
    """Dogs, for staff only since version 2; Plans, which nobody outside has ever known."""
    staff = approved("2", TEXT, title="Kanarititle of dogs", distribution=STAFF, **keys)
    plans = approved("1", CATS, title="Plans", distribution=STAFF, policy_number="9")
    write(root, dogs=staff, cats=policy(CATS, title="Cats"), plans=plans)
    keep(root, "dogs", v1=approved("1", TEXT, title="Kanarititle of dogs"), v2=staff)
    keep(root, "plans", v1=plans)
    return root


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = gone(new_project(tmp_path_factory.mktemp("gone") / "project", None))
    done = run(root, "build", SOURCE_DATE_EPOCH=TODAY)
    assert done.returncode == 0, done.stderr
    return root / "site"


def test_its_addresses_say_only_that_it_is_no_longer_published(site: Path) -> None:
    folder = site / "external/policies/dogs"
    assert {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} == {
        "index.html", "history/index.html", "v1/index.html",
    }  # fmt: skip
    for path in ("", "/v1", "/history"):
        text = page(site, f"policies/dogs{path}")
        assert "<h1>No longer published</h1>\n<p>What was here is no longer published.</p>" in text
        assert '<meta name="robots" content="noindex">' in text
    for name, data in files(site / "external").items():
        assert b"anarititle" not in data and b"anaritext" not in data, name
    assert "Kanaritext" in page(site, "policies/dogs/v1", "internal")


def test_a_name_that_was_never_public_has_no_address(site: Path) -> None:
    assert not (site / "external/policies/plans").exists()
    assert "policies/dogs" not in (site / "external/sitemap.xml").read_text("utf-8")


@pytest.mark.parametrize(
    ("formerly", "expected"),
    [
        ("[pets]", {"policies/pets/"}),  # version 1 was public as pets; as dogs nothing was
        ("{internal: [pets]}", set()),
        ("", {"policies/dogs/"}),
    ],
)
def test_only_the_names_that_readers_have_known(tmp_path: Path, formerly: str, expected: set[str]) -> None:
    policies = council.read(gone(tmp_path, formerly=formerly), "external", SETTINGS)
    told = {notice.page for notice in notices.of_edition(policies)}
    assert {page for page in told if page.count("/") == 2} == expected
    names = {secret.text for secret in secrets.read_all(tmp_path / "policy_src").secrets if secret.is_name}
    assert ("dogs" in names) is bool(formerly) and ("pets" in names) is ("internal" in formerly)


@pytest.mark.parametrize(
    ("words", "is_secret"),
    [
        ('<a href="../dogs/">there</a>', False),
        ("Kanarititle of dogs", True),
        ("Kanaritext about dogs and what they may do in the parks", True),
        ('<a href="../dogs/v2/">there</a>', True),
        ('<a href="../plans/">there</a>', True),
    ],
)
def test_the_gate_lets_the_name_pass_and_nothing_else(tmp_path: Path, words: str, is_secret: bool) -> None:
    inside = secrets.read_all(gone(tmp_path / "root") / "policy_src")
    for path in ("policies/cats/index.html", "policies/dogs/index.html"):
        (tmp_path / "site" / path).parent.mkdir(parents=True)
        (tmp_path / "site" / path).write_text(f"<p>{words}</p>", "utf-8")
    told = Gate(inside.secrets, lambda: inside.public, files=inside.files).check(tmp_path / "site")
    assert len({leak.file for leak in told}) == (2 if is_secret else 0), told
