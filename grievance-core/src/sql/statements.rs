//! The fixed statements: built once per dialect, the same text for ever after.

mod pieces;

use crate::kernel::text::Compartment;
use crate::sql::Dialect;
use crate::sql::row::{
    BLIND, CHALLENGE, CHECKPOINT, COMMAND, EVENT, FOLIO, GRIEVANCE, JOB, KEPT, LOOK, OUTBOX, PLACE_REACH,
    POSTED, TEXT, TIMER, UNIT_REACH, VAULT,
};
use crate::sql::statements::pieces::{
    ByBytes, One, Text as _, advances, any, delete, forget, heads, heads_under, insert, news_of_heads,
    not_before_or, not_under, once, select, state, word,
};
use crate::vocabulary::{NoticeState, Phase};
use sea_query::{CaseStatement, Expr, ExprTrait as _, Func, OnConflict, Order, Query};
use std::sync::OnceLock;

macro_rules! statements {
    ($($(#[$doc:meta])* $name:ident = $build:expr;)+) => {
        /// The text of every fixed statement, in one dialect.
        #[derive(Debug)]
        pub struct Statements { $($(#[$doc])* pub $name: String,)+ }

        impl Statements {
            fn build(dialect: Dialect) -> Self {
                Self { $($name: $build.text(dialect),)+ }
            }

            /// Every statement with its name.
            pub fn list(&self) -> Vec<(&'static str, &str)> {
                vec![$((stringify!($name), self.$name.as_str()),)+]
            }
        }
    };
}

statements! {
    /// Writes an event; a stale writer meets the primary key.
    insert_event = insert("event", &EVENT);
    /// Writes the row of a new case.
    insert_grievance = insert("grievance", &GRIEVANCE);
    /// Replaces the row of a case that still has the expected version: the new row without its
    /// key, then tenant, case and version.
    update_grievance = {
        let mut update = Query::update();
        update.table("grievance");
        for column in &GRIEVANCE[2..] {
            update.value(*column, any());
        }
        update
            .and_where(Expr::col("tenant").eq(any()))
            .and_where(Expr::col("case_id").eq(any()))
            .and_where(Expr::col("version").eq(any()))
            .take()
    };
    /// Says when a case next has something due; writes nothing where that is said already.
    set_timer = insert("timer", &TIMER)
        .on_conflict(
            OnConflict::columns(["tenant", "case_id"])
                .update_column("due_at")
                .action_and_where(Expr::col(("timer", "due_at")).ne(Expr::col(("excluded", "due_at"))))
                .clone(),
        )
        .take();
    /// Says that a case has nothing due.
    drop_timer = Query::delete()
        .from_table("timer")
        .and_where(Expr::col("tenant").eq(any()))
        .and_where(Expr::col("case_id").eq(any()))
        .take();
    /// Puts a message into the outbox.
    insert_notice = insert("outbox", &OUTBOX);
    /// Puts a message of no commit into the outbox, unless it is there.
    post_notice = insert("outbox", &OUTBOX)
        .on_conflict(OnConflict::columns(["tenant", "id"]).do_nothing().clone())
        .take();
    /// Keeps the receipt of a command; one that was used before meets the primary key.
    insert_command = insert("command", &COMMAND);
    /// Puts a text into the vault.
    insert_text = insert("vault", &VAULT);
    /// Adds a token of a text.
    insert_token = insert("blind", &BLIND);
    /// How many texts have a token, the newest first, counted up to a number, and when the newest and
    /// the oldest of them were lodged: tenant, token, that number.
    count_token = {
        let first = select("blind", &["lodged_at"], &["tenant", "token"])
            .order_by("lodged_at", Order::Desc)
            .order_by("case_id", Order::Desc)
            .limit(1)
            .take();
        let lodged_at = || Expr::col(("first", "lodged_at"));
        Query::select()
            .expr(Expr::cust("COUNT(*)"))
            .expr(lodged_at().max())
            .expr(lodged_at().min())
            .from_subquery(first, "first")
            .take()
    };
    /// Takes the tokens of one text away.
    drop_tokens = delete("blind", &["tenant", "case_id", "text_id"]);
    /// Takes every token of a case away.
    erase_tokens = delete("blind", &["tenant", "case_id"]);
    /// Takes every text of a case away.
    erase_texts = delete("vault", &["tenant", "case_id"]);
    /// Takes away what is left to try words out on: the fingerprints of the commands of a case, but
    /// for the one that erases. The new fingerprint; tenant, case, tenant, case, command.
    erase_fingerprints = {
        let commands = select("event", &["command"], &["tenant", "case_id"]);
        Query::update()
            .table("command")
            .value("fingerprint", any())
            .and_where(Expr::col("tenant").eq(any()))
            .and_where(Expr::col("case_id").eq(any()))
            .and_where(Expr::col("command").in_subquery(commands))
            .and_where(Expr::col("command").ne(any()))
            .take()
    };
    /// A text of a case, if there is any left.
    any_text = One(select("vault", &["id"], &["tenant", "case_id"]).order_by("id", Order::Asc).take());
    /// Texts after an identity that are kept under other keys than these: tenant, identity, key of
    /// the seal (empty where texts are left unsealed), key of the tokens, how many.
    stale_texts = select("vault", &TEXT, &["tenant"])
        .and_where(Expr::col("id").gt(any()))
        .and_where(
            not_under("key_id").or(Expr::col("compartment")
                .eq(Expr::cust(format!("'{}'", Compartment::Identity.as_str())))
                .and(not_under("index_key"))),
        )
        .order_by("id", Order::Asc)
        .limit(1)
        .take();
    /// Keeps a text anew that is still kept as it was read: salt, key, words, sealed bytes, key of
    /// its tokens; tenant, identity, and the two keys as they were read (empty for none).
    reseal = Query::update()
        .table("vault")
        .value("salt", any())
        .value("key_id", any())
        .value("content", any())
        .value("sealed", any())
        .value("index_key", any())
        .and_where(Expr::col("tenant").eq(any()))
        .and_where(Expr::col("id").eq(any()))
        .and_where(not_under("key_id").not())
        .and_where(not_under("index_key").not())
        .take();
    /// When the case of a text was lodged.
    lodged_at = select("grievance", &["lodged_at"], &["tenant", "case_id"]);
    /// The place and the hash of the last entry of the access log.
    last_look = One(select("look", &["place", "hash"], &["tenant"]).order_by("place", Order::Desc).take());
    /// Adds an entry to the access log; who comes second meets the primary key.
    insert_look = insert("look", &LOOK);
    /// Entries of the access log after a place, so many.
    looks = select("look", &LOOK[1..], &["tenant"])
        .and_where(Expr::col("place").gt(any()))
        .order_by("place", Order::Asc)
        .limit(1)
        .take();
    /// Entries about a case after a place, so many.
    looks_at = select("look", &LOOK[1..], &["tenant", "case_id"])
        .and_where(Expr::col("place").gt(any()))
        .order_by("place", Order::Asc)
        .limit(1)
        .take();
    /// The receipt of a command.
    receipt = select("command", &COMMAND[2..], &["tenant", "command"]);
    /// The version of a case.
    version = select("grievance", &["version"], &["tenant", "case_id"]);
    /// The row of a case.
    fact = select("grievance", &GRIEVANCE, &["tenant", "case_id"]);
    /// The case that owns a registration number: tenant, number and the empty `sharer`.
    owner = select("grievance", &["case_id"], &["tenant", "number", "sharer"]);
    /// The case of another system's number.
    external = select("grievance", &["case_id"], &["tenant", "external_number", "source"]);
    /// The case of a tracking code; parts share it.
    tracking = select("grievance", &["case_id"], &["tenant", "tracking"])
        .and_where(Expr::col("part_of").is_null())
        .take();
    /// The history of a case, oldest event first.
    history = select("event", &KEPT, &["tenant", "case_id"]).order_by("version", Order::Asc).take();
    /// The history of a case from a version on.
    history_from = select("event", &KEPT, &["tenant", "case_id"])
        .and_where(Expr::col("version").gte(any()))
        .order_by("version", Order::Asc)
        .take();
    /// The pages of a case, in order, each with the version that the case's row names: in one
    /// statement, so that both are of one moment.
    file = {
        let row = Query::select()
            .column(("grievance", "version"))
            .from("grievance")
            .and_where(Expr::col(("grievance", "tenant")).equals(("event", "tenant")))
            .and_where(Expr::col(("grievance", "case_id")).equals(("event", "case_id")))
            .take();
        let mut file = select("event", &FOLIO, &["tenant", "case_id"]);
        file.expr(Expr::SubQuery(None, Box::new(row.into())));
        file.order_by(("event", "version"), Order::Asc).take()
    };
    /// So many pages after a case and version, in that order.
    folios = select("event", &FOLIO, &["tenant"])
        .and_where(Expr::tuple([Expr::col("case_id"), Expr::col("version")]).gt(Expr::tuple([any(), any()])))
        .order_by("case_id", Order::Asc)
        .order_by("version", Order::Asc)
        .limit(1)
        .take();
    /// Cases after an identity that have a row and no event.
    empty_files = {
        let event = |column: &'static str| Expr::col(("event", column));
        let page = Query::select()
            .expr(Expr::cust("1"))
            .from("event")
            .and_where(event("tenant").equals(("grievance", "tenant")))
            .and_where(event("case_id").equals(("grievance", "case_id")))
            .take();
        select("grievance", &["case_id"], &["tenant"])
            .and_where(Expr::col("case_id").gt(any()))
            .and_where(Expr::exists(page).not())
            .order_by("case_id", Order::Asc)
            .limit(1)
            .take()
    };
    /// Takes down the last event of every case that has come further than was taken down before:
    /// the number, the tenant.
    take_heads = news_of_heads();
    /// How far each case had come under a number: tenant, number, the identity after which to go
    /// on, the number again, how many.
    heads = heads_under();
    /// The cases that went on: the earlier number, tenant, the earlier number again, the later one, the
    /// identity after which to go on, the later number again, how many.
    advances = advances();
    /// Keeps a checkpoint, unless there is one of that number or after the same one.
    keep_checkpoint = insert("checkpoint", &CHECKPOINT).on_conflict(OnConflict::new().do_nothing().clone()).take();
    /// Checkpoints after a number, so many.
    checkpoints = select("checkpoint", &["number", "body"], &["tenant"])
        .and_where(Expr::col("number").gt(any()))
        .order_by("number", Order::Asc)
        .limit(1)
        .take();
    /// The checkpoint with the highest number.
    last_checkpoint =
        One(select("checkpoint", &["number", "body"], &["tenant"]).order_by("number", Order::Desc).take());
    /// A text of the vault.
    text = select("vault", &TEXT, &["tenant", "id"]);
    /// Reserves serials: tenant, series, floor + count, count, count. Answers the one after them.
    reserve = {
        let after = || Expr::col(("serial", "next")).add(any());
        let given = || Expr::col(("excluded", "next"));
        let next = CaseStatement::new().case(after().lt(given()), given()).finally(after());
        Query::insert()
            .into_table("serial")
            .columns(["tenant", "series", "next"])
            .values_panic([any(), any(), any()])
            .on_conflict(OnConflict::columns(["tenant", "series"]).value("next", next).clone())
            .returning_col("next")
            .take()
    };
    /// Keeps a rulebook version.
    keep = Query::insert()
        .into_table("edition")
        .columns(["tenant", "version", "document"])
        .values_panic([any(), any(), any()])
        .on_conflict(OnConflict::columns(["tenant", "version"]).do_nothing().clone())
        .take();
    /// Whether the lines of a version are kept.
    charted = One(select("unit_reach", &["top"], &["tenant", "rulebook"]).order_by("top", Order::Asc).take());
    /// Keeps that an office oversees another.
    chart_unit = once("unit_reach", &UNIT_REACH);
    /// Keeps that a jurisdiction lies around another.
    chart_place = once("place_reach", &PLACE_REACH);
    /// Puts a rulebook version in force.
    activate = Query::insert()
        .into_table("activation")
        .columns(["tenant", "from_at", "version"])
        .values_panic([any(), any(), any()])
        .on_conflict(OnConflict::columns(["tenant", "from_at"]).update_column("version").clone())
        .take();
    /// A kept rulebook version.
    edition = select("edition", &["document"], &["tenant", "version"]);
    /// The latest activation that is not after an instant.
    in_force = One(select("activation", &["version"], &["tenant"])
        .and_where(Expr::col("from_at").lte(any()))
        .order_by("from_at", Order::Desc)
        .take());
    /// The instant of that activation.
    in_force_since = One(select("activation", &["from_at"], &["tenant"])
        .and_where(Expr::col("from_at").lte(any()))
        .order_by("from_at", Order::Desc)
        .take());
    /// Open cases after an identity whose last event was decided under another rulebook version.
    unmoved = {
        // Words of a closed list: they need no parameter.
        let open = Phase::ALL.iter().filter(|phase| phase.is_pending());
        let open: Vec<Expr> = open.map(|phase| Expr::cust(format!("'{phase}'"))).collect();
        select("grievance", &["case_id"], &["tenant"])
            .and_where(Expr::col("case_id").gt(any()))
            .and_where(Expr::col("rulebook").ne(any()))
            .and_where(Expr::col("phase").is_in(open))
            .order_by("case_id", Order::Asc)
            .limit(1)
            .take()
    };
    /// Writes a row of the roster, or replaces its end.
    appoint = Query::insert()
        .into_table("holding")
        .columns(["tenant", "unit", "post", "from_at", "person", "acting", "until_at"])
        .values_panic([any(), any(), any(), any(), any(), any(), any()])
        .on_conflict(
            OnConflict::columns(["tenant", "unit", "post", "from_at", "person"])
                .update_columns(["acting", "until_at"])
                .clone(),
        )
        .take();
    /// Who holds a post at an instant, which is given twice.
    holders = select("holding", &["person", "acting", "from_at", "until_at"], &["tenant", "unit", "post"])
        .and_where(Expr::col("from_at").lte(any()))
        .and_where(Expr::col("until_at").is_null().or(Expr::col("until_at").gt(any())))
        .order_by("from_at", Order::Asc)
        .order_by("person", Order::Asc)
        .take();
    /// From when to when a post is held, by anybody.
    terms = select("holding", &["from_at", "until_at"], &["tenant", "unit", "post"]);
    /// Cases that have something due at an instant: tenant, that instant, the instant and the
    /// identity after which to go on, how many.
    due = select("timer", &["due_at", "case_id"], &["tenant"])
        .and_where(Expr::col("due_at").lte(any()))
        .and_where(Expr::tuple([Expr::col("due_at"), Expr::col("case_id")]).gt(Expr::tuple([any(), any()])))
        .order_by("due_at", Order::Asc)
        .order_by("case_id", Order::Asc)
        .limit(1)
        .take();
    /// When the first of all cases has something due.
    next_due = One(select("timer", &["due_at"], &["tenant"]).order_by("due_at", Order::Asc).take());
    /// Messages that can be claimed at an instant, so many.
    claimable = heads(&["id", "attempts", "body"])
        .and_where(Expr::col(("outbox", "next_at")).lte(any()))
        .limit(1)
        .take();
    /// When the first message can be claimed.
    outbox_next = One(heads(&["next_at"]));
    /// Claims a message that nobody has claimed meanwhile: claim, end of its lease; tenant,
    /// identity, the instant, and how often it had been tried.
    claim = Query::update()
        .table("outbox")
        .value("lease", any())
        .value("next_at", any())
        .value("attempts", Expr::col("attempts").add(Expr::cust("1")))
        .and_where(Expr::col("tenant").eq(any()))
        .and_where(Expr::col("id").eq(any()))
        .and_where(state("outbox", NoticeState::Waiting))
        .and_where(Expr::col("next_at").lte(any()))
        .and_where(Expr::col("attempts").eq(any()))
        .take();
    /// Where a message stands: case, line, event and place.
    notice_place = select("outbox", &["case_id", "line", "about", "place"], &["tenant", "id"]);
    /// Settles a claimed message: its state, when, the problem, the gateway's reference; tenant,
    /// identity, claim.
    settle = Query::update()
        .table("outbox")
        .value("state", any())
        .value("settled_at", any())
        .value("problem", any())
        .value("reference", any())
        .value("lease", Expr::cust("NULL"))
        .and_where(Expr::col("tenant").eq(any()))
        .and_where(Expr::col("id").eq(any()))
        .and_where(Expr::col("lease").eq(any()))
        .take();
    /// Lets a claimed message be tried again: when, twice, the problem; tenant, identity, claim.
    retry = Query::update()
        .table("outbox")
        .value("next_at", not_before_or(any(), any()))
        .value("problem", any())
        .value("lease", Expr::cust("NULL"))
        .and_where(Expr::col("tenant").eq(any()))
        .and_where(Expr::col("id").eq(any()))
        .and_where(Expr::col("lease").eq(any()))
        .take();
    /// Lets what waits behind a message wait at least as long: until when; tenant, case, line,
    /// until when, event and place.
    hold_back = Query::update()
        .table("outbox")
        .value("next_at", any())
        .and_where(Expr::col("tenant").eq(any()))
        .and_where(Expr::col("case_id").eq(any()))
        .and_where(Expr::col("line").eq(any()))
        .and_where(state("outbox", NoticeState::Waiting))
        .and_where(Expr::col("next_at").lt(any()))
        .and_where(Expr::tuple([Expr::col("about"), Expr::col("place")]).gt(Expr::tuple([any(), any()])))
        .take();
    /// Messages that are parked, so many.
    parked = select("outbox", &POSTED, &["tenant"])
        .and_where(state("outbox", NoticeState::Parked))
        .order_by("settled_at", Order::Asc)
        .order_by("id", Order::Asc)
        .limit(1)
        .take();
    /// Lets a parked message wait again: from when, twice; tenant, identity.
    revive = Query::update()
        .table("outbox")
        .value("state", word(NoticeState::Waiting))
        .value("attempts", Expr::cust("0"))
        .value("next_at", not_before_or(any(), any()))
        .value("settled_at", Expr::cust("NULL"))
        .value("problem", Expr::cust("NULL"))
        .and_where(Expr::col("tenant").eq(any()))
        .and_where(Expr::col("id").eq(any()))
        .and_where(state("outbox", NoticeState::Parked))
        .take();
    /// Records when a message reached the recipient, unless that is known.
    delivery_report = Query::update()
        .table("outbox")
        .value("received_at", Func::coalesce([Expr::col("received_at"), any()]))
        .and_where(Expr::col("tenant").eq(any()))
        .and_where(Expr::col("id").eq(any()))
        .take();
    /// The messages that were delivered under a reference of a gateway's, in no order.
    referred = select("outbox", &["id"], &["tenant", "reference"]);
    /// The messages of a case, in no order.
    notices_of = select("outbox", &POSTED, &["tenant", "case_id"]);
    /// The latest job of a schedule.
    last_job =
        One(select("job", &["due_at"], &["tenant", "schedule"]).order_by("due_at", Order::Desc).take());
    /// Adds a job that is not there; the last value is 0.
    add_job = insert("job", &JOB)
        .on_conflict(OnConflict::columns(["tenant", "schedule", "due_at"]).do_nothing().clone())
        .take();
    /// Jobs that are not done, so many.
    open_jobs = ByBytes(
        select("job", &["schedule", "due_at", "kind"], &["tenant"])
            .and_where(Expr::cust("\"done\" = 0"))
            .order_by("due_at", Order::Asc)
            .limit(1)
            .take(),
        "schedule",
    );
    /// Marks a job as done that is not.
    finish_job = Query::update()
        .table("job")
        .value("done", Expr::cust("1"))
        .and_where(Expr::col("tenant").eq(any()))
        .and_where(Expr::col("schedule").eq(any()))
        .and_where(Expr::col("due_at").eq(any()))
        .and_where(Expr::cust("\"done\" = 0"))
        .take();
    /// Keeps a code that was sent.
    insert_challenge = insert("challenge", &CHALLENGE);
    /// A code that was sent.
    challenge = select("challenge", &CHALLENGE[2..], &["tenant", "id"]);
    /// Counts a try of a code, or its use: tries, used, then tenant, identity, and tries and used
    /// as they were read.
    spend_challenge = Query::update()
        .table("challenge")
        .value("tries", any())
        .value("used", any())
        .and_where(Expr::col("tenant").eq(any()))
        .and_where(Expr::col("id").eq(any()))
        .and_where(Expr::col("tries").eq(any()))
        .and_where(Expr::col("used").eq(any()))
        .take();
    /// Forgets the codes that expired before an instant, so many: tenant, instant, then again with
    /// how many.
    forget_challenges = forget("challenge", "id", "expires_at");
    /// The counts of a number, or of all.
    limiter = select("limiter", &["revision", "state"], &["tenant", "subject"]);
    /// Keeps counts for the first time; who comes second meets the primary key.
    insert_limiter = insert("limiter", &["tenant", "subject", "revision", "state", "forget_at"]);
    /// Replaces counts that still have the expected revision, which comes last.
    update_limiter = Query::update()
        .table("limiter")
        .value("revision", any())
        .value("state", any())
        .value("forget_at", any())
        .and_where(Expr::col("tenant").eq(any()))
        .and_where(Expr::col("subject").eq(any()))
        .and_where(Expr::col("revision").eq(any()))
        .take();
    /// Forgets counts that may be forgotten, so many: tenant, instant, then again with how many.
    forget_limiters = forget("limiter", "subject", "forget_at");
}

/// The fixed statements of a dialect.
pub fn fixed(dialect: Dialect) -> &'static Statements {
    static SQLITE: OnceLock<Statements> = OnceLock::new();
    static POSTGRES: OnceLock<Statements> = OnceLock::new();
    match dialect {
        Dialect::Sqlite => SQLITE.get_or_init(|| Statements::build(dialect)),
        Dialect::Postgres => POSTGRES.get_or_init(|| Statements::build(dialect)),
    }
}
