"""Reads policy_src/ before anything is built, stops the build if a policy has an error, and gives each its page."""

import os
from functools import partial
from itertools import chain
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import event_priority, get_plugin_logger
from mkdocs.structure.files import File, Files

from policydoc import clock, events
from policydoc.amending import edition_text
from policydoc.checking import hand_written
from policydoc.editions import cited_by, council, kept_text, kept_versions
from policydoc.editions.withhold import EDITIONS
from policydoc.history import withheld
from policydoc.history.dates import CommitDates
from policydoc.model import addresses
from policydoc.outputs import logo
from policydoc.settings import SettingsError, from_extra
from policydoc.source.policy_files import FOLDER
from rim import Build, build_of, is_handbook, program, publish_picture, readable, require_all

log = get_plugin_logger("policies")


@event_priority(100)  # before every plugin: nothing is worth doing when a policy can't be published
def on_config(config: MkDocsConfig) -> None:
    require_all(config)
    edition = config.extra.get("edition")
    wanted = os.environ.get("POLICY_EDITION", edition)
    if edition != wanted:
        raise PluginError("mkdocs.yml: extra.edition: this is fixed. Write edition: !ENV [POLICY_EDITION, external].")
    if edition not in EDITIONS:
        raise PluginError(f"POLICY_EDITION is “{edition}”. Set it to external or internal.")
    root = Path(config.config_file_path).parent
    config.watch.append(os.fspath(root / FOLDER))  # first: a preview shows again what has been mended
    try:
        clock.tidy()
        clock.fixed()
        settings = from_extra(config.extra, config.site_url)
    except (SettingsError, clock.ClockError) as error:
        raise PluginError(str(error)) from None
    policies = council.read(root, edition, settings)
    in_files = [*logo.faults(root, settings), *hand_written.faults(Path(config.docs_dir), config.exclude_docs)]
    folder, base = root / FOLDER, program(root)
    public = [slug for slug, policy in policies.published.items() if policy.metadata.is_public]
    in_versions = [] if policies.errors else kept_text.faults(folder, public, settings, readable(root, settings, base))
    in_archive = chain.from_iterable(withheld.faults(folder, slug) for slug in policies.destinations)
    stop = events.report([*policies.problems, *in_files, *in_versions, *in_archive], log)
    if stop:
        raise PluginError(stop)
    kept = {} if is_handbook(config) else kept_versions.kept_versions(
        policies.published, policies.destinations, folder, settings
    )  # fmt: skip
    if not is_handbook(config):  # which has no file beside a page
        text = partial(edition_text.with_text, root=root, settings=settings, destinations=policies.destinations)
        policies.published |= {slug: text(policy) for slug, policy in policies.published.items()}
    citations = cited_by.citations(policies.published)
    config.extra["build"] = Build(edition, root, settings, policies, CommitDates(root), citations, kept, base)
    # Material prints these two only if they are set; the external edition credits nobody and links to no editor.
    config.extra["generator"] = False


def on_files(files: Files, config: MkDocsConfig) -> Files:
    build = build_of(config)
    for slug, policy in build.policies.published.items():
        files.append(File.generated(config, addresses.page_source(slug), content=""))
        for image in policy.images:
            publish_picture(image, files, config)
    return files


@event_priority(-100)  # when the others have cleared away what was half done
def on_build_error(error: Exception) -> None:
    """A disk that is full, or closed to us, is said in one line."""
    if isinstance(error, OSError):
        where = f" ({error.filename})" if error.filename else ""
        raise PluginError(f"{error.strerror or error}{where}. Make room or give the right to it, and build again.")
