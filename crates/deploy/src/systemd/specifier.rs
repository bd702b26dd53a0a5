//! Specifiers in unit files (systemd.unit(5)): `%i` is the instance of a template, `%h` the home of the user.

use std::path::{Path, PathBuf};

use crate::files::owner::Reader;
use crate::files::resolve::{Last, resolve};
use caddyctl_host::regular;

/// What specifiers of one unit stand for.
#[derive(Clone, Copy, Debug)]
pub struct Specifiers<'s> {
    /// The full name of the unit: `caddy@site.service`.
    pub name: &'s str,
    /// Its file.
    pub fragment: &'s str,
}

impl Specifiers<'_> {
    /// `text` with what its specifiers stand for. One that is unknown here stays as it is, so that it differs from what
    /// systemd itself makes of it.
    pub fn expanded(self, text: &str) -> String {
        let mut whole = String::with_capacity(text.len());
        let mut letters = text.chars();
        while let Some(letter) = letters.next() {
            let value = match (letter, letters.clone().next()) {
                ('%', Some(kind)) => self.value(kind),
                _ => None,
            };
            match value {
                Some(value) => {
                    letters.next();
                    whole.push_str(&value);
                }
                None => whole.push(letter),
            }
        }
        whole
    }

    /// The file of the unit past symbolic links, such as that of `/lib`.
    fn real_fragment(self) -> PathBuf {
        let fragment = Path::new(self.fragment);
        resolve(Path::new("/"), fragment, Last::Follow)
            .map_or_else(|_| fragment.to_owned(), |found| found.path)
    }

    /// The value of `%` and `kind`. `%h`, `%u` and the like mean the service manager, which is root's, and not `User=`.
    fn value(self, kind: char) -> Option<String> {
        let stem = self.name.rsplit_once('.').map_or(self.name, |(stem, _)| stem);
        let (prefix, instance) = stem.split_once('@').unwrap_or((stem, ""));
        let last = prefix.rsplit_once('-').map_or(prefix, |(_, last)| last);
        let own = || rustix::system::uname();
        let node = || own().nodename().to_string_lossy().into_owned();
        Some(match kind {
            '%' => "%".to_owned(),
            'n' => self.name.to_owned(),
            'N' => stem.to_owned(),
            'p' => prefix.to_owned(),
            'P' => unescaped(prefix),
            'i' => instance.to_owned(),
            'I' => unescaped(instance),
            'j' => last.to_owned(),
            'J' => unescaped(last),
            'f' => format!(
                "/{}",
                unescaped(if instance.is_empty() { prefix } else { instance }).trim_start_matches('/')
            ),
            't' => "/run".to_owned(),
            'S' => "/var/lib".to_owned(),
            'C' => "/var/cache".to_owned(),
            'L' => "/var/log".to_owned(),
            'E' => "/etc".to_owned(),
            'T' => "/tmp".to_owned(),
            'V' => "/var/tmp".to_owned(),
            'u' | 'g' => "root".to_owned(),
            'U' | 'G' => "0".to_owned(),
            'h' => Reader::home(Path::new("/"), "root").unwrap_or_else(|| "/root".to_owned()),
            'H' => node(),
            'l' => node().split('.').next().unwrap_or_default().to_owned(),
            'v' => own().release().to_string_lossy().into_owned(),
            'a' => architecture(&own().machine().to_string_lossy())?.to_owned(),
            'm' => line("/etc/machine-id")?,
            'b' => line("/proc/sys/kernel/random/boot_id")?.replace('-', ""),
            'd' => format!("/run/credentials/{}", self.name),
            'o' => of_release("ID")?,
            'w' => of_release("VERSION_ID")?,
            'W' => of_release("VARIANT_ID")?,
            'A' => of_release("IMAGE_VERSION")?,
            'M' => of_release("IMAGE_ID")?,
            'B' => of_release("BUILD_ID")?,
            'y' => self.real_fragment().to_string_lossy().into_owned(),
            'Y' => self.real_fragment().parent()?.to_string_lossy().into_owned(),
            _ => return None,
        })
    }
}

/// A name of a unit without its escapes (systemd-escape(1)): `-` is `/`, and `\x2d` a byte.
fn unescaped(name: &str) -> String {
    let mut bytes = Vec::with_capacity(name.len());
    let mut rest = name.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = after.strip_prefix(b"x").and_then(|digits| std::str::from_utf8(digits.get(..2)?).ok());
        match (first, hex.and_then(|digits| u8::from_str_radix(digits, 16).ok())) {
            (b'\\', Some(byte)) => {
                bytes.push(byte);
                rest = &after[3..];
                continue;
            }
            (b'-', _) => bytes.push(b'/'),
            (other, _) => bytes.push(*other),
        }
        rest = after;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// systemd's name of an architecture (`ConditionArchitecture=`), by the kernel's.
fn architecture(machine: &str) -> Option<&'static str> {
    Some(match machine {
        "x86_64" => "x86-64",
        "i386" | "i486" | "i586" | "i686" => "x86",
        "aarch64" => "arm64",
        "riscv64" => "riscv64",
        "ppc64le" => "ppc64-le",
        "s390x" => "s390x",
        "loongarch64" => "loongarch64",
        machine if machine.starts_with("armv") => "arm",
        _ => return None,
    })
}

fn line(path: &str) -> Option<String> {
    let text = regular::read_text(Path::new(path), regular::MOST).ok()?;
    Some(text.lines().next()?.trim().to_owned())
}

/// A value of os-release(5); empty when it has none.
fn of_release(key: &str) -> Option<String> {
    let places = ["/etc/os-release", "/usr/lib/os-release"];
    let text = places.iter().find_map(|path| regular::read_text(Path::new(path), regular::MOST).ok())?;
    let mut values = text.lines().filter_map(|line| line.strip_prefix(key)?.strip_prefix('='));
    Some(values.next_back().unwrap_or_default().trim_matches(['"', '\'']).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values as `systemctl show` of systemd 252 has them for such units.
    #[test]
    fn of_a_template() {
        let of = |name, text: &str| {
            Specifiers { name, fragment: "/etc/systemd/system/caddy@.service" }.expanded(text)
        };
        let site = "caddy-web@a-b\\x2dc.service";
        for (text, expected) in [
            ("/etc/%p/%i/Caddyfile", "/etc/caddy-web/a-b\\x2dc/Caddyfile"),
            ("%I", "a/b-c"),
            ("%f", "/a/b-c"),
            ("%j %J", "web web"),
            ("%N", "caddy-web@a-b\\x2dc"),
            ("%P", "caddy/web"),
            ("100%% %? %", "100% %? %"),
            ("%t %S %C %L %E %T %V", "/run /var/lib /var/cache /var/log /etc /tmp /var/tmp"),
            ("%u %U %g %G", "root 0 root 0"),
            ("%Y", "/etc/systemd/system"),
        ] {
            assert_eq!(of(site, text), expected);
        }
        assert_eq!(of("caddy.service", "%n %N %p [%i] %f"), "caddy.service caddy caddy [] /caddy");
    }
}
