//! What is measured, each over a socket as a client meets it, and what it may take.

use std::{net::SocketAddr, time::Duration};

use super::{Any, client::Client};

pub struct Measured {
    pub address: SocketAddr,
    pub token: String,
}

/// What, how long, what it may take, and more to tell.
pub type Taken = (String, Duration, Option<Duration>, String);

const PUBLIC: Duration = Duration::from_millis(10);
const REPORT: Duration = Duration::from_secs(1);

/// Requests for a public figure, by so many clients at once.
const REQUESTS: usize = 4_000;
const CLIENTS: usize = 4;

/// How often a report is made, after the first.
const REPORTS: usize = 7;

impl Measured {
    pub async fn all(&self) -> Result<Vec<Taken>, Any> {
        let mut all = Vec::new();
        for by in ["", "&by=year", "&by=unit_now"] {
            all.push(self.public(by).await?);
        }
        let three = "from=2021-01-01&to=2023-12-31";
        for (what, path, limit) in [
            ("staff figure, 3 years by unit and category", format!("valuable_sources?{three}&by=unit,category"), None),
            ("staff figure, free span by month", "received?from=2022-02-03&to=2024-11-20&by=month".to_owned(), None),
        ] {
            all.push(self.staff(what, &format!("/api/v1/statistics/{path}"), limit).await?);
        }
        for (what, query) in [
            ("full report, 2021-2023, JSON", format!("{three}&format=json")),
            ("full report, 2021-2023, XLSX", format!("{three}&format=xlsx")),
            ("full report, 2021-2023, CSV", format!("{three}&format=csv")),
            ("full report, 2024", "from=2024-01-01&to=2024-12-31".to_owned()),
            ("full report, one month", "from=2024-05-01&to=2024-05-31".to_owned()),
            ("full report, free span 2022-02-03 to 2024-11-20", "from=2022-02-03&to=2024-11-20".to_owned()),
            ("full report, 2021-2023 as of 2024-02-10", format!("{three}&as_of=2024-02-10")),
        ] {
            all.push(self.staff(what, &format!("/api/v1/reports/full?{query}"), Some(REPORT)).await?);
        }
        Ok(all)
    }

    async fn public(&self, by: &str) -> Result<Taken, Any> {
        let path = format!("/api/v1/public/statistics/valuable-sources?from=2021-01-01&to=2023-12-31{by}");
        let clients = (0..CLIENTS).map(|_| async {
            let mut client = Client::connect(self.address).await?;
            let mut took = Vec::new();
            for _ in 0..REQUESTS / CLIENTS {
                took.push(client.get(&path, None).await?.took);
            }
            Ok::<_, Any>(took)
        });
        let mut took: Vec<Duration> = futures::future::try_join_all(clients).await?.into_iter().flatten().collect();
        took.sort_unstable();
        let at = |percent: usize| took.get(took.len() * percent / 100).copied().unwrap_or_default();
        let more = format!("p50 {:.1?}, {CLIENTS} clients at once (limit 10 ms)", at(50));
        Ok((format!("public figure{by}, p99"), at(99), Some(PUBLIC), more))
    }

    async fn staff(&self, what: &str, path: &str, limit: Option<Duration>) -> Result<Taken, Any> {
        let mut client = Client::connect(self.address).await?;
        let (mut took, mut size) = (Vec::new(), 0);
        for _ in 0..=REPORTS {
            let answer = client.get(path, Some(&self.token)).await?;
            if answer.body.contains("\"reconciles\": false") {
                return Err(format!("{path} does not reconcile").into());
            }
            size = answer.body.len();
            took.push(answer.took);
        }
        // The first one reads from the disk what nobody has read since the database started: told, and not judged.
        let first = took.remove(0);
        took.sort_unstable();
        let (best, worst) = (took.first().copied().unwrap_or_default(), took.last().copied().unwrap_or_default());
        let limit_told = limit.map_or(String::new(), |_| " (limit 1 s)".to_owned());
        let more = format!("slowest of {REPORTS}, best {best:.1?}; the first {first:.1?}; {size} bytes{limit_told}");
        Ok((what.to_owned(), worst, limit, more))
    }
}
