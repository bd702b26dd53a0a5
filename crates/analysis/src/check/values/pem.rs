//! PEM blocks, as Go's `encoding/pem` finds them: text around them is ignored.

use super::base64;

/// One block.
#[derive(Clone, Debug)]
pub(in crate::check) struct Block {
    /// Such as `CERTIFICATE`.
    pub(in crate::check) label: String,
    /// The decoded contents.
    pub(in crate::check) der: Vec<u8>,
}

/// All blocks of a file. Malformed ones are left out.
pub(in crate::check) fn blocks(bytes: &[u8]) -> Vec<Block> {
    let text = String::from_utf8_lossy(bytes);
    let mut found = Vec::new();
    let mut rest = text.as_ref();
    while let Some(after) = after_begin(rest) {
        rest = after;
        let Some((label, body)) = after.split_once("-----") else { break };
        let Some((body, tail)) = body.split_once(&format!("-----END {label}-----")) else { continue };
        // Headers such as `Proc-Type: 4,ENCRYPTED` end with an empty line.
        let lines = body.lines().map(str::trim).filter(|line| !line.contains(':'));
        let coded: String = lines.collect();
        if let Some(der) = base64::decode(&coded) {
            found.push(Block { label: label.to_owned(), der });
            rest = tail;
        }
    }
    found
}

/// What is behind the next `-----BEGIN ` that a line begins with.
fn after_begin(text: &str) -> Option<&str> {
    const BEGIN: &str = "-----BEGIN ";
    text.strip_prefix(BEGIN).or_else(|| Some(text.split_once(&format!("\n{BEGIN}"))?.1))
}
