"""Turns examples of what an author may write into the card of the dialect: a table of each beside what readers see.

The dialect itself makes the right-hand column, so the card can't promise what a policy wouldn't show.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from pathlib import Path

from ..editions import council
from ..editions.withhold import EDITIONS, Edition
from ..settings import Council, Settings
from ..source import policy_files
from . import html


@dataclass(frozen=True)
class Example:
    """A line or a few for the author to type, what they are for, and the edition whose reader we look over."""

    purpose: str
    text: str
    edition: Edition = "internal"


EXAMPLES = (
    Example("A section", "## Where dogs may go"),
    Example("A clause. Every one starts with 1. and is counted for you", "1.  Dogs are welcome in every park."),
    Example(
        "Sub-clauses: a blank line, then 4 spaces for each level",
        "1.  Dogs may not enter:\n\n    1.  a play area\n    1.  a marked pitch",
    ),
    Example("A list without numbers", "1.  Please bring:\n\n    -   a lead\n    -   bags"),
    Example("More text of the same clause", "1.  Dogs may swim.\n\n    So may their owners."),
    Example("A table", "| Licence | Fee |\n| ------- | --- |\n| 1 dog   | £40 |"),
    Example("A heading without a number", "### Fees"),
    Example("An appendix", "## Forms {.appendix}"),
    Example("Bold, italic, a link", "**Bold**, *italic*, a\n[link](https://example.org/)."),
    Example("Words to be deleted and words to be added", "1.  Dogs ~~must~~ ^^may^^ swim."),
    Example("A clause to be deleted", "1.  ~~Every dog wears a muzzle.~~"),
    Example("A clause to be added", "1.  ^^A dog may swim in the river.^^"),
    Example("A comment, for colleagues only", "1.  It costs £40. {>>JS: or £50?<<}"),
    Example("A comment on some words", "1.  {==Signs==}{>>JS: old?<<} are up."),
    Example("A clause for staff. The public sees this", "1.  Wardens have radios. {.internal}", "external"),
    Example(
        "A row for staff. The public sees the others",
        "| Call    | On  |\n| ------- | --- |\n| Wardens | 123 |\n| Home    | 456 | {.internal}",
        "external",
    ),
    Example("A number of its own, not counted with the others", "1.  Old signs stay.\n1.  New ones are blue. {=1A}"),
    Example(
        "A name for a clause, and a reference that always prints its number",
        "1.  Dogs stay on a lead. {#lead}\n1.  See [clause](#lead).",
    ),
    Example("The same, in another policy", "1.  See [clause](parks.md#lakes)."),
)

_HEADS = ("What it is for", "You write", "Readers see")
_FRONT = "---\ntitle: {title}\nversion: 1\nstatus: draft\nowner: JS\ndistribution: {{external: [Website]}}\n---\n\n"
_SECTION = "## Section\n\n"  # what a clause needs above it, and the card leaves out
_OTHER = ("parks", _FRONT.format(title="Parks Policy") + "## Lakes\n\n1.  Lakes are deep. {#lakes}\n")


def table() -> str:
    """The card as an HTML table. Raises ValueError if an example is not what the dialect allows."""
    heads = "".join(f'<th scope="col">{head}</th>' for head in _HEADS)
    rows = "\n".join(
        f'<tr><th scope="row">{escape(example.purpose)}</th>'
        f'<td data-label="{_HEADS[1]}"><pre><code>{escape(example.text)}</code></pre></td>'
        f'<td data-label="{_HEADS[2]}"><div class="policy">{shown}</div></td></tr>'
        for example, shown in zip(EXAMPLES, _shown(EXAMPLES), strict=True)
    )
    return (
        '<table class="facts card" data-stacks=""><caption class="vh">The marks, and what becomes of them</caption>\n'
        f"<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}\n</tbody></table>"
    )


def _shown(examples: tuple[Example, ...]) -> list[str]:
    """What readers see of each example, as HTML."""
    texts = [
        _FRONT.format(title="Dogs") + ("" if _is_heading(example) else _SECTION) + example.text for example in examples
    ]
    files = [_OTHER, *((f"example-{number}", text) for number, text in enumerate(texts))]
    read = [policy_files.read(slug, f"{slug}.md", text.encode()) for slug, text in files]
    sources, problems = [source for source, _ in read if source], [problem for _, faults in read for problem in faults]
    settings = Settings(council=Council(name="The council"))
    editions = {which: council.gather(sources, problems, Path(), which, settings) for which in EDITIONS}
    wrong = [problem for policies in editions.values() for problem in policies.problems]
    if wrong:
        raise ValueError(f"the card of the dialect has an example that is wrong: {wrong[0]}")
    return [
        html.sample(editions[example.edition].published[f"example-{n}"].document, with_heading=_is_heading(example))
        for n, example in enumerate(examples)
    ]


def _is_heading(example: Example) -> bool:
    return example.text.startswith("## ")
