//! How the program is linked: it lies at any address, what it was linked with is read-only once it runs, and no memory is
//! both written and executed. ELF as in the System V ABI, "Object Files" and "Program Loading and Dynamic Linking".

#![cfg(all(target_os = "linux", target_pointer_width = "64"))]

use std::ops::Range;

/// Types of program headers.
const LOAD: u64 = 1;
const DYNAMIC: u64 = 2;
const GNU_STACK: u64 = 0x6474_e551;
const GNU_RELRO: u64 = 0x6474_e552;

/// Flags of program headers.
const EXECUTED: u64 = 1;
const WRITTEN: u64 = 2;

/// Entries of the dynamic section.
const RPATH: u64 = 15;
const TEXTREL: u64 = 22;
const BIND_NOW: u64 = 24;
const RUNPATH: u64 = 29;
const FLAGS: u64 = 30;
const FLAGS_1: u64 = 0x6fff_fffb;

struct Segment {
    kind: u64,
    flags: u64,
    file: Range<usize>,
}

struct Program {
    bytes: Vec<u8>,
}

impl Program {
    fn read() -> Self {
        let bytes = std::fs::read(env!("CARGO_BIN_EXE_caddyctl")).unwrap();
        assert_eq!(bytes[..4], *b"\x7fELF");
        assert_eq!(bytes[4], 2, "64 bits");
        Self { bytes }
    }

    /// The number of `width` bytes at `at`, in the byte order of the file.
    fn number(&self, at: usize, width: usize) -> u64 {
        let bytes = self.bytes[at..at + width].iter();
        let push = |number: u64, byte: &u8| number << 8 | u64::from(*byte);
        if self.bytes[5] == 1 { bytes.rev().fold(0, push) } else { bytes.fold(0, push) }
    }

    fn size(&self, at: usize) -> usize {
        usize::try_from(self.number(at, 8)).unwrap()
    }

    fn segments(&self) -> Vec<Segment> {
        let (start, count) = (self.size(32), self.number(56, 2));
        let width = usize::try_from(self.number(54, 2)).unwrap();
        let at = |number: u64| start + usize::try_from(number).unwrap() * width;
        let segment = |at: usize| Segment {
            kind: self.number(at, 4),
            flags: self.number(at + 4, 4),
            file: self.size(at + 8)..self.size(at + 8) + self.size(at + 32),
        };
        (0..count).map(|number| segment(at(number))).collect()
    }

    /// The entries of the dynamic section.
    fn dynamic(&self) -> Vec<(u64, u64)> {
        let segments = self.segments();
        let segment = segments.iter().find(|segment| segment.kind == DYNAMIC).expect("a dynamic section");
        let entries = segment.file.clone().step_by(16);
        entries
            .map(|at| (self.number(at, 8), self.number(at + 8, 8)))
            .take_while(|(tag, _)| *tag != 0)
            .collect()
    }
}

fn value(dynamic: &[(u64, u64)], tag: u64) -> Option<u64> {
    dynamic.iter().find(|(known, _)| *known == tag).map(|(_, value)| *value)
}

#[test]
fn the_program_is_position_independent() {
    let program = Program::read();
    assert_eq!(program.number(16, 2), 3, "the type must be ET_DYN, not ET_EXEC");
    let flags = value(&program.dynamic(), FLAGS_1).unwrap_or_default();
    assert_ne!(flags & 0x0800_0000, 0, "DF_1_PIE is missing");
}

#[test]
fn what_the_loader_has_put_right_is_read_only() {
    let program = Program::read();
    assert!(program.segments().iter().any(|segment| segment.kind == GNU_RELRO), "PT_GNU_RELRO is missing");
    let dynamic = program.dynamic();
    let binds_now = value(&dynamic, BIND_NOW).is_some()
        || value(&dynamic, FLAGS).is_some_and(|flags| flags & 8 != 0)
        || value(&dynamic, FLAGS_1).is_some_and(|flags| flags & 1 != 0);
    assert!(binds_now, "without BIND_NOW the table of functions stays writable");
    assert_eq!(value(&dynamic, TEXTREL), None, "the loader would write into code");
}

#[test]
fn nothing_is_both_written_and_executed() {
    let segments = Program::read().segments();
    let stack = segments.iter().find(|segment| segment.kind == GNU_STACK);
    assert!(stack.is_some_and(|stack| stack.flags & EXECUTED == 0), "the stack must not be executable");
    let both = EXECUTED | WRITTEN;
    assert!(segments.iter().all(|segment| segment.kind != LOAD || segment.flags & both != both));
}

#[test]
fn libraries_come_from_where_the_system_has_them() {
    let dynamic = Program::read().dynamic();
    assert_eq!((value(&dynamic, RPATH), value(&dynamic, RUNPATH)), (None, None));
}
