"""Turns a policy's front matter into checked Metadata, or into one line for everything that is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, WithJsonSchema

from .messages import Fault, said

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# Control characters, line separators, signs that turn the direction of writing, and characters for private use
UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff\ue000-\uf8ff"
    "\U000f0000-\U0010ffff]"
)
# What only a policy's text may hold: tags, comments, attributes, marks
_SIGN = re.compile(r"[<>{}｛｝\n\t]|~~|\^\^")
_ISO = re.compile(r"^\d{4}-\d{2}-\d{2}$")


def _iso(value: object) -> object:
    if isinstance(value, str):
        if not _ISO.match(value):
            raise ValueError("P137")
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise ValueError("P138") from None
    return value


def _one_line(value: object) -> object:
    # YAML can spell out, as "\\u202e", what the lines of the file were searched for before.
    if isinstance(value, str) and (_SIGN.search(value) or UNPRINTABLE.search(value)):
        raise ValueError("P133")
    return value


# YAML reads 0042 as a number: everything is kept as the author typed it, so a number may stand without quotes.
Text = Annotated[str, Field(min_length=1), BeforeValidator(_one_line),
                 WithJsonSchema({"type": ["string", "number"], "minLength": 1})]  # fmt: skip
Day = Annotated[date, BeforeValidator(_iso), WithJsonSchema({"type": "string", "format": "date"})]
Status = Literal["draft", "approved", "withdrawn"]


class Distribution(BaseModel):
    """Who receives the policy. One with nobody outside is not in the external edition at all."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    internal: tuple[Text, ...] = Field(default=(), description="Groups within the council")
    external: tuple[Text, ...] = Field(default=(), description="Groups outside it; leave empty for an internal policy")


class ChangeNote(BaseModel):
    """What this version changes, in a sentence for its readers; published with the policy."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: Text = Field(description="What has changed, such as: Spelling corrected in 4.5")
    editorial: bool = Field(default=False, description="Whether nothing that the policy asks of anyone has changed")


class Metadata(BaseModel):
    """The front matter of a policy. Numbers are text, so that 0042 stays 0042."""

    model_config = ConfigDict(extra="forbid", frozen=True, title="Front matter of a policy")

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
    review_team: Text | None = Field(default=None, description="Who reviews it; internal edition only")
    distribution: Distribution = Field(description="Who receives it: lists named internal and external")
    replaced_by: Text | None = Field(
        default=None, description="What replaces a withdrawn policy: a file name without .md"
    )
    change_note: ChangeNote | None = Field(default=None, description="What this version changes")

    @property
    def is_public(self) -> bool:
        """Whether the policy is in the external edition."""
        return bool(self.distribution.external)

    def data(self) -> dict[str, Any]:
        """The metadata as JSON values; the keys that came after the contract (DESIGN 7) only where they are used."""
        later = {key for key in ("replaced_by", "change_note") if getattr(self, key) is None}
        return self.model_dump(mode="json", exclude=later)

    def public(self) -> Metadata:
        """The metadata without what only the council itself may see: who reviews the policy, who has it inside."""
        outside = self.distribution.model_copy(update={"internal": ()})
        return self.model_copy(update={"review_team": None, "distribution": outside})

    def internal_only(self) -> set[str]:
        """The strings that `public` leaves out."""
        return {*self.distribution.internal, *([self.review_team] if self.review_team else [])}


def read(text: str, first: int = 1) -> tuple[Metadata | None, dict[str, int], list[tuple[int, Fault]]]:
    """The metadata, the line of each key, and the faults with their lines; no metadata where there are faults.

    `text` is the YAML between the two `---` lines, `first` the number of its first line in the file.
    """
    try:
        for event in yaml.parse(text, Loader=_Loader) if "*" in text else ():
            if isinstance(event, yaml.AliasEvent):
                line = (event.start_mark.line if event.start_mark else 0) + first
                return None, {}, [(line, said("P126"))]
        node = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        return None, {}, [_syntax_fault(error, first)]
    if not isinstance(node, yaml.MappingNode):
        return None, {}, [(first, said("P123", example=_EXAMPLES["title"]))]
    lines: dict[str, int] = {}
    faults: list[tuple[int, Fault]] = []
    data = _values(node, first, "", lines, faults)
    try:
        metadata = Metadata.model_validate(data)
    except ValidationError as error:
        faults += [_fault(dict(found), lines, first) for found in error.errors(include_url=False)]
        return None, lines, faults
    faults += _gaps(metadata, lines, first)
    return (None if faults else metadata), lines, faults


def _values(node: yaml.Node, first: int, path: str, lines: dict[str, int], faults: list[tuple[int, Fault]]) -> Any:
    """The node as dicts, lists and strings; an empty value is None. Notes lines and keys that stand twice."""
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                faults.append((key_node.start_mark.line + first, said("P127")))
                continue
            key = str(key_node.value)
            where, line = f"{path}{key}", key_node.start_mark.line + first
            if where in lines:
                faults.append((line, said("P128", key=key, first=lines[where])))
                continue
            lines[where] = line
            found[key] = _values(value_node, first, f"{where}.", lines, faults)
        return found
    if isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            lines[f"{path}{index}"] = item.start_mark.line + first
        return [_values(item, first, f"{path}{index}.", lines, faults) for index, item in enumerate(node.value)]
    empty = isinstance(node, yaml.ScalarNode) and not node.style and node.value in ("", "~", "null")
    return None if empty else str(node.value).strip()


# What PyYAML was reading when it came to a stop, and the sign that had opened it
_OPENED = {
    "quoted scalar": "the quotation mark",
    "flow sequence": "the bracket [",
    "flow mapping": "the bracket {",
}


def _syntax_fault(error: yaml.YAMLError, first: int) -> tuple[int, Fault]:
    if not isinstance(error, yaml.MarkedYAMLError):
        return first, said("P125", reason="a character that YAML does not allow", advice="Type it again by hand.")
    mark = error.problem_mark or error.context_mark
    problem, context = error.problem or "", error.context or ""
    opened = next((sign for what, sign in _OPENED.items() if what in context), "")
    if opened and error.context_mark:
        return error.context_mark.line + first, said("P124", sign=opened)
    line = (mark.line if mark else 0) + first
    if "mapping values" in problem:
        advice = 'Put the value in quotes if it has a colon in it: title: "Dogs: a policy".'
    elif "\\t" in problem or "tab" in problem or "cannot start any token" in problem:
        advice = "Indent with spaces, not tabs, and put values that begin with a special sign in quotes."
    else:
        advice = "Write each key on its own line, as key: value, with a space after the colon."
    return line, said("P125", reason=problem or "syntax error", advice=advice)


def _fault(error: Mapping[str, Any], lines: Mapping[str, int], first: int) -> tuple[int, Fault]:
    """A pydantic error in an officer's words, and its line."""
    location: Sequence[str | int] = error["loc"]
    names = [str(part) for part in location]
    key = ".".join(names)
    line = next((lines[".".join(names[:n])] for n in range(len(names), 0, -1) if ".".join(names[:n]) in lines), first)
    return line, _in_words(error, key, names)


def _in_words(error: Mapping[str, Any], key: str, names: Sequence[str]) -> Fault:
    kind, value, name = error["type"], error.get("input"), names[-1]
    example = _EXAMPLES.get(names[0], f"{key}: …")
    if kind == "missing" or (value is None and kind != "extra_forbidden"):
        return said("P130", key=key, example=example)
    if kind == "extra_forbidden":
        known = _PARTS.get(names[0], Metadata).model_fields if len(names) > 1 else Metadata.model_fields
        near = get_close_matches(name, list(known), 1, 0.5)
        return said(
            "P129", key=name, advice=f"Did you mean {near[0]}?" if near else f"Known keys are {', '.join(known)}."
        )
    if kind == "literal_error":
        return said("P134", key=key, value=value, choices="draft, approved, withdrawn")
    if kind.startswith("bool_"):
        return said("P134", key=key, value=value, choices="true, false")
    if kind == "value_error":  # raised above, with the code for its words
        return said(str(error["ctx"]["error"]), key=key)
    if kind in ("tuple_type", "list_type"):
        return said("P135", key=key, name=name, value=value if isinstance(value, str) else "…")
    if kind in ("model_type", "model_attributes_type", "dict_type"):
        shape = {"distribution": "two lists, internal and external", "change_note": "two keys, text and editorial"}
        return said("P136", key=key, shape=shape[names[0]], example=example)
    return said("P131" if kind == "string_too_short" else "P132", key=key, example=example)


_PARTS: Mapping[str, type[BaseModel]] = {"distribution": Distribution, "change_note": ChangeNote}
_EXAMPLES = {
    "title": "title: Social Media Policy",
    "version": "version: 1",
    "owner": "owner: Town Clerk",
    "status": "status: draft",
    "distribution": "distribution: {internal: [All staff], external: [Website]}",
    "change_note": "change_note: {text: Spelling corrected in 4.5, editorial: true}",
    "policy_number": "policy_number: 0042",
    "date_published": "date_published: 2026-11-30",
    "review_due": "review_due: 2027-11-30",
}


def _gaps(metadata: Metadata, lines: Mapping[str, int], first: int) -> Iterator[tuple[int, Fault]]:
    """What holds between keys: an approved policy has its number and dates, in order."""
    if metadata.status == "approved":
        for key in ("policy_number", "date_published", "review_due"):
            if getattr(metadata, key) is None:
                yield lines.get(key, lines.get("status", first)), said("P139", key=key, example=_EXAMPLES[key])
    if metadata.replaced_by and metadata.status != "withdrawn":
        yield lines["replaced_by"], said("P141")
    if metadata.date_published and metadata.review_due and metadata.review_due <= metadata.date_published:
        yield lines["review_due"], said("P140")
