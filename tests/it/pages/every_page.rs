use std::io::Write;

use entity::enums::Role;

use crate::support::{
    TestApp,
    browser::{Browser, Form, receipt_on},
    http::Answer,
};

/// One round trip of a fresh connection (ten segments).
const WEIGHT: usize = 14 * 1024;

/// Every page of a language, with the fullest error page and a thread with messages.
async fn every_page(app: &TestApp, prefix: &str) -> Vec<(&'static str, Answer)> {
    let browser = Browser::of(app);
    let at = |path: &str| format!("{prefix}{path}");
    let home = if prefix.is_empty() { "/" } else { prefix };
    let mut pages = vec![("home", browser.get(home).await), ("tip", browser.get(&at("/tip")).await)];
    let blank = Form::of(&pages[1].1, &at("/tip"));
    let wrong = blank.clone().with("unit", "Sơn").with("occurred_on", "x").with("name", "x").with("place", "\u{202e}");
    pages.push(("wrong", browser.send(&wrong).await));
    let shown = browser.send(&blank.with("narrative", "Có xe lạ").with("category", "ma_tuy")).await;
    let receipt = receipt_on(&shown);
    let pictured = browser.send(&Form::of(&shown, &at("/receipt"))).await;
    let check = browser.send(&Form::of(&shown, &at("/receipt/check"))).await;
    let form = Form::of(&check, &at("/receipt/check"));
    let group: usize = form.value("group").parse().unwrap();
    pages.push(("check again", browser.send(&form.clone().with("digits", "1")).await));
    let checked = browser.send(&form.with("digits", receipt.split(' ').nth(group - 1).unwrap())).await;
    pages.extend([("receipt", shown), ("picture", pictured), ("check", check), ("checked", checked)]);
    let open = browser.get(&at("/thread")).await;
    let held = Form::of(&open, &at("/thread"));
    pages.push(("slip", browser.send(&held.clone().with("receipt", "1")).await));
    browser.send(&held.with("receipt", &receipt)).await;
    let thread = browser.get(&at("/thread")).await;
    let message = Form::of(&thread, &at("/thread/messages"));
    pages.push(("empty message", browser.send(&message.clone().with("text", "")).await));
    browser.send(&message.with("text", "Thêm nữa")).await;
    let full = browser.get(&at("/thread")).await;
    let given_up = browser.send(&Form::of(&full, &at("/thread/give-up")).with("sure", "yes")).await;
    pages.extend([("open", open), ("thread", full), ("given up", given_up), ("nowhere", browser.get(&at("/x")).await)]);
    pages
}

#[tokio::test]
async fn every_page_is_one_round_trip_and_keeps_to_itself() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Screener]).await;
    for prefix in ["", "/en"] {
        for (name, page) in every_page(&app, prefix).await {
            let html = page.text();
            assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"), "{prefix} {name}");
            let packed = gzip(html.as_bytes());
            assert!(packed <= WEIGHT, "{prefix} {name}: {packed} bytes");
            for forbidden in ["<script", "<svg", "@font-face", "@import", "url(", "<iframe", " style=\"", " on"] {
                let found = if forbidden == " on" { has_event(&html) } else { html.contains(forbidden) };
                assert!(!found, "{prefix} {name}: {forbidden}");
            }
            assert!(!html.contains("src=\"http") && !html.contains("href=\"http"), "{prefix} {name}");
            is_well_labelled(&html, &format!("{prefix} {name}"));
        }
    }
}

#[tokio::test]
async fn every_page_carries_the_headers() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Screener]).await;
    for (name, page) in every_page(&app, "").await {
        let policy = page.header("content-security-policy").unwrap();
        for part in ["default-src 'none'", "frame-ancestors 'none'", "form-action 'self'", "base-uri 'none'"] {
            assert!(policy.contains(part), "{name}: {policy}");
        }
        assert!(!policy.contains("unsafe") && !policy.contains("script"), "{name}: {policy}");
        for (header, value) in [
            ("cache-control", "no-store"),
            ("referrer-policy", "no-referrer"),
            ("x-content-type-options", "nosniff"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(page.header(header), Some(value), "{name}");
        }
        assert_eq!(page.header("server"), None, "{name}");
        assert!(page.text().contains("<title>Trang thông tin</title>"), "{name}: a title tells nothing");
    }
}

fn gzip(bytes: &[u8]) -> usize {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap().len()
}

/// A tag with an attribute that would run something.
fn has_event(html: &str) -> bool {
    html.split('<')
        .filter_map(|tag| tag.split('>').next())
        .any(|tag| tag.split_whitespace().skip(1).any(|part| part.starts_with("on") && part.contains('=')))
}

/// Every input has a label, every reference a goal, every id one place, every page one heading.
#[track_caller]
fn is_well_labelled(html: &str, name: &str) {
    let values = |attribute: &str| -> Vec<String> {
        html.split(&format!(" {attribute}=\""))
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .map(str::to_owned)
            .collect()
    };
    let ids = values("id");
    let mut unique = ids.clone();
    unique.sort_unstable();
    unique.dedup();
    assert_eq!(unique.len(), ids.len(), "{name}: {ids:?}");
    for goal in values("for").iter().chain(values("list").iter()) {
        assert!(ids.contains(goal), "{name}: no {goal}");
    }
    for goal in values("aria-describedby").iter().flat_map(|ids| ids.split(' ')) {
        assert!(ids.iter().any(|id| id == goal), "{name}: no {goal}");
    }
    for goal in values("href").iter().filter_map(|href| href.strip_prefix('#')) {
        assert!(ids.iter().any(|id| id == goal), "{name}: no {goal}");
    }
    let labels = values("for");
    for tag in html.split('<').filter(|tag| tag.starts_with("input ") || tag.starts_with("textarea ")) {
        let hidden = tag.contains("type=\"hidden\"");
        assert!(hidden || labels.iter().any(|id| tag.contains(&format!(" id=\"{id}\""))), "{name}: {tag}");
    }
    assert_eq!(html.matches("<h1").count(), 1, "{name}");
    assert!(html.contains("<html lang=\"") && html.contains("<main id=\"main\""), "{name}");
}
