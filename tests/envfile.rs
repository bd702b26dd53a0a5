//! `--envfile`, against the real Caddy: the same JSON, or a refusal by both.

use crate::support::caddy;

use std::fs;
use std::process::Command;

/// Texts of environment files, each with one way of writing that is easily read otherwise.
const FILES: [&str; 26] = [
    "A=1\nB=2",
    "# comment\n\n  A=1  \n#B=2",
    "export A=1\nexport  B=2",
    "export A=1\nexport B=two words",
    "A=x # y\nB=x#y\nC=#z",
    "A=\nB==\nC=a=b",
    "A=\"x y\"\nB='x y'\nC='it''s'",
    "A=\"a#b\"\nB=2",
    "A=\"a\\\"b\"\nB='a\\'b'",
    "A=\"one\ntwo\"\nB=2",
    "A=\"one\n  two\\\"\nB=1",
    "A=\"one\n  two\\\"\nthree\"\nB=1",
    "A=\"x\" # c\nB=2\nC=\"z\"",
    "A=\"x\ny\\\\\"\nB=3\nC=\"q\"",
    "A=\"",
    "A=\"x",
    "A='\nB=1",
    "A='x\r\ny'\r\nB=1\r\n",
    "A=x\ty # z",
    "A=1\nA=2\nB='1'\nB=2",
    "A =1",
    "A= 1",
    "=1",
    "A",
    "\u{feff}A=1\nB=\u{a0}x\u{a0}",
    "A\tB=1\nA=2\u{b}3",
];

#[test]
fn the_real_caddy_reads_environment_files_the_same_way() {
    let folder = tempfile::tempdir().unwrap();
    let caddyfile = ":80 {
	respond `[{$A}] [{$B}] [{$C}]`
}
";
    fs::write(folder.path().join("Caddyfile"), caddyfile).unwrap();
    let mut accepted = 0;
    for text in FILES {
        fs::write(folder.path().join("env"), text).unwrap();
        let args = ["adapt", "--envfile", "env"];
        let real = caddy::run(folder.path(), &args, b"");
        let mut ours = Command::new(env!("CARGO_BIN_EXE_caddyctl"));
        let ours = ours.args(args).current_dir(&folder).env_clear().output().unwrap();
        let printed = String::from_utf8_lossy(&ours.stderr);
        assert_eq!(ours.status.code(), real.status.code(), "{text:?}\n{printed}");
        assert_eq!(
            String::from_utf8_lossy(&ours.stdout),
            String::from_utf8_lossy(&real.stdout),
            "{text:?}\n{printed}"
        );
        accepted += usize::from(real.status.success());
    }
    assert!(accepted >= 18, "only {accepted} were accepted");
}
