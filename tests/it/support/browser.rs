//! A browser without scripts: it follows links, fills in forms and keeps one cookie.

use std::sync::Mutex;

use super::{
    TestApp,
    http::{Answer, Client},
};

pub struct Browser {
    client: Client,
    cookie: Mutex<Option<String>>,
}

/// A form of a page: where it goes, and what it holds before anything is typed.
#[derive(Clone, Debug)]
pub struct Form {
    pub action: String,
    pub fields: Vec<(String, String)>,
}

impl Browser {
    pub fn of(app: &TestApp) -> Self {
        Self { client: app.client().with("accept", "text/html,*/*;q=0.8"), cookie: Mutex::default() }
    }

    /// The same browser, which sends one more header.
    pub fn with(self, name: &str, value: &str) -> Self {
        Self { client: self.client.with(name, value), ..self }
    }

    pub async fn get(&self, path: &str) -> Answer {
        let answer = self.client().get(path).await;
        self.keep(&answer);
        answer
    }

    pub async fn send(&self, form: &Form) -> Answer {
        let answer = self.post(&form.action, &form.encoded()).await;
        self.keep(&answer);
        answer
    }

    pub async fn post(&self, path: &str, body: &str) -> Answer {
        let kind = [("content-type", "application/x-www-form-urlencoded")];
        self.client().send("POST", path, &kind, body.as_bytes()).await
    }

    /// The page that a form's answer leads to.
    pub async fn follow(&self, answer: &Answer) -> Answer {
        assert_eq!(answer.status, 303, "{}", answer.text());
        self.get(answer.header("location").expect("a redirect names its goal")).await
    }

    pub fn cookie(&self) -> Option<String> {
        self.cookie.lock().unwrap().clone()
    }

    fn client(&self) -> Client {
        self.cookie().map_or_else(|| self.client.clone(), |cookie| self.client.with("cookie", &cookie))
    }

    fn keep(&self, answer: &Answer) {
        let Some(set) = answer.header("set-cookie") else { return };
        let pair = set.split(';').next().unwrap().to_owned();
        *self.cookie.lock().unwrap() = (!pair.ends_with('=')).then_some(pair);
    }

    /// Opens a thread by its receipt and shows it.
    pub async fn opens(&self, receipt: &str) -> Answer {
        let thread = self.shows_receipt(receipt).await;
        assert!(thread.status == 200 && self.cookie().is_some(), "{}", thread.text());
        thread
    }

    /// What the answer to a receipt is, be it right or wrong.
    pub async fn shows_receipt(&self, receipt: &str) -> Answer {
        // Not read off the page: while a thread is open, the page asks for no receipt.
        self.send(&Form { action: "/thread".into(), fields: Vec::new() }.with("receipt", receipt)).await
    }

    /// A form on another site's page, sent by this browser with its cookie.
    pub async fn sends_from_another_site(&self, form: &Form) -> Answer {
        let headers = [("content-type", "application/x-www-form-urlencoded"), ("sec-fetch-site", "cross-site")];
        self.client().send("POST", &form.action, &headers, form.encoded().as_bytes()).await
    }

    /// Sends an anonymous tip with nothing but words; the page that answers shows the receipt.
    pub async fn gives_tip(&self, narrative: &str) -> Answer {
        self.send(&self.tip_form(narrative).await).await
    }

    /// A fresh form with nothing but words.
    pub async fn tip_form(&self, narrative: &str) -> Form {
        Form::of(&self.get("/tip").await, "/tip").with("narrative", narrative).with("category", "ma_tuy")
    }
}

impl Form {
    /// The form of a page that goes to `action`, as the page fills it in.
    #[track_caller]
    pub fn of(page: &Answer, action: &str) -> Self {
        Self::on(&page.text(), action)
    }

    /// The same of a page's source.
    #[track_caller]
    pub fn on(html: &str, action: &str) -> Self {
        let start = html.find(&format!("action=\"{action}\"")).unwrap_or_else(|| panic!("no form {action}: {html}"));
        let form = &html[start..start + html[start..].find("</form>").unwrap()];
        let mut fields: Vec<(String, String)> = tags(form, "<input ")
            .filter(|tag| {
                attribute(tag, "type").is_some_and(|kind| !matches!(kind.as_str(), "radio" | "checkbox"))
                    || tag.ends_with(" checked")
            })
            .filter_map(|tag| Some((attribute(tag, "name")?, attribute(tag, "value").unwrap_or_default())))
            .collect();
        for area in form.split("<textarea ").skip(1) {
            let (tag, rest) = area.split_once('>').unwrap();
            let text = rest.split_once("</textarea>").unwrap().0;
            // Browsers leave out the line break right after the tag.
            let text = unescape(text.strip_prefix('\n').unwrap_or(text));
            fields.push((attribute(&format!(" {tag}"), "name").unwrap(), text));
        }
        fields.extend(form.split("<select ").skip(1).filter_map(chosen));
        Self { action: action.to_owned(), fields }
    }

    /// The form with something typed.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.fields.retain(|(field, _)| field != name);
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    #[track_caller]
    pub fn value(&self, name: &str) -> &str {
        let found = self.fields.iter().find(|(field, _)| field == name);
        found.map(|(_, value)| value.as_str()).unwrap_or_else(|| panic!("no field {name}"))
    }

    /// As browsers send it.
    pub fn encoded(&self) -> String {
        let pairs = self.fields.iter().map(|(name, value)| format!("{}={}", percent(name), percent(value)));
        pairs.collect::<Vec<_>>().join("&")
    }
}

fn tags<'a>(html: &'a str, start: &'a str) -> impl Iterator<Item = &'a str> {
    html.split(start).skip(1).filter_map(|rest| rest.split('>').next())
}

/// What a list of choices sends as it stands: the chosen one, else the first.
fn chosen(list: &str) -> Option<(String, String)> {
    let (tag, rest) = list.split_once('>')?;
    let inside = rest.split("</select>").next()?;
    let options = || inside.split("<option ").skip(1).filter_map(|option| option.split('>').next());
    let sent = options().find(|option| option.ends_with(" selected")).or_else(|| options().next())?;
    Some((attribute(tag, "name")?, attribute(sent, "value")?))
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let tag = format!(" {tag}");
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    rest.split('"').next().map(unescape)
}

fn unescape(text: &str) -> String {
    let named = [("&#60;", "<"), ("&#62;", ">"), ("&#34;", "\""), ("&#39;", "'"), ("&#38;", "&")];
    named.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

/// As browsers encode a field; every line end becomes CR LF.
fn percent(text: &str) -> String {
    let lines = text.replace("\r\n", "\n").replace('\n', "\r\n");
    let byte =
        |byte: u8| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    lines.bytes().map(byte).collect()
}

/// The receipt that a page shows, group by group.
#[track_caller]
pub fn receipt_on(page: &Answer) -> String {
    let html = page.text();
    let groups: Vec<&str> = html.split("<li><b>").skip(1).filter_map(|rest| rest.split("</b>").next()).collect();
    assert_eq!(groups.len(), 6, "{html}");
    groups.join(" ")
}
