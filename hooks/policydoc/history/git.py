"""Turns a Git repository into revisions of policy_src/, the working tree among them, and the commits between two."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from ..source.policy_files import FOLDER

# What Git would otherwise take from the settings of whoever runs this
_SETTINGS = ("core.quotepath=off", "log.showSignature=false", "i18n.logOutputEncoding=UTF-8")
# Editorial: dogs, petitions     Editorial: yes
_TRAILER = re.compile(r"^Editorial: *(.+?) *$", re.IGNORECASE | re.MULTILINE)
_DEFAULTS = ("origin/main", "main", "HEAD")


class GitError(Exception):
    """Git can't tell what is asked of it; the text is one line that says what to do."""


@dataclass(frozen=True)
class Revision:
    """policy_src/ as it was, or is: `files` are the hashes of its files by their paths below the project.

    `texts` reads the files at these paths. `commit` is empty for the working tree.
    """

    name: str
    commit: str
    files: Mapping[str, str]
    texts: Callable[[Iterable[str]], dict[str, bytes]]


@dataclass(frozen=True)
class Commit:
    """What one commit touches, and the policies whose changes it declares to be editorial (`yes`: all of them).

    `id` is empty for work that is not committed yet.
    """

    id: str
    editorial: frozenset[str]
    paths: frozenset[str]


def commit(root: Path, name: str) -> Revision:
    """The revision that Git knows by this name. Raises GitError."""
    commit_id = _commit_id(root, name)
    files: dict[str, str] = {}
    for entry in _git(root, "ls-tree", "-r", "-z", commit_id, "--", f"{FOLDER}/").split(b"\0"):
        if entry.startswith((b"100644 ", b"100755 ")):  # neither links nor submodules
            head, path = entry.split(b"\t", 1)
            files[os.fsdecode(path)] = head.split()[2].decode()

    def texts(paths: Iterable[str]) -> dict[str, bytes]:
        return _blobs(root, {path: files[path] for path in paths})

    return Revision(name, commit_id, _seen(files), texts)


def working_tree(root: Path) -> Revision:
    """The files as they lie in the folder, committed or not."""
    hashing = hashlib.sha256 if len(_commit_id(root, "HEAD")) == 64 else hashlib.sha1
    files: dict[str, str] = {}
    for folder, _, names in os.walk(root / FOLDER):
        for file in (Path(folder) / name for name in names):
            if not file.is_symlink() and file.is_file():
                data = file.read_bytes()
                files[file.relative_to(root).as_posix()] = hashing(b"blob %d\0" % len(data) + data).hexdigest()

    def texts(paths: Iterable[str]) -> dict[str, bytes]:
        return {path: (root / path).read_bytes() for path in paths}

    return Revision("the working tree", "", _seen(files), texts)


def branch_point(root: Path, base: str | None, head: str = "HEAD") -> Revision:
    """Where the branch of `head` left `base`, or left the main branch. Raises GitError."""
    _in_repository(root)
    name = base or next((name for name in _DEFAULTS if _known(root, name)), "HEAD")
    if not base and name == "HEAD" and _shallow(root):
        raise GitError(
            "only the newest commits are here, and no main branch to compare with. Fetch more history "
            "(git fetch --unshallow origin main), or name a revision with --base."
        )
    point = _try(root, "merge-base", _commit_id(root, name), _commit_id(root, head))
    if point is None:
        advice = (
            "Fetch more history: git fetch --unshallow." if _shallow(root) else "Name another revision with --base."
        )
        raise GitError(f"{name} and {head} have no commit in common here. {advice}")
    revision = commit(root, point)
    return replace(revision, name=f"{name} at {point[:9]}" if name != "HEAD" else f"the last commit, {point[:9]}")


def commits(root: Path, base: Revision, head: Revision) -> list[Commit]:
    """All commits from base to head, newest first; before them what is not committed, if head is the working tree."""
    last = head if head.commit else commit(root, "HEAD")
    uncommitted: list[Commit] = []
    if not head.commit:
        changed = {path for path in {*head.files, *last.files} if head.files.get(path) != last.files.get(path)}
        uncommitted += [Commit("", frozenset(), frozenset(changed))] if changed else []
    log = _git(root, "log", "-z", "--format=%H%n%B", f"{base.commit}..{last.commit}", "--")
    messages = dict(entry.split("\n", 1) for entry in log.decode("utf-8", "replace").split("\0") if "\n" in entry)
    # -c: of a merge only what differs from all that it merges
    tree = ["diff-tree", "--stdin", "-r", "-c", "-z", "--root", "--no-renames", "--relative", "--", f"{FOLDER}/"]
    paths: dict[str, set[str]] = {}
    tokens = iter(_git(root, *tree, data=_lines(messages)).split(b"\0"))
    current = ""
    for token in tokens:
        if token.startswith(b":"):
            paths[current].add(os.fsdecode(next(tokens)))
        elif token:
            current = token.decode().strip()
            paths[current] = set()
    touched = [id for id in messages if paths.get(id)]
    return [*uncommitted, *(Commit(id, _editorial(messages[id]), frozenset(paths[id])) for id in touched)]


def _editorial(message: str) -> frozenset[str]:
    """What the trailers, in the message's last paragraph, declare."""
    last = message.strip().replace("\r\n", "\n").rpartition("\n\n")[2]
    declared = [word for names in _TRAILER.findall(last) for word in re.split(r"[,\s]+", names.lower())]
    return frozenset(word.removesuffix(".md") for word in declared)


def _seen(files: Mapping[str, str]) -> dict[str, str]:
    """The files that count: nothing that is hidden, such as an editor's own."""
    return {path: id for path, id in files.items() if not any(part.startswith(".") for part in path.split("/"))}


def _in_repository(root: Path) -> None:
    run = _run(root, ("rev-parse", "--git-dir"))
    if run.returncode and b"dubious ownership" in run.stderr:
        advice = "Run git config --global --add safe.directory with this folder's path, if you trust it."
        raise GitError(f"this folder belongs to another user, so Git won't read it. {advice}")
    if run.returncode:
        raise GitError("this folder is in no Git repository, so there is nothing to compare with. Work in a clone.")
    if not _known(root, "HEAD"):
        raise GitError("nothing is committed here yet, so there is nothing to compare with. Commit the policies first.")


def _known(root: Path, name: str) -> bool:
    # With its suffix no name can be taken for an option of Git's
    return _try(root, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}") is not None


def _commit_id(root: Path, name: str) -> str:
    if not _known(root, name):
        more = "fetch more history (git fetch --unshallow)" if _shallow(root) else "fetch it (git fetch)"
        raise GitError(f"Git knows no revision “{name}” here. Correct the name, or {more}.")
    return _git(root, "rev-parse", "--verify", f"{name}^{{commit}}").decode().strip()


def _shallow(root: Path) -> bool:
    return _try(root, "rev-parse", "--is-shallow-repository") == "true"


def _blobs(root: Path, wanted: Mapping[str, str]) -> dict[str, bytes]:
    ids = list(dict.fromkeys(wanted.values()))
    if not ids:
        return {}
    contents = dict(zip(ids, _batch(_git(root, "cat-file", "--batch", data=_lines(ids))), strict=True))
    return {path: contents[id] for path, id in wanted.items()}


def _lines(words: Iterable[str]) -> bytes:
    return "".join(f"{word}\n" for word in words).encode()


def _batch(output: bytes) -> Iterator[bytes]:
    """The contents in what `git cat-file --batch` says: a line that ends in the size, then as many bytes."""
    start = 0
    while start < len(output):
        end = output.index(b"\n", start)
        size = int(output[start:end].rpartition(b" ")[2])
        yield output[end + 1 : end + 1 + size]
        start = end + size + 2


def _try(root: Path, *words: str) -> str | None:
    run = _run(root, words)
    return None if run.returncode else run.stdout.decode().strip()


def _git(root: Path, *words: str, data: bytes = b"") -> bytes:
    run = _run(root, words, data)
    if run.returncode:
        said = run.stderr.decode("utf-8", "replace").strip().partition("\n")[0]
        raise GitError(f"Git failed: {said or words[0]}. Run git fsck, or clone the repository anew.")
    return run.stdout


def _run(root: Path, words: Iterable[str], data: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = ["git", "--no-pager", "--no-replace-objects", "--literal-pathspecs"]
    command += [word for setting in _SETTINGS for word in ("-c", setting)]
    switches = {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
    try:
        return subprocess.run([*command, *words], cwd=root, env=os.environ | switches, input=data, capture_output=True)
    except OSError:
        raise GitError("there is no git program here. Install Git, then run this again.") from None
