//! Secrets that are known by what they look like, and values that are none: hashes, tokens, placeholders, patterns.

use super::names::Strength;

/// How hashes of passwords begin. The last three are bcrypt in base64.
const HASHES: &[&str] = &[
    "$2a$", "$2b$", "$2y$", "$argon2", "$6$", "$5$", "$1$", "$y$", "$apr1$", "$scrypt", "$7$", "JDJhJD",
    "JDJiJD", "JDJ5JD",
];

/// How tokens and keys of well-known services begin.
const TOKENS: &[&str] = &[
    "ghp_",
    "gho_",
    "ghs_",
    "ghu_",
    "ghr_",
    "github_pat_",
    "glpat-",
    "gldt-",
    "glrt-",
    "glptt-",
    "sk_live_",
    "sk_test_",
    "rk_live_",
    "rk_test_",
    "whsec_",
    "xoxb-",
    "xoxp-",
    "xoxa-",
    "xapp-",
    "AKIA",
    "ASIA",
    "AIza",
    "ya29.",
    "SG.",
    "sk-",
    "dop_v1_",
    "hf_",
    "npm_",
    "pypi-",
    "shpat_",
    "shpss_",
    "dckr_pat_",
    "tskey-",
    "lin_api_",
    "hvs.",
    "ATATT",
    "AGE-SECRET-KEY-",
    "v1.0-",
    "key-",
    "pat-",
    "nvapi-",
    "gsk_",
    "figd_",
    "EAA",
    "rnd_",
    "fly_",
    "FlyV1",
];

/// Whether a text looks like a secret whatever its name: hashes of passwords, web tokens, PEM keys, and the well-known
/// prefixes of tokens.
pub(crate) fn is_secret_text(text: &str) -> bool {
    let text = text.trim_matches(['"', '\'', '`', ',', ';']);
    let text = text.strip_prefix("Bearer ").or_else(|| text.strip_prefix("Basic ")).unwrap_or(text);
    let is_long = |text: &str, prefix: &str| {
        let rest = &text[prefix.len()..];
        rest.len() >= 12
            && rest.chars().filter(char::is_ascii_digit).count() >= 2
            && rest.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
    };
    HASHES.iter().any(|prefix| text.starts_with(prefix) && text.len() > prefix.len() + 3)
        || TOKENS.iter().any(|prefix| text.starts_with(prefix) && is_long(text, prefix))
        || [
            "ghp_",
            "github_pat_",
            "glpat-",
            "sk_live_",
            "sk_test_",
            "xoxb-",
            "AKIA",
            "hf_",
            "npm_",
            "dop_v1_",
        ]
        .iter()
        .any(|prefix| text.starts_with(prefix) && text.len() > 15)
        || text.contains("PRIVATE KEY-----")
        || (text.starts_with("eyJ") && text.matches('.').count() == 2)
}

/// A single `{placeholder}`, perhaps behind the scheme of a login: it names a secret and does not hold one.
pub(crate) fn is_placeholder(text: &str) -> bool {
    let schemes = ["Bearer ", "Basic ", "Token ", "bearer ", "basic "];
    let text = schemes.iter().find_map(|scheme| text.strip_prefix(scheme)).unwrap_or(text).trim();
    if text.is_empty() {
        return true;
    }
    // Several may follow each other; a default of `{$NAME:default}` is a text.
    let mut rest = text;
    while let Some(inner) = rest.strip_prefix('{') {
        let Some(end) = inner.find('}') else { return false };
        let name = &inner[..end];
        if name.contains(char::is_whitespace) || (name.starts_with('$') && name.contains(':')) {
            return false;
        }
        rest = inner[end + 1..].trim_start_matches([':', '.', '-', '/', '_']);
    }
    rest.is_empty()
}

/// Whether a value under a name that may be a secret's is none.
pub(crate) fn is_harmless(text: &str, strength: Strength) -> bool {
    if is_placeholder(text)
        || text.contains("<hidden")
        || matches!(text, "{" | "}" | "=" | ":" | "==" | "REDACTED" | "redacted" | "***")
        || only_signs(text)
    {
        return true;
    }
    if strength == Strength::Strong {
        return matches!(text, "overwrite" | "true" | "false" | "delete" | "hash");
    }
    let words = [
        "on", "off", "true", "false", "none", "delete", "hash", "yes", "no", "strict", "lax", "required",
        "optional", "replace",
    ];
    let is_quantity = {
        let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        !digits.is_empty()
            && text.len() - digits.len() <= 3
            && digits.chars().all(|c| c.is_ascii_digit() || c == '.')
            && digits.len() <= 6
    };
    let is_address = text.rsplit_once(':').is_some_and(|(host, port)| {
        !host.is_empty() && !port.is_empty() && port.len() <= 5 && port.chars().all(|c| c.is_ascii_digit())
    });
    words.contains(&text.to_ascii_lowercase().as_str())
        || is_quantity
        || is_address
        || (text.starts_with('/') && text[1..].contains('/') && !text.contains('='))
        || (text.contains("://") && !text.contains(['@', '=']))
        || (text.starts_with(['/', '@', '*', '{']) && text.len() < 24 && !text.contains('='))
}

/// Whether a text is a pattern that names no value: `*`, `^Bearer\s+.+$`.
pub(crate) fn only_signs(text: &str) -> bool {
    let mut rest = text.to_owned();
    for word in [
        "Bearer",
        "Basic",
        "Digest",
        "Token",
        "Negotiate",
        "bearer",
        "basic",
        "(?i)",
        "\\s",
        "\\S",
        "\\w",
        "\\d",
        "\\b",
        "$1",
        "$2",
    ] {
        rest = rest.replace(word, "");
    }
    // What stands in a class of characters is no text: `[A-Za-z0-9]`.
    let mut depth = 0;
    let signs = rest.chars().filter(|c| {
        depth += i32::from(*c == '[');
        let inside = depth > 0;
        depth -= i32::from(*c == ']' && depth > 0);
        !inside && c.is_alphanumeric()
    });
    signs.count() < 3 && text.contains(['*', '.', '^', '$', '(', '['])
}
