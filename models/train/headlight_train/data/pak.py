"""Reads Chromium's packed resources (.pak, version 5), which hold one string a resource id.

Format: `ui/base/resource/data_pack.cc` of Chromium. Little-endian header (version, encoding,
counts), then (id, offset) entries and (id, index) aliases.
"""

from __future__ import annotations

import struct

_HEADER = struct.Struct("<IB3xHH")
_ENTRY = struct.Struct("<HI")
_ALIAS = struct.Struct("<HH")
_UTF8 = 1


def pak_strings(data: bytes) -> dict[int, str]:
    """The strings of a pack by resource id.

    Raises ValueError for another version or encoding.
    """
    version, encoding, resources, aliases = _HEADER.unpack_from(data)
    if (version, encoding) != (5, _UTF8):
        raise ValueError(f"pack of version {version}, encoding {encoding}; 5 and 1 are read")
    entries = [_ENTRY.unpack_from(data, _HEADER.size + _ENTRY.size * i)
               for i in range(resources + 1)]
    strings = [data[start:end].decode("utf-8", errors="replace")
               for (_, start), (_, end) in zip(entries, entries[1:])]
    found = {entry[0]: text for entry, text in zip(entries, strings)}
    first_alias = _HEADER.size + _ENTRY.size * (resources + 1)
    for i in range(aliases):
        resource, index = _ALIAS.unpack_from(data, first_alias + _ALIAS.size * i)
        found[resource] = strings[index]
    return found


def pak_files(info: str) -> dict[int, str]:
    """The source file that declares each resource, from the `.pak.info` beside the pack."""
    files: dict[int, str] = {}
    for line in info.splitlines():
        _, resource, file = line.split(",", 2)
        files[int(resource)] = file
    return files
