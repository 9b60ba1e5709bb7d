"""A leak needs two faults: whatever one function of ours does wrong, the gate finds every word that it lets out.

Each function that takes part in making the external edition is broken in turn, in several ways. Then either nothing is
made at all, or what is made holds no canary, or the gate names every canary that it holds.
"""

import ast
import inspect
import json
import logging
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from building import ROOT
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort
from test_leaks import CANARY, canary_project

from index_clauses import entries
from policydoc import clock, settings
from policydoc.amending import edition_text, public_front_matter, same_words
from policydoc.editions import cited_by, council, policy, references, secrets, version_table, withhold
from policydoc.history.dates import CommitDates
from policydoc.model import document, missing, number, runs, schedule, unnumbered
from policydoc.outputs import control_sheet, data, feed, html, linked_data, own_words, register
from policydoc.outputs.leak_gate import Gate
from policydoc.source import front_matter

# Everything between a source and what is written, but for the functions that the parser itself is made of
ROAD = (
    withhold,
    policy,
    front_matter,
    references,
    document,
    number,
    runs,
    missing,
    schedule,
    unnumbered,
    html,
    data,
    cited_by,
    control_sheet,
    register,
    council,
    settings,
    version_table,
    edition_text,
    public_front_matter,
    same_words,
)
pytestmark = pytest.mark.slow  # 700 small editions, and 40 whole ones
INSIDE = ("review_team", "distribution.internal", "control.kanarilabel")
BREAKAGES: dict[str, Callable[..., Any]] = {
    "does nothing": lambda *anything, **more: None,
    "gives back what it was given": lambda first=None, *anything, **more: first,
    "gives back the last that it was given": lambda *anything, **more: anything[-1] if anything else None,
    "finds nothing": lambda *anything, **more: [],
    "says yes": lambda *anything, **more: True,
}


def functions(module: ModuleType) -> Iterator[tuple[object, str]]:
    """Every function of a module and every method of its classes, as where it is kept and its name there."""
    for name, value in vars(module).items():
        if inspect.isfunction(value) and value.__module__ == module.__name__:
            yield module, name
        elif inspect.isclass(value) and value.__module__ == module.__name__:
            yield from ((value, key) for key, inner in vars(value).items()
                        if inspect.isfunction(inner) and not key.startswith("__"))  # fmt: skip
            yield from ((value, key) for key, inner in vars(value).items() if isinstance(inner, property))


def called(owner: Any, name: str) -> str:
    """`editions.withhold.withhold`, `source.front_matter.Metadata.public`"""
    home = owner.__name__ if inspect.ismodule(owner) else f"{owner.__module__}.{owner.__name__}"
    return f"{home.removeprefix('policydoc.')}.{name}"


BROKEN = {called(owner, name): (owner, name) for module in ROAD for owner, name in functions(module)}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return canary_project(tmp_path_factory.mktemp("faults"))


@pytest.fixture(scope="module")
def gate(project: Path) -> Gate:
    inside = secrets.read_all(project / "policy_src", INSIDE)
    return Gate(
        inside.secrets,
        lambda: inside.public,
        tuple,
        lambda: own_words.of(Path(settings.__file__).parent.rglob("*.py")),
    )


def make(project: Path, site: Path) -> None:
    """The external edition as far as the library makes it: articles, data, texts, register, search entries."""
    kept = settings.Settings(
        council=settings.Council(name="Test Council"),
        site_url="https://example.org/",
        internal_metadata=INSIDE[:2],
        control={"Impact": "public", "kanarilabel": "internal"},
    )
    policies = council.read(project, "external", kept)
    if policies.errors:
        raise ValueError(policies.errors[0])
    dates = CommitDates(project)
    cited = cited_by.citations(policies.published)
    finished = [each.finished(policies.destinations) for each in policies.published.values()]
    news = feed.News({}, kept, dates, lambda version: None)
    site.mkdir()
    for each in finished:
        parts: list[Any] = [data.data(each), register.entry(each), entries(each)]
        parts.append(linked_data.of_policy(each, (), kept, clock.today()))
        parts += [
            register.description(each),
            [change.words for change in each.schedule],
            cited.get(each.slug),
            each.images,
        ]
        parts += [control_sheet.control_sheet(each, dates, INSIDE), control_sheet.distribution(each.metadata, INSIDE)]
        parts += [control_sheet.for_pdf(each, kept, "marked", dates)]
        (site / f"{each.slug}.json").write_text(json.dumps(parts, default=str, ensure_ascii=False), "utf-8")
        (site / f"{each.slug}.html").write_text(html.article(each.document), "utf-8")
        text = edition_text.with_text(each, project, kept, policies.destinations).text
        if text is not None:
            (site / f"{each.slug}.md").write_bytes(text)
    told = [entry for each in finished for entry in news.entries(each)]
    (site / "feed.xml").write_text(feed.feed(told, kept), "utf-8")
    (site / "policies.csv").write_text(register.as_csv(register.entries(finished, clock.today())), "utf-8")


def canaries(site: Path) -> dict[str, set[str]]:
    """What got out, by file, in a file's name as well."""
    return {
        path.name: {word.decode().lower().replace("-", " ") for word in CANARY.findall(path.name.encode() + data)}
        for path in site.iterdir()
        for data in [path.read_bytes()]
    }


def test_all_is_well(project: Path, gate: Gate, tmp_path: Path) -> None:
    make(project, tmp_path / "site")
    assert set().union(*canaries(tmp_path / "site").values()) == set()
    assert gate.check(tmp_path / "site") == []


LET_OUT: set[str] = set()


@pytest.mark.parametrize("breakage", BREAKAGES)
@pytest.mark.parametrize("function", BROKEN)
def test_the_gate_finds_what_one_fault_lets_out(
    function: str, breakage: str, project: Path, gate: Gate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner, name = BROKEN[function]
    broken = BREAKAGES[breakage]
    is_property = isinstance(inspect.getattr_static(owner, name), property)
    monkeypatch.setattr(owner, name, property(broken) if is_property else broken)
    site = tmp_path / "site"
    try:
        make(project, site)
    except Exception:
        return  # nothing is published where a step fails
    finally:
        monkeypatch.undo()
    leaks = gate.check(site)
    for file, words in canaries(site).items():
        named = " ".join(leak.secret for leak in leaks if leak.file == file)
        assert {word for word in words if word not in named} == set(), function
        if words:
            LET_OUT.add(function)


HOOKS = (
    "read_policies guide_editors place_articles write_records write_versions index_clauses secure_pages publish_edition"
).split()


def rim() -> Iterator[tuple[str, str]]:
    """Every function of the hooks, as hook and name."""
    for hook in HOOKS:
        tree = ast.parse((ROOT / f"hooks/{hook}.py").read_text("utf-8"))
        yield from ((hook, node.name) for node in tree.body if isinstance(node, ast.FunctionDef))


@pytest.mark.parametrize(("hook", "function"), list(rim()))
def test_no_fault_of_the_rim_lets_words_out(
    hook: str,
    function: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A hook is broken as it stands in its file, before MkDocs reads it; all that is written is looked at."""
    project = canary_project(tmp_path)
    # An event that returns nothing changes nothing; of other functions, what they were given is the likelier fault.
    breakage = "None" if function.startswith("on_") else "next(iter([*given, *named.values()]), None)"
    with (project / f"hooks/{hook}.py").open("a", encoding="utf-8") as file:
        file.write(f"\n\ndef {function}(*given, **named):\n    return {breakage}\n")
    monkeypatch.setenv("POLICY_EDITION", "external")
    monkeypatch.setenv("POLICY_PDF", "off")
    monkeypatch.delenv("POLICY_EVENTS", raising=False)
    with caplog.at_level(logging.ERROR):
        try:
            config = load_config(config_file=str(project / "mkdocs.yml"))
            config.plugins.on_startup(command="build", dirty=False)
            build(config)
        except (Abort, Exception):
            pass  # nothing is published then
    said = " ".join(record.getMessage() for record in caplog.records)
    site = project / "site"
    for path in site.rglob("*") if site.exists() else ():
        words = CANARY.findall(path.name.encode() + (path.read_bytes() if path.is_file() else b""))
        assert {word.decode() for word in words if word.decode() not in said} == set(), path


def test_some_faults_do_let_words_out() -> None:
    assert {
        "editions.withhold.withhold",
        "editions.withhold._Withholding.runs",
        "editions.withhold._blank",
        "source.front_matter.Metadata.public",
        "settings.Settings.kept_inside",
    } <= LET_OUT


def test_the_second_reading_shares_nothing_with_the_first() -> None:
    """What the gate looks for is found by code that nothing else uses, and that uses nothing else of ours."""
    own = {"secrets", "second_list", "second_reading", "bare_words"}
    dates = {"in_words"}  # which every output prints, and which withholds nothing
    folder = Path(secrets.__file__).parent
    for name in own:
        for node in ast.walk(ast.parse((folder / f"{name}.py").read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.level:
                assert {node.module} <= own or {each.name for each in node.names} <= own | dates, name
    for path in folder.rglob("*.py"):
        if path.stem not in own | {"gate"}:
            assert not re.search(
                r"import .*\b(?:secrets|second_list|second_reading|bare_words)\b", path.read_text("utf-8")
            ), path
