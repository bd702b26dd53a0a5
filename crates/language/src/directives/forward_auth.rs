//! `forward_auth`: asks another server whether a request may pass (docs: "`forward_auth`").

use std::collections::BTreeMap;

use super::reverse_proxy::{self, Proxy};
use crate::config::{Fields, Handler, Value, json};
use crate::go::canonical_header;
use crate::lower::{Directive, Scope};
use crate::spec::{Conduct, Cursor, Fault, Guard, Kind, Parsed, Row, Rows, Sign, arguments, join, put};
use crate::version::{Change, Version};

/// The directive.
pub(crate) static DIRECTIVE: Directive = Directive::handler(
    "forward_auth",
    "<upstreams...>",
    "Asks another server whether to allow a request; it has the options of `reverse_proxy` too",
    lower,
)
.rows(&ROWS)
.example("forward_auth authelia:9091 {\n\turi /api/authz/forward-auth\n\tcopy_headers Remote-User\n}")
.makes(&reverse_proxy::HANDLER)
.known_by(&[Sign::Text("/rewrite/method", "GET"), Sign::Number("/handle_response/0/match/status_code/0", 2)])
.conduct(Conduct { guard: Guard::Login, reads_body: true, ..Conduct::NONE });

static ROWS: [Row; OWN.len() + reverse_proxy::ROWS.len()] = join(OWN, reverse_proxy::ROWS);

/// What is not for the proxy.
const OWN: Rows = &[
    Row::new("uri", "<uri>", Kind::Own, "The path and query of the request to that server"),
    Row::new(
        "copy_headers",
        "<fields...>",
        Kind::Own,
        "Copies fields of that server's response to the request; `a>b` renames a field",
    ),
];

#[expect(
    clippy::unnecessary_wraps,
    reason = "the shape of every handler; faults are reported and the rest is read"
)]
fn lower(cursor: &mut Cursor, scope: &mut Scope) -> Parsed<Handler> {
    let name = cursor.word().clone();
    let mut own = Own::default();
    let mut rest = cursor.nested();
    own.take_out(&mut rest, scope);
    if own.uri.is_empty() && !own.is_uri_at_fault {
        scope.report(
            cursor
                .missing(&name, "the line `uri`")
                .help("write the path that the server answers at: `uri /api/verify`"),
        );
    }
    let mut proxy = Proxy::default();
    proxy.request.set("X-Forwarded-Method", "{http.request.method}");
    proxy.request.set("X-Forwarded-Uri", "{http.request.uri}");
    put(&mut proxy.fields, "rewrite/method", Some(Value::from("GET")));
    put(&mut proxy.fields, "rewrite/uri", Some(Value::from(own.uri)));
    proxy.responses.push(pass(&own.headers, scope.state.version()));
    rest.next();
    proxy.read(&mut rest, scope, &DIRECTIVE);
    Ok(Handler::module("reverse_proxy", proxy.finish(scope), name.span))
}

/// What is not for the proxy.
#[derive(Default)]
struct Own {
    uri: String,
    /// Whether there is a line `uri` without a path, which has been reported.
    is_uri_at_fault: bool,
    /// Fields of the answer, and the fields of the request that they go to.
    headers: BTreeMap<String, String>,
}

impl Own {
    /// Reads the own lines, and takes them out of the words. Caddy looks at every word of the outermost block, at
    /// arguments too.
    fn take_out(&mut self, cursor: &mut Cursor, scope: &mut Scope) {
        cursor.reset();
        while cursor.next() {
            while cursor.next_block(0) {
                if cursor.nesting() > 1 {
                    cursor.leave_block();
                    continue;
                }
                let mark = cursor.mark();
                let read = match cursor.text() {
                    "uri" => self.read_uri(cursor),
                    "copy_headers" => self.read_headers(cursor),
                    _ => continue,
                };
                if let Err(fault) = read {
                    scope.report(fault);
                }
                cursor.delete_from(mark);
            }
        }
        cursor.reset();
    }

    fn read_uri(&mut self, cursor: &mut Cursor) -> Parsed<()> {
        let name = cursor.word().clone();
        let uri = cursor.need_arg("a path").inspect_err(|_| self.is_uri_at_fault = true)?;
        if !self.uri.is_empty() && cursor.version().has(Change::ForwardAuthUriOnce) {
            return Err(Fault::repeated(&name, "`uri`"));
        }
        self.uri = uri;
        Ok(())
    }

    fn read_headers(&mut self, cursor: &mut Cursor) -> Parsed<()> {
        let name = cursor.word().clone();
        let mut fields = cursor.arg_texts();
        let (level, before, inline) = (cursor.nesting(), cursor.mark(), fields.len());
        while cursor.next_block(level) {
            fields.push(cursor.owned());
        }
        if fields.len() == inline && cursor.mark() != before {
            return Err(arguments::empty_block(&name));
        }
        if fields.is_empty() {
            return Err(cursor.missing(&name, "the name of a header field"));
        }
        for field in fields {
            let mut parts = field.split('>');
            let from = parts.next().unwrap_or_default();
            self.headers.insert(from.to_owned(), parts.next().unwrap_or(from).to_owned());
        }
        Ok(())
    }
}

/// The same before 2.9.1: all fields are set at once, whether the answer has them or not.
fn pass_all(headers: &BTreeMap<String, String>) -> Fields {
    let set: BTreeMap<String, String> = headers
        .iter()
        .map(|(from, to)| {
            (canonical_header(to), format!("{{http.reverse_proxy.header.{}}}", canonical_header(from)))
        })
        .collect();
    let set: Fields = set.into_iter().map(|(to, placeholder)| (to, json!([placeholder]))).collect();
    let mut request = Fields::new();
    if !set.is_empty() {
        request.insert("set", Value::Object(set));
    }
    let handler_of_fields = json!({ "handler": "headers", "request": Value::Object(request) });
    let mut handler = Fields::new();
    handler.insert("match", json!({ "status_code": json!([2]) }));
    handler.insert("routes", vec![json!({ "handle": json!([handler_of_fields]) })]);
    handler
}

/// What happens to a request that may pass: it goes on to later directives, with the fields of the answer. A field that
/// the answer does not have is removed, so that nobody can bring it along.
fn pass(headers: &BTreeMap<String, String>, version: Version) -> Fields {
    if !version.has(Change::CopyHeadersIfGiven) {
        return pass_all(headers);
    }
    let deletes = version.has(Change::ForwardAuthDeletes);
    // A handler that does nothing, since no routes at all would mean no handler.
    let mut routes = vec![json!({ "handle": json!([json!({ "handler": "vars" })]) })];
    for (from, to) in headers {
        let to = canonical_header(to);
        let placeholder = format!("{{http.reverse_proxy.header.{}}}", canonical_header(from));
        let request = |ops: Value| json!([json!({ "handler": "headers", "request": ops })]);
        if deletes {
            routes.push(json!({ "handle": request(json!({ "delete": json!([&to]) })) }));
        }
        let set: Fields = [(to, json!([&placeholder]))].into_iter().collect();
        let missing: Fields = [(placeholder, json!([""]))].into_iter().collect();
        routes.push(json!({
            "handle": request(json!({ "set": set })),
            "match": json!([json!({ "not": json!([json!({ "vars": missing })]) })]),
        }));
    }
    let mut handler = Fields::new();
    handler.insert("match", json!({ "status_code": json!([2]) }));
    handler.insert("routes", routes);
    handler
}
