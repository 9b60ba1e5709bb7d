"""Puts each policy's finished article on its page, with what the templates print round it."""

from typing import Any

from jinja2 import Environment
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import get_toc

from policydoc import record, register
from policydoc.policy import Policy


def policy_of(page: Page, config: MkDocsConfig) -> Policy | None:
    """The policy that this page is made for, if it is one."""
    folder, _, name = page.file.src_uri.rpartition("/")
    return config.extra["policies"].published.get(name.removesuffix(".md")) if folder == "policies" else None


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> None:
    policy = policy_of(page, config)
    if policy:
        # The search index gets the policy clause by clause, in the amended reading: hooks/index_clauses.py.
        page.meta = {"template": "policy.html", "title": policy.metadata.title, "search": {"exclude": True}}


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str | None:
    policy = policy_of(page, config)
    if not policy:
        return None
    policies = config.extra["policies"]
    policy = policy.finished(policies.destinations)
    # From here on the page holds the article: one copy of a thousand policies is enough.
    article, policy.packed = policy.article, b""
    policies.published[policy.slug] = policy
    page.toc = get_toc(
        [
            {
                "level": 2,
                "id": clause.id,
                "name": f"{clause.number or ''} {clause.text or clause.previous_text}",
                "children": [],
            }
            for clause in policy.clauses
            if clause.level == 1
        ]
    )
    page.present_anchor_ids = {clause.id for clause in policy.clauses} | set(policy.names)
    return article


def on_env(env: Environment, config: MkDocsConfig, files: Files) -> None:
    """Dates each page as its policy, and the others as the newest: the sitemap must not change from day to day."""
    dates, policies = config.extra["dates"], config.extra["policies"].published.values()
    changed = {policy.slug: str(dates.of(policy.path, policy.metadata.date_published)) for policy in policies}
    for file in files.documentation_pages():
        policy = policy_of(file.page, config)
        file.page.update_date = changed[policy.slug] if policy else max(changed.values(), default=file.page.update_date)


def on_page_context(context: dict[str, Any], page: Page, config: MkDocsConfig, nav: Navigation) -> dict[str, Any]:
    policies = config.extra["policies"]
    context["edition_words"] = record.EDITION_WORDS[policies.edition]
    policy = policy_of(page, config)
    if policy:
        context["policy"] = policy
        context["status_words"] = record.STATUS_WORDS[policy.metadata.status]
        context["control_sheet"] = record.control_sheet(policy.metadata, policies.edition)
        context["distribution"] = record.distribution(policy.metadata, policies.edition)
        context["not_yet"] = record.NOT_YET
    if page.meta.get("template") == "register.html":
        context["register"] = register.in_order([register.entry(each) for each in policies.published.values()])
        context["status_words"] = record.STATUS_WORDS
    return context
