//! The networks of `realip`, as Go's `net.IPNet` is written in JSON.

use std::net::IpAddr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::not_of;
use crate::config::{Value, json};
use crate::plugins::function::Function;
use crate::plugins::interpret::Draft;
use crate::spec::{Cursor, Parsed};

/// Lists of networks that have a name.
const PRESETS: [&str; 2] = ["cloudflare", "cloudfront"];

/// Reads `from`: networks, and the names of lists of them.
pub(super) fn from(cursor: &mut Cursor, draft: &mut Draft) -> Parsed<()> {
    let name = cursor.word().clone();
    let mut has_any = false;
    while cursor.next_arg() {
        has_any = true;
        if PRESETS.contains(&cursor.text()) {
            draft.push("presets", cursor.text().into());
            continue;
        }
        let Some(network) = network(cursor.text()) else { return Err(not_of(Function::RealipFrom, cursor)) };
        draft.push("from", network);
    }
    if has_any { Ok(()) } else { Err(cursor.missing(&name, "at least one network")) }
}

/// The network without its host bits, and its mask in base64.
fn network(text: &str) -> Option<Value> {
    let (address, bits) = text.split_once('/')?;
    let address: IpAddr = address.parse().ok()?;
    let is_number = !bits.is_empty() && bits.bytes().all(|byte| byte.is_ascii_digit());
    let bits: usize = bits.parse().ok().filter(|_| is_number)?;
    let mut bytes = match address {
        IpAddr::V4(address) => address.octets().to_vec(),
        IpAddr::V6(address) => address.octets().to_vec(),
    };
    if bits > bytes.len() * 8 {
        return None;
    }
    let mask: Vec<u8> = (0..bytes.len())
        .map(|at| match bits.saturating_sub(at * 8) {
            0 => 0,
            left if left >= 8 => u8::MAX,
            left => u8::MAX << (8 - left),
        })
        .collect();
    bytes.iter_mut().zip(&mask).for_each(|(byte, mask)| *byte &= mask);
    let masked: IpAddr = match <[u8; 4]>::try_from(bytes.as_slice()) {
        Ok(four) => four.into(),
        Err(_) => <[u8; 16]>::try_from(bytes.as_slice()).ok()?.into(),
    };
    Some(json!({ "IP": masked.to_string(), "Mask": STANDARD.encode(&mask) }))
}
