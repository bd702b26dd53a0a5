#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| caddyctl_fuzz::unit_file::run(data));
