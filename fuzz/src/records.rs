//! The journal of a deploy and the records of the history, which an older program or a torn write may have left.

use caddyctl_deploy::state::history::Record;
use caddyctl_deploy::state::journal::Journal;

/// Reads them, and reads what was written of them.
pub fn run(data: &[u8]) {
    if let Ok(journal) = serde_json::from_slice::<Journal>(data) {
        let _ = journal.is_overdue();
        let again = serde_json::to_vec(&journal).expect("it can be written");
        assert_eq!(serde_json::from_slice::<Journal>(&again).expect("it can be read"), journal);
    }
    if let Ok(record) = serde_json::from_slice::<Record>(data) {
        let again = serde_json::to_vec(&record).expect("it can be written");
        assert_eq!(serde_json::from_slice::<Record>(&again).expect("it can be read"), record);
    }
}
