"""What the hooks have in common: the value that they hand each other, and that a build has all of them or none.

No hook itself. One that is lost no longer stops, or takes out, what it is there for, so any that is left refuses to go
on alone.
"""

import itertools
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib.metadata import version
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from policydoc import clock, events
from policydoc.cache import Cache, digest
from policydoc.editions import kept_text
from policydoc.editions.cited_by import Citation
from policydoc.editions.council import Policies
from policydoc.editions.kept_versions import KeptVersion
from policydoc.editions.policy import Policy
from policydoc.editions.version_table import in_force
from policydoc.editions.withhold import Edition
from policydoc.history.dates import CommitDates
from policydoc.model import addresses
from policydoc.outputs import control_sheet, notices
from policydoc.outputs.as_in_force import PlaceInForce
from policydoc.outputs.kept_files import KeptFiles
from policydoc.outputs.notices import Notice
from policydoc.outputs.pdf import TEMPLATE, Press
from policydoc.settings import Settings
from policydoc.source.policy_files import FOLDER

# In the order in which a build meets them; hooks of other people's may stand anywhere among them.
ROAD = (
    "read_policies", "guide_editors", "place_articles", "write_records", "write_versions", "strip_remarks",
    "index_clauses", "secure_pages", "publish_edition", "show_preview",
)  # fmt: skip
# What handbook.yml lists: it makes one PDF, in a folder that nobody publishes.
HANDBOOK = ("read_policies", "place_articles", "strip_remarks", "make_handbook")

_LIBRARIES = (
    "jinja2",
    "markdown",
    "mkdocs",
    "mkdocs-material",
    "pikepdf",
    "pydantic",
    "pymdown-extensions",
    "pyyaml",
    "typst",
)


@dataclass(frozen=True)
class Build:
    """What one build is made from. read_policies makes it, for all hooks and templates.

    `cited_by` are, for each policy, the places in others that refer to it. `faults` fills as pages are written: what
    one does wrong, and which does it first; `kept_faults` has the same of those that MkDocs knows nothing of. `kept`
    are the versions that each policy shows, the newest first; write_versions adds their files to `kept_files`.
    `program` is the hash of all that makes files of texts.
    """

    edition: Edition
    root: Path
    settings: Settings
    policies: Policies
    dates: CommitDates
    cited_by: Mapping[str, Sequence[Citation]]
    kept: Mapping[str, Sequence[KeptVersion]]
    program: bytes
    faults: dict[str, str] = field(default_factory=dict)
    kept_faults: dict[str, str] = field(default_factory=dict)
    kept_files: dict[str, KeptFiles] = field(default_factory=dict)

    @cached_property
    def pages(self) -> dict[str, Policy]:
        """All policies, by the Markdown files that MkDocs is told their pages are made of."""
        return {addresses.page_source(policy.slug): policy for policy in self.policies.published.values()}

    @cached_property
    def notices(self) -> Sequence[Notice]:
        """The pages of addresses at which there is nothing to read any more."""
        return tuple(notices.of_edition(self.policies))

    @cached_property
    def press(self) -> Press:
        """What makes this build's PDFs."""
        return Press(self.root, self.root / TEMPLATE, self.root / ".cache/pdf")

    @cached_property
    def printed(self) -> Callable[[], None]:
        """Tells whoever waits for the build that one more PDF is in its place."""
        count = itertools.count(1)
        total = sum(len(control_sheet.readings(policy)) for policy in self.policies.published.values())
        total += sum(map(len, self.kept.values()))
        return lambda: events.emit("progress", done=next(count), total=total)

    def has_history(self, slug: str) -> bool:
        """Whether there is a list of the policy's versions: kept ones that it shows, or that are withheld."""
        return bool(self.kept.get(slug)) or any(row.withheld for row in self.policies.published[slug].versions)

    def in_force(self, slug: str) -> KeptVersion | None:
        """The version that is in force while the policy's own text isn't; None where its page can't be shown."""
        policy = self.policies.published[slug]
        own = policy.metadata.status == "approved" and policy.metadata.version
        today = clock.today()
        version = in_force(policy.versions, today)
        if version is None or version.version == own or policy.metadata.is_withdrawn(today):
            return None
        return next((kept for kept in self.kept.get(slug, ()) if kept.version == version.version), None)

    def says_it(self, slug: str, version: KeptVersion) -> bool:
        """Whether the policy's own text, but for its amendments, says word by word what this version says."""
        return version.version in self.kept_files[slug].unchanged

    def places_in_force(self, slug: str) -> Mapping[str, PlaceInForce] | None:
        """The places of a draft as they are in force, where it says what is in force, and has amendments to that."""
        in_force = self.in_force(slug)
        if not (in_force and self.policies.published[slug].has_marks):
            return None
        return self.kept_files[slug].places(in_force.version)

    def opens_in_force(self, slug: str) -> bool:
        """Whether readers get what is in force first, and then what is proposed: all but reviewers, where they can."""
        return self.edition == "external" and self.places_in_force(slug) is not None


def program(root: Path) -> bytes:
    """The hash of all that can change what a build makes of the same texts: modules, templates, libraries."""
    folders = Path(__file__).parent, root / "docs/templates"
    kinds = (".py", ".toml", ".html", ".typ")
    files = [path for folder in folders for path in folder.rglob("*") if path.suffix in kinds]
    return digest(*(path.read_bytes() for path in sorted(files)), *(version(name).encode() for name in _LIBRARIES))


def readable(root: Path, settings: Settings, program: bytes) -> kept_text.Remembered:
    """Remembers which texts of the archive can be read: these never change."""
    cache = Cache(root / ".cache/readable", 5_000_000, ".answer")
    base = digest(program, settings.model_dump_json().encode())

    def remembered(text: bytes, ask: Callable[[], bool]) -> bool:
        with cache.entry(digest(base, text).hex()) as entry:
            if entry.read() is None:
                entry.write(b"yes" if ask() else b"no")
            return entry.data == b"yes"

    return remembered


def build_of(config: MkDocsConfig) -> Build:
    """The value that read_policies has left in the configuration."""
    build = config.extra["build"]
    assert isinstance(build, Build)
    return build


def require_all(config: MkDocsConfig) -> None:
    """Raises PluginError where the configuration lists some of our hooks, but not all of them in their order."""
    file = Path(config.config_file_path).name
    wanted = HANDBOOK if is_handbook(config) else ROAD
    listed = [Path(name).stem for name in config.hooks]
    ours = [name for name in listed if name in ROAD or name in HANDBOOK]
    if ours == list(wanted):
        return
    lost = [name for name in wanted if name not in ours]
    strange = [name for name in ours if name not in wanted]
    fault = (
        f"{_files(lost)} missing" if lost else f"{_files(strange)} not for {file}" if strange else "the order is wrong"
    )
    raise PluginError(f"{file}: hooks: {fault}. List {', '.join(f'{name}.py' for name in wanted)}, in this order.")


def is_handbook(config: MkDocsConfig) -> bool:
    """Whether this builds the one PDF of all pages, and no website."""
    return Path(config.config_file_path).name == "handbook.yml"


def publish_picture(picture: str, files: Files, config: MkDocsConfig) -> None:
    """Adds a picture, given by its path below policy_src/, to what MkDocs copies."""
    if files.get_file_from_path(addresses.picture(picture)) is None:
        path = os.fspath(build_of(config).root / FOLDER / picture)
        files.append(File.generated(config, addresses.picture(picture), abs_src_path=path))


def _files(names: list[str]) -> str:
    return f"{', '.join(f'{name}.py' for name in names)} {'is' if len(names) == 1 else 'are'}"


def page_of(slug: str, files: Files) -> Page:
    """The page that MkDocs makes of a policy; read_policies gave it one."""
    page = files.src_uris[addresses.page_source(slug)].page
    assert page
    return page
