//! Caddy's JSON as others wrote it: of a running server, of a file, of `caddy adapt`. The part `other` is a second one.

use caddyctl_analysis::check::check_json;
use caddyctl_analysis::diff::patch;
use caddyctl_deploy::admin::address::Address;
use caddyctl_deploy::compiler::differences;
use caddyctl_deploy::files::digest::{Digest, same_config};
use caddyctl_deploy::transaction::check::{Allow, check_config, parse};
use caddyctl_language::source::secrets;

use super::case::parts;

/// Reads a configuration and looks at it as each command does.
pub fn run(data: &[u8]) {
    let parts = parts(data);
    let Ok(config) = parse(parts[0].1) else { return };
    let _ = check_json(&config, None);
    let _ = check_config(&config, None, Allow::default());
    let _ = Address::of_config(&config);
    let _ = secrets::hide_value("", &config);
    assert!(same_config(&config, &config));
    assert!(differences(&config, &config).is_empty());
    let Some(other) = parts.get(1).and_then(|(_, text)| parse(text).ok()) else { return };
    let _ = check_config(&config, Some(&other), Allow::default());
    assert_eq!(same_config(&config, &other), same_config(&other, &config));
    if Digest::of_config(&config) == Digest::of_config(&other) {
        assert!(same_config(&config, &other), "one digest, one configuration");
    }
    assert_eq!(differences(&config, &other).is_empty(), differences(&other, &config).is_empty());
    assert_eq!(patch::patch(&config, &other).is_empty(), config == other);
}
