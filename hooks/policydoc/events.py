"""Turns what happens in a build into lines of JSON on standard output, for the command that started it.

A build started by hand (`mkdocs build`) says the same through its own log; this is silent then.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from .problems import Problem, count_of

SWITCH = "POLICY_EVENTS"


def wanted() -> bool:
    """Whether whoever started this process reads events."""
    return bool(os.environ.get(SWITCH))


def emit(event: str, **data: Any) -> None:
    """Prints one event: problem (path, line, text, clause, level, code), leak, progress (done, total), pdfs, done."""
    if wanted():
        print(json.dumps({"event": event, **data}), flush=True)


def problems(events: Iterable[Mapping[str, Any]]) -> list[Problem]:
    """The problems among events that were printed."""
    data = (
        {key: value for key, value in event.items() if key != "event"}
        for event in events
        if event["event"] == "problem"
    )
    return [Problem(**problem) for problem in data]


def report(problems: Sequence[Problem], log: logging.LoggerAdapter[logging.Logger]) -> str | None:
    """Says everything that is wrong, all at once; returns the reason to stop if any of it is an error."""
    for problem in problems:
        if wanted():
            emit("problem", **asdict(problem))
        else:
            log.log(logging.ERROR if problem.level == "error" else logging.WARNING, str(problem))
    errors = [problem for problem in problems if problem.level == "error"]
    if not errors:
        return None
    files = len({problem.path for problem in errors})
    return f"{count_of(len(errors), 'error')} in {count_of(files, 'file')}: nothing was published."
