//! What the fuzz targets promise holds for every seed, and for everything that was ever found (`fuzz/found`).
//!
//! The bodies of the targets are those of `fuzz/`, which needs a nightly toolchain; this test does not. With
//! `CADDYCTL_SEEDS=FOLDER` it also writes the seeds and the dictionary there, for `fuzz/run`.

use crate::generate;
use crate::support::hostile;

mod seeds;
#[path = "../fuzz/src/lib.rs"]
mod targets;

use std::fs;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

/// The repository.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Runs a target with its seeds and with what was found.
fn replay(name: &str) {
    let (_, run) = targets::ALL.iter().find(|(target, _)| *target == name).expect("a target");
    let seeds = seeds::of(name, root());
    assert!(!seeds.is_empty(), "{name} has no seeds");
    if let Some(folder) = std::env::var_os("CADDYCTL_SEEDS") {
        let folder = PathBuf::from(folder).join(name);
        fs::create_dir_all(&folder).unwrap();
        for (number, (_, bytes)) in seeds.iter().enumerate() {
            fs::write(folder.join(format!("seed-{number}")), bytes).unwrap();
        }
    }
    let found = files(&root().join("fuzz/found").join(name));
    let found = found.into_iter().map(|path| (path.display().to_string(), fs::read(&path).unwrap()));
    let mut wrong = Vec::new();
    for (source, bytes) in seeds.into_iter().chain(found) {
        if catch_unwind(|| run(&bytes)).is_err() {
            wrong.push(source);
        }
    }
    assert!(wrong.is_empty(), "{name}: {}", wrong.join(", "));
}

macro_rules! each_target {
    ($($name:ident)*) => {
        $(
            #[test]
            fn $name() {
                replay(stringify!($name));
            }
        )*

        const REPLAYED: &[&str] = &[$(stringify!($name)),*];
    };
}

each_target! {
    adapt archive cel certificates checks diff environment fmt json positions records regexp routes settings unit_file
    validate
}

#[test]
fn every_target_is_fuzzed_and_replayed() {
    let names: Vec<&str> = targets::ALL.iter().map(|(name, _)| *name).collect();
    assert_eq!(REPLAYED, names);
    for name in &names {
        let text = fs::read_to_string(root().join(format!("fuzz/fuzz_targets/{name}.rs"))).unwrap();
        assert!(text.contains(&format!("caddyctl_fuzz::{name}::run")), "{name}");
    }
    for path in files(&root().join("fuzz/found")) {
        let target =
            path.parent().and_then(Path::file_name).and_then(|name| name.to_str()).unwrap_or_default();
        assert!(names.contains(&target), "{} belongs to no target", path.display());
    }
    if let Some(folder) = std::env::var_os("CADDYCTL_SEEDS") {
        fs::create_dir_all(&folder).unwrap();
        fs::write(PathBuf::from(folder).join("dictionary"), seeds::dictionary()).unwrap();
    }
}

/// All files of a folder and of those inside it, in order.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() { all.extend(files(&path)) } else { all.push(path) }
    }
    all.sort();
    all
}
