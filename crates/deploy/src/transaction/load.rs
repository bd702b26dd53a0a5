//! Loading a configuration, and knowing afterwards whether it runs.

use std::sync::mpsc;
use std::time::Duration;

use serde_json::Value;

use super::setup::Setup;
use crate::admin::address::Address;
use crate::admin::running::find_by;
use crate::admin::{Admin, AdminError};
use crate::files::digest::{Digest, same_config};
use crate::process::cancel::Cancel;
use crate::process::deadline::Deadline;
use crate::state::journal::Journal;

/// How a load went wrong.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// Caddy could not be asked, or refused.
    #[error(transparent)]
    Admin(#[from] AdminError),
    /// The load ended, and something else runs.
    #[error("Caddy accepted the configuration, but `GET /config/` at {address} returns another one")]
    Different {
        /// Where it was read back.
        address: Address,
    },
    /// A stop was asked for while the load was under way.
    #[error("stopped while loading the configuration")]
    Cancelled,
}

/// Loads `json` (whose value is `config`) through `at` and reads it back, there or at the address that `config` itself
/// names. After a lost answer the running configuration alone decides.
pub fn load(
    at: &Admin,
    json: &[u8],
    config: &Value,
    force: bool,
    deadline: Deadline,
    cancel: &Cancel,
    setup: &Setup<'_>,
) -> Result<(), LoadError> {
    setup.may_send(at.address())?;
    let (say, hear) = mpsc::channel();
    let (admin, body) = (at.clone(), json.to_vec());
    // A quarter of the time is for finding out what became of a load that was not answered.
    let within = (deadline.left() * 3 / 4).max(Duration::from_millis(1));
    std::thread::spawn(move || say.send(admin.load(&body, force, within)));
    let answer = loop {
        match hear.recv_timeout(Duration::from_millis(20)) {
            Ok(answer) => break answer,
            Err(mpsc::RecvTimeoutError::Timeout) if cancel.is_cancelled() => {
                return Err(LoadError::Cancelled);
            }
            Err(mpsc::RecvTimeoutError::Timeout) => {}
            Err(mpsc::RecvTimeoutError::Disconnected) => return Err(LoadError::Cancelled),
        }
    };
    let doubt = match answer {
        Ok(()) => None,
        Err(error) if error.is_ambiguous() => Some(error),
        Err(error) => return Err(error.into()),
    };
    let Ok(Some(moved)) = Address::of_config(config) else {
        // The admin API is off from now on, or out of reach: only its own answer can show it.
        return doubt.map_or(Ok(()), |error| Err(error.into()));
    };
    let places = places(at, moved, setup);
    match await_config(&places, config, deadline, cancel, setup) {
        Ok(()) => Ok(()),
        Err(error) => Err(doubt.map_or(error, LoadError::Admin)),
    }
}

/// Where the new configuration may be read back: the old address, and the new one when it moved.
fn places(at: &Admin, moved: Address, setup: &Setup<'_>) -> Vec<Admin> {
    let memory = setup.memory;
    let mut places = vec![at.clone()];
    let others = setup.as_seen_by_service(moved).into_iter();
    let others = others.filter(|address| address != at.address());
    places.extend(others.filter_map(|address| Some(Admin::new(address).ok()?.with_memory(memory))));
    places
}

/// Waits until one of `places` shows `config`. A configuration that differs is final only when no load is under way,
/// which Caddy's own lock sees to: `GET /config/` waits for it.
fn await_config(
    places: &[Admin],
    config: &Value,
    deadline: Deadline,
    cancel: &Cancel,
    setup: &Setup<'_>,
) -> Result<(), LoadError> {
    let mut seen = None;
    for round in 0_u32.. {
        for admin in places {
            let within = deadline.left_or(Duration::from_secs(2)).min(Duration::from_secs(10));
            match setup.may_send(admin.address()).and_then(|()| admin.config(within)) {
                Ok(live) if same_config(&live, config) => return Ok(()),
                Ok(_) => seen = Some(LoadError::Different { address: admin.address().clone() }),
                Err(error) => seen = seen.or(Some(error.into())),
            }
        }
        // A few rounds even when time is up: a moved address takes a moment to listen.
        if cancel.is_cancelled() || (deadline.has_passed() && round > 2) || round > 20 {
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Err(seen.unwrap_or(LoadError::Cancelled))
}

/// The Caddy of an unfinished deploy. The address that its configuration moves to may belong to another Caddy, so it
/// counts only when that very configuration runs there.
pub fn find_ours(
    setup: &Setup<'_>,
    journal: &Journal,
    deadline: Deadline,
) -> Result<(Admin, Value), AdminError> {
    let first = match find_by(setup.inquiry(&journal.admin), deadline) {
        Err(error) => error,
        found => return found,
    };
    let moved = journal.moved.clone().map(|address| setup.as_seen_by_service(address));
    match find_by(setup.inquiry(&moved.unwrap_or_default()), deadline) {
        Ok((admin, live)) if Digest::of_config(&live) == journal.new_config => Ok((admin, live)),
        _ => Err(first),
    }
}
