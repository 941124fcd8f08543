//! `openapi/openapi.json` is what clients are made from: it says what the code says.

use std::path::Path;

const FILE: &str = "openapi/openapi.json";

#[test]
fn the_published_document_is_what_the_code_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE);
    let published = std::fs::read_to_string(&path).unwrap_or_default();
    if published == tipline::web::api::document_json() {
        return;
    }
    let differs = published.lines().zip(tipline::web::api::document_json().lines().map(str::to_owned))
        .enumerate()
        .find(|(_, (published, code))| *published != code.as_str())
        .map(|(i, (published, code))| format!("line {}: `{published}` is now `{code}`", i + 1))
        .unwrap_or_else(|| "one of them is longer".to_owned());
    panic!("{FILE} is old ({differs}); run `cargo run -- openapi > {FILE}` and read its diff as a client would");
}
