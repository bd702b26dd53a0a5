//! Modules that directives name inside themselves: policies, transports, issuers, encoders, writers, filters.

pub mod encoder;
pub mod ip_source;
pub mod listener_wrapper;
pub mod log_core;
pub mod log_filter;
pub mod packet_conn_wrapper;
pub mod storage;
pub mod writer;
