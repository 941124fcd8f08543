use vault::{receipt::Receipt, secret::Secret};

use super::{NewTip, SubmitError, Submitted, submit};
use crate::{
    app::App,
    staff::{Permission, Refused, Staff},
};

/// A tip written down for somebody, and the receipt to hand over.
pub struct WrittenDown {
    pub submitted: Submitted,
    pub receipt: Secret<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum WriteDownError {
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error(transparent)]
    Submit(#[from] SubmitError),
}

impl crate::platform::fault::Fault for WriteDownError {
    fn public(&self) -> crate::platform::fault::Public {
        match self {
            Self::Refused(refused) => refused.code().into(),
            Self::Submit(error) => error.public(),
        }
    }
}

/// An officer writes down what came by phone, on paper or in person. The tip goes where its place and category
/// send it, which may be another office than the officer's.
pub async fn write_down(app: &App, staff: &Staff, new: NewTip) -> Result<WrittenDown, WriteDownError> {
    staff.must(Permission::Work)?;
    let receipt: Secret<String> = Receipt::grouped(&new.receipt);
    let submitted = submit(app, &new, Some(staff)).await?;
    Ok(WrittenDown { submitted, receipt })
}
