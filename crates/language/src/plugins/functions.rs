//! What no table says: small functions that definitions of the program name. One file for each plugin.

mod cache;
mod crowdsec;
mod dynamic_dns;
mod frankenphp;
mod jwt;
mod realip;
mod route53;
mod s3;

use super::definition::Row;
use super::function::{Function, Step};
use super::interpret::{Context, Draft, Ordered, Table};
use crate::config::{MatcherSet, Value};
use crate::lower::{Lowered, Scope};
use crate::spec::{Cursor, Fault, Parsed, not_a};
use crate::syntax::Word;

/// The functions, for the interpreter.
pub(super) static TABLE: Table = Table { kind, zero, not_of, row };

/// The value of a word.
fn kind(function: Function, text: &str) -> Option<Value> {
    match function {
        Function::UrlWithSlash => crowdsec::url_with_slash(text),
        Function::GoDurationOrSeconds => route53::duration_or_seconds(text),
        Function::SmallLetters => Some(Value::from(text.to_lowercase())),
        Function::S3Host => s3::host(text),
        Function::RealipFrom
        | Function::IpVersions
        | Function::JwtMetaClaims
        | Function::WorkerNumber
        | Function::CacheSettings => None,
    }
}

/// What Go writes where nothing has been set.
fn zero(function: Function) -> Value {
    match function {
        Function::UrlWithSlash | Function::SmallLetters | Function::S3Host => Value::from(""),
        Function::GoDurationOrSeconds | Function::WorkerNumber => Value::from(0),
        Function::RealipFrom | Function::IpVersions | Function::JwtMetaClaims | Function::CacheSettings => {
            Value::Null
        }
    }
}

/// The fault of the current word, of which a function made nothing.
pub(super) fn not_of(function: Function, cursor: &Cursor) -> Fault {
    match function {
        Function::UrlWithSlash => not_a(cursor, "an address with a scheme", "http://127.0.0.1:8080"),
        Function::GoDurationOrSeconds => not_a(cursor, "a duration or a number of seconds", "90s"),
        Function::IpVersions => not_a(cursor, "a version of IP", "ipv4"),
        Function::JwtMetaClaims => not_a(cursor, "a claim", "claim -> name"),
        Function::S3Host => not_a(cursor, "a host without a scheme", "s3.example.com"),
        Function::WorkerNumber => not_a(cursor, "a whole number or `watch`", "4"),
        Function::SmallLetters | Function::CacheSettings => not_a(cursor, "a text", "/path"),
        Function::RealipFrom => {
            not_a(cursor, "an IP network or the name of a list of them", "10.0.0.0/8` or `cloudflare")
        }
    }
}

/// Reads a line.
fn row(
    function: Function,
    row: &Row,
    context: Context,
    cursor: &mut Cursor,
    draft: &mut Draft,
) -> Parsed<()> {
    match function {
        Function::RealipFrom => realip::from(cursor, draft),
        Function::IpVersions => dynamic_dns::versions(row, cursor, draft),
        Function::JwtMetaClaims => jwt::meta_claims(row, cursor, draft),
        Function::WorkerNumber => frankenphp::worker_number(row, cursor, draft),
        Function::CacheSettings => cache::settings(row, context, cursor, draft),
        Function::UrlWithSlash
        | Function::GoDurationOrSeconds
        | Function::SmallLetters
        | Function::S3Host => Ok(()),
    }
}

/// The last step of an object; `None` where Go writes `null`.
pub(super) fn fields(step: Step, fields: Ordered, name: &Word) -> Parsed<Option<Ordered>> {
    match step {
        Step::FrankenphpApp => frankenphp::app(fields, name).map(Some),
        Step::CacheApp => cache::app(fields, name),
        Step::PhpNumber | Step::PhpServerRoutes | Step::CacheHandler => Ok(Some(fields)),
    }
}

/// The last step of a directive that makes more than one handler of its fields; `None` if it has no such step.
pub(super) fn routes(
    step: Step,
    fields: &Ordered,
    matcher: Option<&MatcherSet>,
    scope: &mut Scope,
    cursor: &Cursor,
    name: &Word,
) -> Option<Parsed<Vec<Lowered>>> {
    match step {
        Step::CacheHandler => Some(cache::handler(fields.clone(), matcher.cloned(), cursor, name)),
        Step::PhpNumber => Some(frankenphp::php_number(fields.clone(), matcher.cloned(), scope, name)),
        Step::PhpServerRoutes => {
            Some(frankenphp::php_server_routes(fields.clone(), matcher.cloned(), scope, name))
        }
        Step::FrankenphpApp | Step::CacheApp => None,
    }
}
