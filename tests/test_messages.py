"""Every message is in messages.toml, and its examples are true: the bad one gives the message, the good one nothing."""

import ast
import json
import re
import shutil
import xml.etree.ElementTree as ET
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path
from string import Template

import pytest
import yaml
from building import CONFIGURATION, ROOT
from markdown import Markdown
from test_golden import FRONT_MATTER, PICTURE, TEXT

from policydoc import messages
from policydoc.checking import inspection
from policydoc.editions import council
from policydoc.history import archive
from policydoc.history.dates import CommitDates
from policydoc.history.withheld import WITHHELD
from policydoc.messages import Fault, Message, said, table
from policydoc.outputs.pdf import TEMPLATE, Press, jobs
from policydoc.problems import Problem
from policydoc.settings import Council, Settings, Style
from policydoc.source.policy_files import FOLDER
from policydoc.writing import put_all

SETTINGS = Settings(
    council=Council(name="Test Council"), style=(Style(avoid="utilise", use="use"),),
    categories=("Environment", "Governance"), control={"Equality impact": "public", "Consultation": "internal"},
)  # fmt: skip
# The day on which the examples that hold a date are read
TODAY = date(2026, 12, 15)
CODE = re.compile(r"P\d{3}")


# Bad examples that are told in words


def data(name: str, content: bytes | str) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)

    return write


def link_to(target: str) -> Callable[[Path], None]:
    return lambda folder: (folder / "social-media.md").symlink_to(target)


def cut_short(folder: Path) -> None:
    data("parks.md", TEXT + "1.  ![Map of the parks](images/map.png)\n")(folder)
    (folder / "images").mkdir()
    data("images/map.png", PICTURE[:12])(folder)


def too_large(folder: Path) -> None:
    """60,000 by 60,000 pixels, if one believes its head."""
    cut_short(folder)
    data(
        "images/map.png", PICTURE[:16] + b"\0\0\xea\x60" * 2 + PICTURE[24:29] + bytes.fromhex("a5b92a9e") + PICTURE[33:]
    )(folder)


def beside(name: str, content: bytes) -> Callable[[Path], None]:
    """A policy that is all right, and this file in docs/."""

    def make(folder: Path) -> None:
        data("parks.md", TEXT + "1.  A clause.\n")(folder)
        file = folder.parent / "docs" / name
        file.parent.mkdir(parents=True)
        file.write_bytes(content)

    return make


APPROVED = """---
title: Dogs
policy_number: 0042
version: 1
status: approved
owner: Town Clerk
date_published: 2025-11-30
review_due: 2027-11-30
distribution: {internal: [All staff], external: [Website]}
---

## Purpose

1.  Dogs are welcome.
1.  Owners keep them on a lead.
1.  A breach may be fined.
"""


def approved(*changes: tuple[str, str], sums: str = "", v1: str | None = APPROVED) -> Callable[[Path], None]:
    """A policy and its approved version 1, then the policy changed, a line added to the list, v1 changed or gone."""

    def make(folder: Path) -> None:
        text = APPROVED
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        (folder / "dogs.md").write_bytes(text.encode())
        put_all(archive.addition(folder, "dogs", "1", APPROVED.encode()))
        home = folder / archive.FOLDER / "dogs"
        with (home / archive.SUMS).open("a") as listed:
            listed.write(sums)
        (home / "v1.md").unlink() if v1 is None else (home / "v1.md").write_bytes(v1.encode())

    return make


def removed(folder: Path) -> None:
    approved()(folder)
    (folder / "dogs.md").rename(folder / "parks.md")
    (folder / "parks.md").write_text(APPROVED.replace("approved", "draft"))


def copied(folder: Path) -> None:
    approved()(folder)
    data("archive/dogs/v2.md", APPROVED)(folder)


def linked(folder: Path) -> None:
    approved()(folder)
    home = folder / archive.FOLDER / "dogs"
    (home / "v1.md").rename(folder.parent / "v1.md")
    (home / "v1.md").symlink_to(folder.parent / "v1.md")


def emptied(folder: Path) -> None:
    approved()(folder)
    (folder / archive.FOLDER / "dogs" / archive.SUMS).write_bytes(b"")


def swollen(folder: Path) -> None:
    approved()(folder)
    (folder / archive.FOLDER / "dogs" / archive.SUMS).write_bytes(b"0" * 1_200_000)


def unreadable(folder: Path) -> None:
    """As if an older dialect had read version 1."""
    old, new = APPROVED.replace("welcome.", "~~welcome. { .internal}"), APPROVED.replace("version: 1", "version: 2")
    (folder / "dogs.md").write_bytes(new.encode())
    for version, text in (("1", old), ("2", new)):
        put_all(archive.addition(folder, "dogs", version, text.encode()))


def repainted(folder: Path) -> None:
    """Approved with one picture, which another has taken the place of."""
    text = APPROVED + "1.  ![Map of the parks](images/map.png)\n"
    (folder / "images").mkdir()
    data("images/map.png", PICTURE)(folder)
    data("dogs.md", text)(folder)
    put_all(archive.addition(folder, "dogs", "1", text.encode(), {"images/map.png": PICTURE + b"0"}))


def turned_inside(folder: Path) -> None:
    """Two versions, of which the second keeps two clauses inside that the first had for everybody."""
    two = APPROVED.replace("welcome.", "welcome. {.internal}").replace("fined.", "fined. {.internal}")
    two = two.replace("version: 1", "version: 2")
    (folder / "dogs.md").write_bytes(two.encode())
    for version, text in (("1", APPROVED), ("2", two)):
        put_all(archive.addition(folder, "dogs", version, text.encode()))


def stranded(folder: Path) -> None:
    approved(("owner:", "formerly: [dog-policy]\nowner:"))(folder)
    (folder / archive.FOLDER / "dogs").rename(folder / archive.FOLDER / "dog-policy")
    put_all(archive.addition(folder, "dogs", "1", (folder / "dogs.md").read_bytes()))


def withheld(lines: str, *changes: tuple[str, str]) -> Callable[[Path], None]:
    """A list of withheld versions, below a policy that is changed so."""

    def make(folder: Path) -> None:
        approved(*changes)(folder)
        (folder / archive.FOLDER / "dogs" / WITHHELD).write_text(lines, "utf-8")

    return make


DRAFT = (("version: 1", "version: 2"), ("status: approved", "status: draft"))
LARGE = TEXT + "1.  Words.\n" * 200_000
MADE: dict[str, Callable[[Path], None]] = {
    "P101": lambda folder: folder.rmdir(),
    "P102": lambda folder: None,
    "P104": link_to("../elsewhere.md"),
    "P106": link_to("gone.md"),
    "P108": data("a.md", LARGE[:1_200_157]),
    "P109": data("a.md", TEXT + "\n" * 70_000),
    "P110": data("a.md", (TEXT + "1.  A café.\n").encode("latin-1")),
    "P111": data("a.md", ""),
    "P112": data("a.md", TEXT + "1.  A bell\a.\n"),
    "P117": data("a" * 124 + ".md", TEXT),
    "P155": data("a.md", TEXT.replace("title: Test", "title: " + "[" * 2_000 + "]" * 2_000)),
    "P253": data("a.md", TEXT + "1.  " + "(" * 20_000 + "\n"),
    "P156": data("a.md", TEXT.replace("title: Test", "".join(f"k{n}: v\n" for n in range(595)) + "title: Test")),
    "P250": data("a.md", TEXT + "1.  " + "[" * 20_000 + "\n"),
    "P251": data("a.md", TEXT + ("1.  " + "[clause](#dogs) " * 100 + "\n") * 60 + "1.  Dogs. {#dogs}\n"),
    "P252": data("a.md", TEXT + "\n| a | b |\n|---|---|\n" + "| c | d |\n" * 6_000),
    "P211": data("a.md", TEXT + "".join(f"\n{'    ' * depth}1.  x\n" for depth in range(12))),
    "P212": data("a.md", TEXT + "1.  " + "**a *b " * 600 + "x" + "* c**" * 600 + "\n"),
    "P228": data("a.md", TEXT + "\nItem\tFee\nHall\t£10\n"),
    "P323": data("a.md", TEXT + "1.  ~~Dogs are welcome.~~\u200b\n"),
    "P702": approved(sums="Version 2 was approved in November.\n"),
    "P703": approved(v1=None),
    "P704": approved(v1=APPROVED.replace("welcome", "wellcome")),
    "P705": copied,
    "P706": linked,
    "P707": swollen,
    "P708": emptied,
    "P710": removed,
    "P711": approved(("welcome", "allowed"), ("may be", "is")),
    "P712": approved(("version: 1", "version: 2")),
    "P713": data("dogs.md", APPROVED),
    "P437": cut_short,
    "P120": beside("help.md", b"# Help\n\nAsk us. {>>JS: not yet agreed<<\n"),
    "P118": beside("forms/leave.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    "P119": beside("forms/leave.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    "P438": too_large,
    "P439": beside("plan.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'),
    "P715": approved(("owner: Town Clerk", "owner: Mayor")),
    "P717": approved(("welcome.", "welcome. {=1A}")),
    "P740": unreadable,
    "P745": repainted,
    "P754": stranded,
    "P756": approved(("status: approved", "status: withdrawn")),
    "P757": turned_inside,
    "P750": withheld("1 personal data\n", *DRAFT),
    "P751": withheld("7  2026-12-01  Personal data\n", *DRAFT),
    "P752": withheld("1  2026-12-01  Personal data\n1  2026-12-02  A court’s order\n", *DRAFT),
    "P753": withheld("1  2026-12-01  Personal data\n"),
    "P716": approved(("welcome.", "welcome. {.internal}"), ("may be fined.", "may be fined. {.internal}")),
    "P714": approved(
        ("1.  Dogs are welcome.\n1.  Owners", "1.  Owners"), ("1.  A breach", "1.  Dogs are welcome.\n1.  A breach")
    ),
}
# Messages that no policy is known to give, and the tests that give them
ELSEWHERE = {"P116": "test_limits.py", "P803": "test_pdf.py", "P804": "test_pdf.py", "P805": "test_printing.py"}


def whole(title: str, example: str) -> str:
    """The policy that an example is a piece of."""
    if re.search("^---$", example, re.MULTILINE):
        return example
    keys, text = (example, "## Purpose\n\n1.  A clause.\n") if re.match("[a-z_]+:", example) else ("", example)
    names = re.findall(r"^(\w+:)", keys, re.MULTILINE)
    others = [line for line in FRONT_MATTER.splitlines()[1:-1] if not line.startswith(tuple(names))]
    return "\n".join(["---", *others, keys + "---", text]).replace("Test", title)


def write(example: str, folder: Path) -> None:
    """The files of an example; a policy that is approved is kept, as `policy accept` does."""
    for name, text in messages.parts(example):
        path = folder / (name or "policy.md")
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".md":
            text = whole(path.stem.title(), text)
        if "\nstatus: approved\n" in text:
            put_all(archive.addition(folder, path.stem, "1", text.encode()))
        path.write_bytes(text.encode() or PICTURE)


def found(root: Path) -> list[Problem]:
    """What is wrong with the policies in either edition."""
    return inspection.inspect(root, SETTINGS, TODAY).problems


def printed(root: Path) -> list[Fault]:
    """What is wrong with the policies' PDFs."""
    policies = council.read(root, "internal", SETTINGS).published.values()
    dates = CommitDates(root)
    press = Press(root, ROOT / TEMPLATE, root / "cache")
    marked = [job for job in jobs(policies, SETTINGS, dates, root) if job.meta["reading"] == "marked"]
    return [failure.fault for failure in press.make(marked).failures]


@pytest.mark.quick  # few of them make a PDF
@pytest.mark.parametrize("message", table().values(), ids=lambda message: message.code)
def test_the_bad_example_gives_the_message_and_no_other(message: Message, tmp_path: Path) -> None:
    if message.code in ELSEWHERE:
        assert f'"{message.code}"' in (ROOT / "tests" / ELSEWHERE[message.code]).read_text("utf-8")
        return
    folder = tmp_path / FOLDER
    folder.mkdir()
    assert (message.code in MADE) == message.bad.startswith("(")
    MADE[message.code](folder) if message.code in MADE else write(message.bad, folder)
    shutil.copytree(ROOT / TEMPLATE, tmp_path / TEMPLATE)
    problems = found(tmp_path)
    texts = [problem.text.removesuffix(" (External edition only.)") for problem in problems]
    faults = [Fault(problem.code, problem.level, text) for problem, text in zip(problems, texts, strict=True)]
    assert set(faults) == {message.fault(message.words)}
    if message.code.startswith("P80"):  # and a build would have said the same
        assert set(printed(tmp_path)) == set(faults)


@pytest.mark.quick  # few of them make a PDF
@pytest.mark.parametrize("message", table().values(), ids=lambda message: message.code)
def test_the_good_example_gives_none(message: Message, tmp_path: Path) -> None:
    if message.good.startswith("("):
        assert message.bad.startswith("(")
        return
    folder = tmp_path / FOLDER
    folder.mkdir()
    write(message.good, folder)
    assert found(tmp_path) == []
    if message.code.startswith("P8"):
        assert printed(tmp_path) == []


# The table and the sources


def spoken() -> Iterator[tuple[str, set[str] | None]]:
    """Every code in the sources; where it is that of a message said there, with the names of the words given to it."""
    for path in sorted((ROOT / "hooks").rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and CODE.fullmatch(node.value):
                yield node.value, None
            if not isinstance(node, ast.Call):
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            words = {str(word.arg) for word in node.keywords} - ({"line"} if name == "note" else set())
            if name == "ValueError":  # a check of front matter, whose reader adds the key
                words = {"key"}
            if name in ("said", "note", "ValueError"):
                codes = (each for argument in node.args for each in ast.walk(argument))
                yield from (
                    (str(each.value), words)
                    for each in codes
                    if isinstance(each, ast.Constant) and CODE.fullmatch(str(each.value))
                )


def test_the_sources_say_every_message_and_no_other_with_its_words() -> None:
    given: dict[str, list[set[str]]] = defaultdict(list)
    for code, words in spoken():
        given[code] += [] if words is None else [words]
    assert sorted(given) == list(table())
    for code, message in table().items():
        names = set(Template(message.text).get_identifiers())
        assert given[code] and all(words == names for words in given[code]), (code, names, given[code])
        assert set(message.words) == names, code


def test_no_words_of_a_message_are_left_in_the_sources() -> None:
    """Problems are made of messages: nobody makes one, or a fault, from words of his own."""
    for path in sorted((ROOT / "hooks").rglob("*.py")):
        if path.name != "messages.py":
            assert not re.search(r"\b(?:Problem|Fault)\((?!\*\*)", path.read_text("utf-8")), path.name


@pytest.mark.parametrize("message", table().values(), ids=lambda message: message.code)
def test_the_style_of_a_message(message: Message) -> None:
    assert CODE.fullmatch(message.code) and message.level in ("error", "warning")
    assert re.fullmatch(r"(?:[a-z#{$“]|HTML)[^\n]*(?:[.?]|\$\w+\]?)", message.text)
    assert re.fullmatch(r"[A-Z0-9][^\n]*[.]", message.why)
    for example in (message.bad, message.good):
        assert example.startswith("(") == example.endswith(")") and (example.startswith("(") or example[-1] == "\n")


def test_what_the_table_does_not_know_is_not_said() -> None:
    with pytest.raises(KeyError):
        said("P999")
    with pytest.raises(KeyError, match="sign"):
        said("P301")


# The page


def test_the_page_explains_every_message() -> None:
    settings = yaml.load(CONFIGURATION, Loader=AnyTag)["markdown_extensions"]
    extensions = ["fenced_code", *(name for each in settings for name in ([each] if isinstance(each, str) else each))]
    markdown = Markdown(extensions=extensions)
    html = markdown.convert(messages.page())
    tree = ET.fromstring(f"<body>{html}</body>")
    headings = {heading.get("id"): "".join(heading.itertext()) for heading in tree.iter("h3")}
    assert list(headings) == [code.lower() for code in table()]
    codes = ["".join(code.itertext()) for code in tree.iter("code")]
    for message in table().values():
        text = message.fault(message.words).text
        said_so, _, title = headings[message.code.lower()].partition(": ")
        assert said_so == message.code and title and text.startswith(title)
        assert re.match(r"[.?]? [A-Z]|[.?]?$", text[len(title) :]), title
        assert text in codes
        for example in (message.bad, message.good):
            told = [example.strip("()\n")] if example.startswith("(") else [t for _, t in messages.parts(example) if t]
            assert all(words.strip("\n") in "".join(tree.itertext()) for words in told)
    markdown = Markdown(extensions=extensions)
    markdown.preprocessors.deregister("html_block")
    markdown.inlinePatterns.deregister("html")
    assert markdown.convert(messages.page()) == html, "there is HTML in it"


class AnyTag(yaml.SafeLoader):
    """Reads mkdocs.yml with its !ENV."""


AnyTag.add_constructor("!ENV", lambda loader, node: None)


# A problem's way to its reader


def test_a_problem_keeps_its_code() -> None:
    problem = said("P216", number="1.1").at("policy_src/x.md", 3, "clause 1.1")
    assert (problem.level, problem.code) == ("warning", "P216")
    assert str(problem).endswith("start the line with 1. [P216]")
    assert Problem(**json.loads(json.dumps(asdict(problem)))) == problem
    assert str(Problem("policy_src/x.md", 3, "words.")) == "policy_src/x.md:3: words."
