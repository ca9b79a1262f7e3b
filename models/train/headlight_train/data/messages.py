"""Reads the compiler's diagnostic messages out of the TypeScript package."""

from __future__ import annotations

import json
import re

_DIAGNOSTIC = re.compile(
    r'\bdiag\(\s*\d+,\s*\d+ /\* \w+ \*/,\s*"([^"]*)",\s*("(?:[^"\\]|\\.)*")')


def diagnostics(source: str) -> dict[str, str]:
    """The messages by key, as the translated catalogues name them, placeholders ({0}) kept."""
    return {match.group(1): json.loads(match.group(2)) for match in _DIAGNOSTIC.finditer(source)}


def diagnostic_paragraphs(source: str) -> list[str]:
    """One paragraph a message, in the order of the source."""
    return list(diagnostics(source).values())
