"""A command reads each text once, however often it comes back to it: counted, not timed."""

import subprocess
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from building import new_project, run
from click.testing import CliRunner

from policydoc.commands import main
from policydoc.editions import council
from policydoc.editions.withhold import EDITIONS
from policydoc.settings import Council, Settings
from policydoc.source import parse, policy_files
from policydoc.source.numbering import AS_USUAL, CLOSED_UP, Counting
from policydoc.source.parse import Parsed
from policydoc.source.policy_files import Source

APPROVAL = "--version 1 --published 2026-11-30 --review-due 2027-11-30 --policy-number 0999".split()
BODY = "## Purpose\n\n1.  Dogs are {} in every park of the council.\n1.  Owners keep them on a lead. {{.internal}}\n"
FRONT = (
    "---\ntitle: Dogs\nversion: 0\nstatus: draft\nowner: Town Clerk\n"
    "distribution: {internal: [All staff], external: [Website]}\n---\n\n"
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The sample council, and beside it a policy with a version that is kept, and changes proposed to it."""
    project = new_project(tmp_path / "project")
    path = project / "policy_src/dogs.md"
    path.write_text(FRONT + BODY.format("allowed"), "utf-8")
    done = run(project, "accept", "dogs", *APPROVAL)
    assert done.returncode == 0, done.stderr
    approved = path.read_text("utf-8")
    path.write_text(approved.replace("status: approved", "status: draft").replace("allowed", "~~allowed~~ ^^welcome^^"))
    return project


@pytest.fixture
def texts(monkeypatch: pytest.MonkeyPatch) -> Counter[tuple[str, Counting]]:
    """How often each text has been read, with and without numbers for what is deleted."""
    counted = Counter[tuple[str, Counting]]()
    read = parse._parse

    def counted_read(source: Source, dialect: Any, counting: Counting) -> Parsed:
        counted["\n".join(source.body), counting] += 1
        return read(source, dialect, counting)

    monkeypatch.setattr(parse, "_parse", counted_read)
    monkeypatch.setattr(parse, "_reader", parse._Reader())
    return counted


COMMANDS: dict[str, list[str]] = {
    "check": ["check"],
    "status": ["status"],
    "reject": ["reject", "dogs"],
    "accept": ["accept", "dogs", *APPROVAL[:1], "2", *APPROVAL[2:6]],
    "accept only some": ["accept", "dogs", "--only", "1.1", *APPROVAL[:1], "2", *APPROVAL[2:6]],
    "mark": ["mark", "dogs"],
    "changes": ["changes"],
}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_reads_each_text_once(
    command: str, project: Path, texts: Counter[tuple[str, Counting]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project)
    if command == "changes":
        for words in (
            ["init", "-q"],
            ["add", "-A"],
            ["-c", "user.name=A", "-c", "user.email=a@b.uk", "commit", "-qm", "x"],
        ):
            subprocess.run(["git", *words], check=True)
    if command in ("mark", "changes"):
        path = project / "policy_src/dogs.md"
        path.write_text(path.read_text("utf-8").replace("^^welcome^^", "").replace("every park", "all parks"), "utf-8")
    done = CliRunner().invoke(main, COMMANDS[command])
    assert done.exit_code == 0, done.output
    policies = len(list((project / "policy_src").glob("*.md")))
    assert len(texts) >= (1 if command == "changes" else policies)
    assert {text: count for text, count in texts.items() if count > 1} == {}


def test_two_editions_read_each_text_once(project: Path, texts: Counter[tuple[str, Counting]]) -> None:
    for which in EDITIONS:
        council.read(project, which, Settings(council=Council(name="A")))
        assert len(texts) == len(list((project / "policy_src").glob("*.md"))) and set(texts.values()) == {1}


def source(body: Sequence[str], slug: str = "dogs", first: int = 9) -> Source:
    return Source(slug, f"policy_src/{slug}.md", policy_files.STAND_IN, {}, (), tuple(body), first, "")


def test_what_is_remembered_is_as_what_is_read(texts: Counter[tuple[str, Counting]]) -> None:
    """A text is another where its numbers, its lines or its name may come out differently."""
    body = BODY.format("~~allowed~~ ^^welcome^^").split("\n")
    asked = [
        (source(body), AS_USUAL),
        (source(body), CLOSED_UP),
        (source(body, "cats"), AS_USUAL),
        (source(body, first=10), AS_USUAL),
    ]
    fresh = [parse.parsed(*one) for one in asked]
    assert len({id(read) for read in fresh}) == len(asked) == len(texts) + 2  # the last two are the first's text
    assert all(parse.parsed(*one) is read for one, read in zip(asked, fresh, strict=True))
    first, _, cats, below = (read.document for read in fresh)
    assert cats == replace(first, slug="cats")
    assert [place.line for place in below.provisions()] == [place.line + 1 for place in first.provisions()]


def test_what_markdown_lost_is_remembered_too(texts: Counter[tuple[str, Counting]]) -> None:
    lost, good = (["## A", "", *words] for words in (["Dogs.", "", "[never]: https://example.org/"], ["Dogs."]))
    for body, codes in ((lost, ["P427"]), (good, []), (lost, ["P427"]), (good, [])):
        assert [problem.code for problem in parse.parsed(source(body)).problems] == codes


def test_memory_is_bounded(texts: Counter[tuple[str, Counting]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parse, "MOST", 1_000)
    for number in range(100):
        parse.parsed(source([f"## Policy {number}", "", "word " * 50]))
    kept = parse._reader._kept
    assert len(kept) > 1 and sum(len(line) for *_, body in kept for line in body) == parse._reader._size <= 1_000
    parse.parsed(source(["## A", "", "word " * 500]))  # larger than all that is kept: it alone stays
    assert len(kept) == 1 and parse._reader._size > 1_000
    parse.parsed(source(["## B"]))
    assert len(kept) == 1 and parse._reader._size == 4
