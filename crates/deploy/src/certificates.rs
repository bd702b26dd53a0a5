//! The certificates that Caddy keeps in its storage, and how long they are good for.

use crate::listener::Listener;
use crate::tls;
use std::collections::{BTreeMap, BTreeSet};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use x509_parser::extensions::GeneralName;
use x509_parser::parse_x509_certificate;
use x509_parser::pem::parse_x509_pem;

use crate::files::disk;
use crate::json::collect;

/// The most bytes of a file of certificates.
const MOST: u64 = 1 << 20;

/// A certificate of a site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Certificate {
    /// The site's name.
    pub name: String,
    /// Who signed it.
    pub issuer: String,
    /// When it ends, in UTC.
    pub ends: Timestamp,
    /// Whole days until then; negative when it has ended.
    pub days_left: i64,
    /// When it begins to be good, in UTC.
    pub begins: Timestamp,
    /// Caddy renews with a third of the time left (Caddy docs, "Automatic HTTPS"). Here less than a sixth is left.
    pub is_overdue: bool,
}

/// The folder of Caddy's storage: what `config` says, else `data`. `None` when the storage is no folder.
pub fn storage(config: &Value, data: PathBuf) -> Option<PathBuf> {
    let storage = &config["storage"];
    match storage["module"].as_str() {
        None => Some(data),
        Some("file_system") => Some(storage["root"].as_str().map_or(data, PathBuf::from)),
        Some(_) => None,
    }
}

/// The certificate of each host name in `config`: that of a file that it loads (`tls FILE FILE`), which Caddy prefers, or
/// the best in the storage `folder` (Caddy docs, "Conventions": `certificates/ISSUER/NAME/NAME.crt`). What cannot be read is
/// left out.
pub fn stored(config: &Value, folder: &Path, now: Timestamp) -> Vec<Certificate> {
    let mut names = BTreeSet::new();
    collect(config, "host", &mut names);
    let mut best: BTreeMap<String, Certificate> = BTreeMap::new();
    let all = folder.join("certificates");
    let root = Path::new("/");
    let pem = |path: &Path| disk::read(root, path, MOST).ok();
    for issuer in disk::list(root, &all).unwrap_or_default() {
        for name in &names {
            let file = name.to_lowercase().replace('*', "wildcard_");
            // A name from a configuration must not lead out of the folder.
            if file.contains('/') || file.starts_with('.') {
                continue;
            }
            let path = all.join(&issuer).join(&file).join(format!("{file}.crt"));
            let Some(found) = pem(&path).and_then(|pem| read(name, &pem, now)) else {
                continue;
            };
            if best.get(name).is_none_or(|known| known.ends < found.ends) {
                best.insert(name.clone(), found);
            }
        }
    }
    for pair in config["apps"]["tls"]["certificates"]["load_files"].as_array().into_iter().flatten() {
        let Some(pem) = pair["certificate"].as_str().and_then(|path| pem(Path::new(path))) else {
            continue;
        };
        let Some(covered) = names_in(&pem) else { continue };
        for name in names.iter().filter(|name| covered.iter().any(|covered| covers(covered, name))) {
            best.extend(read(name, &pem, now).map(|found| (name.clone(), found)));
        }
    }
    best.into_values().collect()
}

/// The names that a certificate is for.
fn names_in(pem: &[u8]) -> Option<Vec<String>> {
    let (_, pem) = parse_x509_pem(pem).ok()?;
    let (_, leaf) = parse_x509_certificate(&pem.contents).ok()?;
    let names = leaf.subject_alternative_name().ok()??;
    let dns = names.value.general_names.iter().filter_map(|name| match name {
        GeneralName::DNSName(name) => Some(name.to_lowercase()),
        _ => None,
    });
    Some(dns.collect())
}

/// Whether a certificate for `covered` is one for `name`; `*.` stands for one label.
fn covers(covered: &str, name: &str) -> bool {
    let name = name.to_lowercase();
    let below = |rest: &str| name.split_once('.').is_some_and(|(_, parent)| parent == rest);
    covered == name || covered.strip_prefix("*.").is_some_and(below)
}

fn read(name: &str, pem: &[u8], now: Timestamp) -> Option<Certificate> {
    let (_, pem) = parse_x509_pem(pem).ok()?;
    Certificate::of_der(name, &pem.contents, now)
}

impl Certificate {
    /// Reads a certificate of the site `name` from its DER form.
    pub fn of_der(name: &str, der: &[u8], now: Timestamp) -> Option<Self> {
        let (_, leaf) = parse_x509_certificate(der).ok()?;
        let issuer = leaf.issuer();
        let organization =
            issuer.iter_organization().chain(issuer.iter_common_name()).find_map(|word| word.as_str().ok());
        let begins = leaf.validity().not_before.timestamp();
        let ends = leaf.validity().not_after.timestamp();
        let left = ends - now.as_second();
        Some(Certificate {
            name: name.to_owned(),
            issuer: organization.unwrap_or_default().to_owned(),
            ends: Timestamp::from_second(ends).ok()?,
            begins: Timestamp::from_second(begins).ok()?,
            days_left: left.div_euclid(86_400),
            is_overdue: left < (ends - begins) / 6,
        })
    }

    /// How long it is good for, in words: Caddy's own authority signs for half a day.
    pub fn left(&self) -> String {
        let hours = (self.ends.as_second() - Timestamp::now().as_second()).div_euclid(3600);
        match self.days_left {
            ..0 => "ended".to_owned(),
            0..2 => format!("{hours} hours left"),
            days => format!("{days} days left"),
        }
    }

    /// What is wrong with it.
    pub fn problem(&self) -> Option<String> {
        let Self { name, ends, days_left, is_overdue, .. } = self;
        match (days_left, is_overdue) {
            (..0, _) => Some(format!("the certificate of {name} ended at {ends}")),
            (_, true) => {
                Some(format!("the certificate of {name} ends at {ends} and was not renewed in time"))
            }
            _ => None,
        }
    }
}

/// How long Caddy may take to show a certificate.
const PATIENCE: Duration = Duration::from_secs(2);

/// The sites of `config` for which Caddy shows a certificate, and where. Sites without a name, or with a wildcard, are left
/// out.
pub fn secure_sites(config: &Value) -> BTreeMap<String, SocketAddr> {
    let mut sites: BTreeMap<String, SocketAddr> = BTreeMap::new();
    let servers = config["apps"]["http"]["servers"].as_object();
    for server in servers.into_iter().flat_map(|servers| servers.values()) {
        let part = serde_json::json!({"apps": {"http": {"servers": {"one": server}}}});
        let secure = Listener::of_config(&part).into_iter().find_map(|listener| match listener {
            Listener::Tcp(at) if is_secure(config, server, at.port()) => Some(at),
            _ => None,
        });
        let mut hosts = BTreeSet::new();
        collect(server, "host", &mut hosts);
        let is_name =
            |host: &String| !host.contains(['*', '{', '/']) && host.parse::<std::net::IpAddr>().is_err();
        if let Some(at) = secure {
            sites.extend(hosts.into_iter().filter(is_name).map(|host| (host, at)));
        }
    }
    sites
}

/// Whether a server speaks TLS at a port: the port of HTTPS, or with policies of its own.
pub(crate) fn is_secure(config: &Value, server: &Value, port: u16) -> bool {
    let https = config["apps"]["http"]["https_port"].as_u64().unwrap_or(443);
    let is_off = server["automatic_https"]["disable"].as_bool() == Some(true);
    server["tls_connection_policies"].is_array() || (u64::from(port) == https && !is_off)
}

/// The certificate that is shown for `name` at an address; the error says why there is none.
pub(crate) fn shown_at(name: &str, at: SocketAddr, now: Timestamp) -> Result<Certificate, String> {
    let stream = TcpStream::connect_timeout(&at, PATIENCE).map_err(|error| error.to_string())?;
    let ready =
        stream.set_read_timeout(Some(PATIENCE)).and_then(|()| stream.set_write_timeout(Some(PATIENCE)));
    ready.map_err(|error| error.to_string())?;
    let der = tls::shown(name, stream)?;
    Certificate::of_der(name, &der, now).ok_or_else(|| "it is invalid".to_owned())
}

/// The authority of Caddy itself that signs the certificate of `name` with `config`; `None` where another one does (Caddy
/// docs, "Automatic HTTPS").
pub fn internal_authority(config: &Value, name: &str) -> Option<String> {
    let of_issuer = |policy: &Value| {
        let issuer = &policy["issuers"][0];
        (issuer["module"] == "internal").then(|| issuer["ca"].as_str().unwrap_or("local").to_owned())
    };
    let policies = config["apps"]["tls"]["automation"]["policies"].as_array();
    let has = |policy: &&Value| {
        policy["subjects"].as_array().is_some_and(|subjects| {
            subjects.iter().filter_map(Value::as_str).any(|subject| covers(subject, name))
        })
    };
    let policies = || policies.into_iter().flatten();
    if let Some(policy) = policies().find(has) {
        return of_issuer(policy);
    }
    let is_inside = name == "localhost"
        || name.parse::<std::net::IpAddr>().is_ok()
        || [".localhost", ".local", ".internal", ".home.arpa"].iter().any(|end| name.ends_with(end));
    match policies().find(|policy| policy["subjects"].is_null()) {
        Some(policy) if policy["issuers"].is_array() => of_issuer(policy),
        _ => is_inside.then(|| "local".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// Made with `openssl req -x509 -newkey ed25519 -days 90 -subj "/O=Test/CN=a.test"`.
    const PEM: &str = include_str!("certificates/a.test.crt");

    #[test]
    fn how_long_it_is_good_for() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("certificates/local/wildcard_.a.test");
        std::fs::create_dir_all(&place).unwrap();
        std::fs::write(place.join("wildcard_.a.test.crt"), PEM).unwrap();
        let config = json!({"match": [{"host": ["*.a.test", "other.test", "../../x"]}]});
        let at = |days: i64| {
            let ends = read("x", PEM.as_bytes(), Timestamp::UNIX_EPOCH).unwrap().ends;
            let now = Timestamp::from_second(ends.as_second() - days * 86_400).unwrap();
            let found = stored(&config, folder.path(), now);
            assert_eq!(found.len(), 1);
            assert_eq!((found[0].name.as_str(), found[0].issuer.as_str()), ("*.a.test", "Test"));
            (
                found[0].days_left,
                found[0].problem().map(|text| text.split(' ').nth(4).unwrap_or("").to_owned()),
            )
        };
        assert_eq!(at(60), (60, None));
        assert_eq!(at(10), (10, Some("ends".to_owned())));
        assert_eq!(at(-1), (-1, Some("ended".to_owned())));
    }

    #[test]
    fn a_file_comes_before_the_storage() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("own.crt");
        let expired = include_str!("../../../tests/systemd/expired/cert.pem");
        std::fs::write(&path, expired).unwrap();
        let place = folder.path().join("certificates/local/stt.fullen.dev");
        std::fs::create_dir_all(&place).unwrap();
        std::fs::write(place.join("stt.fullen.dev.crt"), PEM).unwrap();
        let found = |config| stored(&config, folder.path(), Timestamp::UNIX_EPOCH);
        let mut config = json!({"match": [{"host": ["stt.fullen.dev"]}]});
        assert_eq!(found(config.clone())[0].issuer, "Test");
        config["apps"]["tls"]["certificates"]["load_files"] = json!([{"certificate": path, "key": "x"}]);
        let own = found(config.clone());
        assert_eq!((own.len(), own[0].ends), (1, "2025-04-01T00:00:00Z".parse().unwrap()));
        assert_eq!(stored(&config, folder.path(), Timestamp::now())[0].left(), "ended");
        assert!(
            covers("*.a.test", "x.A.test")
                && !covers("*.a.test", "a.test")
                && !covers("*.a.test", "x.y.a.test")
        );
    }

    #[test]
    fn where_caddy_keeps_them() {
        let data = || PathBuf::from("/data");
        assert_eq!(storage(&json!({}), data()), Some(data()));
        let elsewhere = json!({"storage": {"module": "file_system", "root": "/x"}});
        assert_eq!(storage(&elsewhere, data()), Some("/x".into()));
        assert_eq!(storage(&json!({"storage": {"module": "redis"}}), data()), None);
    }
}
