"""Turns a policy's front matter into checked Metadata, or into one line for everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ..messages import Fault, said
from ..model import scheme
from ..model.scheme import Scheme
from ..slips import key_meant
from . import yaml_values
from .front_matter_parts import Adoption, ChangeNote, Distribution, Formerly, Keys
from .value_kinds import Control, Day, Numbering, Slug, Status, Text, Titles
from .yaml_values import Values

# What a council may keep inside with extra.internal_metadata: no reader needs it to know what the policy is
HIDEABLE = ("review_team", "distribution.internal", "doc_number", "pdf_number")


def of_control(label: str) -> str:
    """The key of one of the council's own labels, as `control.Consultation`."""
    return f"control.{label}"


class Metadata(Keys):
    """The front matter of a policy. Numbers are text, so that 0042 stays 0042."""

    model_config = ConfigDict(title="Front matter of a policy")

    title: Text = Field(description="The policy's title")
    subtitle: Text | None = Field(default=None, description="A line below the title, such as: for staff")
    policy_number: Text | None = Field(default=None, description="The council's number for the policy")
    version: Text = Field(description="The version, such as 1 or 2.1")
    status: Status = Field(description="draft, approved or withdrawn")
    owner: Text = Field(description="Who answers for the policy: a role or initials")
    doc_number: Text | None = Field(default=None, description="Number of the document in the council's records")
    pdf_number: Text | None = Field(default=None, description="Number of the PDF in the council's records")
    date_published: Day | None = Field(default=None, description="Year-month-day")
    review_due: Day | None = Field(default=None, description="Year-month-day, after date_published")
    review_team: Text | None = Field(default=None, description="Who reviews it")
    distribution: Distribution = Field(description="Who receives it: lists named internal and external")
    replaced_by: Slug | None = Field(
        default=None, description="What replaces a withdrawn policy: a file name without .md"
    )
    withdrawn_on: Day | None = Field(default=None, description="Day from which a withdrawn policy is out of force")
    change_note: ChangeNote | None = Field(default=None, description="What this version changes")
    numbering: Numbering | None = Field(
        default=None, description="The deepest number, written as it is cited, such as standing order 1(a)(i)"
    )
    adopted: Adoption | None = Field(default=None, description="By whom, on which day, in which minute")
    effective: Day | None = Field(default=None, description="Day it comes into force, if not date_published")
    contact: Text | None = Field(default=None, description="Who to ask about it")
    supersedes: Titles | None = Field(default=None, description="The titles of what it replaces")
    keywords: tuple[Text, ...] | None = Field(default=None, description="Words by which it is looked for")
    category: Text | None = Field(default=None, description="One of those in mkdocs.yml")
    formerly: Formerly | None = Field(default=None, description="Names that its file had before, without .md")
    control: Control | None = Field(default=None, description="Labels listed in mkdocs.yml")

    @property
    def scheme(self) -> Scheme:
        """How the policy is numbered."""
        return scheme.read(self.numbering) if self.numbering else scheme.DEFAULT

    @property
    def in_force_from(self) -> date | None:
        return self.effective or self.date_published

    def is_withdrawn(self, day: date) -> bool:
        """Whether the policy is withdrawn by this day; without a day of its own it is so at once."""
        return self.status == "withdrawn" and (self.withdrawn_on is None or self.withdrawn_on <= day)

    @property
    def is_public(self) -> bool:
        """Whether the policy is in the external edition."""
        return bool(self.distribution.external)

    @property
    def former_names(self) -> tuple[str, ...]:
        """All names that the policy's file had before."""
        return (*self.formerly.external, *self.formerly.internal) if self.formerly else ()

    def data(self) -> dict[str, Any]:
        """The metadata as JSON values; what the front matter leaves out is None, but that numbers are as usual then."""
        return self.model_dump(mode="json") | {"numbering": self.scheme.text}

    def public(self, keys: Collection[str]) -> Metadata:
        """The metadata without what the council keeps inside; `keys` are some of HIDEABLE, and labels of control."""
        update: dict[str, Any] = {key: None for key in keys if "." not in key}
        if "distribution.internal" in keys:
            update["distribution"] = self.distribution.model_copy(update={"internal": ()})
        if self.control:
            shown = {label: value for label, value in self.control.items() if of_control(label) not in keys}
            update["control"] = shown or None
        if self.formerly and self.formerly.internal:
            names = self.formerly.external
            update["formerly"] = self.formerly.model_copy(update={"internal": ()}) if names else None
        return self.model_copy(update=update) if update else self

    def internal_only(self, keys: Collection[str]) -> set[str]:
        """The strings that `public` leaves out."""
        groups = self.distribution.internal if "distribution.internal" in keys else ()
        own = (pair for pair in (self.control or {}).items() if of_control(pair[0]) in keys)
        names = self.formerly.internal if self.formerly else ()
        values = filter(None, (getattr(self, key, None) for key in keys if "." not in key))
        return {*groups, *names, *chain(*own), *values}


def read(text: str, first: int = 1) -> tuple[Metadata | None, dict[str, int], list[tuple[int, Fault]]]:
    """The metadata, the line of each key, and the faults with their lines; no metadata where there are faults.

    `text` is the YAML between the two `---` lines, `first` the number of its first line in the file.
    """
    values = yaml_values.read(text, first)
    if values.data is None:
        return None, {}, values.faults or [(first, said("P123", example=_EXAMPLES["title"]))]
    faults = values.faults
    try:
        metadata = Metadata.model_validate(values.data)
    except ValidationError as error:
        faults += _explained([dict(slip) for slip in error.errors(include_url=False)], values)
        return None, values.lines, faults
    faults += _gaps(metadata, values.lines)
    return (None if faults else metadata), values.lines, faults


def _explained(errors: Sequence[Mapping[str, Any]], values: Values) -> Iterator[tuple[int, Fault]]:
    """Pydantic's errors in an officer's words, each with its line, and each slip once.

    What is missing because its key is misspelt isn't missed, nor is a key minded that stands twice.
    """
    kinds = {tuple(map(str, error["loc"])): error["type"] for error in errors}
    unknown = [names for names, kind in kinds.items() if kind == "extra_forbidden"]
    meant = {(*names[:-1], key_meant(names[-1], _known(names))) for names in unknown}
    loose = [names for names in unknown if len(names) == 1 and names[0] in Distribution.model_fields]
    if loose and ("distribution",) in kinds:  # its lists are there, but not below it
        yield values.lines[loose[0][0]], _shape("distribution")
        meant |= {("distribution",), *loose}
    for names, error in zip(kinds, errors, strict=True):
        if names not in meant and names[0] not in values.twice:
            yield _line(names, values), _in_words(error, names, ".".join(names) in values.lines)


def _line(names: Sequence[str], values: Values) -> int:
    """The line of the key, or of the nearest one above it that is there."""
    paths = (".".join(names[:n]) for n in range(len(names), 0, -1))
    return next((values.lines[path] for path in paths if path in values.lines), values.first)


def _known(names: Sequence[str]) -> list[str]:
    """The keys that may stand where this one does."""
    return list(_PARTS.get(names[0], Metadata).model_fields if len(names) > 1 else Metadata.model_fields)


def _shape(key: str) -> Fault:
    return said("P136", key=key, shape=_SHAPES[key], example=example_of(key))


def _in_words(error: Mapping[str, Any], names: Sequence[str], is_there: bool) -> Fault:
    kind, value, name, key = error["type"], error.get("input"), names[-1], ".".join(names)
    example = example_of(names[0])
    if kind == "missing":
        return said("P131" if is_there else "P130", key=key, example=example)
    if kind == "extra_forbidden":
        known = _known(names)
        near = key_meant(name, known)
        return said("P129", key=name, advice=f"Did you mean {near}?" if near else f"Known keys are {', '.join(known)}.")
    if kind == "not_a_date":
        return said("P137", key=key, advice=error["msg"])
    if kind == "nobody":
        return said("P158", key=key, name=name, value=error["msg"])
    if kind == "literal_error" and isinstance(value, str):
        return said("P134", key=key, value=value, choices="draft, approved, withdrawn")
    if kind.startswith("bool_") and isinstance(value, str):
        return said("P134", key=key, value=value, choices="true, false")
    if kind == "no_scheme":
        return said("P170", value=value, wrong=error["ctx"]["wrong"])
    if kind == "value_error":  # raised above, with the code for its words
        return said(str(error["ctx"]["error"]), key=key)
    if kind in ("tuple_type", "list_type"):
        return said("P135", key=key, name=name, value=value if isinstance(value, str) else "…")
    if kind in ("model_type", "model_attributes_type", "dict_type"):
        return _shape(names[0])
    return said("P132", key=key, example=example)


def example_of(key: str) -> str:
    """A line of front matter with this key."""
    return _EXAMPLES.get(key, f"{key}: …")


_PARTS: Mapping[str, type[BaseModel]] = {
    "distribution": Distribution, "change_note": ChangeNote, "adopted": Adoption, "formerly": Formerly,
}  # fmt: skip
_SHAPES = {
    "distribution": "two lists, internal and external",
    "change_note": "two keys, text and editorial",
    "adopted": "who adopted the policy, and the day",
    "formerly": "a list of names, or two, external and internal",
    "control": "labels, and what is said under each",
}
_EXAMPLES = {
    "title": "title: Social Media Policy",
    "subtitle": "subtitle: for staff",
    "version": "version: 1",
    "owner": "owner: Town Clerk",
    "status": "status: draft",
    "distribution": "distribution: {internal: [All staff], external: [Website]}",
    "change_note": "change_note: {text: Spelling corrected in 4.5, editorial: true}",
    "policy_number": "policy_number: 0042",
    "date_published": "date_published: 2026-11-30",
    "review_due": "review_due: 2027-11-30",
    "doc_number": "doc_number: 69456",
    "pdf_number": "pdf_number: 69457",
    "review_team": "review_team: Personnel Committee",
    "replaced_by": "replaced_by: dog-control",
    "withdrawn_on": "withdrawn_on: 2026-11-30",
    "numbering": "numbering: standing order 1(a)(i)",
    "adopted": "adopted: {by: Full Council, on: 2026-11-30, minute: 227}",
    "effective": "effective: 2027-01-01",
    "contact": "contact: Democratic Services",
    "supersedes": "supersedes: [Dogs in Parks Policy]",
    "keywords": "keywords: [dogs, parks]",
    "category": "category: Environment",
    "formerly": "formerly: [dog-policy]",
    "control": "control: {Equality impact: assessed in May 2026}",
}


def _gaps(metadata: Metadata, lines: Mapping[str, int]) -> Iterator[tuple[int, Fault]]:
    """What holds between keys; what an approved policy needs, each council says for itself (`agreement`)."""
    if metadata.replaced_by and metadata.status != "withdrawn":
        yield lines["replaced_by"], said("P141")
    if metadata.withdrawn_on and metadata.status != "withdrawn":
        yield lines["withdrawn_on"], said("P755")
    if metadata.date_published and metadata.review_due and metadata.review_due <= metadata.date_published:
        yield lines["review_due"], said("P140")
