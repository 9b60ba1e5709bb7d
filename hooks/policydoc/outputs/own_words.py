"""Gathers the words that the program prints of itself, from its own code and templates: the leak gate passes over them.

A reviewer may well write “date published?” or “page 3”, and every page says so as well. Nothing here is kept by hand: a
label that is added to a template or to a module is known from then on.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

# {{ … }}   {% … %}   {# … #}
_JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")
# "words"   'words'
_QUOTED = re.compile(r""""([^"\n]*)"|'([^'\n]*)'""")
# [words]   as Typst's templates have them
_CONTENT = re.compile(r"\[([^\[\]\n]*)\]")


def of(files: Iterable[Path]) -> Iterator[str]:
    """The strings that these templates and modules print: each label by itself, each template as a whole as well."""
    for path in files:
        text = path.read_text("utf-8", "replace")
        if path.suffix == ".py":
            yield from _of_module(text)
        elif path.suffix == ".typ":
            yield text
            yield from (match[1] or match[2] or "" for match in _QUOTED.finditer(text))
            yield from _CONTENT.findall(text)
        else:
            yield text
            words = _JINJA.sub("\n", text)
            yield from _TAG.sub("\n", words).split("\n")
            for part in (*_JINJA.findall(text), *_TAG.findall(words)):
                yield from (match[1] or match[2] or "" for match in _QUOTED.finditer(part))


def _of_module(text: str) -> Iterator[str]:
    """The string constants of a module, and the names of its fields, which are the keys of JSON; no docstring."""
    tree = ast.parse(text)
    silent = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent:
            yield node.value
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id
