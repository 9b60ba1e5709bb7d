"""Builds the edition in a folder of its own, and publishes it only when all is well, the leak gate included."""

import filecmp
import logging
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.contrib import search
from mkdocs.exceptions import PluginError
from mkdocs.plugins import event_priority
from mkdocs.utils import CountHandler

from policydoc import events
from policydoc.cache import Cache, digest
from policydoc.editions import secrets
from policydoc.model import addresses, schedule
from policydoc.outputs import own_words, staging, sums
from policydoc.outputs.gate_memory import Verdicts, secrets_in
from policydoc.outputs.leak_gate import Gate
from policydoc.outputs.typesetting import FONTS
from policydoc.source.policy_files import FOLDER
from rim import build_of, require_all

CODE = (".css", ".js", ".woff2")

# MkDocs tells on_startup alone what it was started for, and on_build_error alone that a build failed, and neither
# gets the configuration: these values are all that outlives an event.
_serving = False
_stage: Path | None = None
_target = Path()


def on_startup(command: str, dirty: bool) -> None:
    global _serving
    _serving = command == "serve"
    if events.wanted():  # by a command that shows no news, but every warning
        logging.getLogger("mkdocs").setLevel(logging.WARNING)


@event_priority(-50)  # after the policies have been read: nothing to clear away when they can't be
def on_config(config: MkDocsConfig) -> None:
    global _stage, _target
    require_all(config)
    if config.plugins.events["post_build"][-1] is not on_post_build:
        raise PluginError(
            "mkdocs.yml: hooks: one of them would still write when the leak gate has looked. Give its"
            " on_post_build a priority above -100."
        )
    if not _serving:  # the preview serves a temporary folder of MkDocs' own
        site = Path(config.site_dir)
        _target = site / build_of(config).edition
        try:
            _stage = staging.new_stage(site, build_of(config).edition)
        except staging.PublishingError as error:
            raise PluginError(str(error)) from None
        config.site_dir = os.fspath(_stage)


@event_priority(-100)  # after every plugin: the gate looks at what they wrote, too
def on_post_build(config: MkDocsConfig) -> None:
    if _serving:  # a preview is for its writer's eyes, and is to be there at once
        return
    policies = build_of(config).policies
    stage = Path(config.site_dir)
    sums.write(stage)
    if policies.edition == "external":
        caches = gate_caches(build_of(config).root / ".cache")
        leaks = gate(config, caches).check(stage, lambda path: is_programs_own(path, stage, config))
        for cache in caches.values():
            cache.prune()
        if leaks:
            for leak in leaks:
                events.emit("leak", text=str(leak))
            raise PluginError("\n".join(["the leak gate found what must not be published:", *map(str, leaks)]))
    if config.strict and warnings_so_far():
        shutil.rmtree(stage)
        return  # MkDocs fails the build after this event; what was published stays
    try:
        staging.publish({_target: stage})
    except staging.PublishingError as error:
        raise PluginError(str(error)) from None
    config.site_dir = os.fspath(_target)
    published = policies.published.values()
    events.emit(
        "done",
        edition=policies.edition,
        policies=len(published),
        amendments=sum(len(policy.schedule) for policy in published),
        comments_kept=sum(len(policy.comments) for policy in published),
        comments_withheld=policies.withheld,
    )


def on_build_error(error: Exception) -> None:
    if _stage:
        shutil.rmtree(_stage, ignore_errors=True)


def gate_caches(folder: Path) -> dict[str, Cache]:
    """Where the leak gate keeps what it has done: texts of PDFs, secrets of kept versions, files that passed."""
    limits = {"pdf-text": 100_000_000, "secrets": 100_000_000, "verdicts": 10_000_000}
    return {name: Cache(folder / name, limit, ".kept") for name, limit in limits.items()}


def gate(config: MkDocsConfig, caches: Mapping[str, Cache] = MappingProxyType({})) -> Gate:
    """The leak gate, with what the policies' own files keep inside."""
    build, docs = build_of(config), Path(config.docs_dir)
    root, settings = build.root, build.settings
    labels = [f"control.{label}" for label, who in settings.control.items() if who != "public"]
    keys, folder = [*settings.internal_metadata, *labels], root / FOLDER
    remembered = [secrets_in(caches["secrets"], build.program)] if caches else []
    inside = secrets.read_all(folder, keys, *remembered)

    def pages() -> Iterator[str]:
        """The hand-written pages, and what mkdocs.yml says of the council, but for the labels that it keeps inside."""
        left_out = config.exclude_docs  # what is in no edition, or in the internal one alone, excuses nothing
        for path in docs.glob("**/*.md"):
            if not left_out or not left_out.match_file(path.relative_to(docs)):
                yield path.read_text("utf-8")
        yield from (settings.model_dump_json(exclude={"control"}), config.site_name, config.site_description or "")

    def own() -> Iterator[str]:
        """What the program prints of itself: its templates and the theme's, its modules, the search's, schedules."""
        from policydoc.contents import pdf_text  # two libraries, a tenth of a small build's time, and seldom needed

        folders = [
            *map(Path, config.theme.dirs),
            docs / "templates",
            Path(__file__).parent,
            Path(search.__file__).parent,
        ]
        kinds = ("**/*.html", "**/*.xml", "**/*.typ", "**/*.py")
        yield from own_words.of(path for folder in folders for kind in kinds for path in folder.glob(kind))
        yield from pdf_text.own_words()
        yield from schedule.own_words()

    machine = [os.fspath(path) for path in (root, Path.home()) if len(path.parts) > 1]
    shows: dict[str, tuple[str, ...]] = {}
    for slug, versions in build.kept.items():
        shows |= {addresses.page(slug, kept.version).rstrip("/"): (kept.path,) for kept in versions}
        if kept_files := build.kept_files.get(slug):
            shows |= {page.rstrip("/"): tuple(paths) for page, paths in kept_files.compared.items()}
        in_force = build.in_force(slug)
        shows |= {addresses.pdf(slug, "in-force"): (in_force.path,)} if in_force else {}
    secret = digest(build.program, inside.hash_of_secrets(), *map(str.encode, machine))
    words = digest(secret, inside.hash_of_words(), *map(str.encode, pages()))
    verdicts = Verdicts(caches["verdicts"], secret, words) if caches else None
    texts = caches.get("pdf-text")
    return Gate(inside.secrets, lambda: inside.public, pages, own, machine, texts, inside.files, shows, verdicts)


def is_programs_own(path: Path, stage: Path, config: MkDocsConfig) -> bool:
    """Whether this file came with the program, unchanged: a file of the theme or the fonts, or code of docs/assets/."""
    folders = [*config.theme.dirs, *([config.docs_dir] if path.suffix in CODE else [])]
    files = [Path(folder) / path for folder in folders] + [FONTS.parent / "LICENSE"] * (path.name == "LICENSE.txt")
    return any(file.is_file() and filecmp.cmp(file, stage / path, shallow=False) for file in files)


def warnings_so_far() -> bool:
    handlers = logging.getLogger("mkdocs").handlers
    return any(handler.get_counts() for handler in handlers if isinstance(handler, CountHandler))
