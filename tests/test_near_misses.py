"""What looks like a mark, a comment, an attribute or a label and is none is never published in silence."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import written
from article_text import lines
from hypothesis import given, settings
from hypothesis import strategies as st
from test_invariants import FRONT_MATTER, LEFT_OUT, SECRET, Item, expected, policies, sources

from policydoc.editions import policy, references
from policydoc.editions.policy import Policy
from policydoc.editions.withhold import Edition
from policydoc.problems import Problem
from policydoc.source import policy_files
from policydoc.source.policy_files import Source


def read(text: str, edition: Edition = "external") -> Policy | None:
    """The policy with all its problems, of its references as well; finished where there is none.

    None where its text can't be read at all, which is told too.
    """
    found, faults = policy_files.read("x", "policy_src/x.md", text.encode())
    if faults:
        return None
    assert isinstance(found, Source)
    result = policy.read(found, edition, Path("policy_src"))
    destinations = {"x": result.destination()}
    dead = references.problems("policy_src/x.md", "x", result.references, destinations)
    result = replace(result, problems=(*result.problems, *(problem for _, problem in dead)))
    return result if result.problems else result.finished(destinations)


def told(body: str) -> list[Problem]:
    result = read(f"{FRONT_MATTER}\n## Keys\n\n{body}\n")
    assert result
    return list(result.problems)


def codes(body: str) -> list[str]:
    return [problem.code for problem in told(body)]


# Attributes, comments, amendments, marks

INTERNAL = (
    "{ .internal }|{internal}|(.internal)|{.internal|.internal}|{class=internal}|[.internal]|{.internal;}|{. internal}|"
    "{..internal}|{{.internal}}|{.internal}}|{{ internal }}|(internal)|[internal]|(Internal).|.internal|“.internal”|"
    "{INTERNAL}|｛.internal｝|﹛.internal﹜|{\u00a0.internal}|{\u200b.internal}|{.internal\u200b}|<.internal>|"
    "{% internal %}|{.internal]|[.internal}|{’.internal’}|[#internal]"
).split("|")
COMMENTS = (
    "{ >>JS: x<< }|{>JS: x<}|{»JS: x«}|[>>JS: x<<]|{>>JS: x<<|>>JS: x<<|{>>JS: x>>}|{<<JS: x>>}|<<JS: x>>|(>>JS: x<<)|"
    "｛>>JS: x<<｝|{＞＞JS: x＜＜}|{> >JS: x< <}|{>>JS: x<}|{>JS: x<<}|{››JS: x‹‹}|{≫JS: x≪}|{>>JS: x}|{JS: x<<}|"
    "{>\u200b>JS: x<<}|&#123;>>JS: x<<&#125;|{&gt;&gt;JS: x&lt;&lt;}|< !-- JS: x -->|<!- JS: x -->|!-- JS: x -->|"
    "{!-- JS: x --}|{>>JS: **x**<}"
).split("|")
POSITIONS = {
    "clause": "1.  Keys hang here. %s",
    "sub-clause": "1.  Keys:\n\n    1.  hang here. %s",
    "bullet": "- keys %s\n- cards",
    "paragraph": "Keys hang here. %s",
    "heading": "1.  x\n\n## Safes %s\n\n1.  x",
    "cross-heading": "### Safes %s\n\n1.  x",
    "quote": "> Keys hang here. %s",
    "box": "!!! note\n    Keys hang here. %s",
    "term": "Key %s\n:   Opens a lock.",
    "meaning": "Key\n:   Opens a lock. %s",
    "note": "Keys.[^1]\n\n[^1]: They hang here. %s",
    "a line of its own": "1.  Keys.\n\n    They hang here.\n    %s",
}


@pytest.mark.parametrize("position", POSITIONS)
def test_what_is_nearly_internal_is_one_error_that_shows_the_right_spelling(position: str) -> None:
    for typed in INTERNAL:
        problems = told(POSITIONS[position] % typed)
        assert [(problem.code, problem.level) for problem in problems] == [("P509", "error")], (typed, problems)
        assert "Write {.internal}," in problems[0].text


@pytest.mark.parametrize("position", [*POSITIONS, "cell", "link", "bold"])
def test_what_is_nearly_a_comment_is_one_error_that_shows_the_right_spelling(position: str) -> None:
    others = {"cell": "| a | b |\n|---|---|\n| c %s | d |", "link": "[a %s](https://example.org)", "bold": "**a %s b**"}
    for typed in COMMENTS:
        if position == "a line of its own" and typed.startswith(">>"):  # which is a quotation in a quotation there
            continue
        problems = told((POSITIONS | others)[position] % typed)
        assert [(problem.code, problem.level) for problem in problems] == [("P316", "error")], (typed, problems)
        assert re.search(r"Write (?:\{>>JS: x<<\}|<!-- JS: x -->),", problems[0].text), problems


@pytest.mark.parametrize(
    ("typed", "code", "right"),
    [
        ("{++add++}", "P317", "^^add^^"),
        ("{--del--}", "P317", "~~del~~"),
        ("{~~a~>b~~}", "P317", "~~a~~ ^^b^^"),
        ("～～x～～", "P318", "~~x~~"),
        ("〜〜x〜〜", "P318", "~~x~~"),
        ("∼∼x∼∼", "P318", "~~x~~"),
        ("˜˜x˜˜", "P318", "~~x~~"),
        ("＾＾x＾＾", "P318", "^^x^^"),
        ("ˆˆxˆˆ", "P318", "^^x^^"),
        ("⌃⌃x⌃⌃", "P318", "^^x^^"),
        ("~ ~x~ ~", "P318", "~~x~~"),
        ("~\u200b~x~\u200b~", "P318", "~~x~~"),
        ("~~~x~~~", "P318", "~~x~~"),
        ("~~x~", "P318", "~~x~~"),
        ("~x~~", "P318", "~~x~~"),
        ("^x^^", "P318", "^^x^^"),
        ("~～x～~", "P318", "~~x~~"),
        ("~~ x ~~", "P302", "~~words~~"),
        ("^^ x^^", "P302", "^^words^^"),
        ("~~x^^", "P301", "~~"),
        ("colo~x~~r", "P301", "~~"),
        ("{>>a<} seen {>>b<<}", "P311", "<<}"),
        ("{#internal}", "P510", "{.internal}"),
        ("{#name, .internal}", "P509", "{#name .internal}"),
        ("{#name.internal}", "P509", "{#name .internal}"),
        ("{.internal}.", "P501", "Move it there"),
        ("{.internal} words", "P501", "Move it there"),
        ("^^new {.internal}^^", "P501", "Move it there"),
        ("{name}", "P320", "\\{name\\}"),
        ("{% x %}", "P320", "\\{% x %\\}"),
        ("a << b", "P320", "\\<<"),
        ("a --> b", "P320", "\\-->"),
        ("[a](https://example.org/{b})", "P322", "%7B"),
        ('[a](https://example.org "b {x}")', "P320", "\\{x\\}"),
        ("%%JS: really?%%", "P316", "{>>JS: really?<<}"),
        ("here^[as in May].", "P430", "[^1]: as in May"),
        ("as in [the act] (https://example.org/act).", "P428", "[words](address)"),
        ("as in [the policy] (dogs.md#lead).", "P428", "[words](address)"),
        ("as in [clause] (#lead).", "P428", "[words](address)"),
        ("see www.example.org/~jo/~map.", "P408", "“www.example.org/”"),
        ("see (https://example.org/*jo*).", "P408", "“https://example.org/”"),
    ],
)
def test_other_near_misses(typed: str, code: str, right: str) -> None:
    problems = told(f"1.  Keys hang {typed}")
    assert [(problem.code, problem.level) for problem in problems] == [(code, "error")]
    assert right in problems[0].text


@pytest.mark.parametrize("typed", ["{.~~gone~~ ^^new^^internal}", "{.*internal*}", "{.~~internal~~}"])
def test_marks_in_what_stands_behind_a_row_are_no_words(typed: str) -> None:
    assert set(codes(f"| a | b | {typed}\n|---|---|\n| c | d |")) <= {"P509", "P522"}
    assert codes(f"| a | b |\n|---|---|\n| c | d | {typed}")


@pytest.mark.parametrize("typed", ["~are~", "^are^", "~old words~", "{==words==} alone", "==here==", "++may++ be"])
def test_what_may_be_meant_is_a_warning(typed: str) -> None:
    assert [problem.level for problem in told(f"1.  Dogs {typed} here.")] == ["warning"]


@pytest.mark.parametrize("position", ["- %s", "1.  %s", "1.  Keys:\n\n    - %s", "| a | b |\n|---|---|\n| %s | c |"])
@pytest.mark.parametrize("typed", ["[ ] Return the keys.", "[x] Return the keys.", "^^[X] Return^^ the keys."])
def test_a_box_to_tick_is_a_warning(typed: str, position: str) -> None:
    assert codes(position % typed) == ["P325"]
    assert codes(position % typed.replace("[", "\\[")) == []


ORDINARY = [
    "Fees are £5 > £3, 3 < 5, 5 <= 6, -> and => and --- and –.",
    "« French » and ‹this› and «that»; “quoted ‘words’”; it's.",
    "H~2~O, m^2^, 1^st^, CO~2~, A^1,2^, word.^1^ and ~~CO~2~~~ and ^^m^2^^^.",
    "https://example.org/~jo, www.example.org/a*b and https://example.org/a_b_c, www.example.org *too*.",
    "About ~50 people, ~60 dogs and 10 ~ 20; x^2 and the ^ sign.",
    "jo@example.org, <jo@example.org>, <https://example.org/~jo?a^b>, [a](https://example.org/~jo/%7Bx%7D).",
    "`{.internal}`, ``{>>x<<}``, `a << b` and \\{.internal}, \\{>>x<<}, \\<<}, \\>>x<<, \\(internal).",
    "An internal audit, an (internal) one, a (see below), [name], a host.internal name.",
    "{==x==}{>>c<<} {==y==} {>>c<<} {==~~z~~==}{>>c<<} ~~{==z==}~~{>>c<<} a {>>see `{>>`<<} <!-- b {>>c<<} -->.",
    "C++ and Go++, a == b or c == d, 5 %% of 6 %%, \\==x==, \\++x++, [ ] and [x], 2^nd^[1], [The Act] (see below).",
    "AT&T &lt;b&gt; &copy; :-) ;) <3 C:\\parks\\guide § 5 (a) and (1) 25% off.",
]


@pytest.mark.parametrize("words", ORDINARY)
@pytest.mark.parametrize("position", ["%s", "1.  %s", "> %s", "| a | b |\n|---|---|\n| %s | c |"])
def test_ordinary_text_is_left_alone(words: str, position: str) -> None:
    assert told(position % words) == []


@pytest.mark.parametrize("value", ["Dogs {.internal}", "Dogs {>>x<<}", "~~Dogs~~", "Dogs ｛x｝"])
def test_front_matter_holds_no_marks(value: str) -> None:
    _, faults = policy_files.read("x", "x.md", FRONT_MATTER.replace("Test Policy", f'"{value}"').encode() + b"\n## A\n")
    assert [fault.code for fault in faults] == ["P133"]


# Labels and block signs


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("a.  First\nb.  Second", "P218"),
        ("A.  First\nB.  Second", "P218"),
        ("i. first\nii. second", "P218"),
        ("(a) first\n(b) second", "P218"),
        ("(a)first\n(b)second", "P218"),
        ("1.1. First\n1.2. Second", "P218"),
        ("1.  The Council may:\n    (a) meet;\n    (b) vote.", "P218"),
        ("1.  The Council may:\n    • meet.", "P218"),
        ("Words:\n• first\n• second", "P218"),
        ("– first\n– second", "P218"),
        ("o first\no second", "P218"),
        ("a.  First", "P219"),
        ("a. First\n\nb. Second", "P219"),
        ("(a) First\n\n(b) Second", "P219"),
        ("1A. Text", "P219"),
        ("1) Text", "P219"),
        ("1.Text", "P219"),
        ("**1.** text", "P219"),
        ("• Text", "P219"),
        ("1.  x\n\n    (a) Text", "P219"),
        ("~~1.  clause~~", "P221"),
        ("^^- bullet^^", "P221"),
        ("~~## Fees~~", "P221"),
        ("[TOC]", "P222"),
        ("[[_TOC_]]", "P222"),
        (" ## Fees", "P223"),
        ("＃＃ Fees", "P223"),
        ("??? note\n    Text", "P224"),
        ("Key\n:Opens a lock", "P225"),
        ("Words\\\nand more", "P226"),
        ("Words\n| a | b |\n|---|---|\n| c | d |", "P227"),
        ("| a | b |\n| c | d |", "P227"),
        ("| a | b |\n\n|---|---|\n\n| c | d |", "P227"),
        ("a | b\nc | d", "P227"),
        ("+---+---+\n| a | b |\n+---+---+", "P227"),
        ("Item\tFee\nHall\t£10", "P228"),
        ("Fees\n----", "P229"),
        ("Fees\n====", "P229"),
        ("``` {.text}\nx\n```", "P230"),
        ("> ```\n> x\n> ```", "P230"),
        ("1.  It says:\n    > Dogs are welcome.", "P239"),
        ("- It says:\n    >Dogs are welcome.", "P239"),
    ],
)
def test_what_makes_no_list_table_or_heading_is_one_error_with_its_line(typed: str, code: str) -> None:
    problems = told(typed)
    assert [(problem.code, problem.level) for problem in problems] == [(code, "error")], problems
    first = FRONT_MATTER.count("\n") + 4  # the first line of what was typed
    assert first <= problems[0].line <= first + typed.count("\n")


@pytest.mark.parametrize(
    "typed",
    [
        "– text",
        "1.  It meets on\n    12. May, as ever.",
        "A. First\nB. Second",
        "1.  One.\n\n        Two.",
        "    One.",
        "- One.\n\n    - Two.\n\n            Three.",
    ],
)
def test_what_only_may_be_a_label_is_a_warning(typed: str) -> None:
    assert [problem.level for problem in told(typed)] == ["warning"]


HEADINGS = (
    "1 Fees|1. Fees|2 Fees|1.2 Fees|1) Fees|(a) Fees|IV. Fees|Section 2 – Fees|Section 1: Fees|Section 1|Part II: Fees"
)
APPENDICES = "Appendix A: Fees|Appendix A – Fees|Appendix A Fees|Appendix: Fees|Annex 1: Fees|Appendix A|1. Fees"
CROSS_HEADINGS = "1.1 Fees|1.1. Fees|(a) Fees|Part II – Fees|Appendix B: Fees"
NO_NUMBERS = (
    "10 rules for dogs|2025 budget|20 Mile Zones|Section 106 agreements|Section 17: crime|5 a day|A Plan of the park|"
    "Appendix forms|C. difficile|Part time staff|Sections and clauses|Fees 1|Information for all|Annexes: a list|Annex"
)


@pytest.mark.parametrize("mark", ["", "^^"])
@pytest.mark.parametrize(
    "heading",
    [f"## {words}" for words in HEADINGS.split("|")]
    + [f"## {words} {{.appendix}}" for words in APPENDICES.split("|")]
    + [f"### {words}" for words in CROSS_HEADINGS.split("|")],
)
def test_a_heading_that_is_numbered_by_hand_is_a_warning(heading: str, mark: str) -> None:
    sign, _, words = heading.partition(" ")
    words, appendix = words.removesuffix(" {.appendix}"), " {.appendix}" if "{" in words else ""
    problems = told(f"1.  One.\n\n{sign} {mark}{words}{mark}{appendix}\n\n1.  Two.")
    assert [(problem.code, problem.level) for problem in problems] == [("P238", "warning")]


@pytest.mark.parametrize("words", NO_NUMBERS.split("|"))
@pytest.mark.parametrize("heading", ["## %s", "### %s", "## %s {.appendix}"])
def test_other_headings_are_not(heading: str, words: str) -> None:
    assert told(f"1.  One.\n\n{heading % words}\n\n1.  Two.") == []


@pytest.mark.parametrize(
    "typed",
    [
        "A. Smith is the clerk.\n\nB. Jones is the mayor.",
        "I. Newton was here.",
        "It applies to clauses\n(a) and (b)",
        "as in (a),\n(b) and\n(c)",
        "Words – and\n– more words",
        "1984. was a year.",
        "e.g. this\ni.e. that",
        "> (a) a person who …",
        "\\(a) text",
        "\\1. text",
        "(The Council) may",
        "-5 degrees",
        "1.5 million",
        "§ 5 of the Act.\n\n§ 6 of the Act.",
        "* * *",
        "Words  \nand more",
        "```inline``` code",
        "A\tb",
        "1.\tText\n2.\tMore",
        "```\na\tb\nc\td\n```",
        "| a | b |\n|---|---|\n| c | d |",
        "a | b\n--- | ---\nc | d",
        "Key\n:   Opens a lock.",
        "1.  One.\n\n    - Two.\n\n        Three.\n\n    Four.",
        "Words:\n\n> Dogs are welcome.\n> Cats too.",
        "1.  It may be\n    \\> 3 pounds.",
        '!!! note "A"\n    One.\n\n    Two.',
        "Key\n:   One.\n\n    Two.",
    ],
)
def test_ordinary_lines_are_no_labels(typed: str) -> None:
    assert told(typed) == []


# Any slip of the hand

SIGN = re.compile(r"\{>>|<<\}|<!--|-->|\{\.internal\}|~~|\^\^")
FULL_WIDTH = str.maketrans("{}<>~^.", "｛｝＜＞～＾．")


def slipped(text: str, start: int, end: int) -> Iterator[str]:
    """The text with each single slip in the sign from start to end."""
    for at in range(start, end):
        before, sign, after = text[:at], text[at], text[at + 1 :]
        yield before + after
        yield before + sign + sign + after
        yield before + after[:1] + sign + after[1:]
        yield before + sign.translate(FULL_WIDTH) + after
        for space in " \u00a0\u200b\ufeff":
            yield before + space + sign + after
            yield before + sign + space + after
    if text[start:end] != "{.internal}":  # without which the words are public, as nobody can know better
        yield text[:start] + text[end:]


def published(result: Policy) -> str:
    schedule = " ".join(change.words for change in result.schedule)
    return written.article(result) + json.dumps(written.as_data(result)) + schedule


@settings(max_examples=150)
@given(policies(), st.data())
def test_a_slip_in_a_sign_is_told_or_changes_nothing(sections: list[Item], data: st.DataObject) -> None:
    text = sources(sections)
    signs = list(SIGN.finditer(text, len(FRONT_MATTER)))
    if signs:
        sign = data.draw(st.sampled_from(signs))
        check(sections, data.draw(st.sampled_from(list(slipped(text, *sign.span())))))


def check(sections: list[Item], slip: str) -> None:
    """That a slip is told, or that both readings are those that the author meant, and nothing internal is in them."""
    external = read(slip)
    if external is None or external.problems:
        return
    assert SECRET not in published(external) and "TA1" not in published(external), slip
    for reading in LEFT_OUT:
        meant = expected(sections, written.clauses(external), reading, "external")
        assert squeezed(lines(written.article(external), reading)) == squeezed(meant), slip


def squeezed(found: list[str]) -> list[str]:
    """Lines without their spaces: one more or less of them is no other reading."""
    return [re.sub(r"[\s\u200b\ufeff]+", "", line) for line in found]
