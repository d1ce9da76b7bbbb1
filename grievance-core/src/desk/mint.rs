//! Where identities and salts come from: the one place that draws random numbers.

use crate::kernel::id::GrievanceId;
use crate::kernel::text::Mint;
use chrono::{DateTime, Utc};

/// Draws from the operating system's source of randomness.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemMint;

impl Mint for SystemMint {
    #[expect(clippy::disallowed_methods, reason = "a desk supplies the identities that its host does not")]
    fn uuid(&mut self) -> uuid::Uuid {
        uuid::Uuid::new_v4()
    }

    fn salt(&mut self) -> [u8; 16] {
        // A version 4 UUID fixes six bits of each half; the middle bytes of two have none fixed.
        let (one, two) = (self.uuid().into_bytes(), self.uuid().into_bytes());
        let mut salt = [0; 16];
        salt[..6].copy_from_slice(&one[..6]);
        salt[6..12].copy_from_slice(&two[..6]);
        salt[12..14].copy_from_slice(&one[10..12]);
        salt[14..].copy_from_slice(&two[10..12]);
        salt
    }
}

/// Draws the same identities and salts from the same seed: for tests and simulations only,
/// since whoever knows the seed knows every salt.
#[derive(Clone, Debug)]
pub struct SeededMint {
    state: u64,
}

impl SeededMint {
    /// Begins at a seed.
    pub const fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// The next 64 bits (the generator `SplitMix64`).
    pub const fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}

impl Mint for SeededMint {
    fn uuid(&mut self) -> uuid::Uuid {
        uuid::Builder::from_random_bytes(self.salt()).into_uuid()
    }

    fn salt(&mut self) -> [u8; 16] {
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&self.next().to_be_bytes());
        bytes[8..].copy_from_slice(&self.next().to_be_bytes());
        bytes
    }
}

/// The identity of a new case: a version 7 UUID, so that cases lie in a store in the order in
/// which they came.
pub(crate) fn new_case(mint: &mut dyn Mint, now: DateTime<Utc>) -> GrievanceId {
    let salt = mint.salt();
    let mut random = [0; 10];
    random.copy_from_slice(&salt[..10]);
    let millis = u64::try_from(now.timestamp_millis()).unwrap_or(0);
    GrievanceId::from_uuid(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
}
