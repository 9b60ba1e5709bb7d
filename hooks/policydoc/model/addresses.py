"""Says where everything of a policy is found: the one owner of every path below an edition's root, and of every anchor.

policies/dog-control/                           page     #6.2.1   #was-5.6.1   #lead   #comment-3
policies/dog-control/dog-control.pdf            pdf      -amended.pdf, -in-force.pdf while a draft would change it
policies/dog-control/dog-control.json           data
policies/dog-control/dog-control.md             text     the source, as the edition has it
policies/dog-control/v2/                        page     of a kept version, for good; with v2.pdf, v2.json, v2.md
policies/dog-control/history/                   page     that lists the kept versions
policies/images/map.png                         picture
"""

from __future__ import annotations

from .number import Number

FOLDER = "policies"


def page(slug: str, version: str = "") -> str:
    """The folder of a policy's page, or of that of a kept version, with a slash at its end: what links lead to."""
    return f"{FOLDER}/{slug}/" + (f"v{version}/" if version else "")


def page_source(slug: str, version: str = "") -> str:
    """The Markdown file that MkDocs is told the page is made of."""
    return f"{page(slug, version).rstrip('/')}.md"


def history(slug: str) -> str:
    """The folder of the page that lists a policy's kept versions, with a slash at its end."""
    return f"{page(slug)}history/"


def history_source(slug: str) -> str:
    """The Markdown file that MkDocs is told that page is made of."""
    return f"{page(slug)}history.md"


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

    `in-force` is a copy of that of the version in force. A kept version has one reading.
    """
    name = f"v{version}" if version else slug if reading == "marked" else f"{slug}-{reading}"
    return f"{page(slug, version)}{name}.pdf"


def data(slug: str, version: str = "") -> str:
    """The policy, or a kept version, as JSON."""
    return f"{page(slug, version)}{f'v{version}' if version else slug}.json"


def text(slug: str, version: str = "") -> str:
    """The source text of the policy, or of a kept version, as this edition has it."""
    return f"{page(slug, version)}{f'v{version}' if version else slug}.md"


def beside(path: str) -> str:
    """How the policy's own page links to a file of its folder."""
    return path.rpartition("/")[2]


def beside_version(version: str) -> str:
    """How the policy's own page links to that of a kept version."""
    return f"v{version}/"


def picture(path: str) -> str:
    """A picture, given by its path below policy_src/."""
    return f"{FOLDER}/{path}"


def picture_from_policy(path: str, version: str = "") -> str:
    """How a policy's page, or that of a kept version, links to a picture, given by its path below policy_src/."""
    return f"{_up(version)}{path}"


def _up(version: str) -> str:
    """The way from a policy's page, or from that of a kept version, to the folder of all."""
    return "../../" if version else "../"


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
