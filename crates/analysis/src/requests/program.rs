//! A configuration as the model runs it: decoded once from Caddy's JSON, then run for many requests.

pub(super) mod build;
mod decode;
pub(super) mod fields;
mod files;
mod headers;
mod matchers;
mod proxy;
mod redirects;
mod rewrite;
mod route;
mod server;

pub(super) use files::{Browse, FileServer};
pub(super) use headers::{Headers, Operations, ResponseMatcher};
pub(super) use matchers::{
    Expression, FileMatcher, Hosts, Matcher, MatcherSet, NamedRegexp, Ranges, Tree, TryPolicy,
};
pub(super) use proxy::{FastCgi, Policy, Proxy, ResponseHandler, Transport};
pub(super) use rewrite::Rewrite;
pub use route::Place;
pub(super) use route::{Encode, Handler, Kind, Login, Map, Respond, Route, Templates};
pub use server::Program;
pub(super) use server::{ConnectionPolicy, Server, Top};
