//! Where the files of a deploy come from: a checkout or an archive, laid over what is installed.

pub mod archive;
pub mod checkout;
pub mod moved;
pub mod overlay;
pub mod revision;
pub mod tree;
