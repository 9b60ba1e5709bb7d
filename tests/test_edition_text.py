"""The text that is published beside a policy: what all may read of its source, and nothing else."""

from pathlib import Path

import pytest
from building import FIRST_POLICY, ROOT, SAMPLE, SETTINGS, policy
from hypothesis import given, settings
from test_invariants import SECRET, Item, policies, sources

from policydoc.amending.edition_text import public_text
from policydoc.editions import council
from policydoc.editions.withhold import withhold
from policydoc.model.document import Document
from policydoc.model.outline import outline
from policydoc.source import policy_files
from policydoc.source.numbering import AS_USUAL, CLOSED_UP, Counting
from policydoc.source.parse import parsed

INSIDE = ("doc_number", "distribution.internal", "control.Consultation")


def public(text: str, counting: Counting = AS_USUAL) -> str | None:
    data = public_text(text.encode(), "x", INSIDE, counting, {})
    return None if data is None else data.decode()


def read(text: str, counting: Counting = AS_USUAL) -> Document:
    source, problems = policy_files.read("x", "policy_src/x.md", text.encode())
    assert source and not problems, problems
    whole = parsed(source, counting)
    assert not whole.errors
    return whole.document


def body(text: str) -> str:
    done = public(policy(text))
    assert done is not None
    return done.partition("\n---\n\n")[2].rstrip("\n")


@settings(max_examples=60)
@given(policies())
def test_it_reads_as_the_external_edition_does(sections: list[Item]) -> None:
    text = sources(sections)
    for counting in (AS_USUAL, CLOSED_UP):
        done = public(text, counting)
        assert done is not None and SECRET not in done and ".internal" not in done and "{>>" not in done
        shown, again = withhold(read(text, counting)), read(done, counting)
        for reading in ("amended", "previous"):
            lines = [(line.number, line.text) for line in outline(again, reading)]
            # Below an internal heading clauses may be counted that say nothing.
            wanted = [(line.number, line.text) for line in outline(shown, reading)]
            assert [line for line in lines if line in wanted or line[1] != "Not published"] == wanted


@pytest.mark.parametrize(
    "path",
    [path for folder in (SAMPLE, FIRST_POLICY, ROOT / "tests/schemes")
     for path in sorted(folder.glob("**/*.md"))],
    ids=lambda path: path.relative_to(ROOT / "tests").as_posix(),
)  # fmt: skip
def test_every_paper_of_the_fixtures_has_one(path: Path) -> None:
    assert public_text(path.read_bytes(), path.stem, SETTINGS.kept_inside, AS_USUAL, {}) is not None


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("## A\n\n1.  Words.", "## A\n\n1.  Words."),
        ("## A\n\n1.  Words, {>>JS: why?<<} more.\n\n    {>>JS: gone<<}", "## A\n\n1.  Words, more."),
        ("## A\n\n1.  {==Words==}{>>JS: why?<<}.", "## A\n\n1.  Words."),
        ("## A\n\n1.  Words.\n1.  Keys. {#keys .internal}\n\n    In the box.\n\n    1.  Green.\n1.  More.",
         "## A\n\n1.  Words.\n1.  Not published\n\n1.  More."),
        ("## A\n\n1.  1.  One.\n    1.  Two. {.internal}\n", "## A\n\n1.  1.  One.\n    1.  Not published"),
        ("## A\n\n1.  1.  One. {.internal}\n    1.  Two.\n", "## A\n\n1.  1.  Not published\n    1.  Two."),
        ("## A\n\n1.  ^^New.^^ {.internal}\n1.  Old.", "## A\n\n1.  ^^Not published^^\n1.  Old."),
        ("## A {.internal}\n\n1.  B.\n\n## C\n\n1.  D.", "## Not published\n\n## C\n\n1.  D."),
        ("## A\n\n1.  B.\n\n## C {.appendix .internal}\n\n1.  D.", "## A\n\n1.  B.\n\n## Not published {.appendix}"),
        ("## A\n\n1.  B.\n1.  C. {=(2A)} {.internal}\n1.  D.", "## A\n\n1.  B.\n1.  Not published {=(2A)}\n1.  D."),
        ("## A\n\n1.  B:\n\n    - c\n    - d {.internal}\n    - e\n", "## A\n\n1.  B:\n\n    - c\n    - e"),
        ("## A\n\n1.  B:\n\n    | a | b |\n    |---|---|\n    | c | d | {.internal}\n    | e | f |",
         "## A\n\n1.  B:\n\n    | a | b |\n    |---|---|\n    | e | f |"),
        ("## A\n\nOne\nTwo\n:   Meaning.\n\n:   Keys. {.internal}\n\n1.  B.",
         "## A\n\nOne\nTwo\n:   Meaning.\n\n1.  B."),
        ("## A\n\n1.  B.[^k] C[^l].\n\n[^k]: Keys. {.internal}\n[^l]: Locks.", "## A\n\n1.  B. C[^l].\n\n[^l]: Locks."),
        ("## A\n\n1.  B.\n\nSee [the box][box]. {.internal}\n\n[box]: https://example.org/green\n", "## A\n\n1.  B."),
        ("## A\n\n1.  B.\n\n### C {.internal}\n\nKeys.\n\n1.  D.\n\n### E\n\n1.  F.",
         "## A\n\n1.  B.\n\n1.  Not published\n\n### E\n\n1.  F."),
        ("## A\n\n1.  B.\n\n    ```\n    {>>JS: how it is written<<}\n    ```\n\n1.  C. {.internal}",
         "## A\n\n1.  B.\n\n    ```\n    {>>JS: how it is written<<}\n    ```\n\n1.  Not published"),
        ("!!! note\n    Green. {.internal}\n\n!!! note\n    Blue. {>>JS: why?<<}\n\n## A\n\n1.  B.",
         "!!! note\n    Blue.\n\n## A\n\n1.  B."),
    ],
)  # fmt: skip
def test_what_is_internal_is_taken_out_and_no_more(text: str, shown: str) -> None:
    assert body(text) == shown


def test_front_matter_loses_its_remarks_and_what_stays_inside() -> None:
    text = policy("## A\n\n1.  B.", title='"Rule #5, in short"', doc_number="69", contact="Clerk # by telephone")
    text = text.replace("status: draft", "# agreed in May\nstatus: draft").replace("69", "69\ncontrol:\n  Impact: none")
    text = text.replace("Impact: none", "Impact: none\n  Consultation: the unions")
    done = public(text)
    assert done == text.replace("doc_number: 69\n", "").replace("  Consultation: the unions\n", "").replace(
        " # by telephone", ""
    ).replace("# agreed in May\n", "").replace("{internal: [All staff], external: [Website]}", "{external: [Website]}")


@pytest.mark.parametrize(
    ("names", "left"),
    [
        ("{external: [hounds], internal: [plot]}", "formerly: {external: [hounds]}\n"),
        ("{external: [hounds]}", "formerly: {external: [hounds]}\n"),
        ("{internal: [plot]}", ""),
    ],
)
def test_front_matter_loses_names_that_nobody_outside_has_known(names: str, left: str) -> None:
    text = policy("## A\n\n1.  B.", formerly=names, distribution="{external: [Website]}")
    assert public(text) == text.replace(f"formerly: {names}\n", left)


def test_what_cannot_be_read_to_its_end_is_not_published() -> None:
    assert public(policy("## A\n\n1.  B.", colour="red")) is None
    assert public("Words.") is None


def test_what_no_author_could_write_is_not_published() -> None:
    whole = policy("## A\n\n1.  B. {.internal}\n1.  C:\n    {.internal}\n\n    - d")
    assert public(whole) is None  # outside, the second clause would begin with a list
    assert public(whole.replace("    {.internal}\n\n", "\n")) is not None


def test_lines_end_as_they_did() -> None:
    text = policy("## A\n\n1.  B. {>>JS: c<<}\n1.  D. {.internal}").replace("\n", "\r\n")
    done = public(text)
    assert done and done.count("\n") == done.count("\r\n") and done.endswith("1.  B.\r\n1.  Not published\r\n")


def test_a_link_to_what_is_withheld_leaves_its_words(tmp_path: Path) -> None:
    (tmp_path / "policy_src").mkdir()
    staff = policy("## A\n\n1.  B. {#keys}", title="Keys", distribution="{internal: [All staff]}")
    (tmp_path / "policy_src/keys.md").write_text(staff, "utf-8")
    others = council.read(tmp_path, "external", SETTINGS).destinations
    text = policy("## A\n\n1.  See [the keys](keys.md#keys), [clause](#box) and [A](#a).\n1.  C. {#box .internal}")
    done = public_text(text.encode(), "x", (), AS_USUAL, others)
    assert done and b"1.  See the keys, clause and [A](#a).\n1.  Not published" in done


def test_a_clause_that_begins_with_its_first_sub_clause_loses_no_words_outside() -> None:
    document = withhold(read(policy("## A {>>JS: why?<<}\n\n1.  1.  One.\n    1.  Two.")))
    assert [line.text for line in outline(document, "amended")] == ["A", "", "One.", "Two."]
