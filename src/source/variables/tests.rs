use super::*;
use crate::source::Env;

fn variables(text: &str, env: &[(&str, &str)]) -> Variables {
    let mut sources = Sources::new();
    sources.add("Caddyfile", text.as_bytes(), &env.iter().copied().collect::<Env>());
    Variables::of(&sources, &|_| Vec::new())
}

#[test]
fn values_become_names_where_they_stand() {
    let text = "{$DOMAIN}:{$PORT} {\n\trespond /x \"port{$PORT}\" {$CODE}\n\trespond /y 443 418\n\troot * /srv/{$DIR}\n}\n";
    let all =
        variables(text, &[("DOMAIN", "Shop.Example"), ("PORT", "443"), ("CODE", "418"), ("DIR", "hidden1")]);
    let at = |line| [("Caddyfile", line)];
    assert_eq!(all.hide("respond port443 418", &at(2)), "respond port{$PORT} {$CODE}");
    assert_eq!(all.hide("respond 443 418", &at(3)), "respond 443 418");
    assert_eq!(all.hide("vars root=/srv/hidden1", &at(4)), "vars root=/srv/{$DIR}");
    assert_eq!(all.hide("see /srv/hidden1 at shop.example", &at(3)), "see /srv/{$DIR} at {$DOMAIN}");
    assert_eq!(all.site("shop.example", ":443"), ("{$DOMAIN}".to_owned(), ":{$PORT}".to_owned()));
    assert_eq!(all.site("other.example", ":443"), ("other.example".to_owned(), ":443".to_owned()));
}

#[test]
fn parts_and_cut_values() {
    let text = "a {\n\treverse_proxy {$UP}\n\trespond {$LONG}\n}\n";
    let all = variables(text, &[("UP", "http://back.internal:8080"), ("LONG", "abcdefghijklmnop")]);
    assert_eq!(all.hide("reverse_proxy back.internal:8080", &[("Caddyfile", 2)]), "reverse_proxy {$UP}");
    assert_eq!(all.hide("dial back.internal failed", &[]), "dial {$UP} failed");
    assert_eq!(all.hide("respond abcdefgh…", &[("Caddyfile", 3)]), "respond {$LONG}…");
}

#[test]
fn values_of_several_words_and_lines() {
    let text =
        "(auth) {\n\trespond /{args[0]} {args[1]}\n}\na {\n\timport auth {$CREDS}\n\trespond {$LINES}\n}\n";
    let all = variables(text, &[("CREDS", "alice hunter"), ("LINES", "one\n  hunter2secret")]);
    assert_eq!(all.hide("respond hunter", &[("Caddyfile", 2)]), "respond {$CREDS}");
    let lines = all.hide("respond \"one\\nhunter2secret\"", &[("Caddyfile", 6)]);
    assert!(!lines.contains("hunter2secret"), "{lines}");
}

/// Whether it becomes a name would tell whether the value begins so.
#[test]
fn a_beginning_that_the_file_writes_itself_stays() {
    let text = "a {\n\trespond /a \"abcdefgh…\"\n\trespond {$LONG}\n}\n";
    let all = variables(text, &[("LONG", "abcdefghijklmnop")]);
    assert_eq!(all.hide("respond abcdefgh…", &[("Caddyfile", 2)]), "respond abcdefgh…");
}

#[test]
fn blanks_of_several_bytes() {
    let all = variables("a {\n\u{a0}respond\u{a0}{$V}\n}\n", &[("V", "hello")]);
    assert_eq!(all.hide("respond hello", &[("Caddyfile", 2)]), "respond {$V}");
}
