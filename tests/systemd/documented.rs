//! The run that docs/deployment.md shows: each of its commands prints on a real host what the page says.
//!
//! `CADDYCTL_BLESS=1` writes the page with the full output of this run to target/deployment.md; shorten it by hand.

use std::path::Path;
use std::time::Duration;

use regex::Regex;

use crate::backend;
use crate::certificate::SLOW;
use crate::container::{Container, boot};

const PROJECT: &str = env!("CARGO_MANIFEST_DIR");

/// A line that stands for any lines.
const OMITTED: &str = "...";

/// How long the authority of the run waits with each connection, in seconds.
const PATIENCE: &str = "3";

pub fn the_page_is_a_real_run() {
    let container = boot("documented");
    host(&container);
    let _backend = container.inside(|| backend::start_at(8080)).join();
    let page = std::fs::read_to_string(Path::new(PROJECT).join("docs/deployment.md")).unwrap();
    let commands = commands(&page);
    let mut full = page.clone();
    let mut wrong = Vec::new();
    for (number, (command, shown)) in commands.iter().enumerate() {
        prepare(&container, number);
        let printed = container.run(&command.replace("root.crt", "/etc/ca-root.crt")).text;
        let printed = printed.trim_end().replace("/etc/ca-root.crt", "root.crt");
        let block = |output: &str| format!("$ {command}\n{output}").trim_end().to_owned();
        full = full.replacen(&block(shown), &block(&printed), 1);
        if !matches(&lines(shown), &lines(&printed)) {
            wrong.push(block(&printed));
        }
    }
    if std::env::var_os("CADDYCTL_BLESS").is_some() {
        std::fs::write(Path::new(PROJECT).join("target/deployment.md"), full).unwrap();
    } else {
        assert!(wrong.is_empty(), "docs/deployment.md shows another output of:\n{}", wrong.join("\n\n"));
    }
    assert_eq!(commands.len(), 16, "`prepare` counts the commands of the page");
}

/// A host with an older Caddyfile, an authority that needs time for a certificate, and the names of both.
fn host(container: &Container) {
    container.ok("echo '127.0.0.1 stt.fullen.dev ca.test' >>/etc/hosts");
    container.write("../ca/Caddyfile", "{\n\tadmin localhost:2999\n\tskip_install_trust\n\tauto_https disable_redirects\n\thttp_port 9081\n\thttps_port 9444\n}\nca.test:9444 {\n\ttls internal\n\tacme_server\n}\n");
    container.write("../ca/slow.pl", SLOW);
    container.ok(&format!(
        "systemd-run --quiet --unit ca -E HOME=/root/ca -E XDG_DATA_HOME=/root/ca caddy run --config /opt/ca/Caddyfile --adapter caddyfile; \
         systemd-run --quiet --unit slow perl /opt/ca/slow.pl {PATIENCE}"
    ));
    container
        .await_ok("curl -s localhost:2999/pki/ca/local | grep -q root_certificate", Duration::from_secs(20));
    container.ok(
        r#"curl -s localhost:2999/pki/ca/local | sed 's/.*"root_certificate":"\([^"]*\)".*/\1/; s/\\n/\n/g' >/etc/ca-root.crt; chmod 644 /etc/ca-root.crt"#,
    );
    let old =
        "{\n\tskip_install_trust\n}\nstt.fullen.dev {\n\ttls internal\n\treverse_proxy localhost:8080\n}\n";
    container.write("old/Caddyfile", old);
    container.ok("cp old/Caddyfile /etc/caddy/Caddyfile; rm -r old; systemctl restart caddy");
    container.copy(&Path::new(PROJECT).join("checks.toml"), "/opt/site/checks.toml");
    container.write("Caddyfile", &caddyfile());
}

/// The project's Caddyfile with the authority of this run.
fn caddyfile() -> String {
    let text = std::fs::read_to_string(Path::new(PROJECT).join("Caddyfile")).unwrap();
    let options =
        "{\n\tacme_ca https://ca.test:9443/acme/local/directory\n\tacme_ca_root /etc/ca-root.crt\n}\n\n";
    format!("{options}{text}")
}

/// What is edited before a command of the page.
fn prepare(container: &Container, command: usize) {
    let write = |text: String| container.write("Caddyfile", &text);
    match command {
        6 => write(caddyfile().replace("reverse_proxy", "revers_proxy")),
        7 => {
            let proxy = "reverse_proxy localhost:8080 {\n";
            let tls = "\t\ttransport http {\n\t\t\ttls\n\t\t}\n";
            write(caddyfile().replace(proxy, &format!("{proxy}{tls}")));
        }
        9 => {
            write(caddyfile().replace("5m", "1m"));
            container.ok("caddyctl deploy --cacert /etc/ca-root.crt");
        }
        14 => {
            write(caddyfile().replace("5m", "2m"));
            container.ok("systemctl start caddy");
        }
        15 => std::thread::sleep(Duration::from_secs(6)),
        _ => {}
    }
}

/// The commands of the code blocks `console`, with what the page shows of their output.
fn commands(page: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for block in page.split("\n```console\n").skip(1) {
        let code = block.split("\n```").next().unwrap_or_default();
        for part in format!("\n{code}").split("\n$ ").skip(1) {
            let (command, output) = part.split_once('\n').unwrap_or((part, ""));
            found.push((command.to_owned(), output.trim_end().to_owned()));
        }
    }
    found
}

/// The lines of an output without what differs from run to run: digests, names of deployments, times.
fn lines(output: &str) -> Vec<String> {
    let varying = [
        (r"\b[0-9a-f]{12}\b", "DIGEST"),
        (r"\b\d{8}T\d{9}-\d+\b", "DEPLOYMENT"),
        (r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "TIME"),
        (r"\b[A-Z][a-z]{2} \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC", "TIME"),
        (r"\b\d+\.\d s\b", "SECONDS"),
        (r"\(\d+ ms\)", "(MILLISECONDS)"),
        (r"\b\d+ hours left", "HOURS left"),
    ];
    let mut text = output.to_owned();
    for (pattern, name) in varying {
        text = Regex::new(pattern).unwrap().replace_all(&text, name).into_owned();
    }
    text.lines().map(str::to_owned).collect()
}

/// Whether the output is the shown one.
fn matches(shown: &[String], printed: &[String]) -> bool {
    match shown {
        [] => printed.is_empty(),
        [first, rest @ ..] if first == OMITTED => (0..=printed.len()).any(|at| matches(rest, &printed[at..])),
        [first, rest @ ..] => printed.first() == Some(first) && matches(rest, &printed[1..]),
    }
}
