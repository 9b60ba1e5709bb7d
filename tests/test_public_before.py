"""Words that one version lets all read and another keeps inside: each page has its own, and check tells of them."""

from pathlib import Path

import pytest
from building import SETTINGS, new_project, policy, run
from test_versions import TODAY, approved, keep, page, write

from policydoc.checking import inspection
from policydoc.clock import today
from policydoc.history import withheld
from policydoc.history.withheld import WITHHELD, Withheld

BELL, RADIO = "Wardens carry a kanaribell at night.", "Wardens carry a kanariradio by day."
ONE = f"## Dogs\n\n1.  Dogs are welcome.\n\n1.  {BELL}\n\n1.  {RADIO} {{.internal}}\n\n    1.  Kanaribelow.\n"
TWO = ONE.replace(f"{RADIO} {{.internal}}", RADIO).replace(BELL, f"{BELL} {{.internal}}")


def dogs(root: Path, draft: str = TWO, **versions: str) -> Path:
    write(root, dogs=policy(draft, version="9", title="Dogs"))
    keep(root, "dogs", **(versions or {"v1": approved("1", ONE, title="Dogs"), "v2": approved("2", TWO, title="Dogs")}))
    return root


def told(root: Path) -> list[tuple[str, str]]:
    problems = inspection.inspect(root, SETTINGS, today()).problems
    return [(problem.clause, problem.text) for problem in problems if problem.code == "P757"]


def test_check_tells_of_the_newest_version_that_has_them_for_all(tmp_path: Path) -> None:
    [(clause, text)] = told(dogs(tmp_path))
    assert clause == "clause 1.2" and "version 1, which stays on the website" in text and "other place" not in text


def test_sub_clauses_are_inside_as_well(tmp_path: Path) -> None:
    one = ONE.replace(" {.internal}", "")
    two = ONE.replace(BELL, f"{BELL} {{.internal}}")
    root = dogs(tmp_path, two, v1=approved("1", one, title="Dogs"), v2=approved("2", two, title="Dogs"))
    assert "the words here and in 2 other places are for staff only now" in told(root)[0][1]


@pytest.mark.parametrize(
    ("draft", "version"),
    [
        (TWO.replace("bell", "horn"), approved("1", ONE, title="Dogs")),  # other words
        (TWO, approved("1", ONE, title="Dogs", distribution="{internal: [All staff]}")),
        (ONE, approved("1", ONE, title="Dogs")),
    ],
)
def test_what_no_version_lets_all_read_is_not_told_of(tmp_path: Path, draft: str, version: str) -> None:
    assert not told(dogs(tmp_path, draft, v1=version, v2=approved("2", draft, title="Dogs")))


def test_nor_what_is_withheld(tmp_path: Path) -> None:
    home = dogs(tmp_path) / "policy_src/archive/dogs"
    (home / WITHHELD).write_bytes(withheld.with_line(home, Withheld("1", today(), "Safety")))
    assert not told(tmp_path)


def test_each_page_has_the_words_of_its_own_version(tmp_path: Path) -> None:
    root = dogs(new_project(tmp_path / "project", None))
    done = run(root, "build", SOURCE_DATE_EPOCH=TODAY)
    assert done.returncode == 0, done.stderr
    for path, has_bell in (("/v1", True), ("/v2", False), ("", False)):
        text = page(root / "site", f"policies/dogs{path}")
        assert ("kanaribell" in text, "kanariradio" in text, "Kanaribelow" in text) == (has_bell, *[not has_bell] * 2)
        inside = page(root / "site", f"policies/dogs{path}", "internal")
        assert "kanaribell" in inside and "kanariradio" in inside
