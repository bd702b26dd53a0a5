//! `php_fastcgi`: PHP through `FastCGI`, with a front controller (docs: "`php_fastcgi`").

use super::reverse_proxy::{self, Proxy};
use crate::config::{Fields, Handler, MatcherSet, Route, Value, json};
use crate::lower::{Directive, Lowered, Scope};
use crate::modules::transport::fastcgi;
use crate::source::Span;
use crate::spec::{
    Answer, Conduct, Cursor, Kind, Parsed, Raises, Row, Rows, Serves, Sign, join, put, read_row,
};
use crate::version::{Change, Version};

/// The directive.
pub(crate) static DIRECTIVE: Directive = Directive::config(
    "php_fastcgi",
    "<upstreams...>",
    "Serves a PHP site through FastCGI; it has the options of `reverse_proxy` too",
    lower,
)
.rows(&ROWS)
.example("php_fastcgi unix//run/php/php-fpm.sock")
.apart()
.makes(&reverse_proxy::HANDLER)
.known_by(&[Sign::Text("/transport/protocol", "fastcgi")])
.conduct(Conduct {
    answers: Answer::Sometimes,
    serves: Serves::Program,
    raises: Raises::Often,
    reads_body: true,
    ..Conduct::NONE
});

static ROWS: [Row; OWN.len() + reverse_proxy::ROWS.len()] = join(OWN, reverse_proxy::ROWS);

/// What is not for the proxy.
const OWN: Rows = &[
    Row::new("root", "<path>", Kind::Own, "The folder of the site, as PHP sees it"),
    Row::new("split", "<extensions...>", Kind::Own, "The extension of PHP files; `.php` by default"),
    Row::new("env", "<key> <value>", Kind::Own, "Sets a FastCGI variable"),
    Row::new(
        "index",
        "<file>|off",
        Kind::Own,
        "The PHP file for requests without a file; `index.php` by default",
    ),
    Row::new("try_files", "<files...>", Kind::Own, "The files to try, in this order"),
    Row::new(
        "resolve_root_symlink",
        "",
        Kind::Own,
        "Passes the target of `root` to the server if `root` is a symbolic link",
    ),
    Row::new("dial_timeout", "<duration>", Kind::Own, "The time limit for connecting"),
    Row::new("read_timeout", "<duration>", Kind::Own, "The time limit for reading"),
    Row::new("write_timeout", "<duration>", Kind::Own, "The time limit for writing"),
    Row::new("capture_stderr", "", Kind::Own, "Logs what PHP writes to its error output"),
];

/// What every path is a placeholder for here.
const PATH: &str = "{http.request.uri.path}";

#[expect(clippy::unnecessary_wraps, reason = "the shape of every directive; faults go to the scope")]
fn lower(cursor: &mut Cursor, scope: &mut Scope) -> Parsed<Vec<Lowered>> {
    let matcher = scope.take_matcher(cursor);
    cursor.next();
    let span = cursor.word().span;
    let mut rest = cursor.nested();
    let mut own = Own::default();
    own.take_out(&mut rest, scope);

    let mut routes = own.index_routes(span, scope.state.version());
    let mut proxy = Proxy::default();
    own.transport.insert("protocol", "fastcgi");
    own.transport.insert("split_path", own.extensions.as_slice());
    put(&mut proxy.fields, "transport", Some(Value::Object(own.transport)));
    rest.next();
    proxy.read(&mut rest, scope, &DIRECTIVE);
    let paths: Vec<_> = own.extensions.iter().map(|extension| format!("*{extension}")).collect();
    routes.push(Route {
        matchers: vec![MatcherSet::of("path", Value::from(paths))],
        ..Route::of(Handler::module("reverse_proxy", proxy.finish(scope), span))
    });

    Ok(vec![match matcher {
        Some(matcher) => {
            let handler = Handler::subroute(routes, span);
            Lowered::Route(Route { matchers: vec![matcher], ..Route::of(handler) })
        }
        None => Lowered::Routes(routes),
    }])
}

/// What is not for the proxy.
struct Own {
    transport: Fields,
    extensions: Vec<String>,
    index: String,
    try_files: Vec<String>,
}

impl Default for Own {
    fn default() -> Self {
        Self {
            transport: Fields::new(),
            extensions: vec![".php".to_owned()],
            index: "index.php".to_owned(),
            try_files: Vec::new(),
        }
    }
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
                if !OWN.iter().any(|row| row.name == cursor.text()) {
                    continue;
                }
                let mark = cursor.mark();
                if let Err(fault) = self.read(cursor) {
                    scope.report(fault);
                }
                cursor.delete_from(mark);
            }
        }
        cursor.reset();
    }

    fn read(&mut self, cursor: &mut Cursor) -> Parsed<()> {
        let name = cursor.word().clone();
        match name.text.as_str() {
            "split" => {
                let extensions = cursor.arg_texts();
                if extensions.is_empty() {
                    return Err(cursor.missing(&name, "an extension, such as `.php`"));
                }
                self.extensions = extensions;
            }
            "index" => self.index = cursor.one_arg("one file, or `off`")?,
            "try_files" => {
                let files = cursor.arg_texts();
                if files.is_empty() {
                    return Err(cursor.missing(&name, "at least one file"));
                }
                self.try_files = files;
            }
            // Caddy passes over whatever stands behind these two.
            "resolve_root_symlink" | "capture_stderr" => {
                cursor.args();
                put(&mut self.transport, &name.text, Some(Value::Bool(true)));
            }
            _ => read_row(cursor, "php_fastcgi", &fastcgi::MODULE.rows, &mut self.transport)?,
        }
        Ok(())
    }

    /// The redirect of folders to their slash, and the rewrite to a file that exists or to the index.
    fn index_routes(&self, span: Span, version: Version) -> Vec<Route> {
        if self.index == "off" {
            return Vec::new();
        }
        let folder_index = format!("{PATH}/{}", self.index);
        let mut file = Fields::new();
        let (files, redirects, fallback) = if self.try_files.is_empty() {
            (vec![PATH.to_owned(), folder_index.clone(), self.index.clone()], true, true)
        } else {
            // Only a PHP file can answer for whatever does not exist.
            let fallback = self.try_files.last().is_some_and(|last| last.strip_suffix(".php").is_some());
            (self.try_files.clone(), self.try_files.contains(&folder_index), fallback)
        };
        // Before 2.9.1, there is no policy, and always a redirect.
        let chooses = version.has(Change::PhpTryPolicy);
        let (redirects, fallback) = (redirects || !chooses, fallback && chooses);
        file.insert("split_path", self.extensions.as_slice());
        file.insert("try_files", files);
        if fallback {
            file.insert("try_policy", "first_exist_fallback");
        }
        let mut routes = Vec::new();
        if redirects {
            routes.push(redirect(&folder_index, span, version));
        }
        let rewrite = json!({"uri": "{http.matchers.file.relative}"});
        routes.push(route(MatcherSet::of("file", Value::Object(file)), "rewrite", rewrite, span));
        routes
    }
}

fn redirect(folder_index: &str, span: Span, version: Version) -> Route {
    let mut matcher = MatcherSet::of("file", json!({ "try_files": json!([folder_index]) }));
    matcher.insert("not", json!([json!({ "path": json!(["*/"]) })]));
    let to = if !version.has(Change::PhpTryPolicy) {
        "{http.request.orig_uri.path}/"
    } else if version.has(Change::PhpRelativeRedirect) {
        "./{http.request.orig_uri.path.file_escaped}/{http.request.orig_uri.prefixed_query}"
    } else {
        "{http.request.orig_uri.path}/{http.request.orig_uri.prefixed_query}"
    };
    let answer = json!({ "headers": json!({ "Location": json!([to]) }), "status_code": 308 });
    route(matcher, "static_response", answer, span)
}

fn route(matcher: MatcherSet, handler: &str, fields: Value, span: Span) -> Route {
    let fields = if let Value::Object(fields) = fields { fields } else { Fields::new() };
    Route { matchers: vec![matcher], ..Route::of(Handler::module(handler, fields, span)) }
}
