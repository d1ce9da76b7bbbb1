//! The table of flat records, from which every language makes what a desk answers.

/// The table of records.
///
/// A row is: doc, name, then the fields, each with its doc, name and type. Types are only `String`, `bool`,
/// `u32`, `u64`, `i64`, `Instant`, `Day`, `Json`, `Option<…>` and `Vec<…>` of these, and records of rows
/// above: what every language has. Whoever makes something of the table says what the three names stand
/// for. The first field names the record and holds nothing personal: it is all that `Debug` shows.
///
/// [`desk::flat`](crate::desk::flat) makes structs of the rows, and says how each comes of what the desk
/// answers.
#[doc(hidden)]
#[macro_export]
macro_rules! for_records {
    ($then:ident) => {
        $then! {
            "What a command came to."
            Done {
                "The case." case: String,
                "Its version after the command." version: u64,
                "Its registration number; none for an imported case." number: Option<String>,
                "The code that an anonymous complainant is given: shown once, kept nowhere." tracking_code: Option<String>,
                "Of a lodging, what the complainant holds the office to it with." receipt: Option<String>,
            }
            "The facts of a case, as far as whoever looks may see them."
            CaseRow {
                "The case." id: String,
                "How many events its history has." version: u64,
                "The registration number." number: Option<String>,
                "The system it was imported from." source: Option<String>,
                "The number under which another system knows it." external_number: Option<String>,
                "Kind of matter." kind: String,
                "Subject." category: Option<String>,
                "Jurisdiction." place: Option<String>,
                "How it came in." channel: Option<String>,
                "Priority class." priority: Option<String>,
                "The stage." stage: String,
                "What the stage means: a word of `Phase`." phase: String,
                "The office that has custody." unit: String,
                "Since when that office has it." held_since: Instant,
                "When it was lodged." lodged_at: Instant,
                "When it was received." received_at: Instant,
                "First disposal." first_disposed_at: Option<Instant>,
                "The disposal it stands at." disposed_at: Option<Instant>,
                "The office that disposed of it." disposed_by: Option<String>,
                "The reason." reason: Option<String>,
                "What it did for the complainant: a word of `DisposalClass`." class: Option<String>,
                "What the complainant said last: a word of `FeedbackOutcome`." feedback: Option<String>,
                "How often it was opened again." reopenings: u32,
                "How often it was appealed." appeals: u32,
                "Lateral transfers." transfers: u32,
                "The divided case, if it is a part and whoever looks sees that case." part_of: Option<String>,
                "The case it was joined to, if whoever looks sees that case." merged_into: Option<String>,
                "The rulebook version of the last event." rulebook: String,
                "When the last event was recorded." updated_at: Instant,
                "The public due date." due_at: Option<Instant>,
                "Targets that were missed." breaches: u32,
                "The instant at which the target was due that was missed last." breached_at: Option<Instant>,
                "The office that had custody at that instant." breached_by: Option<String>,
                "How often it was escalated." escalations: u32,
                "The highest level of the ladder that time has brought." level: u32,
                "How often the complainant reminded the office." reminders: u32,
                "How often the due date was moved." extensions: u32,
                "The office that sent it to its holder." sender: Option<String>,
                "Offices that were asked and have not answered." consulted: Vec<String>,
                "The office that it is about." against: Option<String>,
                "The complainant's identity, for those who see it." complainant: Option<String>,
                "Who brought it in, for those who see who complains." lodged_by: Option<String>,
                "The subject under which it is sealed, while it is." sealed: Option<String>,
                "Steps that one person took though two should have." waivers: u32,
                "What a second look at the disposal found: a word of `VerificationFinding`." finding: Option<String>,
                "The day for which the sample was drawn that the second look was for." sampled_for: Option<Day>,
                "The root cause of the disposal it stands at." root_cause: Option<String>,
                "The change of a procedure that would have made it needless." change: Option<String>,
            }
            "A page of cases."
            RowPage {
                "The cases, newest lodging first." cases: Vec<CaseRow>,
                "Where the next page begins; none when this is the last." next: Option<String>,
            }
            "Who took a step."
            TakenBy {
                "Their role." role: String,
                "The office they acted for." unit: Option<String>,
                "The post they held." post: Option<String>,
                "In which capacity, where it was not simply theirs: a word of `Tenure`." tenure: Option<String>,
                "Whether they acted for somebody else." on_behalf: bool,
                "The person, for those who see them." person: Option<String>,
            }
            "An event of a case, as far as whoever looks may see it."
            EventView {
                "Its place in the case's history." version: u64,
                "When it was recorded." at: Instant,
                "What happened: a word of `EventKind`." kind: String,
                "Who took the step." by: TakenBy,
                "The rulebook version it was decided under." rulebook: String,
                "The stage it led to." stage: String,
                "What that stage means: a word of `Phase`." phase: String,
                "The office it led to." unit: String,
                "What it says, by the names of the wire format." says: Json,
            }
            "A text that may be read."
            TextView {
                "What it is: a word of `Field`." field: String,
                "In full, or masked: a word of `Sight`." sight: String,
                "The event that brought it." version: u64,
                "Where it is." id: String,
            }
            "A case as far as whoever looks may see it."
            CaseView {
                "Its facts." row: CaseRow,
                "How whoever looks stands to it: a word of `Relation`." relation: String,
                "The complainant's language." language: Option<String>,
                "Whether the complainant stays unknown." anonymous: bool,
                "How the complainant wants to be written to." contact: Json,
                "The post in the office that it was given to." post: Option<String>,
                "The post that it is about." against_post: Option<String>,
                "Who referred it." reference: Json,
                "Its parts that whoever looks sees." parts: Json,
                "The cases joined to it that whoever looks sees." members: Vec<String>,
                "What may be read, in the order of the history." texts: Vec<TextView>,
                "How it came there." history: Vec<EventView>,
            }
            "A text as somebody sees it."
            ShownWord {
                "What it is: a word of `Field`." field: String,
                "In full, or masked: a word of `Sight`." sight: String,
                "The event that brought it." version: u64,
                "The words; none where they have been erased." words: Option<String>,
            }
            "Why something was not done."
            Problem {
                "What kind of failure it is: a word of `ErrorCode`." code: String,
                "A sentence without personal data." sentence: String,
            }
            "One action as it stands for a case and an actor."
            Offer {
                "The action: a word of `Action`." action: String,
                "What it would have to come to, where that decides the stage: a word of `Outcome`." outcome: Option<String>,
                "The stage that it leads to; none where it stays or goes back." to: Option<String>,
                "Whether it may be taken." allowed: bool,
                "What the command must bring: words of `Gate`." asks: Vec<String>,
                "The gates that are not passed: words of `Gate`." missing: Vec<String>,
                "Everything that stands in the way." because: Vec<Problem>,
            }
            "Something that happens if nobody acts."
            Ahead {
                "When." at: Instant,
                "On which day, in the office's zone." on: Day,
                "What: `missed`, `goes_on`, `told_to`, `goes_to`, `proposed` or `window_ends`." what: String,
                "The target, where it is one: a word of `TargetKind`." target: Option<String>,
                "The office, where it is one." unit: Option<String>,
                "The level of the ladder, where it is one." level: Option<u32>,
            }
            "What a complainant is shown of a case."
            Progress {
                "The registration number." number: Option<String>,
                "The stage." stage: String,
                "What the stage means: a word of `Phase`." phase: String,
                "The office that has it." unit: String,
                "The public due date." due_at: Option<Instant>,
                "The day of it, in the office's zone." due_on: Option<Day>,
                "What comes next." ahead: Vec<Ahead>,
            }
            "The case that a tracking code opens."
            Tracked {
                "The case; of a divided one the whole." case: String,
                "Under which identity whoever has the code acts as the complainant." person: Option<String>,
                "Where it stands." progress: Progress,
            }
            "Something that a schedule calls for."
            DueJob {
                "When it was due." due_at: Instant,
                "The schedule." schedule: String,
                "What is to be done: a word of `JobKind`." kind: String,
            }
            "A case that could not be handled. It stays due."
            Unhandled {
                "The case." case: String,
                "What kind of failure it is: a word of `ErrorCode`." code: String,
                "A sentence without personal data." sentence: String,
            }
            "What a sweep came to."
            Swept {
                "Cases in which something was due and is now recorded." cases: u64,
                "Targets that were breached." breaches: u64,
                "Levels of the ladder that were taken." escalations: u64,
                "Levels that wait for approval." proposals: u64,
                "Clocks that go on because their pause was as long as it may be." resumed: u64,
                "Cases that stood under an earlier rulebook version and were moved first." moved: u64,
                "Cases that another worker handled meanwhile." elsewhere: u64,
                "Jobs that have come round." jobs: Vec<DueJob>,
                "The checkpoint that a schedule called for, as JSON." checkpoint: Option<String>,
                "Why the checkpoint could not be made: then the next sweep tries again." checkpoint_failed: Option<Problem>,
                "Cases that could not be handled." failed: Vec<Unhandled>,
                "Rows of one-time codes that were forgotten." forgotten: u64,
                "Whether the limit was reached before everything due was handled." more: bool,
            }
            "What was recorded at a moment, under one hash."
            Checkpoint {
                "Its hash, in hexadecimal digits: what is printed, and what a sample is drawn by." hash: String,
                "Its number, rising; there may be gaps." number: u64,
                "When it was made, in whole milliseconds." at: Instant,
                "How many cases there were." cases: u64,
                "How many events they had together." events: u64,
                "All of it as canonical JSON, as it is stored and hashed, and as a sweep tells it." text: String,
            }
            "That a grievance was lodged as its receipt says."
            Acknowledged {
                "Its number." number: String,
                "When it was recorded." recorded_at: Instant,
                "When the office received it, which may be earlier." received_at: Instant,
            }
            "One problem of a rulebook."
            Finding {
                "`error`, `warning` or `advice`." severity: String,
                "Which lint found it." lint: String,
                "Where." path: String,
                "What is wrong." message: String,
                "What may help." hint: Option<String>,
            }
            "What bringing a rulebook version into force came to."
            Activation {
                "The version." version: String,
                "The version that was in force before, if any." before: Option<String>,
                "What the succession left to think about." findings: Vec<Finding>,
            }
            "What one round of moving open cases to the rulebook in force came to."
            Moved {
                "How many cases moved." moved: u64,
                "Of them those whose office, stage or reason changed with it." changed: u64,
                "After which case the next round goes on; none when this was the last." next: Option<String>,
            }
            "An event as it is kept."
            StoredEvent {
                "Its place in the case's history, from 1." version: u64,
                "When it was recorded, in milliseconds since 1970 UTC." at: i64,
                "Who acted, as canonical JSON." actor: String,
                "The rulebook version it was decided under." rulebook: String,
                "The event, as canonical JSON." event: String,
            }
            "A case's events as they are kept, and the hash that binds them all."
            StoredHistory {
                "The events, oldest first." events: Vec<StoredEvent>,
                "The hash of the last one." head: String,
            }
            "A one-time code that the host is to send."
            CodeToSend {
                "Names the code; whoever asked brings it back with the digits." challenge: String,
                "Where it is to be sent." mobile: String,
                "In which language." language: String,
                "What it opens: a word of `Purpose`." purpose: String,
                "The digits." code: String,
                "The first instant at which it is no longer good." expires_at: Instant,
            }
            "A code that is on its way."
            CodeSent {
                "Names the code; whoever asked brings it back with the digits." challenge: String,
                "The first instant at which it is no longer good." expires_at: Instant,
            }
            "A message in words."
            Written {
                "The template that the words come from." template: String,
                "The language that they are in." language: String,
                "The words." text: String,
                "How many short messages they would be." parts: u32,
                "The encoding of them: `GSM-7` or `UCS-2`." encoding: String,
                "The identity under which the template is registered with the carriers, if it is." registered_as: Option<String>,
                "The sender's name that is registered with it." sender_name: Option<String>,
                "The office's identity that is registered with it." sender_entity: Option<String>,
            }
            "A message to be sent."
            Message {
                "Its identity, the same however often it is handed over: what was sent before is not sent again." id: String,
                "By which channel: a word of `MessageChannel`." channel: String,
                "To what it goes: `mobile`, `email`, `postal`, `inbox`, `unit` or `post`." to: String,
                "The mobile, the e-mail or postal address, or the portal's reference of a person's list; none for an office." address: Option<String>,
                "The office, where it goes to one." unit: Option<String>,
                "The post in it, where it goes to one." post: Option<String>,
                "What it says, and in which language." written: Written,
            }
            "What a gateway of the host's raised."
            Raised {
                "The message." message: String,
                "The name of the error's class: its words may hold an address." name: String,
            }
            "What a round of deliveries came to."
            Delivered {
                "Messages that the gateway took." sent: u64,
                "Messages that will be tried again." retried: u64,
                "Messages that were given up and wait for a person to look at them." parked: Vec<String>,
                "Messages that nobody is to have any more." dropped: u64,
                "Messages that another worker settled meanwhile: the gateway may have had them twice." elsewhere: u64,
                "Cases whose complainant has to be called: the message about the closure did not get through." to_call: Vec<String>,
                "What the gateway raised." raised: Vec<Raised>,
            }
            "A message of a case, without words, and how far it has come."
            Posted {
                "Its identity." id: String,
                "The event that it tells of, by its version." about: u64,
                "The template." template: String,
                "The recipient's language." language: String,
                "By which channel: a word of `MessageChannel`." channel: String,
                "To whom, by reference." to: Json,
                "Not to be sent earlier than this." not_before: Instant,
                "How far it has come: a word of `NoticeState`." state: String,
                "How often it was tried." attempts: u32,
                "When it was delivered, parked or dropped." settled_at: Option<Instant>,
                "The gateway's own reference, under which it was delivered." reference: Option<String>,
                "When the carrier says that the recipient got it." received_at: Option<Instant>,
                "What was wrong the last time." problem: Option<String>,
            }
            "A message that somebody must look at."
            Parked {
                "Its identity." id: String,
                "The case." case: String,
                "The template." template: String,
                "By which channel: a word of `MessageChannel`." channel: String,
                "How often it was tried." attempts: u32,
                "Since when it is parked." at: Instant,
                "What was wrong." problem: String,
            }
        }
    };
}
