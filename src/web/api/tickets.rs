use actix_web::{post, web::Data};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::answer::{Answer, made};
use crate::{app::App, tips, web::Address};

pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(issue_ticket);
}

#[derive(Serialize, ToSchema)]
#[schema(as = Ticket)]
struct TicketBody {
    /// The only way back to the tip. Nobody can replace it: show it to be written down before anything is sent.
    #[schema(example = "4071 8836 2259 1047 3390 6124")]
    receipt: String,
    /// Lets the receipt be used once, for some days.
    ticket: String,
    /// Only there when many tickets were drawn from one network: the ticket serves when this work was done. Append to
    /// it a dot and a text of your choice, of at most 40 characters without a dot, so that the SHA-256 of the whole
    /// begins with at least so many zero bits; send that as `ticket`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 14)]
    work: Option<u8>,
}

impl From<tips::Ticket> for TicketBody {
    fn from(ticket: tips::Ticket) -> Self {
        Self { receipt: ticket.receipt.expose().clone(), ticket: ticket.ticket, work: ticket.work }
    }
}

/// Give out a receipt and the ticket that lets it be used once.
///
/// Nothing is stored. Hold both before anything is sent, so that a lost answer loses neither the tip nor the way
/// back to it.
#[utoipa::path(
    operation_id = "issueTicket",
    tag = "tickets",
    responses((status = 201, description = "A fresh receipt and its ticket", body = TicketBody))
)]
#[post("/api/v1/tickets")]
async fn issue_ticket(app: Data<App>, Address(address): Address) -> Answer {
    made(TicketBody::from(tips::issue_ticket_to(&app, address)))
}
