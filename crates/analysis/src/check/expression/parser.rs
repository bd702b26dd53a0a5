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
const RELATIONS: &[&str] = &["<", "<=", ">=", ">", "==", "!=", "in"];
const SUMS: &[&str] = &["+", "-"];
const PRODUCTS: &[&str] = &["*", "/", "%"];

/// The tree of `text`.
pub(super) fn parse(text: &str) -> Result<Expr, Fault> {
    if text.chars().count() > 100_000 {
        return Fault::new(0, "the expression is longer than 100000 characters");
    }
    let mut parser = Parser { tokens: lexer::tokens(text)?, at: 0, nesting: 0 };
    let (tree, _) = parser.expr()?;
    match parser.peek() {
        Token::End => Ok(tree),
        _ => parser.unexpected("the end or an operator"),
    }
}

struct Parser {
    tokens: Vec<(Token, usize)>,
    at: usize,
    nesting: usize,
}

/// A tree and how deep it is.
type Deep = (Expr, usize);

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

    fn unexpected<T>(&self, expected: &str) -> Result<T, Fault> {
        let at = self.place();
        let found = match self.peek() {
            Token::End => return Fault::new(at, format!("{expected} is missing at the end")),
            Token::Sign(sign) => format!("`{sign}`"),
            Token::Ident(name) => format!("`{name}`"),
            Token::Int(number) | Token::Float(number) => format!("`{number}`"),
            Token::Literal(Literal::Text(text)) => format!("the text '{text}'"),
            Token::Literal(_) => "a literal".to_owned(),
        };
        Fault::new(at, format!("{found} stands where {expected} is expected"))
    }

    fn deeper(&self, depth: usize) -> Result<usize, Fault> {
        if depth >= MAX_DEPTH {
            return Fault::new(self.place(), "the expression is nested too deeply");
        }
        Ok(depth + 1)
    }

    fn node(&self, at: usize, kind: Kind, depth: usize) -> Result<Deep, Fault> {
        Ok((Expr { kind, at }, self.deeper(depth)?))
    }

    fn expr(&mut self) -> Result<Deep, Fault> {
        super::deeper(|| self.choice())
    }

    fn choice(&mut self) -> Result<Deep, Fault> {
        self.nesting += 1;
        if self.nesting > MAX_NESTING {
            return Fault::new(self.place(), "the expression is nested too deeply");
        }
        let at = self.place();
        let mut found = self.logical("||", "&&")?;
        if self.eat("?") {
            let yes = self.logical("||", "&&")?;
            if !self.eat(":") {
                return self.unexpected("`:`");
            }
            let no = self.expr()?;
            let depth = found.1.max(yes.1).max(no.1);
            found = self.node(at, Kind::Call("?:".to_owned(), vec![found.0, yes.0, no.0]), depth)?;
        }
        self.nesting -= 1;
        Ok(found)
    }

    /// Terms joined by `sign`; a long chain is balanced and so not deep.
    fn logical(&mut self, sign: &str, inner: &str) -> Result<Deep, Fault> {
        let at = self.place();
        let term =
            |parser: &mut Self| if inner.is_empty() { parser.relation() } else { parser.logical(inner, "") };
        let mut found = term(self)?;
        while self.eat(sign) {
            let right = term(self)?;
            let depth = found.1.max(right.1);
            found = (Expr { kind: Kind::Call(sign.to_owned(), vec![found.0, right.0]), at }, depth);
        }
        Ok(found)
    }

    fn relation(&mut self) -> Result<Deep, Fault> {
        self.left_to_right(RELATIONS, Self::sum)
    }

    fn sum(&mut self) -> Result<Deep, Fault> {
        self.left_to_right(SUMS, Self::product)
    }

    fn product(&mut self) -> Result<Deep, Fault> {
        self.left_to_right(PRODUCTS, Self::unary)
    }

    fn left_to_right(
        &mut self,
        signs: &[&'static str],
        inner: impl Fn(&mut Self) -> Result<Deep, Fault>,
    ) -> Result<Deep, Fault> {
        let at = self.place();
        let mut found = inner(self)?;
        while let Some(sign) = self.one_of(signs) {
            self.next();
            let right = inner(self)?;
            let depth = found.1.max(right.1);
            found = self.node(at, Kind::Call(sign.to_owned(), vec![found.0, right.0]), depth)?;
        }
        Ok(found)
    }

    /// `!` and `-` do not mix; an even number of either cancels out.
    fn unary(&mut self) -> Result<Deep, Fault> {
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
                return self.node(at, Kind::Call(name.to_owned(), vec![operand]), depth);
            }
        }
        self.member()
    }

    fn member(&mut self) -> Result<Deep, Fault> {
        let (mut found, mut depth) = self.primary()?;
        loop {
            let at = self.place();
            if self.eat(".") {
                if self.one_of(&["?"]).is_some() {
                    return Fault::new(at, "`.?` is not switched on in Caddy");
                }
                let Token::Ident(field) = self.next() else {
                    self.at -= 1;
                    return self.unexpected("the name of a field or function");
                };
                if self.eat("(") {
                    let (args, inner) = self.arguments(")")?;
                    depth = self.deeper(depth.max(inner))?;
                    found = macros::member(found, field, args, at)?;
                } else if self.one_of(&["{"]).is_some()
                    && let Some(name) = found.qualified()
                {
                    return self.message(format!("{name}.{field}"), at);
                } else {
                    depth = self.deeper(depth)?;
                    found = Expr { kind: Kind::Select(Box::new(found), field), at };
                }
            } else if self.eat("[") {
                if self.one_of(&["?"]).is_some() {
                    return Fault::new(at, "`[?` is not switched on in Caddy");
                }
                let (index, inner) = self.expr()?;
                if !self.eat("]") {
                    return self.unexpected("`]`");
                }
                depth = self.deeper(depth.max(inner))?;
                found = Expr { kind: Kind::Call("[]".to_owned(), vec![found, index]), at };
            } else {
                return Ok((found, depth));
            }
        }
    }

    fn primary(&mut self) -> Result<Deep, Fault> {
        let at = self.place();
        let negative = self.eat("-");
        let literal = match self.peek().clone() {
            Token::Int(written) => Some(literal::int(at, &written, negative)?),
            Token::Float(written) => Some(literal::float(at, &written, negative)?),
            Token::Literal(literal) if !negative => Some(literal),
            _ => None,
        };
        if let Some(literal) = literal {
            self.next();
            return Ok((Expr { kind: Kind::Literal(literal), at }, 1));
        }
        if negative {
            return self.unexpected("a number");
        }
        let dot = self.eat(".");
        match self.peek().clone() {
            Token::Ident(name) => {
                self.next();
                self.named(name, at)
            }
            _ if dot => self.unexpected("a name"),
            Token::Sign("(") => {
                self.next();
                let found = self.expr()?;
                if self.eat(")") { Ok(found) } else { self.unexpected("`)`") }
            }
            Token::Sign("[") => {
                self.next();
                let (items, depth) = self.arguments("]")?;
                self.node(at, Kind::List(items), depth)
            }
            Token::Sign("{") => {
                self.next();
                self.map(at)
            }
            _ => self.unexpected("a value"),
        }
    }

    fn named(&mut self, name: String, at: usize) -> Result<Deep, Fault> {
        if RESERVED.contains(&name.as_str()) {
            return Fault::new(at, format!("`{name}` is a reserved word of CEL"));
        }
        if self.eat("(") {
            let (args, depth) = self.arguments(")")?;
            let depth = self.deeper(depth)?;
            return Ok((macros::global(name, args, at)?, depth));
        }
        if self.one_of(&["{"]).is_some() {
            return self.message(name, at);
        }
        Ok((Expr { kind: Kind::Ident(name), at }, 1))
    }

    /// Expressions up to `close`; a list may have a comma at its end.
    fn arguments(&mut self, close: &str) -> Result<(Vec<Expr>, usize), Fault> {
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
                return Fault::new(self.place(), "optional elements `?` are not switched on in Caddy");
            }
            let (item, inner) = self.expr()?;
            items.push(item);
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

    fn map(&mut self, at: usize) -> Result<Deep, Fault> {
        let (mut entries, mut depth) = (Vec::new(), 0);
        if self.eat(",") {
            return if self.eat("}") { self.node(at, Kind::Map(entries), 0) } else { self.unexpected("`}`") };
        }
        while !self.eat("}") {
            if self.one_of(&["?"]).is_some() {
                return Fault::new(self.place(), "optional keys `?` are not switched on in Caddy");
            }
            let (key, key_depth) = self.expr()?;
            if !self.eat(":") {
                return self.unexpected("`:`");
            }
            let (value, value_depth) = self.expr()?;
            depth = depth.max(key_depth).max(value_depth);
            entries.push((key, value));
            if !self.eat(",") && self.one_of(&["}"]).is_none() {
                return self.unexpected("`}` or `,`");
            }
        }
        self.node(at, Kind::Map(entries), depth)
    }

    /// `Message{field: value}`; its fields are read over, since Caddy knows no such types.
    fn message(&mut self, name: String, at: usize) -> Result<Deep, Fault> {
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
