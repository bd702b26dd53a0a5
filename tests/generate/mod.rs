//! Caddyfiles composed from the tables: a directive that is declared is generated, with its subdirectives and values
//! that fit (and, now and then, values that do not).

mod imports;
mod names;
pub mod probe;
pub mod random;
mod slip;
mod values;

use caddyctl_language::lower::Order;
use caddyctl_language::spec::{Holds, Kind, MatcherModule, ModuleSpec, Row};
use caddyctl_language::{directives, matchers, options};

use imports::Place;
use names::{ADDRESSES, modules_of};
use slip::spoil;

pub use imports::{FILES, VARIABLES};
pub use random::Random;

/// A Caddyfile for `seed`.
pub fn caddyfile(seed: u64) -> String {
    let mut writer = Writer {
        random: Random::new(seed),
        out: String::new(),
        indent: 0,
        depth: 0,
        matchers: Vec::new(),
        has_snippet: false,
        has_route: false,
    };
    writer.file();
    let mut text = writer.out;
    if writer.random.one_in(5) {
        text = spoil(&mut writer.random, &text);
    }
    text
}

/// Whether the file changes the order of directives, which a running Caddy would remember.
pub fn changes_order(text: &str) -> bool {
    text.contains("order")
}

struct Writer {
    random: Random,
    out: String,
    indent: usize,
    depth: usize,
    /// The matchers that may be named here.
    matchers: Vec<&'static str>,
    has_snippet: bool,
    has_route: bool,
}

impl Writer {
    fn line(&mut self, text: &str) {
        for _ in 0..self.indent {
            self.out.push('\t');
        }
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn open(&mut self, text: &str) {
        self.line(&format!("{text} {{"));
        self.indent += 1;
    }

    fn close(&mut self) {
        self.indent -= 1;
        self.line("}");
    }

    fn file(&mut self) {
        if self.random.one_in(3) {
            self.global_options();
        }
        if self.random.one_in(3) {
            self.snippets();
        }
        if self.random.one_in(6) {
            self.open("&(app)");
            self.directive(true);
            if self.random.one_in(2) {
                self.directive(true);
            }
            self.close();
            self.has_route = true;
        }
        for _ in 0..=self.random.below(2) {
            if self.random.one_in(12) {
                self.import(Place::Top);
            }
            self.site();
        }
    }

    fn global_options(&mut self) {
        self.line("{");
        self.indent += 1;
        for _ in 0..=self.random.below(3) {
            if self.random.one_in(12) {
                self.import(Place::Options);
            }
            let option = options::ALL[self.random.below(options::ALL.len())];
            // Nothing of the stock build can follow these.
            if matches!(option.name.as_str(), "dns" | "acme_dns" | "filesystem") && !self.random.one_in(10) {
                continue;
            }
            self.statement(&option.name, &option.syntax(), &option.rows);
        }
        self.close();
    }

    fn site(&mut self) {
        let mut keys = vec![self.random.pick(ADDRESSES)];
        while self.random.one_in(3) {
            keys.push(self.random.pick(ADDRESSES));
        }
        self.open(&keys.join(", "));
        self.matchers.clear();
        for name in ["@one", "@two"] {
            if self.random.one_in(2) {
                self.matcher(name);
                self.matchers.push(name);
            }
        }
        if self.has_snippet && self.random.one_in(2) {
            self.import(Place::Directives);
        }
        for _ in 0..=self.random.below(3) {
            self.directive(false);
        }
        self.close();
    }

    fn matcher(&mut self, name: &str) {
        if self.random.one_in(2) {
            let matcher = self.matcher_module();
            let args = self.arguments(&matcher.name, &matcher.syntax());
            return self.block_of(&format!("{name} {} {args}", matcher.name), &matcher.rows);
        }
        self.open(name);
        for _ in 0..=self.random.below(2) {
            if self.random.one_in(20) {
                self.import(Place::Matchers);
            }
            let matcher = self.matcher_module();
            self.statement(&matcher.name, &matcher.syntax(), &matcher.rows);
        }
        self.close();
    }

    fn matcher_module(&mut self) -> &'static MatcherModule {
        matchers::ALL[self.random.below(matchers::ALL.len())]
    }

    fn directive(&mut self, nested: bool) {
        if self.random.one_in(10) {
            return self.import(Place::Directives);
        }
        if self.random.one_in(60) {
            let line = self.random.pick(&["{$LINE}", "{$UNSET}", "{$EMPTY}", "{$LINE} w"]);
            return self.line(line);
        }
        loop {
            let directive = directives::ALL[self.random.below(directives::ALL.len())];
            let only_in_sites = directive.order == Order::Site;
            let missing = directive.name == *"invoke" && !self.has_route;
            if !((nested && only_in_sites) || missing) || self.random.one_in(60) {
                return self.statement(&directive.name, &directive.syntax(), &directive.rows);
            }
        }
    }

    /// A line of `name` with arguments that fit its syntax, and a block of its rows or of directives.
    fn statement(&mut self, name: &str, syntax: &str, rows: &[Row]) {
        // `uri strip_prefix <prefix>`: the rows are operations that stand on the line.
        if name == "uri"
            && let Some(row) = rows.get(self.random.below(rows.len()))
        {
            let args = self.arguments(&row.name, &row.args);
            return self.line(&format!("uri {} {args}", row.name));
        }
        if let Some(modules) = modules_of(name).filter(|modules| !modules.is_empty()) {
            return self.module(name, modules);
        }
        if name == "not" || name == "lb_retry_match" {
            let matcher = self.matcher_module();
            let args = self.arguments(&matcher.name, &matcher.syntax());
            return self.block_of(&format!("{name} {} {args}", matcher.name), &matcher.rows);
        }
        let args = self.arguments(name, syntax);
        let head = format!("{name} {args}").trim_end().to_owned();
        if syntax.contains("<directives...>") {
            return self.directives_in(&head);
        }
        self.block_of(&head, rows);
    }

    fn module(&mut self, name: &str, modules: &[&'static ModuleSpec]) {
        let module = modules[self.random.below(modules.len())];
        let args = self.arguments(&module.name, &module.syntax());
        self.depth += 1;
        self.block_of(format!("{name} {} {args}", module.name).trim_end(), &module.rows);
        self.depth -= 1;
    }

    fn directives_in(&mut self, head: &str) {
        if self.depth >= 3 || self.random.one_in(8) {
            return self.line(head);
        }
        self.depth += 1;
        self.open(head);
        for _ in 0..=self.random.below(2) {
            self.directive(true);
        }
        self.close();
        self.depth -= 1;
    }

    /// A line, and a block of some of its rows.
    fn block_of(&mut self, head: &str, rows: &[Row]) {
        // Their blocks say again what the line says.
        let gives_twice =
            (head.starts_with("respond ") || head.starts_with("error ")) && !self.random.one_in(8);
        if rows.is_empty() || self.depth > 4 || gives_twice || self.random.one_in(3) {
            return self.line(head);
        }
        self.open(head);
        if head.starts_with("forward_auth") && !self.random.one_in(10) {
            self.line("uri /auth");
        }
        let has_answers = rows.iter().any(|row| row.name == *"@name");
        if has_answers && self.random.one_in(3) {
            self.line("@ok status 2xx");
        }
        let mut used = Vec::new();
        for _ in 0..=self.random.below(4) {
            let at = self.random.below(rows.len());
            if used.contains(&at) && !self.random.one_in(8) {
                continue;
            }
            used.push(at);
            if self.random.one_in(30) {
                self.import(if head.starts_with("reverse_proxy") { Place::Proxy } else { Place::Rows });
            }
            self.row(&rows[at]);
        }
        self.close();
    }

    fn row(&mut self, row: &Row) {
        let args = self.arguments(&row.name, &row.args);
        let head = format!("{} {args}", row.name).trim_end().to_owned();
        match (&row.kind, modules_of(&row.name)) {
            (Kind::Block(rows) | Kind::CustomBlock(_, rows), _) => self.block_of(&head, rows),
            (Kind::Module(namespace), _) if !namespace.all.is_empty() => {
                self.module(&row.name, namespace.all);
            }
            (_, Some(modules)) if row.args.starts_with('<') => self.module(&row.name, modules),
            _ if row.name == "lb_retry_match" => self.statement(&row.name, &row.args, &[]),
            _ if row.name == "uri" && row.args == "<uri>" && !self.random.one_in(10) => {
                self.line("method GET");
            }
            _ if row.name == "@name" => self.line("@name header X-Accel-Redirect *"),
            _ if row.holds == Holds::Directives => self.directives_in(&head),
            _ => self.line(&head),
        }
    }
}
