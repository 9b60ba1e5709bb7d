"""Turns mkdocs.yml into the few settings that the library needs, without MkDocs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

import yaml
from pathspec import GitIgnoreSpec
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from . import yaml_depth
from .slips import is_blank, key_meant
from .source.front_matter import Metadata, of_control
from .source.numbering import Counting

LARGEST = 200_000  # bytes of mkdocs.yml; ours has 3,000


class SettingsError(Exception):
    """mkdocs.yml holds a value that can't be used; the text is one line for its reader."""


_NO_WORDS = "these are no words. Write them in one line"


def _to_be_seen(words: str) -> str:
    """The words, or ValueError where they are a zero-width space and the like."""
    if is_blank(words):
        raise ValueError(_NO_WORDS)
    return words


_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
Address = Annotated[str, Field(pattern=r"^(?:https?://[^\s\"<>]+)?$")]
Words = Annotated[str, Field(pattern=r"^[^\n]*\w[^\n]*$"), AfterValidator(_to_be_seen)]
Colour = Annotated[str, Field(pattern=r"^#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})$")]


class Council(BaseModel):
    """Whose policies these are; shown on every page and PDF."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Words
    colour: Colour = "#14394f"
    logo: str | None = None
    contact: str | None = None

    @property
    def email(self) -> str | None:
        """The contact, if it is an address that a link can begin a letter to."""
        return self.contact if self.contact and _EMAIL.fullmatch(self.contact) else None


class Licence(BaseModel):
    """On what terms others may use the policies' text."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Words = "Open Government Licence v3.0"
    url: Annotated[str, Field(pattern=r"^https?://[^\s\"<>]+$")] = (
        "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
    )


Hideable = Literal["review_team", "distribution.internal", "doc_number", "pdf_number"]
_OR_EMPTY = BeforeValidator(lambda value: () if value is None else value)
DEFAULT_REQUIRED = ("policy_number", "date_published", "review_due")


class Style(BaseModel):
    """Words that the council's style guide forbids, and what to write instead, or why."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    avoid: Words
    use: Words | None = None
    because: Words | None = None

    @property
    def advice(self) -> str:
        use = f"Write “{self.use}”" if self.use else "Word it in another way"
        return f"{use}: {self.because}" if self.because else f"{use}."


def _keys(value: object) -> object:
    """The names of keys of front matter that an approved policy must have, or ValueError."""
    if value is None:
        return DEFAULT_REQUIRED
    if not isinstance(value, list | tuple):
        raise ValueError("this is not a list. Write the keys in square brackets, such as [policy_number, review_due]")
    known = [key for key in Metadata.model_fields if key not in ("replaced_by", "change_note")]
    unknown = next((key for key in value if key not in known), None)
    if unknown is not None:
        near = key_meant(str(unknown), known)
        advice = f"Write {near}" if near else f"Known keys are {', '.join(known)}"
        raise ValueError(f"a policy has no key {unknown}. {advice}")
    return value


def _complete(value: object) -> object:
    """A licence with its name and its address: those that aren't ours belong together."""
    if value is None:
        return Licence()
    missing = [key for key in Licence.model_fields if not value.get(key)] if isinstance(value, dict) else []
    if missing:
        raise ValueError(f"its {missing[0]} is missing. Write both name and url below it, or none of the two")
    return value


class Settings(BaseModel):
    """What mkdocs.yml says under `extra`, and the address of the site."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    council: Council
    deleted_clauses: Literal["keep", "close_up"] = "keep"
    inserted_clauses: Literal["renumber", "letter"] = "renumber"
    site_url: Address = ""
    edit_url: Address | None = None
    acknowledge_url: Address | None = None
    style: Annotated[tuple[Style, ...], _OR_EMPTY] = ()
    internal_metadata: Annotated[tuple[Hideable, ...], _OR_EMPTY] = ()
    exclude_docs: str = ""
    required_when_approved: Annotated[tuple[str, ...], BeforeValidator(_keys)] = DEFAULT_REQUIRED
    categories: Annotated[tuple[Words, ...], _OR_EMPTY] = ()
    control: Annotated[dict[Words, Literal["public", "internal"]], BeforeValidator(lambda value: value or {})] = {}
    licence: Annotated[Licence, BeforeValidator(_complete)] = Licence()

    @property
    def kept_inside(self) -> tuple[str, ...]:
        """What of front matter the public doesn't see: keys, and labels below control, as `control.Consultation`."""
        labels = (of_control(label) for label, who in self.control.items() if who == "internal")
        return (*self.internal_metadata, *labels)

    def edit_address(self, path: str) -> str | None:
        """Where a policy's file can be edited: edit_url with the path put for `{path}`, or added."""
        if not self.edit_url:
            return None
        address = self.edit_url if "{path}" in self.edit_url else f"{self.edit_url.rstrip('/')}/{{path}}"
        return address.replace("{path}", path)

    def acknowledge_address(self, slug: str, version: str, sha256: str) -> str | None:
        """The form for staff who have read a policy, with its name, its version and the hash of its text."""
        if not self.acknowledge_url:
            return None
        query = urlencode({"policy": slug, "version": version, "text": sha256[:12]})
        return f"{self.acknowledge_url}{'&' if '?' in self.acknowledge_url else '?'}{query}"

    @property
    def left_out(self) -> GitIgnoreSpec:
        """Which files of docs/ are in no edition."""
        return GitIgnoreSpec.from_lines(self.exclude_docs.splitlines())

    @property
    def counting(self) -> Counting:
        """How what is amended is counted."""
        return Counting(self.deleted_clauses == "close_up", self.inserted_clauses == "letter")


_ADDRESS = "this is no web address. Begin it with https://"
_SHAPES = {"extra.council.colour": 'this is no colour. Write it in quotes, such as "#14394f"'}
_ADDRESSES = ("site_url", "extra.edit_url", "extra.acknowledge_url", "extra.licence.url")
_SHAPES |= dict.fromkeys(_ADDRESSES, _ADDRESS)
# What has keys of its own, and what to write where it is something else
_PARTS: Mapping[str, tuple[type[BaseModel], str]] = {
    "council": (Council, "these are no keys. Indent them below it, such as name: Salisbury City Council"),
    "style": (Style, "this is not a rule. Write it as - avoid: utilise, and in the line below it use: use"),
    "licence": (Licence, "these are no keys. Indent both below it, name and url"),
}
_LISTS = {"internal_metadata": "[review_team]", "categories": "[Governance, Environment]"}


def from_extra(extra: Any, site_url: str | None, exclude_docs: object = "") -> Settings:
    """The settings in mkdocs.yml's `extra`, and two beside it. Raises SettingsError, naming the key."""
    left_out = exclude_docs if isinstance(exclude_docs, str) else ""  # what else it is, MkDocs will say
    if not isinstance(extra, Mapping):
        raise SettingsError("mkdocs.yml: extra: these are no keys. Indent them below it, such as council:.")
    try:
        return Settings.model_validate({**extra, "site_url": site_url or "", "exclude_docs": left_out})
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        place = tuple(part for part in fault["loc"] if part != "[key]")
        key = ".".join(map(str, place if place[0] == "site_url" else ("extra", *place)))
        known, whole = _PARTS.get(str(place[0]), _PARTS["council"])
        advice = {
            "literal_error": f"“{fault['input']}” can't stand here. Write {fault.get('ctx', {}).get('expected')}",
            "missing": "this key is missing. Add it",
            "extra_forbidden": f"there is no such key. Known keys are {', '.join(known.model_fields)}",
            "tuple_type": "this is not a list. Begin each line with a hyphen, such as - avoid: utilise",
            "model_type": whole,
            "dict_type": "these are no labels. Write each in a line below it, such as Equality impact: public",
            "string_type": "this is not text. Put it in quotes",
            "string_pattern_mismatch": _SHAPES.get(key, _NO_WORDS),
            "value_error": str(fault.get("ctx", {}).get("error", "")),
        }.get(fault["type"], f"{fault['msg'].lower()}. Correct this value")
        if key == "extra.council.colour":
            advice = 'this is no colour. Write # and six digits in quotes, such as "#14394f"'
        elif key.removeprefix("extra.") in _LISTS:
            advice = f"this is not a list. Write it in square brackets, such as {_LISTS[str(place[0])]}"
        raise SettingsError(f"mkdocs.yml: {key}: {advice}.") from None


def from_file(path: Path) -> Settings:
    """The settings of a mkdocs.yml, read without MkDocs. Raises SettingsError."""
    data = _loaded(path)
    if not isinstance(data, dict):
        raise SettingsError(f"{path.name}: this file has no keys such as site_name. Undo the last change to it.")
    if not isinstance(data.get("site_name", 0), str | None):
        raise SettingsError(f"{path.name}: site_name: this is missing or no text. Write the website's name, in quotes.")
    # YAML has no value for a key with nothing behind it; where there is a wrong one, `from_extra` says so.
    return from_extra(
        {} if data.get("extra") is None else data["extra"], data.get("site_url"), data.get("exclude_docs")
    )


def has_hooks(path: Path) -> bool:
    """Whether this mkdocs.yml lists a hook of ours. Raises SettingsError."""
    hooks = _loaded(path).get("hooks")
    return isinstance(hooks, list) and any(str(hook).startswith("hooks/") for hook in hooks)


def _loaded(path: Path) -> Any:
    """What the file's YAML says. Raises SettingsError."""
    try:
        size = path.stat().st_size
        if size > LARGEST:
            what = f"this file has {size:,} bytes; it may have at most {LARGEST:,}. Undo the last change to it."
            raise SettingsError(f"{path.name}: {what}")
        text = path.read_text("utf-8")
        if yaml_depth.too_deep(text):
            what = f"this file is nested more than {yaml_depth.DEEPEST} levels deep. Undo the last change to it."
            raise SettingsError(f"{path.name}: {what}")
        return yaml.load(text, _Loader)
    except FileNotFoundError:
        raise SettingsError(f"{path.name}: there is no such file here. Run this in the project's folder.") from None
    except OSError as error:
        what = f"this file can't be read: {error.strerror}. Make it one that you may read."
        raise SettingsError(f"{path.name}: {what}") from None
    except (yaml.YAMLError, ValueError):  # bytes that are no text, or a date such as 2026-13-45
        raise SettingsError(f"{path.name}: this file can't be read as YAML. Undo the last change to it.") from None


class _Loader(yaml_depth.Loader):  # type: ignore[misc]
    """Reads MkDocs' own tags (!ENV, !!python/name) as nothing: no setting of ours uses them."""


_Loader.add_multi_constructor("", lambda loader, tag, node: None)
