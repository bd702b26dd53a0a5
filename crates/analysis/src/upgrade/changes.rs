//! The changes of the server, one a file.

use serde_json::Value;

use super::change::Change;

mod address_masks;
mod cancelled;
mod client_auth_h1;
mod client_certificates;
mod client_placeholders;
mod client_errors;
mod default_log;
mod dotted_headers;
mod empty_host;
mod etags;
mod fastcgi_body;
mod file_as_folder;
mod file_methods;
mod folder_index;
mod header_limit;
mod header_timeout;
mod host_labels;
mod map_destinations;
mod no_transform;
mod not_found_at_root;
mod on_demand_permission;
mod precompressed_range;
mod query_equals;
mod query_keys;
mod server_address;
mod stalled_upload;
mod tls_names;
mod too_large;
mod underscore_headers;
mod unicode_names;
mod unknown_placeholders;
mod upstream_host;
mod vary;
mod via;
mod websocket_h2;
mod websocket_tls;
mod weights;
mod wildcard_certificates;

/// All of them, by the version that has them first.
const ALL: &[&Change] = &[
    &client_placeholders::CHANGE,
    &on_demand_permission::CHANGE,
    &query_keys::CHANGE,
    &file_methods::CHANGE,
    &vary::CHANGE,
    &no_transform::CHANGE,
    &client_errors::CHANGE,
    &fastcgi_body::CHANGE,
    &header_timeout::CHANGE,
    &websocket_h2::CHANGE,
    &wildcard_certificates::CHANGE,
    &via::CHANGE,
    &precompressed_range::CHANGE,
    &file_as_folder::CHANGE,
    &default_log::CHANGE,
    &client_auth_h1::CHANGE,
    &websocket_tls::CHANGE,
    &upstream_host::CHANGE,
    &empty_host::CHANGE,
    &host_labels::CHANGE,
    &client_certificates::CHANGE,
    &underscore_headers::CHANGE,
    &unicode_names::CHANGE,
    &dotted_headers::CHANGE,
    &header_limit::CHANGE,
    &stalled_upload::CHANGE,
    &unknown_placeholders::CHANGE,
    &query_equals::CHANGE,
    &etags::CHANGE,
    &server_address::CHANGE,
    &cancelled::CHANGE,
    &not_found_at_root::CHANGE,
    &folder_index::CHANGE,
    &too_large::CHANGE,
    &map_destinations::CHANGE,
    &weights::CHANGE,
    &tls_names::CHANGE,
    &address_masks::CHANGE,
];

/// All changes.
pub fn all() -> impl Iterator<Item = &'static Change> {
    ALL.iter().copied()
}

/// A handler without the routes inside it.
fn own(handler: &Value) -> Value {
    let fields = handler.as_object().into_iter().flatten();
    let own = fields.filter(|(name, _)| !matches!(name.as_str(), "routes" | "handle_response" | "errors"));
    Value::Object(own.map(|(name, value)| (name.clone(), value.clone())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_its_own_name_and_a_sound_range() {
        let mut names: Vec<&str> = ALL.iter().map(|change| change.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), ALL.len());
        for change in ALL {
            assert!(change.until.is_none_or(|until| change.since < until), "{}", change.name);
            for text in [change.title, change.old, change.new, change.remedy] {
                assert!(!text.ends_with('.'), "{}: {text}", change.name);
            }
        }
    }
}
