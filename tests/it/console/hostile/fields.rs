//! Every field of every form, filled in with all of it, whatever the page thinks of that.

use std::{collections::BTreeSet, fs, path::Path};

use entity::enums::Role;
use serde_json::json;
use tipline::staff;

use super::{escaped, is_inert};
use crate::{
    console::{
        planted::batches,
        scene::{asks, every_page},
        words::strings,
    },
    support::{
        TestApp, Worked,
        browser::Form,
        deployment::{INTAKE, NA_MEO},
        desk::Desk,
        people::text,
        site,
    },
};

/// A form as a page shows it, once for each address that its buttons send it to.
struct Blank {
    form: Form,
    by_get: bool,
    /// Every field but the proof that the form is the session's own.
    names: BTreeSet<String>,
    /// Those that somebody types into.
    typed: BTreeSet<String>,
}

/// What was tried so far.
#[derive(Default)]
struct Tried {
    /// Addresses of forms, with the fields that they have there.
    seen: BTreeSet<(String, BTreeSet<String>)>,
    names: BTreeSet<String>,
    actions: BTreeSet<String>,
    /// Whither a form went whose page came back with the words in it.
    came_back: BTreeSet<String>,
}

/// The tags of what takes a value, without what is in them.
fn controls(html: &str) -> impl Iterator<Item = &str> {
    let tags = html.split('<').filter_map(|tag| tag.split('>').next());
    tags.filter(|tag| ["input ", "textarea ", "select ", "button "].iter().any(|kind| tag.starts_with(kind)))
}

fn name(tag: &str) -> Option<String> {
    Some(tag.split(" name=\"").nth(1)?.split('"').next()?.to_owned())
}

fn is_typed_into(tag: &str) -> bool {
    let kinds = ["text", "search", "password"].map(|kind| format!("type=\"{kind}\""));
    tag.starts_with("textarea") || kinds.iter().any(|kind| tag.contains(kind))
}

fn blanks(html: &str) -> Vec<Blank> {
    let mut found = Vec::new();
    for part in html.split("<form ").skip(1) {
        let inside = &part[..part.find("</form>").unwrap() + "</form>".len()];
        let by_get = inside.starts_with("method=\"get\"");
        let of = |tags: Vec<&str>| -> BTreeSet<String> {
            tags.into_iter().filter_map(name).filter(|name| name != "form").collect()
        };
        let names = of(controls(inside).collect());
        let typed = of(controls(inside).filter(|tag| is_typed_into(tag)).collect());
        let actions: Vec<&str> = inside.split("action=\"").skip(1).filter_map(|at| at.split('"').next()).collect();
        let Some(first) = actions.first() else { continue };
        let form = Form::on(inside, first);
        found.extend(actions.iter().map(|action| Blank {
            form: Form { action: (*action).to_owned(), ..form.clone() },
            by_get,
            names: names.clone(),
            typed: typed.clone(),
        }));
    }
    found
}

impl Tried {
    /// Sends each form of a page with the words in all that is typed, and then in everything, hidden fields too.
    async fn page(&mut self, desk: &Desk, path: &str) {
        for blank in blanks(&desk.get(path).await.text()) {
            // Those of the frame stand on every page.
            if self.seen.insert((blank.form.action.clone(), blank.names.clone())) {
                self.form(desk, &blank).await;
            }
        }
    }

    async fn form(&mut self, desk: &Desk, blank: &Blank) {
        // An address holds less than a form.
        let mut texts = batches(&strings(), if blank.by_get { 500 } else { 5_000 });
        if !blank.by_get {
            texts.push("W".repeat(100_000));
        }
        for text in &texts {
            for fields in [&blank.typed, &blank.names] {
                if fields.is_empty() {
                    continue;
                }
                let filled = |form: Form, name: &String| form.with(name, text);
                let form = fields.iter().fold(blank.form.clone(), filled);
                let answer = if blank.by_get {
                    desk.get(&format!("{}?{}", form.action, form.encoded())).await
                } else {
                    desk.send(&form).await
                };
                assert!(answer.status < 500, "{}: {}", form.action, answer.status);
                let shown =
                    if answer.status == 303 { desk.get(answer.header("location").unwrap()).await } else { answer };
                is_inert(&shown.text(), &form.action);
                if shown.text().contains(&escaped(text.trim())) {
                    self.came_back.insert(form.action.clone());
                }
                self.names.extend(fields.iter().cloned());
                self.actions.insert(form.action);
            }
        }
    }
}

/// The names of all fields that there are: those that the templates write, and those that forms are made of, each of
/// which has a label.
fn all_names() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web/console");
    let labels = fs::read_to_string(folder.join("locales/en.json")).unwrap();
    let mut names: BTreeSet<String> = labels
        .lines()
        .filter_map(|line| Some(line.trim().strip_prefix("\"field_")?.split('"').next()?.to_owned()))
        .collect();
    for file in fs::read_dir(folder.join("templates")).unwrap() {
        let template = fs::read_to_string(file.unwrap().path()).unwrap();
        names.extend(controls(&template).filter_map(name).filter(|name| !name.contains("{{") && name != "form"));
    }
    assert!(names.len() > 60, "{names:#?}");
    names
}

/// What the scene has not: tips that are held, shared and ended, a case that is closed, an outcome to be valued, a
/// request to be decided, and tips in the states in which cases are made and identities asked for.
async fn more_pages(app: &TestApp) -> Vec<String> {
    app.officer_at(NA_MEO, "binh", &[Role::Screener]).await;
    let ana = app.logs_in("ana", crate::support::deployment::PASSWORD).await;
    let (held, ended, closed) = (app.tip("một").await, app.tip("hai").await, app.tip("ba").await);
    let accepted = app.tip("năm").await;
    ana.accepts(&accepted).await.expect(200);
    ana.does(&held, "hold", json!({ "until": "2025-01-01", "reason": "x" })).await.expect(200);
    ana.does(&held, "share", json!({ "office": app.office(NA_MEO).await.to_string() })).await.expect(200);
    ana.dismisses(&ended, "spam").await.expect(200);
    ana.accepts(&closed).await.expect(200);
    let case = ana.opens_case(&closed, "x").await.expect(201)["id"].as_str().unwrap().to_owned();
    ana.client.post(&format!("/api/v1/cases/{case}/close"), json!({ "note": "x" })).await.expect(200);
    let worked = Worked::by(&ana, app.tip("bốn").await).await;
    let asked = asks(app, &ana).await;
    vec![
        format!("/console/identity-requests/{}", text(&asked["id"])),
        format!("/console/tips/{}", text(&asked["tip"])),
        format!("/console/tips/{}", accepted.id),
        format!("/console/cases/{}", worked.case),
        format!("/console/tips/{}", held.id),
        format!("/console/tips/{}", ended.id),
        format!("/console/cases/{case}"),
        "/console?category=ma_tuy".into(),
    ]
}

/// Pages before anybody is known.
async fn before(app: &TestApp, tried: &mut Tried) {
    let token = staff::enrolment_token(&app.app).await.unwrap().unwrap();
    let desk = Desk::of(app);
    tried.page(&desk, &format!("/console/enrol?token={token}")).await;
    tried.page(&desk, "/console/log-in").await;
    let form = Form::of(&desk.get("/console/log-in").await, "/console/log-in");
    let asked = desk.send(&form.with("username", "ai").with("password", "x").with("code_wanted", "yes")).await;
    for blank in blanks(&asked.text()) {
        tried.form(&desk, &blank).await;
    }
}

#[tokio::test]
async fn every_field_of_every_form_is_filled_with_hostile_words_and_they_stay_words() {
    let app = TestApp::spawn().await;
    let mut tried = Tried::default();
    before(&app, &mut tried).await;
    let scene = every_page(&app).await;
    let mut paths = more_pages(&app).await;
    paths.extend(scene);
    let desk = Desk::at_work(&app, "ana").await;
    let office = format!("/console/offices/{}", app.office(INTAKE).await);
    let members = desk.get(&office).await.text();
    // Whoever that is: of two members one at least is somebody else, whose password can be reset.
    paths.extend(
        members
            .split(&format!("href=\"{office}/members/"))
            .skip(1)
            .take(2)
            .map(|rest| format!("{office}/members/{}", rest.split('"').next().unwrap())),
    );
    let custodian = Desk::at_work(&app, "giu.ba").await;
    for path in paths.iter().filter(|path| path.contains("/identity-requests/") || path.ends_with("/custodians")) {
        tried.page(&custodian, path).await;
    }
    for path in &paths {
        tried.page(&desk, path).await;
    }
    let missing: Vec<String> = all_names().into_iter().filter(|name| !tried.names.contains(name)).collect();
    assert!(missing.is_empty(), "fields that nobody filled in: {missing:?}");
    let sent = |route: &String| tried.actions.iter().any(|action| site::answers(route, "POST", action));
    let unsent: Vec<String> = site::routes().into_iter().filter(|route| route.starts_with("POST /console")).collect();
    let unsent: Vec<String> = unsent.into_iter().filter(|route| !sent(route)).collect();
    // These take nothing but the proof that they are the session's own.
    let bare = [
        "POST /console/log-out",
        "POST /console/offices/{id}/rewrap",
        "POST /console/releases/{id}/{verb}",
        "POST /console/views/{id}/forget",
    ];
    assert_eq!(unsent, bare);
    assert!(tried.came_back.len() >= 25, "{:#?}", tried.came_back);
}

#[tokio::test]
async fn hostile_words_come_back_inert_where_a_session_ended_and_where_somebody_was_faster() {
    let app = TestApp::spawn().await;
    app.officer("ana", &[Role::Screener]).await;
    let tip = format!("/console/tips/{}", app.tip("x").await.id);
    let desk = Desk::at_work(&app, "ana").await;
    let page = desk.get(&tip).await;
    for word in strings() {
        let seen = [word.as_str(); 4].join("|");
        let note =
            Form::of(&page, &format!("{tip}/note")).with("text", &word).with("version", "-7").with("seen", &seen);
        let conflict = desk.send(&note).await;
        assert_eq!(conflict.status, 412, "{word:?}");
        assert!(conflict.text().contains(&escaped(word.trim())), "{word:?}");
        is_inert(&conflict.text(), &word);
        // The names of fields are whoever's who sends them.
        let ended = Desk::of(&app).send(&note.with(&word, &word)).await;
        assert_eq!(ended.status, 401, "{word:?}");
        is_inert(&ended.text(), &word);
    }
}
