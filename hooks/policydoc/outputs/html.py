"""Writes a document as the article of its page: numbers, anchors, comments and words for screen readers put in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from html import escape
from itertools import count, groupby

from ..model import addresses
from ..model.document import Block, Citation, Comment, Document, Image, Link, NoteReference, Part, Provision, Run, Style
from ..model.missing import all_missing
from ..model.runs import Nested, nested
from ..model.unnumbered import front_headings

_TAGS = {
    "paragraph": "p", "heading": "h2", "cross-heading": "h3", "list": "ul", "steps": "ol", "item": "li",
    "heading-cell": "th", "cell": "td", "quotation": "blockquote", "code": "pre", "rule": "hr", "terms": "dl",
    "term": "dt", "meaning": "dd", "box": "div", "box-title": "p", "row": "tr",
}  # fmt: skip
_MARKS = {"deleted": "del", "inserted": "ins"}
_STYLES = {"commented": "mark", "withheld": "em"}  # and those that are called as they are in HTML
_SPOKEN = {"del": "[deleted: ", "ins": "[inserted: "}
_COMMA: frozenset[Style] = frozenset({"sup"})


def article(document: Document, linked: bool = True) -> str:
    """The article of a document that knows what is missing from which reading, its references resolved.

    For a page (`linked`) each number leads to its own clause, `#was-5.6.1` to what was 5.6.1, a table has a frame to
    scroll in, and a deleted clause the words that stand for it in the amended reading. On paper nothing of that helps.
    """
    return _Writer(document, linked).article()


def sample(document: Document, with_heading: bool) -> str:
    """The document's one section as part of another page: without anchors, links and headings of its own."""
    writer, section = _Sample(document, linked=False), document.sections[0]
    return writer.section(section) if with_heading else writer.content(section.content, "\n")


class _Writer:
    def __init__(self, document: Document, linked: bool) -> None:
        self._document, self._linked = document, linked
        self._comments = count(1)
        # As high as a section's heading, without a number: no level of headings is left out.
        self._front = {id(block): {"class": "front", "id": anchor} for anchor, block in front_headings(document)}
        self._numbers = {note.name: number for number, note in enumerate(document.notes, 1)}
        self._ways_back: defaultdict[str, list[str]] = defaultdict(list)
        for _, run in document.runs() if document.notes else ():
            if isinstance(run.thing, NoteReference):
                self._ways_back[run.thing.note].append(run.thing.anchor)

    def article(self) -> str:
        parts = [f"{self.block(block)}\n" for block in self._document.opening]
        parts += [self.section(section) for section in self._document.sections]
        parts += [self._notes(self._document.notes)] if self._document.notes else []
        return f'<article class="policy" lang="en-GB">\n{"".join(parts)}</article>'

    def element(self, tag: str, attributes: dict[str, str], inner: str = "") -> str:
        return f"<{tag}{_written(attributes)}>{inner}</{tag}>"

    # places

    def section(self, section: Provision) -> str:
        kind = {"class": "appendix"} if section.kind == "appendix" else {}
        heading = self._number(section) + self._runs(_after_number(section.heading), in_heading=True)
        return self.element("h2", kind | _identity(section), heading) + "\n" + self.content(section.content, "\n")

    def content(self, content: Iterable[Part], behind: str = "") -> str:
        """Blocks, and provisions that follow each other as one list."""
        parts: list[str] = []
        for is_list, group in groupby(content, lambda part: isinstance(part, Provision)):
            written = [self._clause(p) if isinstance(p, Provision) else self.block(p) + behind for p in group]
            parts += ['<ol class="clauses" role="list">', *written, f"</ol>{behind}"] if is_list else written
        return "".join(parts)

    def _clause(self, clause: Provision) -> str:
        number, content = self._number(clause), clause.content
        first = content[0] if content else None
        if isinstance(first, Block) and first.kind == "paragraph":
            words = self.element("p", _attributes(first), number + self._runs(_after_number(first.runs)))
            content = content[1:]
        else:
            words = f"<p>{number} </p>"
        return self.element("li", _identity(clause), words + self.content(content))

    def _number(self, place: Provision) -> str:
        """The anchors of a place and its number, the old one struck before it."""
        old, new = place.previous_number, place.number
        names = [addresses.was(old)] if self._linked and old and new and old != new else []
        names += [place.name] if place.name else []
        anchors = "".join([self.element("span", {"class": "anchor", "id": name}) for name in names])
        if old == new:
            label = _escaped(new.label) if new else ""
        else:
            # A space before floating or hidden words would be lost when they are copied: it stands inside.
            label = _spoken("del", old.label, "] " if self._linked and new else "]") if old else ""
            label += ("<wbr />" if self._linked else " ") if old and new else ""
            label += _spoken("ins", new.label) if new else ""
        if not self._linked:
            return f'{anchors}<span class="clause-number">{label}</span>'
        deleted = ' <span class="deleted-words">Deleted.</span>' if place.status == "deleted" else ""
        return f'{anchors}<span class="clause-number"><a href="#{_quoted(place.anchor)}">{label}</a> </span>{deleted}'

    # blocks

    def block(self, block: Block) -> str:
        if block.kind == "rule":
            return f"<hr{_written(_attributes(block))} />"
        if block.kind == "table":
            return self._table(block)
        front = self._front.get(id(block), {})
        words = self._runs(block.runs, in_heading=block.kind == "cross-heading")
        inner = words + "".join(map(self.block, block.blocks))
        return self.element("h2" if front else _TAGS[block.kind], _attributes(block) | front, inner)

    def _table(self, table: Block) -> str:
        rows = table.blocks
        first = 1 if rows and any(cell.kind == "heading-cell" for cell in rows[0].blocks) else 0
        groups = [
            self.element(tag, _missing(group), "".join(map(self.block, group)))
            for tag, group in (("thead", rows[:first]), ("tbody", rows[first:]))
        ]
        written = self.element("table", _attributes(table), "".join(groups))
        return f'<div class="scroll">{written}</div>' if self._linked else written

    def _notes(self, notes: tuple[Block, ...]) -> str:
        items = "".join(map(self._note, notes))
        return self.element("div", {"class": "footnote"} | _missing(notes), f"<hr /><ol>{items}</ol>") + "\n"

    def _note(self, note: Block) -> str:
        """A footnote, with the ways back to the text behind its last words."""
        *before, last = note.blocks or (Block("paragraph"),)
        if last.kind != "paragraph" or last.internal:
            before, last = [*before, last], Block("paragraph")
        title = f"Jump back to footnote {self._numbers[note.name]} in the text"
        words = "".join(map(self.block, before))
        end = self._runs(last.runs) + "\u00a0"
        for anchor in self._ways_back[note.name]:
            end += self.element("a", {"href": f"#{anchor}", "class": "footnote-backref", "title": title}, "↩")
        words += self.element("p", _attributes(last), end)
        return self.element("li", {"id": f"fn:{note.name}"} | _attributes(note), words)

    # words

    def _runs(self, runs: tuple[Run, ...], in_heading: bool = False) -> str:
        separated = tuple(_with_commas(runs)) if self._linked and self._numbers else runs
        return self._nested(nested(separated), in_heading)

    def _nested(self, nodes: list[Nested], in_heading: bool) -> str:
        return "".join([self._run(n, in_heading) if isinstance(n, Run) else self._held(*n, in_heading) for n in nodes])

    def _held(self, holder: Link | str, nodes: list[Nested], in_heading: bool) -> str:
        if isinstance(holder, str) and holder in _MARKS:
            return self._mark(_MARKS[holder], nodes, in_heading)
        inner = self._nested(nodes, in_heading)
        if isinstance(holder, Link):
            return self.element("a", _to(holder), inner)
        return self.element(_STYLES.get(holder, holder), {"class": "withheld"} if holder == "withheld" else {}, inner)

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
                return _escaped(run.text)
            case Comment() as comment:
                return self._comment(comment, in_heading)
            case NoteReference(note, anchor):
                link = {"href": f"#fn:{note}", "class": "footnote-ref"}
                return self.element("sup", {"id": anchor}, self.element("a", link, str(self._numbers.get(note, ""))))
            case Image(path, alt, title):
                source = {"src": addresses.picture_from_policy(path)}
                return f"<img{_written(source | _title(title) | {'alt': alt})} />"
            case Citation(before, new, old, behind):
                if run.mark or old == new:
                    return _escaped(run.thing.words("previous" if run.mark == "deleted" else "amended"))
                return f"{_escaped(before)}{_spoken('del', old)} {_spoken('ins', new)}{_escaped(behind)}"
        return "<br />"

    def _comment(self, comment: Comment, in_heading: bool) -> str:
        role = {} if in_heading else {"role": "note"}  # a heading may hold no element with a role of its own
        anchor = {"class": "comment", "id": addresses.comment(next(self._comments)), "data-author": comment.author}
        opening = '<span class="vh">[comment: </span>'
        if comment.author:
            author = f'<span class="comment-author">{_escaped(comment.author)}</span>'
            opening = f'<span class="vh">[comment by </span>{author}: '
        return self.element("span", anchor | role, f'{opening}{_escaped(comment.text)}<span class="vh">]</span>')


class _Sample(_Writer):
    """What looks like a policy's heading, link or place, and is none of the page that shows it."""

    def element(self, tag: str, attributes: dict[str, str], inner: str = "") -> str:
        shown = {key: value for key, value in attributes.items() if key not in ("id", "href")}
        if tag == "a":
            return super().element("span", shown | {"class": "reference"}, inner)
        return super().element(tag, shown | ({"role": "presentation"} if tag in ("h2", "h3") else {}), inner)


def _spoken(tag: str, number: str, end: str = "]") -> str:
    """An amended number: the words for it are no mark of the author's."""
    opening = f'<{tag}><span class="vh">{_SPOKEN[tag]}</span>'
    return f'{opening}{_escaped(number)}<span class="vh">{end}</span></{tag}>'


def _with_commas(some: tuple[Run, ...]) -> Iterator[Run]:
    """The runs with a comma between footnotes in a row, which goes with the one that a reading may leave out."""
    last: Run | None = None
    for run in some:
        if last and isinstance(last.thing, NoteReference) and isinstance(run.thing, NoteReference):
            if last.mark and run.mark and last.mark != run.mark:
                yield Run(" ")
            else:
                yield Run(", ", run.mark or last.mark, _COMMA)
        yield run
        last = run


def _after_number(some: tuple[Run, ...]) -> tuple[Run, ...]:
    """The words behind a place's number: one space, however they begin."""
    first = some[0] if some else None
    if first and not (first.thing or first.mark or first.styles or first.link):
        return (replace(first, text=" " + first.text.lstrip()), *some[1:])
    return (Run(" "), *some)


def _identity(place: Provision) -> dict[str, str]:
    return ({"data-withheld": "true"} if place.withheld else {}) | {
        "id": place.anchor,
        "data-level": str(place.level),
        "data-status": place.status,
        "data-number": str(place.number or ""),
        "data-previous-number": str(place.previous_number or ""),
    }


def _attributes(block: Block) -> dict[str, str]:
    attributes: dict[str, str] = {}
    if block.kind == "box":
        attributes["class"] = f"admonition {block.form}"
    elif block.kind == "box-title":
        attributes["class"] = "admonition-title"
    elif block.kind == "steps":
        attributes["class"] = "plain"
    elif block.form and block.kind in ("cell", "heading-cell"):
        attributes["data-align"] = block.form
    if block.internal:
        attributes["data-internal"] = "true"
    if block.missing:
        attributes["data-missing"] = block.missing
    return attributes


def _missing(blocks: Sequence[Block]) -> dict[str, str]:
    missing = all_missing(blocks)
    return {"data-missing": missing} if missing else {}


def _title(words: str) -> dict[str, str]:
    return {"title": words} if words else {}


def _to(link: Link) -> dict[str, str]:
    return {"href": link.address} | _title(link.title) | ({"class": "reference"} if link.slug is not None else {})


def _written(attributes: dict[str, str]) -> str:
    return "".join(f' {key}="{_quoted(value)}"' for key, value in attributes.items())


def _escaped(text: str) -> str:
    return escape(text, quote=False)


def _quoted(value: str) -> str:
    return escape(value).replace("\n", "&#10;")
