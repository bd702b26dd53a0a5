//! Modules that directives name inside themselves: policies, transports, issuers, encoders, writers, filters.

pub mod storage;
pub mod trust_pool;
