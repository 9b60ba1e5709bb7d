"""Writes each policy's PDFs and JSON, and the register as JSON, beside the pages that link to them."""

import json
import os
from pathlib import Path
from typing import Any

from jinja2 import Environment
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import get_plugin_logger
from mkdocs.structure.files import File, Files

from policydoc import clock, events
from policydoc.model import addresses
from policydoc.outputs import data, notices, register
from policydoc.outputs.pdf import jobs, problem
from rim import Build, build_of, require_all

log = get_plugin_logger("policies")


def on_config(config: MkDocsConfig) -> None:
    require_all(config)


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Two pages of the internal edition that no one writes: every open comment, and when reviews are due."""
    if build_of(config).edition == "internal":
        for name, title in (("comments", "Open comments"), ("reviews", "Review calendar")):
            page = f"---\ntitle: {title}\ntemplate: {name}.html\nsearch:\n  exclude: true\n---\n"
            files.append(File.generated(config, f"{name}.md", content=page))
    return files


def on_env(env: Environment, config: MkDocsConfig, files: Files) -> None:
    build = build_of(config)
    policies = build.policies
    site = Path(config.site_dir)
    write_register(build, site)
    if redirects := notices.redirects(policies, build.settings.site_url):
        write_text(site / "_redirects", redirects)
    every = list(policies.published.values())
    for policy in every:
        write_text(site / addresses.data(policy.slug), data.as_text(policy))
        if policy.text is not None:
            (site / addresses.text(policy.slug)).write_bytes(policy.text)
    if os.environ.get("POLICY_PDF") == "off":  # for measuring the website alone
        return
    outcome = build.press.make(jobs(every, build.settings, build.dates, site), build.printed)
    failed = [problem(failure, policies.published[failure.slug], build.root) for failure in outcome.failures]
    stop = events.report(failed, log)
    if stop:
        raise PluginError(stop)


def write_register(build: Build, site: Path) -> None:
    """The register as data; inside, a calendar of reviews as well."""
    settings, published = build.settings, build.policies.published.values()
    entries = register.entries(published, clock.today())
    write(site / "policies.json", [register.entry(build.policies.published[entry["slug"]]) for entry in entries])
    write_text(site / "policies.csv", register.as_csv(entries))
    if build.edition == "internal":
        write_text(site / "reviews.ics", register.calendar(entries, settings))


def write(path: Path, value: Any) -> None:
    write_text(path, json.dumps(value, ensure_ascii=False) + "\n")


def write_text(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="")
