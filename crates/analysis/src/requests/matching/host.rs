//! `host`.

use crate::check::values::hostname;
use crate::requests::message::host_of;
use crate::requests::program::Hosts;
use crate::requests::state::State;

/// Whether the request is for one of the hosts. Ports and case do not matter; `*` is one whole label.
pub(super) fn matches(state: &State<'_>, hosts: &Hosts) -> bool {
    let host = host_of(&state.request.host);
    let host = host.strip_prefix('[').unwrap_or(&host);
    let host = host.strip_suffix(']').unwrap_or(host).to_lowercase();
    if hosts.exact.contains(&host) {
        return true;
    }
    hosts.patterns.iter().any(|pattern| {
        let filled = state.fill(pattern);
        let pattern = if pattern.contains('{') { filled.to_lowercase() } else { hostname::normal(&filled) };
        if !pattern.contains('*') {
            return pattern == host;
        }
        let (wanted, actual): (Vec<&str>, Vec<&str>) =
            (pattern.split('.').collect(), host.split('.').collect());
        wanted.len() == actual.len()
            && wanted.iter().zip(actual).all(|(wanted, actual)| *wanted == "*" || *wanted == actual)
    })
}
