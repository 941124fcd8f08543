//! Logs. The reader of logs is taken for an adversary.

use std::str::FromStr;

use tracing::{Level, Subscriber, level_filters::LevelFilter};
use tracing_subscriber::{Layer, filter::Targets, fmt::MakeWriter, layer::SubscriberExt};

/// What to log and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verbosity(pub Level);

impl FromStr for Verbosity {
    type Err = tracing::metadata::ParseLevelError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Level::from_str(text).map(Self)
    }
}

/// Builds the subscriber that every command installs.
///
/// The chosen level holds for this program's own events only. Libraries stay at `warn`, whatever is asked for:
/// at `debug` and `trace` HTTP and database libraries print headers and bound values.
pub fn subscriber<W>(level: Verbosity, json: bool, writer: W) -> impl Subscriber + Send + Sync
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let targets = Targets::new()
        .with_default(LevelFilter::WARN)
        // It tells of every malformed request at `error`: anybody could fill the disk with that.
        .with_target("actix_http", LevelFilter::OFF)
        .with_target("tipline", level.0);
    let format = tracing_subscriber::fmt::layer().with_writer(writer).with_target(true);
    let layer = if json { format.json().boxed() } else { format.boxed() };
    tracing_subscriber::registry().with(layer.with_filter(targets))
}
