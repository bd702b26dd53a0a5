//! The confirmation of a deploy that waits for one.

use super::error::{Cause, Failure};
use super::fault::FaultPoint;
use super::recover::{RecoverError, Recovery, recover};
use super::world::World;
use crate::state::journal::{Journal, Phase};

/// Keeps the deploy that waits: its files are put in place. `None` when none waits.
pub fn confirm(world: &World<'_>) -> Result<Option<Recovery>, Failure> {
    let _lock = world.lock()?;
    let found = Journal::find(&world.host).map_err(|error| Cause::Recover(RecoverError::Journal(error)))?;
    let Some(mut journal) = found.filter(|journal| journal.phase == Phase::Awaiting) else { return Ok(None) };
    if journal.is_overdue() {
        return Ok(recover(world, true)?);
    }
    journal.phase = Phase::Committing;
    journal.save(&world.host)?;
    world.fault.pass(FaultPoint::Verified)?;
    Ok(recover(world, false)?)
}
