//! Which paths are mounts: a bind-mounted file keeps its inode, so a rename over it would not be seen inside.

use std::path::{Path, PathBuf};

/// The mount points of one process's view, from `/proc/PID/mountinfo`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mounts(Vec<PathBuf>);

impl Mounts {
    /// Those of this process; none when `/proc` is not there.
    pub fn of_this_process() -> Self {
        std::fs::read_to_string("/proc/self/mountinfo")
            .map_or_else(|_| Self::default(), |text| Self::parse(&text))
    }

    /// Understands the text of `/proc/PID/mountinfo` (proc(5)): the fifth field is the mount point, with octal escapes.
    pub fn parse(text: &str) -> Self {
        Self(text.lines().filter_map(|line| Some(PathBuf::from(unescape(line.split(' ').nth(4)?)))).collect())
    }

    /// Whether something is mounted exactly at `path`.
    pub fn is_mount(&self, path: &Path) -> bool {
        self.0.iter().any(|mount| mount == path)
    }

    /// Whether a file can be renamed from the folder `from` to the folder `to`: nothing is mounted in between.
    pub fn same_mount(&self, from: &Path, to: &Path) -> bool {
        let of = |path: &Path| {
            self.0.iter().filter(|mount| path.starts_with(mount)).map(|m| m.as_os_str().len()).max()
        };
        of(from) == of(to)
    }
}

/// `\040` and its like.
fn unescape(field: &str) -> String {
    let mut out = String::new();
    let mut rest = field;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let code = rest.get(at + 1..at + 4).and_then(|digits| u8::from_str_radix(digits, 8).ok());
        let (letter, width) = code.map_or(('\\', 1), |code| (char::from(code), 4));
        out.push(letter);
        rest = &rest[at + width..];
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mounts() {
        let mounts = Mounts::parse(
            "22 1 8:1 / / rw - ext4 /dev/a rw\n\
             40 22 8:1 /srv/Caddyfile /etc/caddy/Caddyfile rw - ext4 /dev/a rw\n\
             41 22 8:1 /x /a\\040b rw - ext4 /dev/a rw\n",
        );
        assert!(mounts.is_mount(Path::new("/etc/caddy/Caddyfile")));
        assert!(mounts.is_mount(Path::new("/a b")));
        assert!(!mounts.is_mount(Path::new("/etc/caddy")));
        assert!(mounts.same_mount(Path::new("/etc/caddy"), Path::new("/etc/caddy/sites")));
        assert!(!mounts.same_mount(Path::new("/etc"), Path::new("/a b/c")));
    }
}
