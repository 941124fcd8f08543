//! Officers and offices that are called so.

use entity::enums::Role;

use super::{escaped, is_inert};
use crate::{
    console::{
        line::link,
        planted::{batches, name_everybody},
        scene::every_page,
        words::strings,
    },
    support::{
        TestApp,
        browser::{Browser, Form},
        deployment::INTAKE,
        desk::Desk,
    },
};

#[tokio::test]
async fn hostile_names_are_taken_as_names_or_refused_at_their_field() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Screener, Role::Administrator, Role::Auditor]).await;
    app.tip("Xe lạ").await;
    let (desk, office) = (Desk::at_work(&app, "ana").await, format!("/console/offices/{}", app.office(INTAKE).await));
    let form = Form::of(&desk.get(&office).await, &format!("{office}/members")).with("role", "screener");
    let mut taken = 0;
    for (at, word) in strings().iter().enumerate() {
        let named = form.clone().with("username", &format!("moi.{at}")).with("display_name", word);
        let answer = desk.send(&named).await;
        assert!(matches!(answer.status, 200 | 422), "{word:?}: {}", answer.status);
        taken += usize::from(answer.status == 200);
        // Refused or not, the page names all that were taken before.
        is_inert(&answer.text(), word);
        let unnamed = desk.send(&form.clone().with("username", word).with("display_name", "x")).await;
        assert_eq!(unnamed.status, 422, "{word:?} is no username");
        is_inert(&unnamed.text(), word);
    }
    assert!(taken >= 100, "{taken} were taken");
    let reversed = form.with("username", "nguoc").with("display_name", "Lò \u{202e}gnụH");
    assert_eq!(desk.send(&reversed).await.status, 422, "a name that reads otherwise than it is written");
    let page = desk.get(&office).await.text();
    for member in page.split(&format!("href=\"{office}/members/")).skip(1) {
        let path = format!("{office}/members/{}", member.split('"').next().unwrap());
        is_inert(&desk.get(&path).await.text(), &path);
    }
    let tip = link(&desk.get("/console").await, "/console/tips/");
    for path in [tip.as_str(), "/console/audit", "/console/doctor"] {
        is_inert(&desk.get(path).await.text(), path);
    }
}

#[tokio::test]
async fn hostile_names_of_officers_and_offices_stay_names_on_every_page() {
    let app = TestApp::spawn().await;
    let paths = every_page(&app).await;
    let (desk, custodian) = (Desk::at_work(&app, "ana").await, Desk::at_work(&app, "giu.ba").await);
    let (resident, mut named) = (Browser::of(&app), 0);
    for batch in batches(&strings(), 5_000) {
        name_everybody(&app, &batch).await;
        let first = escaped(batch.split_whitespace().next().unwrap());
        for path in &paths {
            let page = desk.get(path).await;
            assert!(page.status == 200 || path.ends_with("nowhere"), "{path}: {}", page.status);
            named += usize::from(page.text().matches(&first).count() > 1);
            is_inert(&page.text(), path);
        }
        let request = link(&custodian.get("/console/identity-requests").await, "/console/identity-requests/");
        for path in ["/console/custodians", "/console/account", request.as_str()] {
            is_inert(&custodian.get(path).await.text(), path);
        }
        for path in ["/", "/en", "/tip", "/figures"] {
            is_inert(&resident.get(path).await.text(), path);
        }
    }
    // In the frame stands who has logged in; on most pages somebody or some office besides.
    assert!(named >= 2 * paths.len(), "{named} pages named them");
}
