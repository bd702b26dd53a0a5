//! The pages that memory comes in: small ones at first, and huge ones once a large file is read.
//!
//! Linux gives each small page apart, and has to find out again and again where it lies: a tenth to a sixth of the time of
//! a large file. A huge page is cleared as a whole, 2 MB of it, which takes an eighth of the time of a small one.

/// So many lines take some quarter of a second. With fewer, huge pages save what nobody notices, and take a tenth more
/// memory.
const MANY_LINES: usize = 300_000;

/// A text of fewer bytes has so many lines only if they are empty, and is not counted.
const SMALL: usize = 2 * MANY_LINES;

/// Asks for huge pages if `text` is large. The program starts with small ones: see `src/link/memory.c`.
pub fn expect(text: &[u8]) {
    if text.len() >= SMALL && memchr::memchr_iter(b'\n', text).count() >= MANY_LINES {
        // Without them it takes longer, and that is all.
        #[cfg(all(target_os = "linux", target_env = "gnu"))]
        let _ = rustix::thread::disable_transparent_huge_pages(false);
    }
}
