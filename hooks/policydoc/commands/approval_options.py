"""The options by which a text becomes an approved version: its number, its days, who adopted it, what it changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date
from functools import wraps
from typing import Any

import click

from ..amending import front_matter_text
from .approval import APPROVAL_OPTIONS, NothingDone, PolicyFile
from .options import day

_OPTIONS = (
    click.option("--version", metavar="VERSION", help="The number of the approved version, such as 2."),
    click.option("--published", type=day, metavar="DATE", help="When it is published, such as 2026-11-30."),
    click.option("--effective", type=day, metavar="DATE", help="From when it applies, if later than published."),
    click.option("--review-due", type=day, metavar="DATE", help="When it is to be reviewed."),
    click.option("--adopted-by", metavar="BODY", help="Who adopted it, such as “Full Council”."),
    click.option("--adopted-on", type=day, metavar="DATE", help="On which day."),
    click.option("--minute", metavar="TEXT", help="In which minute, such as “FC 2026-227 a)”."),
    click.option("--policy-number", metavar="NUMBER", help="The council's number for it, if it has none yet."),
    click.option("--note", metavar="TEXT", help="What this version changes, in a sentence for its readers."),
)


@dataclass(frozen=True)
class Approval:
    """What was typed of a version that is to be approved."""

    version: str | None = None
    published: date | None = None
    effective: date | None = None
    review_due: date | None = None
    adopted_by: str | None = None
    adopted_on: date | None = None
    minute: str | None = None
    policy_number: str | None = None
    note: str | None = None

    @property
    def is_asked_for(self) -> bool:
        """Whether any of it was typed."""
        return self != Approval()

    def refuse_gaps(self, file: PolicyFile) -> None:
        """Raises click's error where the council requires more of an approved policy."""
        given = {"version": self.version, "date_published": self.published, "review_due": self.review_due}
        missing = [APPROVAL_OPTIONS[key] for key, value in given.items() if value is None]
        missing = [option for option in missing if option in file.needed()]
        if missing:
            raise click.UsageError(f"an approved policy needs {', '.join(file.needed())}. Add {' and '.join(missing)}.")

    def values(self, file: PolicyFile) -> dict[str, object | None]:
        """What is to stand in the front matter. Raises NothingDone."""
        given = {
            "version": self.version, "date_published": self.published, "effective": self.effective,
            "review_due": self.review_due, "adopted": self._adopted(file), "policy_number": self.policy_number or None,
        }  # fmt: skip
        values: dict[str, object | None] = {key: value for key, value in given.items() if value is not None}
        values |= {"status": "approved", "change_note": {"text": self.note} if self.note else front_matter_text.REMOVE}
        # The days and the minute of the version before are not those of this one.
        stale = [key for key in ("date_published", "adopted", "effective") if key not in values and file.stale(key)]
        return values | dict.fromkeys(stale, front_matter_text.REMOVE)

    def _adopted(self, file: PolicyFile) -> dict[str, object] | None:
        typed = {"by": self.adopted_by, "on": self.adopted_on, "minute": self.minute}
        given: dict[str, object] = {key: value for key, value in typed.items() if value is not None}
        if not given:
            return None
        there = None if file.stale("adopted") else file.metadata(file.text).adopted
        adopted = (there.model_dump(exclude_none=True) if there else {}) | given
        if "by" not in adopted:
            raise NothingDone([f"{file.path}: --adopted-on and --minute need --adopted-by as well."])
        return {key: adopted[key] for key in typed if key in adopted}


def approval_options(command: Callable[..., None]) -> Callable[..., None]:
    """Gives a command all of these options; it takes them as one `approval`."""

    @wraps(command)
    def gathered(**words: Any) -> None:
        typed = {field.name: words.pop(field.name) for field in fields(Approval)}
        command(**words, approval=Approval(**typed))

    for option in reversed(_OPTIONS):
        gathered = option(gathered)
    return gathered
