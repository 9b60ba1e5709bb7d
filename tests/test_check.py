"""`policy check` finds what is suspicious, at the right line, and says it to people, programs and GitHub."""

import json
import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from building import FIRST_POLICY, SAMPLE, SETTINGS, new_project, policy
from building import run as run_apart
from click.testing import CliRunner, Result

from policydoc.checking import inspection
from policydoc.commands import main
from policydoc.commands.check import annotation
from policydoc.editions import council
from policydoc.history import archive
from policydoc.problems import Problem
from policydoc.settings import Settings, SettingsError, from_extra
from policydoc.writing import put_all

TODAY = "2026-12-15"
DATES = {"policy_number": "0042", "date_published": "2025-11-30", "review_due": "2027-11-30"}
APPROVED = DATES | {"status": "approved"}
WITHDRAWN = {"status": "withdrawn"}
INTERNAL = {"distribution": "{internal: [All staff]}"}
# Where the body of a made policy begins, and where the first line does when the policy is approved
FIRST, FIRST_APPROVED = 9, 12


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "policy_src").mkdir()
    configure(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def configure(project: Path, *lines: str) -> None:
    text = "\n".join(["site_name: Test", "extra:", "  council:", "    name: Test Council", *lines, ""])
    (project / "mkdocs.yml").write_text(text, "utf-8")


def put(project: Path, name: str, body: str = "## Purpose\n\n1.  Text.", **front_matter: str) -> Path:
    path = project / "policy_src" / f"{name}.md"
    path.write_text(policy(body, **({"title": f"{name.title()} Rules"} | front_matter)), "utf-8")
    return path


def check(*words: str, **settings: Any) -> Result:
    today = () if "--today" in words else ("--today", TODAY)
    return CliRunner().invoke(main, ["check", *today, *words], catch_exceptions=False, **settings)


def found(*words: str) -> list[tuple[str, int, str]]:
    """Code, line and clause of each problem."""
    problems = json.loads(check("--format", "json", *words).stdout)["problems"]
    return [(each["code"], each["line"], each["clause"]) for each in problems]


def text_of(code: str) -> str:
    problems = json.loads(check("--format", "json").stdout)["problems"]
    text: str = next(problem["text"] for problem in problems if problem["code"] == code)
    return text


# marks and comments left behind

LEFT = {
    "a mark below the first line of its clause": ("1.  One\n    two ~~three~~.", [("P601", 3)]),
    "two clauses, told once": ("1.  ~~One~~ ^^Two^^.\n1.  ^^Three.^^", [("P601", 2)]),
    "a paragraph between clauses": ("1.  One.\n\nTwo ^^three^^.", [("P601", 4)]),
    "a comment": ("1.  One.\n1.  Two. {>>TA: why?<<}", [("P602", 3)]),
    "both": ("1.  ~~One~~ two. {>>TA: why?<<}", [("P601", 2), ("P602", 2)]),
    "marks in code": ("1.  One `~~two~~`.", []),
}


@pytest.mark.parametrize(("body", "expected"), LEFT.values(), ids=LEFT)
@pytest.mark.parametrize("status", ["approved", "withdrawn", "draft"])
def test_what_is_left_in_a_policy_in_force(
    body: str, expected: list[tuple[str, int]], status: str, project: Path
) -> None:
    keep(project, body=f"## Purpose\n{body}", status=status)
    lines = [(code, FIRST_APPROVED + line - 1) for code, line in expected if status != "draft"]
    assert [(code, line) for code, line, _ in found() if code != "P756"] == lines


def test_what_is_left_is_counted(project: Path) -> None:
    body = "## Purpose\n\n1.  ~~One~~ ^^Two^^ {>>a<<}.\n1.  The ~~cat~~ ^^dog^^ eats ^^now^^ {>>b<<}.\n\n^^Four.^^"
    put(project, "dogs", body, **APPROVED)
    assert text_of("P601").startswith(
        "the policy is approved, but has 4 amendments left in it. Run policy accept dogs or policy reject dogs"
    )
    assert text_of("P602").startswith("the policy is approved, but has 2 comments left in it.")


# references to what is gone


def test_a_deleted_clause_that_others_refer_to(project: Path) -> None:
    put(project, "dogs", "## Purpose\n\n1.  ~~On a lead.~~ {#lead}\n1.  One.")
    put(project, "parks", "## Purpose\n\n1.  As in\n    [clause](dogs.md#lead).\n1.  ~~See [clause](dogs.md#lead).~~")
    assert found() == [("P415", FIRST + 3, "clause 1.1")]


SUPERSEDED = {
    "a link to the policy": ("See [it](old.md).", {}, [("P603", FIRST + 2, "clause 1.1")]),
    "a link to a clause": ("See [clause](old.md#rule).", {}, [("P603", FIRST + 2, "clause 1.1")]),
    "in the second line": ("See\n    [it](old.md).", {}, [("P603", FIRST + 3, "clause 1.1")]),
    "in deleted words": ("~~See [it](old.md).~~ ^^No.^^", {}, []),
    "from a withdrawn policy": ("See [it](old.md).", WITHDRAWN, []),
    "to one in force": ("See [it](new.md).", {}, []),
    "from an internal policy": ("See [it](old.md).", INTERNAL, [("P603", FIRST + 2, "clause 1.1")]),
    "from an internal clause": ("See [it](old.md). {.internal}", {}, [("P603", FIRST + 2, "clause 1.1")]),
}


@pytest.mark.parametrize(("body", "keys", "expected"), SUPERSEDED.values(), ids=SUPERSEDED)
def test_a_link_to_a_withdrawn_policy(
    body: str, keys: dict[str, str], expected: list[tuple[str, int, str]], project: Path
) -> None:
    put(project, "old", "## Purpose\n\n1.  Rule. {#rule}", **WITHDRAWN, replaced_by="new")
    put(project, "new")
    put(project, "dogs", f"## Purpose\n\n1.  {body}", **keys)
    assert found() == expected
    if expected:
        assert text_of("P603") == "old.md is withdrawn. Refer to new.md, which replaces it."
        put(project, "old", "## Purpose\n\n1.  Rule. {#rule}", **WITHDRAWN)
        assert text_of("P603") == "old.md is withdrawn. Refer to what is in force instead."


# policies that are named

HERE = FIRST + 2
NAMED = {
    "in words": ("1.  As the Data Protection Policy says.", HERE),
    "at the end of a clause": ("1.  As in the Data Protection Policy.", HERE),
    "over two lines": ("1.  As in the Data\n    Protection Policy.", HERE),
    "in the second line": ("1.  As\n    the Data Protection Policy says.", HERE + 1),
    "below deleted words that name it": ("1.  ~~A Data Protection Policy.~~\n    A Data Protection Policy.", HERE + 1),
    "below a comment that names it": ("1.  One {>>Data Protection Policy<<}\n    Data Protection Policy.", HERE + 1),
    "in inserted words": ("1.  As the ^^Data Protection^^ Policy says.", HERE),
    "in bold words": ("1.  As the **Data Protection Policy** says.", HERE),
    "in a sub-clause": ("1.  One.\n\n    1.  A Data Protection Policy.", HERE + 2),
    "below a sub-clause": ("1.  One.\n\n    1.  Two.\n\n    A Data Protection Policy.", HERE + 4),
    "between clauses": ("1.  One.\n\nThe Data Protection Policy.\n\n1.  Two.", HERE + 2),
    "in a bullet": ("1.  One:\n\n    - two;\n    - the Data Protection Policy.", HERE + 3),
    "in a table": ("1.  One.\n\n| A | B |\n|---|---|\n| C | Data Protection Policy |", HERE + 4),
    "in a footnote": ("1.  One.[^a]\n\n[^a]: Or two.\n    The Data Protection Policy.", HERE + 3),
    "twice, told once": ("1.  A Data Protection Policy.\n1.  A Data Protection Policy.", HERE),
    "beside a longer title": ("1.  Data Protection Policy for Schools, and the Data Protection Policy.", HERE),
    "in a longer title": ("1.  The Data Protection Policy for Schools.", 0),
    "in a link": ("1.  The [Data Protection Policy](https://example.org).", 0),
    "in its link": ("1.  The [Data Protection Policy](data.md).", 0),
    "linked in another clause": ("1.  [It](data.md).\n1.  A Data Protection Policy.", 0),
    "linked in deleted words": ("1.  ~~[It](data.md).~~\n1.  A Data Protection Policy.", HERE + 1),
    "in a comment": ("1.  One. {>>Data Protection Policy<<}", 0),
    "in code": ("1.  One `Data Protection Policy`.", 0),
    "in deleted words": ("1.  One ~~Data Protection Policy~~.", 0),
    "in part of a word": ("1.  A MetaData Protection Policy and a Data Protection Policyholder.", 0),
    "in the name of something else": ("1.  The Data Protection Policy Act and the Parks Review Board.", 0),
    "with the word policy behind it": ("1.  The Parks Review Policy.", HERE),
    "in other letters": ("1.  A data protection policy.", 0),
    "in two cells": ("1.  One.\n\n| A | B |\n|---|---|\n| Data | Protection Policy |", 0),
    "in a heading": ("1.  One.\n\n## Data Protection Policy\n\n1.  Two.", 0),
    "of one word": ("1.  About Dogs, and dogs.", 0),
    "withdrawn": ("1.  The Parish Map Policy.", 0),
    "its own": ("1.  This Social Media Policy.", 0),
}


@pytest.mark.parametrize(("body", "line"), NAMED.values(), ids=NAMED)
def test_a_policy_that_is_named_without_a_link(body: str, line: int, project: Path) -> None:
    put(project, "data", title="Data Protection Policy")
    put(project, "dogs", title="Dogs")
    put(project, "parks", title="The Parks Review")
    put(project, "maps", title="Parish Map Policy", **WITHDRAWN)
    put(project, "schools", "## Purpose\n\n1.  See [it](social.md).", title="Data Protection Policy for Schools")
    path = put(project, "social", f"## Purpose\n\n{body}", title="Social Media Policy")
    lines = [line for code, line, _ in found() if code == "P604"]
    longer = "for Schools" in path.read_text("utf-8")
    assert lines == ([HERE] if longer else []) + ([line] if line else [])


def test_how_to_link_a_policy(project: Path) -> None:
    put(project, "flags", title="The Flag Policy")
    put(project, "dogs", "## Purpose\n\n1.  As The Flag Policy says.")
    assert text_of("P604") == "the Flag Policy is named here without a link. Write [Flag Policy](flags.md)."
    put(project, "flags", title="The Flag Policy", **INTERNAL)
    assert found() == []  # the public can't be sent there
    put(project, "dogs", "## Purpose\n\n1.  As The Flag Policy says.", **INTERNAL)
    assert [code for code, _, _ in found()] == ["P604"]
    put(project, "dogs", "## Purpose\n\n1.  As The Flag Policy says.", **WITHDRAWN)
    assert found() == []


def test_two_policies_with_one_title(project: Path) -> None:
    put(project, "keys-2", title="Keys and Locks")
    put(project, "keys-1", "## Purpose\n\n1.  These Keys and Locks.", title="Keys and Locks", **INTERNAL)
    put(project, "dogs", "## Purpose\n\n1.  (“Keys and Locks”)")
    assert found() == [("P604", HERE, "clause 1.1")] and "(keys-2.md)" in text_of("P604")
    put(project, "dogs", "## Purpose\n\n1.  (“Keys and Locks”)", **INTERNAL)
    assert "(keys-1.md)" in text_of("P604")
    put(project, "dogs", "## Purpose\n\n1.  Keys and Locks, [those](keys-2.md).", **INTERNAL)
    assert found() == []


# dates

CITED = {
    "See clause 1.1 for it.": 1,
    "See Sections 2.1 and 3.": 1,
    "See paragraph\n    4.2.1, please.": 1,
    "As clause 5.1 of the Flag Policy says.": 1,
    "See clause 1.1 and clause 1.2.": 1,  # once is enough for a paragraph
    "See [clause](#here), {>>JS: clause 1.1?<<} `clause 1.1`, ~~clause 1.1~~.": 0,
    "See [clause 1.1](#here).": 0,
    "Under section 2.1 of the Allotments Act 1925.": 0,
    "Under clause 3.4 of, and section 2.1 to, the Parks Regulations 2010.": 0,
    "It takes clause 5 months, or 1.5 hours.": 0,
}


@pytest.mark.parametrize("words", CITED)
def test_a_number_that_is_typed(words: str, project: Path) -> None:
    put(project, "dogs", f"## Purpose\n\n1.  Here. {{#here}}\n1.  {words}")
    assert [code for code, _, _ in found()] == ["P605"] * CITED[words]


NUMBERLESS = {
    "[clauses](#lead)": ["[clause](#name)"], "[Clauses](#lead)": ["[Clause](#name)"],
    "[sub-clause](#lead)": ["[clause]"],
    "[**sections**](dogs.md#lead)": ["[section]"], "[appendices](#lead)": ["[appendix]"],
    "[paragraph](#lead)": ["[clause]"],
    "[clause](#lead)": [], "[Section](#lead)": [], "[the clause](#lead)": [], "[paragraph](https://example.org)": [],
    "~~[clauses](#lead)~~": [], "clauses": [],
}  # fmt: skip


@pytest.mark.parametrize("words", NUMBERLESS)
def test_a_reference_that_prints_no_number(words: str, project: Path) -> None:
    put(project, "dogs", f"## Purpose\n\n1.  Rule. {{#lead}}\n1.  See\n    {words} above.")
    expected = [("P608", FIRST + 4, "clause 1.2")] if NUMBERLESS[words] else []
    assert found() == expected
    assert all(right in text_of("P608") for right in NUMBERLESS[words])


REVIEW = {
    "2026-12-14": "P611",
    "2026-12-15": "P612",
    "2027-03-15": "P612",
    "2027-03-16": "",
}


@pytest.mark.parametrize(("day", "code"), REVIEW.items())
def test_reviews(day: str, code: str, project: Path) -> None:
    put(project, "dogs", review_due=day)
    assert found() == ([(code, 7, "")] if code else [])
    put(project, "dogs", review_due=day, status="withdrawn")
    assert found() == []


def test_a_date_to_come(project: Path) -> None:
    put(project, "dogs", date_published="2026-12-16")
    assert found() == [("P613", 7, "")]
    assert found("--today", "2026-12-16") == []


def test_today_is_that_of_the_build_or_a_date(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(project, "dogs", review_due="2001-09-10")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000000000")  # 9 September 2001
    result = CliRunner().invoke(main, ["check"])
    assert result.exit_code == 0 and "the review is due on 10 September 2001" in result.stderr
    for wrong in ("tomorrow", "2026-02-30", "20261215"):
        result = check("--today", wrong)
        assert result.exit_code == 2 and "Write year-month-day" in result.stderr


# style

STYLE = (
    "  style:",
    "    - avoid: utilise",
    "      use: use",
    "    - avoid: in order to",
    "      because: to is enough.",
)
STYLED = {
    "in words": ("1.  Staff utilise it.", HERE),
    "in capitals": ("1.  Utilise it.", HERE),
    "over two lines": ("1.  In\n    order to.", HERE),
    "in the second line": ("1.  One\n    utilise.", HERE + 1),
    "in a link": ("1.  [Utilise](https://example.org).", HERE),
    "in an address": ("1.  [It](https://example.org/utilise).", 0),
    "in part of a word": ("1.  Utilised.", 0),
    "in code": ("1.  `utilise`", 0),
    "in deleted words": ("1.  ~~Utilise~~ it.", 0),
    "in a comment": ("1.  It. {>>utilise<<}", 0),
    "in a heading": ("1.  It.\n\n## Utilise\n\n1.  It.", HERE + 2),
}


@pytest.mark.parametrize(("body", "line"), STYLED.values(), ids=STYLED)
def test_the_style_of_the_council(body: str, line: int, project: Path) -> None:
    put(project, "dogs", f"## Purpose\n\n{body}")
    assert found() == []
    configure(project, *STYLE)
    assert [(code, at) for code, at, _ in found()] == ([("P621", line)] if line else [])


def test_the_advice_on_style(project: Path) -> None:
    put(project, "dogs", "## Purpose\n\n1.  Utilise it.")
    configure(project, *STYLE)
    assert text_of("P621") == "the council's style avoids “Utilise”. Write “use”."
    put(project, "dogs", "## Purpose\n\n1.  In order  to.")
    assert text_of("P621") == "the council's style avoids “In order to”. Word it in another way: to is enough."


WRONG_STYLES = {
    "extra.style: this is not a list": "utilise",
    "extra.style.0: this is not a rule": ["utilise"],
    "extra.style.0.avoid: this key is missing": [{"use": "use"}],
    "extra.style.0.shun: there is no such key. Known keys are avoid, use, because.": [{"avoid": "a", "shun": "b"}],
    "extra.style.1.avoid: this is not text. Put it in quotes.": [{"avoid": "a"}, {"avoid": False}],
    "extra.style.0.avoid: these are no words": [{"avoid": "  "}],
}


@pytest.mark.parametrize(("said", "style"), WRONG_STYLES.items())
def test_a_wrong_list_of_style(said: str, style: object) -> None:
    with pytest.raises(SettingsError) as error:
        from_extra({"council": {"name": "Test Council"}, "style": style}, None)
    assert said in str(error.value) and "\n" not in str(error.value)


def test_no_list_of_style_is_an_empty_one() -> None:
    extra = {"council": {"name": "Test Council"}}
    assert from_extra(extra | {"style": None}, None).style == from_extra(extra, None).style == ()


# the archive

BODY = "## Purpose\n\n1.  Dogs are welcome.\n1.  Owners keep them on a lead. {#lead}\n1.  See [clause](#lead)."


def keep(project: Path, version: str = "1", body: str = BODY, **front_matter: str) -> None:
    """The approved policy, kept."""
    path = put(project, "dogs", body, **(APPROVED | front_matter), version=version)
    put_all(archive.addition(project / "policy_src", "dogs", version, path.read_bytes()))


DRAFT = DATES | {"version": "2"}
EDITORIAL = {"change_note": "{text: Spelling, editorial: true}"}
SECOND = FIRST_APPROVED + 3
EDITED = {
    "as approved": (BODY, APPROVED, []),
    "as approved, with other dates": (BODY, APPROVED | {"review_due": "2028-01-01"}, []),
    "edited": (BODY.replace("a lead", "leads"), APPROVED, [("P711", SECOND, "clause 1.2")]),
    "edited, and declared": (BODY.replace("a lead", "leads"), APPROVED | EDITORIAL, []),
    "edited, not declared": (
        BODY.replace("a lead", "leads"),
        APPROVED | {"change_note": "{text: Spelling}"},
        [("P711", SECOND + 1, "clause 1.2")],
    ),
    "with a new name": (BODY.replace("welcome.", "welcome. {#welcome}"), APPROVED, []),
    "with a clause put in": (
        BODY.replace("1.  Owners", "1.  Yes.\n1.  Owners"),
        APPROVED,
        [("P711", SECOND, "clause 1.2")],
    ),
    "with a clause taken out": (
        BODY.replace("1.  Dogs are welcome.\n", ""),
        APPROVED,
        [("P711", FIRST_APPROVED + 2, "clause 1.1")],
    ),
    "with a clause kept inside": (
        BODY.replace("welcome.", "welcome. {.internal}"),
        APPROVED,
        [("P716", FIRST_APPROVED + 2, "clause 1.1")],
    ),
    "with another owner": (BODY, APPROVED | {"owner": "Mayor"}, [("P715", 5, "")]),
    "with another owner, and declared": (BODY, APPROVED | {"owner": "Mayor"} | EDITORIAL, []),
    "with a title below it": (BODY, APPROVED | {"subtitle": "in parks"}, [("P715", 10, "")]),
    "a draft with another owner": (BODY, DRAFT | {"owner": "Mayor"}, []),
    "a draft with a clause kept inside": (
        BODY.replace("welcome.", "welcome. {.internal}"),
        DRAFT,
        [("P716", FIRST_APPROVED + 2, "clause 1.1")],
    ),
    "a draft with marks": (BODY.replace("a lead", "~~a lead~~ ^^leads^^"), DRAFT, []),
    "a draft with a new clause": (BODY.replace("1.  Owners", "1.  ^^Yes.^^\n1.  Owners"), DRAFT, []),
    "a draft edited without marks": (BODY.replace("a lead", "leads"), DRAFT, [("P711", SECOND, "clause 1.2")]),
    "said to be approved": (BODY, APPROVED | {"version": "2"}, [("P712", 3, "")]),
    "withdrawn": (BODY.replace("a lead", "leads"), DATES | WITHDRAWN, [("P756", 4, "")]),
}


@pytest.mark.parametrize(("body", "keys", "expected"), EDITED.values(), ids=EDITED)
def test_silent_edits(body: str, keys: dict[str, str], expected: list[tuple[str, int, str]], project: Path) -> None:
    keep(project)
    put(project, "dogs", body, **keys)
    assert found() == expected


def test_a_draft_is_compared_with_the_newest_version(project: Path) -> None:
    keep(project)
    keep(project, "2", BODY.replace("a lead", "leads"))
    assert found() == []
    put(project, "dogs", BODY, **DATES, version="3")
    assert [code for code, _, _ in found()] == ["P711"]
    assert text_of("P711").startswith("the words here are not those of approved version 2, and no mark shows it.")
    put(project, "dogs", BODY, **APPROVED, version="1")
    assert found() == []


def test_an_approved_policy_of_which_nothing_is_kept(project: Path) -> None:
    put(project, "dogs", BODY, **(APPROVED | EDITORIAL))
    assert found() == [("P713", 4, "")]
    for other in (DATES, DATES | WITHDRAWN):
        put(project, "dogs", BODY, **other)
        assert found() == []


def test_what_is_lost_from_the_archive_is_told_once(project: Path) -> None:
    keep(project)
    keep(project, "2", BODY.replace("a lead", "leads"))
    put(project, "dogs", BODY.replace("a lead", "leads"), **DATES, version="3")
    (project / "policy_src/archive/dogs/v2.md").unlink()
    assert [code for code, _, _ in found()] == ["P703"]  # and nothing is compared with version 1 instead


def test_what_other_programs_hide_in_the_archive_is_no_fault(project: Path) -> None:
    keep(project)
    for folder in ("archive", "archive/dogs"):
        (project / "policy_src" / folder / ".DS_Store").write_bytes(b"")
    assert found() == []


# what is shown


def three(project: Path) -> None:
    put(project, "a", "## Purpose\n\n1.  1.1 Text.")
    put(project, "b", "## Purpose\n\n1.  100 %, ~~text: yes.", doc_number="7")
    put(project, "c", doc_number="7")


TEXT = """\
Warning: policy_src/a.md:11: clause 1.1: the number “1.1” is typed into the text. Leave it out: clauses are counted \
for you; start the line with 1. [P216]
policy_src/b.md:12: clause 1.1: the mark ~~ is never closed. Close it with ~~ before the clause ends. [P301]
policy_src/c.md:7: doc_number 7 is also that of policy_src/b.md. Give each policy its own. [P142]
"""
GITHUB = """\
::error file=policy_src/b.md,line=12,title=P301%2C clause 1.1::the mark ~~ is never closed. Close it with ~~ before \
the clause ends.
::error file=policy_src/c.md,line=7,title=P142::doc_number 7 is also that of policy_src/b.md. Give each policy its own.
::warning file=policy_src/a.md,line=11,title=P216%2C clause 1.1::the number “1.1” is typed into the text. Leave it \
out: clauses are counted for you; start the line with 1.
"""


def test_the_three_forms(project: Path) -> None:
    three(project)
    text = check()
    assert (text.exit_code, text.stdout, text.stderr) == (1, "", TEXT)
    github = check("--format", "github")
    assert (github.exit_code, github.stdout, github.stderr) == (1, GITHUB, "")
    result = check("--format", "json")
    data = json.loads(result.stdout)
    problems = data.pop("problems")
    assert (result.exit_code, result.stderr) == (1, "")
    assert data == {"version": 1, "checked": 3, "errors": 2, "warnings": 1}
    assert problems[0] == {
        "path": "policy_src/a.md",
        "line": 11,
        "text": "the number “1.1” is typed into the text. "
        "Leave it out: clauses are counted for you; start the line with 1.",
        "clause": "clause 1.1",
        "level": "warning",
        "code": "P216",
    }


def test_what_would_end_a_github_command_is_escaped() -> None:
    problem = Problem("policy_src/a,b:c%.md", 0, "50 %:\r\n::error::no", level="warning", code="P999")
    assert annotation(problem) == ("::warning file=policy_src/a%2Cb%3Ac%25.md,title=P999::50 %25:%0D%0A::error::no")


EXITS = {
    "nothing": ((), 0, "1 policy checked: nothing to complain of.\n"),
    "nothing, strictly": (("--strict",), 0, "1 policy checked: nothing to complain of.\n"),
    "nothing, for GitHub": (("--format", "github"), 0, "1 policy checked: nothing to complain of.\n"),
    "a warning": ((), 0, "1 policy checked: 1 warning.\n"),
    "a warning, strictly": (("--strict",), 1, ""),
}


@pytest.mark.parametrize(("words", "status", "said"), EXITS.values(), ids=EXITS)
def test_the_exit_status(
    words: tuple[str, ...], status: int, said: str, project: Path, request: pytest.FixtureRequest
) -> None:
    number = "1.1 " if "warning" in request.node.callspec.id else ""
    put(project, "a", f"## Purpose\n\n1.  {number}Text.")
    result = check(*words)
    assert (result.exit_code, result.stdout) == (status, said)


def test_json_is_json_whatever_is_found(project: Path) -> None:
    put(project, "a")
    result = check("--format", "json", "--strict")
    assert result.exit_code == 0
    assert json.loads(result.stdout) == {"version": 1, "checked": 1, "errors": 0, "warnings": 0, "problems": []}


@pytest.mark.parametrize("words", [("--format", "xml"), ("now",), ("--loud",)])
def test_a_wrong_word_is_a_usage_error(words: tuple[str, ...], project: Path) -> None:
    assert check(*words).exit_code == 2


def test_colour_is_for_a_terminal_only(project: Path) -> None:
    three(project)
    assert "\x1b[" not in check().stderr
    coloured = check(color=True).stderr.splitlines()
    assert coloured[0].startswith("\x1b[33mWarning: policy_src/a.md:11") and coloured[1].startswith(
        "\x1b[31mpolicy_src"
    )


def test_no_colour_where_it_is_not_wanted(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    three(project)
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in check(color=True).stderr


# one reading for both editions, in one process or several


def test_both_editions_come_from_one_reading(project: Path) -> None:
    """All that the two editions of a build would find, and nothing more."""
    put(project, "keys", "## Purpose\n\n1.  Keys. {#keys}", **INTERNAL)
    put(project, "dogs", "## Purpose\n\n1.  Inside. {#in .internal}\n1.  See [clause](#in), [keys](keys.md#keys).\n"
        "1.  So [clause](#in). {.internal}\n\n## Staff {.internal}\n\n"
        "1.  See [keys](keys.md), [this](#gone). {#staff}\n\n"
        "## More\n\n1.  A note.[^1] [Clause](#staff)\n\n[^1]: See [keys](keys.md).\n\n![no](no.png)")  # fmt: skip
    put(project, "deep", "## Purpose\n\n1.  " + "**a *b " * 600 + "x" + "* c**" * 600)
    (project / "policy_src/bad.md").write_text("# No front matter\n\n[x](keys.md)\n", "utf-8")
    settings = from_extra({"council": {"name": "Test Council"}}, None)
    expected = [problem for which in ("internal", "external") for problem in read(project, which, settings)]
    problems = inspection.inspect(project, settings, date(2026, 12, 15)).problems
    plain = [str(problem).replace(" (External edition only.)", "") for problem in problems]
    assert sorted(set(map(str, expected))) == sorted(plain)
    only = {str(problem) for problem in problems if "(External edition only.)" in problem.text}
    inside = set(map(str, read(project, "internal", settings)))
    assert {text.replace(" (External edition only.)", "") for text in only} == set(map(str, expected)) - inside
    assert len(only) == 4


def read(project: Path, which: str, settings: Settings) -> list[Problem]:
    return council.read(project, which, settings).problems  # type: ignore[arg-type]


@pytest.mark.parametrize("many", [1, 150])
def test_many_policies_are_read_as_few_are(many: int, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(8):
        put(project, f"p{n}", f"## Purpose\n\n1.  ~~One. [clause](p{(n + 1) % 8}.md#no)\n1.  The P{(n + 2) % 8} Rules.")
    monkeypatch.setattr(inspection, "_MANY", many)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    codes = [code for code, _, _ in found()]
    assert sorted(codes) == ["P301"] * 8 + ["P413"] * 8 + ["P604"] * 8


def test_where_no_process_can_be_started_one_does_it_all(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError("no processes here")

    put(project, "a", "## Purpose\n\n1.  ~~One.")
    put(project, "b")
    monkeypatch.setattr(inspection, "_MANY", 1)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    monkeypatch.setattr(inspection, "ProcessPoolExecutor", refuse)
    assert [code for code, _, _ in found()] == ["P301"]


# the real thing


@pytest.fixture
def libraries(tmp_path: Path) -> str:
    """What a check loads."""
    project = new_project(tmp_path, SAMPLE)
    return run_apart(project, "check", "--today", TODAY, PYTHONPROFILEIMPORTTIME="1").stderr


def test_a_check_loads_nothing_that_makes_pages_or_pdfs(libraries: str) -> None:
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in libraries.splitlines()}
    assert {"markdown", "pydantic", "policydoc"} <= loaded
    assert not loaded & {"mkdocs", "material", "pikepdf", "pypdfium2", "jinja2"}  # Typst: test_printing.py


def test_the_sample_council_and_the_first_policy_have_no_error(project: Path) -> None:
    for root in (FIRST_POLICY.parent, SAMPLE.parent):
        found = inspection.inspect(root, SETTINGS, date(2026, 12, 15))
        assert found.policies and not found.count("error"), found.problems
