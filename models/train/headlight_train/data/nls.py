"""Reads the strings of VS Code from its published modules and language pack.

The build replaces the key of each `localize` call by the message's index; the
language pack holds one array of translations in the same order. The strings of
an extension's code are keyed by the English text itself.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator

_CALL = re.compile(
    r"""\blocalize2?\(\s*(\d+),\s*("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')\s*[,)]""")
_HOLE = re.compile(r"^\s*undefined(?=,?\s*$)", re.MULTILINE)


def localize_calls(module: str) -> dict[int, str]:
    """The English text of each `localize` call of a module, by message index."""
    # The escapes of a JavaScript string that occur here mean the same in Python.
    return {int(match.group(1)): ast.literal_eval(match.group(2))
            for match in _CALL.finditer(module)}


def indexed_messages(module: str) -> list[str | None]:
    """The array of translated messages of a language pack, with None for a hole.

    Raises ValueError when the module holds no array.
    """
    start, end = module.find("["), module.rfind("]")
    if start < 0 or end < start:
        raise ValueError("no array of messages in the language pack")
    messages: list[str | None] = json.loads(_HOLE.sub("null", module[start:end + 1]))
    return messages


def bundle_pairs(translation: str) -> Iterator[tuple[str, str]]:
    """English and translation of the messages an extension's code asks for by their text."""
    bundle: dict[str, str] = json.loads(translation)["contents"].get("bundle", {})
    for original, translated in bundle.items():
        # A translator's comment is appended to the key after a slash.
        if original.count("/") == translated.count("/"):
            yield original, translated
