//! Fuzz target: see `grievance_fuzz::receipt`.
#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    grievance_fuzz::receipt(data);
});

#[cfg(not(fuzzing))]
fn main() -> std::process::ExitCode {
    grievance_fuzz::replay(grievance_fuzz::receipt)
}
