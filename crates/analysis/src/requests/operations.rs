//! Operations on header fields, and what a response must be like. Rules measured on Caddy 2.11.7.

use super::fields::Fields;
use super::program::{Operations, ResponseMatcher};
use super::state::State;
use caddyctl_language::go::canonical_header;

impl State<'_> {
    /// Does `operations` on `fields`, in Caddy's order.
    pub(super) fn apply(&self, operations: &Operations, fields: &mut Fields) {
        for name in &operations.delete {
            if self.fill_known(name) == "*" {
                fields.clear();
            }
        }
        for (name, values) in &operations.add {
            let name = self.fill_known(name);
            for value in values {
                fields.add(&name, self.fill_known(value));
            }
        }
        for (name, values) in &operations.set {
            let values: Vec<_> = values.iter().map(|value| self.fill_known(value)).collect();
            fields.set(&self.fill_known(name), values.join(","));
        }
        for name in &operations.delete {
            let name = self.fill_known(name).to_lowercase();
            let (starts, ends) = (name.starts_with('*'), name.ends_with('*'));
            match (starts, ends) {
                _ if name == "*" => {}
                (true, true) => {
                    fields.retain(|known| !known.to_lowercase().contains(&name[1..name.len() - 1]));
                }
                (true, false) => fields.retain(|known| !known.to_lowercase().ends_with(&name[1..])),
                (false, true) => {
                    fields.retain(|known| !known.to_lowercase().starts_with(&name[..name.len() - 1]));
                }
                (false, false) => drop(fields.remove(&name)),
            }
        }
        for (name, list) in &operations.replace {
            let name = canonical_header(&self.fill_known(name));
            for replacement in list {
                let by = self.fill_known(&replacement.by);
                let search = self.fill_known(&replacement.search);
                let regexp = replacement.regexp.as_ref().map(|regexp| {
                    let pattern = self.fill_known(&regexp.pattern);
                    if pattern == regexp.pattern {
                        regexp.clone()
                    } else {
                        super::regexp::Regexp::new(pattern)
                    }
                });
                for (known, values) in fields.iter_mut() {
                    if name != "*" && canonical_header(known) != name {
                        continue;
                    }
                    for value in values {
                        *value = match &regexp {
                            Some(regexp) => regexp.replace_all(value, &by),
                            None => value.replace(&*search, &by),
                        };
                    }
                }
            }
        }
    }

    /// Does `operations` on a request's fields, Host among them.
    pub(super) fn apply_to_request(&self, operations: &Operations, fields: &mut Fields, host: &mut String) {
        let own = fields.take("Host");
        fields.put("Host", own.iter().flatten().cloned().chain([std::mem::take(host)]).collect());
        self.apply(operations, fields);
        let hosts = fields.take("Host").unwrap_or_default();
        *host = hosts.last().cloned().unwrap_or_default();
        if let Some(own) = own {
            fields.put("Host", own);
        }
    }
}

/// Whether a response is like `matcher` asks.
pub(super) fn response_matches(matcher: &ResponseMatcher, status: i64, fields: &Fields) -> bool {
    matcher.has_status(status)
        && headers_match(&matcher.headers, |name| fields.values(&canonical_header(name)), &|text| {
            text.to_owned()
        })
}

/// Whether all fields are there with one of the values that they may have.
pub(super) fn headers_match<'f>(
    wanted: &[(String, Option<Vec<String>>)],
    values: impl Fn(&str) -> Option<&'f [String]>,
    fill: &dyn Fn(&str) -> String,
) -> bool {
    wanted.iter().all(|(name, allowed)| {
        // A field without values, which Caddy sets so that Go does not guess it, counts as missing.
        let actual = values(name).filter(|values| !values.is_empty());
        match (allowed, actual) {
            (Some(allowed), Some(_)) if allowed.is_empty() => true,
            (None, None) => true,
            (allowed, actual) => {
                let allowed: Vec<String> = allowed.iter().flatten().map(|text| fill(text)).collect();
                actual
                    .unwrap_or_default()
                    .iter()
                    .any(|value| allowed.iter().any(|text| value_matches(value, text)))
            }
        }
    })
}

fn value_matches(value: &str, allowed: &str) -> bool {
    match (allowed.strip_prefix('*'), allowed.strip_suffix('*')) {
        _ if allowed == "*" => true,
        (Some(after), Some(_)) => value.contains(&after[..after.len() - 1]),
        (Some(after), None) => value.ends_with(after),
        (None, Some(before)) => value.starts_with(before),
        (None, None) => value == allowed,
    }
}
