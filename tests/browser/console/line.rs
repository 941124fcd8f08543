use entity::enums::Role;
use serde_json::json;

use super::{at_work, logs_in};
use crate::{
    support::{TestApp, browser::Browser, browser::Form, browser::receipt_on},
    window::Window,
};

async fn figure(window: &Window) -> String {
    window.opens("/console/figures?measure=valuable_sources&from=01/01/2024&to=31/12/2024").await;
    window.text(".big").await
}

async fn opens(window: &Window, verb: &str) {
    window.clicks(&format!("#do-{verb} > summary")).await;
}

#[tokio::test]
async fn a_tip_goes_the_whole_line_through_pages_alone() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Screener, Role::Investigator]).await;
    app.officer("cuong", &[Role::Commander]).await;
    let resident = Browser::of(&app);
    let receipt = receipt_on(&resident.gives_tip("Người lạ bán ma túy ở cuối bản").await);

    let window = at_work(&app, "ana").await;
    assert_eq!(figure(&window).await, "0");
    window.opens("/console").await;
    window.clicks("#queue li a").await;
    let tip = window.path().await;
    assert!(window.text(".narrative").await.contains("cuối bản"));
    window.clicks("form[action$='/screen'] button").await;
    window.types("#say-text", "Họ đi xe gì?").await;
    window.clicks("button[formaction$='/ask']").await;
    assert!(window.text(".talk .us").await.contains("Họ đi xe gì?"));

    let thread = resident.opens(&receipt).await;
    resident.follow(&resident.send(&Form::of(&thread, "/thread/messages").with("text", "Xe máy đỏ")).await).await;

    window.opens(&tip).await;
    assert!(window.text(".talk .them").await.contains("Xe máy đỏ"));
    window.clicks("form[action$='/accept'] button").await;
    opens(&window, "open-case").await;
    window.types("#open-case-title", "Ma túy cuối bản").await;
    window.clicks("#do-open-case form button").await;
    window.clicks(".plain a[href^='/console/cases/']").await;
    window.clicks("#do-outcome > summary").await;
    window.types("#record-outcome-decided_on", "03/06/2024").await;
    let chosen = "document.getElementById('record-outcome-kind').value = 'khoi_to'";
    window.runs(chosen, json!([])).await;
    window.runs("document.getElementById('yield-0').value = 'persons||person'", json!([])).await;
    window.types("#amount-0", "2").await;
    window.clicks("#do-outcome form > button").await;
    opens(&window, "attest-value").await;
    window.types("#do-attest-value textarea", "Dẫn tới bắt quả tang.").await;
    window.clicks("#do-attest-value form > button").await;
    assert_eq!(window.count("form[action$='/confirm']").await, 0, "nobody confirms their own attestation");
    assert_eq!(figure(&window).await, "0");

    window.clicks("form[action='/console/log-out'] button").await;
    logs_in(&window, "cuong").await;
    window.opens(&tip).await;
    window.clicks("form[action$='/confirm'] button").await;
    assert_eq!(figure(&window).await, "1");
    assert!(window.complaints().await.is_empty());
}
