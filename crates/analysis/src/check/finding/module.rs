//! E0204: modules that Caddy does not have.

use super::kinds::kinds;

kinds! {
    /// A module that is named, and is not there.
    Module(value) {
        Error NotHere { id: String } at id => "the Caddy of this machine has no module `{id}`",
            "`caddy list-modules` lists its modules; after an upgrade, restart Caddy to use the new ones";
        Error NotStock { id: String } at id => "stock Caddy has no module `{id}`",
            "build Caddy with the plugin that contains it, or fix the name";
    }
}
