//! A release as a table that programs and spreadsheets read.

use super::figures_table::why;
use crate::{reference::Language, releases::Release, reports::inert};

const HEAD: [&str; 7] = ["table", "keys", "label", "from", "to", "value", "withheld"];

/// By this mark spreadsheets know that the text is UTF-8; without it they spoil Vietnamese.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// CSV (RFC 4180). Writing into memory has no way to fail.
pub fn csv(release: &Release, language: Language) -> Vec<u8> {
    let mut lines =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(BYTE_ORDER_MARK.as_bytes().to_vec());
    let _ = lines.write_record(HEAD);
    for cell in &release.cells {
        let (from, to) = (cell.region.span.from.to_string(), cell.region.span.to.to_string());
        let (value, withheld) = match cell.figure {
            Ok(value) => (value.to_string(), ""),
            Err(reason) => (String::new(), why(reason, language)),
        };
        let (keys, label) = (inert(&cell.keys.join("|")), inert(cell.label.text(language)));
        let _ = lines.write_record([cell.split.as_str(), &keys, &label, &from, &to, &value, withheld]);
    }
    lines.into_inner().unwrap_or_default()
}
