"""Turns what `policy due --format json` says into one issue for each owner with reviews due.

`make issues` runs this for the workflow Reviews; DUE names the file. An owner's issue is written anew each week, and is
closed when nothing is due any more.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

TITLE = "Reviews due: "


def main() -> None:
    due = json.loads(Path(os.environ["DUE"]).read_text("utf-8"))
    wanted = {f"{TITLE}{each['owner']}"[:200]: each["markdown"] for each in due if each["policies"]}
    listed = gh("list", "--app=github-actions", "--state=open", "--limit=1000", "--json=number,title")
    there = {each["title"]: str(each["number"]) for each in json.loads(listed) if each["title"].startswith(TITLE)}
    for title, text in wanted.items():
        if title in there:
            gh("edit", there[title], "--body-file=-", say=text)
        else:
            gh("create", f"--title={title}", "--body-file=-", say=text)
    for title in there.keys() - wanted.keys():
        gh("close", there[title], "--comment=Nothing is due any more.")


def gh(*words: str, say: str = "") -> bytes:
    command = ["gh", "issue", *words, "--repo", os.environ["GITHUB_REPOSITORY"]]
    done = subprocess.run(command, input=say.encode(), stdout=subprocess.PIPE)
    if done.returncode:
        sys.exit(f"gh issue {words[0]} failed: see above.")
    return done.stdout


if __name__ == "__main__":
    main()
