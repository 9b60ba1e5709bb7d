"""Whatever a council makes of its own files, the program's tests stay green and its website is built.

Each step goes on where the one before it ended: an officer edits, another accepts, policies come and go, and in the
end it is another council. The tests that run are those quick ones that know where the project lies, and in the end all
quick ones; that no other can notice is guard.py's doing.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from building import FIRST_POLICY, ROOT, new_project, policy, program_part, run

pytestmark = pytest.mark.slow
SLUG = "social-media"
# Beside what new_project makes, in a council's stead or from the program's folders
MADE = {".git", ".venv", ".cache", "site", "docs", "hooks", "mkdocs.yml", "policy_src"}
ANOTHER_COUNCIL = """\
site_description: Everything that Ynys Bach Community Council has agreed
site_url: https://polisi.ynysbach.example/
copyright: Ynys Bach Community Council
nav:
  - All policies: index.md
  - Contact: contact.md
extra:
  deleted_clauses: close_up
  edit_url: https://git.ynysbach.example/edit/main/{path}
  acknowledge_url: https://forms.ynysbach.example/read?team=all
  style:
    - avoid: utilise
      use: use
  council:
    colour: "#00563f"
    name: Ynys Bach Community Council
    contact: 01234 567890
  edition: !ENV [POLICY_EDITION, external]
site_name: Polisi Ynys Bach
"""


def edit(project: Path) -> None:
    """As docs/editors/browser.md teaches: words marked, a comment, and a spelling corrected and declared."""
    path = project / f"policy_src/{SLUG}.md"
    text = path.read_text("utf-8")
    for old, new in (
        ("check everything\n", "check ~~everything~~ ^^every post^^ {>>JS: is this still right?<<}\n"),
        ("web-articles", "web articles"),
        ("\nstatus: draft\n", '\nstatus: draft\nchange_note: {text: "Spelling corrected in 1.1", editorial: true}\n'),
    ):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    path.write_text(text, "utf-8")


def accept(project: Path) -> None:
    dates = ["--published", "2026-12-01", "--review-due", "2027-12-01"]
    words = ["accept", SLUG, "--version", "1", *dates, "--policy-number", "0042", "--drop-comments"]
    done = run(project, *words)
    assert done.returncode == 0, done.stderr


def add(project: Path) -> None:
    """One for everybody and one for staff."""
    body = "## Purpose\n\n1.  Allotments are let by the year.\n\n1.  ~~Hens~~ ^^Hens and bees^^ may be kept.\n"
    (project / "policy_src/allotments.md").write_text(policy(body, title="Allotments Policy"), "utf-8")
    body = "## Purpose\n\n1.  The strongroom is locked at half past four. {>>TC: five?<<}\n"
    inside = policy(body, title="Strongroom Policy", distribution="{internal: [All staff]}")
    (project / "policy_src/strongroom.md").write_text(inside, "utf-8")


def delete(project: Path) -> None:
    (project / f"policy_src/{SLUG}.md").unlink()
    shutil.rmtree(project / f"policy_src/archive/{SLUG}")


def become_another(project: Path) -> None:
    """Every setting and every page, in another order."""
    mkdocs = project / "mkdocs.yml"
    mkdocs.write_text(program_part(mkdocs.read_text("utf-8")) + ANOTHER_COUNCIL, "utf-8")
    for page in ("about", "accessibility", "reading", "suggest"):
        (project / f"docs/{page}.md").unlink()
    (project / "docs/index.md").write_text("---\ntemplate: register.html\n---\nCroeso.\n", "utf-8")
    (project / "docs/contact.md").write_text("# Contact\n\nRing the clerk, [or look](index.md).\n", "utf-8")


STEPS: list[Callable[[Path], None]] = [edit, accept, add, delete, become_another]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole project, its tests included, with the first policy as its live one."""
    made = new_project(tmp_path_factory.mktemp("publishable") / "project", FIRST_POLICY)

    def unwanted(folder: str, names: list[str]) -> set[str]:
        return MADE if Path(folder) == ROOT else {"__pycache__"}

    shutil.copytree(ROOT, made, ignore=unwanted, dirs_exist_ok=True)
    return made


def suite(project: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """The project's tests, run there."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST")} | {"COLUMNS": "200"}
    command = [sys.executable, "-m", "pytest", "--quiet", "--color=no", *words]
    return subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True)


# Tests that meet a council's own files: by name, in a list, through a fixture, in silence, or by a process.
MEDDLERS = """
import shutil
import subprocess

import pytest
from building import ROOT, new_project, run


@pytest.fixture(scope="session")
def policies():
    return list((ROOT / "policy_src").iterdir())


def test_red_policy():
    (ROOT / "policy_src/social-media.md").read_text("utf-8")

def test_red_page():
    open(ROOT / "docs/about.md").close()

def test_red_page_not_there():
    with pytest.raises(OSError):
        open(ROOT / "docs/forms/leave.docx")

def test_red_settings(tmp_path):
    shutil.copy2(ROOT / "mkdocs.yml", tmp_path)

def test_red_pages(tmp_path):
    shutil.copytree(ROOT / "docs", tmp_path / "docs")

def test_red_list(policies):
    pass

def test_red_process_in_the_project():
    subprocess.run(["true"], cwd=ROOT / "docs")

def test_red_process_that_is_told():
    subprocess.run(["true", ROOT / "mkdocs.yml"])

def test_red_command():
    run(ROOT, "check")

def test_green_program(tmp_path):
    new_project(tmp_path)
    (ROOT / "docs/gitlab.md").read_bytes()
    subprocess.run(["true"])
"""
# What is quick is told by what a test can reach, through fixtures, functions, methods and modules.
SLOW_AND_QUICK = """
import building
import pytest
import verapdf
from building import run
from hypothesis import given, strategies
from mkdocs.commands.build import build

from policydoc.outputs.pdf import Press


class Council:
    def says(self):
        return [(lambda: building.run(self, "check"))()]


def helper():
    return Council()


@pytest.fixture
def made():
    return helper()


def test_slow_directly(): run
def test_slow_build(): build
def test_slow_pdf(): Press
def test_slow_validator(): verapdf.check([])
def test_slow_helper(): helper()
def test_slow_fixture(made): pass
def test_slow_browser(browser): pass
@given(strategies.none())
def test_slow_hypothesis(none): pass
@pytest.mark.slow
def test_slow_by_its_own_word(): pass
@pytest.mark.quick
def test_quick_by_its_own_word(): helper()
def test_quick(tmp_path): building.policy("")
def test_quick_noticing(tmp_path): building.new_project(tmp_path)
"""


@pytest.fixture
def planted(project: Path) -> Iterator[Path]:
    """A module of tests in the project that the test may write, gone again afterwards."""
    path = project / "tests/test_planted.py"
    yield path
    path.unlink()


def test_a_test_that_meets_the_councils_own_files_is_red(project: Path, planted: Path) -> None:
    """So the proof below can fail."""
    planted.write_text(MEDDLERS, "utf-8")
    done = suite(project, str(planted), "-rfEp")
    told = dict(re.findall(r"^(?:FAILED|ERROR) \S+::test_(\w+) - (.*)$", done.stdout, re.MULTILINE))
    assert sorted(told) == sorted(re.findall(r"def test_(red\w+)", MEDDLERS)), done.stdout
    assert all(said.startswith("it met what a council may change") for said in told.values())
    assert re.findall(r"^PASSED \S+::test_(\w+)", done.stdout, re.MULTILINE) == ["green_program"]


def test_a_module_that_meets_them_while_it_is_loaded_is_red(project: Path, planted: Path) -> None:
    planted.write_text("import building\nopen(building.ROOT / 'mkdocs.yml').close()\n", "utf-8")
    done = suite(project, str(planted))
    assert done.returncode and "it met what a council may change" in done.stdout


def test_what_can_reach_nothing_slow_is_quick(project: Path, planted: Path) -> None:
    planted.write_text(SLOW_AND_QUICK, "utf-8")
    for marker, names in (
        ("quick", ["quick_by_its_own_word", "quick", "quick_noticing"]),
        ("noticing", ["quick_by_its_own_word", "quick_noticing"]),
    ):
        done = suite(project, str(planted), "--collect-only", "-m", marker)
        assert re.findall(r"::test_(\w+)", done.stdout) == names, done.stdout


@pytest.fixture(scope="module")
def noticing(project: Path) -> list[str]:
    """The files that have such tests: nothing else need be loaded."""
    listed = suite(project, "--collect-only", "-m", "noticing").stdout
    return sorted(set(re.findall(r"^(tests/\w+\.py)::", listed, re.MULTILINE)))


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__name__)
def test_a_good_edit_is_published_and_turns_no_test_red(
    project: Path, noticing: list[str], step: Callable[[Path], None]
) -> None:
    step(project)
    for words in (["check"], ["build"]):
        done = run(project, *words, POLICY_PDF="off")
        assert done.returncode == 0, done.stdout + done.stderr
    marker, least, where = ("quick", 900, []) if step is STEPS[-1] else ("noticing", 200, noticing)
    done = suite(project, "-m", marker, *where)
    assert done.returncode == 0, done.stdout[-5000:]
    assert int(re.findall(r"(\d+) passed", done.stdout)[0]) > least
