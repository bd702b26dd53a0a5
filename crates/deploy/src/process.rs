//! Processes of the host: programs that are run with a deadline, and the wish to stop.

pub mod apart;
pub mod cancel;
pub mod deadline;
pub mod run;
