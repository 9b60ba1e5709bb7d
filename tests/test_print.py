"""What a policy with everything in it looks like in print: bars, bookmarks, pictures, headings, notes, dates."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
import verapdf
import written
from building import policy
from pypdfium2 import raw

from policydoc.editions import council
from policydoc.history import archive
from policydoc.history.dates import CommitDates
from policydoc.model.missing import with_missing
from policydoc.outputs import control_sheet, html
from policydoc.outputs.pdf import Job, Press
from policydoc.settings import Council, Settings, SettingsError, from_extra
from policydoc.source import policy_files
from policydoc.source.parse import parsed

TEMPLATE = Path(__file__).parent.parent / "docs/templates/policy"
COUNCIL = Council(name="Example Town Council")
LEFT_MARGIN = 38 / 25.4 * 72  # of the text, in points
EVERYTHING = """
Opening words that ^^are inserted^^.

!!! note "A note"
    Its words ~~go~~.

## Purpose {#purpose}

Unnumbered ~~text~~ ^^words^^ below a heading.

1.  Dogs are welcome. {#dogs}

    1.  On a lead {#lead}
    1.  Without

1.  A clause that stays.[^a][^b] The fee is ~~£75~~. ^^And so^^, it ends.

## A very long heading with a name, which goes on and on for so many words that it needs a second line {#long}

### A cross ~~heading~~ ^^header^^

1.  A `code_word_that_is_very_long_and_has_no_spaces_in_it_at_all_so_that_it_would_run_off_the_margin_of_the_page` ends.

-   a bullet ~~outside~~ of clauses

## Pictures

1.  ![Tall](images/tall.png)

1.  ![Wide](images/wide.png)

1.  Small: ![Small](images/small.png)

[^a]: The first note.
[^b]: The second note is ^^amended^^.
"""


def png(width: int, height: int) -> bytes:
    """A black picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = zlib.compress((b"\0" + bytes((width + 7) // 8)) * height)
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def project(folder: Path, **sources: str) -> Path:
    """A folder of policies, and three pictures that they may show."""
    images = folder / "policy_src/images"
    images.mkdir(parents=True)
    for name, size in {"tall": (600, 3000), "wide": (3000, 300), "small": (60, 40)}.items():
        (images / f"{name}.png").write_bytes(png(*size))
    for slug, text in sources.items():
        (folder / f"policy_src/{slug}.md").write_text(text, "utf-8")
    return folder


# Each reading that is printed, and the end of its file's name
READINGS: tuple[tuple[control_sheet.Reading, str], ...] = (("marked", ""), ("amended", "-amended"))


def printed(root: Path, edition: Any = "external", settings: Settings | None = None) -> dict[str, Path]:
    """The marked copy, and the clean one where there is one, of every policy of an edition."""
    settings = settings or Settings(council=COUNCIL)
    policies = council.read(root, edition, settings)
    assert policies.problems == []
    dates = CommitDates(root)
    jobs = [
        Job(
            each.slug,
            each.document,
            control_sheet.for_pdf(each, settings, reading, dates),
            root / f"{each.slug}{end}.pdf",
        )
        for each in policies.published.values()
        for reading, end in READINGS[: 1 + each.has_marks]
    ]
    assert Press(root, TEMPLATE, root / "cache").make(jobs).failures == ()
    return {job.target.stem: job.target for job in jobs}


@pytest.fixture(scope="module")
def pdfs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return printed(project(tmp_path_factory.mktemp("print"), everything=policy(EVERYTHING)))


def text_of(path: Path) -> str:
    document = pypdfium2.PdfDocument(path)
    return " ".join(" ".join(page.get_textpage().get_text_bounded() for page in document).split())


def where(path: Path, words: str) -> tuple[int, float, float, float, float]:
    """The page on which words stand between contents and schedule, and the box round their first sign."""
    for number, page in reversed(list(enumerate(pypdfium2.PdfDocument(path)))[:-1]):
        text = page.get_textpage()
        search = text.search(words, match_case=True)
        places = [place[0] for place in iter(search.get_next, None)]
        if places:
            return (number, *text.get_charbox(places[-1]))
    raise AssertionError(f"{words} is on no page")


def boxes(path: Path, kind: int) -> Iterator[tuple[int, float, float, float, float]]:
    """The page of every drawing of a kind, and the box round it: left, bottom, right, top."""
    for number, page in enumerate(pypdfium2.PdfDocument(path)):
        for thing in page.get_objects(filter=[kind]):
            yield (number, *thing.get_bounds())


def bars(path: Path) -> list[tuple[int, float, float]]:
    """The bars in the left margin: page, lower and upper end."""
    return [
        (page, bottom, top)
        for page, left, bottom, right, top in boxes(path, raw.FPDF_PAGEOBJ_PATH)
        if right < LEFT_MARGIN - 10 and right - left < 4 and top - bottom > 5
    ]


def test_both_copies_pass_both_standards(pdfs: dict[str, Path]) -> None:
    assert verapdf.check(list(pdfs.values())) == []


@pytest.mark.parametrize(
    "words",
    ["Opening words", "A note", "Unnumbered", "The fee is", "A cross", "a bullet", "The second note"],
)
def test_a_bar_stands_beside_all_that_is_amended(pdfs: dict[str, Path], words: str) -> None:
    page, _, bottom, _, top = where(pdfs["everything"], words)
    assert [low for number, low, high in bars(pdfs["everything"]) if number == page and low < (bottom + top) / 2 < high]


@pytest.mark.parametrize("words", ["Dogs are welcome", "On a lead", "A very long", "A code", "The first note"])
def test_no_bar_stands_beside_what_stays(pdfs: dict[str, Path], words: str) -> None:
    page, _, bottom, _, top = where(pdfs["everything"], words)
    at = [low for number, low, high in bars(pdfs["everything"]) if number == page and low < (bottom + top) / 2 < high]
    assert at == [] and bars(pdfs["everything-amended"]) == []


def test_bookmarks_stay_below_their_section_after_a_name(pdfs: dict[str, Path]) -> None:
    def below(items: Sequence[Any], depth: int) -> Iterator[tuple[int, str]]:
        for item in items:
            yield depth, item.title
            yield from below(item.children, depth + 1)

    for path in pdfs.values():
        with pikepdf.open(path) as pdf, pdf.open_outline() as outline:
            found = [(depth, title.split(" (")[0]) for depth, title in below(outline.root, 1)]
            names = {str(name) for name, _ in pikepdf.NameTree(pdf.Root.Names.Dests).items()}
        assert found[:6] == [
            (1, "1 Purpose"), (2, "1.1 Dogs are welcome."), (3, "1.1.1 On a lead"), (3, "1.1.2 Without"),
            (2, found[4][1]), (1, found[5][1]),
        ]  # fmt: skip
        assert found[4][1].startswith("1.2 A clause that stays.") and found[5][1].startswith("2 A very long heading")
        assert found[6] == (2, "A cross header")
        assert {"purpose", "dogs", "lead", "long", "1.1.1"} <= names


def test_pictures_fit_the_page_and_small_ones_keep_their_size(pdfs: dict[str, Path]) -> None:
    found = [(right - left, top - bottom, bottom) for _, left, bottom, right, top in boxes(pdfs["everything"], 3)]
    (tall, height, foot), (wide, low, _), (small, _, _) = found
    assert foot > 30 / 25.4 * 72 - 1 and 500 < height < 700 and tall == pytest.approx(height / 5, abs=0.5)
    assert 300 < wide < 146 / 25.4 * 72 and low == pytest.approx(wide / 10, abs=0.5)
    assert small == pytest.approx(60 * 0.75, abs=0.1)


def test_headings_stand_in_one_line_whether_they_have_a_name_or_not(pdfs: dict[str, Path]) -> None:
    lefts = [where(pdfs["everything"], words)[1] for words in ("Purpose", "A very long", "Pictures")]
    page, long = where(pdfs["everything"], "A very long")[0], "A very long heading with a name, which goes on"
    text = pypdfium2.PdfDocument(pdfs["everything"])[page].get_textpage()
    start, _ = text.search(long).get_next()
    lefts.append(min(text.get_charbox(start + place)[0] for place in range(90)))  # the start of its second line
    assert max(lefts) - min(lefts) < 2, lefts


def test_the_space_before_a_mark_has_no_line(pdfs: dict[str, Path]) -> None:
    for words in ("£75", "And so"):
        page, left, bottom, _, top = where(pdfs["everything"], words)
        lines = [
            (start, end)
            for number, start, low, end, high in boxes(pdfs["everything"], raw.FPDF_PAGEOBJ_PATH)
            if number == page and high - low < 2 and bottom - 4 < low < top and start - 8 < left < end
        ]
        assert lines and all(start > left - 1.5 for start, _ in lines), (words, left, lines)
    assert "The fee is £75. And so, it ends." in text_of(pdfs["everything"])
    assert "The fee is. And so, it ends." in text_of(pdfs["everything-amended"])


def test_footnotes_in_a_row_are_told_apart(pdfs: dict[str, Path]) -> None:
    assert "stays.1, 2 The fee" in text_of(pdfs["everything"])


def test_nothing_runs_off_the_page(pdfs: dict[str, Path]) -> None:
    for page in pypdfium2.PdfDocument(pdfs["everything"]):
        text = page.get_textpage()
        rights = [text.get_charbox(index)[2] for index in range(text.count_chars())]
        assert max(rights) < 595 - 26 / 25.4 * 72 + 2


def test_ten_levels_leave_room_for_words(tmp_path: Path) -> None:
    levels = "\n\n".join("    " * level + "1.  Words with which a line of this clause is filled" for level in range(10))
    path = printed(project(tmp_path, deep=policy(f"## Purpose\n\n{levels}\n")))["deep"]
    lines = [
        line for page in pypdfium2.PdfDocument(path) for line in page.get_textpage().get_text_bounded().split("\n")
    ]
    assert sum("Words with which" in line for line in lines) == 10


# on the page


def on_page(words: str) -> str:
    """A clause of these words on its page, from behind its number."""
    text = policy(f"## Purpose\n\n1.  {words}\n\n[^a]: A.\n[^b]: B.\n[^c]: C.\n")
    source, _ = policy_files.read("dogs", "policy_src/dogs.md", text.encode())
    assert source
    shown = html.article(with_missing(parsed(source).document))
    return shown[shown.index("1.1</a> </span>") + len("1.1</a> </span>") : shown.index("</p>")]


def test_the_page_keeps_spaces_out_of_marks_and_parts_footnotes() -> None:
    note = '<sup id="fnref:{0}"><a href="#fn:{0}" class="footnote-ref">{1}</a></sup>'
    a, b, c = map(note.format, "abc", "123")
    struck = '<del><span class="vh">[deleted: </span>£75<span class="vh">]</span></del>'
    added = '<ins><span class="vh">[inserted: </span>{}<span class="vh">]</span></ins>'
    assert on_page("is ~~£75~~.") == f' is<span class="of-del"> </span>{struck}.'
    assert on_page("x[^a][^b] y[^c]") == f" x{a}<sup>, </sup>{b} y{c}"
    assert on_page("x[^a]^^[^b]^^[^c]") == f" x{a}{added.format(f'<sup>, </sup>{b}<sup>, </sup>')}{c}"


# dates


def test_a_draft_is_dated_by_its_last_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1772496000")  # 3 March 2026
    text = policy("## Purpose\n\n1.  Dogs ~~must~~ ^^may^^ swim.\n\n" + "1.  Words.\n\n" * 60)
    approved = policy(
        "## Purpose\n\n1.  Dogs must swim.\n", status="approved", policy_number="7", date_published="2025-12-01",
        review_due="2027-12-01",
    )  # fmt: skip
    root = project(tmp_path, new=text, old=text.replace("version: 1", "version: 2\ndate_published: 2025-12-01"))
    (root / "policy_src/both.md").write_text(approved.replace("policy_number: 7", "policy_number: 8"), "utf-8")
    for path, data in archive.addition(root / "policy_src", "old", "1", approved.encode()).items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    texts = {name: text_of(path) for name, path in printed(root).items()}
    assert texts["new"].count("Draft of 3 March 2026") >= 3 and "published 1" not in texts["new"]
    assert "Draft of 3 March 2026 · Version 1 published 1 December 2025" in texts["old"]
    assert "Version 1 published 1 December 2025" in texts["old-amended"]
    assert "Draft of" not in texts["both"] and "1 December 2025" in texts["both"]
    policies = council.read(root, "internal", Settings(council=COUNCIL)).published
    sheet = dict(control_sheet.control_sheet(policies["old"], CommitDates(root), ()))
    assert sheet["Draft of"] == "3 March 2026" and sheet["Version 1 published"] == "1 December 2025"
    assert sheet["Date published"] is None  # that of version 1 is not this draft's
    base = policies["old"].base
    assert base and base.date_published == date(2025, 12, 1)


# what the council keeps inside

TEAM = policy("## Purpose\n\n1.  Dogs may swim.\n", review_team="Parks Team", doc_number="4711", owner="Clerk")


def test_staff_and_public_see_the_same_front_page(tmp_path: Path) -> None:
    root = project(tmp_path, dogs=TEAM)
    copies = {which: printed(root, which)["dogs"].read_bytes() for which in ("internal", "external")}
    assert copies["internal"] == copies["external"]
    shown = text_of(root / "dogs.pdf")
    for words in ("Parks Team", "All staff", "Website", "4711", "Internal and external editions"):
        assert words in shown, words
    policies = council.read(root, "external", Settings(council=COUNCIL))
    assert written.as_data(policies.published["dogs"])["review_team"] == "Parks Team"


def test_what_the_council_keeps_inside_is_in_staff_copies_alone(tmp_path: Path) -> None:
    root = project(tmp_path, dogs=TEAM)
    settings = Settings(council=COUNCIL, internal_metadata=("review_team", "distribution.internal", "doc_number"))
    hidden = ("Parks Team", "All staff", "4711")
    outside = text_of(printed(root, "external", settings)["dogs"])
    assert not any(word in outside for word in hidden) and "Review team" not in outside and "Internal" not in outside
    inside = text_of(printed(root, "internal", settings)["dogs"])
    assert all(word in inside for word in hidden)
    policies = council.read(root, "external", settings)
    assert not any(word in str(written.as_data(policies.published["dogs"])) for word in hidden)
    inside_metadata = council.read(root, "internal", settings).published["dogs"].metadata
    assert inside_metadata.internal_only(settings.internal_metadata) == set(hidden)


def test_a_policy_without_what_is_kept_inside_is_shared(tmp_path: Path) -> None:
    root = project(tmp_path, dogs=policy("## Purpose\n\n1.  Dogs may swim.\n"))
    settings = Settings(council=COUNCIL, internal_metadata=("review_team",))
    copies = {printed(root, which, settings)["dogs"].read_bytes() for which in ("internal", "external")}
    assert len(copies) == 1 and b"" not in copies


@pytest.mark.parametrize(
    ("extra", "words"),
    [
        (
            {"internal_metadata": ["title"]},
            "extra.internal_metadata.0: “title” can't stand here. Write 'review_team', ",
        ),
        ({"internal_metadata": "review_team"}, "extra.internal_metadata: this is not a list."),
        ({"council": {"name": "X", "colour": "navy-ish"}}, "extra.council.colour: this is no colour."),
        ({"council": {"name": "X", "colour": "#12"}}, "extra.council.colour: this is no colour."),
        ({"council": {"name": " "}}, "extra.council.name: these are no words."),
    ],
)
def test_a_setting_that_can_not_be_used_is_one_line(extra: dict[str, Any], words: str) -> None:
    with pytest.raises(SettingsError) as raised:
        from_extra({"council": {"name": "X"}, **extra}, None)
    assert str(raised.value).startswith(f"mkdocs.yml: {words}") and "\n" not in str(raised.value)


def test_no_setting_keeps_nothing_inside() -> None:
    extras: list[dict[str, Any]] = [{}, {"internal_metadata": None}, {"internal_metadata": []}]
    for extra in extras:
        assert from_extra({"council": {"name": "X"}, **extra}, None).internal_metadata == ()
