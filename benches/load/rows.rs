//! The table, row by row.

use std::io::Write;

use super::{Any, crowd::Met, server::Server};

pub struct Rows {
    database: &'static str,
}

impl Rows {
    pub fn of(database: &'static str) -> Self {
        Self { database }
    }

    /// A load: how many a second, how long they took, and beside what the machine can do.
    pub fn met(&self, what: &str, met: &Met, bound: Option<f64>) -> Result<(), Any> {
        let beside = bound.map_or(String::new(), |bound| format!("{:.2} of {bound:.0}/s", met.per_second() / bound));
        let refused: String = met.refused.iter().map(|(status, count)| format!(" {count} x {status}")).collect();
        let times = [0.5, 0.95, 0.99].map(|share| format!("{:.1}", met.within(share))).join(" / ");
        self.row(what, &format!("{:.0}/s", met.per_second()), &times, &format!("{beside}{refused}"))
    }

    pub fn number(&self, what: &str, number: f64, unit: &str) -> Result<(), Any> {
        self.row(what, &format!("{number:.1} {unit}"), "", "")
    }

    pub fn memory(&self, what: &str, server: &Server) -> Result<(), Any> {
        let (now, highest) = server.memory()?;
        let used = server.processor_time()?;
        self.row(what, &format!("{now:.0} MiB"), "", &format!("at most {highest:.0} MiB; {used:.1} s of processor"))
    }

    fn row(&self, what: &str, figure: &str, times: &str, beside: &str) -> Result<(), Any> {
        let mut out = std::io::stdout().lock();
        writeln!(out, "| {} | {what} | {figure} | {times} | {beside} |", self.database)?;
        Ok(out.flush()?)
    }
}
