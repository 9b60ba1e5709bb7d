"""Turns YAML into whether it is nested deeper than a reader of it can follow, before anything reads it.

PyYAML calls itself once for each level. A front matter or a mkdocs.yml of ours has three.
"""

from __future__ import annotations

from typing import Any

import yaml

DEEPEST = 50  # levels
Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def too_deep(text: str) -> int:
    """The line (from 1) in which the YAML gets too deep, or 0. Raises yaml.YAMLError."""
    depth = 0
    for event in yaml.parse(text, Loader=Loader):  # one by one: nothing calls itself here
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEEPEST:
                return 1 + (event.start_mark.line if event.start_mark else 0)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
    return 0
