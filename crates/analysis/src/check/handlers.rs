//! HTTP handlers and the modules inside them.

pub(super) mod acme_server;
pub(super) mod authentication;
pub(super) mod copy_response_headers;
pub(super) mod encode;
pub(super) mod file_server;
pub(super) mod headers;
pub(super) mod health_checks;
pub(super) mod http_basic;
pub(super) mod intercept;
pub(super) mod map;
pub(super) mod push;
pub(super) mod reverse_proxy;
pub(super) mod rewrite;
pub(super) mod selection_policy;
pub(super) mod static_response;
pub(super) mod subroute;
pub(super) mod templates;
pub(super) mod transport;
pub(super) mod upstreams;
