"""`policy new`, `policy due` and `policy status`, in projects of a few policies."""

import json
import os
import re
from datetime import date
from pathlib import Path
from typing import Any

import click
import pytest
from building import CONFIGURATION, policy
from building import files as tree
from click.testing import CliRunner, Result

from policydoc import writing
from policydoc.amending.drafting import draft, file_name
from policydoc.checking.reviews import as_markdown, by_owner
from policydoc.checking.reviews import due as due_of
from policydoc.commands import main
from policydoc.commands import new as new_command
from policydoc.commands.status import Standing, table
from policydoc.source import policy_files

GIVEN = ("--owner", "Town Clerk", "--internal", "All staff", "--external", "Website")
APPROVED = {"status": "approved", "date_published": "2025-01-02"}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "mkdocs.yml").write_text(CONFIGURATION, "utf-8")
    (tmp_path / "policy_src").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: str, **settings: Any) -> Result:
    return CliRunner().invoke(main, words, prog_name="policy", catch_exceptions=False, **settings)


def put(project: Path, name: str, body: str = "## Purpose\n\n1.  Text.", **front_matter: str) -> Path:
    path = project / "policy_src" / f"{name}.md"
    path.write_text(policy(body, **front_matter), "utf-8")
    return path


# new


def test_a_draft_passes_the_strict_check(project: Path) -> None:
    result = run("new", "Café Policy", *GIVEN, "--external", "Partners: all")
    assert result.exit_code == 0, result.output
    assert result.output.splitlines()[0] == "Made policy_src/cafe-policy.md, a draft."
    check = run("check", "--strict")
    assert check.exit_code == 0 and not check.stderr, check.output
    sources, problems = policy_files.read_all(project / "policy_src")
    assert not problems
    meta = sources[0].metadata
    assert (meta.title, meta.owner, meta.status, meta.version) == ("Café Policy", "Town Clerk", "draft", "1")
    assert meta.distribution.internal == ("All staff",) and meta.distribution.external == ("Website", "Partners: all")
    assert [path.name for path in (project / "policy_src").iterdir()] == ["cafe-policy.md"]


def test_a_draft_shows_a_clause_a_sub_clause_and_a_comment(project: Path) -> None:
    run("new", "Dogs", *GIVEN)
    shown = json.loads(run("status", "--format", "json").output)
    assert [(each["title"], each["comments"]) for each in shown] == [("Dogs", 3)]
    text = (project / "policy_src/dogs.md").read_text("utf-8")
    assert re.search(r"^1\.  \w", text, re.M) and re.search(r"^    1\.  \w", text, re.M)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Café Policy", "cafe-policy"),
        ("Members’ Code of Conduct", "members-code-of-conduct"),
        ("  Health & Safety (2026)  ", "health-safety-2026"),
        ("Straße, Ærø and Łódź", "strasse-aero-and-lodz"),
        ("ΑΒΓ", ""),
        ("???", ""),
        ("word " * 40, "-".join(["word"] * 12)),
        ("x" * 200, "x" * 60),
    ],
)
def test_file_names(title: str, name: str) -> None:
    assert file_name(title) == name
    assert file_name(name) == name


@pytest.mark.parametrize(
    "title",
    ["yes", "null", "1.0", "2026-11-30", "a: b", "Us #1", "'", '"', "@team", "[a]", "!a", "&a b", "a | b",
     "* a", "a\nb", "a\tb", "%a", "`a`", "w " * 800, "---a", "a ---", "Łódź – a dog"],
)  # fmt: skip
def test_any_title_comes_out_as_it_was(title: str, project: Path) -> None:
    result = run("new", *GIVEN, "--file", "x", "--", title)
    assert result.exit_code == 0, result.output
    [found], problems = policy_files.read_all(project / "policy_src")
    assert found.metadata.title == " ".join(title.split()) and not problems
    assert run("check", "--strict").exit_code == 0


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["{a: b}", *GIVEN], 1, "title holds a sign that can't be published"),
        (["~~gone~~", *GIVEN], 1, "title holds a sign that can't be published"),
        (["", *GIVEN], 2, "the title is empty"),
        ([" \n", *GIVEN], 2, "the title is empty"),
        (["日本", *GIVEN], 2, "no file name can be made of this title"),
        (["a\x07b", *GIVEN], 2, "can't be printed"),
        (["a\u202eb", *GIVEN], 2, "can't be printed"),
        (["a\udc80b", *GIVEN], 2, "can't be printed"),
        (["<b>a</b>", *GIVEN], 1, "title holds a sign that can't be published"),
        (["a {>>b<<}", *GIVEN], 1, "title holds a sign that can't be published"),
        (["A", *GIVEN, "--file", "A b"], 2, "Write --file a-b."),
        (["A", *GIVEN, "--file", "../x"], 2, "Write --file x."),
        (["A", *GIVEN, "--file", ".md"], 2, "Write --file dog-control."),
        (["A", *GIVEN, "--owner", " "], 2, "the owner is empty"),
        (["A", *GIVEN, "--internal", ""], 2, "the group is empty"),
        (["A", "--internal", "x"], 2, "Say who answers for the policy"),
        (["A", "--owner", "x"], 2, "Say who receives the policy"),
        (["A", *GIVEN, "--file", "dogs"], 1, "policy_src/dogs.md is there already, and is left as it is. Give another"),
        (["Dogs"], 1, "policy_src/dogs.md is there already, and is left as it is. Give another"),
        (["dog CONTROL", *GIVEN], 1, "policy_src/dogs.md has the title “Dog Control” already"),
    ],
)
def test_refused_in_a_line(words: list[str], status: int, said: str, project: Path) -> None:
    dogs = put(project, "dogs", title="Dog Control")
    before = dogs.read_bytes()
    result = run("new", *words)
    assert result.exit_code == status and said in result.stderr
    assert result.stderr.count("\n") == 1 and not result.stdout
    assert list((project / "policy_src").iterdir()) == [dogs] and dogs.read_bytes() == before


def test_it_asks_and_offers_what_most_policies_have(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(new_command, "_can_ask", lambda advice: None)
    for name in "ab":
        put(project, name, owner="TA", distribution="{internal: [SMT, Staff], external: [Web]}", title=name)
    put(project, "c", owner="Clerk", title="c")
    assert run("new", "One", input="\n\n\n").exit_code == 0
    assert run("new", "Two", input="Mayor\nA, B \n-\n").exit_code == 0
    found = {each.slug: each.metadata for each in policy_files.read_all(project / "policy_src")[0]}
    assert found["one"].owner == "TA" and found["two"].owner == "Mayor"
    assert found["one"].distribution.internal == ("SMT", "Staff") and found["one"].distribution.external == ("Web",)
    assert found["two"].distribution.internal == ("A", "B") and found["two"].distribution.external == ()


def test_an_answer_never_given_writes_nothing(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(new_command, "_can_ask", lambda advice: None)
    assert run("new", "One", input="Mayor\n").exit_code == 1
    assert not list((project / "policy_src").iterdir())


def test_the_first_policy_needs_no_folder(project: Path) -> None:
    (project / "policy_src").rmdir()
    assert run("new", "One", *GIVEN).exit_code == 0
    assert (project / "policy_src/one.md").is_file()


def test_a_file_is_whole_or_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise OSError(1, "no")

    monkeypatch.setattr(os, "link", fails)  # as on a disk without links
    writing.put_new(tmp_path / "a.md", b"a")
    with pytest.raises(FileExistsError):
        writing.put_new(tmp_path / "a.md", b"b")
    monkeypatch.setattr(os, "replace", fails)
    with pytest.raises(OSError, match="no"):
        writing.put_new(tmp_path / "c.md", b"c")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a.md": b"a"}


@pytest.mark.parametrize("fails", ["a.md", "b.md", "c.md"])
def test_several_files_or_none(tmp_path: Path, fails: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever can't be put into its place, the others are as they were, and no folder is left behind."""
    names = ["a.md", "b.md", "new/folder/c.md"]
    for name in names[:2]:
        (tmp_path / name).write_bytes(b"old")
        (tmp_path / name).chmod(0o640)
    replace = os.replace

    def one_fails(source: Path, target: Path) -> None:
        if Path(target).name == fails and source.suffix == ".part":
            raise OSError(28, "No space left on device")
        replace(source, target)

    contents = {tmp_path / name: b"new" for name in reversed(names)}
    with monkeypatch.context() as patch, pytest.raises(OSError, match="No space"):
        patch.setattr(os, "replace", one_fails)
        writing.put_all(contents)
    assert tree(tmp_path) == {"a.md": b"old", "b.md": b"old"}
    writing.put_all(contents)
    assert tree(tmp_path) == dict.fromkeys(names, b"new")
    assert [(tmp_path / name).stat().st_mode & 0o777 for name in names[:2]] == [0o640, 0o640]


def test_a_file_that_comes_in_between_stays(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"theirs")
    with pytest.raises(FileExistsError):
        writing.put_new(tmp_path / "a.md", b"ours")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a.md": b"theirs"}


# due


@pytest.fixture
def council(project: Path) -> Path:
    put(project, "late", title="Late", review_due="2026-05-02", policy_number="1", **APPROVED)
    put(project, "today", title="Today", review_due="2026-11-22", owner="town clerk", policy_number="2", **APPROVED)
    put(project, "soon", title="Soon", review_due="2026-11-23", owner="Arts", policy_number="3", **APPROVED)
    put(project, "last", title="Last", review_due="2027-02-20", owner="Arts", status="draft")
    put(project, "later", title="Later", review_due="2027-02-21", policy_number="4", **APPROVED)
    put(project, "gone", title="Gone", review_due="2026-05-02", status="withdrawn")
    put(project, "none", title="None")
    return project


def test_due_by_owner(council: Path) -> None:
    result = run("due", "--today", "2026-11-22")
    assert result.exit_code == 0 and not result.stderr
    assert result.output == (
        "Arts\n"
        "  23 November 2026  due in 1 day         Soon\n"
        "  20 February 2027  due in 90 days       Last\n"
        "\n"
        "Town Clerk\n"
        "        2 May 2026  overdue by 204 days  Late\n"
        "  22 November 2026  due today            Today\n"
        "\n"
        "4 reviews, 1 overdue.\n"
    )


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        ([], ["Soon", "Last", "Late", "Today"]),
        (["--within", "91"], ["Soon", "Last", "Late", "Today", "Later"]),
        (["--within", "0"], ["Late", "Today"]),
        (["--within", "0", "--owner", "arts"], []),
        (["--owner", "TOWN CLERK"], ["Late", "Today"]),
        (["--today", "2020-01-01"], []),
        (["--today", "9999-12-31", "--within", "9999"], ["Soon", "Last", "Late", "Today", "Later"]),
    ],
)
def test_what_is_due(words: list[str], titles: list[str], council: Path) -> None:
    result = run("due", "--format", "json", "--today", "2026-11-22", *words)
    assert [each["title"] for part in json.loads(result.output) for each in part["policies"]] == titles


def test_nothing_due(project: Path) -> None:
    put(project, "a")
    for shape in ("text", "markdown"):
        result = run("due", "--today", "2026-11-22", "--within", "1", "--format", shape)
        assert result.exit_code == 0
        assert result.output == "Nothing is due for review within 1 day of 22 November 2026.\n"
    assert json.loads(run("due", "--format", "json").output) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--today", "2026-1-2"], "“2026-1-2” is not a date. Write year-month-day, such as 2026-11-30."),
        (["--today", "2026-02-31"], "“2026-02-31” is not a date."),
        (["--within", "-1"], "-1"),
        (["--owner", "Artz"], "no policy has the owner “Artz”. Did you mean “Arts”?"),
        (["--owner", "xyz"], "Owners are: Arts, Town Clerk"),
        (["--ics", "."], "is a directory"),
    ],
)
def test_usage(words: list[str], said: str, council: Path) -> None:
    result = run("due", *words)
    assert result.exit_code == 2 and said in result.stderr


def test_a_file_that_can_t_be_read_is_said(council: Path) -> None:
    put(council, "late", title="Late", review_due="2026-05-02", statsu="approved")
    result = run("due", "--today", "2026-11-22", "--within", "0")
    assert result.exit_code == 0 and "Late" not in result.stdout and "Today" in result.stdout
    assert result.stderr == "policy_src/late.md can't be read, and may be due: run policy check.\n"
    for programs in (["--format", "json"], ["--format", "json", "--owner", "arts"]):
        found = run("due", *programs)
        assert (found.exit_code, found.stdout, found.stderr) == (1, "", result.stderr)


def test_a_fault_between_two_policies_hides_neither(council: Path) -> None:
    put(council, "today", title="Today", review_due="2026-11-22", policy_number="1", **APPROVED)
    assert "policy_number 1 is also that of" in run("check").stderr
    result = run("due", "--today", "2026-11-22", "--within", "0")
    assert not result.stderr and "Late" in result.stdout and "Today" in result.stdout
    assert "can't be read" not in run("status").stdout


def test_markdown_of_one_owner_is_that_in_json(council: Path) -> None:
    arts, clerk = json.loads(run("due", "--today", "2026-11-22", "--format", "json").output)
    result = run("due", "--today", "2026-11-22", "--format", "markdown", "--owner", "arts")
    assert result.output.strip() == arts["markdown"].strip()
    assert arts["owner"] == "Arts" and clerk["policies"][0]["words"] == "overdue by 204 days"
    assert "- `Late`: **overdue by 204 days**, 2 May 2026 (`policy_src/late.md`)\n" in clerk["markdown"]


@pytest.mark.parametrize(
    "text", ["@team", "`@team`", "``", "a ` @b `` c", "[a](http://x)", "**a**", "#1", "http://x.y"]
)
def test_nothing_of_a_policy_is_live_in_markdown(text: str, project: Path) -> None:
    put(project, "a", title=json.dumps(text), owner=json.dumps(text), review_due="2026-05-02")
    [part] = json.loads(run("due", "--today", "2026-11-22", "--format", "json").output)
    # CommonMark: a code span ends at the next run of as many backticks as opened it
    spans = [match[2] for match in re.finditer(r"(?<!`)(`+)(?!`)(.*?)(?<!`)\1(?!`)", part["markdown"])]
    assert [span.strip() for span in spans].count(text) == 2
    outside = re.sub(r"(?<!`)(`+)(?!`)(.*?)(?<!`)\1(?!`)", "", part["markdown"])
    assert text not in outside and "@" not in outside and "](" not in outside


def test_an_issue_s_text_is_bounded() -> None:
    text = draft("long title " * 100, "Town Clerk", ["All staff"], [], "1.  Text.").replace(
        "review_due:", "review_due: 2020-01-01"
    )
    found, problems = policy_files.read("x" * 60, "policy_src/x.md", text.encode())
    assert found and not problems
    part = due_of([found] * 5_000, date(2026, 11, 22), 90)
    body = as_markdown("Town Clerk", part, date(2026, 11, 22))
    assert len(body) < 60_000 and "- and 4,800 more: run `policy due` to see all\n" in body
    assert list(by_owner(part)) == ["Town Clerk"]


def test_a_calendar_at_either_end_of_time(council: Path) -> None:
    put(council, "first", title="A", review_due="0001-01-01", owner="Arts")
    put(council, "last", title="B", review_due="9999-12-31", owner="Arts")
    result = run("due", "--owner", "Arts", "--within", "9999999", "--ics", "due.ics")
    assert result.exit_code == 0, result.output
    days = re.findall(r"DTSTART;VALUE=DATE:(\d+)", (council / "due.ics").read_text("utf-8"))
    assert {"00010101", "99991231"} <= set(days)


def test_calendar(council: Path) -> None:
    put(council, "last", title=f'"{"Ärger, Straße; " * 12}"', review_due="2027-02-20", owner="Arts")
    refused = run("due", "--today", "2026-11-22", "--ics", "out/due.ics")
    assert refused.exit_code == 2 and "there is no folder out. Make it first." in refused.stderr
    (council / "out").mkdir()
    result = run("due", "--today", "2026-11-22", "--ics", "out/due.ics")
    assert result.exit_code == 0, result.output
    data = (council / "out/due.ics").read_bytes()
    assert data.endswith(b"\r\n") and b"\n" not in data.replace(b"\r\n", b"")
    assert all(len(line) <= 75 and line.decode() for line in data.split(b"\r\n")[:-1])
    lines = data.decode().replace("\r\n ", "").split("\r\n")[:-1]
    assert lines[0] == "BEGIN:VCALENDAR" and lines[-1] == "END:VCALENDAR"
    assert "VERSION:2.0" in lines and any(line.startswith("PRODID:") for line in lines)
    events = "\n".join(lines).split("BEGIN:VEVENT\n")[1:]
    found = [dict(line.split(":", 1) for line in event.split("\nEND:VEVENT")[0].split("\n")) for event in events]
    assert [each["DTSTART;VALUE=DATE"] for each in found] == ["20261123", "20270220", "20260502", "20261122"]
    assert len({each["UID"] for each in found}) == 4
    assert all(re.fullmatch(r"\d{8}T\d{6}Z", each["DTSTAMP"]) for each in found)
    assert found[1]["SUMMARY"] == "Review due: " + ("Ärger\\, Straße\\; " * 12).strip()
    assert found[2]["DESCRIPTION"] == "Owner: Town Clerk"
    assert [path.name for path in (council / "out").iterdir()] == ["due.ics"]


# status


def test_status(council: Path) -> None:
    put(council, "a", "## Purpose\n\n1.  Text ~~a~~ {>>TA: why<<}\n1.  ^^New^^", title="Zoo", version="2.1")
    put(council, "b", statsu="x", title="Broken")
    put(council, "c", "## Purpose\n\n1.  Never ~~closed", title="Open")
    result = run("status", "--today", "2026-11-22")
    assert result.exit_code == 0 and not result.stderr
    assert result.output == (
        "Policy  Version        Amendments  Comments  Review\n"
        "b.md    can't be read: run policy check\n"
        "Gone    1   withdrawn           0         0  none: withdrawn\n"
        "Last    1   draft               0         0  20 Feb 2027 soon\n"
        "Late    1   approved            0         0   2 May 2026 overdue\n"
        "Later   1   approved            0         0  21 Feb 2027\n"
        "None    1   draft               0         0  no date yet\n"
        "Open    1   draft               0         0  no date yet\n"
        "Soon    1   approved            0         0  23 Nov 2026 soon\n"
        "Today   1   approved            0         0  22 Nov 2026 soon\n"
        "Zoo     2.1 draft               2         1  no date yet\n"
        "1 policy with errors: run policy check.\n"
        "10 policies (4 approved, 4 draft, 1 withdrawn, 1 unread), 2 amendments, 1 comment, 1 overdue, 3 due soon.\n"
    )


def test_status_fits_a_terminal_and_says_it_in_words_too(project: Path) -> None:
    title = "Policy on the Long Names of Policies and how they are Shortened"
    put(project, "a", title=title, review_due="2026-11-30", version="10.12")
    put(project, "b", title="B", review_due="2020-01-01")
    found = [
        Standing(each.path, each.metadata, 1234, 123, "overdue")
        for each in policy_files.read_all(Path("policy_src"))[0]
    ]
    found.append(Standing(f"policy_src/{'x' * 60}.md"))
    shown = table(found, 80)
    assert shown.count("\x1b[31m") == 3 and "\x1b" not in shown.splitlines()[0]
    calm = Standing(found[0].path, found[0].metadata, review="in-date")
    assert "\x1b" not in table([calm], 80)
    assert all(len(line) <= 80 for line in click.unstyle(shown).splitlines())
    assert "…" in shown and title not in shown and " overdue" in shown
    assert title in table(found, None)
    assert "\x1b" not in run("status").output
    assert title in run("status").output


def test_status_as_json(council: Path) -> None:
    put(council, "b", statsu="x")
    found = {each["file"]: each for each in json.loads(run("status", "--format", "json").output)}
    assert set(found["policy_src/b.md"].values()) == {"policy_src/b.md", None}
    assert found["policy_src/late.md"]["review_due"] == "2026-05-02"
    assert found["policy_src/gone.md"]["status"] == "withdrawn"


@pytest.mark.parametrize("command", ["due", "status"])
def test_no_policies(command: str, project: Path) -> None:
    assert run(command).exit_code == 0
    (project / "policy_src").rmdir()
    result = run(command)
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: policy_src: there is no such folder. Make it and put a policy into it.")
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("words", [["new", "A"], ["due"], ["status"]])
def test_not_a_project(words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(*words)
    assert result.exit_code == 2 and "there is no mkdocs.yml here" in result.stderr
