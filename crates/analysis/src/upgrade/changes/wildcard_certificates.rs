//! Names under a wildcard site get no certificate of their own.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use caddyctl_language::Version;

use crate::advisories::{Place, Subject};
use crate::handlers::Route;
use crate::upgrade::Change;

/// The change.
pub(super) static CHANGE: Change = Change {
    name: "wildcard-certificates",
    title: "Names under a wildcard site get no certificate of their own",
    since: Version::new(2, 10, 0),
    until: None,
    old: "each name has its own certificate",
    new: "the certificate of the wildcard site is used, which needs the DNS challenge",
    remedy: "write `tls force_automate` in the site of a name that is to have its own certificate",
    second_fact: None,
    is_seen: true,
    check,
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    let list = |pointer: &str| -> HashSet<&str> {
        subject.at(pointer).as_array().into_iter().flatten().filter_map(Value::as_str).collect()
    };
    let automated = list("/apps/tls/certificates/automate");
    let mut routes: HashMap<&str, Vec<Route>> = HashMap::new();
    for (route, matcher) in subject.handlers.matchers("host").filter(|(_, matcher)| !matcher.is_negated) {
        let server = route.of_server();
        let of_server = |name: &str| -> HashSet<&str> {
            let list = server.value().pointer(&format!("/automatic_https/{name}")).and_then(Value::as_array);
            list.into_iter().flatten().filter_map(Value::as_str).collect()
        };
        if !server.speaks_tls()
            || server.value().pointer("/automatic_https/disable") == Some(&Value::Bool(true))
        {
            continue;
        }
        let (skip, skip_certificates) = (of_server("skip"), of_server("skip_certificates"));
        for host in matcher.texts().filter(|host| !skip.contains(host) && !skip_certificates.contains(host)) {
            routes.entry(host).or_default().push(route);
        }
    }
    let mut names: Vec<&&str> = routes.keys().filter(|name| !name.contains('*')).collect();
    names.sort_unstable();
    for name in names {
        let Some((_, domain)) = name.split_once('.') else { continue };
        if automated.contains(*name) || !routes.contains_key(format!("*.{domain}").as_str()) {
            continue;
        }
        found.extend(routes[*name].iter().take(1).map(|route| subject.pointer(route.pointer())));
    }
}
