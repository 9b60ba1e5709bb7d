"""Turns the signs that Markdown has left unread in a block's words into the slips of their author.

Whatever looks like a mark, a comment, an amendment or attributes and is none would be published in silence: here it is
one fault, which shows the right spelling. Text is as `unread` gives it; what is in code or behind a backslash is free.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..messages import Fault, said
from .line_numbers import MARKER
from .unread import COMMENT, DEL, INS, SIGNS, SUB, SUP, WORDS, WORDS_END, as_typed

_OPEN, _CLOSE = "{｛﹛❴⦃", "}｝﹜❵⦄"
# Spaces, and characters that can't be seen: a soft hyphen, a zero-width space
_GAP = r"[\s\u00ad\u200b-\u200d\u2060\ufeff]"
_TILDES, _CARETS = f"~～〜∼˜{SUB}{DEL}", f"＾^ˆ⌃{SUP}{INS}"
# With what any of them begins: nearly every character of a policy is none of these
_FIRST = rf"\\\[(+=!\-<＜«‹≪>＞»›≫{_OPEN}{_CLOSE}{_TILDES}{_CARETS}\U00100000-\U0010ffff"
_TOKEN = re.compile(
    rf"(?=[{_FIRST}])(?:"
    # \{   \{>>   \>>   \<!--             \}   \<<}   \-->       any other sign behind a backslash
    r"(?P<free_open>\\(?:\{(?:>>|==|\+\+|--)?|>>|<!--))|(?P<free_close>\\(?:\}|<<\}?|==\}|--+>))|\\."
    # < or > beside a comment:   <<!-- x -->   <!-- x -->>
    rf"|(?P<stray><(?={COMMENT})|(?<={COMMENT})>)"
    # what stands for a code block   [^note]   {#name .internal}   {=2A}
    r"|(?P<block>[\U00100000-\U0010ffff])|(?P<note>\[\^[^\[\]]+\])|(?P<attributes>\{{1,2}(?:[#.:]|=(?!=))[^{}]*\}{1,2})"
    # x<<}   x << }   x>>}   x«}   x<<]      {>>x   { >> x   {»x   [>>x   >>x
    rf"|(?P<comment_close>[<＜«‹≪>＞»›≫]{{1,3}}{_GAP}{{0,3}}[{_CLOSE}]|(?:[<＜]{{2,3}}|‹‹|[«≪])\]|[<＜]{{2,3}}\)"
    r"|<{2,3}(?!!)|＜＜|‹‹|««)"
    rf"|(?P<comment_open>[{_OPEN}]{_GAP}{{0,3}}[>＞»›≫<＜«‹≪]{{1,3}}|\[(?:[>＞]{{2,3}}|››|[»≫])|\([>＞]{{2,3}}"
    r"|>{2,3}|＞＞|››|»»)"
    # {++x   {~~x      x++}                  {==x      x==}
    rf"|(?P<change_open>\{{(?:\+\+|--|~~|\^\^|[{DEL}{INS}]))|(?P<change_close>(?:\+\+|--|~~|\^\^|[{DEL}{INS}])\}})"
    rf"|(?P<words_open>\{{{_GAP}?==)|(?P<words_close>=={_GAP}?\}})"
    # (.internal)   [ .internal ]
    r"|(?P<worded>[(\[<]\s{0,3}[.#]\s{0,3}(?i:internal)\s{0,3}[)\]>])"
    # <!-- x   < !-- x   <!- x   {!-- x      x -->        <b>   </b>
    rf"|(?P<html_open><{_GAP}{{0,2}}!--|<!-?|[{_OPEN}]?!--)|(?P<html_close>--!?>)|(?P<html><(?=[A-Za-z/?]))"
    # ~~   ~   ～～      ^^   ^   ＾＾
    rf"|(?P<tilde>[{_TILDES}]+)|(?P<caret>[{_CARETS}]+)|(?P<brace_open>[{_OPEN}]{{1,2}})|(?P<brace_close>[{_CLOSE}]{{1,2}})"
    r")",
    re.DOTALL,
)
_BRACKET = re.compile(rf"[{_OPEN}{_CLOSE}()\[\]!]")
_ONLY_GAP = re.compile(_GAP + "{1,2}")
# .internal   internal   #name      what may have been meant by a word in braces
_WORD = re.compile(r"[#.]?[\w-]+")
# {.internal without its other brace, and .internal}
_BEGUN = re.compile(rf"{_GAP}{{0,3}}[.#:]?{_GAP}{{0,3}}intern", re.IGNORECASE)
_ENDED = re.compile(r"intern\w{0,5}[.;:,]?\s{0,3}\Z", re.IGNORECASE)
# (internal)   [.internal]   “.internal”   .internal      at the end of a block
_WORDED = re.compile(
    r"(?:(?<!\\)[(\[<]\s{0,3}([.#]?)\s{0,3}internal\s{0,3}[)\]>]{1,2}|(?<![\w.\\/@-])(\.)internal[”’\"']?)\s{0,3}[.,;:]?\Z",
    re.IGNORECASE,
)
# {==words==} without a comment in them or behind them
_UNSAID = re.compile(f"{WORDS}[^{WORDS}{WORDS_END}{COMMENT}]*{WORDS_END}(?!\\s*[{DEL}{INS}]?\\s*{COMMENT})")
# <<x>>
_TURNED_ROUND = ["comment_close", "comment_open"]
# A zero-width space or the like beside a mark or comment, for whose sake a clause would not count as wholly deleted
_INVISIBLE = re.compile(
    f"[\u00ad\u200b-\u200d\u2060](?=[{DEL}{INS}{COMMENT}])|(?<=[{DEL}{INS}{COMMENT}])[\u00ad\u200b-\u200d\u2060]"
)
# What is part of a comment's wrong signs, not of its words
_EDGES = "<>＜＞«»‹›≪≫\\ \n\u00a0\u00ad\u200b\u200c\u200d\u2060\ufeff"
_TAIL = 60  # characters at a block's end in which that is looked for
_SHOWN = 40  # characters of an author's words that a message shows
# What at least one of is in every text with a slip: a character, or one of these strings. (To look for both together
# takes ten times as long.)
SUSPECT = rf"{_OPEN}{_CLOSE}<>＜＞«»‹›≪≫{_TILDES}{_CARETS}{WORDS}{COMMENT}\U00100000-\U0010ffff"
_SUSPECT = re.compile(f"[{SUSPECT}]")
_SUSPECT_STRINGS = ("[^", "!--", "intern", "INTERN", "Intern")


@dataclass(frozen=True)
class _Sign:
    kind: str
    start: int
    end: int
    text: str

    @property
    def group(self) -> str:
        return self.kind.partition("_")[0]


def slips(text: str, tag: str = "p") -> Iterator[tuple[int, Fault]]:
    """The slips in a text of `unread`, held by an element of this tag, and the index where each stands."""
    if not _SUSPECT.search(text) and not any(map(text.__contains__, _SUSPECT_STRINGS)):
        return
    tokens = (token for token in _TOKEN.finditer(text) if token.lastgroup)
    signs = [_Sign(str(token.lastgroup), token.start(), token.end(), token[0]) for token in tokens]
    brackets = [sign for sign in signs if sign.kind not in ("tilde", "caret")]
    faults = [*_brackets(text, brackets), *_marks(text, signs)]
    faults += [(words.start(), said("P321", sign=shown(words[0]))) for words in _UNSAID.finditer(text)]
    hidden = _INVISIBLE.search(text)
    if hidden:
        faults.append((hidden.start(), said("P323", character=f"U+{ord(hidden[0]):04X}")))
    yield from faults
    if all(fault.code not in ("P217", "P509") for _, fault in faults):
        yield from _worded(text, tag)


def _worded(text: str, tag: str) -> Iterator[tuple[int, Fault]]:
    """What was meant for {.internal} at a block's end, without braces; a cell may say (internal) of what is in it."""
    end = SIGNS.sub("", text[-_TAIL:]).rstrip()
    meant = _WORDED.search(end)
    if meant and (meant[1] or meant[2] or tag not in ("td", "th") or MARKER.sub("", end).strip() == meant[0].strip()):
        yield len(text), said("P509", sign=meant[0].strip(), right="{.internal}")


def shown(words: str) -> str:
    """The words in one line, and short enough for a message."""
    words = as_typed(words)
    return words if len(words) <= _SHOWN else words[: _SHOWN - 1].rstrip() + "…"


def no_meaning(sign: str) -> Fault:
    """The fault of a sign, or of words in braces, that nothing more is known of."""
    bare = shown(sign)
    right = re.sub(rf"(?<!\\)[{_OPEN}{_CLOSE}]", lambda brace: "\\" + brace[0], bare)
    return said("P320", sign=bare, right=right if right != bare else f"\\{bare}")


def attributes_meant(words: str) -> str | None:
    """`{.internal}` for the words between braces that were meant to say it; None where they say something else."""
    typed = _WORD.findall(words)
    if len(typed) > 4:
        return None
    meant: dict[str, None] = {}
    for word in typed:
        if "intern" in word.casefold():
            meant[".internal"] = None
        elif "appendi" in word.casefold():
            meant[".appendix"] = None
        elif word.startswith("#") and len(word) > 1:
            meant[word.casefold().replace("_", "-")] = None
    return f"{{{' '.join(meant)}}}" if meant else None


# Braces, comments, amendments of another kind, HTML


def _brackets(text: str, signs: Sequence[_Sign]) -> Iterator[tuple[int, Fault]]:
    index = 0
    while index < len(signs):
        sign, after = signs[index], signs[index + 1 : index + 2]
        is_pair = sign.kind.endswith("_open") and bool(after) and after[0].kind.endswith("_close")
        is_pair = is_pair or [sign.kind, *(other.kind for other in after)] == _TURNED_ROUND
        if is_pair and (sign.group == "free" or after[0].group != "free"):
            fault = _pair(text, sign, after[0])
            index += 1
        else:
            fault = _alone(text, sign)
        if fault:
            yield sign.start, fault
        index += 1


def _pair(text: str, first: _Sign, last: _Sign) -> Fault | None:
    groups = {first.group, last.group}
    whole, words = text[first.start : last.end], text[first.end : last.start].strip()
    if "free" in groups:
        return None
    if "html" in groups:
        return said("P316", sign=shown(whole), right=f"<!-- {shown(words)} -->")
    if "comment" in groups or re.match(r"\\?[>＞]", words):
        return said("P316", sign=shown(whole), right=f"{{>>{shown(words.strip(_EDGES))}<<}}")
    if "change" in groups:
        return said("P317", sign=shown(whole), right=_amendment(first, words))
    if "words" in groups:
        return said("P314")
    right = attributes_meant(as_typed(words))
    return said("P509", sign=shown(whole), right=right) if right else no_meaning(whole)


def _amendment(first: _Sign, words: str) -> str:
    """How this program writes an amendment that another writes {++so++}."""
    old, arrow, new = words.partition("~>")
    if arrow:
        return f"~~{shown(old)}~~ ^^{shown(new)}^^"
    sign = "^^" if "+" in first.text or "^" in first.text or INS in first.text else "~~"
    return f"{sign}{shown(words)}{sign}"


def _alone(text: str, sign: _Sign) -> Fault | None:
    bare = as_typed(sign.text)
    match sign.group:
        case "free":
            return None
        case "block":
            return said("P214")
        case "note":
            return said("P421", sign=bare)
        case "attributes":
            right = attributes_meant(bare) if bare.startswith("{{") or bare.endswith("}}") else None
            return said("P509", sign=bare, right=right) if right else said("P501", sign=bare)
        case "worded":
            return said("P509", sign=bare, right="{.internal}")
        case "comment" | "html":
            return _half_comment(sign.kind, bare)
        case "change":
            return said("P317", sign=bare, right="^^words^^" if "+" in bare or "^" in bare else "~~words~~")
        case "words":
            return said("P314")
    if sign.kind == "brace_open" and _BEGUN.match(text, sign.end):
        return said("P509", sign=shown(text[sign.start : sign.end + 20].partition("\n")[0]), right="{.internal}")
    if sign.kind == "brace_close" and _ENDED.search(text[max(0, sign.start - 15) : sign.start]):
        return said("P509", sign=shown(text[max(0, sign.start - 10) : sign.end]), right="{.internal}")
    return no_meaning(bare)


def _half_comment(kind: str, bare: str) -> Fault:
    """One end of a comment, or what looks like it: a tag does."""
    if kind == "html" or bare in ("<!", "<!-"):
        return said("P217")
    if bare in ("{>>", "<!--"):
        return said("P311", sign=bare, close="<<}" if bare == "{>>" else "-->")
    if bare == "<<}":
        return said("P313")
    if kind != "html_close" and _BRACKET.search(bare):
        return said("P316", sign=bare, right="<!-- words -->" if "!" in bare else "{>>words<<}")
    return no_meaning(bare)


# Marks


def _marks(text: str, signs: Sequence[_Sign]) -> Iterator[tuple[int, Fault]]:
    """Marks that are not closed, or have the wrong signs. One that opens with ~~ and closes with ^^ is one slip."""
    unclosed: dict[str, list[int]] = {"~": [], "^": []}
    for mark, kind, read in (("~", "tilde", DEL), ("^", "caret", INS)):
        runs = _drawn_together(text, [sign for sign in signs if sign.kind == kind and sign.text.strip(read)])
        index = 0
        while index < len(runs):
            first = runs[index]
            last = _closing(text, runs, index)
            fault = _mark(text, mark, first, runs[last] if last else None)
            if fault:
                yield first.start, fault
                index = last or index
            elif _is_strong(first):
                unclosed[mark].append(first.start)
            index += 1
    one_slip = len(unclosed["~"]) == len(unclosed["^"]) == 1
    for mark, starts in unclosed.items():
        for start in starts:
            if not one_slip or start == min(unclosed["~"] + unclosed["^"]):
                yield start, said("P301", sign=mark * 2)


def _closing(text: str, runs: Sequence[_Sign], index: int) -> int | None:
    """Which of the signs after this one closes its mark: the next, or the one behind a ~ that stands in a word."""
    for last in range(index + 1, min(index + 3, len(runs))):
        if _is_strong(runs[last]) or not text[runs[last].end : runs[last].end + 1].isalnum():
            return last
    return None


def _mark(text: str, mark: str, first: _Sign, last: _Sign | None) -> Fault | None:
    """What is wrong with the mark that these two signs make; None where they make none."""
    exact = mark * 2
    if as_typed(first.text) == exact * 2:
        return said("P302", sign=exact)
    if last is None or not (_is_strong(first) or _opens(text, first)):
        return None
    words = text[first.end : last.start]
    if _is_strong(first) and first.text == last.text == exact:
        return said("P301" if words.strip() == words and words else "P302", sign=exact)
    whole, right = shown(text[first.start : last.end]), f"{exact}{shown(words)}{exact}"
    if _is_strong(first) or (_is_strong(last) and _is_behind_word(text, last)):
        return said("P318", sign=whole, right=right)
    return said("P319", sign=whole, right=right) if not _is_strong(last) and _closes(text, last) else None


def _is_strong(sign: _Sign) -> bool:
    return len(sign.text) > 1


def _opens(text: str, sign: _Sign) -> bool:
    before, after = text[max(0, sign.start - 1) : sign.start], text[sign.end : sign.end + 1]
    return not before.isalnum() and bool(after) and not after.isspace()


def _closes(text: str, sign: _Sign) -> bool:
    return _is_behind_word(text, sign) and not text[sign.end : sign.end + 1].isalnum()


def _is_behind_word(text: str, sign: _Sign) -> bool:
    before = text[max(0, sign.start - 1) : sign.start]
    return bool(before) and not before.isspace() and not MARKER.match(before)


def _drawn_together(text: str, runs: Sequence[_Sign]) -> list[_Sign]:
    """The signs of one kind; two single ones with nothing but a space between, `~ ~word~ ~`, are one."""
    drawn: list[_Sign] = []
    for run in runs:
        before = drawn[-1] if drawn else run
        both = _Sign(run.kind, before.start, run.end, text[before.start : run.end])
        is_apart = len(before.text) == len(run.text) == 1 and _ONLY_GAP.fullmatch(text, before.end, run.start)
        if is_apart and (_opens(text, both) or _closes(text, both)):
            drawn[-1] = both
        else:
            drawn.append(run)
    return drawn
