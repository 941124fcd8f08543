//! What is done at the line: by residents, and by officers.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{
    Any,
    client::{Answer, Client},
    crowd::{Met, crowd},
    server::Server,
};

/// 1.8 KB, as a tip that tells what, where and when is.
pub const NARRATIVE: &str = "Tối nào cũng có người lạ đi xe máy vào nhà hoang ở cuối bản, gần con suối. ";
pub const NARRATIVE_BYTES: usize = 1800;

pub fn narrative() -> String {
    let mut text = String::new();
    while text.len() < NARRATIVE_BYTES {
        text.push_str(NARRATIVE);
    }
    text
}

async fn clients(server: &Server, number: usize) -> Result<Vec<Client>, Any> {
    let mut all = Vec::new();
    for _ in 0..number {
        all.push(Client::connect(server.address).await?);
    }
    Ok(all)
}

/// A route that does nothing: what the server and this driver take for a request as such.
pub async fn nothing(server: &Server, number: usize, lasting: Duration) -> Result<Met, Any> {
    let asks = async |client: &mut Client| timed(client, "/healthz").await;
    crowd(clients(server, number).await?, lasting, 200, asks).await
}

async fn timed(client: &mut Client, path: &str) -> Result<(Instant, Answer), Any> {
    let asked = Instant::now();
    Ok((asked, client.get(path).await?))
}

/// A resident with a connection, and the receipts that were given out over it.
struct Resident {
    client: Client,
    receipts: Vec<String>,
}

/// Draws a ticket and sends a tip, over and over; the receipts of all that were stored.
pub async fn intake(
    server: &Server,
    number: usize,
    lasting: Duration,
    narrative: &str,
) -> Result<(Met, Vec<String>), Any> {
    let mut residents: Vec<Resident> = Vec::new();
    for client in clients(server, number).await? {
        residents.push(Resident { client, receipts: Vec::new() });
    }
    let kept = std::cell::RefCell::new(Vec::new());
    let met = crowd(residents, lasting, 201, async |resident: &mut Resident| {
        let ticket = resident.client.post("/api/v1/tickets", &json!({})).await?.json()?;
        let (receipt, ticket) = (&ticket["receipt"], &ticket["ticket"]);
        let tip = json!({
            "receipt": receipt, "ticket": ticket, "category": "ma_tuy", "unit": UNIT, "narrative": narrative,
        });
        let asked = Instant::now();
        let answer = resident.client.post("/api/v1/tips", &tip).await?;
        if answer.status == 201 {
            resident.receipts.push(receipt.as_str().unwrap_or_default().to_owned());
            kept.borrow_mut().extend(resident.receipts.pop());
        }
        Ok((asked, answer))
    })
    .await?;
    Ok((met, kept.into_inner()))
}

/// A place whose tips the intake desk gets: no nearer office holds a key.
const UNIT: &str = "15016";

/// Opens threads with receipts of stored tips.
pub async fn threads(server: &Server, number: usize, lasting: Duration, receipts: &[String]) -> Result<Met, Any> {
    let next = std::cell::Cell::new(0_usize);
    crowd(clients(server, number).await?, lasting, 201, async |client: &mut Client| {
        next.set(next.get() + 1);
        let receipt = receipts.get(next.get() % receipts.len()).ok_or("no receipts")?;
        let asked = Instant::now();
        let answer = client.post("/api/v1/reporter/sessions", &json!({ "receipt": receipt })).await?;
        Ok((asked, answer))
    })
    .await
}

/// A fresh token of an officer.
pub async fn token(server: &Server) -> Result<String, Any> {
    let mut client = Client::connect(server.address).await?;
    let answer = client.post("/api/v1/sessions", &log_in()).await?.expect(201)?;
    Ok(answer.json()?["access_token"].as_str().ok_or("no token")?.to_owned())
}

fn log_in() -> Value {
    json!({ "username": super::people::NAME, "password": super::people::PASSWORD })
}

pub async fn log_ins(server: &Server, number: usize, lasting: Duration) -> Result<Met, Any> {
    crowd(clients(server, number).await?, lasting, 201, async |client: &mut Client| {
        let asked = Instant::now();
        Ok((asked, client.post("/api/v1/sessions", &log_in()).await?))
    })
    .await
}

/// An officer's page or figure, over and over.
pub async fn looks(server: &Server, number: usize, lasting: Duration, path: &str) -> Result<Met, Any> {
    let token = token(server).await?;
    let mut officers = Vec::new();
    for client in clients(server, number).await? {
        let said = client.with("authorization", &format!("Bearer {token}"));
        officers.push(said.with("cookie", &format!("c={token}")));
    }
    crowd(officers, lasting, 200, async |client: &mut Client| timed(client, path).await).await
}

/// One search to its end: when the first hit came, how long all took, and how many hits there were.
pub async fn search(server: &Server, words: &str) -> Result<(Duration, Duration, usize), Any> {
    let token = token(server).await?;
    let mut client = Client::connect(server.address).await?.with("authorization", &format!("Bearer {token}"));
    let (began, mut first, mut hits, mut cursor) = (Instant::now(), None, 0, String::new());
    loop {
        let answer = client.get(&format!("/api/v1/tips?limit=100&q={words}{cursor}")).await?.expect(200)?.json()?;
        hits += answer["items"].as_array().map_or(0, Vec::len);
        if hits > 0 && first.is_none() {
            first = Some(began.elapsed());
        }
        match answer["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return Ok((first.unwrap_or_default(), began.elapsed(), hits)),
        }
    }
}
