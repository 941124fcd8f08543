//! A client that keeps its connection, and reads no more of an answer than it has to.

use std::net::SocketAddr;

use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::Any;

pub struct Client {
    address: SocketAddr,
    stream: TcpStream,
    head: String,
    buffer: Vec<u8>,
}

pub struct Answer {
    pub status: u16,
    pub body: Vec<u8>,
    head: String,
}

impl Client {
    pub async fn connect(address: SocketAddr) -> Result<Self, Any> {
        let stream = open(address).await?;
        Ok(Self { address, stream, head: String::new(), buffer: Vec::with_capacity(64 * 1024) })
    }

    /// The same client, which says this in every head.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.head.push_str(&format!("{name}: {value}\r\n"));
        self
    }

    pub async fn get(&mut self, path: &str) -> Result<Answer, Any> {
        self.send("GET", path, "", b"").await
    }

    pub async fn post(&mut self, path: &str, body: &Value) -> Result<Answer, Any> {
        self.send("POST", path, "content-type: application/json\r\n", body.to_string().as_bytes()).await
    }

    async fn send(&mut self, method: &str, path: &str, kind: &str, body: &[u8]) -> Result<Answer, Any> {
        let head = &self.head;
        let length = body.len();
        let mut request =
            format!("{method} {path} HTTP/1.1\r\nhost: bench\r\n{head}{kind}content-length: {length}\r\n\r\n")
                .into_bytes();
        request.extend_from_slice(body);
        self.stream.write_all(&request).await?;
        let answer = self.read().await?;
        if answer.header("connection") == Some("close") {
            self.stream = open(self.address).await?;
        }
        Ok(answer)
    }

    async fn read(&mut self) -> Result<Answer, Any> {
        self.buffer.clear();
        let end = loop {
            if let Some(at) = self.buffer.windows(4).position(|four| four == b"\r\n\r\n") {
                break at + 4;
            }
            self.more().await?;
        };
        let head = String::from_utf8_lossy(&self.buffer[..end]).to_ascii_lowercase();
        let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).ok_or("no status")?;
        let mut answer = Answer { status, body: Vec::new(), head };
        let length: usize = answer.header("content-length").unwrap_or("0").parse()?;
        while self.buffer.len() < end + length {
            self.more().await?;
        }
        answer.body = self.buffer[end..end + length].to_vec();
        Ok(answer)
    }

    async fn more(&mut self) -> Result<(), Any> {
        if self.stream.read_buf(&mut self.buffer).await? == 0 { Err("the server hung up".into()) } else { Ok(()) }
    }
}

async fn open(address: SocketAddr) -> Result<TcpStream, Any> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

impl Answer {
    pub fn json(&self) -> Result<Value, Any> {
        Ok(serde_json::from_slice(&self.body)?)
    }

    /// The answer, if it is of this status.
    pub fn expect(self, status: u16) -> Result<Self, Any> {
        if self.status == status {
            return Ok(self);
        }
        Err(format!("{} instead of {status}: {}", self.status, String::from_utf8_lossy(&self.body)).into())
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.split("\r\n").filter_map(|line| line.split_once(": "));
        lines.find(|(key, _)| *key == name).map(|(_, value)| value)
    }
}
