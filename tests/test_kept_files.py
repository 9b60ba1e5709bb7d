"""The files of kept versions come from the cache until something changes that they are made from."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from building import SETTINGS, policy
from samples import photo
from test_versions import CATS, approved, keep, write

from policydoc.cache import Cache
from policydoc.editions import council, kept_versions
from policydoc.editions.withhold import Edition
from policydoc.history import archive
from policydoc.history.dates import CommitDates
from policydoc.history.withheld import WITHHELD, Withheld, with_line
from policydoc.outputs.kept_files import KeptFiles, Shelf
from policydoc.outputs.pdf import Press
from policydoc.settings import Settings
from policydoc.writing import put_all

BODY = "## A\n\n1.  See [clause](cats.md#fees) and ![a pond](images/pond.jpg).\n"
HEAD = '<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="x">'


class Made:
    """The policies' kept files as a build makes them, and how many pages had to be written for that."""

    def __init__(self, root: Path) -> None:
        self.root, self.pages = root, 0
        self.edition: Edition = "external"
        self.settings: Settings = SETTINGS
        self.base = b"program"
        self.faulty = ""

    def files(self, slug: str = "dogs") -> KeptFiles:
        policies = council.read(self.root, self.edition, self.settings)
        assert not policies.errors, policies.errors
        kept = kept_versions.kept_versions(
            policies.published, policies.destinations, self.root / "policy_src", self.settings
        )
        shelf = Shelf(
            self.root, self.root / "site", self.base, self.settings, CommitDates(self.root), policies.destinations,
            kept, None, Cache(self.root / ".cache", 10**8, ".files"), self._render, "x", lambda: None,
            lambda policy: policy,
        )  # fmt: skip
        return shelf.files(policies.published[slug])

    def _render(self, template: str, address: str, title: str, /, **context: Any) -> str:
        self.pages += 1
        return HEAD + self.faulty + str(context["article"])


@pytest.fixture
def made(tmp_path: Path) -> Made:
    """Version 1 refers to version 1 of the cats, version 2 to the cats of today; both are in the cache."""
    root = write(
        tmp_path,
        dogs=policy(BODY, version="3"),
        cats=approved("3", CATS.replace("^^", ""), date_published="2022-05-01"),
    )
    keep(root, "dogs", v1=approved("1", BODY), v2=approved("2", BODY, date_published="2021-05-01"))
    keep(root, "cats", v1=approved("1", CATS.replace("^^", "")))
    write(root, parks=policy("## A\n\n1.  B. {#fees}\n"))
    made = Made(root)
    made.files()
    made.pages = 0
    return made


def change(path: str, old: str, new: str) -> Callable[[Made], None]:
    def change_it(made: Made) -> None:
        file = made.root / "policy_src" / path
        text = file.read_text("utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1), "utf-8")

    return change_it


def another_picture(made: Made) -> None:
    (made.root / "policy_src/images/pond.jpg").write_bytes(photo(orientation=3))


def no_picture(made: Made) -> None:
    (made.root / "policy_src/images/pond.jpg").rename(made.root / "policy_src/images/lake.jpg")
    change("dogs.md", "pond.jpg", "lake.jpg")(made)


def other_settings(made: Made) -> None:
    made.settings = made.settings.model_copy(update={"deleted_clauses": "close_up"})
    made.base = b"program and other settings"  # the hook puts the settings into it


def inside(made: Made) -> None:
    made.edition = "internal"


def withheld(slug: str) -> Callable[[Made], None]:
    def withhold(made: Made) -> None:
        home = made.root / "policy_src/archive" / slug
        (home / WITHHELD).write_bytes(with_line(home, Withheld("1", date(2026, 12, 1), "A court’s order")))

    return withhold


CHANGES: dict[str, Callable[[Made], None]] = {
    "own text": change("dogs.md", "See", "Also see"),
    "own version": lambda made: keep(made.root, "dogs", v3=approved("3", BODY)),
    "what a version refers to": change("cats.md", "New.", "New.\n\n1.  Newer."),
    "the version of the day of that": lambda made: keep(
        made.root, "cats", v2=approved("2", "## A\n\n1.  B.\n\n1.  C.\n\n1.  D. {#fees}\n", date_published="2021-04-01")
    ),
    "picture": another_picture,
    "no picture": no_picture,
    "program": lambda made: setattr(made, "base", b"other"),
    "settings": other_settings,
    "edition": inside,
    "a version that is withheld": withheld("dogs"),
    "the same of what a version refers to": withheld("cats"),
}  # fmt: skip


def test_nothing_is_written_anew_when_nothing_has_changed(made: Made) -> None:
    assert made.files() == made.files() and not made.pages
    pages = ["v1/", "v2/", "compare/v1..v2/", "compare/v2..draft/"]
    assert sorted(made.files().pages) == sorted(f"policies/dogs/{page}" for page in pages)


@pytest.mark.parametrize("name", CHANGES)
def test_whatever_they_are_made_from_makes_them_anew(made: Made, name: str) -> None:
    before = made.files()
    CHANGES[name](made)
    after = made.files()
    assert made.pages == len(after.pages)
    others = (
        "own text",
        "own version",
        "what a version refers to",
        "the version of the day of that",
        "no picture",
        "edition",
        "a version that is withheld",
        "the same of what a version refers to",
    )
    assert (before == after) is (name not in others)
    assert made.files() == after and made.pages == len(after.pages)


def test_a_kept_picture_that_is_changed_or_brought_back_makes_them_anew(made: Made) -> None:
    approved_now = approved("3", BODY, date_published="2022-05-01").encode()
    put_all(archive.addition(made.root / "policy_src", "dogs", "3", approved_now, {"images/pond.jpg": photo()}))
    before = made.files()
    [file] = (made.root / "policy_src/archive/dogs/images").iterdir()
    assert before.pictures == [f"archive/dogs/images/{file.name}"] * 3  # those of versions 1 and 2 are the same today
    file.write_bytes(photo(orientation=3))
    assert made.files().pictures == ["images/pond.jpg"] * 2  # that of version 3 is gone
    file.write_bytes(photo())
    assert made.files() == before
    (made.root / "policy_src/images/pond.jpg").write_bytes(photo(orientation=3))
    assert made.files().pictures == ["images/pond.jpg"] * 2 + before.pictures[:1]


def test_what_they_do_not_refer_to_and_the_day_change_nothing(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    change("parks.md", "B.", "C.")(made)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1900000000")
    made.files()
    assert not made.pages


def test_a_name_that_they_refer_to_and_that_a_policy_once_had_makes_them_anew(made: Made) -> None:
    keep(made.root, "dogs", v3=approved("3", "## A\n\n1.  See [clause](mice.md#cheese).\n"))
    address = "policies/dogs/v3/"
    assert "rats" not in made.files().pages[address]
    write(made.root, rats=policy("## A\n\n1.  B. {#cheese}\n", formerly="[mice]"))
    assert "../rats/" in made.files().pages[address]
    change("rats.md", "1.  B.", "1.  A.\n\n1.  B.")(made)
    assert "1.2" in made.files().pages[address]


def test_a_page_that_must_not_be_published_is_not_kept(made: Made) -> None:
    made.base, made.faulty = b"other", '<p onclick="x">'
    made.files()
    made.pages = 0
    made.files()
    assert made.pages


def test_a_pdf_that_is_gone_from_its_cache_is_made_again(made: Made, tmp_path: Path) -> None:
    root = Path(__file__).resolve().parents[1]
    press = Press(made.root, root / "docs/templates/policy", tmp_path / "pdfs")
    policies = council.read(made.root, "external", SETTINGS)
    kept = kept_versions.kept_versions(
        policies.published, policies.destinations, made.root / "policy_src", made.settings
    )
    shelf = Shelf(
        made.root, made.root / "site", b"x", SETTINGS, CommitDates(made.root), policies.destinations, kept, press,
        Cache(made.root / ".cache", 10**8, ".files"), made._render, "x", lambda: None, lambda policy: policy,
    )  # fmt: skip
    names = shelf.files(policies.published["dogs"]).pdfs
    assert (press.made, press.reused) == (2, 0) and len(set(names.values())) == 2
    shelf.files(policies.published["dogs"])
    assert (press.made, press.reused) == (2, 2)
    for pdf in (tmp_path / "pdfs").rglob("*.pdf"):
        pdf.unlink()
    replace(shelf).files(policies.published["dogs"])
    assert press.made == 4 and all((made.root / "site" / path).is_file() for path in names)
