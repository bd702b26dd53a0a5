//! A whole source tree: a folder, or an archive of one. An archive is read into memory: nothing is unpacked, so nothing
//! is left behind.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Component, Path, PathBuf};

use caddyctl::source::{Disk, Loader, Memory};
use flate2::read::MultiGzDecoder;
use tar::{Archive, EntryType};

use crate::cli::fault::{Fault, reason};
use crate::cli::input;

/// More than this is no tree of configuration (bytes, unpacked).
const LARGEST: u64 = 64 << 20;

/// Where the files of an archive are said to lie; faults are named relative to it.
const INSIDE: &str = "/archive";

/// A folder with a Caddyfile in it.
pub struct Tree {
    /// Its files.
    pub loader: Box<dyn Loader>,
    /// The folder.
    pub folder: PathBuf,
    /// Whether the folder is one of this machine.
    pub is_on_disk: bool,
}

impl Tree {
    /// Opens a folder, or reads a `.tar` or `.tar.gz`. An archive may have all its files in one folder.
    pub fn open(given: &Path) -> anyhow::Result<Self> {
        let path = std::path::absolute(given).map_err(|error| Fault::unreadable(given, &error))?;
        if path.is_dir() {
            return Ok(Self { loader: Box::new(Disk::new(&path)), folder: path, is_on_disk: true });
        }
        let file = File::open(&path).map_err(|error| Fault::unreadable(given, &error))?;
        let files = read(BufReader::new(file)).map_err(|error| {
            Fault::input(format!("cannot read the archive {}: {}", given.display(), reason(&error)))
                .help("--from takes a folder, a .tar.gz or a .tar")
        })?;
        let top = single_folder(&files);
        let mut memory = Memory::new(INSIDE);
        for (path, bytes) in files {
            memory.add(path.strip_prefix(&top).unwrap_or(&path), bytes);
        }
        Ok(Self { loader: Box::new(memory), folder: INSIDE.into(), is_on_disk: false })
    }
}

/// The plain files of an archive. Links are not followed; names that lead out of it are refused.
fn read(mut file: impl io::BufRead) -> io::Result<Vec<(PathBuf, Vec<u8>)>> {
    let is_packed = file.fill_buf()?.starts_with(&[0x1f, 0x8b]);
    let plain: Box<dyn Read> = if is_packed { Box::new(MultiGzDecoder::new(file)) } else { Box::new(file) };
    // One byte more than allowed tells that there is more.
    let mut archive = Archive::new(plain.take(LARGEST + 1));
    let mut files = Vec::new();
    let mut total = 0;
    for entry in archive.entries()? {
        let mut entry = entry?;
        let path = inside(&entry.path()?)?;
        total += entry.size();
        if total > LARGEST {
            return Err(io::Error::other(format!("it holds more than {} MiB", LARGEST >> 20)));
        }
        if matches!(entry.header().entry_type(), EntryType::Regular | EntryType::Continuous) {
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes)?;
            files.push((path, bytes));
        }
    }
    if files.is_empty() { Err(io::Error::other("there is no file in it")) } else { Ok(files) }
}

/// A path of an archive without `./`.
fn inside(path: &Path) -> io::Result<PathBuf> {
    let mut clean = PathBuf::new();
    for part in path.components() {
        match part {
            Component::Normal(name) => clean.push(name),
            Component::CurDir => {}
            _ => return Err(io::Error::other(format!("{} leads out of it", path.display()))),
        }
    }
    Ok(clean)
}

/// The one folder that everything lies in, when there is no Caddyfile beside it.
fn single_folder(files: &[(PathBuf, Vec<u8>)]) -> PathBuf {
    let first = |path: &Path| path.components().next().map(|part| PathBuf::from(part.as_os_str()));
    let top = files.first().and_then(|(path, _)| first(path)).unwrap_or_default();
    let is_single = files.iter().all(|(path, _)| path.starts_with(&top) && *path != top);
    if is_single && top != Path::new(input::DEFAULT) { top } else { PathBuf::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn archive(files: &[(&str, &str)]) -> Vec<u8> {
        let mut builder = tar::Builder::new(Vec::new());
        for (path, text) in files {
            let mut header = tar::Header::new_gnu();
            header.as_gnu_mut().unwrap().name[..path.len()].copy_from_slice(path.as_bytes());
            header.set_size(text.len() as u64);
            header.set_mode(0o644);
            header.set_cksum();
            builder.append(&header, text.as_bytes()).unwrap();
        }
        builder.into_inner().unwrap()
    }

    #[test]
    fn archives() {
        let files = read(&*archive(&[("./site/Caddyfile", "x"), ("./site/a/b", "y")])).unwrap();
        assert_eq!(files[1], (PathBuf::from("site/a/b"), b"y".to_vec()));
        assert_eq!(single_folder(&files), Path::new("site"));
        let flat = read(&*archive(&[("Caddyfile", "x"), ("site/b", "y")])).unwrap();
        assert_eq!(single_folder(&flat), Path::new(""));
        for (bad, said) in [
            (archive(&[("../Caddyfile", "x")]), "leads out of it"),
            (archive(&[("/etc/Caddyfile", "x")]), "leads out of it"),
            (archive(&[]), "no file"),
            (vec![0x1f, 0x8b, 1, 2, 3], ""),
            (b"hello".to_vec(), ""),
        ] {
            let error = read(&*bad).unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
        }
    }
}
