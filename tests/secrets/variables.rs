//! Values of the environment are in no report.

use std::fmt::Write as _;

use super::output::{BASE, everything, folder, run};

const VARIABLES: &str = r#"{
	email {$EMAIL}
	grace_period {$GRACE}
	log {
		output file /var/log/{$LOG}/access.log
	}
}

(snippet) {
	header X-Arg {args[0]}
	respond /arg {args[0]}
}

{$DOMAIN}:{$PORT} {
	respond /whole "{$PASSWORD}"
	respond /joined "a{$PASSWORD}b" {$CODE}
	respond /short "{$PIN}"
	respond /long "{$LONG}"
	root * /srv/{$FOLDER}
	header X-Value {$VALUE}
	header {$NAME} on
	header X-Other "one {$VALUE} two"
	request_header X-Up {$VALUE}
	@m path /{$PREFIX}/* {$PATH}
	handle @m {
		reverse_proxy {$UPSTREAM}
	}
	handle /back {
		reverse_proxy {$HOST}:{$BACK}
	}
	@e expression `{header.X-A} == "{$VALUE}"`
	redir @e https://{$TARGET}/x{uri}
	rewrite /r /{$PREFIX}?q={$VALUE}
	reverse_proxy /p/* https://{$HOST} {
		header_up X-K {$VALUE}
		transport http {
			dial_timeout {$DIAL}
		}
	}
	request_body {
		max_size {$SIZE}
	}
	import snippet {$ARG}
	{$LINE}
	tls {$CERT} {$KEY}
	basic_auth /b/* {
		{$USER} {$HASH}
	}
	php_fastcgi /php/* {$HOST}:9000 {
		env SECRET {$VALUE}
	}
}
"#;

const ENVIRONMENT: &[(&str, &str)] = &[
    ("EMAIL", "mark-mail@mark.example"),
    ("GRACE", "17m"),
    ("LOG", "marklog"),
    ("DOMAIN", "Mark-Domain.Example"),
    ("PORT", "48443"),
    ("PASSWORD", "markpass1"),
    ("CODE", "418"),
    ("PIN", "4711"),
    ("LONG", "marklong0 marklong1 marklong2 marklong3 marklong4 marklong5 marklong6 marklong7"),
    ("FOLDER", "markfolder"),
    ("VALUE", "Mark-Value"),
    ("NAME", "X-Mark-Name"),
    ("PREFIX", "markprefix"),
    ("PATH", "/MarkPath/*"),
    ("UPSTREAM", "http://markup.internal:18080"),
    ("HOST", "markhost"),
    ("BACK", "18081"),
    ("TARGET", "marktarget.example"),
    ("DIAL", "7331ms"),
    ("SIZE", "7331KB"),
    ("ARG", "markarg"),
    ("LINE", "header X-Line markline"),
    ("CERT", "/etc/markcert.pem"),
    ("KEY", "/etc/markkey.pem"),
    ("USER", "markuser"),
    ("HASH", "$2a$14$markhashmarkhashmarkhashmarkhashmarkhashmarkhashmar"),
];

#[test]
fn values_of_the_environment_are_shown_as_their_variables() {
    let other = VARIABLES.replace("/short", "/shorter").replace("one {$VALUE}", "two {$VALUE}");
    let faulty = VARIABLES
        .replace("respond /whole", "respnd /whole")
        .replace("reverse_proxy {$UPSTREAM}", "reverse_proxy {$UPSTREAM}/path");
    let files = [("Caddyfile", VARIABLES), ("base", BASE), ("other", &other), ("faulty", &faulty)];
    let folder = folder(&files);
    let mut shown = String::new();
    for (args, printed) in everything(folder.path(), ENVIRONMENT) {
        let plain = printed.to_lowercase().replace("format markdown", "").replace("markup", "MARKUP");
        for (number, line) in plain.lines().enumerate() {
            // Numbers are looked for as words: hashes and offsets have digits too.
            let numbers =
                ["48443", "4711", "18080", "18081", "7331", "1020000000000", "7331000000", "17m", "7331kb"];
            let has_number =
                line.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| numbers.contains(&word));
            let has_mark = [
                "mark-",
                "marklo",
                "markpa",
                "markfo",
                "x-mark",
                "markpr",
                "MARKUP.int",
                "markho",
                "markta",
                "markar",
                "markli",
                "markce",
                "markke",
                "markus",
                "markha",
            ]
            .iter()
            .any(|mark| line.contains(mark));
            if has_mark || (has_number && !args.contains("lsp") && !args.contains("sarif")) {
                let _ = writeln!(shown, "{args}: {number}: {}", line.chars().take(200).collect::<String>());
            }
        }
        assert!(!printed.contains("panicked"), "{args}: {printed}");
    }
    assert_eq!(shown, "");
    let routes = run(folder.path(), ENVIRONMENT, "routes");
    for name in [
        "{$DOMAIN}:{$PORT}",
        "respond {$PASSWORD}",
        "a{$PASSWORD}b {$CODE}",
        "respond {$PIN}",
        "root=/srv/{$FOLDER}",
        "/{$PREFIX}/*",
        "reverse_proxy {$UPSTREAM}",
        "reverse_proxy {$HOST}:{$BACK}",
        "https://{$TARGET}/x{uri}",
    ] {
        assert!(routes.contains(name), "{name}\n{routes}");
    }
}

#[test]
fn short_values_leave_other_texts_alone() {
    let text = "{$A}.example:{$P} {\n\trespond /a \"{$ON} {$E}\" {$C}\n\trespond /b \"on 443 e\" 418\n\theader X-E {$E}\n\theader Via on\n}\n\nb.example:443 {\n\trespond a 443\n}\n";
    let env = [("A", "a"), ("P", "443"), ("ON", "on"), ("E", "e"), ("C", "418"), ("EMPTY", "")];
    let folder = folder(&[("Caddyfile", text), ("base", BASE)]);
    let routes = run(folder.path(), &env, "routes");
    for line in [
        "{$A}.example",
        "respond \"{$ON} {$E}\" {$C}",
        "respond \"on 443 e\" 418",
        "\nb.example\n",
        "respond a 443",
    ] {
        assert!(routes.contains(line), "{line}\n{routes}");
    }
    let other = text.replace("X-E {$E}", "X-E x").replace("Via on", "Via off");
    std::fs::write(folder.path().join("other"), other).unwrap();
    let diff = run(folder.path(), &env, "diff other Caddyfile");
    assert!(diff.contains("X-E: x -> {$E}") && diff.contains("Via: off -> on"), "{diff}");
}

#[test]
fn values_are_compared_and_names_are_shown() {
    let literal = "a.example {\n\trespond /x secretvalue\n\theader X-A b\n}\n";
    let variable = "a.example {\n\trespond /x {$V}\n\theader X-A b\n}\n";
    let running = serde_json::json!({"apps": {"http": {"servers": {"srv0": {"listen": [":443"], "routes": [
        {"match": [{"host": ["a.example"]}], "terminal": true, "handle": [{"handler": "subroute", "routes": [
            {"handle": [{"handler": "headers", "response": {"set": {"X-A": ["b"]}}}]},
            {"match": [{"path": ["/x"]}], "handle": [{"handler": "static_response", "body": "oldsecretvalue"}]}]}]}]}}}}});
    let folder =
        folder(&[("literal", literal), ("variable", variable), ("running.json", &running.to_string())]);
    // The same value, written or not, is no change of meaning.
    let printed = run(folder.path(), &[("V", "secretvalue")], "diff literal variable");
    assert!(printed.starts_with("formatting only"), "{printed}");
    // Another value is one, and neither is shown.
    let printed = run(folder.path(), &[("V", "newsecretvalue")], "diff running.json variable");
    assert!(printed.contains("respond {$V}") && printed.contains("its value changed"), "{printed}");
    assert!(!printed.contains("secretvalue"), "{printed}");
}

#[test]
fn values_that_look_like_names_are_hidden_too() {
    let text = "a.example {\n\trespond {$V}\n\theader X-B \"{$V}\"\n\troot * /srv/{$W}\n}\n";
    let other = text.replace("X-B", "X-C").replace("respond", "respond /x");
    let files = [("Caddyfile", text), ("base", BASE), ("other", &other), ("faulty", text)];
    let folder = folder(&files);
    for value in ["x{$sek:ret}", "{$sekret}", "{$zqOTHER}y", "a{$V}sekret"] {
        for (args, printed) in everything(folder.path(), &[("V", value), ("W", "{$sekret2}")]) {
            for secret in ["sek:ret", "sekret", "zqOTHER"] {
                let lines: Vec<&str> = printed.lines().filter(|line| line.contains(secret)).collect();
                assert!(lines.is_empty(), "{value}: {args}: {lines:?}");
            }
        }
    }
}
