use std::collections::BTreeSet;

use crate::{
    console::scene::every_page,
    support::{
        TestApp,
        site::{CONSOLE, NO_PAGE, RESIDENT, answers, routes},
    },
};

#[tokio::test]
async fn every_route_is_on_the_list_of_pages_or_said_to_show_none() {
    let app = TestApp::spawn().await;
    let (routes, looked_at) = (routes(), every_page(&app).await);
    let listed: BTreeSet<&str> = RESIDENT.iter().chain(&CONSOLE).map(|(_, route)| *route).collect();
    let none: BTreeSet<&str> = NO_PAGE.iter().map(|(route, _)| *route).collect();
    let shown = |route: &str| listed.contains(route) || looked_at.iter().any(|path| answers(route, "GET", path));
    let (mut missing, mut twice) = (Vec::new(), Vec::new());
    for route in &routes {
        match (shown(route), none.contains(route.as_str())) {
            (false, false) => missing.push(route),
            (true, true) => twice.push(route),
            (_, _) => (),
        }
    }
    let help =
        "put a page into tests/it/console/scene.rs or tests/it/support/site.rs, so that the browser tests see it";
    assert!(missing.is_empty(), "{missing:#?}: {help}");
    assert!(twice.is_empty(), "{twice:#?} show something after all");
    let known = |route: &&&str| route.is_empty() || routes.contains(**route);
    let gone: Vec<_> = listed.iter().chain(&none).filter(|route| !known(route)).collect();
    assert!(gone.is_empty(), "no such route: {gone:#?}");
}
