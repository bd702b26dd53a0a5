//! The environments that one run checks a file with, and one list of faults out of what they give.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use caddyctl_language::compile::Compilation;
use caddyctl_language::diagnostics::{Code, Diagnostic};
use caddyctl_language::source::{Env, Span};

use crate::cli::environment::{Environment, OfService, variables};
use crate::cli::with::Plugins;

/// The arguments that choose environments.
#[derive(Debug, clap::Args)]
pub struct Sets {
    #[command(flatten)]
    service: OfService,
    /// Check with the variables of FILE, which take precedence over those already set. Give it several times to check with
    /// several environments; each finding names the environments in which it occurs. If two files have the same NAME,
    /// their variables are combined.
    #[arg(long, value_name = "NAME=FILE")]
    env_set: Vec<NamedFile>,
}

/// A value of `--env-set`.
#[derive(Clone, Debug)]
struct NamedFile {
    name: String,
    path: PathBuf,
}

impl FromStr for NamedFile {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once('=') {
            Some((name, path)) if !name.trim().is_empty() && !path.is_empty() => {
                Ok(Self { name: name.trim().to_owned(), path: path.into() })
            }
            _ => Err("expected a name, `=` and a file, such as staging=staging.env"),
        }
    }
}

/// One environment.
pub struct Set {
    /// Its name; empty when there is only one.
    name: String,
    /// Its variables.
    pub env: Env,
}

impl Sets {
    /// The same plugins for the Caddy of the service, if one is named.
    pub fn plugins_of_service(&self, plugins: &Plugins) -> Plugins {
        plugins.for_service(&self.service)
    }

    /// Reads them all, and adds their files to `seen`; what cannot be read of a service is reported on standard error.
    pub fn read(&self, common: &Environment, seen: &mut dyn FnMut(&Path)) -> anyhow::Result<Vec<Set>> {
        common.files().iter().for_each(|path| seen(path));
        let base = match self.service.read(seen)? {
            None => common.read()?,
            Some(env) => common.over(env)?,
        };
        let mut sets: Vec<Set> = Vec::new();
        for NamedFile { name, path } in &self.env_set {
            seen(path);
            let found = variables(path)?;
            let at = sets.iter().position(|set| set.name == *name).unwrap_or_else(|| {
                sets.push(Set { name: name.clone(), env: base.clone() });
                sets.len() - 1
            });
            for (variable, value) in found {
                sets[at].env.set(variable, value);
            }
        }
        if sets.is_empty() {
            sets.push(Set { name: String::new(), env: base });
        }
        Ok(sets)
    }
}

/// One compilation with the faults of all, each with the names of the environments that it occurs in. `all` stands in the
/// order of `sets`.
pub fn merge(sets: &[Set], all: Vec<Compilation>) -> Option<Compilation> {
    let several = all.len() > 1;
    let mut all = all.into_iter();
    let mut merged = all.next()?;
    if !several {
        return Some(merged);
    }
    let mut found: Vec<(Diagnostic, Vec<usize>)> =
        merged.diagnostics.drain(..).map(|fault| (fault, vec![0])).collect();
    for (nth, other) in (1..).zip(all) {
        let mut ids = Vec::new();
        for (id, _) in other.sources.iter() {
            ids.push((id, merged.sources.adopt(&other.sources.share(id))));
        }
        let here = |span: &mut Span| {
            if let Some((_, id)) = ids.iter().find(|(theirs, _)| *theirs == span.file) {
                span.file = *id;
            }
        };
        for mut fault in other.diagnostics {
            for_each_span(&mut fault, here);
            match found.iter_mut().find(|(known, _)| is_same(known, &fault)) {
                Some((_, places)) => places.push(nth),
                None => found.push((fault, vec![nth])),
            }
        }
    }
    // A comment that is needed in one environment is no fault in another.
    found.retain(|(fault, places)| fault.code != Code::SUPPRESSION || places.len() == sets.len());
    for (fault, places) in &mut found {
        places.dedup();
        let names: Vec<&str> = places.iter().map(|place| sets[*place].name.as_str()).collect();
        let which = if names.len() == sets.len() { "every environment".to_owned() } else { names.join(", ") };
        fault.message.push_str(&format!(" (in {which})"));
    }
    // As with one environment: unset variables first, then the order of the text.
    found.sort_by_key(|(fault, _)| {
        (
            fault.code != Code::UNSET_VARIABLE,
            fault.primary.as_ref().map(|label| (label.span.file, label.span.start)),
        )
    });
    merged.diagnostics = found.into_iter().map(|(fault, _)| fault).collect();
    Some(merged)
}

/// Whether two environments show the same fault.
fn is_same(one: &Diagnostic, other: &Diagnostic) -> bool {
    let place = |fault: &Diagnostic| fault.primary.as_ref().map(|label| label.span);
    (one.identity(), one.severity) == (other.identity(), other.severity)
        && place(one) == place(other)
        && one.trail == other.trail
}

fn for_each_span(fault: &mut Diagnostic, mut change: impl FnMut(&mut Span)) {
    let labels = fault.primary.iter_mut().chain(&mut fault.secondary);
    labels.for_each(|label| change(&mut label.span));
    fault.edits.iter_mut().for_each(|edit| change(&mut edit.span));
    fault.trail.iter_mut().for_each(|frame| change(&mut frame.span));
}
