//! The settings of ACME's DNS challenge. They need a provider, and the stock build has none.

use super::Tls;
use crate::config::{Value, duration};
use crate::diagnostics::Code;
use crate::go;
use crate::lower::Scope;
use crate::modules::dns_provider;
use crate::modules::issuer::propagation_timeout;
use crate::spec::{Cursor, Fault, Parsed, not_a_duration, put};
use crate::version::Change;

/// The subdirectives.
pub(super) const NAMES: &[&str] = &[
    "dns",
    "propagation_delay",
    "propagation_timeout",
    "resolvers",
    "dns_ttl",
    "dns_challenge_override_domain",
];

impl Tls {
    pub(super) fn dns_challenge(&mut self, cursor: &mut Cursor, scope: &Scope) -> Parsed<()> {
        let name = cursor.word().clone();
        if name.text == "dns" {
            return self.provider(cursor, scope);
        }
        let (field, value) = match name.text.as_str() {
            "resolvers" => {
                let resolvers = cursor.arg_texts();
                if resolvers.is_empty() {
                    return Err(cursor.missing(&name, "the address of a DNS server"));
                }
                ("resolvers", Some(Value::from(resolvers)))
            }
            "propagation_timeout" => {
                cursor.one_arg("a duration or `-1`")?;
                ("propagation_timeout", nanoseconds(propagation_timeout(cursor)?))
            }
            "dns_challenge_override_domain" => {
                let domain = cursor.one_arg("a domain")?;
                ("override_domain", (!domain.is_empty()).then(|| Value::from(domain)))
            }
            other => {
                let text = cursor.one_arg("a duration")?;
                let time = go::caddy_duration(&text).ok_or_else(|| not_a_duration(cursor))?;
                (if other == "dns_ttl" { "ttl" } else { "propagation_delay" }, nanoseconds(time))
            }
        };
        put(self.acme(&name), &format!("challenges/dns/{field}"), value);
        self.dns_settings.push(name);
        Ok(())
    }

    fn provider(&mut self, cursor: &mut Cursor, scope: &Scope) -> Parsed<()> {
        let name = cursor.word().clone();
        if cursor.next_arg() {
            let provider = dns_provider::NAMESPACE.read(cursor)?;
            put(self.acme(&name), "challenges/dns/provider", Some(Value::Object(provider)));
            return Ok(());
        }
        if scope.options.dns.is_none() {
            return Err(cursor
                .missing(&name, "a DNS provider")
                .help("name it here, or in the global option `dns`"));
        }
        let known = self.has_provider();
        if !known {
            // The setting alone turns DNS challenges on.
            put(self.acme(&name), "challenges/dns/provider", None);
        }
        Ok(())
    }

    fn has_provider(&self) -> bool {
        let provider = || self.acme.as_ref()?.1.get("challenges")?.get("dns")?.get("provider");
        provider().is_some()
    }

    /// Settings of DNS challenges without anybody who could answer them.
    pub(super) fn refuse_dns_without_provider(&self, scope: &Scope) -> Parsed<()> {
        let options = scope.options;
        let in_options = options.dns.is_some()
            || options.acme_dns.as_ref().is_some_and(|acme_dns| acme_dns.provider.is_some());
        let needed = options.version.has(Change::DnsSettingsNeedProvider);
        match self.dns_settings.first() {
            Some(word) if needed && !in_options && !self.has_provider() => Err(Fault::new(
                Code::TLS,
                word,
                format!("`{}` is for DNS challenges, but no DNS provider is set", word.text),
            )
            .help("set it with `dns <provider>` in this block, or in the global option `acme_dns`")),
            _ => Ok(()),
        }
    }
}

fn nanoseconds(time: i64) -> Option<Value> {
    (time != 0).then(|| duration(time))
}
