//! Digests of files and of configurations.

use std::fmt;
use std::fs::File;
use std::io::{self, Read as _};
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// A SHA-256 digest, in lower-case hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Digest(String);

impl Digest {
    /// Of the bytes of a file.
    pub fn of(bytes: &[u8]) -> Self {
        Self::in_hex(&Sha256::digest(bytes))
    }

    /// Of a symbolic link that leads to `to`.
    pub fn of_link(to: &Path) -> Self {
        Self::of(&[b"symbolic link\0", to.as_os_str().as_bytes()].concat())
    }

    /// Of what an open file holds. More than `most` bytes are an error of kind `FileTooLarge`.
    pub fn of_file(file: File, most: u64) -> io::Result<Self> {
        let mut digest = Sha256::new();
        let mut file = file.take(most.saturating_add(1));
        let (mut piece, mut total) = (vec![0; 65_536], 0);
        loop {
            match file.read(&mut piece)? {
                0 => return Ok(Self::in_hex(&digest.finalize())),
                read => {
                    digest.update(&piece[..read]);
                    total += read as u64;
                }
            }
            if total > most {
                let words = format!("it is larger than {} MiB", most >> 20);
                return Err(io::Error::new(io::ErrorKind::FileTooLarge, words));
            }
        }
    }

    fn in_hex(bytes: &[u8]) -> Self {
        let mut hex = String::with_capacity(64);
        for byte in bytes {
            for half in [byte >> 4, byte & 15] {
                hex.extend(char::from_digit(half.into(), 16));
            }
        }
        Self(hex)
    }

    /// Of a configuration: the same for two texts that Caddy holds to be the same.
    pub fn of_config(config: &Value) -> Self {
        let mut digest = Taking(Sha256::new());
        // A digest takes all that is written to it, and a JSON value can always be written.
        let _ = serde_json::to_writer(io::BufWriter::new(&mut digest), &Normal(config));
        Self::in_hex(&digest.0.finalize())
    }

    /// The first twelve digits, for people.
    pub fn short(&self) -> &str {
        self.0.get(..12).unwrap_or(&self.0)
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether Caddy would hold `a` and `b` to be the same configuration: keys in any order, numbers as 64-bit floats,
/// which is what its decoder makes of them.
pub fn same_config(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_config(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            let mut fields = a.iter().zip(b);
            a.len() == b.len() && fields.all(|((a, of_a), (b, of_b))| a == b && same_config(of_a, of_b))
        }
        (a, b) => a == b,
    }
}

/// A digest of what is written to it.
struct Taking(Sha256);

impl io::Write for Taking {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A value as Caddy holds it, for a digest. A copy would take as much memory again.
struct Normal<'v>(&'v Value);

impl Serialize for Normal<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Number(number) => number.as_f64().serialize(serializer),
            Value::Array(items) => serializer.collect_seq(items.iter().map(Normal)),
            Value::Object(map) => serializer.collect_map(map.iter().map(|(key, value)| (key, Normal(value)))),
            other => other.serialize(serializer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn configurations_are_compared_as_caddy_holds_them() {
        assert!(same_config(&json!({"a": 1, "b": [1.0]}), &json!({"b": [1], "a": 1.0})));
        assert!(same_config(&json!(9_007_199_254_740_993_u64), &json!(9_007_199_254_740_992_u64)));
        assert!(!same_config(&json!({"a": 1}), &json!({"a": "1"})));
        assert!(
            !same_config(&json!({"a": 1}), &json!({"b": 1})) && !same_config(&json!([1]), &json!([1, 2]))
        );
        assert_eq!(Digest::of_config(&json!({"a": 1})), Digest::of_config(&json!({"a": 1.0})));
        // Journals and histories hold digests of earlier versions.
        let config = json!({"b": [1, -2.5, null, true, "é\n"], "a": {}});
        assert_eq!(
            Digest::of_config(&config),
            Digest::of("{\"a\":{},\"b\":[1.0,-2.5,null,true,\"é\\n\"]}".as_bytes())
        );
    }

    #[test]
    fn a_file() {
        assert_eq!(Digest::of(b"").short(), "e3b0c44298fc");
    }
}
