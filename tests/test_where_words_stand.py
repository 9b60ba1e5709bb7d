"""Where words stand is part of what they say: to move them, or to give them another form, is an edit like any other."""

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from policydoc.amending import redline
from policydoc.amending.accept_reject import accept, reject
from policydoc.amending.proof import read
from policydoc.amending.rewriting import Refused
from policydoc.commands import main
from policydoc.history import archive
from policydoc.model.outline import Line, outline
from policydoc.source.numbering import AS_USUAL, CLOSED_UP, Counting
from policydoc.writing import put_all

FRONT = """---
title: Dogs
policy_number: 0042
version: 1
status: {status}
owner: Town Clerk
date_published: 2025-11-30
review_due: 2027-11-30
distribution: {{internal: [All staff], external: [Website]}}
---

"""
BEFORE, BEHIND = "## Purpose\n\n1.  Dogs are welcome. {#welcome}\n\n", "\n## Fees\n\n1.  There are none.\n"
MORE = "A dog may be removed:"
AND = "and has been warned in writing, or"

# What the approved version says between BEFORE and BEHIND, what is said now, and the place that has to be named
MOVES: dict[str, tuple[str, str, str]] = {
    "from between two sub-clauses to behind the last": (
        f"1.  {MORE}\n\n    1.  if it barks,\n\n    {AND}\n\n    1.  if it bites.\n",
        f"1.  {MORE}\n\n    1.  if it barks,\n    1.  if it bites.\n\n    {AND}\n",
        "clause 1.2",
    ),
    "from behind the last sub-clause to before the first": (
        f"1.  {MORE}\n\n    1.  if it barks,\n    1.  if it bites.\n\n    {AND}\n",
        f"1.  {MORE}\n\n    {AND}\n\n    1.  if it barks,\n    1.  if it bites.\n",
        "clause 1.2",
    ),
    "from behind the sub-clauses into the last of them": (
        f"1.  {MORE}\n\n    1.  if it barks,\n    1.  if it bites.\n\n    {AND}\n",
        f"1.  {MORE}\n\n    1.  if it barks,\n    1.  if it bites.\n\n        {AND}\n",
        "clause 1.2",
    ),
    "from inside the last clause to behind the clauses": (
        f"1.  One dog.\n1.  Two dogs.\n\n    {AND}\n",
        f"1.  One dog.\n1.  Two dogs.\n\n{AND}\n",
        "clause 1.3",
    ),
    "from behind one clause to behind another": (
        f"1.  One dog.\n\n{AND}\n\n1.  Two dogs.\n1.  Three dogs.\n",
        f"1.  One dog.\n1.  Two dogs.\n\n{AND}\n\n1.  Three dogs.\n",
        "section 1",
    ),
    "from behind the clauses to below the next heading": (
        f"1.  One dog.\n\n{AND}\n",
        f"1.  One dog.\n\n## More\n\n{AND}\n",
        "section",
    ),
    "the order of bullets": (
        "1.  Bring:\n\n    - a lead for it,\n    - a bag for it.\n",
        "1.  Bring:\n\n    - a bag for it.\n    - a lead for it,\n",
        "clause 1.2",
    ),
    "a bullet into the one above": (
        "1.  Bring:\n\n    - a lead for it,\n    - a bag for it.\n",
        "1.  Bring:\n\n    - a lead for it,\n        - a bag for it.\n",
        "clause 1.2",
    ),
    "a bullet's second paragraph a bullet of its own": (
        "1.  Bring:\n\n    - a lead for it,\n\n        a bag for it.\n",
        "1.  Bring:\n\n    - a lead for it,\n\n    - a bag for it.\n",
        "clause 1.2",
    ),
    "a bullet a paragraph": (
        "1.  Bring:\n\n    - a lead for it.\n",
        "1.  Bring:\n\n    a lead for it.\n",
        "clause 1.2",
    ),
    "a paragraph a quotation": (
        "1.  As was said.\n\nDogs are dogs.\n",
        "1.  As was said.\n\n> Dogs are dogs.\n",
        "section 1",
    ),
    "one paragraph two": (
        "1.  Dogs are dogs. Cats are cats.\n",
        "1.  Dogs are dogs.\n\n    Cats are cats.\n",
        "clause 1.2",
    ),
    "a word into the next cell": (
        "| What | How much |\n|---|---|\n| Collar new | £5 |\n",
        "| What | How much |\n|---|---|\n| Collar | new £5 |\n",
        "section 1",
    ),
    "a cell into the next": (
        "| What | How | When |\n|---|---|---|\n| Collar | £5 |  |\n",
        "| What | How | When |\n|---|---|---|\n| Collar |  | £5 |\n",
        "section 1",
    ),
    "two rows": (
        "| What | How |\n|---|---|\n| Collar | £5 |\n| Lead | £9 |\n",
        "| What | How |\n|---|---|\n| Lead | £9 |\n| Collar | £5 |\n",
        "section 1",
    ),
    "two cells of two rows": (
        "| What | How |\n|---|---|\n| Collar | £5 |\n| Lead | £9 |\n",
        "| What | How |\n|---|---|\n| Collar | £9 |\n| Lead | £5 |\n",
        "section 1",
    ),
    "a table of one row turned into a column": (
        "1.  Fees:\n\n    | a b |\n    |---|\n    | c d |\n",
        "1.  Fees:\n\n    | a b |\n    |---|\n    | c |\n    | d |\n",
        "clause 1.2",
    ),
    "a footnote's reference": (
        "1.  A dog[^1] on a lead.\n\n[^1]: As defined by law.\n",
        "1.  A dog on a lead[^1].\n\n[^1]: As defined by law.\n",
        "clause 1.2",
    ),
    "a footnote's reference to another clause": (
        "1.  A dog[^1].\n1.  A cat.\n\n[^1]: As defined by law.\n",
        "1.  A dog.\n1.  A cat[^1].\n\n[^1]: As defined by law.\n",
        "clause 1.2",
    ),
    "two footnotes' references": (
        "1.  A dog[^1] and a cat[^2].\n\n[^1]: It barks.\n\n[^2]: It purrs.\n",
        "1.  A dog[^2] and a cat[^1].\n\n[^1]: It barks.\n\n[^2]: It purrs.\n",
        "clause 1.2",
    ),
    "a link": (
        "1.  See [the Act](https://example.org) and the Order.\n",
        "1.  See the Act and [the Order](https://example.org).\n",
        "clause 1.2",
    ),
    "two links": (
        "1.  See [the Act](https://example.org/a) and [the Order](https://example.org/b).\n",
        "1.  See [the Act](https://example.org/b) and [the Order](https://example.org/a).\n",
        "clause 1.2",
    ),
    "a link to a clause": (
        "1.  See [here](#welcome) and there.\n",
        "1.  See here and [there](#welcome).\n",
        "clause 1.2",
    ),
    "a power of ten": ("1.  At most 10^2^ dogs.\n", "1.  At most 102 dogs.\n", "clause 1.2"),
    "a heading's level": ("### Dogs\n\n1.  One dog.\n", "## Dogs\n\n1.  One dog.\n", "1"),
    "a sub-clause a clause": (
        "1.  One dog:\n\n    1.  barks.\n    1.  bites.\n",
        "1.  One dog:\n\n    1.  barks.\n\n1.  bites.\n",
        "clause 1.",
    ),
    "a term's meaning to the next term": (
        "Dog\n:   An animal.\n:   A friend.\n\nCat\n:   A beast.\n",
        "Dog\n:   An animal.\n\nCat\n:   A friend.\n:   A beast.\n",
        "section 1",
    ),
}
# What is no word, and where it stands no matter
SAME: dict[str, tuple[str, str]] = {
    "a comment": ("1.  Dogs {>>JS: all?<<} on a lead.\n", "1.  Dogs on a lead. {>>JS: all?<<}\n"),
    "lines and spaces": ("1.  Dogs on\n    a lead.\n1.  Cats.\n", "1.  Dogs on   a lead.\n\n\n1.  Cats.\n"),
    "bold and italics": ("1.  Dogs **on** a *lead*.\n", "1.  *Dogs* on a lead.\n"),
    "a name": ("1.  Dogs on a lead. {#lead}\n", "1.  Dogs on a lead. {#short-lead}\n"),
    "the sign of a bullet": ("1.  Dogs:\n\n    - big\n    - small\n", "1.  Dogs:\n\n    * big\n    * small\n"),
    "space between bullets": ("1.  Dogs:\n\n    - big\n    - small\n", "1.  Dogs:\n\n    - big\n\n    - small\n"),
    "a table's rule": ("| a | b |\n|---|---|\n| c | d |\n", "| a | b |\n| --- | :-- |\n| c |d|\n"),
}


def text(middle: str, status: str = "approved") -> str:
    return FRONT.format(status=status) + BEFORE + middle + BEHIND


def git(root: Path, *words: str) -> None:
    names = ["-c", "user.name=Test", "-c", "user.email=test@example.org"]
    subprocess.run(["git", *names, *words], cwd=root, check=True, capture_output=True)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "policy_src").mkdir()
    (tmp_path / "mkdocs.yml").write_text("site_name: Test\nextra:\n  council:\n    name: Test Council\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def put(project: Path, was: str, now: str) -> Path:
    """An approved policy that is kept and committed, then edited; its file."""
    file = project / "policy_src/dogs.md"
    file.write_text(text(was), "utf-8", newline="")
    put_all(archive.addition(file.parent, "dogs", "1", file.read_bytes()))
    git(project, "init", "--quiet", "--initial-branch=main")
    git(project, "add", ".")
    git(project, "commit", "--quiet", "--message=Approved")
    file.write_text(text(now), "utf-8", newline="")
    return file


def run(*words: str) -> Result:
    return CliRunner().invoke(main, list(words), catch_exceptions=False)


@pytest.mark.parametrize("case", MOVES)
def test_check_tells_a_silent_edit_with_its_line(case: str, project: Path) -> None:
    was, now, _ = MOVES[case]
    put(project, was, now)
    told = [line for line in run("check", "--today", "2026-12-15").stderr.splitlines() if "[P71" in line]
    assert len(told) == 1, told
    line = int(told[0].split(":")[2])
    lines = text(now).splitlines()
    first = lines.index("## Purpose") + 1
    assert first <= line <= len(lines)


@pytest.mark.parametrize("case", MOVES)
def test_changes_names_the_place(case: str, project: Path) -> None:
    was, now, place = MOVES[case]
    put(project, was, now)
    told = run("changes", "--strict", "--base", "HEAD")
    assert told.exit_code == 1, told.output
    assert place in told.output.lower().partition("silent edits:")[2], told.output


@pytest.mark.parametrize("case", MOVES)
def test_accept_refuses_it(case: str, project: Path) -> None:
    was, now, _ = MOVES[case]
    file = put(project, was, now)
    before = file.read_bytes()
    done = run("accept", "dogs", "--version", "2", "--published", "2026-11-30", "--review-due", "2027-11-30")
    assert done.exit_code == 1 and "policy mark dogs" in done.stderr, done.output
    assert file.read_bytes() == before and not (project / "policy_src/archive/dogs/v2.md").exists()


def says(source: str, counting: Counting = CLOSED_UP) -> list[Line]:
    return [replace(line, name="") for line in outline(read(source, "x", counting), "amended")]


@pytest.mark.parametrize("case", MOVES)
def test_mark_writes_marks_that_give_both_texts_or_says_why_not(case: str) -> None:
    was, now, _ = MOVES[case]
    old, new = text(was), text(now)
    assert says(old) != says(new) and says(old, AS_USUAL) != says(new, AS_USUAL)
    try:
        marked = redline.marked(old, new, "x")
    except Refused as refused:
        assert case in UNMARKABLE and "mark it by hand" in str(refused)
        return
    assert case not in UNMARKABLE
    assert says(reject(marked, "x", counting=CLOSED_UP).text) == says(old)
    assert says(accept(marked, "x", counting=CLOSED_UP).text) == says(new)


# What marks can't show: there is no mark for the frame that words stand in
UNMARKABLE = {"a bullet into the one above"}


@pytest.mark.parametrize("case", SAME)
def test_what_is_no_word_may_stand_anywhere(case: str, project: Path) -> None:
    put(project, *SAME[case])
    assert "[P71" not in run("check", "--today", "2026-12-15").stderr
    assert run("changes", "--strict", "--base", "HEAD").exit_code == 0
    before, after = map(text, SAME[case])
    assert says(before, AS_USUAL) == says(after, AS_USUAL)
