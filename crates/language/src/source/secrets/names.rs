//! Names of settings, headers, variables and parameters whose values are secrets.

/// How surely the value under a name is a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Strength {
    /// Such a name is also used for values that are no secret: `session 30m`, `auth localhost:9091`.
    Weak,
    /// Every value is one.
    Strong,
}

/// The setting with the words of a plugin that nothing here reads: any of them may be a secret.
pub const UNREAD: &str = "unread_words";

/// Words that make a name a secret's, wherever they stand in it.
const STRONG: &[&str] = &[
    "password",
    "passwords",
    "passwd",
    "passphrase",
    "passcode",
    "pwd",
    "userpass",
    "requirepass",
    "secret",
    "secrets",
    "apikey",
    "apitoken",
    "authtoken",
    "accesstoken",
    "clientsecret",
    "secretkey",
    "accesskey",
    "privatekey",
    "credential",
    "credentials",
    "authorization",
    "bearer",
    "psk",
];

/// Words that make a name a secret's at its end.
const STRONG_LAST: &[&str] = &["pass", "pw", "dsn"];

/// Words that may make a name a secret's, wherever they stand in it.
const WEAK: &[&str] = &["token", "tokens"];

/// Words that may make a name a secret's at its end.
const WEAK_LAST: &[&str] =
    &["session", "cookie", "cookies", "salt", "jwt", "hmac", "sig", "signature", "sessionid"];

/// What stands before `key` in the name of a secret key. `cache_key` or `Sec-WebSocket-Key` are none.
const KEYS: &[&str] = &[
    "access",
    "account",
    "aes",
    "api",
    "app",
    "application",
    "auth",
    "client",
    "consumer",
    "decryption",
    "encrypt",
    "encryption",
    "functions",
    "function",
    "ingest",
    "ingestion",
    "integration",
    "license",
    "licence",
    "mac",
    "master",
    "private",
    "project",
    "secret",
    "service",
    "shared",
    "sign",
    "signing",
    "storage",
    "subscription",
    "token",
    "tsig",
    "webhook",
];

/// Last words of names that say something about a secret: where it lies, how long it lasts, what it is called.
const ABOUT: &[&str] = &[
    "alg",
    "algo",
    "algorithm",
    "audience",
    "check",
    "count",
    "disabled",
    "domain",
    "domains",
    "duration",
    "email",
    "enabled",
    "endpoint",
    "error",
    "expiration",
    "expires",
    "expiry",
    "file",
    "files",
    "form",
    "format",
    "group",
    "groups",
    "header",
    "headers",
    "host",
    "interval",
    "issuer",
    "length",
    "lifetime",
    "limit",
    "max",
    "method",
    "methods",
    "min",
    "mode",
    "name",
    "names",
    "page",
    "param",
    "params",
    "path",
    "paths",
    "policy",
    "port",
    "prefix",
    "provider",
    "providers",
    "realm",
    "redirect",
    "request",
    "required",
    "reset",
    "role",
    "roles",
    "samesite",
    "scope",
    "scopes",
    "server",
    "service",
    "size",
    "source",
    "sources",
    "status",
    "subject",
    "through",
    "thru",
    "timeout",
    "ttl",
    "type",
    "types",
    "uri",
    "uris",
    "url",
    "urls",
    "user",
    "username",
    "version",
    "insecure",
    "default",
    "portal",
    "with",
    "disable",
    "enable",
    "validate",
    "strip",
    "forms",
    "protected",
    "protection",
    "id",
    "get",
    "allow",
    "create",
];

/// Directives of nginx that name an upstream.
const UPSTREAMS: &[&str] =
    &["fastcgi_pass", "grpc_pass", "memcached_pass", "proxy_pass", "scgi_pass", "uwsgi_pass"];

/// The words of a name in lower case: `X-Api-Key`, `licenseKey` and `API_KEY` have two or three.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for c in name.chars() {
        if !c.is_ascii_alphanumeric() || (c.is_ascii_uppercase() && before.is_ascii_lowercase()) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| c.is_ascii_alphanumeric()) {
            word.push(c.to_ascii_lowercase());
        }
        before = c;
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Whether a word says something about a secret, such as `lifetime`, and is none.
pub(crate) fn is_about(word: &str) -> bool {
    ABOUT.contains(&word.to_ascii_lowercase().as_str())
}

/// How surely what is known by this name is a secret; `None` where it is none.
pub(crate) fn strength(name: &str) -> Option<Strength> {
    if name == UNREAD {
        return Some(Strength::Strong);
    }
    let words = words(name);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let (&last, before) = words.split_last()?;
    if last == "id" && before.iter().any(|word| matches!(*word, "session" | "secret")) {
        return Some(Strength::Strong);
    }
    if is_about(last) && words.len() > 1 {
        return None;
    }
    if words.starts_with(&["access", "control"]) || UPSTREAMS.contains(&name) {
        return None;
    }
    let joined = words.concat();
    let is_key = matches!(last, "key" | "keys") && before.iter().any(|word| KEYS.contains(word));
    let ends = [
        "apikey",
        "secretkey",
        "accesskey",
        "privatekey",
        "authtoken",
        "clientsecret",
        "accesstoken",
        "password",
    ];
    if is_key
        || words.iter().any(|word| STRONG.contains(word))
        || STRONG_LAST.contains(&last)
        || ends.iter().any(|end| joined.ends_with(end))
    {
        return Some(Strength::Strong);
    }
    let is_auth = last == "auth" && (before.is_empty() || matches!(before, ["x" | "proxy" | "redis"]));
    let is_weak = words.iter().any(|word| WEAK.contains(word)) || WEAK_LAST.contains(&last) || is_auth;
    is_weak.then_some(Strength::Weak)
}

/// Whether a setting, header, variable or parameter of this name holds a secret.
pub fn is_secret_name(name: &str) -> bool {
    strength(name).is_some()
}

/// Whether a header of this name holds cookies, of which only the values are secret.
pub(crate) fn is_cookie(name: &str) -> bool {
    name.eq_ignore_ascii_case("cookie") || name.eq_ignore_ascii_case("set-cookie")
}
