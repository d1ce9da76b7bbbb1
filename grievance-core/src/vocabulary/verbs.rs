//! The verb table: one row per command, from which every language makes its methods.

/// The table of verbs.
///
/// A row is: doc, method name, wire struct, then the required fields, `;`, and the optional ones.
/// Field types are only `String`, `bool`, `u32`, `Vec<String>` and `BTreeMap<String, String>`:
/// what every language has. Dates are `YYYY-MM-DD`, instants RFC 3339 with an offset, codes the
/// rulebook's, identities prefixed (`grv_…`). The core parses a wire struct into a command once,
/// and names the field in the error.
#[doc(hidden)]
#[macro_export]
macro_rules! for_verbs {
    ($then:ident) => {
        $then! {
            "Brings a grievance in."
            lodge Lodge {
                "What is complained of, in the complainant's words." narrative: String,
                ;
                "Kind of matter; the rulebook's first kind if absent." kind: String,
                "Subject; without one the case goes to the cell." category: String,
                "Jurisdiction." place: String,
                "How it came in; the rulebook's first channel if absent." channel: String,
                "The complainant's language; the rulebook's if absent." language: String,
                "Priority class; the category's or the rulebook's first if absent." priority: String,
                "The complainant's identity, where the host has one." complainant: String,
                "The complainant's name." name: String,
                "The complainant's mobile number." mobile: String,
                "The complainant's e-mail address." email: String,
                "The complainant's postal address." address: String,
                "Whether the complainant stays unknown: a tracking code is given out instead." anonymous: bool,
                "Names of those who sign with the complainant, who represents them." signatories: Vec<String>,
                "Mobile numbers of those who sign, if they want messages of their own." signatory_mobiles: Vec<String>,
                "The mobile number of a representative, who gets the text messages in the complainant's place." representative: String,
                "Ways by which the complainant wants no message: `sms`, `email`, `inbox`, `letter`." refuses: Vec<String>,
                "From when on the complainant may be written to: `HH:MM` of the offices' wall clock." safe_from: String,
                "Until when: `HH:MM`, earlier than the beginning for hours over midnight." safe_until: String,
                "The office that the grievance is about." against_unit: String,
                "The post that the grievance is about." against_post: String,
                "Who referred it: `minister`, `legislator`, `court`, `commission`, `office`." reference_from: String,
                "The letter that referred it." reference_letter: String,
                "The date of that letter." reference_date: String,
                "The date by which a reply is owed." reply_due: String,
                "The instant it was received, if earlier than now." received_at: String,
                "The number under which another system knows it." external_number: String,
            }
            "Takes a registered case up."
            admit Admit { ; "Remarks." remarks: String, }
            "Does not take a registered case up."
            decline Decline { "Why." remarks: String, ; }
            "Says that the holder has opened the case."
            acknowledge Acknowledge { ; "Remarks." remarks: String, }
            "Gives the case to an office; to the routed one if none is named."
            assign Assign { ; "The office." unit: String, "The post in it." post: String, "Remarks." remarks: String, }
            "Hands the case down to an office below the holder."
            forward Forward { "The office." unit: String, ; "The post in it." post: String, "Remarks." remarks: String, }
            "Gives the case back to the office that sent it."
            return_ Return { "Why." remarks: String, ; }
            "Takes a sent case back before it is opened."
            recall Recall { ; "Remarks." remarks: String, }
            "Passes the case to an office that is not below the holder."
            transfer Transfer { "The office." unit: String, "Why." remarks: String, ; }
            "Corrects the subject, the place or both."
            recategorise Recategorise { ; "Subject." category: String, "Jurisdiction." place: String, "Remarks." remarks: String, }
            "Corrects the kind of matter."
            reclassify Reclassify { "Kind of matter." kind: String, ; "Remarks." remarks: String, }
            "Divides the case into parts, each at one office."
            split Split { "The offices, one part for each." units: Vec<String>, ; "What each part is about, in the same order." categories: Vec<String>, "Remarks." remarks: String, }
            "Asks another office; custody stays."
            consult Consult { "The office." unit: String, "The question." question: String, ; }
            "Answers a consultation."
            answer Answer { "The answer." answer: String, ; }
            "Asks the complainant for something."
            seek_information SeekInformation { "What is needed." question: String, ; }
            "Gives what was asked for."
            provide_information ProvideInformation { "The information." information: String, ; }
            "Tells the complainant where the case stands."
            interim_reply InterimReply { "The reply." reply: String, "The date by which it will end." expected_by: String, ; }
            "Notes something in the file."
            comment Comment { "The note." text: String, ; "Whether the complainant may see it." public: bool, }
            "Adds a document by reference; its bytes stay with the host."
            attach Attach {
                "The file's name." name: String,
                "SHA-256 of its bytes, 64 hexadecimal digits." sha256: String,
                "Its media type." media_type: String,
                "Its size in bytes." bytes: u32,
                ;
                "Whether the complainant may see it." public: bool,
            }
            "Asks the office to move."
            remind Remind { ; "Remarks." remarks: String, }
            "Reports the action taken."
            report_action ReportAction {
                "What was done." report: String,
                ;
                "The closure reason that the office proposes." reason: String,
                "Evidence, by kind." evidence: BTreeMap<String, String>,
            }
            "Sends a report back to the office that made it."
            send_back_report SendBackReport { "What is missing." remarks: String, ; }
            "Approves a report or a special closure."
            approve Approve {
                ;
                "The closure reason that is selected; the proposed one if absent." reason: String,
                "Evidence, by kind." evidence: BTreeMap<String, String>,
                "Remarks." remarks: String,
            }
            "Refuses an approval."
            refuse Refuse { "Why." remarks: String, ; }
            "Records an attempt to reach the complainant."
            record_call RecordCall { "Whether the complainant was reached." reached: bool, ; "What was said." note: String, }
            "Records what the complainant said."
            record_feedback RecordFeedback {
                "`satisfied`, `not_satisfied` or `unreachable`." outcome: String,
                ;
                "Rating, 1 to 5." rating: u32,
                "What the complainant said." said: String,
            }
            "Closes the case with a reason and remarks."
            dispose Dispose {
                "Remarks." remarks: String,
                ;
                "The closure reason; the selected one if absent." reason: String,
                "Evidence, by kind." evidence: BTreeMap<String, String>,
                "What the complainant is told, if other than the reason's text." reply: String,
            }
            "Opens a disposed case again."
            reopen Reopen {
                "Why." remarks: String,
                ;
                "The instant its letter was received, if earlier than now." received_at: String,
            }
            "Takes a disposed case to the appellate authority."
            appeal Appeal {
                "The grounds." grounds: String,
                ;
                "The instant its letter was received, if earlier than now." received_at: String,
            }
            "Allows or dismisses an appeal."
            decide_appeal DecideAppeal { "`allowed` or `dismissed`." outcome: String, "The decision." remarks: String, ; }
            "Takes the grievance back."
            withdraw Withdraw { ; "Why." remarks: String, }
            "Joins the case to another one, which carries it on."
            merge Merge { "The case that goes on: identity." into: String, ; "Remarks." remarks: String, }
            "Moves the due date, with a reason that the complainant is told."
            extend Extend { "The new date." until: String, "The reason." remarks: String, ; }
            "Brings the case to the notice of a superior office."
            escalate Escalate { ; "The level of the ladder that is taken: one that was proposed, or is taken by hand." level: String, "The office, where no level is named; the one above the holder if absent." unit: String, "Remarks." remarks: String, }
            "Corrects recorded facts of the case."
            correct Correct {
                "Why." remarks: String,
                ;
                "What is complained of." narrative: String,
                "The complainant's name." name: String,
                "The complainant's mobile number." mobile: String,
                "The complainant's e-mail address." email: String,
                "The complainant's postal address." address: String,
                "The complainant's language." language: String,
                "Priority class." priority: String,
                "The mobile number of a representative; empty for none any more." representative: String,
                "Ways by which the complainant wants no message from now on: `sms`, `email`, `inbox`, `letter`; empty for none." refuses: Vec<String>,
                "From when on the complainant may be written to: `HH:MM` of the offices' wall clock." safe_from: String,
                "Until when: `HH:MM`. `00:00` to `24:00` for at any time." safe_until: String,
            }
            "Undoes the last step, taken by mistake."
            rescind Rescind { "Why." remarks: String, ; }
            "Records a step that the rulebook names, with its typed fields."
            record Record { "Which step." step: String, ; "Its fields." fields: BTreeMap<String, String>, "Remarks." remarks: String, }
            "Records a second look at a disposed case, of those that were sampled or of another."
            verify Verify {
                "`confirmed`, `deficient` or `not_verifiable`." finding: String,
                "What was looked at, and what was found." remarks: String,
                ;
                "The sample that it was drawn in, by the day for which it was drawn." sample: String,
            }
            "Says what a disposed case came from; a later one takes the place of an earlier."
            classify Classify {
                "The root cause, one of the rulebook's." root_cause: String,
                ;
                "What the office could change, so that others need not complain of the same." suggestion: String,
                "The change of a procedure that would have made it needless, one of the rulebook's." change: String,
            }
            "Lifts the seal of a sealed case."
            unseal Unseal { "Why." remarks: String, "The order: its number, its date and who made it." order: String, ; }
            "Keeps the words of the case, whatever else would let them go."
            hold Hold {
                "For what: `court`, `rti`, `vigilance` or `appeal`." because: String,
                "Why." remarks: String,
                ;
                "The last day; until it is released, if absent." until: String,
                "The number of the order or the request." reference: String,
            }
            "Lets a hold go."
            release_hold ReleaseHold { "The version of the event that placed it." hold: u32, "Why." remarks: String, ; }
            "Erases every word of an ended case: who complained, and what anybody wrote."
            erase Erase { "Why: `request`, `retention` or `order`." because: String, ; }
        }
    };
}
