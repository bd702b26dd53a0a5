//! What comes after a handler.

use super::program::Route;

/// What comes after a handler.
#[derive(Clone, Copy, Debug)]
pub(super) enum Flow<'p> {
    /// The next handler.
    Next,
    /// Nothing: it has answered.
    Done,
    /// These routes, and then the next handler.
    Enter(&'p [Route]),
    /// These routes; an error goes to the others.
    Catch(&'p [Route], &'p [Route]),
    /// The next handler, below the wrapper that was put around the writer.
    Wrap,
}
