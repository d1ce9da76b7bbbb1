//! Case files: each audience sees its own, nothing is left out, and the file proves it.

use crate::desk_support::{at, desks, lodging, officer, take};
use grievance_core::desk::{CaseFile, Desk};
use grievance_core::grievance::request::Lodge;
use grievance_core::kernel::id::GrievanceId;
use grievance_core::kernel::text::Digest;
use grievance_core::rulebook::access::Sights;
use grievance_core::vocabulary::{ErrorCode, Field, FileAudience, Sight};

const NOW: &str = "2026-03-02T09:00:00Z";

/// A case with a public note and an internal one, and a checkpoint over it.
fn case(desk: &Desk) -> (GrievanceId, Digest) {
    let done = desk
        .by(&crate::desk_support::citizen(), at(NOW))
        .lodge(Lodge {
            narrative: "NARRATIVE, call 98300 12345".to_owned(),
            name: Some("NAMED Person".to_owned()),
            mobile: Some("98300 12345".to_owned()),
            ..lodging("pothole")
        })
        .unwrap();
    let works = officer("hod", "works");
    take(desk, &works, NOW, done.case, r#"{"action":"acknowledge"}"#);
    take(desk, &works, NOW, done.case, r#"{"action":"comment","text":"INTERNAL note."}"#);
    take(desk, &works, NOW, done.case, r#"{"action":"comment","text":"PUBLIC note.","public":true}"#);
    take(desk, &works, NOW, done.case, r#"{"action":"report_action","report":"REPORTED as filled."}"#);
    let checkpoint = desk.checkpoint(at(NOW)).unwrap();
    (done.case, checkpoint.hash())
}

fn text(file: &CaseFile) -> String {
    serde_json::to_string(file).unwrap()
}

#[test]
fn each_audience_sees_its_own_and_every_event_has_its_place() {
    for (name, desk) in desks() {
        let (id, printed) = case(&desk);
        let cell = officer("cell_officer", "desk");
        let length = desk.store().version(id).unwrap().unwrap();
        for audience in FileAudience::ALL {
            let file = desk.by(&cell, at(NOW)).case_file(id, *audience).unwrap();
            let versions: Vec<u64> = file.entries.iter().map(|entry| entry.version).collect();
            assert_eq!(versions, (1..=length).collect::<Vec<_>>(), "{name} {audience}");
            let proof = file.proof.clone().expect("it is covered");
            let checked = proof.check(printed, None).unwrap();
            assert_eq!((checked.covered, checked.events), (length, length), "{name} {audience}");
            let whole = file.entries.iter().filter(|entry| entry.is_whole).count() as u64;
            assert_eq!(checked.open, whole, "{name} {audience}: what is shown whole is open");

            let said = text(&file);
            let sees = Sights::of_file(*audience);
            for (canary, field) in [
                ("NARRATIVE", Field::Narrative),
                ("NAMED", Field::Name),
                ("INTERNAL", Field::CommentInternal),
                ("PUBLIC", Field::CommentPublic),
                ("REPORTED", Field::Report),
            ] {
                let shown = said.contains(canary);
                assert!(!shown || sees.of(field).is_some(), "{name} {audience}: {canary} is not for them");
            }
            let number = said.contains("98300 12345") || said.contains("9830012345");
            assert!(!number || sees.full(Field::Narrative), "{name} {audience}: a number in a masked text");
            let internal = &file.entries.iter().find(|entry| entry.version == 4).unwrap();
            assert_eq!(
                internal.event.is_some(),
                sees.of(Field::CommentInternal).is_some(),
                "{name} {audience}"
            );
            assert!(internal.event.is_some() || internal.withheld == 1, "{name} {audience}");
            assert!(!format!("{file:?}").contains("NARRATIVE"), "{name}: Debug shows no words");
        }
        // What is shown in full can be held to the recorded digest.
        let court = desk.by(&cell, at(NOW)).case_file(id, FileAudience::Court).unwrap();
        let full =
            court.entries.iter().flat_map(|entry| &entry.words).filter(|word| word.sight == Sight::Full);
        let mut held = 0;
        for word in full {
            let (salt, words) = (word.salt.as_ref().unwrap(), word.words.as_ref().unwrap());
            let salt: Vec<u8> =
                (0..16).map(|n| u8::from_str_radix(&salt[2 * n..2 * n + 2], 16).unwrap()).collect();
            assert_eq!(Digest::of(&[&salt, words.as_bytes()]), word.digest, "{name}");
            held += 1;
        }
        assert!(held > 0, "{name}");
    }
}

/// Nobody gives away what they do not see, and nobody makes a file of a case that is not there for
/// them.
#[test]
fn a_file_shows_no_more_than_its_maker_sees() {
    for (name, desk) in desks() {
        let (id, _) = case(&desk);
        let auditor = officer("auditor", "desk");
        if let Ok(file) = desk.by(&auditor, at(NOW)).case_file(id, FileAudience::Court) {
            assert!(!text(&file).contains("NAMED"), "{name}: an auditor does not see the name");
            assert!(!text(&file).contains("98300 12345"), "{name}: an auditor sees words masked");
        }
        let stranger = officer("hod", "water");
        let refused = desk.by(&stranger, at(NOW)).case_file(id, FileAudience::Court).unwrap_err();
        assert_eq!(refused.code(), ErrorCode::NotFound, "{name}");
        let refused = desk.by(&stranger, at(NOW)).prove(id, None).unwrap_err();
        assert_eq!(refused.code(), ErrorCode::NotFound, "{name}");
    }
}

/// Each file that shows who somebody is stands in the access log, for the audience's purpose.
#[test]
fn a_file_is_a_look() {
    for (name, desk) in desks() {
        let (id, _) = case(&desk);
        let before = desk.store().last_look().unwrap().map_or(0, |last| last.0);
        desk.by(&officer("cell_officer", "desk"), at(NOW)).case_file(id, FileAudience::Court).unwrap();
        let after = desk.store().last_look().unwrap().map_or(0, |last| last.0);
        assert_eq!(after, before + 1, "{name}");
    }
}

/// Before the first checkpoint a file says that nothing shows it to be complete.
#[test]
fn a_file_without_a_checkpoint_says_so() {
    let (_, desk) = desks().into_iter().next().unwrap();
    let case = crate::desk_support::lodge(&desk, "pothole", NOW).case;
    let file =
        desk.by(&officer("cell_officer", "desk"), at(NOW)).case_file(case, FileAudience::Court).unwrap();
    assert!(file.proof.is_none() && file.checkpoint.is_none());
    #[cfg(feature = "render")]
    {
        let page = grievance_core::render::case_file::case_file_html(&file, "Test town");
        assert!(page.contains("Not yet covered") && !page.contains("<pre>"));
    }
}

/// The page has the proof as it is checked, and hostile words are only text.
#[cfg(feature = "render")]
#[test]
fn the_page_carries_its_proof_and_runs_nothing() {
    use grievance_core::proof::case::CaseProof;
    use grievance_core::render::case_file::case_file_html;
    let (_, desk) = desks().into_iter().next().unwrap();
    let (id, works) = (crate::desk_support::lodge(&desk, "pothole", NOW).case, officer("hod", "works"));
    take(&desk, &works, NOW, id, r#"{"action":"acknowledge"}"#);
    let printed = desk.checkpoint(at(NOW)).unwrap().hash();
    let json = r#"{"action":"comment","text":"<script>alert(1)</script>","public":true}"#;
    take(&desk, &works, NOW, id, json);
    let file = desk.by(&officer("cell_officer", "desk"), at(NOW)).case_file(id, FileAudience::Court).unwrap();
    let page = case_file_html(&file, "Test <town>");
    assert!(
        !page.contains("<script") && page.contains("&lt;script&gt;") && page.contains("Test &lt;town&gt;")
    );
    assert!(!page.contains("http:") && !page.contains("https:"), "nothing is loaded from elsewhere");
    let proof = page.split("<pre>").nth(1).unwrap().split("</pre>").next().unwrap();
    let plain =
        [("&quot;", "\""), ("&lt;", "<"), ("&gt;", ">"), ("&#x27;", "'"), ("&#x2f;", "/"), ("&amp;", "&")];
    let proof = plain.iter().fold(proof.to_owned(), |text, (escaped, letter)| text.replace(escaped, letter));
    let checked = CaseProof::read(&proof).unwrap().check(printed, None).unwrap();
    assert_eq!(checked.events, file.entries.len() as u64);
    assert!(checked.covered < checked.events, "the last step came after the checkpoint");
}
