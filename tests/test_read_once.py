"""A command reads each text once, however often it comes back to it: counted, not timed."""

import os
import subprocess
from collections import Counter
from pathlib import Path
from xml.etree.ElementTree import tostring

import pytest
from building import SAMPLE, new_project, run
from click.testing import CliRunner
from policydoc.source.again import Remembering

from policydoc.commands import main
from policydoc.editions import council
from policydoc.editions.withhold import EDITIONS
from policydoc.settings import Council, Settings
from policydoc.source import again
from policydoc.source.markdown import Dialect

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
def texts(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each text has been read by the Markdown parser."""
    counted = Counter[str]()
    read = Dialect.parse

    def counting(self: Dialect, lines: list[str]) -> object:
        counted["\n".join(lines)] += 1
        return read(self, lines)

    monkeypatch.setattr(Dialect, "parse", counting)
    monkeypatch.setattr(again, "_memory", type(again._memory)())
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
    command: str, project: Path, texts: Counter[str], monkeypatch: pytest.MonkeyPatch
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


def test_an_edition_reads_each_text_once(project: Path, texts: Counter[str]) -> None:
    for which in EDITIONS:
        texts.clear()
        council.read(project, which, Settings(council=Council(name="A")))
        assert len(texts) == len(list((project / "policy_src").glob("*.md"))) and set(texts.values()) == {1}


def test_what_is_remembered_is_as_what_is_read(texts: Counter[str]) -> None:
    """Whoever gets a tree may do with it what he likes: the next one gets it as it was read."""
    lines = SAMPLE.joinpath(sorted(os.listdir(SAMPLE))[-1]).read_text("utf-8").split("\n")
    fresh, comments = Dialect().parse(lines)
    as_read = tostring(fresh)
    for _ in range(3):
        tree, found = Remembering().parse(lines)
        assert tostring(tree) == as_read and found == comments
        tree.clear()
        found.clear()
    assert texts["\n".join(lines)] == 2  # by the plain parser, and by the first that remembers


def test_what_markdown_lost_is_remembered_too(texts: Counter[str]) -> None:
    dialect, lost, good = Remembering(), ["Dogs.", "", "[never]: https://example.org/"], ["Dogs are welcome."]
    for lines, names in ((lost, {"never": 3}), (good, {}), (lost, {"never": 3}), (good, {})):
        dialect.parse(lines)
        assert [line for line, _ in dialect.faults(names)] == list(names.values())


def test_memory_is_bounded(texts: Counter[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(again, "MOST", 1_000)
    dialect = Remembering()
    for number in range(100):
        dialect.parse([f"Policy {number}", "word " * 50])
    kept = again._memory._kept
    assert 0 < sum(map(len, kept)) <= 1_000 and sum(map(len, kept)) == again._memory._size
    dialect.parse(["word " * 500])  # larger than all that is kept
    assert again._memory._size == 0 == len(kept)
