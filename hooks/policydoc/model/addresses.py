"""Says where everything of a policy is found: the one owner of every path below an edition's root, and of every anchor.

policies/dog-control/                           page     #6.2.1   #was-5.6.1   #lead   #comment-3
policies/dog-control/dog-control.pdf            pdf      -amended.pdf while there are amendments
policies/dog-control/dog-control.json           data
policies/images/map.png                         picture
"""

from __future__ import annotations

from .number import Number

FOLDER = "policies"


def page(slug: str) -> str:
    """The folder of a policy's page, with a slash at its end: what links lead to."""
    return f"{FOLDER}/{slug}/"


def page_source(slug: str) -> str:
    """The Markdown file that MkDocs is told the page is made of."""
    return f"{FOLDER}/{slug}.md"


def on_site(site_url: str, slug: str) -> str:
    """The page's whole address; empty where the council has given no address of its website."""
    return f"{site_url.rstrip('/')}/{page(slug)}" if site_url else ""


def from_policy(slug: str, other: str) -> str:
    """How one policy's page links to another's; empty for its own."""
    return "" if other == slug else f"../{other}/"


def pdf(slug: str, reading: str = "marked") -> str:
    """The PDF in the reading `marked` (with changes, where there are any) or `amended` (the clean copy)."""
    return f"{page(slug)}{slug}.pdf" if reading == "marked" else f"{page(slug)}{slug}-{reading}.pdf"


def data(slug: str) -> str:
    """The policy as JSON."""
    return f"{page(slug)}{slug}.json"


def beside(path: str) -> str:
    """How the policy's own page links to a file of its folder."""
    return path.rpartition("/")[2]


def picture(path: str) -> str:
    """A picture, given by its path below policy_src/."""
    return f"{FOLDER}/{path}"


def picture_from_policy(path: str) -> str:
    """How a policy's page links to a picture, given by its path below policy_src/."""
    return f"../{path}"


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
