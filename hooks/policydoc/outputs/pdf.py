"""Turns finished articles into PDF files, with Typst, through a cache.

A policy's words reach Typst as data only; the one template decides how they look. Whatever can change
the bytes of a PDF is in the name of its cache entry, so an entry is never out of date.
"""

from __future__ import annotations

import json
import queue
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from importlib.metadata import version
from pathlib import Path
from typing import Any

import typst

from ..cache import Cache, digest
from ..contents import any_file
from ..contents.kinds import UnreadableFile
from ..editions.policy import Policy
from ..messages import Fault, code_points, said
from ..model import addresses
from ..model.place import kind_of
from ..problems import Problem
from . import typesetting
from .typesetting import FONTS, Refusal, damaged, typeset, unprintable

KINDS = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg")
# <img alt="A map" src="../images/map.png" />
PICTURE = re.compile(r'<img\b[^>]*?\ssrc="([^"]*)"')
# <li id="4.3" data-level="2" …>  or  <h2 id="4" class="appendix" data-level="1" …>
PLACE = re.compile(r'<(?:li|h2)\b(?=[^>]*\sdata-level=)[^>]*?\sid="([^"]*)"')
# panicked with: 4.3|P802   (where the template stops, and the message's code, or what was never to reach it)
STOPPED = re.compile(r"^panicked with: (.*?)\|(.*)$", re.DOTALL)
# this element's PDF tag would be split up     cannot combine underline, overline, or strike
TAGS_LOST = re.compile("PDF tag would be split|cannot combine underline|tags weren't properly closed")
FOOTNOTES = '<div class="footnote"'
TAG = re.compile("<[^>]*>")


@dataclass(frozen=True)
class Job:
    """One PDF to make: a policy's article in one reading, its metadata, and where the file goes."""

    slug: str
    article: str
    meta: dict[str, Any]
    target: Path


@dataclass(frozen=True)
class Failure:
    """Why a policy has no PDF; the clause (its id), or words to look for in its file, if they are known."""

    slug: str
    fault: Fault
    anchor: str | None
    words: str = field(default="", compare=False)


@dataclass(frozen=True)
class Outcome:
    """What a run did: PDFs made, PDFs taken from the cache, failures in the order of the jobs."""

    made: int
    reused: int
    failures: tuple[Failure, ...]


class Press:
    """Makes PDFs in threads, each with a Typst compiler of its own, and keeps them in a cache folder.

    Two processes may share the folder. It holds at most about `limit_bytes`; the longest unused go first.
    """

    def __init__(
        self, root: Path, template: Path, cache: Path, threads: int = 2, limit_bytes: int = 500_000_000
    ) -> None:
        self.root, self.threads, self.cache = root.resolve(), threads, Cache(cache, limit_bytes)
        # Typst puts a photograph into the PDF as it is: it gets the published one, which says nothing of itself.
        self.shown = Cache(self.root / ".cache/pictures", limit_bytes, ".picture")
        self.template = template.read_bytes()
        self.compilers: queue.SimpleQueue[typst.Compiler] = queue.SimpleQueue()
        fonts = [font.read_bytes() for font in sorted(FONTS.iterdir())]
        self.base = digest(version("typst").encode(), self.template, *fonts)

    def make(self, jobs: Iterable[Job], progress: Callable[[], None] | None = None) -> Outcome:
        """Make every job's PDF, call `progress` after each; one policy's failure doesn't stop the others."""
        made, reused, failures = 0, 0, list[Failure]()
        for result in self._results(jobs):
            if isinstance(result, bool):
                made, reused = made + result, reused + (not result)
            else:
                failures += result
            if progress:
                progress()
        self.cache.prune()
        self.shown.prune()
        return Outcome(made, reused, tuple(failures))

    def _results(self, jobs: Iterable[Job]) -> Iterator[bool | list[Failure]]:
        """Run the jobs in order, a few ahead at a time, so that articles don't pile up in memory."""
        running: deque[Future[bool | list[Failure]]] = deque()
        with ThreadPoolExecutor(self.threads) as pool:
            for job in jobs:
                running.append(pool.submit(self._press, job))
                if len(running) > 2 * self.threads:
                    yield running.popleft().result()
            while running:
                yield running.popleft().result()

    def _press(self, job: Job) -> bool | list[Failure]:
        """Put one PDF in its place: True if it was made, False if it was in the cache, or why not."""
        pictures, failures = self._pictures(job)
        if failures:
            return failures
        data = json.dumps(job.meta, ensure_ascii=False, sort_keys=True)
        images = [path.read_bytes() for path in pictures.values()]
        key = digest(self.base, job.article.encode(), data.encode(), *images).hex()
        with self.cache.entry(key) as entry:
            made = entry.read() is None
            if made:
                try:
                    shown = {source: self._address(path) for source, path in pictures.items()}
                    inputs = {"article": job.article, "meta": data, "pictures": json.dumps(shown)}
                    entry.write(self._print(inputs, job.meta["date"]))
                except Refusal as refusal:
                    return self._explain(job, refusal, pictures)
            entry.deliver(job.target)
        return made

    def _print(self, inputs: dict[str, str], date: str) -> bytes:
        """The PDF, with its footnotes behind the text where Typst can't tag them at the foot of a page."""
        try:
            return self._typeset(inputs, date)
        except Refusal as refusal:
            if FOOTNOTES not in inputs["article"] or not TAGS_LOST.search(str(refusal)):
                raise
            return self._typeset({**inputs, "notes": "behind"}, date)

    def _typeset(self, inputs: dict[str, str], date: str) -> bytes:
        with self._compiler() as compiler:
            return typeset(compiler, self.template, inputs, date)

    @contextmanager
    def _compiler(self) -> Iterator[typst.Compiler]:
        """A compiler that no other thread has; one that has failed to end its work is not used again."""
        try:
            compiler = self.compilers.get_nowait()
        except queue.Empty:
            compiler = typesetting.compiler(self.root)
        yield compiler
        self.compilers.put(compiler)

    def _pictures(self, job: Job) -> tuple[dict[str, Path], list[Failure]]:
        """The pictures of a policy, as they are published, by their addresses; a failure for each that can't be."""
        found, failures = dict[str, Path](), list[Failure]()
        for match in PICTURE.finditer(job.article):
            source = unescape(match[1])
            path = (self.root / "policy_src" / re.sub(r"^(\.\./)+", "", source)).resolve()
            reason, fault = None, None
            if path.suffix.lower() not in KINDS:
                reason = f"can't be printed: save it as {', '.join(KINDS)} and use that"
            elif not path.is_relative_to(self.root) or not path.is_file():
                reason = "isn't there: put it into policy_src/images/ or correct its name"
            else:
                fault = self._show(found, source, path)
            if reason:
                fault = said("P804", reason=f"the picture {source} {reason}")
            if fault:
                failures.append(Failure(job.slug, fault, place(job, match.start())))
        if logo := job.meta["council"]["logo"]:
            fault = self._show(found, logo, self.root / logo)
            failures += [Failure(job.slug, fault, None)] if fault else []
        return found, failures

    def _show(self, shown: dict[str, Path], source: str, path: Path) -> Fault | None:
        """Puts the picture as it is published where Typst may read it, or says why it can't be shown."""
        try:
            data = any_file.published(path.name, any_file.read(path))
        except UnreadableFile:
            return said("P803", image=path.relative_to(self.root).as_posix())
        with self.shown.entry(digest(data).hex()) as entry:
            if entry.read() is None:
                entry.write(data)
            shown[source] = entry.path
        return None

    def _address(self, path: Path) -> str:
        return f"/{path.relative_to(self.root).as_posix()}"

    def _explain(self, job: Job, refusal: Refusal, pictures: dict[str, Path]) -> list[Failure]:
        """Typst's reason in an officer's words, one failure for each thing to mend."""
        if stopped := STOPPED.match(str(refusal)):
            why = said("P802") if stopped[2] == "P802" else said("P804", reason=stopped[2].rstrip("."))
            return [Failure(job.slug, why, stopped[1] or None, "|")]  # of a table before the first section, its line
        if refusal.signs:
            return [
                Failure(
                    job.slug,
                    said("P801", sign=sign, character=code_points(sign)),
                    place(job, job.article.find(sign)),
                    sign,
                )
                for sign in refusal.signs
            ]
        with self._compiler() as compiler:
            sources = {self._address(path)[1:]: source for source, path in pictures.items()}
            if bad := [sources[path] for path in damaged(compiler, list(sources))]:
                return [self._damaged(job, source) for source in bad]
            foreign = sorted({word for word in unescape(TAG.sub(" ", job.article)).split() if not word.isascii()})
            if bad := list(unprintable(compiler, foreign)):
                return [Failure(job.slug, said("P805", words=bad[0]), place(job, job.article.find(bad[0])), bad[0])]
        return [Failure(job.slug, said("P804", reason=str(refusal).splitlines()[0]), None)]

    def _damaged(self, job: Job, source: str) -> Failure:
        name = re.sub(r"^(\.\./)+", "policy_src/", source)
        return Failure(job.slug, said("P803", image=name), place(job, job.article.find(source)))


def problem(failure: Failure, policy: Policy, root: Path) -> Problem:
    """The failure as a line for its author; `root` is the project, where the policy's file is."""
    anchor = failure.anchor or ""
    line = policy.lines.get(anchor, 0)
    if not line and failure.words:
        lines = (root / policy.path).read_text("utf-8-sig").splitlines()
        line = next((number for number, text in enumerate(lines, 1) if failure.words in text), 0)
    number = anchor.removeprefix(addresses.was(""))
    return failure.fault.at(policy.path, line, number and f"{kind_of(number)} {number}")


def place(job: Job, position: int) -> str | None:
    """The id of the section or clause that a position in the article belongs to."""
    before = [match[1] for match in PLACE.finditer(job.article, 0, max(position, 0))]
    return before[-1] if before else None
