"""The translated message catalogues the translator learns from, and the licence of each.

A catalogue gives pairs of English and 简体中文 (simplified Chinese). Each comes from packages
whose licence is permissive and was read in the file named by `licence_file`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import partial
from pathlib import Path

from .gettext_catalogue import mo_pairs, po_pairs
from .json_catalogue import json_messages
from .messages import diagnostics
from .nls import bundle_pairs, indexed_messages, localize_calls
from .pak import pak_files, pak_strings
from .sources import PackageSource

RawPairs = Iterator[tuple[str, str]]


@dataclass(frozen=True)
class Catalogue:
    """Packages that together hold a text and its translation."""

    name: str
    packages: tuple[PackageSource, ...]
    read: Callable[[tuple[Path, ...]], RawPairs]
    """Yields (English, Chinese) from the unpacked packages, in the order of `packages`."""
    held_out: bool = False
    """Whether the whole catalogue is kept for measuring."""


def read_gettext(
    folders: tuple[Path, ...], files: tuple[str, ...], exclude: str = "",
) -> RawPairs:
    """Every catalogue under the folders whose path ends like one of `files`, .mo or .po.

    Files whose name matches `exclude` are left out.
    """
    for folder in folders:
        for file in sorted(path for pattern in files for path in folder.rglob(pattern)):
            if fnmatch(file.name, exclude):
                continue
            if file.suffix == ".mo":
                yield from mo_pairs(file.read_bytes())
            else:
                yield from po_pairs(file.read_text(encoding="utf-8"))


def read_typescript(folders: tuple[Path, ...]) -> RawPairs:
    """The compiler's messages by key."""
    (package,) = folders
    english = diagnostics((package / "package/lib/typescript.js").read_text(encoding="utf-8"))
    chinese: dict[str, str] = json.loads(
        (package / "package/lib/zh-cn/diagnosticMessages.generated.json")
        .read_text(encoding="utf-8"))
    for key, text in english.items():
        if key in chinese:
            yield text, chinese[key]


def read_vscode(folders: tuple[Path, ...]) -> RawPairs:
    """The editor's messages by index; the first folder is the language pack."""
    pack, *modules = folders
    translations = pack / "package/translations"
    chinese = indexed_messages((translations / "main.i18n.json.js").read_text(encoding="utf-8"))
    english: dict[int, str] = {}
    for module in modules:
        for file in sorted(module.rglob("*.js")):
            english |= localize_calls(file.read_text(encoding="utf-8"))
    for index, text in sorted(english.items()):
        translated = chinese[index] if index < len(chinese) else None
        if translated:
            yield text, translated
    for file in sorted(translations.glob("extensions/*.json")):
        yield from bundle_pairs(file.read_text(encoding="utf-8"))


def read_chromium(folders: tuple[Path, ...]) -> RawPairs:
    """The browser's strings by resource id; the first folder holds English, the second Chinese.

    Left out are strings that come from third parties and the synonyms of search commands.
    """
    locales = [folder / "usr/lib/chromium/locales" for folder in folders]
    english = pak_strings((locales[0] / "en-US.pak").read_bytes())
    chinese = pak_strings((locales[1] / "zh-CN.pak").read_bytes())
    files = pak_files((locales[1] / "zh-CN.pak.info").read_text(encoding="utf-8"))
    for resource, text in sorted(english.items()):
        file = files.get(resource, "third_party")
        if resource in chinese and "third_party" not in file and "synonyms" not in file:
            yield text, chinese[resource]


def read_json(folders: tuple[Path, ...], english: str, chinese: str) -> RawPairs:
    """Strings that stand at the same path of two JSON trees, files of each folder."""
    for folder in folders:
        for file in sorted(folder.glob(english)):
            translated = folder / chinese.replace("*", file.stem)
            if not translated.is_file():
                continue
            texts = json_messages(file.read_text(encoding="utf-8"))
            translations = json_messages(translated.read_text(encoding="utf-8"))
            for path, text in texts.items():
                if path in translations:
                    yield text, translations[path]


def _npm(package: str, version: str, licence: str, holder: str, file: str) -> PackageSource:
    return PackageSource("npm", package, version, licence, holder, file)


def _debian(package: str, version: str, licence: str, holder: str) -> PackageSource:
    return PackageSource("debian", package, version, licence, holder,
                         f"usr/share/doc/{package}/copyright")


def _vscode(version: str, *modules: str) -> tuple[PackageSource, ...]:
    # The pack's files carry Microsoft's notice "Licensed under the MIT License", its manifest
    # points to the MIT licence of the localisation project; the modules are VS Code's own.
    pack = _npm("@codingame/monaco-vscode-language-pack-zh-hans", version, "MIT",
                "Microsoft Corporation",
                "package/translations/extensions/vscode.git.i18n.json")
    return (pack, *(_npm(f"@codingame/monaco-vscode-{module}", version, "MIT",
                         "Microsoft Corporation; CodinGame", "package/package.json")
                    for module in modules))


_POSTGRESQL = (
    "PostgreSQL",
    "PostgreSQL Global Development Group; The Regents of the University of California",
)
_OPENSTACK = ("Apache-2.0", "OpenStack Foundation and contributors")
_CHROMIUM = ("BSD-3-Clause", "The Chromium Authors")
_NODE_RED = ("Apache-2.0", "OpenJS Foundation and other contributors", "package/LICENSE")

CATALOGUES: tuple[Catalogue, ...] = (
    Catalogue(
        name="django",
        packages=(PackageSource("pypi", "Django", "5.2.17", "BSD-3-Clause",
                                "Django Software Foundation and individual contributors",
                                "django-5.2.17.dist-info/licenses/LICENSE"),),
        read=partial(read_gettext, files=("zh_Hans/LC_MESSAGES/*.mo",)),
        held_out=True,
    ),
    Catalogue(
        name="typescript",
        packages=(_npm("typescript", "5.9.3", "Apache-2.0", "Microsoft Corporation",
                       "package/LICENSE.txt"),),
        read=read_typescript,
    ),
    Catalogue(
        name="vscode-1.108",
        packages=_vscode("25.1.2", "api", "extensions-service-override",
                         "remote-agent-service-override", "search-service-override"),
        read=read_vscode,
    ),
    Catalogue(
        # The last release whose feature modules the registry has together with its pack.
        name="vscode-1.95",
        packages=_vscode("11.1.2", "api", *(f"{part}-service-override" for part in (
            "chat", "debug", "extensions", "notebook", "preferences", "scm", "task", "terminal",
            "testing", "user-data-sync", "walkthrough"))),
        read=read_vscode,
    ),
    Catalogue(
        name="postgresql",
        packages=(_debian("postgresql-15", "15.20-0+deb12u1", *_POSTGRESQL),
                  _debian("postgresql-client-15", "15.20-0+deb12u1", *_POSTGRESQL),
                  _debian("libpq5", "15.20-0+deb12u1", *_POSTGRESQL)),
        read=partial(read_gettext, files=("zh_CN/LC_MESSAGES/*.mo",),
                     # The copyright file gives pg_dump's sources a licence of their own.
                     exclude="pg_dump*"),
    ),
    Catalogue(
        name="chromium",
        packages=(_debian("chromium-common", "156.0.8078.79-1~deb12u1", *_CHROMIUM),
                  _debian("chromium-l10n", "156.0.8078.79-1~deb12u1", *_CHROMIUM)),
        read=read_chromium,
    ),
    Catalogue(
        name="openstack",
        packages=(_debian("python3-django-horizon", "3:23.0.0-5+deb12u2", *_OPENSTACK),
                  _debian("python3-cinder", "2:21.3.1-1~deb12u1", *_OPENSTACK),
                  _debian("python3-heat", "1:19.0.0-3", *_OPENSTACK),
                  _debian("python3-keystone", "2:22.0.2-0+deb12u6", *_OPENSTACK),
                  _debian("python3-neutron", "2:21.0.0-7+deb12u1", *_OPENSTACK),
                  _debian("python3-nova", "2:26.2.2-1~deb12u5", *_OPENSTACK)),
        read=partial(read_gettext, files=("zh_CN/LC_MESSAGES/*.po", "zh_Hans/LC_MESSAGES/*.po")),
    ),
    Catalogue(
        name="subversion",
        packages=(_debian("subversion", "1.14.2-4+deb12u1", "Apache-2.0",
                          "Apache Software Foundation"),),
        read=partial(read_gettext, files=("zh_CN/LC_MESSAGES/*.mo",)),
    ),
    Catalogue(
        name="matrix-react-sdk",
        packages=(_npm("matrix-react-sdk", "3.80.0", "Apache-2.0",
                       "The Matrix.org Foundation C.I.C. and contributors", "package/LICENSE"),),
        read=partial(read_json, english="package/src/i18n/strings/en_EN.json",
                     chinese="package/src/i18n/strings/zh_Hans.json"),
    ),
    Catalogue(
        name="node-red",
        packages=(_npm("@node-red/editor-client", "4.1.0", *_NODE_RED),
                  _npm("@node-red/nodes", "4.1.0", *_NODE_RED)),
        read=partial(read_json, english="package/locales/en-US/*.json",
                     chinese="package/locales/zh-CN/*.json"),
    ),
)
