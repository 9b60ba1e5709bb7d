"""Turns numbers of clauses that were typed, where a link would print the right ones for ever, into problems.

A policy with a numbering of its own is told whether there is such a place, and what link would print it. What is said
of an Act or other regulations is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from ..messages import Fault, said
from ..model.document import Document, Provision
from ..model.scheme import DEFAULT, Scheme
from ..problems import Problem
from ..source.policy_files import Source
from .prose import Passage, is_linked, line_of, phrase

_KINDS = ("clause", "section", "paragraph", "point")
# of the Localism Act 2011   to the Allotments Regulations
_ELSEWHERE = (
    r"(?!\W+(?:of|in|to)\b(?:[^.;\0]|\.\d){0,80}?\b(?:Acts?|Regulations?|Orders?|Directive"
    r"|Bill|Code|Measure|Rules|Convention|Treaty|[A-Z]{3,}|[A-Z][a-z]+ Law)\b)(?!\s+[A-Z]{3,}\b)"
)
_YEAR = re.compile(r"(?:18|19|20)\d\d")
# 6.2.1   14(1)(b)   3(e)   A.1   (a)(ii)   12
_NUMBER = (
    r"(?:\d+[A-Za-z]{0,2}|[A-Z]{1,2}(?=[.(])|(?=\())"
    r"(?:\.\d+[A-Z]{0,2}|\.?\([0-9A-Za-z]{1,5}\)|(?<=\d)[a-z]{1,2}\)){0,6}"
)
# 6.2.1      what a policy numbered as usual is asked for
_DOTTED = re.compile(rf"(?<!\w)(?:[Cc]lause|[Ss]ection|[Pp]aragraph|[Pp]oint)s?\s+\d+(?:\.\d+)+(?!\w){_ELSEWHERE}")
_HAS_DOTTED = re.compile(r"\d\.\d")


def typed(source: Source, document: Document, prose: Sequence[Passage]) -> Iterator[Problem]:
    """The first number in each passage that is typed, and in no link."""
    scheme = source.metadata.scheme
    if not scheme.is_numbered:
        return
    cited = _DOTTED if scheme == DEFAULT else _pattern(scheme)
    places: Mapping[str, Provision] | None = None
    for passage in prose:
        if scheme == DEFAULT and not _HAS_DOTTED.search(passage.text):
            continue  # as most of them have none
        for hit in cited.finditer(passage.text):
            if is_linked(passage.text, hit.start()):
                continue
            words = " ".join(hit[0].split())
            fault: Fault | None = said("P605", words=words)
            if scheme != DEFAULT:
                places = places if places is not None else _places(document)
                fault = _fault(words, hit["word"], hit["number"], scheme, places)
            if fault:
                yield fault.at(source.path, line_of(phrase(hit[0]), passage, source), passage.where)
                if scheme == DEFAULT:
                    break


def _fault(words: str, word: str, number: str, scheme: Scheme, places: Mapping[str, Provision]) -> Fault | None:
    """What is to be said of a typed number; None where it may well be another paper's."""
    if _YEAR.fullmatch(number) and _folded(number) not in places:  # the Accounts and Audit Regulations 2015
        return None
    place = places.get(_folded(number))
    if place and scheme.section_word.lower() == word.lower() != scheme.clause_word.lower() and not place.is_heading:
        place = places.get(f"{word.lower()} {_folded(number)}")
    link = (scheme.words() or (word.lower(),))[-1]
    if place is None:
        is_own = word.lower() in scheme.words() or len(re.findall(r"\w+", number)) > 1
        advice = f"There is no such place here. Write [{link}](#name) with the name of the one that is meant."
        return said("P606", words=words, advice=advice) if is_own else None
    if place.name:
        advice = f"Write [{link}](#{place.name}), which prints {place}."
    else:
        advice = f"Write {{#name}} at the end of line {place.line}, and [{link}](#name) here, which prints {place}."
    return said("P606", words=words, advice=advice)


def _places(document: Document) -> dict[str, Provision]:
    """The places by their numbers; of those that are cited alike the first."""
    places: dict[str, Provision] = {}
    for place in document.provisions():
        if place.number and place.number.citation:
            places.setdefault(_folded(place.number.citation), place)
            if place.is_heading:
                places.setdefault(f"{place.called.lower()} {_folded(place.number.citation)}", place)
    return places


def _folded(number: str) -> str:
    return re.sub(r"[^0-9a-z]+", ".", number.lower()).strip(".")


@lru_cache
def _pattern(scheme: Scheme) -> re.Pattern[str]:
    words = "|".join(rf"{re.escape(word)}".replace(r"\ ", r"\s+") for word in (*scheme.words(), *_KINDS))
    return re.compile(rf"(?<!\w)(?P<word>(?i:{words}))s?\s+(?P<number>{_NUMBER})(?![\w(]|\s\(){_ELSEWHERE}")
