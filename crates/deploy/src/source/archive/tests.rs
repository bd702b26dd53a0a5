use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use tar::{Builder, Header};

use super::*;

/// A header of a file, with the name as it is given.
fn header(path: &str, kind: EntryType, size: u64) -> Header {
    let mut header = Header::new_gnu();
    header.as_gnu_mut().unwrap().name[..path.len()].copy_from_slice(path.as_bytes());
    header.set_entry_type(kind);
    header.set_size(size);
    header.set_mode(0o4755);
    header.set_cksum();
    header
}

fn plain(files: &[(&str, &str)]) -> Vec<u8> {
    let mut builder = Builder::new(Vec::new());
    for (path, text) in files {
        builder.append(&header(path, EntryType::Regular, text.len() as u64), text.as_bytes()).unwrap();
    }
    builder.into_inner().unwrap()
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn text(archive: &Archive, path: &str) -> Result<String, String> {
    let read = archive.read(&Path::new(FOLDER).join(path));
    read.map(|bytes| String::from_utf8(bytes).unwrap()).map_err(|error| error.to_string())
}

fn fault(bytes: &[u8]) -> String {
    Archive::read(bytes, MOST_TEXT).expect_err("it is refused").to_string()
}

#[test]
fn files_with_and_without_a_folder() {
    for pack in [packed, <[u8]>::to_vec] {
        let one = Archive::read(&*pack(&plain(&[("./site/Caddyfile", "x"), ("./site/a/b", "y")])), MOST_TEXT)
            .unwrap();
        assert_eq!((text(&one, "Caddyfile").as_deref(), text(&one, "a/b").as_deref()), (Ok("x"), Ok("y")));
        assert_eq!(
            (one.list(Path::new("/archive/a")), one.exists(Path::new("/archive/a"))),
            (vec!["b".into()], true)
        );
        assert!(text(&one, "a").unwrap_err().contains("director"), "{:?}", text(&one, "a"));
        assert!(!one.exists(Path::new("/archive/c")) && !one.exists(Path::new("/etc/passwd")));
        let flat = Archive::read(&*pack(&plain(&[("Caddyfile", "x"), ("site/b", "y")])), MOST_TEXT).unwrap();
        assert_eq!(text(&flat, "site/b").as_deref(), Ok("y"));
        assert_eq!(flat.list(Path::new(FOLDER)), ["Caddyfile", "site"]);
        assert_eq!(flat.refused(), None);
    }
}

#[test]
fn names_that_lead_out() {
    for path in ["../Caddyfile", "/etc/Caddyfile", "a/../../b", "./../x"] {
        assert_eq!(fault(&plain(&[("Caddyfile", "x"), (path, "x")])), format!("{path} leads out of it"));
    }
    let mut builder = Builder::new(Vec::new());
    builder.append_pax_extensions([("path", b"/etc/passwd".as_slice())]).unwrap();
    builder.append(&header("Caddyfile", EntryType::Regular, 1), b"x".as_slice()).unwrap();
    assert_eq!(fault(&builder.into_inner().unwrap()), "/etc/passwd leads out of it");
    let mut builder = Builder::new(Vec::new());
    builder.append_pax_extensions([("path", b"a\0b".as_slice())]).unwrap();
    builder.append(&header("Caddyfile", EntryType::Regular, 1), b"x".as_slice()).unwrap();
    assert!(fault(&builder.into_inner().unwrap()).starts_with("the name of a member has a NUL byte"));
}

#[test]
fn long_names_and_duplicates() {
    let long = format!("sites/{}", "n".repeat(300));
    let mut builder = Builder::new(Vec::new());
    let mut file = Header::new_gnu();
    file.set_size(1);
    for bytes in ["1", "2"] {
        builder.append_data(&mut file.clone(), &long, bytes.as_bytes()).unwrap();
    }
    builder.append_data(&mut file, "Caddyfile", b"x".as_slice()).unwrap();
    let archive = Archive::read(&*builder.into_inner().unwrap(), MOST_TEXT).unwrap();
    assert_eq!(text(&archive, &long).as_deref(), Ok("2"));
    let mut builder = Builder::new(Vec::new());
    let endless = vec![b'n'; 1 << 20];
    builder.append(&header("././@LongLink", EntryType::GNULongName, 1 << 20), &*endless).unwrap();
    builder.append(&header("x", EntryType::Regular, 1), b"x".as_slice()).unwrap();
    assert!(fault(&builder.into_inner().unwrap()).starts_with("the name of a member has"));
}

#[test]
fn what_is_no_file_is_not_followed() {
    let mut builder = Builder::new(Vec::new());
    builder.append(&header("Caddyfile", EntryType::Regular, 1), b"x".as_slice()).unwrap();
    for (path, kind) in [
        ("sites/a", EntryType::Symlink),
        ("sites/b", EntryType::Link),
        ("sites/c", EntryType::Char),
        ("sites/d", EntryType::Block),
        ("sites/e", EntryType::Fifo),
        ("folder", EntryType::Symlink),
        ("dir/", EntryType::Directory),
        ("old/", EntryType::Regular),
    ] {
        builder.append(&header(path, kind, 0), io::empty()).unwrap();
    }
    let archive = Archive::read(&*builder.into_inner().unwrap(), MOST_TEXT).unwrap();
    assert_eq!(text(&archive, "Caddyfile").as_deref(), Ok("x"));
    assert_eq!((archive.refused(), archive.exists(Path::new("/archive/old"))), (None, false));
    assert_eq!(archive.list(Path::new("/archive/sites")), ["a", "b", "c", "d", "e"]);
    assert!(
        text(&archive, "sites/b").unwrap_err().starts_with("sites/b is a hard link, which is not followed")
    );
    assert!(text(&archive, "sites/e").unwrap_err().starts_with("sites/e is a FIFO"));
    assert!(archive.refused().is_some_and(|reason| reason.starts_with("sites/b is a hard link")));
    // A folder that is a link has no names, and an import of no file is legal.
    let archive = Archive { refused: Mutex::default(), ..archive };
    assert_eq!(
        (archive.list(Path::new("/archive/folder/x")), archive.refused().is_some()),
        (Vec::new(), true)
    );
    let mut builder = Builder::new(Vec::new());
    builder.append(&header("a", EntryType::Regular, 1), b"x".as_slice()).unwrap();
    builder.append(&header("hole", EntryType::GNUSparse, 0), io::empty()).unwrap();
    assert_eq!(
        fault(&builder.into_inner().unwrap()),
        "hole is stored as a sparse file; store it as a plain one (`tar` without `--sparse`)"
    );
    // Nothing but links.
    let mut builder = Builder::new(Vec::new());
    builder.append(&header("Caddyfile", EntryType::Symlink, 0), io::empty()).unwrap();
    assert_eq!(fault(&builder.into_inner().unwrap()), "it contains no files");
}

#[test]
fn an_archive_is_read_to_its_end() {
    let tar = plain(&[("Caddyfile", "import sites/*\n"), ("sites/a", "y")]);
    let gzip = packed(&tar);
    assert!(Archive::read(&*gzip, MOST_TEXT).is_ok() && Archive::read(&*tar, MOST_TEXT).is_ok());
    // Wherever it is cut.
    for end in 0..gzip.len() {
        let message = fault(&gzip[..end]);
        assert!(
            ["it is cut off", "it is empty", "it is not a tar"]
                .iter()
                .any(|words| message.starts_with(words)),
            "{end}: {message}"
        );
    }
    for end in 0..tar.len() {
        let message = fault(&tar[..end]);
        assert!(
            ["it is cut off", "it is empty", "it is not a tar"]
                .iter()
                .any(|words| message.starts_with(words)),
            "{end}: {message}"
        );
    }
    assert_eq!(
        fault(&tar[..1024]),
        "it is cut off: the two blocks of zeros at the end of a tar archive are missing"
    );
    assert_eq!(fault(&packed(&tar[..1024])), fault(&tar[..1024]));
    assert_eq!(fault(&tar[..2048 + 512]), fault(&tar[..1024]));
    // In the padding of a member, and in its content.
    assert_eq!(fault(&tar[..600]), "it is cut off in Caddyfile, or that member has a wrong size");
    assert_eq!(fault(&tar[..520]), fault(&tar[..600]));
    // The checksum and the length of gzip.
    for at in [8, 4] {
        let mut wrong = gzip.clone();
        let at = wrong.len() - at;
        wrong[at] ^= 1;
        assert!(fault(&wrong).starts_with("it is damaged: "), "{}", fault(&wrong));
    }
    let mut wrong = tar.clone();
    wrong[1024] ^= 1;
    assert!(fault(&wrong).starts_with("it is damaged after Caddyfile: "), "{}", fault(&wrong));
}

#[test]
fn what_follows_an_archive() {
    let tar = plain(&[("Caddyfile", "x")]);
    let gzip = packed(&tar);
    let with = |start: &[u8], end: &[u8]| [start, end].concat();
    assert_eq!(fault(&with(&gzip, b"garbage")), "there is data after the end of its gzip stream");
    assert_eq!(fault(&with(&gzip, &gzip)), "it consists of several gzip streams, and only one is expected");
    assert_eq!(fault(&with(&tar, b"garbage")), "there is data after the end of its tar archive");
    assert_eq!(fault(&with(&tar, &tar)), "there is data after the end of its tar archive");
    assert_eq!(fault(&packed(&with(&tar, &tar))), "there is data after the end of its tar archive");
    let lone = with(&tar[..1536], &tar[..1024]);
    assert_eq!(fault(&lone), "there is data after the end of its tar archive");
    // Padding, as tar and tapes have it.
    assert!(Archive::read(&*with(&tar, &[0; 10_000]), MOST_TEXT).is_ok());
    assert!(Archive::read(&*with(&gzip, &[0; 512]), MOST_TEXT).is_ok());
}

#[test]
fn sizes_that_are_not_true() {
    for size in [5000, u64::MAX >> 1] {
        let mut bytes = header("Caddyfile", EntryType::Regular, size).as_bytes().to_vec();
        bytes.extend([0; 2048]);
        assert_eq!(
            fault(&bytes[..1536]),
            "it is cut off in Caddyfile, or that member has a wrong size",
            "{size}"
        );
        let mut later = plain(&[("a", "x")])[..1024].to_vec();
        later.extend(&bytes);
        assert!(fault(&later).contains("Caddyfile"), "{size}: {}", fault(&later));
    }
    let endless = header("Caddyfile", EntryType::Regular, u64::MAX);
    assert!(fault(endless.as_bytes()).contains("overflow"), "{}", fault(endless.as_bytes()));
}

#[test]
fn not_an_archive() {
    assert_eq!(fault(b""), "it is empty");
    assert!(fault(b"hello").starts_with("it is not a tar archive: "));
    assert!(fault(&[b'x'; 4096]).starts_with("it is not a tar archive: "));
    assert_eq!(fault(&[0x1f, 0x8b, 8, 0]), "it is cut off: its gzip data has no end");
    assert_eq!(fault(&plain(&[])), "it contains no files");
    assert_eq!(fault(&packed(b"")), "it is empty");
}

#[test]
fn too_much() {
    let mut builder = Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    let large = |builder: &mut Builder<_>, path: &str, size: u64| {
        builder.append(&header(path, EntryType::Regular, size), io::repeat(0).take(size)).unwrap();
    };
    large(&mut builder, "Caddyfile", 63 << 20);
    let bomb = builder.into_inner().unwrap().finish().unwrap();
    let archive = Archive::read(&*bomb, MOST_TEXT).unwrap();
    assert_eq!(text(&archive, "Caddyfile").unwrap_err(), "it is larger than 4 MiB");
    assert!(archive.exists(Path::new("/archive/Caddyfile")));
    let mut builder = Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    large(&mut builder, "a", 33 << 20);
    large(&mut builder, "b", 33 << 20);
    assert_eq!(fault(&builder.into_inner().unwrap().finish().unwrap()), "it holds more than 64 MiB");
    let empty = header("a", EntryType::Regular, 0);
    let mut many = empty.as_bytes().repeat(MOST_MEMBERS + 1);
    many.extend([0; 1024]);
    assert_eq!(fault(&many), "it holds more than 50000 files");
}
