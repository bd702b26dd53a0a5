//! What costs connections, memory or time.

use crate::lint::Rule;

pub(super) mod debug_left_on;
pub(super) mod endless_grace;
pub(super) mod keepalive_off;
pub(super) mod websocket_close;

/// The rules, in the order of their codes.
pub(super) const RULES: &[&Rule] =
    &[&websocket_close::RULE, &endless_grace::RULE, &keepalive_off::RULE, &debug_left_on::RULE];
