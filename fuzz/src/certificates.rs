//! Certificates and keys, as PEM and as DER, wherever a configuration may name them. The part `key` is the private key;
//! without one it stands in the same file, as in a bundle.

use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use caddyctl_analysis::check::{Facts, check_json};
use caddyctl_deploy::certificates::Certificate;
use serde_json::json;

use super::case::parts;

/// A machine on which every file holds what was given.
struct Machine<'d> {
    chain: &'d [u8],
    key: &'d [u8],
}

impl Facts for Machine<'_> {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        Ok(if path.ends_with("key") { self.key.to_vec() } else { self.chain.to_vec() })
    }

    fn files(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        Ok(vec![folder.join("a.pem"), folder.join("b.crt")])
    }

    fn variable(&self, _: &str) -> Option<String> {
        None
    }

    fn can_append(&self, _: &Path) -> io::Result<()> {
        Ok(())
    }

    fn data_folder(&self) -> PathBuf {
        "/data".into()
    }

    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_hours(500_000)
    }
}

/// Checks a configuration that uses the certificate everywhere.
pub fn run(data: &[u8]) {
    let parts = parts(data);
    let chain = parts[0].1;
    let key = parts.get(1).map_or(chain, |(_, key)| key);
    let now = jiff::Timestamp::from_second(1_800_000_000).expect("a time");
    if let Some(certificate) = Certificate::of_der("a.test", chain, now) {
        let _ = (certificate.left(), certificate.problem());
    }
    let text = String::from_utf8_lossy(chain);
    let pools = json!([
        {"provider": "file", "pem_files": ["/ca"]},
        {"provider": "inline", "trusted_ca_certs": [text]},
    ]);
    let verifiers = json!([
        {"verifier": "leaf", "leaf_certs_loaders": [
            {"loader": "file", "files": ["/leaf"]},
            {"loader": "folder", "folders": ["/leaves"]},
            {"loader": "pem", "certificates": [text]},
        ]},
    ]);
    let policies: Vec<_> = pools
        .as_array()
        .into_iter()
        .flatten()
        .map(|pool| json!({"client_authentication": {"ca": pool, "verifiers": verifiers, "trusted_leaf_certs": [text]}}))
        .collect();
    let transport = json!({"protocol": "http", "tls": {
        "ca": pools[0], "client_certificate_file": "/chain", "client_certificate_key_file": "/key",
    }});
    let config = json!({"apps": {
        "http": {"servers": {"a": {
            "listen": [":443"],
            "tls_connection_policies": policies,
            "routes": [{"handle": [{"handler": "reverse_proxy", "transport": transport, "upstreams": [{"dial": "a:1"}]}]}],
        }}},
        "tls": {"certificates": {
            "load_files": [{"certificate": "/chain", "key": "/key"}],
            "load_folders": ["/folder"],
            "load_pem": [{"certificate": text, "key": String::from_utf8_lossy(key)}],
        }},
        "pki": {"certificate_authorities": {"x": {
            "root": {"certificate": "/root", "private_key": "/key"},
            "intermediate": {"certificate": "/intermediate", "private_key": "/key"},
        }}},
    }});
    let machine = Machine { chain, key };
    let _ = check_json(&config, Some(&machine));
    let _ = check_json(&config, None);
}
