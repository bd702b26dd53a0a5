//! `acme_server`: an ACME server of Caddy's own (docs: "`acme_server`").

use crate::config::{Fields, Handler, Route, Value};
use crate::lower::{Directive, Lowered, Scope};
use crate::spec::{
    Answer, Conduct, Cursor, HandlerModule, Kind, Parsed, Raises, Row, Serves, age, put, read_block,
};
use crate::version::Change;
use crate::version::history::{self, Verdict};

/// The directive.
pub(crate) static DIRECTIVE: Directive =
    Directive::config("acme_server", "", "Issues certificates to other machines through ACME", lower)
        .rows(ROWS)
        .example("acme_server")
        .makes(&HANDLER)
        .conduct(Conduct {
            answers: Answer::Sometimes,
            serves: Serves::Own,
            raises: Raises::Seldom,
            ..Conduct::NONE
        });

/// The handler.
pub(super) static HANDLER: HandlerModule =
    HandlerModule { answers: Answer::Sometimes, ..HandlerModule::new("acme_server") };

const ROWS: &[Row] = &[
    Row::new("ca", "<id>", Kind::Text, "The certificate authority that signs; `local` by default"),
    Row::new("lifetime", "<duration>", Kind::Duration, "How long certificates are valid").lenient(),
    Row::new("resolvers", "<address...>", Kind::Custom(resolvers), "The DNS servers to use"),
    Row::new("challenges", "<challenge...>", Kind::AnyTexts, "The challenge types to offer"),
    Row::new("allow_wildcard_names", "", Kind::On, "Issues certificates for wildcards too")
        .at("policy/allow_wildcard_names")
        .lenient(),
    Row::new("allow", "{ ... }", Kind::Custom(rules), "The only names that get certificates"),
    Row::new("deny", "{ ... }", Kind::Custom(rules), "Names that do not get certificates"),
    Row::new("sign_with_root", "", Kind::On, "Signs with the root certificate instead of an intermediate"),
];

/// What `allow` and `deny` list.
const RULES: &[Row] = &[
    Row::new("domains", "<domain...>", Kind::Texts, "Domain names, with or without a wildcard"),
    Row::new("ip_ranges", "<range...>", Kind::Texts, "IP addresses and ranges"),
];

fn lower(cursor: &mut Cursor, scope: &mut Scope) -> Parsed<Vec<Lowered>> {
    let matcher = scope.take_matcher(cursor);
    cursor.next();
    let name = cursor.word().clone();
    cursor.no_args()?;
    let mut fields = Fields::new();
    let mut authority = None;
    let mut rules_read = false;
    let version = cursor.version();
    while cursor.next_block(0) {
        let names_authority = cursor.text() == "ca";
        // Before 2.8.4, most options are passed over.
        if !version.has(Change::AcmeServerOptions) {
            let history = history::find(age::DIRECTIVE, "acme_server", cursor.text());
            let is_row = ROWS.iter().any(|row| row.name == *cursor.text());
            if !is_row || history.is_some_and(|history| history.of(version) != Verdict::Same) {
                continue;
            }
        }
        if rules_read && !version.has(Change::DnsSettingsNeedProvider) {
            return Err(age::not_modelled(cursor.word(), version, "what follows `allow` or `deny`"));
        }
        rules_read = matches!(cursor.text(), "allow" | "deny");
        if cursor.text() == "lifetime" && authority.is_none() && !version.has(Change::UnknownLinesRefused) {
            return Err(age::not_modelled(cursor.word(), version, "`lifetime` without `ca` above it"));
        }
        crate::spec::read_row(cursor, "acme_server", ROWS, &mut fields)?;
        if names_authority {
            authority = Some(fields.get("ca").and_then(Value::as_str).unwrap_or_default().to_owned());
        }
    }
    let handler = Handler::module("acme_server", fields, name.span);
    let mut lowered =
        vec![Lowered::Route(Route { matchers: matcher.into_iter().collect(), ..Route::of(handler) })];
    // The authority must exist, even if no option describes it.
    lowered.extend(authority.map(|id| Lowered::Authority(id, Box::default())));
    Ok(lowered)
}

fn resolvers(cursor: &mut Cursor, fields: &mut Fields) -> Parsed<()> {
    let name = cursor.word().clone();
    let resolvers = cursor.arg_texts();
    if resolvers.is_empty() {
        return Err(cursor.missing(&name, "the address of a DNS server"));
    }
    put(fields, "resolvers", Some(resolvers.into()));
    Ok(())
}

/// A later `allow` or `deny` replaces the earlier one.
fn rules(cursor: &mut Cursor, fields: &mut Fields) -> Parsed<()> {
    let name = cursor.owned();
    let mut rules = Fields::new();
    read_block(cursor, &name, RULES, &mut rules)?;
    put(fields, &format!("policy/{name}"), Some(Value::Object(rules)));
    Ok(())
}
