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
    let Ok(url) = text.parse() else { return false };
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
            state.set(format!("http.url_pattern.{component}.{name}"), value.unwrap_or_default());
        }
    }
    true
}
