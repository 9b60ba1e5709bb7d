"""Makes one PDF of the whole edition, with mkdocs-with-pdf: every page, our own files only, no warning passed over.

Only handbook.yml lists this hook, so the website's build neither loads nor needs WeasyPrint.
"""

import logging
import os
from collections.abc import Iterator
from datetime import UTC, datetime, time
from importlib import import_module
from mimetypes import guess_type
from pathlib import Path
from types import ModuleType
from urllib.parse import unquote, urlsplit

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import event_priority
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation
from mkdocs_with_pdf import generator
from weasyprint import DEFAULT_OPTIONS, HTML
from weasyprint.urls import URLFetcher, URLFetcherResponse

from policydoc import clock, events
from policydoc.outputs import logo, register, status_words
from publish_edition import gate
from rim import build_of, page_of, require_all


class OwnFiles(URLFetcher):  # type: ignore[misc]
    """Gives WeasyPrint the files of these folders, pictures written into the page, and nothing else from anywhere.

    It knows the folders by their names (own://site/print.css): a path of the machine's would change the PDF's bytes.
    """

    def __init__(self, folders: dict[str, Path]) -> None:
        super().__init__(allowed_protocols=("data",), allow_redirects=False)
        self._folders = {name: folder.resolve() for name, folder in folders.items()}

    def named(self, html: str) -> str:
        for name, folder in self._folders.items():
            html = html.replace(f"{folder.as_uri()}/", f"own://{name}/")
        return html

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        address = urlsplit(url)
        if address.scheme == "data":
            return super().fetch(url, headers)
        folder = self._folders.get(address.netloc) if address.scheme == "own" else None
        path = folder and (folder / unquote(address.path).lstrip("/")).resolve()
        if not folder or not path or not path.is_relative_to(folder):
            raise ValueError("only the project's own files may be used")
        kind, _ = guess_type(path.name)
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind or "application/octet-stream"})


class Complaints(logging.Handler):
    """Keeps what MkDocs, the plugin and WeasyPrint warn of; the plugin would only log it and go on."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.texts: dict[str, None] = {}

    def emit(self, item: logging.LogRecord) -> None:
        self.texts[" ".join(item.getMessage().split())] = None


complaints = Complaints()
# The first for all text; the others for what it lacks: Welsh and other letters, arrows.
FONTS = ("fontpkg_atkinson_hyperlegible", "fontpkg_noto_sans", "fontpkg_jetbrains_mono")


@event_priority(-100)  # after the plugin, which turns WeasyPrint's warnings off
def on_config(config: MkDocsConfig) -> None:
    require_all(config)
    for name in ("mkdocs", "weasyprint"):
        logging.getLogger(name).addHandler(complaints)
    logging.getLogger("weasyprint").setLevel(logging.WARNING)
    DEFAULT_OPTIONS.update(pdf_variant="pdf/ua-1", pdf_identifier=True)
    build = build_of(config)
    root = build.root
    fonts = {package: import_module(package) for package in FONTS}
    files = [(font, path) for font in fonts.values() for path in sorted(font.ROOT.rglob("*.ttf"))]
    folders = {package: font.ROOT for package, font in fonts.items()} | {"site": Path(config.site_dir)}
    picture = logo.file(root, build.settings)
    if picture:
        folders["logo"] = picture.parent
    fetcher = OwnFiles(folders)
    generator.HTML = lambda string: HTML(string=fetcher.named(string), url_fetcher=fetcher)

    policies = build.policies
    day = max(build.dates.of(policy.path, policy.metadata.date_published) for policy in policies.published.values())
    # The date that fonts carry which are cut to size; by itself it would be the hour of the build.
    os.environ["SOURCE_DATE_EPOCH"] = str(int(datetime.combine(clock.stamp(day), time(), UTC).timestamp()))
    # mkdocs-with-pdf hands the cover and the style sheet what stands in `extra`, and nothing else.
    config.extra["handbook"] = {
        "date": day.isoformat(),
        "date_in_words": clock.in_words(day),
        "edition_words": status_words.EDITION_WORDS[policies.edition],
        "policies": len(policies.published),
        "fonts": [face for font, path in files for face in faces(font, path)],
        "logo": picture.resolve().as_uri() if picture else "",
    }


def faces(font: ModuleType, path: Path) -> Iterator[dict[str, str]]:
    """What CSS has to know of a font's file, from its name: AtkinsonHyperlegible-Bold.ttf, NotoSans[wdth,wght].ttf."""
    for weight in ("400", "700") if "wght" in path.stem else ("700",) if "Bold" in path.stem else ("400",):
        style = "italic" if "Italic" in path.stem else "normal"
        yield {"family": font.FAMILY, "weight": weight, "style": style, "url": path.resolve().as_uri()}


@event_priority(-100)  # the plugin keeps this same list of pages and reads it at the end
def on_nav(nav: Navigation, config: MkDocsConfig, files: Files) -> None:
    """Hand-written pages, those in the navigation first, then every policy as the register has them."""
    in_order = register.entries(build_of(config).policies.published.values(), clock.today())
    policies = [page_of(entry["slug"], files) for entry in in_order]
    every = [file.page for file in files.documentation_pages() if file.page]
    others = [page for page in every if page not in (*nav.pages, *policies)]
    nav.items = nav.pages = [*nav.pages, *others, *policies]


@event_priority(-100)  # after the plugin has made its PDF
def on_post_build(config: MkDocsConfig) -> None:
    made = Path(config.site_dir) / config.plugins["with-pdf"].config["output_path"]
    if build_of(config).edition == "external":
        for leak in gate(config).check(made.parent):
            complaints.texts[str(leak)] = None
    if complaints.texts:
        raise PluginError("\n".join(complaints.texts))


def on_build_error(error: Exception) -> None:
    for text in complaints.texts:
        events.emit("complaint", text=text)
