//! What belongs to TLS: connection and automation policies, issuers, trust pools, certificates.

pub(super) mod automation_policy;
pub(super) mod ca_pool;
pub(super) mod certificates;
pub(super) mod client_auth;
pub(super) mod client_config;
pub(super) mod connection_policy;
pub(super) mod ech;
pub(super) mod handshake_match;
pub(super) mod issuer;
pub(super) mod leaf_verifier;
pub(super) mod session_tickets;
pub(super) mod storage;
