//! `url_pattern`.

use urlpattern::regexp::RegExp;
use urlpattern::{RegexSyntax, UrlPattern, UrlPatternInit, UrlPatternMatchInput, UrlPatternOptions};

use crate::requests::regexp;
use crate::requests::state::State;
use crate::requests::url::{Url, clean_path};

/// A regular expression of Go.
#[derive(Debug)]
struct GoRegExp(regex::Regex, String);

impl RegExp for GoRegExp {
    fn syntax() -> RegexSyntax {
        RegexSyntax::Rust
    }

    fn parse(pattern: &str, flags: &str, _force_eval: bool) -> Result<Self, ()> {
        let ignores_case = flags.contains('i');
        let own = if ignores_case { format!("(?i){pattern}") } else { pattern.to_owned() };
        regexp::compile(&own).map(|regexp| Self(regexp, pattern.to_owned())).ok_or(())
    }

    fn matches<'a>(&self, text: &'a str) -> Option<Vec<Option<&'a str>>> {
        let captures = self.0.captures(text)?;
        Some(captures.iter().skip(1).map(|group| group.map(|group| group.as_str())).collect())
    }

    fn pattern_string(&self) -> &str {
        &self.1
    }
}

/// Whether the URL of the request is like the pattern; its groups become placeholders.
pub(super) fn matches(state: &mut State<'_>, pattern: &str, base: &str, ignores_case: bool) -> bool {
    let whole = if base.is_empty() && !pattern.contains("://") {
        format!("*://*:*{pattern}")
    } else {
        pattern.to_owned()
    };
    let base_url = if base.is_empty() { None } else { base.parse().ok() };
    let whole = if ignores_case { lowered(&whole) } else { whole };
    let Ok(init) = UrlPatternInit::parse_constructor_string::<GoRegExp>(&whole, base_url) else {
        return false;
    };
    let options = UrlPatternOptions { ignore_case: ignores_case, ..UrlPatternOptions::default() };
    let Ok(compiled) = UrlPattern::<GoRegExp>::parse(init, options) else { return false };
    let path_start = pattern.find("://").map_or(0, |at| at + 3);
    let path = match pattern.find("://") {
        Some(_) => pattern[path_start..].find('/').map_or("", |at| &pattern[path_start + at..]),
        None => pattern,
    };
    let url = Url {
        path: clean_path(&state.request.url.path, !path.contains("//")),
        query: state.request.url.query.clone(),
        ..Url::default()
    };
    let scheme = if state.connection.tls { "https" } else { "http" };
    let text = format!("{scheme}://{}{}", state.request.host, url.request_uri());
    // The crate compares the literal beginning of a pattern with its case, so both sides are in lower case.
    let asked = if ignores_case { text.to_ascii_lowercase() } else { text.clone() };
    let Ok(url) = asked.parse() else { return false };
    let Ok(Some(found)) = compiled.exec(UrlPatternMatchInput::Url(url)) else { return false };
    for (component, result) in [
        ("protocol", found.protocol),
        ("hostname", found.hostname),
        ("port", found.port),
        ("pathname", found.pathname),
        ("search", found.search),
        ("hash", found.hash),
    ] {
        for (name, value) in result.groups {
            let value = value.unwrap_or_default();
            let start = if ignores_case { asked.rfind(&value) } else { None };
            let written = start.and_then(|start| text.get(start..start + value.len()));
            let value = written.map_or(value.clone(), str::to_owned);
            state.set(format!("http.url_pattern.{component}.{name}"), value);
        }
    }
    true
}

/// A pattern with its literal parts in lower case; names of groups and expressions stay.
fn lowered(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len());
    let (mut depth, mut in_name, mut escaped) = (0_u32, false, false);
    for letter in pattern.chars() {
        in_name = in_name && (letter.is_alphanumeric() || letter == '_' || letter == '$');
        let is_literal = depth == 0 && !in_name;
        out.push(if is_literal { letter.to_ascii_lowercase() } else { letter });
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            ':' if depth == 0 => in_name = true,
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::lowered;

    #[test]
    fn literal_parts_in_lower_case() {
        assert_eq!(lowered("/Books/:Id([A-Z]\\D)/END"), "/books/:Id([A-Z]\\D)/end");
    }
}
