//! What `diff` calls formatting only, asked of the real Caddy: for each rule of the normal form two Caddyfiles that answer
//! alike, and beside it two that nearly look so and do not.

use crate::support::answers::{self, Answer, Served};
use crate::support::caddy::compile;

use std::path::Path;

use caddyctl_analysis::diff::{Show, Side, Verdict, compare, format};
use caddyctl_host::Disk;
use caddyctl_language::source::Env;
use serde_json::Value;

const REQUESTS: &[&str] = &[
    "/",
    "/a",
    "/a/x",
    "/A",
    "/b",
    "/b/y",
    "/c",
    "/callback",
    "/auth/callback",
    "/private",
    "/old",
    "POST /a",
    "/nothing",
];

/// Hosts, and what a request may have besides its path.
const HOSTS: &[&str] = &["a.test", "b.test", "x.w.test", "c.test"];
const FIELDS: &[&[&str]] = &[&[], &["Authorization: Basic Ym9iOmhpY2N1cA=="], &["X-Kind: one"]];

/// A password `hiccup`, as `caddy hash-password` writes it.
const HASH: &str = "$2a$14$Zkx19XLiW6VYouLHR5NmfOFU0z2GTNmpkT/5qqR7hx4IjWJPDhjvG";

/// Pairs that answer alike: the rule, the old file, the new file.
const SAME: &[(&str, &str, &str)] = &[
    (
        "sites have no order",
        "http://a.test {\n\trespond a\n}\nhttp://b.test {\n\trespond b\n}\n",
        "http://b.test {\n\trespond b\n}\nhttp://a.test {\n\trespond a\n}\n",
    ),
    (
        "a wildcard comes after its names",
        "http://*.w.test {\n\trespond w\n}\nhttp://x.w.test {\n\trespond x\n}\n",
        "http://x.w.test {\n\trespond x\n}\nhttp://*.w.test {\n\trespond w\n}\n",
    ),
    (
        "hosts of a site have no order",
        "http://a.test, http://b.test {\n\trespond a\n}\n",
        "http://b.test, http://a.test {\n\trespond a\n}\n",
    ),
    (
        "hosts and paths of a matcher have no order and no case",
        "http:// {\n\t@m {\n\t\thost a.test b.test\n\t\tpath /a /b/*\n\t\tmethod GET POST\n\t}\n\trespond @m m\n\trespond no\n}\n",
        "http:// {\n\t@m {\n\t\tmethod POST GET\n\t\tpath /B/* /A\n\t\thost B.test a.test\n\t}\n\trespond @m m\n\trespond no\n}\n",
    ),
    (
        "ranges have no order",
        "http://a.test {\n\t@m remote_ip 10.0.0.0/8 127.0.0.0/8\n\trespond @m near\n\trespond far\n}\n",
        "http://a.test {\n\t@m remote_ip 127.0.0.0/8 10.0.0.0/8\n\trespond @m near\n\trespond far\n}\n",
    ),
    (
        "a handle around everything",
        "http://a.test {\n\theader X-A 1\n\trespond /a one\n\trespond two\n}\n",
        "http://a.test {\n\thandle {\n\t\theader X-A 1\n\t\trespond /a one\n\t\trespond two\n\t}\n}\n",
    ),
    (
        "a route around everything, twice",
        "http://a.test {\n\trewrite /old /a\n\theader X-P {path}\n\trespond /a one\n\trespond two\n}\n",
        "http://a.test {\n\troute {\n\t\troute {\n\t\t\theader X-P {path}\n\t\t\trewrite /old /a\n\t\t\trespond /a one\n\t\t\trespond two\n\t\t}\n\t}\n}\n",
    ),
    (
        "a handle around one answer",
        "http://a.test {\n\trespond /a one\n}\n",
        "http://a.test {\n\thandle /a {\n\t\trespond one\n\t}\n}\n",
    ),
    (
        "handles that answer shut out nothing",
        "http://a.test {\n\trespond /a one\n\trespond /b/* two\n\trespond three\n}\n",
        "http://a.test {\n\thandle /a {\n\t\trespond one\n\t}\n\thandle /b/* {\n\t\trespond two\n\t}\n\thandle {\n\t\trespond three\n\t}\n}\n",
    ),
    (
        "routes that never meet have no order",
        "http://a.test {\n\troute {\n\t\trespond /a 403\n\t\trespond /b 200\n\t\trespond rest\n\t}\n}\n",
        "http://a.test {\n\troute {\n\t\trespond /b 200\n\t\trespond /a 403\n\t\trespond rest\n\t}\n}\n",
    ),
    (
        "different header fields have no order",
        "http://a.test {\n\theader X-A 1\n\theader X-B 2\n\theader -X-C\n\trespond x\n}\n",
        "http://a.test {\n\theader -X-C\n\theader X-B 2\n\theader X-A 1\n\trespond x\n}\n",
    ),
    (
        "a named route is its routes",
        "&(n) {\n\theader X-A 1\n\trespond /a one\n\trespond two\n}\nhttp://a.test {\n\tinvoke n\n}\n",
        "http://a.test {\n\troute {\n\t\theader X-A 1\n\t\trespond /a one\n\t\trespond two\n\t}\n}\n",
    ),
    (
        "accounts have no order",
        "http://a.test {\n\tbasic_auth {\n\t\tbob HASH\n\t\tann HASH\n\t}\n\trespond in\n}\n",
        "http://a.test {\n\tbasic_auth {\n\t\tann HASH\n\t\tbob HASH\n\t}\n\trespond in\n}\n",
    ),
];

/// Pairs that nearly look alike: some request gets another answer.
const DIFFERENT: &[(&str, &str, &str)] = &[
    (
        "a matcher that is asked again after a rewrite, and one that is asked once",
        "http://a.test {\n\t@c path /callback\n\trewrite @c /auth{uri}\n\trespond @c one\n\trespond two\n}\n",
        "http://a.test {\n\t@c path /callback\n\thandle @c {\n\t\trewrite * /auth{uri}\n\t\trespond one\n\t}\n\trespond two\n}\n",
    ),
    (
        "the same without a name",
        "http://a.test {\n\trewrite /a /b\n\trespond /a one\n\trespond two\n}\n",
        "http://a.test {\n\thandle /a {\n\t\trewrite * /b\n\t\trespond one\n\t}\n\trespond two\n}\n",
    ),
    (
        "routes that meet",
        "http://a.test {\n\troute {\n\t\trespond /a* one\n\t\trespond /a/* two\n\t}\n}\n",
        "http://a.test {\n\troute {\n\t\trespond /a/* two\n\t\trespond /a* one\n\t}\n}\n",
    ),
    (
        "handles that pass on shut out the rest",
        "http://a.test {\n\troute {\n\t\theader /a X-A 1\n\t\theader /b X-A 2\n\t\trespond rest\n\t}\n}\n",
        "http://a.test {\n\troute {\n\t\thandle /a {\n\t\t\theader X-A 1\n\t\t}\n\t\thandle {\n\t\t\trespond rest\n\t\t}\n\t}\n}\n",
    ),
    (
        "routes that never meet, until one rewrites",
        "http://a.test {\n\troute {\n\t\turi /a replace /a /b\n\t\turi /b replace /b /c\n\t\trespond {path}\n\t}\n}\n",
        "http://a.test {\n\troute {\n\t\turi /b replace /b /c\n\t\turi /a replace /a /b\n\t\trespond {path}\n\t}\n}\n",
    ),
    (
        "the same header field",
        "http://a.test {\n\troute {\n\t\theader X-A 1\n\t\theader X-A 2\n\t\trespond x\n\t}\n}\n",
        "http://a.test {\n\troute {\n\t\theader X-A 2\n\t\theader X-A 1\n\t\trespond x\n\t}\n}\n",
    ),
    (
        "rewrites in handles, of which only the first runs",
        "http://a.test {\n\troute {\n\t\turi /a replace /a /b\n\t\turi /b replace /b /c\n\t\trespond {path}\n\t}\n}\n",
        "http://a.test {\n\troute {\n\t\thandle /a {\n\t\t\turi replace /a /b\n\t\t}\n\t\thandle /b {\n\t\t\turi replace /b /c\n\t\t}\n\t\trespond {path}\n\t}\n}\n",
    ),
];

fn side(text: &str) -> Side {
    let text = text.replace("HASH", HASH);
    let compilation = compile("Caddyfile", text.as_bytes(), &Env::empty(), &Disk::new(Path::new(".")));
    let faults = format!("{text}\n{:?}", compilation.diagnostics);
    Side::compiled("Caddyfile", compilation).expect(&faults)
}

fn json(text: &str) -> Value {
    answers::compiled(&text.replace("HASH", HASH), &Disk::new(Path::new(".")))
}

/// What both say to each request: the first that is answered in another way.
fn first_difference(served: &Served, pair: usize) -> Option<(String, Answer, Answer)> {
    for host in HOSTS {
        for request in REQUESTS {
            for fields in FIELDS {
                let ask = |number| served.ask(number, host, request, fields);
                let (old, new) = (ask(2 * pair), ask(2 * pair + 1));
                if old != new {
                    return Some((format!("{host} {request} {fields:?}"), old, new));
                }
            }
        }
    }
    None
}

fn served(pairs: &[(&str, &str, &str)]) -> Served {
    let sides = pairs.iter().flat_map(|(_, old, new)| [json(old), json(new)]);
    answers::serve(&sides.collect::<Vec<_>>())
}

#[test]
fn formatting_only_answers_alike() {
    let served = served(SAME);
    for (number, (rule, old, new)) in SAME.iter().enumerate() {
        assert_eq!(first_difference(&served, number), None, "{rule}");
        let report = compare(&side(old), &side(new), Show::default());
        let text = format::text(&report, format::Paint::Plain);
        assert_eq!(report.verdict, Verdict::FormattingOnly, "{rule}:\n{text}");
    }
}

#[test]
fn what_answers_differently_is_no_formatting() {
    let served = served(DIFFERENT);
    for (number, (rule, old, new)) in DIFFERENT.iter().enumerate() {
        assert!(first_difference(&served, number).is_some(), "{rule}: Caddy answers alike");
        for (old, new) in [(old, new), (new, old)] {
            let report = compare(&side(old), &side(new), Show::default());
            let text = format::text(&report, format::Paint::Plain);
            assert_eq!(report.verdict, Verdict::Different, "{rule}:\n{text}");
        }
    }
}

#[test]
fn routes_of_json_in_another_nesting() {
    // A terminal route inside a subroute ends the request, as one outside does.
    let routes = |inner: &str, nested: bool| {
        let rest = r#"{"handle": [{"handler": "static_response", "body": "rest"}]}"#;
        let text = if nested {
            format!(r#"[{{"handle": [{{"handler": "subroute", "routes": [{inner}]}}]}}, {rest}]"#)
        } else {
            format!("[{inner}, {rest}]")
        };
        let routes: Value = serde_json::from_str(&text).unwrap();
        serde_json::json!({"apps": {"http": {"servers": {"s": {"listen": [":80"], "routes": routes}}}}})
    };
    let header =
        |value: u32| format!(r#"{{"handler": "headers", "response": {{"set": {{"X-A": ["{value}"]}}}}}}"#);
    let inner =
        [format!(r#"{{"match": [{{"path": ["/a"]}}], "terminal": true, "handle": [{}]}}"#, header(1))];
    let configs: Vec<Value> =
        inner.iter().flat_map(|inner| [routes(inner, false), routes(inner, true)]).collect();
    let served = answers::serve(&configs);
    for (pair, inner) in inner.iter().enumerate() {
        assert_eq!(first_difference(&served, pair), None, "{inner}");
        let [old, new] = [2 * pair, 2 * pair + 1].map(|number| Side::json("x", configs[number].clone()));
        let report = compare(&old, &new, Show::default());
        assert_ne!(report.verdict, Verdict::Different, "{}", format::text(&report, format::Paint::Plain));
    }
}
