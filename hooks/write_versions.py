"""Writes the pages, PDFs and data of kept versions, without MkDocs: what hasn't changed comes from a cache."""

import os
import shutil
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, cast

from jinja2 import Environment
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
from policydoc.editions.policy import Policy
from policydoc.model import addresses
from policydoc.outputs import register, version_words
from policydoc.outputs.kept_files import STANDING, KeptFiles, Shelf
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
    if any(build.kept.values()):
        shelf = shelf_of(env, config, files, pdfs)
        for slug in filter(build.kept.get, build.policies.published):
            policy = build.policies.published[slug]
            build.kept_files[slug] = kept = shelf.files(policy)
            write(policy, kept, shelf, site)
            for picture in kept.pictures:
                publish_picture(picture, files, config)
        build.faults.update(shelf.faults)
        shelf.cache.prune()
        copy_in_force(build, site)
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


def write(policy: Policy, kept: KeptFiles, shelf: Shelf, site: Path) -> None:
    """Puts the files of a policy's versions in their places, with what is true of them today."""
    today, versions = clock.today(), shelf.kept[policy.slug]
    for version in versions:
        address = addresses.page(policy.slug, version.version)
        standing = version_words.standing(policy, version.version, today)
        banner = shelf.render(
            "partials/standing.html", address, "",
            version=version.version,
            standing_of=standing,
            then_page=standing.then and version_words.beside(policy, standing.then[1], versions),
            current=policy,
        )  # fmt: skip
        put_text(site / address / "index.html", kept.pages[address].replace(STANDING, banner, 1))
    for path, text in kept.records.items():
        put_text(site / path, text)
    rows = version_words.rows(policy, versions, kept.changed, today)
    sized = [(row, register.size(site / row.pdf) if row.pdf else "") for row in rows]
    history = addresses.history(policy.slug)
    title = f"{policy.metadata.title}: versions"
    put_text(site / history / "index.html", shelf.render("history.html", history, title, policy=policy, rows=sized))


def put_text(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="")


def copy_in_force(build: Build, site: Path) -> None:
    """The PDF of what is in force, under a name that always leads to it."""
    for slug in build.policies.published:
        in_force = build.in_force(slug)
        path = in_force and site / addresses.pdf(slug, version=in_force.version)
        if path and path.is_file():
            shutil.copyfile(path, site / addresses.pdf(slug, "in-force"))
