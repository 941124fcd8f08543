use entity::enums::Role;

use super::{line::link, scene::every_page};
use crate::support::{TestApp, browser::Form, desk::Desk, http::Answer};

#[tokio::test]
async fn every_page_keeps_to_this_host_and_runs_nothing_inline_in_both_languages() {
    let app = TestApp::spawn().await;
    let paths = every_page(&app).await;
    let desk = Desk::at_work(&app, "ana").await;
    for language in ["vi", "en"] {
        let form = Form::of(&desk.get("/console").await, "/console/language").with("to", language);
        desk.does(&form).await;
        for path in &paths {
            let page = desk.get(path).await;
            assert!(page.status == 200 || path.ends_with("nowhere"), "{path}: {}", page.status);
            let html = page.text();
            assert!(html.contains(&format!("<html lang=\"{language}\">")), "{path}");
            keeps_to_itself(&page, path);
            is_well_labelled(&html, path);
        }
    }
}

#[track_caller]
fn keeps_to_itself(page: &Answer, path: &str) {
    let (html, policy) = (page.text(), page.header("content-security-policy").unwrap_or_default());
    for part in ["default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"] {
        assert!(policy.contains(part), "{path}: {policy}");
    }
    assert!(!policy.contains("unsafe") && !policy.contains("data:") && !policy.contains('*'), "{path}: {policy}");
    assert_eq!(page.header("cache-control"), Some("no-store"), "{path}");
    for forbidden in [" style=\"", "<style", "javascript:", "src=\"http", "href=\"http", "//fonts", "@import"] {
        assert!(!html.contains(forbidden), "{path}: {forbidden}");
    }
    let scripts: Vec<&str> = html.split("<script").skip(1).collect();
    assert!(scripts.iter().all(|script| script.contains("src=\"/console/assets/console.js?v=")), "{path}");
    let handlers = html.split('<').filter_map(|tag| tag.split('>').next());
    let on = |tag: &str| tag.split_whitespace().skip(1).any(|part| part.starts_with("on") && part.contains('='));
    assert!(!handlers.into_iter().any(on), "{path}");
}

/// Every input has a label, every reference a goal, every id one place, every page one heading.
#[track_caller]
fn is_well_labelled(html: &str, name: &str) {
    let values = |attribute: &str| -> Vec<String> {
        let parts = html.split(&format!(" {attribute}=\"")).skip(1).map(str::to_owned).collect::<Vec<_>>();
        parts.iter().filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
    };
    let ids = values("id");
    let mut unique = ids.clone();
    unique.sort_unstable();
    unique.dedup();
    assert_eq!(unique.len(), ids.len(), "{name}: an id twice in {ids:?}");
    let goals = values("for").into_iter().chain(
        values("aria-describedby").into_iter().flat_map(|ids| ids.split(' ').map(str::to_owned).collect::<Vec<_>>()),
    );
    for goal in goals {
        assert!(ids.contains(&goal), "{name}: no {goal}");
    }
    let labels = values("for");
    for tag in html.split('<').filter(|tag| ["input ", "textarea ", "select "].iter().any(|kind| tag.starts_with(kind)))
    {
        let hidden = tag.contains("type=\"hidden\"");
        assert!(hidden || labels.iter().any(|id| tag.contains(&format!(" id=\"{id}\""))), "{name}: {tag}");
    }
    assert_eq!(html.matches("<h1").count(), 1, "{name}");
}

#[tokio::test]
async fn files_are_kept_and_named_by_their_version_and_pages_are_not_kept() {
    let app = TestApp::spawn().await;
    let desk = Desk::of(&app);
    let page = desk.get("/console/log-in").await;
    assert_eq!(page.header("cache-control"), Some("no-store"));
    let style = link(&page, "/console/assets/console.css");
    let answer = desk.get(&style).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("text/css; charset=utf-8")));
    assert!(answer.header("cache-control").unwrap().contains("immutable"));
    assert!(page.text().contains("/console/assets/console.css?v="));
}

#[tokio::test]
async fn fifty_rows_weigh_sixty_kilobytes_at_most() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Screener, Role::Commander]).await;
    for number in 0..51 {
        app.tip(&format!("Tin số {number}")).await;
    }
    let desk = Desk::at_work(&app, "ana").await;
    let page = desk.get("/console").await;
    let html = page.text();
    assert_eq!(html.matches("<li data-id=").count(), 50);
    assert!(html.len() <= 60 * 1024, "{} bytes", html.len());
    let packed = desk.with("accept-encoding", "gzip").get("/console").await;
    assert!(packed.size() < html.len() && packed.text().matches("<li data-id=").count() == 50, "{}", packed.size());
    assert!(html.contains("rel=\"next\""), "the fifty-first is on the next page");
}
