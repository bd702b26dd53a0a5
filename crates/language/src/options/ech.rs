//! `ech`: encrypted `ClientHello` (docs: "Global options").

use crate::config::{Ech, EchConfig, EchPublication, Module, Value};
use crate::lower::{GlobalOption, Options};
use crate::modules::dns_provider::NAMESPACE;
use crate::spec::{Cursor, Kind, Parsed, Row, put};

/// The option.
pub(crate) static OPTION: GlobalOption = GlobalOption::new(
    "ech",
    "<public_name...>",
    "Turns on Encrypted ClientHello (ECH) with these public names",
    read,
)
.rows(ROWS)
.example("ech ech.example.com");

const ROWS: &[Row] =
    &[Row::new("dns", "<provider> ...", Kind::Module(&NAMESPACE), "Publishes the keys through DNS")];

fn read(cursor: &mut Cursor, options: &mut Options) -> Parsed<()> {
    let name = cursor.word().clone();
    let names = cursor.args();
    if names.is_empty() {
        return Err(cursor.missing(&name, "a name that everybody may see"));
    }
    let texts: Vec<String> = names.iter().map(|word| word.text.to_string()).collect();
    let mut ech = Ech {
        configs: texts.iter().map(|name| EchConfig { public_name: name.clone() }).collect(),
        publication: Vec::new(),
    };
    let level = cursor.nesting();
    while cursor.next_block(level) {
        if cursor.text() != "dns" {
            return Err(cursor.unknown("ech", ["dns"]));
        }
        let row = cursor.word().clone();
        if !cursor.next() {
            return Err(cursor.missing(&row, "a DNS provider"));
        }
        let provider = NAMESPACE.read(cursor)?;
        let mut publishers = Module::new();
        put(&mut publishers, "dns/provider", Some(Value::Object(provider)));
        ech.publication.push(EchPublication { configs: texts.clone(), publishers });
    }
    options.ech = Some(ech);
    options.ech_words = names;
    Ok(())
}
