//! Where the password comes from: the environment, a file that its owner alone may read, or libpq's
//! password file. Never from a contract or a command line.

use crate::error::Cause;
use model::{DatabaseAddress, DatabaseContract, DatabaseHost, Secret};
use std::fs::File;
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// Longest file of a password or passwords, bytes.
const LONGEST: u64 = 1 << 20;

/// The password, where one is known: by the contract, in the address, or in the file `PGPASSFILE` names.
pub(crate) fn password_of(
    database: &DatabaseContract,
    address: &DatabaseAddress,
    base: &Path,
) -> Result<Option<Secret>, Cause> {
    let known = named(database, base)?.or_else(|| address.password.clone());
    if known.is_some() {
        return Ok(known);
    }
    let Some(file) = std::env::var_os("PGPASSFILE") else { return Ok(None) };
    Ok(of_lines(&read_guarded(Path::new(&file))?, address))
}

/// The password that the contract names the place of.
pub(crate) fn named(database: &DatabaseContract, base: &Path) -> Result<Option<Secret>, Cause> {
    if let Some(name) = &database.password_env {
        let found = std::env::var(name).map_err(|_| {
            wrong(format!("the environment variable `{name}` is not set (`password_env` names it)"))
        })?;
        return Ok(Some(Secret::new(found)));
    }
    let Some(file) = &database.password_file else { return Ok(None) };
    let text = read_guarded(&base.join(file))?;
    let line = text.strip_suffix('\n').unwrap_or(&text);
    Ok(Some(Secret::new(line.strip_suffix('\r').unwrap_or(line).to_owned())))
}

/// The password of the first line `host:port:database:user:password` that fits.
fn of_lines(text: &str, address: &DatabaseAddress) -> Option<Secret> {
    let port = address.port.to_string();
    let (host, also) = match &address.host {
        DatabaseHost::Name(name) => (name.as_str(), name.as_str()),
        DatabaseHost::Socket(folder) => (folder.as_str(), "localhost"),
    };
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.map(fields).find_map(|fields| {
        let [host_is, port_is, database_is, user_is, password] = fields.try_into().ok()?;
        let fits = |pattern: &str, text: &str| pattern == "*" || pattern == text;
        let found = (fits(&host_is, host) || host_is == also)
            && fits(&port_is, &port)
            && fits(&database_is, &address.database)
            && fits(&user_is, &address.user);
        found.then(|| Secret::new(password))
    })
}

/// The fields of a line; a backslash takes the meaning from a colon or a backslash.
fn fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        let taken = match character {
            ':' if fields.len() < 5 => {
                fields.push(String::new());
                continue;
            }
            '\\' => characters.next().unwrap_or('\\'),
            other => other,
        };
        if let Some(last) = fields.last_mut() {
            last.push(taken);
        }
    }
    fields
}

/// The text of a file that nobody but its owner may touch.
fn read_guarded(path: &Path) -> Result<String, Cause> {
    let unread = |e: std::io::Error| {
        wrong(format!("cannot read the password file `{}`: {}", path.display(), e.kind()))
    };
    let file = File::open(path).map_err(unread)?;
    let mode = file.metadata().map_err(unread)?.permissions().mode() & 0o777;
    if mode & 0o177 != 0 {
        return Err(wrong(format!(
            "the password file `{}` has mode {mode:04o} (right: 0400 or 0600)",
            path.display()
        )));
    }
    let mut text = String::new();
    file.take(LONGEST).read_to_string(&mut text).map_err(unread)?;
    Ok(text)
}

fn wrong(problem: String) -> Cause {
    Cause::Password { problem }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::{Permissions, set_permissions, write};

    fn address(url: &str) -> DatabaseAddress {
        DatabaseAddress::parse(url).unwrap()
    }

    #[test]
    fn lines_of_a_password_file_are_found_as_libpq_finds_them() {
        let text = "# a comment\nh:1:d:u:wrong\nh:5432:*:u:p\\:a:s\\\\s\n*:*:d:*:any\nlocalhost:5432:x:u:socket\n";
        let found =
            |url: &str| of_lines(text, &address(url)).map(|secret| secret.reveal().to_owned());
        assert_eq!(found("postgresql://u@h/c").as_deref(), Some("p:a:s\\s"));
        assert_eq!(found("postgresql://u@other/d").as_deref(), Some("any"));
        assert_eq!(found("postgresql://u@%2Frun/x").as_deref(), Some("socket"));
        assert_eq!(found("postgresql://u@other/x"), None);
    }

    #[test]
    fn a_password_file_is_its_owners_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("password");
        write(&path, "s3cret word\n").unwrap();
        for (mode, taken) in [(0o400, true), (0o600, true), (0o640, false), (0o604, false)] {
            set_permissions(&path, Permissions::from_mode(mode)).unwrap();
            match read_guarded(&path) {
                Ok(text) => assert!(taken && text == "s3cret word\n", "{mode:o}"),
                Err(cause) => {
                    assert!(!taken, "{mode:o}: {cause}");
                    assert!(!cause.to_string().contains("s3cret"), "{cause}");
                }
            }
        }
        let absent = read_guarded(&folder.path().join("absent")).unwrap_err().to_string();
        assert!(absent.contains("absent`: entity not found"), "{absent}");
    }
}
