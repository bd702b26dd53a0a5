//! A baseline: findings that are known, so that a team can start with an old configuration and see what is new.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use caddyctl_language::compile::Compilation;
use caddyctl_language::diagnostics::render::{Report, fingerprints};
use caddyctl_language::diagnostics::{Code, Diagnostic};
use caddyctl_language::source::shown;
use serde::{Deserialize, Serialize};

use crate::cli::fault::Fault;
use crate::cli::input;

/// The largest baseline (bytes).
const LARGEST: u64 = 16 * 1024 * 1024;

/// The arguments.
#[derive(Debug, Default, clap::Args)]
pub struct Arguments {
    /// Leave out the findings that are listed in this file. Errors stay.
    #[arg(long, value_name = "FILE", conflicts_with = "write_baseline")]
    baseline: Option<PathBuf>,
    /// Write the findings to this file, for --baseline.
    #[arg(long, value_name = "FILE")]
    write_baseline: Option<PathBuf>,
}

/// What such a file holds.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Baseline {
    version: u32,
    findings: Vec<Known>,
}

/// A finding that is known. The fingerprint stays the same when other lines change.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Known {
    code: String,
    fingerprint: String,
}

impl Arguments {
    /// Leaves out what the baseline has, or writes it.
    pub fn apply(&self, compilations: &mut [Compilation], root: &Path) -> anyhow::Result<()> {
        if let Some(path) = &self.write_baseline {
            return write(path, &list(compilations, root));
        }
        let Some(path) = &self.baseline else { return Ok(()) };
        let text = input::named_text(path, LARGEST).map_err(|error| Fault::unreadable(path, &error))?;
        let baseline: Baseline = serde_json::from_str(&text).map_err(|error| {
            let message = format!("{} is not a baseline: {error}", shown::path(path));
            Fault::system(message).help("write one with `--write-baseline`")
        })?;
        let mut known: HashMap<(&str, &str), usize> = HashMap::new();
        for finding in &baseline.findings {
            *known.entry((&finding.code, &finding.fingerprint)).or_default() += 1;
        }
        let prints = prints(compilations, root);
        for (compilation, prints) in compilations.iter_mut().zip(&prints) {
            let mut prints = prints.iter();
            compilation.diagnostics.retain(|found| {
                let print = prints.next().map_or("", String::as_str);
                let Some(left) =
                    known.get_mut(&(found.code.id, print)).filter(|left| **left > 0 && may_be_known(found))
                else {
                    return true;
                };
                *left -= 1;
                false
            });
        }
        Ok(())
    }

    /// Whether a baseline is written, so that findings fail nothing.
    pub fn writes(&self) -> bool {
        self.write_baseline.is_some()
    }
}

/// What Caddy refuses is never left out.
fn may_be_known(found: &Diagnostic) -> bool {
    !(found.is_error() && Code::ALL.contains(&found.code))
}

fn prints(compilations: &[Compilation], root: &Path) -> Vec<Vec<String>> {
    let reports: Vec<Report> = compilations
        .iter()
        .map(|found| Report { sources: &found.sources, diagnostics: &found.diagnostics })
        .collect();
    fingerprints(&reports, Some(root))
}

fn list(compilations: &[Compilation], root: &Path) -> Baseline {
    let prints = prints(compilations, root);
    let all =
        compilations.iter().zip(&prints).flat_map(|(found, prints)| found.diagnostics.iter().zip(prints));
    let known = all.filter(|(found, _)| may_be_known(found));
    let findings = known
        .map(|(found, print)| Known { code: found.code.id.to_owned(), fingerprint: print.clone() })
        .collect();
    Baseline { version: 1, findings }
}

fn write(path: &Path, baseline: &Baseline) -> anyhow::Result<()> {
    let text = serde_json::to_string_pretty(baseline)? + "\n";
    Ok(std::fs::write(path, text).map_err(|error| Fault::unwritable(path, &error))?)
}
