"""Turns a comparison into the Markdown of a comment on a pull request."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

from ..problems import count_of
from . import report
from .comparison import Comparison
from .difference import Difference
from .terminal import plain

MARKER = "<!-- policy changes -->"  # by which a workflow knows the report for one
_LARGEST = 60_000  # bytes of Markdown; GitHub takes 65,536 characters
_SUMMARY = 25_000  # bytes of it for the list
_POLICY = 15_000  # bytes of it for one policy's lists
_LONGEST = 1_000  # characters of a quotation in Markdown


def markdown(comparison: Comparison) -> str:
    """The report as a comment on a pull request: a list, then the details, folded; of bounded length.

    All that comes from policies stands in code, where neither GitHub nor GitLab reads any of it as mark-up, as an
    address or as the name of a person.
    """
    parts = [MARKER, "## What this does to the policies", f"Compared with {_code(comparison.base)}."]
    if not comparison.policies:
        return "\n\n".join([*parts, "Nothing: the policies are the same."])
    alarming = sum(policy.alarming for policy in comparison.policies)
    if alarming:
        parts.append(f"**⚠ {count_of(alarming, 'policy')} with silent edits or other alarms: look there first.**")
    listed = _fitting((_row(policy) for policy in comparison.policies), _SUMMARY)
    more = len(comparison.policies) - len(listed)
    parts.append("\n".join([*listed, f"- and {count_of(more, 'policy')} more"] if more else listed))
    details = _fitting(map(_details, comparison.policies), _LARGEST - _size("\n\n".join(parts)) - 1_000)
    parts += details
    left = len(comparison.policies) - len(details)
    if left:
        parts.append(
            f"The details of {count_of(left, 'policy')} are left out: this comment would be too long. "
            "`policy changes` shows all of them."
        )
    return "\n\n".join(parts)


def _row(policy: Difference) -> str:
    return f"- {'⚠ ' if policy.alarming else ''}{_code(policy.title)}: {report.figures(policy, _code)}"


def _details(policy: Difference) -> str:
    # GitHub reads the line of a <summary> as HTML, not as Markdown
    head = f"{_html(policy.title)}: {report.figures(policy, _html)}"
    blocks = [f"<details><summary>{'⚠ ' if policy.alarming else ''}{head}</summary>", _code(policy.path)]
    room = _POLICY
    for section in report.sections(policy, _code):
        items = _fitting((f"- {item}" for item in section.items), room)
        room -= sum(map(_size, items))
        more = len(section.items) - len(items)
        items += [f"- {more} more: see {_code('policy changes')}"] if more else []
        blocks += [f"**{'⚠ ' if section.alarm else ''}{section.heading}**", "\n".join(items)]
        blocks += [section.advice] if section.advice else []
    return "\n\n".join([*blocks, "</details>"])


def _html(words: str) -> str:
    return f"<code>{escape(_short(words))}</code>"


def _code(words: str) -> str:
    """Words as code: between more backticks than stand together in them, and in one line."""
    words = _short(words)
    longest = max(map(len, re.findall("`+", words)), default=0)
    fence = "`" * (longest + 1)
    space = " " if words.startswith("`") or words.endswith("`") else ""
    return f"{fence}{space}{words}{space}{fence}" if words else ""


def _short(words: str) -> str:
    words = " ".join(plain(words).split())
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST]}… ({len(words) - _LONGEST:,} characters more)"


def _fitting(parts: Iterable[str], room: int) -> list[str]:
    """As many of the parts, from the first on, as fit into so many bytes."""
    fitting: list[str] = []
    for part in parts:
        room -= _size(part) + 2
        if room < 0:
            break
        fitting.append(part)
    return fitting


def _size(words: str) -> int:
    return len(words.encode())
