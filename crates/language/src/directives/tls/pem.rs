//! Certificates in PEM text, read as Go's `encoding/pem` does: text around the blocks is skipped, and so is a block
//! that is broken.

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// Go does not mind bits left over at the end.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::RequireCanonical),
);

/// The certificates in `bytes`, each as base64 of its DER; `None` if there is none, or a block of another kind.
pub(super) fn certificates(bytes: &[u8]) -> Option<Vec<String>> {
    let text = String::from_utf8_lossy(bytes);
    let mut found = Vec::new();
    let mut open: Option<(&str, String)> = None;
    for line in text.split('\n') {
        let line = line.trim_end();
        if let Some(kind) = line.strip_prefix("-----BEGIN ").and_then(|rest| rest.strip_suffix("-----")) {
            open = Some((kind, String::new()));
        } else if let Some(kind) = line.strip_prefix("-----END ").and_then(|rest| rest.strip_suffix("-----"))
        {
            let Some((begun, body)) = open.take().filter(|(begun, _)| *begun == kind) else { continue };
            let Ok(der) = BASE64.decode(body) else { continue };
            if begun != "CERTIFICATE" {
                return None;
            }
            found.push(BASE64.encode(der));
        } else if let Some((_, body)) = &mut open {
            // Headers stand before the body.
            if !(body.is_empty() && line.contains(':')) {
                body.extend(line.chars().filter(|c| !c.is_ascii_whitespace()));
            }
        }
    }
    (!found.is_empty()).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::certificates;

    #[test]
    fn certificates_in_a_file() {
        let block =
            |kind: &str, body: &str| format!("-----BEGIN {kind}-----\n{body}\n-----END {kind}-----\n");
        let good = block("CERTIFICATE", "QUJD\r\nREVG");
        let read = |text: &str| certificates(text.as_bytes());
        assert_eq!(read(&good), Some(vec!["QUJDREVG".to_owned()]));
        assert_eq!(read(&format!("text\n{good}text\n{good}")).map(|list| list.len()), Some(2));
        assert_eq!(read(&block("CERTIFICATE", "Name: value\n\nQUJD")), Some(vec!["QUJD".to_owned()]));
        assert_eq!(read(&format!("{}{good}", block("CERTIFICATE", "QUJ"))).map(|list| list.len()), Some(1));
        assert_eq!(read(&format!("{good}{}", block("PRIVATE KEY", "QUJD"))), None);
        assert_eq!(read("nothing"), None);
    }
}
