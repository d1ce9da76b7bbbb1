//! Identities: UUIDs that the host mints, prefixed in text so that none is mistaken for another.

/// Why a text is not the identity that was expected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected an identity that begins with {expected}_ and goes on with 32 hexadecimal digits")]
pub struct ParseIdError {
    /// The prefix the text should have.
    pub expected: &'static str,
}

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident, $prefix:literal;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[cfg_attr(feature = "schema", schemars(with = "String"))]
        #[cfg_attr(feature = "schema", schemars(extend("pattern" = concat!("^", $prefix, "_[0-9a-f]{32}$"))))]
        pub struct $name(uuid::Uuid);

        impl $name {
            /// Wraps a UUID that the host has minted. The pure layers never draw random numbers.
            pub const fn from_uuid(raw: uuid::Uuid) -> Self {
                Self(raw)
            }

            /// The bare UUID.
            pub const fn uuid(self) -> uuid::Uuid {
                self.0
            }

            /// The 16 bytes of the UUID.
            pub const fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!($prefix, "_{}"), self.0.simple())
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(self, f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = ParseIdError;
            fn from_str(text: &str) -> Result<Self, ParseIdError> {
                text.strip_prefix(concat!($prefix, "_"))
                    .filter(|raw| raw.len() == 32 && !raw.bytes().any(|b| b.is_ascii_uppercase()))
                    .and_then(|raw| uuid::Uuid::try_parse(raw).ok())
                    .map(Self)
                    .ok_or(ParseIdError { expected: $prefix })
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                let mut text = [0_u8; 36];
                let (prefix, rest) = text.split_at_mut($prefix.len());
                prefix.copy_from_slice($prefix.as_bytes());
                rest[0] = b'_';
                self.0.simple().encode_lower(&mut rest[1..]);
                to.serialize_str(std::str::from_utf8(&text).expect("a prefix and hexadecimal digits are ASCII"))
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                struct Text;
                impl serde::de::Visitor<'_> for Text {
                    type Value = $name;
                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str(concat!("an identity beginning with ", $prefix, "_"))
                    }
                    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<$name, E> {
                        text.parse().map_err(E::custom)
                    }
                }
                from.deserialize_str(Text)
            }
        }
    )+};
}

id! {
    /// Names one case. (Offices, categories and reasons are named by the rulebook's codes instead.)
    GrievanceId, "grv";
    /// Names one person: an officer, a complainant, or the system itself.
    PersonId, "per";
    /// Names one command, so that sending it twice does it once.
    CommandId, "cmd";
    /// Names one row of the vault, where free text and identity are kept.
    VaultId, "vlt";
    /// Names one message owed to somebody, so that sending it twice can be told.
    NoticeId, "ntc";
    /// Names one claim on messages: whoever made it settles under it.
    ClaimId, "clm";
    /// Names one code that was sent to a mobile and waits for its answer.
    ChallengeId, "otp";
}

impl CommandId {
    /// Whether it is of the kind that this library gives to what it does by itself: a version 8
    /// UUID, worked out of what is done. A host's commands have others; a random UUID is of
    /// version 4.
    ///
    /// ```
    /// use grievance_core::kernel::id::CommandId;
    ///
    /// let own: CommandId = "cmd_0193a1c2f5de8a10b1c2d3e4f5a6b7c8".parse()?;
    /// let hosts: CommandId = "cmd_0193a1c2f5de4a10b1c2d3e4f5a6b7c8".parse()?;
    /// assert!(own.is_named() && !hosts.is_named());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn is_named(&self) -> bool {
        self.0.get_variant() == uuid::Variant::RFC4122 && self.0.get_version_num() == 8
    }
}
