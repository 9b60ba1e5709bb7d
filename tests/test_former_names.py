"""A policy that gets another name is found under the old one for ever, and under no other policy's."""

import re
import subprocess
from pathlib import Path

import pytest
from building import SETTINGS, files, new_project, policy, run
from test_versions import TODAY, approved, html, keep, kept, page, write

from policydoc.checking import inspection
from policydoc.clock import today
from policydoc.editions import council, secrets
from policydoc.outputs import notices
from policydoc.source import links

DOGS = "## Dogs\n\n1.  Dogs are welcome, see [clause](dogs.md#fee) and [clause](#fee).\n\n1.  A fee is paid. {#fee}\n"
CATS = "## Cats\n\n1.  As [clause](dogs.md#fee) says for [dogs](<./dogs.md>), and [the rule][1].\n\n[1]: dogs.md#fee\n"


def council_of(root: Path, **keys: str) -> Path:
    """Dogs, a draft over version 1; Cats, which is approved and refers to it; Ferrets, which Dogs replace."""
    write(
        root,
        dogs=policy(DOGS, title="Dogs", version="2", **keys),
        cats=approved("1", CATS, title="Cats", policy_number="8"),
        ferrets=policy("## F\n\n1.  F.\n", title="Ferrets", status="withdrawn", replaced_by="dogs"),
    )
    keep(root, "dogs", v1=approved("1", DOGS, title="Dogs"))
    keep(root, "cats", v1=approved("1", CATS, title="Cats", policy_number="8"))
    return root


def rename(root: Path, *words: str, expected: int = 0) -> str:
    done = run(root, "rename", *words)
    assert done.returncode == expected, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return council_of(new_project(tmp_path / "project", None))


# The command


def test_it_moves_everything_and_changes_no_version(project: Path) -> None:
    folder = project / "policy_src"
    before = files(folder)
    said = rename(project, "dogs", "dog-control")
    after = files(folder)
    assert after["archive/dog-control/v1.md"] == before["archive/dogs/v1.md"]
    assert after["archive/dog-control/SHA256SUMS"] == before["archive/dogs/SHA256SUMS"]
    assert not [name for name in after if name.startswith(("dogs", "archive/dogs"))]
    text = after["dog-control.md"].decode()
    assert "formerly: [dogs]\n" in text and "[clause](dog-control.md#fee) and [clause](#fee)" in text
    cats = before["cats.md"].decode().replace("dogs.md", "dog-control.md")
    assert after["cats.md"].decode() == cats and cats.count("dog-control.md") == 3
    assert b"replaced_by: dog-control\n" in after["ferrets.md"]
    assert "Changed the links to it in policy_src/cats.md and policy_src/ferrets.md." in said
    assert "Moved 1 kept version to policy_src/archive/dog-control/, unchanged." in said
    assert "Its old address leads to the new one." in said


def test_it_says_which_hand_written_pages_lead_to_the_old_name(project: Path) -> None:
    page = project / "docs/about.md"
    page.write_text(page.read_text("utf-8") + "\nSee [Dogs](policies/dogs.md).\n", "utf-8")
    assert "docs/about.md still leads to policies/dogs.md. Change that there." in rename(project, "dogs", "hounds")


def test_nothing_is_told_of_a_link_that_follows_a_new_name(project: Path) -> None:
    rename(project, "dogs", "dog-control")
    codes = [problem.code for problem in inspection.inspect(project, SETTINGS, today()).problems]
    assert not codes, codes


def test_a_name_that_nobody_outside_has_known_is_internal(tmp_path: Path) -> None:
    root = new_project(tmp_path / "project", None)
    write(root, secret=policy("## A\n\n1.  B.\n", title="Plans", distribution="{internal: [All staff]}"))
    assert "Nobody outside has known the old name" in rename(root, "secret", "plans")
    assert "formerly: {external: [], internal: [secret]}\n" in (root / "policy_src/plans.md").read_text("utf-8")
    path = root / "policy_src/plans.md"
    path.write_text(path.read_text("utf-8").replace("[All staff]}", "[All staff], external: [Website]}"), "utf-8")
    rename(root, "plans", "public-plans")
    text = (root / "policy_src/public-plans.md").read_text("utf-8")
    assert "formerly: {external: [plans], internal: [secret]}\n" in text


def test_a_policy_that_was_public_under_its_name_keeps_it_public(project: Path) -> None:
    path = project / "policy_src/dogs.md"
    path.write_text(path.read_text("utf-8").replace("[Website]", "[]"), "utf-8")
    for name in ("cats", "ferrets"):
        (project / f"policy_src/{name}.md").write_text(policy("## A\n\n1.  B.\n", title=name), "utf-8")
    rename(project, "dogs", "hounds")
    rename(project, "hounds", "packs")
    assert "formerly: {external: [dogs], internal: [hounds]}\n" in (project / "policy_src/packs.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("gone", "new"), "there is no policy policy_src/gone.md"),
        (("dogs", "cats"), "cats is taken already"),
        (("dogs", "dogs"), "dogs is taken already"),
        (("dogs", "Dog Control"), "can't be a policy's name"),
        (("dogs", "index"), "can't be a policy's name"),
        (("dogs", "con"), "can't be a policy's name"),
        (("cats", "pets"), "pets was the name of policy_src/dogs.md"),
        (("dogs", "pets"), "pets was the name of policy_src/dogs.md"),
    ],
    ids=" ".join,
)
def test_it_refuses_in_a_line(tmp_path: Path, words: tuple[str, ...], expected: str) -> None:
    root = council_of(new_project(tmp_path / "project", None), formerly="[pets]")
    before = files(root / "policy_src")
    said = rename(root, *words, expected=1)
    assert expected in said and "Nothing was changed." in said and files(root / "policy_src") == before


def test_it_refuses_where_the_name_stands_in_code(project: Path) -> None:
    cats = project / "policy_src/cats.md"
    cats.write_text(cats.read_text("utf-8") + "\n1.  Type `[clause](dogs.md#fee)`.\n", "utf-8")
    before = files(project / "policy_src")
    assert "policy_src/cats.md: a link to dogs.md stands in its text" in rename(project, "dogs", "hounds", expected=1)
    assert files(project / "policy_src") == before


def test_no_new_policy_takes_a_former_name(project: Path) -> None:
    rename(project, "dogs", "dog-control")
    done = run(project, "new", "Dogs", "--owner", "Clerk", "--internal", "All staff")
    assert done.returncode == 1 and "dogs was the name of policy_src/dog-control.md" in done.stderr


def test_links_are_found_in_every_form() -> None:
    text = '[a](dogs.md) [b](./dogs.md#x) [c](<dogs.md#x> "t") [d]: dogs.md\n(dogs.md) hot-dogs.md [e](hot-dogs.md)'
    assert links.renamed(text, {"dogs": "d"}) == (
        '[a](d.md) [b](./d.md#x) [c](<d.md#x> "t") [d]: d.md\n(dogs.md) hot-dogs.md [e](hot-dogs.md)'
    )


# What others are told


def test_a_link_to_a_former_name_says_what_it_is_called_now(tmp_path: Path) -> None:
    write(tmp_path, hounds=policy(DOGS.replace("dogs.md", ""), formerly="[dogs]"), cats=policy(CATS, title="Cats"))
    errors = council.read(tmp_path, "external", SETTINGS).errors
    assert errors and all(" It is called hounds.md now." in str(error) for error in errors)


def test_changes_knows_the_policy_by_its_former_name(project: Path) -> None:
    git = ("git", "-c", "user.name=A", "-c", "user.email=a@example.org")
    for command in (("init", "-q", "-b", "main"), ("add", "policy_src"), ("commit", "-qm", "Start")):
        subprocess.run([*git, *command], cwd=project, check=True)
    path = project / "policy_src/dogs.md"
    path.write_text(
        path.read_text("utf-8").replace("A fee is paid.", "Nothing whatever is alike in this text."), "utf-8"
    )
    rename(project, "dogs", "hounds")
    path = project / "policy_src/hounds.md"
    path.write_text(path.read_text("utf-8").replace("Dogs are welcome, see", "Entirely other words are here:"), "utf-8")
    done = run(project, "changes")
    assert done.returncode == 0, done.stderr
    said = done.stdout
    assert "dogs" in said and "hounds" in said and "archived" not in said.casefold(), said
    assert "Cats" not in said, said


# Versions, and pages under old names


def test_references_of_versions_lead_to_the_new_name(project: Path) -> None:
    write(project, cats=policy("## Cats\n\n1.  Cats.\n", title="Cats", version="2"))
    rename(project, "dogs", "hounds")
    cats = html(kept(project, "cats")["1"])
    assert '<a href="../../hounds/v1/#1.2" class="reference">clause 1.2 of the Dogs</a>' in cats
    own = html(kept(project, "hounds")["1"])
    assert own.count('<a href="#1.2" class="reference">clause 1.2</a>') == 2


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = council_of(new_project(tmp_path_factory.mktemp("renamed") / "project", None))
    plans = "## A\n\n1.  B.\n"
    write(root, dogs=policy(DOGS.replace("A fee", "A ^^small^^ fee"), title="Dogs", version="2"))
    write(root, plans=policy(plans, title="Plans", formerly="{external: [schemes], internal: [kanarisecret]}"))
    rename(root, "dogs", "hounds")
    done = run(root, "build", SOURCE_DATE_EPOCH=TODAY)
    assert done.returncode == 0, done.stderr
    return root / "site"


PAGES = {
    "": "the policy", "/v1": "version 1", "/history": "all versions", "/amendments": "the amendment paper",
    "/compare/v1..draft": "from version 1 to the draft",
}  # fmt: skip


def test_each_old_page_is_a_page_with_a_link(site: Path) -> None:
    for edition in ("external", "internal"):
        for path, target in PAGES.items():
            text = page(site, f"policies/dogs{path}", edition)
            [address] = re.findall(f'<a href="([^"]*)">Dogs: {target}</a>', text)
            there = (site / edition / f"policies/dogs{path}" / address).resolve()
            assert there == (site / edition / f"policies/hounds{path}").resolve() and (there / "index.html").is_file()
            assert '<meta name="robots" content="noindex">' in text
    for name in ("sitemap.xml", "policies.csv", "search/search_index.json"):
        assert "policies/dogs/" not in (site / "external" / name).read_text("utf-8")


def test_the_rest_is_in_a_file_for_the_server(site: Path) -> None:
    lines = (site / "external/_redirects").read_text("utf-8").splitlines()
    assert "/policies/dogs/dogs.pdf /policies/hounds/hounds.pdf 301" in lines
    assert "/policies/dogs/* /policies/hounds/:splat 301" in lines
    assert lines.index("/policies/dogs/* /policies/hounds/:splat 301") > lines.index(
        "/policies/dogs/dogs.json /policies/hounds/hounds.json 301"
    )


def test_a_name_that_was_internal_is_in_no_byte_outside(site: Path) -> None:
    for name, data in files(site / "external").items():
        assert "kanarisecret" not in name and b"kanarisecret" not in data, name
    assert (site / "external/policies/schemes/index.html").is_file()
    assert (site / "internal/policies/kanarisecret/index.html").is_file()


def test_without_former_names_there_is_no_such_file(tmp_path: Path) -> None:
    write(tmp_path, cats=policy("## A\n\n1.  B.\n"))
    policies = council.read(tmp_path, "external", SETTINGS)
    assert notices.redirects(policies, "https://x.example/docs/") == "" and not list(notices.of_edition(policies))
    write(tmp_path, cats=policy("## A\n\n1.  B.\n", formerly="pets"))
    policies = council.read(tmp_path, "external", SETTINGS)
    assert "/docs/policies/pets/pets.pdf /docs/policies/cats/cats.pdf 301" in notices.redirects(
        policies, "https://x.example/docs/"
    )


# The gate


def test_the_gate_knows_names_that_nobody_outside_has_known(tmp_path: Path) -> None:
    write(tmp_path, plans=policy("## A\n\n1.  B.\n", formerly="{external: [schemes], internal: [plot]}"))
    inside = secrets.read_all(tmp_path / "policy_src")
    assert [(secret.text, secret.is_name) for secret in inside.secrets] == [("plot", True)]
    assert "schemes" in inside.public[0] and "plot" not in inside.public[0]
