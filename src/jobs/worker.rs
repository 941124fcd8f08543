use tokio::{sync::oneshot, task::JoinHandle, time::Instant};
use uuid::Uuid;

use super::{Job, JobError, schedule::Schedule, store};
use crate::app::App;

/// A node's jobs at work.
pub struct Working {
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

/// Starts this node's jobs.
pub fn start(app: App) -> Working {
    let (stop, stopped) = oneshot::channel();
    Working { stop, task: tokio::spawn(work(app, stopped)) }
}

impl Working {
    /// Lets the job at work end, places what still waits, signs the chain, and returns.
    pub async fn stop(self) {
        // Fails only if the work has ended by itself, and then there is nothing left to stop.
        let _ = self.stop.send(());
        if let Err(error) = self.task.await {
            tracing::error!(%error, "jobs broke off");
        }
    }
}

async fn work(app: App, stopped: oneshot::Receiver<()>) {
    let node = app.chance.uuid();
    let beside = app.clone();
    let long = tokio::spawn(async move { repeat(&beside, node, &Job::LONG, std::future::pending::<()>()).await });
    let aside = app.clone();
    let look = tokio::spawn(async move { repeat(&aside, node, &Job::LOOK, std::future::pending::<()>()).await });
    // Told to stop, or whoever could tell is gone.
    repeat(&app, node, &Job::SHORT, stopped).await;
    for beside in [long, look] {
        beside.abort();
        let _ = beside.await;
    }
    for job in Job::AT_STOP {
        run_logged(&app, job, node).await;
    }
    let given_back = app.db.write(async |txn| store::give_back(txn, node).await).await;
    if let Err(error) = given_back {
        tracing::error!(%error, "claims end by themselves");
    }
}

/// Runs jobs whenever they are due, until `stopped`; the one at work ends first.
async fn repeat(app: &App, node: Uuid, jobs: &[Job], stopped: impl Future) {
    let mut stopped = std::pin::pin!(stopped);
    let mut schedule = Schedule::starting(jobs, Instant::now());
    loop {
        for job in schedule.take_due(Instant::now()) {
            run_logged(app, job, node).await;
        }
        tokio::select! {
            _ = &mut stopped => break,
            () = tokio::time::sleep_until(schedule.next(Instant::now())) => (),
        }
    }
}

/// One run of one job, as this node.
pub async fn run(app: &App, job: Job, node: Uuid) -> Result<(), JobError> {
    job.run(&app.as_of_now(), node).await
}

async fn run_logged(app: &App, job: Job, node: Uuid) {
    if let Err(error) = run(app, job, node).await {
        tracing::error!(job = job.name(), %error, "tried again when it is next due");
    }
}
