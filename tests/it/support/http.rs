//! A client that speaks plain HTTP/1.1, one connection a request: nothing between a test and the socket.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
};

/// Who asks: where, from which address, with which headers.
#[derive(Clone)]
pub struct Client {
    pub server: SocketAddr,
    from: IpAddr,
    headers: Vec<(String, String)>,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    /// Bytes on the wire, head and body.
    size: usize,
    /// For the message of a test that fails.
    asked: String,
}

impl Client {
    pub fn of(server: SocketAddr) -> Self {
        Self { server, from: Ipv4Addr::LOCALHOST.into(), headers: Vec::new() }
    }

    /// The same client with a bearer token.
    pub fn bearing(&self, token: &str) -> Self {
        self.with("authorization", &format!("Bearer {token}"))
    }

    /// The same client with one more header.
    pub fn with(&self, name: &str, value: &str) -> Self {
        let mut client = self.clone();
        client.headers.push((name.into(), value.into()));
        client
    }

    /// The same client from another address of this machine.
    pub fn at_address(&self, from: IpAddr) -> Self {
        Self { from, ..self.clone() }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], b"").await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send("DELETE", path, &[], b"").await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.post_bytes(path, body.to_string().as_bytes()).await
    }

    /// Sends a verb that takes no body.
    pub async fn post_nothing(&self, path: &str) -> Answer {
        self.send("POST", path, &[], b"").await
    }

    /// Sends a body that says of itself that it is JSON.
    pub async fn post_bytes(&self, path: &str, body: &[u8]) -> Answer {
        self.send("POST", path, &[("content-type", "application/json")], body).await
    }

    pub async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let mut head = format!("{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n", self.server);
        let own = self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        for (name, value) in own.chain(headers.iter().copied()) {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str(&format!("content-length: {}\r\n\r\n", body.len()));
        let mut connection = self.connect().await;
        connection.write_all(head.as_bytes()).await.expect("the server reads the head");
        // A server that refuses before it has read all may close; its answer still counts.
        let _ = connection.write_all(body).await;
        let mut raw = Vec::new();
        let read = read_answer(&mut connection, &mut raw).await;
        assert!(read.is_ok() || !raw.is_empty(), "{method} {path}: {read:?}");
        parse(&raw, format!("{method} {path}"))
    }

    async fn connect(&self) -> TcpStream {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(SocketAddr::new(self.from, 0)).unwrap();
        socket.connect(self.server).await.expect("the server takes the connection")
    }
}

/// Until the other side closes, or all is there that the head announces: not every server heeds `connection: close`.
async fn read_answer(connection: &mut TcpStream, raw: &mut Vec<u8>) -> std::io::Result<()> {
    while !is_whole(raw) && connection.read_buf(raw).await? > 0 {}
    Ok(())
}

fn is_whole(raw: &[u8]) -> bool {
    let Some(end) = raw.windows(4).position(|four| four == b"\r\n\r\n") else { return false };
    let head = String::from_utf8_lossy(&raw[..end]).to_ascii_lowercase();
    let announced = head.split("\r\n").find_map(|line| line.strip_prefix("content-length:"));
    announced.and_then(|length| length.trim().parse().ok()).is_some_and(|length: usize| raw.len() >= end + 4 + length)
}

fn parse(raw: &[u8], asked: String) -> Answer {
    let end = raw.windows(4).position(|four| four == b"\r\n\r\n").unwrap_or_else(|| panic!("{asked}: no answer"));
    let head = std::str::from_utf8(&raw[..end]).unwrap();
    let mut lines = head.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|code| code.parse().ok());
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let chunked = headers.iter().any(|(name, _)| name == "transfer-encoding");
    let body = if chunked { join_chunks(&raw[end + 4..]) } else { raw[end + 4..].to_vec() };
    let packed = headers.iter().any(|(name, value)| name == "content-encoding" && value == "gzip");
    let body = if packed { unpack(&body) } else { body };
    Answer { status: status.expect("a status"), headers, body, size: raw.len(), asked }
}

fn unpack(body: &[u8]) -> Vec<u8> {
    let mut unpacked = Vec::new();
    std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(body), &mut unpacked).expect("it is packed well");
    unpacked
}

fn join_chunks(mut rest: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    loop {
        let line = rest.windows(2).position(|two| two == b"\r\n").expect("a chunk's size");
        let size = usize::from_str_radix(std::str::from_utf8(&rest[..line]).unwrap(), 16).unwrap();
        if size == 0 {
            return body;
        }
        body.extend_from_slice(&rest[line + 2..line + 2 + size]);
        rest = &rest[line + 4 + size..];
    }
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_str())
    }

    /// Every value of a header.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> + 'a {
        self.headers.iter().filter(move |(given, _)| given == name).map(|(_, value)| value.as_str())
    }

    pub fn size(&self) -> usize {
        self.size
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body; null when there is none.
    pub fn json(&self) -> Value {
        if self.body.is_empty() {
            return Value::Null;
        }
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("{}: not JSON: {}", self.asked, self.text()))
    }

    /// The body of an answer that must have this status.
    #[track_caller]
    pub fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}: {}", self.asked, self.text());
        self.json()
    }

    /// The body of a problem that must have this status and code.
    #[track_caller]
    pub fn expect_problem(&self, status: u16, code: &str) -> Value {
        let problem = self.expect(status);
        assert_eq!(problem["code"], code, "{}: {problem}", self.asked);
        assert_eq!(problem["status"], status, "{}: {problem}", self.asked);
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{}", self.asked);
        problem
    }
}
