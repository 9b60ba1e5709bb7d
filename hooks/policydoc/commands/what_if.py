"""Turns a text that a policy might get into what the council's policies would then be: errors, amendments in words."""

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
from ..source.again import Remembering
from ..source.policy_files import FOLDER, Source
from .amendment_lines import Schedule


class Prospect:
    """All policies of the council, with one of them in another text. Each text is read once."""

    def __init__(
        self, settings: Settings, folder: Path, slug: str, sources: list[Source], problems: list[Problem]
    ) -> None:
        self._settings = settings
        self._folder = folder
        self._slug = slug
        self._path = f"{FOLDER}/{slug}.md"
        self._sources = sources
        self._problems = problems
        self._gathered: dict[str, dict[Edition, Policies]] = {}
        self._read: dict[tuple[str, str], dict[Edition, Policy]] = {}
        self._dialect = Remembering()

    def errors(self, text: str) -> list[Problem]:
        """All errors of the council's policies, if this were the policy's text, each once."""
        found = self._council(text)
        return list(dict.fromkeys(problem for which in EDITIONS for problem in found[which].errors))

    def policy(self, text: str) -> Policy:
        """The policy in the internal edition, if this were its text, still without the numbers of what it refers to."""
        return self._council(text)["internal"].published[self._slug]

    def schedule(self, text: str) -> Schedule:
        """Its amendments in words; a reference to nothing is told by the name that was typed."""
        it, known = self.policy(text), dict(self._council(text)["internal"].destinations)
        for each in it.references:
            there = known.setdefault(each.slug, Destination(f"{each.slug}.md"))
            if each.name and each.name not in there.names:
                number = f"#{each.name}"
                target = Target(each.word.lower() or "clause", number, number, each.name)
                known[each.slug] = replace(there, names={**there.names, each.name: target})
        return it.finished(known).schedule

    def _council(self, text: str) -> dict[Edition, Policies]:
        """All policies in both editions, if this were the policy's text."""
        if text not in self._gathered:
            new, problems = policy_files.read(self._slug, self._path, text.encode())
            sources = [each for each in self._sources if each.slug != self._slug] + ([new] if new else [])
            sources.sort(key=lambda each: each.slug)
            shared = set(policy_files.not_unique(self._sources))
            problems += [each for each in self._problems if each.path != self._path and each not in shared]
            problems += policy_files.not_unique(sources)
            problems += disagreements(sources, self._settings.required_when_approved)
            found = [self._both(each) for each in sources]  # both editions of one, then the next: its text is read once
            self._gathered[text] = {
                which: council.gathered(sources, [each[which] for each in found], problems, which) for which in EDITIONS
            }
        return self._gathered[text]

    def _both(self, each: Source) -> dict[Edition, Policy]:
        """A policy in both editions; most are the same whatever becomes of the one that is changed."""
        key = each.path, each.sha256
        if key not in self._read:
            close_up, inside = self._settings.close_up, self._settings.internal_metadata
            self._read[key] = {
                which: policy.read(each, self._dialect, which, self._folder, close_up, inside) for which in EDITIONS
            }
        return self._read[key]
