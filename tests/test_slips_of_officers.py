"""What officers type in front matter, in file names and in mkdocs.yml: taken as meant, or answered in one line."""

from datetime import date
from pathlib import Path

import pytest
from building import policy
from click.testing import CliRunner, Result

from policydoc.commands import main
from policydoc.history import archive
from policydoc.settings import DEFAULT_REQUIRED, Settings, SettingsError, from_extra
from policydoc.slips import day_meant, key_meant
from policydoc.source import front_matter, names
from policydoc.source.front_matter import Metadata
from policydoc.writing import put_all

KEYS = {
    "title": "Dogs",
    "version": "1",
    "status": "draft",
    "owner": "Town Clerk",
    "distribution": "{internal: [All staff], external: [Website]}",
}


def front(**keys: str) -> str:
    return "".join(f"{key.replace('__', ' ')}: {value}\n" for key, value in (KEYS | keys).items() if value is not None)


def codes(text: str) -> list[tuple[int, str]]:
    return [(line, fault.code) for line, fault in front_matter.read(text)[2]]


def meta(**keys: str) -> Metadata:
    found, _, faults = front_matter.read(front(**keys))
    assert found and not faults, faults
    return found


# Empty is empty

EMPTY = ["", "''", '""', "' '", '"\\t "', "~", "null", "NULL", ">-\n  ", "''  # later", "\u200b", "\u00ad",
         '"\\u2060"', "\u200d \u200b", "\u3164", "\u2800", '"\\uFE0F"']  # fmt: skip


@pytest.mark.parametrize("value", EMPTY)
def test_every_way_to_write_nothing_is_nothing(value: str) -> None:
    for key in ("subtitle", "policy_number", "date_published", "review_due", "replaced_by", "change_note"):
        assert getattr(meta(**{key: value}), key) is None
    assert meta(distribution=f"\n  internal: [All staff]\n  external: {value}\n").distribution.external == ()
    assert meta(distribution=f"\n  external:\n    - {value}\n").distribution.external == ()
    assert meta(change_note=f"\n  text: Spelling\n  editorial: {value}\n").change_note.editorial is False  # type: ignore[union-attr]
    assert codes(front(owner=value)) == [(4, "P131")]


def test_a_list_that_is_left_blank_has_nobody_in_it() -> None:
    assert not meta(distribution="\n  internal: [All staff]\n  external:\n").is_public
    assert meta(distribution="\n  internal:\n    - All staff\n    -\n    - ''\n").distribution.internal == (
        "All staff",
    )


# Nobody

NOBODY = [
    "None", "no", '"-"', "n/a", "N.A.", "nobody", "No one", "none yet", "–", "'?'", "TBC", "to be confirmed",
          "false", "Nothing", "(none)", "not applicable", "Nobody outside the council", "not for publication",
]  # fmt: skip
INSIDE = ["internal", "Internal only", "for internal use only", "Staff only", "confidential", "private"]
GROUPS = ["Website", "Internal Drainage Board", "Not-for-profit groups",
          "Nonesuch Residents' Association", "Noone Farm",
          "National Archives", "Private landlords", "Nilgiri Society", "Nationwide", "NA Smith & Co", "MPs",
          "3rd parties", "All staff and their families", "Internal auditor", "居民"]  # fmt: skip


@pytest.mark.parametrize("value", [*NOBODY, *INSIDE])
def test_a_word_for_nobody_is_no_group_to_publish_to(value: str) -> None:
    for lists in (f"[{value}]", f"[Website, {value}]", value, f"\n    - {value}"):
        typed = f"\n  internal: [All staff]\n  external: {lists}\n"
        assert codes(front(distribution=typed)) == [(7, "P158")], lists
    inside = front_matter.read(front(distribution=f"{{internal: [{value}], external: []}}"))[2]
    assert [fault.code for _, fault in inside] == (["P158"] if value in NOBODY else [])


@pytest.mark.parametrize("value", GROUPS)
def test_a_group_that_only_begins_so_is_one(value: str) -> None:
    assert meta(distribution=f'{{external: ["{value}"]}}').distribution.external == (value,)


# Capitals


@pytest.mark.parametrize("status", ["Draft", "DRAFT", '"Approved"', "WithDrawn"])
def test_a_status_may_have_capitals(status: str) -> None:
    assert meta(status=status).status == status.strip('"').casefold()


@pytest.mark.parametrize("value", ["True", "TRUE", "yes", "Yes"])
def test_so_may_true(value: str) -> None:
    note = meta(change_note=f"{{text: Spelling, editorial: {value}}}").change_note
    assert note and note.editorial


def test_a_successor_may_be_named_as_a_file() -> None:
    assert meta(status="withdrawn", replaced_by="parks.md").replaced_by == "parks"


# Dates

THIRD_OF_APRIL = [
    "3/4/2027", "03/04/2027", "3.4.2027", "3-4-2027", "3 4 2027", "3/4/27", "3 April 2027", "3rd April 2027",
    "3rd of April, 2027", "3 Apr 2027", "3-APR-2027", "April 3, 2027", "April 3rd 2027", "Saturday 3 April 2027",
    "Sat, 3 April 2027", "2027/04/03", "2027.04.03", "2027-4-3", "20270403", "2027-04-03 10:00:00", "2027-04-03T10:00Z",
]  # fmt: skip
NO_DAY = ["April 2027", "2027", "soon", "3/4", "tbc 3/4/2027", "3 Aprilis 2027", "3/4/127", "x" * 100_000, "٣/٤/2027"]
IMPOSSIBLE = ["2027-11-31", "31/11/2027", "3/25/2027", "30th February 2027", "2027-02-30", "0000-01-01"]


@pytest.mark.parametrize("typed", THIRD_OF_APRIL)
def test_a_date_in_another_form_is_offered_as_it_is_to_be_written_the_day_first(typed: str) -> None:
    assert day_meant(typed) == date(2027, 4, 3)
    [(line, fault)] = front_matter.read(front(review_due=f'"{typed}"'))[2]
    assert (line, fault.code) == (6, "P137") and fault.text.endswith(" Write 2027-04-03.")


@pytest.mark.parametrize("typed", NO_DAY)
def test_what_leaves_the_day_open_is_offered_none(typed: str) -> None:
    assert day_meant(typed) is None
    [(_, fault)] = front_matter.read(front(review_due=f'"{typed}"'))[2]
    assert fault.code == "P137" and "such as 2026-11-30" in fault.text


@pytest.mark.parametrize("typed", IMPOSSIBLE)
def test_a_day_that_no_calendar_has(typed: str) -> None:
    assert codes(front(review_due=f'"{typed}"')) == [(6, "P138")]


# Keys

NEAR = {
    "reviewdue": "review_due", "review-due": "review_due", "Review due": "review_due", "ReviewDue": "review_due",
    "REVIEW_DUE": "review_due", "Owner": "owner", "Title": "title", "ownr": "owner", "onwer": "owner", "titel": "title",
    "statsu": "status", "versions": "version", "review_dew": "review_due", "reveiw_due": "review_due",
    "date_publish": "date_published", "distributon": "distribution", "policynumber": "policy_number",
}  # fmt: skip
FAR = ["legislation", "note", "review", "reviewer", "published", "date", "number", "author", "subject", "revision",
       "approved_by", "department", "other", "x", "", "y" * 100_000]  # fmt: skip


@pytest.mark.parametrize("typed", NEAR)
def test_a_slip_of_the_hand_in_a_key_is_guessed_and_told_once(typed: str) -> None:
    assert key_meant(typed, Metadata.model_fields) == NEAR[typed]
    lines = front(**{NEAR[typed]: KEYS.get(NEAR[typed], "2027-11-30")}).replace(f"{NEAR[typed]}:", f"{typed}:")
    [(_, fault)] = front_matter.read(lines)[2]
    assert fault.code == "P129" and fault.text.endswith(f"Did you mean {NEAR[typed]}?")


@pytest.mark.parametrize("typed", FAR)
def test_another_word_is_not_taken_for_a_key(typed: str) -> None:
    assert key_meant(typed, Metadata.model_fields) is None
    [(_, fault)] = front_matter.read(front() + f'? "{typed}"\n: x\n')[2]
    assert fault.code == "P129" and "Known keys are title," in fault.text


# One slip, one message

ONCE: dict[str, tuple[str, list[tuple[int, str]]]] = {
    "a wrong status, and what its right one would ask": (front(status="aproved", replaced_by="parks"), [(3, "P134")]),
    "a key that stands twice, first with nothing": (
        front(review_due="") + "review_due: 2027-11-30\n", [(7, "P128")]),
    "a key that stands twice, first without sense": (
        front(owner="[a, b]") + "owner: Town Clerk\n", [(6, "P128")]),
    "lists that stand beside distribution": (
        front(distribution="") + "internal: [All staff]\nexternal: [Website]\n", [(6, "P136")]),
    "a list within distribution twice": (
        front(distribution="\n  internal: [a]\n  internal: [b]"), [(7, "P128")]),
    "a misspelt key within distribution": (front(distribution="{intern: [a], external: [b]}"), [(5, "P129")]),
    "a misspelt key of a change note": (front(change_note="{txt: Spelling}"), [(6, "P129")]),
    "a wrong date before the other": (front(date_published="30/11/2027", review_due="2026-11-30"), [(6, "P137")]),
    "dates the wrong way round": (front(date_published="2027-11-30", review_due="2026-11-30"), [(7, "P140")]),
    "a list for a title": (front(title="[a, b]"), [(1, "P132")]),
    "keys for a title": (front(title="{a: b}"), [(1, "P132")]),
    "a list for a date": (front(review_due="[2027-11-30]"), [(6, "P132")]),
    "keys for a date": (front(review_due="{day: 3}"), [(6, "P132")]),
    "a list for a status": (front(status="[draft]"), [(3, "P132")]),
    "a list for a successor": (front(replaced_by="[a]"), [(6, "P132")]),
    "a word for a list": (front(distribution="{internal: All staff}"), [(5, "P135")]),
    "keys for a list": (front(distribution="{internal: {a: b}}"), [(5, "P135")]),
    "a list for lists": (front(distribution="[Website]"), [(5, "P136")]),
    "a list in a list": (front(distribution="{internal: [[a]]}"), [(5, "P132")]),
    "a list for true": (front(change_note="{text: a, editorial: [true]}"), [(6, "P132")]),
    "a word for true": (front(change_note="{text: a, editorial: perhaps}"), [(6, "P134")]),
    "words for a change note": (front(change_note="Spelling"), [(6, "P136")]),
}  # fmt: skip


@pytest.mark.parametrize("case", ONCE)
def test_one_slip_has_one_message(case: str) -> None:
    text, found = ONCE[case]
    assert codes(text) == found


def test_numbers_are_text() -> None:
    assert (meta(title="1984").title, meta(version="2.10").version) == ("1984", "2.10")


# Names of files


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "policy_src").mkdir()
    configure(tmp_path)
    monkeypatch.chdir(tmp_path)
    put(tmp_path, "parks", title="Parks")
    return tmp_path


def configure(project: Path, *lines: str) -> None:
    (project / "mkdocs.yml").write_text(
        "\n".join(["site_name: Test", "extra:", "  council:", "    name: Test", *lines, ""]), "utf-8"
    )


def put(project: Path, slug: str, **keys: str) -> Path:
    path = project / f"policy_src/{slug}.md"
    path.write_text(policy("## Purpose\n\n1.  Text.\n", **({"title": slug.title()} | keys)), "utf-8")
    return path


def run(*words: str) -> Result:
    return CliRunner().invoke(main, list(words), catch_exceptions=False)


def check(*words: str) -> Result:
    return run("check", "--today", "2026-12-15", *words)


def told(*words: str) -> list[str]:
    return check(*words).stderr.splitlines()


@pytest.mark.parametrize(
    "name", ["con", "aux", "nul", "prn", *(f"{n}{i}" for n in ("com", "lpt") for i in range(1, 10))]
)
def test_a_policy_that_windows_cannot_store_is_refused(name: str, project: Path) -> None:
    put(project, name)
    [line] = told()
    assert check().exit_code == 1
    assert line.startswith(f"policy_src/{name}.md: ") and line.endswith(f"such as to {name}-policy.md. [P143]")


def test_the_name_offered_for_a_capital_one_can_be_stored(project: Path) -> None:
    put(project, "CON")
    [line] = told()
    assert "Rename it to con-policy.md. [P107]" in line


@pytest.mark.parametrize("name", ["icon", "auxiliary", "console", "com10", "lpt", "con-policy"])
def test_other_names_stay(name: str, project: Path) -> None:
    put(project, name)
    assert told() == []


@pytest.mark.parametrize("name", ["aux.png", "NUL.png", "com1.final.png", "plan?.png", "plan:1.png"])
def test_nor_can_it_store_such_a_picture(name: str, project: Path) -> None:
    (project / "policy_src/images").mkdir()
    (project / "policy_src/images" / name).write_bytes(b"\x89PNG\r\n\x1a\n")
    assert [line for line in told() if "[P143]" in line and f"policy_src/images/{name}: " in line]


def test_nor_such_a_folder_of_the_archive(project: Path) -> None:
    (project / "policy_src/archive/con").mkdir(parents=True)
    assert [line for line in told() if "[P143]" in line]


@pytest.mark.parametrize("other", ["Map.png", "MAP.png"])
def test_two_pictures_that_differ_in_capitals_alone(other: str, project: Path) -> None:
    (project / "policy_src/images").mkdir()
    for name in ("map.png", other):
        (project / "policy_src/images" / name).write_bytes(b"\x89PNG\r\n\x1a\n")
    assert [line for line in told() if "[P144]" in line and line.startswith("policy_src/images/map.png")]


def test_a_suggested_name_is_one_that_can_be_stored() -> None:
    for name in ("con.md", "aux.final.png", "a?.png", "b. "):
        assert not names.is_storable(name) and names.is_storable(names.suggested(name))


@pytest.mark.parametrize("words", [("Aux",), ("Keys", "--file", "con")])
def test_new_refuses_such_a_name(words: tuple[str, ...], project: Path) -> None:
    done = run("new", *words, "--owner", "TC", "--internal", "All staff")
    assert done.exit_code == 2 and "-policy." in done.stderr
    assert [path.name for path in (project / "policy_src").iterdir()] == ["parks.md"]


# What replaces what


def withdrawn(project: Path, **ways: str) -> None:
    for slug, other in ways.items():
        put(project, slug, status="withdrawn", replaced_by=other)


def test_a_policy_cannot_replace_itself(project: Path) -> None:
    withdrawn(project, dogs="dogs")
    [line] = told()
    assert line.startswith("policy_src/dogs.md:7: ") and line.endswith("[P145]")


def test_nor_can_policies_replace_each_other_in_a_circle(project: Path) -> None:
    withdrawn(project, cats="birds", birds="dogs", dogs="cats", mice="cats", rats="mice")
    [line] = told()
    assert line.startswith("policy_src/birds.md:7: ") and "birds.md, dogs.md, cats.md, birds.md" in line


def test_a_long_way_to_what_is_in_force_is_no_circle(project: Path) -> None:
    withdrawn(project, **{f"a{n}": f"a{n + 1}" for n in range(99)}, a99="parks")
    assert told() == []


# A policy that has gone


def kept(project: Path, slug: str) -> Path:
    path = put(
        project, slug, status="approved", policy_number="7", date_published="2025-11-30", review_due="2029-11-30"
    )
    put_all(archive.addition(path.parent, slug, "1", path.read_bytes()))
    return path


@pytest.mark.parametrize("how", ["deleted", "renamed"])
def test_an_approved_policy_that_is_gone_is_told(how: str, project: Path) -> None:
    path = kept(project, "dogs")
    assert told("--strict") == []
    path.unlink() if how == "deleted" else path.rename(path.with_name("hounds.md"))
    gone = [line for line in told() if "[P710]" in line]
    assert len(gone) == 1 and gone[0].startswith("Warning: policy_src/archive/dogs: ")
    assert "status: withdrawn" in gone[0] and "policy rename" in gone[0]
    assert check().exit_code == 0 and check("--strict").exit_code == 1


def test_one_that_is_withdrawn_as_advised_is_not(project: Path) -> None:
    path = kept(project, "dogs")
    put(project, "hounds")
    told_of = "status: withdrawn\nwithdrawn_on: 2026-11-30\nreplaced_by: hounds\nchange_note: {text: Hounds it is}"
    path.write_text(path.read_text().replace("status: approved", told_of))
    assert told("--strict") == []


def test_a_draft_that_was_never_approved_may_go(project: Path) -> None:
    put(project, "dogs").unlink()
    assert told("--strict") == []


# What an approved policy needs


def missing(project: Path) -> list[str]:
    put(project, "dogs", status="approved")
    return sorted(line.split(": ")[1].split()[0] for line in told() if "[P139]" in line)


def test_an_approved_policy_needs_a_number_and_dates_if_nothing_else_is_said(project: Path) -> None:
    assert missing(project) == ["date_published", "policy_number", "review_due"]
    assert check().exit_code == 1


@pytest.mark.parametrize(("line", "needs"), [
    ("[]", []),
    ("[review_due, doc_number]", ["doc_number", "review_due"]),
    ("", ["date_published", "policy_number", "review_due"]),
])  # fmt: skip
def test_it_needs_what_the_council_requires(line: str, needs: list[str], project: Path) -> None:
    configure(project, f"  required_when_approved: {line}")
    assert missing(project) == needs
    assert check().exit_code == bool(needs)


@pytest.mark.parametrize(("value", "words"), [
    (["reviewdue"], "a policy has no key reviewdue. Write review_due."),
    (["legislation"], "a policy has no key legislation. Known keys are title, "),
    (["replaced_by"], "a policy has no key replaced_by. Known keys are title, "),
    ("review_due", "this is not a list. Write the keys in square brackets"),
    ([["review_due"]], "a policy has no key ['review_due']."),
    ({"review_due": True}, "this is not a list."),
])  # fmt: skip
def test_a_list_of_keys_with_a_slip_in_it_has_one_line(value: object, words: str) -> None:
    with pytest.raises(SettingsError) as error:
        from_extra({"council": {"name": "Test"}, "required_when_approved": value}, None)
    assert str(error.value).startswith(f"mkdocs.yml: extra.required_when_approved: {words}")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("name", ["", "\u200d", "\u200b \u00ad", "\u3164", "..."])
def test_a_council_s_name_is_to_be_seen(name: str) -> None:
    with pytest.raises(SettingsError, match=r"council\.name: these are no words"):
        from_extra({"council": {"name": name}}, None)


def test_the_default() -> None:
    settings: Settings = from_extra({"council": {"name": "Test"}}, None)
    assert settings.required_when_approved == DEFAULT_REQUIRED


def test_a_council_without_numbers_and_dates_approves_amends_and_rejects(project: Path) -> None:
    configure(project, "  required_when_approved: []")
    path = put(project, "dogs")
    done = run("accept", "dogs", "--version", "1")
    assert done.exit_code == 0 and "is approved as version 1." in done.stdout, done.output
    assert told("--strict") == []
    approved = path.read_text()
    assert "date_published" not in approved and "review_due" not in approved
    path.write_text(approved.replace("status: approved", "status: draft").replace("Text.", "Text ^^too^^."))
    assert run("reject", "dogs").exit_code == 0
    assert path.read_text() == approved
    path.write_text(approved.replace("status: approved", "status: draft").replace("Text.", "Text ^^too^^."))
    assert run("accept", "dogs", "--version", "2").exit_code == 0
    assert told("--strict") == []
    assert run("status", "--format", "json").exit_code == run("due", "--today", "2026-12-15").exit_code == 0


def test_the_day_of_the_version_before_is_not_that_of_the_next(project: Path) -> None:
    configure(project, "  required_when_approved: [review_due]")
    path = put(project, "dogs")
    words = ("accept", "dogs", "--review-due", "2029-11-30", "--version")
    assert run(*words, "1", "--published", "2026-11-30").exit_code == 0
    path.write_text(path.read_text().replace("status: approved", "status: draft").replace("Text.", "Text ^^too^^."))
    done = run(*words, "2")
    assert done.exit_code == 0 and "version 2, review due 30 November 2029." in done.stdout, done.output
    assert "date_published" not in path.read_text()


def test_what_is_required_and_has_no_option_is_asked_for_as_well(project: Path) -> None:
    configure(project, "  required_when_approved: [doc_number]")
    path = put(project, "dogs")
    before = path.read_text()
    done = run("accept", "dogs", "--version", "1")
    assert done.exit_code == 1 and "doc_number is missing" in done.stderr and "[P139]" in done.stderr
    assert path.read_text() == before


def test_accept_asks_for_what_is_required_and_no_more(project: Path) -> None:
    configure(project, "  required_when_approved: [review_due]")
    put(project, "dogs")
    done = run("accept", "dogs")
    assert done.exit_code == 2 and "needs --version, --review-due. Add --version and --review-due." in done.stderr
    done = run("accept", "dogs", "--version", "1", "--published", "2026-11-30")
    assert done.exit_code == 2 and "Add --review-due." in done.stderr
