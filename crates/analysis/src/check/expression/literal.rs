//! Numbers and quoted texts.

use super::Fault;
use super::ast::Literal;
use super::lexer::Token;

/// A number at `at`.
pub(super) fn number(text: &str, at: usize) -> Result<(Token, usize), Fault> {
    let rest = &text[at..];
    let digits = |from: usize| rest[from..].bytes().take_while(u8::is_ascii_digit).count();
    if let Some(hex) = rest.strip_prefix("0x") {
        let length = hex.bytes().take_while(u8::is_ascii_hexdigit).count();
        if length > 0 {
            return whole(text, at, 2 + length, &hex[..length], 16);
        }
    }
    let mut end = digits(0);
    let mut float = false;
    if rest[end..].starts_with('.') && digits(end + 1) > 0 {
        end += 1 + digits(end + 1);
        float = true;
    }
    if rest[end..].starts_with(['e', 'E']) {
        let sign = usize::from(rest[end + 1..].starts_with(['+', '-']));
        let exponent = digits(end + 1 + sign);
        if exponent > 0 {
            end += 1 + sign + exponent;
            float = true;
        }
    }
    if float {
        return Ok((Token::Float(rest[..end].to_owned()), at + end));
    }
    whole(text, at, end, &rest[..end], 10)
}

/// A whole number of `length` bytes; `u` behind it makes it unsigned.
fn whole(text: &str, at: usize, length: usize, digits: &str, radix: u32) -> Result<(Token, usize), Fault> {
    if !text[at + length..].starts_with(['u', 'U']) {
        return Ok((Token::Int(text[at..at + length].to_owned()), at + length));
    }
    match u64::from_str_radix(digits, radix) {
        Ok(value) => Ok((Token::Literal(Literal::Uint(value)), at + length + 1)),
        Err(_) => Fault::new(at, format!("`{digits}` is too large for a number")),
    }
}

/// The value of a whole number as written, with or without a minus before it.
pub(super) fn int(at: usize, written: &str, negative: bool) -> Result<Literal, Fault> {
    let (digits, radix) = written.strip_prefix("0x").map_or((written, 10), |hex| (hex, 16));
    let sign = if negative { "-" } else { "" };
    match i64::from_str_radix(&format!("{sign}{digits}"), radix) {
        Ok(value) => Ok(Literal::Int(value)),
        Err(_) => Fault::new(at, format!("`{written}` is too large for a whole number")),
    }
}

/// The value of a number with a fraction.
pub(super) fn float(at: usize, written: &str, negative: bool) -> Result<Literal, Fault> {
    match written.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(Literal::Double(if negative { -value } else { value })),
        _ => Fault::new(at, format!("`{written}` is too large for a number")),
    }
}

/// A text or bytes in quotes at `at`; `None` when there are none.
pub(super) fn quoted(text: &str, at: usize) -> Result<Option<(Token, usize)>, Fault> {
    let rest = &text[at..];
    let (bytes, after) = match rest.strip_prefix(['b', 'B']) {
        Some(after) => (true, after),
        None => (false, rest),
    };
    let (raw, after) = match after.strip_prefix(['r', 'R']) {
        Some(after) => (true, after),
        None => (false, after),
    };
    let Some(quote) = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|quote| after.starts_with(quote)) else {
        return Ok(None);
    };
    let start = text.len() - after.len() + quote.len();
    // An empty text in single quotes followed by another quote is only a long text if that one ends.
    let (start, quote, length) = match length(&text[start..], quote, raw) {
        Some(length) => (start, quote, length),
        None if quote.len() == 3 => (start - 2, &quote[..1], 0),
        None => return Fault::with_help(at, "the text has no closing quote", "close it on the same line"),
    };
    let content = &text[start..start + length];
    let end = start + length + quote.len();
    let value = if raw { content.to_owned() } else { unescape(content, start, bytes)? };
    let literal = if bytes { Literal::Bytes(value.into_bytes()) } else { Literal::Text(value) };
    Ok(Some((Token::Literal(literal), end)))
}

/// How long the content is, up to its closing quote.
fn length(content: &str, quote: &str, raw: bool) -> Option<usize> {
    let mut at = 0;
    while let Some(c) = content[at..].chars().next() {
        if content[at..].starts_with(quote) {
            return Some(at);
        }
        match c {
            '\\' if !raw => at += 1 + content[at + 1..].chars().next()?.len_utf8(),
            '\n' | '\r' if quote.len() == 1 => return None,
            c => at += c.len_utf8(),
        }
    }
    None
}

/// The text with its escapes resolved.
fn unescape(content: &str, start: usize, bytes: bool) -> Result<String, Fault> {
    let mut out = String::new();
    let mut at = 0;
    while let Some(found) = content[at..].find('\\').map(|found| found + at) {
        out.push_str(&content[at..found]);
        let (value, end) = escape(content, found, start, bytes)?;
        out.push(value);
        at = end;
    }
    out.push_str(&content[at..]);
    Ok(out)
}

fn escape(content: &str, at: usize, start: usize, bytes: bool) -> Result<(char, usize), Fault> {
    let rest = &content[at + 1..];
    let c = rest.chars().next().unwrap_or('\\');
    let plain = |value: char| Ok((value, at + 2));
    let coded = |from: usize, length: usize, radix: u32| {
        let digits = rest.get(from..from + length).filter(|digits| digits.chars().all(|c| c.is_digit(radix)));
        let number = digits.and_then(|digits| u32::from_str_radix(digits, radix).ok());
        number.and_then(char::from_u32).map(|value| (value, at + 1 + from + length))
    };
    let found = match c {
        'a' => return plain('\u{7}'),
        'b' => return plain('\u{8}'),
        'f' => return plain('\u{c}'),
        'n' => return plain('\n'),
        'r' => return plain('\r'),
        't' => return plain('\t'),
        'v' => return plain('\u{b}'),
        '"' | '\'' | '\\' | '?' | '`' => return plain(c),
        'x' | 'X' => coded(1, 2, 16),
        'u' if !bytes => coded(1, 4, 16),
        'U' if !bytes => coded(1, 8, 16),
        '0'..='3' => coded(0, 3, 8),
        _ => None,
    };
    match found {
        Some(found) => Ok(found),
        None => Fault::with_help(
            start + at,
            format!("the escape `\\{c}` does not exist in CEL texts"),
            "write two backslashes, or a raw text: r'…'",
        ),
    }
}
