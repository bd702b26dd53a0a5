//! `trace` with what a host has: the configuration that runs, and the environment of a unit; `--for` with what the model does
//! not follow.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::json;

use crate::support::server::{Caddy, config_with, free_port};

/// The exit status, standard output and standard error of `trace`.
fn trace(folder: &Path, path: &str, args: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_caddyctl"));
    command.arg("trace").args(args).current_dir(folder).env_clear().env("PATH", path);
    let output = command.stdin(Stdio::null()).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn the_configuration_that_runs() {
    let folder = tempfile::tempdir().unwrap();
    // A Caddyfile in the folder is not what counts.
    fs::write(folder.path().join("Caddyfile"), ":80 {\n\trespond 404\n}\n").unwrap();
    let admin = format!("127.0.0.1:{}", free_port());
    let port = free_port();
    let config = |status: u16| {
        let routes = json!([{
            "match": [{ "path": ["/x"] }],
            "handle": [{ "handler": "static_response", "status_code": status, "body": "runs" }],
        }]);
        config_with(&admin, port, &routes)
    };
    let mut caddy = Caddy::start(&config(418));
    let live = format!("--live={admin}");
    let url = format!("http://localhost:{port}/x");
    let asked = || trace(folder.path(), "/usr/bin:/bin", &[&live, &url]);
    let (status, text, errors) = asked();
    assert_eq!(status, Some(0), "{errors}");
    assert!(text.contains("answer 418 I'm a teapot\n") && text.contains("  | runs\n"), "{text}");
    caddy.restart(&config(202));
    let (_, text, _) = asked();
    assert!(text.contains("answer 202 Accepted\n"), "{text}");
    caddy.kill();
    let (status, text, errors) = asked();
    assert_eq!((status, text.as_str()), (Some(2), ""), "{errors}");
    assert!(errors.starts_with("error: ") && errors.contains(&admin), "{errors}");
    // A file and what runs are not both the configuration.
    let (status, _, errors) = trace(folder.path(), "/usr/bin:/bin", &[&live, "--config", "Caddyfile", &url]);
    assert_eq!(status, Some(2));
    assert!(errors.contains("cannot be used with"), "{errors}");
}

/// The unit is a program that answers as `systemctl show` does.
#[test]
fn the_environment_of_a_unit() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path().display().to_string();
    fs::write(
        folder.path().join("Caddyfile"),
        "http://{$SITE} {\n\trespond \"{env.GREETING}\" {$STATUS:404}\n}\n",
    )
    .unwrap();
    fs::write(folder.path().join("unit.env"), "STATUS=202\n").unwrap();
    let shown = format!(
        "#!/bin/sh\necho LoadState=loaded\necho 'Environment=SITE=a.test GREETING=hello'\n\
         echo 'EnvironmentFiles={here}/unit.env (ignore_errors=no)'\n"
    );
    let systemctl = folder.path().join("systemctl");
    fs::write(&systemctl, shown).unwrap();
    fs::set_permissions(&systemctl, PermissionsExt::from_mode(0o755)).unwrap();
    let path = format!("{here}:/usr/bin:/bin");
    let (status, text, errors) = trace(folder.path(), &path, &["--service", "caddy", "http://a.test/"]);
    assert_eq!(status, Some(0), "{errors}");
    assert!(text.contains("answer 202 Accepted\n") && text.contains("  | hello\n"), "{text}");
}

#[test]
fn another_version() {
    let folder = tempfile::tempdir().unwrap();
    for file in ["index.html", "x.txt", "sub/x.txt"] {
        let file = folder.path().join("w").join(file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, "text").unwrap();
    }
    fs::write(
        folder.path().join("Caddyfile"),
        "http://a.test {\n\troot * w\n\trequest_body /body {\n\t\tmax_size 2\n\t}\n\troute {\n\t\trespond /body read\n\t\ttry_files {path} {path}/ =404\n\
         \t\trespond {file_match.relative}\n\t}\n}\n\
         http://b.test {\n\troot * w\n\ttry_files {path} /index.html\n\trespond {file_match.relative}\n}\n\
         http://c.test {\n\trespond {labels.1}\n}\n\
         http://d.test {\n\treverse_proxy localhost:1\n}\n",
    )
    .unwrap();
    // What the programs of these versions answer.
    for (version, url, answer) in [
        ("2.11.7", "http://a.test/", "/"),
        ("2.11.8", "http://a.test/", "404"),
        ("2.11.9", "http://a.test/", "404"),
        ("2.11.7", "http://a.test/x.txt/", "/x.txt"),
        ("2.11.9", "http://a.test/x.txt/", "404"),
        ("2.11.9", "http://a.test/sub/", "/sub/"),
        ("2.11.7", "http://b.test/sub/", "/index.html"),
        ("2.11.8", "http://b.test/sub/", "/sub/"),
        ("2.11.9", "http://b.test/sub/", "/index.html"),
        ("2.11.7", "http://C.TEST/", "c"),
        ("2.10.2", "http://C.TEST/", "C"),
        ("2.11.7", "body", "read"),
        ("2.11.8", "body", "413"),
    ] {
        let mut args = vec!["--for", version, url];
        if url == "body" {
            args = vec!["--for", version, "-d", "abc", "http://a.test/body"];
        }
        let (status, text, errors) = trace(folder.path(), "/usr/bin:/bin", &args);
        assert_eq!(status, Some(0), "{errors}");
        let found = match answer.parse::<u16>() {
            Ok(status) => text.contains(&format!("answer {status} ")),
            Err(_) => text.contains("answer 200 ") && text.contains(&format!("  | {answer}\n")),
        };
        assert!(found, "{version}, {url}: {answer}\n{text}");
    }
    // What the model does not follow is named.
    let (_, _, errors) = trace(folder.path(), "/usr/bin:/bin", &["--for", "2.9.1", "http://d.test/"]);
    assert!(errors.contains("that 2.9.1 does otherwise: clients get the `Server` header"), "{errors}");
    let (_, _, errors) = trace(folder.path(), "/usr/bin:/bin", &["--for", "2.11.9", "http://d.test/"]);
    assert!(!errors.contains("does otherwise"), "{errors}");
}
