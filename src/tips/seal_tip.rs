use entity::ids::TipId;
use vault::{
    chance::Chance,
    keys::{self, PublicKey},
};
use zeroize::Zeroizing;

use super::{
    content::{Content, Identity},
    sealed::TipKeys,
};
use crate::units::Desk;

/// What a new tip says, and to whom it is sealed: all that is needed, so that it can be handed to another thread.
pub(super) struct Open {
    pub id: TipId,
    pub content: Content,
    /// Who reports, where the office may know it.
    pub contact: Option<Identity>,
    pub desk: Desk,
}

/// A new tip's words and keys as they are stored.
pub(super) struct Sealed {
    pub content: Vec<u8>,
    pub contact: Option<Vec<u8>>,
    pub office_wrap: Vec<u8>,
    pub reporter_wrap: Vec<u8>,
    /// The reporter's pair, whose private half goes under the receipt.
    pub private: Zeroizing<Vec<u8>>,
    pub public: PublicKey,
}

/// Seals a new tip to its desk and to its reporter; nobody else has had its key.
pub(super) fn seal_tip(open: &Open, chance: &Chance) -> Sealed {
    let Open { id, content, contact, desk } = open;
    let keys = TipKeys::generate(*id, chance);
    let (private, public) = keys::generate_pair(chance);
    let contact = contact.as_ref().map(|contact| keys.seal_contact(contact, chance));
    let content = keys.seal_content(content, chance);
    let office_wrap = keys.wrap_to_office(desk.office, desk.epoch, &desk.public, chance);
    let reporter_wrap = keys.thread().wrap_own(&private, chance);
    Sealed { content, contact, office_wrap, reporter_wrap, private: private.to_bytes(), public }
}
