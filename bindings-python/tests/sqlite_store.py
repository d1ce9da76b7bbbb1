"""A store on the standard library's ``sqlite3``, one database for each tenant: to begin with, and to copy.

Records that are given back whole lie there as JSON, and what is asked for has columns of its own. One
connection serves all threads, one at a time; other processes wait their turn, and are told when it does not come.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, cast

from grievance import GrievanceError
from grievance.store import (
    BusyError,
    CaseHead,
    Challenge,
    Chart,
    Checkpoint,
    Claimed,
    CommandReusedError,
    Commit,
    ConflictError,
    Due,
    EditionUnknownError,
    EventRow,
    Fact,
    File,
    History,
    Holding,
    Job,
    KeptCheckpoint,
    KeptCommand,
    KeptLimiter,
    LimiterMove,
    LookPlace,
    LookRow,
    Notice,
    NumberTakenError,
    Page,
    PagePlace,
    Parked,
    Posted,
    Receipt,
    Rekept,
    Scope,
    Search,
    Settlement,
    StorageError,
    Store,
    StoredText,
)

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


class SqliteStore(Store):
    """The cases of one tenant in a database of SQLite's."""

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

    # Cases and their events.

    def commit(self, commit: Commit) -> Receipt:
        with self.writing() as db:
            return self.put(db, commit)

    def commit_all(self, commits: list[Commit]) -> Sequence[Receipt | GrievanceError]:
        answers: list[Receipt | GrievanceError] = []
        with self.writing() as db:
            for commit in commits:
                db.execute("SAVEPOINT one")
                try:
                    answers.append(self.put(db, commit))
                except GrievanceError as refused:
                    db.execute("ROLLBACK TO one")
                    answers.append(refused)
                db.execute("RELEASE one")
        return answers

    def put(self, db: sqlite3.Connection, commit: Commit) -> Receipt:
        known = self.receipt(commit["command"])
        if known is not None:
            if known["fingerprint"] != commit["fingerprint"]:
                raise CommandReusedError(commit["command"])
            return known["receipt"]
        for stream in commit["streams"]:
            found = self.version(stream["case"]) or 0
            if found != stream["expected"]:
                raise ConflictError(stream["case"], expected=stream["expected"], found=found)
        try:
            for stream in commit["streams"]:
                self.put_row(db, stream["fact"])
                db.execute("UPDATE cases SET due = ? WHERE id = ?", (stream["due"], stream["case"]))
                if stream["erases"]:
                    db.execute('DELETE FROM tokens WHERE text IN (SELECT id FROM texts WHERE "case" = ?)', (stream["case"],))
                    db.execute('DELETE FROM texts WHERE "case" = ?', (stream["case"],))
                    db.execute('UPDATE commands SET fingerprint = ? WHERE "case" = ?', (NO_FINGERPRINT, stream["case"]))
                columns = ":case, :version, :at, :actor, :rulebook, :command, :kind, :body, :hash"
                db.executemany(f"INSERT INTO events VALUES ({columns})", stream["events"])
                for notice in stream["notices"]:
                    self.put_notice(db, "INSERT", notice)
            for text in commit["texts"]:
                self.put_text(db, "INSERT", text)
        except sqlite3.IntegrityError:
            raise StorageError("a row of that identity is there already") from None
        told = json.dumps(commit["receipt"])
        command = (commit["command"], commit["receipt"]["case"], commit["fingerprint"], told)
        db.execute("INSERT INTO commands VALUES (?, ?, ?, ?)", command)
        return commit["receipt"]

    def put_row(self, db: sqlite3.Connection, fact: Fact) -> None:
        case, number, source, external = fact["id"], fact["number"], fact["source"], fact["external_number"]
        owner = None
        if number is not None and fact["part_of"] is None:
            whole = f"{field('part_of')} IS NULL AND {field('number')} = ?"
            owner = self.one(f"SELECT id FROM cases WHERE {whole} AND id != ?", number, case)
        if owner is None and source is not None and external is not None:
            both = f"{field('source')} = ? AND {field('external_number')} = ?"
            owner = self.one(f"SELECT id FROM cases WHERE {both} AND id != ?", source, external, case)
        if owner is not None:
            raise NumberTakenError(owner)
        row = "INSERT INTO cases (id, version, lodged_at, fact) VALUES (?, ?, ?, ?)"
        anew = "ON CONFLICT (id) DO UPDATE SET version = excluded.version, lodged_at = excluded.lodged_at, fact = excluded.fact"
        db.execute(f"{row} {anew}", (case, fact["version"], fact["lodged_at"], json.dumps(fact)))

    def receipt(self, command: str) -> KeptCommand | None:
        for row in self.rows("SELECT fingerprint, receipt FROM commands WHERE id = ?", command):
            return {"fingerprint": row["fingerprint"], "receipt": json.loads(row["receipt"])}
        return None

    def events(self, case: str) -> list[EventRow]:
        return cast("list[EventRow]", self.rows('SELECT * FROM events WHERE "case" = ? ORDER BY version', case))

    def history(self, case: str) -> History:
        events = self.events(case)
        return {"events": events, "head": events[-1]["hash"] if events else None}

    def file(self, case: str) -> File:
        with self.lock:
            return {"version": self.version(case), "folios": self.events(case)}

    def folios(self, after: PagePlace | None, limit: int) -> Sequence[EventRow]:
        case, version = (after["case"], after["version"]) if after else ("", 0)
        sql = 'SELECT * FROM events WHERE ("case", version) > (?, ?) ORDER BY "case", version LIMIT ?'
        return cast("list[EventRow]", self.rows(sql, case, version, limit))

    def version(self, case: str) -> int | None:
        return cast("int | None", self.one("SELECT version FROM cases WHERE id = ?", case))

    def empty_files(self, after: str | None, limit: int) -> Sequence[str]:
        none = 'NOT EXISTS (SELECT 1 FROM events WHERE "case" = cases.id)'
        sql = f"SELECT id FROM cases WHERE id > ? AND {none} ORDER BY id LIMIT ?"
        return [row["id"] for row in self.rows(sql, after or "", limit)]

    def scan(self, scope: Scope, after: str | None, limit: int) -> Sequence[Sequence[EventRow]]:
        sql, given = within(scope)
        with self.lock:
            cases = self.rows(f"SELECT id FROM cases WHERE id > ? AND {sql} ORDER BY id LIMIT ?", after or "", *given, limit)
            return [self.events(row["id"]) for row in cases]

    def count(self, scope: Scope) -> int:
        sql, given = within(scope)
        return cast("int", self.one(f"SELECT count(*) FROM cases WHERE {sql}", *given))

    def fact(self, case: str) -> Fact | None:
        found = self.one("SELECT fact FROM cases WHERE id = ?", case)
        return None if found is None else cast("Fact", json.loads(found))

    def renew(self, fact: Fact) -> bool:
        with self.writing() as db:
            if self.version(fact["id"]) != fact["version"]:
                return False
            self.put_row(db, fact)
            return True

    def find_external(self, source: str, number: str) -> str | None:
        sql = f"SELECT id FROM cases WHERE {field('source')} = ? AND {field('external_number')} = ?"
        return cast("str | None", self.one(sql, source, number))

    def find_tracking(self, tracking: str) -> str | None:
        sql = f"SELECT id FROM cases WHERE {field('tracking')} = ? AND {field('part_of')} IS NULL"
        return cast("str | None", self.one(sql, tracking))

    def search(self, scope: Scope, search: Search) -> Page:
        (sql, given), (wanted, values) = within(scope), fitting(search)
        order = "ORDER BY lodged_at DESC, id DESC LIMIT ?"
        where = " AND ".join([sql, *wanted])
        found = self.rows(f"SELECT fact FROM cases WHERE {where} {order}", *given, *values, search["limit"] + 1)
        cases = [json.loads(row["fact"]) for row in found[: search["limit"]]]
        more = len(found) > len(cases)
        return {"cases": cases, "next": {"lodged_at": cases[-1]["lodged_at"], "case": cases[-1]["id"]} if more else None}

    def reserve(self, series: str, floor: int, count: int) -> int:
        with self.writing() as db:
            first = max(self.one("SELECT next FROM serials WHERE series = ?", series) or floor, floor)
            if first + count >= 2**63:
                raise StorageError("the serials of the series are used up")
            db.execute("INSERT OR REPLACE INTO serials VALUES (?, ?)", (series, first + count))
            return first

    def due(self, now: int, after: Due | None, limit: int) -> Sequence[Due]:
        place = (after["at"], after["case"]) if after else (-(2**62), "")
        sql = 'SELECT due AS at, id AS "case" FROM cases WHERE due <= ? AND (due, id) > (?, ?) ORDER BY due, id LIMIT ?'
        return cast("list[Due]", self.rows(sql, now, *place, limit))

    def next_due(self) -> int | None:
        return cast("int | None", self.one("SELECT min(due) FROM cases"))

    # The vault.

    def put_text(self, db: sqlite3.Connection, how: str, text: StoredText) -> None:
        indexed = text["indexed"]
        # Tokens are compared where they are, and not given back.
        body = json.dumps({**text, "indexed": indexed and {**indexed, "tokens": []}})
        keys = (text["content"]["key"], indexed and indexed["key"])
        row = (text["id"], text["case"], text["compartment"], *keys, body)
        db.execute(f"{how} INTO texts VALUES (?, ?, ?, ?, ?, ?)", row)
        db.execute("DELETE FROM tokens WHERE text = ?", (text["id"],))
        tokens = indexed["tokens"] if indexed else []
        db.executemany("INSERT INTO tokens VALUES (?, ?)", [(text["id"], token) for token in tokens])

    def texts(self, ids: list[str]) -> Sequence[StoredText]:
        with self.lock:
            found = [self.one("SELECT body FROM texts WHERE id = ?", one) for one in ids]
        return [json.loads(body) for body in found if body is not None]

    def has_texts(self, case: str) -> bool:
        return self.one('SELECT 1 FROM texts WHERE "case" = ?', case) is not None

    def stale_texts(self, seal: str | None, index: str, after: str | None, limit: int) -> Sequence[StoredText]:
        stale = "(seal IS NOT ? OR (compartment = 'identity' AND \"index\" IS NOT ?))"
        sql = f"SELECT body FROM texts WHERE id > ? AND {stale} ORDER BY id LIMIT ?"
        return [json.loads(row["body"]) for row in self.rows(sql, after or "", seal, index, limit)]

    def keep_anew(self, texts: list[Rekept]) -> int:
        kept = 0
        with self.writing() as db:
            for one in texts:
                before, index = one["before"], one["before"]["indexed"]
                same = "id = ? AND seal IS ? AND \"index\" IS ?"
                keys = (before["id"], before["content"]["key"], index and index["key"])
                if self.one(f"SELECT 1 FROM texts WHERE {same}", *keys) is not None:
                    self.put_text(db, "REPLACE", one["after"])
                    kept += 1
        return kept

    # The access log.

    def last_look(self) -> LookPlace | None:
        found = self.rows("SELECT place, hash FROM looks ORDER BY place DESC LIMIT 1")
        return cast("LookPlace", found[0]) if found else None

    def add_looks(self, entries: list[LookRow]) -> bool:
        with self.writing() as db:
            last = self.one("SELECT max(place) FROM looks") or 0
            if [entry["place"] for entry in entries] != list(range(last + 1, last + 1 + len(entries))):
                return False
            db.executemany("INSERT INTO looks VALUES (:place, :at, :case, :actor, :body, :hash)", entries)
            return True

    def looks(self, after: int, limit: int) -> Sequence[LookRow]:
        return cast("list[LookRow]", self.rows("SELECT * FROM looks WHERE place > ? ORDER BY place LIMIT ?", after, limit))

    def looks_at(self, case: str, after: int, limit: int) -> Sequence[LookRow]:
        sql = 'SELECT * FROM looks WHERE "case" = ? AND place > ? ORDER BY place LIMIT ?'
        return cast("list[LookRow]", self.rows(sql, case, after, limit))

    # Rulebooks and posts.

    def keep(self, version: str, document: str) -> None:
        self.write("INSERT OR IGNORE INTO editions VALUES (?, ?)", version, document)

    def chart(self, version: str, chart: Chart) -> None:
        with self.writing() as db:
            if db.execute("INSERT OR IGNORE INTO charts VALUES (?)", (version,)).rowcount:
                lines = [(version, "unit", line["top"], line["unit"]) for line in chart["units"]]
                lines += [(version, "place", line["around"], line["place"]) for line in chart["places"]]
                db.executemany("INSERT INTO lines VALUES (?, ?, ?, ?)", lines)

    def activate(self, version: str, since: int) -> None:
        with self.writing() as db:
            if self.edition(version) is None:
                raise EditionUnknownError(version)
            db.execute("INSERT OR REPLACE INTO activations VALUES (?, ?)", (since, version))

    def edition(self, version: str) -> str | None:
        return cast("str | None", self.one("SELECT document FROM editions WHERE version = ?", version))

    def in_force(self, at: int) -> str | None:
        sql = "SELECT version FROM activations WHERE since <= ? ORDER BY since DESC LIMIT 1"
        return cast("str | None", self.one(sql, at))

    def in_force_since(self, at: int) -> int | None:
        return cast("int | None", self.one("SELECT max(since) FROM activations WHERE since <= ?", at))

    def unmoved(self, version: str, after: str | None, limit: int) -> Sequence[str]:
        other = f"{field('pending')} AND {field('rulebook')} != ?"
        sql = f"SELECT id FROM cases WHERE id > ? AND {other} ORDER BY id LIMIT ?"
        return [row["id"] for row in self.rows(sql, after or "", version, limit)]

    def appoint(self, holding: Holding) -> None:
        row = [holding["unit"], holding["post"], holding["since"], holding["person"], holding["tenure"], holding["until"]]
        self.write("INSERT OR REPLACE INTO roster VALUES (?, ?, ?, ?, ?, ?)", *row)

    def holders(self, unit: str, post: str, at: int) -> Sequence[Holding]:
        holds = "unit = ? AND post = ? AND since <= ? AND (until IS NULL OR until > ?)"
        found = self.rows(f"SELECT * FROM roster WHERE {holds} ORDER BY since, person", unit, post, at, at)
        return cast("list[Holding]", found)

    def vacant(self, unit: str, post: str, at: int) -> bool:
        known = self.one("SELECT 1 FROM roster WHERE unit = ? AND post = ?", unit, post)
        return known is not None and not self.holders(unit, post, at)

    # Messages.

    def put_notice(self, db: sqlite3.Connection, how: str, notice: Notice) -> int:
        columns = 'id, "case", office, about, place, not_before, next_at, body'
        own = [notice[name] for name in ("id", "case", "office", "about", "place", "not_before", "not_before")]
        return db.execute(f"{how} INTO notices ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", [*own, json.dumps(notice)]).rowcount

    def post(self, notices: list[Notice]) -> int:
        with self.writing() as db:
            return sum(self.put_notice(db, "INSERT OR IGNORE", notice) for notice in notices)

    def claim(self, now: int, lease: int, limit: int, by: str) -> Sequence[Claimed]:
        with self.writing() as db:
            order = 'next_at, "case", office, about, place, id'
            sql = f"SELECT id, attempts, body FROM notices n WHERE next_at <= ? AND {IS_FIRST} ORDER BY {order} LIMIT ?"
            found = self.rows(sql, now, limit)
            taken = "UPDATE notices SET attempts = attempts + 1, next_at = ?, lease = ? WHERE id = ?"
            db.executemany(taken, [(now + lease, by, row["id"]) for row in found])
        return [{"notice": json.loads(row["body"]), "attempts": row["attempts"] + 1, "by": by} for row in found]

    def settle(self, id: str, by: str, settlement: Settlement) -> bool:
        at, problem = settlement["at"], settlement["problem"]
        with self.writing() as db:
            found = self.rows("SELECT * FROM notices WHERE id = ? AND lease = ?", id, by)
            if not found:
                return False
            if settlement["became"] == "retry":
                own = "UPDATE notices SET lease = NULL, next_at = max(?, not_before), problem = ? WHERE id = ?"
                db.execute(own, (at, problem, id))
                # What waits behind it need not be looked at before.
                line = "\"case\" = :case AND office = :office AND state = 'waiting' AND (about, place) > (:about, :place)"
                db.execute(f"UPDATE notices SET next_at = max(next_at, :until) WHERE {line}", {**found[0], "until": at})
            else:
                own = "state = ?, settled_at = ?, reference = ?, problem = ?"
                became = (settlement["became"], at, settlement["reference"], problem, id)
                db.execute(f"UPDATE notices SET lease = NULL, {own} WHERE id = ?", became)
            return True

    def parked(self, limit: int) -> Sequence[Parked]:
        columns = "body, attempts, settled_at AS at, problem"
        found = self.rows(f"SELECT {columns} FROM notices WHERE state = 'parked' ORDER BY settled_at, id LIMIT ?", limit)
        return [cast("Parked", {**row, "notice": json.loads(row["body"])}) for row in found]

    def revive(self, id: str, now: int) -> bool:
        anew = "state = 'waiting', attempts = 0, next_at = max(?, not_before), settled_at = NULL, problem = NULL"
        return self.write(f"UPDATE notices SET {anew} WHERE id = ? AND state = 'parked'", now, id) == 1

    def delivery_report(self, id: str, received_at: int) -> bool:
        return self.write("UPDATE notices SET received_at = coalesce(received_at, ?) WHERE id = ?", received_at, id) == 1

    def referred(self, reference: str) -> Sequence[str]:
        return [row["id"] for row in self.rows("SELECT id FROM notices WHERE reference = ? ORDER BY id", reference)]

    def outbox_next(self) -> int | None:
        return cast("int | None", self.one(f"SELECT min(next_at) FROM notices n WHERE {IS_FIRST}"))

    def notices_of(self, case: str) -> Sequence[Posted]:
        columns = "body, state, attempts, settled_at, reference, received_at, problem"
        found = self.rows(f'SELECT {columns} FROM notices WHERE "case" = ? ORDER BY about, place, id', case)
        return [cast("Posted", {**row, "notice": json.loads(row["body"])}) for row in found]

    # Jobs.

    def last_job(self, schedule: str) -> int | None:
        return cast("int | None", self.one("SELECT max(due_at) FROM jobs WHERE schedule = ?", schedule))

    def add_job(self, job: Job) -> bool:
        return self.write("INSERT OR IGNORE INTO jobs VALUES (?, ?, ?, 0)", job["schedule"], job["due_at"], job["kind"]) == 1

    def open_jobs(self, limit: int) -> Sequence[Job]:
        sql = "SELECT due_at, schedule, kind FROM jobs WHERE NOT done ORDER BY due_at, schedule LIMIT ?"
        return cast("list[Job]", self.rows(sql, limit))

    def finish_job(self, schedule: str, due_at: int) -> bool:
        return self.write("UPDATE jobs SET done = 1 WHERE schedule = ? AND due_at = ? AND NOT done", schedule, due_at) == 1

    # One-time codes.

    def challenge(self, id: str) -> Challenge | None:
        for row in self.rows("SELECT * FROM challenges WHERE id = ?", id):
            return {**json.loads(row["body"]), "tries": row["tries"], "used": bool(row["used"])}
        return None

    def limiter(self, key: str) -> KeptLimiter | None:
        for row in self.rows("SELECT revision, state FROM limiters WHERE key = ?", key):
            return {"revision": row["revision"], "state": json.loads(row["state"])}
        return None

    def counted(self, db: sqlite3.Connection, limiters: list[LimiterMove]) -> bool:
        """Writes counts where all of them are as they were last seen."""
        for one in limiters:
            kept = self.limiter(one["key"])
            if (kept["revision"] if kept else 0) != one["expected"]:
                return False
            row = (one["key"], one["expected"] + 1, one["forget_at"], json.dumps(one["state"]))
            db.execute("INSERT OR REPLACE INTO limiters VALUES (?, ?, ?, ?)", row)
        return True

    def all_or_nothing(self, sql: str, given: Sequence[object], limiters: list[LimiterMove]) -> bool:
        with self.writing() as db:
            db.execute("SAVEPOINT all_of_it")
            written = db.execute(sql, given).rowcount == 1 and self.counted(db, limiters)
            if not written:
                db.execute("ROLLBACK TO all_of_it")
            db.execute("RELEASE all_of_it")
            return written

    def put_challenge(self, challenge: Challenge, limiters: list[LimiterMove]) -> bool:
        own = [challenge[name] for name in ("id", "expires_at", "tries", "used")]
        sql = "INSERT OR IGNORE INTO challenges VALUES (?, ?, ?, ?, ?)"
        return self.all_or_nothing(sql, [*own, json.dumps(challenge)], limiters)

    def spend(self, expected_tries: int, challenge: Challenge, limiters: list[LimiterMove]) -> bool:
        sql = "UPDATE challenges SET tries = ?, used = ? WHERE id = ? AND tries = ? AND NOT used"
        return self.all_or_nothing(sql, [challenge["tries"], challenge["used"], challenge["id"], expected_tries], limiters)

    def put_limiter(self, limiter: LimiterMove) -> bool:
        with self.writing() as db:
            return self.counted(db, [limiter])

    def forget_challenges(self, before: int, limit: int) -> int:
        old = "SELECT id FROM challenges WHERE expires_at < ? ORDER BY expires_at, id LIMIT ?"
        return self.write(f"DELETE FROM challenges WHERE id IN ({old})", before, limit)

    def forget_limiters(self, before: int, limit: int) -> int:
        old = "SELECT key FROM limiters WHERE forget_at < ? ORDER BY forget_at, key LIMIT ?"
        return self.write(f"DELETE FROM limiters WHERE key IN ({old})", before, limit)

    # Checkpoints.

    def take_heads(self) -> int:
        with self.writing() as db:
            number = db.execute("INSERT INTO rounds DEFAULT VALUES").lastrowid
            taken = 'coalesce((SELECT max(version) FROM heads h WHERE h."case" = c.id), 0)'
            last = 'JOIN events e ON e."case" = c.id AND e.version = c.version'
            new = f"SELECT c.id, ?, c.version, e.hash FROM cases c {last} WHERE c.version > {taken}"
            db.execute(f"INSERT INTO heads {new}", (number,))
            return cast("int", number)

    def heads(self, number: int, after: str | None, limit: int) -> Sequence[CaseHead]:
        last = 'SELECT max(taken) FROM heads x WHERE x."case" = h."case" AND x.taken <= ?'
        sql = f'SELECT "case", version, hash FROM heads h WHERE "case" > ? AND taken = ({last}) ORDER BY "case" LIMIT ?'
        return cast("list[CaseHead]", self.rows(sql, after or "", number, limit))

    def keep_checkpoint(self, checkpoint: Checkpoint) -> bool:
        with self.writing() as db:
            rival = "SELECT 1 FROM checkpoints WHERE number = ? OR previous IS ?"
            if self.one(rival, checkpoint["number"], checkpoint["previous"]) is not None:
                return False
            db.execute("INSERT INTO checkpoints VALUES (:number, :previous, :text)", checkpoint)
            return True

    def checkpoints(self, after: int, limit: int) -> Sequence[KeptCheckpoint]:
        sql = "SELECT number, text FROM checkpoints WHERE number > ? ORDER BY number LIMIT ?"
        return cast("list[KeptCheckpoint]", self.rows(sql, after, limit))

    def last_checkpoint(self) -> KeptCheckpoint | None:
        found = self.rows("SELECT number, text FROM checkpoints ORDER BY number DESC LIMIT 1")
        return cast("KeptCheckpoint", found[0]) if found else None
