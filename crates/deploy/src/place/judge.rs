//! Who compiles: caddyctl, the host's own Caddy, or both; and what is reported when they do not agree.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::Found;
use crate::compiler::{AskError, Caddy, Difference, differences};
use crate::process::apart;
use crate::state::caddy::HostCaddy;
use caddyctl_analysis::routes::variables;
use caddyctl_language::compile::Compilation;
use caddyctl_language::diagnostics::{Code, Diagnostic, Subject};
use caddyctl_language::source::shown::{line as shown_line, path as shown_path};
use caddyctl_language::source::variables::Mode;
use caddyctl_language::source::{Sources, Span, secrets};
use serde_json::Value;

/// How long Caddy may take for one file.
const PATIENCE: Duration = Duration::from_secs(15);

/// How many points of a difference are named.
const SHOWN: usize = 5;

/// Whose reading of the Caddyfile is loaded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Compiler {
    /// caddyctl's result; the host's Caddy is not used.
    Caddyctl,
    /// The result of the host's Caddy.
    Caddy,
    /// Both: if they differ, the result of the host's Caddy counts, and the differences are listed.
    #[default]
    Both,
}

/// What is loaded, and what is reported about it.
#[derive(Debug)]
pub struct Verdict {
    /// The JSON.
    pub json: Vec<u8>,
    /// Where Caddy reads the file in another way, when it does.
    pub differences: Vec<Difference>,
    /// Why Caddy was not asked, when it should have been.
    pub unasked: Option<String>,
    /// Whether the JSON is Caddy's.
    pub is_caddys: bool,
}

impl Found {
    /// The Caddy to ask, when one is to be asked.
    pub fn caddy(&self) -> Option<Caddy<'_>> {
        let is_asked =
            self.compiler != Compiler::Caddyctl && !self.asked_in_vain.get() && self.unasked.is_none();
        let program = self.program.clone().filter(|_| is_asked)?;
        Some(self.caddy_of(program))
    }

    /// A Caddy whose program is this one.
    pub fn caddy_of(&self, program: PathBuf) -> Caddy<'_> {
        let (user, launcher) = (self.reader.as_ref(), Path::new(apart::ITSELF));
        Caddy {
            program,
            env: &self.env,
            user,
            launcher,
            within: PATIENCE.min(self.timeout),
            memory: self.limits_of_installed().memory,
        }
    }

    /// Puts `ours` and what `ask` brings together. `None` when nobody can read the file.
    pub fn judge(
        &self,
        ours: Option<Vec<u8>>,
        ask: impl Fn(&Caddy<'_>) -> Result<Value, AskError>,
    ) -> Result<Option<Verdict>, AskError> {
        let plain = |ours: Option<Vec<u8>>, unasked| {
            ours.map(|json| Verdict { json, differences: Vec::new(), unasked, is_caddys: false })
        };
        let Some(caddy) = self.caddy() else {
            let unasked = self.unasked.clone().filter(|_| self.compiler != Compiler::Caddyctl);
            return Ok(plain(ours, unasked));
        };
        let value: Option<Value> = ours.as_ref().and_then(|json| crate::json::read(json).ok());
        let mut theirs = Value::Null;
        let mut found = Vec::new();
        // Caddy orders some names as a map of Go happens to: it may give several answers that are all right.
        for _ in 0..3 {
            theirs = match (ask(&caddy), self.compiler) {
                (Ok(theirs), _) => theirs,
                (Err(error @ AskError::Refused { .. }), _) | (Err(error), Compiler::Caddy) => {
                    return Err(error);
                }
                // What a version that is not known makes of the file, only it can say.
                (Err(error), _) if self.unknown_caddy().is_some() => return Err(error),
                (Err(error), _) => {
                    self.asked_in_vain.set(true);
                    return Ok(plain(ours, Some(error.to_string())));
                }
            };
            let Some(value) = &value else { break };
            found = differences(value, &theirs);
            if found.is_empty() {
                return Ok(plain(ours, None));
            }
        }
        let json = theirs.to_string().into_bytes();
        Ok(Some(Verdict { json, differences: found, unasked: None, is_caddys: true }))
    }

    /// Words about a verdict, for people; empty when there is nothing to say. `shown` has the places.
    pub fn remarks(&self, verdict: &Verdict, shown: &Compilation) -> String {
        let mut text = String::new();
        if let Some(reason) = &verdict.unasked {
            let _ = writeln!(
                text,
                "note: cannot run the host's Caddy, so caddyctl's result is loaded: {}",
                shown_line(reason)
            );
        }
        if let Some(caddy) = self.unknown_caddy().filter(|_| self.caddy().is_some()) {
            let _ = writeln!(text, "note: {}", unknown(caddy));
        }
        let Some(caddy) = self.caddy().filter(|_| verdict.is_caddys) else { return text };
        let program = shown_path(&caddy.program);
        let version =
            self.host_caddy().map(|caddy| shown_line(&caddy.version).into_owned()).unwrap_or_default();
        if shown.is_ok() && !shown.opaque.is_empty() {
            let mut names: Vec<String> = shown.opaque.iter().filter_map(name_of).collect();
            names.sort();
            names.dedup();
            let _ = writeln!(
                text,
                "note: caddyctl knows only the name of {}; the JSON of {program} ({version}) is loaded",
                shown_line(&names.join(", "))
            );
            return text;
        }
        if !shown.is_ok() {
            let _ = writeln!(
                text,
                "note: {program} ({version}) accepts this file, and caddyctl does not; Caddy's result is loaded"
            );
            return text;
        }
        let _ = writeln!(
            text,
            "note: {program} ({version}) compiles this file differently; its result is loaded. It differs in:"
        );
        let variables = variables(&shown.sources);
        for difference in verdict.differences.iter().take(SHOWN) {
            let span = shown.span_at(&difference.pointer);
            let place = span.map(|span| shown.sources.place(span) + "  ").unwrap_or_default();
            // Names of headers may come from variables.
            let difference = variables.hide_distinct(&difference.to_string(), Mode::Sentence);
            let _ = writeln!(text, "  {}", shown_line(&format!("{place}{difference}")));
        }
        if verdict.differences.len() > SHOWN {
            let _ = writeln!(text, "  and {} more", verdict.differences.len() - SHOWN);
        }
        text
    }
}

/// That the reading of a Caddy counts whose version is not known.
pub fn unknown(caddy: &HostCaddy) -> String {
    format!(
        "{} is Caddy {}, a version that caddyctl does not know, so its own reading of the Caddyfile counts",
        shown_path(&caddy.program),
        shown_line(&caddy.version)
    )
}

/// The opaque word that a diagnostic is about, as a sentence has it.
fn name_of(found: &Diagnostic) -> Option<String> {
    match &found.subject {
        Subject::Opaque(opaque) => Some(format!("`{}`", opaque.word)),
        _ => None,
    }
}

/// A refusal of the host's Caddy as a fault of the file that the user knows; `None` when it names no place. `hosts` are
/// the same files under the names of the host.
pub fn refusal(error: &AskError, program: &str, hosts: &Sources, shown: &Sources) -> Option<Diagnostic> {
    let AskError::Refused { place: Some((path, line)), message } = error else { return None };
    let (id, _) = hosts.iter().find(|(_, file)| Path::new(file.name()) == path)?;
    let (_, file) = shown.iter().find(|(known, _)| *known == id)?;
    let text = file.line(*line);
    let start: usize = file.text().split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let indent = text.len() - text.trim_start().len();
    let span = Span::new(id, start + indent, start + text.trim_end().len());
    let fault = Diagnostic::error(Code::PROVISION, span, format!("the host's Caddy refuses it: {message}"));
    Some(fault.label("here").help(format!("the service starts {program}; --compiler caddyctl skips it")))
}

/// The words of a refusal that names no place, without values of variables.
pub fn words(error: &AskError, sources: &Sources) -> String {
    match error {
        AskError::Refused { .. } => {
            let message = format!("the host's Caddy refuses the configuration: {error}");
            variables(sources).hide_as(&secrets::hide_within(&message), &[], Mode::Sentence)
        }
        _ => format!("cannot run the host's Caddy: {error}"),
    }
}
