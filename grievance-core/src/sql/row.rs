//! Rows on their way in: which column holds what. `read` is the way out.

use crate::grievance::event::Recorded;
use crate::grievance::notice::Notice;
use crate::grievance::project::CaseFact;
use crate::kernel::code::{TenantCode, UnitCode};
use crate::kernel::id::CommandId;
use crate::kernel::text::Digest;
use crate::sql::Cell;
use crate::store::blind::Token;
use crate::store::commit::{Commit, Sealed};
use crate::store::vault::{Content, StoredText};
use crate::vocabulary::NoticeState;
use chrono::{DateTime, NaiveDate, Utc};

/// Columns of `event`.
pub(crate) const EVENT: [&str; 10] =
    ["tenant", "case_id", "version", "at", "actor", "rulebook", "command", "kind", "body", "hash"];

/// Columns of `event` that a history is read from.
pub(crate) const KEPT: [&str; 7] = ["case_id", "version", "at", "actor", "rulebook", "body", "hash"];

/// Columns of `event` that an audit reads: all but the tenant.
pub(crate) const FOLIO: [&str; 9] =
    ["case_id", "version", "at", "actor", "rulebook", "command", "kind", "body", "hash"];

/// Columns of `head`.
pub(crate) const HEAD: [&str; 5] = ["tenant", "case_id", "version", "hash", "number"];

/// Columns of `checkpoint`.
pub(crate) const CHECKPOINT: [&str; 4] = ["tenant", "number", "previous", "body"];

/// Columns of `grievance`: those of the first migration, of the second, the sixth, the ninth and the
/// eleventh.
pub(crate) const GRIEVANCE: [&str; 57] = [
    "tenant",
    "case_id",
    "version",
    "number",
    "source",
    "external_number",
    "kind",
    "category",
    "place",
    "channel",
    "priority",
    "stage",
    "phase",
    "unit",
    "held_since",
    "lodged_at",
    "received_at",
    "first_disposed_at",
    "disposed_at",
    "disposed_by",
    "reason",
    "class",
    "feedback",
    "reopenings",
    "appeals",
    "transfers",
    "part_of",
    "merged_into",
    "tracking",
    "rulebook",
    "updated_at",
    "sharer",
    "due_at",
    "breaches",
    "breached_at",
    "breached_by",
    "escalations",
    "level",
    "reminders",
    "extensions",
    "sender",
    "last_mover",
    "consulted",
    "against",
    "complainant",
    "lodged_by",
    "sealed",
    "waivers",
    "finding",
    "sampled_for",
    "root_cause",
    "change",
    "judged_due_at",
    "late_at",
    "soon_at",
    "last_told_at",
    "suggestion",
];

/// Columns of `timer`.
pub(crate) const TIMER: [&str; 3] = ["tenant", "case_id", "due_at"];

/// Columns of `outbox` that a message is put in with; migration 4 added the last. Migration 10 added
/// `reference`, which a message has only when it was delivered.
pub(crate) const OUTBOX: [&str; 15] = [
    "tenant",
    "id",
    "case_id",
    "about",
    "place",
    "not_before",
    "next_at",
    "state",
    "attempts",
    "lease",
    "settled_at",
    "received_at",
    "problem",
    "body",
    "line",
];

/// Columns of `outbox` that a posted message is read from.
pub(crate) const POSTED: [&str; 7] =
    ["body", "state", "attempts", "settled_at", "received_at", "problem", "reference"];

/// Columns of `job`.
pub(crate) const JOB: [&str; 5] = ["tenant", "schedule", "due_at", "kind", "done"];

/// Columns of `command`.
pub(crate) const COMMAND: [&str; 6] = ["tenant", "command", "fingerprint", "case_id", "version", "number"];

/// Columns of `vault`; migration 7 added the last two.
pub(crate) const VAULT: [&str; 10] =
    ["tenant", "id", "case_id", "compartment", "field", "salt", "key_id", "content", "sealed", "index_key"];

/// Columns of `vault` that a text is read from.
pub(crate) const TEXT: [&str; 9] =
    ["id", "case_id", "compartment", "field", "salt", "key_id", "content", "sealed", "index_key"];

/// Columns of `blind`.
pub(crate) const BLIND: [&str; 5] = ["tenant", "token", "lodged_at", "case_id", "text_id"];

/// Columns of `look`.
pub(crate) const LOOK: [&str; 7] = ["tenant", "place", "at", "case_id", "actor", "body", "hash"];

/// Columns of `challenge`.
pub(crate) const CHALLENGE: [&str; 11] = [
    "tenant",
    "id",
    "purpose",
    "subject",
    "request",
    "key_id",
    "mac",
    "issued_at",
    "expires_at",
    "tries",
    "used",
];

/// Columns of `unit_reach`: an office, and one that it oversees, under a rulebook version.
pub(crate) const UNIT_REACH: [&str; 4] = ["tenant", "rulebook", "top", "unit"];

/// Columns of `place_reach`: a jurisdiction, and one that lies in it, under a rulebook version.
pub(crate) const PLACE_REACH: [&str; 4] = ["tenant", "rulebook", "around", "place"];

/// What stands in `sharer` for the case that owns its number.
pub(crate) const OWNER: Cell<'static> = Cell::Blob(&[]);

pub(crate) fn event<'a>(tenant: &'a TenantCode, command: CommandId, sealed: &'a Sealed) -> [Cell<'a>; 10] {
    let Sealed { recorded: Recorded { case, version, at, actor: _, rulebook, event }, actor, body, hash } =
        sealed;
    [
        Cell::Text(tenant.as_str()),
        Cell::Id(case.uuid()),
        count(*version),
        instant(*at),
        Cell::Text(actor),
        digest(rulebook),
        Cell::Id(command.uuid()),
        Cell::Text(event.what.kind().as_str()),
        Cell::Text(body),
        digest(hash),
    ]
}

pub(crate) fn grievance<'a>(tenant: &'a TenantCode, fact: &'a CaseFact) -> [Cell<'a>; 57] {
    let CaseFact {
        id,
        version,
        number,
        source,
        external_number,
        kind,
        category,
        place,
        channel,
        priority,
        stage,
        phase,
        unit,
        held_since,
        lodged_at,
        received_at,
        first_disposed_at,
        disposed_at,
        disposed_by,
        reason,
        class,
        feedback,
        reopenings,
        appeals,
        transfers,
        part_of,
        merged_into,
        tracking,
        rulebook,
        updated_at,
        due_at,
        breaches,
        breached_at,
        breached_by,
        escalations,
        level,
        reminders,
        extensions,
        sender,
        last_mover,
        consulted,
        against,
        complainant,
        lodged_by,
        sealed,
        waivers,
        finding,
        sampled_for,
        root_cause,
        change,
        judged_due_at,
        late_at,
        soon_at,
        last_told_at,
        suggestion,
    } = fact;
    [
        Cell::Text(tenant.as_str()),
        Cell::Id(id.uuid()),
        count(*version),
        text(number.as_ref()),
        text(source.as_ref()),
        text(external_number.as_ref()),
        Cell::Text(kind.as_str()),
        text(category.as_ref()),
        text(place.as_ref()),
        text(channel.as_ref()),
        text(priority.as_ref()),
        Cell::Text(stage.as_str()),
        Cell::Text(phase.as_str()),
        Cell::Text(unit.as_str()),
        instant(*held_since),
        instant(*lodged_at),
        instant(*received_at),
        first_disposed_at.map_or(Cell::Null, instant),
        disposed_at.map_or(Cell::Null, instant),
        text(disposed_by.as_ref()),
        text(reason.as_ref()),
        class.map_or(Cell::Null, |class| Cell::Text(class.as_str())),
        feedback.map_or(Cell::Null, |feedback| Cell::Text(feedback.as_str())),
        Cell::Integer((*reopenings).into()),
        Cell::Integer((*appeals).into()),
        Cell::Integer((*transfers).into()),
        part_of.map_or(Cell::Null, |case| Cell::Id(case.uuid())),
        merged_into.map_or(Cell::Null, |case| Cell::Id(case.uuid())),
        tracking.as_ref().map_or(Cell::Null, digest),
        digest(rulebook),
        instant(*updated_at),
        if part_of.is_some() { Cell::Id(id.uuid()) } else { OWNER },
        due_at.map_or(Cell::Null, instant),
        Cell::Integer((*breaches).into()),
        breached_at.map_or(Cell::Null, instant),
        text(breached_by.as_ref()),
        Cell::Integer((*escalations).into()),
        Cell::Integer((*level).into()),
        Cell::Integer((*reminders).into()),
        Cell::Integer((*extensions).into()),
        text(sender.as_ref()),
        text(last_mover.as_ref()),
        Cell::Units(consulted),
        text(against.as_ref()),
        complainant.map_or(Cell::Null, |person| Cell::Id(person.uuid())),
        Cell::Id(lodged_by.uuid()),
        text(sealed.as_ref()),
        Cell::Integer((*waivers).into()),
        finding.map_or(Cell::Null, |it| Cell::Text(it.as_str())),
        sampled_for.map_or(Cell::Null, |day| Cell::Integer(days(day))),
        text(root_cause.as_ref()),
        text(change.as_ref()),
        judged_due_at.map_or(Cell::Null, instant),
        late_at.map_or(Cell::Null, instant),
        soon_at.map_or(Cell::Null, instant),
        last_told_at.map_or(Cell::Null, instant),
        suggestion.map_or(Cell::Null, |text| Cell::Id(text.uuid())),
    ]
}

/// A calendar day as it is stored: days since 1 January 1970.
pub(crate) fn days(day: NaiveDate) -> i64 {
    day.signed_duration_since(NaiveDate::default()).num_days()
}

/// The row without its key, then the key and the version that the row there must still have.
pub(crate) fn replacing<'a>(row: &[Cell<'a>; 57], expected: u64) -> [Cell<'a>; 58] {
    let [tenant, case, rest @ ..] = row;
    let mut cells = [Cell::Null; 58];
    let (values, key) = cells.split_at_mut(rest.len());
    values.copy_from_slice(rest);
    key.copy_from_slice(&[*tenant, *case, count(expected)]);
    cells
}

pub(crate) fn command<'a>(tenant: &'a TenantCode, commit: &'a Commit) -> [Cell<'a>; 6] {
    let fact = &commit.first().fact;
    [
        Cell::Text(tenant.as_str()),
        Cell::Id(commit.command.uuid()),
        digest(&commit.fingerprint),
        Cell::Id(commit.first().case.uuid()),
        count(fact.version),
        text(fact.number.as_ref()),
    ]
}

pub(crate) fn vault<'a>(tenant: &'a TenantCode, row: &'a StoredText) -> [Cell<'a>; 10] {
    let StoredText { id, case, compartment, field, content: _, indexed: _ } = row;
    let [salt, key, text, sealed, index] = content(row);
    [
        Cell::Text(tenant.as_str()),
        Cell::Id(id.uuid()),
        Cell::Id(case.uuid()),
        Cell::Text(compartment.as_str()),
        Cell::Text(field),
        salt,
        key,
        text,
        sealed,
        index,
    ]
}

/// What is kept of a text: the salt, the key, the words, the sealed bytes, the key of its tokens.
pub(crate) fn content(row: &StoredText) -> [Cell<'_>; 5] {
    let index = row.indexed.as_ref().map_or(Cell::Null, |indexed| Cell::Text(&indexed.key));
    match &row.content {
        Content::Open { salt, text } => [Cell::Blob(salt), Cell::Null, Cell::Text(text), Cell::Null, index],
        Content::Sealed { key, bytes } => {
            [Cell::Blob(&[]), Cell::Text(key), Cell::Text(""), Cell::Blob(bytes), index]
        }
    }
}

/// A token of a text, beside its case.
pub(crate) fn blind<'a>(
    tenant: &'a TenantCode,
    text: &'a StoredText,
    token: &'a Token,
    lodged_at: DateTime<Utc>,
) -> [Cell<'a>; 5] {
    [
        Cell::Text(tenant.as_str()),
        Cell::Blob(token.as_bytes()),
        instant(lodged_at),
        Cell::Id(text.case.uuid()),
        Cell::Id(text.id.uuid()),
    ]
}

/// An entry of the access log.
#[cfg(any(feature = "sqlite", feature = "postgres"))]
pub(crate) fn look<'a>(tenant: &'a TenantCode, row: &'a crate::store::looks::LookRow) -> [Cell<'a>; 7] {
    let crate::store::looks::LookRow { place, at, case, actor, body, hash } = row;
    [
        Cell::Text(tenant.as_str()),
        count(*place),
        instant(*at),
        case.map_or(Cell::Null, |case| Cell::Id(case.uuid())),
        Cell::Text(actor),
        Cell::Text(body),
        digest(hash),
    ]
}

/// A message that nobody has tried to deliver, with its stored text.
pub(crate) fn notice<'a>(tenant: &'a TenantCode, notice: &Notice, body: &'a str) -> [Cell<'a>; 15] {
    [
        Cell::Text(tenant.as_str()),
        Cell::Id(notice.id.uuid()),
        Cell::Id(notice.case.uuid()),
        count(notice.about),
        Cell::Integer(notice.place.into()),
        instant(notice.not_before),
        instant(notice.not_before),
        Cell::Text(NoticeState::Waiting.as_str()),
        Cell::Integer(0),
        Cell::Null,
        Cell::Null,
        Cell::Null,
        Cell::Null,
        Cell::Text(body),
        Cell::Integer(notice.to.is_office().into()),
    ]
}

/// An instant, in whole milliseconds.
pub(crate) fn instant(at: DateTime<Utc>) -> Cell<'static> {
    Cell::Integer(at.timestamp_millis())
}

/// A count: versions and serials stay below 2^53.
pub(crate) fn count(count: u64) -> Cell<'static> {
    Cell::Integer(count.cast_signed())
}

/// How many rows are asked for at most.
#[cfg(any(feature = "sqlite", feature = "postgres"))]
pub(crate) fn limit(limit: usize) -> Cell<'static> {
    Cell::Integer(i64::try_from(limit).unwrap_or(i64::MAX))
}

pub(crate) fn digest(digest: &Digest) -> Cell<'_> {
    Cell::Blob(digest.as_bytes())
}

/// How a list of offices is stored: each between two bars, so that one is found by its bars.
pub(crate) fn barred(units: &[UnitCode]) -> String {
    let mut text = String::new();
    for unit in units {
        text.push('|');
        text.push_str(unit.as_str());
    }
    if !text.is_empty() {
        text.push('|');
    }
    text
}

fn text<T: AsRef<str>>(text: Option<&T>) -> Cell<'_> {
    text.map_or(Cell::Null, |text| Cell::Text(text.as_ref()))
}
