//! The transaction itself. Once begun it is committed, kept for a confirmation, or undone; it cannot be forgotten.

pub mod check;
pub mod confirm;
pub mod deployment;
pub mod error;
pub mod fault;
pub mod load;
pub mod plan;
pub mod recover;
mod serving;
pub mod space;
pub mod stage;
pub mod switch;
pub mod undo;
pub mod units;
pub mod setup;

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::admin::Admin;
use crate::admin::address::Address;
use crate::artifact::Artifact;
use crate::files::digest::same_config;
use crate::listener::Listener;
use crate::process::deadline::{Deadline, Moment};
use crate::process::run::RunError;
use crate::source::moved::at_home;
use crate::state::history::{self, Outcome};
use crate::state::journal::{Journal, Phase};
use crate::systemd::Systemd;
use error::Cause;
use fault::FaultPoint;
use load::{find_ours, load};
use plan::{Load, Plan};
use setup::{Setup, Step, Unserved};
use space::check_space;
use stage::{open_journal, stage, stand_in};
use switch::{Side, switch};
use undo::{Back, Undo, undo};
use units::{Wanted, install};

/// How long systemd may take to say what a unit is.
const ASKING: Duration = Duration::from_secs(5);

/// So much time is left for the checks when a certificate is waited for.
const CHECKING: Duration = Duration::from_secs(3);

/// So long after its start Caddy has to be up still.
const STAYING: Duration = Duration::from_secs(3);

/// What a transaction works with.
#[derive(Clone, Copy)]
pub(super) struct Job<'j> {
    pub artifact: &'j Artifact,
    pub config: &'j Value,
    pub plan: &'j Plan,
    /// Caddy, when it runs, and what it runs.
    pub running: Option<(&'j Admin, &'j Value)>,
    /// Whether it is down, and systemd starts it again and again.
    pub was_looping: bool,
    pub deadline: Deadline,
}

/// A deploy under way. Dropped before its end, it undoes everything and leaves word in `undone`.
#[must_use = "a deploy that is neither committed nor kept is undone"]
pub(super) struct Transaction<'t, 'w> {
    setup: &'t Setup<'w>,
    job: Job<'t>,
    journal: Journal,
    has_sent: bool,
    started: bool,
    ended: bool,
    undone: &'t mut Option<Undo>,
}

impl<'t, 'w> Transaction<'t, 'w> {
    /// Writes the journal. Nothing else has changed yet.
    pub fn begin(setup: &'t Setup<'w>, job: Job<'t>, undone: &'t mut Option<Undo>) -> Result<Self, Cause> {
        let mut journal = open_journal(job.plan, job.artifact, &setup.host, &setup.mounts);
        journal.raised = setup.raised;
        if job.plan.load != Load::FilesOnly {
            let old =
                job.running.map_or(&setup.admin[..], |(admin, _)| std::slice::from_ref(admin.address()));
            let moved = Address::of_config(job.config).ok().flatten();
            journal.moved = moved.filter(|new| old.iter().all(|old| old.endpoint() != new.endpoint()));
            journal.admin = old.to_vec();
        }
        check_space(&journal, job.plan, job.artifact, &setup.extras, &setup.host)?;
        journal.save(&setup.host)?;
        let mut begun = Self { setup, job, journal, has_sent: false, started: false, ended: false, undone };
        begun.pass(FaultPoint::Journalled)?;
        Ok(begun)
    }

    /// The deployment's name.
    pub fn id(&self) -> &str {
        &self.journal.id
    }

    /// Writes every file next to its target.
    pub fn stage(&mut self) -> Result<(), Cause> {
        self.step(Step::Stage)?;
        let Job { artifact, plan, .. } = self.job;
        let host = &self.setup.host;
        // `stage` has begun; what is not begun then is to load.
        stage(&self.journal, plan, artifact, host, &|| self.go_on(Step::Load))?;
        self.try_pointer()?;
        self.go_on(Step::Load)?;
        if let Some(found) = self.setup.found {
            let ran = self.job.running.map(|(_, live)| live);
            history::keep_found(host, &self.journal.id, found, ran, artifact)?;
        }
        let record = history::record(&self.journal.id, &self.setup.who, &plan.new_config, artifact);
        let setup = self.setup;
        // All units have one heartbeat program: what another one has put there was not there before.
        let mut known = history::list(host);
        known.extend(history::of_other_units(host).into_iter().map(|(_, record)| record));
        let files = record.files.iter().map(|file| {
            let planned = plan.files.iter().find(|planned| planned.path == file.path);
            let old = planned.and_then(|planned| planned.old.as_ref());
            let was_there = !file.role.is_config() && history::was_there(&known, &file.path, old);
            let link = planned.and_then(|planned| planned.new_link.clone());
            history::Recorded { was_there, link, ..file.clone() }
        });
        let record = history::Record {
            files: files.collect(),
            revision: setup.revision.clone(),
            modified: setup.modified,
            author: setup.author.clone(),
            source: setup.source.clone(),
            raised: setup.raised,
            caddy: setup.caddy.clone(),
            ..record
        };
        history::keep(host, &record, artifact, &self.setup.extras)?;
        self.pass(FaultPoint::Staged)
    }

    /// The stand-in must mean the same as the new configuration, or it is not used.
    fn try_pointer(&mut self) -> Result<(), Cause> {
        let (Some(compile), Some(tree)) = (self.setup.compile_at, stand_in(&self.journal, &self.setup.host))
        else {
            return Ok(());
        };
        let from = tree.parent().unwrap_or(&tree);
        let here = |config: &Value| at_home(config, from, self.setup.host.config_folder());
        let json = compile(&tree).ok().and_then(|json| crate::json::read(&json).ok());
        if !json.is_some_and(|config| same_config(&here(&config), self.job.config)) {
            self.journal.pointer = None;
            self.journal.save(&self.setup.host)?;
        }
        Ok(())
    }

    /// Loads the configuration, when that is part of the plan.
    pub fn load(&mut self) -> Result<(), Cause> {
        if let Some((admin, live)) = self.job.running
            && (matches!(self.job.plan.load, Load::Load | Load::Restart) || self.setup.force)
        {
            self.step(Step::Load)?;
            self.enter(Phase::Loading)?;
            self.has_sent = true;
            self.pass(FaultPoint::BeforeLoad)?;
            let Job { artifact, config, deadline, .. } = self.job;
            let (force, cancel) = (self.setup.force, &self.setup.cancel);
            if self.job.plan.load == Load::Restart {
                // Tried with the admin API left on, so that it can be taken back; the restart then switches it off.
                let tried = with_admin_of(live, config);
                load(admin, tried.to_string().as_bytes(), &tried, force, deadline, cancel, self.setup)?;
            } else {
                load(admin, &artifact.json, config, force, deadline, cancel, self.setup)?;
            }
        }
        self.pass(FaultPoint::Loaded)
    }

    /// Asks each listener for a sign of life, and runs the caller's checks.
    pub fn verify(&mut self) -> Result<(), Cause> {
        if self.job.running.is_none() && !self.started {
            return Ok(());
        }
        self.step(Step::Verify)?;
        for listener in Listener::of_config(self.job.config).into_iter().filter(|_| self.setup.probe) {
            self.await_listener(&listener)?;
        }
        self.stop_if_asked()?;
        self.await_certificates()?;
        let checked = (self.setup.checks)(self.job.deadline.left_or(Duration::from_secs(5)));
        // Checks that were broken off have not failed.
        self.stop_if_asked()?;
        checked.map_err(|Unserved(words)| Cause::Checks(words))
    }

    /// Leaves everything staged and loaded until `confirm` comes.
    pub fn keep_for_confirmation(&mut self, within: Duration) -> Result<(), Cause> {
        let span = jiff::SignedDuration::try_from(within).unwrap_or(jiff::SignedDuration::from_secs(60));
        self.journal.confirm_until = jiff::Timestamp::now().checked_add(span).ok();
        self.journal.confirm_by = Some(Moment::after(within));
        self.enter(Phase::Awaiting)?;
        self.ended = true;
        Ok(())
    }

    /// Puts the files in place, reloads systemd, and closes the journal.
    pub fn commit(&mut self) -> Result<(), Cause> {
        self.step(Step::Commit)?;
        self.enter(Phase::Committing)?;
        self.pass(FaultPoint::Verified)?;
        let fault = self.setup.fault;
        let switched = switch(&self.journal, Side::New, &|point| fault.pass(point));
        self.stopped(switched)?;
        self.pass(FaultPoint::Placed)?;
        if let Some(systemd) = self.setup.systemd.as_ref().filter(|_| self.journal.daemon_reload) {
            let companion = self.setup.host.companion();
            install(systemd, &Wanted::of(&self.journal), &companion, self.job.deadline)?;
            (self.setup.foreseen)()?;
        }
        self.pass(FaultPoint::Reloaded)?;
        match self.job.plan.load {
            Load::Start => self.bring_up(Systemd::start)?,
            Load::Restart => self.bring_up(Systemd::restart)?,
            Load::Load | Load::Keep => self.settle()?,
            Load::FilesOnly => {}
        }
        self.ended = true;
        // Everything is in place: what cannot be cleared away now is cleared by the next run.
        let left = Deadline::after(self.job.deadline.left_or(Duration::from_secs(10)));
        let _ = self.journal.clear(&self.setup.host, false, left);
        history::settle(&self.setup.host, &self.journal.id, Outcome::Deployed);
        Ok(())
    }

    /// Somebody may have restarted Caddy between the load and the commit, with the old file.
    fn settle(&mut self) -> Result<(), Cause> {
        let Ok(Some(_)) = Address::of_config(self.job.config) else { return Ok(()) };
        let left = Deadline::after(self.job.deadline.left_or(Duration::from_secs(5)));
        // A Caddy that went away meanwhile comes back with the files that are in place now.
        let Ok((admin, live)) = find_ours(self.setup, &self.journal, left) else { return Ok(()) };
        if same_config(&live, self.job.config) {
            return Ok(());
        }
        let Job { artifact, config, .. } = self.job;
        Ok(load(&admin, &artifact.json, config, false, left, &self.setup.cancel, self.setup)?)
    }

    /// Starts Caddy with the new files.
    fn bring_up(&mut self, how: fn(&Systemd, Duration) -> Result<(), RunError>) -> Result<(), Cause> {
        let Some(systemd) = &self.setup.systemd else { return Ok(()) };
        self.started = true;
        let begun = Instant::now();
        how(systemd, self.job.deadline.left_or(Duration::from_secs(10)))
            .map_err(|error| self.died(error.into()))?;
        self.pass(FaultPoint::Started)?;
        let verified = self.verify().and_then(|()| self.stays_up(begun));
        verified.map_err(|cause| self.died(cause))
    }

    /// systemd counts a service as started before it has its ports, and a Caddy without them ends a moment later.
    fn stays_up(&self, begun: Instant) -> Result<(), Cause> {
        let Some(systemd) = &self.setup.systemd else { return Ok(()) };
        let main = systemd.show(ASKING)?.main_pid();
        while begun.elapsed() < STAYING {
            std::thread::sleep(Duration::from_millis(50));
            self.stop_if_asked()?;
        }
        let unit = systemd.show(ASKING)?;
        if unit.is_active() && unit.main_pid() == main {
            return Ok(());
        }
        let words = systemd.last_error(ASKING).unwrap_or_else(|| "it did not say why".to_owned());
        Err(Cause::Died { unit: systemd.unit().to_owned(), words, taken: self.taken() })
    }

    /// What is wrong with a Caddy that was started: where it is down again, its own last words say more than `cause`.
    fn died(&self, cause: Cause) -> Cause {
        let Some(systemd) = &self.setup.systemd else { return cause };
        if matches!(cause, Cause::Cancelled | Cause::Stopped | Cause::Died { .. })
            || systemd.show(ASKING).is_ok_and(|unit| unit.is_active())
        {
            return cause;
        }
        let words = systemd.last_error(ASKING).unwrap_or_else(|| cause.to_string());
        Cause::Died { unit: systemd.unit().to_owned(), words, taken: self.taken() }
    }

    fn enter(&mut self, phase: Phase) -> Result<(), Cause> {
        self.journal.phase = phase;
        Ok(self.journal.save(&self.setup.host)?)
    }

    fn step(&self, step: Step) -> Result<(), Cause> {
        (self.setup.observe)(step);
        self.go_on(step)
    }

    /// Whether there is time and leave to begin `step`.
    fn go_on(&self, step: Step) -> Result<(), Cause> {
        self.stop_if_asked()?;
        if self.job.deadline.has_passed() {
            return Err(Cause::TimedOut { step, within: self.setup.timeout });
        }
        Ok(())
    }

    fn stop_if_asked(&self) -> Result<(), Cause> {
        if self.setup.cancel.is_cancelled() { Err(Cause::Cancelled) } else { Ok(()) }
    }

    fn pass(&mut self, point: FaultPoint) -> Result<(), Cause> {
        let passed = self.setup.fault.pass(point);
        self.stopped(passed)
    }

    /// A test that wants the deploy gone gets it as a crash would leave it.
    fn stopped<E: Into<Cause>>(&mut self, result: Result<(), E>) -> Result<(), Cause> {
        let result = result.map_err(Into::into);
        self.ended |= matches!(result, Err(Cause::Stopped));
        result
    }
}

impl Drop for Transaction<'_, '_> {
    fn drop(&mut self) {
        if self.ended {
            return;
        }
        if let (true, Load::Start, Some(systemd)) = (self.started, self.job.plan.load, &self.setup.systemd) {
            let _ = systemd.stop(Duration::from_secs(15));
        }
        let back = match self.job.running {
            _ if self.started && self.job.plan.load == Load::Restart => Back::Restart,
            Some((_, live)) if self.has_sent => Back::To(live.clone()),
            _ if self.started && self.job.was_looping => Back::Looping,
            _ if self.started => Back::Stopped,
            _ => Back::Nothing,
        };
        *self.undone = undo(self.setup, &mut self.journal, back);
    }
}

/// `config` with the admin settings of `live`.
fn with_admin_of(live: &Value, config: &Value) -> Value {
    let mut tried = config.clone();
    if let Some(map) = tried.as_object_mut() {
        match live.get("admin") {
            Some(admin) => map.insert("admin".to_owned(), admin.clone()),
            None => map.remove("admin"),
        };
    }
    tried
}
