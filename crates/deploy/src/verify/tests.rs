use super::*;

#[test]
fn a_file_of_checks() {
    let checks = parse(
        "[[check]]\nurl = \"http://127.0.0.1:1/\"\n\n[[check]]\nname = \"chat\"\nurl = \"ws://127.0.0.1:1/\"\nwebsocket = true\n",
    )
    .unwrap();
    assert_eq!((checks.check[0].method.as_str(), checks.check[0].seconds), ("GET", 10));
    let outcomes = verify(&checks, &Reach::default()).unwrap();
    assert_eq!((outcomes[0].name.as_str(), outcomes[1].name.as_str()), ("GET http://127.0.0.1:1/", "chat"));
    for outcome in &outcomes {
        assert!(outcome.fault.as_ref().unwrap().contains("refused"), "{outcome:?}");
    }
}

#[test]
fn checks_that_cannot_be_made() {
    let fault = |lines: &str| parse(&format!("[[check]]\n{lines}\n")).unwrap_err().to_string();
    for (lines, words) in [
        ("url = \"http://a/\"\nstatsu = 1", "line 3, column 1: expected one of `url`, "),
        ("url = \"a.test\"", "is not a URL"),
        ("url = \"ftp://a/\"", "is not an HTTP URL"),
        ("url = \"http://a/\"\nmethod = \"G T\"", "`G T` is not a method"),
        ("url = \"ws://a/\"\nwebsocket = \"x\"\nmethod = \"POST\"", "takes the method GET"),
        ("url = \"http://a/\"\nmethod = \"POST\"\nupstream = \"b:1\"", "repeats the request"),
        ("url = \"http://a/\"\nupstream = \":\"", "is not a URL"),
    ] {
        assert!(fault(lines).contains(words), "{lines}: {}", fault(lines));
    }
}
