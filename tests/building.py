"""Makes projects in temporary folders, of the program's files and a test's own policies, and builds them as users do.

A council's own words and values are never among them: the live policies, pages and settings may change any day, and no
test may notice. In their place stand those of the sample council, or of the first policy as it was transcribed.
"""

import compileall
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import forks
import yaml

from policydoc.settings import from_file

ROOT = Path(__file__).parent.parent
COUNCIL = ROOT / "tests/sample_council"
SAMPLE = COUNCIL / "policy_src"
FIRST_POLICY = ROOT / "tests/first_policy/policy_src"
SETTINGS = from_file(COUNCIL / "settings.yml")
POLICY = [sys.executable, "-c", "from policydoc.commands import main; main(prog_name='policy')"]
MKDOCS = [sys.executable, "-m", "mkdocs", "build"]

PROGRAM_FOLDERS = ("docs/assets", "docs/design", "docs/editors", "docs/schema", "docs/templates", "hooks")
PROGRAM_PAGE = "docs/gitlab.md"  # the only one in docs/ itself; it isn't for the website
PROGRAM_KEYS = (
    "docs_dir", "site_dir", "exclude_docs", "not_in_nav", "theme", "extra_css", "extra_javascript", "plugins",
    "markdown_extensions", "hooks", "validation",
)  # fmt: skip


compileall.compile_dir(ROOT / "hooks", quiet=1)  # so that the copies made of it need no compiling


def program_part(text: str) -> str:
    """What the program says in a mkdocs.yml, whatever a council says there, and in whatever order."""
    root = yaml.compose(text)
    assert root is not None
    keys = [(key.value, key.start_mark.index) for key, _ in root.value]
    ends = [start for _, start in keys[1:]] + [len(text)]
    return "".join(text[start:end] for (key, start), end in zip(keys, ends, strict=True) if key in PROGRAM_KEYS)


# Read here, once, before guard.py keeps watch
CONFIGURATION = (COUNCIL / "settings.yml").read_text("utf-8") + program_part((ROOT / "mkdocs.yml").read_text("utf-8"))


def new_project(folder: Path, policies: Path | None = SAMPLE) -> Path:
    """The program with the sample council's pages and settings, and these policies, or none."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copytree(COUNCIL / "docs", folder / "docs")
    shutil.copy2(ROOT / PROGRAM_PAGE, folder / PROGRAM_PAGE)
    for part in PROGRAM_FOLDERS:
        shutil.copytree(ROOT / part, folder / part)
    (folder / "mkdocs.yml").write_text(CONFIGURATION, "utf-8")
    if policies:
        shutil.copytree(policies, folder / "policy_src")
    else:
        (folder / "policy_src").mkdir()
    return folder


def settings(project: Path, extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a command in this project: none of the machine's own switches, then these."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("POLICY_", "SOURCE_DATE"))}
    return inherited | {"PYTHONPATH": str(project / "hooks"), "NO_MKDOCS_2_WARNING": "1"} | dict(extra or {})


def start(project: Path, *words: str, here: Path | None = None, **extra: str) -> subprocess.Popen[str]:
    """The `policy` command, or `mkdocs build` if "mkdocs" is its first word, running in the project, or from `here`."""
    command = [*MKDOCS, *words[1:]] if words[0] == "mkdocs" else [*POLICY, *words]
    return subprocess.Popen(
        command, cwd=here or project, env=settings(project, extra), text=True, encoding="utf-8",
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def run(project: Path, *words: str, here: Path | None = None, **extra: str) -> subprocess.CompletedProcess[str]:
    """The same, waited for. What needs no interpreter of its own is spared the start of one, half a second a time."""
    ours = all(name.startswith(("POLICY_", "SOURCE_DATE")) for name in extra)
    if ours and words[0] != "mkdocs" and is_program(project):
        return forks.run(list(words), here or project, settings(project, extra))
    process = start(project, *words, here=here, **extra)
    out, err = process.communicate(timeout=120)
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


def is_program(project: Path) -> bool:
    """Whether the project's hooks are the program's own, untouched by the test."""
    return modules(ROOT / "hooks") == modules(project / "hooks")


def modules(hooks: Path) -> dict[str, tuple[int, int]]:
    """Size and time of every module: copies keep both."""
    return {
        path.relative_to(hooks).as_posix(): (path.stat().st_size, path.stat().st_mtime_ns)
        for path in hooks.rglob("*.py")
    }


def files(folder: Path) -> dict[str, bytes]:
    """Every file below a folder by its path, and every empty folder, so that two trees can be compared."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            found[path.relative_to(folder).as_posix()] = path.read_bytes()
        elif not any(path.iterdir()):
            found[f"{path.relative_to(folder).as_posix()}/"] = b""
    return found


def policy(body: str, **front_matter: str) -> str:
    """The source of a policy that is all right but for what the test puts in."""
    keys = {
        "title": "Test Policy",
        "version": "1",
        "status": "draft",
        "owner": "Town Clerk",
        "distribution": "{internal: [All staff], external: [Website]}",
    } | front_matter
    return "\n".join(["---", *(f"{key}: {value}" for key, value in keys.items()), "---", "", body, ""])
