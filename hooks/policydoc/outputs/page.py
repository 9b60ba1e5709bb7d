"""Turns the article into that of a web page: numbers are links, old numbers still lead somewhere."""

from __future__ import annotations

import re

from ..model import addresses

# <li id="6.1" … data-status="…" data-number="6.1" data-previous-number="5.5"><p><span class="anchor"…></span>
# and then  <span class="clause-number">6.1</span>  or with <del>…</del> <ins>…</ins> in it
_PLACE = re.compile(
    r'(<(?:li|h2)\b[^>]*? id="(?P<id>[^"]*)"[^>]*? data-status="(?P<status>\w*)"[^>]*?'
    r' data-number="(?P<new>[^"]*)" data-previous-number="(?P<old>[^"]*)"[^>]*>(?:<p>)?)'
    r'(?P<anchors>(?:<span class="anchor"[^>]*></span>)*)'
    r'<span class="clause-number">(?P<number>(?:[^<]|<(?P<mark>del|ins)>.*?</(?P=mark)>)*)</span>'
)
# <del> <span class="vh">     where the space before a mark goes with the mark
_SPACED = re.compile(r'<(del|ins)>\s+<span class="vh">')
# </sup><sup id="fnref:b">     two footnotes of the same words; one or both of them in a mark
_NOTES = re.compile(
    r'</sup>(?P<end>(?:<span class="vh">\]</span></(?:del|ins)>)?)'
    r'(?P<begin>(?:<(?:del|ins)><span class="vh">[^<]*</span>)?)(?=<sup id="fnref)'
)


def with_links(article: str) -> str:
    """The article for a page: each number links to its own clause, and `#was-5.6.1` leads to what was 5.6.1.

    Each table gets a frame to scroll in, a deleted clause the words that stand for it in the amended reading, footnotes
    in a row their commas. The space before a mark stands outside, so that no line runs through it: `is ~~£75~~` is no
    minus.
    """
    framed = article.replace("<table", '<div class="scroll"><table').replace("</table>", "</table></div>")
    spaced = _SPACED.sub(r'<span class="of-\1"> </span><\1><span class="vh">', framed)
    return _PLACE.sub(_link, _NOTES.sub(_apart, spaced))


def _apart(notes: re.Match[str]) -> str:
    """What stands between two footnotes in a row: a comma, which goes with the one that a reading may leave out."""
    end, begin = notes["end"], notes["begin"]
    comma = "<sup>, </sup>"
    if end and begin:
        return f"</sup>{end} {begin}"
    return f"</sup>{end}{begin}{comma}" if begin else f"</sup>{comma}{end}"


def _link(place: re.Match[str]) -> str:
    old, new = place["old"], place["new"]
    was = f'<span class="anchor" id="{addresses.was(old)}"></span>' if old and new and old != new else ""
    # A space before floating or hidden words would be lost when they are copied: it stands inside.
    label = place["number"].replace('<span class="vh">]</span></del> ', '<span class="vh">] </span></del><wbr />')
    number = f'<span class="clause-number"><a href="#{place["id"]}">{label}</a> </span>'
    deleted = ' <span class="deleted-words">Deleted.</span>' if place["status"] == "deleted" else ""
    return f"{place[1]}{was}{place['anchors']}{number}{deleted}"
