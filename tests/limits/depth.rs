//! What is nested deeply, as a Caddyfile and as JSON.

use std::fs;

use super::{all_take, folder, nested, result, site};

#[test]
fn json_of_deep_blocks() {
    let folder = folder(&nested(500, "handle", "respond x"));
    let (_, json) = result(folder.path(), &["adapt"], "");
    fs::write(folder.path().join("deep.json"), json.lines().next().unwrap()).unwrap();
    let (status, output) = result(folder.path(), &["diff", "deep.json", "Caddyfile"], "");
    assert_eq!(status, 0, "{output}");
    for format in ["text", "markdown", "json", "github", "patch"] {
        assert!(result(folder.path(), &["diff", "small", "deep.json", "--format", format], "").0 < 2);
    }
    assert!(result(folder.path(), &["diff", "small", "deep.json", "--json-diff"], "").0 < 2);
    assert_eq!(result(folder.path(), &["routes", "deep.json"], "").0, 0);
}

#[test]
fn hostile_json() {
    let folder = folder("");
    for text in
        ["[".repeat(1_000_000), "{\"a\":".repeat(100_000), "[".repeat(1_000_000) + &"]".repeat(1_000_000)]
    {
        fs::write(folder.path().join("x.json"), &text).unwrap();
        for arguments in [&["routes", "x.json"][..], &["diff", "small", "x.json"]] {
            let (status, output) = result(folder.path(), arguments, "");
            assert!(
                status == 2 && output.contains("nested deeper than 50,000 levels"),
                "{}",
                &output[..output.len().min(300)]
            );
        }
    }
    let deep =
        |open: &str, inside: &str, close: &str, levels| open.repeat(levels) + inside + &close.repeat(levels);
    let server = |deep: &str| {
        format!(
            r#"{{"apps":{{"http":{{"servers":{{"s":{{"routes":[{{"handle":[{{"handler":"x","y":{deep}}}]}}]}}}}}}}}}}"#
        )
    };
    let logs = |deep: &str| format!(r#"{{"logging":{{"logs":{{"x":{deep}}}}}}}"#);
    for (open, close, levels) in [("[", "]", 20_000), ("{\"a\":", "}", 14_000)] {
        for shape in [&server as &dyn Fn(&str) -> String, &logs] {
            fs::write(folder.path().join("x.json"), shape(&deep(open, "1", close, levels))).unwrap();
            fs::write(folder.path().join("y.json"), shape(&deep(open, "2", close, levels))).unwrap();
            result(folder.path(), &["routes", "x.json"], "");
            for format in ["text", "patch"] {
                let (_, output) =
                    result(folder.path(), &["diff", "y.json", "x.json", "--format", format], "");
                assert!(output.len() < 8_000_000, "{format}: {} bytes", output.len());
            }
        }
    }
}

#[test]
#[cfg(feature = "deploy")]
fn deep_blocks_deploy() {
    for levels in [30, 500] {
        let folder = folder(&nested(levels, "handle", "respond x"));
        let root = folder.path().join("root");
        fs::create_dir_all(root.join("etc/caddy")).unwrap();
        let root = root.to_string_lossy();
        let dry: &[&str] = &["deploy", "--root", &root, "--no-systemd", "--no-watchdog", "--dry-run"];
        for arguments in [dry, &dry[..dry.len() - 1]] {
            let (status, output) = result(folder.path(), arguments, "");
            assert_eq!(status, 0, "{levels} {arguments:?}: {output}");
        }
    }
}

#[test]
fn answers_of_upstreams_that_other_upstreams_handle() {
    for proxy in ["reverse_proxy a:1", "php_fastcgi a:1", "intercept"] {
        let text = |last: &str| {
            let levels = 700;
            let inside = format!("{proxy} {{\nhandle_response {{\n").repeat(levels);
            site(&format!("{inside}respond {last}\n{}", "}\n}\n".repeat(levels)))
        };
        let folder = folder(&text("x"));
        fs::write(folder.path().join("other"), text("y")).unwrap();
        let (status, output) = result(folder.path(), &["diff", "other", "Caddyfile"], "");
        assert!(status == 1 && output.len() < 2_000_000, "{} bytes", output.len());
    }
}

#[test]
fn one_change_in_blocks_with_matchers() {
    let text = |last: &str| {
        let inside: String = (0..300).map(|_| "handle /a* {\nrespond /b x\n").collect();
        site(&format!("{inside}respond {last}\n{}", "}\n".repeat(300)))
    };
    let folder = folder(&text("x"));
    fs::write(folder.path().join("other"), text("y")).unwrap();
    assert_eq!(result(folder.path(), &["diff", "other", "Caddyfile"], "").0, 1);
    fs::write(folder.path().join("other"), text("x").replace("/b", "/c")).unwrap();
    assert_eq!(result(folder.path(), &["diff", "other", "Caddyfile"], "").0, 1);
}

#[test]
fn the_json_of_deep_blocks_grows_with_their_depth() {
    all_take(&nested(1_000, "handle", "respond x"), 2_000_000);
    let folder = folder(&nested(4_000, "handle", "respond x"));
    for format in [&["--format", "patch"][..], &["--json-diff"]] {
        let arguments = [&["diff", "small", "Caddyfile"], format].concat();
        let (_, output) = result(folder.path(), &arguments, "");
        assert!(output.len() < 10_000_000, "{format:?}: {} bytes", output.len());
    }
}

#[test]
fn routes_of_a_snippet_in_deep_blocks() {
    let text = |word: &str| {
        let routes: String = (0..30).map(|number| format!("respond /a{number} {word}\n")).collect();
        let snippet = format!("(s) {{\n{}{routes}{}}}\n", "handle {\n".repeat(9), "}\n".repeat(9));
        format!("{snippet}{}", site(&"import s\n".repeat(800)))
    };
    let folder = folder(&text("x"));
    fs::write(folder.path().join("other"), text("y")).unwrap();
    let diff = |arguments: &[&str]| {
        result(folder.path(), &[&["diff", "other", "Caddyfile"], arguments].concat(), "")
    };
    // One table has room, two have not.
    assert_eq!(result(folder.path(), &["routes"], "").0, 0);
    let (status, output) = diff(&[]);
    let message = "the table of routes would have more than 300,000 lines";
    assert!(status == 2 && output.contains(message) && output.contains("--raise-limits"), "{output}");
}

#[test]
fn the_whole_json_of_deep_blocks_with_variables() {
    let text = |word: &str| nested(2_000, "handle", &format!("respond {{$X}}{word}"));
    let folder = folder(&text(""));
    fs::write(folder.path().join("other"), text("y")).unwrap();
    let (status, output) = result(folder.path(), &["diff", "--json-diff", "other", "Caddyfile"], "");
    assert!(status == 1 && output.contains("\"body\": \"{$X}y\""), "{}", &output[..output.len().min(500)]);
    fs::write(
        folder.path().join("Caddyfile"),
        text("").repeat(3).replacen("a.example", "b.example", 1).replacen("a.example", "c.example", 1),
    )
    .unwrap();
    let (status, output) = result(folder.path(), &["diff", "--json-diff", "other", "Caddyfile"], "");
    assert!(
        status == 2 && output.contains("--json-diff would compare more than 8,388,608 bytes"),
        "{output}"
    );
}
