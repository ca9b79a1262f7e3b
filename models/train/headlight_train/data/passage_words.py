"""The vocabulary of generated passages: verbs with what they act on, and names to mention.

Nouns come from the lexicon of the translation grammar as well, by their class.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache

from ..grammar.morphology import plural
from ..grammar.words import LEXICON_FOLDER


@dataclass(frozen=True)
class ActionField:
    """Verbs, the things they all can act on, and where or how they do it."""

    noun_class: str
    """Class of further objects in the lexicon; empty where its nouns do not suit the verbs."""
    verbs: tuple[str, ...]
    objects: tuple[str, ...]
    """Plural nouns, without an article."""
    endings: tuple[str, ...]


@cache
def lexicon_nouns(noun_class: str) -> tuple[tuple[str, str], ...]:
    """Singular and plural of the lexicon's countable nouns of a class."""
    path = LEXICON_FOLDER / "nouns.tsv"
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    return tuple((row["en"], row["plural"] or plural(row["en"])) for row in rows
                 if noun_class in (row["classes"] or "").split() and row["plural"] != "-")


def _list(text: str) -> tuple[str, ...]:
    return tuple(" ".join(item.split()) for item in text.split(",") if item.strip())


ACTION_FIELDS = (
    ActionField(
        "file",
        _list("""copy, move, delete, rename, compress, read, write, lock, open, restore, upload,
              download, encrypt, scan, split, merge, back up, archive, hide, touch"""),
        _list("""files, folders, archives, log files, attachments, images, hidden files, symbolic
              links, large files, source files, backups, font files, temporary files, data files,
              spreadsheets, drafts, text files, installers, disk images, thumbnails"""),
        _list("""in the working folder, on the remote disk, from the old server, in the archive,
              on the shared drive, one by one, in the background, under a new name, without
              asking, in alphabetical order, over a slow network, in the home folder"""),
    ),
    ActionField(
        "data",
        _list("""remove, add, insert, update, count, sort, filter, group, validate, replace,
              collect, export, import, merge, load, store, duplicate, index, normalize, compare"""),
        _list("""records, rows, stale entries, keys, duplicate values, empty fields, time stamps,
              user names, prices, addresses, invoices, measurements, orders, labels, comments,
              translations, postal codes, bookings, survey answers, old revisions"""),
        _list("""in the table, in the database, by date, from the cache, in batches, by their
              names, in a single transaction, before the query runs, with a checksum, in place,
              across all shards, for each customer"""),
    ),
    ActionField(
        "message",
        _list("""send, receive, queue, forward, deliver, reject, retry, sign, decode, log, delay,
              acknowledge, route, broadcast, drop, answer, translate, schedule"""),
        _list("""messages, requests, notifications, e-mails, packets, replies, alerts, events,
              commands, heartbeats, webhooks, reminders, reports, status updates, invitations,
              error reports, chat messages, signals"""),
        _list("""to all clients, over a secure channel, to the next node, from the queue, within
              one second, in the order of arrival, to the log server, without a header, by
              priority, through the proxy, after a short delay, to subscribers"""),
    ),
    ActionField(
        "",
        _list("""start, stop, restart, pause, monitor, cancel, suspend, resume, kill, spawn,
              isolate, trace, profile, launch, deploy, scale"""),
        _list("""processes, jobs, threads, workers, containers, background tasks, virtual machines,
              services, builds, test runs, plugins, sessions, timers, child processes, pipelines,
              extensions"""),
        _list("""on the same host, in a sandbox, with low priority, after a crash, at night, in
              the cluster, one at a time, on demand, during the update, on every core, without
              root rights, at system start"""),
    ),
    ActionField(
        "",
        _list("""parse, compile, format, check, rewrite, analyze, inline, rename, document, test,
              refactor, annotate, highlight, simplify, generate, optimize"""),
        _list("""functions, modules, type declarations, imports, expressions, unused variables,
              doc comments, loops, templates, macros, regular expressions, configuration files,
              style sheets, queries, unit tests, syntax trees"""),
        _list("""in the current file, in all packages, before each commit, with strict rules, in
              the editor, at compile time, in a second pass, across the workspace, without running
              them, in release mode, on save, line by line"""),
    ),
    ActionField(
        "",
        _list("""create, verify, revoke, renew, issue, reset, rotate, hash, register, block,
              approve, audit, import, disable, cache, list"""),
        _list("""passwords, access tokens, certificates, user accounts, public keys, licences,
              permissions, login attempts, cookies, API keys, fingerprints, signatures, roles,
              guest accounts, invitations, security questions"""),
        _list("""for every user, after three failures, in the key store, once a month, on the
              server, with two factors, for one day, in the directory, by e-mail, from outside the
              network, for new members, in constant time"""),
    ),
    ActionField(
        "ui",
        _list("""show, hide, resize, draw, move, refresh, align, highlight, close, animate, pin,
              collapse, arrange, zoom, print, theme"""),
        _list("""windows, buttons, panels, tool tips, charts, icons, menus, tabs, dialogs, columns,
              progress bars, maps, status messages, diagrams, previews, grid lines"""),
        _list("""on the screen, in the side bar, at full size, with the mouse, in dark mode, below
              the title, on a second monitor, in two columns, next to the cursor, for screen
              readers, in the toolbar, on small screens"""),
    ),
    ActionField(
        "",
        _list("""open, close, reuse, limit, encrypt, balance, test, measure, record, redirect,
              throttle, share, inspect, accept, authenticate, bundle"""),
        _list("""connections, sockets, ports, streams, downloads, data transfers, tunnels, network
              routes, uploads, channels, proxies, remote calls, bandwidth limits, DNS lookups,
              handshakes, replicas"""),
        _list("""between two hosts, in the local network, per client, at peak times, behind a
              firewall, with a time limit, over IPv6, from a pool, across regions, per minute, in
              both directions, without encryption"""),
    ),
)

IRREGULAR = {
    "read": ("reads", "reading", "read"), "write": ("writes", "writing", "written"),
    "rewrite": ("rewrites", "rewriting", "rewritten"), "hide": ("hides", "hiding", "hidden"),
    "send": ("sends", "sending", "sent"), "draw": ("draws", "drawing", "drawn"),
    "show": ("shows", "showing", "shown"), "back up": ("backs up", "backing up", "backed up"),
    "split": ("splits", "splitting", "split"), "reset": ("resets", "resetting", "reset"),
    "scan": ("scans", "scanning", "scanned"), "drop": ("drops", "dropping", "dropped"),
    "log": ("logs", "logging", "logged"), "stop": ("stops", "stopping", "stopped"),
    "pin": ("pins", "pinning", "pinned"), "queue": ("queues", "queueing", "queued"),
}

CONTAINERS = _list("""queue, buffer, cache, disk, log, connection pool, inbox, archive, key store,
    waiting list, swap file, print queue, index, playlist""")
CONTAINER_STATES = _list("""full, almost full, empty, locked, read-only, damaged, out of sync,
    switched off""")
LINKS = _list("""connection, socket, session, stream, channel, transaction, tunnel, remote desktop,
    database link, video call""")
LINK_STATES = _list("""closed, lost, reset, opened, idle, refused, interrupted, blocked""")
ARTIFACTS = _list("""file, setting, schema, branch, package, document, certificate, password, token,
    licence, template, checksum, lock file, manifest, time zone, user account, profile, plugin,
    shortcut, signature, script, folder, bookmark, work item, snapshot""")
ARTIFACT_STATES = _list("""changed, missing, renamed, deleted, invalid, expired, out of date,
    unreadable, too large, not found, saved, rejected""")

THINGS = _list("""record, entry, message, ticket, document, image, report, snapshot, branch, module,
    package, bookmark, invoice, event, alert, template, plug-in, widget, layer, route, sensor,
    certificate, dashboard, job, worker, commit, release, font, contact, draft, project, rule,
    device, label, user account, notebook, test case, data set, field, query, schema, form, chart,
    session, key, note, shortcut, breakpoint, stack frame, log line""")
THING_CLASSES = ("data", "code", "document", "task", "setting", "text", "file", "message", "ui")
PLACES = _list("""queue, cache, archive, index, registry, database, inbox, key store, log, history,
    catalogue, clipboard, library, recycle bin, working folder, search index, backlog, pool,
    repository, outbox, data warehouse, side bar""")
ACTOR_FIELDS = _list("""log, mail, image, backup, search, payment, print, index, session, event,
    report, update, key, test, build, config, file, network, memory, task, video, map, chat, job,
    package, disk, user, query, theme, font, audio, message, sensor, export""")
ACTOR_ROLES = _list("""collector, worker, manager, scheduler, service, server, monitor, handler,
    cleaner, loader, dispatcher, parser, builder, watcher, router, balancer, checker, daemon,
    runner, agent, gateway, controller""")
PEOPLE = _list("""administrator, owner, maintainer, operator, project lead, root user, reviewer,
    release manager, account holder, on-call engineer, support team, database administrator""")
PRODUCTS = _list("""Lantern, Harbor, Quill, Meadow, Falcon, Prism, Anchor, Cedar, Ember, Compass,
    Tundra, Willow, Orbit, Pebble, Saffron, Beacon, Cobalt, Drift, Juniper, Kestrel, Loom, Marble,
    Nimbus, Opal, Pinecone, Raven, Slate, Thistle, Umber, Velvet, Walnut, Zephyr, Acorn, Birch,
    Copper, Dune, Fern, Granite, Heron, Ivory, Larch, Moss, Otter, Plume, Reed, Sparrow, Tulip""")
WHY = _list("""to save memory, to avoid loss of data, to keep the interface responsive, to make
    tests repeatable, to reduce network traffic, to protect private data, to shorten the start,
    to help new users, to keep the log small, to meet the rules of the company, to find errors
    early, to lower the cost, to support old devices, to make updates safe""")
FILE_ENDINGS = ("toml", "json", "yaml", "ini", "conf", "txt", "xml", "lock")
IDENTIFIER_VERBS = _list("""load, save, find, make, read, send, flush, parse, merge, build, check,
    fetch, open, apply, reset, sync, map, split, trim, pack, scan, draw, sort, wait, push, drain""")
IDENTIFIER_NOUNS = _list("""config, cache, user, row, page, buffer, token, index, path, event, job,
    node, key, frame, block, header, layout, query, batch, lock, theme, state, route, image, tree,
    report, session, field, chunk, label, queue, record, stream, packet, timer, account""")
OPTION_WORDS = _list("""dry-run, strict, quiet, force, no-cache, all, fast, watch, safe-mode, deep,
    jobs, limit, output, keep-going, offline, verify, no-wait, recursive, report, trace, minimal,
    parallel, preview, only-new, skip-tests, max-items, log-file, plain, list-only, compact""")
SETTING_WORDS = _list("""limit, maxSize, interval, enabled, path, timeout, depth, mode, workers,
    retries, level, folder, delay, capacity, policy, threshold, format, order""")
UNITS_OF_TIME = ("milliseconds", "seconds", "seconds", "minutes", "minutes", "hours")
