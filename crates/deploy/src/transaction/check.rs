//! What is looked at before anything changes: configurations that would take every site down are refused.

use std::path::PathBuf;

use serde_json::Value;

use crate::admin::address::Address;
use caddyctl_language::source::shown;

/// A configuration that is not deployed unless the caller insists.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CheckError {
    /// The artifact is no JSON object.
    #[error("the compiled configuration is not a JSON object: {0}")]
    NotJson(String),
    /// Nothing in it. Caddy would accept it, and every site would be down (measured on 2.11.7).
    #[error("the configuration is empty: Caddy would accept it and serve nothing")]
    Empty,
    /// No HTTP server, where there are some now.
    #[error("the configuration has no sites, but the running one has {0}")]
    SitesGone(usize),
    /// The admin API would be switched off.
    #[error("the configuration switches the admin API off: this would be the last change without a restart")]
    AdminOff,
    /// The admin API would refuse this program and `caddy reload`.
    #[error("`origins` of the admin API does not have {0}: this would be the last change without a restart")]
    Locked(Address),
    /// The admin API of the running Caddy is off.
    #[error("the admin API of the running Caddy is off: only a restart can change its configuration")]
    RunningAdminOff,
    /// The service's user would not be able to read a file.
    #[error("the user of the service could not read {}", shown::path(.0))]
    Unreadable(PathBuf),
    /// A disk is too full.
    #[error("the disk of {} is too full: the deploy needs {}, but {} are free", shown::path(folder), size(*needed), size(*free))]
    NoSpace {
        /// A folder on that disk.
        folder: PathBuf,
        /// What is needed, in bytes.
        needed: u64,
        /// What is free, in bytes.
        free: u64,
    },
}

/// Bytes for people.
pub(crate) fn size(bytes: u64) -> String {
    match bytes {
        ..10_240 => format!("{bytes} bytes"),
        10_240..10_485_760 => format!("{} KiB", bytes / 1024),
        _ => format!("{} MiB", bytes / 1_048_576),
    }
}

impl CheckError {
    /// What to do about it.
    pub fn help(&self) -> Option<String> {
        Some(match self {
            Self::NotJson(_) => return None,
            Self::Empty | Self::SitesGone(_) => {
                "check that this is the right file; --allow-empty deploys it anyway".to_owned()
            }
            Self::AdminOff => {
                "delete `admin off`, or use --allow-admin-off, which restarts Caddy and closes open connections"
                    .to_owned()
            }
            Self::Locked(address) => {
                format!("add `{address}` to `origins`, or give --allow-admin-off")
            }
            Self::RunningAdminOff => "--allow-admin-off restarts it, which closes open connections".to_owned(),
            Self::Unreadable(path) if path.is_dir() => {
                format!("allow access with `chmod o+x {}`", shown::path(path))
            }
            Self::Unreadable(path) => {
                format!("allow it with `chgrp caddy {0} && chmod 0640 {0}`", shown::path(path))
            }
            Self::NoSpace { .. } => "free some space, and deploy again".to_owned(),
        })
    }
}

/// What the caller insists on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Allow {
    /// A configuration that serves nothing (`--allow-empty`).
    pub empty: bool,
    /// A configuration that switches the admin API off (`--allow-admin-off`).
    pub admin_off: bool,
}

/// The artifact's JSON as a tree.
pub fn parse(json: &[u8]) -> Result<Value, CheckError> {
    match crate::json::read(json) {
        Ok(value @ Value::Object(_)) => Ok(value),
        Ok(Value::Null) => Err(CheckError::Empty),
        Ok(_) => Err(CheckError::NotJson("it is some other value".to_owned())),
        Err(error) => Err(CheckError::NotJson(error.to_string())),
    }
}

/// Judges `config` against what runs now (`live`).
pub fn check_config(config: &Value, live: Option<&Value>, allow: Allow) -> Result<(), CheckError> {
    let apps = config["apps"].as_object().map_or(0, serde_json::Map::len);
    if apps == 0 && !allow.empty {
        return Err(CheckError::Empty);
    }
    let before = live.map_or(0, sites);
    if before > 0 && sites(config) == 0 && !allow.empty {
        return Err(CheckError::SitesGone(before));
    }
    if is_admin_off(config) && !allow.admin_off {
        return Err(CheckError::AdminOff);
    }
    let was_locked = live.is_some_and(Address::is_locked);
    if !allow.admin_off && !was_locked && Address::is_locked(config) {
        let listen = config["admin"]["listen"].as_str().unwrap_or_default();
        return Err(CheckError::Locked(Address::parse(listen).unwrap_or_else(|_| Address::standard())));
    }
    Ok(())
}

/// Whether `config` switches the admin API off.
pub fn is_admin_off(config: &Value) -> bool {
    config["admin"]["disabled"].as_bool() == Some(true)
}

/// How many routes its HTTP servers have.
fn sites(config: &Value) -> usize {
    let servers = config["apps"]["http"]["servers"].as_object();
    let routes = |server: &Value| server["routes"].as_array().map_or(0, Vec::len);
    servers.map_or(0, |servers| servers.values().map(routes).sum())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_would_take_the_sites_down() {
        let live = json!({"apps": {"http": {"servers": {"a": {"routes": [{}, {}]}}}}});
        let check = |config: &Value| check_config(config, Some(&live), Allow::default());
        assert_eq!(check(&json!({})), Err(CheckError::Empty));
        assert_eq!(check(&json!({"apps": {}})), Err(CheckError::Empty));
        assert_eq!(check(&json!({"apps": {"tls": {}}})), Err(CheckError::SitesGone(2)));
        let mut off = live.clone();
        off["admin"]["disabled"] = true.into();
        assert_eq!(check(&off), Err(CheckError::AdminOff));
        let mut locked = live.clone();
        locked["admin"]["origins"] = json!(["a.test"]);
        assert!(matches!(check(&locked), Err(CheckError::Locked(_))));
        assert_eq!(check_config(&locked, Some(&locked), Allow::default()), Ok(()));
        assert_eq!(check_config(&off, None, Allow { empty: false, admin_off: true }), Ok(()));
        assert_eq!(check(&live), Ok(()));
        assert_eq!(parse(b"null"), Err(CheckError::Empty));
        assert!(parse(b"[1]").is_err() && parse(b"{").is_err() && parse(b"").is_err());
    }
}
