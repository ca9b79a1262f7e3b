"""Reads message catalogues kept as a JSON tree: the path to a string is its key."""

from __future__ import annotations

import json
from collections.abc import Iterator


def json_messages(text: str) -> dict[tuple[str, ...], str]:
    """Every string of the tree by its path."""
    return dict(_walk(json.loads(text), ()))


def _walk(node: object, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(node, str):
        yield path, node
    elif isinstance(node, dict):
        for key, child in node.items():
            yield from _walk(child, (*path, str(key)))
