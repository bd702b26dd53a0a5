//! The program under strace, and what it must not do there.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::hostile_folder::PROGRAM;

/// What strace saw that must not be: another program, a file opened for writing, the network, a change of a file.
pub fn misdeeds(log: &Path) -> Vec<String> {
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

pub fn traced(log: &Path, arguments: &[&str], folder: &Path) -> Command {
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

pub fn has_strace() -> bool {
    let status = Command::new("strace").arg("--version").stdout(Stdio::null()).status();
    let there = status.is_ok_and(|status| status.success());
    if !there {
        let _ = writeln!(std::io::stderr(), "left out: a hostile folder, without strace");
    }
    there
}
