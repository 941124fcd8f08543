//! What the ledger is made of: how many tips of which end, what they are about, and in which words.

use std::collections::BTreeMap;

use serde::Deserialize;

/// All data of the demonstration.
pub struct Stories {
    pub ledger: Ledger,
    pub matters: Vec<Matter>,
    pub words: Words,
}

/// How many of what.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ledger {
    pub years: Vec<Year>,
    /// After the last of the years, up to two months ago: nothing that counts.
    pub later: Ends,
    /// Of the last weeks: what waits in the queue.
    pub open: Open,
    /// One deck each for the tips that count; they add up to the sum of `counted`.
    pub categories: BTreeMap<String, u32>,
    pub channels: BTreeMap<String, u32>,
    pub units: BTreeMap<String, u32>,
    /// Weights for the others.
    pub other_categories: BTreeMap<String, u32>,
    pub modes: BTreeMap<String, u32>,
}

#[derive(Deserialize)]
pub struct Year {
    pub year: i32,
    #[serde(flatten)]
    pub ends: Ends,
}

/// How tips end. The first two count.
#[derive(Clone, Copy, Deserialize)]
pub struct Ends {
    pub counted: usize,
    /// Joined the case of one that counts, with decisive news of its own.
    pub joined: usize,
    pub revoked: usize,
    /// Attested, and never confirmed.
    pub attested: usize,
    /// Worked, and nothing came of it.
    pub fruitless: usize,
    /// Ended with a caution, a pledge or peace.
    pub settled: usize,
    pub duplicate: usize,
    pub referred: usize,
    pub dismissed: usize,
}

/// How far tips of the last weeks have come.
#[derive(Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Open {
    pub received: usize,
    pub screening: usize,
    pub need_info: usize,
    pub answered: usize,
    pub accepted: usize,
    pub verifying: usize,
    pub handled: usize,
}

/// Something that tips are about.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Matter {
    pub category: String,
    /// Title of the case.
    pub title: String,
    pub texts: Vec<String>,
    pub question: String,
    pub answer: String,
    /// Outcome kinds that make a source valuable.
    pub endings: Vec<String>,
    pub yields: Vec<YieldRange>,
}

/// What police may gain, in thousandths.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct YieldRange {
    pub kind: String,
    pub choice: Option<String>,
    pub unit: String,
    pub from: i64,
    pub to: i64,
    pub step: i64,
}

/// Words that any tip may use.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    pub openings: Vec<String>,
    pub closings: Vec<String>,
    /// Ends every narrative: whoever sees one on a screen must not take it for a real one.
    pub mark: String,
    pub places: Vec<String>,
    pub times: Vec<String>,
    pub vehicles: Vec<String>,
    pub replies: Vec<String>,
    pub results: Vec<String>,
    pub thanks: Vec<String>,
    pub notes: Vec<String>,
    pub case_notes: Vec<String>,
    pub success_notes: Vec<String>,
    pub failure_notes: Vec<String>,
    pub failures: Vec<String>,
    pub settlements: Vec<String>,
    pub attestations: Vec<String>,
    pub revocations: Vec<String>,
    pub duplicates: Vec<String>,
    pub referrals: Vec<Referral>,
    pub dismissals: Vec<Dismissed>,
    pub people: Vec<String>,
    pub organisations: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Referral {
    pub to: String,
    pub reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dismissed {
    pub why: String,
    pub text: String,
    pub reason: String,
}

impl Stories {
    pub fn load() -> Result<Self, serde_json::Error> {
        Ok(Self {
            ledger: serde_json::from_str(include_str!("data/ledger.json"))?,
            matters: serde_json::from_str(include_str!("data/matters.json"))?,
            words: serde_json::from_str(include_str!("data/words.json"))?,
        })
    }
}
