//! One deploy from beginning to end.

use std::time::Duration;

use serde::Serialize;
use serde_json::Value;

use super::check::{self, CheckError};
use super::error::{Cause, Failure};
use super::plan::{Load, Plan, Running};
use super::recover::{Recovery, recover};
use super::world::{Step, World};
use super::{Job, Transaction};
use crate::admin::Admin;
use crate::admin::running::find_by;
use crate::artifact::Artifact;
use crate::process::deadline::Deadline;
use crate::state::history;

/// A deploy that went well.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Its name; `None` when there was nothing to do.
    pub deployment: Option<String>,
    /// Whether anything was written or loaded.
    pub changed: bool,
    /// Whether it waits for its confirmation.
    pub awaits_confirmation: bool,
    /// What was done.
    pub plan: Plan,
    /// What was done before about an earlier deploy that had not ended.
    pub recovery: Option<Recovery>,
}

/// What would be done. Takes no lock and changes nothing.
pub fn plan(artifact: &Artifact, world: &World<'_>) -> Result<Plan, Failure> {
    let config = check::parse(&artifact.json)?;
    let (running, _) = look(world, Deadline::after(world.timeout))?;
    let plan = Plan::new(artifact, &config, world, &running)?;
    judge(&config, &plan, &running, world)?;
    Ok(plan)
}

/// Deploys `artifact`. With `confirm`, the new configuration runs at once, and its files are put in place only by
/// [`confirm`](super::confirm::confirm); when that does not come in time, everything goes back.
pub fn deploy(artifact: &Artifact, world: &World<'_>, confirm: Option<Duration>) -> Result<Report, Failure> {
    let config = check::parse(&artifact.json)?;
    check::check_config(&config, None, world.allow)?;
    (world.observe)(Step::Lock);
    let _lock = world.lock()?;
    let deadline = Deadline::after(world.timeout);
    let recovery = recover(world, false)?;
    (world.observe)(Step::Plan);
    let (running, admin) = look(world, deadline)?;
    let plan = Plan::new(artifact, &config, world, &running)?;
    if plan.is_empty() && !world.force {
        return Ok(Report { deployment: None, changed: false, awaits_confirmation: false, plan, recovery });
    }
    if !world.replace_edits {
        let last = history::current(&world.host);
        let id = last.as_ref().map(|last| last.id.clone());
        if let Some(other) = world.baseline.as_ref().filter(|seen| **seen != id).and(id) {
            return Err(Cause::Superseded(other).into());
        }
        let edited = plan.edited(last.as_ref());
        if !edited.is_empty() {
            return Err(Cause::Edited(edited).into());
        }
    }
    (world.observe)(Step::Check);
    judge(&config, &plan, &running, world)?;
    let live = match &running {
        Running::Config(live) => admin.as_ref().map(|admin| (admin, live)),
        _ => None,
    };
    let was_looping = running == Running::Looping;
    let job = Job { artifact, config: &config, plan: &plan, running: live, was_looping, deadline };
    let mut undo = None;
    match execute(world, job, confirm, &mut undo) {
        Ok(id) => {
            let awaits_confirmation = confirm.is_some() && live.is_some();
            Ok(Report { deployment: Some(id), changed: true, awaits_confirmation, plan, recovery })
        }
        Err(cause) => Err(Failure { cause: Box::new(cause), undo }),
    }
}

fn execute<'t>(
    world: &'t World<'_>,
    job: Job<'t>,
    confirm: Option<Duration>,
    undo: &'t mut Option<super::undo::Undo>,
) -> Result<String, Cause> {
    let mut transaction = Transaction::begin(world, job, undo)?;
    transaction.stage()?;
    transaction.load()?;
    transaction.verify()?;
    match confirm.filter(|_| job.running.is_some()) {
        Some(within) => transaction.keep_for_confirmation(within)?,
        None => transaction.commit()?,
    }
    Ok(transaction.id().to_owned())
}

/// What Caddy does now.
fn look(world: &World<'_>, deadline: Deadline) -> Result<(Running, Option<Admin>), Cause> {
    let asked = find_by(world.inquiry(&world.admin), deadline);
    let Some(systemd) = &world.systemd else {
        return match asked {
            _ if world.admin.is_empty() => Ok((Running::NotAsked, None)),
            Ok((admin, live)) => Ok((Running::Config(live), Some(admin))),
            Err(error) => Err(error.into()),
        };
    };
    let unit = systemd.show(deadline.left_or(Duration::from_secs(5)))?;
    match asked {
        Ok((admin, live)) if unit.is_active() => Ok((Running::Config(live), Some(admin))),
        // To start a second Caddy next to it would end in a fight for its ports.
        Ok((admin, _)) => {
            Err(Cause::Stranger { unit: systemd.unit().to_owned(), address: admin.address().clone() })
        }
        Err(error) if error.is_unreachable() && !unit.is_active() => {
            if world.start {
                Ok((if unit.is_looping() { Running::Looping } else { Running::Stopped }, None))
            } else {
                Err(Cause::NotStarted(systemd.unit().to_owned()))
            }
        }
        // A service that is up and does not answer is touched only when it is known why.
        Err(error) if error.is_unreachable() && world.is_mute() => Ok((Running::Mute, None)),
        Err(error) => Err(error.into()),
    }
}

fn judge(config: &Value, plan: &Plan, running: &Running, world: &World<'_>) -> Result<(), Cause> {
    let live = match running {
        Running::Config(live) => Some(live),
        _ => None,
    };
    // A Caddy that is down, or cannot be asked, comes back with the files that are installed.
    let installed = world.found.and_then(|found| crate::json::read(&found.json).ok());
    check::check_config(config, live.or(installed.as_ref()), world.allow)?;
    if plan.load == Load::Restart && live.is_none() && !world.allow.admin_off {
        return Err(CheckError::Mute.into());
    }
    if let Some(reader) = &world.reader {
        plan.check_readable(reader, &world.host)?;
    }
    Ok(())
}
