"""Gives pages a security policy that they keep to; stops the build when a page doesn't, or the theme has changed."""

import re
from pathlib import Path

from jinja2 import Environment
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from policydoc.outputs import page_check
from rim import build_of, require_all

# Nothing from elsewhere, no script or style that isn't a file of ours; pictures in style sheets are data.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'"
)
# The classes of the theme's style sheet that docs/templates/web/ builds on; the rest of the theme isn't used.
CLASSES = (
    "md-banner md-banner__inner md-container md-content__inner md-copyright md-ellipsis md-footer-meta "
    "md-footer-meta__inner md-grid md-header md-header__inner md-main__inner md-nav md-nav__item md-nav__link "
    "md-nav__list md-nav__title md-sidebar md-sidebar__inner md-sidebar__scrollwrap md-skip md-typeset"
).split()

_STYLES = re.compile(r"assets/stylesheets/main\.\w+\.min\.css")
_UNUSED = re.compile(r"assets/(?:javascripts/|stylesheets/(?:palette\.|.*\.map$))")


def on_config(config: MkDocsConfig) -> None:
    require_all(config)
    if config.theme.name != "material":
        raise PluginError("mkdocs.yml: theme: the templates are written for material. Write name: material below it.")
    styles = style_sheet(config)
    config.extra_css = [styles, "assets/council.css", *config.extra_css]


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Adds the council's colour; leaves out the theme's scripts (2.5 MB) and whatever else no page of ours loads."""
    for file in [file for file in files if _UNUSED.match(file.src_uri)]:
        files.remove(file)
    colour = build_of(config).settings.council.colour
    files.append(File.generated(config, "assets/council.css", content=f":root {{ --council: {colour}; }}\n"))
    return files


def on_env(env: Environment, config: MkDocsConfig, files: Files) -> None:
    env.globals["security_policy"] = POLICY


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> None:
    check(output, page.file.src_uri, config)


def on_post_template(output_content: str, template_name: str, config: MkDocsConfig) -> None:
    if template_name.endswith(".html"):
        check(output_content, template_name, config)


@event_priority(0)  # before the leak gate, which looks at this file as at any other
def on_post_build(config: MkDocsConfig) -> None:
    """Stops if a page does what it mustn't; else the policy for the web server, in a file that static hosts read."""
    build = build_of(config)
    faults = build.kept_faults | build.faults  # what stands on every page is told of one that both editions have
    if faults:
        raise PluginError("\n".join(f"{where}: {fault}" for fault, where in faults.items()))
    lines = [
        "/*",
        f"  Content-Security-Policy: {POLICY}; frame-ancestors 'none'",
        "  X-Content-Type-Options: nosniff",
        "  Referrer-Policy: strict-origin-when-cross-origin",
        *(["  X-Robots-Tag: noindex"] if build_of(config).edition == "internal" else []),
    ]
    (Path(config.site_dir) / "_headers").write_text("\n".join([*lines, ""]), encoding="utf-8", newline="")


def style_sheet(config: MkDocsConfig) -> str:
    """The address of the theme's style sheet. Raises PluginError if it isn't what our templates were written for."""
    folders = [Path(folder) for folder in config.theme.dirs]
    sheets = {path.relative_to(folder).as_posix(): path for folder in folders for path in folder.glob("assets/*/*.css")}
    names = [name for name in sheets if _STYLES.fullmatch(name)]
    text = sheets[names[0]].read_text("utf-8") if len(names) == 1 else ""
    missing = [name for name in CLASSES if f".{name}" not in text]
    if missing:
        raise PluginError(
            "the theme has changed where docs/templates/web/ builds on it: its style sheet lacks "
            f"{', '.join(missing)}. Put the templates right, and bring hooks/secure_pages.py up to date."
        )
    return names[0]


def check(html: str, name: str, config: MkDocsConfig) -> None:
    """Keeps what is wrong with the page, for the end of the build: what stands on every page is said once."""
    for fault in page_check.faults(html, POLICY):
        build_of(config).faults.setdefault(fault, name)
