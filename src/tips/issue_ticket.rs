use vault::{receipt::Receipt, secret::Secret, ticket};

use crate::app::App;

/// A receipt, and the ticket that lets it be used once. The client holds both before it sends anything, so that a
/// lost answer loses neither the tip nor the way back.
pub struct Ticket {
    pub receipt: Secret<String>,
    pub ticket: String,
}

/// Gives out a receipt and its ticket. Nothing is stored.
pub fn issue_ticket(app: &App) -> Ticket {
    let receipt = Receipt::issue(&app.chance);
    let ticket = ticket::issue(&receipt, &app.secrets, app.clock.now());
    Ticket { receipt: receipt.grouped(), ticket }
}
