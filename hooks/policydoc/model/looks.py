"""Says how words, which stay, are to look or where they are to lead, and which picture is to stand for another."""

from __future__ import annotations

from collections.abc import Iterable

from .document import Image, Link, Run, Style
from .quoting import Quote, Words, join, listed

_LOOKS: dict[Style, str] = {
    "strong": "bold", "em": "italics", "code": "the type of code", "sub": "small type below the line",
    "sup": "small type above the line",
}  # fmt: skip


def new_look(some: Iterable[Run]) -> Words:
    """The instruction for marked words that say the same before and after."""
    old = [run for run in some if run.mark != "inserted" and (run.text.strip() or run.thing)]
    new = [run for run in some if run.mark != "deleted" and (run.text.strip() or run.thing)]
    words = Quote(" ".join("".join(run.text for run in new).split()))
    parts: list[Words] = [
        join("for the picture ", Quote(was.alt or was.path), " substitute the one in ", Quote(now.path))
        for was, now in zip(_pictures(old), _pictures(new), strict=True)
        if was != now
    ]
    for style, look in _LOOKS.items():
        had, has = (any(style in run.styles for run in side) for side in (old, new))
        if had != has:
            parts.append(("print ", words, f" {'in' if has else 'no longer in'} {look}"))
    was, now = _addresses(old), _addresses(new)
    if was != now:
        parts.append(join("link ", words, " to ", listed([(Quote(address),) for address in now])) if now else
                     ("let ", words, " be no link"))  # fmt: skip
    return listed(parts) or ("change the look of ", words)


def _pictures(some: Iterable[Run]) -> list[Image]:
    return [run.thing for run in some if isinstance(run.thing, Image)]


def _addresses(some: Iterable[Run]) -> list[str]:
    return list(dict.fromkeys(_address(run.link) for run in some if run.link))


def _address(link: Link) -> str:
    return link.address or f"{link.slug}.md"
