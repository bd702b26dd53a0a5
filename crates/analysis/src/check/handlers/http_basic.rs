//! HTTP basic authentication.

use std::collections::BTreeSet;

use crate::check::checker::{Checker, Checks};
use crate::check::finding::{Machine, Provision};
use crate::check::node::Node;
use crate::check::placeholders::{self, Filled};
use crate::check::values::base64;

/// What these modules check when they are provisioned.
pub(in crate::check) const CHECKS: Checks = &[("http.authentication.providers.http_basic", check)];

pub(in crate::check) fn check(node: &Node, checker: &mut Checker) {
    checker.module("http.authentication.hashes", "algorithm", &node.at("hash"));
    let algorithm = match node.at("hash").at("algorithm").text() {
        "" => "bcrypt",
        name => name,
    };
    let mut names = BTreeSet::new();
    for account in node.at("accounts").items() {
        let (name, password) = (account.at("username"), account.at("password"));
        // Caddy looks a name up as written, and files it with its placeholders filled in.
        if names.contains(name.text()) {
            checker.report(&name, Provision::AccountTwice);
        }
        let filled = placeholders::fill(checker, name.text());
        if let Filled::Text(text) = &filled {
            if text.is_empty() {
                checker.report(&name, Provision::AccountNameless);
            }
            names.insert(text.clone());
        }
        match placeholders::fill(checker, password.text()) {
            Filled::Unknown => checker.report(&password, Machine::HashUnknown),
            Filled::Text(hash) => self::hash(&password, name.text(), &hash, algorithm, checker),
        }
    }
}

/// A hash as such starts with `$`; otherwise it must be base64 of one.
fn hash(node: &Node, name: &str, hash: &str, algorithm: &str, checker: &mut Checker) {
    let account = name.to_owned();
    if hash.is_empty() {
        checker.report(node, Provision::NoHash { account });
        return;
    }
    let decoded = if hash.starts_with('$') { Some(hash.as_bytes().to_vec()) } else { base64::decode(hash) };
    match decoded {
        None => {
            checker.report(node, Provision::NotHash { account });
        }
        Some(bytes) if !is_hash(&bytes, algorithm) => {
            checker.report(node, Provision::OtherHash { account, algorithm: algorithm.to_owned() });
        }
        Some(_) => {}
    }
}

/// Whether the bytes have the form of the algorithm's hashes.
fn is_hash(bytes: &[u8], algorithm: &str) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let parts: Vec<&str> = text.split('$').collect();
    match algorithm {
        "bcrypt" => {
            let cost = |text: &str| {
                text.len() == 2 && text.parse::<u32>().is_ok_and(|cost| (4..=31).contains(&cost))
            };
            let coded = |text: &str| {
                text.len() == 53 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"./".contains(&b))
            };
            matches!(parts.as_slice(), ["", version, rounds, rest]
                if version.starts_with('2') && version.len() <= 2 && cost(rounds) && coded(rest))
        }
        "argon2id" => matches!(parts.as_slice(), ["", "argon2id", version, parameters, salt, key]
            if version.starts_with("v=") && parameters.starts_with("m=") && !salt.is_empty() && !key.is_empty()),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::is_hash;

    #[test]
    fn hashes_by_their_form() {
        let bcrypt = b"$2a$14$abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZ01234";
        assert!(is_hash(bcrypt, "bcrypt"));
        assert!(!is_hash(&bcrypt[..50], "bcrypt"));
        assert!(!is_hash(b"secret", "bcrypt"));
        assert!(is_hash(b"$argon2id$v=19$m=47104,t=1,p=1$c2FsdA$a2V5", "argon2id"));
    }
}
