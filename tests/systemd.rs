//! The shipped binary on a real systemd: Debian with the real Caddy, booted in a container for each test.
//!
//! Needs root, systemd-nspawn and the Debian that `tests/systemd/set-up` builds. Where one of them is missing, the tests
//! are listed as ignored, with a word about what is missing.

#![allow(clippy::unwrap_used, missing_docs)]

#[path = "support/backend.rs"]
mod backend;
#[path = "systemd/certificate.rs"]
mod certificate;
#[path = "systemd/container.rs"]
mod container;
#[path = "systemd/crash.rs"]
mod crash;
#[path = "systemd/documented.rs"]
mod documented;
#[path = "systemd/doctor.rs"]
mod doctor;
#[path = "systemd/edits.rs"]
mod edits;
#[path = "systemd/faults.rs"]
mod faults;
#[path = "systemd/in_place.rs"]
mod in_place;
#[path = "systemd/life.rs"]
mod life;
#[path = "systemd/load.rs"]
mod load;
#[path = "systemd/host.rs"]
mod host;
#[path = "systemd/next.rs"]
mod next;
#[path = "systemd/order.rs"]
mod order;
#[path = "systemd/service.rs"]
mod service;
#[path = "systemd/package.rs"]
mod package;
#[path = "systemd/serving.rs"]
mod serving;
#[path = "systemd/site.rs"]
mod site;
#[path = "systemd/units.rs"]
mod units;
#[path = "systemd/verify.rs"]
mod verify;
#[path = "systemd/watchdog.rs"]
mod watchdog;

use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};

/// The longest come first, so that the others run at the same time.
const TESTS: &[(&str, fn())] = &[
    ("watchdog::healthy_then_frozen", watchdog::healthy_then_frozen),
    ("load::two_hundred_deploys_under_traffic", load::two_hundred_deploys_under_traffic),
    ("crash::killed_at_each_step_then_the_power_fails", crash::killed_at_each_step_then_the_power_fails),
    ("crash::killed_at_each_step_then_caddy_restarts", crash::killed_at_each_step_then_caddy_restarts),
    ("crash::windows_then_the_power_fails", crash::windows_then_the_power_fails),
    ("crash::windows_then_caddy_restarts", crash::windows_then_caddy_restarts),
    ("watchdog::heartbeat_frozen", watchdog::heartbeat_frozen),
    ("watchdog::heartbeat_missing", watchdog::heartbeat_missing),
    ("watchdog::armed_when_deployed", watchdog::armed_when_deployed),
    ("watchdog::heartbeat_masked", watchdog::heartbeat_masked),
    ("doctor::names_what_was_broken_on_purpose", doctor::names_what_was_broken_on_purpose),
    ("service::the_site_of_the_project", service::the_site_of_the_project),
    ("host::a_host_that_is_not_as_usual", host::a_host_that_is_not_as_usual),
    ("units::of_every_kind", units::of_every_kind),
    ("certificate::the_first_one_is_waited_for", certificate::the_first_one_is_waited_for),
    ("documented::the_page_is_a_real_run", documented::the_page_is_a_real_run),
    ("package::owns_the_program", package::owns_the_program),
    ("edits::nothing_is_replaced_unseen", edits::nothing_is_replaced_unseen),
    ("in_place::there_is_a_way_back", in_place::there_is_a_way_back),
    ("serving::only_what_answers_is_well", serving::only_what_answers_is_well),
    ("life::only_caddys_own", life::only_caddys_own),
    ("next::the_next_start_is_what_was_verified", next::the_next_start_is_what_was_verified),
    ("faults::of_the_host", faults::of_the_host),
    ("verify::every_kind_of_check", verify::every_kind_of_check),
    ("order::renamed_only_after_it_is_on_the_disk", order::renamed_only_after_it_is_on_the_disk),
];

/// So many containers at once.
const SIDE_BY_SIDE: usize = 6;

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    arguments.test_threads = arguments.test_threads.or(Some(SIDE_BY_SIDE));
    let missing = container::prerequisites().err();
    if let Some(missing) = &missing {
        container::say(&format!("left out: the tests on a real systemd: {missing}\n"));
    }
    let trial = |(name, test): &(&str, fn())| {
        let test = *test;
        let run = move || {
            test();
            Ok(())
        };
        Trial::test(*name, run).with_ignored_flag(missing.is_some())
    };
    libtest_mimic::run(&arguments, TESTS.iter().map(trial).collect()).exit_code()
}
