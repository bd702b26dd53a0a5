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

/// Whether it becomes a name would show whether the value begins so.
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

#[test]
fn sites_of_one_value_and_ports_of_a_range() {
    let text = "{$SITES} {\n\trespond a\n}\nc.example:{$PORT} {\n\treverse_proxy {$UP}\n}\n";
    let all = variables(
        text,
        &[("SITES", "one.test:7443, Two.Test:7444"), ("PORT", "7999"), ("UP", "upstream:7011-7013")],
    );
    let shown = |host: &str, address: &str| all.site(host, address);
    assert_eq!(shown("one.test", ":7443"), ("{$SITES}".to_owned(), ":{$SITES}".to_owned()));
    assert_eq!(shown("two.test", ":7444"), ("{$SITES}".to_owned(), ":{$SITES}".to_owned()));
    assert_eq!(shown("c.example", ":7999"), ("c.example".to_owned(), ":{$PORT}".to_owned()));
    assert_eq!(all.hide("upstream:7012", &[("Caddyfile", 5)]), "{$UP}");
}

#[test]
fn hosts_in_any_case_of_any_letters() {
    let all = variables("{$SITE} {\n\trespond a\n}\n", &[("SITE", "MÜNCHEN.Test")]);
    assert_eq!(all.site("münchen.test", ":443"), ("{$SITE}".to_owned(), ":443".to_owned()));
    assert_eq!(all.hide("see münchen.test", &[]), "see {$SITE}");
}

#[test]
fn sentences_keep_their_words() {
    let text = "a {\n\trespond {$V}\n\theader {$H} {$N}\n}\n";
    let all = variables(text, &[("V", "site"), ("H", "on"), ("N", "80")]);
    let at = [("Caddyfile", 2), ("Caddyfile", 3)];
    assert_eq!(all.hide_as("site a is on :80 now", &at, Mode::Sentence), "site a is on :{$N} now");
    assert_eq!(
        all.hide_message("this site has 80 routes on `site`, not `on`", &at),
        "this site has 80 routes on `{$V}`, not `{$H}`"
    );
    // What Caddy calls a thing is no value either.
    let all = variables("a {\n\trewrite {$P}\n}\n", &[("P", "path")]);
    assert_eq!(all.hide("{http.request.uri.path}/path", &[("Caddyfile", 2)]), "{http.request.uri.path}/{$P}");
}

#[test]
fn pieces_of_values() {
    let all = variables("a {\n\thandle_path {$P} {\n\t}\n}\n", &[("P", "/hunter2secret*")]);
    let shown = all.hide("/ter2secretxyz", &[("Caddyfile", 2)]);
    assert_eq!(shown, "/{$P}xyz");
}
