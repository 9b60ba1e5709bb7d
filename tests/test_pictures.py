"""Published pictures show what they showed, and say nothing of themselves."""

import io
import subprocess
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
import samples
from building import files, new_project, policy, run
from PIL import Image, ImageCms, ImageSequence
from playwright.sync_api import Browser

from policydoc.contents import any_file, drawings, pictures
from policydoc.contents.archives import Room
from policydoc.contents.kinds import UnreadableFile

MADE: dict[str, Callable[[], bytes]] = {
    "a.jpg": samples.photo,
    "upright.jpg": lambda: samples.photo(1),
    "progressive.jpeg": lambda: samples.photo(progressive=True),
    "a.png": samples.png,
    "grey.png": lambda: samples.png(1, "LA"),
    "palette.png": lambda: samples.png(3, "P"),
    "a.webp": samples.webp,
    "moving.webp": lambda: samples.webp(1, save_all=True, append_images=[samples.drawn("RGBA").rotate(180)]),
    "a.gif": samples.gif,
    "a.ico": samples.icon,
}


def frames(data: bytes) -> list[tuple[str, bytes, object]]:
    """Each frame as it is to be seen, with how long it stays."""
    with Image.open(io.BytesIO(data)) as picture:
        return [
            (frame.mode, frame.convert("RGBA").tobytes(), frame.info.get("duration"))
            for frame in ImageSequence.Iterator(picture)
        ]


@pytest.mark.parametrize("name", MADE)
def test_a_picture_stays_and_what_it_says_goes(name: str) -> None:
    data = MADE[name]()
    before = b"".join(pictures.remarks(name, data)) + data
    assert b"kanari" in before, "or nothing is proved"
    published = pictures.cleaned(name, data)
    assert b"kanari" not in published + b"".join(pictures.remarks(name, published))
    assert frames(published) == frames(data)
    with Image.open(io.BytesIO(data)) as old, Image.open(io.BytesIO(published)) as new:
        assert new.info.get("icc_profile") == old.info.get("icc_profile")
        assert new.info.get("dpi") == old.info.get("dpi") and new.info.get("loop") == old.info.get("loop")
        turned = old.getexif().get(0x0112, 1)
        assert dict(new.getexif()) == ({0x0112: turned} if turned > 1 else {})
        assert not {"comment", "xmp", "XML:com.adobe.xmp", "Author"} & set(new.info)
    assert pictures.cleaned(name, published) == published, "cleaned once is clean"


@pytest.mark.parametrize("name", MADE)
def test_the_gate_reads_all_that_a_picture_says(name: str) -> None:
    data = MADE[name]()
    said = "\n".join(any_file.texts_of(name, data, Room()))
    planted = {
        word for word in (samples.AUTHOR, samples.COMMENT, samples.XMP, "kanaritrailing") if word.encode() in data
    }
    assert planted and all(word in said for word in planted)
    if name.endswith(".png"):
        assert samples.COMMENT in said and samples.XMP in said  # compressed


@pytest.mark.parametrize("turned", range(1, 9))
@pytest.mark.parametrize("order", ["little", "big"])
def test_the_orientation_is_read_as_it_was_written(turned: int, order: str) -> None:
    mark = b"II*\0" if order == "little" else b"MM\0*"

    def number(value: int, size: int) -> bytes:
        return value.to_bytes(size, order)  # type: ignore[arg-type]

    other = number(0x010F, 2) + number(2, 2) + number(4, 4) + b"abc\0"
    entry = number(0x0112, 2) + number(3, 2) + number(1, 4) + number(turned, 2) + b"\0\0"
    data = mark + number(8, 4) + number(2, 2) + other + entry + number(0, 4)
    assert pictures.orientation(data) == turned
    for length in range(len(data)):
        assert pictures.orientation(data[:length]) in (1, turned)


@pytest.mark.parametrize("name", MADE)
def test_a_damaged_picture_is_refused(name: str) -> None:
    whole = pictures.cleaned(name, MADE[name]())
    for length in {*range(0, len(whole) - 1, max(1, len(whole) // 60)), len(whole) - 1}:
        with pytest.raises(UnreadableFile):
            pictures.cleaned(name, whole[:length])
    for position in range(0, len(whole), max(1, len(whole) // 200)):
        changed = whole[:position] + bytes([whole[position] ^ 0xFF]) + whole[position + 1 :]
        try:
            assert b"kanari" not in pictures.cleaned(name, changed)
        except UnreadableFile as error:
            assert error.fault.code in ("P437", "P438")


def test_a_picture_that_would_fill_the_memory_is_refused() -> None:
    whole = samples.png(1)
    size = (60_000).to_bytes(4, "big") * 2
    huge = whole[:8] + samples.chunk(b"IHDR", size + whole[24:29]) + whole[33:]
    with pytest.raises(UnreadableFile, match="more than 40 million pixels"):
        pictures.cleaned("a.png", huge)
    saved = io.BytesIO()
    Image.new("1", (8_000, 6_000)).save(saved, "PNG")
    with pytest.raises(UnreadableFile, match="more than 40 million pixels"):
        pictures.cleaned("a.png", saved.getvalue())
    saved = io.BytesIO()
    Image.new("1", (7_016, 4_960)).save(saved, "PNG")
    assert pictures.cleaned("a.png", saved.getvalue()) == saved.getvalue()


# drawings

SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">{}</svg>'
REFUSED = {
    "script": "<script>alert(1)</script>",
    "script of HTML": '<h:script xmlns:h="http://www.w3.org/1999/xhtml">1</h:script>',
    "handler": '<g onclick="alert(1)"/>',
    "handler in capitals": '<g ONLOAD="alert(1)"/>',
    "link": '<a href="https://example.org/"><path d="M0 0"/></a>',
    "xlink": '<use xlink:href="other.svg#a"/>',
    "program as address": '<a xlink:href=" javascript:alert(1)"/>',
    "picture from elsewhere": '<image href="//example.org/a.png"/>',
    "drawing within": '<image href="data:image/svg+xml;base64,PHN2Zy8+"/>',
    "foreign object": "<foreignObject><p>1</p></foreignObject>",
    "frame": '<iframe src="a.html"/>',
    "import": '<style>@import "a.css";</style>',
    "address in a style": "<style>g { fill: url( 'https://example.org/a.svg#b' ) }</style>",
    "address behind a comment": "<style>g { fill: url(/**/http:a) }</style>",
    "address in CDATA": "<style><![CDATA[g { fill: url(http:a) }]]></style>",
    "address, spelt out": r"<style>g { fill: \75rl(http:a) }</style>",
    "address in an attribute": '<g fill="url(https://example.org/#a)"/>',
    "address in a set": "<g style=\"background: image-set('a.png' 1x)\"/>",
    "animated address": '<a><set attributeName="xlink:href" to="javascript:alert(1)"/></a>',
    "animated handler": '<set attributeName="onclick" to="alert(1)"/>',
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_drawing_that_acts_is_refused(what: str) -> None:
    for encoding in ("utf-8", "utf-16"):
        data = f"<?xml version='1.0' encoding='{encoding}'?>{SVG.format(REFUSED[what])}".encode(encoding)
        with pytest.raises(UnreadableFile, match="which a drawing may not") as caught:
            drawings.cleaned("plan.svg", data)
        assert caught.value.fault.code == "P439"


def test_a_drawing_with_entities_is_refused() -> None:
    data = '<!DOCTYPE svg [<!ENTITY a "<script>1</script>">]>' + SVG.format("&a;")
    with pytest.raises(UnreadableFile, match="declares entities"):
        drawings.cleaned("plan.svg", data.encode())
    for broken in (
        b"",
        b"<svg",
        b"<html/>",
        b"<svg/>",
        SVG.format("<g>").encode(),
        SVG.format("<g>" * 20_000 + "</g>" * 20_000).encode(),
    ):
        with pytest.raises(UnreadableFile, match="damaged"):
            drawings.cleaned("plan.svg", broken)


def test_a_drawing_keeps_what_is_drawn_and_no_note() -> None:
    inner = b64encode(samples.png()).decode()
    body = f"""<!-- kanari1 --><?kanari2 x?><title>Plan of the hall</title><metadata>kanari3</metadata>
        <i:namedview xmlns:i="http://www.inkscape.org/" name="kanari4">kanari5</i:namedview>
        <g xmlns:i="http://www.inkscape.org/" i:label="kanari6" data-name="kanari7" fill="url(#a)">
        <style>/* kanari8 */ g {{ fill: url('#a') }}</style>
        <text xml:space="preserve">First<i:x>kanari9</i:x> and last</text><use xlink:href="#a"/>
        <image href="data:image/png;base64,{inner}"/></g>"""
    published = drawings.cleaned("plan.svg", SVG.format(body).encode()).decode()
    assert "kanari" not in published and inner[:200] not in published
    for kept in ("<title>Plan of the hall</title>", "First and last", 'fill="url(#a)"', 'xlink:href="#a"', "viewBox="):
        assert kept in published
    assert 'xmlns="http://www.w3.org/2000/svg"' in published
    assert drawings.cleaned("plan.svg", published.encode()).decode() == published


def test_a_drawing_of_many_notes_takes_no_time() -> None:
    body = '<i:x xmlns:i="http://www.inkscape.org/"/>word' * 100_000
    assert len(drawings.cleaned("plan.svg", SVG.format(f"<text>{body}</text>").encode())) > 400_000


# the site

PICTURED = "## Parks\n\n1.  The parks: ![Map](images/map.jpg) and ![plan](images/plan.png)\n"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = new_project(tmp_path_factory.mktemp("pictures") / "project", None)
    source = project / "policy_src"
    (source / "images").mkdir()
    (source / "parks.md").write_text(policy(PICTURED), "utf-8")
    (source / "images/map.jpg").write_bytes(samples.photo())
    (source / "images/plan.png").write_bytes(samples.png())
    shown = project / "docs/shown"
    shown.mkdir()
    for name, make in MADE.items():
        (shown / name).write_bytes(make())
    (shown / "plan.svg").write_text(SVG.format("<!-- kanari --><path d='M0 0h9'/>"), "utf-8")
    (project / "docs/old.html").write_text("<!doctype html><title>Old</title><!-- kanari --><p>Page", "utf-8")
    before = files(source) | files(shown)
    done = run(project, "build")
    assert (done.returncode, done.stderr) == (0, "")
    assert files(source) | files(shown) == before, "the source files are touched"
    return project


@pytest.mark.parametrize("edition", ["external", "internal"])
def test_no_published_file_says_what_a_camera_wrote(built: Path, edition: str) -> None:
    published = files(built / "site" / edition)
    assert {f"shown/{name}" for name in MADE} <= set(published)
    for name, data in published.items():
        assert b"kanari" not in data, name
        assert "kanari" not in "\n".join(any_file.texts_of(name, data, Room())), name


def test_page_and_pdf_show_the_picture_the_same_way_up(built: Path, browser: Browser, tmp_path: Path) -> None:
    """Red, with its blue corner turned from the top left to the top right."""
    folder = built / "site/external/policies/parks"
    page = browser.new_page()
    page.goto((folder / "index.html").as_uri())
    shots = [Image.open(io.BytesIO(image.screenshot())).convert("RGB") for image in page.locator("article img").all()]
    page.close()
    assert len(shots) == 2
    with pikepdf.open(folder / "parks.pdf") as pdf:
        for stream in pdf.objects:
            if isinstance(stream, pikepdf.Stream) and stream.get("/Filter") == "/DCTDecode":
                assert b"kanari" not in stream.read_raw_bytes()
    subprocess.run(["pdftoppm", "-r", "96", "-png", folder / "parks.pdf", tmp_path / "page"], check=True)
    pages = [Image.open(path).convert("RGB") for path in sorted(tmp_path.glob("page*.png"))]
    for shot in shots:
        assert shot.height > shot.width
        assert is_blue(shot, shot.width - 4, 4) and not is_blue(shot, 4, 4) and not is_blue(shot, 4, shot.height - 4)
    red = [
        (x, y)
        for sheet in pages[:1]
        for x in range(0, sheet.width, 2)
        for y in range(0, sheet.height, 2)
        if is_red(sheet, x, y)
    ]
    blue = [
        (x, y)
        for sheet in pages[:1]
        for x in range(0, sheet.width, 2)
        for y in range(0, sheet.height, 2)
        if is_blue(sheet, x, y)
    ]
    assert red and blue
    assert max(y for _, y in blue) < max(y for _, y in red), "blue is at the top"


def is_blue(picture: Image.Image, x: int, y: int) -> bool:
    red, green, blue = picture.getpixel((x, y))  # type: ignore[misc]
    return bool(blue > 200 and red < 60 and green < 60)


def is_red(picture: Image.Image, x: int, y: int) -> bool:
    red, green, blue = picture.getpixel((x, y))  # type: ignore[misc]
    return bool(red > 200 and blue < 60 and green < 60)


def test_check_and_build_name_every_bad_picture_at_once(tmp_path: Path) -> None:
    project = new_project(tmp_path / "project", None)
    images = project / "policy_src/images"
    images.mkdir()
    whole = samples.png(1)
    (images / "short.jpg").write_bytes(samples.photo()[:900])
    (images / "huge.png").write_bytes(
        whole[:8] + samples.chunk(b"IHDR", (60_000).to_bytes(4, "big") * 2 + whole[24:29]) + whole[33:]
    )
    text = "## Parks\n\n1.  ![One](images/short.jpg)\n1.  ![Two](images/huge.png)\n"
    (project / "policy_src/parks.md").write_text(policy(text), "utf-8")
    (project / "docs/plan.svg").write_text(SVG.format("<script/>"), "utf-8")
    (project / "docs/half.png").write_bytes(whole[:300])
    for words in (["check"], ["build"]):
        done = run(project, *words)
        assert done.returncode == 1 and "Traceback" not in done.stderr
        lines = [line for line in done.stderr.splitlines() if "[P" in line]
        assert [line.partition(":")[0] for line in lines] == [
            "docs/half.png", "docs/plan.svg", "policy_src/parks.md", "policy_src/parks.md",
        ]  # fmt: skip
        assert [line[-6:] for line in lines] == ["[P437]", "[P439]", "[P437]", "[P438]"]
    assert not (project / "site/external").exists()


def test_the_profile_is_one_that_programs_read() -> None:
    with Image.open(io.BytesIO(pictures.cleaned("a.jpg", samples.photo()))) as picture:
        assert ImageCms.ImageCmsProfile(io.BytesIO(picture.info["icc_profile"])).profile.profile_description
