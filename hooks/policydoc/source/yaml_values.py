"""Turns the YAML of front matter into values that know their lines, as they were typed, or says why it is none."""

from __future__ import annotations

import re
from typing import Any

import yaml

from .. import yaml_depth
from ..messages import Fault, said
from ..slips import is_blank

_Loader: Any = yaml_depth.Loader
# #1 on dogs      but not:  # a remark
_HIDDEN = re.compile(r"\s+#[^\s#]")
# numbering: -
_BARE_HYPHEN = re.compile(r"\s*(\w+):\s+-\s*$")
_MOST_KEYS = 500  # of front matter; the program knows 15
# What PyYAML was reading when it came to a stop, and the sign that had opened it
_OPENED = {
    "quoted scalar": "the quotation mark",
    "flow sequence": "the bracket [",
    "flow mapping": "the bracket {",
}


def read(text: str, first: int) -> Values:
    """The values of this YAML, whose first line has this number; no data where it can't be read, or has no keys."""
    values = Values(first, text)
    try:
        deep = yaml_depth.too_deep(text)
        if deep:
            return values.refused(deep - 1, said("P155", limit=yaml_depth.DEEPEST))
        for event in yaml.parse(text, Loader=_Loader) if "*" in text else ():
            if isinstance(event, yaml.AliasEvent):
                return values.refused(event.start_mark.line if event.start_mark else 0, said("P126"))
        node = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        return values.refused(*_syntax_fault(error, text))
    if isinstance(node, yaml.MappingNode):
        if len(node.value) > _MOST_KEYS:
            fault = said("P156", keys=f"{len(node.value):,}", limit=_MOST_KEYS)
            return values.refused(node.value[_MOST_KEYS][0].start_mark.line, fault)
        values.data = values.of(node)
    return values


class Values:
    """Front matter on its way from YAML's nodes to dicts, lists and strings, in which what is empty is None.

    `data` is all of it, `lines` are those of its keys and items, by their path, such as distribution.internal.0;
    `twice` are the keys at the top of which one is there again, itself or in it.
    """

    def __init__(self, first: int, text: str) -> None:
        self.first, self._text = first, text.split("\n")
        self.data: Any = None
        self.lines: dict[str, int] = {}
        self.twice: set[str] = set()
        self.faults: list[tuple[int, Fault]] = []

    def refused(self, line: int, fault: Fault) -> Values:
        """None of it, for this fault in its line, counted from 0."""
        self.faults = [(line + self.first, fault)]
        return self

    def of(self, node: yaml.Node, path: str = "") -> Any:
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            items: list[Any] = []
            for item in node.value:
                where = f"{path}{len(items)}"
                self.lines[where] = item.start_mark.line + self.first
                value = self.of(item, f"{where}.")
                items += [] if value is None else [value]
            return items
        self._hidden(node)
        text = str(node.value).strip()
        is_empty = is_blank(text) or (
            isinstance(node, yaml.ScalarNode) and not node.style and text.lower() in ("~", "null")
        )
        return None if is_empty else text

    def _hidden(self, node: yaml.Node) -> None:
        """Policy #1: to YAML what follows such a sign is a remark, and the title would be “Policy”."""
        if isinstance(node, yaml.ScalarNode) and not node.style:
            rest = self._text[node.end_mark.line][node.end_mark.column :]
            if _HIDDEN.match(rest):
                fault = said("P157", words=" ".join(rest.split()), value=f'"{node.value} {" ".join(rest.split())}"')
                self.faults.append((node.end_mark.line + self.first, fault))

    def _mapping(self, node: yaml.MappingNode, path: str) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + self.first
            if not isinstance(key_node, yaml.ScalarNode):
                self.faults.append((line, said("P127")))
                continue
            key = str(key_node.value)
            where = f"{path}{key}"
            if where in self.lines:
                self.faults.append((line, said("P128", key=key, first=self.lines[where])))
                self.twice.add(where.partition(".")[0])
                continue
            self.lines[where] = line
            mapping[key] = self.of(value_node, f"{where}.")
        return mapping


def _syntax_fault(error: yaml.YAMLError, text: str) -> tuple[int, Fault]:
    if not isinstance(error, yaml.MarkedYAMLError):
        return 0, said("P125", reason="a character that YAML does not allow", advice="Type it again by hand.")
    mark = error.problem_mark or error.context_mark
    problem, context = error.problem or "", error.context or ""
    opened = next((sign for what, sign in _OPENED.items() if what in context), "")
    if opened and error.context_mark:
        return error.context_mark.line, said("P124", sign=opened)
    line = mark.line if mark else 0
    if bare := _BARE_HYPHEN.match([*text.split("\n"), ""][line]):
        return line, said("P171", key=bare[1])
    if "mapping values" in problem:
        advice = 'Put the value in quotes if it has a colon in it: title: "Dogs: a policy".'
    elif "\\t" in problem or "tab" in problem or "cannot start any token" in problem:
        advice = "Indent with spaces, not tabs, and put values that begin with a special sign in quotes."
    else:
        advice = "Write each key on its own line, as key: value, with a space after the colon."
    return line, said("P125", reason=problem or "syntax error", advice=advice)
