"""`policy schema`: prints the shape of front matter, or of a JSON file that the build leaves, as JSON Schema."""

from __future__ import annotations

import json

import click

from ..outputs import schemas
from ..source.front_matter import Metadata


@click.command()
@click.option("--of", "name", type=click.Choice(schemas.NAMES), help="Of a JSON file of the website instead.")
def schema(name: str | None) -> None:
    """Print the JSON Schema of a policy's front matter, for editors that complete and check it."""
    shape = schemas.schema(name) if name else {"$schema": schemas.DRAFT, **Metadata.model_json_schema()}
    click.echo(json.dumps(shape, indent=2))
