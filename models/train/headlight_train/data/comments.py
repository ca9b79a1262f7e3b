"""Turns documentation comments of source files into plain paragraphs."""

from __future__ import annotations

import re

_BLOCK_COMMENT = re.compile(r"/\*\*(.*?)\*/", re.DOTALL)
_STAR = re.compile(r"^\s*\*? ?", re.MULTILINE)
_TAG = re.compile(r"@(\w+)\s*(?:\{[^}]*\}\s*)?")
_PARAMETER = re.compile(r"\[?([\w.]+)[^\s\]]*\]?\s+(?:-\s+)?")
_DROPPED_TAGS = frozenset({"since", "default", "see", "example", "version", "link", "experimental",
                           "stability", "legacy", "internal", "deprecated", "category"})
_INLINE_LINK = re.compile(r"\{@(?:link|linkcode|linkplain)\s+([^}|\s]+)(?:[|\s]+([^}]*))?\}")

_RUST_DOC_LINE = re.compile(r"^\s*//[/!] ?(?!/)(.*)$")

_FENCE = re.compile(r"^\s*(```|~~~).*?^\s*\1\s*$", re.DOTALL | re.MULTILINE)
_HTML_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_HTML_TAG = re.compile(
    r"</?(?:a|b|br|code|details|div|em|h[1-6]|i|img|li|ol|p|pre|span|strong|su[bp]|summary|ul)"
    r"(?:\s[^<>]*)?/?>"
)
_REFERENCE = re.compile(r"^\s*\[[^\]]+\]:\s.*$", re.MULTILINE)
_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
_LINK = re.compile(r"\[([^\[\]]+)\](?:\([^()]*(?:\([^()]*\))?[^()]*\)|\[[^\]]*\])?")
_EMPHASIS = re.compile(r"(?<!\w)(\*\*|__|\*|_)(?=\w)([^*_\n]+?)(?<=\w)\1(?!\w)")
_HEADING = re.compile(r"^#{1,6}\s+", re.MULTILINE)
_LIST_ITEM = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+", re.MULTILINE)
_TABLE_OR_CODE = re.compile(r"^(?:\s*\|.*| {4,}.*|\s*[-=|:+ ]{4,})$")


def markdown_paragraphs(text: str) -> list[str]:
    """Paragraphs of Markdown without code blocks, tables, link targets and emphasis marks."""
    text = _HTML_COMMENT.sub("", _FENCE.sub("\n\n", text))
    text = _IMAGE.sub("", _REFERENCE.sub("", text))
    text = _LINK.sub(r"\1", text)
    text = _HTML_TAG.sub("", _EMPHASIS.sub(r"\2", text)).replace("`", "")
    paragraphs: list[str] = []
    lines: list[str] = []

    def flush() -> None:
        if lines:
            paragraphs.append(" ".join(" ".join(lines).split()))
            lines.clear()

    for line in text.split("\n"):
        item = _LIST_ITEM.match(line)
        heading = _HEADING.match(line)
        if not line.strip() or (_TABLE_OR_CODE.match(line) and not lines):
            flush()
        elif heading:
            flush()
            lines.append(line[heading.end():])
            flush()
        elif item:
            flush()
            lines.append("- " + line[item.end():])
        else:
            lines.append(line)
    flush()
    return paragraphs


def doc_comment_paragraphs(source: str) -> list[str]:
    """Paragraphs of the `/** … */` comments of a TypeScript file; tags become plain sentences."""
    paragraphs: list[str] = []
    for match in _BLOCK_COMMENT.finditer(source):
        body = _STAR.sub("", match.group(1))
        body = _INLINE_LINK.sub(lambda link: link.group(2) or link.group(1), body)
        for section in re.split(r"^(?=@\w)", body, flags=re.MULTILINE):
            tag = _TAG.match(section)
            if tag and tag.group(1) in _DROPPED_TAGS:
                continue
            text = section[tag.end():] if tag else section
            if tag and tag.group(1) == "param":
                text = _PARAMETER.sub(r"\1: ", text, count=1)
            paragraphs += markdown_paragraphs(text)
    return paragraphs


def rust_comment_paragraphs(source: str) -> list[str]:
    """Paragraphs of the `///` and `//!` comments of a Rust file."""
    paragraphs: list[str] = []
    lines: list[str] = []
    for line in [*source.split("\n"), ""]:
        comment = _RUST_DOC_LINE.match(line)
        if comment:
            lines.append(comment.group(1))
        elif lines:
            paragraphs += markdown_paragraphs("\n".join(lines))
            lines.clear()
    return paragraphs
