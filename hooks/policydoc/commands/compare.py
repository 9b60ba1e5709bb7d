"""Turns the words `policy compare` into what changed between any two versions of a policy: in words, and as a PDF."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

import click

from ..comparing import report, sentences, terminal
from ..comparing.terminal import Line, plain
from ..editions import council, kept_versions
from ..editions.policy import Policy
from ..editions.withhold import EDITIONS, Edition
from ..history import archive
from ..history.dates import CommitDates
from ..history.kept_pictures import kept_pictures
from ..model import addresses
from ..outputs.comparison import Comparison, Text, texts
from ..problems import count_of
from ..settings import Settings
from ..source.policy_files import FOLDER
from .project import project, site_settings


class NotCompared(click.ClickException):
    """What was typed names no two texts that can be compared, or no file that can be written; said in a line each."""

    def show(self, file: object = None) -> None:
        click.echo(self.message, err=True)


@click.command()
@click.argument("slug", metavar="POLICY")
@click.argument("before", metavar="VERSION")
@click.argument("after", metavar="VERSION")
@click.option("--edition", type=click.Choice(list(EDITIONS)), default="internal", help="As this edition shows them.")
@click.option("--pdf", metavar="FILE", type=click.Path(path_type=Path), help="Makes a PDF with all changes marked.")
def compare(slug: str, before: str, after: str, edition: Edition, pdf: Path | None) -> None:
    """Say what changed in POLICY from one version to a later one, clause by clause.

    A version is v1, v2 and so on; draft is the policy's text with all that is proposed.
    """
    root = project()
    settings = site_settings(root)
    slug = Path(slug).name.removesuffix(".md")
    if pdf:
        refuse_file(pdf)
    policy, shown = _read(root, slug, edition, settings)
    old, new = (_text(shown, typed, policy, edition) for typed in (before, after))
    _refuse_order(shown, old, new, slug)
    comparison = Comparison(old, new)
    for line in lines(comparison):
        click.echo(click.style(line.words, bold=True) if line.heading else line.words)
    if pdf and comparison.policy.has_marks:
        _print(comparison, settings, root, pdf)
        click.echo(f"\nMarked copy: {pdf}")
    elif pdf:
        click.echo(f"There is nothing to mark, so {pdf} was not made.")


def lines(comparison: Comparison) -> Iterator[Line]:
    """The whole account, for a terminal."""
    policy, step = comparison.policy, comparison.step
    path = f"{FOLDER}/{policy.slug}.md"
    yield Line(plain(f"{policy.metadata.title} ({path}): {comparison.words}"), heading=True)
    done = list(sentences.sentences(step, policy.schedule, plain))
    numbers = list(report.renumbered(sentences.renumbered(step)))
    if not done and not numbers:
        yield Line("Nothing: both say the same.")
    for heading, items in (("What changed", done), ("Numbers that changed", numbers)):
        if items:
            yield Line("")
            yield Line(f"  {heading}")
            for item in items:
                yield from terminal.wrapped(item, "  - ")


def refuse_file(path: Path) -> None:
    """Raises NotCompared where no PDF can be written there."""
    if path.suffix.lower() != ".pdf":
        raise NotCompared(f"{path} is no name of a PDF. Write --pdf {path.with_suffix('.pdf')}.")
    if path.exists() or path.is_symlink():
        raise NotCompared(f"{path} is there already, and is left as it is. Give another name with --pdf.")
    if not path.parent.is_dir():
        raise NotCompared(f"there is no folder {path.parent}. Make it, or give another with --pdf.")


def _read(root: Path, slug: str, edition: Edition, settings: Settings) -> tuple[Policy, list[Text]]:
    """The policy in the edition, and its texts, the newest last."""
    policies = council.read(root, edition, settings)
    path, folder = f"{FOLDER}/{slug}.md", root / FOLDER
    faults = [*(problem for problem in policies.errors if problem.path == path), *archive.faults_of(folder, slug)]
    if faults:
        raise NotCompared("\n".join(map(str, faults)))
    policy = policies.published.get(slug)
    if policy is None:
        if slug in policies.destinations:
            raise NotCompared(f"{path} is not in the {edition} edition. Write --edition internal.")
        near = get_close_matches(slug, policies.destinations, 1, 0.4)
        raise NotCompared(f"there is no policy {path}.{f' Did you mean {near[0]}?' if near else ''}")
    if policies.errors:  # in others: their numbers are known all the same
        policy = policy.finished(policies.destinations)
    kept = kept_versions.kept_versions({slug: policy}, policies.destinations, folder, settings)
    same = kept_pictures(folder, slug).in_place(policy.document)  # a picture that is the kept one is no other
    return policy, texts(replace(policy, document=same), kept.get(slug, ()))


def _text(shown: Sequence[Text], typed: str, policy: Policy, edition: Edition) -> Text:
    name = typed if typed == addresses.DRAFT else typed.removeprefix("v").removeprefix("V")
    text = next((text for text in shown if text.name == name), None)
    if text is None:
        for version in policy.versions:
            if version.version == name and version.withheld:
                raise NotCompared(f"version {name} of {policy.path} is withheld: {version.withheld.reason}")
        known = ", ".join(addresses.short(text.name) for text in shown)
        if name == addresses.DRAFT:
            raise NotCompared(f"{policy.path} is no draft: nothing is proposed. It has {known or 'no version'}.")
        where = "" if edition == "internal" else " in the external edition"
        raise NotCompared(f"{policy.path} has no version {typed}{where}. It has {known or 'none'}.")
    if text.is_plain:
        raise NotCompared(f"version {name} was written before today's rules and can't be read, so not compared.")
    return text


def _refuse_order(shown: Sequence[Text], old: Text, new: Text, slug: str) -> None:
    if old is new:
        raise NotCompared(f"{old.words} was given twice. Give two versions.")
    if shown.index(old) > shown.index(new):
        names = f"{addresses.short(new.name)} {addresses.short(old.name)}"
        raise NotCompared(f"{old.words} came after {new.words}. Write policy compare {slug} {names}.")


def _print(comparison: Comparison, settings: Settings, root: Path, target: Path) -> None:
    """Makes the marked PDF, or says in the words of a build why there can't be one."""
    from ..outputs.pdf import TEMPLATE, Job, Press, problem  # here, so that no other command need load it

    policy, dates = comparison.policy, CommitDates(root)
    document = comparison.led_from(addresses.page(policy.slug))
    press = Press(root, root / TEMPLATE, root / ".cache/pdf", threads=1)
    outcome = press.make([Job(policy.slug, document, comparison.for_pdf(settings, dates), target)])
    if outcome.failures:
        faults = [str(problem(failure, policy, root)) for failure in outcome.failures]
        raise NotCompared("\n".join([*faults, f"{count_of(len(faults), 'fault')}: {target} was not made."]))
