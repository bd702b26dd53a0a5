//! How long each stage of compiling takes: `cargo bench --bench stages`, and behind `--` a part of a name, such as
//! `tls/wild/1000`.
//!
//! A Caddyfile is read in pieces: `build` has what `pest` does in it, and `expand` has both. Sizes are sites.

use std::hint::black_box;
use std::time::{Duration, Instant};

use caddyctl_language::compile::{self, Compilation, Stage};
use caddyctl_language::config::write::Style;
use caddyctl_language::source::{Env, Memory, Sources};
use caddyctl_language::syntax;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

mod inputs;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const SIZES: [usize; 3] = [100, 1_000, 10_000];

/// The stages that compiling goes through by itself, and their names here.
const COMPILING: [(Stage, &str); 5] = [
    (Stage::Env, "env"),
    (Stage::Expand, "expand"),
    (Stage::Lower, "lower"),
    (Stage::Compile, "compile"),
    (Stage::Tls, "tls"),
];

fn adapt(text: &[u8], begin: &mut dyn FnMut(Stage)) -> Compilation {
    compile::adapt_in_stages("Caddyfile", text, &Env::empty(), &Memory::new("/"), begin)
}

/// How long `stage` takes while `text` is compiled.
fn time(stage: Stage, text: &[u8]) -> Duration {
    let mut begun = None;
    let mut taken = Duration::ZERO;
    let compilation = adapt(text, &mut |now| {
        if now == stage {
            begun = Some(Instant::now());
        } else if let Some(begun) = begun.take() {
            taken = begun.elapsed();
        }
    });
    black_box(compilation);
    taken
}

fn stages(criterion: &mut Criterion) {
    for kind in &inputs::KINDS {
        for size in SIZES {
            let text = kind.caddyfile(size);
            let mut sources = Sources::new();
            let file = sources.add("Caddyfile", text.as_bytes(), &Env::empty());
            let compilation = adapt(text.as_bytes(), &mut |_| {});
            assert!(compilation.is_ok(), "{}: {:?}", kind.name, compilation.diagnostics.first());

            let mut group = criterion.benchmark_group(kind.name);
            group.sample_size(10).throughput(Throughput::Bytes(text.len() as u64));
            group.bench_function(BenchmarkId::new("pest", size), |bench| {
                bench.iter(|| syntax::count_pairs(&sources, file));
            });
            group.bench_function(BenchmarkId::new("build", size), |bench| {
                bench.iter(|| syntax::lex(&sources, file));
            });
            for (stage, name) in COMPILING {
                group.bench_function(BenchmarkId::new(name, size), |bench| {
                    bench.iter_custom(|runs| (0..runs).map(|_| time(stage, text.as_bytes())).sum());
                });
            }
            group.bench_function(BenchmarkId::new("write", size), |bench| {
                bench.iter(|| compilation.write(Style::Compact, std::io::sink()));
            });
            group.finish();
        }
    }
}

criterion_group!(benches, stages);
criterion_main!(benches);
