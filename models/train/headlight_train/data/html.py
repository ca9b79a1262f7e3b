"""Turns a page of HTML documentation into plain paragraphs.

Only the page's main content is read. Code blocks, tables, navigation and
signatures are dropped; inline code stays as plain text; a list item keeps a
leading dash.
"""

from __future__ import annotations

from html.parser import HTMLParser

_VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta",
                   "source", "track", "wbr"})
_BLOCK = frozenset({"address", "article", "aside", "blockquote", "dd", "details", "div", "dl",
                    "figure", "h1", "h2", "h3", "h4", "h5", "h6", "li", "main", "ol", "p",
                    "section", "summary", "td", "ul"})
_SKIPPED_TAGS = frozenset({"button", "dt", "footer", "form", "head", "nav", "pre", "script",
                           "style", "svg", "table"})
_SKIPPED_CLASSES = frozenset({"a11y-skip", "contents", "footnote", "headerlink", "indexterm",
                              "mark", "nav", "navfooter", "navheader", "refsynopsisdiv", "related",
                              "sphinxsidebar", "srclink", "toc", "toctree-wrapper",
                              "viewcode-link"})


def _opens_content(tag: str, attributes: dict[str, str | None]) -> bool:
    """Whether this tag encloses the main text, in the page templates the sources use."""
    return (
        tag == "main"
        or attributes.get("role") == "main"
        or attributes.get("id") in ("apicontent", "bd", "docContent")
    )


class _ParagraphParser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.paragraphs: list[str] = []
        self._text: list[str] = []
        self._content: _Region | None = None
        self._skipped: _Region | None = None
        self._in_list_item = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            if tag == "br":
                self._text.append(" ")
            return
        attributes = dict(attrs)
        if self._skipped:
            self._skipped.open(tag)
            return
        if self._content is None:
            if _opens_content(tag, attributes):
                self._content = _Region(tag)
            return
        self._content.open(tag)
        classes = (attributes.get("class") or "").split()
        if tag in _SKIPPED_TAGS or not _SKIPPED_CLASSES.isdisjoint(classes):
            if tag in _SKIPPED_TAGS:
                self._end_paragraph()
            self._skipped = _Region(tag)
        elif tag in _BLOCK:
            self._end_paragraph()
            self._in_list_item = tag == "li" or (self._in_list_item and tag == "p")

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID or self._content is None:
            return
        if self._skipped:
            if self._skipped.close(tag):
                self._skipped = None
                self._close_content(tag)
            return
        if tag in _BLOCK:
            self._end_paragraph()
        self._close_content(tag)

    def handle_data(self, data: str) -> None:
        if self._content and not self._skipped:
            self._text.append(data)

    def _close_content(self, tag: str) -> None:
        if self._content and self._content.close(tag):
            self._end_paragraph()
            self._content = None

    def _end_paragraph(self) -> None:
        text = " ".join("".join(self._text).split())
        self._text.clear()
        if text:
            self.paragraphs.append(f"- {text}" if self._in_list_item else text)
            self._in_list_item = False


class _Region:
    """Depth inside one element, counted by its own tag so that unclosed others do no harm."""

    def __init__(self, tag: str) -> None:
        self._tag = tag
        self._depth = 1

    def open(self, tag: str) -> None:
        self._depth += tag == self._tag

    def close(self, tag: str) -> bool:
        """Counts an end tag; true when the region is over."""
        self._depth -= tag == self._tag
        return self._depth == 0


def html_paragraphs(markup: str) -> list[str]:
    """Paragraphs of the page's main content, in reading order, whitespace collapsed."""
    parser = _ParagraphParser()
    parser.feed(markup)
    parser.close()
    return parser.paragraphs
