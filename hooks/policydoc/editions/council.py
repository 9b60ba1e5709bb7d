"""Turns policy_src/ into all policies of one edition, or into the list of everything that is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..garbage import unsearched
from ..messages import said
from ..problems import Problem, in_order
from ..settings import Settings
from ..source import policy_files
from ..source.policy_files import FOLDER, Source
from . import policy, references
from .agreement import disagreements
from .policy import Policy
from .references import Destination, ReferencesAndTargets
from .withhold import Edition


@dataclass
class Policies:
    """All policies of one edition, by slug; `problems` holds everything found, errors and warnings, in order.

    Where there is no error they are finished: their references have their numbers. Where there is one, nothing here may
    be published. `withheld` counts the comments that the edition leaves out. `gone` are the names of policies that were
    in the edition once and aren't any more, each with the versions that were public.
    """

    edition: Edition
    published: dict[str, Policy]
    destinations: dict[str, Destination]
    withheld: int
    gone: dict[str, tuple[str, ...]]
    problems: list[Problem]

    @property
    def errors(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.level == "error"]


@unsearched()
def read(root: Path, edition: Edition, settings: Settings) -> Policies:
    """Reads every policy below root/policy_src for this edition. Reports, never raises, what its authors did wrong."""
    return gather(*sources(root), root / FOLDER, edition, settings)


def sources(root: Path) -> tuple[list[Source], list[Problem]]:
    """The policies below root/policy_src as they were written, and all that is wrong with the files."""
    sources, problems = policy_files.read_all(root / FOLDER)
    if not sources and not problems:
        problems.append(said("P102").at(FOLDER, 0))
    return sources, problems


def gather(
    sources: list[Source], problems: list[Problem], folder: Path, edition: Edition, settings: Settings
) -> Policies:
    """All policies of an edition from their sources; `problems` are those that reading the files has found.

    `folder` is policy_src/, where images are looked for.
    """
    problems = [*problems, *disagreements(sources, settings)]
    inside = settings.kept_inside
    policies = [policy.read(source, edition, folder, settings.counting, inside) for source in sources]
    return gathered(sources, policies, problems, edition)


def gathered(sources: list[Source], policies: list[Policy], problems: list[Problem], edition: Edition) -> Policies:
    """The same from policies that have been read already, one for each source."""
    problems = list(problems)
    ties = {one.slug: ReferencesAndTargets(one.references, one.destination()) for one in policies}
    problems += unresolved(sources, ties, edition, problems)
    problems += (problem for one in policies for problem in one.problems)
    destinations = {slug: tie.destination for slug, tie in ties.items()}
    published = [one for one in policies if one.published]
    if not any(problem.level == "error" for problem in problems):
        published = [one.finished(destinations) for one in published]
    return Policies(
        edition=edition,
        published={one.slug: one for one in published},
        destinations=destinations,
        withheld=sum(one.withheld for one in policies),
        gone={name: tuple(version.version for version in one.versions) for one in policies for name in one.gone},
        problems=in_order(problems),
    )


def unresolved(
    sources: Sequence[Source], ties: Mapping[str, ReferencesAndTargets], edition: Edition, problems: Iterable[Problem]
) -> list[Problem]:
    """The references that lead nowhere in this edition; `problems` are those that reading the files has found."""
    destinations = {slug: tie.destination for slug, tie in ties.items()}
    # A file that couldn't be read is still there: a link to it is not a second fault.
    unread = {Path(problem.path).stem for problem in problems if problem.level == "error"} - destinations.keys()
    faults: list[Problem] = []
    for source in sources:
        if source.faulty and edition == "external":
            continue  # nobody knows yet whether it is in this edition, and what it may refer to
        wrong = references.problems(source.path, source.slug, ties[source.slug].references, destinations)
        faults += [problem for reference, problem in wrong if reference.slug not in unread]
    return faults
