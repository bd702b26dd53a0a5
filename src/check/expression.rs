//! Whether Caddy accepts a CEL expression.

/// Why not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// In words.
    pub reason: String,
    /// A way out.
    pub help: Option<&'static str>,
}
impl std::fmt::Display for Fault {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.reason)
    }
}
/// Checks.
pub fn check(_expression: &str) -> Result<(), Fault> {
    Ok(())
}
