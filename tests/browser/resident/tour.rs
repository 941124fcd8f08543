//! Every page that a resident can come to, one after the other.

use entity::enums::Role;

use super::line::receipt_in;
use crate::{
    support::{
        TestApp,
        published::{Press, SOURCES, counts},
    },
    window::Window,
};

/// What is done with each page.
pub trait Look {
    async fn at(&mut self, window: &Window, name: &str);
}

/// Goes from page to page in a language: "" or "/en".
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
    window.clicks(&format!("form[action='{prefix}/receipt'] button")).await;
    look.at(window, "receipt-picture").await;
    window.clicks(&format!("form[action='{prefix}/receipt/check'] button")).await;
    look.at(window, "check").await;
    window.types("#digits", "1").await;
    window.clicks(&format!("form[action='{prefix}/receipt/check'] button")).await;
    look.at(window, "check-wrong").await;
    window.opens(&at("/thread")).await;
    look.at(window, "open").await;
    shows(window, "1234").await;
    look.at(window, "open-wrong").await;
    shows(window, &receipt).await;
    look.at(window, "thread-empty").await;
    talks(app, window, &receipt).await;
    look.at(window, "thread").await;
    window.clicks(&format!("form[action='{prefix}/thread/close'] button")).await;
    ends(app, window, prefix, look).await;
}

async fn ends(app: &TestApp, window: &Window, prefix: &str, look: &mut impl Look) {
    let at = |path: &str| format!("{prefix}{path}");
    window.opens(&at("/figures?from=2022&to=2023")).await;
    look.at(window, "figures").await;
    window.opens(&at("/figures?from=1999&to=1998")).await;
    look.at(window, "figures-unclear").await;
    window.opens(&at("/khong-co")).await;
    look.at(window, "nowhere").await;
    // A thread that has ended while nobody looked.
    window.opens(&at("/thread")).await;
    shows(window, &app.tip("Đêm nào cũng có xe lạ").await.receipt).await;
    app.app.clock.advance(chrono::Duration::minutes(16));
    window.opens(&at("/thread")).await;
    look.at(window, "expired").await;
}

/// A deployment in which there is something to see.
pub async fn deployment() -> TestApp {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Screener]).await;
    counts(&app, &SOURCES).await;
    Press::of(&app).await.publishes("2021-01-01", "2023-12-31").await;
    app
}

async fn spoils_everything(window: &Window, prefix: &str) {
    window.opens(&format!("{prefix}/tip#all")).await;
    window.reloads().await;
    window.types("#unit", "Sơn").await;
    window.types("#occurred_on", "hôm qua").await;
    window.pastes("#place", "\u{202e}cuối bản").await;
    window.clicks("label[for=m1]").await;
    window.clicks(&format!("form[action='{prefix}/tip'] button")).await;
}

/// Mends what was wrong, and sends.
async fn sends(window: &Window, prefix: &str) -> String {
    window.types("#narrative", "Đêm nào cũng có xe lạ đỗ ở cuối bản, đèn tắt.").await;
    window.clicks("label[for=c-ma_tuy]").await;
    window.types("#unit", "na meo").await;
    window.types("#occurred_on", "1/6/2024").await;
    window.types("#place", "cuối bản, gần suối").await;
    window.clicks("label[for=m0]").await;
    window.clicks(&format!("form[action='{prefix}/tip'] button")).await;
    receipt_in(window).await
}

pub async fn shows(window: &Window, receipt: &str) {
    window.types("#receipt", receipt).await;
    window.clicks("main form button").await;
}

/// The police ask and tell, the resident answers.
async fn talks(app: &TestApp, window: &Window, receipt: &str) {
    let ana = app.logs_in("ana", crate::support::deployment::PASSWORD).await;
    let number = window.text("dl dd:nth-of-type(2)").await;
    let tip = app.resident().recalls(&number, receipt).await;
    ana.asks(&tip, "Xe màu gì? Biển số có mấy chữ số cuối bạn còn nhớ không?").await.expect(200);
    window.reloads_thread().await;
    window.types("#text", "Màu xanh, biển 36, đuôi 47.\nHai người đàn ông.").await;
    window.clicks("form button").await;
    ana.replies(&tip, "Cảm ơn bạn. Chúng tôi đang xem xét.").await.expect(200);
    window.reloads_thread().await;
}
