"""A version keeps its pictures: version 1 shows version 1's, whatever has taken their places since."""

import hashlib
import io
import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from building import SETTINGS, new_project, policy, run
from pikepdf import PdfImage
from PIL import Image
from samples import AUTHOR, photo
from test_versions import TODAY, kept, step_between, words

from policydoc.checking import inspection
from policydoc.clock import today
from policydoc.editions import council
from policydoc.editions.kept_versions import KeptVersion
from policydoc.history import archive
from policydoc.history.kept_pictures import kept_pictures
from policydoc.outputs import version_changes
from policydoc.outputs.as_in_force import places_in_force
from policydoc.writing import put_all

MAP = "images/map of parks.jpg"
ONE = "## Parks\n\n1.  ![a plan](images/plan.png)\n"
TEXT = f"{ONE} and ![A map](<{MAP}>).\n\n1.  ![A safe](images/safe.png) {{.internal}}\n".replace("\n and", " and")
APPROVED = {"policy_number": "7", "date_published": "2026-01-01", "review_due": "2030-05-01"}


def png(colour: str) -> bytes:
    saved = io.BytesIO()
    Image.new("RGB", (8, 6), colour).save(saved, "PNG")
    return saved.getvalue()


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def parks(root: Path, version: str = "1", text: str = TEXT, **keys: str) -> Path:
    """A project with one policy and its pictures; the file of the policy."""
    folder = root / "policy_src"
    (folder / "images").mkdir(parents=True, exist_ok=True)
    for name, data in ((MAP, photo()), ("images/plan.png", png("red")), ("images/safe.png", png("green"))):
        (folder / name).write_bytes(data)
    (folder / "parks.md").write_text(policy(text, title="Parks", version=version, **keys), "utf-8")
    return folder / "parks.md"


def keep(root: Path, version: str, text: str = TEXT, **pictures: bytes) -> None:
    """Keeps a version with these pictures in images/, by the stems of their names."""
    by_path = {f"images/{name}.png": data for name, data in pictures.items()}
    approved = policy(text, title="Parks", version=version, status="approved", **APPROVED)
    put_all(archive.addition(root / "policy_src", "parks", version, approved.encode(), by_path))


# What is kept


@pytest.mark.parametrize("command", [("accept",), ("decide", "--carried", "A1")], ids=" ".join)
def test_whatever_approves_keeps_the_pictures(tmp_path: Path, command: tuple[str, ...]) -> None:
    file = parks(new_project(tmp_path / "project", None), text=TEXT.replace("and", "^^and^^", 1), **APPROVED)
    root, home = file.parent.parent, file.parent / "archive/parks"
    days = ("--version", "1", "--published", "2026-01-01", "--review-due", "2030-01-01")
    done = run(root, command[0], "parks", *command[1:], *days)
    assert done.returncode == 0, done.stderr
    assert "Kept for good: policy_src/archive/parks/v1.md." in done.stdout
    names = [f"images/{sha(photo())}.jpg", *(f"images/{sha(png(colour))}.png" for colour in ("red", "green"))]
    assert (home / "v1.pictures").read_text("utf-8").splitlines() == [
        f"{sha(photo())}  {MAP}", f"{sha(png('red'))}  images/plan.png", f"{sha(png('green'))}  images/safe.png",
    ]  # fmt: skip
    lines = (home / "SHA256SUMS").read_text("utf-8").splitlines()
    assert [line.partition("  ")[2] for line in lines] == [*names, "v1.pictures", "v1.md"]
    assert (home / names[0]).read_bytes() == photo()
    assert not list(archive.faults(file.parent))
    for folder, listed in ((home, "SHA256SUMS"), (file.parent, home / "v1.pictures")):
        proof = subprocess.run(["sha256sum", "--strict", "-c", listed], cwd=folder, capture_output=True, text=True)
        assert proof.returncode == 0, proof.stderr


def test_a_picture_is_kept_once_however_many_versions_show_it(tmp_path: Path) -> None:
    parks(tmp_path)
    keep(tmp_path, "1", ONE, plan=png("red"))
    keep(tmp_path, "2", ONE, plan=png("red"))
    keep(tmp_path, "3", ONE, plan=png("blue"))
    home = tmp_path / "policy_src/archive/parks"
    assert {path.name for path in (home / "images").iterdir()} == {f"{sha(png(c))}.png" for c in ("red", "blue")}
    assert (home / "SHA256SUMS").read_text("utf-8").count(f"images/{sha(png('red'))}") == 1
    assert not list(archive.faults(home.parent.parent))


def test_a_version_without_pictures_has_no_list_of_them(tmp_path: Path) -> None:
    parks(tmp_path)
    keep(tmp_path, "1", "## A\n\n1.  B.\n")
    assert {path.name for path in (tmp_path / "policy_src/archive/parks").iterdir()} == {"v1.md", "SHA256SUMS"}


def removed(home: Path) -> None:
    (home / f"images/{sha(png('red'))}.png").unlink()


def changed(home: Path) -> None:
    (home / f"images/{sha(png('red'))}.png").write_bytes(png("blue"))


def added(home: Path) -> None:
    (home / "images/plan.png").write_bytes(png("blue"))


def forgotten(home: Path) -> None:
    removed(home)
    lines = (home / "SHA256SUMS").read_text("utf-8").splitlines(keepends=True)
    (home / "SHA256SUMS").write_text("".join(lines[1:]), "utf-8")


def retold(home: Path) -> None:
    (home / "v1.pictures").write_text(f"{sha(png('blue'))}  images/plan.png\n", "utf-8")


def linked(home: Path) -> None:
    (home / "images").rename(home.parent / "pictures")
    (home / "images").symlink_to("../pictures")


@pytest.mark.parametrize(
    ("deed", "expected"),
    [
        (removed, {("P703", "images/{}.png")}), (changed, {("P704", "images/{}.png")}),
        (added, {("P705", "images/plan.png")}), (forgotten, {("P703", "images/{}.png")}),
        (retold, {("P704", "v1.pictures")}), (linked, {("P705", "images")}),
    ],
)  # fmt: skip
def test_what_becomes_of_kept_pictures_is_told(
    tmp_path: Path, deed: Callable[[Path], None], expected: set[tuple[str, str]]
) -> None:
    folder = parks(tmp_path).parent
    keep(tmp_path, "1", ONE, plan=png("red"))
    assert not list(archive.faults(folder))
    deed(folder / "archive/parks")
    told = {(fault.code, fault.path.removeprefix("policy_src/archive/parks/")) for fault in archive.faults(folder)}
    told -= {("P701", "policy_src/archive/pictures"), ("P703", "policy_src/archive/pictures")}
    assert told >= {(code, path.format(sha(png("red")))) for code, path in expected}
    assert deed is linked or len(told) == len(expected)


# What is shown


def pictures(root: Path, version: str) -> list[str]:
    return kept(root, "parks", "internal")[version].policy.images


def differing(before: KeptVersion, after: KeptVersion) -> int:
    """How many places two versions say differently."""
    return len(version_changes.changes(step_between(before, after)))


def test_each_version_shows_its_own(tmp_path: Path) -> None:
    parks(tmp_path, version="3", text=ONE)
    keep(tmp_path, "1", ONE, plan=png("red"))
    keep(tmp_path, "2", ONE, plan=png("blue"))
    for version, colour in (("1", "red"), ("2", "blue")):
        assert pictures(tmp_path, version) == [f"archive/parks/images/{sha(png(colour))}.png"]
    versions = kept(tmp_path, "parks")
    assert differing(versions["1"], versions["2"]) == 1


def test_an_archive_of_before_goes_on_as_it_was(tmp_path: Path) -> None:
    parks(tmp_path, version="3", text=ONE)
    keep(tmp_path, "1", ONE)
    assert pictures(tmp_path, "1") == ["images/plan.png"]
    keep(tmp_path, "2", ONE, plan=png("red"))  # the same that is there now: nobody is told of a change
    versions = kept(tmp_path, "parks")
    assert differing(versions["1"], versions["2"]) == 0


@pytest.mark.parametrize("deed", [removed, changed, retold])
def test_a_kept_picture_that_was_changed_since_is_its_words(tmp_path: Path, deed: Callable[[Path], None]) -> None:
    parks(tmp_path, version="2", text=ONE)
    keep(tmp_path, "1", ONE, plan=png("red"))
    deed(tmp_path / "policy_src/archive/parks")
    assert pictures(tmp_path, "1") == [] and "a plan" in words(kept(tmp_path, "parks")["1"])


def test_the_text_in_force_is_the_same_only_with_the_same_picture(tmp_path: Path) -> None:
    plan = parks(tmp_path, version="2", text=ONE.replace("1.  ", "1.  ^^See^^ ")).parent / "images/plan.png"
    keep(tmp_path, "1", ONE, plan=png("red"))
    for colour in ("red", "blue"):
        plan.write_bytes(png(colour))
        current, version = council.read(tmp_path, "external", SETTINGS).published["parks"], kept(tmp_path, "parks")["1"]
        pictures = kept_pictures(tmp_path / "policy_src", "parks")
        own = replace(current, document=pictures.in_place(current.document))
        assert (places_in_force(own, version) is not None) is (colour == "red")
        codes = {problem.code for problem in inspection.inspect(tmp_path, SETTINGS, today()).problems}
        assert ("P745" in codes) is (colour == "blue")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Version 1 was approved with a photograph and an internal picture; all its pictures have been replaced since."""
    root = new_project(tmp_path_factory.mktemp("pictures") / "project", None)
    folder = parks(root, **APPROVED).parent
    done = run(root, "accept", "parks", "--version", "1", "--published", "2026-01-01", "--review-due", "2030-01-01")
    assert done.returncode == 0, done.stderr
    (folder / MAP).write_bytes(photo(1))
    for name in ("plan", "safe"):
        (folder / f"images/{name}.png").write_bytes(png("blue"))
    text = (folder / "parks.md").read_text("utf-8")
    text = text.replace("version: 1", "version: 2").replace("status: approved", "status: draft")
    (folder / "parks.md").write_text(text, "utf-8")
    done = run(root, "build", SOURCE_DATE_EPOCH=TODAY)
    assert done.returncode == 0, done.stderr
    return root / "site"


def test_a_picture_of_a_version_has_an_address_of_its_own(site: Path) -> None:
    home = site / "external/policies/parks"
    page = (home / "v1/index.html").read_text("utf-8")
    shown = re.findall('<img src="([^"]*)"', page)
    assert shown == [f"../../parks/images/{sha(png('red'))}.png", f"../../parks/images/{sha(photo())}.jpg"]
    for address in shown:
        assert (home / "v1" / address).resolve().is_file()
    now = (home / "index.html").read_text("utf-8")
    assert "../images/plan.png" in now and "parks/images/" not in now


def test_it_is_published_as_others_are(site: Path) -> None:
    data = (site / f"external/policies/parks/images/{sha(photo())}.jpg").read_bytes()
    assert AUTHOR.encode() in photo() and AUTHOR.encode() not in data


def test_one_that_the_edition_may_not_show_is_not_there(site: Path) -> None:
    inside = {edition: {path.name for path in (site / edition / "policies/parks/images").iterdir()}
              for edition in ("external", "internal")}  # fmt: skip
    assert inside["internal"] - inside["external"] == {f"{sha(png('green'))}.png"}


def test_the_pdf_of_a_version_shows_them_too(site: Path) -> None:
    """The plan is red in version 1, and blue today."""
    colours = {}
    for name in ("v1/v1.pdf", "parks.pdf"):
        with pikepdf.open(site / "external/policies/parks" / name) as pdf:
            drawn = [PdfImage(picture) for picture in pdf.objects if isinstance(picture, pikepdf.Stream)
                     and picture.get("/Subtype") == "/Image" and picture.Width == 8]  # fmt: skip
            colours[name] = {plan.as_pil_image().convert("RGB").getpixel((1, 1)) for plan in drawn}
    assert colours == {"v1/v1.pdf": {(255, 0, 0)}, "parks.pdf": {(0, 0, 255)}}


def test_a_changed_picture_of_the_archive_alarms_the_reviewers(tmp_path: Path) -> None:
    folder = parks(new_project(tmp_path / "project", None), version="2", text=ONE).parent
    root = folder.parent
    keep(root, "1", ONE, plan=png("red"))
    for words_of_git in (("init", "-q", "-b", "main"), ("add", "policy_src"), ("commit", "-qm", "Start")):
        subprocess.run(
            ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", *words_of_git], cwd=root, check=True
        )
    changed(folder / "archive/parks")
    done = run(root, "changes", "--strict")
    assert done.returncode == 1 and "This part of an archived version is changed" in done.stdout
