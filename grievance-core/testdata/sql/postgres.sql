-- What grievance-core says to this database. Generated: UPDATE_GOLDEN=1 rewrites it.

-- schema version
CREATE TABLE IF NOT EXISTS "schema_version" ( "id" bigint NOT NULL PRIMARY KEY, "version" bigint NOT NULL );

-- migration 1
CREATE TABLE "event" ( "tenant" text NOT NULL, "case_id" bytea NOT NULL, "version" bigint NOT NULL, "at" bigint NOT NULL, "actor" text NOT NULL, "rulebook" bytea NOT NULL, "command" bytea NOT NULL, "kind" text NOT NULL, "body" text NOT NULL, "hash" bytea NOT NULL, PRIMARY KEY ("tenant", "case_id", "version") );

-- migration 1
CREATE TABLE "grievance" ( "tenant" text NOT NULL, "case_id" bytea NOT NULL, "version" bigint NOT NULL, "number" text, "source" text, "external_number" text, "kind" text NOT NULL, "category" text, "place" text, "channel" text, "priority" text, "stage" text NOT NULL, "phase" text NOT NULL, "unit" text NOT NULL, "held_since" bigint NOT NULL, "lodged_at" bigint NOT NULL, "received_at" bigint NOT NULL, "first_disposed_at" bigint, "disposed_at" bigint, "disposed_by" text, "reason" text, "class" text, "feedback" text, "reopenings" bigint NOT NULL, "appeals" bigint NOT NULL, "transfers" bigint NOT NULL, "part_of" bytea, "merged_into" bytea, "tracking" bytea, "rulebook" bytea NOT NULL, "updated_at" bigint NOT NULL, "sharer" bytea NOT NULL, PRIMARY KEY ("tenant", "case_id") );

-- migration 1
CREATE TABLE "command" ( "tenant" text NOT NULL, "command" bytea NOT NULL, "fingerprint" bytea NOT NULL, "case_id" bytea NOT NULL, "version" bigint NOT NULL, "number" text, PRIMARY KEY ("tenant", "command") );

-- migration 1
CREATE TABLE "vault" ( "tenant" text NOT NULL, "id" bytea NOT NULL, "case_id" bytea NOT NULL, "compartment" text NOT NULL, "field" text NOT NULL, "salt" bytea NOT NULL, "key_id" text, "content" text NOT NULL, PRIMARY KEY ("tenant", "id") );

-- migration 1
CREATE TABLE "serial" ( "tenant" text NOT NULL, "series" text NOT NULL, "next" bigint NOT NULL, PRIMARY KEY ("tenant", "series") );

-- migration 1
CREATE TABLE "edition" ( "tenant" text NOT NULL, "version" bytea NOT NULL, "document" text NOT NULL, PRIMARY KEY ("tenant", "version") );

-- migration 1
CREATE TABLE "activation" ( "tenant" text NOT NULL, "from_at" bigint NOT NULL, "version" bytea NOT NULL, PRIMARY KEY ("tenant", "from_at"), FOREIGN KEY ("tenant", "version") REFERENCES "edition" ("tenant", "version") );

-- migration 1
CREATE TABLE "holding" ( "tenant" text NOT NULL, "unit" text NOT NULL, "post" text NOT NULL, "from_at" bigint NOT NULL, "person" bytea NOT NULL, "acting" bigint NOT NULL, "until_at" bigint, PRIMARY KEY ("tenant", "unit", "post", "from_at", "person") );

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

-- migration 2
ALTER TABLE "grievance" ADD COLUMN "due_at" bigint;

-- migration 2
ALTER TABLE "grievance" ADD COLUMN "breaches" bigint NOT NULL DEFAULT 0;

-- migration 2
ALTER TABLE "grievance" ADD COLUMN "breached_at" bigint;

-- migration 2
ALTER TABLE "grievance" ADD COLUMN "breached_by" text;

-- migration 2
ALTER TABLE "grievance" ADD COLUMN "escalations" bigint NOT NULL DEFAULT 0;

-- migration 2
ALTER TABLE "grievance" ADD COLUMN "level" bigint NOT NULL DEFAULT 0;

-- migration 2
ALTER TABLE "grievance" ADD COLUMN "reminders" bigint NOT NULL DEFAULT 0;

-- migration 2
ALTER TABLE "grievance" ADD COLUMN "extensions" bigint NOT NULL DEFAULT 0;

-- migration 2
CREATE TABLE "timer" ( "tenant" text NOT NULL, "case_id" bytea NOT NULL, "due_at" bigint NOT NULL, PRIMARY KEY ("tenant", "case_id") );

-- migration 2
CREATE TABLE "outbox" ( "tenant" text NOT NULL, "id" bytea NOT NULL, "case_id" bytea NOT NULL, "about" bigint NOT NULL, "place" bigint NOT NULL, "not_before" bigint NOT NULL, "next_at" bigint NOT NULL, "state" text NOT NULL, "attempts" bigint NOT NULL, "lease" bytea, "settled_at" bigint, "received_at" bigint, "problem" text, "body" text NOT NULL, PRIMARY KEY ("tenant", "id") );

-- migration 2
CREATE TABLE "job" ( "tenant" text NOT NULL, "schedule" text NOT NULL, "due_at" bigint NOT NULL, "kind" text NOT NULL, "done" bigint NOT NULL, PRIMARY KEY ("tenant", "schedule", "due_at") );

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

-- migration 3
CREATE TABLE "challenge" ( "tenant" text NOT NULL, "id" bytea NOT NULL, "purpose" text NOT NULL, "subject" bytea NOT NULL, "request" bytea NOT NULL, "key_id" text NOT NULL, "mac" bytea NOT NULL, "issued_at" bigint NOT NULL, "expires_at" bigint NOT NULL, "tries" bigint NOT NULL, "used" bigint NOT NULL, PRIMARY KEY ("tenant", "id") );

-- migration 3
CREATE TABLE "limiter" ( "tenant" text NOT NULL, "subject" text NOT NULL, "revision" bigint NOT NULL, "state" text NOT NULL, PRIMARY KEY ("tenant", "subject") );

-- migration 3
CREATE INDEX "challenge_expiry" ON "challenge" ("tenant", "expires_at");

-- migration 4
ALTER TABLE "outbox" ADD COLUMN "line" bigint NOT NULL DEFAULT 0;

-- migration 4
DROP INDEX "outbox_case";

-- migration 4
DROP INDEX "outbox_waiting";

-- migration 4
CREATE INDEX "outbox_waiting" ON "outbox" ("tenant", "next_at", "case_id", "about", "place", "line") WHERE "state" = ('waiting');

-- migration 4
CREATE INDEX "outbox_case" ON "outbox" ("tenant", "case_id", "line", "state", "about", "place");

-- migration 5
ALTER TABLE "limiter" ADD COLUMN "forget_at" bigint;

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
ALTER TABLE "grievance" ADD COLUMN "complainant" bytea;

-- migration 6
ALTER TABLE "grievance" ADD COLUMN "lodged_by" bytea;

-- migration 6
ALTER TABLE "grievance" ADD COLUMN "sealed" text;

-- migration 6
ALTER TABLE "grievance" ADD COLUMN "waivers" bigint NOT NULL DEFAULT 0;

-- migration 6
CREATE TABLE "unit_reach" ( "tenant" text NOT NULL, "rulebook" bytea NOT NULL, "top" text NOT NULL, "unit" text NOT NULL, PRIMARY KEY ("tenant", "rulebook", "top", "unit") );

-- migration 6
CREATE TABLE "place_reach" ( "tenant" text NOT NULL, "rulebook" bytea NOT NULL, "around" text NOT NULL, "place" text NOT NULL, PRIMARY KEY ("tenant", "rulebook", "around", "place") );

-- migration 7
ALTER TABLE "vault" ADD COLUMN "sealed" bytea;

-- migration 7
ALTER TABLE "vault" ADD COLUMN "index_key" text;

-- migration 7
CREATE TABLE "blind" ( "tenant" text NOT NULL, "token" bytea NOT NULL, "lodged_at" bigint NOT NULL, "case_id" bytea NOT NULL, "text_id" bytea NOT NULL, PRIMARY KEY ("tenant", "token", "lodged_at", "case_id", "text_id") );

-- migration 7
CREATE TABLE "look" ( "tenant" text NOT NULL, "place" bigint NOT NULL, "at" bigint NOT NULL, "case_id" bytea, "actor" text NOT NULL, "body" text NOT NULL, "hash" bytea NOT NULL, PRIMARY KEY ("tenant", "place") );

-- migration 7
CREATE INDEX "vault_case" ON "vault" ("tenant", "case_id");

-- migration 7
CREATE INDEX "blind_case" ON "blind" ("tenant", "case_id", "text_id");

-- migration 7
CREATE INDEX "look_case" ON "look" ("tenant", "case_id", "place") WHERE "case_id" IS NOT NULL;

-- migration 8
CREATE TABLE "head" ( "tenant" text NOT NULL, "case_id" bytea NOT NULL, "version" bigint NOT NULL, "hash" bytea NOT NULL, "number" bigint NOT NULL, PRIMARY KEY ("tenant", "case_id", "version") );

-- migration 8
CREATE TABLE "checkpoint" ( "tenant" text NOT NULL, "number" bigint NOT NULL, "previous" bytea NOT NULL, "body" text NOT NULL, PRIMARY KEY ("tenant", "number") );

-- migration 8
CREATE UNIQUE INDEX "checkpoint_previous" ON "checkpoint" ("tenant", "previous");

-- migration 9
ALTER TABLE "grievance" ADD COLUMN "finding" text;

-- migration 9
ALTER TABLE "grievance" ADD COLUMN "sampled_for" bigint;

-- migration 9
ALTER TABLE "grievance" ADD COLUMN "root_cause" text;

-- migration 9
ALTER TABLE "grievance" ADD COLUMN "change" text;

-- migration 10
ALTER TABLE "outbox" ADD COLUMN "reference" text;

-- migration 10
CREATE INDEX "outbox_reference" ON "outbox" ("tenant", "reference") WHERE "reference" IS NOT NULL;

-- migration 11
ALTER TABLE "grievance" ADD COLUMN "judged_due_at" bigint;

-- migration 11
ALTER TABLE "grievance" ADD COLUMN "late_at" bigint;

-- migration 11
ALTER TABLE "grievance" ADD COLUMN "soon_at" bigint;

-- migration 11
ALTER TABLE "grievance" ADD COLUMN "last_told_at" bigint;

-- migration 11
ALTER TABLE "grievance" ADD COLUMN "suggestion" bytea;

-- insert_event
INSERT INTO "event" ("tenant", "case_id", "version", "at", "actor", "rulebook", "command", "kind", "body", "hash") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- insert_grievance
INSERT INTO "grievance" ("tenant", "case_id", "version", "number", "source", "external_number", "kind", "category", "place", "channel", "priority", "stage", "phase", "unit", "held_since", "lodged_at", "received_at", "first_disposed_at", "disposed_at", "disposed_by", "reason", "class", "feedback", "reopenings", "appeals", "transfers", "part_of", "merged_into", "tracking", "rulebook", "updated_at", "sharer", "due_at", "breaches", "breached_at", "breached_by", "escalations", "level", "reminders", "extensions", "sender", "last_mover", "consulted", "against", "complainant", "lodged_by", "sealed", "waivers", "finding", "sampled_for", "root_cause", "change", "judged_due_at", "late_at", "soon_at", "last_told_at", "suggestion") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, $43, $44, $45, $46, $47, $48, $49, $50, $51, $52, $53, $54, $55, $56, $57);

-- update_grievance
UPDATE "grievance" SET "version" = $1, "number" = $2, "source" = $3, "external_number" = $4, "kind" = $5, "category" = $6, "place" = $7, "channel" = $8, "priority" = $9, "stage" = $10, "phase" = $11, "unit" = $12, "held_since" = $13, "lodged_at" = $14, "received_at" = $15, "first_disposed_at" = $16, "disposed_at" = $17, "disposed_by" = $18, "reason" = $19, "class" = $20, "feedback" = $21, "reopenings" = $22, "appeals" = $23, "transfers" = $24, "part_of" = $25, "merged_into" = $26, "tracking" = $27, "rulebook" = $28, "updated_at" = $29, "sharer" = $30, "due_at" = $31, "breaches" = $32, "breached_at" = $33, "breached_by" = $34, "escalations" = $35, "level" = $36, "reminders" = $37, "extensions" = $38, "sender" = $39, "last_mover" = $40, "consulted" = $41, "against" = $42, "complainant" = $43, "lodged_by" = $44, "sealed" = $45, "waivers" = $46, "finding" = $47, "sampled_for" = $48, "root_cause" = $49, "change" = $50, "judged_due_at" = $51, "late_at" = $52, "soon_at" = $53, "last_told_at" = $54, "suggestion" = $55 WHERE "tenant" = $56 AND "case_id" = $57 AND "version" = $58;

-- set_timer
INSERT INTO "timer" ("tenant", "case_id", "due_at") VALUES ($1, $2, $3) ON CONFLICT ("tenant", "case_id") DO UPDATE SET "due_at" = "excluded"."due_at" WHERE "timer"."due_at" <> "excluded"."due_at";

-- drop_timer
DELETE FROM "timer" WHERE "tenant" = $1 AND "case_id" = $2;

-- insert_notice
INSERT INTO "outbox" ("tenant", "id", "case_id", "about", "place", "not_before", "next_at", "state", "attempts", "lease", "settled_at", "received_at", "problem", "body", "line") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15);

-- post_notice
INSERT INTO "outbox" ("tenant", "id", "case_id", "about", "place", "not_before", "next_at", "state", "attempts", "lease", "settled_at", "received_at", "problem", "body", "line") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) ON CONFLICT ("tenant", "id") DO NOTHING;

-- insert_command
INSERT INTO "command" ("tenant", "command", "fingerprint", "case_id", "version", "number") VALUES ($1, $2, $3, $4, $5, $6);

-- insert_text
INSERT INTO "vault" ("tenant", "id", "case_id", "compartment", "field", "salt", "key_id", "content", "sealed", "index_key") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- insert_token
INSERT INTO "blind" ("tenant", "token", "lodged_at", "case_id", "text_id") VALUES ($1, $2, $3, $4, $5);

-- count_token
SELECT COUNT(*), MAX("first"."lodged_at"), MIN("first"."lodged_at") FROM (SELECT "lodged_at" FROM "blind" WHERE "tenant" = $1 AND "token" = $2 ORDER BY "lodged_at" DESC, "case_id" DESC LIMIT $3) AS "first";

-- drop_tokens
DELETE FROM "blind" WHERE "tenant" = $1 AND "case_id" = $2 AND "text_id" = $3;

-- erase_tokens
DELETE FROM "blind" WHERE "tenant" = $1 AND "case_id" = $2;

-- erase_texts
DELETE FROM "vault" WHERE "tenant" = $1 AND "case_id" = $2;

-- erase_fingerprints
UPDATE "command" SET "fingerprint" = $1 WHERE "tenant" = $2 AND "case_id" = $3 AND "command" IN (SELECT "command" FROM "event" WHERE "tenant" = $4 AND "case_id" = $5) AND "command" <> $6;

-- any_text
SELECT "id" FROM "vault" WHERE "tenant" = $1 AND "case_id" = $2 ORDER BY "id" ASC LIMIT 1;

-- stale_texts
SELECT "id", "case_id", "compartment", "field", "salt", "key_id", "content", "sealed", "index_key" FROM "vault" WHERE "tenant" = $1 AND "id" > $2 AND (COALESCE("key_id", '') <> $3 OR ("compartment" = ('identity') AND COALESCE("index_key", '') <> $4)) ORDER BY "id" ASC LIMIT $5;

-- reseal
UPDATE "vault" SET "salt" = $1, "key_id" = $2, "content" = $3, "sealed" = $4, "index_key" = $5 WHERE "tenant" = $6 AND "id" = $7 AND (NOT COALESCE("key_id", '') <> $8) AND (NOT COALESCE("index_key", '') <> $9);

-- lodged_at
SELECT "lodged_at" FROM "grievance" WHERE "tenant" = $1 AND "case_id" = $2;

-- last_look
SELECT "place", "hash" FROM "look" WHERE "tenant" = $1 ORDER BY "place" DESC LIMIT 1;

-- insert_look
INSERT INTO "look" ("tenant", "place", "at", "case_id", "actor", "body", "hash") VALUES ($1, $2, $3, $4, $5, $6, $7);

-- looks
SELECT "place", "at", "case_id", "actor", "body", "hash" FROM "look" WHERE "tenant" = $1 AND "place" > $2 ORDER BY "place" ASC LIMIT $3;

-- looks_at
SELECT "place", "at", "case_id", "actor", "body", "hash" FROM "look" WHERE "tenant" = $1 AND "case_id" = $2 AND "place" > $3 ORDER BY "place" ASC LIMIT $4;

-- receipt
SELECT "fingerprint", "case_id", "version", "number" FROM "command" WHERE "tenant" = $1 AND "command" = $2;

-- version
SELECT "version" FROM "grievance" WHERE "tenant" = $1 AND "case_id" = $2;

-- fact
SELECT "tenant", "case_id", "version", "number", "source", "external_number", "kind", "category", "place", "channel", "priority", "stage", "phase", "unit", "held_since", "lodged_at", "received_at", "first_disposed_at", "disposed_at", "disposed_by", "reason", "class", "feedback", "reopenings", "appeals", "transfers", "part_of", "merged_into", "tracking", "rulebook", "updated_at", "sharer", "due_at", "breaches", "breached_at", "breached_by", "escalations", "level", "reminders", "extensions", "sender", "last_mover", "consulted", "against", "complainant", "lodged_by", "sealed", "waivers", "finding", "sampled_for", "root_cause", "change", "judged_due_at", "late_at", "soon_at", "last_told_at", "suggestion" FROM "grievance" WHERE "tenant" = $1 AND "case_id" = $2;

-- owner
SELECT "case_id" FROM "grievance" WHERE "tenant" = $1 AND "number" = $2 AND "sharer" = $3;

-- external
SELECT "case_id" FROM "grievance" WHERE "tenant" = $1 AND "external_number" = $2 AND "source" = $3;

-- tracking
SELECT "case_id" FROM "grievance" WHERE "tenant" = $1 AND "tracking" = $2 AND "part_of" IS NULL;

-- history
SELECT "case_id", "version", "at", "actor", "rulebook", "body", "hash" FROM "event" WHERE "tenant" = $1 AND "case_id" = $2 ORDER BY "version" ASC;

-- history_from
SELECT "case_id", "version", "at", "actor", "rulebook", "body", "hash" FROM "event" WHERE "tenant" = $1 AND "case_id" = $2 AND "version" >= $3 ORDER BY "version" ASC;

-- file
SELECT "case_id", "version", "at", "actor", "rulebook", "command", "kind", "body", "hash", (SELECT "grievance"."version" FROM "grievance" WHERE "grievance"."tenant" = "event"."tenant" AND "grievance"."case_id" = "event"."case_id") FROM "event" WHERE "tenant" = $1 AND "case_id" = $2 ORDER BY "event"."version" ASC;

-- folios
SELECT "case_id", "version", "at", "actor", "rulebook", "command", "kind", "body", "hash" FROM "event" WHERE "tenant" = $1 AND ("case_id", "version") > ($2, $3) ORDER BY "case_id" ASC, "version" ASC LIMIT $4;

-- empty_files
SELECT "case_id" FROM "grievance" WHERE "tenant" = $1 AND "case_id" > $2 AND (NOT EXISTS(SELECT 1 FROM "event" WHERE "event"."tenant" = "grievance"."tenant" AND "event"."case_id" = "grievance"."case_id")) ORDER BY "case_id" ASC LIMIT $3;

-- take_heads
INSERT INTO "head" ("tenant", "case_id", "version", "hash", "number") SELECT "grievance"."tenant", "grievance"."case_id", "grievance"."version", "event"."hash", CAST($1 AS BIGINT) FROM "grievance" INNER JOIN "event" ON "event"."tenant" = "grievance"."tenant" AND "event"."case_id" = "grievance"."case_id" AND "event"."version" = "grievance"."version" WHERE "grievance"."tenant" = $2 AND (NOT EXISTS(SELECT 1 FROM "head" AS "known" WHERE "known"."tenant" = "grievance"."tenant" AND "known"."case_id" = "grievance"."case_id" AND "known"."version" >= "grievance"."version"));

-- heads
SELECT "case_id", "version", "hash" FROM "head" WHERE "head"."tenant" = $1 AND "head"."number" <= $2 AND "head"."case_id" > $3 AND (NOT EXISTS(SELECT 1 FROM "head" AS "further" WHERE "further"."tenant" = "head"."tenant" AND "further"."case_id" = "head"."case_id" AND "further"."version" > "head"."version" AND "further"."number" <= $4)) ORDER BY "head"."case_id" ASC LIMIT $5;

-- advances
SELECT "case_id", "version", (SELECT MAX("earlier"."version") FROM "head" AS "earlier" WHERE "earlier"."tenant" = "head"."tenant" AND "earlier"."case_id" = "head"."case_id" AND "earlier"."number" <= $1) FROM "head" WHERE "head"."tenant" = $2 AND "head"."number" > $3 AND "head"."number" <= $4 AND "head"."case_id" > $5 AND (NOT EXISTS(SELECT 1 FROM "head" AS "further" WHERE "further"."tenant" = "head"."tenant" AND "further"."case_id" = "head"."case_id" AND "further"."version" > "head"."version" AND "further"."number" <= $6)) ORDER BY "head"."case_id" ASC LIMIT $7;

-- keep_checkpoint
INSERT INTO "checkpoint" ("tenant", "number", "previous", "body") VALUES ($1, $2, $3, $4) ON CONFLICT  DO NOTHING;

-- checkpoints
SELECT "number", "body" FROM "checkpoint" WHERE "tenant" = $1 AND "number" > $2 ORDER BY "number" ASC LIMIT $3;

-- last_checkpoint
SELECT "number", "body" FROM "checkpoint" WHERE "tenant" = $1 ORDER BY "number" DESC LIMIT 1;

-- text
SELECT "id", "case_id", "compartment", "field", "salt", "key_id", "content", "sealed", "index_key" FROM "vault" WHERE "tenant" = $1 AND "id" = $2;

-- reserve
INSERT INTO "serial" ("tenant", "series", "next") VALUES ($1, $2, $3) ON CONFLICT ("tenant", "series") DO UPDATE SET "next" = (CASE WHEN ("serial"."next" + $4 < "excluded"."next") THEN "excluded"."next" ELSE "serial"."next" + $5 END) RETURNING "next";

-- keep
INSERT INTO "edition" ("tenant", "version", "document") VALUES ($1, $2, $3) ON CONFLICT ("tenant", "version") DO NOTHING;

-- charted
SELECT "top" FROM "unit_reach" WHERE "tenant" = $1 AND "rulebook" = $2 ORDER BY "top" ASC LIMIT 1;

-- chart_unit
INSERT INTO "unit_reach" ("tenant", "rulebook", "top", "unit") VALUES ($1, $2, $3, $4) ON CONFLICT ("tenant", "rulebook", "top", "unit") DO NOTHING;

-- chart_place
INSERT INTO "place_reach" ("tenant", "rulebook", "around", "place") VALUES ($1, $2, $3, $4) ON CONFLICT ("tenant", "rulebook", "around", "place") DO NOTHING;

-- activate
INSERT INTO "activation" ("tenant", "from_at", "version") VALUES ($1, $2, $3) ON CONFLICT ("tenant", "from_at") DO UPDATE SET "version" = "excluded"."version";

-- edition
SELECT "document" FROM "edition" WHERE "tenant" = $1 AND "version" = $2;

-- in_force
SELECT "version" FROM "activation" WHERE "tenant" = $1 AND "from_at" <= $2 ORDER BY "from_at" DESC LIMIT 1;

-- in_force_since
SELECT "from_at" FROM "activation" WHERE "tenant" = $1 AND "from_at" <= $2 ORDER BY "from_at" DESC LIMIT 1;

-- unmoved
SELECT "case_id" FROM "grievance" WHERE "tenant" = $1 AND "case_id" > $2 AND "rulebook" <> $3 AND "phase" IN ('registered', 'in_progress', 'awaiting_complainant', 'action_reported', 'under_appeal') ORDER BY "case_id" ASC LIMIT $4;

-- appoint
INSERT INTO "holding" ("tenant", "unit", "post", "from_at", "person", "acting", "until_at") VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT ("tenant", "unit", "post", "from_at", "person") DO UPDATE SET "acting" = "excluded"."acting", "until_at" = "excluded"."until_at";

-- holders
SELECT "person", "acting", "from_at", "until_at" FROM "holding" WHERE "tenant" = $1 AND "unit" = $2 AND "post" = $3 AND "from_at" <= $4 AND ("until_at" IS NULL OR "until_at" > $5) ORDER BY "from_at" ASC, "person" ASC;

-- terms
SELECT "from_at", "until_at" FROM "holding" WHERE "tenant" = $1 AND "unit" = $2 AND "post" = $3;

-- due
SELECT "due_at", "case_id" FROM "timer" WHERE "tenant" = $1 AND "due_at" <= $2 AND ("due_at", "case_id") > ($3, $4) ORDER BY "due_at" ASC, "case_id" ASC LIMIT $5;

-- next_due
SELECT "due_at" FROM "timer" WHERE "tenant" = $1 ORDER BY "due_at" ASC LIMIT 1;

-- claimable
SELECT "outbox"."id", "outbox"."attempts", "outbox"."body" FROM "outbox" WHERE "outbox"."tenant" = $1 AND "outbox"."state" = ('waiting') AND (NOT EXISTS(SELECT 1 FROM "outbox" AS "before" WHERE "before"."tenant" = "outbox"."tenant" AND "before"."case_id" = "outbox"."case_id" AND "before"."line" = "outbox"."line" AND "before"."state" = ('waiting') AND ("before"."about", "before"."place") < ("outbox"."about", "outbox"."place"))) AND "outbox"."next_at" <= $2 ORDER BY "outbox"."next_at" ASC, "outbox"."case_id" ASC, "outbox"."about" ASC, "outbox"."place" ASC LIMIT $3;

-- outbox_next
SELECT "outbox"."next_at" FROM "outbox" WHERE "outbox"."tenant" = $1 AND "outbox"."state" = ('waiting') AND (NOT EXISTS(SELECT 1 FROM "outbox" AS "before" WHERE "before"."tenant" = "outbox"."tenant" AND "before"."case_id" = "outbox"."case_id" AND "before"."line" = "outbox"."line" AND "before"."state" = ('waiting') AND ("before"."about", "before"."place") < ("outbox"."about", "outbox"."place"))) ORDER BY "outbox"."next_at" ASC, "outbox"."case_id" ASC, "outbox"."about" ASC, "outbox"."place" ASC LIMIT 1;

-- claim
UPDATE "outbox" SET "lease" = $1, "next_at" = $2, "attempts" = "attempts" + (1) WHERE "tenant" = $3 AND "id" = $4 AND "outbox"."state" = ('waiting') AND "next_at" <= $5 AND "attempts" = $6;

-- notice_place
SELECT "case_id", "line", "about", "place" FROM "outbox" WHERE "tenant" = $1 AND "id" = $2;

-- settle
UPDATE "outbox" SET "state" = $1, "settled_at" = $2, "problem" = $3, "reference" = $4, "lease" = NULL WHERE "tenant" = $5 AND "id" = $6 AND "lease" = $7;

-- retry
UPDATE "outbox" SET "next_at" = (CASE WHEN ("not_before" < $1) THEN $2 ELSE "not_before" END), "problem" = $3, "lease" = NULL WHERE "tenant" = $4 AND "id" = $5 AND "lease" = $6;

-- hold_back
UPDATE "outbox" SET "next_at" = $1 WHERE "tenant" = $2 AND "case_id" = $3 AND "line" = $4 AND "outbox"."state" = ('waiting') AND "next_at" < $5 AND ("about", "place") > ($6, $7);

-- parked
SELECT "body", "state", "attempts", "settled_at", "received_at", "problem", "reference" FROM "outbox" WHERE "tenant" = $1 AND "outbox"."state" = ('parked') ORDER BY "settled_at" ASC, "id" ASC LIMIT $2;

-- revive
UPDATE "outbox" SET "state" = 'waiting', "attempts" = 0, "next_at" = (CASE WHEN ("not_before" < $1) THEN $2 ELSE "not_before" END), "settled_at" = NULL, "problem" = NULL WHERE "tenant" = $3 AND "id" = $4 AND "outbox"."state" = ('parked');

-- delivery_report
UPDATE "outbox" SET "received_at" = COALESCE("received_at", $1) WHERE "tenant" = $2 AND "id" = $3;

-- referred
SELECT "id" FROM "outbox" WHERE "tenant" = $1 AND "reference" = $2;

-- notices_of
SELECT "body", "state", "attempts", "settled_at", "received_at", "problem", "reference" FROM "outbox" WHERE "tenant" = $1 AND "case_id" = $2;

-- last_job
SELECT "due_at" FROM "job" WHERE "tenant" = $1 AND "schedule" = $2 ORDER BY "due_at" DESC LIMIT 1;

-- add_job
INSERT INTO "job" ("tenant", "schedule", "due_at", "kind", "done") VALUES ($1, $2, $3, $4, $5) ON CONFLICT ("tenant", "schedule", "due_at") DO NOTHING;

-- open_jobs
SELECT "schedule", "due_at", "kind" FROM "job" WHERE "tenant" = $1 AND ("done" = 0) ORDER BY "due_at" ASC, "schedule" COLLATE "C" ASC LIMIT $2;

-- finish_job
UPDATE "job" SET "done" = 1 WHERE "tenant" = $1 AND "schedule" = $2 AND "due_at" = $3 AND ("done" = 0);

-- insert_challenge
INSERT INTO "challenge" ("tenant", "id", "purpose", "subject", "request", "key_id", "mac", "issued_at", "expires_at", "tries", "used") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);

-- challenge
SELECT "purpose", "subject", "request", "key_id", "mac", "issued_at", "expires_at", "tries", "used" FROM "challenge" WHERE "tenant" = $1 AND "id" = $2;

-- spend_challenge
UPDATE "challenge" SET "tries" = $1, "used" = $2 WHERE "tenant" = $3 AND "id" = $4 AND "tries" = $5 AND "used" = $6;

-- forget_challenges
DELETE FROM "challenge" WHERE "tenant" = $1 AND "expires_at" < $2 AND "id" IN (SELECT "id" FROM "challenge" WHERE "tenant" = $3 AND "expires_at" < $4 ORDER BY "expires_at" ASC LIMIT $5);

-- limiter
SELECT "revision", "state" FROM "limiter" WHERE "tenant" = $1 AND "subject" = $2;

-- insert_limiter
INSERT INTO "limiter" ("tenant", "subject", "revision", "state", "forget_at") VALUES ($1, $2, $3, $4, $5);

-- update_limiter
UPDATE "limiter" SET "revision" = $1, "state" = $2, "forget_at" = $3 WHERE "tenant" = $4 AND "subject" = $5 AND "revision" = $6;

-- forget_limiters
DELETE FROM "limiter" WHERE "tenant" = $1 AND "forget_at" < $2 AND "subject" IN (SELECT "subject" FROM "limiter" WHERE "tenant" = $3 AND "forget_at" < $4 ORDER BY "forget_at" ASC LIMIT $5);

-- a search with everything that can be asked (built when asked)
SELECT "tenant", "case_id", "version", "number", "source", "external_number", "kind", "category", "place", "channel", "priority", "stage", "phase", "unit", "held_since", "lodged_at", "received_at", "first_disposed_at", "disposed_at", "disposed_by", "reason", "class", "feedback", "reopenings", "appeals", "transfers", "part_of", "merged_into", "tracking", "rulebook", "updated_at", "sharer", "due_at", "breaches", "breached_at", "breached_by", "escalations", "level", "reminders", "extensions", "sender", "last_mover", "consulted", "against", "complainant", "lodged_by", "sealed", "waivers", "finding", "sampled_for", "root_cause", "change", "judged_due_at", "late_at", "soon_at", "last_told_at", "suggestion" FROM "grievance" WHERE "tenant" = $1 AND "number" = $2 AND "external_number" = $3 AND "source" = $4 AND "lodged_at" >= $5 AND "lodged_at" < $6 AND "unit" IN ($7) AND "category" IN ($8) AND "stage" IN ($9) AND "phase" IN ($10, $11) AND ("lodged_at", "case_id") < ($12, $13) AND (((NOT "sealed" IS NOT NULL) AND (NOT ("lodged_by" IS NULL OR ("against" IS NOT NULL AND "against" IN ($14)))) AND (("complainant" IS NOT NULL AND "complainant" = $15) OR ("lodged_by" IS NOT NULL AND "lodged_by" = $16) OR ("sender" IS NOT NULL AND "sender" = $17) OR ("last_mover" IS NOT NULL AND "last_mover" = $18) OR "consulted" LIKE $19 ESCAPE E'\\' OR "unit" = $20 OR "unit" IN (SELECT "unit_reach"."unit" FROM "unit_reach" WHERE "unit_reach"."tenant" = $21 AND "unit_reach"."rulebook" = $22 AND "unit_reach"."top" = $23) OR ("place" IS NOT NULL AND "place" IN (SELECT "place_reach"."place" FROM "place_reach" WHERE "place_reach"."tenant" = $24 AND "place_reach"."rulebook" = $25 AND "place_reach"."around" = $26)) OR (1 = 0))) OR ("sealed" IS NOT NULL AND "sealed" IN ($27) AND (1 = 1))) ORDER BY "lodged_at" DESC, "case_id" DESC LIMIT $28;

-- a scan of the cases in a scope (built when asked)
SELECT "case_id", "version", "at", "actor", "rulebook", "body", "hash" FROM "event" WHERE "tenant" = $1 AND ("case_id", "version") > ($2, $3) AND EXISTS(SELECT 1 FROM "grievance" WHERE "grievance"."tenant" = $4 AND "grievance"."case_id" = "event"."case_id" AND (((NOT "sealed" IS NOT NULL) AND (NOT ("lodged_by" IS NULL OR ("against" IS NOT NULL AND "against" IN ($5)))) AND (("complainant" IS NOT NULL AND "complainant" = $6) OR ("lodged_by" IS NOT NULL AND "lodged_by" = $7) OR ("sender" IS NOT NULL AND "sender" = $8) OR ("last_mover" IS NOT NULL AND "last_mover" = $9) OR "consulted" LIKE $10 ESCAPE E'\\' OR "unit" = $11 OR "unit" IN (SELECT "unit_reach"."unit" FROM "unit_reach" WHERE "unit_reach"."tenant" = $12 AND "unit_reach"."rulebook" = $13 AND "unit_reach"."top" = $14) OR ("place" IS NOT NULL AND "place" IN (SELECT "place_reach"."place" FROM "place_reach" WHERE "place_reach"."tenant" = $15 AND "place_reach"."rulebook" = $16 AND "place_reach"."around" = $17)) OR (1 = 0))) OR ("sealed" IS NOT NULL AND "sealed" IN ($18) AND (1 = 1)))) ORDER BY "case_id" ASC, "version" ASC LIMIT $19;

-- how many cases are in a scope (built when asked)
SELECT COUNT(*) FROM "grievance" WHERE "tenant" = $1 AND (((NOT "sealed" IS NOT NULL) AND (NOT ("lodged_by" IS NULL OR ("against" IS NOT NULL AND "against" IN ($2)))) AND (("complainant" IS NOT NULL AND "complainant" = $3) OR ("lodged_by" IS NOT NULL AND "lodged_by" = $4) OR ("sender" IS NOT NULL AND "sender" = $5) OR ("last_mover" IS NOT NULL AND "last_mover" = $6) OR "consulted" LIKE $7 ESCAPE E'\\' OR "unit" = $8 OR "unit" IN (SELECT "unit_reach"."unit" FROM "unit_reach" WHERE "unit_reach"."tenant" = $9 AND "unit_reach"."rulebook" = $10 AND "unit_reach"."top" = $11) OR ("place" IS NOT NULL AND "place" IN (SELECT "place_reach"."place" FROM "place_reach" WHERE "place_reach"."tenant" = $12 AND "place_reach"."rulebook" = $13 AND "place_reach"."around" = $14)) OR (1 = 0))) OR ("sealed" IS NOT NULL AND "sealed" IN ($15) AND (1 = 1)));

-- counts and bands by subject (built when asked)
SELECT "code", "stand", "band", "class", "feedback", "reason", COUNT(*), COUNT((CASE WHEN ("late_at" < $1) THEN 1 END)), COUNT((CASE WHEN ("soon_at" <= $2 AND ("late_at" IS NULL OR "late_at" >= $3)) THEN 1 END)), COUNT((CASE WHEN ("judged_due_at" IS NULL) THEN 1 END)), MIN("received_at"), COUNT((CASE WHEN ("reopenings" > $4) THEN 1 END)), COUNT((CASE WHEN ("appeals" > $5) THEN 1 END)), COUNT((CASE WHEN ("escalations" > $6) THEN 1 END)), COUNT((CASE WHEN ("transfers" > $7) THEN 1 END)), COUNT((CASE WHEN ("breaches" > $8) THEN 1 END)) FROM (SELECT "code", "received_at", "class", "feedback", "reason", "judged_due_at", "late_at", "soon_at", "reopenings", "appeals", "escalations", "transfers", "breaches", (CASE WHEN ("part_of" IS NOT NULL) THEN $9 WHEN ("received_at" > $10 OR ("ended_at" < "received_at" OR "ended_at" > $11) OR "last_told_at" > $12 OR "reopenings" > $13 OR "appeals" > $14 OR "escalations" > $15 OR "transfers" > $16 OR "breaches" > $17) THEN $18 WHEN ("received_at" >= $19) THEN $20 WHEN ("ended_at" IS NULL OR "ended_at" >= $21) THEN $22 WHEN ("done" = $23) THEN $24 ELSE $25 END) AS "stand", (CASE WHEN ("ended_at" < $26) THEN $27 ELSE (CASE WHEN ("received_at" < $28) THEN $29 WHEN ("received_at" < $30) THEN $31 WHEN ("received_at" < $32) THEN $33 ELSE $34 END) END) AS "band" FROM (SELECT "category" AS "code", "unit", "part_of", "received_at", "class", "feedback", "reason", "judged_due_at", "late_at", "soon_at", "last_told_at", "reopenings", "appeals", "escalations", "transfers", "breaches", (CASE WHEN ("phase" IN ($35)) THEN "disposed_at" WHEN ("phase" IN ($36, $37, $38)) THEN (CASE WHEN ("source" IS NULL AND "updated_at" > "received_at") THEN "updated_at" ELSE "received_at" END) END) AS "ended_at", (CASE WHEN ("phase" IN ($39)) THEN $40 ELSE $41 END) AS "done" FROM "grievance" WHERE "tenant" = $42 AND "sealed" IS NULL AND (((NOT "sealed" IS NOT NULL) AND (NOT ("lodged_by" IS NULL OR ("against" IS NOT NULL AND "against" IN ($43)))) AND (("complainant" IS NOT NULL AND "complainant" = $44) OR ("lodged_by" IS NOT NULL AND "lodged_by" = $45) OR ("sender" IS NOT NULL AND "sender" = $46) OR ("last_mover" IS NOT NULL AND "last_mover" = $47) OR "consulted" LIKE $48 ESCAPE E'\\' OR "unit" = $49 OR "unit" IN (SELECT "unit_reach"."unit" FROM "unit_reach" WHERE "unit_reach"."tenant" = $50 AND "unit_reach"."rulebook" = $51 AND "unit_reach"."top" = $52) OR ("place" IS NOT NULL AND "place" IN (SELECT "place_reach"."place" FROM "place_reach" WHERE "place_reach"."tenant" = $53 AND "place_reach"."rulebook" = $54 AND "place_reach"."around" = $55)) OR (1 = 0))) OR ("sealed" IS NOT NULL AND "sealed" IN ($56) AND (1 = 1))) AND "unit" IN ($57) AND "category" = $58 AND "place" IN ($59)) AS "found") AS "stood" GROUP BY "code", "stand", "band", "class", "feedback", "reason";

-- cases of a name of two words and a mobile (built when asked)
SELECT "lead"."lodged_at", "lead"."case_id" FROM "blind" AS "lead" WHERE "lead"."tenant" = $1 AND "lead"."token" = $2 AND EXISTS(SELECT 1 FROM "blind" AS "also1" WHERE "also1"."tenant" = "lead"."tenant" AND "also1"."lodged_at" = "lead"."lodged_at" AND "also1"."case_id" = "lead"."case_id" AND "also1"."text_id" = "lead"."text_id" AND "also1"."token" = $3) AND EXISTS(SELECT 1 FROM "blind" AS "also2" WHERE "also2"."tenant" = "lead"."tenant" AND "also2"."lodged_at" = "lead"."lodged_at" AND "also2"."case_id" = "lead"."case_id" AND "also2"."token" = $4) AND ("lead"."lodged_at", "lead"."case_id") < ($5, $6) ORDER BY "lead"."lodged_at" DESC, "lead"."case_id" DESC LIMIT $7;

-- cases of a name of two words that come about as often as each other (built when asked)
SELECT "blind"."lodged_at", "blind"."case_id", "blind"."text_id" FROM "blind" WHERE "blind"."tenant" = $1 AND "blind"."token" = $2 AND ("blind"."lodged_at", "blind"."case_id") < ($3, $4) INTERSECT (SELECT "blind"."lodged_at", "blind"."case_id", "blind"."text_id" FROM "blind" WHERE "blind"."tenant" = $5 AND "blind"."token" = $6 AND ("blind"."lodged_at", "blind"."case_id") < ($7, $8)) ORDER BY "lodged_at" DESC, "case_id" DESC, "text_id" DESC LIMIT $9;
