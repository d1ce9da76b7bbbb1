"""The tables of `sqlite_store`, what is asked of them in conditions, and how threads share the connection."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from grievance.store import BusyError, Scope, Search

SCHEMA = """
CREATE TABLE IF NOT EXISTS cases (id TEXT PRIMARY KEY, version INTEGER, lodged_at INTEGER, due INTEGER, fact TEXT);
CREATE INDEX IF NOT EXISTS cases_by_lodging ON cases (lodged_at, id);
CREATE INDEX IF NOT EXISTS cases_by_due ON cases (due, id) WHERE due IS NOT NULL;
CREATE UNIQUE INDEX IF NOT EXISTS cases_by_number ON cases (json_extract(fact, '$.number'))
    WHERE json_extract(fact, '$.part_of') IS NULL;
CREATE UNIQUE INDEX IF NOT EXISTS cases_by_external
    ON cases (json_extract(fact, '$.source'), json_extract(fact, '$.external_number'));
CREATE TABLE IF NOT EXISTS events (
    "case" TEXT, version INTEGER, at INTEGER, actor TEXT, rulebook TEXT, command TEXT, kind TEXT, body TEXT, hash TEXT,
    PRIMARY KEY ("case", version));
CREATE TABLE IF NOT EXISTS commands (id TEXT PRIMARY KEY, "case" TEXT, fingerprint TEXT, receipt TEXT);
CREATE TABLE IF NOT EXISTS serials (series TEXT PRIMARY KEY, next INTEGER);

CREATE TABLE IF NOT EXISTS texts (
    id TEXT PRIMARY KEY, "case" TEXT, compartment TEXT, seal TEXT, "index" TEXT, body TEXT);
CREATE INDEX IF NOT EXISTS texts_by_case ON texts ("case");
CREATE TABLE IF NOT EXISTS tokens (text TEXT, token TEXT, PRIMARY KEY (text, token));
CREATE TABLE IF NOT EXISTS looks (place INTEGER PRIMARY KEY, at INTEGER, "case" TEXT, actor TEXT, body TEXT, hash TEXT);

CREATE TABLE IF NOT EXISTS editions (version TEXT PRIMARY KEY, document TEXT);
CREATE TABLE IF NOT EXISTS activations (since INTEGER PRIMARY KEY, version TEXT);
CREATE TABLE IF NOT EXISTS charts (version TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS lines (version TEXT, kind TEXT, top TEXT, below TEXT, PRIMARY KEY (version, kind, top, below));
CREATE TABLE IF NOT EXISTS roster (
    unit TEXT, post TEXT, since INTEGER, person TEXT, tenure TEXT, until INTEGER,
    PRIMARY KEY (unit, post, since, person));

CREATE TABLE IF NOT EXISTS notices (
    id TEXT PRIMARY KEY, "case" TEXT, office INTEGER, about INTEGER, place INTEGER, not_before INTEGER, body TEXT,
    state TEXT DEFAULT 'waiting', attempts INTEGER DEFAULT 0, next_at INTEGER, lease TEXT, settled_at INTEGER,
    reference TEXT, received_at INTEGER, problem TEXT);
CREATE INDEX IF NOT EXISTS notices_by_line ON notices ("case", office, about, place);
CREATE INDEX IF NOT EXISTS notices_by_time ON notices (state, next_at);
CREATE TABLE IF NOT EXISTS jobs (schedule TEXT, due_at INTEGER, kind TEXT, done INTEGER, PRIMARY KEY (schedule, due_at));

CREATE TABLE IF NOT EXISTS challenges (id TEXT PRIMARY KEY, expires_at INTEGER, tries INTEGER, used INTEGER, body TEXT);
CREATE TABLE IF NOT EXISTS limiters (key TEXT PRIMARY KEY, revision INTEGER, forget_at INTEGER, state TEXT);

CREATE TABLE IF NOT EXISTS rounds (number INTEGER PRIMARY KEY AUTOINCREMENT);
CREATE TABLE IF NOT EXISTS heads ("case" TEXT, taken INTEGER, version INTEGER, hash TEXT, PRIMARY KEY ("case", taken));
CREATE TABLE IF NOT EXISTS checkpoints (number INTEGER PRIMARY KEY, previous TEXT, text TEXT);
"""

NO_FINGERPRINT = "0" * 64
#: The first that waits of each line is the one that no other goes before.
IS_FIRST = """state = 'waiting' AND NOT EXISTS (
    SELECT 1 FROM notices o WHERE o."case" = n."case" AND o.office = n.office AND o.state = 'waiting'
    AND (o.about, o.place, o.id) < (n.about, n.place, n.id))"""


def holes(values: Sequence[object]) -> str:
    return f"({', '.join('?' * len(values))})"


def field(name: str) -> str:
    return f"json_extract(fact, '$.{name}')"


def within(scope: Scope) -> tuple[str, list[Any]]:
    """A scope as a condition on a row of `cases`. It is never null, so that `NOT` is what it says."""
    [(name, value)] = scope.items()
    if name in ("any_of", "all_of"):
        parts = [within(part) for part in value]
        word = " OR " if name == "any_of" else " AND "
        return f"({word.join(sql for sql, _ in parts) or ('0' if name == 'any_of' else '1')})", sum((p for _, p in parts), [])
    if name == "not":
        sql, given = within(value)
        return f"NOT {sql}", given
    same = {
        "held_by": "unit",
        "sent_by": "sender",
        "moved_by": "last_mover",
        "complainant_is": "complainant",
        "lodged_by": "lodged_by",
    }
    if name in same:
        return f"({field(same[name])} IS ?)", [value]
    if name == "consulted":
        return "EXISTS (SELECT 1 FROM json_each(fact, '$.consulted') WHERE value = ?)", [value]
    if name in ("about", "sealed_as"):
        own = field("against" if name == "about" else "sealed")
        return f"coalesce({own} IN {holes(value)}, 0)", list(value)
    if name in ("held_below", "within"):
        kind, top = ("unit", value["unit"]) if name == "held_below" else ("place", value["place"])
        line = f"version = ? AND kind = ? AND top = ? AND below = {field(kind)}"
        return f"EXISTS (SELECT 1 FROM lines WHERE {line})", [value["rulebook"], kind, top]
    return {"all": "1", "nothing": "0", "sealed": f"({field('sealed')} IS NOT NULL)"}[name], []


def fitting(search: Search) -> tuple[list[str], list[Any]]:
    """What is sought, as conditions on a row of `cases`."""
    found: list[tuple[str, list[Any]]] = []
    texts = {"number": search["number"], "external_number": search["external_number"], "source": search["source"]}
    found += [(f"{field(name)} IS ?", [value]) for name, value in texts.items() if value is not None]
    if search["lodged_from"] is not None:
        found.append(("lodged_at >= ?", [search["lodged_from"]]))
    if search["lodged_before"] is not None:
        found.append(("lodged_at < ?", [search["lodged_before"]]))
    lists = {"unit": search["units"], "category": search["categories"], "stage": search["stages"], "phase": search["phases"]}
    found += [(f"{field(name)} IN {holes(values)}", list(values)) for name, values in lists.items() if values]
    for words in (search["name"], search["mobile"], search["email"]):
        if words is not None:
            has = [f"EXISTS (SELECT 1 FROM tokens k WHERE k.text = t.id AND k.token IN {holes(any_of)})" for any_of in words]
            sql = f't."case" = cases.id AND {" AND ".join(has) or "0"}'
            found.append((f"EXISTS (SELECT 1 FROM texts t WHERE {sql})", sum(words, [])))
    if (after := search["after"]) is not None:
        found.append(("(lodged_at, id) < (?, ?)", [after["lodged_at"], after["case"]]))
    return [sql for sql, _ in found], sum((given for _, given in found), [])


class Tables:
    """A database with those tables, for many threads."""

    def __init__(self, path: str = ":memory:") -> None:
        self.lock = threading.RLock()
        self.db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=5)
        self.db.row_factory = sqlite3.Row
        self.db.execute("PRAGMA journal_mode = WAL")
        self.db.execute("PRAGMA synchronous = FULL")
        # What was erased is overwritten.
        self.db.execute("PRAGMA secure_delete = ON")
        self.db.executescript(SCHEMA)

    def close(self) -> None:
        self.db.close()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction: all of it, or nothing."""
        with self.lock:
            try:
                self.db.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                raise BusyError from None
            try:
                yield self.db
                self.db.execute("COMMIT")
            except BaseException:
                if self.db.in_transaction:
                    self.db.execute("ROLLBACK")
                raise

    def rows(self, sql: str, *given: object) -> list[dict[str, Any]]:
        with self.lock:
            return [dict(row) for row in self.db.execute(sql, given)]

    def one(self, sql: str, *given: object) -> Any:
        """The first column of the first row; none where there is no row."""
        with self.lock:
            found = self.db.execute(sql, given).fetchone()
        return None if found is None else found[0]

    def write(self, sql: str, *given: object) -> int:
        """One statement in a transaction of its own. Says how many rows it touched."""
        with self.writing() as db:
            return db.execute(sql, given).rowcount
