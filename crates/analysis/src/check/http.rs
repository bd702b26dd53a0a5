//! What belongs to HTTP servers, apart from handlers and matchers.

pub(super) mod listener;
pub(super) mod network_proxy;
pub(super) mod proxy_protocol;
pub(super) mod routes;
pub(super) mod server;
pub(super) mod trusted_proxies;
