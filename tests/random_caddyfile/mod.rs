//! Caddyfiles made at random.

use proptest::prelude::*;
use proptest::sample::select;

/// What most lines are made of.
const COMMON: &[&[u8]] = &[b"\n", b" ", b"\t", b"{", b"}", b"a", b"example.com"];

/// What changes the meaning of the text behind it.
const MARKS: &[&[u8]] = &[b"\"", b"`", b"\\", b"<", b"<<", b"#", b"\n\n\n", b" {\n", b"\n}\n", b" # c\n"];

/// Whole constructs, and the ways in which they fail to be such.
const CONSTRUCTS: &[&[u8]] = &[
    b"<<END\n",
    b"END\n",
    b"xEND ",
    b"<<END\r\n",
    b"<<E!\n",
    b"\r\n",
    b"{$X}",
    b"{$X:a b}",
    b"import",
    b"import a\n",
    b"import x\n{\n",
    b"{{",
    b"}}",
    b"{}",
    b"{ }",
    b"\\<",
    b"\\\n",
    b"\\\\",
    b"\"a b\" ",
    b"`{ }` ",
    b"\"`",
    b"a\n{",
    b"a { b { c { d { e { f { g { h { i { j { k { l {",
];

/// Marks that text can begin with, white space of many scripts and what looks like it, and what is not UTF-8 at all.
const ODD_BYTES: &[&[u8]] = &[
    b"\xef\xbb\xbf",
    b"\0",
    b"\xff",
    b"\xe2\x80",
    b"\xf0\x9f\x98",
    b"\xed\xa0\x80",
    b"\xc0\xaf",
    b"\xf0\x9f\x98\x80",
    b"\xef\xbf\xbd",
    b"\x0b",
    b"\x0c",
    b"\x1c",
    b"\xc2\x85",
    b"\xc2\xa0",
    b"\xe1\x9a\x80",
    b"\xe1\xa0\x8e",
    b"\xe2\x80\x83",
    b"\xe2\x80\x8b",
    b"\xe2\x80\xa8",
    b"\xe2\x80\xaf",
    b"\xe3\x80\x80",
];

/// Bytes on which the rules of the language turn, in any order.
pub fn tricky() -> impl Strategy<Value = Vec<u8>> {
    let piece =
        prop_oneof![8 => select(COMMON), 4 => select(MARKS), 2 => select(CONSTRUCTS), 1 => select(ODD_BYTES)];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

/// A Caddyfile as people write them, in any layout.
pub fn ordinary() -> impl Strategy<Value = String> {
    prop::collection::vec(statement(), 0..6).prop_map(|statements| statements.concat())
}

/// A directive or a site, perhaps with a heredoc or a block of its like; or a comment.
fn statement() -> impl Strategy<Value = String> {
    let plain = (words(), line_end()).prop_map(|(words, end)| words + &end);
    let comment = ("# [a-z{}\"` ]{0,8}[a-z]", line_end()).prop_map(|(text, end)| text + &end);
    let heredoc = (words(), "([ a-z{}\"`#]{0,6}\n){0,3}", line_end())
        .prop_map(|(words, body, end)| format!("{words}<<END\n{body}  END{end}"));
    prop_oneof![4 => plain, 1 => comment, 1 => heredoc].prop_recursive(4, 24, 4, |inner| {
        (words(), line_end(), prop::collection::vec(inner, 1..4), line_end())
            .prop_map(|(words, start, body, end)| format!("{words}{{{start}{}}}{end}", body.concat()))
    })
}

/// The words of a line, with white space behind each.
fn words() -> impl Strategy<Value = String> {
    let more = prop::collection::vec((word(), gap()).prop_map(|(word, gap)| word + &gap), 0..3);
    ("[a-z]{1,6}", gap(), more).prop_map(|(first, gap, more)| first + &gap + &more.concat())
}

/// A word: plain, with a placeholder, or quoted in either way.
fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => "[a-z@*/:.=-][a-z0-9@*/:.=-]{0,8}",
        1 => "[a-z]{0,3}\\{\\$?[a-z.]{1,8}\\}[a-z]{0,3}",
        1 => "\"[a-z {}#<\n]{0,6}\"",
        1 => "`[a-z {}#<\"\n]{0,6}`",
    ]
}

/// White space between two words of a line.
fn gap() -> impl Strategy<Value = String> {
    "[ \t]{1,3}"
}

/// The end of a line, with empty ones below it.
fn line_end() -> impl Strategy<Value = String> {
    "[ \t]{0,2}(\n[ \t]{0,3}){1,4}"
}
