"""Turns the report that a pull request's checks made into that pull request's one comment.

`make comment` runs this for the workflow Comment, from the main branch's own files. The checks ran the pull request's
code, so what they left is data and no more: it is read in memory, up to a limit, and none of it is run or unpacked.
Which pull request it belongs to is asked of GitHub, by the commit that the event names. A new report takes the place of
the last comment that the workflows' account has written there: nothing else of ours comments on pull requests.
"""

import io
import json
import os
import re
import subprocess
import sys
import zipfile
import zlib
from typing import Any

MARKER = "<!-- policy changes -->"  # by which a report is known for one
# @   &#64;   &#x40;   &commat;      all that GitHub reads as the sign before a name
AT = re.compile("@|&(?:#0*64|#[xX]0*40|commat);?")
LONGEST = 65_000  # characters; GitHub takes 65,536
LARGEST = 1_000_000  # bytes of the artifact
NOT_A_REPORT = (zipfile.BadZipFile, zlib.error, KeyError, RuntimeError, EOFError, UnicodeDecodeError, ValueError)
RED = "**Something is wrong here.** What it is stands beside the lines, under “Files changed”."
OUTSIDE = (
    "**This comes from outside the council’s repository.** Its author’s own copy of the program wrote this report: "
    "read the changed lines themselves."
)


def main() -> None:
    run, commit, repository = int(os.environ["RUN_ID"]), os.environ["HEAD_SHA"], os.environ["GITHUB_REPOSITORY"]
    head = f"{os.environ['HEAD_OWNER']}:{os.environ['HEAD_BRANCH']}"
    found = asked(f"repos/{repository}/pulls", "--method=GET", "--field=state=open", f"--raw-field=head={head}")
    numbers = [each["number"] for each in found if each["head"]["sha"] == commit]
    if not numbers:
        print("No open pull request stands at this commit: there is nothing to say.")
        return
    theirs = report(repository, run)
    if theirs is None:
        print("The checks left no report: they went wrong before it, and the pull request shows how.")
        return
    text = comment(
        theirs,
        address=f"{os.environ['GITHUB_SERVER_URL']}/{repository}/actions/runs/{run}",
        commit=commit,
        red=os.environ["CONCLUSION"] != "success",
        outside=os.environ["HEAD_REPOSITORY"] != repository,
    )
    for number in numbers:
        how = ("--edit-last", "--create-if-none", "--body-file=-")
        gh("pr", "comment", str(number), "--repo", repository, *how, say=text)


def report(repository: str, run: int) -> str | None:
    """The report among what the run has left, if it got so far."""
    artifacts = asked(f"repos/{repository}/actions/runs/{run}/artifacts")["artifacts"]
    found = [each for each in artifacts if each["name"] == "report" and not each["expired"]]
    if not found:
        return None
    if found[0]["size_in_bytes"] > LARGEST:
        sys.exit("What the checks left is too large for a report.")
    packed = gh("api", f"repos/{repository}/actions/artifacts/{found[0]['id']}/zip")
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as files, files.open("changes.md") as file:
            return file.read(4 * LONGEST).decode("utf-8")
    except NOT_A_REPORT:
        sys.exit("What the checks left is not a report.")


def comment(report: str, address: str, commit: str, red: bool, outside: bool) -> str:
    """The whole comment. What we say ourselves stands before the report, where nothing in it can hide it."""
    if not report.startswith(MARKER):
        sys.exit("What the checks left is not a report.")
    where = f"Commit {commit[:7]}, [its checks]({address})"
    state = f"{RED} {where}." if red else f"{where} and, below them, the website and PDFs as they would be published."
    ours = [MARKER, *([OUTSIDE] if outside else []), state]
    theirs = AT.sub("@\u200b", report.removeprefix(MARKER).strip())  # so that it can't call anyone
    text = "\n\n".join([*ours, theirs]) + "\n"
    if len(text) > LONGEST:
        sys.exit("The report is too long for a comment.")
    return text


def asked(*words: str) -> Any:
    return json.loads(gh("api", *words))


def gh(*words: str, say: str = "") -> bytes:
    done = subprocess.run(["gh", *words], input=say.encode(), stdout=subprocess.PIPE)
    if done.returncode:
        sys.exit(f"gh {words[0]} failed: see above.")
    return done.stdout


if __name__ == "__main__":
    main()
