"""Turns the shape of front matter into a JSON Schema: `policy schema`."""

from __future__ import annotations

import json

import click

from ..source.front_matter import Metadata


@click.command()
def schema() -> None:
    """Print the JSON Schema of a policy's front matter, for editors that complete and check it."""
    shape = Metadata.model_json_schema()
    click.echo(json.dumps({"$schema": "https://json-schema.org/draft/2020-12/schema", **shape}, indent=2))
