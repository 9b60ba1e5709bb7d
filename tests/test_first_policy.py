"""The council's own Social Media Policy: its 70 numbers, its words and its comments are those of the council's draft.

The policy is a frozen copy of the draft as it was transcribed: the live one belongs to its editors. The two texts
beside it are copies of the draft made by hand: the marks carried out, scanner's noise left out, numbers from the table
that came with the draft.
"""

import pytest
import written
from article_text import Reading, lines
from building import FIRST_POLICY, SETTINGS

from policydoc.editions import council
from policydoc.editions.policy import Policy
from policydoc.editions.withhold import EDITIONS, Edition
from policydoc.source.front_matter import Metadata

SLUG = "social-media"

# previous number, number, status; "–" for none. From the draft's own table, not from the code.
TABLE = """\
1 1 unchanged
1.1 1.1 amended
2 2 unchanged
2.1 2.1 unchanged
2.1.1 2.1.1 unchanged
2.1.2 2.1.2 unchanged
2.1.3 2.1.3 unchanged
2.1.4 2.1.4 unchanged
2.1.5 2.1.5 unchanged
2.1.6 2.1.6 unchanged
2.2 2.2 amended
2.3 2.3 amended
2.4 2.4 unchanged
3 3 unchanged
3.1 3.1 amended
4 4 unchanged
4.1 4.1 unchanged
4.2 4.2 unchanged
4.3 4.3 unchanged
4.4 4.4 amended
4.5 4.5 amended
4.6 4.6 deleted
4.7 4.7 deleted
4.8 4.8 unchanged
4.9 4.9 deleted
5 5 unchanged
5.1 5.1 amended
5.2 5.2 unchanged
5.3 5.3 amended
5.4 5.4 amended
– 6 inserted
5.5 6.1 amended
5.6 6.2 unchanged
5.6.1 6.2.1 unchanged
5.6.2 6.2.2 unchanged
5.6.3 6.2.3 unchanged
5.6.4 6.2.4 unchanged
5.6.5 6.2.5 unchanged
5.6.6 6.2.6 unchanged
5.6.7 6.2.7 unchanged
5.6.8 6.2.8 unchanged
5.6.9 6.2.9 unchanged
5.7 6.3 unchanged
5.8 6.4 amended
5.9 6.5 unchanged
6 7 unchanged
6.1 7.1 unchanged
6.2 7.2 unchanged
6.3 7.3 unchanged
6.4 7.4 unchanged
6.5 7.5 unchanged
6.6 7.6 unchanged
6.7 7.7 unchanged
6.8 7.8 unchanged
6.9 7.9 unchanged
6.10 7.10 unchanged
6.11 7.11 unchanged
6.12 7.12 amended
6.13 7.13 unchanged
6.14 7.14 unchanged
– 7.15 inserted
– 7.16 inserted
– 7.17 inserted
7 8 unchanged
7.1 8.1 amended
7.2 8.2 unchanged
8 9 unchanged
8.1 9.1 unchanged
9 10 unchanged
9.1 10.1 unchanged
"""


@pytest.fixture(scope="module")
def editions() -> dict[Edition, Policy]:
    found = {}
    for edition in EDITIONS:
        policies = council.read(FIRST_POLICY.parent, edition, SETTINGS)
        assert policies.problems == []
        found[edition] = next(policy for policy in policies.published.values() if policy.slug == SLUG)
    return found


def draft(reading: Reading) -> list[str]:
    return FIRST_POLICY.with_name(f"{reading}.txt").read_text("utf-8").splitlines()


@pytest.mark.parametrize("edition", EDITIONS)
def test_its_seventy_numbers_and_what_became_of_each(editions: dict[Edition, Policy], edition: Edition) -> None:
    clauses = written.clauses(editions[edition])
    found = [f"{clause.previous_number or '–'} {clause.number} {clause.status}" for clause in clauses]
    assert found == TABLE.splitlines()
    assert len(found) == 70
    assert [clause.id for clause in clauses] == [clause.number for clause in clauses]


def test_no_number_is_typed() -> None:
    text = (FIRST_POLICY / f"{SLUG}.md").read_text("utf-8")
    numbers = {line.split(maxsplit=1)[0] for line in text.splitlines() if line.strip()[:1].isdigit()}
    assert numbers == {"1."}


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("reading", ["amended", "previous"])
def test_its_words_are_those_of_the_councils_draft(
    editions: dict[Edition, Policy], edition: Edition, reading: Reading
) -> None:
    # A deleted clause keeps its number; whoever prints the amended reading writes "Deleted." after it.
    gone = {clause.number for clause in written.clauses(editions[edition]) if clause.status == "deleted"}
    found = lines(written.article(editions[edition]), reading)
    if reading == "amended":
        found = [f"{line} Deleted." if line in gone else line for line in found]
    assert found == draft(reading)


@pytest.mark.parametrize("reading", ["amended", "previous"])
def test_its_data_has_the_same_words(editions: dict[Edition, Policy], reading: Reading) -> None:
    found = []
    for clause in written.clauses(editions["external"]):
        number, text = (
            (clause.number, clause.text) if reading == "amended" else (clause.previous_number, clause.previous_text)
        )
        if number:
            found += f"{number} {text or 'Deleted.'}".splitlines()
    assert found == [line for line in draft(reading) if line not in ("Staff must:", "Staff and Members must:")]


def test_its_comments_stand_at_their_words(editions: dict[Edition, Policy]) -> None:
    confirm = "the strikethrough covers 'Staff' too; the review team should confirm"
    assert [(place, comment.author, comment.text) for place, comment in editions["internal"].comments] == [
        (
            "1.1",
            "TA1",
            "Members will be covered by a Guidance document instead of the staff policy relating to Social Media",
        ),
        ("5.1", "Transcriber", confirm),
        ("5.3", "Transcriber", confirm),
        ("5.4", "Transcriber", confirm),
        ("6", "TA2", "Cllr Tom Corbin requested that monitoring is contained in a separate section"),
        ("7.15", "TA3", "Added for clarification"),
    ]
    assert editions["external"].comments == []
    assert editions["external"].withheld == 6
    for word in ("Corbin", "TA1", "Transcriber"):
        assert word not in written.article(editions["external"])
        assert word not in str(written.as_data(editions["external"]))


def test_its_front_matter(editions: dict[Edition, Policy]) -> None:
    found = {key: value for key, value in written.as_data(editions["internal"]).items() if key in Metadata.model_fields}
    assert found == {
        "title": "Social Media Policy",
        "subtitle": "for staff",
        "policy_number": None,
        "version": "1",
        "status": "draft",
        "owner": "TA",
        "doc_number": "69456",
        "pdf_number": None,
        "date_published": None,
        "review_due": None,
        "review_team": "SMT / Personnel Committee",
        "distribution": {"internal": ["All SCC Staff"], "external": ["Website", "Members", "Partners"]},
        "replaced_by": None,
        "change_note": None,
        "numbering": "1.1.1",
        **dict.fromkeys(
            (
                "adopted",
                "effective",
                "contact",
                "supersedes",
                "keywords",
                "category",
                "control",
                "formerly",
                "withdrawn_on",
            )
        ),
    }
