"""The packages the training text is taken from, with the licence each one states.

A source names a published package, the files inside it that hold text, and the
reader that turns such a file into paragraphs. The version is the one the
published model was trained on; `fetch` reports when the archive offers another.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Registry = Literal["debian", "npm", "pypi"]
Reader = Literal["html", "doc-comments", "rust-comments", "diagnostics"]


@dataclass(frozen=True)
class PackageSource:
    """One published package and the licence of the files that are used of it."""

    registry: Registry
    package: str
    version: str
    licence: str
    """SPDX expression, as stated by `licence_file` for the files that are used."""
    holder: str
    licence_file: str
    """Path of the licence text inside the unpacked package."""


@dataclass(frozen=True)
class Source(PackageSource):
    """One package and the part of it that is training text."""

    name: str
    reader: Reader
    root: str
    """Folder inside the unpacked package; `files` are matched relative to it."""
    files: tuple[str, ...]
    exclude: tuple[str, ...] = ()


# Not the embedded book: its prose is CC BY-SA.
_RUST_BOOKS = (
    "book",
    "reference",
    "nomicon",
    "rust-by-example",
    "rustc",
    "rustdoc",
    "edition-guide",
    "unstable-book",
)

SOURCES: tuple[Source, ...] = (
    Source(
        name="python",
        registry="debian",
        package="python3.11-doc",
        version="3.11.2-6+deb12u9",
        licence="PSF-2.0",
        holder="Python Software Foundation",
        licence_file="usr/share/doc/python3.11/html/license.html",
        reader="html",
        root="usr/share/doc/python3.11/html",
        files=("*.html",),
        # Indexes, the licence itself, and the change log's tens of thousands of one-line notes.
        exclude=("genindex*", "*modindex*", "search.html", "license.html", "copyright.html",
                 "bugs.html", "whatsnew/changelog.html"),
    ),
    Source(
        name="node",
        registry="debian",
        package="nodejs-doc",
        version="18.20.4+dfsg-1~deb12u3",
        licence="MIT",
        holder="Node.js contributors; Joyent, Inc. and other Node contributors",
        licence_file="usr/share/doc/nodejs-doc/copyright",
        reader="html",
        root="usr/share/doc/nodejs/api",
        files=("*.html",),
        exclude=("all.html", "index.html"),
    ),
    Source(
        name="rust-books",
        registry="debian",
        package="rust-doc",
        version="1.63.0+dfsg1-2",
        licence="MIT OR Apache-2.0",
        holder="Graydon Hoare; Mozilla Foundation; The Rust Project Developers",
        licence_file="usr/share/doc/rust-doc/copyright",
        reader="html",
        root="usr/share/doc/rust-doc/html",
        files=tuple(f"{book}/*.html" for book in _RUST_BOOKS),
        # Older editions of the same book, and pages that only gather the others.
        exclude=("book/first-edition/*", "book/second-edition/*", "book/2018-edition/*",
                 "*/print.html", "*/index.html", "*/README.html", "*/SUMMARY.html", "*/toc.html"),
    ),
    Source(
        name="rust-library",
        registry="debian",
        package="rust-src",
        version="1.63.0+dfsg1-2",
        licence="MIT OR Apache-2.0",
        holder="Graydon Hoare; Mozilla Foundation; The Rust Project Developers",
        licence_file="usr/share/doc/rust-src/copyright",
        reader="rust-comments",
        root="usr/src/rustc-1.63.0/library",
        files=("alloc/src/*.rs", "core/src/*.rs", "proc_macro/src/*.rs", "std/src/*.rs"),
        exclude=("*/tests/*", "*/tests.rs", "*/benches/*"),
    ),
    Source(
        name="postgresql",
        registry="debian",
        package="postgresql-doc-15",
        version="15.20-0+deb12u1",
        licence="PostgreSQL",
        holder="PostgreSQL Global Development Group; The Regents of the University of California",
        licence_file="usr/share/doc/postgresql-doc-15/copyright",
        reader="html",
        root="usr/share/doc/postgresql-doc-15/html",
        files=("*.html",),
        exclude=("index.html", "bookindex.html", "legalnotice.html", "biblio.html",
                 "acronyms.html", "sql-keywords-appendix.html", "features-*",
                 "unsupported-features-*"),
    ),
    Source(
        name="django",
        registry="debian",
        package="python-django-doc",
        version="3:3.2.25-0+deb12u7",
        licence="BSD-3-Clause",
        holder="Django Software Foundation and individual contributors",
        licence_file="usr/share/doc/python-django-doc/copyright",
        reader="html",
        root="usr/share/doc/python-django-doc/html",
        files=("*.html",),
        exclude=("genindex*", "*modindex*", "search.html", "_modules/*"),
    ),
    Source(
        name="sqlalchemy",
        registry="debian",
        package="python-sqlalchemy-doc",
        version="1.4.46+ds1-1",
        licence="MIT",
        holder="the SQLAlchemy authors and contributors",
        licence_file="usr/share/doc/python-sqlalchemy-doc/copyright",
        reader="html",
        root="usr/share/doc/python-sqlalchemy-doc/html",
        files=("*.html",),
        exclude=("genindex*", "*modindex*", "search.html", "copyright.html", "_modules/*",
                 "changelog/changelog_*"),
    ),
    Source(
        name="typescript",
        registry="npm",
        package="typescript",
        version="5.9.3",
        licence="Apache-2.0",
        holder="Microsoft Corporation",
        licence_file="package/LICENSE.txt",
        reader="doc-comments",
        root="package/lib",
        files=("*.d.ts",),
        # Comments of the DOM and Intl declarations come from third parties in part;
        # tsserverlibrary repeats typescript.d.ts.
        exclude=("lib.dom*", "lib.webworker*", "lib.*.intl.d.ts", "tsserverlibrary.d.ts"),
    ),
    Source(
        name="typescript-messages",
        registry="npm",
        package="typescript",
        version="5.9.3",
        licence="Apache-2.0",
        holder="Microsoft Corporation",
        licence_file="package/LICENSE.txt",
        reader="diagnostics",
        root="package/lib",
        files=("typescript.js",),
    ),
    Source(
        name="node-types",
        registry="npm",
        package="@types/node",
        version="26.6.6",
        licence="MIT",
        holder="Microsoft Corporation and the DefinitelyTyped contributors",
        licence_file="node/LICENSE",
        reader="doc-comments",
        root="node",
        files=("*.d.ts",),
        # Declarations of the web platform, and copies for older compilers.
        exclude=("web-globals/*", "ts5.*/*"),
    ),
    Source(
        name="vscode-types",
        registry="npm",
        package="@types/vscode",
        version="1.140.0",
        licence="MIT",
        holder="Microsoft Corporation",
        licence_file="vscode/LICENSE",
        reader="doc-comments",
        root="vscode",
        files=("*.d.ts",),
    ),
)
