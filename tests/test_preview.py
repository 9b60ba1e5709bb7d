"""The preview (mkdocs serve) shows what is wrong as a page, and the site again once it is mended."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from building import new_project, policy, run, settings
from playwright.sync_api import Browser

GOOD = policy("## Purpose\n\n1.  Dogs are welcome.")
BAD = policy("## Purpose\n\n1.  Dogs ~~are welcome.")
SLIP = "policy_src/dogs.md:11: clause 1.1: the mark ~~ is never closed. Close it with ~~ before the clause ends. [P301]"
PATIENCE = 90  # seconds for a build; the machine may be busy


@dataclass
class Preview:
    project: Path
    address: str
    log: Path

    def read(self, path: str) -> str:
        """The page at this address, whatever its status; empty while nobody answers."""
        try:
            with urllib.request.urlopen(self.address + path, timeout=PATIENCE) as answer:
                assert answer.status == 200
                return str(answer.read().decode())
        except urllib.error.HTTPError as error:
            return f"{error.code}: {error.read().decode()}"
        except urllib.error.URLError:
            return ""

    def shows(self, path: str, words: str) -> str:
        """The page at this address, once it holds these words."""
        end, page = time.monotonic() + PATIENCE, ""
        while time.monotonic() < end:
            page = self.read(path)
            if words in page:
                return page
            time.sleep(0.2)
        raise AssertionError(f"{path} never shows {words!r}: {page}\n{self.log.read_text('utf-8')}")

    def write(self, text: str, path: str = "policy_src/dogs.md") -> None:
        (self.project / path).write_text(text, "utf-8")


@pytest.fixture
def preview(tmp_path: Path) -> Iterator[Preview]:
    """A preview of a project that has a mistake from the start."""
    project, log = new_project(tmp_path / "project", None), tmp_path / "log.txt"
    (project / "policy_src/dogs.md").write_text(BAD, "utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        where = f"127.0.0.1:{free.getsockname()[1]}"
    command = [sys.executable, "-m", "mkdocs", "serve", "--dev-addr", where]
    with log.open("w") as said:
        process = subprocess.Popen(
            command, cwd=project, env=settings(project, {"POLICY_EDITION": "internal", "POLICY_PDF": "off"}),
            stdin=subprocess.DEVNULL, stdout=said, stderr=said,
        )  # fmt: skip
        try:
            yield Preview(project, f"http://{where}", log)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=30)


def test_the_messages_are_the_page_until_they_are_mended(preview: Preview) -> None:
    assert SLIP in run(preview.project, "check").stderr
    for path in ("/policies/dogs/", "/", "/no/such/page"):
        assert SLIP in preview.shows(path, "something is wrong")
    preview.write(GOOD)
    assert "something is wrong" not in preview.shows("/policies/dogs/", "Dogs are welcome.")
    preview.write(BAD)
    assert "Dogs are" not in preview.shows("/policies/dogs/", SLIP)
    settings_then = (preview.project / "mkdocs.yml").read_text("utf-8")
    preview.write("extra: [", "mkdocs.yml")
    preview.write(GOOD)
    preview.shows("/policies/dogs/", "mkdocs.yml")
    preview.write(settings_then, "mkdocs.yml")
    preview.shows("/policies/dogs/", "Dogs are welcome.")
    assert "Traceback" not in preview.log.read_text("utf-8")


def test_a_browser_follows_by_itself(preview: Preview, browser: Browser) -> None:
    preview.shows("/policies/dogs/", SLIP)
    page = browser.new_page()
    page.set_default_timeout(PATIENCE * 1000)
    page.goto(f"{preview.address}/policies/dogs/")
    page.get_by_text("is never closed").wait_for()
    preview.write(GOOD)
    page.get_by_text("Dogs are welcome.").first.wait_for()
    preview.write(BAD)
    page.get_by_text("is never closed").wait_for()
    page.close()


def test_an_author_cannot_write_markup_into_the_page(preview: Preview) -> None:
    preview.write(policy("## Purpose\n\n1.  See [x](javascript<b>y</b>)."))
    assert "<b>" not in preview.shows("/", "&lt;b&gt;")


def test_nothing_is_published_and_no_folder_left(preview: Preview) -> None:
    preview.shows("/", SLIP)
    assert not (preview.project / "site").exists()
    assert os.listdir(preview.project / "policy_src") == ["dogs.md"]
