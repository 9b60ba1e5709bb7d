"""Puts the editors' guide into the internal edition: the pages of docs/editors/, the card, and what each message means.

mkdocs.yml leaves the folder out of every edition. Without this hook, or with a fault in it, nothing of it is published.
"""

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page

from policydoc import messages
from policydoc.outputs import marks_card
from rim import build_of, require_all

FOLDER = "editors/"
TITLE = "For editors"
MESSAGES = "What each message means"


def on_config(config: MkDocsConfig) -> None:
    require_all(config)
    if build_of(config).edition == "internal":
        config.nav = [*(config.nav or []), {TITLE: f"{FOLDER}index.md"}]


def on_files(files: Files, config: MkDocsConfig) -> None:
    if build_of(config).edition == "internal":
        text = f"---\ntitle: {MESSAGES}\ntemplate: guide.html\n---\n# {MESSAGES}\n\n{messages.page()}"
        files.append(File.generated(config, f"{FOLDER}messages.md", content=text))
        for file in files:
            if file.src_uri.startswith(FOLDER):
                file.inclusion = InclusionLevel.NOT_IN_NAV


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str | None:
    return html.replace("<!-- card -->", marks_card.table()) if page.file.src_uri == f"{FOLDER}card.md" else None
