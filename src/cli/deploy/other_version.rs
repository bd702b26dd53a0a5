//! A host's Caddy of another version than at the last deployment: what that changes is said before anything does.

use caddyctl_analysis::upgrade::{Report, format};
use caddyctl_deploy::place::Found;
use caddyctl_deploy::source::overlay::Overlay;
use caddyctl_deploy::state::history::{self, Record};
use caddyctl_language::diagnostics::discretion::Audience;
use caddyctl_language::source::{Loader, shown};
use serde_json::Value;

use super::source::Source;
use crate::cli::diff::outcome_of;
use crate::cli::fault::Fault;
use crate::cli::history::unreadable;

/// What the other version changes for the new Caddyfile, as `upgrade` reports it.
#[derive(Debug, Default)]
pub(super) struct OtherVersion {
    /// For people; empty if the version is the same.
    pub text: String,
    /// For programs; `None` if the version is the same, or one of the two is not known.
    pub json: Option<Value>,
}

impl OtherVersion {
    /// Compares with the version of the deployment `last`.
    pub fn since(
        last: Option<&Record>,
        found: &Found,
        source: &Source<'_>,
        (overlay, loader): (&Overlay<'_>, &dyn Loader),
    ) -> anyhow::Result<Self> {
        let before = last.and_then(|record| record.caddy.clone());
        let Some((before, now)) =
            before.zip(found.served_by()).filter(|(before, now)| before.version != now.version)
        else {
            return Ok(Self::default());
        };
        let (Some(from), Some(to)) = (before.known(), now.known()) else {
            let text = format!(
                "note: the last deployment was for Caddy {}, and this one is for Caddy {}; what this changes is not known\n",
                shown::line(&before.version),
                shown::line(&now.version)
            );
            return Ok(Self { text, json: None });
        };
        let name = source.given.map_or_else(|| shown::path(&found.host.caddyfile), str::to_owned);
        let read = |version| {
            let compilation = found.compiled_by(version, overlay, loader, source.given);
            let compilation = compilation.map_err(|error| Fault::unreadable(source.main, &error))?;
            anyhow::Ok(outcome_of(name.clone(), compilation, Audience::Terminal))
        };
        let (before, after) = (read(from)?, read(to)?);
        let deprecated = if after.is_accepted() { &after.deprecated } else { &before.deprecated };
        let report = Report::new(&name, (from, &before.read), (to, &after.read), deprecated);
        Ok(Self {
            text: format!("note: the last deployment was for Caddy {from}\n{}\n", format::text(&report)),
            json: Some(format::json(&report)),
        })
    }
}

/// Notes the Caddy of the host with the deployment that is in place, where nothing else changes.
pub(super) fn note(found: &Found, last: &Record) -> anyhow::Result<()> {
    let caddy = found.served_by();
    if caddy.is_some() && caddy != last.caddy {
        let record = Record { caddy, ..last.clone() };
        history::set(&found.host, &record).map_err(|error| unreadable(&error))?;
    }
    Ok(())
}
