use chrono::Duration;
use entity::enums::Role;

use crate::support::{TestApp, browser::Form, deployment::PASSWORD, desk::Desk, totp};

#[tokio::test]
async fn nobody_sees_a_page_without_logging_in_and_all_of_them_lead_to_the_log_in() {
    let app = TestApp::spawn().await;
    let desk = Desk::of(&app);
    for path in ["/console", "/console/cases", "/console/figures", "/console/account", "/console/live", "/console/x"] {
        let answer = desk.get(path).await;
        assert_eq!(answer.status, 303, "{path}");
        assert!(answer.header("location").unwrap().starts_with("/console/log-in?next=%2Fconsole"), "{path}");
    }
}

#[tokio::test]
async fn cookies_stay_in_the_console_and_out_of_reach() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Screener]).await;
    let desk = Desk::of(&app);
    let answer = desk.logs_in("ana", PASSWORD).await;
    let set: Vec<&str> = answer.all("set-cookie").collect();
    assert_eq!(set.len(), 2, "{set:?}");
    for cookie in set {
        for part in ["; Path=/console;", "; HttpOnly", "; SameSite=Strict", "; Secure"] {
            assert!(cookie.contains(part), "{cookie}");
        }
    }
    assert_eq!(desk.get("/console").await.status, 200);
}

#[tokio::test]
async fn a_wrong_password_says_so_and_keeps_the_name() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Screener]).await;
    let desk = Desk::of(&app);
    let answer = desk.logs_in("ana", "khong-phai-mat-khau-nay").await;
    assert_eq!(answer.status, 401);
    assert!(answer.text().contains("value=\"ana\"") && answer.text().contains("role=\"alert\""));
    assert!(!answer.text().contains("khong-phai-mat-khau-nay"));
    assert!(desk.cookie("c").is_none());
}

#[tokio::test]
async fn a_session_is_renewed_within_the_shift_also_by_several_requests_at_once() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Screener]).await;
    let desk = Desk::at_work(&app, "ana").await;
    let first = desk.cookie("c");
    app.app.clock.advance(Duration::minutes(16));
    let (one, two) = tokio::join!(desk.get("/console"), desk.get("/console/cases"));
    assert_eq!((one.status, two.status), (200, 200));
    assert_ne!(desk.cookie("c"), first);
    assert_eq!(desk.get("/console").await.status, 200);
    app.app.clock.advance(Duration::hours(13));
    assert_eq!(desk.get("/console").await.status, 303, "a shift ends");
}

#[tokio::test]
async fn logging_out_ends_the_session_everywhere() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Screener]).await;
    let desk = Desk::at_work(&app, "ana").await;
    let (access, form) = (desk.cookie("c").unwrap(), Form::of(&desk.get("/console").await, "/console/log-out"));
    assert_eq!(desk.send(&form).await.status, 303);
    assert!(desk.cookie("c").is_none() && desk.cookie("cr").is_none());
    let stale = app.client().with("cookie", &format!("c={access}")).with("accept", "text/html");
    assert_eq!(stale.get("/console").await.status, 303);
}

#[tokio::test]
async fn a_new_account_changes_its_password_and_enrols_before_anything_else() {
    let app = TestApp::spawn().await;
    app.officer("thu", &[Role::Administrator]).await;
    let admin = Desk::at_work(&app, "thu").await;
    let office = super::line::link(&admin.get("/console/offices").await, "/console/offices/");
    let page = admin.get(&office).await;
    let form = Form::of(&page, &format!("{office}/members")).with("username", "binh").with("display_name", "Hà Bình");
    let page = admin.send(&form.with("role", "screener")).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let password = page.text().split("class=\"once\">").nth(1).unwrap().split('<').next().unwrap().to_owned();

    let desk = Desk::of(&app);
    assert_eq!(desk.logs_in("binh", &password).await.status, 303);
    let sent = desk.get("/console").await;
    assert_eq!(sent.header("location"), Some("/console/account"));
    let form = Form::of(&desk.get("/console/account").await, "/console/account/password");
    let form = form.with("old_password", &password).with("new_password", PASSWORD);
    let changed = desk.send(&form).await;
    assert!(changed.text().contains("class=\"once\""), "{}", changed.text());
    assert!(desk.cookie("c").is_none(), "the session that held the old key is over");

    assert_eq!(desk.logs_in("binh", PASSWORD).await.status, 303);
    assert_eq!(desk.get("/console").await.header("location"), Some("/console/account/factor"));
    let form = Form::of(&desk.get("/console/account/factor").await, "/console/account/factor");
    let code = totp::code(form.value("secret"), app.app.clock.now());
    let page = desk.send(&form.with("code", &code)).await;
    assert_eq!(page.text().matches("<li>").count(), 10, "{}", page.text());
    assert_eq!(desk.get("/console").await.status, 200);
    let asked = Desk::of(&app).logs_in("binh", PASSWORD).await;
    assert!(asked.status == 401 && asked.text().contains("name=\"code\""), "{}", asked.text());
}
