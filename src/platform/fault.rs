//! Errors as callers see them: a kind and a stable code. Causes stay inside and are logged once, at the door.

use std::borrow::Cow;

use super::db::is_unavailable;

/// Class of an error; a door turns it into its own terms (the API into an HTTP status).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The request could not be understood.
    Malformed,
    /// Who is asking is unknown, or no longer known.
    Unauthenticated,
    Forbidden,
    NotFound,
    MethodNotAllowed,
    NotAcceptable,
    Conflict,
    /// The caller's copy is older than the stored one.
    Stale,
    TooLarge,
    UnsupportedMedia,
    /// Understood, and wrong.
    Invalid,
    TooMany,
    Unavailable,
    Internal,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $code:literal, $kind:ident;)+) => {
        /// Every code that a caller can meet. Codes are a contract: they may be added, never renamed.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Code { $($(#[$doc])* $variant,)+ }

        impl Code {
            pub const ALL: &'static [Code] = &[$(Code::$variant,)+];

            pub fn as_str(self) -> &'static str {
                match self { $(Code::$variant => $code,)+ }
            }

            pub fn kind(self) -> Kind {
                match self { $(Code::$variant => Kind::$kind,)+ }
            }
        }
    };
}

codes! {
    // What was sent
    InvalidJson = "invalid_json", Malformed;
    InvalidUtf8 = "invalid_utf8", Malformed;
    LoneSurrogate = "lone_surrogate", Malformed;
    JsonTooDeep = "json_too_deep", Malformed;
    InvalidQuery = "invalid_query", Malformed;
    InvalidCursor = "invalid_cursor", Malformed;
    InvalidHeader = "invalid_header", Malformed;
    InvalidRequest = "invalid_request", Malformed;
    BodyTooLarge = "body_too_large", TooLarge;
    JsonExpected = "json_expected", UnsupportedMedia;
    NoSuchRoute = "no_such_route", NotFound;
    MethodNotAllowed = "method_not_allowed", MethodNotAllowed;

    // Fields
    InvalidFields = "invalid_fields", Invalid;
    Invalid = "invalid", Invalid;
    Missing = "missing", Invalid;
    UnknownField = "unknown_field", Invalid;
    Empty = "empty", Invalid;
    TooLong = "too_long", Invalid;
    ControlCharacter = "control_character", Invalid;
    BidiControl = "bidi_control", Invalid;
    NarrativeEmpty = "narrative_empty", Invalid;
    NarrativeTooLong = "narrative_too_long", Invalid;
    TextEmpty = "text_empty", Invalid;
    TextTooLong = "text_too_long", Invalid;
    ReasonEmpty = "reason_empty", Invalid;
    ReasonTooLong = "reason_too_long", Invalid;
    TitleEmpty = "title_empty", Invalid;
    TitleTooLong = "title_too_long", Invalid;
    UnknownCategory = "unknown_category", Invalid;
    UnknownUnit = "unknown_unit", Invalid;
    UnknownChannel = "unknown_channel", Invalid;
    UnknownLanguage = "unknown_language", Invalid;
    DateInFuture = "date_in_future", Invalid;
    DateTooEarly = "date_too_early", Invalid;
    IdentityMissing = "identity_missing", Invalid;
    IdentityUnwanted = "identity_unwanted", Invalid;
    ReceiptMalformed = "receipt_malformed", Invalid;
    ReceiptCheckDigit = "receipt_check_digit", Invalid;
    TicketForged = "ticket_forged", Invalid;
    TicketExpired = "ticket_expired", Invalid;
    TicketUnproven = "ticket_unproven", Invalid;
    PeriodReversed = "period_reversed", Invalid;
    PeriodTooLong = "period_too_long", Invalid;
    NoSuchReport = "no_such_report", NotFound;
    UnknownDimension = "unknown_dimension", Invalid;
    UnknownTable = "unknown_table", Invalid;
    PeriodTooRecent = "period_too_recent", Invalid;

    // The line
    LineClosed = "line_closed", Unavailable;
    LineNotClosed = "line_not_closed", Conflict;
    ConfidentialUnavailable = "confidential_unavailable", Unavailable;
    Overloaded = "overloaded", Unavailable;
    StorageUnavailable = "storage_unavailable", Unavailable;
    Internal = "internal", Internal;

    // Who is asking
    TokenMissing = "token_missing", Unauthenticated;
    TokenInvalid = "token_invalid", Unauthenticated;
    TokenExpired = "token_expired", Unauthenticated;
    UnknownReceipt = "unknown_receipt", Unauthenticated;
    WrongCredentials = "wrong_credentials", Unauthenticated;
    SecondFactorCodeRequired = "second_factor_code_required", Unauthenticated;
    WrongCode = "wrong_code", Unauthenticated;
    RefreshReplayed = "refresh_replayed", Unauthenticated;
    SecondFactorRequired = "second_factor_required", Forbidden;
    SecondFactorEnrolled = "second_factor_enrolled", Conflict;
    SecondFactorNotStarted = "second_factor_not_started", Conflict;
    PasswordChangeRequired = "password_change_required", Forbidden;
    TooManyCodes = "too_many_codes", TooMany;
    Forbidden = "forbidden", Forbidden;
    NoKey = "no_key", Forbidden;
    PasswordTooShort = "password_too_short", Invalid;
    PasswordTooLong = "password_too_long", Invalid;
    PasswordCommon = "password_common", Invalid;
    PasswordLikeUsername = "password_like_username", Invalid;
    TooManyViews = "too_many_views", Conflict;
    UsernameInvalid = "username_invalid", Invalid;
    UsernameTaken = "username_taken", Conflict;
    EnrolmentClosed = "enrolment_closed", Conflict;
    EnrolmentInvalid = "enrolment_invalid", Unauthenticated;

    // Tips
    NoSuchTip = "no_such_tip", NotFound;
    NoSuchOfficer = "no_such_officer", NotFound;
    NoSuchOffice = "no_such_office", NotFound;
    NoSuchCase = "no_such_case", NotFound;
    NoSuchOutcome = "no_such_outcome", NotFound;
    NoSuchValuation = "no_such_valuation", NotFound;
    NoSuchMeasure = "no_such_measure", NotFound;
    NoSuchRelease = "no_such_release", NotFound;
    InvalidMove = "invalid_move", Conflict;
    Stale = "stale", Stale;
    ConcurrentChange = "concurrent_change", Conflict;
    ThreadClosed = "thread_closed", Conflict;
    DuplicateOfItself = "duplicate_of_itself", Invalid;
    HasLiveValuation = "has_live_valuation", Conflict;
    TipExpired = "tip_expired", Conflict;
    NoSuchHold = "no_such_hold", NotFound;
    AssigneeNotMember = "assignee_not_member", Invalid;

    // Cases and what came of them
    CaseClosed = "case_closed", Conflict;
    CaseExpired = "case_expired", Conflict;
    AlreadyLinked = "already_linked", Conflict;
    UnknownOutcomeKind = "unknown_outcome_kind", Invalid;
    UnknownYieldKind = "unknown_yield_kind", Invalid;
    UnknownYieldUnit = "unknown_yield_unit", Invalid;
    AmountInvalid = "amount_invalid", Invalid;
    OutcomeNotOfTip = "outcome_not_of_tip", Conflict;
    OutcomeNotQualifying = "outcome_not_qualifying", Conflict;
    AlreadyAttested = "already_attested", Conflict;
    OwnAttestation = "own_attestation", Forbidden;

    // What the public is told
    OwnRelease = "own_release", Forbidden;
    NothingToPublish = "nothing_to_publish", Conflict;
    ReleaseOutdated = "release_outdated", Conflict;
    ReleaseNotReconciled = "release_not_reconciled", Conflict;

    // Offices and officers
    AlreadyMember = "already_member", Conflict;
    OfficerHasNoRole = "officer_has_no_role", Conflict;
    OfficeHasMembers = "office_has_members", Conflict;
    SecondMemberNeeded = "second_member_needed", Conflict;
    OwnRemoval = "own_removal", Forbidden;
    LastMember = "last_member", Conflict;
    LastReader = "last_reader", Conflict;

    // Reference data and offices, as administrators edit them
    NoSuchList = "no_such_list", NotFound;
    NoSuchCode = "no_such_code", NotFound;
    CodeMalformed = "code_malformed", Invalid;
    CodeTaken = "code_taken", Invalid;
    BeginsTooSoon = "begins_too_soon", Invalid;
    EndsTooSoon = "ends_too_soon", Invalid;
    NoticeTooShort = "notice_too_short", Invalid;
    CodeNeeded = "code_needed", Invalid;
    RowsUnconnected = "rows_unconnected", Invalid;
    ParentMissing = "parent_missing", Invalid;
    ParentNotAbove = "parent_not_above", Invalid;
    NotAdjacent = "not_adjacent", Invalid;
    ChoicesInvalid = "choices_invalid", Invalid;
    RetentionUnsound = "retention_unsound", Invalid;
    OfficeBeneathItself = "office_beneath_itself", Invalid;
    OfficeClosed = "office_closed", Conflict;
    OfficeHasOpenWork = "office_has_open_work", Conflict;
    OfficeHasOffices = "office_has_offices", Conflict;
    OfficeIsIntake = "office_is_intake", Conflict;

    // Who may open a tip
    UnknownOffice = "unknown_office", Invalid;
    OfficeWithoutKey = "office_without_key", Conflict;
    OfficeConcerned = "office_concerned", Conflict;
    SameOffice = "same_office", Conflict;
    NoOversight = "no_oversight", Conflict;
    TipHasCase = "tip_has_case", Conflict;
    AlreadyShared = "already_shared", Conflict;
    NotShared = "not_shared", Conflict;
    TipRestricted = "tip_restricted", Conflict;
    TipNotRestricted = "tip_not_restricted", Conflict;
    TooFewReaders = "too_few_readers", Invalid;
    ReaderNotMember = "reader_not_member", Invalid;

    // Custody
    NoSuchIdentityRequest = "no_such_identity_request", NotFound;
    NoIdentity = "no_identity", Conflict;
    OwnCustody = "own_custody", Forbidden;
    AlreadyRequested = "already_requested", Conflict;
    NotCustodian = "not_custodian", Forbidden;
    AlreadyDecided = "already_decided", Conflict;
    ShareDamaged = "share_damaged", Conflict;
    IdentityNotGranted = "identity_not_granted", Forbidden;
    TooFewCustodians = "too_few_custodians", Conflict;
    NoSuccessor = "no_successor", Conflict;
    KeyMismatch = "key_mismatch", Conflict;
    WouldLoseKeys = "would_lose_keys", Conflict;
    SharesNotHandedOver = "shares_not_handed_over", Conflict;
}

/// One wrong field: its path and what is wrong, never the rejected text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldFault {
    pub field: Cow<'static, str>,
    pub code: Code,
}

impl FieldFault {
    pub fn new(field: impl Into<Cow<'static, str>>, code: Code) -> Self {
        Self { field: field.into(), code }
    }
}

/// What a caller may know of an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Public {
    pub code: Code,
    pub fields: Vec<FieldFault>,
    /// For a refused move: the state it was in, and the verbs that the state allows.
    pub state: Option<(&'static str, Vec<&'static str>)>,
}

impl From<Code> for Public {
    fn from(code: Code) -> Self {
        Self { code, fields: Vec::new(), state: None }
    }
}

impl From<Vec<FieldFault>> for Public {
    /// One wrong field lends the whole its code, so that a client can act on the code alone.
    fn from(fields: Vec<FieldFault>) -> Self {
        let code = match fields.as_slice() {
            [only] => only.code,
            _ => Code::InvalidFields,
        };
        Self { code, fields, state: None }
    }
}

/// An error of a verb: small inside, and with a public face.
pub trait Fault: std::error::Error {
    fn public(&self) -> Public;
}

/// What of a database error a caller may know: that it may ask again later, or that something broke.
pub fn store_code(error: &sea_orm::DbErr) -> Code {
    if is_unavailable(error) { Code::StorageUnavailable } else { Code::Internal }
}

/// Collects what is wrong with a request, so that all of it is said at once.
#[derive(Debug, Default)]
pub struct Faults(Vec<FieldFault>);

impl Faults {
    pub fn add(&mut self, field: impl Into<Cow<'static, str>>, code: Code) {
        self.0.push(FieldFault::new(field, code));
    }

    pub fn check(&mut self, holds: bool, field: &'static str, code: Code) {
        if !holds {
            self.add(field, code);
        }
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `Ok` when nothing was found wrong.
    pub fn into_result(self) -> Result<(), Vec<FieldFault>> {
        if self.0.is_empty() { Ok(()) } else { Err(self.0) }
    }
}
