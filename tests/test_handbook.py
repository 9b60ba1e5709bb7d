"""The whole edition in one PDF: every page, our numbers alone, nothing fetched, nothing leaked, all or nothing."""

import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import cache
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pikepdf
import pypdf
import pytest
import samples
import verapdf
import written
from building import ROOT, SAMPLE, SETTINGS, files, new_project, policy, run, settings

from policydoc.commands import handbook
from policydoc.contents import pdf_text
from policydoc.editions import council
from policydoc.settings import from_file

LOADED = subprocess.run([sys.executable, "-c", "import mkdocs_with_pdf.plugin"], capture_output=True, text=True)
if LOADED.returncode:
    pytest.skip("the handbook's packages or Pango are missing: make handbook", allow_module_level=True)

PARTS = Path("docs/templates/handbook")
AS_IT_WAS = "The handbook was not made, and site/ is as it was.\n"
# Before the policies, in the order of the navigation; the last is the one below, which no navigation names
OPENING = ["Contents", "Register of policies", "How to read a policy", "Suggest a change", "Accessibility statement",
           "About this site", "How to use this"]  # fmt: skip
GUIDE = """\
# How to use this

See [the register](index.md), [a form](forms/leave.docx) and [**the law**](https://www.legislation.example/).

1.  First step

2.  Second step

    with a second paragraph

    -   and a bullet

#### A heading three levels down

![A chart](chart.png)
"""
CANARY = policy("""\
## First {>>JW: kanariheading<<}

1.  Plain text. {>>JW: kanaricomment<<}

1.  The kanariclause stays inside. {.internal}

1.  ~~may~~^^must^^ be ŵritten → [clause](#named)

1.  A name. {#named}
""")


def project(folder: Path, policies: Path | None = SAMPLE) -> Path:
    """The sample council, a hand-written page with a form and a picture, and a policy with words for inside only."""
    made = new_project(folder, policies)
    shutil.copy2(ROOT / "handbook.yml", made)
    (made / "policy_src/canary.md").write_text(CANARY, "utf-8")
    (made / "docs/guide.md").write_text(GUIDE, "utf-8")
    (made / "docs/forms").mkdir()
    (made / "docs/forms/leave.docx").write_bytes(samples.docx())
    shutil.copy2(ROOT / "tests/pdf_samples/policy_src/images/chart.png", made / "docs")
    return made


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The handbook of each edition."""
    here = project(tmp_path_factory.mktemp("handbook") / "project")
    for edition in ("internal", "external"):
        done = run(here, "handbook", "--edition", edition)
        assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return {edition: here / "site" / edition / "handbook.pdf" for edition in ("internal", "external")}


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    """A project in which something was published before."""
    here = project(tmp_path / "project", None)
    old = here / "site/internal/handbook.pdf"
    old.parent.mkdir(parents=True)
    old.write_bytes(b"the one before")
    return here


def fails(here: Path, reason: str, *words: str, **extra: str) -> None:
    """The command says why in one line, and changes nothing."""
    before = files(here / "site")
    done = run(here, "handbook", *words, here=None, **extra)
    assert done.returncode == 1
    assert re.search(reason, done.stderr), done.stderr
    assert done.stderr.endswith(AS_IT_WAS) and done.stderr.count("\n") == 1
    assert files(here / "site") == before


@cache
def text(path: Path) -> str:
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(path).pages).split())


def outline(path: Path) -> list[tuple[int, str]]:
    """Bookmarks with their depth."""

    def walk(entries: list[Any], depth: int) -> Iterator[tuple[int, str]]:
        for entry in entries:
            if isinstance(entry, list):
                yield from walk(entry, depth + 1)
            else:
                yield depth, str(entry.title)

    return list(walk(pypdf.PdfReader(path).outline, 1))


def test_passes_pdf_ua(both: dict[str, Path]) -> None:
    standard, faults = "", []
    for line in verapdf.check(list(both.values()), "2a"):
        standard = line.split()[1] if line.startswith(("FAIL ", "ERROR ")) else standard
        faults += [line] if standard != "2a" else []
    assert faults == []


@pytest.mark.parametrize("edition", ["internal", "external"])
def test_holds_every_clause_with_its_number_and_no_other(both: dict[str, Path], edition: str) -> None:
    here = both[edition].parents[2]
    policies = council.read(here, edition, from_file(here / "mkdocs.yml"))  # type: ignore[arg-type]
    all_text, titles = text(both[edition]), []
    for each in sorted(policies.published.values(), key=lambda each: each.metadata.title.casefold()):
        titles.append((1, each.metadata.title))
        where = start_of(all_text, each.metadata.title)
        for clause in written.clauses(each):
            numbers = dict.fromkeys(filter(None, (clause.previous_number, clause.number)))
            words = (clause.text or "").split()[:2] if clause.status == "unchanged" and clause.level > 1 else []
            pattern = r"\s".join(map(re.escape, [*numbers, *words]))
            found = re.search(rf"(?<![\w.]){pattern}(?!\w)", all_text[where:])
            assert found, f"{each.slug} {clause.id}: {pattern}"
            where += found.end() - 1
    marks = outline(both[edition])
    assert [mark for mark in marks if mark[0] == 1] == [(1, title) for title in OPENING] + titles
    assert (2, "1 First") in marks
    assert not re.search(r"\d+\. (?:Contents|Register of policies|Complaints Policy)", all_text)


def start_of(all_text: str, title: str) -> int:
    """Where a policy itself begins: its title has its control sheet soon after."""
    found = re.search(rf"{re.escape(title)}.{{0,400}}?Control sheet", all_text)
    assert found, title
    return found.end()


def test_opens_with_cover_contents_and_hand_written_pages(both: dict[str, Path]) -> None:
    pages = [page.extract_text() for page in pypdf.PdfReader(both["internal"]).pages]
    assert SETTINGS.council.name in pages[0] and "Internal edition" in pages[0] and "None" not in pages[0]
    assert pages[1].startswith("Contents\nRegister of policies")
    titles = [title for level, title in outline(both["internal"]) if level == 1]
    assert titles[: len(OPENING)] == OPENING
    assert all(f"Page {number} of {len(pages)}" in page for number, page in enumerate(pages[1:], 2))
    with pikepdf.open(both["internal"]) as book:
        assert str(book.docinfo.Author) == SETTINGS.council.name
        assert str(book.Root.Lang) == "en-GB"
        addresses = {str(link.A.URI) for page in book.pages for link in page.get("/Annots", []) if "/A" in link}
    assert {"https://www.legislation.example/"} <= addresses
    assert f"{SETTINGS.site_url}forms/leave.docx" in addresses


def test_has_only_the_fonts_of_its_packages(both: dict[str, Path]) -> None:
    with pikepdf.open(both["internal"]) as book:
        fonts = {str(thing.BaseFont).partition("+")[2] for thing in book.objects if is_font(thing)}
    assert {"Atkinson-Hyperlegible", "Noto-Sans", "JetBrains-Mono"} <= fonts
    assert all(font.startswith(("Atkinson-Hyperlegible", "Noto-Sans", "JetBrains-Mono")) for font in fonts)


def is_font(thing: object) -> bool:
    return isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == "/Font" and "/BaseFont" in thing


def test_shows_comments_inside_only(both: dict[str, Path]) -> None:
    inside, outside = (pdf_text.strings(both[edition].read_bytes()) for edition in ("internal", "external"))
    assert {"kanariheading", "kanaricomment", "kanariclause"} == set(re.findall(r"kanari\w+", inside))
    assert "kanari" not in outside.casefold() and b"kanari" not in both["external"].read_bytes()
    assert "[JW: kanaricomment]" in text(both["internal"])
    assert "[deleted:" not in inside and "[inserted:" not in inside
    assert "may must" in text(both["internal"])
    assert "for “may” substitute “must”" in text(both["internal"])


def test_same_bytes_in_another_time_zone(both: dict[str, Path]) -> None:
    before = both["internal"].read_bytes()
    assert run(both["internal"].parents[2], "handbook", TZ="Asia/Tokyo", LC_ALL="C").returncode == 0
    assert both["internal"].read_bytes() == before


def test_leak_fails_the_external_one(fresh: Path) -> None:
    hook = fresh / PARTS / "pdf_event_hook.py"
    leak = '    soup.article.append("The kanari" + "clause stays inside.")\n    label(soup)\n'
    hook.write_text(hook.read_text("utf-8").replace("    label(soup)\n", leak, 1), "utf-8")
    fails(fresh, "holds “the kanariclause stays inside”", POLICY_EDITION="external")


def test_fetches_nothing(fresh: Path) -> None:
    asked = []

    class Server(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

    with HTTPServer(("127.0.0.1", 0), Server) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        image = f'<img alt="A map" src="http://127.0.0.1:{server.server_port}/map.png">'
        (fresh / "docs/map.md").write_text(f"# Map\n\n{image}\n", "utf-8")
        fails(fresh, "map.png.*only the project's own files may be used")
        server.shutdown()
    assert asked == []


def test_reads_nothing_outside_the_project(fresh: Path, tmp_path: Path) -> None:
    shutil.copy2(ROOT / "tests/pdf_samples/policy_src/images/chart.png", tmp_path / "private.png")
    image = f'<img alt="A map" src="{(tmp_path / "private.png").as_uri()}">'
    (fresh / "docs/map.md").write_text(f"# Map\n\n{image}\n", "utf-8")
    fails(fresh, "private.png.*only the project's own files may be used")


@pytest.mark.parametrize(
    ("file", "more", "reason"),
    [
        (PARTS / "cover.html", "{% if %}", "Failed to generate the cover page"),
        (PARTS / "cover.html", "{{ nobody }}", "'nobody' is undefined"),
        (PARTS / "cover.html", None, "cover.html is missing"),
        (PARTS / "policy.html", "{% if %}", "policies/canary.md.*Expected an expression"),
        (PARTS / "print.css", "p { no-such: 1 }", "no-such"),
        (Path("docs/guide.md"), "[gone](gone.md)", "gone.md.*not found"),
        (Path("docs/guide.md"), "\n\nA sign: 中", "U\\+4E2D"),
        (Path("docs/chart.png"), None, "chart.png"),
        (
            Path("policy_src/canary.md"),
            "\n1.  ~~never closed\n",
            r"^policy_src/canary.md:\d+: .*never closed",
        ),
        (Path("handbook.yml"), "\n  - hooks/gone.py", "gone.py"),
    ],
)
def test_what_is_broken_fails_it(fresh: Path, file: Path, more: str | None, reason: str) -> None:
    if more is None:
        (fresh / file).unlink()
    else:
        (fresh / file).write_text((fresh / file).read_text("utf-8") + more, "utf-8")
    fails(fresh, reason)


def test_missing_pango_is_said_in_a_line() -> None:
    said = handbook.reason("", "Traceback …\nOSError: cannot load library 'libpango-1.0-0': no such file")
    assert said.format_message() == "WeasyPrint needs Pango, a library of the system's, and can't find it."
    assert "make handbook" in said.advice


def test_website_never_loads_it(fresh: Path) -> None:
    code = """
import sys
from mkdocs.commands.build import build
from mkdocs.config import load_config
build(load_config())
print(sorted({name.split(".")[0] for name in sys.modules} & {"weasyprint", "mkdocs_with_pdf", "bs4", "sass"}))
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=fresh,
        env=settings(fresh),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "[]"
