//! The rules of the house, read off the files: which room may know which, who may name what, and how long things
//! may get. Starts nothing.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// The rooms between `platform` and the doors. A new noun is added here and in `src/lib.rs`.
const NOUNS: [&str; 17] = [
    "audit",
    "backups",
    "cases",
    "codebook",
    "disclosure",
    "doctor",
    "escrow",
    "identities",
    "outcomes",
    "releases",
    "reports",
    "retention",
    "staff",
    "statistics",
    "tips",
    "units",
    "valuations",
];

/// What stands in front of the nouns, and what puts it all together.
const DOORS: [&str; 5] = ["cli", "demo", "jobs", "server", "web"];

/// Crates that know algorithms, keys or randomness.
const CRYPTOGRAPHY: [&str; 26] = [
    "aead",
    "aes_gcm",
    "argon2",
    "aws_lc_rs",
    "blake2",
    "chacha20",
    "chacha20poly1305",
    "cipher",
    "curve25519_dalek",
    "ed25519_dalek",
    "getrandom",
    "hkdf",
    "hmac",
    "hpke",
    "jsonwebtoken",
    "ml_kem",
    "openssl",
    "rand",
    "rand_core",
    "ring",
    "sha1",
    "sha2",
    "subtle",
    "totp_rs",
    "vsss_rs",
    "x25519_dalek",
];

/// Traits that ask a database something.
const QUERIES: [&str; 9] = [
    "EntityTrait",
    "FromQueryResult",
    "ModelTrait",
    "PaginatorTrait",
    "QueryFilter",
    "QueryOrder",
    "QuerySelect",
    "Statement",
    "raw_sql",
];

const FUNCTION_LINES: usize = 70;
const FILE_LINES: usize = 500;
const HANDLER_LINES: usize = 10;

#[test]
fn the_floor_knows_no_noun_and_no_door() {
    let mut broken = Vec::new();
    for file in sources(&["src/platform", "src/reference"]) {
        for room in file.rooms() {
            if NOUNS.contains(&room.as_str()) || DOORS.contains(&room.as_str()) || room == "app" {
                broken.push(format!("{}: crate::{room}", file.name));
            }
        }
    }
    none(&broken);
}

#[test]
fn nouns_know_no_door_and_no_http() {
    let mut broken = Vec::new();
    for file in nouns() {
        for room in file.rooms() {
            if DOORS.contains(&room.as_str()) {
                broken.push(format!("{}: crate::{room}", file.name));
            }
        }
        for word in file.words() {
            let http = ["actix", "utoipa", "Http", "http"].iter().any(|start| word.starts_with(start));
            if http || word == "StatusCode" {
                broken.push(format!("{}: {word}", file.name));
            }
        }
    }
    none(&broken);
}

#[test]
fn every_column_of_bytes_is_described() {
    let page = fs::read_to_string(root().join("docs/SEALED_FORMAT.md")).unwrap();
    let (mut broken, mut columns) = (Vec::new(), 0);
    for file in sources(&["entity/src"]) {
        let Some((_, rest)) = file.text.split_once("table_name = \"") else { continue };
        let table = rest.split('"').next().unwrap();
        for line in file.text.lines().filter(|line| line.contains("Vec<u8>")) {
            let column = words_of(line).nth(1).unwrap();
            columns += 1;
            if !page.contains(&format!("`{table}.{column}`")) {
                broken.push(format!("{table}.{column}"));
            }
        }
    }
    none(&broken);
    assert!(columns > 20, "only {columns} columns found");
}

#[test]
fn every_room_is_a_noun_a_door_or_the_floor() {
    let floor = ["app", "config", "lib", "main", "platform", "reference"];
    let known: BTreeSet<&str> = NOUNS.into_iter().chain(DOORS).chain(floor).collect();
    let rooms = fs::read_dir(root().join("src")).unwrap().map(|entry| {
        let name = entry.unwrap().file_name().into_string().unwrap();
        name.trim_end_matches(".rs").to_owned()
    });
    let broken: Vec<_> = rooms.filter(|room| !known.contains(room.as_str())).collect();
    none(&broken);
}

#[test]
fn only_the_vault_knows_cryptography() {
    let mut broken = Vec::new();
    for file in sources(&["src", "entity/src", "migration/src"]) {
        for word in file.words() {
            if CRYPTOGRAPHY.contains(&word.as_str()) {
                broken.push(format!("{}: {word}", file.name));
            }
        }
    }
    for manifest in ["Cargo.toml", "entity/Cargo.toml", "migration/Cargo.toml"] {
        for dependency in dependencies(manifest) {
            if CRYPTOGRAPHY.contains(&dependency.as_str()) {
                broken.push(format!("{manifest}: {dependency}"));
            }
        }
    }
    none(&broken);
}

#[test]
fn only_stores_ask_the_database() {
    let mut broken = Vec::new();
    for file in sources(&["src"]) {
        // The connection itself, the commit that its writers share, and how what stores hand over is put in words.
        let floor = ["db", "group", "insert", "statement"].map(|name| format!("src/platform/{name}.rs"));
        let connects = floor.contains(&file.name);
        if file.name.ends_with("/store.rs") || connects {
            continue;
        }
        for word in file.words() {
            if QUERIES.contains(&word.as_str()) {
                broken.push(format!("{}: {word}", file.name));
            }
        }
    }
    none(&broken);
}

/// PostgreSQL reads such a list through for each row, once it is longer than a query's memory.
#[test]
fn nothing_is_looked_for_in_a_list_of_all_others() {
    let not_in = ["not", "in", "subquery"].join("_");
    let broken: Vec<_> = everything().into_iter().filter(|file| file.code().contains(&not_in)).collect();
    none(&broken.iter().map(|file| &file.name).collect::<Vec<_>>());
    assert!(everything().iter().any(|file| file.code().contains("in_subquery")), "this test looks for the wrong word");
}

#[test]
fn a_row_has_no_way_into_json() {
    let mut broken = Vec::new();
    for file in sources(&["entity/src"]) {
        let row = !file.name.ends_with("/ids.rs") && !file.name.ends_with("/enums.rs");
        if row && file.words().contains("Serialize") {
            broken.push(file.name);
        }
    }
    none(&broken);
}

#[test]
fn functions_fit_on_a_screen() {
    let mut broken = Vec::new();
    for file in everything() {
        for function in file.functions() {
            if function.lines > FUNCTION_LINES {
                broken.push(format!("{}: {} has {} lines", file.name, function.name, function.lines));
            }
        }
    }
    none(&broken);
}

#[test]
fn files_stay_short() {
    let mut broken = Vec::new();
    for file in everything() {
        let lines = file.text.lines().count();
        if lines > FILE_LINES {
            broken.push(format!("{} has {lines} lines", file.name));
        }
    }
    none(&broken);
}

#[test]
fn handlers_translate_and_do_no_more() {
    let (mut broken, mut handlers) = (Vec::new(), 0);
    for file in sources(&["src/web/api"]) {
        for function in file.functions().into_iter().filter(|function| function.is_handler) {
            handlers += 1;
            if function.body_lines > HANDLER_LINES {
                broken.push(format!("{}: {} has {} lines", file.name, function.name, function.body_lines));
            }
        }
    }
    none(&broken);
    assert!(handlers >= 40, "only {handlers} handlers found: this test looks for the wrong thing");
}

#[test]
fn nothing_prints_past_the_log() {
    let mut broken = Vec::new();
    for file in sources(&["src", "entity/src", "migration/src", "vault/src"]) {
        for macro_ in ["print!", "println!", "eprint!", "eprintln!", "dbg!"] {
            if file.code().lines().any(|line| line.split_whitespace().any(|word| word.starts_with(macro_))) {
                broken.push(format!("{}: {macro_}", file.name));
            }
        }
    }
    none(&broken);
}

#[test]
fn passwords_cost_little_in_tests_only() {
    let is_called = |file: &Source| file.words().contains("spare_passwords");
    let programs = sources(&["src", "entity/src", "migration/src", "vault/src", "benches"]);
    let callers: Vec<_> = programs.iter().filter(|file| is_called(file)).map(|file| &file.name).collect();
    assert_eq!(callers, ["vault/src/app_secrets.rs"]);
    let tests = sources(&["tests"]);
    assert!(tests.iter().any(is_called), "nobody calls it: this test looks for the wrong thing");
}

#[test]
fn lints_are_expected_and_never_allowed() {
    let mut broken = Vec::new();
    for file in everything() {
        let silenced = ["#[", "#!["].map(|open| format!("{open}allow("));
        if silenced.iter().any(|attribute| file.code().contains(attribute)) {
            broken.push(file.name);
        }
    }
    none(&broken);
}

#[test]
fn a_migration_makes_one_table_or_fills_one_or_changes_indexes_or_how_rows_lie() {
    let mut broken = Vec::new();
    let migrations: Vec<_> = sources(&["migration/src"]).into_iter().filter(|file| file.name.contains("/m")).collect();
    for file in &migrations {
        let made = file.code().matches("create_table(").count();
        // A deployment's rows are only brought along by steps that ship after the table did.
        let fills = file.code().contains("INSERT INTO") && file.code().contains("DELETE FROM");
        let indexes = file.code().contains("create_index(") && file.code().contains("drop_index(");
        // What the database may do with the same rows: nothing that a program of either side would notice.
        let lies = file.code().contains(" SET (") && file.code().contains(" RESET (");
        if made != 1 && !(made == 0 && (fills || indexes || lies)) {
            broken.push(format!("{} makes {made} tables", file.name));
        }
    }
    none(&broken);
    assert!(migrations.len() >= 20, "only {} migrations found", migrations.len());
}

#[test]
fn paths_in_the_readme_exist() {
    let text = fs::read_to_string(root().join("README.md")).unwrap();
    let tops = ["src", "tests", "scripts", "entity", "migration", "vault", "openapi", "docs", ".ci"];
    let mut named = BTreeSet::new();
    for word in text.split(|c: char| c.is_whitespace() || "`()[],;|<>\"'".contains(c)) {
        let path = word.trim_end_matches(['.', ':']);
        let top = path.split_once('/').map(|(top, _)| top);
        if top.is_some_and(|top| tops.contains(&top)) {
            named.insert(path);
        }
    }
    let broken: Vec<_> = named.iter().filter(|path| !root().join(path).exists()).collect();
    none(&broken);
    assert!(!named.is_empty());
}

/// A source file, by its path from the root.
struct Source {
    name: String,
    text: String,
}

struct Function {
    name: String,
    lines: usize,
    body_lines: usize,
    /// It answers a route.
    is_handler: bool,
}

impl Source {
    /// The text without comments.
    fn code(&self) -> String {
        self.text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
    }

    /// Identifiers outside comments and simple strings.
    fn words(&self) -> BTreeSet<String> {
        let code = self.code();
        let unquoted = code.split('"').step_by(2).collect::<Vec<_>>().join(" ");
        words_of(&unquoted).collect()
    }

    /// Rooms of this crate that the file names.
    fn rooms(&self) -> BTreeSet<String> {
        self.after("crate::")
    }

    /// First segments after a path's start, those in braces included.
    fn after(&self, start: &str) -> BTreeSet<String> {
        let code = self.code();
        let mut found = BTreeSet::new();
        for (at, _) in code.match_indices(start) {
            let before = code[..at].chars().next_back();
            if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':') {
                continue;
            }
            let rest = &code[at + start.len()..];
            match rest.strip_prefix('{') {
                Some(group) => found.extend(firsts_of(group)),
                None => found.extend(words_of(rest).next()),
            }
        }
        found
    }

    /// Functions, as the formatter leaves them: the closing brace stands under the first letter.
    fn functions(&self) -> Vec<Function> {
        let lines: Vec<&str> = self.text.lines().collect();
        let mut found = Vec::new();
        for (first, line) in lines.iter().enumerate() {
            let Some(name) = function_name(line) else { continue };
            let indent = &line[..line.len() - line.trim_start().len()];
            let opens = (first..lines.len()).find(|i| lines[*i].contains(['{', ';']));
            let Some(opens) = opens.filter(|i| lines[*i].contains('{')) else { continue };
            let last = if lines[opens].trim_end().ends_with('}') {
                opens
            } else {
                let closes = |i: &usize| lines[*i].trim_end() == format!("{indent}}}");
                (opens..lines.len()).find(closes).unwrap_or(lines.len())
            };
            let attributes = lines[..first].iter().rev().take_while(|above| !above.trim().is_empty());
            let is_handler = attributes.copied().any(is_route);
            let body_lines = (last - opens).saturating_sub(1);
            found.push(Function { name, lines: last - first + 1, body_lines, is_handler });
        }
        found
    }
}

fn is_route(line: &str) -> bool {
    let line = line.trim_start();
    ["get", "post", "put", "patch", "delete"].iter().any(|method| line.starts_with(&format!("#[{method}(")))
}

fn function_name(line: &str) -> Option<String> {
    let mut words = line
        .split_whitespace()
        .skip_while(|word| matches!(*word, "pub" | "async" | "const" | "unsafe") || word.starts_with("pub("));
    words.next().filter(|word| *word == "fn")?;
    words_of(words.next()?).next()
}

fn words_of(code: &str) -> impl Iterator<Item = String> + '_ {
    let words = code.split(|c: char| !c.is_alphanumeric() && c != '_');
    words.filter(|word| !word.is_empty()).map(str::to_owned)
}

/// The first segment of each path of a `use` group.
fn firsts_of(group: &str) -> Vec<String> {
    let (mut depth, mut start, mut found) = (1, 0, Vec::new());
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => (),
        }
        if depth == 0 || (depth == 1 && c == ',') {
            found.extend(words_of(&group[start..at]).next());
            start = at + 1;
        }
        if depth == 0 {
            break;
        }
    }
    found
}

/// Names in the tables of ordinary dependencies.
fn dependencies(manifest: &str) -> Vec<String> {
    let text = fs::read_to_string(root().join(manifest)).unwrap();
    let (mut inside, mut names) = (false, Vec::new());
    for line in text.lines() {
        if line.starts_with('[') {
            inside = line == "[dependencies]";
        } else if let (true, Some((name, _))) = (inside, line.split_once([' ', '.', '='])) {
            names.push(name.replace('-', "_"));
        }
    }
    names
}

fn nouns() -> Vec<Source> {
    let folders: Vec<String> = NOUNS.iter().map(|noun| format!("src/{noun}")).collect();
    sources(&folders.iter().map(String::as_str).collect::<Vec<_>>())
}

fn everything() -> Vec<Source> {
    sources(&["src", "entity/src", "migration/src", "vault/src", "tests"])
}

fn sources(folders: &[&str]) -> Vec<Source> {
    let mut found = Vec::new();
    for folder in folders {
        collect(&root().join(folder), &mut found);
    }
    assert!(!found.is_empty(), "no source in {folders:?}");
    found
}

fn collect(folder: &Path, found: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let name = path.strip_prefix(root()).unwrap().display().to_string();
            found.push(Source { name, text: fs::read_to_string(&path).unwrap() });
        }
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

#[track_caller]
fn none<T: std::fmt::Debug>(broken: &[T]) {
    assert!(broken.is_empty(), "{broken:#?}");
}
