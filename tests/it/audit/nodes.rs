//! Several nodes write one record, and one of them is killed.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use chrono::Duration;
use tipline::{
    app::App,
    audit::{self, Object},
    jobs,
};
use tokio::sync::oneshot;

use super::{chain, sequence};
use crate::support::{TestApp, deployment::open_node};

const WRITERS: usize = 4;
const ACTS: usize = 30;

async fn write_act(app: &App) -> Result<(), sea_orm::DbErr> {
    let object = Object::Tip(app.chance.uuid().into());
    app.db.write(async |txn| audit::record_system(txn, app, None, "TipRead", object).await).await
}

/// A node with four writers and its jobs, which writes until its whole runtime is taken from under it.
fn doomed_node(app: &TestApp, written: Arc<AtomicUsize>) -> (oneshot::Sender<()>, std::thread::JoinHandle<()>) {
    let (folder, url) = (app.database.folder.path().to_owned(), app.database.url.clone());
    let clock = app.app.clock.clone();
    let (kill, killed) = oneshot::channel::<()>();
    let thread = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let app = App { clock, ..open_node(&folder, url).await };
            let _jobs = jobs::start(app.clone());
            for _ in 0..WRITERS {
                let (app, written) = (app.clone(), written.clone());
                tokio::spawn(async move {
                    while write_act(&app).await.is_ok() {
                        written.fetch_add(1, Ordering::SeqCst);
                    }
                });
            }
            let _ = killed.await;
        });
        // Nothing is asked to end: what was under way is dropped where it stood.
        runtime.shutdown_background();
    });
    (kill, thread)
}

#[tokio::test]
async fn eight_writers_on_two_nodes_leave_no_gap_and_no_double_though_one_is_killed() {
    let app = TestApp::spawn().await;
    let elsewhere = Arc::new(AtomicUsize::new(0));
    let (kill, doomed) = doomed_node(&app, elsewhere.clone());
    let jobs = jobs::start(app.app.clone());
    let writers = (0..WRITERS).map(|_| {
        let app = app.app.clone();
        tokio::spawn(async move {
            for _ in 0..ACTS {
                write_act(&app).await.unwrap();
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    while elsewhere.load(Ordering::SeqCst) < WRITERS {
        tokio::task::yield_now().await;
    }
    kill.send(()).unwrap();
    tokio::task::spawn_blocking(|| doomed.join().unwrap()).await.unwrap();
    // The claim of the node that is gone ends.
    app.app.clock.advance(Duration::seconds(10));
    jobs.stop().await;
    app.app.clock.advance(Duration::seconds(10));
    sequence(&app.app).await;

    let links = chain(&app.app).await;
    let numbers: Vec<i64> = links.iter().map(|link| link.seq).collect();
    assert_eq!(numbers, (1..=links.len() as i64).collect::<Vec<_>>(), "no gap");
    assert_eq!(links.len(), app.count_rows("audit_rows").await, "no double, and nobody is left out");
    // What a client was told is written, is: the last of each writer may be, or not.
    let least = WRITERS * ACTS + elsewhere.load(Ordering::SeqCst);
    assert!((least..=least + WRITERS).contains(&links.len()), "{} of {least}", links.len());
    let own =
        audit::read_checkpoints(&vault::chain::public_keys(&app.app.secrets), &app.app.settings.checkpoints).unwrap();
    assert!(!own.is_empty(), "a node that stops signs");
    let verdict = audit::verify(&app.app, &[own]).await.unwrap();
    assert_eq!((verdict.tampering, verdict.waiting), (None, 0));
}
