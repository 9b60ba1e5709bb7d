"""Turns a title into a new policy's first draft in policy_src/: `policy new`."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from importlib.resources import files

import click

from .. import slips, writing
from ..amending.drafting import draft, file_name
from ..editions.former_names import names_now
from ..source import names, policy_files
from ..source.policy_files import FOLDER, Source
from .project import project

# The skeletons beside this module, and how each is numbered: its deepest number as it is cited. Their comments are what
# is left to do: a policy that still has one is not ready for approval.
SKELETONS = {
    "policy": "",
    "standing-orders": "standing order 1(a)(i)",
    "financial-regulations": "regulation 1.1(a)(i)",
    "code": "Part 1/paragraph 1(1)(a)",
    "complaints": "-/1",
}


class NotUsable(click.ClickException):
    """What was typed, or not typed, makes no policy; said in one line, without how the command is used."""

    exit_code = 2


@click.command()
@click.argument("title")
@click.option("--owner", help="Who answers for the policy: a role or initials.")
@click.option("--internal", metavar="GROUP", multiple=True, help="Who receives it in the council; can be repeated.")
@click.option("--external", metavar="GROUP", multiple=True, help="Who receives it outside; without it, nobody.")
@click.option("--file", "name", help="The name of its file, if not one made from the title.")
@click.option("--like", type=click.Choice(list(SKELETONS)), default="policy", help="What kind of paper it begins as.")
def new(
    title: str, owner: str | None, internal: tuple[str, ...], external: tuple[str, ...], name: str | None, like: str
) -> None:
    """Start a policy: a draft in policy_src/, ready to be written.

    Asks for the owner and for who receives it, if you don't say.
    """
    title = _line("title", title)
    folder = project() / FOLDER
    if folder.exists() and not folder.is_dir():
        raise click.ClickException(f"{FOLDER} is not a folder. Make it one, and try again.")
    others = [source for source in policy_files.read_all(folder)[0] if not source.faulty]
    path = folder / f"{_free_name(title, name)}.md"
    shown = f"{FOLDER}/{path.name}"
    if path.stem == "index":
        raise click.UsageError(
            "a policy can't be called index. Give its file another name, such as --file dog-control."
        )
    if not names.is_storable(path.name):
        better = names.suggested(path.name).removesuffix(".md")
        raise NotUsable(f"Windows can't store a file called {path.name}. Give another name, such as --file {better}.")
    same = [other for other in others if other.metadata.title.casefold() == title.casefold()]
    if path.exists() or path.is_symlink():
        raise click.ClickException(f"{shown} is there already, and is left as it is. Give another name with --file.")
    owner_now = names_now(others).get(path.stem)
    if owner_now:
        what = f"{path.stem} was the name of {FOLDER}/{owner_now}.md, and letters that lead to it mean that policy"
        raise click.ClickException(f"{what}. Give another name with --file.")
    if same:
        taken = f"{same[0].path} has the title “{same[0].metadata.title}” already"
        raise click.ClickException(f"{taken}. Give the new policy another.")
    owner = _line("owner", owner if owner is not None else _asked_owner(others))
    inside, outside = (internal, external) if internal or external else _asked_groups(others)
    within, beyond = ([_line("group", name) for name in names] for names in (inside, outside))
    skeleton = files(__package__).joinpath("skeletons", f"{like}.md").read_text("utf-8")
    data = draft(title, owner, within, beyond, skeleton, SKELETONS[like]).encode()
    faults = policy_files.read(path.stem, shown, data)[1]
    if faults:
        raise click.ClickException(faults[0].text)
    try:
        folder.mkdir(exist_ok=True)
        writing.put_new(path, data)
    except FileExistsError:
        raise click.ClickException(f"{shown} is there already, and is left as it is.") from None
    except OSError as error:
        raise click.ClickException(f"{shown}: {error.strerror}. Make {FOLDER}/ a folder you may write to.") from None
    click.echo(f"Made {shown}, a draft.")
    click.echo("Next: put your own words in place of its text, look at it with make serve, and run policy check.")


def _line(what: str, text: str) -> str:
    """What was typed as one line of words. Raises NotUsable."""
    line = " ".join(text.split())
    if not line:
        raise NotUsable(f"the {what} is empty. Write it in quotes.")
    if not line.isprintable():
        raise NotUsable(f"the {what} holds a sign that can't be printed. Type it again by hand.")
    return line


def _free_name(title: str, name: str | None) -> str:
    if name is None:
        made = file_name(title)
        if not made:
            raise NotUsable("no file name can be made of this title. Give one, such as --file dog-control.")
        return made
    stem = name.removesuffix(".md")
    if not stem or stem != file_name(stem):
        advice = f"Write --file {file_name(stem) or 'dog-control'}."
        raise NotUsable(f"a policy's file name has small letters, digits and hyphens, at most 60. {advice}")
    return stem


def _asked_owner(others: Sequence[Source]) -> str:
    """The owner, as answered; offers the one who has most policies."""
    _can_ask('Say who answers for the policy, such as --owner "Town Clerk".')
    answer: str = click.prompt("Who answers for it", default=_commonest(other.metadata.owner for other in others))
    return answer


def _asked_groups(others: Sequence[Source]) -> tuple[list[str], list[str]]:
    """Who receives it, within the council and outside, as answered."""
    _can_ask('Say who receives the policy, such as --internal "All staff" --external Website.')
    distributions = [other.metadata.distribution for other in others]
    inside = _commonest(", ".join(groups.internal) for groups in distributions) or "All staff"
    outside = _commonest(", ".join(groups.external) for groups in distributions) or "Website"
    click.echo("Who receives it? Put commas between groups; - is nobody.")
    answers = click.prompt("Within the council", default=inside), click.prompt("Outside it", default=outside)
    groups = [[name.strip() for name in answer.split(",") if name.strip()] for answer in answers]
    internal, external = ([] if slips.means_nobody(" ".join(names)) else names for names in groups)
    return internal, external


def _commonest(values: Iterable[str]) -> str | None:
    counted = Counter(value for value in values if value)
    return counted.most_common(1)[0][0] if counted else None


def _can_ask(advice: str) -> None:
    if not sys.stdin.isatty():
        raise NotUsable(advice)
