use std::net::IpAddr;

use vault::{receipt::Receipt, secret::Secret, ticket};

use crate::{app::App, platform::pacing};

/// A receipt, and the ticket that lets it be used once. The client holds both before it sends anything, so that a
/// lost answer loses neither the tip nor the way back.
pub struct Ticket {
    pub receipt: Secret<String>,
    pub ticket: String,
    /// Zero bits that the ticket asks for (`vault::ticket`), because many were drawn from where this one was.
    pub work: Option<u8>,
}

/// Gives out a receipt and its ticket. Nothing is stored.
pub fn issue_ticket(app: &App) -> Ticket {
    let receipt = Receipt::issue(&app.chance);
    let ticket = ticket::issue(&receipt, &app.secrets, app.clock.now());
    Ticket { receipt: receipt.grouped(), ticket, work: None }
}

/// The same to somebody at an address: where too many come from one network, the ticket asks for work.
pub fn issue_ticket_to(app: &App, address: IpAddr) -> Ticket {
    if app.pacing.take(address) {
        return issue_ticket(app);
    }
    let receipt = Receipt::issue(&app.chance);
    let bits = pacing::work(app.lanes.submissions.fullness());
    let ticket = ticket::issue_for_work(&receipt, bits, &app.secrets, app.clock.now());
    Ticket { receipt: receipt.grouped(), ticket, work: Some(bits) }
}
