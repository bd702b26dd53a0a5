//! The logs of options and sites, put together.

use std::collections::BTreeMap;

use super::listeners::Pairing;
use super::site::Site;
use crate::config::{Log, Logging};
use crate::lower::{CustomLog, Options};

/// Caddy's name for the log that takes everything no other log takes.
const DEFAULT: &str = "default";

/// The level of logs that have none, with the option `debug`.
const DEBUG: &str = "DEBUG";

/// All logs; `None` when nothing is configured.
pub(super) fn build(pairings: &[Pairing], sites: &[Site], options: &Options) -> Option<Logging> {
    let all = named(pairings, sites, options);
    let mut logs: BTreeMap<String, Log> = BTreeMap::new();
    let mut excludes = false;
    // The first default log counts, whatever follows.
    if let Some((name, log)) = all.iter().find(|(name, _)| name == DEFAULT) {
        logs.insert(name.clone(), log.clone());
    }
    for (name, log) in all {
        if name == DEFAULT {
            continue;
        }
        if !log.include.is_empty() {
            // What goes to a log of its own does not go to the default one too.
            let exclude = &mut logs.entry(DEFAULT.to_owned()).or_default().exclude;
            exclude.extend(log.include.iter().cloned());
            excludes = true;
        }
        logs.insert(name, log);
    }
    if let Some(default) = logs.get_mut(DEFAULT).filter(|_| excludes) {
        default.exclude.sort();
        default.exclude.dedup();
    }
    (!logs.is_empty()).then_some(Logging { logs })
}

/// Every log that says something, by name: those of the options, then those of the sites in the order of the servers. A
/// site that several servers serve brings its logs several times.
fn named(pairings: &[Pairing], sites: &[Site], options: &Options) -> Vec<(String, Log)> {
    let mut all = Vec::new();
    let mut add = |custom: &CustomLog| {
        if let Some(log) = custom.log.as_ref().filter(|_| !custom.name.is_empty()) {
            let mut log = log.clone();
            if options.debug && log.level.is_empty() {
                DEBUG.clone_into(&mut log.level);
            }
            all.push((custom.name.clone(), log));
        }
    };
    options.logs.iter().for_each(&mut add);
    if options.debug && !options.logs.iter().any(|log| log.name == DEFAULT) {
        add(&CustomLog { name: DEFAULT.to_owned(), log: Some(Log::default()), ..CustomLog::default() });
    }
    for pairing in pairings {
        for view in &pairing.sites {
            sites[view.site].logs.iter().for_each(&mut add);
        }
    }
    all
}
