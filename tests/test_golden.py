"""Golden cases: a policy in, what each edition makes of it out. One function runs them all.

A case is tests/golden/<name>.md, and its expectation <name>.txt. Further files of the same case follow a line such as
`%%% other-policy.md`. A file that doesn't begin with `---` gets FRONT_MATTER in front of it, and the lines that are
reported are still those of the case. What can't be written down as text (bytes, file names, links) is made by a
function in MADE. `pytest --update-golden` writes the expectations anew: read their diff.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping
from pathlib import Path
from textwrap import indent
from types import SimpleNamespace

import pytest
import samples
import written

from policydoc.editions import council
from policydoc.editions.policy import Policy
from policydoc.editions.withhold import Edition
from policydoc.model.schedule import Change
from policydoc.problems import Problem
from policydoc.settings import Council, Settings
from policydoc.source.policy_files import FOLDER

GOLDEN = Path(__file__).parent / "golden"
FRONT_MATTER = """\
---
title: Test Policy
version: 1
status: draft
owner: Clerk
distribution: {internal: [All staff], external: [Website]}
---
"""
FILLED = FRONT_MATTER.count("\n")
# The smallest picture that is one
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
    "0000000a4944415478da63f80f00010101001cb08c990000000049454e44ae426082"
)
TEXT = FRONT_MATTER + "## Purpose\n\n1.  A clause.\n"
INLINE = frozenset("a code del em img ins mark span strong sub sup br".split())


# The cases that a text file can't hold


def write(files: Mapping[str, str | bytes]) -> Callable[[Path], None]:
    """A case of these files in policy_src/."""

    def make(folder: Path) -> None:
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)

    return make


def link_out_of_the_tree(folder: Path) -> None:
    (folder.parent / "secret.md").write_text(TEXT)
    (folder / "out.md").symlink_to(folder.parent / "secret.md")
    (folder / "nowhere.md").symlink_to(folder.parent / "gone.md")
    (folder / "loop.md").symlink_to(folder / "loop.md")
    (folder / "images").mkdir()
    (folder.parent / "x.png").write_bytes(PICTURE)
    (folder / "images" / "x.png").symlink_to(folder.parent / "x.png")
    (folder / "image.md").write_text(TEXT + "1.  ![A chart](images/x.png)\n")


IMAGES = """\
1.  ![A chart](images/chart.png) is there.
1.  ![A chart](images/gone.png) is not.
1.  ![A chart](../chart.png) lies outside, ![so does this](/etc/chart.png), ![and this](https://example.org/x.png).
1.  ![A chart](images/chart.svg) is of another kind, ![this](images/fake.png) is not what it says.
1.  ![](images/chart.png) says nothing.
"""

MADE: dict[str, Callable[[Path], None]] = {
    "file-no-front-matter": write({"a.md": "## Purpose\n\n1.  A clause.\n", "b.md": TEXT.replace("---\n", "", 1)}),
    "file-front-matter-open": write({"a.md": FRONT_MATTER.removesuffix("---\n") + "\n## Purpose\n"}),
    "file-no-text": write({"a.md": FRONT_MATTER, "b.md": FRONT_MATTER + "\n \n"}),
    "file-empty": write({"a.md": "", "b.md": " \n\n", "c.md": b"\xef\xbb\xbf"}),
    "file-not-utf8": write(
        {"a.md": TEXT.encode() + "1.  A café.\n".encode("latin-1"), "b.md": TEXT.encode("utf-16")}
    ),
    "file-bom": write({"a.md": b"\xef\xbb\xbf" + TEXT.encode()}),
    "file-crlf": write({"a.md": (TEXT + "1.  Two\n    lines.\n\n    ~~a\n    b~~\n").replace("\n", "\r\n")}),
    "file-cr": write({"a.md": TEXT.replace("\n", "\r")}),
    "file-unprintable": write(
        {
            "a.md": TEXT + "1.  A \0 sign.\n1.  Two \x07\x08.\n",
            "b.md": TEXT + "1.  A \ue000 \U000f0001 \U00100000 sign.\n",
            "c.md": TEXT + "1.  A word\x92s quote.\n1.  Turned \u202e round.\n",
        }
    ),
    "file-separators": write({"a.md": TEXT + "1.  A\u2028line\u0085and\x0ca page.\n"}),
    "file-tabs": write({"a.md": TEXT + "\n1.\tA clause.\n\n\t1.\tA sub-clause.\n\n\t\tIts second paragraph.\n"}),
    "file-large": write({"a.md": TEXT + "1.  Words.\n" * 500_000, "b.md": TEXT + "\n" * 70_000, "c.md": TEXT}),
    "file-names": write(
        {
            "Social Media.md": TEXT,
            "social_media.md": TEXT,
            "upper.MD": TEXT,
            "-.md": TEXT,
            "café.md": TEXT,
            "good-name-2.md": TEXT,
            ".hidden.md": TEXT,
            "notes.txt": "x",
            "folder/x.md": TEXT,
            "archive/x.md": "not read",
        }
    ),
    "file-link-out": link_out_of_the_tree,
    "file-images": write(
        {
            "a.md": TEXT + IMAGES,
            "images/chart.png": PICTURE,
            "images/fake.png": b"GIF89a",
            "images/chart.svg": "<svg/>",
        }
    ),
    "file-image-good": write(
        {
            "a.md": TEXT + '1.  ![A chart](images/chart.png "Its title") {.internal}\n1.  ![B](images/b.jpg)\n',
            "images/chart.png": PICTURE,
            "images/b.jpg": samples.photo(),
        }
    ),
    "file-image-names": write(
        {
            "a.md": TEXT + f"1.  ![A](images/{'x' * 300}.png)\n1.  ![A](images/%00.png)\n",
            "b.md": TEXT + "1.  ![A](images)\n1.  ![A](b.md)\n",
        }
    ),
    "file-deep": write(
        {
            "clauses.md": TEXT + "".join(f"\n{'    ' * depth}1.  x\n" for depth in range(1, 40)),
            "emphasis.md": TEXT + "1.  " + "**a *b " * 600 + "x" + "* c**" * 600 + "\n",
        }
    ),
    "file-no-policies": write({}),
    "file-faults-of-all": write(
        {
            "a.md": TEXT + "1.  ~~open\n\n1.  [x](gone.md)\n",
            "b.md": b"\xff",
            "c.md": TEXT.replace("owner", "ownr"),
            "d.md": TEXT + "1.  [A file that can't be read](b.md), [nor this](c.md#name).\n",
        }
    ),
}  # fmt: skip


# The one function


@pytest.mark.parametrize("name", sorted({path.stem for path in GOLDEN.glob("*.md")} | set(MADE)))
def test_golden(name: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    folder = tmp_path / FOLDER
    folder.mkdir()
    filled: set[str] = set()
    if name in MADE:
        MADE[name](folder)
    else:
        filled = write_case(name, folder)
    found = outcome(name, tmp_path, filled)
    expected = GOLDEN / f"{name}.txt"
    if request.config.getoption("--update-golden"):
        expected.write_text(found, "utf-8")
    assert expected.is_file(), f"{expected.name} is missing. Write it with pytest --update-golden, and read it."
    assert found == expected.read_text("utf-8")


def test_every_expectation_has_a_case() -> None:
    cases = {path.stem for path in GOLDEN.glob("*.md")} | set(MADE)
    assert {path.stem for path in GOLDEN.glob("*.txt")} <= cases


def test_article_to_the_letter(tmp_path: Path) -> None:
    """The shape that the theme, the PDF's template and other programs rely on; the cases leave some of it out."""
    folder = tmp_path / FOLDER
    folder.mkdir()
    text = "## ^^New^^ {>>TA1: why<<}\n\n1.  ^^A.^^ {#a}\n1.  Was ~~once~~ & [clause](#a). {>>so<<} {.internal}\n"
    (folder / "a.md").write_text(FRONT_MATTER + "## Old\n\n" + text)
    policies = council.read(tmp_path, "internal", Settings(council=Council(name="Test Council")))
    assert written.article(next(iter(policies.published.values()))) == (
        '<article class="policy" lang="en-GB">\n'
        '<h2 id="1" data-level="1" data-status="unchanged" data-number="1" data-previous-number="1">'
        '<span class="clause-number">1</span> Old</h2>\n'
        '<h2 id="2" data-level="1" data-status="inserted" data-number="2" data-previous-number="">'
        f'<span class="clause-number">{marked("ins", "2")}</span> {marked("ins", "New")}'
        '<span class="comment" id="comment-1" data-author="TA1"><span class="vh">[comment by </span>'
        '<span class="comment-author">TA1</span>: why<span class="vh">]</span></span></h2>\n'
        '<ol class="clauses" role="list">'
        '<li id="2.1" data-level="2" data-status="inserted" data-number="2.1" data-previous-number="">'
        '<p><span class="anchor" id="a"></span>'
        f'<span class="clause-number">{marked("ins", "2.1")}</span> {marked("ins", "A.")}</p></li>'
        '<li id="2.2" data-level="2" data-status="amended" data-number="2.2" data-previous-number="1.1">'
        f'<p><span class="clause-number">{marked("del", "1.1")} {marked("ins", "2.2")}</span> '
        f'Was {marked("del", "once")} &amp; <a href="#2.1" class="reference">clause 2.1</a>.'
        '<span class="comment" id="comment-2" data-author="" role="note"><span class="vh">[comment: </span>so'
        '<span class="vh">]</span></span></p></li></ol>\n'
        "</article>"
    )


def marked(tag: str, words: str) -> str:
    word = {"del": "deleted", "ins": "inserted"}[tag]
    return f'<{tag}><span class="vh">[{word}: </span>{words}<span class="vh">]</span></{tag}>'


def write_case(name: str, folder: Path) -> set[str]:
    """Writes the files of a case; returns the paths of those that got the front matter from here."""
    filled = set()
    first, *others = re.split(r"^%%% (.+)\n", (GOLDEN / f"{name}.md").read_text("utf-8"), flags=re.MULTILINE)
    for file, text in [(f"{name}.md", first), *zip(others[::2], others[1::2], strict=True)]:
        if not text.startswith("---\n"):
            title = "" if file == f"{name}.md" else file.removesuffix(".md").title() + " "
            text = FRONT_MATTER.replace("Test ", title or "Test ") + text
            filled.add(f"{FOLDER}/{file}")
        (folder / file).write_text(text, "utf-8")
    return filled


# What comes out, as text


def outcome(name: str, root: Path, filled: set[str]) -> str:
    """Both editions, then the numbers under close_up; a part that is as in the one before says so."""
    internal, external = (parts(name, root, edition, "keep", filled) for edition in ("internal", "external"))
    closed = parts(name, root, "internal", "close_up", filled)
    text = "# internal edition\n" + "".join(internal.values())
    text += "\n# external edition" + different(external, internal)
    return text + "\n# deleted_clauses: close_up" + different(closed, internal)


def different(found: dict[str, str], before: dict[str, str]) -> str:
    if found == before:
        return ": the same\n"
    return "\n" + "".join(
        text if text != before.get(part) else f"\n{part}: the same\n" for part, text in found.items() if text
    )


def parts(name: str, root: Path, edition: Edition, deleted_clauses: str, filled: set[str]) -> dict[str, str]:
    settings = Settings(council=Council(name="Test Council"), deleted_clauses=deleted_clauses)
    policies = council.read(root, edition, settings)
    problems = "".join(f"{each.level}: {problem_line(each, filled)}\n" for each in policies.problems)
    found = {"problems": titled("problems", problems)}
    if policies.errors:
        return found
    everyone = list(policies.published.values())
    check_what_is_not_shown(everyone)
    if not everyone:
        return {**found, "policies": "\nno policy in this edition\n"}
    policy = next((each for each in everyone if each.slug == name), everyone[0])
    if policy.path not in filled:
        metadata = policy.metadata.model_dump(mode="json").items()
        found["metadata"] = titled("metadata", "".join(f"{key}: {value}\n" for key, value in metadata if value))
    found["places"] = titled("places", places(written.clauses(policy)))
    found["marked"] = titled("marked", readable(ET.fromstring(written.article(policy))))
    for reading in ("amended", "previous"):
        found[reading] = titled(reading, texts(written.clauses(policy), reading))
    found["schedule"] = titled("schedule", "".join(map(amendment, policy.schedule)))
    return found


def amendment(change: Change) -> str:
    return f"{change.name} {change.location}: {change.words}\n"


def problem_line(problem: Problem, filled: set[str]) -> str:
    """The problem as its author sees it, with the line numbers of the case."""
    text = str(problem)
    if problem.path not in filled:
        return text
    return re.sub(
        r"(\.md:|\bline )(\d+)",
        lambda line: f"{line[1]}{max(int(line[2]) - FILLED, 0)}",
        text,
        flags=re.ASCII,
    )


def titled(title: str, text: str) -> str:
    return f"\n{title}\n{indent(text, '  ')}" if text else ""


def places(clauses: list[SimpleNamespace]) -> str:
    return "".join(
        f"{(clause.id):9} {clause.previous_number or '–':7} {clause.status}"
        + (f" #{clause.name}" if clause.name else "")
        + "\n"
        for clause in clauses
    )


def texts(clauses: list[SimpleNamespace], reading: str) -> str:
    lines = []
    for clause in clauses:
        number = clause.number if reading == "amended" else clause.previous_number
        text = clause.text if reading == "amended" else clause.previous_text
        if number is not None:
            words = "(deleted)" if text is None else text.replace("\n", "\n    ")
            lines.append(f"{number} {words}".rstrip() + "\n")
    return "".join(lines)


def check_what_is_not_shown(everyone: list[Policy]) -> None:
    """What the text below leaves out because it is always the same: an element's data, and the words round a mark."""
    for policy in everyone:
        article = ET.fromstring(written.article(policy))
        by_id = {element.get("id"): element for element in article.iter()}
        for clause in written.clauses(policy):
            element = by_id[clause.id]
            assert element.get("data-level") == str(clause.level)
            assert element.get("data-status") == clause.status
            assert element.get("data-number") == (clause.number or "")
            assert element.get("data-previous-number") == (clause.previous_number or "")
        for mark in article.iter():
            if mark.tag in ("del", "ins"):
                word = {"del": "[deleted: ", "ins": "[inserted: "}[mark.tag]
                assert (mark[0].get("class"), mark[0].text) == ("vh", word)
                assert (mark[-1].get("class"), mark[-1].text, mark[-1].tail) == ("vh", "]", None)


def readable(article: ET.Element) -> str:
    """The article with a line for each block, without what check_what_is_not_shown looks at."""
    for element in article.iter():
        for key in ("data-level", "data-status", "data-number", "data-previous-number"):
            element.attrib.pop(key, None)
        if element.tag in ("del", "ins"):
            element.text = (element.text or "") + (element[0].tail or "")
            element.remove(element[0])
            element.remove(element[-1])
        if element.get("class") == "clause-number":
            element.tag = "number"
            element.attrib.clear()
        if element.get("class") == "comment":
            author = element.find("span[@class='comment-author']")
            if author is not None:
                assert element.attrib.pop("data-author") == author.text
            words = "".join(element.itertext())
            for child in list(element):
                element.remove(child)
            element.text = words
            element.tag = "comment"
            del element.attrib["class"]
            element.attrib.pop("role", None)  # a comment in a heading has none
    return "".join(line + "\n" for child in article for line in block(child))


def block(element: ET.Element) -> list[str]:
    attributes = "".join(f' {key}="{value}"' for key, value in element.attrib.items())
    tail, element.tail = (element.tail or "").strip(), None
    assert not tail or element.tag in INLINE
    if element.tag == "pre" or all(child.tag in INLINE or child.tag in ("number", "comment") for child in element):
        return [*ET.tostring(element, encoding="unicode").splitlines(), *([tail] if tail else [])]
    lines = [f"<{element.tag}{attributes}>"]
    if (element.text or "").strip():
        lines.append("  " + (element.text or "").strip())
    for child in element:
        lines += [f"  {line}" for line in block(child)]
    return lines
