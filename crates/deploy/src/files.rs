//! The files of a host, which may belong to users with fewer rights: where a path leads, who owns what lies there, and how it
//! is read and changed.

pub mod digest;
pub mod disk;
pub mod folder;
pub mod host;
pub mod link;
pub mod mount;
pub mod owner;
pub mod resolve;
pub mod write;
