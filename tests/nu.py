"""Turns a list of HTML files into the list of their faults against the HTML standard, with the Nu checker.

tests/install.sh fetches the checker. One Java machine checks all files.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

JAR = Path(__file__).parents[1] / ".cache/nu/node_modules/vnu-jar/build/dist/vnu.jar"
# What it warns of and is right: a list without bullets is none to Safari unless it is said; the article is XML as well;
# and a file on disk has no host that could be the page's own.
MEANT = re.compile(
    "The “list” role is unnecessary for element “ol”|Trailing slash on void elements|violates Content Security Policy"
)


def check(paths: Sequence[Path]) -> list[str]:
    """Every error and warning as one line; none if all is well."""
    if not JAR.exists() or not shutil.which("java"):
        if os.environ.get("CI"):
            raise RuntimeError("The Nu checker or Java is missing. tests/install.sh installs both.")
        pytest.skip("the Nu checker needs Java and tests/install.sh")
    command = ["java", "-jar", str(JAR), "--format", "json", "--stdout", "--exit-zero-always", *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    if done.returncode or done.stderr:
        return [f"the Nu checker did not check every file: {done.stderr.strip()}"]
    return [
        f"{message['url']}:{message.get('lastLine', 0)}: {message['message']} {message.get('extract', '')!r}"
        for message in json.loads(done.stdout)["messages"]
        if not MEANT.search(message["message"])
    ]
