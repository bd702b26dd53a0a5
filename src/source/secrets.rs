//! What must not be printed: passwords, hashes, tokens, keys, credentials in headers and addresses.

use std::borrow::Cow;
use std::ops::Range;

use serde_json::{Map, Value};

/// What stands in the place of a secret.
pub const HIDDEN: &str = "<hidden>";

/// Whether a setting or header of this name holds a secret.
pub fn is_secret_name(name: &str) -> bool {
    let mut words: Vec<String> = vec![String::new()];
    for c in name.chars() {
        if !c.is_ascii_alphanumeric() {
            words.push(String::new());
        } else if let Some(word) = words.last_mut() {
            word.push(c.to_ascii_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    let joined = words.concat();
    has(&[
        "password",
        "passwd",
        "pass",
        "passphrase",
        "secret",
        "token",
        "tokens",
        "apikey",
        "apitoken",
        "credential",
        "credentials",
        "authorization",
        "auth",
        "bearer",
        "salt",
        "cookie",
        "session",
        "hmac",
        "jwt",
    ]) && !has(&[
        "forward", "policy", "basic", "http", "client", "mode", "lb", "proxy", "fastcgi", "uwsgi", "grpc",
    ]) || (words.last().is_some_and(|last| last == "key" || last == "keys")
        && has(&[
            "api",
            "access",
            "private",
            "secret",
            "mac",
            "auth",
            "account",
            "application",
            "app",
            "encryption",
            "signing",
            "shared",
            "master",
            "consumer",
        ]))
        || ["apikey", "secretkey", "accesskey", "privatekey", "authtoken", "clientsecret", "accesstoken"]
            .iter()
            .any(|word| joined.ends_with(word))
}

/// Whether a text looks like a secret whatever its name: password hashes, web tokens, PEM keys, and the well-known
/// prefixes of tokens.
pub fn is_secret_text(text: &str) -> bool {
    let text = text.trim_matches(['"', '\'', '`', ',', ';']);
    let text = text.strip_prefix("Bearer ").or_else(|| text.strip_prefix("Basic ")).unwrap_or(text);
    let hash = ["$2a$", "$2b$", "$2y$", "$argon2", "$6$", "$5$", "$scrypt"];
    let token = [
        "ghp_",
        "gho_",
        "ghs_",
        "github_pat_",
        "glpat-",
        "sk_live_",
        "sk_test_",
        "xoxb-",
        "xoxp-",
        "AKIA",
        "dop_v1_",
        "hf_",
        "npm_",
        "pypi-",
    ];
    hash.iter().any(|prefix| text.starts_with(prefix))
        || (text.len() > 15 && token.iter().any(|prefix| text.starts_with(prefix)))
        || text.contains("PRIVATE KEY-----")
        || (text.starts_with("eyJ") && text.matches('.').count() == 2)
        // bcrypt hashes are also written in base64, and begin so: "$2a$", "$2b$", "$2y$".
        || ["JDJhJD", "JDJiJD", "JDJ5JD"].iter().any(|prefix| text.starts_with(prefix))
}

/// `text` with what is secret in it hidden: all of it, or the password of an address.
pub fn hide_text(name: &str, text: &str) -> String {
    if is_placeholder(text) {
        return text.to_owned();
    }
    if is_secret_name(name) || is_secret_text(text) {
        return HIDDEN.to_owned();
    }
    hide_userinfo(text)
}

/// `scheme://user:password@host` without the password.
pub fn hide_userinfo(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else { return text.to_owned() };
    let end = rest.find(['/', ' ', '?']).unwrap_or(rest.len());
    let Some(at) = rest[..end].rfind('@') else { return text.to_owned() };
    match rest[..at].split_once(':') {
        Some((user, password)) if !is_placeholder(password) => {
            format!("{scheme}://{user}:{HIDDEN}{}", &rest[at..])
        }
        _ => text.to_owned(),
    }
}

/// A single `{placeholder}`: it names a secret and does not hold one.
fn is_placeholder(text: &str) -> bool {
    let text = text.strip_prefix("Bearer ").or_else(|| text.strip_prefix("Basic ")).unwrap_or(text);
    text.is_empty() || (text.starts_with('{') && text.ends_with('}') && !text.contains(' '))
}

/// A configuration value, known under `name`, with every secret in it hidden.
pub fn hide_value(name: &str, value: &Value) -> Value {
    match value {
        Value::String(text) => hide_text(name, text).into(),
        Value::Array(items) => items.iter().map(|item| hide_value(name, item)).collect(),
        Value::Object(fields) => fields
            .iter()
            .map(|(key, value)| {
                // What a name says holds for all that lies below it; a PEM key lies under "load_pem".
                let secret = is_secret_name(name) || (name == "load_pem" && key == "key");
                (key.clone(), hide_value(if secret { "secret" } else { key }, value))
            })
            .collect::<Map<_, _>>()
            .into(),
        other => other.clone(),
    }
}

/// A line of a Caddyfile with every secret in it hidden, its other words untouched.
pub fn hide_line(line: &str) -> String {
    change_secrets(line, &|_| HIDDEN.to_owned(), &hide_userinfo)
}

/// Lines of a Caddyfile with every secret in them covered by stars, so that every byte keeps its place. Whether the first of
/// them stands in a block of `accounts` it does not say itself.
pub fn cover(mut accounts: bool, text: &str) -> Cow<'_, str> {
    let stars = |secret: &str| "*".repeat(secret.len());
    // What is hidden in an address is found again by what comes before and behind it.
    let userinfo = |word: &str| {
        let hidden = hide_userinfo(word);
        match hidden.split_once(HIDDEN) {
            Some((before, behind)) if word.len() >= before.len() + behind.len() => {
                format!("{before}{}{behind}", "*".repeat(word.len() - before.len() - behind.len()))
            }
            _ => word.to_owned(),
        }
    };
    let covered: String = text
        .split_inclusive('\n')
        .map(|line| {
            let content = line.trim_end_matches(['\r', '\n']);
            let covered = if accounts && !closes(content) {
                cover_account(content, &stars)
            } else {
                change_secrets(content, &stars, &userinfo)
            };
            accounts = (accounts || opens(content)) && !closes(content);
            covered + &line[content.len()..]
        })
        .collect();
    if covered == text { Cow::Borrowed(text) } else { Cow::Owned(covered) }
}

/// Whether a line opens a block of accounts.
fn opens(line: &str) -> bool {
    let mut words = line.split_whitespace();
    matches!(words.next(), Some("basic_auth" | "basicauth")) && words.next_back() == Some("{")
}

/// Whether a line closes a block.
fn closes(line: &str) -> bool {
    line.split_whitespace().next() == Some("}")
}

/// Where accounts stand in a Caddyfile: between the line that opens a block of them and the next one that closes a block.
#[derive(Clone, Debug, Default)]
pub struct Accounts(Vec<Range<usize>>);

impl Accounts {
    /// Those of `text`.
    pub fn of(text: &str) -> Self {
        let (mut all, mut open, mut at) = (Vec::new(), None, 0);
        for line in text.split_inclusive('\n') {
            if closes(line) {
                all.extend(open.take().map(|start| start..at));
            } else if opens(line) {
                open.get_or_insert(at + line.len());
            }
            at += line.len();
        }
        all.extend(open.map(|start| start..at));
        Self(all)
    }

    /// Whether a line that begins at `at` is one of accounts, or closes their block.
    pub fn are_open_at(&self, at: usize) -> bool {
        let next = self.0.partition_point(|block| block.end < at);
        self.0.get(next).is_some_and(|block| block.start <= at)
    }
}

/// A line of an account, of which all but the name is secret.
fn cover_account(line: &str, secret_word: &dyn Fn(&str) -> String) -> String {
    let mut count = 0;
    let cover = |word: &&str| {
        count += usize::from(!word.trim().is_empty());
        if count > 1 && !word.trim().is_empty() { secret_word(word) } else { (*word).to_owned() }
    };
    words(line).iter().map(cover).collect()
}

/// Goes through the words of a line, and replaces those that are secrets, and the passwords in the others.
fn change_secrets(
    line: &str,
    secret_word: &dyn Fn(&str) -> String,
    other_word: &dyn Fn(&str) -> String,
) -> String {
    let mut out = String::with_capacity(line.len());
    let mut named = false;
    let mut first = true;
    // `dns PROVIDER TOKEN` is the short form of a provider's settings.
    let mut provider = 0;
    // In a comment only its first words can be a setting that was taken out; what follows is prose about one.
    let comment = line.trim_start().starts_with('#');
    let mut count = 0;
    for word in words(line) {
        if word.trim().is_empty() {
            out.push_str(word);
            continue;
        }
        count += 1;
        let prose = comment && count > 4 && !word.ends_with([':', '=']);
        let bare = word.trim_matches(['"', '`']);
        let bare_name = bare.trim_start_matches(['+', '-', '>', '?']).trim_end_matches(':');
        let secret = (named || provider == 2) && !matches!(word, "{" | "}") && !is_placeholder(bare);
        if secret || is_secret_text(bare) {
            out.push_str(&secret_word(word));
        } else {
            out.push_str(&other_word(word));
        }
        // The directive itself (`basic_auth`, `forward_auth`) is no secret's name, but a header's name may come second.
        provider = match provider {
            0 => usize::from(matches!(bare, "dns" | "acme_dns")),
            _ => 2,
        };
        named |= !prose && is_secret_name(bare_name) && !(first && bare_name.ends_with("auth"));
        first = false;
    }
    out
}

/// Words and the blanks between them, in order; a quoted word is one, with its blanks.
fn words(line: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        let end = if c.is_whitespace() {
            rest.find(|c: char| !c.is_whitespace())
        } else if c == '"' || c == '`' {
            rest[1..].find(c).map(|at| at + 2)
        } else {
            rest.find(char::is_whitespace)
        };
        let (word, after) = rest.split_at(end.unwrap_or(rest.len()));
        words.push(word);
        rest = after;
    }
    words
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names() {
        for name in
            ["api_token", "Authorization", "X-Api-Key", "mac_key", "secret", "client_secret", "X-Auth-Token"]
        {
            assert!(is_secret_name(name), "{name}");
        }
        for name in ["key_type", "keepalive", "forward_auth", "passive", "X-Frame-Options", "path", "key"] {
            assert!(!is_secret_name(name), "{name}");
        }
    }

    #[test]
    fn covered_texts_keep_their_length() {
        let text = "basic_auth {\n\tbob $2a$14$Zkx19XLiW6VYouLHR5NmfO\n}\nheader X-Api-Key s3cr3t\r\nreverse_proxy http://u:pass@host\n";
        let covered = cover(false, text);
        assert_eq!(covered.len(), text.len());
        for secret in ["Zkx19", "s3cr3t", "u:pass"] {
            assert!(!covered.contains(secret), "{covered}");
        }
        assert_eq!(cover(false, "respond \"é\"\n"), "respond \"é\"\n");
        assert_eq!(cover(true, "\tbob plain\n}\nrespond a b\n"), "\tbob *****\n}\nrespond a b\n");
    }

    #[test]
    fn blocks_of_accounts() {
        let text = "a {\nbasic_auth /x {\nb c\nd e\n}\nf\nbasicauth {\ng";
        let accounts = Accounts::of(text);
        let lines = text.split_inclusive('\n').scan(0, |at, line| {
            *at += line.len();
            Some((line, accounts.are_open_at(*at - line.len())))
        });
        let open: Vec<&str> = lines.filter_map(|(line, is_open)| is_open.then_some(line)).collect();
        assert_eq!(open, ["b c\n", "d e\n", "}\n", "g"]);
        assert!(!Accounts::of("").are_open_at(0));
    }

    #[test]
    fn lines() {
        for (line, hidden) in [
            ("\tbob $2a$14$Zkx19XLiW6VYouLHR5N", "\tbob <hidden>"),
            ("\theader_up Authorization \"Bearer abc\"", "\theader_up Authorization <hidden>"),
            ("\tdns cloudflare {env.CF_TOKEN}", "\tdns cloudflare {env.CF_TOKEN}"),
            ("\tdns cloudflare abc123", "\tdns cloudflare <hidden>"),
            ("\tapi_token abc # x", "\tapi_token <hidden> <hidden> <hidden>"),
            ("\tforward_auth localhost:9091 {", "\tforward_auth localhost:9091 {"),
            ("\treverse_proxy http://u:pw@h:1/", "\treverse_proxy http://u:<hidden>@h:1/"),
        ] {
            assert_eq!(hide_line(line), hidden);
        }
    }

    #[test]
    fn values() {
        let hidden = hide_value("", &json!({"api_token": "abc", "eab": {"mac_key": ["k"]}, "uri": "/x"}));
        assert_eq!(hidden, json!({"api_token": "<hidden>", "eab": {"mac_key": ["<hidden>"]}, "uri": "/x"}));
    }
}
