"""What the writers make of a policy, for tests that look at it: its article and its clauses as data."""

from types import SimpleNamespace
from typing import Any

from policydoc.editions.policy import Policy
from policydoc.outputs import data, html


def article(policy: Policy) -> str:
    """The article as it is for paper, without the links that a page has on its numbers."""
    return html.article(policy.document, linked=False)


def page(policy: Policy) -> str:
    return html.article(policy.document)


def as_data(policy: Policy) -> dict[str, Any]:
    return data.data(policy)


def clauses(policy: Policy) -> list[SimpleNamespace]:
    """The sections and clauses, each with the keys of the JSON as attributes."""
    return [SimpleNamespace(**clause) for clause in data.data(policy)["clauses"]]
