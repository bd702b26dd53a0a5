//! The files of a host as they will be after a deploy: the source's files over the installed ones.
//!
//! What is compiled for a deploy must be what Caddy would compile from the installed files, so names are those of the
//! host, wildcards see what will lie there, and absolute imports come from the host.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::artifact::{Artifact, DeployFile, Role};
use crate::files::disk;
use crate::files::host::Host;
use crate::files::owner::{Ownership, Reader};
use crate::state::history::Record;
use caddyctl_host::regular;
use caddyctl_language::source::{Limits, Loader, Sources};

/// A loader of what will be installed.
pub struct Overlay<'o> {
    host: &'o Host,
    source: &'o dyn Loader,
    folder: PathBuf,
    main: PathBuf,
    gone: Vec<PathBuf>,
    left_behind: Mutex<Option<PathBuf>>,
    reader: Option<&'o Reader>,
    unreadable: Mutex<Option<PathBuf>>,
    unfit: AtomicBool,
}

impl<'o> Overlay<'o> {
    /// The source whose Caddyfile is `main` (absolute, in `source`) over the files of `host`. Files that `last` put
    /// there and that the source does not have any longer are left out.
    pub fn new(host: &'o Host, source: &'o dyn Loader, main: &Path, last: Option<&Record>) -> Self {
        let folder = main.parent().unwrap_or(Path::new("/")).to_owned();
        let mut overlay = Self {
            host,
            source,
            folder,
            main: main.to_owned(),
            gone: Vec::new(),
            left_behind: Mutex::default(),
            reader: None,
            unreadable: Mutex::default(),
            unfit: AtomicBool::new(false),
        };
        // What was deployed for another Caddyfile, such as that of another unit, is none of this one's business.
        let is_of_this = |record: &&Record| {
            record.files.iter().any(|file| file.role == Role::Caddyfile && file.path == host.caddyfile)
        };
        let imports = last
            .into_iter()
            .filter(is_of_this)
            .flat_map(|record| &record.files)
            .filter(|file| file.role == Role::Import);
        overlay.gone = imports
            .filter(|file| file.digest.is_some() && !overlay.is_in_source(&file.path))
            .map(|file| file.path.clone())
            .collect();
        overlay
    }

    /// The same for a service whose user is `reader`. A source may import any file of the host by its absolute path: what
    /// Caddy itself may not read is not read for it either, so that nothing of it gets into a message or a configuration.
    #[must_use]
    pub fn read_by(self, reader: Option<&'o Reader>) -> Self {
        Self { reader, ..self }
    }

    /// A file of the host that was imported, and that the user of the service may not read.
    pub fn unreadable(&self) -> Option<PathBuf> {
        self.unreadable.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether a file was not read for what it is: a FIFO or a device, too large, too deep, or reached over a link of somebody
    /// else. Another program that is asked about the same files may wait for its end for ever.
    pub fn has_unfit(&self) -> bool {
        self.unfit.load(Ordering::Relaxed)
    }

    fn read_host(&self, path: &Path) -> io::Result<Vec<u8>> {
        let file = disk::open(&self.host.root, path)?;
        let Some(reader) = self.reader else { return regular::read_from(file, regular::MOST) };
        let on_disk = self.host.on_disk(path);
        let stopped = reader.stopped_at(&on_disk).map(Path::to_owned);
        let is_hidden = !reader.may_read(Ownership::of(&file.metadata()?));
        match stopped.or_else(|| is_hidden.then_some(on_disk)) {
            Some(path) => {
                self.unreadable.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(path);
                Err(io::ErrorKind::PermissionDenied.into())
            }
            None => regular::read_from(file, regular::MOST),
        }
    }

    /// The host.
    pub fn host(&self) -> &Host {
        self.host
    }

    /// A file of the source that an import asked for in vain, since it lies outside the folder of the Caddyfile and is
    /// not deployed; as the source has it.
    pub fn left_behind(&self) -> Option<PathBuf> {
        self.left_behind.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What has to be deployed for the files `sources` of a compilation, whose JSON is `json`: every file it read, and the
    /// removal of those that are gone. What it read outside the Caddyfile's folder is the host's.
    pub fn artifact(&self, sources: &Sources, json: Vec<u8>) -> io::Result<Artifact> {
        let mut files: Vec<DeployFile> = Vec::new();
        for (_, file) in sources.iter().skip(1) {
            let path = PathBuf::from(file.name());
            let is_known = path == self.host.caddyfile || files.iter().any(|known| known.path == path);
            if !is_known {
                let role = if self.is_in_source(&path) { Role::Import } else { Role::HostImport };
                files.push(DeployFile { bytes: Some(self.read(&path)?), path, role });
            }
        }
        files.sort_by(|a, b| a.path.cmp(&b.path));
        let gone =
            self.gone.iter().map(|path| DeployFile { path: path.clone(), bytes: None, role: Role::Import });
        files.extend(gone);
        let path = self.host.caddyfile.clone();
        files.push(DeployFile { bytes: Some(self.read(&path)?), path, role: Role::Caddyfile });
        Ok(Artifact { json, files })
    }

    /// Where a path of the host comes from in the source.
    fn in_source(&self, path: &Path) -> Option<PathBuf> {
        if path == self.host.caddyfile {
            return Some(self.main.clone());
        }
        Some(self.folder.join(path.strip_prefix(self.host.config_folder()).ok()?))
    }

    /// Notes that nothing is at `path` of the host, when the source has it there, seen from its Caddyfile.
    fn note_missing(&self, path: &Path) {
        let above = self.host.config_folder().ancestors().zip(self.folder.ancestors());
        let mut above = above.skip(1).take_while(|(folder, _)| folder.parent().is_some());
        let there = above.find_map(|(host, source)| Some(source.join(path.strip_prefix(host).ok()?)));
        if let Some(there) = there.filter(|there| self.source.exists(there)) {
            self.left_behind.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(there);
        }
    }

    /// The file of the source that will be at `path` of the host, when it has one.
    pub fn source_of(&self, path: &Path) -> Option<PathBuf> {
        self.in_source(path).filter(|path| self.source.exists(path))
    }

    fn is_in_source(&self, path: &Path) -> bool {
        self.in_source(path).is_some_and(|path| self.source.exists(&path))
    }
}

impl Loader for Overlay<'_> {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let read = match self.in_source(path) {
            _ if self.host.is_too_deep(path) => Err(self.host.too_deep()),
            Some(source) if self.source.exists(&source) => self.source.read(&source),
            _ if self.gone.iter().any(|gone| gone == path) => Err(io::ErrorKind::NotFound.into()),
            _ => self.read_host(path),
        };
        if let Err(error) = &read
            && !matches!(
                error.kind(),
                io::ErrorKind::NotFound
                    | io::ErrorKind::PermissionDenied
                    | io::ErrorKind::IsADirectory
                    | io::ErrorKind::NotADirectory
            )
        {
            self.unfit.store(true, Ordering::Relaxed);
        }
        read
    }

    fn list(&self, path: &Path) -> Vec<String> {
        let mut names = self.in_source(path).map(|source| self.source.list(&source)).unwrap_or_default();
        for name in disk::list(&self.host.root, path).unwrap_or_default() {
            if !names.contains(&name) && !self.gone.contains(&path.join(&name)) {
                names.push(name);
            }
        }
        if names.is_empty() {
            self.note_missing(path);
        }
        names
    }

    fn exists(&self, path: &Path) -> bool {
        let is_installed = || !self.gone.iter().any(|gone| gone == path) && self.host.has(path);
        let exists = self.is_in_source(path) || is_installed();
        if !exists {
            self.note_missing(path);
        }
        exists
    }

    fn base(&self) -> &Path {
        self.host.config_folder()
    }

    fn limits(&self) -> Limits {
        self.source.limits()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::digest::Digest;
    use crate::state::history;
    use caddyctl_language::compile::{Compilation, compile};
    use caddyctl_language::source::{Env, Memory};

    fn compiled(overlay: &Overlay<'_>) -> Compilation {
        let text = overlay.read(&overlay.host.caddyfile).unwrap();
        compile(&overlay.host.caddyfile.to_string_lossy(), &text, &Env::empty(), overlay)
    }

    #[test]
    fn what_the_service_may_not_read_is_not_read_for_it() {
        use std::os::unix::fs::PermissionsExt as _;
        let root = tempfile::tempdir().unwrap();
        let host = Host::new(root.path());
        let secret = host.on_disk(Path::new("/etc/secret"));
        std::fs::create_dir_all(secret.parent().unwrap()).unwrap();
        std::fs::write(&secret, "SECRET 1\n").unwrap();
        let mut source = Memory::new("/repo");
        source.add("Caddyfile", ":80 {\n\tvars {\n\t\timport /etc/secret\n\t}\n}\n");
        // Nobody's folders are in the way of this user, but for the temporary one, which is private.
        let reader = Reader { uid: 65_533, gids: vec![65_533] };
        let json = |mode, folder| {
            std::fs::set_permissions(&secret, std::fs::Permissions::from_mode(mode)).unwrap();
            std::fs::set_permissions(root.path(), std::fs::Permissions::from_mode(folder)).unwrap();
            let overlay =
                Overlay::new(&host, &source, Path::new("/repo/Caddyfile"), None).read_by(Some(&reader));
            let compilation = compiled(&overlay);
            let shown =
                format!("{:?} {:?}", compilation.diagnostics, compilation.json().map(String::from_utf8));
            assert_eq!(shown.contains("SECRET"), overlay.unreadable().is_none(), "{shown}");
            overlay.unreadable()
        };
        assert_eq!(json(0o640, 0o755), Some(secret.clone()));
        assert_eq!(json(0o644, 0o700).as_deref(), Some(root.path()));
        assert!(json(0o644, 0o755).is_none_or(|path| !path.starts_with(root.path())));
    }

    #[test]
    fn source_over_host_without_what_is_gone() {
        let root = tempfile::tempdir().unwrap();
        let host = Host::new(root.path());
        let sites = host.on_disk(Path::new("/etc/caddy/sites"));
        std::fs::create_dir_all(&sites).unwrap();
        std::fs::write(sites.join("gone"), "(gone) {\n}\n").unwrap();
        std::fs::write(sites.join("secret"), "(secret) {\n}\n").unwrap();
        std::fs::write(sites.join("a"), "(old) {\n}\n").unwrap();
        let file = |name: &str, role| DeployFile {
            path: Path::new("/etc/caddy/sites").join(name),
            bytes: Some(Vec::new()),
            role,
        };
        let before = Artifact {
            json: Vec::new(),
            files: vec![
                DeployFile { path: host.caddyfile.clone(), bytes: Some(Vec::new()), role: Role::Caddyfile },
                file("gone", Role::Import),
                file("secret", Role::HostImport),
                file("a", Role::Import),
            ],
        };
        let last = history::record("1", "", &Digest::of(b""), &before);
        let mut source = Memory::new("/repo");
        source.add(
            "site.Caddyfile",
            "import sites/*\n:80 {\n\tresponse\n}\n".replace("response", "respond hi"),
        );
        source.add("sites/a", "(new) {\n}\n");
        let overlay = Overlay::new(&host, &source, Path::new("/repo/site.Caddyfile"), Some(&last));
        let compilation = compiled(&overlay);
        assert_eq!(compilation.diagnostics, []);
        let artifact = overlay.artifact(&compilation.sources, compilation.json().unwrap()).unwrap();
        let shown: Vec<_> = artifact
            .files
            .iter()
            .map(|file| (file.path.to_str().unwrap(), file.role, file.bytes.as_ref().map(Vec::len)))
            .collect();
        assert_eq!(
            shown,
            [
                ("/etc/caddy/sites/a", Role::Import, Some(10)),
                ("/etc/caddy/sites/secret", Role::HostImport, Some(13)),
                ("/etc/caddy/sites/gone", Role::Import, None),
                ("/etc/caddy/Caddyfile", Role::Caddyfile, Some(35)),
            ]
        );
    }
}
