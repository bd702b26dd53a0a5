//! Small files with one word of the tables: what a program is asked to learn whether it has the word.

use caddyctl_language::reference::{self, Entry};
use caddyctl_language::spec::{Holds, Kind, Row};

use super::{Random, Writer, names};

/// A word of the tables: the directive, option, matcher or module, and the rows down to the word.
pub struct Word {
    /// What its block belongs to.
    pub entry: Entry<'static>,
    /// The way down; empty for the directive, option, matcher or module itself.
    pub way: Vec<&'static Row>,
}

impl Word {
    /// The way down in one text.
    pub fn path(&self) -> String {
        self.way.iter().map(|row| row.name.as_str()).collect::<Vec<_>>().join("/")
    }
}

/// All words of the tables.
pub fn words() -> Vec<Word> {
    fn below(entry: Entry<'static>, way: &[&'static Row], rows: &'static [Row], all: &mut Vec<Word>) {
        for row in rows.iter().filter(|row| row.name != *"@name" && row.name != *"wrapper") {
            let way = [way, &[row]].concat();
            all.push(Word { entry, way: way.clone() });
            below(entry, &way, row.block(), all);
        }
    }
    let mut all = Vec::new();
    for entry in reference::all() {
        all.push(Word { entry, way: Vec::new() });
        below(entry, &[], entry.rows, &mut all);
    }
    all
}

/// Where the modules of a kind stand: a file with `%` in the place of the module.
const PLACES: &[(&str, &str)] = &[
    ("log writer", "{\n\tlog {\n\t\toutput %\n\t}\n}\nexample.com\n"),
    ("log encoder", "{\n\tlog {\n\t\tformat %\n\t}\n}\nexample.com\n"),
    ("log core", "{\n\tlog {\n\t\tcore %\n\t}\n}\nexample.com\n"),
    (
        "log filter",
        "{\n\tlog {\n\t\tformat filter {\n\t\t\twrap json\n\t\t\tfields {\n\t\t\t\trequest>uri %\n\t\t\t}\n\t\t}\n\t}\n}\nexample.com\n",
    ),
    (
        "load balancing policy",
        "example.com {\n\treverse_proxy localhost:80 localhost:81 {\n\t\tlb_policy %\n\t}\n}\n",
    ),
    ("transport", "example.com {\n\treverse_proxy localhost:80 {\n\t\ttransport %\n\t}\n}\n"),
    ("source of upstreams", "example.com {\n\treverse_proxy {\n\t\tdynamic %\n\t}\n}\n"),
    ("issuer", "example.com {\n\ttls {\n\t\tissuer %\n\t}\n}\n"),
    ("certificate manager", "example.com {\n\ttls {\n\t\tget_certificate %\n\t}\n}\n"),
    (
        "permission module",
        "{\n\ton_demand_tls {\n\t\tpermission %\n\t}\n}\nexample.com {\n\ttls {\n\t\ton_demand\n\t}\n}\n",
    ),
    ("trust pool", "example.com {\n\ttls {\n\t\tclient_auth {\n\t\t\ttrust_pool %\n\t\t}\n\t}\n}\n"),
    ("certificate verifier", "example.com {\n\ttls {\n\t\tclient_auth {\n\t\t\tverifier %\n\t\t}\n\t}\n}\n"),
    (
        "loader of leaf certificates",
        "example.com {\n\ttls {\n\t\tclient_auth {\n\t\t\tverifier leaf %\n\t\t}\n\t}\n}\n",
    ),
    ("storage module", "{\n\tstorage %\n}\nexample.com\n"),
    ("source of IP ranges", "{\n\tservers {\n\t\ttrusted_proxies %\n\t}\n}\nexample.com\n"),
    ("listener wrapper", "{\n\tservers {\n\t\tlistener_wrappers {\n\t\t\t%\n\t\t}\n\t}\n}\nexample.com\n"),
    (
        "source of a network proxy",
        "example.com {\n\treverse_proxy localhost:80 {\n\t\ttransport http {\n\t\t\tnetwork_proxy %\n\t\t}\n\t}\n}\n",
    ),
    (
        "password hash",
        "example.com {\n\tbasic_auth % {\n\t\talice $2a$14$Zkx19XLiW6VYouLHR5NmfOFU0z2GTNmpkT/5qqR7hx4IjWJPDhjvG\n\t}\n}\n",
    ),
    ("encoding", "example.com {\n\tencode {\n\t\t%\n\t}\n}\n"),
    ("file format", "example.com {\n\tfile_server {\n\t\tprecompressed %\n\t}\n}\n"),
];

/// A file with the word, for `seed`. Other seeds have other values; some of them are refused by all versions.
pub fn probe(word: &Word, seed: u64) -> Option<String> {
    let mut writer = Writer {
        random: Random::new(seed),
        out: String::new(),
        indent: 0,
        depth: 1,
        matchers: Vec::new(),
        has_snippet: false,
        has_route: true,
    };
    let entry = &word.entry;
    let name = entry.name;
    let statement = writer.nested(word);
    Some(match entry.what {
        reference::DIRECTIVE => match name {
            "invoke" => format!("&(app) {{\n\trespond ok\n}}\nexample.com {{\n{statement}}}\n"),
            "copy_response" | "copy_response_headers" => {
                format!(
                    "example.com {{\nreverse_proxy localhost:80 {{\nhandle_response {{\n{statement}}}\n}}\n}}\n"
                )
            }
            _ => format!("example.com {{\n{statement}}}\n"),
        },
        reference::OPTION => format!("{{\n{statement}}}\nexample.com\n"),
        reference::MATCHER => format!("example.com {{\n@m {{\n{statement}}}\nrespond @m ok\n}}\n"),
        what => {
            let (_, place) = PLACES.iter().find(|(of, _)| *of == what)?;
            place.replace('%', statement.trim_end())
        }
    })
}

impl Writer {
    /// The statement of the entry, with nothing in its blocks but the way to the word.
    fn nested(&mut self, word: &Word) -> String {
        let entry = &word.entry;
        let head = match (entry.name, word.way.first()) {
            ("uri", Some(row)) => {
                let args = self.arguments(&row.name, &row.args);
                return format!("uri {} {args}\n", row.name);
            }
            ("not", _) => return "not path /a\n".to_owned(),
            ("servers", _) => "servers :443".to_owned(),
            ("tls" | "log" | "handle_errors" | "encode", Some(_)) => entry.name.to_owned(),
            ("acme_ca", _) => "acme_ca https://ca.example.com/dir".to_owned(),
            (name, _) => {
                let args = self.arguments(name, &entry.syntax());
                format!("{name} {args}")
            }
        };
        let mut inner = String::new();
        if entry.name == "forward_auth" && word.way.first().is_none_or(|row| row.name != *"uri") {
            inner += "uri /auth\n";
        }
        if entry.name == "acme_server" && word.way.first().is_some_and(|row| row.name != *"ca") {
            inner += "ca internal\n";
        }
        if entry.name == "combined" && word.way.is_empty() {
            inner += "source system\n";
        }
        inner += &self.rows_of(&word.way);
        if entry.holds == Holds::Directives {
            inner += "respond ok\n";
        }
        if inner.is_empty() {
            format!("{}\n", head.trim_end())
        } else {
            format!("{} {{\n{inner}}}\n", head.trim_end())
        }
    }

    /// The lines of the rows, each in the block of the one before.
    fn rows_of(&mut self, way: &[&Row]) -> String {
        let Some((row, rest)) = way.split_first() else { return String::new() };
        let args = match &row.kind {
            Kind::Module(namespace) if !namespace.all.is_empty() => self.any_module(namespace.all),
            _ => match names::modules_of(&row.name) {
                Some(modules) if row.args.starts_with('<') && !modules.is_empty() => self.any_module(modules),
                _ => self.arguments(&row.name, &row.args),
            },
        };
        let mut inner = self.rows_of(rest);
        if rest.is_empty() && row.holds == Holds::Directives {
            inner += "respond ok\n";
        }
        if row.name == *"lb_retry_match" {
            return "lb_retry_match path /a\n".to_owned();
        }
        if row.name == *"health_headers" {
            return "health_headers {\nX-A b\n}\n".to_owned();
        }
        let head = format!("{} {args}", row.name);
        if inner.is_empty() {
            format!("{}\n", head.trim_end())
        } else {
            format!("{} {{\n{inner}}}\n", head.trim_end())
        }
    }

    fn any_module(&mut self, modules: &[&'static caddyctl_language::spec::ModuleSpec]) -> String {
        let module = modules[self.random.below(modules.len())];
        format!("{} {}", module.name, self.arguments(&module.name, &module.syntax()))
    }
}
