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

from policydoc.editions import cited_by
from policydoc.editions.policy import Policy
from policydoc.model import addresses
from policydoc.model.runs import folded
from policydoc.model.unnumbered import front_headings
from policydoc.outputs import control_sheet, data, register
from policydoc.outputs.html import article
from rim import is_handbook, require_all


def on_config(config: MkDocsConfig) -> None:
    require_all(config)


def policy_of(page: Page, config: MkDocsConfig) -> Policy | None:
    """The policy that this page is made for, if it is one."""
    folder, _, name = page.file.src_uri.rpartition("/")
    return config.extra["policies"].published.get(name.removesuffix(".md")) if folder == "policies" else None


def on_nav(nav: Navigation, config: MkDocsConfig, files: Files) -> None:
    config.extra["citations"] = cited_by.citations(config.extra["policies"].published)


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> None:
    policy = policy_of(page, config)
    if policy:
        page.meta = {
            "template": "policy.html",
            "title": policy.metadata.title,
            # The search index gets it clause by clause, in the amended reading: hooks/index_clauses.py.
            "search": {"exclude": True},
        }


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> None:
    policy = policy_of(page, config)
    if not policy:
        titles_as_text(page)
        return
    policies = config.extra["policies"]
    policy = policies.published[policy.slug] = policy.finished(policies.destinations)
    page.meta["description"] = register.description(policy)
    headings = [
        *((anchor, folded(block.runs, "amended") or folded(block.runs, "previous"))
          for anchor, block in front_headings(policy.document)),
        *((place.anchor, f"{place.number or ''} {data.text(place, 'amended') or data.text(place, 'previous')}")
          for place in policy.document.sections),
    ]  # fmt: skip
    page.toc = get_toc([{"level": 2, "id": id_, "name": name, "children": []} for id_, name in headings])
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
    env.globals["addresses"] = addresses
    dates, policies = config.extra["dates"], config.extra["policies"].published.values()
    changed = {policy.slug: str(dates.of(policy.path, policy.metadata.date_published)) for policy in policies}
    for file in files.documentation_pages():
        if not file.page:
            continue
        policy = policy_of(file.page, config)
        file.page.update_date = changed[policy.slug] if policy else max(changed.values(), default=file.page.update_date)


def on_page_context(context: dict[str, Any], page: Page, config: MkDocsConfig, nav: Navigation) -> dict[str, Any]:
    policies, settings, dates = config.extra["policies"], config.extra["settings"], config.extra["dates"]
    inside = control_sheet.kept_inside(policies.edition, settings)
    site, today = Path(config.site_dir), control_sheet.today()
    policy = policy_of(page, config)
    if policy:
        context |= {
            "policy": policy,
            # The handbook is for paper.
            "article": Markup(article(policy.document, linked=not is_handbook(config))),
            "status_words": control_sheet.status_words(policy),
            "status_shape": control_sheet.STATUS_SHAPES[policy.metadata.status],
            "review_state": control_sheet.review_state(policy.metadata, today),
            "draft_dates": control_sheet.draft_dates(policy, dates),
            "control_sheet": control_sheet.control_sheet(policy, dates, inside),
            "distribution": control_sheet.distribution(policy.metadata, inside),
            "not_yet": control_sheet.NOT_YET,
            "sizes": {
                "pdf": register.size(site / addresses.pdf(policy.slug)),
                "amended_pdf": register.size(site / addresses.pdf(policy.slug, "amended")),
            },
            "cited_by": config.extra["citations"].get(policy.slug, []),
            "edit_url": settings.edit_address(policy.path) if policies.edition == "internal" else None,
            "acknowledge_url": settings.acknowledge_address(policy.slug, policy.metadata.version, policy.sha256)
            if policies.edition == "internal"
            else None,
            "linked_data": register.linked_data(policy, settings),
        }
    elif page.meta.get("template") in ("register.html", "comments.html", "reviews.html"):
        found = register.entries(policies.published.values(), today)
        context |= {
            "register": [{**entry, "size": register.size(site / entry["pdf"])} for entry in found],
            "reviews": register.reviews(found, today),
            "today": control_sheet.in_words(today),
            "commented": [each for each in policies.published.values() if each.comments],
            "status_words": control_sheet.STATUS_WORDS,
            "status_shapes": control_sheet.STATUS_SHAPES,
            "not_yet": control_sheet.NOT_YET,
        }
    return context
