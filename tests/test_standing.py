"""Whatever a council or author wrote, and whatever the machine does: a line, status 1, nothing published lost."""

import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from building import POLICY, files, new_project, policy, run, settings
from test_golden import PICTURE

from policydoc import clock, writing
from policydoc.checking import inspection
from policydoc.commands import net
from policydoc.outputs import logo
from policydoc.settings import Council, Settings, SettingsError, from_file
from policydoc.source import policy_files
from policydoc.source.policy_files import FOLDER

GOOD = policy("## Purpose\n\n1.  Dogs are welcome.")
EXTRA = re.compile(r"^extra:\n(?:(?:  .*|)\n)+", re.MULTILINE)
LINE = re.compile(r"[^\n]+\n")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with one policy, and something that was published before."""
    project = new_project(tmp_path_factory.mktemp("standing") / "project", None)
    (project / "policy_src/dogs.md").write_text(GOOD, "utf-8")
    for edition in ("external", "internal"):
        (project / "site" / edition).mkdir(parents=True)
        (project / "site" / edition / "index.html").write_text("What was there before.", "utf-8")
    return project


@pytest.fixture
def project(published: Path, tmp_path: Path) -> Path:
    subprocess.run(["cp", "-a", str(published), str(tmp_path / "project")], check=True)
    return tmp_path / "project"


def said(project: Path, *words: str, **extra: str) -> str:
    """What a command says that must fail without a traceback, and without touching what is published."""
    before = files(project / "site")
    done = run(project, *words, here=None, POLICY_PDF="off", **extra)
    assert done.returncode == 1, (words, done.stdout, done.stderr)
    assert "Traceback" not in done.stdout + done.stderr
    assert files(project / "site") == before
    return done.stderr


# mkdocs.yml

SETTINGS: dict[str, tuple[Callable[[str], bytes], str]] = {
    "empty": (lambda text: b"", "no keys"),
    "a list": (lambda text: b"- a\n- b\n", "no keys"),
    "a scalar": (lambda text: b"words\n", "no keys"),
    "binary": (lambda text: bytes(range(256)), "can't be read as YAML"),
    "not UTF-8": (lambda text: text.encode() + b"# Caf\xe9\n", "can't be read as YAML"),
    "a date that is none": (lambda text: f"{text}\nwhen: 2026-13-45\n".encode(), "can't be read as YAML"),
    "a set of nothing": (lambda text: f"{text}\n? [a]\n".encode(), "can't be read as YAML"),
    "deep": (lambda text: f"{text}\ndeep: {'[' * 2000}{']' * 2000}\n".encode(), "levels deep"),
    "deep and never closed": (lambda text: f"{text}\ndeep: {'[' * 200_000}".encode(), "mkdocs.yml"),
    "large": (lambda text: f"{text}\n{'# words' * 800_000}\n".encode(), "bytes; it may have at most"),
    "extra a list": (lambda text: EXTRA.sub("extra:\n  - a\n", text).encode(), "extra: these are no keys"),
    "extra a scalar": (lambda text: EXTRA.sub("extra: a\n", text).encode(), "extra: these are no keys"),
    "extra missing": (lambda text: EXTRA.sub("", text).encode(), "extra.council: this key is missing"),
    "extra empty": (lambda text: EXTRA.sub("extra:\n", text).encode(), "extra.council: this key is missing"),
    "council a scalar": (lambda text: EXTRA.sub("extra:\n  council: a\n", text).encode(), "council: these are no keys"),
    "council a list": (lambda text: EXTRA.sub("extra:\n  council: [a]\n", text).encode(), "council: these are no keys"),
    "no site name": (lambda text: text.replace("site_name:", "site_nome:").encode(), "site_name"),
    "site name a list": (lambda text: re.sub("site_name: .*", "site_name: [a]", text).encode(), "site_name"),
    "address a list": (
        lambda text: re.sub("site_url: .*", "site_url: [a]", text).encode(),
        "this is not text",
    ),
}


@pytest.mark.parametrize("what", SETTINGS)
def test_settings_that_are_wrong(what: str, published: Path, tmp_path: Path) -> None:
    change, words = SETTINGS[what]
    (tmp_path / "mkdocs.yml").write_bytes(change((published / "mkdocs.yml").read_text("utf-8")))
    with pytest.raises(SettingsError, match=re.escape(words)) as error:
        from_file(tmp_path / "mkdocs.yml")
    assert LINE.fullmatch(f"{error.value}\n") and str(error.value).startswith("mkdocs.yml: ")


def test_every_command_says_so(project: Path) -> None:
    (project / "mkdocs.yml").write_bytes(b"- a\n")
    for words in (["check"], ["build"], ["status"], ["mark", "dogs"], ["accept", "dogs", "--only", "1"],
                  ["reject", "dogs"]):  # fmt: skip
        assert LINE.fullmatch(said(project, *words)), words


PARTS: dict[str, tuple[Callable[[str], str], str]] = {
    "search gone": (lambda text: text.replace("plugins:\n  - search\n", "plugins: []\n"), "search is missing"),
    "no theme": (lambda text: text.replace("  name: material\n", "  name: mkdocs\n"), "theme"),
    "a hook that isn't there": (lambda text: text.replace("read_policies", "read_nothing"), "read_nothing"),
    "hooks no list": (lambda text: re.sub(r"hooks:\n(?:  .*\n)+", "hooks: a\n", text), "hooks"),
}


@pytest.mark.parametrize("what", PARTS)
def test_parts_of_the_site_that_are_missing(what: str, project: Path) -> None:
    change, words = PARTS[what]
    path = project / "mkdocs.yml"
    changed = change(path.read_text("utf-8"))
    assert changed != path.read_text("utf-8")
    path.write_text(changed, "utf-8")
    assert words in said(project, "build")


# The logo

LOGOS = {
    "../logo.png": "lies outside docs/",
    "/etc/hostname": "lies outside docs/",
    "assets/gone.png": "isn't in docs/",
    "assets": "isn't in docs/",
    "assets/words.png": "is not the png file",
    "assets/words.svg": "is not the svg file",
    "assets/words.bmp": "no picture that can be printed",
    "assets/empty.png": "no bytes",
    "templates/logo.png": "not published",
    ".hidden/logo.png": "not published",
    "assets/circle.png": "isn't in docs/",
    "assets/pipe.png": "isn't in docs/",
}


@pytest.mark.parametrize("value", LOGOS)
def test_a_logo_that_cannot_be_shown(value: str, tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    for folder in ("assets", "templates", ".hidden"):
        (docs / folder).mkdir(parents=True)
    for name in ("assets/words.png", "assets/words.svg", "assets/words.bmp"):
        (docs / name).write_bytes(b"words")
    (docs / "assets/empty.png").write_bytes(b"")
    (docs / "assets/circle.png").symlink_to("circle.png")
    os.mkfifo(docs / "assets/pipe.png")
    for name in ("templates/logo.png", ".hidden/logo.png", "../logo.png"):
        (docs / name).write_bytes(PICTURE)
    (problem,) = logo.faults(tmp_path, Settings(council=Council(name="A", logo=value)))
    assert problem.code == "P116" and problem.path == "mkdocs.yml"
    assert f"{value} {LOGOS[value]}" in problem.text or LOGOS[value] in problem.text


def test_the_logo_is_on_page_and_pdf(project: Path) -> None:
    (project / "docs/assets/logo.png").write_bytes(PICTURE)
    path = project / "mkdocs.yml"
    path.write_text(re.sub("    logo:.*", "    logo: assets/logo.png", path.read_text("utf-8")), "utf-8")
    assert run(project, "check").returncode == 0
    done = run(project, "build", "--edition", "internal")
    assert done.returncode == 0, done.stderr
    page = (project / "site/internal/policies/dogs/index.html").read_text("utf-8")
    (address,) = re.findall(r'<img src="([^"]*logo[^"]*)"', page)
    assert (project / "site/internal/policies/dogs" / address).resolve().read_bytes().startswith(b"\x89PNG")
    pdf = project / "site/internal/policies/dogs/dogs.pdf"
    listed = subprocess.run(["pdfimages", "-list", pdf], capture_output=True, text=True, check=True).stdout
    assert len(listed.splitlines()) > 2, listed


def test_a_logo_that_is_gone_stops_check_and_build(project: Path) -> None:
    path = project / "mkdocs.yml"
    path.write_text(re.sub("    logo:.*", "    logo: assets/logo.png", path.read_text("utf-8")), "utf-8")
    for words in (["check"], ["build"]):
        first, *_ = said(project, *words).splitlines()
        assert first.startswith("mkdocs.yml: extra.council.logo: assets/logo.png isn't in docs/.")


# The day of the build


@pytest.mark.parametrize("value", ["99999999999999", "253402300800", "-5", "²", "1e9", "a" * 1000, "1 2"])
def test_a_day_that_is_none(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(clock.NAME, value)
    with pytest.raises(clock.ClockError, match=f"{clock.NAME} is “") as error:
        clock.fixed()
    assert len(str(error.value)) < 200


@pytest.mark.parametrize(("value", "day"), [("0", "1970-01-01"), ("253402300799", "9999-12-31"), (" 5 ", "1970-01-01")])
def test_a_day_that_is_one(value: str, day: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(clock.NAME, value)
    assert str(clock.fixed()) == day
    monkeypatch.setenv(clock.NAME, "")
    assert clock.fixed() is None


def test_commands_say_that_the_day_is_none(project: Path) -> None:
    for words in (["check"], ["status"], ["due"], ["build"]):
        assert "SOURCE_DATE_EPOCH is “²”" in said(project, *words, SOURCE_DATE_EPOCH="²")
    assert run(project, "mkdocs", SOURCE_DATE_EPOCH="", POLICY_PDF="off").returncode == 0  # as if it were not set


# Files


def test_names_and_kinds_of_files(project: Path) -> None:
    folder = project / "policy_src"
    (folder / f"{'a' * 250}.md").write_text(GOOD, "utf-8")
    (folder / "folder.md").mkdir()
    os.mkfifo(folder / "pipe.md")
    (folder / "circle.md").symlink_to("circle.md")
    (folder / "endless.md").symlink_to("/dev/zero")
    (folder / "images").symlink_to("images")
    os.mkfifo(folder / "archive")
    lines = said(project, "check").splitlines()
    assert sorted(line.partition(":")[0].rpartition("/")[2] for line in lines) == sorted(
        path.name for path in folder.iterdir() if path.name != "dogs.md"
    )
    for name in ("pipe", "circle", "endless", "folder", "a" * 250):
        assert "Nothing was changed." in said(project, "mark", name)


@pytest.mark.parametrize("link", ["/dev/zero", "../../../pipe", "v2.md", "../../../outside.md"])
@pytest.mark.parametrize("name", ["v1.md", "SHA256SUMS"])
def test_links_and_pipes_in_the_archive_are_never_opened(link: str, name: str, project: Path) -> None:
    words = "accept dogs --version 1 --published 2026-11-30 --review-due 2027-11-30 --policy-number 0042".split()
    assert run(project, *words).returncode == 0
    os.mkfifo(project / "policy_src/pipe")
    path = project / "policy_src/archive/dogs" / name
    path.unlink()
    path.symlink_to(link)
    assert f"{name}: this is a link, or no ordinary file" in said(project, "check")
    for command in ("mark", "reject"):
        assert "this is a link, or no ordinary file" in said(project, command, "dogs")
    path.unlink()
    os.mkfifo(path)
    assert f"{name}: this is a link, or no ordinary file" in said(project, "check")


def test_a_file_that_may_not_be_read_is_said(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "read_bytes", refused)
    _, problems = policy_files.read_all(project / FOLDER)
    assert [problem.code for problem in problems] == ["P106"]


# The machine

# As a process's limit on the size of files: what is larger than this can't be written, as on a disk that is full.
FULL = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({0}, {0}))\n"


@pytest.mark.parametrize("room", [0, 2_000, 50_000])
def test_a_disk_that_is_full_is_said_and_nothing_lost(room: int, project: Path) -> None:
    assert run(project, "build").returncode == 0
    (project / "policy_src/dogs.md").write_text(GOOD.replace("welcome", "allowed"), "utf-8")
    (project / "hooks/sitecustomize.py").write_text(FULL.format(room), "utf-8")
    for words in (["build"], ["mkdocs"]):
        before = files(project / "site")
        done = run(project, *words)
        assert done.returncode == 1 and "Traceback" not in done.stdout + done.stderr, (done.stdout, done.stderr)
        assert "File too large" in done.stderr
        assert files(project / "site") == before, "the stage is cleared away, and what was published is there"


def test_a_policy_is_whole_when_the_disk_is_full(project: Path) -> None:
    path = project / "policy_src/dogs.md"
    path.write_text(policy("## Purpose\n\n1.  Dogs are ~~banned~~ ^^welcome^^.\n" + "1.  Words.\n" * 100), "utf-8")
    before = files(project / "policy_src")
    (project / "hooks/sitecustomize.py").write_text(FULL.format(200), "utf-8")
    assert "File too large" in said(project, "reject", "dogs")
    assert files(project / "policy_src") == before


def test_a_reader_that_goes_away_is_no_fault(project: Path) -> None:
    for number in range(300):
        (project / f"policy_src/p{number}.md").write_bytes(b"no front matter\n")
    command = [*POLICY, "check", "--format", "github"]
    checking = subprocess.Popen(
        command, cwd=project, env=settings(project), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert checking.stdout and checking.stderr
    checking.stdout.close()
    with checking.stderr:
        told = checking.stderr.read()
    assert checking.wait(timeout=120) == 1 and "Traceback" not in told


def test_the_locale_and_the_folder_do_not_matter(project: Path) -> None:
    locale = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    assert run(project, "check", here=project / "docs/assets", **locale).returncode == 0
    (project / "policy_src/bad.md").write_text(GOOD.replace("Dogs are", "“Dogs” ~~are"), "utf-8")
    assert "is never closed" in said(project, "check", **locale)


def test_what_nothing_foresaw_is_a_line(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> object:
        raise KeyError("a fault\nof ours")

    monkeypatch.setattr(inspection, "look", broken)
    monkeypatch.chdir(project)
    with pytest.raises(SystemExit) as end:
        from policydoc.commands import main

        main(["check"])
    assert end.value.code == 1
    assert LINE.fullmatch(told := capsys.readouterr().err) and "Please report it" in told
    assert "KeyError" in (project / net.FAULT).read_text("utf-8")


def test_a_build_that_breaks_is_a_line(project: Path) -> None:
    (project / "hooks/index_clauses.py").write_text("def on_post_build(config):\n    raise KeyError('a')\n", "utf-8")
    assert "this is a fault of the program: KeyError: 'a'." in said(project, "build")


def test_nothing_of_put_all_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Path, data: bytes) -> int:
        self.touch()
        raise OSError(28, "No space left on device", str(self))

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space"):
        writing.put_all({tmp_path / "new/a.md": b"a", tmp_path / "b.md": b"b"})
    assert list(tmp_path.iterdir()) == []
