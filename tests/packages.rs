//! What releases are made of, built from this program: the archive with its installer, `.deb`, `.rpm`, the npm packages and the SBOM.
//! `tests/systemd/package.rs` installs the `.deb`; `.ci/run --full` installs everything in Debian.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

const VERSION: &str = env!("CARGO_PKG_VERSION");

fn run(program: &str, words: &[&str]) -> (i32, String, String) {
    let output = Command::new(program).args(words).stdin(Stdio::null()).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

fn at(path: &str) -> String {
    format!("{}/{path}", env!("CARGO_MANIFEST_DIR"))
}

fn shown(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// The program without what a debugger needs, which packs ten times faster.
fn stripped(folder: &Path) -> PathBuf {
    let program = folder.join("caddyctl");
    let (status, _, error) = run("strip", &["-o", shown(&program), env!("CARGO_BIN_EXE_caddyctl")]);
    assert_eq!(status, 0, "{error}");
    program
}

#[test]
fn an_archive_installs_once_its_checksum_is_right() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name);
    let program = stripped(folder.path());
    let out = path("out");
    let build = [shown(&program), std::env::consts::ARCH, shown(&out)];
    let (status, _, error) = run(&at("packaging/tarball/build"), &build);
    assert_eq!(status, 0, "{error}");
    let archive = out.join(format!("caddyctl-{VERSION}-{}-linux.tar.gz", std::env::consts::ARCH));
    let sums = out.join("SHA256SUMS");
    let first = fs::read(&archive).unwrap();

    let prefix = path("prefix");
    let script = at("packaging/install.sh");
    let install = |archive: &Path, sums: &Path, prefix: &Path| {
        run("sh", &[&script, shown(archive), shown(sums), shown(prefix)])
    };
    let (status, version, error) = install(&archive, &sums, &prefix);
    assert_eq!(status, 0, "{error}");
    assert!(version.starts_with(&format!("caddyctl {VERSION}")), "{version}");
    for file in
        ["bin/caddyctl", "share/man/man1/caddyctl-deploy.1", "share/fish/vendor_completions.d/caddyctl.fish"]
    {
        assert!(prefix.join(file).exists(), "{file}");
    }
    let bin: Vec<_> =
        fs::read_dir(prefix.join("bin")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(bin, ["caddyctl"], "no temporary folder stays");

    // Another run packs the same bytes.
    assert_eq!(run(&at("packaging/tarball/build"), &build).0, 0);
    assert!(fs::read(&archive).unwrap() == first, "the archive is not reproducible");
    assert_eq!(fs::read_to_string(&sums).unwrap().lines().count(), 1);

    // What must install nothing.
    let broken = path("broken");
    let refused = |archive: &Path, sums: &Path, prefix: &Path, reason: &str| {
        let (status, _, error) = install(archive, sums, prefix);
        assert!(status == 2 && error.contains(reason), "{status} {error}");
        assert!(!broken.exists(), "{reason}: something was installed");
    };
    let half = path(&format!("caddyctl-{VERSION}-{}-linux.tar.gz", std::env::consts::ARCH));
    fs::write(&half, &first[..first.len() / 2]).unwrap();
    refused(&half, &sums, &broken, "the checksum of");
    let none = path("NONE");
    fs::write(&none, "").unwrap();
    refused(&archive, &none, &broken, "has no line for");
    refused(&path("gone.tar.gz"), &sums, &broken, "does not exist");
    let foreign = path("caddyctl-9.9.9-riscv64-linux.tar.gz");
    fs::write(&foreign, "").unwrap();
    refused(&foreign, &sums, &broken, "is not for this machine");
    fs::write(path("file"), "").unwrap();
    refused(&archive, &sums, &path("file"), "cannot create");
    // One that cannot be completed leaves nothing either: the manual pages have no place.
    let taken = path("taken");
    fs::create_dir(&taken).unwrap();
    fs::write(taken.join("share"), "").unwrap();
    refused(&archive, &sums, &taken, "cannot write");
    assert_eq!(fs::read_dir(&taken).unwrap().count(), 1, "something stays");
    // The right checksum of a program that does not run.
    let bad = path("bad");
    let name = format!("caddyctl-{VERSION}-{}-linux", std::env::consts::ARCH);
    fs::create_dir_all(bad.join(&name)).unwrap();
    fs::write(bad.join(&name).join("caddyctl"), "#!/bin/sh\nexit 1\n").unwrap();
    let pack = format!(
        "cd {0} && tar -czf {name}.tar.gz {name} && {1} . {name}.tar.gz",
        shown(&bad),
        at("packaging/sums")
    );
    assert_eq!(run("sh", &["-ec", &pack]).0, 0);
    let archive = bad.join(format!("{name}.tar.gz"));
    refused(&archive, &bad.join("SHA256SUMS"), &broken, "the program does not run on this machine");
    // A C library that is too old: what the dynamic linker says if the program needs a version that does not exist.
    let pack = format!(
        "cd {0} && sed 's/GLIBC_2\\.3[0-9]/GLIBC_2.99/g' {2} >{name}/caddyctl && tar -czf {name}.tar.gz {name} && {1} . {name}.tar.gz",
        shown(&bad),
        at("packaging/sums"),
        shown(&program)
    );
    assert_eq!(run("sh", &["-ec", &pack]).0, 0);
    let reason = "the program needs the GNU C library 2.99 or newer, and this system has 2.";
    refused(&archive, &bad.join("SHA256SUMS"), &broken, reason);
    // An upgrade that fails leaves the program that was there.
    let (status, _, _) = install(&archive, &bad.join("SHA256SUMS"), &prefix);
    assert_eq!((status, run(shown(&prefix.join("bin/caddyctl")), &["version"]).0), (2, 0));
}

/// `cargo binstall` finds the program where the archive has it.
#[test]
fn cargo_binstall_finds_the_archive() {
    let manifest = manifest(&at("Cargo.toml"));
    let binstall = &manifest["package"]["metadata"]["binstall"];
    let filled = |key: &str| {
        let values = [
            ("{ repo }", "https://a.test/o/r"),
            ("{ version }", VERSION),
            ("{ target-arch }", "x86_64"),
            ("{ bin }", "caddyctl"),
        ];
        let template = binstall[key].as_str().unwrap().to_owned();
        values.iter().fold(template, |text, (name, value)| text.replace(name, value))
    };
    let archive = format!("caddyctl-{VERSION}-x86_64-linux.tar.gz");
    assert_eq!(filled("pkg-url"), format!("https://a.test/o/r/releases/download/v{VERSION}/{archive}"));
    assert_eq!(filled("bin-dir"), format!("caddyctl-{VERSION}-x86_64-linux/caddyctl"));
    let script = fs::read_to_string(at("packaging/tarball/build")).unwrap();
    assert!(script.contains("name=caddyctl-$(packaging/about version)-$machine-linux\n"), "{script}");
}

fn manifest(path: &str) -> toml::Table {
    fs::read_to_string(path).unwrap().parse().unwrap()
}

/// The files and folders that packages install, in the words of a listing.
fn assert_has_files(listing: &str, completions: &str) {
    let (_, help, _) = run(env!("CARGO_BIN_EXE_caddyctl"), &["--help"]);
    let commands = help.split("Commands:\n").nth(1).unwrap().split("\n\n").next().unwrap();
    let commands = commands.lines().filter_map(|line| line.split_whitespace().next());
    let pages =
        commands.filter(|name| *name != "help").map(|name| format!("share/man/man1/caddyctl-{name}.1.gz"));
    let others = [
        "bin/caddyctl",
        "share/man/man1/caddyctl.1.gz",
        "share/bash-completion/completions/caddyctl",
        completions,
        "share/fish/vendor_completions.d/caddyctl.fish",
    ];
    let mut count = 0;
    for file in others.into_iter().map(str::to_owned).chain(pages) {
        count += 1;
        assert!(listing.lines().any(|line| line.ends_with(&format!("usr/{file}"))), "{file}\n{listing}");
    }
    assert!(count > 20, "{help}");
    assert!(!listing.contains("systemd"), "a package installs no unit: {listing}");
}

#[test]
fn the_debian_package_has_its_files() {
    let folder = TempDir::new().unwrap();
    let program = stripped(folder.path());
    let out = folder.path().join("out");
    let (status, _, error) = run(&at("packaging/deb/build"), &[shown(&program), shown(&out), "--fast"]);
    assert_eq!(status, 0, "{error}");
    let sums = fs::read_to_string(out.join("SHA256SUMS")).unwrap();
    let package = out.join(sums.split_whitespace().nth(1).unwrap());
    let (_, listing, _) = run("dpkg-deb", &["--contents", shown(&package)]);
    assert_has_files(&listing, "share/zsh/vendor-completions/_caddyctl");
    assert!(listing.contains("usr/share/doc/caddyctl/THIRD-PARTY-LICENSES.txt.gz"), "{listing}");
    let copyright = format!(
        "dpkg-deb --fsys-tarfile {} | tar -xO --wildcards '*usr/share/doc/caddyctl/copyright'",
        shown(&package)
    );
    let (_, copyright, _) = run("sh", &["-ec", &copyright]);
    assert!(copyright.contains("\nFiles: *\n") && copyright.contains(" serde_json-1."), "{copyright}");
    let field = |name: &str| run("dpkg-deb", &["--field", shown(&package), name]).1.trim().to_owned();
    assert_eq!((field("Package"), field("Version")), ("caddyctl".into(), format!("{VERSION}-1")));
    assert!(field("Depends").starts_with("libc6 (>= 2."), "{}", field("Depends"));
    assert_eq!(field("Homepage"), env!("CARGO_PKG_HOMEPAGE"), "left out while it is empty");
}

#[test]
fn the_rpm_package_has_its_files() {
    assert_eq!(run("rpm", &["--version"]).0, 0, "rpm is missing; on Debian: apt-get install rpm");
    let folder = TempDir::new().unwrap();
    let program = stripped(folder.path());
    let out = folder.path().join("out");
    let build = [shown(&program), std::env::consts::ARCH, shown(&out), "--payload-compress", "none"];
    let (status, _, error) = run(&at("packaging/rpm/build"), &build);
    assert_eq!(status, 0, "{error}");
    let package = out.join(format!("caddyctl-{VERSION}-1.{}.rpm", std::env::consts::ARCH));
    let query = |words: &[&str]| run("rpm", &[&["-qp", shown(&package)], words].concat()).1;
    assert_has_files(&query(&["--list"]), "share/zsh/site-functions/_caddyctl");
    assert!(query(&["--list"]).contains("\n/usr/share/licenses/caddyctl/THIRD-PARTY-LICENSES.txt\n"));
    assert_eq!(
        query(&["--queryformat", "%{NAME} %{VERSION} %{LICENSE}"]),
        format!("caddyctl {VERSION} MIT OR Apache-2.0")
    );
    assert!(query(&["--requires"]).contains("libc.so.6(GLIBC_2."), "{}", query(&["--requires"]));
    let scripts = query(&["--scripts"]);
    assert!(
        scripts.contains("restart_watchdogs systemctl") && scripts.contains("remove_watchdogs systemctl"),
        "{scripts}"
    );
    assert!(!scripts.contains("@WATCHDOGS@"), "{scripts}");
}

/// The crates in the program, as `cargo tree` resolves them: `serde v1.0.1`.
fn linked_crates(target: &str) -> BTreeSet<String> {
    let path = at("Cargo.toml");
    let words = [
        "tree",
        "--manifest-path",
        &path,
        "--locked",
        "--package",
        "caddyctl",
        "--edges",
        "normal,no-proc-macro",
        "--prefix",
        "none",
        "--target",
        target,
    ];
    let (status, tree, error) = run(env!("CARGO"), &words);
    assert_eq!(status, 0, "{error}");
    // `serde v1.0.1 (*)`, `caddyctl-host v0.2.0 (/a/path)`
    let crate_of = |line: &str| line.split(' ').take(2).collect::<Vec<_>>().join(" ");
    let mut crates: BTreeSet<String> = tree.lines().map(crate_of).collect();
    assert!(crates.remove(&format!("caddyctl v{VERSION}")));
    crates
}

/// Every crate in the program has its licence and at least one notice, in the text that packages have and in Debian's form.
#[test]
fn every_linked_crate_has_its_notice() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("notices");
    let written = |form: &[&str]| {
        let words = [&[env!("CARGO_BIN_EXE_caddyctl"), shown(&file)], form].concat();
        let (status, _, error) = run(&at("packaging/licences"), &words);
        assert_eq!(status, 0, "{error}");
        fs::read_to_string(&file).unwrap()
    };
    let (text, debian) = (written(&[]), written(&["debian"]));
    let (list, notices) = text.split_once("\n====").unwrap();
    let entries: Vec<Vec<&str>> =
        list.split("\n\n").skip(1).map(|entry| entry.trim().lines().collect()).collect();
    let crates = linked_crates("x86_64-unknown-linux-gnu");
    assert!(crates.len() > 100, "{crates:?}");
    for name in crates {
        if name.starts_with("caddyctl-") {
            continue;
        }
        let (name, version) = name.split_once(" v").unwrap();
        let title = format!("{name} {version}");
        let entry =
            entries.iter().find(|entry| entry[0] == title).unwrap_or_else(|| panic!("{title} is missing"));
        assert!(entry.len() == 4 && !entry[1].trim().is_empty(), "{entry:?}");
        let numbers = entry[3].trim().strip_prefix("notices ").unwrap();
        assert!(!numbers.is_empty(), "{entry:?}");
        for number in numbers.split(' ') {
            // `[8] anstream 1.0.0: LICENSE-MIT`, and a line for each other crate that has the same words.
            let (_, rest) =
                notices.split_once(&format!("=\n{number} ")).unwrap_or_else(|| panic!("{number} of {title}"));
            let (owners, notice) = rest.split_once("\n----").unwrap();
            assert!(owners.lines().any(|line| line.starts_with(&format!("{title}: "))), "{title}: {owners}");
            assert!(notice.split("=\n[").next().unwrap().len() > 150, "{number} has no text");
        }
        assert!(debian.contains(&format!(" {name}-{version}/*")), "{title}");
    }
    assert!(entries.iter().any(|entry| entry[0].starts_with("rust-std 1.")), "the standard library");
    assert!(!text.contains("\nglibc "), "a program that is not static contains no C library");

    // A crate without a notice: a cargo whose only answer is this crate.
    fs::create_dir_all(folder.path().join("bare/src")).unwrap();
    let package = serde_json::json!({
        "id": "bare", "name": "bare", "version": "1.0.0", "license": "MIT", "repository": null,
        "manifest_path": folder.path().join("bare/Cargo.toml"),
    });
    let metadata = serde_json::json!({ "workspace_members": [], "packages": [package] });
    fs::write(folder.path().join("metadata"), metadata.to_string()).unwrap();
    let stub =
        format!("#!/bin/sh\n[ $1 = tree ] && echo 'bare v1.0.0' || cat {}/metadata\n", shown(folder.path()));
    fs::write(folder.path().join("cargo"), stub).unwrap();
    let call = format!(
        "chmod +x {0}/cargo; PATH={0}:$PATH {1} x86_64-unknown-linux-gnu {0}/none",
        shown(folder.path()),
        at("packaging/licences")
    );
    let (status, _, error) = run("sh", &["-c", &call]);
    assert_eq!((status, &error[..]), (1, "error: no licence notice for bare 1.0.0\n"));
    assert!(!folder.path().join("none").exists());
    fs::write(folder.path().join("bare/LICENSE"), "Copyright (c) 2026 A. Nobody").unwrap();
    assert_eq!(run("sh", &["-c", &call]).0, 0);
}

/// What `cargo tree` resolves, and no crate of tests.
#[test]
fn the_sbom_lists_what_is_linked() {
    let folder = TempDir::new().unwrap();
    let target = "x86_64-unknown-linux-gnu";
    let (status, _, error) = run(&at("packaging/sbom"), &[target, shown(folder.path())]);
    assert_eq!(status, 0, "{error}");
    let name = format!("caddyctl-{VERSION}-x86_64-linux.cdx.json");
    let text = fs::read_to_string(folder.path().join(&name)).unwrap();
    let document: serde_json::Value = serde_json::from_str(&text).unwrap();
    let parts = document["components"].as_array().unwrap();
    let name_of = |part: &serde_json::Value| {
        format!("{} v{}", part["name"].as_str().unwrap(), part["version"].as_str().unwrap())
    };
    let linked: BTreeSet<String> =
        parts.iter().filter(|part| part["scope"] == "required").map(name_of).collect();
    let manifest = manifest(&at("Cargo.toml"));
    assert_eq!(linked, linked_crates(target));
    let others: BTreeSet<&str> = parts.iter().map(|part| part["name"].as_str().unwrap()).collect();
    for name in manifest["dev-dependencies"].as_table().unwrap().keys() {
        let is_used = linked.iter().any(|crate_of| crate_of.starts_with(&format!("{name} v")));
        assert!(is_used || !others.contains(&name[..]), "{name} is for tests only");
    }
    for part in parts {
        let is_ours = part["name"].as_str().unwrap().starts_with("caddyctl-");
        assert_eq!(part["hashes"][0]["content"].as_str().map(str::len), (!is_ours).then_some(64), "{part}");
        assert!(part["licenses"][0]["expression"].is_string(), "{part}");
    }
    let references: BTreeSet<&str> = parts.iter().map(|part| part["bom-ref"].as_str().unwrap()).collect();
    let edges = document["dependencies"].as_array().unwrap();
    let mut needed = edges.iter().flat_map(|edge| edge["dependsOn"].as_array().unwrap());
    assert!(needed.all(|reference| references.contains(reference.as_str().unwrap())));
    assert!(fs::read_to_string(folder.path().join("SHA256SUMS")).unwrap().ends_with(&format!("  {name}\n")));
}

/// A checkout whose Cargo.toml has these addresses, as far as packages need it.
fn filled(folder: &Path, addresses: &[(&str, &str)]) -> PathBuf {
    let top = folder.join("filled");
    fs::create_dir(&top).unwrap();
    let copy = format!(
        "cp -r {0}/packaging {0}/templates {0}/docs {0}/*.md {0}/LICENSE-* {0}/Cargo.toml {1}/",
        env!("CARGO_MANIFEST_DIR"),
        shown(&top)
    );
    assert_eq!(run("sh", &["-ec", &copy]).0, 0);
    // The tools that the scripts have installed, and what cargo asks for.
    fs::create_dir_all(at("target")).unwrap();
    for name in ["target", "Cargo.lock", "build.rs", "src", "crates", "tests", "benches"] {
        std::os::unix::fs::symlink(at(name), top.join(name)).unwrap();
    }
    let mut text = fs::read_to_string(top.join("Cargo.toml")).unwrap();
    for (name, value) in addresses {
        let line = text.lines().find(|line| line.starts_with(&format!("{name} = \""))).unwrap().to_owned();
        text = text.replace(&line, &format!("{name} = \"{value}\""));
    }
    fs::write(top.join("Cargo.toml"), text).unwrap();
    top
}

#[test]
fn addresses_are_written_once() {
    let about = |field: &str| run(&at("packaging/about"), &[field]).1.trim().to_owned();
    assert_eq!(about("version"), VERSION);
    assert_eq!(about("repository"), env!("CARGO_PKG_REPOSITORY"));
    assert_eq!(about("homepage"), env!("CARGO_PKG_HOMEPAGE"));

    let folder = TempDir::new().unwrap();
    let (repository, homepage) = ("https://a.test/o/r", "https://b.test");
    let addresses = [("repository", repository), ("homepage", homepage), ("maintainer", "A <a@a.test>")];
    let top = filled(folder.path(), &addresses);
    let program = stripped(folder.path());
    let out = folder.path().join("out");
    let script = |name: &str| shown(&top.join("packaging").join(name)).to_owned();
    let (status, _, error) = run(&script("deb/build"), &[shown(&program), shown(&out), "--fast"]);
    assert_eq!(status, 0, "{error}");
    let package = fs::read_dir(&out)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.extension().is_some_and(|it| it == "deb"));
    let (_, fields, _) = run("dpkg-deb", &["--field", shown(&package.unwrap()), "Homepage", "Maintainer"]);
    assert_eq!(fields, format!("Homepage: {homepage}\nMaintainer: A <a@a.test>\n"));
    assert_eq!(run(&script("npm/build"), &[shown(&program), "x64", shown(&out)]).0, 0);
    let (_, package, _) =
        run("tar", &["-xzOf", shown(&out.join(format!("caddyctl-{VERSION}.tgz"))), "package/package.json"]);
    let package: serde_json::Value = serde_json::from_str(&package).unwrap();
    assert_eq!((&package["homepage"], &package["repository"]), (&homepage.into(), &repository.into()));

    // What a release needs: a tag of this version, the addresses, and a dated section of the changelog.
    let tag = format!("v{VERSION}");
    let (status, _, missing) = run(&at("packaging/check-release"), &["v9.9.9", "https://c.test/o/r"]);
    assert_eq!(status, 1);
    for reason in ["the tag v9.9.9 is not", "`repository` in Cargo.toml is not https://c.test/o/r"] {
        assert!(missing.contains(reason), "{missing}");
    }
    let (status, _, missing) = run(&script("check-release"), &[&tag, repository]);
    let expected = [
        format!("error: CHANGELOG.md has no section `## [{VERSION}] - YEAR-MONTH-DAY`\n"),
        "error: pages in docs have OWNER, HOST or GROUP instead of the repository\n".into(),
    ];
    assert_eq!((status, missing), (1, expected.concat()));
    let dated = format!(
        "sed -i 's/^## \\[{VERSION}\\] - .*/## [{VERSION}] - 2027-01-31/' CHANGELOG.md; sed -i 's#\\(OWNER\\|HOST\\|GROUP\\)/#o/#g' docs/*.md"
    );
    assert_eq!(run("sh", &["-ec", &format!("cd {}; {dated}", shown(&top))]).0, 0);
    let (status, notes, error) = run(&script("check-release"), &[&tag, repository]);
    assert_eq!((status, &error[..]), (0, ""));
    assert!(notes.contains("### Added") && !notes.contains("\n## "), "{notes}");
}

#[test]
fn the_npm_packages_start_the_program_of_the_platform() {
    assert_eq!(run("npm", &["--version"]).0, 0, "npm is missing; on Debian: apt-get install npm");
    let folder = TempDir::new().unwrap();
    let program = stripped(folder.path());
    let out = folder.path().join("out");
    let (status, _, error) = run(&at("packaging/npm/build"), &[shown(&program), "x64", shown(&out)]);
    assert_eq!(status, 0, "{error}");
    let packed = |name: &str| shown(&out.join(format!("{name}-{VERSION}.tgz"))).to_owned();
    let place = folder.path().join("place");
    let install = |packages: &[&str]| {
        let words =
            ["install", "--offline", "--no-audit", "--no-fund", "--omit=optional", "--prefix", shown(&place)];
        let (status, _, error) = run("npm", &[&words, packages].concat());
        assert_eq!(status, 0, "{error}");
    };
    let start = shown(&place.join("node_modules/.bin/caddyctl")).to_owned();
    install(&[&packed("caddyctl")]);
    let (status, _, error) = run(&start, &["version"]);
    assert!(status == 2 && error.contains("caddyctl-linux-x64 is not installed"), "{error}");
    install(&[&packed("caddyctl"), &packed("caddyctl-linux-x64")]);
    let (status, version, error) = run(&start, &["version"]);
    assert!(status == 0 && version.starts_with(&format!("caddyctl {VERSION}")), "{version}{error}");
    assert_eq!(run(&start, &["explain", "no-such-code"]).0, 2, "the exit status is the program's");

    // A C library that is too old: the dynamic linker exits with 1 before the program starts.
    let platform = place.join("node_modules/caddyctl-linux-x64");
    let package = fs::read_to_string(platform.join("package.json")).unwrap();
    let needed =
        serde_json::from_str::<serde_json::Value>(&package).unwrap()["glibc"].as_str().unwrap().to_owned();
    assert!(needed.starts_with("2."), "{package}");
    fs::write(platform.join("package.json"), package.replace(&needed, "2.999")).unwrap();
    fs::write(
        platform.join("bin/caddyctl"),
        "#!/bin/sh\necho \"version 'GLIBC_2.999' not found\" >&2\nexit 1\n",
    )
    .unwrap();
    let (status, _, error) = run(&start, &["version"]);
    assert!(
        status == 2
            && error.contains("caddyctl needs the GNU C library 2.999 or newer, and this system has 2."),
        "{error}"
    );
    assert!(error.contains("help: the program of the release's archive needs no C library"), "{error}");
}
