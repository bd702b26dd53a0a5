//! Names that are no directives of the stock build, and are something else: Caddy 1, a plugin, a subdirective.

/// Directives of Caddy 1, and what to write now.
const CADDY_1: &[(&str, &str)] = &[
    (
        "proxy",
        "Caddy 1 had `proxy`; write `reverse_proxy`, with the matcher before the upstream: `reverse_proxy /path* localhost:8080`",
    ),
    ("gzip", "Caddy 1 had `gzip`; write `encode gzip`, or `encode zstd gzip`"),
    ("fastcgi", "Caddy 1 had `fastcgi`; write `php_fastcgi unix//run/php/php-fpm.sock`"),
    ("browse", "Caddy 1 had `browse`; write `file_server browse`"),
    ("errors", "Caddy 1 had `errors`; write `handle_errors { ... }`, and `log` for the log"),
    ("ext", "Caddy 1 had `ext`; write `try_files {path}.html {path}`"),
    ("status", "Caddy 1 had `status`; write `respond /path 404`"),
    ("websocket", "Caddy 1 had `websocket`; `reverse_proxy` passes WebSockets by itself"),
    ("limits", "Caddy 1 had `limits`; write `request_body { max_size 10MB }`"),
    ("internal", "Caddy 1 had `internal`; write `respond /path 404`"),
    ("mime", "Caddy 1 had `mime`; write `header /path Content-Type <type>`"),
];

/// Directives that a plugin brings, and the plugin's module.
const PLUGINS: &[(&str, &str)] = &[
    ("rate_limit", "http.handlers.rate_limit"),
    ("cache", "http.handlers.cache"),
    ("php", "http.handlers.php, of FrankenPHP"),
    ("php_server", "http.handlers.php, of FrankenPHP"),
    ("crowdsec", "http.handlers.crowdsec"),
    ("appsec", "http.handlers.appsec"),
    ("coraza_waf", "http.handlers.waf"),
    ("webdav", "http.handlers.webdav"),
    ("mercure", "http.handlers.mercure"),
    ("replace", "http.handlers.replace_response"),
    ("authenticate", "http.handlers.authenticator, of caddy-security"),
    ("authorize", "http.handlers.authorization, of caddy-security"),
    ("cgi", "http.handlers.cgi"),
    ("exec", "http.handlers.exec"),
    ("filter", "http.handlers.filter"),
    ("tailscale_auth", "http.authentication.providers.tailscale"),
    ("layer4", "layer4, a global option"),
];

/// What `name` is, where it is known elsewhere: a sentence for the fault's help.
pub(super) fn hint(name: &str) -> Option<String> {
    if let Some((_, hint)) = CADDY_1.iter().find(|(known, _)| *known == name) {
        return Some((*hint).to_owned());
    }
    if let Some((_, module)) = PLUGINS.iter().find(|(known, _)| *known == name) {
        return Some(format!(
            "a plugin brings it ({module}), which the stock build lacks; `caddy list-modules` shows what your build has"
        ));
    }
    let owner = super::ALL.iter().find(|directive| directive.rows.iter().any(|row| row.name == name))?;
    Some(format!("`{name}` belongs into the block of `{}`", owner.name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_from_elsewhere() {
        assert!(hint("gzip").is_some_and(|hint| hint.contains("encode gzip")));
        assert!(hint("rate_limit").is_some_and(|hint| hint.contains("plugin")));
        assert!(hint("header_up").is_some_and(|hint| hint.contains("`reverse_proxy`")));
        assert_eq!(hint("nonsense"), None);
        for (name, _) in CADDY_1.iter().chain(PLUGINS) {
            assert!(super::super::find(name).is_none(), "{name} is a directive");
        }
    }
}
