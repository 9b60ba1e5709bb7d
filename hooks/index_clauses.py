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
            places = build.places_in_force[policy.slug].values() if in_force else ()
            shown = {place.anchor: place.shown for place in places}
            some = entries(in_force.policy if in_force else policy, shown)
            # What is typed as "version 1, clause 5.5" is looked up in the data of that version.
            some[0]["versions"] = [version.version for version in build.kept.get(policy.slug, ())]
            file.write(comma + json.dumps(some, ensure_ascii=False)[1:-1])
            comma = ","
        file.write("]}")


def plain(entry: dict[str, str]) -> dict[str, str]:
    """The plugin's entry of a hand-written page as text: it keeps some tags, and signs as in HTML."""
    words = {key: unescape(_TAG.sub(" ", entry[key])) for key in ("title", "text")}
    return entry | {key: " ".join(value.split()) for key, value in words.items()}


def entries(policy: Policy, shown: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
    """The policy as amended: its keywords, words outside clauses, sections, clauses. Titles are what one would cite.

    Of a version in force `shown` are the anchors by which the policy's page shows its places, by their own.
    """
    page, title, metadata, at = addresses.page(policy.slug), policy.metadata.title, policy.metadata, shown or {}
    about = ". ".join(filter(None, (metadata.subtitle, ", ".join(metadata.keywords or ()))))
    all_entries: list[dict[str, Any]] = [{"location": page, "title": title, "text": about}]
    for passage in passages(policy.document):
        if passage.text is not None:
            anchor = f"#{at.get(passage.after, passage.after)}" if passage.after else ""
            where = f"unnumbered text below {policy.cited[passage.after]}" if passage.after else "opening words"
            all_entries.append(entry(page + anchor, f"{title}, {where}", passage.text, initials(title)))
    for place in policy.document.provisions():
        text = data.text(place, "amended")
        if text is not None:
            tag = f"{initials(title)} {place.number or ''}".strip()
            anchor = at.get(place.anchor, place.anchor)
            all_entries.append(entry(f"{page}#{anchor}", f"{title}, {place}", text, tag))
    return all_entries


def entry(location: str, title: str, text: str, tag: str) -> dict[str, Any]:
    return {"location": location, "title": title, "text": text, "tags": [tag]}


def initials(title: str) -> str:
    """SMP for Social Media Policy: how staff cite a policy."""
    return "".join(word[0] for word in title.split() if word[0].isupper())
