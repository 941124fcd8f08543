//! Reads `matrix.txt`.

use super::people::Caller;

const MATRIX: &str = include_str!("matrix.txt");

/// A route and what is expected of it.
pub struct Block {
    pub operation: String,
    pub method: String,
    pub path: String,
    /// With its question mark.
    pub query: String,
    pub body: Option<String>,
    /// Success ends the caller's session, so each caller gets one of its own.
    pub ends_session: bool,
    pub rows: Vec<Row>,
}

/// What each caller gets while the object is in a state.
pub struct Row {
    pub state: String,
    cells: Vec<Expected>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// 200 to 299.
    Ok,
    Status(u16),
}

impl Expected {
    pub fn is(self, status: u16) -> bool {
        match self {
            Self::Ok => (200..300).contains(&status),
            Self::Status(expected) => expected == status,
        }
    }

    pub fn is_ok(self) -> bool {
        self == Self::Ok
    }

    fn read(cell: &str) -> Self {
        match cell {
            "ok" => Self::Ok,
            status => Self::Status(status.parse().unwrap_or_else(|_| panic!("matrix.txt: no status: {status}"))),
        }
    }
}

impl Row {
    pub fn expected(&self, caller: Caller) -> Expected {
        let at = Caller::ALL.iter().position(|known| *known == caller).unwrap();
        self.cells[at]
    }
}

/// All blocks, in the order of the file.
pub fn blocks() -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    for line in MATRIX.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
        match line.strip_prefix("  ") {
            None => blocks.push(block(line)),
            Some(rest) => blocks.last_mut().expect("matrix.txt begins with a route").take(rest),
        }
    }
    for block in &blocks {
        assert!(!block.rows.is_empty(), "matrix.txt: {} has no row", block.operation);
    }
    blocks
}

fn block(line: &str) -> Block {
    let words: Vec<&str> = line.split_whitespace().collect();
    let [operation, method, path] = words[..] else { panic!("matrix.txt: not `name METHOD path`: {line}") };
    Block {
        operation: operation.into(),
        method: method.into(),
        path: path.into(),
        query: String::new(),
        body: None,
        ends_session: false,
        rows: Vec::new(),
    }
}

impl Block {
    /// One indented line: `query ..`, `body ..`, `ends session`, or a state and its cells.
    fn take(&mut self, line: &str) {
        let (first, rest) = line.split_once(' ').unwrap_or((line, ""));
        match first {
            "query" => self.query = rest.trim().into(),
            "body" => self.body = Some(rest.trim().into()),
            "ends" => self.ends_session = true,
            state => {
                let cells: Vec<Expected> = rest.split_whitespace().map(Expected::read).collect();
                assert_eq!(cells.len(), Caller::ALL.len(), "matrix.txt: {} {state}", self.operation);
                self.rows.push(Row { state: state.into(), cells });
            }
        }
    }
}
