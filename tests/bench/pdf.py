"""Measures what PDFs cost, three ways, in processor time on the same made-up policies: `tests/bench/pdf.py COUNT`.

ours        policydoc.outputs.pdf.Press with an empty cache: a tagged PDF of each policy, in the marked reading
handbook    mkdocs-with-pdf as `make handbook` uses it: all policies in one PDF
weasyprint  WeasyPrint alone: a tagged PDF of each policy, with the same parts, from its page and the handbook's styles

Each runs in a process of its own and counts itself, from loading its PDF library to the last file written. Reading the
policies and rendering their HTML is not counted, for none of them. mkdocs-with-pdf takes pages as they are rendered:
its part is all that the build takes beyond the same build with the plugin's work left out.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from time import process_time
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
HANDBOOK = "docs/templates/handbook"
FONTS = Path(str(files("fontpkg_atkinson_hyperlegible"))) / "files"
FACES = ":root { --council: #14394f; }" + "".join(
    f'@font-face {{ font-family: "Atkinson Hyperlegible"; src: url("{FONTS.as_uri()}/AtkinsonHyperlegible-{face}.ttf");'
    f" font-weight: {weight}; font-style: {style}; }}"
    for face, weight, style in (("Regular", 400, "normal"), ("Bold", 700, "normal"), ("Italic", 400, "italic"))
)
# <h2 id="6" data-level="1" …><span class="clause-number">6</span> Monitoring</h2>
HEADING = re.compile(r'<h2 id="([^"]*)"[^>]*>(.*?)</h2>')


def cost(project: Path, way: str) -> float:
    """Processor seconds of one way in this project (its docs/, hooks/, policy_src/, mkdocs.yml and handbook.yml)."""
    switches = {
        "POLICY_EDITION": "external",
        "FONTCONFIG_FILE": str(project / HANDBOOK / "fonts.conf"),
        "PYTHONPATH": str(project / "hooks"),
        "NO_MKDOCS_2_WARNING": "1",
    }
    with tempfile.TemporaryDirectory(prefix="policy-bench-pdf-") as folder:
        done = subprocess.run(
            [sys.executable, __file__, "--way", way, "--project", str(project), "--out", folder],
            cwd=project / HANDBOOK, env=os.environ | switches, capture_output=True, text=True,
        )  # fmt: skip
        if done.returncode:
            sys.exit(f"{done.stdout[-2000:]}{done.stderr[-2000:]}\n{way}: failed with {done.returncode}")
        made = len(list(Path(folder).glob("*.pdf"))) or 1
    seconds = float(json.loads(done.stdout.splitlines()[-1]))
    print(f"  {way:<14}{seconds:7.1f} s {made} PDF{'s' * (made > 1)}", file=sys.stderr)
    return seconds


def ratios(project: Path) -> tuple[float, float]:
    """What mkdocs-with-pdf and what WeasyPrint cost, each as a multiple of ours, which is measured before and after."""
    before, handbook, weasyprint, after = (cost(project, way) for way in ("ours", "handbook", "weasyprint", "ours"))
    return 2 * handbook / (before + after), 2 * weasyprint / (before + after)


def ours(project: Path, out: Path) -> float:
    work = list(documents(project))
    started = process_time()
    from policydoc.outputs.pdf import TEMPLATE, Job, Press

    press = Press(project, project / TEMPLATE, out / "cache")
    outcome = press.make(Job(slug, document, meta, out / f"{slug}.pdf") for slug, document, meta in work)
    if outcome.failures:
        raise SystemExit("\n".join(failure.fault.text for failure in outcome.failures[:5]))
    return process_time() - started


def weasyprint(project: Path, out: Path) -> float:
    from mkdocs_with_pdf.plugin import WithPdfPlugin

    for event in ("on_post_page", "on_post_build"):
        setattr(WithPdfPlugin, event, lambda self, *given, **named: None)
    site = out / "site"
    build_handbook(project, site)
    pages = [with_contents(path.read_text("utf-8")) for path in sorted(site.glob("policies/*/index.html"))]
    started = process_time()
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    # The least that it can do: styles and fonts are read once.
    fonts = FontConfiguration()
    texts = (FACES, (project / HANDBOOK / "print.css").read_text("utf-8"))
    styles = [CSS(string=text, font_config=fonts) for text in texts]
    for number, page in enumerate(pages):
        book = HTML(string=page)
        book.write_pdf(out / f"{number}.pdf", stylesheets=styles, font_config=fonts, pdf_variant="pdf/ua-1")
    return process_time() - started


def with_contents(page: str) -> str:
    """A policy's page as the handbook's templates make it, with contents and page numbers as our PDFs have them."""
    page = re.sub("<link[^>]*>", "", page)
    lines = (f'<li><a href="#{id}">{re.sub("<[^>]*>", "", words)}</a></li>' for id, words in HEADING.findall(page))
    return page.replace("</header>", f'<div id="doc-toc"><ul>{"".join(lines)}</ul></div></header>')


def build_handbook(project: Path, site: Path) -> None:
    from mkdocs.commands.build import build
    from mkdocs.config import load_config

    build(load_config(str(project / "handbook.yml"), site_dir=str(site)))


def handbook(project: Path, out: Path) -> float:
    spent = 0.0

    def counted(function: Callable[..., object]) -> Callable[..., object]:
        def wrapped(*given: object, **named: object) -> object:
            nonlocal spent
            started = process_time()
            try:
                return function(*given, **named)
            finally:
                spent += process_time() - started

        return wrapped

    started = process_time()
    import mkdocs_with_pdf.plugin as plugin

    spent += process_time() - started
    for event in ("on_config", "on_nav", "on_post_page", "on_post_build"):
        setattr(plugin.WithPdfPlugin, event, counted(getattr(plugin.WithPdfPlugin, event)))
    build_handbook(project, out)
    return spent


def documents(project: Path) -> Iterator[tuple[str, Any, dict[str, Any]]]:
    """Slug, finished document and metadata of every policy."""
    from policydoc import settings
    from policydoc.editions import council
    from policydoc.history.dates import CommitDates
    from policydoc.outputs import control_sheet

    values = settings.from_file(project / "mkdocs.yml")
    dates = CommitDates(project)
    for slug, policy in council.read(project, "external", values).published.items():
        yield slug, policy.document, control_sheet.for_pdf(policy, values, "marked", dates)


WAYS = {way.__name__: way for way in (ours, handbook, weasyprint)}


def main() -> None:
    arguments = argparse.ArgumentParser(description="Measure what PDFs cost, three ways.")
    arguments.add_argument("count", type=int, nargs="?", default=100)
    arguments.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    arguments.add_argument("--project", type=Path, help=argparse.SUPPRESS)
    arguments.add_argument("--out", type=Path, help=argparse.SUPPRESS)
    given = arguments.parse_args()
    if given.way:
        print(json.dumps(WAYS[given.way](given.project, given.out)))
        return
    import bench

    with tempfile.TemporaryDirectory(prefix="policy-bench-") as folder:
        project = bench.press_project(Path(folder), given.count)
        (project / "handbook.yml").write_bytes((ROOT / "handbook.yml").read_bytes())
        for name, ratio in zip(("mkdocs-with-pdf", "WeasyPrint"), ratios(project), strict=True):
            print(f"{name}: {ratio:.1f} times ours")


if __name__ == "__main__":
    main()
