"""Writes runs as HTML: marks and comments with words for screen readers, links, pictures, the signs of footnotes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from html import escape
from itertools import count

from ..model import addresses
from ..model.document import Citation, Comment, Image, Link, NoteReference, Run, Style
from ..model.runs import Holder, Language, Nested, nested

Element = Callable[[str, dict[str, str], str], str]

_MARKS = {"deleted": "del", "inserted": "ins"}
_STYLES = {"commented": "mark", "withheld": "em"}  # and those that are called as they are in HTML
_SPOKEN = {"del": "[deleted: ", "ins": "[inserted: "}
_COMMA: frozenset[Style] = frozenset({"sup"})


def element(tag: str, attributes: dict[str, str], inner: str) -> str:
    """An element of HTML as it is for a policy's page."""
    return f"<{tag}{written(attributes)}>{inner}</{tag}>"


class Words:
    """Writes the runs of one article in reading order, and counts its comments.

    `linked` is for a page, `notes` are the numbers of footnotes, `element` writes the tags. `version` says which kept
    version it is, if it is one: its page lies deeper.
    """

    def __init__(self, linked: bool, notes: Mapping[str, int], element: Element, version: str = "") -> None:
        self._linked, self._notes, self._element, self._version = linked, notes, element, version
        self._comments = count(1)

    def of(self, runs: tuple[Run, ...], in_heading: bool = False) -> str:
        """The words of these runs."""
        separated = tuple(_with_commas(runs)) if self._linked and self._notes else runs
        return self._nested(nested(separated), in_heading)

    def _nested(self, nodes: list[Nested], in_heading: bool) -> str:
        return "".join([self._run(n, in_heading) if isinstance(n, Run) else self._held(*n, in_heading) for n in nodes])

    def _held(self, holder: Holder, nodes: list[Nested], in_heading: bool) -> str:
        if isinstance(holder, str) and holder in _MARKS:
            return self._mark(_MARKS[holder], nodes, in_heading)
        inner = self._nested(nodes, in_heading)
        if isinstance(holder, Link):
            return self._element("a", _to(holder), inner)
        if isinstance(holder, Language):
            return self._element("span", {"lang": holder.tag}, inner)
        return self._element(_STYLES.get(holder, holder), {"class": "withheld"} if holder == "withheld" else {}, inner)

    def _mark(self, tag: str, nodes: list[Nested], in_heading: bool) -> str:
        """An amendment, in real but visually hidden words as well: no screen reader says it of itself."""
        outside = inside = ""
        first = nodes[0]
        if isinstance(first, Run) and not first.thing and first.text[:1].isspace():
            text = first.text.lstrip()
            nodes = [replace(first, text=text), *nodes[1:]]
            if self._linked:  # no line runs through it: `is ~~£75~~` is no minus
                outside = f'<span class="of-{tag}"> </span>'
            else:
                inside = first.text[: len(first.text) - len(text)]
        words = self._nested(nodes, in_heading)
        return f'{outside}<{tag}>{inside}<span class="vh">{_SPOKEN[tag]}</span>{words}<span class="vh">]</span></{tag}>'

    def _run(self, run: Run, in_heading: bool) -> str:
        match run.thing:
            case None:
                return escaped(run.text)
            case Comment() as comment:
                return self._comment(comment, in_heading)
            case NoteReference(note, anchor):
                link = {"href": f"#fn:{note}", "class": "footnote-ref"}
                return self._element("sup", {"id": anchor}, self._element("a", link, str(self._notes.get(note, ""))))
            case Image(path, alt, title):
                source = {"src": addresses.picture_from_policy(path, self._version)}
                return f"<img{written(source | _title(title) | {'alt': alt})} />"
            case Citation(before, new, old, behind):
                if run.mark or old == new:
                    return escaped(run.thing.words("previous" if run.mark == "deleted" else "amended"))
                return f"{escaped(before)}{spoken('del', old)} {spoken('ins', new)}{escaped(behind)}"
        return "<br />"

    def _comment(self, comment: Comment, in_heading: bool) -> str:
        role = {} if in_heading else {"role": "note"}  # a heading may hold no element with a role of its own
        anchor = {"class": "comment", "id": addresses.comment(next(self._comments)), "data-author": comment.author}
        opening = '<span class="vh">[comment: </span>'
        if comment.author:
            author = f'<span class="comment-author">{escaped(comment.author)}</span>'
            opening = f'<span class="vh">[comment by </span>{author}: '
        return self._element("span", anchor | role, f'{opening}{escaped(comment.text)}<span class="vh">]</span>')


def spoken(tag: str, number: str, end: str = "]") -> str:
    """An amended number: the words for it are no mark of the author's."""
    opening = f'<{tag}><span class="vh">{_SPOKEN[tag]}</span>'
    return f'{opening}{escaped(number)}<span class="vh">{end}</span></{tag}>'


def _with_commas(runs: tuple[Run, ...]) -> Iterator[Run]:
    """The runs with a comma between footnotes in a row, which goes with the one that a reading may leave out."""
    last: Run | None = None
    for run in runs:
        if last and isinstance(last.thing, NoteReference) and isinstance(run.thing, NoteReference):
            if last.mark and run.mark and last.mark != run.mark:
                yield Run(" ")
            else:
                yield Run(", ", run.mark or last.mark, _COMMA)
        yield run
        last = run


def _title(words: str) -> dict[str, str]:
    return {"title": words} if words else {}


def _to(link: Link) -> dict[str, str]:
    return {"href": link.address} | _title(link.title) | ({"class": "reference"} if link.slug is not None else {})


def written(attributes: dict[str, str]) -> str:
    return "".join([f' {key}="{quoted(value)}"' for key, value in attributes.items()])


def escaped(text: str) -> str:
    return escape(text, quote=False)


def quoted(value: str) -> str:
    return escape(value).replace("\n", "&#10;")
