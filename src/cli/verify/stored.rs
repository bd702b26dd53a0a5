//! The checks that a deploy keeps with the deployment, so that `status`, `verify` and `doctor` can run them on the host.

use std::net::SocketAddr;

use caddyctl_deploy::place::Found;
use caddyctl_deploy::state::history::{self, Extras, Record};
use caddyctl_deploy::verify::{Bounds, Checks, Reach, parse};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::cli::fault::Fault;
use crate::cli::history::unreadable;

/// Checks of a deployment.
pub struct Stored {
    /// The deployment's name.
    pub deployment: String,
    checks: Checks,
    reach: KeptReach,
}

/// What the command line of a deploy said of the way to the sites.
#[derive(Default, Serialize, Deserialize)]
struct KeptReach {
    #[serde(default)]
    resolve: Vec<(String, SocketAddr)>,
    /// Certificates in PEM.
    #[serde(default)]
    roots: Vec<String>,
}

/// What a deploy keeps: the text of its checks, and how it reached the sites.
pub fn extras(checks: Option<&[u8]>, reach: &Reach) -> Extras {
    let Some(checks) = checks else { return Extras::new() };
    let mut extras = vec![(history::CHECKS, checks.to_vec())];
    if !(reach.resolve.is_empty() && reach.roots.is_empty()) {
        let roots = reach.roots.iter().map(|pem| String::from_utf8_lossy(pem).into_owned()).collect();
        let kept = KeptReach { resolve: reach.resolve.clone(), roots };
        extras.push((history::REACH, serde_json::to_vec(&kept).unwrap_or_default()));
    }
    extras
}

/// The same of an earlier deployment.
pub fn extras_of(found: &Found, record: &Record) -> anyhow::Result<Extras> {
    let mut extras = Extras::new();
    for name in [history::CHECKS, history::REACH] {
        let kept = history::extra(&found.host, record, name).map_err(|error| unreadable(&error))?;
        extras.extend(kept.map(|bytes| (name, bytes)));
    }
    Ok(extras)
}

/// Keeps `extras` with the deployment that is in place, where it has others.
pub fn update(found: &Found, record: &Record, extras: &Extras) -> anyhow::Result<()> {
    if extras_of(found, record)? != *extras {
        let names = [history::CHECKS, history::REACH];
        history::set_extras(&found.host, record, &names, extras).map_err(|error| unreadable(&error))?;
    }
    Ok(())
}

impl Stored {
    /// Those of the deployment that is in place; `None` when it has none.
    pub fn read(found: &Found) -> anyhow::Result<Option<Self>> {
        let Some(record) = history::current(&found.host) else { return Ok(None) };
        let read = |name| history::extra(&found.host, &record, name).map_err(|error| unreadable(&error));
        let Some(text) = read(history::CHECKS)? else { return Ok(None) };
        let checks = parse(&String::from_utf8_lossy(&text))
            .map_err(|error| Fault::system(format!("the checks of deployment {}: {error}", record.id)))?;
        let reach = read(history::REACH)?.and_then(|text| serde_json::from_slice(&text).ok());
        Ok(Some(Self { deployment: record.id, checks, reach: reach.unwrap_or_default() }))
    }

    /// The checks, and the way to the sites within what `config` names; what the command line says now counts first.
    pub fn within(self, found: &Found, config: &Value, given: Reach) -> anyhow::Result<(Checks, Reach)> {
        let Self { checks, reach: kept, deployment } = self;
        let bounds = Bounds::of_config(config);
        let mut reach = given;
        reach.resolve.extend(kept.resolve);
        reach.roots.extend(kept.roots.into_iter().map(String::into_bytes));
        if let Err((check, reason)) = bounds.judge(&checks, &reach) {
            let message = super::beyond(history::CHECKS, check, &reason);
            let help =
                format!("it is a check of deployment {deployment}; --checks FILE runs all checks of a file");
            return Err(Fault::system(message).help(help).into());
        }
        reach.internal = found.authorities(config, &checks, &found.admin(None));
        reach.bounds = Some(bounds);
        Ok((checks, reach))
    }
}
