"""Turns the words of another language, `[geiriau]{lang=cy}`, into an element that says which, or into a fault."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

from markdown import Markdown
from markdown.inlinepatterns import InlineProcessor

from ..messages import Fault, said

# [geiriau]{lang=cy}   [y [ddolen](#a)]{lang=cy}      and what was meant for it: { lang: "cy" }
_PHRASE = r"(?<!\\)(?<!!)\[((?:[^\[\]]|\[[^\[\]]*\])+)\](\{[ \t]*lang[ \t]*[=:][^{}\n]*\})"
# cy   gd-GB   zh-Hans   zh-Hant-TW
_TAG = re.compile(r"([a-z]{2,3})(-[A-Z][a-z]{3})?(-[A-Z]{2})?")
# ISO 639-1: what two letters may stand for
_TWO_LETTERS = frozenset(
    "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee "
    "el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is "
    "it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms "
    "mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk "
    "sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi "
    "yo za zh zu".split()
)


class Phrase(InlineProcessor):
    """Leaves a span with the language, or with what was typed for it: whether it is one, `fault` says."""

    def __init__(self, md: Markdown) -> None:
        super().__init__(_PHRASE, md)

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[ET.Element, int, int]:  # type: ignore[override]
        typed = m[2].removeprefix("{lang=").removesuffix("}")
        element = ET.Element("span", {"lang": m[2] if typed == m[2][:-1] else typed})
        element.text = m[1]
        return element, m.start(0), m.end(0)


def fault(tag: str) -> Fault | None:
    """What is wrong with a language's tag; a region has no words of its own."""
    known = _TAG.fullmatch(tag)
    is_one = known and (known[1] in _TWO_LETTERS or len(known[1]) == 3)
    return None if is_one else said("P810", sign=tag if tag.startswith("{") else f"{{lang={tag}}}")
