//! Our canonical JSON is RFC 8785, byte for byte as an independent writer has it.

use grievance_core::proof::canonical::to_canonical;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// A value as a reference writes it.
fn reference(value: &Value) -> String {
    serde_json_canonicalizer::to_string(value).expect("it has a canonical form")
}

/// Any JSON: every kind of character in keys and strings, numbers of every size.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        (-1_000_i64..1_000).prop_map(Value::from),
        any::<f64>().prop_filter("JSON has no such number", |n| n.is_finite()).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        "[a-z\"\\\\\u{0}-\u{20}€]{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 60, 8, |inner| {
        let key = prop_oneof![
            any::<String>(),
            "[a-z_]{1,4}",
            "[\u{0}-\u{7f}\u{e000}-\u{ffff}\u{10000}-\u{10010}]{1,3}"
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((key, inner), 0..8)
                .prop_map(|entries| Value::Object(entries.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Ours and the reference write the same bytes.
    #[test]
    fn it_is_what_a_reference_writes(value in any_json()) {
        prop_assert_eq!(to_canonical(&value).expect("it has a canonical form"), reference(&value));
    }
}

/// Fields that a struct declares out of order, with an object in the middle.
#[derive(serde::Serialize)]
struct Unsorted {
    zebra: u32,
    mid: Inner,
    aardvark: &'static str,
    #[serde(rename = "€")]
    euro: i64,
    #[serde(rename = "a\n")]
    line: bool,
}

#[derive(serde::Serialize)]
struct Inner {
    y: Option<u8>,
    x: Vec<u64>,
    w: (),
}

#[test]
fn fields_out_of_order_are_put_in_order() {
    let value = Unsorted {
        zebra: 1,
        mid: Inner { y: None, x: vec![1, 2], w: () },
        aardvark: "\u{1f}\"\\/\t",
        euro: -5,
        line: true,
    };
    let expected = serde_json_canonicalizer::to_string(&value).expect("it has a canonical form");
    assert_eq!(to_canonical(&value).expect("it has a canonical form"), expected);
    assert!(expected.starts_with(r#"{"a\n":true,"aardvark":"#), "{expected}");
}

/// Characters beyond the Basic Multilingual Plane sort before U+E000 in UTF-16, after it in UTF-8.
#[test]
fn keys_are_sorted_by_utf_16() {
    let value = json!({ "\u{e000}": 1, "\u{10000}": 2, "": 3 });
    assert_eq!(to_canonical(&value).expect("a form"), "{\"\":3,\"\u{10000}\":2,\"\u{e000}\":1}");
}

/// Numbers as ECMAScript prints them.
#[test]
fn numbers_are_printed_as_a_browser_prints_them() {
    for (number, text) in [
        (json!(1e21), "1e+21"),
        (json!(-0.0), "0"),
        (json!(1.0), "1"),
        (json!(9_007_199_254_740_993_u64), "9007199254740992"),
        (json!(0.000_001), "0.000001"),
    ] {
        assert_eq!(to_canonical(&number).expect("a form"), reference(&number));
        assert_eq!(to_canonical(&number).expect("a form"), text);
    }
}

#[test]
fn a_key_that_is_no_string_is_an_error() {
    let keyed_by_pairs = std::collections::BTreeMap::from([((1, 2), 3)]);
    assert!(to_canonical(&keyed_by_pairs).is_err());
}
