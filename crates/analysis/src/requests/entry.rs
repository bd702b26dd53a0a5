//! What Caddy's server checks before any route.

use super::message::host_of;
use super::state::{Raised, State};

/// What Caddy's server checks before any route.
pub(super) fn admitted(state: &mut State<'_>) -> Result<(), Raised> {
    if state.request.method.len() > 32 {
        return Err(Raised::status(405));
    }
    if state.request.minor == 1 && state.request.host.is_empty() {
        return Err(Raised::with(400, "rfc9112 forbids empty Host"));
    }
    let server = state.server;
    let dropped: Vec<String> = server
        .underscore
        .iter()
        .chain(&server.dots)
        .map(|name| caddyctl_language::go::canonical_header(&name.replace(['_', '.'], "-")))
        .collect();
    let (drops_underscores, drops_dots) = (state.drops_underscores(), state.drops_dots());
    let is_expected = |list: &[String], name: &str| list.iter().any(|known| known.eq_ignore_ascii_case(name));
    state.request.headers.retain(|name| match (name.contains('_'), name.contains('.')) {
        (true, _) => !drops_underscores || is_expected(&server.underscore, name),
        (_, true) => !drops_dots || is_expected(&server.dots, name),
        _ => !dropped.iter().any(|known| known == name),
    });
    if server.strict_sni && state.connection.tls {
        let host = host_of(&state.request.host);
        if !state.connection.sni.eq_ignore_ascii_case(&host) {
            let message = format!(
                "strict host matching: TLS ServerName ({}) and HTTP Host ({host}) values differ",
                state.connection.sni
            );
            return Err(Raised::with(421, message));
        }
    }
    Ok(())
}
