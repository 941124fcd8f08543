//! A client that keeps its connection.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
};

use super::Any;

pub struct Client {
    stream: BufReader<TcpStream>,
}

pub struct Answer {
    pub body: String,
    pub took: Duration,
}

impl Client {
    pub async fn connect(address: SocketAddr) -> Result<Self, Any> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream: BufReader::new(stream) })
    }

    /// Asks; anything but 200 is an error.
    pub async fn get(&mut self, path: &str, token: Option<&str>) -> Result<Answer, Any> {
        let bearer = token.map_or(String::new(), |token| format!("authorization: Bearer {token}\r\n"));
        let began = Instant::now();
        self.stream.write_all(format!("GET {path} HTTP/1.1\r\nhost: bench\r\n{bearer}\r\n").as_bytes()).await?;
        let (mut status, mut length) = (String::new(), 0);
        self.stream.read_line(&mut status).await?;
        loop {
            let mut line = String::new();
            self.stream.read_line(&mut line).await?;
            let line = line.trim_end().to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            if let Some(told) = line.strip_prefix("content-length: ") {
                length = told.parse()?;
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).await?;
        let (body, took) = (String::from_utf8_lossy(&body).into_owned(), began.elapsed());
        if status.contains(" 200 ") { Ok(Answer { body, took }) } else { Err(format!("{path}: {status}{body}").into()) }
    }
}
