//! The paper table: one row per question about what an office gives out and keeps, from which every language makes its
//! methods.

/// The table of papers that a desk writes and reads: editions of the weekly statement, agendas of review meetings, and the
/// register of good practices.
///
/// A row is as in `for_measures!`; the variant is one of [`Paper`](crate::desk::Paper). Every answer is a text of canonical
/// JSON, and a paper that is handed in is the text that was handed out, byte for byte: the host keeps it.
#[doc(hidden)]
#[macro_export]
macro_rules! for_papers {
    ($then:ident) => {
        $then! {
            "The weekly statement of an office as an edition: what is given out and stands."
            edition Edition {
                "Of the week that ends before this day." as_of: Day,
                ;
                "The office; the one that stands above all, if absent." unit: String,
                "What counts as a day of age: `calendar`, `elapsed` or `working`; `calendar` if absent." rule: String,
                "The code of the index by which the branches are ranked; none if absent." index: String,
                "The edition before it; none of the first." after: String,
                "A secret for this edition alone, 64 hexadecimal digits that nobody can foresee: with it `prove_counted` shows a complainant that a case was counted. Without it nobody can." key: String,
            }
            "Tells those who answer for the office that an edition was given out, through the outbox; nobody twice."
            tell_of_edition TellOfEdition {
                "The edition." edition: String,
                ;
            }
            "Whom an edition was sent to, whether it has arrived, and since when it is known to have been opened."
            told_of_edition ToldOfEdition {
                "The edition." edition: String,
                ;
            }
            "Records that whoever got a message about an edition opened it; the first word counts."
            edition_opened EditionOpened {
                "The edition." edition: String,
                "The message, as `told_of_edition` names it." notice: String,
                ;
            }
            "An edition against what is known today: every difference, by case."
            restate Restate {
                "The edition." edition: String,
                ;
            }
            "That a case stands behind counts of an edition: a proof for each."
            prove_counted ProveCounted {
                "The edition." edition: String,
                "The secret that the edition was made with." key: String,
                "The case." case: String,
                ;
            }
            "Checks a proof against the edition that was printed, and says what it proves."
            check_counted CheckCounted {
                "The edition." edition: String,
                "The proof." proof: String,
                ;
            }
            "The agenda of a review meeting: what to look at, and what was decided and is not done."
            agenda Agenda {
                "The edition that the meeting is about." edition: String,
                "The day of the meeting." meeting: Day,
                ;
                "The agenda of the last meeting, with what it decided; none of the first." last: String,
            }
            "Writes down what a meeting decided: the agenda with it."
            decide Decide {
                "The agenda." agenda: String,
                "The code of the decision, one of each in an office." code: String,
                "What was decided. It names posts and offices, and nobody who complained." text: String,
                "The office that is to do it." unit: String,
                "The post that answers for it." post: String,
                "The day on which it was decided." decided_on: Day,
                "The last day on which it is in time." due: Day,
                ;
            }
            "Says that a decision was carried out: the agenda with it."
            settle Settle {
                "The agenda." agenda: String,
                "The code of the decision." code: String,
                "On which day." on: Day,
                ;
            }
            "Writes a page of the register of good practices, or writes it anew: the register with it."
            write_practice WritePractice {
                "The code of the page, one of each in a register." code: String,
                "What it is called." title: String,
                "What was changed: a word of `PracticeFacet`." facet: String,
                "The office that did it." unit: String,
                "What was wrong before." situation: String,
                "What another office does to repeat it, in order." steps: Vec<String>,
                "The day on which it was written." written_on: Day,
                ;
                "The register; a new one if absent." register: String,
                "The subject in which it was tried; none where it suits any." domain: String,
            }
            "Links a page with a case that stands disposed: the register with it."
            link_practice LinkPractice {
                "The register." register: String,
                "The code of the page." practice: String,
                "The case." case: String,
                ;
                "What its complainant said, as it may be published." testimonial: String,
            }
            "Records that the complainant of a linked case consents to what a page says: the register with it."
            consent_to_practice ConsentToPractice {
                "The register." register: String,
                "The code of the page." practice: String,
                "The case." case: String,
                "By which way the consent was given." channel: String,
                "The day on which it was given." given_on: Day,
                "The post that recorded it." recorded_by: String,
                "That post's office." unit: String,
                ;
            }
            "Takes a case out of every page: the register without it. Pages that were published with it are withdrawn."
            take_out_of_practices TakeOutOfPractices {
                "The register." register: String,
                "The case." case: String,
                "On which day." on: Day,
                ;
            }
            "Publishes a page whose cases stand disposed and whose complainants consent: the register with it."
            publish_practice PublishPractice {
                "The register." register: String,
                "The code of the page." practice: String,
                "On which day." on: Day,
                ;
            }
            "Takes a page back: the register with it."
            withdraw_practice WithdrawPractice {
                "The register." register: String,
                "The code of the page." practice: String,
                "On which day." on: Day,
                "Why." why: String,
                ;
            }
            "Records that another office does it, too: the register with it."
            repeat_practice RepeatPractice {
                "The register." register: String,
                "The code of the page." practice: String,
                "The office." unit: String,
                "Since which day." on: Day,
                ;
            }
            "The published pages that fit, as everybody may read them: those with most of the words in the title first."
            practices Practices {
                "The register." register: String,
                ;
                "Words, of which each begins a word of the page." words: String,
                "What was changed: a word of `PracticeFacet`." facet: String,
                "The subject, with those below it; a page that suits any is found, too." domain: String,
                "The office that did it first, with those below it." unit: String,
            }
        }
    };
}
