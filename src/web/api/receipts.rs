use vault::receipt::{Receipt, ReceiptError};

use super::problem::ApiError;
use crate::platform::fault::Code;

/// Reads a receipt as a person types it. What is mistyped is said before any key is derived, and tells nothing
/// about which receipts there are.
pub fn parse_receipt(text: &str) -> Result<Receipt, ApiError> {
    Receipt::parse(text).map_err(|error| {
        let code = match error {
            ReceiptError::Malformed => Code::ReceiptMalformed,
            ReceiptError::CheckDigit => Code::ReceiptCheckDigit,
        };
        ApiError::field("receipt", code)
    })
}
