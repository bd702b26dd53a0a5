//! E0204: modules that Caddy does not have.

use super::kinds::kinds;

kinds! {
    /// A module that is named, and is not there.
    Module(value) {
        Error NotHere { id: String } at id => "the Caddy of this machine has no module `{id}`",
            "`caddy list-modules` shows which it has; after an upgrade the running one has the new ones only once it \
             is restarted";
        Error NotStock { id: String } at id => "stock Caddy has no module `{id}`",
            "build Caddy with the plugin that brings it, or correct the name";
    }
}
