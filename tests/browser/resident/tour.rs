//! Every page that a resident can come to, one after the other.

use entity::enums::Role;
use serde_json::json;

use super::line::receipt_in;
use crate::{
    look::Look,
    support::{
        TestApp,
        published::{self, Press, SOURCES},
    },
    window::Window,
};

/// Goes from page to page in a language: "" or "/en". The pages are those of `site::RESIDENT`, in that order.
pub async fn goes(app: &TestApp, window: &Window, prefix: &str, look: &mut impl Look) {
    let home = if prefix.is_empty() { "/" } else { prefix };
    let at = |path: &str| format!("{prefix}{path}");
    window.opens(home).await;
    look.at(window, "home").await;
    window.opens(&at("/tip")).await;
    look.at(window, "tip").await;
    window.opens(&at("/tip#all")).await;
    look.at(window, "tip-whole").await;
    spoils_everything(window, prefix).await;
    look.at(window, "tip-wrong").await;
    let receipt = sends(window, prefix).await;
    look.at(window, "receipt").await;
    window.follows(&format!("form[action='{prefix}/receipt'] button")).await;
    look.at(window, "receipt-picture").await;
    writes_down(window, prefix, &receipt, look).await;
    window.opens(&at("/thread")).await;
    look.at(window, "open").await;
    shows(window, "1234").await;
    look.at(window, "open-wrong").await;
    shows(window, &receipt).await;
    look.at(window, "thread-empty").await;
    talks(app, window, &receipt).await;
    look.at(window, "thread").await;
    ends(window, prefix, look).await;
    counts(app, window, prefix, look).await;
}

async fn writes_down(window: &Window, prefix: &str, receipt: &str, look: &mut impl Look) {
    let check = format!("form[action='{prefix}/receipt/check'] button");
    window.follows(&check).await;
    look.at(window, "check").await;
    window.types("#digits", "1").await;
    window.follows(&check).await;
    look.at(window, "check-wrong").await;
    let group: usize = window.value("input[name=group]").await.parse().unwrap();
    window.types("#digits", receipt.split(' ').nth(group - 1).unwrap()).await;
    window.follows(&check).await;
    look.at(window, "checked").await;
}

/// What goes wrong in a thread, another receipt, and none.
async fn ends(window: &Window, prefix: &str, look: &mut impl Look) {
    let does = async |what: &str| window.follows(&format!("form[action='{prefix}/thread/{what}'] button")).await;
    does("messages").await;
    look.at(window, "thread-wrong").await;
    window.opens(&format!("{prefix}/thread")).await;
    window.runs("document.querySelector(\"form[action$='/close'] input\").value = 'x'", json!([])).await;
    does("close").await;
    look.at(window, "forged").await;
    window.clicks("main details:nth-of-type(1) summary").await;
    does("receipt").await;
    look.at(window, "receipt-fresh").await;
    let receipt = receipt_in(window).await;
    window.opens(&format!("{prefix}/thread")).await;
    shows(window, &receipt).await;
    window.clicks("main details:nth-of-type(2) summary").await;
    does("give-up").await;
    look.at(window, "give-up-unsure").await;
    window.clicks("#sure").await;
    does("give-up").await;
    look.at(window, "given-up").await;
}

async fn counts(app: &TestApp, window: &Window, prefix: &str, look: &mut impl Look) {
    let at = |path: &str| format!("{prefix}{path}");
    for (name, path) in [
        ("figures", "/figures?from=2022&to=2023"),
        ("figures-unclear", "/figures?from=1999&to=1998"),
        ("figures-untold", "/figures?from=1999&to=2000"),
        ("figures-old", "/figures/1"),
        ("nowhere", "/khong-co"),
    ] {
        window.opens(&at(path)).await;
        look.at(window, name).await;
    }
    // A thread that has ended while nobody looked.
    window.opens(&at("/thread")).await;
    shows(window, &app.tip("Đêm nào cũng có xe lạ").await.receipt).await;
    app.app.clock.advance(chrono::Duration::minutes(16));
    window.opens(&at("/thread")).await;
    look.at(window, "expired").await;
    closes(app).await;
    for (name, path) in
        [("home-closed", if prefix.is_empty() { "/" } else { prefix }), ("tip-closed", at("/tip").as_str())]
    {
        window.opens(path).await;
        look.at(window, name).await;
    }
}

/// The line takes no tips any more.
async fn closes(app: &TestApp) {
    let chi = app.officer("chi", &[Role::Administrator]).await;
    let said = json!({ "message_vi": "Nghỉ đến thứ hai.", "message_en": "Closed until Monday." });
    chi.client.post("/api/v1/line/close", said).await.expect(204);
}

/// A deployment in which there is something to see: a release, and the one that corrects it.
pub async fn deployment() -> TestApp {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Screener]).await;
    published::counts(&app, &SOURCES).await;
    let press = Press::of(&app).await;
    let first = press.publishes("2021-01-01", "2023-12-31").await;
    published::counts(&app, &[("2023-06-05", "15013", "ma_tuy", "web", 10)]).await;
    press.revises(&first).await;
    app
}

async fn spoils_everything(window: &Window, prefix: &str) {
    window.opens(&format!("{prefix}/tip#all")).await;
    window.reloads().await;
    window.types("#unit", "Sơn").await;
    window.types("#occurred_on", "hôm qua").await;
    window.pastes("#place", "\u{202e}cuối bản").await;
    window.clicks("label[for=m1]").await;
    window.follows(&format!("form[action='{prefix}/tip'] button")).await;
}

/// Mends what was wrong, and sends.
async fn sends(window: &Window, prefix: &str) -> String {
    window.types("#narrative", "Đêm nào cũng có xe lạ đỗ ở cuối bản, đèn tắt.").await;
    window.clicks("label[for=c-ma_tuy]").await;
    window.types("#unit", "na meo").await;
    window.types("#occurred_on", "1/6/2024").await;
    window.types("#place", "cuối bản, gần suối").await;
    window.clicks("label[for=m0]").await;
    window.follows(&format!("form[action='{prefix}/tip'] button")).await;
    receipt_in(window).await
}

pub async fn shows(window: &Window, receipt: &str) {
    window.types("#receipt", receipt).await;
    window.follows("main form button").await;
}

/// The police ask and tell, the resident answers.
async fn talks(app: &TestApp, window: &Window, receipt: &str) {
    let ana = app.logs_in("ana", crate::support::deployment::PASSWORD).await;
    let number = window.text("dl dd:nth-of-type(2)").await;
    let tip = app.resident().recalls(&number, receipt).await;
    ana.asks(&tip, "Xe màu gì? Biển số có mấy chữ số cuối bạn còn nhớ không?").await.expect(200);
    window.reloads_thread().await;
    window.types("#text", "Màu xanh, biển 36, đuôi 47.\nHai người đàn ông.").await;
    window.follows("form button").await;
    ana.replies(&tip, "Cảm ơn bạn. Chúng tôi đang xem xét.").await.expect(200);
    window.reloads_thread().await;
}
