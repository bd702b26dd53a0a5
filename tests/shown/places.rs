//! Where a Caddyfile has texts.

/// A word of a Caddyfile.
pub fn word(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\\\"").trim_end_matches('\\'))
}

/// The name of a place, and the lines of a site that have a text there.
pub type Place = (&'static str, fn(&str) -> String);

/// The places in a site that a text can have.
pub const PLACES: [Place; 24] = [
    ("body", |t| format!("\trespond /p {}\n", word(t))),
    ("heredoc", |t| format!("\trespond /p <<END\n{t}\nEND\n")),
    ("comment", |t| format!("\t# {}\n\trespond {}\n", t.replace(['\n', '\r'], " "), t.len())),
    ("header value", |t| format!("\theader X-Test {}\n", word(t))),
    ("header name", |t| format!("\theader {} v\n", word(t))),
    ("header up", |t| format!("\treverse_proxy localhost:1 {{\n\t\theader_up {} v\n\t}}\n", word(t))),
    ("redirect", |t| format!("\tredir /x {}\n", word(t))),
    ("path", |t| format!("\trespond {} ok\n", word(&format!("/{t}")))),
    ("bare path", |t| format!("\t@m path {}\n\trespond @m ok\n", word(t))),
    ("matcher", |t| format!("\t@m header X {}\n\trespond @m ok\n", word(t))),
    ("query", |t| format!("\t@m query a={}\n\trespond @m ok\n", word(t))),
    ("matcher name", |t| format!("\t{0} path /m\n\trespond {0} ok\n", word(&format!("@{t}")))),
    ("log", |t| format!("\tlog {{\n\t\toutput file {}\n\t}}\n", word(&format!("/var/log/{t}")))),
    ("root", |t| format!("\troot * {}\n\tfile_server\n", word(&format!("/srv/{t}")))),
    ("user", |t| {
        format!(
            "\tbasic_auth {{\n\t\t{} $2a$14$Zkx19XLiW6VYouLHR5NmfOFU0z2GTNmpkT/5qqR7hx4IjWJPDhjvG\n\t}}\n",
            word(t)
        )
    }),
    ("variable", |t| format!("\tvars {} x\n", word(t))),
    ("error", |t| format!("\terror {} 500\n", word(t))),
    ("upstream", |t| format!("\treverse_proxy {}\n", word(t))),
    ("directive", |t| format!("\t{}\n", word(t))),
    ("argument", |t| format!("\tencode {} x\n", word(t))),
    ("import", |t| format!("\timport {}\n", word(t))),
    ("expression", |t| format!("\t@m expression {}\n\trespond @m ok\n", word(t))),
    ("environment", |t| format!("\trespond \"{{$NOT_SET:{}}}\"\n", t.replace(['"', '}'], ""))),
    ("email", |t| format!("\ttls {}\n", word(t))),
];

/// The site that has `lines`, which are known to compile by themselves or not to.
pub fn site(number: usize, lines: &str) -> String {
    format!("site{number}.test {{\n{lines}}}\n\n")
}
