//! Registration numbers: the laws of pattern and check character, then each mistake by name.

use chrono::{Datelike as _, NaiveDate};
use grievance_core::kernel::number::{
    CheckRule, NumberError, NumberPart, NumberPattern, NumberPrefix, PatternError, RegistrationNumber,
    SerialReset, YearStart, is_cpgrams_shape, mod37_36,
};
use proptest::prelude::*;

const ALPHABET: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

fn date(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("a date")
}

fn prefix(text: &str) -> NumberPrefix {
    NumberPrefix::new(text).expect("a prefix")
}

fn pattern(text: &str) -> NumberPattern {
    let rule = if text.contains("{check}") { CheckRule::Mod37_36 } else { CheckRule::None };
    NumberPattern::compile(text, rule).expect("a pattern")
}

fn any_date() -> impl Strategy<Value = NaiveDate> {
    (0_i64..35_000).prop_map(|days| date(2001, 1, 1) + chrono::TimeDelta::days(days))
}

fn any_prefix() -> impl Strategy<Value = NumberPrefix> {
    "[A-Z0-9/._-]{1,16}".prop_map(|text| prefix(&text))
}

fn any_serial() -> impl Strategy<Value = u64> {
    prop_oneof![0..1000_u64, any::<u64>()]
}

/// Placeholders in any order, literals of any kind or none between them.
fn any_pattern() -> impl Strategy<Value = NumberPattern> {
    any::<bool>().prop_flat_map(patterns)
}

fn patterns(check: bool) -> impl Strategy<Value = NumberPattern> {
    let year = prop::sample::select(vec!["{year}", "{year:2}"]);
    let serial =
        prop_oneof![Just("{serial}".to_owned()), (1..=12_u8).prop_map(|width| format!("{{serial:{width}}}"))];
    let optional = (year, prop::bits::u8::masked(0b1111)).prop_map(|(year, mask)| {
        [year, "{prefix}", "{month}", "{day}"]
            .into_iter()
            .enumerate()
            .filter(|(bit, _)| mask & (1 << bit) != 0)
            .map(|(_, name)| name.to_owned())
            .collect::<Vec<_>>()
    });
    let pieces = (serial, optional).prop_flat_map(|(serial, mut pieces)| {
        pieces.push(serial);
        Just(pieces).prop_shuffle()
    });
    let between = prop::collection::vec("[A-Z0-9/._-]{0,2}", 6);
    (pieces, between, 1..=12_u8).prop_map(move |(pieces, between, month)| {
        let mut text: String = between.iter().zip(&pieces).flat_map(|(gap, p)| [gap.as_str(), p]).collect();
        text.push_str(&between[5]);
        if check {
            text.push_str("{check}");
        }
        pattern(&text).with_year_start(YearStart::new(month).expect("1 to 12"))
    })
}

proptest! {
    /// What a pattern prints it reads back, in small letters and among blanks too.
    #[test]
    fn reading_undoes_printing(
        pattern in any_pattern(), prefix in any_prefix(), date in any_date(), serial in any_serial(),
    ) {
        let number = pattern.format(&prefix, date, serial);
        prop_assert_eq!(RegistrationNumber::read(number.as_str()), Ok(number.clone()));
        let typed = format!(" \t{}\u{a0}\n", number.as_str().to_ascii_lowercase());
        let parsed = pattern.parse(&prefix, &typed);
        prop_assert!(parsed.is_ok(), "{pattern} printed {number}: {parsed:?}");
        let parsed = parsed.expect("just looked");
        prop_assert_eq!(parsed.serial, serial);
        prop_assert_eq!(&parsed.number, &number);
        let has = |name: &str| pattern.as_str().contains(name);
        let year_start = pattern.series(SerialReset::Yearly, date).parse::<i32>().expect("a year");
        prop_assert_eq!(parsed.year, has("{year").then_some(year_start));
        prop_assert_eq!(parsed.month, has("{month}").then_some(date.month()));
        prop_assert_eq!(parsed.day, has("{day}").then_some(date.day()));
    }

    /// Where serials may begin again, two numbers of different series or serials differ.
    #[test]
    fn series_that_are_kept_apart_never_print_the_same(
        pattern in any_pattern(), prefix in any_prefix(),
        date in any_date(), days in 0..800_i64, serials in (0..50_u64, 0..50_u64),
    ) {
        let (one, other) = ((date, serials.0), (date + chrono::TimeDelta::days(days), serials.1));
        for reset in [SerialReset::Never, SerialReset::Yearly, SerialReset::Monthly, SerialReset::Daily] {
            let key = |(date, serial)| (pattern.series(reset, date), serial);
            if pattern.keeps_apart(reset) && key(one) != key(other) {
                prop_assert_ne!(
                    pattern.format(&prefix, one.0, one.1),
                    pattern.format(&prefix, other.0, other.1)
                );
            }
        }
    }

    /// In a checked number every substitution of one character is noticed.
    #[test]
    fn every_substitution_is_noticed(
        pattern in patterns(true), prefix in any_prefix(), date in any_date(), serial in any_serial(),
    ) {
        let number = pattern.format(&prefix, date, serial);
        // Whatever the slip makes of the shape: only separators are out of the check's sight,
        // and those the shape itself prescribes.
        for at in 0..number.as_str().len() {
            for c in ALPHABET.chars().chain("/-._".chars()) {
                let mut slip = number.as_str().to_owned();
                slip.replace_range(at..=at, c.encode_utf8(&mut [0; 4]));
                if slip != number.as_str() {
                    prop_assert!(pattern.parse(&prefix, &slip).is_err(), "{number} and {slip}");
                }
            }
        }
    }

    /// In a checked number an exchange of neighbours is noticed, unless the two follow each other
    /// in the alphabet: those pass sometimes.
    #[test]
    fn exchanged_neighbours_are_noticed_but_for_consecutive_ones(
        pattern in patterns(true), prefix in any_prefix(), date in any_date(), serial in any_serial(),
    ) {
        let number = pattern.format(&prefix, date, serial);
        for at in 1..number.as_str().len() {
            let mut slip = number.as_str().as_bytes().to_vec();
            slip.swap(at - 1, at);
            let slip = String::from_utf8(slip).expect("ASCII");
            if slip != number.as_str() && pattern.parse(&prefix, &slip).is_ok() {
                let values: Vec<_> = slip[at - 1..=at].chars().map(|c| ALPHABET.find(c)).collect();
                prop_assert!(
                    matches!(values[..], [Some(a), Some(b)] if consecutive(a, b)),
                    "{number} and {slip}"
                );
            }
        }
    }

    /// Whatever is typed or configured, there is an answer and never a panic.
    #[test]
    fn any_text_is_answered(text in any::<String>(), pattern in any_pattern()) {
        let office = prefix("WB");
        let _ = pattern.parse(&office, &text);
        let _ = NumberPattern::compile(&text, CheckRule::Mod37_36);
        let _ = (NumberPrefix::new(&text), RegistrationNumber::read(&text), is_cpgrams_shape(&text));
        let _ = mod37_36(&text);
    }

    /// The same for texts that come close to a number or a pattern.
    #[test]
    fn any_near_text_is_answered(
        pattern in any_pattern(), prefix in any_prefix(), date in any_date(), serial in any_serial(),
        cut in 0..70_usize, put in "[0-9A-Zé /._-]{0,3}", braces in "([{]?(serial|year|check)?[:}]?[0-9A-Z]?){0,6}",
    ) {
        let number = pattern.format(&prefix, date, serial).to_string();
        let cut = cut.min(number.len());
        let _ = pattern.parse(&prefix, &number[..cut]);
        let _ = pattern.parse(&prefix, &format!("{}{put}{}", &number[..cut], &number[cut..]));
        let _ = pattern.parse(&prefix, &format!("{}{put}", &number[..cut]));
        let _ = NumberPattern::compile(&braces, CheckRule::None);
    }

    /// The shape of CPGRAMS is exactly the published one.
    #[test]
    fn cpgrams_numbers_are_recognised(text in "[A-Z]{4,6}/[A-Z]/[0-9]{4}/[0-9]{5,8}", at in 0..20_usize) {
        prop_assert!(is_cpgrams_shape(&text));
        let at = at.min(text.len() - 1);
        let mut small = text.clone();
        small.replace_range(at..=at, "a");
        prop_assert!(!is_cpgrams_shape(&small));
    }
}

fn consecutive(a: usize, b: usize) -> bool {
    (a + 1) % 36 == b || (b + 1) % 36 == a
}

/// The figure that `mod37_36` documents: of all exchanges behind all 36 states of the
/// calculation, one in 36 of the consecutive pairs passes and no other does.
#[test]
fn the_check_misses_exactly_one_in_36_exchanges_of_consecutive_characters() {
    let values: Vec<char> = ALPHABET.chars().collect();
    let mut missed = 0;
    for lead in &values {
        for (i, a) in values.iter().enumerate() {
            for (j, b) in values.iter().enumerate().filter(|(j, _)| *j != i) {
                if mod37_36(&format!("{lead}{a}{b}")) == mod37_36(&format!("{lead}{b}{a}")) {
                    assert!(consecutive(i, j), "{lead}: {a} and {b}");
                    missed += 1;
                }
            }
        }
    }
    // 36 pairs in two orders, each behind one of the 36 states.
    assert_eq!(missed, 72);
}

/// `GRid` standard (first row); ISAN, of hexadecimal digits under the same system (the others).
#[test]
fn published_check_characters() {
    for (text, check) in [
        ("A1-2425G-ABC1234002", 'M'),
        ("a12425gabc1234002", 'M'),
        ("B159D8FA01240000", 'K'),
        ("0000-0000-3A8D-0000", 'Z'),
        ("0000-0000-3A8D-0000-0000-0000", '6'),
    ] {
        assert_eq!(mod37_36(text), check, "{text}");
    }
}

#[test]
fn a_slip_is_named_precisely() {
    use NumberError as E;
    let office = prefix("WBCMO");
    let plain = pattern("{prefix}/{year}/{month}/{day}/{serial:6}");
    let number = "WBCMO/2026/11/23/000421";
    assert!(plain.parse(&office, number).is_ok());
    for (typed, error, sentence) in [
        ("  ", E::Empty, "the registration number is empty"),
        (
            "WBCMO/2026/11/23/0004é1",
            E::UnexpectedCharacter { position: 22, found: 'é' },
            "unexpected character 'é' at position 22",
        ),
        (
            " WBCMO /2026",
            E::UnexpectedCharacter { position: 6, found: ' ' },
            "unexpected character ' ' at position 6",
        ),
        (
            "WBCMO-2026/11/23/000421",
            E::UnexpectedCharacter { position: 6, found: '-' },
            "unexpected character '-' at position 6",
        ),
        (
            "WBCMO/2026/11/23/00O421",
            E::UnexpectedCharacter { position: 20, found: 'O' },
            "unexpected character 'O' at position 20",
        ),
        (
            "WBCMO/2026/11/23/X",
            E::UnexpectedCharacter { position: 18, found: 'X' },
            "unexpected character 'X' at position 18",
        ),
        (
            "KMC/2026/11/23/000421",
            E::WrongPrefix { expected: office.clone() },
            "the prefix is wrong, expected WBCMO",
        ),
        (
            "WBC",
            E::TooShort { position: 1, expected: NumberPart::Prefix },
            "the number ends too early: the prefix should follow at position 1",
        ),
        (
            "WBCMO/2026",
            E::TooShort { position: 11, expected: NumberPart::Literal('/') },
            "the number ends too early: `/` should follow at position 11",
        ),
        (
            "WBCMO/2026/11/23/",
            E::TooShort { position: 18, expected: NumberPart::Serial },
            "the number ends too early: the serial should follow at position 18",
        ),
        (
            "WBCMO/26/11/23/000421",
            E::NotAYear { position: 7, digits: 4 },
            "not a year at position 7: expected 4 digits",
        ),
        (
            "WBCMO/2026/13/23/000421",
            E::NotAMonth { position: 12 },
            "not a month at position 12: expected 01 to 12",
        ),
        (
            "WBCMO/2026/11/00/000421",
            E::NotADay { position: 15 },
            "not a day at position 15: expected 01 to 31",
        ),
        ("WBCMO/2026/02/30/000421", E::NotADate, "the number's date does not exist in the calendar"),
        (
            "WBCMO/2026/11/23/00421",
            E::SerialTooShort { digits: 5, expected: 6 },
            "the serial is too short: it has 5 digits, expected 6",
        ),
        (
            "WBCMO/2026/11/23/0000421",
            E::SerialTooLong { digits: 7, expected: 6 },
            "the serial is too long: it has 7 digits, expected 6",
        ),
        (
            "WBCMO/2026/11/23/99999999999999999999",
            E::SerialTooLong { digits: 20, expected: 6 },
            "the serial is too long: it has 20 digits, expected 6",
        ),
        (
            "WBCMO/2026/11/23/000421/7",
            E::TooLong { position: 24 },
            "the number is too long: it should end before position 24",
        ),
    ] {
        let found = plain.parse(&office, typed).expect_err(typed);
        assert_eq!(found.to_string(), sentence, "{typed}");
        assert_eq!(found, error, "{typed}");
    }
    let endless = "9".repeat(1_000_000);
    assert_eq!(plain.parse(&office, &endless), Err(E::TooLong { position: 65 }));
}

#[test]
fn a_wrong_check_character_is_told_with_the_right_one() {
    let office = prefix("WB");
    let checked = pattern("{prefix}/{year}/{serial:6}/{check}");
    let number = checked.format(&office, date(2026, 11, 23), 421).to_string();
    let right = number.chars().last().expect("a check character");
    let wrong = if right == '7' { '8' } else { '7' };
    let slip = format!("{}{wrong}", &number[..number.len() - 1]);
    let error = checked.parse(&office, &slip).expect_err("a slip");
    assert_eq!(error, NumberError::WrongCheck { found: wrong, expected: right });
    assert_eq!(error.to_string(), format!("check character is {wrong}, expected {right}"));
    assert_eq!(
        checked.parse(&office, &number[..number.len() - 1]),
        Err(NumberError::TooShort { position: number.len(), expected: NumberPart::Check })
    );
}

#[test]
fn a_serial_grows_beyond_its_width_and_is_read_back() {
    let office = prefix("WB");
    let tight = pattern("{serial:2}{year:2}{prefix}");
    let number = tight.format(&office, date(2026, 1, 1), 12_345);
    assert_eq!(number.as_str(), "1234526WB");
    assert_eq!(tight.parse(&office, "1234526WB").expect("its own number").serial, 12_345);
    assert_eq!(tight.format(&office, date(2026, 1, 1), 7).as_str(), "0726WB");
}

#[test]
fn a_financial_year_prints_the_year_it_began_in() {
    let office = prefix("WB");
    let april = YearStart::new(4).expect("April");
    let yearly = pattern("{prefix}/{year}/{month}/{day}/{serial:4}").with_year_start(april);
    assert_eq!(yearly.format(&office, date(2026, 3, 31), 9).as_str(), "WB/2025/03/31/0009");
    assert_eq!(yearly.format(&office, date(2026, 4, 1), 1).as_str(), "WB/2026/04/01/0001");
    assert_eq!(yearly.series(SerialReset::Yearly, date(2026, 3, 31)), "2025");
    // 29 February 2028 lies in the year that began in April 2027.
    assert!(yearly.parse(&office, "WB/2027/02/29/0001").is_ok());
    assert_eq!(yearly.parse(&office, "WB/2028/02/29/0001"), Err(NumberError::NotADate));
}

#[test]
fn serials_are_reserved_under_the_key_of_their_series() {
    let day = date(2026, 11, 3);
    for (reset, key) in [
        (SerialReset::Never, "all"),
        (SerialReset::Yearly, "2026"),
        (SerialReset::Monthly, "2026-11"),
        (SerialReset::Daily, "2026-11-03"),
    ] {
        assert_eq!(reset.series(day, YearStart::JANUARY), key);
    }
}

#[test]
fn a_pattern_says_which_resets_would_repeat_a_number() {
    let bare = pattern("{prefix}/{serial:6}");
    assert!(bare.keeps_apart(SerialReset::Never));
    assert!(!bare.keeps_apart(SerialReset::Yearly));
    let yearly = pattern("{prefix}/{year:2}/{serial:6}");
    assert!(yearly.keeps_apart(SerialReset::Yearly));
    assert!(!yearly.keeps_apart(SerialReset::Monthly));
    assert!(pattern("{year}{month}{day}{serial}").keeps_apart(SerialReset::Daily));
}

#[test]
fn a_bad_pattern_is_refused_with_its_place() {
    use PatternError as E;
    let none = CheckRule::None;
    for (text, rule, error) in [
        ("", none, E::SerialMissing),
        ("{prefix}/{year}", none, E::SerialMissing),
        ("{prefix} {serial}", none, E::UnexpectedCharacter { position: 9, found: ' ' }),
        ("wb{serial}", none, E::UnexpectedCharacter { position: 1, found: 'w' }),
        ("{serial}}", none, E::UnexpectedCharacter { position: 9, found: '}' }),
        ("{prefix}/{serial", none, E::Unclosed { position: 10 }),
        ("{unit}/{serial}", none, E::UnknownPlaceholder { position: 1, name: "unit".into() }),
        ("{year:3}/{serial}", none, E::UnknownPlaceholder { position: 1, name: "year:3".into() }),
        ("{serial:0}", none, E::SerialWidth { position: 1 }),
        ("{serial:13}", none, E::SerialWidth { position: 1 }),
        ("A{serial:06}", none, E::SerialWidth { position: 2 }),
        ("{serial}/{serial:6}", none, E::Repeated { position: 10, name: "serial:6".into() }),
        ("{year}{year:2}{serial}", none, E::Repeated { position: 7, name: "year:2".into() }),
        ("{serial}{check}", none, E::CheckWithoutRule { position: 9 }),
        ("{serial}{check}/", CheckRule::Mod37_36, E::CheckNotLast { position: 16 }),
        ("{serial}", CheckRule::Mod37_36, E::RuleWithoutCheck),
    ] {
        assert_eq!(NumberPattern::compile(text, rule), Err(error), "{text}");
    }
    let long = format!("{{prefix}}{}{{serial}}", "A".repeat(29));
    assert_eq!(NumberPattern::compile(&long, none), Err(E::TooLong { longest: 65 }));
    assert_eq!(
        NumberPattern::compile("{unit}{serial}", none).expect_err("no such placeholder").to_string(),
        "there is no placeholder {unit} (position 1); there are prefix, year, year:2, month, day, serial and check"
    );
}

#[test]
fn any_year_that_chrono_holds_prints() {
    let office = prefix("WB");
    for day in [NaiveDate::MIN, NaiveDate::MAX, date(-1, 1, 1)] {
        let number = pattern("{year}/{serial}").format(&office, day, 1);
        assert_eq!(number.as_str().len(), 6, "{number}");
    }
}

#[test]
fn numbers_and_rules_travel_as_plain_text() {
    let number = RegistrationNumber::read("WB/2026/000421").expect("a number");
    let text = serde_json::to_string(&number).expect("text");
    assert_eq!(text, r#""WB/2026/000421""#);
    assert_eq!(serde_json::from_str::<RegistrationNumber>(&text).expect("the same"), number);
    for bad in [r#""""#, r#""a b""#, r#""é""#, r#""\u007f""#] {
        assert!(serde_json::from_str::<RegistrationNumber>(bad).is_err(), "{bad}");
    }
    assert!(RegistrationNumber::read(&"9".repeat(64)).is_ok());
    assert!(RegistrationNumber::read(&"9".repeat(65)).is_err());

    assert_eq!(serde_json::to_string(&CheckRule::Mod37_36).expect("text"), r#""mod37_36""#);
    assert_eq!(serde_json::from_str::<SerialReset>(r#""monthly""#).expect("a rule"), SerialReset::Monthly);
    assert!(serde_json::from_str::<SerialReset>(r#""weekly""#).is_err());
    assert_eq!(serde_json::from_str::<YearStart>("4").expect("April").month(), 4);
    assert!(serde_json::from_str::<YearStart>("13").is_err());
    assert!(serde_json::from_str::<NumberPrefix>(r#""wb""#).is_err());
}

#[test]
fn foreign_shapes_are_told_apart() {
    for good in ["DARPG/E/2024/0001234", "PMOPG/E/2019/12345", "GOVWB/D/2026/12345678"] {
        assert!(is_cpgrams_shape(good), "{good}");
    }
    for bad in [
        "",
        "////",
        "ABC/E/2024/0001234",
        "ABCDEFG/E/2024/0001234",
        "DARPG/EE/2024/0001234",
        "DARPG//2024/0001234",
        "DARPG/E/2024/1234",
        "DARPG/E/2024/123456789",
        "DARPG/E/2024/0001234/",
        "DARPG/E/2024/0001234\n",
        "DARPG/E/२०२४/0001234",
    ] {
        assert!(!is_cpgrams_shape(bad), "{bad}");
    }
}
