-- What grievance-core says to this database. Generated: UPDATE_GOLDEN=1 rewrites it.

-- schema version
CREATE TABLE IF NOT EXISTS "schema_version" ( "id" integer NOT NULL PRIMARY KEY, "version" integer NOT NULL ) STRICT;

-- migration 1
CREATE TABLE "event" ( "tenant" text NOT NULL, "case_id" blob NOT NULL, "version" integer NOT NULL, "at" integer NOT NULL, "actor" text NOT NULL, "rulebook" blob NOT NULL, "command" blob NOT NULL, "kind" text NOT NULL, "body" text NOT NULL, "hash" blob NOT NULL, PRIMARY KEY ("tenant", "case_id", "version") ) STRICT;

-- migration 1
CREATE TABLE "grievance" ( "tenant" text NOT NULL, "case_id" blob NOT NULL, "version" integer NOT NULL, "number" text, "source" text, "external_number" text, "kind" text NOT NULL, "category" text, "place" text, "channel" text, "priority" text, "stage" text NOT NULL, "phase" text NOT NULL, "unit" text NOT NULL, "held_since" integer NOT NULL, "lodged_at" integer NOT NULL, "received_at" integer NOT NULL, "first_disposed_at" integer, "disposed_at" integer, "disposed_by" text, "reason" text, "class" text, "feedback" text, "reopenings" integer NOT NULL, "appeals" integer NOT NULL, "transfers" integer NOT NULL, "part_of" blob, "merged_into" blob, "tracking" blob, "rulebook" blob NOT NULL, "updated_at" integer NOT NULL, "sharer" blob NOT NULL, PRIMARY KEY ("tenant", "case_id") ) STRICT;

-- migration 1
CREATE TABLE "command" ( "tenant" text NOT NULL, "command" blob NOT NULL, "fingerprint" blob NOT NULL, "case_id" blob NOT NULL, "version" integer NOT NULL, "number" text, PRIMARY KEY ("tenant", "command") ) STRICT, WITHOUT ROWID;

-- migration 1
CREATE TABLE "vault" ( "tenant" text NOT NULL, "id" blob NOT NULL, "case_id" blob NOT NULL, "compartment" text NOT NULL, "field" text NOT NULL, "salt" blob NOT NULL, "key_id" text, "content" text NOT NULL, PRIMARY KEY ("tenant", "id") ) STRICT;

-- migration 1
CREATE TABLE "serial" ( "tenant" text NOT NULL, "series" text NOT NULL, "next" integer NOT NULL, PRIMARY KEY ("tenant", "series") ) STRICT, WITHOUT ROWID;

-- migration 1
CREATE TABLE "edition" ( "tenant" text NOT NULL, "version" blob NOT NULL, "document" text NOT NULL, PRIMARY KEY ("tenant", "version") ) STRICT;

-- migration 1
CREATE TABLE "activation" ( "tenant" text NOT NULL, "from_at" integer NOT NULL, "version" blob NOT NULL, PRIMARY KEY ("tenant", "from_at"), FOREIGN KEY ("tenant", "version") REFERENCES "edition" ("tenant", "version") ) STRICT, WITHOUT ROWID;

-- migration 1
CREATE TABLE "holding" ( "tenant" text NOT NULL, "unit" text NOT NULL, "post" text NOT NULL, "from_at" integer NOT NULL, "person" blob NOT NULL, "acting" integer NOT NULL, "until_at" integer, PRIMARY KEY ("tenant", "unit", "post", "from_at", "person") ) STRICT, WITHOUT ROWID;

-- migration 1
CREATE INDEX "grievance_lodged" ON "grievance" ("tenant", "lodged_at", "case_id");

-- migration 1
CREATE INDEX "grievance_unit" ON "grievance" ("tenant", "unit", "lodged_at", "case_id", "phase");

-- migration 1
CREATE UNIQUE INDEX "grievance_number" ON "grievance" ("tenant", "number", "sharer") WHERE "number" IS NOT NULL;

-- migration 1
CREATE UNIQUE INDEX "grievance_external" ON "grievance" ("tenant", "external_number", "source") WHERE "external_number" IS NOT NULL;

-- migration 1
CREATE INDEX "grievance_tracking" ON "grievance" ("tenant", "tracking") WHERE "tracking" IS NOT NULL;

-- migration 1
ANALYZE "sqlite_schema";

-- migration 1
INSERT INTO "sqlite_stat1" VALUES ('grievance', 'sqlite_autoindex_grievance_1', '1000000 1000000 1');

-- migration 1
INSERT INTO "sqlite_stat1" VALUES ('grievance', 'grievance_lodged', '1000000 1000000 2 1');

-- migration 1
INSERT INTO "sqlite_stat1" VALUES ('grievance', 'grievance_unit', '1000000 1000000 5000 1 1 1');

-- migration 1
INSERT INTO "sqlite_stat1" VALUES ('grievance', 'grievance_number', '1000000 1000000 2 1');

-- migration 1
INSERT INTO "sqlite_stat1" VALUES ('grievance', 'grievance_external', '1000000 1000000 2 1');

-- migration 1
INSERT INTO "sqlite_stat1" VALUES ('grievance', 'grievance_tracking', '10000 10000 2');

-- migration 1
ANALYZE "sqlite_schema";

-- migration 2
ALTER TABLE "grievance" ADD COLUMN "due_at" integer;

-- migration 2
ALTER TABLE "grievance" ADD COLUMN "breaches" integer NOT NULL DEFAULT 0;

-- migration 2
ALTER TABLE "grievance" ADD COLUMN "breached_at" integer;

-- migration 2
ALTER TABLE "grievance" ADD COLUMN "breached_by" text;

-- migration 2
ALTER TABLE "grievance" ADD COLUMN "escalations" integer NOT NULL DEFAULT 0;

-- migration 2
ALTER TABLE "grievance" ADD COLUMN "level" integer NOT NULL DEFAULT 0;

-- migration 2
ALTER TABLE "grievance" ADD COLUMN "reminders" integer NOT NULL DEFAULT 0;

-- migration 2
ALTER TABLE "grievance" ADD COLUMN "extensions" integer NOT NULL DEFAULT 0;

-- migration 2
CREATE TABLE "timer" ( "tenant" text NOT NULL, "case_id" blob NOT NULL, "due_at" integer NOT NULL, PRIMARY KEY ("tenant", "case_id") ) STRICT, WITHOUT ROWID;

-- migration 2
CREATE TABLE "outbox" ( "tenant" text NOT NULL, "id" blob NOT NULL, "case_id" blob NOT NULL, "about" integer NOT NULL, "place" integer NOT NULL, "not_before" integer NOT NULL, "next_at" integer NOT NULL, "state" text NOT NULL, "attempts" integer NOT NULL, "lease" blob, "settled_at" integer, "received_at" integer, "problem" text, "body" text NOT NULL, PRIMARY KEY ("tenant", "id") ) STRICT;

-- migration 2
CREATE TABLE "job" ( "tenant" text NOT NULL, "schedule" text NOT NULL, "due_at" integer NOT NULL, "kind" text NOT NULL, "done" integer NOT NULL, PRIMARY KEY ("tenant", "schedule", "due_at") ) STRICT, WITHOUT ROWID;

-- migration 2
CREATE INDEX "timer_due" ON "timer" ("tenant", "due_at", "case_id");

-- migration 2
CREATE INDEX "outbox_waiting" ON "outbox" ("tenant", "next_at", "case_id", "about", "place") WHERE "state" = ('waiting');

-- migration 2
CREATE INDEX "outbox_case" ON "outbox" ("tenant", "case_id", "state", "about", "place");

-- migration 2
CREATE INDEX "outbox_parked" ON "outbox" ("tenant", "settled_at", "id") WHERE "state" = ('parked');

-- migration 2
CREATE INDEX "job_open" ON "job" ("tenant", "due_at", "schedule") WHERE "done" = 0;

-- migration 2
ANALYZE "sqlite_schema";

-- migration 2
INSERT INTO "sqlite_stat1" VALUES ('timer', 'timer', '1000000 1000000 1');

-- migration 2
INSERT INTO "sqlite_stat1" VALUES ('timer', 'timer_due', '1000000 1000000 2 1');

-- migration 2
INSERT INTO "sqlite_stat1" VALUES ('outbox', 'sqlite_autoindex_outbox_1', '10000000 10000000 1');

-- migration 2
INSERT INTO "sqlite_stat1" VALUES ('outbox', 'outbox_waiting', '10000 10000 2 2 1 1');

-- migration 2
INSERT INTO "sqlite_stat1" VALUES ('outbox', 'outbox_case', '10000000 10000000 10 5 2 1');

-- migration 2
INSERT INTO "sqlite_stat1" VALUES ('outbox', 'outbox_parked', '1000 1000 2 1');

-- migration 2
INSERT INTO "sqlite_stat1" VALUES ('job', 'job', '10000 10000 1000 1');

-- migration 2
INSERT INTO "sqlite_stat1" VALUES ('job', 'job_open', '10 10 2 1');

-- migration 2
ANALYZE "sqlite_schema";

-- migration 3
CREATE TABLE "challenge" ( "tenant" text NOT NULL, "id" blob NOT NULL, "purpose" text NOT NULL, "subject" blob NOT NULL, "request" blob NOT NULL, "key_id" text NOT NULL, "mac" blob NOT NULL, "issued_at" integer NOT NULL, "expires_at" integer NOT NULL, "tries" integer NOT NULL, "used" integer NOT NULL, PRIMARY KEY ("tenant", "id") ) STRICT, WITHOUT ROWID;

-- migration 3
CREATE TABLE "limiter" ( "tenant" text NOT NULL, "subject" text NOT NULL, "revision" integer NOT NULL, "state" text NOT NULL, PRIMARY KEY ("tenant", "subject") ) STRICT, WITHOUT ROWID;

-- migration 3
CREATE INDEX "challenge_expiry" ON "challenge" ("tenant", "expires_at");

-- migration 4
ALTER TABLE "outbox" ADD COLUMN "line" integer NOT NULL DEFAULT 0;

-- migration 4
DROP INDEX "outbox_case";

-- migration 4
DROP INDEX "outbox_waiting";

-- migration 4
CREATE INDEX "outbox_waiting" ON "outbox" ("tenant", "next_at", "case_id", "about", "place", "line") WHERE "state" = ('waiting');

-- migration 4
CREATE INDEX "outbox_case" ON "outbox" ("tenant", "case_id", "line", "state", "about", "place");

-- migration 4
ANALYZE "sqlite_schema";

-- migration 4
INSERT INTO "sqlite_stat1" VALUES ('outbox', 'outbox_waiting', '10000 10000 2 2 1 1 1');

-- migration 4
INSERT INTO "sqlite_stat1" VALUES ('outbox', 'outbox_case', '10000000 10000000 10 6 3 2 1');

-- migration 4
ANALYZE "sqlite_schema";

-- migration 5
ALTER TABLE "limiter" ADD COLUMN "forget_at" integer;

-- migration 5
CREATE INDEX "limiter_stale" ON "limiter" ("tenant", "forget_at") WHERE "forget_at" IS NOT NULL;

-- migration 6
ALTER TABLE "grievance" ADD COLUMN "sender" text;

-- migration 6
ALTER TABLE "grievance" ADD COLUMN "last_mover" text;

-- migration 6
ALTER TABLE "grievance" ADD COLUMN "consulted" text NOT NULL DEFAULT '';

-- migration 6
ALTER TABLE "grievance" ADD COLUMN "against" text;

-- migration 6
ALTER TABLE "grievance" ADD COLUMN "complainant" blob;

-- migration 6
ALTER TABLE "grievance" ADD COLUMN "lodged_by" blob;

-- migration 6
ALTER TABLE "grievance" ADD COLUMN "sealed" text;

-- migration 6
ALTER TABLE "grievance" ADD COLUMN "waivers" integer NOT NULL DEFAULT 0;

-- migration 6
CREATE TABLE "unit_reach" ( "tenant" text NOT NULL, "rulebook" blob NOT NULL, "top" text NOT NULL, "unit" text NOT NULL, PRIMARY KEY ("tenant", "rulebook", "top", "unit") ) STRICT, WITHOUT ROWID;

-- migration 6
CREATE TABLE "place_reach" ( "tenant" text NOT NULL, "rulebook" blob NOT NULL, "around" text NOT NULL, "place" text NOT NULL, PRIMARY KEY ("tenant", "rulebook", "around", "place") ) STRICT, WITHOUT ROWID;

-- migration 6
ANALYZE "sqlite_schema";

-- migration 6
INSERT INTO "sqlite_stat1" VALUES ('unit_reach', 'unit_reach', '100000 100000 20000 20 1');

-- migration 6
INSERT INTO "sqlite_stat1" VALUES ('place_reach', 'place_reach', '10000 10000 2000 20 1');

-- migration 6
ANALYZE "sqlite_schema";

-- migration 7
ALTER TABLE "vault" ADD COLUMN "sealed" blob;

-- migration 7
ALTER TABLE "vault" ADD COLUMN "index_key" text;

-- migration 7
CREATE TABLE "blind" ( "tenant" text NOT NULL, "token" blob NOT NULL, "lodged_at" integer NOT NULL, "case_id" blob NOT NULL, "text_id" blob NOT NULL, PRIMARY KEY ("tenant", "token", "lodged_at", "case_id", "text_id") ) STRICT, WITHOUT ROWID;

-- migration 7
CREATE TABLE "look" ( "tenant" text NOT NULL, "place" integer NOT NULL, "at" integer NOT NULL, "case_id" blob, "actor" text NOT NULL, "body" text NOT NULL, "hash" blob NOT NULL, PRIMARY KEY ("tenant", "place") ) STRICT, WITHOUT ROWID;

-- migration 7
CREATE INDEX "vault_case" ON "vault" ("tenant", "case_id");

-- migration 7
CREATE INDEX "blind_case" ON "blind" ("tenant", "case_id", "text_id");

-- migration 7
CREATE INDEX "look_case" ON "look" ("tenant", "case_id", "place") WHERE "case_id" IS NOT NULL;

-- migration 7
ANALYZE "sqlite_schema";

-- migration 7
INSERT INTO "sqlite_stat1" VALUES ('vault', 'vault_case', '10000000 10000000 10');

-- migration 7
INSERT INTO "sqlite_stat1" VALUES ('blind', 'blind', '3000000 3000000 30 1 1 1');

-- migration 7
INSERT INTO "sqlite_stat1" VALUES ('blind', 'blind_case', '3000000 3000000 3 1');

-- migration 7
INSERT INTO "sqlite_stat1" VALUES ('look', 'look', '10000000 10000000 1');

-- migration 7
INSERT INTO "sqlite_stat1" VALUES ('look', 'look_case', '10000000 10000000 10 1');

-- migration 7
ANALYZE "sqlite_schema";

-- migration 8
CREATE TABLE "head" ( "tenant" text NOT NULL, "case_id" blob NOT NULL, "version" integer NOT NULL, "hash" blob NOT NULL, "number" integer NOT NULL, PRIMARY KEY ("tenant", "case_id", "version") ) STRICT, WITHOUT ROWID;

-- migration 8
CREATE TABLE "checkpoint" ( "tenant" text NOT NULL, "number" integer NOT NULL, "previous" blob NOT NULL, "body" text NOT NULL, PRIMARY KEY ("tenant", "number") ) STRICT, WITHOUT ROWID;

-- migration 8
CREATE UNIQUE INDEX "checkpoint_previous" ON "checkpoint" ("tenant", "previous");

-- migration 8
ANALYZE "sqlite_schema";

-- migration 8
INSERT INTO "sqlite_stat1" VALUES ('head', 'head', '5000000 5000000 5 1');

-- migration 8
INSERT INTO "sqlite_stat1" VALUES ('checkpoint', 'checkpoint', '500 500 1');

-- migration 8
INSERT INTO "sqlite_stat1" VALUES ('checkpoint', 'checkpoint_previous', '500 500 1');

-- migration 8
ANALYZE "sqlite_schema";

-- migration 9
ALTER TABLE "grievance" ADD COLUMN "finding" text;

-- migration 9
ALTER TABLE "grievance" ADD COLUMN "sampled_for" integer;

-- migration 9
ALTER TABLE "grievance" ADD COLUMN "root_cause" text;

-- migration 9
ALTER TABLE "grievance" ADD COLUMN "change" text;

-- migration 10
ALTER TABLE "outbox" ADD COLUMN "reference" text;

-- migration 10
CREATE INDEX "outbox_reference" ON "outbox" ("tenant", "reference") WHERE "reference" IS NOT NULL;

-- migration 10
ANALYZE "sqlite_schema";

-- migration 10
INSERT INTO "sqlite_stat1" VALUES ('outbox', 'outbox_reference', '10000000 10000000 1');

-- migration 10
ANALYZE "sqlite_schema";

-- migration 11
ALTER TABLE "grievance" ADD COLUMN "judged_due_at" integer;

-- migration 11
ALTER TABLE "grievance" ADD COLUMN "late_at" integer;

-- migration 11
ALTER TABLE "grievance" ADD COLUMN "soon_at" integer;

-- migration 11
ALTER TABLE "grievance" ADD COLUMN "last_told_at" integer;

-- migration 11
ALTER TABLE "grievance" ADD COLUMN "suggestion" blob;

-- insert_event
INSERT INTO "event" ("tenant", "case_id", "version", "at", "actor", "rulebook", "command", "kind", "body", "hash") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- insert_grievance
INSERT INTO "grievance" ("tenant", "case_id", "version", "number", "source", "external_number", "kind", "category", "place", "channel", "priority", "stage", "phase", "unit", "held_since", "lodged_at", "received_at", "first_disposed_at", "disposed_at", "disposed_by", "reason", "class", "feedback", "reopenings", "appeals", "transfers", "part_of", "merged_into", "tracking", "rulebook", "updated_at", "sharer", "due_at", "breaches", "breached_at", "breached_by", "escalations", "level", "reminders", "extensions", "sender", "last_mover", "consulted", "against", "complainant", "lodged_by", "sealed", "waivers", "finding", "sampled_for", "root_cause", "change", "judged_due_at", "late_at", "soon_at", "last_told_at", "suggestion") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- update_grievance
UPDATE "grievance" SET "version" = ?, "number" = ?, "source" = ?, "external_number" = ?, "kind" = ?, "category" = ?, "place" = ?, "channel" = ?, "priority" = ?, "stage" = ?, "phase" = ?, "unit" = ?, "held_since" = ?, "lodged_at" = ?, "received_at" = ?, "first_disposed_at" = ?, "disposed_at" = ?, "disposed_by" = ?, "reason" = ?, "class" = ?, "feedback" = ?, "reopenings" = ?, "appeals" = ?, "transfers" = ?, "part_of" = ?, "merged_into" = ?, "tracking" = ?, "rulebook" = ?, "updated_at" = ?, "sharer" = ?, "due_at" = ?, "breaches" = ?, "breached_at" = ?, "breached_by" = ?, "escalations" = ?, "level" = ?, "reminders" = ?, "extensions" = ?, "sender" = ?, "last_mover" = ?, "consulted" = ?, "against" = ?, "complainant" = ?, "lodged_by" = ?, "sealed" = ?, "waivers" = ?, "finding" = ?, "sampled_for" = ?, "root_cause" = ?, "change" = ?, "judged_due_at" = ?, "late_at" = ?, "soon_at" = ?, "last_told_at" = ?, "suggestion" = ? WHERE "tenant" = ? AND "case_id" = ? AND "version" = ?;

-- set_timer
INSERT INTO "timer" ("tenant", "case_id", "due_at") VALUES (?, ?, ?) ON CONFLICT ("tenant", "case_id") DO UPDATE SET "due_at" = "excluded"."due_at" WHERE "timer"."due_at" <> "excluded"."due_at";

-- drop_timer
DELETE FROM "timer" WHERE "tenant" = ? AND "case_id" = ?;

-- insert_notice
INSERT INTO "outbox" ("tenant", "id", "case_id", "about", "place", "not_before", "next_at", "state", "attempts", "lease", "settled_at", "received_at", "problem", "body", "line") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- post_notice
INSERT INTO "outbox" ("tenant", "id", "case_id", "about", "place", "not_before", "next_at", "state", "attempts", "lease", "settled_at", "received_at", "problem", "body", "line") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT ("tenant", "id") DO NOTHING;

-- insert_command
INSERT INTO "command" ("tenant", "command", "fingerprint", "case_id", "version", "number") VALUES (?, ?, ?, ?, ?, ?);

-- insert_text
INSERT INTO "vault" ("tenant", "id", "case_id", "compartment", "field", "salt", "key_id", "content", "sealed", "index_key") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- insert_token
INSERT INTO "blind" ("tenant", "token", "lodged_at", "case_id", "text_id") VALUES (?, ?, ?, ?, ?);

-- count_token
SELECT COUNT(*), MAX("first"."lodged_at"), MIN("first"."lodged_at") FROM (SELECT "lodged_at" FROM "blind" WHERE "tenant" = ? AND "token" = ? ORDER BY "lodged_at" DESC, "case_id" DESC LIMIT ?) AS "first";

-- drop_tokens
DELETE FROM "blind" WHERE "tenant" = ? AND "case_id" = ? AND "text_id" = ?;

-- erase_tokens
DELETE FROM "blind" WHERE "tenant" = ? AND "case_id" = ?;

-- erase_texts
DELETE FROM "vault" WHERE "tenant" = ? AND "case_id" = ?;

-- erase_fingerprints
UPDATE "command" SET "fingerprint" = ? WHERE "tenant" = ? AND "case_id" = ? AND "command" IN (SELECT "command" FROM "event" WHERE "tenant" = ? AND "case_id" = ?) AND "command" <> ?;

-- any_text
SELECT "id" FROM "vault" WHERE "tenant" = ? AND "case_id" = ? ORDER BY "id" ASC LIMIT 1;

-- stale_texts
SELECT "id", "case_id", "compartment", "field", "salt", "key_id", "content", "sealed", "index_key" FROM "vault" WHERE "tenant" = ? AND "id" > ? AND (COALESCE("key_id", '') <> ? OR ("compartment" = ('identity') AND COALESCE("index_key", '') <> ?)) ORDER BY "id" ASC LIMIT ?;

-- reseal
UPDATE "vault" SET "salt" = ?, "key_id" = ?, "content" = ?, "sealed" = ?, "index_key" = ? WHERE "tenant" = ? AND "id" = ? AND (NOT COALESCE("key_id", '') <> ?) AND (NOT COALESCE("index_key", '') <> ?);

-- lodged_at
SELECT "lodged_at" FROM "grievance" WHERE "tenant" = ? AND "case_id" = ?;

-- last_look
SELECT "place", "hash" FROM "look" WHERE "tenant" = ? ORDER BY "place" DESC LIMIT 1;

-- insert_look
INSERT INTO "look" ("tenant", "place", "at", "case_id", "actor", "body", "hash") VALUES (?, ?, ?, ?, ?, ?, ?);

-- looks
SELECT "place", "at", "case_id", "actor", "body", "hash" FROM "look" WHERE "tenant" = ? AND "place" > ? ORDER BY "place" ASC LIMIT ?;

-- looks_at
SELECT "place", "at", "case_id", "actor", "body", "hash" FROM "look" WHERE "tenant" = ? AND "case_id" = ? AND "place" > ? ORDER BY "place" ASC LIMIT ?;

-- receipt
SELECT "fingerprint", "case_id", "version", "number" FROM "command" WHERE "tenant" = ? AND "command" = ?;

-- version
SELECT "version" FROM "grievance" WHERE "tenant" = ? AND "case_id" = ?;

-- fact
SELECT "tenant", "case_id", "version", "number", "source", "external_number", "kind", "category", "place", "channel", "priority", "stage", "phase", "unit", "held_since", "lodged_at", "received_at", "first_disposed_at", "disposed_at", "disposed_by", "reason", "class", "feedback", "reopenings", "appeals", "transfers", "part_of", "merged_into", "tracking", "rulebook", "updated_at", "sharer", "due_at", "breaches", "breached_at", "breached_by", "escalations", "level", "reminders", "extensions", "sender", "last_mover", "consulted", "against", "complainant", "lodged_by", "sealed", "waivers", "finding", "sampled_for", "root_cause", "change", "judged_due_at", "late_at", "soon_at", "last_told_at", "suggestion" FROM "grievance" WHERE "tenant" = ? AND "case_id" = ?;

-- owner
SELECT "case_id" FROM "grievance" WHERE "tenant" = ? AND "number" = ? AND "sharer" = ?;

-- external
SELECT "case_id" FROM "grievance" WHERE "tenant" = ? AND "external_number" = ? AND "source" = ?;

-- tracking
SELECT "case_id" FROM "grievance" WHERE "tenant" = ? AND "tracking" = ? AND "part_of" IS NULL;

-- history
SELECT "case_id", "version", "at", "actor", "rulebook", "body", "hash" FROM "event" WHERE "tenant" = ? AND "case_id" = ? ORDER BY "version" ASC;

-- history_from
SELECT "case_id", "version", "at", "actor", "rulebook", "body", "hash" FROM "event" WHERE "tenant" = ? AND "case_id" = ? AND "version" >= ? ORDER BY "version" ASC;

-- file
SELECT "case_id", "version", "at", "actor", "rulebook", "command", "kind", "body", "hash", (SELECT "grievance"."version" FROM "grievance" WHERE "grievance"."tenant" = "event"."tenant" AND "grievance"."case_id" = "event"."case_id") FROM "event" WHERE "tenant" = ? AND "case_id" = ? ORDER BY "event"."version" ASC;

-- folios
SELECT "case_id", "version", "at", "actor", "rulebook", "command", "kind", "body", "hash" FROM "event" WHERE "tenant" = ? AND ("case_id", "version") > (?, ?) ORDER BY "case_id" ASC, "version" ASC LIMIT ?;

-- empty_files
SELECT "case_id" FROM "grievance" WHERE "tenant" = ? AND "case_id" > ? AND (NOT EXISTS(SELECT 1 FROM "event" WHERE "event"."tenant" = "grievance"."tenant" AND "event"."case_id" = "grievance"."case_id")) ORDER BY "case_id" ASC LIMIT ?;

-- take_heads
INSERT INTO "head" ("tenant", "case_id", "version", "hash", "number") SELECT "grievance"."tenant", "grievance"."case_id", "grievance"."version", "event"."hash", CAST(? AS BIGINT) FROM "grievance" INNER JOIN "event" ON "event"."tenant" = "grievance"."tenant" AND "event"."case_id" = "grievance"."case_id" AND "event"."version" = "grievance"."version" WHERE "grievance"."tenant" = ? AND (NOT EXISTS(SELECT 1 FROM "head" AS "known" WHERE "known"."tenant" = "grievance"."tenant" AND "known"."case_id" = "grievance"."case_id" AND "known"."version" >= "grievance"."version"));

-- heads
SELECT "case_id", "version", "hash" FROM "head" WHERE "head"."tenant" = ? AND "head"."number" <= ? AND "head"."case_id" > ? AND (NOT EXISTS(SELECT 1 FROM "head" AS "further" WHERE "further"."tenant" = "head"."tenant" AND "further"."case_id" = "head"."case_id" AND "further"."version" > "head"."version" AND "further"."number" <= ?)) ORDER BY "head"."case_id" ASC LIMIT ?;

-- advances
SELECT "case_id", "version", (SELECT MAX("earlier"."version") FROM "head" AS "earlier" WHERE "earlier"."tenant" = "head"."tenant" AND "earlier"."case_id" = "head"."case_id" AND "earlier"."number" <= ?) FROM "head" WHERE "head"."tenant" = ? AND "head"."number" > ? AND "head"."number" <= ? AND "head"."case_id" > ? AND (NOT EXISTS(SELECT 1 FROM "head" AS "further" WHERE "further"."tenant" = "head"."tenant" AND "further"."case_id" = "head"."case_id" AND "further"."version" > "head"."version" AND "further"."number" <= ?)) ORDER BY "head"."case_id" ASC LIMIT ?;

-- keep_checkpoint
INSERT INTO "checkpoint" ("tenant", "number", "previous", "body") VALUES (?, ?, ?, ?) ON CONFLICT  DO NOTHING;

-- checkpoints
SELECT "number", "body" FROM "checkpoint" WHERE "tenant" = ? AND "number" > ? ORDER BY "number" ASC LIMIT ?;

-- last_checkpoint
SELECT "number", "body" FROM "checkpoint" WHERE "tenant" = ? ORDER BY "number" DESC LIMIT 1;

-- text
SELECT "id", "case_id", "compartment", "field", "salt", "key_id", "content", "sealed", "index_key" FROM "vault" WHERE "tenant" = ? AND "id" = ?;

-- reserve
INSERT INTO "serial" ("tenant", "series", "next") VALUES (?, ?, ?) ON CONFLICT ("tenant", "series") DO UPDATE SET "next" = (CASE WHEN ("serial"."next" + ? < "excluded"."next") THEN "excluded"."next" ELSE "serial"."next" + ? END) RETURNING "next";

-- keep
INSERT INTO "edition" ("tenant", "version", "document") VALUES (?, ?, ?) ON CONFLICT ("tenant", "version") DO NOTHING;

-- charted
SELECT "top" FROM "unit_reach" WHERE "tenant" = ? AND "rulebook" = ? ORDER BY "top" ASC LIMIT 1;

-- chart_unit
INSERT INTO "unit_reach" ("tenant", "rulebook", "top", "unit") VALUES (?, ?, ?, ?) ON CONFLICT ("tenant", "rulebook", "top", "unit") DO NOTHING;

-- chart_place
INSERT INTO "place_reach" ("tenant", "rulebook", "around", "place") VALUES (?, ?, ?, ?) ON CONFLICT ("tenant", "rulebook", "around", "place") DO NOTHING;

-- activate
INSERT INTO "activation" ("tenant", "from_at", "version") VALUES (?, ?, ?) ON CONFLICT ("tenant", "from_at") DO UPDATE SET "version" = "excluded"."version";

-- edition
SELECT "document" FROM "edition" WHERE "tenant" = ? AND "version" = ?;

-- in_force
SELECT "version" FROM "activation" WHERE "tenant" = ? AND "from_at" <= ? ORDER BY "from_at" DESC LIMIT 1;

-- in_force_since
SELECT "from_at" FROM "activation" WHERE "tenant" = ? AND "from_at" <= ? ORDER BY "from_at" DESC LIMIT 1;

-- unmoved
SELECT "case_id" FROM "grievance" WHERE "tenant" = ? AND "case_id" > ? AND "rulebook" <> ? AND "phase" IN ('registered', 'in_progress', 'awaiting_complainant', 'action_reported', 'under_appeal') ORDER BY "case_id" ASC LIMIT ?;

-- appoint
INSERT INTO "holding" ("tenant", "unit", "post", "from_at", "person", "acting", "until_at") VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT ("tenant", "unit", "post", "from_at", "person") DO UPDATE SET "acting" = "excluded"."acting", "until_at" = "excluded"."until_at";

-- holders
SELECT "person", "acting", "from_at", "until_at" FROM "holding" WHERE "tenant" = ? AND "unit" = ? AND "post" = ? AND "from_at" <= ? AND ("until_at" IS NULL OR "until_at" > ?) ORDER BY "from_at" ASC, "person" ASC;

-- terms
SELECT "from_at", "until_at" FROM "holding" WHERE "tenant" = ? AND "unit" = ? AND "post" = ?;

-- due
SELECT "due_at", "case_id" FROM "timer" WHERE "tenant" = ? AND "due_at" <= ? AND ("due_at", "case_id") > (?, ?) ORDER BY "due_at" ASC, "case_id" ASC LIMIT ?;

-- next_due
SELECT "due_at" FROM "timer" WHERE "tenant" = ? ORDER BY "due_at" ASC LIMIT 1;

-- claimable
SELECT "outbox"."id", "outbox"."attempts", "outbox"."body" FROM "outbox" WHERE "outbox"."tenant" = ? AND "outbox"."state" = ('waiting') AND (NOT EXISTS(SELECT 1 FROM "outbox" AS "before" WHERE "before"."tenant" = "outbox"."tenant" AND "before"."case_id" = "outbox"."case_id" AND "before"."line" = "outbox"."line" AND "before"."state" = ('waiting') AND ("before"."about", "before"."place") < ("outbox"."about", "outbox"."place"))) AND "outbox"."next_at" <= ? ORDER BY "outbox"."next_at" ASC, "outbox"."case_id" ASC, "outbox"."about" ASC, "outbox"."place" ASC LIMIT ?;

-- outbox_next
SELECT "outbox"."next_at" FROM "outbox" WHERE "outbox"."tenant" = ? AND "outbox"."state" = ('waiting') AND (NOT EXISTS(SELECT 1 FROM "outbox" AS "before" WHERE "before"."tenant" = "outbox"."tenant" AND "before"."case_id" = "outbox"."case_id" AND "before"."line" = "outbox"."line" AND "before"."state" = ('waiting') AND ("before"."about", "before"."place") < ("outbox"."about", "outbox"."place"))) ORDER BY "outbox"."next_at" ASC, "outbox"."case_id" ASC, "outbox"."about" ASC, "outbox"."place" ASC LIMIT 1;

-- claim
UPDATE "outbox" SET "lease" = ?, "next_at" = ?, "attempts" = "attempts" + (1) WHERE "tenant" = ? AND "id" = ? AND "outbox"."state" = ('waiting') AND "next_at" <= ? AND "attempts" = ?;

-- notice_place
SELECT "case_id", "line", "about", "place" FROM "outbox" WHERE "tenant" = ? AND "id" = ?;

-- settle
UPDATE "outbox" SET "state" = ?, "settled_at" = ?, "problem" = ?, "reference" = ?, "lease" = NULL WHERE "tenant" = ? AND "id" = ? AND "lease" = ?;

-- retry
UPDATE "outbox" SET "next_at" = (CASE WHEN ("not_before" < ?) THEN ? ELSE "not_before" END), "problem" = ?, "lease" = NULL WHERE "tenant" = ? AND "id" = ? AND "lease" = ?;

-- hold_back
UPDATE "outbox" SET "next_at" = ? WHERE "tenant" = ? AND "case_id" = ? AND "line" = ? AND "outbox"."state" = ('waiting') AND "next_at" < ? AND ("about", "place") > (?, ?);

-- parked
SELECT "body", "state", "attempts", "settled_at", "received_at", "problem", "reference" FROM "outbox" WHERE "tenant" = ? AND "outbox"."state" = ('parked') ORDER BY "settled_at" ASC, "id" ASC LIMIT ?;

-- revive
UPDATE "outbox" SET "state" = 'waiting', "attempts" = 0, "next_at" = (CASE WHEN ("not_before" < ?) THEN ? ELSE "not_before" END), "settled_at" = NULL, "problem" = NULL WHERE "tenant" = ? AND "id" = ? AND "outbox"."state" = ('parked');

-- delivery_report
UPDATE "outbox" SET "received_at" = COALESCE("received_at", ?) WHERE "tenant" = ? AND "id" = ?;

-- referred
SELECT "id" FROM "outbox" WHERE "tenant" = ? AND "reference" = ?;

-- notices_of
SELECT "body", "state", "attempts", "settled_at", "received_at", "problem", "reference" FROM "outbox" WHERE "tenant" = ? AND "case_id" = ?;

-- last_job
SELECT "due_at" FROM "job" WHERE "tenant" = ? AND "schedule" = ? ORDER BY "due_at" DESC LIMIT 1;

-- add_job
INSERT INTO "job" ("tenant", "schedule", "due_at", "kind", "done") VALUES (?, ?, ?, ?, ?) ON CONFLICT ("tenant", "schedule", "due_at") DO NOTHING;

-- open_jobs
SELECT "schedule", "due_at", "kind" FROM "job" WHERE "tenant" = ? AND ("done" = 0) ORDER BY "due_at" ASC, "schedule" ASC LIMIT ?;

-- finish_job
UPDATE "job" SET "done" = 1 WHERE "tenant" = ? AND "schedule" = ? AND "due_at" = ? AND ("done" = 0);

-- insert_challenge
INSERT INTO "challenge" ("tenant", "id", "purpose", "subject", "request", "key_id", "mac", "issued_at", "expires_at", "tries", "used") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- challenge
SELECT "purpose", "subject", "request", "key_id", "mac", "issued_at", "expires_at", "tries", "used" FROM "challenge" WHERE "tenant" = ? AND "id" = ?;

-- spend_challenge
UPDATE "challenge" SET "tries" = ?, "used" = ? WHERE "tenant" = ? AND "id" = ? AND "tries" = ? AND "used" = ?;

-- forget_challenges
DELETE FROM "challenge" WHERE "tenant" = ? AND "expires_at" < ? AND "id" IN (SELECT "id" FROM "challenge" WHERE "tenant" = ? AND "expires_at" < ? ORDER BY "expires_at" ASC LIMIT ?);

-- limiter
SELECT "revision", "state" FROM "limiter" WHERE "tenant" = ? AND "subject" = ?;

-- insert_limiter
INSERT INTO "limiter" ("tenant", "subject", "revision", "state", "forget_at") VALUES (?, ?, ?, ?, ?);

-- update_limiter
UPDATE "limiter" SET "revision" = ?, "state" = ?, "forget_at" = ? WHERE "tenant" = ? AND "subject" = ? AND "revision" = ?;

-- forget_limiters
DELETE FROM "limiter" WHERE "tenant" = ? AND "forget_at" < ? AND "subject" IN (SELECT "subject" FROM "limiter" WHERE "tenant" = ? AND "forget_at" < ? ORDER BY "forget_at" ASC LIMIT ?);

-- a search with everything that can be asked (built when asked)
SELECT "tenant", "case_id", "version", "number", "source", "external_number", "kind", "category", "place", "channel", "priority", "stage", "phase", "unit", "held_since", "lodged_at", "received_at", "first_disposed_at", "disposed_at", "disposed_by", "reason", "class", "feedback", "reopenings", "appeals", "transfers", "part_of", "merged_into", "tracking", "rulebook", "updated_at", "sharer", "due_at", "breaches", "breached_at", "breached_by", "escalations", "level", "reminders", "extensions", "sender", "last_mover", "consulted", "against", "complainant", "lodged_by", "sealed", "waivers", "finding", "sampled_for", "root_cause", "change", "judged_due_at", "late_at", "soon_at", "last_told_at", "suggestion" FROM "grievance" WHERE "tenant" = ? AND "number" = ? AND "external_number" = ? AND "source" = ? AND "lodged_at" >= ? AND "lodged_at" < ? AND "unit" IN (?) AND "category" IN (?) AND "stage" IN (?) AND "phase" IN (?, ?) AND ("lodged_at", "case_id") < (?, ?) AND (((NOT "sealed" IS NOT NULL) AND (NOT ("lodged_by" IS NULL OR ("against" IS NOT NULL AND "against" IN (?)))) AND (("complainant" IS NOT NULL AND "complainant" = ?) OR ("lodged_by" IS NOT NULL AND "lodged_by" = ?) OR ("sender" IS NOT NULL AND "sender" = ?) OR ("last_mover" IS NOT NULL AND "last_mover" = ?) OR "consulted" LIKE ? ESCAPE '\' OR "unit" = ? OR "unit" IN (SELECT "unit_reach"."unit" FROM "unit_reach" WHERE "unit_reach"."tenant" = ? AND "unit_reach"."rulebook" = ? AND "unit_reach"."top" = ?) OR ("place" IS NOT NULL AND "place" IN (SELECT "place_reach"."place" FROM "place_reach" WHERE "place_reach"."tenant" = ? AND "place_reach"."rulebook" = ? AND "place_reach"."around" = ?)) OR (1 = 0))) OR ("sealed" IS NOT NULL AND "sealed" IN (?) AND (1 = 1))) ORDER BY "lodged_at" DESC, "case_id" DESC LIMIT ?;

-- a scan of the cases in a scope (built when asked)
SELECT "case_id", "version", "at", "actor", "rulebook", "body", "hash" FROM "event" WHERE "tenant" = ? AND ("case_id", "version") > (?, ?) AND EXISTS(SELECT 1 FROM "grievance" WHERE "grievance"."tenant" = ? AND "grievance"."case_id" = "event"."case_id" AND (((NOT "sealed" IS NOT NULL) AND (NOT ("lodged_by" IS NULL OR ("against" IS NOT NULL AND "against" IN (?)))) AND (("complainant" IS NOT NULL AND "complainant" = ?) OR ("lodged_by" IS NOT NULL AND "lodged_by" = ?) OR ("sender" IS NOT NULL AND "sender" = ?) OR ("last_mover" IS NOT NULL AND "last_mover" = ?) OR "consulted" LIKE ? ESCAPE '\' OR "unit" = ? OR "unit" IN (SELECT "unit_reach"."unit" FROM "unit_reach" WHERE "unit_reach"."tenant" = ? AND "unit_reach"."rulebook" = ? AND "unit_reach"."top" = ?) OR ("place" IS NOT NULL AND "place" IN (SELECT "place_reach"."place" FROM "place_reach" WHERE "place_reach"."tenant" = ? AND "place_reach"."rulebook" = ? AND "place_reach"."around" = ?)) OR (1 = 0))) OR ("sealed" IS NOT NULL AND "sealed" IN (?) AND (1 = 1)))) ORDER BY "case_id" ASC, "version" ASC LIMIT ?;

-- how many cases are in a scope (built when asked)
SELECT COUNT(*) FROM "grievance" WHERE "tenant" = ? AND (((NOT "sealed" IS NOT NULL) AND (NOT ("lodged_by" IS NULL OR ("against" IS NOT NULL AND "against" IN (?)))) AND (("complainant" IS NOT NULL AND "complainant" = ?) OR ("lodged_by" IS NOT NULL AND "lodged_by" = ?) OR ("sender" IS NOT NULL AND "sender" = ?) OR ("last_mover" IS NOT NULL AND "last_mover" = ?) OR "consulted" LIKE ? ESCAPE '\' OR "unit" = ? OR "unit" IN (SELECT "unit_reach"."unit" FROM "unit_reach" WHERE "unit_reach"."tenant" = ? AND "unit_reach"."rulebook" = ? AND "unit_reach"."top" = ?) OR ("place" IS NOT NULL AND "place" IN (SELECT "place_reach"."place" FROM "place_reach" WHERE "place_reach"."tenant" = ? AND "place_reach"."rulebook" = ? AND "place_reach"."around" = ?)) OR (1 = 0))) OR ("sealed" IS NOT NULL AND "sealed" IN (?) AND (1 = 1)));

-- counts and bands by subject (built when asked)
SELECT "code", "stand", "band", "class", "feedback", "reason", COUNT(*), COUNT((CASE WHEN ("late_at" < ?) THEN 1 END)), COUNT((CASE WHEN ("soon_at" <= ? AND ("late_at" IS NULL OR "late_at" >= ?)) THEN 1 END)), COUNT((CASE WHEN ("judged_due_at" IS NULL) THEN 1 END)), MIN("received_at"), COUNT((CASE WHEN ("reopenings" > ?) THEN 1 END)), COUNT((CASE WHEN ("appeals" > ?) THEN 1 END)), COUNT((CASE WHEN ("escalations" > ?) THEN 1 END)), COUNT((CASE WHEN ("transfers" > ?) THEN 1 END)), COUNT((CASE WHEN ("breaches" > ?) THEN 1 END)) FROM (SELECT "code", "received_at", "class", "feedback", "reason", "judged_due_at", "late_at", "soon_at", "reopenings", "appeals", "escalations", "transfers", "breaches", (CASE WHEN ("part_of" IS NOT NULL) THEN ? WHEN ("received_at" > ? OR ("ended_at" < "received_at" OR "ended_at" > ?) OR "last_told_at" > ? OR "reopenings" > ? OR "appeals" > ? OR "escalations" > ? OR "transfers" > ? OR "breaches" > ?) THEN ? WHEN ("received_at" >= ?) THEN ? WHEN ("ended_at" IS NULL OR "ended_at" >= ?) THEN ? WHEN ("done" = ?) THEN ? ELSE ? END) AS "stand", (CASE WHEN ("ended_at" < ?) THEN ? ELSE (CASE WHEN ("received_at" < ?) THEN ? WHEN ("received_at" < ?) THEN ? WHEN ("received_at" < ?) THEN ? ELSE ? END) END) AS "band" FROM (SELECT "category" AS "code", "unit", "part_of", "received_at", "class", "feedback", "reason", "judged_due_at", "late_at", "soon_at", "last_told_at", "reopenings", "appeals", "escalations", "transfers", "breaches", (CASE WHEN ("phase" IN (?)) THEN "disposed_at" WHEN ("phase" IN (?, ?, ?)) THEN (CASE WHEN ("source" IS NULL AND "updated_at" > "received_at") THEN "updated_at" ELSE "received_at" END) END) AS "ended_at", (CASE WHEN ("phase" IN (?)) THEN ? ELSE ? END) AS "done" FROM "grievance" WHERE "tenant" = ? AND "sealed" IS NULL AND (((NOT "sealed" IS NOT NULL) AND (NOT ("lodged_by" IS NULL OR ("against" IS NOT NULL AND "against" IN (?)))) AND (("complainant" IS NOT NULL AND "complainant" = ?) OR ("lodged_by" IS NOT NULL AND "lodged_by" = ?) OR ("sender" IS NOT NULL AND "sender" = ?) OR ("last_mover" IS NOT NULL AND "last_mover" = ?) OR "consulted" LIKE ? ESCAPE '\' OR "unit" = ? OR "unit" IN (SELECT "unit_reach"."unit" FROM "unit_reach" WHERE "unit_reach"."tenant" = ? AND "unit_reach"."rulebook" = ? AND "unit_reach"."top" = ?) OR ("place" IS NOT NULL AND "place" IN (SELECT "place_reach"."place" FROM "place_reach" WHERE "place_reach"."tenant" = ? AND "place_reach"."rulebook" = ? AND "place_reach"."around" = ?)) OR (1 = 0))) OR ("sealed" IS NOT NULL AND "sealed" IN (?) AND (1 = 1))) AND "unit" IN (?) AND "category" = ? AND "place" IN (?)) AS "found") AS "stood" GROUP BY "code", "stand", "band", "class", "feedback", "reason";

-- cases of a name of two words and a mobile (built when asked)
SELECT "lead"."lodged_at", "lead"."case_id" FROM "blind" AS "lead" WHERE "lead"."tenant" = ? AND "lead"."token" = ? AND EXISTS(SELECT 1 FROM "blind" AS "also1" WHERE "also1"."tenant" = "lead"."tenant" AND "also1"."lodged_at" = "lead"."lodged_at" AND "also1"."case_id" = "lead"."case_id" AND "also1"."text_id" = "lead"."text_id" AND "also1"."token" = ?) AND EXISTS(SELECT 1 FROM "blind" AS "also2" WHERE "also2"."tenant" = "lead"."tenant" AND "also2"."lodged_at" = "lead"."lodged_at" AND "also2"."case_id" = "lead"."case_id" AND "also2"."token" = ?) AND ("lead"."lodged_at", "lead"."case_id") < (?, ?) ORDER BY "lead"."lodged_at" DESC, "lead"."case_id" DESC LIMIT ?;

-- cases of a name of two words that come about as often as each other (built when asked)
SELECT "blind"."lodged_at", "blind"."case_id", "blind"."text_id" FROM "blind" WHERE "blind"."tenant" = ? AND "blind"."token" = ? AND ("blind"."lodged_at", "blind"."case_id") < (?, ?) INTERSECT SELECT "blind"."lodged_at", "blind"."case_id", "blind"."text_id" FROM "blind" WHERE "blind"."tenant" = ? AND "blind"."token" = ? AND ("blind"."lodged_at", "blind"."case_id") < (?, ?) ORDER BY "lodged_at" DESC, "case_id" DESC, "text_id" DESC LIMIT ?;
