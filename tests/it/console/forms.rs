use std::collections::BTreeSet;

use entity::enums::Role;
use serde_json::json;

use super::{line::link, scene};
use crate::support::{
    Officer, TestApp, Worked,
    browser::Form,
    deployment::{INTAKE, NA_MEO},
    desk::Desk,
    site,
};

/// A deployment in which every form of the console can be met: fresh and worked tips, a case, an attested value.
async fn scene() -> (TestApp, Officer) {
    let app = TestApp::spawn().await;
    let roles = [Role::Screener, Role::Investigator, Role::Commander, Role::Administrator];
    let chief = app.officer("chief", &roles).await;
    let other = app.officer("other", &roles).await;
    let worked = Worked::by(&other, app.tip("Xe chở gỗ lậu").await).await;
    worked.attested_by(&other).await;
    app.tip("Đánh bạc ở quán nước").await;
    let wish = json!({ "from": "2021-01-01", "to": "2023-12-31", "tables": ["year"] });
    other.client.post("/api/v1/releases", wish).await.expect(201);
    scene::asks_for_an_identity(&app, &chief).await;
    let desk = Desk::at_work(&app, "chief").await;
    let view = Form::of(&desk.get("/console?category=ma_tuy").await, "/console/views");
    desk.does(&view.with("name", "Ma túy")).await;
    let office = own_office(&app).await;
    let new = Form::of(&desk.get(&office).await, &format!("{office}/members")).with("username", "moi");
    desk.send(&new.with("display_name", "Người mới").with("role", "screener")).await;
    (app, chief)
}

async fn own_office(app: &TestApp) -> String {
    format!("/console/offices/{}", app.office(INTAKE).await)
}

/// Every form that changes something, by what it goes to, with what it holds.
fn forms(html: &str) -> Vec<Form> {
    let mut found = Vec::new();
    for part in html.split("<form method=\"post\"").skip(1) {
        let inside = &part[..part.find("</form>").unwrap()];
        for at in inside.split("action=\"").skip(1) {
            let action = at.split('"').next().unwrap().to_owned();
            let token = inside.split("name=\"form\" value=\"").nth(1).map(|rest| rest.split('"').next().unwrap());
            let token = token.unwrap_or_else(|| panic!("{action} carries no token"));
            found.push(Form { action, fields: vec![("form".into(), token.to_owned())] });
        }
    }
    found
}

async fn pages(app: &TestApp, desk: &Desk) -> Vec<String> {
    let mut pages =
        vec!["/console?category=ma_tuy".to_owned(), "/console/write-down".into(), "/console/account".into()];
    pages.push(link(&desk.get("/console/releases").await, "/console/releases/"));
    pages.extend(["/console/account/factor".into(), "/console/releases".into()]);
    let all = desk.get("/console?lane=handled").await;
    pages.extend([link(&desk.get("/console").await, "/console/tips/"), link(&all, "/console/tips/")]);
    pages.push(link(&desk.get("/console/cases").await, "/console/cases/"));
    let office = link(&desk.get("/console/offices").await, "/console/offices/");
    let (members, page) = (format!("{office}/members/"), desk.get(&office).await.text());
    // Of two members one at least is somebody else, whom one can remove.
    pages.extend(
        page.split(&format!("href=\"{members}"))
            .skip(1)
            .map(|rest| format!("{members}{}", rest.split('"').next().unwrap())),
    );
    pages.extend([office, "/console/line".into(), "/console/custodians".into(), "/console/offices".into()]);
    pages.extend(["/console/reference/category".into(), "/console/reference/unit/15016".into()]);
    pages.push(format!("/console/office-edit/{}", app.office(NA_MEO).await));
    pages.push(own_office(app).await);
    pages.push(link(&desk.get("/console/identity-requests").await, "/console/identity-requests/"));
    pages
}

#[tokio::test]
async fn every_form_is_refused_without_its_token_with_anothers_from_elsewhere_and_by_get() {
    let (app, chief) = scene().await;
    let desk = Desk::at_work(&app, "chief").await;
    let other = Desk::at_work(&app, "other").await;
    let foreign = Form::of(&other.get("/console").await, "/console/log-out").value("form").to_owned();
    let (mut seen, before) = (BTreeSet::new(), state(&app, &chief).await);
    // Shown only while tips wait for the office's newest key.
    let mine = Form::of(&desk.get("/console").await, "/console/log-out").value("form").to_owned();
    let rewrap = Form { action: format!("{}/rewrap", own_office(&app).await), fields: vec![("form".into(), mine)] };
    let mut all = vec![rewrap];
    for page in pages(&app, &desk).await {
        all.extend(forms(&desk.get(&page).await.text()));
    }
    for form in all {
        let (action, bare) = (form.action.clone(), Form { action: form.action.clone(), fields: Vec::new() });
        assert_eq!(desk.send(&bare).await.status, 403, "{action} without a token");
        assert_eq!(desk.send(&bare.clone().with("form", &foreign)).await.status, 403, "{action}: another's token");
        assert_eq!(desk.send(&bare.with("form", "x")).await.status, 403, "{action}: a made-up token");
        let elsewhere = desk.send_with(&form, &[("sec-fetch-site", "cross-site")]).await;
        assert_eq!(elsewhere.status, 403, "{action} from another site");
        let sibling = desk.send_with(&form, &[("sec-fetch-site", "same-site")]).await;
        assert_eq!(sibling.status, 403, "{action} from a sibling site");
        let got = desk.get(&format!("{action}?{}", form.encoded())).await.status;
        assert!(matches!(got, 200 | 303 | 404 | 405), "{action} by GET: {got}");
        let stranger = Desk::of(&app).send(&form).await.status;
        assert!(matches!(stranger, 401 | 403), "{action} without a session: {stranger}");
        seen.insert(action);
    }
    assert_eq!(state(&app, &chief).await, before, "nothing was changed by any of it");
    assert!(seen.len() >= 30, "{seen:#?}");
    let tried = |route: &String| seen.iter().any(|action| site::answers(route, "POST", action));
    let untried: Vec<String> = site::routes().into_iter().filter(|route| route.starts_with("POST /console")).collect();
    let untried: Vec<String> = untried.into_iter().filter(|route| !tried(route)).collect();
    let below = ["POST /console/enrol", "POST /console/log-in"];
    assert_eq!(untried, below, "a form of each was sent in every wrong way; those before a session below");
    assert_eq!(desk.get("/console").await.status, 200, "nor was anybody logged out");
}

/// What the API tells of all that the forms could have changed.
async fn state(app: &TestApp, chief: &Officer) -> serde_json::Value {
    let tips = chief.client.get("/api/v1/tips?limit=200").await.expect(200);
    let cases = chief.client.get("/api/v1/cases").await.expect(200);
    let officers = chief.client.get("/api/v1/officers").await.expect(200);
    // Opening a page counts a tip as read; that is no change.
    let mut tips = tips;
    for tip in tips["items"].as_array_mut().unwrap() {
        tip["unread"] = json!(0);
    }
    let releases = chief.client.get("/api/v1/releases").await.expect(200);
    let rows =
        ["saved_views", "releases", "officers", "office_keys", "office_key_wraps", "key_consents", "tips", "messages"];
    let rows = rows.into_iter().chain(["offices", "office_areas", "reference_rows"]);
    let mut counts = Vec::new();
    for table in rows {
        counts.push(app.count_rows(table).await);
    }
    json!([tips, cases, officers, releases, counts])
}

#[tokio::test]
async fn a_log_in_form_serves_the_browser_that_asked_for_it_only() {
    let (app, _) = scene().await;
    let (one, two) = (Desk::of(&app), Desk::of(&app));
    let form = Form::of(&one.get("/console/log-in").await, "/console/log-in");
    two.get("/console/log-in").await;
    let form = form.with("username", "chief").with("password", crate::support::deployment::PASSWORD);
    assert_eq!(two.send(&form).await.status, 403);
    for proof in ["", "x"] {
        assert_eq!(one.send(&form.clone().with("form", proof)).await.status, 403);
    }
    assert_eq!(one.send_with(&form, &[("sec-fetch-site", "cross-site")]).await.status, 403);
    assert_eq!(one.get(&format!("/console/log-in?{}", form.encoded())).await.status, 200);
    assert!(one.cookie("c").is_none(), "nothing but the form logs in");
    assert_eq!(one.send(&form).await.status, 303);
}

#[tokio::test]
async fn the_first_administrator_enrols_by_the_form_that_was_asked_for_only() {
    let app = TestApp::spawn().await;
    let token = tipline::staff::enrolment_token(&app.app).await.unwrap().unwrap();
    let desk = Desk::of(&app);
    let form = Form::of(&desk.get(&format!("/console/enrol?token={token}")).await, "/console/enrol");
    let form = form.with("username", "thu.admin").with("display_name", "Lò Văn Thu");
    let form = form.with("password", crate::support::deployment::PASSWORD);
    for proof in ["", "x"] {
        assert_eq!(desk.send(&form.clone().with("form", proof)).await.status, 403);
    }
    assert_eq!(desk.send_with(&form, &[("sec-fetch-site", "cross-site")]).await.status, 403);
    assert_eq!(Desk::of(&app).send(&form).await.status, 403, "another browser");
    assert_eq!(desk.get(&format!("/console/enrol?{}", form.encoded())).await.status, 200, "a form again, and nobody");
    assert_eq!(app.count_rows("officers").await, 0);
    assert_eq!(desk.send(&form).await.status, 200);
    assert_eq!(app.count_rows("officers").await, 1);
}

#[tokio::test]
async fn what_was_typed_when_the_session_ended_is_shown_and_not_sent() {
    let (app, chief) = scene().await;
    let desk = Desk::at_work(&app, "chief").await;
    let tip = link(&desk.get("/console").await, "/console/tips/");
    let note = Form::of(&desk.get(&tip).await, &format!("{tip}/note")).with("text", "Đã gọi <b>trưởng bản</b>");
    desk.forgets("c");
    desk.forgets("cr");
    let answer = desk.send(&note).await;
    assert_eq!(answer.status, 401);
    assert!(answer.text().contains("Đã gọi &#60;b&#62;trưởng bản&#60;/b&#62;"), "{}", answer.text());
    let id = tip.rsplit('/').next().unwrap();
    let read = chief.client.get(&format!("/api/v1/tips/{id}")).await.expect(200);
    assert_eq!(read["notes"].as_array().unwrap().len(), 0);
}
