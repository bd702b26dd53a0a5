//! Expected files are written anew, rather than compared, where `CADDYCTL_BLESS` is set.

/// Whether they are to be written anew.
pub fn blessing() -> bool {
    std::env::var_os("CADDYCTL_BLESS").is_some()
}
