//! Words of plugins, and `validate --caddy`, which asks a build for its modules.

#[cfg(feature = "deploy")]
use crate::support::caddy;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

const CADDYFILE: &str = "{\n\tlayer4 {\n\t\t:5000 {\n\t\t}\n\t}\n}\n\nexample.com {\n\trate_limit {\n\t\tzone a {\n\t\t}\n\t}\n\ttls {\n\t\tdns cloudflare {env.TOKEN}\n\t}\n\trespond ok\n}\n";

/// Status, standard output and standard error of `validate` with these arguments.
fn validate(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let out = Command::new(env!("CARGO_BIN_EXE_caddyctl"))
        .arg("validate")
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (out.status.code(), text(out.stdout), text(out.stderr))
}

/// A folder with the Caddyfile, and a program that answers as `caddy list-modules` would.
fn folder(modules: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("Caddyfile"), CADDYFILE).unwrap();
    let program = folder.path().join("caddy");
    fs::write(&program, format!("#!/bin/sh\n[ \"$1\" = list-modules ] && printf '%s\\n' {modules}\n"))
        .unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

#[test]
fn without_a_build_they_are_faults_that_name_the_plugin() {
    let folder = folder("http");
    let (status, out, _) = validate(folder.path(), &[]);
    assert_eq!(status, Some(1));
    for package in
        ["github.com/mholt/caddy-l4", "github.com/mholt/caddy-ratelimit", "github.com/caddy-dns/cloudflare"]
    {
        assert!(out.contains(package), "{package}: {out}");
    }
}

#[cfg(feature = "deploy")]
#[test]
fn a_build_that_has_them_makes_them_notes() {
    let folder = folder("http layer4 http.handlers.rate_limit dns.providers.cloudflare");
    let (status, out, _) = validate(folder.path(), &["--format", "concise", "--caddy", "./caddy"]);
    assert_eq!(status, Some(0), "{out}");
    assert_eq!(out.matches("not checked here").count(), 3, "{out}");
    // The other commands go on as well.
    for command in [&["routes"][..], &["diff", "Caddyfile", "Caddyfile"], &["trace", "https://example.com/"]]
    {
        let (status, out, err) = run(folder.path(), &[command, &["--caddy", "./caddy"]].concat());
        assert_eq!(status, Some(0), "{command:?}: {out}{err}");
        assert_ne!(run(folder.path(), command).0, Some(0), "{command:?}");
    }
}

#[cfg(feature = "deploy")]
#[test]
fn the_stock_build_has_none_of_them() {
    let folder = folder("http");
    let caddy = caddy::binary();
    let (status, out, _) = validate(folder.path(), &["--caddy", caddy.to_str().unwrap()]);
    assert_eq!(status, Some(1));
    assert_eq!(out.matches("has no module").count(), 3, "{out}");
}

#[cfg(feature = "deploy")]
#[test]
fn a_program_that_is_not_caddy_is_reported() {
    let folder = folder("http");
    for (program, words) in [("./nowhere", "cannot run ./nowhere"), ("/bin/true", "lists no modules")] {
        let (status, _, error) = validate(folder.path(), &["--caddy", program]);
        assert_eq!(status, Some(2), "{error}");
        assert!(error.contains(words), "{error}");
    }
}

/// Status, standard output and standard error of a command.
fn run(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let out = Command::new(env!("CARGO_BIN_EXE_caddyctl"))
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (out.status.code(), text(out.stdout), text(out.stderr))
}

const LIMITED: &str = "example.com {\n\trate_limit {\n\t\tzone all {\n\t\t\tkey {remote_host}\n\t\t\twindow 1m\n\t\t\tevents 100\n\t\t}\n\t}\n\trespond ok\n}\n";

#[test]
fn plugins_that_are_given_are_known() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("Caddyfile"), LIMITED).unwrap();
    let with = ["--with", "github.com/mholt/caddy-ratelimit@v0.1.0"];
    let (status, out, _) = run(folder.path(), &["adapt", with[0], with[1]]);
    assert_eq!(status, Some(0), "{out}");
    assert!(out.contains("\"rate_limits\":{\"all\":{"), "{out}");
    for command in [&["validate"][..], &["routes"], &["explain", "rate_limit"]] {
        let (status, out, err) = run(folder.path(), &[command, &with].concat());
        assert_eq!(status, Some(0), "{command:?}: {out}{err}");
        let (status, ..) = run(folder.path(), command);
        assert_ne!(status, Some(0), "{command:?} without the plugin");
    }
    let (status, out, _) = run(folder.path(), &["diff", "Caddyfile", "Caddyfile", with[0], with[1]]);
    assert_eq!(status, Some(0), "{out}");
    let (status, _, err) = run(folder.path(), &["adapt", "--with", "github.com/mholt/caddy-ratelimits"]);
    assert_eq!(status, Some(2));
    assert!(err.contains("did you mean `github.com/mholt/caddy-ratelimit`?"), "{err}");
}

#[test]
fn a_project_names_its_plugins() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("Caddyfile"), LIMITED).unwrap();
    fs::write(
        folder.path().join("caddyctl.toml"),
        "[caddy]\nplugins = [\"github.com/mholt/caddy-ratelimit\"]\n",
    )
    .unwrap();
    let (status, _, err) = run(folder.path(), &["adapt"]);
    assert_eq!(status, Some(0), "{err}");
    assert!(err.contains("caddyctl.toml adds plugins"), "{err}");
    let (status, out, _) = run(folder.path(), &["validate"]);
    assert_eq!(status, Some(0), "{out}");
    let (status, out, _) = run(folder.path(), &["validate", "--isolated"]);
    assert_eq!(status, Some(1), "{out}");
}

/// A definition as a project has its own.
const OWN: &str = "format = 1\npackage = \"example.com/hello\"\n\n[[directive]]\nname = \"hello\"\ndoc = \"Greets clients\"\norder = \"before respond\"\nargs = [{ to = \"greeting\", optional = true }]\nrows = [{ word = \"timeout\", is = \"duration\", doc = \"How long it may take\" }]\nexample = [{ text = \"hello Hi\", json = '{\"greeting\":\"Hi\",\"handler\":\"hello\"}' }]\n";

#[test]
fn a_project_defines_its_own_words() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("Caddyfile", ":80 {\n\thello Hi {\n\t\ttimeout 1m\n\t}\n}\n");
    write("caddyctl.toml", "[caddy]\ndefinitions = [\"ours.toml\"]\n");
    write("ours.toml", OWN);
    let (status, out, err) = run(folder.path(), &["adapt"]);
    assert_eq!(status, Some(0), "{err}");
    assert!(out.contains(r#"{"greeting":"Hi","handler":"hello","timeout":60000000000}"#), "{out}");
    let (status, ..) = run(folder.path(), &["plugins", "check", "ours.toml"]);
    assert_eq!(status, Some(0));

    write("ours.toml", &OWN.replace("duration", "durration"));
    let (status, _, err) = run(folder.path(), &["adapt"]);
    assert_eq!(status, Some(2));
    assert!(err.contains("ours.toml:9:") && err.contains("did you mean `duration`?"), "{err}");
    let (status, _, err) = run(folder.path(), &["plugins", "check", "ours.toml"]);
    assert_eq!(status, Some(1), "{err}");

    write("ours.toml", &OWN.replace("\"Hi\",\"handler\"", "\"Ho\",\"handler\""));
    let (status, _, err) = run(folder.path(), &["plugins", "check", "ours.toml"]);
    assert_eq!(status, Some(1), "{err}");
    assert!(err.contains("`hello Hi` gives"), "{err}");

    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("secret.toml"), "SECRET = 1\n").unwrap();
    fs::remove_file(folder.path().join("ours.toml")).unwrap();
    std::os::unix::fs::symlink(outside.path().join("secret.toml"), folder.path().join("ours.toml")).unwrap();
    let (status, _, err) = run(folder.path(), &["adapt"]);
    assert_eq!(status, Some(2));
    assert!(err.contains("a link that leads out") && !err.contains("SECRET"), "{err}");
}

#[test]
fn the_order_of_a_known_plugin_names_its_package() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("Caddyfile"), "{\n\torder webdav last\n}\n:80 {\n\trespond ok\n}\n")
        .unwrap();
    let (status, out, _) = run(folder.path(), &["validate"]);
    assert_eq!(status, Some(1));
    assert!(out.contains("--with github.com/mholt/caddy-webdav"), "{out}");
}

/// A file with words of which only the names are known, and with mistakes that have nothing to do with them.
const OPAQUE: &str = "{\n\torder authenticate before respond\n\tsecurity {\n\t\tlocal identity store x {\n\t\t\tpath /tmp/users.json\n\t\t}\n\t}\n}\n\nexample.com {\n\t@used path /a\n\tauthenticate @used with portal\n\theader /* X-A b\n\trespond hi\n}\n";

const SECURITY: [&str; 2] = ["--with", "github.com/greenpau/caddy-security"];

#[test]
fn opaque_words_leave_the_rest_of_the_file_checked() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("Caddyfile"), OPAQUE).unwrap();
    let (status, out, err) =
        run(folder.path(), &["validate", "--format", "concise", SECURITY[0], SECURITY[1]]);
    assert_eq!(status, Some(0), "{out}{err}");
    assert!(out.contains("note[E0206]") && out.contains("R001"), "{out}");
    // The matcher is used, and nothing in the block of the plugin is a finding.
    assert!(!out.contains("R003") && !out.contains(":5:"), "{out}");
    for command in [&["routes"][..], &["diff", "Caddyfile", "Caddyfile"], &["trace", "https://example.com/a"]]
    {
        let (status, out, err) = run(folder.path(), &[command, &SECURITY].concat());
        assert_eq!(status, Some(0), "{command:?}: {out}{err}");
    }
    let (_, out, _) = run(folder.path(), &["routes", SECURITY[0], SECURITY[1]]);
    assert!(out.contains("authenticat"), "{out}");
    let (status, out, err) = run(folder.path(), &["adapt", SECURITY[0], SECURITY[1]]);
    assert_eq!((status, out.as_str()), (Some(1), ""), "{err}");
    assert!(err.contains("error[E0206]") && err.contains("github.com/greenpau/caddy-security"), "{err}");
}

#[test]
fn a_change_in_an_opaque_block_is_a_difference() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("old", OPAQUE);
    write("new", &OPAQUE.replace("with portal", "with other"));
    // The format is none, nor is a comment.
    write("same", &OPAQUE.replace("\t\tlocal identity", "  local   identity"));
    write("secret", &OPAQUE.replace("with portal", "with hunter2secret"));
    let diff = |new: &str| run(folder.path(), &["diff", "old", new, SECURITY[0], SECURITY[1]]);
    let (status, out, err) = diff("new");
    assert_eq!(status, Some(1), "{out}{err}");
    let (status, out, err) = diff("same");
    assert_eq!(status, Some(0), "{out}{err}");
    let (status, out, _) =
        run(folder.path(), &["diff", "old", "secret", "--format", "json", SECURITY[0], SECURITY[1]]);
    assert_eq!(status, Some(1), "{out}");
    let routes: serde_json::Value = serde_json::from_str(&out).unwrap();
    let routes = serde_json::json!([routes["routes"], routes["effects"], routes["headers"]]).to_string();
    assert!(!routes.contains("hunter2secret"), "{routes}");
}

#[test]
fn a_file_is_formatted_only_if_its_opaque_words_stay() {
    let folder = tempfile::tempdir().unwrap();
    let text = OPAQUE.replace("\t\tlocal", "    local");
    fs::write(folder.path().join("Caddyfile"), &text).unwrap();
    let (status, out, err) = run(folder.path(), &["fmt", "--overwrite", SECURITY[0], SECURITY[1]]);
    assert_eq!(status, Some(0), "{out}{err}");
    assert_eq!(fs::read_to_string(folder.path().join("Caddyfile")).unwrap(), OPAQUE);
}

/// A build with a plugin that nothing here defines: `order`, blocks, matchers, slots and options are all known by name.
#[cfg(feature = "deploy")]
#[test]
fn words_that_only_a_build_has_are_opaque() {
    let folder = folder(
        "http http.handlers.teapot http.matchers.moon http.encoders.zap dns.providers.nowhere kettle http.authentication.providers.card",
    );
    let text = "{\n\torder teapot before respond\n\tkettle {\n\t\tboil 100\n\t}\n}\n\na.example.com {\n\t@full moon full\n\ttls {\n\t\tdns nowhere {env.X} {\n\t\t\tdeep {\n\t\t\t}\n\t\t}\n\t}\n\tencode {\n\t\tzap 3\n\t}\n\tcard {\n\t\trespond x\n\t}\n\tteapot @full short {\n\t\tstout @full\n\t}\n\trespond hi\n}\n";
    fs::write(folder.path().join("Caddyfile"), text).unwrap();
    let (status, out, err) = validate(folder.path(), &["--format", "concise", "--caddy", "./caddy"]);
    assert_eq!(status, Some(0), "{out}{err}");
    assert_eq!(out.matches("not checked here").count(), 6, "{out}");
    assert!(!out.contains("warning"), "{out}");
    let (status, out, _) = validate(folder.path(), &[]);
    assert_eq!(status, Some(1), "{out}");
    let (status, out, err) = run(folder.path(), &["routes", "--caddy", "./caddy"]);
    assert_eq!(status, Some(0), "{err}");
    assert!(out.contains("teapot") && out.contains("card"), "{out}");
}

/// `adapt --caddy` prints what the program prints, to the byte, and says so.
#[cfg(feature = "deploy")]
#[test]
fn a_build_gives_the_json_of_its_own_words() {
    let folder = folder("http http.handlers.teapot");
    let answer = "{\"apps\": {\"x\": 1}}";
    let script = format!(
        "#!/bin/sh\ncase $1 in\nlist-modules) printf '%s\\n' http http.handlers.teapot ;;\nadapt) [ \"$2 $3\" = '--config Caddyfile' ] && echo '{answer}' ;;\nesac\n"
    );
    fs::write(folder.path().join("caddy"), script).unwrap();
    fs::write(folder.path().join("Caddyfile"), ":80 {\n\tteapot\n}\n").unwrap();
    let (status, out, err) = run(folder.path(), &["adapt", "--caddy", "./caddy"]);
    assert_eq!((status, out), (Some(0), format!("{answer}\n")), "{err}");
    assert!(err.contains("the JSON of ./caddy"), "{err}");
    // A file without such words is compiled here.
    fs::write(folder.path().join("Caddyfile"), ":80 {\n\trespond hi\n}\n").unwrap();
    let (status, out, _) = run(folder.path(), &["adapt", "--caddy", "./caddy"]);
    assert_eq!(status, Some(0));
    assert!(out.contains("static_response"), "{out}");
}

#[cfg(feature = "deploy")]
#[test]
fn a_build_that_lacks_a_named_package_is_an_error() {
    let folder = folder("http http.handlers.teapot");
    fs::write(folder.path().join("Caddyfile"), ":80 {\n\trespond hi\n}\n").unwrap();
    let arguments = ["routes", "--caddy", "./caddy", "--with", "github.com/mholt/caddy-ratelimit"];
    let (status, _, err) = run(folder.path(), &arguments);
    assert_eq!(status, Some(2), "{err}");
    assert!(err.contains("./caddy") && err.contains("github.com/mholt/caddy-ratelimit"), "{err}");
}

/// A definition is used where the program says which package its module is of.
#[cfg(feature = "deploy")]
#[test]
fn a_build_that_names_its_packages_needs_no_other_word() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("Caddyfile"), LIMITED).unwrap();
    let program = folder.path().join("caddy");
    let text = "#!/bin/sh\n[ \"$1\" = list-modules ] && printf '%s\\n' 'http github.com/caddyserver/caddy/v2' 'http.handlers.rate_limit github.com/mholt/caddy-ratelimit'\n";
    fs::write(&program, text).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let (status, out, err) = run(folder.path(), &["adapt", "--caddy", "./caddy"]);
    assert_eq!(status, Some(0), "{err}");
    assert!(out.contains("\"rate_limits\":{\"all\":{"), "{out}");
}

/// A global block that begins with a variable that is not set stays one if it has options of plugins.
#[test]
fn options_of_plugins_behind_an_unset_variable_are_options() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(
        folder.path().join("Caddyfile"),
        "{\n\t{$OPTS}\n\tadmin off\n\tfrankenphp\n}\n\nexample.com {\n\trespond hi\n}\n",
    )
    .unwrap();
    let (status, out, _) = validate(folder.path(), &["--format", "concise"]);
    assert_eq!(status, Some(1));
    assert!(out.contains("E0203") && !out.contains("E0201"), "{out}");
    let (status, out, _) =
        validate(folder.path(), &["--format", "concise", "--with", "github.com/dunglas/frankenphp/caddy"]);
    assert_eq!(status, Some(0), "{out}");
}
