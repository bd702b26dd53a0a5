//! `tls`: certificates and connections of a site (docs: "tls").

use std::sync::Arc;

use crate::config::{CertificateSelection, ConnectionPolicy, Fields, LoadFile, Module, Value};
use crate::diagnostics::Code;
use crate::lower::{Directive, Lowered, Matcher, Scope, TlsSetting, issuers};
use crate::modules::{certificate_manager, issuer};
use crate::spec::{Cursor, Fault, Kind, List, Parsed, Row, age, arguments, conflict, value};
use crate::syntax::Word;
use crate::version::Change;

mod client_auth;
mod connection;
mod dns_challenge;
mod pem;
mod renewal_window_ratio;

pub(crate) use self::renewal_window_ratio::renewal_window_ratio;

/// The directive.
pub(crate) static DIRECTIVE: Directive = Directive::config(
    "tls",
    "[<email>|internal|force_automate|<cert_file> <key_file>]",
    "Sets certificates and TLS options of the site",
    lower,
)
.matcher(Matcher::Never)
.rows(ROWS)
.example("tls internal")
.of_sites();

const ROWS: &[Row] = &[
    Row::new("protocols", "<min> [<max>]", Kind::Own, "The oldest and newest TLS version"),
    Row::new("ciphers", "<cipher_suite...>", Kind::Own, "The cipher suites of TLS 1.2"),
    Row::new("curves", "<curve...>", Kind::Own, "The key exchange groups"),
    Row::new(
        "client_auth",
        "{ ... }",
        Kind::Block(List::Static(client_auth::ROWS)),
        "The client certificates to request",
    ),
    Row::new("alpn", "<protocol...>", Kind::Own, "The application protocols (ALPN) to offer"),
    Row::new("load", "<folder...>", Kind::Own, "Loads the certificates in these folders"),
    Row::new("ca", "<url>", Kind::Own, "The directory URL of the ACME server"),
    Row::new(
        "ca_root",
        "<path>",
        Kind::Own,
        "A PEM file with the root certificate to trust for the ACME server",
    ),
    Row::new("key_type", "<type>", Kind::Own, "The type of new private keys"),
    Row::new("dns", "[<provider> ...]", Kind::Own, "Solves ACME challenges with DNS records"),
    Row::new("propagation_delay", "<duration>", Kind::Own, "How long to wait before checking DNS records"),
    Row::new("propagation_timeout", "<duration>|-1", Kind::Own, "How long DNS records may take to appear"),
    Row::new("resolvers", "<address...>", Kind::Own, "The DNS servers for checking challenge records"),
    Row::new("dns_ttl", "<duration>", Kind::Own, "The lifetime of DNS records"),
    Row::new(
        "dns_challenge_override_domain",
        "<domain>",
        Kind::Own,
        "The domain to which challenges are delegated",
    ),
    Row::new("on_demand", "", Kind::Own, "Gets a certificate at the first handshake for a name"),
    Row::new("reuse_private_keys", "", Kind::Own, "Keeps the key when a certificate is renewed"),
    Row::new(
        "eab",
        "<key_id> <mac_key>",
        Kind::Own,
        "The external account binding (EAB) for the ACME server",
    ),
    Row::new(
        "issuer",
        "<module> ...",
        Kind::Module(&issuer::NAMESPACE),
        "A certificate issuer; several are tried in order",
    ),
    Row::new(
        "get_certificate",
        "<module> ...",
        Kind::Module(&certificate_manager::NAMESPACE),
        "Gets the certificate from a module at each handshake",
    ),
    Row::new("insecure_secrets_log", "<path>", Kind::Own, "Writes session secrets to a file, for debugging"),
    Row::new(
        "renewal_window_ratio",
        "<ratio>",
        Kind::Own,
        "The remaining part of the lifetime at which to renew, such as 0.33",
    ),
];

fn lower(cursor: &mut Cursor, scope: &mut Scope) -> Parsed<Vec<Lowered>> {
    let mut tls = Tls { name: cursor.word().clone(), ..Tls::default() };
    let first_line = cursor.args();
    tls.first_line(&first_line, scope)?;
    let mut has_block = false;
    let mut faulty = false;
    while cursor.next_block(0) {
        has_block = true;
        if let Err(fault) = tls.row(cursor, scope) {
            faulty = true;
            scope.report(fault);
            skip_line(cursor);
        }
    }
    if faulty {
        return Ok(Vec::new());
    }
    if first_line.is_empty() && !has_block {
        return Err(cursor
            .missing(&tls.name, "an email address, `internal`, a certificate and its key, or a block")
            .help("a site with a host name gets certificates without `tls`"));
    }
    tls.finish(scope)
}

/// Goes to the end of the line and of the block that opens on it.
fn skip_line(cursor: &mut Cursor) {
    while cursor.next_arg() {}
    let level = cursor.nesting();
    while cursor.next_block(level) {}
}

/// What the directive says.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the directive")]
struct Tls {
    name: Word,
    connection: ConnectionPolicy,
    /// The certificate is new: its tag has been made here.
    load_file: Option<LoadFile>,
    load_folders: Vec<String>,
    /// An ACME issuer that was set up without naming it, with the word that did so first.
    acme: Option<(Word, Module)>,
    internal: bool,
    issuers: Vec<Module>,
    managers: Vec<Module>,
    key_type: String,
    on_demand: bool,
    reuse_private_keys: bool,
    force_automate: bool,
    renewal_window_ratio: Option<f64>,
    /// The settings of DNS challenges that need a provider.
    dns_settings: Vec<Word>,
}

impl Tls {
    fn first_line(&mut self, words: &[Word], scope: &mut Scope) -> Parsed<()> {
        match words {
            [] => {}
            [only] => match only.text.as_str() {
                "internal" => self.internal = true,
                "force_automate" if !scope.state.version().has(Change::ForceAutomate) => {
                    let (version, since) = (scope.state.version(), Change::ForceAutomate.since());
                    return Err(age::form(only, version, "`tls force_automate`", since, "leave it out"));
                }
                "force_automate" => self.force_automate = true,
                email if email.contains('@') => {
                    self.acme(only).insert("email", email);
                }
                _ => return Err(value::tls(only)),
            },
            [certificate, key] => self.certificate(certificate, key, scope),
            [_, _, third, ..] => {
                return Err(arguments::surplus(third, "tls", "a certificate and its key"));
            }
        }
        Ok(())
    }

    /// A certificate is loaded once, and found again by its tag.
    fn certificate(&mut self, certificate: &Word, key: &Word, scope: &mut Scope) {
        let (tag, is_new) = scope.state.certificate_tag(&certificate.text);
        if is_new {
            self.load_file = Some(LoadFile {
                certificate: certificate.text.to_string(),
                key: key.text.to_string(),
                tags: vec![tag.clone()],
            });
        }
        self.connection.certificate_selection = Some(CertificateSelection::with_tag(tag));
    }

    /// The ACME issuer that is set up without naming it.
    fn acme(&mut self, word: &Word) -> &mut Module {
        &mut self.acme.get_or_insert_with(|| (word.clone(), Fields::new())).1
    }

    fn row(&mut self, cursor: &mut Cursor, scope: &mut Scope) -> Parsed<()> {
        let word = cursor.word().clone();
        match word.text.as_str() {
            "protocols" => connection::protocols(cursor, &mut self.connection)?,
            "ciphers" => connection::ciphers(cursor, &mut self.connection)?,
            "curves" => connection::curves(cursor, &mut self.connection)?,
            "alpn" => connection::alpn(cursor, &mut self.connection)?,
            "client_auth" => {
                let client_authentication = client_auth::read(&mut cursor.nested(), scope)?;
                self.connection.client_authentication = Some(client_authentication);
            }
            "insecure_secrets_log" => self.connection.insecure_secrets_log = cursor.need_arg("a path")?,
            "load" => self.load_folders.extend(cursor.arg_texts()),
            "ca" => {
                let url = cursor.one_arg("the URL of an ACME directory")?;
                set_text(self.acme(&word), "ca", url);
            }
            "ca_root" => {
                let path = cursor.one_arg("the path of a PEM file")?;
                crate::spec::append(self.acme(&word), "trusted_roots_pem_files", vec![path]);
            }
            "eab" => {
                let binding = issuer::acme::account_binding(cursor)?;
                self.acme(&word).insert("external_account", binding);
            }
            "key_type" => self.key_type = cursor.one_arg("a type of key, such as `p256`")?,
            "issuer" => {
                let module = issuer::NAMESPACE.read_arg(cursor)?;
                let version = cursor.version();
                let is_zerossl = module.get("module").and_then(Value::as_str) == Some("zerossl");
                if is_zerossl && !version.has(Change::ZeroSslAsAcme) {
                    return Err(age::not_modelled(&word, version, "the issuer `zerossl`"));
                }
                self.issuers.push(module);
            }
            "get_certificate" => self.managers.push(certificate_manager::NAMESPACE.read_arg(cursor)?),
            "on_demand" => {
                cursor.no_args()?;
                self.on_demand = true;
            }
            "reuse_private_keys" => {
                cursor.no_args()?;
                self.reuse_private_keys = true;
            }
            "renewal_window_ratio" => {
                cursor.one_arg("a number between 0 and 1")?;
                self.renewal_window_ratio = Some(renewal_window_ratio(cursor)?);
            }
            name if dns_challenge::NAMES.contains(&name) => self.dns_challenge(cursor, scope)?,
            "force_automate" => {
                return Err(Fault::new(
                    Code::UNKNOWN_SUBDIRECTIVE,
                    &word,
                    "`force_automate` belongs on the line of `tls`, not in its block",
                )
                .help("write `tls force_automate {`"));
            }
            _ => return Err(cursor.unknown("tls", ROWS.iter().map(|row| &*row.name))),
        }
        Ok(())
    }

    fn finish(self, scope: &mut Scope) -> Parsed<Vec<Lowered>> {
        self.refuse_dns_without_provider(scope)?;
        self.refuse_mixed_issuers()?;
        let mut settings = Vec::new();
        settings.extend(self.load_file.map(TlsSetting::LoadFile));
        if !self.load_folders.is_empty() {
            settings.push(TlsSetting::LoadFolders(self.load_folders));
        }
        let issuers = match &self.acme {
            _ if !self.issuers.is_empty() => self.issuers,
            Some((_, acme)) => issuers::implicit_issuers(scope.options, acme),
            None if self.internal => {
                vec![Fields::from_iter([("module".to_owned(), Value::from("internal"))])]
            }
            None => Vec::new(),
        };
        settings.extend(issuers.into_iter().map(|issuer| TlsSetting::Issuer(Arc::new(issuer))));
        if !self.key_type.is_empty() {
            settings.push(TlsSetting::KeyType(self.key_type));
        }
        let flags = [
            (self.on_demand, TlsSetting::OnDemand),
            (self.reuse_private_keys, TlsSetting::ReusePrivateKeys),
            (self.force_automate, TlsSetting::ForceAutomate),
        ];
        settings.extend(flags.into_iter().filter_map(|(set, setting)| set.then_some(setting)));
        settings.extend(self.managers.into_iter().map(TlsSetting::Manager));
        // A number that is none does not count, as in Caddy.
        let ratio = self.renewal_window_ratio.filter(|ratio| *ratio > 0.0);
        settings.extend(ratio.map(TlsSetting::RenewalWindowRatio));
        // There is always a connection, even one without settings: it turns TLS on for a site without a host.
        settings.push(TlsSetting::Connection(Some(Box::new(self.connection))));
        Ok(settings.into_iter().map(Lowered::Tls).collect())
    }

    fn refuse_mixed_issuers(&self) -> Parsed<()> {
        let place = self.acme.as_ref().map_or(&self.name, |(word, _)| word);
        if !self.issuers.is_empty() && (self.acme.is_some() || self.internal) {
            return Err(conflict::two_issuers(place));
        }
        if self.acme.is_some() && self.internal {
            return Err(conflict::acme_and_internal(place));
        }
        Ok(())
    }
}

/// Sets a text, or takes it away if it is empty.
fn set_text(fields: &mut Fields, key: &str, text: String) {
    crate::spec::put(fields, key, (!text.is_empty()).then(|| Value::from(text)));
}
