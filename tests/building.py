"""Makes projects in temporary folders, of this one's files and a test's own policies, and builds them as users do."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parent.parent
SAMPLE = ROOT / "tests/sample_council/policy_src"
POLICY = [sys.executable, "-c", "from policydoc.commands import main; main(prog_name='policy')"]
MKDOCS = [sys.executable, "-m", "mkdocs", "build"]


def new_project(folder: Path, policies: Path | None = SAMPLE) -> Path:
    """A copy of the project with these policies, or none; nothing of it is shared with the real one."""
    folder.mkdir(parents=True, exist_ok=True)
    for part in ("docs", "hooks"):
        shutil.copytree(ROOT / part, folder / part)
    shutil.copy2(ROOT / "mkdocs.yml", folder)
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
    """The same, waited for."""
    process = start(project, *words, here=here, **extra)
    out, err = process.communicate(timeout=120)
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


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
