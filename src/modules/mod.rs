//! Modules that directives name inside themselves: policies, transports, issuers, encoders, writers, filters.

pub mod certificate_manager;
pub mod client_verifier;
pub mod dns_provider;
pub mod encoder;
pub mod encoding;
pub mod header_ops;
pub mod http_hash;
pub mod ip_source;
pub mod issuer;
pub mod leaf_loader;
pub mod listener_wrapper;
pub mod log_core;
pub mod log_filter;
pub mod network_proxy;
pub mod packet_conn_wrapper;
pub mod permission;
pub mod precompressed;
pub mod response_matcher;
pub mod selection;
pub mod storage;
pub mod transport;
pub mod trust_pool;
pub mod upstreams;
pub mod writer;
