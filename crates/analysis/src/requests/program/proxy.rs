//! The `reverse_proxy` handler.

use serde_json::Value;

use super::fields::Json;
use super::headers::{Operations, ResponseMatcher};
use super::matchers::Ranges;
use super::rewrite::Rewrite;
use super::route::Route;

/// `reverse_proxy`, and what is written with it: `forward_auth` and `php_fastcgi`.
#[derive(Clone, Debug, Default)]
pub(in crate::requests) struct Proxy {
    pub(in crate::requests) upstreams: Vec<Upstream>,
    /// Whether upstreams are looked up when a request comes.
    pub(in crate::requests) is_dynamic: bool,
    pub(in crate::requests) policy: Policy,
    pub(in crate::requests) retries: i64,
    /// How long it tries (nanoseconds).
    pub(in crate::requests) try_duration: i64,
    /// How long an upstream that failed is left alone (nanoseconds).
    pub(in crate::requests) fail_duration: i64,
    pub(in crate::requests) max_fails: i64,
    pub(in crate::requests) request: Option<Operations>,
    pub(in crate::requests) response: Option<Operations>,
    pub(in crate::requests) require: Option<ResponseMatcher>,
    pub(in crate::requests) rewrite: Option<Rewrite>,
    pub(in crate::requests) handlers: Vec<ResponseHandler>,
    pub(in crate::requests) trusted: Ranges,
    pub(in crate::requests) transport: Transport,
    pub(in crate::requests) request_buffers: i64,
}

/// An upstream.
#[derive(Clone, Debug, Default)]
pub(in crate::requests) struct Upstream {
    pub(in crate::requests) dial: String,
}

/// What is done with a response: a new status, or routes.
#[derive(Clone, Debug, Default)]
pub(in crate::requests) struct ResponseHandler {
    pub(in crate::requests) matcher: Option<ResponseMatcher>,
    pub(in crate::requests) status: String,
    /// `None` where there is no list at all.
    pub(in crate::requests) routes: Option<Vec<Route>>,
}

/// How one of several upstreams is chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::requests) enum Policy {
    #[default]
    Random,
    First,
    RoundRobin,
    Weighted(Vec<i64>),
    IpHash,
    ClientIpHash,
    UriHash,
    Query(String, Box<Self>),
    Header(String, Box<Self>),
    Cookie {
        name: String,
        secret: String,
        max_age: i64,
        fallback: Box<Self>,
    },
    /// A policy of a plugin.
    Unknown(String),
}

/// How an upstream is spoken to.
#[derive(Clone, Debug)]
pub(in crate::requests) enum Transport {
    Http { tls: bool, compresses: bool, http2: bool },
    FastCgi(FastCgi),
    Unknown(String),
}

impl Default for Transport {
    fn default() -> Self {
        Self::Http { tls: false, compresses: true, http2: false }
    }
}

/// The `FastCGI` transport.
#[derive(Clone, Debug, Default)]
pub(in crate::requests) struct FastCgi {
    pub(in crate::requests) root: String,
    pub(in crate::requests) split: Vec<String>,
    pub(in crate::requests) env: Vec<(String, String)>,
    pub(in crate::requests) resolves_root: bool,
}

impl Proxy {
    /// Everything but the routes for responses.
    pub(super) fn decode(value: &Value, handlers: Vec<ResponseHandler>) -> Self {
        let balancing = value.at("load_balancing");
        let passive = value.at("health_checks").at("passive");
        let headers = value.at("headers");
        let response = headers.at("response");
        let rewrite = value.at("rewrite");
        let upstreams = value.list("upstreams").iter();
        Self {
            upstreams: upstreams.map(|one| Upstream { dial: one.text("dial") }).collect(),
            is_dynamic: value.at("dynamic_upstreams").is_object(),
            policy: Policy::decode(balancing.at("selection_policy")),
            retries: balancing.number("retries"),
            try_duration: balancing.number("try_duration"),
            fail_duration: passive.number("fail_duration"),
            max_fails: passive.number("max_fails").max(1),
            request: Operations::decode(headers.at("request")),
            response: Operations::decode(response),
            require: ResponseMatcher::decode(response.at("require")),
            rewrite: rewrite.is_object().then(|| Rewrite::decode(rewrite)),
            handlers,
            trusted: Ranges::new(value.texts("trusted_proxies")),
            transport: Transport::decode(value.at("transport")),
            request_buffers: value.number("request_buffers"),
        }
    }
}

impl Policy {
    fn decode(value: &Value) -> Self {
        let fallback = || Box::new(Self::decode(value.at("fallback")));
        match value.text("policy").as_str() {
            "" | "random" | "random_choose" | "least_conn" => Self::Random,
            "first" => Self::First,
            "round_robin" => Self::RoundRobin,
            "weighted_round_robin" => {
                let weights = value.list("weights").iter().filter_map(Value::as_f64);
                #[expect(clippy::cast_possible_truncation, reason = "weights are small")]
                let weights = weights.map(|weight| weight as i64).collect();
                Self::Weighted(weights)
            }
            "ip_hash" => Self::IpHash,
            "client_ip_hash" => Self::ClientIpHash,
            "uri_hash" => Self::UriHash,
            "query" => Self::Query(value.text("key"), fallback()),
            "header" => Self::Header(value.text("field"), fallback()),
            "cookie" => {
                let name = value.text("name");
                Self::Cookie {
                    name: if name.is_empty() { "lb".to_owned() } else { name },
                    secret: value.text("secret"),
                    max_age: value.number("max_age"),
                    fallback: fallback(),
                }
            }
            other => Self::Unknown(other.to_owned()),
        }
    }
}

impl Transport {
    fn decode(value: &Value) -> Self {
        match value.text("protocol").as_str() {
            "" | "http" => {
                let versions = value.texts("versions");
                let tls = value.at("tls").is_object();
                Self::Http {
                    tls,
                    compresses: value.at("compression").as_bool().unwrap_or(true),
                    http2: (tls && versions.is_empty())
                        || versions.iter().any(|version| version == "2" || version == "h2c"),
                }
            }
            "fastcgi" => {
                let root = value.text("root");
                Self::FastCgi(FastCgi {
                    root: if root.is_empty() { "{http.vars.root}".to_owned() } else { root },
                    split: value.texts("split_path").iter().map(|text| text.to_lowercase()).collect(),
                    env: value
                        .pairs("env")
                        .into_iter()
                        .map(|(name, _)| name)
                        .map(|name| (name.to_owned(), value.at("env").text(name)))
                        .collect(),
                    resolves_root: value.flag("resolve_root_symlink"),
                })
            }
            other => Self::Unknown(other.to_owned()),
        }
    }
}
