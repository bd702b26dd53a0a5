//! Modules that directives name inside themselves: policies, transports, issuers, encoders, writers, filters.

pub mod certificate_manager;
pub mod client_verifier;
pub(crate) mod dns_provider;
pub mod encoder;
pub(crate) mod encoding;
pub(crate) mod header_ops;
pub(crate) mod http_hash;
pub mod ip_source;
pub mod issuer;
pub(crate) mod leaf_loader;
pub(crate) mod listener_wrapper;
pub mod log_core;
pub(crate) mod log_filter;
pub mod network_proxy;
pub(crate) mod packet_conn_wrapper;
pub mod permission;
pub(crate) mod precompressed;
pub(crate) mod response_matcher;
pub mod selection;
pub mod storage;
pub mod transport;
pub mod trust_pool;
pub mod unnamed;
pub mod upstreams;
pub mod writer;

use crate::spec::Namespace;

/// Every namespace of modules that a Caddyfile can name.
pub static ALL: &[&Namespace] = &[
    &certificate_manager::NAMESPACE,
    &client_verifier::NAMESPACE,
    &dns_provider::NAMESPACE,
    &encoder::NAMESPACE,
    &encoding::NAMESPACE,
    &http_hash::NAMESPACE,
    &ip_source::NAMESPACE,
    &issuer::NAMESPACE,
    &leaf_loader::NAMESPACE,
    &listener_wrapper::NAMESPACE,
    &log_core::NAMESPACE,
    &log_filter::NAMESPACE,
    &network_proxy::NAMESPACE,
    &packet_conn_wrapper::NAMESPACE,
    &permission::NAMESPACE,
    &precompressed::NAMESPACE,
    &selection::NAMESPACE,
    &storage::NAMESPACE,
    &transport::NAMESPACE,
    &trust_pool::NAMESPACE,
    &upstreams::NAMESPACE,
    &writer::NAMESPACE,
];
