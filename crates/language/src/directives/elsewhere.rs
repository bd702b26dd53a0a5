//! Names that are no directives of the stock build, and are something else: a word of Caddy 1 or of nginx, a global
//! option, a subdirective.

use crate::syntax::Word;

/// Directives of Caddy 1, and what to write now.
const CADDY_1: &[(&str, &str)] = &[
    ("browse", "`file_server browse`"),
    ("errors", "`handle_errors`, with directives in its block, and `log` for the log"),
    ("ext", "`try_files {path} {path}.html`"),
    ("fastcgi", "`php_fastcgi unix//run/php/php-fpm.sock`"),
    ("gzip", "`encode zstd gzip`"),
    ("internal", "`respond /path 404`"),
    ("limits", "`request_body`, with `max_size` in its block"),
    ("markdown", "`templates`"),
    ("mime", "`header /path Content-Type <type>`"),
    (
        "proxy",
        "`reverse_proxy /path* localhost:8080`, which does by itself what `transparent` and `websocket` did",
    ),
    ("status", "`respond /path 404`"),
    ("startup", "`ExecStartPre=` into the systemd unit, since Caddy starts no programs"),
    ("websocket", "`reverse_proxy localhost:8080`, which passes WebSockets by itself"),
];

/// Directives of nginx, and what Caddy has for them.
const NGINX: &[(&str, &str)] = &[
    ("add_header", "`header <field> <value>`"),
    ("alias", "`root <path>`"),
    ("auth_basic", "`basic_auth`, with the users in its block"),
    ("client_max_body_size", "`request_body`, with `max_size` in its block"),
    ("error_page", "`handle_errors`, with directives in its block"),
    ("fastcgi_pass", "`php_fastcgi unix//run/php/php-fpm.sock`"),
    ("listen", "the port in the address of the site, `:8080`, and an interface after `bind`"),
    ("location", "`handle`, with directives in its block"),
    ("proxy_pass", "`reverse_proxy localhost:8080`"),
    ("proxy_set_header", "`header_up <field> <value>` into the block of `reverse_proxy`"),
    ("return", "`respond <status>`, or `redir <address>` for a redirect"),
    ("server", "the address of the site before its block"),
    ("server_name", "the address of the site before its block"),
    ("ssl_certificate", "`tls cert.pem key.pem`"),
    ("ssl_certificate_key", "`tls cert.pem key.pem`"),
];

/// Words that people try, and what Caddy has for them.
const OTHER: &[(&str, &str)] = &[
    ("access_log", "write `log`"),
    ("allow", "define a matcher, `@allowed remote_ip <ranges...>`, and use it with `handle` or `respond`"),
    ("autoindex", "write `file_server browse`"),
    ("compress", "write `encode`"),
    ("cors", "write `header Access-Control-Allow-Origin <origin>`"),
    ("deny", "define a matcher, `@denied remote_ip <ranges...>`, and write `respond @denied 403`"),
    ("headers", "write `header`"),
    ("include", "write `import`"),
    ("php_fpm", "write `php_fastcgi`"),
    ("protocols", "it belongs in the block of `tls`"),
    ("redirect", "write `redir`"),
    ("set_header", "write `header`"),
    ("ssl", "remove it: Caddy gets certificates by itself, and `tls` has the settings"),
    ("tls_internal", "write `tls internal`"),
    ("websockets", "remove it: `reverse_proxy` passes on WebSockets by itself"),
];

/// A line of Caddy 1 as Caddy 2 has it, where that is known of this very line, and the byte that the line ends at.
pub(super) fn translation(segment: &[Word]) -> Option<(String, u32)> {
    let (name, rest) = segment.split_first()?;
    let line = rest.iter().zip(segment).take_while(|(word, before)| !before.ends_line_before(word));
    let words: Vec<&Word> = line.map(|(word, _)| word).filter(|word| !word.opens()).collect();
    let last = words.last().map_or(name.span, |word| word.span);
    let now = translated(&name.text, &words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>())?;
    (last.file == name.span.file).then_some((now, last.end))
}

fn translated(name: &str, args: &[&str]) -> Option<String> {
    match (name, args) {
        ("gzip", []) => Some("encode zstd gzip".to_owned()),
        ("proxy", [from, to @ ..]) if !to.is_empty() => {
            let path = from.trim_end_matches('/');
            let matcher = if path.is_empty() { String::new() } else { format!("{path}* ") };
            Some(format!("reverse_proxy {matcher}{}", to.join(" ")))
        }
        ("fastcgi", [from, to, ..]) => {
            let path = from.trim_end_matches('/');
            let matcher = if path.is_empty() { String::new() } else { format!("{path}/* ") };
            let to = if to.starts_with('/') { format!("unix/{to}") } else { (*to).to_owned() };
            Some(format!("php_fastcgi {matcher}{to}"))
        }
        ("internal", [path]) => Some(format!("respond {path}* 404")),
        ("status", [code, path]) => Some(format!("respond {path} {code}")),
        ("ext", extensions) if !extensions.is_empty() => {
            let files: Vec<_> = extensions.iter().map(|extension| format!("{{path}}{extension}")).collect();
            Some(format!("try_files {{path}} {}", files.join(" ")))
        }
        ("proxy_pass", [to]) => Some(format!("reverse_proxy {}", to.trim_end_matches([';', '/']))),
        ("add_header", [field, value]) => Some(format!("header {field} {}", value.trim_end_matches(';'))),
        ("location", [path]) if path.starts_with('/') => Some(format!("handle {path}*")),
        _ => None,
    }
}

/// Whose word `name` is.
pub(super) fn origin(name: &str) -> &'static str {
    if NGINX.iter().any(|(known, _)| *known == name) { "nginx has" } else { "Caddy 1 had" }
}

/// What `name` is, where it is known elsewhere: a sentence for the fault's help.
pub(super) fn hint(name: &str) -> Option<String> {
    let known =
        |list: &[(&str, &'static str)]| list.iter().find(|(known, _)| *known == name).map(|(_, now)| *now);
    if let Some(now) = known(CADDY_1) {
        return Some(format!("Caddy 1 had `{name}`; write {now}"));
    }
    if let Some(now) = known(NGINX) {
        return Some(format!("nginx has `{name}`; write {now}"));
    }
    if let Some(now) = known(OTHER) {
        return Some(format!("`{name}` is not a word of Caddyfiles; {now}"));
    }
    if is_upstream(name) {
        return Some(format!("to send requests there, write `reverse_proxy {name}`"));
    }
    if name.starts_with('/') {
        return Some(format!("a path is a matcher; write it after a directive: `handle {name} {{`"));
    }
    // `forward_auth` and `php_fastcgi` have the rows of `reverse_proxy` and more: it is meant.
    let owners = super::ALL.iter().filter(|directive| directive.rows.iter().any(|row| row.name == name));
    let owner = owners.min_by_key(|directive| directive.rows.len())?;
    Some(format!("`{name}` is a subdirective of `{}`; move it into its block", owner.name))
}

/// Whether a word is an address that only a proxy has a use for.
fn is_upstream(name: &str) -> bool {
    let rest = name.strip_prefix("http://").or_else(|| name.strip_prefix("https://"));
    let is_port = |port: &str| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    let address = rest.unwrap_or(name).split('/').next().unwrap_or_default();
    address.rsplit_once(':').is_some_and(|(host, port)| is_port(port) && !host.contains(['{', '*', ' ']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_from_elsewhere() {
        assert!(hint("gzip").is_some_and(|hint| hint.contains("encode zstd gzip")));
        assert!(hint("proxy_pass").is_some_and(|hint| hint.contains("`reverse_proxy localhost:8080`")));
        assert!(hint("header_up").is_some_and(|hint| hint.contains("`reverse_proxy`")));
        assert_eq!(hint("nonsense"), None);
        for (name, _) in CADDY_1.iter().chain(NGINX) {
            assert!(super::super::find(name).is_none(), "{name} is a directive");
        }
    }
}
