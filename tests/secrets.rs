//! What counts as a secret, in a text and in each report: secrets of a text, values of the environment, and files outside the
//! project are planted, and looked for in every form of output.

#![allow(clippy::print_stdout, reason = "scores are to be seen in the run")]

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use caddyctl::source::secrets::Marks;
use tempfile::TempDir;

/// Entries of a table, one or more lines each, with a blank line between them.
fn entries(table: &str) -> impl Iterator<Item = &str> {
    table.split("\n\n").map(|entry| entry.trim_matches('\n')).filter(|entry| !entry.is_empty())
}

/// An entry with stars over its secrets, inside a site unless it is a whole text.
fn covered(entry: &str) -> String {
    let text = format!("example.com {{\n{entry}\n}}\n");
    let marks = Marks::of(&text);
    assert!(marks.iter().all(|mark| !text[mark.clone()].contains('\n')));
    let covered = marks.cover(&text, 0..text.len()).into_owned();
    assert_eq!(covered.len(), text.len());
    covered
}

#[test]
fn each_kind_of_secret_is_covered() {
    let mut shown = String::new();
    let table = include_str!("secrets/secret.txt");
    for entry in entries(table) {
        assert!(entry.contains("S3KR"), "{entry}");
        let covered = covered(entry);
        if covered.contains("S3KR") {
            let _ = writeln!(shown, "{entry}\n  ->\n{covered}");
        }
    }
    assert!(entries(table).count() >= 150);
    assert_eq!(shown, "");
}

#[test]
fn what_is_no_secret_stays_readable() {
    let mut masked = String::new();
    let table = include_str!("secrets/harmless.txt");
    for entry in entries(table) {
        let covered = covered(entry);
        if covered != format!("example.com {{\n{entry}\n}}\n") {
            let _ = writeln!(masked, "{entry}\n  ->\n{covered}");
        }
    }
    assert!(entries(table).count() >= 150);
    assert_eq!(masked, "");
}

/// Of the words of public Caddyfiles hardly any is covered. `CADDYCTL_SHOW=1` prints those that are.
#[test]
fn public_files_stay_readable() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/realworld/visible");
    let Ok(samples) = std::fs::read_dir(folder) else { return };
    let (mut words, mut hidden) = (0, 0);
    for sample in samples.flatten() {
        let Ok(text) = std::fs::read_to_string(sample.path().join("Caddyfile")) else { continue };
        words += text.split_whitespace().count();
        let marks = Marks::of(&text);
        hidden += marks.iter().count();
        if std::env::var_os("CADDYCTL_SHOW").is_some() {
            for mark in marks.iter() {
                let start = text[..mark.start].rfind('\n').map_or(0, |at| at + 1);
                println!(
                    "{} :: {} >>> {}",
                    sample.file_name().to_string_lossy(),
                    text[start..mark.start].trim(),
                    &text[mark.clone()]
                );
            }
        }
    }
    println!("{hidden} of {words} words are covered");
    assert!(hidden * 100 <= words, "{hidden} of {words} words are covered");
}

const PROGRAM: &str = env!("CARGO_BIN_EXE_caddyctl");

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

/// What the program says, on both streams.
fn run(folder: &Path, env: &[(&str, &str)], args: &str) -> String {
    let mut command = Command::new(PROGRAM);
    command.args(args.split(' ')).current_dir(folder).stdin(Stdio::null()).env_clear();
    command.envs(env.iter().copied()).env("PATH", std::env::var_os("PATH").unwrap_or_default());
    let output = command.output().unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// What the language server says of `Caddyfile` when it is opened, pointed at and completed on each of its lines.
fn served(folder: &Path, env: &[(&str, &str)]) -> String {
    let text = std::fs::read_to_string(folder.join("Caddyfile")).unwrap();
    let uri = format!("file://{}/Caddyfile", folder.display());
    let mut messages = vec![
        serde_json::json!({"id": 0, "method": "initialize", "params": {"processId": null, "rootUri": null, "capabilities": {}}}),
        serde_json::json!({"method": "initialized", "params": {}}),
        serde_json::json!({"method": "textDocument/didOpen", "params": {"textDocument": {
            "uri": uri, "languageId": "caddyfile", "version": 1, "text": text}}}),
    ];
    for (line, content) in text.lines().enumerate() {
        for (number, method) in ["textDocument/hover", "textDocument/completion"].into_iter().enumerate() {
            let position = serde_json::json!({"line": line, "character": content.len().min(4)});
            messages.push(serde_json::json!({"id": 10 + line * 2 + number, "method": method,
                "params": {"textDocument": {"uri": uri}, "position": position}}));
        }
    }
    messages.push(serde_json::json!({"id": 1, "method": "shutdown"}));
    messages.push(serde_json::json!({"method": "exit"}));
    let mut command = Command::new(PROGRAM);
    command.arg("lsp").current_dir(folder).env_clear().envs(env.iter().copied());
    let mut server =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut input = server.stdin.take().unwrap();
    let writing = std::thread::spawn(move || {
        for mut message in messages {
            message["jsonrpc"] = "2.0".into();
            let message = message.to_string();
            write!(input, "Content-Length: {}\r\n\r\n{message}", message.len()).unwrap();
        }
    });
    let output = server.wait_with_output().unwrap();
    writing.join().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.contains("publishDiagnostics"), "{said}");
    said
}

/// Every form in which something is said of `Caddyfile` and its difference from `base`, with the arguments that gave it.
fn everything(folder: &Path, env: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for format in ["full", "concise", "json", "sarif", "github", "gitlab", "junit"] {
        all.push(format!("validate --format {format}"));
        all.push(format!("validate --format {format} faulty"));
    }
    for format in ["table", "json", "markdown", "html"] {
        all.push(format!("routes --format {format}"));
    }
    for (old, new) in [("base", "Caddyfile"), ("Caddyfile", "base"), ("Caddyfile", "other")] {
        for format in ["text", "markdown", "json", "github"] {
            all.push(format!("diff --format {format} {old} {new}"));
        }
        for format in ["text", "markdown"] {
            all.push(format!("diff --json-diff --format {format} {old} {new}"));
        }
        all.push(format!("diff --format patch {old} {new}"));
    }
    all.push("deploy --dry-run --root root Caddyfile".to_owned());
    all.push("deploy --dry-run --format json --root root Caddyfile".to_owned());
    let mut said: Vec<(String, String)> =
        all.into_iter().map(|args| (args.clone(), run(folder, env, &args))).collect();
    said.push(("lsp".to_owned(), served(folder, env)));
    said
}

const BASE: &str = "base.example {\n\trespond hi\n}\n";

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
    for (args, said) in everything(folder.path(), ENVIRONMENT) {
        let plain = said.to_lowercase().replace("format markdown", "").replace("markup", "MARKUP");
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
        assert!(!said.contains("panicked"), "{args}: {said}");
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
    let said = run(folder.path(), &[("V", "secretvalue")], "diff literal variable");
    assert!(said.starts_with("formatting only"), "{said}");
    // Another value is one, and neither is shown.
    let said = run(folder.path(), &[("V", "newsecretvalue")], "diff running.json variable");
    assert!(said.contains("respond {$V}") && said.contains("its value changed"), "{said}");
    assert!(!said.contains("secretvalue"), "{said}");
}

/// A Caddyfile that the stock Caddy takes, with a secret of each kind.
const SECRETS: &str = r#"{
	acme_eab {
		key_id S3KRkid
		mac_key S3KRmac
	}
	on_demand_tls {
		ask http://localhost:5555/check?token=S3KR
	}
}

a.example {
	tls {
		issuer zerossl S3KRzerossl
		issuer acme {
			eab S3KRkid S3KRmac
		}
	}
	basic_auth /b/* {
		bob $2a$14$S3KRS3KRS3KRS3KRS3KRS3OS3KRS3KRS3KRS3KRS3KRS3KRS3KRS3
	}
	@t header X-Token S3KR
	@r header_regexp X-Token ^S3KR$
	@p header Proxy-Authorization "Basic S3KR"
	@q query api_key=S3KR
	@e expression `{header.X-Token} == "S3KR"`
	respond @t "token=S3KR"
	respond @r "https://u:S3KR@h/"
	respond @p "1"
	respond @q "2"
	respond @e "3"
	header X-Api-Key S3KR
	header >Set-Cookie "sid=S3KR; Path=/"
	request_header Authorization "Bearer S3KR"
	request_header Proxy-Authorization "Basic S3KR"
	redir /r https://x.example/?access_token=S3KR
	rewrite /w /verify?secret=S3KR
	uri /u query token S3KR
	map {host} {api_token} {
		a.example S3KRmap
		default S3KRdefault
	}
	vars secret S3KR
	log_append token S3KR
	respond /pem <<PEM
		-----BEGIN PRIVATE KEY-----
		S3KRMIIEvQIBADANBgkq
		-----END PRIVATE KEY-----
		PEM
	respond /body <<END
		user: bob
		password: S3KR
		END
	respond /default "{$DB_PASSWORD:S3KRdefault}"
	reverse_proxy /p/* a:1 b:1 {
		lb_policy cookie lb S3KR
		header_up Authorization "Bearer S3KR"
		header_up Proxy-Authorization "Basic S3KR"
		header_up X-Functions-Key S3KR
		header_up Ocp-Apim-Subscription-Key S3KR
		header_up X-Client-Key S3KR
		header_up 			X-Auth-Token 			"S3KR"
		health_uri /health?token=S3KR
		health_headers {
			Authorization "Bearer S3KR"
		}
	}
	php_fastcgi /php/* a:9000 {
		env DB_PASSWORD S3KR
		env DSN "user:S3KR@tcp(db)/x"
	}
}
"#;

#[test]
fn secrets_of_a_text_are_in_no_report() {
    let other = SECRETS.replace("S3KR", "S3KRother").replace("$2a$14$S3KRother", "$2a$14$S3KR");
    let faulty = SECRETS
        .replace("respond @t", "respnd @t")
        .replace("health_uri", "health_url")
        .replace("/p/* a:1", "/p/* https://u:S3KR@host/path?token=S3KR")
        .replace("issuer zerossl S3KRzerossl", "issuer zerossl S3KRzerossl S3KRmore")
        .replace("lb_policy cookie lb S3KR", "lb_policy cookie lb S3KR S3KRmore");
    let files = [("Caddyfile", SECRETS), ("base", BASE), ("other", &other), ("faulty", &faulty)];
    let folder = folder(&files);
    let mut shown = String::new();
    for (args, said) in everything(folder.path(), &[]) {
        assert!(!said.contains("panicked"), "{args}: {said}");
        for line in said.lines().filter(|line| line.to_lowercase().contains("s3kr")) {
            let _ = writeln!(shown, "{args}: {}", line.chars().take(200).collect::<String>());
        }
    }
    assert_eq!(shown, "");
}

#[test]
fn files_outside_the_project_are_quoted_by_no_report_for_programs() {
    let caddyfile = "a.example {\n\theader {\n\t\timport ../outside\n\t}\n\tnope\n}\n";
    let good = caddyfile.replace("\tnope\n", "\trespond hi\n");
    let proc = good.replace("../outside", "/proc/self/environ");
    let link = good.replace("../outside", "link");
    let git = good.replace("../outside", ".git/config");
    let directive = "b.example {\n\timport ../outside\n}\n";
    let outer = folder(&[
        ("outside", "S3KRname S3KRvalue\nshort ab\n"),
        ("tree/Caddyfile", caddyfile),
        ("tree/good", &good),
        ("tree/proc", &proc),
        ("tree/linked", &link),
        ("tree/git", &git),
        ("tree/directive", directive),
        ("tree/base", BASE),
        ("tree/.git/config", "S3KRname S3KRvalue\n"),
    ]);
    let tree = outer.path().join("tree");
    std::os::unix::fs::symlink("../outside", tree.join("link")).unwrap();
    let env = [("S3KRVARIABLE", "S3KRvalue")];
    let mut shown = String::new();
    for file in ["Caddyfile", "good", "proc", "linked", "git", "directive"] {
        let mut all = Vec::new();
        for format in ["concise", "json", "sarif", "github", "gitlab", "junit"] {
            all.push(format!("validate --format {format} {file}"));
        }
        for format in ["json", "markdown", "html"] {
            all.push(format!("routes --format {format} {file}"));
        }
        for format in ["markdown", "json", "github", "patch"] {
            all.push(format!("diff --format {format} base {file}"));
            all.push(format!("diff --format {format} {file} base"));
        }
        for args in all {
            let said = run(&tree, &env, &args);
            if said.to_lowercase().contains("s3kr") {
                let _ = writeln!(shown, "{args}: {said}");
            }
        }
    }
    let served = served(&tree, &env);
    assert!(!served.to_lowercase().contains("s3kr"), "{served}");
    assert_eq!(shown, "");
    // The finding keeps its code and its place.
    let said = run(&tree, &env, "validate --format concise directive");
    assert!(said.contains("outside:1:1: error[E0201]"), "{said}");
    // A person at a terminal sees all, and a folder can be allowed.
    assert!(run(&tree, &env, "routes good").contains("S3krname"));
    assert!(run(&tree, &env, "routes --format json --allow-read .. good").contains("S3krname"));
    let said = run(&tree, &env, "routes --format json --allow-read / proc");
    assert!(!said.to_lowercase().contains("s3kr"), "{said}");
}

/// The name of a check is shown without what its URL holds.
#[test]
fn checks_are_named_without_tokens() {
    let checks = "[[check]]\nurl = \"http://127.0.0.1:1/x?token=S3KR\"\n\n[[check]]\nurl = \"http://u:S3KR@127.0.0.1:1/\"\n";
    let broken =
        "[[check]]\nurl = \"http://127.0.0.1:1/\"\nheaders = { Authorization = \"Bearer S3KR\", x }\n";
    let folder = folder(&[("checks.toml", checks), ("broken.toml", broken)]);
    for args in ["verify checks.toml", "verify --format json checks.toml", "verify broken.toml"] {
        let said = run(folder.path(), &[], args);
        assert!(!said.contains("S3KR") && !said.is_empty(), "{args}: {said}");
    }
}
