//! The numbers, workers and routes of `FrankenPHP`.

use std::collections::BTreeSet;

use crate::config::{Fields, Handler, MatcherSet, Route, Value, json};
use crate::lower::{Lowered, Scope};
use crate::plugins::definition::Row;
use crate::plugins::interpret::{Draft, Ordered, encoded_again};
use crate::source::Span;
use crate::spec::{Cursor, Fault, Parsed, not_a, value};
use crate::syntax::Word;

/// What is watched where `watch` names nothing.
const WATCHED: &str = "./**/*.{env,php,twig,yaml,yml}";

/// What every path is a placeholder for here.
const PATH: &str = "{http.request.uri.path}";

/// The second value of `worker`: how many threads it has, or `watch`.
pub(super) fn worker_number(row: &Row, cursor: &mut Cursor, draft: &mut Draft) -> Parsed<()> {
    if !cursor.next_arg() {
        return Ok(());
    }
    if cursor.text() == "watch" {
        draft.push("watch", WATCHED.into());
        return Ok(());
    }
    let text = cursor.text();
    let number: Option<i64> =
        text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten();
    let Some(number) = number else { return Err(not_a(cursor, "a whole number or `watch`", "4")) };
    draft.set(&row.to, number);
    Ok(())
}

fn field<'f>(fields: &'f Ordered, name: &str) -> Option<&'f Value> {
    fields.iter().find(|(key, _)| key == name).map(|(_, value)| value)
}

/// No two workers have one file, unless the earlier one has paths of its own.
fn check_workers(fields: &Ordered, name: &Word) -> Parsed<()> {
    let mut files = BTreeSet::new();
    for worker in field(fields, "workers").and_then(Value::as_array).into_iter().flatten() {
        let Value::Ordered(worker) = worker else { continue };
        let worker = worker.to_vec();
        let Some(file) = field(&worker, "file_name").and_then(Value::as_str) else { continue };
        if files.contains(file) {
            return Err(Fault::repeated(name, format!("the worker `{file}`")));
        }
        if field(&worker, "match_path").is_none() {
            files.insert(file.to_owned());
        }
    }
    Ok(())
}

/// The last step of the global option.
pub(super) fn app(fields: Ordered, name: &Word) -> Parsed<Ordered> {
    let number = |key: &str| field(&fields, key).and_then(Value::as_i64).unwrap_or_default();
    let (least, most) = (number("num_threads"), number("max_threads"));
    if least > 0 && most > 0 && most < least {
        return Err(value::threads(name));
    }
    check_workers(&fields, name)?;
    Ok(fields)
}

/// The `php` handler with the number that it has in the file.
fn php(mut fields: Fields, scope: &mut Scope, span: Span) -> Handler {
    let number = scope.state.next_number("php");
    fields.insert("server_index", Value::from(number));
    Handler::module("php", fields, span)
}

/// The last step of `php`.
pub(super) fn php_number(
    fields: Ordered,
    matcher: Option<MatcherSet>,
    scope: &mut Scope,
    name: &Word,
) -> Parsed<Vec<Lowered>> {
    check_workers(&fields, name)?;
    let handler = php(encoded_again(fields), scope, name.span);
    Ok(vec![Lowered::Route(Route { matchers: matcher.into_iter().collect(), ..Route::of(handler) })])
}

/// The last step of `php_server`: its routes.
pub(super) fn php_server_routes(
    fields: Ordered,
    matcher: Option<MatcherSet>,
    scope: &mut Scope,
    name: &Word,
) -> Parsed<Vec<Lowered>> {
    check_workers(&fields, name)?;
    let span = name.span;
    let mut fields = encoded_again(fields);
    let mut take = |key: &str| fields.remove(key);
    let index = take("index");
    let try_files = take("try_files");
    let serves_files = take("file_server").is_none();
    let server = Server {
        index: index.as_ref().and_then(Value::as_str).unwrap_or("index.php").to_owned(),
        try_files: texts(try_files.as_ref()),
        serves_files,
        root: fields.get("root").cloned(),
        extensions: match fields.get("split_path") {
            Some(extensions) => texts(Some(extensions)),
            None => vec![".php".to_owned()],
        },
        span,
    };
    fields.insert("split_path", server.extensions.as_slice());
    let workers = fields.get("workers").and_then(Value::as_array).unwrap_or_default();
    let paths: Vec<String> = workers.iter().flat_map(|worker| texts(worker.get("match_path"))).collect();
    let handler = php(fields, scope, span);
    let routes = server.routes(&paths, &handler);
    Ok(vec![match matcher {
        Some(matcher) => {
            Lowered::Route(Route { matchers: vec![matcher], ..Route::of(Handler::subroute(routes, span)) })
        }
        None => Lowered::Routes(routes),
    }])
}

fn texts(value: Option<&Value>) -> Vec<String> {
    let list = value.and_then(Value::as_array).into_iter().flatten();
    list.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// The settings of `php_server` that make routes.
struct Server {
    index: String,
    try_files: Vec<String>,
    serves_files: bool,
    root: Option<Value>,
    extensions: Vec<String>,
    span: Span,
}

impl Server {
    fn routes(&self, worker_paths: &[String], handler: &Handler) -> Vec<Route> {
        let mut routes = Vec::new();
        if !worker_paths.is_empty() {
            if self.serves_files {
                let mut matcher = MatcherSet::of("file", self.file(&[PATH.to_owned()]).into());
                matcher.insert("not", json!([json!({ "path": json!(["*.php"]) })]));
                routes.push(Route { matchers: vec![matcher], ..Route::of(self.file_server()) });
            }
            let matcher = MatcherSet::of("path", Value::from(worker_paths));
            routes.push(Route { matchers: vec![matcher], ..Route::of(handler.clone()) });
        }
        if self.index != "off" {
            self.index_routes(&mut routes);
        }
        let paths = self.extensions.iter().flat_map(|end| [format!("*{end}"), format!("*{end}/*")]);
        let matcher = MatcherSet::of("path", Value::from(paths.collect::<Vec<_>>()));
        routes.push(Route { matchers: vec![matcher], ..Route::of(handler.clone()) });
        if self.serves_files {
            routes.push(Route::of(self.file_server()));
        }
        routes
    }

    /// The redirect of folders to their slash, and the rewrite to a file that exists or to the index.
    fn index_routes(&self, routes: &mut Vec<Route>) {
        let folder_index = format!("{PATH}/{}", self.index);
        let (files, redirects, falls_back) = if self.try_files.is_empty() {
            let mut files = vec![folder_index.clone(), self.index.clone()];
            if self.serves_files {
                files.insert(0, PATH.to_owned());
            }
            (files, true, true)
        } else {
            let falls_back = self.try_files.last().is_some_and(|last| last.strip_suffix(".php").is_some());
            (self.try_files.clone(), self.try_files.contains(&folder_index), falls_back)
        };
        if redirects {
            let mut matcher = MatcherSet::of("file", self.file(&[folder_index]).into());
            matcher.insert("not", json!([json!({ "path": json!(["*/"]) })]));
            let to = json!({ "Location": json!(["{http.request.orig_uri.path}/"]) });
            let answer = Fields::from_iter([("headers", to), ("status_code", Value::from(308))]);
            let answer = Handler::module("static_response", answer, self.span);
            routes.push(Route { matchers: vec![matcher], ..Route::of(answer) });
        }
        let mut file = self.file(&files);
        file.insert("split_path", self.extensions.as_slice());
        if falls_back {
            file.insert("try_policy", "first_exist_fallback");
        }
        let to = "{http.matchers.file.relative}{http.matchers.file.remainder}";
        let rewrite = Handler::module("rewrite", Fields::from_iter([("uri", to)]), self.span);
        let matcher = MatcherSet::of("file", file.into());
        routes.push(Route { matchers: vec![matcher], ..Route::of(rewrite) });
    }

    fn file(&self, files: &[String]) -> Fields {
        let mut file = Fields::new();
        file.insert("try_files", files);
        if let Some(root) = &self.root {
            file.insert("root", root.clone());
        }
        file
    }

    fn file_server(&self) -> Handler {
        let mut fields = Fields::new();
        if let Some(root) = &self.root {
            fields.insert("root", root.clone());
        }
        Handler::module("file_server", fields, self.span)
    }
}
