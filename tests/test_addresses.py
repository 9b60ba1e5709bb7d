"""Where everything of a policy is found, and what a place is called: each said by one owner, alike everywhere."""

import re
from pathlib import Path

import pytest
from building import ROOT, SETTINGS, policy

from index_clauses import entries
from policydoc.editions import council
from policydoc.editions.policy import Policy
from policydoc.messages import said
from policydoc.model import addresses
from policydoc.model.number import Number
from policydoc.outputs.pdf import Failure, problem
from policydoc.source.policy_files import FOLDER

BODY = "## Purpose\n\n1.  Words. {#lead}\n\n## ~~Gone~~\n\n1.  ~~Words.~~\n\n## Forms {.appendix}\n\n1.  A form.\n"


@pytest.fixture
def sample(tmp_path: Path) -> Policy:
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / "dogs.md").write_text(policy(BODY), "utf-8")
    policies = council.read(tmp_path, "internal", SETTINGS.model_copy(update={"deleted_clauses": "close_up"}))
    assert not policies.problems
    return next(iter(policies.published.values()))


def test_nobody_else_spells_a_path() -> None:
    """Not in the templates either: they ask the same functions."""
    owner = Path(addresses.__file__)
    files = {*(ROOT / "hooks").rglob("*.py"), *(ROOT / "docs/templates").rglob("*.html")} - {owner}
    assert len(files) > 100
    spelled = re.compile(
        r"policies/\{|[\"'/]policies/?[\"'] ?/|\}-amended\.pdf|[\"'#]was-\{|[\"'#]comment-\{|== [\"']policies[\"']"
    )
    assert [path.name for path in files if spelled.search(path.read_text("utf-8"))] == []


def test_a_place_is_called_alike_everywhere(sample: Policy, tmp_path: Path) -> None:
    expected = {"1": "section", "1.1": "clause", "A": "appendix", "A.1": "clause"}
    assert {str(place.number): place.kind for place in sample.document.provisions() if place.number} == expected
    titles = [entry["title"] for entry in entries(sample)]
    assert titles[1:] == [f"Test Policy, {kind} {number}" for number, kind in expected.items()]
    for number, kind in {**expected, "2": "section", "2.1": "clause"}.items():
        anchor = number if number in expected else addresses.was(Number.of(number))
        (tmp_path / "policy_src/dogs.md").touch()
        line = str(problem(Failure("dogs", said("P802"), anchor), sample, tmp_path))
        assert f": {kind} {number}: " in line, line
