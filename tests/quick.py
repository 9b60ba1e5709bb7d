"""Says which tests are quick: those that can't reach what takes its time. So a new test is rightly marked by itself.

What takes its time: a process of its own, a build, PDFs, their validator, a browser, and hypothesis, which tries a
hundred texts where others try one. What is different with a test it says itself: `@pytest.mark.slow`, or
`@pytest.mark.quick`.
"""

from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FunctionType, ModuleType

import pytest
from building import ROOT
from hypothesis import is_hypothesis_test

TESTS = str(Path(__file__).parent)
TAKE_TIME = {
    "forks.run",
    "subprocess.run",
    "subprocess.Popen",
    "mkdocs.commands.build.build",
    "policydoc.outputs.pdf.Press",
    "verapdf.check",
}


def is_quick(test: pytest.Function) -> bool:
    if test.get_closest_marker("quick"):
        return True
    if test.get_closest_marker("slow") or "browser" in test.fixturenames or is_hypothesis_test(test.function):
        return False
    return TAKE_TIME.isdisjoint(map(full_name, reached(start(test))))


def may_notice(test: pytest.Function) -> bool:
    """Whether a test, or what it can reach, knows where the project lies, and so could read what a council changes."""
    return any(thing is ROOT for thing in reached(start(test)))


def start(test: pytest.Function) -> list[object]:
    """The test's own function, and those of its fixtures."""
    made_by = test._fixtureinfo.name2fixturedefs
    return [test.function, *(fixture.func for name in test.fixturenames for fixture in made_by.get(name, ()))]


def reached(new: list[object]) -> Iterator[object]:
    """These functions, and all that they or the tests' functions and classes which they name can call by name."""
    known = set[int]()
    while new:
        thing = new.pop()
        if id(thing) not in known:
            known.add(id(thing))
            yield thing
            new += named(thing)


def named(thing: object) -> list[object]:
    if isinstance(thing, type):
        return [value for value in vars(thing).values() if isinstance(value, FunctionType)]
    if not isinstance(thing, FunctionType) or not thing.__code__.co_filename.startswith(TESTS):
        return []
    names = set(words(thing.__code__))
    globals_ = [thing.__globals__[name] for name in names if name in thing.__globals__]
    modules = [value for value in globals_ if isinstance(value, ModuleType)]
    return globals_ + [getattr(module, name) for module in modules for name in names if hasattr(module, name)]


def words(code: CodeType) -> Iterator[str]:
    """The names in a function, in its lambdas and in the functions inside it."""
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from words(constant)


def full_name(thing: object) -> str:
    return f"{getattr(thing, '__module__', '')}.{getattr(thing, '__qualname__', '')}"
