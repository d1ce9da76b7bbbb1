"""The part of `sqlite_store` that a store may do without."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from typing import cast

from sqlite_tables import IS_FIRST, Tables

from grievance.store import (
    Challenge,
    Claimed,
    Job,
    KeptLimiter,
    LimiterMove,
    Notice,
    Parked,
    Posted,
    Settlement,
)


class Outbox(Tables):
    """What waits for a host: messages, jobs, and codes to be brought back. A host that has no use for them leaves it out."""

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
