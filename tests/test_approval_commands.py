"""`policy accept`, `policy reject` and `policy mark` as they are typed: what they say, write, and leave alone."""

import hashlib
import os
import subprocess
from pathlib import Path

import pytest
from building import CONFIGURATION, files, policy
from click.testing import CliRunner, Result

from policydoc.commands import main
from policydoc.editions import council
from policydoc.editions.withhold import EDITIONS
from policydoc.history import archive
from policydoc.outputs import status_words
from policydoc.settings import from_file
from policydoc.writing import put_all

DATES = ["--published", "2026-12-01", "--review-due", "2027-12-01"]
DRAFT = policy(
    "## Purpose\n\n1.  Dogs ~~must~~ ^^may^^ come in. {#in}\n\n"
    "1.  ~~Cats stay out.~~ {>>TA1: why?<<}\n\n1.  Birds fly.",
    policy_number='"0042" # the old one',
)
OTHER = policy("## Scope\n\n1.  As in [clause](dogs.md#in).", title="Other Policy")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "mkdocs.yml").write_text(CONFIGURATION, "utf-8")
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
        "  A1, 1.1: for “must” substitute “may”",
        "  A2, 1.2: delete clause 1.2, “Cats stay out.”",
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
    "a version with a new line": (
        ["accept", "dogs", "--version", "1\n", *DATES, "--drop-comments"], 1, "can't be a file's name",
    ),
    "a version with a v": (
        ["accept", "dogs", "--version", "v2", *DATES, "--drop-comments"], 1, "Write 2, not v2.",
    ),
    "a version that is a word": (
        ["accept", "dogs", "--version", "draft", *DATES, "--drop-comments"], 1, "draft begins with no digit. Write",
    ),
    "a version too long": (
        ["accept", "dogs", "--version", "1" * 31, *DATES, "--drop-comments"], 1, "longer than 30 signs",
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
    assert "  A1, 1.1: after “Dogs may come in” insert “on a lead”" in result.stdout
    assert "It is a draft again" in result.stdout
    for edition in EDITIONS:  # and readers are told that the approved version stays in force
        read_again = council.read(project, edition, from_file(project / "mkdocs.yml")).published["dogs"]
        assert status_words.status_words(read_again) == "Proposed changes to version 1, which is in force"

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


def test_a_version_does_not_begin_before_the_one_in_force(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would be kept for good, and the version in force would never have been in force."""
    assert run("accept", "dogs", "--version", "1", *DATES, "--drop-comments").exit_code == 0
    path = project / "policy_src/dogs.md"
    path.write_text(read(project).replace("Birds fly.", "Birds ^^may^^ fly."), "utf-8", newline="")
    earlier = ["accept", "dogs", "--version", "2", "--published", "2026-10-01", "--review-due", "2027-12-01"]
    before = files(project)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1798761600")  # 1 January 2027
    result = run(*earlier)
    assert result.exit_code == 1 and files(project) == before
    assert "version 2 would be in force from 1 October 2026, before version 1, which is so since 1 Dec" in result.stderr
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1791763200")  # 12 October 2026: version 1 is still to come
    assert run(*earlier).exit_code == 0


def test_what_has_moved_is_said_to_have_moved(project: Path) -> None:
    run("accept", "dogs", "--version", "1", *DATES, "--drop-comments")
    path = project / "policy_src/dogs.md"
    text = read(project).replace("1.  Dogs may come in. {#in}\n\n", "") + "\n1.  Dogs may come in. {#in}\n"
    path.write_text(text, "utf-8", newline="")
    result = run("mark", "dogs")
    assert result.exit_code == 0, result.output
    assert "  A1, 1.1: move clause 1.1 to stand after 1.3, as 1.4" in result.stdout
    assert "Accepted 1 amendment of" in run("accept", "dogs", "--version", "2", *DATES).stdout  # of two marks
    assert run("check").exit_code == 0  # other.md refers to the clause by its name, wherever it stands


LONG = "A dog is kept on a lead where it meets children, " * 4
SUMMED_UP = {
    "another address": ("[the act](https://a.example)", "[the act](https://b.example)",
                        ["A1, 1.1: link “the act” to “https://b.example”"]),
    "bold": ("old dogs", "**old** dogs", ["A1, 1.1: print “old” in bold"]),
    "a footnote's sign": ("old dogs", "old dogs[^1]",
                          ["A1, 1.1: after “act on old dogs” insert a footnote, “In the town.”"]),
    "words with one": ("old dogs", "old and new dogs[^1]",
                       ["A1, 1.1: after “the act on old” insert “and new”",
                        "A2, 1.1: after “act on old dogs” insert a footnote, “In the town.”"]),
    "a row": ("| cat | 20 |", "| cat | 20 |\n| bird | 5 |",
              ["A1, 1, unnumbered text: after the row “cat” insert the row “bird | 5”"]),
    "a row in another spot": ("| dog | 10 |\n| cat | 20 |", "| cat | 20 |\n| dog | 10 |",
                              ["A1 and A2, 1, unnumbered text: move “cat 20” to another spot there"]),
    "a bullet in another spot": ("- one bullet\n- another bullet", "- another bullet\n- one bullet",
                                 ["A1 and A2, 1, unnumbered text: move “another bullet” to another spot there"]),
    "a long clause": ("1.  Cats too.", f"1.  {LONG.strip()}\n1.  Cats too.",
                      ["A1, after 1.1 (will be 1.2): insert the clause “A dog is kept on a lead where it meets "
                       "children, … a lead where it meets children,”"]),
    "a long clause that moves": (f"1.  {LONG}end.\n1.  Cats too.", f"1.  Cats too.\n1.  {LONG}finish.",
                                 ["A1, 1.2: move clause 1.2 to stand after 1.3, as 1.4, and for its words substitute "
                                  "the clause “A dog is kept on a lead where it meets children, … where it meets "
                                  "children, finish.”"]),
}  # fmt: skip


@pytest.mark.parametrize("case", SUMMED_UP)
def test_mark_sums_up_what_it_has_marked(case: str, project: Path) -> None:
    old, new, lines = SUMMED_UP[case]
    body = """## Purpose

1.  See [the act](https://a.example) on old dogs.
1.  Cats too.
1.  A last one.[^1]

Words:

- one bullet
- another bullet

| fee | pounds |
|---|---|
| dog | 10 |
| cat | 20 |

[^1]: In the town.
"""
    if old not in body:
        body = body.replace("1.  Cats too.", old)
    head = DRAFT[: DRAFT.index("## ")]
    put(project, head + body)
    assert run("accept", "dogs", "--version", "1", *DATES).exit_code == 0
    put(project, read(project).replace(old, new))
    assert run("mark", "dogs").stdout.splitlines()[1:-1] == [f"  {line}" for line in lines]


def approve(project: Path) -> str:
    assert run("accept", "dogs", "--version", "1", *DATES, "--drop-comments").exit_code == 0
    return read(project)


def put(project: Path, text: str, name: str = "dogs.md") -> None:
    (project / "policy_src" / name).write_text(text, "utf-8", newline="")


def refused(project: Path, *words: str) -> str:
    """What a command says that changes nothing."""
    before = files(project)
    result = run(*words)
    assert (result.exit_code, result.stdout) == (1, "") and result.stderr.endswith("Nothing was changed.\n")
    assert files(project) == before
    return result.stderr


TYPO = "As in [clause](#typo)."
BROKEN = "1.  Birds fly. [Clause](cats.md#claws)\n"


def test_marking_with_a_reference_to_nothing_is_refused(project: Path) -> None:
    approved = approve(project)
    put(project, approved.replace("Birds fly.", f"{TYPO}\n\n1.  {TYPO}"))
    said = refused(project, "mark", "dogs").splitlines()
    assert said[0].startswith("policy_src/dogs.md:18: clause 1.3: no place is named #typo.")
    assert said[1].startswith("policy_src/dogs.md:20: clause 1.4: no place is named #typo.") and len(said) == 3


def test_marking_where_others_refer_to_a_name_that_was_changed(project: Path) -> None:
    approved = approve(project)
    put(project, approved.replace("come in. {#in}", "come right in. {#inside}"))
    result = run("mark", "dogs")
    assert result.exit_code == 0, result.output  # it is other.md's fault, and there already
    assert "  A1, 1.1: after “Dogs may come” insert “right”" in result.stdout
    put(project, approved.replace("come in. {#in}", "come in. {#inside}").replace("Birds fly.", "See [clause](#in)."))
    assert "no place is named #in" in refused(project, "mark", "dogs")


@pytest.mark.parametrize(
    "words",
    [["accept", "dogs", "--only", "1.5"], ["reject", "dogs", "--drop-comments"], ["reject", "dogs", "--only", "1.5"]],
)
def test_what_is_broken_already_is_told_in_its_own_words(project: Path, words: list[str]) -> None:
    put(project, f"{DRAFT}{BROKEN}\n1.  ~~{TYPO}~~ ^^So [section](#none), [clause](dogs.md#in), [clause](no.md#c).^^\n")
    result = run(*words)
    assert result.exit_code == 0, result.output
    said = "for “As in clause #typo.” substitute “So section #none, clause 1.1, clause #c of the no.md.”"
    line = next(line for line in result.stdout.splitlines() if ": for “As in" in line)
    assert line == f"  A3, 1.5: {said}"


def test_an_approved_version_has_no_errors(project: Path) -> None:
    put(project, DRAFT + BROKEN)
    said = refused(project, "accept", "dogs", "--version", "1", *DATES, "--drop-comments")
    assert said.startswith("policy_src/dogs.md:17: clause 1.4: there is no policy cats.md.")


def test_an_approved_version_refers_to_nothing_that_is_only_proposed(project: Path) -> None:
    put(project, DRAFT + "\n1.  ^^Fish swim.^^ {#fish}\n\n1.  See ^^[clause](#fish)^^.\n")
    said = refused(project, "accept", "dogs", "--only", "1.5", "--version", "1", *DATES)
    assert "This would be approved:\npolicy_src/dogs.md:" in said and "no place is named #fish" in said


@pytest.mark.parametrize("words", [["mark", "dogs"], ["reject", "dogs"], ["accept", "dogs", "--version", "2", *DATES]])
def test_a_kept_version_that_was_changed_is_not_trusted(project: Path, words: list[str]) -> None:
    approved = approve(project)
    put(project, approved.replace("Birds fly.", "Birds ^^don't^^ fly.").replace("approved", "draft"))
    kept, sums = (project / "policy_src/archive/dogs" / name for name in ("v1.md", "SHA256SUMS"))
    listed = sums.read_bytes()
    for data in (approved.replace("may", "must").encode(), b"\xff"):
        kept.write_bytes(data)
        said = refused(project, *words)
        assert said.startswith("policy_src/archive/dogs/v1.md: this approved version was changed. Take the change back")
    sums.write_text(f"{hashlib.sha256(data).hexdigest()}  v1.md\n")
    assert refused(project, *words).startswith("policy_src/archive/dogs/v1.md is not saved as UTF-8.")
    kept.unlink()
    assert "this approved version is gone" in refused(project, *words)
    kept.write_bytes(approved.encode())
    sums.write_bytes(listed + b"<<<<<<< HEAD\n")
    assert refused(project, *words).startswith("policy_src/archive/dogs/SHA256SUMS:2: this line is not")


def test_a_number_that_another_policy_has_is_refused(project: Path) -> None:
    """Whichever of the two comes first, and with amendments left as well."""
    put(project, OTHER.replace("title: Other Policy", "title: Other Policy\npolicy_number: 7"), "other.md")
    put(project, DRAFT.replace('policy_number: "0042" # the old one\n', ""))
    for only in ([], ["--only", "#in"]):
        words = ["accept", "dogs", "--version", "1", *DATES, "--drop-comments", "--policy-number", "7", *only]
        assert "policy_number 7 is also that of policy_src/dogs.md" in refused(project, *words)
    assert run("accept", *words[1:-3], "8").exit_code == 0


def test_no_comment_is_approved(project: Path) -> None:
    """Nor those that stand beside the amendments that are meant."""
    put(project, DRAFT.replace("Birds fly.", "Birds fly. {>>JS: all?<<}"))
    words = ["accept", "dogs", "--only", "1", "--version", "1", *DATES]
    assert "policy_src/dogs.md:16: clause 1.3: the comment by JS is not resolved: all?" in refused(project, *words)
    put(project, DRAFT.replace("Birds fly.", "Birds fly. {>>JS: all?<<}").replace(" {>>TA1: why?<<}", ""))
    assert "policy_src/dogs.md:16: clause 1.3: the comment by JS is not resolved: all?" in refused(project, *words)
    result = run(*words, "--drop-comments")
    assert result.exit_code == 0 and "1 comment dropped." in result.stdout
    assert "{>>" not in read(project) and read(project) == read(project, "archive/dogs/v1.md")


def test_words_that_were_changed_without_marks_are_not_accepted(project: Path) -> None:
    edited = approve(project).replace("Birds fly.", "Birds sing.")
    put(project, edited)
    words = ["accept", "dogs", "--version", "2", "--published", "2026-12-02", "--review-due", "2027-12-01"]
    said = refused(project, *words)
    assert said.startswith("policy_src/dogs.md:18: clause 1.3: the words here are not those of approved version 1")
    assert "Run policy mark dogs" in said
    put(project, edited.replace("distribution:", "change_note: {text: Spelling, editorial: true}\ndistribution:"))
    result = run(*words)
    assert result.exit_code == 0 and "Birds sing." in read(project, "archive/dogs/v2.md")
    assert "The editorial change that its change note declared is in this version." in result.stdout


def test_rejecting_does_not_undo_what_has_no_marks(project: Path) -> None:
    edited = approve(project).replace("Birds fly.", "Birds sing.")
    for text, state in ((edited, ""), (edited.replace("status: approved", "status: draft"), "stays a draft: it ")):
        put(project, text)
        result = run("reject", "dogs")
        assert result.exit_code == 0 and read(project) == text
        assert result.stdout.startswith(
            "Rejected nothing: policy_src/dogs.md has no amendments.\n"
            f"policy_src/dogs.md {state}still differs from version 1, without marks:\n"
            "policy_src/dogs.md:18: clause 1.3: the words here are not those of approved version 1"
        )


BY_HAND = {
    "kept inside": ("Birds fly.", "Birds fly. {.internal}", "P716", 18),
    "another title": ("title: Test Policy\n", "title: Cats\n", "P715", 2),
    "another owner": ("owner: Town Clerk\n", "owner: Mayor\n", "P715", 5),
    "for others": ("internal: [All staff]", "internal: [Members]", "P715", 8),
}


@pytest.mark.parametrize("case", BY_HAND)
def test_what_no_mark_can_show_is_told_by_all_and_can_be_approved(case: str, project: Path) -> None:
    old, new, code, line = BY_HAND[case]
    text = approve(project).replace(old, new)
    assert new in text
    put(project, text)
    said = f"policy_src/dogs.md:{line}: "
    check = run("check", "--strict", "--today", "2026-12-15")
    assert check.exit_code == 1 and f"Warning: {said}" in check.stderr and f"[{code}]" in check.stderr
    assert "Run policy mark" not in check.stderr
    for command in ("mark", "reject"):
        told = run(command, "dogs")
        assert told.exit_code == 0 and read(project) == text
        assert said in told.stdout and f"[{code}]" in told.stdout, told.stdout
    put(project, text.replace("status: approved", "status: draft").replace("Birds fly", "Birds ~~fly~~ ^^sing^^"))
    told = run("reject", "dogs")
    assert "policy_src/dogs.md stays a draft: it still differs from version 1, without marks:" in told.stdout
    assert read(project) == text.replace("status: approved", "status: draft")
    put(project, text)
    assert run("accept", "dogs", "--version", "2", *DATES).exit_code == 0
    assert new in read(project, "archive/dogs/v2.md")
    check = run("check", "--strict", "--today", "2026-12-15")
    assert (
        check.stderr.count("[P") == check.stderr.count("[P757]") == (case == "kept inside")
    )  # version 1 is still there


def test_a_note_on_a_version_that_does_not_come_goes_with_its_amendments(project: Path) -> None:
    text = approve(project)
    note = "change_note: {text: Birds may sing}\ndistribution:"
    draft = text.replace("status: approved", "status: draft").replace("fly.", "fly ^^and sing^^.")
    put(project, draft.replace("distribution:", note))
    assert "is version 1 again" in run("reject", "dogs").stdout
    assert read(project) == text


def test_a_review_that_changes_nothing_is_a_version_with_new_dates(project: Path) -> None:
    approve(project)
    said = refused(project, "accept", "dogs", "--version", "2", *DATES)
    assert said.startswith("policy_src/dogs.md has no amendments, and the words and dates of version 1.")
    result = run("accept", "dogs", "--version", "2", "--published", "2027-11-30", "--review-due", "2028-11-30")
    assert result.exit_code == 0
    assert result.stdout.startswith("Accepted nothing: policy_src/dogs.md has no amendments.\npolicy_src/dogs.md is")


@pytest.mark.parametrize(
    ("last", "next_one", "allowed"),
    [("1", "1.1", True), ("2", "10", True), ("1.9", "1.10", True), ("1", "2-interim", True), ("2", "2a", True),
     ("10", "2", False), ("1.1", "1", False), ("2", "02", False), ("2A", "2a", False), ("1.1", "1-1", False)],
)  # fmt: skip
def test_versions_go_up(last: str, next_one: str, allowed: bool, tmp_path: Path) -> None:
    put_all(archive.addition(tmp_path, "dogs", last, b""))
    if allowed:
        assert archive.addition(tmp_path, "dogs", next_one, b"")
    else:
        with pytest.raises(archive.ArchiveError, match=f"version {next_one} is not after {last}, the last one"):
            archive.addition(tmp_path, "dogs", next_one, b"")


def test_only_what_was_done_is_told(project: Path) -> None:
    """Of two amendments in one clause, and of two that say the same in two clauses."""
    two = "1.  The ~~Clerk~~ ^^Mayor^^ {>>TA: new<<} feeds ~~all~~ the birds. {>>JS: some<<}\n"
    put(project, f"{DRAFT}\n{two}\n1.  The ~~Clerk~~ ^^Mayor^^ sees ~~all~~ cats.\n")
    result = run("accept", "dogs", "--only", "TA", "--drop-comments")
    assert result.exit_code == 0, result.output
    told = [line for line in result.stdout.splitlines() if line.startswith("  ")]
    assert told == ["  A3, 1.4: for “Clerk” substitute “Mayor”"]
    result = run("reject", "dogs", "--only", "1.5", "--drop-comments")
    told = [line for line in result.stdout.splitlines() if line.startswith("  ")]
    assert told == ["  A4, 1.5: for “Clerk” substitute “Mayor”", "  A5, 1.5: delete “all”"]


def test_links_lead_nowhere_outside(project: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A policy that is a link is written through to its file; the archive is never a link to another place."""
    outside = tmp_path_factory.mktemp("outside")
    (project / "policy_src/archive").symlink_to(outside)
    words = ["accept", "dogs", "--version", "1", *DATES, "--drop-comments"]
    assert "policy_src/archive/dogs: this is a link" in refused(project, *words)
    assert files(outside) == {}
    (project / "policy_src/archive").unlink()
    for folder, status in (("policy_src/images", 1), ("policy_src", 0)):
        (project / folder).mkdir(exist_ok=True)
        (project / "policy_src/dogs.md").replace(project / folder / ".dogs")
        (project / "policy_src/dogs.md").symlink_to(project / folder / ".dogs")
        before = files(project)
        assert run(*words).exit_code == status
        assert (project / "policy_src/dogs.md").is_symlink() and (files(project) == before) == bool(status)
        (project / "policy_src/dogs.md").unlink()
        (project / folder / ".dogs").replace(project / "policy_src/dogs.md")


def test_a_disk_that_is_full_changes_nothing(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    replace = os.replace

    def full(source: Path, target: Path) -> None:
        if Path(target).name == "dogs.md" and Path(source).suffix == ".part":
            raise OSError(28, "No space left on device")
        replace(source, target)

    monkeypatch.setattr(os, "replace", full)
    said = refused(project, "accept", "dogs", "--version", "1", *DATES, "--drop-comments")
    assert said.startswith("policy_src/dogs.md: No space left on device.")


def test_colour_is_for_those_who_want_it(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(project, DRAFT.replace("status: draft", "status: draft\nreview_due: 2020-01-01"))
    for words in (["due"], ["status"], ["check"]):
        assert "\x1b[" in CliRunner().invoke(main, words, color=True).output
    monkeypatch.setenv("NO_COLOR", "1")
    for words in (["due"], ["status"], ["check"]):
        assert "\x1b[" not in CliRunner().invoke(main, words, color=True).output


def test_a_plain_line_of_a_report_has_no_colour_codes(project: Path) -> None:
    git = ["git", "-c", "user.name=Clerk", "-c", "user.email=clerk@example.org"]
    for words in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "--message", "All"]):
        subprocess.run([*git, *words], cwd=project, check=True)
    put(project, OTHER.replace("As in", "See"), "other.md")
    lines = CliRunner().invoke(main, ["changes", "--base", "HEAD"], color=True).stdout.splitlines()
    plain = [line for line in lines if "\x1b" not in line]
    assert lines[0].startswith("\x1b[1mWhat ") and any("clause 1.1" in line.lower() for line in plain)


def test_line_ends_and_byte_order_mark_stay(project: Path) -> None:
    path = project / "policy_src/dogs.md"
    path.write_bytes(b"\xef\xbb\xbf" + DRAFT.replace("\n", "\r\n").encode())
    assert run("accept", "dogs", "--version", "1", *DATES, "--drop-comments").exit_code == 0
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf---\r\n") and data.count(b"\n") == data.count(b"\r\n")
    assert data.count(b"\xef\xbb\xbf") == 1
