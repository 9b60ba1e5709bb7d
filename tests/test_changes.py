"""What `policy changes` says of a branch: one story for each thing that a branch can do."""

import json
import os
import re
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from building import ROOT, SAMPLE, policy
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown import Markdown

from policydoc.amending import accept_reject
from policydoc.commands import main
from policydoc.comparing.difference import difference
from policydoc.comparing.versions import Reader, Versions
from policydoc.history.git import Revision
from policydoc.model.document import Reading
from policydoc.settings import Settings

APPROVED = {"status": "approved", "policy_number": "0001", "date_published": "2026-01-05", "review_due": "2027-01-05"}
DRAFT = {**APPROVED, "status": "draft", "version": "2"}
INSIDE = {**APPROVED, "distribution": "{internal: [All staff]}"}
EDITORIAL = {**APPROVED, "change_note": "{text: Spelling, editorial: true}"}

BODY = """Opening words of the policy.

## Purpose

1.  This policy says where dogs may run in the parks of the council.
1.  Dogs are welcome in all of the parks of the council.

## Rules {#rules}

Every owner keeps to these rules.

1.  A dog must be on a lead near the play area. {#lead}
1.  An owner may be fined for a breach of [clause](#lead).

    1.  The fine is fifty pounds at first.
    1.  The fine is a hundred pounds after that.

1.  Staff keep a record of every fine that was paid.

## Review

1.  The policy is read again every second year by the clerk."""

RECORD = "1.  Staff keep a record of every fine that was paid."
PAPER = "1.  It is printed in the paper of the town after that."
FINES = BODY[BODY.index("1.  An owner") : BODY.index(RECORD)]
REVIEW = BODY[BODY.index("## Review") :]
TWO = "1.  The warden looks after the gates.\n1.  The warden looks after the benches.\n"
COLLAR = "1.  A dog wears a collar with a name on it."
LEAD = "1.  A dog must be"


def edited(*pairs: tuple[str, str], body: str = BODY) -> str:
    """The body with these words put for others; every one of them must be there, once."""
    for old, new in pairs:
        assert body.count(old) == 1, old
        body = body.replace(old, new)
    return body


def marked(mark: str, clauses: str) -> str:
    """Clauses that are inserted or deleted as a whole."""
    return re.sub(r"(1\.  )(.+)", rf"\1{mark}\2{mark}", clauses)


MARKED = edited(
    ("may be fined", "~~may~~ ^^must^^ be fined"),
    (LEAD, f"1.  ^^{COLLAR[4:]}^^\n{LEAD}"),
    (RECORD, f"1.  ~~{RECORD[4:]}~~"),
    ("Every owner keeps", "Every owner ^^of a dog^^ keeps"),
    ("by the clerk.", "by the clerk. {>>AB: why not yearly?<<}"),
)
ACCEPTED = edited(
    ("may be fined", "must be fined"),
    (LEAD, f"{COLLAR}\n{LEAD}"),
    (RECORD, "1.  Deleted."),
    ("Every owner keeps", "Every owner of a dog keeps"),
)
THREE = ["reworded paragraph in section 2: +of a dog", "inserted clause 2.1: +A dog wears a collar with a name on it.",
        "reworded clause 2.3: -may +must"]  # fmt: skip
MOVED = edited((RECORD, f"1.  ~~{RECORD[4:]}~~"), ("by the clerk.", f"by the clerk.\n1.  ^^{RECORD[4:]}^^"))
FEES = """### Fees

| fee | pounds |
|---|---|
| dogs[^1] | 10 |

[^1]: In the town.

## Review"""
RECORD_GONE = "-Staff keep a record of every fine that was paid."


class Repository:
    """A council's project with a main branch, and a branch that leaves it."""

    def __init__(self, folder: Path) -> None:
        self.root = folder
        folder.mkdir(parents=True)
        (folder / "mkdocs.yml").write_text("site_name: x\nextra: {council: {name: X}}\n")
        self.git("init", "--initial-branch=main")

    def git(self, *words: str) -> str:
        command = ["git", "-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "commit.gpgSign=false", *words]
        switches = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
        run = subprocess.run(
            command, cwd=self.root, env=os.environ | switches, capture_output=True, text=True, check=True
        )
        return run.stdout

    def put(self, files: Mapping[str, str | bytes | None]) -> None:
        for name, text in files.items():
            path = self.root / "policy_src" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if text is None:
                path.unlink()
            else:
                path.write_bytes(text if isinstance(text, bytes) else text.encode())

    def commit(self, message: str = "Work") -> None:
        self.git("add", "--all")
        self.git("commit", "--message", message)

    def changes(self, *words: str) -> Result:
        here = Path.cwd()
        os.chdir(self.root)
        try:
            return CliRunner().invoke(main, ["changes", *words])
        finally:
            os.chdir(here)

    def data(self, *words: str) -> dict[str, Any]:
        result = self.changes("--format", "json", *words)
        assert result.exit_code == 0, result.output
        found: dict[str, Any] = json.loads(result.stdout)
        return found

    def of(self, slug: str) -> dict[str, Any]:
        return next(each for each in self.data()["policies"] if each["slug"] == slug)


@pytest.fixture
def branch(tmp_path: Path) -> Callable[..., Repository]:
    """A repository with these files on main and, not committed yet, those on the branch."""

    def made(
        base: Mapping[str, str | bytes | None], then: Mapping[str, str | bytes | None] | None = None
    ) -> Repository:
        repository = Repository(tmp_path / "project")
        repository.put(base)
        repository.commit()
        repository.git("checkout", "-b", "branch")
        repository.put(then or {})
        return repository

    return made


def told(difference: Mapping[str, Any], basis: str) -> list[str]:
    """The alterations of one basis, each in a line: `reworded clause 2.3: -may +must`."""
    found = []
    for each in difference["alterations"]:
        if each["basis"] == basis:
            signs = (("-", "deleted"), ("+", "inserted"))
            words = [f"{sign}{change[key]}" for change in each["changes"] for sign, key in signs if change[key]]
            where = f"{each['was']} -> {each['where']}" if each["was"] else each["where"]
            found.append(f"{each['deed']} {where}{': ' if words else ''}{' '.join(words)}")
    return found


@dataclass(frozen=True)
class Story:
    """One policy before and after, and its alterations by basis; nothing else may be told."""

    name: str
    base: str
    then: str
    told: Mapping[str, list[str]]
    archive: tuple[str, str] = ("", "")  # versions kept before and since
    renumbered: tuple[tuple[str, str], ...] = ()
    note: str = ""


def dogs(body: str, front: Mapping[str, str] = APPROVED) -> str:
    return policy(body, title="Dog Control Policy", **front)


DOWN = (("2.1", "2.2"), ("2.2", "2.3"), ("2.3", "2.4"))
STORIES = [
    Story(
        "amendments are marked", dogs(BODY), dogs(MARKED, DRAFT),
        {"marked": [*THREE, f"deleted clause 2.4: {RECORD_GONE}"]}, renumbered=DOWN,
    ),
    Story(
        "the same without marks", dogs(BODY),
        dogs(edited((RECORD + "\n", ""), ("Opening", "Some opening"), body=ACCEPTED.replace("1.  Deleted.", RECORD))),
        {"silent": ["reworded paragraph in the opening words: -Opening +Some opening", *THREE,
                    f"deleted clause 2.3: {RECORD_GONE}"]},
        renumbered=DOWN[:2],
    ),
    Story(
        "a policy that goes back to a draft is still protected", dogs(BODY),
        dogs(edited(("may be", "must be")), DRAFT), {"silent": ["reworded clause 2.2: -may +must"]},
    ),
    Story(
        "amendments are added, worded anew and taken back", dogs(MARKED, DRAFT),
        dogs(edited(("^^must^^", "^^shall^^"), ("^^of a dog^^ ", ""), ("fifty", "~~fifty~~ ^^sixty^^"), body=MARKED),
             DRAFT),
        {"withdrawn": ["reworded paragraph in section 2: +of a dog"],
         "remarked": ["reworded clause 2.3: -may +shall"],
         "marked": ["reworded clause 2.3.1: -fifty +sixty"]},
        archive=("1", ""),
    ),
    Story(
        "an edit beside amendments is silent", dogs(MARKED, DRAFT),
        dogs(edited(("fifty", "sixty"), body=MARKED), DRAFT),
        {"silent": ["reworded clause 2.3.1: -fifty +sixty"]},
    ),
    Story(
        "an inserted clause is worded anew, a deleted one stays after all", dogs(MARKED, DRAFT),
        dogs(edited(("collar with", "tag with"), (f"~~{RECORD[4:]}~~", RECORD[4:]), body=MARKED), DRAFT),
        {"remarked": ["inserted clause 2.1: +A dog wears a tag with a name on it."],
         "withdrawn": [f"deleted clause 2.4: {RECORD_GONE}"]},
    ),
    Story(
        "amendments are accepted", dogs(MARKED, DRAFT), dogs(ACCEPTED, {**APPROVED, "version": "2"}),
        {"accepted": [*THREE, f"deleted clause 2.4: {RECORD_GONE}"]}, archive=("1", "2"),
    ),
    Story(
        "amendments are rejected", dogs(MARKED, DRAFT), dogs(BODY, {**APPROVED, "version": "2"}),
        {"rejected": [*THREE[:2], "reworded clause 2.2: -may +must", f"deleted clause 2.3: {RECORD_GONE}"]},
        archive=("1", ""),
        renumbered=tuple((new, old) for old, new in DOWN),
    ),
    Story(
        "only one of two amendments in a clause is accepted",
        dogs(edited(("may be fined for", "~~may~~ ^^must^^ be ~~fined~~ ^^charged^^ for")), DRAFT),
        dogs(edited(("may be fined for", "must be ~~fined~~ ^^charged^^ for")), {**APPROVED, "version": "2"}),
        {"accepted": ["reworded clause 2.2: -may +must"]}, archive=("1", "2"),
    ),
    Story(
        "one amendment in a clause is accepted, the other rejected",
        dogs(edited(("may be fined for", "~~may~~ ^^must^^ be ~~fined~~ ^^charged^^ for")), DRAFT),
        dogs(edited(("may be", "must be")), {**APPROVED, "version": "2"}),
        {"accepted": ["reworded clause 2.2: -may +must"]}, archive=("1", "2"),
    ),
    Story(
        "of an amendment the old words go, and the new ones don't come",
        dogs(edited(("may be fined for", "~~may~~ ^^must^^ be fined for")), DRAFT),
        dogs(edited(("owner may be", "owner be")), {**APPROVED, "version": "2"}),
        {"silent": ["reworded clause 2.2: -may"]}, archive=("1", "2"), note="a new version",
    ),
    Story(
        "something else than the amendments is approved", dogs(MARKED, DRAFT),
        dogs(edited(("must be fined", "shall be fined"), body=ACCEPTED), {**APPROVED, "version": "2"}),
        {"accepted": [THREE[0], THREE[1], f"deleted clause 2.4: {RECORD_GONE}"],
         "silent": ["reworded clause 2.3: -may +shall"]},
        archive=("1", "2"), note="a new version is approved here",
    ),
    Story(
        "marks are taken out before anyone approved them", dogs(edited(("may be", "~~may~~ ^^must^^ be")), DRAFT),
        dogs(edited(("may be", "must be")), DRAFT), {"silent": ["reworded clause 2.2: -may +must"]}, archive=("1", ""),
    ),
    Story(
        "a new version number approves nothing", dogs(edited(("may be", "~~may~~ ^^must^^ be")), DRAFT),
        dogs(edited(("may be", "must be")), {**DRAFT, "version": "3"}), {"silent": ["reworded clause 2.2: -may +must"]},
        archive=("1", ""),
    ),
    Story(
        "two neighbours are moved with marks, and accepted",
        dogs(edited((f"{LEAD} on a lead near the play area. {{#lead}}\n", marked("~~", TWO)), (FINES, ""),
                    (RECORD, RECORD + "\n" + marked("^^", TWO))), DRAFT),
        dogs(edited((f"{LEAD} on a lead near the play area. {{#lead}}\n", "1.  Deleted.\n1.  Deleted.\n"), (FINES, ""),
                    (RECORD, RECORD + "\n" + TWO)), {**APPROVED, "version": "2"}),
        {"accepted": ["moved clause 2.1 -> clause 2.4", "moved clause 2.2 -> clause 2.5"]}, archive=("1", "2"),
    ),
    Story(
        "a draft that was never approved is edited", dogs(BODY, DRAFT), dogs(edited(("may be", "must be")), DRAFT),
        {"free": ["reworded clause 2.2: -may +must"]},
    ),
    Story(
        "a clause is moved without marks", dogs(BODY),
        dogs(edited((f"{RECORD}\n", ""), ("by the clerk.", f"by the clerk.\n{RECORD}"))),
        {"silent": ["moved clause 2.3 -> clause 3.2"]},
    ),
    Story(
        "a clause is moved with marks", dogs(BODY), dogs(MOVED, DRAFT),
        {"marked": ["moved clause 2.3 -> clause 3.2"]},
    ),
    Story(
        "a marked move is accepted", dogs(MOVED, DRAFT),
        dogs(edited((RECORD, "1.  Deleted."), ("by the clerk.", f"by the clerk.\n{RECORD}")),
             {**APPROVED, "version": "2"}),
        {"accepted": ["moved clause 2.3 -> clause 3.2"]}, archive=("1", "2"),
    ),
    Story(
        "a moved clause of which only the new place is marked", dogs(BODY),
        dogs(edited((f"{RECORD}\n", ""), ("by the clerk.", f"by the clerk.\n1.  ^^{RECORD[4:]}^^")), DRAFT),
        {"silent": ["moved clause 2.3 -> clause 3.2"]},
    ),
    Story(
        "a clause goes with its sub-clauses", dogs(f"{BODY}\n{PAPER}"),
        dogs(edited((FINES, ""), (PAPER, f"{PAPER}\n{FINES}"), body=f"{BODY}\n{PAPER}")),
        {"silent": ["moved clause 2.2 -> clause 3.3"]}, renumbered=(("2.3", "2.2"),),
    ),
    Story(
        "a new section takes its clauses along", dogs(BODY),
        dogs(edited(("## Rules", "## ^^Words^^\n\n1.  ^^In this policy a dog is any dog.^^\n\n## Rules")), DRAFT),
        {"marked": ["inserted section 2: +Words", "inserted clause 2.1: +In this policy a dog is any dog."]},
        renumbered=(("2", "3"), ("3", "4")),
    ),
    Story(
        "a named clause stays itself, whatever its words",
        dogs(BODY), dogs(edited(("A dog must be on a lead near the play area.", "Leads are worn everywhere, always."))),
        {"silent": ["reworded clause 2.1: -A dog must be on a lead near the play area. "
                    "+Leads are worn everywhere, always."]},
    ),
    Story(
        "a named clause stays itself, in whatever words and wherever", dogs(BODY),
        dogs(edited((f"{LEAD} on a lead near the play area. {{#lead}}\n", ""),
                    ("by the clerk.", "by the clerk.\n1.  Leashes are worn. {#lead}"))),
        {"silent": ["moved clause 2.1 -> clause 3.2",
                    "reworded clause 3.2: -A dog must be on a lead near the play area. +Leashes are worn."]},
        renumbered=(("2.2", "2.1"), ("2.3", "2.2")),
    ),
    Story(
        "a place gets another name, and all that refers to it", dogs(BODY), dogs(BODY.replace("#lead", "#leash")), {},
    ),
    Story(
        "a section goes before another, with all its clauses", dogs(BODY),
        dogs(edited((f"\n\n{REVIEW}", ""), ("## Rules {#rules}", f"{REVIEW}\n\n## Rules {{#rules}}"))),
        {"silent": ["moved section 3 -> section 2"]}, renumbered=(("2", "3"),),
    ),
    Story(
        "a link leads elsewhere", dogs(edited(("by the clerk.", "by [us](https://a.example/)."))),
        dogs(edited(("by the clerk.", "by [us](https://b.example/)."))),
        {"silent": ["reworded clause 3.1: -https://a.example/ +https://b.example/"]},
    ),
    Story(
        "a table, a cross-heading and a footnote are edited",
        dogs(edited(("## Review", FEES))),
        dogs(edited(("## Review", edited(("Fees", "Costs"), ("10", "20"), ("town", "city"), body=FEES)))),
        {"silent": ["reworded cross-heading in section 2: -Fees +Costs", "reworded table in section 2: -10 +20",
                    "reworded footnote 1: -town. +city."]},
    ),
    Story(
        "words are changed within what is marked as deleted", dogs(BODY),
        dogs(edited(("may be fined", "~~can be fined~~ ^^is fined^^"),
                    (RECORD, "1.  ~~Staff keep a record of all fines.~~")), DRAFT),
        {"silent": ["reworded clause 2.2: -may +can",
                    "reworded clause 2.3: -every fine that was paid. +all fines."],
         "marked": ["reworded clause 2.2: -can be fined +is fined",
                    "deleted clause 2.3: -Staff keep a record of all fines."]},
    ),
    Story(
        "a sub-clause goes along with a marked move", dogs(BODY),
        dogs(edited((FINES, marked("~~", FINES)), ("by the clerk.", "by the clerk.\n" + marked("^^", FINES))), DRAFT),
        {"marked": ["moved clause 2.2 -> clause 3.2"]},
    ),
    Story(
        "a footnote goes, and the table with it", dogs(edited(("## Review", FEES))), dogs(BODY),
        {"silent": ["deleted cross-heading in section 2: -Fees", "deleted table in section 2: -fee pounds dogs 10",
                    "deleted footnote 1: -In the town."]},
    ),
    Story(
        "a clause and a lead-in become internal, a clause with all below it public",
        dogs(edited(("[clause](#lead).", "[clause](#lead). {.internal}"))),
        dogs(edited((RECORD, f"{RECORD} {{.internal}}"), ("these rules.", "these rules. {.internal}"))),
        {"visibility": ["hidden paragraph in section 2", "published clause 2.2", "published clause 2.2.1",
                        "published clause 2.2.2", "hidden clause 2.3"]},
    ),
    Story(
        "in a policy that is internal altogether nothing more becomes so", dogs(BODY, INSIDE),
        dogs(edited((RECORD, f"{RECORD} {{.internal}}")), INSIDE), {},
    ),
    Story(
        "a policy that becomes public brings what is not internal in it",
        dogs(edited((RECORD, f"{RECORD} {{.internal}}")), INSIDE), dogs(edited((RECORD, f"{RECORD} {{.internal}}"))),
        {"visibility": ["published the whole policy"]},
    ),
    Story(
        "a policy that is no longer public makes no clause public, whatever was internal in it",
        dogs(edited((RECORD, f"{RECORD} {{.internal}}"))), dogs(BODY, INSIDE),
        {"visibility": ["hidden the whole policy"]},
    ),
    Story(
        "a place that marks move is not renumbered as well", dogs(BODY),
        dogs(edited(("## Rules", "## ^^Words^^\n\n1.  ^^In this policy a dog is any dog.^^\n\n## Rules"),
                    (LEAD, f"1.  ^^{RECORD[4:]}^^\n{LEAD}"), (RECORD, f"1.  ~~{RECORD[4:]}~~")), DRAFT),
        {"marked": ["inserted section 2: +Words", "inserted clause 2.1: +In this policy a dog is any dog.",
                    "moved clause 2.3 -> clause 3.1"]},
        renumbered=(("2", "3"), ("2.1", "3.2"), ("2.2", "3.3"), ("3", "4")),
    ),
    Story(
        "edits with a word between are told as one", dogs(BODY), dogs(edited(("may be fined", "must be charged"))),
        {"silent": ["reworded clause 2.2: -may be fined +must be charged"]},
    ),
    Story("only what Markdown doesn't show has changed", dogs(BODY), dogs(BODY.replace("1.  ", "1. ", 1)), {}),
    Story(
        "a change note says that it is editorial", dogs(BODY), dogs(edited(("may be", "must be")), EDITORIAL),
        {"editorial": ["reworded clause 2.2: -may +must"]},
    ),
    Story(
        "an old change note counts no more", dogs(BODY, EDITORIAL), dogs(edited(("may be", "must be")), EDITORIAL),
        {"silent": ["reworded clause 2.2: -may +must"]}, note="that of an earlier change",
    ),
]  # fmt: skip


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_stories(story: Story, branch: Callable[..., Repository]) -> None:
    archived, kept = ({f"archive/dogs/v{v}.md": dogs(BODY)} if v else {} for v in story.archive)
    repository = branch({"dogs.md": story.base, **archived}, {"dogs.md": story.then, **kept})
    found = repository.data()["policies"]
    if not story.told:
        assert found == []
        return
    (difference,) = found
    assert {
        basis: told(difference, basis) for basis in {each["basis"] for each in difference["alterations"]}
    } == story.told
    assert tuple(map(tuple, difference["renumbered"])) == story.renumbered
    assert difference["alarming"] == ("silent" in story.told)
    assert story.note in difference["undeclared"]
    assert repository.changes("--strict").exit_code == ("silent" in story.told)


def test_words_that_only_look_different_are_not_told_as_other_words(branch: Callable[..., Repository]) -> None:
    looks = ("fined", "~~fined~~ ^^**fined**^^")
    both = edited(looks, ("by the clerk", "by ~~the~~ ^^*the*^^ ~~clerk~~ ^^mayor^^"))
    repository = branch({"dogs.md": dogs(BODY)}, {"dogs.md": dogs(both, DRAFT)})
    said = " ".join(repository.changes().output.split())
    assert "Clause 2.2 keeps its words: the formatting or the link of “fined” changes." in said
    assert (
        "Clause 3.1 is reworded: the formatting or the link of “the” changes; for “clerk” substitute “mayor”." in said
    )
    # When such marks have gone, nobody can say whether they were accepted or rejected
    repository.put({"dogs.md": dogs(edited(looks), DRAFT)})
    repository.commit()
    repository.put({"dogs.md": dogs(edited(("fined", "**fined**")), {**DRAFT, "status": "approved"})})
    found = json.loads(repository.changes("--base", "HEAD", "--format", "json").stdout)["policies"]
    assert [each["alterations"] for each in found] == [[]]


def test_the_guide_shows_a_line_of_the_comment_as_it_is(branch: Callable[..., Repository]) -> None:
    guide = (ROOT / "docs/editors/browser.md").read_text("utf-8")
    (clause,) = re.findall(r"^ +(1\.  .*[~^].*)$", guide, re.MULTILINE)
    (line,) = re.findall(r"^> (.*)$", guide, re.MULTILINE)
    other = "1.  Another clause of this policy.\n"
    body = "".join(f"## Section {n}\n\n{other}\n" for n in range(3)) + f"## Scope\n\n{3 * other}"
    was = re.sub(r"~~(.*?)~~|\^\^.*?\^\^ ?", r"\1", clause)
    repository = branch({"dogs.md": dogs(body + was)}, {"dogs.md": dogs(body + clause, DRAFT)})
    assert f"- {line} " in " ".join(repository.changes().output.split())


def test_a_block_without_a_number_has_a_line_of_its_own(branch: Callable[..., Repository]) -> None:
    table = "\n| fee | pounds |\n|---|---|\n| dogs | {} |\n"
    body = edited(("## Review", f"{table.format(10)}{table.format(20)}\n## Review"))
    body = f"{body}\n\nEvery owner keeps to these rules."
    then = edited((" 20 ", " 30 "), ("rules.\n\n1.", "laws.\n\n1."), body=body)
    then = then.removesuffix("rules.") + "laws."
    repository = branch({"dogs.md": dogs(body)}, {"dogs.md": dogs(then)})
    lines = dogs(then).splitlines()
    tables = [number for number, line in enumerate(lines, 1) if line == "| fee | pounds |"]
    paragraphs = [number for number, line in enumerate(lines, 1) if line.startswith("Every owner")]
    assert [(each["where"], each["line"]) for each in repository.of("dogs")["alterations"]] == [
        ("paragraph in section 2", paragraphs[0]),
        ("table in section 2", tables[1]),
        ("paragraph in section 3", paragraphs[1]),
    ]


TO_PAPER = "1.  Staff print a record of every fine that was paid."
PLACES = ("2.4", "3.2")
FINED = "reworded clause 2.2: -may +must"


@pytest.mark.parametrize("name", ["", " {#record}"])
@pytest.mark.parametrize(("then", "words"), [(RECORD, ""), (TO_PAPER, ": -keep +print")])
@pytest.mark.parametrize(
    ("reading", "only", "approved", "basis", "deeds"),
    [
        ("previous", (), True, "rejected", ["moved", FINED]),
        ("previous", PLACES, False, "withdrawn", ["moved"]),
        ("previous", ("2.2",), False, "withdrawn", [FINED]),
        ("amended", (), True, "accepted", ["moved", FINED]),
        ("amended", PLACES, False, "silent", ["moved"]),
        ("amended", ("2.2",), False, "silent", [FINED]),
    ],
)
def test_a_marked_move_is_one_amendment_whatever_becomes_of_it(
    name: str, then: str, words: str, reading: Reading, only: tuple[str, ...], approved: bool, basis: str,
    deeds: list[str], branch: Callable[..., Repository],
) -> None:  # fmt: skip
    """Other clauses say `Deleted.`, and the words of a moved one stand in one of its two spots in the end."""
    base = edited(
        ("may be fined", "~~may~~ ^^must^^ be fined"),
        (RECORD, f"1.  Deleted.\n1.  ~~{RECORD[4:]}~~{name}"),
        ("by the clerk.", f"by the clerk.\n1.  ^^{then[4:]}^^{name}\n1.  Deleted."),
    )
    resolve = accept_reject.accept if reading == "amended" else accept_reject.reject
    after = resolve(dogs(base, DRAFT), "dogs", only).text
    fees = policy("## Fees\n\n1.  See [clause](dogs.md#record).", title="Fees", **APPROVED)
    repository = branch(
        {"dogs.md": dogs(base, DRAFT), "archive/dogs/v1.md": dogs(BODY), **({"fees.md": fees} if name else {})},
        {"dogs.md": after.replace("status: draft", "status: approved") if approved else after},
    )
    found = repository.of("dogs")
    move = f"moved clause 2.4 -> clause 3.2{words}"
    assert {each["basis"] for each in found["alterations"]} == {basis}
    assert sorted(told(found, basis)) == sorted(move if deed == "moved" else deed for deed in deeds)
    back = reading == "previous" and "moved" in deeds
    assert found["renumbered"] == ([["3.3", "3.2"]] if back else [])
    assert ("Clause 2.4 was to move and become clause 3.2" in repository.changes().output) == back
    printed = [(each["old"], each["new"]) for each in repository.data()["policies"][-1]["references"]]
    assert printed == ([("clause 3.2", "clause 2.4")] if back and name else [])


def test_references_of_others_print_new_numbers(branch: Callable[..., Repository]) -> None:
    fees = policy(
        "## Fees\n\n1.  Fees are set once a year.\n1.  Fines: see [clause](dogs.md#lead).", title="Fees Policy"
    )
    parks = policy("## Parks\n\n1.  Parks open at eight.", title="Parks Policy")
    repository = branch({"dogs.md": dogs(BODY), "fees.md": fees, "parks.md": parks}, {"dogs.md": dogs(MARKED, DRAFT)})
    assert repository.of("fees")["references"] == [
        {"where": "clause 1.2", "line": 12, "policy": "dogs", "old": "clause 2.1", "new": "clause 2.2"}
    ]
    assert "Clause 1.2 (line 12) will print clause 2.2 of dogs.md, was clause 2.1." in repository.changes().output
    repository.put({"parks.md": parks.replace("at eight.", "as in [clause](dogs.md#lead).")})
    assert repository.of("parks")["references"] == [], "it printed nothing else before"
    words = "-Parks open at eight. +Parks open as in clause 2.1 of the Dog Control Policy."
    assert told(repository.of("parks"), "free") == [f"reworded clause 1.1: {words}"]
    own = [(each["where"], each["old"], each["new"]) for each in repository.of("dogs")["references"]]
    assert own == [("clause 2.3", "clause 2.1", "clause 2.2")]


def test_comments_and_front_matter(branch: Callable[..., Repository]) -> None:
    repository = branch({"dogs.md": dogs(MARKED, DRAFT)}, {
        "dogs.md": dogs(MARKED.replace("why not yearly?<<}", "agreed<<}"), {**DRAFT, "owner": "Deputy Clerk",
                        "distribution": "{internal: [All staff, Members], external: [Website]}"})})  # fmt: skip
    found = repository.of("dogs")
    assert found["added"] == [{"where": "clause 3.1", "author": "AB", "text": "agreed"}]
    assert found["resolved"] == [{"where": "clause 3.1", "author": "AB", "text": "why not yearly?"}]
    assert found["metadata"] == [
        {"key": "owner", "old": "Town Clerk", "new": "Deputy Clerk"},
        {"key": "distribution.internal", "old": "All staff", "new": "All staff, Members"},
    ]
    assert found["alterations"] == [] and not found["alarming"]


def test_what_front_matter_leaves_out_is_not_told(branch: Callable[..., Repository]) -> None:
    noted = {**APPROVED, "change_note": "{text: Leads are longer}"}
    repository = branch({"dogs.md": dogs(BODY)}, {"dogs.md": dogs(BODY, noted)})
    assert repository.of("dogs")["metadata"] == [{"key": "change_note.text", "old": None, "new": "Leads are longer"}]
    repository.put({"dogs.md": dogs(BODY, {**APPROVED, "change_note": "{text: Leads are longer, editorial: true}"})})
    assert {"key": "change_note.editorial", "old": None, "new": "yes"} in repository.of("dogs")["metadata"]


def test_policies_come_go_and_are_renamed(branch: Callable[..., Repository]) -> None:
    other = policy("## Fees\n\n1.  Fees are set once a year.", title="Fees Policy")
    repository = branch(
        {"dogs.md": dogs(BODY), "fees.md": other, "archive/dogs/v1.md": dogs(BODY)},
        {"dogs.md": None, "fees.md": None, "dog-control.md": dogs(edited(("may be", "must be"))),
         "parks.md": policy("## Parks\n\n1.  Parks open at eight.", title="Parks Policy"),
         "archive/dogs/v1.md": None, "archive/dog-control/v1.md": dogs(BODY)},
    )  # fmt: skip
    found = {each["slug"]: each for each in repository.data()["policies"]}
    assert {slug: each["state"] for slug, each in found.items()} == {
        "dog-control": "renamed", "fees": "removed", "parks": "added"}  # fmt: skip
    assert found["dog-control"]["was"] == "dogs"
    assert found["dog-control"]["alarms"] == [], "its archive went with it"
    assert told(found["dog-control"], "silent") == ["reworded clause 2.2: -may +must"]
    assert "status: withdrawn" in found["fees"]["alarms"][0]["words"] and found["fees"]["alarming"]
    assert not found["parks"]["alarming"]
    assert repository.changes("--strict").exit_code == 1


def test_archived_versions_never_change(branch: Callable[..., Repository]) -> None:
    repository = branch({"dogs.md": dogs(BODY), "archive/dogs/v1.md": dogs(BODY), "archive/dogs/v2.md": dogs(BODY)})
    assert repository.changes("--strict").exit_code == 0
    repository.put({"archive/dogs/v3.md": dogs(BODY)})
    assert repository.of("dogs")["kept"] == ["3"]
    assert repository.changes("--strict").exit_code == 0, "keeping a version is as it should be"
    repository.put({"archive/dogs/v1.md": dogs(MARKED), "archive/dogs/v2.md": None})
    alarms = [(each["path"], each["words"].split(",")[0]) for each in repository.of("dogs")["alarms"]]
    assert alarms == [("policy_src/archive/dogs/v1.md", "This archived version is changed"),
                      ("policy_src/archive/dogs/v2.md", "This archived version is removed")]  # fmt: skip
    assert repository.of("dogs")["kept"] == ["3"]
    assert repository.changes("--strict").exit_code == 1


def test_the_hash_of_an_archived_version_is_only_ever_added(branch: Callable[..., Repository]) -> None:
    sums = "archive/dogs/SHA256SUMS"
    repository = branch({"dogs.md": dogs(BODY), sums: "one  v1.md\ntwo  v2.md\n"})
    repository.put({sums: "one  v1.md\ntwo  v2.md\nthree  v3.md\n"})
    assert repository.changes("--strict").exit_code == 0
    for text in ("one  v1.md\n", "one  v1.md\nother  v2.md\n", None):
        repository.put({sums: text})
        (alarm,) = repository.of("dogs")["alarms"]
        assert alarm["path"] == f"policy_src/{sums}" and "hash of an archived version" in alarm["words"]
    other = {"dogs.md": None, "dog-control.md": dogs(BODY), "archive/dog-control/SHA256SUMS": "one  v1.md\ntwo  v2.md"}
    repository.put(other)
    assert repository.of("dog-control")["alarms"] == [], "it went along with the renamed policy"


EDIT = {"dogs.md": dogs(edited(("may be", "must be")))}
AGAIN = {"dogs.md": dogs(edited(("may be", "must be"), ("fifty", "forty")))}


@pytest.mark.parametrize(
    ("messages", "editorial", "why"),
    [
        (["Fix a word\n\nEditorial: dogs"], True, ""),
        (["Fix a word\n\nSigned-off-by: T\nEDITORIAL: fees, dogs.md"], True, ""),
        (["Fix\n\nEditorial: yes", "Fix\n\nEditorial: dogs"], True, ""),
        (["Fix\n\nEditorial: yes", "Fix more"], False, "changes this policy too"),
        (["Fix\n\nEditorial: yes", ""], False, "not committed yet"),
        (["Fix\n\nEditorial: fees"], False, ""),
        (["Editorial: dogs\n\nIt says so, but not at its end"], False, ""),
        (["Fix"], False, ""),
    ],
)  # fmt: skip
def test_commits_that_declare_edits(
    messages: list[str], editorial: bool, why: str, branch: Callable[..., Repository]
) -> None:
    repository = branch({"dogs.md": dogs(BODY)})
    for message, files in zip(messages, (EDIT, AGAIN), strict=False):
        repository.put(files)
        if message:
            repository.commit(message)
    found = repository.of("dogs")
    assert bool(told(found, "editorial")) == editorial != bool(told(found, "silent"))
    assert bool(found["editorial"]) == editorial
    assert why in found["undeclared"] and bool(why) == bool(found["undeclared"])


def test_what_main_did_meanwhile_is_no_part_of_the_branch(branch: Callable[..., Repository]) -> None:
    repository = branch(
        {"dogs.md": dogs(BODY), "fees.md": policy("## Fees\n\n1.  Fees.", title="Fees", **APPROVED)}, EDIT
    )
    repository.commit("Edit")
    repository.git("checkout", "main")
    repository.put({"fees.md": policy("## Fees\n\n1.  Other fees.", title="Fees", **APPROVED)})
    repository.commit("Main goes on")
    repository.git("checkout", "branch")
    assert [each["slug"] for each in repository.data()["policies"]] == ["dogs"]
    repository.git("merge", "main", "--message", "Merge")
    assert [each["slug"] for each in repository.data()["policies"]] == ["dogs"], "nor is it when it was merged"


def test_a_merge_can_change_a_policy_as_well(branch: Callable[..., Repository]) -> None:
    repository = branch({"dogs.md": dogs(BODY)}, EDIT)
    repository.commit("Edit\n\nEditorial: dogs")
    repository.git("checkout", "main")
    repository.put({"fees.md": policy("## Fees\n\n1.  Fees.", title="Fees")})
    repository.commit("Main goes on")
    repository.git("checkout", "branch")
    repository.git("merge", "--no-commit", "main")
    assert told(repository.of("dogs"), "editorial")
    repository.put(AGAIN)
    repository.commit("Merge")
    assert "changes this policy too" in repository.of("dogs")["undeclared"]


def test_any_two_revisions(branch: Callable[..., Repository]) -> None:
    repository = branch({"dogs.md": dogs(BODY)}, EDIT)
    repository.commit("Edit")
    repository.put(AGAIN)
    repository.commit("Edit again")
    repository.put({"dogs.md": dogs(BODY)})
    assert told(repository.data("--head", "HEAD")["policies"][0], "silent") == [
        "reworded clause 2.2: -may +must", "reworded clause 2.2.1: -fifty +forty"]  # fmt: skip
    data = repository.data("--base", "HEAD~1", "--head", "branch")
    assert told(data["policies"][0], "silent") == ["reworded clause 2.2.1: -fifty +forty"]
    assert data["base"].startswith("HEAD~1 at ")
    assert repository.data()["policies"] == []


def test_a_policy_that_cannot_be_read_stops_no_other(branch: Callable[..., Repository]) -> None:
    broken = dogs("## Rules\n\n1.  The mark ~~is never closed.")
    repository = branch(
        {"dogs.md": dogs(BODY), "cats.md": broken, "fees.md": policy("## Fees\n\n1.  Fees.", title="Fees", **APPROVED)},
        {
            "dogs.md": broken,
            "cats.md": dogs(BODY),
            "fees.md": policy("## Fees\n\n1.  Costs.", title="Fees", **APPROVED),
        },
    )
    found = {each["slug"]: each for each in repository.data()["policies"]}
    assert found["dogs"]["state"] == found["cats"]["state"] == "unreadable"
    assert "Run policy check" in found["dogs"]["alarms"][0]["words"]
    assert "compared with" in found["cats"]["alarms"][0]["words"]
    assert told(found["fees"], "silent") == ["reworded clause 1.1: -Fees. +Costs."]


PNG = b"\x89PNG\r\n\x1a\n"


def test_an_image_that_is_replaced_is_an_edit(branch: Callable[..., Repository]) -> None:
    body = f"{BODY}\n\n![A map of the parks](images/map.png)"
    repository = branch({"dogs.md": dogs(body), "images/map.png": PNG + b"1"}, {"images/map.png": PNG + b"2"})
    assert told(repository.of("dogs"), "silent") == ["reworded image images/map.png"]
    # An image that is only on one side is no reason not to compare
    repository.put({"dogs.md": dogs(BODY), "images/map.png": None})
    assert told(repository.of("dogs"), "silent") == [
        "deleted paragraph in section 3: -images/map.png (A map of the parks)"]  # fmt: skip


def test_deleted_clauses_that_close_up(branch: Callable[..., Repository]) -> None:
    repository = branch({"dogs.md": dogs(MARKED, DRAFT)})
    (repository.root / "mkdocs.yml").write_text(
        "site_name: x\nextra: {council: {name: X}, deleted_clauses: close_up}\n"
    )
    repository.put({"dogs.md": dogs(edited(("1.  Deleted.\n\n", ""), body=ACCEPTED), {**APPROVED, "version": "2"})})
    assert told(repository.of("dogs"), "accepted") == [*THREE, f"deleted clause 2.3: {RECORD_GONE}"]
    assert not repository.data()["alarming"]


def test_ends_of_lines_are_no_change(branch: Callable[..., Repository]) -> None:
    files = {"dogs.md": dogs(BODY), "archive/dogs/v1.md": dogs(BODY)}
    repository = branch(files, {name: text.replace("\n", "\r\n") for name, text in files.items()})
    assert repository.data()["policies"] == []


def test_a_project_in_a_folder_of_the_repository(tmp_path: Path) -> None:
    outer = Repository(tmp_path / "all")
    inner = outer.root / "inner"
    (inner / "policy_src").mkdir(parents=True)
    (outer.root / "mkdocs.yml").rename(inner / "mkdocs.yml")
    (inner / "policy_src" / "dogs.md").write_text(dogs(BODY))
    outer.commit()
    outer.git("checkout", "-b", "branch")
    outer.root = inner
    outer.put(EDIT)
    outer.commit("Edit\n\nEditorial: dogs")
    assert told(outer.of("dogs"), "editorial") == ["reworded clause 2.2: -may +must"]


NASTY = [
    "@council/everyone EVIL", "<img src=x onerror=EVIL()>", "![EVIL](https://evil.example/EVIL.png)",
    "https://evil.example/EVIL", "www.evil.example/EVIL", "[EVIL](javascript:EVIL)", "`EVIL` ``EVIL`", "</details>EVIL",
    "<!-- EVIL -->", "#1 EVIL", ":EVIL:", "$EVIL$", "a|EVIL|b", "**EVIL**", "EVIL@example.org", "\\`EVIL",
]  # fmt: skip
# `code`   ``code with a ` in it``   <code>code</code>
CODE = re.compile(r"(?<!`)(`+)(?!`)[^\n]+?(?<!`)\1(?!`)|<code>[^<>\n]*</code>")


@pytest.mark.parametrize("words", NASTY)
def test_nothing_from_a_policy_is_alive_in_markdown(words: str, branch: Callable[..., Repository]) -> None:
    """Whatever stands in code stays text; nothing of a policy may stand anywhere else."""
    signs = re.sub(r"([\\`*_{}\[\]()#+.!|<>~^@$:-])", r"\\\1", words)
    front = {**APPROVED, "title": json.dumps(f"T {re.sub('[<>]', '', words)}")}
    remark = "" if "--" in words else f"{{>>EVIL: {signs}<<}}"
    body = edited(
        ("fifty pounds", f"fifty {signs} pounds {remark}"),
        (RECORD, f"{RECORD}\n1.  {signs} stands here[^EVIL.example]"),
    )
    body += "\n\n[^EVIL.example]: EVIL"
    before, after = (("by the clerk.", f"by the clerk. ^^{signs} {word}^^") for word in ("one", "two"))
    repository = branch({"dogs.md": dogs(edited(before))}, {"dogs.md": policy(edited(after, body=body), **front)})
    repository.put({f"archive/EVIL {words.replace('/', '')}/v1.md": "x"})
    result = repository.changes("--format", "markdown")
    assert result.exit_code == 0, result.output
    assert result.output.count("EVIL") > 5
    assert "EVIL" not in CODE.sub("", result.output)
    page = Markdown(extensions=["md_in_html"]).convert(result.output.replace("<details>", '<details markdown="1">'))
    assert "<a" not in page and "<img" not in page


def test_the_comment_has_a_bounded_length(branch: Callable[..., Repository]) -> None:
    long = "\n".join(f"1.  Clause {n} {'é' * 400} is long." for n in range(60))
    first = {f"p{n}.md": policy(f"## Rules\n\n{long if n < 5 else BODY[9:]}", title=f"Policy {n:03}", **{
        **APPROVED, "policy_number": f"{n:04}"}) for n in range(200)}  # fmt: skip
    then = {
        name: text.replace("is long.", f"is not long. {{>>AB: {'so ' * 100}<<}}").replace("may be", "must be")
        for name, text in first.items()
    }
    repository = branch(first, then)
    report = repository.changes("--format", "markdown").output
    assert report.startswith("<!-- policy changes -->\n")
    assert 40_000 < len(report.encode()) <= 60_000
    assert report.count("<details>") == report.count("</details>") < 200
    assert f"The details of {200 - report.count('<details>')} policies are left out" in report
    assert " more: see `policy changes`" in report
    assert max(len(each.encode()) for each in report.split("<details>")[1:]) < 17_000, "nor does one take all the room"
    assert len(repository.data()["policies"]) == 200, "the data are whole"


def test_text_fits_a_terminal(branch: Callable[..., Repository]) -> None:
    output = branch({"dogs.md": dogs(BODY)}, {"dogs.md": dogs(MARKED, DRAFT)}).changes().output
    assert max(map(len, output.splitlines())) <= 80
    assert "\x1b" not in output
    assert "  - Clause 2.3 is reworded: for “may” substitute “must”.\n" in output


@pytest.mark.parametrize(
    ("prepare", "words", "said"),
    [
        (lambda it: it.git("status"), ["--base", "nowhere"], "Git knows no revision “nowhere” here."),
        (lambda it: it.git("status"), ["--base", "--output=x"], "Git knows no revision “--output=x” here."),
        (lambda it: it.git("status"), ["--head", "nowhere"], "Git knows no revision “nowhere” here."),
        (lambda it: it.git("checkout", "--orphan", "new"), [], "nothing is committed here yet"),
        (lambda it: (it.root / ".git").rename(it.root / "gone"), [], "this folder is in no Git repository"),
    ],
)  # fmt: skip
def test_what_git_cannot_tell(
    prepare: Callable[[Repository], object], words: list[str], said: str, branch: Callable[..., Repository]
) -> None:
    repository = branch({"dogs.md": dogs(BODY)})
    prepare(repository)
    result = repository.changes(*words)
    assert result.exit_code == 2
    assert said in result.stderr and result.stderr.count("\n") == 1 and result.stdout == ""


def test_without_git(branch: Callable[..., Repository], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    repository = branch({"dogs.md": dogs(BODY)})
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    result = repository.changes()
    assert (result.exit_code, "Install Git" in result.stderr) == (2, True)


def test_a_shallow_clone_asks_for_more_history(branch: Callable[..., Repository], tmp_path: Path) -> None:
    repository = branch({"dogs.md": dogs(BODY)}, EDIT)
    repository.commit("Edit")
    address = repository.root.as_uri()
    repository.git("clone", "--depth=1", "--branch=branch", address, str(tmp_path / "shallow"))
    clone = Repository(tmp_path / "other")
    clone.root = tmp_path / "shallow"
    result = clone.changes()
    assert result.exit_code == 2 and "git fetch --unshallow" in result.stderr
    clone.git("fetch", "--depth=1", "origin", "main:main")
    result = clone.changes()
    assert result.exit_code == 2 and "git fetch --unshallow" in result.stderr, "two commits, and nothing between them"
    clone.git("fetch", "--unshallow", "origin", "branch")
    assert clone.changes("--strict").exit_code == 1


def test_the_settings_of_the_machine_do_not_matter(
    branch: Callable[..., Repository], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    repository = branch({"dogs.md": dogs(BODY)}, EDIT)
    repository.commit("Édition\n\nEditorial: dogs")
    expected = repository.data()
    config = tmp_path / "gitconfig"
    config.write_text(
        "[color]\n ui = always\n[log]\n showSignature = true\n[i18n]\n logOutputEncoding = UTF-16\n[core]\n"
        " quotepath = true\n pager = false\n[diff]\n noprefix = true\n external = false\n renames = copies\n"
        "[trailer]\n separators = '='\n[format]\n pretty = fuller\n"
    )
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    assert repository.data() == expected


PARTS = sorted(SAMPLE.glob("*.md"))
# A line of words without any sign that means something, and a word within it
PLAIN = re.compile(r"^(?: *1\. +)?[\w ,.;’'()-]+$", re.MULTILINE)
WORD = re.compile(r"(?<=[a-z] )[a-z]{3,}(?= )")


@given(st.data())
@settings(max_examples=60)
def test_no_edit_escapes(data: st.DataObject) -> None:
    """Whichever word of an approved policy is changed without a mark, it is told as a silent edit, and alone."""
    path = data.draw(st.sampled_from(PARTS))
    text = path.read_text("utf-8")
    start = text.index("\n---\n", 4) + 5
    lines = [found for found in PLAIN.finditer(text, start) if len(found[0].split()) > 3]
    words = [(line.start() + word.start(), word[0]) for line in lines for word in WORD.finditer(line[0])]
    at, word = data.draw(st.sampled_from(words))
    changed = f"{text[:at]}elsewise{text[at + len(word) :]}"
    reader = Reader(Settings.model_validate({"council": {"name": "X"}}))
    old, new = (side(reader, path.stem, each).version(path.stem) for each in (text, changed))
    found = difference((path.stem, path.stem), old, new, [], archived=True)
    assert [each.basis for each in found.alterations] == ["silent"]
    assert [(each.deleted, each.inserted) for each in found.alterations[0].changes] == [(word, "elsewise")]
    assert found.renumbered == () and found.metadata == ()
    assert 0 < found.alterations[0].line <= text[:at].count("\n") + 1


def side(reader: Reader, slug: str, text: str) -> Versions:
    """The sample council, with this text for one of its policies."""
    texts = {f"policy_src/{each.name}": each.read_bytes() for each in PARTS} | {f"policy_src/{slug}.md": text.encode()}
    revision = Revision("", "", dict.fromkeys(texts, ""), lambda paths: {path: texts[path] for path in paths})
    return Versions(reader, revision, texts, revision)
