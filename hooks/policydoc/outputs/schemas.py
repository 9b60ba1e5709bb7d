"""The shapes of the two JSON files that other programs read, as JSON Schema: a policy's, and the register's."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter
from typing_extensions import TypedDict  # pydantic asks for this one before Python 3.12

from ..editions.withhold import Edition
from ..model.document import Kind, Status
from ..model.schedule import Deed
from ..source.front_matter import Metadata

DRAFT = "https://json-schema.org/draft/2020-12/schema"
NAMES = ("policy", "register")


class Below(TypedDict):
    """Where in a place's content one of the places below it stands."""

    clause: Annotated[str, Field(description="The id of that place")]


class Clause(TypedDict):
    """A section, appendix or clause; they are listed in reading order."""

    id: Annotated[
        str, Field(description="Its anchor on the page: policies/<slug>/#id. Never null, unique in the policy")
    ]
    kind: Kind
    name: Annotated[str | None, Field(description="The name by which other places refer to it")]
    level: Annotated[int, Field(description="1 for a section or appendix, 2 for its clauses, and so on")]
    number: Annotated[
        str | None, Field(description="As it is cited, without the word; null if deleted and not counted")
    ]
    label: Annotated[str | None, Field(description="What is printed before its words")]
    previous_number: Annotated[str | None, Field(description="The number before the amendments; null if inserted")]
    previous_label: Annotated[str | None, Field(description="The label before the amendments")]
    status: Status
    text: Annotated[str | None, Field(description="Its words as amended, a line for each paragraph; null if deleted")]
    previous_text: Annotated[str | None, Field(description="Its words before the amendments; null if inserted")]
    content: Annotated[
        list[str | Below],
        Field(
            description="Its own paragraphs as amended (a section's: those outside clauses), and the places below it"
        ),
    ]


class Amendment(TypedDict):
    """One amendment of a draft, in words."""

    id: Annotated[str, Field(description="A1, A2 … in reading order")]
    clause: Annotated[str | None, Field(description="The id of the place; null before the first section")]
    place: Annotated[str, Field(description="The place as it will be, for a reader, such as 2.2 or: opening words")]
    kind: Deed
    words: Annotated[str, Field(description="The instruction, such as: for “must” substitute “may”")]
    location: Annotated[
        str, Field(description="The place in the text in force, such as 2.1 (will be 2.2), or: after 2.1")
    ]
    previous_number: Annotated[str | None, Field(description="The place's number in force; null if it has none")]


class Unnumbered(TypedDict):
    """Words outside all clauses."""

    after: Annotated[str | None, Field(description="The id of the place that they follow; null before the first")]
    text: Annotated[str | None, Field(description="As amended; null where that reading has none of them")]
    previous_text: Annotated[str | None, Field(description="Before the amendments; null likewise")]


class Version(TypedDict):
    """An approved version that the edition may show, under the keys of front matter."""

    version: str
    date_published: Annotated[str | None, Field(description="Year-month-day")]
    effective: Annotated[str | None, Field(description="Day it came into force, if not date_published")]
    adopted: Annotated[dict[str, str | None] | None, Field(description="By whom, on which day, in which minute")]
    change_note: Annotated[dict[str, str | bool] | None, Field(description="What it changed")]


class Policy(TypedDict):
    """What policies/<slug>/<slug>.json holds besides the metadata."""

    format: Annotated[Literal[2], Field(description="Within a format keys are only added")]
    edition: Edition
    versions: Annotated[list[Version], Field(description="The newest first")]
    amendments_hash: Annotated[
        str | None, Field(description="SHA-256 of both readings and the amendments, the same in both editions")
    ]
    amendments: list[Amendment]
    clauses: list[Clause]
    unnumbered: list[Unnumbered]


class Entry(TypedDict):
    """What policies.json holds of each policy besides its metadata."""

    slug: Annotated[str, Field(description="The policy's permanent name")]
    edition: Edition
    amendments: Annotated[int, Field(description="How many sections and clauses a draft would change")]
    url: Annotated[str, Field(description="The page, below the edition's root, as are the others")]
    json: str
    pdf: str
    amended_pdf: Annotated[str | None, Field(description="The clean copy, while there are amendments")]


def schema(name: str) -> dict[str, Any]:
    """The JSON Schema of `policy` (a policy's file) or `register` (policies.json)."""
    own = TypeAdapter(Policy if name == "policy" else Entry).json_schema()
    metadata = Metadata.model_json_schema(mode="serialization")
    shape = {
        "title": "A policy" if name == "policy" else "A policy in the register",
        "type": "object",
        "properties": metadata["properties"] | own["properties"],
        "required": [*metadata["properties"], *own["required"]],
    }
    definitions = metadata.get("$defs", {}) | own.get("$defs", {})
    if name == "register":
        shape = {"title": "The register of an edition", "type": "array", "items": shape}
    return {"$schema": DRAFT, **shape, "$defs": definitions}
