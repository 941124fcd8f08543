use actix_web::http::StatusCode;

use super::texts::{advice, text};
use crate::{
    platform::fault::{Code, Fault},
    reference::Language,
    web::api::problem::{ApiError, status_of},
};

/// What is wrong with what was sent, in a resident's words: on top of the page, and at each field.
pub struct Wrong {
    pub code: Code,
    pub title: &'static str,
    /// About the whole; none if the fields say it all.
    pub whole: Option<&'static str>,
    pub fields: Vec<WrongField>,
}

pub struct WrongField {
    /// Name of the input.
    pub id: String,
    pub text: &'static str,
    /// The page shows such an input, so that a link can lead there.
    pub shown: bool,
}

/// What travels along unseen; a person has no place to mend it.
const HIDDEN: [&str; 3] = ["ticket", "channel", "language"];

/// The inputs of the longest form, as they stand there: who mends one after the other goes down the page.
const ORDER: [&str; 10] =
    ["narrative", "category", "unit", "place", "occurred_on", "reporter", "organisation", "name", "phone", "address"];

impl Wrong {
    /// Logs what the operator has to look at; of that the page says nothing.
    pub fn of(error: &ApiError, language: Language) -> Self {
        if let Some(cause) = error.cause() {
            tracing::error!(door = "pages", code = error.code().as_str(), cause, "refused");
        }
        Self::silent(error, language)
    }

    /// The same where the cause was logged before.
    pub fn silent(error: &ApiError, language: Language) -> Self {
        let mut fields: Vec<WrongField> =
            error.fields().iter().map(|fault| field(&fault.field, fault.code, language)).collect();
        fields.sort_by_key(|field| ORDER.iter().position(|id| *id == field.id));
        let code = error.code();
        let whole = fields.is_empty().then(|| advice("", code, language));
        Self { code, title: text(title(code), language), whole, fields }
    }

    pub fn from_fault(error: impl Fault, language: Language) -> Self {
        Self::of(&ApiError::from(error), language)
    }

    pub fn status(&self) -> StatusCode {
        status_of(self.code.kind())
    }

    /// What to say at a field.
    pub fn at(&self, id: &str) -> Option<&'static str> {
        self.fields.iter().find(|field| field.id == id).map(|field| field.text)
    }
}

/// Where only the way in failed, nothing was to be sent.
fn title(code: Code) -> &'static str {
    let closed = matches!(code, Code::TokenMissing | Code::TokenInvalid | Code::TokenExpired | Code::UnknownReceipt);
    if closed { "closed_title" } else { "errors_title" }
}

fn field(name: &str, code: Code, language: Language) -> WrongField {
    // Inputs are called as the service calls its fields, without the group.
    let id = name.strip_prefix("reporter.").unwrap_or(name);
    WrongField { id: id.to_owned(), text: advice(id, code, language), shown: !HIDDEN.contains(&id) }
}
