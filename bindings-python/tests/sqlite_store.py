"""A store on the standard library's ``sqlite3``, one database for each tenant: to begin with, and to copy.

Records that are given back whole lie there as JSON, and what is asked for has columns of its own (`sqlite_tables`). One
connection serves all threads, one at a time; other processes wait their turn, and are told when it does not come.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from typing import cast

from sqlite_outbox import Outbox
from sqlite_tables import NO_FINGERPRINT, field, fitting, within

from grievance import GrievanceError
from grievance.store import (
    CaseHead,
    Chart,
    Checkpoint,
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
    KeptCheckpoint,
    KeptCommand,
    LookPlace,
    LookRow,
    NumberTakenError,
    Page,
    PagePlace,
    Receipt,
    Rekept,
    Scope,
    Search,
    StorageError,
    Store,
    StoredText,
)


class SqliteStore(Outbox, Store):
    """The cases of one tenant in a database of SQLite's."""

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
