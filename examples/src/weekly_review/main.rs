//! Weekly review.
fn main() {}
