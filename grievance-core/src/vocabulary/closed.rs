//! How a table becomes a Rust enum.

/// A word that is in none of a closed list's rows.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a word of the list {list}{}", told(.words))]
pub struct NotInList {
    /// The list's name.
    pub list: &'static str,
    /// Its words; none where a word is made of several.
    pub words: &'static [&'static str],
}

/// Words that fit into a sentence.
fn told(words: &[&str]) -> String {
    const MOST: usize = 16;
    if (1..=MOST).contains(&words.len()) { format!(": {}", words.join(", ")) } else { String::new() }
}

/// Makes the core's enum from a closed list's table.
macro_rules! core_enum {
    ($doc:literal $name:ident { $($variant:ident = $word:literal, $vdoc:literal;)+ }) => {
        #[doc = $doc]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        pub enum $name { $(#[doc = $vdoc] #[serde(rename = $word)] $variant,)+ }

        impl $name {
            /// Every value, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The word that events, rows and other languages use.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// One sentence about the value.
            pub const fn about(self) -> &'static str {
                match self { $(Self::$variant => $vdoc,)+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::vocabulary::NotInList;
            fn from_str(word: &str) -> Result<Self, Self::Err> {
                match word {
                    $($word => Ok(Self::$variant),)+
                    _ => Err($crate::vocabulary::NotInList { list: stringify!($name), words: &[$($word),+] }),
                }
            }
        }
    };
}
pub(crate) use core_enum;
