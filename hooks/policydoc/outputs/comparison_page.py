"""Says what the page prints that compares two texts of a policy: docs/templates/web/compare.html."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..model import addresses
from .comparison import Comparison, Text
from .html import article


def context(comparison: Comparison, others: Sequence[tuple[Text, Text]]) -> dict[str, Any]:
    """The values that the template prints; `others` are all pairs of texts of the policy that have such a page."""
    before, after, policy = comparison.before, comparison.after, comparison.policy
    here = addresses.beside_comparison(before.name, after.name)
    document = comparison.led_from(addresses.page(policy.slug) + here)
    return {
        "policy": policy,
        "before": before,
        "after": after,
        "before_page": f"../../{before.page}",
        "after_page": f"../../{after.page}",
        "title": title(comparison),
        "same": not policy.has_marks and not policy.renumbered,
        "others": [
            (f"{old.title} compared with {new.words}", f"../../{addresses.beside_comparison(old.name, new.name)}")
            for old, new in others
            if (old.name, new.name) != (before.name, after.name)
        ],
        "article": article(document, version=here),
    }


def title(comparison: Comparison) -> str:
    """What the page is called: Dog Control Policy: version 1 compared with version 2."""
    return f"{comparison.policy.metadata.title}: {comparison.words}"


def description(comparison: Comparison) -> str:
    """What the page is, in a sentence."""
    before, after = comparison.before.words, comparison.after.words
    return f"What changed in {comparison.policy.metadata.title} from {before} to {after}."
