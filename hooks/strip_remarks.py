"""Takes out of pages and files what no reader is meant to see: HTML comments, and what pictures say of themselves.

Stops the build at a file that nobody can look into.
"""

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import event_priority, get_plugin_logger
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from policydoc import events
from policydoc.contents import any_file
from policydoc.contents.html_comments import without_comments
from policydoc.contents.kinds import UnreadableFile
from rim import require_all

log = get_plugin_logger("policies")


def on_config(config: MkDocsConfig) -> None:
    require_all(config)


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Before the page's words go into the search index."""
    return without_comments(html)


@event_priority(-100)  # after every plugin and hook that adds files: MkDocs copies them when this event is over
def on_env(env: object, config: MkDocsConfig, files: Files) -> None:
    problems = []
    for file in files:
        if file.is_documentation_page() or file.inclusion.is_excluded() or is_themes_own(file, config):  # type: ignore[no-untyped-call]
            continue
        try:
            data = file.content_bytes
            published = any_file.published(file.src_uri, data)
        except UnreadableFile as error:
            problems.append(error.fault.at(f"{Path(config.docs_dir).name}/{file.src_uri}", 0))
        else:
            if published != data:
                file.content_bytes = published  # the source file stays as it is
    stop = events.report(problems, log)
    if stop:
        raise PluginError(stop)


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    return without_comments(output)


def on_post_template(output_content: str, template_name: str, config: MkDocsConfig) -> str | None:
    return without_comments(output_content) if template_name.endswith(".html") else None


def is_themes_own(file: File, config: MkDocsConfig) -> bool:
    """Whether the file comes with MkDocs or Material, or is a part of the handbook's theme, which is ours alone."""
    ours = config.theme.custom_dir if config.theme.name else None
    return file.src_dir in config.theme.dirs and file.src_dir != ours
