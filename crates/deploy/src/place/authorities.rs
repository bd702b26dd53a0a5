//! The authorities of the running Caddy that sign certificates of its own (`tls internal`): they come from its admin API, so
//! that nobody has to find their files, which do not exist before the first load.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;

use super::Found;
use crate::admin::known::Known;
use crate::admin::running::find_running;
use crate::certificates::internal_authority;
use crate::verify::{Checks, Internal};

/// How long Caddy may take to send a certificate.
const ASKING: Duration = Duration::from_secs(2);

impl Found {
    /// The authorities that sign what `checks` ask of `config`, each with the names that it signs.
    pub fn authorities(&self, config: &Value, checks: &Checks, known: &Known) -> Vec<Internal> {
        let mut names: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for host in checks.check.iter().filter_map(crate::verify::Check::host) {
            if let Some(id) = internal_authority(config, &host) {
                names.entry(id).or_default().push(host);
            }
        }
        if names.is_empty() {
            return Vec::new();
        }
        let Ok((admin, _)) = find_running(self.inquiry(known), ASKING) else { return Vec::new() };
        let of = |(id, names): (String, Vec<String>)| {
            let is_plain = id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
            let root = is_plain.then(|| admin.authority(&id, ASKING).ok()).flatten()?;
            Some(Internal { names, root })
        };
        names.into_iter().filter_map(of).collect()
    }
}
