//! Keys of the host's. The library makes none and keeps none; nothing here shows a secret.

use crate::convert::Arg;
use crate::fault::Fault;
use grievance_core::ErrorCode;
use grievance_core::{otp, store};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;

fn refused(problem: impl std::fmt::Display) -> Fault {
    Fault::new(ErrorCode::InvalidCommand, "keys", problem)
}

/// Makes the class of a ring of keys: what it is for, what its current secret must be, and what it has besides.
macro_rules! ring {
    ($about:literal $name:ident($core:path) of $key:path, $secret:literal { $($own:tt)* }) => {
        #[doc = $about]
        ///
        /// Parameters
        /// ----------
        /// key_id : str
        ///     The name of the current key: ``2026-11``.
        /// secret : bytes
        #[doc = concat!("    ", $secret)]
        /// old : list of tuple of str and bytes, optional
        ///     Earlier keys by name, which still open and verify.
        ///
        /// Raises
        /// ------
        /// AmendError
        ///     ``invalid_command`` at ``keys`` for a secret that is too short, and for two keys of a name.
        /// WrongTypeError
        ///     An argument of another type; ``where`` is its name.
        #[pyclass(frozen, module = "grievance")]
        pub(crate) struct $name(pub(crate) $core);

        #[pymethods]
        impl $name {
            #[new]
            #[pyo3(signature = (key_id, secret, *, old = None))]
            fn new(
                key_id: Arg<String>,
                secret: Arg<PyBackedBytes>,
                old: Option<Arg<Vec<(String, PyBackedBytes)>>>,
            ) -> PyResult<Self> {
                let (key_id, secret) = (key_id.named("key_id")?, secret.named("secret")?);
                let current = <$key>::new(&key_id, &secret).map_err(refused)?;
                let old = Arg::if_given(old, "old")?.unwrap_or_default();
                let old = old.iter().map(|(key_id, secret)| <$key>::new(key_id, secret));
                let old = old.collect::<Result<_, _>>().map_err(refused)?;
                Ok(Self(<$core>::new(current, old).map_err(refused)?))
            }

            $($own)*
        }
    };
}

ring! {
    "The keys under which texts and identities are sealed: the current one, and old ones that still open."
    KeyRing(store::keys::KeyRing) of store::keys::Key,
    "Its 32 bytes, from `secrets.token_bytes`. Keep it: without it no text opens." {
        /// A ring that everybody knows, for tests and for desks in memory alone.
        ///
        /// Returns
        /// -------
        /// KeyRing
        ///     The same each time.
        #[staticmethod]
        fn for_tests() -> Self {
            Self(store::keys::KeyRing::for_tests())
        }

        fn __repr__(&self) -> String {
            format!("KeyRing({:?}, …)", self.0.current().id())
        }
    }
}

ring! {
    "The keys under which one-time codes and the tokens of verified mobiles are made."
    MacKeys(otp::MacKeys) of otp::MacKey,
    "At least 32 bytes, from `secrets.token_bytes`." {
        fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
            Ok(format!("{}(…)", slf.get_type().name()?))
        }
    }
}
