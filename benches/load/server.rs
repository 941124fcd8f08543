//! The real server, as a process of its own: so that its memory is its own, too.

use std::{
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use super::{Any, client::Client};

pub struct Server {
    child: Child,
    pub address: SocketAddr,
    /// From its start to its first answer.
    pub started: Duration,
}

impl Server {
    pub async fn start(folder: &Path, url: Option<&str>) -> Result<Self, Any> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tipline"));
        command.arg("serve").env("TIPLINE_DATA_DIR", folder.join("data")).env("TIPLINE_LISTEN", "127.0.0.1:0");
        command.env("TIPLINE_LOG_LEVEL", "error").env("TIPLINE_NETWORK_BURST", "0").current_dir(folder);
        if let Some(url) = url {
            command.env("DATABASE_URL", url);
        }
        let began = Instant::now();
        let mut child = command.stdout(Stdio::piped()).spawn()?;
        let mut said = BufReader::new(child.stdout.take().ok_or("no output")?);
        let mut line = String::new();
        said.read_line(&mut line)?;
        let address = line.split("http://").nth(1).and_then(|rest| rest.split(' ').next()).ok_or(line.clone())?;
        let address = address.parse()?;
        Client::connect(address).await?.get("/api/v1/categories").await?.expect(200)?;
        let started = began.elapsed();
        // Read on, so that it never waits for us.
        std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
        Ok(Self { child, address, started })
    }

    /// Resident memory, in MiB: now, and at its highest.
    pub fn memory(&self) -> Result<(f64, f64), Any> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let of = |name: &str| -> Option<f64> {
            let line = status.lines().find(|line| line.starts_with(name))?;
            line.split_whitespace().nth(1)?.parse().ok()
        };
        Ok((of("VmRSS:").ok_or("no VmRSS")? / 1024.0, of("VmHWM:").ok_or("no VmHWM")? / 1024.0))
    }

    /// Processor time that it has used so far, in seconds.
    pub fn processor_time(&self) -> Result<f64, Any> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
        let ticks = |at: usize| fields.get(at).and_then(|text| text.parse::<f64>().ok());
        // A hundredth of a second each, on every Linux that we know.
        Ok((ticks(11).ok_or("no utime")? + ticks(12).ok_or("no stime")?) / 100.0)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
