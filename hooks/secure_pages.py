"""Gives pages a security policy that they keep to; stops the build when the theme isn't the one we know."""

import hashlib
import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

# Nothing from elsewhere, no script or style that isn't a file of ours; pictures in style sheets are data.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'"
)
# What docs/templates/web/ replaces of the theme, as it was then, and the marks that our templates build on.
REPLACED = {
    "partials/header.html": "8cf3fb15bcf969ff596649616fd99366b3c31c08d57a86d05308efc16d8fa75f",
    "partials/javascripts/base.html": "d6113712bc4deb30b4bd810ee0dfc28b6f04d2f88cc0016c0f1766eac7b762b6",
    "partials/javascripts/content.html": "3722e156f0f6339de39fbbfc178b6e401d1a4fb890f189ac5b80c2504bda7dcf",
}
BLOCKS = "site_meta extrahead announce tabs site_nav container config scripts footer".split()
MARKS = {
    "base.html": [
        *(f"{{% block {name} %}}" for name in BLOCKS),
        '{% include "partials/header.html" %}', 'class="md-skip"', "<main", '"md-main__inner md-grid"',
    ],
    "partials/toc.html": ['class="md-nav md-nav--secondary"'],
    "partials/toc-item.html": ['class="md-nav__link"'],
}  # fmt: skip

_UNUSED = re.compile(r"assets/(?:javascripts/|stylesheets/(?:palette\.|.*\.map$))")
# <script>…</script> but not <script src="…"> or data, as in <script type="application/ld+json">
_SCRIPT = r'<script(?![^>]*\s(?:src=|type="application/(?:ld\+)?json"))[^>]*>'
_UNSAFE = re.compile(rf'{_SCRIPT}|<style\b[^>]*>|<[a-z][^>]*\s(?:style|on[a-z]+)="[^"]*"', re.IGNORECASE)


def on_config(config: MkDocsConfig) -> None:
    if config.theme.name != "material":
        raise PluginError("mkdocs.yml: theme: the templates are written for material. Write name: material below it.")
    changed = changes(config)
    if changed:
        raise PluginError(
            f"the theme has changed where docs/templates/web/ builds on it: {'; '.join(changed)}. "
            "Compare the theme's file with ours, put ours right, and bring hooks/secure_pages.py up to date."
        )
    config.extra["security_policy"] = POLICY
    config.extra_css = ["assets/council.css", *config.extra_css]


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Adds the council's colour; leaves out the theme's scripts (2.5 MB) and whatever else no page of ours loads."""
    for file in [file for file in files if _UNUSED.match(file.src_uri)]:
        files.remove(file)
    colour = config.extra["settings"].council.colour
    files.append(File.generated(config, "assets/council.css", content=f":root {{ --council: {colour}; }}\n"))
    return files


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> None:
    check(output, page.file.src_uri)


def on_post_template(output_content: str, template_name: str, config: MkDocsConfig) -> None:
    if template_name.endswith(".html"):
        check(output_content, template_name)


@event_priority(0)  # before the leak gate, which looks at this file as at any other
def on_post_build(config: MkDocsConfig) -> None:
    """The same for the web server, and what a page can't say of itself, in a file that static hosts read."""
    lines = [
        "/*",
        f"  Content-Security-Policy: {POLICY}; frame-ancestors 'none'",
        "  X-Content-Type-Options: nosniff",
        "  Referrer-Policy: strict-origin-when-cross-origin",
        *(["  X-Robots-Tag: noindex"] if config.extra["edition"] == "internal" else []),
    ]
    (Path(config.site_dir) / "_headers").write_text("\n".join([*lines, ""]), encoding="utf-8", newline="")


def changes(config: MkDocsConfig) -> list[str]:
    """Every place where the theme isn't what the templates were written for."""
    folders = [Path(folder) for folder in config.theme.dirs if folder != config.theme.custom_dir]

    def theirs(name: str) -> str:
        return next((path.read_text("utf-8") for folder in folders if (path := folder / name).is_file()), "")

    found = [name for name, known in REPLACED.items() if hashlib.sha256(theirs(name).encode()).hexdigest() != known]
    return found + [f"{name}: {mark}" for name, marks in MARKS.items() for mark in marks if mark not in theirs(name)]


def check(html: str, name: str) -> None:
    unsafe = _UNSAFE.search(html)
    if unsafe:
        raise PluginError(
            f"{name}: browsers ignore {unsafe[0][:80]}. Put scripts and styles into files in docs/assets/."
        )
    if POLICY not in html:
        raise PluginError(f"{name}: the page has no Content-Security-Policy. Let its template extend main.html.")
