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
CREATE TABLE "challenge" ( "tenant" text NOT NULL, "id" blob NOT NULL, "purpose" text NOT NULL, "subject" blob NOT NULL, "request" blob NOT NULL, "key_id" text NOT NULL, "mac" blob NOT NULL, "issued_at" integer NOT NULL, "expires_at" integer NOT NULL, "tries" integer NOT NULL, "used" integer NOT NULL, PRIMARY KEY ("tenant", "id") ) STRICT, WITHOUT ROWID;

-- migration 2
CREATE TABLE "limiter" ( "tenant" text NOT NULL, "subject" text NOT NULL, "revision" integer NOT NULL, "state" text NOT NULL, PRIMARY KEY ("tenant", "subject") ) STRICT, WITHOUT ROWID;

-- migration 2
CREATE INDEX "challenge_expiry" ON "challenge" ("tenant", "expires_at");

-- insert_event
INSERT INTO "event" ("tenant", "case_id", "version", "at", "actor", "rulebook", "command", "kind", "body", "hash") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- insert_grievance
INSERT INTO "grievance" ("tenant", "case_id", "version", "number", "source", "external_number", "kind", "category", "place", "channel", "priority", "stage", "phase", "unit", "held_since", "lodged_at", "received_at", "first_disposed_at", "disposed_at", "disposed_by", "reason", "class", "feedback", "reopenings", "appeals", "transfers", "part_of", "merged_into", "tracking", "rulebook", "updated_at", "sharer") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- update_grievance
UPDATE "grievance" SET "version" = ?, "number" = ?, "source" = ?, "external_number" = ?, "kind" = ?, "category" = ?, "place" = ?, "channel" = ?, "priority" = ?, "stage" = ?, "phase" = ?, "unit" = ?, "held_since" = ?, "lodged_at" = ?, "received_at" = ?, "first_disposed_at" = ?, "disposed_at" = ?, "disposed_by" = ?, "reason" = ?, "class" = ?, "feedback" = ?, "reopenings" = ?, "appeals" = ?, "transfers" = ?, "part_of" = ?, "merged_into" = ?, "tracking" = ?, "rulebook" = ?, "updated_at" = ?, "sharer" = ? WHERE "tenant" = ? AND "case_id" = ? AND "version" = ?;

-- insert_command
INSERT INTO "command" ("tenant", "command", "fingerprint", "case_id", "version", "number") VALUES (?, ?, ?, ?, ?, ?);

-- insert_text
INSERT INTO "vault" ("tenant", "id", "case_id", "compartment", "field", "salt", "key_id", "content") VALUES (?, ?, ?, ?, ?, ?, ?, ?);

-- receipt
SELECT "fingerprint", "case_id", "version", "number" FROM "command" WHERE "tenant" = ? AND "command" = ?;

-- version
SELECT "version" FROM "grievance" WHERE "tenant" = ? AND "case_id" = ?;

-- fact
SELECT "tenant", "case_id", "version", "number", "source", "external_number", "kind", "category", "place", "channel", "priority", "stage", "phase", "unit", "held_since", "lodged_at", "received_at", "first_disposed_at", "disposed_at", "disposed_by", "reason", "class", "feedback", "reopenings", "appeals", "transfers", "part_of", "merged_into", "tracking", "rulebook", "updated_at", "sharer" FROM "grievance" WHERE "tenant" = ? AND "case_id" = ?;

-- owner
SELECT "case_id" FROM "grievance" WHERE "tenant" = ? AND "number" = ? AND "sharer" = ?;

-- external
SELECT "case_id" FROM "grievance" WHERE "tenant" = ? AND "external_number" = ? AND "source" = ?;

-- tracking
SELECT "case_id" FROM "grievance" WHERE "tenant" = ? AND "tracking" = ? AND "part_of" IS NULL;

-- history
SELECT "case_id", "version", "at", "actor", "rulebook", "body", "hash" FROM "event" WHERE "tenant" = ? AND "case_id" = ? ORDER BY "version" ASC;

-- scan
SELECT "case_id", "version", "at", "actor", "rulebook", "body", "hash" FROM "event" WHERE "tenant" = ? AND ("case_id", "version") > (?, ?) ORDER BY "case_id" ASC, "version" ASC LIMIT ?;

-- text
SELECT "id", "compartment", "field", "salt", "content" FROM "vault" WHERE "tenant" = ? AND "id" = ?;

-- reserve
INSERT INTO "serial" ("tenant", "series", "next") VALUES (?, ?, ?) ON CONFLICT ("tenant", "series") DO UPDATE SET "next" = (CASE WHEN ("serial"."next" + ? < "excluded"."next") THEN "excluded"."next" ELSE "serial"."next" + ? END) RETURNING "next";

-- keep
INSERT INTO "edition" ("tenant", "version", "document") VALUES (?, ?, ?) ON CONFLICT ("tenant", "version") DO NOTHING;

-- activate
INSERT INTO "activation" ("tenant", "from_at", "version") VALUES (?, ?, ?) ON CONFLICT ("tenant", "from_at") DO UPDATE SET "version" = "excluded"."version";

-- edition
SELECT "document" FROM "edition" WHERE "tenant" = ? AND "version" = ?;

-- in_force
SELECT "version" FROM "activation" WHERE "tenant" = ? AND "from_at" <= ? ORDER BY "from_at" DESC LIMIT ?;

-- unmoved
SELECT "case_id" FROM "grievance" WHERE "tenant" = ? AND "case_id" > ? AND "rulebook" <> ? AND "phase" IN ('registered', 'in_progress', 'awaiting_complainant', 'action_reported', 'under_appeal') ORDER BY "case_id" ASC LIMIT ?;

-- appoint
INSERT INTO "holding" ("tenant", "unit", "post", "from_at", "person", "acting", "until_at") VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT ("tenant", "unit", "post", "from_at", "person") DO UPDATE SET "acting" = "excluded"."acting", "until_at" = "excluded"."until_at";

-- holders
SELECT "person", "acting", "from_at", "until_at" FROM "holding" WHERE "tenant" = ? AND "unit" = ? AND "post" = ? AND "from_at" <= ? AND ("until_at" IS NULL OR "until_at" > ?) ORDER BY "from_at" ASC, "person" ASC;

-- insert_challenge
INSERT INTO "challenge" ("tenant", "id", "purpose", "subject", "request", "key_id", "mac", "issued_at", "expires_at", "tries", "used") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- challenge
SELECT "purpose", "subject", "request", "key_id", "mac", "issued_at", "expires_at", "tries", "used" FROM "challenge" WHERE "tenant" = ? AND "id" = ?;

-- spend_challenge
UPDATE "challenge" SET "tries" = ?, "used" = ? WHERE "tenant" = ? AND "id" = ? AND "tries" = ? AND "used" = ?;

-- forget_challenges
DELETE FROM "challenge" WHERE "tenant" = ? AND "expires_at" < ?;

-- limiter
SELECT "revision", "state" FROM "limiter" WHERE "tenant" = ? AND "subject" = ?;

-- insert_limiter
INSERT INTO "limiter" ("tenant", "subject", "revision", "state") VALUES (?, ?, ?, ?);

-- update_limiter
UPDATE "limiter" SET "revision" = ?, "state" = ? WHERE "tenant" = ? AND "subject" = ? AND "revision" = ?;

-- a search with everything that can be asked (built when asked)
SELECT "tenant", "case_id", "version", "number", "source", "external_number", "kind", "category", "place", "channel", "priority", "stage", "phase", "unit", "held_since", "lodged_at", "received_at", "first_disposed_at", "disposed_at", "disposed_by", "reason", "class", "feedback", "reopenings", "appeals", "transfers", "part_of", "merged_into", "tracking", "rulebook", "updated_at", "sharer" FROM "grievance" WHERE "tenant" = ? AND "number" = ? AND "external_number" = ? AND "source" = ? AND "lodged_at" >= ? AND "lodged_at" < ? AND "unit" IN (?) AND "category" IN (?) AND "stage" IN (?) AND "phase" IN (?, ?) AND ("lodged_at", "case_id") < (?, ?) ORDER BY "lodged_at" DESC, "case_id" DESC LIMIT ?;
