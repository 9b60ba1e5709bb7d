"""Remembers what the leak gate has done: the secrets of kept versions, which never change, and the files that passed.

The same file, asked about the same secrets, needs no second look: one in which nothing was found passes again as long
as the secrets are the same, one in which something was excused as long as everything is that could excuse it.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Sequence
from dataclasses import asdict

from ..cache import Cache, digest
from ..editions.secrets import Inside, Remembered, Secret

_SIZE = 32  # bytes of a digest


def secrets_in(cache: Cache, program: bytes) -> Remembered:
    """Remembers in `cache` what reading texts with this program gives."""

    def remembered(texts: Sequence[bytes], read: Callable[[], Inside]) -> Inside:
        with cache.entry(digest(program, *texts).hex()) as entry:
            known = entry.read()
            if known is None:
                inside = read()
                entry.write(zlib.compress(json.dumps(asdict(inside)).encode(), 1))
                return inside
        values = json.loads(zlib.decompress(known))
        return Inside([Secret(**secret) for secret in values["secrets"]], values["public"], values["files"])

    return remembered


class Verdicts:
    """The files that passed, by the hash of each. `cache` keeps them under the hashes of `secrets` and of `all_words`.

    These are the hashes of what the gate looks for, and of that and all that may excuse it; both hold the program's.
    """

    def __init__(self, cache: Cache, secrets: bytes, all_words: bytes) -> None:
        self._cache = cache
        self._keys = {False: digest(b"clean", secrets).hex(), True: digest(b"excused", all_words).hex()}
        self._passed = {excused: _read(cache, key) for excused, key in self._keys.items()}
        self._seen: dict[bool, set[bytes]] = {False: set(), True: set()}

    def has_passed(self, file: bytes) -> bool:
        """Whether this file has passed before."""
        excused = next((excused for excused, passed in self._passed.items() if file in passed), None)
        if excused is not None:
            self._seen[excused].add(file)
        return excused is not None

    def passes(self, file: bytes, excused: bool) -> None:
        """Notes that it has, and whether something in it was excused."""
        self._seen[excused].add(file)

    def save(self) -> None:
        """Keeps what has passed in this build, and nothing older."""
        for excused, key in self._keys.items():
            with self._cache.entry(key) as entry:
                entry.write(b"".join(sorted(self._seen[excused])))


def _read(cache: Cache, key: str) -> set[bytes]:
    with cache.entry(key) as entry:
        data = entry.read() or b""
    return {data[start : start + _SIZE] for start in range(0, len(data), _SIZE)}
