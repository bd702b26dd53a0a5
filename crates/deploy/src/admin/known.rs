//! What is known of where the admin API answers.

use super::address::Address;

/// Where the admin API may answer.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Where to ask, best guess first.
    pub addresses: Vec<Address>,
    /// Where it could be, and where the service does not listen.
    pub ruled_out: Vec<Address>,
}

impl Known {
    /// Whether nothing is known of an admin API, as for files alone.
    pub fn is_empty(&self) -> bool {
        self.addresses.is_empty() && self.ruled_out.is_empty()
    }
}
