"""Turns finished policies into PDF files, with Typst, through a cache.

A policy's words reach Typst as data only; the template, a folder of files, decides how they look. Whatever can change
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
from importlib.metadata import version
from pathlib import Path
from typing import Any

import typst

from ..cache import Cache, digest
from ..contents import any_file
from ..contents.kinds import UnreadableFile
from ..editions.policy import Policy
from ..history.dates import CommitDates
from ..messages import Fault, code_points, said
from ..model import addresses
from ..model.document import Block, Citation, Comment, Document, Image, Run, walk
from ..problems import Problem
from ..settings import Settings
from . import amendment_paper, control_sheet, data, finishing, identity, typesetting
from .finishing import finished
from .print_data import print_data
from .typesetting import FONTS, Refusal, damaged, typeset, unprintable

TEMPLATE = "docs/templates/policy"  # below the project
KINDS = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg")
# What is done to a PDF after Typst
_FINISH = [Path(str(module.__file__)) for module in (finishing, identity)]
# panicked with: 4.3|P802   (where the template stops, and the message's code, or what was never to reach it)
STOPPED = re.compile(r"^panicked with: (.*?)\|(.*)$", re.DOTALL)
# this element's PDF tag would be split up     cannot combine underline, overline, or strike
TAGS_LOST = re.compile("PDF tag would be split|cannot combine underline|tags weren't properly closed")


@dataclass(frozen=True)
class Job:
    """One PDF to make: a policy's finished document, what stands round it (`control_sheet.for_pdf`), where it goes.

    `attached` is the policy as data, which the PDF holds as a file of its own; empty where it holds none. `paper` is
    what an amendment paper prints in place of the document.
    """

    slug: str
    document: Document
    meta: dict[str, Any]
    target: Path
    attached: str = ""
    paper: dict[str, Any] | None = None


def jobs(policies: Iterable[Policy], settings: Settings, dates: CommitDates, site: Path) -> Iterator[Job]:
    """Every PDF of these finished policies, in the folder of an edition's site."""
    for policy in policies:
        attached = data.attached(policy)
        for reading in control_sheet.readings(policy):
            meta = control_sheet.for_pdf(policy, settings, reading, dates)
            target = site / addresses.pdf(policy.slug, reading, policy.kept)
            if reading == "amendments":
                meta |= {"title": amendment_paper.title(policy)}
                yield Job(policy.slug, policy.document, meta, target, paper=amendment_paper.for_print(policy))
            else:
                yield Job(policy.slug, policy.document, meta, target, attached)


@dataclass(frozen=True)
class Failure:
    """Why a policy has no PDF; the place (its anchor), line, or words to look for in its file, as far as known."""

    slug: str
    fault: Fault
    anchor: str | None
    line: int = field(default=0, compare=False)
    words: str = field(default="", compare=False)


@dataclass(frozen=True)
class Outcome:
    """What a run did: PDFs made, PDFs taken from the cache, failures in the order of the jobs."""

    made: int
    reused: int
    failures: tuple[Failure, ...]


class Press:
    """Makes PDFs in threads, each with a Typst compiler of its own, and keeps them in a cache folder.

    `root` is the project, below which the pictures are, `template` the folder of the template's files. Two processes
    may share the cache's folder. It holds at most about `limit_bytes`; the longest unused go first. `made` and `reused`
    count the PDFs that it has delivered.
    """

    def __init__(
        self, root: Path, template: Path, cache: Path, threads: int = 2, limit_bytes: int = 500_000_000
    ) -> None:
        self.root, self.threads, self.cache = root.resolve(), threads, Cache(cache, limit_bytes)
        # Typst puts a photograph into the PDF as it is: it gets the published one, which says nothing of itself.
        self.shown = Cache(self.root / ".cache/pictures", limit_bytes, ".picture")
        self.template = {file.name: file.read_bytes() for file in sorted(template.glob("*.typ"))}
        self.compilers: queue.SimpleQueue[typst.Compiler] = queue.SimpleQueue()
        fonts = [font.read_bytes() for font in sorted(FONTS.iterdir())]
        files = [part for name, text in self.template.items() for part in (name.encode(), text)]
        program = [version("typst").encode(), version("pikepdf").encode(), *(path.read_bytes() for path in _FINISH)]
        self.base = digest(*program, *files, *fonts)
        self.made = self.reused = 0
        self.names: dict[Path, str] = {}  # of the entries that were delivered, by where to

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
        self.made, self.reused = self.made + made, self.reused + reused
        return Outcome(made, reused, tuple(failures))

    def prune(self) -> None:
        """Keeps the caches' folders to their limit."""
        self.cache.prune()
        self.shown.prune()

    def again(self, name: str, target: Path) -> bool:
        """Puts a PDF in its place that is in the cache under this name; False if it isn't there any more."""
        with self.cache.entry(name) as entry:
            is_there = entry.read() is not None
            if is_there:
                entry.deliver(target)
                self.reused += 1
        return is_there

    def _results(self, jobs: Iterable[Job]) -> Iterator[bool | list[Failure]]:
        """Run the jobs in order, a few ahead at a time, so that documents don't pile up in memory."""
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
        printed = job.paper or print_data(job.document, job.meta["reading"], job.meta["url"])
        spoken = printed.pop("spoken", [])
        inputs = {
            name: json.dumps(value, ensure_ascii=False, sort_keys=True)
            for name, value in (("data", printed), ("meta", job.meta))
        } | {"attached": job.attached}
        images = [path.read_bytes() for path in pictures.values()]
        key = digest(self.base, *map(str.encode, inputs.values()), *images).hex()
        with self.cache.entry(key) as entry:
            made = entry.read() is None
            if made:
                try:
                    shown = {source: self._address(path) for source, path in pictures.items()}
                    typeset = self._print(job, inputs | {"pictures": json.dumps(shown)})
                    entry.write(finished(typeset, spoken, identity.properties(job.meta)))
                except Refusal as refusal:
                    return self._explain(job, refusal, pictures)
            entry.deliver(job.target)
        self.names[job.target] = key
        return made

    def _print(self, job: Job, inputs: dict[str, str]) -> bytes:
        """The PDF, with its footnotes behind the text where Typst can't tag them at the foot of a page."""
        try:
            return self._typeset(inputs, job.meta["date"])
        except Refusal as refusal:
            if not job.document.notes or not TAGS_LOST.search(str(refusal)):
                raise
            return self._typeset({**inputs, "notes": "behind"}, job.meta["date"])

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
        """The pictures of a policy, as they are published, by their paths; a failure for each that can't be."""
        shown, failures = dict[str, Path](), list[Failure]()
        for owner, run in job.document.runs():
            if isinstance(run.thing, Image) and (fault := self._show(shown, run.thing.path)):
                failures.append(Failure(job.slug, fault, owner.anchor if owner else None, run.thing.line))
        logo = job.meta["council"]["logo"]
        if logo and (fault := self._publish(shown, logo, self.root / logo)):
            failures.append(Failure(job.slug, fault, None))
        return shown, failures

    def _show(self, shown: dict[str, Path], source: str) -> Fault | None:
        """Adds a policy's picture to those that are shown, or says why it can't be."""
        path = (self.root / "policy_src" / source).resolve()
        if path.suffix.lower() not in KINDS:
            reason = f"can't be printed: save it as {', '.join(KINDS)} and use that"
        elif not path.is_relative_to(self.root) or not path.is_file():
            reason = "isn't there: put it into policy_src/images/ or correct its name"
        else:
            return self._publish(shown, source, path)
        return said("P804", reason=f"the picture {source} {reason}")

    def _publish(self, shown: dict[str, Path], source: str, path: Path) -> Fault | None:
        """Puts the picture as it is published where Typst may read it, or says that it is damaged."""
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
            return [Failure(job.slug, why, stopped[1] or None, 0 if stopped[1] else _first_table(job.document))]
        if refusal.signs:
            faults = [(sign, said("P801", sign=sign, character=code_points(sign))) for sign in refusal.signs]
            return [_of_words(job, fault, sign) for sign, fault in faults]
        with self._compiler() as compiler:
            sources = {self._address(path)[1:]: source for source, path in pictures.items()}
            if bad := [sources[path] for path in damaged(compiler, list(sources))]:
                return [_of_picture(job, source) for source in bad]
            words = " ".join(text for _, run in job.document.runs() for text in _texts(run)).split()
            if bad := list(unprintable(compiler, sorted({word for word in words if not word.isascii()}))):
                return [_of_words(job, said("P805", words=bad[0]), bad[0])]
        return [Failure(job.slug, said("P804", reason=str(refusal).splitlines()[0]), None)]


def problem(failure: Failure, policy: Policy, root: Path) -> Problem:
    """The failure as a line for its author; `root` is the project, where the policy's file is."""
    place = next((place for place in policy.document.provisions() if place.anchor == failure.anchor), None)
    line = failure.line or (place.line if place else 0)
    if not line and failure.words:
        lines = (root / policy.path).read_text("utf-8-sig").splitlines()
        line = next((number for number, text in enumerate(lines, 1) if failure.words in text), 0)
    return failure.fault.at(policy.path, line, str(place or ""))


def _of_words(job: Job, fault: Fault, words: str) -> Failure:
    """A failure for words, in the first place that has them."""
    owners = (owner for owner, run in job.document.runs() if any(words in text for text in _texts(run)))
    owner = next(owners, None)
    return Failure(job.slug, fault, owner.anchor if owner else None, words=words)


def _of_picture(job: Job, source: str) -> Failure:
    for owner, run in job.document.runs():
        if isinstance(run.thing, Image) and run.thing.path == source:
            fault = said("P803", image=f"policy_src/{source}")
            return Failure(job.slug, fault, owner.anchor if owner else None, run.thing.line)
    return Failure(job.slug, said("P803", image=source), None)  # the logo


def _texts(run: Run) -> Iterator[str]:
    """All that is printed of a run."""
    yield run.text
    if run.link:
        yield run.link.address
    if isinstance(run.thing, Comment):
        yield f"{run.thing.author} {run.thing.text}"
    if isinstance(run.thing, Citation):
        yield f"{run.thing.words('previous')} {run.thing.words('amended')}"


def _first_table(document: Document) -> int:
    """The line of the first table before all sections: its place has no number to be told of."""
    blocks = (inner for block in document.opening if isinstance(block, Block) for inner in walk(block))
    return next((block.line for block in blocks if block.kind == "table"), 0)
