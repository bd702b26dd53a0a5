//! The confirmation of a deploy that waits for one.

use super::error::{Cause, Failure};
use super::fault::FaultPoint;
use super::recover::{RecoverError, Recovery, recover};
use super::setup::Setup;
use crate::state::journal::{Journal, Phase};

/// Keeps the deploy that waits: its files are put in place. `None` when none waits.
pub fn confirm(setup: &Setup<'_>) -> Result<Option<Recovery>, Failure> {
    let _lock = setup.lock()?;
    let found = Journal::find(&setup.host).map_err(|error| Cause::Recover(RecoverError::Journal(error)))?;
    let Some(mut journal) = found.filter(|journal| journal.phase == Phase::Awaiting) else { return Ok(None) };
    if journal.is_overdue() {
        return Ok(recover(setup, true)?);
    }
    journal.phase = Phase::Committing;
    journal.save(&setup.host)?;
    setup.fault.pass(FaultPoint::Verified)?;
    Ok(recover(setup, false)?)
}
