//! Archives of a source tree.

/// Reads one.
pub fn run(data: &[u8]) {
    let _ = data;
}
