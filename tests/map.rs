//! The page of `caddyctl routes --format html`, in a real browser: what it shows, and that nothing overlaps or runs out of
//! the window of a phone.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

const PROGRAM: &str = env!("CARGO_BIN_EXE_caddyctl");

/// Added to the page: measures it, and leaves what it found where the test reads it.
const PROBE: &str = include_str!("map/probe.js");

/// Added to the page: types and clicks, and leaves what it saw.
const CLICK: &str = include_str!("map/click.js");

/// Gathers what the frames found.
const COLLECT: &str = include_str!("map/collect.js");

/// Widths of a phone, a tablet and a desk, in pixels.
const WIDTHS: [u32; 3] = [360, 800, 1280];

fn browser() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let names = ["chromium", "chromium-browser", "google-chrome"];
    names
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|file| file.is_file())
}

/// What the browser found on the page of the Caddyfile at `file`, in a frame of each of the [`WIDTHS`].
fn look(browser: &Path, file: &Path, probe: &str) -> Vec<Value> {
    let mut program = Command::new(PROGRAM);
    program.args(["routes", "--format", "html", "--editor-url", "vscode://file{file}:{line}"]);
    let out = program.arg(file).output().unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let page = String::from_utf8(out.stdout).unwrap();
    let page = page.replace("</body>", &format!("<script>\n{probe}</script>\n</body>"));
    let page = page.replace('&', "&amp;").replace('"', "&quot;");
    let frame =
        |width| format!("<iframe width={width} height=4000 frameborder=0 srcdoc=\"{page}\"></iframe>\n");
    let frames: String = WIDTHS.iter().map(frame).collect();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("page.html");
    fs::write(&path, format!("<!doctype html>\n{frames}<script>\n{COLLECT}</script>\n")).unwrap();
    let out = Command::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--dump-dom"])
        .arg("--host-resolver-rules=MAP * ~NOTFOUND")
        .arg(format!("--user-data-dir={}", folder.path().join("profile").display()))
        .arg(format!("file://{}", path.display()))
        .stderr(Stdio::null())
        .output()
        .unwrap();
    let dom = String::from_utf8_lossy(&out.stdout);
    let found = dom.split_once("<pre id=\"found\">").and_then(|(_, rest)| rest.split_once("</pre>"));
    let (found, _) = found.unwrap_or_else(|| panic!("{}: no answer of the browser: {dom}", file.display()));
    let found = found.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    let found: Vec<Value> = serde_json::from_str(&found).unwrap();
    let widths: Vec<_> = found.iter().map(|found| found["width"].clone()).collect();
    assert_eq!(widths, WIDTHS, "the frames have other widths");
    found
}

/// The boxes of the page as `site`, or `matcher -> what answers`, from top to bottom.
fn lines(found: &Value) -> Vec<&str> {
    found["lines"].as_array().unwrap().iter().map(|line| line.as_str().unwrap()).collect()
}

#[test]
fn the_map_in_a_browser() {
    let Some(browser) = browser() else {
        let _ = writeln!(
            io::stderr(),
            "left out: the map in a browser, since there is no chromium here (Debian: apt-get install chromium)"
        );
        return;
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let file = root.join("examples/auth-server/Caddyfile");
    for found in look(&browser, &file, PROBE) {
        assert_eq!(
            lines(&found),
            [
                "stt.fullen.dev",
                "/api/auth/* -> reverse_proxy localhost:3001",
                "/health -> reverse_proxy localhost:3001",
                "* -> reverse_proxy localhost:8080",
            ]
        );
        assert_eq!(found["links"], 3, "each upstream in a route leads to its box");
    }
    let mut files = vec![file, root.join("Caddyfile")];
    for name in ["two-domains", "spa-with-api", "php", "wildcard"] {
        files.push(root.join("examples").join(name).join("Caddyfile"));
    }
    for case in ["nested_routes", "long_words"] {
        files.push(root.join("tests/map").join(case).join("Caddyfile"));
    }
    for file in files {
        for found in look(&browser, &file, PROBE) {
            let faults = found["faults"].as_array().unwrap();
            assert!(faults.is_empty(), "{} in {} pixels: {faults:?}", file.display(), found["width"]);
        }
    }
}

#[test]
fn the_page_searches_and_decides() {
    let Some(browser) = browser() else {
        let _ = writeln!(io::stderr(), "left out: the map in a browser, since there is no chromium here");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("Caddyfile");
    let mut text = String::from(
        "a.test {\n\troot * /srv\n\trewrite /moved/* /new\n\thandle /api/* {\n\t\treverse_proxy localhost:1\n\t}\n\thandle {\n\t\tfile_server\n\t}\n}\n\
         b.test {\n\tredir /old /new\n\trespond /old/* \"gone\"\n\trespond \"rest\"\n}\n\
         *.c.test {\n\treverse_proxy localhost:1\n}\n",
    );
    for number in 0..8 {
        text += &format!("http://n{number}.test:8080 {{\n\treverse_proxy localhost:2\n}}\n");
    }
    fs::write(&file, text).unwrap();
    for found in look(&browser, &file, CLICK) {
        let seen = |name: &str| found[name].as_str().unwrap_or_else(|| panic!("{name}: {found}"));
        assert_eq!(seen("root"), "root * /srv");
        assert_eq!(seen("filtered"), "2 of 16 routes");
        assert_eq!(seen("by_upstream"), "8 of 16 routes");
        assert_eq!(seen("sites"), "11");
        assert_eq!(seen("api"), "is answered by: /api/* → reverse_proxy localhost:1");
        assert_eq!(seen("page"), "is answered by: * → respond rest");
        assert_eq!(seen("wild"), "is answered by: * → reverse_proxy localhost:1");
        assert_eq!(seen("port"), "is answered by: * → reverse_proxy localhost:2");
        assert_eq!(seen("other"), "No site has this host and port.");
        assert_eq!(seen("lit"), "2");
        assert!(
            seen("editor").starts_with("vscode://file/") && seen("editor").ends_with("Caddyfile:2"),
            "{found}"
        );
    }
}
