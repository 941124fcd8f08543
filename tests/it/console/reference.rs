//! Reference data and offices through pages alone.

use entity::enums::Role;

use super::{hostile::is_inert, line::link, words::strings};
use crate::support::{TestApp, browser::Form, deployment::INTAKE, desk::Desk, http::Answer};

const LIST: &str = "/console/reference/category";
const CODE: &str = "/console/reference/category/nuoc";

/// The form of a page that goes to an address, with what is typed in it.
fn filled(page: &Answer, action: &str, fields: &[(&str, &str)]) -> Form {
    fields.iter().fold(Form::of(page, action), |form, (name, value)| form.with(name, value))
}

#[tokio::test]
async fn a_category_is_added_changed_taken_back_and_ended_by_forms() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Administrator]).await;
    let desk = Desk::at_work(&app, "ana").await;
    let typed = [
        ("code", "nuoc"),
        ("from", "03/06/2024"),
        ("label_vi", "Nguồn nước"),
        ("label_en", "Water"),
        ("examples", "Đầu độc suối | Poisoned streams\nĐổ rác | Dumping"),
        ("order", "16"),
    ];
    let page = desk.does(&filled(&desk.get(LIST).await, LIST, &typed)).await;
    for shown in ["Nguồn nước", "Đầu độc suối | Poisoned streams · Đổ rác | Dumping", "03/06/2024 – "]
    {
        assert!(page.text().contains(shown), "{shown}: {}", page.text());
    }
    assert!(desk.get("/console/reference").await.text().contains("Đầu độc suối · Đổ rác"));

    let change = format!("{CODE}/change-code");
    let form = Form::of(&page, &change);
    assert_eq!((form.value("label_vi"), form.value("order")), ("Nguồn nước", "16"), "filled with what stands");
    let page = desk.does(&form.with("label_vi", "Nước sạch").with("from", "01/07/2024")).await;
    assert!(
        page.text().contains("03/06/2024 – 30/06/2024") && page.text().contains("01/07/2024 – "),
        "{}",
        page.text()
    );
    let page = desk.does(&Form::of(&page, &format!("{CODE}/withdraw-code"))).await;
    assert!(!page.text().contains("30/06/2024"), "{}", page.text());
    let page = desk.does(&filled(&page, &format!("{CODE}/end-code"), &[("last_day", "31/12/2024")])).await;
    assert!(page.text().contains("03/06/2024 – 31/12/2024"), "{}", page.text());

    // What has not begun and is taken back as a whole has no page any more.
    let typed = [("code", "sau"), ("from", "01/08/2024"), ("label_vi", "Sâu"), ("label_en", "Pests"), ("order", "17")];
    let page = desk.does(&filled(&desk.get(LIST).await, LIST, &typed)).await;
    let page = desk.does(&Form::of(&page, &format!("{LIST}/sau/withdraw-code"))).await;
    assert!(page.text().contains("class=\"flash\"") && !page.text().contains(">sau<"), "{}", page.text());
    assert_eq!(desk.get(&format!("{LIST}/sau")).await.status, 404);
}

#[tokio::test]
async fn what_is_refused_comes_back_with_all_that_was_typed_and_the_row_that_is_in_the_way() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Administrator]).await;
    let desk = Desk::at_work(&app, "ana").await;
    let blank = desk.get(LIST).await;
    let typed = [("code", "nuoc"), ("from", "02/06/2024"), ("label_vi", "Nguồn <b>nước</b>"), ("examples", "Đổ rác")];
    let page = desk.send(&filled(&blank, LIST, &typed)).await;
    assert_eq!(page.status, 422);
    let form = Form::of(&page, LIST);
    for (name, value) in typed {
        assert_eq!(form.value(name), value);
    }
    for field in ["label_en", "examples"] {
        assert!(page.text().contains(&format!("id=\"add-code-{field}-e\"")), "{field}: {}", page.text());
    }
    is_inert(&page.text(), "refused");
    let page = desk.send(&form.with("label_en", "Water").with("examples", "").with("order", "x")).await;
    assert!(page.status == 422 && page.text().contains("id=\"add-code-from-e\""), "{}", page.text());
    let page = desk.send(&Form::of(&page, LIST).with("from", "03/06/2024")).await;
    assert!(page.status == 422 && page.text().contains("id=\"add-code-order-e\""), "{}", page.text());

    let units = "/console/reference/unit";
    let village = [
        ("code", "b1"),
        ("from", "03/06/2024"),
        ("label_vi", "Bản Ché"),
        ("label_en", "Ché"),
        ("unit_kind", "ban"),
        ("parent", "15013"),
    ];
    desk.does(&filled(&desk.get(units).await, units, &village)).await;
    let (place, end) = (format!("{units}/15013"), format!("{units}/15013/end-code"));
    let page = desk.send(&filled(&desk.get(&place).await, &end, &[("last_day", "31/12/2024")])).await;
    assert!(page.status == 422 && page.text().contains("unit b1@2024-06-03"), "{}", page.text());
    assert_eq!(Form::of(&page, &end).value("last_day"), "31/12/2024");
}

#[tokio::test]
async fn who_comes_second_is_told_and_others_are_offered_nothing() {
    let app = TestApp::spawn().await;
    for (name, role) in [("ana", Role::Administrator), ("binh", Role::Administrator), ("lan", Role::Screener)] {
        app.officer(name, &[role]).await;
    }
    let (ana, binh) = (Desk::at_work(&app, "ana").await, Desk::at_work(&app, "binh").await);
    let (hers, his) = (ana.get(LIST).await, binh.get(LIST).await);
    let typed =
        |code| [("code", code), ("from", "03/06/2024"), ("label_vi", "Nước"), ("label_en", "Water"), ("order", "1")];
    ana.does(&filled(&hers, LIST, &typed("nuoc"))).await;
    let late = binh.send(&filled(&his, LIST, &typed("suoi"))).await;
    assert_eq!(late.status, 412);
    assert!(late.text().contains("nuoc"), "what she did is on the page: {}", late.text());
    let again = Form::of(&late, LIST);
    assert_eq!(again.value("code"), "suoi");
    binh.does(&again).await;

    let lan = Desk::at_work(&app, "lan").await;
    for path in [LIST, CODE] {
        let page = lan.get(path).await;
        assert!(page.status == 200 && !page.text().contains("reference/category\" method"), "{}", page.text());
        assert!(!page.text().contains("-code\""), "{path} offers nothing: {}", page.text());
    }
    let form = Form::of(&hers, LIST).with("form", Form::of(&lan.get(LIST).await, "/console/log-out").value("form"));
    assert_eq!(lan.send(&form.with("code", "x").with("from", "03/06/2024")).await.status, 403);
}

#[tokio::test]
async fn hostile_names_of_codes_and_offices_are_taken_as_names_or_refused_at_their_field() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Administrator, Role::Screener]).await;
    let desk = Desk::at_work(&app, "ana").await;
    let mut taken = 0;
    for (at, word) in strings().iter().enumerate().filter(|(at, _)| at % 3 == 0) {
        let (word, code, office) = (word.as_str(), format!("moi-{at}"), format!("don-{at}"));
        let typed =
            [("code", code.as_str()), ("from", "03/06/2024"), ("label_vi", word), ("label_en", word), ("order", "9")];
        let answer = desk.send(&filled(&desk.get(LIST).await, LIST, &typed)).await;
        assert!(matches!(answer.status, 303 | 422), "{word:?}: {}", answer.status);
        taken += usize::from(answer.status == 303);
        is_inert(&answer.text(), word);
        let above = app.office(INTAKE).await.to_string();
        let typed = [("code", office.as_str()), ("label_vi", word), ("label_en", word), ("above", above.as_str())];
        let answer = desk.send(&filled(&desk.get("/console/offices").await, "/console/offices", &typed)).await;
        assert!(matches!(answer.status, 303 | 422), "{word:?}: {}", answer.status);
        is_inert(&answer.text(), word);
        if answer.status == 303 {
            is_inert(&desk.get(answer.header("location").unwrap()).await.text(), word);
        }
        let odd = desk.send(&filled(&desk.get(LIST).await, LIST, &[("code", word), ("from", word)])).await;
        assert_eq!(odd.status, 422, "{word:?}");
        is_inert(&odd.text(), word);
    }
    assert!(taken >= 25, "{taken} were taken");
    app.tip("Xe lạ").await;
    for path in ["/console", LIST, "/console/reference", "/console/offices", "/console/write-down", "/console/line"] {
        is_inert(&desk.get(path).await.text(), path);
    }
    for path in ["/tip", "/en/tip"] {
        is_inert(&app.client().with("accept", "text/html").get(path).await.text(), path);
    }
}

#[tokio::test]
async fn an_office_is_made_changed_and_closed_by_forms() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Administrator]).await;
    let desk = Desk::at_work(&app, "ana").await;
    let offices = "/console/offices";
    let above = app.office(INTAKE).await.to_string();
    let typed = [
        ("code", "don-bp-1"),
        ("label_vi", "Đồn Na Mèo"),
        ("label_en", ""),
        ("office_kind", "don_bp"),
        ("above", above.as_str()),
        ("areas", "15013"),
    ];
    let refused = desk.send(&filled(&desk.get(offices).await, offices, &typed)).await;
    assert!(refused.status == 422 && refused.text().contains("id=\"create-office-label_en-e\""), "{}", refused.text());
    let form = Form::of(&refused, offices);
    assert_eq!((form.value("label_vi"), form.value("areas")), ("Đồn Na Mèo", "15013"));
    let page = desk.does(&form.with("label_en", "Na Mèo Post")).await;
    assert!(page.text().contains("tipline officer add --office don-bp-1"), "{}", page.text());
    let id = app.office("don-bp-1").await;
    let (change, close) =
        (format!("/console/office-edit/{id}/change-office"), format!("/console/office-edit/{id}/close-office"));
    let page = desk.does(&Form::of(&page, &change).with("label_vi", "Đồn Biên phòng Na Mèo")).await;
    assert!(page.text().contains("<h1>Đồn Biên phòng Na Mèo"), "{}", page.text());
    let unsure = desk.send(&Form::of(&page, &close)).await;
    assert!(unsure.status == 422, "{}", unsure.text());
    let page = desk.does(&Form::of(&unsure, &close).with("sure_close", "yes")).await;
    assert!(!page.text().contains("change-office\""), "a closed one is not changed: {}", page.text());
    assert_eq!(
        link(&desk.get(offices).await, &format!("/console/office-edit/{id}")),
        format!("/console/office-edit/{id}")
    );
    let intake = format!("/console/office-edit/{above}");
    assert!(!desk.get(&intake).await.text().contains("close-office\""), "the intake desk stays open");
}
