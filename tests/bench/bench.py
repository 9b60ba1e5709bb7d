"""Measures the build on made-up policies against the limits that the project keeps: `make bench`.

All measures are ratios taken in one run on one machine, in processor time and peak memory of the build's own
process, so that a slow or busy machine changes the figures but hardly the verdicts. Compared runs take turns.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import yaml
from mkdocs.utils.yaml import get_yaml_loader

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "tests"))

import building  # noqa: E402
import generate  # noqa: E402
import pdf  # noqa: E402

KILOBYTES = 1 if sys.platform == "linux" else 1 / 1024  # ru_maxrss is in bytes on macOS


@dataclass(frozen=True)
class Run:
    """One build: processor seconds, peak memory in megabytes, and what the hooks counted."""

    seconds: float
    megabytes: float
    done: dict[str, int]


@dataclass(frozen=True)
class Measure:
    what: str
    value: float
    limit: float
    exact: bool = False
    least: bool = False

    @property
    def passed(self) -> bool:
        if self.exact:
            return self.value == self.limit
        return self.value >= self.limit if self.least else self.value <= self.limit


def build(project: Path, pdf: bool = False) -> Run:
    """Build the project's external edition, or a bare project's only one, in a process of its own."""
    settings = {
        "POLICY_EDITION": "external",
        "POLICY_EVENTS": "1",
        "POLICY_PDF": "on" if pdf else "off",
        "NO_MKDOCS_2_WARNING": "1",
    }
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", str(project / "site")]
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(command, cwd=project, env=os.environ | settings, stdout=output)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)  # Popen mustn't wait for it again
        output.seek(0)
        lines = output.read().splitlines()
    if process.returncode:
        sys.exit("\n".join([*lines[:5], f"the build of {project.name} failed with {process.returncode}"]))
    events = {event["event"]: event for event in (json.loads(line) for line in lines if line.startswith("{"))}
    done = {key: value for name in ("pdfs", "done") for key, value in events.get(name, {}).items()}
    run = Run(usage.ru_utime + usage.ru_stime, usage.ru_maxrss * KILOBYTES / 1024, done)
    print(f"  {project.name:<14}{run.seconds:7.1f} s {run.megabytes:7.0f} MB  {summary(done)}", file=sys.stderr)
    return run


def command(project: Path, *words: str) -> Run:
    """One of the project's own commands in a process of its own, with those that it starts."""
    process = subprocess.Popen(
        [sys.executable, "-c", "from policydoc.commands import main; main()", *words],
        cwd=project,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"the {words[0]} of {project.name} failed with {process.returncode}")
    run = Run(usage.ru_utime + usage.ru_stime, usage.ru_maxrss * KILOBYTES / 1024, {})
    print(f"  {project.name:<14}{run.seconds:7.1f} s {run.megabytes:7.0f} MB  {' '.join(words)}", file=sys.stderr)
    return run


def check(project: Path) -> float:
    """Processor seconds of `policy check`."""
    return command(project, "check").seconds


def summary(done: dict[str, int]) -> str:
    return ", ".join(f"{done[key]} {key}" for key in ("policies", "made", "reused") if key in done)


def press_project(folder: Path, count: int) -> Path:
    """The program as it stands, with the sample council's pages and settings, and made-up policies."""
    project = building.new_project(folder / f"press-{count}", None)
    generate.write(project / "policy_src", count)
    return project


def kept_project(folder: Path, count: int) -> Path:
    """The same with five kept versions of each policy."""
    project = building.new_project(folder / f"kept-{count}", None)
    generate.write_versions(project / "policy_src", count)
    return project


def bare_project(folder: Path, count: int) -> Path:
    """The same text for MkDocs and Material alone: the theme's features and search of the project, nothing else set."""
    project = folder / f"bare-{count}"
    config = yaml.load(building.CONFIGURATION, get_yaml_loader())
    theme = {key: value for key, value in config["theme"].items() if key != "custom_dir"}
    settings = {
        "site_name": "Bare",
        "site_url": config["site_url"],
        "theme": theme,
        "plugins": ["search"],
        # All that a policy may hold, as in hooks/policydoc/source/dialect.py
        "markdown_extensions": [
            "admonition",
            "attr_list",
            "def_list",
            "footnotes",
            "sane_lists",
            "tables",
            {"pymdownx.caret": {"smart_insert": False}},
            {"pymdownx.tilde": {"smart_delete": False}},
        ],
    }
    generate.write_bare(project / "docs" / "policies", count)
    (project / "docs" / "index.md").write_text("# Policies\n", encoding="utf-8")
    (project / "mkdocs.yml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    return project


def measures(folder: Path, few: int, many: int, rounds: int) -> Iterator[Measure]:
    press, bare, large = press_project(folder, few), bare_project(folder, few), press_project(folder, many)

    checked = median(check(press) for _ in range(rounds)) / few
    yield Measure(f"policy check, CPU per policy at {many} against {few}", check(large) / many / checked, 1.2)

    pairs = [(build(press), build(bare)) for _ in range(rounds)]
    ours, theirs = (median(run.seconds for run in runs) for runs in zip(*pairs, strict=True))
    yield Measure(f"website of {few} policies, CPU against bare MkDocs + Material", ours / theirs, 1.3)

    grown = build(large).seconds / many
    yield Measure(f"website, CPU per policy at {many} against {few}", grown / (ours / few), 1.2)

    first, first_large = build(press, pdf=True), build(large, pdf=True)
    per_policy = (first_large.seconds / many) / (first.seconds / few)
    yield Measure(f"website and PDFs, CPU per policy at {many} against {few}", per_policy, 1.2)
    memory = first_large.megabytes / first.megabytes
    yield Measure(f"website and PDFs, peak memory at {many} against {few}", memory, 2.0)

    yield from of_versions(folder, few)

    shutil.copy(ROOT / "handbook.yml", press)
    book, alone = pdf.ratios(press)
    yield Measure("PDFs, mkdocs-with-pdf's CPU as a multiple of ours", book, 5.0, least=True)
    yield Measure("PDFs, WeasyPrint's CPU as a multiple of ours", alone, 4.0, least=True)

    again = build(press, pdf=True)
    yield Measure("PDFs made when nothing changed", again.done["made"], 0, exact=True)

    own = change_one(press)
    changed = build(press, pdf=True)
    yield Measure("PDFs made when one policy changed", changed.done["made"], own, exact=True)


def of_versions(folder: Path, count: int) -> Iterator[Measure]:
    """What five kept versions of each policy cost, in both editions with all PDFs."""
    plain = building.new_project(folder / f"plain-{count}", None)
    generate.write(plain / "policy_src", count)
    kept = kept_project(folder, count)
    (first, again), (kept_first, kept_again) = [
        (command(project, "build"), command(project, "build")) for project in (plain, kept)
    ]
    yield Measure("five kept versions each, CPU of a first build", kept_first.seconds / first.seconds, 6.0)
    yield Measure("five kept versions each, CPU when nothing changed", kept_again.seconds / again.seconds, 1.5)
    memory = kept_first.megabytes / first.megabytes
    yield Measure("five kept versions each, peak memory of a first build", memory, 1.5)


def change_one(project: Path) -> int:
    """Put a word into one clause of a draft. Returns how many PDFs that policy has."""
    source = project / "policy_src" / f"{generate.slug(2)}.md"
    text = source.read_text(encoding="utf-8")
    source.write_text(text.replace("1.  The ", "1.  The same ", 1), encoding="utf-8")
    return len(list((project / "site").rglob(f"{source.stem}/*.pdf")))


def main() -> int:
    arguments = argparse.ArgumentParser(description="Measure the build against its limits.")
    arguments.add_argument("--quick", action="store_true", help="50 and 200 policies, not 100 and 1,000")
    few, many, rounds = (50, 200, 2) if arguments.parse_args().quick else (100, 1000, 3)

    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
    with tempfile.TemporaryDirectory(prefix="policy-bench-") as folder:
        results = list(measures(Path(folder), few, many, rounds))

    print(f"\n{'measure':<66}{'measured':>10}{'limit':>8}")
    for one in results:
        figures = f"{one.value:>10.2f}{one.limit:>8.1f}" if not one.exact else f"{one.value:>10}{one.limit:>8}"
        print(f"{one.what:<66}{figures}  {'pass' if one.passed else 'MISSED'}")
    return 0 if all(one.passed for one in results) else 1


if __name__ == "__main__":
    sys.exit(main())
