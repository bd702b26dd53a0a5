//! From tokens to the tree, by the grammar of CEL.

use super::Fault;
use super::ast::{Expr, Kind, Literal};
use super::lexer::{self, Token};
use super::{literal, macros};

/// How deep expressions may be nested in brackets, lists, calls and choices.
const MAX_NESTING: usize = 250;
/// How deep the tree may become otherwise, such as by a long sum.
const MAX_DEPTH: usize = 251;
/// Names that CEL keeps for itself.
const RESERVED: &[&str] = &[
    "as",
    "break",
    "const",
    "continue",
    "else",
    "for",
    "function",
    "if",
    "import",
    "let",
    "loop",
    "package",
    "namespace",
    "return",
    "var",
    "void",
    "while",
];
/// How tightly the two-sided operators bind, loosest first.
const OPERATORS: [&[&str]; 5] =
    [&["||"], &["&&"], &["<", "<=", ">=", ">", "==", "!=", "in"], &["+", "-"], &["*", "/", "%"]];
/// So many of them, the loosest, join truth values.
const LOGICAL: usize = 2;

/// The tree of `text`.
pub(super) fn parse(text: &str) -> Parsed<Expr> {
    if text.chars().count() > 100_000 {
        return fault(0, "the expression is longer than 100000 characters");
    }
    let mut parser = Parser { tokens: lexer::tokens(text)?, at: 0, nesting: 0 };
    let (tree, _) = parser.expr()?;
    match parser.peek() {
        Token::End => Ok(*tree),
        _ => parser.unexpected("the end or an operator"),
    }
}

struct Parser {
    tokens: Vec<(Token, usize)>,
    at: usize,
    nesting: usize,
}

/// A tree and how deep it is.
type Deep = (Box<Expr>, usize);

/// What is read. Both sides are small, since each level of brackets has some ten of them on the stack.
type Parsed<T = Deep> = Result<T, Box<Fault>>;

fn fault<T>(at: usize, reason: impl Into<String>) -> Parsed<T> {
    Fault::new(at, reason).map_err(Box::new)
}

impl Parser {
    fn peek(&self) -> &Token {
        &self.tokens[self.at].0
    }

    fn place(&self) -> usize {
        self.tokens[self.at].1
    }

    fn next(&mut self) -> Token {
        let token = self.tokens[self.at].0.clone();
        if self.at + 1 < self.tokens.len() {
            self.at += 1;
        }
        token
    }

    fn eat(&mut self, sign: &str) -> bool {
        let found = matches!(self.peek(), Token::Sign(found) if *found == sign);
        if found {
            self.next();
        }
        found
    }

    fn one_of(&self, signs: &[&'static str]) -> Option<&'static str> {
        match self.peek() {
            Token::Sign(found) => signs.iter().copied().find(|sign| sign == found),
            _ => None,
        }
    }

    fn unexpected<T>(&self, expected: &str) -> Parsed<T> {
        let at = self.place();
        let found = match self.peek() {
            Token::End => return fault(at, format!("{expected} is missing at the end")),
            Token::Sign(sign) => format!("`{sign}`"),
            Token::Ident(name) => format!("`{name}`"),
            Token::Int(number) | Token::Float(number) => format!("`{number}`"),
            Token::Literal(Literal::Text(text)) => format!("the text '{text}'"),
            Token::Literal(_) => "a literal".to_owned(),
        };
        fault(at, format!("expected {expected}, found {found}"))
    }

    fn deeper(&self, depth: usize) -> Parsed<usize> {
        if depth >= MAX_DEPTH {
            return fault(self.place(), "the expression is nested too deeply");
        }
        Ok(depth + 1)
    }

    fn node(&self, at: usize, kind: Kind, depth: usize) -> Parsed {
        Ok((Box::new(Expr { kind, at }), self.deeper(depth)?))
    }

    fn expr(&mut self) -> Parsed {
        self.nesting += 1;
        if self.nesting > MAX_NESTING {
            return fault(self.place(), "the expression is nested too deeply");
        }
        let at = self.place();
        let found = self.joined(0)?;
        let found = if self.eat("?") { self.choice(found, at)? } else { found };
        self.nesting -= 1;
        Ok(found)
    }

    /// What follows the `?` behind a condition.
    fn choice(&mut self, condition: Deep, at: usize) -> Parsed {
        let yes = self.joined(0)?;
        if !self.eat(":") {
            return self.unexpected("`:`");
        }
        let no = self.expr()?;
        let depth = condition.1.max(yes.1).max(no.1);
        self.node(at, Kind::Call("?:".to_owned(), vec![*condition.0, *yes.0, *no.0]), depth)
    }

    /// Operands joined by operators of the level `lowest` or a higher one, left to right: one function for all levels,
    /// since each takes stack for each bracket. A long chain of `||` or `&&` is balanced in CEL, and so not deep.
    fn joined(&mut self, lowest: usize) -> Parsed {
        let at = self.place();
        let mut found = self.unary()?;
        while let Some((level, sign)) = self.operator(lowest) {
            self.next();
            found = self.join(found, level, sign, at)?;
        }
        Ok(found)
    }

    /// `left` and what follows its operator.
    fn join(&mut self, left: Deep, level: usize, sign: &str, at: usize) -> Parsed {
        let right = self.joined(level + 1)?;
        let depth = left.1.max(right.1);
        let kind = Kind::Call(sign.to_owned(), vec![*left.0, *right.0]);
        if level < LOGICAL { Ok((Box::new(Expr { kind, at }), depth)) } else { self.node(at, kind, depth) }
    }

    /// The operator that comes next, and its level, if that is `lowest` or higher.
    fn operator(&self, lowest: usize) -> Option<(usize, &'static str)> {
        let levels = OPERATORS.iter().enumerate().skip(lowest);
        levels.into_iter().find_map(|(level, signs)| Some((level, self.one_of(signs)?)))
    }

    /// `!` and `-` do not mix; an even number of either cancels out.
    fn unary(&mut self) -> Parsed {
        if self.one_of(&["!", "-"]).is_some() { self.signed() } else { self.member() }
    }

    fn signed(&mut self) -> Parsed {
        let at = self.place();
        for (sign, name) in [("!", "!_"), ("-", "-_")] {
            let mut count = 0;
            while self.one_of(&["!", "-"]) == Some(sign) {
                let number = matches!(self.tokens[self.at + 1].0, Token::Int(_) | Token::Float(_));
                if sign == "-" && number {
                    break;
                }
                self.next();
                count += 1;
            }
            if count > 0 {
                let (operand, depth) = self.member()?;
                if count % 2 == 0 {
                    return Ok((operand, depth));
                }
                return self.node(at, Kind::Call(name.to_owned(), vec![*operand]), depth);
            }
        }
        self.member()
    }

    fn member(&mut self) -> Parsed {
        let found = if self.eat("(") { self.bracketed()? } else { self.primary()? };
        if self.one_of(&[".", "["]).is_some() { self.members(found) } else { Ok(found) }
    }

    /// What follows a `(`.
    fn bracketed(&mut self) -> Parsed {
        let found = self.expr()?;
        if self.eat(")") { Ok(found) } else { self.unexpected("`)`") }
    }

    /// The members and elements that follow `found`.
    fn members(&mut self, (mut found, mut depth): Deep) -> Parsed {
        loop {
            let at = self.place();
            if self.eat(".") {
                if self.one_of(&["?"]).is_some() {
                    return fault(at, "`.?` is not switched on in Caddy");
                }
                let Token::Ident(field) = self.next() else {
                    self.at -= 1;
                    return self.unexpected("the name of a field or function");
                };
                if self.eat("(") {
                    (found, depth) = self.method((found, depth), field, at)?;
                } else if self.one_of(&["{"]).is_some()
                    && let Some(name) = found.qualified()
                {
                    return self.message(format!("{name}.{field}"), at);
                } else {
                    depth = self.deeper(depth)?;
                    found = Box::new(Expr { kind: Kind::Select(found, field), at });
                }
            } else if self.eat("[") {
                (found, depth) = self.element((found, depth), at)?;
            } else {
                return Ok((found, depth));
            }
        }
    }

    fn primary(&mut self) -> Parsed {
        let at = self.place();
        if self.eat("[") {
            return self.list(at);
        }
        if self.eat("{") {
            return self.map(at);
        }
        let has_dot = self.eat(".");
        if let Token::Ident(_) = self.peek() {
            return self.named(at);
        }
        if has_dot { self.unexpected("a name") } else { self.literal(at) }
    }

    /// What follows `target.name(`.
    fn method(&mut self, target: Deep, name: String, at: usize) -> Parsed {
        let (args, inner) = self.arguments(")")?;
        let depth = self.deeper(target.1.max(inner))?;
        Ok((Box::new(macros::member(*target.0, name, args, at)?), depth))
    }

    /// What follows `target[`.
    fn element(&mut self, target: Deep, at: usize) -> Parsed {
        if self.one_of(&["?"]).is_some() {
            return fault(at, "`[?` is not switched on in Caddy");
        }
        let (index, inner) = self.expr()?;
        if !self.eat("]") {
            return self.unexpected("`]`");
        }
        self.node(at, Kind::Call("[]".to_owned(), vec![*target.0, *index]), target.1.max(inner))
    }

    fn list(&mut self, at: usize) -> Parsed {
        let (items, depth) = self.arguments("]")?;
        self.node(at, Kind::List(items), depth)
    }

    fn literal(&mut self, at: usize) -> Parsed {
        let negative = self.eat("-");
        let literal = match self.peek().clone() {
            Token::Int(written) => literal::int(at, &written, negative)?,
            Token::Float(written) => literal::float(at, &written, negative)?,
            Token::Literal(literal) if !negative => literal,
            _ => return self.unexpected(if negative { "a number" } else { "a value" }),
        };
        self.next();
        Ok((Box::new(Expr { kind: Kind::Literal(literal), at }), 1))
    }

    /// A name, and what it is the name of.
    fn named(&mut self, at: usize) -> Parsed {
        let Token::Ident(name) = self.next() else { return self.unexpected("a name") };
        if RESERVED.contains(&name.as_str()) {
            return fault(at, format!("`{name}` is a reserved word of CEL"));
        }
        if self.eat("(") {
            return self.function(name, at);
        }
        if self.one_of(&["{"]).is_some() {
            return self.message(name, at);
        }
        Ok((Box::new(Expr { kind: Kind::Ident(name), at }), 1))
    }

    fn function(&mut self, name: String, at: usize) -> Parsed {
        let (args, depth) = self.arguments(")")?;
        let depth = self.deeper(depth)?;
        Ok((Box::new(macros::global(name, args, at)?), depth))
    }

    /// Expressions up to `close`; a list may have a comma at its end.
    fn arguments(&mut self, close: &str) -> Parsed<(Vec<Expr>, usize)> {
        let (mut items, mut depth) = (Vec::new(), 0);
        let list = close == "]";
        if self.eat(close) {
            return Ok((items, depth));
        }
        if list && self.eat(",") {
            return if self.eat(close) { Ok((items, depth)) } else { self.unexpected("`]`") };
        }
        loop {
            if list && self.one_of(&["?"]).is_some() {
                return fault(self.place(), "optional elements `?` are not switched on in Caddy");
            }
            let (item, inner) = self.expr()?;
            items.push(*item);
            depth = depth.max(inner);
            if self.eat(close) {
                return Ok((items, depth));
            }
            if !self.eat(",") {
                return self.unexpected(if list { "`]` or `,`" } else { "`)` or `,`" });
            }
            if list && self.eat(close) {
                return Ok((items, depth));
            }
        }
    }

    fn map(&mut self, at: usize) -> Parsed {
        let (mut entries, mut depth) = (Vec::new(), 0);
        if self.eat(",") {
            return if self.eat("}") { self.node(at, Kind::Map(entries), 0) } else { self.unexpected("`}`") };
        }
        while !self.eat("}") {
            if self.one_of(&["?"]).is_some() {
                return fault(self.place(), "optional keys `?` are not switched on in Caddy");
            }
            let (key, key_depth) = self.expr()?;
            if !self.eat(":") {
                return self.unexpected("`:`");
            }
            let (value, value_depth) = self.expr()?;
            depth = depth.max(key_depth).max(value_depth);
            entries.push((*key, *value));
            if !self.eat(",") && self.one_of(&["}"]).is_none() {
                return self.unexpected("`}` or `,`");
            }
        }
        self.node(at, Kind::Map(entries), depth)
    }

    /// `Message{field: value}`; its fields are read over, since Caddy knows no such types.
    fn message(&mut self, name: String, at: usize) -> Parsed {
        self.next();
        while !self.eat("}") {
            let Token::Ident(_) = self.next() else {
                self.at -= 1;
                return self.unexpected("the name of a field");
            };
            if !self.eat(":") {
                return self.unexpected("`:`");
            }
            self.expr()?;
            if !self.eat(",") && self.one_of(&["}"]).is_none() {
                return self.unexpected("`}` or `,`");
            }
        }
        self.node(at, Kind::Message(name), 0)
    }
}
