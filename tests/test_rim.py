"""All of our hooks run or none; and what a page's writers note for each other doesn't get to its readers."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import html5lib
import pytest
from building import files, new_project, policy, run
from hypothesis import given
from hypothesis import strategies as st

from policydoc.contents.html_comments import without_comments

HOOKS = (
    "read_policies guide_editors place_articles write_records write_versions strip_remarks "
    "index_clauses secure_pages publish_edition show_preview"
).split()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    project = new_project(tmp_path / "project", None)
    (project / "policy_src/parks.md").write_text(policy("## Parks\n\n1.  Kanaripolicy.\n"), "utf-8")
    return project


def listing(project: Path, hooks: list[str], more: str = "") -> None:
    """Writes mkdocs.yml with these hooks."""
    path = project / "mkdocs.yml"
    text = re.sub(r"^hooks:\n(?:  - .*\n)+", "", path.read_text("utf-8"), flags=re.MULTILINE)
    listed = "".join(f"  - hooks/{name}.py\n" for name in hooks)
    path.write_text(text + (f"\nhooks:\n{listed}" if hooks else "") + more, "utf-8")


def refused(project: Path, *words: str) -> str:
    """What MkDocs says when it is started by hand, as `policy build` starts it."""
    done = run(project, "mkdocs", *words, POLICY_PDF="off")
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert not [name for name in files(project) if name.startswith("site/") and name.endswith((".html", ".json"))]
    return " ".join(done.stderr.split())


def test_the_project_lists_all_of_them(project: Path) -> None:
    assert re.findall(r"^  - hooks/(\w+)\.py$", (project / "mkdocs.yml").read_text("utf-8"), re.MULTILINE) == HOOKS
    assert {path.stem for path in (project / "hooks").glob("*.py")} == {*HOOKS, "make_handbook", "rim"}


@pytest.mark.parametrize("lost", HOOKS)
def test_one_that_is_lost_stops_the_build(lost: str, project: Path) -> None:
    listing(project, [name for name in HOOKS if name != lost])
    assert f"mkdocs.yml: hooks: {lost}.py is missing." in refused(project)


@pytest.mark.parametrize("left", HOOKS)
def test_one_that_is_left_stops_the_build(left: str, project: Path) -> None:
    listing(project, [left])
    assert "are missing. List read_policies.py, guide_editors.py" in refused(project)


@pytest.mark.parametrize("order", [HOOKS[::-1], [*HOOKS[1:], HOOKS[0]], [HOOKS[-1], *HOOKS[:-1]]])
def test_another_order_stops_the_build(order: list[str], project: Path) -> None:
    listing(project, order)
    assert re.search(r"hooks: the order is wrong\. List read_policies\.py, ", refused(project))


def test_the_handbooks_list_is_for_the_handbook_alone(project: Path) -> None:
    listing(project, ["read_policies", "place_articles", "strip_remarks", "make_handbook"])
    assert "guide_editors.py, write_records.py, write_versions.py, index_clauses.py" in refused(project)
    (project / "handbook.yml").write_text("INHERIT: mkdocs.yml\nhooks: [hooks/read_policies.py]\n", "utf-8")
    said = refused(project, "--config-file", str(project / "handbook.yml"))
    assert "handbook.yml: hooks: place_articles.py, strip_remarks.py, make_handbook.py are missing." in said


LATE = """
from pathlib import Path
from mkdocs.plugins import event_priority

@event_priority(PRIORITY)
def on_post_build(config):
    (Path(config.site_dir) / "late.txt").write_text("late", "utf-8")
"""


@pytest.mark.parametrize(
    ("priority", "first", "fine"), [(0, False, True), (-100, True, True), (-100, False, False), (-101, True, False)]
)
def test_nothing_writes_when_the_gate_has_looked(priority: int, first: bool, fine: bool, project: Path) -> None:
    (project / "hooks/late.py").write_text(LATE.replace("PRIORITY", str(priority)), "utf-8")
    listing(project, ["late", *HOOKS] if first else [*HOOKS, "late"])
    if fine:
        assert run(project, "build", POLICY_PDF="off").returncode == 0
        assert (project / "site/external/late.txt").is_file()
    else:
        assert "would still write when the leak gate has looked" in refused(project)


def test_with_none_of_them_no_policy_is_published(project: Path) -> None:
    listing(project, [])
    run(project, "mkdocs")
    for name, data in files(project / "site").items() if (project / "site").is_dir() else ():
        assert b"Kanaripolicy" not in data and "parks" not in name, name


# HTML comments

PAGE = """\
---
title: Help
---
# Help <!-- kanari1 -->

Text <!-- kanari2 --> goes on.<!-- kanari3 over
two lines -->

<!-- kanari4

# No heading kanari5

-->

<div markdown="1">
Inside <!-- kanari6 --> a block.
</div>

<p title="a > b">Raw <!-- kanari7 --> HTML<?kanari8 x?></p>

| A <!-- kanari9 --> | B |
| --- | --- |
| C | <!-- kanari10 --> |

-   Item <!-- kanari11 -->

Code `<!-- shown1 -->`, and a block:

    <!-- shown2 -->

Last words.
"""


def comments(html: str) -> list[str]:
    """What a browser takes for comments."""

    def below(node: object) -> Iterator[str]:
        if getattr(node, "nodeType", None) == 8:
            yield str(getattr(node, "data", ""))
        for child in getattr(node, "childNodes", ()):
            yield from below(child)

    return list(below(html5lib.parse(html, treebuilder="dom")))


def test_no_comment_gets_to_a_page_or_the_search(project: Path) -> None:
    (project / "docs/help.md").write_text(PAGE, "utf-8")
    (project / "docs/old.html").write_text("<!doctype html><title>Old</title><!-- kanari12 --><p>Old.", "utf-8")
    template = project / "docs/templates/web/main.html"
    template.write_text(template.read_text("utf-8").replace("{% block", "<!-- kanari13 -->{% block", 1), "utf-8")
    template = project / "docs/templates/web/404.html"
    template.write_text(template.read_text("utf-8").replace("<h1", "<!-- kanari14 --><h1", 1), "utf-8")
    done = run(project, "build", POLICY_PDF="off")
    assert (done.returncode, done.stderr) == (0, "")
    for edition in ("external", "internal"):
        published = files(project / "site" / edition)
        assert "help/index.html" in published and "old.html" in published
        for name, data in published.items():
            assert not re.search(rb"kanari\d", data), name
            if name.endswith(".html"):
                assert comments(data.decode()) == [], name
        page = published["help/index.html"].decode()
        assert page.count("&lt;!-- shown") == 2 and "Last words." in page and "Raw  HTML" in page
        index = json.loads(published["search/search_index.json"])
        assert any("Last words" in entry["text"] for entry in index["docs"])
    assert '<table class="facts card"' in (project / "site/internal/editors/card/index.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("html", "left"),
    [
        ("a<!-- x -->b", "ab"),
        ("<p title='<!-- x -->'>b</p>", "<p title='<!-- x -->'>b</p>"),
        ('<a title="a > b"><!-- x -->b</a>', '<a title="a > b">b</a>'),
        ("<pre>&lt;!-- x --&gt;</pre>", "<pre>&lt;!-- x --&gt;</pre>"),
        ("<!doctype html>\n<p>a</p>", "<!doctype html>\n<p>a</p>"),
        ("<script>if (a <!--b) c</script><!--x-->", "<script>if (a <!--b) c</script>"),
        ("a<?php x ?>b", "ab"),
        ("a<!x>b", "ab"),
        ("a</ x>b", "ab"),
        ("a <<!x>!-- b", "a < !-- b"),
        ("a<!-- x > b\nc", "a"),
        ("a<!-- x -- > y -->b", "ab"),
        ("a<!-- x --!>b<!--> c <!--->d", "ab c d"),
        ("a < b <! c", "a < b "),
        ("é\n<b>\r\n<!-- x -->&amp;&#65;</b>\n", "é\n<b>\r\n&amp;&#65;</b>\n"),
    ],
)
def test_comments_go_and_all_else_stays(html: str, left: str) -> None:
    assert without_comments(html) == left


PIECES = [
    "<!--", "-->", "--", "<p>", "</p>", '<a title="', '">', "<b>", "</b>", "words", "\n",
    "<", ">", "&lt;!--", "<!x>", "<?y>", "'", "</ z>", "<script>", "</script>", "&", "&#65;",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_a_browser_finds_no_comment_in_what_is_left(html: str) -> None:
    assert comments(f"<!doctype html><body>{without_comments(html)}") == []


def test_many_openings_take_no_time() -> None:
    assert without_comments("<!--" * 1_000_000) == ""
    assert without_comments("<!-- a -->" * 200_000 + "b") == "b"
