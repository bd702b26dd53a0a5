//! A folder whose files are made to do harm: settings that hide findings or lead to secret files, FIFOs and devices where
//! files are read, and texts that name programs. Under strace nothing runs but the program itself and git, nothing is
//! opened for writing, and no network is used.

use std::fs;
use std::io::{BufReader, Write};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use lsp_server::{Message, Notification, Request, RequestId};
use serde_json::{Value, json};
use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_caddyctl");

/// Each command takes at most this long, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// A finding of a rule for security (S), and one of another.
const SITE: &str = "a.test {\n\tlog {\n\t\toutput stdout\n\t}\n\thandle / {\n\t\trespond ok\n\t}\n\theader {\n\t\tAccess-Control-Allow-Origin *\n\t\tAccess-Control-Allow-Credentials true\n\t}\n}\n";

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, text) in files {
        write(&folder, name, text);
    }
    folder
}

fn write(folder: &TempDir, name: &str, text: &str) {
    let path = folder.path().join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn fifo(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

/// Ends within [`PATIENCE`], or the test fails.
fn run(program: &str, arguments: &[&str], folder: &Path) -> Output {
    let begin = Instant::now();
    let output = Command::new("timeout")
        .args(["--signal=KILL", "60", program])
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(begin.elapsed() < PATIENCE, "{arguments:?} took {:?}", begin.elapsed());
    output
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_run_says_what_settings_switch_off() {
    let folder = folder(&[
        ("work/Caddyfile", SITE),
        ("work/caddyctl.toml", "[lint]\nignore = [\"S\"]\n[lint.severity]\nC001 = \"note\"\n"),
    ]);
    let work = folder.path().join("work");
    let validate = |arguments: &[&str]| run(PROGRAM, &[&["validate"], arguments].concat(), &work);
    let plain = validate(&[]);
    let said = text(&plain.stderr);
    assert!(
        said.starts_with("note: caddyctl.toml switches off ")
            && said.contains(" rules, lowers the severity of 1 rule; ")
    );
    assert!(said.ends_with("; `--isolated` ignores the file\n"), "{said}");
    assert!(!text(&plain.stdout).contains("[S0"), "{}", text(&plain.stdout));
    let isolated = validate(&["--isolated"]);
    assert_eq!(text(&isolated.stderr), "");
    assert!(text(&isolated.stdout).contains("[S0"), "{}", text(&isolated.stdout));
    for format in ["concise", "gitlab", "junit", "json", "sarif", "github"] {
        assert_eq!(text(&validate(&["--format", format]).stderr), said, "{format}");
    }
    let json: Value = serde_json::from_slice(&validate(&["--format", "json"]).stdout).unwrap();
    assert_eq!(json["settings"][0]["file"], "caddyctl.toml");
    assert!(json["settings"][0]["rules"].as_u64().unwrap() > 5);
    assert_eq!(json["settings"][0]["lowered"], 1);
    let sarif: Value = serde_json::from_slice(&validate(&["--format", "sarif"]).stdout).unwrap();
    let note = &sarif["runs"][0]["invocations"][0]["toolConfigurationNotifications"][0];
    assert!(note["message"]["text"].as_str().unwrap().starts_with("switches off "), "{note}");
    assert_eq!(note["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "caddyctl.toml");
    let github = text(&validate(&["--format", "github"]).stdout);
    assert!(github.starts_with("::notice file=caddyctl.toml,title=settings::switches off "), "{github}");
    // Settings that leave nothing out are not worth a word.
    write(&folder, "work/caddyctl.toml", "[lint.severity]\nC001 = \"error\"\n");
    assert_eq!(text(&validate(&[]).stderr), "");
    let json: Value = serde_json::from_slice(&validate(&["--format", "json"]).stdout).unwrap();
    assert!(json.get("settings").is_none());
    // What the command line selects counts above the file.
    write(&folder, "work/caddyctl.toml", "[lint]\nselect = [\"C001\"]\n");
    assert_eq!(text(&validate(&["--select", "S"]).stderr), "");
}

#[test]
fn settings_that_cannot_be_used_are_an_error_without_their_text() {
    let folder =
        folder(&[("secret", "root:TOPSECRET:1\n"), ("work/Caddyfile", SITE), ("work/.git/HEAD", "")]);
    let work = folder.path().join("work");
    let settings = work.join("caddyctl.toml");
    let check = |said: &str| {
        for format in ["full", "json", "sarif", "github"] {
            let output = run(PROGRAM, &["validate", "--format", format], &work);
            let all = text(&output.stdout) + &text(&output.stderr);
            assert_eq!(output.status.code(), Some(2), "{all}");
            assert!(all.contains("caddyctl.toml: ") && all.contains(said), "{said}: {all}");
            assert!(!all.contains("TOPSECRET"), "{all}");
            assert!(all.contains("`--isolated` ignores the file"), "{all}");
        }
        let isolated = run(PROGRAM, &["validate", "--isolated", "--deny", "error"], &work);
        assert_eq!(isolated.status.code(), Some(0), "{}", text(&isolated.stderr));
        fs::remove_file(&settings).unwrap();
    };
    for (broken, said) in [
        ("root:TOPSECRET:1\n", "line 1, column 17: expected `=`"),
        ("[lint]\nignore = [\"TOPSECRET\"]\n", "line 2, column 12: expected the code of a rule"),
        ("[lint]\nTOPSECRET = 1\n", "line 2, column 1: expected one of `select`, `ignore`"),
    ] {
        fs::write(&settings, broken).unwrap();
        check(said);
    }
    fs::write(&settings, b"[lint]\n# \xff\n").unwrap();
    check("it is not UTF-8");
    fs::write(&settings, " ".repeat(2_000_000)).unwrap();
    check("it is larger than 1 MiB");
    for target in ["../secret", "/etc/passwd", "/proc/self/environ"] {
        symlink(target, &settings).unwrap();
        check("it is a link that leads out of ");
    }
    for target in ["/dev/zero", "/dev/stdin"] {
        symlink(target, &settings).unwrap();
        check("");
    }
    fifo(&settings);
    check("it is not a regular file");
    fifo(&work.join("fifo"));
    symlink("fifo", &settings).unwrap();
    check("it is not a regular file");
    // A link inside the work tree is fine.
    write(&folder, "work/settings/caddyctl.toml", "[lint]\nignore = [\"S\"]\n");
    symlink("settings/caddyctl.toml", &settings).unwrap();
    let output = run(PROGRAM, &["validate"], &work);
    assert!(
        text(&output.stderr).starts_with("note: caddyctl.toml switches off "),
        "{}",
        text(&output.stderr)
    );
}

/// Files that the command line names may be what the shell has opened; all others must be regular.
#[test]
fn special_files_are_refused_and_what_is_open_already_is_read() {
    let folder = folder(&[("Caddyfile", SITE), ("env", "A=1\n")]);
    let here = folder.path();
    fifo(&here.join("fifo"));
    symlink("/dev/zero", here.join("zero")).unwrap();
    let fine = "a.test {\\n\\trespond ok\\n}\\n";
    for command in ["validate", "adapt --config", "fmt", "routes"] {
        for script in [
            format!("{PROGRAM} {command} <(printf '{fine}')"),
            format!("printf '{fine}' | {PROGRAM} {command} /dev/stdin"),
            format!("printf '{fine}' | {PROGRAM} {command} /proc/self/fd/0"),
            format!("{PROGRAM} {command} /dev/fd/7 7< <(printf '{fine}')"),
            format!("{PROGRAM} {command} - < <(printf '{fine}')"),
        ] {
            let output = run("bash", &["-c", &script], here);
            assert_eq!(output.status.code(), Some(0), "{script}: {}", text(&output.stderr));
        }
        for path in ["fifo", "zero", "/dev/zero", "/dev/tty"] {
            let words: Vec<&str> = command.split(' ').chain([path]).collect();
            let output = run(PROGRAM, &words, here);
            assert_eq!(output.status.code(), Some(2), "{words:?}");
            assert!(
                text(&output.stderr).contains("not a regular file"),
                "{words:?}: {}",
                text(&output.stderr)
            );
        }
    }
    let script = format!("{PROGRAM} diff <(printf '{fine}') <(printf '{fine}') --envfile <(echo A=2)");
    let output = run("bash", &["-c", &script], here);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    for arguments in [
        &["validate", "--envfile", "fifo"][..],
        &["validate", "--env-set", "x=zero"],
        &["adapt", "--envfile", "/dev/zero"],
        &["diff", "Caddyfile", "fifo"],
        &["verify", "--checks", "fifo"],
        &["verify", "--checks", "zero"],
    ] {
        let output = run(PROGRAM, arguments, here);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(text(&output.stderr).contains("it is not a regular file"), "{}", text(&output.stderr));
    }
    // What is read from standard input has an end.
    let output = run("bash", &["-c", &format!("{PROGRAM} validate - < /dev/zero")], here);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("it is larger than "), "{}", text(&output.stderr));
}

/// Checks may be a link to a secret file, too.
#[test]
fn checks_quote_nothing() {
    let folder = folder(&[("secret", "root:TOPSECRET:1\n")]);
    symlink("secret", folder.path().join("checks.toml")).unwrap();
    let output = run(PROGRAM, &["verify"], folder.path());
    let said = text(&output.stderr);
    assert!(
        output.status.code() == Some(2) && said.contains("checks.toml: ") && !said.contains("TOPSECRET"),
        "{said}"
    );
    assert!(said.contains("line 1, column "), "{said}");
}

/// A folder with programs in every place where a file could name one, and with special files wherever one is read.
fn hostile() -> TempDir {
    let folder = folder(&[
        ("work/checks.toml", "[[check]]\nurl = \"http://127.0.0.1:9/\"\n"),
        ("work/.env", "LD_PRELOAD=./evil.so\nPATH=.\n"),
        ("work/caddyctl.toml", "[lint]\nignore = [\"S\"]\nselect = []\n"),
        ("work/systemd/caddy.service.d/override.conf", "[Service]\nExecStart=/bin/sh evil\n"),
        ("work/.vscode/settings.json", "{\"caddyctl.path\": \"./evil\"}\n"),
    ]);
    let work = folder.path().join("work");
    for name in ["evil", "git", "caddy", "systemctl", "bin/git", "pager"] {
        write(&folder, &format!("work/{name}"), "#!/bin/sh\ntouch /tmp/caddyctl-was-here\n");
        fs::set_permissions(work.join(name), fs::Permissions::from_mode(0o755)).unwrap();
    }
    let site = format!(
        "{{\n\tadmin unix//{0}/socket\n\tevents {{\n\t\ton started exec ./evil\n\t}}\n\tstorage file_system {0}\n}}\n\
         import fifo\nimport zero\nimport /dev/zero\nimport loop/*\n{SITE}\
         b.test {{\n\timport fifo\n\timport /proc/self/environ\n\ttls fifo zero\n\troot * ./\n\ttemplates\n\
         \tlog {{\n\t\toutput file {0}/access.log\n\t}}\n\treverse_proxy 127.0.0.1:9 unix//{0}/socket\n\
         \tforward_auth 127.0.0.1:9 {{\n\t\turi /x\n\t}}\n}}\n",
        work.display()
    );
    write(&folder, "work/Caddyfile", &site);
    write(&folder, "work/plain/Caddyfile", SITE);
    fifo(&work.join("fifo"));
    fifo(&work.join("b.caddyfile"));
    symlink("/dev/zero", work.join("zero")).unwrap();
    symlink("/dev/zero", work.join("c.caddyfile")).unwrap();
    symlink("..", work.join("loop")).unwrap();
    let git = |arguments: &[&str]| {
        let all = [&["-c", "user.name=T", "-c", "user.email=t@a.test"], arguments].concat();
        let output = run("git", &all, &work);
        assert!(output.status.success(), "{}", text(&output.stderr));
    };
    git(&["init", "--quiet"]);
    git(&["add", "Caddyfile", "plain", "caddyctl.toml", "zero"]);
    git(&["commit", "--quiet", "-m", "x"]);
    let hostile =
        "[core]\n\tfsmonitor = ./evil\n\tpager = ./evil\n\thooksPath = .\n[alias]\n\tls-tree = !./evil\n";
    let own = fs::read_to_string(work.join(".git/config")).unwrap();
    fs::write(work.join(".git/config"), own + hostile).unwrap();
    write(&folder, "work/plain/Caddyfile", &SITE.replace("respond ok", "respond other"));
    folder
}

/// What strace saw that must not be: another program, a file opened for writing, the network, a change of a file.
fn misdeeds(log: &Path) -> Vec<String> {
    let log = fs::read_to_string(log).unwrap();
    assert!(log.contains("execve("), "strace saw nothing:\n{log}");
    let program = format!("execve(\"{PROGRAM}\"");
    let is_bad = |line: &str| {
        let call = line.split_once(' ').map_or(line, |(_, rest)| rest.trim_start());
        if call.starts_with("execve") {
            let git = ["/usr/bin/git\"", "/usr/local/bin/git\"", "/bin/git\""];
            let is_git = git.iter().any(|path| call.starts_with(&format!("execve(\"{path}")));
            return !call.starts_with(&program) && !is_git;
        }
        if call.starts_with("open") {
            // Git makes sure that its standard streams are open.
            return !call.contains("\"/dev/null\"")
                && ["O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC"].iter().any(|flag| call.contains(flag));
        }
        // Whatever is left of what is traced changes something, or speaks to somebody.
        !call.starts_with("---") && !call.starts_with("+++") && !call.contains("resumed>")
    };
    log.lines().filter(|line| is_bad(line)).map(str::to_owned).collect()
}

/// The calls that are traced; each but `open` and `execve` is a misdeed.
const CALLS: &str = "execve,execveat,open,openat,openat2,creat,mkdir,mkdirat,mknod,mknodat,rmdir,unlink,unlinkat,rename,\
renameat,renameat2,link,linkat,symlink,symlinkat,truncate,ftruncate,chmod,fchmod,fchmodat,chown,lchown,fchown,fchownat,\
setxattr,socket,connect,bind,sendto,sendmsg,ptrace,mount";

fn traced(log: &Path, arguments: &[&str], folder: &Path) -> Command {
    let mut command = Command::new("strace");
    command
        .args([
            "--follow-forks",
            "--seccomp-bpf",
            "--quiet=all",
            "--string-limit=300",
            "--trace",
            CALLS,
            "--output",
        ])
        .arg(log)
        .arg(PROGRAM)
        .args(arguments)
        .current_dir(folder)
        .env("PATH", format!(".:bin:{}:/usr/bin:/bin", folder.join("bin").display()));
    command
}

fn has_strace() -> bool {
    let status = Command::new("strace").arg("--version").stdout(Stdio::null()).status();
    let there = status.is_ok_and(|status| status.success());
    if !there {
        let _ = writeln!(std::io::stderr(), "left out: a hostile folder, without strace");
    }
    there
}

#[test]
fn commands_run_nothing_but_git_and_write_nothing() {
    if !has_strace() {
        return;
    }
    let folder = hostile();
    let work = folder.path().join("work");
    let log = folder.path().join("strace");
    for arguments in [
        &["validate"][..],
        &["validate", "."],
        &["validate", "--check-files", "--format", "sarif"],
        &["validate", "--envfile", ".env", "--env-set", "x=.env"],
        &["validate", "--fix", "--diff", "--isolated"],
        &["adapt"],
        &["adapt", "--validate"],
        &["fmt"],
        &["fmt", "--check", "."],
        &["fmt", "--diff", "."],
        &["routes"],
        &["routes", "--format", "html", "plain/Caddyfile"],
        &["diff", "Caddyfile", "plain/Caddyfile"],
        &["diff", "--against", "HEAD"],
        &["diff", "--against", "HEAD", "plain/Caddyfile", "--format", "markdown"],
        &["explain", "reverse_proxy"],
    ] {
        let begin = Instant::now();
        let output = traced(&log, arguments, &work).stdin(Stdio::null()).output().unwrap();
        assert!(begin.elapsed() < PATIENCE, "{arguments:?}");
        assert!(output.status.code().is_some_and(|code| code <= 2), "{arguments:?}: {output:?}");
        let misdeeds = misdeeds(&log);
        assert!(misdeeds.is_empty(), "{arguments:?}:\n{}", misdeeds.join("\n"));
    }
    let output = traced(&log, &["diff", "--against", "HEAD", "plain/Caddyfile"], &work).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("respond ok -> other"), "{}", text(&output.stdout));
    assert!(!Path::new("/tmp/caddyctl-was-here").exists());
}

/// An editor that has opened a folder, with the server under strace.
struct Editor {
    server: std::process::Child,
    output: BufReader<std::process::ChildStdout>,
    requests: i32,
    heard: Vec<Notification>,
}

impl Editor {
    fn send(&mut self, message: &Message) {
        let input = self.server.stdin.as_mut().unwrap();
        message.write(input).unwrap();
        input.flush().unwrap();
    }

    fn say(&mut self, method: &str, params: Value) {
        self.send(&Message::Notification(Notification::new(method.to_owned(), params)));
    }

    fn ask(&mut self, method: &str, params: Value) -> Value {
        self.requests += 1;
        let id = RequestId::from(self.requests);
        self.send(&Message::Request(Request::new(id.clone(), method.to_owned(), params)));
        loop {
            match Message::read(&mut self.output).unwrap().expect("the server answers") {
                Message::Response(response) if response.id == id => {
                    return response.response_result.unwrap_or_else(|error| json!({"error": error.message}));
                }
                Message::Notification(note) => self.heard.push(note),
                other => panic!("{other:?}"),
            }
        }
    }

    /// What was said in this way, and the findings of a file.
    fn heard(&self, method: &str) -> Vec<&Value> {
        self.heard.iter().filter(|note| note.method == method).map(|note| &note.params).collect()
    }
}

fn uri(path: &Path) -> String {
    format!("file://{}", path.display())
}

/// Opens files, asks everything about them, and says goodbye.
fn edit(log: &Path, work: &Path, options: &Value, files: &[&str]) -> Editor {
    let mut server = traced(log, &["lsp"], work)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let output = BufReader::new(server.stdout.take().unwrap());
    let mut editor = Editor { server, output, requests: 0, heard: Vec::new() };
    let begin = Instant::now();
    editor.ask(
        "initialize",
        json!({"processId": null, "rootUri": uri(work), "capabilities": {}, "initializationOptions": options}),
    );
    editor.say("initialized", json!({}));
    for name in files {
        let path: PathBuf = work.join(name);
        let text = fs::read_to_string(&path).unwrap();
        let document = json!({"uri": uri(&path), "languageId": "caddyfile", "version": 1, "text": text});
        editor.say("textDocument/didOpen", json!({"textDocument": document}));
        let this = json!({"uri": uri(&path)});
        for line in [0, 3, 8, 14] {
            let at = json!({"textDocument": this, "position": {"line": line, "character": 3}});
            for method in ["textDocument/hover", "textDocument/completion", "textDocument/definition"] {
                editor.ask(method, at.clone());
            }
        }
        for method in ["textDocument/documentSymbol", "textDocument/foldingRange"] {
            editor.ask(method, json!({"textDocument": this}));
        }
        editor.ask(
            "textDocument/formatting",
            json!({"textDocument": this, "options": {"tabSize": 4, "insertSpaces": false}}),
        );
        let range = json!({"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}});
        editor.ask(
            "textDocument/codeAction",
            json!({"textDocument": this, "range": range, "context": {"diagnostics": []}}),
        );
        editor.say("textDocument/didSave", json!({"textDocument": this}));
    }
    editor.ask("shutdown", Value::Null);
    editor.say("exit", Value::Null);
    editor.server.stdin = None;
    assert!(editor.server.wait().unwrap().success());
    assert!(begin.elapsed() < PATIENCE, "{:?}", begin.elapsed());
    editor
}

#[test]
fn an_editor_opens_a_hostile_folder() {
    if !has_strace() {
        return;
    }
    let folder = hostile();
    let work = folder.path().join("work");
    let log = folder.path().join("strace");
    let editor = edit(&log, &work, &json!({}), &["Caddyfile", "plain/Caddyfile"]);
    let misdeeds = misdeeds(&log);
    assert!(misdeeds.is_empty(), "{}", misdeeds.join("\n"));
    let logged = editor.heard("window/logMessage");
    assert_eq!(logged.len(), 1, "{logged:?}");
    assert!(logged[0]["message"].as_str().unwrap().contains("caddyctl.toml switches off "), "{logged:?}");
}

#[test]
fn the_editor_chooses_whether_settings_count() {
    if !has_strace() {
        return;
    }
    let folder = folder(&[("work/Caddyfile", SITE), ("work/caddyctl.toml", "[lint]\nignore = [\"S\"]\n")]);
    let work = folder.path().join("work");
    let log = folder.path().join("strace");
    let has_security = |editor: &Editor| {
        let told = editor.heard("textDocument/publishDiagnostics");
        told.iter().any(|told| told.to_string().contains("\"code\":\"S0"))
    };
    let editor = edit(&log, &work, &json!({}), &["Caddyfile"]);
    assert!(!has_security(&editor));
    for options in [json!({"isolated": true}), json!({"caddyctl": {"isolated": true}})] {
        let editor = edit(&log, &work, &options, &["Caddyfile"]);
        assert!(has_security(&editor));
        assert!(editor.heard("window/logMessage").is_empty());
    }
    // Settings that cannot be used are said once, without their text, and all rules apply.
    fs::write(work.join("caddyctl.toml"), "root:TOPSECRET\n").unwrap();
    let editor = edit(&log, &work, &json!({}), &["Caddyfile"]);
    let shown = editor.heard("window/showMessage");
    assert_eq!(shown.len(), 1, "{shown:?}");
    assert!(shown[0].to_string().contains("caddyctl.toml: line 1, column "), "{shown:?}");
    assert!(!shown[0].to_string().contains("TOPSECRET") && has_security(&editor));
    fs::remove_file(work.join("caddyctl.toml")).unwrap();
    fifo(&work.join("caddyctl.toml"));
    let editor = edit(&log, &work, &json!({}), &["Caddyfile"]);
    assert!(has_security(&editor) && editor.heard("window/showMessage").len() == 1);
}

/// An editor formats when it saves, and does not look at what changes.
#[test]
fn the_editor_gets_no_layout_that_means_something_else() {
    if !has_strace() {
        return;
    }
    let folder = folder(&[("work/Caddyfile", "a.test {\nredir x} {\n}\n")]);
    let work = folder.path().join("work");
    let editor = edit(&folder.path().join("strace"), &work, &json!({}), &["Caddyfile"]);
    let shown = editor.heard("window/showMessage");
    assert!(shown.len() == 1 && shown[0].to_string().contains(": not formatted: "), "{shown:?}");
}
