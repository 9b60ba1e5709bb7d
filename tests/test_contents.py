"""Whatever is published can be looked into, to the last part of the last packed file; what can't be is refused."""

import io
import os
import re
import struct
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
import samples
from building import files, new_project, policy, run
from samples import docx, packed, tarred, zipped

from policydoc.contents import any_file
from policydoc.contents.kinds import UnreadableFile
from policydoc.editions.secrets import Secret
from policydoc.outputs import leak_gate

SECRET = "Internal kanariword"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def run_of(text: str, tag: str = "w:t") -> str:
    return f"<w:r><{tag}>{text}</{tag}></w:r>"


def odt(body: str = "<text:p>A form.</text:p>", **more: str | bytes) -> bytes:
    content = f'<o:document xmlns:o="o" xmlns:text="t" xmlns:dc="d">{body}</o:document>'
    parts = {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content}
    return zipped(parts | {name.replace("__", "/") + ".xml": data for name, data in more.items()})


def xlsx(**more: str | bytes) -> bytes:
    return zipped({"xl/workbook.xml": "<workbook/>"} | {name.replace("__", "/") + ".xml": more[name] for name in more})


def pdf(attached: bytes | None = None, **keys: object) -> bytes:
    saved = io.BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page()
        if attached is not None:
            made.attachments["a"] = pikepdf.AttachedFileSpec(made, attached, filename="a")  # type: ignore[call-arg]
        made.save(saved, **keys)  # type: ignore[arg-type]
    return saved.getvalue()


def core(author: str) -> str:
    return f'<cp:core xmlns:cp="c" xmlns:dc="d"><dc:creator>{author}</dc:creator></cp:core>'


SPLIT = f"<w:p>{run_of('Internal ')}{run_of('kana')}<w:proofErr/>{run_of('riword')}</w:p>"
DELETED = f"<w:p>{run_of('Internal ')}<w:del>{run_of('old ', 'w:delText')}</w:del>{run_of('kanariword')}</w:p>"
INSERTED = f"<w:p>{run_of('Internal ')}<w:ins>{run_of('new ')}</w:ins>{run_of('kanariword')}</w:p>"
BOX = f"<w:p>{run_of('Outside')}<w:r><w:txbxContent><w:p>{run_of(SECRET)}</w:p></w:txbxContent></w:r></w:p>"

SLIDE = '<s xmlns:a="a"><a:p><a:r><a:t>{}</a:t></a:r></a:p></s>'
UTF_16 = f"<?xml version='1.0' encoding='utf-16'?><a>{SECRET}</a>".encode("utf-16")

HIDDEN: dict[str, tuple[str, bytes]] = {
    "Word text, cut up": ("a.docx", docx(SPLIT)),
    "Word text, deleted": ("a.docx", docx(f"<w:p><w:del>{run_of(SECRET, 'w:delText')}</w:del></w:p>")),
    "Word text round a deletion": ("a.docx", docx(DELETED)),
    "Word text round an insertion": ("a.docx", docx(INSERTED)),
    "Word text box": ("a.docx", docx(BOX)),
    "Word text, parted by a tab": (
        "a.docx",
        docx(f"<w:p>{run_of('Internal')}<w:r><w:tab/></w:r>{run_of('kanariword')}</w:p>"),
    ),
    "Word comment": ("a.docx", docx(word__comments=f'<w:c xmlns:w="w"><w:p>{run_of(SECRET)}</w:p></w:c>')),
    "Word comment's author": ("a.docx", docx(word__comments=f'<w:c xmlns:w="w" w:author="{SECRET}"/>')),
    "Word header": ("a.docx", docx(word__header1=f'<w:h xmlns:w="w"><w:p>{run_of(SECRET)}</w:p></w:h>')),
    "author": ("a.docx", docx(docProps__core=core(SECRET))),
    "own property": ("a.docx", docx(docProps__custom=f'<p xmlns:v="v"><v:lpwstr>{SECRET}</v:lpwstr></p>')),
    "own XML": ("a.docx", docx(customXml__item1=f"<any><thing at='{SECRET}'/></any>")),
    "name of an element": ("a.docx", docx(customXml__item1="<any><Internal-kanariword/></any>")),
    "UTF-16": ("a.docx", docx(customXml__item1=UTF_16)),
    "CDATA": ("a.docx", docx(customXml__item1="<a>Internal <![CDATA[kanariword]]></a>")),
    "entities": ("a.docx", docx(customXml__item1="<a>Internal kanari&#119;ord</a>")),
    "XML comment": ("a.docx", docx(customXml__item1=f"<a><!-- {SECRET} --></a>")),
    "relationship": ("a.docx", docx(named={"word___rels__document.xml.rels": f'<R Target="file:///{SECRET}/x"/>'})),
    "part's name": ("a.docx", docx(named={"word__Internal kanariword.xml": "<a/>"})),
    "metafile": ("a.docx", docx(named={"word__media__image1.emf": b"\1" + SECRET.encode("utf-16-le")})),
    "photograph inside": (
        "a.docx",
        docx(named={"word__media__image1.jpeg": samples.photo().replace(b"kanariremark", b"Internal kan")}),
    ),
    "document inside": ("a.docx", docx(named={"word__embeddings__inner.docx": docx(f"<w:p>{run_of(SECRET)}</w:p>")})),
    "thumbnail": ("a.docx", docx(named={"docProps__thumbnail.jpeg": samples.photo()})),
    "comment on an archive": ("a.docx", zipped({"a.xml": "<a/>"}, SECRET.encode())),
    "shared string, cut up": (
        "a.xlsx",
        xlsx(xl__sharedStrings="<sst><si><r><t>Internal kana</t></r><r><t>riword</t></r></si></sst>"),
    ),
    "hidden sheet": ("a.xlsx", xlsx(xl__worksheets__sheet9=f"<w><c><is><t>{SECRET}</t></is></c></w>")),
    "sheet's name": ("a.xlsx", xlsx(xl__other=f'<w><sheet name="{SECRET}" state="hidden"/></w>')),
    "formula": ("a.xlsx", xlsx(xl__worksheets__sheet1=f'<w><c><f>A1&amp;"{SECRET}"</f></c></w>')),
    "slide, cut up": (
        "a.pptx",
        zipped({"ppt/slides/slide1.xml": SLIDE.format("Internal kana</a:t></a:r><a:r><a:t>riword")}),
    ),
    "notes to a slide": ("a.pptx", zipped({"ppt/notesSlides/n1.xml": SLIDE.format(SECRET)})),
    "OpenDocument, cut up": ("a.odt", odt("<text:p>Internal kana<text:span>riword</text:span></text:p>")),
    "OpenDocument, deleted": ("a.odt", odt(f"<text:tracked-changes><text:p>{SECRET}</text:p></text:tracked-changes>")),
    "OpenDocument metadata": ("a.odt", odt(meta=f'<m xmlns:dc="d"><dc:creator>{SECRET}</dc:creator></m>')),
    "OpenDocument space": ("a.odt", odt('<text:p>Internal<text:s text:c="1"/>kanariword</text:p>')),
    "book": ("a.epub", zipped({"OEBPS/a.xhtml": f"<html><p>{SECRET}</p></html>", "META-INF/container.xml": "<c/>"})),
    "archive": ("a.zip", zipped({"a.txt": SECRET})),
    "archive in an archive": ("a.zip", zipped({"b.zip": zipped({"c.docx": docx(SPLIT)})})),
    "name in an archive": ("a.zip", zipped({"Internal kanariword/a.txt": "x"})),
    "capitals in an ending": ("A.ZIP", zipped({"a.TXT": SECRET})),
    "gz": ("a.txt.gz", packed(SECRET.encode())),
    "gz in two parts": ("a.txt.gz", packed(b"one\n") + packed(SECRET.encode())),
    "name in gz": ("a.txt.gz", b"\x1f\x8b\x08\x08\0\0\0\0\0\xff" + SECRET.encode() + b"\0" + packed(b"x")[10:]),
    "tar": ("a.tar", tarred({"a.txt": SECRET.encode()})),
    "tgz": ("a.tgz", packed(tarred({"a.docx": docx(SPLIT)}))),
    "tar.gz": ("a.tar.gz", packed(tarred({"a.txt": SECRET.encode()}))),
    "owner in tar": ("a.tar", tarred({"a.txt": b"x"}, owner=SECRET)),
    "PDF attachment": ("a.pdf", pdf(docx(SPLIT))),
    "packed PDF": ("a.zip", zipped({"a.pdf": pdf(SECRET.encode())})),
    "calendar's folded line": ("a.ics", b"BEGIN:VCALENDAR\r\nSUMMARY:Internal kana\r\n riword\r\nEND:VCALENDAR\r\n"),
    "calendar's line end": ("a.ics", rb"SUMMARY:Internal\nkanariword"),
    "drawing, cut up": ("a.svg", b"<svg><text>Internal <tspan>kana</tspan>riword</text></svg>"),
    "CSV": ("a.csv", f"a,b\n1,{SECRET}\n".encode()),
    "UTF-16 text": ("a.csv", SECRET.encode("utf-16")),
    "XML in another encoding": ("a.xml", UTF_16),
}


@pytest.mark.parametrize("where", HIDDEN)
def test_the_gate_finds_it(where: str, tmp_path: Path) -> None:
    name, data = HIDDEN[where]
    (tmp_path / name).write_bytes(data)
    secrets = {SECRET, "Internal kan", "kanariartist"}  # the last two in photographs alone
    found = leak_gate.Gate([Secret(text, "a.md", 1) for text in secrets], lambda: ()).check(tmp_path)
    assert found and all(leak.file == name and leak.secret in {text.lower() for text in secrets} for leak in found), [
        str(leak) for leak in found
    ]


def test_what_holds_no_secret_raises_no_alarm(tmp_path: Path) -> None:
    for where, (name, data) in HIDDEN.items():
        (tmp_path / f"{len(where)}-{name}").write_bytes(data)
    assert leak_gate.Gate([Secret("Another kanarisecret", "a.md", 1)], lambda: ()).check(tmp_path) == []


# what nobody can look into


def locked(data: bytes) -> bytes:
    """The archive with the flag of a password on its files."""
    found = bytearray(data)
    for sign, place in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        position = -1
        while (position := found.find(sign, position + 1)) >= 0:
            found[position + place] |= 1
    return bytes(found)


def bomb() -> bytes:
    inner = zipped({"a.txt": bytes(20_000_000).replace(b"\0", b"a")})
    return zipped({f"{number}.zip": inner for number in range(8)})


def nested(depth: int) -> bytes:
    data = zipped({"a.txt": "x"})
    for _ in range(depth):
        data = zipped({"a.zip": data})
    return data


def stowaway() -> bytes:
    """An archive with a file that its list doesn't name."""
    whole = zipped({"a.txt": "x"})
    hidden = zipped({"b.txt": os.urandom(300)})
    start = hidden.index(b"PK\1\2")
    central = bytearray(whole[whole.index(b"PK\1\2") :])
    (offset,) = struct.unpack_from("<I", central, len(central) - 6)
    struct.pack_into("<I", central, len(central) - 6, offset + start)
    return whole[:offset] + hidden[:start] + bytes(central)


def squeezed() -> bytes:
    saved = io.BytesIO()
    with zipfile.ZipFile(saved, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("a.txt", "x")
    return saved.getvalue()


def damaged_part() -> bytes:
    return docx(word__comments="<w:c>")


LAUGHS = "<!DOCTYPE a [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;'>]><a>&b;</a>"
REFUSED: dict[str, tuple[str, Callable[[], bytes] | bytes, str, str]] = {
    "old Word": ("form.doc", OLE, "P118", r"\(\.doc\).*Save it as \.docx or \.pdf"),
    "old Excel": ("fees.XLS", OLE, "P118", r"\(\.xls\).*Save it as \.xlsx"),
    "macros": ("form.docm", docx, "P118", "without macros"),
    "film": ("film.mp4", b"\0\0\0\x18ftypmp42", "P118", "Link to where it can be played"),
    "picture of a telephone": ("photo.heic", b"\0\0\0\x18ftypheic", "P118", r"\.png or \.jpg"),
    "program": ("setup.exe", b"MZ", "P118", r"\(\.exe\)"),
    "no ending": ("form", b"text", "P118", r"\(no ending\)"),
    "mail": ("note.eml", b"From: a", "P118", r"\.pdf"),
    "zip as text": ("notes.txt", lambda: zipped({"a.txt": "x"}), "P119", "not what its name says"),
    "zip behind text": (
        "notes.html",
        lambda: b"<p>Text</p>" + zipped({"a.txt": "x"}),
        "P119",
        "not what its name says",
    ),
    "Word as picture": ("form.png", docx, "P119", "not what its name says"),
    "picture as Word": ("form.docx", samples.png, "P119", "not what its name says"),
    "text as PDF": ("form.pdf", b"text", "P119", "not what its name says"),
    "UTF-16 without its mark": ("notes.txt", "words".encode("utf-16-le"), "P119", "not what its name says"),
    "password on Word": ("form.docx", OLE, "P119", "password"),
    "password on zip": ("forms.zip", lambda: locked(zipped({"a.txt": "x"})), "P119", "password"),
    "password on PDF": ("a.pdf", lambda: pdf(encryption=pikepdf.Encryption(user="a", owner="b")), "P119", "password"),
    "broken PDF": ("a.pdf", lambda: b"%PDF-1.7\n" + bytes(100), "P119", "damaged"),
    "broken zip": ("a.zip", lambda: zipped({"a.txt": "words" * 99})[:-30], "P119", "damaged"),
    "broken part": ("a.docx", damaged_part, "P119", "damaged"),
    "broken gz": ("a.txt.gz", lambda: packed(b"words" * 99)[:-9], "P119", "damaged"),
    "broken tar": ("a.tar", lambda: tarred({"a.txt": b"x" * 2_000})[:700], "P119", "damaged"),
    "entities": ("a.docx", lambda: docx(customXml__item1=LAUGHS), "P119", "damaged"),
    "bomb": ("a.zip", bomb, "P119", "unpacks to more"),
    "bomb in gz": ("a.txt.gz", lambda: packed(bytes(120_000_000)), "P119", "unpacks to more"),
    "packed six times": ("a.zip", lambda: nested(6), "P119", "packed more than 5 times"),
    "unknown kind in zip": ("a.zip", lambda: zipped({"b/setup.exe": "MZ"}), "P119", "holds b/setup.exe"),
    "object in Word": (
        "a.docx",
        lambda: docx(named={"word__embeddings__o.bin": OLE}),
        "P119",
        "holds word/embeddings/o.bin",
    ),
    "stowaway in zip": ("a.zip", stowaway, "P119", "damaged"),
    "something behind a zip": ("a.zip", lambda: zipped({"a.txt": "x"}) + bytes(200), "P119", "damaged"),
    "unusual packing": ("a.zip", squeezed, "P119", "not the usual one"),
    "attachment": ("a.pdf", lambda: pdf(OLE), "P119", "attached"),
    "Latin-1 page": ("page.md", "# Café".encode("latin-1"), "P119", "UTF-8"),
}


def test_check_and_build_refuse_every_such_file_at_once(tmp_path: Path) -> None:
    project = new_project(tmp_path / "project", None)
    (project / "policy_src/parks.md").write_text(policy("## Parks\n\n1.  Text ~~never closed.\n"), "utf-8")
    for number, (name, data, _, _) in enumerate(REFUSED.values()):
        file = project / f"docs/forms/{number:02}/{name}"
        file.parent.mkdir(parents=True)
        file.write_bytes(data if isinstance(data, bytes) else data())
    os.mkfifo(project / "docs/forms/pipe.txt")
    for words in (["check"], ["build"]):
        done = run(project, *words)
        assert done.returncode == 1 and "Traceback" not in done.stderr and not (project / "site/external").exists()
        lines = {line.partition(": ")[0]: line for line in done.stderr.splitlines() if "[P" in line}
        for number, (name, _, code, said) in enumerate(REFUSED.values()):
            line = lines.pop(f"docs/forms/{number:02}/{name}")
            assert line.endswith(f"[{code}]") and re.search(said, line), line
        assert "no ordinary file" in lines.pop("docs/forms/pipe.txt")
        assert [line.partition(":")[0] for line in lines] == ["policy_src/parks.md"]


def test_what_a_council_publishes_passes(tmp_path: Path) -> None:
    project = new_project(tmp_path / "project", None)
    (project / "policy_src/parks.md").write_text(policy("## Parks\n\n1.  Text.\n"), "utf-8")
    fine: dict[str, bytes] = {
        "forms/leave.docx": docx(named={"word__media__image1.png": b"not a PNG, which Word doesn't mind"}),
        "forms/leave.odt": odt(),
        "fees.xlsx": zipped({"xl/workbook.xml": "<w/>", "xl/printerSettings/printerSettings1.bin": OLE}),
        "fees.csv": "a,£\n".encode("cp1252"),
        "notes.txt": "Café".encode("utf-16"),
        "plan.pdf": pdf(),
        "all.zip": zipped({"a.docx": docx()}),
        "dates.ics": b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
        "CNAME": b"policies.example.org\n",
        "a.jpg": samples.photo(),
        "robots.txt": b"User-agent: *\n",
        "a.ico": samples.icon(),
        "fonts/a.woff2": b"wOF2" + bytes(40),
        "empty.txt": b"",
    }
    left_out = {".hidden/setup.exe": b"MZ", "templates/a.psd": b"8BPS", "drafts/old.doc": OLE, ".DS_Store": b"\0"}
    for name, data in (fine | left_out).items():
        file = project / "docs" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    settings = project / "mkdocs.yml"
    settings.write_text(settings.read_text("utf-8").replace("  /gitlab.md\n", "  /gitlab.md\n  drafts/\n"), "utf-8")
    for words in (["check", "--strict"], ["build"]):
        done = run(project, *words, POLICY_PDF="off")
        assert (done.returncode, done.stderr) == (0, "")
    published = files(project / "site/external")
    assert set(fine) <= set(published) and not {name for name in published if "old.doc" in name or "exe" in name}
    pictures = {"a.jpg", "a.ico"}
    assert {name: published[name] for name in set(fine) - pictures} == {n: fine[n] for n in set(fine) - pictures}


def test_a_strange_file_among_the_policies_is_refused(tmp_path: Path) -> None:
    project = new_project(tmp_path / "project", None)
    source = project / "policy_src"
    (source / "images").mkdir()
    (source / "parks.md").write_text(policy("## Parks\n\n1.  Text.\n"), "utf-8")
    (source / "parks.doc").write_bytes(OLE)
    (source / "images/map.psd").write_bytes(b"8BPS")
    (source / "images/.DS_Store").write_bytes(b"\0")
    for words in (["check"], ["build"]):
        done = run(project, *words, POLICY_PDF="off")
        lines = [line for line in done.stderr.splitlines() if "[P118]" in line]
        assert done.returncode == 1 and len(lines) == 2
        assert lines[0].startswith("policy_src/images/map.psd: ") and lines[1].startswith("policy_src/parks.doc: ")


def test_a_secret_in_a_form_stops_the_build(tmp_path: Path) -> None:
    project = new_project(tmp_path / "project", None)
    text = f"## Parks\n\n1.  Text.\n1.  {SECRET} for staff. {{.internal}}\n"
    (project / "policy_src/parks.md").write_text(policy(text), "utf-8")
    (project / "docs/form.docx").write_bytes(docx(SPLIT.replace("riword", "riword for staff.")))
    done = run(project, "build", POLICY_PDF="off")
    assert done.returncode == 1 and "form.docx" in done.stderr and "kanariword" in done.stderr
    assert not (project / "site/external").exists()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.docx", lambda: docx("<w:p><w:r><w:t>a</w:t></w:r></w:p>" * 1_500_000)),
        ("a.docx", lambda: docx("<w:p>" * 3_000_000)),
        ("a.docx", lambda: docx(customXml__item1="<a " + " ".join(f'b{n}=""' for n in range(200_000)) + "/>")),
        ("a.zip", lambda: zipped({f"{number}.txt": "" for number in range(20_000)})),
    ],
    ids=["paragraphs", "depth", "attributes", "files"],
)
def test_no_packed_file_keeps_the_check_busy(name: str, data: Callable[[], bytes]) -> None:
    made = data()
    assert len(made) < 5_000_000
    started = time.process_time()
    try:
        any_file.published(name, made)
    except UnreadableFile as error:
        assert error.fault.code == "P119"
    assert time.process_time() - started < 15
