"""Turns the difference in one policy into sentences for its reader, and into figures.

Every word that is not our own goes through a `quote`, by which the medium keeps it from being read as anything else.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from ..model.schedule import Change
from ..problems import count_of
from .difference import Difference, Printed, Remark, Value
from .judgement import Alteration, Basis, Renumbered
from .rewording import ADDRESS, FORM

# clause 4.5   section A   table in section 3       what can't be anything else in Markdown
_PLAIN = re.compile(r"[a-z -]*(?: [A-Z]{0,2}[0-9.]*)?")

Quote = Callable[[str], str]

# What each basis is called: over its list, for one of it, for several
_BASES: dict[Basis, tuple[str, str, str]] = {
    "silent": ("Silent edits: changed without marks", "silent edit", "silent edits"),
    "marked": ("Amendments proposed", "amendment proposed", "amendments proposed"),
    "remarked": ("Amendments worded anew", "amendment worded anew", "amendments worded anew"),
    "withdrawn": ("Amendments taken back", "amendment taken back", "amendments taken back"),
    "accepted": ("Amendments accepted", "amendment accepted", "amendments accepted"),
    "rejected": ("Amendments rejected", "amendment rejected", "amendments rejected"),
    "editorial": ("Editorial changes", "editorial change", "editorial changes"),
    "free": ("Edits to a draft that was never approved", "edit", "edits"),
    "visibility": ("Who can read what", "change in who can read what", "changes in who can read what"),
}


@dataclass(frozen=True)
class Section:
    """A list in the report, under its heading; `advice` is what to do about it."""

    heading: str
    items: list[str]
    advice: str = ""
    alarm: bool = False


def sections(policy: Difference, quote: Quote) -> Iterator[Section]:
    """All that there is to say, what matters most first."""
    alarms = [f"{quote(alarm.path)}: {alarm.words}" if alarm.path else alarm.words for alarm in policy.alarms]
    lists = {
        "Numbers that change": list(renumbered(policy.renumbered)),
        "References that print another number": list(_references(policy.references, policy.slug, quote)),
        "Comments added": [_remark(one, quote) for one in policy.added],
        "Comments resolved": [_remark(one, quote) for one in policy.resolved],
        "Front matter": [_value(one, quote) for one in policy.metadata],
        "Archive": [f"Version {quote(version)} is kept." for version in policy.kept],
    }
    listed = [Section("Alarms", alarms, alarm=True)]
    for basis, (heading, _, _) in _BASES.items():
        by = f", declared by {policy.editorial}" if basis == "editorial" else ""
        advice = _advice(policy, quote) if basis == "silent" else ""
        items = [_alteration(one, quote) for one in policy.of(basis)]
        listed.append(Section(f"{heading}{by}", items, advice, alarm=basis == "silent"))
    listed += [Section(heading, items) for heading, items in lists.items()]
    return (section for section in listed if section.items)


def figures(policy: Difference, quote: Quote) -> str:
    """What has changed in numbers, such as `1 silent edit, 2 amendments proposed, 1 comment added`."""
    states = {"added": "new policy", "removed": "removed", "unreadable": "not compared"}
    state = f"renamed from {quote(f'{policy.was}.md')}" if policy.state == "renamed" else states.get(policy.state, "")
    alarms = len(policy.alarms) - (policy.state in ("removed", "unreadable"))
    numbers = {basis: len(policy.of(basis)) for basis in _BASES}
    figures = [
        state,
        count_of(alarms, "alarm") if alarms else "",
        *(f"{number} {_BASES[basis][1 if number == 1 else 2]}" for basis, number in numbers.items() if number),
        "numbers change" if policy.renumbered or policy.references else "",
        f"{count_of(len(policy.added), 'comment')} added" if policy.added else "",
        f"{count_of(len(policy.resolved), 'comment')} resolved" if policy.resolved else "",
        "front matter changed" if policy.metadata and policy.state != "added" else "",
        f"{count_of(len(policy.kept), 'version')} kept" if policy.kept else "",
    ]
    return ", ".join(filter(None, figures))


def _advice(policy: Difference, quote: Quote) -> str:
    why = f"{_first(policy.undeclared)}. " if policy.undeclared else ""
    return (
        f"{why}Run {quote(f'policy mark {policy.slug}')}, which writes the marks for you. If nothing that the policy "
        "asks of anyone has changed, say so in its front matter: "
        f"{quote('change_note: {text: Spelling corrected in 4.5, editorial: true}')}."
    )


def _alteration(alteration: Alteration, quote: Quote) -> str:
    """One alteration as a sentence: Clause 4.5 is reworded: for “may” substitute “must”."""
    line = (
        f" (line {alteration.line})" if alteration.line and alteration.basis in ("silent", "editorial", "free") else ""
    )
    where, was = f"{_label(alteration.where, quote)}{line}", _label(alteration.was, quote)
    undone = alteration.basis in ("withdrawn", "rejected")
    done = {
        "inserted": f"{where} was to be inserted" if undone else f"{where} is inserted",
        "deleted": f"{where} was to be deleted" if undone else f"{where} is deleted",
        "reworded": f"{where} was to be reworded" if undone else f"{where} is reworded",
        "moved": f"{was} was to move and become {where}" if undone else f"{was} moves and is now {where}",
        "published": f"{where} will be public; it was in the internal edition only",
        "hidden": f"{where} will be in the internal edition only; it was public",
    }[alteration.deed]
    if alteration.deed == "moved" and alteration.was == alteration.where:
        done = f"{where} was to move to another spot there" if undone else f"{where} moves to another spot there"
    if alteration.deed == "reworded" and alteration.changes and all(map(_only_looks, alteration.changes)):
        done = f"{where} {'was to keep' if undone else 'keeps'} its words"
    gone = alteration.deed == "deleted" and not alteration.line and not undone
    changes = "; ".join(_words(change, alteration, quote) for change in alteration.changes)
    before = "; ".join(_quoted(change, quote) for change in alteration.before)
    sentences = [
        f"{'what was ' if gone else ''}{done}{': ' if changes else ''}{changes}",
        f"It was: {before}" if before else "",
        alteration.note,
    ]
    return " ".join(stopped(_first(sentence)) for sentence in sentences if sentence)


def stopped(sentence: str) -> str:
    """The sentence with a full stop, if the words that it ends in don't bring their own."""
    return sentence if re.search("[.?!]`*”$", sentence) else f"{sentence}."


def _words(change: Change, alteration: Alteration, quote: Quote) -> str:
    if change.kind == ADDRESS and change.deleted and change.inserted:
        return f"the link or image “{quote(change.deleted)}” becomes “{quote(change.inserted)}”"
    if change.kind == ADDRESS:
        what = f"the link or image “{quote(change.deleted or change.inserted)}”"
        return f"{what} goes" if change.deleted else f"{what} is new"
    if change.kind == FORM:
        return f"“{quote(change.inserted)}” stands elsewhere in it or in another form, or its links or footnotes do"
    if alteration.deed in ("inserted", "deleted") and change.whole:
        return f"“{quote(change.deleted or change.inserted)}”"
    if _only_looks(change):
        return f"the formatting or the link of “{quote(change.inserted)}” changes"
    return _quoted(change, quote)


def _quoted(change: Change, quote: Quote) -> str:
    """The change as an instruction whose words are quoted as the medium needs it."""
    return change.quoting(quote)


def _only_looks(change: Change) -> bool:
    """Whether a change gives the same words back: in bold, say, or with a link."""
    is_same = bool(change.deleted) and change.deleted == change.inserted
    return change.kind == FORM or (is_same and change.kind != ADDRESS)


def renumbered(numbers: Iterable[Renumbered]) -> Iterator[str]:
    """Numbers that change. Neighbours that go the same way are told together: clauses 4.6 to 4.8 become 4.7 to 4.9."""
    runs: list[list[Renumbered]] = []
    for one in numbers:
        if one.goes_on:
            runs[-1].append(one)
        else:
            runs.append([one])
    for run in runs:
        first, last = run[0], run[-1]
        if len(run) == 1:
            yield f"{_first(first.kind)} {first.old} becomes {first.new}."
        else:
            kinds = {"appendix": "Appendices"}.get(first.kind, f"{_first(first.kind)}s")
            yield f"{kinds} {first.old} to {last.old} become {first.new} to {last.new}."


def _references(references: Iterable[Printed], slug: str, quote: Quote) -> Iterator[str]:
    """Those that print the same are told together: Clause 2.1 (line 9) will print clause 3.3, was clause 3.2."""
    places = defaultdict[tuple[str, str, str], list[str]](list)
    for reference in references:
        places[reference.policy, reference.old, reference.new].append(
            f"{_label(reference.where, quote)} (line {reference.line})"
        )
    for (policy, old, new), where in places.items():
        of = "" if policy == slug else f" of {quote(f'{policy}.md')}"
        yield f"{_first(', '.join(where))} will print {new}{of}, was {old}."


def _remark(remark: Remark, quote: Quote) -> str:
    author = f", {quote(remark.author)}" if remark.author else ""
    return f"{_first(_label(remark.where, quote))}{author}: “{quote(remark.text)}”"


def _value(value: Value, quote: Quote) -> str:
    old, new = (f"“{quote(words)}”" if words else "nothing" for words in (value.old, value.new))
    return f"{value.key}: {old} → {new}"


def _label(where: str, quote: Quote) -> str:
    """Names of places are our own words, but for those of footnotes and images."""
    return where if _PLAIN.fullmatch(where) else quote(where)


def _first(words: str) -> str:
    return words[:1].upper() + words[1:]
