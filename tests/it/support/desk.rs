//! An officer's browser without scripts: it follows links, fills in forms and keeps cookies by name.

use std::{collections::BTreeMap, sync::Mutex};

use super::{
    TestApp,
    browser::Form,
    http::{Answer, Client},
};

pub struct Desk {
    client: Client,
    cookies: Mutex<BTreeMap<String, String>>,
}

impl Desk {
    pub fn of(app: &TestApp) -> Self {
        Self { client: app.client().with("accept", "text/html,*/*;q=0.8"), cookies: Mutex::default() }
    }

    /// The same browser, which sends one more header.
    pub fn with(self, name: &str, value: &str) -> Self {
        Self { client: self.client.with(name, value), ..self }
    }

    /// A browser in which an officer of the test, whose password is the usual one, has logged in.
    pub async fn at_work(app: &TestApp, name: &str) -> Self {
        let desk = Self::of(app);
        let answer = desk.logs_in(name, super::deployment::PASSWORD).await;
        assert_eq!(answer.status, 303, "{name}: {}", answer.text());
        desk
    }

    pub async fn logs_in(&self, name: &str, password: &str) -> Answer {
        let form = Form::of(&self.get("/console/log-in").await, "/console/log-in");
        self.send(&form.with("username", name).with("password", password)).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.keep(self.client().get(path).await)
    }

    pub async fn send(&self, form: &Form) -> Answer {
        self.send_with(form, &[]).await
    }

    pub async fn send_with(&self, form: &Form, headers: &[(&str, &str)]) -> Answer {
        let kind = ("content-type", "application/x-www-form-urlencoded");
        let headers: Vec<(&str, &str)> = headers.iter().copied().chain([kind]).collect();
        self.keep(self.client().send("POST", &form.action, &headers, form.encoded().as_bytes()).await)
    }

    /// Sends a form and shows the page that it leads to.
    pub async fn does(&self, form: &Form) -> Answer {
        let answer = self.send(form).await;
        assert_eq!(answer.status, 303, "{}: {}", form.action, answer.text());
        self.get(answer.header("location").expect("a redirect names its goal")).await
    }

    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.lock().unwrap().get(name).cloned()
    }

    pub fn forgets(&self, name: &str) {
        self.cookies.lock().unwrap().remove(name);
    }

    fn client(&self) -> Client {
        let cookies = self.cookies.lock().unwrap();
        let pairs: Vec<String> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if pairs.is_empty() { self.client.clone() } else { self.client.with("cookie", &pairs.join("; ")) }
    }

    fn keep(&self, answer: Answer) -> Answer {
        let mut cookies = self.cookies.lock().unwrap();
        for set in answer.all("set-cookie") {
            let (name, value) = set.split(';').next().unwrap().split_once('=').unwrap();
            if value.is_empty() {
                cookies.remove(name);
            } else {
                cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        drop(cookies);
        answer
    }
}
