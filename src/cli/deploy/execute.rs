//! Runs the transaction, and arms what undoes it when nobody confirms.

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use caddyctl_deploy::artifact::Artifact;
use caddyctl_deploy::deploy;
use caddyctl_deploy::place::Found;
use caddyctl_deploy::place::program::packaged;
use caddyctl_deploy::process::run::run as run_program;
use caddyctl_deploy::state::journal::Journal;
use caddyctl_deploy::state::lock::Holder;
use caddyctl_deploy::transaction::recover::recover;
use caddyctl_deploy::transaction::setup::Setup;
use caddyctl_language::compile::Compilation;
use caddyctl_language::source::shown::line;

use super::aftermath::Aftermath;
use super::outcome::{self, Change, Format};
use super::progress::Progress;
use super::{How, signals};
use crate::cli::fault::{self, Fault};
use crate::cli::print;

/// Finishes or undoes what an earlier deploy left, before anything is compared with it.
pub(super) fn end_unfinished(found: &Found, how: &How) -> anyhow::Result<()> {
    if Journal::find(&found.host).map_err(|error| outcome::unrecovered(&error.into()))?.is_none() {
        return Ok(());
    }
    found.may_write().map_err(Fault::from)?;
    let compile = || Ok(found.compile_installed()?);
    let waits = |holder: &Holder| {
        print::stderr(format!("waiting for another deploy: {}\n", line(&holder.to_string())));
    };
    let setup =
        Setup { cancel: signals::cancel(), waits: &waits, ..found.setup(found.admin(None), &compile) };
    let _lock = setup.lock().map_err(outcome::locked)?;
    if let Some(recovery) = recover(&setup, false).map_err(|error| outcome::unrecovered(&error))? {
        let line = outcome::recovered(&recovery) + "\n";
        if how.format == Format::Text { print::stdout(line)? } else { print::stderr(line) }
    }
    found.look_again();
    Ok(())
}

/// Runs the transaction, and prints how it ended.
pub(super) fn execute(
    artifact: &Artifact,
    setup: &Setup<'_>,
    progress: &Progress,
    compilation: &Compilation,
    (change, arm, aftermath): (&Change<'_>, &dyn Fn(Duration) -> anyhow::Result<()>, &Aftermath<'_>),
    how: &How,
) -> anyhow::Result<ExitCode> {
    // Once for a deploy that is killed before it can arm the real one.
    if let Some(within) = how.confirm {
        arm(setup.wait + setup.timeout + within)?;
    }
    let result = deploy(artifact, setup, how.confirm);
    progress.end();
    if let (Some(within), Ok(true)) = (how.confirm, result.as_ref().map(|report| report.awaits_confirmation))
    {
        arm(within)?;
    }
    match result {
        Ok(report) => outcome::done(&report, how.confirm, change, how.format),
        Err(failure) => {
            let after = aftermath.of(&failure);
            outcome::failed(&failure, progress.failed_in(), compilation, &after, how.format)
        }
    }
}

/// Has systemd undo the deploy if no confirmation has come by then, whatever becomes of this process and its terminal.
/// `again` are options with which the same is found then.
pub(super) fn arm(setup: &Setup<'_>, again: &[String], after: Duration) -> anyhow::Result<()> {
    let missing =
        || Fault::system("--confirm needs systemd, which undoes the deploy if no confirmation comes");
    let systemd = setup.systemd.as_ref().ok_or_else(missing)?;
    // This program may be the copy that the deploy removes.
    let program = match packaged(&setup.host) {
        Some(program) => program.to_owned(),
        None => std::env::current_exe().map_err(|error| Fault::system(fault::reason(&error)))?,
    };
    // A moment later than the deadline itself, so that `recover` finds it passed.
    let after = format!("--on-active={}ms", (after + Duration::from_millis(200)).as_millis());
    let (program, unit) = (program.to_string_lossy(), format!("--unit={}", systemd.unit()));
    // Timers are up to a minute late by default.
    let accuracy = "--timer-property=AccuracySec=100ms";
    let mut arguments = vec![&after, accuracy, "--collect", "--quiet", &program, "recover", &unit];
    arguments.extend(again.iter().map(String::as_str));
    run_program(Path::new("systemd-run"), &arguments, Duration::from_secs(10))?;
    Ok(())
}
