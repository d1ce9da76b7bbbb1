//! Fuzz target: see `grievance_fuzz::tracking`.
#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    grievance_fuzz::tracking(data);
});

#[cfg(not(fuzzing))]
fn main() -> std::process::ExitCode {
    grievance_fuzz::replay(grievance_fuzz::tracking)
}
