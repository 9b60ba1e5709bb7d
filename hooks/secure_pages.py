"""Lets each page run only the scripts it was written with, and stops the build when the theme is not the one we changed."""

import base64
import hashlib
import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

# The theme's files that docs/templates/web/ has its own version of or builds on, with the marks of what we rely on.
# A header is replaced as a whole, so any change to it is to be looked at.
HEADER = "8cf3fb15bcf969ff596649616fd99366b3c31c08d57a86d05308efc16d8fa75f"
MARKS = {
    "base.html": [
        '<meta charset="utf-8">', "{% block site_meta %}", "{% block extrahead %}", "{% block announce %}",
        "{% block tabs %}", "{% block site_nav %}", "{% block container %}", "{% block footer %}", "{% block scripts %}",
        '{% include "partials/header.html" %}', 'class="md-skip"', "{% if config.theme.palette %}",
    ],
    "partials/toc.html": ['data-md-component="toc"', 'class="md-nav md-nav--secondary"'],
}  # fmt: skip

POLICY = (
    "default-src 'none'; script-src 'self' {scripts}; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'"
)
CHARSET = '<meta charset="utf-8">'
# <script>var a = 1</script> and <script type="module">…, but not <script src=…> nor data such as type="application/json"
_INLINE = re.compile(r"<script(?![^>]*\b(?:src|type=\"application/(?:ld\+)?json\"))[^>]*>(.*?)</script>", re.DOTALL)
_UNSAFE = re.compile(r"<style\b|<[^>]*\s(?:style|on[a-z]+)=\"", re.IGNORECASE)


def on_config(config: MkDocsConfig) -> None:
    theirs = [Path(folder) for folder in config.theme.dirs if Path(folder) != Path(config.theme.custom_dir or "")]

    def text(name: str) -> str:
        return next((folder / name).read_text("utf-8") for folder in theirs if (folder / name).is_file())

    lost = [f"{name}: {mark}" for name, marks in MARKS.items() for mark in marks if mark not in text(name)]
    if hashlib.sha256(text("partials/header.html").encode()).hexdigest() != HEADER:
        lost.append("partials/header.html")
    if lost:
        raise PluginError(
            f"the theme has changed where docs/templates/web/ builds on it ({'; '.join(lost)}). "
            "Compare the two, put ours right, then bring hooks/secure_pages.py up to date."
        )
    config.extra["scripts"] = {}
    config.extra_css = ["assets/council.css", *config.extra_css]


def on_files(files: Files, config: MkDocsConfig) -> Files:
    colour = config.extra["settings"].council.colour
    files.append(File.generated(config, "assets/council.css", content=f":root {{ --council: {colour}; }}\n"))
    return files


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    return secured(output, page.file.src_uri, config.extra["scripts"])


def on_post_template(output_content: str, template_name: str, config: MkDocsConfig) -> str:
    if not template_name.endswith(".html"):
        return output_content
    return secured(output_content, template_name, config.extra["scripts"])


@event_priority(0)  # when all pages are written; before the leak gate
def on_post_build(config: MkDocsConfig) -> None:
    """The same for the web server, with what a page can't say of itself (a file that static hosts read as it is)."""
    noindex = "  X-Robots-Tag: noindex\n" if config.extra["edition"] == "internal" else ""
    policy = POLICY.format(scripts=" ".join(sorted(set(config.extra["scripts"].values()))))
    (Path(config.site_dir) / "_headers").write_text(
        f"/*\n  Content-Security-Policy: {policy}; frame-ancestors 'none'\n  X-Content-Type-Options: nosniff\n"
        f"  Referrer-Policy: strict-origin-when-cross-origin\n{noindex}",
        encoding="utf-8",
        newline="",
    )


def secured(html: str, name: str, known: dict[str, str]) -> str:
    """The page with its Content-Security-Policy; `known` keeps the hashes, as most pages have the same scripts."""
    unsafe = _UNSAFE.search(html)
    if unsafe or CHARSET not in html:
        raise PluginError(f"{name}: {unsafe[0] if unsafe else CHARSET!r}: the page doesn't fit its security policy.")
    scripts = sorted({_hash(script, known) for script in _INLINE.findall(html)})
    meta = f'<meta http-equiv="Content-Security-Policy" content="{POLICY.format(scripts=" ".join(scripts))}">'
    return html.replace(CHARSET, CHARSET + "\n  " + meta, 1)


def _hash(script: str, known: dict[str, str]) -> str:
    if script not in known:
        digest = hashlib.sha256(script.encode()).digest()
        known[script] = f"'sha256-{base64.b64encode(digest).decode()}'"
    return known[script]
