//! What is lodged, and the parts that a case is divided into.

use crate::kernel::code::{
    CategoryCode, ChannelCode, KindCode, LanguageCode, PlaceCode, PostCode, PriorityCode, ReasonCode,
    UnitCode,
};
use crate::kernel::id::{GrievanceId, PersonId};
use crate::kernel::number::RegistrationNumber;
use crate::kernel::text::{Digest, TextRef};
use crate::kernel::time::Millis;
use crate::rulebook::routing::Routed;
use crate::rulebook::safe::SafeHours;
use crate::vocabulary::{MessageChannel, ReferenceFrom};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

payload! {
    /// Who complains. Names and addresses are in the vault.
    Complainant {
        /// Whether they stay unknown.
        anonymous: bool,
        ;
        /// Their identity.
        person: PersonId,
        /// Their name.
        name: TextRef,
        /// Their mobile number.
        mobile: TextRef,
        /// Their e-mail address.
        email: TextRef,
        /// Their postal address.
        address: TextRef,
        /// SHA-256 of the tracking code that an anonymous complainant was given.
        tracking: Digest,
        /// Those who sign with them.
        signatories: Vec<TextRef>,
        /// Their mobile numbers, as far as they want messages of their own.
        signatory_mobiles: Vec<TextRef>,
        /// The mobile number of a representative, who gets text messages in their place.
        representative: TextRef,
        /// Ways by which they want no message.
        refuses: Vec<MessageChannel>,
        /// When they may be written to, within the rulebook's safe hours; whenever those allow it, if
        /// absent.
        safe_hours: SafeHours,
    }

    /// Whom a grievance is about.
    Allegation {
        ;
        /// The office.
        unit: UnitCode,
        /// The post.
        post: PostCode,
    }

    /// The letter that brought a case in.
    Reference {
        /// Who wrote it.
        from: ReferenceFrom,
        ;
        /// Its number or title.
        letter: TextRef,
        /// Its date.
        date: NaiveDate,
        /// The date by which a reply is owed.
        reply_due: NaiveDate,
    }

    /// See [`EventKind::Lodged`](crate::vocabulary::EventKind::Lodged).
    Lodged {
        /// How it came in.
        channel: ChannelCode,
        /// Who complains.
        complainant: Complainant,
        /// Kind of matter.
        kind: KindCode,
        /// The complainant's language.
        language: LanguageCode,
        /// Whether the complainant had just shown to have the mobile that is given.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        mobile_verified: bool,
        /// What is complained of.
        narrative: TextRef,
        /// The registration number.
        number: RegistrationNumber,
        /// When it was received: not after it was recorded.
        #[serde(with = "Millis")]
        received_at: DateTime<Utc>,
        /// The office that the routing rules name, and the rule.
        routed: Routed,
        ;
        /// Whom it is about.
        against: Allegation,
        /// Subject.
        category: CategoryCode,
        /// The number under which another system knows it.
        external_number: SmolStr,
        /// Jurisdiction.
        place: PlaceCode,
        /// Priority class.
        priority: PriorityCode,
        /// The letter that brought it in.
        reference: Reference,
        /// The subject that seals the case.
        sealed: CategoryCode,
    }

    /// One part of a divided case.
    PartSketch {
        /// The part's own case.
        case: GrievanceId,
        /// The office that gets it.
        unit: UnitCode,
        ;
        /// What it is about.
        category: CategoryCode,
    }

    /// See [`EventKind::SplitIntoParts`](crate::vocabulary::EventKind::SplitIntoParts).
    SplitIntoParts {
        /// The parts.
        parts: Vec<PartSketch>,
        ;
        /// Remarks.
        remarks: TextRef,
    }

    /// See [`EventKind::PartOpened`](crate::vocabulary::EventKind::PartOpened).
    PartOpened {
        /// Who complains: as in the divided case.
        complainant: Complainant,
        /// Kind of matter.
        kind: KindCode,
        /// Who lodged the divided case.
        lodged_by: PersonId,
        /// The divided case.
        parent: GrievanceId,
        /// The part's place among the parts, from 1.
        part: u32,
        /// When the divided case was received.
        #[serde(with = "Millis")]
        received_at: DateTime<Utc>,
        ;
        /// Whom it is about.
        against: Allegation,
        /// The part's own subject.
        category: CategoryCode,
        /// How it came in.
        channel: ChannelCode,
        /// The complainant's language.
        language: LanguageCode,
        /// What is complained of.
        narrative: TextRef,
        /// The number of the divided case, which the part shares.
        number: RegistrationNumber,
        /// Jurisdiction.
        place: PlaceCode,
        /// Priority class.
        priority: PriorityCode,
        /// The subject that seals the part.
        sealed: CategoryCode,
    }

    /// See [`EventKind::PartClosed`](crate::vocabulary::EventKind::PartClosed).
    PartClosed {
        /// The part.
        part: GrievanceId,
        ;
        /// The reason it was closed with.
        reason: ReasonCode,
    }

    /// Names a part.
    PartNamed {
        /// The part.
        part: GrievanceId,
        ;
    }
}
