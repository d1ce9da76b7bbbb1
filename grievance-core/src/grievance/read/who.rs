//! Who complains, and how they want to be written to.

use crate::grievance::command::Correction;
use crate::grievance::payload::Complainant;
use crate::grievance::read::{From, Read, TrackingCode, id, may_code, word, wrong};
use crate::grievance::request;
use crate::kernel::id::PersonId;
use crate::rulebook::access::Actor;
use crate::rulebook::safe::SafeHours;
use crate::vocabulary::{ErrorCode, MessageChannel};

impl From<'_, '_, '_> {
    pub(super) fn complainant(
        &mut self,
        it: &request::Lodge,
        actor: &Actor,
        anonymous: bool,
    ) -> Read<(Complainant, Option<TrackingCode>)> {
        let mut complainant = Complainant {
            anonymous,
            person: None,
            name: self.identity("name", it.name.as_deref())?,
            mobile: self.mobile("mobile", it.mobile.as_deref())?,
            email: self.identity("email", it.email.as_deref())?,
            address: self.identity("address", it.address.as_deref())?,
            tracking: None,
            signatories: None,
            signatory_mobiles: None,
            representative: self.mobile("representative", it.representative.as_deref())?,
            refuses: None,
            safe_hours: None,
        };
        let known = complainant.name.or(complainant.mobile).or(complainant.email).or(complainant.address);
        let given = it.complainant.as_deref().map(|text| id::<PersonId>("complainant", text)).transpose()?;
        complainant.person = given
            .or(actor.on_behalf_of)
            .or_else(|| self.rulebook.lodges_for_itself(&actor.role).then_some(actor.person))
            .filter(|_| !anonymous);
        if complainant.person.is_none() && (anonymous || known.is_some()) {
            complainant.person = Some(PersonId::from_uuid(self.sealer.mint().uuid()));
        }
        let code = anonymous.then(|| TrackingCode::draw(self.sealer.mint().salt()));
        complainant.tracking = code.as_ref().map(|code| TrackingCode::digest(code.as_str()));
        let mut signatories = Vec::new();
        for name in it.signatories.iter().flatten() {
            signatories.extend(self.identity("signatory", Some(name))?);
        }
        complainant.signatories = (!signatories.is_empty()).then_some(signatories);
        let mut mobiles = Vec::new();
        for mobile in it.signatory_mobiles.iter().flatten() {
            mobiles.extend(self.mobile("signatory_mobiles", Some(mobile))?);
        }
        complainant.signatory_mobiles = (!mobiles.is_empty()).then_some(mobiles);
        complainant.refuses = it.refuses.as_deref().map(refused).transpose()?.filter(|ways| !ways.is_empty());
        complainant.safe_hours = safe_hours(it.safe_from.as_deref(), it.safe_until.as_deref())?;
        Ok((complainant, code))
    }

    pub(super) fn correction(&mut self, it: &request::Correct) -> Read<Correction> {
        Ok(Correction {
            remarks: self.remarks(Some(&it.remarks))?,
            narrative: self.text("narrative", it.narrative.as_deref())?,
            name: self.identity("name", it.name.as_deref())?,
            mobile: self.mobile("mobile", it.mobile.as_deref())?,
            email: self.identity("email", it.email.as_deref())?,
            address: self.identity("address", it.address.as_deref())?,
            language: may_code("language", it.language.as_deref())?,
            priority: may_code("priority", it.priority.as_deref())?,
            representative: match it.representative.as_deref() {
                None => None,
                given => Some(self.mobile("representative", given)?),
            },
            refuses: it.refuses.as_deref().map(refused).transpose()?,
            safe_hours: safe_hours(it.safe_from.as_deref(), it.safe_until.as_deref())?,
        })
    }
}

/// Ways by which somebody wants no message, each once.
fn refused(ways: &[String]) -> Read<Vec<MessageChannel>> {
    let mut refused = Vec::new();
    for way in ways {
        let way: MessageChannel = word("refuses", way)?;
        if !refused.contains(&way) {
            refused.push(way);
        }
    }
    Ok(refused)
}

/// When somebody may be written to: both ends or neither.
fn safe_hours(from: Option<&str>, until: Option<&str>) -> Read<Option<SafeHours>> {
    let (Some(from), Some(until)) = (from, until) else {
        let missing = if from.is_some() { "safe_until" } else { "safe_from" };
        return if from.is_none() && until.is_none() {
            Ok(None)
        } else {
            wrong(missing, "is missing beside the other end of the hours", ErrorCode::InvalidCommand)
        };
    };
    let alone = SafeHours::read(from, "24:00").is_some();
    match SafeHours::read(from, until) {
        Some(hours) => Ok(Some(hours)),
        None if alone => wrong(
            "safe_until",
            "is not a time of day such as 21:00 other than the beginning",
            ErrorCode::InvalidCommand,
        ),
        None => wrong("safe_from", "is not a time of day such as 08:00", ErrorCode::InvalidCommand),
    }
}
