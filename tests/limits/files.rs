//! Files that a configuration names, and those of an environment.

use std::fs;
use std::process::Command;

use super::{folder, result, site};

#[test]
fn special_files_and_large_ones() {
    for (special, message) in
        [("/dev/zero", "`/dev/zero` is not a regular file"), ("fifo", "fifo` is not a regular file")]
    {
        let folder = folder(&site(&format!("import {special}")));
        let made = Command::new("mkfifo").arg(folder.path().join("fifo")).status().unwrap();
        assert!(made.success());
        let (status, output) = result(folder.path(), &["validate"], "");
        assert!(status == 1 && output.contains(message), "{output}");
    }
    let folder = folder(&site("import large"));
    fs::File::create(folder.path().join("large")).unwrap().set_len(129 << 20).unwrap();
    let (status, output) = result(folder.path(), &["validate"], "");
    assert!(status == 1 && output.contains("larger than 128 MiB"), "{output}");
}

#[test]
fn an_environment_file_with_a_value_of_many_lines() {
    let folder = folder(&site("respond x"));
    let text = format!("A=\"{}\"\n", "x \\\" y\n".repeat(100_000));
    fs::write(folder.path().join("env"), text).unwrap();
    let (status, output) = result(folder.path(), &["validate", "--envfile", "env"], "");
    assert_eq!(status, 0, "{}", &output[..output.len().min(300)]);
}

#[test]
fn a_file_of_certificates_that_many_sites_name() {
    let client = "tls {\nclient_auth {\ntrusted_ca_cert_file many.pem\n}\n}";
    let sites: String = (0..40).map(|number| format!("a{number}.example {{\n{client}\n}}\n")).collect();
    let folder = folder(&sites);
    let certificate = format!("-----BEGIN CERTIFICATE-----\n{}-----END CERTIFICATE-----\n", "TUlJQg==\n");
    fs::write(folder.path().join("many.pem"), certificate.repeat(10_000)).unwrap();
    let (status, output) = result(folder.path(), &["adapt"], "");
    assert_eq!(status, 1);
    let message = "the lines of the files of certificates are more than 200,000 values together";
    assert!(
        output.contains(message) && output.contains("--raise-limits"),
        "{}",
        &output[..output.len().min(500)]
    );
}
