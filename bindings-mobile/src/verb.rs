//! The complainant's verbs: a record for each, made from rows of the verb table.

use crate::complainant::Complainant;
use crate::fault::Result;
use crate::record::Done;
use grievance_core::Request;
use grievance_core::grievance::request;

/// Makes the records of the rows that are a complainant's; another verb costs a line here.
macro_rules! verbs {
    ($($doc:literal $method:ident $name:ident { $($fields:tt)* })+) => {
        $(verb!($method $doc $name { $($fields)* });)+
    };
}

macro_rules! verb {
    // A lodging is a draft first: see `draft`.
    (lodge $($row:tt)*) => { record!($($row)*); };
    (provide_information $($row:tt)*) => { record!($($row)*); step!(provide_information $($row)*); };
    (record_feedback $($row:tt)*) => { record!($($row)*); step!(record_feedback $($row)*); };
    (reopen $($row:tt)*) => { record!($($row)*); step!(reopen $($row)*); };
    (appeal $($row:tt)*) => { record!($($row)*); step!(appeal $($row)*); };
    (withdraw $($row:tt)*) => { record!($($row)*); step!(withdraw $($row)*); };
    (remind $($row:tt)*) => { record!($($row)*); step!(remind $($row)*); };
    ($other:ident $($row:tt)*) => {};
}

macro_rules! record {
    ($doc:literal $name:ident {
        $($must_doc:literal $must:ident: $must_type:ty,)*
        ;
        $($may_doc:literal $may:ident: $may_type:ty,)*
    }) => {
        #[doc = $doc]
        #[derive(Clone, uniffi::Record)]
        pub struct $name {
            $(#[doc = $must_doc] pub $must: $must_type,)*
            $(#[doc = $may_doc] #[uniffi(default = None)] pub $may: Option<$may_type>,)*
        }

        impl From<$name> for request::$name {
            fn from(it: $name) -> Self {
                let $name { $($must,)* $($may,)* } = it;
                Self { $($must,)* $($may,)* }
            }
        }

        impl From<request::$name> for $name {
            fn from(it: request::$name) -> Self {
                let request::$name { $($must,)* $($may,)* } = it;
                Self { $($must,)* $($may,)* }
            }
        }
    };
}

macro_rules! step {
    ($method:ident $doc:literal $name:ident $fields:tt) => {
        #[uniffi::export]
        impl Complainant {
            #[doc = $doc]
            ///
            /// `case` is `grv_…`, or the tracking code of a complainant who stays unknown. A step whose
            /// answer was lost is kept, sealed; taken again with the same fields, or by `resend`, it is
            /// done once.
            pub async fn $method(&self, case: String, fields: $name) -> Result<Done> {
                Ok(self.step(&case, &Request::$name(fields.into())).await?.into())
            }
        }
    };
}

grievance_core::for_verbs!(verbs);
