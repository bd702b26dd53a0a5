use std::fs;
use std::os::unix::fs::{PermissionsExt as _, lchown, symlink};

use super::*;

/// A source, and next to it a folder that everybody may read.
struct Bench {
    folder: tempfile::TempDir,
}

impl Bench {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let bench = Self { folder };
        bench.put("source/Caddyfile", "x", 0o600);
        bench.put("source/sites/a", "a", 0o600);
        bench.put("open/b", "b", 0o644);
        bench.put("open/secret", "s", 0o640);
        bench.put("closed/c", "c", 0o644);
        fs::set_permissions(bench.path("closed"), fs::Permissions::from_mode(0o700)).unwrap();
        bench
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn put(&self, path: &str, text: &str, mode: u32) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    fn link(&self, path: &str, target: impl AsRef<Path>) {
        symlink(target, self.path(path)).unwrap();
    }

    fn checkout(&self) -> Checkout {
        let user = rustix::process::geteuid().as_raw();
        Checkout::open(self.folder.path(), &self.path("source"), user).unwrap()
    }

    /// What reading `path` of the source gives, and whether that was refused.
    fn read(&self, path: &str) -> (Result<String, io::ErrorKind>, bool) {
        let checkout = self.checkout();
        let read = checkout.read(&self.path("source").join(path));
        let read = read.map(|bytes| String::from_utf8(bytes).unwrap()).map_err(|error| error.kind());
        (read, checkout.refused().is_some())
    }
}

fn good(text: &str) -> (Result<String, io::ErrorKind>, bool) {
    (Ok(text.to_owned()), false)
}

fn refused() -> (Result<String, io::ErrorKind>, bool) {
    (Err(io::ErrorKind::PermissionDenied), true)
}

#[test]
fn files_folders_and_links_within() {
    let bench = Bench::new();
    bench.link("source/one", "sites/a");
    bench.link("source/sites/two", "../Caddyfile");
    bench.link("source/three", bench.path("source/sites/a"));
    bench.link("source/folder", "sites/../sites/.");
    bench.link("source/round", "../source/sites/a");
    for (path, text) in [
        ("Caddyfile", "x"),
        ("sites/a", "a"),
        ("one", "a"),
        ("sites/two", "x"),
        ("three", "a"),
        ("folder/a", "a"),
        ("folder/two", "x"),
        ("round", "a"),
    ] {
        assert_eq!(bench.read(path), good(text), "{path}");
    }
    assert_eq!(bench.read("sites"), (Err(io::ErrorKind::IsADirectory), false));
    assert_eq!(bench.read("none"), (Err(io::ErrorKind::NotFound), false));
    assert_eq!(bench.read("Caddyfile/x"), (Err(io::ErrorKind::NotADirectory), false));
    bench.link("source/loop", "loop");
    assert!(bench.read("loop").0.is_err());
    let checkout = bench.checkout();
    let mut names = checkout.list(&bench.path("source/folder"));
    names.sort();
    assert_eq!(names, ["a", "two"]);
    assert!(checkout.exists(&bench.path("source/loop")) && !checkout.exists(&bench.path("source/none")));
    assert!(checkout.list(&bench.path("source/Caddyfile")).is_empty());
    // What is no part of the source is not read.
    assert_eq!(checkout.read(&bench.path("open/b")).unwrap_err().kind(), io::ErrorKind::NotFound);
    // The folder may be named by a link.
    bench.link("current", "source");
    let current = Checkout::open("/", &bench.path("current"), rustix::process::geteuid().as_raw()).unwrap();
    assert_eq!(current.read(&bench.path("current/sites/a")).unwrap(), b"a");
}

#[test]
fn links_that_lead_out() {
    let bench = Bench::new();
    let is_open = std::env::temp_dir()
        .ancestors()
        .all(|folder| folder.metadata().unwrap().permissions().mode() & 1 != 0);
    bench.link("source/b", "../open/b");
    bench.link("source/sites/b", bench.path("open/b"));
    bench.link("source/open", "../open");
    for path in ["b", "sites/b", "open/b"] {
        assert_eq!(bench.read(path), if is_open { good("b") } else { refused() }, "{path}");
    }
    // Only root, or one user, may read it.
    bench.link("source/secret", "../open/secret");
    bench.link("source/closed", "../closed");
    bench.link("source/there", bench.path("closed/c"));
    bench.link("source/environ", "/proc/self/status");
    bench.link("source/shadow", "/etc/shadow");
    bench.link("source/self", "/proc/self/root/etc/shadow");
    for path in ["secret", "closed/c", "there", "open/secret", "environ", "shadow", "self"] {
        assert_eq!(bench.read(path), refused(), "{path}");
    }
    let checkout = bench.checkout();
    assert_eq!(checkout.list(&bench.path("source/closed")), Vec::<String>::new());
    let message = checkout.refused().unwrap();
    assert_eq!(message, "the link closed leads out of the source, to a file that not everybody may read");
    assert_eq!(bench.read("none/../../open/b").0, Err(io::ErrorKind::NotFound));
}

#[test]
fn a_checkout_of_another_user() {
    if !rustix::process::geteuid().is_root() {
        return;
    }
    let bench = Bench::new();
    bench.link("source/b", "../open/b");
    bench.link("source/inside", bench.path("source/sites/a"));
    lchown(bench.path("source/b"), Some(12), None).unwrap();
    assert_eq!(bench.read("b"), refused(), "the link");
    lchown(bench.path("source/b"), Some(0), None).unwrap();
    lchown(bench.path("source"), Some(12), None).unwrap();
    assert_eq!(bench.read("b"), refused(), "its folder");
    assert_eq!((bench.read("inside"), bench.read("Caddyfile")), (good("a"), good("x")));
    fs::hard_link(bench.path("open/secret"), bench.path("source/hard")).unwrap();
    assert_eq!(bench.read("hard"), refused());
    fs::hard_link(bench.path("open/b"), bench.path("source/harmless")).unwrap();
    assert_eq!(bench.read("harmless"), good("b"));
}

#[test]
fn what_is_no_regular_file() {
    let bench = Bench::new();
    let fifo = bench.path("source/fifo");
    rustix::fs::mknodat(CWD, &fifo, FileType::Fifo, Mode::from_raw_mode(0o644), 0).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(bench.path("source/socket")).unwrap();
    bench.link("source/zero", "/dev/zero");
    for path in ["fifo", "socket", "zero"] {
        assert_eq!(bench.read(path).0, Err(io::ErrorKind::InvalidInput), "{path}");
    }
    assert!(bench.checkout().list(&fifo).is_empty());
    File::create(bench.path("source/large")).unwrap().set_len(regular::MOST + 1).unwrap();
    assert_eq!(bench.read("large").0, Err(io::ErrorKind::FileTooLarge));
}
