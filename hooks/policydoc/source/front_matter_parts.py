"""The parts of front matter that have keys of their own: who receives a policy, what its version changes, …"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from ..slips import means_inside, means_nobody
from .value_kinds import Day, FormerNames, Text


class Keys(BaseModel):
    """Keys and their values. One with nothing behind its colon is as good as none."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _without_blanks(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        return {key: value for key, value in data.items() if value is not None or key not in cls.model_fields}


class Distribution(Keys):
    """Who receives the policy. One with nobody outside is not in the external edition at all."""

    internal: tuple[Text, ...] = Field(default=(), description="Groups within the council")
    external: tuple[Text, ...] = Field(default=(), description="Groups outside it; leave empty for an internal policy")

    @field_validator("internal", "external", mode="before")
    @classmethod
    def _groups(cls, value: object, info: ValidationInfo) -> object:
        """[None] would be a group of that name, to which the policy is published."""
        for name in value if isinstance(value, list) else [value]:
            is_public = info.field_name == "external"
            if isinstance(name, str) and (means_nobody(name) or (is_public and means_inside(name))):
                raise PydanticCustomError("nobody", "{name}", {"name": name})
        return value


class ChangeNote(Keys):
    """What this version changes, in a sentence for its readers; published with the policy."""

    text: Text = Field(description="What has changed, such as: Spelling corrected in 4.5")
    editorial: bool = Field(default=False, description="Whether nothing that the policy asks of anyone has changed")


class Adoption(Keys):
    """By whom the policy is adopted; the day and the minute are known later."""

    by: Text = Field(description="Who adopted it, such as: Full Council")
    on: Day | None = Field(default=None, description="Year-month-day")
    minute: Text | None = Field(default=None, description="Its minute, such as: FC 2026-227 a)")


class Formerly(Keys):
    """The names that the policy's file had before; a list is short for those that readers outside have known."""

    external: FormerNames = Field(default=(), description="Under which the external edition had it")
    internal: FormerNames = Field(default=(), description="Which nobody outside has known, and nobody will")

    @model_validator(mode="before")
    @classmethod
    def _list(cls, data: Any) -> Any:
        return {"external": data} if isinstance(data, str | list | tuple) else data
