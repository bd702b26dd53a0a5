//! Letters whose lower case is longer move the end of the script name.

use super::rules;
use caddyctl_language::Version;
use serde_json::Value;

use crate::advisories::{Advisory, Check, Place, Repaired, Subject};

/// The advisory.
pub(super) static ADVISORY: Advisory = Advisory {
    id: "CVE-2026-27590",
    aliases: &["GHSA-5r3v-vc8m-m96g"],
    title: "Letters whose lower case is longer move the end of the script name",
    repaired: Repaired::Server,
    first: None,
    fixed_in: Some(Version::new(2, 11, 1)),
    second_fact: Some("visitors can put a file on the disk, such as an upload"),
    absent: "no FastCGI transport has `split_path`",
    witness: "GET `/ȺȺȺȺshell.php.txt.php` (escaped): SCRIPT_NAME ends with `.php.txt`; in a repaired version with `shell.php`",
    remedy: "respond 404 to paths with other letters than ASCII: `@letters path_regexp [^\\x00-\\x7f]`",
    dated: "2026-11-30",
    edits: None,
    check: Check::Configuration(check),
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    for proxy in rules::fastcgi(&subject.handlers) {
        let split = proxy.at("transport").get("split_path").and_then(Value::as_array);
        if split.is_some_and(|endings| !endings.is_empty()) {
            found.push(subject.handler(proxy));
        }
    }
}
