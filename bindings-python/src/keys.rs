//! Keys of the host's. The library makes none and keeps none; nothing here shows a secret.

use crate::convert::Arg;
use crate::fault::Fault;
use grievance_core::ErrorCode;
use grievance_core::otp;
use grievance_core::store::keys;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;

fn refused(problem: impl std::fmt::Display) -> Fault {
    Fault::new(ErrorCode::InvalidCommand, "keys", problem)
}

/// The keys under which texts and identities are sealed: the current one, and old ones that still open.
///
/// Parameters
/// ----------
/// key_id : str
///     The name of the current key: ``2026-11``.
/// secret : bytes
///     Its 32 bytes, from `secrets.token_bytes`. Keep it: without it no text opens.
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
pub(crate) struct KeyRing(pub(crate) keys::KeyRing);

#[pymethods]
impl KeyRing {
    #[new]
    #[pyo3(signature = (key_id, secret, *, old = None))]
    fn new(
        key_id: Arg<String>,
        secret: Arg<PyBackedBytes>,
        old: Option<Arg<Vec<(String, PyBackedBytes)>>>,
    ) -> PyResult<Self> {
        let (key_id, secret) = (key_id.named("key_id")?, secret.named("secret")?);
        let current = keys::Key::new(&key_id, &secret).map_err(refused)?;
        let old = Arg::if_given(old, "old")?.unwrap_or_default();
        let old = old.iter().map(|(key_id, secret)| keys::Key::new(key_id, secret));
        let old = old.collect::<Result<_, _>>().map_err(refused)?;
        Ok(Self(keys::KeyRing::new(current, old).map_err(refused)?))
    }

    /// A ring that everybody knows, for tests and for desks in memory alone.
    ///
    /// Returns
    /// -------
    /// KeyRing
    ///     The same each time.
    #[staticmethod]
    fn for_tests() -> Self {
        Self(keys::KeyRing::for_tests())
    }

    fn __repr__(&self) -> String {
        format!("KeyRing({:?}, …)", self.0.current().id())
    }
}

/// The keys under which one-time codes and the tokens of verified mobiles are made.
///
/// Parameters
/// ----------
/// key_id : str
///     The name of the current key: ``2026-11``.
/// secret : bytes
///     At least 32 bytes, from `secrets.token_bytes`.
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
pub(crate) struct MacKeys(pub(crate) otp::MacKeys);

#[pymethods]
impl MacKeys {
    #[new]
    #[pyo3(signature = (key_id, secret, *, old = None))]
    fn new(
        key_id: Arg<String>,
        secret: Arg<PyBackedBytes>,
        old: Option<Arg<Vec<(String, PyBackedBytes)>>>,
    ) -> PyResult<Self> {
        let (key_id, secret) = (key_id.named("key_id")?, secret.named("secret")?);
        let current = otp::MacKey::new(&key_id, &secret).map_err(refused)?;
        let old = Arg::if_given(old, "old")?.unwrap_or_default();
        let old = old.iter().map(|(key_id, secret)| otp::MacKey::new(key_id, secret));
        let old = old.collect::<Result<_, _>>().map_err(refused)?;
        Ok(Self(otp::MacKeys::new(current, old).map_err(refused)?))
    }

    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        Ok(format!("{}(…)", slf.get_type().name()?))
    }
}
