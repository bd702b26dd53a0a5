//! Words, numbers, texts and signs.

use super::Fault;
use super::ast::Literal;
use super::literal;

/// What a token is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    /// A name.
    Ident(String),
    /// A whole number as written; its sign may stand before it.
    Int(String),
    /// Any other literal.
    Literal(Literal),
    /// A number with a fraction or an exponent, as written.
    Float(String),
    /// An operator, a bracket or a keyword.
    Sign(&'static str),
    /// Nothing more.
    End,
}

/// All tokens, each with the byte at which it starts.
pub(super) fn tokens(text: &str) -> Result<Vec<(Token, usize)>, Fault> {
    let mut found = Vec::new();
    let mut at = 0;
    loop {
        at = skip_blank(text, at);
        if at == text.len() {
            found.push((Token::End, at));
            return Ok(found);
        }
        let (token, end) = token(text, at)?;
        found.push((token, at));
        at = end;
    }
}

/// White space and `//` comments.
fn skip_blank(text: &str, mut at: usize) -> usize {
    loop {
        let rest = &text[at..];
        let blank = rest.len() - rest.trim_start_matches(['\t', ' ', '\r', '\n', '\u{c}']).len();
        let comment = if rest[blank..].starts_with("//") {
            rest[blank..].find('\n').unwrap_or(rest.len() - blank)
        } else {
            0
        };
        if blank + comment == 0 {
            return at;
        }
        at += blank + comment;
    }
}

const SIGNS: &[&str] = &[
    "==", "!=", "<=", ">=", "&&", "||", "<", ">", "[", "]", "{", "}", "(", ")", ".", ",", "-", "!", "?", ":",
    "+", "*", "/", "%",
];

fn token(text: &str, at: usize) -> Result<(Token, usize), Fault> {
    let rest = &text[at..];
    if let Some(quoted) = literal::quoted(text, at)? {
        return Ok(quoted);
    }
    let first = rest.as_bytes()[0];
    if first.is_ascii_digit() || (first == b'.' && rest.as_bytes().get(1).is_some_and(u8::is_ascii_digit)) {
        return literal::number(text, at);
    }
    if first.is_ascii_alphabetic() || first == b'_' {
        let length = rest.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count();
        let token = match &rest[..length] {
            "in" => Token::Sign("in"),
            "true" => Token::Literal(Literal::Bool(true)),
            "false" => Token::Literal(Literal::Bool(false)),
            "null" => Token::Literal(Literal::Null),
            name => Token::Ident(name.to_owned()),
        };
        return Ok((token, at + length));
    }
    if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
        return Ok((Token::Sign(sign), at + sign.len()));
    }
    let c = rest.chars().next().unwrap_or(' ');
    let help = match c {
        '=' => "compare with `==`",
        '&' => "write `&&`",
        '|' => "write `||`",
        '`' => "put strings in single or double quotes",
        _ => "put strings in quotes: 'text'",
    };
    let shown = if c == '`' { "`` ` ``".to_owned() } else { format!("`{c}`") };
    Fault::with_help(at, format!("{shown} is not part of CEL"), help)
}
