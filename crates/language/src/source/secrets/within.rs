//! Secrets inside a text, by what they look like or by a name before them: passwords of addresses, parameters of queries,
//! what an expression compares a header with, keys in PEM.

use std::ops::Range;

use super::names::{self, Strength};
use super::shapes::{is_harmless, is_placeholder, is_secret_text, only_signs};

/// Addresses whose path is a secret.
const HOOKS: &[&str] =
    &["hooks.slack.com/services/", "/api/webhooks/", "api.telegram.org/bot", "webhook.office.com/"];

/// An address is looked at up to so many bytes.
const LONGEST_ADDRESS: usize = 4_096;

/// Words before `:` that are no user's name.
const NOT_USERS: &[&str] = &["mailto", "sip", "sips", "acct", "xmpp", "urn", "tel", "data"];

/// What is secret in a text that is none as a whole, in order.
pub(crate) fn within(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    keys(text, &mut found);
    tokens(text, &mut found);
    addresses(text, &mut found);
    accounts(text, &mut found);
    pairs(text, &mut found);
    comparisons(text, &mut found);
    defaults(text, &mut found);
    merged(found)
}

/// Ranges in order, those that touch or overlap joined.
pub(crate) fn merged(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.retain(|range| !range.is_empty());
    ranges.sort_by_key(|range| range.start);
    let mut all: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match all.last_mut().filter(|last| range.start <= last.end) {
            Some(last) => last.end = last.end.max(range.end),
            None => all.push(range),
        }
    }
    all
}

/// The bodies of private keys in PEM.
pub(crate) fn keys(text: &str, found: &mut Vec<Range<usize>>) {
    const LABEL: &str = "PRIVATE KEY-----";
    let mut at = 0;
    while let Some(label) = text[at..].find(LABEL).map(|found| at + found) {
        let start = label + LABEL.len();
        let line = text[..label].rfind('\n').map_or(0, |at| at + 1);
        at = start;
        if text[line..label].contains("-----END") {
            continue;
        }
        let end = text[start..].find("-----END").map_or(text.len(), |end| start + end);
        found.push(start..end);
        at = end;
    }
}

/// Words that look like secrets, and those behind the scheme of a login.
fn tokens(text: &str, found: &mut Vec<Range<usize>>) {
    let is_end = |c: char| {
        c.is_whitespace() || matches!(c, '"' | '\'' | '`' | ',' | ';' | '=' | '&' | '(' | ')' | '?' | '|')
    };
    let mut start = 0;
    let mut scheme = false;
    for word in text.split(is_end) {
        let range = start..start + word.len();
        start += word.len();
        start += text[start..].chars().next().map_or(0, char::len_utf8);
        if word.is_empty() {
            continue;
        }
        let is_long = word.len() >= 8
            && !is_placeholder(word)
            && !only_signs(word)
            && word.chars().any(|c| c.is_ascii_digit());
        if is_secret_text(word) && !word.contains("PRIVATE") || (scheme && is_long) {
            found.push(range);
        }
        scheme = matches!(word, "Bearer" | "Basic" | "bearer" | "basic");
    }
}

/// Passwords in `scheme://user:password@host`, keys that stand for a user, and addresses that are secret themselves.
fn addresses(text: &str, found: &mut Vec<Range<usize>>) {
    let is_end = |c: char| c.is_whitespace() || matches!(c, '"' | '`' | '\'' | '<' | '>');
    let mut at = 0;
    while let Some(start) = text[at..].find("://").map(|found| at + found + 3) {
        let end = text[start..].find(is_end).map_or(text.len(), |end| start + end);
        let end = (start..=end.min(start + LONGEST_ADDRESS))
            .rev()
            .find(|at| text.is_char_boundary(*at))
            .unwrap_or(start);
        let whole = &text[start..end];
        at = start;
        let authority = &whole[..whole.find(['/', '?', '#']).unwrap_or(whole.len())];
        let sign = authority.rfind('@').or_else(|| {
            // A password may hold a slash, which belongs in escapes there.
            let password = authority.split_once(':').map(|(_, port)| port).filter(|port| {
                !port.is_empty() && !port.chars().all(|c| c.is_ascii_digit()) && !port.starts_with('{')
            });
            password.and_then(|_| whole[..whole.find('?').unwrap_or(whole.len())].rfind('@'))
        });
        if let Some(sign) = sign {
            let user = &whole[..sign];
            if let Some((name, password)) = user.split_once(':') {
                if !is_placeholder(password) {
                    found.push(start + name.len() + 1..start + sign);
                }
            } else {
                let is_key = user.len() >= 16 && user.chars().any(|c| c.is_ascii_digit());
                if !is_placeholder(user) && (is_key || whole[sign..].contains("sentry")) {
                    found.push(start..start + sign);
                }
            }
        }
        if let Some((hook, prefix)) = HOOKS.iter().find_map(|hook| Some((whole.find(hook)?, hook.len()))) {
            let rest = start + hook + prefix;
            if !is_placeholder(&text[rest..end]) {
                found.push(rest..end);
            }
        }
    }
}

/// Passwords in `user:password@host` without a scheme, as drivers of databases take them.
fn accounts(text: &str, found: &mut Vec<Range<usize>>) {
    for (sign, _) in text.match_indices('@') {
        let begins = |c: char| c.is_whitespace() || matches!(c, '"' | '`' | '\'' | '=' | '(' | ',' | '@');
        let start =
            text[..sign].char_indices().rfind(|(_, c)| begins(*c)).map_or(0, |(at, c)| at + c.len_utf8());
        let before = &text[start..sign];
        let Some((user, password)) = before.split_once(':') else { continue };
        let is_user = !user.is_empty()
            && user.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'));
        let is_host = text[sign + 1..]
            .chars()
            .next()
            .is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '(' | '[' | '/' | '{'));
        let is_known = NOT_USERS.contains(&user.to_ascii_lowercase().as_str());
        if is_user && is_host && !is_known && !password.starts_with("//") && !is_placeholder(password) {
            found.push(start + user.len() + 1..sign);
        }
    }
}

/// Values behind the names of secrets: `token=…` in queries, `password: …` in texts, `"secret": "…"` in JSON.
fn pairs(text: &str, found: &mut Vec<Range<usize>>) {
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(start) = text[at..].find(is_name).map(|found| at + found) {
        let end = text[start..].find(|c| !is_name(c)).map_or(text.len(), |end| start + end);
        at = end;
        // `{$DB_PASS:default}` is looked at with the defaults, and what a placeholder is called is no name here.
        if bytes.get(start.wrapping_sub(1)) == Some(&b'$') {
            continue;
        }
        let name = &text[start..end];
        let strength = names::strength(name.rsplit('.').next().unwrap_or(name));
        let is_key = matches!(name, "key" | "code" | "auth" | "sid" | "k");
        if strength.is_none() && !is_key {
            continue;
        }
        if let Some(value) = value_behind(text, end, is_key)
            && !is_harmless(&text[value.clone()], strength.unwrap_or(Strength::Weak))
        {
            at = value.end;
            found.push(value);
        }
    }
}

/// The value behind a name that ends at `end`. `key=…` is a secret only if it is long and has digits.
fn value_behind(text: &str, end: usize, only_long: bool) -> Option<Range<usize>> {
    let rest = &text[end..];
    let quoted = rest.starts_with(['"', '\'']);
    let behind = rest.trim_start_matches(['"', '\'', ']']);
    let before_sign = behind.trim_start_matches([' ', '\t']);
    let mut behind_sign = before_sign.chars();
    let sign = behind_sign.next()?;
    let after = behind_sign.as_str();
    match sign {
        '=' if !after.starts_with(['=', '~', '>']) => {}
        ':' if quoted || after.starts_with([' ', '\t']) => {}
        // `password:abc` and not `auth:9000`.
        ':' if !after.is_empty()
            && !only_long
            && !after.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '/' | '*' | ':' | '}')) => {}
        _ => return None,
    }
    let value = after.trim_start_matches([' ', '\t', '"', '\'', '`', '[']);
    let start = text.len() - value.len();
    let skipped = &text[end..start];
    let length = if skipped.ends_with(['"', '\'', '`']) {
        let quote = skipped.chars().next_back()?;
        value.find(quote).unwrap_or(value.len())
    } else if sign == ':' {
        value.find(['\n', '"', '`', ',', '}', ';']).unwrap_or(value.len())
    } else {
        value
            .find(|c: char| {
                c.is_whitespace() || matches!(c, '&' | ';' | '"' | '\'' | '`' | ',' | ')' | ']' | '#' | '>')
            })
            .unwrap_or(value.len())
    };
    // What stands in braces is one placeholder.
    let found = value[..length].trim_end();
    let found = match found.find('{') {
        Some(0) => {
            let end = value.find('}').map_or(found.len(), |end| end + 1);
            &value[..end.max(found.len()).min(value.len())]
        }
        _ => found.trim_end_matches('}'),
    };
    let is_long = found.len() >= 16 && found.chars().any(|c| c.is_ascii_digit());
    (!found.is_empty() && (is_long || !only_long)).then(|| start..start + found.len())
}

/// Texts that CEL compares with what a secret's name stands for: `{header.X-Token} == "…"`.
pub(crate) fn comparisons(text: &str, found: &mut Vec<Range<usize>>) {
    let is_expression = ["==", "!=", ".matches(", ".startsWith(", ".endsWith(", ".contains(", " in ["];
    if !is_expression.iter().any(|sign| text.contains(sign)) {
        return;
    }
    let mut start = 0;
    for clause in text.split_inclusive(['&', '|']) {
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        let names_one = clause.split('{').skip(1).any(|placeholder| {
            let name = placeholder.split('}').next().unwrap_or("");
            let last = name.rsplit('.').next().unwrap_or(name);
            last.split(|c| !is_name(c)).any(names::is_secret_name)
        }) || clause.split(['[', '(']).skip(1).any(|index| {
            index
                .trim_start_matches(['\'', '"'])
                .split(['\'', '"', ']', ')'])
                .next()
                .is_some_and(names::is_secret_name)
        });
        if names_one && is_expression.iter().any(|sign| clause.contains(sign)) {
            for range in quoted(clause) {
                let value = &clause[range.clone()];
                if !is_placeholder(value) && !only_signs(value) && !names::is_secret_name(value) {
                    found.push(start + range.start..start + range.end);
                }
            }
        }
        start += clause.len();
    }
}

/// The texts in quotes.
fn quoted(text: &str) -> Vec<Range<usize>> {
    let mut all = Vec::new();
    let mut at = 0;
    while let Some(open) = text[at..].find(['"', '\'', '`']).map(|found| at + found) {
        let quote = char::from(text.as_bytes()[open]);
        let end = text[open + 1..].find(quote).map_or(text.len(), |end| open + 1 + end);
        all.push(open + 1..end);
        at = (end + 1).min(text.len());
    }
    all
}

/// Defaults of variables that hold secrets: `{$DB_PASSWORD:default}`.
fn defaults(text: &str, found: &mut Vec<Range<usize>>) {
    for (open, _) in text.match_indices("{$") {
        let Some(end) = text[open..].find('}').map(|end| open + end) else { continue };
        if let Some((name, default)) = text[open + 2..end].split_once(':')
            && !default.is_empty()
            && names::strength(name).is_some_and(|strength| !is_harmless(default, strength))
        {
            found.push(end - default.len()..end);
        }
    }
}

/// Whether a cookie says what somebody prefers, and nothing about who that is: `lang=en`, `theme=dark`.
fn is_preference(name: &str, value: &str) -> bool {
    const WORDS: [&str; 6] = ["dark", "light", "true", "false", "none", "auto"];
    let is_login = names::strength(name).is_some() || matches!(name, "sid" | "id" | "uid" | "key" | "pin");
    let is_locale = value.len() == 5
        && value.split_once(['-', '_']).is_some_and(|(language, region)| {
            language.len() == 2
                && language.bytes().all(|byte| byte.is_ascii_lowercase())
                && region.bytes().all(|byte| byte.is_ascii_uppercase())
        });
    !is_login && (value.len() < 4 || is_locale || WORDS.contains(&value))
}

/// The values in a header of cookies; its attributes stay.
pub(crate) fn cookies(text: &str) -> Vec<Range<usize>> {
    const ATTRIBUTES: [&str; 6] = ["path", "domain", "max-age", "expires", "samesite", "priority"];
    let quote = usize::from(text.starts_with(['"', '`']));
    let mut start = 0;
    let mut all = Vec::new();
    for part in text.split(';') {
        let from = start;
        start += part.len() + 1;
        if let Some((name, value)) = part.split_once('=') {
            let value = value.trim_end_matches(['"', '`']);
            let name_end = from + name.len() + 1;
            let name = name.trim_matches(|c: char| !c.is_ascii_alphanumeric());
            if !ATTRIBUTES.contains(&name.to_ascii_lowercase().as_str())
                && !is_preference(name, value)
                && !is_placeholder(value)
                && !only_signs(value)
            {
                all.push(name_end..name_end + value.len());
            }
        }
    }
    if !text.contains('=') && !is_placeholder(text) && !only_signs(text) {
        let end = text.len() - usize::from(quote == 1 && text.len() > 1);
        all.push(quote..end);
    }
    merged(all)
}
