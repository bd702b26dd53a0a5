//! The certificates that Caddy shows, why it has none, and whether it can keep one.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;

use jiff::Timestamp;
use serde_json::Value;

use super::{Finding, Journal, Kind};
use crate::certificates::{Certificate, secure_sites, shown_at};
use caddyctl_analysis::check::Facts;
use caddyctl_language::source::shown;

/// More sites than this are not asked.
const ASKED: usize = 100;

/// The certificate that Caddy shows for each site of `config`, or the site and why there is none. Sites without a name, or
/// with a wildcard, are left out.
pub fn served(config: &Value, now: Timestamp) -> Vec<Result<Certificate, (String, String)>> {
    let ask = |(name, at): (String, SocketAddr)| match shown_at(&name, at, now) {
        Ok(certificate) => Ok(certificate),
        Err(reason) => Err((name, reason)),
    };
    secure_sites(config).into_iter().take(ASKED).map(ask).collect()
}

/// Why Caddy shows no certificate for each site of `missing`, by the last words of the journal about it; and why it could
/// not renew those of `old`.
pub fn acme(journal: &Journal, missing: &[(String, String)], old: &[String]) -> Vec<Finding> {
    let mut last: BTreeMap<&str, Option<&str>> = BTreeMap::new();
    for words in journal.of_certificates() {
        let Some(site) = &words.site else { continue };
        if words.kind == Kind::Error {
            last.insert(site, Some(&words.text));
        } else if words.text.contains("obtained successfully") || words.text.contains("renewed successfully")
        {
            last.insert(site, None);
        }
    }
    let logged = |site: &str| last.get(site).copied().flatten();
    let renewals = old.iter().filter_map(|site| Some((site, logged(site)?)));
    let mut findings: Vec<Finding> = renewals
        .map(|(site, text)| {
            Finding::fault(format!("could not renew the certificate of {site}: {text}"), help(text))
        })
        .collect();
    findings.extend(missing.iter().map(|(site, reason)| match logged(site) {
        Some(text) => {
            Finding::fault(format!("could not obtain a certificate for {site}: {text}"), help(text))
        }
        None => Finding::fault(
            format!("Caddy presents no certificate for {site}: {reason}"),
            "Caddy may still be obtaining it: try again in a minute; see `journalctl -u caddy -g tls`",
        ),
    }));
    findings
}

/// What to do, by the words of an authority (RFC 8555, section 6.7, names the kinds).
fn help(text: &str) -> &'static str {
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if has(&["rateLimited", "too many"]) {
        "the authority limits the rate of requests; until then test with `acme_ca https://acme-staging-v02.api.letsencrypt.org/directory`"
    } else if has(&["lookup", "dial tcp", "network is unreachable", "i/o timeout", "no such host"])
        && !has(&["acme:error"])
    {
        "this machine cannot reach the authority: check its resolver, its routes and its firewall for outgoing connections"
    } else if has(&["acme:error:dns", "NXDOMAIN", "no valid A records"]) {
        "add an A or AAAA record for the name that points to this machine"
    } else if has(&["acme:error:connection", "Timeout during connect", "Connection refused"]) {
        "the authority cannot reach this machine: open ports 80 and 443 from outside"
    } else if has(&["acme:error:caa"]) {
        "the CAA record of the name has to allow the authority"
    } else {
        "open ports 80 and 443 from outside, and make the name resolve to this host; Caddy tries again by itself"
    }
}

/// Whether the service could keep a new certificate in the folder of its storage; `machine` knows the service's user.
pub fn storage_writable(machine: &dyn Facts, folder: &Path, user: &str) -> Vec<Finding> {
    let places = ["certificates", "acme", "locks"].map(|name| folder.join(name).join("new"));
    let blocked = places.iter().find_map(|place| Some((place.parent()?, machine.can_append(place).err()?)));
    let line = |(place, error): (&Path, std::io::Error)| {
        Finding::fault(
            format!(
                "{user} cannot write to {}, where Caddy stores its certificates: {error}",
                shown::path(place)
            ),
            format!("`chown -R {user}: {}`", shown::path(folder)),
        )
    };
    blocked.into_iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::certificates::is_secure;

    #[test]
    fn words_of_an_authority() {
        let journal = Journal::parse(
            "{\"level\":\"error\",\"logger\":\"tls.obtain\",\"msg\":\"could not get certificate from issuer\",\
             \"identifier\":\"a.test\",\"error\":\"HTTP 400 urn:ietf:params:acme:error:dns - NXDOMAIN\"}\n\
             {\"level\":\"error\",\"logger\":\"tls.obtain\",\"msg\":\"x\",\"identifier\":\"b.test\",\"error\":\"y\"}\n\
             {\"level\":\"info\",\"logger\":\"tls.obtain\",\"msg\":\"certificate obtained successfully\",\
             \"identifier\":\"b.test\"}\n",
        );
        let missing =
            [("a.test".to_owned(), "internal error".to_owned()), ("c.test".to_owned(), "alert".to_owned())];
        let found = acme(&journal, &missing, &["b.test".to_owned()]);
        assert_eq!(
            found.iter().map(|finding| finding.fault.as_str()).collect::<Vec<_>>(),
            [
                "could not obtain a certificate for a.test: could not get certificate from issuer: HTTP 400 \
                 urn:ietf:params:acme:error:dns - NXDOMAIN",
                "Caddy presents no certificate for c.test: alert"
            ]
        );
        assert!(found[0].help.contains("A or AAAA"), "{}", found[0].help);
    }

    #[test]
    fn who_speaks_tls() {
        let server = serde_json::json!({});
        assert!(is_secure(&serde_json::json!({}), &server, 443));
        assert!(!is_secure(&serde_json::json!({}), &server, 80));
        assert!(is_secure(&serde_json::json!({"apps": {"http": {"https_port": 8443}}}), &server, 8443));
        let off = serde_json::json!({"automatic_https": {"disable": true}});
        assert!(!is_secure(&serde_json::json!({}), &off, 443));
    }
}
