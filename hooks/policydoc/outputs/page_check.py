"""Turns a finished page into what on it does more than show words: whatever isn't known to be harmless.

An allow-list. The page is read as browsers read it, tag by tag, and anything that they might read otherwise is a fault,
too. Most tags are plain ones, which one expression passes over together: a page takes about a millisecond.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

from ..source.links import SCHEMES

# What shows words, and where they stand
_PLAIN_ELEMENTS = (
    "a abbr address article aside b bdi bdo blockquote body br button caption cite code col colgroup data dd del "
    "details dfn div dl dt em fieldset figcaption figure footer h1 h2 h3 h4 h5 h6 head header hgroup hr html i ins kbd "
    "label legend li main mark meter nav ol optgroup option output p pre progress q rp rt ruby s samp search section "
    "select small span strong sub summary sup table tbody td tfoot th thead time tr u ul var wbr"
).split()
# What fetches something, asks something or says something of the page
_ELEMENTS = frozenset((*_PLAIN_ELEMENTS, *"form img input link meta picture script source".split()))

# Attributes that only describe, whatever their value; beside them those such as aria-label and data-status
_WORDS = (
    "abbr align alt as async autocomplete autofocus charset checked cite class cols colspan content crossorigin "
    "datetime decoding defer dir disabled download enterkeyhint for headers height hidden high hreflang id inputmode "
    "itemprop itemscope itemtype kind label lang loading low markdown max maxlength media min multiple name open "
    "optimum pattern placeholder readonly referrerpolicy rel required reversed role rows rowspan scope selected sizes "
    "span spellcheck start step summary tabindex target title translate type valign value width"
).split()
_ADDRESSES = frozenset(("href", "src", "srcset"))
_NAMED = re.compile(r"(?:aria|data)-[a-z0-9-]+")

# No group is repeated with a second plus (wrong before Python 3.11.5); each has one way to match, and so is linear.

# <li id="6.1" class="new" data-level="2">   </li>   <a href="#6.1">   <br />   and the text round them
_PLAIN = re.compile(
    rf"(?:[^<]++|</(?:{'|'.join(_PLAIN_ELEMENTS)})>|<(?:{'|'.join(_PLAIN_ELEMENTS)})"
    r'(?: (?:id|class|lang|title|scope|role|(?:data|aria)-[a-z-]++)="[^"<]*+"| href="#[^"<]*+"| /)*>)*'
)
# What else does nothing: the doctype; <!-- words -->, where no browser can see another end; a title; data, in which
# nothing can end the script early
_KNOWN = re.compile(
    r"(?i:<!doctype html>)|<!--(?!-?>)(?:[^-<]++|-(?!-)|<(?!!))*-->|<title>[^<]*+</title>"
    r'|<script type="application/ld\+json">[^<]*+</script>'
)
# <div class="a">   <svg/onload=x>   </p>       the space is that of HTML, and none of Unicode's
_TAG = re.compile(r"""</?([a-zA-Z][^ \t\n\f\r/>]*+)((?:[^"'>]++|"[^"]*+"|'[^']*+')*)>""")
# class="a"   class='a'   class=a   hidden       a quote stands round a value and nowhere else
_ATTRIBUTE = re.compile(
    r"""[ \t\n\f\r/]*+([^ \t\n\f\r"'<>/=]++)"""
    r"""(?:[ \t\n\f\r]*+=[ \t\n\f\r]*+("[^"]*+"|'[^']*+'|[^ \t\n\f\r"'=<>][^ \t\n\f\r"'<>]*+))?"""
)

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*+):", re.IGNORECASE)
_FOREIGN = re.compile(r"(?:https?:)?[/\\]{2}", re.IGNORECASE)
_CONTROLS = "".join(map(chr, range(33)))  # browsers pass over these in front of an address
_LINKS = frozenset(("stylesheet", "icon", "preload", "canonical", "alternate"))

_FILES = "Put scripts and styles into files in docs/assets/, and name these in mkdocs.yml."


class Tag(NamedTuple):
    """An opening tag that isn't plain, as it is written, and what comes next; None where browsers may differ on it."""

    name: str
    attributes: dict[str, str] | None
    text: str
    after: str


def faults(html: str, policy: str) -> list[str]:
    """What is wrong with the page, each once, in words for who wrote it; `policy` is the Content-Security-Policy."""
    own = {"http-equiv": "Content-Security-Policy", "content": policy}
    tags = list(_tags(html))
    all_faults = dict.fromkeys(fault for tag in tags if tag.attributes != own for fault in _faults(tag))
    if not any(tag.name == "meta" and tag.attributes == own for tag in tags):
        all_faults["the page has no Content-Security-Policy. Let its template extend main.html."] = None
    return list(all_faults)


def _tags(html: str) -> Iterator[Tag]:
    at = _end(_PLAIN, html, 0)
    while at < len(html):
        end = _end(_KNOWN, html, at)
        if end == at:
            tag = _TAG.match(html, at)
            attributes = _attributes(tag[2]) if tag else None
            if not tag or attributes is None:
                yield Tag("", None, html[at : at + 90], "")
                return  # what a browser makes of the rest is anybody's guess
            end = tag.end()
            if tag[0][1] != "/":
                yield Tag(tag[1].lower(), attributes, tag[0], html[end : end + 9])
        at = _end(_PLAIN, html, end)


def _end(pattern: re.Pattern[str], html: str, at: int) -> int:
    match = pattern.match(html, at)
    return match.end() if match else at


def _attributes(text: str) -> dict[str, str] | None:
    """The attributes of a tag, as browsers read them; None where they could read something else."""
    attributes: dict[str, str] = {}
    at, end = 0, len(text.rstrip(" \t\n\f\r/"))
    while at < end:
        attribute = _ATTRIBUTE.match(text, at, end)
        if not attribute:
            return None
        value = attribute[2] or ""
        attributes.setdefault(attribute[1].lower(), unescape(value[1:-1] if value[:1] in ('"', "'") else value))
        at = attribute.end()
    return attributes


def _faults(tag: Tag) -> Iterator[str]:
    name, attributes, shown = tag.name, tag.attributes, _shown(tag.text)
    if attributes is None:
        yield f'{shown} can be read in two ways. Write &lt; for <, and " round each value.'
    elif name == "style":
        yield f"browsers ignore {shown} here. {_FILES}"
    elif name not in _ELEMENTS:
        yield f"{shown} is not used on these pages. Use text, pictures, tables and links."
    elif name == "script" and not (attributes.get("src") and tag.after == "</script>"):
        yield f"browsers ignore {shown} here. {_FILES}"
    elif name == "link" and attributes.get("rel", "").lower() not in _LINKS:
        yield f"{shown} fetches what no page needs. Take it out."
    elif "http-equiv" in attributes:
        yield f"{shown} acts by itself. Take it out; write a link where a page has moved."
    else:
        for key, value in attributes.items():
            if key in _ADDRESSES:
                leads_away = name == "a" or attributes.get("rel", "").lower() in ("canonical", "alternate")
                addresses = value.split(",") if key == "srcset" else [value]
                yield from (fault for address in addresses for fault in _address(address, leads_away))
            elif key == "style" or key.startswith("on"):
                yield f"browsers ignore {key}= in {shown}. {_FILES}"
            elif key not in _WORDS and not _NAMED.fullmatch(key):
                yield f"{key}= in {shown} is not used on these pages. Take it out."


def _address(address: str, leads_away: bool) -> Iterator[str]:
    address = re.sub("[\t\n\r]", "", address).lstrip(_CONTROLS)
    scheme = _SCHEME.match(address)
    if leads_away:
        if scheme and scheme[1].lower() not in SCHEMES:
            yield f"{_shown(address)} is no web address. Begin it with https:, mailto: or tel:."
    elif _FOREIGN.match(address) or (scheme and not address.lower().startswith("data:image/")):
        yield f"browsers don't load {_shown(address)} here. Put the file into docs/ and name it there."


def _shown(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 80 else f"{text[:80]} …"
