//! Instants and amounts as vectors write them.

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use serde_json::Value;

/// An instant: RFC 3339, or a local time of the calendar's zone, or a date for its first instant.
pub(crate) fn read(value: &Value, zone: Tz) -> Result<DateTime<Utc>, String> {
    if let Some(seconds) = value.as_i64() {
        return DateTime::from_timestamp(seconds, 0)
            .ok_or_else(|| format!("{seconds} seconds is no instant"));
    }
    let text = value.as_str().ok_or_else(|| format!("expected an instant, found {value}"))?.trim();
    let forms = ["%Y-%m-%dT%H:%M:%S%.f%#z", "%Y-%m-%d %H:%M:%S%.f %#z", "%Y-%m-%dT%H:%M%#z"];
    let with_offset = DateTime::parse_from_rfc3339(text)
        .ok()
        .or_else(|| forms.iter().find_map(|form| DateTime::parse_from_str(text, form).ok()));
    if let Some(at) = with_offset {
        return Ok(at.to_utc());
    }
    let forms = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"];
    let local = forms.iter().find_map(|form| NaiveDateTime::parse_from_str(text, form).ok());
    let midnight =
        || NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().map(|day| day.and_time(chrono::NaiveTime::MIN));
    let local = local.or_else(midnight).ok_or_else(|| format!("{text:?} is no instant"))?;
    let at = local.and_local_timezone(zone).earliest();
    at.map(|at| at.to_utc()).ok_or_else(|| format!("{text:?} does not exist in {zone}"))
}

/// An instant in the form that the expectation has: its offset, and `Z` where it has a `Z`.
pub(crate) fn write(at: DateTime<Utc>, expected: Option<&Value>) -> Value {
    let expected = expected.and_then(Value::as_str).unwrap_or("+00:00");
    let form = chrono::SecondsFormat::AutoSi;
    if expected.ends_with(['Z', 'z']) {
        return at.to_rfc3339_opts(form, true).into();
    }
    match DateTime::parse_from_rfc3339(expected) {
        Ok(like) => at.with_timezone(like.offset()).to_rfc3339_opts(form, false).into(),
        Err(_) => at.to_rfc3339_opts(form, false).into(),
    }
}

/// What an amount counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Amount {
    Time(TimeDelta),
    Days(i32),
}

/// A number of a unit.
pub(crate) fn amount(number: &Value, unit: &str) -> Result<Amount, String> {
    let unit = unit.trim().to_ascii_lowercase();
    let parsed = number.as_str().and_then(|text| text.trim().parse::<f64>().ok());
    let number = number.as_f64().or(parsed).ok_or_else(|| format!("expected an amount, found {number}"))?;
    let singular = if unit == "ms" { "msec" } else { unit.trim_end_matches('s') };
    let millis = match singular {
        "msec" | "millisecond" | "milli" => 1.0,
        "" | "sec" | "second" | "working_second" => 1_000.0,
        "m" | "min" | "minute" | "working_minute" => 60_000.0,
        "h" | "hr" | "hour" | "working_hour" | "business_hour" => 3_600_000.0,
        "d" | "day" | "business_day" | "working_day" | "businessday" | "workday" => {
            #[expect(clippy::cast_possible_truncation, reason = "checked to be whole and in range")]
            let days = number as i32;
            return if (f64::from(days) - number).abs() < f64::EPSILON {
                Ok(Amount::Days(days))
            } else {
                Err(format!("{number} is no whole number of days"))
            };
        }
        _ => return Err(format!("no unit {unit:?}")),
    };
    let millis = (number * millis).round();
    if millis.abs() > 9e15 {
        return Err(format!("{number} {unit} is out of range"));
    }
    #[expect(clippy::cast_possible_truncation, reason = "below 2^53")]
    let millis = millis as i64;
    Ok(Amount::Time(TimeDelta::milliseconds(millis)))
}

/// Seconds as a number, whole where they are.
pub(crate) fn number(millis: i64, per: i64) -> Value {
    if millis % per == 0 {
        return (millis / per).into();
    }
    #[expect(clippy::cast_precision_loss, reason = "a working time is below 2^53 milliseconds")]
    let fraction = millis as f64 / per as f64;
    fraction.into()
}

/// Whether two numbers are the same to half a millisecond.
pub(crate) fn same_number(one: &Value, other: &Value) -> bool {
    matches!((one.as_f64(), other.as_f64()), (Some(one), Some(other)) if (one - other).abs() < 5e-7)
}
