//! The HTTP server: puts the doors on a socket, and takes them off it without dropping anybody. A node's jobs run
//! beside it.
//!
//! Speaks HTTP/1.1 only; a front proxy speaks TLS and HTTP/2. Keeps no access log: who asked, from where and for
//! what is nobody's business, the operator's included.

use std::{io, net::SocketAddr, rc::Rc, time::Duration};

use actix_web::{
    App as HttpApp, Error, HttpServer,
    body::MessageBody,
    dev::{Extensions, ServerHandle, ServiceRequest, ServiceResponse},
    http::{ConnectionType, KeepAlive},
    middleware::{Next, from_fn},
    web::Data,
};
use tokio::task::JoinHandle;

use crate::{
    app::App,
    jobs::{self, Working},
    platform::{home::Home, leaving::Leaving},
    web::{api, console, pages},
};

/// A request's head over a bad line; a caller who drips it longer holds a connection for nothing.
const HEAD_TIMEOUT: Duration = Duration::from_secs(20);

/// An idle connection is kept this long: a new one costs a phone on a weak signal seconds.
const KEEP_ALIVE: Duration = Duration::from_secs(60);

/// What is under way may finish when the server is told to stop; a log-in in the queue takes this long.
const GRACE_SECONDS: u64 = 25;

/// Connections of one thread. Each costs some ten kilobytes while it idles.
const CONNECTIONS: usize = 10_000;

/// Why the server does not run.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    #[error("listen: {listen}: {source}")]
    Listen { listen: SocketAddr, source: io::Error },
    #[error("signals: {0}")]
    Signals(io::Error),
    #[error("server: {0}")]
    Broken(io::Error),
}

/// A server at work.
pub struct Running {
    /// Where it listens; the port is the real one when 0 was asked for.
    pub addr: SocketAddr,
    handle: ServerHandle,
    leaving: Data<Leaving>,
    task: JoinHandle<io::Result<()>>,
    jobs: Option<Working>,
}

/// Starts serving, and this node's jobs. `workers`: request threads; 0: one for each core.
pub async fn start(app: App, listen: SocketAddr, workers: usize) -> Result<Running, ServerError> {
    let running = start_doors(app.clone(), listen, workers).await?;
    Ok(Running { jobs: Some(jobs::start(app)), ..running })
}

/// Starts serving without jobs: for who runs them when it suits, as a test does.
pub async fn start_doors(app: App, listen: SocketAddr, workers: usize) -> Result<Running, ServerError> {
    let refused = |source| ServerError::Listen { listen, source };
    let (home, hub) = (Data::new(app.db.home()), Data::new(console::Hub::default()));
    let (data, leaving) = (Data::new(app), Data::new(Leaving::default()));
    let told = leaving.clone();
    let mut server = HttpServer::new(move || {
        HttpApp::new()
            .app_data(data.clone())
            .app_data(home.clone())
            .app_data(told.clone())
            .wrap(from_fn(api::door))
            .wrap(from_fn(at_home))
            .wrap(from_fn(to_the_last))
            .wrap(from_fn(by_one_edition))
            .configure(pages::configure)
            .configure(|cfg| console::configure(cfg, hub.clone()))
            .configure(api::configure)
    })
    .client_request_timeout(HEAD_TIMEOUT)
    .keep_alive(KeepAlive::Timeout(KEEP_ALIVE))
    .max_connections(CONNECTIONS)
    .shutdown_timeout(GRACE_SECONDS)
    .disable_signals();
    if workers > 0 {
        server = server.workers(workers);
    }
    let server = server.bind(listen).map_err(refused)?;
    let addr = server.addrs().first().copied().unwrap_or(listen);
    let server = server.run();
    let handle = server.handle();
    Ok(Running { addr, handle, leaving, task: tokio::spawn(server), jobs: None })
}

/// Starts serving and stays until the operator ends it.
pub async fn serve(app: App, listen: SocketAddr, workers: usize) -> Result<(), ServerError> {
    start(app, listen, workers).await?.until_told().await
}

impl Running {
    /// Takes no new request, lets those under way finish, then the jobs, and returns when it is quiet.
    pub async fn stop(self) -> Result<(), ServerError> {
        self.handle.stop(true).await;
        let served = ended(self.task.await);
        stop_jobs(self.jobs).await;
        served
    }

    /// Serves until SIGTERM or SIGINT, then gives notice and stops gracefully.
    pub async fn until_told(mut self) -> Result<(), ServerError> {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate()).map_err(ServerError::Signals)?;
        let mut interrupt = signal(SignalKind::interrupt()).map_err(ServerError::Signals)?;
        tokio::select! {
            ended_alone = &mut self.task => {
                stop_jobs(self.jobs).await;
                return ended(ended_alone);
            }
            _ = terminate.recv() => (),
            _ = interrupt.recv() => (),
        }
        self.leaving.give_notice().await;
        self.stop().await
    }
}

/// Requests open their connections where these outlive the thread that answers.
async fn at_home(
    home: Data<Home>,
    req: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    home.run(next.call(req)).await
}

/// Whatever answers a request goes by one edition of the reference data, from its beginning to its end.
async fn by_one_edition(
    app: Data<App>,
    mut req: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let mut own = Extensions::new();
    own.insert(Data::new(app.as_of_now()));
    req.add_data_container(Rc::new(own));
    next.call(req).await
}

/// A node that is about to stop keeps no connection open behind an answer.
async fn to_the_last(
    leaving: Data<Leaving>,
    req: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let mut res = next.call(req).await?;
    if leaving.leaves() {
        res.response_mut().head_mut().set_connection_type(ConnectionType::Close);
    }
    Ok(res)
}

/// After the doors: the last request's act is placed and signed for too.
async fn stop_jobs(jobs: Option<Working>) {
    if let Some(jobs) = jobs {
        jobs.stop().await;
    }
}

fn ended(task: Result<io::Result<()>, tokio::task::JoinError>) -> Result<(), ServerError> {
    task.map_err(io::Error::other).and_then(|result| result).map_err(ServerError::Broken)
}
