"""Rewriting front matter changes the lines of the keys that change, and nothing else."""

from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policydoc.amending.front_matter_text import REMOVE, FrontMatterError, rewritten
from policydoc.source import front_matter
from policydoc.source.front_matter import Metadata

CASES: Mapping[str, tuple[str, Mapping[str, object], str]] = {
    "plain": ("title: A\nversion: 1\n", {"version": "2"}, "title: A\nversion: 2\n"),
    "leading zeros": ("policy_number:\n", {"policy_number": "0042"}, "policy_number: 0042\n"),
    "a date": ("review_due:\n", {"review_due": date(2027, 1, 2)}, "review_due: 2027-01-02\n"),
    "a comment behind": ("version: 1  # new\n", {"version": "2.1"}, "version: 2.1  # new\n"),
    "a comment behind nothing": ("review_due:  # when?\n", {"review_due": "x"}, "review_due: x  # when?\n"),
    "spaces behind nothing": ("review_due:   \ntitle: A\n", {"review_due": "x"}, "review_due: x\ntitle: A\n"),
    "to nothing": ("review_due: 2027-01-02 # c\n", {"review_due": None}, "review_due: # c\n"),
    "null to nothing": ("review_due: null\n", {"review_due": None}, "review_due:\n"),
    "nothing stays nothing": ("review_due:   # c\n", {"review_due": None}, "review_due:   # c\n"),
    "the same stays": ("version: '1'   # c\n", {"version": "1"}, "version: '1'   # c\n"),
    "the same stays, with what is in it": (
        "change_note:\n  text: A  # why\n  editorial: true\n",
        {"change_note": {"text": "A", "editorial": True}},
        "change_note:\n  text: A  # why\n  editorial: true\n",
    ),
    "distance kept": ("version:    1\n", {"version": "2"}, "version:    2\n"),
    "single quotes kept": ("title: 'A'\n", {"title": "B's"}, "title: 'B''s'\n"),
    "double quotes kept": ('title: "A"\n', {"title": 'B "b"'}, 'title: "B \\"b\\""\n'),
    "over two lines": ("title: A\n  b # c\nowner: B\n", {"title": "C"}, "title: C # c\nowner: B\n"),
    "folded over a line of spaces": (
        "title: >-\n  A\n   \nowner: B\n",
        {"subtitle": "C"},
        "title: >-\n  A\n   \nsubtitle: C\nowner: B\n",
    ),
    "added behind nothing and a comment": (
        "distribution:\n  internal: [A]\n  external: # c\n\n# d\nowner: B\n",
        {"replaced_by": "dogs"},
        "distribution:\n  internal: [A]\n  external: # c\nreplaced_by: dogs\n\n# d\nowner: B\n",
    ),
    "folded": ("title: >-\n  A\n  b\n\n# c\nowner: B\n", {"title": "C"}, "title: C\n\n# c\nowner: B\n"),
    "on the next line": ("title: # c\n  A\nowner: B\n", {"title": "C"}, "title: C # c\nowner: B\n"),
    "colon": ("title: A\n", {"title": "Dogs: a policy"}, "title: 'Dogs: a policy'\n"),
    "hash": ("title: A\n", {"title": "Us #1"}, "title: 'Us #1'\n"),
    "quotes": ("title: A\n", {"title": "\"A\" and 'b'"}, "title: '\"A\" and ''b'''\n"),
    "yes": ("title: A\n", {"title": "yes"}, "title: 'yes'\n"),
    "null": ("title: A\n", {"title": "null"}, "title: 'null'\n"),
    "text like a date": ("title: A\n", {"title": "2026-11-30"}, "title: '2026-11-30'\n"),
    "text like no date": ("title: A\n", {"title": "2026-02-31"}, "title: '2026-02-31'\n"),
    "number": ("title: A\n", {"title": "1.0"}, "title: 1.0\n"),
    "bracket": ("title: A\n", {"title": "[A], {b}"}, "title: '[A], {b}'\n"),
    "at": ("owner: A\n", {"owner": "@team"}, "owner: '@team'\n"),
    "long": ("title: A\n", {"title": "many words " * 50 + "end"}, f"title: {'many words ' * 50}end\n"),
    "flow": (
        "distribution: {internal: [All staff]}  # c\n",
        {"distribution": {"internal": [], "external": ["Website", "A, b"]}},
        "distribution: {internal: [], external: [Website, 'A, b']}  # c\n",
    ),
    "block": (
        "distribution:  # who\n    internal:\n      - A\n      - B\n\n# the owner\nowner: A\n",
        {"distribution": {"internal": ["C"], "external": ["D"]}},
        "distribution:  # who\n    internal: [C]\n    external: [D]\n\n# the owner\nowner: A\n",
    ),
    "block to nothing": (
        "change_note: # c\n  text: A\n  editorial: true\nowner: A\n",
        {"change_note": None},
        "change_note: # c\nowner: A\n",
    ),
    "added in the model's place": (
        "title: A\n# the version\nversion: 1 # c\n\n# who\nowner: A\n",
        {"status": "draft"},
        "title: A\n# the version\nversion: 1 # c\nstatus: draft\n\n# who\nowner: A\n",
    ),
    "added behind a block": (
        "title: A\ndistribution:\n  internal: [A]\n  external:\n  - B\n# end\n",
        {"change_note": {"text": "Spelling: 4.5", "editorial": True}},
        "title: A\ndistribution:\n  internal: [A]\n  external:\n  - B\n"
        "change_note: {text: 'Spelling: 4.5', editorial: true}\n# end\n",
    ),
    "added before all": ("# c\nowner: A\n", {"title": "B"}, "# c\ntitle: B\nowner: A\n"),
    "added with nothing": ("title: A\n", {"review_due": None}, "title: A\nreview_due:\n"),
    "added to indented": ("  title: A\n  owner: B\n", {"version": "1"}, "  title: A\n  version: 1\n  owner: B\n"),
    "removed": ("title: A\nchange_note:\n  text: B\n\n# c\nowner: A\n", {"change_note": REMOVE},
                "title: A\n\n# c\nowner: A\n"),
    "removed what is not there": ("title: A\n", {"change_note": REMOVE}, "title: A\n"),
    "a quoted key": ('"title" : A\n', {"title": "B"}, '"title" : B\n'),
    "several": ("title: A\nversion: 1\n", {"version": "2", "title": "B", "owner": "C"},
                "title: B\nversion: 2\nowner: C\n"),
}  # fmt: skip


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize("case", CASES)
def test_case(case: str, newline: str) -> None:
    before, values, after = CASES[case]
    body = "---\n\n1.  Text ---   \n\n---\ntitle: body\n"
    old, new = (f"\ufeff---  \n{front}{body}".replace("\n", newline) for front in (before, after))
    assert rewritten(old, values) == new


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no front matter"),
        ("## Purpose\n", "no front matter"),
        ("---\ntitle: A\n", "no front matter"),
        ("---\n---\nText\n", "no keys"),
        ("---\n- a\n---\nText\n", "no keys"),
        ("---\n{title: A}\n---\nText\n", "stands in braces"),
        ("---\ntitle: [A\n---\nText\n", "can't be read as YAML"),
        ("---\ntitle: A\ntitle: B\n---\nText\n", "title can't be changed"),
    ],
)
def test_refused(text: str, words: str) -> None:
    with pytest.raises(FrontMatterError) as error:
        rewritten(text, {"title": "New"})
    assert words in str(error.value) and "\n" not in str(error.value)


# Everything an author may write under a key, each with its own comments, blank lines and quotes
WRITTEN = {
    "title": ["Dogs", "'Dogs: ours'", '"Dogs" ', ">-\n  Dogs\n  and cats", "|\n  Dogs\n"],
    "subtitle": ["", "for staff", "~"],
    "policy_number": ["", "0042", "'0042'", "P/7"],
    "version": ["1", '"2.10"', "2.1"],
    "status": ["draft"],
    "owner": ["TA", "Town Clerk\n  and others", "\n  Town Clerk"],
    "doc_number": ["", "69456"],
    "date_published": ["", "2026-01-02", "'2026-01-02'"],
    "review_due": ["", "2027-01-02", "null"],
    "review_team": ["", "SMT / Personnel Committee"],
    "distribution": [
        "{internal: [All staff], external: [Website]}",
        "\n  internal: [All staff, 'B, c']\n  external: [Website]",
        "\n    internal:\n    - All staff  # all\n    # none\n\n    external:\n    - Website",
        "{internal: [All staff],\n  external: []}",
    ],
    "change_note": ["{text: Spelling, editorial: true}", "\n  text: Spelling\n  # why\n  editorial: false", ""],
}
NEEDED = {"title", "version", "status", "owner", "distribution"}
COMMENTS = ["", "  # a: comment", " # [b"]
ABOVE = ["", "\n", "# about: the next\n", "\n#x\n  # y\n\n", "   \n"]  # the last would be a part of folded text
LINES = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=30).map(
    lambda text: " ".join(text.split())
).filter(lambda text: text and not set("<>{}｛｝") & set(text) and "~~" not in text and "^^" not in text)  # fmt: skip
DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))
NEW = {
    **{key: LINES for key in ("title", "version", "owner")},
    **{key: st.none() | LINES for key in ("subtitle", "policy_number", "doc_number", "review_team", "pdf_number")},
    "date_published": st.none() | DAYS.filter(lambda day: day.year < 2020),
    "review_due": st.none() | DAYS.filter(lambda day: day.year > 2050),
    "change_note": st.sampled_from([None, REMOVE])
    | st.fixed_dictionaries({"text": LINES}, optional={"editorial": st.booleans()}),
    "distribution": st.fixed_dictionaries(
        {"internal": st.lists(LINES, max_size=3), "external": st.lists(LINES, min_size=1, max_size=3)}
    ),
}


@st.composite
def front_matters(draw: st.DrawFn) -> list[tuple[str, str]]:
    """Each key with its own lines, and pieces without a key between them."""
    optional = draw(st.sets(st.sampled_from(sorted(set(WRITTEN) - NEEDED))))
    pieces, value = list[tuple[str, str]](), ""
    for key in draw(st.permutations(sorted(NEEDED | optional))):
        above = [each for each in ABOVE if not (value[:1] in (">", "|") and each.startswith(" "))]
        pieces.append(("", draw(st.sampled_from(above))))
        value, comment = draw(st.sampled_from(WRITTEN[key])), draw(st.sampled_from(COMMENTS))
        comment = "" if value.startswith((">", "|")) else comment
        pieces.append((key, f"{key}:{'' if value[:1] in ('', chr(10)) else ' '}{value}".rstrip("\n") + f"{comment}\n"))
    return pieces


@given(data=st.data(), pieces=front_matters(), newline=st.sampled_from(["\n", "\r\n"]))
def test_only_the_key_s_own_lines_change(data: st.DataObject, pieces: list[tuple[str, str]], newline: str) -> None:
    key = data.draw(st.sampled_from(sorted(NEW)))
    value = data.draw(NEW[key])
    before = "".join(text for _, text in pieces)
    old, _, faults = front_matter.read(before)
    assert old and not faults, faults

    def whole(front: str) -> str:
        return f"---\n{front}---\n\n## Purpose\n\n1.  Text.\n".replace("\n", newline)

    new = rewritten(whole(before), {key: value})
    after = new[len(f"---{newline}") : new.rindex(f"---{newline}")].replace("\r\n", "\n")
    assert new == whole(after)
    at = [place for place, (name, _) in enumerate(pieces) if name == key]
    start = "".join(text for _, text in pieces[: at[0]]) if at else ""
    end = "".join(text for _, text in pieces[at[0] + 1 :]) if at else ""
    if at:
        assert after.startswith(start) and after.endswith(end) and len(after) >= len(start) + len(end)
    else:  # one line more, and the others as they were
        lines = after.splitlines(keepends=True)
        added = [place for place, line in enumerate(lines) if line.startswith(f"{key}:")]
        assert (len(added) == 0) is (value is REMOVE)
        assert "".join(line for place, line in enumerate(lines) if place not in added) == before
    found, _, faults = front_matter.read(after)
    assert found and not faults, faults
    wanted = None if value is REMOVE else value
    assert found == Metadata.model_validate(old.model_dump() | {key: wanted})


@given(pieces=front_matters(), day=DAYS)
def test_twice_is_once(pieces: list[tuple[str, str]], day: date) -> None:
    text = "---\n" + "".join(text for _, text in pieces) + "---\nText\n"
    once = rewritten(text, {"review_due": day, "version": "3", "change_note": {"text": "Spelling"}})
    assert rewritten(once, {"review_due": day, "version": "3", "change_note": {"text": "Spelling"}}) == once
