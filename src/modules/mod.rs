//! Modules that directives name inside themselves: policies, transports, issuers, encoders, writers, filters.
