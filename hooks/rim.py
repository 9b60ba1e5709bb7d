"""What the hooks have in common: the value that they hand each other, and that a build has all of them or none.

No hook itself. One that is lost no longer stops, or takes out, what it is there for, so any that is left refuses to go
on alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

from policydoc import clock
from policydoc.editions.cited_by import Citation
from policydoc.editions.council import Policies
from policydoc.editions.kept_versions import KeptVersion
from policydoc.editions.policy import Policy
from policydoc.editions.version_table import in_force
from policydoc.editions.withhold import Edition
from policydoc.history.dates import CommitDates
from policydoc.model import addresses
from policydoc.outputs.notices import Notice
from policydoc.settings import Settings

# In the order in which a build meets them; hooks of other people's may stand anywhere among them.
ROAD = (
    "read_policies", "guide_editors", "place_articles", "write_records", "strip_remarks", "index_clauses",
    "secure_pages", "publish_edition", "show_preview",
)  # fmt: skip
# What handbook.yml lists: it makes one PDF, in a folder that nobody publishes.
HANDBOOK = ("read_policies", "place_articles", "strip_remarks", "make_handbook")


@dataclass(frozen=True)
class Build:
    """What one build is made from. read_policies makes it, for all hooks and templates.

    `cited_by` are, for each policy, the places in others that refer to it. `faults` fills as pages are written: what
    one does wrong, and which does it first. `kept` are the versions that each policy shows, the newest first.
    `notices` are the pages of addresses at which there is nothing to read any more.
    """

    edition: Edition
    root: Path
    settings: Settings
    policies: Policies
    dates: CommitDates
    cited_by: Mapping[str, Sequence[Citation]]
    kept: Mapping[str, Sequence[KeptVersion]]
    notices: Sequence[Notice] = ()
    faults: dict[str, str] = field(default_factory=dict)

    @cached_property
    def pages(self) -> dict[str, Policy]:
        """All policies and kept versions, by the Markdown files that MkDocs is told their pages are made of."""
        every = [*self.policies.published.values(), *(kept.policy for some in self.kept.values() for kept in some)]
        return {addresses.page_source(policy.slug, policy.kept): policy for policy in every}

    @cached_property
    def histories(self) -> dict[str, Policy]:
        """The policies of which versions are kept, by the files that the lists of these are made of."""
        return {
            addresses.history_source(slug): policy
            for slug, policy in self.policies.published.items()
            if self.kept.get(slug) or any(version.withheld for version in policy.versions)
        }

    @cached_property
    def notice_of(self) -> dict[str, Notice]:
        """The notices, by the files that their pages are made of."""
        return {notice.source: notice for notice in self.notices}

    def in_force(self, slug: str) -> KeptVersion | None:
        """The version that is in force while the policy's own text isn't; None where its page can't be shown."""
        policy = self.policies.published[slug]
        own = policy.metadata.status == "approved" and policy.metadata.version
        version = in_force(policy.versions, clock.today())
        if version is None or version.version == own or policy.metadata.status == "withdrawn":
            return None
        return next((kept for kept in self.kept.get(slug, ()) if kept.version == version.version), None)


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


def _files(names: list[str]) -> str:
    return f"{', '.join(f'{name}.py' for name in names)} {'is' if len(names) == 1 else 'are'}"


def page_of(slug: str, files: Files) -> Page:
    """The page that MkDocs makes of a policy; read_policies gave it one."""
    page = files.src_uris[addresses.page_source(slug)].page
    assert page
    return page
