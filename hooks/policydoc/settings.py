"""Turns mkdocs.yml into the few settings that the library needs, without MkDocs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from .metadata import Metadata
from .slips import key_meant


class SettingsError(Exception):
    """mkdocs.yml holds a value that can't be used; the text is one line for its reader."""


class Council(BaseModel):
    """Whose policies these are; shown on every page and PDF."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    colour: str = "#14394f"
    logo: str | None = None
    contact: str | None = None


DEFAULT_REQUIRED = ("policy_number", "date_published", "review_due")
Words = Annotated[str, Field(pattern=r"^[^\n]*\w[^\n]*$")]


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


class Settings(BaseModel):
    """What mkdocs.yml says under `extra`, and the address of the site."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    council: Council
    deleted_clauses: Literal["keep", "close_up"] = "keep"
    site_url: str = ""
    edit_url: str | None = None
    acknowledge_url: str | None = None
    required_when_approved: Annotated[tuple[str, ...], BeforeValidator(_keys)] = DEFAULT_REQUIRED
    style: Annotated[tuple[Style, ...], BeforeValidator(lambda value: () if value is None else value)] = ()

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
    def close_up(self) -> bool:
        return self.deleted_clauses == "close_up"


def from_extra(extra: dict[str, Any], site_url: str | None) -> Settings:
    """The settings in mkdocs.yml's `extra`. Raises SettingsError, naming the key."""
    try:
        return Settings.model_validate({**extra, "site_url": site_url or ""})
    except ValidationError as error:
        found = error.errors(include_url=False)[0]
        key = ".".join(("extra", *map(str, found["loc"])))
        known = Style if found["loc"][0] == "style" else Council
        advice = {
            "missing": "this key is missing. Add it",
            "extra_forbidden": f"there is no such key. Known keys are {', '.join(known.model_fields)}",
            "tuple_type": "this is not a list. Begin each line with a hyphen, such as - avoid: utilise",
            "model_type": "this is not a rule. Write it as - avoid: utilise, and in the line below it use: use",
            "string_type": "this is not text. Put it in quotes",
            "string_pattern_mismatch": "these are no words. Write them in one line",
            "value_error": str(found.get("ctx", {}).get("error", "")),
        }.get(found["type"], f"{found['msg'].lower()}. Correct this value")
        raise SettingsError(f"mkdocs.yml: {key}: {advice}.") from None


def from_file(path: Path) -> Settings:
    """The settings of a mkdocs.yml, read without MkDocs. Raises SettingsError."""

    class Loader(yaml.SafeLoader):
        """Reads MkDocs' own tags (!ENV, !!python/name) as nothing: no setting of ours uses them."""

    Loader.add_multi_constructor("", lambda loader, tag, node: None)
    try:
        data = yaml.load(path.read_text("utf-8"), Loader)  # noqa: S506 - a SafeLoader with fewer tags, not more
    except OSError:
        raise SettingsError(f"{path.name}: there is no such file here. Run this in the project's folder.") from None
    except (yaml.YAMLError, UnicodeDecodeError):
        raise SettingsError(f"{path.name}: this file can't be read as YAML. Undo the last change to it.") from None
    return from_extra(data.get("extra") or {}, data.get("site_url"))
