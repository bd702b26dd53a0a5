//! Deploys the files of a source: compiles and checks them, shows the plan, and carries it out.

use std::cell::RefCell;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use caddyctl_analysis::routes::variables;
use caddyctl_deploy::place::losses::losses;
use caddyctl_deploy::place::{Found, units};
use caddyctl_deploy::plan;
use caddyctl_deploy::source::overlay::Overlay;
use caddyctl_deploy::state::history;
use caddyctl_deploy::state::lock::Holder;
use caddyctl_deploy::transaction::check::Allow;
use caddyctl_deploy::transaction::plan::Plan;
use caddyctl_deploy::transaction::setup::{Setup, Step};
use caddyctl_deploy::verify::{Bounds, Reach};
use caddyctl_language::diagnostics::Diagnostic;
use caddyctl_language::diagnostics::discretion::{Audience, discreet};
use caddyctl_language::diagnostics::render::{Report, full};
use caddyctl_language::source::shown::{line, path as shown_path};
use caddyctl_language::source::variables::Mode;
use caddyctl_language::source::{Loader, Sources};

use super::aftermath::{self, Aftermath};
use super::checking::{self, Checking};
use super::execute::{arm, end_unfinished, execute};
use super::other_version::{self, OtherVersion};
use super::outcome::{self, Change, Format};
use super::progress::Progress;
use super::source::{CHECKS, Source};
use super::{How, edits, offline, signals};
use crate::cli::fault::Fault;
use crate::cli::verify::{self, stored};
use crate::cli::{colour, print};

/// Shows what was found in the texts.
fn show(sources: &Sources, diagnostics: &[Diagnostic]) {
    if !diagnostics.is_empty() {
        let mut found = diagnostics.to_vec();
        discreet(&mut found, sources, &variables(sources), Audience::Terminal);
        print::stderr_styled(full::render(&[Report { sources, diagnostics: &found }], colour::on_stderr()));
    }
}

/// Deploys the files of `loader`.
pub fn from(
    loader: &dyn Loader,
    source: &Source<'_>,
    found: &mut Found,
    how: &How,
) -> anyhow::Result<ExitCode> {
    found.has_no_rival().map_err(Fault::from)?;
    let has_units = found.systemd.is_some() || found.host.is_staged();
    let drop_in = source.drop_in.as_ref().filter(|_| has_units && !how.no_drop_in);
    let unit_settings = drop_in.map(|drop_in| drop_in.judge(&found.host.companion()));
    let unit_settings = unit_settings.transpose().map_err(Fault::from)?;
    if !how.dry_run {
        end_unfinished(found, how)?;
    }
    print::stderr(found.loose_folder().unwrap_or_default());
    let last = history::current(&found.host);
    let records = history::list(&found.host);
    let side = drop_in.map(|drop_in| units::files(drop_in, !how.no_watchdog, found, &records));
    let side = side.unwrap_or_default();
    found.foresee(&side.files).map_err(Fault::from)?;
    found.knows_environment().map_err(Fault::from)?;
    found.can_restart().map_err(Fault::from)?;
    let found = &*found;
    if found.lacks_systemd && how.format == Format::Text {
        print::stderr("note: this machine does not run systemd: only files and the admin API are used\n");
    }
    for note in &side.notes {
        print::stderr(format!("note: {}\n", line(note)));
    }
    let overlay =
        Overlay::new(&found.host, loader, source.main, last.as_ref()).read_by(found.reader.as_ref());
    let compiled = found.compiled(&overlay, loader, (source.main, source.given), !how.no_check);
    let (compiled, hosts) = compiled.map_err(Fault::from)?;
    let shown = &compiled.compilation;
    show(&shown.sources, &compiled.findings);
    let is_in_place = !source.is_rollback && aftermath::is_in_place(found, source.main);
    let in_place = is_in_place.then(|| aftermath::refused_in_place(found)).flatten();
    let json = match (&source.ran, &compiled.verdict) {
        // What ran goes back, whatever is made of the files that come back with it.
        (Some(ran), _) => ran.clone(),
        (None, None) => return outcome::refused(in_place.as_deref(), how.format),
        (None, Some(verdict)) => {
            let remarks = found.remarks(verdict, shown);
            if how.format == Format::Text || !remarks.is_empty() {
                print::stderr(remarks);
            }
            verdict.json.clone()
        }
    };
    let config = caddyctl_deploy::json::read(&json)?;
    if !how.no_check && source.ran.is_none() {
        let findings = found.check(&config, shown);
        show(&shown.sources, &findings);
        if findings.iter().any(Diagnostic::is_error) {
            return outcome::refused(in_place.as_deref(), how.format);
        }
    }
    // The checks are the source's, and root asks them.
    let (bounds, reach) = (Bounds::of_config(&config), how.reach.read()?);
    let kept = source.checks.as_ref();
    let kept = match kept.map(|kept| bounds.judge(&kept.checks, &reach)) {
        Some(Err((check, reason))) if !how.no_checks => {
            let message = verify::beyond(CHECKS, check, &reason);
            return Err(Fault::input(message).help(verify::BEYOND_HELP).into());
        }
        Some(Err(_)) => None,
        _ => kept,
    };
    if let Some(kept) = kept.filter(|_| !how.no_checks) {
        offline::check(&kept.text, &config, shown, found)?;
    }
    let extras = match kept {
        Some(kept) => stored::extras(Some(&kept.text), &reach),
        None => source.extras.clone(),
    };
    let extras = [extras, source.ran.iter().map(|ran| (history::RAN, ran.clone())).collect()].concat();
    let size = json.len();
    let artifact = overlay.artifact(&hosts, json);
    let mut artifact = artifact.map_err(|error| Fault::unreadable(source.main, &error))?;
    artifact.files.extend(side.files);
    let reach = Reach { bounds: Some(bounds), ..reach };
    let known = found.admin(Some(&config));
    let checking = Checking {
        found,
        config: &config,
        known: &known,
        checks: kept.map(|kept| &kept.checks).filter(|_| !how.no_checks),
        reach,
        failed: RefCell::default(),
    };
    let run_checks = |left: Duration| checking.run(left);
    let compile = || Ok(found.compile_installed()?);
    let compile_at = |path: &Path| Ok(found.compile_at(path)?);
    let installed = found.installed();
    let files = installed.as_ref().map(|installed| &installed.artifact);
    let foreseen = || found.is_as_foreseen();
    let progress = Progress::new(how.format == Format::Json);
    let observe = |step| progress.step(step);
    let waits = |holder: &Holder| progress.waits(holder);
    let hears = |words: &str| progress.hears(words);
    let setup = Setup {
        probe: !how.no_probe,
        force: how.force,
        start: !how.no_start,
        allow: Allow { empty: how.allow_empty, admin_off: how.allow_admin_off },
        revision: source.revision.clone(),
        author: source.author.clone(),
        source: source.on_disk.map(Path::to_owned),
        found: files.filter(|found| !found.files.is_empty()),
        compile_at: Some(&compile_at),
        foreseen: &foreseen,
        observe: &observe,
        waits: &waits,
        hears: &hears,
        checks: &run_checks,
        awaited: checking.awaited(),
        links: source.links.clone(),
        extras,
        ..found.setup(known.clone(), &compile)
    };
    let planned = match plan(&artifact, &setup) {
        Ok(plan) => Plan { unit_settings: unit_settings.unwrap_or_default(), ..plan },
        Err(failure) => return outcome::failed(&failure, Step::Check, shown, &[], how.format),
    };
    if let Some((path, unit)) = planned.of_other_unit(&history::of_other_units(&found.host)) {
        let message = format!("{} belongs to the deployment of {}", shown_path(&path), line(&unit));
        let help = "nothing was changed; keep the Caddyfile of each unit, and what it imports, in a folder of its own";
        return Err(Fault::input(message).help(help).into());
    }
    let diff = outcome::diff(&planned, &artifact, &found.host);
    let lost = match installed
        .as_ref()
        .and_then(|installed| Some((installed.config.as_ref()?, &installed.artifact)))
    {
        Some((old, artifact)) if !planned.is_empty() => losses(old, &config, artifact.json.len() + size),
        _ => Vec::new(),
    };
    let variables = variables(&shown.sources);
    let lost: Vec<String> = lost.iter().map(|loss| variables.hide_distinct(loss, Mode::Sentence)).collect();
    for loss in &lost {
        print::stderr(format!("loses   {}\n", line(loss)));
    }
    let other = OtherVersion::since(last.as_ref(), found, source, (&overlay, loader))?;
    if how.format == Format::Text {
        print::stderr(&*other.text);
    }
    let edited = if source.is_rollback { Vec::new() } else { planned.edited(last.as_ref()) };
    if how.dry_run || (planned.is_empty() && !how.force) {
        for path in edited.iter().filter(|_| how.dry_run && !how.replace_edits) {
            print::stderr(format!("edited  {}, since the last deployment\n", shown_path(path)));
        }
        if let Some(last) = last.as_ref().filter(|_| !how.dry_run && !source.is_rollback) {
            stored::update(found, last, &setup.extras)?;
            other_version::note(found, last)?;
        }
        let change = Change {
            diff: &diff,
            losses: &lost,
            unit_settings: &planned.unit_settings,
            upgrade: other.json.as_ref(),
        };
        return outcome::planned(&planned, &change, how.dry_run, how.format);
    }
    let may_replace = source.is_rollback
        || how.replace_edits
        || (!edited.is_empty() && how.format == Format::Text && edits::is_allowed(&edited, &diff)?);
    found.may_write().map_err(Fault::from)?;
    if found.systemd.as_ref().is_some_and(|(_, unit)| unit.get("UnitFileState") == "disabled") {
        let name = line(&found.host.unit);
        print::stderr(format!("note: {name} does not start at the next boot: `systemctl enable {name}`\n"));
    }
    if how.format == Format::Text {
        print::stdout(planned.to_string())?;
    }
    let change = Change {
        diff: &diff,
        losses: &lost,
        unit_settings: &planned.unit_settings,
        upgrade: other.json.as_ref(),
    };
    let baseline = Some(last.as_ref().map(|record| record.id.clone()));
    let modified = source.is_modified(&artifact, &overlay);
    let setup = Setup { cancel: signals::cancel(), replace_edits: may_replace, baseline, modified, ..setup };
    let arm = |after| arm(&setup, source.again, after);
    let aftermath = Aftermath {
        found,
        installed: installed.as_deref(),
        is_in_place,
        ran: planned.old_config.as_ref(),
        config: &config,
        checking: &checking,
    };
    let done = execute(&artifact, &setup, &progress, shown, (&change, &arm, &aftermath), how)?;
    if source.ran.is_some() && done == ExitCode::SUCCESS {
        let path = shown_path(&found.host.caddyfile);
        print::stderr(format!(
            "note: what runs now is not what {path} says: it ran before the file was changed. The next start of Caddy uses the file; deploy a Caddyfile to make both equal\n"
        ));
    }
    if checking.checks.is_none() && done == ExitCode::SUCCESS && how.format == Format::Text {
        checking::unasked(&config, how.no_checks);
    }
    Ok(done)
}
