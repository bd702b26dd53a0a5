//! How a response goes out through the wrappers around the writer. Rules measured on Caddy 2.11.7.

use super::fields::Fields;
use super::layers::{Buffer, Chunk, Encoding, Layer, Origin};
use super::operations::response_matches;
use super::sniff;
use super::state::{Raised, State};
use super::status;

/// Codes below and above these make Go's server give up.
const SOUND: std::ops::RangeInclusive<i64> = 100..=999;

impl<'p> State<'p> {
    /// Writes the status through all wrappers.
    pub(super) fn write_header(&mut self, status: i64) -> Result<(), Raised> {
        if self.place.is_none() && status >= 200 {
            self.place = self.current.cloned();
        }
        self.write_header_below(self.layers.len(), status)
    }

    /// Writes a piece of the body through all wrappers.
    pub(super) fn write(&mut self, chunk: Chunk) -> Result<(), Raised> {
        self.write_below(self.layers.len(), chunk)
    }

    /// Writes a text that Caddy made.
    pub(super) fn write_text(&mut self, text: &str) -> Result<(), Raised> {
        let bytes = super::text::bytes(text).into_owned();
        self.write(Chunk { bytes, origin: Origin::Caddy })
    }

    /// Writes the status through the wrappers up to `level`, innermost first.
    fn write_header_below(&mut self, level: usize, status: i64) -> Result<(), Raised> {
        let Some(number) = level.checked_sub(1) else { return self.put_header(status) };
        let is_final = !(100..200).contains(&status);
        match &mut self.layers[number] {
            Layer::Headers { operations, require, is_done } => {
                if *is_done {
                    return Ok(());
                }
                *is_done = is_final;
                let (operations, require) = (*operations, *require);
                if require.is_none_or(|require| response_matches(require, status, &self.headers)) {
                    // Placeholders see the response as it was.
                    let mut headers = self.headers.clone();
                    self.apply(operations, &mut headers);
                    self.headers = headers;
                }
                self.write_header_below(number, status)
            }
            Layer::Recorder { status: known, .. } => {
                if *known == 0 {
                    *known = status;
                }
                self.write_header_below(number, status)
            }
            Layer::Encode(encoding) => {
                if status == 304 && !has_vary(&self.headers) {
                    self.headers.add("Vary", "Accept-Encoding");
                }
                encoding.status = status;
                encoding.is_disabled |= status == 206;
                if is_final { Ok(()) } else { self.write_header_below(number, status) }
            }
            Layer::Templates { config, buffer } => {
                if buffer.is_written {
                    return Ok(());
                }
                let kind = self.headers.first("Content-Type");
                let is_stream = !config.types.iter().any(|known| kind.contains(known.as_str()));
                buffer.note(status, is_stream);
                if is_stream || !is_final { self.write_header_below(number, status) } else { Ok(()) }
            }
            Layer::Intercept { handlers, chosen, status: replaced, buffer } => {
                if buffer.is_written {
                    return Ok(());
                }
                let found = handlers.iter().position(|handler| {
                    handler
                        .matcher
                        .as_ref()
                        .is_none_or(|matcher| response_matches(matcher, status, &self.headers))
                });
                let handlers = *handlers;
                let Some(found) = found else {
                    buffer.note(status, true);
                    return self.write_header_below(number, status);
                };
                *chosen = Some(found);
                buffer.note(status, false);
                if handlers[found].status.is_empty() {
                    *replaced = 0;
                } else {
                    let text = self.fill(&handlers[found].status);
                    let code = text.parse().unwrap_or(500);
                    if let Layer::Intercept { status, .. } = &mut self.layers[number] {
                        *status = code;
                    }
                }
                if is_final { Ok(()) } else { self.write_header_below(number, status) }
            }
        }
    }

    fn write_below(&mut self, level: usize, chunk: Chunk) -> Result<(), Raised> {
        let Some(number) = level.checked_sub(1) else { return self.put(chunk) };
        match &mut self.layers[number] {
            Layer::Headers { is_done, .. } => {
                if !*is_done {
                    self.write_header_below(level, 200)?;
                }
            }
            Layer::Recorder { status, size } => {
                if *status == 0 {
                    *status = 200;
                }
                *size += chunk.bytes.len();
            }
            Layer::Encode(_) => {
                if chunk.bytes.is_empty() {
                    return Ok(());
                }
                return self.write_encoded(number, chunk);
            }
            Layer::Templates { buffer, .. } | Layer::Intercept { buffer, .. } => {
                if !buffer.is_written {
                    self.write_header_below(level, 200)?;
                }
                if let Layer::Templates { buffer, .. } | Layer::Intercept { buffer, .. } =
                    &mut self.layers[number]
                    && !buffer.is_stream
                {
                    buffer.chunks.push(chunk);
                    return Ok(());
                }
            }
        }
        self.write_below(number, chunk)
    }

    fn write_encoded(&mut self, number: usize, chunk: Chunk) -> Result<(), Raised> {
        let Layer::Encode(encoding) = &self.layers[number] else { return Ok(()) };
        let minimum = encoding.config.minimum;
        if !encoding.is_written {
            let is_large = chunk.bytes.len() > minimum
                || announced(&self.headers).is_some_and(|length| length > minimum);
            if is_large {
                if self.headers.first("Content-Type").is_empty() {
                    self.headers.set("Content-Type", sniff::media_type(&chunk.bytes));
                }
                self.start_encoding(number);
            }
            let status = self.encoding(number).map_or(0, |encoding| encoding.status);
            if status != 0 {
                self.write_header_below(number, status)?;
            }
            if let Some(encoding) = self.encoding(number) {
                encoding.is_written = true;
            }
        }
        let is_compressing = self.encoding(number).is_some_and(|encoding| encoding.is_compressing);
        if let Some(name) =
            self.encoding(number).filter(|encoding| encoding.is_compressing).map(|e| e.name.clone())
        {
            self.output.compression = name;
        }
        let origin = if is_compressing { Origin::Unknown } else { chunk.origin };
        self.write_below(number, Chunk { origin, ..chunk })
    }

    fn encoding(&mut self, number: usize) -> Option<&mut Encoding<'p>> {
        match self.layers.get_mut(number) {
            Some(Layer::Encode(encoding)) => Some(encoding),
            _ => None,
        }
    }

    fn start_encoding(&mut self, number: usize) {
        let Some(Layer::Encode(encoding)) = self.layers.get_mut(number) else { return };
        let headers = &mut self.headers;
        if encoding.is_disabled
            || !headers.first("Content-Encoding").is_empty()
            || headers.first("Cache-Control").contains("no-transform")
            || !response_matches(&encoding.config.matcher, encoding.status, headers)
        {
            return;
        }
        encoding.is_compressing = true;
        headers.remove("Content-Length");
        headers.set("Content-Encoding", encoding.name.clone());
        if !has_vary(headers) {
            headers.add("Vary", "Accept-Encoding");
        }
        headers.remove("Accept-Ranges");
        let etag = headers.first("Etag").to_owned();
        if !etag.is_empty() && !etag.starts_with("W/") {
            let plain = etag.strip_suffix('"').unwrap_or(&etag);
            headers.set("Etag", format!("{plain}-{}\"", encoding.name));
        }
    }

    /// Ends the compression of the innermost wrapper, which is taken off.
    pub(super) fn close_encoding(&mut self) -> Result<(), Raised> {
        let number = self.layers.len().saturating_sub(1);
        let Some(encoding) = self.encoding(number) else { return Ok(()) };
        let (is_written, status, minimum) = (encoding.is_written, encoding.status, encoding.config.minimum);
        let mut result = Ok(());
        if !is_written {
            if announced(&self.headers).is_some_and(|length| length > minimum) {
                self.start_encoding(number);
            }
            if status != 0 {
                result = self.write_header_below(number, status);
            }
        }
        self.layers.pop();
        result
    }

    /// The status and the header fields as the client gets them.
    fn put_header(&mut self, status: i64) -> Result<(), Raised> {
        if self.output.status.is_some() {
            return Ok(());
        }
        if !SOUND.contains(&status) {
            return Err(Raised::Abort);
        }
        if (100..200).contains(&status) && status != 101 {
            return Ok(());
        }
        self.output.status = Some(status);
        self.output.headers = self.headers.clone();
        Ok(())
    }

    fn put(&mut self, chunk: Chunk) -> Result<(), Raised> {
        if self.output.status.is_none() {
            self.put_header(200)?;
        }
        if !status::has_body(self.output.status.unwrap_or(200)) || chunk.bytes.is_empty() {
            return Ok(());
        }
        match chunk.origin {
            Origin::Caddy => {}
            Origin::Upstream => self.output.is_upstream = true,
            Origin::Unknown => self.output.is_unknown = true,
        }
        if let Some(length) = announced(&self.output.headers)
            && self.output.body.len() + chunk.bytes.len() > length
            && chunk.origin == Origin::Caddy
        {
            self.output.is_truncated = true;
            return Ok(());
        }
        self.output.body.extend(chunk.bytes);
        Ok(())
    }
}

impl Buffer {
    fn note(&mut self, status: i64, is_stream: bool) {
        self.status = status;
        self.is_stream = is_stream;
        self.is_written = !(100..200).contains(&status) || status == 101;
    }
}

/// The length that header fields announce.
fn announced(headers: &Fields) -> Option<usize> {
    headers.first("Content-Length").parse().ok()
}

fn has_vary(headers: &Fields) -> bool {
    super::fields::contains_token(headers.values("Vary").unwrap_or_default(), "Accept-Encoding")
}
