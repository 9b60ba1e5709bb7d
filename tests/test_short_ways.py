"""What is read by a short way, as most words are, comes out as the long way has it; and the short ways are taken."""

import gc
import re
from pathlib import Path

import pytest
from building import FIRST_POLICY, SAMPLE

from policydoc.garbage import unsearched
from policydoc.history import archive
from policydoc.source import clean_words, dialect, limits, place, policy_files, walk
from policydoc.source.line_numbers import number_lines
from policydoc.source.numbering import AS_USUAL
from policydoc.source.parse import Parsed, _parse

GOLDEN = Path(__file__).parent / "golden"
TEXTS = sorted([*GOLDEN.glob("*.md"), *SAMPLE.glob("*.md"), *FIRST_POLICY.glob("*.md")])
HEAD = b"---\ntitle: Keys\nversion: 1\nstatus: draft\nowner: Clerk\ndistribution: {external: [Website]}\n---\n"
NEVER = re.compile(r"(?!)")


def read(file: Path) -> Parsed | None:
    data = file.read_bytes()
    source, _ = policy_files.read(file.stem, f"policy_src/{file.name}", data if data[:3] == b"---" else HEAD + data)
    return _parse(source, dialect.Dialect(), AS_USUAL) if source else None


def test_the_short_ways_lead_to_the_same_document(monkeypatch: pytest.MonkeyPatch) -> None:
    short = [read(file) for file in TEXTS]
    monkeypatch.setattr(clean_words, "_PLAIN", NEVER)
    monkeypatch.setattr(dialect, "_ONE_LINE", NEVER)
    monkeypatch.setattr(dialect, "_PERHAPS", re.compile(""))
    monkeypatch.setattr(dialect, "_NEEDED", {})
    monkeypatch.setattr(limits, "_is_little", lambda lines: False)
    monkeypatch.setattr(walk, "is_plain_paragraph", lambda block: False)
    assert [read(file) for file in TEXTS] == short
    assert sum(map(bool, short)) > 90


def test_the_short_ways_are_taken() -> None:
    """Else nobody would notice that they are closed, but for the time that a check takes."""
    text = ["## Keys", "", "1.  Return the keys.", "", "1.  Lock the hall; see “Fees” (£5).", "", "    And the gate."]
    tree, _ = dialect.Dialect().parse(number_lines(text, 1).lines)
    items = tree.findall("ol/li")
    assert dialect._add_item(tree, "More")
    paragraphs = list(tree.iter("p"))
    assert len(items) == 2 and len(tree.findall("ol/li")) == 3 and len(paragraphs) == 4
    assert all(map(place.is_plain_paragraph, paragraphs))
    assert all(map(clean_words.Words().clean_plain, paragraphs[:3]))
    assert limits._is_little(text)


@pytest.mark.parametrize("link", ["archive", "archive/dogs", "archive/dogs/SHA256SUMS"])
def test_a_link_out_of_the_folder_closes_the_archive(link: str, tmp_path: Path) -> None:
    folder, outside = tmp_path / "policy_src", tmp_path / "outside"
    (outside / "dogs").mkdir(parents=True)
    (outside / "dogs" / "SHA256SUMS").write_text("")
    target = folder / link
    target.parent.mkdir(parents=True)
    target.symlink_to(outside / Path(link).relative_to("archive"))
    assert archive.is_closed(folder, "dogs")
    assert not archive.is_closed(tmp_path / "elsewhere", "dogs")


def test_garbage_is_searched_for_again_when_all_is_read() -> None:
    assert gc.isenabled()
    with pytest.raises(KeyError), unsearched(), unsearched():
        assert not gc.isenabled()
        raise KeyError
    assert gc.isenabled()
    gc.disable()
    try:
        with unsearched():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
