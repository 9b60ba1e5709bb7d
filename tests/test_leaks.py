"""Nothing internal is in any byte of the external edition; and were it there, the gate would find it."""

import gzip
import json
import logging
import re
import subprocess
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from building import SAMPLE, new_project, policy, run
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort
from pikepdf import Name

from policydoc.cache import Cache
from policydoc.contents import any_file
from policydoc.editions import policy as policies
from policydoc.editions import secrets, withhold
from policydoc.editions.secrets import Inside, Secret
from policydoc.editions.version_table import approved_versions
from policydoc.history import archive
from policydoc.model.missing import with_missing
from policydoc.outputs.gate_memory import Verdicts
from policydoc.outputs.leak_gate import Gate
from policydoc.source.front_matter import Metadata
from policydoc.source.parse import parsed
from policydoc.writing import put_all

# Every word that begins with kanari stands where no reader outside may see it; each stands in one place.
PUBLIC = """\
Lead-in words. {>>JW: kanarilead<<}

## First section {>>JW: kanariheading<<}

1.  Plain text with a comment{>>kanariauthor: kanariclause to be agreed<<} in it.

1.  ~~Deleted{>>JW: kanarideleted<<} words~~ and ^^inserted {>>JW: kanariinserted<<} words^^.

1.  {==Words==}{>>JW: kanariwords<<} with a comment of their own, and one
    {>>JW: kanaritwo lines
    long kanarilines<<} over two lines.

1.  A [link {>>JW: kanarilink<<} text](https://www.example.org/).

1.  Text <!-- kanarihtml --> with HTML comments <!-- JW: kanarimulti
    and kanarimore --> in it.

    A second paragraph. {>>JW: kanariparagraph<<}

    | Column {>>JW: kanarihead<<} | Other |
    | --- | --- |
    | Cell {>>JW: kanaricell<<} | Cell |

1.  A footnote.[^note]

    > Quoted. {>>JW: kanariquote<<}

    -   A bullet. {>>JW: kanaribullet<<}

    Term
    :   Meaning. {>>JW: kanarimeaning<<}

1.  A name before a comment. {#named} {>>JW: kanariname<<}

### Cross-heading {>>JW: kanaricross<<}

!!! note "Note"

    Admonished. {>>JW: kanariadmonition<<}

## Second section

1.  Internal kanariinternal with **bold kanaribold** and a
    [link kanarilinktext](https://www.example.org/kanarihref "kanarilinktitle"). {#kanari-place .internal}

    1.  Its sub-clause kanarisubclause.

        1.  And kanarisubsub.

1.  Public, with an internal paragraph.

    Internal kanariinparagraph. {.internal}

    -   Public bullet.
    -   Internal kanariinbullet. {.internal}

    | A kanariintable |
    | --- |
    | `kanariincode` |

    {.internal}

    > Internal kanariinquote.

    {.internal}

1.  ![The alt text kanarialt](images/kanari-plan.png "kanariimagetitle") {.internal}

1.  Internal, with a footnote.[^secret] {.internal}

1.  See [clause](#kanari-place) as well. {.internal}

Flush text kanariflush. {.internal}

## Internal section kanarisection {.internal #kanari-section}

Lead kanariinlead.

1.  Clause kanariinsection.

    | Cell kanariinsectioncell |
    | --- |
    | x |

### Cross kanariincross

1.  ~~Deleted kanariindeleted~~ ^^Inserted kanariininserted^^

```
kanariinfence
```

## Last section

1.  Public and last.

1.  Lifeguards watch the paddling pool on Sundays.

1.  A table, terms and a note.[^kanarinotename]

    | Column | Other |
    | --- | --- |
    | Public | row |
    | Row kanarirow | 07700 900123 | {.internal}

    A term
    :   Its meaning.
    :   Another kanarianother, for colleagues. {.internal}

    Term kanariterm {.internal}
    :   What it means: kanariofterm.

### Cross-heading kanaricrossinside {.internal}

Below it kanaribelowit.

[^kanarinotename]: For colleagues kanarinotetext. {.internal}
[^note]: Noted. {>>JW: kanarinote<<}
[^secret]: Only for kanariinnote.
"""
INTERNAL = """\
Internal policy kanaripolicylead.

## Section kanaripolicysection

1.  Clause kanaripolicyclause. {#kanari-policy-name} {>>JW: kanaripolicycomment<<}

1.  ![Alt kanaripolicyalt](images/kanari-other.png)
"""
# A version in the archive, which keeps a clause inside that all may read today
KEPT = """\
## A

1.  Words of old {>>JW: kanarioldcomment<<} and more.

1.  Lifeguards watch the paddling pool on Sundays. {.internal}

1.  Old clause kanarioldclause. {.internal #kanari-old-place}

1.  A table.

    | Old | Column |
    | --- | --- |
    | Row kanarioldrow | Other | {.internal}
    | Row | Other |

## Old section kanarioldsection {.internal}

1.  Clause kanarioldinsection.
"""
# Not shown in the internal edition either
NEVER_SHOWN = {"kanariyaml", "kanariyamlline", "kanarinotes", "kanariarchive", "kanarihidden", "kanariunused"}
LEAK = re.compile(r"(.*?): holds “(.*?)”, which (?:.*:\d+ keeps inside|is not for publication)\. .*")
CANARY = re.compile(rb"kanari[\w-]*", re.IGNORECASE)


def canary_project(folder: Path) -> Path:
    project = new_project(folder, None)
    keep_inside(project, "review_team, distribution.internal")
    source = project / "policy_src"
    public = policy(PUBLIC, review_team="Team kanariteam", status="draft  # kanariyaml asked for this")
    public = public.replace("version: 1\n", "# kanariyamlline\nversion: 1\n")
    public = public.replace("internal: [All staff]", "internal: [kanarigroup]")
    public = public.replace("owner:", "control: {Impact: none, kanarilabel: kanaricontrol in May}\nowner:")
    (source / "public.md").write_text(public, "utf-8")
    note, adopted = "{text: Tried kanariversion}", "{by: kanariadopter, on: 2020-05-01, minute: kanariminute 7}"
    staff = "## A\n\n1.  B kanaristaffversion."
    tried = policy(staff, change_note=note, adopted=adopted, distribution="{internal: [All staff]}")
    kept = policy(KEPT, change_note="{text: For everybody}", review_team="kanarioldteam", owner="JW # kanarioldyaml")
    for version, text in (("1", tried), ("2", kept)):
        put_all(archive.addition(source, "public", version, text.encode()))
    inside = policy(
        INTERNAL,
        title="Policy kanarititle", subtitle="for kanarisubtitle", owner="kanariowner", doc_number="kanaridoc",
        change_note="{text: kanarinote}",
        distribution="{internal: [All staff], external: []}",
    )  # fmt: skip
    (source / "kanari-policy.md").write_text(inside, "utf-8")
    for name in ("images/kanari-plan.png", "images/kanari-other.png", "images/kanariunused.png"):
        (source / name).parent.mkdir(exist_ok=True)
        (source / name).write_bytes((SAMPLE / "images/events-by-season.png").read_bytes())
    (source / "archive/kanariarchive.md").write_text("kanariarchive", "utf-8")
    (source / "notes.txt").write_text("kanarinotes", "utf-8")
    (source / ".kanarihidden.md").write_text("kanarihidden", "utf-8")
    return project


def keep_inside(project: Path, keys: str) -> None:
    """Name the keys of front matter and the labels that this council keeps inside."""
    settings = project / "mkdocs.yml"
    text = settings.read_text("utf-8")
    labels = "control: {Impact: public, kanarilabel: internal}"
    settings.write_text(
        re.sub("  control:\n(?:    .*\n)*", f"  internal_metadata: [{keys}]\n  {labels}\n", text), "utf-8"
    )


def canaries(project: Path) -> set[str]:
    """Every canary that is planted anywhere, in a file or in its name."""
    found = set[str]()
    for path in (project / "policy_src").rglob("*"):
        text = path.name.encode() + (path.read_bytes() if path.is_file() and path.suffix != ".png" else b"")
        found.update(word.decode().removesuffix("-") for word in CANARY.findall(text))
    return {word.removesuffix("-md").removesuffix("-png") for word in found}


def everything(path: Path) -> Iterator[bytes]:
    """A file's name and bytes, and whatever can be unpacked from them; written without a look at our own gate."""
    data = path.read_bytes()
    yield path.name.encode()
    yield data
    if data.startswith(b"\x1f\x8b"):
        yield gzip.decompress(data)
    if data.startswith(b"\x89PNG"):
        for chunk in re.findall(rb"zTXt[^\0]*\0\0(.*)", data, re.DOTALL):
            yield zlib.decompress(chunk)
    if data.startswith(b"%PDF"):
        for options in ([], ["-layout"], ["-raw"]):
            yield subprocess.run(["pdftotext", *options, path, "-"], capture_output=True, check=True).stdout
        with pikepdf.open(path) as pdf:
            for thing in (*pdf.objects, pdf.trailer):
                if isinstance(thing, pikepdf.Stream):
                    yield thing.read_bytes()
                yield from strings_of(thing, 0)


def strings_of(thing: Any, depth: int) -> Iterator[bytes]:
    if isinstance(thing, pikepdf.String):
        yield str(thing).encode()
        yield bytes(thing)
    elif isinstance(thing, pikepdf.Name):
        yield str(thing).encode()
    elif depth < 8 and isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        for key, value in (thing.stream_dict if isinstance(thing, pikepdf.Stream) else thing).items():
            yield str(key).encode()
            yield from strings_of(value, depth + 1) if not getattr(value, "is_indirect", False) else ()
    elif depth < 8 and isinstance(thing, pikepdf.Array):
        for value in thing:
            yield from strings_of(value, depth + 1) if not getattr(value, "is_indirect", False) else ()


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project full of canaries, both editions built by the command."""
    project = canary_project(tmp_path_factory.mktemp("canaries"))
    done = run(project, "build")
    assert done.returncode == 0, done.stderr
    return project


def test_no_canary_is_in_any_byte(built: Path) -> None:
    planted = canaries(built)
    assert len(planted) > 60
    found = {}
    for path in (built / "site/external").rglob("*"):
        if path.is_file():
            for part in everything(path):
                if CANARY.search(part):
                    found[path.relative_to(built / "site/external").as_posix()] = CANARY.findall(part)
        else:
            assert not CANARY.search(path.name.encode())
    assert found == {}


def test_the_canaries_live(built: Path) -> None:
    """The test above proves something only if each canary would have been seen: the internal edition has them all."""
    found, sources = set[str](), set[str]()
    for path in (built / "site/internal").rglob("*"):
        for part in everything(path) if path.is_file() else ():
            words = sources if path.suffix == ".md" else found
            words.update(word.decode().lower() for word in CANARY.findall(part))
    assert canaries(built) - found - sources - NEVER_SHOWN == set()
    assert not found & NEVER_SHOWN  # but in what staff may read as it was written


def test_the_text_outside_is_there_without_canaries(built: Path) -> None:
    text = (built / "site/external/policies/public/public.md").read_bytes()
    assert b"1.  Plain text with a comment in it." in text and b"Not published" in text and not CANARY.search(text)


def test_public_words_around_canaries_stay(built: Path) -> None:
    text = {clause["id"]: clause["text"] for clause in clauses(built, "external")}
    assert text["1.1"] == "Plain text with a comment in it."
    assert text["1.3"] == "Words with a comment of their own, and one over two lines."
    assert [text[id] for id in ("2.1", "2.3", "2.4", "2.5", "3")] == ["Not published"] * 5
    assert text["4.1"] == "Public and last." and "3.1" not in text and "2.1.1" not in text
    numbers = {clause["id"]: clause["number"] for clause in clauses(built, "internal")}
    assert all(numbers[id] == id for id in text)


def clauses(project: Path, which: str) -> list[dict[str, Any]]:
    path = project / f"site/{which}/policies/public/public.json"
    found: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))["clauses"]
    return found


# the gate, with the stripping switched off

Leaks = Callable[..., dict[str, list[str]]]
Plant = Callable[[Path], object]
PLANTING_HOOK = """
from pathlib import Path
from mkdocs.plugins import event_priority

@event_priority(-99)  # when all is written, before the gate
def on_post_build(config):
    config.extra["plant"](Path(config.site_dir))
"""


@pytest.fixture
def leaks(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> Leaks:
    """Builds the canaries' external edition in this process; gives what the gate found, if anything, by file."""
    project = canary_project(tmp_path)
    (project / ".cache").mkdir()
    for cache in ("pdf", "pictures", "pdf-text"):  # no other: what a broken program has written is not to be kept
        (project / ".cache" / cache).symlink_to(built / ".cache" / cache)
    (project / "site/external").mkdir(parents=True)
    (project / "site/external/index.html").write_text("What was there before.", "utf-8")
    (project / "hooks/plant.py").write_text(PLANTING_HOOK, "utf-8")
    text = (project / "mkdocs.yml").read_text("utf-8")
    (project / "mkdocs.yml").write_text(text.replace("hooks:\n", "hooks:\n  - hooks/plant.py\n"), "utf-8")
    monkeypatch.setenv("POLICY_EDITION", "external")
    monkeypatch.delenv("POLICY_EVENTS", raising=False)

    def build_it(pdf: bool = False, plant: Plant = lambda site: None) -> dict[str, list[str]]:
        monkeypatch.setenv("POLICY_PDF", "on" if pdf else "off")
        with caplog.at_level(logging.ERROR):
            config = load_config(config_file=str(project / "mkdocs.yml"))
            config.extra["plant"] = plant
            config.plugins.on_startup(command="build", dirty=False)
            try:
                build(config)
            except Abort:
                pass
            else:
                assert (project / "site/external/policies").is_dir()
                return {}
        assert [path.name for path in (project / "site").iterdir()] == ["external"]
        assert [path.name for path in (project / "site/external").iterdir()] == ["index.html"]
        first, *lines = caplog.records[-1].getMessage().split("\n")
        assert first == "the leak gate found what must not be published:"
        found: dict[str, list[str]] = {}
        for line in lines:
            file, secret = LEAK.fullmatch(line).groups()  # type: ignore[union-attr]
            found.setdefault(file, []).append(secret)
        return found

    return build_it


PAGE, DATA, INDEX = "policies/public/index.html", "policies/public/public.json", "search/search_index.json"
PDF, AMENDED = "policies/public/public.pdf", "policies/public/public-amended.pdf"
PAPERS = "policies/public/public-amendments.pdf", "policies/public/amendments/index.html"


def named(secrets: list[str]) -> set[str]:
    return {word for secret in secrets for word in re.findall(r"kanari\w*", secret)}


def in_policy(project: Path) -> set[str]:
    """The canaries of the public policy's text that a fault in the stripping would let out."""
    return set(re.findall(r"kanari\w*", PUBLIC)) - {"kanari"}


def test_the_gate_stops_what_is_not_stripped(leaks: Leaks, monkeypatch: pytest.MonkeyPatch, built: Path) -> None:
    monkeypatch.setattr(withhold, "withhold", lambda document: document)
    found = leaks(pdf=True)
    planted = in_policy(built)
    assert planted - named(found[PAGE]) == set()
    assert "kanari place" in found[PAGE] and "kanari section" in found[PAGE]
    attributes = {"kanarialt", "kanariimagetitle", "kanarilinktitle", "kanarihref"}
    comments = set(re.findall(r"kanari\w*", " ".join(re.findall(r"\{>>.*?<<\}|<!--.*?-->", PUBLIC, re.DOTALL))))
    apart = {"kanariflush", "kanariinlead", "kanariincross", "kanariinfence", "kanariinnote"}  # in no clause
    apart |= {"kanarinotename", "kanarinotetext"}
    assert planted - comments - attributes - apart - named(found[DATA]) == set()
    assert planted - comments - attributes - apart - named(found[INDEX]) == {"kanariindeleted"}  # the amended reading
    assert planted - {"kanariimagetitle", "kanarilinktitle", "kanarinotename"} - named(found[PDF]) == set()
    assert named(found[AMENDED]) >= {"kanariinternal", "kanarisection", "kanariintable", "kanarialt"}
    for paper in PAPERS:
        assert named(found[paper]) >= {"kanariindeleted"}


def test_the_gate_stops_internal_metadata(leaks: Leaks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Metadata, "public", lambda self, keys: self)
    found = leaks()
    kept = {"kanariteam", "kanarigroup", "kanarilabel", "kanaricontrol"}
    assert named(found[DATA]) == named(found["policies.json"]) == kept


def test_the_gate_stops_versions_that_were_for_staff_only(leaks: Leaks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policies, "approved_versions", lambda *those: tuple(
        replace(version, is_public=True) for version in approved_versions(*those)))  # fmt: skip
    found = leaks()
    for file in (PAGE, DATA):
        assert named(found[file]) >= {"kanariversion", "kanariadopter", "kanariminute"}, file
    assert named(found["policies/public/v1/index.html"]) >= {"kanaristaffversion", "kanariversion"}
    assert "public v1" in found["policies/public/v1/v1.json"]  # the address itself


def test_the_gate_judges_a_version_by_its_own_text(leaks: Leaks, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it keeps inside may be public today: that excuses nothing where the version is shown."""
    monkeypatch.setattr(withhold, "withhold", lambda document: document)
    found = leaks(pdf=True)
    public = "lifeguards watch the paddling pool on sundays"
    canaries = {"kanarioldclause", "kanarioldsection", "kanarioldinsection", "kanarioldrow"}
    for file in ("v2/index.html", "v2/v2.json", "v2/v2.pdf", "public-in-force.pdf"):
        assert named(found[f"policies/public/{file}"]) >= canaries, file
        assert public in found[f"policies/public/{file}"], file
    assert public not in found[PAGE]


def test_a_version_may_say_what_is_kept_inside_today(leaks: Leaks) -> None:
    """Its own words, but only where it is shown."""
    old = "Words of old and more."

    def plant(site: Path) -> None:
        for file in ("v2/index.html", "index.html"):
            path = site / "policies/public" / file
            path.write_text(path.read_text("utf-8").replace("</article>", f"<p>{old}</p></article>"), "utf-8")

    assert leaks(plant=plant) == {}


FAILING: dict[str, tuple[str, str]] = {
    "section": ("_Withholding.section", "kanariinsection"),
    "block": ("_Withholding.block", "kanaricell"),
    "runs": ("_Withholding.runs", "kanariclause"),
    "notes": ("_referred", "kanariinnote"),
}


@pytest.mark.parametrize("step", FAILING)
def test_the_gate_stops_each_step_that_fails(step: str, leaks: Leaks, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = {
        "section": lambda self, section: section,
        "block": lambda self, block: [block],
        "runs": lambda self, some: some,
        "notes": lambda text, notes: tuple(notes.values()),
    }
    owner, expected = FAILING[step]
    monkeypatch.setattr(f"policydoc.editions.withhold.{owner}", broken[step])
    assert expected in named(leaks()[PAGE])


def test_the_gate_stops_an_internal_policy(leaks: Leaks, monkeypatch: pytest.MonkeyPatch) -> None:
    read = policies.read

    def read_all(*arguments: Any, **more: Any) -> policies.Policy:
        found = read(*arguments, **more)
        return replace(found, published=True, document=with_missing(parsed(arguments[0]).document))

    monkeypatch.setattr(policies, "read", read_all)
    found = leaks()
    assert "kanarititle" in named(found["index.html"])
    assert (
        named(found["policies.json"]) >= {"kanarititle", "kanarisubtitle"} and "kanari policy" in found["policies.json"]
    )
    assert "kanari policy" in found["policies/kanari-policy/index.html"]
    assert "kanari policy" in found["sitemap.xml"] and "kanari policy" in found["sitemap.xml.gz"]
    assert any("kanarititle" in secret for secret in found[INDEX])


SECRET = "Internal kanariinbullet"


def swap(file: str, old: str, new: str) -> tuple[str, Plant]:
    """Puts the new words in the place of the old, once, in a text file of the finished edition."""

    def plant(site: Path) -> None:
        text = (site / file).read_text("utf-8")
        assert old in text
        (site / file).write_text(text.replace(old, new, 1), "utf-8")

    return file, plant


def in_page(words: str) -> tuple[str, Plant]:
    return swap(PAGE, "</article>", f"{words}</article>")


def add(file: str, data: bytes) -> tuple[str, Plant]:
    def plant(site: Path) -> None:
        (site / file).parent.mkdir(exist_ok=True)
        (site / file).write_bytes(data)

    return file, plant


def in_pdf(change: Callable[[pikepdf.Pdf], object]) -> tuple[str, Plant]:
    def plant(site: Path) -> None:
        with pikepdf.open(site / PDF, allow_overwriting_input=True) as pdf:
            change(pdf)
            pdf.save(fix_metadata_version=False)

    return PDF, plant


def set_key(holder: pikepdf.Object, key: str) -> None:
    holder[key] = pikepdf.String(SECRET)


def set_metadata(pdf: pikepdf.Pdf) -> None:
    xmp = f"<x>{SECRET}</x>".encode()
    pdf.Root.Metadata = pdf.make_stream(xmp, Type=Name.Metadata, Subtype=Name.XML)


def set_attachment(pdf: pikepdf.Pdf, name: str, data: bytes) -> None:
    pdf.attachments[name] = pikepdf.AttachedFileSpec(pdf, data, filename=name)  # type: ignore[call-arg]


def set_note(pdf: pikepdf.Pdf, **keys: Any) -> None:
    note = pikepdf.Dictionary(Type=Name.Annot, Rect=[0, 0, 9, 9], **keys)
    pdf.pages[0].Annots = pikepdf.Array([note])


def set_page_text(pdf: pikepdf.Pdf) -> None:
    font = pikepdf.Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    pdf.pages[0].Resources.Font["/Plain"] = font
    pdf.pages[0].contents_add(b"BT /Plain 9 Tf 50 50 Td (Internal kanari) Tj (inbullet) Tj ET")


def link_to(address: str) -> pikepdf.Dictionary:
    return pikepdf.Dictionary(S=Name.URI, URI=address)


def said_in_png(words: str) -> bytes:
    """A picture with words in a chunk of its own, behind the head."""
    picture = (SAMPLE / "images/events-by-season.png").read_bytes()
    chunk = b"tEXtComment\0" + words.encode("latin-1")
    length, crc = len(chunk) - 4, zlib.crc32(chunk)
    return picture[:33] + length.to_bytes(4) + chunk + crc.to_bytes(4) + picture[33:]


PLANTED: dict[str, tuple[str, Plant]] = {
    "HTML text": in_page(f"<p>{SECRET}</p>"),
    "HTML text, split by a tag": in_page("Internal kanari<em>inbul</em>let"),
    "HTML text, between blocks": in_page(f"<ul><li>x</li><li>{SECRET}</li><li>y</li></ul>"),
    "HTML text, in entities": in_page("<p>Internal kanari&#105;nbullet</p>"),
    "HTML text, for screen readers": in_page(f'<p>History<span class="vh"> of “{SECRET}”</span></p>'),
    "HTML text, over lines": in_page("<p>Internal\n   KANARIINBULLET!</p>"),
    "HTML comment": in_page(f"<!-- {SECRET} -->"),
    "HTML attribute": swap(PAGE, "<article", f"<article data-x='{SECRET}'"),
    "HTML attribute, in entities": swap(PAGE, "<article", "<article title='Internal&nbsp;kanari&#x69;nbullet'"),
    "raw comment syntax": in_page("{>>"),
    "page for what is not found": swap("404.html", "</body>", f"{SECRET}</body>"),
    "search index": swap(INDEX, '"location"', f'"x": "{SECRET}", "location"'),
    "search index, as HTML": swap(INDEX, '"location"', '"x": "Internal kanari<b>inbullet</b>", "location"'),
    "JSON": swap(DATA, '"title"', f'"x": "{SECRET}", "title"'),
    "JSON, escaped": swap(DATA, '"title"', '"x": "Internal kanari\\u0069nbullet", "title"'),
    "JSON key": swap(DATA, "{", '{"kanari-place": 1, '),
    "sitemap": swap("sitemap.xml", "</urlset>", "<url><loc>/kanari-policy/</loc></url></urlset>"),
    "compressed": add("sitemap.xml.gz", gzip.compress(SECRET.encode())),
    "compressed JSON": add("a.json.gz", gzip.compress(rb'["Internal kanari\u0069nbullet"]')),
    "feed": add("feed.xml", f"<rss><title>{SECRET}</title></rss>".encode()),
    "Latin-1": add("notes.txt", f"Café, {SECRET}".encode("latin-1")),
    "UTF-16": add("notes.txt", SECRET.encode("utf-16")),
    "file name": add("policies/kanari-policy.txt", b""),
    "folder name": add("kanari-policy/x.txt", b""),
    "image": add("policies/plan.png", said_in_png(SECRET)),
    "SVG": add("assets/plan.svg", f"<svg><text>{SECRET}</text></svg>".encode()),
    "PDF information": in_pdf(lambda pdf: set_key(pdf.docinfo, "/Subject")),
    "PDF metadata": in_pdf(set_metadata),
    "PDF bookmark": in_pdf(lambda pdf: set_key(pdf.Root.Outlines.First, "/Title")),
    "PDF attachment": in_pdf(lambda pdf: set_attachment(pdf, "a.txt", SECRET.encode())),
    "PDF attachment's name": in_pdf(lambda pdf: set_attachment(pdf, "kanari-policy.txt", b"x")),
    "PDF note": in_pdf(lambda pdf: set_note(pdf, Subtype=Name.Text, Contents=SECRET)),
    "PDF description": in_pdf(lambda pdf: set_key(pdf.Root.StructTreeRoot, "/Alt")),
    "PDF link": in_pdf(lambda pdf: set_note(pdf, Subtype=Name.Link, A=link_to("https://a.b/kanari-policy/"))),
    "PDF page text": in_pdf(set_page_text),
}


def rounds() -> list[list[str]]:
    """What is planted in one build: no two in the same file, and all of a PDF by itself, as some damage it."""
    made: list[list[str]] = []
    for where, (file, _) in PLANTED.items():
        free = (names for names in made if file not in [PLANTED[name][0] for name in names] and "PDF" not in where)
        if names := next(free, None):
            names.append(where)
        else:
            made.append([where])
    return made


@pytest.mark.parametrize("names", rounds(), ids=lambda names: " and ".join(names))
def test_the_gate_looks_into_every_kind_of_file(names: list[str], leaks: Leaks) -> None:
    def plant(site: Path) -> None:
        for name in names:
            PLANTED[name][1](site)

    found = leaks(pdf="PDF" in names[0], plant=plant)
    assert sorted(found) == sorted(PLANTED[name][0] for name in names)
    assert set().union(*found.values()) <= {
        "internal kanariinbullet",
        "kanariinbullet",
        "kanari place",
        "kanari policy",
        "{>>",
    }


@pytest.mark.parametrize("page", ["docs/editors/browser.md", "docs/gitlab.md"])
def test_what_is_in_no_public_page_excuses_nothing(page: str, leaks: Leaks, tmp_path: Path) -> None:
    """The guide's sample comments may read like real ones."""
    file = tmp_path / page
    file.write_text(f"{file.read_text('utf-8')}\n{SECRET}\n", "utf-8")
    where, plant = PLANTED["HTML text"]
    assert list(leaks(plant=plant)) == [where]


def test_the_command_names_file_and_string(built: Path, tmp_path: Path) -> None:
    project = canary_project(tmp_path)
    (project / "hooks/sitecustomize.py").write_text(
        "from policydoc.editions import withhold\nwithhold.withhold = lambda document: document\n", "utf-8"
    )
    done = run(project, "build", POLICY_PDF="off")
    assert (done.returncode, done.stdout) == (1, "")
    *lines, last = done.stderr.splitlines()
    source = (project / "policy_src/public.md").read_text("utf-8").splitlines()
    line = next(number for number, text in enumerate(source, 1) if "kanaricell" in text)
    assert (
        f"external edition: {PAGE}: holds “kanaricell”, which policy_src/public.md:{line} keeps inside. "
        f"If all may read it, word line {line} differently; if not, take it out of what {PAGE} is made from."
    ) in lines
    assert last == "Nothing was published, and site/ is as it was."
    assert list((project / "site").iterdir()) == []


# no false alarm


def test_the_gate_does_not_cry_wolf(leaks: Leaks, tmp_path: Path) -> None:
    """Comments made of words that stand in public text, the theme, file names, keys or metadata."""
    remarks = """
        Owner|Version|Status|Draft|Approved|Policy|PDF|JSON|Not published|Not yet assigned|External edition
        text|name|number|level|id|slug|url|title|null|true|edition|clauses|previous|amended|inserted|deleted|marks
        Skip to content|Search|Copy|Close|Page|Page 1|1|1.1|2026|A|of|the|OK|yes|no|?|…|en|GB|en-GB|index|html|css|js
        span|class|article|table|list|note|role|header|main|policies|public|external|internal|images|assets|search
        A reader meets this sentence as well.|this sentence|Town Clerk|Westerbrook Town Council|clerk|www|https
        Typst|uuid|part|conformance|default|PDF/UA-1|1 of 2|Schedule of amendments|insert|substitute|page 3
        Renumbered clauses|delete the clause|the second paragraph|in the second paragraph|delete clause 1.1|after 1.2
        will be 1.3|second paragraph|the row|after clause 1.2|at the beginning of section 1|insert the clause|No.|A2
        in the first bullet|the second bullet|move clause|unnumbered text|footnote 1|in bold
        Is this copy current?|Website|Purpose|Contents|back to top|footnote|fn|clause-number|data-level|svg|path
    """
    text = "## Purpose\n\n1.  ^^One.^^\n\n1.  A reader meets this sentence as well.\n\n1.  ~~Old~~ ^^New^^ words.\n\n"
    text += "    And ~~some~~ more:\n\n    - ^^One.^^\n    - Two ~~and three~~.\n\n1.  ~~Two.~~\n\n"
    for remark in (each.strip() for line in remarks.strip().splitlines() for each in line.split("|")):
        text += f"1.  A clause. {{>>Town Clerk: {remark}<<}} {{>>{remark}<<}}\n\n"
    (tmp_path / "policy_src/public.md").write_text(
        policy(text, review_team="Website", subtitle="for residents"), "utf-8"
    )
    assert leaks(pdf=True) == {}, set().union(*leaks(pdf=True).values())


def test_a_secret_of_one_policy_is_public_in_another(leaks: Leaks, tmp_path: Path) -> None:
    source = tmp_path / "policy_src"
    (source / "other.md").write_text(
        policy("## Purpose\n\n1.  Ask about kanariinbullet. It is internal kanariinbullet.\n"), "utf-8"
    )
    assert leaks() == {}


def test_a_hand_written_page_may_say_it(leaks: Leaks, tmp_path: Path) -> None:
    (tmp_path / "docs/help.md").write_text("# Help\n\nOn *kanariteam* and team kanariteam.\n", "utf-8")
    assert leaks() == {}


def test_a_machine_path_is_no_ones_business(leaks: Leaks, tmp_path: Path) -> None:
    found = leaks(plant=lambda site: (site / "a.txt").write_text(str(site)))
    assert found == {"a.txt": [str(tmp_path)]}


# the gate itself


def kept(*words: str) -> list[Secret]:
    return [Secret(text, "policy_src/a.md", 1) for text in words]


def test_long_secrets_are_found_in_pieces(tmp_path: Path) -> None:
    secret = " ".join(f"word{number}" for number in range(40))
    checker = Gate([Secret(secret, "a.md", 1)], tuple)
    for start in (0, 3, 17, 28):
        (tmp_path / "a.html").write_text(f"<p>and {' '.join(secret.split()[start : start + 12])} and</p>", "utf-8")
        assert checker.check(tmp_path), start
    (tmp_path / "a.html").write_text(f"<p>{' '.join(secret.split()[5:9])}</p>", "utf-8")
    assert not checker.check(tmp_path)


def test_words_are_whole(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<p>The corbinian order, and Tina.</p>", "utf-8")
    assert not Gate(kept("Corbin", "TA", "in"), tuple).check(tmp_path)
    (tmp_path / "a.html").write_text("<p>The ﬁne “Corbin’s” order</p>", "utf-8")
    assert sorted(leak.secret for leak in Gate(kept("Corbin", "fine"), tuple).check(tmp_path)) == [
        "corbin",
        "fine",
    ]


@pytest.mark.quick
def test_the_address_of_a_version_is_not_that_of_one_whose_number_begins_with_its_own(tmp_path: Path) -> None:
    gate = Gate([Secret("dogs/v2", "policy_src/archive/dogs/v2.md", 1, is_name=True)], tuple)
    page = tmp_path / "a.html"
    for end in (".1/", ".1.pdf", ".10/index.html", "0/", "-1/"):
        page.write_text(f'<a href="policies/dogs/v2{end}">x</a>', "utf-8")
        assert not gate.check(tmp_path), end
    for end in ("/", ".pdf", ".json", "/v2.md"):
        page.write_text(f'<a href="policies/dogs/v2{end}">x</a>', "utf-8")
        assert gate.check(tmp_path), end


# Files that show versions

SHOWN = {
    "v1.html": ("v1.md",), "v2.html": ("v2.md",), "both.html": ("v1.md", "v2.md"), "draft.html": ("v1.md", "dogs.md"),
}  # fmt: skip
BELLS, BELLS_NOW = "Wardens carry a bell at night", "Wardens carry a horn at night"


@pytest.fixture
def shown(tmp_path: Path) -> Callable[..., dict[str, str]]:
    """What the gate finds of these words in a file for each way to show a policy; the texts are those of its files."""

    def found(words: str, **texts: str) -> dict[str, str]:
        folder, site = tmp_path / "policy_src", tmp_path / "site"
        (folder / "archive/dogs").mkdir(parents=True)
        site.mkdir()
        for name, text in texts.items():
            (folder / ("dogs.md" if name == "dogs" else f"archive/dogs/{name}.md")).write_text(policy(text), "utf-8")
        (folder / "cats.md").write_text(policy("## Cats\n\n1.  Cats wear a collar everywhere.\n"), "utf-8")
        paths = {"dogs.md": "policy_src/dogs.md", **{f"v{n}.md": f"policy_src/archive/dogs/v{n}.md" for n in (1, 2)}}
        shows = {name: tuple(paths[path] for path in some) for name, some in SHOWN.items()}
        for name in (*shows, "current.html"):
            (site / name).write_text(f"<p>{words}.</p>", "utf-8")
        inside = secrets.read_all(folder)
        leaks = Gate(inside.secrets, lambda: inside.public, files=inside.files, shows=shows).check(site)
        return {leak.file.removesuffix(".html"): leak.path.rpartition("/")[2] for leak in leaks}

    return found


def rules(*some: str) -> str:
    return "## Dogs\n\n1.  Dogs are welcome.\n\n" + "".join(f"1.  {one}\n\n" for one in some)


INSIDE_IN_ONE = {
    "v1": rules(f"{BELLS}. {{.internal}}"),
    "v2": rules(f"{BELLS}."),
    "dogs": rules(f"{BELLS}."),
}
INSIDE_IN_TWO = {
    "v1": rules(f"{BELLS}."), "v2": rules(f"{BELLS}. {{.internal}}"), "dogs": rules(f"{BELLS}. {{.internal}}"),
}  # fmt: skip
REWORDED = {
    "v1": rules(f"{BELLS}."), "v2": rules(f"{BELLS_NOW}. {{.internal}}"),
    "dogs": rules(f"{BELLS_NOW}. {{.internal}}"),
}  # fmt: skip


@pytest.mark.quick
@pytest.mark.parametrize(
    ("texts", "words", "leaking"),
    [
        # Internal in 1 and public since: a page of version 1 shows nothing of it, what shows a later text as well may
        (INSIDE_IN_ONE, BELLS, {"v1"}),
        # Public in 1 and internal since: it stays in version 1, and excuses no leak of what came after
        (INSIDE_IN_TWO, BELLS, {"v2", "current"}),
        # The internal words of what came after are nobody's
        (REWORDED, BELLS_NOW, {"v1", "v2", "both", "draft", "current"}),
        (REWORDED, BELLS, set()),
    ],
    ids=["inside-in-one", "inside-in-two", "reworded", "words-of-old"],
)
def test_a_file_is_judged_by_all_that_it_shows_and_by_nothing_else(
    texts: dict[str, str], words: str, leaking: set[str], shown: Callable[..., dict[str, str]]
) -> None:
    assert set(shown(words, **texts)) == leaking


@pytest.mark.quick
def test_what_one_of_its_versions_keeps_inside_no_third_text_excuses(shown: Callable[..., dict[str, str]]) -> None:
    """Another policy says the same words, and a page that shows no version may have them from there."""
    collar = "Cats wear a collar everywhere"
    texts = {"v1": rules("Words."), "v2": rules(f"{collar}. {{.internal}}"), "dogs": rules("Words.")}
    assert shown(collar, **texts) == {"v2": "v2.md", "both": "v2.md"}


# What the gate has passed before


def passing(folder: Path, secret: str, public: str = "", pages: str = "") -> Gate:
    inside = Inside([Secret(secret, "a.md", 3)], [public])
    secrets = inside.hash_of_secrets()
    verdicts = Verdicts(Cache(folder / "cache", 10**6, ".kept"), secrets, inside.hash_of_words() + pages.encode())
    return Gate(inside.secrets, lambda: inside.public, lambda: [pages], verdicts=verdicts)


@pytest.fixture
def looked_into(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    names: list[str] = []
    look = any_file.texts

    def texts(path: Path) -> Iterator[str]:
        names.append(path.name)
        return look(path)

    monkeypatch.setattr(any_file, "texts", texts)
    return names


def test_a_file_that_passed_is_not_looked_into_again(tmp_path: Path, looked_into: list[str]) -> None:
    site = tmp_path / "site"
    site.mkdir()
    for name, text in {"clean": "Dogs swim.", "excused": "The pond is deep."}.items():
        (site / f"{name}.html").write_text(f"<p>{text}</p>", "utf-8")
    assert passing(tmp_path, "the pond is deep", "The pond is deep.").check(site) == []
    looked_into.clear()
    assert passing(tmp_path, "the pond is deep", "The pond is deep.").check(site) == [] and not looked_into
    # What might excuse it has changed: only what was excused is looked into, and found
    leaks = passing(tmp_path, "the pond is deep", "A pond.").check(site)
    assert [leak.file for leak in leaks] == ["excused.html"] and looked_into == ["excused.html"]
    # Other secrets: everything is
    looked_into.clear()
    assert [leak.file for leak in passing(tmp_path, "dogs swim", "A pond.").check(site)] == ["clean.html"]
    assert sorted(looked_into) == ["clean.html", "excused.html"]
    # The same words in another place, or others in the same place
    looked_into.clear()
    (site / "clean.html").rename(site / "other.html")
    (site / "excused.html").write_text("<p>The pond is not deep.</p>", "utf-8")
    assert passing(tmp_path, "the pond is deep", "The pond is deep.").check(site) == []
    assert sorted(looked_into) == ["excused.html", "other.html"]


def test_a_file_that_holds_an_excused_word_that_was_met_before_is_no_clean_one(
    tmp_path: Path, looked_into: list[str]
) -> None:
    site = tmp_path / "site"
    site.mkdir()
    for name in ("one", "two"):
        (site / f"{name}.html").write_text("<p>The pond is deep.</p>", "utf-8")
    assert passing(tmp_path, "the pond is deep", "The pond is deep.").check(site) == []
    leaks = passing(tmp_path, "the pond is deep", "A pond.").check(site)
    assert [leak.file for leak in leaks] == ["one.html", "two.html"]
