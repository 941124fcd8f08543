use crate::support::{
    TestApp,
    browser::{Browser, Form},
    published::{Press, SOURCES, counts},
};

#[tokio::test]
async fn the_figures_page_tells_what_was_published_and_nothing_before() {
    let app = TestApp::spawn().await;
    let (browser, press) = (Browser::of(&app), Press::of(&app).await);
    counts(&app, &SOURCES).await;
    let empty = browser.get("/figures").await;
    assert_eq!(empty.status, 200);
    assert!(empty.text().contains("Chưa có số liệu nào được công bố."), "{}", empty.text());
    assert!(!empty.text().contains("class=\"big\""), "{}", empty.text());
    press.publishes("2021-01-01", "2023-12-31").await;
    let page = browser.get("/figures").await.text();
    assert!(page.contains("<p class=\"big\">87</p>") && page.contains("2021–2023"), "{page}");
    for year in ["26", "29", "32"] {
        assert!(page.contains(&format!("<td class=\"num\">{year}</td>")), "{year}: {page}");
    }
    assert!(page.contains("Một nguồn tin được tính một lần"), "the rule in words");
    assert!(!page.contains("<td class=\"num\">5</td>"), "what would point at a person is withheld");
    assert!(browser.get("/en/figures").await.text().contains("By year"));
    assert_eq!(browser.get("/figures/1").await.status, 200);
    let packed = Browser::of(&app).with("accept-encoding", "gzip").get("/figures").await;
    assert!(packed.size() <= 14 * 1024, "one round trip: {}", packed.size());
    let none = browser.get("/figures/7").await;
    assert!(none.status == 404 && none.text().contains("Không có lần công bố nào"), "{}", none.text());
}

#[tokio::test]
async fn years_that_somebody_chooses_are_told_or_added_up_from_what_is_told() {
    let app = TestApp::spawn().await;
    let (browser, press) = (Browser::of(&app), Press::of(&app).await);
    counts(&app, &SOURCES).await;
    press.publishes("2021-01-01", "2023-12-31").await;
    for (query, said) in [
        ("from=2021&to=2023", "2021–2023: 87 nguồn tin"),
        ("from=2022&to=2023", "2022–2023: 61 nguồn tin có giá trị</strong> = 29 + 32"),
        ("from=2022", "2022: 29 nguồn tin"),
        ("from=2020&to=2023", "Chưa công bố số liệu nào cho đúng những năm này"),
        ("from=2023&to=2021", "hai năm theo thứ tự"),
        ("from=%3Cscript%3E&to=x", "hai năm theo thứ tự"),
    ] {
        let page = browser.get(&format!("/figures?{query}")).await;
        assert_eq!(page.status, 200, "{query}");
        assert!(page.text().contains(said), "{query}: {}", page.text());
        assert!(!page.text().contains("<script"), "{query}");
    }
    // The form is a plain one that changes nothing.
    assert!(Form::of(&browser.get("/figures").await, "/figures").fields.iter().any(|(name, _)| name == "from"));
}

#[tokio::test]
async fn a_correction_tells_what_changed_and_the_old_one_stays() {
    let app = TestApp::spawn().await;
    let (browser, press) = (Browser::of(&app), Press::of(&app).await);
    counts(&app, &SOURCES).await;
    let first = press.publishes("2021-01-01", "2023-12-31").await;
    counts(&app, &[("2023-06-05", "15013", "ma_tuy", "web", 10)]).await;
    press.revises(&first).await;
    let page = browser.get("/figures").await.text();
    assert!(page.contains("<p class=\"big\">97</p>") && page.contains("Khác gì với lần công bố trước"), "{page}");
    assert!(page.contains("<td class=\"num\">87</td><td class=\"num\">97</td>"), "{page}");
    let old = browser.get("/figures/1").await.text();
    assert!(old.contains("<p class=\"big\">87</p>") && old.contains("Đã được sửa bởi"), "{old}");
}

#[tokio::test]
async fn a_release_is_downloaded_as_a_table_for_spreadsheets() {
    let app = TestApp::spawn().await;
    let (browser, press) = (Browser::of(&app), Press::of(&app).await);
    counts(&app, &SOURCES).await;
    press.publishes("2021-01-01", "2023-12-31").await;
    let file = browser.get("/figures/1.csv").await;
    assert_eq!((file.status, file.header("content-type")), (200, Some("text/csv; charset=utf-8")));
    assert_eq!(file.header("content-disposition"), Some("attachment; filename=\"valuable-sources-1.csv\""));
    let text = file.text();
    let mut lines = text.strip_prefix('\u{feff}').unwrap().lines();
    assert_eq!(lines.next(), Some("table,keys,label,from,to,value,withheld"));
    assert!(lines.next().unwrap().contains("2021-01-01,2023-12-31,87,"), "{text}");
    assert!(text.lines().any(|line| line.starts_with("year,2022,") && line.contains(",29,")), "{text}");
    assert_eq!(browser.get("/figures/7.csv").await.status, 404);
}
