"""What stands round the program: workflows without logic or power, ownership, the same on GitLab, editors' settings."""

import html
import importlib.util
import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from types import ModuleType
from typing import Any

import guard
import pytest
import yaml
from building import ROOT
from click.testing import CliRunner

from policydoc.commands import main
from policydoc.problems import Problem
from policydoc.source.front_matter import Metadata

GITHUB = ROOT / ".github"
# on: would be read as true: YAML 1.1 knows that word
WORKFLOWS: dict[str, dict[str, Any]] = {
    path.stem: yaml.safe_load(re.sub(r"^on:", '"on":', path.read_text("utf-8"), flags=re.MULTILINE))
    for path in sorted((GITHUB / "workflows").iterdir())
}
# All that any job may do; everything else may do nothing.
MAY = {
    "ci": {"test": {"contents": "read"}},
    "comment": {"comment": {"actions": "read", "contents": "read", "pull-requests": "write"}},
    "policies": {"policies": {"contents": "read"}},
    "publish": {"build": {"contents": "read"}, "pages": {"id-token": "write", "pages": "write"}},
    "reviews": {"reviews": {"contents": "read", "issues": "write"}},
}
JOBS = [(name, job, found) for name, flow in WORKFLOWS.items() for job, found in flow["jobs"].items()]
STEPS = [(name, step) for name, _, job in JOBS for step in job.get("steps", [])]
# make changes FORMAT=markdown OUT="$GITHUB_STEP_SUMMARY"
RUN = re.compile(r'\.ci/pull-request|make [a-z]+( [A-Z]+=("\$[A-Z_]+"|[\w.]+))*')
TARGETS = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
GITLAB = re.findall(r"^```yaml\n(.*?)^```", (ROOT / "docs/gitlab.md").read_text("utf-8"), re.MULTILINE | re.DOTALL)
CHECKOUT = "actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0"
FROM_OUTSIDE = "ref: ${{ github.event.workflow_run.head_sha }}"


# workflows


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The workflows in a repository of their own."""
    shutil.copytree(GITHUB, tmp_path / ".github")
    (tmp_path / ".git").mkdir()
    return tmp_path


def lint(repository: Path) -> tuple[int, str]:
    """What jactionlint says of a repository's workflows, whatever its level."""
    program = Path(sys.executable).with_name("jactionlint")
    command = [str(program), "--shellcheck=", "--pyflakes=", "--strict-exit", "--no-online", "--format=oneline"]
    done = subprocess.run(command, cwd=repository, capture_output=True, text=True, encoding="utf-8")
    return done.returncode, done.stdout + done.stderr


def test_the_linter_finds_nothing(copy: Path) -> None:
    assert lint(copy) == (0, "")


@pytest.mark.parametrize(
    ("workflow", "old", "new", "rule"),
    [
        ("ci", CHECKOUT, "actions/checkout@v5", "unpinned-uses"),
        ("ci", "persist-credentials: false", "fetch-depth: 1", "artipacked"),
        ("reviews", "17 6 * * 1", "17 6 * * 8", "invalid-cron"),
        ("publish", "needs: build", "needs: builds", "undefined-job-needs"),
        ("publish", "id-token: write", "id-token: wirte", "invalid-permissions"),
        ("policies", "make site", "make site ${{ github.event.pull_request.title }}", "template-injection"),
        ("comment", "[Policies]", "[Polices]", "workflow-run-names"),
        ("comment", "# jactionlint ignore=dangerous-triggers", "#", "dangerous-triggers"),
        ("comment", "sparse-checkout: .github/scripts", FROM_OUTSIDE, "untrusted-checkout"),
    ],
)
def test_the_linter_would_find_a_fault(copy: Path, workflow: str, old: str, new: str, rule: str) -> None:
    path = copy / f".github/workflows/{workflow}.yml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    status, said = lint(copy)
    assert (status, f"[{rule}]" in said) == (1, True), said


def test_every_action_is_pinned_by_the_hash_of_a_commit_and_says_its_version() -> None:
    for path in (GITHUB / "workflows").iterdir():
        for used in re.findall(r"\buses: (.*)", path.read_text("utf-8")):
            assert used.startswith("./") or re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", used), used


def test_a_workflow_calls_make_and_holds_no_logic() -> None:
    runs = [step["run"] for _, step in STEPS if "run" in step]
    assert len(runs) > 5
    for run in runs:
        assert RUN.fullmatch(run), run
        assert run == ".ci/pull-request" or run.split()[1] in TARGETS, run


def test_permissions_are_the_least() -> None:
    assert all(flow["permissions"] == {} for flow in WORKFLOWS.values())
    assert {
        name: {job: found["permissions"] for job, found in flow["jobs"].items()} for name, flow in WORKFLOWS.items()
    } == MAY


def test_no_token_that_writes_meets_the_code_of_a_pull_request() -> None:
    for name, flow in WORKFLOWS.items():
        triggers, text = flow["on"], (GITHUB / f"workflows/{name}.yml").read_text("utf-8")
        assert "pull_request_target" not in triggers
        assert "secrets" not in text.replace("no secrets", "")
        if "pull_request" in triggers:
            assert "token" not in text
            assert all(value == "read" for job in MAY[name].values() for value in job.values())
        if "workflow_run" in triggers:  # no checkout of anything but the main branch
            checkouts = [step["with"] for step in flow["jobs"][name]["steps"] if "checkout" in step.get("uses", "")]
            assert checkouts == [{"sparse-checkout": ".github/scripts", "persist-credentials": False}]


def test_only_the_external_edition_goes_to_the_website_and_only_from_a_green_build() -> None:
    uploads = [(name, step) for name, step in STEPS if "upload" in step.get("uses", "")]
    website = [step["with"]["path"] for _, step in uploads if "upload-pages-artifact" in step["uses"]]
    assert website == ["site/external"]
    inside = [
        step for _, step in uploads if step["with"]["path"] != "changes.md" and step["with"]["path"] not in website
    ]
    assert [step["with"]["path"] for step in inside] == ["site/internal"] * 2
    assert all(step["if"] == "${{ github.event.repository.private }}" for step in inside)
    # Nobody else can start it; at night it takes the default branch.
    assert WORKFLOWS["publish"]["on"] == {"push": {"branches": ["main"]}, "schedule": [{"cron": "7 0 * * *"}]}


def test_publishing_needs_good_policies_and_a_good_build_and_nothing_else() -> None:
    jobs = WORKFLOWS["publish"]["jobs"]
    assert {name: job.get("needs") for name, job in jobs.items()} == {"build": None, "pages": "build"}
    runs = [step["run"] for step in jobs["build"]["steps"] if "run" in step]
    assert runs == ["make policies FORMAT=github", "make site"]


# what a pull request must wait for


def test_a_required_check_starts_on_every_pull_request() -> None:
    """GitHub waits for ever for a check that a filter kept from starting, and takes a skipped one for a green one."""
    for name, job in (("ci", "test"), ("policies", "policies")):
        assert WORKFLOWS[name]["on"] == {"pull_request": None}
        assert not {"if", "needs", "strategy"} & WORKFLOWS[name]["jobs"][job].keys()
        assert WORKFLOWS[name]["jobs"][job].get("name", job) == job


@pytest.fixture
def branch(tmp_path: Path) -> Path:
    """A repository whose branch has a commit more than main; its tests only say that they were run."""
    for name in (
        "policy_src/dogs.md",
        "docs/about.md",
        "docs/gitlab.md",
        "docs/editors/word.md",
        "hooks/x.py",
        ".ci/run",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("#!/bin/sh\necho The tests ran.\n", "utf-8")
    (tmp_path / ".ci/run").chmod(0o755)
    shutil.copy2(ROOT / ".ci/pull-request", tmp_path / ".ci")
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    commit(tmp_path)
    git(tmp_path, "checkout", "--quiet", "-b", "branch")
    return tmp_path


def git(folder: Path, *words: str) -> None:
    command = ["git", "-c", "user.name=Officer", "-c", "user.email=officer@example.org", *words]
    subprocess.run(command, cwd=folder, check=True)


def commit(folder: Path) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message=A change")


def checked(folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], **settings}
    return subprocess.run([folder / ".ci/pull-request"], env=environment, capture_output=True, text=True)


@pytest.mark.parametrize(
    ("changed", "runs"),
    [
        ([], False),
        (["policy_src/dogs.md", "policy_src/images/map.png", "policy_src/archive/dogs/v1.md"], False),
        (["docs/about.md", "docs/Hunde und Kätzchen.md"], False),
        (["docs/about.md", "hooks/x.py"], True),
        (["docs/gitlab.md"], True),
        (["docs/editors/word.md"], True),
        (["mkdocs.yml"], True),
        (["policy_src.md"], True),
        (["-- x"], True),
    ],
)
def test_the_tests_run_when_the_program_changes(branch: Path, changed: list[str], runs: bool) -> None:
    for name in changed:
        (branch / name).parent.mkdir(parents=True, exist_ok=True)
        (branch / name).write_text("Changed", "utf-8")
    commit(branch)
    git(branch, "checkout", "--quiet", "main")
    (branch / "hooks/x.py").write_text("What others change meanwhile doesn't count.", "utf-8")
    commit(branch)
    git(branch, "checkout", "--quiet", "branch")
    done = checked(branch, BASE="main")
    assert (done.returncode, "The tests ran." in done.stdout) == (0, runs), done.stdout + done.stderr
    assert runs or done.stdout == "Nothing of the program has changed, so its tests have nothing to say.\n"


def test_a_file_that_leaves_the_program_changes_it(branch: Path) -> None:
    (branch / "hooks/x.py").rename(branch / "policy_src/x.md")
    commit(branch)
    assert "The tests ran." in checked(branch, BASE="main").stdout


def test_where_nobody_knows_what_has_changed_the_check_is_red(branch: Path) -> None:
    assert checked(branch).returncode and checked(branch, BASE="gone").returncode
    (branch / ".ci/run").write_text("#!/bin/sh\nexit 3\n", "utf-8")
    commit(branch)
    assert checked(branch, BASE="main").returncode == 3


# what the workflows hand over


def test_make_hands_over_the_name_of_a_branch_as_it_is(tmp_path: Path) -> None:
    shutil.copy(ROOT / "Makefile", tmp_path)
    policy = tmp_path / ".venv/bin/policy"
    policy.parent.mkdir(parents=True)
    policy.write_text('#!/bin/sh\nprintf "%s|" "$@"\n', "utf-8")
    policy.chmod(0o755)
    for name in ("requirements.lock", "pyproject.toml", ".venv/runtime"):
        (tmp_path / name).touch()
    branch = "origin/$(shell touch one)`touch two`;touch three"
    command = ["make", "--silent", "changes", "FORMAT=markdown", "OUT=changes.md"]
    done = subprocess.run(command, cwd=tmp_path, env={"PATH": "/usr/bin:/bin", "BASE": branch}, capture_output=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert (tmp_path / "changes.md").read_text("utf-8") == f"changes|--base|{branch}|--format|markdown|"
    assert not {"one", "two", "three"} & {path.name for path in tmp_path.iterdir()}


# the scripts that the workflows call


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, GITHUB / f"scripts/{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def packed(text: str, name: str = "changes.md") -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as files:
        files.writestr(name, text)
    return data.getvalue()


REPORT = "<!-- policy changes -->\n\nClause 4.5 is reworded.\n"
COMMIT = "0123456789abcdef0123456789abcdef01234567"


def comments(
    monkeypatch: pytest.MonkeyPatch,
    data: bytes,
    *,
    size: int = 500,
    artifact: str = "report",
    sha: str = COMMIT,
    conclusion: str = "success",
    repository: str = "council/policies",
) -> list[tuple[tuple[str, ...], str]]:
    """The words and texts that comment.py gives to gh, with a GitHub that answers so."""
    module, said = script("comment"), list[tuple[tuple[str, ...], str]]()

    def gh(*words: str, say: str = "") -> bytes:
        if words[:2] == ("api", "repos/council/policies/pulls"):
            assert words[2:] == ("--method=GET", "--field=state=open", "--raw-field=head=someone:my branch")
            return json.dumps([{"number": 7, "head": {"sha": sha}}]).encode()
        if words == ("api", "repos/council/policies/actions/runs/12/artifacts"):
            other = {"name": "external edition", "expired": False, "size_in_bytes": 1, "id": 2}
            listed = [other, {"name": artifact, "expired": False, "size_in_bytes": size, "id": 3}]
            return json.dumps({"artifacts": listed}).encode()
        if words == ("api", "repos/council/policies/actions/artifacts/3/zip"):
            return data
        said.append((words, say))
        return b""

    monkeypatch.setattr(module, "gh", gh)
    settings = {
        "RUN_ID": "12", "HEAD_SHA": COMMIT, "HEAD_OWNER": "someone", "HEAD_BRANCH": "my branch",
        "HEAD_REPOSITORY": repository, "GITHUB_REPOSITORY": "council/policies", "CONCLUSION": conclusion,
        "GITHUB_SERVER_URL": "https://github.com",
    }  # fmt: skip
    for key, value in settings.items():
        monkeypatch.setenv(key, value)
    module.main()
    return said


def test_the_report_becomes_the_one_comment(monkeypatch: pytest.MonkeyPatch) -> None:
    [(words, text)] = comments(monkeypatch, packed(REPORT))
    assert words[:3] == ("pr", "comment", "7") and {"--edit-last", "--create-if-none"} < set(words)
    marker, where, report = text.strip().split("\n\n")
    assert marker == "<!-- policy changes -->"
    assert where.startswith("Commit 0123456, [its checks](https://github.com/council/policies/actions/runs/12) and")
    assert report == "Clause 4.5 is reworded."


def test_a_red_check_and_a_report_from_outside_are_said_before_the_report(monkeypatch: pytest.MonkeyPatch) -> None:
    hostile = REPORT + "@everyone <!-- <details>"
    [(_, text)] = comments(monkeypatch, packed(hostile), conclusion="failure", repository="someone/policies")
    before, _, after = text.partition("Clause 4.5")
    assert "comes from outside" in before and "Something is wrong here" in before
    assert "@everyone" not in after and "@\u200beveryone" in after


@pytest.mark.parametrize("sign", ["@", "&#64;", "&#0064;", "&#x40;", "&#X0040;", "&commat;"])
def test_a_report_calls_nobody_however_it_writes_the_sign(monkeypatch: pytest.MonkeyPatch, sign: str) -> None:
    [(_, text)] = comments(monkeypatch, packed(f"{REPORT}{sign}octocat, {sign}council/clerks"))
    assert html.unescape(text).endswith("@\u200boctocat, @\u200bcouncil/clerks\n")


@pytest.mark.parametrize(
    ("settings", "reason"), [({"sha": "f" * 40}, "nothing to say"), ({"artifact": "other"}, "left no report")]
)
def test_an_older_commit_and_a_broken_check_say_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], settings: dict[str, Any], reason: str
) -> None:
    assert comments(monkeypatch, packed(REPORT), **settings) == []
    assert reason in capsys.readouterr().out


@pytest.mark.parametrize(
    ("data", "settings", "reason"),
    [
        (packed(REPORT), {"size": 2_000_000}, "too large"),
        (b"not a zip", {}, "not a report"),
        (packed(REPORT, "../changes.md"), {}, "not a report"),
        (packed("Hello"), {}, "not a report"),
        (packed(REPORT + "x" * 5_000_000), {}, "too long"),
        (packed(REPORT).replace(b"PK\x01\x02", b"PK\x01\x03"), {}, "not a report"),
    ],
)
def test_what_is_no_report_is_refused(
    monkeypatch: pytest.MonkeyPatch, data: bytes, settings: dict[str, Any], reason: str
) -> None:
    with pytest.raises(SystemExit, match=reason):
        comments(monkeypatch, data, **settings)


def test_each_owner_has_one_issue_which_is_closed_when_nothing_is_due(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    module, said = script("issues"), list[tuple[tuple[str, ...], str]]()

    def gh(*words: str, say: str = "") -> bytes:
        if words[0] == "list":
            titles = {1: "Reviews due: Town Clerk", 2: "Reviews due: JW", 3: "Broken link"}
            return json.dumps([{"number": number, "title": title} for number, title in titles.items()]).encode()
        said.append((words, say))
        return b""

    monkeypatch.setattr(module, "gh", gh)
    due = [
        {"owner": "Town Clerk", "policies": [{"slug": "dogs"}], "markdown": "Dogs"},
        {"owner": "Parks", "policies": [{"slug": "trees"}], "markdown": "Trees"},
        {"owner": "JW", "policies": [], "markdown": ""},
    ]
    (tmp_path / "due.json").write_text(json.dumps(due), "utf-8")
    monkeypatch.setenv("DUE", str(tmp_path / "due.json"))
    module.main()
    assert said == [
        (("edit", "1", "--body-file=-"), "Dogs"),
        (("create", "--title=Reviews due: Parks", "--body-file=-"), "Trees"),
        (("close", "2", "--comment=Nothing is due any more."), ""),
    ]


# ownership, GitLab, pre-commit, editors


def test_every_place_that_has_an_owner_exists() -> None:
    lines = (GITHUB / "CODEOWNERS").read_text("utf-8").splitlines()
    places = [line.split()[0] for line in lines if line and not line.startswith("#")]
    assert places
    for place in places:
        path = ROOT / place.strip("/")
        assert "*" in place or guard.is_councils(str(path)) or path.exists(), place


def test_gitlab_calls_the_same_targets() -> None:
    [text] = GITLAB
    jobs = {name: job for name, job in yaml.safe_load(text).items() if isinstance(job, dict) and "script" in job}
    runs = [line for job in jobs.values() for line in job["script"]]
    called = {run.split()[1] for run in runs if run.startswith("make ")}
    assert jobs["test"]["script"] == [".ci/pull-request"]
    published = [job["script"][:2] for job in jobs.values() if job["stage"] == "publish"]
    assert published == [["make policies", "make site"]] * 2
    assert called == {"changes", "policies", "site", "due"} <= TARGETS
    assert all(RUN.fullmatch(run) or run == "mv site/external public" for run in runs)
    assert jobs["pages"]["artifacts"]["paths"] == ["public"]
    assert all(job["artifacts"]["access"] == "developer" for name, job in jobs.items() if name not in ("pages", "test"))
    stages = yaml.safe_load(text)["stages"]
    assert {job["stage"] for job in jobs.values()} == set(stages)


def test_pre_commit_checks_the_policies() -> None:
    [repository] = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))["repos"]
    [hook] = repository["hooks"]
    assert hook["entry"].split() == ["make", "--silent", "policies"] and "policies" in TARGETS
    assert re.search(hook["files"], "policy_src/social-media.md") and not re.search(hook["files"], "README.md")


def settings(name: str) -> Any:
    """A settings file of the editor's: JSON with comments in lines of their own."""
    return json.loads(re.sub(r"^\s*//.*$", "", (ROOT / ".vscode" / name).read_text("utf-8"), flags=re.MULTILINE))


@pytest.mark.parametrize("name", ["policy", "register"])
def test_the_published_schemas_are_those_of_the_program(name: str) -> None:
    printed = CliRunner().invoke(main, ["schema", "--of", name])
    assert (ROOT / f"docs/schema/{name}-2.json").read_text("utf-8") == printed.output


def test_the_editors_schema_is_that_of_the_program() -> None:
    printed = CliRunner().invoke(main, ["schema"])
    assert (ROOT / ".vscode/policy.schema.json").read_text("utf-8") == printed.output
    [(schema, where)] = settings("settings.json")["yaml.schemas"].items()
    assert (ROOT / schema).is_file() and where == "policy_src/*.md"


def test_the_editor_finds_file_line_and_level_of_a_message() -> None:
    [task] = settings("tasks.json")["tasks"]
    pattern = task["problemMatcher"]["pattern"]
    problem = Problem("policy_src/dogs.md", 12, "the mark ~~ is never closed: why?", "clause 3.2")
    for line, level in ((str(problem), None), (f"Warning: {problem}", "Warning")):
        found = re.match(pattern["regexp"], line)
        assert found and found[pattern["severity"]] == level
        assert (found[pattern["file"]], found[pattern["line"]]) == ("policy_src/dogs.md", "12")
    assert task["args"] == ["check"]


def test_a_snippet_holds_only_what_front_matter_may_hold() -> None:
    snippets = settings("policy.code-snippets")
    keys = [
        re.match(r"(\w+):", line) for line in [*snippets["Front matter"]["body"], snippets["Editorial change"]["body"]]
    ]
    named = [key[1] for key in keys if key]
    assert named and set(named) <= set(Metadata.model_fields)
    required = {name for name, each in Metadata.model_fields.items() if each.is_required()}
    assert required <= set(named)


def test_contributing_tells_of_every_workflow_and_target() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    assert all(f"| {flow['name']} |" in text for flow in WORKFLOWS.values())
    assert set(re.findall(r"`make ([a-z]+)", text)) <= TARGETS
