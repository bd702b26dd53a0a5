//! `--log`: the requests of access logs, read line by line.

use std::io::{self, BufRead, BufReader, IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use caddyctl_analysis::requests::address;
use caddyctl_analysis::traffic::{Entry, Lines, Traffic};
use caddyctl_language::source::limits::grouped;
use caddyctl_language::source::shown;
use flate2::read::MultiGzDecoder;

use super::fault::{Fault, reason};
use super::{input, print};

/// The longest line (bytes).
const LONGEST: u64 = 1 << 20;

/// So much of a log is read at once (bytes).
const CHUNK: usize = 256 << 10;

/// The most malformed lines that are named.
const NAMED: u64 = 10;

/// How often the progress is shown.
const STEP: Duration = Duration::from_millis(500);

/// How the bytes of gzip begin (RFC 1952).
const GZIP: &[u8] = &[0x1f, 0x8b];

/// Access logs.
#[derive(Debug, Default, clap::Args)]
pub struct Logs {
    /// Run the requests of this access log: Caddy's JSON, the common or the combined format, also with gzip; `-` reads standard
    /// input. Several files may follow, so put other arguments before it.
    #[arg(long = "log", value_name = "FILE", num_args = 1..)]
    files: Vec<PathBuf>,
    /// The URL of the site, for the common and the combined format, which have no host.
    #[arg(long, value_name = "URL", requires = "files")]
    log_host: Option<String>,
}

impl Logs {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Runs `each` for every request, and notes the lines that do not describe one.
    pub fn read(
        &self,
        traffic: &mut Traffic,
        each: &mut dyn FnMut(&mut Traffic, &Entry),
    ) -> anyhow::Result<()> {
        let mut lines = Lines::default();
        if let Some(url) = &self.log_host {
            let wrong = |why| Fault::system(format!("--log-host {}: {why}", shown::line(url)));
            let request = address::request(url).map_err(wrong)?;
            lines.host = Some((request.tls, request.host.unwrap_or_default()));
        }
        let mut progress = Progress::start();
        for file in &self.files {
            let mut source = open(file)?;
            let mut number = 0;
            loop {
                number += 1;
                let mut line = Vec::new();
                match next(&mut source, &mut line) {
                    Ok(false) => break,
                    Ok(true) => {}
                    Err(error) => {
                        let why = if error.kind() == io::ErrorKind::UnexpectedEof {
                            "the gzip data is truncated".to_owned()
                        } else {
                            reason(&error)
                        };
                        malformed(traffic, file, number, &why);
                        break;
                    }
                }
                if line.len() as u64 > LONGEST {
                    malformed(traffic, file, number, "expected a line of at most 1 MiB");
                    continue;
                }
                match lines.read(&line) {
                    Ok(Some(entry)) => each(traffic, &entry),
                    Ok(None) => traffic.others += u64::from(!line.trim_ascii().is_empty()),
                    Err(error) => malformed(traffic, file, number, &format!("expected {}", error.0)),
                }
                progress.step(traffic);
            }
        }
        progress.end();
        if traffic.malformed > NAMED {
            print::stderr(format!("warning: {} more lines are malformed\n", traffic.malformed - NAMED));
        }
        Ok(())
    }
}

fn malformed(traffic: &mut Traffic, file: &Path, number: u64, why: &str) {
    traffic.malformed += 1;
    if traffic.malformed <= NAMED {
        print::stderr(format!("warning: {}:{number}: {why}\n", shown::path(file)));
    }
}

/// Opens a log, which may be compressed.
fn open(path: &Path) -> anyhow::Result<Box<dyn BufRead>> {
    let plain: Box<dyn Read> = if path == Path::new(input::STDIN) {
        Box::new(io::stdin().lock())
    } else {
        Box::new(input::open(path).map_err(|error| Fault::unreadable(path, &error))?)
    };
    let mut plain = BufReader::with_capacity(CHUNK, plain);
    let start = plain.fill_buf().map_err(|error| Fault::unreadable(path, &error))?;
    if start.starts_with(GZIP) {
        return Ok(Box::new(BufReader::with_capacity(CHUNK, MultiGzDecoder::new(plain))));
    }
    Ok(Box::new(plain))
}

/// Reads a line; of one that is too long only its beginning. `false` at the end.
fn next(source: &mut dyn BufRead, line: &mut Vec<u8>) -> io::Result<bool> {
    let count = source.take(LONGEST + 1).read_until(b'\n', line)?;
    let mut is_over = line.ends_with(b"\n") || count as u64 <= LONGEST;
    while !is_over {
        let chunk = source.fill_buf()?;
        let end = chunk.iter().position(|byte| *byte == b'\n');
        let length = end.map_or(chunk.len(), |end| end + 1);
        is_over = end.is_some() || chunk.is_empty();
        source.consume(length);
    }
    Ok(count > 0)
}

/// How far a long run is, on a terminal.
struct Progress {
    is_shown: bool,
    begun: Instant,
    last: Instant,
    has_shown: bool,
}

impl Progress {
    fn start() -> Self {
        let now = Instant::now();
        Self { is_shown: io::stderr().is_terminal(), begun: now, last: now, has_shown: false }
    }

    fn step(&mut self, traffic: &Traffic) {
        // The clock is asked now and then only.
        if !self.is_shown || !traffic.requests.is_multiple_of(1024) || self.last.elapsed() < STEP {
            return;
        }
        self.last = Instant::now();
        self.has_shown = true;
        let count = usize::try_from(traffic.requests).unwrap_or(usize::MAX);
        let seconds = self.begun.elapsed().as_secs_f64();
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "shown only"
        )]
        let rate = (count as f64 / seconds) as usize;
        print::progress(&format!("{} requests, {} a second", grouped(count), grouped(rate)));
    }

    fn end(&self) {
        if self.has_shown {
            print::progress("");
        }
    }
}
