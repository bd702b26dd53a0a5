//! E0302: a word that is not what was expected, or has a value that is not allowed.

use std::fmt::Display;

use super::Fault;
use crate::diagnostics::{Code, Diagnostic};
use crate::go;
use crate::source::Span;
use crate::spec::{fault_list, suggest};
use crate::syntax::Word;

fn fault(word: &Word, message: impl Into<String>) -> Fault {
    Fault::new(Code::VALUE, word, message)
}

/// The word is not `what`: "a status".
pub(crate) fn is_not(word: &Word, what: impl Display) -> Fault {
    fault(word, format!("`{}` is not {what}", word.text))
}

/// The word is not `what`, which is written as in `example`.
pub(crate) fn not_a(word: &Word, what: &str, example: &str) -> Fault {
    is_not(word, what).help(format!("write {what}, such as `{example}`"))
}

/// The word is not a duration. A bare number gets a unit.
pub(crate) fn not_a_duration(word: &Word) -> Fault {
    let fault = is_not(word, "a duration");
    if go::atoi(&word.text).is_some() {
        return fault
            .help(format!("a duration needs a unit: `{0}s` for seconds, `{0}m` for minutes", word.text));
    }
    fault.help("write a number and a unit, such as `500ms`, `30s`, `1h30m` or `2d`")
}

/// The word is `what`, which is one of `names`, and is none of them.
pub(crate) fn not_one_of(word: &Word, what: &str, names: &[&str]) -> Fault {
    let fault = is_not(word, what);
    match suggest(&word.text, names.iter().copied()) {
        Some(near) => fault.suggest(word, Some(near)),
        None => fault.help(format!("write one of {}", fault_list(names))),
    }
}

/// A version of TLS or a curve that Caddy does not have; `what` it is.
pub(crate) fn tls_parameter(word: &Word, what: &str, names: &[&str]) -> Fault {
    let what = format!("{what} that Caddy has");
    if ["ssl3.0", "tls1.0", "tls1.1"].contains(&word.text.as_str()) {
        return is_not(word, what).help("it is no longer secure; Caddy supports `tls1.2` and later");
    }
    not_one_of(word, &what, names)
}

/// The lone argument of `tls`.
pub(crate) fn tls(word: &Word) -> Fault {
    let fault = is_not(word, "`internal`, `force_automate` or an email address");
    match word.text.as_str() {
        "off" => fault.help("to serve plain HTTP, write `http://` before the site's address"),
        "self_signed" => {
            fault.help("replace Caddy 1's `tls self_signed` with `tls internal`").edit(word, "internal")
        }
        "on_demand" => fault.help("put `on_demand` into the block of `tls`"),
        text => match suggest(text, ["internal", "force_automate"]) {
            Some(near) => fault.suggest(word, Some(near)),
            None => fault.help("a certificate needs its key: `tls cert.pem key.pem`"),
        },
    }
}

/// The status of a response matcher.
pub(crate) fn status(word: &Word) -> Fault {
    is_not(word, "a status").help("write a number such as `404`, or a class such as `5xx`")
}

/// The status of `handle_errors`.
pub(crate) fn error_status(word: &Word) -> Fault {
    is_not(word, "a status code").help("write three digits, such as `404`, or a class, such as `5xx`")
}

/// The status of `redir`.
pub(crate) fn redirect(word: &Word) -> Fault {
    is_not(word, "the code of a redirect")
        .help("write a code from 300 to 399, `permanent`, `temporary` or `html`")
}

/// A version of IP among upstreams from DNS.
pub(crate) fn ip_version(word: &Word, names: &[&str]) -> Fault {
    is_not(word, "a version of IP")
        .help("write `ipv4`, `ipv6` or both")
        .suggest(word, suggest(&word.text, names.iter().copied()))
}

/// A weight of an upstream.
pub(crate) fn weight(word: &Word) -> Fault {
    is_not(word, "a weight").help("write a whole number for each upstream; 0 leaves it out")
}

/// How often `uri replace` replaces.
pub(crate) fn replacements(word: &Word) -> Fault {
    is_not(word, "a limit").help("write a whole number: how many places are replaced")
}

/// The word after `preferred_chains`.
pub(crate) fn preferred_chains(word: &Word) -> Fault {
    is_not(word, "`smallest`")
        .help("write `smallest`, or a block with `root_common_name` or `any_common_name`")
}

/// A share of a certificate's lifetime that is not in `range`: "between 0 and 1".
pub(crate) fn share(word: &Word, range: &str) -> Fault {
    fault(word, format!("{} is not {range}", word.text)).help("write `0.33` for 33 % of the lifetime")
}

/// A certificate's lifetime below zero.
pub(crate) fn negative_lifetime(word: &Word) -> Fault {
    fault(word, "a lifetime cannot be negative")
}

/// How long rolled files are kept, below zero.
pub(crate) fn negative_age(word: &Word) -> Fault {
    fault(word, format!("`{}` is negative", word.text))
        .help("rolled files are kept for some time, such as `30d`")
}

/// The lifetime of a cookie that is not above zero.
pub(crate) fn cookie_age(word: &Word) -> Fault {
    fault(word, "the lifetime of a cookie must be positive").help("remove `max_age` for a session cookie")
}

/// Days in a duration of `timeouts`.
pub(crate) fn days(word: &Word) -> Fault {
    fault(word, "`timeouts` does not read days").help("write hours: `24h`")
}

/// `validity_days` of `ZeroSSL`.
pub(crate) fn validity_days(word: &Word) -> Fault {
    fault(word, "Caddy 2.11 cannot read `validity_days` in a Caddyfile")
        .help("remove it; certificates are then valid for 90 days")
}

/// Nothing before or after a comma of a list.
pub(crate) fn comma(word: &Word) -> Fault {
    fault(word, "a value is missing next to a comma").help("write one comma between two values, or a space")
}

/// A number of a log encoder that JSON does not have, such as infinity.
pub(crate) fn not_in_json(word: &Word) -> Fault {
    fault(word, "JSON cannot represent one of this encoder's values").help("put quotes around the value")
}

/// A directive without a place in the order, so that nothing can be placed before or after it.
pub(crate) fn no_place_in_order(word: &Word) -> Fault {
    fault(word, format!("`{}` has no place in the order", word.text))
        .help("name a directive that the order has, or write `first` or `last`")
}

/// The operator `?` on a field of `header_up`, `header_down`, `request_header` or `push`.
pub(crate) fn default_field(word: &Word, field: &str) -> Fault {
    fault(word, "`?` belongs to `header`, which sees whether a response has the field")
        .help(format!("write `{field}` to set it in any case, or use a matcher"))
}

/// `!` without a field in the matcher `header`.
pub(crate) fn missing_field_name(word: &Word) -> Fault {
    fault(word, "`!` needs the name of a header field after it").help("write `!Field`, without a space")
}

/// The old option `forwarded` of the matcher `remote_ip`.
pub(crate) fn forwarded(word: &Word) -> Fault {
    fault(word, "`forwarded` is no longer an option").help("use the matcher `client_ip` instead")
}

/// `forwarded` behind a range, where Caddy has it.
pub(crate) fn forwarded_first(word: &Word) -> Fault {
    fault(word, "`forwarded` comes before the ranges").help("write it first")
}

/// A pair of the matcher `query` without its `=`.
pub(crate) fn query(word: &Word) -> Fault {
    fault(word, format!("`{}` has no `=`", word.text)).help(format!("write `{}=*` for any value", word.text))
}

/// The option of the matcher `tls`.
pub(crate) fn tls_matcher(word: &Word) -> Fault {
    fault(word, format!("the matcher `tls` has no option `{}`", word.text))
        .help("write `tls`, or `tls early_data`")
}

/// The path of `handle_path`.
pub(crate) fn handled_path(word: &Word) -> Fault {
    fault(word, format!("`handle_path` needs a path that begins with `/`, not `{}`", word.text))
        .help("for a named matcher use `handle`, and `uri strip_prefix <prefix>` inside it")
}

/// An upstream whose address cannot be dialled, because of `problem`.
pub(crate) fn upstream(word: &Word, problem: impl Display) -> Fault {
    is_not(word, format!("the address of an upstream: {problem}"))
        .help("write `host:port`, `:port`, `https://host` or `unix//path/to.sock`")
}

/// An upstream with a scheme that a proxy does not speak.
pub(crate) fn upstream_scheme(word: &Word, scheme: &str, known: &[&str]) -> Fault {
    let fault = fault(word, format!("an upstream cannot have the scheme `{scheme}://`"));
    match scheme {
        "ws" | "wss" => {
            let plain = if scheme == "ws" { "http" } else { "https" };
            fault.help(format!("write `{plain}://`: a proxy passes WebSockets on by itself"))
        }
        _ => match suggest(scheme, known.iter().copied()) {
            Some(near) => fault.help(format!("did you mean `{near}://`?")),
            None => fault.help("write `http://`, `https://` or `h2c://`, or no scheme"),
        },
    }
}

/// Ranges of ports that stand for `made` upstreams, of which `most` are allowed. Both are grouped for reading.
pub(crate) fn ports(word: &Word, made: &str, most: &str) -> Fault {
    fault(word, format!("port ranges give more than {most} upstreams"))
        .label(format!("{made} with this range"))
        .help("name the ports that upstreams listen on")
        .over_limit()
}

/// The value at `span` of a variable, with which the file is too long.
pub(crate) fn overgrown(span: Span) -> Diagnostic {
    Diagnostic::error(Code::VALUE, span, "the values of variables make this file too long")
        .label("this value exceeds the limit")
        .over_limit()
}

/// Values that stand for more than themselves; `what` has more than `most` of them.
pub(crate) fn multiplied(word: &Word, what: &str, most: &str) -> Fault {
    fault(word, format!("{what} more than {most} values together"))
        .label("this exceeds the limit")
        .over_limit()
}

/// One more than the `most` regular expressions that a log field can have.
pub(crate) fn too_many_patterns(word: &Word, most: usize) -> Fault {
    fault(word, format!("a field can have {most} regular expressions and no more"))
}

/// An empty regular expression among those of a log field.
pub(crate) fn empty_pattern(word: &Word) -> Fault {
    fault(word, "one of several regular expressions is empty")
}

/// A regular expression of `bytes` on a log field, where `most` are allowed.
pub(crate) fn long_pattern(word: &Word, bytes: usize, most: usize) -> Fault {
    fault(word, format!("this regular expression has {bytes} bytes, and may have {most}"))
}

/// A line that a plugin refuses, with its reason.
pub(crate) fn refused(word: &Word, reason: &str) -> Fault {
    fault(word, format!("`{}` is refused: {reason}", word.text))
}

/// The modules of `namespace` are not known.
pub(crate) fn unknown_namespace(word: &Word, namespace: &str) -> Fault {
    fault(word, format!("the modules of `{namespace}` are not known"))
}

/// Days, where a plugin reads durations as Go does.
pub(crate) fn duration_with_days(word: &Word) -> Fault {
    is_not(word, "a duration here").help("this plugin knows no days; write hours, such as `24h`")
}

/// Settings in too many blocks.
pub(crate) fn nested_settings(word: &Word) -> Fault {
    fault(word, "these settings are in too many blocks")
}

/// A pattern of `cache_keys` that the plugin writes without escapes.
pub(crate) fn unescaped_pattern(word: &Word, pattern: &str) -> Fault {
    let message = format!("the plugin writes the pattern `{pattern}` of `cache_keys` as another one");
    fault(word, message).help("write it without a backslash")
}

/// `max_threads` below `num_threads`.
pub(crate) fn threads(word: &Word) -> Fault {
    fault(word, "`max_threads` is less than `num_threads`")
}

/// A claim with several arrows.
pub(crate) fn claim_arrows(word: &Word) -> Fault {
    fault(word, format!("`{}` has more than one `->`", word.text))
}

/// A claim without a name or a placeholder.
pub(crate) fn claim(word: &Word) -> Fault {
    fault(word, format!("`{}` lacks a claim or a placeholder", word.text))
        .help("write `claim -> placeholder`")
}
