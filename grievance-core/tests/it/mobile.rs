//! Mobile numbers: what is accepted, and that the number does not leak.

use grievance_core::kernel::mobile::{Mobile, MobileError};
use proptest::prelude::*;

fn national() -> impl Strategy<Value = String> {
    "[6-9][0-9]{9}"
}

proptest! {
    /// Whichever prefix and separators are typed, it is the same number.
    #[test]
    fn prefix_and_separators_do_not_matter(
        ten in national(),
        prefix in prop::sample::select(vec!["", "0", "91", "+91"]),
        gaps in prop::collection::vec("[ .()-]{0,2}", 14),
    ) {
        let typed: String = prefix.chars().chain(ten.chars()).zip(&gaps)
            .flat_map(|(c, gap)| gap.chars().chain([c]).collect::<Vec<_>>())
            .collect();
        let mobile = Mobile::parse(&typed).expect("an accepted form");
        prop_assert_eq!(mobile.e164(), format!("+91{ten}"));
        prop_assert_eq!(Mobile::parse(mobile.e164()), Ok(mobile));
    }

    /// Neither `Debug` nor `Display` shows more than the last four digits.
    #[test]
    fn printing_shows_the_last_four_digits_only(ten in national()) {
        let mobile = Mobile::parse(&ten).expect("ten digits beginning 6 to 9");
        prop_assert_eq!(mobile.to_string(), format!("…{}", &ten[6..]));
        prop_assert_eq!(format!("{:?}", Some(mobile)), format!("Some(Mobile(…{}))", &ten[6..]));
        prop_assert_eq!(mobile.last_four(), &ten[6..]);
    }

    /// Whatever is typed gives a number of the stored form or an error, never a panic.
    #[test]
    fn any_text_is_answered(text in any::<String>()) {
        if let Ok(mobile) = text.parse::<Mobile>() {
            prop_assert_eq!(mobile.e164().len(), 13);
        }
    }

    /// The same for texts that come close, and an error repeats no run of the digits.
    #[test]
    fn errors_repeat_nothing(text in "[+]?[0-9 .()x-]{0,20}") {
        if let Err(error) = Mobile::parse(&text) {
            let digits: String = text.chars().filter(char::is_ascii_digit).collect();
            let said = error.to_string();
            prop_assert!(digits.len() < 4 || !said.contains(&digits[..4]), "{said}");
        }
    }
}

#[test]
fn ten_digits_beginning_with_91_are_the_whole_number() {
    assert_eq!(Mobile::parse("9198300012").expect("ten digits").e164(), "+919198300012");
    assert_eq!(Mobile::parse("919198300012").expect("with prefix").e164(), "+919198300012");
}

#[test]
fn each_mistake_has_its_own_sentence() {
    use MobileError::{Empty, NotMobile, OtherCountry, UnexpectedCharacter, WrongLength};
    for (typed, error) in [
        ("", Empty),
        (" \u{a0}\t", Empty),
        ("+", Empty),
        ("()-.", Empty),
        ("983000123", WrongLength { digits: 9 }),
        ("98300012345", WrongLength { digits: 11 }),
        ("+91 98300 0123", WrongLength { digits: 11 }),
        ("+91 98300 012345", WrongLength { digits: 13 }),
        ("+9830001234", OtherCountry),
        ("+880 1712 345678", OtherCountry),
        ("+0 98300 01234", OtherCountry),
        ("0919830001234", WrongLength { digits: 13 }),
        ("123456789012", WrongLength { digits: 12 }),
        ("5830001234", NotMobile),
        ("03324567890", NotMobile),
        ("+91 033 2456789", NotMobile),
        ("98300x01234", UnexpectedCharacter { position: 6 }),
        ("98300+01234", UnexpectedCharacter { position: 6 }),
        ("++919830001234", UnexpectedCharacter { position: 2 }),
        ("  ৯৮৩০০০১২৩৪", UnexpectedCharacter { position: 1 }),
    ] {
        assert_eq!(Mobile::parse(typed), Err(error), "{typed:?}");
    }
    assert_eq!(
        WrongLength { digits: 9 }.to_string(),
        "a mobile number has ten digits, or ten after +91, 91 or 0; 9 were given in all"
    );
}
