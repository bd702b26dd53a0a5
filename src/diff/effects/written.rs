//! Where a global option is written: options leave no trace in the compiled configuration but their names.

use super::super::report::Place;
use super::super::side::Side;

/// Names in Caddy's JSON whose option has another name.
const OPTIONS: &[(&str, &str)] = &[
    ("logging", "log"),
    ("automatic_https", "auto_https"),
    ("disable_storage_check", "storage_check"),
    ("disable_storage_clean", "storage_clean_interval"),
    ("disable_ocsp_stapling", "ocsp_stapling"),
    ("idle_timeout", "servers"),
    ("read_timeout", "servers"),
    ("read_header_timeout", "servers"),
    ("write_timeout", "servers"),
    ("trusted_proxies", "servers"),
    ("trusted_proxies_strict", "servers"),
    ("client_ip_headers", "servers"),
    ("protocols", "servers"),
    ("listener_wrappers", "servers"),
    ("strict_sni_host", "servers"),
    ("max_header_bytes", "servers"),
];

/// The line of the global option that sets `name` (`apps.http.grace_period`), if there is one.
pub fn place(side: &Side, name: &str) -> Option<Place> {
    let (_, file) = side.sources.iter().next()?;
    for part in name.split(['.', ' ']).filter(|part| !matches!(*part, "apps" | "http" | "tls")) {
        let option = OPTIONS.iter().find(|(json, _)| *json == part).map_or(part, |(_, option)| *option);
        let mut inside = false;
        for (index, line) in file.text().lines().enumerate() {
            let word = line.split_whitespace().next().unwrap_or("");
            if !inside && !word.is_empty() && !word.starts_with('#') {
                // Only the first block of a file, without a name before its brace, holds options.
                if line.trim() != "{" {
                    return None;
                }
                inside = true;
            } else if line.starts_with('}') {
                break;
            } else if inside && word == option {
                let column = line.chars().take_while(|c| c.is_whitespace()).count() + 1;
                return Some(Place { file: file.name().to_owned(), line: index + 1, column });
            }
        }
    }
    None
}
