"""The list of PDFs with their hashes, and `policy verify`: what is said of a PDF that somebody has."""

import hashlib
import shutil
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from building import new_project, policy, run

from policydoc.history import archive
from policydoc.outputs import finishing, sums
from policydoc.outputs.identity import Identity, identity, properties
from policydoc.writing import put_all

DOGS = "## Purpose\n\n1.  Dogs are welcome in the parks.\n\n1.  {}Wardens carry a radio.{}\n\n1.  Fees. {{.internal}}\n"


def write(root: Path, draft: str) -> None:
    (root / "policy_src/dogs.md").write_text(policy(draft, version="2", title="Dogs"), "utf-8")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A draft over version 1, built; then another release's look, and another draft, built again beside it."""
    root = new_project(tmp_path_factory.mktemp("verify") / "project", None)
    kept = policy(DOGS.format("", ""), version="1", title="Dogs", status="approved", date_published="2020-05-01",
                  policy_number="7", review_due="2030-05-01")  # fmt: skip
    put_all(archive.addition(root / "policy_src", "dogs", "1", kept.encode()))
    write(root, DOGS.format("^^New.^^ ", ""))
    build(root)
    shutil.copytree(root / "site", root / "before")
    look = root / "docs/templates/policy/look.typ"
    look.write_text(look.read_text("utf-8").replace("10.5pt", "11.5pt"), "utf-8")
    write(root, DOGS.format("^^Newer.^^ ", ""))
    build(root)
    return root


def build(root: Path) -> None:
    done = run(root, "build", SOURCE_DATE_EPOCH="1796083200")
    assert done.returncode == 0, done.stderr


def verify(root: Path, *paths: str | Path) -> tuple[int, str]:
    done = run(root, "verify", *map(str, paths))
    return done.returncode, (done.stdout + done.stderr).replace(f"{root}/", "")


def test_every_pdf_is_in_the_list_of_its_edition(project: Path) -> None:
    for edition in ("external", "internal"):
        folder = project / "site" / edition
        pdfs = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.pdf")}
        assert sums.read(folder) == {path: hashlib.sha256(data).hexdigest() for path, data in pdfs.items()}
        assert len(pdfs) == 5 and (folder / "SHA256SUMS").read_text("utf-8").startswith(tuple("0123456789abcdef"))


def test_what_is_published_now_is_told_by_its_bytes(project: Path) -> None:
    outside, inside = "external/policies/dogs/dogs.pdf", "internal/policies/dogs/dogs-in-force.pdf"
    code, said = verify(project, f"site/{outside}", f"site/{inside}")
    assert code == 0 and said.splitlines() == [
        f"site/{outside}: published now, byte for byte: policies/dogs/dogs.pdf of the external edition.",
        f"site/{inside}: published now, byte for byte: policies/dogs/v1/v1.pdf of the internal edition.",
    ]


def test_another_release_of_the_same_text_is_compared_by_its_words(project: Path, tmp_path: Path) -> None:
    old = "before/external/policies/dogs/v1/v1.pdf"
    made = (
        f"{old}: made from version 1 of dogs as it is published (external edition), by another release of the program"
    )
    assert verify(project, old) == (0, f"{made}: the words are the same.\n")
    # The same, but for a word that somebody has changed
    text = (project / "before/external/policies/dogs/v1/v1.pdf").read_bytes()
    other = (project / "before/internal/policies/dogs/dogs-amended.pdf").read_bytes()
    forged = tmp_path / "forged.pdf"
    with pikepdf.open(BytesIO(other)) as pdf, pikepdf.open(BytesIO(text)) as genuine:
        pdf.Root.Metadata.write(genuine.Root.Metadata.read_bytes())
        pdf.save(forged)
    code, said = verify(project, forged)
    assert code == 1 and "but the words are not the same: “" in said and "” is published." in said


def test_another_text_is_told(project: Path) -> None:
    for copy in ("dogs", "dogs-amended", "dogs-amendments"):
        code, said = verify(project, f"before/external/policies/dogs/{copy}.pdf")
        assert code == 1 and said.endswith(
            "made from another text of dogs than the one that is published now (external edition).\n"
        )


def test_a_version_that_is_withheld_is_told_with_the_reason(project: Path) -> None:
    version, listed = project / "site/external/policies/dogs/v1", project / "policy_src/archive/dogs/WITHHELD"
    version.rename(version.with_name("away"))
    try:
        kept = verify(project, "before/external/policies/dogs/v1/v1.pdf")
        listed.write_text("1  2026-12-01  Personal data of a resident\n")
        withheld = verify(project, "before/external/policies/dogs/v1/v1.pdf")
    finally:
        version.with_name("away").rename(version)
        listed.unlink(missing_ok=True)
    assert kept[0] == 1 and "version 1 of dogs, which is kept, but not published in the external edition." in kept[1]
    assert withheld[0] == 1
    assert withheld[1].endswith("which is withheld, and not published any more: Personal data of a resident\n")


def test_a_copy_of_a_policy_that_was_renamed_is_known(project: Path, tmp_path: Path) -> None:
    """What it says of itself has the old name."""
    data = (project / "site/external/policies/dogs/v1/v1.pdf").read_bytes()
    source = project / "policy_src/dogs.md"
    text = source.read_text("utf-8")
    with pikepdf.open(BytesIO(data)) as pdf:
        told = pdf.Root.Metadata.read_bytes()
        pdf.Root.Metadata.write(told.replace(b"<dc:source>dogs v1", b"<dc:source>canines v1"))
        pdf.save(tmp_path / "old.pdf")
    before = verify(project, tmp_path / "old.pdf")
    source.write_text(text.replace("owner:", "formerly: [canines]\nowner:"), "utf-8")
    try:
        after = verify(project, tmp_path / "old.pdf")
    finally:
        source.write_text(text, "utf-8")
    assert before[0] == 1 and "version 1 of canines, of which the external edition has no such PDF" in before[1]
    assert after[0] == 0 and after[1].endswith("the words are the same.\n")


def test_a_copy_from_before_a_rename_is_known(project: Path, tmp_path: Path) -> None:
    root = shutil.copytree(project, tmp_path / "renamed")
    assert run(root, "rename", "dogs", "hounds").returncode == 0
    assert run(root, "withhold", "hounds", "--version", "1", "--reason", "A court's order").returncode == 0
    build(root)
    _, said = verify(root, "before/external/policies/dogs/v1/v1.pdf")
    assert "made from version 1 of hounds, which is withheld, and not published any more: A court's order" in said


def test_what_is_not_ours_is_told(project: Path, tmp_path: Path) -> None:
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(tmp_path / "blank.pdf")
    (tmp_path / "text.pdf").write_text("Dogs are welcome.")
    code, said = verify(project, tmp_path / "blank.pdf")
    assert code == 1 and said.endswith("not ours: it is not published now, and doesn't say what it was made from.\n")
    code, said = verify(project, tmp_path / "text.pdf")
    assert code == 1 and said.endswith("text.pdf: this is no PDF. Name one that you were given.\n")
    code, said = verify(project, tmp_path / "gone.pdf")
    assert code == 1 and said.endswith("gone.pdf: No such file or directory. Name a PDF that you may read.\n")


def test_without_a_website_there_is_nothing_to_compare_with(tmp_path: Path) -> None:
    root = new_project(tmp_path / "project", None)
    code, said = verify(root, "x.pdf")
    assert code == 1 and said == "Error: site/ has no list of published PDFs. Run policy build first.\n"


def test_a_pdf_holds_the_data_that_are_published_beside_it(project: Path) -> None:
    papers = set((project / "site").rglob("*-amendments.pdf"))  # for a vote: no record of anything
    assert len(papers) == 2
    for path in sorted({*(project / "site").rglob("*.pdf")} - papers):
        name = "v1.json" if path.parent.name == "v1" or path.stem.endswith("in-force") else "dogs.json"
        folder = path.parent / "v1" if path.stem.endswith("in-force") else path.parent
        with pikepdf.open(path) as pdf:
            [(attached, file)] = pdf.attachments.items()
            assert attached == name and file.get_file().read_bytes() == (folder / name).read_bytes(), path


def test_what_a_pdf_says_of_itself_can_be_read_back() -> None:
    meta = {"slug": "dogs", "kept": "2.1", "edition": "external", "reading": "marked", "text": {"sha256": "0f" * 32},
            "doc_number": "R&D <1>"}  # fmt: skip
    told = properties(meta)
    metadata = "".join(f"<dc:{name}>{value}</dc:{name}>" for name, value in told.items()).encode()
    assert identity(finishing.property_of(metadata, "source")) == Identity(
        "dogs", "2.1", "external", "marked", "0f" * 32
    )
    unpublished = properties({**meta, "text": None, "kept": "", "doc_number": None})
    assert unpublished.keys() == {"source"}
    assert identity(unpublished["source"]) == Identity("dogs", "", "external", "marked", "")
    assert identity("https://example.org/") is None
