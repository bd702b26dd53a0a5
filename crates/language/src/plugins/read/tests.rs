use super::{Author, definition};

/// What is wrong with a file, a line for each.
fn problems(text: &str) -> String {
    let found = definition(text, Author::User).expect_err("it is wrong");
    found.iter().map(|problem| format!("{problem}\n")).collect()
}

const HEAD: &str = "format = 1\npackage = \"example.com/plugin\"\n";

#[test]
fn faults_have_a_place_and_a_suggestion() {
    for (text, wrong) in [
        ("nme = 1", "3:1: unknown key `nme`"),
        ("[[directive]]\nname = \"x\"\nordr = \"first\"", "5:1: unknown key `ordr`; did you mean `order`?"),
        (
            "[[directive]]\nname = \"x\"\norder = \"before basic_aut\"",
            "5:9: `basic_aut` has no place in the order; did you mean `basic_auth`?",
        ),
        (
            "[[module]]\nname = \"x\"\nslot = \"dns.providers\"\nrows = [{ word = \"a\", is = \"txt\" }]",
            "6:28: unknown kind `txt`; did you mean `text`?",
        ),
        (
            "[[option]]\nname = \"x\"\nrows = [{ word = \"a\", join = \" \" }]",
            "5:30: a row of this kind has no `join`",
        ),
        (
            "[[option]]\nname = \"x\"\nneed = [\"b\"]\nrows = [{ word = \"a\" }]",
            "5:8: no row sets the key `b`",
        ),
        (
            "[[option]]\nname = \"x\"\nrows = [{ word = \"a\" }, { word = \"a\" }]",
            "5:25: the row `a` is defined twice",
        ),
        (
            "[[option]]\nname = \"x\"\nrows = [{ word = \"a\", is = \"module\", slot = \"caddy.storag\" }]",
            "5:45: unknown namespace `caddy.storag`; did you mean `caddy.storage`?",
        ),
        (
            "[[option]]\nname = \"x\"\nstep = \"cache_app\"",
            "5:8: only definitions that are part of caddyctl may name the function `cache_app`",
        ),
        (
            "[[option]]\nname = \"x\"\nrows = [{ word = \"a\", more = \"ignor\" }]",
            "5:30: `more` is one of `refuse`, `option`, `ignore` and `ignore_rest`; did you mean `ignore`?",
        ),
        ("[[option]]\nname = 1", "4:8: `name` takes a text, not a value of the type integer"),
    ] {
        let found = problems(&format!("{HEAD}{text}\n"));
        assert!(found.contains(wrong), "{text}\n{found}");
    }
}

#[test]
fn limits_hold() {
    let deep = "{ word = \"a\", is = \"block\", rows = [".repeat(9) + &"] }".repeat(9);
    let text = format!("{HEAD}[[option]]\nname = \"x\"\nrows = [{deep}]\n");
    assert!(problems(&text).contains("rows lie more than 8 deep"), "{}", problems(&text));
    let rows: Vec<String> = (0..501).map(|number| format!("{{ word = \"w{number}\" }}")).collect();
    let text = format!("{HEAD}[[option]]\nname = \"x\"\nrows = [{}]\n", rows.join(", "));
    assert!(problems(&text).contains("more than 500 rows"), "{}", problems(&text));
    let text = format!("{HEAD}# {}\n", "x".repeat(256 * 1024));
    assert!(problems(&text).contains("larger than 256 KiB"));
}

#[test]
fn what_is_no_toml_is_said_with_its_place() {
    assert!(problems("format = 1\npackage = [\n").contains(": "));
    assert_eq!(problems("package = \"x\"\n"), "the key `format` is missing; write `format = 1`\n");
}
