//! The advisories, one a file.

use super::advisory::Advisory;

mod admin_authorization;
mod admin_from_websites;
mod backslash_in_try_files;
mod client_auth_on_two_ports;
mod client_auth_twice;
mod connection_of_upgrade;
mod copied_header_of_client;
mod dots_in_script;
mod dotted_alias;
mod early_data_address;
mod ech_keys_at_quic;
mod equal_etags;
mod escaped_dots_in_script;
mod expanded_twice;
mod file_name_with_question_mark;
mod folder_redirect;
mod forwarded_address;
mod hidden_names_listed;
mod hide_twice;
mod host_in_root;
mod http2_continuation;
mod http2_rapid_reset;
mod httpoxy;
mod many_hosts;
mod missing_ca_file;
mod old_client_authorities;
mod percent_in_path;
mod percent_matches_beginning;
mod php_redirect;
mod query_filter;
mod query_parsing;
mod quic_connection_ids;
mod quic_frames;
mod quic_headers;
mod quic_packet_size;
mod remote_admin_paths;
mod rewrite_keeps_escapes;
mod rewrite_query;
pub(crate) mod rules;
mod served_keys;
mod split_path_letters;
mod split_path_width;
mod sticky_cookie_timing;
mod strip_html;
mod strip_inside_segment;
mod two_hosts;
mod underscore_alias;
mod unlogged_case;
mod variable_expanded_twice;
mod windows_backslash;
mod windows_names;

/// All of them: those that a configuration decides, then those that were not tried here.
const ALL: &[&Advisory] = &[
    &copied_header_of_client::ADVISORY,
    &underscore_alias::ADVISORY,
    &dotted_alias::ADVISORY,
    &many_hosts::ADVISORY,
    &percent_in_path::ADVISORY,
    &percent_matches_beginning::ADVISORY,
    &backslash_in_try_files::ADVISORY,
    &split_path_letters::ADVISORY,
    &split_path_width::ADVISORY,
    &expanded_twice::ADVISORY,
    &variable_expanded_twice::ADVISORY,
    &rewrite_query::ADVISORY,
    &rewrite_keeps_escapes::ADVISORY,
    &file_name_with_question_mark::ADVISORY,
    &admin_from_websites::ADVISORY,
    &missing_ca_file::ADVISORY,
    &old_client_authorities::ADVISORY,
    &client_auth_on_two_ports::ADVISORY,
    &client_auth_twice::ADVISORY,
    &php_redirect::ADVISORY,
    &dots_in_script::ADVISORY,
    &escaped_dots_in_script::ADVISORY,
    &httpoxy::ADVISORY,
    &two_hosts::ADVISORY,
    &strip_inside_segment::ADVISORY,
    &host_in_root::ADVISORY,
    &hide_twice::ADVISORY,
    &hidden_names_listed::ADVISORY,
    &served_keys::ADVISORY,
    &strip_html::ADVISORY,
    &unlogged_case::ADVISORY,
    &query_filter::ADVISORY,
    &admin_authorization::ADVISORY,
    &connection_of_upgrade::ADVISORY,
    &forwarded_address::ADVISORY,
    &folder_redirect::ADVISORY,
    &windows_backslash::ADVISORY,
    &windows_names::ADVISORY,
    &remote_admin_paths::ADVISORY,
    &early_data_address::ADVISORY,
    &equal_etags::ADVISORY,
    &sticky_cookie_timing::ADVISORY,
    &ech_keys_at_quic::ADVISORY,
    &http2_rapid_reset::ADVISORY,
    &http2_continuation::ADVISORY,
    &query_parsing::ADVISORY,
    &quic_frames::ADVISORY,
    &quic_connection_ids::ADVISORY,
    &quic_packet_size::ADVISORY,
    &quic_headers::ADVISORY,
];

/// All advisories.
pub fn all() -> impl Iterator<Item = &'static Advisory> {
    ALL.iter().copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_its_own_name_and_a_sound_range() {
        let mut names: Vec<&str> = ALL.iter().map(|advisory| advisory.id).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), ALL.len());
        for advisory in ALL {
            let (first, fixed) = (advisory.first, advisory.fixed_in);
            assert!(first.zip(fixed).is_none_or(|(first, fixed)| first < fixed), "{}", advisory.id);
            for text in [advisory.title, advisory.witness, advisory.remedy, advisory.absent] {
                assert!(!text.ends_with('.'), "{}: {text}", advisory.id);
            }
        }
    }
}
