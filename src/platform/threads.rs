//! Threads of their own for what takes a core for a while.

use std::{fmt, sync::Arc};

use tokio::{
    runtime::{Builder, Runtime},
    sync::oneshot,
};

use super::shedding::Overloaded;

/// Runs `work` to its end on a thread of its own, whatever becomes of the runtime of who began it: tasks stand still
/// when that is busy, and end with it. There are timers on it, and no sockets.
pub fn run_apart(name: &str, work: impl Future<Output = ()> + Send + 'static) -> std::io::Result<()> {
    let runtime = Builder::new_current_thread().enable_time().build()?;
    let thread = std::thread::Builder::new().name(name.to_owned());
    thread.spawn(move || runtime.block_on(work)).map(|_| ())
}

/// So many threads, which all that is handed to them shares. Cheap to clone.
///
/// Fewer than the runtime's own for blocking work, of which each request thread begins dozens: what a thread allocates
/// stays with it, and threads beyond the cores only take turns.
#[derive(Clone)]
pub struct Threads(Arc<Owned>);

/// None: it ends.
struct Owned(Option<Runtime>);

impl Threads {
    pub fn start(name: &str, number: usize) -> std::io::Result<Self> {
        let runtime = Builder::new_current_thread().thread_name(name).max_blocking_threads(number).build()?;
        Ok(Self(Arc::new(Owned(Some(runtime)))))
    }

    /// Runs `work` on one of the threads as soon as one is free, unless nobody waits for it any more by then. How many
    /// may ask at once is for lanes to say; it fails only when `work` panics.
    pub async fn run<T, F>(&self, work: F) -> Result<T, Overloaded>
    where
        T: Send + 'static,
        F: FnOnce() -> T + Send + 'static,
    {
        self.begin(work).done().await
    }

    /// Hands `work` over at once, for who has something else to do meanwhile.
    pub fn begin<T, F>(&self, work: F) -> Begun<T>
    where
        T: Send + 'static,
        F: FnOnce() -> T + Send + 'static,
    {
        let (tell, told) = oneshot::channel();
        if let Some(runtime) = &self.0.0 {
            drop(runtime.spawn_blocking(move || {
                if !tell.is_closed() {
                    drop(tell.send(work()));
                }
            }));
        }
        Begun(told)
    }
}

/// Work that a thread does or will do; dropped before it began, it is not done.
pub struct Begun<T>(oneshot::Receiver<T>);

impl<T> Begun<T> {
    /// What the work gave. It fails only when the work panicked.
    pub async fn done(self) -> Result<T, Overloaded> {
        self.0.await.map_err(|_| Overloaded)
    }
}

impl Drop for Owned {
    fn drop(&mut self) {
        // Waits for nobody: it may be dropped inside of another runtime, where that is not allowed.
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

impl fmt::Debug for Threads {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Threads(..)")
    }
}

#[cfg(test)]
mod tests {
    use std::{
        collections::HashSet,
        sync::{
            Arc,
            atomic::{AtomicBool, Ordering},
            mpsc,
        },
        thread,
    };

    use futures::{future::join_all, poll};

    use super::Threads;

    #[tokio::test]
    async fn much_work_shares_few_threads_and_who_panics_takes_nobody_along() {
        let threads = Threads::start("two", 2).unwrap();
        let on = join_all((0..100).map(|_| threads.run(|| thread::current().id()))).await;
        let on: HashSet<_> = on.into_iter().map(Result::unwrap).collect();
        assert!((1..=2).contains(&on.len()), "{on:?}");
        threads.run(|| -> u8 { panic!("on purpose") }).await.unwrap_err();
        assert_eq!(threads.run(|| 7).await.unwrap(), 7);
    }

    #[tokio::test]
    async fn what_nobody_waits_for_is_not_done() {
        let threads = Threads::start("one", 1).unwrap();
        let (go, wait) = mpsc::channel::<()>();
        let mut busy = Box::pin(threads.run(move || wait.recv().is_ok()));
        assert!(poll!(busy.as_mut()).is_pending());
        let done = Arc::new(AtomicBool::new(false));
        let mark = done.clone();
        let mut hung_up = Box::pin(threads.run(move || mark.store(true, Ordering::SeqCst)));
        assert!(poll!(hung_up.as_mut()).is_pending());
        drop(hung_up);
        go.send(()).unwrap();
        assert!(busy.await.unwrap());
        threads.run(|| ()).await.unwrap();
        assert!(!done.load(Ordering::SeqCst));
    }
}
