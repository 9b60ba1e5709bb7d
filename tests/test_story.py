"""The life of a policy as officers live it, in a Git repository: approve, edit, mark, look, accept; and slip."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from building import FIRST_POLICY, new_project, run

from policydoc.history import archive

SLUG = "social-media"
MOVED = "1.  Online content should be objective, balanced, informed and accurate.\n\n"
FIRST = ["--published", "2026-12-01", "--review-due", "2027-12-01"]
SECOND = ["--published", "2027-01-05", "--review-due", "2028-01-05"]
TODAY = ["--today", "2027-02-01"]  # a day on which both versions have been published, and no review is near


class Council:
    """A repository with the council's first policy, and the words that an officer types in it."""

    def __init__(self, folder: Path) -> None:
        self.root = new_project(folder, FIRST_POLICY)
        self.first = folder.with_name("first")  # the policies once version 1 is approved, whatever becomes of them
        self.file = self.root / f"policy_src/{SLUG}.md"
        self.git("init", "--quiet", "--initial-branch=main")
        self.commit("The draft")

    def git(self, *words: str) -> str:
        command = ["git", "-c", "user.name=Officer", "-c", "user.email=officer@example.org", *words]
        return subprocess.run(command, cwd=self.root, check=True, capture_output=True, text=True).stdout

    def commit(self, message: str) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)

    def says(self, *words: str, status: int = 0) -> str:
        done = run(self.root, *words, POLICY_PDF="off")
        assert done.returncode == status, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return re.sub(r"\s+", " ", done.stdout + done.stderr)

    def text(self) -> str:
        return self.file.read_bytes().decode()

    def edit(self, *changes: tuple[str, str]) -> None:
        text = self.text()
        for old, new in changes:
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        self.file.write_bytes(text.encode())


@pytest.fixture(scope="module")
def approved(tmp_path_factory: pytest.TempPathFactory) -> Council:
    """The council once its draft has been accepted as version 1."""
    council = Council(tmp_path_factory.mktemp("story") / "council")
    council.says("accept", SLUG, "--version", "1", *FIRST, status=1)  # there are comments, and no number
    said = council.says("accept", SLUG, "--version", "1", *FIRST, "--policy-number", "0042", "--drop-comments")
    assert "Accepted 22 amendments of " in said and "6 comments dropped" in said and "approved as version 1" in said
    assert council.says("check", "--strict", *TODAY) == "1 policy checked: nothing to complain of. "
    said = council.says("changes", "--base", "HEAD")
    assert "21 amendments accepted" in said and "Version 1 is kept" in said and "ilent" not in said
    council.commit("Version 1 is approved")
    shutil.copytree(council.root / "policy_src", council.first)
    return council


def test_the_second_version(approved: Council) -> None:
    council = approved
    first = council.text()
    council.git("checkout", "--quiet", "-b", "second")

    # An officer edits the text as it stands, without marks: a new heading, a clause reworded, one deleted, one moved, a
    # comment.
    council.edit((MOVED, ""))
    council.edit(
        ("1.  Posts must not contain anyone's personal information\n",
         MOVED + "1.  Posts must not contain anyone's personal information unless that person has agreed "
         "{>>JS: in writing?<<}\n"),
        ("1.  Spell and grammar check everything\n\n", ""),
        ("1.  All social media sites in use", "## Security of accounts\n\n1.  All social media sites in use"),
    )  # fmt: skip
    edited = council.text()
    said = council.says("check", *TODAY)
    assert "clause 4.8: the words here and in 4 other places are not those of approved version 1" in said
    said = council.says("changes")
    assert "4 silent edits" in said and "Run policy mark social-media" in said
    council.says("changes", "--strict", status=1)

    # The marks are written for them.
    said = council.says("mark", SLUG)
    assert "4.8: move clause 4.8 to stand after 5.1, as 5.2" in said
    assert (
        "5.2 (will be 5.3): after “contain anyone's personal information” insert “unless that person has agreed”"
        in said
    )
    assert "after 6.4 (will be 7): insert the section “Security of accounts”" in said
    assert "7.14: delete clause 7.14, “Spell and grammar check everything”" in said
    assert "draft again" in said
    marked = council.text()
    assert "needs no other marks" in council.says("mark", SLUG)

    said = council.says("changes", "--strict")
    for words in (
        "4 amendments proposed",
        "Clause 4.8 moves and is now clause 5.2",
        "Clause 5.3 is reworded: after “contain anyone's personal information” insert “unless that person has agreed”",
        "Section 7 is inserted: “Security of accounts”",
        "Clause 8.14 is deleted: “Spell and grammar check everything”",
        "Sections 7 to 10 become 8 to 11",
        "Clause 5.3, JS: “in writing?”",
        "status: “approved” → “draft”",
    ):
        assert words in said
    assert "ilent" not in said
    assert council.says("check", "--strict", *TODAY) == "1 policy checked: nothing to complain of. "
    council.commit("Amendments for version 2")

    # Rejected, version 1 is back to the last byte; accepted, the officer's own text is the policy.
    council.says("reject", SLUG, status=1)
    assert "version 1 again" in council.says("reject", SLUG, "--drop-comments")
    assert council.text() == first
    council.file.write_bytes(marked.encode())
    said = council.says("accept", SLUG, "--version", "2", *SECOND, status=1)
    assert "clause 5.3: the comment by JS is not resolved: in writing?" in said
    council.edit((" {>>JS: in writing?<<}", ""))
    said = council.says("accept", SLUG, "--version", "2", *SECOND, "--note", "Accounts have a section of their own")
    assert "Accepted 4 amendments" in said and "policy_src/archive/social-media/v2.md" in said
    body = edited.partition("\n---\n")[2].replace(" {>>JS: in writing?<<}", "")
    kept = council.text().partition("\n---\n")[2]
    assert kept.replace("1.  Deleted.\n\n", "") == body.replace("1.  Deleted.\n\n", "")
    assert kept.count("1.  Deleted.") == 5  # three of version 1, one deleted and one moved since: each holds its number
    said = council.says("changes", "--base", "second")
    assert "4 amendments accepted" in said and "Version 2 is kept" in said and "ilent" not in said
    assert [each.version for each in archive.versions(council.root / "policy_src", SLUG)] == ["1", "2"]
    assert (council.root / f"policy_src/archive/{SLUG}/v1.md").read_bytes().decode() == first
    council.commit("Version 2 is approved")

    # And this is what is published.
    council.says("build")
    data = json.loads((council.root / f"site/external/policies/{SLUG}/{SLUG}.json").read_text("utf-8"))
    assert (data["version"], data["status"], data["change_note"]["text"]) == (
        "2", "approved", "Accounts have a section of their own",
    )  # fmt: skip
    clauses = {each["number"]: each for each in data["clauses"]}
    assert len(clauses) == 72 and {each["status"] for each in data["clauses"]} == {"unchanged"}
    assert clauses["7"]["text"] == "Security of accounts" and clauses["4.8"]["text"] == "Deleted."
    assert clauses["5.2"]["text"].startswith("Online content should be objective")


# What an officer may do wrong in the approved policy: words to replace, with what; then words of the message.
SLIPS = {
    "a mark left open": ("Posts must not", "Posts ~~must not", "clause 5.2: the mark ~~ is never closed. Close it"),
    "a space inside a mark": ("Posts must not", "Posts ~~must ~~ not", "a space stands just inside it"),
    "a comment left open": ("Posts must not", "Posts {>>JS: really? must not", "the comment {>> is never closed"),
    "a number typed": ("1.  Posts must not", "1.  5.2 Posts must not", "the number “5.2” is typed into the text"),
    "indented by three": ("    1.  Supporting local", "   1.  Supporting local", "indented by 3 spaces"),
    "a reference to nothing": ("Posts must not", "Posts (see [clause](#posts)) must not", "no place is named #posts"),
    "a wrong date": ("review_due: 2027-12-01", "review_due: 2027-13-01", "review_due is not a day of the calendar"),
    "a key misspelt": ("review_due:", "reveiw_due:", "there is no key reveiw_due. Did you mean review_due?"),
    "HTML": ("Posts must not", "Posts <u>must</u> not", "HTML is not allowed in a policy"),
    "a word changed without a mark": ("Posts must not", "Posts should not", "are not those of approved version 1"),
    "an approved version changed": (None, "Posts should not", "this approved version was changed"),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_slips_are_told_in_one_line(approved: Council, tmp_path: Path, slip: str) -> None:
    old, new, words = SLIPS[slip]
    root = new_project(tmp_path / "council", approved.first)
    name = f"policy_src/{SLUG}.md" if old else f"policy_src/archive/{SLUG}/v1.md"
    text = (root / name).read_text("utf-8")
    (root / name).write_text(text.replace(old or "Posts must not", new, 1), "utf-8")
    done = run(root, "check", "--strict", *TODAY)
    assert done.returncode == 1
    said = done.stderr.splitlines()
    (line,) = (line for line in said if words in line)
    assert name in line and re.search(r" \[P\d{3}\]$", line)
    # Where the words differ from those that were approved, that is said as well, and nothing else.
    assert all("are not those of approved version 1" in other for other in said if other != line)
