//! Client certificates that are trusted one by one.

use super::storage as stored;
use crate::check::checker::{Checker, Checks, plain};
use crate::check::finding::{Machine, Provision};
use crate::check::node::Node;
use crate::check::placeholders::{self, Filled};
use crate::check::values::{certificate, pem};

/// What these modules check when they are provisioned.
pub(in crate::check) const CHECKS: Checks = &[
    ("tls.client_auth.verifier.leaf", check),
    ("tls.leaf_cert_loader.file", files),
    ("tls.leaf_cert_loader.folder", folders),
    ("tls.leaf_cert_loader.pem", inline),
    ("tls.leaf_cert_loader.storage", storage),
];

pub(in crate::check) fn check(node: &Node, checker: &mut Checker) {
    checker.modules("tls.leaf_cert_loader", "loader", &node.at("leaf_certs_loaders"));
}

/// The loader `file`.
pub(in crate::check) fn files(node: &Node, checker: &mut Checker) {
    for file in node.at("files").items() {
        let Some(path) = filled(&file, checker) else { continue };
        if let Some(bytes) = checker.read(&file, &path, "leaf certificate")
            && let Some(why) = fault(&bytes)
        {
            checker.report(&file, Machine::Leaf { file: path, why });
        }
    }
}

/// The loader `folder`: every `.pem` below.
pub(in crate::check) fn folders(node: &Node, checker: &mut Checker) {
    for folder in node.at("folders").items() {
        let Some(path) = filled(&folder, checker) else { continue };
        let Some(facts) = checker.facts else {
            checker.report(&folder, Machine::LeavesUnknown { path });
            continue;
        };
        match facts.files(std::path::Path::new(&path)) {
            Err(error) => {
                checker.report(&folder, Machine::LeavesUnread { path, why: plain(&error) });
            }
            Ok(files) => {
                for file in
                    files.iter().filter(|file| file.to_string_lossy().to_lowercase().ends_with(".pem"))
                {
                    let name = file.to_string_lossy();
                    let Some(bytes) = checker.read(&folder, &name, "leaf certificate") else { continue };
                    if let Some(why) = fault(&bytes).or_else(|| several(&bytes)) {
                        checker.report(&folder, Machine::Leaf { file: name.into_owned(), why });
                    }
                }
            }
        }
    }
}

/// The loader `pem`: certificates in the configuration.
pub(in crate::check) fn inline(node: &Node, checker: &mut Checker) {
    for item in node.at("certificates").items() {
        let Some(text) = filled(&item, checker) else { continue };
        if let Some(why) = fault(text.as_bytes()).or_else(|| several(text.as_bytes())) {
            checker.report(&item, Provision::LeafText { why });
        }
    }
}

/// The loader `storage`.
pub(in crate::check) fn storage(node: &Node, checker: &mut Checker) {
    checker.module("caddy.storage", "module", &node.at("storage"));
    for item in node.at("certificates").items() {
        let Some(key) = filled(&item, checker) else { continue };
        if let Some(bytes) = stored::read(&item, &key, &node.at("storage"), "leaf certificate", checker)
            && let Some(why) = fault(&bytes)
        {
            checker.report(&item, Machine::Leaf { file: key, why });
        }
    }
}

fn filled(node: &Node, checker: &mut Checker) -> Option<String> {
    match placeholders::fill_known(checker, node.text()) {
        Filled::Text(text) => Some(text),
        Filled::Unknown => {
            checker.report(node, Machine::LeafUnknown);
            None
        }
    }
}

/// Only certificates may be in there, and at least one.
fn fault(bytes: &[u8]) -> Option<String> {
    let blocks = pem::blocks(bytes);
    if blocks.is_empty() || blocks.iter().any(|block| block.label != "CERTIFICATE") {
        return Some("it has no PEM certificates, or also other content".to_owned());
    }
    blocks.iter().find_map(|block| certificate::der_fault(&block.der))
}

/// Texts, and the files of a folder, may have one certificate each.
fn several(bytes: &[u8]) -> Option<String> {
    (pem::blocks(bytes).len() > 1).then(|| "it has several certificates".to_owned())
}
