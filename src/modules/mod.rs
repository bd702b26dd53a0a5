//! Modules that directives name inside themselves: policies, transports, issuers, encoders, writers, filters.

pub mod certificate_manager;
pub mod client_verifier;
pub mod dns_provider;
pub mod issuer;
pub mod leaf_loader;
pub mod permission;
pub mod storage;
pub mod trust_pool;
