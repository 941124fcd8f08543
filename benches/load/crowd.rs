//! Many clients at once, each of which asks again as soon as it was answered.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use futures::future::join_all;

use super::{Any, client::Answer};

/// What a crowd met with.
#[derive(Default)]
pub struct Met {
    /// Answers as wanted, by how long each took.
    took: Vec<Duration>,
    /// Others, by status.
    pub refused: BTreeMap<u16, usize>,
    /// Those of the answers that came while clients still asked: at the end fewer and fewer do.
    in_time: usize,
    whole: Duration,
}

/// Lets `clients` do a thing over and over for a while. `wanted`: the status of an answer that counts.
///
/// `act` does it once, and says when it began: what comes before that is preparation.
pub async fn crowd<C>(
    mut clients: Vec<C>,
    lasting: Duration,
    wanted: u16,
    act: impl AsyncFn(&mut C) -> Result<(Instant, Answer), Any>,
) -> Result<Met, Any> {
    let began = Instant::now();
    let seen = join_all(clients.iter_mut().map(async |client| {
        let mut met = Met::default();
        while began.elapsed() < lasting {
            let (asked, answer) = act(client).await?;
            match answer.status {
                status if status == wanted => {
                    met.took.push(asked.elapsed());
                    met.in_time += usize::from(began.elapsed() <= lasting);
                }
                status => *met.refused.entry(status).or_default() += 1,
            }
        }
        Ok::<_, Any>(met)
    }))
    .await;
    let mut all = Met::default();
    for met in seen {
        all.add(met?);
    }
    Ok(Met { whole: lasting, ..all })
}

impl Met {
    /// Adds what was met with in another turn.
    pub fn add(&mut self, more: Self) {
        self.took.extend(more.took);
        self.took.sort_unstable();
        for (status, count) in more.refused {
            *self.refused.entry(status).or_default() += count;
        }
        self.in_time += more.in_time;
        self.whole += more.whole;
    }

    pub fn count(&self) -> usize {
        self.took.len()
    }

    pub fn per_second(&self) -> f64 {
        self.in_time as f64 / self.whole.as_secs_f64()
    }

    /// The time within which this share of the answers came, in milliseconds.
    pub fn within(&self, share: f64) -> f64 {
        let at = (self.took.len() as f64 * share).ceil() as usize;
        self.took.get(at.saturating_sub(1)).map_or(f64::NAN, |took| took.as_secs_f64() * 1000.0)
    }
}
