"""What has happened to each clause from version to version, and what each has become."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from test_compare import document, versions

from policydoc.editions import references
from policydoc.editions.references import Destination
from policydoc.editions.withhold import withhold
from policydoc.model.document import Document
from policydoc.model.lineage import Event, Fate, Outcome, Step, histories, outcomes, step

WARDEN, LEAD = "The warden keeps a record of every fine.", "Every dog is kept on a lead in the parks."
ONE = f"""\
## Rules

1.  Owners may keep two dogs in one house. {{#two}}
1.  {WARDEN}
1.  {LEAD}
1.  A fine is paid under [clause](#two) in a month.

## Ends

1.  No dog is left alone in the town.
"""


def printed(body: str) -> Document:
    """A kept version, its references with their numbers."""
    read = document(body)
    names = references.targets(read, read)
    return references.resolved(read, {"x": Destination("X", names, True, ("clause",))}, "1")


def steps(*bodies: str) -> list[Step]:
    texts = [(str(n), printed(body)) for n, body in enumerate(bodies, 1)]
    return [step(before, after) for before, after in pairwise(texts)]


def told(fate: Fate) -> tuple[str, str, str]:
    return fate.old.number if fate.old else "", fate.new.number if fate.new else "", " ".join(fate.deeds)


def fates(old: str, new: str) -> list[tuple[str, str, str]]:
    [one] = steps(old, new)
    return [told(fate) for fate in one.fates if fate.is_event]


def events(some: tuple[Event, ...]) -> list[str]:
    return [f"{event.after}: {' > '.join(filter(None, told(event.fate)))}" for event in some]


NEW = "1.  A cat may go where it likes to go.\n"


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        pytest.param(ONE, [], id="nothing"),
        pytest.param(ONE.replace("two dogs", "four dogs"), [("1.1", "1.1", "reworded")], id="reworded"),
        pytest.param(
            ONE.replace("1.  Every", f"{NEW}1.  Every"),
            [("", "1.3", "inserted"), ("1.3", "1.4", ""), ("1.4", "1.5", "")], id="inserted",
        ),
        pytest.param(
            ONE.replace("1.  Owners", f"{NEW}1.  Owners").replace("{#two}", "{#two}\n", 1),
            [("", "1.1", "inserted"), *((f"1.{n}", f"1.{n + 1}", "") for n in range(1, 5))],
            id="a reference that prints another number is not reworded",
        ),
        pytest.param(
            ONE.replace(f"1.  {WARDEN}\n", ""),
            [("1.2", "", "deleted"), ("1.3", "1.2", ""), ("1.4", "1.3", "")], id="deleted",
        ),
        pytest.param(ONE.replace(WARDEN, "Deleted."), [("1.2", "1.2", "deleted")], id="deleted, and holds its number"),
        pytest.param(ONE.replace(WARDEN, "Not used."), [("1.2", "1.2", "deleted")], id="deleted in other words"),
        pytest.param(
            ONE.replace(f"1.  {WARDEN}\n", "") + f"1.  {WARDEN}\n",
            [("1.3", "1.2", ""), ("1.4", "1.3", ""), ("1.2", "2.2", "moved")], id="moved",
        ),
        pytest.param(
            ONE.replace(WARDEN, "Deleted.") + f"1.  {WARDEN.replace('every', 'each')}\n",
            [("", "1.2", "deleted"), ("1.2", "2.2", "moved reworded")], id="moved and reworded, its number held",
        ),
        pytest.param(
            ONE.replace(f"1.  {WARDEN}\n1.  {LEAD}\n", f"1.  {LEAD}\n1.  {WARDEN}\n1.  Deleted.\n"),
            [("1.3", "1.2", "moved"), ("1.2", "1.3", ""), ("", "1.4", "deleted"), ("1.4", "1.5", "")],
            id="moved, and its number held behind it",
        ),
        pytest.param(
            "## Ends\n\n1.  No dog is left alone in the town.\n\n" + ONE.partition("## Ends")[0],
            [("2", "1", "moved"), ("2.1", "1.1", ""), ("1", "2", ""), *((f"1.{n}", f"2.{n}", "") for n in range(1, 5))],
            id="clauses go along with their section",
        ),
        pytest.param(
            ONE.replace("left alone", "[left](https://example.org) alone"), [("2.1", "2.1", "changed")], id="a link",
        ),
        pytest.param(ONE.replace("## Ends", "## Last words"), [("2", "2", "reworded")], id="a heading"),
        pytest.param(
            ONE.replace("## Ends", "## Ends\n\nAll in all:"), [("2", "2", "reworded")], id="words below a heading"
        ),
        pytest.param(f"All of it.\n\n{ONE}", [("opening words", "opening words", "reworded")], id="opening words"),
        pytest.param(ONE.replace("fine.\n", "fine. {.internal}\n"), [("1.2", "1.2", "hidden")], id="internal"),
    ],
)  # fmt: skip
def test_a_clause_says_what_became_of_it(new: str, expected: list[tuple[str, str, str]]) -> None:
    assert fates(ONE, new) == expected


def test_outside_a_clause_that_is_published_or_not_any_more_says_so() -> None:
    inside = ONE.replace("fine.\n", "fine. {.internal}\n")
    outside = [("1", withhold(document(ONE))), ("2", withhold(document(inside))), ("3", withhold(document(ONE)))]
    deeds = [[told(fate) for fate in step(*two).fates if fate.is_event] for two in pairwise(outside)]
    assert deeds == [[("1.2", "1.2", "hidden")], [("1.2", "1.2", "published")]]


def test_outside_what_is_not_published_is_known_by_where_it_stands() -> None:
    one = ONE.replace("fine.\n", "fine. {.internal}\n")
    two = ONE.replace("month.\n", "month. {.internal}\n")
    three = one.replace("1.  Every", "1.  A new rule on cats. {.internal}\n1.  Every")
    outside = [(str(n), withhold(document(body))) for n, body in enumerate((one, two, one, three))]
    deeds = [[told(fate) for fate in step(*pair).fates if fate.is_event] for pair in pairwise(outside)]
    assert deeds == [
        [("1.2", "1.2", "published"), ("1.4", "1.4", "hidden")],
        [("1.2", "1.2", "hidden"), ("1.4", "1.4", "published")],
        [("", "1.3", "inserted"), ("1.3", "1.4", ""), ("1.4", "1.5", "")],
    ]


def test_a_history_goes_back_over_numbers_to_where_a_clause_was_inserted() -> None:
    two = ONE.replace("1.  Every", f"{NEW}1.  Every")
    three = two.replace("1.  Owners may keep two", "1.  Birds fly over all of the parks.\n1.  Owners may keep four")
    four = three.replace("likes to go", "pleases").replace(WARDEN, "Deleted.")
    all_of = histories(steps(ONE, two, three, four))
    assert all_of["1"] == {}
    assert events(all_of["4"]["1.4"]) == ["4: 1.4 > 1.4 > reworded", "3: 1.3 > 1.4", "2: 1.3 > inserted"]
    assert events(all_of["4"]["1.3"]) == ["4: 1.3 > 1.3 > deleted", "3: 1.2 > 1.3"]
    assert events(all_of["3"]["1.5"]) == ["3: 1.4 > 1.5", "2: 1.3 > 1.4"]
    assert "2.1" not in all_of["4"]


def test_each_clause_of_an_old_version_says_what_it_has_become() -> None:
    two = ONE.replace("1.  Every", f"{NEW}1.  Every")
    three = two.replace(WARDEN, "Deleted.").replace("on a lead", "on a short lead")
    become = outcomes(steps(ONE, two, three))

    def outcome(version: str, anchor: str) -> tuple[str, list[str]]:
        one: Outcome = become[version][anchor]
        return one.place.number if one.place else "", events(one.events)

    assert outcome("1", "1.2") == ("", ["3: 1.2 > 1.2 > deleted"])
    assert outcome("1", "1.3") == ("1.4", ["2: 1.3 > 1.4", "3: 1.4 > 1.4 > reworded"])
    assert outcome("1", "2.1") == ("2.1", [])
    assert outcome("2", "1.3") == ("1.3", [])
    assert "3" not in become


@given(versions())
def test_every_clause_of_both_versions_has_one_fate(pair: tuple[str, str]) -> None:
    before, after = map(document, pair)
    one = step(("1", before), ("2", after))
    old = [fate.old.anchor for fate in one.fates if fate.old and fate.old.anchor]
    new = [fate.new.anchor for fate in one.fates if fate.new and fate.new.anchor]
    assert sorted(old) == sorted(place.anchor for place in before.provisions())
    assert sorted(new) == sorted(place.anchor for place in after.provisions())
    shown = {place.anchor for place in one.document.provisions()}
    assert all(fate.anchor in shown for fate in one.fates if fate.is_event and fate.anchor)


def test_a_policy_compared_with_itself_has_no_events() -> None:
    same = replace(printed(ONE))
    assert not any(fate.is_event for fate in step(("1", same), ("2", same)).fates)
