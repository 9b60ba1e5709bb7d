"""Runs `policy` commands in forks of one process that has loaded the program: each is spared half a second's start.

{"words": ["check"], "here": "/tmp/project", "environment": {…}, "out": "/tmp/a", "err": "/tmp/b"}    one line in
1                                                                                                     one line out
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

SECONDS = 120


@cache
def server() -> subprocess.Popen[str]:
    """The process that forks; it ends with the one that asks it."""
    command = [sys.executable, __file__]
    return subprocess.Popen(command, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8")


def run(words: list[str], here: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """A command, run in that folder; a signal that ended it is a negative status, SIGALRM where it took too long."""
    sys.audit("subprocess.Popen", "policy", words, str(here), None)  # guard.py keeps watch over these as well
    asked = server()
    assert asked.stdin and asked.stdout
    with tempfile.TemporaryDirectory() as folder:
        out, err = Path(folder, "out"), Path(folder, "err")
        order = {"words": words, "here": str(here), "environment": environment, "out": str(out), "err": str(err)}
        asked.stdin.write(json.dumps(order) + "\n")
        asked.stdin.flush()
        status = int(asked.stdout.readline())
        return subprocess.CompletedProcess(words, status, out.read_text("utf-8"), err.read_text("utf-8"))


def serve() -> None:
    for line in sys.stdin:
        child = os.fork()
        if not child:
            become(**json.loads(line))
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def become(words: list[str], here: str, environment: dict[str, str], out: str, err: str) -> None:
    """What a fork does: it stands where a process of its own would, and has its environment and its files."""
    signal.alarm(SECONDS)
    os.chdir(here)
    os.environ.clear()
    os.environ.update(environment)
    for number, name in enumerate((os.devnull, out, err)):
        file = os.open(name, os.O_RDWR | os.O_CREAT)
        os.dup2(file, number)
        os.close(file)
    sys.exit(main(words, prog_name="policy"))


if __name__ == "__main__":
    from policydoc.commands import main

    serve()
