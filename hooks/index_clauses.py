"""Puts every clause and the words outside clauses into the search index, as their page opens: in one reading alone."""

import json
import re
from collections.abc import Mapping
from html import unescape
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import event_priority

from policydoc.editions.policy import Policy
from policydoc.model import addresses
from policydoc.model.unnumbered import passages
from policydoc.outputs import data
from policydoc.outputs.as_in_force import PlaceInForce
from policydoc.source.front_matter import Metadata
from rim import build_of, require_all

_TAG = re.compile(r"<[^>]*>")


def on_config(config: MkDocsConfig) -> None:
    require_all(config)
    if not any(name.endswith("search") for name in config.plugins):  # it is called material/search as well
        raise PluginError("mkdocs.yml: plugins: search is missing, and every page has a search form. Put it back.")


@event_priority(0)  # after the search plugin has written its index of hand-written pages; before the leak gate
def on_post_build(config: MkDocsConfig) -> None:
    path = Path(config.site_dir) / "search/search_index.json"
    index = json.loads(path.read_text("utf-8"))
    docs = json.dumps([plain(entry) for entry in index.pop("docs")], ensure_ascii=False)
    # Written policy by policy: the entries of a thousand, all at once, would be most of the build's memory.
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(json.dumps(index, ensure_ascii=False)[:-1] + ',"docs":[' + docs[1:-1])
        comma = "," if docs != "[]" else ""
        build = build_of(config)
        for policy in build.policies.published.values():
            in_force = build.in_force(policy.slug) if build.opens_in_force(policy.slug) else None
            places = build.places_in_force(policy.slug) if in_force else None
            some = entries(policy, places, in_force.metadata if in_force else None)
            # What is typed as "version 1, clause 5.5" is looked up in the data of that version.
            some[0]["versions"] = [version.version for version in build.kept.get(policy.slug, ())]
            file.write(comma + json.dumps(some, ensure_ascii=False)[1:-1])
            comma = ","
        file.write("]}")


def plain(entry: dict[str, str]) -> dict[str, str]:
    """The plugin's entry of a hand-written page as text: it keeps some tags, and signs as in HTML."""
    words = {key: unescape(_TAG.sub(" ", entry[key])) for key in ("title", "text")}
    return entry | {key: " ".join(value.split()) for key, value in words.items()}


def entries(
    policy: Policy, in_force: Mapping[str, PlaceInForce] | None = None, of_that: Metadata | None = None
) -> list[dict[str, Any]]:
    """The policy's keywords, words outside clauses, sections, clauses, as amended. Titles are what one would cite.

    Or as they are in force: then `in_force` has all places that are, and `of_that` is that version's front matter.
    """
    page, metadata = addresses.page(policy.slug), of_that or policy.metadata
    title = metadata.title
    about = ". ".join(filter(None, (metadata.subtitle, ", ".join(metadata.keywords or ()))))
    all_entries: list[dict[str, Any]] = [{"location": page, "title": title, "text": about}]
    spots = _in_force(policy, in_force) if in_force is not None else _amended(policy)
    for passage in passages(policy.document):
        text = passage.text if in_force is None else passage.previous_text
        spot = spots[passage.after] if passage.after else None
        if text is not None:
            where = f"unnumbered text below {spot.named}" if spot else "opening words"
            anchor = f"#{spot.shown}" if spot else ""
            all_entries.append(entry(page + anchor, f"{title}, {where}", text, initials(title)))
    for place in policy.document.provisions():
        text = data.text(place, "amended" if in_force is None else "previous")
        spot = spots[place.anchor]
        if text is not None and spot:
            tag = f"{initials(title)} {spot.number}".strip()
            all_entries.append(entry(f"{page}#{spot.shown}", f"{title}, {spot.cited}", text, tag))
    return all_entries


def _amended(policy: Policy) -> dict[str, PlaceInForce | None]:
    """Every place by its anchor, as amended."""
    return {
        place.anchor: PlaceInForce(place.anchor, "", place.named, str(place.number or ""), "", str(place))
        for place in policy.document.provisions()
    }


def _in_force(policy: Policy, places: Mapping[str, PlaceInForce]) -> dict[str, PlaceInForce | None]:
    """Every place by its anchor; in the stead of one that isn't in force stands the last before it."""
    last: PlaceInForce | None = None
    spots: dict[str, PlaceInForce | None] = {}
    for place in policy.document.provisions():
        spots[place.anchor] = last = places.get(place.anchor, last)
    return spots


def entry(location: str, title: str, text: str, tag: str) -> dict[str, Any]:
    return {"location": location, "title": title, "text": text, "tags": [tag]}


def initials(title: str) -> str:
    """SMP for Social Media Policy: how staff cite a policy."""
    return "".join(word[0] for word in title.split() if word[0].isupper())
