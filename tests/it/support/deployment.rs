use std::{collections::HashMap, net::SocketAddr, path::Path, sync::Mutex, thread::JoinHandle};

use chrono::{DateTime, Utc};
use entity::{enums::Role, ids::OfficeId};
use tipline::{
    app::App,
    config::Config,
    platform::clock::Clock,
    server,
    staff::{self, NewOfficer, Permission, Staff},
    units::{self, Granted},
};
use tokio::sync::oneshot;
use vault::{chance::Chance, secret::Secret};

use super::{Officer, Resident, Tip, database::TestDatabase, http::Client};

/// Nine in the morning in Quan Sơn, on a Monday while there were twelve communes.
const START: &str = "2024-06-03T02:00:00Z";

/// Takes every tip for which no nearer office holds a key.
pub const INTAKE: &str = "ca-tinh-38";

/// The police of Na Mèo, unit 15013.
pub const NA_MEO: &str = "ca-xa-15013-2019";

/// A password that nobody has to remember.
pub const PASSWORD: &str = "muong-suoi-nha-san-cau-treo";

/// A deployment at work. Its clock stands still until the test moves it.
pub struct TestApp {
    pub app: App,
    pub address: SocketAddr,
    /// Officers who hold the key, by office.
    members: Mutex<HashMap<OfficeId, Vec<Staff>>>,
    _server: Server,
    // Dropped last: the server stops before its database goes.
    pub database: TestDatabase,
}

impl TestApp {
    /// Starts a deployment in which nobody has enrolled yet.
    pub async fn spawn() -> Self {
        Self::spawn_with(|app| app).await
    }

    /// The same with something in it changed before it serves.
    pub async fn spawn_with(change: impl FnOnce(App) -> App) -> Self {
        let database = TestDatabase::migrated().await;
        let app = change(open(&database).await);
        Self::serve(app, database)
    }

    /// A deployment in which a password costs what it costs outside of tests.
    pub async fn spawn_in_earnest() -> Self {
        let database = TestDatabase::migrated().await;
        let app = open_in_earnest(database.folder.path(), database.url.clone()).await;
        Self::serve(app, database)
    }

    fn serve(app: App, database: TestDatabase) -> Self {
        let (server, address) = Server::start(app.clone());
        Self { app, address, members: Mutex::default(), _server: server, database }
    }

    /// A second node over the same database and secrets.
    pub async fn another_node(&self) -> (App, Server, Client) {
        let app = App { clock: self.app.clock.clone(), ..open(&self.database).await };
        let (server, address) = Server::start(app.clone());
        (app, server, Client::of(address))
    }

    /// A server for another deployment, which ends with what is returned.
    pub fn serves(&self, app: App) -> (Server, Client) {
        let (server, address) = Server::start(app);
        (server, Client::of(address))
    }

    pub fn client(&self) -> Client {
        Client::of(self.address)
    }

    pub fn resident(&self) -> Resident<'_> {
        Resident::new(self)
    }

    /// A tip that a resident has just sent.
    pub async fn tip(&self, narrative: &str) -> Tip {
        self.resident().submits(narrative).await
    }

    /// An officer of the intake desk, logged in.
    pub async fn officer(&self, name: &str, roles: &[Role]) -> Officer {
        self.officer_at(INTAKE, name, roles).await
    }

    /// An officer of an office, logged in, and with the office's key where the work needs it.
    pub async fn officer_at(&self, office: &str, name: &str, roles: &[Role]) -> Officer {
        let office = self.office(office).await;
        let new = NewOfficer {
            username: name.to_owned(),
            display_name: name.to_owned(),
            office,
            roles: roles.to_vec(),
            password: Secret::new(PASSWORD.to_owned()),
            must_change_password: false,
            second_factor_required: false,
        };
        let opens_tips = roles.iter().any(|role| Permission::ReadTips.is_given_by(*role));
        let members = self.members.lock().unwrap().get(&office).cloned().unwrap_or_default();
        if opens_tips && members.is_empty() {
            staff::create_first_member(&self.app, new).await.unwrap();
        } else {
            staff::insert_officer(&self.app, new).await.unwrap();
        }
        let officer = self.logs_in(name, PASSWORD).await;
        if opens_tips {
            let seen = officer.staff.key_fingerprint();
            // A commander is let in by two.
            for member in &members {
                match units::grant_key(&self.app, member, office, officer.staff.id, &seen).await.unwrap() {
                    Granted::Granted => break,
                    Granted::WaitsForSecondMember => (),
                }
            }
            self.members.lock().unwrap().entry(office).or_default().push(officer.staff.clone());
        }
        officer
    }

    /// A fresh session of an officer who exists and has no second factor.
    pub async fn logs_in(&self, name: &str, password: &str) -> Officer {
        let tokens = staff::log_in(&self.app, name, Secret::new(password.to_owned()), None).await;
        let tokens = tokens.unwrap_or_else(|error| panic!("{name}: {error}"));
        let staff = staff::authenticate(&self.app, &tokens.access).await.unwrap();
        Officer { client: self.client().bearing(&tokens.access), tokens, staff }
    }

    pub async fn office(&self, code: &str) -> OfficeId {
        let office = units::store::office_by_code(self.app.db.read(), code).await.unwrap();
        office.unwrap_or_else(|| panic!("no office {code}")).id
    }
}

async fn open(database: &TestDatabase) -> App {
    open_node(database.folder.path(), database.url.clone()).await
}

/// One more node over a folder of secrets and a database.
pub async fn open_node(folder: &Path, url: Option<String>) -> App {
    let app = open_in_earnest(folder, url).await;
    // Two thirds of what all tests cost would be officers' passwords.
    app.secrets.spare_passwords();
    app
}

async fn open_in_earnest(folder: &Path, url: Option<String>) -> App {
    let config = Config { data_dir: folder.join("data"), database_url: url, ..Config::default() };
    let start: DateTime<Utc> = START.parse().unwrap();
    let clock = Clock::manual(config.zone().unwrap(), start);
    App::open(&config, clock, Chance::system()).await.unwrap()
}

/// A server with a runtime of its own, so that it can be stopped while the test's runtime goes down.
pub struct Server {
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    fn start(app: App) -> (Self, SocketAddr) {
        let (stop, stopped) = oneshot::channel();
        let (ready, address) = std::sync::mpsc::channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let running = server::start_doors(app, SocketAddr::from(([127, 0, 0, 1], 0)), 2).await.unwrap();
                ready.send(running.addr).unwrap();
                let _ = stopped.await;
                running.stop().await.unwrap();
            });
        });
        let address = address.recv().expect("the server starts");
        (Self { stop: Some(stop), thread: Some(thread) }, address)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stop.take());
        let stopped = self.thread.take().map(JoinHandle::join);
        if !std::thread::panicking() {
            assert!(matches!(stopped, Some(Ok(()))), "the server did not stop in good order");
        }
    }
}
