"""What is too much, or isn't there, is one line that says so: a logo, signs that nothing could read in time."""

from pathlib import Path

import pytest
from building import new_project, policy, run


@pytest.mark.parametrize(
    ("logo", "said"),
    [
        ("assets/gone.png", "isn't in docs/"),
        ("../mkdocs.yml", "docs/"),
    ],
)
def test_a_logo_that_is_not_there_is_told_by_check(logo: str, said: str, tmp_path: Path) -> None:
    project = new_project(tmp_path / "council")
    settings = project / "mkdocs.yml"
    text = settings.read_text("utf-8")
    assert "    logo:" in text
    before, _, after = text.partition("    logo:")
    settings.write_text(f"{before}    logo: {logo}\n{after.partition(chr(10))[2]}", "utf-8")
    done = run(project, "check")
    lines = [line for line in (done.stdout + done.stderr).splitlines() if "P116" in line]
    assert done.returncode == 1 and len(lines) == 1 and said in lines[0] and logo in lines[0]


@pytest.mark.parametrize("signs", ["[", "![", "{>>", "{==", "~~", "^^", "`"])
def test_signs_by_the_thousand_are_one_line_and_no_wait(signs: str, tmp_path: Path) -> None:
    project = new_project(tmp_path / "council", None)
    (project / "policy_src/dogs.md").write_text(policy(f"## Purpose\n\n1.  {signs * 20_000}\n"), "utf-8")
    done = run(project, "check")
    assert done.returncode == 1 and "Traceback" not in done.stderr
