"""Words in another language say so: on the page and in the PDF, for who hears them, and in no other place."""

from pathlib import Path

import pikepdf
import pytest
import verapdf
import written
from building import policy
from test_invariants import FRONT_MATTER, errors, read, sound
from test_pdf import TEMPLATE, short

from policydoc.amending import edition_text, redline
from policydoc.amending.accept_reject import accept, reject
from policydoc.editions import bare_words
from policydoc.outputs.data import data
from policydoc.outputs.pdf import Job, Outcome, Press
from policydoc.source import languages
from policydoc.source.numbering import AS_USUAL

SAID = "The [Cyngor *Dinas*]{lang=cy} welcomes [عربي]{lang=ar} and [繁體]{lang=zh-Hant-TW}."


def one(words: str) -> str:
    return policy(f"## Aims\n\n1.  {words}\n")


def test_the_page_says_the_language_and_the_data_are_as_without() -> None:
    result = sound(one(SAID))
    article = written.article(result)
    assert 'The <span lang="cy">Cyngor <em>Dinas</em></span> welcomes <span lang="ar">عربي</span>' in article
    assert '<span lang="zh-Hant-TW">繁體</span>.' in article
    assert data(result)["clauses"][1]["text"] == "The Cyngor Dinas welcomes عربي and 繁體."
    begins = written.article(sound(one("[Cyngor]{lang=cy} meets.")))
    assert '<span class="clause-number">1.1</span> <span lang="cy">Cyngor</span> meets.' in begins


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("~~[hen]{lang=cy}~~ ^^new^^", '<del><span class="vh">[deleted: </span><span lang="cy">hen</span>'),
        ("[~~hen~~ ^^newydd^^ yma]{lang=cy}", '<span lang="cy"><del><span class="vh">[deleted: </span>hen<span'),
        ("[y [ddolen](https://example.org/)]{lang=cy}", '<span lang="cy">y <a href="https://example.org/">ddolen</a></span>'),
        ("[**Cymraeg**](https://example.org/)", '<a href="https://example.org/"><strong>Cymraeg</strong></a>'),
        ("`[a]{lang=cy}`", "<code>[a]{lang=cy}</code>"),
        (r"\[a\]\{lang=cy\}", "[a]{lang=cy}"),
    ],
)  # fmt: skip
def test_marks_links_and_code_stand_in_it_or_round_it(words: str, shown: str) -> None:
    assert shown in written.article(sound(one(words)))


@pytest.mark.parametrize(
    "sign",
    [*(f"{{lang={tag}}}" for tag in ("Welsh", "welsh", "xx", "en_GB", "", '"cy"', "cy ")), "{ lang: cy }"],
)
def test_what_is_no_language_is_told_with_its_line(sign: str) -> None:
    [error] = errors(read(one(f"The [Cyngor]{sign} meets.")))
    assert error.startswith(f"policy_src/x.md:11: clause 1.1: “{sign}” names no language.") and "[P810]" in error


@pytest.mark.parametrize("words", ["[Cyngor] {lang=cy}", "Cyngor {lang=cy}", "[]{lang=cy}", r"\[a]{lang=cy}"])
def test_a_language_without_its_words_is_told(words: str) -> None:
    assert errors(read(one(f"The {words} meets.")))


@pytest.mark.parametrize("tag", ["cy", "gd-GB", "zh-Hans", "zh-Hant-TW", "rom"])
def test_tags_of_languages(tag: str) -> None:
    assert languages.fault(tag) is None


def test_it_can_be_marked_accepted_and_rejected() -> None:
    old, new = (f"{FRONT_MATTER}\n## A\n\n1.  The council, {words}, meets in public at the Guildhall.\n"
                for words in ("[y Cyngor]{lang=cy}", "[Cyngor Dinas]{lang=cy}"))  # fmt: skip
    marked = redline.marked(old, new, "x")
    assert "~~[y Cyngor]{lang=cy}~~ ^^[Cyngor Dinas]{lang=cy}^^" in marked
    assert accept(marked, "x").text == new and reject(marked, "x").text == old
    gone = old.replace("[y Cyngor]{lang=cy}", "[~~y Cyngor~~]{lang=cy} ^^the city’s^^")
    assert "The council, the city’s, meets" in accept(gone, "x").text


def test_the_leak_gate_reads_the_words_alone() -> None:
    assert bare_words.read("The [Cyngor Dinas]{lang=cy} meets.").strings() == {"The Cyngor Dinas meets."}


def test_the_text_of_the_external_edition_keeps_it() -> None:
    text = one(f"{SAID} {{>>JS: why?<<}}")
    done = edition_text.public_text(text.encode(), "x", (), AS_USUAL, {})
    assert done == one(SAID).encode()


def test_the_pdf_says_the_language_in_its_tags(tmp_path: Path) -> None:
    document, meta = short("The [Cyngor Dinas]{lang=cy} and [les écoles]{lang=fr-CA} ~~[hen]{lang=cy}~~ meet.")
    target = tmp_path / "x.pdf"
    job = Job("x", document, {**meta, "reading": "marked"}, target)
    assert Press(tmp_path, TEMPLATE, tmp_path / "cache").make([job]) == Outcome(1, 0, ())
    assert verapdf.check([target]) == []
    with pikepdf.open(target) as pdf:
        dictionaries = [thing for thing in pdf.objects if isinstance(thing, pikepdf.Dictionary)]
        content = b"".join(page.Contents.read_bytes() for page in pdf.pages)
        tags = {str(thing.Lang) for thing in dictionaries if "/Lang" in thing}
    assert {"cy", "fr-CA"} <= tags | {tag for tag in ("cy", "fr-CA") if f"({tag})".encode() in content}
