//! What wraps the writer of a response, and what has been written.

use super::fields::Fields;
use super::program::{Encode, Operations, ResponseHandler, ResponseMatcher, Templates};

/// One wrapper around the writer; the last one of the list is the innermost.
#[derive(Clone, Debug)]
pub(super) enum Layer<'p> {
    /// Header operations that wait until the response is written.
    Headers { operations: &'p Operations, require: Option<&'p ResponseMatcher>, is_done: bool },
    /// Compression.
    Encode(Encoding<'p>),
    /// Templates, which buffer some media types.
    Templates { config: &'p Templates, buffer: Buffer },
    /// `intercept`, which buffers the responses that it handles.
    Intercept { handlers: &'p [ResponseHandler], chosen: Option<usize>, status: i64, buffer: Buffer },
    /// A recorder that passes everything on.
    Recorder { status: i64, size: usize },
}

/// The state of `encode`.
#[derive(Clone, Debug)]
pub(super) struct Encoding<'p> {
    pub(super) config: &'p Encode,
    pub(super) name: String,
    pub(super) status: i64,
    pub(super) is_written: bool,
    pub(super) is_compressing: bool,
    pub(super) is_disabled: bool,
}

/// A response that is kept back, or passed on.
#[derive(Clone, Debug, Default)]
pub(super) struct Buffer {
    pub(super) status: i64,
    pub(super) is_written: bool,
    /// Whether the response is passed on as it comes.
    pub(super) is_stream: bool,
    pub(super) chunks: Vec<Chunk>,
}

/// Where bytes come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Origin {
    /// Caddy made them.
    #[default]
    Caddy,
    /// An upstream sent them.
    Upstream,
    /// They are not computed, such as compressed ones.
    Unknown,
}

/// A piece of a body.
#[derive(Clone, Debug, Default)]
pub(super) struct Chunk {
    pub(super) bytes: Vec<u8>,
    pub(super) origin: Origin,
}

/// What the client gets.
#[derive(Clone, Debug, Default)]
pub(super) struct Output {
    /// The status, once it is written.
    pub(super) status: Option<i64>,
    /// The header fields as they were then.
    pub(super) headers: Fields,
    pub(super) body: Vec<u8>,
    pub(super) is_upstream: bool,
    pub(super) is_unknown: bool,
    /// How the body is compressed, by the name of the encoding; empty if it is not.
    pub(super) compression: String,
    /// Whether fewer bytes were sent than announced.
    pub(super) is_truncated: bool,
}
