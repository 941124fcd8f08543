//! An officer's verbs on a tip, by the names that the API's paths have.

use std::str::FromStr;

use entity::ids::{CaseId, OfficeId, OfficerId, TipId};
use uuid::Uuid;
use vault::secret::Secret;

use super::typed::Typed;
use crate::{
    app::App,
    cases, identities,
    platform::fault::Code,
    retention,
    staff::Staff,
    tips::{self, Edit, Grade, state::Dismissal},
    web::api::problem::ApiError,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    Screen,
    Accept,
    Ask,
    Reply,
    Note,
    Grade,
    Assign,
    Refer,
    MarkDuplicate,
    Dismiss,
    OpenCase,
    LinkCase,
    Reopen,
    Transfer,
    Share,
    Unshare,
    Restrict,
    LiftRestriction,
    Concern,
    PlaceHold,
    LiftHold,
    RequestIdentity,
}

impl Verb {
    pub const ALL: [Self; 22] = [
        Self::Screen,
        Self::Accept,
        Self::Ask,
        Self::Reply,
        Self::Note,
        Self::Grade,
        Self::Assign,
        Self::Refer,
        Self::MarkDuplicate,
        Self::Dismiss,
        Self::OpenCase,
        Self::LinkCase,
        Self::Reopen,
        Self::Transfer,
        Self::Share,
        Self::Unshare,
        Self::Restrict,
        Self::LiftRestriction,
        Self::Concern,
        Self::PlaceHold,
        Self::LiftHold,
        Self::RequestIdentity,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Screen => "screen",
            Self::Accept => "accept",
            Self::Ask => "ask",
            Self::Reply => "reply",
            Self::Note => "note",
            Self::Grade => "grade",
            Self::Assign => "assign",
            Self::Refer => "refer",
            Self::MarkDuplicate => "mark-duplicate",
            Self::Dismiss => "dismiss",
            Self::OpenCase => "open-case",
            Self::LinkCase => "link-case",
            Self::Reopen => "reopen",
            Self::Transfer => "transfer",
            Self::Share => "share",
            Self::Unshare => "unshare",
            Self::Restrict => "restrict",
            Self::LiftRestriction => "lift-restriction",
            Self::Concern => "concern",
            Self::PlaceHold => "place-hold",
            Self::LiftHold => "lift-hold",
            Self::RequestIdentity => "request-identity",
        }
    }
}

impl FromStr for Verb {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|verb| verb.as_str() == text).ok_or(())
    }
}

/// Does a verb with what its form holds: one service call. Gives the page to show next, where that is another than the
/// tip's.
pub async fn act(
    app: &App,
    staff: &Staff,
    id: TipId,
    edit: Edit,
    verb: Verb,
    typed: &Typed,
) -> Result<Option<String>, ApiError> {
    let (text, reason) = (typed.secret("text"), typed.secret("reason"));
    match verb {
        Verb::Screen => drop(tips::screen(app, staff, id, edit).await?),
        Verb::Accept => drop(tips::accept(app, staff, id, edit).await?),
        Verb::Ask => drop(tips::ask(app, staff, id, edit, text).await?),
        Verb::Reply => drop(tips::reply(app, staff, id, edit, text).await?),
        Verb::Note => drop(tips::note(app, staff, id, edit, text).await?),
        Verb::Grade => drop(tips::grade(app, staff, id, edit, grade(typed)).await?),
        Verb::Assign => drop(tips::assign(app, staff, id, edit, assignee(typed, staff)?).await?),
        Verb::Refer => drop(tips::refer(app, staff, id, edit, typed.get("to"), reason).await?),
        Verb::MarkDuplicate => {
            let of = tips::find_by_number(app, staff, typed.get("of"), "of").await?;
            drop(tips::mark_duplicate(app, staff, id, edit, of, reason).await?);
        }
        Verb::Dismiss => drop(tips::dismiss(app, staff, id, edit, why(typed)?, reason).await?),
        Verb::OpenCase => {
            let title = Secret::new(typed.get("title").trim().to_owned());
            drop(tips::open_case(app, staff, id, edit, title).await?);
        }
        Verb::LinkCase => {
            let case = case_of(app, staff, typed.get("case")).await?;
            drop(tips::link_case(app, staff, id, edit, case).await?);
        }
        Verb::Reopen => drop(tips::reopen(app, staff, id, edit, reason).await?),
        Verb::Transfer => tips::transfer(app, staff, id, edit, office(typed)?, reason).await?,
        Verb::Share => drop(tips::share(app, staff, id, edit, office(typed)?).await?),
        Verb::Unshare => drop(tips::unshare(app, staff, id, edit, office(typed)?).await?),
        Verb::Restrict => tips::restrict(app, staff, id, edit, officers(typed)?).await?,
        Verb::LiftRestriction => drop(tips::lift_restriction(app, staff, id, edit).await?),
        Verb::Concern => tips::concern(app, staff, id, edit, office(typed)?, reason).await?,
        Verb::PlaceHold => {
            let until = typed.day("until")?.ok_or_else(|| ApiError::field("until", Code::Missing))?;
            retention::place_hold(app, staff, id, until, reason).await?;
        }
        Verb::LiftHold => retention::lift_hold(app, staff, id, reason).await?,
        Verb::RequestIdentity => {
            let request = identities::request_identity(app, staff, id, reason, typed.secret("legal_ground")).await?;
            return Ok(Some(format!("/console/identity-requests/{}?done={}", request.id, verb.as_str())));
        }
    }
    Ok(None)
}

/// The office that a form names.
fn office(typed: &Typed) -> Result<OfficeId, ApiError> {
    let id = Uuid::try_parse(typed.get("office")).map_err(|_| ApiError::field("office", Code::Missing))?;
    Ok(id.into())
}

/// The officers that a form ticks.
fn officers(typed: &Typed) -> Result<Vec<OfficerId>, ApiError> {
    let ids = typed.all("officers").map(|id| Uuid::try_parse(id).map(OfficerId::from));
    ids.collect::<Result<_, _>>().map_err(|_| ApiError::field("officers", Code::Invalid))
}

async fn case_of(app: &App, staff: &Staff, number: &str) -> Result<CaseId, ApiError> {
    let found = cases::find_by_number(app, staff, number).await.map_err(ApiError::from);
    found.map_err(|error| if error.code() == Code::NoSuchCase { ApiError::field("case", error.code()) } else { error })
}

fn grade(typed: &Typed) -> Grade {
    let source = typed.get("source").chars().next().unwrap_or_default();
    let information = typed.get("information").parse().unwrap_or_default();
    Grade { source, information, reason: typed.filled("reason").map(str::to_owned) }
}

/// An officer by id; `me`; empty: nobody.
fn assignee(typed: &Typed, staff: &Staff) -> Result<Option<OfficerId>, ApiError> {
    match typed.get("assignee") {
        "" => Ok(None),
        "me" => Ok(Some(staff.id)),
        id => match Uuid::try_parse(id) {
            Ok(id) => Ok(Some(id.into())),
            Err(_) => Err(ApiError::field("assignee", Code::Invalid)),
        },
    }
}

fn why(typed: &Typed) -> Result<Dismissal, ApiError> {
    let why = Dismissal::ALL.into_iter().find(|why| why.as_str() == typed.get("why"));
    why.ok_or_else(|| ApiError::field("why", Code::Missing))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tips::state::Event;

    #[test]
    fn every_move_of_the_states_is_a_verb_of_the_console() {
        for (name, _) in Event::VERBS {
            assert_eq!(name.parse::<Verb>().map(Verb::as_str), Ok(name));
        }
    }
}
