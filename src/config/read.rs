//! Reads Caddy's JSON, nested as deeply as Caddy nests it: a Caddyfile with 30 blocks inside each other has more levels
//! than `serde_json` reads by itself.

use serde::Deserialize as _;
use serde_json::Value;

use crate::source::limits::grouped;

/// The most levels of arrays and objects. 12,000 nested `handle` blocks, which Caddy accepts, have 48,000.
pub const MOST_LEVELS: usize = 50_000;

/// Up to so many levels fit on every stack. It is what `serde_json` allows by itself.
const SHALLOW: usize = 127;

/// The stack that a level takes, in a build without optimisation (bytes).
const PER_LEVEL: usize = 4 * 1024;

/// The stack for deeper ones.
const STACK: usize = MOST_LEVELS * PER_LEVEL * 2;

/// Why a text is no configuration.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It is not JSON.
    #[error("{0}")]
    Json(#[from] serde_json::Error),
    /// It could be JSON, but nobody needs so many levels.
    #[error("it is nested deeper than {} levels", grouped(MOST_LEVELS))]
    TooDeep,
}

/// The JSON value that `text` is. Who looks at all levels of a deep one needs as much stack for it as the program has.
///
/// # Errors
///
/// What is not JSON, or is nested deeper than [`MOST_LEVELS`].
pub fn read(text: &[u8]) -> Result<Value, ReadError> {
    match levels(text) {
        0..=SHALLOW => Ok(serde_json::from_slice(text)?),
        levels if levels > MOST_LEVELS => Err(ReadError::TooDeep),
        levels => stacker::maybe_grow(levels * PER_LEVEL, STACK, || {
            let mut reader = serde_json::Deserializer::from_slice(text);
            reader.disable_recursion_limit();
            let value = Value::deserialize(&mut reader)?;
            reader.end()?;
            Ok(value)
        }),
    }
}

/// How deeply arrays and objects are nested in `text`, if it is JSON.
fn levels(text: &[u8]) -> usize {
    let (mut level, mut most) = (0_usize, 0);
    let mut bytes = text.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'[' | b'{' => {
                level += 1;
                most = most.max(level);
            }
            b']' | b'}' => level = level.saturating_sub(1),
            b'"' => {
                while let Some(byte) = bytes.next() {
                    match byte {
                        b'\\' => drop(bytes.next()),
                        b'"' => break,
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    most
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nested(levels: usize) -> String {
        "[".repeat(levels) + &"]".repeat(levels)
    }

    #[test]
    fn deep_json_is_read_up_to_a_limit() {
        for levels in [1, SHALLOW, SHALLOW + 1, 2_000, MOST_LEVELS] {
            let value = read(nested(levels).as_bytes()).unwrap();
            // Even to take it apart needs a stack.
            stacker::grow(STACK, || drop(value));
        }
        for levels in [MOST_LEVELS + 1, 1_000_000] {
            assert!(matches!(read(nested(levels).as_bytes()), Err(ReadError::TooDeep)));
        }
        let open = "[".repeat(MOST_LEVELS);
        assert!(matches!(read(open.as_bytes()), Err(ReadError::Json(_))));
        assert!(read(b"[1] 2").is_err());
        assert!(read((nested(200) + "x").as_bytes()).is_err());
    }

    #[test]
    fn brackets_in_texts_do_not_count() {
        assert_eq!(levels(br#"["[[[[", "\"[[", {"a": []}]"#), 3);
    }
}
