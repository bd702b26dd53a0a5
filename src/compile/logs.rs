//! The logs of options and sites, put together.

use std::collections::BTreeMap;

use super::Options;
use super::listeners::Pairing;
use super::scope::CustomLog;
use super::site::Site;
use crate::config::{Log, Logging};

/// Caddy's name for the log that takes everything no other log takes.
const DEFAULT: &str = "default";

/// All logs; `None` when nothing is configured.
pub(super) fn build(pairings: &[Pairing], sites: &[Site], options: &Options) -> Option<Logging> {
    let from_sites =
        pairings.iter().flat_map(|pairing| &pairing.sites).flat_map(|view| &sites[view.site].logs);
    let mut all: Vec<CustomLog> = options.logs.iter().filter(|log| !log.name.is_empty()).cloned().collect();
    if options.debug && !all.iter().any(|log| log.name == DEFAULT) {
        all.push(CustomLog { name: DEFAULT.to_owned(), log: Some(Log::default()), ..CustomLog::default() });
    }
    all.extend(from_sites.filter(|log| !log.name.is_empty()).cloned());

    let mut logs: BTreeMap<String, Log> = BTreeMap::new();
    // The first default log counts, whatever follows.
    if let Some(log) =
        all.iter().find(|log| log.name == DEFAULT && log.log.is_some()).and_then(|log| log.log.clone())
    {
        logs.insert(DEFAULT.to_owned(), log);
    }
    for custom in &all {
        let Some(log) = custom.log.clone().filter(|_| custom.name != DEFAULT) else { continue };
        if !log.include.is_empty() {
            // What goes to a log of its own does not go to the default one too.
            logs.entry(DEFAULT.to_owned()).or_default().exclude.extend(log.include.iter().cloned());
        }
        logs.insert(custom.name.clone(), log);
    }
    for (name, log) in &mut logs {
        if options.debug
            && log.level.is_empty()
            && (name != DEFAULT || all.iter().any(|log| log.name == DEFAULT))
        {
            "DEBUG".clone_into(&mut log.level);
        }
    }
    let has_own = all.iter().any(|custom| {
        custom.name != DEFAULT && custom.log.as_ref().is_some_and(|log| !log.include.is_empty())
    });
    if let Some(default) = logs.get_mut(DEFAULT).filter(|_| has_own) {
        default.exclude.sort();
        default.exclude.dedup();
    }
    (!logs.is_empty()).then_some(Logging { logs })
}
