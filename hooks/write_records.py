"""Writes each policy's PDFs and JSON, and the register as JSON, beside the pages that link to them."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

from jinja2 import Environment
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import get_plugin_logger
from mkdocs.structure.files import File, Files

from policydoc import clock, events
from policydoc.model import addresses
from policydoc.outputs import data, register
from policydoc.outputs.pdf import TEMPLATE, Press, jobs, problem
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
    every = list(policies.published.values())
    kept = [version.policy for policy in every for version in build.kept.get(policy.slug, ())]
    for policy in [*every, *kept]:
        write_text(site / addresses.data(policy.slug, policy.kept), data.as_text(policy))
        if policy.text is not None:
            (site / addresses.text(policy.slug, policy.kept)).write_bytes(policy.text)
    if os.environ.get("POLICY_PDF") == "off":  # for measuring the website alone
        return
    press = Press(build.root, build.root / TEMPLATE, build.root / ".cache/pdf")
    total = sum(1 + policy.has_marks for policy in every) + len(kept)
    done = 0

    def progress() -> None:
        nonlocal done
        done += 1
        events.emit("progress", done=done, total=total)

    outcome = press.make(jobs(every, build.settings, build.dates, site), progress)
    failed = [problem(failure, policies.published[failure.slug], build.root) for failure in outcome.failures]
    stop = events.report(failed, log)
    if stop:
        raise PluginError(stop)
    # What of a version can't be printed today keeps no policy from being published: its page says that it has no PDF.
    old = press.make(jobs(kept, build.settings, build.dates, site), progress)
    for slug in policies.published:
        in_force = build.in_force(slug)
        path = in_force and site / addresses.pdf(slug, version=in_force.version)
        if path and path.is_file():
            shutil.copyfile(path, site / addresses.pdf(slug, "in-force"))
    events.emit("pdfs", made=outcome.made + old.made, reused=outcome.reused + old.reused)


def write_register(build: Build, site: Path) -> None:
    """The register as data, and as a feed outside, a calendar of reviews inside."""
    settings, published = build.settings, build.policies.published.values()
    entries = register.entries(published, clock.today())
    write(site / "policies.json", [register.entry(build.policies.published[entry["slug"]]) for entry in entries])
    write_text(site / "policies.csv", register.as_csv(entries))
    if build.edition == "external":
        write_text(site / "feed.xml", register.feed(published, settings, build.dates))
    else:
        write_text(site / "reviews.ics", register.calendar(entries, settings))


def write(path: Path, value: Any) -> None:
    write_text(path, json.dumps(value, ensure_ascii=False) + "\n")


def write_text(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="")
