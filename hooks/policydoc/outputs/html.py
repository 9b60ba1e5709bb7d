"""Writes a document as the article of its page: numbers, anchors, comments and words for screen readers put in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from html import escape
from itertools import groupby

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
    writer = _Writer(document, linked)
    writer.write()
    return "".join(writer.parts)


def sample(document: Document, with_heading: bool) -> str:
    """The document's one section as part of another page: without anchors, links and headings of its own."""
    writer = _Sample(document, linked=False)
    section = document.sections[0]
    if with_heading:
        writer.section(section)
    else:
        writer.content(section.content, "\n")
    return "".join(writer.parts)


class _Writer:
    def __init__(self, document: Document, linked: bool) -> None:
        self.document = document
        self.parts: list[str] = []
        self._linked = linked
        self._comments = 0
        self._numbers = {note.name: number for number, note in enumerate(document.notes, 1)}
        self._ways_back: dict[str, list[str]] = {}
        for _, run in document.runs() if document.notes else ():
            if isinstance(run.thing, NoteReference):
                self._ways_back.setdefault(run.thing.note, []).append(run.thing.anchor)

    def write(self) -> None:
        self.parts.append('<article class="policy" lang="en-GB">\n')
        front = {id(heading): anchor for anchor, heading in front_headings(self.document)}
        for block in self.document.opening:
            # As high as a section's, without a number: no level of headings is left out.
            self.block(block, ("h2", {"class": "front", "id": front[id(block)]}) if id(block) in front else None)
            self.parts.append("\n")
        for section in self.document.sections:
            self.section(section)
        if self.document.notes:
            self._notes()
        self.parts.append("</article>")

    # places

    def section(self, section: Provision) -> None:
        kind = {"class": "appendix"} if section.kind == "appendix" else {}
        self._open("h2", kind | _identity(section))
        self._number(section)
        self._runs(_after_number(section.heading), in_heading=True)
        self.parts.append("</h2>\n")
        self.content(section.content, "\n")

    def content(self, content: Iterable[Part], behind: str = "") -> None:
        """Blocks, and provisions that follow each other as one list."""
        for is_clause, group in groupby(content, lambda part: isinstance(part, Provision)):
            if is_clause:
                self.parts.append('<ol class="clauses" role="list">')
            for part in group:
                if isinstance(part, Provision):
                    self._clause(part)
                else:
                    self.block(part)
                    self.parts.append(behind)
            if is_clause:
                self.parts.append(f"</ol>{behind}")

    def _clause(self, clause: Provision) -> None:
        self._open("li", _identity(clause))
        content = list(clause.content)
        first = content[0] if content else None
        if isinstance(first, Block) and first.kind == "paragraph":
            del content[0]
            self._open("p", _attributes(first))
            self._number(clause)
            self._runs(_after_number(first.runs))
        else:
            self.parts.append("<p>")
            self._number(clause)
            self.parts.append(" ")
        self.parts.append("</p>")
        self.content(content)
        self.parts.append("</li>")

    def _number(self, place: Provision) -> None:
        """The anchors of a place and its number, the old one struck before it."""
        old, new = place.previous_number, place.number
        if self._linked and old and new and old != new:
            self._anchor(addresses.was(old))
        if place.name:
            self._anchor(place.name)
        self.parts.append('<span class="clause-number">')
        if self._linked:
            self.parts.append(f'<a href="#{_quoted(place.anchor)}">')
        if old == new:
            self.parts.append(_escaped(new.label) if new else "")
        else:
            if old:
                # A space before floating or hidden words would be lost when they are copied: it stands inside.
                self._spoken("del", old.label, "] " if self._linked and new else "]")
                self.parts.append("" if not new else "<wbr />" if self._linked else " ")
            if new:
                self._spoken("ins", new.label)
        self.parts.append("</a> </span>" if self._linked else "</span>")
        if self._linked and place.status == "deleted":
            self.parts.append(' <span class="deleted-words">Deleted.</span>')

    def _anchor(self, name: str) -> None:
        self._open("span", {"class": "anchor", "id": name})
        self._close("span")

    # blocks

    def block(self, block: Block, heading: tuple[str, dict[str, str]] | None = None) -> None:
        """One block; `heading` is the tag and further attributes of one before the first section."""
        if block.kind == "rule":
            self.parts.append(f"<hr{_written(_attributes(block))} />")
        elif block.kind == "table":
            self._table(block)
        else:
            tag, more = heading or (_TAGS[block.kind], {})
            self._open(tag, _attributes(block) | more)
            self._runs(block.runs, in_heading=block.kind == "cross-heading")
            for inner in block.blocks:
                self.block(inner)
            self.parts.append(f"</{tag}>")

    def _table(self, table: Block) -> None:
        if self._linked:
            self.parts.append('<div class="scroll">')
        self._open("table", _attributes(table))
        rows = list(table.blocks)
        titles = [rows.pop(0)] if rows and any(cell.kind == "heading-cell" for cell in rows[0].blocks) else []
        for tag, some in (("thead", titles), ("tbody", rows)):
            missing = all_missing(some)
            self._open(tag, {"data-missing": missing} if missing else {})
            for row in some:
                self.block(row)
            self.parts.append(f"</{tag}>")
        self.parts.append("</table></div>" if self._linked else "</table>")

    def _notes(self) -> None:
        missing = all_missing(self.document.notes)
        self._open("div", {"class": "footnote"} | ({"data-missing": missing} if missing else {}))
        self.parts.append("<hr /><ol>")
        for note in self.document.notes:
            self._open("li", {"id": f"fn:{note.name}"} | _attributes(note))
            *before, last = note.blocks or (Block("paragraph"),)
            if last.kind != "paragraph" or last.internal:
                before, last = [*before, last], Block("paragraph")
            for block in before:
                self.block(block)
            self._open("p", _attributes(last))
            self._runs(last.runs)
            self.parts.append("\u00a0")
            self._back(note)
            self.parts.append("</p></li>")
        self.parts.append("</ol></div>\n")

    def _back(self, note: Block) -> None:
        """The ways back from a footnote to the text."""
        title = f"Jump back to footnote {self._numbers[note.name]} in the text"
        for anchor in self._ways_back.get(note.name, ()):
            self._open("a", {"href": f"#{anchor}", "class": "footnote-backref", "title": title})
            self.parts.append("↩</a>")

    def _open(self, tag: str, attributes: dict[str, str]) -> None:
        self.parts.append(f"<{tag}{_written(attributes)}>")

    def _close(self, tag: str) -> None:
        self.parts.append(f"</{tag}>")

    # words

    def _runs(self, some: tuple[Run, ...], in_heading: bool = False) -> None:
        runs = tuple(_with_commas(some)) if self._linked and self._numbers else some
        self._nested(nested(runs), in_heading)

    def _nested(self, some: list[Nested], in_heading: bool) -> None:
        for one in some:
            if isinstance(one, Run):
                self._run(one, in_heading)
            elif isinstance(one[0], Link):
                self._open("a", _to(one[0]))
                self._nested(one[1], in_heading)
                self._close("a")
            elif one[0] in _MARKS:
                self._mark(_MARKS[one[0]], one[1], in_heading)
            else:
                name = one[0]
                tag = _STYLES.get(name, name)
                self._open(tag, {"class": "withheld"} if name == "withheld" else {})
                self._nested(one[1], in_heading)
                self.parts.append(f"</{tag}>")

    def _mark(self, tag: str, inner: list[Nested], in_heading: bool) -> None:
        """An amendment, in real but visually hidden words as well: no screen reader says it of itself."""
        first = inner[0]
        space = ""
        if isinstance(first, Run) and not first.thing and first.text[:1].isspace():
            text = first.text.lstrip()
            space, inner = first.text[: len(first.text) - len(text)], [replace(first, text=text), *inner[1:]]
        if space and self._linked:  # no line runs through it: `is ~~£75~~` is no minus
            self.parts.append(f'<span class="of-{tag}"> </span>')
            space = ""
        self.parts.append(f'<{tag}>{space}<span class="vh">{_SPOKEN[tag]}</span>')
        self._nested(inner, in_heading)
        self.parts.append(f'<span class="vh">]</span></{tag}>')

    def _run(self, run: Run, in_heading: bool) -> None:
        thing = run.thing
        if thing is None:
            self.parts.append(_escaped(run.text))
        elif isinstance(thing, Comment):
            self._comment(thing, in_heading)
        elif isinstance(thing, NoteReference):
            number = self._numbers.get(thing.note, "")
            self._open("sup", {"id": thing.anchor})
            self._open("a", {"href": f"#fn:{thing.note}", "class": "footnote-ref"})
            self.parts.append(f"{number}")
            self._close("a")
            self._close("sup")
        elif isinstance(thing, Image):
            title = {"title": thing.title} if thing.title else {}
            attributes = {"src": addresses.picture_from_policy(thing.path)} | title | {"alt": thing.alt}
            self.parts.append(f"<img{_written(attributes)} />")
        elif isinstance(thing, Citation):
            self._citation(run, thing)
        else:
            self.parts.append("<br />")

    def _citation(self, run: Run, citation: Citation) -> None:
        old, new = citation.previous_number, citation.number
        self.parts.append(_escaped(citation.before))
        if run.mark or old == new:
            self.parts.append(_escaped(old if run.mark == "deleted" else new))
        else:
            self._spoken("del", old)
            self.parts.append(" ")
            self._spoken("ins", new)
        self.parts.append(_escaped(citation.behind))

    def _spoken(self, tag: str, number: str, end: str = "]") -> None:
        """An amended number: the words for it are no mark of the author's."""
        opening = f'<{tag}><span class="vh">{_SPOKEN[tag]}</span>'
        self.parts.append(f'{opening}{_escaped(number)}<span class="vh">{end}</span></{tag}>')

    def _comment(self, comment: Comment, in_heading: bool) -> None:
        self._comments += 1
        role = {} if in_heading else {"role": "note"}  # a heading may hold no element with a role of its own
        anchor = addresses.comment(self._comments)
        self._open("span", {"class": "comment", "id": anchor, "data-author": comment.author} | role)
        text = _escaped(comment.text)
        if comment.author:
            author = f'<span class="comment-author">{_escaped(comment.author)}</span>'
            self.parts.append(f'<span class="vh">[comment by </span>{author}: {text}')
        else:
            self.parts.append(f'<span class="vh">[comment: </span>{text}')
        self.parts.append('<span class="vh">]</span></span>')


class _Sample(_Writer):
    """What looks like a policy's heading, link or place, and is none of the page that shows it."""

    def _open(self, tag: str, attributes: dict[str, str]) -> None:
        shown = {key: value for key, value in attributes.items() if key not in ("id", "href")}
        if tag in ("h2", "h3"):
            shown["role"] = "presentation"
        super()._open("span" if tag == "a" else tag, shown | ({"class": "reference"} if tag == "a" else {}))

    def _close(self, tag: str) -> None:
        super()._close("span" if tag == "a" else tag)


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
    found: dict[str, str] = {}
    if block.kind == "box":
        found["class"] = f"admonition {block.form}"
    elif block.kind == "box-title":
        found["class"] = "admonition-title"
    if block.form and block.kind in ("cell", "heading-cell"):
        found["data-align"] = block.form
    if block.internal:
        found["data-internal"] = "true"
    if block.missing:
        found["data-missing"] = block.missing
    return found | ({"class": "plain"} if block.kind == "steps" else {})


def _to(link: Link) -> dict[str, str]:
    title = {"title": link.title} if link.title else {}
    return {"href": link.address} | title | ({"class": "reference"} if link.slug is not None else {})


def _written(attributes: dict[str, str]) -> str:
    return "".join(f' {key}="{_quoted(value)}"' for key, value in attributes.items())


def _escaped(text: str) -> str:
    return escape(text, quote=False)


def _quoted(value: str) -> str:
    return escape(value).replace("\n", "&#10;")
