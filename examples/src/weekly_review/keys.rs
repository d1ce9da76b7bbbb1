//! The key that texts are sealed with: a file beside the database that only its owner can read.

use crate::Problem;
use grievance_core::store::keys::{Key, KeyRing};
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;

/// The ring of a database, or of cases that are forgotten: then of a secret that is forgotten too.
pub(crate) fn ring(database: Option<&Path>) -> Result<KeyRing, Problem> {
    let secret = match database {
        None => draw(),
        Some(database) => {
            let mut file = database.as_os_str().to_owned();
            file.push(".key");
            kept(Path::new(&file))?
        }
    };
    Ok(KeyRing::new(Key::new("weekly-review", secret.trim().as_bytes())?, Vec::new())?)
}

/// The secret of a file, drawn when there is none.
fn kept(file: &Path) -> Result<String, Problem> {
    if !file.exists() {
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(file)?.write_all(draw().as_bytes())?;
    }
    #[cfg(unix)]
    if std::os::unix::fs::PermissionsExt::mode(&fs::metadata(file)?.permissions()) & 0o077 != 0 {
        return Err(format!("{}: others than its owner can read the key", file.display()).into());
    }
    Ok(fs::read_to_string(file)?)
}

/// 64 hexadecimal digits, 244 bits of them random.
fn draw() -> String {
    let mut text = String::new();
    for _ in 0..2 {
        write!(text, "{}", uuid::Uuid::new_v4().simple()).expect("a String takes any text");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::ring;

    #[test]
    fn a_key_is_drawn_once_and_is_its_owners() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("cases.sqlite");
        ring(Some(&database)).unwrap();
        let file = folder.path().join("cases.sqlite.key");
        let secret = std::fs::read_to_string(&file).unwrap();
        ring(Some(&database)).unwrap();
        assert_eq!(std::fs::read_to_string(&file).unwrap(), secret);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
            assert!(ring(Some(&database)).is_err());
        }
    }
}
