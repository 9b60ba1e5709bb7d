"""Keeps what is dear to make under the hash of all that it was made from, for the other edition and the next build.

An entry is never out of date, because whatever could change its bytes is in its name. The folder may be deleted at
any time, and any number of processes may share it.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from . import writing

try:
    import fcntl
except ImportError:  # Windows: without the lock two processes may do the same work, but no harm
    fcntl = None  # type: ignore[assignment]

_STALE = 86_400  # seconds after which a part of a file was left behind by a build that was killed


def digest(*parts: bytes) -> bytes:
    """One SHA-256 over parts of any length, none of which can run into the next."""
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).digest()


@dataclass
class Entry:
    """One file of the cache; `data` are its bytes once they have been read or written."""

    path: Path
    data: bytes | None = None

    @property
    def _mark(self) -> Path:
        """The digest of the entry, and by its date when it was last used."""
        return self.path.with_suffix(".sha256")

    def read(self) -> bytes | None:
        """The bytes, if they are there and whole."""
        with suppress(FileNotFoundError):
            data = self.path.read_bytes()
            if self._mark.read_bytes() == digest(data):
                self._mark.touch()
                self.data = data
        return self.data

    def write(self, data: bytes) -> None:
        writing.put_all({self.path: data, self._mark: digest(data)})
        self.data = data

    def deliver(self, target: Path) -> None:
        """Puts the file where it is published: a link to the entry if the disk allows, else a copy."""
        assert self.data is not None, "read or write the entry first"
        try:
            writing.put_link(target, self.path)
        except OSError:
            writing.put(target, self.data)


class Cache:
    """A folder of entries of at most about `limit_bytes`; `prune` takes out those that were not used the longest."""

    def __init__(self, folder: Path, limit_bytes: int, suffix: str = ".pdf") -> None:
        self.folder, self.limit_bytes, self.suffix = folder, limit_bytes, suffix

    @contextmanager
    def entry(self, key: str) -> Iterator[Entry]:
        """The entry with this hexadecimal key, for one thread of one process at a time, so that a file is made once."""
        folder = self.folder / key[:2]
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / ".lock").open("a") as lock:
            if fcntl is not None:
                fcntl.flock(lock, fcntl.LOCK_EX)  # ends with the process, however it ends
            yield Entry(folder / (key + self.suffix))

    def prune(self) -> None:
        entries = list[tuple[float, int, Path]]()
        for path in self.folder.glob(f"*/*{self.suffix}"):
            with suppress(FileNotFoundError):
                mark = path.with_suffix(".sha256")
                entries.append((mark.stat().st_mtime, path.stat().st_size, path))
        excess = sum(size for _, size, _ in entries) - self.limit_bytes
        for _, size, path in sorted(entries):
            if excess <= 0:
                break
            path.with_suffix(".sha256").unlink(missing_ok=True)
            path.unlink(missing_ok=True)
            excess -= size
        for left in (*self.folder.glob("*/.*.part"), *self.folder.glob("*/.*.old")):
            with suppress(FileNotFoundError):
                if left.stat().st_mtime < time.time() - _STALE:
                    left.unlink()
