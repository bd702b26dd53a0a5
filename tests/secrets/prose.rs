//! Sentences of reports keep their words, whatever the values of variables are.

use super::output::{BASE, folder, run};

const TEXT: &str = r#"{$SITE} {
	respond /x {$VERB}
	respond /y "{$ON}"
	@m path {$PATH}
	respond @m {$CODE}
	@h header {$NAME} {$AND}
	respond @h hi
	header {$SET} {$DELETE}
	handle_path {$CUT} {
		respond x
	}
	reverse_proxy {$PREFIX} a:1
	uri strip_prefix {$STRIP}
	vars {$VARS} {$ROUTE}
}
"#;

const ENVIRONMENT: &[(&str, &str)] = &[
    ("SITE", "http://site"),
    ("VERB", "respond"),
    ("ON", "on"),
    ("PATH", "/path"),
    ("CODE", "404"),
    ("NAME", "header"),
    ("AND", "and"),
    ("SET", "set"),
    ("DELETE", "delete"),
    ("CUT", "/also*"),
    ("PREFIX", "/ab*"),
    ("STRIP", "/this"),
    ("VARS", "is"),
    ("ROUTE", "route"),
];

#[test]
fn sentences_keep_their_words() {
    let folder = folder(&[("Caddyfile", TEXT), ("base", BASE)]);
    let found = run(folder.path(), ENVIRONMENT, "validate --preset strict --format concise");
    for sentence in [
        "warning[C007]: `handle_path {$CUT}` cuts inside a segment of longer paths too",
        "note[C006]: `{$PREFIX}` also matches longer names that begin with it",
        "note[C007]: this also turns `{$STRIP}xyz` into `/xyz`",
    ] {
        assert!(found.contains(sentence), "{sentence}\n{found}");
    }
    let routes = run(folder.path(), ENVIRONMENT, "routes");
    for line in [
        "respond {$VERB} ",
        "respond {$ON} ",
        "{$PATH} ",
        "respond {$CODE} ",
        "header {$NAME}={$AND} ",
        "header {$SET} ",
        "uri strip_prefix {$STRIP} ",
        "vars {$VARS}={$ROUTE} ",
    ] {
        assert!(routes.contains(line), "{line}\n{routes}");
    }
    let diff = run(folder.path(), ENVIRONMENT, "diff base Caddyfile");
    for line in [
        "site http://{$SITE} added",
        "respond {$VERB} ",
        "header {$NAME}={$AND}: respond hi",
        "/y: respond {$ON} ",
    ] {
        assert!(diff.contains(line), "{line}\n{diff}");
    }
}
