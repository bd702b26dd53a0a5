//! What happens to a request: `caddyctl trace` against the real Caddy. Recorded cases lie next to the checkout; own sites and
//! generated ones are asked of a Caddy that runs on loopback, with upstreams that note what they get.

#![allow(clippy::print_stdout, reason = "scores are what a reader of the log looks for")]

mod compare;
mod composed;
mod fastcgi;
mod first;
mod generated;
mod harness;
#[cfg(feature = "deploy")]
mod host;
mod shared;
mod sites;
