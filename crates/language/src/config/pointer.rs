//! Names in pointers into JSON (RFC 6901).

/// A name as one part of a pointer.
pub fn escape(name: &str) -> String {
    if name.contains(['~', '/']) { name.replace('~', "~0").replace('/', "~1") } else { name.to_owned() }
}

/// The name that a part of a pointer stands for.
pub fn unescape(part: &str) -> String {
    part.replace("~1", "/").replace("~0", "~")
}
