//! Hosts that gain or lose a managed certificate, or get it from somebody else.
//!
//! Which hosts those are follows Caddy's automatic HTTPS (documentation page "Automatic HTTPS"): the hosts of
//! top-level routes of servers that listen on more than the HTTP port, without those skipped, and without names that
//! a managed wildcard covers.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::rc::Rc;

use serde_json::{Map, Value};

use super::super::fields::{self, Show};
use super::super::message::{Message, Values};
use super::super::report::{Change, Effect, EffectKind, Place};
use super::super::side::Side;
use super::Half;
use crate::routes::matchers;
use crate::routes::pattern::Wildcards;
use crate::routes::server::Phase;
use caddyctl_language::source::variables::Mode;

/// A certificate that Caddy manages.
#[derive(Clone, Debug)]
struct Certificate {
    issuer: String,
    /// The automation policy without its subjects.
    policy: Rc<Value>,
    /// The JSON pointer of the first route for it; empty when none is.
    pointer: String,
}

/// What is different: in words, with the values behind them if it is one setting.
type What = (String, Option<Values>);

/// Hosts with the same change, and the first place on each side.
type Group = (Vec<String>, Option<Place>, Option<Place>);

/// The certificates that differ.
pub(crate) fn certificates(old: Half, new: Half, show: Show) -> Vec<Effect> {
    let (before, after) = (managed(old), managed(new));
    let mut groups: BTreeMap<(Change, What), Group> = BTreeMap::new();
    let mut note = |change, what: What, host: &str, was: Option<&Certificate>, is: Option<&Certificate>| {
        let group = groups.entry((change, what)).or_default();
        group.0.push(host.to_owned());
        if group.1.is_none() {
            group.1 = was.and_then(|c| old.written.certificate(&c.pointer, host, new.written));
        }
        if group.2.is_none() {
            group.2 = is.and_then(|c| new.written.certificate(&c.pointer, host, old.written));
        }
    };
    for (host, was) in &before {
        match after.get(host) {
            None => note(
                Change::Removed,
                (format!("no longer managed (was {})", was.issuer), None),
                host,
                Some(was),
                None,
            ),
            Some(is) if is.issuer != was.issuer => {
                note(
                    Change::Changed,
                    ("issuer".to_owned(), Some(Values::Other(was.issuer.clone(), is.issuer.clone()))),
                    host,
                    Some(was),
                    Some(is),
                );
            }
            Some(is) if is.policy != was.policy => {
                note(Change::Changed, settings(&was.policy, &is.policy, show), host, Some(was), Some(is));
            }
            Some(_) => {}
        }
    }
    for (host, is) in after.iter().filter(|(host, _)| !before.contains_key(*host)) {
        note(Change::Added, (format!("obtained from {}", is.issuer), None), host, None, Some(is));
    }
    for (name, what, change) in other_policies(old, new, &before, &after, show) {
        groups.entry((change, what)).or_default().0.push(name);
    }
    let effects = groups.into_iter().map(|((change, (what, values)), (hosts, old_place, new_place))| {
        let names = super::hosts(&hosts);
        let sentence = format!("certificate of {names}: {what}");
        let message = match values {
            Some(values) => Message::Changed(sentence, values, Mode::Sentence),
            None => Message::Sentence(sentence),
        };
        let mut effect = super::effect(EffectKind::Certificate, change, names, message);
        effect.sites = hosts;
        (effect.old_place, effect.new_place) = (old_place, new_place);
        effect
    });
    effects.collect()
}

/// Policies of names that have no certificate yet: those asked for on demand, and those of any other name.
fn other_policies(
    old: Half,
    new: Half,
    before: &BTreeMap<String, Certificate>,
    after: &BTreeMap<String, Certificate>,
    show: Show,
) -> Vec<(String, What, Change)> {
    let others = |side: &Side, managed: &BTreeMap<String, Certificate>| -> BTreeMap<String, Rc<Value>> {
        let policies = Policies::new(&side.config);
        let mut names = BTreeMap::new();
        let mut wildcards = Wildcards::default();
        for host in managed.keys().filter(|host| host.contains('*')) {
            wildcards.add(host, ());
        }
        for (policy, rest) in &policies.all {
            for subject in policy.get("subjects").into_iter().flat_map(matchers::strings) {
                // The certificate of a managed wildcard serves them too.
                if !managed.contains_key(subject) && wildcards.first(subject).is_none() {
                    names.entry(subject.to_owned()).or_insert_with(|| Rc::clone(rest));
                }
            }
        }
        // Where managed hosts follow this policy too, they report its change.
        if let Some((_, rest)) = policies.catch_all.and_then(|number| policies.all.get(number))
            && (before.is_empty() || after.is_empty() || rest.get("on_demand").is_some())
        {
            names.insert("any other name".to_owned(), Rc::clone(rest));
        }
        names
    };
    let (was, is) = (others(old.side, before), others(new.side, after));
    let mut names: Vec<&String> = was.keys().chain(is.keys()).collect();
    names.sort();
    names.dedup();
    // Where a managed host follows the policy as well, that host reports its change.
    let is_reported = |name: &String| before.contains_key(name) || after.contains_key(name);
    let mut found = Vec::new();
    for name in names.into_iter().filter(|name| !is_reported(name)) {
        let (was, is) = (was.get(name), is.get(name));
        if was == is {
            continue;
        }
        let empty = Rc::new(Value::Object(Map::new()));
        let (old, new) = (was.unwrap_or(&empty), is.unwrap_or(&empty));
        let change = match (was, is) {
            (None, _) => Change::Added,
            (_, None) => Change::Removed,
            _ => Change::Changed,
        };
        found.push((name.clone(), settings(old, new, show), change));
    }
    found
}

/// The settings of a policy that differ.
fn settings(old: &Value, new: &Value, show: Show) -> What {
    let value = |value: Option<String>| value.unwrap_or_else(|| "unset".to_owned());
    let fields = fields::fields(old, new, show).into_iter();
    let mut all: Vec<_> =
        fields.map(|field| (field.name, Values::Other(value(field.old), value(field.new)))).collect();
    if all.len() == 1 {
        let (name, values) = all.remove(0);
        return (format!("settings: {name}"), Some(values));
    }
    let words: Vec<_> = all.iter().map(|(name, values)| format!("{name} {values}")).collect();
    (format!("settings: {}", words.join("; ")), None)
}

/// Automation policies, with a quick way to that of a name.
struct Policies<'a> {
    all: Vec<(&'a Value, Rc<Value>)>,
    none: Rc<Value>,
    exact: HashMap<&'a str, usize>,
    wild: Wildcards<usize>,
    catch_all: Option<usize>,
}

impl<'a> Policies<'a> {
    fn new(config: &'a Value) -> Self {
        let list = config.pointer("/apps/tls/automation/policies").and_then(Value::as_array);
        let all =
            list.into_iter().flatten().map(|policy| (policy, Rc::new(without_subjects(policy)))).collect();
        let none = Rc::new(Map::new().into());
        let mut policies =
            Self { all, none, exact: HashMap::new(), wild: Wildcards::default(), catch_all: None };
        for (number, (policy, _)) in policies.all.iter().enumerate() {
            match policy.get("subjects") {
                Some(subjects) => {
                    for subject in matchers::strings(subjects) {
                        if subject.contains('*') {
                            policies.wild.add(subject, number);
                        }
                        policies.exact.entry(subject).or_insert(number);
                    }
                }
                None if policies.catch_all.is_none() => policies.catch_all = Some(number),
                None => {}
            }
        }
        policies
    }

    /// The first policy for `host`, whole and without its subjects.
    fn find(&self, host: &str) -> (Option<&'a Value>, Rc<Value>) {
        let wild = self.wild.first(host).copied();
        let first = [self.exact.get(host).copied(), wild, self.catch_all].into_iter().flatten().min();
        match first.and_then(|first| self.all.get(first)) {
            Some((policy, rest)) => (Some(policy), Rc::clone(rest)),
            None => (None, Rc::clone(&self.none)),
        }
    }
}

fn managed(half: Half) -> BTreeMap<String, Certificate> {
    let policies = Policies::new(&half.side.config);
    let mut hosts: BTreeMap<String, String> = BTreeMap::new();
    for (server, range) in &half.units.servers {
        if server.automatic_https_off() {
            continue;
        }
        for entry in half.units.entries_of(range).filter(|entry| entry.phase == Phase::Request) {
            for host in &entry.hosts {
                if qualifies(host) && !server.skips(host) && server.manages_certificate(host) {
                    hosts.entry(host.clone()).or_insert_with(|| entry.pointer.clone());
                }
            }
        }
    }
    let automate = half.side.config.pointer("/apps/tls/certificates/automate");
    let forced: HashSet<&str> = automate.into_iter().flat_map(matchers::strings).collect();
    let mut wildcards = Wildcards::default();
    for host in hosts.keys().filter(|host| host.contains('*')) {
        wildcards.add(host, ());
    }
    // A pattern covers itself, and no other pattern of the same shape.
    hosts.retain(|host, _| {
        forced.contains(host.as_str()) || host.contains('*') || wildcards.first(host).is_none()
    });
    for name in forced {
        hosts.entry(name.to_owned()).or_default();
    }
    let certificate = |(host, pointer): (String, String)| {
        let (policy, rest) = policies.find(&host);
        let issuer = issuer(&host, policy);
        (host, Certificate { issuer, policy: rest, pointer })
    };
    hosts.into_iter().map(certificate).collect()
}

fn without_subjects(policy: &Value) -> Value {
    let fields = policy.as_object().into_iter().flatten().filter(|(name, _)| *name != "subjects");
    fields.map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// Whether a certificate can be had for such a name at all.
fn qualifies(host: &str) -> bool {
    !host.is_empty()
        && !host.starts_with('.')
        && !host.ends_with('.')
        && !host.contains(|c: char| c.is_whitespace() || "()[]{}<>\\!@#$%^&|;'\"+=".contains(c))
        && (!host.contains('*') || host.starts_with("*.") || host == "*")
}

/// Who issues the certificate of `host`, in words.
fn issuer(host: &str, policy: Option<&Value>) -> String {
    let issuers = policy.and_then(|policy| policy.get("issuers")).and_then(Value::as_array);
    let mut names: Vec<String> = issuers.into_iter().flatten().map(issuer_name).collect();
    names.dedup();
    let mut words = match (names.is_empty(), policy) {
        (false, _) => names.join(" or "),
        (true, _) if is_internal(host) => "Caddy's own CA".to_owned(),
        (true, _) if host.ends_with(".ts.net") => "Tailscale".to_owned(),
        (true, _) => "Let's Encrypt or ZeroSSL".to_owned(),
    };
    if policy.and_then(|policy| policy.get("on_demand")) == Some(&Value::Bool(true)) {
        words.push_str(", on demand");
    }
    words
}

fn issuer_name(issuer: &Value) -> String {
    let text = |pointer: &str| issuer.pointer(pointer).and_then(Value::as_str).unwrap_or("");
    let dns = match text("/challenges/dns/provider/name") {
        "" => String::new(),
        provider => format!(" (DNS challenge by {provider})"),
    };
    let name = match (text("/module"), text("/ca")) {
        ("internal", _) => match text("/ca") {
            "" | "local" => "Caddy's own CA".to_owned(),
            ca => format!("Caddy's own CA {ca}"),
        },
        ("acme", "") => "Let's Encrypt".to_owned(),
        ("acme", ca) if ca.contains("acme-v02.api.letsencrypt.org") => "Let's Encrypt".to_owned(),
        ("acme", ca) if ca.contains("acme.zerossl.com") => "ZeroSSL".to_owned(),
        ("acme", ca) => format!("ACME at {}", caddyctl_language::source::secrets::hide_within(ca)),
        ("zerossl", _) => "ZeroSSL".to_owned(),
        (module, _) => module.to_owned(),
    };
    name + &dns
}

/// Names for which no public CA gives certificates.
fn is_internal(host: &str) -> bool {
    let name = host.trim_end_matches('.');
    name == "localhost"
        || [".localhost", ".local", ".internal", ".home.arpa"].iter().any(|end| name.ends_with(end))
        || name.trim_matches(['[', ']']).parse::<std::net::IpAddr>().is_ok()
        || !name.contains('.')
}
