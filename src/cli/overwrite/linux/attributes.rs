//! Extended attributes: access control lists, labels, and what users put there.

use std::ffi::{CStr, CString};
use std::fs::File;
use std::io;

use rustix::fs::{XattrFlags, fgetxattr, flistxattr, fremovexattr, fsetxattr};
use rustix::io::Errno;

/// Linux's own limit on a list of names, and on a value (bytes).
const MOST: usize = 64 * 1024;

/// Gives `new` the attributes of `old`, and no others: a folder may give new files a list of access.
///
/// # Errors
///
/// One of them cannot be read or set.
pub fn copy(old: &File, new: &File) -> io::Result<()> {
    let wanted = names(old)?;
    for name in &wanted {
        let value = value(old, name)?;
        // A label may only be set by root, and is mostly the same already.
        if self::value(new, name).ok().as_ref() != Some(&value) {
            fsetxattr(new, name.as_c_str(), &value, XattrFlags::empty())?;
        }
    }
    for name in names(new)?.iter().filter(|name| !wanted.contains(name)) {
        fremovexattr(new, name.as_c_str())?;
    }
    Ok(())
}

fn names(file: &File) -> io::Result<Vec<CString>> {
    let mut list = vec![0_u8; MOST];
    let length = match flistxattr(file, &mut list[..]) {
        Ok(length) => length,
        // The file system has none.
        Err(Errno::NOTSUP) => 0,
        Err(error) => return Err(error.into()),
    };
    let names = list[..length].split_inclusive(|byte| *byte == 0);
    Ok(names.filter_map(|name| CStr::from_bytes_with_nul(name).ok().map(CStr::to_owned)).collect())
}

fn value(file: &File, name: &CStr) -> io::Result<Vec<u8>> {
    let mut value = vec![0_u8; MOST];
    let length = fgetxattr(file, name, &mut value[..])?;
    value.truncate(length);
    Ok(value)
}
