//! Matchers in words.

use super::program::{Matcher, NamedRegexp};

/// A matcher as people read it.
pub(super) fn matcher(matcher: &Matcher) -> String {
    let regexps = |list: &[(String, NamedRegexp)]| {
        list.iter()
            .map(|(name, regexp)| format!("{name} {}", regexp.regexp.pattern))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let lists = |list: &[(String, Vec<String>)]| {
        list.iter()
            .map(|(name, values)| format!("{name}={}", values.join("|")))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let rest = match matcher {
        Matcher::Host(hosts) => hosts.all.join(" "),
        Matcher::Path(list) | Matcher::Method(list) => list.join(" "),
        Matcher::PathRegexp(regexp) => regexp.regexp.pattern.clone(),
        Matcher::Header(fields) => {
            let field = |(name, values): &(String, Option<Vec<String>>)| match values {
                None => format!("!{name}"),
                Some(values) => format!("{name}: {}", values.join("|")),
            };
            fields.iter().map(field).collect::<Vec<_>>().join(", ")
        }
        Matcher::HeaderRegexp(list) | Matcher::VarsRegexp(list) => regexps(list),
        Matcher::Query(list) | Matcher::Vars(list) => lists(list),
        Matcher::Protocol(name) => name.clone(),
        Matcher::RemoteIp(ranges) | Matcher::ClientIp(ranges) => ranges.texts().join(" "),
        Matcher::File(file) => file.try_files.join(" "),
        Matcher::Expression(expression) => expression.text.clone(),
        Matcher::UrlPattern { pattern, .. } => pattern.clone(),
        Matcher::Not(sets) => {
            let set = |set: &super::program::MatcherSet| {
                set.matchers.iter().map(self::matcher).collect::<Vec<_>>().join(" and ")
            };
            return format!("not ({})", sets.iter().map(set).collect::<Vec<_>>().join("; "));
        }
        Matcher::Tls { .. } | Matcher::Unknown(_) => String::new(),
    };
    format!("{} {rest}", matcher.name()).trim_end().to_owned()
}
