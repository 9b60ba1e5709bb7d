"""What a council's paper says of itself: adoption, contact, category, its own labels, versions; and how it begins."""

import csv
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import verapdf
import written
import yaml
from building import ROOT, SAMPLE, SETTINGS, new_project, policy, run
from click.testing import CliRunner
from test_leaks import everything
from test_print import printed, text_of

from index_clauses import entries
from policydoc import clock
from policydoc.checking import inspection
from policydoc.commands import main
from policydoc.commands.new import SKELETONS
from policydoc.editions import council, secrets
from policydoc.editions.policy import Policy
from policydoc.editions.withhold import EDITIONS, Edition
from policydoc.history import archive
from policydoc.history.dates import CommitDates
from policydoc.outputs import control_sheet, data, feed, linked_data, register
from policydoc.settings import Council, Settings, SettingsError, from_extra
from policydoc.source import front_matter, policy_files
from policydoc.source.front_matter import Metadata
from policydoc.writing import put_all

REQUIRED = "title: Dogs\nversion: 1\nstatus: draft\nowner: JS\ndistribution: {external: [Website]}\n"
CLAUSE = "## Purpose\n\n1.  Dogs may swim."
# In the sample: labels and values that mkdocs.yml keeps inside, and a version that was for staff only
INTERNAL = ("Consultation", "Group leaders", "Governance Working Party", "GWP 7", "A trial of earlier papers")


def read(root: Path, edition: Edition = "external", settings: Settings = SETTINGS) -> Mapping[str, Policy]:
    policies = council.read(root, edition, settings)
    assert not policies.errors, policies.errors
    return policies.published


def orders(edition: Edition) -> Policy:
    """The sample council's standing orders."""
    return read(SAMPLE.parent, edition)["standing-orders"]


def sheet(policy: Policy, inside: tuple[str, ...] = ()) -> dict[str, str | None]:
    return dict(control_sheet.control_sheet(policy, CommitDates(SAMPLE.parent), inside))


def project(folder: Path, **policies: str) -> Path:
    (folder / "policy_src").mkdir()
    for name, text in policies.items():
        (folder / f"policy_src/{name}.md").write_text(text, "utf-8")
    return folder


# Front matter

FAULTS = {
    "adopted: Full Council": "adopted must hold who adopted the policy, and the day. Write adopted: {by: ",
    "adopted: {on: 2026-11-30}": "adopted.by is missing. Add a line such as adopted: {by: ",
    "adopted: {by: FC, on: 30/11/2026}": "adopted.on is not written as year-month-day. Write 2026-11-30.",
    "adopted: {by: FC, minite: 3}": "there is no key minite. Did you mean minute?",
    "effective: soon": "effective is not written as year-month-day.",
    "contact: [a, b]": "contact is not a line of text. Write contact: Democratic Services",
    "supersedes: {a: b}": "supersedes is not a list.",
    "supersedes: [A, B <]": "supersedes.1 holds a sign that can't be published",
    "keywords: dogs": "keywords is not a list. Write it in square brackets: keywords: [dogs]",
    "category: [a]": "category is not a line of text.",
    "control: none": "control must hold labels, and what is said under each. Write control: {",
    "control: {Impact: [a]}": "control.Impact is not a line of text.",
    "control: {Impact: ~~a~~}": "control.Impact holds a sign that can't be published",
    'control: {Impact: "a\\u202eb"}': "control.Impact holds a sign that can't be published",
}


@pytest.mark.parametrize("line", FAULTS)
def test_each_slip_is_one_line(line: str) -> None:
    metadata, _, [(number, fault)] = front_matter.read(REQUIRED + line)
    assert metadata is None and number == 6 and fault.text.startswith(FAULTS[line])


def test_what_is_left_out_is_nothing_and_one_title_needs_no_brackets() -> None:
    metadata, _, _ = front_matter.read(REQUIRED + "supersedes: The old one\ncontrol: {Impact: }\nadopted:\nkeywords:")
    assert metadata and metadata.supersedes == ("The old one",) and metadata.control == {}
    assert metadata.adopted is None and metadata.keywords is None and metadata.in_force_from is None


def test_a_version_is_in_force_from_its_day_or_else_from_its_publishing() -> None:
    for lines, day in (("date_published: 2026-11-30\n", 30), ("date_published: 2026-11-30\neffective: 2026-12-24", 24)):
        metadata, _, _ = front_matter.read(REQUIRED + lines)
        assert metadata and metadata.in_force_from and metadata.in_force_from.day == day


# mkdocs.yml


def unlisted(tmp_path: Path, line: str, **extra: Any) -> list[str]:
    root = project(tmp_path, dogs=policy(CLAUSE).replace("owner:", f"{line}\nowner:"))
    settings = from_extra({"council": {"name": "Test Council"}, **extra}, None)
    problems = inspection.inspect(root, settings, date(2026, 1, 1)).problems
    assert [str(problem) for problem in problems] == [str(p) for p in council.read(root, "external", settings).problems]
    return [f"{problem.line} {problem.text}" for problem in problems]


def test_a_category_is_one_of_the_councils_list(tmp_path: Path) -> None:
    listed = {"categories": ["Environment", "Governance"]}
    line = "5 the category “Enviroment” is not in mkdocs.yml under categories (it has Environment, Governance). "
    assert unlisted(tmp_path, "category: Enviroment", **listed) == [f"{line}Did you mean Environment?"]


def test_where_nothing_is_listed_the_line_says_what_to_do(tmp_path: Path) -> None:
    [line] = unlisted(tmp_path, "category: Parks")
    assert line.endswith("(it has none yet). Add it there, or take the line out.")


def test_a_label_is_one_of_the_councils_own(tmp_path: Path) -> None:
    [line] = unlisted(tmp_path, "control: {Equality: assessed}", control={"Consultation": "internal"})
    assert line.endswith("“Equality” is not in mkdocs.yml under control (it has Consultation). Write one of these, "
                         "or add it there.")  # fmt: skip


@pytest.mark.parametrize(
    ("extra", "words"),
    [
        ({"categories": "Parks"}, "extra.categories: this is not a list. Write it in square brackets, such as ["),
        ({"control": ["Consultation"]}, "extra.control: these are no labels. Write each in a line below it, such as "),
        ({"control": {"A": "secret"}}, "extra.control.A: “secret” can't stand here. Write 'public' or 'internal'."),
        ({"control": {"A": None}}, "extra.control.A: “None” can't stand here."),
        ({"control": {1: "public"}}, "extra.control.1: this is not text. Put it in quotes."),
        ({"licence": "OGL"}, "extra.licence: these are no keys. Indent both below it, name and url."),
        ({"licence": {"name": "Ours"}}, "extra.licence: its url is missing."),
        ({"licence": {"name": "Ours", "url": "x"}}, "extra.licence.url: this is no web address."),
    ],
)
def test_a_setting_that_can_not_be_used_is_one_line(extra: dict[str, Any], words: str) -> None:
    with pytest.raises(SettingsError) as raised:
        from_extra({"council": {"name": "X"}, **extra}, None)
    assert str(raised.value).startswith(f"mkdocs.yml: {words}") and "\n" not in str(raised.value)


def test_a_council_may_require_any_of_it_of_an_approved_policy(tmp_path: Path) -> None:
    keys = ["adopted", "effective", "contact", "supersedes", "keywords", "category", "control"]
    text = policy(CLAUSE, status="approved", keywords="[]")
    settings = from_extra({"council": {"name": "X"}, "required_when_approved": keys}, None)
    errors = council.read(project(tmp_path, dogs=text), "external", settings).errors
    assert sorted(error.text.partition(" is missing, and an approved policy needs it. Write ")[0] for error in errors
                  ) == sorted(keys)  # fmt: skip


# On the page, in the PDF, in the data


def test_the_control_sheet_says_it_in_the_readers_words() -> None:
    lines = sheet(orders("internal"))
    assert lines["Adopted by"] == "Town Council, 27 May 2025, minute TC 2025-118 a)"
    assert lines["In force from"] == "1 July 2025" and lines["Category"] == "Governance"
    assert lines["Contact"] == "Democratic Services, democracy@westerbrook.example"
    assert lines["Supersedes"] == "Protocol on Questions from the Public; Petitions at Meetings"
    assert lines["Equality impact"] == "Assessed in April 2025; no group is at a disadvantage"
    assert lines["Consultation"] == "Group leaders, April 2025"
    assert "Consultation" not in sheet(orders("external")) and "Equality impact" in sheet(orders("external"))
    assert "Consultation" not in sheet(orders("internal"), SETTINGS.kept_inside)


def test_a_draft_has_neither_the_adoption_nor_the_day_of_the_version_before(tmp_path: Path) -> None:
    kept = {"adopted": "{by: Full Council, on: 2020-05-01}", "effective": "2020-06-01"}
    root = project(tmp_path, dogs=policy(CLAUSE, **kept), cats=policy(CLAUSE, adopted="{by: Parks Committee}"))
    put_all(archive.addition(root / "policy_src", "dogs", "1", policy(CLAUSE, status="approved", **kept).encode()))
    policies = read(root, settings=Settings(council=Council(name="X"), required_when_approved=()))
    assert not {"Adopted by", "For adoption by", "In force from"} & sheet_of(policies["dogs"], root).keys()
    assert sheet_of(policies["cats"], root)["For adoption by"] == "Parks Committee"


def sheet_of(policy: Policy, root: Path) -> dict[str, str | None]:
    return dict(control_sheet.control_sheet(policy, CommitDates(root), ()))


def test_the_pdf_has_it_all(tmp_path: Path) -> None:
    (tmp_path / "policy_src").mkdir()
    name = "standing-orders"
    (tmp_path / f"policy_src/{name}.md").write_bytes((SAMPLE / f"{name}.md").read_bytes())
    for path in (SAMPLE / "archive" / name).iterdir():
        (tmp_path / "policy_src/archive" / name).mkdir(parents=True, exist_ok=True)
        (tmp_path / "policy_src/archive" / name / path.name).write_bytes(path.read_bytes())
    for edition in EDITIONS:
        path = printed(tmp_path, edition, SETTINGS)[name]
        words = text_of(path)
        for shown in ("Adopted by", "democracy@westerbrook.example", "1 July 2025", "TC 2021-031 b)", "Meetings end"):
            assert shown in words, shown
        assert [word in words for word in INTERNAL] == [edition == "internal"] * len(INTERNAL)
        assert ("Open Government Licence v3.0" in words) is (edition == "external")
        with pikepdf.open(path) as pdf:
            assert str(pdf.docinfo["/Keywords"]).endswith("meetings, motions, voting, public questions")
        assert verapdf.check([path]) == []


def test_the_data_have_all_keys_and_null_where_nothing_is_said() -> None:
    whole = written.as_data(orders("external"))
    assert whole["adopted"] == {"by": "Town Council", "on": "2025-05-27", "minute": "TC 2025-118 a)"}
    assert whole["control"] == {"Equality impact": "Assessed in April 2025; no group is at a disadvantage"}
    assert whole["keywords"] == ["meetings", "motions", "voting", "public questions"]
    other = written.as_data(read(SAMPLE.parent)["petitions"])
    new = ("adopted", "effective", "contact", "supersedes", "keywords", "category", "control")
    assert [other[key] for key in new] == [None] * len(new) and other["versions"] == []


def test_search_engines_and_the_search_know_the_keywords() -> None:
    linked = linked_data.of_policy(orders("external"), (), SETTINGS, clock.today())
    assert linked["keywords"] == ("meetings", "motions", "voting", "public questions")
    assert linked["license"] == SETTINGS.licence.url
    assert entries(orders("external"))[0]["text"] == "meetings, motions, voting, public questions"


def test_the_feed_says_the_licence() -> None:
    own = {"name": "Ours", "url": "https://council.example/terms"}
    for licence, words in (
        (own, "Ours: https://council.example/terms"),
        (None, "Open Government Licence v3.0: https://"),
    ):
        settings = from_extra({"council": {"name": "X"}, "licence": licence}, "https://council.example/")
        root = ET.fromstring(feed.feed([], settings))
        [rights] = root.iter("{http://www.w3.org/2005/Atom}rights")
        assert rights.text and rights.text.startswith(words)


def test_the_register_has_it_as_a_spreadsheet() -> None:
    rows = register.entries(read(SAMPLE.parent).values(), clock.today())
    [row] = [row for row in csv.DictReader(register.as_csv(rows).splitlines()) if row["title"] == "Standing Orders"]
    assert row["adopted"] == "Town Council; 2025-05-27; TC 2025-118 a)" and row["category"] == "Governance"
    assert row["supersedes"] == "Protocol on Questions from the Public; Petitions at Meetings"


def test_the_register_is_grouped_in_the_councils_order() -> None:
    rows = [{"title": title, "category": category} for title, category in (("A", "Y"), ("B", None), ("C", "X"))]
    groups = register.by_category(rows, ["X", "Z", "Y"])
    assert [(name, [row["title"] for row in part]) for name, part in groups] == [
        ("X", ["C"]), ("Y", ["A"]), ("Other policies", ["B"]),
    ]  # fmt: skip
    assert register.by_category(rows[1:2], ["X"]) == [("", rows[1:2])]
    assert register.by_category([], []) == [("", [])]


# Versions


def test_the_table_of_versions_is_told_from_the_archive_and_the_approved_text() -> None:
    table = control_sheet.version_table(orders("internal"))
    assert table["heads"] == ["Version", "Adopted by", "On", "Minute", "What changed"]
    assert table["rows"] == [
        ["4", "Town Council", "27 May 2025, in force from 1 July 2025", "TC 2025-118 a)",
         "Residents may ask questions at the beginning of a meeting"],
        ["3", "Annual Town Council", "5 May 2021", "TC 2021-031 b)", "Meetings end at ten"],
        ["2", "Governance Working Party", "26 February 2015", "GWP 7", "A trial of earlier papers for officers"],
        ["1", "Annual Town Council", "18 May 2009", "14", "The first standing orders of the new council"],
    ]  # fmt: skip


def test_outside_a_version_for_staff_only_stays_so() -> None:
    policy = orders("external")
    assert [row[0] for row in control_sheet.version_table(policy)["rows"]] == ["4", "3", "1"]
    assert [version["version"] for version in data.data(policy)["versions"]] == ["4", "3", "1"]
    assert not policy.shared


def approved(version: str, **keys: str) -> str:
    return policy(CLAUSE, version=version, status="approved", **keys)


def versions_of(root: Path, edition: Edition = "internal") -> list[list[str]]:
    settings = Settings(council=Council(name="X"), required_when_approved=())
    rows: list[list[str]] = control_sheet.version_table(read(root, edition, settings)["dogs"])["rows"]
    return rows


def test_the_policys_own_text_says_of_its_version_what_was_known_later(tmp_path: Path) -> None:
    root = project(tmp_path, dogs=approved("2", adopted="{by: Full Council, on: 2026-05-01, minute: 12}"))
    for version in ("1", "2"):
        put_all(archive.addition(root / "policy_src", "dogs", version, approved(version).encode()))
    assert versions_of(root) == [["2", "Full Council", "1 May 2026", "12"], ["1", "", "", ""]]


def test_a_draft_is_no_version(tmp_path: Path) -> None:
    root = project(tmp_path, dogs=policy(CLAUSE, version="2", adopted="{by: Full Council}"))
    put_all(archive.addition(root / "policy_src", "dogs", "1", approved("1", adopted="{by: Mayor}").encode()))
    assert versions_of(root) == [["1", "Mayor"]]


def test_one_version_of_which_nothing_is_said_is_no_table(tmp_path: Path) -> None:
    root = project(tmp_path, dogs=approved("1", date_published="2026-05-01"))
    assert versions_of(root) == []


def test_of_a_version_that_can_not_be_read_only_staff_learn_the_number(tmp_path: Path) -> None:
    root = project(tmp_path, dogs=approved("3"))
    for version, text in (("1", "no front matter"), ("2", approved("2", owner="[J"))):
        put_all(archive.addition(root / "policy_src", "dogs", version, text.encode()))
    assert versions_of(root) == [["3"], ["2"], ["1"]] and versions_of(root, "external") == []


def test_a_new_version_has_not_the_adoption_of_the_one_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = new_project(tmp_path / "project", None)
    monkeypatch.chdir(root)
    old = approved("1", adopted="{by: Mayor, on: 2020-05-01}", effective="2020-06-01", policy_number="7",
                   date_published="2020-05-02", review_due="2030-01-01")  # fmt: skip
    put_all(archive.addition(root / "policy_src", "dogs", "1", old.encode()))
    draft = old.replace("status: approved", "status: draft").replace("swim", "swim ^^and bathe^^")
    path = root / "policy_src/dogs.md"
    words = ("accept", "dogs", "--version", "2", "--published", "2026-05-02", "--review-due", "2031-01-01")
    for adopted, expected in (("by: Mayor, on: 2020-05-01", None), ("by: Council", "Council")):
        path.write_text(draft.replace("by: Mayor, on: 2020-05-01", adopted), "utf-8")
        for kept in root.glob("policy_src/archive/dogs/v2.md"):
            kept.unlink()
            sums = kept.with_name(archive.SUMS)
            sums.write_text(sums.read_text("utf-8").splitlines(keepends=True)[0], "utf-8")
        done = CliRunner().invoke(main, words, catch_exceptions=False)
        assert done.exit_code == 0, done.output
        source, _ = policy_files.read("dogs", "dogs.md", path.read_bytes())
        assert source and source.metadata.effective is None
        assert (source.metadata.adopted and source.metadata.adopted.by) == expected


# Nothing internal outside


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample council's two editions."""
    root = new_project(tmp_path_factory.mktemp("papers") / "project")
    done = run(root, "build")
    assert done.returncode == 0, done.stderr
    return root / "site"


def test_no_byte_outside_has_an_internal_label_or_a_version_for_staff(built: Path) -> None:
    kinds = set()
    for path in (built / "external").rglob("*"):
        for part in everything(path) if path.is_file() else ():
            assert not any(word.encode() in part for word in INTERNAL), path
            kinds |= {path.suffix} if b"Standing Orders" in part else set()
    assert kinds >= {".html", ".pdf", ".json", ".csv", ".xml"}
    inside = (built / "internal/policies/standing-orders/index.html").read_text("utf-8")
    assert all(word in inside for word in INTERNAL)


def test_pages_show_it(built: Path) -> None:
    page = (built / "external/policies/standing-orders/index.html").read_text("utf-8")
    assert '<meta name="keywords" content="meetings, motions, voting, public questions">' in page
    assert "<summary>Versions (3)</summary>" in page and "Town Council, 27 May 2025, minute TC 2025-118 a)" in page
    assert f'<a href="{SETTINGS.licence.url}" rel="license">Open Government Licence v3.0</a>' in page
    assert '"license": "https://www.nationalarchives.gov.uk/' in page
    home = (built / "external/index.html").read_text("utf-8")
    assert re.findall(r'scope="rowgroup"[^>]*>([^<]*)<', home) == ["Governance", "Other policies"]


def test_the_gate_knows_labels_and_versions_that_stay_inside(tmp_path: Path) -> None:
    text = policy(CLAUSE, control="{'Sec. 17': fine, Impact: none}")
    root = project(tmp_path, dogs=text)
    tried = approved("1", change_note="{text: Tried by staff}", distribution="{internal: [Parks]}")
    put_all(archive.addition(root / "policy_src", "dogs", "1", tried.encode()))
    inside = secrets.read_all(root / "policy_src", ["control.Sec. 17"])
    known = {(secret.text, secret.path, secret.line) for secret in inside.secrets}
    own = "policy_src/dogs.md"
    assert {("Sec. 17", own, 7), ("fine", own, 7), ("Tried by staff", "policy_src/archive/dogs/v1.md", 7)} <= known
    assert not {"Impact", "none"} & {secret.text for secret in inside.secrets}
    assert any("Impact" in public and "none" in public for public in inside.public)


def test_both_editions_share_the_pdf_of_a_paper_whose_labels_are_public(tmp_path: Path) -> None:
    settings = from_extra({"council": {"name": "X"}, "control": {"A": "public", "B": "internal"}}, None)
    root = project(tmp_path, dogs=policy(CLAUSE, control="{A: x}"), cats=policy(CLAUSE, control="{B: x}", title="Cats"))
    policies = read(root, settings=settings)
    assert policies["dogs"].shared and not policies["cats"].shared
    assert policies["cats"].metadata.control is None and policies["dogs"].metadata.control == {"A": "x"}
    assert json.dumps(register.entry(policies["cats"])).count('"B"') == 0


# The guide


def blocks() -> list[str]:
    """The examples of the guide's page, without their indentation."""
    text = (ROOT / "docs/editors/papers.md").read_text("utf-8")
    return [
        re.sub("^    ", "", block, flags=re.MULTILINE) for block in re.findall(r"(?:^    .*\n)+", text, re.MULTILINE)
    ]


def test_every_example_of_the_guide_is_right(tmp_path: Path) -> None:
    extra = {"council": {"name": "X"}}
    for block in blocks():
        extra |= yaml.safe_load(block)["extra"] if block.startswith("extra:") else {}
    settings = from_extra(extra, None)
    keys = [block for block in blocks() if block.partition(":")[0] in Metadata.model_fields]
    text = policy(CLAUSE).replace("owner:", f"{''.join(keys)}owner:")
    assert council.read(project(tmp_path, dogs=text), "external", settings).problems == []
    new = ("adopted", "effective", "contact", "supersedes", "keywords", "category", "control", "change_note")
    assert {*new} <= {line.partition(":")[0] for block in keys for line in block.splitlines()}


def test_the_guide_lists_every_key_of_front_matter() -> None:
    text = (ROOT / "docs/editors/papers.md").read_text("utf-8")
    table = text[text.index("| Key |") : text.index("## Who adopted it")]
    assert set(re.findall("`([a-z_]+)`", table)) >= set(Metadata.model_fields)


# policy new --like


@pytest.mark.parametrize("like", SKELETONS)
def test_every_skeleton_passes_the_strict_check(like: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(new_project(tmp_path / "project", None))
    words = ("new", "Our Paper", "--owner", "Clerk", "--internal", "All staff", "--external", "Website", "--like", like)
    assert CliRunner().invoke(main, words, catch_exceptions=False).exit_code == 0
    check = CliRunner().invoke(main, ["check", "--strict"], catch_exceptions=False)
    assert check.exit_code == 0, check.output
    text = Path("policy_src/our-paper.md").read_text("utf-8")
    assert (f"\nnumbering: {SKELETONS[like]}\n" in text) is bool(SKELETONS[like])


def test_a_kind_of_paper_that_has_no_skeleton_is_refused() -> None:
    done = CliRunner().invoke(main, ["new", "Ours", "--like", "byelaws"])
    assert done.exit_code == 2 and "standing-orders" in done.output
