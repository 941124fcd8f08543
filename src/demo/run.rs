//! Lets the plan happen: each act is the real verb of the real officer, at its time.

use entity::ids::{CaseId, OutcomeId, TipId, ValuationId};
use vault::{receipt::Receipt, secret::Secret};

use super::{
    DemoError,
    accounts::Crew,
    plan::{Act, Decision, Gain, Plan, Told},
    refused, releases, set_clock,
};
use crate::{
    app::App,
    cases,
    outcomes::{self, NewOutcome, NewYield},
    platform::fault::Fault,
    tips::{self, Grade, NewTip, thread},
    valuations,
};

/// What has come of a tip so far.
#[derive(Default)]
struct Track {
    receipt: Option<Secret<String>>,
    tip: Option<TipId>,
    case: Option<CaseId>,
    outcome: Option<OutcomeId>,
    valuation: Option<ValuationId>,
}

/// Does everything in the plan, one act after the other.
pub async fn run(app: &App, plan: &Plan, crew: &Crew) -> Result<(), DemoError> {
    let mut tracks: Vec<Track> = plan.tips.iter().map(|_| Track::default()).collect();
    let mut releases = plan.releases.iter().peekable();
    for happening in &plan.happenings {
        while let Some(due) = releases.next_if(|release| release.at < happening.at) {
            releases::announce(app, crew, due).await?;
        }
        set_clock(app, happening.at)?;
        let mut stage = Stage { app, crew, tracks: &mut tracks, index: happening.tip };
        match (&happening.act, plan.tips.get(happening.tip)) {
            (Act::Submit, Some(told)) => stage.submit(told).await?,
            (act, _) => stage.act(act).await?,
        }
    }
    for due in releases {
        releases::announce(app, crew, due).await?;
    }
    Ok(())
}

struct Stage<'a> {
    app: &'a App,
    crew: &'a Crew,
    tracks: &'a mut Vec<Track>,
    /// Of the tip that is acted on.
    index: usize,
}

impl Stage<'_> {
    fn track(&mut self) -> Result<&mut Track, DemoError> {
        self.tracks.get_mut(self.index).ok_or(DemoError::OutOfOrder)
    }

    /// What an earlier act made for a tip.
    fn made<T>(&self, index: usize, what: fn(&Track) -> Option<T>) -> Result<T, DemoError> {
        self.tracks.get(index).and_then(what).ok_or(DemoError::OutOfOrder)
    }

    fn tip(&self) -> Result<TipId, DemoError> {
        self.made(self.index, |track| track.tip)
    }

    async fn submit(&mut self, told: &Told) -> Result<(), DemoError> {
        let ticket = tips::issue_ticket(self.app);
        let new = NewTip {
            receipt: Receipt::parse(ticket.receipt.expose()).map_err(|_| DemoError::OutOfOrder)?,
            ticket: ticket.ticket,
            category: told.category.clone(),
            narrative: Secret::new(told.narrative.clone()),
            unit: told.unit.clone(),
            place: told.place.clone().map(Secret::new),
            occurred_on: told.occurred_on,
            happening_now: told.happening_now,
            language: Some("vi".to_owned()),
            channel: told.channel.clone(),
            concerns: Vec::new(),
            mode: told.mode,
            identity: told.identity.clone(),
        };
        let submitted = if told.by_officer {
            let written = tips::write_down(self.app, &self.crew.screener, new).await;
            written.map_err(refused("write_down"))?.submitted
        } else {
            tips::submit(self.app, &new, None).await.map_err(refused("submit"))?
        };
        let track = self.track()?;
        (track.tip, track.receipt) = (Some(submitted.id), Some(ticket.receipt));
        Ok(())
    }

    async fn act(&mut self, act: &Act) -> Result<(), DemoError> {
        let (app, tip) = (self.app, self.tip()?);
        let Crew { screener, investigator, commander } = self.crew;
        match act {
            // Done already: the only act on a tip that is not there yet.
            Act::Submit => Ok(()),
            Act::Screen => done("screen", tips::screen(app, screener, tip, None).await),
            Act::Ask(text) => done("ask", tips::ask(app, screener, tip, None, secret(text)).await),
            Act::Answer(text) => self.answer(text).await,
            Act::Reply(text) => done("reply", tips::reply(app, investigator, tip, None, secret(text)).await),
            Act::Note(text) => done("note", tips::note(app, investigator, tip, None, secret(text)).await),
            Act::Grade { source, information } => {
                let grade = Grade { source: *source, information: *information, reason: None };
                done("grade", tips::grade(app, investigator, tip, None, grade).await)
            }
            Act::Accept => done("accept", tips::accept(app, screener, tip, None).await),
            Act::Assign => done("assign", tips::assign(app, screener, tip, None, Some(investigator.id)).await),
            Act::MarkDuplicate { of, reason } => {
                let of = self.made(*of, |track| track.tip)?;
                done("mark_duplicate", tips::mark_duplicate(app, screener, tip, None, of, secret(reason)).await)
            }
            Act::Refer { to, reason } => done("refer", tips::refer(app, screener, tip, None, to, secret(reason)).await),
            Act::Dismiss { why, reason } => {
                done("dismiss", tips::dismiss(app, screener, tip, None, *why, secret(reason)).await)
            }
            Act::OpenCase { title } => self.open_case(tip, title).await,
            Act::LinkCase { of } => {
                let case = self.made(*of, |track| track.case)?;
                done("link_case", tips::link_case(app, investigator, tip, None, case).await)
            }
            Act::RecordOutcome(decision) => self.record_outcome(decision).await,
            Act::AttestValue { by, reason, identified } => self.attest_value(*by, reason, *identified).await,
            Act::Confirm => {
                let valuation = self.made(self.index, |track| track.valuation)?;
                done("confirm", valuations::confirm(app, commander, valuation).await)
            }
            Act::Revoke(reason) => {
                let valuation = self.made(self.index, |track| track.valuation)?;
                done("revoke", valuations::revoke(app, commander, valuation, secret(reason)).await)
            }
            Act::CloseCase(note) => {
                let case = self.made(self.index, |track| track.case)?;
                done("close_case", cases::close(app, investigator, case, None, Some(secret(note))).await)
            }
            Act::GiveUpReceipt => {
                let reporter = self.reporter().await?;
                done("give_up_receipt", thread::give_up_receipt(app, &reporter).await)
            }
        }
    }

    /// The reporter comes back with the receipt.
    async fn reporter(&self) -> Result<thread::Reporter, DemoError> {
        let receipt = self.tracks.get(self.index).and_then(|track| track.receipt.as_ref());
        let receipt = receipt.ok_or(DemoError::OutOfOrder)?;
        let receipt = Receipt::parse(receipt.expose()).map_err(|_| DemoError::OutOfOrder)?;
        let opened = thread::open_thread(self.app, &receipt).await.map_err(refused("open_thread"))?;
        thread::authenticate(self.app, opened.token.expose()).await.map_err(refused("authenticate"))
    }

    async fn answer(&self, text: &str) -> Result<(), DemoError> {
        let reporter = self.reporter().await?;
        done("add_message", thread::add_message(self.app, &reporter, secret(text)).await)
    }

    async fn open_case(&mut self, tip: TipId, title: &str) -> Result<(), DemoError> {
        let opened = tips::open_case(self.app, &self.crew.investigator, tip, None, secret(title)).await;
        self.track()?.case = Some(opened.map_err(refused("open_case"))?.id);
        Ok(())
    }

    async fn record_outcome(&mut self, decision: &Decision) -> Result<(), DemoError> {
        let case = self.made(self.index, |track| track.case)?;
        let new = NewOutcome {
            kind: decision.kind.clone(),
            decided_on: self.app.clock.today(),
            action_confirmed: decision.action_confirmed,
            note: Some(secret(&decision.note)),
            yields: decision.yields.iter().map(gained).collect(),
        };
        let recorded = outcomes::record(self.app, &self.crew.investigator, case, new).await;
        self.track()?.outcome = Some(recorded.map_err(refused("record_outcome"))?);
        Ok(())
    }

    async fn attest_value(&mut self, by: usize, reason: &str, identified: bool) -> Result<(), DemoError> {
        let (tip, outcome) = (self.tip()?, self.made(by, |track| track.outcome)?);
        let staff = &self.crew.investigator;
        let attested = tips::attest_value(self.app, staff, tip, outcome, secret(reason), identified).await;
        self.track()?.valuation = Some(attested.map_err(refused("attest_value"))?.id);
        Ok(())
    }
}

fn gained(gain: &Gain) -> NewYield {
    let (kind, choice, unit) = (gain.kind.clone(), gain.choice.clone(), gain.unit.clone());
    NewYield { kind, choice, amount: gain.amount_milli as f64 / 1000.0, unit }
}

fn done<T, E: Fault + Send + Sync + 'static>(verb: &'static str, result: Result<T, E>) -> Result<(), DemoError> {
    result.map(|_| ()).map_err(refused(verb))
}

fn secret(text: &str) -> Secret<String> {
    Secret::new(text.to_owned())
}
