use entity::enums::Role;
use serde_json::json;

use super::{at_work, logs_in};
use crate::{
    resident::line::{gives_tip, opens_thread},
    support::{
        TestApp,
        published::{Press, SOURCES, counts},
    },
    window::Window,
};

/// The figure that the public is told.
async fn public_figure(window: &Window) -> String {
    window.opens("/figures").await;
    window.text(".big").await
}

async fn asks(window: &Window) {
    window.opens("/console").await;
    window.follows("#queue li a").await;
    assert!(window.text(".narrative").await.contains("xe lạ"));
    window.follows("form[action$='/screen'] button").await;
    window.types("#say-text", "Họ đi xe gì?").await;
    window.follows("button[formaction$='/ask']").await;
    assert!(window.text(".talk .us").await.contains("Họ đi xe gì?"));
}

async fn answers(window: &Window, receipt: &str) {
    opens_thread(window, receipt).await;
    assert!(window.text(".talk").await.contains("Họ đi xe gì?"));
    window.types("#text", "Xe máy đỏ").await;
    window.follows("form[action='/thread/messages'] button").await;
    window.follows("form[action='/thread/close'] button").await;
}

/// Accepts the tip, makes it a case with an outcome of last year, and attests its value.
async fn works(window: &Window, tip: &str) {
    window.opens(tip).await;
    assert!(window.text(".talk .them").await.contains("Xe máy đỏ"));
    window.follows("form[action$='/accept'] button").await;
    window.clicks("#do-open-case > summary").await;
    window.types("#open-case-title", "Ma túy cuối bản").await;
    window.follows("#do-open-case form button").await;
    window.follows(".plain a[href^='/console/cases/']").await;
    window.clicks("#do-outcome > summary").await;
    window.types("#record-outcome-decided_on", "15/12/2023").await;
    window.runs("document.getElementById('record-outcome-kind').value = 'khoi_to'", json!([])).await;
    window.runs("document.getElementById('yield-0').value = 'persons||person'", json!([])).await;
    window.types("#amount-0", "2").await;
    window.follows("#do-outcome form > button").await;
    window.clicks("#do-attest-value > summary").await;
    window.types("#do-attest-value textarea", "Dẫn tới bắt quả tang.").await;
    window.follows("#do-attest-value form > button").await;
    assert_eq!(window.count("form[action$='/confirm']").await, 0, "nobody confirms their own attestation");
}

/// Opens the newest release and does the next step.
async fn moves_release(window: &Window, verb: &str) {
    window.opens("/console/releases").await;
    window.follows("main tbody a").await;
    window.follows(&format!("form[action$='/{verb}'] button")).await;
}

async fn goes_the_whole_line(scripts: bool) {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Screener, Role::Investigator]).await;
    app.officer("cuong", &[Role::Commander]).await;
    counts(&app, &SOURCES).await;
    Press::of(&app).await.publishes("2021-01-01", "2023-12-31").await;
    let (resident, window) = (Window::onto(&app).await, at_work(&app, "ana").await);
    if !scripts {
        resident.runs_no_scripts().await;
        window.runs_no_scripts().await;
    }
    assert_eq!(public_figure(&resident).await, "87");
    let receipt = gives_tip(&resident, "Đêm nào cũng có xe lạ").await;
    asks(&window).await;
    let tip = window.path().await.split('?').next().unwrap().to_owned();
    answers(&resident, &receipt).await;
    works(&window, &tip).await;
    window.follows("form[action='/console/log-out'] button").await;
    logs_in(&window, "cuong").await;
    window.opens(&tip).await;
    window.follows("form[action$='/confirm'] button").await;
    assert_eq!(public_figure(&resident).await, "87", "what is confirmed is not told before it is published");
    window.follows("form[action='/console/log-out'] button").await;
    logs_in(&window, "ana").await;
    // Releases are listed by when they were prepared.
    app.app.clock.advance(chrono::Duration::minutes(1));
    moves_release(&window, "revise").await;
    window.follows("form[action='/console/log-out'] button").await;
    logs_in(&window, "cuong").await;
    moves_release(&window, "check").await;
    window.follows("form[action$='/publish'] button").await;
    assert_eq!(public_figure(&resident).await, "88");
    assert!(window.complaints().await.is_empty() && resident.complaints().await.is_empty());
}

#[tokio::test]
async fn a_tip_goes_the_whole_line_to_the_public_figure_through_pages_alone() {
    goes_the_whole_line(true).await;
}

#[tokio::test]
async fn a_tip_goes_the_whole_line_with_scripts_off_everywhere() {
    goes_the_whole_line(false).await;
}
