//! Certificates that are loaded rather than managed.

use super::storage as stored;
use crate::check::checker::{Checker, Checks, plain};
use crate::check::finding::{Files, Machine, Provision};
use crate::check::node::Node;
use crate::check::placeholders::{self, Filled};
use crate::check::values::{certificate, pem};

/// What these modules check when they are provisioned.
pub(in crate::check) const CHECKS: Checks = &[
    ("tls.certificates.load_files", files),
    ("tls.certificates.load_folders", folders),
    ("tls.certificates.load_pem", inline),
    ("tls.certificates.load_storage", storage),
];

/// `load_files`: pairs of files.
pub(in crate::check) fn files(node: &Node, checker: &mut Checker) {
    for pair in node.items() {
        if !format_known(&pair, checker) {
            continue;
        }
        let (certificate, key) = (pair.at("certificate"), pair.at("key"));
        let (Some(chain_path), Some(key_path)) = (path(&certificate, checker), path(&key, checker)) else {
            continue;
        };
        let chain = checker.read(&certificate, &chain_path, "certificate");
        let private = checker.read(&key, &key_path, "private key");
        if let (Some(chain), Some(private)) = (chain, private) {
            let files = Files { certificate: chain_path, key: Some(key_path) };
            self::pair(&pair, files, &chain, &private, checker);
        }
    }
}

/// `load_folders`: every `.pem` below, with certificate and key in one file.
pub(in crate::check) fn folders(node: &Node, checker: &mut Checker) {
    for folder in node.items() {
        let Some(path) = path(&folder, checker) else { continue };
        let Some(facts) = checker.facts else {
            checker.report(&folder, Machine::FolderUnknown { path });
            continue;
        };
        let files = match facts.files(std::path::Path::new(&path)) {
            Ok(files) => files,
            Err(error) => {
                checker.report(&folder, Machine::FolderUnread { path, why: plain(&error) });
                continue;
            }
        };
        for file in files.iter().filter(|file| file.to_string_lossy().to_lowercase().ends_with(".pem")) {
            let name = file.to_string_lossy();
            let Some(bytes) = checker.read(&folder, &name, "certificate") else { continue };
            let known = |label: &str| {
                label == "CERTIFICATE" || label == "EC PARAMETERS" || label.ends_with("PRIVATE KEY")
            };
            let other = pem::blocks(&bytes).into_iter().find(|block| !known(&block.label));
            let file = name.into_owned();
            if let Some(block) = other {
                checker.report(&folder, Machine::PemBlock { file, label: block.label });
            } else {
                pair(&folder, Files { certificate: file, key: None }, &bytes, &bytes, checker);
            }
        }
    }
}

/// `load_pem`: pairs of texts.
pub(in crate::check) fn inline(node: &Node, checker: &mut Checker) {
    for pair in node.items() {
        let (certificate, key) = (pair.at("certificate"), pair.at("key"));
        let (Some(chain), Some(private)) = (path(&certificate, checker), path(&key, checker)) else {
            continue;
        };
        let found = certificate::pair(chain.as_bytes(), private.as_bytes());
        let nameless = Err("it has neither alternative names nor a common name".to_owned());
        if let Err(why) = found.and_then(|pair| if pair.has_name { Ok(pair) } else { nameless }) {
            checker.report(&pair, Provision::CertificatePair { why });
        }
    }
}

/// `load_storage`: pairs of files in Caddy's storage.
pub(in crate::check) fn storage(node: &Node, checker: &mut Checker) {
    for pair in node.at("pairs").items() {
        if !format_known(&pair, checker) {
            continue;
        }
        let (certificate, key) = (pair.at("certificate"), pair.at("key"));
        let (Some(chain_key), Some(private_key)) = (path(&certificate, checker), path(&key, checker)) else {
            continue;
        };
        let global = node.at("storage");
        let chain = stored::read(&certificate, &chain_key, &global, "certificate", checker);
        let private = stored::read(&key, &private_key, &global, "private key", checker);
        if let (Some(chain), Some(private)) = (chain, private) {
            let files = Files { certificate: chain_key, key: Some(private_key) };
            self::pair(&pair, files, &chain, &private, checker);
        }
    }
}

/// Known placeholders are filled in; `None`, with a note, when that takes facts that are not there.
fn path(node: &Node, checker: &mut Checker) -> Option<String> {
    match placeholders::fill_known(checker, node.text()) {
        Filled::Text(text) => Some(text),
        Filled::Unknown => {
            checker.report(node, Machine::CertificateUnknown);
            None
        }
    }
}

fn format_known(pair: &Node, checker: &mut Checker) -> bool {
    let format = pair.at("format");
    let known = matches!(format.text(), "" | "pem");
    if !known {
        checker.report(&format, Provision::CertificateFormat);
    }
    known
}

/// The certificate must belong to the key. One that is not valid now is loaded all the same.
fn pair(node: &Node, files: Files, chain: &[u8], private: &[u8], checker: &mut Checker) {
    let Some(now) = checker.facts.map(super::super::facts::Facts::now) else { return };
    let kind = match certificate::pair(chain, private) {
        Err(why) => Machine::Certificate { files, why },
        Ok(pair) if !pair.has_name => Machine::CertificateNameless { files },
        Ok(pair) if pair.not_after < now => Machine::CertificateExpired { files },
        Ok(pair) if pair.not_before > now => Machine::CertificateTooNew { files },
        Ok(_) => return,
    };
    checker.report(node, kind);
}
