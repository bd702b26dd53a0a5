//! `caddyctl diff` and `caddyctl routes` as their users meet them: inputs, exit statuses, git, the host, a running Caddy.

#[cfg(feature = "deploy")]
use crate::support::server;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_caddyctl");
const A: &str = "a.test {\n\treverse_proxy /api/* localhost:1\n}\n";
const B: &str = "a.test {\n\treverse_proxy /api/* localhost:2\n}\n";
const A_LAID_OUT: &str = "# the same\na.test {\n\treverse_proxy   /api/*   localhost:1\n}\n";

struct Folder(TempDir);

impl Folder {
    fn with(files: &[(&str, &str)]) -> Self {
        let folder = Self(TempDir::new().unwrap());
        for (name, text) in files {
            folder.write(name, text);
        }
        folder
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.0.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn run(&self, args: &[&str]) -> (i32, String, String) {
        run(PROGRAM, args, self.0.path())
    }

    fn git(&self, args: &[&str]) -> String {
        let (status, out, error) = run("git", args, self.0.path());
        assert_eq!(status, 0, "git {args:?}: {error}");
        out
    }

    /// Makes it a repository with everything in one commit.
    fn committed(self) -> Self {
        self.git(&["init", "--quiet", "--initial-branch=main"]);
        self.git(&["add", "."]);
        self.git(&["-c", "user.name=T", "-c", "user.email=t@a.test", "commit", "--quiet", "-m", "first"]);
        self
    }
}

fn run(program: &str, args: &[&str], folder: &Path) -> (i32, String, String) {
    let mut command = Command::new(program);
    command.args(args).current_dir(folder).stdin(Stdio::null()).env("GIT_CONFIG_GLOBAL", "/dev/null");
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn two_files() {
    let folder = Folder::with(&[("a", A), ("b", B), ("laid", A_LAID_OUT), ("bad", "a.test {\n\tnope\n}\n")]);
    let (status, out, _) = folder.run(&["diff", "a", "b"]);
    assert_eq!(status, 1);
    assert!(out.contains("~ a.test /api/*: reverse_proxy localhost:1 -> localhost:2  b:2"), "{out}");
    assert!(
        out.contains("\n-\treverse_proxy /api/* localhost:1\n+\treverse_proxy /api/* localhost:2\n"),
        "{out}"
    );
    assert_eq!(folder.run(&["diff", "a", "a"]).0, 0);
    let (status, out, _) = folder.run(&["diff", "a", "laid"]);
    assert!(out.starts_with("formatting only, nothing changes for any request\n"), "{out}");
    assert_eq!(status, 0);
    let (status, out, error) = folder.run(&["diff", "a", "bad"]);
    assert_eq!((status, out.as_str()), (2, ""));
    assert!(error.contains("nope"), "{error}");
    let (status, _, error) = folder.run(&["diff", "a", "missing"]);
    assert!(status == 2 && error.contains("cannot read missing: no such file"), "{error}");
}

#[test]
fn what_the_exit_status_counts() {
    let folder = Folder::with(&[("a", A), ("b", B), ("laid", A_LAID_OUT)]);
    for (new, exit_on, status) in [
        ("b", "effects", 0),
        ("b", "routes", 1),
        ("b", "any", 1),
        ("laid", "any", 1),
        ("laid", "routes", 0),
        ("a", "any", 0),
    ] {
        let found = folder.run(&["diff", "--quiet", "--exit-on", exit_on, "a", new]);
        assert_eq!(found, (status, String::new(), String::new()), "{new} {exit_on}");
    }
}

#[test]
fn json_is_recognised_and_patched() {
    let folder = Folder::with(&[("a", A), ("b", B)]);
    for name in ["a", "b"] {
        let (_, json, _) = folder.run(&["adapt", "--config", name]);
        folder.write(&format!("{name}.config"), &json);
    }
    assert_eq!(folder.run(&["diff", "a.config", "a"]).0, 0);
    let (status, out, _) = folder.run(&["diff", "--format", "patch", "a.config", "b"]);
    let patch: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(status, 1);
    assert_eq!(patch[0]["op"], "replace");
    assert_eq!(patch[0]["value"], "localhost:2");
    let (_, out, _) = folder.run(&["diff", "--json-diff", "a", "b"]);
    assert!(out.contains("Compiled JSON\n--- a (JSON)"), "{out}");
}

#[test]
fn a_patch_with_secrets_is_refused() {
    let with = |token: &str| {
        format!("a.test {{\n\treverse_proxy x:1 {{\n\t\theader_up Authorization {token}\n\t}}\n}}\n")
    };
    let folder = Folder::with(&[("a", &with("one-secret")), ("b", &with("two-secret"))]);
    let (status, out, error) = folder.run(&["diff", "--format", "patch", "a", "b"]);
    assert!(status == 2 && out.is_empty() && !error.contains("two-secret"), "{out}{error}");
    let (status, out, _) = folder.run(&["diff", "--format", "patch", "--show-secrets", "a", "b"]);
    assert!(status == 1 && out.contains("two-secret"), "{out}");
}

#[test]
fn against_a_revision_with_its_imports() {
    let folder = Folder::with(&[
        ("conf/Caddyfile", "import sites/*.conf\n"),
        ("conf/sites/a.conf", A),
        ("other/Caddyfile", "b.test\n"),
    ])
    .committed();
    assert_eq!(folder.run(&["diff", "--against", "HEAD", "conf/Caddyfile"]).0, 0);
    folder.write("conf/sites/a.conf", B);
    folder.write("conf/sites/b.conf", "b.test {\n\tabort\n}\n");
    let (status, out, error) = folder.run(&["diff", "--against", "HEAD", "conf/Caddyfile"]);
    assert_eq!(status, 1, "{error}");
    assert!(out.contains("reverse_proxy localhost:1 -> localhost:2"), "{out}");
    assert!(out.contains("+ site b.test added"), "{out}");
    assert!(out.contains("--- /dev/null\n"), "{out}");
    let (status, _, error) = folder.run(&["diff", "--against", "nowhere", "conf/Caddyfile"]);
    assert!(status == 2 && error.contains("unknown git revision `nowhere`"), "{error}");
    folder.write("new/Caddyfile", A);
    let (status, out, error) = folder.run(&["diff", "--against", "HEAD", "new/Caddyfile"]);
    assert_eq!(status, 1, "{error}");
    assert!(out.contains("+ site a.test added") && !out.contains(" removed"), "{out}");
    let (status, _, error) = folder.run(&["diff", "--against", "HEAD", "new/Gone"]);
    assert!(status == 2 && error.contains("cannot read new/Gone"), "{error}");
}

#[test]
fn a_shallow_checkout_reports_what_is_missing() {
    let origin = Folder::with(&[("Caddyfile", A)]).committed();
    let first = origin.git(&["rev-parse", "HEAD"]).trim().to_owned();
    origin.write("Caddyfile", B);
    origin.git(&["-c", "user.name=T", "-c", "user.email=t@a.test", "commit", "--quiet", "-am", "second"]);
    let clone = Folder::with(&[]);
    let url = format!("file://{}", origin.0.path().display());
    clone.git(&["clone", "--quiet", "--depth=1", &url, "here"]);
    let here = Folder(TempDir::new_in(clone.0.path()).unwrap());
    fs::remove_dir(here.0.path()).unwrap();
    fs::rename(clone.0.path().join("here"), here.0.path()).unwrap();
    let (status, _, error) = here.run(&["diff", "--against", &first]);
    assert!(status == 2 && error.contains("this checkout is shallow"), "{error}");
    here.git(&["fetch", "--quiet", "--depth=1", "origin", &first]);
    let (status, out, error) = here.run(&["diff", "--against", &first]);
    assert!(status == 1 && out.contains("localhost:1 -> localhost:2"), "{out}{error}");
}

#[cfg(feature = "deploy")]
#[test]
fn against_what_is_deployed() {
    let drop_in = "etc/systemd/system/caddy.service.d/override.conf";
    let folder = Folder::with(&[
        ("Caddyfile", A),
        ("systemd/caddy.service.d/override.conf", "[Service]\nRestartSec=5s\n"),
        ("root/etc/caddy/Caddyfile", "import /etc/caddy/sites/*\n"),
        ("root/etc/caddy/sites/a", A),
        (&format!("root/{drop_in}"), "# mine\n[Service]\nRestartSec=5s\n"),
    ]);
    let (status, out, error) = folder.run(&["diff", "--root", "root"]);
    assert!(status == 0 && out.starts_with("formatting only"), "{out}{error}");
    folder.write("Caddyfile", B);
    folder.write(&format!("root/{drop_in}"), "[Service]\nRestartSec=9s\n");
    let (status, out, _) = folder.run(&["diff", "--root", "root"]);
    assert_eq!(status, 1);
    assert!(out.contains("drop-in: Service.RestartSec 9s -> 5s; systemctl daemon-reload"), "{out}");
    assert!(out.contains("localhost:1 -> localhost:2"), "{out}");
    let (status, _, error) = folder.run(&["diff", "--root", "nowhere"]);
    assert!(status == 2 && error.contains("nothing is deployed yet"), "{error}");
}

#[cfg(feature = "deploy")]
#[test]
fn against_the_running_server() {
    let admin = format!("127.0.0.1:{}", server::free_port());
    let port = server::free_port();
    let text = format!(
        "{{\n\tadmin {admin}\n\tauto_https off\n}}\nhttp://a.test:{port} {{\n\trespond /x \"one\"\n\tfile_server\n}}\n"
    );
    let folder = Folder::with(&[("Caddyfile", &text)]);
    let mut config: Value = serde_json::from_str(&folder.run(&["adapt"]).1).unwrap();
    // The server was started from another path.
    let hide = config.to_string().replace("./Caddyfile", "/etc/caddy/Caddyfile");
    config = serde_json::from_str(&hide).unwrap();
    let running = server::Caddy::start(&config);
    let (status, out, error) = folder.run(&["diff", "--live", &admin, "Caddyfile"]);
    assert_eq!((status, out.as_str()), (0, "no difference\n"), "{error}");
    // Somebody changes one answer through the API.
    let mut drifted = config.clone();
    let body = drifted.pointer("/apps/http/servers/srv0/routes/0/handle/0/routes/0/handle/0/body");
    assert_eq!(body, Some(&json!("one")));
    *drifted.pointer_mut("/apps/http/servers/srv0/routes/0/handle/0/routes/0/handle/0/body").unwrap() =
        json!("two");
    let client = caddyctl_deploy::admin::Admin::new(running.admin.clone()).unwrap();
    client.load(drifted.to_string().as_bytes(), false, std::time::Duration::from_secs(10)).unwrap();
    // The address is in the Caddyfile.
    let (status, out, _) = folder.run(&["diff", "--live"]);
    assert_eq!(status, 1);
    assert!(out.contains(&format!("~ http://a.test:{port} /x: respond two -> one")), "{out}");
    assert!(out.starts_with("1 route changed\n"), "{out}");
    client.load(config.to_string().as_bytes(), false, std::time::Duration::from_secs(10)).unwrap();
    assert_eq!(folder.run(&["diff", "--live", "Caddyfile"]).0, 0);
    drop(running);
    let (status, _, error) = folder.run(&["diff", "--live"]);
    assert!(status == 2 && error.contains("no response"), "{error}");
}

#[cfg(feature = "deploy")]
#[test]
fn the_version_of_the_hosts_caddy_counts_for_what_runs() {
    use std::os::unix::fs::PermissionsExt as _;

    let admin = format!("127.0.0.1:{}", server::free_port());
    let text = |lines: &str| {
        format!("{{\n\tadmin {admin}\n\tauto_https off\n}}\nhttp://a.test:1 {{\n\trespond one\n{lines}}}\n")
    };
    let folder = Folder::with(&[("Caddyfile", &text("")), ("new", &text("\tlog_append a b\n"))]);
    let config: Value = serde_json::from_str(&folder.run(&["adapt"]).1).unwrap();
    let _running = server::Caddy::start(&config);
    let path = folder.0.path().join("bin/caddy");
    let live = |version: &str, words: &[&str]| {
        let real = crate::support::caddy::binary();
        folder.write(
            "bin/caddy",
            &format!(
                "#!/bin/sh\n[ $1 = version ] && exec echo v{version}\n{} \"$@\" | sed s/one/two/\n",
                real.display()
            ),
        );
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        let mut command = Command::new(PROGRAM);
        command
            .args(["diff", "--live", &admin])
            .args(words)
            .current_dir(folder.0.path())
            .stdin(Stdio::null());
        let path = format!("{}:/usr/bin:/bin", folder.0.path().join("bin").display());
        let output = command.env("PATH", path).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    };
    assert_eq!(live("2.10.2", &["Caddyfile"]).0, 0);
    let (status, _, error) = live("2.6.2", &["new"]);
    assert_eq!(status, 2, "{error}");
    assert!(error.contains("Caddy 2.6.2 has no directive `log_append`"), "{error}");
    let (status, _, error) = live("2.8.4", &["--for", "2.6.2", "new"]);
    assert_eq!(status, 2, "{error}");
    assert!(error.contains("--for names Caddy 2.6.2, but ") && error.contains("is Caddy 2.8.4"), "{error}");
    // One that is not known reads the file itself.
    let (status, out, error) = live("2.99.0", &["Caddyfile"]);
    assert!(status == 1 && out.contains("respond one -> two"), "{out}{error}");
    assert!(error.contains("is Caddy 2.99.0, a version that caddyctl does not know"), "{error}");
    folder.write("caddyctl.toml", "[caddy]\nversion = \"2.9.1\"\n");
    let (status, _, error) = live("2.8.4", &["Caddyfile"]);
    assert_eq!(status, 2, "{error}");
    assert!(
        error.contains("caddyctl.toml names Caddy 2.9.1, but ") && error.contains("is Caddy 2.8.4"),
        "{error}"
    );
}

#[test]
fn the_route_table_in_every_form() {
    let text = "a.test {\n\troute {\n\t\trespond /x/* 403\n\t\treverse_proxy /x/y localhost:1\n\t\treverse_proxy localhost:2\n\t}\n}\n";
    let folder = Folder::with(&[("Caddyfile", text)]);
    let (status, out, _) = folder.run(&["routes"]);
    assert_eq!(status, 0);
    assert_eq!(
        out,
        "a.test\n  /x/*  respond 403                Caddyfile:3\n  /x/y  reverse_proxy localhost:1  Caddyfile:4\n        \
         never reached: /x/* respond 403 at Caddyfile:3 takes its requests\n  *     reverse_proxy localhost:2  Caddyfile:5\n"
    );
    let (_, out, _) = folder.run(&["routes", "--format", "json"]);
    let routes: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(routes[1]["shadowed_by"], 0);
    assert_eq!(routes[2]["upstreams"], json!(["localhost:2"]));
    assert_eq!(routes[2]["line"], 5);
    let (_, out, _) = folder.run(&["routes", "--format", "html"]);
    // The page needs nothing from elsewhere.
    let is_alone =
        ![" src=", "href=\"http", "url(", "import ", "fetch("].iter().any(|part| out.contains(part));
    assert!(out.contains("<code>localhost:2</code>") && is_alone, "{out}");
    let (_, out, _) = folder.run(&["routes", "--format", "markdown"]);
    assert!(out.contains("| `*` | `reverse_proxy localhost:2` | Caddyfile:5 |"), "{out}");
}

/// The shell commands of a workflow that are about Caddyfiles.
fn commands(file: &str) -> Vec<String> {
    let text =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/ci").join(file)).unwrap();
    let lines = text.lines().map(|line| line.trim().trim_start_matches("- ").trim_start_matches("run: "));
    lines
        .filter(|line| line.starts_with("caddyctl ") || line.starts_with("git "))
        .map(str::to_owned)
        .collect()
}

#[test]
fn the_workflows_run() {
    for file in ["github/caddy.yml", "gitlab/caddy.yml"] {
        let origin = Folder::with(&[("Caddyfile", A)]).committed();
        let base = origin.git(&["rev-parse", "HEAD"]).trim().to_owned();
        let work = Folder::with(&[]);
        let url = format!("file://{}", origin.0.path().display());
        work.git(&["clone", "--quiet", "--depth=1", &url, "."]);
        work.write("Caddyfile", B);
        let found = commands(file);
        assert!(found.len() >= 4, "{found:?}");
        let folder = Path::new(PROGRAM).parent().unwrap();
        for line in found {
            let script = format!("PATH={}:$PATH BASE={base}; {line}", folder.display());
            let (status, out, error) = run("sh", &["-ec", &script], work.0.path());
            assert_eq!(status, 0, "{line}\n{out}{error}");
        }
        let report = fs::read_to_string(work.0.path().join("report.md")).unwrap();
        assert!(report.contains("`reverse_proxy localhost:1 -> localhost:2`"), "{report}");
    }
}
