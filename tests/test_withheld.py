"""Rows, terms, footnotes and blocks that an author keeps inside: in no file of a built external edition."""

import json
from pathlib import Path

import building
import pytest
from pypdf import PdfReader
from test_golden import FRONT_MATTER, GOLDEN

CASES = ["internal", "internal-alone-below", "internal-notes", "internal-rows", "internal-terms", "before-section"]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = building.new_project(tmp_path_factory.mktemp("withheld") / "project", None)
    for name in CASES:
        text = (GOLDEN / f"{name}.md").read_text("utf-8")
        (project / f"policy_src/{name}.md").write_text(FRONT_MATTER + text, "utf-8")
    outcome = building.run(project, "build")
    assert outcome.returncode == 0, outcome.stderr
    return project / "site"


def words(path: Path) -> str:
    if path.suffix == ".pdf":
        reader = PdfReader(path)
        return "".join(page.extract_text() for page in reader.pages) + str(reader.outline)
    return path.read_bytes().decode("utf-8", "replace")


def holding(folder: Path, word: str) -> set[str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix() for path in files if word in words(path)}


def test_no_internal_word_is_in_the_external_edition(site: Path) -> None:
    assert holding(site / "external", "SECRET") == set()
    found = holding(site / "internal", "SECRET")
    assert "search/search_index.json" in found
    for name in CASES:  # and all of them are in the internal one; the data have no footnotes
        files = ["index.html", f"{name}.pdf", *([f"{name}.json"] if name != "internal-notes" else [])]
        assert {f"policies/{name}/{file}" for file in files} <= found


def test_every_number_that_is_withheld_says_so_everywhere(site: Path) -> None:
    """Page, PDF, data and search agree: each clause of the internal edition keeps its number in the external one."""
    index = json.loads((site / "external/search/search_index.json").read_text("utf-8"))["docs"]
    for name in CASES:
        folder = site / f"external/policies/{name}"
        html, pdf = words(folder / "index.html"), words(folder / f"{name}.pdf")
        clauses = json.loads(words(folder / f"{name}.json"))["clauses"]
        found = {doc["location"].partition("#")[2]: doc["text"] for doc in index if f"/{name}/#" in doc["location"]}
        assert {clause["id"] for clause in clauses if clause["text"] is not None} <= found.keys()
        for clause in clauses:
            assert clause["text"] != ""
            if clause["text"] is not None:
                assert found[clause["id"]] == clause["text"]
        said = sum(1 for clause in clauses if "Not published" in (clause["text"] or clause["previous_text"]))
        assert html.count('<em class="withheld">Not published</em>') == said
        assert pdf.split("Schedule of amendments")[0].count("Not published") >= said
