//! Which upstream is chosen.

use super::outgoing::Outgoing;
use crate::requests::hash::{hmac, xxhash};
use crate::requests::message::{cookies, host_of};
use crate::requests::notes::About;
use crate::requests::program::{Policy, Proxy};
use crate::requests::query::Query;
use crate::requests::state::State;
use crate::requests::text;
use caddyctl_language::go::canonical_header;

/// The upstreams of one request, and what is known of them since it began.
pub(super) struct Pool<'c> {
    config: &'c Proxy,
    fails: Vec<i64>,
    counter: usize,
}

impl<'c> Pool<'c> {
    /// All upstreams, none of which has failed: each request is the first.
    pub(super) fn new(config: &'c Proxy) -> Self {
        Self { config, fails: vec![0; config.upstreams.len()], counter: 0 }
    }

    /// Notes that an upstream did not answer.
    pub(super) fn failed(&mut self, number: usize) {
        if self.config.fail_duration > 0 {
            self.fails[number] += 1;
        }
    }

    fn is_available(&self, number: usize) -> bool {
        self.fails[number] < self.config.max_fails
    }

    /// The next upstream; `None` where none is available.
    pub(super) fn select(&mut self, state: &mut State<'_>, out: &Outgoing) -> Option<usize> {
        self.by(&self.config.policy, state, out, true)
    }

    fn by(&mut self, policy: &Policy, state: &mut State<'_>, out: &Outgoing, may_set: bool) -> Option<usize> {
        let count = self.config.upstreams.len();
        match policy {
            Policy::First => (0..count).find(|number| self.is_available(*number)),
            Policy::RoundRobin => (0..count).find_map(|_| {
                self.counter += 1;
                let number = self.counter % count;
                self.is_available(number).then_some(number)
            }),
            Policy::Weighted(weights) => self.weighted(weights),
            Policy::IpHash => self.hashed(&state.connection.client),
            Policy::ClientIpHash => self.hashed(&host_of(&state.client_ip)),
            Policy::UriHash => self.hashed(&out.request_uri),
            Policy::Query(key, fallback) => {
                let values = Query::parse(&out.url.query).get(key).unwrap_or_default().join(",");
                if values.is_empty() { self.by(fallback, state, out, false) } else { self.hashed(&values) }
            }
            Policy::Header(name, fallback) => {
                let value = if name == "Host" && !out.host.is_empty() {
                    out.host.clone()
                } else {
                    out.headers.first(&canonical_header(name)).to_owned()
                };
                if value.is_empty() { self.by(fallback, state, out, false) } else { self.hashed(&value) }
            }
            Policy::Cookie { name, secret, max_age, fallback } => {
                let sent =
                    cookies(&out.headers).find(|(known, _)| known == name).map(|(_, value)| value.to_owned());
                let fits = |number: &usize| {
                    self.is_available(*number)
                        && sent.as_deref() == Some(&hmac(secret, &self.config.upstreams[*number].dial))
                };
                if let Some(number) = (0..count).find(fits) {
                    return Some(number);
                }
                let number = self.by(fallback, state, out, true)?;
                if may_set {
                    let value = hmac(secret, &self.config.upstreams[number].dial);
                    set_cookie(state, out, name, &value, *max_age);
                }
                Some(number)
            }
            Policy::Random | Policy::Unknown(_) => {
                let free: Vec<usize> = (0..count).filter(|number| self.is_available(*number)).collect();
                if free.len() > 1 {
                    let names: Vec<&str> =
                        free.iter().map(|number| self.config.upstreams[*number].dial.as_str()).collect();
                    state
                        .notes
                        .undecided(About::Upstream, format!("one of these upstreams: {}", names.join(", ")));
                }
                free.first().copied()
            }
        }
    }

    fn weighted(&mut self, weights: &[i64]) -> Option<usize> {
        let count = self.config.upstreams.len();
        if count == 0 {
            return None;
        }
        if weights.len() < 2 {
            return Some(0);
        }
        let positive: Vec<i64> = weights.iter().copied().filter(|weight| *weight > 0).collect();
        let total: i64 = positive.iter().sum();
        self.counter += 1;
        let current = i64::try_from(self.counter).unwrap_or(0).checked_rem(total)?;
        let mut sum = 0;
        let index = positive.iter().position(|weight| {
            sum += weight;
            current < sum
        });
        let free: Vec<usize> = (0..count)
            .filter(|number| {
                self.is_available(*number) && weights.get(*number).is_some_and(|weight| *weight > 0)
            })
            .take(positive.len())
            .collect();
        free.get(index.unwrap_or(0).checked_rem(free.len())?).copied()
    }

    /// The upstream whose hash with `key` is highest.
    fn hashed(&self, key: &str) -> Option<usize> {
        let mut best = None;
        let mut highest = 0;
        for (number, upstream) in self.config.upstreams.iter().enumerate() {
            let hash = xxhash(&text::bytes(&format!("{}{key}", upstream.dial)));
            if self.is_available(number) && hash > highest {
                highest = hash;
                best = Some(number);
            }
        }
        best
    }
}

/// Sets the cookie that leads further requests to the same upstream.
fn set_cookie(state: &mut State<'_>, out: &Outgoing, name: &str, value: &str, max_age: i64) {
    let forwarded = out.headers.values("X-Forwarded-Proto").and_then(|values| values.last());
    let is_secure =
        state.connection.tls || (state.is_trusted && forwarded.is_some_and(|proto| proto == "https"));
    let age = max_age / 1_000_000_000;
    let age = if age > 0 { format!("; Max-Age={age}") } else { String::new() };
    let rest = if is_secure { "HttpOnly; Secure; SameSite=None" } else { "HttpOnly; SameSite=Lax" };
    state.headers.add("Set-Cookie", format!("{name}={value}; Path=/{age}; {rest}"));
}
