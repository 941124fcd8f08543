//! A text browser, w3m: what a page is without style, scripts and pictures. Nothing else asks or sends anything.

use std::process::{Command, Stdio};

use entity::enums::Role;
use flate2::read::GzDecoder;
use tempfile::TempDir;

use crate::support::{TestApp, browser::Form};

/// A page's source comes as it travelled: packed.
const GZIP: [u8; 2] = [0x1f, 0x8b];

const MISSING: &str = "w3m is needed: apt-get install w3m, or scripts/test";

/// A browser that keeps its cookies in a home of its own.
struct TextBrowser<'a> {
    app: &'a TestApp,
    home: TempDir,
}

impl<'a> TextBrowser<'a> {
    fn onto(app: &'a TestApp) -> Self {
        Self { app, home: tempfile::tempdir().unwrap() }
    }

    /// A page as it shows it.
    fn shows(&self, path: &str) -> String {
        self.run("-dump", path, None)
    }

    /// A form of a page, as the browser got it.
    fn form(&self, path: &str, action: &str) -> Form {
        Form::on(&self.run("-dump_source", path, None), action)
    }

    /// The page that answers a form.
    fn sends(&self, form: &Form) -> String {
        self.run("-dump", &form.action, Some(form))
    }

    fn run(&self, how: &str, path: &str, form: Option<&Form>) -> String {
        let mut w3m = Command::new("w3m");
        w3m.args([how, "-cols", "60", "-I", "UTF-8", "-O", "UTF-8", "-cookie", "-o", "accept_cookie=1"]);
        // `confirm_qq`: nobody is there to be asked.
        w3m.args(["-o", "accept_encoding=gzip", "-o", "confirm_qq=0"]);
        if let Some(form) = form {
            let body = self.home.path().join("form");
            std::fs::write(&body, form.encoded()).unwrap();
            w3m.arg("-post").arg(body);
        }
        w3m.arg(format!("http://{}{path}", self.app.address));
        let shown = w3m.env("HOME", self.home.path()).stdin(Stdio::null()).output();
        let shown = shown.unwrap_or_else(|error| panic!("w3m: {error}. {MISSING}"));
        if shown.stdout.starts_with(&GZIP) {
            return std::io::read_to_string(GzDecoder::new(shown.stdout.as_slice())).unwrap();
        }
        String::from_utf8(shown.stdout).unwrap()
    }

    /// Fills the form in, once wrongly; the receipt that it gets.
    fn gives_tip(&self) -> String {
        let form = self.form("/tip", "/tip").with("narrative", "Đêm nào cũng có xe lạ");
        let wrong = self.sends(&form.clone().with("place", "cuối bản"));
        assert!(wrong.contains("Chưa gửi được") && wrong.contains("[cuối bản"), "{wrong}");
        let form = form.with("category", "ma_tuy");
        let (shown, again) = (self.sends(&form), self.sends(&form));
        assert!(shown.contains("Mã biên nhận của bạn"), "{shown}");
        let receipt = form.value("receipt").to_owned();
        for group in receipt.split(' ') {
            assert!(shown.contains(group) && again.contains(group), "{group}: {shown}");
        }
        receipt
    }
}

#[tokio::test]
async fn a_resident_goes_the_whole_way_in_a_text_browser() {
    let app = TestApp::spawn().await;
    let ana = app.officer("ana", &[Role::Screener]).await;
    let browser = TextBrowser::onto(&app);
    let home = browser.shows("/");
    for said in ["Báo một tin", "Xem trả lời", "113", "Thoát nhanh"] {
        assert!(home.contains(said), "{said}: {home}");
    }
    let blank = browser.shows("/tip");
    assert!(blank.contains("1. Chuyện gì đã xảy ra?") && blank.contains("Gửi tin"), "{blank}");
    let receipt = browser.gives_tip();
    assert_eq!(app.count_rows("tips").await, 1, "sent twice, it is one tip");
    let number = ana.finds("").await.pop().expect("it has arrived");
    let tip = app.resident().recalls(&number, &receipt).await;
    ana.asks(&tip, "Xe màu gì?").await.expect(200);
    // The receipt opens the thread, and the browser's cookie keeps it open.
    let thread = browser.sends(&browser.form("/thread", "/thread").with("receipt", &receipt));
    assert!(thread.contains("Xe màu gì?") && thread.contains("Cần bạn trả lời"), "{thread}");
    let answer = browser.form("/thread", "/thread/messages").with("text", "Màu xanh");
    assert!(browser.sends(&answer).contains("Màu xanh"));
    assert_eq!(ana.reads(&tip).await.expect(200)["messages"][1]["text"], "Màu xanh");
    let closed = browser.sends(&browser.form("/thread", "/thread/close"));
    assert!(closed.contains("Báo một tin"), "{closed}");
    assert!(!browser.shows("/thread").contains("Màu xanh"), "closed is closed");
}
