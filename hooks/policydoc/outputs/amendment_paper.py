"""Turns a policy with amendments into its amendment paper: what a committee votes on, for Typst and for a page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup

from ..editions.policy import Policy
from ..history.dates import CommitDates
from ..model.affected_text import AffectedText, affected_texts
from ..model.change import Change
from ..model.document import Comment, Image, Run
from ..model.pieces import Piece
from ..model.proposers import proposers
from ..model.quoting import listed, printed
from ..model.runs import has_words, nested
from . import html_words
from .control_sheet import draft_dates
from .print_words import Data, Words, is_long
from .status_words import status_words

_IN_LINE, _SHORT = 34, 18  # signs in a line of a column; lines of a row that stays on one page
_PICTURE = 10  # lines that a picture takes
_FIRST_WORD = re.compile(r"\s*\S+")
_FIRST_SIGN = re.compile(r"\s*\S")


@dataclass(frozen=True)
class Entry:
    """One amendment of the paper: its change, its text on both sides, and who proposed it, as far as that is shown."""

    change: Change
    text: AffectedText
    proposers: Sequence[str]

    @property
    def is_published(self) -> bool:
        """Whether the edition shows what it says."""
        return self.change.deed != "not published"

    @property
    def proposed_by(self) -> str:
        """TA1, JS and MB"""
        return printed(listed([(name,) for name in self.proposers]))


def title(policy: Policy) -> str:
    """What the paper is called."""
    return f"Amendments: {policy.metadata.title}"


def entries(policy: Policy) -> list[Entry]:
    """The amendments of a finished policy, in the order of their numbers."""
    texts, names = affected_texts(policy.document), proposers(policy.document)
    return [
        Entry(change, texts.get(change.number, AffectedText()), names.get(change.number, ()))
        for change in policy.schedule
    ]


def for_page(policy: Policy, dates: CommitDates) -> dict[str, Any]:
    """What the page of the paper prints: for each amendment its entry, and its text on both sides as HTML."""
    return {
        "policy": policy,
        "status_words": status_words(policy),
        "draft_dates": draft_dates(policy, dates),
        "rows": [(entry, _as_html(entry.text.in_force), _as_html(entry.text.amended)) for entry in entries(policy)],
    }


def for_print(policy: Policy) -> Data:
    """What Typst prints of the paper; nothing in it leads to a place of another copy."""
    rows = [_printed(entry) for entry in entries(policy)]
    nothing: Data = {"opening": [], "contents": [], "sections": [], "notes": [], "anchors": [], "numbers": []}
    return nothing | {"places": 0, "length": 0, "amendments": rows}


# HTML


def _as_html(pieces: Sequence[Piece]) -> list[tuple[str, Markup, bool]]:
    """Of each piece what stands before its words, these, and whether they are a heading."""
    words = html_words.Words(linked=True, notes={}, element=html_words.element, version="paper")
    return [(piece.label, Markup(words.of(piece.runs)), piece.is_heading) for piece in pieces]


# print


def _printed(entry: Entry) -> Data:
    """One row; `line` says whether its words begin at, or come behind, the line that Typst is asked for."""
    text, number = entry.text, entry.change.number
    in_force = _with_spots(text.in_force, f"line-{number}", text.is_behind)
    has_line = any(isinstance(run.thing, Comment) for piece in in_force for run in piece.runs)
    return {
        "number": entry.change.name,
        "id": f"line-{number}",
        "anchor": entry.change.id,
        "line": ("behind" if text.is_behind else "at") if has_line else "",
        "place": entry.change.location,
        "words": entry.change.words,
        "by": entry.proposed_by,
        "published": entry.is_published,
        "short": max(_lines(text.in_force), _lines(text.amended), len(entry.change.words) // _IN_LINE) <= _SHORT,
        "before": list(map(_as_data, in_force)),
        "amended": list(map(_as_data, text.amended)),
    }


def _lines(pieces: Sequence[Piece]) -> int:
    """About how many lines these pieces take."""
    pictures = sum(isinstance(run.thing, Image) for piece in pieces for run in piece.runs)
    return pictures * _PICTURE + sum(1 + sum(len(run.text) for run in piece.runs) // _IN_LINE for piece in pieces)


class _PaperWords(Words):
    """Words of the paper: no comment is left in them but the signs that say where Typst is to look for the line."""

    def __init__(self) -> None:
        super().__init__(marked=True, url="", notes={}, anchors=())

    def of_piece(self, piece: Piece) -> list[Any]:
        return self._inline(nested(piece.runs))

    def _comment(self, author: str, text: str) -> list[Any]:
        return [["line", text]]


def _as_data(piece: Piece) -> Data:
    return {"label": piece.label, "words": _PaperWords().of_piece(piece), "heading": piece.is_heading}


def _with_spots(pieces: Sequence[Piece], name: str, is_behind: bool) -> list[Piece]:
    """The pieces with a sign behind the first and the last word of what is touched, for which Typst knows the line."""
    touched = [n for n, piece in enumerate(pieces) if piece.spot]
    signed = list(pieces)
    for n in dict.fromkeys(touched[-1:] + touched[:1]):  # the last first: signs move what is behind them
        spot = signed[n].spot
        assert spot
        first, end = spot
        some = list(signed[n].runs)
        if n == touched[-1]:
            some = _signed_behind(some, end if end > first else first, f"{name}-end")
        if n == touched[0]:
            some = (
                _signed_at(some, first, f"{name}-start")
                if end > first
                else _signed_behind(some, first, f"{name}-start")
            )
        signed[n] = replace(signed[n], runs=tuple(some))
    return signed


def _signed_at(some: list[Run], first: int, name: str) -> list[Run]:
    """The runs with a sign behind the first word of those from `first` on."""
    for n in range(first, len(some)):
        run = some[n]
        if has_words(run):
            match = (_FIRST_SIGN if any(map(is_long, run.text.split()[:1])) else _FIRST_WORD).match(run.text)
            end = match.end() if match else 0
            parts = [replace(run, text=run.text[:end]), replace(run, text=run.text[end:])] if end else [run]
            return [*some[:n], parts[0], _sign(run, name), *(part for part in parts[1:] if part.text), *some[n + 1 :]]
    return some


def _signed_behind(some: list[Run], end: int, name: str) -> list[Run]:
    """The runs with a sign behind the last word of those before `end`, or else behind the first of all."""
    for n in range(end - 1, -1, -1):
        run = some[n]
        if has_words(run):
            words = run.text.rstrip()
            space = [replace(run, text=run.text[len(words) :])] if len(words) < len(run.text) else []
            return [*some[:n], replace(run, text=words), _sign(run, name), *space, *some[n + 1 :]]
    return _signed_at(some, 0, name)


def _sign(run: Run, name: str) -> Run:
    """A sign in all that the run stands in."""
    return replace(run, text="", thing=Comment("", name))
