"""Turns policy_src/ into all policies of one edition, or into the list of everything that is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..messages import said
from ..problems import Problem, in_order
from ..settings import Settings
from ..source import policy_files
from ..source.markdown import Dialect
from ..source.policy_files import FOLDER, Source
from . import policy
from .agreement import disagreements
from .policy import Policy
from .references import Destination, Resolver
from .ties import Ties
from .withhold import Edition


@dataclass
class Policies:
    """All policies of one edition, by slug; `problems` holds everything found, errors and warnings, in order.

    Where there is an error, nothing here may be published. `withheld` counts the comments that the edition leaves out.
    """

    edition: Edition
    published: dict[str, Policy]
    destinations: dict[str, Destination]
    withheld: int
    problems: list[Problem]

    @property
    def errors(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.level == "error"]

    def finished(self) -> Iterator[Policy]:
        """The published policies, one by one, with the numbers of what they refer to."""
        for each in self.published.values():
            yield each.finished(self.destinations)


def read(root: Path, edition: Edition, settings: Settings) -> Policies:
    """Reads every policy below root/policy_src for this edition. Reports, never raises, what its authors did wrong."""
    found, problems = sources(root)
    return gather(found, problems, root / FOLDER, edition, settings)


def sources(root: Path) -> tuple[list[Source], list[Problem]]:
    """The policies below root/policy_src as they were written, and all that is wrong with the files."""
    found, problems = policy_files.read_all(root / FOLDER)
    if not found and not problems:
        problems.append(said("P102").at(FOLDER, 0))
    return found, problems


def gather(
    sources: list[Source],
    problems: list[Problem],
    folder: Path,
    edition: Edition,
    settings: Settings,
    dialect: Dialect | None = None,
) -> Policies:
    """All policies of an edition from their sources; `problems` are those that reading the files has found.

    `folder` is policy_src/, where images are looked for.
    """
    problems = [*problems, *disagreements(sources, settings.required_when_approved)]
    dialect, inside = dialect or Dialect(), settings.internal_metadata
    found = [policy.read(each, dialect, edition, folder, settings.close_up, inside) for each in sources]
    return gathered(sources, found, problems, edition)


def gathered(sources: list[Source], found: list[Policy], problems: list[Problem], edition: Edition) -> Policies:
    """The same from policies that have been read already, one for each source."""
    problems = list(problems)
    ties = {each.slug: Ties(each.references, each.destination()) for each in found}
    problems += unresolved(sources, ties, edition, problems)
    problems += (problem for each in found for problem in each.problems)
    return Policies(
        edition=edition,
        published={each.slug: each for each in found if each.published},
        destinations={slug: each.destination for slug, each in ties.items()},
        withheld=sum(each.withheld for each in found),
        problems=in_order(problems),
    )


def unresolved(
    sources: Sequence[Source], ties: Mapping[str, Ties], edition: Edition, problems: Iterable[Problem]
) -> list[Problem]:
    """The references that lead nowhere in this edition; `problems` are those that reading the files has found."""
    destinations = {slug: each.destination for slug, each in ties.items()}
    # A file that couldn't be read is still there: a link to it is not a second fault.
    unread = {problem.path for problem in problems if problem.level == "error"}
    found: list[Problem] = []
    for each in sources:
        if each.faulty and edition == "external":
            continue  # nobody knows yet whether it is in this edition, and what it may refer to
        resolver = Resolver(each.slug, ties[each.slug].references, destinations)
        found += [p for p in resolver.problems(each.path) if not any(path in p.text for path in _names(unread))]
    return found


def _names(paths: set[str]) -> set[str]:
    return {f"no policy {path.rpartition('/')[2]}." for path in paths}
