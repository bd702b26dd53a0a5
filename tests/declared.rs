//! A directive that is declared while the program runs is parsed, explained, completed and found by rules as those of the stock
//! build are. Its declaration is made of text.

use std::sync::Arc;

use caddyctl_analysis::editor;
use caddyctl_analysis::lint;
use caddyctl_language::compile::{Compilation, compile_with};
use caddyctl_language::lower::{At, Directive, Registry};
use caddyctl_language::source::{Env, Memory};
use caddyctl_language::spec::{Answer, Kind, List, Row, Serves, Text};
use caddyctl_language::{directives, reference};

/// A directive, as a file might declare it.
const FILE: &str = "\
directive rate_limit: Limits how many requests a client may make
row zone <name>: text: The name of the zone
row events <number>: integer: How many requests are let through
row window <duration>: duration: The time that they are counted in
row policy drop|wait: word drop|wait: What becomes of the others
";

/// Reads a declaration. What it is made of does not outlive this function.
fn declared(file: &str) -> Directive {
    let (mut head, mut rows) = (None, Vec::new());
    for line in file.lines() {
        let mut parts = line.split(": ");
        let mut words = parts.next().unwrap().splitn(3, ' ');
        let (what, name, args) = (words.next().unwrap(), words.next().unwrap(), words.next().unwrap_or(""));
        if what == "directive" {
            head = Some((owned(name), owned(args), owned(parts.next().unwrap())));
            continue;
        }
        let kind = match parts.next().unwrap() {
            "text" => Kind::Text,
            "integer" => Kind::Integer,
            "duration" => Kind::Duration,
            words => {
                Kind::Word(words.trim_start_matches("word ").split('|').map(owned).collect::<Vec<_>>().into())
            }
        };
        let row = Row::declared(owned(name), owned(args), kind, owned(parts.next().unwrap()));
        rows.push(if name == "zone" { row.once() } else { row });
    }
    let (name, args, doc) = head.unwrap();
    let mut directive = Directive::table(name, args, doc);
    directive.rows = List::from(rows);
    directive
}

fn owned(text: &str) -> Text {
    Text::Shared(text.into())
}

fn registry() -> Arc<Registry> {
    let stock = Registry::clone(directives::stock());
    Arc::new(stock.with(Arc::new(declared(FILE)), At::Before("basic_auth")))
}

fn compiled(text: &str) -> Compilation {
    compile_with(&registry(), "Caddyfile", text.as_bytes(), &Env::empty(), &Memory::new("/srv"))
}

fn handlers(text: &str) -> String {
    let found = compiled(text);
    let config = found.value().unwrap_or_else(|| panic!("{:?}", found.diagnostics));
    config.pointer("/apps/http/servers/srv0/routes/0/handle").unwrap().to_string()
}

#[test]
fn it_is_parsed_by_its_rows_and_has_a_place_in_the_order() {
    let text = ":80 {
\tbasic_auth {
\t\tbob $2a$14$Zkx19XLiW6VYouLHR5NmfOFU0z2GTNmpkT/5qqR7hx4IjWJPDhjvG
\t}
\trate_limit {
\t\tzone a
\t\tevents 3
\t\twindow 1m
\t\tpolicy drop
\t}
}
";
    let limit = r#"[{"events":3,"handler":"rate_limit","policy":"drop","window":60000000000,"zone":"a"},"#;
    assert!(handlers(text).starts_with(limit), "{}", handlers(text));
}

#[test]
fn its_faults_are_reported_with_what_it_has() {
    for (line, message) in [
        ("zonee a", "`zonee`"),
        ("events many", "`many` is not a whole number"),
        ("window 1", "`1` is not a duration"),
        ("policy wat", "`wat` is not one of `drop` and `wait`"),
        ("zone a\n\t\tzone b", "`zone` is given twice"),
    ] {
        let found = compiled(&format!(":80 {{\n\trate_limit {{\n\t\t{line}\n\t}}\n}}\n"));
        let messages: Vec<&str> = found.diagnostics.iter().map(|found| found.message.as_str()).collect();
        assert!(messages.iter().any(|found| found.contains(message)), "{line}: {messages:?}");
    }
    let found = compiled(":80 {\n\trate_limitt\n}\n");
    assert!(
        found.diagnostics[0].helps.iter().any(|help| help.contains("rate_limit")),
        "{:?}",
        found.diagnostics
    );
}

#[test]
fn it_has_a_page_and_completions() {
    let registry = registry();
    assert_eq!(
        reference::page(&registry, "rate_limit").unwrap(),
        "\
# rate_limit: directive

Limits how many requests a client may make.

    rate_limit [<matcher>] { zone <name>  events <number>  window <duration>  policy drop|wait }

It runs after `basicauth` and before `basic_auth`, wherever you write it. The global option `order` changes this.

## In its block

    zone <name>
        The name of the zone
    events <number>
        How many requests are let through
    window <duration>
        The time that they are counted in
    policy drop|wait
        What becomes of the others
            drop | wait
"
    );
    let text = ":80 {\n\trate_limit {\n\t\tpolicy \n\t}\n}\n";
    let offered = |offset| -> Vec<String> {
        editor::complete(&registry, text, offset, &[]).into_iter().map(|offer| offer.text).collect()
    };
    assert!(offered(text.find("rate_limit").unwrap()).contains(&"rate_limit".to_owned()));
    assert_eq!(offered(text.find("policy").unwrap()), ["zone", "events", "window", "policy", "import"]);
    assert_eq!(offered(text.find("policy").unwrap() + "policy ".len()), ["drop", "wait"]);
    let hover = editor::hover(&registry, text, text.find("rate_limit").unwrap()).unwrap();
    assert!(hover.text.starts_with("# rate_limit: directive"), "{}", hover.text);
}

#[test]
fn rules_ask_what_it_does() {
    let mut directive = declared(FILE);
    directive.conduct.answers = Answer::Always;
    directive.conduct.serves = Serves::Own;
    let stock = Registry::clone(directives::stock());
    let registry = Arc::new(stock.with(Arc::new(directive), At::Before("respond")));
    let text = ":80 {\n\trate_limit\n\trespond hi\n}\n";
    let found = compile_with(&registry, "Caddyfile", text.as_bytes(), &Env::empty(), &Memory::new("/srv"));
    let rules: Vec<&str> = lint::lint(&found, |_| true).iter().map(|found| found.code.name).collect();
    assert_eq!(rules, ["unreachable-handler"]);
}
