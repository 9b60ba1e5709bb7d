"""Turns the numbered lines of a policy into one element tree: the Python-Markdown extension and its settings.

    marks         ~~deleted~~ ^^inserted^^                   pymdownx.tilde, pymdownx.caret
    comments      {>>TA1: text<<}  <!-- text -->             here: an empty <comment n="0"/>, the words kept apart
    their words   {==words==}{>>TA1: text<<}                 here: <mark>
    languages     [geiriau]{lang=cy}                         languages: <span lang="cy">
    raw HTML      stays literal text, for the walk to report

The tree is not serialised by Python-Markdown, and lines that are numbered need none of its preprocessors.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable, Iterator, Mapping
from html import unescape
from typing import Any

from markdown import Markdown
from markdown.blockprocessors import BlockProcessor, ListIndentProcessor
from markdown.extensions import Extension
from markdown.extensions.admonition import AdmonitionExtension
from markdown.extensions.def_list import DefListExtension
from markdown.extensions.sane_lists import SaneListExtension
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import ETX, STX, AtomicString, Registry
from pymdownx.caret import InsertSupExtension  # type: ignore[import-untyped]
from pymdownx.tilde import DeleteSubExtension  # type: ignore[import-untyped]

from ..messages import Fault
from ..model.document import Comment
from . import signs
from .definitions import Addresses, Footnotes, faults
from .languages import Phrase
from .line_numbers import LINE_BASE, MARKER, PRIVATE
from .tables import Tables

# &nbsp; &#8211; &#x2013;
_ENTITY = r"(&(?:#[0-9]{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]*);)"
# {>> in a comment that {>> began: the first was never closed, and has swallowed the words between the two
_SWALLOWED = {"{>>": re.compile(r"(?<!\\)\{>>"), "<!--": re.compile(r"(?<!\\)<!--")}
# A line of words, or an item that is one, with its line number (a private-use character) before the words
_ONE_LINE = re.compile(r"(\d+\. +)?[\U000f0000-\U000ffffd][^\n]*$(?!\n)")
# What every inline pattern needs at least one of: a sign, or two spaces at a line's end; first a guess, which is cheap
_PERHAPS = re.compile(r"[\\`*_\[<&~^\x02{\n]")
_SIGN = re.compile(r"[\\`*_\[<&~^\x02]|\{[>=]|  \n")
# What is in every match of these patterns, which would look for it at each character by a dearer way
_NEEDED = {"backtick": "`", "comment": "<", "words": "{==", "reference": "[", "link": "[", "short_reference": "["}
# What Python-Markdown writes for a sign that must not be read as mark-up any more
ESCAPED = re.compile(f"{STX}(\\d+){ETX}")
_OBFUSCATED = re.compile(f"{STX}amp{ETX}#(\\d+);")


class _CommentProcessor(InlineProcessor):
    """Leaves an element without any text, so that no title, alt text or attribute can pick the remark up."""

    def __init__(self, md: Markdown, comments: list[Comment], swallowed: dict[int, str]) -> None:
        super().__init__(signs.COMMENT, md)
        self.comments, self.swallowed = comments, swallowed

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[ET.Element, int, int]:  # type: ignore[override]
        sign, typed = ("{>>", m[1]) if m[1] is not None else ("<!--", m[2])
        words = self.unescape(typed)
        words = MARKER.sub("", ESCAPED.sub(lambda e: chr(int(e[1])), words))
        lines = MARKER.findall(data, 0, m.start(0))
        if _SWALLOWED[sign].search(typed):
            self.swallowed[len(self.comments)] = sign
        self.comments.append(signs.signed(words, ord(lines[-1]) - LINE_BASE if lines else 0))
        return ET.Element("comment", {"n": str(len(self.comments) - 1)}), m.start(0), m.end(0)


class _WordsProcessor(InlineProcessor):
    def handleMatch(self, m: re.Match[str], data: str) -> tuple[ET.Element, int, int]:  # type: ignore[override]
        element = ET.Element("mark")
        element.text = m[1]
        return element, m.start(0), m.end(0)


class _EntityProcessor(InlineProcessor):
    """An entity becomes its character, escaped as if by a backslash, so that `&lt;b&gt;` is text and not a tag.

    A brace stays a brace however it is written: nobody can see whether `&#123;.internal&#125;` was meant to hide words.
    """

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[str | None, int | None, int | None]:
        text = unescape(m[1])
        if text == m[1] or any(char < " " for char in text) or PRIVATE.search(text):
            return None, None, None
        escaped = (char if char in "{}" else f"{STX}{ord(char)}{ETX}" for char in text)
        return "".join(escaped), m.start(0), m.end(0)


class _Shortcut(BlockProcessor):
    """Sends the two commonest blocks, a line of words and an item of one line, past processors that can't want them."""

    def test(self, parent: ET.Element, block: str) -> bool:
        return bool(_ONE_LINE.match(block))

    def run(self, parent: ET.Element, blocks: list[str]) -> None:
        item = _ONE_LINE.match(blocks[0])
        if item and item[1]:
            if not _add_item(parent, blocks[0][item.end(1) :]):
                self.parser.blockprocessors["olist"].run(parent, blocks)
                return
            del blocks[0]
        else:
            self.parser.blockprocessors["paragraph"].run(parent, blocks)


def _add_item(parent: ET.Element, words: str) -> bool:
    """Adds an item to the list that stands last here, as Python-Markdown does; False where that takes more."""
    items = parent[-1] if len(parent) else None
    if items is None or items.tag != "ol" or items[-1].text or (len(items[-1]) and items[-1][-1].tail):
        return False
    ET.SubElement(ET.SubElement(items, "li"), "p").text = words
    return True


class _Fixed:
    """Processors to which none will be added: Python-Markdown sorts and lists them anew for each block and pattern."""

    def __init__(self, processors: Registry[Any]) -> None:
        self._named, self._all = processors, tuple(processors)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    def __getitem__(self, key: int | str) -> Any:
        return self._all[key] if type(key) is int else self._named[key]


class _Sparing:
    """An expression that looks only into text which holds a sign that it needs."""

    def __init__(self, expression: re.Pattern[str], needed: str) -> None:
        self._expression, self._needed = expression, needed

    def finditer(self, text: str, start: int = 0) -> Iterable[re.Match[str]]:
        return self._expression.finditer(text, start) if self._needed in text else ()


class _Indented(ListIndentProcessor):
    """Puts what is indented below an item or meaning into it, whichever of the two stands in the other.

    Python-Markdown has one of these for lists and one for definitions, and neither looks into what the other has made:
    the second paragraph of a meaning in a clause would leave its meaning, and be published where that is internal.
    """

    ITEM_TYPES = ["li", "dd"]  # noqa: RUF012 - as the library declares them
    LIST_TYPES = ["ul", "ol", "dl"]  # noqa: RUF012


def _forgiving(marks: Any) -> Callable[[re.Match[str], str], tuple[ET.Element | None, int | None, int | None]]:
    """What the library's processor for ~~ and ^^ does, without its IndexError on `~~[^1]~~~~[^1]~~`.

    The signs that it can't read stay in the text, where they are found and reported.
    """
    handle = marks.handleMatch

    def handle_match(m: re.Match[str], data: str) -> tuple[ET.Element | None, int | None, int | None]:
        try:
            return handle(m, data)  # type: ignore[no-any-return]
        except IndexError:
            marks.reset()
            return None, None, None

    return handle_match


class _SkipPlain(Treeprocessor):
    """Spares text without any sign that could be mark-up the search for sixteen patterns; most text has none."""

    def run(self, root: ET.Element) -> None:
        for element in root.iter():
            text = element.text
            if text and not (_PERHAPS.search(text) and _SIGN.search(text)):
                element.text = AtomicString(text)


class PolicyDialect(Extension):
    """What a policy may contain beyond plain Markdown."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.comments: list[Comment] = []
        self.swallowed: dict[int, str] = {}  # of each that holds the beginning of another, the sign of that

    def extendMarkdown(self, md: Markdown) -> None:
        md.registerExtension(self)
        md.ESCAPED_CHARS += ["<", "&", "="]
        # Raw HTML is neither stashed nor passed on: it stays text, where the walk finds and reports it.
        md.preprocessors.deregister("html_block")
        md.inlinePatterns.deregister("html")
        # Fenced code is out already (line_numbers): words that are indented too far stay words, comments comments.
        md.parser.blockprocessors.deregister("code")
        # Before admonition (105), the first of the processors that look at such a block in vain.
        md.parser.blockprocessors.register(_Shortcut(md.parser), "shortcut", 110)
        # In the place of Python-Markdown's two.
        md.parser.blockprocessors.register(_Indented(md.parser), "indent", 90)
        md.parser.blockprocessors.deregister("defindent")
        # After backtick (190), so that code is left alone; before escape (180) and links, whose text may hold them.
        md.inlinePatterns.register(_CommentProcessor(md, self.comments, self.swallowed), "comment", 186)
        md.inlinePatterns.register(_WordsProcessor(signs.WORDS, md), "words", 185)
        # Before links (170), whose words stand in the same brackets.
        md.inlinePatterns.register(Phrase(md), "phrase", 175)
        md.inlinePatterns.register(_EntityProcessor(_ENTITY, md), "entity", 80)
        md.inlinePatterns["delimiter"].handleMatch = _forgiving(md.inlinePatterns["delimiter"])  # type: ignore[assignment, method-assign]
        # The walk over the tree does these two jobs itself, once it has seen what was escaped.
        md.treeprocessors.deregister("prettify")
        md.treeprocessors.deregister("unescape")
        # Just before inline (20) looks for marks, links and all else.
        md.treeprocessors.register(_SkipPlain(md), "skip_plain", 21)

    def reset(self) -> None:
        self.comments.clear()
        self.swallowed.clear()


class Dialect:
    """One Markdown parser for many policies; not to be shared between threads."""

    def __init__(self) -> None:
        self._extension, self._footnotes, self._addresses = PolicyDialect(), Footnotes(), Addresses()
        self._markdown = Markdown(
            extensions=[
                Tables(),
                self._footnotes,
                DefListExtension(),
                AdmonitionExtension(),
                SaneListExtension(),
                # Sub- and superscript stay on: without them CommonMark's punctuation rules make `word~~,~~` literal.
                DeleteSubExtension(smart_delete=False, subscript=True),
                InsertSupExtension(smart_insert=False, superscript=True),
                self._extension,
            ],
        )
        self._markdown.references = self._addresses
        for name, needed in _NEEDED.items():
            pattern = self._markdown.inlinePatterns[name]
            pattern.compiled_re = _Sparing(pattern.compiled_re, needed)  # type: ignore[assignment]
        self._markdown.parser.blockprocessors = _Fixed(self._markdown.parser.blockprocessors)  # type: ignore[assignment]
        self._markdown.treeprocessors["inline"].inlinePatterns = _Fixed(self._markdown.inlinePatterns)  # type: ignore[attr-defined]

    def parse(self, lines: list[str]) -> tuple[ET.Element, list[Comment]]:
        """The element tree of these lines, and the comments that its <comment n> elements stand for."""
        self._markdown.reset()
        tree: ET.Element = self._markdown.parser.parseDocument([*lines, "", ""]).getroot()  # type: ignore[assignment]
        for processor in self._markdown.treeprocessors:
            changed = processor.run(tree)
            tree = tree if changed is None else changed
        return tree, list(self._extension.comments)

    @property
    def swallowed(self) -> Mapping[int, str]:
        """Of the comments parsed last those that were never closed and hold another, with their signs."""
        return self._extension.swallowed

    def faults(self, defined: Mapping[str, int]) -> list[tuple[int, Fault]]:
        """What Markdown lost of the lines parsed last, as (line, fault); `defined` are its names' lines."""
        return [(defined.get(name, 1), fault) for name, fault in faults(self._footnotes, self._addresses)]


def plain_address(text: str) -> str:
    """The text of `<name@example.org>`, which Python-Markdown hides from robots as character codes, in the clear."""
    return _OBFUSCATED.sub(lambda code: chr(int(code[1])), text)
