//! `redir`: redirects (docs: "redir").

use super::respond::{self, weak_status};
use crate::config::{Fields, Handler, json};
use crate::lower::{Directive, Scope};
use crate::source::shown::markup;
use crate::spec::{Answer, Conduct, Cursor, Parsed, Serves, Sign, value};

/// The directive.
pub(crate) static DIRECTIVE: Directive = Directive::handler(
    "redir",
    "<to> [<code>|permanent|temporary|html]",
    "Redirects the client to another URL",
    lower,
)
.example("redir https://example.com{uri} permanent")
.makes(&respond::HANDLER)
.known_by(&[Sign::Has("/headers/Location/0")])
.conduct(Conduct { answers: Answer::Always, serves: Serves::Fixed, ..Conduct::NONE });

fn lower(cursor: &mut Cursor, _scope: &mut Scope) -> Parsed<Handler> {
    let span = cursor.word().span;
    let to = cursor.need_arg("an address to send the client to")?;
    let code = cursor.arg().unwrap_or_default();
    let code = match code.as_str() {
        "permanent" => "301",
        "temporary" | "" => "302",
        "html" => return Ok(Handler::module("static_response", page(&to), span)),
        placeholder if placeholder.starts_with('{') => placeholder,
        number => {
            let valid = crate::go::atoi(number).filter(|code| (300..=399).contains(code) || *code == 401);
            if valid.is_none() {
                return Err(value::redirect(cursor.word()));
            }
            number
        }
    };
    let mut fields = Fields::new();
    fields.insert("headers", json!({ "Location": json!([to]) }));
    fields.insert("status_code", weak_status(code));
    Ok(Handler::module("static_response", fields, span))
}

/// A page that sends browsers on, as Caddy writes it.
fn page(to: &str) -> Fields {
    let to = markup::references(to);
    let body = format!(
        "<!DOCTYPE html>\n<html>\n\t<head>\n\t\t<title>Redirecting...</title>\n\t\t<script>window.location.replace(\"{to}\");</script>\n\t\t\
         <meta http-equiv=\"refresh\" content=\"0; URL='{to}'\">\n\t</head>\n\t<body>Redirecting to <a href=\"{to}\">{to}</a>...</body>\n</html>\n"
    );
    let mut fields = Fields::new();
    fields.insert("body", body);
    fields.insert("headers", json!({ "Content-Type": json!(["text/html; charset=utf-8"]) }));
    fields.insert("status_code", 200);
    fields
}
