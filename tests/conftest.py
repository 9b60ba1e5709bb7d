"""What holds for every test: nothing of a council's own is read, no skips in CI, repeatable hypothesis runs.

And what every test may use: one browser, a flag for golden files.
"""

import os
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TypeVar

import guard
import pytest
from building import ROOT
from playwright.sync_api import Browser, sync_playwright
from quick import is_quick, may_notice

IN_CI = bool(os.environ.get("CI"))
CHROMIUM = "/usr/bin/chromium"
QUIET = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)

# Before hypothesis is imported, so that it leaves no .hypothesis folder in the project.
os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", str(ROOT / ".cache" / "hypothesis"))

from hypothesis import settings  # noqa: E402

settings.register_profile("local", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, database=None, print_blob=True)
settings.load_profile("ci" if IN_CI else "local")


# A shell that runs the tests in its background has Ctrl-C ignored; builds that tests stop by it would ignore it, too.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield running
        running.close()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the golden files anew")


def pytest_collection(session: pytest.Session) -> None:
    """From here on guard.py keeps watch, and tests stand in an empty folder, as do the processes that they start."""
    empty = tempfile.TemporaryDirectory(prefix="policy-tests-")
    session.config.add_cleanup(empty.cleanup)
    session.config.add_cleanup(lambda: os.chdir(ROOT))
    os.chdir(empty.name)
    sys.addaudithook(guard.watch)


@pytest.hookimpl(tryfirst=True)  # before -m chooses
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks the quick tests; puts the files that take longest first, so that two workers end at the same time."""
    weight = Counter[Path]()
    for item in items:
        if isinstance(item, pytest.Function) and is_quick(item):
            item.add_marker("quick")
            if may_notice(item):
                item.add_marker("noticing")
        else:  # what somebody marked by hand takes longer than most
            weight[item.path] += 20 if item.get_closest_marker("slow") else 1
    items.sort(key=lambda item: -weight[item.path])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    expected_to_fail = hasattr(report, "wasxfail")
    return report if expected_to_fail else _judged(report)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """What a module does while it is loaded counts, too; so does a skip at its top, importorskip among them."""
    return _judged((yield))


def _judged(report: Report) -> Report:
    if IN_CI and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"skipped, and in CI nothing may be: {report.longrepr}"
    if guard.met:
        report.outcome = "failed"
        report.longrepr = f"it met what a council may change (tests/guard.py): {', '.join(guard.met)}"
        guard.met.clear()
    return report
