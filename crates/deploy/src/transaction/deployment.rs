//! One deploy from beginning to end.

use std::time::Duration;

use serde::Serialize;
use serde_json::Value;

use super::check::{self, CheckError};
use super::error::{Cause, Failure};
use super::plan::{Load, Plan, Running};
use super::recover::{Recovery, recover};
use super::setup::{Setup, Step};
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
pub fn plan(artifact: &Artifact, setup: &Setup<'_>) -> Result<Plan, Failure> {
    let config = check::parse(&artifact.json)?;
    let (running, _) = look(setup, Deadline::after(setup.timeout))?;
    let plan = Plan::new(artifact, &config, setup, &running)?;
    judge(&config, &plan, &running, setup)?;
    Ok(plan)
}

/// Deploys `artifact`. With `confirm`, the new configuration runs at once, and its files are put in place only by
/// [`confirm`](super::confirm::confirm); when that does not come in time, everything goes back.
pub fn deploy(artifact: &Artifact, setup: &Setup<'_>, confirm: Option<Duration>) -> Result<Report, Failure> {
    let config = check::parse(&artifact.json)?;
    check::check_config(&config, None, setup.allow)?;
    (setup.observe)(Step::Lock);
    let _lock = setup.lock()?;
    let deadline = Deadline::after(setup.timeout);
    let recovery = recover(setup, false)?;
    (setup.observe)(Step::Plan);
    let (running, admin) = look(setup, deadline)?;
    let plan = Plan::new(artifact, &config, setup, &running)?;
    if plan.is_empty() && !setup.force {
        return Ok(Report { deployment: None, changed: false, awaits_confirmation: false, plan, recovery });
    }
    if !setup.replace_edits {
        let last = history::current(&setup.host);
        let id = last.as_ref().map(|last| last.id.clone());
        if let Some(other) = setup.baseline.as_ref().filter(|seen| **seen != id).and(id) {
            return Err(Cause::Superseded(other).into());
        }
        let edited = plan.edited(last.as_ref());
        if !edited.is_empty() {
            return Err(Cause::Edited(edited).into());
        }
    }
    (setup.observe)(Step::Check);
    judge(&config, &plan, &running, setup)?;
    let live = match &running {
        Running::Config(live) => admin.as_ref().map(|admin| (admin, live)),
        _ => None,
    };
    let was_looping = running == Running::Looping;
    let job = Job { artifact, config: &config, plan: &plan, running: live, was_looping, deadline };
    let mut undo = None;
    match execute(setup, job, confirm, &mut undo) {
        Ok(id) => {
            let awaits_confirmation = confirm.is_some() && live.is_some();
            Ok(Report { deployment: Some(id), changed: true, awaits_confirmation, plan, recovery })
        }
        Err(cause) => Err(Failure { cause: Box::new(cause), undo }),
    }
}

fn execute<'t>(
    setup: &'t Setup<'_>,
    job: Job<'t>,
    confirm: Option<Duration>,
    undo: &'t mut Option<super::undo::Undo>,
) -> Result<String, Cause> {
    let mut transaction = Transaction::begin(setup, job, undo)?;
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
fn look(setup: &Setup<'_>, deadline: Deadline) -> Result<(Running, Option<Admin>), Cause> {
    let asked = find_by(setup.inquiry(&setup.admin), deadline);
    let Some(systemd) = &setup.systemd else {
        return match asked {
            _ if setup.admin.is_empty() => Ok((Running::NotAsked, None)),
            Ok((admin, live)) => Ok((Running::Config(live), Some(admin))),
            Err(error) => Err(error.into()),
        };
    };
    let unit = systemd.show(deadline.left_or(Duration::from_secs(5)))?;
    match asked {
        Ok((admin, live)) if unit.is_active() => Ok((Running::Config(live), Some(admin))),
        // To start a second Caddy next to it would end in a fight for its ports.
        Ok((admin, _)) => {
            Err(Cause::OtherCaddy { unit: systemd.unit().to_owned(), address: admin.address().clone() })
        }
        Err(error) if error.is_unreachable() && !unit.is_active() => {
            if setup.start {
                Ok((if unit.is_looping() { Running::Looping } else { Running::Stopped }, None))
            } else {
                Err(Cause::NotStarted(systemd.unit().to_owned()))
            }
        }
        // A service that is up and does not answer is touched only when it is known why.
        Err(error) if error.is_unreachable() && setup.has_admin_off() => Ok((Running::AdminOff, None)),
        Err(error) => Err(error.into()),
    }
}

fn judge(config: &Value, plan: &Plan, running: &Running, setup: &Setup<'_>) -> Result<(), Cause> {
    let live = match running {
        Running::Config(live) => Some(live),
        _ => None,
    };
    // A Caddy that is down, or cannot be asked, comes back with the files that are installed.
    let installed = setup.found.and_then(|found| crate::json::read(&found.json).ok());
    check::check_config(config, live.or(installed.as_ref()), setup.allow)?;
    if plan.load == Load::Restart && live.is_none() && !setup.allow.admin_off {
        return Err(CheckError::RunningAdminOff.into());
    }
    if let Some(reader) = &setup.reader {
        plan.check_readable(reader, &setup.host)?;
    }
    Ok(())
}
