"""`policy accept`, `policy reject` and `policy mark` as they are typed: what they say, write, and leave alone."""

import hashlib
import shutil
from pathlib import Path

import pytest
from building import ROOT, files, policy
from click.testing import CliRunner, Result

from policydoc import council, record
from policydoc.commands import main
from policydoc.edition import EDITIONS
from policydoc.settings import from_file

DATES = ["--published", "2026-12-01", "--review-due", "2027-12-01"]
DRAFT = policy(
    "## Purpose\n\n1.  Dogs ~~must~~ ^^may^^ come in. {#in}\n\n"
    "1.  ~~Cats stay out.~~ {>>TA1: why?<<}\n\n1.  Birds fly.",
    policy_number='"0042" # the old one',
)
OTHER = policy("## Scope\n\n1.  As in [clause](dogs.md#in).", title="Other Policy")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copy2(ROOT / "mkdocs.yml", tmp_path)
    (tmp_path / "policy_src").mkdir()
    (tmp_path / "policy_src/dogs.md").write_text(DRAFT, "utf-8", newline="")
    (tmp_path / "policy_src/other.md").write_text(OTHER, "utf-8", newline="")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: str) -> Result:
    result = CliRunner().invoke(main, words)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def read(project: Path, name: str = "dogs.md") -> str:
    return (project / "policy_src" / name).read_bytes().decode()


def test_accepting_makes_an_approved_version_that_is_kept(project: Path) -> None:
    result = run("accept", "dogs", "--version", "1", *DATES, "--drop-comments")
    assert result.exit_code == 0, result.output
    text = read(project)
    expected = DRAFT.replace("~~must~~ ^^may^^", "may").replace("~~Cats stay out.~~ {>>TA1: why?<<}", "Deleted.")
    expected = expected.replace("status: draft", "status: approved")
    dates = "date_published: 2026-12-01\nreview_due: 2027-12-01\n"
    assert text == expected.replace("distribution:", dates + "distribution:")
    assert read(project, "archive/dogs/v1.md") == text
    sums = (project / "policy_src/archive/dogs/SHA256SUMS").read_text()
    assert sums == f"{hashlib.sha256(text.encode()).hexdigest()}  v1.md\n"
    assert result.stdout.splitlines() == [
        "Accepted 2 amendments of policy_src/dogs.md.",
        "  1.1: for “must” substitute “may”",
        "  1.2: delete the clause “Cats stay out.”",
        "1 comment dropped.",
        "policy_src/dogs.md is approved as version 1, published 1 December 2026, review due 1 December 2027.",
        "Kept for good: policy_src/archive/dogs/v1.md. Commit all of it together.",
    ]
    assert run("check").exit_code == 0


# What is typed; the exit status; words of what is said
REFUSED: dict[str, tuple[list[str], int, str]] = {
    "no version": (["accept", "dogs"], 2, "an approved policy needs --version, --published, --review-due."),
    "no dates": (["accept", "dogs", "--version", "1"], 2, "Add --published and --review-due."),
    "comments": (
        ["accept", "dogs", "--version", "1", *DATES], 1,
        "policy_src/dogs.md:14: clause 1.2: the comment by TA1 is not resolved: why?",
    ),
    "no such policy": (
        ["accept", "dog", "--version", "1", *DATES], 1, "there is no policy policy_src/dog.md. Did you mean dogs?",
    ),
    "no day": (["accept", "dogs", "--published", "2026-02-30"], 2, "“2026-02-30” is not a date"),
    "dates the wrong way round": (
        ["accept", "dogs", "--version", "1", "--published", "2027-01-01", "--review-due", "2026-01-01",
         "--drop-comments"], 1,
        "review_due is not after date_published",
    ),
    "no number": (["accept", "other", "--version", "1", *DATES], 1, "policy_number is missing"),
    "a version that is no name": (
        ["accept", "dogs", "--version", "1/2", *DATES, "--drop-comments"], 1, "version 1/2 can't be a file's name",
    ),
    "an amendment that isn't": (["accept", "dogs", "--only", "1.9"], 1, "no amendment stands in clause 1.9"),
    "one with a comment": (["accept", "dogs", "--only", "TA1"], 1, "the comment by TA1 is not resolved: why?"),
    "rejecting with comments": (["reject", "dogs"], 1, "the comment by TA1 is not resolved: why?"),
    "nothing to compare with": (["mark", "dogs"], 1, "has no approved version to compare it with"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_refusals_change_nothing(project: Path, case: str) -> None:
    words, status, said = REFUSED[case]
    before = files(project)
    result = run(*words)
    assert result.exit_code == status
    assert said in result.stderr
    assert status == 2 or result.stderr.endswith("Nothing was changed.\n")
    assert result.stdout == "" and "Traceback" not in result.stderr
    assert files(project) == before


def test_a_policy_with_errors_is_left_alone(project: Path) -> None:
    (project / "policy_src/dogs.md").write_text(DRAFT + "\n1.  One ~~mark.\n\n1.  Two ^^marks.\n", "utf-8")
    before = files(project)
    result = run("reject", "dogs", "--drop-comments")
    assert result.exit_code == 1
    where = [line.partition(": ")[0] for line in result.stderr.splitlines()]
    assert where[:2] == ["policy_src/dogs.md:18", "policy_src/dogs.md:20"]
    assert files(project) == before


def test_what_others_refer_to_is_not_lost(project: Path) -> None:
    """Rejecting an inserted clause that another policy refers to would leave a link to nothing."""
    path = project / "policy_src/dogs.md"
    path.write_text(DRAFT.replace("Dogs ~~must~~ ^^may^^ come in.", "^^Dogs come in.^^"), "utf-8")
    before = files(project)
    result = run("reject", "dogs", "--drop-comments")
    assert result.exit_code == 1
    assert "policy_src/other.md:11: clause 1.1: no place is named #in in dogs.md" in result.stderr
    assert files(project) == before


def test_only_some_amendments(project: Path) -> None:
    result = run("accept", "dogs", "--only", "#in")
    assert result.exit_code == 0, result.output
    assert read(project) == DRAFT.replace("~~must~~ ^^may^^", "may")
    assert "1 amendment left in policy_src/dogs.md, in a draft as before." in result.stdout
    result = run("reject", "policy_src/dogs.md", "--only", "TA1", "--drop-comments")
    assert result.exit_code == 0, result.output
    assert read(project) == DRAFT.replace("~~must~~ ^^may^^", "may").replace(
        "~~Cats stay out.~~ {>>TA1: why?<<}", "Cats stay out."
    )
    assert not (project / "policy_src/archive").exists()


def test_marking_then_rejecting_and_accepting(project: Path) -> None:
    assert run("accept", "dogs", "--version", "1", *DATES, "--drop-comments", "--note", "First version").exit_code == 0
    approved = read(project)
    assert "change_note: {text: First version}" in approved
    same = run("mark", "dogs")
    assert same.exit_code == 0 and "needs no other marks" in same.stdout and read(project) == approved

    path = project / "policy_src/dogs.md"
    edited = approved.replace("Dogs may come in. {#in}", "Dogs may come in on a lead. {#in}").replace(
        "1.  Birds fly.\n", "1.  Fish swim.\n"
    )
    path.write_text(edited, "utf-8", newline="")
    result = run("mark", "dogs")
    assert result.exit_code == 0, result.output
    marked = read(project)
    assert "Dogs may come in ^^on a lead^^. {#in}" in marked and "status: draft" in marked
    assert result.stdout.splitlines()[0] == "Marked what differs from version 1 in policy_src/dogs.md:"
    assert "  1.1: after “Dogs may come in” insert “on a lead”" in result.stdout
    assert "It is a draft again" in result.stdout
    for edition in EDITIONS:  # and readers are told that the approved version stays in force
        read_again = council.read(project, edition, from_file(project / "mkdocs.yml")).published["dogs"]
        assert record.status_words(read_again) == "Proposed changes to version 1, which is in force"

    result = run("reject", "dogs")
    assert "policy_src/dogs.md is version 1 again, as it was approved." in result.stdout
    assert read(project) == approved

    path.write_text(marked, "utf-8", newline="")
    result = run("accept", "dogs", "--version", "1", *DATES)
    assert result.exit_code == 1 and "version 1 is kept already and never changes" in result.stderr
    result = run("accept", "dogs", "--version", "1.1", *DATES)
    assert result.exit_code == 0, result.output
    assert "change_note" not in read(project) and "on a lead. {#in}" in read(project)
    assert read(project, "archive/dogs/v1.1.md") == read(project)
    assert read(project, "archive/dogs/v1.md") == approved


def test_some_make_a_new_version_and_the_others_stay_proposed(project: Path) -> None:
    assert run("accept", "dogs", "--version", "1", *DATES, "--drop-comments").exit_code == 0
    path = project / "policy_src/dogs.md"
    text = (
        read(project).replace("Dogs may come in.", "Dogs may come in on a lead.").replace("Birds fly.", "Birds sing.")
    )
    path.write_text(text, "utf-8", newline="")
    assert run("mark", "dogs").exit_code == 0
    before = files(project)
    result = run("accept", "dogs", "--only", "1.1")
    assert result.exit_code == 1 and "version 1 is approved, so these can only become text in a new" in result.stderr
    assert files(project) == before
    result = run("accept", "dogs", "--only", "1.1", "--version", "2", *DATES)
    assert result.exit_code == 0, result.output
    assert "1 amendment left in policy_src/dogs.md, changes proposed to version 2: a draft again." in result.stdout
    assert "status: draft" in read(project) and "version: 2" in read(project)
    assert "come in on a lead." in read(project) and "Birds ~~fly~~ ^^sing^^." in read(project)
    kept = read(project, "archive/dogs/v2.md")
    assert "status: approved" in kept and "come in on a lead." in kept and "Birds fly." in kept and "~~" not in kept
    assert run("check", "--strict", "--today", "2027-01-01").exit_code == 0  # nothing is changed without a mark
    result = run("reject", "dogs")
    assert "policy_src/dogs.md is version 2 again, as it was approved." in result.stdout
    assert read(project) == kept


def test_what_has_moved_is_said_to_have_moved(project: Path) -> None:
    run("accept", "dogs", "--version", "1", *DATES, "--drop-comments")
    path = project / "policy_src/dogs.md"
    text = read(project).replace("1.  Dogs may come in. {#in}\n\n", "") + "\n1.  Dogs may come in. {#in}\n"
    path.write_text(text, "utf-8", newline="")
    result = run("mark", "dogs")
    assert result.exit_code == 0, result.output
    assert "  1.1: move “Dogs may come in.” to 1.4" in result.stdout
    assert run("check").exit_code == 0  # other.md refers to the clause by its name, wherever it stands


def test_line_ends_and_byte_order_mark_stay(project: Path) -> None:
    path = project / "policy_src/dogs.md"
    path.write_bytes(b"\xef\xbb\xbf" + DRAFT.replace("\n", "\r\n").encode())
    assert run("accept", "dogs", "--version", "1", *DATES, "--drop-comments").exit_code == 0
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf---\r\n") and data.count(b"\n") == data.count(b"\r\n")
    assert data.count(b"\xef\xbb\xbf") == 1
