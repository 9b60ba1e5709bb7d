"""Turns policy_src/ into all that can be known to be wrong without building, in one reading for both editions."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import chain
from pathlib import Path
from signal import SIG_IGN, SIGINT, signal

from .. import clock
from ..editions import council, kept_text
from ..editions.agreement import disagreements
from ..editions.former_names import names_now, stranded
from ..editions.references import ReferencesAndTargets, ties
from ..editions.withhold import EDITIONS, Edition
from ..garbage import unsearched
from ..history import archive
from ..messages import said
from ..outputs import logo, review_state
from ..problems import Problem, external_only, in_order
from ..settings import Settings
from ..source import images
from ..source.parse import parsed
from ..source.policy_files import FOLDER, Source
from . import hand_written, printing, suspicion
from .printing import Material
from .public_before import public_before
from .suspicion import Titles
from .unmarked import departures

_MANY = 150  # policies from which on a second process is worth its start


@dataclass(frozen=True)
class Finding:
    """What is wrong with one policy by itself, its ties to others in each edition, and what to try in print."""

    problems: list[Problem]
    ties: dict[Edition, ReferencesAndTargets]
    material: Material


@dataclass(frozen=True)
class Inspection:
    """How many policies there are, and everything found in them, in order."""

    policies: int
    problems: list[Problem]

    def count(self, level: str) -> int:
        return sum(problem.level == level for problem in self.problems)


@unsearched()
def inspect(root: Path, settings: Settings, today: date) -> Inspection:
    """Inspects every policy below root/policy_src. Reports, never raises, what its authors did wrong."""
    folder = root / FOLDER
    sources, problems = council.sources(root)
    findings = _findings(sources, partial(look, folder, settings, suspicion.titles(sources), names_now(sources)))
    own = chain.from_iterable(finding.problems for finding in findings)
    every = [
        *problems, *own, *_unresolved(sources, findings, problems), *_superseded(sources, findings),
        *_out_of_date(sources, today), *disagreements(sources, settings),
        *archive.faults(folder, names_now(sources)), *_in_versions(folder, settings, sources),
        *logo.faults(root, settings), *hand_written.faults(root / "docs", settings.left_out),
    ]  # fmt: skip
    every += printing.faults(root, settings, sources, [finding.material for finding in findings], every)
    return Inspection(len(sources), in_order(every))


@unsearched()  # here as well: it may run in a process of its own
def look(
    folder: Path, settings: Settings, known: Titles, names: Mapping[str, str], sources: Sequence[Source]
) -> list[Finding]:
    """What each of these policies shows by itself; `known` are the titles of all, `names` those that had others."""
    return [_look(folder, settings, known, names, source) for source in sources]


def _look(folder: Path, settings: Settings, known: Titles, names: Mapping[str, str], source: Source) -> Finding:
    text = parsed(source, settings.counting)
    problems = [
        *text.problems,
        *images.faults(source.path, text.images, folder),
        *stranded(source, folder),
        *departures(source, text, folder, settings.counting, names),
        *public_before(source, text, folder, settings.counting),
        *suspicion.suspicions(source, text, known, settings.style),
    ]
    return Finding(problems, ties(source, text), printing.material(source, text))


def _findings(sources: list[Source], look_at: partial[list[Finding]]) -> list[Finding]:
    """The same for all policies: in a process for each processor where there are many."""
    workers = min(os.cpu_count() or 1, 8)
    if len(sources) < _MANY or workers == 1:
        return look_at(sources)
    size = -(-len(sources) // (16 * workers))  # small parts, so that all processors end together
    parts = [sources[start : start + size] for start in range(0, len(sources), size)]
    try:
        # Ctrl-C ends the check itself; the others go with it, without a word.
        with ProcessPoolExecutor(workers, initializer=signal, initargs=(SIGINT, SIG_IGN)) as pool:
            return list(chain.from_iterable(pool.map(look_at, parts)))
    except (OSError, ImportError, NotImplementedError, BrokenProcessPool):  # no process may be started, or one is ended
        return look_at(sources)


def _unresolved(
    sources: Sequence[Source], findings: Sequence[Finding], problems: Iterable[Problem]
) -> Iterator[Problem]:
    """References that lead nowhere; those that do so in the external edition alone say so."""
    unresolved: dict[Edition, list[Problem]] = {}
    for which in EDITIONS:
        every = {source.slug: finding.ties[which] for source, finding in zip(sources, findings, strict=True)}
        unresolved[which] = council.unresolved(sources, every, which, problems)
    yield from unresolved["internal"]
    yield from map(external_only, set(unresolved["external"]) - set(unresolved["internal"]))


def _in_versions(folder: Path, settings: Settings, sources: Sequence[Source]) -> Iterator[Problem]:
    """What keeps versions from being published; those of policies that are in the external edition."""
    public = (source.slug for source in sources if source.metadata.is_public and not source.faulty)
    return kept_text.faults(folder, public, settings)


def _superseded(sources: Sequence[Source], findings: Sequence[Finding]) -> Iterator[Problem]:
    """References to withdrawn policies, from those that are in force or to be."""
    every = {source.slug: source.metadata for source in sources}
    for source, finding in zip(sources, findings, strict=True):
        for reference in finding.ties["internal"].references if source.metadata.status != "withdrawn" else ():
            other = every.get(reference.slug)
            if other and other.status == "withdrawn" and reference.mark != "deleted" and reference.slug != source.slug:
                advice = _successor(other.replaced_by, every)
                fault = said("P603", file=f"{reference.slug}.md", advice=advice)
                yield fault.at(source.path, reference.line, reference.clause)


def _successor(slug: str | None, every: Mapping[str, object]) -> str:
    return f"Refer to {slug}.md, which replaces it." if slug in every else "Refer to what is in force instead."


def _out_of_date(sources: Iterable[Source], today: date) -> Iterator[Problem]:
    for source in sources:
        meta = source.metadata
        if source.faulty or meta.status == "withdrawn":
            continue
        due = review_state.review_state(meta, today)[0]
        if due in ("overdue", "soon"):
            fault = said("P611" if due == "overdue" else "P612", date=clock.in_words(meta.review_due))
            yield fault.at(source.path, source.lines["review_due"])
        if meta.date_published and meta.date_published > today:
            fault = said("P613", date=clock.in_words(meta.date_published))
            yield fault.at(source.path, source.lines["date_published"])
