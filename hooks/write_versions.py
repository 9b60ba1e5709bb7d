"""Writes the files of kept versions, and the feeds, without MkDocs: what hasn't changed comes from a cache.

And the pages of amendment papers, which belong to no navigation, search or sitemap either.
"""

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, cast

from jinja2 import Environment, Template
from markupsafe import Markup
from mkdocs.commands.build import get_context
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import TableOfContents, get_toc

from policydoc import clock, events
from policydoc.amending import edition_text
from policydoc.cache import Cache, digest
from policydoc.editions.kept_versions import KeptVersion
from policydoc.editions.policy import Policy
from policydoc.model import addresses
from policydoc.outputs import amendment_paper, feed, linked_data, notices, page_check, register, version_words
from policydoc.outputs.kept_files import STANDING, KeptFiles, Shelf
from policydoc.outputs.version_changes import PlaceChange
from rim import Build, build_of, publish_picture, require_all

_LIMIT = 500_000_000  # bytes of the cache

# MkDocs tells on_nav alone which pages the site's links lead to.
_nav = Navigation([], [])


def on_config(config: MkDocsConfig) -> None:
    require_all(config)


def on_nav(nav: Navigation, config: MkDocsConfig, files: Files) -> None:
    global _nav
    _nav = nav


@dataclass(frozen=True)
class FinishedPage:
    """What the templates ask of a page, for one that MkDocs knows nothing of."""

    url: str
    title: str
    canonical_url: str | None
    meta: dict[str, Any]
    toc: TableOfContents = field(default_factory=lambda: get_toc([]))
    is_homepage: bool = False


@event_priority(-50)  # when the other hooks have told the templates what they print; before files are looked into
def on_env(env: Environment, config: MkDocsConfig, files: Files) -> None:
    build, site = build_of(config), Path(config.site_dir)
    pdfs = os.environ.get("POLICY_PDF") != "off"
    if build.notices or any(build.kept.values()):
        shelf = shelf_of(env, config, files, pdfs)
        for slug, policy in build.policies.published.items():
            if build.kept.get(slug):
                kept = shelf.files(policy)
                build.kept_files[slug] = replace(kept, pages={}, records={})  # once they are written
                write(policy, kept, shelf, env.get_template("partials/standing.html"))
                for picture in kept.pictures:
                    publish_picture(picture, files, config)
            if build.has_history(slug):
                write_history(policy, build, shelf)
        for notice in build.notices:
            put_page(shelf, notice.page, shelf.render("notice.html", notice.page, notice.title, notice=notice))
        build.kept_faults.update(shelf.faults)
        shelf.cache.prune()
        copy_in_force(build, site)
    write_papers(env, config, files)
    write_former_names(env, config, files)
    if build.edition == "external":
        write_feeds(build, site)
    if pdfs:
        build.press.prune()
        events.emit("pdfs", made=build.press.made, reused=build.press.reused)


def shelf_of(env: Environment, config: MkDocsConfig, files: Files, pdfs: bool) -> Shelf:
    """What makes the files of kept versions, all of them with this configuration and these templates."""
    build = build_of(config)
    render = partial(page, env, config, files)
    frame = render("main.html", "policies/-/", "", content="")
    return Shelf(
        root=build.root,
        site=Path(config.site_dir),
        base=digest(build.program, *map(str.encode, (str(pdfs), frame, build.settings.model_dump_json()))),
        settings=build.settings,
        dates=build.dates,
        destinations=build.policies.destinations,
        kept=build.kept,
        press=build.press if pdfs else None,
        cache=Cache(build.root / ".cache/versions", _LIMIT, ".files"),
        render=render,
        security=str(env.globals["security_policy"]),
        progress=build.printed,
        with_text=partial(
            edition_text.with_text,
            root=build.root,
            settings=build.settings,
            destinations=build.policies.destinations,
        ),
    )


def page(
    env: Environment, config: MkDocsConfig, files: Files, template: str, address: str, title: str, /, **context: Any
) -> str:
    """The page of a template at an address below the edition; `headings` are what its contents list."""
    headings = context.pop("headings", [])
    canonical = f"{config.site_url.rstrip('/')}/{address}" if config.site_url else None
    finished = FinishedPage(
        address, title, canonical,
        {"unlisted": True, "description": context.pop("description", "")},
        get_toc([{"level": 2, "id": anchor, "name": name, "children": []} for anchor, name in headings]),
    )  # fmt: skip
    whole = get_context(_nav, files, config, cast(Page, finished))
    texts = {key: Markup(context.pop(key)) for key in ("article", "standing", "content") if key in context}
    return env.get_template(template).render({**whole, **context, **texts})


def write(policy: Policy, kept: KeptFiles, shelf: Shelf, standing_of: Template) -> None:
    """Puts the files of a policy's versions in their places, with what is true of them today: `standing_of` one."""
    today, versions, site = clock.today(), shelf.kept[policy.slug], shelf.site
    for version in versions:
        address = addresses.page(policy.slug, version.version)
        standing = version_words.standing(policy, version.version, today)
        banner = standing_of.render(
            version=version.version,
            standing_of=standing,
            then_page=standing.then and version_words.beside(policy, standing.then[1], versions),
            current=policy,
            linked_data=linked_data.of_version(policy, version, shelf.settings, today),
        )
        put_text(site / address / "index.html", kept.pages[address].replace(STANDING, banner, 1))
    for address in kept.compared:
        put_text(site / address / "index.html", kept.pages[address])
    for path, text in kept.records.items():
        put_text(site / path, text)


def write_history(policy: Policy, build: Build, shelf: Shelf) -> None:
    """Puts the list of a policy's versions in its place, with what is true of them today."""
    kept = build.kept_files.get(policy.slug, KeptFiles())
    rows = version_words.rows(policy, build.kept.get(policy.slug, ()), kept.changed, clock.today())
    sized = [(row, register.size(shelf.site / row.pdf) if row.pdf else "") for row in rows]
    address, title = addresses.history(policy.slug), f"{policy.metadata.title}: versions"
    page = shelf.render("history.html", address, title, policy=policy, rows=sized, follows=kept.follows)
    put_page(shelf, address, page)


def write_papers(env: Environment, config: MkDocsConfig, files: Files) -> None:
    """The page of each amendment paper, which is looked into as any other page is."""
    build, site = build_of(config), Path(config.site_dir)
    for slug, policy in build.policies.published.items():
        if policy.has_paper:
            address, title = addresses.amendments(slug), amendment_paper.title(policy)
            context = amendment_paper.for_page(policy, build.dates)
            size = register.size(site / addresses.pdf(slug, "amendments"))
            text = page(env, config, files, "amendments.html", address, title, size=size, **context)
            for fault in page_check.faults(text, str(env.globals["security_policy"])):
                build.kept_faults.setdefault(fault, address)
            put_text(site / address / "index.html", text)


def write_former_names(env: Environment, config: MkDocsConfig, files: Files) -> None:
    """For each page that a policy has by now, one under each of its former names; its own is still to be written."""
    build, site = build_of(config), Path(config.site_dir)
    for slug, policy in build.policies.published.items():
        if policy.metadata.formerly:
            folders = sorted(path.parent for path in (site / addresses.page(slug)).glob("*/**/index.html"))
            pages = [addresses.page(slug), *(f"{folder.relative_to(site).as_posix()}/" for folder in folders)]
            for notice in notices.of_former_names(policy, pages):
                text = page(env, config, files, "notice.html", notice.page, notice.title, notice=notice)
                for fault in page_check.faults(text, str(env.globals["security_policy"])):
                    build.faults.setdefault(fault, notice.page)
                put_text(site / notice.page / "index.html", text)


def put_page(shelf: Shelf, address: str, page: str) -> None:
    """Puts a page in its place, and notes what it does wrong."""
    for fault in page_check.faults(page, shelf.security):
        shelf.faults.setdefault(fault, address)
    put_text(shelf.site / address / "index.html", page)


def put_text(path: Path, text: str) -> None:
    try:
        path.write_bytes(text.encode())
    except FileNotFoundError:  # asked for first, the folder would cost as much as the file
        path.parent.mkdir(parents=True)
        path.write_bytes(text.encode())


def write_feeds(build: Build, site: Path) -> None:
    """What changed in each policy, and in all."""

    def changes(version: KeptVersion) -> Sequence[PlaceChange] | None:
        return build.kept_files[version.slug].place_changes(version.version)

    published, news = build.policies.published, feed.News(build.kept, build.settings, build.dates, changes)
    entries = {slug: news.entries(published[slug]) for slug in sorted(published)}
    for slug, some in entries.items():
        path = addresses.feed(slug)
        put_text(site / path, feed.feed(some, build.settings, path, published[slug].metadata.title))
    every = [entry for some in entries.values() for entry in some]
    put_text(site / addresses.feed(), feed.feed(every, build.settings))


def copy_in_force(build: Build, site: Path) -> None:
    """The PDF of what is in force, under a name that always leads to it."""
    for slug in build.policies.published:
        in_force = build.in_force(slug)
        path = in_force and site / addresses.pdf(slug, version=in_force.version)
        if path and path.is_file():
            shutil.copyfile(path, site / addresses.pdf(slug, "in-force"))
