"""Turns a policy file's text and new values into the same text with those values in its front matter.

Only the keys that change are written anew: front matter that is loaded and dumped as a whole loses its blank lines, its
quotes and the ends of its lines. ruamel.yaml finds where a value stands. PyYAML, which reads policies, writes the new
one and reads the whole again: a text that the two understand differently is refused, and never spoilt.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from enum import Enum
from typing import Any, Final

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode

from ..source.front_matter import Metadata
from ..source.signs import LINE_END
from .blocks import lines_in, newline, split

_MAP, _LIST, _TEXT = "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq", "tag:yaml.org,2002:str"
_WIDE = 1_000_000_000  # so that no line is wrapped


class Removal(Enum):
    """What takes a key out, where None leaves it with nothing after its colon."""

    REMOVE = "remove"


REMOVE: Final = Removal.REMOVE


class FrontMatterError(ValueError):
    """The front matter can't be rewritten; the text is one line for its author, without the place."""


def rewritten(text: str, values: Mapping[str, object | None]) -> str:
    """The file's text with these values under their keys, and every other sign as it was.

    Values are what Metadata holds: text, days, true or false, lists and mappings of them, None, or REMOVE. A key that
    is not there yet comes after those that Metadata has before it. Raises FrontMatterError.
    """
    matter, body = split(text)
    head, *lines, closing = lines_in(matter) or ("", "")
    if not head:
        raise FrontMatterError("there is no front matter. Start the file with a line ---, then title: and the rest.")
    front, ending = "".join(lines), newline(head)
    try:
        wanted = _read(front)
        for key, value in values.items():
            front = _with(front, key, value, ending)
            wanted.pop(key, None)
            if value is not REMOVE:
                wanted[key] = _as_read(value)
        done = _read(front) == wanted
    except (yaml.YAMLError, YAMLError):
        raise FrontMatterError("the front matter can't be read as YAML. Run policy check, and mend it first.") from None
    if not done:  # a key that stands twice, an anchor: what no policy needs
        names = " and ".join(values)
        raise FrontMatterError(f"{names} can't be changed. Write every key once, on its own line, as key: value.")
    return head + front + closing + body


def _read(front: str) -> dict[str, Any]:
    """The front matter as `metadata` reads it: every value as it was typed."""
    data = yaml.load(front, yaml.BaseLoader)
    if not isinstance(data, dict):
        raise FrontMatterError("the front matter has no keys. Write lines such as title: Social Media Policy")
    return data


def _as_read(value: object) -> Any:
    if isinstance(value, Mapping):
        return {key: _as_read(part) for key, part in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_as_read(part) for part in value]
    return _typed(value)


def _typed(value: object) -> str:
    """A single value as an author types it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else value.isoformat() if isinstance(value, date) else str(value)


def _with(front: str, key: str, value: object | None, ending: str) -> str:
    """The front matter with one value changed."""
    if _read(front).get(key, REMOVE) == _as_read(value):
        return front
    root = YAML(typ="safe", pure=True).compose(front)
    if not isinstance(root, MappingNode) or root.flow_style:
        raise FrontMatterError("the front matter stands in braces. Write each key on its own line, as key: value.")
    entries: dict[str, tuple[Node, Node]] = {str(name.value): (name, node) for name, node in reversed(root.value)}
    if key not in entries:
        return front if value is REMOVE else _added(front, root, entries, key, value, ending)
    name, old = entries[key]
    start, end = old.start_mark.index, _end(front, name, old)
    if value is REMOVE:
        return front[: name.start_mark.index - name.start_mark.column] + front[_next_line(front, end) :]
    colon = _colon(front, name)
    line_end = colon + len(front[colon : _next_line(front, colon)].rstrip("\r\n"))
    new = _written(key, value, root, ending, old)
    if start < end and start < line_end:  # what stands on the key's own line keeps its distance from the colon
        return front[:start] + new.lstrip() + front[end:] if new else front[:colon] + front[end:]
    comment = front[colon:line_end].rstrip()
    both = comment + new if new.startswith(ending) else new + comment
    return front[:colon] + both + front[max(end, line_end) :]


def _added(
    front: str, root: MappingNode, entries: Mapping[str, tuple[Node, Node]], key: str, value: object, ending: str
) -> str:
    """The front matter with one more key, after the nearest that Metadata has before it."""
    order = list(Metadata.model_fields)
    before = [other for other in order[: order.index(key)] if other in entries]
    first: int = root.start_mark.index - root.start_mark.column
    place = _next_line(front, _end(front, *entries[before[-1]])) if before else first
    line = f"{' ' * root.start_mark.column}{key}:{_written(key, value, root, ending)}{ending}"
    return front[:place] + line + front[place:]


def _colon(front: str, name: Node) -> int:
    """The place behind the key's colon."""
    return front.index(":", name.end_mark.index) + 1


def _end(front: str, name: Node, node: Node) -> int:
    """Where the value's last sign is. The marks of a block and of an empty value lie behind the comments after them."""
    while isinstance(node, CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        name, node = last if isinstance(last, tuple) else (node, last)
    start: int = node.start_mark.index
    if start == node.end_mark.index and isinstance(name, ScalarNode):
        return _colon(front, name)
    return start + len(front[start : node.end_mark.index].rstrip("\r\n"))


def _next_line(front: str, index: int) -> int:
    end = LINE_END.search(front, index)
    return end.end() if end else len(front)


def _written(key: str, value: object, root: MappingNode, ending: str, old: Node | None = None) -> str:
    """What stands after the key's colon: over several lines, or in quotes, where the old value was."""
    if value is None:
        return ""
    block = isinstance(old, MappingNode) and not old.flow_style
    indent = old.start_mark.column - root.start_mark.column if block and old else None
    style = old.style if isinstance(old, ScalarNode) and old.style in ("'", '"') else None
    node = yaml.MappingNode(_MAP, [(_scalar(key), _node(value, block, style))], flow_style=False)
    text: str = yaml.serialize(node, Dumper=yaml.SafeDumper, indent=indent, width=_WIDE, allow_unicode=True)
    margin = ending + " " * root.start_mark.column
    return text.rstrip("\n").removeprefix(f"{key}:").replace("\n", margin)


def _node(value: object, block: bool = False, style: str | None = None) -> yaml.Node:
    if isinstance(value, Mapping):
        return yaml.MappingNode(
            _MAP, [(_scalar(name), _node(part)) for name, part in value.items()], flow_style=not block
        )
    if isinstance(value, Sequence) and not isinstance(value, str):
        return yaml.SequenceNode(_LIST, [_node(part) for part in value], flow_style=True)
    return _scalar(_typed(value), style or ("'" if isinstance(value, str) and _is_mistakable(value) else None))


def _scalar(text: str, style: str | None = None) -> yaml.ScalarNode:
    # A plain value with the tag that it has anyway gets no tag and, where YAML allows it, no quotes: 0042 stays 0042.
    tag = yaml.SafeLoader("").resolve(yaml.ScalarNode, text, (True, False))  # type: ignore[no-untyped-call]
    return yaml.ScalarNode(_TEXT if style else tag, text, style=style)


def _is_mistakable(text: str) -> bool:
    """Whether other programs would read it as something else than text or a number: yes, null, 2026-11-30."""
    try:
        value = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError):  # ValueError: 2026-02-31
        return True
    return isinstance(value, bool) or not isinstance(value, str | int | float)
