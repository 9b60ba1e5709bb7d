"""What goes wrong is said in one line each, and whatever goes wrong, what was published stays as it was."""

import logging
import os
import re
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from building import SETTINGS, files, new_project, policy, run, start
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort

from policydoc.outputs import staging

CLAUSE = "## Purpose\n\n1.  {}"


def bad(text: str, **front_matter: str) -> dict[str, bytes]:
    return {"bad.md": policy(CLAUSE.format(text), **front_matter).encode()}


def many(length: int) -> dict[str, bytes]:
    return {"bad.md": policy(CLAUSE.format("word " * (length // 5))).encode()}


# Files put beside a good policy; then where the one problem is, and words of it.
BAD_INPUT: dict[str, tuple[dict[str, bytes], str, str]] = {
    "no front matter": ({"bad.md": b"## Purpose\n\n1.  Text.\n"}, "bad.md:1", "there is no front matter"),
    "front matter that never ends": ({"bad.md": b"---\ntitle: A\n"}, "bad.md:1", "never ends"),
    "YAML that doesn't parse": (bad("Text.", title="A: B"), "bad.md:2", "can't be read as YAML"),
    "unknown key": (bad("Text.", review_dew="2027-01-01"), "bad.md:7", "Did you mean review_due?"),
    "key twice": (bad("Text.", version="1\nversion: 2"), "bad.md:4", "twice"),
    "approved without number": (
        bad("Text.", status="approved", date_published="2026-01-01", review_due="2027-01-01"),
        "bad.md:4", "policy_number is missing",
    ),
    "reviewed before it is published": (
        bad("Text.", date_published="2026-01-02", review_due="2026-01-01"), "bad.md:8", "not after",
    ),
    "not UTF-8": ({"bad.md": policy(CLAUSE.format("Café.")).encode("latin-1")}, "bad.md:11", "not UTF-8"),
    "empty file": ({"bad.md": b""}, "bad.md:1", "the file is empty"),
    "only a byte order mark": ({"bad.md": b"\xef\xbb\xbf"}, "bad.md:1", "the file is empty"),
    "no text": ({"bad.md": policy("").encode()}, "bad.md:7", "has no text"),
    "clause before any section": ({"bad.md": policy("1.  Text.").encode()}, "bad.md:9", "before any section"),
    "# heading": ({"bad.md": policy("# Title\n\n## One\n\n1.  Text.").encode()}, "bad.md:9", "one title"),
    "empty clause": (bad("\n\n1.  Text."), "bad.md:11", "nothing stands after 1. here"),
    "unclosed mark": (bad("It ~~goes away."), "bad.md:11", "never closed"),
    "nested marks": (bad("It ~~goes ^^far^^ away~~."), "bad.md:11", "inside another"),
    "mark across clauses": (bad("It ~~goes\n\n1.  away~~ now."), "bad.md:1", "never closed"),
    "unclosed comment": (bad("It {>>JW: why?"), "bad.md:11", "never closed"),
    "unclosed HTML comment": (bad("It <!-- why?"), "bad.md:11", "never closed"),
    "name twice": (bad("One. {#same}\n\n1.  Two. {#same}"), "bad.md:13", "is taken by line 11"),
    "dangling reference": (bad("See [clause](#nowhere)."), "bad.md:11", "no place is named #nowhere"),
    "dangling policy": (bad("See [that](goood.md)."), "bad.md:11", "Did you mean good.md?"),
    "raw HTML": (bad("It <b>is</b>."), "bad.md:11", "HTML is not allowed"),
    "script": (bad("It <script>alert(1)</script>."), "bad.md:11", "HTML is not allowed"),
    "onclick": (bad('It <a onclick="x()">is</a>.'), "bad.md:11", "HTML is not allowed"),
    "javascript link": (bad("A [link](javascript:alert)."), "bad.md:11", "“javascript:” are not allowed"),
    "data link": (bad("A [link](data:text/html,x)."), "bad.md:11", "“data:” are not allowed"),
    "image that isn't there": (bad("A ![plan](images/plan.png)."), "bad.md:11", "there is no image"),
    "image outside the project": (bad("A ![plan](../mkdocs.png)."), "bad.md:11", "lies outside policy_src/"),
    "image on another host": (bad("A ![plan](https://example.org/a.png)."), "bad.md:11", "is not in this project"),
    "image that is none": (bad("A ![plan](plan.png).") | {"plan.png": b"words"}, "bad.md:11", "not what its name says"),
    "two policies with one number": (bad("Text.", doc_number="007"), "good.md:7", "doc_number 007 is also that of"),
    "5 MB": (many(5_000_000), "bad.md", "bytes; a policy may have"),
    "name with spaces": ({"My Policy.md": bad("Text.")["bad.md"]}, "My Policy.md", "Rename it to my-policy.md"),
    "name with capitals": ({"Bad.md": bad("Text.")["bad.md"]}, "Bad.md", "Rename it to bad.md"),
    "folder": ({"more/bad.md": bad("Text.")["bad.md"]}, "more", "policies lie in policy_src/ itself"),
    "link out of the tree": ({"bad.md": b"-> ../mkdocs.yml"}, "bad.md", "link to something outside"),
}  # fmt: skip


def write(folder: Path, content: dict[str, bytes]) -> None:
    for name, data in content.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        if data.startswith(b"-> "):
            path.symlink_to(data[3:].decode())
        else:
            path.write_bytes(data)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with one good policy and something that was published before."""
    project = new_project(tmp_path / "project", None)
    (project / "policy_src/good.md").write_text(policy(CLAUSE.format("Good."), doc_number="007"), "utf-8")
    for edition in ("external", "internal"):
        (project / "site" / edition).mkdir(parents=True)
        (project / "site" / edition / "index.html").write_text("What was there before.", "utf-8")
    (project / "site/CNAME").write_text("policies.example.org", "utf-8")
    return project


@pytest.fixture
def untouched(project: Path) -> Callable[[], None]:
    """Fails if anything below site/ is another than at the test's start."""
    before = files(project / "site")

    def check() -> None:
        assert files(project / "site") == before

    return check


@pytest.fixture
def build_here(
    project: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> Callable[..., list[str]]:
    """Builds the project with MkDocs in this process; gives the lines of its log from warnings up."""
    monkeypatch.setenv("POLICY_PDF", "off")
    monkeypatch.delenv("POLICY_EVENTS", raising=False)

    def build_it(edition: str = "external", **settings: Any) -> list[str]:
        monkeypatch.setenv("POLICY_EDITION", edition)
        caplog.clear()
        with caplog.at_level(logging.WARNING):
            config = load_config(config_file=str(project / "mkdocs.yml"), **settings)
            config.plugins.on_startup(command="build", dirty=False)
            with suppress(Abort):  # the reason is in the log
                build(config)
        return [record.getMessage().removeprefix("policies: ") for record in caplog.records]

    return build_it


@pytest.mark.parametrize("edition", ["external", "internal"])
@pytest.mark.parametrize("what", BAD_INPUT)
def test_bad_input_leaves_the_site_alone(
    what: str,
    edition: str,
    project: Path,
    build_here: Callable[..., list[str]],
    untouched: Callable[[], None],
) -> None:
    content, where, words = BAD_INPUT[what]
    write(project / "policy_src", content)
    problems = [line for line in build_here(edition) if line.startswith("policy_src/")]
    assert any(line.startswith(f"policy_src/{where}") and words in line for line in problems), problems
    assert not [line for line in problems if "\n" in line]
    untouched()


def test_all_that_is_wrong_is_said_in_one_run(project: Path, untouched: Callable[[], None]) -> None:
    expected = set()
    for number, (content, where, words) in enumerate(BAD_INPUT.values()):
        if list(content) != ["bad.md"] or where.startswith("good.md"):
            write(project / "policy_src", content if "bad.md" not in content else {})
            continue
        write(project / "policy_src", {f"bad-{number}.md": content["bad.md"]})
        expected.add((f"policy_src/{where.replace('bad.md', f'bad-{number}.md')}", words.replace("good.md", "")))
    done = run(project, "build", POLICY_PDF="off")
    assert done.returncode == 1 and done.stdout == ""
    *problems, last = done.stderr.splitlines()
    for where, words in expected:
        if "Did you mean" not in words:
            assert any(line.startswith(where) and words in line for line in problems), (where, words)
    assert all(re.match(r"policy_src/[\w .-]+(:\d+)?: .*[.?:…)\]}a-z0-9]$", line) for line in problems), problems
    assert len(problems) == len(set(problems))
    assert re.fullmatch(r"\d+ errors: nothing was published, and site/ is as it was\.", last)
    untouched()


@pytest.mark.parametrize("kind", ["byte order mark", "CRLF", "tabs"])
def test_what_is_put_right_without_a_word(kind: str, project: Path, build_here: Callable[..., list[str]]) -> None:
    data = policy(CLAUSE.format("One:\n\n    1.  Two.")).encode()
    data = {
        "byte order mark": b"\xef\xbb\xbf" + data,
        "CRLF": data.replace(b"\n", b"\r\n"),
        "tabs": data.replace(b"    ", b"\t"),
    }[kind]
    write(project / "policy_src", {"fine.md": data})
    assert build_here() == []
    assert '"number": "1.1.1"' in (project / "site/external/policies/fine/fine.json").read_text("utf-8")


def test_no_policy_at_all(project: Path, untouched: Callable[[], None]) -> None:
    (project / "policy_src/good.md").unlink()
    done = run(project, "build")
    assert (done.returncode, done.stdout) == (1, "")
    assert (
        done.stderr.splitlines()[0]
        == "policy_src: there is no policy yet. Put a file such as social-media.md here. [P102]"
    )
    (project / "policy_src").rmdir()
    done = run(project, "build")
    assert done.returncode == 1 and done.stderr.startswith("policy_src: there is no such folder.")
    assert len(done.stderr.splitlines()) == 2
    untouched()


# the project's own files


@pytest.mark.parametrize(("published", "due"), [("0001-01-01", "1950-01-01"), ("9999-12-30", "9999-12-31")])
def test_no_day_of_the_calendar_stops_a_build(published: str, due: str, tmp_path: Path) -> None:
    project = new_project(tmp_path / "project", None)
    text = policy("## Purpose\n\n1.  Dogs.", date_published=published, review_due=due)
    (project / "policy_src/dogs.md").write_text(text, "utf-8")
    done = run(project, "build")
    assert done.returncode == 0, done.stderr
    assert due.replace("-", "") in (project / "site/internal/reviews.ics").read_text("utf-8")


def test_a_dead_link_on_a_hand_written_page(project: Path, untouched: Callable[[], None]) -> None:
    (project / "docs/help.md").write_text("# Help\n\n[Gone](gone.md)\n", "utf-8")
    done = run(project, "build", "--edition", "external", POLICY_PDF="off")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines() == [
        "Doc file 'help.md' contains a link 'gone.md', but the target is not found among documentation files.",
        "Nothing was published, and site/ is as it was.",
    ]
    untouched()
    done = run(project, "mkdocs", "--strict", POLICY_PDF="off")
    assert done.returncode == 1 and "Traceback" not in done.stderr
    untouched()


def test_an_edition_that_is_none(
    project: Path, build_here: Callable[..., list[str]], untouched: Callable[[], None]
) -> None:
    assert build_here("public") == ["POLICY_EDITION is “public”. Set it to external or internal."]
    untouched()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("deleted_clauses: keep", "deleted_clauses: drop", "mkdocs.yml: extra.deleted_clauses: "),
        (f"    name: {SETTINGS.council.name}\n", "", "mkdocs.yml: extra.council.name: "),
        ("    colour:", "    color:", "mkdocs.yml: extra.council.color: "),
        ("    contact:", "    contact: [a]\n    #", "mkdocs.yml: extra.council.contact: "),
        (f'"{SETTINGS.council.colour}"', "[1, 2", "mkdocs.yml: "),
        ("extra:\n", "more:\n", "mkdocs.yml: extra.council: "),
    ],
)
def test_a_wrong_setting(old: str, new: str, said: str, project: Path, untouched: Callable[[], None]) -> None:
    text = (project / "mkdocs.yml").read_text("utf-8")
    assert old in text
    (project / "mkdocs.yml").write_text(text.replace(old, new), "utf-8")
    done = run(project, "build", "--edition", "external")
    assert (done.returncode, done.stdout) == (1, "") and "Traceback" not in done.stderr
    assert said in done.stderr and len(done.stderr.splitlines()) <= 2, done.stderr
    assert len(done.stderr.splitlines()) == len(set(done.stderr.splitlines()))
    done = run(project, "check")
    assert done.returncode == 1 and said in done.stderr and len(done.stderr.splitlines()) == 1
    untouched()


# the disk


def test_a_file_in_the_way_of_the_site(project: Path) -> None:
    for path in sorted((project / "site").rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    (project / "site").rmdir()
    (project / "site").write_text("a file")
    for words in (["build"], ["mkdocs"]):
        done = run(project, *words, POLICY_PDF="off")
        assert done.returncode == 1 and "Traceback" not in done.stderr
        assert "Make site/ a folder that you may write to, and build again." in done.stderr
        assert words == ["mkdocs"] or len(done.stderr.splitlines()) == 1
    assert (project / "site").read_text() == "a file"


def test_a_file_in_the_way_of_an_edition(project: Path) -> None:
    (project / "site/internal/index.html").unlink()
    (project / "site/internal").rmdir()
    (project / "site/internal").write_text("a file")
    before = files(project / "site")
    done = run(project, "build", POLICY_PDF="off")
    assert done.returncode == 1 and done.stdout == "" and len(done.stderr.splitlines()) == 1
    assert "Make internal/ a folder that you may write to, and build again." in done.stderr
    # The external edition had been built as well, and isn't published either.
    assert files(project / "site") == before


def test_a_site_that_may_not_be_written(
    project: Path, build_here: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**where: Any) -> str:
        raise PermissionError(13, "Permission denied", str(project / "site/.stage"))

    monkeypatch.setattr(tempfile, "mkdtemp", refuse)
    (said,) = build_here()
    assert (
        said == f"{project}/site/.stage: Permission denied. Make site/ a folder that you may write to, and build again."
    )


# builds that are killed


SLOW_HOOK = """
import time
from pathlib import Path

def on_page_content(html, page, config, files):
    Path(config.config_file_path).with_name("started-" + config.extra["edition"]).touch()
    time.sleep(60)
"""


@pytest.fixture
def slow(project: Path) -> Path:
    """The project with a hand-written page that takes a minute, so that a build can be killed half-way."""
    (project / "docs/slow.md").write_text("# Slow\n", "utf-8")
    (project / "hooks/slow_down.py").write_text(SLOW_HOOK, "utf-8")
    text = (project / "mkdocs.yml").read_text("utf-8")
    (project / "mkdocs.yml").write_text(text.replace("hooks:\n", "hooks:\n  - hooks/slow_down.py\n"), "utf-8")
    return project


def wait_for(what: Callable[[], Any]) -> Any:
    end = time.monotonic() + 30
    while not (found := what()):
        assert time.monotonic() < end
        time.sleep(0.01)
    return found


def children(process: subprocess.Popen[str]) -> list[int]:
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(process.pid)], capture_output=True, text=True).stdout
    return [int(pid) for pid in listed.split()]


def alive(pid: int) -> bool:
    """Whether the process runs; one that has ended but that nobody has asked for doesn't."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True).stdout
    return bool(state.strip()) and not state.startswith("Z")


@pytest.mark.parametrize("by", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_killed_build(by: signal.Signals, slow: Path, untouched: Callable[[], None]) -> None:
    process = start(slow, "build", POLICY_PDF="off")
    wait_for(lambda: len(list(slow.glob("started-*"))) == 2)
    editions = children(process)
    assert len(editions) == 2
    process.send_signal(by)
    out, err = process.communicate() if by != signal.SIGKILL else ("", str(process.wait() and ""))
    assert process.returncode != 0 and out == "" and "Traceback" not in err
    if by == signal.SIGKILL:
        # Nothing could be cleared up: the editions' processes go on, and nobody takes away what they work in.
        (stage,) = (slow / "site").glob(".stage-*")
        long_ago = time.time() - 60
        os.utime(stage, (long_ago, long_ago))
        staging.new_stage(slow / "site", "other").rmdir()
        assert stage.is_dir()
        for pid in editions:
            os.kill(pid, signal.SIGKILL)
        wait_for(lambda: not any(map(alive, editions)))
        process.stdout.close()  # type: ignore[union-attr]
        process.stderr.close()  # type: ignore[union-attr]
    else:
        wait_for(lambda: not any(map(alive, editions)))
        untouched()
    (slow / "hooks/slow_down.py").write_text("", "utf-8")
    done = run(slow, "build", "--edition", "external", POLICY_PDF="off")
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in (slow / "site").iterdir()) == ["CNAME", "external", "internal"]
    assert (slow / "site/internal/index.html").read_text("utf-8") == "What was there before."
    assert (slow / "site/external/policies/good/index.html").is_file()


def test_a_build_killed_while_it_publishes(tmp_path: Path) -> None:
    site = tmp_path / "site"
    (site / ".old-external-123").mkdir(parents=True)
    (site / ".old-external-123/index.html").write_text("old")
    staging.new_stage(site, "next").rmdir()
    assert files(site) == {"external/index.html": b"old"}
    (site / ".old-external-456").mkdir()
    (site / ".old-external-456/index.html").write_text("older")
    staging.new_stage(site, "next").rmdir()
    assert files(site) == {"external/index.html": b"old"}


def test_all_editions_are_published_or_none(tmp_path: Path) -> None:
    for name in ("stage/external", "stage/internal", "site/external"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "index.html").write_text(name)
    (tmp_path / "site/internal").write_text("a file")
    before = files(tmp_path)
    stages = {tmp_path / "site" / name: tmp_path / "stage" / name for name in ("external", "internal")}
    with pytest.raises(staging.PublishingError, match="Make internal/ a folder"):
        staging.publish(stages)
    assert files(tmp_path) == before
    (tmp_path / "site/internal").unlink()
    staging.publish(stages)
    assert files(tmp_path) == {
        "site/external/index.html": b"stage/external",
        "site/internal/index.html": b"stage/internal",
        "stage/": b"",
    }
