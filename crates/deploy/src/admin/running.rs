//! What the Caddy of the service runs, asked where its admin API may answer.

use std::time::Duration;

use serde_json::Value;

use super::address::Address;
use super::peer;
use super::{Admin, AdminError};
use crate::process::deadline::Deadline;

/// The way to ask for the running configuration.
#[derive(Clone, Copy, Debug)]
pub struct Inquiry<'i> {
    /// Where the admin API may answer, best guess first.
    pub addresses: &'i [Address],
    /// Where the service does not listen; they are named when no address is left to ask.
    pub ruled_out: &'i [Address],
    /// The users whose processes are asked; `None` for all.
    pub users: Option<&'i [u32]>,
    /// The most bytes of memory that the values of an answer may take.
    pub memory: usize,
}

/// The first address that answers, with what runs there.
pub fn find_running(inquiry: Inquiry<'_>, within: Duration) -> Result<(Admin, Value), AdminError> {
    find_by(inquiry, Deadline::after(within))
}

/// The same; all of them together have until `deadline`.
pub(crate) fn find_by(inquiry: Inquiry<'_>, deadline: Deadline) -> Result<(Admin, Value), AdminError> {
    let ask = |address: &Address| {
        peer::check(address, inquiry.users)?;
        let admin = Admin::new(address.clone())?.with_memory(inquiry.memory);
        let config = admin.config(deadline.left_or(Duration::from_millis(500)))?;
        Ok((admin, config))
    };
    let mut first = None;
    for address in inquiry.addresses {
        match ask(address) {
            Ok(found) => return Ok(found),
            Err(error) => first = first.or(Some(error)),
        }
    }
    Err(first.unwrap_or_else(|| AdminError::Nowhere { ruled_out: inquiry.ruled_out.to_vec() }))
}
