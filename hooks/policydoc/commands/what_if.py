"""What the council's policies would be if one of them had another text: their errors, its amendments in words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from ..editions import council, policy
from ..editions.agreement import disagreements
from ..editions.council import Policies
from ..editions.policy import Policy
from ..editions.references import Destination, Target
from ..editions.withhold import EDITIONS, Edition
from ..problems import Problem
from ..settings import Settings
from ..source import policy_files
from ..source.policy_files import FOLDER, Source
from .amendment_lines import Amendment


class WhatIf:
    """All policies of the council, with one of them in another text. Each text is read once."""

    def __init__(
        self, settings: Settings, folder: Path, slug: str, sources: list[Source], problems: list[Problem]
    ) -> None:
        self._settings, self._folder = settings, folder
        self._slug, self._path = slug, f"{FOLDER}/{slug}.md"
        self._sources, self._problems = sources, problems
        self._gathered: dict[str, dict[Edition, Policies]] = {}
        self._read: dict[tuple[str, str], dict[Edition, Policy]] = {}

    def errors(self, text: str) -> list[Problem]:
        """All errors of the council's policies, if this were the policy's text, each once."""
        gathered = self._council(text)
        return list(dict.fromkeys(problem for which in EDITIONS for problem in gathered[which].errors))

    def policy(self, text: str) -> Policy:
        """The policy in the internal edition, if this were its text, still without the numbers of what it refers to."""
        return self._council(text)["internal"].published[self._slug]

    def amendments(self, text: str) -> list[Amendment]:
        """The amendments if this were its text; a reference to nothing is quoted by the name that was typed."""
        here, known = self.policy(text), dict(self._council(text)["internal"].destinations)
        for reference in here.references:
            known.setdefault(reference.slug, Destination(f"{reference.slug}.md"))
        for link, words in ((run.link, run.text) for _, run in here.document.runs()):
            there = known[link.slug] if link and link.slug is not None else None
            if link and link.slug is not None and there and link.name and link.name not in there.names:
                target = Target(words.lower(), f"#{link.name}", f"#{link.name}", link.name)
                known[link.slug] = replace(there, names={**there.names, link.name: target})
        pairs = zip(here.finished(known).schedule, here.schedule, strict=True)
        return [Amendment(change, typed) for change, typed in pairs]

    def _council(self, text: str) -> dict[Edition, Policies]:
        """All policies in both editions, if this were the policy's text."""
        if text not in self._gathered:
            new, problems = policy_files.read(self._slug, self._path, text.encode())
            sources = [source for source in self._sources if source.slug != self._slug] + ([new] if new else [])
            sources.sort(key=lambda source: source.slug)
            shared = set(policy_files.not_unique(self._sources))
            problems += [known for known in self._problems if known.path != self._path and known not in shared]
            problems += policy_files.not_unique(sources)
            problems += disagreements(sources, self._settings)
            policies = [self._both(source) for source in sources]  # both editions of one, then the next: one reading
            self._gathered[text] = {
                which: council.gathered(sources, [both[which] for both in policies], problems, which)
                for which in EDITIONS
            }
        return self._gathered[text]

    def _both(self, source: Source) -> dict[Edition, Policy]:
        """A policy in both editions; most are the same whatever becomes of the one that is changed."""
        key = source.path, source.sha256
        if key not in self._read:
            counting, inside = self._settings.counting, self._settings.kept_inside
            self._read[key] = {which: policy.read(source, which, self._folder, counting, inside) for which in EDITIONS}
        return self._read[key]
