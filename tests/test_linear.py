"""No expression of ours takes long over any text, and no policy that may be read keeps a check busy.

Processor time is bounded, but no slow machine meets the bound: over 20,000 signs an expression that looks at each sign
a few times needs a millisecond, one that goes back over them from every sign some seconds. Python-Markdown's own
expressions, and ours that look for the end of what they find, are of the second kind: `limits` is there for them, and
the second half of this file drives it.
"""

import ast
import importlib
import pkgutil
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from types import FrameType

import pytest
from building import policy

import policydoc
from policydoc.checking import inspection
from policydoc.settings import Council, Settings
from policydoc.source import policy_files

LENGTH = 20_000
SETTINGS = Settings(council=Council(name="A"))
# What looks for an end that may not be there, within a paragraph that `limits` has measured before
MEASURED = {
    "amending.marks._CODE", "amending.marks._COMMENT", "amending.marks._WORDS", "amending.word_by_word._COMMENTS_LAST",
    "checking.prose._SIGNS", "source.signs._CODE", "source.signs._OPEN_COMMENT",
}  # fmt: skip
# What sees the program's own words alone
OUR_OWN = {
    "outputs.own_words._JINJA",
    "outputs.own_words._TAG",
    "outputs.own_words._QUOTED",
    "outputs.own_words._CONTENT",
}
RUNS = [
    "a", " ", "1", ".", "-", "=", "#", ">", "<", "{", "}", "[", "]", "(", "|", "\\", "`", "*", "~", "&", ":", '"', "\n",
    "a ", "1. ", "- ", "> ", "{>>", "<<}", "{==", "<!--", "-->", "{#a}", " {.internal}", "[a](", "![", "[^1]", "[a]: ",
    "&amp;", "\\|", "1.1.", "a-", "\U000f0001", "{.a", "\xa0", "\u200b", "a\n", " \n",
]  # fmt: skip


@contextmanager
def seconds(most: float) -> Iterator[None]:
    """Stops what takes more processor time than this; the engine of expressions looks for signals as well."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise TimeoutError(f"more than {most} seconds")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, most)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def expressions() -> dict[str, tuple[re.Pattern[str], set[str]]]:
    """Every compiled expression of the package that reads text, and what is done with it, by where it stands."""
    found: dict[str, tuple[re.Pattern[str], set[str]]] = {}
    uses: dict[tuple[str, str], set[str]] = {}
    modules = [importlib.import_module(each.name) for each in pkgutil.walk_packages(policydoc.__path__, "policydoc.")]
    for module in modules:
        for node in ast.walk(ast.parse(Path(str(module.__file__)).read_text("utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                uses.setdefault((module.__name__, node.value.id), set()).add(node.attr)
    for module in modules:
        for name, value in vars(module).items():
            if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
                found[f"{module.__name__.removeprefix('policydoc.')}.{name}"] = (
                    value,
                    uses.get((module.__name__, name), set()),
                )
    return found


EXPRESSIONS = expressions()


def test_there_are_expressions_and_they_are_used() -> None:
    assert len(EXPRESSIONS) > 80
    assert EXPRESSIONS.keys() >= MEASURED | OUR_OWN


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(EXPRESSIONS.keys() - MEASURED - OUR_OWN))
def test_an_expression_is_linear(name: str) -> None:
    pattern, uses = EXPRESSIONS[name]
    searched = bool(uses - {"match", "fullmatch", "pattern"})
    for run in RUNS:
        text = run * (LENGTH // len(run)) + "!"
        with seconds(2):
            pattern.match(text)
            pattern.fullmatch(text)
            if searched:
                next(pattern.finditer(text), None)


MUCH = 950_000


def clause(text: str) -> str:
    return f"## Purpose\n\n1.  {text}\n"


# Texts of up to the largest size of a policy
HOSTILE = {
    "20,000 [": clause("[" * 20_000),
    "8,000 ![": clause("![" * 8_000),
    "20,000 {>>": clause("{>>" * 20_000),
    "20,000 {==": clause("{==" * 20_000),
    "5,000 {.internal}": clause("a" + " {.internal}" * 5_000),
    "spaces and a brace": clause("a" + " " * 900_000 + "{x"),
    "rising ticks": clause(" ".join("`" * n for n in range(1, 1_300))),
    "quotes in quotes": "## A\n\nB.\n\n" + ">" * 300_000 + " a\n",
    "one row": "## A\n\nB.\n\n" + "|" * 100_000 + "\n|-|-|\n",
    "33,000 links": "## A {#a}\n\n1.  " + "[clause](#a) " * 33_000 + "\n",
    "comments that go on": "## A\n\n" + "<!-- a\n" * 50_000,
    "a megabyte of words": clause("a " * (MUCH // 2)),
}


@pytest.mark.slow
@pytest.mark.parametrize("what", HOSTILE)
def test_a_policy_does_not_keep_a_check_busy(what: str, tmp_path: Path) -> None:
    folder = tmp_path / "policy_src"
    folder.mkdir()
    (folder / "a.md").write_text(policy(HOSTILE[what]), "utf-8")
    with seconds(20):
        inspection.inspect(tmp_path, SETTINGS, date(2026, 1, 1))


FRONTS = {
    "brackets": "a: " + "[" * 400_000,
    "keys": "".join(f"k{n}: v\n" for n in range(50_000)),
    "one value": 'a: "' + "x" * 900_000 + '"',
    "anchors": "".join(f"k{n}: &a{n} v\n" for n in range(30_000)),
}


@pytest.mark.slow
@pytest.mark.parametrize("what", FRONTS)
def test_front_matter_does_not_keep_a_check_busy(what: str) -> None:
    data = f"---\n{FRONTS[what]}\n---\n\n## A\n\n1.  B.\n".encode()
    with seconds(20):
        found, problems = policy_files.read("a", "policy_src/a.md", data)
    assert problems and (found is None or found.faulty)
