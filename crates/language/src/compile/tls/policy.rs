//! Automation policies while they are put together.

use std::sync::Arc;

use ecow::EcoString;
use thin_vec::ThinVec;

use super::acme;
use super::subject::Subject;
use crate::config::{AutomationPolicy, Module, is_zero};
use crate::lower::Options;
use crate::spec::Parsed;
use crate::version::Change;

/// An issuer: its place in the list of all. Sites share those of the options, and what one of them fills in shows in
/// all.
pub(super) type IssuerId = usize;

/// An automation policy.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Policy {
    pub(super) subjects: Vec<Subject>,
    /// Issuers that can still be filled in.
    pub(super) issuers: ThinVec<IssuerId>,
    /// Issuers as they are written; these count where they are set.
    pub(super) written: ThinVec<Arc<Module>>,
    pub(super) managers: ThinVec<Module>,
    pub(super) renewal_window_ratio: f64,
    pub(super) key_type: EcoString,
    pub(super) on_demand: bool,
    pub(super) reuse_private_keys: bool,
    pub(super) disable_ocsp_stapling: bool,
}

impl Policy {
    /// What the global options say of every policy.
    pub(super) fn base(options: &Options, issuers: &mut [Arc<Module>]) -> Parsed<Self> {
        let policy = Self {
            key_type: options.key_type.as_deref().unwrap_or_default().into(),
            // The options' own issuers come first in the list.
            issuers: (0..acme::count_global_issuers(options)).collect(),
            disable_ocsp_stapling: options.ocsp_stapling_off,
            renewal_window_ratio: options.renewal_window_ratio.unwrap_or_default(),
            ..Self::default()
        };
        if acme::has_defaults(options) && options.version.has(Change::AcmeOptionsMakePolicy) {
            for id in &policy.issuers {
                acme::fill(Arc::make_mut(&mut issuers[*id]), options)?;
            }
        }
        Ok(policy)
    }

    /// Whether the options say anything about policies, so that there is one for every other name. An email alone
    /// makes none.
    pub(super) fn has_base(options: &Options) -> bool {
        acme::count_global_issuers(options) > 0
            || options.key_type.is_some()
            || options.ocsp_stapling_off
            || options.renewal_window_ratio.is_some()
            || (acme::has_defaults(options) && options.version.has(Change::AcmeOptionsMakePolicy))
    }

    /// Whether it says nothing but names, and perhaps managers.
    pub(super) fn is_empty(&self) -> bool {
        let Self {
            subjects: _,
            issuers,
            written,
            managers: _,
            renewal_window_ratio,
            key_type,
            on_demand,
            reuse_private_keys,
            disable_ocsp_stapling,
        } = self;
        issuers.is_empty()
            && written.is_empty()
            && is_zero(renewal_window_ratio)
            && key_type.is_empty()
            && !(*on_demand || *reuse_private_keys || *disable_ocsp_stapling)
    }

    /// As it is written.
    pub(super) fn finish(self) -> AutomationPolicy {
        AutomationPolicy {
            subjects: self.subjects.into_iter().map(|subject| subject.name).collect(),
            issuers: self.written.into_iter().map(Arc::unwrap_or_clone).collect(),
            get_certificate: self.managers.into_iter().collect(),
            renewal_window_ratio: self.renewal_window_ratio,
            key_type: self.key_type.into(),
            on_demand: self.on_demand,
            reuse_private_keys: self.reuse_private_keys,
            disable_ocsp_stapling: self.disable_ocsp_stapling,
        }
    }
}
