"""Reads the compiler's diagnostic messages out of the TypeScript package."""

from __future__ import annotations

import json
import re

_DIAGNOSTIC = re.compile(r'\bdiag\(\s*\d+,\s*\d+ /\* \w+ \*/,\s*"[^"]*",\s*("(?:[^"\\]|\\.)*")')


def diagnostic_paragraphs(source: str) -> list[str]:
    """One paragraph a message, with its placeholders ({0}) as they stand."""
    return [json.loads(match.group(1)) for match in _DIAGNOSTIC.finditer(source)]
