//! Cases to test a store with: small, and the same every time.

use crate::grievance::event::{Event, Position, Recorded, What};
use crate::grievance::notice::{Notice, Recipient, Variable};
use crate::grievance::payload::{
    Adopted, AdoptedFact, AdoptedStep, Commented, Complainant, Disposed, Lodged, PartOpened,
};
use crate::grievance::project::CaseFact;
use crate::grievance::state::Grievance;
use crate::kernel::code::{
    CategoryCode, ChannelCode, KindCode, LanguageCode, ReasonCode, RoleCode, SourceCode, StageCode,
    TemplateCode, TenantCode, UnitCode,
};
use crate::kernel::id::{ClaimId, CommandId, GrievanceId, NoticeId, PersonId, VaultId};
use crate::kernel::number::RegistrationNumber;
use crate::kernel::text::{Compartment, Digest, TextRef, VaultRow};
use crate::kernel::time::from_millis;
use crate::rulebook::access::Actor;
use crate::rulebook::routing::{RouteRule, Routed};
use crate::store::blind::{Indexed, Token};
use crate::store::commit::{Commit, Sealed, Stream};
use crate::store::vault::{Content, StoredText};
use crate::vocabulary::{DisposalClass, MessageChannel, Phase};
use chrono::{DateTime, Utc};
use smol_str::SmolStr;
use uuid::Uuid;

const FITS: &str = "the samples are well formed";

/// A tenant of that code.
pub fn tenant(code: &str) -> TenantCode {
    TenantCode::new(code).expect(FITS)
}

/// An office of that code.
pub fn unit(code: &str) -> UnitCode {
    UnitCode::new(code).expect(FITS)
}

/// An instant: so many milliseconds after 1 January 2026.
pub fn at(millis: i64) -> DateTime<Utc> {
    from_millis(1_767_225_600_000 + millis).expect(FITS)
}

/// The rulebook version of that ordinal.
pub fn rulebook(n: u64) -> Digest {
    Digest::of(&[b"rulebook", &n.to_be_bytes()])
}

/// The identity of that ordinal: identities do not rise with the ordinals.
fn uuid(kind: u64, n: u64) -> Uuid {
    Uuid::from_u64_pair(n.wrapping_mul(0x9E37_79B9_7F4A_7C15), kind << 48 | n)
}

/// The case of that ordinal.
pub fn case(n: u64) -> GrievanceId {
    GrievanceId::from_uuid(uuid(1, n))
}

/// The command of that ordinal.
pub fn command(n: u64) -> CommandId {
    CommandId::from_uuid(uuid(2, n))
}

/// The person of that ordinal.
pub fn person(n: u64) -> PersonId {
    PersonId::from_uuid(uuid(3, n))
}

/// The claim of that ordinal.
pub fn claim(n: u64) -> ClaimId {
    ClaimId::from_uuid(uuid(6, n))
}

/// A message of a case about one of its events, to the office `water`: the `n`th that there is.
pub fn notice(n: u64, case: GrievanceId, (about, place): (u64, u32), not_before: DateTime<Utc>) -> Notice {
    let variables = [
        ("unit", Variable::Unit(unit("water"))),
        ("number", Variable::Mark("WB/2026/1".into())),
        ("days", Variable::Count(21)),
        ("due", Variable::Date(at(0).date_naive())),
        ("reply", Variable::Text(VaultId::from_uuid(uuid(4, n)))),
    ];
    Notice {
        id: NoticeId::from_uuid(uuid(7, n)),
        case,
        about,
        place,
        rulebook: n.is_multiple_of(3).then(|| Digest::of(&[b"edition"])),
        template: TemplateCode::new("acknowledged").expect(FITS),
        language: LanguageCode::new("bn").expect(FITS),
        channel: MessageChannel::Sms,
        ways: Vec::new(),
        to: Recipient::Unit(unit("water")),
        variables: variables.into_iter().map(|(name, value)| (name.into(), value)).collect(),
        not_before,
        informs: n.is_multiple_of(2),
    }
}

/// A text for the vault, and what an event holds instead.
pub fn text(n: u64, compartment: Compartment, content: &str) -> (TextRef, VaultRow) {
    let (id, salt) = (VaultId::from_uuid(uuid(4, n)), uuid(5, n).into_bytes());
    let digest = Digest::of(&[&salt, content.as_bytes()]);
    let row = VaultRow { id, compartment, field: "narrative", salt, content: content.to_owned() };
    (TextRef { digest, id }, row)
}

/// A text as a vault keeps it: sealed under a key that nobody has, or as it is, for even and odd
/// places. It is found by the tokens of these ordinals.
pub fn kept(case: GrievanceId, row: &VaultRow, tokens: &[u64]) -> StoredText {
    let VaultRow { id, compartment, field, salt, content } = row.clone();
    let key = SmolStr::new_static("2026");
    let content = if id.as_bytes()[15].is_multiple_of(2) {
        Content::Sealed { key: key.clone(), bytes: content.into_bytes() }
    } else {
        Content::Open { salt, text: content }
    };
    let tokens = tokens.iter().map(|n| token(*n)).collect();
    let indexed = (compartment == Compartment::Identity).then_some(Indexed { key, tokens });
    StoredText { id, case, compartment, field: field.into(), content, indexed }
}

/// The token of that ordinal.
pub fn token(n: u64) -> Token {
    Token::from_bytes(uuid(8, n).into_bytes())
}

fn position(phase: Phase, unit: &UnitCode) -> Position {
    Position { phase, stage: StageCode::new(phase.as_str()).expect(FITS), unit: unit.clone() }
}

/// A case with its whole history, sealed.
#[derive(Clone, Debug)]
pub struct Sample {
    /// The case.
    pub id: GrievanceId,
    history: Vec<Recorded>,
    sealed: Vec<Sealed>,
}

impl Sample {
    fn new(id: GrievanceId) -> Self {
        Self { id, history: Vec::new(), sealed: Vec::new() }
    }

    /// A case that was lodged here as the `n`th, at its `n`th second, with the office `public-works`.
    pub fn lodged(n: u64) -> Self {
        let lodged = lodging(n);
        let to = position(Phase::Registered, &lodged.routed.unit);
        Self::new(case(n)).then(What::Lodged(Box::new(lodged)), to)
    }

    /// A case without name, with a tracking code.
    pub fn anonymous(n: u64, tracking: Digest) -> Self {
        let mut lodged = lodging(n);
        lodged.complainant.anonymous = true;
        lodged.complainant.tracking = Some(tracking);
        let to = position(Phase::Registered, &lodged.routed.unit);
        Self::new(case(n)).then(What::Lodged(Box::new(lodged)), to)
    }

    /// The `n`th case, a part of this one.
    #[must_use]
    pub fn part(&self, n: u64, part: u32) -> Self {
        let What::Lodged(lodged) = &self.history[0].event.what else {
            panic!("only a case that was lodged here is divided");
        };
        let lodged = (**lodged).clone();
        let opened = PartOpened {
            complainant: lodged.complainant,
            kind: lodged.kind,
            lodged_by: self.history()[0].actor.person,
            parent: self.id,
            part,
            received_at: lodged.received_at,
            against: lodged.against,
            category: lodged.category,
            channel: Some(lodged.channel),
            language: Some(lodged.language),
            narrative: Some(lodged.narrative),
            number: Some(lodged.number),
            place: lodged.place,
            priority: lodged.priority,
            sealed: None,
        };
        let to = position(Phase::InProgress, &unit("water"));
        Self::new(case(n)).then(What::PartOpened(Box::new(opened)), to)
    }

    /// The `n`th case, taken over from another system.
    pub fn adopted(n: u64, source: &str, number: &str) -> Self {
        let fact = |at, what, phase| AdoptedFact {
            at,
            led_to: position(phase, &unit("sanitation")),
            what,
            reason: None,
            class: None,
        };
        let second = i64::try_from(n).expect(FITS) * 1_000;
        let adopted = Adopted {
            facts: vec![
                fact(at(second), AdoptedStep::Lodged, Phase::InProgress),
                fact(at(second + 500), AdoptedStep::Disposed, Phase::Disposed),
            ],
            gaps: Vec::new(),
            kind: KindCode::new("grievance").expect(FITS),
            number: number.into(),
            source: SourceCode::new(source).expect(FITS),
            category: Some(CategoryCode::new("refuse").expect(FITS)),
            channel: None,
            due_at: None,
            closure_text: None,
            place: None,
            narrative: None,
            received_at: None,
            sealed: None,
        };
        let to = position(Phase::Disposed, &unit("sanitation"));
        Self::new(case(n)).then(What::Adopted(Box::new(adopted)), to)
    }

    /// The same case after one more event.
    #[must_use]
    pub fn then(mut self, what: What, led_to: Position) -> Self {
        let version = self.history.len() as u64 + 1;
        let begun = self.history.first().map_or(0, |first| first.at.timestamp_millis());
        let recorded = match begun {
            0 => at(i64::try_from(self.id.uuid().as_u64_pair().1 & 0xFFFF_FFFF).expect(FITS) * 1_000),
            _ => self.history[0].at + chrono::TimeDelta::milliseconds(version.cast_signed()),
        };
        let actor = Actor {
            on_behalf_of: None,
            person: person(version),
            post: None,
            role: RoleCode::new("cell_officer").expect(FITS),
            tenure: None,
            unit: Some(unit("cell")),
        };
        let recorded = Recorded {
            case: self.id,
            version,
            at: recorded,
            actor,
            rulebook: rulebook(1),
            event: Event { led_to, what },
        };
        self.history.push(recorded);
        self.sealed = Sealed::chain(&tenant("sample"), None, self.history.clone());
        self
    }

    /// The same case after a comment.
    #[must_use]
    pub fn commented(self) -> Self {
        let to = self.history.last().expect("a sample has begun").event.led_to.clone();
        let (text, _) = text(self.history.len() as u64, Compartment::Texts, "");
        self.then(What::Commented(Commented { public: false, text }), to)
    }

    /// The same case after its disposal.
    #[must_use]
    pub fn disposed(self) -> Self {
        let unit = self.history.last().expect("a sample has begun").event.led_to.unit.clone();
        let disposed = Disposed {
            class: DisposalClass::Benefit,
            evidence: std::collections::BTreeMap::new(),
            reason: ReasonCode::new("provided").expect(FITS),
            remarks: text(0, Compartment::Texts, "").0,
            reply: None,
        };
        self.then(What::Disposed(Box::new(disposed)), position(Phase::Disposed, &unit))
    }

    /// Its events.
    pub fn history(&self) -> &[Recorded] {
        &self.history
    }

    /// The hash of its last event.
    pub fn head(&self) -> Option<Digest> {
        self.sealed.last().map(|event| event.hash)
    }

    /// Its row.
    pub fn fact(&self) -> CaseFact {
        CaseFact::of(&Grievance::replay(&self.history).expect("a sample has begun"))
    }

    /// What is added to a case that has `expected` events.
    pub fn after(&self, expected: usize) -> Stream {
        Stream {
            case: self.id,
            expected: expected as u64,
            events: self.sealed[expected..].to_vec(),
            fact: self.fact(),
            due: None,
            notices: Vec::new(),
        }
    }

    /// The whole case as one commit, by the command of that ordinal.
    pub fn commit(&self, command: u64) -> Commit {
        commit(command, vec![self.after(0)])
    }
}

/// The commit of a command of that ordinal.
pub fn commit(n: u64, streams: Vec<Stream>) -> Commit {
    Commit {
        command: command(n),
        fingerprint: Digest::of(&[b"command", &n.to_be_bytes()]),
        streams,
        texts: Vec::new(),
    }
}

fn lodging(n: u64) -> Lodged {
    let (narrative, _) = text(n, Compartment::Texts, "");
    Lodged {
        mobile_verified: false,
        channel: ChannelCode::new("online").expect(FITS),
        complainant: Complainant {
            anonymous: false,
            person: Some(person(n)),
            name: None,
            mobile: None,
            email: None,
            address: None,
            tracking: None,
            signatories: None,
            signatory_mobiles: None,
            representative: None,
            refuses: None,
            safe_hours: None,
        },
        kind: KindCode::new("grievance").expect(FITS),
        language: LanguageCode::new("bn").expect(FITS),
        narrative,
        number: RegistrationNumber::read(&format!("WB/2026/{n:06}")).expect(FITS),
        received_at: at(i64::try_from(n).expect(FITS) * 1_000),
        routed: Routed { rule: RouteRule::Cell, unit: unit("public-works") },
        against: None,
        category: Some(CategoryCode::new("roads").expect(FITS)),
        external_number: Some(format!("letter-{}", n % 3).into()),
        place: None,
        priority: None,
        reference: None,
        sealed: None,
    }
}
