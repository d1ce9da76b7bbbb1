//! What somebody who looks at a case says and does.

use super::{Host, OFFICES};
use chrono::{DateTime, Utc};
use grievance_core::grievance::options::Offer;
use grievance_core::grievance::request::{self, Request};
use grievance_core::vocabulary::Action;
use std::collections::BTreeMap;

impl Host {
    pub(super) fn compose(&mut self, offer: &Offer, unit: &str, now: DateTime<Utc>) -> Option<Request> {
        let words = || "As was found.".to_owned();
        let ahead = |days: u64| (now.date_naive() + chrono::Days::new(days)).to_string();
        let remarks = Some(words());
        let office = OFFICES[usize::try_from(self.below(4)).expect("a few")];
        let evidence = |pairs: &[(&str, String)]| -> BTreeMap<String, String> {
            pairs.iter().map(|(kind, shown)| ((*kind).to_owned(), shown.clone())).collect()
        };
        let (reason, shown) = if self.one_in(4) {
            ("action_within_90_days", evidence(&[("follow_up_date", ahead(10 + self.below(60)))]))
        } else {
            ("benefit_provided", evidence(&[("date", ahead(0)), ("reference", words())]))
        };
        Some(match offer.action {
            Action::Acknowledge => request::Acknowledge::default().into(),
            Action::Assign => request::Assign { unit: None, post: None, remarks }.into(),
            Action::Forward => {
                let below = OFFICES.iter().find(|(district, ..)| *district == unit)?.2;
                request::Forward { unit: below.to_owned(), post: None, remarks }.into()
            }
            Action::Transfer => request::Transfer { unit: office.0.to_owned(), remarks: words() }.into(),
            Action::Return => request::Return { remarks: words() }.into(),
            Action::Recategorise => {
                request::Recategorise { category: Some(office.1.to_owned()), place: None, remarks }.into()
            }
            Action::SeekInformation => request::SeekInformation { question: words() }.into(),
            Action::ProvideInformation => request::ProvideInformation { information: words() }.into(),
            Action::InterimReply => request::InterimReply { reply: words(), expected_by: ahead(9) }.into(),
            Action::Comment => request::Comment { text: words(), public: None }.into(),
            Action::Remind => request::Remind { remarks }.into(),
            Action::ReportAction => request::ReportAction {
                report: words(),
                reason: Some(reason.to_owned()),
                evidence: Some(shown),
            }
            .into(),
            Action::SendBackReport => request::SendBackReport { remarks: words() }.into(),
            Action::Approve => request::Approve { remarks, ..request::Approve::default() }.into(),
            Action::RecordCall => request::RecordCall { reached: true, note: None }.into(),
            Action::RecordFeedback => {
                let outcome = offer.outcome.map_or("satisfied", |outcome| outcome.as_str());
                let outcome = if outcome == "exhausted" { "not_satisfied" } else { outcome };
                request::RecordFeedback { outcome: outcome.to_owned(), rating: None, said: None }.into()
            }
            Action::Dispose => request::Dispose { remarks: words(), ..request::Dispose::default() }.into(),
            Action::Reopen => request::Reopen { remarks: words(), received_at: None }.into(),
            Action::Appeal => request::Appeal { grounds: words(), received_at: None }.into(),
            Action::DecideAppeal => {
                let outcome = offer.outcome.map_or("dismissed", |outcome| outcome.as_str());
                request::DecideAppeal { outcome: outcome.to_owned(), remarks: words() }.into()
            }
            Action::Withdraw => request::Withdraw { remarks }.into(),
            Action::Extend => request::Extend { until: ahead(8 + self.below(12)), remarks: words() }.into(),
            Action::Escalate => request::Escalate { level: None, unit: None, remarks }.into(),
            Action::Correct => {
                let priority = if self.one_in(2) { "immediate_danger" } else { "normal" };
                let priority = Some(priority.to_owned());
                request::Correct { remarks: words(), priority, ..request::Correct::default() }.into()
            }
            _ => return None,
        })
    }
}

/// How often an action is drawn.
pub(super) fn weight(offer: &Offer) -> usize {
    match offer.action {
        Action::Dispose | Action::DecideAppeal | Action::ProvideInformation => 8,
        Action::Approve | Action::ReportAction | Action::RecordFeedback => 6,
        Action::Assign | Action::Forward => 5,
        Action::Acknowledge | Action::Reopen => 3,
        Action::RecordCall | Action::SeekInformation | Action::Appeal => 2,
        _ => 1,
    }
}
