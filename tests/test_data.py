"""The JSON files that other programs read: they hold what their schemas say, and what format 1 held."""

import json
from pathlib import Path
from typing import Any

import pytest
from building import FIRST_POLICY, SAMPLE, SETTINGS
from pydantic import TypeAdapter

from policydoc.editions import council
from policydoc.editions.withhold import EDITIONS, Edition
from policydoc.outputs import data, register, schemas
from policydoc.source.front_matter import Metadata

FORMAT_1 = {"id", "name", "level", "number", "previous_number", "status", "text", "previous_text"}


def policies(root: Path, edition: Edition) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """The data of each policy, and its entry in the register, as they come out of the file."""
    found = council.read(root, edition, SETTINGS)
    both = [(data.data(policy), register.entry(policy)) for policy in found.published.values()]
    assert both and not found.problems
    return json.loads(json.dumps(both))  # type: ignore[no-any-return]


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("root", [FIRST_POLICY.parent, SAMPLE.parent], ids=["first", "sample"])
def test_every_file_is_what_its_schema_says(root: Path, edition: Edition) -> None:
    shapes = {name: schemas.schema(name) for name in schemas.NAMES}
    for policy, entry in policies(root, edition):
        for values, shape, kind in (
            (policy, shapes["policy"], schemas.Policy),
            (entry, shapes["register"]["items"], schemas.Entry),
        ):
            assert set(values) == set(shape["properties"]) == set(shape["required"])
            metadata = {key: values[key] for key in Metadata.model_fields}
            assert Metadata.model_validate(metadata).model_dump(mode="json") == metadata
            own = {key: values[key] for key in kind.__annotations__}
            assert values.keys() == metadata.keys() | own.keys()
            TypeAdapter(kind).validate_python(own, strict=True)
        for clause in policy["clauses"]:
            assert set(clause) >= FORMAT_1 and clause["id"]


@pytest.mark.parametrize("edition", EDITIONS)
def test_content_leads_through_the_whole_policy_in_order(edition: Edition) -> None:
    """What stands in a place's content, place by place from the sections down, is every place once, in order."""
    for policy, _ in policies(SAMPLE.parent, edition):
        by_id = {clause["id"]: clause for clause in policy["clauses"]}
        assert len(by_id) == len(policy["clauses"])

        def below(clause: dict[str, Any], known: dict[str, Any]) -> list[str]:
            inner = [part["clause"] for part in clause["content"] if not isinstance(part, str)]
            return [clause["id"], *(id_ for name in inner for id_ in below(known[name], known))]

        top = [clause for clause in policy["clauses"] if clause["level"] == 1]
        assert [id_ for clause in top for id_ in below(clause, by_id)] == list(by_id)
        for clause in policy["clauses"]:
            if clause["level"] > 1 and clause["text"] is not None:
                words = " ".join(part for part in clause["content"] if isinstance(part, str))
                assert words.split() == clause["text"].split()


def test_amendments_are_numbered_and_say_where_they_are() -> None:
    (policy, _), *_ = policies(FIRST_POLICY.parent, "external")
    assert policy["format"] == 2 and policy["numbering"] == "1.1.1"
    amendments = policy["amendments"]
    assert [amendment["id"] for amendment in amendments] == [f"A{n}" for n in range(1, len(amendments) + 1)]
    assert {"substitute", "delete", "insert"} == {amendment["kind"] for amendment in amendments}
    known = {clause["id"] for clause in policy["clauses"]}
    assert {amendment["clause"] for amendment in amendments} <= known
    assert all(amendment["kind"].split("e")[0] in amendment["words"] or "for “" in amendment["words"]
               for amendment in amendments)  # fmt: skip
