"""Turns the policies of an edition into its register: the list that index.html and policies.json show."""

from __future__ import annotations

from typing import Any

from .policy import Policy


def entry(policy: Policy) -> dict[str, Any]:
    """One line of the register: the policy's metadata and, relative to the edition's folder, where everything is."""
    folder = f"policies/{policy.slug}/"
    return {
        "slug": policy.slug,
        **policy.metadata.model_dump(mode="json"),
        "edition": policy.edition,
        "amendments": policy.amendments,
        "url": folder,
        "json": f"{folder}{policy.slug}.json",
        "pdf": f"{folder}{policy.slug}.pdf",
        "amended_pdf": f"{folder}{policy.slug}-amended.pdf" if policy.has_marks else None,
    }


def in_order(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """By title, as a reader looks for it; policies with the same title by slug."""
    return sorted(entries, key=lambda each: (each["title"].casefold(), each["slug"]))
