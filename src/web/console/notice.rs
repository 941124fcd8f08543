use actix_web::http::StatusCode;

use crate::{
    platform::fault::{Code, Fault},
    reference::Language,
    web::api::{
        problem::{ApiError, status_of},
        texts::title,
    },
};

/// Why something was not done, as a page says it: on top of its form, and at the fields.
#[derive(Clone)]
pub struct Notice {
    pub code: Code,
    pub text: &'static str,
    pub fields: Vec<(String, &'static str)>,
}

impl Notice {
    /// Logs what the operator has to look at; of that the page says nothing.
    pub fn of(error: &ApiError, language: Language) -> Self {
        if let Some(cause) = error.cause() {
            tracing::error!(door = "console", code = error.code().as_str(), cause, "refused");
        }
        let fields = error.fields().iter().map(|fault| (fault.field.clone().into_owned(), title(fault.code, language)));
        Self { code: error.code(), text: title(error.code(), language), fields: fields.collect() }
    }

    pub fn from_fault(error: impl Fault, language: Language) -> Self {
        Self::of(&ApiError::from(error), language)
    }

    pub fn status(&self) -> StatusCode {
        status_of(self.code.kind())
    }

    /// What to say at a field.
    pub fn at(&self, field: &str) -> Option<&'static str> {
        self.fields.iter().find(|(name, _)| name == field).map(|(_, text)| *text)
    }
}
