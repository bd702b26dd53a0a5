//! Where logs go, and what becomes of their fields.

pub(super) mod encoder;
pub(super) mod file_writer;
pub(super) mod filter;
pub(super) mod net_writer;
