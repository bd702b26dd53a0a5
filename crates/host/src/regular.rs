//! The one way to read a file that somebody else may control: only a regular file, only up to a limit.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _};
use std::path::Path;

use crate::os;

pub use caddyctl_language::source::limits::MOST;

/// Opens the regular file at `path` for reading. Symbolic links are followed.
///
/// # Errors
///
/// A folder is an error of kind `IsADirectory`; a FIFO, socket or device is one of kind `InvalidInput`, and the call does
/// not wait for its other end.
pub fn open(path: &Path) -> io::Result<File> {
    // Opening a device may have an effect, so look before; the file may change in between, so look again.
    check(&path.metadata()?)?;
    let mut options = OpenOptions::new();
    options.read(true);
    os::never_wait(&mut options);
    let file = options.open(path)?;
    check(&file.metadata()?)?;
    Ok(file)
}

/// The bytes of the regular file at `path`, at most `most` of them.
///
/// # Errors
///
/// Those of [`open`]; a longer file is an error of kind `FileTooLarge`.
pub fn read(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    read_from(open(path)?, most)
}

/// The text of the regular file at `path`, at most `most` bytes.
///
/// # Errors
///
/// Those of [`read`]; bytes that are not UTF-8 are an error of kind `InvalidData`.
pub fn read_text(path: &Path, most: u64) -> io::Result<String> {
    String::from_utf8(read(path, most)?)
        .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "it is not UTF-8"))
}

/// The bytes of an open file, at most `most` of them.
///
/// # Errors
///
/// A longer file is an error of kind `FileTooLarge`.
pub fn read_from(file: File, most: u64) -> io::Result<Vec<u8>> {
    if file.metadata()?.len() > most {
        return Err(too_large(most));
    }
    let mut bytes = Vec::new();
    // Files of `/proc` have no size, and a file may grow while it is read.
    file.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        return Err(too_large(most));
    }
    Ok(bytes)
}

/// The error of a file that is larger than `most` bytes.
pub fn too_large(most: u64) -> io::Error {
    let limit = if most < 1 << 20 { format!("{} KiB", most >> 10) } else { format!("{} MiB", most >> 20) };
    io::Error::new(io::ErrorKind::FileTooLarge, format!("it is larger than {limit}"))
}

/// Whether `metadata` is that of a regular file.
///
/// # Errors
///
/// A folder is an error of kind `IsADirectory`, anything else that of [`not_regular`].
pub fn check(metadata: &std::fs::Metadata) -> io::Result<()> {
    if metadata.is_file() {
        Ok(())
    } else if metadata.is_dir() {
        Err(io::ErrorKind::IsADirectory.into())
    } else {
        Err(not_regular())
    }
}

/// The error for a FIFO, a socket or a device; of kind `InvalidInput`.
pub fn not_regular() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file")
}

#[cfg(all(test, unix))]
mod tests {
    use std::io::ErrorKind;

    use super::*;

    #[test]
    fn only_regular_files_up_to_a_limit() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        std::fs::write(&path, "four").unwrap();
        assert_eq!(read(&path, 4).unwrap(), b"four");
        assert_eq!(read(&path, 3).unwrap_err().kind(), ErrorKind::FileTooLarge);
        assert_eq!(read(folder.path(), 4).unwrap_err().kind(), ErrorKind::IsADirectory);
        let fifo = folder.path().join("fifo");
        rustix::fs::mknodat(
            rustix::fs::CWD,
            &fifo,
            rustix::fs::FileType::Fifo,
            rustix::fs::Mode::from_raw_mode(0o600),
            0,
        )
        .unwrap();
        let link = folder.path().join("link");
        std::os::unix::fs::symlink(&fifo, &link).unwrap();
        for special in [fifo.as_path(), link.as_path(), Path::new("/dev/zero")] {
            assert_eq!(
                read(special, 4).unwrap_err().kind(),
                ErrorKind::InvalidInput,
                "{}",
                special.display()
            );
        }
    }

    #[test]
    fn a_file_without_a_size_is_read_too() {
        assert!(!read(Path::new("/proc/self/status"), MOST).unwrap().is_empty());
    }
}
