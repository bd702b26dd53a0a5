//! A source tree in a `.tar` or `.tar.gz`, read into memory. The archive is read to its end: its checksum and the blocks
//! that end it count, so that one that is cut off or damaged is an error and not a smaller source.

use std::collections::BTreeMap;
use std::io::{self, BufRead, Read};
use std::path::{Component, Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use flate2::bufread::GzDecoder;
use tar::EntryType;

use caddyctl_host::regular;
use caddyctl_language::source::{Loader, shown};

/// The most bytes of an archive, unpacked.
const MOST: u64 = 64 << 20;

/// The most bytes of a packed archive. What cannot be compressed grows by less than a hundredth.
const MOST_PACKED: u64 = MOST + (1 << 20);

/// The most members of an archive.
const MOST_MEMBERS: usize = 50_000;

/// The most bytes of one file that is compiled, unless a caller allows more. 30,000 sites have as many.
pub const MOST_TEXT: u64 = 4 << 20;

/// The most bytes in the name of a member: `PATH_MAX` of Linux.
const LONGEST_NAME: usize = 4096;

/// The most bytes of a global header that is read.
const LONGEST_COMMENT: u64 = 64 << 10;

/// What a tar archive consists of (bytes).
const BLOCK: usize = 512;

/// Where the files of an archive lie for its [`Loader`].
pub const FOLDER: &str = "/archive";

/// An archive that is not used.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// The file cannot be read.
    #[error("{0}")]
    Read(io::Error),
    /// Nothing is in the file.
    #[error("it is empty")]
    Nothing,
    /// It has no first member that could be read.
    #[error("it is not a tar archive: {0}")]
    NotTar(io::Error),
    /// The data that gzip unpacks ends early.
    #[error("it is cut off: its gzip data has no end")]
    Cut,
    /// What gzip unpacks is not what was packed.
    #[error("it is damaged: {0}")]
    Damaged(io::Error),
    /// A second archive of gzip follows.
    #[error("it consists of several gzip streams, and only one is expected")]
    Streams,
    /// Bytes follow the data of gzip.
    #[error("there is data after the end of its gzip stream")]
    AfterStream,
    /// The tar archive ends within a member.
    #[error("it is cut off in {}, or that member has a wrong size", shown::path(.0))]
    CutIn(PathBuf),
    /// The tar archive ends after a member.
    #[error("it is cut off: the two blocks of zeros at the end of a tar archive are missing")]
    NoEnd,
    /// Bytes follow the end of the tar archive.
    #[error("there is data after the end of its tar archive")]
    AfterEnd,
    /// A header is wrong.
    #[error("it is damaged after {}: {source}", shown::path(after))]
    Header {
        /// The last member that could be read.
        after: PathBuf,
        /// What is wrong.
        source: io::Error,
    },
    /// A member is stored without its holes. Its map would take more memory than the archive.
    #[error("{} is stored as a sparse file; store it as a plain one (`tar` without `--sparse`)", shown::path(.0))]
    Sparse(PathBuf),
    /// A member lies outside of the archive.
    #[error("{} leads out of it", shown::path(.0))]
    Outside(PathBuf),
    /// A member has a name that no file can have.
    #[error("the name of a member has a NUL byte or more than {LONGEST_NAME} bytes")]
    Name,
    /// There is too much in it.
    #[error("it holds more than {} MiB", MOST >> 20)]
    Large,
    /// There are too many members.
    #[error("it holds more than {MOST_MEMBERS} files")]
    Many,
    /// Only folders, links and the like.
    #[error("it contains no files")]
    NoFile,
}

/// What a member is.
#[derive(Debug)]
enum Member {
    File(Vec<u8>),
    /// A file of more bytes than are read as text.
    Large,
    /// It has no content here, and is this.
    Other(&'static str),
}

/// The files of an archive, as a [`Loader`] whose base is [`FOLDER`].
#[derive(Debug, Default)]
pub struct Archive {
    members: BTreeMap<PathBuf, Member>,
    commit: Option<String>,
    most_text: u64,
    refused: Mutex<Option<String>>,
}

impl Archive {
    /// Reads an archive to its end. Where all its files lie in one folder, that folder is left out of their names. A file of
    /// more than `most_text` bytes is there, and cannot be read.
    ///
    /// # Errors
    ///
    /// An archive that is cut off, damaged, too large or followed by other data; one with a member that leads out of it;
    /// one without a file.
    pub fn read(packed: impl BufRead, most_text: u64) -> Result<Self, ArchiveError> {
        let (mut members, commit) = members(&unpack(packed)?, most_text)?;
        let top = single_folder(&members);
        if top != Path::new("") {
            let inside = |path: PathBuf| path.strip_prefix(&top).map(Path::to_owned).unwrap_or(path);
            members = members.into_iter().map(|(path, member)| (inside(path), member)).collect();
        }
        Ok(Self { members, commit, most_text, refused: Mutex::default() })
    }

    /// The commit that `git archive` has noted in it.
    pub fn commit(&self) -> Option<&str> {
        self.commit.as_deref()
    }

    fn refuse(&self, path: &Path, what: &str) -> io::Error {
        let reason = format!("{} is {what}, which is not followed in an archive", shown::path(path));
        self.refused.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert_with(|| reason.clone());
        io::Error::new(io::ErrorKind::InvalidInput, reason)
    }

    /// What at `path` or above it keeps it from being looked into.
    fn barrier<'p>(&self, path: &'p Path) -> Option<(&'p Path, &'static str)> {
        path.ancestors().find_map(|path| match self.members.get(path) {
            Some(Member::Other(what)) => Some((path, *what)),
            _ => None,
        })
    }
}

/// A path below [`FOLDER`] as the archive has it.
fn name(path: &Path) -> Option<&Path> {
    path.strip_prefix(FOLDER).ok()
}

impl Loader for Archive {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let name = name(path).ok_or(io::ErrorKind::NotFound)?;
        match self.members.get(name) {
            Some(Member::File(bytes)) => Ok(bytes.clone()),
            Some(Member::Large) => Err(regular::too_large(self.most_text)),
            _ => match self.barrier(name) {
                Some((path, what)) => Err(self.refuse(path, what)),
                None if self.exists(path) => Err(io::ErrorKind::IsADirectory.into()),
                None => Err(io::ErrorKind::NotFound.into()),
            },
        }
    }

    fn list(&self, path: &Path) -> Vec<String> {
        let Some(folder) = name(path) else { return Vec::new() };
        if let Some((path, what)) = self.barrier(folder) {
            drop(self.refuse(path, what));
        }
        let below = self.members.range(folder.to_owned()..).map(|(path, _)| path);
        let below = below.map_while(|path| path.strip_prefix(folder).ok());
        let mut names: Vec<String> = below
            .filter_map(|rest| Some(rest.components().next()?.as_os_str().to_str()?.to_owned()))
            .collect();
        names.dedup();
        names
    }

    fn exists(&self, path: &Path) -> bool {
        let Some(name) = name(path) else { return false };
        let first = self.members.range(name.to_owned()..).next();
        first.is_some_and(|(path, _)| path.starts_with(name)) || self.barrier(name).is_some()
    }

    fn base(&self) -> &Path {
        Path::new(FOLDER)
    }

    fn refused(&self) -> Option<String> {
        self.refused.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The bytes of the tar archive.
fn unpack(mut file: impl BufRead) -> Result<Vec<u8>, ArchiveError> {
    let start = file.fill_buf().map_err(ArchiveError::Read)?;
    if start.is_empty() {
        return Err(ArchiveError::Nothing);
    }
    let mut bytes = Vec::new();
    if !start.starts_with(&[0x1f, 0x8b]) {
        // One byte more than allowed shows that there is more.
        file.take(MOST + 1).read_to_end(&mut bytes).map_err(ArchiveError::Read)?;
        return if bytes.len() as u64 > MOST { Err(ArchiveError::Large) } else { Ok(bytes) };
    }
    let mut stream = GzDecoder::new(file.take(MOST_PACKED));
    let read = stream.by_ref().take(MOST + 1).read_to_end(&mut bytes);
    let mut rest = stream.into_inner();
    if bytes.len() as u64 > MOST || rest.limit() == 0 {
        return Err(ArchiveError::Large);
    }
    match read {
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Err(ArchiveError::Cut),
        Err(error) => return Err(ArchiveError::Damaged(error)),
    }
    let mut after = Vec::new();
    rest.read_to_end(&mut after).map_err(ArchiveError::Read)?;
    if after.starts_with(&[0x1f, 0x8b]) {
        return Err(ArchiveError::Streams);
    }
    // gzip itself passes over zeros, which fill the last block of a tape.
    if is_zero(&after) && rest.limit() > 0 { Ok(bytes) } else { Err(ArchiveError::AfterStream) }
}

fn is_zero(bytes: &[u8]) -> bool {
    bytes.chunks(BLOCK).all(|block| block == &[0; BLOCK][..block.len()])
}

/// The members of a tar archive. Of several with one name the last counts, as for tar.
fn members(
    bytes: &[u8],
    most_text: u64,
) -> Result<(BTreeMap<PathBuf, Member>, Option<String>), ArchiveError> {
    if bytes.is_empty() {
        return Err(ArchiveError::Nothing);
    }
    if let Some(path) = sparse(bytes) {
        return Err(ArchiveError::Sparse(path));
    }
    let mut archive = tar::Archive::new(bytes);
    let (mut members, mut commit) = (BTreeMap::new(), None);
    let mut last = None;
    let read = read_members(&mut archive, most_text, (&mut members, &mut commit), &mut last);
    let rest = archive.into_inner();
    match read {
        Ok(()) => {}
        Err(Fault::Tar(source)) => {
            return Err(match last {
                None => ArchiveError::NotTar(source),
                Some(path) if rest.is_empty() => ArchiveError::CutIn(path),
                Some(after) => ArchiveError::Header { after, source },
            });
        }
        Err(Fault::Own(error)) => return Err(error),
    }
    // One block of zeros has been read; nothing has where the archive ended without one.
    if rest.len() < BLOCK {
        return Err(if is_zero(rest) { ArchiveError::NoEnd } else { ArchiveError::AfterEnd });
    }
    if !is_zero(rest) {
        return Err(ArchiveError::AfterEnd);
    }
    if members.values().all(|member| matches!(member, Member::Other(_))) {
        return Err(ArchiveError::NoFile);
    }
    Ok((members, commit))
}

/// The first sparse file of GNU tar. Headers that are wrong are named by whoever reads them.
fn sparse(bytes: &[u8]) -> Option<PathBuf> {
    let mut archive = tar::Archive::new(bytes);
    let mut headers = archive.entries().ok()?.raw(true).map_while(Result::ok);
    headers.find(|entry| entry.header().entry_type().is_gnu_sparse())?.path().ok().map(Into::into)
}

/// What keeps an archive from being read: its form, or what it holds.
enum Fault {
    Tar(io::Error),
    Own(ArchiveError),
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Self::Tar(error)
    }
}

fn read_members(
    archive: &mut tar::Archive<&[u8]>,
    most_text: u64,
    (members, commit): (&mut BTreeMap<PathBuf, Member>, &mut Option<String>),
    last: &mut Option<PathBuf>,
) -> Result<(), Fault> {
    for (number, entry) in archive.entries()?.enumerate() {
        let mut entry = entry?;
        if number >= MOST_MEMBERS {
            return Err(Fault::Own(ArchiveError::Many));
        }
        let kind = entry.header().entry_type();
        if kind.is_pax_global_extensions() {
            if entry.size() <= LONGEST_COMMENT {
                let mut text = Vec::new();
                entry.read_to_end(&mut text)?;
                *commit = commit_in(&text).or(commit.take());
            }
            continue;
        }
        let written = entry.path_bytes();
        if written.len() > LONGEST_NAME || written.contains(&0) {
            return Err(Fault::Own(ArchiveError::Name));
        }
        // Before there was a type for it, a folder was a file whose name ends in a slash.
        let is_folder = written.ends_with(b"/");
        let path = inside(&entry.path()?).map_err(Fault::Own)?;
        *last = Some(path.clone());
        if path == Path::new("") {
            continue;
        }
        let member = match kind {
            EntryType::Regular | EntryType::Continuous if is_folder => continue,
            EntryType::Directory => continue,
            EntryType::Regular | EntryType::Continuous if entry.size() > most_text => Member::Large,
            EntryType::Regular | EntryType::Continuous => {
                let mut bytes = Vec::new();
                entry.read_to_end(&mut bytes)?;
                if bytes.len() as u64 != entry.size() {
                    return Err(Fault::Own(ArchiveError::CutIn(path)));
                }
                Member::File(bytes)
            }
            EntryType::Symlink => Member::Other("a symbolic link"),
            EntryType::Link => Member::Other("a hard link"),
            EntryType::Char | EntryType::Block => Member::Other("a device"),
            EntryType::Fifo => Member::Other("a FIFO"),
            _ => Member::Other("not a regular file"),
        };
        members.insert(path, member);
    }
    Ok(())
}

/// The commit in the comment that `git archive` writes (git-archive(1)).
fn commit_in(text: &[u8]) -> Option<String> {
    let lines = std::str::from_utf8(text).ok()?.lines();
    let comment =
        lines.filter_map(|line| line.split_once(" comment=")).map(|(_, comment)| comment).next_back()?;
    let is_commit = matches!(comment.len(), 40 | 64) && comment.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_commit.then(|| comment.to_owned())
}

/// The path of a member without `./`.
fn inside(path: &Path) -> Result<PathBuf, ArchiveError> {
    let mut clean = PathBuf::new();
    for part in path.components() {
        match part {
            Component::Normal(name) => clean.push(name),
            Component::CurDir => {}
            _ => return Err(ArchiveError::Outside(path.to_owned())),
        }
    }
    Ok(clean)
}

/// The one folder that all files lie in; empty when there is none.
fn single_folder(members: &BTreeMap<PathBuf, Member>) -> PathBuf {
    let mut files = members.iter().filter(|(_, member)| !matches!(member, Member::Other(_)));
    let first =
        files.next().and_then(|(path, _)| path.components().next().map(|part| part.as_os_str().to_owned()));
    let top = PathBuf::from(first.unwrap_or_default());
    let mut files = members.iter().filter(|(_, member)| !matches!(member, Member::Other(_)));
    if files.all(|(path, _)| path.starts_with(&top) && *path != top) { top } else { PathBuf::new() }
}

#[cfg(test)]
mod tests;
