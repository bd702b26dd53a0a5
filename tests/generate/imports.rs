//! Imports of snippets and files, with arguments and blocks, wherever lines may stand; and variables.

use super::Writer;

/// The files that may be imported, by their names in the folder of the Caddyfile.
pub const FILES: &[(&str, &str)] = &[
    ("frag/header.conf", "header X-Frag {args[0]}\n"),
    ("frag/block.conf", "handle {args[0]} {\n\t{block}\n}\n"),
    ("frag/nested.conf", "route {\n\timport header.conf {args[1]}\n\trespond \"{args[:]}\"\n}\n"),
    ("frag/empty.conf", "\n"),
    ("proxy/one.conf", "header_up X-Up {args[0]}\n"),
    ("proxy/two.conf", "lb_policy first\nheader_down -Server\n"),
    ("site/one.conf", "frag.example.com {\n\trespond \"{args[0]}\"\n}\n"),
    ("site/snip.conf", "(late) {\n\theader X-Late {args[0]}\n\t{blocks.one}\n}\n"),
    ("rows/status.conf", "status 404\n"),
];

/// The variables of the environment, for both programs.
pub const VARIABLES: &[(&str, &str)] = &[
    ("ONE", "one"),
    ("WORDS", "a b"),
    ("PATH_A", "/a*"),
    ("LINE", "header X-Var v"),
    ("EMPTY", ""),
    ("QUOTE", "\"q r\""),
];

/// Where an import stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Top,
    Options,
    Directives,
    Matchers,
    Proxy,
    Rows,
}

impl Writer {
    /// Snippets of several kinds.
    pub(super) fn snippets(&mut self) {
        self.has_snippet = true;
        self.open("(snippet)");
        self.directive(true);
        if self.random.one_in(2) {
            self.line("respond {args[0]} \"{args[1]}\"");
        }
        if self.random.one_in(3) {
            self.line("{block}");
        }
        self.close();
        self.open("(blocks)");
        self.line("header X-Blocks {args[0]}");
        let line = self.random.pick(&[
            "{blocks.one}",
            "handle {\n{blocks.one}\n}",
            "{blocks.two}\n{block}",
            "import snippet {args[:]}",
        ]);
        self.line(line);
        self.close();
        self.open("(rows)");
        let line = self.random.pick(&[
            "header_up X-Row {args[0]}",
            "flush_interval -1",
            "status 200",
            "path /row",
            "{block}",
        ]);
        self.line(line);
        self.close();
        self.open("(options)");
        let line = self.random.pick(&["debug", "grace_period 3s", "email {args[0]}", "log {\nlevel INFO\n}"]);
        self.line(line);
        self.close();
    }

    /// An `import` that mostly fits where it stands.
    pub(super) fn import(&mut self, place: Place) {
        let files: &[&str] = match place {
            Place::Top => &["site/one.conf", "site/snip.conf", "site/*.conf", "none/*.conf"],
            Place::Options => &["frag/empty.conf", "none*"],
            Place::Directives => &[
                "frag/header.conf",
                "frag/block.conf",
                "frag/nested.conf",
                "frag/empty.conf",
                "frag/h*.conf",
                "frag/none*.conf",
                "./frag/header.conf",
            ],
            Place::Matchers => &["rows/*.conf", "frag/empty.conf"],
            Place::Proxy => &["proxy/one.conf", "proxy/two.conf", "proxy/*.conf", "proxy/none*"],
            Place::Rows => &["rows/status.conf", "frag/empty.conf"],
        };
        let snippets: &[&str] = match place {
            Place::Top => &[],
            Place::Options => &["options"],
            Place::Directives => &["snippet", "blocks", "snippet", "late"],
            Place::Matchers | Place::Proxy | Place::Rows => &["rows"],
        };
        let use_snippet = self.has_snippet && !snippets.is_empty() && self.random.one_in(2);
        let name = if self.random.one_in(40) {
            "nosuch"
        } else {
            self.random.pick(if use_snippet { snippets } else { files })
        };
        let args = self.random.pick(&[
            "",
            " /a b",
            " /a",
            " one",
            " {$ONE} \"two words\"",
            " {args[0]}",
            " /x/* /y",
        ]);
        if !matches!(place, Place::Directives | Place::Proxy) || self.depth > 3 || !self.random.one_in(4) {
            return self.line(&format!("import {name}{args}"));
        }
        self.depth += 1;
        self.open(&format!("import {name}{args}"));
        if place == Place::Proxy {
            self.line("header_up X-Block b");
        } else if self.random.one_in(2) {
            self.directive(true);
        } else {
            self.open("one");
            self.directive(true);
            self.close();
            if self.random.one_in(2) {
                self.line("two respond two");
            }
        }
        self.close();
        self.depth -= 1;
    }

    /// A word with a variable in it.
    pub(super) fn variable(&mut self) -> String {
        let words = [
            "{$ONE}",
            "{$WORDS}",
            "{$PATH_A}",
            "{$UNSET}",
            "{$UNSET:x}",
            "{$EMPTY}",
            "{$QUOTE}",
            "a{$ONE}b",
            "\"{$WORDS}\"",
            "{$UNSET:a b}",
            "{$ONE}:80",
        ];
        self.random.pick(&words).to_owned()
    }
}
