"""Says where everything of a policy is found: the one owner of every path below an edition's root, and of every anchor.

policies/dog-control/                           page     #6.2.1   #was-5.6.1   #lead   #comment-3
policies/dog-control/dog-control.pdf            pdf      -amended.pdf, -amendments.pdf, -in-force.pdf of a draft
policies/dog-control/dog-control.json           data
policies/dog-control/dog-control.md             text     the source, as the edition has it
policies/dog-control/v2/                        page     of a kept version, for good; with v2.pdf, v2.json, v2.md
policies/dog-control/history/                   page     that lists the kept versions
policies/dog-control/amendments/                page     the amendment paper, while there are amendments
policies/dog-control/compare/v1..v2/            page     that shows what changed between two versions
policies/dog-control/compare/v2..draft/         page     and what a draft would change
policies/dog-control/feed.xml                   feed     of what changed; feed.xml has that of all policies
policies/dog-control/images/9f86….png           picture of a kept version, named by its hash
policies/images/map.png                         picture
"""

from __future__ import annotations

from .number import Number

FOLDER = "policies"
DRAFT = "draft"  # what the policy's own text is called, in the place of a version, while it is a draft
_ARCHIVE = "archive/"  # where kept pictures are, below policy_src/


def page(slug: str, version: str = "") -> str:
    """The folder of a policy's page, or of that of a kept version, with a slash at its end: what links lead to."""
    return f"{FOLDER}/{slug}/" + (f"v{version}/" if version else "")


def page_source(slug: str, version: str = "") -> str:
    """The Markdown file that MkDocs is told the page is made of."""
    return f"{page(slug, version).rstrip('/')}.md"


def history(slug: str) -> str:
    """The folder of the page that lists a policy's kept versions, with a slash at its end."""
    return f"{page(slug)}history/"


def amendments(slug: str) -> str:
    """The folder of the page that is a policy's amendment paper, with a slash at its end."""
    return f"{page(slug)}amendments/"


def comparison(slug: str, before: str, after: str) -> str:
    """The folder of the page that compares two versions, or one with the draft, with a slash at its end."""
    return page(slug) + beside_comparison(before, after)


def beside_comparison(before: str, after: str) -> str:
    """How the policy's own page links to that page."""
    return f"compare/{short(before)}..{short(after)}/"


def short(version: str) -> str:
    """What a version is called in addresses and on the command line: v2, or draft."""
    return version if version == DRAFT else f"v{version}"


def on_site(site_url: str, slug: str, version: str = "") -> str:
    """The page's whole address; empty where the council has given no address of its website."""
    return f"{site_url.rstrip('/')}/{page(slug, version)}" if site_url else ""


def from_policy(slug: str, other: str, version: str = "", of_version: str = "") -> str:
    """How one policy's page, or that of its kept `version`, links to another policy's, or to a version of that.

    Empty for its own.
    """
    return "" if other == slug else f"{_up(version)}{page(other, of_version).removeprefix(f'{FOLDER}/')}"


def pdf(slug: str, reading: str = "marked", version: str = "") -> str:
    """The PDF in the reading `marked` (with changes, where there are any) or `amended` (the clean copy).

    `amendments` is the amendment paper, `in-force` a copy of that of the version in force. A kept version has one
    reading.
    """
    name = f"v{version}" if version else slug if reading == "marked" else f"{slug}-{reading}"
    return f"{page(slug, version)}{name}.pdf"


def data(slug: str, version: str = "") -> str:
    """The policy, or a kept version, as JSON."""
    return f"{page(slug, version)}{f'v{version}' if version else slug}.json"


def text(slug: str, version: str = "") -> str:
    """The source text of the policy, or of a kept version, as this edition has it."""
    return f"{page(slug, version)}{f'v{version}' if version else slug}.md"


def feed(slug: str = "") -> str:
    """What has changed, as a feed: in a policy, or in all."""
    return f"{page(slug) if slug else ''}feed.xml"


def named_files(slug: str) -> list[str]:
    """The files that bear the policy's name, whether or not there are any now; and last, * for all else of it."""
    endings = (".pdf", "-amended.pdf", "-in-force.pdf", "-amendments.pdf", ".json", ".md")
    return [*(f"{page(slug)}{slug}{ending}" for ending in endings), f"{page(slug)}*"]


def beside(path: str) -> str:
    """How the policy's own page links to a file of its folder."""
    return path.rpartition("/")[2]


def beside_version(version: str) -> str:
    """How the policy's own page links to that of a kept version."""
    return f"v{version}/"


def picture(path: str) -> str:
    """A picture, given by its path below policy_src/; one of the archive lies with the policy's versions."""
    return f"{FOLDER}/{path.removeprefix(_ARCHIVE)}"


def picture_from_policy(path: str, version: str = "") -> str:
    """How a policy's page, or that of a kept version, links to a picture, given by its path below policy_src/.

    In the place of a version may stand how the policy's page links to one below it: compare/v1..v2/
    """
    return f"{_up(version)}{path.removeprefix(_ARCHIVE)}"


def _up(version: str) -> str:
    """The way from a policy's page, or from one below it, to the folder of all."""
    return "../" * (1 + len(version.strip("/").split("/"))) if version else "../"


def anchor(number: Number | None, previous_number: Number | None) -> str:
    """The anchor of a section or clause; where a deleted one has no number any more, that of the one it had."""
    return number.anchor if number else was(previous_number)


def was(previous_number: Number | None) -> str:
    """The anchor by which a place is found that had another number."""
    return f"was-{previous_number.anchor if previous_number else ''}"


def front(number: int) -> str:
    """The anchor of a heading before the first section; they are counted from 1."""
    return f"front:{number}"


def comment(number: int) -> str:
    """The anchor of a reviewer's comment; comments are counted from 1, as they are read."""
    return f"comment-{number}"
