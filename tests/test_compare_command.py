"""`policy compare`: any two versions of a policy, told in clauses and as a marked PDF."""

import shutil
from pathlib import Path

import pytest
import verapdf
from building import new_project, policy, run
from pypdf import PdfReader
from test_versions import approved, keep, write

ONE = """\
Opening words of it.

## Purpose

1.  Dogs are welcome in the parks, but for [clause](#fees).

1.  The warden keeps a record of every fine.

1.  A fee of £75 is paid for each dog. {#fees}

1.  Wardens carry a radio at all times. {.internal}

## Fees

| Dog | Fee |
|---|---|
| Large | £10 |
| Small | £5 |

1.  Owners shall keep a lead.[^1]

1.  See [clause](#fees) and [clause](cats.md#fees).

[^1]: In the town.
"""
TWO = (
    ONE.replace("1.  Dogs are", "1.  This policy is for all parks.\n\n1.  Dogs are")
    .replace("£75", "£100")
    .replace("The warden keeps a record of every fine.", "Deleted.")
)
LAST = "1.  See [clause](#fees) and [clause](cats.md#fees).\n\n"
THREE = (
    TWO.replace("£5 |", "£6 |\n| Tiny | £1 |")
    .replace(LAST, "")
    .replace("## Fees", f"{LAST}## Fees")
    .replace("In the town.", "In the whole town.")
    .replace(" {.internal}", "")
)
DRAFT = THREE.replace("a lead.", "a ~~lead~~ ^^short lead^^.{>>JS: how short?<<}").replace(
    "Opening", "~~Opening~~ ^^First^^"
)
CATS = "## Purpose\n\n1.  ^^New.^^\n\n1.  Cats are free. {#fees}\n"
STAFF = {"distribution": "{internal: [All staff], external: []}"}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = new_project(tmp_path_factory.mktemp("compare"), None)
    broken = "## Purpose\n\n1.  Dogs ~~swim.\n    1.  In a pond.\n"
    write(
        root, dogs=policy(DRAFT, version="4"), cats=policy(CATS), staff=policy(CATS, **STAFF),
        old=approved("2", "## A\n\n1.  Dogs swim.\n"), wrong=policy("## A\n\n1.  Dogs ~~swim.\n"),
    )  # fmt: skip
    keep(root, "dogs", v1=approved("1", ONE), v2=approved("2", TWO), v3=approved("3", THREE))
    keep(root, "old", v1=approved("1", broken), v2=approved("2", "## A\n\n1.  Dogs swim.\n"))
    return root


def compared(project: Path, *words: str) -> str:
    done = run(project, "compare", *words)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_what_changed_is_told_clause_by_clause(project: Path) -> None:
    assert (
        compared(project, "dogs", "v1", "v3")
        == """\
Test Policy (policy_src/dogs.md): version 1 compared with version 3

  What changed
  - Clause 1.1 is inserted: “This policy is for all parks.”
  - Clause 1.2 is deleted: “The warden keeps a record of every fine.”
  - Clause 1.3, now 1.4, is reworded: for “£75” substitute “£100”.
  - Clause 1.5 is public now; it was in the internal edition only.
  - Clause 2.2 moves and is now clause 1.6.
  - Section 2 is reworded: in the row “Small” under “Fee”, for “£5” substitute
    “£6”; after the row “Small” insert the row “Tiny | £1”.
  - Footnote 1: after “In the” insert “whole”.

  Numbers that changed
  - Clause 1.1 becomes 1.2.
  - Clause 1.3 becomes 1.4.
"""
    )


def test_the_draft_is_compared_as_it_would_be(project: Path) -> None:
    account = compared(project, "dogs", "3", "draft")
    assert "The opening words are changed: for “Opening” substitute “First”." in account
    assert "Clause 2.1 is reworded: after “Owners shall keep a” insert “short”." in account
    assert "how short" not in account and account.count("  - ") == 2


def test_outside_nothing_internal_is_told(project: Path) -> None:
    account = compared(project, "dogs", "v1", "v2", "--edition", "external")
    assert "radio" not in account and "Clause 1.3, now 1.4, is reworded" in account


def test_what_says_the_same_is_told_so_and_has_no_pdf(project: Path, tmp_path: Path) -> None:
    keep(project, "cats", v1=approved("1", "## A\n\n1.  Cats.\n"), v2=approved("2", "## A\n\n1.  Cats.\n"))
    account = compared(project, "cats", "v1", "v2", "--pdf", str(tmp_path / "a.pdf"))
    assert "Nothing: both say the same." in account and "nothing to mark" in account
    assert not (tmp_path / "a.pdf").exists()


def test_the_pdf_marks_all_changes_and_lists_them(project: Path, tmp_path: Path) -> None:
    path = tmp_path / "marked.pdf"
    assert f"Marked copy: {path}" in compared(project, "dogs", "v1", "v3", "--edition", "external", "--pdf", str(path))
    words = " ".join(" ".join(page.extract_text() for page in PdfReader(path).pages).split())
    assert "Words struck through are in version 1 alone. Words underlined are in version 3 alone." in words
    assert "Every change from version 1 to version 3, in words and in the order of the text." in words
    assert "move clause 2.2 to stand after 1.4 (will be 1.5)" not in words and "as 1.6" in words
    assert "Wardens carry a radio" in words.partition("Schedule")[0]  # public in version 3
    assert words.count("Version 1 compared with version 3") >= 2 and "are to be deleted" not in words
    assert not verapdf.check([path])


def test_a_pdf_for_outside_holds_nothing_internal(project: Path, tmp_path: Path) -> None:
    path = tmp_path / "marked.pdf"
    compared(project, "dogs", "v1", "v2", "--edition", "external", "--pdf", str(path))
    words = " ".join(page.extract_text() for page in PdfReader(path).pages)
    assert "radio" not in words and "Not published" in words


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("dogs v3 v1", "version 3 came after version 1. Write policy compare dogs v1 v3.\n"),
        ("dogs v3 3", "version 3 was given twice. Give two versions.\n"),
        ("dogs v9 v3", "policy_src/dogs.md has no version v9. It has v1, v2, v3, draft.\n"),
        ("old v2 draft", "policy_src/old.md is no draft: nothing is proposed. It has v1, v2.\n"),
        ("old v1 v2", "version 1 was written before today's rules and can't be read, so not compared.\n"),
        ("dgos v1 v2", "there is no policy policy_src/dgos.md. Did you mean dogs?\n"),
        (
            "staff v1 v2 --edition external",
            "policy_src/staff.md is not in the external edition. Write --edition internal.\n",
        ),
        ("dogs v1 v2 --pdf gone/a.pdf", "there is no folder gone. Make it, or give another with --pdf.\n"),
        ("dogs v1 v2 --pdf mkdocs.yml", "mkdocs.yml is no name of a PDF. Write --pdf mkdocs.pdf.\n"),
        (
            "dogs v1 v2 --pdf there.pdf",
            "there.pdf is there already, and is left as it is. Give another name with --pdf.\n",
        ),
    ],
)  # fmt: skip
def test_what_is_typed_wrong_is_told_in_one_line(project: Path, words: str, told: str) -> None:
    (project / "there.pdf").write_bytes(b"mine")
    done = run(project, "compare", *words.split())
    assert (done.returncode, done.stderr, done.stdout) == (1, told, "")
    assert (project / "there.pdf").read_bytes() == b"mine" and not (project / "gone").exists()


def test_a_withheld_version_is_not_compared_and_says_why(project: Path, tmp_path: Path) -> None:
    root = shutil.copytree(project, tmp_path / "withheld")
    assert run(root, "withhold", "dogs", "--version", "1", "--reason", "A court's order").returncode == 0
    done = run(root, "compare", "dogs", "v1", "v2")
    told = "version 1 of policy_src/dogs.md is withheld: A court's order\n"
    assert (done.returncode, done.stderr, done.stdout) == (1, told, "")


def test_a_policy_with_an_error_is_not_compared(project: Path) -> None:
    done = run(project, "compare", "wrong", "v1", "draft")
    assert done.returncode == 1 and done.stderr.startswith("policy_src/wrong.md:") and "[P301]" in done.stderr
