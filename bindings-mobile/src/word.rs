//! The closed lists that a phone meets, as enums. Answers say the plain word, so that an app takes a
//! word of a newer desk without failing: `Phase.entries.find { it.word() == tracking.phase }`.

macro_rules! word {
    ($doc:literal $name:ident { $($variant:ident = $word:literal, $vdoc:literal;)+ }) => {
        #[doc = $doc]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, uniffi::Enum)]
        pub enum $name { $(#[doc = $vdoc] $variant,)+ }

        #[uniffi::export]
        impl $name {
            /// The word that answers, events and other languages use.
            pub fn word(&self) -> String {
                match self { $(Self::$variant => $word,)+ }.to_owned()
            }

            /// One sentence about it.
            pub fn about(&self) -> String {
                match self { $(Self::$variant => $vdoc,)+ }.to_owned()
            }
        }
    };
}

grievance_core::for_phase!(word);
grievance_core::for_action!(word);
grievance_core::for_event_kind!(word);
grievance_core::for_target_kind!(word);
grievance_core::for_feedback_outcome!(word);
grievance_core::for_field!(word);
grievance_core::for_remedy!(word);
grievance_core::for_error_code!(word);
