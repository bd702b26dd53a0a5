//! `checks.toml`.

use caddyctl_deploy::verify::{self, Invalid, VerifyError};

use super::output;

/// Reads checks, and names each.
pub fn run(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    match verify::parse(&text) {
        Ok(checks) => {
            for check in &checks.check {
                let _ = (check.shown(), check.is_websocket());
            }
        }
        Err(VerifyError::Invalid(Invalid::Toml(error))) => output::quotes_nothing(&error.to_string(), &text),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}
