//! `pki`: local certificate authorities (docs: "Global options").

use super::value::duration_arg;
use crate::config::{Authority, DEFAULT_AUTHORITY, KeyPair, Pki};
use crate::go::go_float;
use crate::lower::{GlobalOption, Options};
use crate::spec::{Cursor, Kind, List, Parsed, Row, not_a, value};

/// The option.
pub(crate) static OPTION: GlobalOption = GlobalOption::new("pki", "", "Local certificate authorities", read)
    .rows(ROWS)
    .example("pki {\n\tca local {\n\t\tname \"Example CA\"\n\t}\n}");

const ROWS: &[Row] = &[Row::new(
    "ca",
    "[<id>] { ... }",
    Kind::Block(List::Static(CA)),
    "A certificate authority; without an id, `local`",
)];

fn read(cursor: &mut Cursor, options: &mut Options) -> Parsed<()> {
    let mut pki = Pki::default();
    while cursor.next_block(0) {
        if cursor.text() != "ca" {
            return Err(cursor.unknown("pki", ["ca"]));
        }
        let name = cursor.word().clone();
        let id = cursor.arg().filter(|id| !id.is_empty()).unwrap_or_else(|| DEFAULT_AUTHORITY.to_owned());
        cursor.no_more_args(&name, "the id of an authority")?;
        let authority = authority(cursor)?;
        // A later one of the same id replaces the earlier one.
        pki.certificate_authorities.insert(id, authority);
    }
    options.pki = Some(pki);
    Ok(())
}

fn authority(cursor: &mut Cursor) -> Parsed<Authority> {
    let mut authority = Authority::default();
    let level = cursor.nesting();
    while cursor.next_block(level) {
        match cursor.text() {
            "name" => authority.name = cursor.need_arg("a name")?,
            "root_cn" => authority.root_common_name = cursor.need_arg("a common name")?,
            "intermediate_cn" => authority.intermediate_common_name = cursor.need_arg("a common name")?,
            "intermediate_lifetime" => authority.intermediate_lifetime = duration_arg(cursor)?,
            "maintenance_interval" => authority.maintenance_interval = duration_arg(cursor)?,
            "renewal_window_ratio" => authority.renewal_window_ratio = ratio(cursor)?,
            "root" => key_pair(cursor, authority.root.get_or_insert_default())?,
            "intermediate" => key_pair(cursor, authority.intermediate.get_or_insert_default())?,
            _ => return Err(cursor.unknown("ca", CA.iter().map(|row| &*row.name))),
        }
    }
    Ok(authority)
}

fn ratio(cursor: &mut Cursor) -> Parsed<f64> {
    cursor.need_arg("a number above 0, and at most 1")?;
    match go_float(cursor.text()) {
        Some(ratio) if ratio <= 0.0 || ratio > 1.0 => {
            Err(value::share(cursor.word(), "above 0 and at most 1"))
        }
        Some(ratio) => Ok(ratio),
        None => Err(not_a(cursor, "a number", "0.33")),
    }
}

fn key_pair(cursor: &mut Cursor, pair: &mut KeyPair) -> Parsed<()> {
    let parent = cursor.owned();
    let level = cursor.nesting();
    while cursor.next_block(level) {
        match cursor.text() {
            "cert" => pair.certificate = cursor.need_arg("a path")?,
            "key" => pair.private_key = cursor.need_arg("a path")?,
            "format" => pair.format = cursor.need_arg("a format, such as `pem_file`")?,
            _ => return Err(cursor.unknown(&parent, KEY_PAIR.iter().map(|row| &*row.name))),
        }
    }
    Ok(())
}

/// The settings of an authority.
const CA: &[Row] = &[
    Row::new("name", "<name>", Kind::Own, "The display name"),
    Row::new("root_cn", "<name>", Kind::Own, "Common name of the root certificate"),
    Row::new("intermediate_cn", "<name>", Kind::Own, "Common name of the intermediate certificate"),
    Row::new(
        "intermediate_lifetime",
        "<duration>",
        Kind::Own,
        "How long an intermediate certificate is valid",
    ),
    Row::new("maintenance_interval", "<duration>", Kind::Own, "How often to check for renewals"),
    Row::new(
        "renewal_window_ratio",
        "<ratio>",
        Kind::Own,
        "The remaining part of the lifetime at which to renew, such as 0.33",
    ),
    Row::new("root", "{ ... }", Kind::Block(List::Static(KEY_PAIR)), "A root certificate of your own"),
    Row::new(
        "intermediate",
        "{ ... }",
        Kind::Block(List::Static(KEY_PAIR)),
        "An intermediate certificate of your own",
    ),
];

/// A certificate and its key.
const KEY_PAIR: &[Row] = &[
    Row::new("cert", "<path>", Kind::Own, "The certificate"),
    Row::new("key", "<path>", Kind::Own, "The key"),
    Row::new("format", "<format>", Kind::Own, "The file format"),
];
