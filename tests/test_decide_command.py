"""`policy decide`, and `--amendment` of `policy accept` and `reject`, as they are typed after a vote."""

import json
from pathlib import Path

import pytest
from building import CONFIGURATION, files, policy
from click.testing import CliRunner, Result

from policydoc.commands import main
from policydoc.editions import council
from policydoc.editions.withhold import EDITIONS
from policydoc.outputs.data import data
from policydoc.settings import from_file

DATES = ["--published", "2026-12-01", "--review-due", "2027-12-01"]
BODY = """## Purpose

1.  Dogs ~~must~~ ^^may^^ come in ~~alone~~. {#in}

1.  ~~Cats stay out.~~ {>>TA1: why?<<}

1.  Birds fly. {.internal}

1.  ^^Fish swim.^^
"""
DRAFT = policy(BODY, policy_number='"0042"')
# A1 for “must” substitute “may”; A2 delete “alone”; A3 delete 1.2; A4 insert 1.4
CARRIED = DRAFT.replace("~~must~~ ^^may^^", "may")
MOVED = policy("## Purpose\n\n1.  ~~One two three.~~\n1.  ^^New.^^\n1.  ^^One two three.^^\n")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "mkdocs.yml").write_text(CONFIGURATION, "utf-8")
    (tmp_path / "policy_src").mkdir()
    (tmp_path / "policy_src/dogs.md").write_text(DRAFT, "utf-8", newline="")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: str) -> Result:
    result = CliRunner().invoke(main, words)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def read(project: Path, name: str = "dogs.md") -> str:
    return (project / "policy_src" / name).read_bytes().decode()


def hashes(project: Path) -> list[str]:
    """The hash of the amendments, as the data of each edition has it."""
    settings = from_file(project / "mkdocs.yml")
    return [data(council.read(project, edition, settings).published["dogs"])["amendments_hash"] for edition in EDITIONS]


def test_a_vote_is_carried_out(project: Path) -> None:
    result = run("decide", "dogs", "--carried", "A1,A4", "--lost", "A2")
    assert result.exit_code == 0, result.output
    text = CARRIED.replace(" ~~alone~~", " alone").replace("^^Fish swim.^^", "Fish swim.")
    assert read(project) == text
    assert result.stdout.splitlines() == [
        "Carried 2 amendments of policy_src/dogs.md:",
        "  A1, 1.1: for “must” substitute “may”",
        "  A4, after 1.3 (will be 1.4): insert the clause “Fish swim.”",
        "Lost 1 amendment of policy_src/dogs.md:",
        "  A2, 1.1: delete “alone”",
        "1 amendment left in policy_src/dogs.md, in a draft as before.",
    ]
    assert not (project / "policy_src/archive").exists()


def test_it_makes_a_version_and_what_is_left_is_proposed_to_it(project: Path) -> None:
    adoption = ["--adopted-by", "Full Council", "--adopted-on", "2026-11-24", "--minute", "227", "--effective"]
    result = run("decide", "dogs", "--carried", "A1–A2", "--version", "1", *DATES, *adoption, "2027-01-01")
    assert result.exit_code == 0, result.output
    assert "is approved as version 1, published 1 December 2026, in force from 1 January 2027, rev" in result.stdout
    assert "2 amendments left in policy_src/dogs.md, changes proposed to version 1: a draft again." in result.stdout
    kept = read(project, "archive/dogs/v1.md")
    assert "Dogs may come in. {#in}" in kept and "Cats stay out." in kept and "Fish" not in kept
    assert "adopted: {by: Full Council, on: 2026-11-24, minute: 227}" in kept and "effective: 2027-01-01" in kept
    assert "~~Cats stay out.~~ {>>TA1: why?<<}" in read(project) and "status: draft" in read(project)
    assert run("check", "--today", "2027-01-02").exit_code == 0

    before = files(project)
    refused = run("decide", "dogs", "--carried", "A2")
    assert refused.exit_code == 1 and "version 1 is approved, so these can only become text in a new" in refused.stderr
    assert files(project) == before
    result = run("decide", "dogs", "--lost", "A1-A2", "--drop-comments")
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines()[-2:] == [
        "1 comment dropped.", "policy_src/dogs.md is version 1 again, as it was approved.",
    ]  # fmt: skip
    assert read(project) == kept


def test_where_all_is_decided_no_comment_is_approved(project: Path) -> None:
    path = project / "policy_src/dogs.md"
    path.write_text(DRAFT.replace(" {>>TA1: why?<<}", "").replace("Birds fly.", "Birds fly. {>>TA2: do they?<<}"))
    words = ["decide", "dogs", "--carried", "A1-A4", "--version", "1", *DATES]
    result = run(*words)
    assert result.exit_code == 1 and "clause 1.3: the comment by TA2 is not resolved: do they?" in result.stderr
    result = run(*words, "--drop-comments")
    assert result.exit_code == 0, result.output
    assert read(project) == read(project, "archive/dogs/v1.md") and "{>>" not in read(project)


def test_single_amendments_are_accepted_and_rejected(project: Path) -> None:
    result = run("accept", "dogs", "--amendment", "A1")
    assert result.stdout.splitlines() == [
        "Accepted 1 amendment of policy_src/dogs.md:",
        "  A1, 1.1: for “must” substitute “may”",
        "3 amendments left in policy_src/dogs.md, in a draft as before.",
    ]
    assert read(project) == CARRIED
    result = run("reject", "dogs", "--amendment", "A1-A2", "--drop-comments")
    assert result.exit_code == 0, result.output
    expected = CARRIED.replace(" ~~alone~~", " alone").replace("~~Cats stay out.~~ {>>TA1: why?<<}", "Cats stay out.")
    assert read(project) == expected
    assert result.stdout.splitlines()[-1] == "1 amendment left in policy_src/dogs.md."


def test_a_move_is_one_decision(project: Path) -> None:
    path = project / "policy_src/dogs.md"
    path.write_text(MOVED, "utf-8")
    result = run("decide", "dogs", "--carried", "A2", "--lost", "A1")
    assert result.exit_code == 0, result.output
    assert read(project).rstrip().endswith("1.  Deleted.\n1.  One two three.")
    path.write_text(MOVED, "utf-8")
    assert run("decide", "dogs", "--lost", "A2").exit_code == 0
    assert read(project).rstrip().endswith("## Purpose\n\n1.  One two three.\n1.  ^^New.^^")


def test_with_letters_a_carried_clause_keeps_its_own(project: Path) -> None:
    (project / "mkdocs.yml").write_text(
        CONFIGURATION.replace("extra:\n", "extra:\n  inserted_clauses: letter\n"), "utf-8"
    )
    path = project / "policy_src/dogs.md"
    path.write_text(policy("## Purpose\n\n1.  One.\n1.  ^^New.^^\n1.  ^^Newer.^^ {=1B}\n1.  Two.\n"), "utf-8")
    assert run("decide", "dogs", "--carried", "A1").exit_code == 0
    assert read(project).endswith("1.  One.\n1.  New. {=1A}\n1.  ^^Newer.^^ {=1B}\n1.  Two.\n\n")
    assert run("decide", "dogs", "--carried", "A1").exit_code == 0
    assert read(project).endswith("1.  One.\n1.  New. {=1A}\n1.  Newer. {=1B}\n1.  Two.\n\n")


# What is typed, and what is said
REFUSED: dict[str, tuple[list[str], str]] = {
    "nothing": (["decide", "dogs"], "nothing was decided. Add --carried A1-A4,A7 or --lost A5,A6, or both."),
    "an empty list": (
        ["decide", "dogs", "--carried", " "],
        "--carried names no amendment. Write --carried A1-A4,A7, or leave it out.",
    ),
    "no such amendment": (["decide", "dogs", "--lost", "A9"], "there is no A9: the draft has A1 to A4."),
    "far too many": (["decide", "dogs", "--lost", "A1-A99999"], "there is no A5: the draft has A1 to A4."),
    "the amendment 0": (["accept", "dogs", "--amendment", "0"], "there is no A0: the draft has A1 to A4."),
    "in both lists": (
        ["decide", "dogs", "--carried", "A1-A2", "--lost", "A2"], "A2 is in both lists: it was either carried or lost.",
    ),
    "backwards": (
        ["decide", "dogs", "--carried", "A4-A1"], "--carried: A4-A1 runs backwards. Write A1-A4.",
    ),
    "a clause": (
        ["accept", "dogs", "--amendment", "1.1"],
        "--amendment: “1.1” is no amendment. Write A3, or A1-A4 for several.",
    ),
    "a comma too many": (["reject", "dogs", "--amendment", "A1,"], "--amendment: “” is no amendment. Write A3,"),
    "two ways at once": (
        ["accept", "dogs", "--amendment", "A1", "--only", "1.1"], "--amendment and --only are two ways to say which.",
    ),
    "a comment": (["decide", "dogs", "--lost", "A3"], "clause 1.2: the comment by TA1 is not resolved: why?"),
    "a minute alone": (
        ["decide", "dogs", "--carried", "A1", "--version", "1", *DATES, "--minute", "227"],
        "policy_src/dogs.md: --adopted-on and --minute need --adopted-by as well.",
    ),
    "another paper": (
        ["decide", "dogs", "--carried", "A1", "--paper", "0123456789ab"],
        "policy_src/dogs.md: its amendments have changed since this paper was printed: they are now text ",
    ),
    "no paper": (["accept", "dogs", "--paper", "3f9a"], "--paper 3f9a: that is no hash. Write its first 8"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_refusals_change_nothing(project: Path, case: str) -> None:
    words, said = REFUSED[case]
    before = files(project)
    result = run(*words)
    assert result.exit_code == 1 and result.stdout == ""
    assert said in result.stderr and result.stderr.endswith("Nothing was changed.\n")
    assert len(result.stderr.splitlines()) <= 4
    assert files(project) == before


def test_a_draft_without_amendments_has_none_to_decide(project: Path) -> None:
    (project / "policy_src/dogs.md").write_text(policy("## Purpose\n\n1.  Dogs may come in.\n"), "utf-8")
    assert "there is no A1: it has no amendments." in run("decide", "dogs", "--lost", "A1").stderr
    assert "printed: none are left." in run("decide", "dogs", "--lost", "A1", "--paper", "0123456789ab").stderr
    assert hashes(project) == [None, None]


def test_the_paper_is_known_by_its_hash(project: Path) -> None:
    path = project / "policy_src/dogs.md"
    internal, external = hashes(project)
    assert internal == external and len(internal) == 64
    # Comments and front matter leave it as it is
    for same in (
        DRAFT.replace(" {>>TA1: why?<<}", ""),
        DRAFT.replace("title:", "owner_: x\ntitle:").replace("owner_: x\n", ""),
    ):
        path.write_text(same, "utf-8")
        assert hashes(project) == [internal, internal]
    # Words of either reading, internal ones as well, and what an amendment is change it
    for other in (
        DRAFT.replace("Birds fly", "Birds sing"), DRAFT.replace("~~must~~ ^^may^^", "~~mustn’t~~ ^^may^^"),
        DRAFT.replace("come in ~~alone~~", "~~come in alone~~ ^^come in^^"), DRAFT.replace("1.  Birds", "    Birds"),
    ):  # fmt: skip
        path.write_text(other, "utf-8")
        assert internal not in hashes(project) and len(set(hashes(project))) == 1
    path.write_text(DRAFT, "utf-8")
    assert run("reject", "dogs", "--amendment", "A4", "--paper", internal[:8].upper()).exit_code == 0
    assert run("reject", "dogs", "--amendment", "A2", "--paper", internal[:12]).exit_code == 1
    assert json.dumps(hashes(project)).count(hashes(project)[0]) == 2
