//! What `SELinux` keeps Caddy from: its denials in the journal, each with the command that allows it.

use std::collections::BTreeSet;

use super::Finding;

/// Whether this machine has `SELinux`, so that its denials are worth asking for.
pub fn is_here() -> bool {
    std::path::Path::new("/sys/fs/selinux/enforce").exists()
}

/// A denial as the kernel logs it (`AVC`, audit.rules(7)).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Denial<'l> {
    /// What was to be done: `name_connect`, `name_bind`, `open`, `execute`.
    permission: &'l str,
    /// On what: `tcp_socket`, `file`, `dir`.
    class: &'l str,
    /// The port, path or name.
    object: &'l str,
    /// The program.
    program: &'l str,
}

/// What is denied to Caddy, or to the heartbeat, by the lines of a journal. A denial that is only reported, in permissive
/// mode, keeps nobody from anything.
pub fn denials(journal: &str) -> Vec<Finding> {
    let all: BTreeSet<Denial<'_>> = journal.lines().filter_map(denial).collect();
    all.iter().map(Denial::finding).collect()
}

fn denial(line: &str) -> Option<Denial<'_>> {
    let (_, rest) = line.split_once("avc:")?;
    let (_, rest) = rest.split_once("denied")?;
    let (_, rest) = rest.split_once('{')?;
    let (permissions, rest) = rest.split_once('}')?;
    let value = |key: &str| {
        let mut at = rest.match_indices(key).map(|(at, _)| at);
        let at = at.find(|at| *at == 0 || rest.as_bytes()[at - 1] == b' ')?;
        let value = &rest[at + key.len()..];
        match value.strip_prefix('"') {
            Some(quoted) => quoted.split('"').next(),
            None => value.split_whitespace().next(),
        }
    };
    if value("permissive=") == Some("1") {
        return None;
    }
    // systemd starts a program under its own name: then the name of the file tells whose it is.
    let object = ["dest=", "src=", "path=", "name="].iter().find_map(|key| value(key)).unwrap_or_default();
    let program = value("comm=")?;
    let is_ours = |name: &str| ["caddy", "caddyctl"].contains(&name.rsplit('/').next().unwrap_or(name));
    let permission = permissions.split_whitespace().next()?;
    (is_ours(program) || is_ours(object)).then(|| Denial {
        permission,
        class: value("tclass=").unwrap_or_default(),
        object,
        program,
    })
}

impl Denial<'_> {
    fn finding(&self) -> Finding {
        let Self { permission, class, object, program } = *self;
        let (what, help) = match (permission, class) {
            ("name_connect", _) => (
                format!("connecting to port {object}"),
                "`setsebool -P httpd_can_network_connect 1` allows it".to_owned(),
            ),
            ("name_bind", _) => (
                format!("listening on port {object}"),
                format!("`semanage port -a -t http_port_t -p tcp {object}` allows it"),
            ),
            ("execute" | "execute_no_trans" | "entrypoint", _) => (
                format!("running {object}"),
                format!(
                    "`restorecon -v {}` restores the label of an installed program",
                    path(object, "PROGRAM")
                ),
            ),
            _ => (
                format!("`{permission}` of the {} {object}", kind(class)),
                format!(
                    "`restorecon -Rv {}` restores its label; `ausearch -m AVC -c {program}` shows all",
                    path(object, "FOLDER")
                ),
            ),
        };
        Finding::fault(format!("SELinux denies {program} {what}"), help)
    }
}

/// A path for a command, or a word in its place where the kernel logged only a name.
fn path<'o>(object: &'o str, otherwise: &'o str) -> &'o str {
    if object.starts_with('/') { object } else { otherwise }
}

fn kind(class: &str) -> &str {
    match class {
        "dir" => "folder",
        "tcp_socket" | "udp_socket" => "port",
        "unix_stream_socket" | "sock_file" => "socket",
        _ => "file",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines in the form in which the audit system of Fedora 40 writes them to the journal.
    const RECORDED: &str = "\
AVC avc:  denied  { name_connect } for  pid=812 comm=\"caddy\" dest=8080 scontext=system_u:system_r:httpd_t:s0 tcontext=system_u:object_r:http_cache_port_t:s0 tclass=tcp_socket permissive=0
audit: type=1400 audit(1764500000.123:55): avc:  denied  { name_bind } for  pid=812 comm=\"caddy\" src=8446 scontext=system_u:system_r:httpd_t:s0 tcontext=system_u:object_r:unreserved_port_t:s0 tclass=tcp_socket permissive=0
AVC avc:  denied  { execute } for  pid=900 comm=\"(caddyctl)\" path=\"/usr/local/bin/caddyctl\" dev=\"dm-0\" ino=5 scontext=system_u:system_r:init_t:s0 tcontext=unconfined_u:object_r:user_home_t:s0 tclass=file permissive=0
AVC avc:  denied  { read } for  pid=812 comm=\"caddy\" name=\"Caddyfile\" dev=\"dm-0\" ino=6 scontext=system_u:system_r:httpd_t:s0 tcontext=unconfined_u:object_r:user_home_t:s0 tclass=file permissive=0
AVC avc:  denied  { read } for  pid=813 comm=\"caddy\" name=\"Caddyfile\" dev=\"dm-0\" ino=6 scontext=system_u:system_r:httpd_t:s0 tcontext=unconfined_u:object_r:user_home_t:s0 tclass=file permissive=0
AVC avc:  denied  { name_connect } for  pid=812 comm=\"caddy\" dest=9000 scontext=a tcontext=b tclass=tcp_socket permissive=1
AVC avc:  denied  { name_connect } for  pid=1 comm=\"sshd\" dest=9 scontext=a tcontext=b tclass=tcp_socket permissive=0
AVC avc:  granted  { name_connect } for  pid=1 comm=\"caddy\" dest=9 tclass=tcp_socket
avc: denied { \n avc: denied { read } for comm=";

    #[test]
    fn what_is_denied() {
        let found: Vec<_> = denials(RECORDED).into_iter().map(|found| (found.fault, found.help)).collect();
        let is = |fault: &str, help: &str| {
            assert!(
                found.iter().any(|found| found.0 == fault && found.1.contains(help)),
                "{fault}: {found:#?}"
            );
        };
        is("SELinux denies caddy connecting to port 8080", "setsebool -P httpd_can_network_connect 1");
        is("SELinux denies caddy listening on port 8446", "semanage port -a -t http_port_t -p tcp 8446");
        is(
            "SELinux denies (caddyctl) running /usr/local/bin/caddyctl",
            "restorecon -v /usr/local/bin/caddyctl",
        );
        is("SELinux denies caddy `read` of the file Caddyfile", "restorecon -Rv FOLDER");
        assert_eq!(found.len(), 4);
    }
}
