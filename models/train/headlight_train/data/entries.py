"""Finds, in documentation, prose that comes with its own summary.

Three places are read: an API entry or documentation comment, whose opening sentence sums it up;
a reference page that states its purpose beside its name; a section, whose heading names its
subject. Code, tables, lists, notes and change remarks are dropped.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Literal

from .comments import doc_comment_paragraphs, rust_comment_paragraphs

EntryKind = Literal["entry", "reference", "section"]

_VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta",
                   "source", "track", "wbr"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_SKIPPED_TAGS = frozenset({"blockquote", "button", "details", "footer", "form", "head", "nav",
                           "ol", "pre", "script", "style", "svg", "table", "ul"})
_SKIPPED_CLASSES = frozenset({"a11y-skip", "admonition", "api_metadata", "caution", "contents",
                              "deprecated", "footnote", "footnotes", "headerlink", "important",
                              "indexterm", "mark", "menu-title", "nav", "navfooter", "navheader",
                              "note", "refsynopsisdiv", "related", "seealso", "sphinxsidebar",
                              "srclink", "tip", "toc", "toctree-wrapper", "topic",
                              "versionadded", "versionchanged", "viewcode-link", "warning"})
_CODE_HEADING = re.compile(r"^(?:Class|Event|Static method|Type)\b.*:|[\w\]]\([^)]*\)$|"
                           r"^\S*[^A-Za-z\s]\S*$|^[a-z]\S*$")
_NUMBERING = re.compile(r"^(?:(?:Chapter|Appendix|Part)\s+\w+\.|[A-Z]?\d*(?:\.\d+)+\.?|\d+\.)\s*")
_PURPOSE = re.compile(r"^[^—]{1,80} — (.+)$", re.DOTALL)

_DOC_COMMENT = re.compile(r"/\*\*.*?\*/", re.DOTALL)
_FIRST_TAG = re.compile(r"^\s*\*?\s*@\w.*", re.MULTILINE | re.DOTALL)
_RUST_DOC_LINE = re.compile(r"^\s*//[/!](?!/)")


@dataclass
class Entry:
    """Paragraphs about one subject, in reading order."""

    kind: EntryKind
    title: str
    """`section`: the heading; `reference`: the purpose; `entry`: the term, or empty."""
    paragraphs: list[str] = field(default_factory=list)


@dataclass
class _Element:
    tag: str
    attributes: dict[str, str | None]
    children: list[_Element | str] = field(default_factory=list)

    @property
    def classes(self) -> list[str]:
        return (self.attributes.get("class") or "").split()

    @property
    def skipped(self) -> bool:
        return self.tag in _SKIPPED_TAGS or not _SKIPPED_CLASSES.isdisjoint(self.classes)


class _TreeBuilder(HTMLParser):
    """Elements of a page; an end tag closes everything left open inside its element."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = _Element("", {})
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            self._open[-1].children.append(" ")
            return
        element = _Element(tag, dict(attrs))
        self._open[-1].children.append(element)
        self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        for depth in range(len(self._open) - 1, 0, -1):
            if self._open[depth].tag == tag:
                del self._open[depth:]
                return

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)


def html_entries(markup: str) -> list[Entry]:
    """Entries of the page's main content: definitions, reference pages and sections."""
    builder = _TreeBuilder()
    builder.feed(markup)
    builder.close()
    content = _main_content(builder.root)
    if content is None:
        return []
    reader = _EntryReader()
    reader.read(content)
    return [entry for entry in reader.entries if entry.paragraphs]


def doc_comment_entries(source: str) -> list[Entry]:
    """One entry a `/** … */` comment: its text before the first tag."""
    entries: list[Entry] = []
    for match in _DOC_COMMENT.finditer(source):
        description = _FIRST_TAG.sub("", match.group().removesuffix("*/")) + "*/"
        paragraphs = doc_comment_paragraphs(description)
        if paragraphs:
            entries.append(Entry("entry", "", paragraphs))
    return entries


def rust_comment_entries(source: str) -> list[Entry]:
    """One entry a run of `///` or `//!` lines."""
    entries: list[Entry] = []
    block: list[str] = []
    for line in [*source.split("\n"), ""]:
        if _RUST_DOC_LINE.match(line):
            block.append(line)
        elif block:
            entries.append(Entry("entry", "", rust_comment_paragraphs("\n".join(block))))
            block.clear()
    return entries


def _main_content(element: _Element) -> _Element | None:
    attributes = element.attributes
    if (element.tag == "main" or attributes.get("role") == "main"
            or attributes.get("id") in ("apicontent", "bd", "docContent")):
        return element
    for child in element.children:
        found = _main_content(child) if isinstance(child, _Element) else None
        if found is not None:
            return found
    return None


class _EntryReader:
    """Walks the content in reading order; a paragraph belongs to the innermost open entry."""

    def __init__(self) -> None:
        self._current = Entry("section", "")
        self.entries = [self._current]

    def read(self, element: _Element) -> None:
        term = ""
        for child in element.children:
            if not isinstance(child, _Element) or child.skipped:
                continue
            if child.tag in _HEADINGS:
                self._open_section(_text(child))
            elif child.tag == "dt":
                term = _text(child)
            elif child.tag == "dd":
                around = self._current
                self._open(Entry("entry", term))
                self.read(child)
                self._current = around
            elif child.tag == "p":
                self._add_paragraph(_text(child), named="refnamediv" in element.classes)
            else:
                self.read(child)

    def _open(self, entry: Entry) -> None:
        self.entries.append(entry)
        self._current = entry

    def _open_section(self, heading: str) -> None:
        # A reference page describes its purpose under the heading "Description".
        if heading == "Description" and self._current.kind == "reference":
            return
        self._open(_section(heading))

    def _add_paragraph(self, text: str, *, named: bool) -> None:
        purpose = _PURPOSE.match(text) if named else None
        if purpose:
            self._open(Entry("reference", purpose.group(1)))
        elif text:
            self._current.paragraphs.append(text)


def _section(heading: str) -> Entry:
    purpose = _PURPOSE.match(heading)
    if purpose:
        return Entry("reference", purpose.group(1))
    heading = _NUMBERING.sub("", heading)
    return Entry("entry" if _CODE_HEADING.search(heading) else "section", heading)


def _text(element: _Element) -> str:
    parts: list[str] = []

    def gather(node: _Element) -> None:
        for child in node.children:
            if isinstance(child, str):
                parts.append(child)
            elif not child.skipped:
                gather(child)

    gather(element)
    return " ".join("".join(parts).split())
