"""Puts each policy's finished article on its page, with what the templates print round it."""

from collections.abc import Iterable
from html import unescape
from pathlib import Path
from typing import Any

from jinja2 import Environment
from markupsafe import Markup
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import AnchorLink, get_toc

from policydoc import clock
from policydoc.editions.kept_versions import KeptVersion
from policydoc.editions.policy import Policy
from policydoc.model import addresses
from policydoc.outputs import (
    clause_history,
    control_sheet,
    linked_data,
    policy_page,
    register,
    review_state,
    status_words,
    version_words,
)
from policydoc.outputs.html import article
from rim import Build, build_of, is_handbook, require_all


def on_config(config: MkDocsConfig) -> None:
    require_all(config)


def policy_of(page: Page, config: MkDocsConfig) -> Policy | None:
    """The policy that this page is made for, if it is for one."""
    return build_of(config).pages.get(page.file.src_uri)


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> None:
    policy = policy_of(page, config)
    if policy:
        # The search index gets policies clause by clause, in the amended reading: hooks/index_clauses.py.
        page.meta = {"template": "policy.html", "title": policy.metadata.title, "search": {"exclude": True}}


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> None:
    policy = policy_of(page, config)
    if not policy:
        titles_as_text(page)
        return
    headings = policy_page.headings(policy)
    page.toc = get_toc([{"level": 2, "id": id_, "name": name, "children": []} for id_, name in headings])
    page.meta["titles_before"] = policy_page.titles_before(policy)
    page.present_anchor_ids = {place.anchor for place in policy.document.provisions()} | set(policy.names)


def titles_as_text(page: Page) -> None:
    """MkDocs leaves titles that it took from headings as HTML, all others as text: here all become text."""

    def become_text(items: Iterable[AnchorLink]) -> None:
        for item in items:
            item.title = unescape(item.title)
            become_text(item.children)

    become_text(page.toc)
    if "title" not in page.meta and "title" not in vars(page):  # neither front matter nor mkdocs.yml gives one
        page.title = unescape(page.title)


@event_priority(100)  # before anybody's template is read
def on_env(env: Environment, config: MkDocsConfig, files: Files) -> None:
    """Lets every template escape what it prints, and dates the pages.

    Each is as old as its policy, others as the newest: the sitemap must not change from day to day.
    """
    env.autoescape = True
    env.auto_reload = False  # each build has templates of its own
    env.globals["addresses"] = addresses
    build = env.globals["build"] = build_of(config)
    policies = build.policies.published.values()
    days = {policy.slug: build.dates.of(policy.path, policy.metadata.date_published) for policy in policies}
    changed = {slug: str(clock.stamp(day)) for slug, day in days.items()}
    for file in files.documentation_pages():
        if not file.page:
            continue
        policy = policy_of(file.page, config)
        file.page.update_date = changed[policy.slug] if policy else max(changed.values(), default=file.page.update_date)


def on_page_context(context: dict[str, Any], page: Page, config: MkDocsConfig, nav: Navigation) -> dict[str, Any]:
    build, site = build_of(config), Path(config.site_dir)
    if policy := policy_of(page, config):
        opens = build.in_force(policy.slug) if build.opens_in_force(policy.slug) else None
        page.meta["description"] = register.description(policy, opens.metadata if opens else None)
        # The handbook is for paper.
        places, kept = build.places_in_force(policy.slug), build.kept_files.get(policy.slug)
        histories = clause_history.of_draft(policy.document, kept.histories) if kept else {}
        words = article(policy.document, not is_handbook(config), in_force=places, histories=histories)
        context["article"] = Markup(words)
        context |= policy_page.about(policy, build.settings, build.dates) | about_current(policy, build, site)
    elif page.meta.get("template") in ("register.html", "comments.html", "reviews.html"):
        context |= about_all(build, site)
    return context


def about_current(policy: Policy, build: Build, site: Path) -> dict[str, Any]:
    """What belongs to the policy's own text alone."""
    settings, internal, in_force = build.settings, build.edition == "internal", build.in_force(policy.slug)
    return {
        "sizes": {
            "pdf": register.size(site / addresses.pdf(policy.slug)),
            "amended_pdf": register.size(site / addresses.pdf(policy.slug, "amended")),
            "in_force_pdf": register.size(site / addresses.pdf(policy.slug, "in-force")),
            "paper_pdf": register.size(site / addresses.pdf(policy.slug, "amendments")),
        },
        "review_state": review_state.review_state(policy.metadata, clock.today()),
        "draft_dates": control_sheet.draft_dates(policy, build.dates),
        "soon": review_state.SOON,
        "in_force": in_force,
        "now": about_in_force(policy, in_force, build) if in_force and build.says_it(policy.slug, in_force) else None,
        "opens_in_force": build.opens_in_force(policy.slug),
        "has_history": build.has_history(policy.slug),
        "cited_by": build.cited_by.get(policy.slug, []),
        "edit_url": settings.edit_address(policy.path) if internal else None,
        "acknowledge_url": settings.acknowledge_address(policy.slug, policy.metadata.version, policy.sha256)
        if internal
        else None,
        "linked_data": linked_data.of_policy(policy, build.kept.get(policy.slug, ()), settings, clock.today()),
    }


def about_in_force(policy: Policy, kept: KeptVersion, build: Build) -> dict[str, Any]:
    """What the page says of the version in force, where the policy's text can be read as that."""
    bare = kept.without_text
    inside, metadata = control_sheet.kept_inside(build.edition, build.settings), bare.metadata
    return {
        "metadata": metadata,
        "status_shape": status_words.STATUS_SHAPES[metadata.status],
        "since": version_words.standing(policy, kept.version, clock.today()).words,
        "review_state": review_state.review_state(metadata, clock.today()),
        "control_sheet": control_sheet.control_sheet(bare, build.dates, inside),
        "distribution": control_sheet.distribution(metadata, inside),
    }


def about_all(build: Build, site: Path) -> dict[str, Any]:
    """What the register, the open comments and the calendar of reviews print of all policies."""
    policies, today = build.policies.published.values(), clock.today()
    entries = register.entries(policies, today)
    sized = [{**entry, "size": register.size(site / entry["pdf"])} for entry in entries]
    return {
        "register": sized,
        "groups": register.by_category(sized, build.settings.categories),
        "reviews": register.reviews(entries, today),
        "today": clock.in_words(today),
        "commented": [policy for policy in policies if policy.comments],
        "status_words": status_words.STATUS_WORDS,
        "status_shapes": status_words.STATUS_SHAPES,
        "not_yet": control_sheet.NOT_YET,
        "soon": review_state.SOON,
    }
