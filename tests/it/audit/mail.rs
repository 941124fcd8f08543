//! Checkpoints reach somebody outside, by a mail server that speaks the real protocol.

use std::{
    io::{BufRead, BufReader},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::Arc,
};

use serde_json::Value;
use tipline::{
    app::App,
    audit::{self, CheckpointError},
    platform::mail::Mailer,
};
use vault::chain::{self, Checkpoint};

use super::with_acts;

/// A Python that has `aiosmtpd`.
const PYTHON: &str = "TIPLINE_TEST_MAIL_PYTHON";

struct MailServer {
    process: Child,
    // It ends when this is closed.
    _stdin: ChildStdin,
    said: BufReader<ChildStdout>,
    port: u64,
}

impl MailServer {
    fn start() -> Self {
        let python = std::env::var(PYTHON).unwrap_or_else(|_| {
            let own = concat!(env!("CARGO_MANIFEST_DIR"), "/target/mail-server/bin/python");
            if std::path::Path::new(own).exists() { own } else { "python3" }.to_owned()
        });
        let mut command = Command::new(&python);
        command.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/audit/mail_server.py"));
        let started = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut process = started.unwrap_or_else(|error| panic!("{python}: {error}; {PYTHON} names it"));
        let (stdin, stdout) = (process.stdin.take().unwrap(), process.stdout.take().unwrap());
        let mut server = Self { process, _stdin: stdin, said: BufReader::new(stdout), port: 0 };
        server.port = server.says().as_u64().unwrap();
        server
    }

    /// The next line; the server says more than one only when it takes mail.
    fn says(&mut self) -> Value {
        let mut line = String::new();
        self.said.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap_or_else(|_| panic!("the mail server ended: see its message above"))
    }

    fn mailer(&self) -> Option<Mailer> {
        let url = format!("smtp://127.0.0.1:{}", self.port);
        Some(Mailer::new(&url, "line@example.vn", "overseer@example.vn").unwrap())
    }

    fn end(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

#[tokio::test]
async fn a_checkpoint_is_mailed_to_the_overseer_and_a_server_that_is_gone_loses_none() {
    let mut server = MailServer::start();
    let (test, ..) = with_acts(1).await;
    let app = App { mailer: server.mailer().map(Arc::new), ..test.app.clone() };
    let signed = audit::write_checkpoint(&app).await.unwrap();
    let mail = server.says();
    assert_eq!((&mail["from"], &mail["to"][0]), (&"line@example.vn".into(), &"overseer@example.vn".into()));
    assert_eq!(mail["subject"], format!("tipline audit checkpoint {}", signed.head.seq));
    assert_eq!(mail["date"], "Mon, 03 Jun 2024 02:00:01 +0000", "the time of the line, not of this machine");
    let keys = chain::public_keys(&app.secrets);
    assert_eq!(Checkpoint::read(mail["body"].as_str().unwrap().trim_end(), &keys), Ok(signed), "{mail}");
    server.end();

    let refused = audit::write_checkpoint(&app).await.unwrap_err();
    assert!(matches!(refused, CheckpointError::Mail(_)), "{refused}");
    let kept = audit::read_checkpoints(&keys, &app.settings.checkpoints).unwrap();
    assert_eq!(kept, [signed, signed], "it is in the file all the same");
}
