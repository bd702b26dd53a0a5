//! Drop-ins of a source, read as systemd reads them.

use caddyctl_deploy::systemd::unit_file::UnitFile;

/// Reads one, and asks what it may not set.
pub fn run(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let file = UnitFile::parse(&text);
    let breaks = text.matches(['\n', '\r', '\0']).count();
    for setting in &file.settings {
        assert!(text.get(setting.lines.clone()).is_some(), "{setting:?}");
        assert!((1..=breaks + 1).contains(&setting.line), "{setting:?}");
    }
    assert!(file.beyond_source(&["caddy-watchdog.service"]).len() <= file.settings.len());
    let _ = file.last("Service", "Restart");
}
