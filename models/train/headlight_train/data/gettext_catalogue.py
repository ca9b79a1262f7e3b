"""Reads message catalogues of GNU gettext, compiled (.mo) and in source form (.po).

Format: GNU gettext manual, sections "The Format of GNU MO Files" and "The Format of PO
Files". A message with a plural is paired by its English plural, since Chinese has one form.
"""

from __future__ import annotations

import ast
import re
import struct
from collections.abc import Iterator

_MAGIC = 0x950412DE
_CONTEXT_END = "\x04"
_LINE = re.compile(r'^(?:(msgctxt|msgid|msgid_plural|msgstr(?:\[\d+\])?)\s+)?(".*")\s*$')


def mo_pairs(data: bytes) -> Iterator[tuple[str, str]]:
    """English and translation of each message of a compiled catalogue.

    Raises ValueError when the bytes are not a little- or big-endian MO file.
    """
    for order in "<>":
        if len(data) >= 20 and struct.unpack_from(order + "I", data)[0] == _MAGIC:
            break
    else:
        raise ValueError("not a compiled gettext catalogue: wrong magic number")
    count, originals, translations = struct.unpack_from(order + "3I", data, 8)

    def string(table: int, index: int) -> str:
        length, offset = struct.unpack_from(order + "2I", data, table + 8 * index)
        return data[offset:offset + length].decode("utf-8")

    for index in range(count):
        original = string(originals, index).split(_CONTEXT_END)[-1].split("\0")[-1]
        translation = string(translations, index).split("\0")[0]
        if original and translation:
            yield original, translation


def po_pairs(text: str) -> Iterator[tuple[str, str]]:
    """English and translation of each finished message; fuzzy and obsolete ones are left out."""
    for block in re.split(r"\n\s*\n", text):
        fields: dict[str, str] = {}
        field: str | None = None
        fuzzy = False
        for line in block.splitlines():
            if line.startswith("#"):
                fuzzy = fuzzy or (line.startswith("#,") and "fuzzy" in line)
                continue
            match = _LINE.match(line)
            if not match:
                continue
            field = match.group(1) or field
            if field is not None:
                fields[field] = fields.get(field, "") + ast.literal_eval(match.group(2))
        original = fields.get("msgid_plural") or fields.get("msgid")
        translation = fields.get("msgstr[0]") or fields.get("msgstr")
        if original and translation and not fuzzy:
            yield original, translation
